//! Approaching an end that is too singular for anything else: ever smaller pieces, and their sum carried to the limit.
//!
//! Towards the end the interval is cut into pieces, each a quarter as long as the one before. On each of them a power is smooth, and the
//! pieces of a power make a geometric sum, which the epsilon algorithm completes: ∫ x^(−0.99) needs no points next to zero. The pieces also
//! tell when there is no limit: those of 1/x are all equal, those of 1/x² grow.
//!
//! Source: E. de Doncker, "An adaptive extrapolation algorithm for automatic integration", ACM SIGNUM Newsletter 13 (1978) 12–18,
//! doi:10.1145/1053402.1053403.

use super::chart::{Corner, Integrand};
use super::extrapolation::epsilon;
use super::rule::{Found, POINTS, rule};
use crate::error::Result;

/// What became of an approach to an end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict {
    /// The integral, as good as its error says.
    Found(Found),
    /// There is none.
    Diverges(Divergence),
}

/// How an integral diverges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Divergence {
    /// The integrand behaves like this power of the distance to the end.
    Power(f64),
    /// It grows until doubles overflow.
    Growth,
    /// It oscillates, and the areas of its waves do not fall to zero.
    Waves,
}

/// Each piece is so much shorter than the one before.
const SHRINK: f64 = 0.25;

/// Pieces that do not get smaller are a divergence only after so many: nearer to the end they might.
const PATIENCE: usize = 60;

/// The integral over a corner by pieces and extrapolation.
pub(super) fn approach(
    integrand: &mut Integrand<'_>,
    corner: Corner,
    tolerance: &dyn Fn(f64) -> f64,
) -> Result<Verdict> {
    let grain = corner.grain();
    let least = if grain == 0.0 { corner.chart.least() / corner.reach.min(1.0) } else { grain * 1e5 };
    let (mut terms, mut sums) = (Vec::<f64>::new(), Vec::<f64>::new());
    let (mut sum, mut doubt, mut size) = (0.0, 0.0, 0.0);
    let mut best = Found { value: f64::NAN, error: f64::INFINITY, size: 0.0 };
    let mut upper = corner.reach;
    while upper * SHRINK > least && !integrand.spent() {
        let power = match terms[..] {
            [.., a, b] if b / a > 0.0 => (b / a).ln() / SHRINK.ln() - 1.0,
            _ => 0.0,
        };
        let found = piece(integrand, corner, (upper * SHRINK, upper), power, 8)?;
        if !found.value.is_finite() {
            break;
        }
        sum += found.value;
        size += found.size;
        doubt += found.error;
        terms.push(found.value);
        sums.push(sum);
        upper *= SHRINK;
        if terms.len() < 6 {
            continue;
        }
        let [.., a, b, c] = terms[..] else { continue };
        // What a shift of the end by one double would change.
        let shift = grain * c.abs() / upper;
        if c.abs() <= f64::EPSILON * size && b.abs() <= 16.0 * f64::EPSILON * size {
            best = Found { value: sum, error: doubt + c.abs() + shift, size };
            break;
        }
        let (ratio, previous) = (c / b, b / a);
        let steady =
            ratio.abs() < 1.0 - 1e-6 && (ratio - previous).abs() < 0.1 * (1.0 - ratio.abs()) + 0.02 * ratio.abs();
        let limit = epsilon(&sums);
        let error = limit.error + doubt + shift;
        if steady && error < best.error {
            best = Found { value: limit.value, error, size: size.max(limit.value.abs()) };
        }
        if best.error <= 0.3 * tolerance(best.value) && terms.len() >= 8 {
            break;
        }
        if terms.len() >= PATIENCE && grows(&terms, 1e-8) {
            return Ok(Verdict::Diverges(Divergence::Power(power)));
        }
    }
    if terms.len() < 8 && overflows(integrand, corner)? {
        return Ok(Verdict::Diverges(Divergence::Growth));
    }
    if best.error > tolerance(best.value)
        && let Some(power) = divergence(&terms, 20.0 * grain / upper)
    {
        return Ok(Verdict::Diverges(Divergence::Power(power)));
    }
    Ok(Verdict::Found(best))
}

/// Whether the integrand, times the distance, grows towards the end faster and faster until it has no finite value any more.
fn overflows(integrand: &mut Integrand<'_>, corner: Corner) -> Result<bool> {
    let distances: Vec<f64> =
        (0..24).map(|k| corner.reach * 0.5_f64.powi(k)).filter(|tau| *tau > corner.grain()).collect();
    let places: Vec<f64> = distances.iter().skip(1).map(|&tau| corner.coordinate(tau)).collect();
    let mut values = vec![0.0; places.len()];
    integrand.at(corner.chart, &places, &mut values)?;
    let end = values.iter().position(|v| !v.is_finite()).unwrap_or(values.len());
    let grown = values[..end].windows(2).all(|pair| pair[1] / pair[0] > 4.0);
    Ok(grown && end >= 2 && end < values.len() && values[end - 1].abs() > 1e20)
}

/// Whether the last pieces have one sign and do not get smaller.
fn grows(terms: &[f64], slack: f64) -> bool {
    terms.len() >= 8
        && terms[terms.len() - 7..].windows(2).all(|pair| pair[1] / pair[0] >= 1.0 - slack && pair[1] / pair[0] < 1e6)
}

/// The power of the distance that a divergent integrand follows, once no smaller piece can be had.
fn divergence(terms: &[f64], blur: f64) -> Option<f64> {
    let n = terms.len();
    let ratio = |k: usize| terms[k] / terms[k - 1];
    if n >= 8 && grows(terms, 1e-8 + blur) {
        return Some(ratio(n - 1).ln() / SHRINK.ln() - 1.0);
    }
    if n < 200 {
        return None;
    }
    // Pieces that fall like a power of their number: 1/(x ln x) has no integral, 1/(x ln² x) has one.
    let (late, early) = (1.0 - ratio(n - 1), 1.0 - ratio(n / 2));
    let one_sign = terms[n / 2..].iter().all(|t| t * terms[n - 1] > 0.0);
    (one_sign && late < 0.75 * early && late * n as f64 <= 1.1).then_some(-1.0)
}

/// The integral over distances from `low` to `high`, halved where one rule is not enough. Places are rounded; to first order that is
/// mended by the power that the integrand follows.
fn piece(
    integrand: &mut Integrand<'_>,
    corner: Corner,
    (low, high): (f64, f64),
    power: f64,
    depth: usize,
) -> Result<Found> {
    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
    let distances = rule().nodes.map(|node| centre + half * node);
    let places = distances.map(|tau| corner.coordinate(tau));
    let mut values = [0.0; POINTS];
    integrand.at(corner.chart, &places, &mut values)?;
    let grain = corner.grain();
    if grain > 0.0 {
        for i in 0..POINTS {
            values[i] *= (distances[i] / corner.distance(places[i])).powf(power);
        }
    }
    let found = rule().apply(&values, half);
    let enough = (1e-13_f64.max(0.1 * grain / low)) * found.size;
    if !(found.error > enough) || depth == 0 || !found.value.is_finite() || integrand.spent() {
        return Ok(found);
    }
    let left = piece(integrand, corner, (low, centre), power, depth - 1)?;
    let right = piece(integrand, corner, (centre, high), power, depth - 1)?;
    Ok(Found { value: left.value + right.value, error: left.error + right.error, size: left.size + right.size })
}
