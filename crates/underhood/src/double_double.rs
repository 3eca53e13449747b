//! Numbers of two doubles, about 32 digits, and the exact sums and products that they are made of.
//!
//! Three things need more than 16 digits: residuals b − A·x, which cancel almost completely; the Gram matrix of a regression, whose
//! condition number is squared; and exponents, since a p-value of 1e-300 is exp(−690.8), where an error of 1e-16 in the exponent
//! is one of 7e-14 in the result. Each is carried as an unevaluated sum `high + low`.
//!
//! Sources: D. E. Knuth, The Art of Computer Programming 2, section 4.2.2; T. J. Dekker, "A floating-point technique for extending the
//! available precision", Numer. Math. 18 (1971) 224–242, doi:10.1007/BF01397083; T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and
//! dot product", SIAM J. Sci. Comput. 26 (2005) 1955–1988, doi:10.1137/030601818. A sum, product or quotient of two such numbers has a
//! relative error of a few 2⁻¹⁰⁴, about 1e-31.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::simd::{BASELINE_FMA, wide_kernel};

/// high + low, with |low| at most half a unit in the last place of high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dd {
    /// The sum, rounded.
    pub(crate) high: f64,
    /// What the rounding left.
    pub(crate) low: f64,
}

/// a + b = s + e exactly, whatever their magnitudes (Knuth).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let b_part = s - a;
    (s, (a - (s - b_part)) + (b - b_part))
}

/// The same when |a| ≥ |b| or a = 0 (Dekker).
#[inline(always)]
pub(crate) fn quick_two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    (s, b - (s - a))
}

/// a·b = p + e exactly, by one fused operation, or by splitting each factor into halves of 26 bits (Veltkamp).
///
/// Below 1e-290 e is lost; a factor above 1e300 cannot be split, and e is then NaN.
#[inline(always)]
pub(crate) fn two_product<const FMA: bool>(a: f64, b: f64) -> (f64, f64) {
    let p = a * b;
    if FMA {
        return (p, a.mul_add(b, -p));
    }
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    (p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

/// A double as the sum of two of 26 bits.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2²⁷ + 1
    let high = c - (c - a);
    (high, a - high)
}

impl Dd {
    /// Zero.
    pub(crate) const ZERO: Dd = Dd { high: 0.0, low: 0.0 };

    /// From a leading part and what is small beside it.
    #[inline(always)]
    fn normal(high: f64, rest: f64) -> Dd {
        let (high, low) = quick_two_sum(high, rest);
        Dd { high, low }
    }

    /// a + b exactly.
    #[inline(always)]
    pub(crate) fn sum(a: f64, b: f64) -> Dd {
        let (high, low) = two_sum(a, b);
        Dd { high, low }
    }

    /// a·b exactly.
    #[inline]
    pub(crate) fn product(a: f64, b: f64) -> Dd {
        let (high, low) = two_product::<BASELINE_FMA>(a, b);
        Dd { high, low }
    }

    /// a/b.
    #[inline]
    pub(crate) fn quotient(a: f64, b: f64) -> Dd {
        Dd::from(a) / b
    }

    /// Its root, by one Newton step from the root of the leading part; zero for zero and below.
    #[inline]
    pub(crate) fn sqrt(self) -> Dd {
        if self.high <= 0.0 {
            return Dd::ZERO;
        }
        let root = self.high.sqrt();
        let rest = self - Dd::product(root, root);
        Dd::normal(root, rest.high / (2.0 * root))
    }

    /// Rounded to one double.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }
}

impl From<f64> for Dd {
    #[inline]
    fn from(high: f64) -> Dd {
        Dd { high, low: 0.0 }
    }
}

impl Neg for Dd {
    type Output = Dd;
    #[inline]
    fn neg(self) -> Dd {
        Dd { high: -self.high, low: -self.low }
    }
}

impl Add for Dd {
    type Output = Dd;
    #[inline]
    fn add(self, other: Dd) -> Dd {
        let (high, lost) = two_sum(self.high, other.high);
        let (low, lost_of_low) = two_sum(self.low, other.low);
        let (high, lost) = quick_two_sum(high, lost + low);
        Dd::normal(high, lost + lost_of_low)
    }
}

impl Add<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn add(self, other: f64) -> Dd {
        let (high, lost) = two_sum(self.high, other);
        Dd::normal(high, lost + self.low)
    }
}

impl Sub for Dd {
    type Output = Dd;
    #[inline]
    fn sub(self, other: Dd) -> Dd {
        self + -other
    }
}

impl Sub<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn sub(self, other: f64) -> Dd {
        self + -other
    }
}

impl Mul for Dd {
    type Output = Dd;
    #[inline]
    fn mul(self, other: Dd) -> Dd {
        let (high, lost) = two_product::<BASELINE_FMA>(self.high, other.high);
        Dd::normal(high, lost + (self.high * other.low + self.low * other.high))
    }
}

impl Mul<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn mul(self, other: f64) -> Dd {
        let (high, lost) = two_product::<BASELINE_FMA>(self.high, other);
        Dd::normal(high, lost + self.low * other)
    }
}

impl Div for Dd {
    type Output = Dd;
    #[inline]
    fn div(self, other: Dd) -> Dd {
        let first = self.high / other.high;
        let product = other * first;
        Dd::normal(first, ((self.high - product.high) - product.low + self.low) / other.high)
    }
}

impl Div<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn div(self, other: f64) -> Dd {
        let first = self.high / other;
        let (product, lost) = two_product::<BASELINE_FMA>(first, other);
        Dd::normal(first, ((self.high - product) - lost + self.low) / other)
    }
}

wide_kernel! {
    /// Σ aᵢ·bᵢ, computed as if with 32 digits.
    pub(crate) fn dot(a: &[f64], b: &[f64]) -> Dd = dot_body
}

/// Eight pairs of running sums: the leading parts, and everything that rounding took from them.
#[inline(always)]
fn dot_body<const FMA: bool>(a: &[f64], b: &[f64]) -> Dd {
    const LANES: usize = 8;
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let (mut sums, mut lost) = ([0.0; LANES], [0.0; LANES]);
    let (blocks_a, blocks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (tail_a, tail_b) = (blocks_a.remainder(), blocks_b.remainder());
    for (block_a, block_b) in blocks_a.zip(blocks_b) {
        for lane in 0..LANES {
            let (p, e) = two_product::<FMA>(block_a[lane], block_b[lane]);
            let (s, f) = two_sum(sums[lane], p);
            sums[lane] = s;
            lost[lane] += e + f;
        }
    }
    for lane in 0..tail_a.len() {
        let (p, e) = two_product::<FMA>(tail_a[lane], tail_b[lane]);
        let (s, f) = two_sum(sums[lane], p);
        sums[lane] = s;
        lost[lane] += e + f;
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            let (s, f) = two_sum(sums[lane], sums[lane + width]);
            sums[lane] = s;
            lost[lane] += lost[lane + width] + f;
        }
        width /= 2;
    }
    Dd::sum(sums[0], lost[0])
}

wide_kernel! {
    /// Σⱼ xᵢⱼ·wⱼ for every row of a table of so many short rows, eight rows side by side; leading parts and what they lost.
    pub(crate) fn rows_dot(x: &[f64], w: &[f64], high: &mut [f64], low: &mut [f64]) = rows_dot_body
}

#[inline(always)]
fn rows_dot_body<const FMA: bool>(x: &[f64], w: &[f64], high: &mut [f64], low: &mut [f64]) {
    side_by_side(x, w.len(), |j, v| two_product::<FMA>(v, w[j]), high, low);
}

wide_kernel! {
    /// Σⱼ xᵢⱼ² for every row, the same way.
    pub(crate) fn rows_squares(x: &[f64], length: usize, high: &mut [f64], low: &mut [f64]) = rows_squares_body
}

#[inline(always)]
fn rows_squares_body<const FMA: bool>(x: &[f64], length: usize, high: &mut [f64], low: &mut [f64]) {
    side_by_side(x, length, |_, v| two_product::<FMA>(v, v), high, low);
}

wide_kernel! {
    /// Σⱼ |xᵢⱼ| for every row, the same way.
    pub(crate) fn rows_magnitudes(x: &[f64], length: usize, high: &mut [f64], low: &mut [f64]) = rows_magnitudes_body
}

#[inline(always)]
fn rows_magnitudes_body<const FMA: bool>(x: &[f64], length: usize, high: &mut [f64], low: &mut [f64]) {
    side_by_side(x, length, |_, v| (v.abs(), 0.0), high, low);
}

/// `term` of an entry's column and value is an exact pair, which is added to its row's sum.
#[inline(always)]
fn side_by_side(x: &[f64], length: usize, term: impl Fn(usize, f64) -> (f64, f64), high: &mut [f64], low: &mut [f64]) {
    const ROWS: usize = 8;
    let blocks = x.chunks(ROWS * length.max(1));
    for ((block, high), low) in blocks.zip(high.chunks_mut(ROWS)).zip(low.chunks_mut(ROWS)) {
        let (mut sums, mut lost) = ([0.0; ROWS], [0.0; ROWS]);
        // The last block's last row fills the lanes that it has no rows for.
        let starts: [usize; ROWS] = std::array::from_fn(|row| row.min(high.len() - 1) * length);
        for j in 0..length {
            let values: [f64; ROWS] = std::array::from_fn(|row| block[starts[row] + j]);
            for row in 0..ROWS {
                let (p, e) = term(j, values[row]);
                let (s, f) = two_sum(sums[row], p);
                sums[row] = s;
                lost[row] += e + f;
            }
        }
        for row in 0..ROWS {
            (sums[row], lost[row]) = two_sum(sums[row], lost[row]);
        }
        high.copy_from_slice(&sums[..high.len()]);
        low.copy_from_slice(&lost[..low.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_digits_survive_division_roots_and_cancellation() {
        let (one, two, three) = (Dd::from(1.0), Dd::from(2.0), Dd::from(3.0));
        assert!((one / three * three - one).value().abs() < 1e-31);
        assert!((one / 3.0 * 3.0 - 1.0).value().abs() < 1e-31);
        let root = two.sqrt();
        assert!((root * root - two).value().abs() < 1e-30);
        assert_eq!(Dd::from(-1.0).sqrt(), Dd::ZERO);
    }

    #[test]
    fn both_ways_to_an_exact_product_agree() {
        // (10⁸ + 1)(10⁸ + 3) = 10¹⁶ + 4·10⁸ + 3, an odd number beyond 2⁵³.
        for product in [two_product::<false>(1e8 + 1.0, 1e8 + 3.0), two_product::<true>(1e8 + 1.0, 1e8 + 3.0)] {
            assert_eq!(product.0 as i64 + product.1 as i64, 10_000_000_400_000_003);
        }
        assert_eq!(two_sum(1.0, 1e-20), (1.0, 1e-20));
        assert_eq!(two_sum(1e-20, 1.0), (1.0, 1e-20));
    }

    #[test]
    fn a_dot_product_that_cancels_to_its_last_term_is_exact() {
        // 10¹⁶·10¹⁶ − 10¹⁶·10¹⁶ + 1·1 + …: plain doubles give 0.
        let a = [1e16, 1.0, -1e16, 0.25, 3.0];
        let b = [1e16, 1.0, 1e16, 1.0, 1e-20];
        assert_eq!(dot(&a, &b).value(), 1.25);
        assert_eq!(dot_body::<false>(&a, &b).value(), 1.25);
        assert_eq!(dot(&[], &[]).value(), 0.0);
    }

    #[test]
    fn rows_side_by_side_are_rows_one_by_one() {
        for (rows, length) in [(0, 3), (1, 1), (7, 3), (8, 2), (19, 5)] {
            let x: Vec<f64> = (0..rows * length).map(|i| (i as f64).sin() * 10.0_f64.powi(i as i32 % 20)).collect();
            let w: Vec<f64> = (0..length).map(|i| (i as f64).cos()).collect();
            let (mut high, mut low) = (vec![0.0; rows], vec![0.0; rows]);
            rows_dot(&x, &w, &mut high, &mut low);
            for (i, row) in x.chunks(length).enumerate() {
                assert_eq!(high[i], dot(row, &w).high);
            }
            rows_dot_body::<false>(&x, &w, &mut high, &mut low);
            for (i, row) in x.chunks(length).enumerate() {
                assert_eq!(high[i], dot(row, &w).high);
            }
            rows_magnitudes(&x, length, &mut high, &mut low);
            for (i, row) in x.chunks(length).enumerate() {
                assert!((high[i] - row.iter().map(|v| v.abs()).sum::<f64>()).abs() <= 1e-15 * high[i]);
            }
            rows_squares(&x, length, &mut high, &mut low);
            for (i, row) in x.chunks(length).enumerate() {
                assert_eq!(high[i], dot(row, row).high);
            }
        }
    }
}
