//! Seeded streams of random numbers: the same seed gives the same values on every machine and for any number of threads.
//!
//! The generator is xoshiro256++ (Blackman and Vigna, 2021, ACM TOMS 47:36, doi:10.1145/3460772), seeded through SplitMix64;
//! single normal draws use the ziggurat of `rand_distr`. The first values of a stream are pinned by the tests below.
//!
//! Draws by the slice (`fill_…`) come from eight generators that a stream seeds (`source`), by methods that suit vectors:
//!
//! | distribution | method | file |
//! |---|---|---|
//! | normal, exponential | ziggurat | `ziggurat` |
//! | gamma, beta | Marsaglia and Tsang's cube of a normal draw, two levels of tests | `gamma` |
//! | counts with few values, categories | alias table | `alias` |
//! | Poisson, binomial | transformed rejection | `transformed`, `discrete` |
//! | geometric, negative binomial | exponential rounded up; Poisson with a gamma rate | `discrete` |
//! | hypergeometric | ratio of uniforms | `hypergeometric` |
//! | von Mises | rejection from a wrapped Cauchy distribution | `von_mises` |
//!
//! All of them compute with the elementary functions of `portable` and without fused multiply–add, in kernels (`kernel`) that give the same bits at
//! every SIMD level: a draw is the same on every machine, and pinned too.

mod alias;
mod discrete;
mod fill;
mod gamma;
mod hypergeometric;
pub(crate) mod kernel;
mod log_mass;
#[cfg(test)]
mod pinned;
pub(crate) mod portable;
mod rejection;
pub(crate) mod source;
mod transformed;
mod von_mises;
mod ziggurat;

use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A seeded stream of random numbers.
///
/// ```
/// use underhood::random::Stream;
///
/// let (mut a, mut b) = (Stream::seeded(1), Stream::seeded(1));
/// assert_eq!(a.uniform(), b.uniform());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream that belongs to a seed.
    pub fn seeded(seed: u64) -> Self {
        Stream(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from [0, 1): one of 2⁵³ equally likely multiples of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * f64::EPSILON / 2.0
    }

    /// A number from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// A whole number from 0 up to but not including `bound`, each equally likely.
    ///
    /// Lemire's multiplication with rejection (2019, doi:10.1145/3230636).
    ///
    /// # Panics
    /// If `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "Stream::below: bound is 0, but must be positive");
        loop {
            let wide = u128::from(self.bits()) * u128::from(bound);
            // The exact limit, 2⁶⁴ mod bound, costs a division: it is below `bound`, and nearly always that says enough.
            if wide as u64 >= bound || wide as u64 >= bound.wrapping_neg() % bound {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Brings a slice into random order, each order equally likely (Fisher and Yates, in Durstenfeld's form).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// The numbers 0, …, n − 1 in random order.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_of_a_stream_stay_as_they_are() {
        // xoshiro256++ from the state that SplitMix64 makes of 0, as in the authors' reference code.
        let mut stream = Stream::seeded(0);
        assert_eq!(stream.bits(), 0x53175d61490b23df);
        let mut stream = Stream::seeded(1);
        let order = stream.permutation(10);
        assert_eq!(order, Stream::seeded(1).permutation(10));
        let mut sorted = order;
        sorted.sort_unstable();
        assert_eq!(sorted, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn uniform_and_normal_draws_have_their_moments() {
        let mut stream = Stream::seeded(7);
        let n = 100_000;
        let uniform: f64 = (0..n).map(|_| stream.uniform()).sum::<f64>() / f64::from(n);
        // Standard errors 9.1e-4 and 3.2e-3: five of them are not met by chance.
        assert!((uniform - 0.5).abs() < 5.0 * 9.2e-4);
        let normal: f64 = (0..n).map(|_| stream.normal()).sum::<f64>() / f64::from(n);
        assert!(normal.abs() < 5.0 * 3.2e-3);
    }

    #[test]
    fn below_reaches_every_number_equally_often() {
        let mut stream = Stream::seeded(3);
        let mut counts = [0_u32; 6];
        (0..60_000).for_each(|_| counts[stream.below(6) as usize] += 1);
        let chi_square: f64 = counts.iter().map(|&c| (f64::from(c) - 10_000.0).powi(2) / 10_000.0).sum();
        // The 0.999 quantile of chi-square with 5 degrees of freedom.
        assert!(chi_square < 20.52, "{counts:?}");
    }
}
