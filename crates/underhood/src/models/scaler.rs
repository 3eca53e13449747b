//! Standardising: columns with mean 0 and standard deviation 1, which is what descent and penalties take for granted.

use ndarray::{Array2, ArrayView2};

use super::rows::{Rows, all_finite, same_features};
use crate::check;
use crate::error::{Error, Result};

/// Mean and spread of each column, as learned from a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardScaler {
    /// Mean of each column.
    pub mean: Vec<f64>,
    /// Variance of each column with divisor n.
    pub variance: Vec<f64>,
    /// What a column is divided by: the root of its variance, or 1 if the column is constant to within rounding.
    pub scale: Vec<f64>,
}

impl StandardScaler {
    /// Learns mean and standard deviation (divisor n, as in scikit-learn) of each column.
    ///
    /// The variance is the corrected two-pass sum (Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::models::StandardScaler;
    ///
    /// let x = array![[1.0, 5.0], [3.0, 5.0]];
    /// let scaler = StandardScaler::fit(x.view())?;
    /// assert_eq!(scaler.transform(x.view())?, array![[-1.0, 0.0], [1.0, 0.0]]);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` holds a NaN or an infinity, is empty, or its squares overflow or vanish.
    pub fn fit(x: ArrayView2<'_, f64>) -> Result<Self> {
        const FIT: &str = "StandardScaler.fit";
        let rows = Rows::new(FIT, x)?;
        let n = rows.count as f64;
        let values = || rows.values().chunks_exact(rows.columns);
        let mut mean = super::moments::centre(&rows);
        let mut rest = vec![0.0; rows.columns];
        values().for_each(|row| add_differences(row, &mean, &mut rest));
        mean.iter_mut().zip(&rest).for_each(|(m, r)| *m += r / n);

        rest.fill(0.0);
        let mut squares = vec![0.0; rows.columns];
        for row in values() {
            add_differences(row, &mean, &mut rest);
            for ((sum, x), m) in squares.iter_mut().zip(row).zip(&mean) {
                *sum += (x - m) * (x - m);
            }
        }
        let variance: Vec<f64> = squares.iter().zip(&rest).map(|(q, r)| ((q - r * r / n) / n).max(0.0)).collect();
        if let Some(column) = squares.iter().position(|v| !v.is_finite()) {
            let problem = format!("holds values so large that their squares overflow (column {column})");
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        // Beside a mean there is no spread to speak of below its rounding, but a column of tiny numbers has one that is lost here.
        let lost = |j: usize| variance[j] < f64::MIN_POSITIVE && mean[j].abs() < 1e-130;
        if let Some(column) = (0..rows.columns).find(|&j| lost(j) && values().any(|row| row[j] != rows.row(0)[j])) {
            let problem = format!("holds values so small that their squares vanish (column {column}); change its unit");
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        let spread = |(v, m): (&f64, &f64)| match v.sqrt() {
            // Below the rounding of the mean there is no spread to speak of.
            s if s <= 10.0 * f64::EPSILON * m.abs() => 1.0,
            s => s,
        };
        let scale = variance.iter().zip(&mean).map(spread).collect();
        Ok(StandardScaler { mean, variance, scale })
    }

    /// (x − mean)/scale, column by column.
    ///
    /// # Errors
    /// `x` holds a NaN or an infinity, is empty, or has other columns than it was learned from.
    pub fn transform(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        self.apply("StandardScaler.transform", "scaled value", x, |x, m, s| (x - m) / s)
    }

    /// x·scale + mean: the way back.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn inverse_transform(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        self.apply("StandardScaler.inverse_transform", "value", x, |x, m, s| x * s + m)
    }

    fn apply(
        &self,
        function: &'static str,
        what: &str,
        x: ArrayView2<'_, f64>,
        map: impl Fn(f64, f64, f64) -> f64,
    ) -> Result<Array2<f64>> {
        let rows = Rows::new(function, x)?;
        same_features(function, rows.columns, self.mean.len())?;
        let mut out = Vec::with_capacity(rows.values().len());
        for row in rows.values().chunks_exact(rows.columns) {
            out.extend(row.iter().zip(&self.mean).zip(&self.scale).map(|((&x, &m), &s)| map(x, m, s)));
        }
        if !all_finite(&out) {
            check::within_range(function, what, &out, rows.columns)?;
        }
        // One row of the same length for each row: the shape fits.
        Ok(Array2::from_shape_vec(x.raw_dim(), out).unwrap_or_default())
    }
}

fn add_differences(row: &[f64], mean: &[f64], sums: &mut [f64]) {
    for ((sum, x), m) in sums.iter_mut().zip(row).zip(mean) {
        *sum += x - m;
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn data_far_from_zero_keep_their_digits() {
        // 1e9 + (0, 1, 2): variance 2/3 exactly; the textbook difference of squares would leave no digit.
        let scaler = StandardScaler::fit(array![[1e9], [1e9 + 1.0], [1e9 + 2.0]].view()).unwrap();
        assert_eq!(scaler.mean, [1e9 + 1.0]);
        assert!((scaler.variance[0] - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn a_column_whose_squares_vanish_is_not_called_constant() {
        let error = StandardScaler::fit(array![[1.0, 1e-170], [2.0, 3e-170]].view()).unwrap_err().to_string();
        assert!(error.contains("squares vanish (column 1)"), "{error}");
        assert_eq!(StandardScaler::fit(array![[1e-170], [1e-170]].view()).unwrap().scale, [1.0]);
        assert_eq!(StandardScaler::fit(array![[-1e-100], [1e-100]].view()).unwrap().scale, [1e-100]);
    }

    #[test]
    fn a_constant_column_becomes_zero_and_comes_back() {
        let x = Array2::from_elem((7, 1), 0.1);
        let scaler = StandardScaler::fit(x.view()).unwrap();
        let z = scaler.transform(x.view()).unwrap();
        assert!(z.iter().all(|&z| z == 0.0));
        assert_eq!(scaler.inverse_transform(z.view()).unwrap(), x);
    }
}
