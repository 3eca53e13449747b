//! Probability distributions: densities, distribution functions, both tails and their logarithms, quantiles, moments.
//!
//! ```
//! use underhood::distributions::{ChiSquared, Distribution, F, Normal, StudentT};
//!
//! # fn main() -> underhood::Result<()> {
//! // The two-sided p-value of t = 3.2 with 10 degrees of freedom, and the same from F = t².
//! let p = 2.0 * StudentT::standard(10.0)?.sf(3.2);
//! assert!((p - F::new(1.0, 10.0)?.sf(3.2 * 3.2)).abs() < 1e-15);
//! // The 95 % points of the normal and of chi-square with one degree of freedom.
//! let z = Normal::standard().isf(0.025);
//! assert!((z * z - ChiSquared::new(1.0)?.isf(0.05)).abs() < 1e-14);
//! # Ok(())
//! # }
//! ```
//!
//! [`Distribution`] is what all of them can do, [`Continuous`] and [`Discrete`] add the density and the probability, and [`Family`]
//! makes members from parameters and fits them to data. `sf` is the upper tail 1 − cdf without the cancellation (a p-value), `isf` its inverse;
//! `logpdf`, `logcdf` and `logsf` keep their digits where the plain forms underflow. Parameters are checked when a
//! distribution is made, so its functions never fail: NaN in gives NaN out, and a probability outside [0, 1] has the quantile NaN.
//!
//! | distribution | of |
//! |---|---|
//! | [`Normal`]`(mu, sigma)` | sums of many small things |
//! | [`Laplace`]`(loc, scale)` | an exponential distribution to either side |
//! | [`Logistic`]`(loc, scale)` | the log odds of a probability of which nothing is known |
//! | [`Cauchy`]`(loc, scale)` | a ratio of two normals: tails without a mean |
//! | [`Gumbel`]`(loc, scale)` | the largest of many values |
//! | [`Triangular`]`(low, peak, high)` | a smallest, a most likely and a largest value |
//! | [`VonMises`]`(mu, kappa)` | an angle |
//! | [`StudentT`]`(df, loc, scale)` | a mean over its estimated standard error |
//! | [`ChiSquared`]`(df)` | a sum of squares of standard normals |
//! | [`F`]`(dfn, dfd)` | a ratio of two mean squares |
//! | [`Gamma`]`(shape, scale)` | the time until several events |
//! | [`InverseGamma`]`(shape, scale)` | one over a gamma: an unknown variance |
//! | [`Exponential`]`(rate)` | the time until one event |
//! | [`Weibull`]`(shape, scale)` | lifetimes that age |
//! | [`Rayleigh`]`(scale)` | the length of a vector of two normals |
//! | [`Pareto`]`(shape, scale)` | sizes without a typical one |
//! | [`Beta`]`(alpha, beta)` | an unknown share |
//! | [`Uniform`]`(low, high)` | a number from an interval |
//! | [`LogNormal`]`(mu, sigma)` | products of many small things |
//! | [`Bernoulli`]`(p)` | the outcome of one trial |
//! | [`Binomial`]`(n, p)` | successes in n trials |
//! | [`Geometric`]`(p)` | trials up to the first success |
//! | [`NegativeBinomial`]`(r, p)` | failures before the r-th success |
//! | [`Hypergeometric`]`(population, successes, draws)` | successes among draws without replacement |
//! | [`Poisson`]`(rate)` | how often something happens that happens at a constant rate |
//! | [`DiscreteUniform`]`(low, high)` | a fair die |
//! | [`Categorical`]`(probabilities)` | a loaded die |
//! | [`Truncated`]`(distribution, low, high)` | X given that it lies between two bounds |
//! | [`Mixture`]`(components, weights)` | a value of one of several distributions |
//! | [`Empirical`]`(data)` | a draw from a sample |
//! | [`KernelDensity`]`(data, bandwidth)` | a sample, smoothed |
//!
//! Distributions of several variables are in [`multivariate`].

mod between;
pub mod composed;
pub mod continuous;
pub mod discrete;
mod distribution;
mod family;
mod likelihood;
pub mod multivariate;
mod standard_form;
mod stirling;
mod wide;

pub use composed::{Bandwidth, Empirical, KernelDensity, Mixture, Truncated};
pub use continuous::{
    Beta, Cauchy, ChiSquared, Continuous, Exponential, F, Gamma, Gumbel, InverseGamma, Laplace, LogNormal, Logistic,
    Normal, Pareto, Rayleigh, StudentT, Triangular, Uniform, VonMises, Weibull,
};
pub use discrete::{
    Bernoulli, Binomial, Categorical, Discrete, DiscreteUniform, Geometric, Hypergeometric, NegativeBinomial, Poisson,
};
pub use distribution::Distribution;
pub(crate) use family::mean;
pub use family::{Family, Fitted};
pub use multivariate::{Dirichlet, Multinomial, Multivariate, MultivariateNormal};
