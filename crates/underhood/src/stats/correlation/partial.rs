//! The correlation of two variables without what others explain of them.
//!
//! R. A. Fisher (1924, Metron 3:329–332): with k covariates it has the distribution of an ordinary correlation of k pairs fewer.

use ndarray::{ArrayView1, ArrayView2};

use super::pair::{check_pair, fisher_interval};
use super::pearson::Closeness;
use crate::check;
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::columns::push_columns;
use crate::stats::moments::Moments;
use crate::stats::test::Alternative;

const NAME: &str = "partial_corr";
/// What is left of a column is nothing but rounding if it is shorter than so much of it.
const NOTHING: f64 = 1e-12;

/// A partial correlation and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartialCorrelation {
    /// The correlation of what the covariates leave of x and of y.
    pub statistic: f64,
    /// Probability of a coefficient at least as far out, if x and y are independent given the covariates.
    pub p_value: f64,
    /// Degrees of freedom of Student's t, n − k − 2.
    pub df: usize,
    /// How many rows.
    pub n: usize,
    /// How many covariates, k.
    pub covariates: usize,
    /// Interval by artanh, with the error 1/√(n − k − 3).
    pub confidence_interval: (f64, f64),
    /// Pearson's r of x and y as they are.
    pub correlation: f64,
    /// The semi-partial correlation of y, as it is, with what the covariates leave of x.
    pub semipartial: f64,
}

/// The correlation of x and y after a linear regression of each on the covariates, one a column.
///
/// # Errors
/// As [`pearsonr`](super::pearsonr), and [`Error::TooFew`] for fewer than k + 3 rows, [`Error::Shape`] for another number of rows in the
/// covariates, [`Error::RankDeficient`] if one of them depends on the others, [`Error::Invalid`] if they leave nothing of x or y.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, partial_corr};
///
/// let x = array![2.0, 4.0, 15.0, 20.0];
/// let (y, z) = (array![1.0, 2.0, 3.0, 4.0], array![[0.0], [0.0], [1.0], [1.0]]);
/// let found = partial_corr(x.view(), y.view(), z.view(), Alternative::TwoSided, 0.95)?;
/// assert!((found.statistic - 0.9191450300180579).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn partial_corr(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    covariates: ArrayView2<'_, f64>,
    alternative: Alternative,
    level: f64,
) -> Result<PartialCorrelation> {
    check_pair(NAME, x, y, level)?;
    let (n, k) = (x.len(), covariates.ncols());
    if covariates.nrows() != n {
        let (shape, expected) = (covariates.shape().to_vec(), format!("x has {n} values"));
        return Err(Error::Shape { function: NAME, argument: "covariates", shape, expected });
    }
    check::finite_matrix(NAME, "covariates", covariates)?;
    check::at_least(NAME, "x", "values", n, k + 3)?;
    let basis = basis(covariates)?;
    let without = |argument: &'static str, column: ArrayView1<'_, f64>| -> Result<(Vec<f64>, Vec<f64>)> {
        let whole = unit(column.to_vec()).unwrap_or_default();
        let mut rest = whole.clone();
        // Twice: what rounding leaves of the covariates in the first rest goes in the second.
        remove(&mut rest, &basis);
        remove(&mut rest, &basis);
        if dot(&rest, &rest).sqrt() > NOTHING {
            return Ok((whole, rest));
        }
        let problem = "is a linear function of the covariates, which leave nothing of it to correlate".into();
        Err(Error::Invalid { function: NAME, argument, problem })
    };
    let (x_whole, x_rest) = without("x", x)?;
    let (y_whole, y_rest) = without("y", y)?;
    let correlation = Closeness::of_centred(x_whole, y_whole.clone()).r;
    let semipartial = Closeness::of_centred(x_rest.clone(), y_whole).r;
    let closeness = Closeness::of_centred(x_rest, y_rest);
    let df = n - k - 2;
    let error = if df > 1 { 1.0 / ((df - 1) as f64).sqrt() } else { f64::INFINITY };
    Ok(PartialCorrelation {
        statistic: closeness.r,
        p_value: closeness.p_value(df, alternative)?,
        df,
        n,
        covariates: k,
        confidence_interval: fisher_interval(closeness.artanh(), error, alternative, level),
        correlation,
        semipartial,
    })
}

/// A column without its mean, of length 1; none if it is constant.
fn unit(mut column: Vec<f64>) -> Option<Vec<f64>> {
    Moments::of_slice(&column).centre(&mut column);
    let length = dot(&column, &column).sqrt();
    column.iter_mut().for_each(|v| *v /= length);
    (length > 0.0).then_some(column)
}

/// Takes the parts along each vector of an orthonormal basis out of a column.
fn remove(column: &mut [f64], basis: &[Vec<f64>]) {
    for direction in basis {
        let part = dot(column, direction);
        column.iter_mut().zip(direction).for_each(|(v, d)| *v -= part * d);
    }
}

/// Orthonormal directions of the covariates, by Gram and Schmidt's process, twice for each column (W. Kahan's rule).
fn basis(covariates: ArrayView2<'_, f64>) -> Result<Vec<Vec<f64>>> {
    let mut columns = Vec::new();
    push_columns(covariates, &mut columns);
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(covariates.ncols());
    for column in columns.chunks_exact(covariates.nrows()) {
        let direction = unit(column.to_vec()).and_then(|mut column| {
            remove(&mut column, &basis);
            remove(&mut column, &basis);
            let length = dot(&column, &column).sqrt();
            column.iter_mut().for_each(|v| *v /= length);
            (length > NOTHING).then_some(column)
        });
        basis.push(direction.ok_or_else(|| Error::RankDeficient {
            function: NAME,
            argument: "covariates",
            rank: basis.len(),
            columns: covariates.ncols(),
            consequence: format!(
                "column {} (counted from 0) is constant or depends on those before it; leave it out",
                basis.len()
            ),
        })?);
    }
    Ok(basis)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, Array2, Axis, array};

    use super::*;
    use crate::random::Stream;
    use crate::stats::pearsonr;

    #[test]
    fn one_covariate_has_the_textbooks_formula() {
        let mut stream = Stream::seeded(5);
        let z: Array1<f64> = (0..50).map(|_| stream.normal()).collect();
        let x: Array1<f64> = z.iter().map(|z| z + stream.normal()).collect();
        let y: Array1<f64> = z.iter().map(|z| 2.0 * z + stream.normal() + 100.0).collect();
        let r = |a: &Array1<f64>, b: &Array1<f64>| {
            pearsonr(a.view(), b.view(), Alternative::TwoSided, 0.95).unwrap().statistic
        };
        let (xy, xz, yz) = (r(&x, &y), r(&x, &z), r(&y, &z));
        let found =
            partial_corr(x.view(), y.view(), z.view().insert_axis(Axis(1)), Alternative::TwoSided, 0.95).unwrap();
        let expected = (xy - xz * yz) / ((1.0 - xz * xz) * (1.0 - yz * yz)).sqrt();
        assert_relative_eq!(found.statistic, expected, max_relative = 1e-12);
        assert_relative_eq!(found.semipartial, (xy - xz * yz) / (1.0 - xz * xz).sqrt(), max_relative = 1e-12);
        assert_relative_eq!(found.correlation, xy, max_relative = 1e-14);
        assert_eq!((found.df, found.n, found.covariates), (47, 50, 1));
        let none = Array2::zeros((50, 0));
        let plain = partial_corr(x.view(), y.view(), none.view(), Alternative::TwoSided, 0.95).unwrap();
        let pearson = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        assert_relative_eq!(plain.p_value, pearson.p_value, max_relative = 1e-10);
        assert_relative_eq!(plain.confidence_interval.0, pearson.confidence_interval.0, max_relative = 1e-12);
    }

    #[test]
    fn covariates_that_say_too_much_are_named() {
        let (x, y) = (array![1.0, 2.0, 4.0, 3.0, 7.0], array![2.0, 1.0, 5.0, 3.0, 3.0]);
        let of = |z: Array2<f64>| {
            partial_corr(x.view(), y.view(), z.view(), Alternative::TwoSided, 0.95).unwrap_err().to_string()
        };
        let column = |x: &Array1<f64>| x.view().insert_axis(Axis(1)).to_owned();
        assert!(of(column(&(&x * 3.0 - 1.0))).starts_with("partial_corr: x is a linear function of the covariates"));
        assert!(of(Array2::ones((5, 1))).contains("column 0 (counted from 0) is constant"));
        let twice = ndarray::stack![Axis(1), array![1.0, 0.0, 0.0, 1.0, 5.0], array![2.0, 0.0, 0.0, 2.0, 10.0]];
        assert!(of(twice).contains("rank 1"));
        assert!(of(Array2::ones((4, 1))).contains("covariates is 4×1, but x has 5 values"));
        assert!(of(Array2::ones((5, 3))).contains("at least 6"));
    }
}
