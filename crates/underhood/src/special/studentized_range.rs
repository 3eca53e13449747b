//! The studentized range: how far apart the largest and the smallest of k normal values lie, in units of an estimate of their spread.
//!
//! With the smallest of the values at z and t = Φ(−z − w)/Φ(−z),
//!
//! P(range > w) = k∫φ(z)Φ(−z)ᵏ⁻¹[1 − (1 − t)ᵏ⁻¹]dz,
//!
//! in which nothing is subtracted that could cancel (the bracket by repeated doubling of t), and P(Q > q) is its mean over s, where νs² is
//! chi-square with ν degrees of freedom (J. W. Tukey, 1953; D. Newman, 1939, doi:10.1093/biomet/31.1-2.20). Both integrals run over the
//! whole line, the outer in ln s, of smooth functions that die away at both ends: the trapezoidal rule converges exponentially (L. N. Trefethen &
//! J. A. C. Weideman, 2014, doi:10.1137/130932132), and its steps were measured to leave less than 1e-12.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2, TAU};

use super::error_function::erf;
use super::gamma_function::{gammaln, stirling_error};
use super::incomplete_beta::{Split, tail};
use super::inverse_beta::odds;
use super::normal::{ndtr, ndtr_in_place};
use super::normal_quantile::ndtri;
use super::tail::Side;
use crate::double_double::Dd;
use crate::simd::wide_kernel;

/// Beyond this range all tails are below the smallest double.
const WIDEST: f64 = 54.0;
/// Hardly any range of three or more is below this.
const NOTHING: f64 = 1e-9;
/// Values that stand so far from the middle of a range no longer count.
const REACH: f64 = 9.0;
/// From so many degrees of freedom on the spread counts as known.
const KNOWN: f64 = 1e18;
/// Beyond so many standard deviations the tail of a difference is a power.
const FAR: f64 = 1e140;
/// Values of z that are worked on at once.
const LANES: usize = 8;

/// Points and weights of Gauss and Legendre on [0, 1].
const GAUSS: [(f64, f64); 8] = [
    (0.019855071751231884, 0.05061426814518813),
    (0.10166676129318664, 0.11119051722668724),
    (0.2372337950418355, 0.15685332293894363),
    (0.4082826787521751, 0.181341891689181),
    (0.591717321247825, 0.181341891689181),
    (0.7627662049581645, 0.15685332293894363),
    (0.8983332387068134, 0.11119051722668724),
    (0.9801449282487681, 0.05061426814518813),
];

/// P(Q > q) for the range of k values over a standard deviation with `df` degrees of freedom (∞: one that is known).
///
/// Relative error below 1e-11 in the far tails too. NaN outside k ≥ 2, df > 0.
///
/// ```
/// use underhood::special::studentized_range_sf;
///
/// // Five percent of the ranges of three are beyond 3.877 at ten degrees of freedom: any table.
/// assert!((studentized_range_sf(3.877, 3, 10.0) - 0.05).abs() < 1e-4);
/// ```
pub fn studentized_range_sf(q: f64, k: usize, df: f64) -> f64 {
    if !valid(q, k, df) {
        return f64::NAN;
    }
    if q <= 0.0 {
        return 1.0;
    }
    Range::new(k).sf(q, df)
}

/// P(Q ≤ q); relative error below 1e-11.
///
/// ```
/// use underhood::special::{studentized_range_cdf, studentized_range_sf};
///
/// let (below, beyond) = (studentized_range_cdf(2.0, 4, 12.0), studentized_range_sf(2.0, 4, 12.0));
/// assert!((below + beyond - 1.0).abs() < 1e-14);
/// ```
pub fn studentized_range_cdf(q: f64, k: usize, df: f64) -> f64 {
    if !valid(q, k, df) {
        return f64::NAN;
    }
    if q <= 0.0 {
        return 0.0;
    }
    Range::new(k).cdf(q, df)
}

/// The critical value q with P(Q > q) = p; NaN outside 0 ≤ p ≤ 1, k ≥ 2, df > 0.
///
/// ```
/// use underhood::special::studentized_range_isf;
///
/// assert!((studentized_range_isf(0.01, 4, 20.0) - 5.018).abs() < 5e-4);
/// ```
pub fn studentized_range_isf(p: f64, k: usize, df: f64) -> f64 {
    if !valid(p, k, df) || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    Range::new(k).isf(p, df)
}

fn valid(x: f64, k: usize, df: f64) -> bool {
    !x.is_nan() && k >= 2 && df > 0.0
}

/// Everything that does not depend on q and the degrees of freedom.
pub(crate) struct Range {
    k: usize,
    /// Step of the rule over z, and its first point.
    step: f64,
    first: f64,
    /// h·k·φ(z)·Φ(−z)ᵏ⁻¹ and 1/Φ(−z) at each point.
    weight: Vec<f64>,
    reciprocal: Vec<f64>,
    /// From here on the weights are nothing.
    light: usize,
    work: Vec<f64>,
}

impl Range {
    /// Of k ≥ 2 values.
    pub(crate) fn new(k: usize) -> Range {
        // The smallest of many values varies less than that of a few. Powers of two keep every z exact.
        let step = match k {
            0..=10 => 0.25,
            11..=100 => 0.125,
            101..=10_000 => 0.0625,
            _ => 0.03125,
        };
        let first = -(0.5 * WIDEST + REACH);
        let points = ((REACH - first) / step) as usize + 1;
        let z = |i: usize| first + i as f64 * step;
        let mut reciprocal: Vec<f64> = (0..points).map(|i| -z(i)).collect();
        ndtr_in_place(&mut reciprocal);
        let scale = step * k as f64 / TAU.sqrt();
        let weight: Vec<f64> = reciprocal
            .iter()
            .enumerate()
            .map(|(i, upper)| scale * (-0.5 * z(i) * z(i)).exp() * whole_power(*upper, k - 1))
            .collect();
        reciprocal.iter_mut().for_each(|upper| *upper = 1.0 / *upper);
        let heaviest = weight.iter().copied().fold(0.0, f64::max);
        let light = weight.iter().rposition(|w| *w > 1e-18 * heaviest).map_or(points, |last| last + 1);
        Range { k, step, first, weight, reciprocal, light, work: Vec::with_capacity(points) }
    }

    /// P(Q > q) for q and df that are not NaN, df > 0.
    pub(crate) fn sf(&mut self, q: f64, df: f64) -> f64 {
        if q <= 0.0 {
            return 1.0;
        }
        if self.k == 2 {
            return of_two(q, df, Side::Lower);
        }
        if df >= KNOWN {
            return self.beyond(q);
        }
        if q == f64::INFINITY {
            return 0.0;
        }
        // Of a range beyond q, the middle of the scales is where a pair that far apart has it.
        let middle = -0.5 * (0.5 * (q / df.sqrt()).min(1e150).powi(2)).ln_1p();
        self.over_scales(df, df, middle, (NOTHING / q).min(1e-9), |range, s| range.beyond(q * s)).min(1.0)
    }

    fn cdf(&mut self, q: f64, df: f64) -> f64 {
        if self.k == 2 {
            return of_two(q, df, Side::Upper);
        }
        let beyond = self.sf(q, df);
        if beyond < 0.5 {
            return 1.0 - beyond;
        }
        if df >= KNOWN {
            return self.within(q);
        }
        // Of a small range, P(range ≤ qs) is about (qs)ᵏ⁻¹.
        let more = df + (self.k - 1) as f64;
        self.over_scales(df, more, 0.5 * (more / df).ln().min(2.0), 0.0, |range, s| range.within(q * s)).min(1.0)
    }

    /// Σ h·g(u)·value(eᵘ): the mean over s = eᵘ, g(u) = 2(ν/2)^(ν/2)/Γ(ν/2)·exp(νu − νe²ᵘ/2). Starts in the middle of what counts and goes both
    /// ways until nothing more does; `width` is the degrees of freedom that the product with `value` seems to have.
    /// Below the scale `one_below`, at most 1e-9, `value` is 1 and the terms that are left are a geometric series; of few degrees of freedom there would
    /// be millions.
    fn over_scales(
        &mut self,
        df: f64,
        width: f64,
        middle: f64,
        one_below: f64,
        value: impl Fn(&mut Range, f64) -> f64,
    ) -> f64 {
        let step = match self.k {
            0..=10 => 0.1_f64,
            11..=100 => 0.075,
            101..=1000 => 0.045,
            _ => 0.03,
        };
        let step = step.min(0.55 / (2.0 * width).sqrt());
        let half = 0.5 * df;
        // ln of (ν/2)^(ν/2)·e^(−ν/2)/Γ(ν/2), without the large terms of Stirling's formula for large ν.
        let log_scale = if half >= 1.0 {
            0.5 * (half / TAU).ln() - stirling_error(half)
        } else {
            half * half.ln() - half - gammaln(half)
        };
        let mut sum = 0.0;
        for (start, direction) in [(0.0, 1.0), (1.0, -1.0)] {
            let mut i = start;
            loop {
                let u = middle + direction * i * step;
                let log_density = log_scale - half * exp_without_line(2.0 * u);
                let (s, at_u) = (u.exp(), (LN_2 + log_density).exp());
                let found = value(self, s);
                let term = at_u * found;
                sum += term;
                if direction < 0.0 && s < one_below {
                    sum += term / (df * step).exp_m1();
                    break;
                }
                i += 1.0;
                if term < 1e-17 * sum || log_density < -780.0 {
                    break;
                }
            }
        }
        step * sum
    }

    /// P(range > w).
    fn beyond(&mut self, w: f64) -> f64 {
        if w > WIDEST {
            return 0.0;
        }
        // No more than (k/√2π)·(w/√2π)ᵏ⁻¹·… of it is missing from 1.
        if w < NOTHING {
            return 1.0;
        }
        let (start, end) = self.around(w);
        let end = end.min(self.light).max(start);
        self.shifted(w, start, end);
        beyond_sum(&self.work, &self.weight[start..end], &self.reciprocal[start..end], self.k - 1)
    }

    /// P(range ≤ w) = k∫φ(z)[Φ(z + w) − Φ(z)]ᵏ⁻¹dz.
    fn within(&mut self, w: f64) -> f64 {
        let (start, end) = self.around(w);
        let narrow = w < 0.5;
        if !narrow {
            self.shifted(w, start, end);
        }
        let mut sum = 0.0;
        for i in start..end {
            let z = self.first + i as f64 * self.step;
            let density = (-0.5 * z * z).exp() / TAU.sqrt();
            let between =
                if narrow { density * narrow_ratio(z, w) } else { 1.0 / self.reciprocal[i] - self.work[i - start] };
            sum += density * whole_power(between, self.k - 1);
        }
        self.step * self.k as f64 * sum
    }

    /// The points z for which the middle of [z, z + w] is near 0.
    fn around(&self, w: f64) -> (usize, usize) {
        let place = |z: f64| (((z - self.first) / self.step).max(0.0) as usize).min(self.weight.len());
        (place(-0.5 * w - REACH), place(-0.5 * w + REACH))
    }

    /// Puts Φ(−z − w) to `work`.
    fn shifted(&mut self, w: f64, start: usize, end: usize) {
        self.work.clear();
        let (first, step) = (self.first, self.step);
        self.work.extend((start..end).map(|i| -(first + i as f64 * step) - w));
        ndtr_in_place(&mut self.work);
    }

    /// Solves P(Q > q) = p by regula falsi for the logarithm of the smaller tail as a function of ln q; an end that stays is halved, so that it
    /// moves ("Illinois": M. Dowell & P. Jarratt, 1971, doi:10.1007/BF01934364).
    pub(crate) fn isf(&mut self, p: f64, df: f64) -> f64 {
        if p == 0.0 || p == 1.0 {
            return if p == 0.0 { f64::INFINITY } else { 0.0 };
        }
        let pairs = 0.5 * (self.k as f64) * (self.k as f64 - 1.0);
        // One pair's value is never above the solution, Bonferroni's bound never below it.
        let mut low = quantile_of_two(p, df);
        if self.k == 2 || low == f64::INFINITY {
            return low;
        }
        let mut high = quantile_of_two((p / pairs).max(f64::MIN_POSITIVE), df).min(f64::MAX).ln();
        low = low.max(1e-300).ln();
        let lower = p > 0.5;
        let mut excess = |log_q: f64| {
            let q = log_q.exp();
            if lower { (1.0 - p).ln() - self.cdf(q, df).ln() } else { self.sf(q, df).ln() - p.ln() }
        };
        let (mut at_low, mut at_high) = (excess(low), excess(high));
        let mut last = 0.0;
        for _ in 0..100 {
            if at_low <= 0.0 {
                return low.exp();
            }
            if at_high >= 0.0 {
                return high.exp();
            }
            let mut next = (low * at_high - high * at_low) / (at_high - at_low);
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            let found = excess(next);
            // What is left is of the size of the tail's own error.
            if found.abs() < 3e-13 || high - low < 1e-15 * next.abs().max(1.0) {
                return next.exp();
            }
            let stays = found * last > 0.0;
            if found > 0.0 {
                (low, at_low) = (next, found);
                at_high *= if stays { 0.5 } else { 1.0 };
            } else {
                (high, at_high) = (next, found);
                at_low *= if stays { 0.5 } else { 1.0 };
            }
            last = found;
        }
        (0.5 * (low + high)).exp()
    }
}

/// Of a difference of two, |T|√2: the probability of one side of t.
fn of_two(q: f64, df: f64, side: Side) -> f64 {
    let t = q * FRAC_1_SQRT_2;
    if df >= KNOWN {
        return if side == Side::Lower { 2.0 * ndtr(-t) } else { erf(t * FRAC_1_SQRT_2) };
    }
    if t > FAR {
        let beyond = student(FAR, df, Side::Lower) * (FAR / t).powf(df);
        return if side == Side::Lower { beyond } else { 1.0 - beyond };
    }
    student(t.max(1e-150), df, side)
}

/// Both sides of Student's t, for t² and its inverse in the range of doubles.
fn student(t: f64, df: f64, side: Side) -> f64 {
    tail(0.5 * df, 0.5, Split::of_odds(Dd::from(df), Dd::product(t, t))).probability(side)
}

/// The q at which a difference of two has this tail.
fn quantile_of_two(p: f64, df: f64) -> f64 {
    if df >= KNOWN {
        return -SQRT_2 * ndtri(0.5 * p);
    }
    let far = student(FAR, df, Side::Lower);
    if p < far {
        return SQRT_2 * FAR * ((far / p).ln() / df).exp();
    }
    SQRT_2 * (odds(0.5, 0.5 * df, p, Side::Upper) * df).sqrt()
}

/// (Φ(z + w) − Φ(z))/φ(z) = ∫exp(−zy − y²/2)dy from 0 to a small w.
fn narrow_ratio(z: f64, w: f64) -> f64 {
    w * GAUSS.iter().map(|(x, weight)| weight * (-(w * x) * (z + 0.5 * w * x)).exp()).sum::<f64>()
}

/// e^t − 1 − t, without cancellation near 0.
fn exp_without_line(t: f64) -> f64 {
    if t.abs() > 0.02 {
        return t.exp_m1() - t;
    }
    0.5 * t * t * (1.0 + t / 3.0 * (1.0 + t / 4.0 * (1.0 + t / 5.0 * (1.0 + t / 6.0 * (1.0 + t / 7.0)))))
}

/// xⁿ by squaring.
fn whole_power(x: f64, mut n: usize) -> f64 {
    let (mut result, mut square) = (1.0, x);
    while n > 0 {
        if n & 1 == 1 {
            result *= square;
        }
        square *= square;
        n >>= 1;
    }
    result
}

wide_kernel! {
    /// Σ weight·[1 − (1 − t)ⁿ], t = upper·reciprocal.
    fn beyond_sum(upper: &[f64], weight: &[f64], reciprocal: &[f64], n: usize) -> f64 = beyond_sum_body
}

#[inline(always)]
fn beyond_sum_body<const FMA: bool>(upper: &[f64], weight: &[f64], reciprocal: &[f64], n: usize) -> f64 {
    let mut sums = [0.0; LANES];
    let mut start = 0;
    while start < upper.len() {
        let lanes = LANES.min(upper.len() - start);
        let (mut t, mut w) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..lanes {
            t[i] = upper[start + i] * reciprocal[start + i];
            w[i] = weight[start + i];
        }
        let complement = complement_of_power(t, n);
        for i in 0..LANES {
            sums[i] += w[i] * complement[i];
        }
        start += LANES;
    }
    sums.iter().sum()
}

/// 1 − (1 − t)ⁿ to full precision: of two exponents, 1 − pp' = c + pc' with the powers p = 1 − c, so that only positive numbers are added.
#[inline(always)]
fn complement_of_power(t: [f64; LANES], mut n: usize) -> [f64; LANES] {
    let (mut c, mut p) = ([0.0; LANES], [1.0; LANES]);
    let (mut square_c, mut square_p) = (t, t.map(|t| 1.0 - t));
    while n > 0 {
        if n & 1 == 1 {
            for i in 0..LANES {
                c[i] += p[i] * square_c[i];
                p[i] *= square_p[i];
            }
        }
        for i in 0..LANES {
            square_c[i] += square_p[i] * square_c[i];
            square_p[i] *= square_p[i];
        }
        n >>= 1;
    }
    c
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// k, ν, q and both tails by mpmath.
    fn table() -> Vec<(usize, f64, f64, f64, f64)> {
        let text = include_str!("../../tests/tables/studentized_range.csv");
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let numbers: Vec<f64> = line.split(',').map(|number| number.parse().unwrap()).collect();
                (numbers[0] as usize, numbers[1], numbers[2], numbers[3], numbers[4])
            })
            .collect()
    }

    #[test]
    fn both_tails_agree_with_mpmath() {
        for (k, df, q, below, beyond) in table() {
            assert_relative_eq!(studentized_range_sf(q, k, df), beyond, max_relative = 2e-12);
            assert_relative_eq!(studentized_range_cdf(q, k, df), below, max_relative = 2e-12);
        }
    }

    #[test]
    fn critical_values_of_the_published_tables() {
        // Upper points as printed by E. S. Pearson & H. O. Hartley (Biometrika Tables for Statisticians, table 29) and in every textbook since.
        let printed = [
            (0.05, 3, 10.0, 3.88),
            (0.05, 3, 20.0, 3.58),
            (0.05, 4, 20.0, 3.96),
            (0.05, 5, 60.0, 3.98),
            (0.05, 10, 20.0, 5.01),
            (0.05, 10, f64::INFINITY, 4.47),
            (0.05, 20, 120.0, 5.13),
            (0.01, 3, 5.0, 6.98),
            (0.01, 4, 20.0, 5.02),
            (0.01, 10, 10.0, 7.21),
            (0.01, 2, 5.0, 5.70),
        ];
        for (p, k, df, q) in printed {
            assert_relative_eq!(studentized_range_isf(p, k, df), q, epsilon = 0.00501);
        }
    }

    #[test]
    fn quantiles_undo_tails() {
        for (k, df) in
            [(2, 1.0), (2, f64::INFINITY), (3, 1.0), (3, 7.5), (5, 60.0), (40, 12.0), (4, f64::INFINITY), (300, 5.0)]
        {
            for p in [1e-200, 1e-12, 0.01, 0.5, 0.9, 0.9999] {
                let q = studentized_range_isf(p, k, df);
                assert_relative_eq!(studentized_range_sf(q, k, df), p, max_relative = 1e-11);
            }
        }
        for (k, df) in [(3, 4.0), (6, f64::INFINITY)] {
            let q = studentized_range_isf(1.0 - 2.0_f64.powi(-40), k, df);
            assert_relative_eq!(studentized_range_cdf(q, k, df), 2.0_f64.powi(-40), max_relative = 1e-10);
        }
    }

    #[test]
    fn of_two_it_is_students_t() {
        use crate::distributions::{Distribution, StudentT};
        for df in [1.0, 3.5, 200.0] {
            let student = StudentT::standard(df).unwrap();
            for t in [1e-3, 0.7, 4.0, 300.0] {
                let q = t * 2.0_f64.sqrt();
                assert_relative_eq!(studentized_range_sf(q, 2, df), 2.0 * student.sf(t), max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn ends_and_what_is_no_range() {
        for df in [0.5, 3.0, f64::INFINITY] {
            assert_eq!((studentized_range_sf(0.0, 3, df), studentized_range_cdf(-1.0, 3, df)), (1.0, 0.0));
            assert_relative_eq!(studentized_range_sf(1e-12, 3, df), 1.0, max_relative = 1e-12);
            assert!(studentized_range_sf(f64::INFINITY, 3, df) < 1e-60);
            assert_eq!(studentized_range_isf(0.0, 3, df), f64::INFINITY);
            assert_eq!(studentized_range_isf(1.0, 3, df), 0.0);
        }
        assert_eq!(studentized_range_sf(f64::INFINITY, 3, 1e-6), 0.0);
        assert_eq!(studentized_range_isf(0.5, 3, 1e-6), f64::INFINITY);
        assert!(studentized_range_sf(1.0, 1, 3.0).is_nan());
        assert!(studentized_range_sf(f64::NAN, 3, 3.0).is_nan());
        assert!(studentized_range_isf(1.5, 3, 3.0).is_nan());
        assert!(studentized_range_cdf(1.0, 3, 0.0).is_nan());
    }

    #[test]
    fn hardly_any_degrees_of_freedom() {
        // Of few degrees of freedom the far tail is a power: P(Q > q) = E(range^ν)·(ν/2)^(ν/2)/Γ(1 + ν/2)·q^−ν, up to q^−ν−2 relative.
        for df in [1e-300, 1e-12, 1e-6, 1e-3, 0.05] {
            let (one, other) = (studentized_range_sf(1e60, 3, df), studentized_range_sf(1e40, 3, df));
            assert_relative_eq!(one / other, (-df * 20.0 * 10.0_f64.ln()).exp(), max_relative = 1e-12);
            // The range of two lies below that of three, Bonferroni's bound above it.
            for q in [1e-3, 1.0, 50.0] {
                let (pair, found) = (studentized_range_sf(q, 2, df), studentized_range_sf(q, 3, df));
                assert!(found >= pair * (1.0 - 1e-13) && found <= (3.0 * pair).min(1.0), "{df}, {q}: {found}, {pair}");
                assert!(studentized_range_cdf(q, 3, df) <= studentized_range_cdf(q, 2, df) * (1.0 + 1e-12));
            }
        }
    }

    #[test]
    fn tails_add_up_and_fall() {
        for (k, df) in [(3, 2.0), (7, 30.0), (60, 9.0)] {
            let mut before = 1.0;
            for i in 1..40 {
                let q = 0.25 * f64::from(i);
                let (below, beyond) = (studentized_range_cdf(q, k, df), studentized_range_sf(q, k, df));
                assert!((below + beyond - 1.0).abs() < 1e-12);
                assert!(beyond < before || beyond > 1.0 - 1e-12);
                before = beyond;
            }
        }
    }
}
