//! Eigenvectors that balancing has spoilt.
//!
//! An eigenvector of the balanced matrix is right to rounding beside that matrix's norm. Turned back, D·y, it can fail to be one of A beside A's norm,
//! when D's entries differ by more than the digits of a double. Its eigenvalue is still good, and a step of inverse iteration with A itself, (A − λI)·z = v,
//! makes the residual ‖A·z − λ·z‖ small: z is as good as A − λI is nearly singular. Source: I. Ipsen, "Computing an eigenvector with inverse iteration",
//! SIAM Rev. 39 (1997), doi:10.1137/S0036144596300773.

use ndarray::{Array1, Array2, ArrayView2, s};
use num_complex::Complex;

use super::eigen::Packed;
use super::{condition, magnitude};

/// A residual of more than this many n·ε·‖A‖ is worth a repair.
const BAD: f64 = 10.0;

/// Steps for one vector; the first one does it as a rule.
const STEPS: usize = 4;

/// So many multiplications are made for repairs at most: beyond, vectors stay as they are.
const PATIENCE: usize = 4_000_000_000;

/// Replaces those of a spectrum's eigenvectors whose residual is bad, where a better one is found.
pub(super) fn repair(a: ArrayView2<'_, f64>, largest: f64, spectrum: &mut Packed) {
    let n = a.nrows();
    // Near one, as squares are taken.
    let scale = magnitude::exponent(largest);
    let a = a.mapv(|v| libm::ldexp(v, -scale));
    let size = a.iter().map(|v| v * v).sum::<f64>().sqrt();
    let bad = BAD * n as f64 * f64::EPSILON * size;
    let mut budget = PATIENCE / n.pow(3).max(1);
    let mut j = 0;
    while j < n {
        let lambda = Complex::new(libm::ldexp(spectrum.re[j], -scale), libm::ldexp(spectrum.im[j], -scale));
        let width = if lambda.im == 0.0 { 1 } else { 2 };
        let mut v: Array1<Complex<f64>> = (0..n)
            .map(|i| {
                Complex::new(spectrum.vectors[[i, j]], if width == 2 { spectrum.vectors[[i, j + 1]] } else { 0.0 })
            })
            .collect();
        let mut reached = residual(&a, lambda, &v);
        if reached > bad && budget > 0 {
            budget -= 1;
            let mut z = v.clone();
            let mut better = false;
            for step in 0..STEPS {
                if step == STEPS - 1 {
                    // A start without a pattern has a part along every direction.
                    z = (0..n).map(|i| Complex::new(condition::probe(i), condition::probe(n + i))).collect();
                }
                z = solve(&a, lambda, z, f64::EPSILON * size);
                let length = z.iter().map(|v| v.norm_sqr()).sum::<f64>().sqrt();
                z.mapv_inplace(|v| v / length);
                let now = residual(&a, lambda, &z);
                if now < reached {
                    (v, reached, better) = (z.clone(), now, true);
                }
                if reached <= bad || !length.is_finite() {
                    break;
                }
            }
            if better {
                for (i, v) in v.iter().enumerate() {
                    spectrum.vectors[[i, j]] = v.re;
                    if width == 2 {
                        spectrum.vectors[[i, j + 1]] = v.im;
                    }
                }
            }
        }
        j += width;
    }
}

/// ‖A·v − λ·v‖ of a unit vector.
fn residual(a: &Array2<f64>, lambda: Complex<f64>, v: &Array1<Complex<f64>>) -> f64 {
    let square = a.rows().into_iter().zip(v).map(|(row, own)| {
        let image: Complex<f64> = row.iter().zip(v).map(|(&a, v)| v * a).sum();
        (image - lambda * own).norm_sqr()
    });
    square.sum::<f64>().sqrt()
}

/// (A − λI)⁻¹·b, where a pivot that vanishes is raised to a rounding error.
fn solve(a: &Array2<f64>, lambda: Complex<f64>, mut b: Array1<Complex<f64>>, floor: f64) -> Array1<Complex<f64>> {
    let n = b.len();
    let mut m = a.mapv(|v| Complex::new(v, 0.0));
    m.diag_mut().mapv_inplace(|v| v - lambda);
    for k in 0..n {
        let pivot = (k..n).fold(k, |p, i| if m[[i, k]].norm_sqr() > m[[p, k]].norm_sqr() { i } else { p });
        if pivot != k {
            (k..n).for_each(|j| m.swap([k, j], [pivot, j]));
            b.swap(k, pivot);
        }
        if m[[k, k]].norm() < floor {
            m[[k, k]] = Complex::new(floor, 0.0);
        }
        let row = m.slice(s![k, k..]).to_owned();
        for i in k + 1..n {
            let factor = m[[i, k]] / row[0];
            if factor != Complex::new(0.0, 0.0) {
                m.slice_mut(s![i, k..]).zip_mut_with(&row, |v, r| *v -= factor * r);
                let carried = b[k];
                b[i] -= factor * carried;
            }
        }
    }
    for k in (0..n).rev() {
        let known: Complex<f64> = (k + 1..n).map(|j| m[[k, j]] * b[j]).sum();
        b[k] = (b[k] - known) / m[[k, k]];
    }
    b
}
