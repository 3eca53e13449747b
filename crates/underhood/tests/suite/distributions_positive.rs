//! The gamma family, beta, and the other distributions of positive numbers, against tables from mpmath, the identities between them, and the edges
//! of their domains.
//!
//! Run with `--nocapture` to see the worst error of every function.

#![allow(clippy::unwrap_used, reason = "the parameters in tests are valid")]

use crate::reference;

use proptest::prelude::*;
use reference::Row;
use underhood::Result;
use underhood::distributions::{
    Beta, ChiSquared, Continuous, Distribution, Exponential, Family, Gamma, InverseGamma, LogNormal, Normal, Pareto,
    Rayleigh, Uniform, Weibull,
};
use underhood::random::Stream;

fn member(family: &str, v: &[f64]) -> Result<Box<dyn Continuous>> {
    fn boxed<D: Family + Continuous + 'static>(v: &[f64]) -> Result<Box<dyn Continuous>> {
        Ok(Box::new(D::from_parameters(&v[..D::PARAMETERS.len()])?))
    }
    match family {
        "gamma" => boxed::<Gamma>(v),
        "inverse_gamma" => boxed::<InverseGamma>(v),
        "exponential" => boxed::<Exponential>(v),
        "weibull" => boxed::<Weibull>(v),
        "rayleigh" => boxed::<Rayleigh>(v),
        "pareto" => boxed::<Pareto>(v),
        "beta" => boxed::<Beta>(v),
        "uniform" => boxed::<Uniform>(v),
        "log_normal" => boxed::<LogNormal>(v),
        _ => panic!("no family {family}"),
    }
}

fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or((name, ""))
}

fn evaluate(name: &str, v: &[f64]) -> f64 {
    let (family, method) = split(name);
    let d = member(family, v).unwrap_or_else(|error| panic!("{error}"));
    let x = v[v.len() - 1];
    match method {
        "pdf" => d.pdf(x),
        "logpdf" => d.logpdf(x),
        "cdf" => d.cdf(x),
        "sf" => d.sf(x),
        "logcdf" => d.logcdf(x),
        "logsf" => d.logsf(x),
        "ppf" => d.ppf(x),
        "isf" => d.isf(x),
        "var" => d.variance(),
        "skewness" => d.skewness(),
        "kurtosis" => d.kurtosis(),
        "entropy" => d.entropy(),
        _ => panic!("no method {method}"),
    }
}

/// The allowed relative error.
fn tolerance(row: &Row) -> f64 {
    let (family, method) = split(&row.name);
    let v = &row.arguments;
    let ulps = |count| {
        let p = v[v.len() - 1];
        member(family, v).map_or(f64::NAN, |d| reference::ulps(count, &*d, row.value, p))
    };
    match (family, method) {
        // Next to their zeros these are absolute.
        (_, "logpdf" | "entropy") => 1e-14 * (0.1 / row.value.abs()).max(1.0),
        // Central moments of Γ's that cancel, between the two methods at shape 10.
        ("weibull", "var") => 1e-14,
        ("weibull", "skewness" | "kurtosis") => 3e-12 * (1.0 / row.value.abs()).max(1.0),
        (_, "skewness" | "kurtosis") => 2e-14 * (1.0 / row.value.abs()).max(1.0),
        // The error of z, an ulp or two, comes out as σz times it.
        ("log_normal", "ppf" | "isf") => 1e-14 + 4.0 * f64::EPSILON * (row.value.ln() - v[0]).abs(),
        // Four ulps of the probability, as they come out in the quantile.
        ("gamma" | "beta", "ppf" | "isf") => 1e-14 + ulps(4.0),
        ("gamma" | "inverse_gamma" | "beta" | "log_normal", _) => 1e-14,
        // Two doubles are carried throughout.
        _ => 2e-15,
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    let functions = reference::compare(include_str!("../tables/distributions_positive.csv"), evaluate, tolerance);
    assert_eq!(functions, 9 * 8 - 2 + 2 + 1 + 4 + 4 + 3, "a function has no reference values");
}

fn instances() -> Vec<(&'static str, Box<dyn Continuous>)> {
    [
        ("gamma", vec![2.5, 3.0]),
        ("gamma", vec![0.05, 1e-3]),
        ("gamma", vec![1.0, 2.0]),
        ("gamma", vec![300.0, 1.0]),
        ("inverse_gamma", vec![5.0, 3.0]),
        ("inverse_gamma", vec![0.4, 1e3]),
        ("exponential", vec![0.25]),
        ("weibull", vec![1.7, 4.0]),
        ("weibull", vec![0.6, 1e-5]),
        ("weibull", vec![1.0, 2.0]),
        ("rayleigh", vec![3.0]),
        ("pareto", vec![3.5, 2.0]),
        ("pareto", vec![0.5, 1e-3]),
        ("beta", vec![2.0, 5.0]),
        ("beta", vec![0.3, 0.8]),
        ("beta", vec![1.0, 1.0]),
        ("beta", vec![400.0, 30.0]),
        ("uniform", vec![-2.0, 5.0]),
        ("log_normal", vec![0.5, 0.75]),
        ("log_normal", vec![-3.0, 2.5]),
    ]
    .into_iter()
    .map(|(family, v)| (family, member(family, &v).unwrap_or_else(|error| panic!("{error}"))))
    .collect()
}

#[test]
fn the_edges_have_their_limits() {
    for (family, d) in instances() {
        let (low, high) = d.support();
        assert_eq!((d.cdf(low), d.sf(low), d.cdf(high), d.sf(high)), (0.0, 1.0, 1.0, 0.0), "{family}");
        assert_eq!((d.logcdf(low), d.logsf(low)), (f64::NEG_INFINITY, 0.0), "{family}");
        assert_eq!((d.logcdf(high), d.logsf(high)), (0.0, f64::NEG_INFINITY), "{family}");
        assert_eq!((d.ppf(0.0), d.ppf(1.0), d.isf(0.0), d.isf(1.0)), (low, high, high, low), "{family}");
        for outside in [-0.1, 1.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(d.ppf(outside).is_nan() && d.isf(outside).is_nan(), "{family} {outside}");
        }
        assert!(d.pdf(f64::NAN).is_nan() && d.logpdf(f64::NAN).is_nan(), "{family}");
        assert!([d.cdf(f64::NAN), d.sf(f64::NAN), d.logcdf(f64::NAN), d.logsf(f64::NAN)].iter().all(|v| v.is_nan()));
        for below in [low - 1.0, f64::NEG_INFINITY] {
            assert_eq!((d.pdf(below), d.logpdf(below), d.cdf(below), d.sf(below)), (0.0, f64::NEG_INFINITY, 0.0, 1.0));
            assert_eq!((d.logcdf(below), d.logsf(below)), (f64::NEG_INFINITY, 0.0));
        }
        assert_eq!((d.cdf(f64::INFINITY), d.sf(f64::INFINITY)), (1.0, 0.0), "{family}");
        assert_eq!((d.pdf(f64::INFINITY), d.logpdf(f64::INFINITY)), (0.0, f64::NEG_INFINITY), "{family}");
        for edge in [low, high] {
            assert!(
                (d.logpdf(edge) - d.pdf(edge).ln()).abs() < 1e-15 || d.logpdf(edge) == d.pdf(edge).ln(),
                "{family}"
            );
        }
        assert_eq!(d.prob(low, high), 1.0, "{family}");
        assert_eq!(d.prob(high, low), 0.0, "{family}");
    }
    assert_eq!(Gamma::new(1.0, 4.0).unwrap().pdf(0.0), 0.25);
    assert_eq!(Gamma::new(0.5, 4.0).unwrap().pdf(0.0), f64::INFINITY);
    assert_eq!(Exponential::new(7.0).unwrap().pdf(0.0), 7.0);
    assert_eq!(Weibull::new(1.0, 4.0).unwrap().pdf(0.0), 0.25);
    assert_eq!(Pareto::new(3.0, 2.0).unwrap().pdf(2.0), 1.5);
    assert_eq!((Beta::new(1.0, 3.0).unwrap().pdf(0.0), Beta::new(3.0, 1.0).unwrap().pdf(1.0)), (3.0, 3.0));
}

#[test]
fn many_at_once_are_the_same_as_one_by_one() {
    type Both = (&'static str, fn(&dyn Continuous, f64) -> f64, fn(&dyn Continuous, &mut [f64]));
    let functions: [Both; 8] = [
        ("pdf", |d, x| d.pdf(x), |d, x| d.pdf_in_place(x)),
        ("logpdf", |d, x| d.logpdf(x), |d, x| d.logpdf_in_place(x)),
        ("cdf", |d, x| d.cdf(x), |d, x| d.cdf_in_place(x)),
        ("sf", |d, x| d.sf(x), |d, x| d.sf_in_place(x)),
        ("logcdf", |d, x| d.logcdf(x), |d, x| d.logcdf_in_place(x)),
        ("logsf", |d, x| d.logsf(x), |d, x| d.logsf_in_place(x)),
        ("ppf", |d, x| d.ppf(x), |d, x| d.ppf_in_place(x)),
        ("isf", |d, x| d.isf(x), |d, x| d.isf_in_place(x)),
    ];
    for (family, d) in instances() {
        let probabilities: Vec<f64> = (0..700).map(|k| (f64::from(k) + 0.5) / 700.0).collect();
        let mut points: Vec<f64> = probabilities.iter().map(|p| d.ppf(*p)).collect();
        points.extend([0.0, -1.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-300, 1e300, 5e-324, f64::MAX]);
        let mut probabilities = probabilities;
        probabilities.extend([0.0, 1.0, -1.0, 2.0, f64::NAN, 1e-300, 5e-324]);
        for (name, one, many) in &functions {
            let arguments = if *name == "ppf" || *name == "isf" { &probabilities } else { &points };
            let mut values = arguments.clone();
            many(&*d, &mut values);
            for (&x, &value) in arguments.iter().zip(&values) {
                let expected = one(&*d, x);
                let close = (value - expected).abs()
                    <= 2e-14 * expected.abs().max(if name.starts_with("log") { 0.1 } else { 0.0 });
                assert!(
                    close || value == expected || value.is_nan() && expected.is_nan(),
                    "{family}.{name}({x:e}): {value:e} {expected:e}"
                );
            }
        }
    }
}

#[test]
fn parameters_are_checked() {
    for (error, message) in [
        (Gamma::new(0.0, 1.0).unwrap_err(), "Gamma: shape is 0, but must be positive (1e-20 to 1e20)"),
        (Gamma::new(1.0, f64::INFINITY).unwrap_err(), "Gamma: scale is inf, but must be positive and finite"),
        (InverseGamma::new(1.0, -1.0).unwrap_err(), "InverseGamma: scale is -1, but must be positive and finite"),
        (Exponential::new(f64::NAN).unwrap_err(), "Exponential: rate is NaN, but must be positive and finite"),
        (Weibull::new(1e30, 1.0).unwrap_err(), "Weibull: shape is 1e30, but must be positive (1e-20 to 1e20)"),
        (Rayleigh::new(0.0).unwrap_err(), "Rayleigh: scale is 0, but must be positive and finite"),
        (Pareto::new(1.0, 0.0).unwrap_err(), "Pareto: scale is 0, but must be positive and finite"),
        (Beta::new(1.0, 0.0).unwrap_err(), "Beta: beta is 0, but must be positive (1e-20 to 1e20)"),
        (Uniform::new(1.0, 1.0).unwrap_err(), "Uniform: high is 1, but must be above low"),
        (Uniform::new(f64::NEG_INFINITY, 1.0).unwrap_err(), "Uniform: low is -inf, but must be finite"),
        (LogNormal::new(f64::NAN, 1.0).unwrap_err(), "LogNormal: mu is NaN, but must be finite"),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn arithmetic_is_true_or_refused() {
    let gamma = Gamma::new(2.0, 3.0).unwrap();
    assert_eq!(gamma.affine(2.0, 0.0).unwrap(), Gamma::new(2.0, 6.0).unwrap());
    assert_eq!(gamma.sum(&Gamma::new(0.5, 3.0).unwrap()).unwrap(), Gamma::new(2.5, 3.0).unwrap());
    assert!(gamma.sum(&Gamma::new(0.5, 1.0).unwrap()).is_err());
    assert!(gamma.affine(-1.0, 0.0).is_err() && gamma.affine(1.0, 1.0).is_err() && gamma.affine(0.0, 0.0).is_err());
    assert_eq!(Exponential::new(3.0).unwrap().affine(2.0, 0.0).unwrap(), Exponential::new(1.5).unwrap());
    assert_eq!(Beta::new(2.0, 3.0).unwrap().affine(-1.0, 1.0).unwrap(), Beta::new(3.0, 2.0).unwrap());
    assert!(Beta::new(2.0, 3.0).unwrap().affine(2.0, 0.0).is_err());
    assert_eq!(Uniform::new(1.0, 2.0).unwrap().affine(-2.0, 1.0).unwrap(), Uniform::new(-3.0, -1.0).unwrap());
    let (x, scaled) = (LogNormal::new(1.0, 2.0).unwrap(), LogNormal::new(1.0, 2.0).unwrap().affine(3.0, 0.0).unwrap());
    assert!((x.cdf(2.0) - scaled.cdf(6.0)).abs() < 1e-15);
}

/// Moments by integrating the quantile function would be slow; draws show them, and whether the sampler is the distribution.
#[test]
fn draws_have_the_distribution() {
    for (family, d) in instances() {
        let n = 20_000;
        let mut draws = vec![0.0; n];
        d.fill(&mut Stream::seeded(11), &mut draws);
        let (low, high) = d.support();
        assert!(draws.iter().all(|x| (low..=high).contains(x)), "{family}");
        draws.sort_unstable_by(f64::total_cmp);
        let distance = draws.iter().enumerate().fold(0.0_f64, |most, (i, &x)| {
            let cdf = d.cdf(x);
            most.max(cdf - i as f64 / n as f64).max((i + 1) as f64 / n as f64 - cdf)
        });
        // Kolmogorov's statistic exceeds 1.95/√n once in a thousand times.
        assert!(distance < 1.95 / (n as f64).sqrt(), "{family} {d:?}: {distance}");
    }
}

#[test]
fn tiny_shapes_draw_what_their_scale_brings_back() {
    // Half of Gamma(1e-3, 1) lies below 1e-301.
    let d = Gamma::new(1e-3, 1e300).unwrap();
    let mut draws = vec![0.0; 4000];
    d.fill(&mut Stream::seeded(3), &mut draws);
    let below = draws.iter().filter(|x| **x < d.median()).count();
    assert!((below as f64 - 2000.0).abs() < 5.0 * 32.0, "{below}");
    assert!(d.median() > 0.0 && (d.cdf(d.median()) - 0.5).abs() < 1e-12);
}

/// Against the equations of maximum likelihood, ordinary data and nearly constant ones.
#[test]
fn weibull_fits_are_stationary() {
    for data in [
        ndarray::array![0.6, 1.9, 3.2, 1.1, 5.4, 2.2],
        ndarray::array![1e-150, 1.0, 1e100],
        ndarray::array![999_999.999, 1e6, 1_000_000.002, 1_000_000.000_5],
    ] {
        let fitted = Weibull::fit(data.view(), &[]).unwrap_or_else(|error| panic!("{error}"));
        let (k, scale) = (fitted.distribution.shape(), fitted.distribution.scale());
        let v: Vec<f64> = data
            .iter()
            .map(|x| {
                k * if (0.5..2.0).contains(&(x / scale)) { ((x - scale) / scale).ln_1p() } else { (x / scale).ln() }
            })
            .collect();
        let n = v.len() as f64;
        // Σ(x/s)ᵏ = n, and n + Σ ln (x/s)ᵏ·(1 − (x/s)ᵏ) = 0.
        let powers: f64 = v.iter().map(|v| v.exp()).sum();
        let slopes: f64 = v.iter().map(|v| v * (1.0 - v.exp())).sum();
        // An ulp of the scale is k ulps of the powers.
        let tolerance = 1e-9 + 1e-15 * k;
        assert!(
            (powers / n - 1.0).abs() < tolerance && (slopes / n + 1.0).abs() < tolerance,
            "{data}: {powers} {slopes}"
        );
        let held = Weibull::fit(data.view(), &[("scale", scale)]).unwrap_or_else(|error| panic!("{error}"));
        assert!((held.distribution.shape() / k - 1.0).abs() < 1e-6, "{data}");
        let held = Weibull::fit(data.view(), &[("shape", k)]).unwrap_or_else(|error| panic!("{error}"));
        assert!((held.distribution.scale() / scale - 1.0).abs() < 1e-9, "{data}");
    }
}

fn close(left: f64, right: f64, tolerance: f64) -> bool {
    (left - right).abs() <= tolerance * left.abs() + 1e-321 || left == right
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn families_meet(a in -2.0..4.0_f64, log_x in -3.0..2.0_f64) {
        let (a, x) = (10_f64.powf(a), 10_f64.powf(log_x));
        let gamma = Gamma::new(a, 2.0).unwrap();
        prop_assert!(close(gamma.sf(x), ChiSquared::new(2.0 * a).unwrap().sf(x), 1e-13));
        prop_assert!(close(Exponential::new(a).unwrap().sf(x), Weibull::new(1.0, 1.0 / a).unwrap().sf(x), 1e-13 + a * x * 3e-16));
        prop_assert!(close(Rayleigh::new(a).unwrap().pdf(x), Weibull::new(2.0, a * 2_f64.sqrt()).unwrap().pdf(x), 1e-13 + (x / a).powi(2) * 1e-15));
        let beta = Beta::new(a, 1.0).unwrap();
        let share = x / (1.0 + x);
        prop_assert!(close(beta.logcdf(share), a * share.ln(), 1e-13));
        let log_normal = LogNormal::new(0.0, 1.0).unwrap();
        prop_assert!(close(log_normal.cdf(x), Normal::standard().cdf(x.ln()), 1e-13));
    }

    #[test]
    fn quantiles_invert_tails(i in 0..20_usize, log_q in -250.0..-0.31_f64) {
        let (family, d) = &instances()[i];
        let q = 10_f64.powf(log_q);
        for (x, back) in [(d.isf(q), d.sf(d.isf(q))), (d.ppf(q), d.cdf(d.ppf(q)))] {
            let condition = ((d.logpdf(x) + x.abs().ln()).exp() / q).max(1.0);
            let (low, high) = d.support();
            // Where the double next to the quantile is the end of the support, there is nothing to compare.
            // The same holds for subnormal quantiles, which have few digits.
            let crowded = x.abs() < f64::MIN_POSITIVE || *family == "pareto" && x < low * 1.001 || *family == "uniform" || *family == "beta" && x > 0.5;
            // An ulp of z, which a lognormal's quantile takes from the normal's, is z² ulps of the tail.
            let of_z = if *family == "log_normal" { -4e-15 * q.ln() } else { 0.0 };
            let tolerance = 4e-14 + of_z + 2e-15 * condition;
            prop_assert!(crowded || x <= low || x >= high || close(back, q, tolerance), "{family} {q:e} {x:e} {back:e}");
        }
    }

    /// Whatever the parameters: no panic, no endless loop, probabilities within [0, 1].
    #[test]
    fn any_doubles_are_answered(a in any::<f64>(), b in any::<f64>(), shape in -20.0..20.0_f64, x in any::<f64>(), p in 0.0..1.0_f64) {
        let shape = 10_f64.powf(shape);
        for family in ["gamma", "inverse_gamma", "exponential", "weibull", "rayleigh", "pareto", "beta", "uniform", "log_normal"] {
            let one = if family == "uniform" || family == "log_normal" { a } else { a.abs() };
            for v in [[one, b.abs()], [shape, b.abs()], [shape, 10_f64.powf(p * 40.0 - 20.0)]] {
                let Ok(d) = member(family, &v) else { continue };
                for x in [x, x.abs(), p, v[1]] {
                    let probability = |v: f64| v.is_nan() == x.is_nan() && (x.is_nan() || (0.0..=1.0).contains(&v));
                    prop_assert!(probability(d.cdf(x)) && probability(d.sf(x)), "{d:?} {x:e}: {:e} {:e}", d.cdf(x), d.sf(x));
                    prop_assert!(x.is_nan() || d.pdf(x) >= 0.0, "{d:?} {x:e}: {:e}", d.pdf(x));
                    prop_assert!(x.is_nan() || !d.logpdf(x).is_nan(), "{d:?} {x:e} logpdf");
                    prop_assert!(x.is_nan() || d.logcdf(x) <= 0.0 && d.logsf(x) <= 0.0, "{d:?} {x:e}: {:e} {:e}", d.logcdf(x), d.logsf(x));
                }
                let (low, high) = d.support();
                prop_assert!((low..=high).contains(&d.ppf(p)) && (low..=high).contains(&d.isf(p)), "{d:?} {p}: {:e} {:e}", d.ppf(p), d.isf(p));
                prop_assert!(!d.entropy().is_nan() && !d.mode().is_nan() && !d.mean().is_nan(), "{d:?}");
            }
        }
    }
}
