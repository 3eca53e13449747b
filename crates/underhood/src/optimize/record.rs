//! What is kept of a descent, and what is said about its end.
//!
//! The advice after a divergence is the stability limit on a quadratic with largest curvature L, 2 (1 + β) / L for momentum β
//! (B. T. Polyak, 1964, as in `descent`); L is read off the last two points, where the direction that grows has taken over.

use super::descent::{Options, Place, Stop, norm};

/// A gradient this many times longer than the first, at a value above the first, is not coming back.
const GROWN: f64 = 1e10;

/// What is kept of the points passed.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) path: Option<Vec<f64>>,
    pub(super) gradients: Option<Vec<f64>>,
    pub(super) values: Vec<f64>,
    pub(super) norms: Vec<f64>,
    pub(super) first_curvature: Option<f64>,
    pub(super) curvature: Option<f64>,
}

impl Record {
    pub(super) fn new(options: &Options, start: &Place) -> Self {
        let kept = || options.keep_path.then(Vec::new);
        let mut record = Record {
            path: kept(),
            gradients: kept(),
            values: Vec::new(),
            norms: Vec::new(),
            first_curvature: None,
            curvature: None,
        };
        record.add(start);
        record
    }

    pub(super) fn add(&mut self, place: &Place) {
        if let (Some(path), Some(gradients)) = (&mut self.path, &mut self.gradients) {
            path.extend_from_slice(&place.x);
            gradients.extend_from_slice(&place.gradient);
        }
        self.values.push(place.value);
        self.norms.push(norm(&place.gradient));
    }

    /// Whether value and slope have grown so far above their start that only infinity can follow.
    pub(super) fn hopeless(&self, slope: f64, value: f64) -> bool {
        value > self.values[0] && slope > GROWN * self.norms[0]
    }

    pub(super) fn message(&self, stop: Stop, iterations: usize, options: &Options) -> String {
        let (first, last) = (self.values[0], self.values[self.values.len() - 1]);
        let slope = self.norms[self.norms.len() - 1];
        let Options { learning_rate, tolerance, .. } = *options;
        let rose = last > first;
        let (first, last, slope) = (brief(first, 6), brief(last, 6), brief(slope, 4));
        let steps = if iterations == 1 { "1 step".to_string() } else { format!("{iterations} steps") };
        match stop {
            Stop::Converged => {
                format!("converged: the gradient's length {slope} is within tol = {tolerance:e} after {steps}")
            }
            Stop::Asked => format!("stopped by the callback after {steps}; the gradient's length is {slope}"),
            Stop::Stalled => format!(
                "stalled after {steps}: a step of learning_rate = {learning_rate} no longer changes x, though the gradient's length is {slope}"
            ),
            Stop::MaxIter if rose => {
                format!("not converged: the value rose from {first} to {last} in {steps}. {}", self.advice(options))
            }
            Stop::MaxIter => format!(
                "not converged: max_iter = {} steps are used up and the gradient's length is {slope}, above tol = {tolerance:e}; allow more steps or choose another learning_rate",
                options.max_iter
            ),
            Stop::Diverged if rose => format!(
                "diverged after {steps}: the value rose from {first} to {last} and would go on to infinity. {}",
                self.advice(options)
            ),
            Stop::Diverged => format!(
                "diverged after {steps}: f falls without bound (from {first} to {last}), or is undefined where the next step leads"
            ),
        }
    }

    /// The largest stable rate on a quadratic with the curvature that was met.
    fn advice(&self, options: &Options) -> String {
        let rate = options.learning_rate;
        let halved = format!(
            "learning_rate = {rate} is too large here: halve it, and again if need be; if no rate helps, look for a wrong sign in the gradient"
        );
        let (Some(first), Some(last)) = (self.first_curvature, self.curvature) else { return halved };
        // On a quadratic both are of the size of L, the later one closer; else only the start's neighbourhood tells anything.
        let quadratic = last < 10.0 * first;
        let curvature = if quadratic { first.max(last) } else { first };
        let limit = 2.0 * (1.0 + options.momentum) / curvature;
        if !(limit.is_finite() && limit > 0.0 && limit < 1.5 * rate) {
            return halved;
        }
        let place = if quadratic { "" } else { " at the start" };
        let proposal = if quadratic { 0.5 * limit } else { 0.1 * limit };
        format!(
            "learning_rate = {rate} is too large: with the curvature L = {} met{place}, rates above {} = {} overshoot further each time; try {}",
            brief(curvature, 4),
            if options.momentum > 0.0 { "2 (1 + momentum)/L" } else { "2/L" },
            brief(limit, 4),
            brief(proposal, 1)
        )
    }
}

/// A number to so many significant digits, as a person writes it.
fn brief(value: f64, digits: usize) -> String {
    let exponential = format!("{value:.*e}", digits - 1);
    match exponential.parse::<f64>() {
        Ok(rounded) if (1e-4..1e6).contains(&rounded.abs()) => rounded.to_string(),
        _ => exponential,
    }
}
