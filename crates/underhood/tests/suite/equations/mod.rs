//! Differential equations: DETEST and stiff problems against their end values, exact solutions, events, and what goes wrong.

mod problems;

use problems::{Problem, detest, ends, stiff};
use proptest::prelude::*;
use underhood::Error;
use underhood::calculus::equations::{
    Crossing, Direction, Event, Method, Options, Solution, Stop, solve_ivp, solve_ivp_with,
};

type Slope = fn(f64, &[f64], &mut [f64]);

fn solved(slope: Slope, span: (f64, f64), start: &[f64], options: &Options) -> Solution {
    let f = |t: f64, y: &[f64], into: &mut [f64]| {
        slope(t, y, into);
        Ok::<_, Error>(())
    };
    solve_ivp(f, span, start, options).expect("the arguments are good")
}

/// The largest error at the end, in units of the tolerance, and the evaluations.
fn measured(problem: &Problem, method: Method, tolerance: f64, end: &[f64]) -> (f64, usize) {
    let atol = vec![tolerance * problem.atol];
    let options = Options { method, rtol: tolerance, atol, ..Options::default() };
    let found = solved(problem.slope, problem.span, &problem.start, &options);
    assert!(found.stop.success(), "{}: {}", problem.name, found.stop);
    let errors = found.last().iter().zip(end);
    let worst = errors.map(|(found, end)| (found - end).abs() / (tolerance * (problem.atol + end.abs())));
    (worst.fold(0.0, f64::max), found.function_evaluations)
}

/// SciPy's DOP853 solves 21, 18 and 19 within ten times the tolerance, with this many evaluations.
#[test]
fn detest_to_ten_times_the_tolerance() {
    let ends = ends();
    for (tolerance, most) in [(1e-4, 6710), (1e-7, 12602), (1e-10, 25646)] {
        for method in [Method::Eighth, Method::Auto] {
            let (mut within, mut evaluations, mut line) = (0, 0, String::new());
            for problem in detest() {
                let (error, count) = measured(&problem, method, tolerance, &ends[problem.name]);
                within += usize::from(error <= 10.0);
                evaluations += count;
                line += &format!(" {} {error:.2}", problem.name);
            }
            println!("{} at {tolerance:e}: {within} of 25, {evaluations} evaluations:{line}", method.name());
            assert!(within >= 22, "{}: {within} at {tolerance:e}", method.name());
            assert!(evaluations <= most, "{}: {evaluations} evaluations at {tolerance:e}", method.name());
        }
    }
}

#[test]
fn order_five_keeps_to_its_tolerance() {
    let ends = ends();
    for problem in detest() {
        let (error, _) = measured(&problem, Method::Fifth, 1e-8, &ends[problem.name]);
        assert!(error < 1000.0, "{}: {error}", problem.name);
    }
}

#[test]
fn stiff_problems_are_right() {
    let ends = ends();
    for method in [Method::Radau, Method::Auto] {
        for tolerance in [1e-4, 1e-7] {
            for problem in stiff() {
                let (error, count) = measured(&problem, method, tolerance, &ends[problem.name]);
                println!("{} {} at {tolerance:e}: {error:.2}, {count} evaluations", method.name(), problem.name);
                assert!(error <= 100.0, "{} by {} at {tolerance:e}: {error}", problem.name, method.name());
            }
        }
    }
}

fn oscillator(_: f64, y: &[f64], slope: &mut [f64]) {
    (slope[0], slope[1]) = (y[1], -y[0]);
}

#[test]
fn the_solution_between_the_steps_is_as_good_as_at_them() {
    for (method, allowed) in
        [(Method::Fifth, 1e-6), (Method::Eighth, 1e-7), (Method::Radau, 1e-5), (Method::Kutta, 2e-6)]
    {
        let step = (method == Method::Kutta).then_some(0.05);
        let options = Options { method, rtol: 1e-8, atol: vec![1e-8], dense: true, step, ..Options::default() };
        for span in [(0.0, 10.0), (3.0, -4.0)] {
            let found = solved(oscillator, span, &[span.0.sin(), span.0.cos()], &options);
            let dense = found.dense.as_ref().expect("it was asked for");
            for i in 0..=1000 {
                let t = span.0 + (span.1 - span.0) * f64::from(i) / 1000.0;
                let y = dense.at(t).expect("inside");
                let error = (y[0] - t.sin()).abs().max((y[1] - t.cos()).abs());
                assert!(error < allowed, "{} at {t}: {error:e}", method.name());
            }
            assert!(dense.at(span.1 + (span.1 - span.0)).is_err() && dense.at(f64::NAN).is_err());
            // Both ends of a step come out as they are.
            for (t, y) in found.times.iter().zip(found.values.chunks(2)) {
                assert_eq!(dense.at(*t).expect("inside"), y);
            }
        }
    }
}

#[test]
fn constant_steps_have_their_orders() {
    for (method, order) in [(Method::Euler, 1.0), (Method::Kutta, 4.0)] {
        let error = |step: f64| {
            let options = Options { method, step: Some(step), ..Options::default() };
            let found = solved(|_, y, f| f[0] = y[0], (0.0, 1.0), &[1.0], &options);
            assert_eq!(found.steps, (1.0 / step).round() as usize);
            (found.last()[0] - std::f64::consts::E).abs()
        };
        let observed = (error(0.02) / error(0.01)).log2();
        assert!((observed - order).abs() < 0.1, "{}: {observed}", method.name());
    }
    let options = Options { method: Method::Euler, step: Some(0.3), ..Options::default() };
    let found = solved(|_, _, f| f[0] = 1.0, (0.0, 1.0), &[0.0], &options);
    assert_eq!(found.steps, 4); // the last is shorter
    assert!((found.last()[0] - 1.0).abs() < 1e-15 && found.times[4] == 1.0);
}

#[test]
fn times_that_were_asked_for_are_given() {
    let times: Vec<f64> = (0..=50).map(|i| f64::from(i) / 5.0).collect();
    let options = Options { times: Some(times.clone()), ..Options::default() };
    let found = solved(oscillator, (0.0, 10.0), &[0.0, 1.0], &options);
    assert_eq!(found.times, times);
    for (t, y) in times.iter().zip(found.values.chunks(2)) {
        assert!((y[0] - t.sin()).abs() < 1e-6, "{t}");
    }
    let options = Options { times: Some(vec![]), ..Options::default() };
    assert!(solved(oscillator, (0.0, 1.0), &[0.0, 1.0], &options).times.is_empty());
    assert_eq!(solved(oscillator, (2.0, 2.0), &[0.0, 1.0], &Options::default()).values, [0.0, 1.0]);
}

fn watched(crossing: Crossing, g: fn(f64, &[f64]) -> f64, end: f64) -> Solution {
    let mut f = |t: f64, y: &[f64], into: &mut [f64]| {
        oscillator(t, y, into);
        Ok::<_, Error>(())
    };
    let event = Event { function: Box::new(move |t, y| Ok(g(t, y))), crossing };
    let options = Options { rtol: 1e-10, atol: vec![1e-12], ..Options::default() };
    solve_ivp_with(&mut f, None, vec![event], (0.0, end), &[0.0, 1.0], &options).expect("the arguments are good")
}

#[test]
fn events_are_found_where_they_are() {
    use std::f64::consts::PI;
    let near = |found: &[f64], expected: &[f64]| {
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    };
    // sin is zero at the start, which is no crossing.
    near(&watched(Crossing::default(), |_, y| y[0], 10.0).event_times[0], &[PI, 2.0 * PI, 3.0 * PI]);
    let falling = Crossing { direction: Direction::Falling, terminal: None };
    near(&watched(falling, |_, y| y[0], 10.0).event_times[0], &[PI, 3.0 * PI]);
    let second = Crossing { direction: Direction::Either, terminal: Some(2) };
    let found = watched(second, |_, y| y[0], 10.0);
    near(&found.event_times[0], &[PI, 2.0 * PI]);
    assert_eq!(found.stop, Stop::Event(0));
    assert_eq!(found.times.last(), found.event_times[0].last());
    assert!((found.last()[1] - 1.0).abs() < 1e-8);
    // Two crossings in one step of order 8, whose ends have the same sign.
    let brief = watched(Crossing::default(), |t, _| (t - 5.0).abs() - 0.2, 10.0);
    near(&brief.event_times[0], &[4.8, 5.2]);
    // A signal that is not a number has no zeros.
    assert!(watched(Crossing::default(), |_, _| f64::NAN, 10.0).event_times[0].is_empty());
    near(&watched(Crossing::default(), |_, y| y[0], -4.0).event_times[0], &[-PI]);
}

#[test]
fn what_goes_wrong_is_named() {
    let options = Options::default();
    let stop = |slope: Slope, start: f64, end: f64| solved(slope, (0.0, end), &[start], &options).stop;
    match stop(|_, y, f| f[0] = y[0] * y[0], 1.0, 2.0) {
        Stop::BlowUp { t, .. } => assert!((t - 1.0).abs() < 1e-6, "{t}"),
        other => panic!("{other:?}"),
    }
    for slope in
        [|_, y: &[f64], f: &mut [f64]| f[0] = y[0].exp(), |_, y: &[f64], f: &mut [f64]| f[0] = 1.0 + y[0] * y[0]]
    {
        assert!(matches!(stop(slope, 0.0, 3.0), Stop::BlowUp { .. }));
    }
    match stop(|_, y, f| f[0] = y[0], 1.0, 1000.0) {
        Stop::Overflow { t } => assert!((t - 709.782_712_893).abs() < 1e-3, "{t}"),
        other => panic!("{other:?}"),
    }
    match stop(|t, y, f| f[0] = if t > 0.7 { f64::NAN } else { -y[0] }, 1.0, 1.0) {
        Stop::NotFinite { t, .. } => assert!((t - 0.7).abs() < 1e-6, "{t}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(stop(|_, _, f| f[0] = f64::INFINITY, 1.0, 1.0), Stop::NotFinite { t: 0.0, .. }));
    // The slope of a square root is infinite where it ends.
    assert!(!stop(|_, y, f| f[0] = -1.0 / y[0], 1.0, 1.0).success());
    let few = Options { max_steps: 10, ..Options::default() };
    let found = solved(|t, _, f| f[0] = (100.0 * t).sin(), (0.0, 100.0), &[0.0], &few);
    assert!(matches!(found.stop, Stop::TooManySteps { .. }) && found.stop.status() == -1);
    // An explicit method that is held back by stiffness says so.
    let held = Options { method: Method::Fifth, max_steps: 1000, ..Options::default() };
    let found = solved(|t, y, f| f[0] = -1e6 * (y[0] - t.cos()), (0.0, 10.0), &[1.0], &held);
    assert!(matches!(found.stop, Stop::TooManySteps { stiff: true, .. }), "{:?}", found.stop);
}

#[test]
fn stiffness_is_noticed_and_its_end_too() {
    // Fast relaxation to a curve, switched off after t = 10.
    let slope: Slope = |t, y, f| {
        f[0] = if t < 10.0 { -1e5 * (y[0] - t.cos()) } else { 0.0 } - y[0] * 0.01 + (5.0 * y[1]).sin();
        f[1] = 1.0;
    };
    let found = solved(slope, (0.0, 40.0), &[1.0, 0.0], &Options::default());
    assert!(found.stop.success());
    let methods: Vec<Method> = found.phases.iter().map(|phase| phase.method).collect();
    assert_eq!(methods[..3], [Method::Eighth, Method::Radau, Method::Eighth], "{:?}", found.phases);
    // Nothing of the kind where there is none.
    let found = solved(oscillator, (0.0, 100.0), &[0.0, 1.0], &Options::default());
    assert_eq!(found.phases.len(), 1);
}

#[test]
fn a_given_jacobian_saves_evaluations() {
    let mut f = |t: f64, y: &[f64], into: &mut [f64]| {
        into[0] = -1000.0 * (y[0] - t.sin());
        Ok::<_, Error>(())
    };
    let mut matrix = |_: f64, _: &[f64], into: &mut [f64]| {
        into[0] = -1000.0;
        Ok::<_, Error>(())
    };
    let options = Options { method: Method::Radau, ..Options::default() };
    let by_differences = solve_ivp_with(&mut f, None, vec![], (0.0, 10.0), &[0.0], &options).expect("good");
    let given = solve_ivp_with(&mut f, Some(&mut matrix), vec![], (0.0, 10.0), &[0.0], &options).expect("good");
    assert!(given.function_evaluations < by_differences.function_evaluations);
    let exact = |t: f64| (1e6 * t.sin() - 1e3 * t.cos()) / (1e6 + 1.0);
    assert!((given.last()[0] - exact(10.0)).abs() < 1e-6 && (by_differences.last()[0] - exact(10.0)).abs() < 1e-6);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused = |span: (f64, f64), start: &[f64], options: Options| {
        let f = |_: f64, _: &[f64], _: &mut [f64]| Ok::<_, Error>(());
        solve_ivp(f, span, start, &options).expect_err("it makes no sense").to_string()
    };
    let good = Options::default;
    assert!(refused((0.0, f64::NAN), &[1.0], good()).contains("t_span"));
    assert!(refused((0.0, 1.0), &[], good()).contains("y0"));
    assert!(refused((0.0, 1.0), &[f64::INFINITY], good()).contains("y0"));
    assert!(refused((0.0, 1.0), &[1.0], Options { rtol: -1.0, ..good() }).contains("rtol"));
    assert!(refused((0.0, 1.0), &[1.0], Options { rtol: 1e-17, ..good() }).contains("rtol"));
    assert!(refused((0.0, 1.0), &[1.0; 3], Options { atol: vec![1.0; 2], ..good() }).contains("atol"));
    assert!(refused((0.0, 1.0), &[1.0], Options { rtol: 0.0, atol: vec![0.0], ..good() }).contains("atol"));
    assert!(refused((0.0, 1.0), &[1.0], Options { first_step: Some(2.0), ..good() }).contains("first_step"));
    assert!(refused((0.0, 1.0), &[1.0], Options { max_step: 0.0, ..good() }).contains("max_step"));
    assert!(refused((0.0, 1.0), &[1.0], Options { max_steps: 0, ..good() }).contains("max_steps"));
    assert!(refused((0.0, 1.0), &[1.0], Options { step: Some(0.1), ..good() }).contains("step"));
    assert!(refused((0.0, 1.0), &[1.0], Options { times: Some(vec![2.0]), ..good() }).contains("t_eval"));
    assert!(refused((0.0, 1.0), &[1.0], Options { times: Some(vec![0.5, 0.2]), ..good() }).contains("t_eval"));
    assert!(Method::from_name("BDF").is_err_and(|error| error.to_string().contains("\"Radau\"")));
}

#[test]
fn a_callers_error_comes_out_as_it_went_in() {
    #[derive(Debug)]
    enum Mine {
        Own(usize),
        Core,
    }
    impl From<Error> for Mine {
        fn from(_: Error) -> Self {
            Mine::Core
        }
    }
    let mut calls = 0;
    let f = |_: f64, _: &[f64], _: &mut [f64]| {
        calls += 1;
        if calls == 20 { Err(Mine::Own(calls)) } else { Ok(()) }
    };
    assert!(matches!(
        solve_ivp(f, (0.0, 1e6), &[1.0], &Options { max_step: 1.0, ..Options::default() }),
        Err(Mine::Own(20))
    ));
    let f = |_: f64, _: &[f64], _: &mut [f64]| Ok::<_, Mine>(());
    assert!(matches!(solve_ivp(f, (0.0, 1.0), &[], &Options::default()), Err(Mine::Core)));
}

proptest! {
    /// Linear systems of a turning and a growing or dying pair have solutions in closed form; forward and back again is where it began.
    #[test]
    fn linear_systems(rate in -2.0..1.0_f64, turn in -5.0..5.0_f64, end in 0.1..4.0_f64, angle in 0.0..6.0_f64) {
        let start = [angle.cos(), angle.sin()];
        let f = |_: f64, y: &[f64], into: &mut [f64]| {
            (into[0], into[1]) = (rate * y[0] - turn * y[1], turn * y[0] + rate * y[1]);
            Ok::<_, Error>(())
        };
        for method in [Method::Auto, Method::Fifth, Method::Radau] {
            let options = Options { method, rtol: 1e-9, atol: vec![1e-11], ..Options::default() };
            let found = solve_ivp(f, (0.0, end), &start, &options).expect("good");
            let (size, now) = ((rate * end).exp(), turn * end + angle);
            let error = (found.last()[0] - size * now.cos()).hypot(found.last()[1] - size * now.sin());
            prop_assert!(error < 1e-6 * (1.0 + size), "{}: {error:e}", method.name());
            let back = solve_ivp(f, (end, 0.0), found.last(), &options).expect("good");
            let error = (back.last()[0] - start[0]).hypot(back.last()[1] - start[1]);
            prop_assert!(error < 1e-5 * (1.0 + 1.0 / size), "{}: {error:e}", method.name());
        }
    }
}

#[test]
fn components_that_are_zero_need_no_absolute_tolerance() {
    for method in [Method::Auto, Method::Fifth, Method::Eighth, Method::Radau] {
        let options = Options { method, atol: vec![0.0], ..Options::default() };
        let found = solved(oscillator, (0.0, 10.0), &[0.0, 1.0], &options);
        assert!(found.stop.success(), "{}: {}", method.name(), found.stop);
        assert!((found.last()[0] - 10.0_f64.sin()).abs() < 1e-4, "{}: {:?}", method.name(), found.last());
        let still = solved(|_, _, f| f.fill(0.0), (0.0, 1.0), &[0.0, 0.0], &options);
        assert!(still.stop.success() && still.last() == [0.0, 0.0], "{}: {}", method.name(), still.stop);
    }
}

#[test]
fn constant_steps_are_made_however_many_they_are() {
    let options = Options { method: Method::Euler, step: Some(1e-6), times: Some(vec![1.0]), ..Options::default() };
    let found = solved(|_, y, f| f[0] = y[0], (0.0, 1.0), &[1.0], &options);
    // (1 + h)^(1/h) = e·(1 − h/2 + …)
    assert!(found.stop.success() && (found.last()[0] - 2.718_280_469).abs() < 1e-8, "{:?}", found.last());
    let options = Options { step: Some(1e-12), ..options };
    let refused = solve_ivp(|_, _, _: &mut [f64]| Ok::<_, Error>(()), (0.0, 1.0), &[1.0], &options).unwrap_err();
    assert!(refused.to_string().contains("1.000e12 steps"), "{refused}");
}

#[test]
fn a_step_that_an_error_foretold_by_accident_is_not_taken_on_trust() {
    // y = sin(kt + φ) + c e^(−λt): each once had a step of hundreds of tolerances, four times as long as the one before it.
    let problems = [
        (4.146_873_786_266_251, 3.377_721_563_087_600_3, 6.205_129_307_122_028, 19.287, 0.0),
        (0.405_627_579_330_308_03, 64.501_420_141_967_91, 5.625_527_125_832_566, 3.469, 0.0),
        (5.528_007_166_856_41, 6.229_397_597_704_579, 0.249_270_981_450_137, 19.865, 0.0),
        (0.750_201_954_417_427_3, 51.215_281_114_816_3, 0.817_198_038_817_582_6, 9.83, 1.0),
    ];
    for (decay, k, phase, end, transient) in problems {
        let exact = |t: f64| (k * t + phase).sin() + transient * (-decay * t).exp();
        let slope = |t: f64, y: &[f64], into: &mut [f64]| {
            into[0] = -decay * (y[0] - (k * t + phase).sin()) + k * (k * t + phase).cos();
            Ok::<_, Error>(())
        };
        let options = Options { method: Method::Eighth, atol: vec![1e-6], ..Options::default() };
        let found = solve_ivp(slope, (0.0, end), &[exact(0.0)], &options).expect("the arguments are good");
        let errors =
            found.times.iter().zip(&found.values).map(|(t, y)| (y - exact(*t)).abs() / (1e-6 + 1e-6 * y.abs()));
        let worst = errors.fold(0.0, f64::max);
        assert!(worst <= 30.0, "{decay} {k}: {worst}");
    }
}
