//! Stiffness, as an explicit method notices it.
//!
//! Two evaluations at the same time t + h, at points that differ a little, measure how steep f is: ρ = ‖Δf‖ / ‖Δy‖ comes close to the
//! largest eigenvalue of the Jacobian matrix. A step with h ρ at the border of the method's stability region is held back by
//! stability, not by accuracy (Hairer & Wanner, "Solving Ordinary Differential Equations II", section IV.2).

/// Counts the steps at the border.
#[derive(Debug)]
pub(super) struct Watch {
    border: f64,
    at_border: usize,
    off_border: usize,
}

impl Watch {
    /// `border` is how far the stability region reaches along the negative axis.
    pub(super) fn new(border: f64) -> Self {
        Watch { border, at_border: 0, off_border: 0 }
    }

    /// Looks at an accepted step.
    pub(super) fn look(&mut self, h: f64, (y, other): (&[f64], &[f64]), (slope, slope_other): (&[f64], &[f64])) {
        let squared = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        let (apart, steeper) = (squared(y, other), squared(slope, slope_other));
        if apart > 0.0 && h * h * steeper > self.border * self.border * apart {
            self.off_border = 0;
            self.at_border += 1;
        } else if self.at_border > 0 {
            self.off_border += 1;
            if self.off_border == 6 {
                self.at_border = 0;
            }
        }
    }

    /// Fifteen steps at the border without six in a row off it.
    pub(super) fn stiff(&self) -> bool {
        self.at_border >= 15
    }
}
