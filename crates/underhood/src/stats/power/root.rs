//! Where a rising function crosses zero: regula falsi as M. Dowell and P. Jarratt (1971, doi:10.1007/BF01934364) keep it from sticking to one
//! end ("Illinois"), with bisection when it is slow.

/// So often is the function asked at most.
pub(super) const MOST_STEPS: usize = 200;

/// The zero of `f` between `low`, where it is negative, and `high`, where it is not.
pub(super) fn rising_root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    let mut last = f64::NAN;
    for step in 0..MOST_STEPS {
        let width = high - low;
        if width <= 2.0 * f64::EPSILON * high.abs().max(low.abs()) {
            break;
        }
        let chord = low - at_low / (at_high - at_low) * width;
        let x = if step % 6 == 5 || !(chord > low && chord < high) { 0.5 * (low + high) } else { chord };
        let value = f(x);
        if value < 0.0 {
            (low, at_low) = (x, value);
            if last < 0.0 {
                at_high *= 0.5;
            }
        } else if value > 0.0 {
            (high, at_high) = (x, value);
            if last > 0.0 {
                at_low *= 0.5;
            }
        } else {
            return x;
        }
        last = value;
        // So flat that the next step would be lost in rounding.
        if value.abs() <= f64::EPSILON * 0.5 {
            return x;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_bent_and_infinite_functions_are_solved() {
        assert!((rising_root(0.0, 3.0, |x| x * x - 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((rising_root(0.0, 1e6, |x| x.ln() + 3.0) - (-3.0_f64).exp()).abs() < 1e-16);
        assert!((rising_root(-1.0, 50.0, |x| (x - 0.3).powi(9)) - 0.3).abs() < 1e-1);
        assert_eq!(rising_root(0.0, 8.0, |x| x - 3.0), 3.0);
    }
}
