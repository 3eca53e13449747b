//! Special functions: the error function, Γ and B, their incomplete forms and the inverses of those.
//!
//! These are the integrals behind p-values. The house rule is a relative error below 1e-14, *tails included*: sf = 1e-300 is
//! exp(−690.8), so exponents are carried in two doubles (`exponent`), as deviances that are zero at the mode (Loader 2000),
//! and what is left is computed where it is smooth.
//!
//! | family | functions |
//! |---|---|
//! | error function | [`erf`], [`erfc`], [`erfcx`], [`erfinv`], [`erfcinv`] |
//! | normal | [`ndtr`] Φ, [`log_ndtr`] ln Φ, [`ndtri`] Φ⁻¹ |
//! | gamma | [`gamma`], [`gammaln`], [`rgamma`], [`digamma`] ψ, [`polygamma`], [`gammainc`] P, [`gammaincc`] Q, [`gammaincinv`], [`gammainccinv`] |
//! | beta | [`beta`], [`betaln`], [`betainc`] I, [`betaincc`] 1 − I, [`betaincinv`], [`betainccinv`] |
//! | logistic | [`expit`] σ, [`logit`], [`log1pexp`], [`logsumexp`], [`softmax_in_place`] |
//! | entropy | [`xlogy`], [`entr`], [`kl_div`] |
//! | counting | [`comb`], [`factorial`], [`binom`] |
//! | noncentral χ², F and t | [`noncentral_chi_squared_cdf`], [`noncentral_f_cdf`], [`noncentral_t_cdf`], each with its `…_sf` |
//! | ranges | [`studentized_range_cdf`], [`studentized_range_sf`], [`studentized_range_isf`] |
//!
//! Functions named `…_in_place` replace every number of a slice, several at a time; a single number gives the same bits.
//!
//! The incomplete functions have three regions. Far below the mode a power series or a contracted continued fraction gives the
//! lower tail, far above it another the upper one; near the mode of a large parameter both need as many terms as the square
//! root of that parameter, and Temme's expansion about the normal distribution (`uniform`) takes over. Each tail is
//! computed as (density) × (a smooth ratio), and the other tail is one minus it.
//!
//! Names and argument order are SciPy's. NaN in, NaN out; outside a function's domain, NaN.
//!
//! ```
//! use underhood::special::{betainc, gammaincc, ndtr};
//!
//! // A chi-square of 1 with 1 degree of freedom, and a normal beyond ±1: the same event.
//! assert!((gammaincc(0.5, 0.5) - 2.0 * ndtr(-1.0)).abs() < 2e-16);
//! // Symmetry: half of Beta(a, a) lies below ½, also for a = 10⁸.
//! assert_eq!(betainc(1e8, 1e8, 0.5), 0.5);
//! ```

mod bessel;
pub(crate) mod beta_function;
pub(crate) mod beta_lanes;
mod beta_pairs;
mod beta_triples;
mod binomial;
mod coefficients;
mod digamma;
mod entropy;
mod error_function;
mod exponent;
pub(crate) mod exponential;
mod exponential_sums;
mod fraction;
pub(crate) mod gamma_function;
pub(crate) mod gamma_lanes;
mod gamma_pairs;
mod in_place;
pub(crate) mod incomplete_beta;
pub(crate) mod incomplete_gamma;
pub(crate) mod inverse_beta;
pub(crate) mod inverse_gamma;
mod iterated_erfc;
pub(crate) mod lanes;
pub(crate) mod logarithm;
pub(crate) mod logistic;
mod noncentral_chi_squared;
mod noncentral_f;
mod noncentral_t;
mod normal;
mod normal_quantile;
mod poisson_mixture;
pub(crate) mod polynomial;
pub(crate) mod power;
mod quantile_series;
mod studentized_range;
pub(crate) mod tail;
mod uniform;

pub use beta_function::{beta, betaln};
pub use beta_lanes::{betainc_in_place, betaincc_in_place};
pub use beta_pairs::{beta_in_place, betaln_in_place, binom_in_place, comb_in_place};
pub use beta_triples::{betainc_each_in_place, betaincc_each_in_place};
pub use binomial::{binom, comb, factorial, factorial_in_place};
pub use digamma::{digamma, digamma_in_place, polygamma};
pub use entropy::{entr, entr_in_place, kl_div, kl_div_in_place, xlogy, xlogy_in_place};
pub use error_function::{erf, erf_in_place, erfc, erfc_in_place, erfcx, erfcx_in_place};
pub use exponential_sums::{logsumexp, logsumexp_weighted, softmax_in_place};
pub use gamma_function::{gamma, gamma_in_place, gammaln, gammaln_in_place, rgamma, rgamma_in_place};
pub use gamma_lanes::{gammainc_in_place, gammaincc_in_place};
pub use gamma_pairs::{gammainc_each_in_place, gammaincc_each_in_place};
pub use incomplete_beta::{betainc, betaincc};
pub use incomplete_gamma::{gammainc, gammaincc};
pub use inverse_beta::{betainccinv, betainccinv_in_place, betaincinv, betaincinv_in_place};
pub use inverse_gamma::{gammainccinv, gammainccinv_in_place, gammaincinv, gammaincinv_in_place};
pub(crate) use iterated_erfc::iterated_erfcx;
pub use logistic::{expit, expit_in_place, log1pexp, log1pexp_in_place, logit, logit_in_place};
pub use noncentral_chi_squared::{noncentral_chi_squared_cdf, noncentral_chi_squared_sf};
pub use noncentral_f::{noncentral_f_cdf, noncentral_f_sf};
pub use noncentral_t::{noncentral_t_cdf, noncentral_t_sf};
pub use normal::{log_ndtr, log_ndtr_in_place, ndtr, ndtr_in_place};
pub use normal_quantile::{erfcinv, erfcinv_in_place, erfinv, erfinv_in_place, ndtri, ndtri_in_place};
pub(crate) use studentized_range::Range as StudentizedRange;
pub use studentized_range::{studentized_range_cdf, studentized_range_isf, studentized_range_sf};

pub(crate) use bessel::{bessel_i0e, bessel_ratio};
pub(crate) use digamma::digamma_less_ln;
pub(crate) use exponent::Scaled;
pub(crate) use gamma_function::stirling_error;
pub(crate) use inverse_beta::odds;
pub(crate) use inverse_gamma::quantile;
pub(crate) use normal::{bell_wide, log_ndtr_wide, ndtr_wide};
