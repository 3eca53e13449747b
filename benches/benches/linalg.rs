//! linalg
use criterion::{Criterion, criterion_group, criterion_main};

fn empty(_: &mut Criterion) {}

criterion_group!(benches, empty);
criterion_main!(benches);
