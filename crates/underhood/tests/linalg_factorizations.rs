//! Factorisations by elimination and reflections: what defines each, on hard matrices and on random ones in every layout.
//!
//! Tolerances are small multiples of ε·n·‖A‖, which is what backward stability promises (Higham, Accuracy and Stability of Numerical
//! Algorithms, theorems 9.3, 11.4 and 19.4).

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

mod gallery;

use ndarray::{Array2, ArrayView2, Axis, array, s};
use proptest::prelude::*;
use underhood::linalg::{QrMode, matmul, qr, qr_triangle};

const EPS: f64 = f64::EPSILON;

fn norm(a: ArrayView2<'_, f64>) -> f64 {
    a.axis_iter(Axis(0)).map(|row| row.iter().map(|v| v.abs()).sum()).fold(0.0, f64::max)
}

fn product(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    matmul(a, b).unwrap().into_dimensionality().unwrap()
}

fn distance(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> f64 {
    norm((&a - &b).view())
}

fn everything() -> Vec<(String, Array2<f64>)> {
    let mut all = gallery::square();
    all.extend(gallery::rectangular());
    all
}

/// Largest entry near one, exactly: so that norms of huge matrices are finite.
fn unit_scale(a: &Array2<f64>) -> f64 {
    let largest = gallery::largest(a);
    if largest == 0.0 { 1.0 } else { 2_f64.powi(largest.log2().floor().clamp(-1022.0, 1022.0) as i32) }
}

fn check_qr(name: &str, a: ArrayView2<'_, f64>) {
    let owned = a.to_owned();
    let scale = unit_scale(&owned);
    let unit = owned.mapv(|v| v / scale);
    let (m, n) = a.dim();
    let tolerance = 8.0 * m.max(n).max(4) as f64 * EPS;
    let alone = qr_triangle(a).unwrap();
    assert_eq!(alone.dim(), (m.min(n), n));
    for mode in [QrMode::Reduced, QrMode::Complete] {
        let f = qr(a, mode).unwrap();
        let columns = if mode == QrMode::Complete { m } else { m.min(n) };
        assert_eq!((f.q.dim(), f.r.dim()), ((m, columns), (columns, n)), "{name}");
        let size = norm(unit.view()).max(norm(unit.t()));
        let back = product(f.q.view(), f.r.mapv(|v| v / scale).view());
        let error = distance(back.view(), unit.view());
        // The last term is the spacing of denormal numbers.
        let tolerance = tolerance * size + n as f64 * (f64::from_bits(1) / scale);
        assert!(error <= tolerance, "{name}, {mode:?}: ‖A − QR‖ = {error:e}");
        let tolerance = 8.0 * m.max(n).max(4) as f64 * EPS;
        let gram = product(f.q.t(), f.q.view());
        let error = distance(gram.view(), Array2::eye(columns).view());
        assert!(error <= tolerance, "{name}, {mode:?}: ‖QᵀQ − I‖ = {error:e}");
        for ((i, j), &v) in f.r.indexed_iter() {
            assert!(j >= i || v == 0.0, "{name}: R is not a triangle");
            assert!(i != j || v >= 0.0 && v.is_sign_positive(), "{name}: a negative diagonal");
        }
        let top = f.r.slice(s![..m.min(n), ..]);
        assert!(distance(top, alone.view()) / scale <= tolerance * size, "{name}: R alone differs");
    }
}

#[test]
fn qr_of_hard_matrices() {
    for (name, a) in everything() {
        check_qr(&name, a.view());
        let (m, n) = a.dim();
        check_qr(&name, a.slice(s![.., ..n.div_ceil(2)]));
        check_qr(&name, a.slice(s![..m.div_ceil(2), ..]));
    }
}

#[test]
fn qr_at_every_edge_of_its_strips() {
    for m in [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 65, 80, 129] {
        for n in [1, 2, 4, 5, 8, 9, 16, 17, 31, 32, 33, 63, 64, 65, 66, 81, 130] {
            if m * n > 64 * 130 {
                continue;
            }
            check_qr(&format!("{m}×{n}"), gallery::random(m, n, 1).view());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random shapes, read through a transposed, a reversed and a strided view; the same bits from every layout.
    #[test]
    fn qr_in_any_layout(m in 1_usize..70, n in 1_usize..70, layout in 0_u8..4, seed: u64) {
        let memory = gallery::random(140, 140, seed);
        let a = match layout {
            0 => memory.slice(s![..m, ..n]),
            1 => memory.slice(s![..n, ..m]).reversed_axes(),
            2 => memory.slice(s![..m;-1, ..n;-1]),
            _ => memory.slice(s![..2 * m;2, ..2 * n;-2]),
        };
        check_qr("random", a);
        let same = a.as_standard_layout();
        prop_assert_eq!(qr(a, QrMode::Reduced).unwrap(), qr(same.view(), QrMode::Reduced).unwrap());
    }
}

/// Rows by the thousand are factored in blocks.
#[test]
fn qr_of_tall_matrices() {
    for (m, n) in [(4096, 1), (5000, 3), (4500, 20), (4100, 33), (4100, 128)] {
        let a = gallery::random(m, n, 5);
        let f = qr(a.view(), QrMode::Reduced).unwrap();
        let tolerance = 4.0 * (m as f64).sqrt() * n as f64 * EPS;
        let largest = |e: Array2<f64>| e.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(largest(product(f.q.view(), f.r.view()) - &a) <= tolerance, "{m}×{n}");
        assert!(largest(product(f.q.t(), f.q.view()) - Array2::<f64>::eye(n)) <= tolerance, "{m}×{n}");
        assert!(f.r.diag().iter().all(|&d| d > 0.0));
        let alone = qr_triangle(a.view()).unwrap();
        assert!(distance(alone.view(), f.r.view()) <= tolerance * norm(f.r.view()), "{m}×{n}");
    }
}
