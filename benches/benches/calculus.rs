//! Derivatives of a smooth function, of one that is hard, and a gradient; a differential equation that is not stiff and one that is.
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::Error;
use underhood::calculus::equations::{self, solve_ivp};
use underhood::calculus::{Options, derivative, gradient};

fn calculus(c: &mut Criterion) {
    for order in [1, 4] {
        let options = Options { order, ..Options::default() };
        c.bench_function(&format!("derivative of exp, order {order}"), |b| {
            b.iter(|| derivative(|x| Ok::<_, Error>(x.exp()), black_box(1.0), &options));
        });
    }
    let options = Options::default();
    c.bench_function("derivative of sin(1000 x)", |b| {
        b.iter(|| derivative(|x| Ok::<_, Error>((1e3 * x).sin()), black_box(0.1), &options));
    });
    c.bench_function("derivative of |x| at its corner", |b| {
        b.iter(|| derivative(|x| Ok::<_, Error>(x.abs()), black_box(0.0), &options));
    });
    let x = vec![0.5; 20];
    c.bench_function("gradient of a sum of 20 squares", |b| {
        b.iter(|| gradient(|x| Ok::<_, Error>(x.iter().map(|x| x * x).sum()), black_box(&x), &options));
    });
}

fn differential_equations(c: &mut Criterion) {
    let options = equations::Options { rtol: 1e-8, atol: vec![1e-8], ..equations::Options::default() };
    let lorenz = |_: f64, y: &[f64], slope: &mut [f64]| {
        slope[0] = 10.0 * (y[1] - y[0]);
        slope[1] = y[0] * (28.0 - y[2]) - y[1];
        slope[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
        Ok::<_, Error>(())
    };
    c.bench_function("Lorenz over [0, 20]", |b| {
        b.iter(|| solve_ivp(lorenz, (0.0, 20.0), black_box(&[1.0, 1.0, 1.0]), &options));
    });
    let van_der_pol = |_: f64, y: &[f64], slope: &mut [f64]| {
        slope[0] = y[1];
        slope[1] = 1000.0 * (1.0 - y[0] * y[0]) * y[1] - y[0];
        Ok::<_, Error>(())
    };
    c.bench_function("van der Pol, stiff", |b| {
        b.iter(|| solve_ivp(van_der_pol, (0.0, 2000.0), black_box(&[2.0, 0.0]), &options));
    });
}

criterion_group!(benches, calculus, differential_equations);
criterion_main!(benches);
