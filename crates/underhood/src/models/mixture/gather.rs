//! What responsibilities add up to: the mass, mean and covariance of each component.

use super::Parameters;
use super::shape::CovarianceType;
use crate::models::rows::BLOCK;
use crate::panel::{LANES, add_outer_products, add_weighted};
use crate::simd::{mul_add, wide_kernel};

/// Σ r, Σ r·d and Σ r·d·dᵀ (or Σ r·d²) of each component, with d the distance from a point near its mean.
pub(super) struct Gathered {
    kind: CovarianceType,
    columns: usize,
    width: usize,
    /// The points, lines of a panel's width.
    about: Vec<f64>,
    mass: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    /// Room for a block's weighted differences, and for the roots of responsibilities.
    panel: Vec<f64>,
    roots: Vec<f64>,
}

impl Gathered {
    pub(super) fn about(kind: CovarianceType, components: usize, columns: usize, about: Vec<f64>) -> Self {
        let width = columns.next_multiple_of(LANES);
        let each = if kind.is_matrix() { width * width } else { width };
        Gathered {
            kind,
            columns,
            width,
            about,
            mass: vec![0.0; components],
            first: vec![0.0; components * width],
            second: vec![0.0; components * each],
            panel: if kind.is_matrix() { vec![0.0; BLOCK * width] } else { Vec::new() },
            roots: vec![0.0; BLOCK],
        }
    }

    /// Multiplications a row.
    pub(super) fn cost(&self) -> usize {
        self.mass.len() * if self.kind.is_matrix() { self.width * self.width / 2 } else { 2 * self.width }
    }

    /// Adds the rows of a block with their responsibilities, a line of [`BLOCK`] numbers a component.
    pub(super) fn add(&mut self, panel: &[f64], count: usize, lines: &[f64]) {
        let width = self.width;
        let panel = &panel[..count * width];
        for (k, line) in lines.chunks_exact(BLOCK).enumerate() {
            let line = &line[..count];
            let share: f64 = line.iter().sum();
            if share == 0.0 {
                continue;
            }
            self.mass[k] += share;
            let about = &self.about[k * width..(k + 1) * width];
            let first = &mut self.first[k * width..(k + 1) * width];
            if self.kind.is_matrix() {
                let weighted = &mut self.panel[..count * width];
                let roots = &mut self.roots[..count];
                weigh(panel, width, about, line, roots, weighted);
                add_weighted(weighted, roots, first);
                add_outer_products(weighted, width, &mut self.second[k * width * width..(k + 1) * width * width]);
            } else {
                add_moments(panel, width, about, line, first, &mut self.second[k * width..(k + 1) * width]);
            }
        }
    }

    /// The weights, means and covariances that they stand for.
    pub(super) fn parameters(&self, rows: usize, reg_covar: f64) -> Parameters {
        let (k, p, width) = (self.mass.len(), self.columns, self.width);
        // A component without rows keeps a mass that can be divided by.
        let mass: Vec<f64> = self.mass.iter().map(|m| m + 10.0 * f64::EPSILON).collect();
        let total: f64 = mass.iter().sum();
        let mut means = self.about.clone();
        let mut away = vec![0.0; k * width];
        for c in 0..k {
            for j in c * width..c * width + p {
                away[j] = self.first[j] / mass[c];
                means[j] += away[j];
            }
        }
        let mut covariances = Vec::with_capacity(self.kind.numbers(k, p));
        let deviation = |c: usize, i: usize, j: usize| {
            let place = c * width * width + i.min(j) * width + i.max(j);
            self.second[place] / mass[c] - away[c * width + i] * away[c * width + j]
        };
        let variance = |c: usize, j: usize| {
            (self.second[c * width + j] / mass[c] - away[c * width + j] * away[c * width + j]).max(0.0) + reg_covar
        };
        let diagonal = |i: usize, j: usize| if i == j { reg_covar } else { 0.0 };
        match self.kind {
            CovarianceType::Full => {
                for place in 0..k * p * p {
                    let (c, i, j) = (place / (p * p), place / p % p, place % p);
                    covariances.push(deviation(c, i, j) + diagonal(i, j));
                }
            }
            CovarianceType::Tied => {
                for place in 0..p * p {
                    let (i, j) = (place / p, place % p);
                    let sum: f64 = (0..k).map(|c| mass[c] * deviation(c, i, j)).sum();
                    covariances.push(sum / total + diagonal(i, j));
                }
            }
            CovarianceType::Diag => covariances.extend((0..k * p).map(|place| variance(place / p, place % p))),
            CovarianceType::Spherical => {
                covariances.extend((0..k).map(|c| (0..p).map(|j| variance(c, j)).sum::<f64>() / p as f64));
            }
        }
        debug_assert!((total - rows as f64).abs() < 1e-6 * rows as f64);
        Parameters { weights: mass.iter().map(|m| m / total).collect(), means, covariances }
    }
}

wide_kernel! {
    /// roots = √r and to = (x − about)·√r, row by row.
    fn weigh(panel: &[f64], width: usize, about: &[f64], shares: &[f64], roots: &mut [f64], to: &mut [f64]) = weigh_body
}

#[inline(always)]
fn weigh_body<const FMA: bool>(
    panel: &[f64],
    width: usize,
    about: &[f64],
    shares: &[f64],
    roots: &mut [f64],
    to: &mut [f64],
) {
    for (root, share) in roots.iter_mut().zip(shares) {
        *root = share.sqrt();
    }
    let about = &about[..width];
    for ((row, to), &root) in panel.chunks_exact(width).zip(to.chunks_exact_mut(width)).zip(&*roots) {
        for j in 0..width {
            to[j] = (row[j] - about[j]) * root;
        }
    }
}

wide_kernel! {
    /// first += Σ r·d and second += Σ r·d², column by column, with d = x − about.
    fn add_moments(panel: &[f64], width: usize, about: &[f64], shares: &[f64], first: &mut [f64], second: &mut [f64]) = add_moments_body
}

#[inline(always)]
fn add_moments_body<const FMA: bool>(
    panel: &[f64],
    width: usize,
    about: &[f64],
    shares: &[f64],
    first: &mut [f64],
    second: &mut [f64],
) {
    let (pairs, last) = (panel.chunks_exact(2 * width), shares.len() - shares.len() % 2);
    let rest = pairs.remainder();
    for at in (0..width).step_by(LANES) {
        let mut centre = [0.0; LANES];
        centre.copy_from_slice(&about[at..at + LANES]);
        // Two sums of eight each, so that one need not wait for the other.
        let mut even = Sums::default();
        let mut odd = Sums::default();
        for (rows, shares) in pairs.clone().zip(shares.chunks_exact(2)) {
            even.add::<FMA>(&rows[at..at + LANES], &centre, shares[0]);
            odd.add::<FMA>(&rows[width + at..width + at + LANES], &centre, shares[1]);
        }
        for (row, &share) in rest.chunks_exact(width).zip(&shares[last..]) {
            even.add::<FMA>(&row[at..at + LANES], &centre, share);
        }
        for lane in 0..LANES {
            first[at + lane] += even.first[lane] + odd.first[lane];
            second[at + lane] += even.second[lane] + odd.second[lane];
        }
    }
}

/// Σ r·d and Σ r·d² of eight columns.
#[derive(Default)]
struct Sums {
    first: [f64; LANES],
    second: [f64; LANES],
}

impl Sums {
    #[inline(always)]
    fn add<const FMA: bool>(&mut self, row: &[f64], centre: &[f64; LANES], share: f64) {
        let row = &row[..LANES];
        for lane in 0..LANES {
            let d = row[lane] - centre[lane];
            let weighted = share * d;
            self.first[lane] += weighted;
            self.second[lane] = mul_add::<FMA>(weighted, d, self.second[lane]);
        }
    }
}
