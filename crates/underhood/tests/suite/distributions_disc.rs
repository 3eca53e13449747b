//! The discrete distributions against tables from mpmath, the certainty of their quantiles, their edges, fits and arithmetic.
//!
//! Run with `--nocapture` to see the worst error of every function.

#![allow(clippy::unwrap_used, reason = "the parameters in tests are valid")]

#[allow(dead_code, reason = "what the continuous families use")]
use crate::reference;

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
        "poisson" => method(&Poisson::from_parameters(parameters).expect("the parameters of a row are valid"), name, x),
        "geom" => method(&Geometric::from_parameters(parameters).expect("the parameters of a row are valid"), name, x),
        "binom" => method(&Binomial::from_parameters(parameters).expect("the parameters of a row are valid"), name, x),
        "nbinom" => {
            method(&NegativeBinomial::from_parameters(parameters).expect("the parameters of a row are valid"), name, x)
        }
        "hypergeom" => {
            method(&Hypergeometric::from_parameters(parameters).expect("the parameters of a row are valid"), name, x)
        }
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
    let functions = reference::compare(include_str!("../tables/distributions_disc.csv"), evaluate, tolerance);
    assert_eq!(functions, 4 * 9 + 8, "a function has no reference values");
}

/// One of each family, small and large, smooth and not.
fn members() -> Vec<Box<dyn Discrete>> {
    let mut all: Vec<Box<dyn Discrete>> = Vec::new();
    for rate in [0.0, 1e-300, 1e-5, 0.3, 4.0, 77.5, 1e4, 3e9, 1e15, 1e20] {
        all.push(Box::new(Poisson::new(rate).unwrap()));
    }
    for n in [0.0, 1.0, 7.0, 500.0, 1e6, 1e15] {
        for p in [0.0, 1e-300, 1e-9, 0.2, 0.5, 1.0 - 1e-12, 1.0] {
            all.push(Box::new(Binomial::new(n, p).unwrap()));
        }
    }
    for p in [1e-300, 1e-18, 1e-5, 0.3, 1.0 - f64::EPSILON, 1.0] {
        all.push(Box::new(Geometric::new(p).unwrap()));
    }
    for r in [1e-20, 1e-3, 1.0, 4.5, 300.0, 1e12, 1e20] {
        for p in [1e-100, 1e-6, 0.4, 1.0 - 1e-9, 1.0] {
            all.push(Box::new(NegativeBinomial::new(r, p).unwrap()));
        }
    }
    for (population, successes, draws) in [
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 0.0),
        (9.0, 4.0, 9.0),
        (20.0, 15.0, 12.0),
        (3000.0, 40.0, 500.0),
        (1e6, 5e5, 3e5),
        (1e15, 4e14, 1e14),
        (1e15, 3.0, 1e15 - 2.0),
    ] {
        all.push(Box::new(Hypergeometric::new(population, successes, draws).unwrap()));
    }
    for (low, high) in [(3.0, 3.0), (1.0, 6.0), (-1000.0, 12.0), (-(2.0_f64.powi(51)), 2.0_f64.powi(51))] {
        all.push(Box::new(DiscreteUniform::new(low, high).unwrap()));
    }
    for p in [vec![1.0], vec![0.0, 0.25, 0.0, 0.75, 0.0], vec![0.1; 10], vec![1e-300, 1.0]] {
        all.push(Box::new(Categorical::new(Array1::from(p).view()).unwrap()));
    }
    for p in [0.0, 0.25, 1.0] {
        all.push(Box::new(Bernoulli::new(p).unwrap()));
    }
    all
}

/// The whole double before k.
fn previous(k: f64) -> f64 {
    if k.abs() <= 2_f64.powi(53) { k - 1.0 } else { k.next_down() }
}

#[test]
fn the_edges_have_their_limits() {
    for d in members() {
        let (low, high) = d.support();
        assert_eq!((d.cdf(low - 1.0), d.sf(previous(low)), d.cdf(high), d.sf(high)), (0.0, 1.0, 1.0, 0.0), "{d:?}");
        assert_eq!((d.logcdf(previous(low)), d.logsf(previous(low))), (f64::NEG_INFINITY, 0.0), "{d:?}");
        assert_eq!((d.logcdf(high), d.logsf(high)), (0.0, f64::NEG_INFINITY), "{d:?}");
        assert_eq!((d.ppf(0.0), d.ppf(1.0), d.isf(0.0), d.isf(1.0)), (low, high, high, low), "{d:?}");
        assert_eq!(
            (d.pmf(low + 0.5), d.logpmf(low - 1.0)),
            (if low.abs() < 1e15 { 0.0 } else { d.pmf(low + 0.5) }, f64::NEG_INFINITY)
        );
        for outside in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(d.ppf(outside).is_nan() && d.isf(outside).is_nan(), "{d:?}");
        }
        for name in ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"] {
            assert!(method(&*d, name, f64::NAN).is_nan(), "{name} {d:?}");
        }
        assert_eq!(
            (d.pmf(f64::INFINITY), d.pmf(f64::NEG_INFINITY), d.cdf(f64::INFINITY), d.sf(f64::NEG_INFINITY)),
            (0.0, 0.0, 1.0, 1.0)
        );
        // Steps: between two whole numbers nothing changes.
        let k = d.median();
        if k.abs() < 1e15 {
            assert_eq!((d.cdf(k + 0.75), d.sf(k + 0.75)), (d.cdf(k), d.sf(k)), "{d:?}");
        }
        for moment in [d.mean(), d.variance(), d.entropy(), d.mode(), d.median()] {
            assert!(!moment.is_nan(), "{d:?}");
        }
        assert!(d.entropy() >= 0.0 && d.variance() >= 0.0 && d.mode() >= low && d.mode() <= high, "{d:?}");
        if low == high {
            assert_eq!((d.pmf(low), d.variance(), d.entropy(), d.mode()), (1.0, 0.0, 0.0, low), "{d:?}");
            assert!(d.skewness().is_nan() && d.kurtosis().is_nan(), "{d:?}");
        }
    }
}

#[test]
fn a_quantile_is_the_smallest_number_that_reaches_p() {
    let probabilities = [1e-300, 1e-20, 1e-5, 0.01, 0.3, 0.5, 0.75, 0.99, 1.0 - 1e-10, 1.0 - f64::EPSILON / 2.0];
    for d in members() {
        let (low, _) = d.support();
        for p in probabilities {
            let k = d.ppf(p);
            assert!(k == low || (d.cdf(k) >= p && d.cdf(previous(k)) < p), "ppf({p:e}) = {k:e} of {d:?}");
            let k = d.isf(p);
            assert!(k == low || (d.sf(k) <= p && d.sf(previous(k)) > p), "isf({p:e}) = {k:e} of {d:?}");
        }
        // Probabilities that are values of the functions themselves.
        let mode = d.mode();
        for step in -12..=12 {
            let k = mode + f64::from(step) * d.std().mul_add(0.3, 1.0).floor();
            let before = previous(k);
            if d.pmf(k) > 0.0 && k.abs() < 1e15 {
                // ppf(1) is the end of the support.
                if d.cdf(before) < d.cdf(k) && d.cdf(k) < 1.0 {
                    assert_eq!(d.ppf(d.cdf(k)), k, "{d:?}");
                }
                if d.sf(before) > d.sf(k) && d.sf(k) > 0.0 {
                    assert_eq!(d.isf(d.sf(k)), k, "{d:?}");
                }
            }
        }
    }
}

#[test]
fn arrays_hold_the_same_bits_as_numbers() {
    for d in members() {
        let (mode, sd) = (d.mode(), d.std().clamp(1.0, 1e12));
        let x: Vec<f64> = (-60..60)
            .map(|i| mode + (f64::from(i) * 0.2 * sd).floor())
            .chain([f64::NAN, -1.5, 0.5, 1e300, f64::INFINITY])
            .collect();
        let p: Vec<f64> =
            (0..=200).map(|i| f64::from(i) / 200.0).chain([1e-200, 1e-4, 1.0 - 1e-9, f64::NAN, -1.0, 2.0]).collect();
        // Twice: the second time tables have been filled.
        for _ in 0..2 {
            for (name, arguments) in [
                ("pmf", &x),
                ("logpmf", &x),
                ("cdf", &x),
                ("sf", &x),
                ("logcdf", &x),
                ("logsf", &x),
                ("ppf", &p),
                ("isf", &p),
            ] {
                let mut values = arguments.clone();
                match name {
                    "pmf" => d.pmf_in_place(&mut values),
                    "logpmf" => d.logpmf_in_place(&mut values),
                    "cdf" => d.cdf_in_place(&mut values),
                    "sf" => d.sf_in_place(&mut values),
                    "logcdf" => d.logcdf_in_place(&mut values),
                    "logsf" => d.logsf_in_place(&mut values),
                    "ppf" => d.ppf_in_place(&mut values),
                    _ => d.isf_in_place(&mut values),
                }
                for (value, &argument) in values.iter().zip(arguments) {
                    let alone = method(&*d, name, argument);
                    assert!(
                        *value == alone || (value.is_nan() && alone.is_nan()),
                        "{name}({argument:e}) is {value:e}, alone {alone:e}: {d:?}"
                    );
                }
            }
        }
    }
}

/// Sums over the support, where it is short.
#[test]
fn moments_and_entropy_are_those_of_the_probabilities() {
    for d in members() {
        let (low, high) = d.support();
        let (first, last) = (d.isf(1.0 - 1e-16).max(low), d.isf(1e-40).min(high));
        if last - first > 20_000.0 || last > 1e9 || low == high || d.variance() < 1e-6 {
            continue;
        }
        let sum = |f: &dyn Fn(f64) -> f64| {
            let mut sum = 0.0;
            let mut k = first;
            while k <= last + 1.0 {
                if d.pmf(k) > 0.0 {
                    sum += d.pmf(k) * f(k);
                }
                k += 1.0;
            }
            sum
        };
        let (mean, sd) = (sum(&|k| k), d.std());
        let standard = |k: f64, power| ((k - d.mean()) / sd).powi(power);
        for (name, found, expected) in [
            ("mean", d.mean(), mean),
            ("variance", d.variance(), sum(&|k| (k - d.mean()).powi(2))),
            ("skewness", d.skewness(), sum(&|k| standard(k, 3))),
            ("kurtosis", d.kurtosis() + 3.0, sum(&|k| standard(k, 4))),
            ("entropy", d.entropy(), sum(&|k| -d.logpmf(k))),
        ] {
            assert!((found - expected).abs() < 1e-10 * expected.abs() + 1e-11, "{name}: {found} {expected} of {d:?}");
        }
        let most = sum(&|k| f64::from(u8::from(d.pmf(k) > d.pmf(d.mode()) * (1.0 + 1e-13))));
        assert_eq!(most, 0.0, "mode of {d:?}");
        let (a, b) = (d.ppf(0.2), d.ppf(0.7));
        let expected = sum(&|k| f64::from(u8::from(k >= a && k <= b)));
        assert!((d.prob(a, b) - expected).abs() < 1e-13, "prob of {d:?}");
    }
}

#[test]
fn of_two_modes_the_smaller_is_given() {
    assert_eq!(Poisson::new(4.0).unwrap().mode(), 3.0);
    assert_eq!(Poisson::new(4.5).unwrap().mode(), 4.0);
    assert_eq!(Binomial::new(7.0, 0.5).unwrap().mode(), 3.0);
    assert_eq!(NegativeBinomial::new(3.0, 0.5).unwrap().mode(), 1.0);
    assert_eq!(Hypergeometric::new(8.0, 4.0, 4.0).unwrap().mode(), 2.0);
}

#[test]
fn parameters_are_checked() {
    let nan = f64::NAN;
    for (error, message) in [
        (Binomial::new(2.5, 0.5).unwrap_err(), "Binomial: n is 2.5, but must be a whole number from 0 to 2^53"),
        (Binomial::new(-1.0, 0.5).unwrap_err(), "Binomial: n is -1, but must be a whole number from 0 to 2^53"),
        (Binomial::new(2.0, 1.5).unwrap_err(), "Binomial: p is 1.5, but must be between 0 and 1"),
        (Geometric::new(0.0).unwrap_err(), "Geometric: p is 0, but must be positive and at most 1"),
        (
            NegativeBinomial::new(0.0, 0.5).unwrap_err(),
            "NegativeBinomial: r is 0, but must be positive (1e-20 to 1e20)",
        ),
        (
            NegativeBinomial::new(1.0, nan).unwrap_err(),
            "NegativeBinomial: p is NaN, but must be positive (from 1e-100) and at most 1",
        ),
        (Poisson::new(-1.0).unwrap_err(), "Poisson: rate is -1, but must be between 0 and 1e20"),
        (
            Hypergeometric::new(5.0, 6.0, 1.0).unwrap_err(),
            "Hypergeometric: successes is 6, but must be a whole number from 0 to population",
        ),
        (
            Hypergeometric::new(5.0, 1.0, 1.5).unwrap_err(),
            "Hypergeometric: draws is 1.5, but must be a whole number from 0 to population",
        ),
        (DiscreteUniform::new(1.0, 0.0).unwrap_err(), "DiscreteUniform: high is 0, but must be at least low"),
        (
            DiscreteUniform::new(0.5, 1.0).unwrap_err(),
            "DiscreteUniform: low is 0.5, but must be a whole number between -2^52 and 2^52",
        ),
        (
            Categorical::new(array![0.5, 0.4].view()).unwrap_err(),
            "Categorical: probabilities sum to 0.9, but must sum to 1; divide them by their sum",
        ),
        (
            Categorical::new(array![1.5, -0.5].view()).unwrap_err(),
            "Categorical: probabilities is 1.5, but must be between 0 and 1",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

/// The estimate is a maximum: ln L is not larger beside it. Standard errors against their formulas.
#[test]
fn fits_are_maxima() {
    fn holds<D: Family + Discrete>(
        truth: &D,
        fixed: &[(&str, f64)],
        steps: &[f64],
    ) -> underhood::distributions::Fitted<D> {
        let mut data = vec![0.0; 400];
        truth.fill(&mut Stream::seeded(5), &mut data);
        let fit = D::fit(Array1::from(data.clone()).view(), fixed).unwrap();
        let likelihood = |parameters: &[f64]| -> f64 {
            D::from_parameters(parameters).map_or(f64::NEG_INFINITY, |d| data.iter().map(|&x| d.logpmf(x)).sum())
        };
        let best = fit.distribution.parameters();
        assert!((likelihood(&best) - fit.log_likelihood).abs() < 1e-9 * fit.log_likelihood.abs(), "{truth:?}");
        assert!(likelihood(&truth.parameters()) <= fit.log_likelihood + 1e-9, "{truth:?}");
        for (place, &step) in steps.iter().enumerate() {
            for step in [step, -step] {
                let mut beside = best.clone();
                beside[place] += step;
                assert!(likelihood(&beside) <= fit.log_likelihood + 1e-9, "{beside:?} is better than {best:?}");
            }
        }
        assert!(fit.covariance.iter().all(|c| c.is_finite()), "{truth:?}");
        fit
    }
    let fit = holds(&Poisson::new(3.5).unwrap(), &[], &[1e-4]);
    assert!((fit.standard_errors()[0] - (fit.distribution.rate() / 400.0).sqrt()).abs() < 1e-15);
    let fit = holds(&Binomial::new(12.0, 0.3).unwrap(), &[("n", 12.0)], &[0.0, 1e-4]);
    assert_eq!((fit.standard_errors()[0], fit.estimated), (0.0, 1));
    holds(&Geometric::new(0.2).unwrap(), &[], &[1e-4]);
    holds(&NegativeBinomial::new(2.5, 0.2).unwrap(), &[], &[1e-3, 1e-4]);
    holds(&NegativeBinomial::new(0.05, 0.01).unwrap(), &[], &[1e-4, 1e-5]);
    holds(&NegativeBinomial::new(900.0, 1e-4).unwrap(), &[], &[1e-1, 1e-8]);
    holds(&NegativeBinomial::new(2.5, 0.2).unwrap(), &[("r", 2.5)], &[0.0, 1e-4]);
    holds(&NegativeBinomial::new(2.5, 0.2).unwrap(), &[("p", 0.2)], &[1e-3, 0.0]);
    holds(&Hypergeometric::new(500.0, 120.0, 40.0).unwrap(), &[("population", 500.0), ("draws", 40.0)], &[0.0, 1.0]);
    holds(&DiscreteUniform::new(-3.0, 40.0).unwrap(), &[], &[1.0, 1.0]);
    holds(&DiscreteUniform::new(-3.0, 40.0).unwrap(), &[("low", -3.0)], &[0.0, 1.0]);
    // One observation: floor((N + 1)x/n).
    for (population, draws, x) in [(100.0, 10.0, 3.0), (1000.0, 37.0, 5.0), (52.0, 5.0, 0.0), (9.0, 9.0, 4.0)] {
        let fit = Hypergeometric::fit(array![x].view(), &[("population", population), ("draws", draws)]).unwrap();
        let closed = ((population + 1.0) * x / draws).floor();
        let found = fit.distribution.successes();
        let tied =
            fit.distribution.pmf(x) == Hypergeometric::new(population, closed.min(population), draws).unwrap().pmf(x);
        assert!(found == closed || tied, "{population} {draws} {x}: {found} {closed}");
    }
    let fit = Categorical::fit(array![0.0, 2.0, 2.0, 2.0].view()).unwrap();
    assert_eq!((fit.distribution.probabilities(), fit.estimated), (&[0.25, 0.0, 0.75][..], 2));
    assert!((fit.log_likelihood - (0.25_f64.ln() + 3.0 * 0.75_f64.ln())).abs() < 1e-15);
}

#[test]
fn fits_refuse_what_has_no_maximum() {
    let none: &[(&str, f64)] = &[];
    for (error, part) in [
        (Binomial::fit(array![1.0, 2.0].view(), none).unwrap_err(), "Binomial.fit: data does not determine n"),
        (
            Binomial::fit(array![1.0, 5.0].view(), &[("n", 4.0)]).unwrap_err(),
            "Binomial.fit: data is 5, but must be a whole number from 0 to n",
        ),
        (
            Geometric::fit(array![0.0].view(), none).unwrap_err(),
            "Geometric.fit: data is 0, but must be a whole number, 1 or more",
        ),
        (
            NegativeBinomial::fit(array![3.0, 3.0, 4.0].view(), none).unwrap_err(),
            "NegativeBinomial.fit: data have the mean",
        ),
        (NegativeBinomial::fit(array![0.0, 0.0].view(), none).unwrap_err(), "NegativeBinomial.fit: data are all 0"),
        (
            NegativeBinomial::fit(array![0.0, 4.0].view(), &[("p", 1.0)]).unwrap_err(),
            "NegativeBinomial.fit: data cannot come from p = 1",
        ),
        (
            Poisson::fit(array![0.5].view(), none).unwrap_err(),
            "Poisson.fit: data is 0.5, but must be a whole number, 0 or more",
        ),
        (Poisson::fit(array![1.0].view(), &[("mu", 1.0)]).unwrap_err(), "Poisson.fit: fixed"),
        (
            Hypergeometric::fit(array![1.0].view(), none).unwrap_err(),
            "Hypergeometric.fit: data determines the successes only",
        ),
        (DiscreteUniform::fit(array![1.5].view(), none).unwrap_err(), "DiscreteUniform.fit: data is 1.5"),
        (Categorical::fit(array![-1.0].view()).unwrap_err(), "Categorical.fit: data is -1"),
    ] {
        assert!(error.to_string().starts_with(part), "{error}");
    }
}

#[test]
fn true_sums_are_made_and_others_refused() {
    assert_eq!(Poisson::new(1.0).unwrap().sum(&Poisson::new(2.5).unwrap()).unwrap().rate(), 3.5);
    let (one, other) = (Binomial::new(3.0, 0.2).unwrap(), Binomial::new(5.0, 0.2).unwrap());
    assert_eq!(one.sum(&other).unwrap(), Binomial::new(8.0, 0.2).unwrap());
    assert!(one.sum(&Binomial::new(5.0, 0.3).unwrap()).unwrap_err().to_string().contains("only if p is the same"));
    let (one, other) = (NegativeBinomial::new(3.0, 0.2).unwrap(), NegativeBinomial::new(0.5, 0.2).unwrap());
    assert_eq!(one.sum(&other).unwrap(), NegativeBinomial::new(3.5, 0.2).unwrap());
    let die = DiscreteUniform::new(1.0, 6.0).unwrap();
    assert_eq!(die.affine(-1.0, 7.0).unwrap(), die);
    assert!(die.affine(2.0, 0.0).is_err() && die.affine(1.0, 0.5).is_err() && die.sum(&die).is_err());
    assert!(Geometric::new(0.5).unwrap().affine(1.0, 1.0).is_err());
}

/// Chi-square against our own probabilities, ten standard deviations of which are not met by chance.
#[test]
fn draws_have_the_probabilities() {
    for d in members() {
        let (low, high) = d.support();
        let mut draws = vec![0.0; 20_000];
        d.fill(&mut Stream::seeded(11), &mut draws);
        assert!(draws.iter().all(|x| *x >= low && *x <= high && (x.is_infinite() || *x == x.floor())), "{d:?}");
        let n = draws.len() as f64;
        let (mut statistic, mut cells, mut before) = (0.0_f64, -1.0_f64, 0.0_f64);
        let mut cut_before = f64::NEG_INFINITY;
        for step in 1..=20 {
            let cut = d.ppf(f64::from(step) / 20.0);
            let below = d.cdf(cut);
            if below - before > 1e-3 {
                let share = draws.iter().filter(|x| **x > cut_before && **x <= cut).count() as f64;
                statistic += (share - n * (below - before)).powi(2) / (n * (below - before));
                cells += 1.0;
                (before, cut_before) = (below, cut);
            }
        }
        assert!(statistic < cells + 10.0 * (2.0 * cells).sqrt() + 5.0, "{statistic} over {cells} cells: {d:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Whatever the parameters: no panic, no endless loop, probabilities within [0, 1], quantiles that are the smallest.
    #[test]
    fn any_parameters_are_answered(a in -20.0..20.0_f64, b in -12.0..0.0_f64, c in 0.0..15.0_f64, s in 0.0..1.0_f64, x in any::<f64>(), p in 0.0..1.0_f64, e in -300.0..0.0_f64) {
        fn answers(d: &dyn Discrete, x: f64, p: f64) -> bool {
            let probability = |v: f64| v.is_nan() == x.is_nan() && (v.is_nan() || (0.0..=1.0).contains(&v));
            let smallest = |k: f64| k == d.support().0 || (d.cdf(k) >= p && d.cdf(previous(k)) < p);
            let smallest_upper = |k: f64| k == d.support().0 || (d.sf(k) <= p && d.sf(previous(k)) > p);
            probability(d.cdf(x)) && probability(d.sf(x)) && probability(d.pmf(x.floor()))
                && !(d.logcdf(x) > 0.0) && !(d.logsf(x) > 0.0) && (x.is_nan() || !d.logsf(x).is_nan())
                && smallest(d.ppf(p)) && smallest_upper(d.isf(p))
        }
        let (wide, share, n) = (10_f64.powf(a), 10_f64.powf(b), 10_f64.powf(c).floor());
        let (of, draws) = ((n * s).floor(), (n * share).floor());
        for x in [x, 10_f64.powf(c), n * share] {
            for p in [p, 10_f64.powf(e)] {
                prop_assert!(answers(&Poisson::new(wide).unwrap(), x, p), "Poisson {wide} {x} {p}");
                prop_assert!(answers(&Binomial::new(n, share).unwrap(), x, p), "Binomial {n} {share} {x} {p}");
                prop_assert!(answers(&Geometric::new(share).unwrap(), x, p), "Geometric {share} {x} {p}");
                prop_assert!(answers(&NegativeBinomial::new(wide, share).unwrap(), x, p), "NegativeBinomial {wide} {share} {x} {p}");
                prop_assert!(answers(&Hypergeometric::new(n, of, draws).unwrap(), x, p), "Hypergeometric {n} {of} {draws} {x} {p}");
            }
        }
    }
}

/// Against integrals of mpmath.
#[test]
fn the_entropy_is_summed_beyond_probabilities_that_underflow() {
    for (r, p, expected) in [
        (99.0, 1e-8, 22.133_803_679_959_6),
        (60.0, 1e-8, 21.881_212_798_773_1),
        (99.0, 1e-5, 15.226_043_405_952_4),
        (30.0, 1e-12, 30.739_354_235_215_8),
    ] {
        let found = NegativeBinomial::new(r, p).unwrap().entropy();
        assert!((found / expected - 1.0).abs() < 1e-13, "{r} {p}: {found} {expected}");
    }
}

/// Where P(a ≤ X ≤ b) is a small part of both tails, it is not their difference. One by one, the probabilities have 14 digits.
#[test]
fn narrow_ranges_in_the_body_keep_their_digits() {
    let cases: Vec<(Box<dyn Discrete>, f64, f64)> = vec![
        (Box::new(Poisson::new(1e15).unwrap()), 1e15, 100.0),
        (Box::new(Poisson::new(1e15).unwrap()), 1e15 + 4e7, 30_000.0),
        (Box::new(Poisson::new(1e15).unwrap()), 1e15 - 5e6, 100_001.0),
        (Box::new(Binomial::new(1e12, 0.3).unwrap()), 3e11 - 5e5, 20_000.0),
        (Box::new(Geometric::new(1e-9).unwrap()), 10.0, 20_000.0),
        (Box::new(Geometric::new(1e-9).unwrap()), 2e9, 600.0),
        (Box::new(DiscreteUniform::new(0.0, 1e15).unwrap()), 3e14, 20_000.0),
        (Box::new(Binomial::new(1e7, 0.5).unwrap()), 5e6, 520.0),
        (Box::new(Binomial::new(1e5, 0.5).unwrap()), 49_900.0, 80.0),
        (Box::new(Hypergeometric::new(1e13, 3e12, 1e12).unwrap()), 3e11, 10_000.0),
        (Box::new(NegativeBinomial::new(1e-3, 1e-9).unwrap()), 3.0, 50_000.0),
        (Box::new(NegativeBinomial::new(0.5, 1e-9).unwrap()), 7.0, 50_000.0),
        (Box::new(NegativeBinomial::new(50.0, 1e-9).unwrap()), 5e10, 10_000.0),
    ];
    for (d, a, length) in cases {
        // In parts, so that the sum itself is not rounded as often as it has terms.
        let masses: Vec<f64> = (0..=length as u32).map(|step| d.pmf(a + f64::from(step))).collect();
        let direct: f64 = masses.chunks(200).map(|part| part.iter().sum::<f64>()).sum();
        let found = d.prob(a, a + length);
        assert!((found / direct - 1.0).abs() < 2e-14, "{d:?} {a} {length}: {found} {direct}");
    }
    // Beyond 2⁵³ not every whole number is a double: about as many times the density in the middle.
    let (d, length) = (Poisson::new(1e18).unwrap(), 1_048_576.0);
    let found = d.prob(1e18, 1e18 + length);
    assert!((found / (length * d.pmf(1e18)) - 1.0).abs() < 2e-6, "{found}");
    assert_eq!(d.prob(1e18, 1e18), d.pmf(1e18));
}

#[test]
fn bernoulli_draws_are_zeros_and_ones() {
    let mut draws = [f64::NAN; 4000];
    for p in [0.0, 0.3, 1.0] {
        Bernoulli::new(p).unwrap().fill(&mut Stream::seeded(5), &mut draws);
        assert!(draws.iter().all(|x| *x == 0.0 || *x == 1.0));
        let mean = draws.iter().sum::<f64>() / 4000.0;
        assert!((mean - p).abs() <= 5.0 * (p * (1.0 - p) / 4000.0).sqrt(), "{p}: {mean}");
    }
}
