//! Covariance and correlation: of all pairs of columns, and of one pair with its p-value and interval.
//!
//! Pearson's r with Student's t for its p-value (both exact for normal data) and R. A. Fisher's (1921) z = artanh r for its
//! interval; C. Spearman's (1904, doi:10.2307/1412159) ρ is Pearson's r of the ranks.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::check;
use crate::distributions::{Distribution, Normal, StudentT};
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::columns::push_columns;
use crate::stats::contiguous;
use crate::stats::moments::{Moments, times_power_of_two};
use crate::stats::ranks::average_ranks;
use crate::stats::test::{Alternative, check_level, check_sample};

/// Which coefficient of correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CorrelationMethod {
    /// How closely the points follow a straight line.
    #[default]
    Pearson,
    /// How closely they follow any rising or falling curve: Pearson's coefficient of the ranks.
    Spearman,
}

impl CorrelationMethod {
    /// The names of the methods.
    pub const NAMES: [&str; 2] = ["pearson", "spearman"];

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`CorrelationMethod::NAMES`].
    pub fn named(name: &str) -> Result<CorrelationMethod> {
        match name {
            "pearson" => Ok(CorrelationMethod::Pearson),
            "spearman" => Ok(CorrelationMethod::Spearman),
            _ => Err(Error::UnknownName {
                function: "corr",
                argument: "method",
                value: name.into(),
                allowed: &CorrelationMethod::NAMES,
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
/// another number of rows.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::cov;
///
/// let c = cov(array![[1.0, 2.0], [2.0, 6.0], [3.0, 4.0]].view(), None, 1)?;
/// assert_eq!(c, array![[1.0, 1.0], [1.0, 4.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cov(x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>, ddof: usize) -> Result<Array2<f64>> {
    let centred = Centred::of("cov", x, y, ddof.saturating_add(1), None)?;
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
/// use underhood::stats::{CorrelationMethod, corr};
///
/// let x = array![[1.0, 1.0], [2.0, 8.0], [3.0, 27.0], [4.0, 64.0]];
/// assert_eq!(corr(x.view(), None, CorrelationMethod::Spearman)?, array![[1.0, 1.0], [1.0, 1.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn corr(x: ArrayView2<'_, f64>, y: Option<ArrayView2<'_, f64>>, method: CorrelationMethod) -> Result<Array2<f64>> {
    let centred = match method {
        CorrelationMethod::Pearson => Centred::of("corr", x, y, 2, None)?,
        CorrelationMethod::Spearman => {
            Centred::of("corr", x, y, 2, Some(|column| column.copy_from_slice(&average_ranks(column))))?
        }
    };
    if let Some(i) = centred.moments.iter().position(|moments| moments.min() == moments.max()) {
        let (argument, column, matrix) = if i < x.ncols() { ("x", i, Some(x)) } else { ("y", i - x.ncols(), y) };
        let value = matrix.map_or(f64::NAN, |matrix| matrix[[0, column]]);
        let problem = format!(
            "has a constant column, number {column} counted from 0 (every value is {value}): it is correlated with nothing"
        );
        return Err(Error::Invalid { function: "corr", argument, problem });
    }
    let mut products = centred.products();
    let squares = products.diag().to_owned();
    for ((i, j), product) in products.indexed_iter_mut() {
        // One root of the product, not two: columns that agree are then correlated by exactly 1.
        *product = if i == j { 1.0 } else { (*product / (squares[i] * squares[j]).sqrt()).clamp(-1.0, 1.0) };
    }
    Ok(products)
}

/// Columns without their means, each divided by 2 to its exponent (0 unless its size is extreme).
struct Centred {
    rows: usize,
    moments: Vec<Moments>,
    /// One column after the other.
    deviations: Vec<f64>,
    exponents: Vec<i32>,
}

impl Centred {
    /// The columns of `x` and then those of `y`, each changed by `prepare` once it is known to be finite.
    fn of(
        function: &'static str,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        needed: usize,
        prepare: Option<fn(&mut [f64])>,
    ) -> Result<Centred> {
        let rows = x.nrows();
        check::at_least(function, "x", "columns", x.ncols(), 1)?;
        check::at_least(function, "x", "rows", rows, needed)?;
        let variables = x.ncols() + y.map_or(0, |y| y.ncols());
        // The products are there twice for a moment.
        check::room(function, "matrix of all pairs of columns", &[variables, 2 * variables])?;
        let mut columns = Vec::new();
        push_columns(x, &mut columns);
        if let Some(y) = y {
            if y.nrows() != rows {
                let expected = format!("x has {rows} rows");
                return Err(Error::Shape { function, argument: "y", shape: y.shape().to_vec(), expected });
            }
            push_columns(y, &mut columns);
        }
        let finite =
            |moments: &Moments| moments.missing() == 0 && moments.min().is_finite() && moments.max().is_finite();
        let mut centred = Centred { rows, moments: Vec::new(), deviations: Vec::new(), exponents: Vec::new() };
        for column in columns.chunks_exact_mut(rows) {
            let mut moments = Moments::of_slice(column);
            if !finite(&moments) {
                // Which of them it was, and where, is for the error to say.
                check::finite_matrix(function, "x", x)?;
                y.map_or(Ok(()), |y| check::finite_matrix(function, "y", y))?;
            }
            if let Some(prepare) = prepare {
                prepare(column);
                moments = Moments::of_slice(column);
            }
            centred.exponents.push(moments.centre(column));
            centred.moments.push(moments);
        }
        centred.deviations = columns;
        Ok(centred)
    }

    /// Sums of products of all pairs of columns.
    fn products(&self) -> Array2<f64> {
        /// Fewer columns are multiplied one by one.
        const WORTH_BLOCKING: usize = 5;
        let p = self.moments.len();
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

/// A coefficient of correlation and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// The coefficient, between −1 and 1.
    pub statistic: f64,
    /// Probability of a coefficient at least as far from 0, if the two are independent.
    pub p_value: f64,
    /// Degrees of freedom of Student's t, n − 2.
    pub df: usize,
    /// How many pairs.
    pub n: usize,
    /// Fisher's interval for Pearson's coefficient; none for Spearman's.
    pub confidence_interval: Option<(f64, f64)>,
    /// The level of that interval.
    pub confidence_level: f64,
    /// Which departures from 0 count.
    pub alternative: Alternative,
}

/// Pearson's r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²) of one pair, with p-value and interval.
///
/// The p-value is that of t = r√((n−2)/(1−r²)) with n − 2 degrees of freedom; 1 − r² is computed without cancellation, so that it is
/// right for r close to ±1. Two pairs always lie on a line: their p-value is 1. The interval is tanh(artanh r ± z/√(n−3)), and
/// [−1, 1] for three pairs or fewer. Where the points leave a line by no more than the rounding of doubles, r is ±1.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two pairs, [`Error::Shape`] for unequal lengths, [`Error::NotFinite`] for NaN or infinities,
/// [`Error::Constant`] if either is constant, [`Error::OutOfRange`] for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, pearsonr};
///
/// let (x, y) = (array![1.0, 2.0, 3.0, 4.0, 5.0], array![2.0, 1.0, 4.0, 3.0, 5.0]);
/// let found = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95)?;
/// assert!((found.statistic - 0.8).abs() < 1e-15);
/// assert_eq!((found.n, found.df), (5, 3));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn pearsonr(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    alternative: Alternative,
    level: f64,
) -> Result<Correlation> {
    check_pair("pearsonr", x, y, level)?;
    contiguous(x, |x| contiguous(y, |y| Closeness::of(x, y))).judged(x.len(), alternative, level, true)
}

/// Spearman's ρ of one pair: Pearson's r of the ranks, tied values sharing the mean of their places.
///
/// The p-value is that of Student's t, as for Pearson's r: an approximation, good from about ten pairs on.
///
/// # Errors
/// As [`pearsonr`].
pub fn spearmanr(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>, alternative: Alternative) -> Result<Correlation> {
    const ANY_LEVEL: f64 = 0.95;
    check_pair("spearmanr", x, y, ANY_LEVEL)?;
    let (x_ranks, y_ranks) = (contiguous(x, average_ranks), contiguous(y, average_ranks));
    Closeness::of(&x_ranks, &y_ranks).judged(x.len(), alternative, ANY_LEVEL, false)
}

fn check_pair(function: &'static str, x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>, level: f64) -> Result<()> {
    check_sample(function, "x", x, 2)?;
    check_sample(function, "y", y, 2)?;
    check::same_length(function, ("y", y.len()), ("x", x.shape()))?;
    check_level(function, level)?;
    for (argument, values) in [("x", x), ("y", y)] {
        if values.iter().all(|value| *value == values[0]) {
            let consequence = "it is correlated with nothing";
            return Err(Error::Constant { function, argument, value: values[0], consequence });
        }
    }
    Ok(())
}

/// r together with its distances from −1 and from 1, which it may be too close to for a double to tell.
struct Closeness {
    r: f64,
    from_below: f64,
    from_above: f64,
}

impl Closeness {
    /// Of two columns that are not constant. With both scaled to length 1, |u − v|² = 2(1 − r) and |u + v|² = 2(1 + r).
    fn of(x: &[f64], y: &[f64]) -> Closeness {
        /// What rounding leaves of the distance between two equal directions.
        const ROUNDING: f64 = 16.0 * f64::EPSILON * f64::EPSILON;
        let unit = |x: &[f64]| {
            let mut deviations = x.to_vec();
            Moments::of_slice(x).centre(&mut deviations);
            let length = dot(&deviations, &deviations).sqrt();
            deviations.iter_mut().for_each(|d| *d /= length);
            deviations
        };
        let (u, v) = (unit(x), unit(y));
        let r = dot(&u, &v);
        if r.abs() < 0.5 {
            return Closeness { r, from_below: 1.0 + r, from_above: 1.0 - r };
        }
        let towards = r.signum();
        let apart: Vec<f64> = u.iter().zip(&v).map(|(u, v)| u - towards * v).collect();
        let distance = dot(&apart, &apart) / 2.0;
        let distance = if distance < ROUNDING { 0.0 } else { distance };
        let r = towards * (1.0 - distance);
        if towards > 0.0 {
            Closeness { r, from_below: 2.0 - distance, from_above: distance }
        } else {
            Closeness { r, from_below: distance, from_above: 2.0 - distance }
        }
    }

    fn judged(self, n: usize, alternative: Alternative, level: f64, with_interval: bool) -> Result<Correlation> {
        let df = n - 2;
        let p_value = if df == 0 {
            1.0
        } else {
            let t = self.r * (df as f64).sqrt() / (self.from_below * self.from_above).sqrt();
            alternative.p_value(&StudentT::standard(df as f64)?, t)
        };
        let confidence_interval = with_interval.then(|| self.fisher_interval(n, alternative, level));
        Ok(Correlation { statistic: self.r, p_value, df, n, confidence_interval, confidence_level: level, alternative })
    }

    fn fisher_interval(&self, n: usize, alternative: Alternative, level: f64) -> (f64, f64) {
        if n <= 3 {
            return (-1.0, 1.0);
        }
        let z = 0.5 * (self.from_below / self.from_above).ln();
        let error = 1.0 / ((n - 3) as f64).sqrt();
        let (low, high) = alternative.interval(z, error, |p| Normal::standard().ppf(p), level);
        (low.tanh(), high.tanh())
    }
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn matrices_are_symmetric_and_agree_with_single_pairs() {
        let mut stream = Stream::seeded(8);
        for p in [1, 3, 4, 5, 9] {
            let mut x = Array2::from_shape_fn((137, p), |_| stream.normal());
            for j in 1..p {
                let previous = x.column(j - 1).to_owned();
                x.column_mut(j).scaled_add(0.8, &previous);
            }
            let (c, r) = (cov(x.view(), None, 1).unwrap(), corr(x.view(), None, CorrelationMethod::Pearson).unwrap());
            let ranks = corr(x.view(), None, CorrelationMethod::Spearman).unwrap();
            assert_eq!(c, c.t());
            assert_eq!(r, r.t());
            for i in 0..p {
                assert_eq!(r[[i, i]], 1.0);
                assert_relative_eq!(c[[i, i]], Moments::of(x.column(i)).variance(1), max_relative = 1e-14);
                for j in 0..i {
                    let pair = pearsonr(x.column(i), x.column(j), Alternative::TwoSided, 0.95).unwrap();
                    assert_abs_diff_eq!(r[[i, j]], pair.statistic, epsilon = 1e-14);
                    assert_abs_diff_eq!(c[[i, j]], r[[i, j]] * (c[[i, i]] * c[[j, j]]).sqrt(), epsilon = 1e-13);
                    let pair = spearmanr(x.column(i), x.column(j), Alternative::TwoSided).unwrap();
                    assert_abs_diff_eq!(ranks[[i, j]], pair.statistic, epsilon = 1e-14);
                }
            }
            let (first, rest) = x.view().split_at(ndarray::Axis(1), 1);
            if p > 1 {
                assert_eq!(cov(first, Some(rest), 1).unwrap(), c);
            }
        }
    }

    #[test]
    fn next_to_one_nothing_cancels() {
        // y = x + δe with e orthogonal to x and to the constants: r = 1/√(1 + δ²|e|²/|x|²), so 1 − r² = q/(1 + q) with q = δ²/5.
        let x = array![-3.0, -1.0, 1.0, 3.0];
        let e = array![1.0, -1.0, -1.0, 1.0];
        for delta in [2.0_f64.powi(-20), 2.0_f64.powi(-25), -(2.0_f64.powi(-23))] {
            let y = &x + &(&e * delta);
            let q = delta * delta / 5.0;
            let closeness = Closeness::of(x.as_slice().unwrap(), y.as_slice().unwrap());
            let product = closeness.from_above * closeness.from_below;
            // û and v̂ are right to about 1e-16 each and differ by about |δ|/2: relative error 4e-16/|δ|, twice that when squared.
            assert_relative_eq!(product, q / (1.0 + q), max_relative = 1e-15 / delta.abs());
            let opposite = Closeness::of(x.as_slice().unwrap(), (-&y).as_slice().unwrap());
            assert_eq!((opposite.r, opposite.from_below), (-closeness.r, closeness.from_above));
        }
        let line = pearsonr(x.view(), (&x * 0.1 + 0.7).view(), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!((line.statistic, line.p_value, line.confidence_interval), (1.0, 0.0, Some((1.0, 1.0))));
    }

    #[test]
    fn few_pairs_have_documented_answers() {
        let two = pearsonr(array![1.0, 2.0].view(), array![5.0, 3.0].view(), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!((two.statistic, two.p_value, two.confidence_interval), (-1.0, 1.0, Some((-1.0, 1.0))));
        // Fisher's interval of r = 0.8 from five pairs: tanh(artanh 0.8 ± 1.959963984540054/√2) (mpmath).
        let (x, y) = (array![1.0, 2.0, 3.0, 4.0, 5.0], array![2.0, 1.0, 4.0, 3.0, 5.0]);
        let five = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        let (low, high) = five.confidence_interval.unwrap();
        assert_relative_eq!(low, (0.8_f64.atanh() - 1.959963984540054 / 2.0_f64.sqrt()).tanh(), max_relative = 1e-13);
        assert_relative_eq!(high, (0.8_f64.atanh() + 1.959963984540054 / 2.0_f64.sqrt()).tanh(), max_relative = 1e-13);
        let less = pearsonr(x.view(), y.view(), Alternative::Less, 0.95).unwrap();
        assert_relative_eq!(less.p_value, 1.0 - five.p_value / 2.0, max_relative = 1e-14);
        assert_eq!(less.confidence_interval.unwrap().0, -1.0);
    }

    #[test]
    fn extreme_units_do_not_matter() {
        let (x, y) = (array![1.0, 2.0, 3.0, 4.5], array![2.0, 1.0, 4.0, 3.0]);
        let r = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        for (a, b) in [(1020, -1020), (500, 1020), (-1060, 0)] {
            let (u, v) = (times_power_of_two(1.0, a), times_power_of_two(1.0, b));
            let (x, y) = (&x * u, &y * v);
            let scaled = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(scaled.statistic, r.statistic, max_relative = 1e-14);
            let pair = ndarray::stack![ndarray::Axis(1), x, y];
            let c = corr(pair.view(), None, CorrelationMethod::Pearson).unwrap();
            assert_relative_eq!(c[[0, 1]], r.statistic, max_relative = 1e-14);
        }
    }

    #[test]
    fn what_has_no_correlation_is_named() {
        let (x, constant) = (array![1.0, 2.0, 3.0], array![0.1, 0.1, 0.1]);
        assert_eq!(
            pearsonr(x.view(), constant.view(), Alternative::TwoSided, 0.95).unwrap_err().to_string(),
            "pearsonr: y is constant (every value is 0.1), so it is correlated with nothing"
        );
        assert!(spearmanr(constant.view(), x.view(), Alternative::TwoSided).is_err());
        assert!(pearsonr(x.view(), array![1.0, 2.0].view(), Alternative::TwoSided, 0.95).is_err());
        assert!(pearsonr(x.view(), array![1.0, f64::NAN, 2.0].view(), Alternative::TwoSided, 0.95).is_err());
        let matrix = ndarray::stack![ndarray::Axis(1), x, constant];
        assert_eq!(
            corr(matrix.view(), None, CorrelationMethod::Pearson).unwrap_err().to_string(),
            "corr: x has a constant column, number 1 counted from 0 (every value is 0.1): it is correlated with nothing"
        );
        assert_eq!(cov(matrix.view(), None, 1).unwrap()[[1, 0]], 0.0);
        assert!(cov(matrix.view(), None, 3).is_err());
    }

    proptest! {
        #[test]
        fn coefficients_stay_within_one_and_ignore_units(
            pairs in proptest::collection::vec((-1e3..1e3, -1e3..1e3), 3..40),
            scale in 1e-3..1e3,
            shift in -1e3..1e3,
        ) {
            let (x, y): (Array1<f64>, Array1<f64>) = (pairs.iter().map(|p| p.0).collect(), pairs.iter().map(|p| p.1).collect());
            let of = |x: &Array1<f64>| pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
            let found = of(&x);
            prop_assert!(found.statistic.abs() <= 1.0 && (0.0..=1.0).contains(&found.p_value));
            let moved = of(&(&x * scale + shift));
            // Rounding of shift + scale·x, relative to a spread that may be a thousandth of it.
            prop_assert!((moved.statistic - found.statistic).abs() < 1e-6);
            let (low, high) = found.confidence_interval.unwrap();
            prop_assert!(low <= found.statistic && found.statistic <= high);
        }
    }
}
