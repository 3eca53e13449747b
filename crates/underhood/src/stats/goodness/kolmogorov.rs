//! The distribution of Kolmogorov's distance D between a sample's distribution function and the one that it was drawn from.
//!
//! One-sided: N. V. Smirnov's sum (Z. W. Birnbaum and F. H. Tingey 1951, doi:10.1214/aoms/1177729550), whose terms are all positive:
//! P(D⁺ ≥ d) = d·Σ C(n, j) pⱼʲ⁻¹ (1 − pⱼ)ⁿ⁻ʲ with pⱼ = d + j/n, which are binomial probabilities.
//! Two-sided: twice that where both signs cannot happen together, or hardly (R. Simard and P. L'Ecuyer 2011, doi:10.18637/jss.v039.i11); the
//! exact recursion of `crossing` for samples of moderate size; for large ones, the expansion of W. Pelz and I. J. Good (1976,
//! doi:10.1111/j.2517-6161.1976.tb01579.x), whose error is of the order of n⁻², but of 1, not of the tail: there, twice the one-sided tail less the
//! limit of what that counts twice.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::crossing;
use crate::error::Result;
use crate::special::stirling_error;
use crate::stats::counts::relative_entropy;

/// From n·d² on, P(D⁺ ≥ d and D⁻ ≥ d) is less than 2⁻⁵² of P(D ≥ d): their ratio is about exp(−6nd²).
const ONE_SIDED: f64 = 6.1;

/// From this n·d² on, P(D⁺ ≥ d and D⁻ ≥ d) of large samples is near enough to its limit
/// exp(−8nd²): with more than `QUICK` values, P(D ≥ d) is right to seven digits or more on either side, from 100,000 on to nine.
const TAIL: f64 = 3.0;

/// Up to so many values the exact recursion is made without being asked for; it takes some milliseconds.
const QUICK: usize = 5000;

/// P(D⁺ ≥ d) for n values.
pub(super) fn one_sided(n: usize, d: f64) -> f64 {
    /// What all further terms together may be of the sum.
    const NEGLIGIBLE: f64 = 1e-17;
    if d <= 0.0 {
        return 1.0;
    }
    if d >= 1.0 {
        return 0.0;
    }
    let size = n as f64;
    let c = size * d;
    let of_all = stirling_error(size);
    // d/pⱼ times the binomial probability of j, by its deviance from n·pⱼ = j + c (C. Loader 2000).
    let term = |j: f64| {
        let (k, mean, other_mean) = (size - j, j + c, size - j - c);
        let deviance = mean * relative_entropy(-c / mean) + other_mean * relative_entropy(c / other_mean);
        c / mean * (of_all - stirling_error(j) - stirling_error(k) - deviance).exp() * (size / (TAU * j * k)).sqrt()
    };
    let mut sum = (size * (-d).ln_1p()).exp();
    // Where pⱼ < 1.
    let last = (size - c).ceil() - 1.0;
    if last < 1.0 {
        return sum.min(1.0);
    }
    // The deviance is least about pⱼ = ½ + d/3. Going both ways from there, terms in the tail soon fall, and keep falling.
    let middle = (size / 2.0 - 2.0 * c / 3.0).floor().clamp(1.0, last);
    let mut j = middle;
    while j <= last {
        let further = term(j);
        sum += further;
        if further * (last - j) <= NEGLIGIBLE * sum {
            break;
        }
        j += 1.0;
    }
    j = middle - 1.0;
    while j >= 1.0 {
        let further = term(j);
        sum += further;
        if further * j <= NEGLIGIBLE * sum {
            break;
        }
        j -= 1.0;
    }
    sum.min(1.0)
}

/// P(D ≥ d) for n values, and whether it is exact.
pub(super) fn two_sided(function: &'static str, n: usize, d: f64, exact: bool) -> Result<(f64, bool)> {
    let size = n as f64;
    let from_diagonal = size * d;
    if from_diagonal <= 0.5 {
        return Ok((1.0, true));
    }
    if d >= 0.5 || from_diagonal * d >= ONE_SIDED {
        return Ok((2.0 * one_sided(n, d), true));
    }
    if exact || n <= QUICK {
        return Ok((crossing::probability(function, n, d)?, true));
    }
    let squared = from_diagonal * d;
    if squared >= TAIL {
        return Ok((2.0 * (one_sided(n, d) - (-8.0 * squared).exp()), false));
    }
    Ok((1.0 - expansion(size, size.sqrt() * d), false))
}

/// The limit of P(√n·D ≥ t): 2·Σ (−1)ᵏ⁻¹ exp(−2k²t²) (A. N. Kolmogorov 1933), or one minus Jacobi's transform of that sum.
pub(super) fn limit(t: f64) -> f64 {
    if t <= 0.0 {
        return 1.0;
    }
    if t < 0.8 {
        let terms = (0..5).map(|k| (-(f64::from(2 * k + 1) * PI / t).powi(2) / 8.0).exp());
        return 1.0 - (2.0 * PI).sqrt() / t * terms.sum::<f64>();
    }
    let terms = (1..10).rev().map(|k| {
        let sign = if k % 2 == 1 { 1.0 } else { -1.0 };
        sign * (-2.0 * (f64::from(k) * t).powi(2)).exp()
    });
    (2.0 * terms.sum::<f64>()).min(1.0)
}

/// P(√n·D < x) by Pelz and Good: the limit with three corrections, in powers of 1/√n.
fn expansion(n: f64, x: f64) -> f64 {
    let (x2, pi2) = (x * x, PI * PI);
    let (x4, x6, pi4, pi6) = (x2 * x2, x2 * x2 * x2, pi2 * pi2, pi2 * pi2 * pi2);
    let mut sums = [0.0; 4];
    // The largest terms come last.
    for k in (0..20).rev() {
        // Half-numbers on both sides of zero, and whole ones.
        let (half, whole) = (f64::from(k) + 0.5, f64::from(k));
        let (h2, w2) = (half * half, whole * whole);
        let (h4, h6) = (h2 * h2, h2 * h2 * h2);
        let (at_half, at_whole) = (2.0 * (-pi2 * h2 / (2.0 * x2)).exp(), 2.0 * (-pi2 * w2 / (2.0 * x2)).exp());
        sums[0] += at_half / 2.0;
        sums[1] += (pi2 * h2 - x2) * at_half;
        sums[2] += (6.0 * x6 + 2.0 * x4 + pi2 * h2 * (2.0 * x4 - 5.0 * x2) + pi4 * h4 * (1.0 - 2.0 * x2)) * at_half
            / (72.0 * x6 * x)
            - pi2 * w2 * at_whole / (36.0 * x2 * x);
        sums[3] +=
            (pi6 * h6 * (5.0 - 30.0 * x2) + pi4 * h4 * (-60.0 * x2 + 212.0 * x4) + pi2 * h2 * (135.0 * x4 - 96.0 * x6)
                - 30.0 * x6
                - 90.0 * x4 * x4)
                * at_half
                / (6480.0 * x6 * x4)
                + (-pi4 * w2 * w2 + 3.0 * pi2 * w2 * x2) * at_whole / (216.0 * x6);
    }
    let root = FRAC_PI_2.sqrt();
    let (k0, k1) = ((2.0 * PI).sqrt() / x * sums[0], root / (6.0 * x4) * sums[1]);
    let (k2, k3) = (root * sums[2], root * sums[3]);
    (k0 + (k1 + (k2 + k3 / n.sqrt()) / n.sqrt()) / n.sqrt()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn one_sided_has_its_closed_forms() {
        // One value: 1 − d. Two: (1 − d)² + 2d·max(½ − d, 0).
        for d in [0.01, 0.3, 0.49, 0.5, 0.7, 0.99] {
            assert_relative_eq!(one_sided(1, d), 1.0 - d, max_relative = 1e-14);
            let two = (1.0 - d) * (1.0 - d) + 2.0 * d * f64::max(0.5 - d, 0.0);
            assert_relative_eq!(one_sided(2, d), two, max_relative = 1e-14);
        }
    }

    #[test]
    fn two_sided_is_marsaglias_example() {
        // G. Marsaglia, W. W. Tsang and J. Wang (2003, doi:10.18637/jss.v008.i18): P(D₁₀ < 0.274) = 0.6284796154565…
        let (p, exact) = two_sided("f", 10, 0.274, true).unwrap();
        assert_relative_eq!(1.0 - p, 0.628_479_615_456_504_3, max_relative = 1e-13);
        assert!(exact);
        assert_eq!(two_sided("f", 10, 0.05, true).unwrap().0, 1.0);
        assert_eq!(two_sided("f", 10, 1.0, true).unwrap().0, 0.0);
    }

    #[test]
    fn ways_agree_where_they_meet() {
        // Recursion and twice the one-sided tail.
        for n in [20, 100, 400] {
            let d = (ONE_SIDED / n as f64).sqrt();
            assert_relative_eq!(crossing::probability("f", n, d).unwrap(), 2.0 * one_sided(n, d), max_relative = 1e-11);
        }
        // Recursion and expansion; its error falls with n².
        for t in [0.4, 0.6, 0.9, 1.3, 1.8] {
            for n in [500_usize, 1000, 2000] {
                let size = n as f64;
                let exact = crossing::probability("f", n, t / size.sqrt()).unwrap();
                assert_relative_eq!(1.0 - expansion(size, t), exact, epsilon = 1.0 / (size * size));
            }
        }
    }

    #[test]
    fn one_sided_is_smirnovs_sum() {
        // The sum's terms in 50 digits (mpmath).
        for (n, d, expected) in [
            (10, 0.25, 0.244_913_724_833_984_375),
            (50, 0.001, 0.998_949_805_362_203_046),
            (1000, 0.05, 0.006_506_037_390_545_165_81),
            (1000, 0.4, 3.317_284_306_575_222_53e-145),
            (1000, 0.0002, 0.999_755_773_178_643_11),
            (3000, 0.3, 3.013_963_805_753_148_2e-240),
            (20_000, 0.01, 0.018_193_128_957_572_091_9),
        ] {
            assert_relative_eq!(one_sided(n, d), expected, max_relative = 3e-12);
        }
    }

    #[test]
    fn large_samples_have_the_right_tail() {
        // Beyond QUICK, against the exact recursion, on both sides of TAIL.
        for squared in [1.0, 2.9, 3.1, 4.5, 6.0] {
            let n = 10_000;
            let d = f64::sqrt(squared / n as f64);
            let (p, exact) = two_sided("f", n, d, false).unwrap();
            assert!(!exact);
            assert_relative_eq!(p, crossing::probability("f", n, d).unwrap(), max_relative = 2e-8);
        }
        // Up to QUICK it is exact.
        assert!(two_sided("f", 501, 2.46 / 501_f64.sqrt(), false).unwrap().1);
    }

    #[test]
    fn both_series_of_the_limit_agree() {
        let series = |t: f64| -> f64 {
            (1..60).map(|k| f64::from(if k % 2 == 1 { 2 } else { -2 }) * (-2.0 * f64::from(k * k) * t * t).exp()).sum()
        };
        for t in [0.4, 0.79, 0.8, 1.0, 2.0] {
            assert_relative_eq!(limit(t), series(t), max_relative = 1e-12);
        }
        assert_eq!(limit(0.0), 1.0);
        assert_relative_eq!(limit(10.0), 2.0 * (-200.0_f64).exp(), max_relative = 1e-14);
    }
}
