//! The special functions: one number at a time, in each of their regions; and many at a time, with parameters that are the same or differ.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::special::{
    beta_in_place, betainc, betainc_each_in_place, betaincc, betaincinv, betaln_in_place, binom_in_place, erf_in_place,
    erfc_in_place, erfcx, gamma, gamma_in_place, gammainc, gammainc_each_in_place, gammaincc, gammaincinv, gammaln,
    log_ndtr_in_place, ndtr, ndtr_in_place, ndtri, ndtri_in_place,
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

/// 2,048 numbers, as the binding passes them.
const MANY: u32 = 2048;

/// So many numbers between two ends, in no order.
fn between(low: f64, high: f64, step: u32) -> Vec<f64> {
    (0..MANY).map(|k| low + (high - low) * f64::from(k * step % MANY) / f64::from(MANY)).collect()
}

fn many_numbers(c: &mut Criterion) {
    type Wide = (&'static str, fn(&mut [f64]), f64, f64);
    let functions: [Wide; 7] = [
        ("erf", erf_in_place, -3.0, 3.0),
        ("erfc", erfc_in_place, -3.0, 3.0),
        ("ndtr", ndtr_in_place, -3.0, 3.0),
        ("log_ndtr", log_ndtr_in_place, -3.0, 3.0),
        ("ndtri", ndtri_in_place, 0.0, 1.0),
        ("gamma", gamma_in_place, 0.1, 50.0),
        ("gamma/reflected", gamma_in_place, -20.0, -0.1),
    ];
    for (name, function, low, high) in functions {
        let (x, mut out) = (between(low, high, 997), vec![0.0; MANY as usize]);
        c.bench_function(&format!("special/many/{name}"), |b| {
            b.iter(|| {
                out.copy_from_slice(black_box(&x));
                function(&mut out);
            });
        });
    }
}

fn many_parameters(c: &mut Criterion) {
    type Pairs = (&'static str, fn(&[f64], &mut [f64]), f64, f64);
    let functions: [Pairs; 4] = [
        ("beta", beta_in_place, 0.1, 20.0),
        ("betaln", betaln_in_place, 0.1, 20.0),
        ("binom", binom_in_place, 0.1, 20.0),
        ("gammainc", gammainc_each_in_place, 0.1, 60.0),
    ];
    for (name, function, low, high) in functions {
        let (a, x, mut out) = (between(20.0, 50.0, 389), between(low, high, 997), vec![0.0; MANY as usize]);
        c.bench_function(&format!("special/each/{name}"), |b| {
            b.iter(|| {
                out.copy_from_slice(black_box(&x));
                function(black_box(&a), &mut out);
            });
        });
    }
    let (shapes, others, x) = (between(0.1, 50.0, 389), between(0.1, 20.0, 997), between(0.01, 0.99, 1367));
    let mut out = vec![0.0; MANY as usize];
    c.bench_function("special/each/betainc", |b| {
        b.iter(|| {
            out.copy_from_slice(black_box(&x));
            betainc_each_in_place(black_box(&shapes), black_box(&others), &mut out);
        });
    });
}

criterion_group!(benches, one_number, incomplete, many_numbers, many_parameters);
criterion_main!(benches);
