//! Bringing samples of extreme size into the range where squares neither overflow nor vanish.

use std::borrow::Cow;

use ndarray::ArrayView1;

use super::moments::{exponent_of, times_power_of_two};

/// Sizes between these bounds are left alone.
const COMFORTABLE: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Samples divided by one power of two, chosen so that the largest value is near 1; by 2⁰ = 1 unless they are extreme.
pub(crate) struct Scaled<'a> {
    exponent: i32,
    samples: Vec<Cow<'a, [f64]>>,
}

impl<'a> Scaled<'a> {
    /// Scales finite samples together; `beside` is another number in their unit that has to stay in range.
    pub(crate) fn new(samples: &[ArrayView1<'a, f64>], beside: f64) -> Scaled<'a> {
        let largest = samples.iter().flat_map(|x| x.iter()).fold(beside.abs(), |most, v| most.max(v.abs()));
        let exponent = if largest == 0.0 || COMFORTABLE.contains(&largest) { 0 } else { exponent_of(largest) };
        let scaled = |x: &ArrayView1<'a, f64>| match (exponent, x.to_slice()) {
            (0, Some(values)) => Cow::Borrowed(values),
            _ => Cow::Owned(x.iter().map(|&v| times_power_of_two(v, -exponent)).collect()),
        };
        Scaled { exponent, samples: samples.iter().map(scaled).collect() }
    }

    /// The k of 2ᵏ that the samples are divided by.
    pub(crate) fn exponent(&self) -> i32 {
        self.exponent
    }

    pub(crate) fn sample(&self, i: usize) -> &[f64] {
        &self.samples[i]
    }

    pub(crate) fn samples(&self) -> impl Iterator<Item = &[f64]> {
        self.samples.iter().map(AsRef::as_ref)
    }

    /// A number in the samples' unit on the scale that is computed in.
    pub(crate) fn down(&self, x: f64) -> f64 {
        times_power_of_two(x, -self.exponent)
    }

    /// A result in the unit of the samples.
    pub(crate) fn up(&self, x: f64) -> f64 {
        times_power_of_two(x, self.exponent)
    }

    /// A result in the square of that unit.
    pub(crate) fn up_squared(&self, x: f64) -> f64 {
        times_power_of_two(x, 2 * self.exponent)
    }
}
