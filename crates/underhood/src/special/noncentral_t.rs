//! The noncentral t distribution: (Z + nc)/S, Z standard normal and νS² a χ² variable with ν degrees of freedom.
//!
//! N. L. Johnson and B. L. Welch (1940, doi:10.1093/biomet/31.3-4.362). P(T > t) = P(Z > tS − nc) is the mean of Φ(nc − tS). With S = eᵘ
//! the integrand is positive, smooth and has one peak, and falls off fast on both sides: the trapezoidal rule over u converges
//! geometrically (L. N. Trefethen and J. A. C. Weideman 2014, doi:10.1137/130932132), in either tail and for every sign of t and nc, where the
//! series of incomplete beta functions cancels for t and nc of opposite signs.

use super::incomplete_gamma;
use super::normal::{log_ndtr, ndtr, ndtr_in_place};
use super::polynomial::polynomial;

/// P(T ≤ t) for a noncentral t variable with `df` degrees of freedom and noncentrality `nc`.
///
/// Relative error below 1e-13, and where the result depends on its arguments much more than that, so many of their ulps. NaN for df ≤ 0,
/// infinite nc, and where millions of points would not do (t and nc both beyond some 10⁶).
///
/// ```
/// use underhood::special::{ndtr, noncentral_t_cdf};
///
/// // T ≤ 0 if and only if Z ≤ −nc.
/// assert_eq!(noncentral_t_cdf(0.0, 7.0, 1.5), ndtr(-1.5));
/// ```
pub fn noncentral_t_cdf(t: f64, df: f64, nc: f64) -> f64 {
    noncentral_t_sf(-t, df, -nc)
}

/// P(T > t), to the same relative precision: never one minus the other.
///
/// ```
/// use underhood::special::noncentral_t_sf;
///
/// // Cauchy's distribution: P(T > 1) = ¼.
/// assert!((noncentral_t_sf(1.0, 1.0, 0.0) - 0.25).abs() < 1e-15);
/// ```
pub fn noncentral_t_sf(t: f64, df: f64, nc: f64) -> f64 {
    if t.is_nan() || !(df > 0.0) || !nc.is_finite() {
        return f64::NAN;
    }
    if t == 0.0 {
        return ndtr(nc);
    }
    if t.is_infinite() {
        return f64::from(u8::from(t < 0.0));
    }
    if df.is_infinite() {
        return ndtr(nc - t);
    }
    let integrand = Integrand { t, df, nc };
    let a = 0.5 * df;
    let total = 2.0 * incomplete_gamma::density(a, a).value() * integrand.integral();
    if total > 1.0 { 1.0 } else { total }
}

/// Φ(nc − t·eᵘ)·exp(−ν/2·(e²ᵘ − 1 − 2u)) as a function of u.
struct Integrand {
    t: f64,
    df: f64,
    nc: f64,
}

impl Integrand {
    fn log(&self, u: f64) -> f64 {
        log_ndtr(self.nc - self.t * u.exp()) - 0.5 * self.df * exp_less_line(2.0 * u)
    }

    /// The slope of the logarithm.
    fn slope(&self, u: f64) -> f64 {
        let reach = self.t * u.exp();
        -self.df * (2.0 * u).exp_m1() - reach * hazard(self.nc - reach)
    }

    /// Where the integrand is largest: left of 0 for positive t, right of it for negative.
    fn peak(&self) -> f64 {
        let direction = -self.t.signum();
        let (mut near, mut far) = (0.0, direction * self.width());
        while self.slope(far) * direction > 0.0 && far.abs() < 700.0 {
            (near, far) = (far, 2.0 * far);
        }
        // Roughly is enough: the edges are found from there.
        for _ in 0..8 {
            let middle = 0.5 * (near + far);
            *(if self.slope(middle) * direction > 0.0 { &mut near } else { &mut far }) = middle;
        }
        0.5 * (near + far)
    }

    /// The standard deviation of u without the normal factor, roughly.
    fn width(&self) -> f64 {
        1.0 / (1.0 + (2.0 * self.df).sqrt())
    }

    /// The point on one side of the peak from which on nothing is left.
    fn edge(&self, peak: f64, direction: f64) -> f64 {
        const NOTHING: f64 = 46.0;
        let floor = self.log(peak) - NOTHING;
        let mut step = direction * self.width();
        while self.log(peak + step) > floor {
            step *= 2.0;
        }
        let mut inside = 0.5 * step;
        for _ in 0..4 {
            let middle = 0.5 * (inside + step);
            *(if self.log(peak + middle) > floor { &mut inside } else { &mut step }) = middle;
        }
        peak + step
    }

    fn integral(&self) -> f64 {
        const FIRST: usize = 32;
        const MOST: usize = 1 << 22;
        let peak = self.peak();
        if self.log(peak) < -1000.0 {
            return 0.0;
        }
        let (low, high) = (self.edge(peak, -1.0), self.edge(peak, 1.0));
        let (mut intervals, mut sum) = (FIRST, self.sum(low, (high - low) / FIRST as f64, 0..=FIRST));
        loop {
            let before = sum / intervals as f64;
            let step = (high - low) / intervals as f64;
            sum += self.sum(low + 0.5 * step, step, 0..=intervals - 1);
            intervals *= 2;
            let now = sum / intervals as f64;
            // Twice the points square the error, or better: what is left is beyond doubles.
            if (now - before).abs() <= 1e-10 * now {
                return now * (high - low);
            }
            if intervals > MOST {
                return f64::NAN;
            }
        }
    }

    /// The sum over low + i·step.
    fn sum(&self, low: f64, step: f64, places: std::ops::RangeInclusive<usize>) -> f64 {
        const CHUNK: usize = 64;
        let mut arguments = [0.0; CHUNK];
        let (mut start, end) = (*places.start(), *places.end() + 1);
        let mut total = 0.0;
        while start < end {
            let count = CHUNK.min(end - start);
            let at = |i: usize| low + step * (start + i) as f64;
            let arguments = &mut arguments[..count];
            for (i, argument) in arguments.iter_mut().enumerate() {
                *argument = self.nc - self.t * at(i).exp();
            }
            ndtr_in_place(arguments);
            let weight = |i: usize| (-0.5 * self.df * exp_less_line(2.0 * at(i))).exp();
            total += arguments.iter().enumerate().map(|(i, probability)| probability * weight(i)).sum::<f64>();
            start += count;
        }
        total
    }
}

/// eˣ − 1 − x, which is x²/2 + x³/6 + … near zero.
fn exp_less_line(x: f64) -> f64 {
    if x.abs() > 0.4 {
        return x.exp_m1() - x;
    }
    /// 1/2!, 1/3!, …
    const SERIES: [f64; 14] = {
        let (mut c, mut k) = ([0.5; 14], 1);
        while k < 14 {
            c[k] = c[k - 1] / (k + 2) as f64;
            k += 1;
        }
        c
    };
    x * x * polynomial(&SERIES, x)
}

/// φ(x)/Φ(x).
fn hazard(x: f64) -> f64 {
    if x < -30.0 {
        return -x - 1.0 / x;
    }
    (-0.5 * x * x - log_ndtr(x)).exp() * 0.3989422804014327
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::distributions::{Distribution, StudentT};

    #[test]
    fn without_noncentrality_it_is_students_t() {
        for df in [0.5, 1.0, 7.3, 400.0, 1e7, 1e12] {
            let student = StudentT::standard(df).unwrap();
            for t in [-30.0, -1.5, -1e-5, 0.3, 2.0, 11.0] {
                assert_relative_eq!(noncentral_t_sf(t, df, 0.0), student.sf(t), max_relative = 2e-13);
            }
        }
    }

    #[test]
    fn both_tails_make_one_and_limits_are_kept() {
        for (t, df, nc) in
            [(1.0, 3.0, 2.0), (-4.0, 9.0, 1.0), (700.0, 1.2, 30.0), (1e-300, 5.0, 1.0), (1e200, 2.0, 3.0)]
        {
            assert_relative_eq!(noncentral_t_cdf(t, df, nc) + noncentral_t_sf(t, df, nc), 1.0, max_relative = 1e-14);
        }
        assert_eq!((noncentral_t_cdf(f64::INFINITY, 3.0, 1.0), noncentral_t_sf(f64::INFINITY, 3.0, 1.0)), (1.0, 0.0));
        assert_eq!(noncentral_t_sf(1.0, f64::INFINITY, 1.5), ndtr(0.5));
        assert_relative_eq!(noncentral_t_sf(1.0, 1e20, 1.5), ndtr(0.5), max_relative = 1e-14);
        assert_eq!(noncentral_t_sf(1e5, 1e9, 0.0), 0.0);
        for (t, df, nc) in [
            (f64::NAN, 3.0, 1.0),
            (1.0, 0.0, 1.0),
            (1.0, f64::NAN, 1.0),
            (1.0, 3.0, f64::NAN),
            (1.0, 3.0, f64::INFINITY),
        ] {
            assert!(noncentral_t_cdf(t, df, nc).is_nan());
        }
    }

    #[test]
    fn a_large_noncentrality_is_a_normal_shift() {
        // t and nc large: T ≈ nc/S, so P(T > t) is P(νS² < ν(nc/t)²).
        let found = noncentral_t_sf(2e4, 10.0, 2e4);
        assert_relative_eq!(found, crate::special::gammainc(5.0, 5.0), max_relative = 1e-8);
    }
}
