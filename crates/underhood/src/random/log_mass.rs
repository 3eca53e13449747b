//! Logarithms of probabilities on the whole numbers, without cancellation.
//!
//! C. Loader (2000), "Fast and accurate computation of binomial probabilities": ln P(k; μ) = −½ ln(2πk) − δ(k) − μ·φ((k − μ)/μ) for the
//! Poisson distribution, with Stirling's error δ and φ(x) = (1 + x) ln(1 + x) − x. Binomial and hypergeometric probabilities are products and
//! quotients of these. The difference k − μ is passed beside k, so that the factors of a product agree about it.

use super::portable::{ln, ln_1p};

/// ln 0!, ln 1!, …, ln 15!.
const LOG_FACTORIALS: [f64; 16] = [
    0.0,
    0.0,
    std::f64::consts::LN_2,
    1.791_759_469_228_055,
    3.178_053_830_347_945_6,
    4.787_491_742_782_046,
    6.579_251_212_010_101,
    8.525_161_361_065_415,
    10.604_602_902_745_25,
    12.801_827_480_081_469,
    15.104_412_573_075_515,
    17.502_307_845_873_887,
    19.987_214_495_661_885,
    22.552_163_853_123_42,
    25.191_221_182_738_68,
    27.899_271_383_840_89,
];

/// Stirling's error of ln k!, for k ≥ 16 (DLMF 5.11.1).
#[inline(always)]
fn stirling_error(k: f64) -> f64 {
    let inverse = 1.0 / k;
    let square = inverse * inverse;
    inverse
        * (1.0 / 12.0
            - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0)))))
}

/// (1 + x) ln(1 + x) − x for x > −1, relative to itself: with s = x/(2 + x) it is 2s²/(1 − s)·(1 + (1 + s)(s/3 + s³/5 + …)).
#[inline(always)]
fn deviance(x: f64) -> f64 {
    let s = x / (2.0 + x);
    let square = s * s;
    let mut series = 1.0 / 25.0;
    for k in (1..12).rev() {
        series = series * square + 1.0 / f64::from(2 * k + 1);
    }
    let near = 2.0 * square / (1.0 - s) * (1.0 + (1.0 + s) * s * series);
    let far = (1.0 + x) * ln_1p(x) - x;
    if s.abs() < 0.2 { near } else { far }
}

/// ln P(k; μ) of the Poisson distribution for a whole number k ≥ 0 and μ > 0, with excess = k − μ.
#[inline(always)]
pub(super) fn poisson(k: f64, excess: f64, mu: f64) -> f64 {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    let small = k < 16.0;
    let row = ((if small { k } else { 0.0 } + ROUND).to_bits() & 15) as usize;
    let by_table = k * ln(mu) - mu - LOG_FACTORIALS[row];
    let large = if small { 16.0 } else { k };
    let by_stirling = -HALF_LN_TWO_PI - 0.5 * ln(large) - stirling_error(large) - mu * deviance(excess / mu);
    if small { by_table } else { by_stirling }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_poisson_mass_is_that_of_the_gamma_function() {
        for mu in [0.3, 5.0, 14.0, 40.0, 1e3] {
            for k in [0.0, 1.0, 5.0, 15.0, 16.0, 17.0, 40.0, 970.0, 1040.0] {
                let expected = k * libm::log(mu) - mu - libm::lgamma(k + 1.0);
                let found = poisson(k, k - mu, mu);
                assert!((found - expected).abs() < 3e-12 * (1.0 + expected.abs()), "{k} {mu}: {found} {expected}");
            }
        }
        // 2π·1e15 under the root at the mean, and e⁻² less at two standard deviations.
        let (mu, sigma) = (1e15, 1e15_f64.sqrt());
        let top = poisson(mu, 0.0, mu);
        assert!((top + 0.5 * libm::log(std::f64::consts::TAU * mu)).abs() < 1e-14);
        assert!((poisson(mu + 2.0 * sigma, 2.0 * sigma, mu) - top + 2.0).abs() < 1e-6);
    }
}
