//! Quantiles of composed distributions: the place where a tail has its probability, between two brackets.

use crate::distributions::Distribution;

/// The x in [low, high] with P(X ≤ x) = p (`upper` false) or P(X > x) = p, by false position on the logarithm of the tail, safeguarded by
/// bisection (the ITP idea of Oliveira and Takahashi 2020, doi:10.1145/3423597, in its simplest form: a guess that did not halve the bracket is
/// followed by a bisection).
pub(super) fn quantile<D: Distribution + ?Sized>(distribution: &D, p: f64, upper: bool, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    if !(low < high) {
        return low;
    }
    let log_p = p.ln();
    // Rising from negative to positive on the way from low to high.
    let excess = |x: f64| {
        if upper { log_p - distribution.logsf(x) } else { distribution.logcdf(x) - log_p }
    };
    let (mut at_low, mut at_high) = (excess(low), excess(high));
    for round in 0..160 {
        if at_low >= 0.0 {
            return low;
        }
        if at_high < 0.0 {
            return high;
        }
        let width = high - low;
        let middle = midpoint(low, high);
        if !(low < middle && middle < high) {
            break;
        }
        let mut guess = (low * at_high - high * at_low) / (at_high - at_low);
        // A guess next to an end would gain nothing from the other side: a little further in.
        let margin = 1e-3 * width;
        guess = guess.clamp(low + margin, high - margin);
        if round % 2 == 1 || !guess.is_finite() || !(low < guess && guess < high) {
            guess = middle;
        }
        let found = excess(guess);
        if found.is_nan() {
            return f64::NAN;
        }
        // On a flat stretch the smallest x is wanted: equality counts as beyond for P(X ≤ x) = p, and on for P(X > x) = p, too.
        if found < 0.0 {
            (low, at_low) = (guess, found);
        } else {
            (high, at_high) = (guess, found);
        }
    }
    if at_high == 0.0 || at_high < -at_low { high } else { low }
}

/// Halfway in the order of the doubles, so that sixty-four halvings lead anywhere: also from −1e10 to 1e-300.
fn midpoint(low: f64, high: f64) -> f64 {
    let place = |x: f64| {
        let bits = x.to_bits() as i64;
        i128::from(if bits < 0 { i64::MIN - bits } else { bits })
    };
    let middle = ((place(low) + place(high)).div_euclid(2)) as i64;
    f64::from_bits((if middle < 0 { i64::MIN - middle } else { middle }) as u64)
}

/// The smallest whole number k in (low, high] for which `reached` holds; it holds from some k on, and at `high`.
pub(super) fn smallest(low: f64, high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    while high - low > 1.0 {
        let middle = (low + 0.5 * (high - low)).floor();
        if !(low < middle && middle < high) {
            break;
        }
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Where the logarithm of a density is largest among some points, refined by golden sections between the neighbours of the best (Kiefer 1953).
pub(super) fn peak(points: &mut Vec<f64>, log_density: impl Fn(f64) -> f64) -> f64 {
    points.retain(|x| x.is_finite());
    points.sort_unstable_by(f64::total_cmp);
    points.dedup();
    let values: Vec<f64> = points.iter().map(|&x| log_density(x)).collect();
    let Some(best) = (0..points.len()).reduce(|best, i| if values[i] > values[best] { i } else { best }) else {
        return f64::NAN;
    };
    let (mut low, mut high) = (points[best.saturating_sub(1)], points[(best + 1).min(points.len() - 1)]);
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (log_density(a), log_density(b));
    for _ in 0..90 {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = log_density(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = log_density(b);
        }
    }
    let found = 0.5 * (low + high);
    if log_density(found) > values[best] { found } else { points[best] }
}
