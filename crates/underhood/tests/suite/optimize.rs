//! Gradient descent against what is known of it: rates of convergence on quadratics, the stability limit 2/L, and why it stops.

use proptest::prelude::*;
use underhood::Error;
use underhood::optimize::{Descent, Options, Rate, Rule, Stop, gradient_descent, gradient_descent_numerical};

/// f(x) = ½ Σ aᵢ xᵢ².
fn bowl(curvatures: &[f64], x0: &[f64], options: &Options<'_>) -> Descent {
    gradient_descent(
        |x| Ok::<_, Error>(x.iter().zip(curvatures).map(|(x, a)| 0.5 * a * x * x).sum()),
        |x, gradient| {
            for i in 0..x.len() {
                gradient[i] = curvatures[i] * x[i];
            }
            Ok(())
        },
        x0,
        options,
        |_| Ok(true),
    )
    .expect("a bowl is defined everywhere")
}

fn rate(rate: f64) -> Options<'static> {
    Options { rate: Rate::Constant(rate), ..Options::default() }
}

#[test]
fn each_step_on_a_quadratic_shrinks_by_the_known_factor() {
    let descent = bowl(&[1.0, 4.0], &[1.0, 1.0], &rate(0.1));
    assert_eq!(descent.stop, Stop::Converged);
    let path = descent.path.as_ref().unwrap();
    assert_eq!(path.dim(), (descent.iterations + 1, 2));
    for (k, x) in path.rows().into_iter().enumerate() {
        assert!((x[0] - 0.9f64.powi(k as i32)).abs() < 1e-14 && (x[1] - 0.6f64.powi(k as i32)).abs() < 1e-14);
    }
    assert!(
        descent.gradient_norms[descent.iterations] <= 1e-8 && descent.gradient_norms[descent.iterations - 1] > 1e-8
    );
    assert_eq!(
        (descent.function_evaluations, descent.gradient_evaluations),
        (descent.iterations + 1, descent.iterations + 1)
    );
    assert_eq!(descent.values.len(), descent.iterations + 1);
}

#[test]
fn beyond_two_over_l_it_diverges_and_names_the_limit() {
    let descent = bowl(&[1.0, 40.0], &[1.0, 1.0], &rate(0.051));
    assert_eq!(descent.stop, Stop::Diverged);
    assert!((descent.curvature.unwrap() - 40.0).abs() < 1e-6);
    assert!(descent.message.contains("2/L = 0.05 "), "{}", descent.message);
    assert!(descent.x.iter().chain(&descent.values).chain(&descent.gradient).all(|v| v.is_finite()));
    // Divergence too slow to be done by the end of the steps is still told.
    let slow = bowl(&[1.0, 40.0], &[1.0, 1.0], &rate(0.0501));
    assert_eq!(slow.stop, Stop::MaxIter);
    assert!(slow.message.contains("rose") && slow.message.contains("2/L = 0.05 "), "{}", slow.message);
    // A run into infinity keeps its last finite point.
    let far = bowl(&[1.0], &[1e150], &rate(1e200));
    assert_eq!((far.stop, far.iterations, far.x[0]), (Stop::Diverged, 0, 1e150));
}

#[test]
fn momentum_helps_where_curvatures_differ() {
    let plain = bowl(&[1.0, 100.0], &[1.0, 1.0], &Options { max_iter: 100_000, ..rate(2.0 / 101.0) });
    // Polyak's choice for curvatures l and L: β = ((√L − √l)/(√L + √l))², η = 4/(√L + √l)².
    let heavy = Options { rule: Rule::Momentum { momentum: (9.0f64 / 11.0).powi(2) }, ..rate(4.0 / 121.0) };
    let heavy = bowl(&[1.0, 100.0], &[1.0, 1.0], &heavy);
    assert_eq!((plain.stop, heavy.stop), (Stop::Converged, Stop::Converged));
    assert!(4 * heavy.iterations < plain.iterations, "{} and {}", heavy.iterations, plain.iterations);
}

#[test]
fn it_says_why_it_stopped() {
    let none = bowl(&[1.0], &[0.0], &rate(0.1));
    assert_eq!((none.stop, none.iterations, none.curvature), (Stop::Converged, 0, None));
    let few = bowl(&[1.0], &[1.0], &Options { max_iter: 3, ..rate(0.1) });
    assert_eq!((few.stop, few.iterations), (Stop::MaxIter, 3));
    let tiny = bowl(&[1.0], &[1.0], &rate(1e-20));
    assert_eq!((tiny.stop, tiny.iterations), (Stop::Stalled, 0));
    let down = gradient_descent(
        |x| Ok::<_, Error>(-x[0] * x[0]),
        |x, gradient| {
            gradient[0] = -2.0 * x[0];
            Ok(())
        },
        &[1.0],
        &rate(1.0),
        |_| Ok(true),
    )
    .unwrap();
    assert_eq!(down.stop, Stop::Diverged);
    assert!(down.message.contains("falls without bound"), "{}", down.message);
    let watched =
        gradient_descent_numerical(|x| Ok::<_, Error>(x[0] * x[0]), &[1.0], &rate(0.1), |step| Ok(step.iteration < 5));
    let watched = watched.unwrap();
    assert_eq!((watched.stop, watched.iterations), (Stop::Asked, 5));
}

#[test]
fn numerical_gradients_lead_the_same_way() {
    let rosenbrock = |x: &[f64]| Ok::<_, Error>((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
    let slope = |x: &[f64], g: &mut [f64]| {
        g[0] = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * (x[1] - x[0] * x[0]);
        g[1] = 200.0 * (x[1] - x[0] * x[0]);
        Ok(())
    };
    let options = Options { max_iter: 200, ..rate(1e-3) };
    let exact = gradient_descent(rosenbrock, slope, &[-1.2, 1.0], &options, |_| Ok(true)).unwrap();
    let numerical = gradient_descent_numerical(rosenbrock, &[-1.2, 1.0], &options, |_| Ok(true)).unwrap();
    for (a, b) in exact.path.unwrap().iter().zip(&numerical.path.unwrap()) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
    assert_eq!(numerical.gradient_evaluations, 0);
    assert!(numerical.function_evaluations > 200 * 10);
}

#[test]
fn long_runs_need_not_keep_their_path() {
    let kept = bowl(&[1.0, 3.0], &[1.0, 1.0], &rate(0.1));
    let lean = bowl(&[1.0, 3.0], &[1.0, 1.0], &Options { keep_path: false, ..rate(0.1) });
    assert_eq!((lean.path, lean.gradients), (None, None));
    assert_eq!((lean.x, lean.values), (kept.x, kept.values));
}

#[test]
fn bad_input_is_refused_by_name() {
    let run = |x0: &[f64], options: Options<'_>| {
        gradient_descent_numerical(|x| Ok::<_, Error>(x[0].ln()), x0, &options, |_| Ok(true)).unwrap_err().to_string()
    };
    let options = Options::default();
    assert!(run(&[], options).contains("x0 has 0 values"));
    assert!(run(&[f64::NAN], options).contains("x0 holds NaN"));
    assert_eq!(run(&[-1.0], options), "gradient_descent: x0 is a point where f is NaN; start where f is finite");
    assert!(run(&[1.0], rate(0.0)).contains("learning_rate is 0"));
    assert!(run(&[1.0], rate(f64::NAN)).contains("learning_rate is NaN"));
    assert!(run(&[1.0], Options { rule: Rule::Momentum { momentum: 1.0 }, ..options }).contains("momentum is 1"));
    assert!(run(&[1.0], Options { tolerance: -1.0, ..options }).contains("tol is -1"));
}

proptest! {
    /// Plain descent on a quadratic converges below 2/L and only there.
    #[test]
    fn stability_ends_at_two_over_l(largest in 0.01..1e4f64, part in 0.05..1.0f64, factor in prop_oneof![0.3..0.9f64, 1.1..2.0f64]) {
        let options = Options { max_iter: 20_000, ..rate(factor * 2.0 / largest) };
        let descent = bowl(&[part * largest, largest], &[1.0, -2.0], &options);
        prop_assert_eq!(descent.stop, if factor < 1.0 { Stop::Converged } else { Stop::Diverged });
    }
}
