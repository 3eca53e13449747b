//! Defining identities of linear algebra on hard matrices and on random ones in every layout.
//!
//! Tolerances are small multiples of ε·n·‖A‖, which is what backward stability promises (Higham, Accuracy and Stability of Numerical
//! Algorithms, theorems 9.4, 10.3 and 19.4); the hard matrices are from its chapter 28 and from Wilkinson's and Kahan's papers.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{QrMode, cholesky, det, inv, lstsq, matmul, qr, slogdet, solve};
use underhood::random::Stream;

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

fn hilbert(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| 1.0 / (i + j + 1) as f64)
}

/// Upper triangular with s^i on the diagonal and −c·s^i right of it: singular to within rounding, though no pivot shows it.
fn kahan(n: usize) -> Array2<f64> {
    let (s, c) = (1.2_f64.sin(), 1.2_f64.cos());
    Array2::from_shape_fn((n, n), |(i, j)| match j.cmp(&i) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => s.powi(i as i32),
        std::cmp::Ordering::Greater => -c * s.powi(i as i32),
    })
}

/// Upper Hessenberg with determinant 1 and ever worse conditioning.
fn frank(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| if j + 1 < i { 0.0 } else { (n - i.max(j)) as f64 })
}

/// Elimination with partial pivoting doubles the last column at every step.
fn wilkinson_growth(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j || j == n - 1 {
            1.0
        } else if i > j {
            -1.0
        } else {
            0.0
        }
    })
}

fn vandermonde(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| ((i + 1) as f64 / n as f64).powi(j as i32))
}

/// Rows and columns over twenty orders of magnitude.
fn graded(n: usize) -> Array2<f64> {
    let mut stream = Stream::seeded(5);
    Array2::from_shape_fn((n, n), |(i, j)| stream.normal() * 10_f64.powi(-(((i + j) * 10 / n) as i32)))
}

fn random(n: usize, scale: f64) -> Array2<f64> {
    let mut stream = Stream::seeded(n as u64);
    Array2::from_shape_simple_fn((n, n), || stream.normal() * scale)
}

fn hard_matrices() -> Vec<(&'static str, Array2<f64>)> {
    vec![
        ("Hilbert 6", hilbert(6)),
        ("Hilbert 12", hilbert(12)),
        ("Hilbert 20", hilbert(20)),
        ("Kahan 10", kahan(10)),
        ("Kahan 60", kahan(60)),
        ("Frank 12", frank(12)),
        ("Frank 30", frank(30)),
        ("Wilkinson 16", wilkinson_growth(16)),
        ("Wilkinson 60", wilkinson_growth(60)),
        ("Vandermonde 10", vandermonde(10)),
        ("Vandermonde 25", vandermonde(25)),
        ("graded 12", graded(12)),
        ("graded 40", graded(40)),
        ("huge", random(7, 1e300)),
        ("huge, larger", random(30, 1e300)),
        ("tiny", random(7, 1e-300)),
        ("tiny, larger", random(30, 1e-300)),
        ("one number", array![[-3.0]]),
    ]
}

#[test]
fn solutions_have_a_small_backward_error_on_hard_matrices() {
    for (name, a) in hard_matrices() {
        let n = a.nrows();
        let scale = norm(a.view());
        let unit = a.mapv(|v| v / scale);
        let b: Array1<f64> = unit.sum_axis(Axis(1));
        for (layout, a, unit) in [("rows", a.view(), unit.view()), ("columns", a.t(), unit.t())] {
            let x = solve(a, b.view()).unwrap().x.mapv(|v| v * scale);
            let left = &unit.dot(&x) - &b;
            let size = norm(unit) * x.iter().fold(0.0_f64, |m, v| m.max(v.abs())) + 1.0;
            let error = left.iter().fold(0.0_f64, |m, v| m.max(v.abs())) / size;
            assert!(error <= 4.0 * n as f64 * EPS, "{name} by {layout}: {error:e}");
        }
    }
}

/// Exact solutions of exact data: refinement gives all the digits while the condition number allows a start.
#[test]
fn refinement_recovers_exact_solutions() {
    // The inverse of the matrix of growth is known: A·1 has entries that are whole, so x = 1 exactly.
    // From order 1,025 on, growth by 2ⁿ⁻¹ overflows.
    for n in [16, 60, 100, 1_100] {
        let a = wilkinson_growth(n);
        let x = solve(a.view(), a.sum_axis(Axis(1)).view()).unwrap();
        assert!(x.x.iter().all(|v| (v - 1.0).abs() <= 4.0 * EPS), "{n}: {:?}", x.x);
        assert_eq!(x.warning, None);
    }
    // Hilbert's matrix times the least common multiple of its denominators is a matrix of whole numbers.
    let n = 8;
    let a = hilbert(n).mapv(|v| (v * 360_360.0).round());
    let solution = solve(a.view(), a.sum_axis(Axis(1)).view()).unwrap();
    assert!(solution.x.iter().all(|v| (v - 1.0).abs() <= 4.0 * EPS), "{:?}", solution.x);
}

#[test]
fn nearly_singular_systems_say_how_many_digits_are_left() {
    let a = hilbert(11);
    let warning = solve(a.view(), Array1::ones(11).view()).unwrap().warning.unwrap();
    // κ₁ of the Hilbert matrix of order 11 is 1.2e15 (Higham, table 28.1).
    assert!((1e15..2e15).contains(&warning.condition), "{warning}");
    assert!(warning.digits < 1.0);
    assert!(inv(a.view()).unwrap().warning.is_some());
    assert!(solve(hilbert(5).view(), Array1::ones(5).view()).unwrap().warning.is_none());
    let kahan = solve(kahan(100).view(), Array1::ones(100).view()).unwrap();
    assert!(kahan.warning.is_some());
}

#[test]
fn singular_matrices_are_refused_with_the_pivot() {
    let singular = |a: &Array2<f64>| match (solve(a.view(), Array1::ones(a.nrows()).view()), inv(a.view())) {
        (
            Err(Error::Singular { function: "solve", pivot, .. }),
            Err(Error::Singular { function: "inv", pivot: same, .. }),
        ) => {
            assert_eq!(pivot, same);
            Some(pivot)
        }
        _ => None,
    };
    assert_eq!(singular(&array![[1.0, 2.0], [2.0, 4.0]]), Some(1));
    assert_eq!(singular(&Array2::zeros((3, 3))), Some(0));
    assert_eq!(singular(&Array2::zeros((30, 30))), Some(0));
    // Elimination in doubles leaves 1e-16 as the last pivot of these; whole numbers are judged exactly.
    assert_eq!(singular(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]), Some(2));
    let counting = Array2::from_shape_fn((5, 5), |(i, j)| (5 * i + j) as f64);
    assert!(singular(&counting).is_some());
    assert_eq!(det(counting.view()), Ok(0.0));
    let mut doubled = random(40, 1.0);
    let row = doubled.row(3).to_owned();
    doubled.row_mut(17).assign(&row);
    doubled.column_mut(5).fill(0.0);
    assert!(singular(&doubled).is_some());
}

#[test]
fn inverses_undo_from_either_side() {
    for (name, a) in hard_matrices() {
        let inverse = inv(a.view()).unwrap().inverse;
        let n = a.nrows() as f64;
        let bound = 32.0 * n * EPS * norm(a.view()) * norm(inverse.view());
        let error = distance(product(a.view(), inverse.view()).view(), Array2::eye(a.nrows()).view());
        assert!(error <= bound, "{name}: {error:e} > {bound:e}");
    }
    let symmetric = product(random(20, 1.0).view(), random(20, 1.0).t());
    let inverse = inv(symmetric.view()).unwrap().inverse;
    assert_eq!(inverse, inverse.t());
    assert_eq!(inv(Array2::zeros((0, 0)).view()).unwrap().inverse.dim(), (0, 0));
}

#[test]
fn determinants_of_known_matrices() {
    assert_eq!(det(Array2::zeros((0, 0)).view()), Ok(1.0));
    assert_eq!(det(frank(8).view()), Ok(1.0));
    assert_eq!(det(wilkinson_growth(16).view()), Ok(32_768.0));
    assert!((det(wilkinson_growth(60).view()).unwrap() / 2_f64.powi(59) - 1.0).abs() < 1e-13);
    // 1/266716800000 (A005249 of the OEIS); the condition number 9.4e5 leaves ten digits.
    assert!((det(hilbert(5).view()).unwrap() * 266_716_800_000.0 - 1.0).abs() < 1e-10);
    let swapped = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]];
    assert_eq!(det(swapped.view()), Ok(-1.0));

    let huge = slogdet(Array2::from_diag_elem(200, -1e10).view()).unwrap();
    assert_eq!((huge.sign, huge.value), (1.0, f64::INFINITY));
    assert!((huge.logabsdet / (2000.0 * 10_f64.ln()) - 1.0).abs() < 1e-15);
    assert_eq!(
        huge.warning().unwrap(),
        "det: the determinant, about 10^2000.0, overflows; slogdet gives its sign and logarithm"
    );
    let mixed = slogdet(array![[1e-300, 0.0], [0.0, -1e300]].view()).unwrap();
    assert_eq!(mixed.sign, -1.0);
    assert!((mixed.value + 1.0).abs() < 1e-15);
    let singular = slogdet(Array2::zeros((30, 30)).view()).unwrap();
    assert_eq!((singular.sign, singular.logabsdet, singular.value), (0.0, f64::NEG_INFINITY, 0.0));
    assert_eq!(singular.warning(), None);
}

#[test]
fn qr_reconstructs_hard_matrices_orthogonally() {
    for (name, a) in hard_matrices() {
        for mode in [QrMode::Reduced, QrMode::Complete] {
            for part in [a.view(), a.slice(s![.., ..a.ncols().div_ceil(2)]), a.slice(s![..a.nrows().div_ceil(2), ..])] {
                let f = qr(part, mode).unwrap();
                let scale = norm(part).max(norm(part.t()));
                let unit = 8.0 * part.nrows().max(part.ncols()) as f64 * EPS;
                let back = product(f.q.view(), f.r.mapv(|v| v / scale).view());
                assert!(distance(back.view(), part.mapv(|v| v / scale).view()) <= unit, "{name}: A ≠ QR");
                let gram = product(f.q.t(), f.q.view());
                assert!(distance(gram.view(), Array2::eye(f.q.ncols()).view()) <= unit, "{name}: Q is not orthogonal");
                assert!(f.r.indexed_iter().all(|((i, j), &v)| j >= i || v == 0.0));
            }
        }
    }
    assert_eq!(qr(Array2::zeros((3, 0)).view(), QrMode::Complete).unwrap().q, Array2::<f64>::eye(3));
}

#[test]
fn cholesky_reconstructs_and_refuses() {
    for n in [1, 3, 8, 16, 17, 50, 130] {
        let x = random(n, 1.0);
        let mut a = product(x.view(), x.t());
        a.diag_mut().iter_mut().for_each(|d| *d += 0.1);
        for scale in [1.0, 1e-290, 1e290] {
            let a = a.mapv(|v| v * scale);
            let root = scale.sqrt();
            let l = cholesky(a.view()).unwrap().mapv(|v| v / root);
            let back = product(l.view(), l.t());
            let unit = a.mapv(|v| v / scale);
            assert!(distance(back.view(), unit.view()) <= 4.0 * n as f64 * EPS * norm(unit.view()), "{n}, {scale:e}");
            assert!(l.indexed_iter().all(|((i, j), &v)| j <= i || v == 0.0));
        }
        // One eigenvalue is made negative: the last pivot cannot stay positive, and the message has its value.
        let last = det(a.view()).unwrap() / det(a.slice(s![..n - 1, ..n - 1])).unwrap();
        a[[n - 1, n - 1]] -= 3.0 * last;
        match cholesky(a.view()) {
            Err(Error::NotPositiveDefinite { pivot, value, .. }) => {
                assert_eq!(pivot, n - 1);
                assert!((value / (-2.0 * last) - 1.0).abs() < 1e-6, "{value} {last}");
            }
            other => panic!("{n}: {other:?}"),
        }
    }
    let error = cholesky(array![[1.0, 2.0], [3.0, 10.0]].view()).unwrap_err();
    assert_eq!(error.to_string(), "cholesky: a is not symmetric: element (0, 1) is 2, but (1, 0) is 3");
    assert!(cholesky(array![[1.0, 2.0], [2.0 + 1e-13, 10.0]].view()).is_ok());
    assert!(matches!(cholesky(Array2::zeros((2, 2)).view()), Err(Error::NotPositiveDefinite { pivot: 0, .. })));
}

#[test]
fn least_squares_of_any_rank() {
    // Rank one: the shortest of all solutions lies along (1, 2).
    let fit = lstsq(array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]].view(), array![5.0, 10.0, 15.0].view(), None).unwrap();
    assert_eq!((fit.rank, fit.residuals.len()), (1, 0));
    assert!((&fit.x - &array![1.0, 2.0]).iter().all(|e| e.abs() < 1e-14));
    let scaled =
        lstsq(array![[1e200, 0.0], [0.0, 2e200], [0.0, 0.0]].view(), array![1e-150, 4e-150, 1e-150].view(), None)
            .unwrap();
    assert!((scaled.x[1] / 2e-350 - 1.0).abs() < 1e-14 || scaled.x[1] == 0.0);
    assert_eq!(scaled.singular_values, array![2e200, 1e200]);
    assert!(matches!(
        lstsq(array![[1.0]].view(), array![1.0].view(), Some(-1.0)),
        Err(Error::OutOfRange { argument: "rcond", .. })
    ));
}

#[test]
fn extreme_magnitudes_neither_overflow_nor_vanish() {
    let x = solve(array![[1e-300, 0.0], [0.0, 1e300]].view(), array![1e-300, 1e300].view()).unwrap().x;
    assert!((&x - &array![1.0, 1.0]).iter().all(|e| e.abs() < 1e-15));
    let x = solve(array![[1e308, 1e308], [1e308, -1e308]].view(), array![1e308, 0.0].view()).unwrap().x;
    assert!((&x - &array![0.5, 0.5]).iter().all(|e| e.abs() < 1e-15));
    assert!(matches!(solve(array![[1e-300]].view(), array![1e300].view()), Err(Error::Invalid { argument: "b", .. })));
    assert!(matches!(inv(array![[1e-310]].view()), Err(Error::Invalid { argument: "a", .. })));
}

#[test]
fn bad_input_is_named() {
    let a = array![[1.0, 2.0], [3.0, f64::NAN]];
    let b = array![1.0, f64::INFINITY];
    let place = |error: Error| match error {
        Error::NotFinite { argument, index, .. } => (argument, index),
        other => panic!("{other:?}"),
    };
    assert_eq!(place(solve(a.view(), b.view()).unwrap_err()), ("a", vec![1, 1]));
    assert_eq!(place(solve(Array2::eye(2).view(), b.view()).unwrap_err()), ("b", vec![1]));
    assert_eq!(place(lstsq(Array2::eye(2).view(), b.view(), None).unwrap_err()), ("b", vec![1]));
    assert_eq!(place(inv(a.view()).unwrap_err()), ("a", vec![1, 1]));
    assert_eq!(place(det(a.view()).unwrap_err()), ("a", vec![1, 1]));
    assert_eq!(place(qr(a.view(), QrMode::Reduced).unwrap_err()), ("a", vec![1, 1]));
    assert_eq!(place(cholesky(a.view()).unwrap_err()), ("a", vec![1, 1]));
    let error = solve(Array2::eye(3).view(), Array1::ones(4).view()).unwrap_err();
    assert_eq!(error.to_string(), "solve: b is a vector of 4, but a is 3×3");
    assert!(matches!(solve(Array2::ones((2, 3)).view(), Array1::ones(2).view()), Err(Error::Shape { .. })));
    assert!(matches!(lstsq(Array2::ones((2, 3)).view(), ndarray::arr0(1.0).view(), None), Err(Error::Shape { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random shapes, read through a transposed, a reversed and a strided view.
    #[test]
    fn identities_hold_in_any_layout(n in 1_usize..40, extra in 0_usize..20, columns in 1_usize..5, layout in 0_u8..4, seed: u64) {
        let mut stream = Stream::seeded(seed);
        let memory = Array2::from_shape_simple_fn((2 * n, 2 * n), || stream.normal());
        let a = match layout {
            0 => memory.slice(s![..n, ..n]),
            1 => memory.slice(s![..n, ..n]).reversed_axes(),
            2 => memory.slice(s![..n;-1, ..n;-1]),
            _ => memory.slice(s![..;2, ..;-2]),
        };
        let b = Array2::from_shape_simple_fn((columns, n), || stream.normal());
        let b = b.t();
        let size = norm(a);
        let unit = 8.0 * n.max(4) as f64 * EPS;

        let x = solve(a, b).unwrap().x;
        prop_assert!(distance(product(a, x.view()).view(), b) <= unit * (size * norm(x.view()) + norm(b)));
        let first = solve(a, b.column(0)).unwrap().x;
        prop_assert!((&first - &x.column(0)).iter().all(|e| e.abs() <= 1e-6 * norm(x.view())));

        let inverse = inv(a).unwrap().inverse;
        prop_assert!(distance(product(inverse.view(), a).view(), Array2::eye(n).view()) <= 4.0 * unit * size * norm(inverse.view()));

        let f = qr(a, QrMode::Reduced).unwrap();
        prop_assert!(distance(product(f.q.view(), f.r.view()).view(), a) <= 4.0 * unit * size);

        let (whole, transposed) = (slogdet(a).unwrap(), slogdet(a.t()).unwrap());
        let condition = size * norm(inverse.view());
        prop_assert!((whole.logabsdet - transposed.logabsdet).abs() <= unit * condition);
        prop_assert_eq!(whole.sign, transposed.sign);

        let gram = product(a, a.t());
        if let Ok(l) = cholesky(gram.view()) {
            prop_assert!(distance(product(l.view(), l.t()).view(), gram.view()) <= unit * norm(gram.view()));
        }

        // Least squares: the residual is orthogonal to the columns.
        let tall = Array2::from_shape_simple_fn((n + extra, n), || stream.normal());
        let c = Array2::from_shape_simple_fn((n + extra, 1), || stream.normal());
        let fit = lstsq(tall.view(), c.column(0), None).unwrap();
        let left = &tall.dot(&fit.x) - &c.column(0);
        let slope = tall.t().dot(&left).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let size = norm(tall.t()) * (norm(tall.view()) * fit.x.iter().fold(0.0_f64, |m, v| m.max(v.abs())) + norm(c.view()));
        prop_assert!(slope <= 16.0 * unit * size, "{} {}", slope, size);
    }
}

#[test]
fn subnormal_pivots_leave_no_nan_behind() {
    // The reciprocal of 1e-310 is infinite; the determinant 1e-620 is beyond doubles, its logarithm is not.
    for n in [3, 20] {
        let mut a = Array2::eye(n);
        (a[[1, 1]], a[[2, 2]]) = (1e-310, 1e-310);
        let found = slogdet(a.view()).unwrap();
        assert_eq!((found.sign, found.value), (1.0, 0.0), "{n}");
        assert!((found.logabsdet / (2.0 * 1e-310_f64.ln()) - 1.0).abs() < 1e-14, "{n}: {found:?}");
        let mut b = Array1::ones(n);
        (b[1], b[2]) = (1e-310, 2e-310);
        let x = solve(a.view(), b.view()).unwrap().x;
        assert_eq!((x[0], x[1], x[2]), (1.0, 1.0, 2.0), "{n}");
        assert!(inv(a.view()).is_err());
    }
}
