//! The matrices of covariance and correlation of all pairs of columns.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView2};

use super::kendall::concordance;
use super::pearson::Closeness;
use crate::check;
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::columns::push_columns;
use crate::stats::moments::{Moments, times_power_of_two};
use crate::stats::ranks::Ranks;

/// Which coefficient of correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CorrelationMethod {
    /// How closely the points follow a straight line.
    #[default]
    Pearson,
    /// How closely they follow any rising or falling curve: Pearson's coefficient of the ranks.
    Spearman,
    /// How many more pairs of points rise together than fall, of all: Kendall's τ_b.
    Kendall,
}

impl CorrelationMethod {
    /// The names of the methods.
    pub const NAMES: [&str; 3] = ["pearson", "spearman", "kendall"];

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`CorrelationMethod::NAMES`].
    pub fn named(name: &str) -> Result<CorrelationMethod> {
        match name {
            "pearson" => Ok(CorrelationMethod::Pearson),
            "spearman" => Ok(CorrelationMethod::Spearman),
            "kendall" => Ok(CorrelationMethod::Kendall),
            _ => Err(Error::UnknownName {
                function: "corr",
                argument: "method",
                value: name.into(),
                allowed: &CorrelationMethod::NAMES,
            }),
        }
    }
}

/// What is done with missing values, which are NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PairGaps {
    /// They are an error.
    #[default]
    Refuse,
    /// For each pair of columns, the rows are used in which both are known. The matrix need then not be positive semidefinite.
    Omit,
    /// The pairs of a column with gaps are NaN.
    Propagate,
}

impl PairGaps {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["raise", "omit", "propagate"];

    /// The policy of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`PairGaps::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<PairGaps> {
        match name {
            "raise" => Ok(PairGaps::Refuse),
            "omit" => Ok(PairGaps::Omit),
            "propagate" => Ok(PairGaps::Propagate),
            _ => Err(Error::UnknownName {
                function,
                argument: "nan_policy",
                value: name.into(),
                allowed: &PairGaps::NAMES,
            }),
        }
    }
}

/// The matrix of covariances Σ(xᵢ − x̄)(yᵢ − ȳ)/(n − ddof) of all pairs of columns, with the variances on the diagonal.
///
/// The columns of `y`, if there are any, come after those of `x`. The matrix is exactly symmetric.
///
/// # Errors
/// [`Error::TooFew`] unless there are more rows than `ddof`, [`Error::NotFinite`] for NaN or infinities, [`Error::Shape`] if `y` has
/// another number of rows, [`Error::Invalid`] if two columns with gaps have too few rows in common.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{PairGaps, cov};
///
/// let c = cov(array![[1.0, 2.0], [2.0, 6.0], [3.0, 4.0]].view(), None, 1, PairGaps::Refuse)?;
/// assert_eq!(c, array![[1.0, 1.0], [1.0, 4.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cov(x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>, ddof: usize, gaps: PairGaps) -> Result<Array2<f64>> {
    let needed = ddof.saturating_add(1);
    if gaps != PairGaps::Refuse
        && let Some(columns) = Columns::with_gaps("cov", x, y, needed)?
    {
        return columns.pair_by_pair(gaps, needed, |a, b| Ok(covariance(a, b, ddof)));
    }
    let centred = Centred::of(Columns::read("cov", x, y, needed)?, x, y)?;
    let divisor = (x.nrows() - ddof) as f64;
    let mut products = centred.products();
    for ((i, j), product) in products.indexed_iter_mut() {
        *product = times_power_of_two(*product / divisor, centred.exponents[i] + centred.exponents[j]);
    }
    Ok(products)
}

/// The matrix of correlations of all pairs of columns: symmetric, 1 on the diagonal, nothing outside [−1, 1].
///
/// The columns of `y`, if there are any, come after those of `x`.
///
/// # Errors
/// As [`cov`], and [`Error::Invalid`] for a constant column, with its number: it is correlated with nothing.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{CorrelationMethod, PairGaps, corr};
///
/// let x = array![[1.0, 1.0], [2.0, 8.0], [3.0, 27.0], [4.0, 64.0]];
/// let r = corr(x.view(), None, CorrelationMethod::Spearman, PairGaps::Refuse)?;
/// assert_eq!(r, array![[1.0, 1.0], [1.0, 1.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn corr(
    x: ArrayView2<'_, f64>,
    y: Option<ArrayView2<'_, f64>>,
    method: CorrelationMethod,
    gaps: PairGaps,
) -> Result<Array2<f64>> {
    if gaps != PairGaps::Refuse
        && let Some(columns) = Columns::with_gaps("corr", x, y, 2)?
    {
        return columns.pair_by_pair(gaps, 2, |a, b| coefficient(a, b, method));
    }
    let mut columns = Columns::read("corr", x, y, 2)?;
    if method != CorrelationMethod::Pearson && !all_finite(&columns.values) {
        columns.refuse_not_finite(x, y)?;
    }
    for i in 0..columns.count {
        columns.check_varies(i)?;
    }
    match method {
        CorrelationMethod::Kendall => {
            return columns.pair_by_pair(gaps, 2, |a, b| Ok(concordance(a, b).tau_b()));
        }
        CorrelationMethod::Spearman => {
            for column in columns.values.chunks_exact_mut(columns.rows) {
                let ranks = Ranks::of(column).centred();
                column.copy_from_slice(&ranks);
            }
        }
        CorrelationMethod::Pearson => {}
    }
    let mut products = Centred::of(columns, x, y)?.products();
    let squares = products.diag().to_owned();
    for ((i, j), product) in products.indexed_iter_mut() {
        // One root of the product, not two: columns that agree are then correlated by exactly 1.
        *product = if i == j { 1.0 } else { (*product / (squares[i] * squares[j]).sqrt()).clamp(-1.0, 1.0) };
    }
    Ok(products)
}

/// Of two columns without gaps.
fn covariance(a: &[f64], b: &[f64], ddof: usize) -> f64 {
    let (mut u, mut v) = (a.to_vec(), b.to_vec());
    let exponent = Moments::of_slice(a).centre(&mut u) + Moments::of_slice(b).centre(&mut v);
    times_power_of_two(dot(&u, &v) / (a.len() - ddof) as f64, exponent)
}

/// Of two columns without gaps that are not constant.
fn coefficient(a: &[f64], b: &[f64], method: CorrelationMethod) -> Result<f64> {
    let of_centred = |u: Vec<f64>, v: Vec<f64>| Closeness::of_centred(u, v).r;
    let constant = |x: &[f64]| x.iter().all(|v| *v == x[0]);
    if constant(a) || constant(b) {
        let problem = "has a column that is constant over the rows that it shares with another: it is correlated \
                       with nothing; fill the gaps or leave that column out";
        return Err(Error::Invalid { function: "corr", argument: "x", problem: problem.into() });
    }
    Ok(match method {
        CorrelationMethod::Pearson => {
            let (mut u, mut v) = (a.to_vec(), b.to_vec());
            Moments::of_slice(a).centre(&mut u);
            Moments::of_slice(b).centre(&mut v);
            of_centred(u, v)
        }
        CorrelationMethod::Spearman => of_centred(Ranks::of(a).centred(), Ranks::of(b).centred()),
        CorrelationMethod::Kendall => concordance(a, b).tau_b(),
    })
}

/// The columns of x and then those of y, one after the other.
struct Columns {
    function: &'static str,
    rows: usize,
    count: usize,
    /// How many of them are those of x.
    of_x: usize,
    values: Vec<f64>,
}

impl Columns {
    fn read(
        function: &'static str,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        needed: usize,
    ) -> Result<Columns> {
        let rows = x.nrows();
        check::at_least(function, "x", "columns", x.ncols(), 1)?;
        check::at_least(function, "x", "rows", rows, needed)?;
        let count = x.ncols() + y.map_or(0, |y| y.ncols());
        // The products are there twice for a moment.
        check::room(function, "matrix of all pairs of columns", &[count, 2 * count])?;
        let mut values = Vec::new();
        push_columns(x, &mut values);
        if let Some(y) = y {
            if y.nrows() != rows {
                let expected = format!("x has {rows} rows");
                return Err(Error::Shape { function, argument: "y", shape: y.shape().to_vec(), expected });
            }
            push_columns(y, &mut values);
        }
        Ok(Columns { function, rows, count, of_x: x.ncols(), values })
    }

    /// Says which value is not finite, and where; nothing if all are.
    fn refuse_not_finite(&self, x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>) -> Result<()> {
        check::finite_matrix(self.function, "x", x)?;
        y.map_or(Ok(()), |y| check::finite_matrix(self.function, "y", y))
    }

    /// All columns, if one of them has gaps; infinite values are refused.
    fn with_gaps(
        function: &'static str,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        needed: usize,
    ) -> Result<Option<Columns>> {
        let known = |v: f64| if v.is_nan() { 0.0 } else { v };
        let columns = Columns::read(function, x, y, needed)?;
        if all_finite(&columns.values) {
            return Ok(None);
        }
        check::finite_matrix(function, "x", x.mapv(known).view())?;
        y.map_or(Ok(()), |y| check::finite_matrix(function, "y", y.mapv(known).view()))?;
        Ok(Some(columns))
    }

    fn column(&self, i: usize) -> &[f64] {
        &self.values[i * self.rows..(i + 1) * self.rows]
    }

    /// The argument that a column comes from, and its number there.
    fn origin(&self, i: usize) -> (&'static str, usize) {
        if i < self.of_x { ("x", i) } else { ("y", i - self.of_x) }
    }

    fn check_varies(&self, i: usize) -> Result<()> {
        let (column, (argument, number)) = (self.column(i), self.origin(i));
        let value = column[0];
        if column.iter().any(|v| *v != value) {
            return Ok(());
        }
        let problem = format!(
            "has a constant column, number {number} counted from 0 (every value is {value}): it is correlated with nothing"
        );
        Err(Error::Invalid { function: self.function, argument, problem })
    }

    /// The symmetric matrix of `of` each pair of columns, on the diagonal of each column and itself.
    fn pair_by_pair(
        &self,
        gaps: PairGaps,
        needed: usize,
        of: impl Fn(&[f64], &[f64]) -> Result<f64>,
    ) -> Result<Array2<f64>> {
        let mut matrix = Array2::zeros((self.count, self.count));
        let has_gaps: Vec<bool> = (0..self.count).map(|i| self.column(i).iter().any(|v| v.is_nan())).collect();
        for i in 0..self.count {
            for j in 0..=i {
                matrix[[i, j]] = match (has_gaps[i] || has_gaps[j], gaps) {
                    (false, _) => of(self.column(i), self.column(j))?,
                    (true, PairGaps::Propagate) => f64::NAN,
                    (true, _) => {
                        let both =
                            self.column(i).iter().zip(self.column(j)).filter(|(a, b)| !a.is_nan() && !b.is_nan());
                        let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
                        if a.len() < needed {
                            return Err(self.too_few(i, j, a.len(), needed));
                        }
                        of(&a, &b)?
                    }
                };
                matrix[[j, i]] = matrix[[i, j]];
            }
        }
        Ok(matrix)
    }

    fn too_few(&self, i: usize, j: usize, found: usize, needed: usize) -> Error {
        let ((argument, first), (other, second)) = (self.origin(i), self.origin(j));
        let problem = format!(
            "has {found} rows where its column {first} and column {second} of {other} (counted from 0) are both known, \
             but at least {needed} are needed"
        );
        Error::Invalid { function: self.function, argument, problem }
    }
}

fn all_finite(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_finite())
}

/// Columns without their means, each divided by 2 to its exponent (0 unless its size is extreme).
struct Centred {
    rows: usize,
    /// One column after the other.
    deviations: Vec<f64>,
    exponents: Vec<i32>,
}

impl Centred {
    /// Of columns that were read from x and y.
    fn of(mut columns: Columns, x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>) -> Result<Centred> {
        let mut exponents = Vec::with_capacity(columns.count);
        for i in 0..columns.count {
            let column = &mut columns.values[i * columns.rows..(i + 1) * columns.rows];
            let moments = Moments::of_slice(column);
            let finite = moments.missing() == 0 && moments.min().is_finite() && moments.max().is_finite();
            exponents.push(moments.centre(column));
            if !finite {
                columns.refuse_not_finite(x, y)?;
            }
        }
        Ok(Centred { rows: columns.rows, deviations: columns.values, exponents })
    }

    /// Sums of products of all pairs of columns.
    fn products(&self) -> Array2<f64> {
        /// Fewer columns are multiplied one by one.
        const WORTH_BLOCKING: usize = 5;
        let p = self.exponents.len();
        let column = |i: usize| &self.deviations[i * self.rows..(i + 1) * self.rows];
        let mut products = Array2::zeros((p, p));
        if p < WORTH_BLOCKING {
            for i in 0..p {
                for j in 0..=i {
                    products[[i, j]] = dot(column(i), column(j));
                }
            }
        } else {
            let matrix = MatRef::from_column_major_slice(&self.deviations, self.rows, p);
            let mut full = Mat::<f64>::zeros(p, p);
            matmul(full.as_mut(), Accum::Replace, matrix.transpose(), matrix, 1.0, Par::Seq);
            for i in 0..p {
                for j in 0..=i {
                    products[[i, j]] = full[(i, j)];
                }
            }
        }
        for i in 0..p {
            for j in 0..i {
                products[[j, i]] = products[[i, j]];
            }
        }
        products
    }
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};
    use ndarray::array;

    use super::*;
    use crate::random::Stream;
    use crate::stats::{Alternative, KendallVariant, NullMethod, kendalltau, pearsonr, spearmanr};

    #[test]
    fn matrices_are_symmetric_and_agree_with_single_pairs() {
        let mut stream = Stream::seeded(8);
        for p in [1, 3, 4, 5, 9] {
            let mut x = Array2::from_shape_fn((137, p), |_| stream.normal());
            for j in 1..p {
                let previous = x.column(j - 1).to_owned();
                x.column_mut(j).scaled_add(0.8, &previous);
            }
            let (c, r) = (
                cov(x.view(), None, 1, PairGaps::Refuse).unwrap(),
                corr(x.view(), None, CorrelationMethod::Pearson, PairGaps::Refuse).unwrap(),
            );
            let ranks = corr(x.view(), None, CorrelationMethod::Spearman, PairGaps::Refuse).unwrap();
            assert_eq!(c, c.t());
            assert_eq!(r, r.t());
            for i in 0..p {
                assert_eq!(r[[i, i]], 1.0);
                assert_relative_eq!(c[[i, i]], Moments::of(x.column(i)).variance(1), max_relative = 1e-14);
                for j in 0..i {
                    let pair = pearsonr(x.column(i), x.column(j), Alternative::TwoSided, 0.95).unwrap();
                    assert_abs_diff_eq!(r[[i, j]], pair.statistic, epsilon = 1e-14);
                    assert_abs_diff_eq!(c[[i, j]], r[[i, j]] * (c[[i, i]] * c[[j, j]]).sqrt(), epsilon = 1e-13);
                    let pair = spearmanr(x.column(i), x.column(j), Alternative::TwoSided, 0.95, NullMethod::Asymptotic)
                        .unwrap();
                    assert_abs_diff_eq!(ranks[[i, j]], pair.statistic, epsilon = 1e-14);
                }
            }
            let (first, rest) = x.view().split_at(ndarray::Axis(1), 1);
            if p > 1 {
                assert_eq!(cov(first, Some(rest), 1, PairGaps::Refuse).unwrap(), c);
            }
        }
    }

    #[test]
    fn what_has_no_correlation_is_named() {
        let (x, constant) = (array![1.0, 2.0, 3.0], array![0.1, 0.1, 0.1]);
        let matrix = ndarray::stack![ndarray::Axis(1), x, constant];
        assert_eq!(
            corr(matrix.view(), None, CorrelationMethod::Pearson, PairGaps::Refuse).unwrap_err().to_string(),
            "corr: x has a constant column, number 1 counted from 0 (every value is 0.1): it is correlated with nothing"
        );
        assert_eq!(cov(matrix.view(), None, 1, PairGaps::Refuse).unwrap()[[1, 0]], 0.0);
        assert!(cov(matrix.view(), None, 3, PairGaps::Refuse).is_err());
    }

    #[test]
    fn gaps_cost_their_row_in_their_pairs_alone() {
        let nan = f64::NAN;
        let x = array![[1.0, 2.0, 9.0], [2.0, nan, 1.0], [3.0, 1.0, 4.0], [4.0, 5.0, nan], [5.0, 3.0, 2.0]];
        for method in [CorrelationMethod::Pearson, CorrelationMethod::Spearman, CorrelationMethod::Kendall] {
            let found = corr(x.view(), None, method, PairGaps::Omit).unwrap();
            let known = x.select(ndarray::Axis(0), &[0, 2, 3, 4]);
            let expected = corr(known.slice(ndarray::s![.., ..2]), None, method, PairGaps::Refuse).unwrap();
            assert_abs_diff_eq!(found[[0, 1]], expected[[0, 1]], epsilon = 1e-15);
            assert_eq!(found[[2, 2]], 1.0);
            let through = corr(x.view(), None, method, PairGaps::Propagate).unwrap();
            assert_eq!(through[[0, 0]], 1.0);
            assert!(through[[0, 1]].is_nan() && through[[1, 1]].is_nan());
            assert!(corr(x.view(), None, method, PairGaps::Refuse).is_err());
        }
        let c = cov(x.view(), None, 1, PairGaps::Omit).unwrap();
        assert_abs_diff_eq!(c[[1, 1]], 35.0 / 12.0, epsilon = 1e-14);
        let few = array![[1.0, nan], [nan, 2.0], [3.0, 4.0]];
        let error = corr(few.view(), None, CorrelationMethod::Pearson, PairGaps::Omit).unwrap_err().to_string();
        assert!(error.starts_with("corr: x has 1 rows where its column 1 and column 0 of x"), "{error}");
        assert!(cov(array![[1.0, f64::INFINITY], [nan, 2.0]].view(), None, 1, PairGaps::Omit).is_err());
    }

    #[test]
    fn kendalls_matrix_is_that_of_single_pairs() {
        let mut stream = Stream::seeded(2);
        let x = Array2::from_shape_fn((40, 3), |_| (stream.normal() * 3.0).round());
        let found = corr(x.view(), None, CorrelationMethod::Kendall, PairGaps::Refuse).unwrap();
        for (i, j) in [(0, 1), (2, 0), (1, 2)] {
            let pair =
                kendalltau(x.column(i), x.column(j), KendallVariant::B, Alternative::TwoSided, 0.95, NullMethod::Auto);
            assert_eq!(found[[i, j]], pair.unwrap().statistic);
        }
        assert_eq!(found[[1, 1]], 1.0);
    }
}
