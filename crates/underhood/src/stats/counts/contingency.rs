//! Two categories: does the share of one depend on the other?
//!
//! K. Pearson (1900, doi:10.1080/14786440009463897), with the correction of F. Yates (1934, doi:10.2307/2983604) for tables of two
//! by two. Size of the effect: H. Cramér (1946, *Mathematical Methods of Statistics*).

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::sums_of_others;
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};
use crate::stats::moments::{exponent_of, times_power_of_two};

const NAME: &str = "chi2_contingency";

/// What the test of independence finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Contingency {
    /// χ² = Σ (observed − expected)²/expected, with Yates' correction where it applies.
    pub statistic: f64,
    /// Probability of so large a χ² if rows and columns are independent.
    pub p_value: f64,
    /// Degrees of freedom, (rows − 1)(columns − 1).
    pub dof: usize,
    /// The counts that independence would lead to be expected: row sum · column sum / total.
    pub expected: Array2<f64>,
    /// The adjusted residuals (S. J. Haberman 1973, doi:10.2307/2529686): (observed − expected)/√(expected·(1 − row sum/total)(1 −
    /// column sum/total)), about standard normal each if rows and columns are independent.
    pub residuals: Array2<f64>,
    /// Cramér's V, from 0 (independent) to 1 (one category decides the other): √(χ²/(n·(min(rows, columns) − 1))), of the χ²
    /// without Yates' correction.
    pub cramers_v: f64,
    /// The sum of all counts.
    pub total: f64,
    /// Whether Yates' correction was applied.
    pub corrected: bool,
}

/// Tests whether the rows and columns of a table of counts are independent.
///
/// Yates' correction (each difference is made up to 1/2 smaller) is applied to tables of two by two unless `correction` is false.
/// The χ² distribution is an approximation: poor where expected counts are below about 5.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two rows or columns; [`Error::NotFinite`] or [`Error::Invalid`] for counts that are negative or
/// not finite, for a row or column without counts, a total beyond the largest double,
/// or an expected count below the smallest one.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::chi2_contingency;
///
/// let found = chi2_contingency(array![[10.0, 10.0, 20.0], [20.0, 20.0, 20.0]].view(), true)?;
/// assert!((found.statistic - 25.0 / 9.0).abs() < 1e-14);
/// assert_eq!(found.dof, 2);
/// assert_eq!(found.expected, array![[12.0, 12.0, 16.0], [18.0, 18.0, 24.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn chi2_contingency(observed: ArrayView2<'_, f64>, correction: bool) -> Result<Contingency> {
    let invalid = |problem: String| Error::Invalid { function: NAME, argument: "observed", problem };
    check::at_least(NAME, "observed", "rows", observed.nrows(), 2)?;
    check::at_least(NAME, "observed", "columns", observed.ncols(), 2)?;
    check::finite_matrix(NAME, "observed", observed)?;
    if let Some(((row, column), count)) = observed.indexed_iter().find(|(_, count)| **count < 0.0) {
        return Err(invalid(format!("has {count} at row {row}, column {column}, but a count is not negative")));
    }
    let (rows, columns) = (observed.sum_axis(Axis(1)), observed.sum_axis(Axis(0)));
    let total = rows.sum();
    if !total.is_finite() {
        return Err(invalid("has a sum beyond the largest double; count in larger units".into()));
    }
    for (kind, sums) in [("row", &rows), ("column", &columns)] {
        if let Some(i) = sums.iter().position(|sum| *sum == 0.0) {
            return Err(invalid(format!("has no counts in {kind} {i} (counted from 0); leave that {kind} out")));
        }
    }

    let expected = Array2::from_shape_fn(observed.dim(), |(i, j)| rows[i] * (columns[j] / total));
    if let Some(((row, column), _)) = expected.indexed_iter().find(|(_, count)| **count < f64::MIN_POSITIVE) {
        let problem = format!("leads to expect no count at row {row}, column {column}, beside so large ones elsewhere");
        return Err(invalid(problem));
    }
    let differences = differences(observed, total);
    let (other_rows, other_columns) = (sums_of_others(rows.iter().copied()), sums_of_others(columns.iter().copied()));
    let residuals = Array2::from_shape_fn(observed.dim(), |(i, j)| {
        let rest = (other_rows[i] / total).sqrt() * (other_columns[j] / total).sqrt();
        differences[[i, j]] / expected[[i, j]].sqrt() / rest
    });
    let dof = (observed.nrows() - 1) * (observed.ncols() - 1);
    let corrected = correction && dof == 1;
    let chi_square = |less: f64| -> f64 {
        let terms = differences.iter().zip(&expected).map(|(difference, expected)| {
            let difference = (difference.abs() - less).max(0.0);
            difference * (difference / expected)
        });
        terms.sum()
    };
    let plain = chi_square(0.0);
    let statistic = if corrected { chi_square(0.5) } else { plain };
    let smaller = observed.nrows().min(observed.ncols()) - 1;
    Ok(Contingency {
        statistic,
        p_value: ChiSquared::new(dof as f64)?.sf(statistic),
        dof,
        expected,
        residuals,
        cramers_v: (plain / total / smaller as f64).sqrt().min(1.0),
        total,
        corrected,
    })
}

/// Observed less expected counts. With o in a cell, r and c in the rest of its row and column and s in all others, the difference is
/// (o·s − r·c)/total, which does not cancel where one cell holds nearly all.
fn differences(observed: ArrayView2<'_, f64>, total: f64) -> Array2<f64> {
    // By a power of two that neither products nor quotients leave the range with.
    let unit = exponent_of(total);
    let counts = observed.map(|&count| times_power_of_two(count, -unit));
    let total = times_power_of_two(total, -unit);
    let mut in_row = Array2::zeros(counts.dim());
    let mut in_column = Array2::zeros(counts.dim());
    let mut elsewhere = Array2::zeros(counts.dim());
    for (row, mut others) in counts.rows().into_iter().zip(in_row.rows_mut()) {
        others.assign(&Array1::from_vec(sums_of_others(row.iter().copied())));
    }
    for j in 0..counts.ncols() {
        in_column.column_mut(j).assign(&Array1::from_vec(sums_of_others(counts.column(j).iter().copied())));
        elsewhere.column_mut(j).assign(&Array1::from_vec(sums_of_others(in_row.column(j).iter().copied())));
    }
    Array2::from_shape_fn(counts.dim(), |at| {
        // o·s − r·c, rounded about once (W. Kahan).
        let product = in_row[at] * in_column[at];
        let error = f64::mul_add(-in_row[at], in_column[at], product);
        times_power_of_two((counts[at].mul_add(elsewhere[at], -product) + error) / total, unit)
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn yates_correction_and_cramers_v_of_two_by_two() {
        // n(ad − bc)²/(row and column sums), with |ad − bc| − n/2 for Yates: 100·500²/(40·60·50·50) and 100·450²/(…).
        let table = array![[25.0, 15.0], [25.0, 35.0]];
        let plain = chi2_contingency(table.view(), false).unwrap();
        assert_relative_eq!(plain.statistic, 100.0 * 500.0 * 500.0 / 6e6, max_relative = 1e-14);
        let corrected = chi2_contingency(table.view(), true).unwrap();
        assert_relative_eq!(corrected.statistic, 100.0 * 450.0 * 450.0 / 6e6, max_relative = 1e-14);
        assert!(corrected.corrected && !plain.corrected);
        assert_eq!(corrected.cramers_v, plain.cramers_v);
        assert_relative_eq!(plain.cramers_v, (plain.statistic / 100.0).sqrt(), max_relative = 1e-15);
    }

    #[test]
    fn residuals_of_two_by_two_are_of_one_size() {
        // (ad − bc)·√(total/(row and column sums)) each: of ad − bc = 2e17 − 15, row sums 1e17, 7 and column sums 1e17, 5.
        let found = chi2_contingency(array![[1e17, 3.0], [5.0, 2.0]].view(), false).unwrap();
        let size = 2e17 * (1e17_f64 / (1e17 * 7.0 * 1e17 * 5.0)).sqrt();
        for (residual, sign) in found.residuals.iter().zip([1.0, -1.0, -1.0, 1.0]) {
            assert_relative_eq!(*residual, sign * size, max_relative = 1e-14);
        }
        assert_relative_eq!(found.statistic, size * size, max_relative = 1e-14);
        // The unit does not matter, and may be extreme.
        let tiny = chi2_contingency(array![[1e-133, 3e-150], [5e-150, 2e-150]].view(), false).unwrap();
        assert_relative_eq!(tiny.residuals[[0, 0]], size * 1e-75, max_relative = 1e-13);
        // Three by two: Haberman's formula as it is written.
        let table = array![[12.0, 7.0], [3.0, 19.0], [8.0, 8.0]];
        let found = chi2_contingency(table.view(), false).unwrap();
        let (rows, columns) = ([19.0, 22.0, 16.0], [23.0, 34.0]);
        for ((i, j), count) in table.indexed_iter() {
            let expected = rows[i] * columns[j] / 57.0;
            let spread: f64 = expected * (1.0 - rows[i] / 57.0) * (1.0 - columns[j] / 57.0);
            assert_relative_eq!(found.residuals[[i, j]], (count - expected) / spread.sqrt(), max_relative = 1e-13);
        }
    }

    #[test]
    fn independent_and_determined_tables_are_the_ends_of_v() {
        let independent = chi2_contingency(array![[2.0, 4.0], [3.0, 6.0]].view(), true).unwrap();
        assert_eq!((independent.statistic, independent.p_value, independent.cramers_v), (0.0, 1.0, 0.0));
        let determined = chi2_contingency(array![[7.0, 0.0, 0.0], [0.0, 5.0, 6.0]].view(), true).unwrap();
        assert_relative_eq!(determined.cramers_v, 1.0, max_relative = 1e-15);
        assert_relative_eq!(determined.statistic, 18.0, max_relative = 1e-14);
    }

    #[test]
    fn what_is_no_table_of_counts_is_named() {
        let message = |table: Array2<f64>| chi2_contingency(table.view(), true).unwrap_err().to_string();
        assert_eq!(
            message(array![[1.0, 2.0], [0.0, 0.0]]),
            "chi2_contingency: observed has no counts in row 1 (counted from 0); leave that row out"
        );
        assert!(message(array![[1.0, 2.0], [-1.0, 0.0]]).contains("has -1 at row 1, column 0"));
        assert!(message(array![[1.0, 2.0]]).contains("1 row,"));
        assert!(message(array![[1.0, f64::NAN], [1.0, 1.0]]).contains("NaN"));
        assert!(message(array![[1e308, 1e308], [1.0, 1.0]]).contains("sum beyond"));
        // 0 observed where 1e-600 is expected would be 0/0.
        assert!(message(array![[0.0, 1e-200], [1e-200, 1e200]]).contains("expect no count at row 0, column 0"));
    }
}
