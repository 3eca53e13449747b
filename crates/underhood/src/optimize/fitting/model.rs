//! The linear model of the residuals, and the step that makes it smallest within a trust region.
//!
//! The step solves min ‖r + J·p‖ subject to ‖D·p‖ ≤ Δ, that is (JᵀJ + λD²)·p = −Jᵀr for the right λ (K. Levenberg 1944; D. W. Marquardt
//! 1963). λ is the root of the secular equation ‖D·p(λ)‖ = Δ (J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and theory",
//! 1978, doi:10.1007/BFb0067700). Reflections take \[J·D⁻¹ r\] to a triangle, whose singular values make every p(λ) a short sum; those that
//! are negligible have no part in the step without damping, so that a deficient rank does no harm.

use ndarray::{Array2, ArrayView2, s};

use crate::error::Result;
use crate::linalg;
use crate::optimize::lengths::length;

/// r + J·p in the coordinates that the singular values give.
#[derive(Debug)]
pub(super) struct Model {
    /// The parameters that move, and the scale of each.
    free: Vec<usize>,
    scale: Vec<f64>,
    n: usize,
    singular: Vec<f64>,
    /// Row i: the i-th right singular vector, in scaled coordinates.
    directions: Array2<f64>,
    /// Uᵀ·Qᵀ·r.
    rotated: Vec<f64>,
    /// How many singular values are not negligible.
    pub(super) rank: usize,
    /// The length of the part of r that the model can take away.
    pub(super) removable: f64,
}

impl Model {
    /// The model of residuals `r` in the parameters `free`, with p measured in units of 1/`scale`.
    pub(super) fn new(j: ArrayView2<'_, f64>, r: &[f64], free: Vec<usize>, scale: &[f64]) -> Result<Self> {
        let (m, n) = j.dim();
        let k = free.len();
        let scale: Vec<f64> = free.iter().map(|&i| scale[i]).collect();
        let mut table = Array2::zeros((m, k + 1));
        for row in 0..m {
            for (column, (&i, scale)) in free.iter().zip(&scale).enumerate() {
                table[[row, column]] = j[[row, i]] / scale;
            }
            table[[row, k]] = r[row];
        }
        let triangle = linalg::qr_triangle(table.view())?;
        let rows = m.min(k);
        let svd = linalg::svd(triangle.slice(s![..rows, ..k]), false, false)?;
        let turned = triangle.slice(s![..rows, k]);
        let rotated: Vec<f64> =
            (0..svd.s.len()).map(|i| svd.u.column(i).iter().zip(turned).map(|(u, t)| u * t).sum()).collect();
        let singular = svd.s.to_vec();
        let negligible = f64::EPSILON * m.max(k) as f64 * singular.first().copied().unwrap_or(0.0);
        let rank = singular.iter().filter(|&&s| s > negligible).count();
        let removable = length(&rotated[..rank]);
        Ok(Model { free, scale, n, singular, directions: svd.vh, rotated, rank, removable })
    }

    /// The step without damping, the shortest if there are several.
    pub(super) fn gauss_newton(&self) -> Vec<f64> {
        self.combined(|i| if i < self.rank { -self.rotated[i] / self.singular[i] } else { 0.0 })
    }

    /// Its length in scaled coordinates.
    fn undamped(&self) -> f64 {
        length(&(0..self.rank).map(|i| self.rotated[i] / self.singular[i]).collect::<Vec<_>>())
    }

    /// The best step within the radius, and its damping λ: zero for Gauss and Newton's.
    pub(super) fn step(&self, radius: f64) -> (Vec<f64>, f64) {
        if self.undamped() <= radius * 1.01 {
            return (self.gauss_newton(), 0.0);
        }
        let slope = length(&self.singular.iter().zip(&self.rotated).map(|(s, b)| s * b).collect::<Vec<_>>());
        let (mut low, mut high) = (0.0_f64, slope / radius);
        let mut lambda = 1e-3 * high;
        for _ in 0..50 {
            let (mut square, mut bend) = (0.0, 0.0);
            for (s, b) in self.singular.iter().zip(&self.rotated) {
                let divisor = s * s + lambda;
                let part = if divisor > 0.0 { s * b / divisor } else { 0.0 };
                square += part * part;
                bend += if divisor > 0.0 { part * part / divisor } else { 0.0 };
            }
            let reach = square.sqrt();
            if (reach - radius).abs() <= 0.01 * radius || high <= low {
                break;
            }
            if reach > radius {
                low = lambda
            } else {
                high = lambda
            }
            // Newton's method for 1/‖p‖ − 1/Δ, which is nearly linear in λ.
            let next = lambda + (reach / radius) * (reach - radius) / (bend / reach);
            lambda = if next > low && next < high { next } else { (low * high).sqrt().max(1e-3 * high) };
        }
        let step = self.combined(|i| {
            let divisor = self.singular[i] * self.singular[i] + lambda;
            if divisor > 0.0 { -self.singular[i] * self.rotated[i] / divisor } else { 0.0 }
        });
        (step, lambda)
    }

    /// −½·(JᵀJ + λD²)⁻¹·pull.
    pub(super) fn turn(&self, pull: &[f64], lambda: f64) -> Vec<f64> {
        let along = |i: usize| -> f64 {
            let direction = self.directions.row(i);
            self.free.iter().zip(&self.scale).zip(direction).map(|((&at, d), v)| v * pull[at] / d).sum()
        };
        self.combined(|i| {
            let divisor = self.singular[i] * self.singular[i] + lambda;
            if i < self.rank || lambda > 0.0 { -0.5 * along(i) / divisor } else { 0.0 }
        })
    }

    /// ½‖r‖² − ½‖r + J·p‖² for a step of the free parameters.
    pub(super) fn gain(&self, step: &[f64]) -> f64 {
        let mut gain = 0.0;
        for (i, direction) in self.directions.rows().into_iter().enumerate() {
            let along: f64 = self.free.iter().zip(&self.scale).zip(direction).map(|((&i, d), v)| step[i] * d * v).sum();
            let change = self.singular[i] * along;
            gain -= change * (self.rotated[i] + 0.5 * change);
        }
        gain
    }

    /// Σ cᵢ·vᵢ, in the parameters' own units.
    fn combined(&self, coefficient: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut step = vec![0.0; self.n];
        for (i, direction) in self.directions.rows().into_iter().enumerate() {
            let c = coefficient(i);
            for ((&at, scale), v) in self.free.iter().zip(&self.scale).zip(direction) {
                step[at] += c * v / scale;
            }
        }
        step
    }
}
