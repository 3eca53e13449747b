//! Ranges of many decades next to an end that is not zero: from 1e-100 to 1, or from 1 to 1e300.
//!
//! In v = ln(x/a), where a is the end, such a range is short, and powers are exponentials. Halving in x would need a round for each factor of two.

use std::f64::consts::LN_10;

use super::chart::{Chart, Corner, Integrand};
use super::rule::{Found, POINTS, RIM, measured};
use crate::error::Result;

/// Shorter ranges are left to halving.
const WIDE: f64 = 1e6;

/// The decades of one piece, which is halved where the rule is not enough.
const PIECE: f64 = 6.0;

/// The integral over a corner that reaches many times as far as its end lies from zero; none over others.
pub(super) fn decades(integrand: &mut Integrand<'_>, corner: Corner) -> Result<Option<Found>> {
    let Corner { chart, at, side, reach } = corner;
    if chart != Chart::Finite || !(at * side > 0.0 && reach > WIDE * at.abs()) {
        return Ok(None);
    }
    // The quotient itself may overflow.
    let length = (at.abs() + reach).ln() - at.abs().ln();
    let pieces = (length / (PIECE * LN_10)).ceil();
    let mut total = Found::default();
    let mut border: Option<f64> = None;
    for j in 0..pieces as usize {
        let (low, high) = (length * (j as f64 / pieces), length * ((j + 1) as f64 / pieces));
        let mut sampled = |v: &[f64; POINTS], into: &mut [f64; POINTS]| {
            let places = v.map(|v| at * v.exp());
            integrand.at(chart, &places, into)?;
            into.iter_mut().zip(places).for_each(|(value, x)| *value *= x.abs());
            Ok(!integrand.spent())
        };
        let part = measured(&mut sampled, (low, high), 1e-13, 8)?;
        if !part.found.value.is_finite() || integrand.spent() {
            return Ok(None);
        }
        // A jump may hide between the outermost nodes on both sides; so may one at both ends of the whole.
        let jump = border.map_or(0.0, |border| (part.rims[0] - border).abs());
        let gap = if jump * (high - low) > 1e-9 * part.found.size { 2.0 * RIM * (high - low) * jump } else { 0.0 };
        // Of v, and with it of x, rounding takes this part.
        let rounding = f64::EPSILON * (at.abs().ln().abs() + high) * part.found.size;
        total.value += part.found.value;
        total.error += part.found.error + gap + rounding;
        total.size += part.found.size;
        border = Some(part.rims[1]);
    }
    Ok(Some(total))
}
