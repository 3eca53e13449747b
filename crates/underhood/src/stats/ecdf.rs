//! The empirical distribution function, and how far the true one may be from it.
//!
//! The band holds everywhere at once: A. Dvoretzky, J. Kiefer and J. Wolfowitz (1956, doi:10.1214/aoms/1177728174) with the constant of
//! P. Massart (1990, doi:10.1214/aop/1176990746).

use ndarray::ArrayView1;

use super::select::{key, value_of};
use super::test::check_level;
use crate::check;
use crate::error::Result;

/// What [`ecdf`] finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Ecdf {
    /// The distinct values, ascending.
    pub x: Vec<f64>,
    /// How many values are at most that.
    pub up_to: Vec<usize>,
    /// How many values there are.
    pub n: usize,
    /// How many were missing (NaN), and left out.
    pub missing: usize,
}

/// The empirical distribution function: F(t) is the share of values that are at most t.
///
/// # Errors
/// [`Error::TooFew`](crate::Error::TooFew) without any value.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::ecdf;
///
/// let found = ecdf(array![3.0, 1.0, 3.0, 2.0].view())?;
/// assert_eq!((found.x, found.up_to), (vec![1.0, 2.0, 3.0], vec![1, 2, 4]));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ecdf(a: ArrayView1<'_, f64>) -> Result<Ecdf> {
    let mut keys: Vec<i64> = a.iter().filter(|v| !v.is_nan()).map(|&v| key(v + 0.0)).collect();
    check::at_least("ecdf", "a", "values", keys.len(), 1)?;
    let n = keys.len();
    keys.sort_unstable();
    let (mut x, mut up_to, mut below) = (Vec::new(), Vec::new(), 0);
    for equal in keys.chunk_by(|a, b| a == b) {
        below += equal.len();
        x.push(value_of(equal[0]));
        up_to.push(below);
    }
    Ok(Ecdf { x, up_to, n, missing: a.len() - n })
}

/// Half the height of the band about the empirical distribution function of n values that covers the true one everywhere with at least
/// this probability: √(ln(2/(1 − level))/(2n)).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if the level is not between 0 and 1.
pub fn ecdf_band(n: usize, confidence_level: f64) -> Result<f64> {
    check_level("ecdf", confidence_level)?;
    Ok((libm::log(2.0 / (1.0 - confidence_level)) / (2.0 * n as f64)).sqrt())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_band_is_the_textbooks() {
        // 95 %, n = 100: √(ln 40/200).
        assert!((ecdf_band(100, 0.95).unwrap() - 0.135_810_151_574_061_95).abs() < 1e-15);
        assert!(ecdf_band(100, 1.0).is_err());
        let found = ecdf(array![f64::NAN, 0.0, -0.0, f64::INFINITY].view()).unwrap();
        assert_eq!((found.x, found.up_to, found.missing), (vec![0.0, f64::INFINITY], vec![2, 3], 1));
        assert!(ecdf(array![f64::NAN].view()).is_err());
    }
}
