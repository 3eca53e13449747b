//! The matrices of covariance and correlation of all pairs of columns.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView2};

use super::kendall::{Ordered, concordance};
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
    /// For each pair of columns, the rows are used in which both are known; a pair that shares too few has NaN. The matrix need
    /// then not be positive semidefinite.
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
/// The columns of `y`, if there are any, come after those of `x`. The matrix is exactly symmetric. `check` is called now and then
/// and may end the work.
///
/// # Errors
/// [`Error::TooFew`] unless there are more rows than `ddof`, [`Error::NotFinite`] for NaN or infinities, [`Error::Shape`] if `y` has
/// another number of rows.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::{PairGaps, cov}};
///
/// let x = array![[1.0, 2.0], [2.0, 6.0], [3.0, 4.0]];
/// let c = cov(x.view(), None, 1, PairGaps::Refuse, || Ok::<(), Error>(()))?;
/// assert_eq!(c, array![[1.0, 1.0], [1.0, 4.0]]);
/// # Ok::<(), Error>(())
/// ```
pub fn cov<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    y: Option<ArrayView2<'_, f64>>,
    ddof: usize,
    gaps: PairGaps,
    mut check: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Array2<f64>, E> {
    let needed = ddof.saturating_add(1);
    if gaps != PairGaps::Refuse
        && let Some(columns) = Columns::with_gaps("cov", x, y, needed)?
    {
        let shared = SharedSums::of(&columns);
        return columns.pair_by_pair(gaps, needed, &mut check, |i, j| match shared.pair(i, j) {
            Some(sums) => {
                let divisor = sums.n - ddof as f64;
                Ok(times_power_of_two(sums.xy / divisor, shared.exponents[i] + shared.exponents[j]))
            }
            None => Ok(columns.both_known(i, j, |a, b| covariance(a, b, ddof))),
        });
    }
    let centred = Centred::of(Columns::read("cov", x, y, needed)?, x, y)?;
    let divisor = (x.nrows() - ddof) as f64;
    let mut products = centred.products();
    for ((i, j), product) in products.indexed_iter_mut() {
        *product = times_power_of_two(*product / divisor, centred.exponents[i] + centred.exponents[j]);
    }
    Ok(products)
}

/// The matrix of correlations of all pairs of columns: symmetric, 1 on the diagonal, nothing outside [−1, 1];
/// NaN where missing values leave nothing known.
///
/// The columns of `y`, if there are any, come after those of `x`. With gaps left out, a pair that
/// shares fewer than two rows, or in which one is constant over those, has NaN, as has the diagonal of a column with one value.
///
/// # Errors
/// As [`cov`], and [`Error::Invalid`] for a constant column, with its number: it is correlated with nothing.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::{CorrelationMethod, PairGaps, corr}};
///
/// let x = array![[1.0, 1.0], [2.0, 8.0], [3.0, 27.0], [4.0, 64.0]];
/// let r = corr(x.view(), None, CorrelationMethod::Spearman, PairGaps::Refuse, || Ok::<(), Error>(()))?;
/// assert_eq!(r, array![[1.0, 1.0], [1.0, 1.0]]);
/// # Ok::<(), Error>(())
/// ```
pub fn corr<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    y: Option<ArrayView2<'_, f64>>,
    method: CorrelationMethod,
    gaps: PairGaps,
    mut check: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Array2<f64>, E> {
    if gaps != PairGaps::Refuse
        && let Some(columns) = Columns::with_gaps("corr", x, y, 2)?
    {
        for i in 0..columns.count {
            columns.check_varies(i)?;
        }
        // For ranks every pair is ranked anew: they depend on the rows that it shares.
        let shared = (method == CorrelationMethod::Pearson).then(|| SharedSums::of(&columns));
        return columns.pair_by_pair(gaps, 2, &mut check, |i, j| {
            if i == j {
                return Ok(1.0);
            }
            let quick = shared.as_ref().and_then(|shared| shared.pair(i, j)).and_then(PairSums::correlation);
            Ok(quick.unwrap_or_else(|| columns.both_known(i, j, |a, b| coefficient(a, b, method))))
        });
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
            let mut ordered = Vec::with_capacity(columns.count);
            for i in 0..columns.count {
                ordered.push(Ordered::of(columns.column(i)));
                check()?;
            }
            return columns.pair_by_pair(gaps, 2, &mut check, |i, j| {
                Ok(if i == j { 1.0 } else { ordered[i].concordance(&ordered[j]).tau_b() })
            });
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

/// Of two columns without gaps; NaN if one is constant.
fn coefficient(a: &[f64], b: &[f64], method: CorrelationMethod) -> f64 {
    let of_centred = |u: Vec<f64>, v: Vec<f64>| Closeness::of_centred(u, v).r;
    let constant = |x: &[f64]| x.iter().all(|v| *v == x[0]);
    if constant(a) || constant(b) {
        return f64::NAN;
    }
    match method {
        CorrelationMethod::Pearson => {
            let (mut u, mut v) = (a.to_vec(), b.to_vec());
            Moments::of_slice(a).centre(&mut u);
            Moments::of_slice(b).centre(&mut v);
            of_centred(u, v)
        }
        CorrelationMethod::Spearman => of_centred(Ranks::of(a).centred(), Ranks::of(b).centred()),
        CorrelationMethod::Kendall => concordance(a, b).tau_b(),
    }
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
        let mut known = column.iter().filter(|v| !v.is_nan());
        let value = known.next().copied().unwrap_or(f64::NAN);
        let rest = known.next();
        // Of a column with no value or one, too little is known to say so.
        if rest.is_none() || rest.into_iter().chain(known).any(|v| *v != value) {
            return Ok(());
        }
        let problem = format!(
            "has a constant column, number {number} counted from 0 (every value is {value}): it is correlated with nothing"
        );
        Err(Error::Invalid { function: self.function, argument, problem })
    }

    /// The symmetric matrix of `of` each pair of columns, on the diagonal of each column and itself.
    fn pair_by_pair<E>(
        &self,
        gaps: PairGaps,
        needed: usize,
        check: &mut dyn FnMut() -> std::result::Result<(), E>,
        of: impl Fn(usize, usize) -> std::result::Result<f64, E>,
    ) -> std::result::Result<Array2<f64>, E> {
        let mut matrix = Array2::zeros((self.count, self.count));
        let has_gaps: Vec<bool> = (0..self.count).map(|i| self.column(i).iter().any(|v| v.is_nan())).collect();
        for i in 0..self.count {
            for j in 0..=i {
                matrix[[i, j]] = match (has_gaps[i] || has_gaps[j], gaps) {
                    (true, PairGaps::Propagate) => f64::NAN,
                    (true, _) if !self.share(i, j, needed) => f64::NAN,
                    _ => of(i, j)?,
                };
                matrix[[j, i]] = matrix[[i, j]];
                check()?;
            }
        }
        Ok(matrix)
    }

    /// Whether so many rows are known of both columns.
    fn share(&self, i: usize, j: usize, needed: usize) -> bool {
        let both = self.column(i).iter().zip(self.column(j)).filter(|(a, b)| !a.is_nan() && !b.is_nan());
        both.take(needed).count() == needed
    }

    /// `of` two columns in the rows in which both are known.
    fn both_known(&self, i: usize, j: usize, of: impl Fn(&[f64], &[f64]) -> f64) -> f64 {
        let both = self.column(i).iter().zip(self.column(j)).filter(|(a, b)| !a.is_nan() && !b.is_nan());
        let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
        of(&a, &b)
    }
}

/// The sums of all pairs of columns over the rows that each pair shares, from four products of matrices: with u = x − x̄ (each
/// column's own mean; 0 in a gap) and m = 1 where a value is known, Σuᵢuⱼ, Σuᵢmⱼ, Σuᵢ²mⱼ and Σmᵢmⱼ.
struct SharedSums {
    products: Array2<f64>,
    sums: Array2<f64>,
    squares: Array2<f64>,
    counts: Array2<f64>,
    exponents: Vec<i32>,
}

/// Central sums of one pair.
struct PairSums {
    n: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl SharedSums {
    fn of(columns: &Columns) -> SharedSums {
        let mut u = columns.values.clone();
        let known: Vec<f64> = u.iter().map(|v| f64::from(u8::from(!v.is_nan()))).collect();
        let mut exponents = Vec::with_capacity(columns.count);
        for column in u.chunks_exact_mut(columns.rows) {
            exponents.push(Moments::of_slice(column).centre(column));
            column.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = 0.0);
        }
        let matrix = |values: &[f64], others: &[f64]| {
            let (a, b) = (
                MatRef::from_column_major_slice(values, columns.rows, columns.count),
                MatRef::from_column_major_slice(others, columns.rows, columns.count),
            );
            let mut full = Mat::<f64>::zeros(columns.count, columns.count);
            matmul(full.as_mut(), Accum::Replace, a.transpose(), b, 1.0, Par::Seq);
            Array2::from_shape_fn((columns.count, columns.count), |(i, j)| full[(i, j)])
        };
        let (products, sums, counts) = (matrix(&u, &u), matrix(&u, &known), matrix(&known, &known));
        u.iter_mut().for_each(|v| *v *= *v);
        SharedSums { products, sums, squares: matrix(&u, &known), counts, exponents }
    }

    /// None if the rows that the pair shares are not like the others: their means are far from the columns', and digits would cancel.
    fn pair(&self, i: usize, j: usize) -> Option<PairSums> {
        let (n, x, y) = (self.counts[[i, j]], self.sums[[i, j]], self.sums[[j, i]]);
        let (xx, yy) = (self.squares[[i, j]], self.squares[[j, i]]);
        let near = |sum: f64, squares: f64| sum * sum / n <= 0.25 * squares && squares > 0.0;
        (near(x, xx) && near(y, yy)).then(|| PairSums {
            n,
            xx: xx - x * x / n,
            yy: yy - y * y / n,
            xy: self.products[[i, j]] - x * y / n,
        })
    }
}

impl PairSums {
    /// None close to ±1, where more care is needed to keep the distance.
    fn correlation(self) -> Option<f64> {
        let r = self.xy / (self.xx.sqrt() * self.yy.sqrt());
        (r.abs() < 0.999).then_some(r)
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

    fn cov(x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>, ddof: usize, gaps: PairGaps) -> Result<Array2<f64>> {
        super::cov(x, y, ddof, gaps, || Ok(()))
    }

    fn corr(
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        method: CorrelationMethod,
        gaps: PairGaps,
    ) -> Result<Array2<f64>> {
        super::corr(x, y, method, gaps, || Ok(()))
    }

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
        for method in [CorrelationMethod::Pearson, CorrelationMethod::Spearman, CorrelationMethod::Kendall] {
            let found = corr(few.view(), None, method, PairGaps::Omit).unwrap();
            assert!(found[[0, 1]].is_nan() && found[[1, 0]].is_nan());
            assert_eq!(found.diag(), array![1.0, 1.0]);
        }
        assert!(cov(few.view(), None, 1, PairGaps::Omit).unwrap()[[0, 1]].is_nan());
        let constant = array![[1.0, 1.0], [1.0, nan], [nan, 3.0]];
        let error = corr(constant.view(), None, CorrelationMethod::Pearson, PairGaps::Omit).unwrap_err().to_string();
        assert!(error.starts_with("corr: x has a constant column, number 0"), "{error}");
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

    #[test]
    fn columns_with_gaps_are_as_their_shared_rows() {
        let mut stream = Stream::seeded(21);
        let mut x = Array2::from_shape_fn((90, 6), |(i, j)| match j {
            // A trend: the rows shared with the last column, which ends early, have another mean.
            0 => 1e6 + i as f64 + stream.normal(),
            1 => 1e-90 * stream.normal(),
            _ => (3.0 * stream.normal()).round(),
        });
        for i in 0..90 {
            for j in 0..6 {
                if stream.uniform() < 0.1 || (j == 5 && i > 12) {
                    x[[i, j]] = f64::NAN;
                }
            }
        }
        for i in 0..6 {
            for j in 0..i {
                let rows: Vec<usize> = (0..90).filter(|&k| !x[[k, i]].is_nan() && !x[[k, j]].is_nan()).collect();
                let both = x.select(ndarray::Axis(0), &rows).select(ndarray::Axis(1), &[i, j]);
                for method in [CorrelationMethod::Pearson, CorrelationMethod::Spearman, CorrelationMethod::Kendall] {
                    let expected = corr(both.view(), None, method, PairGaps::Refuse).unwrap()[[0, 1]];
                    let found = corr(x.view(), None, method, PairGaps::Omit).unwrap();
                    assert_abs_diff_eq!(found[[i, j]], expected, epsilon = 1e-14);
                }
                let c = cov(both.view(), None, 1, PairGaps::Refuse).unwrap();
                let found = cov(x.view(), None, 1, PairGaps::Omit).unwrap()[[j, i]];
                assert_abs_diff_eq!(found, c[[0, 1]], epsilon = 1e-13 * (c[[0, 0]] * c[[1, 1]]).sqrt());
            }
        }
    }

    #[test]
    fn long_work_can_be_ended() {
        let x = Array2::from_shape_fn((5, 40), |(i, j)| ((i + 1) * (j + 1) % 7 + 2 * i) as f64);
        let mut asked = 0;
        let found = super::corr(x.view(), None, CorrelationMethod::Kendall, PairGaps::Refuse, || {
            asked += 1;
            if asked > 100 {
                Err(Error::Invalid { function: "corr", argument: "x", problem: "took long".into() })
            } else {
                Ok(())
            }
        });
        assert_eq!(found.unwrap_err().to_string(), "corr: x took long");
    }
}
