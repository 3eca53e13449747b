//! Approaching an end that is too singular for anything else: ever smaller pieces, and their sum carried to the limit.
//!
//! Towards the end the interval is cut into pieces, each a quarter as long as the one before. On each of them a power is smooth, and the
//! pieces of a power make a geometric sum, which the epsilon algorithm completes: ∫ x^(−0.99) needs no points next to zero. The pieces also
//! tell when there is no limit: those of 1/x are all equal, those of 1/x² grow. Where they fall more and more slowly, the logarithm decides.
//!
//! Source: E. de Doncker, "An adaptive extrapolation algorithm for automatic integration", ACM SIGNUM Newsletter 13 (1978) 12–18,
//! doi:10.1145/1053402.1053403.

use super::chart::{Chart, Corner, Integrand};
use super::extrapolation::epsilon;
use super::logarithm::{SLOWING, Tail, logarithmic_tail, slows};
use super::rule::{Found, Measured, POINTS, RIM, measured};
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
    /// It behaves like 1/(x log x), or falls more slowly still.
    Logarithm,
    /// It grows until doubles overflow.
    Growth,
    /// It oscillates, and the areas of its waves do not fall to zero.
    Waves,
}

/// Each piece is so much shorter than the one before.
const SHRINK: f64 = 0.25;

/// Pieces that do not get smaller are a divergence only after so many: nearer to the end they might.
const PATIENCE: usize = 60;

/// Neighbours whose values differ by this part, where they meet, may have a jump between them.
const APART: f64 = 1e-7;

/// After so many pieces it is clear whether they fall geometrically; if not, the logarithm's way is tried.
const CLEAR: usize = 20;

/// The integral over a corner by pieces and extrapolation: the best that can be had, with infinite error where nothing can be said.
pub(super) fn approach(
    integrand: &mut Integrand<'_>,
    corner: Corner,
    tolerance: &dyn Fn(f64) -> f64,
) -> Result<Verdict> {
    let grain = corner.grain();
    let least = if grain == 0.0 { corner.chart.least() / corner.reach.min(1.0) } else { grain * 1e5 };
    let (mut pieces, mut sums) = (Vec::<Found>::new(), Vec::<f64>::new());
    let (mut sum, mut doubt, mut size) = (0.0, 0.0, 0.0);
    let mut best = Found { value: f64::NAN, error: f64::INFINITY, size: 0.0 };
    let mut upper = corner.reach;
    let (mut last_slowing, mut changes, mut ended) = (f64::INFINITY, [f64::INFINITY; 2], false);
    // The integrand where the piece before ended, and how wide that was.
    let mut border = (integrand.one(corner.chart, corner.coordinate(upper))?, 0.0);
    while upper * SHRINK > least && !integrand.spent() {
        let power = match pieces[..] {
            [.., a, b] if b.value / a.value > 0.0 => (b.value / a.value).ln() / SHRINK.ln() - 1.0,
            _ => 0.0,
        };
        let Measured { found, rims } = piece(integrand, corner, (upper * SHRINK, upper), power)?;
        if !found.value.is_finite() {
            ended = true;
            break;
        }
        // A jump may hide between the outermost nodes on both sides.
        let (jump, width) = ((rims[1] - border.0).abs(), upper - upper * SHRINK);
        if jump * width > APART.max(10.0 * grain / upper) * found.size {
            doubt += RIM * (width + border.1) * jump;
        }
        border = (rims[0], width);
        sum += found.value;
        size += found.size;
        doubt += found.error;
        pieces.push(found);
        sums.push(sum);
        upper *= SHRINK;
        let [.., a, b, c] = pieces[..] else { continue };
        let (ratio, previous) = (c.value / b.value, b.value / a.value);
        let change = (ratio - previous).abs();
        if !(change <= 2.0 * changes[0].max(changes[1]) + 8.0 * (noise(a) + noise(b)) + 1e-12) {
            // Something stands here that was not foreseen, as a jump: what the pieces before it say is void.
            best.error = f64::INFINITY;
            sums = vec![sum];
        }
        changes = [changes[1], change];
        if pieces.len() < 6 || sums.len() < 5 {
            continue;
        }
        // What a shift of the end by one double would change.
        let shift = grain * c.value.abs() / upper;
        if c.value.abs() <= f64::EPSILON * size && b.value.abs() <= 16.0 * f64::EPSILON * size {
            best = Found { value: sum, error: doubt + c.value.abs() + shift, size };
            break;
        }
        let blur = noise(a) + noise(b) + noise(c);
        let slowing = (slows(ratio, previous) - blur / (1.0 - ratio).powi(2)).max(0.0);
        let small = 0.1 * (1.0 - ratio.abs()) + 0.02 * ratio.abs();
        let steady = ratio.abs() < 1.0 - 1e-6 && slowing <= SLOWING && change < small;
        let limit = epsilon(&sums);
        // Where the ratio still changes, and not geometrically less and less, the estimates agree better than they are.
        let caution = if slowing > 0.6 * last_slowing { 60.0 } else { 1.0 };
        last_slowing = slowing;
        // What rounding of the ratio does to the rest of the sum.
        let rounding = 8.0 * f64::EPSILON * c.value.abs() / (1.0 - ratio).powi(2);
        let error = caution * (1.0 + 50.0 * slowing) * limit.error + doubt + shift + rounding;
        if steady && error < best.error {
            best = Found { value: limit.value, error, size: size.max(limit.value.abs()) };
        }
        if pieces.len() == CLEAR && grain == 0.0 && ratio > 0.5 && slowing > 0.25 * SLOWING {
            match logarithmic_tail(integrand, corner, clock(&pieces, upper))? {
                Tail::Diverges => return Ok(Verdict::Diverges(Divergence::Logarithm)),
                Tail::Found(tail) if tail.error + doubt < best.error => {
                    best = Found { value: sum + tail.value, error: tail.error + doubt, size: size + tail.size };
                }
                _ => {}
            }
        }
        if best.error <= 0.3 * tolerance(best.value) && pieces.len() >= 8 {
            break;
        }
        if pieces.len() >= PATIENCE && grows(&pieces, 1e-8) && is_end(integrand, corner, upper)? {
            return Ok(Verdict::Diverges(Divergence::Power(power)));
        }
    }
    if pieces.len() < 8 && overflows(integrand, corner)? {
        return Ok(Verdict::Diverges(Divergence::Growth));
    }
    if best.error > tolerance(best.value) {
        if grows(&pieces, 1e-8 + 20.0 * grain / upper) && is_end(integrand, corner, upper)? {
            return Ok(Verdict::Diverges(Divergence::Power(power_of(&pieces, pieces.len() - 1))));
        }
        if ended && let Some(power) = grew_to_the_end(&pieces) {
            return Ok(Verdict::Diverges(Divergence::Power(power)));
        }
    }
    if best.error.is_infinite() {
        best.value = sum;
        best.size = size;
    }
    Ok(Verdict::Found(best))
}

/// Whether pieces down to this distance speak for the end itself: 1/x grows for long towards 1e-100, and has an integral from there on.
fn is_end(integrand: &mut Integrand<'_>, corner: Corner, upper: f64) -> Result<bool> {
    if corner.chart != Chart::Finite || corner.at != 0.0 {
        return Ok(corner.at == 0.0 || upper < 1e-3 * corner.at.abs());
    }
    if integrand.is_line_of_many {
        // One line next to a pole is not worth the calls; what is refused counts as one of its own.
        return Ok(true);
    }
    let [here, near] = [0.0, corner.coordinate(upper)].map(|t| integrand.one(corner.chart, t));
    let (here, near) = (here?.abs(), near?.abs());
    Ok(!(here.is_finite() && here >= near))
}

/// The relative error of a piece.
fn noise(piece: Found) -> f64 {
    4.0 * (piece.error / piece.value).abs()
}

/// Where the pieces end on the scale of −log τ, and the shift of that scale on which they fall like a power.
fn clock(pieces: &[Found], end: f64) -> (f64, f64) {
    let from = -end.ln();
    let fall = |k: usize| pieces[k].value / (pieces[k - 1].value - pieces[k].value);
    let (last, middle) = (pieces.len() - 1, pieces.len() / 2);
    let per_piece = (fall(last) - fall(middle)) / (last - middle) as f64;
    // Of ∫ (u + c)^(−p) over steps h the ratios tell (u + c)/(ph) to second order.
    let (step, power) = (-SHRINK.ln(), 1.0 / per_piece);
    let shift = step * (power * fall(last) + 0.5 * power + 1.0) - from;
    (from, if shift.is_finite() { shift.clamp(-0.7 * from, 20.0 * from) } else { 0.0 })
}

/// The power of the distance that an integrand with these pieces follows there.
fn power_of(pieces: &[Found], k: usize) -> f64 {
    (pieces[k].value / pieces[k - 1].value).ln() / SHRINK.ln() - 1.0
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
fn grows(pieces: &[Found], slack: f64) -> bool {
    let holds = |pair: &[Found]| {
        let ratio = pair[1].value / pair[0].value;
        ratio >= 1.0 - slack && ratio < 1e6
    };
    pieces.len() >= 8 && pieces[pieces.len() - 7..].windows(2).all(holds)
}

/// Whether the pieces never got smaller, but for rounding, before f had no finite value any more; and the power of the distance that they followed
/// while rounding was small. `1/(eˣ − 1)` is 1/x, shaken more and more, and infinite from 1e-16 on.
fn grew_to_the_end(pieces: &[Found]) -> Option<f64> {
    let n = pieces.len();
    let stands = |k: usize| {
        let (ratio, blur) = (pieces[k].value / pieces[k - 1].value, noise(pieces[k]) + noise(pieces[k - 1]));
        ratio >= 1.0 - 1e-8 - 3.0 * blur && ratio < 1e6
    };
    let clear = (1..n).rev().find(|&k| noise(pieces[k]) < 1e-6)?;
    (n >= 12 && clear >= 6 && (n / 2..n).all(stands)).then(|| power_of(pieces, clear))
}

/// The integral over distances from `low` to `high`, halved where one rule is not enough. Places are rounded; to first order that is
/// mended by the power that the integrand follows.
fn piece(integrand: &mut Integrand<'_>, corner: Corner, (low, high): (f64, f64), power: f64) -> Result<Measured> {
    let grain = corner.grain();
    let mut sampled = |distances: &[f64; POINTS], into: &mut [f64; POINTS]| {
        let places = distances.map(|tau| corner.coordinate(tau));
        integrand.at(corner.chart, &places, into)?;
        if grain > 0.0 {
            for i in 0..POINTS {
                into[i] *= (distances[i] / corner.distance(places[i])).powf(power);
            }
        }
        Ok(!integrand.spent())
    };
    measured(&mut sampled, (low, high), 1e-13_f64.max(0.1 * grain / low), 8)
}
