//! Tails of a distribution at many points whose parameters are the same: everything that depends on the parameters alone is computed
//! once, the points are sorted by method, and each method works on [`LANES`] points at a time.
//!
//! As for a single point (`tail`), one tail is computed as factor·exp(−energy), the energy in two doubles; the other is one less it.

use super::exponential::exp_pair;
use super::logarithm::{ln, ln_1p};
use super::polynomial::horner;
use super::tail::Side;
use super::{error_function::erfcx_upper, uniform};
use crate::double_double::{Dd, quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;

/// So many points are sorted at a time.
pub(crate) const BLOCK: usize = 512;
/// So many points keep the multiplier busy while each waits for its last sum.
pub(super) const LANES: usize = 32;
/// Fewer points than this are quicker one by one.
pub(crate) const MANY: usize = 48;
/// Replaces every x by what `wide` writes for the points x·scale of a block; where these are out of range, by `one(x)`.
pub(super) fn by_blocks(
    x: &mut [f64],
    range: &std::ops::Range<f64>,
    scale: f64,
    one: impl Fn(f64) -> f64,
    mut wide: impl FnMut(&Numbers, &mut [f64]),
) {
    // Something harmless for lanes without a point: 1, or ½ where 1 is the end.
    let filler = if range.contains(&1.0) { 1.0 } else { 0.5 };
    let (mut points, mut before) = ([filler; BLOCK], [0.0; BLOCK]);
    for block in x.chunks_mut(BLOCK) {
        let mut odd = false;
        for (point, &x) in points.iter_mut().zip(block.iter()) {
            let inside = range.contains(&(x * scale));
            odd |= !inside;
            *point = if inside { x * scale } else { filler };
        }
        before[..block.len()].copy_from_slice(block);
        wide(&points, block);
        if odd {
            for (value, &x) in block.iter_mut().zip(&before) {
                if !range.contains(&(x * scale)) {
                    *value = one(x);
                }
            }
        }
    }
}

/// A number for every point of a block.
pub(super) type Numbers = [f64; BLOCK];

/// The tails at the points of a block.
#[derive(Debug)]
pub(super) struct Tails {
    /// The tail is factor·exp(−energy).
    pub(super) factor: Numbers,
    /// The energy: zero at the mode.
    pub(super) energy: Numbers,
    /// What its rounding left.
    pub(super) energy_low: Numbers,
    /// 1 where the tail is the upper one, else 0.
    pub(super) upper: Numbers,
}

impl Tails {
    pub(super) const fn new() -> Tails {
        Tails { factor: [0.0; BLOCK], energy: [0.0; BLOCK], energy_low: [0.0; BLOCK], upper: [0.0; BLOCK] }
    }

    /// Writes the probabilities of one side.
    #[inline(always)]
    pub(super) fn probabilities<const FMA: bool>(&self, side: Side, out: &mut [f64]) {
        let wanted = f64::from(u8::from(side == Side::Upper));
        for (i, out) in out.iter_mut().enumerate().take(BLOCK) {
            let value = self.factor[i] * exp_pair::<FMA>(-self.energy[i], -self.energy_low[i]);
            // What rounding carried beyond 1 is taken back.
            let value = if value > 1.0 { 1.0 } else { value };
            *out = if self.upper[i] == wanted { value } else { 1.0 - value };
        }
    }

    /// Writes ln(scale·probability) of one side, scale ≤ 1: also where the probability underflows, and near 0 without loss.
    #[inline(always)]
    pub(super) fn log_probabilities<const FMA: bool>(&self, side: Side, scale: f64, out: &mut [f64]) {
        let wanted = f64::from(u8::from(side == Side::Upper));
        for (i, out) in out.iter_mut().enumerate().take(BLOCK) {
            let (energy, low) = (self.energy[i], self.energy_low[i]);
            let value = self.factor[i] * exp_pair::<FMA>(-energy, -low);
            let value = if value > 1.0 { 1.0 } else { value };
            let itself = self.upper[i] == wanted;
            // Near ln 1 = 0 the sum of two logarithms would cancel.
            let near = energy.abs() < 1.0;
            let logarithm = ln::<FMA>(
                scale
                    * if !itself {
                        1.0 - value
                    } else if near {
                        value
                    } else {
                        self.factor[i]
                    },
            );
            let direct = if near { logarithm } else { (logarithm - energy) - low };
            let other = if scale == 1.0 { ln_1p::<FMA>(-value) } else { logarithm };
            let log = if itself { direct } else { other };
            *out = if log > 0.0 { 0.0 } else { log };
        }
    }
}

/// −energy − ln(ratio) + constant, all in two doubles.
#[inline(always)]
pub(super) fn log_density(energy: (f64, f64), ratio: (f64, f64), constant: Dd) -> f64 {
    let (sum, a) = two_sum(constant.high, -energy.0);
    let (sum, b) = two_sum(sum, -ratio.0);
    sum + ((a + b) + ((constant.low - energy.1) - ratio.1))
}

/// The places of a block that one method serves.
#[derive(Debug)]
pub(super) struct Places {
    places: [u16; BLOCK],
    count: usize,
}

impl Places {
    pub(super) const fn new() -> Places {
        Places { places: [0; BLOCK], count: 0 }
    }

    /// The places of one class.
    #[inline(always)]
    pub(super) fn of(classes: &[u64; BLOCK], wanted: u64) -> Places {
        let mut found = Places::new();
        let mut any = 0;
        for &class in classes {
            any += u64::from(class == wanted);
        }
        if any > 0 {
            for (place, &class) in classes.iter().enumerate() {
                found.add(place, class == wanted);
            }
        }
        found
    }

    /// Adds a place if it is wanted, without a branch.
    #[inline(always)]
    pub(super) fn add(&mut self, place: usize, wanted: bool) {
        self.places[self.count.min(BLOCK - 1)] = place as u16;
        self.count += usize::from(wanted);
    }

    /// How many groups of up to [`LANES`] places there are.
    #[inline(always)]
    pub(super) fn groups(&self) -> usize {
        self.count.min(BLOCK).div_ceil(LANES)
    }

    /// A group's places and how many of them count: unused lanes repeat the first. (No closure takes the group: what is not inlined
    /// into a kernel loses its vector instructions.)
    #[inline(always)]
    pub(super) fn group(&self, number: usize) -> ([usize; LANES], usize) {
        let start = number * LANES;
        let count = (self.count.min(BLOCK) - start).min(LANES);
        let mut places = [usize::from(self.places[start]) % BLOCK; LANES];
        for lane in 0..count {
            places[lane] = usize::from(self.places[start + lane]) % BLOCK;
        }
        (places, count)
    }
}

/// x·factor in two doubles.
#[inline(always)]
pub(super) fn times<const FMA: bool>(x: (f64, f64), factor: Dd) -> (f64, f64) {
    let (product, lost) = two_product::<FMA>(x.0, factor.high);
    quick_two_sum(product, mul_add::<FMA>(x.0, factor.low, mul_add::<FMA>(x.1, factor.high, lost)))
}

/// The numbers at these places.
#[inline(always)]
pub(super) fn gather(numbers: &Numbers, places: &[usize; LANES]) -> [f64; LANES] {
    let mut found = [0.0; LANES];
    for (found, &place) in found.iter_mut().zip(places) {
        *found = numbers[place];
    }
    found
}

/// A polynomial whose degree is known at run time only, in lanes.
#[inline(always)]
pub(super) fn polynomial_lanes<const FMA: bool>(c: &[f64], x: &[f64; LANES]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for &c in c.iter().rev() {
        for lane in 0..LANES {
            sums[lane] = mul_add::<FMA>(sums[lane], x[lane], c);
        }
    }
    sums
}

/// a·(δ − ln(1 + δ)) with δ = excess/a, relative to itself, where |δ| < 1e-4 (∞ elsewhere): so close to the mean of a large shape even
/// two doubles leave nothing of the energy. `inverse` is 1/a.
#[inline(always)]
pub(super) fn near_mean<const FMA: bool>(inverse: f64, excess: f64) -> f64 {
    let delta = excess * inverse;
    let series = horner::<FMA, 5>(&[0.5, -1.0 / 3.0, 0.25, -0.2, 1.0 / 6.0], delta);
    if delta.abs() < 1e-4 { excess * delta * series } else { f64::INFINITY }
}

/// A continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)) in lanes (see `fraction`), with aₘ = c₀·p and bₘ = c₁ + c₂·q + c₃·r for the row c of
/// term m. The row of term 0 is not used. None if there are too few terms.
#[inline(always)]
pub(super) fn fraction_lanes<const FMA: bool>(
    b0: &[f64; LANES],
    terms: &[[f64; 4]],
    p: &[f64; LANES],
    q: &[f64; LANES],
    r: &[f64; LANES],
) -> Option<[f64; LANES]> {
    const BIG: f64 = 1e100;
    // Numerator and denominator of what follows b₀, which is the smaller part: their rounding counts for less.
    let (mut top_before, mut top) = ([1.0; LANES], [0.0; LANES]);
    let (mut bottom_before, mut bottom) = ([0.0; LANES], [1.0; LANES]);
    let (mut value, mut done) = (*b0, [0.0; LANES]);
    for four in terms[1..].chunks_exact(4) {
        let mut ended = false;
        for &[c0, c1, c2, c3] in four {
            // For whole shapes the fraction ends: what follows would only add rounding.
            ended |= c0 == 0.0;
            if ended {
                break;
            }
            for lane in 0..LANES {
                let a = c0 * p[lane];
                let b = mul_add::<FMA>(c3, r[lane], mul_add::<FMA>(c2, q[lane], c1));
                let next = mul_add::<FMA>(b, top[lane], a * top_before[lane]);
                top_before[lane] = top[lane];
                top[lane] = next;
                let next = mul_add::<FMA>(b, bottom[lane], a * bottom_before[lane]);
                bottom_before[lane] = bottom[lane];
                bottom[lane] = next;
            }
        }
        let mut open = false;
        for lane in 0..LANES {
            let large = top[lane].abs() > BIG || bottom[lane].abs() > BIG;
            let down = if large { 1.0 / BIG } else { 1.0 };
            top_before[lane] *= down;
            top[lane] *= down;
            bottom_before[lane] *= down;
            bottom[lane] *= down;
            let next = b0[lane] + top[lane] / bottom[lane];
            // Lanes that have converged keep their value: more terms only add rounding.
            let settled = done[lane] == 1.0 || (next - value[lane]).abs() <= f64::EPSILON * next.abs();
            value[lane] = if done[lane] == 1.0 { value[lane] } else { next };
            done[lane] = if settled { 1.0 } else { 0.0 };
            open |= !settled;
        }
        if !open || ended {
            return Some(value);
        }
    }
    None
}

/// Temme's expansion with fixed parameters (see `uniform`): the polynomial in η and the scale of η.
#[derive(Debug)]
pub(super) struct Uniform {
    coefficients: [f64; uniform::COUNT],
    /// √(2/ρ): η² is 2·energy/ρ.
    unit: f64,
}

impl Uniform {
    /// From ρ, the coefficients of f and the correction C.
    pub(super) fn new(rho: f64, f: &[f64; uniform::COUNT], correction: f64) -> Uniform {
        let mut coefficients = uniform::by_recurrence(rho, f);
        let scale = correction / (std::f64::consts::TAU * rho).sqrt();
        coefficients.iter_mut().for_each(|c| *c *= scale);
        Uniform { coefficients, unit: (2.0 / rho).sqrt() }
    }

    /// The factor of the smaller tail.
    #[inline(always)]
    pub(super) fn factor<const FMA: bool>(&self, energy: f64, above: bool) -> f64 {
        let energy = if energy > 0.0 { energy } else { 0.0 };
        let root = energy.sqrt();
        let size = self.unit * root;
        let t = horner::<FMA, { uniform::COUNT }>(&self.coefficients, if above { size } else { -size });
        mul_add::<FMA>(0.5, erfcx_upper::<FMA>(root), if above { t } else { -t })
    }
}
