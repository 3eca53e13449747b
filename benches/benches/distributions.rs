//! p-values and critical values, one at a time.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use underhood::Result;
use underhood::distributions::{ChiSquared, Continuous, F, Normal, StudentT};

fn family(c: &mut Criterion, name: &str, distribution: &impl Continuous, x: f64) {
    c.bench_function(&format!("distributions/{name}/pdf"), |b| b.iter(|| distribution.pdf(black_box(x))));
    c.bench_function(&format!("distributions/{name}/sf"), |b| b.iter(|| distribution.sf(black_box(x))));
    c.bench_function(&format!("distributions/{name}/isf"), |b| b.iter(|| distribution.isf(black_box(0.05))));
}

fn families(c: &mut Criterion) {
    let made = || -> Result<_> { Ok((StudentT::standard(12.0)?, ChiSquared::new(5.0)?, F::new(3.0, 20.0)?)) };
    family(c, "normal", &Normal::standard(), 1.7);
    if let Ok((t, chi2, f)) = made() {
        family(c, "student_t", &t, 2.1);
        family(c, "chi_squared", &chi2, 9.0);
        family(c, "f", &f, 3.0);
    }
}

criterion_group!(benches, families);
criterion_main!(benches);
