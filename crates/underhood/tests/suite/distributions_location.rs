//! Cauchy, Laplace, logistic, Gumbel, triangular and von Mises against a table from mpmath; entropies, moments, draws and fits of these and of the normal family.
//!
//! Run with `--nocapture` to see the worst error of every function.

#![allow(clippy::unwrap_used, reason = "the parameters in tests are valid")]

use crate::reference;

use ndarray::{Array1, ArrayView1};
use reference::Row;
use underhood::Result;
use underhood::distributions::{
    Cauchy, ChiSquared, Continuous, Distribution, F, Family, Fitted, Gamma, Gumbel, InverseGamma, Laplace, Logistic,
    Normal, Pareto, StudentT, Triangular, VonMises,
};
use underhood::random::Stream;

fn method(d: &dyn Continuous, name: &str, x: f64) -> f64 {
    match name {
        "pdf" => d.pdf(x),
        "logpdf" => d.logpdf(x),
        "cdf" => d.cdf(x),
        "sf" => d.sf(x),
        "logcdf" => d.logcdf(x),
        "logsf" => d.logsf(x),
        "ppf" => d.ppf(x),
        "isf" => d.isf(x),
        "mean" => d.mean(),
        "var" => d.variance(),
        "skewness" => d.skewness(),
        "kurtosis" => d.kurtosis(),
        "entropy" => d.entropy(),
        _ => panic!("no method {name}"),
    }
}

/// The distribution of a row, and its last argument.
fn member(family: &str, v: &[f64]) -> (Box<dyn Continuous>, f64) {
    let boxed: Result<Box<dyn Continuous>> = match (family, v) {
        ("cauchy", _) => Cauchy::new(0.0, 1.0).map(|d| Box::new(d) as _),
        ("laplace", _) => Laplace::new(0.0, 1.0).map(|d| Box::new(d) as _),
        ("logistic", _) => Logistic::new(0.0, 1.0).map(|d| Box::new(d) as _),
        ("gumbel", _) => Gumbel::new(0.0, 1.0).map(|d| Box::new(d) as _),
        ("triangular", &[low, peak, high, ..]) => Triangular::new(low, peak, high).map(|d| Box::new(d) as _),
        ("vonmises", &[kappa, ..]) => VonMises::new(0.0, kappa).map(|d| Box::new(d) as _),
        ("t", &[df, ..]) => StudentT::standard(df).map(|d| Box::new(d) as _),
        ("chi2", &[df, ..]) => ChiSquared::new(df).map(|d| Box::new(d) as _),
        ("f", &[m, n, ..]) => F::new(m, n).map(|d| Box::new(d) as _),
        _ => panic!("{family} of {} arguments", v.len()),
    };
    (boxed.unwrap(), v.last().copied().unwrap_or(f64::NAN))
}

fn evaluate(name: &str, v: &[f64]) -> f64 {
    let (family, name) = name.split_once('.').unwrap_or((name, ""));
    let (d, x) = member(family, v);
    method(&*d, name, x)
}

fn tolerance(row: &Row) -> f64 {
    let (family, name) = row.name.split_once('.').unwrap_or((&row.name, ""));
    let plain = match family {
        "cauchy" | "logistic" | "triangular" => 2e-15,
        "laplace" => 1e-15,
        "gumbel" => 3e-15,
        "vonmises" => 5e-15,
        _ => 1e-14,
    };
    match name {
        // A logarithm, also an entropy, is absolute next to its zero.
        "logpdf" | "entropy" => plain * (1.0 / row.value.abs()).max(1.0),
        // The excess over the normal's, as the rounding of E θ⁴/(E θ²)² leaves it.
        "kurtosis" if family == "vonmises" => plain * (3.0 / row.value.abs()).max(1.0),
        // Two ulps of the probability, as they come out in the quantile.
        "ppf" | "isf" => {
            let (d, p) = member(family, &row.arguments);
            let slope = (d.logpdf(row.value) + row.value.abs().ln()).exp();
            plain + 2.0 * f64::EPSILON * p / slope
        }
        _ => plain,
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    let functions = reference::compare(include_str!("../tables/distributions_location.csv"), evaluate, tolerance);
    assert_eq!(functions, 6 * 8 + 4 + 3 + 6, "a function has no reference values");
}

fn all() -> Vec<Box<dyn Continuous>> {
    vec![
        Box::new(Normal::new(3.0, 0.5).unwrap()),
        Box::new(StudentT::new(2.5, 1.0, 2.0).unwrap()),
        Box::new(StudentT::standard(0.05).unwrap()),
        Box::new(StudentT::standard(1e12).unwrap()),
        Box::new(ChiSquared::new(3.0).unwrap()),
        Box::new(ChiSquared::new(0.02).unwrap()),
        Box::new(ChiSquared::new(1e9).unwrap()),
        Box::new(F::new(3.0, 7.0).unwrap()),
        Box::new(F::new(0.05, 0.1).unwrap()),
        Box::new(F::new(1e6, 5.0).unwrap()),
        Box::new(Cauchy::new(1.0, 2.0).unwrap()),
        Box::new(Laplace::new(1.0, 2.0).unwrap()),
        Box::new(Logistic::new(1.0, 2.0).unwrap()),
        Box::new(Gumbel::new(1.0, 2.0).unwrap()),
        Box::new(Triangular::new(1.0, 2.0, 6.0).unwrap()),
        Box::new(Triangular::new(1.0, 1.0, 6.0).unwrap()),
        Box::new(Triangular::new(1.0, 6.0, 6.0).unwrap()),
        Box::new(VonMises::new(1.0, 0.0).unwrap()),
        Box::new(VonMises::new(1.0, 2.0).unwrap()),
        Box::new(VonMises::new(0.0, 1e6).unwrap()),
    ]
}

/// NaN, the ends of the support and what lies beyond.
#[test]
fn the_edges_have_their_limits() {
    for d in all() {
        let (low, high) = d.support();
        assert_eq!((d.cdf(low), d.sf(low), d.cdf(high), d.sf(high)), (0.0, 1.0, 1.0, 0.0), "{d:?}");
        assert_eq!((d.logcdf(low), d.logsf(low)), (f64::NEG_INFINITY, 0.0), "{d:?}");
        assert_eq!((d.logcdf(high), d.logsf(high)), (0.0, f64::NEG_INFINITY), "{d:?}");
        assert_eq!((d.ppf(0.0), d.ppf(1.0), d.isf(0.0), d.isf(1.0)), (low, high, high, low), "{d:?}");
        for outside in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(d.ppf(outside).is_nan() && d.isf(outside).is_nan(), "{d:?} {outside}");
        }
        for name in ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"] {
            assert!(method(&*d, name, f64::NAN).is_nan(), "{d:?} {name}");
            for far in [-1e300, 1e300, f64::NEG_INFINITY, f64::INFINITY] {
                assert!(!method(&*d, name, far).is_nan(), "{d:?} {name} {far}");
            }
        }
        for far in [f64::NEG_INFINITY, f64::INFINITY] {
            assert_eq!((d.pdf(far), d.logpdf(far)), (0.0, f64::NEG_INFINITY), "{d:?}");
        }
        assert!((d.cdf(d.median()) - 0.5).abs() < 1e-12 && d.cdf(d.mode()) <= 1.0, "{d:?}");
    }
}

#[test]
fn logarithms_and_densities_reach_where_the_plain_forms_do_not() {
    let cauchy = Cauchy::new(0.0, 1e-300).unwrap();
    // scale/(π x²), and scale/(π x).
    assert!((cauchy.pdf(1.0) / 3.183098861837907e-301 - 1.0).abs() < 1e-14);
    assert!((cauchy.logsf(1e300) - (-600.0 * 10.0_f64.ln() - std::f64::consts::PI.ln())).abs() < 1e-12);
    assert!((cauchy.logpdf(1e300) - (-900.0 * 10.0_f64.ln() - std::f64::consts::PI.ln())).abs() < 1e-12);
    assert_eq!(Gumbel::new(0.0, 1.0).unwrap().logsf(1e5), -1e5);
    assert_eq!(Logistic::new(0.0, 1.0).unwrap().logcdf(-1e5), -1e5);
    assert!(VonMises::new(0.0, 1e10).unwrap().logsf(3.0) < -1e10);
}

#[test]
fn draws_have_the_distribution() {
    const N: usize = 40_000;
    for (seed, d) in all().into_iter().enumerate() {
        let mut draws = vec![0.0; N];
        d.fill(&mut Stream::seeded(seed as u64), &mut draws);
        draws.sort_unstable_by(f64::total_cmp);
        assert!(!draws.iter().any(|x| x.is_nan()), "{d:?}");
        // Kolmogorov and Smirnov's distance; what is below the smallest double counts as 0, of which there can be many.
        let mut distance = 0.0_f64;
        for (i, &x) in draws.iter().enumerate() {
            let p = d.cdf(x);
            if x.abs() > 1e-300 && x.abs() < 1e300 {
                distance = distance.max((p - i as f64 / N as f64).abs()).max(((i + 1) as f64 / N as f64 - p).abs());
            }
        }
        // Exceeded once in 100,000 samples (√(½ ln 2·10⁵) = 2.47).
        assert!(distance * (N as f64).sqrt() < 2.47, "{d:?}: {distance}");
    }
}

fn sample(d: &dyn Distribution, n: usize, seed: u64) -> Array1<f64> {
    let mut draws = vec![0.0; n];
    d.fill(&mut Stream::seeded(seed), &mut draws);
    Array1::from(draws)
}

/// ln L of a member.
fn log_likelihood<D: Continuous>(d: &D, data: ArrayView1<'_, f64>) -> f64 {
    data.iter().map(|x| d.logpdf(*x)).sum()
}

/// The estimate is at least as likely as its neighbours and the truth, near the truth, and what is held stays.
fn fits<D: Family + Continuous>(truth: &D, moves: &[f64]) {
    let data = sample(truth, 2000, 7);
    let free: Fitted<D> = D::fit(data.view(), &[]).unwrap();
    let best = log_likelihood(&free.distribution, data.view());
    assert!((free.log_likelihood - best).abs() < 1e-9 * best.abs(), "{} {best}", free.log_likelihood);
    assert!(best >= log_likelihood(truth, data.view()));
    let errors = free.standard_errors();
    for (i, (estimate, true_value)) in free.distribution.parameters().iter().zip(truth.parameters()).enumerate() {
        assert!(
            (estimate - true_value).abs() < 5.0 * errors[i],
            "{} of {truth:?}: {estimate} ± {}",
            D::PARAMETERS[i],
            errors[i]
        );
        for sign in [-1.0, 1.0] {
            let mut parameters = free.distribution.parameters();
            parameters[i] += sign * moves[i] * errors[i];
            if let Ok(other) = D::from_parameters(&parameters) {
                assert!(log_likelihood(&other, data.view()) < best, "{} of {truth:?}", D::PARAMETERS[i]);
            }
        }
        let name = D::PARAMETERS[i];
        let held = D::fit(data.view(), &[(name, true_value)]).unwrap();
        assert_eq!((held.distribution.parameters()[i], held.standard_errors()[i]), (true_value, 0.0));
        assert!(held.log_likelihood <= free.log_likelihood + 1e-9 * best.abs());
        assert!(held.log_likelihood >= log_likelihood(truth, data.view()) - 1e-9 * best.abs());
    }
}

#[test]
fn fits_are_maxima() {
    fits(&Normal::new(3.0, 2.0).unwrap(), &[0.1, 0.1]);
    fits(&StudentT::new(4.0, 3.0, 2.0).unwrap(), &[0.1; 3]);
    fits(&ChiSquared::new(3.0).unwrap(), &[0.1]);
    fits(&ChiSquared::new(0.05).unwrap(), &[0.1]);
    fits(&F::new(4.0, 9.0).unwrap(), &[0.1; 2]);
    fits(&Cauchy::new(3.0, 2.0).unwrap(), &[0.1; 2]);
    fits(&Laplace::new(3.0, 2.0).unwrap(), &[0.5; 2]);
    fits(&Logistic::new(3.0, 2.0).unwrap(), &[0.1; 2]);
    fits(&Gumbel::new(3.0, 2.0).unwrap(), &[0.1; 2]);
    fits(&Triangular::new(1.0, 3.0, 8.0).unwrap(), &[0.5; 3]);
    fits(&VonMises::new(0.5, 2.0).unwrap(), &[0.1; 2]);
    fits(&VonMises::new(0.5, 1e6).unwrap(), &[0.1; 2]);
}

#[test]
fn standard_errors_are_those_of_theory() {
    // Fisher's information of the logistic: 1/(3s²) and (3 + π²)/(9s²); of Cauchy: 1/(2s²) each; of Gumbel: 1/s² for the location.
    let n = 20_000.0_f64;
    let errors = |fit: Vec<f64>| fit.into_iter().map(|e| e * n.sqrt()).collect::<Vec<_>>();
    let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 0.05;
    let pi = std::f64::consts::PI;
    let logistic = Logistic::fit(sample(&Logistic::new(0.0, 2.0).unwrap(), 20_000, 1).view(), &[]).unwrap();
    let found = errors(logistic.standard_errors());
    assert!(near(found[0], 2.0 * 3.0_f64.sqrt()) && near(found[1], 2.0 * 3.0 / (3.0 + pi * pi).sqrt()), "{found:?}");
    let cauchy = Cauchy::fit(sample(&Cauchy::new(0.0, 2.0).unwrap(), 20_000, 1).view(), &[]).unwrap();
    let found = errors(cauchy.standard_errors());
    assert!(near(found[0], 2.0 * 2.0_f64.sqrt()) && near(found[1], 2.0 * 2.0_f64.sqrt()), "{found:?}");
    let gumbel = Gumbel::fit(sample(&Gumbel::new(0.0, 2.0).unwrap(), 20_000, 1).view(), &[("scale", 2.0)]).unwrap();
    assert!(near(errors(gumbel.standard_errors())[0], 2.0));
}

#[test]
fn fits_move_with_the_data() {
    fn moved<D: Family>(data: &Array1<f64>, place: usize) {
        let fit = D::fit(data.view(), &[]).unwrap().distribution.parameters();
        for (factor, shift) in [(1e100, 0.0), (1e-100, 0.0), (2.0, -1000.0)] {
            let other = D::fit(data.mapv(|x| factor * x + shift).view(), &[]).unwrap().distribution.parameters();
            assert!(
                (other[place] - (factor * fit[place] + shift)).abs() < 1e-7 * (factor * fit[place + 1] + shift.abs()),
                "{} {other:?}",
                D::NAME
            );
            assert!((other[place + 1] / (factor * fit[place + 1]) - 1.0).abs() < 1e-6, "{} {other:?}", D::NAME);
        }
    }
    let data = sample(&StudentT::new(3.0, 1.0, 2.0).unwrap(), 300, 5);
    moved::<Normal>(&data, 0);
    moved::<StudentT>(&data, 1);
    moved::<Cauchy>(&data, 0);
    moved::<Laplace>(&data, 0);
    moved::<Logistic>(&data, 0);
    moved::<Gumbel>(&data, 0);
}

fn refusal<D: Family>(data: &[f64], fixed: &[(&str, f64)]) -> String {
    D::fit(ArrayView1::from(data), fixed).map(|fit| format!("{fit:?}")).unwrap_err().to_string()
}

#[test]
fn data_without_a_maximum_are_refused_by_name() {
    let flat: Vec<f64> = (0..40).map(f64::from).collect();
    let error = refusal::<StudentT>(&flat, &[]);
    assert!(error.starts_with("StudentT.fit: data have tails no heavier than a normal's"), "{error}");
    assert!(StudentT::fit(ArrayView1::from(&flat), &[("df", 5.0)]).is_ok());
    let error = refusal::<Cauchy>(&[1.0, 1.0, 1.0, 2.0, 5.0], &[]);
    assert!(error.starts_with("Cauchy.fit: data have 3 of 5 values equal to 1"), "{error}");
    for error in [
        refusal::<Normal>(&[2.0; 4], &[]),
        refusal::<StudentT>(&[2.0; 4], &[]),
        refusal::<Cauchy>(&[2.0; 4], &[]),
        refusal::<Laplace>(&[2.0; 4], &[]),
        refusal::<Logistic>(&[2.0; 4], &[]),
        refusal::<Gumbel>(&[2.0; 4], &[]),
        refusal::<Triangular>(&[2.0; 4], &[]),
        refusal::<VonMises>(&[2.0; 4], &[]),
    ] {
        assert!(error.contains(".fit: data is constant (every value is 2)"), "{error}");
    }
    for data in [[1e300, -1e300, 3.0], [1e-300, 2e-300, 5e-300], [1e308, -1e308, 0.0]] {
        let named = |error: String, name: &str| assert!(error.starts_with(&format!("{name}.fit: data ")), "{error}");
        named(refusal::<Normal>(&data, &[]), "Normal");
        named(refusal::<StudentT>(&data, &[]), "StudentT");
        named(refusal::<Logistic>(&data, &[]), "Logistic");
        named(refusal::<Triangular>(&data, &[]), "Triangular");
    }
    let error = refusal::<Triangular>(&[0.5, 1.0, 2.0], &[("low", 1.0)]);
    assert!(error.starts_with("Triangular.fit: data reach to or beyond an end that is held"), "{error}");
    let error = refusal::<VonMises>(&[0.0, std::f64::consts::PI], &[]);
    assert!(error.starts_with("VonMises.fit: data have no mean direction"), "{error}");
    let error = refusal::<F>(&[1.0, 1.0 + 1e-9, 1.0 - 1e-9], &[]);
    assert!(error.starts_with("F.fit: data "), "{error}");
}

#[test]
fn arithmetic_is_true_or_refused() {
    let cauchy = Cauchy::new(1.0, 2.0).unwrap();
    assert_eq!(cauchy.sum(&Cauchy::new(-3.0, 1.0).unwrap()).unwrap().parameters(), [-2.0, 3.0]);
    assert_eq!(Triangular::new(0.0, 1.0, 4.0).unwrap().affine(-1.0, 1.0).unwrap().parameters(), [-3.0, 0.0, 1.0]);
    assert_eq!(VonMises::new(0.5, 3.0).unwrap().affine(-1.0, 1.0).unwrap().parameters(), [0.5, 3.0]);
    assert!(VonMises::new(0.5, 3.0).unwrap().affine(2.0, 0.0).is_err());
    assert!(Gumbel::new(0.0, 1.0).unwrap().affine(-1.0, 0.0).unwrap_err().to_string().contains("smallest value"));
    assert!(Laplace::new(0.0, 1.0).unwrap().affine(0.0, 0.0).is_err());
}

#[test]
fn parameters_are_checked() {
    for (error, message) in [
        (Cauchy::new(f64::NAN, 1.0).unwrap_err(), "Cauchy: loc is NaN, but must be finite"),
        (Laplace::new(0.0, -1.0).unwrap_err(), "Laplace: scale is -1, but must be positive and finite"),
        (Triangular::new(0.0, 2.0, 1.0).unwrap_err(), "Triangular: peak is 2, but must be between low and high"),
        (Triangular::new(0.0, 0.0, 0.0).unwrap_err(), "Triangular: high is 0, but must be finite and greater than low"),
        (VonMises::new(0.0, -1.0).unwrap_err(), "VonMises: kappa is -1, but must be between 0 and 1e20"),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn parameters_that_are_held_are_checked_first() {
    let data = [1.0, 2.0, 4.0, 7.0];
    for (parameter, value, condition) in [("scale", -1.0, "positive"), ("loc", f64::NAN, "finite")] {
        for (name, error) in [
            ("Logistic", refusal::<Logistic>(&data, &[(parameter, value)])),
            ("Gumbel", refusal::<Gumbel>(&data, &[(parameter, value)])),
            ("Cauchy", refusal::<Cauchy>(&data, &[(parameter, value)])),
            ("Laplace", refusal::<Laplace>(&data, &[(parameter, value)])),
            ("StudentT", refusal::<StudentT>(&data, &[(parameter, value)])),
        ] {
            assert!(
                error.starts_with(&format!("{name}: {parameter} is {value}")) && error.contains(condition),
                "{error}"
            );
        }
    }
}

#[test]
fn a_deviation_does_not_overflow_with_its_square() {
    let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-15, "{found} {expected}");
    close(StudentT::new(5.0, 0.0, 1e200).unwrap().std(), 1e200 * (5.0_f64 / 3.0).sqrt());
    close(Pareto::new(3.0, 1e200).unwrap().std(), 1e200 * 0.75_f64.sqrt());
    close(InverseGamma::new(3.0, 1e200).unwrap().std(), 0.5e200);
    assert_eq!(StudentT::new(2.0, 0.0, 1.0).unwrap().std(), f64::INFINITY);
    assert!(InverseGamma::new(1.0, 1.0).unwrap().std().is_nan() && Pareto::new(1.0, 1.0).unwrap().std().is_nan());
}

/// Many at once as one by one, where the density of the standard form underflows and that of a small scale does not.
#[test]
fn a_small_scale_brings_back_densities_that_underflow() {
    for scale in [1e-20, 1e-40, 1e-150] {
        let gamma = Gamma::new(2.0, scale).unwrap();
        let inverse = InverseGamma::new(2.0, scale).unwrap();
        let t = StudentT::new(2000.0, 0.0, scale).unwrap();
        let cases: [(&dyn Continuous, Vec<f64>); 3] = [
            (&gamma, (0..400).map(|i| scale * (600.0 + f64::from(i))).collect()),
            (&inverse, (0..400).map(|i| scale / (600.0 + f64::from(i))).collect()),
            (&t, (0..400).map(|i| scale * (30.0 + 0.1 * f64::from(i))).collect()),
        ];
        for (d, x) in cases {
            let mut many = x.clone();
            d.pdf_in_place(&mut many);
            for (&x, found) in x.iter().zip(many) {
                let expected = d.logpdf(x);
                if expected > -700.0 {
                    assert!((found.ln() - expected).abs() < 1e-12, "{d:?} {x:e}: {found:e} {expected}");
                    assert!((found / d.pdf(x) - 1.0).abs() < 1e-12, "{d:?} {x:e}: {found:e} {:e}", d.pdf(x));
                }
            }
        }
    }
    // (x/s)e^(−x/s)/s.
    let found = Gamma::new(2.0, 1e-40).unwrap().pdf(747e-40);
    assert!((found / (747e40 * (-373.5_f64).exp() * (-373.5_f64).exp()) - 1.0).abs() < 2e-13, "{found}");
}

/// The walk to the best peak ends also for many values, where it is as good as from the peak that is true.
#[test]
fn triangles_of_many_values_are_fitted() {
    let truth = Triangular::new(2.0, 3.0, 7.0).unwrap();
    let data = sample(&truth, 20_000, 8);
    let fit = Triangular::fit(data.view(), &[]).unwrap();
    let beside = Triangular::fit(data.view(), &[("peak", 3.0)]).unwrap();
    assert!(fit.log_likelihood >= beside.log_likelihood - 1e-6, "{fit:?} {beside:?}");
    for (found, true_value) in fit.distribution.parameters().into_iter().zip([2.0, 3.0, 7.0]) {
        assert!((found - true_value).abs() < 0.1, "{fit:?}");
    }
}
