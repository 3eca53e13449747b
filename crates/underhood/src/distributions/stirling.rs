//! What Stirling's formulas for lnΓ and ψ leave out (NIST DLMF 5.11.1, 5.11.2): entropies of gamma, chi-square, beta, F and t are sums of terms
//! like a ln a that cancel to their last digit when a parameter is large; written in these remainders, nothing cancels.

use std::f64::consts::PI;

use crate::special::{digamma, gammaln, stirling_error};

/// From here on the series are shorter than a rounding.
const LARGE: f64 = 16.0;

/// lnΓ(x) − [(x − ½) ln x − x + ½ ln 2π]: about 1/(12x) for large x, −½ ln x for small.
pub(super) fn ln_gamma_remainder(x: f64) -> f64 {
    if x >= 1.0 {
        return stirling_error(x);
    }
    gammaln(x) - ((x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln())
}

/// ln x − ψ(x): about 1/(2x) for large x, 1/x for small.
pub(super) fn digamma_remainder(x: f64) -> f64 {
    if x < LARGE {
        return x.ln() - digamma(x);
    }
    (0.5 + scaled(x)) / x
}

/// x(ln x − ψ(x)) − ½: about 1/(12x) for large x, ½ for small.
pub(super) fn scaled_digamma_remainder(x: f64) -> f64 {
    if x < LARGE {
        return x * (x.ln() - digamma(x)) - 0.5;
    }
    scaled(x)
}

/// Σ B₂ₖ/(2k x²ᵏ⁻¹), k = 1, 2, …
fn scaled(x: f64) -> f64 {
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let w = 1.0 / x;
    w * SERIES.iter().rev().fold(0.0, |sum, c| sum * (w * w) + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_seam_agree() {
        for x in [16.0, 17.5, 20.0] {
            assert!((scaled(x) - (x * (x.ln() - digamma(x)) - 0.5)).abs() < 1e-13);
            assert!((digamma_remainder(x) - (x.ln() - digamma(x))).abs() < 1e-14);
        }
        assert!((ln_gamma_remainder(1.0 - 1e-12) - ln_gamma_remainder(1.0)).abs() < 1e-11);
        // 1/(12x) − 1/(360x³).
        assert!((ln_gamma_remainder(1e3) - (1.0 / 12e3 - 1.0 / 360e9)).abs() < 1e-18);
    }
}
