//! Ends at which an integrand behaves like 1/(x (−ln x)ᵖ): no sum of pieces that shrink geometrically gets anywhere there.
//!
//! In u = −ln τ, where τ is the distance to the end, such an integrand falls like u^(−p). Pieces whose lengths *grow* geometrically in u make a
//! geometric sum of it, which the epsilon algorithm completes: for p = 1.1 doubles hold but half of the integral, and the other half follows. Where
//! all of these pieces are equal (1/(x ln x)), or grow, there is no integral.

use super::chart::{Corner, Integrand};
use super::extrapolation::epsilon;
use super::rule::{Found, POINTS, halved};
use crate::error::Result;

/// How many pieces the range of u is cut into.
const PIECES: i32 = 24;

/// The pieces must get smaller by this part of themselves to be completed, and may not get smaller by this part of themselves to be a divergence.
const FALLING: f64 = 1e-5;
const STANDING: f64 = 1e-8;

/// What is left of an integral towards its end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tail {
    Found(Found),
    Diverges,
    Unknown,
}

/// The integral over the distances below e^(−from), by pieces that are geometric in u + shift.
pub(super) fn logarithmic_tail(
    integrand: &mut Integrand<'_>,
    corner: Corner,
    (from, shift): (f64, f64),
) -> Result<Tail> {
    let to = -(2.0 * corner.chart.least()).ln();
    let (start, stretch) = (from + shift, ((to + shift) / (from + shift)).powf(1.0 / f64::from(PIECES)));
    if !(start > 1.0 && stretch > 1.02) {
        return Ok(Tail::Unknown);
    }
    let border = |j: i32| start * stretch.powi(j) - shift;
    let (mut terms, mut sums) = (Vec::new(), vec![0.0]);
    let (mut sum, mut size, mut doubt) = (0.0, 0.0, 0.0);
    for j in 0..PIECES {
        let mut sampled = |u: &[f64; POINTS], into: &mut [f64; POINTS]| {
            let distances = u.map(|u| (-u).exp());
            integrand.at(corner.chart, &distances.map(|tau| corner.coordinate(tau)), into)?;
            into.iter_mut().zip(distances).for_each(|(value, tau)| *value *= tau);
            Ok(!integrand.spent())
        };
        let found = halved(&mut sampled, (border(j), border(j + 1)), 1e-14, 6)?;
        if !found.value.is_finite() || integrand.spent() {
            return Ok(Tail::Unknown);
        }
        sum += found.value;
        size += found.size;
        doubt += found.error;
        terms.push(found);
        sums.push(sum);
    }
    let ratio = |k: usize| terms[k].value / terms[k - 1].value;
    let blur = |k: usize| {
        4.0 * (terms[k].error / terms[k].value).abs() + 4.0 * (terms[k - 1].error / terms[k - 1].value).abs()
    };
    let n = terms.len();
    let stands = |k: usize| ratio(k) >= 1.0 - STANDING - blur(k) && ratio(k) < 1e6 && blur(k) < 1e-6;
    if (n - 8..n).all(stands) {
        return Ok(Tail::Diverges);
    }
    let last = ratio(n - 1);
    let slowing = |k: usize| (slows(ratio(k), ratio(k - 1)) - blur(k) / (1.0 - ratio(k)).powi(2)).max(0.0);
    // What the shift leaves dies away from piece to piece; a logarithm of the logarithm does not.
    let steady = slowing(n - 1) <= SLOWING || slowing(n - 1) <= 0.6 * slowing(n - 9);
    if !(last.abs() < 1.0 - FALLING && steady) {
        return Ok(Tail::Unknown);
    }
    let limit = epsilon(&sums);
    let rounding = 8.0 * f64::EPSILON * terms[n - 1].value.abs() / (1.0 - last).powi(2);
    let error = 15.0 * limit.error + doubt / (1.0 - last.abs()) + rounding;
    Ok(Tail::Found(Found { value: limit.value, error, size: size.max(limit.value.abs()) }))
}

/// Pieces whose ratio slows down more than this are no geometric sum.
pub(super) const SLOWING: f64 = 0.2;

/// How much the ratio of neighbouring pieces changes while they get smaller to a part of themselves: nothing in a geometric sum, about 1/p in a sum of
/// powers k^(−p), however close to 1 the ratio has come.
pub(super) fn slows(ratio: f64, previous: f64) -> f64 {
    (ratio - previous).abs() / (1.0 - ratio).powi(2)
}
