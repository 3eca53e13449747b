//! Singular values and what rests on them, on hard matrices.

use crate::gallery;

use gallery::{largest, rectangular, square};
use ndarray::{Array1, Array2, Array3, ArrayView2, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{ConditionNorm, Negligible, Svd, cond, matrix_rank, pinv, svd, svd_of_stack, svdvals};

/// Roundings per row or column that a result may be off by: a few for each of the reflections or rotations.
const FEW: f64 = 8.0;

fn everything() -> Vec<(String, Array2<f64>)> {
    let mut all = square();
    all.extend(rectangular());
    for n in [100, 150] {
        all.push((format!("hilbert({n})"), gallery::hilbert(n)));
        all.push((format!("random({n})"), gallery::random(n, n, 5)));
        all.push((format!("of rank 3({n})"), gallery::of_rank(n, n, 3)));
        all.push((format!("identity({n})"), Array2::eye(n)));
        all.push((format!("wilkinson({n})"), gallery::wilkinson(n | 1)));
        all.push((format!("clement({n})"), gallery::clement(n)));
        all.push((format!("nearly square({n})"), gallery::random(n + 20, n, 6)));
    }
    all
}

/// A power of two that brings the matrix near one, exactly.
fn near_one(a: &Array2<f64>) -> (Array2<f64>, i32) {
    let exponent = libm::frexp(largest(a)).1;
    (a.mapv(|v| libm::ldexp(v, -exponent)), exponent)
}

fn from_unit(q: ArrayView2<'_, f64>) -> f64 {
    largest(&(q.t().dot(&q) - Array2::<f64>::eye(q.ncols())))
}

/// A = U·Σ·Vᵀ, orthonormal factors, falling values, signs as promised.
fn check_factors(name: &str, a: &Array2<f64>, factors: &Svd) {
    let (m, n) = a.dim();
    let k = m.min(n);
    let bound = FEW * f64::EPSILON * m.max(n).max(1) as f64;
    let (a, exponent) = near_one(a);
    let values = factors.s.mapv(|v| libm::ldexp(v, -exponent));
    let first = values.first().copied().unwrap_or(0.0);
    assert!(values.iter().all(|v| *v >= 0.0) && values.iter().is_sorted_by(|x, y| x >= y), "{name}: {values}");
    let (u, vh) = (&factors.u, &factors.vh);
    let off = largest(&((&u.slice(s![.., ..k]) * &values).dot(&vh.slice(s![..k, ..])) - &a));
    // Near the bottom of the range the values themselves are rounded to multiples of 2⁻¹⁰⁷⁴.
    let bound_of_product = bound * first + libm::ldexp(k as f64, -1074 - exponent);
    assert!(off <= bound_of_product, "{name}: reconstruction {off:e}, bound {bound_of_product:e}");
    for (which, off) in [("U", from_unit(u.view())), ("V", from_unit(vh.t()))] {
        assert!(off <= bound, "{name}: {which} off by {off:e}, bound {bound:e}");
    }
    for column in u.columns() {
        let size = column.iter().fold(0.0_f64, |l, v| l.max(v.abs()));
        let first = column.iter().find(|v| v.abs() >= 0.7 * size).copied().unwrap_or(0.0);
        assert!(first >= 0.0, "{name}: {column}");
    }
}

#[test]
fn factors_give_the_matrix_back() {
    for (name, a) in everything() {
        for full in [false, true] {
            let factors = svd(a.view(), full, false).unwrap();
            let (m, n) = a.dim();
            let k = m.min(n);
            let (rows, columns) = if full { (m, n) } else { (k, k) };
            assert_eq!((factors.u.dim(), factors.vh.dim()), ((m, rows), (columns, n)), "{name}");
            check_factors(&name, &a, &factors);
        }
    }
}

#[test]
fn values_alone_agree_with_those_of_the_factors() {
    for (name, a) in everything() {
        let (with, alone) = (svd(a.view(), false, false).unwrap().s, svdvals(a.view()).unwrap());
        let bound = FEW * f64::EPSILON * a.nrows().max(a.ncols()).max(1) as f64;
        let first = with.first().copied().unwrap_or(0.0);
        for (x, y) in with.iter().zip(&alone) {
            assert!((x - y).abs() <= bound * first + 1e-323, "{name}: {x:e} {y:e}");
        }
    }
}

/// Singular values to 50 digits: see `tables/make_singular_values.py`.
#[test]
fn values_agree_with_fifty_digits() {
    let table = include_str!("../tables/singular_values.csv");
    let mut compared = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(',');
        let (name, n) = (fields.next().unwrap(), fields.next().unwrap().parse::<usize>().unwrap());
        let reference: Array1<f64> = fields.map(|v| v.parse().unwrap()).collect();
        let a = match name {
            "hilbert" => gallery::hilbert(n),
            "frank" => gallery::frank(n),
            "clement" => gallery::clement(n),
            "grcar" => gallery::grcar(n),
            "pascal" => gallery::pascal(n),
            "bidiagonal" => bidiagonal(n),
            _ => gallery::wilkinson(n),
        };
        for (alone, found) in [(true, svdvals(a.view()).unwrap()), (false, svd(a.view(), false, false).unwrap().s)] {
            assert_eq!(found.len(), reference.len());
            for (x, y) in found.iter().zip(&reference) {
                // The reduction to two diagonals rounds relative to the largest value, and so does joining halves for the vectors; a
                // matrix that has two diagonals keeps every value's own digits.
                let size = if name == "bidiagonal" && alone { *y } else { reference[0] };
                assert!((x - y).abs() <= 20.0 * f64::EPSILON * n as f64 / 4.0 * size, "{name}({n}): {x:e} for {y:e}");
                compared += 1;
            }
        }
    }
    assert!(compared > 300);
}

/// Graded over sixty orders of magnitude, beside neighbours of the same size as the diagonal.
fn bidiagonal(n: usize) -> Array2<f64> {
    let size = |i: usize| 0.5_f64.powi(200 * i as i32 / n as i32);
    Array2::from_shape_fn((n, n), |(i, j)| if i == j || j == i + 1 { size(i) } else { 0.0 })
}

#[test]
fn the_same_numbers_in_another_layout_give_the_same_bits() {
    for (m, n) in [(3, 3), (7, 12), (20, 20), (50, 18), (70, 70)] {
        let a = gallery::random(m, n, 1);
        let expected = svd(a.view(), true, false).unwrap();
        let mut strided = Array2::zeros((2 * m, 3 * n));
        strided.slice_mut(s![..;2, ..;-3]).assign(&a);
        let by_columns = a.t().as_standard_layout().into_owned();
        for view in [strided.slice(s![..;2, ..;-3]), by_columns.t()] {
            assert_eq!(svd(view, true, false).unwrap(), expected);
            assert_eq!(svdvals(view).unwrap(), svdvals(a.view()).unwrap());
        }
    }
}

#[test]
fn scaling_by_a_power_of_two_changes_no_digit() {
    for n in [2, 5, 16, 24, 64] {
        let a = gallery::random(n, n, 2);
        let plain = svd(a.view(), false, false).unwrap();
        for exponent in [-900, -300, 300, 1000] {
            let scaled = svd(a.mapv(|v| libm::ldexp(v, exponent)).view(), false, false).unwrap();
            assert_eq!((&scaled.u, &scaled.vh), (&plain.u, &plain.vh));
            assert_eq!(scaled.s, plain.s.mapv(|v| libm::ldexp(v, exponent)));
        }
    }
}

#[test]
fn a_stack_is_its_matrices_one_by_one() {
    let go_on = || Ok::<(), Error>(());
    for (m, n) in [(1, 1), (2, 2), (3, 3), (4, 2), (1, 3), (3, 4), (4, 4), (5, 5)] {
        let mut a = Array3::zeros((19, m, n));
        for (k, mut matrix) in a.outer_iter_mut().enumerate() {
            let scale = libm::ldexp(1.0, 100 * k as i32 - 900);
            matrix.assign(&(gallery::of_rank(m, n, 1 + k % 4) * scale));
        }
        a.slice_mut(s![7, .., ..]).fill(0.0);
        let (u, s, vh) = svd_of_stack(a.view().into_dyn(), false, false, go_on).unwrap();
        for (k, matrix) in a.outer_iter().enumerate() {
            let one = svd(matrix, false, false).unwrap();
            assert_eq!(one.u.into_dyn(), u.index_axis(ndarray::Axis(0), k));
            assert_eq!(one.s.into_dyn(), s.index_axis(ndarray::Axis(0), k));
            assert_eq!(one.vh.into_dyn(), vh.index_axis(ndarray::Axis(0), k));
        }
        a[[18, m - 1, 0]] = f64::NAN;
        let error = svd_of_stack(a.view().into_dyn(), false, false, go_on).unwrap_err();
        let expected =
            format!("svd: a holds NaN (a missing value) at index [18, {}, 0]; remove or fill such values first", m - 1);
        assert_eq!(error.to_string(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn identities_hold_on_random_shapes(m in 0_usize..48, n in 0_usize..48, rank in 0_usize..48, seed in 1_u64..1_000_000) {
        let a = if rank < m.min(n) {
            gallery::random(m, rank, seed).dot(&gallery::random(rank, n, seed + 1))
        } else {
            gallery::random(m, n, seed)
        };
        check_factors("random", &a, &svd(a.view(), seed % 2 == 0, false).unwrap());
        prop_assert_eq!(matrix_rank(a.view(), Negligible::Rounding, false).unwrap(), rank.min(m).min(n));
        let inverse = pinv(a.view(), Some(1e-10), false).unwrap();
        let kappa = largest(&inverse) * largest(&a);
        let bound = 100.0 * f64::EPSILON * (1 + m.max(n)).pow(2) as f64 * (1.0 + kappa) * (1.0 + largest(&a));
        prop_assert!(largest(&(a.dot(&inverse).dot(&a) - &a)) <= bound);
        prop_assert!(largest(&(inverse.dot(&a).dot(&inverse) - &inverse)) <= bound * (1.0 + largest(&inverse)));
    }
}

#[test]
fn the_pseudo_inverse_of_a_symmetric_matrix_is_symmetric() {
    for n in [2, 3, 12, 30] {
        let a = gallery::random(n, n, 3);
        let a = &a + &a.t();
        let inverse = pinv(a.view(), None, true).unwrap();
        assert_eq!(inverse, inverse.t());
        assert!(largest(&(inverse.dot(&a) - Array2::<f64>::eye(n))) < 1e-11);
    }
    assert_eq!(pinv(Array2::zeros((3, 0)).view(), None, false).unwrap().dim(), (0, 3));
    assert_eq!(pinv(Array2::zeros((2, 3)).view(), None, false).unwrap(), Array2::<f64>::zeros((3, 2)));
    let tiny = pinv(array![[1e-310]].view(), None, false).unwrap_err();
    assert_eq!(tiny.to_string(), "pinv: a has a pseudo-inverse beyond the range of doubles (1.8e308)");
    assert_eq!(pinv(array![[2_f64.powi(1000), 0.0]].view(), None, false).unwrap(), array![[2_f64.powi(-1000)], [0.0]]);
}

#[test]
fn ranks_and_tolerances() {
    let a = Array2::from_diag(&array![1.0, 1e-3, 1e-20]);
    let rank = |negligible| matrix_rank(a.view(), negligible, true).unwrap();
    assert_eq!(rank(Negligible::Rounding), 2);
    assert_eq!(rank(Negligible::Absolute(0.0)), 3);
    assert_eq!(rank(Negligible::Absolute(1e-3)), 1);
    assert_eq!(rank(Negligible::Relative(0.5)), 1);
    for scale in [2_f64.powi(-960), 2_f64.powi(1000)] {
        assert_eq!(matrix_rank((gallery::of_rank(20, 30, 4) * scale).view(), Negligible::Rounding, false).unwrap(), 4);
    }
    assert_eq!(matrix_rank(Array2::zeros((0, 3)).view(), Negligible::Rounding, false).unwrap(), 0);
    assert!(matches!(matrix_rank(a.view(), Negligible::Relative(-1.0), false), Err(Error::OutOfRange { .. })));
    assert!(matches!(pinv(a.view(), Some(f64::NAN), false), Err(Error::OutOfRange { .. })));
}

#[test]
fn condition_numbers_in_every_norm() {
    let a = array![[1.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]];
    let root = 2.0_f64.sqrt();
    for (p, expected) in [
        ("2", root),
        ("-2", 1.0 / root),
        ("1", 2.0),
        ("-1", 1.0),
        ("inf", 2.0),
        ("-inf", 1.0),
        ("fro", 10.0_f64.sqrt()),
    ] {
        let norm: ConditionNorm = p.parse().unwrap();
        assert!((cond(a.view(), norm).unwrap() - expected).abs() <= 4e-15, "{p}");
        assert!((cond((&a * 1e-300).view(), norm).unwrap() - expected).abs() <= 1e-14, "{p}");
        assert_eq!(cond(Array2::zeros((2, 2)).view(), norm).unwrap(), f64::INFINITY);
    }
    // κ₂ of Hilbert's matrix of 8: 15257575538.060041… (mpmath, 50 digits); it is known to κ·ε only.
    let hilbert = cond(gallery::hilbert(8).view(), ConditionNorm::Two).unwrap();
    assert!((hilbert / 15_257_575_538.060_041 - 1.0).abs() < 1e-5, "{hilbert}");
    assert_eq!(cond(array![[1.0, 2.0], [2.0, 4.0]].view(), ConditionNorm::One).unwrap(), f64::INFINITY);
    assert_eq!(cond(array![[3.0, 0.0, 0.0], [0.0, 4.0, 0.0]].view(), ConditionNorm::Two).unwrap(), 4.0 / 3.0);
    assert!(matches!(cond(Array2::zeros((0, 0)).view(), ConditionNorm::Two), Err(Error::TooFew { .. })));
    assert!(matches!(cond(Array2::zeros((2, 3)).view(), ConditionNorm::One), Err(Error::Shape { .. })));
    assert!("3".parse::<ConditionNorm>().is_err());
}

#[test]
fn what_has_no_decomposition_is_refused() {
    let mut a = Array2::<f64>::eye(4);
    a[[0, 1]] = f64::INFINITY;
    a[[2, 3]] = f64::INFINITY;
    assert_eq!(
        svd(a.view(), true, false).unwrap_err().to_string(),
        "svd: a holds infinity at row 0, column 1; remove or fill such values first"
    );
    a[[0, 1]] = f64::NAN;
    for error in [
        svdvals(a.view()).unwrap_err(),
        pinv(a.view(), None, false).unwrap_err(),
        matrix_rank(a.view(), Negligible::Rounding, false).unwrap_err(),
        cond(a.view(), ConditionNorm::One).unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotFinite { .. }), "{error}");
    }
    let lopsided = array![[1.0, 2.0], [3.0, 4.0]];
    assert!(matches!(svd(lopsided.view(), false, true), Err(Error::NotSymmetric { .. })));
    assert!(matches!(pinv(Array2::zeros((2, 3)).view(), None, true), Err(Error::Shape { .. })));
    let huge = Array2::from_elem((3, 3), 1.7e308);
    assert_eq!(
        svd(huge.view(), false, false).unwrap_err().to_string(),
        "svd: a has a singular value beyond the range of doubles (1.8e308)"
    );
}

#[test]
fn condition_numbers_hold_where_a_norm_leaves_the_range() {
    let of = |a: Array2<f64>, p: &str| cond(a.view(), p.parse().unwrap()).unwrap();
    // Closed forms; the inverse of 1e308 is subnormal, with one digit less.
    assert!((of(array![[1e308, 1e308], [0.0, 1.0]], "-1") - 1.0).abs() < 1e-14);
    assert_eq!(of(array![[1e200, 0.0], [0.0, 1e-200]], "-1"), 0.0);
    assert!((of(array![[1e80, 0.0], [0.0, 1e-80]], "fro") / 1e160 - 1.0).abs() < 1e-15);
    assert!((of(array![[4.0, 0.0], [0.0, 0.5]], "nuc") - 4.5 * 2.25).abs() < 1e-14);
}
