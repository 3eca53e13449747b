//! Multiple roots, towards which Newton's steps and the secant's only shrink by a fixed part: where that leads, by A. C. Aitken's extrapolation (1926),
//! and steps as many times as long as the root has multiplicity, which converge fast again. A. Ralston, Ph. Rabinowitz, "A First Course in Numerical
//! Analysis" (1978), section 8.6.
//!
//! At a root of even multiplicity no sign changes, and a curve that turns back shortly above zero looks the same from afar. It is told from a root
//! by what is left: no more than rounding, or than moving x to the next number makes of it.

use crate::error::Result;
use crate::optimize::noise::noise;

type Function<'a> = &'a mut dyn FnMut(f64) -> Result<f64>;

/// A root where steps shrink by a fixed part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Multiple {
    pub(super) root: f64,
    pub(super) value: f64,
    pub(super) order: f64,
}

/// Whether the last steps have all shrunk by the same part.
pub(super) fn creeps(path: &[f64]) -> bool {
    let [.., a, b, c, d, e] = *path else { return false };
    let parts = [(c - b) / (b - a), (d - c) / (c - b), (e - d) / (d - c)];
    parts.iter().all(|part| (0.3..0.99).contains(part) && (part - parts[2]).abs() < 0.01)
}

/// The root to which the last three iterates lead, if there is one. `reach` is how far around it rounding is looked for.
pub(super) fn settle(f: Function<'_>, path: &[f64], values: &[f64], reach: f64) -> Result<Option<Multiple>> {
    const STEPS: usize = 30;
    let [.., first, second, x] = *path else { return Ok(None) };
    let [.., value] = *values else { return Ok(None) };
    let (last, step) = (second - first, x - second);
    let limit = x - step * step / (step - last);
    if !limit.is_finite() || limit == x {
        return Ok(None);
    }
    let order = (x - limit) * slope(f, x, x - limit)? / value;
    if !(order > 1.2 && order < 100.0) {
        return Ok(None);
    }
    let order = if (order - order.round()).abs() < 0.1 * order { order.round() } else { order };
    let mut best = Multiple { root: x, value, order };
    let mut next = limit;
    for _ in 0..STEPS {
        let height = f(next)?;
        if !height.is_finite() || height.abs() > 0.5 * best.value.abs() {
            break;
        }
        let way = next - best.root;
        best = Multiple { root: next, value: height, order };
        if height == 0.0 {
            return Ok(Some(best));
        }
        next = best.root - step_of(f, best, way)?;
    }
    Ok((best.root != x && blurred(f, best, reach)?).then_some(best))
}

/// Newton's step, as many times as long as the root's order: by differences over ways that become shorter until they are short beside the step itself.
fn step_of(f: Function<'_>, at: Multiple, way: f64) -> Result<f64> {
    let Multiple { root, value, order } = at;
    let (mut way, mut step) = (way.abs(), f64::NAN);
    for _ in 0..6 {
        step = order * value / slope(f, root, way)?;
        let h = difference(root, way);
        if !step.is_finite() || step.abs() >= 3.0 * h || h <= difference(root, 0.0) {
            break;
        }
        way = 30.0 * step.abs();
    }
    Ok(step)
}

fn difference(x: f64, way: f64) -> f64 {
    (1e-3 * way.abs()).max(4.0 * f64::EPSILON * x.abs())
}

/// f′, by differences over a small part of the way that was gone: at a multiple root it changes as fast as that.
fn slope(f: Function<'_>, x: f64, way: f64) -> Result<f64> {
    let h = difference(x, way);
    let (high, low) = (x + h, x - h);
    Ok((f(high)? - f(low)?) / (high - low))
}

/// Whether what is left of f is rounding.
fn blurred(f: Function<'_>, at: Multiple, reach: f64) -> Result<bool> {
    const NEARER: f64 = 1e-3;
    const LASTING: f64 = 0.05;
    let Multiple { root, value, .. } = at;
    let mut moved = 0.0_f64;
    for numbers in [-2.0, -1.0, 1.0, 2.0] {
        let there = f(root + numbers * f64::EPSILON * root.abs())?;
        if there * value <= 0.0 {
            return Ok(true);
        }
        moved = moved.max((there - value).abs());
    }
    let reach = reach.max(1e-7 * root.abs());
    let mut samples = |spacing: f64| -> Result<f64> {
        let mut samples = [0.0; 7];
        for (k, sample) in samples.iter_mut().enumerate() {
            *sample = f(root + spacing * (k as f64 - 3.0))?;
        }
        Ok(noise(samples))
    };
    let (far, near) = (samples(0.7548 * reach)?, samples(0.7548 * NEARER * reach)?);
    let lasting = if near >= LASTING * far { far } else { 0.0 };
    Ok(value.abs() <= (16.0 * lasting).max(4.0 * moved))
}
