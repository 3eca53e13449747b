//! Linear regression: the certified sets of NIST, identities, agreement of both solvers, and what is refused.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use ndarray::{Array1, Array2, Axis, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::random::Stream;
use underhood::stats::regression::{
    Covariance, LinearRegression, RegressionOptions, leverage, linear_regression, polyfit,
};

/// A set of the Statistical Reference Datasets: certified values and data.
pub(crate) struct Certified {
    pub(crate) params: Vec<(f64, f64)>,
    residual_sd: f64,
    pub(crate) rsquared: f64,
    regression: [f64; 3],
    residual: [f64; 3],
    pub(crate) y: Array1<f64>,
    pub(crate) x: Array2<f64>,
}

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

pub(crate) fn read(name: &str) -> Certified {
    let path = format!("{}/tests/data/strd/lls/{name}.dat", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let starting = |start: &str| lines.iter().find(|line| line.trim_start().starts_with(start)).copied().unwrap_or("");
    let params = lines
        .iter()
        .filter(|line| line.trim_start().starts_with('B') && numbers(line).len() == 2)
        .map(|line| (numbers(line)[0], numbers(line)[1]))
        .collect();
    let analysis = |start: &str| -> [f64; 3] {
        let line = lines.iter().find(|line| line.starts_with(start) && numbers(line).len() >= 3).unwrap();
        numbers(&line.replace("Infinity", "inf"))[1..]
            .iter()
            .copied()
            .chain([0.0])
            .take(3)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    };
    let from = lines
        .iter()
        .position(|line| {
            line.starts_with("Data:") && line.contains('x') && line.contains('y') && !line.contains("Variable")
        })
        .unwrap();
    let rows: Vec<Vec<f64>> = lines[from + 1..].iter().map(|line| numbers(line)).filter(|row| row.len() >= 2).collect();
    let last = |line: &str| line.split_whitespace().last().unwrap().parse().unwrap();
    Certified {
        params,
        residual_sd: starting("Standard Deviation  ").split_whitespace().last().unwrap_or("").parse().unwrap(),
        rsquared: last(starting("R-Squared")),
        regression: analysis("Regression"),
        residual: analysis("Residual"),
        y: rows.iter().map(|row| row[0]).collect(),
        x: Array2::from_shape_fn((rows.len(), rows[0].len() - 1), |(i, j)| rows[i][j + 1]),
    }
}

/// Powers x, x², …, computed beforehand, as a user would.
fn powers(x: &Array2<f64>, degree: i32) -> Array2<f64> {
    Array2::from_shape_fn((x.nrows(), degree as usize), |(i, j)| x[[i, 0]].powi(j as i32 + 1))
}

/// −log₁₀ of the relative error (of the absolute one for a certified zero), at most 15.
pub(crate) fn digits(found: f64, certified: f64) -> f64 {
    if found == certified {
        return 15.0;
    }
    let error = if certified == 0.0 { found.abs() } else { ((found - certified) / certified).abs() };
    (-error.log10()).min(15.0)
}

/// The fewest digits over all certified quantities.
fn agreement(fit: &LinearRegression, set: &Certified) -> f64 {
    let mut fewest = 15.0_f64;
    let mut see = |found: f64, certified: f64| fewest = fewest.min(digits(found, certified));
    for (i, &(estimate, sd)) in set.params.iter().enumerate() {
        see(fit.params[i], estimate);
        see(fit.bse[i], sd);
    }
    see(fit.mse_resid.sqrt(), set.residual_sd);
    see(fit.rsquared, set.rsquared);
    see(fit.ess, set.regression[0]);
    see(fit.mse_model, set.regression[1]);
    see(fit.ssr, set.residual[0]);
    see(fit.mse_resid, set.residual[1]);
    if set.regression[2].is_finite() && set.regression[2] != 0.0 {
        see(fit.fvalue, set.regression[2]);
    }
    fewest
}

/// The certified values have 15 digits; two of them may go in rounding. Filip's powers are rounded to doubles before they come
/// here, which alone changes the solution in its eighth digit.
#[test]
fn certified_values_of_nist_are_met() {
    let cases = [
        ("Norris", 1, true, 13.0),
        ("Pontius", 2, true, 12.5),
        ("NoInt1", 1, false, 13.5),
        ("NoInt2", 1, false, 13.5),
        ("Filip", 10, true, 7.5),
        ("Longley", 0, true, 13.0),
        ("Wampler1", 5, true, 13.0),
        ("Wampler2", 5, true, 13.0),
        ("Wampler3", 5, true, 13.0),
        ("Wampler4", 5, true, 13.0),
        ("Wampler5", 5, true, 13.0),
    ];
    let mut sum = 0.0;
    for (name, degree, intercept, needed) in cases {
        let set = read(name);
        let x = if degree == 0 { set.x.clone() } else { powers(&set.x, degree) };
        let options = RegressionOptions { intercept, ..RegressionOptions::default() };
        let fit = linear_regression(x.view(), set.y.view(), &options).unwrap();
        assert_eq!(fit.params.len(), set.params.len(), "{name}");
        let found = agreement(&fit, &set);
        println!("{name:10} {found:.2}");
        assert!(found >= needed, "{name}: {found:.2} digits");
        sum += found;
    }
    println!("mean       {:.2}", sum / 11.0);
    assert!(sum / 11.0 >= 13.0, "mean {:.2}", sum / 11.0);
}

/// Fitted from x itself, the polynomials keep what their rounded powers lose. Filip's x is rounded as well, to doubles of its decimal
/// digits, but that moves the solution less.
#[test]
fn certified_polynomials_are_met_from_x_itself() {
    let cases = [
        ("Norris", 1, 13.0),
        ("Pontius", 2, 12.5),
        ("Filip", 10, 11.0),
        ("Wampler1", 5, 13.0),
        ("Wampler2", 5, 13.0),
        ("Wampler3", 5, 13.0),
        ("Wampler4", 5, 13.0),
        ("Wampler5", 5, 13.0),
    ];
    for (name, degree, needed) in cases {
        let set = read(name);
        let fit = polyfit(set.x.column(0), set.y.view(), degree, &RegressionOptions::default()).unwrap().regression;
        let found = agreement(&fit, &set);
        println!("polyfit {name:10} {found:.2}");
        assert!(found >= needed, "{name}: {found:.2} digits");
    }
}

/// A weight of three is a row that stands three times, but for the degrees of freedom; both solvers see it.
#[test]
fn weights_are_rows_that_stand_more_than_once() {
    for n in [40, 4_000] {
        let (x, y) = example(n, 3, 5);
        let weights = Array1::from_shape_fn(n, |i| 1.0 + (i % 3) as f64);
        let rows: Vec<usize> = (0..n).flat_map(|i| std::iter::repeat_n(i, 1 + i % 3)).collect();
        let (again, long) = (x.select(Axis(0), &rows), y.select(Axis(0), &rows));
        for intercept in [true, false] {
            let plain = RegressionOptions { intercept, ..RegressionOptions::default() };
            let options = RegressionOptions { weights: Some(weights.view()), ..plain };
            let weighted = linear_regression(x.view(), y.view(), &options).unwrap();
            let repeated = linear_regression(again.view(), long.view(), &plain).unwrap();
            for i in 0..weighted.params.len() {
                assert_close(weighted.params[i], repeated.params[i], 1e-12, "params");
                let factor = (repeated.df_resid / weighted.df_resid).sqrt();
                assert_close(weighted.bse[i], repeated.bse[i] * factor, 1e-12, "bse");
            }
            assert_close(weighted.ssr, repeated.ssr, 1e-12, "ssr");
            assert_close(weighted.rsquared, repeated.rsquared, 1e-12, "rsquared");
            let h = leverage(x.view(), Some(weights.view()), intercept).unwrap();
            assert!((h.sum() - weighted.params.len() as f64).abs() < 1e-10);
        }
        let negative = weights.mapv(|w| w - 2.0);
        let options = RegressionOptions { weights: Some(negative.view()), ..RegressionOptions::default() };
        let error = linear_regression(x.view(), y.view(), &options).unwrap_err().to_string();
        assert_eq!(
            error,
            "linear_regression: weights holds -1 at index 0, but weights must be positive; leave such rows out"
        );
    }
}

/// A column for each group makes the constant without having one: R² is around the mean, and F has one degree of freedom less.
#[test]
fn columns_that_make_a_constant_count_as_one() {
    for n in [60, 30_000] {
        let (x, y) = example(n, 2, 8);
        let group = |i: usize, g: usize| f64::from(u8::from(i % 3 == g));
        let all = Array2::from_shape_fn((n, 4), |(i, j)| if j < 3 { group(i, j) } else { x[[i, 0]] });
        let most = Array2::from_shape_fn((n, 3), |(i, j)| if j < 2 { group(i, j + 1) } else { x[[i, 0]] });
        for covariance in [Covariance::Classical, Covariance::Hc1] {
            let options = RegressionOptions { covariance, ..RegressionOptions::default() };
            let with = linear_regression(most.view(), y.view(), &options).unwrap();
            let options = RegressionOptions { intercept: false, ..options };
            let made = linear_regression(all.view(), y.view(), &options).unwrap();
            assert_eq!(made.df_model, with.df_model);
            assert_close(made.rsquared, with.rsquared, 1e-12, "rsquared");
            assert_close(made.fvalue, with.fvalue, 1e-10, "fvalue");
        }
    }
}

/// Between certain and perfect: residuals of a billionth of y keep their digits, however many rows there are.
#[test]
fn small_residuals_keep_their_digits() {
    for n in [100, 20_000] {
        let (x, noise) = example(n, 4, 12);
        let slopes = array![1.0, -2.0, 3.0, 0.5];
        let options = RegressionOptions::default();
        // Numbers of few bits, so that y is what it says.
        let x = x.mapv(|v| (v * 1024.0).round() / 1024.0);
        let noise = noise.mapv(|v| (v * 1024.0).round() / 2f64.powi(40));
        let y = x.dot(&slopes) + &noise;
        let fit = linear_regression(x.view(), y.view(), &options).unwrap();
        let of_noise = linear_regression(x.view(), noise.view(), &options).unwrap();
        assert_close(fit.ssr, of_noise.ssr, 1e-7, "ssr");
        assert!(!fit.perfect_fit);
    }
}

fn example(n: usize, k: usize, seed: u64) -> (Array2<f64>, Array1<f64>) {
    let mut stream = Stream::seeded(seed);
    let x = Array2::from_shape_simple_fn((n, k), || 3.0 + stream.normal());
    let y = x.sum_axis(Axis(1)) + Array1::from_shape_simple_fn(n, || stream.normal());
    (x, y)
}

fn assert_close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance * b.abs().max(1e-300), "{what}: {a} is not {b}");
}

/// Both solvers see the same rows: once as they are, once repeated so often that the fast one takes them.
#[test]
fn many_rows_agree_with_few() {
    for intercept in [true, false] {
        let options = RegressionOptions { intercept, ..RegressionOptions::default() };
        let (x, y) = example(400, 6, 3);
        let times = 40;
        let (n, df) = (400.0, 400.0 - if intercept { 7.0 } else { 6.0 });
        let stack = ndarray::concatenate(Axis(0), &vec![x.view(); times]).unwrap();
        let long: Array1<f64> = std::iter::repeat_n(y.iter().copied(), times).flatten().collect();
        let few = linear_regression(x.view(), y.view(), &options).unwrap();
        let many = linear_regression(stack.view(), long.view(), &options).unwrap();
        let factor = (df / (n * times as f64 - n + df)).sqrt();
        for i in 0..few.params.len() {
            assert_close(many.params[i], few.params[i], 1e-13, "params");
            assert_close(many.bse[i], few.bse[i] * factor, 1e-12, "bse");
        }
        assert_close(many.ssr, few.ssr * times as f64, 1e-13, "ssr");
        assert_close(many.rsquared, few.rsquared, 1e-13, "rsquared");
        assert_close(many.condition_number().unwrap(), few.condition_number().unwrap(), 1e-10, "condition number");
        for i in 0..400 {
            // The fast solver stops when fitted values move by less than 1e-13 of the residuals' size, which is one here.
            assert!((many.resid[i] - few.resid[i]).abs() < 5e-13);
        }
        let (h, all) = (leverage(x.view(), None, intercept).unwrap(), leverage(stack.view(), None, intercept).unwrap());
        (0..400).for_each(|i| assert_close(all[i] * times as f64, h[i], 1e-12, "leverage"));

        let robust = RegressionOptions { covariance: Covariance::Hc0, ..options };
        let few = linear_regression(x.view(), y.view(), &robust).unwrap();
        let many = linear_regression(stack.view(), long.view(), &robust).unwrap();
        for i in 0..few.params.len() {
            assert_close(many.bse[i] * (times as f64).sqrt(), few.bse[i], 1e-12, "HC0");
        }
        assert_close(many.fvalue / times as f64, few.fvalue, 1e-11, "Wald");
    }
}

#[test]
fn extreme_units_change_nothing_but_units() {
    let (x, y) = example(30, 3, 9);
    let options = RegressionOptions::default();
    let fit = linear_regression(x.view(), y.view(), &options).unwrap();
    for (scale_x, scale_y) in [(1e200, 1e100), (1e-200, 1e-100), (1e150, 1e-140)] {
        let scaled = linear_regression(x.mapv(|v| v * scale_x).view(), y.mapv(|v| v * scale_y).view(), &options);
        match scaled {
            Ok(scaled) => {
                assert_close(scaled.rsquared, fit.rsquared, 1e-12, "rsquared");
                assert_close(scaled.fvalue, fit.fvalue, 1e-12, "fvalue");
                (0..4).for_each(|i| assert_close(scaled.tvalues[i], fit.tvalues[i], 1e-12, "tvalues"));
            }
            Err(error) => assert!(matches!(error, Error::Invalid { .. }), "{error}"),
        }
    }
    assert!(matches!(
        linear_regression(x.view(), y.mapv(|v| v * 1e200).view(), &options),
        Err(Error::Invalid { argument: "y", .. })
    ));
}

#[test]
fn a_perfect_fit_is_flagged() {
    let x = array![[1.0, 4.0], [2.0, -1.0], [3.0, 3.0], [4.0, 0.0], [5.0, 7.0]];
    let y = x.column(0).mapv(|v| 2.0 * v + 1.0);
    let fit = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
    assert!(fit.perfect_fit);
    assert_eq!((fit.params[0], fit.params[1], fit.rsquared), (1.0, 2.0, 1.0));
    assert!(fit.tvalues.iter().all(|t| !t.is_nan()) && fit.pvalues.iter().all(|p| !p.is_nan()));
}

#[test]
fn a_constant_of_ones_own_counts_as_one() {
    let (x, y) = example(20, 2, 4);
    let mut with_ones = Array2::ones((20, 3));
    with_ones.slice_mut(s![.., 1..]).assign(&x);
    let added = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
    let options = RegressionOptions { intercept: false, ..RegressionOptions::default() };
    let own = linear_regression(with_ones.view(), y.view(), &options).unwrap();
    assert_close(own.rsquared, added.rsquared, 1e-14, "rsquared");
    assert_close(own.fvalue, added.fvalue, 1e-13, "fvalue");
    (0..3).for_each(|i| assert_close(own.params[i], added.params[i], 1e-14, "params"));
    let error = linear_regression(with_ones.view(), y.view(), &RegressionOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "linear_regression: X has a constant column (column 0 is 1 everywhere), which cannot be told from the intercept; leave it \
         out, or pass intercept=False"
    );
}

#[test]
fn dependent_columns_are_named() {
    let (mut x, y) = example(30, 3, 5);
    let sum = &x.column(0) * 2.0 - &x.column(1) * 0.5 + 3.0;
    x.column_mut(2).assign(&sum);
    let names = ["age".to_string(), "height".to_string(), "score".to_string()];
    let options = RegressionOptions { names: Some(&names), ..RegressionOptions::default() };
    let error = linear_regression(x.view(), y.view(), &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "linear_regression: X has 4 columns but rank 3: column 2 (\"score\") is, to within rounding, 3 × the intercept + 2 × column 0 \
         (\"age\") + -0.5 × column 1 (\"height\"); leave one of them out, since their effects cannot be told apart"
    );
    // The same with so many rows that the fast solver sees them first.
    let (mut x, y) = example(20_000, 3, 6);
    let twice = &x.column(0) * 1e3;
    x.column_mut(1).assign(&twice);
    assert!(matches!(
        linear_regression(x.view(), y.view(), &RegressionOptions::default()),
        Err(Error::RankDeficient { rank: 3, columns: 4, .. })
    ));
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let (x, y) = example(10, 2, 8);
    let options = RegressionOptions::default();
    let refused =
        |x: &Array2<f64>, y: &Array1<f64>| linear_regression(x.view(), y.view(), &options).unwrap_err().to_string();
    assert_eq!(refused(&x, &Array1::zeros(9)), "linear_regression: y is a vector of 9, but X is 10×2");
    let mut missing = x.clone();
    missing[[4, 1]] = f64::NAN;
    assert!(refused(&missing, &y).starts_with("linear_regression: X holds NaN (a missing value) at row 4, column 1"));
    let mut infinite = y.clone();
    infinite[7] = f64::INFINITY;
    assert!(refused(&x, &infinite).starts_with("linear_regression: y holds infinity at index 7"));
    assert!(
        refused(&x, &Array1::from_elem(10, 2.5)).starts_with("linear_regression: y is constant (every value is 2.5)")
    );
    let few = x.slice(s![..3, ..]).to_owned();
    assert_eq!(refused(&few, &array![1.0, 2.0, 3.0]), "linear_regression: X has 3 rows, but at least 4 are needed");
    assert!(refused(&Array2::zeros((10, 0)), &y).contains("at least 1"));
    assert!(refused(&Array2::zeros((10, 1)), &y).contains("zero everywhere"));
    let (mut many, long) = example(50_000, 3, 1);
    many[[33_333, 2]] = f64::NAN;
    assert!(refused(&many, &long).contains("row 33333, column 2"));
    let level = RegressionOptions { confidence_level: 1.0, ..options };
    assert!(linear_regression(x.view(), y.view(), &level).is_err());
    // One row alone decides a coefficient: its error cannot be seen.
    let mut single = Array2::zeros((6, 1));
    single[[2, 0]] = 1.0;
    let robust = RegressionOptions { covariance: Covariance::Hc3, ..options };
    let error = linear_regression(single.view(), array![1.0, 2.0, 9.0, 1.5, 2.5, 2.0].view(), &robust).unwrap_err();
    assert!(error.to_string().contains("row 2 has leverage 1"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn identities(n in 12_usize..60, k in 1_usize..6, seed: u64, intercept: bool, shift in -1e4..1e4) {
        let (x, y) = example(n, k, seed);
        let x = x.mapv(|v| v + shift);
        let options = RegressionOptions { intercept, ..RegressionOptions::default() };
        let fit = linear_regression(x.view(), y.view(), &options).unwrap();
        // Residuals are orthogonal to every column.
        let size = x.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
        for j in 0..k {
            let product: f64 = x.column(j).dot(&fit.resid);
            prop_assert!(product.abs() <= 1e-13 * n as f64 * size * y.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
        }
        prop_assert!((&fit.fittedvalues + &fit.resid - &y).iter().all(|e| e.abs() <= 1e-13 * size));
        // y's column by column changes change β as they must.
        let moved = linear_regression(x.view(), (&y + &(&x.column(0) * 2.0)).view(), &options).unwrap();
        let first = usize::from(intercept);
        prop_assert!((moved.params[first] - fit.params[first] - 2.0).abs() <= 1e-9);
        // Leverages lie between 0 and 1 and add up to the number of coefficients.
        let h = leverage(x.view(), None, intercept).unwrap();
        prop_assert!(h.iter().all(|&h| (-1e-12..=1.0 + 1e-12).contains(&h)));
        prop_assert!((h.sum() - fit.params.len() as f64).abs() <= 1e-11);
        // F of one coefficient is its squared t.
        if k == 1 && intercept {
            prop_assert!((fit.fvalue / fit.tvalues[1].powi(2) - 1.0).abs() <= 1e-9);
            prop_assert!((fit.f_pvalue / fit.pvalues[1] - 1.0).abs() <= 1e-8);
        }
    }
}

/// Both solvers refuse a y that does not vary, though its mean is rounded.
#[test]
fn a_constant_response_is_refused_at_every_size() {
    let mut stream = Stream::seeded(4);
    for n in [50, 30_000] {
        let x = Array2::from_shape_simple_fn((n, 3), || stream.normal());
        let y = Array1::from_elem(n, 0.1);
        let found = linear_regression(x.view(), y.view(), &RegressionOptions::default());
        assert!(matches!(found, Err(Error::Constant { .. })), "{n}: {:?}", found.map(|fit| fit.rsquared));
    }
}

/// A column of ones without an intercept has no other coefficient to be tested.
#[test]
fn a_constant_alone_has_no_explained_mean_square() {
    let options = RegressionOptions { intercept: false, ..RegressionOptions::default() };
    let fit = linear_regression(Array2::ones((4, 1)).view(), array![1.0, 2.0, 4.0, 8.0].view(), &options).unwrap();
    assert_eq!((fit.params[0], fit.df_model), (3.75, 0.0));
    assert!(fit.mse_model.is_nan() && fit.fvalue.is_nan());
}
