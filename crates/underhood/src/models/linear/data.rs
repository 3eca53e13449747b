//! What a linear regression sees: rows, targets and weights, and the second moments of all of them around their means.
//!
//! Ridge, lasso, elastic net and their Bayesian kin see many rows only through XᵀX, Xᵀy and yᵀy. These are gathered in one pass around a
//! centre near the means and then moved to the means themselves, which is harmless where the centre is near; where it was not (rows sorted
//! by size), a second pass starts from the means that the first one found (Chan, Golub and LeVeque 1983,
//! doi:10.1080/00031305.1983.10483115).

use std::borrow::Cow;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2};

use crate::error::{Error, Result};
use crate::linalg::accumulate;
use crate::models::moments::centre;
use crate::models::rows::{BLOCK, Rows, all_finite};
use crate::panel::{self, LANES};
use crate::simd::{mul_add, wide_kernel};
use crate::{check, simd};

/// So many multiplications lie between two looks at the keyboard.
const WORK: usize = 50_000_000;

/// So many numbers say about where the mean of all lies.
const SAMPLE: usize = 256;

/// Up to so many targets ride along in the panels of X; the others are taken one by one.
const ABOARD: usize = 8;

/// Beyond this width a panel's products are a matter for the blocked matrix product.
const WIDE: usize = 256;

/// A column whose sum of squares around the centre is so many times that around its mean is gathered again.
const OFF_CENTRE: f64 = 1e3;

/// Squares below this have lost digits to the end of the range of doubles.
const VANISHING: f64 = 1e-290;

/// Rows, targets and weights, looked over; X's own numbers are not looked at before they are used.
pub(super) struct Data<'a> {
    pub(super) function: &'static str,
    pub(super) x: ArrayView2<'a, f64>,
    pub(super) rows: Rows<'a>,
    /// y, row by row.
    pub(super) y: Cow<'a, [f64]>,
    pub(super) targets: usize,
    /// Roots of the rows' weights; none stand for ones.
    pub(super) roots: Vec<f64>,
    /// Sum of the weights: the number of rows, if all count alike.
    pub(super) total: f64,
    pub(super) intercept: bool,
}

impl<'a> Data<'a> {
    /// Checks shapes, targets and weights.
    pub(super) fn new(
        function: &'static str,
        x: ArrayView2<'a, f64>,
        y: ArrayView2<'a, f64>,
        weights: Option<ArrayView1<'_, f64>>,
        intercept: bool,
    ) -> Result<Self> {
        let rows = Rows::unchecked(function, x)?;
        check::same_length(function, ("y", y.nrows()), ("X", x.shape()))?;
        check::at_least(function, "y", "columns", y.ncols(), 1)?;
        let y_rows = y.to_slice().map_or_else(|| Cow::Owned(y.iter().copied().collect()), Cow::Borrowed);
        if !all_finite(&y_rows) {
            check::finite_matrix(function, "y", y)?;
        }
        let (mut roots, mut total) = (Vec::new(), x.nrows() as f64);
        if let Some(weights) = weights {
            check::same_length(function, ("sample_weight", weights.len()), ("X", x.shape()))?;
            check::finite_vector(function, "sample_weight", weights)?;
            if let Some(i) = weights.iter().position(|&w| w < 0.0) {
                let problem = format!("holds {} at index {i}, but a weight cannot be negative", weights[i]);
                return Err(Error::Invalid { function, argument: "sample_weight", problem });
            }
            total = weights.sum();
            let comfortable = "positive in sum, and not so large or small that their sum leaves the range of doubles";
            let possible = total.is_normal();
            check::in_range(function, "sample_weight", total, possible, comfortable)?;
            roots = weights.iter().map(|w| w.sqrt()).collect();
        }
        Ok(Data { function, x, rows, y: y_rows, targets: y.ncols(), roots, total, intercept })
    }

    /// Number of rows.
    pub(super) fn count(&self) -> usize {
        self.rows.count
    }

    /// Number of columns of X.
    pub(super) fn columns(&self) -> usize {
        self.rows.columns
    }

    /// One target, one number a row.
    pub(super) fn target(&self, t: usize) -> Cow<'_, [f64]> {
        if self.targets == 1 {
            return Cow::Borrowed(&self.y);
        }
        Cow::Owned(self.y.iter().skip(t).step_by(self.targets).copied().collect())
    }

    /// The root of a row's weight.
    pub(super) fn root(&self, i: usize) -> f64 {
        self.roots.get(i).copied().unwrap_or(1.0)
    }

    /// Weighted mean of a column or target; zero where there is no intercept.
    pub(super) fn mean(&self, v: &[f64]) -> f64 {
        self.spread(v).0
    }

    /// The weighted mean (zero where there is no intercept) and the weighted sum of squares around it.
    pub(super) fn spread(&self, v: &[f64]) -> (f64, f64) {
        let mut centre = 0.0;
        if self.intercept {
            // A running mean of the first numbers does not overflow where a sum would.
            let sample = v.len().min(SAMPLE);
            centre = v[..sample].iter().enumerate().fold(0.0, |mean, (i, v)| {
                let share = 1.0 / (i + 1) as f64;
                mean + (v * share - mean * share)
            });
        }
        for again in [true, false] {
            let (sum, squares) = sums_around(v, centre, &self.roots);
            let step = if self.intercept { sum / self.total } else { 0.0 };
            let around = squares - self.total * step * step;
            if !(again && squares > OFF_CENTRE * around) {
                return (centre + step, around.max(0.0));
            }
            centre += step;
        }
        (centre, 0.0)
    }

    /// Refuses an X with a number that is not finite.
    pub(super) fn finite(&self) -> Result<()> {
        check::finite_matrix(self.function, "X", self.x)
    }

    /// The columns around their means, each row times the root of its weight, and the means: column after column, a copy of X.
    /// A column that varies by no more than its rounding becomes zero.
    pub(super) fn centred_columns(&self) -> Result<(Vec<f64>, Vec<f64>)> {
        self.finite()?;
        let (n, k) = (self.count(), self.columns());
        check::room(self.function, "copy of X", &[n, k])?;
        let (mut columns, mut means) = (vec![0.0; n * k], Vec::with_capacity(k));
        // Eight columns at a time, so that a row's numbers are read together.
        for (group, columns) in columns.chunks_mut(LANES * n).enumerate() {
            let first = group * LANES;
            for (i, row) in self.rows.values().chunks_exact(k).enumerate() {
                row[first..].iter().zip(columns.chunks_exact_mut(n)).for_each(|(x, column)| column[i] = *x);
            }
        }
        for (j, column) in columns.chunks_exact_mut(n).enumerate() {
            let (mean, squares) = self.spread(column);
            if !mean.is_finite() {
                return Err(self.too_large("X", j));
            }
            column.iter_mut().for_each(|v| *v -= mean);
            let size = if squares > VANISHING && squares.is_finite() {
                (squares / self.total).sqrt()
            } else {
                column.iter().fold(0.0_f64, |most, v| most.max(v.abs()))
            };
            if !size.is_finite() {
                return Err(self.too_large("X", j));
            }
            if size <= 10.0 * f64::EPSILON * mean.abs() {
                column.fill(0.0);
            }
            column.iter_mut().zip(&self.roots).for_each(|(v, root)| *v *= root);
            means.push(mean);
        }
        Ok((columns, means))
    }

    /// y around its mean, times the roots of the weights, and the mean.
    pub(super) fn centred_target(&self, t: usize) -> (Vec<f64>, f64) {
        let y = self.target(t);
        let mean = self.mean(&y);
        (y.iter().enumerate().map(|(i, y)| (y - mean) * self.root(i)).collect(), mean)
    }

    pub(super) fn too_large(&self, argument: &'static str, column: usize) -> Error {
        let problem = format!("holds values so large that their squares overflow (column {column}); change its unit");
        Error::Invalid { function: self.function, argument, problem }
    }

    fn too_small(&self, argument: &'static str, column: usize) -> Error {
        let problem = format!("holds values so small that their squares vanish (column {column}); change its unit");
        Error::Invalid { function: self.function, argument, problem }
    }

    /// Refuses weights that are no numbers any more, which finite data of very different sizes can lead to.
    pub(super) fn finite_result(&self, weights: &[f64], intercept: f64) -> Result<()> {
        if intercept.is_finite() && weights.iter().all(|w| w.is_finite()) {
            return Ok(());
        }
        let problem = "leads to weights beyond the range of doubles; change the units of X or y".into();
        Err(Error::Invalid { function: self.function, argument: "X", problem })
    }
}

/// Second moments around the means; weights of rows are in them.
pub(super) struct Moments {
    /// Means of the columns; zeros without an intercept.
    pub(super) x_mean: Vec<f64>,
    /// Means of the targets, likewise.
    pub(super) y_mean: Vec<f64>,
    /// XᵀX: columns squared, row by row, symmetric. A column that varies by no more than its rounding has zeros.
    pub(super) gram: Vec<f64>,
    /// Xᵀy for each target.
    pub(super) products: Vec<Vec<f64>>,
    /// yᵀy for each target.
    pub(super) squares: Vec<f64>,
    pub(super) columns: usize,
}

impl Moments {
    /// Gathers them; refuses numbers that are not finite, and those whose squares leave the range of doubles.
    pub(super) fn of<E: From<Error>>(
        data: &Data<'_>,
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Self, E> {
        let (k, targets) = (data.columns(), data.targets);
        let (mut x_centre, mut y_centre) = (vec![0.0; k], vec![0.0; targets]);
        if data.intercept {
            x_centre = centre(&data.rows);
            (0..targets).for_each(|t| y_centre[t] = data.mean(&data.target(t)));
        }
        let mut again = data.intercept;
        loop {
            let sums = Sums::gather(data, &x_centre, &y_centre, checkpoint)?;
            if let Some(j) = (0..k).find(|&j| !sums.gram[j * k + j].is_finite()) {
                data.finite()?;
                return Err(data.too_large("X", j).into());
            }
            if let Some(t) = (0..targets).find(|&t| !sums.squares[t].is_finite()) {
                return Err(data.too_large("y", t).into());
            }
            let share = |sum: &f64| if data.intercept { sum / data.total } else { 0.0 };
            let x_step: Vec<f64> = sums.x_sums.iter().map(share).collect();
            let y_step: Vec<f64> = sums.y_sums.iter().map(share).collect();
            let moved = |sum: f64, step: f64| sum - data.total * step * step;
            if again && (0..k).any(|j| sums.gram[j * k + j] > OFF_CENTRE * moved(sums.gram[j * k + j], x_step[j])) {
                again = false;
                x_centre.iter_mut().zip(&x_step).for_each(|(c, d)| *c += d);
                continue;
            }
            let mut found = Moments {
                x_mean: x_centre.iter().zip(&x_step).map(|(c, d)| c + d).collect(),
                y_mean: y_centre.iter().zip(&y_step).map(|(c, d)| c + d).collect(),
                gram: sums.gram,
                products: sums.products,
                squares: sums.squares,
                columns: k,
            };
            found.move_to_means(data.total, &x_step, &y_step);
            found.settle(data)?;
            return Ok(found);
        }
    }

    /// From sums around the centre to sums around the means.
    fn move_to_means(&mut self, total: f64, x_step: &[f64], y_step: &[f64]) {
        let k = self.columns;
        for (i, row) in self.gram.chunks_exact_mut(k).enumerate() {
            row.iter_mut().zip(x_step).for_each(|(g, d)| *g -= total * x_step[i] * d);
        }
        for ((products, square), &e) in self.products.iter_mut().zip(&mut self.squares).zip(y_step) {
            products.iter_mut().zip(x_step).for_each(|(p, d)| *p -= total * e * d);
            *square = (*square - total * e * e).max(0.0);
        }
    }

    /// Zeros for what is constant to within rounding; refuses what is not constant and has vanished all the same.
    fn settle(&mut self, data: &Data<'_>) -> Result<()> {
        let k = self.columns;
        for j in 0..k {
            let square = self.gram[j * k + j];
            let noise = 10.0 * f64::EPSILON * self.x_mean[j].abs();
            if square < VANISHING
                && self.x_mean[j].abs() < 1e-130
                && data.x.column(j).iter().any(|&v| v != data.x[(0, j)])
            {
                return Err(data.too_small("X", j));
            }
            if square <= data.total * noise * noise {
                (0..k).for_each(|i| {
                    self.gram[i * k + j] = 0.0;
                    self.gram[j * k + i] = 0.0;
                });
                self.products.iter_mut().for_each(|products| products[j] = 0.0);
            }
        }
        for t in 0..data.targets {
            let noise = 10.0 * f64::EPSILON * self.y_mean[t].abs();
            let first = data.y[t];
            let varies = || data.y.iter().skip(t).step_by(data.targets).any(|&v| v != first);
            if self.squares[t] < VANISHING && self.y_mean[t].abs() < 1e-130 && varies() {
                return Err(data.too_small("y", t));
            }
            if self.squares[t] <= data.total * noise * noise {
                self.squares[t] = 0.0;
                self.products[t].fill(0.0);
            }
        }
        Ok(())
    }

    /// Row i of XᵀX.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.gram[i * self.columns..(i + 1) * self.columns]
    }

    /// The intercept that belongs to weights: ȳ − x̄·w.
    pub(super) fn intercept(&self, weights: &[f64], target: usize) -> f64 {
        self.y_mean[target] - simd::dot(&self.x_mean, weights)
    }

    /// Xᵀe, Σe² and Σw·e for the residuals e of some weights, in one pass over the rows around the means.
    pub(super) fn residual_products<E>(
        &self,
        data: &Data<'_>,
        target: usize,
        weights: &[f64],
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<(Vec<f64>, f64), E> {
        let (k, width) = (self.columns, (self.columns + 2).next_multiple_of(LANES));
        let mut panel = vec![0.0; BLOCK * width];
        let mut factors = vec![0.0; width];
        factors[..k].iter_mut().zip(weights).for_each(|(f, w)| *f = -w);
        factors[k + 1] = 1.0;
        let (mut products, mut squares, mut residuals, mut work) = (vec![0.0; width], 0.0, [0.0; BLOCK], 0);
        let y_mean = [self.y_mean[target]];
        for (b, block) in data.rows.blocks().enumerate() {
            let (first, count) = (b * BLOCK, block.len() / k);
            let y = &data.y[first * data.targets..(first + count) * data.targets];
            let roots = if data.roots.is_empty() { &ONES[..count] } else { &data.roots[first..first + count] };
            fill(block, &y[target..], data.targets, &self.x_mean, &y_mean, roots, width, &mut panel);
            let residuals = &mut residuals[..count];
            panel::products(&panel[..count * width], &factors, residuals);
            squares += simd::dot(residuals, residuals);
            panel::add_weighted(&panel[..count * width], residuals, &mut products);
            work += 2 * count * width;
            if work > WORK {
                work = 0;
                checkpoint()?;
            }
        }
        products.truncate(k);
        Ok((products, squares))
    }
}

/// Sums around a centre.
struct Sums {
    gram: Vec<f64>,
    x_sums: Vec<f64>,
    y_sums: Vec<f64>,
    products: Vec<Vec<f64>>,
    squares: Vec<f64>,
}

/// Roots of rows that count once.
const ONES: [f64; BLOCK] = [1.0; BLOCK];

impl Sums {
    /// One pass. A panel's line is [x − c, 1, y − c of the first targets], times the root of the row's weight.
    fn gather<E: From<Error>>(
        data: &Data<'_>,
        x_centre: &[f64],
        y_centre: &[f64],
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Self, E> {
        let (k, targets) = (data.columns(), data.targets);
        let aboard = targets.min(ABOARD);
        let width = (k + 1 + aboard).next_multiple_of(LANES);
        check::room(data.function, "the matrix XᵀX", &[width, width])?;
        let mut panel = vec![0.0; BLOCK * width];
        let mut sums = vec![0.0; width * width];
        let mut others = vec![vec![0.0; width]; targets - aboard];
        let mut other_squares = vec![0.0; targets - aboard];
        let mut factors = [0.0; BLOCK];
        let mut work = 0;
        for (b, block) in data.rows.blocks().enumerate() {
            let (first, count) = (b * BLOCK, block.len() / k);
            let y = &data.y[first * targets..(first + count) * targets];
            let roots = if data.roots.is_empty() { &ONES[..count] } else { &data.roots[first..first + count] };
            fill(block, y, targets, x_centre, &y_centre[..aboard], roots, width, &mut panel);
            let lines = &panel[..count * width];
            if width <= WIDE {
                panel::add_outer_products(lines, width, &mut sums);
            } else if let (Ok(lines), Ok(sums)) =
                (ArrayView2::from_shape((count, width), lines), ArrayViewMut2::from_shape((width, width), &mut sums))
            {
                accumulate(sums, 1.0, lines.t(), lines);
            }
            for (t, (sums, square)) in others.iter_mut().zip(&mut other_squares).enumerate() {
                let factors = &mut factors[..count];
                for ((factor, root), y) in factors.iter_mut().zip(roots).zip(y.chunks_exact(targets)) {
                    *factor = root * (y[aboard + t] - y_centre[aboard + t]);
                }
                *square += simd::dot(factors, factors);
                panel::add_weighted(lines, factors, sums);
            }
            work += count * width * (width / 2 + others.len());
            if work > WORK {
                work = 0;
                checkpoint()?;
            }
        }
        let entry = |i: usize, j: usize| sums[i.min(j) * width + i.max(j)];
        let mut gram = vec![0.0; k * k];
        for (i, row) in gram.chunks_exact_mut(k).enumerate() {
            row.iter_mut().enumerate().for_each(|(j, g)| *g = entry(i, j));
        }
        let place = |t: usize| k + 1 + t;
        let mut products: Vec<Vec<f64>> = (0..aboard).map(|t| (0..k).map(|j| entry(j, place(t))).collect()).collect();
        let mut y_sums: Vec<f64> = (0..aboard).map(|t| entry(k, place(t))).collect();
        let mut squares: Vec<f64> = (0..aboard).map(|t| entry(place(t), place(t))).collect();
        y_sums.extend(others.iter().map(|sums| sums[k]));
        products.extend(others.into_iter().map(|mut sums| {
            sums.truncate(k);
            sums
        }));
        squares.extend(other_squares);
        Ok(Sums { gram, x_sums: (0..k).map(|j| entry(j, k)).collect(), y_sums, products, squares })
    }
}

/// Σ w(v − c) and Σ w(v − c)²; no roots stand for ones.
fn sums_around(v: &[f64], centre: f64, roots: &[f64]) -> (f64, f64) {
    if roots.is_empty() {
        return plain_sums_around(v, centre);
    }
    v.iter().zip(roots).fold((0.0, 0.0), |(sum, squares), (v, root)| {
        let (d, w) = (v - centre, root * root);
        (sum + w * d, squares + w * d * d)
    })
}

wide_kernel! {
    /// Σ (v − c) and Σ (v − c)².
    fn plain_sums_around(v: &[f64], centre: f64) -> (f64, f64) = plain_sums_around_body
}

#[inline(always)]
fn plain_sums_around_body<const FMA: bool>(v: &[f64], centre: f64) -> (f64, f64) {
    const WIDTH: usize = 4 * LANES;
    let (mut sums, mut squares) = ([0.0; WIDTH], [0.0; WIDTH]);
    let blocks = v.chunks_exact(WIDTH);
    let rest = blocks.remainder();
    for block in blocks {
        for lane in 0..WIDTH {
            let d = block[lane] - centre;
            sums[lane] += d;
            squares[lane] = mul_add::<FMA>(d, d, squares[lane]);
        }
    }
    let (mut sum, mut square) = (sums.iter().sum::<f64>(), squares.iter().sum::<f64>());
    for v in rest {
        sum += v - centre;
        square += (v - centre) * (v - centre);
    }
    (sum, square)
}

wide_kernel! {
    /// Lines [x − c, 1, y − c]·root of a panel; of a row's y the first are taken that have a centre. What is behind stays as it is.
    fn fill(block: &[f64], y: &[f64], targets: usize, x_centre: &[f64], y_centre: &[f64], roots: &[f64], width: usize, panel: &mut [f64]) = fill_body
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
fn fill_body<const FMA: bool>(
    block: &[f64],
    y: &[f64],
    targets: usize,
    x_centre: &[f64],
    y_centre: &[f64],
    roots: &[f64],
    width: usize,
    panel: &mut [f64],
) {
    let columns = x_centre.len();
    let lines = block.chunks_exact(columns).zip(panel.chunks_exact_mut(width)).zip(roots).zip(y.chunks(targets));
    for (((row, out), &root), y) in lines {
        for j in 0..columns {
            out[j] = (row[j] - x_centre[j]) * root;
        }
        out[columns] = root;
        for ((out, y), centre) in out[columns + 1..].iter_mut().zip(y).zip(y_centre) {
            *out = (y - centre) * root;
        }
    }
}

/// A matrix from numbers row by row; the caller knows that they are as many as it needs.
pub(super) fn table(rows: usize, columns: usize, values: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), values).unwrap_or_default()
}
