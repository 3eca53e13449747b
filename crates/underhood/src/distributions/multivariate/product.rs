//! Products of many gamma or Poisson densities, whose factors neither overflow nor lose digits, and the entropy of a gamma variable.

use crate::double_double::Dd;
use crate::special::{Scaled, digamma, gammaln, incomplete_gamma};

/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// A product of positive numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product(Scaled);

impl Product {
    /// The product of nothing.
    pub(super) fn one() -> Product {
        Product(Scaled { factor: 1.0, exponent: Dd::ZERO })
    }

    pub(super) fn times(self, other: Scaled) -> Product {
        let product = self.0.times(other.factor).times_exp(other.exponent);
        if (1e-100..1e100).contains(&product.factor) {
            return Product(product);
        }
        Product(Scaled { factor: 1.0, exponent: product.exponent + Dd::from(product.factor).ln() })
    }

    pub(super) fn times_exp(self, log: Dd) -> Product {
        Product(self.0.times_exp(log))
    }

    pub(super) fn value(self) -> f64 {
        self.0.value()
    }

    pub(super) fn ln(self) -> Dd {
        self.0.exponent + Dd::from(self.0.factor).ln()
    }
}

/// yᵃe⁻ʸ/Γ(a) for y = b·x, whose rounding is accounted for.
pub(super) fn gamma_density(a: f64, b: f64, x: f64) -> Scaled {
    let y = Dd::product(b, x);
    incomplete_gamma::density(a, y.value()).times_exp(Dd::from((a - y.high) / y.high * y.low))
}

/// mᵏe⁻ᵐ/k! for m = n·p.
pub(super) fn poisson(k: f64, n: f64, p: f64) -> Scaled {
    if k == 0.0 {
        return Scaled { factor: 1.0, exponent: -Dd::product(n, p) };
    }
    gamma_density(k, n, p).times(1.0 / k)
}

/// a + lnΓ(a) + (1 − a)ψ(a), the entropy of a gamma variable with shape a and scale 1: ½ ln(2πea) for large a, by Stirling's series.
pub(super) fn gamma_entropy(a: f64) -> f64 {
    if a < 20.0 {
        return a + gammaln(a) + (1.0 - a) * digamma(a);
    }
    // lnΓ and ψ without what cancels: B₂ₙ/(2n(2n − 1)a²ⁿ⁻¹) and B₂ₙ/(2n·a²ⁿ), whose sums are δ and ε in
    // ½ ln a + ½ ln 2π + ½ + δ − 1/(2a) + (a − 1)ε.
    const BERNOULLI: [f64; 8] =
        [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0, -3617.0 / 510.0];
    let (mut delta, mut epsilon, mut power) = (0.0, 0.0, 1.0 / a);
    for (b, n) in BERNOULLI.iter().zip(1..) {
        let twice = f64::from(2 * n);
        delta += b / (twice * (twice - 1.0)) * power;
        epsilon += b / twice * power;
        power /= a * a;
    }
    // `epsilon` is a·ε here.
    0.5 * a.ln() + HALF_LN_TWO_PI + 0.5 + delta - 0.5 / a + (1.0 - 1.0 / a) * epsilon
}

/// Σ of positive numbers without the i-th, for every i, without subtracting.
pub(super) fn sums_of_others(x: &[f64]) -> Vec<f64> {
    let mut others = vec![0.0; x.len()];
    let mut sum = 0.0;
    for (other, x) in others.iter_mut().zip(x) {
        *other = sum;
        sum += x;
    }
    sum = 0.0;
    for (other, x) in others.iter_mut().zip(x).rev() {
        *other += sum;
        sum += x;
    }
    others
}
