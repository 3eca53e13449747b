use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;

fn go() -> std::result::Result<(), Error> {
    Ok(())
}

/// P of a plane, term by term.
fn primal(model: &LinearSvc, x: &Array2<f64>, codes: &[usize], costs: &[f64], weights: &[f64], bias: f64) -> f64 {
    let penalty = model.intercept_scaling.map_or(0.0, |s| (bias / s) * (bias / s));
    let mut sum = 0.5 * (weights.iter().map(|w| w * w).sum::<f64>() + penalty);
    for i in 0..codes.len() {
        let y = if codes[i] == 1 { 1.0 } else { -1.0 };
        let z = x.row(i).iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias;
        let short = (1.0 - y * z).max(0.0);
        sum += costs[i] * if model.loss == SvmLoss::Hinge { short } else { short * short };
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_nearby_plane_is_better_and_the_gap_says_so(
        seed in 0_u64..1000,
        n in 4_usize..80,
        columns in 1_usize..6,
        c in prop::sample::select(vec![1e-3, 1.0, 1e3]),
        hinge: bool,
        scaling in prop::sample::select(vec![None, Some(1.0), Some(30.0)]),
        spread in prop::sample::select(vec![1.0, 1e3]),
    ) {
        let mut stream = Stream::seeded(seed);
        let codes: Vec<usize> = (0..n).map(|i| i % 2).collect();
        let x = Array2::from_shape_fn((n, columns), |(i, j)| (stream.normal() + codes[i] as f64) * if j == 0 { spread } else { 1.0 });
        let costs: Vec<f64> = (0..n).map(|i| c * (1.0 + (i % 3) as f64)).collect();
        let weights: Vec<f64> = costs.iter().map(|cost| cost / c).collect();
        let loss = if hinge { SvmLoss::Hinge } else { SvmLoss::SquaredHinge };
        let model = LinearSvc { c, loss, intercept_scaling: scaling, ..LinearSvc::default() };
        let fit = model.fit(x.view(), &codes, 2, Some(&weights), &[1.0, 1.0], &stream, go).unwrap();
        let found = &fit[0];
        prop_assert!(found.plane.stop != StopReason::MaxIter);
        // Where rounding ends the search on columns of unlike scales, the gap says how much is left.
        let limit = if found.plane.stop == StopReason::Precision { 1e-6 } else { 1e-7 };
        prop_assert!(found.gap <= limit * found.objective, "{} {} {:?}", found.gap, found.objective, found.plane.stop);
        let at = |w: &[f64], b: f64| primal(&model, &x, &codes, &costs, w, b);
        let (w, b) = (found.plane.weights.clone(), found.plane.bias);
        prop_assert!((at(&w, b) - found.objective).abs() <= 1e-11 * found.objective);
        for _ in 0..20 {
            let moved: Vec<f64> = w.iter().map(|w| w + 1e-3 * stream.normal()).collect();
            let shift = if scaling.is_some() { 1e-3 * stream.normal() } else { 0.0 };
            prop_assert!(at(&moved, b + shift) >= found.objective - found.gap - 1e-12 * found.objective);
        }
        let history = found.plane.history.as_ref().unwrap();
        prop_assert_eq!(history.loss.len(), history.errors.len());
        // Coordinate descent, which is kept for many features, ends at the same plane.
        let rows = Rows::new("test", x.view()).unwrap();
        if c <= 1.0 && spread == 1.0 && scaling != Some(30.0) {
            let problem = Problem {
                rows: &rows, y: signs(&codes, 1), costs, loss, scaling: scaling.unwrap_or(0.0), tol: 1e-9, max_iter: 20_000,
            };
            let other = coordinate::solve(&problem, stream, &mut Recorder::new(false, &[], 0.0), &mut || Ok(())).unwrap();
            prop_assert!((problem.primal(&other.margins) - found.objective).abs() <= 1e-8 * found.objective);
        }
    }
}

#[test]
fn planes_of_three_classes_heed_their_own_weight() {
    let x = array![[0.0], [1.0], [4.0], [5.0], [8.0], [9.0]];
    let codes = [0, 0, 1, 1, 2, 2];
    let stream = Stream::seeded(0);
    let model = LinearSvc::default();
    let fit = model.fit(x.view(), &codes, 3, None, &[1.0, 5.0, 1.0], &stream, go).unwrap();
    assert_eq!(fit.len(), 3);
    let second: Vec<usize> = codes.iter().map(|&code| usize::from(code == 1)).collect();
    let alone = model.fit(x.view(), &second, 2, None, &[1.0, 5.0], &stream, go).unwrap();
    assert_eq!(fit[1].plane.weights, alone[0].plane.weights);
}

#[test]
fn many_features_are_solved_by_coordinates() {
    let mut stream = Stream::seeded(1);
    let codes: Vec<usize> = (0..30).map(|i| i % 2).collect();
    let x = Array2::from_shape_simple_fn((30, 700), || stream.normal());
    for loss in [SvmLoss::Hinge, SvmLoss::SquaredHinge] {
        let fit = LinearSvc { loss, ..LinearSvc::default() }
            .fit(x.view(), &codes, 2, None, &[1.0, 1.0], &stream, go)
            .unwrap();
        assert_eq!((fit[0].solver, fit[0].plane.stop), ("coordinate descent", StopReason::Converged));
        assert!(fit[0].gap <= 1e-10 * fit[0].objective);
    }
}

#[test]
fn odd_problems_have_answers_or_errors() {
    let stream = Stream::seeded(0);
    for loss in [SvmLoss::Hinge, SvmLoss::SquaredHinge] {
        let model = LinearSvc { loss, ..LinearSvc::default() };
        let fit = |x: Array2<f64>, weights: Option<&[f64]>| {
            model.fit(x.view(), &[0, 1], 2, weights, &[1.0, 1.0], &stream, go)
        };
        let still = fit(array![[0.0], [0.0]], None).unwrap();
        assert_eq!(still[0].plane.weights, [0.0]);
        assert!(still[0].plane.bias.abs() < 1e-9);
        let error = fit(array![[1e200], [0.0]], None).unwrap_err().to_string();
        assert!(error.starts_with("LinearSVC.fit: X holds values so large that their squares overflow"), "{error}");
        let nothing = fit(array![[1.0], [2.0]], Some(&[0.0, 0.0])).unwrap();
        assert_eq!((nothing[0].objective, nothing[0].plane.bias), (0.0, 0.0));
        assert!(fit(array![[1.0], [2.0]], Some(&[1.0, -1.0])).is_err());
        assert!(fit(array![[1e-200], [2e-200]], None).unwrap()[0].plane.weights[0].is_finite());
    }
}

/// However the columns are scaled, the minimum is found, or not claimed.
#[test]
fn planes_of_unlike_scales_end_with_small_gaps_or_say_that_they_do_not() {
    let mut stream = Stream::seeded(3);
    let codes: Vec<usize> = (0..100).map(|i| i % 2).collect();
    let plain = Array2::from_shape_fn((100, 4), |(i, _)| stream.normal() + codes[i] as f64);
    let fit = |loss: SvmLoss, x: &Array2<f64>| {
        let model = LinearSvc { loss, ..LinearSvc::default() };
        model.fit(x.view(), &codes, 2, None, &[1.0, 1.0], &Stream::seeded(0), go).unwrap().remove(0)
    };
    let rescaled = |scales: [f64; 4], offset: f64| {
        Array2::from_shape_fn((100, 4), |(i, j)| (plain[(i, j)] + if j == 3 { offset } else { 0.0 }) * scales[j])
    };
    for loss in [SvmLoss::Hinge, SvmLoss::SquaredHinge] {
        let mixed = [[1.0, 1e7, 1e-3, 1e4], [40.0, 1e6, 1.0, 1.6e9]];
        for scales in [[1e3; 4], [1e5; 4], [1e7; 4], [1e10; 4], [1e-5; 4]].into_iter().chain(mixed) {
            for offset in [0.0, 3.0] {
                let found = fit(loss, &rescaled(scales, offset));
                let (gap, objective) = (found.gap, found.objective);
                assert!(gap <= 1e-6 * objective, "{loss:?} {scales:?} {offset}: {gap} of {objective}");
                assert!(matches!(found.plane.stop, StopReason::Converged | StopReason::Precision));
            }
        }
        for scale in [1e20, 1e50, 1e100] {
            let found = fit(loss, &rescaled([scale; 4], 0.0));
            // w = 0 costs C a row.
            assert!(found.objective <= 100.0);
            assert!(found.gap <= 1e-6 * found.objective || found.plane.stop == StopReason::NoProgress);
        }
    }
}
