//! Fits against numbers from outside, identities of the maximum, and what is refused.

use ndarray::{Array1, Array2, array};

use super::*;

fn logistic(x: &Array2<f64>, y: &Array1<f64>, options: &GlmOptions<'_>) -> Result<GeneralisedLinearModel, Error> {
    logistic_regression(x.view(), y.view(), options, &mut || Ok(()))
}

fn poisson(x: &Array2<f64>, y: &Array1<f64>) -> Result<GeneralisedLinearModel, Error> {
    poisson_regression(x.view(), y.view(), None, None, &GlmOptions::default(), &mut || Ok(()))
}

/// Numbers that look like chance, the same every time.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn sample(n: usize, k: usize, family: Family) -> (Array2<f64>, Array1<f64>) {
    let mut next = noise(7);
    let x = Array2::from_shape_fn((n, k), |_| next() + next() - next() - next());
    let y = x.rows().into_iter().map(|row| {
        let eta =
            0.3 + row.iter().enumerate().map(|(j, v)| v * (0.8 - 0.3 * j as f64)).sum::<f64>() / (k as f64).sqrt();
        let (mu, u) = (family.mean(eta), next());
        match family {
            Family::Binomial => f64::from(u8::from(u < mu)),
            Family::Poisson => (mu * (0.5 + u)).round(),
        }
    });
    (x.clone(), y.collect())
}

/// With one column of zeros and ones the fit is the fourfold table: log odds ratio ln(ad/bc), with variance 1/a + 1/b + 1/c + 1/d (Woolf 1955).
#[test]
fn a_fourfold_table_has_woolfs_variance() {
    let table = [(1.0, 1.0, 12), (1.0, 0.0, 5), (0.0, 1.0, 7), (0.0, 0.0, 16)];
    let rows: Vec<(f64, f64)> = table.iter().flat_map(|&(x, y, n)| std::iter::repeat_n((x, y), n)).collect();
    let x = Array2::from_shape_fn((40, 1), |(i, _)| rows[i].0);
    let y: Array1<f64> = rows.iter().map(|r| r.1).collect();
    let fit = logistic(&x, &y, &GlmOptions::default()).unwrap();
    let odds: f64 = 12.0 * 16.0 / (5.0 * 7.0);
    assert!((fit.params[1] - odds.ln()).abs() < 1e-14);
    assert!((fit.bse[1].powi(2) - (1.0 / 12.0 + 1.0 / 5.0 + 1.0 / 7.0 + 1.0 / 16.0)).abs() < 1e-14);
    let split = |yes: f64, n: f64| yes * (yes / n).ln() + (n - yes) * (1.0 - yes / n).ln();
    assert!((fit.llf - split(12.0, 17.0) - split(7.0, 23.0)).abs() < 1e-13);
    assert!((fit.llnull - split(19.0, 40.0)).abs() < 1e-13);
    assert!((fit.llr - 2.0 * (fit.llf - fit.llnull)).abs() < 1e-12);
    // The counts by group: rates, with variance 1/total + 1/total.
    let (x, y) = (array![[0.0], [0.0], [1.0], [1.0], [1.0]], array![3.0, 5.0, 2.0, 9.0, 7.0]);
    let fit = poisson(&x, &y).unwrap();
    assert!((fit.params[0] - 4.0_f64.ln()).abs() < 1e-14 && (fit.params[1] - 1.5_f64.ln()).abs() < 1e-14);
    assert!((fit.bse[1].powi(2) - (1.0 / 8.0 + 1.0 / 18.0)).abs() < 1e-14);
}

/// At the maximum the score Zᵀ(y − μ) is zero, whichever path the rows took: doubled precision, kept columns, columns made anew, a start from a part.
#[test]
fn the_score_is_zero_to_rounding() {
    for family in [Family::Binomial, Family::Poisson] {
        for (n, k) in [(60, 3), (3_000, 6), (9_000, 8), (40_000, 10)] {
            let (x, y) = sample(n, k, family);
            let fit = match family {
                Family::Binomial => logistic(&x, &y, &GlmOptions::default()),
                Family::Poisson => poisson(&x, &y),
            };
            let fit = fit.unwrap();
            assert!(fit.converged && fit.iterations < 12, "{n}: {}", fit.iterations);
            let eta = x.dot(&fit.params.slice(ndarray::s![1..])) + fit.params[0];
            let residual = residuals(family, Residual::Response, y.view(), eta.view());
            let scale = residual.iter().map(|r| r.abs()).sum::<f64>();
            for column in x.columns() {
                assert!(column.dot(&residual).abs() <= 1e-13 * scale, "{n}: {}", column.dot(&residual) / scale);
            }
            assert!(residual.sum().abs() <= 1e-13 * scale);
            for (found, expected) in fit.linear_predictor.iter().zip(&eta) {
                assert!((found - expected).abs() < 1e-9);
            }
            // The information, from its definition.
            let weights =
                eta.mapv(|e| if family == Family::Poisson { e.exp() } else { family.mean(e) * family.mean(-e) });
            let z = |i: usize, j: usize| if j == 0 { 1.0 } else { x[[i, j - 1]] };
            for a in 0..=k {
                for b in 0..=k {
                    let product: f64 = (0..=k)
                        .map(|c| fit.cov_params[[a, c]] * (0..n).map(|i| weights[i] * z(i, c) * z(i, b)).sum::<f64>())
                        .sum();
                    assert!((product - f64::from(u8::from(a == b))).abs() < 3e-11, "{n}: {product}");
                }
            }
        }
    }
}

#[test]
fn units_and_origins_change_the_coefficients_as_they_must() {
    let (x, y) = sample(500, 3, Family::Binomial);
    let plain = logistic(&x, &y, &GlmOptions::default()).unwrap();
    let (scales, shifts) = ([1e-140, 1e145, 1.0], [0.0, 0.0, 1e9]);
    let moved = Array2::from_shape_fn(x.dim(), |(i, j)| (x[[i, j]] + shifts[j]) * scales[j]);
    let fit = logistic(&moved, &y, &GlmOptions::default()).unwrap();
    for j in 0..3 {
        // Adding 10⁹ leaves seven digits of the column, which the others feel a little: NumPy finds 3.2e-10 less for the second, too.
        let tolerance = [1e-11, 1e-9, 1e-5][j];
        let ratio = fit.params[j + 1] * scales[j] / plain.params[j + 1];
        assert!((ratio - 1.0).abs() < tolerance, "{j}: {ratio:e}");
        assert!((fit.zvalues[j + 1] / plain.zvalues[j + 1] - 1.0).abs() < 1e-5);
    }
}

#[test]
fn robust_errors_are_the_sandwich() {
    let (x, y) = sample(200, 2, Family::Binomial);
    let options = GlmOptions { covariance: Covariance::Hc0, ..GlmOptions::default() };
    let (plain, robust) = (logistic(&x, &y, &GlmOptions::default()).unwrap(), logistic(&x, &y, &options).unwrap());
    let residual = residuals(Family::Binomial, Residual::Response, y.view(), plain.linear_predictor.view());
    let z = Array2::from_shape_fn((200, 3), |(i, j)| if j == 0 { 1.0 } else { x[[i, j - 1]] });
    let meat = z.t().dot(&(&z * &residual.mapv(|r| r * r).insert_axis(ndarray::Axis(1))));
    let expected = plain.cov_params.dot(&meat).dot(&plain.cov_params);
    assert!(robust.cov_params.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-13 * expected[[0, 0]].abs()));
    let small = GlmOptions { covariance: Covariance::Hc1, ..GlmOptions::default() };
    let ratio = logistic(&x, &y, &small).unwrap().bse[1] / robust.bse[1];
    assert!((ratio.powi(2) - 200.0 / 197.0).abs() < 1e-13);
}

#[test]
fn an_exposure_makes_rates_of_counts() {
    let (x, y, time) = (array![[0.0], [0.0], [1.0], [1.0]], array![3.0, 5.0, 2.0, 9.0], array![1.0, 3.0, 2.0, 0.5]);
    let options = GlmOptions::default();
    let go = |offset: Option<&Array1<f64>>, exposure: Option<&Array1<f64>>| {
        let (offset, exposure) = (offset.map(|o| o.view()), exposure.map(|e| e.view()));
        poisson_regression(x.view(), y.view(), offset, exposure, &options, &mut || Ok::<(), Error>(()))
    };
    let fit = go(None, Some(&time)).unwrap();
    assert!((fit.params[0] - 2.0_f64.ln()).abs() < 1e-14);
    assert!((fit.params[1] - (11.0_f64 / 2.5 / 2.0).ln()).abs() < 1e-14);
    let same = go(Some(&time.mapv(f64::ln)), None).unwrap();
    assert!((same.llf - fit.llf).abs() < 1e-13 && (same.llnull - fit.llnull).abs() < 1e-13);
    let new = predict(x.view(), fit.params.view(), fit.cov_root.view(), Family::Poisson, None, 0.9).unwrap();
    assert!((new.predicted[0] - 2.0).abs() < 1e-13 && new.lower[0] < 2.0 && new.upper[0] > 2.0);
    assert!(go(None, Some(&array![1.0, 0.0, 1.0, 1.0])).unwrap_err().to_string().contains("exposure is 0"));
}

#[test]
fn separation_is_refused_by_the_column_that_separates() {
    let names = ["age".to_string(), "dose".to_string()];
    let options = GlmOptions { names: Some(&names), ..GlmOptions::default() };
    let age = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    let with = |other: [f64; 8]| Array2::from_shape_fn((8, 2), |(i, j)| if j == 0 { age[i] } else { other[i] });
    let y = array![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let said = |x: &Array2<f64>, y: &Array1<f64>| logistic(x, y, &options).unwrap_err().to_string();
    let message = said(&with([1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 4.0, 6.0]), &y);
    assert!(
        message.contains("perfectly: column 1 (\"dose\") is at most 3 where y is 0 and at least 4 where y is 1"),
        "{message}"
    );
    let y = array![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    let message = said(&with([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]), &y);
    assert!(
        message.contains("but for ties: column 1 (\"dose\") is at most 0 where y is 0 and at least 0"),
        "{message}"
    );
    // Neither column alone, but their difference.
    let other = [2.5, 0.5, 3.0, 2.0, 4.0, 9.5, 1.0, 7.0];
    let y: Array1<f64> = (0..8).map(|i| f64::from(u8::from(age[i] > other[i]))).collect();
    let message = said(&with(other), &y);
    assert!(
        message.contains("a combination of column 0 (\"age\") and column 1 (\"dose\") tells 0 from 1"),
        "{message}"
    );
    // Counts: nothing ever happens where the dose is 1.
    let (x, y) = (with([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]), array![2.0, 0.0, 1.0, 3.0, 1.0, 0.0, 0.0, 0.0]);
    let found = poisson_regression(x.view(), y.view(), None, None, &options, &mut || Ok::<(), Error>(()));
    let message = found.unwrap_err().to_string();
    assert!(message.contains("column 1 (\"dose\") is 0 wherever y is positive"), "{message}");
}

#[test]
fn many_separated_rows_are_refused_too_and_near_separation_is_not() {
    let mut next = noise(3);
    let x = Array2::from_shape_fn((30_000, 4), |_| next() - 0.5);
    let sum = x.column(0).to_owned() + x.column(1);
    let y = sum.mapv(|s| f64::from(u8::from(s > 0.1)));
    let message = logistic(&x, &y, &GlmOptions::default()).unwrap_err().to_string();
    assert!(message.contains("separates the classes"), "{message}");
    let mut one_off = y;
    let low = (0..30_000).find(|&i| sum[i] < 0.0).unwrap();
    one_off[low] = 1.0;
    let fit = logistic(&x, &one_off, &GlmOptions::default()).unwrap();
    assert!(fit.converged && fit.params[1] > 5.0);
}

#[test]
fn what_has_no_answer_is_refused_with_names() {
    let (x, y) = sample(30, 2, Family::Binomial);
    let said = |x: &Array2<f64>, y: &Array1<f64>| logistic(x, y, &GlmOptions::default()).unwrap_err().to_string();
    assert!(said(&x, &Array1::ones(30)).contains("y is constant (every value is 1)"));
    assert!(said(&x, &(&y * 2.0)).contains("but each value must be 0 or 1"));
    assert!(said(&x, &Array1::ones(29)).contains("logistic_regression: y is a vector of 29"));
    let twice = Array2::from_shape_fn((30, 2), |(i, j)| x[[i, 0]] * (j + 1) as f64);
    assert!(said(&twice, &y).contains("logistic_regression: X has 3 columns but rank 2"));
    assert!(poisson(&x, &(&y - 0.5)).unwrap_err().to_string().contains("exposure"));
    assert!(poisson(&x, &Array1::zeros(30)).unwrap_err().to_string().contains("y is constant"));
    let mut calls = 0;
    let stopped = logistic_regression(x.view(), y.view(), &GlmOptions::default(), &mut || {
        calls += 1;
        if calls == 3 {
            Err(Error::Invalid { function: "test", argument: "x", problem: "stop".into() })
        } else {
            Ok(())
        }
    });
    assert!(stopped.unwrap_err().to_string().contains("stop"));
    let few = GlmOptions { max_iter: 2, ..GlmOptions::default() };
    assert!(!logistic(&x, &y, &few).unwrap().converged);
}

/// Both spellings of three groups are one model, with the group's proportions as its probabilities: its null model has a constant.
#[test]
fn indicators_of_all_groups_are_a_constant() {
    // Few rows, in doubled precision, and many, whose Gram matrix is made in blocks.
    for n in [60, 30_000] {
        let y: Array1<f64> = (0..n).map(|i| f64::from(u8::from((i / 3) % 10 < 3 + 2 * (i % 3)))).collect();
        let indicator = |i: usize, j: usize| f64::from(u8::from(i % 3 == j));
        let all = Array2::from_shape_fn((n, 3), |(i, j)| indicator(i, j));
        let but_first = Array2::from_shape_fn((n, 2), |(i, j)| indicator(i, j + 1));
        let none = GlmOptions { intercept: false, ..GlmOptions::default() };
        let (one, other) =
            (logistic(&all, &y, &none).unwrap(), logistic(&but_first, &y, &GlmOptions::default()).unwrap());
        assert!(one.df_model == 2.0 && other.df_model == 2.0);
        let entropy = |p: f64| -(p * p.ln() + (1.0 - p) * (1.0 - p).ln());
        let expected = 2.0 * n as f64 * (entropy(0.5) - (entropy(0.3) + entropy(0.5) + entropy(0.7)) / 3.0);
        for fit in [&one, &other] {
            assert!((fit.llr / expected - 1.0).abs() < 1e-11, "{n}: {}", fit.llr);
        }
        assert!((one.params[0] - (3.0_f64 / 7.0).ln()).abs() < 1e-13);
        // Without one of the groups 1 is out of reach.
        let two = logistic(&but_first, &y, &none).unwrap();
        assert!(two.df_model == 2.0 && (two.llnull + n as f64 * 2.0_f64.ln()).abs() < 1e-9 * n as f64);
    }
}

/// Columns with a condition number of some hundreds: standard errors in the mixed basis beside those of the doubled precision.
#[test]
fn somewhat_dependent_columns_cost_no_digits() {
    let (plain, y) = sample(4_000, 6, Family::Binomial);
    let mut x = plain.clone();
    for i in 0..4_000 {
        x[[i, 5]] = plain[[i, 0]] + plain[[i, 1]] + 0.02 * plain[[i, 5]];
    }
    let independent = logistic(&plain, &y, &GlmOptions::default()).unwrap();
    let fit = logistic(&x, &y, &GlmOptions::default()).unwrap();
    assert!(
        fit.scaled_condition_number > 100.0 && fit.scaled_condition_number < 1e3,
        "{}",
        fit.scaled_condition_number
    );
    // The same span: β₅ = 50·β₅', β₀ and β₁ less that.
    assert!((fit.llf / independent.llf - 1.0).abs() < 1e-14);
    assert!(
        (fit.bse[6] / (50.0 * independent.bse[6]) - 1.0).abs() < 2e-12,
        "{:e}",
        fit.bse[6] / (50.0 * independent.bse[6]) - 1.0
    );
    assert!((fit.bse[3] / independent.bse[3] - 1.0).abs() < 1e-12);
}

/// Overlapping classes with one value far away: it is named, and no column is said to separate; true separation is still refused.
#[test]
fn an_outlier_is_no_separation() {
    let mut next = noise(11);
    let close: Vec<f64> = (0..41).map(|_| next() + next() + next() - 1.5).collect();
    let y: Array1<f64> = (0..41).map(|i| f64::from(u8::from(i % 2 == 0))).collect();
    let fit = |far: f64| {
        let x = Array2::from_shape_fn((41, 1), |(i, _)| if i == 0 { far } else { close[i] });
        logistic(&x, &y, &GlmOptions::default())
    };
    for far in [1e10, -1e10, -1e9, -1e8] {
        let message = fit(far).unwrap_err().to_string();
        assert!(message.contains("at row 0") && message.contains("an outlier?"), "{message}");
    }
    // A slope that the other rows resist stays where the outlier holds it; one that they want is that of the other rows alone.
    assert!(fit(1e9).unwrap().converged && fit(1e8).unwrap().converged);
    let (held, free) = (fit(1e3).unwrap(), fit(-1e3).unwrap());
    assert!(held.converged && held.params[1] < 0.01 && free.converged && free.params[1] < -0.3);
    let x = Array2::from_shape_fn((41, 1), |(i, _)| if i == 0 { 1e10 } else { close[i] });
    let y: Array1<f64> = x.column(0).mapv(|v| f64::from(u8::from(v > 0.1)));
    let message = logistic(&x, &y, &GlmOptions::default()).unwrap_err().to_string();
    assert!(message.contains("separates the classes perfectly: column 0"), "{message}");
}
