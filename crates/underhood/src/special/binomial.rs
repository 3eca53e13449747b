//! Binomial coefficients and factorials as doubles, from products where they are short, else from B (DLMF 1.2.6, 5.12.1).

use std::f64::consts::PI;

use super::beta_function::beta_scaled;
use super::gamma_function::{gamma_in_place, sin_pi};
use crate::double_double::two_sum;

/// So many factors are multiplied; their rounding stays below 1e-14.
pub(super) const PRODUCT: f64 = 30.0;

/// The binomial coefficient Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of real numbers.
///
/// NaN where the limit is not unique (n = −1, −2, … and k not whole). Relative error below 1e-14, and what two ulps of n and of k change,
/// which is more next to poles and zeros; whole numbers up to 2⁵³ are exact.
///
/// ```
/// use underhood::special::binom;
///
/// assert_eq!(binom(5.0, 2.0), 10.0);
/// assert!((binom(0.5, 2.0) + 0.125).abs() < 1e-16);
/// assert_eq!(binom(5.0, 7.0), 0.0);
/// ```
pub fn binom(n: f64, k: f64) -> f64 {
    if !(n.is_finite() && k.is_finite()) {
        return f64::NAN;
    }
    let whole = |x: f64| x == x.trunc();
    if whole(k) && k < 0.0 && !(whole(n) && n < 0.0) {
        return 0.0;
    }
    if whole(n) && n >= 0.0 {
        if whole(k) && k > n {
            return 0.0;
        }
        if whole(k) {
            return of_whole(n, k.min(n - k));
        }
    }
    if whole(k) && (0.0..=PRODUCT).contains(&k) {
        return product(n, k);
    }
    if n < 0.0 {
        return of_negative(n, k);
    }
    if k > n || k < 0.0 {
        // One of the gammas below is at a negative number: Γ(1 − z)Γ(z) = π/sin πz.
        let (beyond, sine) = if k > n { (k - n, sin_pi_difference(k, n)) } else { (-k, sin_pi(-k)) };
        return beta_scaled(n + 1.0, beyond).value() * sine / PI;
    }
    inverse_beta(n, k)
}

/// The same for whole 0 ≤ k ≤ n/2.
fn of_whole(n: f64, k: f64) -> f64 {
    let value = if k <= PRODUCT { product(n, k) } else { inverse_beta(n, k) };
    // What doubles hold exactly comes out exact.
    if value < 4e14 {
        value.round()
    } else if value < 9.1e15 {
        exact(n, k)
    } else {
        value
    }
}

/// The same in whole numbers, for coefficients up to 2⁵³: every intermediate result is a coefficient, and below it.
fn exact(n: f64, k: f64) -> f64 {
    let (n, k) = (n as u128, k as u128);
    (0..k).fold(1, |value, i| value * (n - i) / (i + 1)) as f64
}

/// n(n − 1)…(n − k + 1)/k!.
fn product(n: f64, k: f64) -> f64 {
    let (mut top, mut bottom, mut i) = (1.0, 1.0, 0.0);
    let mut value = 1.0;
    while i < k {
        top *= n - i;
        i += 1.0;
        bottom *= i;
        // Before either overflows.
        if f64::abs(top) > 1e100 || bottom > 1e100 {
            value *= top / bottom;
            (top, bottom) = (1.0, 1.0);
        }
    }
    value * (top / bottom)
}

/// 1/((n + 1)·B(n − k + 1, k + 1)) for 0 ≤ k ≤ n.
fn inverse_beta(n: f64, k: f64) -> f64 {
    beta_scaled(n - k + 1.0, k + 1.0).times(n + 1.0).inverse().value()
}

/// The coefficient for n < 0, where k is not a small whole number.
fn of_negative(n: f64, k: f64) -> f64 {
    let (whole_n, whole_k) = (n == n.trunc(), k == k.trunc());
    if whole_k && k < 0.0 {
        // n is a negative integer too: binom(n, n − k), whose second argument is whole.
        return if n - k >= 0.0 { binom(n, n - k) } else { 0.0 };
    }
    if whole_k {
        // (−1)ᵏ·binom(k − n − 1, k).
        let size = if whole_n { binom(k - n - 1.0, k) } else { rising(-n, k) };
        return if (0.5 * k).fract() == 0.0 { size } else { -size };
    }
    if whole_n {
        return f64::NAN;
    }
    if n > -1e-290 {
        // Nearer to 0 products would leave the range of doubles.
        return binom(0.0, k);
    }
    if n > -1.0 && k > -1.0 && n + 1.0 > k {
        return beta_scaled((n + 1.0) - k, k + 1.0).times(n + 1.0).inverse().value();
    }
    if n < k && k < 0.0 {
        // −n, −k and k − n are all positive.
        let value = beta_scaled(-k, k - n).value() * sin_pi(k) * sin_pi_difference(k, n);
        return value / (PI * sin_pi(n));
    }
    // k and n − k may change places, and one of both is not negative.
    let (k, sine) = if k < 0.0 { (n - k, sin_pi(-k)) } else { (k, sin_pi_difference(k, n)) };
    -sine / sin_pi(n) * rising(-n, k)
}

/// sin π(x − y), the difference not rounded.
fn sin_pi_difference(x: f64, y: f64) -> f64 {
    let (above, below) = (x.round(), y.round());
    let (high, low) = two_sum(x - above, below - y);
    let whole = high.round();
    let sine = (PI * ((high - whole) + low)).sin();
    if (0.5 * (above - below + whole)).fract() == 0.0 { sine } else { -sine }
}

/// Γ(a + k)/(Γ(a)Γ(k + 1)) = 1/((a + k)·B(a, k + 1)) for a > 0 and k ≥ 0.
fn rising(a: f64, k: f64) -> f64 {
    beta_scaled(a, k + 1.0).times(a + k).inverse().value()
}

/// The number of ways to choose k of n things: without repetition binom(n, k), with it binom(n + k − 1, k). 0 where there is none.
///
/// Relative error below 2e-15; up to 2⁵³ exact.
///
/// ```
/// use underhood::special::comb;
///
/// assert_eq!(comb(49.0, 6.0, false), 13_983_816.0);
/// assert_eq!(comb(3.0, 2.0, true), 6.0);
/// ```
pub fn comb(n: f64, k: f64, repetition: bool) -> f64 {
    if n.is_nan() || k.is_nan() {
        return f64::NAN;
    }
    if repetition {
        // Nothing can be chosen from nothing in one way.
        return if k == 0.0 && n >= 0.0 { 1.0 } else { comb(n + k - 1.0, k, false) };
    }
    if k > n || n < 0.0 || k < 0.0 { 0.0 } else { binom(n, k) }
}

/// n! = Γ(n + 1), 0 for negative n (as SciPy has it). Whole numbers up to 22 exact; ∞ from 171 on.
///
/// ```
/// use underhood::special::factorial;
///
/// assert_eq!(factorial(5.0), 120.0);
/// ```
pub fn factorial(n: f64) -> f64 {
    let mut value = [n];
    factorial_in_place(&mut value);
    value[0]
}

/// Replaces every number by its [`factorial`]: the same bits, several at a time.
pub fn factorial_in_place(n: &mut [f64]) {
    const BLOCK: usize = 512;
    let mut before = [0.0; BLOCK];
    for n in n.chunks_mut(BLOCK) {
        let before = &mut before[..n.len()];
        before.copy_from_slice(n);
        n.iter_mut().for_each(|n| *n = n.max(0.0) + 1.0);
        gamma_in_place(n);
        for (value, &n) in n.iter_mut().zip(&*before) {
            *value = if n < 0.0 {
                0.0
            } else if n.is_nan() {
                n
            } else {
                *value
            };
        }
    }
}
