//! Tails of a distribution at many points whose parameters are the same: everything that depends on the parameters alone is computed
//! once, the points are sorted by method, and each method works on [`LANES`] points at a time.
//!
//! As for a single point (`tail`), one tail is computed as factor·exp(−energy), the energy in two doubles; the other is one less it.

use super::exponential::exp_pair;
use super::polynomial::horner;
use super::tail::Side;
use super::{error_function::erfcx_upper, uniform};
use crate::simd::mul_add;

/// So many points are sorted at a time.
pub(crate) const BLOCK: usize = 512;
/// So many points keep the multiplier busy while each waits for its last sum.
pub(super) const LANES: usize = 32;
/// Fewer points than this are quicker one by one.
pub(crate) const MANY: usize = 48;
/// Points between these have energies and ratios that neither under- nor overflow.
pub(crate) const COMFORTABLE: std::ops::Range<f64> = 1e-150..1e150;

/// Replaces every x by what `wide` writes for the points x·scale of a block; where these are not comfortable, by `one(x)`.
pub(super) fn by_blocks(
    x: &mut [f64],
    scale: f64,
    one: impl Fn(f64) -> f64,
    mut wide: impl FnMut(&Numbers, &mut [f64]),
) {
    let (mut points, mut before) = ([1.0; BLOCK], [0.0; BLOCK]);
    for block in x.chunks_mut(BLOCK) {
        let mut odd = false;
        for (point, &x) in points.iter_mut().zip(block.iter()) {
            let comfortable = COMFORTABLE.contains(&(x * scale));
            odd |= !comfortable;
            *point = if comfortable { x * scale } else { 1.0 };
        }
        before[..block.len()].copy_from_slice(block);
        wide(&points, block);
        if odd {
            for (value, &x) in block.iter_mut().zip(&before) {
                if !COMFORTABLE.contains(&(x * scale)) {
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

    /// Adds a place if it is wanted, without a branch.
    #[inline(always)]
    pub(super) fn add(&mut self, place: usize, wanted: bool) {
        self.places[self.count.min(BLOCK - 1)] = place as u16;
        self.count += usize::from(wanted);
    }

    /// Calls `work` with up to [`LANES`] places at a time; unused lanes repeat the first.
    #[inline(always)]
    pub(super) fn groups(&self, mut work: impl FnMut(&[usize; LANES], usize)) {
        for group in self.places[..self.count.min(BLOCK)].chunks(LANES) {
            let mut places = [usize::from(group[0]) % BLOCK; LANES];
            for (place, &from) in places.iter_mut().zip(group) {
                *place = usize::from(from) % BLOCK;
            }
            work(&places, group.len());
        }
    }
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

/// The continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)) in lanes (see `fraction`): `term(m, lane)` gives (aₘ, bₘ), m = 1, 2, …, `count`.
/// None if that many terms are too few.
#[inline(always)]
pub(super) fn fraction_lanes(
    b0: &[f64; LANES],
    count: usize,
    term: impl Fn(usize, usize) -> (f64, f64),
) -> Option<[f64; LANES]> {
    const BIG: f64 = 1e100;
    let (mut top_before, mut top) = ([1.0; LANES], *b0);
    let (mut bottom_before, mut bottom) = ([0.0; LANES], [1.0; LANES]);
    let mut value = *b0;
    let mut m = 1;
    while m + 3 < count {
        for _ in 0..4 {
            for lane in 0..LANES {
                let (a, b) = term(m, lane);
                let next = b * top[lane] + a * top_before[lane];
                top_before[lane] = top[lane];
                top[lane] = next;
                let next = b * bottom[lane] + a * bottom_before[lane];
                bottom_before[lane] = bottom[lane];
                bottom[lane] = next;
            }
            m += 1;
        }
        let mut open = false;
        for lane in 0..LANES {
            let large = top[lane].abs() > BIG || bottom[lane].abs() > BIG;
            let down = if large { 1.0 / BIG } else { 1.0 };
            top_before[lane] *= down;
            top[lane] *= down;
            bottom_before[lane] *= down;
            bottom[lane] *= down;
            let next = top[lane] / bottom[lane];
            open |= !((next - value[lane]).abs() <= 1e-16 * next.abs());
            value[lane] = next;
        }
        if !open {
            return Some(value);
        }
    }
    None
}

/// Temme's expansion with fixed parameters (see `uniform`): the polynomial in η and the scale of η.
#[derive(Debug)]
pub(super) struct Uniform {
    coefficients: [f64; uniform::COUNT],
    rho: f64,
}

impl Uniform {
    /// From ρ, the coefficients of f and the correction C.
    pub(super) fn new(rho: f64, f: &[f64; uniform::COUNT], correction: f64) -> Uniform {
        let mut coefficients = uniform::by_recurrence(rho, f);
        let scale = correction / (std::f64::consts::TAU * rho).sqrt();
        coefficients.iter_mut().for_each(|c| *c *= scale);
        Uniform { coefficients, rho }
    }

    /// The factor of the smaller tail.
    #[inline(always)]
    pub(super) fn factor<const FMA: bool>(&self, energy: f64, above: bool) -> f64 {
        let energy = if energy > 0.0 { energy } else { 0.0 };
        let size = (2.0 / self.rho * energy).sqrt();
        let t = horner::<FMA, { uniform::COUNT }>(&self.coefficients, if above { size } else { -size });
        mul_add::<FMA>(0.5, erfcx_upper::<FMA>(energy.sqrt()), if above { t } else { -t })
    }
}
