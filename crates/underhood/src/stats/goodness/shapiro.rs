//! Shapiro's and Wilk's test of normality.
//!
//! W = (Σ aᵢ x₍ᵢ₎)²/Σ(x − x̄)² is the square of the correlation of the sorted values with about what a normal sample's would be (S. S. Shapiro and M. B. Wilk
//! 1965, doi:10.1093/biomet/52.3-4.591). The weights and the distribution of ln(1 − W) are those of P. Royston (1992, doi:10.1007/BF01891203; 1995, algorithm
//! AS R94, doi:10.2307/2986146), found by simulation for samples of 3 to 5000.

use ndarray::ArrayView1;

use super::sorted::sorted_values;
use crate::error::{Error, Result};
use crate::special::{ndtr, ndtri_in_place};
use crate::stats::scale::Scaled;
use crate::stats::test::check_sample;

const NAME: &str = "shapiro";

/// Royston's polynomials: the last two weights in 1/√n, then mean and ln of the standard deviation of the transformed W.
const LAST: [f64; 6] = [0.0, 0.221_157, -0.147_981, -2.071_19, 4.434_685, -2.706_056];
const LAST_BUT_ONE: [f64; 6] = [0.0, 0.042_981, -0.293_762, -1.752_461, 5.682_633, -3.582_633];
const FEW_MEAN: [f64; 4] = [0.544, -0.399_78, 0.025_054, -6.714e-4];
const FEW_LN_SD: [f64; 4] = [1.3822, -0.778_57, 0.062_767, -0.002_032_2];
const FEW_SHIFT: [f64; 2] = [-2.273, 0.459];
const MANY_MEAN: [f64; 4] = [-1.5861, -0.310_82, -0.083_751, 0.003_891_5];
const MANY_LN_SD: [f64; 3] = [-0.4803, -0.082_676, 0.003_030_2];

/// What Shapiro's and Wilk's test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapiroWilk {
    /// W, at most 1: the nearer, the more normal the sample looks.
    pub statistic: f64,
    /// The probability of so small a W if the population is normal.
    pub p_value: f64,
    /// How many values.
    pub n: usize,
}

/// Tests whether a sample comes from a normal population.
///
/// # Errors
/// [`Error::TooFew`] for fewer than three values, [`Error::NotFinite`] for missing or infinite ones, [`Error::Constant`] if all are the same.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::shapiro;
///
/// // Weights of eleven men (Shapiro and Wilk 1965, section 3.2).
/// let x = array![148.0, 154.0, 158.0, 160.0, 161.0, 162.0, 166.0, 170.0, 182.0, 195.0, 236.0];
/// let found = shapiro(x.view())?;
/// assert!((found.statistic - 0.79).abs() < 0.005 && found.p_value < 0.01);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn shapiro(x: ArrayView1<'_, f64>) -> Result<ShapiroWilk> {
    check_sample(NAME, "x", x, 3)?;
    let scaled = Scaled::new(&[x], 0.0);
    let mut sorted = sorted_values(scaled.sample(0).iter().copied());
    let n = sorted.len();
    if sorted[0] == sorted[n - 1] {
        let consequence = "it has no shape";
        return Err(Error::Constant { function: NAME, argument: "x", value: x[0], consequence });
    }
    let middle = sorted[n / 2];
    sorted.iter_mut().for_each(|v| *v -= middle);
    // Deviations near the smallest doubles have squares that vanish.
    let largest = sorted[n - 1].max(-sorted[0]);
    sorted.iter_mut().for_each(|v| *v /= largest);
    let mean = sorted.iter().sum::<f64>() / n as f64;

    // 1 − W as the part of the values that their regression on the weights leaves: no cancellation for W near 1.
    let weights = weights(n);
    let (mut product, mut squares) = (0.0, 0.0);
    let weight = |i: usize| {
        if i < n / 2 {
            -weights[i]
        } else if 2 * i + 1 == n {
            0.0
        } else {
            weights[n - 1 - i]
        }
    };
    let own: f64 = 2.0 * weights.iter().map(|a| a * a).sum::<f64>();
    for (i, v) in sorted.iter().enumerate() {
        product += weight(i) * (v - mean);
        squares += (v - mean) * (v - mean);
    }
    let slope = product / own;
    let left: f64 = sorted.iter().enumerate().map(|(i, v)| ((v - mean) - slope * weight(i)).powi(2)).sum();
    let distance = (left / squares).clamp(0.0, 1.0);
    Ok(ShapiroWilk { statistic: 1.0 - distance, p_value: p_value(distance, n), n })
}

/// The upper half of the weights, the largest first.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    // Blom's approximation of the mean of the i-th of n sorted normal values, negated.
    let mut scores: Vec<f64> = (1..=n / 2).map(|i| (i as f64 - 0.375) / (n as f64 + 0.25)).collect();
    ndtri_in_place(&mut scores);
    let squares: f64 = 2.0 * scores.iter().map(|m| m * m).sum::<f64>();
    let (root, x) = (squares.sqrt(), 1.0 / (n as f64).sqrt());
    let last = polynomial(&LAST, x) - scores[0] / root;
    let (own, rest) = if n > 5 {
        let but_one = polynomial(&LAST_BUT_ONE, x) - scores[1] / root;
        let rest = (squares - 2.0 * scores[0] * scores[0] - 2.0 * scores[1] * scores[1])
            / (1.0 - 2.0 * last * last - 2.0 * but_one * but_one);
        (vec![last, but_one], rest)
    } else {
        (vec![last], (squares - 2.0 * scores[0] * scores[0]) / (1.0 - 2.0 * last * last))
    };
    let scale = -1.0 / rest.sqrt();
    scores.iter_mut().for_each(|m| *m *= scale);
    scores[..own.len()].copy_from_slice(&own);
    scores
}

/// The p-value of 1 − W.
fn p_value(distance: f64, n: usize) -> f64 {
    let size = n as f64;
    if n == 3 {
        // The exact distribution on [¾, 1]: (6/π)(asin √W − asin √¾).
        let least = std::f64::consts::FRAC_PI_3;
        return (6.0 / std::f64::consts::PI * ((1.0 - distance).sqrt().asin() - least)).clamp(0.0, 1.0);
    }
    let y = distance.ln();
    let (y, mean, ln_sd) = if n <= 11 {
        let shift = polynomial(&FEW_SHIFT, size);
        if y >= shift {
            // W below all that the transformation knows.
            return 0.0;
        }
        (-(shift - y).ln(), polynomial(&FEW_MEAN, size), polynomial(&FEW_LN_SD, size))
    } else {
        let log = size.ln();
        (y, polynomial(&MANY_MEAN, log), polynomial(&MANY_LN_SD, log))
    };
    ndtr((mean - y) / ln_sd.exp())
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn weights_of_ten_are_about_shapiro_and_wilks() {
        // Table 5 of their paper: 0.5739, 0.3291, 0.2141, 0.1224, 0.0399.
        for (found, published) in weights(10).iter().zip([0.5739, 0.3291, 0.2141, 0.1224, 0.0399]) {
            assert!((found - published).abs() < 5e-4, "{found} {published}");
        }
        let squares: f64 = weights(50).iter().map(|a| 2.0 * a * a).sum();
        assert_relative_eq!(squares, 1.0, max_relative = 1e-12);
    }

    #[test]
    fn place_and_unit_do_not_matter() {
        let x = array![1.0, 2.0, 4.0, 8.0, 16.0, 17.0, 3.0];
        let found = shapiro(x.view()).unwrap();
        for moved in [&x * 2.0 - 64.0, &x * 2f64.powi(1000), &x * 2f64.powi(-1060), -&x] {
            let other = shapiro(moved.view()).unwrap();
            assert_relative_eq!(other.statistic, found.statistic, max_relative = 1e-13);
            assert_relative_eq!(other.p_value, found.p_value, max_relative = 1e-11);
        }
    }

    #[test]
    fn three_values_have_an_exact_distribution() {
        // Equal distances: W = 1. Two equal: W = ¾.
        assert_relative_eq!(shapiro(array![1.0, 2.0, 3.0].view()).unwrap().p_value, 1.0, max_relative = 1e-7);
        assert!(shapiro(array![1.0, 1.0, 3.0].view()).unwrap().p_value < 1e-7);
        assert!(shapiro(Array1::ones(5).view()).is_err());
        assert!(shapiro(array![1.0, 2.0].view()).is_err());
    }
}
