//! The two families: how the mean of y follows from the linear predictor η, and what a row adds to the likelihood.
//!
//! Both links are the canonical ones (McCullagh and Nelder, Generalized Linear Models, 1989, section 2.2), so that the score is Zᵀ(y − μ) and
//! the information ZᵀWZ with W the variances of y: no expectation has to be told from an observation.

use std::f64::consts::PI;

use ndarray::Array1;

use crate::double_double::two_sum;
use crate::simd::wide_kernel;
use crate::special::exponential::exp;
use crate::special::gamma_function::stirling_error;
use crate::special::logarithm::ln_1p;

/// What y is, and which function of η its mean is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// y is 0 or 1, and P(y = 1) = 1/(1 + e^(−η)): logistic regression.
    Binomial,
    /// y is a count with mean e^η: Poisson regression.
    Poisson,
}

impl Family {
    /// The mean of y at a linear predictor.
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Family::Binomial => crate::special::expit(eta),
            Family::Poisson => libm::exp(eta),
        }
    }

    /// For a block of rows: η becomes y − μ, `roots` the root of each variance; gives the log-likelihood, less terms of y alone.
    pub(super) fn sweep(self, eta: &mut [f64], y: &[f64], roots: &mut [f64]) -> f64 {
        match self {
            Family::Binomial => binomial(eta, y, roots),
            Family::Poisson => poisson(eta, y, roots),
        }
    }

    /// The likelihood and the distances of a fit.
    pub(super) fn goodness(self, eta: &[f64], y: &[f64]) -> Goodness {
        let (mut deviance, mut pearson, mut saturated) = (Sum::default(), Sum::default(), Sum::default());
        match self {
            Family::Binomial => {
                for (eta, y) in eta.chunks(BLOCK).zip(y.chunks(BLOCK)) {
                    let (loss, chi2) = binomial_goodness(eta, y);
                    deviance.add(2.0 * loss);
                    pearson.add(chi2);
                }
            }
            Family::Poisson => {
                for (&eta, &y) in eta.iter().zip(y) {
                    let mu = libm::exp(eta);
                    deviance.add(poisson_deviance(y, eta, mu));
                    pearson.add((y - mu) * ((y - mu) / mu));
                    if y > 0.0 {
                        // ln P(y) at μ = y, by Stirling's formula with its error.
                        saturated.add(-0.5 * (2.0 * PI * y).ln() - stirling_error(y));
                    }
                }
            }
        }
        let deviance = deviance.value();
        Goodness { log_likelihood: saturated.value() - 0.5 * deviance, deviance, pearson: pearson.value() }
    }
}

/// How a fit and its data go together.
pub(super) struct Goodness {
    pub(super) log_likelihood: f64,
    pub(super) deviance: f64,
    pub(super) pearson: f64,
}

/// A sum that keeps what its additions lose.
#[derive(Default)]
struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    fn add(&mut self, v: f64) {
        let (high, lost) = two_sum(self.high, v);
        self.high = high;
        self.low += lost;
    }

    fn value(&self) -> f64 {
        // The error of an infinite sum is no number.
        if self.high.is_finite() { self.high + self.low } else { self.high }
    }
}

/// Which residual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residual {
    /// y − μ.
    Response,
    /// (y − μ)/√V(μ): in standard deviations.
    Pearson,
    /// The signed root of what the row adds to the deviance.
    Deviance,
}

/// The residuals of a fit: y beside the mean at each linear predictor. The shorter of both vectors decides how many there are.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::glm::{Family, Residual, residuals};
///
/// let (y, eta) = (array![1.0, 0.0], array![0.0, 3_f64.ln()]);
/// let found = residuals(Family::Binomial, Residual::Response, y.view(), eta.view());
/// assert!((found[0] - 0.5).abs() < 1e-15 && (found[1] + 0.75).abs() < 1e-15);
/// ```
pub fn residuals(
    family: Family,
    kind: Residual,
    y: ndarray::ArrayView1<'_, f64>,
    eta: ndarray::ArrayView1<'_, f64>,
) -> Array1<f64> {
    let one = |(&y, &eta): (&f64, &f64)| match family {
        Family::Binomial => {
            let sign = if y > 0.5 { 1.0 } else { -1.0 };
            // The probability of the other class, small ones to full precision.
            let other = crate::special::expit(-sign * eta);
            match kind {
                Residual::Response => sign * other,
                Residual::Pearson => sign * libm::exp(-0.5 * sign * eta),
                Residual::Deviance => sign * (2.0 * crate::special::log1pexp(-sign * eta)).sqrt(),
            }
        }
        Family::Poisson => {
            let mu = libm::exp(eta);
            match kind {
                Residual::Response => y - mu,
                Residual::Pearson => (y - mu) / libm::exp(0.5 * eta),
                Residual::Deviance => (y - mu).signum() * poisson_deviance(y, eta, mu).max(0.0).sqrt(),
            }
        }
    };
    y.iter().zip(eta).map(one).collect()
}

/// 2·(y·ln(y/μ) − (y − μ)), without the cancellation near μ = y.
fn poisson_deviance(y: f64, eta: f64, mu: f64) -> f64 {
    if y == 0.0 {
        return 2.0 * mu;
    }
    let u = (mu - y) / y;
    if u.abs() < 0.1 {
        return 2.0 * y * beyond_log1p(u);
    }
    let log = if u.abs() < 0.5 { libm::log1p(u) } else { eta - y.ln() };
    2.0 * y * (u - log)
}

/// u − ln(1 + u) for |u| < 0.1. With s = u/(2 + u), ln(1 + u) = 2·artanh s, and u − 2s = u·s, so that nothing large is left to cancel
/// (as in Loader 2000, Fast and accurate computation of binomial probabilities).
fn beyond_log1p(u: f64) -> f64 {
    let s = u / (2.0 + u);
    let square = s * s;
    // Σ s²ʲ/(2j + 3); s² < 0.0028, so that the seventh term is the last to count.
    let series = (0..7).rev().fold(0.0, |sum, j| sum * square + 1.0 / f64::from(2 * j + 3));
    s * (u - 2.0 * square * series)
}

/// Rows whose factors are multiplied before one logarithm is taken.
const BLOCK: usize = 128;
const LANES: usize = crate::panel::LANES;

wide_kernel! {
    /// Σ ln P(y) over at most 128 rows; see [`Family::sweep`].
    fn binomial(eta: &mut [f64], y: &[f64], roots: &mut [f64]) -> f64 = binomial_body
}

#[inline(always)]
fn binomial_body<const FMA: bool>(eta: &mut [f64], y: &[f64], roots: &mut [f64]) -> f64 {
    // ln(1 + e) is summed as the logarithm of a product, which stays below 2¹⁶ in each lane.
    let (mut products, mut sums) = ([1.0; LANES], [0.0; LANES]);
    let mut one = |lane: usize, eta: &mut f64, y: f64, root: &mut f64| {
        let sign = 2.0 * y - 1.0;
        let margin = sign * *eta;
        let half = exp::<FMA>(-0.5 * margin.abs());
        let e = half * half;
        let q = 1.0 / (1.0 + e);
        products[lane] *= 1.0 + e;
        // max(−m, 0), in a form that a NaN cannot slip through.
        sums[lane] += 0.5 * (margin.abs() - margin);
        *eta = sign * (if margin < 0.0 { 1.0 } else { e }) * q;
        *root = half * q;
    };
    let whole = eta.len() - eta.len() % LANES;
    for ((eta, y), root) in
        eta[..whole].chunks_exact_mut(LANES).zip(y.chunks_exact(LANES)).zip(roots.chunks_exact_mut(LANES))
    {
        for lane in 0..LANES {
            one(lane, &mut eta[lane], y[lane], &mut root[lane]);
        }
    }
    for ((eta, &y), root) in eta[whole..].iter_mut().zip(&y[whole..]).zip(&mut roots[whole..]) {
        one(0, eta, y, root);
    }
    -(sums.iter().sum::<f64>() + products.iter().product::<f64>().ln())
}

wide_kernel! {
    /// Σ y·η − e^η; see [`Family::sweep`].
    fn poisson(eta: &mut [f64], y: &[f64], roots: &mut [f64]) -> f64 = poisson_body
}

#[inline(always)]
fn poisson_body<const FMA: bool>(eta: &mut [f64], y: &[f64], roots: &mut [f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let mut one = |lane: usize, eta: &mut f64, y: f64, root: &mut f64| {
        let half = exp::<FMA>(0.5 * *eta);
        let mu = half * half;
        sums[lane] += y * *eta - mu;
        *eta = y - mu;
        *root = half;
    };
    let whole = eta.len() - eta.len() % LANES;
    for ((eta, y), root) in
        eta[..whole].chunks_exact_mut(LANES).zip(y.chunks_exact(LANES)).zip(roots.chunks_exact_mut(LANES))
    {
        for lane in 0..LANES {
            one(lane, &mut eta[lane], y[lane], &mut root[lane]);
        }
    }
    for ((eta, &y), root) in eta[whole..].iter_mut().zip(&y[whole..]).zip(&mut roots[whole..]) {
        one(0, eta, y, root);
    }
    sums.iter().sum()
}

wide_kernel! {
    /// −Σ ln P(y), each term relative to itself, and Pearson's Σ (y − μ)²/(μ(1 − μ)).
    fn binomial_goodness(eta: &[f64], y: &[f64]) -> (f64, f64) = binomial_goodness_body
}

#[inline(always)]
fn binomial_goodness_body<const FMA: bool>(eta: &[f64], y: &[f64]) -> (f64, f64) {
    let (mut losses, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let mut one = |lane: usize, eta: f64, y: f64| {
        let margin = (2.0 * y - 1.0) * eta;
        let e = exp::<FMA>(-margin.abs());
        losses[lane] += 0.5 * (margin.abs() - margin) + ln_1p::<FMA>(e);
        squares[lane] += if margin < 0.0 { 1.0 / e } else { e };
    };
    let (etas, ys) = (eta.chunks_exact(LANES), y.chunks_exact(LANES));
    let (eta_rest, y_rest) = (etas.remainder(), ys.remainder());
    for (eta, y) in etas.zip(ys) {
        for lane in 0..LANES {
            one(lane, eta[lane], y[lane]);
        }
    }
    for (&eta, &y) in eta_rest.iter().zip(y_rest) {
        one(0, eta, y);
    }
    (losses.iter().sum(), squares.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_agrees_with_the_formulas_row_by_row() {
        let eta: Vec<f64> = (0..123).map(|i| f64::from(i - 61) * 0.37).collect();
        for family in [Family::Binomial, Family::Poisson] {
            let y: Vec<f64> = (0..123).map(|i| f64::from(i % if family == Family::Poisson { 5 } else { 2 })).collect();
            let (mut residuals, mut roots) = (eta.clone(), vec![0.0; 123]);
            let found = family.sweep(&mut residuals, &y, &mut roots);
            let mut expected = 0.0;
            for i in 0..123 {
                let mu = family.mean(eta[i]);
                let (log, variance) = match family {
                    Family::Binomial => {
                        (-libm::log1p(libm::exp(if y[i] > 0.5 { -eta[i] } else { eta[i] })), mu * family.mean(-eta[i]))
                    }
                    Family::Poisson => (y[i] * eta[i] - mu, mu),
                };
                expected += log;
                assert!((residuals[i] - (y[i] - mu)).abs() <= 1e-14 * mu.max(1.0));
                assert!((roots[i] - variance.sqrt()).abs() <= 1e-14 * roots[i]);
            }
            assert!((found - expected).abs() <= 1e-13 * expected.abs());
        }
    }

    /// At μ = 3(1 + u), to 30 digits by mpmath: 6·(u − ln(1 + u)), where the plain difference has lost half its digits and more.
    #[test]
    fn the_deviance_near_its_zero_keeps_its_digits() {
        for (u, expected) in [
            (2.0_f64.powi(-4), 0.011252269101390945),
            (-(2.0_f64.powi(-4)), 0.01223112682542703),
            (2.0_f64.powi(-20), 2.7284823705965495e-12),
            (-(2.0_f64.powi(-30)), 2.6020852155807978e-18),
        ] {
            let mu = 3.0 * (1.0 + u);
            let found = poisson_deviance(3.0, libm::log(mu), mu);
            assert!((found / expected - 1.0).abs() < 1e-15, "{u}: {found:e}");
        }
    }

    /// P(0, 1, 2, 7) at the means 0.5, 1, 3, 6.9, from the definition.
    #[test]
    fn the_poisson_likelihood_is_that_of_its_probabilities() {
        let (y, mu) = ([0.0, 1.0, 2.0, 7.0], [0.5_f64, 1.0, 3.0, 6.9]);
        let eta: Vec<f64> = mu.iter().map(|m| m.ln()).collect();
        let factorial = [1.0_f64, 1.0, 2.0, 5040.0];
        let expected: f64 = (0..4).map(|i| y[i] * eta[i] - mu[i] - factorial[i].ln()).sum();
        let found = Family::Poisson.goodness(&eta, &y);
        assert!((found.log_likelihood - expected).abs() < 1e-14 * expected.abs());
        let pearson: f64 = (0..4).map(|i| (y[i] - mu[i]).powi(2) / mu[i]).sum();
        assert!((found.pearson - pearson).abs() < 1e-14);
        let (y, eta) = (Array1::from(y.to_vec()), Array1::from(eta));
        let squares: f64 =
            residuals(Family::Poisson, Residual::Deviance, y.view(), eta.view()).iter().map(|r| r * r).sum();
        assert!((squares - found.deviance).abs() < 1e-14);
    }
}
