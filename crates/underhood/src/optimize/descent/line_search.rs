//! How far to go along the negative gradient.
//!
//! Backtracking: L. Armijo (1966), <https://doi.org/10.2140/pjm.1966.16.1>; its constants lie within the ranges of S. Boyd and L. Vandenberghe,
//! "Convex Optimization" (2004), section 9.2. The exact search is Cauchy's: the slope along the line, −g · ∇f(x − η g), is brought to zero by
//! regula falsi with the Illinois correction (M. Dowell and P. Jarratt, 1971, <https://doi.org/10.1007/BF01934364>).

use super::options::Rate;
use super::walk::Want;

/// Part of the promised fall that is asked for.
const ARMIJO: f64 = 0.25;

/// Most points that are tried along one line.
const MOST: usize = 100;

/// The slope along the line counts as zero at this part of its start.
const FLAT: f64 = 1e-6;

/// What a search along the line came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// The next point and its gradient are written; its value and the rate that leads there.
    Next { value: f64, rate: f64 },
    /// No rate lowers the value.
    Nothing,
    /// The value falls as far as the line was followed.
    Bottomless,
}

/// What is asked of a caller's function.
type Evaluate<'a, E> = dyn FnMut(&[f64], Want<'_>) -> Result<f64, E> + 'a;

/// A caller's function along a line.
pub(super) struct Line<'a, E> {
    pub(super) evaluate: &'a mut Evaluate<'a, E>,
    /// Where the line starts, with value and gradient.
    pub(super) x: &'a [f64],
    pub(super) value: f64,
    pub(super) gradient: &'a [f64],
    /// The Euclidean length of the gradient.
    pub(super) slope: f64,
    /// Where the next point and its gradient go.
    pub(super) next: &'a mut [f64],
    pub(super) next_gradient: &'a mut [f64],
}

impl<E> Line<'_, E> {
    /// Finds the next point; `last` is the rate of the step before.
    pub(super) fn search(mut self, rate: &Rate<'_>, last: Option<f64>) -> Result<Found, E> {
        let first = last.map_or(1.0, |last| (2.0 * last).clamp(1e-300, 1e300));
        if matches!(rate, Rate::Exact) { self.exact(first) } else { self.backtrack(first) }
    }

    fn go(&mut self, rate: f64) {
        let places = self.next.iter_mut().zip(self.x.iter().zip(self.gradient));
        places.for_each(|(next, (x, slope))| *next = x - rate * slope);
    }

    fn backtrack(&mut self, mut rate: f64) -> Result<Found, E> {
        // A fall that is smaller than the rounding of the values cannot be seen; a rise can.
        let rounding = 2.0 * f64::EPSILON * self.value.abs();
        for _ in 0..MOST {
            self.go(rate);
            if self.next == self.x {
                return Ok(Found::Nothing);
            }
            if self.next.iter().all(|v| v.is_finite()) {
                let value = (self.evaluate)(self.next, Want::Value)?;
                let asked = ARMIJO * rate * self.slope * self.slope;
                let asked = if asked > rounding { asked } else { 0.0 };
                // Written so that NaN does not pass.
                if value.is_finite() && value <= self.value - asked {
                    (self.evaluate)(self.next, Want::Gradient(self.next_gradient))?;
                    return Ok(Found::Next { value, rate });
                }
                if value == f64::NEG_INFINITY {
                    return Ok(Found::Bottomless);
                }
            }
            rate *= 0.5;
        }
        Ok(Found::Nothing)
    }

    /// Value and slope along the line; NaN where either is no number.
    fn along(&mut self, rate: f64) -> Result<(f64, f64), E> {
        self.go(rate);
        if self.next.iter().any(|v| !v.is_finite()) {
            return Ok((f64::NAN, f64::NAN));
        }
        let value = (self.evaluate)(self.next, Want::Both(self.next_gradient))?;
        // In units of the slope at the start, so that nothing overflows: −1 there.
        let slope = self.next_gradient.iter().zip(self.gradient);
        Ok((value, -slope.map(|(there, here)| there / self.slope * (here / self.slope)).sum::<f64>()))
    }

    fn exact(&mut self, mut rate: f64) -> Result<Found, E> {
        let rounding = 2.0 * f64::EPSILON * self.value.abs();
        let (mut low, mut low_slope) = (0.0, -1.0);
        // Beyond `high` the line rises, or has no value. Its slope is known if it is positive.
        let (mut high, mut high_slope) = (f64::INFINITY, f64::NAN);
        let mut side = 0;
        for _ in 0..MOST {
            if rate == low || rate == high || !rate.is_finite() {
                break;
            }
            let (value, slope) = self.along(rate)?;
            if value == f64::NEG_INFINITY {
                return Ok(Found::Bottomless);
            }
            if self.next == self.x {
                return Ok(Found::Nothing);
            }
            let lower = value.is_finite() && slope.is_finite() && value <= self.value + rounding;
            if lower && slope.abs() <= FLAT {
                return Ok(Found::Next { value, rate });
            }
            if lower && slope < 0.0 {
                (low, low_slope) = (rate, slope);
                if side == -1 && high_slope > 0.0 {
                    high_slope *= 0.5;
                }
                side = -1;
            } else {
                (high, high_slope) = (rate, if lower { slope } else { f64::NAN });
                if side == 1 {
                    low_slope *= 0.5;
                }
                side = 1;
            }
            rate = if high.is_infinite() {
                // The secant through the slopes at 0 and here, which on a parabola meets its lowest point; but within reason.
                let secant = low / (1.0 + low_slope);
                if secant > low { secant.clamp(1.01 * low, 10.0 * low) } else { 10.0 * low }
            } else if high_slope > 0.0 {
                low + (high - low) * (low_slope / (low_slope - high_slope))
            } else {
                0.5 * (low + high)
            };
        }
        if high.is_infinite() {
            return Ok(Found::Bottomless);
        }
        if low == 0.0 {
            return Ok(Found::Nothing);
        }
        // Not flat within the tolerance, as at a kink: the best that is known to be lower.
        let (value, _) = self.along(low)?;
        Ok(if value < self.value { Found::Next { value, rate: low } } else { Found::Nothing })
    }
}
