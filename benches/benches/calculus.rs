//! Derivatives of a smooth function, of one that is hard, and a gradient.
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::Error;
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

criterion_group!(benches, calculus);
criterion_main!(benches);
