//! Least squares: the weights that make the sum of squared residuals smallest, and of several such the shortest.
//!
//! Well-conditioned columns take the two passes of `stats::regression`, others its doubled precision. Columns of which some are combinations
//! of others, or more columns than rows, are a matter for the singular value decomposition of the columns brought to one length: it tells
//! their rank whatever their units; among all solutions the shortest one, in the units given, lies in the span of the rows
//! (Å. Björck, Numerical Methods for Least Squares Problems, sections 1.3 and 2.7, SIAM 1996).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

use super::data::{Data, Moments, table};
use super::nonnegative::nonnegative;
use super::triangle::Triangle;
use crate::error::{Error, Result};
use crate::linalg::{self, QrMode};
use crate::simd::dot;
use crate::stats::regression::coefficients::{self, Coefficients};

const FIT: &str = "LinearRegression.fit";

/// Multiplications in doubled precision that are worth the wait: about a second's.
const PATIENCE: f64 = 1e9;

/// The squared condition number up to which rows are independent beyond doubt.
const SAFE: f64 = 1e14;

/// Least squares with an intercept or without.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRegression {
    /// Whether a constant is fitted.
    pub fit_intercept: bool,
    /// Whether no weight may be negative.
    pub positive: bool,
}

impl Default for LinearRegression {
    fn default() -> Self {
        LinearRegression { fit_intercept: true, positive: false }
    }
}

/// How least squares were solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeastSquaresSolver {
    /// Through the Gram matrix, with a refining pass.
    Gram,
    /// In doubled precision.
    Doubled,
    /// There are no more rows than coefficients: by the QR decomposition of the rows.
    Orthogonal,
    /// By the singular value decomposition.
    Singular,
    /// With weights held at zero that would be negative.
    ActiveSet,
}

impl LeastSquaresSolver {
    /// A word for programs.
    pub fn name(self) -> &'static str {
        match self {
            LeastSquaresSolver::Gram => "gram",
            LeastSquaresSolver::Doubled => "doubled",
            LeastSquaresSolver::Orthogonal => "orthogonal",
            LeastSquaresSolver::Singular => "singular",
            LeastSquaresSolver::ActiveSet => "active_set",
        }
    }
}

/// A fitted least squares problem.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearRegressionFit {
    /// Weights: targets × columns.
    pub weights: Array2<f64>,
    /// One intercept a target.
    pub intercepts: Array1<f64>,
    /// How many of the columns, around their means, are independent.
    pub rank: usize,
    /// A matrix with the singular values of the (weighted) columns around their means; where all of these are independent, a triangle R
    /// with RᵀR = X̃ᵀX̃.
    pub root: Array2<f64>,
    /// The share of each target's variation that is explained; 1 for a target that does not vary.
    pub rsquared: Vec<f64>,
    /// The least trusting solver that a target needed.
    pub solver: LeastSquaresSolver,
}

impl LinearRegression {
    /// Fits every column of y. Rows count as often as their weights say.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::LinearRegression;
    ///
    /// // y = 1 + 2·x₀, and the second column is twice the first: the shortest of all solutions shares the slope 1 : 2.
    /// let (x, y) = (array![[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]], array![[1.0], [3.0], [5.0]]);
    /// let fit = LinearRegression::default().fit(x.view(), y.view(), None, || Ok::<(), Error>(()))?;
    /// assert_eq!(fit.rank, 1);
    /// assert!((fit.weights[(0, 0)] - 0.4).abs() < 1e-14 && (fit.weights[(0, 1)] - 0.8).abs() < 1e-14);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place, [`Error::Shape`] for lengths that do not fit, [`Error::Invalid`] for negative weights of rows and for
    /// solutions beyond the range of doubles; whatever the checkpoint refuses with.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        sample_weight: Option<ArrayView1<'_, f64>>,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<LinearRegressionFit, E> {
        let data = Data::new(FIT, x, y, sample_weight, self.fit_intercept)?;
        solve(&data, self.positive, &mut checkpoint)
    }
}

/// w and b of one target, for another model, in whose name it refuses.
pub(in crate::models) fn plane<E: From<Error>>(
    function: &'static str,
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    weights: Option<ArrayView1<'_, f64>>,
    intercept: bool,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<(Vec<f64>, f64), E> {
    let data = Data::new(function, x, y.insert_axis(Axis(1)), weights, intercept)?;
    let fit = solve(&data, false, checkpoint)?;
    Ok((fit.weights.row(0).to_vec(), fit.intercepts[0]))
}

/// Solves a problem that was looked over.
pub(super) fn solve<E: From<Error>>(
    data: &Data<'_>,
    positive: bool,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<LinearRegressionFit, E> {
    let mut found = Solver { data, root: None, rank: data.columns(), singular: None, solver: LeastSquaresSolver::Gram };
    let mut weights = Array2::zeros((data.targets, data.columns()));
    let mut intercepts = Array1::zeros(data.targets);
    let mut rsquared = Vec::with_capacity(data.targets);
    for t in 0..data.targets {
        checkpoint()?;
        let y = data.target(t);
        let constant = y.iter().all(|&v| v == y[0]) && (data.intercept || y[0] == 0.0);
        if constant {
            // Nothing to explain: the mean says it all.
            found.settle_geometry(checkpoint)?;
            intercepts[t] = if data.intercept { y[0] } else { 0.0 };
            rsquared.push(1.0);
            continue;
        }
        let solved = found.coefficients(t, &y, checkpoint)?;
        data.finite_result(&solved.slopes, solved.constant)?;
        rsquared.push(explained(data, t, &y, &solved.residuals));
        weights.row_mut(t).assign(&ArrayView1::from(&solved.slopes));
        intercepts[t] = solved.constant;
    }
    let mut fit = LinearRegressionFit {
        weights,
        intercepts,
        rank: found.rank,
        root: found.root.unwrap_or_default(),
        rsquared,
        solver: found.solver,
    };
    if positive {
        hold_positive(data, &mut fit, checkpoint)?;
    }
    Ok(fit)
}

/// R² = 1 − Σe²/Σ(y − ȳ)².
fn explained(data: &Data<'_>, t: usize, y: &[f64], residuals: &[f64]) -> f64 {
    let (mut total, mut left) = (data.spread(y).1, dot(residuals, residuals));
    if !(total > 1e-250 && total < 1e250) {
        // In units of the largest deviation, whose square is within the range of doubles.
        let (centred, _) = data.centred_target(t);
        let unit = centred.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let of = |e: &f64| (e / unit).powi(2);
        (total, left) = (centred.iter().map(of).sum(), residuals.iter().map(of).sum());
    }
    if total > 0.0 { 1.0 - left / total } else { 1.0 }
}

/// Solves again the targets that have a negative weight, with no weight below zero.
fn hold_positive<E: From<Error>>(
    data: &Data<'_>,
    fit: &mut LinearRegressionFit,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let negative: Vec<usize> = (0..data.targets).filter(|&t| fit.weights.row(t).iter().any(|&w| w < 0.0)).collect();
    if negative.is_empty() {
        return Ok(());
    }
    let moments = Moments::of(data, checkpoint)?;
    fit.solver = LeastSquaresSolver::ActiveSet;
    for t in negative {
        let weights = nonnegative(FIT, &moments, &moments.products[t], 0.0, checkpoint)?;
        let (_, left) = moments.residual_products(data, t, &weights, checkpoint)?;
        fit.rsquared[t] = if moments.squares[t] > 0.0 { 1.0 - left / moments.squares[t] } else { 1.0 };
        fit.intercepts[t] = moments.intercept(&weights, t);
        data.finite_result(&weights, fit.intercepts[t])?;
        fit.weights.row_mut(t).assign(&ArrayView1::from(&weights));
    }
    Ok(())
}

/// What targets share: the geometry of the columns, once known.
struct Solver<'a, 'd> {
    data: &'a Data<'d>,
    root: Option<Array2<f64>>,
    rank: usize,
    singular: Option<Orthogonal>,
    solver: LeastSquaresSolver,
}

/// What orthogonal directions the solution is taken apart into.
enum Orthogonal {
    Wide(Wide),
    Singular(Singular),
}

impl Orthogonal {
    fn solve(&self, target: &[f64], mean: f64) -> Coefficients {
        match self {
            Orthogonal::Wide(wide) => wide.solve(target, mean),
            Orthogonal::Singular(singular) => singular.solve(target, mean),
        }
    }
}

/// What a solver in doubled precision may end with.
enum Stop<E> {
    Refused,
    Asked(E),
}

impl<E> From<Error> for Stop<E> {
    fn from(_: Error) -> Self {
        Stop::Refused
    }
}

impl Solver<'_, '_> {
    /// Solves for one target by the first method that can be trusted.
    fn coefficients<E: From<Error>>(
        &mut self,
        t: usize,
        y: &[f64],
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Coefficients, E> {
        let data = self.data;
        if self.solver == LeastSquaresSolver::Gram
            && let Some(mut solved) = coefficients::quickly(data.x, y, &data.roots, data.intercept)
        {
            self.root = Some(std::mem::take(&mut solved.root));
            return Ok(solved);
        }
        data.finite()?;
        let (n, k) = (data.count(), data.columns());
        let intercept = usize::from(data.intercept);
        if self.singular.is_none() && n > k + intercept && n as f64 * (k as f64).powi(2) < PATIENCE {
            let mut ask = || checkpoint().map_err(Stop::Asked);
            match coefficients::exactly(
                data.function,
                data.x,
                ArrayView1::from(y),
                &data.roots,
                data.intercept,
                &mut ask,
            ) {
                Ok(mut solved) => {
                    self.solver = LeastSquaresSolver::Doubled;
                    self.root = Some(std::mem::take(&mut solved.root));
                    return Ok(solved);
                }
                Err(Stop::Asked(error)) => return Err(error),
                Err(Stop::Refused) => {}
            }
        }
        self.decompose()?;
        let (target, mean) = data.centred_target(t);
        Ok(self.singular.as_ref().map_or_else(
            || Coefficients {
                constant: mean,
                slopes: vec![0.0; k],
                residuals: target.clone(),
                root: Array2::default((0, 0)),
            },
            |singular| singular.solve(&target, mean),
        ))
    }

    /// Rank and root where no target asked for them.
    fn settle_geometry<E: From<Error>>(
        &mut self,
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if self.root.is_some() {
            return Ok(());
        }
        checkpoint()?;
        if let Some(root) = coefficients::geometry(self.data.x, &self.data.roots, self.data.intercept) {
            self.root = Some(root);
            return Ok(());
        }
        Ok(self.decompose()?)
    }

    fn decompose(&mut self) -> Result<()> {
        if self.singular.is_some() {
            return Ok(());
        }
        if self.data.count() <= self.data.columns() + usize::from(self.data.intercept)
            && let Some((wide, root)) = Wide::of(self.data)?
        {
            self.solver = LeastSquaresSolver::Orthogonal;
            (self.rank, self.root) = (wide.triangle.size(), Some(root));
            self.singular = Some(Orthogonal::Wide(wide));
            return Ok(());
        }
        let singular = Singular::of(self.data)?;
        self.solver = LeastSquaresSolver::Singular;
        (self.rank, self.root) = (singular.rank, Some(singular.root()));
        self.singular = Some(Orthogonal::Singular(singular));
        Ok(())
    }
}

/// Q·R of the rows around their means, which are no more than the columns and independent (but for the one that the means cost): every
/// target is met, and the shortest weights that do so are Q·R⁻ᵀ·ỹ.
struct Wide {
    /// Column after column.
    columns: Array2<f64>,
    means: Vec<f64>,
    q: Array2<f64>,
    triangle: Triangle,
}

impl Wide {
    /// Factors; nothing where the rows depend on each other more than the means make them.
    fn of(data: &Data<'_>) -> Result<Option<(Self, Array2<f64>)>> {
        let (columns, means) = data.centred_columns()?;
        let columns = table(data.columns(), data.count(), columns);
        let largest = columns.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        // Squares must stay in range; a row that does not count leaves no direction of its own.
        if !(1e-100..1e100).contains(&largest) || data.roots.contains(&0.0) {
            return Ok(None);
        }
        let rank = data.count() - usize::from(data.intercept);
        let parts = linalg::qr(columns.view(), QrMode::Reduced)?;
        let Some(triangle) = Triangle::of_root(rank, |i, j| parts.r[(i, j)]) else { return Ok(None) };
        if triangle.condition() > SAFE {
            return Ok(None);
        }
        let q = parts.q.slice(s![.., ..rank]).to_owned();
        Ok(Some((Wide { columns, means, q, triangle }, parts.r)))
    }

    fn solve(&self, target: &[f64], mean: f64) -> Coefficients {
        let mut parts = target[..self.triangle.size()].to_vec();
        self.triangle.solve_half(&mut parts);
        let slopes = self.q.dot(&ArrayView1::from(&parts));
        let residuals = (&ArrayView1::from(target) - &self.columns.t().dot(&slopes)).to_vec();
        let slopes = slopes.to_vec();
        Coefficients { constant: mean - dot(&self.means, &slopes), slopes, residuals, root: Array2::default((0, 0)) }
    }
}

/// The singular value decomposition U·S·Vᵀ of the columns around their means, brought to one length, cut at their rank.
struct Singular {
    /// Column after column: the columns around their means, as they are.
    columns: Vec<f64>,
    means: Vec<f64>,
    /// Length of each column, its exponent apart.
    lengths: Vec<f64>,
    exponents: Vec<i32>,
    u: Array2<f64>,
    s: Array1<f64>,
    vh: Array2<f64>,
    rank: usize,
    /// An orthonormal basis of the rows' span, if it is not everything: columns × rank.
    span: Option<Array2<f64>>,
}

impl Singular {
    fn of(data: &Data<'_>) -> Result<Self> {
        let (n, k) = (data.count(), data.columns());
        let (columns, means) = data.centred_columns()?;
        let (mut lengths, mut exponents) = (Vec::with_capacity(k), Vec::with_capacity(k));
        let mut scaled = Array2::zeros((n, k));
        for (column, mut out) in columns.chunks_exact(n).zip(scaled.columns_mut()) {
            let largest = column.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
            let exponent = libm::frexp(largest).1;
            out.iter_mut().zip(column).for_each(|(out, v)| *out = libm::ldexp(*v, -exponent));
            let length = out.dot(&out).sqrt();
            if length > 0.0 {
                out.mapv_inplace(|v| v / length);
            }
            lengths.push(length);
            exponents.push(exponent);
        }
        let parts = linalg::svd(scaled.view(), false, false)?;
        let largest = parts.s.first().copied().unwrap_or(0.0);
        let noise = largest * f64::EPSILON * n.max(k) as f64;
        let rank = parts.s.iter().filter(|&&s| s > noise).count();
        let mut found = Singular {
            columns,
            means,
            lengths,
            exponents,
            u: parts.u.slice(s![.., ..rank]).to_owned(),
            s: parts.s.slice(s![..rank]).to_owned(),
            vh: parts.vh.slice(s![..rank, ..]).to_owned(),
            rank,
            span: None,
        };
        if rank < k && rank > 0 {
            // Powers of two that all columns share change no direction, and keep squares in range.
            let most = found.exponents.iter().zip(&found.lengths).filter(|(_, l)| **l > 0.0).map(|(e, _)| *e).max();
            let most = most.unwrap_or(0);
            let rows = Array2::from_shape_fn((k, rank), |(j, i)| {
                libm::ldexp(found.vh[(i, j)] * found.lengths[j], found.exponents[j] - most)
            });
            found.span = Some(linalg::qr(rows.view(), QrMode::Reduced)?.q);
        }
        Ok(found)
    }

    /// S·Vᵀ·D: what the columns look like from the rows' span.
    fn root(&self) -> Array2<f64> {
        Array2::from_shape_fn((self.rank, self.means.len()), |(i, j)| {
            libm::ldexp(self.s[i] * self.vh[(i, j)] * self.lengths[j], self.exponents[j])
        })
    }

    /// The shortest of the weights that leave the smallest residuals of a target around its mean; the shortest in units of the columns'
    /// lengths where those are so unlike that rounding of the shortest would show in the residuals.
    fn solve(&self, target: &[f64], mean: f64) -> Coefficients {
        let n = target.len();
        let largest = target.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let exponent = libm::frexp(largest).1;
        let scaled: Array1<f64> = target.iter().map(|v| libm::ldexp(*v, -exponent)).collect();
        let mut parts = self.u.t().dot(&scaled);
        parts.iter_mut().zip(&self.s).for_each(|(p, s)| *p /= s);
        let mut slopes = self.vh.t().dot(&parts);
        for ((slope, length), e) in slopes.iter_mut().zip(&self.lengths).zip(&self.exponents) {
            *slope = if *length > 0.0 { libm::ldexp(*slope / length, exponent - e) } else { 0.0 };
        }
        let left = |slopes: &Array1<f64>| {
            let mut residuals = target.to_vec();
            for (column, slope) in self.columns.chunks_exact(n).zip(slopes) {
                residuals.iter_mut().zip(column).for_each(|(e, x)| *e -= slope * x);
            }
            residuals
        };
        let mut residuals = left(&slopes);
        if let Some(span) = &self.span {
            // The shortest solution, unless columns of very unlike units make its rounding larger than what it is to fit.
            let shortest = span.dot(&span.t().dot(&slopes));
            let of_shortest = left(&shortest);
            let most = |e: &[f64]| e.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
            if most(&of_shortest) <= 2.0 * most(&residuals) + 1e-9 * largest {
                (slopes, residuals) = (shortest, of_shortest);
            }
        }
        let slopes = slopes.to_vec();
        Coefficients { constant: mean - dot(&self.means, &slopes), slopes, residuals, root: Array2::default((0, 0)) }
    }
}

/// Ridge regression by the singular values of the columns as they are: weights V·diag(s/(s² + price))·Uᵀy.
pub(super) fn shrunk(data: &Data<'_>, price: f64) -> Result<(Array2<f64>, Array1<f64>)> {
    let (n, k) = (data.count(), data.columns());
    let (columns, means) = data.centred_columns()?;
    let parts = linalg::svd(table(k, n, columns).t(), false, false)?;
    let largest = parts.s.first().copied().unwrap_or(0.0);
    if !(largest.is_finite() && largest < 1e150) {
        return Err(data.too_large("X", 0));
    }
    let mut weights = Array2::zeros((data.targets, k));
    let mut intercepts = Array1::zeros(data.targets);
    for (t, mut row) in weights.axis_iter_mut(Axis(0)).enumerate() {
        let (target, mean) = data.centred_target(t);
        let mut parts_of_y = parts.u.t().dot(&ArrayView1::from(&target));
        // In units of s, so that squares cannot leave the range of doubles.
        parts_of_y.iter_mut().zip(&parts.s).for_each(|(p, &s)| *p = if s > 0.0 { *p / (s + price / s) } else { 0.0 });
        row.assign(&parts.vh.t().dot(&parts_of_y));
        intercepts[t] = mean - row.dot(&ArrayView1::from(&means));
    }
    Ok((weights, intercepts))
}
