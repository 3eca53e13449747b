//! The distributions against tables from mpmath, the identities between them, and the edges of their domains.
//!
//! Run with `--nocapture` to see the worst error of every function.

use crate::reference;

use proptest::prelude::*;
use reference::Row;
use underhood::distributions::{ChiSquared, Continuous, Distribution, F, Normal, StudentT};

fn method(distribution: &impl Continuous, name: &str, x: f64) -> f64 {
    match name {
        "pdf" => distribution.pdf(x),
        "logpdf" => distribution.logpdf(x),
        "cdf" => distribution.cdf(x),
        "sf" => distribution.sf(x),
        "logcdf" => distribution.logcdf(x),
        "logsf" => distribution.logsf(x),
        "ppf" => distribution.ppf(x),
        "isf" => distribution.isf(x),
        _ => panic!("no method {name}"),
    }
}

/// The same method of many points at once, which all are x.
fn wide_method(distribution: &impl Continuous, name: &str, x: f64) -> f64 {
    let mut x = [x; 64];
    match name {
        "pdf" => distribution.pdf_in_place(&mut x),
        "logpdf" => distribution.logpdf_in_place(&mut x),
        "cdf" => distribution.cdf_in_place(&mut x),
        "sf" => distribution.sf_in_place(&mut x),
        "logcdf" => distribution.logcdf_in_place(&mut x),
        "logsf" => distribution.logsf_in_place(&mut x),
        "ppf" => distribution.ppf_in_place(&mut x),
        "isf" => distribution.isf_in_place(&mut x),
        _ => panic!("no method {name}"),
    }
    x[63]
}

fn evaluate_wide(name: &str, v: &[f64]) -> f64 {
    let (family, name) = name.split_once('.').unwrap_or((name, ""));
    match (family, v) {
        ("norm", &[x]) => wide_method(&Normal::standard(), name, x),
        ("t", &[df, x]) => StudentT::standard(df).map_or(f64::NAN, |d| wide_method(&d, name, x)),
        ("chi2", &[df, x]) => ChiSquared::new(df).map_or(f64::NAN, |d| wide_method(&d, name, x)),
        ("f", &[m, n, x]) => F::new(m, n).map_or(f64::NAN, |d| wide_method(&d, name, x)),
        _ => panic!("{family} of {} arguments", v.len()),
    }
}

fn evaluate(name: &str, v: &[f64]) -> f64 {
    let (family, name) = name.split_once('.').unwrap_or((name, ""));
    match (family, v) {
        ("norm", &[x]) => method(&Normal::standard(), name, x),
        ("t", &[df, x]) => StudentT::standard(df).map_or(f64::NAN, |d| method(&d, name, x)),
        ("chi2", &[df, x]) => ChiSquared::new(df).map_or(f64::NAN, |d| method(&d, name, x)),
        ("f", &[m, n, x]) => F::new(m, n).map_or(f64::NAN, |d| method(&d, name, x)),
        _ => panic!("{family} of {} arguments", v.len()),
    }
}

/// The allowed relative error.
fn tolerance(row: &Row) -> f64 {
    let (family, method) = row.name.split_once('.').unwrap_or((&row.name, ""));
    // Four ulps of the probability, as they come out in the quantile.
    let quantile = |p, ulps: f64| if p < 1.0 { 1e-14 + ulps } else { f64::NAN };
    match (family, method, row.arguments.as_slice()) {
        ("norm", "logpdf", _) => 1e-15 * (1.0 / row.value.abs()).max(1.0),
        ("norm", _, _) => 1e-15,
        // A logarithm is absolute next to its zero.
        (_, "logpdf", _) => 1e-14 * (0.1 / row.value.abs()).max(1.0),
        ("t", "ppf" | "isf", &[df, p]) => {
            quantile(p, StudentT::standard(df).map_or(f64::NAN, |d| reference::ulps(4.0, &d, row.value, p)))
        }
        ("chi2", "ppf" | "isf", &[df, p]) => {
            quantile(p, ChiSquared::new(df).map_or(f64::NAN, |d| reference::ulps(4.0, &d, row.value, p)))
        }
        ("f", "ppf" | "isf", &[m, n, p]) => {
            quantile(p, F::new(m, n).map_or(f64::NAN, |d| reference::ulps(4.0, &d, row.value, p)))
        }
        _ => 1e-14,
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    let functions = reference::compare(include_str!("../tables/distributions.csv"), evaluate, tolerance);
    assert_eq!(functions, 6 + 3 * 8, "a function has no reference values");
}

#[test]
fn every_function_of_many_points_agrees_with_mpmath() {
    reference::compare(include_str!("../tables/distributions.csv"), evaluate_wide, tolerance);
}

/// Odds beyond 1e270, whose shares leave the range of two doubles, and beyond 1e308, whose multiple does not; from mpmath.
#[test]
fn quantiles_of_f_far_out_are_powers() {
    for (f, p, expected) in [
        (F::new(0.5, 0.002).unwrap(), 0.4875, 2.119_727_821_140_549_6e286),
        (F::new(0.5, 0.002).unwrap(), 0.46875, 5.262_677_649_316_999e270),
    ] {
        // An ulp of p counts a thousandfold.
        assert!((f.ppf(p) / expected - 1.0_f64).abs() < 1e-12, "{:e}", f.ppf(p));
        let mut many = [p; 64];
        f.ppf_in_place(&mut many);
        assert!((many[0] / expected - 1.0_f64).abs() < 1e-12, "{:e}", many[0]);
    }
    let far = F::new(2e7, 0.002).unwrap().ppf(0.5);
    assert!(far.is_finite() && far > 1e298);
}

#[test]
fn parameters_are_checked() {
    for (error, message) in [
        (Normal::new(f64::NAN, 1.0).unwrap_err(), "Normal: mu is NaN, but must be finite"),
        (Normal::new(0.0, 0.0).unwrap_err(), "Normal: sigma is 0, but must be positive and finite"),
        (StudentT::standard(-1.0).unwrap_err(), "StudentT: df is -1, but must be positive (1e-20 to 1e20)"),
        (StudentT::new(1.0, f64::INFINITY, 1.0).unwrap_err(), "StudentT: loc is inf, but must be finite"),
        (StudentT::new(1.0, 0.0, f64::NAN).unwrap_err(), "StudentT: scale is NaN, but must be positive and finite"),
        (ChiSquared::new(f64::INFINITY).unwrap_err(), "ChiSquared: df is inf, but must be positive (1e-20 to 1e20)"),
        (F::new(1.0, 0.0).unwrap_err(), "F: dfd is 0, but must be positive (1e-20 to 1e20)"),
        (Normal::standard().interval(1.5).unwrap_err(), "interval: confidence is 1.5, but must be between 0 and 1"),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

/// NaN, the ends of the support and what lies beyond, for each of the families.
fn edges(d: &impl Continuous) {
    let (low, high) = d.support();
    assert_eq!((d.cdf(low), d.sf(low), d.cdf(high), d.sf(high)), (0.0, 1.0, 1.0, 0.0));
    assert_eq!((d.logcdf(low), d.logsf(low)), (f64::NEG_INFINITY, 0.0));
    assert_eq!((d.logcdf(high), d.logsf(high)), (0.0, f64::NEG_INFINITY));
    assert_eq!((d.ppf(0.0), d.ppf(1.0), d.isf(0.0), d.isf(1.0)), (low, high, high, low));
    assert_eq!((d.pdf(high), d.logpdf(high)), (0.0, f64::NEG_INFINITY));
    for outside in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert!(d.ppf(outside).is_nan() && d.isf(outside).is_nan());
    }
    for name in ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"] {
        assert!(method(d, name, f64::NAN).is_nan(), "{name}");
    }
    if low == 0.0 {
        assert_eq!((d.pdf(-1.0), d.logpdf(-1.0), d.cdf(-1.0), d.sf(-1.0)), (0.0, f64::NEG_INFINITY, 0.0, 1.0));
        assert_eq!(d.logpdf(0.0), d.pdf(0.0).ln());
    } else {
        assert_eq!((d.pdf(low), d.logpdf(low)), (0.0, f64::NEG_INFINITY));
    }
}

#[test]
fn the_edges_have_their_limits() {
    edges(&Normal::standard());
    edges(&Normal::new(3.0, 0.5).unwrap());
    for df in [0.1, 1.0, 2.0, 3.0, 1e6] {
        edges(&StudentT::standard(df).unwrap());
        edges(&ChiSquared::new(df).unwrap());
        edges(&F::new(df, 4.0).unwrap());
        edges(&F::new(4.0, df).unwrap());
    }
    assert_eq!(ChiSquared::new(2.0).unwrap().pdf(0.0), 0.5);
    assert_eq!(F::new(2.0, 7.0).unwrap().pdf(0.0), 1.0);
    assert_eq!(ChiSquared::new(1.0).unwrap().pdf(0.0), f64::INFINITY);
    assert!((StudentT::standard(1.0).unwrap().pdf(0.0) - std::f64::consts::FRAC_1_PI).abs() < 1e-16);
}

#[test]
fn moments_exist_where_they_do() {
    let t = |df| StudentT::new(df, 5.0, 2.0).unwrap();
    assert!(t(1.0).mean().is_nan() && t(1.0).variance().is_nan());
    assert_eq!((t(2.0).mean(), t(2.0).variance(), t(4.0).variance()), (5.0, f64::INFINITY, 8.0));
    let f = |dfd| F::new(6.0, dfd).unwrap();
    assert_eq!((f(2.0).mean(), f(4.0).variance(), f(10.0).mean()), (f64::INFINITY, f64::INFINITY, 1.25));
    assert!(f(2.0).variance().is_nan());
    assert!((f(10.0).variance() - 2.0 * 100.0 * 14.0 / (6.0 * 64.0 * 6.0)).abs() < 1e-15);
    assert_eq!((ChiSquared::new(3.0).unwrap().mean(), ChiSquared::new(3.0).unwrap().variance()), (3.0, 6.0));
    assert_eq!((Normal::new(1.0, 2.0).unwrap().variance(), Normal::new(1.0, 2.0).unwrap().std()), (4.0, 2.0));
}

/// Equal to a relative tolerance, or to a few of the smallest doubles.
fn close(left: f64, right: f64, tolerance: f64) -> bool {
    (left - right).abs() <= tolerance * left.abs() + 1e-321 || left == right
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_square_of_t_is_f(df in -0.5..8.0_f64, t in -2.0..4.0_f64) {
        let (df, t) = (10_f64.powf(df), (10_f64.powf(t) * 1048576.0).round() / 1048576.0);
        // Squares of 20 bits after the point are exact up to 2^13 or so; beyond, one ulp of f is ½ ulp of t.
        let (one, other) = (2.0 * StudentT::standard(df).unwrap().sf(t), F::new(1.0, df).unwrap().sf(t * t));
        let slope = 2.0 * f64::EPSILON * (df * t * t / (df + t * t)).max(1.0);
        prop_assert!(close(one, other, 2e-14 + slope), "{one:e} {other:e}");
    }

    #[test]
    fn f_turned_over_is_f(m in -0.5..6.0_f64, n in -0.5..6.0_f64, k in -12..12_i32) {
        // Powers of two have exact inverses.
        let (m, n, x) = (10_f64.powf(m), 10_f64.powf(n), 2_f64.powi(k));
        let (one, other) = (F::new(m, n).unwrap().sf(x), F::new(n, m).unwrap().cdf(1.0 / x));
        prop_assert!(close(one, other, 2e-14), "{one:e} {other:e}");
    }

    #[test]
    fn quantiles_invert_tails(df in -0.5..7.0_f64, other in 0.0..5.0_f64, log_q in -250.0..-0.31_f64) {
        fn inverts(d: &impl Continuous, q: f64) -> bool {
            let x = d.isf(q);
            let condition = ((d.logpdf(x) + x.abs().ln()).exp() / q).max(1.0);
            x.is_infinite() || x > 1e140 || close(d.sf(x), q, 2e-14 + 1e-15 * condition)
        }
        let (df, other, q) = (10_f64.powf(df), 10_f64.powf(other), 10_f64.powf(log_q));
        prop_assert!(inverts(&Normal::standard(), q));
        prop_assert!(inverts(&StudentT::standard(df).unwrap(), q));
        prop_assert!(inverts(&ChiSquared::new(df).unwrap(), q));
        prop_assert!(inverts(&F::new(df, other).unwrap(), q));
    }

    #[test]
    fn logarithms_are_those_of_the_plain_functions(df in -0.5..6.0_f64, p in 1e-6..0.999_f64) {
        fn agree(d: &impl Continuous, p: f64) -> bool {
            let x = d.ppf(p);
            close(d.logpdf(x).exp(), d.pdf(x), 1e-13) && close(d.logcdf(x).exp(), d.cdf(x), 1e-13) && close(d.logsf(x).exp(), d.sf(x), 1e-13)
        }
        let df = 10_f64.powf(df);
        prop_assert!(agree(&Normal::new(1.0, 3.0).unwrap(), p));
        prop_assert!(agree(&StudentT::new(df, 1.0, 3.0).unwrap(), p));
        prop_assert!(agree(&ChiSquared::new(df).unwrap(), p));
        prop_assert!(agree(&F::new(df, 7.5).unwrap(), p));
    }

    /// Whatever the parameters: no panic, no endless loop, probabilities within [0, 1].
    #[test]
    fn any_doubles_are_answered(a in any::<f64>(), b in any::<f64>(), x in any::<f64>(), p in 0.0..1.0_f64) {
        fn answers(d: &impl Continuous, x: f64, p: f64) -> bool {
            let probability = |v: f64| v.is_nan() || (0.0..=1.0).contains(&v);
            let density = |v: f64| v.is_nan() || v >= 0.0;
            let (low, _) = d.support();
            let quantile = |v: f64| v.is_nan() || v >= low;
            probability(d.cdf(x))
                && probability(d.sf(x))
                && density(d.pdf(x))
                && quantile(d.ppf(p))
                && quantile(d.isf(p))
                && !(d.logcdf(x) > 0.0)
                && !(d.logsf(x) > 0.0)
        }
        let (a, b) = (a.abs(), b.abs());
        for ok in [
            StudentT::standard(a).map(|d| answers(&d, x, p)),
            ChiSquared::new(a).map(|d| answers(&d, x, p)),
            F::new(a, b).map(|d| answers(&d, x, p)),
            Normal::new(x, b).map(|d| answers(&d, a, p)),
        ].into_iter().flatten() {
            prop_assert!(ok);
        }
    }
}

/// 1/σ overflows for a subnormal σ, and 0·∞ would be no density.
#[test]
fn a_subnormal_sigma_gives_no_nan() {
    let needle = Normal::new(0.0, 1e-310).unwrap();
    assert_eq!((needle.pdf(1.0), needle.pdf(0.0), needle.pdf(-1e-300)), (0.0, f64::INFINITY, 0.0));
    assert!(needle.pdf(f64::NAN).is_nan());
}
