//! The families by name: what each is called in errors, and how its members are made, moved, added and fitted.

use std::sync::Arc;

use numpy::ndarray::{Array2, ArrayView1};
use underhood::distributions::{self as core, Continuous, Discrete, Family as _};
use underhood::{Error, Result};

/// What a class and its methods are called in errors.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) class: &'static str,
    pub(crate) density: &'static str,
    pub(crate) log_density: &'static str,
    pub(crate) cdf: &'static str,
    pub(crate) sf: &'static str,
    pub(crate) logcdf: &'static str,
    pub(crate) logsf: &'static str,
    pub(crate) ppf: &'static str,
    pub(crate) isf: &'static str,
    pub(crate) prob: &'static str,
    pub(crate) interval: &'static str,
    pub(crate) rvs: &'static str,
    pub(crate) fit: &'static str,
}

/// `names!("Normal", "pdf", "logpdf")`: the second and third are what the density is called.
macro_rules! names {
    ($class:expr, $density:literal, $log_density:literal) => {
        &Names {
            class: $class,
            density: concat!($class, ".", $density),
            log_density: concat!($class, ".", $log_density),
            cdf: concat!($class, ".cdf"),
            sf: concat!($class, ".sf"),
            logcdf: concat!($class, ".logcdf"),
            logsf: concat!($class, ".logsf"),
            ppf: concat!($class, ".ppf"),
            isf: concat!($class, ".isf"),
            prob: concat!($class, ".prob"),
            interval: concat!($class, ".interval"),
            rvs: concat!($class, ".rvs"),
            fit: concat!($class, ".fit"),
        }
    };
}

pub(super) use names;

/// What maximum likelihood found.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) parameters: Vec<f64>,
    pub(crate) covariance: Array2<f64>,
    pub(crate) log_likelihood: f64,
    pub(crate) observations: usize,
    pub(crate) estimated: usize,
    pub(crate) iterations: usize,
}

/// Fits a family to data, with the parameters held that are named.
type Fitting = fn(ArrayView1<'_, f64>, &[(&str, f64)]) -> Result<Fit>;

/// A family of the core without its type.
#[derive(Debug)]
pub(crate) struct Family<D: ?Sized + 'static> {
    pub(crate) names: &'static Names,
    pub(crate) parameters: &'static [&'static str],
    pub(crate) member: fn(&[f64]) -> Result<Arc<D>>,
    pub(crate) affine: fn(&[f64], f64, f64) -> Result<Vec<f64>>,
    pub(crate) sum: fn(&[f64], &[f64]) -> Result<Vec<f64>>,
    pub(crate) fit: Fitting,
}

macro_rules! family {
    ($name:ident, $kind:ident, $density:literal, $log_density:literal) => {
        Family::<dyn $kind> {
            names: names!(stringify!($name), $density, $log_density),
            parameters: core::$name::PARAMETERS,
            member: |parameters| Ok(Arc::new(core::$name::from_parameters(parameters)?)),
            affine: |parameters, scale, shift| {
                Ok(core::$name::from_parameters(parameters)?.affine(scale, shift)?.parameters())
            },
            sum: |a, b| Ok(core::$name::from_parameters(a)?.sum(&core::$name::from_parameters(b)?)?.parameters()),
            fit: |data, fixed| {
                let fitted = core::$name::fit(data, fixed)?;
                Ok(Fit {
                    parameters: fitted.distribution.parameters(),
                    covariance: fitted.covariance,
                    log_likelihood: fitted.log_likelihood,
                    observations: fitted.observations,
                    estimated: fitted.estimated,
                    iterations: fitted.iterations,
                })
            },
        }
    };
}

macro_rules! continuous {
    ($($name:ident),* $(,)?) => { &[$(family!($name, Continuous, "pdf", "logpdf")),*] };
}

macro_rules! discrete {
    ($($name:ident),* $(,)?) => { &[$(family!($name, Discrete, "pmf", "logpmf")),*] };
}

/// Families with a density.
pub(crate) static CONTINUOUS: &[Family<dyn Continuous>] = continuous![
    Beta,
    Cauchy,
    ChiSquared,
    Exponential,
    F,
    Gamma,
    Gumbel,
    InverseGamma,
    Laplace,
    LogNormal,
    Logistic,
    Normal,
    Pareto,
    Rayleigh,
    StudentT,
    Triangular,
    Uniform,
    VonMises,
    Weibull,
];

/// Families of whole numbers.
pub(crate) static DISCRETE: &[Family<dyn Discrete>] =
    discrete![Bernoulli, Binomial, DiscreteUniform, Geometric, Hypergeometric, NegativeBinomial, Poisson,];

/// The categorical distribution, whose parameter is a vector.
pub(crate) static CATEGORICAL: &Names = names!("Categorical", "pmf", "logpmf");

/// The family of this name.
pub(crate) fn named<D: ?Sized>(families: &'static [Family<D>], name: &str) -> Result<&'static Family<D>> {
    families.iter().find(|family| family.names.class == name).ok_or_else(|| Error::Invalid {
        function: "distributions",
        argument: "family",
        problem: format!("is {name:?}, which is not the name of a family"),
    })
}
