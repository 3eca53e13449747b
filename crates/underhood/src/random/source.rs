//! Where the samplers get their bits: eight xoshiro256++ generators side by side, and a ninth for what is drawn one at a time.
//!
//! xoshiro256++ is by Blackman and Vigna (2021, doi:10.1145/3460772); eight of them fill the lanes of a vector. Each word of their states is a
//! word of the stream, stretched over the generators by SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): four words of
//! the stream, 256 bits, a call.

use super::Stream;
use super::kernel::portable_kernel;
use crate::simd::{Level, level};

/// So many generators run side by side.
pub(crate) const LANES: usize = 8;
/// So many draws are made at a time: their bits and what becomes of them stay in the nearest cache.
pub(crate) const BLOCK: usize = 256;

/// The next value of the generator whose state this is.
#[inline(always)]
fn step(state: [u64; 4]) -> (u64, [u64; 4]) {
    let [a, b, c, d] = state;
    let value = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
    let (c, d) = (c ^ a, d ^ b);
    let (b_next, a) = (b ^ c, a ^ d);
    (value, [a, b_next, c ^ (b << 17), d.rotate_left(45)])
}

/// SplitMix64: the scrambled counter.
#[inline(always)]
fn scramble(counter: u64) -> u64 {
    let z = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Bits as a number strictly between 0 and 1: an odd multiple of 2⁻⁵³.
#[inline(always)]
pub(super) fn open(bits: u64) -> f64 {
    ((bits >> 11) | 1) as i64 as f64 * (f64::EPSILON / 2.0)
}

/// Nine generators.
#[derive(Debug)]
pub(crate) struct Source {
    lanes: [[u64; LANES]; 4],
    ninth: [u64; 4],
    /// The SIMD level of the kernels that draw from here.
    pub(crate) level: Level,
}

impl Source {
    /// The generators that belong to the next four words of a stream.
    pub(crate) fn of(stream: &mut Stream) -> Source {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let (mut lanes, mut ninth) = ([[0; LANES]; 4], [0; 4]);
        for (lanes, ninth) in lanes.iter_mut().zip(&mut ninth) {
            let seed = stream.bits();
            for (number, word) in (1_u64..).zip(lanes.iter_mut().chain([ninth])) {
                *word = scramble(seed.wrapping_add(number.wrapping_mul(GOLDEN)));
            }
        }
        Source { lanes, ninth, level: level() }
    }

    /// 64 bits for each of the first `count` places of a block; more places, up to a multiple of [`LANES`], may be written.
    #[inline]
    pub(crate) fn bits(&mut self, out: &mut [u64; BLOCK], count: usize) {
        let full = count.next_multiple_of(LANES).min(BLOCK);
        advance(self.level, &mut self.lanes, &mut out[..full]);
    }

    /// 64 bits by themselves.
    #[inline]
    pub(crate) fn next(&mut self) -> u64 {
        let (value, state) = step(self.ninth);
        self.ninth = state;
        value
    }

    /// A number strictly between 0 and 1 by itself.
    #[inline]
    pub(super) fn open(&mut self) -> f64 {
        open(self.next())
    }
}

portable_kernel! {
    fn advance(lanes: &mut [[u64; LANES]; 4], out: &mut [u64]) = advance_body
}

#[inline(always)]
fn advance_body(lanes: &mut [[u64; LANES]; 4], out: &mut [u64]) {
    // One operation of `step` at a time on all generators: so the compiler makes each of them one instruction on a vector.
    let [mut a, mut b, mut c, mut d] = *lanes;
    for out in out.as_chunks_mut::<LANES>().0 {
        let sum = each(|lane| a[lane].wrapping_add(d[lane]));
        *out = each(|lane| sum[lane].rotate_left(23).wrapping_add(a[lane]));
        let shifted = each(|lane| b[lane] << 17);
        c = each(|lane| c[lane] ^ a[lane]);
        d = each(|lane| d[lane] ^ b[lane]);
        b = each(|lane| b[lane] ^ c[lane]);
        a = each(|lane| a[lane] ^ d[lane]);
        c = each(|lane| c[lane] ^ shifted[lane]);
        d = each(|lane| d[lane].rotate_left(45));
    }
    *lanes = [a, b, c, d];
}

/// The same for every lane.
#[inline(always)]
fn each(of: impl Fn(usize) -> u64) -> [u64; LANES] {
    [of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7)]
}

/// Uniform draws: multiples of 2⁻⁵³, and 2⁻⁵⁴ for 0.
pub(super) fn fill_uniform(source: &mut Source, out: &mut [f64]) {
    let mut bits = [0; BLOCK];
    for out in out.chunks_mut(BLOCK) {
        source.bits(&mut bits, out.len());
        uniform(source.level, &bits, out);
    }
}

portable_kernel! {
    fn uniform(bits: &[u64], out: &mut [f64]) = uniform_body
}

#[inline(always)]
fn uniform_body(bits: &[u64], out: &mut [f64]) {
    for (out, bits) in out.iter_mut().zip(bits) {
        let u = (bits >> 11) as i64 as f64 * (f64::EPSILON / 2.0);
        *out = if u == 0.0 { f64::EPSILON / 4.0 } else { u };
    }
}

/// Whole numbers below a bound: Lemire's multiplication with rejection (2019, doi:10.1145/3230636).
pub(super) fn fill_below(source: &mut Source, bound: u64, out: &mut [f64]) {
    if bound == 0 {
        return out.fill(f64::NAN);
    }
    let mut bits = [0; BLOCK];
    let limit = bound.wrapping_neg() % bound;
    for out in out.chunks_mut(BLOCK) {
        source.bits(&mut bits, out.len());
        for (out, &bits) in out.iter_mut().zip(&bits) {
            let mut wide = u128::from(bits) * u128::from(bound);
            while (wide as u64) < limit {
                wide = u128::from(source.next()) * u128::from(bound);
            }
            *out = (wide >> 64) as u64 as f64;
        }
    }
}
