//! Describing, quantiles, ranks, correlation and the tests.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ndarray::{Array1, Array2, ShapeBuilder};
use underhood::random::Stream;
use underhood::stats::{
    Alternative, CorrelationMethod, NanPolicy, NullMethod, PairGaps, QuantileMethod, chi2_contingency, corr, describe,
    f_oneway, pearsonr, quantile, spearmanr, std, ttest_ind,
};

fn normal(n: usize, seed: u64) -> Array1<f64> {
    let mut stream = Stream::seeded(seed);
    (0..n).map(|_| stream.normal()).collect()
}

fn describing(c: &mut Criterion) {
    let mut group = c.benchmark_group("describe");
    group.sample_size(20);
    for n in [1_000, 1_000_000] {
        let mut stream = Stream::seeded(1);
        let rows = Array2::from_shape_fn((n, 5), |_| stream.normal());
        let mut columns = Array2::zeros((n, 5).f());
        columns.assign(&rows);
        group.throughput(Throughput::Elements(rows.len() as u64));
        group.bench_with_input(BenchmarkId::new("rows", n), &rows, |b, x| {
            b.iter(|| describe(black_box(x.view()), false))
        });
        group.bench_with_input(BenchmarkId::new("columns", n), &columns, |b, x| {
            b.iter(|| describe(black_box(x.view()), false));
        });
    }
    group.finish();

    let mut group = c.benchmark_group("column");
    for n in [1_000, 1_000_000] {
        let x = normal(n, 2);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_with_input(BenchmarkId::new("std", n), &x, |b, x| {
            b.iter(|| std(black_box(x.view().into_dyn()), None, 1, NanPolicy::Propagate))
        });
        group.bench_with_input(BenchmarkId::new("quartiles", n), &x, |b, x| {
            b.iter(|| quantile(black_box(x.view()), &[0.25, 0.5, 0.75], QuantileMethod::Linear));
        });
    }
    group.finish();
}

fn relating(c: &mut Criterion) {
    let mut group = c.benchmark_group("correlation");
    for n in [30, 1_000, 100_000] {
        let (x, y) = (normal(n, 3), normal(n, 4));
        group.bench_with_input(BenchmarkId::new("pearsonr", n), &n, |b, _| {
            b.iter(|| pearsonr(black_box(x.view()), y.view(), Alternative::TwoSided, 0.95));
        });
        group.bench_with_input(BenchmarkId::new("spearmanr", n), &n, |b, _| {
            b.iter(|| spearmanr(black_box(x.view()), y.view(), Alternative::TwoSided, 0.95, NullMethod::Auto));
        });
    }
    let mut stream = Stream::seeded(5);
    let x = Array2::from_shape_fn((100_000, 20), |_| stream.normal());
    group.sample_size(20);
    group.bench_function("corr/100000x20", |b| {
        b.iter(|| {
            corr(black_box(x.view()), None, CorrelationMethod::Pearson, PairGaps::default(), || {
                Ok::<(), underhood::Error>(())
            })
        })
    });
    group.finish();
}

fn testing(c: &mut Criterion) {
    let (a, b, d) = (normal(30, 6), normal(30, 7), normal(30, 8));
    let table = ndarray::array![[10.0, 20.0, 12.0], [30.0, 25.0, 18.0]];
    let mut group = c.benchmark_group("test");
    group.bench_function("ttest_ind/30", |bench| {
        bench.iter(|| ttest_ind(black_box(a.view()), b.view(), false, Alternative::TwoSided, 0.95));
    });
    group.bench_function("f_oneway/3x30", |bench| {
        bench.iter(|| f_oneway(black_box(&[a.view(), b.view(), d.view()]), true))
    });
    group
        .bench_function("chi2_contingency/2x3", |bench| bench.iter(|| chi2_contingency(black_box(table.view()), true)));
    group.finish();
}

criterion_group!(benches, describing, relating, testing);
criterion_main!(benches);
