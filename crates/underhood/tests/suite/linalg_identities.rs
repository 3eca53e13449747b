//! Every factorisation on matrices of every size and several awkward kinds, by its defining identity: sizes just around those of
//! the blocks, ranks below the size, entries of very different magnitude, values in clusters.
//!
//! Tolerances are multiples of ε·max(m, n)·‖A‖ (Frobenius), which is what backward stability promises. The same test passes with every
//! instruction set: `UNDERHOOD_SIMD=avx2` and `UNDERHOOD_SIMD=baseline` choose the lesser ones.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use crate::gallery;

use gallery::random;
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};
use num_complex::Complex;
use underhood::linalg::{
    QrMode, SchurOutput, Triangle, cholesky, det, eig, eigh, eigvals, eigvalsh, inv, ldlt, lstsq, lu, matmul, pinv, qr,
    qr_pivoted, schur, slogdet, solve, solve_triangular, svd, svdvals,
};
use underhood::random::Stream;

const EPS: f64 = f64::EPSILON;

fn size(a: ArrayView2<'_, f64>) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn times(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut out = Array2::zeros((a.nrows(), b.ncols()));
    ndarray::linalg::general_mat_mul(1.0, &a, &b, 0.0, &mut out);
    out
}

#[track_caller]
fn near(what: &str, name: &str, a: &Array2<f64>, b: ArrayView2<'_, f64>, bound: f64) {
    let error = size((a - &b).view());
    assert!(error <= bound, "{what} of {name}: {error:e} > {bound:e}");
}

#[track_caller]
fn orthonormal(what: &str, name: &str, q: ArrayView2<'_, f64>) {
    let k = q.ncols();
    let bound = 4.0 * EPS * (q.nrows() as f64 + 8.0);
    near(what, name, &times(q.t(), q), Array2::eye(k).view(), bound);
}

/// An m×n matrix of a kind: dense, of low rank, graded by rows and columns, with clustered values, with many zeros, small whole numbers.
fn awkward(kind: usize, m: usize, n: usize, seed: u64) -> (String, Array2<f64>) {
    let mut stream = Stream::seeded(seed.wrapping_mul(977) + 13);
    let a = random(m, n, seed + 1);
    let made = match kind {
        0 => a,
        1 => {
            let rank = 1 + (seed as usize % m.min(n));
            times(random(m, rank, seed).view(), random(rank, n, seed + 2).view())
        }
        2 => {
            let scale = |i: usize| 2.0_f64.powi(-(((i * 37) % 101) as i32));
            Array2::from_shape_fn((m, n), |(i, j)| a[[i, j]] * scale(i) * scale(j + 5))
        }
        3 => {
            let k = m.min(n);
            let left = qr(random(m, k, seed).view(), QrMode::Reduced).unwrap().q;
            let right = qr(random(n, k, seed + 3).view(), QrMode::Reduced).unwrap().q;
            let values = Array1::from_shape_fn(k, |i| [1.0, 1.0, 1e-3, 1e-9][i % 4] * (1.0 + EPS * (i % 3) as f64));
            times((&left * &values).view(), right.t())
        }
        4 => a.mapv(|v| if stream.uniform() < 0.8 { 0.0 } else { v }),
        _ => a.mapv(|v| (2.0 * v).round()),
    };
    (format!("kind {kind}, {m}×{n}, seed {seed}"), made)
}

fn rectangular(name: &str, a: &Array2<f64>, rng: u64) {
    let (m, n) = a.dim();
    let (k, big) = (m.min(n), m.max(n) as f64);
    let norm = size(a.view());
    let bound = 8.0 * EPS * (big + 8.0) * norm;

    let f = svd(a.view(), rng.is_multiple_of(3), false).unwrap();
    orthonormal("U", name, f.u.view());
    orthonormal("V", name, f.vh.t());
    let product = times((&f.u.slice(s![.., ..k]) * &f.s).view(), f.vh.slice(s![..k, ..]));
    near("USV", name, &product, a.view(), bound);
    assert!(f.s.windows(2).into_iter().all(|w| w[0] >= w[1]) && f.s.iter().all(|&s| s >= 0.0), "{name}");
    let alone = svdvals(a.view()).unwrap();
    assert!((&alone - &f.s).iter().all(|d| d.abs() <= bound), "svdvals of {name}: {alone} {}", f.s);

    let mode = if rng.is_multiple_of(2) { QrMode::Reduced } else { QrMode::Complete };
    let f = qr(a.view(), mode).unwrap();
    orthonormal("Q", name, f.q.view());
    near("QR", name, &times(f.q.view(), f.r.view()), a.view(), bound);
    assert!(f.r.indexed_iter().all(|((i, j), &v)| i < j || if i == j { v >= 0.0 } else { v == 0.0 }), "R of {name}");
    let f = qr_pivoted(a.view(), mode).unwrap();
    orthonormal("pivoted Q", name, f.q.view());
    near("pivoted QR", name, &times(f.q.view(), f.r.view()), a.select(Axis(1), f.p.as_slice().unwrap()).view(), bound);
    let d = f.r.diag();
    assert!((1..k).all(|i| d[i] <= d[i - 1] * (1.0 + 1e-7) + EPS * norm), "pivoted diagonal of {name}: {d}");

    let f = lu(a.view()).unwrap();
    let growth = (size(f.l.view()) * size(f.u.view())).max(norm);
    near(
        "LU",
        name,
        &times(f.l.view(), f.u.view()),
        a.select(Axis(0), f.order.as_slice().unwrap()).view(),
        8.0 * EPS * big * growth,
    );
    assert!(f.l.iter().all(|v| v.abs() <= 1.0), "L of {name}");

    let b = random(m, 1 + rng as usize % 5, rng + 9);
    let fit = lstsq(a.view(), b.view(), None).unwrap();
    let residual = times(a.view(), fit.x.view()) - &b;
    let normal = times(a.t(), residual.view());
    let x = size(fit.x.view());
    let allowed = 64.0 * EPS * (big + 8.0) * norm * (norm * x + size(b.view()));
    assert!(size(normal.view()) <= allowed, "lstsq of {name}: {:e} > {allowed:e}", size(normal.view()));
    let p = pinv(a.view(), Some(1e-7), false).unwrap_or_else(|e| panic!("{name}: {e}"));
    let again = times(times(p.view(), a.view()).view(), p.view());
    let by = size(p.view());
    near("pinv", name, &again, p.view(), 64.0 * EPS * big * by * (1.0 + by * norm));
}

fn square(name: &str, a: &Array2<f64>, rng: u64) {
    let n = a.nrows();
    let norm = size(a.view());
    let bound = 8.0 * EPS * (n as f64 + 8.0) * norm;
    let symmetric = a + &a.t();
    let f = eigh(symmetric.view(), Triangle::Both).unwrap();
    orthonormal("eigenvectors", name, f.vectors.view());
    near("VΛV", name, &times((&f.vectors * &f.values).view(), f.vectors.t()), symmetric.view(), 2.0 * bound);
    let alone = eigvalsh(symmetric.view(), Triangle::Both).unwrap();
    assert!((&alone - &f.values).iter().all(|d| d.abs() <= 2.0 * bound), "eigvalsh of {name}");
    let f = ldlt(symmetric.view(), Triangle::Both).unwrap();
    let p = f.p.to_vec();
    let turned = symmetric.select(Axis(0), &p).select(Axis(1), &p);
    let l = size(f.l.view());
    near(
        "LDL",
        name,
        &times(times(f.l.view(), f.d.view()).view(), f.l.t()),
        turned.view(),
        8.0 * EPS * n as f64 * (l * size(f.d.view()) * l).max(norm),
    );

    let mut definite = times(a.view(), a.t());
    let shift = EPS * 4.0 * n as f64 * norm * norm;
    definite.diag_mut().mapv_inplace(|v| v + shift);
    let definite = (&definite + &definite.t()) * 0.5;
    if norm > 0.0 {
        let l = cholesky(definite.view()).unwrap();
        near(
            "LL",
            name,
            &times(l.view(), l.t()),
            definite.view(),
            4.0 * EPS * (n as f64 + 1.0) * definite.diag().sum(),
        );
    }

    let f = schur(a.view(), SchurOutput::Real).unwrap();
    let (t, z) = (f.t.real().unwrap(), f.z.real().unwrap());
    orthonormal("Z", name, z.view());
    near("ZTZ", name, &times(times(z.view(), t.view()).view(), z.t()), a.view(), 2.0 * bound);
    assert!(t.indexed_iter().all(|((i, j), &v)| i <= j + 1 || v == 0.0), "T of {name}");
    assert!((2..n).all(|i| t[[i, i - 1]] == 0.0 || t[[i - 1, i - 2]] == 0.0), "blocks of T of {name}");
    let f = eig(a.view()).unwrap();
    let (lambda, v) = (f.eigenvalues.to_complex(), f.eigenvectors.to_complex());
    let left = a.mapv(|x| Complex::new(x, 0.0)).dot(&v) - &v * &lambda;
    for (j, column) in left.columns().into_iter().enumerate() {
        let error = column.iter().map(Complex::norm_sqr).sum::<f64>().sqrt();
        assert!(error <= 4.0 * bound, "eigenvector {j} of {name}: {error:e} > {:e}", 4.0 * bound);
    }
    let alone = eigvals(a.view()).unwrap().to_complex();
    assert!((alone.sum() - lambda.sum()).norm() <= 8.0 * bound * n as f64, "eigvals of {name}");

    let b = random(n, 1 + rng as usize % 40, rng + 4);
    let triangle = Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j { 2.0 + a[[i, j]].abs().min(3.0) } else { a[[i, j]].clamp(-3.0, 3.0) / n as f64 }
    });
    for (transposed, lower) in [(false, false), (true, false), (false, true), (true, true)] {
        let half =
            Array2::from_shape_fn((n, n), |(i, j)| if lower == (i > j) || i == j { triangle[[i, j]] } else { 0.0 });
        let x = solve_triangular(triangle.view(), b.view(), transposed, lower, false).unwrap().x;
        let half = if transposed { half.t() } else { half.view() };
        near(
            "triangle",
            name,
            &times(half, x.view()),
            b.view(),
            8.0 * EPS * n as f64 * (size(half) * size(x.view()) + size(b.view())),
        );
    }
    if let Ok(solution) = solve(a.view(), b.view()) {
        let x = solution.x;
        near(
            "solve",
            name,
            &times(a.view(), x.view()),
            b.view(),
            8.0 * EPS * (n as f64 + 4.0) * (norm * size(x.view()) + size(b.view())),
        );
    }
    if let Ok(found) = inv(a.view()) {
        let y = found.inverse;
        let condition = norm * size(y.view());
        near("inv", name, &times(a.view(), y.view()), Array2::eye(n).view(), 16.0 * EPS * (n as f64 + 4.0) * condition);
        // Where all is rounding, so is the determinant.
        if EPS * n as f64 * condition < 1e-4 {
            let found = slogdet(a.view()).unwrap();
            let (sign, log) = (found.sign, found.logabsdet);
            let expected: f64 = svdvals(a.view()).unwrap().iter().map(|s| s.ln()).sum();
            assert!(
                (log - expected).abs() <= 64.0 * EPS * n as f64 * condition + 1e-12 * n as f64,
                "slogdet of {name}: {log} {expected}"
            );
            if let Ok(d) = det(a.view()) {
                assert!(d.abs() < 1e-290 || d.is_infinite() || (d.abs().ln() - log).abs() <= 1e-9, "det of {name}");
                assert!(d == 0.0 || d.signum() == sign, "det of {name}");
            }
        }
    }
    let c = random(n, b.ncols() + 3, rng);
    let product = matmul(a.t(), c.view()).unwrap().into_dimensionality::<ndarray::Ix2>().unwrap();
    near("product", name, &product, times(a.t(), c.view()).view(), 4.0 * EPS * n as f64 * norm * size(c.view()));
    let joined = concatenate(Axis(1), &[a.view(), c.view()]).unwrap();
    let product = matmul(joined.t(), a.slice(s![..;-1, ..])).unwrap().into_dimensionality::<ndarray::Ix2>().unwrap();
    near(
        "product",
        name,
        &product,
        times(joined.t(), a.slice(s![..;-1, ..])).view(),
        4.0 * EPS * n as f64 * norm * size(joined.view()),
    );
}

/// How many random cases: `UNDERHOOD_ROUNDS` says otherwise for a long run.
fn rounds(usual: u64) -> u64 {
    std::env::var("UNDERHOOD_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[test]
fn sizes_around_those_of_blocks() {
    for n in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 40, 63, 64, 65, 95, 97, 127, 128, 129] {
        for kind in 0..6 {
            let (name, a) = awkward(kind, n, n, n as u64);
            rectangular(&name, &a, n as u64);
            square(&name, &a, n as u64);
        }
    }
}

#[test]
fn random_shapes() {
    for seed in 0..rounds(120) {
        let mut stream = Stream::seeded(seed + 77);
        let most = if seed % 8 == 0 { 200 } else { 48 };
        let (m, n) = (1 + stream.below(most) as usize, 1 + stream.below(most) as usize);
        let kind = stream.below(6) as usize;
        let (name, a) = awkward(kind, m, n, seed);
        rectangular(&name, &a, seed);
        let (name, a) = awkward(kind, m, m, seed);
        square(&name, &a, seed);
    }
}
