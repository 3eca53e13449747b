//! Solving, inverting and factoring the hard matrices of the gallery: residuals within a small multiple of n·ε, or a refusal that is true.

use crate::gallery;

use ndarray::Array2;
use underhood::Error;
use underhood::linalg::{cholesky, det, inv, slogdet, solve};

fn norm(a: &Array2<f64>) -> f64 {
    a.rows().into_iter().map(|row| row.iter().map(|v| v.abs()).sum()).fold(0.0, f64::max)
}

/// Powers of two that bring a matrix near one, so that the checks themselves stay within the range.
fn near_one(a: &Array2<f64>) -> Array2<f64> {
    let largest = gallery::largest(a);
    if largest == 0.0 { a.clone() } else { a / largest }
}

/// ‖b − A·x‖ ≤ 16·n·ε·(‖A‖·‖x‖ + ‖b‖), the bound of elimination without growth with room to spare; refinement keeps it where entries grow.
#[test]
fn every_matrix_that_is_solved_leaves_a_small_residual() {
    for (name, a) in gallery::square() {
        let n = a.nrows();
        if name.starts_with("of mixed") {
            continue;
        }
        let scale = gallery::largest(&a);
        let b = gallery::random(n, 2, 5) * if scale > 0.0 { scale } else { 1.0 };
        match solve(a.view(), b.view()) {
            Ok(solution) => {
                let (a, b) = (near_one(&a), &b / if scale > 0.0 { scale } else { 1.0 });
                let left = norm(&(&b - &a.dot(&solution.x)));
                let bound = 16.0 * n.max(10) as f64 * f64::EPSILON * (norm(&a) * norm(&solution.x) + norm(&b));
                assert!(left <= bound, "{name}: {left:e} > {bound:e}");
            }
            Err(Error::Singular { .. } | Error::Invalid { .. }) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

/// Where nothing is warned of, ‖I − A·X‖ ≤ 50·n·ε·‖A‖·‖X‖. (A symmetric matrix beyond that has its inverse made symmetric, which mixes the
/// residual from the right with that from the left: pascal(21), κ ≈ 10²², misses the bound tenfold.)
#[test]
fn inverses_are_as_good_as_their_condition_allows() {
    for (name, a) in gallery::square() {
        if name.starts_with("of mixed")
            || name.starts_with("huge")
            || name.starts_with("tiny")
            || name.starts_with("denormal")
        {
            continue;
        }
        let n = a.nrows();
        if let Ok(result) = inv(a.view())
            && result.warning.is_none()
        {
            let x = result.inverse;
            let left = norm(&(Array2::eye(n) - a.dot(&x)));
            let bound = 50.0 * n.max(10) as f64 * f64::EPSILON * norm(&a) * norm(&x);
            assert!(left <= bound, "{name}: {left:e} > {bound:e}");
        }
    }
}

/// Frank's, Pascal's and the growth matrix have known determinants: 1, 1 and 2ⁿ⁻¹.
#[test]
fn known_determinants_are_found() {
    for n in [5, 8, 12] {
        for (a, expected) in
            [(gallery::frank(n), 1.0), (gallery::pascal(n), 1.0), (gallery::growth(n), 2_f64.powi(n as i32 - 1))]
        {
            let found = slogdet(a.view()).unwrap();
            assert!((found.value / expected - 1.0).abs() < 1e-5, "{n}: {}", found.value);
        }
    }
    let found = slogdet(gallery::growth(1000).view()).unwrap();
    assert!((found.logabsdet - 999.0 * std::f64::consts::LN_2).abs() < 1e-9);
}

/// ‖A − L·Lᵀ‖ ≤ 4·n·ε·‖A‖ wherever there is a root.
#[test]
fn roots_multiply_back() {
    for (name, a) in gallery::symmetric() {
        if name.starts_with("huge")
            || name.starts_with("tiny")
            || name.starts_with("denormal")
            || name.contains("mixed")
        {
            continue;
        }
        if let Ok(l) = cholesky(a.view()) {
            let left = norm(&(&a - &l.dot(&l.t())));
            let bound = 4.0 * a.nrows().max(10) as f64 * f64::EPSILON * norm(&a);
            assert!(left <= bound, "{name}: {left:e} > {bound:e}");
        }
    }
    for n in [3, 5, 10, 12] {
        assert!(cholesky(gallery::hilbert(n).view()).is_ok());
        assert!(cholesky(gallery::pascal(n).view()).is_ok());
    }
}

#[test]
fn magnitudes_far_apart_are_solved_to_every_component() {
    // The exact solution, from rational arithmetic on the doubles: (−1e-6, 1e151) to 16 digits.
    let a = ndarray::array![[1e-135, -1e-151], [1e141, 1e-16]];
    let x = solve(a.view(), ndarray::array![-1.0, 0.0].view()).unwrap().x;
    assert!((x[0] / -1e-6 - 1.0).abs() < 1e-14 && (x[1] / 1e151 - 1.0).abs() < 1e-14, "{x}");
    // a·a⁻¹ = 1 component by component, and the determinant 1e-151 + 1e-10.
    let inverse = inv(a.view()).unwrap().inverse;
    assert!(
        (inverse[[0, 1]] / 1e-141 - 1.0).abs() < 1e-14 && (inverse[[1, 0]] / -1e151 - 1.0).abs() < 1e-14,
        "{inverse}"
    );
    assert!((det(a.view()).unwrap() / 1e-10 - 1.0).abs() < 1e-14);
}
