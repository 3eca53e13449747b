//! What a step is measured by: how the gradient is turned into a direction, p = −H g, and what H learns from each step
//! s = x′ − x and the change of gradient y = g′ − g along it.
//!
//! - BFGS: C. G. Broyden, R. Fletcher, D. Goldfarb, D. F. Shanno (1970); J. Nocedal and S. J. Wright, *Numerical Optimization*
//!   (2006), equation 6.17.
//! - L-BFGS: J. Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of Computation 35 (1980),
//!   <https://doi.org/10.1090/S0025-5718-1980-0572855-7>.
//! - Conjugate gradients: W. W. Hager and H. Zhang (2005), <https://doi.org/10.1137/030601880>.
//! - Newton by conjugate gradients: R. S. Dembo, S. C. Eisenstat, T. Steihaug (1982), <https://doi.org/10.1137/0719025>.

use super::landscape::Landscape;
use super::place::Place;
use crate::error::Result;
use crate::optimize::lengths::{dot, length as norm};

/// H, in one of its forms.
pub(super) enum Metric {
    /// The whole matrix, row by row, and room for H y.
    Dense { h: Vec<f64>, hy: Vec<f64>, fresh: bool },
    /// The last few steps, a ring: steps, changes, and 1 / sᵀy.
    Memory { capacity: usize, pairs: Vec<(Vec<f64>, Vec<f64>, f64)>, next: usize },
    /// The last direction, kept conjugate.
    Conjugate { last: Vec<f64>, beta: f64 },
    /// The Hessian itself, by its products with vectors.
    Newton { forcing: f64 },
}

impl Metric {
    pub(super) fn dense(n: usize) -> Result<Self> {
        crate::check::room("minimize", "inverse Hessian", &[n, n])?;
        Ok(Metric::Dense { h: vec![0.0; n * n], hy: vec![0.0; n], fresh: true })
    }

    pub(super) fn memory(capacity: usize) -> Self {
        Metric::Memory { capacity, pairs: Vec::with_capacity(capacity), next: 0 }
    }

    pub(super) fn conjugate(n: usize) -> Self {
        Metric::Conjugate { last: vec![0.0; n], beta: 0.0 }
    }

    /// How much of the slope a line search may leave.
    pub(super) fn flat(&self) -> f64 {
        if matches!(self, Metric::Conjugate { .. }) { 0.1 } else { 0.9 }
    }

    /// Whether it knows nothing of the landscape's curvature.
    pub(super) fn is_fresh(&self) -> bool {
        match self {
            Metric::Dense { fresh, .. } => *fresh,
            Metric::Memory { pairs, .. } => pairs.is_empty(),
            Metric::Conjugate { beta, .. } => *beta == 0.0,
            Metric::Newton { .. } => false,
        }
    }

    /// Forgets what it learnt. Second derivatives along the coordinates, where they are known and positive, are its first guess.
    pub(super) fn reset(&mut self, bends: &[f64]) {
        match self {
            Metric::Dense { h, hy, fresh } => {
                let n = hy.len();
                h.fill(0.0);
                let known = bends.len() == n && bends.iter().all(|bend| *bend > 0.0 && bend.is_finite());
                (0..n).for_each(|i| h[i * n + i] = if known { 1.0 / bends[i] } else { 1.0 });
                *fresh = !known;
            }
            Metric::Memory { pairs, next, .. } => {
                pairs.clear();
                *next = 0;
            }
            Metric::Conjugate { beta, .. } => *beta = 0.0,
            Metric::Newton { .. } => {}
        }
    }

    /// p = −H g on the coordinates that no bound holds; on the others p is 0.
    pub(super) fn direction(
        &mut self,
        land: &mut Landscape<'_>,
        here: &Place,
        held: &[bool],
        p: &mut [f64],
    ) -> Result<()> {
        let g = &here.slope;
        match self {
            Metric::Dense { h, hy, .. } => {
                let n = g.len();
                // The gradient that counts, in the room for H y.
                for i in 0..n {
                    hy[i] = if held[i] { 0.0 } else { g[i] };
                }
                times(h, hy, p);
                for (p, held) in p.iter_mut().zip(held) {
                    *p = if *held { 0.0 } else { -*p };
                }
            }
            Metric::Memory { pairs, next, capacity } => {
                for i in 0..g.len() {
                    p[i] = if held[i] { 0.0 } else { -g[i] };
                }
                two_loops(pairs, *next, *capacity, held, p);
            }
            Metric::Conjugate { last, beta } => {
                for i in 0..g.len() {
                    p[i] = if held[i] { 0.0 } else { -g[i] + *beta * last[i] };
                }
                last.copy_from_slice(p);
            }
            Metric::Newton { forcing } => truncated(land, here, held, *forcing, p)?,
        }
        Ok(())
    }

    /// Learns from a step of length `step` along `p`. Gives false if the curvature along it was not positive.
    pub(super) fn learn(&mut self, from: &Place, to: &Place, p: &[f64], s: &mut [f64], y: &mut [f64]) -> bool {
        for i in 0..s.len() {
            (s[i], y[i]) = (to.x[i] - from.x[i], to.slope[i] - from.slope[i]);
        }
        let (sy, yy) = (dot(s, y), dot(y, y));
        let usable = sy > 1e-14 * (dot(s, s) * yy).sqrt() && sy.is_normal() && yy.is_finite();
        match self {
            Metric::Dense { h, hy, fresh } if usable => {
                let n = s.len();
                if *fresh {
                    h.fill(0.0);
                    (0..n).for_each(|i| h[i * n + i] = sy / yy);
                    *fresh = false;
                }
                times(h, y, hy);
                let weight = (1.0 + dot(y, hy) / sy) / sy;
                for (i, row) in h.chunks_exact_mut(n).enumerate() {
                    let (of_s, of_hy) = (weight * s[i] - hy[i] / sy, s[i] / sy);
                    for ((h, s), hy) in row.iter_mut().zip(&*s).zip(&*hy) {
                        *h += of_s * s - of_hy * hy;
                    }
                }
            }
            Metric::Memory { capacity, pairs, next } if usable => {
                if pairs.len() < *capacity {
                    pairs.push((s.to_vec(), y.to_vec(), 1.0 / sy));
                } else {
                    let oldest = &mut pairs[*next];
                    oldest.0.copy_from_slice(s);
                    oldest.1.copy_from_slice(y);
                    oldest.2 = 1.0 / sy;
                }
                *next = (*next + 1) % *capacity;
            }
            Metric::Conjugate { beta, .. } => {
                // β = (y − 2 p |y|² / pᵀy)ᵀ g′ / pᵀy, and not below the bound that keeps the directions descending.
                let py = dot(p, y);
                let found = (dot(y, &to.slope) - 2.0 * yy / py * dot(p, &to.slope)) / py;
                let least = -1.0 / (norm(p) * norm(&from.slope).min(0.01));
                *beta = if found.is_finite() { found.max(least) } else { 0.0 };
            }
            _ => {}
        }
        usable
    }

    /// H, where it is a matrix.
    pub(super) fn matrix(&self) -> Option<&[f64]> {
        match self {
            Metric::Dense { h, .. } => Some(h),
            _ => None,
        }
    }

    /// How exactly a Newton direction is computed.
    pub(super) fn force(&mut self, slope: f64) {
        if let Metric::Newton { forcing } = self {
            *forcing = slope.sqrt().min(0.5);
        }
    }
}

/// H v, H being symmetric: its rows added up, which is done several numbers at a time, as sums of products are not.
fn times(h: &[f64], v: &[f64], into: &mut [f64]) {
    into.fill(0.0);
    for (row, v) in h.chunks_exact(v.len()).zip(v) {
        into.iter_mut().zip(row).for_each(|(into, h)| *into += h * v);
    }
}

/// −H g by the two loops over the remembered pairs, on the free coordinates; `p` holds −g.
fn two_loops(pairs: &[(Vec<f64>, Vec<f64>, f64)], next: usize, capacity: usize, held: &[bool], p: &mut [f64]) {
    let count = pairs.len();
    if count == 0 {
        return;
    }
    let newest_first = (1..=count).map(|back| (next + capacity - back) % capacity);
    let any = held.iter().any(|held| *held);
    let masked = |a: &[f64], b: &[f64]| -> f64 {
        if any {
            a.iter().zip(b).zip(held).map(|((a, b), held)| if *held { 0.0 } else { a * b }).sum()
        } else {
            dot(a, b)
        }
    };
    let add = |p: &mut [f64], by: f64, a: &[f64]| p.iter_mut().zip(a).for_each(|(p, a)| *p += by * a);
    let mut shares = [0.0; 64];
    let mut scale = 0.0;
    for at in newest_first.clone() {
        let (s, y, rho) = &pairs[at];
        // On the free coordinates the curvature may be another, even a negative one: such pairs are passed over.
        let curvature = if any { masked(s, y) } else { 1.0 / rho };
        shares[at] = f64::NAN;
        if curvature > 0.0 {
            if scale == 0.0 {
                scale = curvature / masked(y, y);
            }
            shares[at] = masked(s, p) / curvature;
            add(p, -shares[at], y);
        }
    }
    if scale > 0.0 {
        p.iter_mut().for_each(|p| *p *= scale);
    }
    for back in (1..=count).rev() {
        let at = (next + capacity - back) % capacity;
        let (s, y, rho) = &pairs[at];
        if shares[at].is_nan() {
            continue;
        }
        let curvature = if any { masked(s, y) } else { 1.0 / rho };
        let share = masked(y, p) / curvature;
        add(p, shares[at] - share, s);
    }
    p.iter_mut().zip(held).filter(|(_, held)| **held).for_each(|(p, _)| *p = 0.0);
}

/// Most products of the Hessian with a vector that one direction may take.
const MOST_PRODUCTS: usize = 100;

/// Solves H p = −g by conjugate gradients, until the rest is a share of the gradient or the curvature turns negative.
fn truncated(land: &mut Landscape<'_>, here: &Place, held: &[bool], forcing: f64, p: &mut [f64]) -> Result<()> {
    let n = p.len();
    p.fill(0.0);
    let mut rest: Vec<f64> = (0..n).map(|i| if held[i] { 0.0 } else { here.slope[i] }).collect();
    let mut way: Vec<f64> = rest.iter().map(|r| -r).collect();
    let mut bent = vec![0.0; n];
    let enough = forcing * norm(&rest);
    let mut square = dot(&rest, &rest);
    for inner in 0..n.min(MOST_PRODUCTS) {
        if square.sqrt() <= enough {
            break;
        }
        let finite = land.bend(&here.x, &here.slope, &way, &mut bent)?;
        bent.iter_mut().zip(held).filter(|(_, held)| **held).for_each(|(b, _)| *b = 0.0);
        let curvature = dot(&way, &bent);
        if !finite || curvature <= 3.0 * f64::EPSILON * dot(&way, &way) {
            if inner == 0 {
                // Steepest descent, with the length that the curvature's size suggests.
                let length = if curvature < 0.0 { square / -curvature } else { 1.0 };
                p.iter_mut().zip(&way).for_each(|(p, way)| *p = length * way);
            }
            break;
        }
        let step = square / curvature;
        for i in 0..n {
            p[i] += step * way[i];
            rest[i] += step * bent[i];
        }
        let before = std::mem::replace(&mut square, dot(&rest, &rest));
        way.iter_mut().zip(&rest).for_each(|(way, rest)| *way = square / before * *way - rest);
    }
    Ok(())
}
