//! Derivatives of a collection of functions, against mpmath's to 20 digits (data/derivatives.tsv, made by data/derivatives.py).

use proptest::prelude::*;
use underhood::Error;
use underhood::calculus::{Doubt, Estimate, Method, Options, derivative, gradient};

type Function = fn(f64) -> f64;

/// The functions of the table, as one writes them; in the order of the generator.
const FUNCTIONS: &[(&str, Function)] = &[
    ("exp", f64::exp),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("log", f64::ln),
    ("sqrt", f64::sqrt),
    ("reciprocal", |x| 1.0 / x),
    ("square", |x| x * x),
    ("cube", |x| x * x * x),
    ("polynomial", |x| x.powi(5) - 4.0 * x.powi(3) + 2.0 * x - 1.0),
    ("runge", |x| 1.0 / (1.0 + 25.0 * x * x)),
    ("near_pole", |x| 1.0 / (1.0 - x)),
    ("log1p", f64::ln_1p),
    ("expm1", f64::exp_m1),
    ("sinh", f64::sinh),
    ("cosh", f64::cosh),
    ("tanh", f64::tanh),
    ("atan", f64::atan),
    ("asin", f64::asin),
    ("acos", f64::acos),
    ("asinh", libm::asinh),
    ("acosh", libm::acosh),
    ("atanh", libm::atanh),
    ("gauss", |x| (-x * x).exp()),
    ("logistic", |x| 1.0 / (1.0 + (-x).exp())),
    ("softplus", |x| (1.0 + x.exp()).ln()),
    ("steep_logistic", |x| 1.0 / (1.0 + (-1000.0 * (x - 0.5)).exp())),
    ("narrow_gauss", |x| (-1e6 * (x - 1.0) * (x - 1.0)).exp()),
    ("fast_sine", |x| (1e3 * x).sin()),
    ("very_fast_sine", |x| (1e6 * x).sin()),
    ("slow_sine", |x| (x / 1024.0).sin()),
    ("slow_exp", |x| (x / 1048576.0).exp()),
    ("sine_product", |x| x * x * x.sin()),
    ("damped", |x| (-x).exp() * (2.0 * x).cos()),
    ("chirp", |x| (x * x).sin()),
    ("essential", |x| (-1.0 / x).exp()),
    ("x_log_x", |x| x * x.ln()),
    ("x_to_x", |x| x.powf(x)),
    ("power", |x| x.powf(2.5)),
    ("three_halves", |x| x * x.sqrt()),
    ("offset", |x| 1e6 + x.sin()),
    ("hypotenuse", |x| (1.0 + x * x).sqrt()),
    ("rounded_corner", |x| (x * x + f64::powi(2.0, -40)).sqrt()),
    ("rational", |x| (x * x * x - 2.0) / (x * x + 1.0)),
    ("sinc", |x| x.sin() / x),
    ("log_sine", |x| (2.0 + x.sin()).ln()),
    ("log_cosh", |x| x.cosh().ln()),
    ("nested", |x| x.exp().sin()),
    ("inverse_square", |x| 1.0 / (x * x)),
    ("cosine_root", |x| x.sqrt().cos()),
];

fn infallible(f: impl Fn(f64) -> f64) -> impl FnMut(f64) -> Result<f64, Error> {
    move |x| Ok(f(x))
}

fn order(order: usize) -> Options {
    Options { order, ..Options::default() }
}

fn slope(f: impl Fn(f64) -> f64, x: f64) -> Estimate {
    derivative(infallible(f), x, &Options::default()).expect("f does not fail")
}

struct Score {
    mean_digits: f64,
    worst: (f64, String),
    honest: usize,
    falsely_converged: usize,
    not_converged: usize,
    cases: usize,
    evaluations: usize,
}

/// Runs one order over the table. A case's digits are those of the relative error, 16 at most; where the exact value is zero only
/// honesty is scored.
fn collection(p: usize) -> Score {
    let mut score = Score {
        mean_digits: 0.0,
        worst: (17.0, String::new()),
        honest: 0,
        falsely_converged: 0,
        not_converged: 0,
        cases: 0,
        evaluations: 0,
    };
    let mut scored = 0;
    let number = |text: &str| text.parse::<f64>().expect("the table holds numbers");
    for line in include_str!("../data/derivatives.tsv").lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (name, x, exact): (&str, f64, f64) = (fields[0], number(fields[1]), number(fields[1 + p]));
        if exact.is_nan() {
            continue;
        }
        let f = FUNCTIONS.iter().find(|(known, _)| *known == name).expect("the table names known functions").1;
        let estimate = derivative(infallible(f), x, &order(p)).expect("f does not fail");
        let error = (estimate.value - exact).abs();
        score.cases += 1;
        score.evaluations += estimate.evaluations;
        score.not_converged += usize::from(!estimate.converged);
        let honest = error <= estimate.error + f64::EPSILON * exact.abs();
        score.honest += usize::from(honest);
        // Wrong is: by more than ten times what was admitted, or (if nothing was) by more than a thousandth.
        let wrong = error > 10.0 * estimate.error + 4.0 * f64::EPSILON * exact.abs();
        score.falsely_converged += usize::from(estimate.converged && wrong);
        let digits = if exact == 0.0 { f64::NAN } else { (-(error / exact.abs()).log10()).clamp(0.0, 16.0) };
        if !digits.is_nan() {
            scored += 1;
            score.mean_digits += digits;
            if digits < score.worst.0 {
                score.worst = (digits, format!("{name} at {x}"));
            }
        }
    }
    score.mean_digits /= f64::from(scored);
    println!(
        "order {p}: {:.2} digits on average of {} cases, fewest {:.1} ({}); error estimate held in {}, {} not converged, {} falsely; {:.1} calls on average",
        score.mean_digits,
        score.cases,
        score.worst.0,
        score.worst.1,
        score.honest,
        score.not_converged,
        score.falsely_converged,
        score.evaluations as f64 / score.cases as f64
    );
    score
}

/// The peers, on collections like this one: numdifftools 11.7 and 6.6 digits for orders 1 and 4, SciPy 10.4 for order 1.
#[test]
fn the_collection_is_met_with_honest_errors() {
    // Measured here: 14.43, 12.83, 11.35 and 9.85. The limits leave room for other mathematical libraries' last digits.
    for (p, limit) in [(1, 14.2), (2, 12.5), (3, 11.0), (4, 9.4)] {
        let score = collection(p);
        assert!(score.cases >= 150, "order {p}: the table was read");
        assert!(score.mean_digits >= limit, "order {p}: {}", score.mean_digits);
        assert!(score.worst.0 >= 1.0, "order {p}: no digit of {}", score.worst.1);
        assert!(score.honest * 100 >= score.cases * 99, "order {p}: {} of {}", score.honest, score.cases);
        assert_eq!(score.falsely_converged, 0, "order {p}");
        assert!(score.not_converged <= 1, "order {p}: {}", score.not_converged);
    }
}

#[test]
fn corners_name_the_slopes_on_both_sides() {
    let corners: [(Function, f64, f64, f64); 4] = [
        (f64::abs, 0.0, -1.0, 1.0),
        (|x| x.max(0.0), 0.0, 0.0, 1.0),
        (|x| (x - 0.3).abs(), 0.3, -1.0, 1.0),
        (|x| if x < 2.0 { x } else { 3.0 * x - 4.0 }, 2.0, 1.0, 3.0),
    ];
    for (f, x, left, right) in corners {
        let estimate = slope(f, x);
        assert!(!estimate.converged);
        assert!((estimate.value - 0.5 * (left + right)).abs() < 1e-12, "{estimate:?}");
        assert!((estimate.error - 0.5 * (right - left)).abs() < 1e-12, "{estimate:?}");
        let Some(Doubt::Corner { left: l, right: r }) = estimate.doubt else { panic!("{estimate:?}") };
        assert!((l - left).abs() < 1e-12 && (r - right).abs() < 1e-12);
    }
    // A corner that is near is none.
    for distance in [1e-3, 1e-6, 1e-9] {
        let estimate = slope(|x| (x - distance).abs(), 0.0);
        assert!(estimate.converged && (estimate.value + 1.0).abs() < 1e-12, "{estimate:?}");
    }
}

#[test]
fn where_there_is_no_derivative_none_is_given() {
    let sign: Function = |x| if x == 0.0 { 0.0 } else { x.signum() };
    for (f, x) in [(sign, 0.0), (f64::floor as Function, 1.0), (|x| f64::from(x >= 0.0), 0.0)] {
        let estimate = slope(f, x);
        assert_eq!((estimate.doubt, estimate.error), (Some(Doubt::Jump), f64::INFINITY));
        assert!(estimate.value.is_nan() && !estimate.converged);
    }
    for f in [f64::sqrt as Function, f64::cbrt] {
        assert_eq!(slope(f, 0.0).doubt, Some(Doubt::Vertical));
    }
    let oscillating = slope(|x| if x == 0.0 { 0.0 } else { x * (1.0 / x).sin() }, 0.0);
    assert!(!oscillating.converged && oscillating.error == f64::INFINITY);
    assert!(matches!(slope(|x| x.sin() / x, 0.0).doubt, Some(Doubt::NoValue { .. })));
    assert_eq!(slope(|x| if x == 1.0 { 1.0 } else { f64::NAN }, 1.0).doubt, Some(Doubt::NoNeighbours));
    assert_eq!(slope(|x| 1.0 / x, 1e-300).doubt, Some(Doubt::TooLarge));
    assert_eq!(slope(f64::exp, f64::NAN).doubt, Some(Doubt::NoPoint));
}

#[test]
fn one_sided_quotients_serve_where_the_domain_ends() {
    let right = |x: f64| if x < 0.0 { f64::NAN } else { x.exp() };
    let estimate = slope(right, 0.0);
    assert_eq!(estimate.method, Method::Forward);
    assert!(estimate.converged && (estimate.value - 1.0).abs() <= estimate.error && estimate.error < 1e-11);
    let estimate = slope(|x| right(-x), 0.0);
    assert_eq!(estimate.method, Method::Backward);
    assert!((estimate.value + 1.0).abs() <= estimate.error);
    // Half of a squared hinge is flat, half a parabola: both sides say 0.
    let hinge = slope(|x| x.max(0.0).powi(2), 0.0);
    assert!(hinge.converged && hinge.value.abs() < 1e-40, "{hinge:?}");
}

#[test]
fn scale_is_found_from_the_smallest_to_the_largest_numbers() {
    for x in [5e-324, 1e-310, 1e-300, 1e-20, 1.0, 1e20, 1e300, 1.7e308] {
        for x in [x, -x] {
            let estimate = slope(|x| 0.5 * x, x);
            assert!(estimate.converged && (estimate.value - 0.5).abs() < 1e-14, "{x}: {estimate:?}");
        }
    }
    for x in [1e-300, 1e-100, 1e-10] {
        let estimate = slope(f64::cos, x);
        assert!(estimate.converged && (estimate.value + x).abs() <= estimate.error && estimate.error < 1e-13);
    }
    // Values near the largest double, and values too small for 16 digits.
    assert_eq!(slope(|x| 1e308 * x, 1.0).value, 1e308);
    let tiny = slope(|x| 1e-310 * x * x, 1.0);
    assert!((tiny.value - 2e-310).abs() <= tiny.error);
}

#[test]
fn samples_never_leave_the_finite_numbers() {
    derivative(
        |x: f64| {
            assert!(x.is_finite());
            Ok::<_, Error>(x)
        },
        f64::MAX,
        &Options::default(),
    )
    .unwrap();
}

#[test]
fn a_noisy_function_is_known_by_its_noise() {
    // Single precision has 7 digits; so much noise must be seen, not the 16 digits of the arithmetic.
    let single = slope(|x| f64::from((x as f32).exp()), 1.0);
    assert!((single.value - std::f64::consts::E).abs() <= single.error, "{single:?}");
    assert!(single.error < 1e-3);
    let rippled = slope(|x| x + 1e-5 * (1e8 * x).sin(), 0.3);
    let exact = 1.0 + 1e3 * 3e7f64.cos();
    assert!((rippled.value - exact).abs() <= rippled.error, "{rippled:?} {exact}");
    // A peak far narrower than the first steps, which see a flat function.
    let peak = slope(|x| (-1e12 * (x - 0.5) * (x - 0.5)).exp(), 0.5 + f64::powi(2.0, -22));
    let d = f64::powi(2.0, -22);
    assert!((peak.value / (-2e12 * d * (-1e12 * d * d).exp()) - 1.0).abs() < 1e-10, "{peak:?}");
    // Noise of few different values, as 1 + x² has near 0: log(1 + x²) has 10 digits there, not 16.
    for (a, x) in [(0.8398765071944667, 0.001203569018438789), (0.013251091292587381, -0.10390454760035121)] {
        let estimate = slope(|t| (1.0 + (a * t) * (a * t)).ln(), x);
        let exact = 2.0 * a * a * x / (1.0 + (a * x) * (a * x));
        assert!((estimate.value - exact).abs() <= estimate.error, "{estimate:?} {exact}");
    }
    // A small step inside a slope, seen at 1e-6 only.
    let hidden = slope(|x| x + 1e-8 * (1e6 * x).tanh(), 0.0);
    assert!((hidden.value - 1.01).abs() <= hidden.error, "{hidden:?}");
    // A wave with 64 periods in the first step, on a parabola.
    let wave = slope(|t| (87.1492530628041 * t).sin() + t * t, -6.691908653330106);
    assert!((wave.value - 22.89890006711631).abs() <= wave.error + 1e-12, "{wave:?}");
    // Whole periods between the first steps.
    let turns = slope(|x| (std::f64::consts::TAU * 64.0 * x).sin(), 0.0);
    assert!((turns.value / (std::f64::consts::TAU * 64.0) - 1.0).abs() < 1e-12);
}

#[test]
fn errors_of_the_function_come_out_as_they_went_in() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Core(Error),
        Own(u8),
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Mine::Core(error)
        }
    }
    let failing = |x: f64| if x > 1.0 { Err(Mine::Own(7)) } else { Ok(x) };
    assert_eq!(derivative(failing, 1.0, &Options::default()), Err(Mine::Own(7)));
    let refused = derivative(failing, 0.0, &order(5)).unwrap_err();
    let Mine::Core(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.to_string(), "derivative: order is 5, but must be 1, 2, 3 or 4");
    assert!(matches!(derivative(failing, f64::INFINITY, &order(1)), Err(Mine::Core(_))));
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let options = Options { step: Some(step), ..Options::default() };
        assert!(matches!(derivative(failing, 0.0, &options), Err(Mine::Core(_))));
    }
}

#[test]
fn gradients_have_one_entry_for_each_coordinate() {
    let rosenbrock = |x: &[f64]| Ok::<_, Error>((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
    let (x, y) = (-1.2, 1.0);
    let found = gradient(rosenbrock, &[x, y], &Options::default()).unwrap();
    let exact = [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)];
    for i in 0..2 {
        assert!((found.values[i] - exact[i]).abs() <= found.errors[i] && found.errors[i] < 1e-9, "{found:?}");
    }
    assert!(
        found.converged && found.evaluations == 1 + found.partials.iter().map(|one| one.evaluations).sum::<usize>()
    );
    assert!(gradient(rosenbrock, &[], &Options::default()).is_err());
    assert!(gradient(rosenbrock, &[f64::INFINITY, 0.0], &Options::default()).is_err());
    let missing = gradient(rosenbrock, &[f64::NAN, 0.0], &Options::default()).unwrap();
    assert!(missing.values.iter().all(|value| value.is_nan()) && !missing.converged);
}

proptest! {
    /// (f · g)′ = f′ g + f g′ and f(g)′ = f′(g) g′, within the errors that are claimed.
    #[test]
    fn product_and_chain_rules_hold(x in -3.0..3.0f64) {
        let (f, g) = (|x: f64| x.sin() + 0.5 * x, |x: f64| (0.3 * x).exp());
        let (df, dg) = (slope(f, x), slope(g, x));
        let product = slope(|x| f(x) * g(x), x);
        let bound = product.error + df.error * g(x).abs() + dg.error * f(x).abs() + 1e-14;
        prop_assert!((product.value - (df.value * g(x) + f(x) * dg.value)).abs() <= bound);
        let (chain, outer) = (slope(|x| f(g(x)), x), slope(f, g(x)));
        let bound = chain.error + outer.error * dg.value.abs() + dg.error * outer.value.abs() + 1e-14;
        prop_assert!((chain.value - outer.value * dg.value).abs() <= bound);
    }

    /// Polynomials of degree six, whose derivatives are known exactly, at any scale of x.
    #[test]
    fn monomials_at_any_scale(mantissa in 1.0..10.0f64, power in -40..40i32, degree in 1..6i32) {
        let x = mantissa * 10f64.powi(power);
        let estimate = slope(|x| x.powi(degree), x);
        let exact = f64::from(degree) * x.powi(degree - 1);
        prop_assert!((estimate.value / exact - 1.0).abs() < 1e-13);
        prop_assert!((estimate.value - exact).abs() <= estimate.error + 4.0 * f64::EPSILON * exact.abs());
    }
}

#[test]
fn kinks_are_seen_by_higher_derivatives_too() {
    let kinks: [(Function, f64); 6] = [
        (f64::abs, 0.0),
        (|x| x.abs() + x.exp(), 0.0),
        (|x| (x - 0.3).abs(), 0.3),
        (|x| x.max(2.0).powi(2), 2.0),
        (f64::floor, 1.0),
        (|x| f64::from(x >= 0.5), 0.5),
    ];
    for (f, x) in kinks {
        for p in 2..=4 {
            let estimate = derivative(infallible(f), x, &order(p)).unwrap();
            assert!(!estimate.converged && estimate.value.is_nan(), "{x}, {p}: {estimate:?}");
        }
    }
    // x·|x| has a slope at 0, but no second derivative, and so no third.
    assert!((2..=4).all(|p| !derivative(infallible(|x| x * x.abs()), 0.0, &order(p)).unwrap().converged));
    // A kink that is near is none.
    for distance in [1e-3, 0.1] {
        let estimate = derivative(infallible(|x| (x - distance).abs() + x * x), 0.0, &order(2)).unwrap();
        assert!(estimate.converged && (estimate.value - 2.0).abs() <= estimate.error.max(1e-6), "{estimate:?}");
    }
}

#[test]
fn a_slope_that_grows_like_a_logarithm_is_none() {
    // xˣ has the slope xˣ(ln x + 1), which sinks below all bounds towards 0.
    let towards_zero: [fn(f64) -> f64; 4] = [
        |x| x.powf(x),
        |x| x.powf(x) * x.exp(),
        |x| if x == 0.0 { 0.0 } else { x * x.ln() },
        |x| if x == 0.0 { 0.0 } else { x * x.abs().ln() },
    ];
    for (number, f) in towards_zero.into_iter().enumerate() {
        let found = slope(f, 0.0);
        assert!(
            !found.converged && found.value.is_nan() && found.doubt == Some(Doubt::Vertical),
            "{number}: {found:?}"
        );
    }
    // x² ln x has one.
    let found = slope(|x| if x == 0.0 { 0.0 } else { x * x * x.abs().ln() }, 0.0);
    assert!(found.value.abs() <= found.error.max(1e-12), "{found:?}");
}
