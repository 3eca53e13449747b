//! The Dirichlet distribution (S. Kotz, N. Balakrishnan and N. L. Johnson 2000, Continuous Multivariate Distributions, chapter 49).

use ndarray::{Array1, Array2, ArrayD, ArrayView, ArrayView2, Axis, Dimension};

use super::product::{Product, gamma_density, sums_of_others};
use super::{Multivariate, category, points};
use crate::check;
use crate::distributions::Beta;
use crate::distributions::continuous::standard_gamma;
use crate::double_double::{Dd, two_product, two_sum};
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::simd::wide_kernel;
use crate::special::exponential::exp_pair;
use crate::special::logarithm::ln_double;
use crate::special::{digamma, polygamma};

/// Proportions may add up to this much more or less than 1, as rounding upstream leaves them.
const ROUNDING: f64 = 1e-8;
/// Up to this sum of the parameters Σ(αᵢ − 1) ln xᵢ in two doubles loses nothing.
const MODERATE: f64 = 1e4;
/// So many points are worked on at a time.
const LANES: usize = 16;

/// The Dirichlet distribution of k proportions, with concentrations α₁, …, α_k.
///
/// **Definition.** Xᵢ = Gᵢ/(G₁ + … + G_k) for independent gamma variables Gᵢ with shapes αᵢ; the conjugate prior of [`Multinomial`](super::Multinomial).
///
/// **Density.** f(x) = Γ(A)/(Γ(α₁)⋯Γ(α_k))·x₁^(α₁−1)⋯x_k^(α_k−1), A = α₁ + … + α_k, with respect to (x₁, …, x_(k−1)).
///
/// **Parameters.** `alpha` positive (1e-20 to 1e20), two at least. **Support.** xᵢ ≥ 0 with the sum 1. A point whose sum is not 1 to 1e-8, or that has a
/// negative coordinate, is refused rather than given the density 0: it is nearly always a mistake.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::{Dirichlet, Multivariate};
///
/// # fn main() -> underhood::Result<()> {
/// let prior = Dirichlet::new(&[1.0, 1.0, 1.0])?;
/// // Uniform on a triangle of area ½.
/// assert!((prior.pdf(array![0.2, 0.3, 0.5].view())?.sum() - 2.0).abs() < 1e-15);
/// assert_eq!(Dirichlet::new(&[2.0, 6.0])?.mean(), array![0.25, 0.75]);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Means mᵢ = αᵢ/A, variances mᵢ(1 − mᵢ)/(A + 1), covariances −mᵢmⱼ/(A + 1); mode (αᵢ − 1)/(A − k) for αᵢ ≥ 1.
///
/// **Numerical limits.** Relative error of density and log-density below 1e-14 for A up to 1e4; beyond, a few ulps of A·|xᵢ − mᵢ|, which is what the last digits
/// of x make out. Where a coordinate is 0 the limits are ∞ (αᵢ < 1) and 0 (αᵢ > 1), and NaN where they meet.
///
/// **Method.** Σ(αᵢ − 1) ln xᵢ in two doubles, several points at once; for large A a product of gamma densities, each by its deviance (C. Loader 2000).
/// Draws: logarithms of gamma variables, so that tiny αᵢ give no 0/0. Fit: Newton's method with the closed inverse of the curvature (T. P. Minka 2000, Estimating a
/// Dirichlet distribution).
#[derive(Debug, Clone, PartialEq)]
pub struct Dirichlet {
    alpha: Vec<f64>,
    total: f64,
}

impl Dirichlet {
    /// The distribution with these concentrations.
    ///
    /// # Errors
    /// If there are fewer than two, or one is not positive (1e-20 to 1e20).
    pub fn new(alpha: &[f64]) -> Result<Self> {
        const FUNCTION: &str = "Dirichlet";
        check::at_least(FUNCTION, "alpha", "values", alpha.len(), 2)?;
        for &a in alpha {
            check::in_range(FUNCTION, "alpha", a, (1e-20..=1e20).contains(&a), "positive (1e-20 to 1e20)")?;
        }
        let total = alpha.iter().fold(Dd::ZERO, |sum, a| sum + *a).value();
        Ok(Dirichlet { alpha: alpha.to_vec(), total })
    }

    /// The concentrations.
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }

    /// The density at points (…, k) whose coordinates add up to 1.
    ///
    /// # Errors
    /// If the last axis of `x` is not k, a coordinate is negative, or a point's sum is not 1.
    pub fn pdf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        self.density("Dirichlet.pdf", x, false)
    }

    /// The logarithm of the density at points (…, k), also where the density underflows.
    ///
    /// # Errors
    /// As for [`Self::pdf`].
    pub fn logpdf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        self.density("Dirichlet.logpdf", x, true)
    }

    fn density<D: Dimension>(
        &self,
        function: &'static str,
        x: ArrayView<'_, f64, D>,
        logarithm: bool,
    ) -> Result<ArrayD<f64>> {
        let mut refusal = Ok(());
        let k = self.alpha.len();
        let density = points::map(function, "x", x, k, |points, out| {
            refusal = proportions(function, "x", points, k);
            if refusal.is_err() {
                return;
            }
            if self.total <= MODERATE {
                let mean: Vec<f64> = self.mean().to_vec();
                let at_mean = mean
                    .iter()
                    .zip(&self.alpha)
                    .fold(Dd::ZERO, |sum, (m, a)| sum + Dd::from(*m).ln() * Dd::sum(*a, -1.0));
                let constant = self.product(&mean).ln() - at_mean;
                let powers: Vec<(f64, f64)> = self.alpha.iter().map(|a| two_sum(*a, -1.0)).collect();
                let constant = (constant.high, constant.low);
                if logarithm {
                    log_densities(&powers, constant, points, out);
                } else {
                    densities(&powers, constant, points, out);
                }
            } else {
                for (out, point) in out.iter_mut().zip(points.chunks_exact(k)) {
                    let product = self.product(point);
                    *out = if logarithm { product.ln().value() } else { product.value() };
                }
            }
            for (out, point) in out.iter_mut().zip(points.chunks_exact(k)).filter(|(_, point)| point.contains(&0.0)) {
                let value = self.log_at_edge(point);
                *out = if logarithm { value } else { value.exp() };
            }
            for (out, point) in out.iter_mut().zip(points.chunks_exact(k)) {
                if point.iter().any(|x| x.is_nan()) {
                    *out = f64::NAN;
                }
            }
        })?;
        refusal.map(|()| density)
    }

    /// The density as gamma densities of A·xᵢ over that of A; without the coordinates that are 0.
    fn product(&self, point: &[f64]) -> Product {
        let sum = point.iter().fold(Dd::from(-1.0), |sum, x| sum + *x) * self.total;
        point
            .iter()
            .zip(&self.alpha)
            .filter(|(x, _)| **x > 0.0)
            .fold(Product::one(), |product, (&x, &a)| product.times(gamma_density(a, self.total, x).over(x)))
            .times(gamma_density(self.total, self.total, 1.0).inverse())
            .times_exp(sum)
    }

    /// ln f at a point with coordinates that are 0.
    fn log_at_edge(&self, point: &[f64]) -> f64 {
        let mut value = self.product(point).ln().value();
        for (&x, &a) in point.iter().zip(&self.alpha) {
            if x == 0.0 {
                // x⁰ = 1, and the gamma density of 0 with shape 1 over x is A.
                value += if a == 1.0 { self.total.ln() } else { (a - 1.0) * f64::NEG_INFINITY };
            }
        }
        value
    }

    /// The point with the largest density, if all αᵢ ≥ 1 and one is larger; else NaN: the density has its peaks where coordinates are 0, or none.
    pub fn mode(&self) -> Array1<f64> {
        let beyond: Vec<f64> = self.alpha.iter().map(|a| a - 1.0).collect();
        let sum: f64 = beyond.iter().sum();
        let inside = beyond.iter().all(|b| *b >= 0.0) && sum > 0.0;
        beyond.iter().map(|b| if inside { b / sum } else { f64::NAN }).collect()
    }

    /// The distribution of one proportion.
    ///
    /// # Errors
    /// If there is no such proportion.
    pub fn marginal(&self, index: usize) -> Result<Beta> {
        category("Dirichlet.marginal", index, self.alpha.len())?;
        Beta::new(self.alpha[index], sums_of_others(&self.alpha)[index])
    }

    /// The concentrations under which the rows of `data` are most likely.
    ///
    /// # Errors
    /// If a row is not of positive numbers that add up to 1, there are fewer than two rows, they are all the same, or Newton's method does not end.
    pub fn fit(data: ArrayView2<'_, f64>) -> Result<DirichletFit> {
        const FUNCTION: &str = "Dirichlet.fit";
        let k = data.ncols();
        check::at_least(FUNCTION, "data", "columns", k, 2)?;
        check::at_least(FUNCTION, "data", "rows", data.nrows(), 2)?;
        check::finite_matrix(FUNCTION, "data", data)?;
        proportions(FUNCTION, "data", &data.iter().copied().collect::<Vec<_>>(), k)?;
        if let Some((i, _)) = data.rows().into_iter().enumerate().find(|(_, row)| row.iter().any(|x| *x == 0.0)) {
            let problem = format!(
                "has a 0 in row {i}, where the likelihood is 0 or unbounded; add a little to every proportion and divide by the sum"
            );
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        let n = data.nrows() as f64;
        let logs: Vec<f64> =
            data.columns().into_iter().map(|c| crate::distributions::family::mean(c.mapv(f64::ln).view())).collect();
        let Some(mut alpha) = by_moments(data) else {
            let problem = "has rows that are all the same: the likelihood rises without end".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        };
        let (mut last, mut iterations) = (f64::INFINITY, 0);
        loop {
            let now = Curvature::of(&alpha, &logs);
            let step = now.step();
            let size = step.iter().zip(&alpha).fold(0.0_f64, |most, (s, a)| most.max((s / a).abs()));
            iterations += 1;
            // Converged, or at the rounding of the gradient.
            if size < 1e-13 || (size < 1e-6 && size >= 0.5 * last) {
                break;
            }
            last = size;
            if iterations > 500 || !(size < f64::INFINITY) || alpha.iter().sum::<f64>() > 1e14 {
                let detail = format!("alpha is {alpha:?}; are the rows nearly the same?");
                return Err(Error::NotConverged { function: FUNCTION, iterations, detail });
            }
            let rise = dot(&now.gradient, &step);
            let mut length = 1.0;
            alpha = loop {
                let next: Vec<f64> = alpha.iter().zip(&step).map(|(a, s)| a + length * s).collect();
                // The likelihood is concave: a step is too long where it has come down again as steeply.
                let fits = next.iter().zip(&alpha).all(|(next, a)| *next > 0.01 * a);
                if length < 1e-9 || (fits && dot(&Curvature::of(&next, &logs).gradient, &step) >= -0.9 * rise) {
                    break next;
                }
                length *= 0.5;
            };
        }
        let distribution = Dirichlet::new(&alpha).map_err(|_| Error::NotConverged {
            function: FUNCTION,
            iterations,
            detail: format!("alpha is {alpha:?}"),
        })?;
        let covariance = Curvature::of(&alpha, &logs).inverse() / n;
        let log_likelihood = distribution.logpdf(data)?.sum();
        Ok(DirichletFit { distribution, covariance, log_likelihood, observations: data.nrows(), iterations })
    }
}

/// A Dirichlet distribution fitted to proportions.
#[derive(Debug, Clone, PartialEq)]
pub struct DirichletFit {
    /// The distribution under which the data are most likely.
    pub distribution: Dirichlet,
    /// The large-sample covariance of the estimated concentrations: the inverse of the information.
    pub covariance: Array2<f64>,
    /// ln L at the maximum.
    pub log_likelihood: f64,
    /// How many rows there are.
    pub observations: usize,
    /// Steps of Newton's method.
    pub iterations: usize,
}

impl Multivariate for Dirichlet {
    fn dimension(&self) -> usize {
        self.alpha.len()
    }

    fn mean(&self) -> Array1<f64> {
        self.alpha.iter().map(|a| a / self.total).collect()
    }

    fn covariance(&self) -> Array2<f64> {
        let (mean, variance) = (self.mean(), self.variance());
        Array2::from_shape_fn((mean.len(), mean.len()), |(i, j)| {
            if i == j { variance[i] } else { -mean[i] * mean[j] / (self.total + 1.0) }
        })
    }

    fn variance(&self) -> Array1<f64> {
        let others = sums_of_others(&self.alpha);
        self.alpha.iter().zip(others).map(|(a, b)| a / self.total * (b / self.total) / (self.total + 1.0)).collect()
    }

    fn entropy(&self) -> f64 {
        let parts: f64 = self.alpha.iter().map(|a| standard_gamma::entropy(*a)).sum();
        parts - standard_gamma::entropy(self.total) - (self.alpha.len() - 1) as f64 * digamma(self.total)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let k = self.alpha.len();
        let count = out.len() / k;
        let mut column = vec![0.0; count];
        for (i, a) in self.alpha.iter().enumerate() {
            stream.fill_log_gamma(*a, &mut column);
            column.iter().zip(out.chunks_exact_mut(k)).for_each(|(x, point)| point[i] = *x);
        }
        for point in out.chunks_exact_mut(k) {
            let largest = point.iter().fold(f64::NEG_INFINITY, |most, x| most.max(*x));
            point.iter_mut().for_each(|x| *x -= largest);
        }
        portable::exp_in_place(&mut out[..count * k]);
        for point in out.chunks_exact_mut(k) {
            let sum: f64 = point.iter().sum();
            point.iter_mut().for_each(|x| *x /= sum);
        }
    }
}

/// Refuses points with negative coordinates, or whose sum is not 1; NaN passes.
fn proportions(function: &'static str, argument: &'static str, points: &[f64], k: usize) -> Result<()> {
    for (i, point) in points.chunks_exact(k).enumerate() {
        let sum: f64 = point.iter().sum();
        let negative = point.iter().find(|x| **x < 0.0);
        let problem = match negative {
            Some(x) => format!("holds {x} in point {i}, but proportions must not be negative"),
            None if (sum - 1.0).abs() > ROUNDING => {
                format!("has a point (number {i}) that adds up to {sum}, but proportions must add up to 1")
            }
            None => continue,
        };
        return Err(Error::Invalid { function, argument, problem });
    }
    Ok(())
}

wide_kernel! {
    fn log_densities(powers: &[(f64, f64)], constant: (f64, f64), points: &[f64], out: &mut [f64]) = log_densities_body
}

wide_kernel! {
    fn densities(powers: &[(f64, f64)], constant: (f64, f64), points: &[f64], out: &mut [f64]) = densities_body
}

#[inline(always)]
fn log_densities_body<const FMA: bool>(powers: &[(f64, f64)], constant: (f64, f64), points: &[f64], out: &mut [f64]) {
    for (points, out) in points.chunks(LANES * powers.len()).zip(out.chunks_mut(LANES)) {
        let (high, low) = block::<FMA>(powers, constant, points);
        for (lane, out) in out.iter_mut().enumerate() {
            *out = high[lane] + low[lane];
        }
    }
}

#[inline(always)]
fn densities_body<const FMA: bool>(powers: &[(f64, f64)], constant: (f64, f64), points: &[f64], out: &mut [f64]) {
    for (points, out) in points.chunks(LANES * powers.len()).zip(out.chunks_mut(LANES)) {
        let (high, low) = block::<FMA>(powers, constant, points);
        let mut values = [0.0; LANES];
        for lane in 0..LANES {
            values[lane] = exp_pair::<FMA>(high[lane], low[lane]);
        }
        out.copy_from_slice(&values[..out.len()]);
    }
}

/// constant + Σ powerᵢ·ln xᵢ for some points, in two doubles.
#[inline(always)]
fn block<const FMA: bool>(powers: &[(f64, f64)], constant: (f64, f64), points: &[f64]) -> ([f64; LANES], [f64; LANES]) {
    let (mut high, mut low) = ([constant.0; LANES], [constant.1; LANES]);
    for (i, &(power, beside)) in powers.iter().enumerate() {
        let mut x = [1.0; LANES];
        for (x, point) in x.iter_mut().zip(points.chunks_exact(powers.len())) {
            *x = point[i];
        }
        for lane in 0..LANES {
            let (log, rest) = ln_double::<FMA>(x[lane], 0.0);
            let (product, lost) = two_product::<FMA>(power, log);
            let (sum, dropped) = two_sum(high[lane], product);
            high[lane] = sum;
            low[lane] += dropped + lost + (power * rest + beside * log);
        }
    }
    (high, low)
}

/// Concentrations with the data's means and their sum of variances; nothing if the rows do not vary.
fn by_moments(data: ArrayView2<'_, f64>) -> Option<Vec<f64>> {
    let mean = data.mean_axis(Axis(0))?;
    let spread: f64 = data.rows().into_iter().map(|row| (&row - &mean).mapv(|d| d * d).sum()).sum::<f64>();
    let largest: f64 = mean.iter().map(|m| m * (1.0 - m)).sum();
    let total = largest * data.nrows() as f64 / spread - 1.0;
    if !(spread > 1e-28 * data.nrows() as f64) {
        return None;
    }
    Some(mean.iter().map(|m| m * total.max(0.1)).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The gradient of ln L/n and what the inverse of its curvature diag(ψ′(αᵢ)) − ψ′(A) is made of.
struct Curvature {
    gradient: Vec<f64>,
    /// 1/ψ′(αᵢ)
    inverse: Vec<f64>,
    /// 1/ψ′(A) − Σ 1/ψ′(αᵢ)
    rest: f64,
}

impl Curvature {
    fn of(alpha: &[f64], logs: &[f64]) -> Curvature {
        let total: f64 = alpha.iter().sum();
        let psi = digamma(total);
        let gradient = alpha.iter().zip(logs).map(|(a, log)| psi - digamma(*a) + log).collect();
        let beyond: Vec<f64> = alpha.iter().map(|a| inverse_trigamma_excess(*a)).collect();
        let inverse = alpha.iter().zip(&beyond).map(|(a, r)| a - 0.5 + r).collect();
        let rest = 0.5 * (alpha.len() - 1) as f64 + inverse_trigamma_excess(total) - beyond.iter().sum::<f64>();
        Curvature { gradient, inverse, rest }
    }

    /// Newton's step, by the formula of Sherman and Morrison.
    fn step(&self) -> Vec<f64> {
        let shift = dot(&self.inverse, &self.gradient) / self.rest;
        self.gradient.iter().zip(&self.inverse).map(|(g, c)| c * (g + shift)).collect()
    }

    fn inverse(&self) -> Array2<f64> {
        let c = &self.inverse;
        Array2::from_shape_fn((c.len(), c.len()), |(i, j)| c[i] * c[j] / self.rest + if i == j { c[i] } else { 0.0 })
    }
}

/// 1/ψ′(a) − (a − ½), about 1/(12a) for large a (DLMF 5.15.8).
fn inverse_trigamma_excess(a: f64) -> f64 {
    if a < 30.0 {
        return 1.0 / polygamma(1.0, a) - (a - 0.5);
    }
    let w = 1.0 / (a * a);
    // ψ′(a) = (1 + u)/a with a·u = ½ + v.
    let v = (1.0 / 6.0 - w * (1.0 / 30.0 - w * (1.0 / 42.0 - w * (1.0 / 30.0 - w * (5.0 / 66.0))))) / a;
    let u = (0.5 + v) / a;
    (0.5 * u - v) / (1.0 + u)
}
