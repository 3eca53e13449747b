//! The noncentral F distribution: (X₁/d₁)/(X₂/d₂), X₁ noncentral χ², X₂ central and independent of it.
//!
//! P. C. Tang (1938, Statistical Research Memoirs 2), who tabulated the power of the analysis of variance with it; as a mixture
//! of incomplete beta functions, Σ pois(j; nc/2)·I(d₁/2 + j, d₂/2; y), y = d₁f/(d₁f + d₂).

use super::incomplete_beta::{self, Split};
use super::poisson_mixture::{LARGEST_MEAN, Mixed, mixture};
use super::tail::Side;
use crate::double_double::Dd;

/// P(X ≤ f) for a noncentral F variable with `d1` and `d2` degrees of freedom and noncentrality `nc`.
///
/// Relative error below 1e-13, small probabilities included. NaN for d1 ≤ 0, d2 ≤ 0, nc < 0 and for nc > 2·10¹².
///
/// ```
/// use underhood::special::{betainc, noncentral_f_cdf};
///
/// // Without noncentrality it is the F distribution.
/// assert_eq!(noncentral_f_cdf(1.0, 6.0, 6.0, 0.0), betainc(3.0, 3.0, 0.5));
/// ```
pub fn noncentral_f_cdf(f: f64, d1: f64, d2: f64, nc: f64) -> f64 {
    probability(f, (d1, d2), nc, Side::Lower)
}

/// P(X > f), to the same relative precision: never one minus the other.
///
/// ```
/// use underhood::special::noncentral_f_sf;
///
/// // Of two degrees of freedom below, P(X ≤ f) = y^(d₁/2)·exp(−(1 − y)·nc/2).
/// assert!((noncentral_f_sf(1.0, 2.0, 2.0, 4.0) - (1.0 - 0.5 * (-1.0_f64).exp())).abs() < 1e-15);
/// ```
pub fn noncentral_f_sf(f: f64, d1: f64, d2: f64, nc: f64) -> f64 {
    probability(f, (d1, d2), nc, Side::Upper)
}

fn probability(f: f64, (d1, d2): (f64, f64), nc: f64, side: Side) -> f64 {
    let (a, b, h) = (0.5 * d1, 0.5 * d2, 0.5 * nc);
    if f.is_nan() || !(a > 0.0 && b > 0.0 && (0.0..=LARGEST_MEAN).contains(&h)) || a.is_infinite() || b.is_infinite() {
        return f64::NAN;
    }
    if !(f > 0.0) || f.is_infinite() {
        return f64::from(u8::from((f > 0.0) == (side == Side::Lower)));
    }
    let betas = Betas { a, b, split: split(f, d1, d2) };
    if h == 0.0 {
        return betas.tail(0.0, side).0;
    }
    mixture(h, side, &betas)
}

/// y = d₁f/(d₁f + d₂) and 1 − y.
fn split(f: f64, d1: f64, d2: f64) -> Split {
    const FAR: f64 = 1e-120;
    let odds = d1 / d2 * f;
    if odds < FAR {
        Split { x: Dd::from(odds), y: Dd::from(1.0) }
    } else if odds > 1.0 / FAR {
        Split { x: Dd::from(1.0), y: Dd::from(1.0 / odds) }
    } else {
        Split::of_odds(Dd::product(d1, f), Dd::from(d2))
    }
}

/// I(a + j, b; y) and its other tail.
struct Betas {
    a: f64,
    b: f64,
    split: Split,
}

impl Mixed for Betas {
    fn tail(&self, j: f64, side: Side) -> (f64, f64) {
        let tail = incomplete_beta::tail(self.a + j, self.b, self.split);
        (tail.probability(side), tail.density.value() / (self.a + j))
    }

    fn ratio(&self, j: f64) -> f64 {
        self.split.x.high * (self.a + self.b + j) / (self.a + j + 1.0)
    }

    /// h/j·y(a + b + j)/(a + j) = 1.
    fn saddle(&self, h: f64) -> f64 {
        let hy = h * self.split.x.high;
        let linear = hy - self.a;
        0.5 * (linear + (linear * linear + 4.0 * hy * (self.a + self.b)).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::special::{noncentral_chi_squared_cdf, noncentral_chi_squared_sf, noncentral_t_sf};

    #[test]
    fn of_two_degrees_of_freedom_below_it_is_elementary() {
        // I(a, 1; y) = yᵃ: the sum is that of an exponential series.
        for (f, d1, nc) in
            [(1.0_f64, 3.0_f64, 2.0_f64), (1e-12, 4.0, 1.0), (3e-5, 7.0, 40.0), (50.0, 2.5, 300.0), (1e-30, 5.0, 1e-6)]
        {
            let y: f64 = d1 * f / (d1 * f + 2.0);
            let exact = y.powf(0.5 * d1) * (-0.5 * nc * (1.0 - y)).exp();
            assert_relative_eq!(noncentral_f_cdf(f, d1, 2.0, nc), exact, max_relative = 2e-13);
        }
    }

    #[test]
    fn of_one_degree_above_it_is_the_square_of_t_and_of_many_below_chi_squared() {
        for (t, df, nc) in [(2.0, 9.0, 1.0_f64), (7.0, 4.0, 3.0), (0.5, 60.0, 0.2)] {
            let both = noncentral_t_sf(t, df, nc) + noncentral_t_sf(t, df, -nc);
            assert_relative_eq!(noncentral_f_sf(t * t, 1.0, df, nc * nc), both, max_relative = 1e-13);
        }
        let (x, df, nc) = (14.0, 5.0, 6.0);
        let close = noncentral_f_sf(x / df, df, 1e13, nc);
        assert_relative_eq!(close, noncentral_chi_squared_sf(x, df, nc), max_relative = 1e-11);
        assert_relative_eq!(close + noncentral_chi_squared_cdf(x, df, nc), 1.0, max_relative = 1e-11);
    }

    #[test]
    fn limits_are_kept_and_nonsense_is_nan() {
        assert_eq!((noncentral_f_cdf(0.0, 2.0, 3.0, 1.0), noncentral_f_sf(-1.0, 2.0, 3.0, 1.0)), (0.0, 1.0));
        assert_eq!(
            (noncentral_f_cdf(f64::INFINITY, 2.0, 3.0, 1.0), noncentral_f_sf(f64::INFINITY, 2.0, 3.0, 1.0)),
            (1.0, 0.0)
        );
        for (f, d1, d2, nc) in [
            (f64::NAN, 2.0, 3.0, 1.0),
            (1.0, 0.0, 3.0, 1.0),
            (1.0, 2.0, f64::INFINITY, 1.0),
            (1.0, 2.0, 3.0, -1.0),
            (1.0, 2.0, 3.0, 1e13),
        ] {
            assert!(noncentral_f_cdf(f, d1, d2, nc).is_nan());
        }
        assert!(noncentral_chi_squared_cdf(1.0, -1.0, 1.0).is_nan());
        // P(χ'² ≤ x) for tiny x: the mixture's first term is all there is.
        let exact = (-2.0_f64).exp() * crate::special::gammainc(1.5, 5e-21);
        assert_relative_eq!(noncentral_chi_squared_cdf(1e-20, 3.0, 4.0), exact, max_relative = 1e-13);
    }
}
