//! The discrete distributions against tables from mpmath, the certainty of their quantiles, their edges, fits and arithmetic.
//!
//! Run with `--nocapture` to see the worst error of every function.

mod reference;

use ndarray::{Array1, array};
use proptest::prelude::*;
use reference::Row;
use underhood::distributions::{
    Bernoulli, Binomial, Categorical, Discrete, DiscreteUniform, Distribution, Family, Geometric, Hypergeometric,
    NegativeBinomial, Poisson,
};
use underhood::random::Stream;

fn method(d: &dyn Discrete, name: &str, x: f64) -> f64 {
    match name {
        "pmf" => d.pmf(x),
        "logpmf" => d.logpmf(x),
        "cdf" => d.cdf(x),
        "sf" => d.sf(x),
        "logcdf" => d.logcdf(x),
        "logsf" => d.logsf(x),
        "ppf" => d.ppf(x),
        "isf" => d.isf(x),
        "entropy" => d.entropy(),
        _ => panic!("no method {name}"),
    }
}

fn evaluate(name: &str, v: &[f64]) -> f64 {
    let (family, name) = name.split_once('.').unwrap_or((name, ""));
    let count = match family {
        "poisson" | "geom" => 1,
        "hypergeom" => 3,
        _ => 2,
    };
    let (parameters, x) = (&v[..count], v.get(count).copied().unwrap_or(f64::NAN));
    match family {
        "poisson" => method(&Poisson::from_parameters(parameters).unwrap(), name, x),
        "geom" => method(&Geometric::from_parameters(parameters).unwrap(), name, x),
        "binom" => method(&Binomial::from_parameters(parameters).unwrap(), name, x),
        "nbinom" => method(&NegativeBinomial::from_parameters(parameters).unwrap(), name, x),
        "hypergeom" => method(&Hypergeometric::from_parameters(parameters).unwrap(), name, x),
        _ => panic!("no family {family}"),
    }
}

/// The allowed relative error: none for quantiles.
fn tolerance(row: &Row) -> f64 {
    match row.name.split_once('.') {
        Some((_, "ppf" | "isf")) => 0.0,
        // A logarithm is absolute next to its zero.
        Some((_, "logpmf")) => 1e-14 * (0.1 / row.value.abs()).max(1.0),
        _ => 1e-14,
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    let functions = reference::compare(include_str!("tables/distributions_disc.csv"), evaluate, tolerance);
    assert_eq!(functions, 4 * 9 + 8, "a function has no reference values");
}
