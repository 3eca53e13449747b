//! The QR algorithm: factor a = Q·R, multiply in the other order, R·Q, and again; the matrices stay similar and become triangular.
//!
//! Without shifts this is power iteration on all subspaces at once: what stands below the i-th split of the diagonal shrinks by |λᵢ₊₁/λᵢ| a
//! step. With Wilkinson's shifts the last row converges quadratically (cubically if a is symmetric), is split off, and the rest goes on; a
//! complex pair is shifted by both of its halves at once, in real numbers. Sources: J. G. F. Francis, Computer J. 4 (1961),
//! doi:10.1093/comjnl/4.3.265; V. N. Kublanovskaya (1961); J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), chapter 8.

use std::str::FromStr;

use ndarray::{Array1, Array2, Array3, ArrayView2, s};
use num_complex::Complex;

use super::super::qr::{Qr, QrMode, qr};
use super::course::{Course, Limits, Patience, Report, Stop};
use super::kept::Kept;
use super::rate::{self, Part};
use super::spectrum::Spectrum;
use super::start::{Scaled, back};
use crate::error::{Error, Result};

/// What is subtracted from the diagonal before a step, and added again after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shifts {
    /// Nothing: the textbook's a ← R·Q.
    #[default]
    None,
    /// The eigenvalue of the last 2×2 block that is nearer to its last element.
    Wilkinson,
}

impl FromStr for Shifts {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "none" => Ok(Shifts::None),
            "wilkinson" => Ok(Shifts::Wilkinson),
            _ => Err(Error::UnknownName {
                function: NAME,
                argument: "shifts",
                value: name.into(),
                allowed: &["none", "wilkinson"],
            }),
        }
    }
}

const NAME: &str = "qr_algorithm";

/// After so many steps that split nothing off, a shift of another kind is tried.
const STUCK: usize = 10;

/// What [`qr_algorithm`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct QrAlgorithm {
    /// The eigenvalues of the diagonal blocks, in their order there; of a block of more than two rows, which has not converged, its
    /// diagonal.
    pub eigenvalues: Array1<Complex<f64>>,
    /// The product of all Q: a = q·t·qᵀ with t the last iterate.
    pub q: Array2<f64>,
    /// The matrix at the start and after each step.
    pub iterates: Array3<f64>,
    /// At each step and for each i, the length of what stands in the rows after i and the columns up to i; of a matrix that has zeros below
    /// its subdiagonal, this is the i-th element of the subdiagonal.
    pub subdiagonals: Array2<f64>,
    /// By how much a step shrank each of them.
    pub observed_rates: Vec<Option<f64>>,
    /// |λᵢ₊₁/λᵢ|, of the true eigenvalues by falling modulus; `None` with shifts.
    pub predicted_rates: Vec<Option<f64>>,
    /// The residual is the largest of `subdiagonals` that has to vanish, relative to ‖a‖; the rates are the slowest.
    pub course: Course,
}

/// All eigenvalues of a square matrix by the QR algorithm.
///
/// It has converged when what stands below the diagonal is no more than tol·‖a‖ (Frobenius) at each split, but for 2×2 blocks that stand for a
/// complex pair: a real matrix has no triangle to show for those.
///
/// # Errors
/// [`Error::Shape`], [`Error::TooFew`], [`Error::NotFinite`], [`Error::OutOfRange`] for tol, [`Error::Invalid`] when a number leaves the range of
/// doubles; what `checkpoint` returns.
pub fn qr_algorithm<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    shifts: Shifts,
    limits: Limits,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<QrAlgorithm, E> {
    let limits = limits.checked(NAME)?;
    let a = Scaled::of(NAME, a)?;
    let n = a.rows();
    let symmetric = a.matrix == a.matrix.t();
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n * n);
    let mut road = Road { t: a.matrix.clone(), q: Array2::eye(n), tolerance: limits.tol * a.norm, stuck: 0, size: n };
    let mut lengths = Vec::new();
    let mut step = 0;
    let (stop, blocks) = loop {
        kept.add(step, &road.t);
        let below = below(&road.t);
        let blocks = road.blocks(&below);
        lengths.extend(below);
        if blocks.iter().all(|block| block.settled(&road.t)) {
            break (Stop::Converged, blocks);
        }
        if step == limits.max_iter {
            break (Stop::MaxIter, blocks);
        }
        match shifts {
            Shifts::None => road.plain()?,
            Shifts::Wilkinson => road.shifted(&blocks)?,
        }
        if symmetric {
            let mirrored = 0.5 * (&road.t + &road.t.t());
            road.t = mirrored;
        }
        step += 1;
        patience.after(8 * n * n * n)?;
    };

    let mut subdiagonals = Array2::from_shape_fn((step + 1, n - 1), |(k, i)| lengths[k * (n - 1) + i]);
    let relative = if a.norm == 0.0 { 0.0 } else { 1.0 / a.norm };
    let must_vanish: Vec<bool> = {
        let inside = |i: usize| blocks.iter().any(|b| b.start == i && b.end == i + 2 && b.settled(&road.t));
        (0..n.saturating_sub(1)).map(|i| !inside(i)).collect()
    };
    let residuals: Array1<f64> = subdiagonals
        .rows()
        .into_iter()
        .map(|row| row.iter().zip(&must_vanish).filter(|(_, must)| **must).fold(0.0, |m: f64, (v, _)| m.max(*v)))
        .map(|largest| largest * relative)
        .collect();
    let course_of = |i: usize| subdiagonals.column(i).iter().map(|v| v * relative).collect::<Vec<_>>();
    let observed_rates: Vec<Option<f64>> = (0..n - 1)
        .map(|i| if shifts == Shifts::None { rate::observed(&course_of(i), Part::End) } else { None })
        .collect();
    let observed_order = if shifts == Shifts::Wilkinson && n > 1 { rate::order(&course_of(n - 2)) } else { None };
    let true_one = Spectrum::of(&a);
    let (predicted_rates, note) = match &true_one {
        Some(true_one) if shifts == Shifts::None => predicted(true_one),
        _ => (vec![None; n - 1], None),
    };
    let slowest = |rates: &[Option<f64>]| {
        let which = rates.iter().zip(&must_vanish).filter(|(_, must)| **must).map(|(rate, _)| *rate);
        which.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max)
    };
    let predicted_rate = slowest(&predicted_rates);
    let (residual, iterations) = (residuals[step], step);
    let note = note.filter(|_| stop != Stop::Converged);
    let (relative_to, predicted) = ("of ‖a‖", predicted_rate);
    let message = Report { stop, iterations, relative_to, residual, tol: limits.tol, predicted, note }.message();

    let mut eigenvalues: Vec<f64> = Vec::with_capacity(2 * n);
    for block in &blocks {
        eigenvalues.extend(block.eigenvalues(&road.t).iter().flat_map(|v| [v.re + 0.0, v.im + 0.0]));
    }
    let (steps, mut values) = kept.finish(step, &road.t);
    back(NAME, &mut eigenvalues, a.shift)?;
    back(NAME, &mut values, a.shift)?;
    back(NAME, subdiagonals.as_slice_mut().unwrap_or(&mut []), a.shift)?;
    Ok(QrAlgorithm {
        eigenvalues: eigenvalues.chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect(),
        q: road.q,
        iterates: Array3::from_shape_fn((steps.len(), n, n), |(k, i, j)| values[(k * n + i) * n + j]),
        subdiagonals,
        course: Course {
            iterations,
            stop,
            message,
            steps,
            observed_rate: slowest(&observed_rates),
            predicted_rate,
            observed_order,
            predicted_order: true_one
                .filter(|_| shifts == Shifts::Wilkinson)
                .map(|true_one| if true_one.symmetric { 3.0 } else { 2.0 }),
            residuals,
        },
        observed_rates,
        predicted_rates,
    })
}

/// Rows and columns start..end of the diagonal, with nothing to speak of below them on the left.
#[derive(Debug, Clone, Copy)]
struct Block {
    start: usize,
    end: usize,
}

impl Block {
    fn size(self) -> usize {
        self.end - self.start
    }

    /// One eigenvalue, or a complex pair.
    fn settled(self, t: &Array2<f64>) -> bool {
        match self.size() {
            1 => true,
            2 => pair(t, self.start)[0].im != 0.0,
            _ => false,
        }
    }

    fn eigenvalues(self, t: &Array2<f64>) -> Vec<Complex<f64>> {
        match self.size() {
            2 => pair(t, self.start).to_vec(),
            _ => (self.start..self.end).map(|i| Complex::new(t[[i, i]], 0.0)).collect(),
        }
    }
}

/// The eigenvalues of the 2×2 block that begins at k; of a complex pair, the one with positive imaginary part first, of two real ones the
/// larger in modulus.
fn pair(t: &Array2<f64>, k: usize) -> [Complex<f64>; 2] {
    let (a, b, c, d) = (t[[k, k]], t[[k, k + 1]], t[[k + 1, k]], t[[k + 1, k + 1]]);
    let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
    let discriminant = half * half + b * c;
    if discriminant < 0.0 {
        let im = (-discriminant).sqrt();
        return [Complex::new(middle, im), Complex::new(middle, -im)];
    }
    let large = middle + discriminant.sqrt().copysign(middle);
    // The product of the two is the determinant, which here does not cancel.
    let small = if large == 0.0 { 0.0 } else { (a * d - b * c) / large };
    [Complex::new(large, 0.0), Complex::new(small, 0.0)]
}

/// The matrix on its way, and the product of the reflections and rotations so far.
struct Road {
    t: Array2<f64>,
    q: Array2<f64>,
    tolerance: f64,
    stuck: usize,
    /// Rows of the lowest block that is not settled, at the last step.
    size: usize,
}

impl Road {
    fn blocks(&self, below: &[f64]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut start = 0;
        for end in 1..=self.t.nrows() {
            if end == self.t.nrows() || below[end - 1] <= self.tolerance {
                blocks.push(Block { start, end });
                start = end;
            }
        }
        blocks
    }

    fn plain(&mut self) -> Result<()> {
        // R has no negative number on its diagonal, which makes the factors unique and lets the iterates settle.
        let Qr { q, r } = qr(self.t.view(), QrMode::Reduced)?;
        self.t = r.dot(&q);
        self.q = self.q.dot(&q);
        Ok(())
    }

    /// A step on the lowest block that is not settled.
    fn shifted(&mut self, blocks: &[Block]) -> Result<()> {
        let Some(&block) = blocks.iter().rev().find(|block| !block.settled(&self.t)) else { return Ok(()) };
        let (from, to, m) = (block.start, block.end, block.size());
        self.stuck = if m == self.size { self.stuck + 1 } else { 0 };
        self.size = m;
        let window = self.t.slice(s![from..to, from..to]).to_owned();
        let last = window[[m - 1, m - 1]];
        let [large, small] = pair(&window, m - 2);
        let shifted = |sigma: f64| {
            let mut moved = window.clone();
            moved.diag_mut().mapv_inplace(|v| v - sigma);
            moved
        };
        let moved = if self.stuck > 0 && self.stuck.is_multiple_of(STUCK) {
            // A shift without a reason, off every symmetry that holds the iteration up.
            shifted(last + 0.75 * window.row(m - 1).iter().take(m - 1).map(|v| v.abs()).sum::<f64>())
        } else if large.im == 0.0 {
            shifted(if (large.re - last).abs() < (small.re - last).abs() { large.re } else { small.re })
        } else {
            // (w − σI)(w − σ̄I) = w² − 2·Re σ·w + |σ|²·I
            let mut both = window.dot(&window) - 2.0 * large.re * &window;
            both.diag_mut().mapv_inplace(|v| v + large.norm_sqr());
            both
        };
        let Qr { q, .. } = qr(moved.view(), QrMode::Reduced)?;
        let rows = q.t().dot(&self.t.slice(s![from..to, ..]));
        self.t.slice_mut(s![from..to, ..]).assign(&rows);
        let columns = self.t.slice(s![.., from..to]).dot(&q);
        self.t.slice_mut(s![.., from..to]).assign(&columns);
        let turned = self.q.slice(s![.., from..to]).dot(&q);
        self.q.slice_mut(s![.., from..to]).assign(&turned);
        Ok(())
    }
}

/// For each i, the Frobenius norm of the rows after i and the columns up to i.
fn below(t: &Array2<f64>) -> Vec<f64> {
    let n = t.nrows();
    let mut squares = vec![0.0; n.saturating_sub(1)];
    for r in 1..n {
        let mut sum = 0.0;
        for i in 0..r {
            sum += t[[r, i]] * t[[r, i]];
            squares[i] += sum;
        }
    }
    squares.into_iter().map(f64::sqrt).collect()
}

/// |λᵢ₊₁/λᵢ| for eigenvalues by falling modulus, and the first two real ones that cannot be told apart by it.
fn predicted(spectrum: &Spectrum) -> (Vec<Option<f64>>, Option<String>) {
    let mut values = spectrum.values.clone();
    values.sort_by(|x, y| y.norm().total_cmp(&x.norm()));
    let mut note = None;
    let rates = values.windows(2).map(|two| {
        let (large, small) = (two[0].norm(), two[1].norm());
        let rate = if large == 0.0 { 0.0 } else { small / large };
        if rate < 1.0 - 1e-9 {
            return Some(rate);
        }
        if two.iter().all(|v| v.im == 0.0) && two[0].re != two[1].re && note.is_none() {
            note = Some(format!(
                "the eigenvalues {} and {} have the same modulus, so that what stands below their split does not vanish; use shifts",
                spectrum.complex(two[0]),
                spectrum.complex(two[1])
            ));
        }
        Some(1.0)
    });
    let rates = rates.collect();
    (rates, note)
}
