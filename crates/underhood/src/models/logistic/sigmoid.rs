//! Probabilities from net inputs, for many rows at once: the exponential, the logistic function and the softmax.

use ndarray::Array2;

use crate::simd::{mul_add, wide_kernel};
use crate::special::exponential::exp;

wide_kernel! {
    /// Σ ln(1 + e^(−y·z)) over a block of at most 256 rows; z becomes the derivative −y·σ(−y·z) of each term.
    pub(super) fn log_loss(z: &mut [f64], signs: &[f64]) -> f64 = log_loss_body
}

#[inline(always)]
fn log_loss_body<const FMA: bool>(z: &mut [f64], signs: &[f64]) -> f64 {
    /// ln(1 + e) is summed as the logarithm of a product, which stays below 2²⁵⁶.
    const LANES: usize = 8;
    let mut products = [1.0; LANES];
    let mut sums = [0.0; LANES];
    let mut one = |lane: usize, z: &mut f64, sign: f64| {
        let margin = sign * *z;
        let e = exp::<FMA>(-margin.abs());
        products[lane] *= 1.0 + e;
        // max(−m, 0), in a form that a NaN cannot slip through.
        sums[lane] += 0.5 * (margin.abs() - margin);
        let wrong = if margin < 0.0 { 1.0 } else { e };
        *z = -sign * wrong / (1.0 + e);
    };
    let whole = z.len() - z.len() % LANES;
    for (z, signs) in z[..whole].chunks_exact_mut(LANES).zip(signs.chunks_exact(LANES)) {
        for lane in 0..LANES {
            one(lane, &mut z[lane], signs[lane]);
        }
    }
    for (z, &sign) in z[whole..].iter_mut().zip(&signs[whole..]) {
        one(0, z, sign);
    }
    sums.iter().sum::<f64>() + products.iter().product::<f64>().ln()
}

wide_kernel! {
    /// z becomes √(σ(z)·σ(−z)), the root of the second derivative of ln(1 + e^z).
    pub(super) fn curvature_roots(z: &mut [f64]) = curvature_roots_body
}

#[inline(always)]
fn curvature_roots_body<const FMA: bool>(z: &mut [f64]) {
    for z in z {
        // √(e^(−|z|)) is e^(−|z|/2), whose square is the exponential itself.
        let root = exp::<FMA>(-0.5 * z.abs());
        *z = root / mul_add::<FMA>(root, root, 1.0);
    }
}

wide_kernel! {
    /// z becomes e^(z − top), where no z is above its top.
    pub(super) fn exp_below(z: &mut [f64], top: &[f64]) = exp_below_body
}

#[inline(always)]
fn exp_below_body<const FMA: bool>(z: &mut [f64], top: &[f64]) {
    for (z, top) in z.iter_mut().zip(top) {
        *z = exp::<FMA>(*z - top);
    }
}

/// Probabilities from net inputs (rows × planes): σ(−z) and σ(z) for one plane, the softmax for more. NaN gives a row of NaN; an
/// infinite net input has its limit, where there is one.
///
/// ```
/// use ndarray::array;
/// use underhood::models::probabilities;
///
/// let p = probabilities(array![[0.0], [3_f64.ln()]]);
/// assert!((p[(0, 1)] - 0.5).abs() < 1e-15 && (p[(1, 1)] - 0.75).abs() < 1e-15);
/// ```
pub fn probabilities(z: Array2<f64>) -> Array2<f64> {
    if z.ncols() == 1 {
        return Array2::from_shape_fn((z.nrows(), 2), |(i, class)| {
            let margin = if class == 1 { z[(i, 0)] } else { -z[(i, 0)] };
            // The branch keeps the small probability of a large margin to full precision.
            if margin >= 0.0 { 1.0 / (1.0 + libm::exp(-margin)) } else { libm::exp(margin) / (1.0 + libm::exp(margin)) }
        });
    }
    let mut p = z;
    for mut row in p.outer_iter_mut() {
        let top = row.fold(f64::NEG_INFINITY, |top, &z| top.max(z));
        // Beside one infinite z the others are nothing; of two there is no telling.
        row.mapv_inplace(|z| if z == f64::INFINITY { 1.0 } else { libm::exp(z - top) });
        if top == f64::INFINITY && row.sum() > 1.0 {
            row.fill(f64::NAN);
        }
        let sum = row.sum();
        row /= sum;
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_and_derivative_agree_with_their_formulas() {
        let start: Vec<f64> = (0..251).map(|k| f64::from(k - 125) * 0.3).collect();
        let signs: Vec<f64> = (0..251).map(|k| if k % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let mut z = start.clone();
        let loss = log_loss(&mut z, &signs);
        let margins: Vec<f64> = start.iter().zip(&signs).map(|(z, y)| z * y).collect();
        let expected: f64 = margins.iter().map(|m| (-m).max(0.0) + libm::log1p(libm::exp(-m.abs()))).sum();
        assert!((loss - expected).abs() <= 1e-13 * expected);
        for ((z, m), y) in z.iter().zip(&margins).zip(&signs) {
            let expected = -y / (1.0 + libm::exp(*m));
            assert!((z - expected).abs() <= 1e-15);
        }
        assert_eq!(probabilities(ndarray::array![[0.0, f64::INFINITY, 3.0]]), ndarray::array![[0.0, 1.0, 0.0]]);
        assert!(probabilities(ndarray::array![[0.0, f64::NAN, f64::INFINITY]]).iter().all(|p| p.is_nan()));
        assert!(probabilities(ndarray::array![[0.0, f64::INFINITY, f64::INFINITY]]).iter().all(|p| p.is_nan()));
        let mut bad = [1.0, f64::NAN];
        assert!(log_loss(&mut bad, &[1.0, 1.0]).is_nan());
    }
}
