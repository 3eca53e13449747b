//! Products of many gamma or Poisson densities, whose factors neither overflow nor lose digits, and the entropy of a gamma variable.

use crate::double_double::Dd;
use crate::special::{Scaled, incomplete_gamma};

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
