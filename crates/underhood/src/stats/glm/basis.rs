//! The columns in which the iteration runs: well conditioned, whatever X's are.
//!
//! The likelihood does not mind in which basis of the columns' span it is written, but rounding does. Many rows of well-conditioned columns are
//! shifted to about their means and scaled, block by block as they are read, and mixed to nearly orthonormal ones where they depend on each
//! other somewhat; the others are made orthonormal by the accurate factorisation of linear regression, which also names the columns that
//! depend on each other.

use ndarray::{Array2, ArrayView2, s};

use std::borrow::Cow;

use super::information::Information;
use crate::error::Result;
use crate::panel::{LANES, add_outer_products, add_weighted, products, standardise};
use crate::stats::regression::accurate;
use crate::stats::regression::design::Design;

/// Below this many multiplications for the Gram matrix, doubled precision costs little and is always taken.
const SMALL: usize = 80_000;
/// The largest condition number at which standardised columns serve as the basis: the information matrix loses its square in digits.
const WELL_CONDITIONED: f64 = 50.0;
/// The same for each column, since already orthogonal columns have as large a number, in the Frobenius norm, as there are columns.
const WELL_CONDITIONED_EACH: f64 = 3.0;
/// Up to here standardised columns are made nearly orthonormal by the triangle of their Gram matrix, as CholeskyQR does (Fukaya and others
/// 2014, doi:10.1109/ScalA.2014.11): that they are so to ten digits only costs nothing, since the same triangle leads back.
const WORTH_MIXING: f64 = 1e3;
/// Ones that the columns make to within this, in each row, are a constant.
const MADE: f64 = 1e-11;
/// Magnitudes whose squares and sums of squares stay normal numbers.
const COMFORTABLE: std::ops::Range<f64> = 1e-100..1e100;
/// Rows that decide where the shifts lie.
const FIRST: usize = 1024;
/// Rows that are read together.
const BLOCK: usize = 128;
/// Up to so many numbers the standardised columns are kept rather than made anew in every sweep: they fit the cache.
const KEPT: usize = 1 << 15;

/// n rows of k columns P with Z = P·T⁻¹, that is Z·(T·γ) = P·γ.
pub(super) struct Basis<'a> {
    source: Source<'a>,
    /// n.
    pub(super) rows: usize,
    /// k.
    pub(super) columns: usize,
    /// k, padded to whole vectors.
    pub(super) width: usize,
    /// T, k×k: coefficients of Z from those of P.
    pub(super) transform: Array2<f64>,
    /// κ of Z with its columns scaled to one length, in the Frobenius norm.
    pub(super) condition: f64,
    /// Whether there is a constant: added, one of X's columns, or made by them together.
    pub(super) constant: bool,
}

enum Source<'a> {
    Kept(Vec<f64>),
    Made { x: &'a [f64], shifts: Vec<f64>, scales: Vec<f64>, start: usize },
}

impl<'a> Basis<'a> {
    /// Looks X over and chooses the basis.
    pub(super) fn of(
        function: &'static str,
        x: ArrayView2<'a, f64>,
        intercept: bool,
        names: Option<&[String]>,
    ) -> Result<Self> {
        if x.nrows() > 4 * x.ncols()
            && x.nrows().saturating_mul(x.ncols()).saturating_mul(x.ncols()) > SMALL
            && let Some(basis) = Self::standardised(x, intercept)
        {
            return Ok(basis);
        }
        let design = Design::new(function, x, intercept, names)?;
        let factored = accurate::Factored::of(design, names)?;
        let (rows, columns) = (factored.design.rows, factored.design.width());
        let width = columns.next_multiple_of(LANES);
        // Columns of length √n have entries near 1.
        let length = (rows as f64).sqrt();
        let q = factored.orthonormal();
        let mut kept = vec![0.0; rows * width];
        for (j, column) in q.chunks_exact(rows).enumerate() {
            for (line, v) in kept.chunks_exact_mut(width).zip(column) {
                line[j] = v * length;
            }
        }
        let exponents = &factored.design.exponents;
        let transform = Array2::from_shape_fn((columns, columns), |(i, j)| {
            libm::ldexp(factored.inverse_root[i * columns + j].value() * length, -exponents[i])
        });
        let constant = factored.design.constant.is_some();
        let condition = factored.condition;
        let mut basis = Basis { source: Source::Kept(kept), rows, columns, width, transform, condition, constant };
        basis.constant = constant || basis.makes_ones();
        Ok(basis)
    }

    /// Whether a combination of the columns is 1 in every row, as for the indicators of all categories.
    fn makes_ones(&self) -> bool {
        let (width, ones) = (self.width, [1.0; BLOCK]);
        let (mut gram, mut sums, mut room) = (vec![0.0; width * width], vec![0.0; width], Vec::new());
        for from in (0..self.rows).step_by(BLOCK) {
            let count = BLOCK.min(self.rows - from);
            let panel = self.panel(from, count, &mut room);
            add_outer_products(panel, width, &mut gram);
            add_weighted(panel, &ones[..count], &mut sums);
        }
        let Some(factor) = Information::of(&gram, width, self.columns) else { return false };
        let coefficients = factor.solve(&sums);
        let mut z = [0.0; BLOCK];
        (0..self.rows).step_by(BLOCK).all(|from| {
            let z = &mut z[..BLOCK.min(self.rows - from)];
            products(self.panel(from, z.len(), &mut room), &coefficients, z);
            z.iter().all(|z| (z - 1.0).abs() <= MADE)
        })
    }

    /// Shifts and scales, if the columns are then well conditioned; scaling by powers of two rounds nothing.
    fn standardised(x: ArrayView2<'a, f64>, intercept: bool) -> Option<Self> {
        let (rows, given) = x.dim();
        let start = usize::from(intercept);
        let columns = given + start;
        let width = columns.next_multiple_of(LANES);
        let values: Cow<'a, [f64]> =
            x.to_slice().map_or_else(|| x.iter().copied().collect::<Vec<_>>().into(), Into::into);
        let mut shifts = vec![0.0; given];
        if intercept {
            let first = &values[..FIRST.min(rows) * given];
            let share = given as f64 / first.len() as f64;
            for row in first.chunks_exact(given) {
                shifts.iter_mut().zip(row).for_each(|(shift, v)| *shift += v * share);
            }
        }
        let (mut gram, mut panel, ones) = (vec![0.0; width * width], vec![0.0; BLOCK * width], vec![1.0; given]);
        for block in values.chunks(BLOCK * given) {
            let panel = &mut panel[..block.len() / given * width];
            standardise(block, &shifts, &ones, start, panel);
            add_outer_products(panel, width, &mut gram);
        }
        // A NaN or an infinity anywhere in a column reaches its diagonal entry.
        let lengths: Vec<f64> = (0..columns).map(|j| gram[j * width + j].sqrt()).collect();
        if !lengths.iter().all(|v| COMFORTABLE.contains(v))
            || shifts.iter().zip(&lengths[start..]).any(|(&shift, &length)| length < 1e-6 * shift.abs())
        {
            return None;
        }
        for i in 0..columns {
            for j in i..columns {
                gram[i * width + j] /= lengths[i] * lengths[j];
            }
        }
        let inverse = Information::of(&gram, width, columns)?.inverse_root();
        let condition = (columns as f64 * inverse.iter().map(|v| v * v).sum::<f64>()).sqrt();
        let as_they_are = condition < WELL_CONDITIONED.max(WELL_CONDITIONED_EACH * columns as f64);
        // Comparisons are false for NaN.
        if !(as_they_are || condition < WORTH_MIXING) {
            return None;
        }

        let root = (rows as f64).sqrt();
        let scales: Vec<f64> = lengths[start..].iter().map(|v| libm::ldexp(1.0, -libm::frexp(v / root).1)).collect();
        let mut transform = Array2::zeros((columns, columns));
        if intercept {
            transform[[0, 0]] = 1.0;
        }
        for j in 0..given {
            transform[[j + start, j + start]] = scales[j];
            if intercept {
                transform[[0, j + 1]] = -shifts[j] * scales[j];
            }
        }
        let source = match values {
            Cow::Borrowed(x) if as_they_are && rows * width > KEPT => Source::Made { x, shifts, scales, start },
            values => {
                let mut kept = vec![0.0; rows * width];
                standardise(&values, &shifts, &scales, start, &mut kept);
                if !as_they_are {
                    let scale = |i: usize| if i < start { 1.0 } else { scales[i - start] };
                    let mix = Array2::from_shape_fn((columns, columns), |(i, j)| {
                        inverse[[i, j]] * root / (lengths[i] * scale(i))
                    });
                    mix_columns(&mut kept, width, mix.view());
                    transform = transform.dot(&mix);
                }
                Source::Kept(kept)
            }
        };
        let mut basis = Basis { source, rows, columns, width, transform, condition, constant: intercept };
        basis.constant = intercept || basis.makes_ones();
        Some(basis)
    }

    /// `count` rows from `from` on; `room` is where they may have to be made.
    pub(super) fn panel<'s>(&'s self, from: usize, count: usize, room: &'s mut Vec<f64>) -> &'s [f64] {
        match &self.source {
            Source::Kept(kept) => &kept[from * self.width..(from + count) * self.width],
            Source::Made { x, shifts, scales, start } => {
                let given = shifts.len();
                room.resize(count * self.width, 0.0);
                standardise(&x[from * given..(from + count) * given], shifts, scales, *start, room);
                room
            }
        }
    }

    /// One row in `step`, kept.
    pub(super) fn every(&self, step: usize) -> Basis<'static> {
        let mut kept = Vec::with_capacity(self.rows.div_ceil(step) * self.width);
        let mut room = Vec::new();
        for i in (0..self.rows).step_by(step) {
            kept.extend_from_slice(self.panel(i, 1, &mut room));
        }
        Basis {
            rows: kept.len() / self.width,
            source: Source::Kept(kept),
            columns: self.columns,
            width: self.width,
            transform: Array2::zeros((0, 0)),
            condition: self.condition,
            constant: self.constant,
        }
    }
}

/// Each row p of a panel becomes p·M.
fn mix_columns(panel: &mut [f64], width: usize, mix: ArrayView2<'_, f64>) {
    let columns = mix.ncols();
    for block in panel.chunks_mut(BLOCK * width) {
        if let Ok(mut rows) = ndarray::ArrayViewMut2::from_shape((block.len() / width, width), block) {
            let mixed = rows.slice(s![.., ..columns]).dot(&mix);
            rows.slice_mut(s![.., ..columns]).assign(&mixed);
        }
    }
}
