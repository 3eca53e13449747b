//! How probable rows are: ln π_k + ln N(x; μ_k, Σ_k) for blocks of rows, and what follows from it.

use std::f64::consts::PI;

use ndarray::{Array1, Array2, ArrayView2};

use super::most_probable;
use super::shape::CovarianceType;
use crate::check;
use crate::error::{Error, Result};
use crate::models::frame::Frame;
use crate::models::rows::{BLOCK, Rows, same_features};
use crate::panel::LANES;
use crate::simd::{choose, mul_add, wide_kernel};
use crate::special::exponential::exp;
use crate::special::logarithm::ln;

/// How many rows meet a triangle at a time.
const ROWS: usize = 8;

/// Squared distances beyond this are as good as infinite, and stay numbers; a row that is so far from every component is refused.
const FAR: f64 = 1e300;

/// The densities of all components, ready for blocks of rows.
pub(super) struct Densities {
    kind: CovarianceType,
    columns: usize,
    width: usize,
    /// ln π_k − ½·(p·ln 2π + ln det Σ_k).
    constants: Vec<f64>,
    /// Lines of a panel's width.
    means: Vec<f64>,
    /// W of each component (one if they share it), eight columns at a time, each without the rows below its triangle; for diagonals a line
    /// of 1/σ a component.
    roots: Vec<f64>,
    /// Room for the differences of some rows from a mean.
    differences: Vec<f64>,
}

impl Densities {
    /// `means` are lines of a panel's width in the frame; `roots` are laid out as [`CovarianceType`] says.
    pub(super) fn new(kind: CovarianceType, columns: usize, weights: &[f64], means: Vec<f64>, roots: &[f64]) -> Self {
        let width = columns.next_multiple_of(LANES);
        let k = weights.len();
        let mut lines = Vec::new();
        let mut log_roots = Vec::with_capacity(k);
        match kind {
            CovarianceType::Full | CovarianceType::Tied => {
                for w in roots.chunks_exact(columns * columns) {
                    push_tiles(&mut lines, w, columns);
                    log_roots.push(w.iter().step_by(columns + 1).map(|w| w.ln()).sum::<f64>());
                }
                if kind == CovarianceType::Tied {
                    log_roots.resize(k, log_roots[0]);
                }
            }
            CovarianceType::Diag => {
                for row in roots.chunks_exact(columns) {
                    push_line(&mut lines, row, width);
                    log_roots.push(row.iter().map(|w| w.ln()).sum());
                }
            }
            CovarianceType::Spherical => {
                for &w in roots {
                    push_line(&mut lines, &vec![w; columns], width);
                    log_roots.push(columns as f64 * w.ln());
                }
            }
        }
        let half = 0.5 * columns as f64 * (2.0 * PI).ln();
        // A weight of zero is a component that no row belongs to.
        let constants = weights.iter().zip(log_roots).map(|(w, root)| w.max(f64::MIN_POSITIVE).ln() + root - half);
        let differences = vec![0.0; ROWS * width];
        Densities { kind, columns, width, constants: constants.collect(), means, roots: lines, differences }
    }

    /// Multiplications a row.
    pub(super) fn cost(&self) -> usize {
        let each = if self.kind.is_matrix() { self.width * self.width / 2 } else { self.width };
        self.constants.len() * each
    }

    /// ln π_k + ln N(x; μ_k, Σ_k): a line of [`BLOCK`] numbers a component.
    pub(super) fn log_joint(&mut self, panel: &[f64], count: usize, lines: &mut [f64]) {
        let width = self.width;
        // Whole groups of rows: what stands behind the last row is zero or an earlier block's.
        let panel = &panel[..count.next_multiple_of(ROWS) * width];
        let each = match self.kind {
            CovarianceType::Full => self.roots.len() / self.constants.len(),
            _ => width,
        };
        for (k, line) in lines.chunks_exact_mut(BLOCK).enumerate() {
            let (mean, constant) = (&self.means[k * width..(k + 1) * width], self.constants[k]);
            let root = match self.kind {
                CovarianceType::Tied => &self.roots[..],
                _ => &self.roots[k * each..(k + 1) * each],
            };
            if self.kind.is_matrix() {
                triangular_forms(panel, self.columns, mean, root, constant, &mut self.differences, &mut line[..count]);
            } else {
                diagonal_forms(panel, width, mean, root, constant, &mut line[..count]);
            }
        }
    }
}

fn push_line(lines: &mut Vec<f64>, row: &[f64], width: usize) {
    lines.extend_from_slice(row);
    lines.resize(lines.len() + width - row.len(), 0.0);
}

/// The columns of a triangle W, eight at a time: tiles of eight numbers a row, down to the last row that is not zero.
fn push_tiles(tiles: &mut Vec<f64>, w: &[f64], columns: usize) {
    for at in (0..columns).step_by(LANES) {
        for row in w.chunks_exact(columns).take(at + LANES) {
            tiles.extend((at..at + LANES).map(|j| row.get(j).copied().unwrap_or(0.0)));
        }
    }
}

wide_kernel! {
    /// constant − ½·‖Wᵀ(x − μ)‖² for the rows of a panel.
    fn triangular_forms(panel: &[f64], columns: usize, mean: &[f64], tiles: &[f64], constant: f64, differences: &mut [f64], out: &mut [f64]) = triangular_forms_body
}

#[inline(always)]
fn triangular_forms_body<const FMA: bool>(
    panel: &[f64],
    columns: usize,
    mean: &[f64],
    tiles: &[f64],
    constant: f64,
    differences: &mut [f64],
    out: &mut [f64],
) {
    let width = mean.len();
    for (rows, out) in panel.chunks_exact(ROWS * width).zip(out.chunks_mut(ROWS)) {
        for (row, to) in rows.chunks_exact(width).zip(differences.chunks_exact_mut(width)) {
            for j in 0..width {
                to[j] = row[j] - mean[j];
            }
        }
        let mut squares = [[0.0; LANES]; ROWS];
        let mut rest = tiles;
        for at in (0..columns).step_by(LANES) {
            let depth = columns.min(at + LANES);
            let (tile, others) = rest.split_at(depth * LANES);
            rest = others;
            let sums = meet::<FMA>(differences, width, tile, depth);
            for r in 0..ROWS {
                for lane in 0..LANES {
                    squares[r][lane] = mul_add::<FMA>(sums[r][lane], sums[r][lane], squares[r][lane]);
                }
            }
        }
        finish_forms(&squares, constant, out);
    }
}

/// The products of some rows with the eight columns of a tile, down to its depth.
#[inline(always)]
fn meet<const FMA: bool>(rows: &[f64], width: usize, tile: &[f64], depth: usize) -> [[f64; LANES]; ROWS] {
    let row: [&[f64]; ROWS] = std::array::from_fn(|r| &rows[r * width..r * width + depth]);
    let mut sums = [[0.0; LANES]; ROWS];
    let lines = &tile[..depth * LANES];
    for j in 0..depth {
        let line = &lines[j * LANES..(j + 1) * LANES];
        for r in 0..ROWS {
            let x = row[r][j];
            for lane in 0..LANES {
                sums[r][lane] = mul_add::<FMA>(x, line[lane], sums[r][lane]);
            }
        }
    }
    sums
}

wide_kernel! {
    /// constant − ½·Σ((x − μ)·w)² for the rows of a panel.
    fn diagonal_forms(panel: &[f64], width: usize, mean: &[f64], root: &[f64], constant: f64, out: &mut [f64]) = diagonal_forms_body
}

#[inline(always)]
fn diagonal_forms_body<const FMA: bool>(
    panel: &[f64],
    width: usize,
    mean: &[f64],
    root: &[f64],
    constant: f64,
    out: &mut [f64],
) {
    for (rows, out) in panel.chunks_exact(ROWS * width).zip(out.chunks_mut(ROWS)) {
        let mut squares = [[0.0; LANES]; ROWS];
        for at in (0..width).step_by(LANES) {
            let (mean, root) = (&mean[at..at + LANES], &root[at..at + LANES]);
            for r in 0..ROWS {
                let x = &rows[r * width + at..r * width + at + LANES];
                for lane in 0..LANES {
                    let z = (x[lane] - mean[lane]) * root[lane];
                    squares[r][lane] = mul_add::<FMA>(z, z, squares[r][lane]);
                }
            }
        }
        finish_forms(&squares, constant, out);
    }
}

#[inline(always)]
fn finish_forms(squares: &[[f64; LANES]; ROWS], constant: f64, out: &mut [f64]) {
    for (s, out) in squares.iter().zip(out) {
        let form = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
        // A NaN, of an overflow on the way, is far as well.
        *out = constant - 0.5 * choose(form < FAR, form, FAR);
    }
}

wide_kernel! {
    /// Lines of logarithms become lines of shares that sum to 1 in each row; `own` gets the logarithm of the sum.
    pub(super) fn normalise(lines: &mut [f64], count: usize, own: &mut [f64]) = normalise_body
}

#[inline(always)]
fn normalise_body<const FMA: bool>(lines: &mut [f64], count: usize, own: &mut [f64]) {
    let own = &mut own[..count];
    own.fill(f64::NEG_INFINITY);
    for line in lines.chunks_exact(BLOCK) {
        for (top, &v) in own.iter_mut().zip(line) {
            *top = choose(v > *top, v, *top);
        }
    }
    let mut sums = [0.0; BLOCK];
    let sums = &mut sums[..count];
    for line in lines.chunks_exact_mut(BLOCK) {
        for ((v, top), sum) in line.iter_mut().zip(&*own).zip(&mut *sums) {
            *v = exp::<FMA>(*v - top);
            *sum += *v;
        }
    }
    for (top, sum) in own.iter_mut().zip(&mut *sums) {
        *top += ln::<FMA>(*sum);
        *sum = 1.0 / *sum;
    }
    for line in lines.chunks_exact_mut(BLOCK) {
        for (v, sum) in line.iter_mut().zip(&*sums) {
            *v *= sum;
        }
    }
}

/// A fitted mixture, as far as judging rows needs it.
#[derive(Debug, Clone, Copy)]
pub struct MixtureModel<'a> {
    /// What shape the covariances have.
    pub covariance_type: CovarianceType,
    /// Weight of each component.
    pub weights: &'a [f64],
    /// Means: components × features.
    pub means: ArrayView2<'a, f64>,
    /// [`MixtureFit::precision_roots`](super::MixtureFit::precision_roots).
    pub precision_roots: &'a [f64],
}

impl MixtureModel<'_> {
    /// ln p(x) of each row.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::models::{CovarianceType, MixtureModel};
    ///
    /// let means = array![[0.0]];
    /// let model = MixtureModel {
    ///     covariance_type: CovarianceType::Spherical, weights: &[1.0], means: means.view(), precision_roots: &[1.0],
    /// };
    /// let found = model.log_likelihoods("score_samples", array![[2.0]].view())?;
    /// assert!((found[0] + 2.0 + 0.5 * (2.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` holds a NaN or an infinity, is empty, has other columns than the model was trained on, or a row so far from every component that
    /// squared distances overflow; the model's parts do not fit each other.
    pub fn log_likelihoods(&self, function: &'static str, x: ArrayView2<'_, f64>) -> Result<Array1<f64>> {
        let mut out = Vec::with_capacity(x.nrows());
        self.each_block(function, x, |_, own| out.extend_from_slice(own))?;
        Ok(out.into())
    }

    /// The probability of each component, given the row: rows × components.
    ///
    /// # Errors
    /// As [`log_likelihoods`](Self::log_likelihoods).
    pub fn responsibilities(&self, function: &'static str, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        let k = self.weights.len();
        check::room(function, "probabilities", &[x.nrows(), k])?;
        let mut out = Vec::with_capacity(x.nrows() * k);
        self.each_block(function, x, |lines, own| {
            (0..own.len()).for_each(|r| out.extend((0..k).map(|c| lines[c * BLOCK + r])));
        })?;
        Ok(Array2::from_shape_vec((x.nrows(), k), out).unwrap_or_default())
    }

    /// The most probable component of each row.
    ///
    /// # Errors
    /// As [`log_likelihoods`](Self::log_likelihoods).
    pub fn predict(&self, function: &'static str, x: ArrayView2<'_, f64>) -> Result<Vec<usize>> {
        let k = self.weights.len();
        let mut out = Vec::with_capacity(x.nrows());
        self.each_block(function, x, |lines, own| out.extend((0..own.len()).map(|r| most_probable(lines, k, r))))?;
        Ok(out)
    }

    pub(super) fn check(&self, function: &'static str) -> Result<()> {
        let (k, p) = self.means.dim();
        check::at_least(function, "means", "components", k, 1)?;
        check::same_length(function, ("weights", self.weights.len()), ("means", &[k, p]))?;
        check::finite_matrix(function, "means", self.means)?;
        let positive = |argument: &'static str, values: &[f64], holds: fn(f64) -> bool| {
            values.iter().find(|v| !holds(**v)).map_or(Ok(()), |&value| {
                Err(Error::OutOfRange { function, argument, value, expected: "finite, and not negative".into() })
            })
        };
        positive("weights", self.weights, |v| v >= 0.0 && v.is_finite())?;
        positive("precision_roots", self.precision_roots, f64::is_finite)?;
        let needed = self.covariance_type.numbers(k, p);
        check::same_length(function, ("precision_roots", self.precision_roots.len()), ("its layout", &[needed]))
    }

    /// Gives `take` the lines of responsibilities and the logarithms of the densities of each block.
    fn each_block(
        &self,
        function: &'static str,
        x: ArrayView2<'_, f64>,
        mut take: impl FnMut(&[f64], &[f64]),
    ) -> Result<()> {
        let rows = Rows::new(function, x)?;
        self.check(function)?;
        same_features(function, rows.columns, self.means.ncols())?;
        let k = self.weights.len();
        // In the middle of the means.
        let middle = self.means.columns().into_iter().map(|c| c.iter().map(|v| v / k as f64).sum::<f64>());
        let frame = Frame::at(middle.collect());
        let mut means = Vec::with_capacity(k * frame.width);
        self.means.outer_iter().for_each(|mean| push_line(&mut means, &frame.seen(&mean.to_vec()), frame.width));
        let mut densities =
            Densities::new(self.covariance_type, rows.columns, self.weights, means, self.precision_roots);
        let (mut panel, mut lines, mut own) = (frame.panel(), vec![0.0; k * BLOCK], [0.0; BLOCK]);
        for (b, block) in rows.blocks().enumerate() {
            let count = block.len() / rows.columns;
            frame.look(block, &mut panel);
            densities.log_joint(&panel, count, &mut lines);
            normalise(&mut lines, count, &mut own);
            if let Some(far) = own[..count].iter().position(|&value| !(value > -0.25 * FAR)) {
                let row = b * BLOCK + far;
                let problem =
                    format!("is so far from every component in row {row} that the squared distance overflows");
                return Err(Error::Invalid { function, argument: "X", problem });
            }
            take(&lines, &own[..count]);
        }
        Ok(())
    }
}
