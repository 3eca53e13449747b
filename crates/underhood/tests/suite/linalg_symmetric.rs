//! Spectra of symmetric matrices: known eigenvalues, the defining identities on hard matrices, and what is refused.

use crate::gallery;

use gallery::{largest, random, symmetric};
use ndarray::{Array1, Array2, Array3, ArrayView2, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{SymmetricEigen, Triangle, eigh, eigh_stack, eigvalsh, eigvalsh_stack, spectral_decomposition};

const EPS: f64 = f64::EPSILON;

fn norm(a: &Array2<f64>) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// A·V = V·Λ, VᵀV = I and A = V·Λ·Vᵀ to 2·(n + 8)·ε in Frobenius norms (up to a quarter of it is measured on most), rising order, the sign convention,
/// and the same eigenvalues from `eigvalsh`.
fn check(name: &str, a: ArrayView2<'_, f64>) -> SymmetricEigen {
    let n = a.nrows();
    let found = eigh(a, Triangle::Both).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (values, vectors) = (&found.values, &found.vectors);
    // Near one, where sums of squares are numbers; powers of two change no digit.
    let scale = libm_exponent(largest(&a.to_owned()));
    let shrink = |x: f64| x * 2.0_f64.powi(-scale / 2) * 2.0_f64.powi(-scale + scale / 2);
    let (scaled, lambda) = (a.mapv(shrink), values.mapv(shrink));
    // Eigenvalues that are denormal numbers are multiples of the smallest one.
    let grid = n as f64 * shrink(5e-324);
    let bound = 2.0 * (n as f64 + 8.0) * EPS;
    let within = |what: &str, error: f64, bound: f64| assert!(error <= bound, "{name}: {what} {error:e} > {bound:e}");
    within("residual", norm(&(scaled.dot(vectors) - vectors * &lambda)), bound * norm(&scaled) + grid);
    within("orthogonality", norm(&(vectors.t().dot(vectors) - Array2::<f64>::eye(n))), bound);
    within("reconstruction", norm(&((vectors * &lambda).dot(&vectors.t()) - &scaled)), bound * norm(&scaled) + grid);
    for i in 1..n {
        assert!(values[i - 1] <= values[i], "{name}: order");
    }
    for column in vectors.columns() {
        let top = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(column.iter().find(|v| v.abs() >= 0.7 * top).is_some_and(|v| *v > 0.0), "{name}: sign");
    }
    let alone = eigvalsh(a, Triangle::Both).unwrap_or_else(|error| panic!("{name}: {error}")).mapv(shrink);
    let apart = (&alone - &lambda).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    within("eigvalsh", apart, bound * norm(&scaled) + grid);
    found
}

fn libm_exponent(x: f64) -> i32 {
    if x == 0.0 { 0 } else { x.log2().floor() as i32 }
}

fn second_difference(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    })
}

fn random_symmetric(n: usize, seed: u64) -> Array2<f64> {
    let a = random(n, n, seed);
    &a + &a.t()
}

/// Block diagonal.
fn beside(blocks: &[Array2<f64>]) -> Array2<f64> {
    let n = blocks.iter().map(Array2::nrows).sum();
    let mut a = Array2::zeros((n, n));
    let mut start = 0;
    for block in blocks {
        let end = start + block.nrows();
        a.slice_mut(s![start..end, start..end]).assign(block);
        start = end;
    }
    a
}

#[test]
fn the_gallery_keeps_its_identities() {
    for (name, a) in symmetric() {
        check(&name, a.view());
    }
}

#[test]
fn large_matrices_that_deflate_and_that_do_not() {
    let mut cases = vec![
        ("random", random_symmetric(150, 1)),
        ("second difference", second_difference(140)),
        ("wilkinson", gallery::wilkinson(129)),
        ("identity", Array2::eye(100)),
        ("ones", Array2::ones((100, 100))),
        ("zero", Array2::zeros((70, 70))),
        ("hilbert", gallery::hilbert(100)),
        ("of rank 5", gallery::of_rank(120, 5, 5).dot(&gallery::of_rank(120, 5, 5).t())),
        ("blocks", beside(&[random_symmetric(50, 2), Array2::eye(20), random_symmetric(41, 3) * 1e-200])),
    ];
    let mut cluster = random_symmetric(96, 4) * 1e-13;
    cluster.diag_mut().mapv_inplace(|v| v + 1.0);
    cases.push(("cluster at one", cluster));
    // Copies of W21 that are glued by little more than nothing: clusters of ten.
    for glue in [1e-4, 1e-8, 1e-14] {
        let mut glued = beside(&vec![gallery::wilkinson(21); 7]);
        for i in (21..147).step_by(21) {
            glued[[i, i - 1]] = glue;
            glued[[i - 1, i]] = glue;
        }
        cases.push(("glued Wilkinson", glued));
    }
    // Tridiagonal and graded over 300 powers of ten, both ways.
    let graded =
        Array2::from_shape_fn(
            (90, 90),
            |(i, j)| {
                if i.abs_diff(j) > 1 { 0.0 } else { 10.0_f64.powf(-1.7 * (i + j) as f64) }
            },
        );
    cases.push(("graded", graded.clone()));
    cases.push(("graded upwards", graded.slice(s![..;-1, ..;-1]).to_owned()));
    for (name, a) in cases {
        // Products of matrices are symmetric up to rounding; make them exactly so.
        let a = (&a + &a.t()) / 2.0;
        check(name, a.view());
    }
}

#[test]
fn eigenvalues_from_mpmath() {
    let table = include_str!("../tables/symmetric.csv");
    let mut rows: Vec<(&str, usize, f64)> = Vec::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        rows.push((fields[0], fields[1].parse().unwrap(), fields[2].parse().unwrap()));
    }
    assert_eq!(rows.len(), 21 + 41 + 4 + 8 + 12 + 20);
    for group in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (name, n, _) = group[0];
        let a = if name == "hilbert" { gallery::hilbert(n) } else { gallery::wilkinson(n) };
        // Eigenvalues are perturbed by no more than the backward error.
        let bound = 4.0 * EPS * group[n - 1].2;
        for values in [check(name, a.view()).values, eigvalsh(a.view(), Triangle::Both).unwrap()] {
            for (found, row) in values.iter().zip(group) {
                assert!((found - row.2).abs() <= bound, "{name}({n}): {found:e} for {:e}", row.2);
            }
        }
    }
}

#[test]
fn eigenvalues_in_closed_form() {
    let near = |name: &str, a: &Array2<f64>, mut expected: Vec<f64>| {
        expected.sort_by(f64::total_cmp);
        let bound = (a.nrows() as f64 + 8.0) * EPS * expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        for values in [check(name, a.view()).values, eigvalsh(a.view(), Triangle::Both).unwrap()] {
            assert_eq!(values.len(), expected.len());
            for (found, expected) in values.iter().zip(&expected) {
                assert!((found - expected).abs() <= bound, "{name}: {found:e} for {expected:e}");
            }
        }
    };
    for n in [2, 3, 5, 10, 16, 31, 64, 100] {
        // Clement's matrix, made symmetric by a diagonal similarity: √(k·(n − k)) beside the diagonal.
        let clement = gallery::clement(n);
        let a = Array2::from_shape_fn((n, n), |(i, j)| (clement[[i, j]] * clement[[j, i]]).sqrt());
        near("clement", &a, (0..n).map(|k| n as f64 - 1.0 - 2.0 * k as f64).collect());
        let angle = |k: usize| std::f64::consts::FRAC_PI_2 * k as f64 / (n + 1) as f64;
        // 2 − 2·cos 2θ = 4·sin²θ.
        near("second difference", &second_difference(n), (1..=n).map(|k| 4.0 * angle(k).sin().powi(2)).collect());
        let ones = (1..=n).map(|k| if k == n { n as f64 } else { 0.0 }).collect();
        near("ones", &Array2::ones((n, n)), ones);
    }
    let (a, b) = (10.0 * 10405.0_f64.sqrt(), 100.0 * 26.0_f64.sqrt());
    near("rosser", &gallery::rosser(), vec![-a, 0.0, 510.0 - b, 1000.0, 1000.0, 510.0 + b, 1020.0, a]);
}

#[test]
fn eigenvectors_of_wilkinsons_matrix_are_more_orthogonal_than_lapacks() {
    let v = check("wilkinson", gallery::wilkinson(21).view()).vectors;
    let loss = norm(&(v.t().dot(&v) - Array2::<f64>::eye(21)));
    // LAPACK's dsyevd (OpenBLAS in NumPy 2.4) leaves 4.9e-15.
    assert!(loss < 4e-15, "{loss:e}");
}

#[test]
fn diagonal_matrices_are_exact() {
    for n in [0, 1, 2, 3, 4, 7, 20, 50] {
        let diagonal = Array1::from_shape_fn(n, |i| ((i * 7) % n.max(1)) as f64 - 2.0);
        let found = check("diagonal", Array2::from_diag(&diagonal).view());
        for (j, &value) in found.values.iter().enumerate() {
            assert_eq!(value, j as f64 - 2.0 - if n % 7 == 0 && n > 0 { j as f64 } else { 0.0 });
        }
        assert!(found.vectors.iter().all(|&v| v == 0.0 || v == 1.0));
    }
}

#[test]
fn powers_of_two_scale_without_a_digit_lost() {
    for n in [1, 2, 3, 4, 5, 9, 20, 45] {
        let a = random_symmetric(n, n as u64);
        let plain = eigh(a.view(), Triangle::Both).unwrap();
        let only = eigvalsh(a.view(), Triangle::Both).unwrap();
        for power in [-960, -700, -401, 399, 700, 1010] {
            let scale = |v: f64| v * 2.0_f64.powi(power / 2) * 2.0_f64.powi(power - power / 2);
            let scaled = eigh(a.mapv(scale).view(), Triangle::Both).unwrap();
            if n > 4 {
                assert_eq!(scaled.values, plain.values.mapv(scale), "{n}, 2^{power}");
                assert_eq!(scaled.vectors, plain.vectors, "{n}, 2^{power}");
                let values = eigvalsh(a.mapv(scale).view(), Triangle::Both).unwrap();
                assert_eq!(values, only.mapv(scale), "{n}, 2^{power}");
            }
            check("scaled", a.mapv(scale).view());
        }
        check("denormal", a.mapv(|v| v * 1e-315).view());
    }
}

#[test]
fn a_tiny_part_that_stands_alone_keeps_its_digits() {
    let a = array![[1.0, 0.0, 0.0], [0.0, 2e-200, 1e-200], [0.0, 1e-200, 2e-200]];
    for a in [a.clone(), a.slice(s![..;-1, ..;-1]).to_owned(), beside(&[Array2::eye(40) * 3.0, a])] {
        for values in [check("tiny part", a.view()).values, eigvalsh(a.view(), Triangle::Both).unwrap()] {
            assert!((values[0] / 1e-200 - 1.0).abs() < 1e-14 && (values[1] / 3e-200 - 1.0).abs() < 1e-14, "{values}");
        }
    }
}

#[test]
fn one_triangle_can_be_read_alone() {
    for n in [1, 2, 3, 4, 6, 20, 40] {
        let a = random_symmetric(n, 5);
        let both = eigh(a.view(), Triangle::Both).unwrap();
        for (triangle, keep) in [(Triangle::Lower, 1), (Triangle::Upper, -1)] {
            let other = |i: usize, j: usize| (i as i64 - j as i64) * keep < 0;
            let half = Array2::from_shape_fn((n, n), |(i, j)| if other(i, j) { f64::NAN } else { a[[i, j]] });
            assert_eq!(eigh(half.view(), triangle).unwrap(), both);
            let values = eigvalsh(half.view(), triangle).unwrap();
            assert_eq!(values, eigvalsh(a.view(), Triangle::Both).unwrap());
            if n > 1 {
                let wrong = if keep > 0 { Triangle::Upper } else { Triangle::Lower };
                assert!(matches!(eigh(half.view(), wrong), Err(Error::NotFinite { .. })));
            }
        }
    }
    assert_eq!(Triangle::named("eigh", None), Ok(Triangle::Both));
    assert_eq!(Triangle::named("eigh", Some("U")), Ok(Triangle::Upper));
    let error = Triangle::named("eigvalsh", Some("lower")).unwrap_err();
    assert_eq!(error.to_string(), "eigvalsh: UPLO is \"lower\", but must be one of \"L\" or \"U\"");
}

#[test]
fn stacks_give_each_matrix_what_it_gets_alone() {
    let go_on = || Ok::<(), Error>(());
    for n in [1, 2, 3, 4, 5] {
        let mut stack = Array3::zeros((37, n, n));
        for (k, mut matrix) in stack.outer_iter_mut().enumerate() {
            // Every fifth beyond the comfortable range, every seventh diagonal.
            matrix.assign(&(random_symmetric(n, k as u64) * if k % 5 == 0 { 1e200 } else { 1.0 }));
            if k % 7 == 0 {
                matrix.indexed_iter_mut().filter(|((i, j), _)| i != j).for_each(|(_, v)| *v = 0.0);
            }
        }
        for view in [stack.view(), stack.slice(s![..;-1, .., ..]), stack.view().permuted_axes([0, 2, 1])] {
            let (values, vectors) = eigh_stack(view.into_dyn(), Triangle::Both, go_on).unwrap();
            let only = eigvalsh_stack(view.into_dyn(), Triangle::Both, go_on).unwrap();
            assert_eq!((values.shape(), vectors.shape()), (&[37, n][..], &[37, n, n][..]));
            for (k, matrix) in view.outer_iter().enumerate() {
                let alone = check("of a stack", matrix);
                assert_eq!(values.slice(s![k, ..]), alone.values, "{k}");
                assert_eq!(vectors.slice(s![k, .., ..]), alone.vectors, "{k}");
                assert_eq!(only.slice(s![k, ..]), eigvalsh(matrix, Triangle::Both).unwrap());
            }
        }
        let empty = stack.slice(s![..0, .., ..]);
        let (values, vectors) = eigh_stack(empty.into_dyn(), Triangle::Both, go_on).unwrap();
        assert_eq!((values.shape(), vectors.shape()), (&[0, n][..], &[0, n, n][..]));
        stack[[20, 0, n - 1]] = f64::INFINITY;
        let error = eigh_stack::<Error>(stack.view().into_dyn(), Triangle::Both, go_on).unwrap_err();
        let place = format!("eigh: a holds infinity at index [20, 0, {}]", n - 1);
        assert!(error.to_string().starts_with(&place), "{error}");
        assert!(eigvalsh_stack::<Error>(stack.view().into_dyn(), Triangle::Both, go_on).is_err());
    }
    let many = Array3::<f64>::zeros((100_000, 2, 2));
    let stop = || Err(Error::Interrupted { function: "eigh" });
    assert!(eigh_stack(many.view().into_dyn(), Triangle::Both, stop).is_err());
}

#[test]
fn what_cannot_be_done_is_refused() {
    let refusal = |a: Array2<f64>| {
        let error = eigh(a.view(), Triangle::Both).unwrap_err().to_string();
        assert_eq!(error.replace("eigh", "eigvalsh"), eigvalsh(a.view(), Triangle::Both).unwrap_err().to_string());
        error
    };
    assert_eq!(refusal(Array2::zeros((2, 3))), "eigh: a is 2×3, but a square matrix is needed");
    assert_eq!(
        refusal(array![[1.0, 2.0], [3.0, 1.0]]),
        "eigh: a is not symmetric: element (0, 1) is 2, but (1, 0) is 3"
    );
    let mut a = random_symmetric(30, 1);
    a[[3, 20]] += 1e-9;
    assert!(matches!(eigh(a.view(), Triangle::Both), Err(Error::NotSymmetric { row: 3, column: 20, .. })));
    a[[3, 20]] = f64::NAN;
    assert!(refusal(a).starts_with("eigh: a holds NaN (a missing value) at row 3, column 20"));
    assert!(refusal(array![[1.0, f64::INFINITY], [f64::INFINITY, 1.0]]).contains("infinity"));
    for n in [2, 3, 6, 40] {
        let beyond = Array2::from_elem((n, n), 1.5e308);
        assert!(refusal(beyond).contains("beyond the range of doubles"));
    }
}

#[test]
fn rounding_is_forgiven_and_the_lower_triangle_counts() {
    for n in [3, 12] {
        let mut a = random_symmetric(n, 6);
        let exact = eigh(a.view(), Triangle::Lower).unwrap();
        a[[0, 2]] *= 1.0 + 1e-12;
        let found = eigh(a.view(), Triangle::Both).unwrap();
        let apart = (&found.values - &exact.values).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(apart <= 8.0 * n as f64 * EPS, "{apart:e}");
        // As a product leaves it: no digit of a small entry agrees.
        a[[0, 2]] = 1e-16;
        a[[2, 0]] = -1e-16;
        assert!(eigh(a.view(), Triangle::Both).is_ok());
    }
}

#[test]
fn the_spectral_decomposition_sums_to_the_matrix() {
    for (name, a) in symmetric() {
        let n = a.nrows();
        if n > 21 || largest(&a) < 1e-290 || largest(&a) > 1e290 {
            continue;
        }
        let sum = spectral_decomposition(a.view(), None).unwrap();
        let k = sum.values.len();
        assert_eq!((sum.projectors.shape(), sum.multiplicities.sum()), (&[k, n, n][..], n), "{name}");
        let (mut total, mut unit) = (Array2::<f64>::zeros((n, n)), Array2::<f64>::zeros((n, n)));
        for (i, p) in sum.projectors.outer_iter().enumerate() {
            assert_eq!(p, p.t(), "{name}: exactly symmetric");
            assert!(norm(&(p.dot(&p) - p)) <= (n as f64 + 8.0) * EPS, "{name}: idempotent");
            let trace = p.diag().sum() - sum.multiplicities[i] as f64;
            assert!(trace.abs() <= (n as f64 + 8.0) * EPS * sum.multiplicities[i] as f64, "{name}: trace {trace:e}");
            total.scaled_add(sum.values[i], &p);
            unit += &p;
        }
        // Grouping moves an eigenvalue by up to its tolerance.
        assert!(norm(&(total - &a)) <= 40.0 * (n as f64 + 8.0) * EPS * norm(&a), "{name}: sum");
        assert!(norm(&(unit - Array2::<f64>::eye(n))) <= (n as f64 + 8.0) * EPS, "{name}: identity");
    }
    let twice = spectral_decomposition(gallery::rosser().view(), None).unwrap();
    assert_eq!(twice.multiplicities, array![1, 1, 1, 2, 1, 1, 1]);
    let all = spectral_decomposition(gallery::rosser().view(), Some(3.0)).unwrap();
    assert_eq!(all.multiplicities, array![8]);
    assert_eq!(spectral_decomposition((Array2::eye(5) * 0.1).view(), None).unwrap().values, array![0.1]);
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            spectral_decomposition(gallery::rosser().view(), Some(bad)),
            Err(Error::OutOfRange { argument: "tol", .. })
        ));
    }
    assert!(spectral_decomposition(array![[1.0, 2.0], [0.0, 1.0]].view(), None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn identities_hold_in_any_shape_and_layout(n in 0_usize..70, seed: u64, kind in 0_u8..4) {
        let mut a = random_symmetric(n, seed);
        if kind == 1 {
            // Few distinct entries: eigenvalues that coincide.
            a.mapv_inplace(f64::round);
        } else if kind == 2 {
            a.indexed_iter_mut().for_each(|((i, j), v)| if i.abs_diff(j) > 1 { *v = 0.0 });
        }
        let found = check("random", a.view());
        let mut wide = Array2::zeros((2 * n, 3 * n));
        wide.slice_mut(s![..;2, ..;3]).assign(&a);
        let reversed = a.slice(s![..;-1, ..;-1]).to_owned();
        for view in [a.t(), wide.slice(s![..;2, ..;3]), reversed.slice(s![..;-1, ..;-1])] {
            prop_assert_eq!(&eigh(view, Triangle::Both).unwrap(), &found);
        }
        // Σλ = trace, Σλ² = ‖A‖².
        let bound = (n as f64 + 8.0) * EPS * norm(&a);
        prop_assert!((found.values.sum() - a.diag().sum()).abs() <= bound * (n as f64).sqrt());
        prop_assert!((found.values.dot(&found.values).sqrt() - norm(&a)).abs() <= bound);
    }
}
