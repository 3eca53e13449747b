//! Training epochs and fits of the linear classifiers, small and large.

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;
use underhood::Error;
use underhood::models::{Adaline, AdalineSolver, LogisticRegression, Perceptron, StandardScaler, predict};
use underhood::random::Stream;

/// Two overlapping classes of normal rows.
fn data(rows: usize, columns: usize) -> (Array2<f64>, Vec<usize>) {
    let mut stream = Stream::seeded(1);
    let codes: Vec<usize> = (0..rows).map(|_| stream.below(2) as usize).collect();
    let x = Array2::from_shape_fn((rows, columns), |(i, _)| stream.normal() + 0.5 * codes[i] as f64);
    (x, codes)
}

fn go() -> Result<(), Error> {
    Ok(())
}

fn models(c: &mut Criterion) {
    for (rows, columns) in [(150, 4), (100_000, 20)] {
        let (x, codes) = data(rows, columns);
        let stream = Stream::seeded(0);
        let size = format!("{rows}x{columns}");
        let perceptron =
            Perceptron { max_iter: 10, n_iter_no_change: None, keep_history: false, ..Perceptron::default() };
        c.bench_function(&format!("perceptron, 10 epochs, {size}"), |b| {
            b.iter(|| perceptron.fit(x.view(), &codes, 2, None, &stream, go))
        });
        let stochastic = Adaline {
            solver: AdalineSolver::Stochastic,
            learning_rate: Some(1e-4),
            max_iter: 10,
            tol: None,
            keep_history: false,
            ..Adaline::default()
        };
        c.bench_function(&format!("adaline stochastic, 10 epochs, {size}"), |b| {
            b.iter(|| stochastic.fit(x.view(), &codes, 2, None, &stream, go))
        });
        for keep_history in [false, true] {
            let batch = Adaline { max_iter: 50, tol: None, keep_history, ..Adaline::default() };
            c.bench_function(&format!("adaline batch, 50 epochs, history {keep_history}, {size}"), |b| {
                b.iter(|| batch.fit(x.view(), &codes, 2, None, &stream, go))
            });
        }
        let logistic = LogisticRegression { keep_history: false, ..LogisticRegression::default() };
        c.bench_function(&format!("logistic, {size}"), |b| b.iter(|| logistic.fit(x.view(), &codes, 2, None, go)));
        c.bench_function(&format!("standard scaler, {size}"), |b| b.iter(|| StandardScaler::fit(x.view())));
        let weights = Array2::ones((1, columns));
        let bias = ndarray::arr1(&[-1.0]);
        c.bench_function(&format!("predict, {size}"), |b| b.iter(|| predict(x.view(), weights.view(), bias.view())));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = models
}
criterion_main!(benches);
