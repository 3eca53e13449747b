//! Matrices on which linear algebra is known to go wrong, each with the place where it is described.
//!
//! Most are in N. J. Higham, "The Test Matrix Toolbox for MATLAB" (1995), and in his Accuracy and Stability of Numerical Algorithms
//! (2nd edition, 2002), chapter 28; others name their own source.

#![allow(dead_code, reason = "each test file takes what it needs")]

use ndarray::{Array2, array, s};

/// hᵢⱼ = 1/(i + j − 1): symmetric, positive definite, nearly singular from n = 12.
pub(crate) fn hilbert(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| 1.0 / (i + j + 1) as f64)
}

/// Kahan's triangle, whose near singularity its diagonal hides (W. Kahan 1966): sⁱ on the diagonal, −c·sⁱ to the right.
pub(crate) fn kahan(n: usize, theta: f64) -> Array2<f64> {
    let (sine, cosine) = theta.sin_cos();
    Array2::from_shape_fn((n, n), |(i, j)| {
        sine.powi(i as i32)
            * match i.cmp(&j) {
                std::cmp::Ordering::Equal => 1.0,
                std::cmp::Ordering::Less => -cosine,
                std::cmp::Ordering::Greater => 0.0,
            }
    })
}

/// Frank's Hessenberg matrix (W. L. Frank 1958): determinant 1; the small half of its eigenvalues is ill-conditioned.
pub(crate) fn frank(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| if j + 1 < i { 0.0 } else { (n - i.max(j)) as f64 })
}

/// Wilkinson's W⁺ of odd n: tridiagonal, |i − (n−1)/2| beside ones; pairs of eigenvalues agree to many digits.
pub(crate) fn wilkinson(n: usize) -> Array2<f64> {
    let middle = (n as f64 - 1.0) / 2.0;
    Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        0 => (i as f64 - middle).abs(),
        1 => 1.0,
        _ => 0.0,
    })
}

/// Binomial coefficients, C(i+j, i): symmetric, determinant 1, eigenvalues in reciprocal pairs.
pub(crate) fn pascal(n: usize) -> Array2<f64> {
    let mut a = Array2::ones((n, n));
    for i in 1..n {
        for j in 1..n {
            a[[i, j]] = a[[i - 1, j]] + a[[i, j - 1]];
        }
    }
    a
}

/// Powers 0 … n−1 of n equally spaced points in [0, 1].
pub(crate) fn vandermonde(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| (i as f64 / (n.max(2) - 1) as f64).powi(j as i32))
}

/// Clement's tridiagonal matrix (P. A. Clement 1959): eigenvalues n−1, n−3, …, 1−n exactly.
pub(crate) fn clement(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| {
        if j == i + 1 {
            j as f64
        } else if i == j + 1 {
            (n - i) as f64
        } else {
            0.0
        }
    })
}

/// Grcar's Toeplitz matrix (J. F. Grcar 1989): −1 below the diagonal, ones on it and on three above; sensitive eigenvalues.
pub(crate) fn grcar(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| if i == j + 1 { -1.0 } else { f64::from(u8::from(j >= i && j <= i + 3)) })
}

/// Rosser's matrix (J. B. Rosser et al. 1951): eigenvalues 1000 twice, 0, and pairs that nearly agree.
pub(crate) fn rosser() -> Array2<f64> {
    array![
        [611.0, 196.0, -192.0, 407.0, -8.0, -52.0, -49.0, 29.0],
        [196.0, 899.0, 113.0, -192.0, -71.0, -43.0, -8.0, -44.0],
        [-192.0, 113.0, 899.0, 196.0, 61.0, 49.0, 8.0, 52.0],
        [407.0, -192.0, 196.0, 611.0, 8.0, 44.0, 59.0, -23.0],
        [-8.0, -71.0, 61.0, 8.0, 411.0, -599.0, 208.0, 208.0],
        [-52.0, -43.0, 49.0, 44.0, -599.0, 411.0, 208.0, 208.0],
        [-49.0, -8.0, 8.0, 59.0, 208.0, 208.0, 99.0, -911.0],
        [29.0, -44.0, 52.0, -23.0, 208.0, 208.0, -911.0, 99.0],
    ]
}

/// The companion matrix of a monic polynomial x^n + c₁x^(n−1) + … + cₙ, its coefficients in the first row.
pub(crate) fn companion(coefficients: &[f64]) -> Array2<f64> {
    let n = coefficients.len();
    Array2::from_shape_fn((n, n), |(i, j)| if i == 0 { -coefficients[j] } else { f64::from(u8::from(i == j + 1)) })
}

/// The coefficients behind the leading 1 of (x−1)(x−2)…(x−n): for n = 20 Wilkinson's polynomial.
pub(crate) fn wilkinson_polynomial(n: usize) -> Vec<f64> {
    let mut c = vec![1.0];
    for root in 1..=n {
        let mut next = c.clone();
        next.push(0.0);
        for (k, v) in c.iter().enumerate() {
            next[k + 1] -= root as f64 * v;
        }
        c = next;
    }
    c.split_off(1)
}

/// Rows and columns that fall off by powers of ten.
pub(crate) fn graded(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| (1.0 + 1.0 / (i + 2 * j + 1) as f64) * 10.0_f64.powi(-((i + j) as i32)))
}

/// A Jordan block with 1 on the diagonal whose corner holds a millionth of a millionth.
pub(crate) fn nearly_defective(n: usize) -> Array2<f64> {
    let mut a = Array2::from_shape_fn((n, n), |(i, j)| f64::from(u8::from(i == j || j == i + 1)));
    if n > 0 {
        a[[n - 1, 0]] += 1e-12;
    }
    a
}

/// Wilkinson's matrix on which partial pivoting doubles the last column at every step.
pub(crate) fn growth(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j || j + 1 == n {
            1.0
        } else if j < i {
            -1.0
        } else {
            0.0
        }
    })
}

/// Fixed numbers between −1 and 1 without a pattern.
pub(crate) fn random(m: usize, n: usize, seed: u64) -> Array2<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
    Array2::from_shape_simple_fn((m, n), || {
        // xorshift64* (S. Vigna 2016).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    })
}

/// An m×n matrix of this rank.
pub(crate) fn of_rank(m: usize, n: usize, rank: usize) -> Array2<f64> {
    random(m, rank, 1).dot(&random(rank, n, 2))
}

/// Hard square matrices with their names, up to 60×60.
pub(crate) fn square() -> Vec<(String, Array2<f64>)> {
    let mut all: Vec<(String, Array2<f64>)> = Vec::new();
    for n in [1, 2, 3, 5, 8, 12, 16, 17, 21, 33, 60] {
        let mut add = |name: &str, a: Array2<f64>| all.push((format!("{name}({n})"), a));
        add("hilbert", hilbert(n));
        add("kahan", kahan(n, 1.2));
        add("frank", frank(n));
        add("wilkinson", wilkinson(n));
        add("pascal", pascal(n.min(30)));
        add("vandermonde", vandermonde(n));
        add("clement", clement(n));
        add("grcar", grcar(n));
        add("companion of Wilkinson's polynomial", companion(&wilkinson_polynomial(n.min(20))));
        add("graded", graded(n));
        add("nearly defective", nearly_defective(n));
        add("growth", growth(n));
        add("random", random(n, n, n as u64));
        add("of half rank", of_rank(n, n, n.div_ceil(2)));
        add("zero", Array2::zeros((n, n)));
        add("identity", Array2::eye(n));
        add("huge", random(n, n, 7) * 1e300);
        add("tiny", random(n, n, 8) * 1e-300);
        add("denormal", random(n, n, 9) * 1e-310);
        let mut mixed = random(n, n, 10);
        mixed.indexed_iter_mut().for_each(|((i, j), v)| *v *= 10.0_f64.powi(150 * ((i + 2 * j) % 3) as i32 - 150));
        add("of mixed scales", mixed);
        let mut skew = random(n, n, 11);
        skew = &skew - &skew.t();
        add("skew", skew);
        let mut permutation = Array2::zeros((n, n));
        (0..n).for_each(|i| permutation[[i, (i + 1) % n]] = 1.0);
        add("cyclic", permutation);
    }
    all.push(("rosser".into(), rosser()));
    all.push(("empty".into(), Array2::zeros((0, 0))));
    all
}

/// The symmetric ones of [`square`], and the symmetric parts and Gram matrices of some others.
pub(crate) fn symmetric() -> Vec<(String, Array2<f64>)> {
    let mut all = Vec::new();
    for (name, a) in square() {
        if a == a.t() {
            all.push((name, a));
        } else if !name.starts_with("huge") && !name.starts_with("of mixed") {
            all.push((format!("symmetric part of {name}"), (&a + &a.t()) / 2.0));
            all.push((format!("gram matrix of {name}"), symmetrised(a.t().dot(&a))));
        }
    }
    all
}

fn symmetrised(mut a: Array2<f64>) -> Array2<f64> {
    for i in 0..a.nrows() {
        for j in 0..i {
            a[[i, j]] = a[[j, i]];
        }
    }
    a
}

/// Matrices that are taller than wide, and the other way round, of full and of less rank, and empty.
pub(crate) fn rectangular() -> Vec<(String, Array2<f64>)> {
    let mut all = Vec::new();
    for (m, n) in [(5, 1), (3, 2), (7, 3), (17, 5), (40, 16), (60, 33), (100, 20), (3, 0)] {
        let mut add = |name: &str, a: Array2<f64>| {
            all.push((format!("{name}, {n}×{m}"), a.t().to_owned()));
            all.push((format!("{name}, {m}×{n}"), a));
        };
        add("random", random(m, n, 3));
        add("columns of Hilbert's", hilbert(m).slice(s![.., ..n]).to_owned());
        add("columns of the graded", graded(m).slice(s![.., ..n]).to_owned());
        add("zero", Array2::zeros((m, n)));
        add("of rank one", of_rank(m, n, 1));
        add("huge", random(m, n, 4) * 1e305);
        add("denormal", random(m, n, 5) * 1e-312);
    }
    all
}

/// The largest magnitude; 0 for an empty matrix.
pub(crate) fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |m, v| if v.abs() > m || v.is_nan() { v.abs() } else { m })
}

/// The same matrix in other layouts: by columns, strided, reversed, as a transpose of its transpose.
pub(crate) fn layouts(a: &Array2<f64>) -> Vec<Array2<f64>> {
    // Owned arrays keep their layout, so that a test can take any view of them.
    vec![a.clone(), a.t().as_standard_layout().into_owned().reversed_axes()]
}
