//! Products and lengths of vectors: identities on random vectors in every layout, values at the ends of the range, and refusals.
//!
//! Tolerances are in units of ε: norms and angles are sums in 32 digits or in blocks with compensation, so that a few roundings remain.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use ndarray::{Array1, Array2, Array3, ArrayView1, Axis, Ix1, Ix2, arr0, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{
    NormOrder, angle, cosine_similarity, cross, dot, hyperplane_distance, inner, kron, length, matrix_norm, norm,
    normalize, outer, project, svdvals, trace, vector_norm,
};
use underhood::random::Stream;

const EPS: f64 = f64::EPSILON;

fn vector(n: usize, seed: u64) -> Array1<f64> {
    let mut stream = Stream::seeded(seed);
    Array1::from_shape_simple_fn(n, || stream.normal())
}

fn matrix(m: usize, n: usize, seed: u64) -> Array2<f64> {
    let mut stream = Stream::seeded(seed);
    Array2::from_shape_simple_fn((m, n), || stream.normal())
}

fn plane(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> Array1<f64> {
    cross(a, b, -1).unwrap().into_dimensionality::<Ix1>().unwrap()
}

#[test]
fn lengths_are_right_at_both_ends_of_the_range() {
    // 3-4-5, scaled: exact at every magnitude that holds the numbers.
    for (e, tolerance) in [(1e300, EPS), (1e-300, EPS), (1.0, 0.0), (1e154, EPS), (1e-155, EPS), (1e-160, EPS)] {
        let found = length(array![3.0 * e, 4.0 * e].view());
        assert!((found / (5.0 * e) - 1.0).abs() <= 2.0 * tolerance, "{e}: {found}");
    }
    let tiny = f64::from_bits(1);
    assert_eq!(length(array![3.0 * tiny, -4.0 * tiny].view()), 5.0 * tiny);
    assert_eq!(length(array![1.7e308, 1.7e308].view()), f64::INFINITY);
    assert_eq!(length(Array1::from_elem(100, 1e300).view()), 1e301);
    assert_eq!(length(Array1::from_elem(10_000, 2.0_f64.powi(-1060)).view()), 100.0 * 2.0_f64.powi(-1060));
    assert_eq!(length(Array1::<f64>::zeros(0).view()), 0.0);
    assert_eq!(length(array![f64::NEG_INFINITY, 1.0].view()), f64::INFINITY);
    assert!(length(array![f64::INFINITY, f64::NAN].view()).is_nan());
    assert!(length(Array1::from_iter((0..5000).map(|i| if i == 4321 { f64::NAN } else { 1e200 })).view()).is_nan());
    // Large and small among each other: the small ones are below the last digit.
    assert_eq!(length(array![1e-200, 3.0, 1e-300, 4.0].view()), 5.0);
}

#[test]
fn every_order_at_both_ends_of_the_range() {
    let orders = [0.5, 1.0, 1.5, 2.0, 3.0, 7.0, 30.0, -1.0, -2.0, -3.5, f64::INFINITY, f64::NEG_INFINITY];
    let x = array![1.0, -2.0, 0.75, 5.0];
    for p in orders {
        let plain = vector_norm(x.view(), p).unwrap();
        for e in [-1000, -900, 900, 1000] {
            let scaled = x.mapv(|v| libm::ldexp(v, e));
            let found = vector_norm(scaled.view(), p).unwrap();
            assert!((libm::ldexp(found, -e) / plain - 1.0).abs() <= 4.0 * EPS, "p = {p}, 2^{e}");
        }
        let with_nan = vector_norm(array![1.0, f64::NAN, 2.0].view(), p).unwrap();
        assert!(with_nan.is_nan(), "p = {p}");
        let with_zero = vector_norm(array![1.0, 0.0, 2.0].view(), p).unwrap();
        assert_eq!(with_zero == 0.0, p < 0.0, "p = {p}");
    }
    assert_eq!(vector_norm(array![0.0, -3.0, f64::NAN].view(), 0.0), Ok(2.0));
    assert_eq!(vector_norm(array![1.0, 1.0].view(), 1e-300), Ok(f64::INFINITY));
    assert_eq!(vector_norm(array![f64::INFINITY, 2.0].view(), -1.0), Ok(2.0));
    assert!(matches!(vector_norm(x.view(), f64::NAN), Err(Error::OutOfRange { argument: "ord", .. })));
    assert!(matches!(
        vector_norm(Array1::zeros(0).view(), f64::NEG_INFINITY),
        Err(Error::Invalid { argument: "x", .. })
    ));
}

#[test]
fn norms_of_matrices_follow_their_definitions() {
    let a = array![[1.0, -2.0, 3.0], [-4.0, 5.0, 6.0]];
    let of = |order| matrix_norm(a.view(), order).unwrap();
    assert_eq!(of(NormOrder::Power(1.0)), 9.0);
    assert_eq!(of(NormOrder::Power(-1.0)), 5.0);
    assert_eq!(of(NormOrder::Power(f64::INFINITY)), 15.0);
    assert_eq!(of(NormOrder::Power(f64::NEG_INFINITY)), 6.0);
    assert_eq!(of(NormOrder::Frobenius), 91_f64.sqrt());
    let s = svdvals(a.view()).unwrap();
    assert_eq!(of(NormOrder::Power(2.0)), s[0]);
    assert_eq!(of(NormOrder::Power(-2.0)), s[1]);
    assert!((of(NormOrder::Nuclear) - s.sum()).abs() <= 2.0 * EPS * s.sum());
    assert!(matches!(matrix_norm(a.view(), NormOrder::Power(3.0)), Err(Error::Invalid { argument: "ord", .. })));
    for order in [NormOrder::Power(2.0), NormOrder::Nuclear] {
        let error = matrix_norm(array![[1.0, f64::NAN]].view(), order).unwrap_err();
        assert!(matches!(error, Error::NotFinite { .. }), "{error}");
    }
    assert!(matrix_norm(array![[1.0, f64::NAN], [5.0, 1.0]].view(), NormOrder::Power(1.0)).unwrap().is_nan());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn norms_along_axes_are_norms_of_the_lanes(
        shape in (0_usize..5, 1_usize..70, 0_usize..5), p in prop::sample::select(vec![1.0, 2.0, 3.0, f64::INFINITY]), seed: u64,
    ) {
        let mut stream = Stream::seeded(seed);
        let whole = Array3::from_shape_simple_fn((shape.0, 2 * shape.1, shape.2), || stream.normal());
        let strided = whole.slice(s![.., ..;-2, ..]);
        for view in [strided, strided.permuted_axes([2, 0, 1]), strided.permuted_axes([1, 0, 2])] {
            for axis in 0..3 {
                let found = norm(view, Some(NormOrder::Power(p)), Some(&[axis as isize - 3]), false).unwrap();
                prop_assert_eq!(found.len(), view.lanes(Axis(axis)).into_iter().len());
                for (lane, &value) in view.lanes(Axis(axis)).into_iter().zip(&found) {
                    let expected = vector_norm(lane, p).unwrap();
                    prop_assert!((value - expected).abs() <= 4.0 * EPS * expected);
                }
            }
            let kept = norm(view, None, Some(&[0, 2]), true).unwrap();
            prop_assert_eq!(kept.shape(), &[1, view.shape()[1], 1]);
            for (k, &value) in kept.iter().enumerate() {
                let expected = length(view.index_axis(Axis(1), k));
                prop_assert!((value - expected).abs() <= 4.0 * EPS * expected);
            }
        }
    }

    #[test]
    fn a_length_is_right_to_the_last_digits(n in 1_usize..5000, seed: u64) {
        let x = vector(n, seed);
        // Squares of 26 bits are exact, and so is their sum in 128 bits.
        let x = x.mapv(|v| (v * 1e6).round());
        let exact: i128 = x.iter().map(|&v| (v as i128) * (v as i128)).sum();
        let expected = (exact as f64).sqrt();
        prop_assert!((length(x.view()) - expected).abs() <= 2.0 * EPS * expected);
        prop_assert!((length(x.slice(s![..;-1])) - expected).abs() <= 2.0 * EPS * expected);
        let sum = x.iter().map(|&v| v.abs() as i128).sum::<i128>() as f64;
        prop_assert_eq!(vector_norm(x.view(), 1.0).unwrap(), sum);
    }

    #[test]
    fn a_vector_product_is_perpendicular_and_turns_with_the_order(seed: u64, e in -300_i32..300) {
        let (a, b) = (vector(3, seed), vector(3, seed.wrapping_add(1)) * 2.0_f64.powi(e));
        let product = plane(a.view(), b.view());
        prop_assert_eq!(&plane(b.view(), a.view()), &product.mapv(|v| -v));
        let area = length(a.view()) * length(b.view());
        prop_assert!(inner(product.view(), a.view()).unwrap().abs() <= 8.0 * EPS * area * length(a.view()));
        prop_assert!(inner(product.view(), b.view()).unwrap().abs() <= 8.0 * EPS * area * length(b.view()));
        // Lagrange: ‖a×b‖ = ‖a‖‖b‖ sin θ.
        let sine = angle(a.view(), b.view()).unwrap().sin();
        prop_assert!((length(product.view()) - area * sine).abs() <= 8.0 * EPS * area);
        let itself = plane(a.view(), a.view());
        prop_assert_eq!(itself, array![0.0, 0.0, 0.0]);
    }

    #[test]
    fn products_of_every_number_of_axes_sum_over_the_same(m in 0_usize..5, k in 0_usize..5, n in 0_usize..5, seed: u64) {
        let (a, b) = (matrix(m, k, seed), matrix(3 * k, n, seed.wrapping_add(1)));
        let b = b.into_shape_with_order((3, k, n)).unwrap();
        let product = dot(a.view(), b.view()).unwrap().into_dimensionality::<ndarray::Ix3>().unwrap();
        prop_assert_eq!(product.dim(), (m, 3, n));
        for ((i, l, j), &value) in product.indexed_iter() {
            let expected = a.row(i).dot(&b.slice(s![l, .., j]));
            prop_assert!((value - expected).abs() <= 1e-14);
        }
    }

    #[test]
    fn the_mixed_product_of_kronecker(seed: u64) {
        let (a, b) = (matrix(2, 3, seed), matrix(3, 2, seed.wrapping_add(1)));
        let (c, d) = (matrix(3, 2, seed.wrapping_add(2)), matrix(2, 4, seed.wrapping_add(3)));
        let two = |x: ndarray::ArrayD<f64>| x.into_dimensionality::<Ix2>().unwrap();
        let left = two(kron(a.view(), b.view()).unwrap()).dot(&two(kron(c.view(), d.view()).unwrap()));
        let right = two(kron(a.dot(&c).view(), b.dot(&d).view()).unwrap());
        prop_assert!((left - right).iter().all(|e| e.abs() <= 1e-13));
    }

    #[test]
    fn a_unit_vector_has_length_one_at_every_magnitude(n in 1_usize..200, e in -1070_i32..1000, seed: u64) {
        // One component survives the smallest magnitudes.
        let mut x = vector(n, seed).mapv(|v| libm::ldexp(v, e));
        x[0] = libm::ldexp(1.5, e);
        for p in [1.0, 2.0, 3.0, f64::INFINITY] {
            let unit = normalize(x.view(), p, -1).unwrap();
            prop_assert!((vector_norm(unit.view(), p).unwrap() - 1.0).abs() <= 4.0 * EPS);
        }
        let rows = x.view().insert_axis(Axis(0));
        let alone = normalize(x.view(), 2.0, 0).unwrap();
        prop_assert_eq!(normalize(rows, 2.0, 1).unwrap(), alone.insert_axis(Axis(0)));
    }

    #[test]
    fn angles_add_up_and_do_not_depend_on_lengths(turn in 1e-12_f64..3.1, e in -900_i32..900) {
        let (u, v) = (array![1.0, 0.0], array![turn.cos(), turn.sin()]);
        // Cosine and sine are rounded, which turns v by less than ε.
        prop_assert!((angle(u.view(), v.view()).unwrap() - turn).abs() <= 2.0 * EPS * turn.max(EPS / turn));
        let scaled = v.mapv(|c| libm::ldexp(c, e));
        if scaled.iter().all(|c| c.abs() > 1e-290) {
            prop_assert_eq!(angle(u.view(), scaled.view()), angle(u.view(), v.view()));
        }
        let opposite = angle(u.view(), v.mapv(|c| -c).view()).unwrap();
        prop_assert!((opposite + turn - std::f64::consts::PI).abs() <= 4.0 * EPS);
    }

    #[test]
    fn what_a_projection_leaves_is_perpendicular(n in 2_usize..20, k in 1_usize..5, seed: u64) {
        let (u, onto) = (vector(n, seed), matrix(n, k, seed.wrapping_add(1)));
        let image = project(u.view().into_dyn(), onto.view().into_dyn()).unwrap();
        let rest = &u - &image.into_dimensionality::<Ix1>().unwrap();
        for column in onto.columns() {
            prop_assert!((&rest * &column).sum().abs() <= 20.0 * EPS * n as f64 * length(column) * length(u.view()));
        }
        let line = project(u.view().into_dyn(), onto.column(0).into_dyn()).unwrap();
        let by_matrix = project(u.view().into_dyn(), onto.slice(s![.., ..1]).into_dyn()).unwrap();
        prop_assert!((line - by_matrix).iter().all(|e| e.abs() <= 10.0 * EPS * length(u.view())));
    }
}

#[test]
fn vector_products_of_huge_numbers_do_not_overflow_on_the_way() {
    let (a, b) = (array![1e200, 1e200, 0.0], array![1e200, 1e200, 1e-200]);
    assert_eq!(plane(a.view(), b.view()), array![1.0, -1.0, 0.0]);
    assert_eq!(plane(array![1e200, 0.0, 0.0].view(), array![0.0, 1e200, 0.0].view())[2], f64::INFINITY);
    assert!(plane(array![f64::INFINITY, 0.0, 0.0].view(), array![0.0, 1.0, 0.0].view())[1].is_nan());
    // (2⁵³ − 1)² − (2⁵³ − 2)·2⁵³ = 1, of which plain doubles see nothing.
    let big = 2.0_f64.powi(53);
    let found = cross(array![big - 1.0, big - 2.0].view(), array![big, big - 1.0].view(), -1).unwrap();
    assert_eq!(found, arr0(1.0).into_dyn());
}

#[test]
fn vector_products_broadcast_and_lie_along_the_axis() {
    let a = Array3::from_shape_fn((2, 1, 3), |(i, _, k)| (i + 2 * k) as f64);
    let b = Array2::from_shape_fn((4, 3), |(j, k)| ((j + 1) * (k + 2) % 5) as f64);
    let product = cross(a.view(), b.view(), -1).unwrap();
    assert_eq!(product.shape(), [2, 4, 3]);
    for i in 0..2 {
        for j in 0..4 {
            assert_eq!(product.slice(s![i, j, ..]), plane(a.slice(s![i, 0, ..]), b.row(j)));
        }
    }
    let along_first = cross(b.t(), b.slice(s![..;-1, ..]).t(), 0).unwrap();
    assert_eq!(along_first.shape(), [3, 4]);
    assert_eq!(along_first.slice(s![.., 1]), plane(b.row(1), b.row(2)));
    // A vector of the plane has a third component of zero.
    let mixed = cross(array![1.0, 2.0].view(), array![3.0, 4.0, 5.0].view(), 0).unwrap();
    assert_eq!(mixed, array![10.0, -5.0, -2.0].into_dyn());
    for (a, b) in [(4, 3), (3, 1)] {
        assert!(matches!(cross(vector(a, 1).view(), vector(b, 2).view(), -1), Err(Error::Shape { .. })));
    }
    assert!(matches!(cross(b.view(), b.slice(s![..2, ..]), -1), Err(Error::Shape { argument: "b", .. })));
    assert!(matches!(cross(b.view(), b.view(), 2), Err(Error::OutOfRange { argument: "axis", .. })));
}

#[test]
fn traces_of_every_diagonal() {
    let a = Array2::from_shape_fn((3, 5), |(i, j)| (10 * i + j) as f64);
    for offset in -4..6_isize {
        let expected: f64 =
            a.indexed_iter().filter(|((i, j), _)| *j as isize - *i as isize == offset).map(|(_, v)| v).sum();
        assert_eq!(trace(a.view(), offset), expected, "offset {offset}");
    }
    // 1 + 1e16 + 1 − 1e16 + …, which forgets ones without compensation.
    let cancelling = Array2::from_diag(&array![1.0, 1e16, 1.0, -1e16]);
    assert_eq!(trace(cancelling.view(), 0), 2.0);
    assert_eq!(trace(Array2::from_diag(&array![1e308, 1e308]).view(), 0), f64::INFINITY);
    assert_eq!(trace(a.view(), isize::MIN), 0.0);
}

#[test]
fn angles_of_parallel_and_perpendicular_vectors_are_exact() {
    let u = array![1.0, 2.0, 3.0];
    for factor in [3.0, 1e-300, 1e300, 7.0] {
        assert!(angle(u.view(), (&u * factor).mapv(|v| v).view()).unwrap() < 1e-15);
    }
    assert_eq!(angle(u.view(), array![3.0, 6.0, 9.0].view()), Ok(0.0));
    assert_eq!(angle(u.view(), array![-7.0, -14.0, -21.0].view()), Ok(std::f64::consts::PI));
    assert_eq!(angle(u.view(), array![3.0, 0.0, -1.0].view()), Ok(std::f64::consts::FRAC_PI_2));
    assert_eq!(angle(array![1.0, 0.0].view(), array![1.0, 1.0].view()), Ok(std::f64::consts::FRAC_PI_4));
    // Long vectors, whose angle is known: a unit vector against the vector of ones.
    for n in [65, 1000] {
        let found = angle(Array1::ones(n).view(), Array1::from_iter((0..n).map(|i| f64::from(i == 0))).view()).unwrap();
        let expected = (n as f64).sqrt().recip().acos();
        // Sixteen running sums of n/16 terms, each of which is rounded.
        assert!((found - expected).abs() <= (4.0 + n as f64 / 16.0) * EPS * expected, "{n}: {found}");
    }
    assert!(matches!(angle(u.view(), Array1::zeros(3).view()), Err(Error::Invalid { argument: "v", .. })));
    assert!(matches!(angle(u.view(), Array1::zeros(2).view()), Err(Error::Shape { argument: "v", .. })));
    assert!(matches!(angle(array![f64::NAN].view(), array![1.0].view()), Err(Error::NotFinite { argument: "u", .. })));
}

#[test]
fn cosines_of_rows_are_a_table() {
    let (u, v) = (matrix(5, 7, 1), matrix(4, 7, 2));
    let table = cosine_similarity(u.view().into_dyn(), Some(v.view().into_dyn())).unwrap();
    assert_eq!(table.shape(), [5, 4]);
    for i in 0..5 {
        let row = cosine_similarity(u.row(i).into_dyn(), Some(v.view().into_dyn())).unwrap();
        for j in 0..4 {
            let expected = angle(u.row(i), v.row(j)).unwrap().cos();
            let single = cosine_similarity(u.row(i).into_dyn(), Some(v.row(j).into_dyn())).unwrap();
            for found in [table[[i, j]], row[[j]], single[[]]] {
                assert!((found - expected).abs() <= 8.0 * EPS);
            }
        }
    }
    let itself = cosine_similarity(u.view().into_dyn(), None).unwrap().into_dimensionality::<Ix2>().unwrap();
    assert_eq!(itself, itself.t());
    assert!(itself.diag().iter().all(|&v| v == 1.0));
    let mut zero = u.clone();
    zero.row_mut(3).fill(0.0);
    let error = cosine_similarity(zero.view().into_dyn(), None).unwrap_err();
    assert_eq!(error.to_string(), "cosine_similarity: u holds a vector of zeros at [3, :], which has no direction");
}

#[test]
fn distances_from_a_hyperplane_have_all_digits_near_it() {
    // 3x + 4y = 5·10¹⁵ + 1 next to a point on 3x + 4y = 5·10¹⁵.
    let (w, b) = (array![3.0, 4.0], -5e15 - 1.0);
    let points = array![[1e15, 0.5e15], [0.0, 0.0]];
    let found = hyperplane_distance(points.view().into_dyn(), w.view(), b).unwrap();
    assert_eq!(found, array![-0.2, b / 5.0].into_dyn());
    for e in [-1000, -300, 300, 1000] {
        // Weights and intercept of any size mean the same; so do points and intercept, up to their size.
        let scaled = w.mapv(|v| libm::ldexp(v, e));
        let single = hyperplane_distance(points.row(0).into_dyn(), scaled.view(), libm::ldexp(b, e));
        if e < 900 {
            assert_eq!(single.unwrap(), arr0(-0.2).into_dyn(), "2^{e}");
        }
        let far = hyperplane_distance(array![libm::ldexp(1.0, e), 0.0].view().into_dyn(), w.view(), 0.0).unwrap();
        assert_eq!(far, arr0(libm::ldexp(0.6, e)).into_dyn(), "2^{e}");
    }
    let long = vector(100, 3);
    let many = matrix(20, 100, 4);
    let found = hyperplane_distance(many.view().into_dyn(), long.view(), 0.5).unwrap();
    for (row, &distance) in many.rows().into_iter().zip(&found) {
        let expected = (row.dot(&long) + 0.5) / length(long.view());
        assert!((distance - expected).abs() <= 1e-13);
    }
    assert_eq!(hyperplane_distance(many.slice(s![.., ..;-1]).into_dyn(), long.slice(s![..;-1]), 0.5), Ok(found));
    assert!(matches!(
        hyperplane_distance(points.view().into_dyn(), Array1::zeros(2).view(), 1.0),
        Err(Error::Invalid { argument: "w", .. })
    ));
    assert!(matches!(
        hyperplane_distance(points.view().into_dyn(), vector(3, 1).view(), 1.0),
        Err(Error::Shape { argument: "x", .. })
    ));
}

#[test]
fn projections_of_small_numbers_are_what_paper_gives() {
    let onto_line = |u: Array1<f64>, v: Array1<f64>| project(u.view().into_dyn(), v.view().into_dyn()).unwrap();
    assert_eq!(onto_line(array![3.0, 4.0], array![1.0, 1.0]), array![3.5, 3.5].into_dyn());
    assert_eq!(onto_line(array![1.0, 2.0, 3.0], array![0.0, -2.0, 0.0]), array![0.0, 2.0, 0.0].into_dyn());
    assert_eq!(onto_line(array![3e300, 4e300], array![1e-300, 1e-300]), array![3.5e300, 3.5e300].into_dyn());
    let whole =
        project(array![[1.0, 2.0], [3.0, 4.0]].view().into_dyn(), array![[1.0, 1.0], [0.0, 1e-3]].view().into_dyn());
    assert_eq!(whole, Ok(array![[1.0, 2.0], [3.0, 4.0]].into_dyn()));
    let nothing = project(array![1.0, 2.0].view().into_dyn(), Array2::zeros((2, 3)).view().into_dyn());
    assert_eq!(nothing, Ok(array![0.0, 0.0].into_dyn()));
    assert!(matches!(
        project(array![1.0, 2.0].view().into_dyn(), array![0.0, 0.0].view().into_dyn()),
        Err(Error::Invalid { argument: "onto", .. })
    ));
    assert!(matches!(
        project(array![1.0, 2.0].view().into_dyn(), array![1.0].view().into_dyn()),
        Err(Error::Shape { argument: "onto", .. })
    ));
}

#[test]
fn outer_and_kronecker_products_in_any_layout() {
    let (x, y) = (vector(6, 1), vector(8, 2));
    let table = outer(x.slice(s![..;-2]), y.slice(s![1..;3])).unwrap();
    assert_eq!(table, Array2::from_shape_fn((3, 3), |(i, j)| x[5 - 2 * i] * y[1 + 3 * j]));
    let (a, b) = (matrix(3, 4, 3), matrix(5, 2, 4));
    let product = kron(a.t(), b.slice(s![..;-1, ..])).unwrap();
    assert_eq!(product.shape(), [20, 6]);
    for ((i, j), &value) in product.into_dimensionality::<Ix2>().unwrap().indexed_iter() {
        assert_eq!(value, a[[j / 2, i / 5]] * b[[4 - i % 5, j % 2]]);
    }
    assert_eq!(kron(arr0(2.0).view(), x.view()), Ok((&x * 2.0).into_dyn()));
    assert!(matches!(
        outer(Array1::zeros(1).broadcast(1 << 30).unwrap(), Array1::zeros(1).broadcast(1 << 40).unwrap()),
        Err(Error::OutOfMemory { .. })
    ));
}
