//! The correlation of a sequence with itself some steps later.
//!
//! G. E. P. Box and G. M. Jenkins, Time Series Analysis (1970), section 2.1.5; error of a coefficient: M. S. Bartlett (1946,
//! doi:10.2307/2983611); test of all together: G. M. Ljung and G. E. P. Box (1978, doi:10.1093/biomet/65.2.297).

use ndarray::{Array1, ArrayView1};

use super::pair::check_varies;
use crate::distributions::{ChiSquared, Distribution, Normal};
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::moments::Moments;
use crate::stats::test::{check_level, check_sample};

/// The autocorrelation rₖ = Σ(xₜ − x̄)(xₜ₊ₖ − x̄)/Σ(xₜ − x̄)² at each lag k.
///
/// Both sums are of deviations from the mean of the whole sequence: the coefficients stay within ±1, and those of far lags go to zero.
/// `check` is called now and then and may end the work.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] for a constant sequence,
/// [`Error::OutOfRange`] for a lag that is not less than its length.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::autocorr};
///
/// let found = autocorr(array![1.0, 2.0, 3.0, 4.0, 5.0].view(), &[0, 1, 4], || Ok::<(), Error>(()))?;
/// assert_eq!(found, array![1.0, 0.4, -0.4]);
/// # Ok::<(), Error>(())
/// ```
pub fn autocorr<E: From<Error>>(
    x: ArrayView1<'_, f64>,
    lags: &[usize],
    check: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Array1<f64>, E> {
    let furthest = lags.iter().copied().max().unwrap_or(0);
    let (deviations, whole) = deviations("autocorr", "lag", x, furthest)?;
    coefficients(&deviations, whole, lags.iter().copied(), check)
}

/// x − x̄, and the sum of its squares, if there are values that far apart.
fn deviations(
    function: &'static str,
    argument: &'static str,
    x: ArrayView1<'_, f64>,
    furthest: usize,
) -> Result<(Vec<f64>, f64)> {
    check_sample(function, "x", x, 2)?;
    let n = x.len();
    if furthest >= n {
        let expected = format!("less than the number of values, which is {n}");
        return Err(Error::OutOfRange { function, argument, value: furthest as f64, expected });
    }
    check_varies(function, "x", x)?;
    let mut deviations = x.to_vec();
    Moments::of_slice(&deviations).centre(&mut deviations);
    let whole = dot(&deviations, &deviations);
    Ok((deviations, whole))
}

fn coefficients<E>(
    deviations: &[f64],
    whole: f64,
    lags: impl Iterator<Item = usize>,
    mut check: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Array1<f64>, E> {
    /// So many products take some milliseconds.
    const BETWEEN_CHECKS: usize = 1 << 24;
    let (n, mut products) = (deviations.len(), 0);
    let one = |lag: usize| {
        products += n - lag;
        if products > BETWEEN_CHECKS {
            products = 0;
            check()?;
        }
        Ok(dot(&deviations[..n - lag], &deviations[lag..]) / whole)
    };
    lags.map(one).collect()
}

/// Autocorrelations up to a lag and what they say.
#[derive(Debug, Clone, PartialEq)]
pub struct Autocorrelations {
    /// r₀ = 1, r₁, r₂, …
    pub values: Array1<f64>,
    /// How far from 0 each may lie if all from that lag on are 0 in truth: z·√((1 + 2Σⱼ₍ⱼ₌₁…ₖ₋₁₎ rⱼ²)/n), Bartlett's band; 0 at lag 0.
    pub bands: Array1<f64>,
    /// Q = n(n + 2)·Σ rₖ²/(n − k), Ljung and Box's sum of all of them.
    pub statistic: f64,
    /// Probability of so large a Q if the values are independent, by χ² with as many degrees of freedom as lags.
    pub p_value: f64,
    /// How many values.
    pub n: usize,
}

/// All autocorrelations up to a lag, with Bartlett's bands and Ljung and Box's test.
///
/// # Errors
/// As [`autocorr`], and [`Error::TooFew`] for no lag at all, [`Error::OutOfRange`] for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::acf};
///
/// let found = acf(array![1.0, 2.0, 3.0, 4.0, 5.0].view(), 2, 0.95, || Ok::<(), Error>(()))?;
/// assert_eq!(found.values, array![1.0, 0.4, -0.1]);
/// assert!((found.bands[1] - 1.959963984540054 / 5.0_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn acf<E: From<Error>>(
    x: ArrayView1<'_, f64>,
    lags: usize,
    level: f64,
    check: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Autocorrelations, E> {
    const NAME: &str = "acf";
    check_level(NAME, level)?;
    crate::check::at_least(NAME, "nlags", "lags", lags, 1)?;
    let n = x.len();
    let (deviations, sum_of_squares) = deviations(NAME, "nlags", x, lags)?;
    let values = coefficients(&deviations, sum_of_squares, 0..=lags, check)?;
    let z = -Normal::standard().ppf((1.0 - level) / 2.0);
    let whole = n as f64;
    let (mut before, mut q) = (0.0, 0.0);
    let mut bands = Array1::zeros(values.len());
    for (lag, r) in values.iter().enumerate().skip(1) {
        bands[lag] = z * ((1.0 + 2.0 * before) / whole).sqrt();
        before += r * r;
        q += r * r / (n - lag) as f64;
    }
    let statistic = whole * (whole + 2.0) * q;
    let p_value = ChiSquared::new(lags as f64)?.sf(statistic);
    Ok(Autocorrelations { values, bands, statistic, p_value, n })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    fn autocorr(x: ArrayView1<'_, f64>, lags: &[usize]) -> Result<Array1<f64>> {
        super::autocorr(x, lags, || Ok(()))
    }

    fn acf(x: ArrayView1<'_, f64>, lags: usize, level: f64) -> Result<Autocorrelations> {
        super::acf(x, lags, level, || Ok(()))
    }

    #[test]
    fn a_sequence_that_alternates_says_so() {
        let x = array![1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        let found = acf(x.view(), 3, 0.9).unwrap();
        for (lag, r) in [(1, -5.0 / 6.0), (2, 4.0 / 6.0), (3, -0.5)] {
            assert_relative_eq!(found.values[lag], r, max_relative = 1e-15);
        }
        let q = 48.0 * (25.0 / 36.0 / 5.0 + 16.0 / 36.0 / 4.0 + 0.25 / 3.0);
        assert_relative_eq!(found.statistic, q, max_relative = 1e-14);
        // Moving and scaling change nothing.
        assert_eq!(autocorr((&x * 1e200 + 3e200).view(), &[3]).unwrap()[0], -0.5);
    }

    #[test]
    fn lags_beyond_the_end_are_refused() {
        let x = array![1.0, 2.0, 4.0];
        assert!(autocorr(x.view(), &[3]).unwrap_err().to_string().starts_with("autocorr: lag is 3, but must be less"));
        assert!(acf(x.view(), 5, 0.95).unwrap_err().to_string().starts_with("acf: nlags is 5, but must be less"));
        assert!(acf(x.view(), 0, 0.95).is_err());
        assert!(autocorr(array![1.0, 1.0].view(), &[1]).is_err());
    }

    #[test]
    fn long_work_can_be_ended() {
        let x = Array1::from_shape_fn(20_000, |i| (i as f64).sin());
        let mut asked = 0;
        let found = super::acf(x.view(), 19_999, 0.95, || {
            asked += 1;
            if asked == 3 {
                Err(Error::Invalid { function: "acf", argument: "x", problem: "took long".into() })
            } else {
                Ok(())
            }
        });
        assert_eq!(found.unwrap_err().to_string(), "acf: x took long");
    }
}
