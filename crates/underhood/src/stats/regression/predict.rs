//! What a regression says about rows that it has not seen, and how sure it is.

use std::str::FromStr;

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::inference::length;
use crate::check;
use crate::distributions::{Distribution, StudentT};
use crate::error::{Error, Result};

/// What an interval around a predicted value is to cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// The mean of y at these values of X: only the coefficients are uncertain.
    Confidence,
    /// One new y: its own error comes on top.
    Prediction,
}

impl FromStr for Interval {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "confidence" => Ok(Interval::Confidence),
            "prediction" => Ok(Interval::Prediction),
            _ => Err(Error::UnknownName {
                function: "predict",
                argument: "interval",
                value: name.into(),
                allowed: &["confidence", "prediction"],
            }),
        }
    }
}

/// Predicted values with their intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// zᵀβ for each row.
    pub predicted: Array1<f64>,
    /// Lower ends.
    pub lower: Array1<f64>,
    /// Upper ends.
    pub upper: Array1<f64>,
}

/// Predicts y for the rows of X: zᵀβ ± t·se, where se² = ‖Cᵀz‖² for the mean of y and ‖Cᵀz‖² + σ² for one new y.
///
/// `params`, `cov_root` (C), `mse_resid` (σ²) and `df_resid` are those of a [`LinearRegression`](super::LinearRegression); there
/// is one coefficient more than X has columns when a constant was added.
///
/// # Errors
/// [`Error::Shape`] when X's columns do not fit the coefficients, [`Error::NotFinite`] for missing values, [`Error::OutOfRange`] for the
/// level, a negative σ² or degrees of freedom that are not positive.
pub fn predict(
    x: ArrayView2<'_, f64>,
    params: ArrayView1<'_, f64>,
    cov_root: ArrayView2<'_, f64>,
    (mse_resid, df_resid): (f64, f64),
    interval: Interval,
    confidence_level: f64,
) -> Result<Prediction> {
    let start = match params.len().checked_sub(x.ncols()) {
        Some(start @ (0 | 1)) if cov_root.dim() == (params.len(), params.len()) => start,
        _ => {
            let expected = format!("the regression has {} coefficients, the constant included", params.len());
            return Err(Error::Shape { function: "predict", argument: "X", shape: x.shape().to_vec(), expected });
        }
    };
    check::finite_matrix("predict", "X", x)?;
    check::finite_vector("predict", "params", params)?;
    check::finite_matrix("predict", "cov_root", cov_root)?;
    let possible = mse_resid >= 0.0 && mse_resid.is_finite();
    check::in_range("predict", "mse_resid", mse_resid, possible, "zero or positive, and finite")?;
    let level = confidence_level;
    check::in_range("predict", "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    let critical = StudentT::standard(df_resid)?.isf(0.5 * (1.0 - level));
    let own = match interval {
        Interval::Confidence => 0.0,
        Interval::Prediction => mse_resid.sqrt(),
    };
    let entry = |row: &ArrayView1<'_, f64>, j: usize| if j < start { 1.0 } else { row[j - start] };
    let mut prediction = Prediction {
        predicted: Array1::zeros(x.nrows()),
        lower: Array1::zeros(x.nrows()),
        upper: Array1::zeros(x.nrows()),
    };
    // Cᵀz, and what the new y adds of its own.
    let mut parts = Array1::from_elem(params.len() + 1, own);
    for (i, row) in x.rows().into_iter().enumerate() {
        let value: f64 = params.iter().enumerate().map(|(j, b)| b * entry(&row, j)).sum();
        for (part, column) in parts.iter_mut().zip(cov_root.columns()) {
            *part = column.iter().enumerate().map(|(j, c)| c * entry(&row, j)).sum();
        }
        let reach = critical * length(parts.view());
        prediction.predicted[i] = value;
        prediction.lower[i] = value - reach;
        prediction.upper[i] = value + reach;
    }
    Ok(prediction)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::{RegressionOptions, linear_regression};
    use super::*;

    /// With one column, the textbook's σ²·(1/n + (x − x̄)²/Sxx), and one more σ² for a new observation.
    #[test]
    fn intervals_are_the_textbooks() {
        let (x, y) = (array![[1.0], [2.0], [4.0], [7.0]], array![1.0, 3.0, 4.0, 9.0]);
        let fit = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
        let new = array![[3.0], [10.0]];
        let noise = (fit.mse_resid, fit.df_resid);
        // With 2 degrees of freedom the quantile has a closed form, (2p − 1)/√(2p(1 − p)).
        let t = 0.95 / (2.0 * 0.975 * 0.025_f64).sqrt();
        for (interval, own) in [(Interval::Confidence, 0.0), (Interval::Prediction, 1.0)] {
            let found = predict(new.view(), fit.params.view(), fit.cov_root(), noise, interval, 0.95).unwrap();
            for i in 0..2 {
                let se = (fit.mse_resid * (own + 0.25 + (new[[i, 0]] - 3.5_f64).powi(2) / 21.0)).sqrt();
                assert!((found.upper[i] - found.predicted[i] - t * se).abs() < 1e-12);
                assert!((found.predicted[i] - found.lower[i] - t * se).abs() < 1e-12);
                assert!((found.predicted[i] - fit.params[0] - fit.params[1] * new[[i, 0]]).abs() < 1e-14);
            }
        }
        // Far out the textbook's root is |x|·s/√Sxx, and its square beyond the doubles.
        let far = array![[1e200]];
        let found = predict(far.view(), fit.params.view(), fit.cov_root(), noise, Interval::Confidence, 0.95).unwrap();
        let reach = t * 1e200 * (fit.mse_resid / 21.0).sqrt();
        assert!(((found.upper[0] - found.predicted[0]) / reach - 1.0).abs() < 1e-12);
        let wide = array![[1.0, 2.0, 3.0]];
        let negative = predict(new.view(), fit.params.view(), fit.cov_root(), (-1.0, 2.0), Interval::Prediction, 0.95);
        assert!(negative.unwrap_err().to_string().contains("mse_resid is -1"));
        let nan = array![f64::NAN, 1.0];
        assert!(predict(new.view(), nan.view(), fit.cov_root(), noise, Interval::Confidence, 0.95).is_err());
        assert!(predict(wide.view(), fit.params.view(), fit.cov_root(), noise, Interval::Confidence, 0.95).is_err());
    }
}
