//! Factorisations by elimination and reflections: what defines each, on hard matrices and on random ones in every layout.
//!
//! Tolerances are small multiples of ε·n·‖A‖, which is what backward stability promises (Higham, Accuracy and Stability of Numerical
//! Algorithms, theorems 9.3, 11.4 and 19.4).

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use crate::gallery;

use ndarray::{Array2, ArrayView2, Axis, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{
    QrMode, Triangle, ldlt, lstsq, lu, matmul, qr, qr_pivoted, qr_pivoted_triangle, qr_stack, qr_triangle,
};

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
fn a_negative_zero_is_no_negative_diagonal() {
    check_qr("-0", array![[-0.0, 1.0], [-0.0, 2.0]].view());
    check_qr("-0", array![[1.0, 2.0], [0.0, -0.0]].view());
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

fn check_pivoted(name: &str, a: ArrayView2<'_, f64>) {
    let owned = a.to_owned();
    let scale = unit_scale(&owned);
    let unit = owned.mapv(|v| v / scale);
    let (m, n) = a.dim();
    let (r, p) = qr_pivoted_triangle(a).unwrap();
    for mode in [QrMode::Reduced, QrMode::Complete] {
        let f = qr_pivoted(a, mode).unwrap();
        let columns = if mode == QrMode::Complete { m } else { m.min(n) };
        assert_eq!((f.q.dim(), f.r.dim()), ((m, columns), (columns, n)), "{name}");
        assert_eq!((f.r.slice(s![..m.min(n), ..]), &f.p), (r.view(), &p), "{name}");
        let mut sorted = f.p.to_vec();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..n), "{name}: P is not a permutation");
        let size = norm(unit.view()).max(norm(unit.t()));
        let tolerance = 8.0 * m.max(n).max(4) as f64 * EPS;
        let back = product(f.q.view(), f.r.mapv(|v| v / scale).view());
        let picked = unit.select(Axis(1), f.p.as_slice().unwrap());
        let error = distance(back.view(), picked.view());
        let spacing = n as f64 * (f64::from_bits(1) / scale);
        assert!(error <= tolerance * size + spacing, "{name}, {mode:?}: ‖AP − QR‖ = {error:e}");
        let error = distance(product(f.q.t(), f.q.view()).view(), Array2::eye(columns).view());
        assert!(error <= tolerance, "{name}, {mode:?}: ‖QᵀQ − I‖ = {error:e}");
        for k in 0..m.min(n) {
            assert!((0..k).all(|j| f.r[[k, j]] == 0.0), "{name}: R is not a triangle");
            assert!(f.r[[k, k]].is_sign_positive(), "{name}: a negative diagonal");
            // What is left of every later column is no longer than the diagonal element, but for what rounding left in all.
            for j in k + 1..n {
                let left = (k..m.min(n)).fold(0.0_f64, |l, i| l.hypot(f.r[[i, j]] / scale));
                assert!(
                    left <= (1.0 + 1e-7) * f.r[[k, k]] / scale + 2.0 * spacing,
                    "{name}: column {j} is longer than {k}"
                );
            }
        }
    }
}

#[test]
fn pivoted_qr_of_hard_matrices() {
    for (name, a) in everything() {
        check_pivoted(&name, a.view());
        check_pivoted(&name, a.slice(s![..;-1, ..a.ncols().div_ceil(2)]));
    }
    let f = qr_pivoted(array![[1.0, 1.0], [1.0, 1.0]].view(), QrMode::Reduced).unwrap();
    assert_eq!(f.p.to_vec(), [0, 1]);
    let r = qr_pivoted(gallery::of_rank(40, 30, 7).view(), QrMode::Reduced).unwrap().r;
    assert!(r[[6, 6]] > 0.1 && r[[7, 7]] < 1e-13);
}

fn check_lu(name: &str, a: ArrayView2<'_, f64>) {
    let owned = a.to_owned();
    let scale = unit_scale(&owned);
    let unit = owned.mapv(|v| v / scale);
    let (m, n) = a.dim();
    let k = m.min(n);
    let f = lu(a).unwrap();
    assert_eq!((f.l.dim(), f.u.dim(), f.order.len()), ((m, k), (k, n), m), "{name}");
    for ((i, j), &v) in f.l.indexed_iter() {
        assert!(v.abs() <= 1.0 && (j < i || v == f64::from(u8::from(i == j))), "{name}: L");
    }
    assert!(f.u.indexed_iter().all(|((i, j), &v)| j >= i || v == 0.0), "{name}: U");
    let u = f.u.mapv(|v| v / scale);
    // Wilkinson: ‖PLU − A‖ ≤ γₙ·‖|L|·|U|‖, which has the growth of the entries in it.
    let size = norm(product(f.l.mapv(f64::abs).view(), u.mapv(f64::abs).view()).view());
    let back = product(product(f.permutation().unwrap().view(), f.l.view()).view(), u.view());
    let error = distance(back.view(), unit.view());
    let spacing = m as f64 * n as f64 * (f64::from_bits(1) / scale);
    assert!(error <= 2.0 * k.max(2) as f64 * EPS * size + spacing, "{name}: ‖A − PLU‖ = {error:e}");
    let places = f.places();
    assert!((0..m).all(|i| f.order[places[i]] == i), "{name}: the two forms of P");
}

#[test]
fn lu_of_hard_matrices() {
    for (name, a) in everything() {
        check_lu(&name, a.view());
        check_lu(&name, a.t());
        check_lu(&name, a.slice(s![..;-1, ..a.ncols().div_ceil(2)]));
    }
    for m in [1, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33, 65, 80, 129] {
        for n in [1, 4, 5, 8, 9, 16, 17, 33, 64, 65, 81, 130] {
            check_lu(&format!("{m}×{n}"), gallery::random(m, n, 1).view());
            check_lu(&format!("{m}×{n} of rank 3"), gallery::of_rank(m, n, 3).view());
        }
    }
}

#[test]
fn lu_takes_the_first_of_equal_pivots_and_steps_over_zero_columns() {
    let a = array![[0.0, 2.0, 1.0], [0.0, -4.0, 3.0], [0.0, 4.0, 5.0]];
    let f = lu(a.view()).unwrap();
    assert_eq!(f.order.to_vec(), [0, 1, 2]);
    assert_eq!(f.u, array![[0.0, 2.0, 1.0], [0.0, -4.0, 3.0], [0.0, 0.0, 8.0]]);
    assert_eq!(f.l, array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -1.0, 1.0]]);
    let ties =
        Array2::from_shape_fn((40, 40), |(i, j)| if j == 0 { [1.0, -1.0][i % 2] } else { f64::from(u8::from(i == j)) });
    assert_eq!(lu(ties.view()).unwrap().order[0], 0);
    // Growth by 2¹⁰⁹⁹ leaves the range: an error, no infinity.
    assert!(matches!(lu(gallery::growth(1_100).view()), Err(Error::Invalid { argument: "a", .. })));
}

/// The residual of a least-squares solution is orthogonal to the columns, and the solution lies in the row space.
fn check_lstsq(name: &str, a: ArrayView2<'_, f64>, columns: usize) {
    let owned = a.to_owned();
    let scale = unit_scale(&owned);
    let unit = owned.mapv(|v| v / scale);
    let (m, n) = a.dim();
    let b = gallery::random(m, columns, 99);
    let fit = match lstsq(a, b.view(), None) {
        Ok(fit) => fit,
        // Solutions of tiny matrices are huge.
        Err(error) => {
            assert!(matches!(error, Error::Invalid { argument: "b", .. }), "{name}: {error}");
            return;
        }
    };
    assert_eq!((fit.x.dim(), fit.singular_values.len()), ((n, columns), m.min(n)), "{name}");
    let x = fit.x.mapv(|v| v * scale);
    let left = product(unit.view(), x.view()) - &b;
    let norms = |v: ArrayView2<'_, f64>| v.iter().map(|w| w * w).sum::<f64>().sqrt();
    let largest = fit.singular_values.first().map_or(0.0, |s| s / scale);
    // What counts as zero is left out of the matrix: its size is the rank's tolerance.
    let tolerance = 8.0 * m.max(n).max(4) as f64 * EPS * largest * (largest * norms(x.view()) + norms(b.view()));
    let slope = norms(product(unit.t(), left.view()).view());
    assert!(slope <= tolerance + 1e-290, "{name}: ‖Aᵀ(Ax − b)‖ = {slope:e} > {tolerance:e}");
    if fit.rank == n && m > n {
        for (j, &residual) in fit.residuals.iter().enumerate() {
            let expected = left.column(j).iter().map(|v| v * v).sum::<f64>();
            let size = (largest * norms(x.view()) + norms(b.view())).powi(2);
            assert!((residual - expected).abs() <= 1e-13 * size, "{name}: {residual:e} {expected:e}");
        }
        assert_eq!(fit.residuals.len(), columns);
    } else {
        assert_eq!(fit.residuals.len(), 0);
    }
}

#[test]
fn least_squares_of_hard_matrices() {
    for (name, a) in everything() {
        check_lstsq(&name, a.view(), 1);
        check_lstsq(&name, a.slice(s![.., ..a.ncols().div_ceil(2)]), 3);
        check_lstsq(&name, a.slice(s![..a.nrows().div_ceil(2);-1, ..]), 17);
    }
    check_lstsq("tall", gallery::random(5_000, 7, 1).view(), 2);
    check_lstsq("tall, of rank 3", gallery::of_rank(5_000, 7, 3).view(), 2);
}

/// The shortest solution has no part in the null space: x = A⁺b for matrices whose pseudo-inverse is known.
#[test]
fn least_squares_gives_the_shortest_solution() {
    // A = u·vᵀ has A⁺ = v·uᵀ/(‖u‖²‖v‖²).
    let (u, v) = (gallery::random(30, 1, 1), gallery::random(20, 1, 2));
    let b = gallery::random(30, 1, 3);
    for (a, b) in [(u.dot(&v.t()), b.clone()), (u.slice(s![..20, ..]).dot(&v.t()), b.slice(s![..20, ..]).to_owned())] {
        let fit = lstsq(a.view(), b.view(), None).unwrap();
        assert_eq!(fit.rank, 1);
        let u = u.slice(s![..a.nrows(), ..]);
        let factor = (&u * &b).sum() / ((&u * &u).sum() * (&v * &v).sum());
        assert!((&fit.x - &(&v * factor)).iter().all(|e| e.abs() < 1e-15));
    }
    // Full row rank: A·Aᵀ·y = b, x = Aᵀ·y.
    let a = gallery::random(5, 40, 4);
    let b = gallery::random(5, 1, 5);
    let fit = lstsq(a.view(), b.view(), None).unwrap();
    let y = underhood::linalg::solve(product(a.view(), a.t()).view(), b.view()).unwrap().x;
    assert!((&fit.x - &a.t().dot(&y)).iter().all(|e| e.abs() < 1e-14));
}

fn check_ldlt(name: &str, a: &Array2<f64>) {
    let n = a.nrows();
    let scale = unit_scale(a);
    let unit = a.mapv(|v| v / scale);
    let f = ldlt(a.view(), Triangle::Both).unwrap();
    let d = f.d.mapv(|v| v / scale);
    assert_eq!(f.d, f.d.t(), "{name}: D is not symmetric");
    let mut k = 0;
    while k < n {
        let pair = k + 1 < n && f.d[[k, k + 1]] != 0.0;
        if pair {
            assert!(d[[k, k]] * d[[k + 1, k + 1]] < d[[k, k + 1]].powi(2), "{name}: a 2×2 block that is definite");
            assert_eq!(f.l[[k + 1, k]], 0.0, "{name}: L in a 2×2 block");
        }
        let end = k + 1 + usize::from(pair);
        assert!((k..end).all(|i| (end..n).all(|j| f.d[[i, j]] == 0.0)), "{name}: D is not block diagonal");
        k = end;
    }
    for ((i, j), &v) in f.l.indexed_iter() {
        // Ashcraft, Grimes and Lewis: at most 1/α = 1.57 beside a 1×1 pivot, 1/(1−α) = 2.79 beside a 2×2 one.
        assert!(if j < i { v.abs() <= 2.8 } else { v == f64::from(u8::from(i == j)) }, "{name}: L");
    }
    let size = norm(
        product(product(f.l.mapv(f64::abs).view(), d.mapv(f64::abs).view()).view(), f.l.mapv(f64::abs).t()).view(),
    );
    let back = product(product(f.l.view(), d.view()).view(), f.l.t());
    let p = f.p.as_slice().unwrap();
    let picked = unit.select(Axis(0), p).select(Axis(1), p);
    let error = distance(back.view(), picked.view());
    let spacing = (n * n) as f64 * (f64::from_bits(1) / scale);
    assert!(error <= 4.0 * n.max(4) as f64 * EPS * size + spacing, "{name}: ‖PAPᵀ − LDLᵀ‖ = {error:e}");

    // One triangle is enough.
    let mut half = a.clone();
    half.indexed_iter_mut().filter(|((i, j), _)| i < j).for_each(|(_, v)| *v = f64::NAN);
    assert_eq!(ldlt(half.view(), Triangle::Lower).unwrap(), f, "{name}");
    assert_eq!(ldlt(half.t(), Triangle::Upper).unwrap(), f, "{name}");
}

#[test]
fn ldlt_of_hard_matrices() {
    for (name, a) in gallery::symmetric() {
        check_ldlt(&name, &a);
    }
    for n in 2..12 {
        // Zeros on the diagonal: no 1×1 pivot to begin with.
        let mut a = gallery::random(n, n, 5);
        a = &a + &a.t();
        a.diag_mut().fill(0.0);
        check_ldlt("zero diagonal", &a);
    }
}

/// Sylvester's law: D has the signs of A's eigenvalues.
#[test]
fn ldlt_shows_the_inertia() {
    // The second difference −1 2 −1, moved by s: eigenvalues 2 − 2·cos(kπ/(n+1)) − s (Higham, chapter 28).
    let (n, shift) = (30, 1.3);
    let a = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        0 => 2.0 - shift,
        1 => -1.0,
        _ => 0.0,
    });
    let angle = |k: usize| (k as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
    let negative = (1..=n).filter(|&k| 2.0 - 2.0 * angle(k) < shift).count();
    let d = ldlt(a.view(), Triangle::Both).unwrap().d;
    let mut found = 0;
    let mut k = 0;
    while k < n {
        let pair = k + 1 < n && d[[k, k + 1]] != 0.0;
        found += usize::from(pair || d[[k, k]] < 0.0);
        k += 1 + usize::from(pair);
    }
    assert_eq!(found, negative);
    let error = ldlt(array![[1.0, 2.0], [3.0, 1.0]].view(), Triangle::Both).unwrap_err();
    assert_eq!(error.to_string(), "ldlt: a is not symmetric: element (0, 1) is 2, but (1, 0) is 3");
    assert!(matches!(ldlt(Array2::ones((2, 3)).view(), Triangle::Lower), Err(Error::Shape { .. })));
}

#[test]
fn qr_of_stacks() {
    let go_on = || Ok::<(), Error>(());
    for (m, n) in [(1, 1), (2, 2), (3, 3), (5, 2), (2, 5), (8, 8), (7, 3), (9, 3), (3, 0)] {
        let mut memory = gallery::random(20 * 2 * m, n.max(1), 3).into_shape_with_order((20, 2 * m, n.max(1))).unwrap();
        if m > 1 && n > 1 {
            // Among others: a zero column, a matrix of rank one, a huge one, a tiny one, one column much shorter than the other.
            memory.slice_mut(s![1, .., 0]).fill(0.0);
            memory.slice_mut(s![2, .., ..]).fill(0.25);
            memory.slice_mut(s![9, .., ..]).mapv_inplace(|v| v * 1e300);
            memory.slice_mut(s![17, .., ..]).mapv_inplace(|v| v * 1e-300);
            memory.slice_mut(s![18, .., 1]).mapv_inplace(|v| v * 1e-200);
        }
        let a = memory.slice(s![..;-1, ..;2, ..n]);
        for mode in [QrMode::Reduced, QrMode::Complete] {
            let (q, r) = qr_stack(a.into_dyn(), mode, go_on).unwrap();
            for (k, matrix) in a.axis_iter(Axis(0)).enumerate() {
                let alone = qr(matrix, mode).unwrap();
                let (q, r) = (q.index_axis(Axis(0), k), r.index_axis(Axis(0), k));
                let (q, r) = (q.into_dimensionality().unwrap(), r.into_dimensionality().unwrap());
                let scale = unit_scale(&matrix.to_owned());
                let unit = matrix.mapv(|v| v / scale);
                let back = product(q, r.mapv(|v| v / scale).view());
                assert!(distance(back.view(), unit.view()) <= 64.0 * EPS * norm(unit.view()), "{m}×{n}, {k}");
                let gram = product(q.t(), q);
                assert!(distance(gram.view(), Array2::eye(q.ncols()).view()) <= 64.0 * EPS, "{m}×{n}, {k}");
                assert!(r.indexed_iter().all(|((i, j), &v)| j > i || (i == j && v >= 0.0) || v == 0.0), "{m}×{n}, {k}");
                assert_eq!((q.dim(), r.dim()), (alone.q.dim(), alone.r.dim()));
            }
        }
    }
    let mut a = gallery::random(30, 3, 1).into_shape_with_order((10, 3, 3)).unwrap();
    a[[9, 1, 2]] = f64::NAN;
    let error = qr_stack(a.view().into_dyn(), QrMode::Reduced, go_on).unwrap_err();
    assert!(matches!(error, Error::NotFinite { ref index, .. } if index == &[9, 1, 2]), "{error}");
    a[[1, 0, 0]] = f64::INFINITY;
    assert!(qr_stack(a.view().into_dyn(), QrMode::Reduced, go_on).unwrap_err().to_string().contains("[1, 0, 0]"));
}

#[test]
fn small_entries_beside_large_ones_keep_their_digits() {
    for (large, small) in [(1e160, 1e-160), (1e200, 1e-200), (1e300, 1e-300)] {
        let a = ndarray::array![[large, 0.0, 0.0], [0.0, small, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(lu(a.view()).unwrap().u, a);
        let r = qr(a.view(), QrMode::Reduced).unwrap().r;
        // A column's length is rounded.
        assert!((0..3).all(|i| (r[[i, i]] / a[[i, i]] - 1.0).abs() < 1e-15), "{r}");
        let d = ldlt(a.view(), Triangle::Both).unwrap().d;
        let mut found = d.diag().to_vec();
        found.sort_by(f64::total_cmp);
        assert_eq!(found, [small, 1.0, large]);
    }
}
