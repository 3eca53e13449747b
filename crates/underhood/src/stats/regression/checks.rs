//! Whether residuals look as the inference assumes: of one variance, normal, and not following each other.
//!
//! Sources: J. Durbin, G. S. Watson, Biometrika 37 (1950) 409–428, doi:10.2307/2332391; C. M. Jarque, A. K. Bera, International
//! Statistical Review 55 (1987) 163–172, doi:10.2307/1403192; T. S. Breusch, A. R. Pagan, Econometrica 47 (1979) 1287–1294,
//! doi:10.2307/1911963, in the form of R. Koenker, Journal of Econometrics 17 (1981) 107–112, doi:10.1016/0304-4076(81)90062-2, which
//! does not rest on normal errors.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::{RegressionOptions, linear_regression};
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};

/// What residuals say of themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualChecks {
    /// Σ(eₜ − eₜ₋₁)²/Σeₜ²: about 2 where neighbours have nothing to do with each other, towards 0 where they are alike, towards 4 where they
    /// take turns.
    pub durbin_watson: f64,
    /// m₃/m₂^(3/2) of the central moments m.
    pub skew: f64,
    /// m₄/m₂², 3 for a normal distribution.
    pub kurtosis: f64,
    /// n/6·(skew² + (kurtosis − 3)²/4): χ² with 2 degrees of freedom in large samples, if errors are normal.
    pub jarque_bera: f64,
    /// The probability of a larger one.
    pub jarque_bera_pvalue: f64,
}

/// Computes them; residuals that are all alike have skewness and excess of zero.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two residuals, [`Error::NotFinite`] for missing values.
pub fn check_residuals(residuals: ArrayView1<'_, f64>) -> Result<ResidualChecks> {
    const FUNCTION: &str = "check_residuals";
    check::at_least(FUNCTION, "residuals", "values", residuals.len(), 2)?;
    check::finite_vector(FUNCTION, "residuals", residuals)?;
    // By way of the largest, so that fourth powers stay in the range of doubles.
    let largest = residuals.iter().fold(0.0_f64, |m, e| m.max(e.abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let e: Vec<f64> = residuals.iter().map(|e| e / scale).collect();
    let n = e.len() as f64;
    let mean = e.iter().sum::<f64>() / n;
    let [mut squares, mut second, mut third, mut fourth] = [0.0; 4];
    for e in &e {
        let d = e - mean;
        squares += e * e;
        second += d * d;
        third += d * d * d;
        fourth += (d * d) * (d * d);
    }
    let steps: f64 = e.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let durbin_watson = if squares > 0.0 { steps / squares } else { 2.0 };
    let (skew, kurtosis) = if second > 0.0 {
        ((third / n) / (second / n).powf(1.5), (fourth / n) / (second / n).powi(2))
    } else {
        (0.0, 3.0)
    };
    let jarque_bera = n / 6.0 * (skew * skew + (kurtosis - 3.0).powi(2) / 4.0);
    let jarque_bera_pvalue = ChiSquared::new(2.0)?.sf(jarque_bera);
    Ok(ResidualChecks { durbin_watson, skew, kurtosis, jarque_bera, jarque_bera_pvalue })
}

/// The Breusch–Pagan test: whether squared residuals go with the columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreuschPagan {
    /// n·R² of the regression of the squared residuals on the columns.
    pub statistic: f64,
    /// Of χ² with `df` degrees of freedom.
    pub pvalue: f64,
    /// The number of coefficients beside the constant.
    pub df: f64,
}

/// Runs it. Without a column beside the constant, or with residuals of one size, there is nothing to go with: the statistic is zero.
///
/// # Errors
/// As [`linear_regression`], for what concerns X, and for residuals that are not finite.
pub fn breusch_pagan(x: ArrayView2<'_, f64>, residuals: ArrayView1<'_, f64>, intercept: bool) -> Result<BreuschPagan> {
    let largest = residuals.iter().fold(0.0_f64, |m, e| m.max(e.abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let squares: Array1<f64> = residuals.iter().map(|e| (e / scale).powi(2)).collect();
    let nothing = BreuschPagan { statistic: 0.0, pvalue: 1.0, df: 0.0 };
    let options = RegressionOptions { intercept, ..RegressionOptions::default() };
    let fit = match linear_regression(x, squares.view(), &options) {
        Err(Error::Constant { .. }) => return Ok(nothing),
        fit => fit?,
    };
    if fit.df_model == 0.0 {
        return Ok(nothing);
    }
    let statistic = fit.nobs as f64 * fit.rsquared;
    Ok(BreuschPagan { statistic, pvalue: ChiSquared::new(fit.df_model)?.sf(statistic), df: fit.df_model })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn residuals_by_hand() {
        let found = check_residuals(array![1.0, -1.0, 1.0, -1.0].view()).unwrap();
        assert_eq!((found.durbin_watson, found.skew, found.kurtosis), (3.0, 0.0, 1.0));
        // n/6·(0 + 4/4) = 2/3, and exp(−x/2) is the χ² tail with two degrees of freedom.
        assert!((found.jarque_bera - 2.0 / 3.0).abs() < 1e-15);
        assert!((found.jarque_bera_pvalue - (-1.0_f64 / 3.0).exp()).abs() < 1e-15);
        assert_eq!(check_residuals(array![0.0, 0.0].view()).unwrap().kurtosis, 3.0);
        assert!(check_residuals(array![1e-200, 3e-200, -4e-200].view()).unwrap().skew < 0.0);
    }

    #[test]
    fn residuals_that_grow_with_the_column_are_seen() {
        let x = Array1::from_iter((1..=40).map(f64::from));
        let wedge: Array1<f64> = x.iter().enumerate().map(|(i, x)| if i % 2 == 0 { *x } else { -x }).collect();
        let column = x.view().insert_axis(ndarray::Axis(1));
        let found = breusch_pagan(column, wedge.view(), true).unwrap();
        assert!(found.pvalue < 1e-7 && found.df == 1.0);
        let level: Array1<f64> = wedge.mapv(f64::signum);
        assert_eq!(breusch_pagan(column, level.view(), true).unwrap().statistic, 0.0);
    }
}
