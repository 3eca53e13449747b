//! Von Mises draws: angles on the circle.
//!
//! D. J. Best and N. I. Fisher (1979), "Efficient simulation of the von Mises distribution", doi:10.2307/2346732: rejection from a wrapped Cauchy distribution.
//! Its angles are drawn here as 2 arctan(λ tan(φ/2)) for a uniform φ, λ = (1 − ρ)/(1 + ρ), and the test is written with
//! 1 − cos θ = 2T²/(1 + T²), T = tan(θ/2): so neither loses digits when κ is large and all angles are small, nor when κ is 0.

use super::kernel::portable_kernel;
use super::portable::{atan, ln, tan_pi};
use super::rejection;
use super::source::{BLOCK, Source, open};

/// What depends on κ alone.
#[derive(Debug, Clone, Copy)]
struct Wrapped {
    lambda: f64,
    /// κ(s − 1) with s = (1 + ρ²)/(2ρ).
    least: f64,
    kappa: f64,
}

impl Wrapped {
    fn new(kappa: f64) -> Wrapped {
        // √(1 + 4κ²), r = 1 + that, and ρ = (r − √(2r))/(2κ) without differences.
        let root = if kappa > 1e9 { 2.0 * kappa } else { (1.0 + 4.0 * kappa * kappa).sqrt() };
        let r = 1.0 + root;
        let kappa_over_rho = (1.0 + (2.0 / r).sqrt()) * (root + 1.0) / 2.0;
        let rho = kappa / kappa_over_rho;
        // 1 − ρ, by the first form where ρ is small and by the second where it is near 1.
        let less =
            if kappa < 1.0 { 1.0 - rho } else { ((2.0 * r).sqrt() - 1.0 - 1.0 / (root + 2.0 * kappa)) / (2.0 * kappa) };
        Wrapped { lambda: less / (1.0 + rho), least: 0.5 * less * less * kappa_over_rho, kappa }
    }
}

/// Von Mises draws about 0.
pub(super) fn fill_von_mises(source: &mut Source, kappa: f64, out: &mut [f64]) {
    if !(0.0..f64::INFINITY).contains(&kappa) {
        return out.fill(f64::NAN);
    }
    if kappa > 1e300 {
        // Angles are proportional to 1/√κ; 4κ² would overflow.
        fill_von_mises(source, kappa * 0.5_f64.powi(40), out);
        return out.iter_mut().for_each(|out| *out *= 0.5_f64.powi(20));
    }
    let wrapped = Wrapped::new(kappa);
    let (mut first, mut second) = ([0; BLOCK], [0; BLOCK]);
    rejection::fill(source, out, |source, out, rejected| {
        source.bits(&mut first, out.len());
        source.bits(&mut second, out.len());
        propose(source.level, wrapped, &first, &second, out, rejected);
    });
}

portable_kernel! {
    fn propose(wrapped: Wrapped, first: &[u64; BLOCK], second: &[u64; BLOCK], out: &mut [f64], rejected: &mut [u8; BLOCK]) = propose_body
}

#[inline(always)]
fn propose_body(
    wrapped: Wrapped,
    first: &[u64; BLOCK],
    second: &[u64; BLOCK],
    out: &mut [f64],
    rejected: &mut [u8; BLOCK],
) {
    for (((out, &first), &second), rejected) in out.iter_mut().zip(first).zip(second).zip(rejected) {
        let tangent = wrapped.lambda * tan_pi(open(first) - 0.5);
        let square = tangent * tangent;
        let y = wrapped.least + 2.0 * wrapped.kappa * (square / (1.0 + square));
        *out = 2.0 * atan(tangent);
        *rejected = u8::from(!(ln(y / open(second)) + 1.0 - y >= 0.0));
    }
}
