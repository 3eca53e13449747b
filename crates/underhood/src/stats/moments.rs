//! Count, mean, spread, skewness, kurtosis and extremes of one column, in one pass over memory.
//!
//! The column is read in blocks that fit the first-level cache; `sums` takes and merges their central sums. All of it is done
//! on x − c for a reference value c from the data: a huge common offset then cancels exactly (P. H. Sterbenz, 1974, *Floating-Point
//! Computation*) before anything is squared. Extremes of size are scaled by a power of two.

use ndarray::ArrayView1;

use super::sums::{Sums, Tree, first_pass, second_pass};

/// Values in a block: 8 KiB, so that the second pass over a block finds it in the first-level cache.
pub(crate) const BLOCK: usize = 1024;

/// Deviations between these bounds can be raised to the fourth power and summed without overflow or underflow.
const COMFORTABLE: std::ops::RangeInclusive<f64> = 1e-70..=1e70;

/// The moments of one sample, and how many values were missing.
///
/// NaN counts as missing and takes part in nothing else. The standard deviation is *s* = √(Σ(x − x̄)² / (n − ddof)); with
/// mₖ = Σ(x − x̄)ᵏ/n the skewness is g₁ = m₃/m₂^(3/2) and the excess kurtosis g₂ = m₄/m₂² − 3, which a normal
/// distribution has at 0. What a sample cannot tell is NaN: anything of no values, the spread of one, the shape of a constant
/// column. Values of any finite size are fine: they are scaled by a power of two where their powers would overflow.
///
/// With an infinite value the mean is that infinity (NaN when both signs occur) and the other moments are NaN, since the
/// distances from an infinite mean have no value; the extremes stay right.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::Moments;
///
/// let moments = Moments::of(array![2.0, 4.0, f64::NAN, 9.0].view());
/// assert_eq!((moments.count(), moments.missing()), (3, 1));
/// assert_eq!(moments.mean(), 5.0);
/// assert_eq!(moments.variance(1), 13.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    count: usize,
    missing: usize,
    min: f64,
    max: f64,
    /// The value c that everything was centred by.
    reference: f64,
    /// Mean and central sums of (x − c)/2ᵏ.
    sums: Sums,
    /// The k above; almost always 0.
    exponent: i32,
}

/// When x − c is divided by 2ᵏ.
#[derive(Debug, Clone, Copy)]
enum Scaling {
    /// Not at all: k is 0.
    None,
    /// After the subtraction, so that small deviations from a large value keep their digits.
    Late,
    /// Before it, since x − c would overflow.
    Early,
}

impl Scaling {
    fn apply(self, x: f64, c: f64, k: i32) -> f64 {
        match self {
            Scaling::None => x - c,
            Scaling::Late => times_power_of_two(x - c, -k),
            Scaling::Early => times_power_of_two(x, -k) - times_power_of_two(c, -k),
        }
    }
}

impl Moments {
    /// The moments of a vector.
    pub fn of(x: ArrayView1<'_, f64>) -> Moments {
        super::contiguous(x, Moments::of_slice)
    }

    pub(crate) fn of_slice(x: &[f64]) -> Moments {
        let reference = reference_value(x.len(), |i| x[i]);
        Moments::in_one_pass(x, reference).reconsidered(|| x.to_vec())
    }

    fn in_one_pass(x: &[f64], reference: f64) -> Moments {
        if (1..=BLOCK).contains(&x.len()) {
            // One block without gaps needs no merging.
            let (sum, min, max) = first_pass(x, reference);
            if !sum.is_nan() {
                let sums = second_pass(x, reference, sum);
                return Moments { count: x.len(), missing: 0, min, max, reference, sums, exponent: 0 };
            }
        }
        let mut running = Running::about(reference);
        x.chunks(BLOCK).for_each(|block| running.add(block));
        running.moments()
    }

    /// Looks at the extremes, which are known now, and mends what one plain pass cannot do; seldom asks for the column again.
    pub(crate) fn reconsidered(mut self, column: impl FnOnce() -> Vec<f64>) -> Moments {
        self.reconsider(column);
        self
    }

    fn reconsider(&mut self, column: impl FnOnce() -> Vec<f64>) {
        let sums = &mut self.sums;
        if self.count == 0 {
            *sums = Sums { n: 0.0, mean: f64::NAN, m2: f64::NAN, m3: f64::NAN, m4: f64::NAN };
            (self.min, self.max) = (f64::NAN, f64::NAN);
            return;
        }
        if self.min == f64::NEG_INFINITY || self.max == f64::INFINITY {
            let mean = if self.min == f64::NEG_INFINITY { self.min } else { 0.0 }
                + if self.max == f64::INFINITY { self.max } else { 0.0 };
            self.reference = 0.0;
            *sums = Sums { n: sums.n, mean, m2: f64::NAN, m3: f64::NAN, m4: f64::NAN };
            return;
        }
        if self.min == self.max {
            // Nothing deviates, and that is known without rounding.
            *sums = Sums { n: sums.n, mean: 0.0, m2: 0.0, m3: 0.0, m4: 0.0 };
            self.reference = self.min;
            return;
        }
        let reference = self.reference;
        let farthest = (self.max - reference).max(reference - self.min);
        if COMFORTABLE.contains(&farthest) {
            return;
        }
        self.exponent = exponent_of(if farthest.is_finite() { farthest } else { self.max.max(-self.min) });
        let (scaling, exponent) = (self.scaling(), self.exponent);
        let mut scaled = column();
        scaled.iter_mut().for_each(|v| *v = scaling.apply(*v, reference, exponent));
        self.sums = Moments::in_one_pass(&scaled, 0.0).sums;
    }

    fn scaling(&self) -> Scaling {
        let farthest = (self.max - self.reference).max(self.reference - self.min);
        match self.exponent {
            0 => Scaling::None,
            _ if farthest.is_finite() => Scaling::Late,
            _ => Scaling::Early,
        }
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many were NaN.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The smallest value.
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest value.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// x̄ = Σx/n.
    pub fn mean(&self) -> f64 {
        if self.min == self.max {
            return self.min;
        }
        let mean = self.reference + self.mean_deviation();
        if mean.is_finite() || self.sums.mean.is_infinite() {
            // Rounding must not carry the mean out of the data.
            return mean.clamp(self.min, self.max);
        }
        // Both parts are near the largest double and cancel.
        let half = self.reference / 2.0 + times_power_of_two(self.sums.mean, self.exponent - 1);
        2.0 * half
    }

    /// x̄ − value, which keeps digits that the rounded mean has lost.
    pub(crate) fn mean_from(&self, value: f64) -> f64 {
        (self.reference - value) + self.mean_deviation()
    }

    /// x̄ − ȳ, which keeps digits that the rounded means have lost.
    pub(crate) fn mean_difference(&self, other: &Moments) -> f64 {
        (self.reference - other.reference) + (self.mean_deviation() - other.mean_deviation())
    }

    /// x̄ − c.
    fn mean_deviation(&self) -> f64 {
        times_power_of_two(self.sums.mean, self.exponent)
    }

    /// Σ(x − x̄)² / (n − ddof); NaN when n ≤ ddof. Infinite only if the true value is beyond the largest double.
    pub fn variance(&self, ddof: usize) -> f64 {
        times_power_of_two(self.scaled_variance(ddof), 2 * self.exponent)
    }

    /// √variance, finite and exact also where the variance itself would overflow or underflow.
    pub fn std(&self, ddof: usize) -> f64 {
        times_power_of_two(self.scaled_variance(ddof).sqrt(), self.exponent)
    }

    fn scaled_variance(&self, ddof: usize) -> f64 {
        if self.count <= ddof {
            return f64::NAN;
        }
        self.sums.m2 / (self.sums.n - ddof as f64)
    }

    /// The standard deviation on the scale of [`Moments::scaled_deviation`].
    pub(crate) fn scaled_std(&self, ddof: usize) -> f64 {
        self.scaled_variance(ddof).sqrt()
    }

    /// The c and m with x − x̄ = (x − c) − m, unless the sample is so extreme that it is scaled.
    pub(crate) fn centre_in_two(&self) -> Option<(f64, f64)> {
        (self.exponent == 0).then_some((self.reference, self.sums.mean))
    }

    /// (x − x̄)/2ᵏ, with the k of extreme samples.
    pub(crate) fn scaled_deviation(&self, x: f64) -> f64 {
        self.scaling().apply(x, self.reference, self.exponent) - self.sums.mean
    }

    /// Σ(x − x̄)².
    pub(crate) fn sum_of_squares(&self) -> f64 {
        times_power_of_two(self.sums.m2, 2 * self.exponent)
    }

    /// Replaces every value of the column that the moments are of by (x − x̄)/2ᵏ, and gives k.
    pub(crate) fn centre(&self, x: &mut [f64]) -> i32 {
        let (c, mean) = (self.reference, self.sums.mean);
        match self.scaling() {
            Scaling::None => x.iter_mut().for_each(|v| *v = (*v - c) - mean),
            scaling => x.iter_mut().for_each(|v| *v = scaling.apply(*v, c, self.exponent) - mean),
        }
        self.exponent
    }

    /// Skewness: g₁ of the sample when `bias` is true, else G₁ = g₁·√(n(n−1))/(n−2), which is corrected for the sample's size
    /// and needs three values.
    pub fn skewness(&self, bias: bool) -> f64 {
        let Sums { n, m2, m3, .. } = self.sums;
        if m2 == 0.0 || self.count < if bias { 1 } else { 3 } {
            return f64::NAN;
        }
        let g1 = n.sqrt() * (m3 / m2) / m2.sqrt();
        if bias { g1 } else { g1 * (n * (n - 1.0)).sqrt() / (n - 2.0) }
    }

    /// Excess kurtosis: g₂ of the sample when `bias` is true, else G₂ = ((n+1)g₂ + 6)(n−1)/((n−2)(n−3)), which is corrected for
    /// the sample's size and needs four values.
    pub fn kurtosis(&self, bias: bool) -> f64 {
        let Sums { n, m2, m4, .. } = self.sums;
        if m2 == 0.0 || self.count < if bias { 1 } else { 4 } {
            return f64::NAN;
        }
        let g2 = n * (m4 / m2) / m2 - 3.0;
        if bias { g2 } else { ((n + 1.0) * g2 + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)) }
    }
}

/// Moments that are being taken, block by block.
pub(crate) struct Running {
    reference: f64,
    missing: usize,
    min: f64,
    max: f64,
    tree: Tree,
}

impl Running {
    /// Starts with the value to centre by.
    pub(crate) fn about(reference: f64) -> Running {
        Running { reference, missing: 0, min: f64::INFINITY, max: f64::NEG_INFINITY, tree: Tree::default() }
    }

    /// Takes the next values: [`BLOCK`] of them, fewer at the end.
    pub(crate) fn add(&mut self, block: &[f64]) {
        let (sum, low, high) = first_pass(block, self.reference);
        if !sum.is_nan() {
            return self.merge(block, sum, low, high);
        }
        let present: Vec<f64> = block.iter().copied().filter(|v| !v.is_nan()).collect();
        self.missing += block.len() - present.len();
        if !present.is_empty() {
            let (sum, low, high) = first_pass(&present, self.reference);
            self.merge(&present, sum, low, high);
        }
    }

    /// Takes the central sums of the next values, none of them missing, with their extremes.
    pub(super) fn add_sums(&mut self, low: f64, high: f64, sums: Sums) {
        (self.min, self.max) = (self.min.min(low), self.max.max(high));
        self.tree.add(sums);
    }

    fn merge(&mut self, values: &[f64], sum: f64, low: f64, high: f64) {
        self.add_sums(low, high, second_pass(values, self.reference, sum));
    }

    /// The moments of all that was added; what is special about the column is for [`Moments::reconsidered`].
    pub(crate) fn moments(self) -> Moments {
        let sums = self.tree.total();
        let Running { reference, missing, min, max, .. } = self;
        Moments { count: sums.n as usize, missing, min, max, reference, sums, exponent: 0 }
    }
}

/// A value in the middle of a few from all over a column of n, to centre it by.
pub(crate) fn reference_value(n: usize, value: impl Fn(usize) -> f64) -> f64 {
    const LOOKED_AT: usize = 9;
    let mut few = [0.0; LOOKED_AT];
    let mut found = 0;
    for i in 0..LOOKED_AT.min(n) {
        let value = value(i * n / LOOKED_AT.min(n));
        if value.is_finite() {
            few[found] = value;
            found += 1;
        }
    }
    if found == 0 {
        return (0..n).map(value).find(|v| v.is_finite()).unwrap_or(0.0);
    }
    few[..found].sort_unstable_by(f64::total_cmp);
    few[found / 2]
}

/// The k with 2ᵏ ≤ |x| < 2ᵏ⁺¹.
pub(crate) fn exponent_of(x: f64) -> i32 {
    libm::ilogb(x)
}

/// x·2ᵏ, rounded once, for any k.
pub(crate) fn times_power_of_two(x: f64, k: i32) -> f64 {
    if k == 0 { x } else { libm::ldexp(x, k) }
}
