//! Tests of normality by skewness and kurtosis.
//!
//! R. B. D'Agostino and E. S. Pearson (1973, doi:10.1093/biomet/60.3.613): K² = Z₁² + Z₂², with the normal scores of skewness (D'Agostino 1970,
//! doi:10.1093/biomet/57.3.679) and kurtosis (F. J. Anscombe and W. J. Glynn 1983, doi:10.1093/biomet/70.1.227). C. M. Jarque and A. K. Bera (1980,
//! doi:10.1016/0165-1765(80)90024-5): n(g₁²/6 + g₂²/24).

use ndarray::ArrayView1;

use crate::error::{Error, Result};
use crate::special::ndtr;
use crate::stats::moments::Moments;
use crate::stats::test::check_sample;

/// What D'Agostino's and Pearson's test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalTest {
    /// K² = Z₁² + Z₂².
    pub statistic: f64,
    /// The probability of so large a K² if the population is normal: exp(−K²/2).
    pub p_value: f64,
    /// Skewness g₁ and excess kurtosis g₂ of the sample.
    pub skewness: f64,
    /// See `skewness`.
    pub kurtosis: f64,
    /// The normal score of the skewness and its two-sided p-value.
    pub skewness_test: (f64, f64),
    /// The same of the kurtosis.
    pub kurtosis_test: (f64, f64),
    /// How many values.
    pub n: usize,
}

/// What Jarque's and Bera's test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JarqueBera {
    /// n(g₁²/6 + g₂²/24).
    pub statistic: f64,
    /// The probability of so large a statistic if the population is normal and the sample large.
    pub p_value: f64,
    /// Skewness g₁ of the sample.
    pub skewness: f64,
    /// Excess kurtosis g₂ of the sample.
    pub kurtosis: f64,
    /// How many values.
    pub n: usize,
}

/// Tests whether a sample's skewness and kurtosis are those of a normal population.
///
/// # Errors
/// [`Error::TooFew`] for fewer than eight values, [`Error::NotFinite`] for missing or infinite ones, [`Error::Constant`] if all are the same.
///
/// ```
/// use ndarray::Array1;
/// use underhood::stats::normaltest;
///
/// let skewed = Array1::from_iter((1..=30).map(|i| f64::from(i * i)));
/// let found = normaltest(skewed.view())?;
/// assert!(found.skewness > 0.5 && (found.p_value - (-found.statistic / 2.0).exp()).abs() < 1e-16);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn normaltest(x: ArrayView1<'_, f64>) -> Result<NormalTest> {
    let (skewness, kurtosis, n) = shape("normaltest", x, 8)?;
    let (first, second) = (skewness_score(skewness, n as f64), kurtosis_score(kurtosis, n as f64));
    let statistic = first * first + second * second;
    let with_p = |z: f64| (z, 2.0 * ndtr(-z.abs()));
    Ok(NormalTest {
        statistic,
        p_value: (-statistic / 2.0).exp(),
        skewness,
        kurtosis,
        skewness_test: with_p(first),
        kurtosis_test: with_p(second),
        n,
    })
}

/// Tests the same by the limit for large samples.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for missing or infinite ones, [`Error::Constant`] if all are the same.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::jarque_bera;
///
/// // g₁ = 0 and g₂ = −2: 4·4/24.
/// assert!((jarque_bera(array![-1.0, 1.0, -1.0, 1.0].view())?.statistic - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn jarque_bera(x: ArrayView1<'_, f64>) -> Result<JarqueBera> {
    let (skewness, kurtosis, n) = shape("jarque_bera", x, 2)?;
    let statistic = n as f64 / 6.0 * (skewness * skewness + kurtosis * kurtosis / 4.0);
    Ok(JarqueBera { statistic, p_value: (-statistic / 2.0).exp(), skewness, kurtosis, n })
}

fn shape(function: &'static str, x: ArrayView1<'_, f64>, needed: usize) -> Result<(f64, f64, usize)> {
    check_sample(function, "x", x, needed)?;
    let moments = Moments::of(x);
    if moments.min() == moments.max() {
        let consequence = "it has no shape";
        return Err(Error::Constant { function, argument: "x", value: x[0], consequence });
    }
    let (skewness, kurtosis) = (moments.skewness(true), moments.kurtosis(true));
    if skewness.is_nan() || kurtosis.is_nan() {
        let problem = "has values so close together that their spread is below the smallest double".into();
        return Err(Error::Invalid { function, argument: "x", problem });
    }
    Ok((skewness, kurtosis, x.len()))
}

/// δ·asinh(y/α): Johnson's curve with the skewness' own moments.
fn skewness_score(skewness: f64, n: f64) -> f64 {
    let y = skewness * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let kurtosis =
        3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0) / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w2 = -1.0 + (2.0 * (kurtosis - 1.0)).sqrt();
    (y / (2.0 / (w2 - 1.0)).sqrt()).asinh() / (0.5 * w2.ln()).sqrt()
}

/// The cube root of a ratio that is about gamma distributed (Wilson and Hilferty), with the kurtosis' own moments.
fn kurtosis_score(kurtosis: f64, n: f64) -> f64 {
    // The excess over 3 has the mean −6/(n + 1).
    let variance = 24.0 * n * (n - 2.0) * (n - 3.0) / ((n + 1.0).powi(2) * (n + 3.0) * (n + 5.0));
    let x = (kurtosis + 6.0 / (n + 1.0)) / variance.sqrt();
    let skewness = 6.0 * (n * n - 5.0 * n + 2.0) / ((n + 7.0) * (n + 9.0))
        * (6.0 * (n + 3.0) * (n + 5.0) / (n * (n - 2.0) * (n - 3.0))).sqrt();
    let a = 6.0 + 8.0 / skewness * (2.0 / skewness + (1.0 + 4.0 / (skewness * skewness)).sqrt());
    let ratio = (1.0 - 2.0 / a) / (1.0 + x * (2.0 / (a - 4.0)).sqrt());
    (1.0 - 2.0 / (9.0 * a) - ratio.cbrt()) / (2.0 / (9.0 * a)).sqrt()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn a_symmetric_sample_has_the_score_zero() {
        let x = array![-4.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 4.0];
        let found = normaltest(x.view()).unwrap();
        assert_eq!(found.skewness_test, (0.0, 1.0));
        assert_relative_eq!(found.statistic, found.kurtosis_test.0.powi(2), max_relative = 1e-15);
    }

    #[test]
    fn extreme_units_and_few_values() {
        let x: Array1<f64> = (0..20).map(|i| f64::from(i * i % 23)).collect();
        let found = normaltest(x.view()).unwrap();
        let tiny = normaltest((&x * 1e-300).view()).unwrap();
        assert_relative_eq!(found.statistic, tiny.statistic, max_relative = 1e-10);
        assert!(normaltest(x.slice(ndarray::s![..7])).unwrap_err().to_string().contains("at least 8"));
        assert!(jarque_bera(Array1::ones(4).view()).is_err());
    }
}
