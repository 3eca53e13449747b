//! Gradients against differences, the critical rate on both sides, both rules beside plain loops.

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;

fn go() -> Result<(), Error> {
    Ok(())
}

fn data(n: usize, p: usize) -> (Array2<f64>, Vec<usize>) {
    let mut stream = Stream::seeded(11);
    let codes: Vec<usize> = (0..n).map(|i| i % 2).collect();
    let x = Array2::from_shape_fn((n, p), |(i, j)| stream.normal() + (codes[i] * (j + 1)) as f64 + 3.0);
    (x, codes)
}

/// The loss as its definition says it.
fn plain_loss(x: &Array2<f64>, signs: &[f64], weights: &[f64], bias: f64) -> f64 {
    let squares = x.outer_iter().zip(signs).map(|(row, y)| {
        let z: f64 = row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias;
        (y - z) * (y - z)
    });
    squares.sum::<f64>() / x.nrows() as f64
}

#[test]
fn loss_and_gradient_agree_with_the_definition_and_with_differences() {
    // Few columns go through the moments, more columns than rows through passes.
    for (n, p) in [(50, 3), (40, 60)] {
        let (x, codes) = data(n, p);
        let rows = Rows::new("test", x.view()).unwrap();
        let shared = Data::new("test", &rows, (&codes, 2), None, true).unwrap();
        let y = weighted_signs(&codes, 1, None);
        let mut loss = shared.loss(1, &y);
        let weights: Vec<f64> = (0..p).map(|j| 0.1 * f64::from(j as u32 % 7) - 0.2).collect();
        let mut gradient = vec![0.0; p + 1];
        let value = loss.evaluate(&weights, 0.3, &mut gradient).loss;
        let expected = plain_loss(&x, &y, &weights, 0.3);
        assert!((value - expected).abs() <= 1e-12 * expected, "{value} {expected}");
        for j in 0..=p {
            // A quadratic has no third derivative: central differences err by rounding only.
            let at = |h: f64| {
                let mut moved = weights.clone();
                let bias = if j == p { 0.3 + h } else { 0.3 };
                if j < p {
                    moved[j] += h;
                }
                plain_loss(&x, &y, &moved, bias)
            };
            let difference = (at(0.5) - at(-0.5)) / 1.0;
            assert!((gradient[j] - difference).abs() <= 1e-9 * difference.abs().max(1.0), "{j}");
        }
    }
}

#[test]
fn the_stochastic_rule_makes_the_textbook_steps() {
    let (x, codes) = data(30, 9);
    let model = Adaline {
        solver: AdalineSolver::Stochastic,
        learning_rate: Some(1e-3),
        shuffle: false,
        max_iter: 3,
        tol: None,
        ..Adaline::default()
    };
    let fit = model.fit(x.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap();
    let (mut weights, mut bias) = (vec![0.0; 9], 0.0);
    for _ in 0..3 {
        for (row, &code) in x.outer_iter().zip(&codes) {
            let y = if code == 1 { 1.0 } else { -1.0 };
            let z: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() + bias;
            weights.iter_mut().zip(row).for_each(|(w, x)| *w += 2.0 * 1e-3 * (y - z) * x);
            bias += 2.0 * 1e-3 * (y - z);
        }
    }
    for (found, expected) in fit.planes[0].weights.iter().zip(&weights) {
        assert!((found - expected).abs() <= 1e-13, "{found} {expected}");
    }
    assert!((fit.planes[0].bias - bias).abs() <= 1e-13);
}

#[test]
fn a_rate_far_too_large_stops_with_finite_weights_and_the_reason() {
    let (x, codes) = data(400, 5);
    for solver in [AdalineSolver::Batch, AdalineSolver::Stochastic] {
        for rate in [1.0, 1e200] {
            let model = Adaline { solver, learning_rate: Some(rate), ..Adaline::default() };
            let fit = model.fit(x.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap();
            let plane = &fit.planes[0];
            assert!(matches!(plane.stop, StopReason::Diverged | StopReason::Overflow), "{solver:?} {rate}");
            assert!(plane.bias.is_finite() && plane.weights.iter().all(|w| w.is_finite()));
            let history = plane.history.as_ref().unwrap();
            assert!(history.loss.iter().all(|loss| loss.is_finite()));
            assert_eq!(history.loss.len(), plane.epochs);
            assert_eq!(history.errors.len(), plane.epochs);
        }
    }
}

#[test]
fn batch_descent_ends_at_the_least_squares_solution() {
    // x = −1, 0, 1 with y = −1, 1, 1: slope Σxy/Σx² = 1, bias the mean 1/3.
    let x = array![[-1.0], [0.0], [1.0]];
    let model = Adaline { tol: Some(1e-12), ..Adaline::default() };
    let fit = model.fit(x.view(), &[0, 1, 1], 2, None, &Stream::seeded(0), go).unwrap();
    let plane = &fit.planes[0];
    assert_eq!(plane.stop, StopReason::Converged);
    assert!((plane.weights[0] - 1.0).abs() < 1e-11);
    assert!((plane.bias - 1.0 / 3.0).abs() < 1e-11);
}

#[test]
fn lanczos_finds_the_same_critical_rate() {
    let (x, codes) = data(60, 8);
    // As many copies of the columns as make the matrix wide: each copy adds its squares to the eigenvalue.
    let wide = ndarray::concatenate(ndarray::Axis(1), &[x.view(); 10]).unwrap();
    let narrow = &x * 10_f64.sqrt();
    let critical = |x: &Array2<f64>| {
        let rows = Rows::new("test", x.view()).unwrap();
        Data::new("test", &rows, (&codes, 2), None, true).unwrap().critical_rate
    };
    assert!((critical(&wide) / critical(&narrow) - 1.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn below_the_critical_rate_the_loss_never_rises_and_above_it_diverges(seed in 0_u64..1000, p in 1_usize..6) {
        let mut stream = Stream::seeded(seed);
        let codes: Vec<usize> = (0..40).map(|i| i % 2).collect();
        let x = Array2::from_shape_fn((40, p), |_| 2.0 * stream.normal() + 0.5);
        let run = |factor: f64| {
            let rows = Rows::new("test", x.view()).unwrap();
            let critical = Data::new("test", &rows, (&codes, 2), None, true).unwrap().critical_rate;
            // No tolerance: with next to nothing along the steepest direction, descent passes by the minimum before it turns away.
            let learning_rate = Some(factor * critical);
            let model = Adaline { learning_rate, max_iter: 4000, tol: None, ..Adaline::default() };
            model.fit(x.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap().planes.remove(0)
        };
        let below = run(0.999).history.unwrap().loss;
        // The loss lies between 0 and 1: a few roundings of 1 are its noise.
        prop_assert!(below.windows(2).all(|pair| pair[1] <= pair[0] + 4e-15));
        prop_assert_eq!(run(1.01).stop, StopReason::Diverged);
    }
}

#[test]
fn a_step_out_of_the_range_of_doubles_is_no_perfect_loss() {
    // From one step to the next the loss overflows: its terms are infinities of both signs.
    let x = array![[1.0, 3.0], [-1.0, 2.0], [0.5, -4.0]];
    for exponent in [150, 155, 160, 200, 300] {
        let model = Adaline { learning_rate: Some(10_f64.powi(exponent)), ..Adaline::default() };
        let fit = model.fit(x.view(), &[0, 1, 1], 2, None, &Stream::seeded(0), go).unwrap();
        let plane = &fit.planes[0];
        assert!(matches!(plane.stop, StopReason::Overflow | StopReason::Diverged), "{exponent}: {:?}", plane.stop);
        assert!(plane.history.as_ref().unwrap().loss.iter().all(|&loss| loss > 0.0), "{exponent}");
    }
}

#[test]
fn exact_is_where_descent_ends_and_takes_the_shortest_of_many_planes() {
    for (n, p) in [(60, 4), (10, 30)] {
        let (x, codes) = data(n, p);
        let weights: Vec<f64> = (0..n).map(|i| f64::from(i as u32 % 3)).collect();
        for fit_intercept in [true, false] {
            let exact = Adaline { solver: AdalineSolver::Exact, fit_intercept, ..Adaline::default() };
            let fit = exact.fit(x.view(), &codes, 2, Some(&weights), &Stream::seeded(0), go).unwrap();
            let plane = &fit.planes[0];
            let history = plane.history.as_ref().unwrap();
            assert!(history.gradient_norm[0] < 1e-11, "{}", history.gradient_norm[0]);
            let descent = Adaline { fit_intercept, tol: Some(1e-9), max_iter: 200_000, ..Adaline::default() };
            let other = descent.fit(x.view(), &codes, 2, Some(&weights), &Stream::seeded(0), go).unwrap();
            let length = |w: &[f64]| crate::simd::dot(w, w).sqrt();
            assert!(length(&plane.weights) <= length(&other.planes[0].weights) * (1.0 + 1e-6));
        }
    }
}

#[test]
fn far_from_zero_descent_does_not_claim_to_have_arrived() {
    let (near, codes) = data(100, 2);
    let x = near + 1e12;
    let fit = Adaline::default().fit(x.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap();
    assert_eq!(fit.planes[0].stop, StopReason::MaxIter);
    let exact = Adaline { solver: AdalineSolver::Exact, ..Adaline::default() };
    let plane = exact.fit(x.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap().planes.remove(0);
    assert!(plane.history.unwrap().loss[0] < 1.0);
}
