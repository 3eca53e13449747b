//! Where a search for the minimum is, how it came there, and one step of it: as far along a direction as J falls enough.

use ndarray::{Array2, Array3};

use super::LogisticHistory;
use super::objective::{Objective, Value};
use crate::models::history::StopReason;

/// A state of the search.
pub(super) struct Search {
    pub(super) theta: Vec<f64>,
    /// Of J without its absolute penalties.
    pub(super) gradient: Vec<f64>,
    /// The Hessian here, if it was asked for.
    pub(super) hessian: Option<Array2<f64>>,
    pub(super) loss: f64,
    pub(super) gradient_norm: f64,
    pub(super) iterations: usize,
    pub(super) stop: StopReason,
    /// The last step that was made.
    pub(super) last: Vec<f64>,
    errors: usize,
    keep: bool,
    states: Vec<State>,
}

/// A state of the search, for the history.
struct State {
    theta: Vec<f64>,
    loss: f64,
    gradient_norm: f64,
    errors: usize,
    step: f64,
}

impl Search {
    pub(super) fn start(objective: &mut Objective<'_>, theta: Vec<f64>, keep: bool, hessian: bool) -> Self {
        let mut search = Search {
            gradient: vec![0.0; theta.len()],
            last: Vec::new(),
            theta,
            hessian: None,
            loss: f64::INFINITY,
            gradient_norm: f64::INFINITY,
            iterations: 0,
            stop: StopReason::MaxIter,
            errors: 0,
            keep,
            states: Vec::new(),
        };
        search.look(objective, hessian);
        search.record(0.0);
        search
    }

    /// Evaluates J where the search is, with the Hessian if that is wanted.
    pub(super) fn look(&mut self, objective: &mut Objective<'_>, hessian: bool) {
        let Value { loss, errors } = evaluate(objective, &self.theta, &mut self.gradient, &mut self.hessian, hessian);
        (self.loss, self.errors) = (loss, errors);
        self.gradient_norm = objective.violation(&self.theta, &self.gradient);
    }

    fn record(&mut self, step: f64) {
        if self.keep {
            let (loss, gradient_norm, errors) = (self.loss, self.gradient_norm, self.errors);
            self.states.push(State { theta: self.theta.clone(), loss, gradient_norm, errors, step });
        }
    }

    /// Goes to where another search has been.
    pub(super) fn jump(&mut self, objective: &mut Objective<'_>, theta: Vec<f64>) {
        self.theta = theta;
        self.look(objective, false);
        self.iterations += 1;
        self.record(1.0);
    }

    /// Goes along `direction` as far as J falls by enough of what `slope` promises (Armijo's rule, halving the step); where J no longer
    /// tells two states apart, the gradient must shrink. The Hessian is formed along with a full step if that is wanted. False if no step does.
    pub(super) fn advance(
        &mut self,
        objective: &mut Objective<'_>,
        direction: &[f64],
        slope: f64,
        mut hessian: bool,
    ) -> bool {
        /// The share of the promised decrease that is asked for.
        const ENOUGH: f64 = 1e-4;
        /// Decreases below this share of J are rounding.
        const NOISE: f64 = 1e-13;
        if !(slope < 0.0) {
            return false;
        }
        let mut gradient = vec![0.0; self.theta.len()];
        let mut formed = None;
        let mut step = 1.0;
        for _ in 0..40 {
            let theta: Vec<f64> = self.theta.iter().zip(direction).map(|(t, d)| t + step * d).collect();
            let Value { loss, errors } = evaluate(objective, &theta, &mut gradient, &mut formed, hessian);
            let norm = objective.violation(&theta, &gradient);
            let falls = loss <= self.loss + ENOUGH * step * slope;
            let noise = (loss - self.loss).abs() <= NOISE * self.loss.abs();
            if norm.is_finite() && (falls && !noise || noise && norm < self.gradient_norm) {
                self.last = direction.iter().map(|d| step * d).collect();
                (self.theta, self.gradient, self.hessian) = (theta, gradient, formed);
                (self.loss, self.gradient_norm, self.errors) = (loss, norm, errors);
                self.iterations += 1;
                self.record(step);
                return true;
            }
            hessian = false;
            step /= 2.0;
            if noise && step < 0.2 {
                return false;
            }
        }
        false
    }

    /// The reason to give when no step helps any more: rounding, if what `slope` promised is beneath the digits of J. Of a Hessian that is
    /// singular in doubles (`whole` is false) promises tell little, and the gradient must be nearly what was asked for.
    pub(super) fn stuck(&self, slope: f64, whole: bool) -> StopReason {
        let beneath = slope.abs() <= 1e-10 * self.loss.abs() && self.gradient_norm <= 1e-6;
        let precise = if whole { beneath } else { self.gradient_norm <= 1e-10 };
        if precise { StopReason::Precision } else { StopReason::NoProgress }
    }

    /// Hands over what was kept, in the caller's units.
    pub(super) fn history(&self, objective: &Objective<'_>) -> LogisticHistory {
        let mut history = LogisticHistory::default();
        let (mut all_weights, mut all_bias) = (Vec::new(), Vec::new());
        for state in &self.states {
            let (weights, bias) = objective.planes(&state.theta);
            history.loss.push(state.loss);
            history.errors.push(state.errors);
            history.gradient_norm.push(state.gradient_norm);
            history.step.push(state.step);
            all_weights.extend(weights);
            all_bias.extend(bias);
        }
        // The shapes fit by construction: every state has as many planes and features.
        let (states, planes) = (self.states.len(), objective.planes);
        let features = self.theta.len() / planes - 1;
        history.weights = Array3::from_shape_vec((states, planes, features), all_weights).unwrap_or_default();
        history.bias = Array2::from_shape_vec((states, planes), all_bias).unwrap_or_default();
        history
    }
}

fn evaluate(
    objective: &mut Objective<'_>,
    theta: &[f64],
    gradient: &mut [f64],
    hessian: &mut Option<Array2<f64>>,
    wanted: bool,
) -> Value {
    if !wanted {
        *hessian = None;
        return objective.evaluate(theta, gradient, None);
    }
    let room = hessian.get_or_insert_with(|| Array2::zeros((theta.len(), theta.len())));
    objective.evaluate(theta, gradient, Some(room))
}
