//! Many draws at once: what [`Stream`] writes into a slice.

use super::Stream;
use super::source::Source;
use super::{alias, discrete, gamma, hypergeometric, source, von_mises, ziggurat};

/// Draws by the slice.
///
/// Each method fills the slice with independent draws and moves the stream on by the same amount whatever the slice's length. The values
/// depend on the stream, the parameters and the length, not on the platform. Parameters are the caller's to check: outside of what a method
/// asks for, the slice is filled with NaN; nothing panics.
///
/// ```
/// use underhood::random::Stream;
///
/// let mut draws = [0.0; 1000];
/// Stream::seeded(1).fill_gamma(2.5, &mut draws);
/// assert!(draws.iter().all(|x| *x > 0.0));
/// ```
impl Stream {
    /// Uniform on (0, 1): multiples of 2⁻⁵³, never 0 (2⁻⁵⁴ stands for it) and never 1.
    pub fn fill_uniform(&mut self, out: &mut [f64]) {
        source::fill_uniform(&mut Source::of(self), out);
    }

    /// Standard normal.
    pub fn fill_normal(&mut self, out: &mut [f64]) {
        ziggurat::fill_normal(&mut Source::of(self), out);
    }

    /// Exponential with rate 1: positive.
    pub fn fill_exponential(&mut self, out: &mut [f64]) {
        ziggurat::fill_exponential(&mut Source::of(self), out);
    }

    /// Gamma with this shape and scale 1; the shape is positive and finite.
    ///
    /// Draws below the smallest double are 0, as most are for a shape of 1e-3: [`Stream::fill_log_gamma`] has their logarithms.
    pub fn fill_gamma(&mut self, shape: f64, out: &mut [f64]) {
        gamma::fill_gamma(&mut Source::of(self), shape, out);
    }

    /// The logarithm of a gamma variable with this shape and scale 1, finite also where the variable itself is below the smallest double (or −∞, where its
    /// logarithm is below −1.8e308).
    pub fn fill_log_gamma(&mut self, shape: f64, out: &mut [f64]) {
        gamma::fill_log_gamma(&mut Source::of(self), shape, out);
    }

    /// Beta with these shapes, both positive and finite: in [0, 1], and the ends only where the nearest double is one.
    pub fn fill_beta(&mut self, a: f64, b: f64, out: &mut [f64]) {
        gamma::fill_beta(&mut Source::of(self), a, b, out);
    }

    /// Poisson with this rate, not negative and finite. Draws beyond 2⁵³ are whole numbers rounded to doubles.
    pub fn fill_poisson(&mut self, rate: f64, out: &mut [f64]) {
        discrete::fill_poisson(&mut Source::of(self), rate, out);
    }

    /// The successes in n trials with probability p in [0, 1] each. Draws beyond 2⁵³ are rounded to doubles.
    pub fn fill_binomial(&mut self, n: u64, p: f64, out: &mut [f64]) {
        discrete::fill_binomial(&mut Source::of(self), n, p, out);
    }

    /// The trials up to and with the first success, for a probability p in (0, 1]: 1, 2, …; ∞ beyond the largest double (p < 1e-306).
    pub fn fill_geometric(&mut self, p: f64, out: &mut [f64]) {
        discrete::fill_geometric(&mut Source::of(self), p, out);
    }

    /// The failures before the r-th success for a real r > 0 and p in (0, 1]: 0, 1, …
    pub fn fill_negative_binomial(&mut self, r: f64, p: f64, out: &mut [f64]) {
        discrete::fill_negative_binomial(&mut Source::of(self), r, p, out);
    }

    /// The successes among `draws` items drawn without replacement from a population with so many successes; `successes` and `draws` are at most `population`.
    pub fn fill_hypergeometric(&mut self, population: u64, successes: u64, draws: u64, out: &mut [f64]) {
        hypergeometric::fill_hypergeometric(&mut Source::of(self), population, successes, draws, out);
    }

    /// Von Mises about 0 with this concentration κ ≥ 0: an angle in [−π, π].
    pub fn fill_von_mises(&mut self, kappa: f64, out: &mut [f64]) {
        von_mises::fill_von_mises(&mut Source::of(self), kappa, out);
    }

    /// The index of a category, drawn with these probabilities (or weights, which are divided by their sum). A category of probability 0 is never drawn.
    pub fn fill_categorical(&mut self, probabilities: &[f64], out: &mut [f64]) {
        alias::fill_categorical(&mut Source::of(self), probabilities, out);
    }

    /// A whole number from 0 up to but not including `bound`, each equally likely. Numbers beyond 2⁵³ are rounded to doubles.
    pub fn fill_below(&mut self, bound: u64, out: &mut [f64]) {
        source::fill_below(&mut Source::of(self), bound, out);
    }
}
