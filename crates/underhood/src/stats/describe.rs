//! The eleven numbers that describe a column.

use ndarray::{ArrayView1, ArrayView2, Axis};

use super::contiguous;
use super::moments::{BLOCK, Moments, Running, reference_value};
use super::quantile::{Plan, QuantileMethod, quantiles_without_missing};
use super::select::{Search, WORTH_SAMPLING};

const QUARTERS: [f64; 3] = [0.25, 0.5, 0.75];

/// What [`describe`] finds out about one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many values there are; NaN is none.
    pub count: usize,
    /// How many are missing (NaN).
    pub missing: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation of a sample (divisor n − 1); NaN for fewer than two values.
    pub std: f64,
    /// Smallest value.
    pub min: f64,
    /// Lower quartile, by linear interpolation at place (n − 1)/4.
    pub q25: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile, by linear interpolation at place 3(n − 1)/4.
    pub q75: f64,
    /// Largest value.
    pub max: f64,
    /// Skewness; NaN for a constant column or fewer than three values. See [`Moments::skewness`].
    pub skewness: f64,
    /// Excess kurtosis; NaN for a constant column or fewer than four values. See [`Moments::kurtosis`].
    pub kurtosis: f64,
}

/// Describes every column of a matrix.
///
/// With `bias` the skewness and kurtosis are those of the sample (as in SciPy), without it they are corrected for the sample's
/// size (as in pandas). A column without any value has a count of 0 and NaN for everything else. For infinite values see
/// [`Moments`]; quantiles take them as they are.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::describe;
///
/// let summaries = describe(array![[1.0, 5.0], [2.0, f64::NAN], [3.0, 5.0], [6.0, 5.0]].view(), false);
/// assert_eq!((summaries[0].mean, summaries[0].median, summaries[0].max), (3.0, 2.5, 6.0));
/// assert_eq!((summaries[1].count, summaries[1].missing, summaries[1].std), (3, 1, 0.0));
/// ```
pub fn describe(data: ArrayView2<'_, f64>, bias: bool) -> Vec<Summary> {
    let side_by_side = data.columns().into_iter().all(|column| column.as_slice().is_some());
    if !side_by_side && data.nrows() >= WORTH_SAMPLING {
        return describe_rows(data, bias);
    }
    let mut selection = Vec::new();
    let columns = data.columns().into_iter();
    columns.map(|column| contiguous(column, |x| described(x, bias, &mut selection))).collect()
}

/// The same of a long matrix whose rows are side by side: all columns in step, so that memory is read twice and not copied.
fn describe_rows(data: ArrayView2<'_, f64>, bias: bool) -> Vec<Summary> {
    let n = data.nrows();
    let columns: Vec<ArrayView1<'_, f64>> = data.columns().into_iter().collect();
    let mut running: Vec<Running> =
        columns.iter().map(|column| Running::about(reference_value(n, |i| column[i]))).collect();
    each_block(data, |j, block| running[j].add(block));
    let moments: Vec<Moments> = running
        .into_iter()
        .zip(&columns)
        .map(|(running, column)| running.moments().reconsidered(|| column.to_vec()))
        .collect();

    let plan = Plan::new(n, &QUARTERS, QuantileMethod::Linear);
    let mut searches: Vec<Option<Search>> = moments
        .iter()
        .zip(&columns)
        .map(|(moments, column)| match moments.missing() {
            0 => Search::new(n, |i| column[i], &plan.ranks, Vec::new()),
            _ => None,
        })
        .collect();
    each_block(data, |j, block| {
        if let Some(search) = &mut searches[j] {
            search.add(block);
        }
    });
    let mut selection = Vec::new();
    let summaries = moments.iter().zip(searches).zip(&columns).map(|((moments, search), column)| {
        let found = match search.and_then(|mut search| search.values(&plan.ranks)) {
            Some(values) => plan.quantiles(&values),
            None => contiguous(*column, |x| quartiles(x, moments, &mut selection)),
        };
        summary(moments, &found, bias)
    });
    summaries.collect()
}

/// Hands over every column's values block by block, all columns of the first rows first.
fn each_block(data: ArrayView2<'_, f64>, mut take: impl FnMut(usize, &[f64])) {
    let mut block = [0.0; BLOCK];
    for rows in data.axis_chunks_iter(Axis(0), BLOCK) {
        for (j, column) in rows.columns().into_iter().enumerate() {
            block.iter_mut().zip(column).for_each(|(to, from)| *to = *from);
            take(j, &block[..rows.nrows()]);
        }
    }
}

/// Describes one column. See [`describe`].
pub fn describe_column(x: ArrayView1<'_, f64>, bias: bool) -> Summary {
    contiguous(x, |x| described(x, bias, &mut Vec::new()))
}

/// Describes values side by side; `selection` is memory that calls in a row can share.
fn described(values: &[f64], bias: bool, selection: &mut Vec<i64>) -> Summary {
    let moments = Moments::of_slice(values);
    summary(&moments, &quartiles(values, &moments, selection), bias)
}

fn summary(moments: &Moments, quartiles: &[f64], bias: bool) -> Summary {
    Summary {
        count: moments.count(),
        missing: moments.missing(),
        mean: moments.mean(),
        std: moments.std(1),
        min: moments.min(),
        q25: quartiles[0],
        median: quartiles[1],
        q75: quartiles[2],
        max: moments.max(),
        skewness: moments.skewness(bias),
        kurtosis: moments.kurtosis(bias),
    }
}

fn quartiles(values: &[f64], moments: &Moments, selection: &mut Vec<i64>) -> Vec<f64> {
    if moments.count() == 0 {
        return vec![f64::NAN; QUARTERS.len()];
    }
    if moments.missing() == 0 {
        return quantiles_without_missing(values, &QUARTERS, QuantileMethod::Linear, selection);
    }
    let present: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    quantiles_without_missing(&present, &QUARTERS, QuantileMethod::Linear, selection)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, Array2, array};

    use super::*;
    use crate::random::Stream;

    #[test]
    fn shape_of_a_small_sample_by_hand() {
        // 1, 2, 3, 10: mean 4, squares 50, cubes 180, fourth powers 1394; g1 = √4·180/50^1.5, g2 = 4·1394/2500 − 3.
        let x = array![1.0, 2.0, 3.0, 10.0];
        let sample = describe_column(x.view(), true);
        assert_relative_eq!(sample.skewness, 360.0 / 50.0_f64.powf(1.5), max_relative = 1e-15);
        assert_relative_eq!(sample.kurtosis, -0.7696, max_relative = 1e-14);
        let corrected = describe_column(x.view(), false);
        assert_relative_eq!(corrected.skewness, sample.skewness * 12.0_f64.sqrt() / 2.0, max_relative = 1e-15);
        assert_relative_eq!(corrected.kurtosis, (5.0 * -0.7696 + 6.0) * 3.0 / 2.0, max_relative = 1e-14);
        assert_eq!((corrected.q25, corrected.median, corrected.q75), (1.75, 2.5, 4.75));
    }

    #[test]
    fn short_constant_empty_and_missing_columns_have_documented_values() {
        let one = describe_column(array![3.0].view(), false);
        assert_eq!((one.count, one.mean, one.min, one.median), (1, 3.0, 3.0, 3.0));
        assert!(one.std.is_nan() && one.skewness.is_nan() && one.kurtosis.is_nan());
        // 0.1 is no multiple of a power of two: sums of it round, and the spread is 0 all the same.
        let constant = describe_column(Array1::from_elem(1001, 0.1).view(), false);
        assert_eq!((constant.mean, constant.std), (0.1, 0.0));
        assert!(constant.skewness.is_nan() && constant.kurtosis.is_nan());
        for empty in [array![], array![f64::NAN, f64::NAN]] {
            let summary = describe_column(empty.view(), false);
            assert_eq!((summary.count, summary.missing), (0, empty.len()));
            assert!(summary.mean.is_nan() && summary.median.is_nan() && summary.min.is_nan() && summary.std.is_nan());
        }
        let infinite = describe_column(array![1.0, f64::INFINITY, 2.0].view(), false);
        assert_eq!((infinite.mean, infinite.max, infinite.median), (f64::INFINITY, f64::INFINITY, 2.0));
        assert!(infinite.std.is_nan() && infinite.skewness.is_nan());
        let both = describe_column(array![f64::NEG_INFINITY, f64::INFINITY].view(), false);
        assert!(both.mean.is_nan() && both.min == f64::NEG_INFINITY);
    }

    #[test]
    fn huge_and_tiny_values_keep_their_digits() {
        let plain = array![1.0, 2.0, 4.0, 9.0, 5.5];
        let expected = describe_column(plain.view(), false);
        for exponent in [1020, 500, 300, -300, -500, -1000] {
            let factor = 2.0_f64.powi(exponent);
            let found = describe_column((&plain * factor).view(), false);
            assert_relative_eq!(found.mean, expected.mean * factor, max_relative = 1e-15);
            assert_relative_eq!(found.std, expected.std * factor, max_relative = 1e-15);
            assert_relative_eq!(found.skewness, expected.skewness, max_relative = 1e-14);
            assert_relative_eq!(found.kurtosis, expected.kurtosis, max_relative = 1e-14);
        }
        let ends = describe_column(array![-1.7e308, 1.7e308, 1.7e308].view(), false);
        assert_relative_eq!(ends.mean, 1.7e308 / 3.0, max_relative = 1e-15);
        let three = describe_column(array![1e308, 1.2e308, 1.4e308].view(), false);
        assert_relative_eq!(three.std, 0.2e308, max_relative = 1e-14);
        let subnormal = describe_column(array![5e-324, 1.5e-323].view(), false);
        assert_eq!(subnormal.mean, 1e-323);
    }

    #[test]
    fn an_offset_changes_the_mean_alone() {
        // Whole numbers on an offset of 2^50 are exact doubles.
        let mut stream = Stream::seeded(2);
        for n in [5, 1023, 1024, 1025, 5000] {
            let plain: Array1<f64> = (0..n).map(|_| (stream.normal() * 100.0).round()).collect();
            let offset = 2.0_f64.powi(50);
            let (a, b) = (describe_column(plain.view(), false), describe_column((&plain + offset).view(), false));
            assert_relative_eq!(a.std, b.std, max_relative = 1e-14);
            assert_relative_eq!(a.skewness, b.skewness, epsilon = 1e-13);
            assert_relative_eq!(a.kurtosis, b.kurtosis, epsilon = 1e-12);
            assert_relative_eq!(b.mean - offset, a.mean, epsilon = 0.13);
        }
    }

    #[test]
    fn layout_and_missing_values_do_not_change_the_numbers() {
        let mut stream = Stream::seeded(9);
        for n in [WORTH_SAMPLING + 1, 3000] {
            // Ordinary, scaled, tied, and with huge values.
            let factor = [1.0, 1e300, 0.0, 1.0];
            let mut rows = Array2::from_shape_fn((n, 4), |(_, j)| stream.normal().exp() * factor[j] + 1.0);
            rows[[n / 2, 3]] = 1e308;
            let columns = rows.t().as_standard_layout().into_owned();
            assert_eq!(format!("{:?}", describe(rows.view(), false)), format!("{:?}", describe(columns.t(), false)));
            rows[[n - 1, 1]] = f64::NAN;
            let one = describe_column(rows.column(1), false);
            assert_eq!((one.missing, describe(rows.view(), false)[1]), (1, one));
        }
        let rows: Array2<f64> = Array2::from_shape_fn((3000, 2), |_| stream.normal().exp());
        let mut holes = rows.column(0).to_vec();
        for i in (0..3600).step_by(6) {
            holes.insert(i, f64::NAN);
        }
        let (with, without) = (describe_column(ArrayView1::from(&holes), false), describe(rows.view(), false)[0]);
        assert_eq!((with.missing, with.count), (600, 3000));
        assert_eq!((with.median, with.q25, with.max), (without.median, without.q25, without.max));
        assert_relative_eq!(with.kurtosis, without.kurtosis, max_relative = 1e-12);
        assert_relative_eq!(with.std, without.std, max_relative = 1e-14);
    }
}
