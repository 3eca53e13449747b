//! The special functions, one number at a time, in each of their regions.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::special::{
    betainc, betaincc, betaincinv, erfcx, gamma, gammainc, gammaincc, gammaincinv, gammaln, ndtr, ndtri,
};

fn one_number(c: &mut Criterion) {
    c.bench_function("special/ndtr", |b| b.iter(|| ndtr(black_box(-2.3))));
    c.bench_function("special/ndtri", |b| b.iter(|| ndtri(black_box(0.975))));
    c.bench_function("special/erfcx", |b| b.iter(|| erfcx(black_box(2.3))));
    c.bench_function("special/gamma", |b| b.iter(|| gamma(black_box(7.7))));
    c.bench_function("special/gammaln", |b| b.iter(|| gammaln(black_box(7.7))));
}

fn incomplete(c: &mut Criterion) {
    c.bench_function("special/gammainc/series", |b| b.iter(|| gammainc(black_box(5.0), black_box(3.0))));
    c.bench_function("special/gammaincc/fraction", |b| b.iter(|| gammaincc(black_box(5.0), black_box(12.0))));
    c.bench_function("special/gammaincc/uniform", |b| b.iter(|| gammaincc(black_box(500.0), black_box(540.0))));
    c.bench_function("special/gammaincinv", |b| b.iter(|| gammaincinv(black_box(5.0), black_box(0.05))));
    c.bench_function("special/betainc/fraction", |b| {
        b.iter(|| betainc(black_box(3.0), black_box(8.0), black_box(0.2)))
    });
    c.bench_function("special/betaincc/uniform", |b| {
        b.iter(|| betaincc(black_box(300.0), black_box(800.0), black_box(0.3)));
    });
    c.bench_function("special/betaincinv", |b| {
        b.iter(|| betaincinv(black_box(3.0), black_box(8.0), black_box(0.05)));
    });
}

criterion_group!(benches, one_number, incomplete);
criterion_main!(benches);
