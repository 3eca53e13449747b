//! Steps of gradient descent on Rosenbrock's valley, and BFGS to its end.
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::Error;
use underhood::optimize::{
    Derivatives, MinimizeOptions, Options, Rate, gradient_descent, gradient_descent_numerical, gradient_descent_with,
    minimize,
};

fn valley(x: &[f64]) -> Result<f64, Error> {
    Ok((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2))
}

fn slope(x: &[f64], into: &mut [f64]) -> Result<(), Error> {
    into[0] = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * (x[1] - x[0] * x[0]);
    into[1] = 200.0 * (x[1] - x[0] * x[0]);
    Ok(())
}

/// The valley in any number of variables.
fn long_valley(x: &[f64]) -> Result<f64, Error> {
    Ok(x.windows(2).map(|w| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2)).sum())
}

fn long_slope(x: &[f64], into: &mut [f64]) -> Result<(), Error> {
    into.fill(0.0);
    for i in 0..x.len() - 1 {
        let off = x[i + 1] - x[i] * x[i];
        into[i] += -400.0 * off * x[i] - 2.0 * (1.0 - x[i]);
        into[i + 1] += 200.0 * off;
    }
    Ok(())
}

fn optimize(c: &mut Criterion) {
    let options = Options { rate: Rate::Constant(1e-3), max_iter: 1000, ..Options::default() };
    let start = [-1.2, 1.0];
    c.bench_function("1000 descent steps, gradient given", |b| {
        b.iter(|| gradient_descent(valley, slope, black_box(&start), &options, |_| Ok(true)));
    });
    c.bench_function("10000 descent steps, value and gradient at once", |b| {
        let options = Options { max_iter: 10_000, watch_every: 1024, ..options };
        let both = |x: &[f64], into: &mut [f64]| slope(x, into).and_then(|()| valley(x));
        b.iter(|| gradient_descent_with(both, black_box(&start), &options, |_| Ok(true)));
    });
    c.bench_function("1000 descent steps, gradient numerical", |b| {
        b.iter(|| gradient_descent_numerical(valley, black_box(&start), &options, |_| Ok(true)));
    });
    for n in [2, 20] {
        let start: Vec<f64> = [-1.2, 1.0].into_iter().cycle().take(n).collect();
        c.bench_function(&format!("BFGS, {n} variables, gradient given"), |b| {
            b.iter(|| {
                let known = &mut long_slope;
                minimize(
                    long_valley,
                    Derivatives::gradient(known),
                    black_box(&start),
                    &MinimizeOptions::default(),
                    |_| Ok(true),
                )
            });
        });
    }
}

criterion_group!(benches, optimize);
criterion_main!(benches);
