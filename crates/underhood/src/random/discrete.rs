//! Counts: Poisson, binomial, geometric and negative binomial draws.
//!
//! Where few values carry the whole probability, a table of them (`alias`); else transformed rejection (`transformed`). Geometric draws are
//! exponential ones rounded up; negative binomial ones are Poisson with a gamma-distributed rate (Greenwood and Yule 1920) where the table would be long.

use super::alias::{around_mode, most_values};
use super::gamma::{Gamma, Scratch};
use super::kernel::portable_kernel;
use super::portable::{exp, ln, ln_1p};
use super::source::{BLOCK, Source};
use super::transformed::{LEAST_MEAN, Transformed};
use super::ziggurat::fill_exponential;

/// Poisson draws.
pub(super) fn fill_poisson(source: &mut Source, rate: f64, out: &mut [f64]) {
    if !(0.0..f64::INFINITY).contains(&rate) {
        return out.fill(f64::NAN);
    }
    if rate == 0.0 {
        return out.fill(0.0);
    }
    match around_mode(rate.floor(), most_values(out.len()), |k| rate / (k + 1.0), |k| k / rate) {
        Some(table) => table.fill(source, out),
        // The rate is at least the least mean: below it there is a table.
        None => Transformed::poisson(rate).fill(source, out),
    }
}

/// One Poisson draw: up to a rate of 10 by inversion, adding probabilities from 0 on.
#[inline(always)]
fn poisson(source: &mut Source, rate: f64) -> f64 {
    if rate >= LEAST_MEAN {
        // An infinite rate has infinite draws.
        return if rate < f64::INFINITY { Transformed::poisson(rate).one(source) } else { rate };
    }
    let u = source.open();
    let (mut k, mut mass) = (0.0, exp(-rate));
    let mut sum = mass;
    // Past the mode, masses below 2⁻⁶⁰ add nothing.
    while u > sum && !(mass < 1e-18 && k > rate) {
        k += 1.0;
        mass *= rate / k;
        sum += mass;
    }
    k
}

/// Binomial draws. Above ½ the failures are drawn.
pub(super) fn fill_binomial(source: &mut Source, n: u64, p: f64, out: &mut [f64]) {
    if !(0.0..=1.0).contains(&p) {
        return out.fill(f64::NAN);
    }
    let (total, rare) = (n as f64, p.min(1.0 - p));
    if total * rare == 0.0 {
        out.fill(0.0);
    } else {
        let odds = rare / (1.0 - rare);
        let up = |k: f64| (total - k) / (k + 1.0) * odds;
        let down = |k: f64| k / ((total - k + 1.0) * odds);
        // Rounding can carry the product a little too far when n is beyond 2⁵³: no mode is above n.
        let mode = ((total + 1.0) * rare).floor().min(total);
        match around_mode(mode, most_values(out.len()), up, down) {
            Some(table) => table.fill(source, out),
            None => Transformed::binomial(total, rare).fill(source, out),
        }
    }
    if p > 0.5 {
        out.iter_mut().for_each(|out| *out = total - *out);
    }
}

/// Geometric draws: the exponential distribution in units of −ln(1 − p), rounded up.
pub(super) fn fill_geometric(source: &mut Source, p: f64, out: &mut [f64]) {
    if !(p > 0.0 && p <= 1.0) {
        return out.fill(f64::NAN);
    }
    fill_exponential(source, out);
    trials(source.level, -ln_1p(-p), out);
}

portable_kernel! {
    fn trials(unit: f64, out: &mut [f64]) = trials_body
}

#[inline(always)]
fn trials_body(unit: f64, out: &mut [f64]) {
    for out in out {
        *out = (*out / unit).floor() + 1.0;
    }
}

/// Negative binomial draws.
pub(super) fn fill_negative_binomial(source: &mut Source, r: f64, p: f64, out: &mut [f64]) {
    if !(r > 0.0 && r < f64::INFINITY && p > 0.0 && p <= 1.0) {
        return out.fill(f64::NAN);
    }
    if p == 1.0 {
        return out.fill(0.0);
    }
    let q = 1.0 - p;
    let mode = if r > 1.0 { ((r - 1.0) * q / p).floor() } else { 0.0 };
    if let Some(table) =
        around_mode(mode, most_values(out.len()), |k| (k + r) / (k + 1.0) * q, |k| k / ((k - 1.0 + r) * q))
    {
        return table.fill(source, out);
    }
    // Logarithms, since gamma draws of a small shape underflow where q/p is huge.
    let (gamma, log_odds, mut scratch) = (Gamma::new(r), ln(q) - ln(p), Scratch::new());
    for out in out.chunks_mut(BLOCK) {
        if r < 0.05 || !(q / p < 1e300) {
            gamma.fill_log(source, &mut scratch, out);
            out.iter_mut().for_each(|out| *out = exp(*out + log_odds));
        } else {
            gamma.fill(source, &mut scratch, out);
            out.iter_mut().for_each(|out| *out *= q / p);
        }
        mixed(source.level, source, out);
    }
}

portable_kernel! {
    fn mixed(source: &mut Source, rates: &mut [f64]) = mixed_body
}

/// Replaces rates by Poisson draws, one at a time: a kernel for the instructions of the higher levels only.
#[inline(always)]
fn mixed_body(source: &mut Source, rates: &mut [f64]) {
    for rate in rates {
        *rate = poisson(source, *rate);
    }
}
