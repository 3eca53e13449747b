//! Drawing by the slice.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use underhood::random::Stream;

type Sampler = Box<dyn Fn(&mut Stream, &mut [f64])>;

fn samplers() -> Vec<(String, Sampler)> {
    let mut list: Vec<(String, Sampler)> = vec![
        ("uniform".into(), Box::new(Stream::fill_uniform)),
        ("normal".into(), Box::new(Stream::fill_normal)),
        ("exponential".into(), Box::new(Stream::fill_exponential)),
        ("below, 1000".into(), Box::new(|s, out| s.fill_below(1000, out))),
        ("categorical, 5".into(), Box::new(|s, out| s.fill_categorical(&[0.1, 0.2, 0.3, 0.15, 0.25], out))),
    ];
    for shape in [0.01, 0.5, 1.0, 2.5, 100.0] {
        list.push((format!("gamma, {shape}"), Box::new(move |s, out| s.fill_gamma(shape, out))));
    }
    for (a, b) in [(0.01, 0.02), (0.5, 0.5), (2.0, 3.0), (100.0, 200.0)] {
        list.push((format!("beta, {a}, {b}"), Box::new(move |s, out| s.fill_beta(a, b, out))));
    }
    for rate in [0.1, 3.0, 30.0, 1000.0, 1e6, 1e15] {
        list.push((format!("poisson, {rate}"), Box::new(move |s, out| s.fill_poisson(rate, out))));
    }
    for (n, p) in [(10, 0.5), (100, 0.3), (100_000, 0.4), (1_000_000_000, 1e-8), (1_000_000_000_000_000_000, 0.5)] {
        list.push((format!("binomial, {n}, {p}"), Box::new(move |s, out| s.fill_binomial(n, p, out))));
    }
    for p in [1e-3, 0.5] {
        list.push((format!("geometric, {p}"), Box::new(move |s, out| s.fill_geometric(p, out))));
    }
    for (r, p) in [(3.5, 0.3), (0.1, 1e-6), (1e6, 1e-3)] {
        list.push((
            format!("negative binomial, {r}, {p}"),
            Box::new(move |s, out| s.fill_negative_binomial(r, p, out)),
        ));
    }
    for (population, successes, draws) in [(50, 10, 20), (20_000_000, 5_000_000, 10_000_000)] {
        list.push((
            format!("hypergeometric, {population}, {successes}, {draws}"),
            Box::new(move |s, out| s.fill_hypergeometric(population, successes, draws, out)),
        ));
    }
    for kappa in [0.5, 4.0, 1e4] {
        list.push((format!("von mises, {kappa}"), Box::new(move |s, out| s.fill_von_mises(kappa, out))));
    }
    list
}

fn drawing(c: &mut Criterion) {
    for n in [10, 1_000_000] {
        let mut group = c.benchmark_group(format!("draws/{n}"));
        group.sample_size(20).throughput(Throughput::Elements(n as u64));
        let mut out = vec![0.0; n];
        for (name, sampler) in samplers() {
            let mut stream = Stream::seeded(1);
            group.bench_function(name, |b| b.iter(|| sampler(black_box(&mut stream), black_box(&mut out))));
        }
        group.finish();
    }
}

criterion_group!(benches, drawing);
criterion_main!(benches);
