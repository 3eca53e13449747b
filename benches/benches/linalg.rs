//! Linear algebra and regression: small calls, where overhead counts, and large ones, where the kernels do.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ndarray::{Array1, Array2};
use std::hint::black_box;
use underhood::linalg::{
    QrMode, Triangle, cholesky, det, eig, eigh, expm, inv, lstsq, lu, matmul, qr, solve, svd, svdvals,
};
use underhood::random::Stream;
use underhood::stats::regression::{Covariance, RegressionOptions, leverage, linear_regression};

fn matrix(rows: usize, columns: usize) -> Array2<f64> {
    let mut stream = Stream::seeded(1);
    Array2::from_shape_simple_fn((rows, columns), || stream.normal())
}

fn factorisations(c: &mut Criterion) {
    for n in [3, 8, 16, 64, 256] {
        let (a, b) = (matrix(n, n), Array1::from_iter(matrix(n, 1)));
        let positive = a.dot(&a.t()) + Array2::<f64>::eye(n);
        let mut group = c.benchmark_group("linalg");
        let id = |name| BenchmarkId::new(name, n);
        group.bench_function(id("matmul"), |bench| bench.iter(|| matmul(black_box(a.view()), a.view())));
        group.bench_function(id("solve"), |bench| bench.iter(|| solve(black_box(a.view()), b.view())));
        group.bench_function(id("inv"), |bench| bench.iter(|| inv(black_box(a.view()))));
        group.bench_function(id("det"), |bench| bench.iter(|| det(black_box(a.view()))));
        group.bench_function(id("cholesky"), |bench| bench.iter(|| cholesky(black_box(positive.view()))));
        group.bench_function(id("qr"), |bench| bench.iter(|| qr(black_box(a.view()), QrMode::Reduced)));
        let symmetric = &a + &a.t();
        group.bench_function(id("lu"), |bench| bench.iter(|| lu(black_box(a.view()))));
        group.bench_function(id("eigh"), |bench| bench.iter(|| eigh(black_box(symmetric.view()), Triangle::Both)));
        group.bench_function(id("svd"), |bench| bench.iter(|| svd(black_box(a.view()), false, false)));
        group.bench_function(id("svdvals"), |bench| bench.iter(|| svdvals(black_box(a.view()))));
        group.bench_function(id("eig"), |bench| bench.iter(|| eig(black_box(a.view()))));
        group.bench_function(id("expm"), |bench| bench.iter(|| expm(black_box(a.view()))));
        if n <= 64 {
            group.bench_function(id("lstsq"), |bench| bench.iter(|| lstsq(black_box(a.view()), b.view(), None)));
        }
    }
}

fn regressions(c: &mut Criterion) {
    let mut group = c.benchmark_group("linear_regression");
    for (n, k) in [(30, 2), (150, 4), (5_000, 10), (100_000, 20)] {
        let x = matrix(n, k) + 2.0;
        let y = x.sum_axis(ndarray::Axis(1)) + Array1::from_iter(matrix(n, 1));
        let options = RegressionOptions::default();
        let id = |name: &str| BenchmarkId::new(name, format!("{n}×{k}"));
        group.bench_function(id("classical"), |bench| {
            bench.iter(|| linear_regression(black_box(x.view()), y.view(), &options))
        });
        let robust = RegressionOptions { covariance: Covariance::Hc3, ..options };
        group.bench_function(id("HC3"), |bench| {
            bench.iter(|| linear_regression(black_box(x.view()), y.view(), &robust))
        });
        group.bench_function(id("leverage"), |bench| bench.iter(|| leverage(black_box(x.view()), None, true)));
    }
}

criterion_group!(benches, factorisations, regressions);
criterion_main!(benches);
