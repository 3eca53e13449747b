//! Tails of a distribution that is nearly normal: Temme's expansion about the error function, uniform in both tails.
//!
//! N. M. Temme (1979, doi:10.1137/0510071; 1987) for the incomplete gamma function; the incomplete beta function has the same
//! form (DLMF 8.12, 8.18(ii)). Let the density be √(ρ/2π)·C·exp(−½ρη²)·f(η) dη, with f(0) = 1. Then the lower tail is
//! ½ erfc(−η√(ρ/2)) − exp(−½ρη²)/√(2πρ)·T(η), where ηT − T′/ρ = C·f − 1. The powers of η give T's coefficients by a backward recurrence.

use std::f64::consts::TAU;

use super::coefficients::TEMME;
use super::error_function::erfcx;
use super::exponent::Scaled;
use super::tail::{Side, Tail};
use crate::double_double::Dd;

/// How many coefficients are used; the series of f converges for |η| < 2√π = 3.54 and is used for |η| ≤ 1.
pub(super) const COUNT: usize = 36;

/// The least ρ for which it serves.
pub(super) const LEAST_RHO: f64 = 16.0;

/// The smaller of both tails. `energy` is ½ρη², `above` whether η > 0, `correction` C; `f` gives as many coefficients as it is asked for.
pub(super) fn tail<F: AsRef<[f64]>>(
    rho: f64,
    energy: Dd,
    above: bool,
    f: impl Fn(usize) -> F,
    correction: f64,
) -> Tail {
    let size = (2.0 * energy.high / rho).sqrt();
    let eta = if above { size } else { -size };
    let count = enough(rho, size);
    let t = by_recurrence(rho, &f(count).as_ref()[..count])[..count].iter().rev().fold(0.0, |t, beta| t * eta + beta);
    let t = t * correction / (TAU * rho).sqrt();
    let value = 0.5 * erfcx(energy.high.sqrt()) + if above { t } else { -t };
    Tail {
        side: if above { Side::Upper } else { Side::Lower },
        value: Scaled { factor: value, exponent: -energy },
        density: Scaled { factor: (rho / TAU).sqrt() * correction, exponent: -energy },
    }
}

/// How many coefficients count beside 1: fₙ is about 3.5⁻ⁿ, and stands in T beside ηⁿ and beside n!!/ρⁿᐟ², what the recurrence makes of it.
fn enough(rho: f64, size: f64) -> usize {
    let (square, turn) = (size * size / 12.5, 1.0 / (12.5 * rho));
    let (mut power, mut factorial, mut n) = (1.0, 1.0, 0.0);
    while n < COUNT as f64 && (power > 1e-18 || factorial > 1e-18) {
        n += 2.0;
        power *= square;
        factorial *= n * turn;
    }
    n as usize
}

/// T's coefficients: βₙ₋₁ = fₙ + (n + 1)/ρ·βₙ₊₁, from the last to the first.
#[inline]
pub(super) fn by_recurrence(rho: f64, f: &[f64]) -> [f64; COUNT] {
    let mut t = [0.0; COUNT];
    let (mut before_last, mut last) = (0.0, 0.0);
    let turn = 1.0 / rho;
    for n in (1..f.len()).rev() {
        let beta = f[n] + (n as f64 + 1.0) * turn * before_last;
        (before_last, last) = (last, beta);
        t[n - 1] = beta;
    }
    t
}

/// The coefficients of f for the gamma distribution: η/(λ − 1) with ½η² = λ − 1 − ln λ.
pub(super) fn gamma_coefficients() -> &'static [f64; COUNT] {
    const USED: [f64; COUNT] = {
        let mut used = [0.0; COUNT];
        let mut n = 0;
        while n < COUNT {
            used[n] = TEMME[n];
            n += 1;
        }
        used
    };
    &USED
}

/// The coefficients of f for the beta distribution with mean x₀ = 1 − y₀ in the scale η√(x₀y₀), that is f = η/v where
/// v′v = η(1 + (y₀ − x₀)v − x₀y₀v²). At x₀ = 0 they are those of the gamma distribution.
pub(super) fn beta_coefficients(x0: f64, y0: f64, count: usize) -> [f64; COUNT] {
    let (skew, spread) = (y0 - x0, x0 * y0);
    // v and w = v²: (n + 1)/2·wₙ₊₁ is the coefficient of ηⁿ in v′v.
    let mut v = [0.0; COUNT + 2];
    let mut w = [0.0; COUNT + 2];
    v[1] = 1.0;
    w[2] = 1.0;
    for n in 2..=count.min(COUNT) {
        w[n + 1] = 2.0 / (n as f64 + 1.0) * (skew * v[n - 1] - spread * w[n - 1]);
        // Every product but the middle one stands in v² twice.
        let cross: f64 = (2..=n / 2).map(|i| v[i] * v[n + 1 - i]).sum();
        let middle = v[n.div_ceil(2)];
        v[n] = 0.5 * (w[n + 1] - if n % 2 == 1 { middle * middle } else { 0.0 }) - cross;
    }
    let mut f = [0.0; COUNT];
    f[0] = 1.0;
    for n in 1..count.min(COUNT) {
        f[n] = -(1..=n).map(|i| v[i + 1] * f[n - i]).sum::<f64>();
    }
    f
}
