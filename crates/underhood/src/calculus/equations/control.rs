//! How long the next step may be: the first step, and the controller of the explicit methods.
//!
//! E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I", section II.4; the controller with memory is
//! K. Gustafsson's, "Control theoretic techniques for stepsize selection in explicit Runge–Kutta methods" (1991),
//! <https://doi.org/10.1145/210232.210242>.

use super::scheme::{Equation, Now, Tolerance};
use crate::error::Result;

/// The solution's scale at the start may be an accident: it shortens the first step to no less than this part.
const LEAST_PART: f64 = 0.2;

/// A first step for a method of this order: one at which an Euler step, and the change of slope along it, stay far below what
/// matters. One evaluation of f.
pub(super) fn first_step(
    equation: &mut Equation<'_>,
    now: &mut Now,
    end: f64,
    order: f64,
    tolerance: &Tolerance,
) -> Result<f64> {
    let span = end - now.t;
    let (size, slope) = (tolerance.norm(&now.y, &now.y), tolerance.norm(&now.slope, &now.y));
    let euler = if size < 1e-5 || slope < 1e-5 { 1e-6 } else { 0.01 * size / slope };
    let euler = euler.min(span.abs()).copysign(span);
    for (to, (y, slope)) in now.y_next.iter_mut().zip(now.y.iter().zip(&now.slope)) {
        *to = y + euler * slope;
    }
    equation.slope(now.t + euler, &now.y_next, &mut now.slope_next)?;
    let change = now.slope_next.iter_mut().zip(&now.slope).map(|(next, slope)| *next -= slope);
    change.for_each(drop);
    let curvature = tolerance.norm(&now.slope_next, &now.y) / euler.abs();
    if !curvature.is_finite() {
        return Ok(0.01 * euler);
    }
    let steepest = slope.max(curvature);
    let next = if steepest <= 1e-15 { (euler.abs() * 1e-3).max(1e-6) } else { (0.01 / steepest).powf(1.0 / order) };
    // A root of high order brings all scales near to each other; the solution's own is |y'| / |y''|, or √(|y| / |y''|).
    let scale = (slope / curvature).max((size / curvature).sqrt()).max(LEAST_PART * next);
    Ok(next.min(scale).min(100.0 * euler.abs()).min(span.abs()).copysign(span))
}

/// The controller of the explicit methods: with ε for the error that is aimed at and k for the order,
///
/// ```text
/// hₙ₊₁ = hₙ (ε / errₙ)^(1.1 / k) (hₙ / hₙ₋₁)^0.3
/// ```
///
/// The last factor continues the trend: where the solution becomes wilder from step to step (a comet near the sun), so do the steps
/// become shorter before one has to be repeated. K. Gustafsson, M. Lundh, G. Söderlind, "A PI stepsize control for the numerical
/// solution of ordinary differential equations" (1988), <https://doi.org/10.1007/BF01934091> has the idea; the exponents were
/// chosen on half of the problems of DETEST, and the other half agreed.
#[derive(Debug)]
pub(super) struct Controller {
    order: f64,
    /// ε, as the k-th power of this.
    safety: f64,
    ratio: f64,
    rejected: bool,
    /// What the last step but this said of how long a step may be, as a multiple of this one.
    foretold: f64,
}

/// A step is no longer than this times what the estimate before the last one foretold: one alone may all but vanish by accident. (Below 2 more of
/// DETEST's problems miss their tolerance, since solutions do become calmer at once.)
const SURPRISE: f64 = 2.5;

impl Controller {
    pub(super) fn new(order: f64, safety: f64) -> Self {
        Controller { order, safety, ratio: 1.0, rejected: false, foretold: f64::INFINITY }
    }

    /// Whether the step with this error may stand, and the length of the next as a multiple of this one.
    pub(super) fn judge(&mut self, error: f64) -> (bool, f64) {
        let root = error.max(1e-16).powf(-1.0 / self.order);
        if error > 1.0 {
            self.rejected = true;
            let factor = (0.9 * root).clamp(0.1, 0.95);
            self.foretold /= factor;
            return (false, factor);
        }
        let trend = self.ratio.powf(0.3);
        let grown = (self.safety * root).powf(1.1) * trend;
        let factor = if self.rejected { grown.min(self.safety * root).clamp(0.2, 1.0) } else { grown.clamp(0.2, 6.0) };
        let factor = factor.min((SURPRISE * self.foretold).max(1.0));
        self.ratio = factor;
        self.rejected = false;
        self.foretold = self.safety * root / factor;
        (true, factor)
    }
}
