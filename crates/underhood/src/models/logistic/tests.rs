//! Derivatives against differences, both solvers against each other, and known solutions.

use ndarray::{Array2, array};

use super::*;
use crate::random::Stream;

fn go() -> Result<(), Error> {
    Ok(())
}

fn data(n: usize, p: usize, classes: usize) -> (Array2<f64>, Vec<usize>) {
    let mut stream = Stream::seeded(5);
    let codes: Vec<usize> = (0..n).map(|i| i % classes).collect();
    let x = Array2::from_shape_fn((n, p), |(i, j)| 2.0 * stream.normal() + (codes[i] * (j + 1)) as f64 + 100.0);
    (x, codes)
}

#[test]
fn gradient_and_hessian_agree_with_differences() {
    for classes in [2, 3] {
        let (x, codes) = data(300, 3, classes);
        let rows = Rows::new("test", x.view()).unwrap();
        let scaling = Scaling::of("test", &rows, true).unwrap();
        let examples = Examples { rows: &rows, codes: &codes, classes, weights: None };
        let penalty = Penalty { absolute: 0.0, quadratic: 0.01 };
        let mut objective = Objective::new(examples, &scaling, penalty);
        let m = 4 * if classes == 2 { 1 } else { classes };
        let theta: Vec<f64> = (0..m).map(|j| 0.3 * f64::from(j as u32 % 5) - 0.5).collect();
        let mut gradient = vec![0.0; m];
        let mut hessian = Array2::zeros((m, m));
        objective.evaluate(&theta, &mut gradient, Some(&mut hessian));
        for j in 0..m {
            // Central differences with h = 1e-4 err by h² and by rounding/h.
            let h = 1e-4;
            let mut at = |step: f64| {
                let mut moved = theta.clone();
                moved[j] += step;
                let mut gradient = vec![0.0; m];
                (objective.evaluate(&moved, &mut gradient, None).loss, gradient)
            };
            let (up, down) = (at(h), at(-h));
            assert!((gradient[j] - (up.0 - down.0) / (2.0 * h)).abs() < 1e-7);
            // The term that makes the Hessian invertible stands between biases only.
            for i in (0..m).filter(|i| i % 4 != 3 || j % 4 != 3) {
                assert!((hessian[(i, j)] - (up.1[i] - down.1[i]) / (2.0 * h)).abs() < 1e-6, "{i} {j}");
            }
        }
    }
}

#[test]
fn the_cheap_parts_of_the_hessian_are_parts_of_it() {
    for classes in [2, 3] {
        let (x, codes) = data(300, 3, classes);
        let rows = Rows::new("test", x.view()).unwrap();
        let scaling = Scaling::of("test", &rows, true).unwrap();
        let weights: Vec<f64> = (0..300).map(|i| f64::from(i as u32 % 4)).collect();
        for weights in [None, Some(&weights[..])] {
            let examples = Examples { rows: &rows, codes: &codes, classes, weights };
            let mut objective = Objective::new(examples, &scaling, Penalty { absolute: 0.0, quadratic: 0.01 });
            let planes = examples.planes();
            let theta: Vec<f64> = (0..4 * planes).map(|j| 0.3 * f64::from(j as u32 % 5) - 0.5).collect();
            let mut hessian = Array2::zeros((4 * planes, 4 * planes));
            objective.evaluate(&theta, &mut vec![0.0; 4 * planes], Some(&mut hessian));
            let (blocks, diagonal) = (objective.own_curvatures(&theta), objective.diagonal(&theta));
            for k in 0..planes {
                for (i, j) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))) {
                    // With several planes a term that only their sum feels is added between the biases.
                    let shift = planes > 1 && i == 3 && j == 3;
                    let whole = hessian[(4 * k + i, 4 * k + j)];
                    assert!((blocks[k][(i, j)] - whole).abs() < 1e-14 || shift, "{classes} {k} {i} {j}");
                }
                for j in 0..4 {
                    assert!((diagonal[4 * k + j] - blocks[k][(j, j)]).abs() < 1e-14);
                }
            }
        }
    }
}

#[test]
fn newton_and_lbfgs_meet_at_the_same_minimum() {
    for classes in [2, 3, 4] {
        let (x, codes) = data(200, 4, classes);
        let fit = |solver| {
            let model = LogisticRegression { solver, ..LogisticRegression::default() };
            model.fit(x.view(), &codes, classes, None, go).unwrap()
        };
        let (newton, lbfgs) = (fit(LogisticSolver::Newton), fit(LogisticSolver::Lbfgs));
        for found in [&newton, &lbfgs] {
            assert!(matches!(found.stop, StopReason::Converged | StopReason::Precision), "{:?}", found.stop);
            assert!(found.gradient_norm < 1e-9, "{}", found.gradient_norm);
        }
        assert!((&newton.weights - &lbfgs.weights).iter().all(|d| d.abs() < 1e-7));
        assert!((newton.loss - lbfgs.loss).abs() < 1e-14);
        assert_eq!(newton.history.unwrap().loss.len(), newton.iterations + 1);
    }
}

#[test]
fn many_rows_start_from_a_part_and_end_at_the_same_minimum() {
    let (x, codes) = data(20_000, 3, 2);
    let model = LogisticRegression::default();
    let whole = model.fit(x.view(), &codes, 2, None, go).unwrap();
    assert_eq!(whole.stop, StopReason::Converged);
    // Another order of the rows gives another part to start from.
    let mut order: Vec<usize> = (0..20_000).collect();
    order.sort_by_key(|&i| codes[i]);
    let sorted = x.select(ndarray::Axis(0), &order);
    let sorted_codes: Vec<usize> = order.iter().map(|&i| codes[i]).collect();
    let other = model.fit(sorted.view(), &sorted_codes, 2, None, go).unwrap();
    assert!((&whole.weights - &other.weights).iter().all(|d| d.abs() < 1e-9));
}

#[test]
fn with_a_bias_alone_the_probability_is_the_share() {
    // A constant column carries no information: its weight is 0 and the bias ln(3/1).
    let x = array![[7.0], [7.0], [7.0], [7.0]];
    let fit = LogisticRegression::default().fit(x.view(), &[1, 1, 0, 1], 2, None, go).unwrap();
    assert!(fit.weights[(0, 0)].abs() < 1e-12);
    // The gradient is within 1e-10 of zero and the curvature 3/16: the bias is within 6e-10.
    assert!((fit.bias[0] - 3_f64.ln()).abs() < 6e-10);
}

#[test]
fn separable_classes_and_a_weak_penalty_still_converge() {
    let x = array![[-2.0], [-1.0], [1.0], [2.0]];
    let model = LogisticRegression { c: 1e8, ..LogisticRegression::default() };
    let fit = model.fit(x.view(), &[0, 0, 1, 1], 2, None, go).unwrap();
    assert!(matches!(fit.stop, StopReason::Converged | StopReason::Precision), "{:?}", fit.stop);
    // Stationarity of Σ ln(1 + e^(−y·w·x)) + w²/(2C) for this symmetric data: w = 2C·(σ(−w) + 2σ(−2w)).
    let w = fit.weights[(0, 0)];
    let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
    let residual = w - 2.0 * 1e8 * (sigma(-w) + 2.0 * sigma(-2.0 * w));
    assert!(residual.abs() < 0.1 * w, "{w} {residual}");
}

#[test]
fn tiny_columns_and_penalties_beyond_range_give_numbers() {
    for (unit, c) in [(1e-155, 1.0), (1e-158, 1e-3), (1e-130, 1e-100), (1e-10, 1e-300)] {
        let x = array![[1.0 * unit, 1.0], [2.0 * unit, -1.0], [3.0 * unit, 2.0], [4.0 * unit, 0.5]];
        let fit = LogisticRegression { c, ..LogisticRegression::default() }
            .fit(x.view(), &[0, 0, 1, 1], 2, None, go)
            .unwrap();
        assert!(fit.loss.is_finite() && fit.loss <= 2_f64.ln() * (1.0 + 1e-15), "{unit} {c}: {}", fit.loss);
        assert!(fit.weights.iter().all(|w| w.is_finite()) && fit.stop == StopReason::Converged, "{unit} {c}");
    }
}

#[test]
fn absolute_prices_meet_their_conditions_for_few_and_for_many_columns() {
    for (n, p, classes) in [(80, 5, 2), (80, 5, 3), (40, 700, 2), (40, 300, 3)] {
        let (x, codes) = data(n, p, classes);
        let weights: Vec<f64> = (0..n).map(|i| f64::from(i as u32 % 3) + 0.5).collect();
        let model = LogisticRegression { c: 0.1, l1_ratio: 1.0, ..LogisticRegression::default() };
        let fit = model.fit(x.view(), &codes, classes, Some(&weights), go).unwrap();
        assert_eq!(fit.stop, StopReason::Converged);
        assert_eq!(fit.solver, LogisticSolver::Proximal);
        assert!(fit.weights.iter().any(|&w| w == 0.0) && fit.weights.iter().any(|&w| w != 0.0));
        // The slopes of C times the sum of the log losses: within ±1 of a zero weight, −sign elsewhere.
        let z = x.dot(&fit.weights.t()) + ndarray::aview1(&fit.bias);
        let p_of = probabilities(z);
        for (k, own) in fit.weights.outer_iter().enumerate() {
            let class = if classes == 2 { 1 } else { k };
            for (j, &w) in own.iter().enumerate() {
                let residual = |i: usize| p_of[(i, class)] - if codes[i] == class { 1.0 } else { 0.0 };
                let slope = 0.1 * (0..n).map(|i| weights[i] * residual(i) * x[(i, j)]).sum::<f64>();
                let beyond = if w == 0.0 { slope.abs() - 1.0 } else { (slope + w.signum()).abs() };
                assert!(beyond < 1e-7, "{n} {p} {classes}: {beyond}");
            }
        }
    }
}

#[test]
fn classes_without_a_best_plane_are_told() {
    let free = LogisticRegression { c: f64::INFINITY, ..LogisticRegression::default() };
    let fit = |x: &Array2<f64>, codes: &[usize], classes| free.fit(x.view(), codes, classes, None, go).unwrap();
    // Apart, apart but for ties, and three classes in a row.
    for (x, codes, classes) in [
        (array![[-2.0], [-1.0], [1.0], [2.0]], vec![0, 0, 1, 1], 2),
        (array![[-2.0], [0.0], [0.0], [2.0]], vec![0, 0, 1, 1], 2),
        (array![[-2.0], [-1.9], [0.0], [0.1], [2.0], [2.1]], vec![0, 0, 1, 1, 2, 2], 3),
    ] {
        let found = fit(&x, &codes, classes);
        assert_eq!(found.stop, StopReason::Separated);
        assert!(found.weights.iter().all(|w| w.is_finite()));
    }
    assert_eq!(fit(&array![[-2.0], [1.0], [-1.0], [2.0]], &[0, 0, 1, 1], 2).stop, StopReason::Converged);
    // Three classes of which one is apart but for ties: the gradient falls below tol long before weights are large.
    let x = array![[1.0], [1.0], [0.0], [-1.0], [-1.0], [1.0], [0.0], [1.0], [-1.0], [1.0]];
    let weights = [2.0, 1.0, 1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 2.0];
    let codes = [0, 2, 2, 1, 2, 1, 0, 0, 1, 0];
    for solver in [LogisticSolver::Newton, LogisticSolver::Lbfgs] {
        let model = LogisticRegression { solver, ..free.clone() };
        assert_eq!(
            model.fit(x.view(), &codes, 3, Some(&weights), go).unwrap().stop,
            StopReason::Separated,
            "{solver:?}"
        );
    }
    // A class that no row counts for has no best bias.
    let x = array![[-2.0], [1.0], [-1.0], [2.0]];
    let error = free.fit(x.view(), &[0, 0, 1, 1], 2, Some(&[1.0, 1.0, 0.0, 0.0]), go).unwrap_err();
    assert!(error.to_string().contains("no row of class number 1 a weight"), "{error}");
}
