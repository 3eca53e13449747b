//! Functions of several arguments at many points whose parameters differ, against the tables from mpmath and against single points.

#[allow(dead_code, reason = "what the other tests of tables use")]
use crate::reference;

use reference::Row;
use underhood::distributions::{Continuous, Distribution, Normal};
use underhood::special::*;

/// The rows of one function, argument by argument, and their values.
fn rows(name: &str) -> (Vec<Vec<f64>>, Vec<f64>) {
    let rows: Vec<Row> = reference::rows(include_str!("../tables/special.csv"))
        .map(|(_, row)| row)
        .filter(|row| row.name == name)
        .collect();
    assert!(rows.len() > 100, "{name} has {} rows", rows.len());
    let arguments = (0..rows[0].arguments.len()).map(|k| rows.iter().map(|row| row.arguments[k]).collect()).collect();
    (arguments, rows.iter().map(|row| row.value).collect())
}

/// Holds what a function makes of a table's arguments, all at once, against the table's values.
fn check(name: &str, tolerance: impl Fn(f64) -> f64, many: impl Fn(&[Vec<f64>], &mut [f64])) {
    let (mut arguments, values) = rows(name);
    let mut found = arguments.pop().expect("a function has an argument");
    let last = found.clone();
    many(&arguments, &mut found);
    let mut worst = 0.0_f64;
    for (i, (&found, &value)) in found.iter().zip(&values).enumerate() {
        let error = (found / value - 1.0).abs();
        let others: Vec<f64> = arguments.iter().map(|argument| argument[i]).collect();
        assert!(
            error <= tolerance(value),
            "{name}{others:?}, {:e}: {found:e} instead of {value:e}: {error:.1e}",
            last[i]
        );
        worst = worst.max(error);
    }
    println!("{name}: worst relative error {worst:.1e}");
}

#[test]
fn many_points_with_parameters_of_their_own_agree_with_mpmath() {
    check("beta", |_| 1e-14, |a, b| beta_in_place(&a[0], b));
    // Absolute next to the zero at B = 1.
    check("betaln", |value| 1e-14 * (0.1 / value.abs()).max(1.0), |a, b| betaln_in_place(&a[0], b));
    check("binom", |_| 1e-14, |n, k| binom_in_place(&n[0], k));
    check("gammainc", |_| 1e-14, |a, x| gammainc_each_in_place(&a[0], x));
    check("gammaincc", |_| 1e-14, |a, x| gammaincc_each_in_place(&a[0], x));
    check("betainc", |_| 1e-14, |p, x| betainc_each_in_place(&p[0], &p[1], x));
    check("betaincc", |_| 1e-14, |p, x| betaincc_each_in_place(&p[0], &p[1], x));
}

/// Their relative difference is below 2e-14, each being good to 1e-14 (below the normal numbers all agree).
fn agree(found: f64, expected: f64, place: &str) {
    let same = found == expected || (found.is_nan() && expected.is_nan()) || expected.abs() < f64::MIN_POSITIVE;
    assert!(same || (found / expected - 1.0).abs() < 2e-14, "{place}: {found:e} instead of {expected:e}");
}

/// Ordinary numbers, both sides of every switch, and the edges.
const NUMBERS: [f64; 26] = [
    0.0,
    -0.0,
    1e-310,
    1e-150,
    1e-9,
    0.009,
    0.02,
    0.3,
    0.5,
    0.99,
    1.0,
    1.7,
    2.0,
    3.0,
    9.0,
    15.99,
    16.0,
    45.0,
    700.0,
    1e5,
    1e9,
    1e13,
    1e150,
    f64::INFINITY,
    -2.5,
    f64::NAN,
];

#[test]
fn every_pair_agrees_with_the_single_one() {
    let pairs: Vec<(f64, f64)> = NUMBERS.iter().flat_map(|a| NUMBERS.iter().map(|b| (*a, *b))).collect();
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    type Pairs = (&'static str, fn(&[f64], &mut [f64]), fn(f64, f64) -> f64);
    let functions: [Pairs; 7] = [
        ("beta", beta_in_place, beta),
        ("betaln", betaln_in_place, betaln),
        ("binom", binom_in_place, binom),
        ("comb", |n, k| comb_in_place(n, k, false), |n, k| comb(n, k, false)),
        ("comb with repetition", |n, k| comb_in_place(n, k, true), |n, k| comb(n, k, true)),
        ("gammainc", gammainc_each_in_place, gammainc),
        ("gammaincc", gammaincc_each_in_place, gammaincc),
    ];
    for (name, many, one) in functions {
        let mut found = second.clone();
        many(&first, &mut found);
        for (&(a, b), &found) in pairs.iter().zip(&found) {
            if name == "betaln" && (found - one(a, b)).abs() < 2e-15 {
                continue; // next to B = 1
            }
            agree(found, one(a, b), &format!("{name}({a:e}, {b:e})"));
        }
    }
}

#[test]
fn every_triple_agrees_with_the_single_one() {
    let shares = [0.0, 1e-300, 1e-20, 0.01, 0.3, 0.5, 0.51, 0.77, 0.999, 1.0 - 1e-12, 1.0, 1.5, f64::NAN];
    let (mut a, mut b, mut x) = (Vec::new(), Vec::new(), Vec::new());
    for first in NUMBERS {
        for second in NUMBERS {
            for share in shares {
                a.push(first);
                b.push(second);
                x.push(share);
            }
        }
    }
    let (mut lower, mut upper) = (x.clone(), x.clone());
    betainc_each_in_place(&a, &b, &mut lower);
    betaincc_each_in_place(&a, &b, &mut upper);
    for i in 0..x.len() {
        let place = format!("({:e}, {:e}, {:e})", a[i], b[i], x[i]);
        agree(lower[i], betainc(a[i], b[i], x[i]), &place);
        agree(upper[i], betaincc(a[i], b[i], x[i]), &place);
    }
}

#[test]
fn whole_coefficients_stay_exact() {
    let (n, k): (Vec<f64>, Vec<f64>) = (0..45).flat_map(|n| (0..=n).map(move |k| (f64::from(n), f64::from(k)))).unzip();
    let mut found = k.clone();
    binom_in_place(&n, &mut found);
    for i in 0..n.len() {
        // Pascal's triangle.
        let exact = (0..k[i] as u64).fold(1_u128, |c, j| c * (n[i] as u128 - u128::from(j)) / (u128::from(j) + 1));
        assert_eq!(found[i], exact as f64, "{} {}", n[i], k[i]);
    }
}

#[test]
fn a_slice_of_any_length_has_the_bits_of_single_numbers() {
    type Wide = fn(&mut [f64]);
    type One = fn(f64) -> f64;
    let functions: [(Wide, One); 9] = [
        (erf_in_place, erf),
        (erfc_in_place, erfc),
        (erfcx_in_place, erfcx),
        (ndtr_in_place, ndtr),
        (log_ndtr_in_place, log_ndtr),
        (ndtri_in_place, ndtri),
        (erfinv_in_place, erfinv),
        (erfcinv_in_place, erfcinv),
        (gamma_in_place, gamma),
    ];
    let numbers: Vec<f64> = (-600..600)
        .map(|k| f64::from(k) * 0.0673)
        .chain((1..400).map(|k| f64::from(k) / 400.0))
        .chain([0.0, -0.0, 1e-300, 1e-20, 1e11, f64::INFINITY, f64::NEG_INFINITY, f64::NAN])
        .collect();
    for (many, one) in functions {
        for length in [1, 7, 33, numbers.len()] {
            let mut found = numbers[numbers.len() - length..].to_vec();
            many(&mut found);
            for (&x, &found) in numbers[numbers.len() - length..].iter().zip(&found) {
                assert!(found.to_bits() == one(x).to_bits() || (found.is_nan() && one(x).is_nan()), "{x:e}");
            }
        }
    }
}

#[test]
fn the_normal_family_stands_extreme_scales() {
    // What is multiplied by a power of two keeps its bits, as long as nothing underflows.
    let x: Vec<f64> =
        (-80..80).map(|k| f64::from(k) * 0.37).chain([f64::INFINITY, f64::NEG_INFINITY, f64::NAN]).collect();
    for power in [-1060, -1000, -500, 500, 1000] {
        let scale = 2_f64.powi(power / 2) * 2_f64.powi(power - power / 2);
        let (unit, far) = (Normal::new(0.0, 3.0).unwrap(), Normal::new(0.0, 3.0 * scale).unwrap());
        for &x in &x {
            let moved = x * scale;
            if moved / scale != x && !x.is_nan() {
                continue;
            }
            for (found, expected) in
                [(far.cdf(moved), unit.cdf(x)), (far.sf(moved), unit.sf(x)), (far.logsf(moved), unit.logsf(x))]
            {
                assert!(found == expected || (found.is_nan() && x.is_nan()), "{power} {x}: {found:e} {expected:e}");
            }
        }
        assert_eq!(far.pdf(f64::INFINITY), 0.0);
        assert_eq!(far.pdf(0.0), 0.3989422804014327 / 3.0 / scale);
    }
}
