//! How far to go along a direction: the weak conditions of P. Wolfe, "Convergence conditions for ascent methods", SIAM Review 11
//! (1969), <https://doi.org/10.1137/1011036>. The value must sink by a share of what the slope promises (Armijo), and the slope
//! must have flattened. Near a minimum, where values no longer differ by more than rounding, the slopes alone decide: the
//! approximate condition of W. W. Hager and H. Zhang, SIAM Journal on Optimization 16 (2005), <https://doi.org/10.1137/030601880>.
//!
//! The way is bent along the bounds: x(α) = P(x + α p), the projection into the box. Its promise is measured along the chord:
//! D. P. Bertsekas, SIAM Journal on Control and Optimization 20 (1982), <https://doi.org/10.1137/0320018>.

use super::landscape::Landscape;
use super::place::Place;
use crate::error::Result;
use crate::optimize::lengths::dot;

/// Share of the promised descent that a step must reach.
const ARMIJO: f64 = 1e-4;
/// Values that differ by less than this, relative, may differ by rounding alone.
const NOISE: f64 = 1e-14;
/// Most points that one search tries.
const TRIES: usize = 40;

/// A search's outcome: the point stands in `next`, with its value and slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Search {
    /// A point that meets the conditions.
    Found {
        /// The step in units of the direction.
        step: f64,
    },
    /// No lower point was found before steps became too small to matter.
    Failed,
}

/// Searches from `here` along `direction`, `first` being the first step to try; `flat` is the share of the slope that may be left
/// (0.9 for quasi-Newton directions, less for conjugate ones).
pub(super) fn search(
    land: &mut Landscape<'_>,
    here: &Place,
    direction: &[f64],
    (first, flat): (f64, f64),
    next: &mut Place,
    spare: &mut Place,
) -> Result<Search> {
    // The bracket: `low` is the longest step known to be too short (its place is kept in `spare`), `high` the shortest too long.
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut low_slope = dot(&here.slope, direction);
    let mut low_value = here.value;
    let mut step = first;
    for _ in 0..TRIES {
        for ((next, x), p) in next.x.iter_mut().zip(&here.x).zip(direction) {
            *next = x + step * p;
        }
        land.project(&mut next.x);
        let promise: f64 = next.x.iter().zip(&here.x).zip(&here.slope).map(|((to, from), g)| (to - from) * g).sum();
        if next.x == here.x || (low > 0.0 && next.x == spare.x) {
            break;
        }
        next.value = land.value(&next.x)?;
        let sinks = next.value <= here.value + ARMIJO * promise && promise < 0.0;
        let level = next.value <= here.value + NOISE * here.value.abs();
        if (sinks || level) && promise < 0.0 {
            let finite = land.slope(&next.x, next.value, &mut next.slope)?;
            let left: f64 = next.x.iter().zip(&here.x).zip(&next.slope).map(|((to, from), g)| (to - from) * g).sum();
            if finite {
                if left >= flat * promise && (sinks || left <= -0.8 * promise) {
                    return Ok(Search::Found { step });
                }
                if sinks && left < flat * promise {
                    // Too short: the way still falls steeply. Where the slope would vanish if it changed evenly, lies the next try.
                    let slope = left / step;
                    let even = step + slope * (step - low) / (low_slope - slope);
                    (low, low_slope, low_value) = (step, slope, next.value);
                    std::mem::swap(next, spare);
                    step = if high.is_finite() {
                        even_or_middle(even, low, high)
                    } else if even.is_finite() && even > low {
                        even.clamp(2.0 * low, 10.0 * low)
                    } else {
                        10.0 * low
                    };
                    continue;
                }
            }
        }
        // Too long.
        high = step;
        let parabola = {
            let (width, rise) = (high - low, next.value - low_value);
            low - 0.5 * low_slope * width * width / (rise - low_slope * width)
        };
        step = if next.value.is_finite() && parabola.is_finite() {
            parabola.clamp(low + 0.05 * (high - low), low + 0.6 * (high - low))
        } else {
            low + 0.1 * (high - low)
        };
    }
    if low > 0.0 {
        std::mem::swap(next, spare);
        return Ok(Search::Found { step: low });
    }
    Ok(Search::Failed)
}

fn even_or_middle(even: f64, low: f64, high: f64) -> f64 {
    let margin = 0.1 * (high - low);
    if even.is_finite() { even.clamp(low + margin, high - margin) } else { 0.5 * (low + high) }
}
