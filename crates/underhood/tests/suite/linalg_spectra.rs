//! Spectra and functions of matrices: defining identities on hard matrices and on random ones, reference values from mpmath.
//!
//! Tolerances are small multiples of ε·n·‖A‖, which is what backward stability promises (Higham, Accuracy and Stability of Numerical Algorithms, §14.3.2
//! and chapter 10 of his Functions of Matrices).

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use crate::gallery;

use ndarray::{Array1, Array2, Array3, ArrayView2, Axis, array, s};
use num_complex::Complex;
use proptest::prelude::*;
use underhood::Error;
use underhood::linalg::{
    Numbers, SchurOutput, diagonalize, eig, eigvals, expm, inv, is_diagonalizable, matmul, matrix_power, matrix_powers,
    schur,
};
use underhood::random::Stream;

const EPS: f64 = f64::EPSILON;

type Matrix = Array2<Complex<f64>>;

fn complex(a: &Array2<f64>) -> Matrix {
    a.mapv(|v| Complex::new(v, 0.0))
}

fn length<'a>(x: impl IntoIterator<Item = &'a Complex<f64>>) -> f64 {
    x.into_iter().map(|v| v.norm_sqr()).sum::<f64>().sqrt()
}

fn adjoint(a: &Matrix) -> Matrix {
    a.t().mapv(|v| v.conj())
}

/// A power of two that brings a matrix near one, so that norms can be taken.
fn near_one(a: &Array2<f64>) -> (Array2<f64>, i32) {
    let exponent = libm_exponent(gallery::largest(a));
    (a.mapv(|v| scale(v, -exponent)), exponent)
}

fn libm_exponent(x: f64) -> i32 {
    if x == 0.0 { 0 } else { x.log2().floor() as i32 }
}

/// v·2^e in two steps, each within range.
fn scale(v: f64, e: i32) -> f64 {
    v * 2.0_f64.powi(e / 2) * 2.0_f64.powi(e - e / 2)
}

fn random(stream: &mut Stream, n: usize) -> Array2<f64> {
    Array2::from_shape_simple_fn((n, n), || stream.normal())
}

/// ‖A·V − V·Λ‖ for the columns of V, each beside n·ε·‖A‖.
fn worst_residual(a: &Array2<f64>) -> f64 {
    let n = a.nrows();
    let e = eig(a.view()).unwrap();
    let (a, exponent) = near_one(a);
    let a = complex(&a);
    let size = length(&a).max(f64::MIN_POSITIVE);
    let (values, vectors) = (e.eigenvalues.to_complex(), e.eigenvectors.to_complex());
    let image = a.dot(&vectors);
    let mut worst = 0.0_f64;
    for j in 0..n {
        let value = Complex::new(scale(values[j].re, -exponent), scale(values[j].im, -exponent));
        let residual: Array1<Complex<f64>> = &image.column(j) - &vectors.column(j).mapv(|v| v * value);
        worst = worst.max(length(&residual) / (n as f64 * EPS * size));
        assert!((length(vectors.column(j)) - 1.0).abs() < 1e-14, "length of column {j}");
        let magnitudes: Vec<f64> = vectors.column(j).iter().map(|v| v.norm()).collect();
        let largest = magnitudes.iter().fold(0.0_f64, |m, &v| m.max(v));
        // Within a rounding of the border, either component may be the one.
        let leads = |share: f64| magnitudes.iter().position(|&m| m >= share * largest).map(|i| vectors[[i, j]]);
        assert!([0.7, 0.7 - 1e-13, 0.7 + 1e-13].into_iter().filter_map(leads).any(|v| v.re > 0.0 && v.im == 0.0));
    }
    worst
}

#[test]
fn eigenvectors_of_hard_matrices_have_small_residuals() {
    for (name, a) in gallery::square() {
        let worst = worst_residual(&a);
        assert!(worst < 20.0, "{name}: {worst} n·ε·‖A‖");
    }
}

#[test]
fn eigenvalues_come_in_order_and_pairs_are_conjugate() {
    for (name, a) in gallery::square() {
        let e = eig(a.view()).unwrap();
        let values = e.eigenvalues.to_complex();
        assert!(values.iter().zip(values.iter().skip(1)).all(|(x, y)| x.re <= y.re), "{name}: {values}");
        assert_eq!(e.eigenvalues.real().is_none(), values.iter().any(|v| v.im != 0.0), "{name}");
        let vectors = e.eigenvectors.to_complex();
        let mut j = 0;
        while j < values.len() {
            if values[j].im != 0.0 {
                assert!(values[j].im > 0.0 && values[j + 1] == values[j].conj(), "{name}");
                assert_eq!(vectors.column(j).mapv(|v| v.conj()), vectors.column(j + 1), "{name}");
                j += 1;
            }
            j += 1;
        }
    }
}

fn check_schur(name: &str, a: &Array2<f64>) {
    let n = a.nrows();
    for output in [SchurOutput::Real, SchurOutput::Complex] {
        let f = schur(a.view(), output).unwrap();
        let (scaled, exponent) = near_one(a);
        let (t, z) =
            (f.t.to_complex().mapv(|v| Complex::new(scale(v.re, -exponent), scale(v.im, -exponent))), f.z.to_complex());
        let bound = 10.0 * (n.max(1) as f64) * EPS;
        let size = length(&complex(&scaled)).max(f64::MIN_POSITIVE);
        let error = length(&(complex(&scaled) - z.dot(&t).dot(&adjoint(&z))));
        // Denormal numbers are 2⁻¹⁰⁷⁴ apart.
        let spacing = 2.0 * n as f64 * scale(f64::from_bits(1), -exponent);
        assert!(error <= bound * size + spacing, "{name}: A − ZTZᴴ is {} n·ε·‖A‖", error / (bound / 10.0 * size));
        let error = length(&(adjoint(&z).dot(&z) - complex(&Array2::eye(n))));
        assert!(error <= bound, "{name}: ZᴴZ − I is {} n·ε", error / (bound / 10.0));
        let below = if output == SchurOutput::Real { 1 } else { 0 };
        assert!(t.indexed_iter().all(|((i, j), v)| i <= j + below || *v == Complex::new(0.0, 0.0)), "{name}: shape");
        if let Some(t) = f.t.real() {
            for j in 0..n.saturating_sub(1) {
                if t[[j + 1, j]] != 0.0 {
                    assert_eq!(t[[j, j]], t[[j + 1, j + 1]], "{name}: standard form");
                    assert!((t[[j, j + 1]] < 0.0) != (t[[j + 1, j]] < 0.0), "{name}: standard form");
                    assert!(j + 2 >= n || t[[j + 2, j + 1]] == 0.0, "{name}: blocks of two");
                }
            }
        }
    }
}

#[test]
fn schur_forms_of_hard_matrices_are_orthogonal_and_reconstruct() {
    for (name, a) in gallery::square() {
        check_schur(&name, &a);
    }
}

#[test]
fn large_matrices_take_the_multishift_road() {
    let mut stream = Stream::seeded(3);
    for n in [76, 130, 200] {
        let a = random(&mut stream, n);
        check_schur(&format!("random({n})"), &a);
        let hessenberg = Array2::from_shape_fn((n, n), |(i, j)| if j + 1 >= i { a[[i, j]] } else { 0.0 });
        check_schur(&format!("Hessenberg({n})"), &hessenberg);
        check_schur(&format!("grcar({n})"), &gallery::grcar(n));
        let cyclic = Array2::from_shape_fn((n, n), |(i, j)| if j == (i + 1) % n { 1.0 } else { 0.0 });
        check_schur(&format!("cyclic({n})"), &cyclic);
        assert!(worst_residual(&a) < 20.0);
        let roots = eigvals(cyclic.view()).unwrap().to_complex();
        assert!(roots.iter().all(|v| (v.norm() - 1.0).abs() < 1e-13));
    }
}

#[test]
fn small_structured_matrices_never_fail() {
    let mut stream = Stream::seeded(11);
    for round in 0..1200 {
        let n = 1 + round % 9;
        let mut whole = |low: i64, high: i64| (stream.uniform() * (high - low + 1) as f64).floor() + low as f64;
        let a = match round % 5 {
            0 => Array2::from_shape_simple_fn((n, n), || whole(-2, 2)),
            1 => Array2::from_shape_simple_fn((n, n), || whole(0, 1)),
            2 => {
                let (x, y): (Vec<f64>, Vec<f64>) = (0..n).map(|_| (whole(-1, 1), whole(-1, 1))).unzip();
                Array2::from_shape_fn((n, n), |(i, j)| x[i] * y[j])
            }
            3 => Array2::from_shape_fn(
                (n, n),
                |(i, j)| if j + 1 >= i { whole(-3, 3) * 10_f64.powf(whole(-8, 8)) } else { 0.0 },
            ),
            _ => {
                // The companion matrix of (x − 1)ⁿ.
                let mut c = vec![0.0; n + 1];
                c[0] = 1.0;
                for degree in 1..=n {
                    for k in (1..=degree).rev() {
                        c[k] -= c[k - 1];
                    }
                }
                gallery::companion(&c[1..])
            }
        };
        check_schur(&format!("round {round}"), &a);
        let worst = worst_residual(&a);
        assert!(worst < 100.0, "round {round}: {worst} for {a}");
    }
}

/// Greedy matching is enough where eigenvalues are farther apart than their errors.
fn relative_distance(found: &Array1<Complex<f64>>, expected: &[(f64, f64)]) -> f64 {
    let mut left: Vec<Complex<f64>> = found.to_vec();
    let mut worst = 0.0_f64;
    for &(re, im) in expected {
        // Near one, so that magnitudes can be taken.
        let exponent = libm_exponent(re.abs().max(im.abs()));
        let near = |v: Complex<f64>| Complex::new(scale(v.re, -exponent), scale(v.im, -exponent));
        let goal = near(Complex::new(re, im));
        let errors: Vec<f64> = left.iter().map(|&v| (near(v) - goal).norm() / goal.norm()).collect();
        let best = (0..errors.len()).fold(0, |m, i| if errors[i] < errors[m] { i } else { m });
        worst = worst.max(errors[best]);
        left.remove(best);
    }
    worst
}

#[test]
fn values_agree_with_mpmath() {
    let numbers = |text: &str| text.split(' ').map(|v| v.parse::<f64>().unwrap()).collect::<Vec<f64>>();
    let mut rows = 0;
    for line in include_str!("../tables/spectra.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let n: usize = fields[2].parse().unwrap();
        let a = Array2::from_shape_vec((n, n), numbers(fields[3])).unwrap();
        let (expected, tolerance) = (numbers(fields[4]), fields[5].parse::<f64>().unwrap());
        let error = match fields[0] {
            "eigvals" => {
                let pairs: Vec<(f64, f64)> = expected.chunks(2).map(|v| (v[0], v[1])).collect();
                let (alone, beside) = (eigvals(a.view()).unwrap(), eig(a.view()).unwrap().eigenvalues);
                relative_distance(&alone.to_complex(), &pairs).max(relative_distance(&beside.to_complex(), &pairs))
            }
            _ => {
                let expected = Array2::from_shape_vec((n, n), expected).unwrap();
                let size = expected.iter().map(|v| v * v).sum::<f64>().sqrt();
                (expm(a.view()).unwrap() - expected).iter().map(|v| v * v).sum::<f64>().sqrt() / size
            }
        };
        assert!(error <= tolerance, "{}, {}: error {error:.1e}, allowed {tolerance:.1e}", fields[0], fields[1]);
        rows += 1;
    }
    assert_eq!(rows, 53);
}

#[test]
fn known_spectra_are_found() {
    // Clement's are whole numbers; Pascal's come in reciprocal pairs.
    let values = eigvals(gallery::clement(12).view()).unwrap();
    let values = values.real().unwrap();
    for (k, v) in values.iter().enumerate() {
        assert!((v - (2.0 * k as f64 - 11.0)).abs() < 1e-12, "{values}");
    }
    let values = eigvals(gallery::pascal(6).view()).unwrap();
    let values = values.real().unwrap();
    for (small, large) in values.iter().zip(values.iter().rev()) {
        assert!((small * large - 1.0).abs() < 1e-9, "{values}");
    }
    let triangle = array![[3.0, 1.0, 2.0], [0.0, 1.0, 5.0], [0.0, 0.0, 2.0]];
    assert_eq!(eigvals(triangle.view()).unwrap(), Numbers::Real(array![1.0, 2.0, 3.0]));
    let f = schur(triangle.view(), SchurOutput::Real).unwrap();
    assert_eq!((f.t, f.z), (Numbers::Real(triangle), Numbers::Real(Array2::eye(3))));
    let pair = eigvals(array![[0.0, 1.0], [-1.0, 0.0]].view()).unwrap();
    assert_eq!(pair, Numbers::Complex(array![Complex::new(0.0, 1.0), Complex::new(0.0, -1.0)]));
    assert_eq!(eigvals(Array2::zeros((0, 0)).view()).unwrap(), Numbers::Real(array![]));
    // Nilpotent, and far from one.
    for size in [1e-249, 1.0, 1e249] {
        let nilpotent = array![[0.0, size, 0.0], [0.0, 0.0, size], [0.0, 0.0, 0.0]];
        for a in [nilpotent.view(), nilpotent.t()] {
            assert!(worst_residual(&a.to_owned()) < 20.0, "{a}");
            assert_eq!(eigvals(a).unwrap(), Numbers::Real(Array1::zeros(3)));
        }
    }
    assert_eq!(eig(array![[-7.0]].view()).unwrap().eigenvectors, Numbers::Real(array![[1.0]]));
}

#[test]
fn defective_matrices_are_told_from_others() {
    let mut stream = Stream::seeded(4);
    for m in 2..9 {
        let jordan = Array2::from_shape_fn((m, m), |(i, j)| f64::from(i == j) * 2.0 + f64::from(j == i + 1));
        let diagonal = Array2::from_diag(&Array1::from_shape_fn(m, |i| if i == 0 { 3.0 } else { 2.0 }));
        assert!(!is_diagonalizable(jordan.view()).unwrap(), "Jordan block of {m}");
        assert!(!is_diagonalizable(jordan.t()).unwrap());
        for _ in 0..5 {
            let p = random(&mut stream, m);
            let similar = |d: &Array2<f64>| p.dot(d).dot(&inv(p.view()).unwrap().inverse);
            assert!(!is_diagonalizable(similar(&jordan).view()).unwrap(), "Jordan block of {m}, turned");
            assert!(is_diagonalizable(similar(&diagonal).view()).unwrap(), "diagonal of {m}, turned");
            assert!(is_diagonalizable(random(&mut stream, m).view()).unwrap());
        }
    }
    // Conjugate pairs: two equal blocks, with and without a tie.
    let block = array![[1.0, 2.0], [-2.0, 1.0]];
    let mut twice = Array2::zeros((4, 4));
    twice.slice_mut(s![..2, ..2]).assign(&block);
    twice.slice_mut(s![2.., 2..]).assign(&block);
    assert!(is_diagonalizable(twice.view()).unwrap());
    twice.slice_mut(s![..2, 2..]).assign(&Array2::eye(2));
    assert!(!is_diagonalizable(twice.view()).unwrap());
    let error = diagonalize(twice.view()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "diagonalize: a is defective: its eigenvalue 1+2j counts 2 times, but has only 1 independent eigenvector"
    );
    // Units do not matter.
    assert!(is_diagonalizable(array![[1.0, 1e200], [1e-200, 2.0]].view()).unwrap());
    assert!(!is_diagonalizable(array![[1e-200, 1e100], [0.0, 1e-200]].view()).unwrap());
    assert!(is_diagonalizable(array![[1.0, 1.0], [0.0, 1.0 + 1e-6]].view()).unwrap());
    assert!(is_diagonalizable(Array2::zeros((0, 0)).view()).unwrap());
}

/// Whether every eigenvalue on the diagonal of a triangular matrix of whole numbers has its eigenvectors: n less the rank of A − λI by elimination in
/// whole numbers.
fn has_all_eigenvectors(a: &[Vec<i128>]) -> bool {
    has_eigenvectors_of(a, &(0..a.len()).map(|k| a[k][k]).collect::<Vec<_>>())
}

/// The same for any matrix of whole numbers with these eigenvalues.
fn has_eigenvectors_of(a: &[Vec<i128>], eigenvalues: &[i128]) -> bool {
    let n = a.len();
    eigenvalues.iter().all(|&lambda| {
        let mut m: Vec<Vec<i128>> = a.to_vec();
        (0..n).for_each(|i| m[i][i] -= lambda);
        let mut rank = 0;
        for column in 0..n {
            let Some(pivot) = (rank..n).find(|&i| m[i][column] != 0) else { continue };
            m.swap(rank, pivot);
            for i in rank + 1..n {
                let (own, other) = (m[rank][column], m[i][column]);
                for j in column..n {
                    m[i][j] = m[i][j] * own - m[rank][j] * other;
                }
            }
            rank += 1;
        }
        n - rank == eigenvalues.iter().filter(|&&v| v == lambda).count()
    })
}

#[test]
fn triangular_matrices_of_whole_numbers_are_judged_as_exact_arithmetic_does() {
    for a in [
        array![[3.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        array![[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        array![[5.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    ] {
        assert!(!is_diagonalizable(a.view()).unwrap(), "{a}");
        assert!(!is_diagonalizable(a.t()).unwrap(), "{a}");
    }
    let mut stream = Stream::seeded(21);
    for round in 0..3000 {
        let n = 2 + round % 4;
        let mut digit = || (stream.normal() * 2.0).round().clamp(-3.0, 3.0) as i128;
        let a: Vec<Vec<i128>> = (0..n).map(|i| (0..n).map(|j| if j < i { 0 } else { digit() }).collect()).collect();
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| a[i][j] as f64);
        let expected = has_all_eigenvectors(&a);
        assert_eq!(is_diagonalizable(matrix.view()).unwrap(), expected, "{matrix}");
        assert_eq!(diagonalize(matrix.view()).is_ok(), expected, "{matrix}");
    }
    let error = diagonalize(Array2::from_elem((2, 2), 1e308).view()).unwrap_err().to_string();
    assert!(error.starts_with("diagonalize: a has an eigenvalue beyond"), "{error}");
}

#[test]
fn similar_matrices_of_whole_numbers_are_judged_as_exact_arithmetic_does() {
    let mut stream = Stream::seeded(22);
    let (mut wrong, mut worst) = (Vec::new(), 0.0_f64);
    for round in 0..3000 {
        let n = 3 + round % 3;
        let mut digit = |most: f64| (stream.normal() * 1.5).round().clamp(-most, most) as i128;
        let mut eigenvalues: Vec<i128> = (0..n).map(|_| digit(2.0)).collect();
        eigenvalues.sort_unstable();
        let mut a = vec![vec![0_i128; n]; n];
        for i in 0..n {
            a[i][i] = eigenvalues[i];
            if i + 1 < n && eigenvalues[i] == eigenvalues[i + 1] {
                a[i][i + 1] = digit(1.0).abs();
            }
        }
        // Row i plus a multiple of row j, and column j less the same multiple of column i.
        for step in 0..2 + round % 4 {
            let (i, j) = ((round + step) % n, (round + 2 * step + 1) % n);
            let factor = digit(2.0);
            if i != j {
                (0..n).for_each(|k| a[i][k] += factor * a[j][k]);
                (0..n).for_each(|k| a[k][j] -= factor * a[k][i]);
            }
        }
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| a[i][j] as f64);
        let expected = has_eigenvectors_of(&a, &eigenvalues);
        if is_diagonalizable(matrix.view()).unwrap() != expected {
            wrong.push(format!("{expected}: {matrix}"));
        }
        if let Ok(f) = diagonalize(matrix.view())
            && let Numbers::Real(p) = f.p
        {
            // ‖P⁻¹‖, beside columns of length one.
            let inverse = inv(p.view()).map_or(f64::INFINITY, |i| gallery::largest(&i.inverse));
            worst = worst.max(inverse);
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), wrong.iter().take(3).collect::<Vec<_>>());
    assert!(worst < 1e8, "{worst}");
    // Zero twice, with both of its eigenvectors.
    let mut a = Array2::zeros((5, 5));
    a.slice_mut(s![.., ..4]).assign(&array![
        [2.0, 0.0, -4.0, 4.0],
        [0.0, -1.0, 0.0, 0.0],
        [2.0, 0.0, -4.0, 4.0],
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0]
    ]);
    a[[4, 4]] = 2.0;
    let p = diagonalize(a.view()).unwrap().p;
    assert!(gallery::largest(&inv(p.real().unwrap().view()).unwrap().inverse) < 1e4);
}

#[test]
fn shown_eigenvalues_keep_every_digit() {
    let values = |a: &Array2<f64>| {
        let both = eig(a.view()).unwrap();
        let alone = eigvals(a.view()).unwrap();
        assert_eq!(both.eigenvalues, alone, "{a}");
        assert!(both.eigenvectors.to_complex().iter().all(|v| v.re.is_finite() && v.im.is_finite()), "{a}");
        alone.real().unwrap().to_vec()
    };
    for (large, small) in [(1e200, 1e-200), (1e155, 1.1e-155), (1.3e308, 3e-308), (1.7e308, -5e-324)] {
        assert_eq!(values(&array![[large, 0.0], [0.0, small]]), [small, large]);
        assert_eq!(values(&array![[large, 1.0], [0.0, small]]), [small, large]);
        assert_eq!(values(&array![[small, 0.0], [1.0, large]]), [small, large]);
        let f = schur(array![[large, 1.0], [0.0, small]].view(), SchurOutput::Real).unwrap();
        assert_eq!(f.t.real().unwrap(), &array![[large, 1.0], [0.0, small]]);
        let f = schur(array![[large, 0.0], [0.0, small]].view(), SchurOutput::Complex).unwrap();
        assert_eq!(f.t.to_complex()[[0, 0]].re, small);
        // Beside a block, symmetric or not.
        for block in [array![[2.0, 1.0], [1.0, 2.0]], array![[2.0, 4.0], [0.25, 2.0]]] {
            let mut a = Array2::zeros((4, 4));
            a.slice_mut(s![1..3, 1..3]).assign(&block);
            (a[[0, 0]], a[[3, 3]]) = (large, small);
            let found = values(&a);
            let expected = [small, 1.0, 3.0, large];
            assert!(found.iter().zip(expected).all(|(x, y)| (x - y).abs() <= 4.0 * EPS * y.abs()), "{found:?}");
            assert_eq!((found[0], found[3]), (small, large));
            let t = schur(a.view(), SchurOutput::Real).unwrap().t;
            assert!(t.real().unwrap().diag().iter().any(|v| *v == small));
            assert!(t.real().unwrap().diag().iter().any(|v| *v == large));
        }
    }
    // A block of small numbers beside a large one.
    let mut a = array![[2e-200, 4e-200, 0.0], [0.25e-200, 2e-200, 0.0], [0.0, 0.0, 1e300]];
    a[[0, 2]] = 1.0;
    let found = eigvals(a.view()).unwrap().real().unwrap().to_vec();
    assert!(
        (found[0] - 1e-200).abs() <= 1e-214 && (found[1] - 3e-200).abs() <= 1e-214 && found[2] == 1e300,
        "{found:?}"
    );
    let t = schur(a.view(), SchurOutput::Real).unwrap().t;
    let diagonal = t.real().unwrap().diag().to_vec();
    assert!(diagonal.iter().any(|v| (v - 1e-200).abs() <= 1e-214), "{diagonal:?}");
}

#[test]
fn a_diagonalized_matrix_is_its_factors_product() {
    let mut stream = Stream::seeded(9);
    for n in [1, 2, 3, 7, 20] {
        let a = random(&mut stream, n);
        let f = diagonalize(a.view()).unwrap();
        let (p, d) = (f.p.to_complex(), f.d.to_complex());
        let error = length(&(complex(&a).dot(&p) - p.dot(&d)));
        assert!(error <= 20.0 * n as f64 * EPS * length(&complex(&a)), "{n}: {error}");
    }
}

#[test]
fn powers_follow_their_laws() {
    let fibonacci = array![[1.0, 1.0], [1.0, 0.0]];
    assert_eq!(matrix_power(fibonacci.view(), 70).unwrap()[[0, 1]], 190_392_490_709_135.0);
    assert_eq!(matrix_power(fibonacci.view(), 0).unwrap(), Array2::<f64>::eye(2));
    assert_eq!(matrix_power(array![[2.0]].view(), -3).unwrap(), array![[0.125]]);
    assert_eq!(matrix_power(Array2::zeros((0, 0)).view(), 5).unwrap(), Array2::<f64>::zeros((0, 0)));
    let mut stream = Stream::seeded(2);
    for n in [3, 9, 13, 20] {
        let a = random(&mut stream, n) / (n as f64).sqrt();
        let five = matrix_power(a.view(), 5).unwrap();
        let mut expected = Array2::eye(n);
        for _ in 0..5 {
            expected = expected.dot(&a);
        }
        let error = (&five - &expected).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(error < 1e-13 * gallery::largest(&expected).max(1.0), "{n}: {error}");
        let symmetric = &a + &a.t();
        let power = matrix_power(symmetric.view(), 7).unwrap();
        assert_eq!(power, power.t());
    }
    let several = Array3::from_shape_simple_fn((7, 3, 3), || stream.normal());
    let powers = matrix_powers::<Error>(several.view().into_dyn(), 6, || Ok(())).unwrap();
    for (a, power) in several.outer_iter().zip(powers.outer_iter()) {
        let alone = matrix_power(a, 6).unwrap().into_dyn();
        let bound = 1e-13 * matrix_power(a.mapv(f64::abs).view(), 6).unwrap().sum();
        assert!((&power - &alone).iter().all(|v| v.abs() <= bound));
    }
    // Beyond the range: infinities with their sign, never NaN.
    let huge = array![[1e200, -1e200], [1e200, 1e200]];
    let fourth = matrix_power(huge.view(), 3).unwrap();
    assert_eq!(fourth, array![[f64::NEG_INFINITY, f64::NEG_INFINITY], [f64::INFINITY, f64::NEG_INFINITY]]);
    let singular = matrix_power(array![[1.0, 2.0], [2.0, 4.0]].view(), -1).unwrap_err();
    assert!(matches!(singular, Error::Singular { function: "matrix_power", .. }));
    assert!(matches!(matrix_power(Array2::zeros((2, 3)).view(), 2), Err(Error::Shape { .. })));
    assert!(matrix_power(array![[f64::NAN]].view(), 2).unwrap()[[0, 0]].is_nan());
    assert!(matches!(matrix_power(array![[f64::NAN]].view(), -2), Err(Error::NotFinite { .. })));
}

#[test]
fn entries_within_range_survive_the_overflow_of_others() {
    let inf = f64::INFINITY;
    let power = |a: &Array2<f64>, n| matrix_power(a.view(), n).unwrap();
    let diagonal = |d: &[f64]| Array2::from_diag(&Array1::from(d.to_vec()));
    assert_eq!(power(&array![[1.0, 1e308], [0.0, 1.0]], 2), array![[1.0, inf], [0.0, 1.0]]);
    assert_eq!(power(&diagonal(&[3.0, 1.0]), 2000), diagonal(&[inf, 1.0]));
    assert_eq!(power(&diagonal(&[-2.0, 1.0, 3.0]), 2001), diagonal(&[-inf, 1.0, inf]));
    assert_eq!(power(&array![[2.0, 1.0], [0.0, 1.0]], 5000), array![[inf, inf], [0.0, 1.0]]);
    assert_eq!(power(&array![[2.0, 0.0], [1.0, 1.0]], 5000), array![[inf, 0.0], [inf, 1.0]]);
    assert_eq!(power(&diagonal(&[1e200, 1.0, 2.0]), 1000), diagonal(&[inf, 1.0, 2.0_f64.powi(1000)]));
    assert_eq!(power(&diagonal(&[1e-200, 1.0, 2.0]), i64::MAX), diagonal(&[0.0, 1.0, inf]));
    assert_eq!(power(&diagonal(&[0.5, 1.0, 2.0]), -5000), diagonal(&[inf, 1.0, 0.0]));
    // Products of a huge and a tiny number: (10^400)·(10^−400) on the way.
    let shear = array![[1e200, 1.0, 0.0], [0.0, 1e-200, 0.0], [0.0, 0.0, 7.0]];
    let fourth = power(&shear, 4);
    assert_eq!((fourth[[0, 0]], fourth[[0, 1]], fourth[[1, 1]], fourth[[2, 2]]), (inf, inf, 0.0, 2401.0));
    assert_eq!(fourth.iter().filter(|v| **v == 0.0).count(), 6);
    // Large matrices, on the road of the large kernel.
    let mut large = Array2::eye(40);
    large[[39, 39]] = 3.0;
    large[[0, 1]] = 5.0;
    let result = power(&large, 1000);
    assert_eq!((result[[39, 39]], result[[0, 1]], result.sum()), (inf, 5000.0, inf));
    assert!((0..39).all(|i| result[[i, i]] == 1.0));
    let mut stream = Stream::seeded(12);
    let positive = Array2::from_shape_simple_fn((30, 30), || 1.0 + stream.normal().abs());
    assert!(power(&positive, 1000).iter().all(|v| *v == inf));
}

#[test]
fn exponentials_follow_their_laws() {
    assert_eq!(expm(Array2::zeros((0, 0)).view()).unwrap(), Array2::<f64>::zeros((0, 0)));
    assert_eq!(expm(array![[1.0]].view()).unwrap(), array![[1.0_f64.exp()]]);
    assert_eq!(expm((Array2::eye(3) * -1000.0).view()).unwrap(), Array2::<f64>::zeros((3, 3)));
    assert_eq!(expm(Array2::zeros((5, 5)).view()).unwrap(), Array2::<f64>::eye(5));
    // A nilpotent matrix is a finite sum, whatever its size: I + N + N²/2.
    let nilpotent = array![[0.0, 1e10, 3e9], [0.0, 0.0, 2e10], [0.0, 0.0, 0.0]];
    let expected: Array2<f64> = Array2::eye(3) + &nilpotent + nilpotent.dot(&nilpotent) / 2.0;
    let found = expm(nilpotent.view()).unwrap();
    assert!(found.iter().zip(&expected).all(|(x, y)| (x - y).abs() <= 4.0 * EPS * y.abs()), "{found}");
    let mut stream = Stream::seeded(6);
    for n in [2, 3, 5, 10, 30] {
        let a = random(&mut stream, n);
        let skew = &a - &a.t();
        for norm in [1.0, 1e3, 1e6] {
            let skew = &skew * (norm / length(&complex(&skew)));
            let q = expm(skew.view()).unwrap();
            let error = (q.t().dot(&q) - Array2::<f64>::eye(n)).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            assert!(error <= 30.0 * EPS * norm.max(1.0) * (n as f64).sqrt(), "{n}, {norm}: {error}");
        }
        let symmetric = &a + &a.t();
        let power = expm(symmetric.view()).unwrap();
        assert_eq!(power, power.t());
        // e^A·e^(−A) = I
        let (there, back) = (expm(a.view()).unwrap(), expm((-&a).view()).unwrap());
        let error = (there.dot(&back) - Array2::<f64>::eye(n)).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let sizes = length(&complex(&there)) * length(&complex(&back));
        assert!(error <= 50.0 * EPS * sizes * length(&complex(&a)), "{n}: {error}");
    }
    for big in [Array2::eye(2) * 1000.0, Array2::from_elem((3, 3), 1e300), Array2::eye(4) * 710.0] {
        assert!(matches!(expm(big.view()), Err(Error::Invalid { function: "expm", argument: "A", .. })));
    }
    for (name, a) in gallery::square() {
        // Either a number for every entry or a refusal that says why.
        if let Ok(result) = expm(a.view()) {
            assert!(result.iter().all(|v| v.is_finite()), "{name}");
        }
    }
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let nan = array![[1.0, f64::NAN], [0.0, 1.0]];
    let wide = Array2::<f64>::zeros((2, 3));
    type Call = fn(ArrayView2<'_, f64>) -> Option<Error>;
    let calls: [(&str, Call); 6] = [
        ("eig", |a| eig(a).err()),
        ("eigvals", |a| eigvals(a).err()),
        ("schur", |a| schur(a, SchurOutput::Real).err()),
        ("is_diagonalizable", |a| is_diagonalizable(a).err()),
        ("diagonalize", |a| diagonalize(a).err()),
        ("expm", |a| expm(a).err()),
    ];
    for (name, call) in calls {
        let refused = call(nan.view()).unwrap().to_string();
        assert!(refused.starts_with(&format!("{name}: ")) && refused.contains("row 0, column 1"), "{refused}");
        assert!(matches!(call(wide.view()), Some(Error::Shape { .. })), "{name}");
        assert!(call((Array2::eye(2) * f64::INFINITY).view()).is_some(), "{name}");
    }
    assert!("imaginary".parse::<SchurOutput>().is_err());
    let largest = Array2::from_elem((3, 3), f64::MAX);
    assert!(matches!(eigvals(largest.view()), Err(Error::Invalid { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn layouts_do_not_matter(n in 1_usize..24, seed: u64) {
        let mut stream = Stream::seeded(seed);
        let a = random(&mut stream, n);
        let values = eig(a.view()).unwrap();
        let form = schur(a.view(), SchurOutput::Complex).unwrap();
        let power = expm(a.view()).unwrap();
        for other in gallery::layouts(&a) {
            prop_assert_eq!(&eig(other.view()).unwrap(), &values);
            prop_assert_eq!(&schur(other.view(), SchurOutput::Complex).unwrap(), &form);
            prop_assert_eq!(&expm(other.view()).unwrap(), &power);
        }
        let reversed = a.slice(s![..;-1, ..;-1]);
        prop_assert_eq!(eigvals(reversed).unwrap().to_complex().len(), n);
    }

    #[test]
    fn sums_and_products_of_eigenvalues_are_trace_and_determinant(n in 1_usize..16, seed: u64) {
        let mut stream = Stream::seeded(seed);
        let a = random(&mut stream, n);
        let values = eigvals(a.view()).unwrap().to_complex();
        let sum: Complex<f64> = values.iter().sum();
        prop_assert!((sum.re - a.diag().sum()).abs() <= 20.0 * n as f64 * EPS * length(&complex(&a)));
        prop_assert!(sum.im.abs() <= 1e-14);
        // The square of a matrix has the squares for eigenvalues.
        let square: Array2<f64> = matmul(a.view(), a.view()).unwrap().into_dimensionality().unwrap();
        let squares: Complex<f64> = values.iter().map(|v| v * v).sum();
        let trace = square.diag().sum();
        prop_assert!((squares.re - trace).abs() <= 100.0 * n as f64 * EPS * length(&complex(&a)).powi(2));
        prop_assert_eq!(square.len_of(Axis(0)), n);
    }
}
