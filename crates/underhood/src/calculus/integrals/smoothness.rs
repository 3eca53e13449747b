//! Whether the summands of a sum with equal steps come from a smooth function.
//!
//! Next to a kink or a jump, sums with ever smaller steps may agree by accident. There, the values between others are foretold no better by ten
//! neighbours than by six; of a smooth function that the steps resolve, much better.

/// The weights of the neighbours on both sides, from the nearest on, in the interpolation at the middle between them (Lagrange).
const SIX: [f64; 3] = [150.0 / 256.0, -25.0 / 256.0, 3.0 / 256.0];
const TEN: [f64; 5] = [39690.0 / 65536.0, -8820.0 / 65536.0, 2268.0 / 65536.0, -405.0 / 65536.0, 35.0 / 65536.0];

/// Ten neighbours leave this part, or less, of what six of them leave.
const BETTER: f64 = 0.25;

/// How many neighbours on each side a value must have.
pub(super) const REACH: usize = 9;

/// A place where the summands do not look smooth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Suspect {
    /// Which summand it is.
    pub(super) place: usize,
    /// By how much it differs from what its neighbours foretell.
    pub(super) misfit: f64,
}

/// What lies in the middle between these values on both sides, from the nearest on.
fn foretold<const N: usize>(weights: &[f64; N], both: impl Fn(usize) -> f64) -> f64 {
    weights.iter().enumerate().map(|(k, weight)| weight * both(k)).sum()
}

/// Suspects among the summands with odd numbers, the worst first, no two of them close together. `first` is the number of the first summand.
pub(super) fn suspects(first: i64, values: &[f64]) -> Vec<Suspect> {
    let top = values.iter().fold(0.0, |top: f64, value| top.max(value.abs()));
    let six = |i: usize| values[i] - foretold(&SIX, |k| values[i - 2 * k - 1] + values[i + 2 * k + 1]);
    let ten = |i: usize| values[i] - foretold(&TEN, |k| values[i - 2 * k - 1] + values[i + 2 * k + 1]);
    let mut found = Vec::new();
    for i in (REACH..values.len().saturating_sub(REACH)).filter(|i| (first + *i as i64).rem_euclid(2) == 1) {
        let misfit = ten(i).abs();
        // Where one is zero by accident, its neighbours are not.
        let coarse = [i - 4, i - 2, i, i + 2, i + 4].map(|i| six(i).abs()).into_iter().fold(0.0, f64::max);
        if misfit > 64.0 * f64::EPSILON * top && misfit > BETTER * coarse {
            found.push(Suspect { place: i, misfit });
        }
    }
    found.sort_by(|a, b| b.misfit.total_cmp(&a.misfit));
    let mut apart: Vec<Suspect> = Vec::new();
    for suspect in found {
        if apart.iter().all(|worse| worse.place.abs_diff(suspect.place) > 4) {
            apart.push(suspect);
        }
    }
    apart
}

/// The four places around a suspect, in steps from it, at which a closer look is taken.
pub(super) const CLOSER: [f64; 4] = [-1.5, -0.5, 0.5, 1.5];

/// Whether the values at these places say that the suspect is a kink or a jump: half as far apart, a smooth function is foretold far better.
pub(super) fn confirmed(values: &[f64], suspect: Suspect, closer: [f64; 4]) -> bool {
    let misfit = |j: usize| {
        // The place lies between this summand and the next.
        let below = suspect.place + j - 2;
        (closer[j] - foretold(&TEN, |k| values[below - k] + values[below + 1 + k])).abs()
    };
    (0..4).map(misfit).fold(0.0, f64::max) > 0.05 * suspect.misfit
}

#[cfg(test)]
mod tests {
    use super::{CLOSER, confirmed, suspects};

    /// Summands of a function with a step, and whether any of them is a suspect, and one that a closer look confirms.
    fn seen(f: impl Fn(f64) -> f64, step: f64) -> (bool, bool) {
        let count = (8.0 / step) as i64;
        let values: Vec<f64> = (-count..=count).map(|j| f(j as f64 * step)).collect();
        let found = suspects(-count, &values);
        let closer = |place: usize| CLOSER.map(|part| f((place as f64 - count as f64 + part) * step));
        (!found.is_empty(), found.iter().any(|suspect| confirmed(&values, *suspect, closer(suspect.place))))
    }

    #[test]
    fn kinks_and_jumps_are_seen_and_nothing_else() {
        for k in 0..50 {
            let at = 0.0317 * f64::from(k) - 0.8;
            for step in [0.125, 0.0625] {
                let bell = |s: f64| (-s * s).exp();
                assert_eq!(seen(|s| bell(s) * (1.0 + (s - at).abs()), step), (true, true), "{at} {step}");
                assert_eq!(seen(|s| bell(s) * if s > at { 1.0 } else { 1.1 }, step), (true, true), "{at} {step}");
                assert!(!seen(|s| bell(s - at), step).1 && !seen(|s| 1.0 / (s - at).cosh(), step).1, "{at} {step}");
            }
        }
    }
}
