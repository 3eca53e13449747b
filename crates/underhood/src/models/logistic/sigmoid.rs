//! Probabilities from net inputs, for many rows at once: the exponential, the logistic function and the softmax.

use ndarray::Array2;

use crate::simd::wide_kernel;
use crate::special::exponential::exp;
use crate::special::logarithm::ln_1p;

wide_kernel! {
    /// Σ ln(1 + e^(−y·z)) over a block of at most 256 rows, and how many rows have z on the wrong side (or at 0 for y = 1); z becomes the
    /// derivative −y·σ(−y·z) of each term, and `curvature` the second derivative σ(z)·σ(−z).
    pub(super) fn log_loss(z: &mut [f64], signs: &[f64], curvature: &mut [f64]) -> (f64, f64) = log_loss_body
}

#[inline(always)]
fn log_loss_body<const FMA: bool>(z: &mut [f64], signs: &[f64], curvature: &mut [f64]) -> (f64, f64) {
    sums_of_losses::<FMA, false>(z, signs, curvature)
}

wide_kernel! {
    /// The same with a weight for each row, by which its sign is multiplied.
    pub(super) fn weighted_log_loss(z: &mut [f64], signs: &[f64], curvature: &mut [f64]) -> (f64, f64) = weighted_log_loss_body
}

#[inline(always)]
fn weighted_log_loss_body<const FMA: bool>(z: &mut [f64], signs: &[f64], curvature: &mut [f64]) -> (f64, f64) {
    sums_of_losses::<FMA, true>(z, signs, curvature)
}

/// So many sums at once.
const LANES: usize = 8;

/// Running sums of a block.
struct Sums {
    /// Without weights, ln(1 + e) is summed as the logarithm of a product, which stays below 2²⁵⁶.
    products: [f64; LANES],
    losses: [f64; LANES],
    errors: [f64; LANES],
}

#[inline(always)]
fn sums_of_losses<const FMA: bool, const WEIGHTED: bool>(
    z: &mut [f64],
    signs: &[f64],
    curvature: &mut [f64],
) -> (f64, f64) {
    let mut sums = Sums { products: [1.0; LANES], losses: [0.0; LANES], errors: [0.0; LANES] };
    let whole = z.len() - z.len() % LANES;
    let (z, z_rest) = z.split_at_mut(whole);
    let (signs, signs_rest) = signs.split_at(whole);
    let (curvature, curvature_rest) = curvature.split_at_mut(whole);
    for ((z, signs), curvature) in
        z.chunks_exact_mut(LANES).zip(signs.chunks_exact(LANES)).zip(curvature.chunks_exact_mut(LANES))
    {
        for lane in 0..LANES {
            one_loss::<FMA, WEIGHTED>(lane, &mut z[lane], signs[lane], &mut curvature[lane], &mut sums);
        }
    }
    for ((z, &sign), curvature) in z_rest.iter_mut().zip(signs_rest).zip(curvature_rest) {
        one_loss::<FMA, WEIGHTED>(0, z, sign, curvature, &mut sums);
    }
    let products = if WEIGHTED { 0.0 } else { sums.products.iter().product::<f64>().ln() };
    (sums.losses.iter().sum::<f64>() + products, sums.errors.iter().sum())
}

#[inline(always)]
fn one_loss<const FMA: bool, const WEIGHTED: bool>(
    lane: usize,
    z: &mut f64,
    sign: f64,
    curvature: &mut f64,
    sums: &mut Sums,
) {
    let (y, weight) = if WEIGHTED { (1.0_f64.copysign(sign), sign.abs()) } else { (sign, 1.0) };
    let margin = y * *z;
    let e = exp::<FMA>(-margin.abs());
    // max(−m, 0), in a form that a NaN cannot slip through.
    let beyond = 0.5 * (margin.abs() - margin);
    if WEIGHTED {
        sums.losses[lane] += weight * (beyond + ln_1p::<FMA>(e));
    } else {
        sums.products[lane] *= 1.0 + e;
        sums.losses[lane] += beyond;
    }
    let missed = (margin < 0.0) | ((*z == 0.0) & (y > 0.0));
    sums.errors[lane] += if missed & (weight > 0.0) { 1.0 } else { 0.0 };
    let inverse = 1.0 / (1.0 + e);
    let wrong = if margin < 0.0 { inverse } else { e * inverse };
    *z = -sign * wrong;
    *curvature = weight * (e * inverse) * inverse;
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

/// The logarithms of [`probabilities`], each to full precision however small the probability is.
///
/// ```
/// use ndarray::array;
/// use underhood::models::log_probabilities;
///
/// let p = log_probabilities(array![[800.0]]);
/// assert_eq!((p[(0, 0)], p[(0, 1)]), (-800.0, 0.0));
/// ```
pub fn log_probabilities(z: Array2<f64>) -> Array2<f64> {
    if z.ncols() == 1 {
        return Array2::from_shape_fn((z.nrows(), 2), |(i, class)| {
            let margin = if class == 1 { z[(i, 0)] } else { -z[(i, 0)] };
            // −ln(1 + e^(−m)), which is m where e^(−m) would overflow.
            if margin == f64::NEG_INFINITY { margin } else { margin.min(0.0) - libm::log1p(libm::exp(-margin.abs())) }
        });
    }
    let mut p = z;
    for mut row in p.outer_iter_mut() {
        let top = row.fold(f64::NEG_INFINITY, |top, &z| top.max(z));
        let infinite = row.iter().filter(|&&z| z == f64::INFINITY).count();
        if infinite > 0 {
            let one = infinite == 1 && !row.iter().any(|z| z.is_nan());
            row.mapv_inplace(|z| match (one, z == f64::INFINITY) {
                (false, _) => f64::NAN,
                (true, true) => 0.0,
                (true, false) => f64::NEG_INFINITY,
            });
            continue;
        }
        // The largest term is 1: it is left out of the sum and put back by log1p, so that ln of nearly 1 loses nothing.
        let at = row.iter().position(|&z| z == top).unwrap_or(0);
        let others: f64 = row.iter().enumerate().filter(|&(k, _)| k != at).map(|(_, &z)| libm::exp(z - top)).sum();
        let log_sum = libm::log1p(others);
        row.mapv_inplace(|z| (z - top) - log_sum);
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
        let (mut z, mut curvature) = (start.clone(), vec![0.0; 251]);
        let (loss, errors) = log_loss(&mut z, &signs, &mut curvature);
        let margins: Vec<f64> = start.iter().zip(&signs).map(|(z, y)| z * y).collect();
        let expected: f64 = margins.iter().map(|m| (-m).max(0.0) + libm::log1p(libm::exp(-m.abs()))).sum();
        assert!((loss - expected).abs() <= 1e-13 * expected);
        for (((z, m), y), c) in z.iter().zip(&margins).zip(&signs).zip(&curvature) {
            let expected = -y / (1.0 + libm::exp(*m));
            assert!((z - expected).abs() <= 1e-15);
            assert!((c - expected.abs() * (1.0 - expected.abs())).abs() <= 1e-15);
        }
        let wrong = start.iter().zip(&signs).filter(|(z, y)| (**z > 0.0) != (**y > 0.0)).count();
        assert_eq!(errors, wrong as f64);
        // A weight of two is a row that stands twice, a weight of zero one that does not.
        let weights: Vec<f64> = (0..251).map(|k| f64::from(k % 3)).collect();
        let weighted: Vec<f64> = signs.iter().zip(&weights).map(|(y, s)| y * s).collect();
        let (mut again, mut bent) = (start.clone(), vec![0.0; 251]);
        let (heavy, _) = weighted_log_loss(&mut again, &weighted, &mut bent);
        let one = |m: &f64| (-m).max(0.0) + libm::log1p(libm::exp(-m.abs()));
        let expected: f64 = margins.iter().zip(&weights).map(|(m, s)| s * one(m)).sum();
        assert!((heavy - expected).abs() <= 1e-13 * expected);
        for k in 0..251 {
            assert!((again[k] - weights[k] * z[k]).abs() <= 1e-15);
            assert!((bent[k] - weights[k] * curvature[k]).abs() <= 1e-15);
        }
        assert_eq!(probabilities(ndarray::array![[0.0, f64::INFINITY, 3.0]]), ndarray::array![[0.0, 1.0, 0.0]]);
        assert!(probabilities(ndarray::array![[0.0, f64::NAN, f64::INFINITY]]).iter().all(|p| p.is_nan()));
        assert!(probabilities(ndarray::array![[0.0, f64::INFINITY, f64::INFINITY]]).iter().all(|p| p.is_nan()));
        let mut bad = [1.0, f64::NAN];
        assert!(log_loss(&mut bad, &[1.0, 1.0], &mut [0.0; 2]).0.is_nan());
        assert!(weighted_log_loss(&mut [1.0, f64::NAN], &[1.0, 1.0], &mut [0.0; 2]).0.is_nan());
    }

    #[test]
    fn logarithms_of_probabilities_keep_their_digits() {
        let p = log_probabilities(ndarray::array![[-40.0, 0.0, 1.0]]);
        let sum = 1.0 + libm::exp(-1.0) + libm::exp(-41.0);
        assert!((p[(0, 0)] + 41.0 + sum.ln()).abs() < 1e-14);
        let p = log_probabilities(ndarray::array![[40.0], [-40.0], [0.0], [f64::NEG_INFINITY]]);
        assert!((p[(0, 1)] + libm::exp(-40.0)).abs() < 1e-32 && p[(1, 1)] == -40.0);
        assert!((p[(2, 0)] + 2_f64.ln()).abs() < 1e-16);
        assert_eq!((p[(3, 0)], p[(3, 1)]), (0.0, f64::NEG_INFINITY));
        let p = log_probabilities(ndarray::array![[0.0, f64::INFINITY, 3.0], [0.0, f64::NAN, 1.0]]);
        assert_eq!(p.row(0).to_vec(), [f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY]);
        assert!(p.row(1).iter().all(|v| v.is_nan()));
        assert!(log_probabilities(ndarray::array![[f64::NEG_INFINITY, f64::NEG_INFINITY]]).iter().all(|v| v.is_nan()));
    }
}
