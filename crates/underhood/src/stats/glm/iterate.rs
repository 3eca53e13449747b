//! The maximum of the likelihood, by Newton's method.
//!
//! With the canonical links Newton's method is Fisher's scoring, also known as iteratively reweighted least squares (Nelder and
//! Wedderburn 1972, doi:10.2307/2344614). When rows are few every sweep gathers the information matrix too. When they are many, that is
//! three times the work of the score alone: the start and a first matrix then come from every sixteenth row, and a matrix is kept for
//! several steps (Shamanskii 1967, doi:10.1007/BF01139884), to be renewed once near the maximum and once at it, for the standard errors.

use super::basis::Basis;
use super::family::Family;
use super::information::Information;
use crate::panel::{add_outer_products, add_weighted, products, scale_rows};

/// Rows of a sweep that lie in the first-level cache together.
pub(super) const BLOCK: usize = 128;

/// From so many numbers on, the start comes from a part of the rows and matrices are kept.
const MANY: usize = 100_000;
/// One row in so many.
const PART: usize = 16;

/// The typical change of η, in one more step, at which the information is that of the maximum to the last digits.
const THERE: f64 = 1e-13;
/// With a typical change below this one more step, with a matrix of its own, is the last, even if rounding keeps it from being smaller.
const CLOSE: f64 = 1e-10;
/// A typical change below this is lost in the rounding of η.
const UNSEEN: f64 = 1e-15;
/// With a typical change of η below this, a new matrix makes the two next steps the last.
const NEAR: f64 = 3e-4;

/// What is to be fitted.
pub(super) struct Problem<'a> {
    pub(super) basis: &'a Basis<'a>,
    pub(super) family: Family,
    pub(super) y: &'a [f64],
    pub(super) offset: Option<&'a [f64]>,
}

/// What a sweep over all rows finds.
struct Sweep {
    log_likelihood: f64,
    score: Vec<f64>,
    /// Σ wᵢ·pᵢpᵢᵀ and Σ wᵢ, if they were asked for.
    information: Option<(Vec<f64>, f64)>,
}

/// Where the iteration ended.
pub(super) struct Optimum {
    /// Coefficients in the basis.
    pub(super) theta: Vec<f64>,
    /// η of each row.
    pub(super) eta: Vec<f64>,
    pub(super) information: Information,
    pub(super) iterations: usize,
    pub(super) converged: bool,
}

/// How the iteration ended.
pub(super) enum Search {
    Found(Optimum),
    /// It was told to stop.
    Stopped,
    /// Every step goes on in one direction, and the likelihood with it.
    Running {
        direction: Vec<f64>,
    },
}

impl Problem<'_> {
    /// Σ over the blocks of rows of what `visit` makes of them: (first row, panel).
    pub(super) fn blocks(&self, mut visit: impl FnMut(usize, &[f64])) {
        let mut room = Vec::new();
        for from in (0..self.basis.rows).step_by(BLOCK) {
            let count = BLOCK.min(self.basis.rows - from);
            visit(from, self.basis.panel(from, count, &mut room));
        }
    }

    /// The likelihood and the score at θ; the information and every η if `eta` has room for them.
    fn sweep(&self, theta: &[f64], mut eta: Option<&mut [f64]>) -> Sweep {
        let width = self.basis.width;
        let (mut z, mut roots) = ([0.0; BLOCK], [0.0; BLOCK]);
        let (mut log_likelihood, mut score, mut weight) = (0.0, vec![0.0; width], 0.0);
        let mut gram = if eta.is_some() { vec![0.0; width * width] } else { Vec::new() };
        let mut scaled = if eta.is_some() { vec![0.0; BLOCK * width] } else { Vec::new() };
        self.blocks(|from, panel| {
            let count = panel.len() / width;
            let (z, roots) = (&mut z[..count], &mut roots[..count]);
            products(panel, theta, z);
            if let Some(offset) = self.offset {
                z.iter_mut().zip(&offset[from..]).for_each(|(z, o)| *z += o);
            }
            if let Some(eta) = &mut eta {
                eta[from..from + count].copy_from_slice(z);
            }
            log_likelihood += self.family.sweep(z, &self.y[from..from + count], roots);
            add_weighted(panel, z, &mut score);
            if eta.is_some() {
                weight += roots.iter().map(|r| r * r).sum::<f64>();
                scale_rows(panel, roots, &mut scaled[..count * width]);
                add_outer_products(&scaled[..count * width], width, &mut gram);
            }
        });
        Sweep { log_likelihood, score, information: eta.is_some().then_some((gram, weight)) }
    }

    /// Σ rᵢ²·pᵢpᵢᵀ for the residuals r at the η given: the meat of the sandwich. Lines are as wide as the basis.
    pub(super) fn squared_scores(&self, eta: &[f64]) -> Vec<f64> {
        let width = self.basis.width;
        let (mut z, mut roots) = ([0.0; BLOCK], [0.0; BLOCK]);
        let (mut gram, mut scaled) = (vec![0.0; width * width], vec![0.0; BLOCK * width]);
        self.blocks(|from, panel| {
            let count = panel.len() / width;
            let (z, roots) = (&mut z[..count], &mut roots[..count]);
            z.copy_from_slice(&eta[from..from + count]);
            self.family.sweep(z, &self.y[from..from + count], roots);
            scale_rows(panel, z, &mut scaled[..count * width]);
            add_outer_products(&scaled[..count * width], width, &mut gram);
        });
        gram
    }

    /// Where to begin: at η = 0 for the odds, which is a probability of one half; for counts at the least-squares fit of ln μ with weights μ,
    /// for means μ half way between each count and the mean of all.
    fn start(&self) -> Option<Vec<f64>> {
        let width = self.basis.width;
        if self.family == Family::Binomial {
            return Some(vec![0.0; width]);
        }
        let mean = self.y.iter().sum::<f64>() / self.y.len() as f64;
        let (mut gram, mut products, mut scaled) =
            (vec![0.0; width * width], vec![0.0; width], vec![0.0; BLOCK * width]);
        self.blocks(|from, panel| {
            let count = panel.len() / width;
            let means: Vec<f64> = self.y[from..from + count].iter().map(|y| 0.5 * (y + mean)).collect();
            let roots: Vec<f64> = means.iter().map(|m| m.sqrt()).collect();
            let offset = |i: usize| self.offset.map_or(0.0, |offset| offset[from + i]);
            let working: Vec<f64> = means.iter().enumerate().map(|(i, m)| m * (m.ln() - offset(i))).collect();
            add_weighted(panel, &working, &mut products);
            scale_rows(panel, &roots, &mut scaled[..count * width]);
            add_outer_products(&scaled[..count * width], width, &mut gram);
        });
        Some(Information::of(&gram, width, self.basis.columns)?.solve(&products))
    }

    /// The maximum for one row in sixteen, with its information for all rows; none if those rows have no maximum.
    fn part(&self) -> Option<(Vec<f64>, Information)> {
        let basis = self.basis.every(PART);
        let y: Vec<f64> = self.y.iter().copied().step_by(PART).collect();
        let offset: Option<Vec<f64>> = self.offset.map(|offset| offset.iter().copied().step_by(PART).collect());
        let part = Problem { basis: &basis, family: self.family, y: &y, offset: offset.as_deref() };
        let mut theta = part.start()?;
        let mut eta = vec![0.0; y.len()];
        for _ in 0..12 {
            let here = part.sweep(&theta, Some(&mut eta));
            let (gram, weight) = here.information?;
            let information = Information::of(&gram, basis.width, basis.columns)?;
            let step = information.solve(&here.score);
            let shift = (crate::simd::dot(&step, &here.score) / weight).sqrt();
            theta.iter_mut().zip(&step).for_each(|(t, s)| *t += s);
            // Its own chance error is far larger than what one more step would change.
            if shift < 0.01 {
                return Some((theta, information.times(PART as f64)));
            }
            if !shift.is_finite() {
                return None;
            }
        }
        None
    }

    /// η ← η + P·d, so that it is that of the coefficients to the last digits.
    fn follow(&self, direction: &[f64], eta: &mut [f64]) {
        let mut z = [0.0; BLOCK];
        self.blocks(|from, panel| {
            let z = &mut z[..panel.len() / self.basis.width];
            products(panel, direction, z);
            eta[from..].iter_mut().zip(z).for_each(|(eta, z)| *eta += *z);
        });
    }

    /// Finds the maximum; `goes_on` is asked before every step.
    pub(super) fn maximise(&self, max_iter: usize, goes_on: &mut dyn FnMut() -> bool) -> Search {
        let rows = self.basis.rows;
        let many = rows * self.basis.width >= MANY && rows >= 64 * PART * self.basis.columns;
        let mut eta = vec![0.0; rows];
        let (mut theta, mut information) = match if many { self.part() } else { None } {
            Some((theta, information)) => (theta, Some(information)),
            None => match self.start() {
                Some(theta) => (theta, None),
                None => (vec![0.0; self.basis.width], None),
            },
        };
        let mut from_part = information.is_some();
        let mut here = self.sweep(&theta, information.is_none().then_some(&mut eta));
        if !here.log_likelihood.is_finite() {
            // Even the start is out of range: at zero it cannot be, unless the offset is.
            theta.fill(0.0);
            here = self.sweep(&theta, Some(&mut eta));
        }
        let (mut weight, mut iterations, mut last) = (rows as f64, 0, f64::INFINITY);
        let mut direction = vec![0.0; theta.len()];
        loop {
            if !goes_on() {
                return Search::Stopped;
            }
            let fresh = here.information.is_some();
            if let Some((gram, sum)) = here.information.take() {
                let Some(found) = Information::of(&gram, self.basis.width, self.basis.columns) else {
                    return Search::Running { direction };
                };
                (information, weight, from_part) = (Some(found), sum, false);
            }
            let Some(kept) = information.take() else { return Search::Running { direction } };
            direction = kept.solve(&here.score);
            let decrement = crate::simd::dot(&direction, &here.score);
            // Rounding can make nothing negative; a NaN stays one.
            let decrement = if decrement < 0.0 { 0.0 } else { decrement };
            let shift = (decrement / weight).sqrt();
            let there = shift <= THERE || shift <= CLOSE && last <= CLOSE;
            if fresh && (there || iterations >= max_iter) {
                let converged = shift <= CLOSE;
                if converged {
                    theta.iter_mut().zip(&direction).for_each(|(t, d)| *t += d);
                    if shift > UNSEEN {
                        self.follow(&direction, &mut eta);
                    }
                }
                return Search::Found(Optimum { theta, eta, information: kept, iterations, converged });
            }
            let rate = shift / last;
            if !shift.is_finite() || fresh && iterations >= 7 && rate > 0.4 && self.is_running(&direction) {
                return Search::Running { direction };
            }
            // What the next shift will be, and whether the next sweep shall renew the matrix.
            let ahead = if fresh { shift * shift } else { shift * if last.is_finite() { rate } else { 0.1 } };
            let renew = !many
                || ahead <= 0.3 * THERE
                || from_part && ahead <= NEAR
                || rate > 0.3 && last.is_finite()
                || iterations + 1 >= max_iter;
            let mut part_of_step = 1.0;
            let mut slow = false;
            loop {
                let next_theta: Vec<f64> = theta.iter().zip(&direction).map(|(t, d)| t + part_of_step * d).collect();
                let next = self.sweep(&next_theta, (renew || slow).then_some(&mut eta));
                // The likelihood cannot tell two states apart that differ by its own rounding.
                let noise = 1e-12 * here.log_likelihood.abs().max(1.0);
                let enough = here.log_likelihood + 1e-4 * part_of_step * decrement - noise;
                if next.log_likelihood.is_finite() && next.log_likelihood >= enough {
                    (theta, here) = (next_theta, next);
                    break;
                }
                part_of_step *= 0.5;
                slow = true;
                if part_of_step < 1e-12 {
                    return Search::Running { direction };
                }
            }
            (information, last) = (Some(kept), shift);
            iterations += 1;
        }
    }
}
