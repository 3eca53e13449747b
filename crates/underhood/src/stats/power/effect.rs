//! Effect sizes without a unit: differences of means in standard deviations, of proportions as angles (J. Cohen 1988).

use ndarray::ArrayView1;

use crate::check;
use crate::error::{Error, Result};

/// Cohen's d = (μ₁ − μ₂)/σ: a difference of means in standard deviations; of two of them, σ² is their mean square.
///
/// # Errors
/// [`Error::OutOfRange`] if a number is not finite, a standard deviation negative, or both are zero.
///
/// ```
/// use underhood::stats::cohens_d;
///
/// assert_eq!(cohens_d(105.0, 100.0, 10.0, None)?, 0.5);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cohens_d(mean1: f64, mean2: f64, std1: f64, std2: Option<f64>) -> Result<f64> {
    const NAME: &str = "cohens_d";
    check::in_range(NAME, "mean1", mean1, mean1.is_finite(), "finite")?;
    check::in_range(NAME, "mean2", mean2, mean2.is_finite(), "finite")?;
    let unit = match std2 {
        None => {
            check::in_range(NAME, "std1", std1, std1 > 0.0 && std1.is_finite(), "positive and finite")?;
            std1
        }
        Some(std2) => {
            check::in_range(NAME, "std1", std1, std1 >= 0.0 && std1.is_finite(), "at least 0 and finite")?;
            let allowed = std2 >= 0.0 && std2.is_finite() && std1.max(std2) > 0.0;
            check::in_range(NAME, "std2", std2, allowed, "at least 0 and finite, and positive if std1 is 0")?;
            (std1 * std::f64::consts::FRAC_1_SQRT_2).hypot(std2 * std::f64::consts::FRAC_1_SQRT_2)
        }
    };
    finite(NAME, "mean1", mean1 / unit - mean2 / unit, (mean1 - mean2) / unit)
}

/// Cohen's h = 2 arcsin √p₁ − 2 arcsin √p₂: a difference of proportions on a scale on which its standard error is the same everywhere.
///
/// # Errors
/// [`Error::OutOfRange`] if a proportion is not between 0 and 1.
///
/// ```
/// use underhood::stats::cohens_h;
///
/// assert!((cohens_h(1.0, 0.0)? - std::f64::consts::PI).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cohens_h(p1: f64, p2: f64) -> Result<f64> {
    const NAME: &str = "cohens_h";
    for (argument, p) in [("p1", p1), ("p2", p2)] {
        check::in_range(NAME, argument, p, (0.0..=1.0).contains(&p), "between 0 and 1")?;
    }
    // The difference of the angles from its sine: nothing cancels for proportions close to each other.
    let sine = (p1 - p2) / ((p1 * (1.0 - p2)).sqrt() + (p2 * (1.0 - p1)).sqrt());
    if sine.abs() < 0.5 {
        return Ok(2.0 * sine.asin());
    }
    Ok(if p1 == p2 { 0.0 } else { 2.0 * (p1.sqrt().asin() - p2.sqrt().asin()) })
}

/// Cohen's f = √(Σ nᵢ(μᵢ − μ̄)²/Σ nᵢ)/σ: how far means of groups spread, in standard deviations within them. Of two equal groups, d/2.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two means, [`Error::NotFinite`] for NaN or infinities, [`Error::OutOfRange`] for a standard deviation
/// or a size that is not positive, [`Error::Shape`] if there are other than as many sizes as means.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::cohens_f;
///
/// assert_eq!(cohens_f(array![1.0, 3.0].view(), 4.0, None)?, 0.25);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cohens_f(means: ArrayView1<'_, f64>, std: f64, n: Option<ArrayView1<'_, f64>>) -> Result<f64> {
    const NAME: &str = "cohens_f";
    check::at_least(NAME, "means", "values", means.len(), 2)?;
    check::finite_vector(NAME, "means", means)?;
    check::in_range(NAME, "std", std, std > 0.0 && std.is_finite(), "positive and finite")?;
    if let Some(n) = n {
        check::finite_vector(NAME, "n", n)?;
        check::same_length(NAME, ("n", n.len()), ("means", means.shape()))?;
        for &size in n {
            check::in_range(NAME, "n", size, size > 0.0, "positive")?;
        }
    }
    let size = |i: usize| n.map_or(1.0, |n| n[i]);
    let total: f64 = (0..means.len()).map(size).sum();
    // From the first mean, so that an offset that all of them share costs nothing.
    let apart: Vec<f64> = means.iter().map(|mean| (mean - means[0]) / std).collect();
    let grand: f64 = apart.iter().enumerate().map(|(i, mean)| size(i) / total * mean).sum();
    let square: f64 = apart.iter().enumerate().map(|(i, mean)| size(i) / total * (mean - grand).powi(2)).sum();
    finite(NAME, "means", square.sqrt(), square.sqrt())
}

/// The first of two ways to write a number, unless it overflowed.
fn finite(function: &'static str, argument: &'static str, apart: f64, together: f64) -> Result<f64> {
    let value = if together.is_finite() { together } else { apart };
    if value.is_finite() {
        return Ok(value);
    }
    let problem = "lie so far apart that the effect is beyond the range of doubles".into();
    Err(Error::Invalid { function, argument, problem })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn effects_of_cohens_book() {
        // Cohen (1988), table 6.2.2: h of 0.65 and 0.45 is 1.876 − 1.471.
        assert_relative_eq!(cohens_h(0.65, 0.45).unwrap(), 0.405, epsilon = 1e-3);
        // asin√p₁ − asin√p₂ to twenty digits (mpmath).
        assert_relative_eq!(cohens_h(0.5 + 1e-9, 0.5).unwrap(), 2e-9, max_relative = 1e-7);
        assert_eq!(cohens_h(0.3, 0.3).unwrap(), 0.0);
        assert_eq!(cohens_h(0.0, 0.0).unwrap(), 0.0);
        assert_relative_eq!(cohens_d(3.0, 1.0, 1.0, Some(7.0_f64.sqrt())).unwrap(), 1.0, max_relative = 1e-15);
        // Two equal groups: f = d/2; weights count.
        assert_relative_eq!(cohens_f(array![1e9 + 1.0, 1e9].view(), 1.0, None).unwrap(), 0.5, max_relative = 1e-15);
        let weighed = cohens_f(array![0.0, 1.0].view(), 1.0, Some(array![3.0, 1.0].view())).unwrap();
        assert_relative_eq!(weighed, (3.0_f64 / 16.0).sqrt(), max_relative = 1e-15);
    }

    #[test]
    fn what_has_no_effect_size_is_refused() {
        assert!(cohens_d(1.0, 2.0, 0.0, None).unwrap_err().to_string().contains("std1 is 0"));
        assert!(cohens_d(1.0, f64::NAN, 1.0, None).is_err());
        assert!(cohens_h(1.2, 0.5).unwrap_err().to_string().contains("p1 is 1.2"));
        assert!(cohens_f(array![1.0].view(), 1.0, None).is_err());
        assert!(cohens_f(array![1.0, 2.0].view(), -1.0, None).is_err());
        assert!(cohens_f(array![1.0, 2.0].view(), 1.0, Some(array![1.0].view())).is_err());
    }
}
