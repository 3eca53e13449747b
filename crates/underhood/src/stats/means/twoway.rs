//! Two-way analysis of variance: means by two factors at once, with or without their interaction, balanced or not.
//!
//! R. A. Fisher (1925, *Statistical Methods for Research Workers*); for unequal cell counts F. Yates (1934, doi:10.1080/01621459.1934.10502686):
//! the factors' effects by eliminating one factor from the other, and the weighted squares of means. The three types of sums of squares are
//! those of SAS (F. M. Speed, R. R. Hocking & O. P. Hackney, 1978, doi:10.1080/01621459.1978.10480022). Everything is computed
//! from the cells' means and inner sums of squares; no sum is a difference of two others.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::check;
use crate::distributions::{Distribution, F};
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::check_sample;

const NAME: &str = "anova_twoway";

/// Which sums of squares test a factor when the cells differ in size; of a balanced design all are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SumsOfSquares {
    /// One after the other: a alone, b beyond a, the interaction beyond both. Depends on the order of the factors.
    Sequential,
    /// Each factor beyond the other, the interaction beyond both (type II): the most powerful where there is no interaction.
    #[default]
    Partial,
    /// Each factor beyond the other and the interaction (type III, with effects that sum to zero): do the unweighted means of
    /// the cells differ?
    Marginal,
}

impl SumsOfSquares {
    /// The sums of squares of a type, 1, 2 or 3, for the function that asks.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for any other number.
    pub fn of_type(function: &'static str, typ: usize) -> Result<SumsOfSquares> {
        match typ {
            1 => Ok(SumsOfSquares::Sequential),
            2 => Ok(SumsOfSquares::Partial),
            3 => Ok(SumsOfSquares::Marginal),
            _ => {
                let expected = "1, 2 or 3".into();
                Err(Error::OutOfRange { function, argument: "typ", value: typ as f64, expected })
            }
        }
    }
}

/// One row of the table of a two-way analysis of variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Its sum of squares.
    pub sum_of_squares: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// F: its mean square over the residual one.
    pub statistic: f64,
    /// Probability of so large an F if there is no such effect.
    pub p_value: f64,
    /// Partial η²: its sum of squares as a share of itself and the residual one.
    pub partial_eta_squared: f64,
}

/// What a two-way analysis of variance finds.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoWay {
    /// The factors a and b and, if it was asked for, their interaction.
    pub effects: Vec<Effect>,
    /// Sum of squares of the residuals.
    pub residual_sum_of_squares: f64,
    /// Degrees of freedom of the residuals.
    pub df_residual: f64,
    /// Σ(y − ȳ)².
    pub total_sum_of_squares: f64,
    /// s: the standard deviation of the residuals, in the unit of the data.
    pub residual_std: f64,
    /// Skewness g₁ of the residuals.
    pub skewness: f64,
    /// Mean of each cell, a by b; NaN where it is empty.
    pub means: Array2<f64>,
    /// Standard deviation of each cell; NaN where it has fewer than two values.
    pub stds: Array2<f64>,
    /// How many values each cell has.
    pub n: Array2<usize>,
}

/// Tests whether means differ by either of two factors, and whether one's effect depends on the other (their interaction).
///
/// `a` and `b` give the level of each value, counted from 0. With `interaction`, every cell needs a value and one of them a second one; without,
/// cells may be empty as long as those that are not hang together. `check` is called now and then and may end the work.
///
/// # Errors
/// [`Error::NotFinite`] for NaN or infinities, [`Error::Shape`] if the vectors differ in length, [`Error::TooFew`] for a factor of fewer than
/// two levels, [`Error::Invalid`] for empty cells, too few values, or residuals that are all zero.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::{SumsOfSquares, anova_twoway}};
///
/// let y = array![4.0, 5.0, 6.0, 8.0, 7.0, 9.0, 1.0, 3.0];
/// let (a, b) = ([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1]);
/// let anova = anova_twoway(y.view(), &a, &b, true, SumsOfSquares::Partial, || Ok::<(), Error>(()))?;
/// // Means 4.5, 7, 8, 2: the interaction is 2·(4.5 − 7 − 8 + 2)²/4.
/// assert!((anova.effects[2].sum_of_squares - 36.125).abs() < 1e-13);
/// assert_eq!(anova.df_residual, 4.0);
/// # Ok::<(), Error>(())
/// ```
pub fn anova_twoway<E: From<Error>>(
    values: ArrayView1<'_, f64>,
    a: &[usize],
    b: &[usize],
    interaction: bool,
    typ: SumsOfSquares,
    check: impl Fn() -> std::result::Result<(), E>,
) -> std::result::Result<TwoWay, E> {
    let mut stopped = Ok(());
    let mut go_on = || {
        stopped = check();
        stopped.is_ok()
    };
    let found = analysis(values, a, b, interaction, typ, &mut go_on)?;
    stopped?;
    // Without an error from outside there is a table.
    Ok(found.ok_or_else(not_connected)?)
}

/// The table; none if `go_on` has ended the work.
fn analysis(
    values: ArrayView1<'_, f64>,
    a: &[usize],
    b: &[usize],
    interaction: bool,
    typ: SumsOfSquares,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<TwoWay>> {
    check_sample(NAME, "values", values, 1)?;
    let levels = (check_factor("a", a, values.len())?, check_factor("b", b, values.len())?);
    check::room(NAME, "table of cells", &[4, levels.0, levels.1])?;
    let scaled = Scaled::new(&[values], 0.0);
    let cells = Cells::of(scaled.sample(0), a, b, levels);
    let additive = if levels.0 <= levels.1 {
        cells.additive(go_on)
    } else {
        cells.transposed().additive(go_on).map(|fit| fit.map(Additive::swapped))
    };
    let Ok(additive) = additive else { return Ok(None) };
    cells.check(interaction, additive.is_some())?;
    // The check has refused cells that do not hang together.
    let Some(additive) = additive else { return Err(not_connected()) };

    let leftover = cells.leftover(&additive);
    let between = |fit: &Array2<f64>| (&cells.n * fit * fit).sum();
    let interacting = between(&leftover);
    let within = cells.inner.sum();
    let (residual, df_residual) = if interaction {
        (within, values.len() as f64 - (levels.0 * levels.1) as f64)
    } else {
        (within + interacting, values.len() as f64 - (levels.0 + levels.1 - 1) as f64)
    };
    // What rounding leaves of residuals that are zero.
    let largest = cells.means.iter().fold(0.0_f64, |most, mean| most.max(mean.abs()));
    if residual <= values.len() as f64 * (4.0 * f64::EPSILON * largest).powi(2) {
        let problem = "leave no residuals beside the effects, so F has no spread to be measured by";
        return Err(Error::Invalid { function: NAME, argument: "values", problem: problem.into() });
    }

    let of_a = match typ {
        SumsOfSquares::Sequential => cells.alone(Axis(1)),
        SumsOfSquares::Marginal if interaction => cells.unweighted(Axis(1)),
        _ => cells.beyond(&additive.rows, Axis(0)),
    };
    let of_b = match typ {
        SumsOfSquares::Marginal if interaction => cells.unweighted(Axis(0)),
        _ => cells.beyond(&additive.columns, Axis(1)),
    };
    let mean_square = residual / df_residual;
    let effect = |sum: f64, df: usize| -> Result<Effect> {
        let df = df as f64;
        let statistic = sum / df / mean_square;
        Ok(Effect {
            sum_of_squares: scaled.up_squared(sum),
            df,
            statistic,
            p_value: F::new(df, df_residual)?.sf(statistic),
            partial_eta_squared: sum / (sum + residual),
        })
    };
    let mut effects = vec![effect(of_a, levels.0 - 1)?, effect(of_b, levels.1 - 1)?];
    if interaction {
        effects.push(effect(interacting, (levels.0 - 1) * (levels.1 - 1))?);
    }
    let grand = cells.grand();
    let apart = cells.means.mapv(|mean| mean - grand);
    Ok(Some(TwoWay {
        effects,
        residual_sum_of_squares: scaled.up_squared(residual),
        df_residual,
        total_sum_of_squares: scaled.up_squared(within + between(&apart)),
        residual_std: scaled.up(mean_square.sqrt()),
        skewness: cells.skewness(if interaction { None } else { Some(&leftover) }),
        means: cells.moments.mapv(|cell| scaled.up(cell.mean())),
        stds: cells.moments.mapv(|cell| scaled.up(cell.std(1))),
        n: cells.moments.mapv(|cell| cell.count()),
    }))
}

/// The number of a factor's levels.
fn check_factor(argument: &'static str, codes: &[usize], n: usize) -> Result<usize> {
    check::same_length(NAME, (argument, codes.len()), ("values", &[n]))?;
    let levels = codes.iter().max().map_or(0, |most| most + 1);
    check::at_least(NAME, argument, "levels", levels, 2)?;
    if levels > n {
        let problem = format!("has {levels} levels, but there are only {n} values");
        return Err(Error::Invalid { function: NAME, argument, problem });
    }
    Ok(levels)
}

fn not_connected() -> Error {
    let problem =
        "fall apart into blocks that share no level of either factor, so that the factors cannot be told apart";
    Error::Invalid { function: NAME, argument: "values", problem: problem.into() }
}

/// The cells of a table, a by b.
struct Cells {
    moments: Array2<Moments>,
    n: Array2<f64>,
    /// Means measured from the first value's cell; 0 where a cell is empty.
    means: Array2<f64>,
    /// Σ(y − its cell's mean)².
    inner: Array2<f64>,
}

/// Somebody has ended the work.
struct Stopped;

/// Effects of both factors, each counted from wherever: the fit of a cell is the sum of its two.
struct Additive {
    rows: Array1<f64>,
    columns: Array1<f64>,
}

impl Additive {
    fn swapped(self) -> Additive {
        Additive { rows: self.columns, columns: self.rows }
    }
}

impl Cells {
    fn of(values: &[f64], a: &[usize], b: &[usize], levels: (usize, usize)) -> Cells {
        // The values of a cell side by side: one pass counts, one places.
        let place = |i: usize| a[i] * levels.1 + b[i];
        let mut starts = vec![0; levels.0 * levels.1 + 1];
        (0..values.len()).for_each(|i| starts[place(i) + 1] += 1);
        (1..starts.len()).for_each(|cell| starts[cell] += starts[cell - 1]);
        let (mut next, mut sorted) = (starts.clone(), vec![0.0; values.len()]);
        for (i, value) in values.iter().enumerate() {
            let to = &mut next[place(i)];
            sorted[*to] = *value;
            *to += 1;
        }
        let moments = Array2::from_shape_fn(levels, |(i, j)| {
            let cell = i * levels.1 + j;
            Moments::of_slice(&sorted[starts[cell]..starts[cell + 1]])
        });
        let first = moments[[a[0], b[0]]];
        let full = |cell: &Moments| cell.count() > 0;
        Cells {
            n: moments.mapv(|cell| cell.count() as f64),
            means: moments.map(|cell| if full(cell) { cell.mean_difference(&first) } else { 0.0 }),
            inner: moments.map(|cell| if full(cell) { cell.sum_of_squares() } else { 0.0 }),
            moments,
        }
    }

    fn transposed(&self) -> Cells {
        Cells {
            moments: self.moments.t().to_owned(),
            n: self.n.t().to_owned(),
            means: self.means.t().to_owned(),
            inner: self.inner.t().to_owned(),
        }
    }

    fn check(&self, interaction: bool, connected: bool) -> Result<()> {
        let refuse = |argument, problem| Err(Error::Invalid { function: NAME, argument, problem });
        if interaction && let Some(((i, j), _)) = self.n.indexed_iter().find(|(_, n)| **n == 0.0) {
            let problem = format!(
                "has no value where a is level {i} and b is level {j} (counted from 0), but an interaction needs every cell"
            );
            return refuse("values", problem);
        }
        if !connected {
            return Err(not_connected());
        }
        let (rows, columns) = self.n.dim();
        let parameters = if interaction { rows * columns } else { rows + columns - 1 };
        let n = self.n.sum();
        if n <= parameters as f64 {
            let way_out = if interaction { "; leave out the interaction, or bring more values" } else { "" };
            return refuse(
                "values",
                format!("has {n} values for {parameters} means, which leaves nothing to measure them by{way_out}"),
            );
        }
        Ok(())
    }

    /// Least squares by cells of two sums of effects: the columns are eliminated, and what is left is solved for the rows, the last of which
    /// is 0. `None` if the cells fall apart into blocks. `go_on` is asked at each row.
    fn additive(&self, go_on: &mut dyn FnMut() -> bool) -> std::result::Result<Option<Additive>, Stopped> {
        let (rows, _) = self.n.dim();
        let column_sizes = self.n.sum_axis(Axis(0));
        let free = rows - 1;
        // The matrix of a graph whose rows are joined by the columns they share: never indefinite, dominated by its diagonal.
        let shares = &self.n / &column_sizes;
        let mut matrix = -self.n.dot(&shares.t());
        for (i, size) in self.n.sum_axis(Axis(1)).iter().enumerate() {
            matrix[[i, i]] += size;
        }
        // Its Cholesky factor, row by row: a row needs the rows above it, and each as far as its own diagonal.
        let mut lower = vec![0.0; free * free];
        for i in 0..free {
            if !go_on() {
                return Err(Stopped);
            }
            let (above, row) = lower.split_at_mut(i * free);
            for (j, known) in above.chunks_exact(free).enumerate() {
                row[j] = (matrix[[i, j]] - dot(&row[..j], &known[..j])) / known[j];
            }
            let rest = matrix[[i, i]] - dot(&row[..i], &row[..i]);
            if !(rest > 1e-11 * self.n.row(i).sum()) {
                return Ok(None);
            }
            row[i] = rest.sqrt();
        }
        let mut fit = Additive { rows: Array1::zeros(rows), columns: Array1::zeros(column_sizes.len()) };
        // Twice: the second round takes away what rounding left of the first.
        for _ in 0..2 {
            let left = self.leftover(&fit);
            fit.columns = &fit.columns + (&self.n * &left).sum_axis(Axis(0)) / &column_sizes;
            let mut effects = (&self.n * &self.leftover(&fit)).sum_axis(Axis(1)).to_vec();
            for (i, row) in lower.chunks_exact(free).enumerate() {
                effects[i] = (effects[i] - dot(&row[..i], &effects[..i])) / row[i];
            }
            for (i, row) in lower.chunks_exact(free).enumerate().rev() {
                effects[i] /= row[i];
                let known = effects[i];
                effects[..i].iter_mut().zip(row).for_each(|(effect, share)| *effect -= share * known);
            }
            effects[free] = 0.0;
            fit.rows = &fit.rows + &Array1::from(effects);
        }
        let left = self.leftover(&fit);
        fit.columns = &fit.columns + (&self.n * &left).sum_axis(Axis(0)) / &column_sizes;
        Ok(Some(fit))
    }

    /// What the two effects leave of each cell's mean; 0 where a cell is empty.
    fn leftover(&self, fit: &Additive) -> Array2<f64> {
        Array2::from_shape_fn(self.n.dim(), |(i, j)| {
            if self.n[[i, j]] == 0.0 { 0.0 } else { self.means[[i, j]] - fit.rows[i] - fit.columns[j] }
        })
    }

    fn grand(&self) -> f64 {
        (&self.n * &self.means).sum() / self.n.sum()
    }

    /// Sum of squares of one factor alone: of the means over the other, whose axis is given.
    fn alone(&self, other: Axis) -> f64 {
        let sizes = self.n.sum_axis(other);
        let grand = self.grand();
        let means = (&self.n * &self.means).sum_axis(other) / &sizes;
        sizes.iter().zip(&means).map(|(n, mean)| n * (mean - grand).powi(2)).sum()
    }

    /// Sum of squares of one factor beyond the other: how far its effects are from their means within each level of the other.
    fn beyond(&self, effects: &Array1<f64>, own: Axis) -> f64 {
        let spread =
            if own == Axis(0) { effects.view().insert_axis(Axis(1)) } else { effects.view().insert_axis(Axis(0)) };
        let means = (&self.n * &spread).sum_axis(own) / self.n.sum_axis(own);
        let apart = &spread - &means.insert_axis(own);
        (&self.n * &apart * &apart).sum()
    }

    /// Yates' weighted squares of means: are the unweighted means over the other factor's levels the same?
    fn unweighted(&self, other: Axis) -> f64 {
        let levels = self.n.len_of(other) as f64;
        let means = self.means.sum_axis(other) / levels;
        let weights = self.n.mapv(|n| 1.0 / n).sum_axis(other).mapv(|sum| levels * levels / sum);
        let grand = (&weights * &means).sum() / weights.sum();
        weights.iter().zip(&means).map(|(weight, mean)| weight * (mean - grand).powi(2)).sum()
    }

    /// Skewness of the residuals: about the cells' means, or about what is `left` off them.
    fn skewness(&self, left: Option<&Array2<f64>>) -> f64 {
        let (mut squares, mut cubes, total) = (0.0, 0.0, self.n.sum());
        for ((place, cell), inner) in self.moments.indexed_iter().zip(&self.inner) {
            let n = self.n[place];
            let apart = left.map_or(0.0, |left| left[place]);
            if *inner > 0.0 {
                cubes += cell.skewness(true) * inner * (inner / n).sqrt();
            }
            squares += inner + n * apart * apart;
            cubes += 3.0 * apart * inner + n * apart.powi(3);
        }
        cubes / total / (squares / total).powf(1.5)
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;
    use crate::stats::f_oneway;

    /// An unbalanced design: values, a, b.
    fn design() -> (Array1<f64>, Vec<usize>, Vec<usize>) {
        (
            array![4.0, 5.5, 6.0, 8.0, 7.0, 9.0, 1.0, 3.0, 2.5, 6.5, 7.5],
            vec![0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1],
            vec![0, 0, 1, 2, 0, 0, 1, 1, 2, 2, 2],
        )
    }

    fn analyse(
        y: ArrayView1<'_, f64>,
        a: &[usize],
        b: &[usize],
        interaction: bool,
        typ: SumsOfSquares,
    ) -> Result<TwoWay> {
        anova_twoway(y, a, b, interaction, typ, || Ok(()))
    }

    #[test]
    fn many_levels_are_quick_and_can_be_stopped() {
        // 300 by 400 levels, of which each meets a few of the other's: additive values come back as they were put in.
        let (rows, columns) = (300, 400);
        let (mut y, mut a, mut b) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..rows {
            for step in 0..8 {
                let j = (i * 7 + step * step * 11) % columns;
                for noise in [-1.0, 1.0] {
                    y.push((i % 13) as f64 - (j % 5) as f64 + noise);
                    a.push(i);
                    b.push(j);
                }
            }
        }
        // The first level meets all, so that they hang together.
        y.extend((0..columns).map(|j| -((j % 5) as f64)));
        a.extend(vec![0; columns]);
        b.extend(0..columns);
        let y = Array1::from(y);
        let anova = analyse(y.view(), &a, &b, false, SumsOfSquares::Partial).unwrap();
        assert_relative_eq!(anova.residual_sum_of_squares, (rows * 16) as f64, max_relative = 1e-10);
        let calls = std::cell::Cell::new(0);
        let stop = || {
            calls.set(calls.get() + 1);
            if calls.get() > 20 { Err(not_connected()) } else { Ok(()) }
        };
        assert!(anova_twoway(y.view(), &a, &b, false, SumsOfSquares::Partial, stop).is_err());
        assert_eq!(calls.get(), 21);
    }

    fn sums(anova: &TwoWay) -> Vec<f64> {
        anova.effects.iter().map(|effect| effect.sum_of_squares).collect()
    }

    #[test]
    fn sequential_sums_add_up_and_all_types_agree_when_balanced() {
        let (y, a, b) = design();
        for interaction in [true, false] {
            let anova = analyse(y.view(), &a, &b, interaction, SumsOfSquares::Sequential).unwrap();
            let parts = sums(&anova).iter().sum::<f64>() + anova.residual_sum_of_squares;
            assert_relative_eq!(parts, anova.total_sum_of_squares, max_relative = 1e-14);
            let df: f64 = anova.effects.iter().map(|effect| effect.df).sum::<f64>() + anova.df_residual;
            assert_eq!(df, 10.0);
        }
        let (a, b) = ([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1]);
        let of = |typ| sums(&analyse(y.slice(ndarray::s![..8]), &a, &b, true, typ).unwrap());
        for (i, sum) in of(SumsOfSquares::Sequential).into_iter().enumerate() {
            assert_relative_eq!(of(SumsOfSquares::Partial)[i], sum, max_relative = 1e-13);
            assert_relative_eq!(of(SumsOfSquares::Marginal)[i], sum, max_relative = 1e-13);
        }
    }

    #[test]
    fn the_order_of_the_factors_matters_to_the_first_type_only() {
        let (y, a, b) = design();
        for typ in [SumsOfSquares::Partial, SumsOfSquares::Marginal, SumsOfSquares::Sequential] {
            let there = analyse(y.view(), &a, &b, true, typ).unwrap();
            let back = analyse(y.view(), &b, &a, true, typ).unwrap();
            assert_relative_eq!(there.effects[2].statistic, back.effects[2].statistic, max_relative = 1e-12);
            assert_relative_eq!(there.skewness, back.skewness, max_relative = 1e-12);
            let same = (there.effects[0].statistic / back.effects[1].statistic - 1.0).abs() < 1e-12;
            assert_eq!(same, typ != SumsOfSquares::Sequential);
        }
        // The first factor alone: its sum of squares is that of the one-way analysis.
        let groups: Vec<Array1<f64>> =
            (0..2).map(|level| (0..11).filter(|&i| a[i] == level).map(|i| y[i]).collect()).collect();
        let alone = f_oneway(&[groups[0].view(), groups[1].view()], true).unwrap();
        let anova = analyse(y.view(), &a, &b, false, SumsOfSquares::Sequential).unwrap();
        assert_relative_eq!(sums(&anova)[0], alone.sum_of_squares_between, max_relative = 1e-13);
    }

    #[test]
    fn offsets_and_extreme_units_do_not_matter() {
        let (y, a, b) = design();
        for typ in [SumsOfSquares::Sequential, SumsOfSquares::Partial, SumsOfSquares::Marginal] {
            let plain = analyse(y.view(), &a, &b, true, typ).unwrap();
            for (unit, offset) in [(1.0, 2.0_f64.powi(46)), (2.0_f64.powi(1018), 0.0), (2.0_f64.powi(-1000), 0.0)] {
                let moved = analyse((&y * unit + offset).view(), &a, &b, true, typ).unwrap();
                for (moved, plain) in moved.effects.iter().zip(&plain.effects) {
                    assert_relative_eq!(moved.statistic, plain.statistic, max_relative = 1e-12);
                    assert_relative_eq!(moved.partial_eta_squared, plain.partial_eta_squared, max_relative = 1e-12);
                }
                assert_relative_eq!(moved.residual_std, plain.residual_std * unit, max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn empty_cells_and_what_cannot_be_measured_are_named() {
        let y = array![1.0, 2.5, 3.0, 4.0, 6.0];
        let message = |a: &[usize], b: &[usize], interaction| {
            analyse(y.view(), a, b, interaction, SumsOfSquares::Partial).unwrap_err().to_string()
        };
        let (a, b) = ([0, 0, 1, 1, 1], [0, 1, 0, 0, 0]);
        assert!(message(&a, &b, true).contains("no value where a is level 1 and b is level 1"));
        // Three cells in a corner hang together: two effects, two degrees of freedom left.
        let corner = analyse(y.view(), &a, &b, false, SumsOfSquares::Partial).unwrap();
        assert_eq!(corner.df_residual, 2.0);
        assert_relative_eq!(corner.effects[1].sum_of_squares, 1.125, max_relative = 1e-14);
        assert!(message(&[0, 0, 1, 1, 1], &[0, 0, 1, 1, 1], false).contains("blocks"));
        assert!(message(&[0, 0, 0, 0, 0], &b, true).contains("1 level"));
        let exact = array![1.0, 2.0, 4.0, 5.0, 5.0];
        let refused = analyse(exact.view(), &[0, 0, 1, 1, 1], &[0, 1, 0, 1, 1], false, SumsOfSquares::Partial);
        assert!(refused.unwrap_err().to_string().contains("no residuals"));
        let four = analyse(y.slice(ndarray::s![..4]), &[0, 0, 1, 1], &[0, 1, 0, 1], true, SumsOfSquares::Partial);
        assert!(four.unwrap_err().to_string().contains("has 4 values for 4 means"));
    }
}
