//! Subspaces, bases and kinds of matrices over the gallery of hard ones, and on random matrices in every layout.
//!
//! Bases come from reflections and singular vectors, both orthonormal to a small multiple of ε·n; what A does to its null space is within
//! the threshold below which singular values count as zero, ε·max(m, n)·‖A‖, plus rounding of the same size.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use crate::gallery;

use ndarray::{Array1, Array2, ArrayView2, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{
    Dependent, change_of_basis, cholesky, column_space, coordinates, gram_schmidt, is_independent, is_orthogonal,
    is_positive_definite, is_symmetric, left_null_space, null_space, projection_matrix, row_space, rref,
};

const EPS: f64 = f64::EPSILON;

/// Brought near one, so that norms of huge and tiny matrices can be compared.
fn near_one(a: &Array2<f64>) -> Array2<f64> {
    let e = libm::frexp(gallery::largest(a)).1;
    a.mapv(|v| libm::ldexp(v, -e))
}

fn frobenius(a: ArrayView2<'_, f64>) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn assert_orthonormal(q: &Array2<f64>, name: &str) {
    let n = q.nrows().max(q.ncols()) as f64;
    let error = q.t().dot(q) - Array2::<f64>::eye(q.ncols());
    assert!(gallery::largest(&error) <= 4.0 * EPS * (n + 1.0), "{name}: {:e}", gallery::largest(&error));
}

fn all() -> impl Iterator<Item = (String, Array2<f64>)> {
    gallery::square().into_iter().chain(gallery::rectangular())
}

#[test]
fn the_four_subspaces_of_hard_matrices_fit_together() {
    for (name, a) in all() {
        let (m, n) = a.dim();
        let (columns, left) = (column_space(a.view(), None).unwrap(), left_null_space(a.view(), None).unwrap());
        let (rows, null) = (row_space(a.view(), None).unwrap(), null_space(a.view(), None).unwrap());
        let rank = columns.ncols();
        assert_eq!((columns.nrows(), left.dim()), (m, (m, m - rank)), "{name}");
        assert_eq!((rows.dim(), null.dim()), ((n, rank), (n, n - rank)), "{name}");
        for basis in [&columns, &left, &rows, &null] {
            assert_orthonormal(basis, &name);
            for column in basis.columns() {
                let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                assert!(*column.iter().find(|v| v.abs() >= 0.7 * largest).unwrap() > 0.0, "{name}: signs");
            }
        }
        let a = near_one(&a);
        let bound = 8.0 * EPS * m.max(n) as f64 * frobenius(a.view());
        assert!(gallery::largest(&a.dot(&null)) <= bound, "{name}: {:e}", gallery::largest(&a.dot(&null)));
        assert!(gallery::largest(&left.t().dot(&a)) <= bound, "{name}");
        // What the bases of column and row space do not reach is as small.
        let rest = &a - &columns.dot(&columns.t().dot(&a));
        assert!(gallery::largest(&rest) <= bound, "{name}");
        let rest = &a - &a.dot(&rows).dot(&rows.t());
        assert!(gallery::largest(&rest) <= bound, "{name}");
    }
}

#[test]
fn projections_of_hard_matrices_are_symmetric_and_idempotent() {
    for (name, a) in all() {
        let p = projection_matrix(a.view(), None).unwrap();
        let m = a.nrows();
        assert_eq!(p, p.t(), "{name}");
        assert!(gallery::largest(&(p.dot(&p) - &p)) <= 8.0 * EPS * (m + 1) as f64, "{name}");
        let a = near_one(&a);
        let bound = 8.0 * EPS * m.max(a.ncols()) as f64 * frobenius(a.view());
        assert!(gallery::largest(&(p.dot(&a) - &a)) <= bound, "{name}");
        let rank = column_space(a.view(), None).unwrap().ncols() as f64;
        assert!((p.diag().sum() - rank).abs() <= 8.0 * EPS * (m + 1) as f64 * rank, "{name}");
    }
}

#[test]
fn gram_schmidt_keeps_hard_columns_perpendicular() {
    for (name, a) in all() {
        let q = gram_schmidt(a.view(), Dependent::Drop).unwrap();
        assert!(q.ncols() <= a.nrows().min(a.ncols()), "{name}");
        assert_orthonormal(&q, &name);
        // Each column lies in the span of those that were kept, up to what counted as nothing; and at their own lengths.
        for column in a.columns() {
            let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let e = libm::frexp(largest).1;
            let column = column.mapv(|v| libm::ldexp(v, -e));
            let rest = &column - &q.dot(&q.t().dot(&column));
            let bound = 8.0 * EPS * a.nrows().max(a.ncols()) as f64 * column.dot(&column).sqrt();
            assert!(rest.dot(&rest).sqrt() <= bound, "{name}");
        }
        match gram_schmidt(a.view(), Dependent::Error) {
            Ok(same) => assert_eq!(same, q, "{name}"),
            Err(error) => assert!(q.ncols() < a.ncols() && error.to_string().contains("column"), "{name}: {error}"),
        }
    }
}

#[test]
fn gram_schmidt_names_the_dependent_column() {
    let a = array![[1.0, 0.0, 1.0, 2.0], [0.0, 2.0, 2.0, 1.0], [0.0, 0.0, 0.0, 5.0]];
    let error = gram_schmidt(a.view(), Dependent::Error).unwrap_err();
    assert_eq!(
        error.to_string(),
        "gram_schmidt: a has dependent columns: column 2 is a combination of the 2 before it"
    );
    assert_eq!(gram_schmidt(a.view(), Dependent::Drop), Ok(Array2::eye(3)));
    let error = gram_schmidt(array![[1.0, 3.0], [2.0, 6.0]].view(), Dependent::Error).unwrap_err();
    assert!(error.to_string().ends_with("column 1 is a multiple of column 0"), "{error}");
    let error = gram_schmidt(array![[1.0, 0.0], [2.0, 0.0]].view(), Dependent::Error).unwrap_err();
    assert!(error.to_string().ends_with("a column of zeros (column 1), which has no direction"), "{error}");
    assert!("keep".parse::<Dependent>().is_err());
}

#[test]
fn textbook_matrices_have_their_textbook_forms() {
    let cases = [
        (array![[1.0, 2.0], [3.0, 6.0]], array![[1.0, 2.0], [0.0, 0.0]], vec![0]),
        (
            array![[2.0, 1.0, -1.0, 8.0], [-3.0, -1.0, 2.0, -11.0], [-2.0, 1.0, 2.0, -3.0]],
            array![[1.0, 0.0, 0.0, 2.0], [0.0, 1.0, 0.0, 3.0], [0.0, 0.0, 1.0, -1.0]],
            vec![0, 1, 2],
        ),
        (
            array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
            array![[1.0, 0.0, -1.0], [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]],
            vec![0, 1],
        ),
        (array![[0.0, 0.0, 4.0], [0.0, 3.0, 1.0]], array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], vec![1, 2]),
        (array![[3.0, 1.0]], array![[1.0, 1.0 / 3.0]], vec![0]),
        (array![[0.25, 0.5], [1.5, 3.0]], array![[1.0, 2.0], [0.0, 0.0]], vec![0]),
        // Not whole, and not exact: 0.3 is not 3·0.1 in doubles, but nearly.
        (array![[0.1, 0.2], [0.3, 0.6]], array![[1.0, 2.0], [0.0, 0.0]], vec![0]),
        (Array2::zeros((2, 3)), Array2::zeros((2, 3)), vec![]),
        (Array2::zeros((0, 3)), Array2::zeros((0, 3)), vec![]),
        (Array2::zeros((2, 0)), Array2::zeros((2, 0)), vec![]),
    ];
    for (a, r, pivots) in cases {
        let form = rref(a.view(), None).unwrap();
        assert_eq!((&form.r, &form.pivots), (&r, &pivots), "{a}");
        assert!(form.r.iter().all(|v| *v != 0.0 || v.is_sign_positive()), "{a} has a negative zero");
    }
    // Determinant 1, but elimination in doubles loses the last pivots; whole numbers do not.
    let pascal = gallery::pascal(12);
    assert_eq!(rref(pascal.view(), None).unwrap().r, Array2::<f64>::eye(12));
    // A tolerance of one's own is meant as it is said.
    let form = rref(array![[1.0, 0.0], [0.0, 1e-3]].view(), Some(0.01)).unwrap();
    assert_eq!((form.r, form.pivots), (array![[1.0, 0.0], [0.0, 0.0]], vec![0]));
    assert!(matches!(rref(pascal.view(), Some(-1.0)), Err(Error::OutOfRange { argument: "tol", .. })));
}

#[test]
fn reduced_forms_of_hard_matrices_are_reduced() {
    for (name, a) in all() {
        // A form with entries beyond the range of doubles is refused, which mixed scales may lead to.
        let Ok(form) = rref(a.view(), None) else {
            assert!(name.contains("scales") || name.contains("graded"), "{name}");
            continue;
        };
        let rank = form.pivots.len();
        assert!(form.pivots.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
        for (i, &pivot) in form.pivots.iter().enumerate() {
            let unit = Array1::from_shape_fn(a.nrows(), |k| f64::from(k == i));
            assert_eq!(form.r.column(pivot), unit, "{name}");
            assert!(form.r.slice(s![i, ..pivot]).iter().all(|&v| v == 0.0), "{name}");
        }
        assert!(form.r.slice(s![rank.., ..]).iter().all(|&v| v == 0.0), "{name}");
    }
}

#[test]
fn independence_does_not_depend_on_lengths() {
    assert_eq!(is_independent(array![[1.0, 0.0], [0.0, 1e-300]].view(), None), Ok(true));
    assert_eq!(is_independent(array![[1e308, 1e-308], [1e308, -1e-308]].view(), None), Ok(true));
    assert_eq!(is_independent(array![[1.0, 2.0], [2.0, 4.0]].view(), None), Ok(false));
    assert_eq!(is_independent(array![[1.0, 0.0], [2.0, 0.0]].view(), None), Ok(false));
    assert_eq!(is_independent(Array2::zeros((3, 0)).view(), None), Ok(true));
    assert_eq!(is_independent(Array2::zeros((0, 1)).view(), None), Ok(false));
    assert_eq!(is_independent(gallery::random(3, 4, 1).view(), None), Ok(false));
    assert_eq!(is_independent(gallery::of_rank(9, 6, 5).view(), None), Ok(false));
    assert_eq!(is_independent(array![[1.0, 1.0], [0.0, 1e-8]].view(), Some(1e-6)), Ok(false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn coordinates_put_a_vector_together_again(n in 1_usize..30, less in 0_usize..5, seed: u64, e in -600_i32..600) {
        let k = n.saturating_sub(less).max(1);
        let whole = gallery::random(2 * n, k, seed | 1);
        let basis = whole.slice(s![..;-2, ..]);
        let c = gallery::random(k, 3, seed ^ 0x5555);
        let v = basis.dot(&c).mapv(|v| libm::ldexp(v, e));
        if is_independent(basis, None).unwrap() {
            let found = coordinates(v.view().into_dyn(), basis).unwrap();
            let found = found.into_dimensionality::<ndarray::Ix2>().unwrap();
            let again = basis.dot(&found) - &v;
            let bound = 8.0 * EPS * n as f64 * frobenius(basis) * (1.0 + frobenius(found.mapv(|x| libm::ldexp(x, -e)).view()));
            prop_assert!(frobenius(again.mapv(|x| libm::ldexp(x, -e)).view()) <= bound);
            let one = coordinates(v.column(1).into_dyn(), basis).unwrap();
            prop_assert_eq!(one, found.column(1).to_owned().into_dyn());
        }
    }

    #[test]
    fn changing_the_basis_there_and_back_changes_nothing(n in 1_usize..12, seed: u64) {
        let (from, to) = (gallery::random(n, n, seed | 1), gallery::random(n, n, seed ^ 0xabcdef | 1));
        if let (Ok(forth), Ok(back)) = (change_of_basis(from.view(), to.view()), change_of_basis(to.view(), from.view())) {
            let error = forth.dot(&back) - Array2::<f64>::eye(n);
            let bound = 16.0 * EPS * n as f64 * (1.0 + frobenius(forth.view()) * frobenius(back.view()));
            prop_assert!(gallery::largest(&error) <= bound);
            prop_assert!(gallery::largest(&(to.dot(&forth) - &from)) <= 8.0 * EPS * n as f64 * (1.0 + frobenius(forth.view())));
        }
    }

    #[test]
    fn rows_of_the_reduced_form_span_the_row_space(m in 1_usize..6, n in 1_usize..6, rank in 1_usize..4, seed: u64) {
        let small = |m: usize, n: usize, seed: u64| gallery::random(m, n, seed).mapv(|v| (4.0 * v).round());
        let a = small(m, rank, seed | 1).dot(&small(rank, n, seed ^ 0x77 | 1));
        let form = rref(a.view(), None).unwrap();
        prop_assert_eq!(form.pivots.len(), row_space(a.view(), None).unwrap().ncols());
        // A is its columns at the pivots, times the form.
        let mut again = Array2::<f64>::zeros((m, n));
        for (i, &pivot) in form.pivots.iter().enumerate() {
            for j in 0..n {
                for k in 0..m {
                    again[[k, j]] += a[[k, pivot]] * form.r[[i, j]];
                }
            }
        }
        prop_assert!(gallery::largest(&(&again - &a)) <= 1e-12 * (1.0 + gallery::largest(&a)));
        // No layout changes it.
        let transposed = a.t().as_standard_layout().into_owned();
        prop_assert_eq!(rref(transposed.t(), None).unwrap(), form);
    }
}

#[test]
fn coordinates_of_small_numbers_are_what_paper_gives() {
    let basis = array![[1.0, 1.0], [1.0, -1.0], [0.0, 0.0]];
    assert_eq!(coordinates(array![3.0, 1.0, 0.0].view().into_dyn(), basis.view()), Ok(array![2.0, 1.0].into_dyn()));
    let error = coordinates(array![3.0, 1.0, 4.0].view().into_dyn(), basis.view()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "coordinates: v is not in the span of the columns of basis: its distance from it is 4.0, 0.7845 of its length"
    );
    let error = coordinates(array![1.0, 2.0].view().into_dyn(), array![[1.0, 2.0], [2.0, 4.0]].view()).unwrap_err();
    assert!(matches!(error, Error::RankDeficient { argument: "basis", rank: 1, columns: 2, .. }), "{error}");
    let error = coordinates(array![1.0, 2.0].view().into_dyn(), basis.view()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "coordinates: v is a vector of 2, but basis is 3×2: its rows are the components of v"
    );
    // Basis vectors of any length.
    let lengths = array![[1e150, 0.0], [0.0, 1e-150]];
    assert_eq!(coordinates(array![1e150, 3e-150].view().into_dyn(), lengths.view()), Ok(array![1.0, 3.0].into_dyn()));
    let lengths = array![[1e300, 0.0], [0.0, 1e-300]];
    assert!(matches!(
        coordinates(array![0.0, 1e300].view().into_dyn(), lengths.view()),
        Err(Error::Invalid { argument: "v", .. })
    ));
    assert!(matches!(
        change_of_basis(
            array![[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]].view(),
            array![[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]].view()
        ),
        Err(Error::Invalid { argument: "from_basis", .. })
    ));
    assert!(matches!(
        change_of_basis(array![[1.0, 1.0], [1.0, 1.0]].view(), array![[1.0, 0.0], [0.0, 1.0]].view()),
        Err(Error::RankDeficient { argument: "from_basis", .. })
    ));
}

#[test]
fn kinds_of_hard_matrices() {
    for (name, a) in gallery::square() {
        assert_eq!(is_symmetric(a.view(), Some(0.0)), Ok(a == a.t()), "{name}");
        if a == a.t() {
            // Where the answer is yes, the factor exists.
            let definite = is_positive_definite(a.view(), None).unwrap();
            assert!(!definite || cholesky(a.view()).is_ok(), "{name}");
        }
        let q = column_space(a.view(), None).unwrap();
        assert_eq!(is_orthogonal(q.view(), None), Ok(q.ncols() == q.nrows()), "{name}");
    }
    for n in [2, 5, 20, 50] {
        // Gram matrices of more vectors than components are singular, of fewer (that are independent) definite.
        let a = gallery::random(n, 2 * n, 5);
        let (wide, tall) = (a.t().dot(&a), a.dot(&a.t()));
        assert_eq!(is_positive_definite(wide.view(), None), Ok(false), "{n}");
        assert_eq!(is_positive_definite(tall.view(), None), Ok(true), "{n}");
        assert_eq!(is_symmetric(tall.view(), None), Ok(true), "{n}");
        assert_eq!(is_positive_definite((-&tall).view(), None), Ok(false));
        for e in [-1060, 980] {
            let scaled = tall.mapv(|v| libm::ldexp(v, e));
            assert_eq!(is_positive_definite(Array2::from_diag(&scaled.diag()).view(), None), Ok(true), "{n}, 2^{e}");
        }
    }
    assert_eq!(is_positive_definite(Array2::from_diag(&array![1.0, 1e-300]).view(), None), Ok(true));
    assert_eq!(is_positive_definite(array![[1.0, 0.5], [0.2, 1.0]].view(), None), Ok(false));
    assert_eq!(is_positive_definite(Array2::zeros((0, 0)).view(), None), Ok(true));
    assert_eq!(is_symmetric(array![[1.0, 2.0, 3.0]].view(), None), Ok(false));
    assert_eq!(is_symmetric(array![[1.0, 1e-16], [0.0, 1.0]].view(), None), Ok(true));
    assert_eq!(is_symmetric(array![[1.0, 1e-16], [0.0, 1e-16]].view(), Some(0.0)), Ok(false));
    assert_eq!(is_symmetric(array![[0.0, 1e308], [-1e308, 0.0]].view(), None), Ok(false));
    assert_eq!(is_orthogonal(array![[1.0], [0.0]].view(), None), Ok(false));
    assert_eq!(is_orthogonal((Array2::eye(3) * 1e300).view(), None), Ok(false));
    for kind in [is_symmetric, is_orthogonal, is_positive_definite] {
        assert!(matches!(kind(array![[f64::NAN]].view(), None), Err(Error::NotFinite { .. })));
        assert!(matches!(kind(array![[1.0]].view(), Some(-1.0)), Err(Error::OutOfRange { argument: "tol", .. })));
    }
}
