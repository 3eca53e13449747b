//! The incomplete gamma functions and the gamma density at many points for one shape a: the methods of `incomplete_gamma`, with what
//! depends on a alone computed once (`lanes`).

use std::f64::consts::TAU;

use super::exponential::{exp, exp_m1, exp_pair};
use super::gamma_function::{ln_gamma_1p, stirling_error};
use super::incomplete_gamma::regularized;
use super::lanes::{
    BLOCK, LANES, MANY, Numbers, Places, Tails, Uniform, by_blocks, fraction_lanes, gather, log_density, near_mean,
    polynomial_lanes, times,
};
use super::logarithm::{ln, ln_double};
use super::tail::Side;
use super::{incomplete_gamma, uniform};
use crate::double_double::{Dd, quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Replaces every x by P(a, x): [`gammainc`](super::gammainc) to within rounding, several at a time.
///
/// ```
/// use underhood::special::{gammainc, gammainc_in_place};
///
/// let mut x = [0.5, 2.0, 7.5];
/// gammainc_in_place(2.5, &mut x);
/// assert!((x[1] / gammainc(2.5, 2.0) - 1.0).abs() < 1e-15);
/// ```
pub fn gammainc_in_place(a: f64, x: &mut [f64]) {
    probabilities_in_place(a, x, 1.0, Side::Lower, |x| regularized(a, x, Side::Lower));
}

/// Replaces every x by Q(a, x): [`gammaincc`](super::gammaincc) to within rounding, several at a time.
pub fn gammaincc_in_place(a: f64, x: &mut [f64]) {
    probabilities_in_place(a, x, 1.0, Side::Upper, |x| regularized(a, x, Side::Upper));
}

/// Replaces every x by the probability of one side of x·scale; `one` is the same for one x.
pub(crate) fn probabilities_in_place(a: f64, x: &mut [f64], scale: f64, side: Side, one: impl Fn(f64) -> f64) {
    if x.len() < MANY || !SHAPES.contains(&a) {
        x.iter_mut().for_each(|x| *x = one(*x));
        return;
    }
    let shape = Shape::new(a);
    let mut tails = Tails::new();
    by_blocks(x, &POINTS, scale, one, |points, out| probabilities(&shape, points, &mut tails, side, out));
}

/// Replaces every x by the gamma distribution's density at x·scale, times scale; `one` is the same for one x.
pub(crate) fn density_in_place(a: f64, x: &mut [f64], scale: f64, one: impl Fn(f64) -> f64) {
    if x.len() < MANY || !SHAPES.contains(&a) {
        x.iter_mut().for_each(|x| *x = one(*x));
        return;
    }
    let shape = Shape::new(a);
    by_blocks(x, &POINTS, scale, one, |points, out| densities(&shape, points, out, scale));
}

/// Replaces every x by the logarithm of the probability of one side of x·scale; `one` is the same for one x.
pub(crate) fn log_probabilities_in_place(a: f64, x: &mut [f64], scale: f64, side: Side, one: impl Fn(f64) -> f64) {
    if x.len() < MANY || !SHAPES.contains(&a) {
        x.iter_mut().for_each(|x| *x = one(*x));
        return;
    }
    let shape = Shape::new(a);
    let mut tails = Tails::new();
    by_blocks(x, &POINTS, scale, one, |points, out| log_probabilities(&shape, points, &mut tails, side, out));
}

/// Replaces every x by the logarithm of [`density_in_place`]; `one` is the same for one x.
pub(crate) fn log_density_in_place(a: f64, x: &mut [f64], scale: f64, one: impl Fn(f64) -> f64) {
    if x.len() < MANY || !SHAPES.contains(&a) {
        x.iter_mut().for_each(|x| *x = one(*x));
        return;
    }
    let shape = Shape::new(a);
    by_blocks(x, &POINTS, scale, one, |points, out| log_densities(&shape, points, out, scale));
}

/// Shapes that are served here.
pub(crate) const SHAPES: std::ops::Range<f64> = 1e-8..1e12;
/// Points whose energies and ratios neither under- nor overflow.
const POINTS: std::ops::Range<f64> = 1e-150..1e150;

/// How a point is served: by the expansion near the mean, the series below it, the fraction above, or, for a < 1, the series of Q.
const NEAR: u64 = 0;
const BELOW: u64 = 1;
const ABOVE: u64 = 2;
const SMALL: u64 = 3;

/// What depends on a alone.
#[derive(Debug)]
struct Shape {
    a: f64,
    /// 1/a, or 1 for a < 1: what x is multiplied by before its logarithm is taken.
    inverse: Dd,
    /// The density times x is factor·exp(−energy).
    factor: f64,
    /// Temme's expansion, for large a.
    uniform: Option<Uniform>,
    /// Σ xⁿ/((a + 1)…(a + n)) in powers of x/(a + 1).
    series: [f64; 64],
    series_length: usize,
    /// Σ (−x)ᵏ/(k!(a + k)), k = 1, 2, …, in powers of x, for a < 1.
    small: [f64; 28],
    ln_gamma_1p: f64,
    /// Terms of the continued fraction: aₘ = m(a − m), bₘ = 2m + (x + 1 − a).
    terms: Vec<[f64; 4]>,
    /// From here on the fraction is its first term.
    far: f64,
}

impl Shape {
    fn new(a: f64) -> Shape {
        let ln_gamma_1p = if a < 1.0 { ln_gamma_1p(a) } else { 0.0 };
        let factor = if a < 1.0 { a * (-ln_gamma_1p).exp() } else { (a / TAU).sqrt() * (-stirling_error(a)).exp() };
        let uniform = (a >= uniform::LEAST_RHO)
            .then(|| Uniform::new(a, uniform::gamma_coefficients(), (-stirling_error(a)).exp()));
        // For a large a the series serves x < 0.31a only.
        let reach: f64 = if uniform.is_some() { 0.32 } else { 1.0 };
        let (mut series, mut length, mut term, mut last) = ([0.0; 64], 0, 1.0, 1.0);
        while length < 64 && last > 1e-17 {
            series[length] = term;
            length += 1;
            term *= (a + 1.0) / (a + length as f64);
            last = term * reach.powi(length as i32);
        }
        let mut small = [0.0; 28];
        let mut term = 1.0;
        if a < 1.0 {
            for (k, slot) in (1..).zip(&mut small) {
                let k = f64::from(k);
                term /= -k;
                *slot = term / (a + k);
            }
        }
        let terms = (0..161).map(f64::from).map(|m| [m * (a - m), 2.0 * m, 1.0, 0.0]).collect();
        let far = 1e18 * (a + 1.0);
        let inverse = if a < 1.0 { Dd::from(1.0) } else { Dd::quotient(1.0, a) };
        Shape { a, inverse, factor, uniform, series, series_length: length, small, ln_gamma_1p, terms, far }
    }

    /// −ln of the density times x, less the logarithm of its factor; and ln(x·inverse).
    #[inline(always)]
    fn energy<const FMA: bool>(&self, x: f64) -> ((f64, f64), (f64, f64)) {
        // (x − a) − a·ln(x/a), or x − a·ln x for a < 1.
        let shift = if self.a < 1.0 { 0.0 } else { self.a };
        let (ratio, ratio_low) = times::<FMA>((x, 0.0), self.inverse);
        let (high, low) = ln_double::<FMA>(ratio, ratio_low);
        let (p, p_low) = two_product::<FMA>(self.a, high);
        let (d, d_low) = two_sum(x, -shift);
        let (e, e_low) = two_sum(d, -p);
        let (energy, energy_low) = quick_two_sum(e, e_low + (d_low - mul_add::<FMA>(self.a, low, p_low)));
        let near = near_mean::<FMA>(self.inverse.high, x - self.a);
        let use_near = self.a >= 1.0 && near < 1.0;
        ((if use_near { near } else { energy }, if use_near { 0.0 } else { energy_low }), (high, low))
    }

    #[inline(always)]
    fn tails<const FMA: bool>(&self, x: &Numbers, tails: &mut Tails) {
        let a = self.a;
        for i in 0..BLOCK {
            ((tails.energy[i], tails.energy_low[i]), _) = self.energy::<FMA>(x[i]);
        }
        let (from, to) = if self.uniform.is_some() { (0.31 * a, 2.3 * a) } else { (1.0, 0.0) };
        if let Some(uniform) = &self.uniform {
            for i in 0..BLOCK {
                // Elsewhere the expansion gives finite nonsense, and is overwritten.
                let energy = if tails.energy[i] < a { tails.energy[i] } else { a };
                tails.factor[i] = uniform.factor::<FMA>(energy, x[i] > a);
                tails.upper[i] = if x[i] > a { 1.0 } else { 0.0 };
            }
        }
        let mut classes = [NEAR; BLOCK];
        for (class, &x) in classes.iter_mut().zip(x) {
            let side = if a >= 1.0 && x < a + 1.0 { BELOW } else { ABOVE };
            let far = if a < 1.0 && x < incomplete_gamma::FEW { SMALL } else { side };
            *class = if x > from && x < to { NEAR } else { far };
        }
        let (below, above) = (Places::of(&classes, BELOW), Places::of(&classes, ABOVE));
        let small = Places::of(&classes, SMALL);
        for group in 0..below.groups() {
            let (places, count) = below.group(group);
            let value = self.lower::<FMA>(&gather(x, &places));
            for lane in 0..count {
                (tails.factor[places[lane]], tails.upper[places[lane]]) = (value[lane], 0.0);
            }
        }
        for group in 0..small.groups() {
            self.small::<FMA>(&small.group(group), x, tails);
        }
        for group in 0..above.groups() {
            self.by_fraction::<FMA>(&above.group(group), x, tails);
        }
    }

    /// For a < 1 and small x: Q as the scalar form has it, or P where Q is above ½.
    #[inline(always)]
    fn small<const FMA: bool>(&self, (places, count): &([usize; LANES], usize), x: &Numbers, tails: &mut Tails) {
        let x = gather(x, places);
        let lower = self.lower::<FMA>(&x);
        let sum = polynomial_lanes::<FMA>(&self.small, &x);
        let (top, scale) = (exp_m1::<FMA>(self.ln_gamma_1p), exp::<FMA>(-self.ln_gamma_1p));
        let (mut factor, mut side) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let power = self.a * ln::<FMA>(x[lane]);
            let rest = self.a * exp::<FMA>(power) * x[lane] * sum[lane];
            let upper = (top - exp_m1::<FMA>(power) - rest) * scale;
            factor[lane] = if upper < 0.5 { upper } else { lower[lane] };
            side[lane] = if upper < 0.5 { 1.0 } else { 0.0 };
        }
        for lane in 0..*count {
            let place = places[lane];
            (tails.factor[place], tails.upper[place]) = (factor[lane], side[lane]);
            if side[lane] == 1.0 {
                // The factor is the whole.
                (tails.energy[place], tails.energy_low[place]) = (0.0, 0.0);
            }
        }
    }

    /// Q by the continued fraction.
    #[inline(always)]
    fn by_fraction<const FMA: bool>(&self, (places, count): &([usize; LANES], usize), x: &Numbers, tails: &mut Tails) {
        let x = gather(x, places);
        let mut first = [0.0; LANES];
        for lane in 0..LANES {
            // So far out the fraction is its first term; and products of terms would overflow.
            first[lane] = (if x[lane] < self.far { x[lane] } else { self.far } - self.a) + 1.0;
        }
        let ones = [1.0; LANES];
        let fraction = fraction_lanes::<FMA>(&first, &self.terms, &ones, &first, &ones);
        for lane in 0..*count {
            tails.upper[places[lane]] = 1.0;
            tails.factor[places[lane]] = match &fraction {
                Some(_) if !(x[lane] < self.far) => self.factor / x[lane],
                Some(fraction) => self.factor / fraction[lane],
                None => incomplete_gamma::tail(self.a, x[lane]).value.factor,
            };
        }
    }

    /// The factor of the lower tail by the series.
    #[inline(always)]
    fn lower<const FMA: bool>(&self, x: &[f64; LANES]) -> [f64; LANES] {
        let scale = 1.0 / (self.a + 1.0);
        let mut z = [0.0; LANES];
        for lane in 0..LANES {
            z[lane] = x[lane] * scale;
        }
        let mut sum = polynomial_lanes::<FMA>(&self.series[..self.series_length], &z);
        let factor = self.factor / self.a;
        for lane in 0..LANES {
            sum[lane] *= factor;
        }
        sum
    }
}

wide_kernel! {
    /// Writes the probabilities of one side at the points.
    fn probabilities(shape: &Shape, points: &Numbers, tails: &mut Tails, side: Side, out: &mut [f64]) = probabilities_body
}

#[inline(always)]
fn probabilities_body<const FMA: bool>(
    shape: &Shape,
    points: &Numbers,
    tails: &mut Tails,
    side: Side,
    out: &mut [f64],
) {
    shape.tails::<FMA>(points, tails);
    tails.probabilities::<FMA>(side, out);
}

wide_kernel! {
    /// Writes scale times the density at the points.
    fn densities(shape: &Shape, points: &Numbers, out: &mut [f64], scale: f64) = densities_body
}

#[inline(always)]
fn densities_body<const FMA: bool>(shape: &Shape, points: &Numbers, out: &mut [f64], scale: f64) {
    for (out, &x) in out.iter_mut().zip(points) {
        let ((energy, low), _) = shape.energy::<FMA>(x);
        *out = scale * shape.factor * exp_pair::<FMA>(-energy, -low) / x;
    }
}

wide_kernel! {
    /// Writes the logarithms of the probabilities of one side at the points.
    fn log_probabilities(shape: &Shape, points: &Numbers, tails: &mut Tails, side: Side, out: &mut [f64]) =
        log_probabilities_body
}

#[inline(always)]
fn log_probabilities_body<const FMA: bool>(
    shape: &Shape,
    points: &Numbers,
    tails: &mut Tails,
    side: Side,
    out: &mut [f64],
) {
    shape.tails::<FMA>(points, tails);
    tails.log_probabilities::<FMA>(side, 1.0, out);
}

wide_kernel! {
    /// Writes the logarithms of scale times the density at the points.
    fn log_densities(shape: &Shape, points: &Numbers, out: &mut [f64], scale: f64) = log_densities_body
}

#[inline(always)]
fn log_densities_body<const FMA: bool>(shape: &Shape, points: &Numbers, out: &mut [f64], scale: f64) {
    let constant = Dd::from(shape.factor * shape.inverse.high * scale).ln();
    for (out, &x) in out.iter_mut().zip(points) {
        let (energy, ratio) = shape.energy::<FMA>(x);
        *out = log_density(energy, ratio, constant);
    }
}
