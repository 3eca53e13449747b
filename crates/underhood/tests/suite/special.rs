//! The special functions against tables from mpmath, their identities, and the edges of their domains.
//!
//! Run with `--nocapture` to see the worst error of every function.

use crate::reference;

use std::f64::consts::PI;

use proptest::prelude::*;
use reference::Row;
use underhood::distributions::{ChiSquared, Continuous, Distribution, F, StudentT};
use underhood::special::*;

fn evaluate(name: &str, v: &[f64]) -> f64 {
    match (name, v) {
        ("erf", &[x]) => erf(x),
        ("erfc", &[x]) => erfc(x),
        ("erfcx", &[x]) => erfcx(x),
        ("ndtr", &[x]) => ndtr(x),
        ("log_ndtr", &[x]) => log_ndtr(x),
        ("ndtri", &[p]) => ndtri(p),
        ("erfinv", &[y]) => erfinv(y),
        ("erfcinv", &[y]) => erfcinv(y),
        ("expit", &[x]) => expit(x),
        ("logit", &[p]) => logit(p),
        ("log1pexp", &[x]) => log1pexp(x),
        ("logsumexp", x) => logsumexp(x),
        ("softmax", x) => {
            let mut x = x.to_vec();
            softmax_in_place(&mut x);
            x[0]
        }
        ("xlogy", &[x, y]) => xlogy(x, y),
        ("entr", &[x]) => entr(x),
        ("kl_div", &[x, y]) => kl_div(x, y),
        ("rgamma", &[x]) => rgamma(x),
        ("digamma", &[x]) => digamma(x),
        ("polygamma", &[n, x]) => polygamma(n, x),
        ("beta", &[a, b]) => beta(a, b),
        ("binom", &[n, k]) => binom(n, k),
        ("comb", &[n, k]) => comb(n, k, false),
        ("factorial", &[n]) => factorial(n),
        ("gamma", &[x]) => gamma(x),
        ("gammaln", &[x]) => gammaln(x),
        ("betaln", &[a, b]) => betaln(a, b),
        ("gammainc", &[a, x]) => gammainc(a, x),
        ("gammaincc", &[a, x]) => gammaincc(a, x),
        ("gammaincinv", &[a, p]) => gammaincinv(a, p),
        ("gammainccinv", &[a, q]) => gammainccinv(a, q),
        ("betainc", &[a, b, x]) => betainc(a, b, x),
        ("betaincc", &[a, b, x]) => betaincc(a, b, x),
        ("betaincinv", &[a, b, p]) => betaincinv(a, b, p),
        ("betainccinv", &[a, b, q]) => betainccinv(a, b, q),
        _ => panic!("{name} of {} arguments", v.len()),
    }
}

/// What two ulps of an argument change it, relatively.
const TWO_ULPS: f64 = 2.0 * f64::EPSILON;

/// The allowed relative error: 1e-14 or less, and where the result depends on its arguments much more than that, so many of their ulps.
fn tolerance(row: &Row) -> f64 {
    match (row.name.as_str(), row.arguments.as_slice()) {
        ("erf" | "erfc" | "erfcx" | "erfinv" | "erfcinv" | "ndtr" | "log_ndtr" | "ndtri", _) => 1e-15,
        ("expit" | "logit" | "log1pexp" | "xlogy" | "entr", _) => 1e-15,
        ("gamma" | "rgamma" | "factorial", _) => 2e-15,
        // Next to the zeros between the poles of the left half-line: two ulps of x.
        ("gammaln", &[x]) if x < 0.0 => 2e-15 + TWO_ULPS * (x * digamma(x) / row.value).abs(),
        ("digamma", &[x]) if x < -0.8 => 2e-15 + TWO_ULPS * (x * polygamma(1.0, x) / row.value).abs(),
        ("polygamma", &[n, x]) if x < 0.0 => 1e-14 + TWO_ULPS * (x * polygamma(n + 1.0, x) / row.value).abs(),
        ("gammaln" | "digamma" | "kl_div" | "comb", _) => 2e-15,
        // Next to poles and zeros: two ulps of n and of k, as they come out in the logarithm. At poles of ψ (n or k whole) they are none.
        ("binom", &[n, k]) => {
            let (top, bottom, rest) = (digamma(n + 1.0), digamma(k + 1.0), digamma(n - k + 1.0));
            let change = TWO_ULPS * ((n * (top - rest)).abs() + (k * (rest - bottom)).abs());
            1e-14 + if change.is_finite() { change } else { 0.0 }
        }
        // Two ulps of the largest exponent.
        ("logsumexp", x) => TWO_ULPS * x.iter().fold(1.0_f64, |top, x| top.max(x.abs())) / row.value.abs(),
        ("softmax", _) => 2e-15,
        // Next to the zeros, where B = 1: two ulps of a and of b.
        ("betaln", &[a, b]) => {
            let rest = digamma(a + b);
            let change = (a * (digamma(a) - rest)).abs() + (b * (digamma(b) - rest)).abs();
            1e-14 + TWO_ULPS * change / row.value.abs()
        }
        // Three ulps of the probability, as they come out in x.
        ("gammaincinv" | "gammainccinv", &[a, p]) => {
            1e-14 + ChiSquared::new(2.0 * a).map_or(0.0, |d| reference::ulps(3.0, &d, 2.0 * row.value, p))
        }
        ("betaincinv" | "betainccinv", &[a, b, p]) if row.value < 1.0 => {
            let f = row.value / (1.0 - row.value) * (b / a);
            // The odds change by 1/(1 − x) times what x does.
            let change = F::new(2.0 * a, 2.0 * b).map_or(0.0, |d| reference::ulps(3.0, &d, f, p));
            1e-14 + change * (1.0 - row.value)
        }
        _ => 1e-14,
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    // The second table holds what the random points of the first seldom meet: every decade, both tails' ends, zeros, switching points.
    let table = [include_str!("../tables/special.csv"), include_str!("../tables/special_extremes.csv")].concat();
    let functions = reference::compare(&table, evaluate, tolerance);
    assert_eq!(functions, 34, "a function has no reference values");
}

/// Points that have parameters of their own each go through kernels of their own.
#[test]
fn arrays_of_parameters_agree_with_mpmath() {
    let table = [include_str!("../tables/special.csv"), include_str!("../tables/special_extremes.csv")].concat();
    let mut worst = 0.0_f64;
    for name in ["gammainc", "gammaincc", "betainc", "betaincc", "beta", "betaln", "binom", "comb"] {
        let rows: Vec<Row> = reference::rows(&table).map(|(_, row)| row).filter(|row| row.name == name).collect();
        let column = |k: usize| rows.iter().map(|row| row.arguments[k]).collect::<Vec<f64>>();
        let (first, second) = (column(0), column(1));
        let mut found = column(rows[0].arguments.len() - 1);
        match name {
            "gammainc" => gammainc_each_in_place(&first, &mut found),
            "gammaincc" => gammaincc_each_in_place(&first, &mut found),
            "betainc" => betainc_each_in_place(&first, &second, &mut found),
            "betaincc" => betaincc_each_in_place(&first, &second, &mut found),
            "beta" => beta_in_place(&first, &mut found),
            "betaln" => betaln_in_place(&first, &mut found),
            "binom" => binom_in_place(&first, &mut found),
            _ => comb_in_place(&first, &mut found, false),
        }
        for (row, found) in rows.iter().zip(found) {
            let error = (found / row.value - 1.0).abs();
            assert!(error <= tolerance(row), "{name}{:?}: {found:e} instead of {:e}", row.arguments, row.value);
            worst = worst.max(error / tolerance(row));
        }
    }
    println!("arrays of parameters: at most {worst:.2} of what is allowed");
}

/// Points at which well-known implementations have failed; values from mpmath at 50 digits.
#[test]
fn famous_failures_do_not_happen_here() {
    let close = |value: f64, expected: f64, tolerance: f64| {
        assert!((value / expected - 1.0).abs() < tolerance, "{value:e} instead of {expected:e}");
    };
    close(gammaln(1.0 + 1e-8), -5.772_156_531_688_512_2e-9, 1e-15);
    close(gammainc(1e15, 1e15), 0.500_000_004_205_220_9, 1e-15);
    close(gammaincc(50.0, 700.0), 4.477_429_603_599_746_7e-228, 1e-14);
    close(betainc(1e6, 2e6, 0.333), 0.110_322_839_516_649_62, 1e-14);
    close(betaincinv(0.01, 0.01, 0.3), 6.428_119_935_718_612_4e-23, 1e-14);
    close(erfinv(1.0 - f64::EPSILON / 2.0), 5.863_584_748_755_167_5, 1e-15);
    close(gammaincinv(3.0, 1e-300), 1.817_120_592_832_139_7e-100, 1e-14);
    assert_eq!(betainc(1e8, 1e8, 0.5), 0.5);
    // By a recursion without an end, this once took the whole process with it.
    close(binom(-0.3, 0.5), 0.319_047_801_881_939_06, 1e-14);
    close(digamma(1.4616), -3.110_625_123_034_165e-5, 1e-15);
    close(digamma(-0.504), 7.420_716_047_053_969e-4, 1e-15);
    // 1 − 2⁻⁵³ is the double next to 1.
    close(ndtri(1.0 - f64::EPSILON / 2.0), 8.209_536_151_601_387, 1e-15);
}

#[test]
fn the_edges_of_the_domains_have_their_limits() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let table: &[(f64, f64)] = &[
        (erf(inf), 1.0),
        (erfc(-inf), 2.0),
        (erfc(inf), 0.0),
        (erfcx(inf), 0.0),
        (erfcx(-30.0), inf),
        (ndtr(-inf), 0.0),
        (ndtr(inf), 1.0),
        (log_ndtr(-inf), -inf),
        (log_ndtr(inf), 0.0),
        (ndtri(0.0), -inf),
        (ndtri(1.0), inf),
        (ndtri(-0.1), nan),
        (ndtri(1.1), nan),
        (gamma(0.0), inf),
        (gamma(-0.0), -inf),
        (gamma(-1.0), nan),
        (gamma(171.7), inf),
        (gamma(inf), inf),
        (gammaln(0.0), inf),
        (gammaln(-3.0), inf),
        (gammaln(inf), inf),
        (gammaln(-inf), inf),
        (betaln(0.0, 1.0), inf),
        (betaln(-1.0, 1.0), nan),
        (gammainc(2.0, 0.0), 0.0),
        (gammainc(2.0, inf), 1.0),
        (gammainc(0.0, 1.0), 1.0),
        (gammaincc(0.0, 1.0), 0.0),
        (gammainc(0.0, 0.0), nan),
        (gammainc(-1.0, 1.0), nan),
        (gammainc(1.0, -1.0), nan),
        (gammaincc(inf, 1.0), 1.0),
        (gammaincinv(2.0, 0.0), 0.0),
        (gammaincinv(2.0, 1.0), inf),
        (gammaincinv(2.0, 1.5), nan),
        (gammainccinv(2.0, 0.0), inf),
        (gammainccinv(0.0, 0.5), nan),
        (betainc(1.0, 2.0, 0.0), 0.0),
        (betainc(1.0, 2.0, 1.0), 1.0),
        (betaincc(1.0, 2.0, 1.0), 0.0),
        (betainc(1.0, 2.0, 1.1), nan),
        (betainc(0.0, 2.0, 0.5), nan),
        (betaincinv(1.0, 2.0, 0.0), 0.0),
        (betaincinv(1.0, 2.0, 1.0), 1.0),
        (betainccinv(1.0, 2.0, 2.0), nan),
    ];
    for (i, (value, expected)) in table.iter().enumerate() {
        assert!(value == expected || (value.is_nan() && expected.is_nan()), "row {i}: {value} instead of {expected}");
    }
}

/// Many points with the same parameters go through kernels of their own: a few points of the table, repeated and mixed, against single calls.
#[test]
fn many_points_at_once_agree_with_single_points() {
    let mut worst = 0.0_f64;
    for a in [1e-6, 0.01, 0.3, 0.99, 1.0, 2.5, 7.0, 15.9, 16.0, 40.0, 1e3, 1e6, 1e10] {
        let x: Vec<f64> = (0..300)
            .map(|k| {
                let z = f64::from(k - 150) / 10.0;
                match k % 3 {
                    0 if k % 2 == 0 => (a + 1e-4 * z * f64::sqrt(a)).max(1e-3 * a),
                    0 => (a + z * f64::sqrt(a)).max(1e-3 * a),
                    1 => a * 10_f64.powf(z / 4.0),
                    _ => 10_f64.powf(z),
                }
            })
            .chain([0.0, -1.0, f64::NAN, f64::INFINITY, 1e300, 1e-300])
            .collect();
        for (many, one) in [
            (gammainc_in_place as fn(f64, &mut [f64]), gammainc as fn(f64, f64) -> f64),
            (gammaincc_in_place, gammaincc),
        ] {
            let mut found = x.clone();
            many(a, &mut found);
            for (&x, &found) in x.iter().zip(&found) {
                worst = worst.max(agree(found, one(a, x), &format!("{a} {x:e}")));
            }
        }
    }
    println!("gamma: worst relative difference {worst:.1e}");
    worst = 0.0;
    let shapes = [1e-6, 0.01, 0.3, 0.5, 0.99, 1.0, 2.5, 7.0, 15.9, 40.0, 1e3, 1e6, 1e10];
    for (a, b) in shapes.iter().flat_map(|a| shapes.iter().map(|b| (*a, *b))) {
        let mean = a / (a + b);
        let x: Vec<f64> = (0..200)
            .map(|k| {
                let z = f64::from(k - 100) / 12.0;
                match k % 4 {
                    0 => (mean * (1.0 + z / f64::sqrt(a * b / (a + b)) * (1.0 - mean))).clamp(1e-10, 1.0),
                    1 => (mean * 10_f64.powf(z / 5.0)).min(0.99),
                    2 => 10_f64.powf(-z.abs()),
                    _ => f64::from(k) / 200.0,
                }
            })
            .chain([0.0, -1.0, f64::NAN, 1.0, 1.5, 1e-300])
            .collect();
        for (many, one) in [
            (betainc_in_place as fn(f64, f64, &mut [f64]), betainc as fn(f64, f64, f64) -> f64),
            (betaincc_in_place, betaincc),
        ] {
            let mut found = x.clone();
            many(a, b, &mut found);
            for (&x, &found) in x.iter().zip(&found) {
                worst = worst.max(agree(found, one(a, b, x), &format!("{a} {b} {x:e}")));
            }
        }
    }
    println!("beta: worst relative difference {worst:.1e}");
    let distributions: [Box<dyn Continuous>; 6] = [
        Box::new(StudentT::new(0.3, 1.0, 2.0).unwrap()),
        Box::new(StudentT::standard(12.0).unwrap()),
        Box::new(StudentT::standard(1e7).unwrap()),
        Box::new(ChiSquared::new(5.0).unwrap()),
        Box::new(F::new(3.0, 20.0).unwrap()),
        Box::new(F::new(0.3, 1e5).unwrap()),
    ];
    let x: Vec<f64> = (-150..150)
        .map(|k| f64::from(k) / 10.0)
        .chain((-80..80).map(|k| 10_f64.powf(f64::from(k) / 2.0)))
        .chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 1e-300])
        .collect();
    for (i, d) in distributions.iter().enumerate() {
        let mut found = [x.clone(), x.clone(), x.clone(), x.clone(), x.clone(), x.clone()];
        d.pdf_in_place(&mut found[0]);
        d.cdf_in_place(&mut found[1]);
        d.sf_in_place(&mut found[2]);
        d.logpdf_in_place(&mut found[3]);
        d.logcdf_in_place(&mut found[4]);
        d.logsf_in_place(&mut found[5]);
        for (k, &x) in x.iter().enumerate() {
            agree(found[0][k], d.pdf(x), &format!("density {i} {x:e}"));
            agree(found[1][k], d.cdf(x), &format!("cdf {i} {x:e}"));
            agree(found[2][k], d.sf(x), &format!("sf {i} {x:e}"));
            // Absolute next to the zero of a logarithm.
            let (found_log, log) = (found[3][k], d.logpdf(x));
            assert!((found_log - log).abs() < 4e-15 || agree(found_log, log, &format!("logpdf {i} {x:e}")) < 2e-14);
            agree(found[4][k], d.logcdf(x), &format!("logcdf {i} {x:e}"));
            agree(found[5][k], d.logsf(x), &format!("logsf {i} {x:e}"));
        }
    }
}

/// Their relative difference, which must be below 2e-14, each being good to 1e-14 (NaN agrees with NaN, and below the normal numbers all agree).
fn agree(found: f64, expected: f64, place: &str) -> f64 {
    if found == expected || (found.is_nan() && expected.is_nan()) || expected.abs() < f64::MIN_POSITIVE {
        return 0.0;
    }
    let error = (found / expected - 1.0).abs();
    assert!(error < 2e-14, "{place}: {found:e} instead of {expected:e}, {error:.1e}");
    error
}

/// Probabilities of every size and those without a quantile.
fn probabilities() -> Vec<f64> {
    (1..400)
        .map(|k| f64::from(k) / 400.0)
        .chain((0..310).map(|k| 10_f64.powi(-k)))
        .chain((1..53).map(|k| 1.0 - 2_f64.powi(-k)))
        .chain([0.0, 1.0, -0.1, 1.1, f64::NAN, 5e-324, 0.5 - 1e-16, 0.5 + 1e-16])
        .collect()
}

/// Quantiles of many probabilities agree with those of one each, to twice the bound (`tolerance`) that holds for each of them. `slope` is dln x/dln p.
fn quantiles_agree(p: &[f64], found: &[f64], one: impl Fn(f64) -> f64, slope: impl Fn(f64, f64) -> f64, place: &str) {
    for (&p, &found) in p.iter().zip(found) {
        let expected = one(p);
        if found == expected || (found.is_nan() && expected.is_nan()) || expected.abs() < 1e-307 {
            continue;
        }
        let allowed = 2e-14 + 8.0 * f64::EPSILON * slope(p, expected).abs();
        let error = (found / expected - 1.0).abs();
        assert!(
            error < allowed,
            "{place}, p = {p:e}: {found:e} instead of {expected:e}, {error:.1e}, allowed {allowed:.1e}"
        );
    }
}

#[test]
fn many_quantiles_agree_with_single_ones() {
    let p = probabilities();
    let shapes = [1e-3, 0.05, 0.25, 0.5, 0.99, 1.0, 2.5, 15.9, 40.0, 1e4, 1e7, 1e10];
    for a in shapes {
        let chi2 = ChiSquared::new(2.0 * a).unwrap();
        let slope = |p: f64, x: f64| p / (chi2.logpdf(2.0 * x) + (2.0 * x).ln()).exp();
        let mut found = [p.clone(), p.clone()];
        gammaincinv_in_place(a, &mut found[0]);
        gammainccinv_in_place(a, &mut found[1]);
        quantiles_agree(&p, &found[0], |p| gammaincinv(a, p), slope, &format!("lower {a}"));
        quantiles_agree(&p, &found[1], |p| gammainccinv(a, p), slope, &format!("upper {a}"));
    }
    for (a, b) in shapes.iter().flat_map(|a| shapes.iter().map(|b| (*a, *b))) {
        let f = F::new(2.0 * a, 2.0 * b).unwrap();
        let slope = |p: f64, x: f64| p / (f.logpdf(x) + x.ln()).exp();
        let mut found = [p.clone(), p.clone()];
        f.ppf_in_place(&mut found[0]);
        f.isf_in_place(&mut found[1]);
        quantiles_agree(&p, &found[0], |p| f.ppf(p), slope, &format!("lower odds {a} {b}"));
        quantiles_agree(&p, &found[1], |p| f.isf(p), slope, &format!("upper odds {a} {b}"));
        let mut found = [p.clone(), p.clone()];
        betaincinv_in_place(a, b, &mut found[0]);
        betainccinv_in_place(a, b, &mut found[1]);
        // Of x, whose slope is (1 − x) times that of the odds.
        let slope = |p: f64, x: f64| if x < 1.0 { slope(p, x / (1.0 - x) * (b / a)) * (1.0 - x) } else { 0.0 };
        quantiles_agree(&p, &found[0], |p| betaincinv(a, b, p), slope, &format!("lower {a} {b}"));
        quantiles_agree(&p, &found[1], |p| betainccinv(a, b, p), slope, &format!("upper {a} {b}"));
    }
    for df in [0.01, 0.1, 0.7, 1.0, 2.0, 12.5, 300.0, 1e6, 1e10] {
        let t = StudentT::standard(df).unwrap();
        let slope = |p: f64, x: f64| p / (t.logpdf(x) + x.abs().ln()).exp();
        let mut found = [p.clone(), p.clone()];
        t.ppf_in_place(&mut found[0]);
        t.isf_in_place(&mut found[1]);
        quantiles_agree(&p, &found[0], |p| t.ppf(p), slope, &format!("t {df} lower"));
        quantiles_agree(&p, &found[1], |p| t.isf(p), slope, &format!("t {df} upper"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// cdf(ppf(p)) = p, and more probability never has a lesser quantile, but for rounding.
    #[test]
    fn many_quantiles_invert_many_tails(a in -2.0..6.0_f64, b in -1.0..5.0_f64, low in 1e-9..0.4_f64) {
        let (a, b) = (10_f64.powf(a), 10_f64.powf(b));
        let p: Vec<f64> = (0..200).map(|k| low + f64::from(k) / 200.0 * (0.999 - low)).collect();
        let families: [Box<dyn Continuous>; 3] = [
            Box::new(ChiSquared::new(a).unwrap()),
            Box::new(F::new(a.max(0.1), b).unwrap()),
            Box::new(StudentT::standard(a.max(0.1)).unwrap()),
        ];
        for d in families {
            let mut x = p.clone();
            d.ppf_in_place(&mut x);
            for pair in x.windows(2) {
                prop_assert!(pair[0] <= pair[1] * (1.0 + 1e-14 * pair[1].signum()), "{:e} after {:e}", pair[1], pair[0]);
            }
            let mut found = x.clone();
            d.cdf_in_place(&mut found);
            for ((&p, &x), &found) in p.iter().zip(&x).zip(&found) {
                let condition = ((d.logpdf(x) + x.abs().ln()).exp() / p).max(1.0);
                let lost = x.abs() < 1e-300 || x.abs() > 1e140;
                prop_assert!(lost || (found / p - 1.0).abs() < 2e-14 + 1e-15 * condition, "{p:e} {x:e} {found:e}");
            }
        }
    }

    #[test]
    fn complements_add_up_to_one(a in -2.0..6.0_f64, b in -1.0..6.0_f64, u in 0.001..0.999_f64) {
        let (a, b) = (10_f64.powf(a), 10_f64.powf(b));
        let x = gammaincinv(a, u);
        prop_assert!((gammainc(a, x) + gammaincc(a, x) - 1.0).abs() < 4e-16);
        prop_assert!((betainc(a, b, u) + betaincc(a, b, u) - 1.0).abs() < 4e-16);
    }

    #[test]
    fn beta_is_symmetric(a in -1.0..5.0_f64, b in -1.0..5.0_f64, x in 1_u32..1024) {
        // Multiples of 1/1024 have exact complements.
        let (a, b, x) = (10_f64.powf(a), 10_f64.powf(b), f64::from(x) / 1024.0);
        let (one, other) = (betainc(a, b, x), betaincc(b, a, 1.0 - x));
        prop_assert!((one - other).abs() <= 1e-14 * one, "{one:e} {other:e}");
    }

    #[test]
    fn gamma_obeys_its_recurrence(a in 0.05..300.0_f64, z in -3.0..3.0_f64) {
        // Q(a + 1, x) = Q(a, x) + xᵃe⁻ˣ/Γ(a + 1): every term is positive.
        let x = (a + z * a.sqrt()).abs() + 1e-3;
        let step = (a * x.ln() - x - gammaln(a + 1.0)).exp();
        let (left, right) = (gammaincc(a + 1.0, x), gammaincc(a, x) + step);
        // The step in plain doubles is as good as its exponent's terms.
        let plain = 4.0 * f64::EPSILON * (a * x.ln().abs() + x + 10.0);
        prop_assert!((left - right).abs() <= (1e-14 + plain) * left, "{left:e} {right:e}");
    }

    #[test]
    fn inverses_invert(a in -0.5..6.0_f64, b in -0.5..6.0_f64, log_p in -300.0..-0.31_f64) {
        let (a, b, p) = (10_f64.powf(a), 10_f64.powf(b), 10_f64.powf(log_p));
        // A double x holds p to its condition number: x·f(x)/p ulps.
        let x = gammaincinv(a, p);
        if x > 1e-290 {
            let condition = (ChiSquared::new(2.0 * a).unwrap().pdf(2.0 * x) * 2.0 * x / p).max(1.0);
            prop_assert!((gammainc(a, x) / p - 1.0).abs() < 1e-14 + 4e-16 * condition);
        }
        let x = betaincinv(a, b, p);
        if x > 1e-290 && x < 0.9 {
            let f = x / (1.0 - x) * (b / a);
            let condition = (F::new(2.0 * a, 2.0 * b).unwrap().pdf(f) * f / p / (1.0 - x)).max(1.0);
            prop_assert!((betainc(a, b, x) / p - 1.0).abs() < 1e-14 + 6e-16 * condition);
        }
    }

    /// From either side: I(a, b; x) = 1 − I(b, a; 1 − x), also for the smallest and the largest shapes.
    #[test]
    fn beta_is_symmetric_for_all_shapes(a in -10.0..10.0_f64, b in -10.0..10.0_f64, x in 1_u32..1024) {
        let (a, b, x) = (10_f64.powf(a), 10_f64.powf(b), f64::from(x) / 1024.0);
        let (one, other) = (betainc(a, b, x), betaincc(b, a, 1.0 - x));
        prop_assert!((one - other).abs() <= 2e-14 * one, "{one:e} {other:e}");
        prop_assert!((one + betaincc(a, b, x) - 1.0).abs() < 4e-16);
    }

    #[test]
    fn gamma_complements_add_up_for_all_shapes(a in -10.0..10.0_f64, z in -4.0..4.0_f64, wide in any::<bool>()) {
        let a = 10_f64.powf(a);
        let x = if wide { a * 10_f64.powf(z) } else { (a + z * a.sqrt()).abs() };
        prop_assert!((gammainc(a, x) + gammaincc(a, x) - 1.0).abs() < 4e-16);
    }

    /// P(a, x) − P(a + 1, x) = xᵃe⁻ˣ/Γ(a + 1), which is D: from Q, whose terms are positive.
    #[test]
    fn small_shapes_obey_the_recurrence(a in -10.0..0.0_f64, x in -3.0..1.5_f64) {
        let (a, x) = (10_f64.powf(a), 10_f64.powf(x));
        let step = (a * x.ln() - x - gammaln(a + 1.0)).exp();
        let (left, right) = (gammaincc(a + 1.0, x), gammaincc(a, x) + step);
        prop_assert!((left - right).abs() <= 1e-14 * left, "{left:e} {right:e}");
    }

    #[test]
    fn gammas_reflect(x in -30.0..30.0_f64) {
        // sin πx from the fraction of x, which is exact.
        let rest = x - x.round();
        prop_assume!(rest.abs() > 1e-6);
        let sine = (PI * rest).sin() * if x.round() % 2.0 == 0.0 { 1.0 } else { -1.0 };
        // 1 − x is rounded, which the poles magnify.
        let slack = 1e-14 + 1e-15 * x.abs() / rest.abs();
        prop_assert!((gamma(x) * gamma(1.0 - x) * sine / PI - 1.0).abs() < slack);
        prop_assert!((gamma(x) * rgamma(x) - 1.0).abs() < 2e-15);
        prop_assert!((gammaln(x) + gammaln(1.0 - x) - (PI / sine.abs()).ln()).abs() < 30.0 * slack);
        let cotangent = PI / (PI * rest).tan();
        prop_assert!((digamma(1.0 - x) - digamma(x) - cotangent).abs() < slack * (10.0 + PI / rest.abs()));
    }

    #[test]
    fn gammas_recur(x in 1e-3..100.0_f64, n in 1_u32..12) {
        let n = f64::from(n);
        let up = x + 1.0;
        // x + 1 is rounded by half an ulp.
        let slack = 2e-15 + f64::EPSILON * (up * digamma(up)).abs();
        prop_assert!((gamma(up) / (x * gamma(x)) - 1.0).abs() < slack);
        prop_assert!((digamma(up) - digamma(x) - 1.0 / x).abs() < 4e-15 * (1.0 / x + 5.0));
        let step = (n + 1.0) * x.ln() - gammaln(n + 1.0);
        let (near, far) = (polygamma(n, x), polygamma(n, up));
        prop_assert!((((near - far).abs().ln() + step).exp() - 1.0).abs() < 2e-14 * (x + n + 1.0), "{near:e} {far:e}");
    }

    #[test]
    fn beta_function_recurs(a in -8.0..6.0_f64, b in -8.0..6.0_f64) {
        let (a, b) = (10_f64.powf(a), 10_f64.powf(b));
        let sum = beta(a + 1.0, b) + beta(a, b + 1.0);
        // Rounding a + 1 changes lnB by (ψ(a) − ψ(a + b)) times as much.
        let slack = 1e-14 + f64::EPSILON * ((a + 1.0) * (digamma(a + 1.0) - digamma(a + b + 1.0))).abs()
            + f64::EPSILON * ((b + 1.0) * (digamma(b + 1.0) - digamma(a + b + 1.0))).abs();
        prop_assume!(sum > 1e-290);
        prop_assert!((sum / beta(a, b) - 1.0).abs() < slack);
        prop_assert_eq!(beta(a, b), beta(b, a));
        prop_assert!((betaln(a, b).exp() / beta(a, b) - 1.0).abs() < 1e-14 + 4e-16 * betaln(a, b).abs());
    }

    /// Pascal's rule for real n and k, on all sides of zero.
    #[test]
    fn binomial_coefficients_add_up(n in -12.0..12.0_f64, k in -12.0..12.0_f64) {
        let terms = [binom(n + 1.0, k + 1.0), -binom(n, k), -binom(n, k + 1.0)];
        let size = terms.iter().fold(0.0_f64, |size, term| size.max(term.abs()));
        // Poles at negative whole n magnify the rounding of n + 1.
        let slack = 1e-13 * (1.0 + 1.0 / (n - n.round()).abs() + 1.0 / (k - k.round()).abs());
        prop_assert!(terms.iter().sum::<f64>().abs() <= slack * size.max(1.0), "{terms:?}");
    }

    #[test]
    fn binomial_coefficients_are_whole(n in 0_u64..60, k in 0_u64..60) {
        let exact = (0..k).fold(1_u128, |value, i| value * u128::from(n.saturating_sub(i)) / u128::from(i + 1));
        prop_assume!(exact < 1 << 53);
        prop_assert_eq!(comb(n as f64, k as f64, false), exact as f64);
        prop_assert_eq!(binom(n as f64, k as f64), exact as f64);
    }

    #[test]
    fn normal_functions_invert(x in -37.0..8.0_f64, u in -300.0..-0.31_f64) {
        // Φ(x) holds x to the slope of ln Φ.
        let p = ndtr(x);
        let slope = (-0.5 * x * x - log_ndtr(x)).exp() / (2.0 * PI).sqrt();
        prop_assert!((ndtri(p) - x).abs() <= 1e-15 * x.abs() + 4.0 * f64::EPSILON / slope, "{x} {p:e}");
        let p = 10_f64.powf(u);
        // x·erfc′(x)/erfc(x) is about −2x², and that 2 ln p.
        prop_assert!((erfc(erfcinv(p)) / p - 1.0).abs() < 1e-15 * (2.0 - 2.0 * p.ln()));
        prop_assert_eq!(erf(-x), -erf(x));
        prop_assert!((erfc(x) + erfc(-x) - 2.0).abs() <= f64::EPSILON * 2.0);
        prop_assert!((logit(expit(x)) - x).abs() < 1e-15 * (1.0 + x.abs()) * (1.0 + x.exp()));
        prop_assert!((log1pexp(x) - log1pexp(-x) - x).abs() <= 4e-16 * (1.0 + x.abs()));
    }

    /// Quantiles at the smallest shapes, where x is about p¹ᐟᵃ, and at the largest.
    #[test]
    fn inverses_invert_for_all_shapes(a in -3.0..10.0_f64, b in -3.0..8.0_f64, log_p in -300.0..-0.31_f64) {
        let (a, b, p) = (10_f64.powf(a), 10_f64.powf(b), 10_f64.powf(log_p));
        for (x, back, condition) in [
            (gammaincinv(a, p), gammainc as fn(f64, f64) -> f64, a),
            (gammainccinv(a, p), gammaincc, 0.0),
        ] {
            if x > 1e-290 {
                // x·density/P is at most a below and |x − a| + 1 above.
                let condition = if condition > 0.0 { condition } else { (x - a).abs() + 1.0 + a.sqrt() };
                prop_assert!((back(a, x) / p - 1.0).abs() < 2e-14 + 4e-16 * condition, "{a} {p:e} {x:e}");
            }
        }
        let x = betaincinv(a, b, p);
        if x > 1e-290 && x < 0.9 {
            prop_assert!((betainc(a, b, x) / p - 1.0).abs() < 2e-14 + 1e-14 * a.max(1.0), "{a} {b} {p:e} {x:e}");
        }
    }

    #[test]
    fn tails_are_monotone(a in -1.0..4.0_f64, b in -1.0..4.0_f64, x in 0.01..0.98_f64, step in 1e-3..1e-2_f64) {
        let (a, b) = (10_f64.powf(a), 10_f64.powf(b));
        let (near, far) = (x * a, (x + step) * a);
        prop_assert!(gammainc(a, near) <= gammainc(a, far) && gammaincc(a, near) >= gammaincc(a, far));
        prop_assert!(betainc(a, b, x) <= betainc(a, b, x + step));
    }

    /// Numbers of everyday size, on which ways to reflect and recur may turn in a circle.
    #[test]
    fn everyday_numbers_are_answered(n in -3.0..3.0_f64, k in -3.0..3.0_f64, order in 0_u32..400) {
        prop_assert!(binom(n, k).is_finite());
        prop_assert!(beta(n.abs(), k.abs()) > 0.0);
        prop_assert!(!polygamma(f64::from(order), n).is_nan());
        prop_assert!(gamma(n).is_finite() && digamma(n).is_finite() && gammaln(n).is_finite());
    }

    /// Whatever the bits: no panic, no endless loop, nothing outside [0, 1] for a probability, NaN for NaN.
    #[test]
    fn any_doubles_are_answered(a in any::<f64>(), b in any::<f64>(), x in any::<f64>(), u in 0.0..1.0_f64) {
        for value in [gammainc(a, b), gammaincc(a, b), betainc(a, b, u), betaincc(a.abs(), b.abs(), u), ndtr(a)] {
            prop_assert!(value.is_nan() || (0.0..=1.0).contains(&value), "{value}");
        }
        for value in [gammaincinv(a, u), gammainccinv(a.abs(), u), betaincinv(a.abs(), b.abs(), u), erfcx(a)] {
            prop_assert!(value.is_nan() || value >= 0.0, "{value}");
        }
        let _ = (gamma(a), gammaln(a), betaln(a, b), log_ndtr(x), ndtri(x), erf(x), erfc(x));
        let _ = (binom(a, b), comb(a, b, true), polygamma(a.abs().trunc(), b), digamma(a), rgamma(a), kl_div(a, b), logit(x));
        prop_assert!(gammainc(f64::NAN, a).is_nan() && gammaincc(a, f64::NAN).is_nan() && betainc(a, f64::NAN, u).is_nan());
    }
}

/// Products of two doubles split their factors, which overflows from 1e300 on: that must not end in a NaN, still less in a number.
#[test]
fn huge_parameters_have_their_limits() {
    assert!((betaln(1e305, 1e305) / (-2e305 * std::f64::consts::LN_2) - 1.0).abs() < 1e-15);
    assert!(betaln(1e308, 1.7e308).is_finite());
    assert_eq!((gammainc(1e305, 1e305), gammaincc(1e305, 0.9e305), gammaincc(1e305, 1.1e305)), (0.5, 1.0, 0.0));
    assert_eq!((gammainc(1e41, 1e41), gammainc(1e39, 0.99e39)), (0.5, 0.0));
    assert!((gammainc(0.99e40, 0.99e40) - 0.5).abs() < 1e-15);
    assert_eq!(betainc(1e305, 1e305, 0.5), 0.5);
    assert_eq!(betainc(1e279, 1e279, 0.5), 0.5);
}

#[test]
fn far_arguments_and_huge_parameters_have_their_limits() {
    for x in [1e40, 1e150, 1e299, 1e308, f64::MAX] {
        for a in [1e-10, 0.5, 2.0, 1e5] {
            assert_eq!((gammainc(a, x), gammaincc(a, x)), (1.0, 0.0), "a = {a}, x = {x}");
        }
        let far = ChiSquared::new(3.0).unwrap();
        assert_eq!((far.cdf(x), far.sf(x)), (1.0, 0.0));
        // ln Q = −x/2 + ln(x/2)/2 − ln Γ(3/2) + …: everything but the first term is below its last digit.
        assert!((far.logsf(x) / (-x / 2.0) - 1.0).abs() < 1e-15);
    }
    for huge in [1e281, 1e300, 1e308] {
        assert_eq!((betainc(huge, 3.0, 0.5), betaincc(huge, 3.0, 0.5)), (0.0, 1.0));
        assert_eq!((betainc(3.0, huge, 0.5), betaincc(3.0, huge, 0.5)), (1.0, 0.0));
        assert_eq!((betainc(huge, huge, 0.4), betainc(huge, huge, 0.5), betainc(huge, huge, 0.6)), (0.0, 0.5, 1.0));
        // b·t is distributed as Gamma(2): P(2, 3) = 1 − 4e⁻³.
        let near = betainc(2.0, huge, 3.0 / huge);
        assert!((near / (1.0 - 4.0 * (-3.0_f64).exp()) - 1.0).abs() < 1e-14, "{near}");
    }
}

fn noncentral(name: &str, v: &[f64]) -> f64 {
    match (name, v) {
        ("chi_squared_cdf", &[x, df, nc]) => noncentral_chi_squared_cdf(x, df, nc),
        ("chi_squared_sf", &[x, df, nc]) => noncentral_chi_squared_sf(x, df, nc),
        ("f_cdf", &[f, d1, d2, nc]) => noncentral_f_cdf(f, d1, d2, nc),
        ("f_sf", &[f, d1, d2, nc]) => noncentral_f_sf(f, d1, d2, nc),
        ("t_cdf", &[t, df, nc]) => noncentral_t_cdf(t, df, nc),
        ("t_sf", &[t, df, nc]) => noncentral_t_sf(t, df, nc),
        _ => panic!("{name} of {} arguments", v.len()),
    }
}

#[test]
fn noncentral_distributions_agree_with_mpmath() {
    // In far tails, exponents in plain doubles: so many ulps of the logarithm of the probability.
    let tolerance = |row: &Row| 2e-14 - 4.0 * f64::EPSILON * row.value.ln();
    assert_eq!(reference::compare(include_str!("../tables/noncentral.csv"), noncentral, tolerance), 6);
}
