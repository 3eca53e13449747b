//! The sweeps over the rows that every solver is made of, for rows x̃ = (x, σ) and weights w̃ = (w, v).

use ndarray::Array2;

use super::super::history::Recorder;
use super::super::moments::moments;
use super::super::rows::{BLOCK, add_weighted_rows, net_inputs};
use super::{Problem, SvmLoss};
use crate::simd::dot;

/// Weights w̃ and the net inputs z = w̃·x̃ that they give.
#[derive(Debug, Clone)]
pub(super) struct Margins {
    pub(super) weights: Vec<f64>,
    pub(super) z: Vec<f64>,
}

impl Margins {
    /// Zero weights.
    pub(super) fn zero(problem: &Problem<'_>) -> Self {
        Margins { weights: vec![0.0; problem.rows.columns + 1], z: vec![0.0; problem.rows.count] }
    }
}

impl Problem<'_> {
    /// z = w̃·x̃ for every row.
    pub(super) fn net_inputs(&self, weights: &[f64], z: &mut [f64]) {
        let columns = self.rows.columns;
        let bias = weights[columns] * self.scaling;
        for (block, z) in self.rows.blocks().zip(z.chunks_mut(BLOCK)) {
            net_inputs(block, &weights[..columns], bias, z);
        }
    }

    /// Σ rᵢ·x̃ᵢ.
    pub(super) fn combined(&self, r: &[f64]) -> Vec<f64> {
        let columns = self.rows.columns;
        let mut sum = vec![0.0; columns + 1];
        for (block, r) in self.rows.blocks().zip(r.chunks(BLOCK)) {
            add_weighted_rows(block, r, &mut sum[..columns]);
        }
        sum[columns] = self.scaling * r.iter().sum::<f64>();
        sum
    }

    /// I + Σ rootᵢ²·x̃ᵢx̃ᵢᵀ.
    pub(super) fn matrix(&self, roots: &[f64]) -> Array2<f64> {
        let columns = self.rows.columns;
        let mut matrix = moments(self.rows, &vec![0.0; columns], Some(roots), &[], 0).gram;
        matrix.row_mut(columns).mapv_inplace(|v| v * self.scaling);
        matrix.column_mut(columns).mapv_inplace(|v| v * self.scaling);
        matrix.diag_mut().mapv_inplace(|v| v + 1.0);
        matrix
    }

    /// What a row costs at this net input.
    pub(super) fn cost(&self, i: usize, z: f64) -> f64 {
        let short = (1.0 - self.y[i] * z).max(0.0);
        match self.loss {
            SvmLoss::SquaredHinge => self.costs[i] * short * short,
            SvmLoss::Hinge => self.costs[i] * short,
        }
    }

    /// P.
    pub(super) fn primal(&self, margins: &Margins) -> f64 {
        let costs: f64 = margins.z.iter().enumerate().map(|(i, &z)| self.cost(i, z)).sum();
        0.5 * dot(&margins.weights, &margins.weights) + costs
    }

    /// The rows whose cost is not zero.
    pub(super) fn rows_that_count(&self) -> impl Iterator<Item = usize> {
        (0..self.rows.count).filter(|&i| self.costs[i] > 0.0)
    }

    /// How many multiplications a sweep makes.
    pub(super) fn effort(&self) -> usize {
        self.rows.count * self.rows.columns
    }

    /// Keeps a step: P, how many of the rows that count are classified wrongly, and the length of P's gradient.
    pub(super) fn record(&self, log: &mut Recorder, margins: &Margins, primal: f64, norm: f64) {
        let columns = self.rows.columns;
        let bias = margins.weights[columns] * self.scaling;
        log.record(&margins.weights[..columns], bias, primal, norm);
        log.record_errors(self.rows_that_count().filter(|&i| !(margins.z[i] * self.y[i] > 0.0)).count());
    }
}

/// √(2(P − D)): the weights are within that of the best ones. It stands in the history where P has no gradient.
pub(super) fn distance(gap: f64) -> f64 {
    (2.0 * gap.max(0.0)).sqrt()
}
