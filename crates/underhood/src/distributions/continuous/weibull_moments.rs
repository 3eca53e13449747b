//! The moments of Weibull's distribution with scale 1: E Xᵐ = Γ(1 + m/k).
//!
//! For a large shape k, with u = 1/k, central moments are of the order uᵐ and plain differences of the Γ's would keep nothing of them: below
//! u = 0.1 they are power series in u, from ln Γ(1 + t) = −γt + Σ ζ(n)(−t)ⁿ/n (NIST DLMF 5.7.3), whose first coefficients cancel exactly
//! and are left out.

use crate::special::{gamma, gammaln, polygamma};

/// Terms of a series.
const TERMS: usize = 48;
/// Euler's γ.
pub(super) const EULER: f64 = 0.577_215_664_901_532_9;

type Series = [f64; TERMS];

/// The variance, the skewness and the excess kurtosis for scale 1.
pub(super) fn central(shape: f64) -> [f64; 3] {
    let u = 1.0 / shape;
    if u < 0.1 {
        return by_series(u);
    }
    // ln of E Xᵐ/(E X)ᵐ
    let log_ratio = |m: f64| gammaln(1.0 + m * u) - m * gammaln(1.0 + u);
    let (g2, g3, g4) = (log_ratio(2.0), log_ratio(3.0), log_ratio(4.0));
    let mean = gamma(1.0 + u);
    if g2 > 40.0 {
        // The highest power is all that counts.
        return [mean * (g2.exp() * mean), (g3 - 1.5 * g2).exp(), (g4 - 2.0 * g2).exp() - 3.0];
    }
    let (e2, e3, e4) = (g2.exp_m1(), g3.exp_m1(), g4.exp_m1());
    [mean * mean * e2, (e3 - 3.0 * e2) / e2.powf(1.5), (e4 - 4.0 * e3 + 6.0 * e2) / (e2 * e2) - 3.0]
}

fn by_series(u: f64) -> [f64; 3] {
    // e^(γt)·Γ(1 + t), whose mean of the logarithm is 0.
    let mut log = [0.0; TERMS];
    for (n, slot) in log.iter_mut().enumerate().skip(2) {
        let n = n as f64;
        let zeta = 1.0 + polygamma(n - 1.0, 2.0).abs() / gamma(n);
        *slot = if n % 2.0 == 0.0 { zeta / n } else { -zeta / n };
    }
    let mut a = [0.0; TERMS];
    a[0] = 1.0;
    for n in 1..TERMS {
        a[n] = (1..=n).map(|k| k as f64 * log[k] * a[n - k]).sum::<f64>() / n as f64;
    }
    let times = |m: f64| -> Series { std::array::from_fn(|n| a[n] * m.powi(n as i32)) };
    let (first, second, third, fourth) = (a, times(2.0), times(3.0), times(4.0));
    let square = product(&first, &first);
    let two = sum(&[(1.0, second), (-1.0, square)]);
    let three = sum(&[(1.0, third), (-3.0, product(&second, &first)), (2.0, product(&square, &first))]);
    let four = sum(&[
        (1.0, fourth),
        (-4.0, product(&third, &first)),
        (6.0, product(&second, &square)),
        (-3.0, product(&square, &square)),
    ]);
    // Each without the power of u that all its terms have.
    let (two, three, four) = (value(&two[2..], u), value(&three[3..], u), value(&four[4..], u));
    let back = (-EULER * u).exp() * u;
    [back * back * two, three / two.powf(1.5), four / (two * two) - 3.0]
}

fn product(a: &Series, b: &Series) -> Series {
    std::array::from_fn(|n| (0..=n).map(|k| a[k] * b[n - k]).sum())
}

fn sum(terms: &[(f64, Series)]) -> Series {
    std::array::from_fn(|n| terms.iter().map(|(factor, series)| factor * series[n]).sum())
}

fn value(series: &[f64], u: f64) -> f64 {
    series.iter().rev().fold(0.0, |sum, c| sum * u + c)
}
