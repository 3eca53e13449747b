//! Doubled precision: a number as the unevaluated sum of two doubles, about 32 digits.
//!
//! Residuals b − A·x cancel almost completely, so refining a solution needs them to more digits than the solution has; the
//! same holds for the Gram matrix of a regression. Source: T. J. Dekker, "A floating-point technique for extending the available
//! precision", Numer. Math. 18 (1971) 224–242; T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26
//! (2005) 1955–1988, doi:10.1137/030601818.

use crate::simd::wide_kernel;

/// hi + lo, where |lo| is at most half a unit in the last place of hi.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Doubled {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// a + b = s + e exactly (Knuth).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let v = s - a;
    (s, (a - (s - v)) + (b - v))
}

/// The same when |a| ≥ |b| (Dekker).
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    (s, b - (s - a))
}

/// a·b = p + e exactly, by one fused operation, or by splitting each factor into halves of 26 bits (Veltkamp).
#[inline(always)]
pub(crate) fn two_product<const FMA: bool>(a: f64, b: f64) -> (f64, f64) {
    let p = a * b;
    if FMA {
        return (p, a.mul_add(b, -p));
    }
    let split = |x: f64| {
        let c = 134_217_729.0 * x;
        let high = c - (c - x);
        (high, x - high)
    };
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    (p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
}

impl Doubled {
    pub(crate) const ZERO: Doubled = Doubled { hi: 0.0, lo: 0.0 };

    #[inline(always)]
    pub(crate) fn new(value: f64) -> Self {
        Doubled { hi: value, lo: 0.0 }
    }

    /// The nearest double.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }

    #[inline(always)]
    pub(crate) fn plus(self, other: Doubled) -> Self {
        let (s, e) = two_sum(self.hi, other.hi);
        let (t, f) = two_sum(self.lo, other.lo);
        let (s, e) = fast_two_sum(s, e + t);
        let (hi, lo) = fast_two_sum(s, e + f);
        Doubled { hi, lo }
    }

    #[inline(always)]
    pub(crate) fn negated(self) -> Self {
        Doubled { hi: -self.hi, lo: -self.lo }
    }

    #[inline(always)]
    pub(crate) fn minus(self, other: Doubled) -> Self {
        self.plus(other.negated())
    }

    #[inline(always)]
    pub(crate) fn times<const FMA: bool>(self, other: Doubled) -> Self {
        let (p, e) = two_product::<FMA>(self.hi, other.hi);
        let (hi, lo) = fast_two_sum(p, e + (self.hi * other.lo + self.lo * other.hi));
        Doubled { hi, lo }
    }

    /// Long division: two quotients, each of the remainder that is left.
    #[inline(always)]
    pub(crate) fn over<const FMA: bool>(self, other: Doubled) -> Self {
        let first = self.hi / other.hi;
        let rest = self.minus(other.times::<FMA>(Doubled::new(first)));
        let second = rest.hi / other.hi;
        let rest = rest.minus(other.times::<FMA>(Doubled::new(second)));
        let (hi, lo) = fast_two_sum(first, second);
        Doubled { hi, lo }.plus(Doubled::new(rest.hi / other.hi))
    }

    /// One Newton step from the root of the leading part; zero for zero.
    #[inline(always)]
    pub(crate) fn sqrt<const FMA: bool>(self) -> Self {
        if self.hi <= 0.0 {
            return Doubled::ZERO;
        }
        let root = self.hi.sqrt();
        let (p, e) = two_product::<FMA>(root, root);
        let rest = self.minus(Doubled { hi: p, lo: e });
        let (hi, lo) = fast_two_sum(root, rest.hi / (2.0 * root));
        Doubled { hi, lo }
    }
}

wide_kernel! {
    /// Σ aᵢ·bᵢ, computed as if in doubled precision.
    pub(crate) fn dot(a: &[f64], b: &[f64]) -> Doubled = dot_body
}

/// Eight pairs of running sums: the leading parts, and everything that rounding took from them.
#[inline(always)]
fn dot_body<const FMA: bool>(a: &[f64], b: &[f64]) -> Doubled {
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
    let (hi, lo) = two_sum(sums[0], lost[0]);
    Doubled { hi, lo }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn third_times_three<const FMA: bool>() -> Doubled {
        Doubled::new(1.0).over::<FMA>(Doubled::new(3.0)).times::<FMA>(Doubled::new(3.0)).minus(Doubled::new(1.0))
    }

    #[test]
    fn thirty_digits_survive_division_roots_and_cancellation() {
        assert!(third_times_three::<true>().value().abs() < 1e-31);
        assert!(third_times_three::<false>().value().abs() < 1e-31);
        let two = Doubled::new(2.0);
        let root = two.sqrt::<false>();
        assert!(root.times::<false>(root).minus(two).value().abs() < 1e-30);
        assert_eq!(two_product::<false>(1e8 + 1.0, 1e8 + 3.0), two_product::<true>(1e8 + 1.0, 1e8 + 3.0));
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
}
