//! Minima under constraints: W. Hock and K. Schittkowski, "Test Examples for Nonlinear Programming Codes" (Springer 1981), from their starts, with
//! their least values; and what must not be claimed.

use underhood::Error;
use underhood::optimize::{ConstrainedMinimum, ConstrainedStop, Constraints, MinimizeOptions, minimize_constrained};

const FREE: f64 = f64::INFINITY;

struct Hock {
    number: usize,
    f: fn(&[f64]) -> f64,
    c: fn(&[f64]) -> Vec<f64>,
    /// So many of c are equations, the rest inequalities c ≥ 0.
    equations: usize,
    bounds: Option<(Vec<f64>, Vec<f64>)>,
    start: &'static [f64],
    least: f64,
}

fn run(problem: &Hock) -> ConstrainedMinimum {
    let count = (problem.c)(problem.start).len();
    let mut values = |x: &[f64], into: &mut [f64]| {
        into.copy_from_slice(&(problem.c)(x));
        Ok::<_, Error>(())
    };
    let upper = (0..count).map(|i| if i < problem.equations { 0.0 } else { FREE }).collect();
    let constraints = Constraints { values: &mut values, jacobian: None, lower: vec![0.0; count], upper };
    let options = MinimizeOptions { bounds: problem.bounds.clone(), ..MinimizeOptions::default() };
    let inside = |x: &[f64]| {
        if let Some((low, high)) = &problem.bounds {
            assert!(x.iter().zip(low.iter().zip(high)).all(|(x, (low, high))| low <= x && x <= high), "{x:?}");
        }
        Ok::<_, Error>((problem.f)(x))
    };
    minimize_constrained(inside, None, constraints, problem.start, &options, |_| Ok(true)).expect("a good start")
}

fn hock(
    number: usize,
    f: fn(&[f64]) -> f64,
    c: fn(&[f64]) -> Vec<f64>,
    equations: usize,
    start: &'static [f64],
    least: f64,
) -> Hock {
    Hock { number, f, c, equations, bounds: None, start, least }
}

fn between(problem: Hock, low: &[f64], high: &[f64]) -> Hock {
    Hock { bounds: Some((low.to_vec(), high.to_vec())), ..problem }
}

fn problems() -> Vec<Hock> {
    vec![
        between(
            hock(
                65,
                |x| (x[0] - x[1]).powi(2) + (x[0] + x[1] - 10.0).powi(2) / 9.0 + (x[2] - 5.0).powi(2),
                |x| vec![48.0 - x[0] * x[0] - x[1] * x[1] - x[2] * x[2]],
                0,
                &[-5.0, 5.0, 0.0],
                0.953_528_856_7,
            ),
            &[-4.5, -4.5, -5.0],
            &[4.5, 4.5, 5.0],
        ),
        hock(
            100,
            |x| {
                (x[0] - 10.0).powi(2)
                    + 5.0 * (x[1] - 12.0).powi(2)
                    + x[2].powi(4)
                    + 3.0 * (x[3] - 11.0).powi(2)
                    + 10.0 * x[4].powi(6)
                    + 7.0 * x[5].powi(2)
                    + x[6].powi(4)
                    - 4.0 * x[5] * x[6]
                    - 10.0 * x[5]
                    - 8.0 * x[6]
            },
            |x| {
                vec![
                    127.0 - 2.0 * x[0].powi(2) - 3.0 * x[1].powi(4) - x[2] - 4.0 * x[3].powi(2) - 5.0 * x[4],
                    282.0 - 7.0 * x[0] - 3.0 * x[1] - 10.0 * x[2].powi(2) - x[3] + x[4],
                    196.0 - 23.0 * x[0] - x[1].powi(2) - 6.0 * x[5].powi(2) + 8.0 * x[6],
                    -4.0 * x[0].powi(2) - x[1].powi(2) + 3.0 * x[0] * x[1] - 2.0 * x[2].powi(2) - 5.0 * x[5]
                        + 11.0 * x[6],
                ]
            },
            0,
            &[1.0, 2.0, 0.0, 4.0, 0.0, 1.0, 1.0],
            680.630_057_3,
        ),
        hock(6, |x| (1.0 - x[0]).powi(2), |x| vec![10.0 * (x[1] - x[0] * x[0])], 1, &[-1.2, 1.0], 0.0),
        hock(
            7,
            |x| (1.0 + x[0] * x[0]).ln() - x[1],
            |x| vec![(1.0 + x[0] * x[0]).powi(2) + x[1] * x[1] - 4.0],
            1,
            &[2.0, 2.0],
            -(3.0_f64.sqrt()),
        ),
        hock(
            10,
            |x| x[0] - x[1],
            |x| vec![-3.0 * x[0] * x[0] + 2.0 * x[0] * x[1] - x[1] * x[1] + 1.0],
            0,
            &[-10.0, 10.0],
            -1.0,
        ),
        hock(
            11,
            |x| (x[0] - 5.0).powi(2) + x[1] * x[1] - 25.0,
            |x| vec![x[1] - x[0] * x[0]],
            0,
            &[4.9, 0.1],
            -8.498464223,
        ),
        hock(
            12,
            |x| 0.5 * x[0] * x[0] + x[1] * x[1] - x[0] * x[1] - 7.0 * x[0] - 7.0 * x[1],
            |x| vec![25.0 - 4.0 * x[0] * x[0] - x[1] * x[1]],
            0,
            &[0.0, 0.0],
            -30.0,
        ),
        between(
            hock(
                21,
                |x| 0.01 * x[0] * x[0] + x[1] * x[1] - 100.0,
                |x| vec![10.0 * x[0] - x[1] - 10.0],
                0,
                &[-1.0, -1.0],
                -99.96,
            ),
            &[2.0, -50.0],
            &[50.0, 50.0],
        ),
        hock(
            22,
            |x| (x[0] - 2.0).powi(2) + (x[1] - 1.0).powi(2),
            |x| vec![2.0 - x[0] - x[1], x[1] - x[0] * x[0]],
            0,
            &[2.0, 2.0],
            1.0,
        ),
        hock(
            26,
            |x| (x[0] - x[1]).powi(2) + (x[1] - x[2]).powi(4),
            |x| vec![(1.0 + x[1] * x[1]) * x[0] + x[2].powi(4) - 3.0],
            1,
            &[-2.6, 2.0, 2.0],
            0.0,
        ),
        hock(
            28,
            |x| (x[0] + x[1]).powi(2) + (x[1] + x[2]).powi(2),
            |x| vec![x[0] + 2.0 * x[1] + 3.0 * x[2] - 1.0],
            1,
            &[-4.0, 1.0, 1.0],
            0.0,
        ),
        between(
            hock(
                35,
                |x| {
                    9.0 - 8.0 * x[0] - 6.0 * x[1] - 4.0 * x[2]
                        + 2.0 * x[0] * x[0]
                        + 2.0 * x[1] * x[1]
                        + x[2] * x[2]
                        + 2.0 * x[0] * x[1]
                        + 2.0 * x[0] * x[2]
                },
                |x| vec![3.0 - x[0] - x[1] - 2.0 * x[2]],
                0,
                &[0.5, 0.5, 0.5],
                1.0 / 9.0,
            ),
            &[0.0; 3],
            &[FREE; 3],
        ),
        hock(
            39,
            |x| -x[0],
            |x| vec![x[1] - x[0].powi(3) - x[2] * x[2], x[0] * x[0] - x[1] - x[3] * x[3]],
            2,
            &[2.0; 4],
            -1.0,
        ),
        hock(
            40,
            |x| -x[0] * x[1] * x[2] * x[3],
            |x| vec![x[0].powi(3) + x[1] * x[1] - 1.0, x[0] * x[0] * x[3] - x[2], x[3] * x[3] - x[1]],
            3,
            &[0.8; 4],
            -0.25,
        ),
        hock(
            43,
            |x| {
                x[0] * x[0] + x[1] * x[1] + 2.0 * x[2] * x[2] + x[3] * x[3] - 5.0 * x[0] - 5.0 * x[1] - 21.0 * x[2]
                    + 7.0 * x[3]
            },
            |x| {
                let [a, b, c, d] = [x[0] * x[0], x[1] * x[1], x[2] * x[2], x[3] * x[3]];
                vec![
                    8.0 - a - b - c - d - x[0] + x[1] - x[2] + x[3],
                    10.0 - a - 2.0 * b - c - 2.0 * d + x[0] + x[3],
                    5.0 - 2.0 * a - b - c - 2.0 * x[0] + x[1] + x[3],
                ]
            },
            0,
            &[0.0; 4],
            -44.0,
        ),
        hock(
            48,
            |x| (x[0] - 1.0).powi(2) + (x[1] - x[2]).powi(2) + (x[3] - x[4]).powi(2),
            |x| vec![x.iter().sum::<f64>() - 5.0, x[2] - 2.0 * (x[3] + x[4]) + 3.0],
            2,
            &[3.0, 5.0, -3.0, 2.0, -2.0],
            0.0,
        ),
        between(
            hock(
                71,
                |x| x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2],
                |x| vec![x.iter().map(|v| v * v).sum::<f64>() - 40.0, x.iter().product::<f64>() - 25.0],
                1,
                &[1.0, 5.0, 5.0, 1.0],
                17.0140173,
            ),
            &[1.0; 4],
            &[5.0; 4],
        ),
        between(
            hock(
                76,
                |x| {
                    x[0] * x[0] + 0.5 * x[1] * x[1] + x[2] * x[2] + 0.5 * x[3] * x[3] - x[0] * x[2] + x[2] * x[3]
                        - x[0]
                        - 3.0 * x[1]
                        + x[2]
                        - x[3]
                },
                |x| {
                    vec![
                        5.0 - x[0] - 2.0 * x[1] - x[2] - x[3],
                        4.0 - 3.0 * x[0] - x[1] - 2.0 * x[2] + x[3],
                        x[1] + 4.0 * x[2] - 1.5,
                    ]
                },
                0,
                &[0.5; 4],
                -4.681818181,
            ),
            &[0.0; 4],
            &[FREE; 4],
        ),
    ]
}

#[test]
fn hock_and_schittkowski() {
    let mut wrong = Vec::new();
    for problem in problems() {
        let found = run(&problem);
        let (number, calls) = (problem.number, found.calls[0]);
        let near = (found.value - problem.least).abs() <= 1e-6 * problem.least.abs().max(1e-1);
        // Multipliers of inequalities c ≥ 0 are not negative.
        let signs = found.multipliers.iter().skip(problem.equations).all(|l| *l >= 0.0);
        if !(found.converged() && near && signs && found.violation <= 1e-6) || calls > 100_000 {
            wrong.push(format!("{number}: {} at {}, f = {}, {calls} calls", found.message, found.x, found.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn multipliers_are_prices() {
    // HS35: along x₁ the slope is −8 + 4·4/3 + 2·7/9 + 2·4/9 = −2/9, and that of the constraint −1.
    let found = problems().iter().filter(|p| p.number == 35).map(run).next().expect("it is there");
    assert!((found.multipliers[0] - 2.0 / 9.0).abs() < 1e-6, "{}", found.multipliers);
    // What is not at its limit has no price: the second constraint of HS43.
    let found = problems().iter().filter(|p| p.number == 43).map(run).next().expect("it is there");
    for (l, price) in found.multipliers.iter().zip([1.0, 0.0, 2.0]) {
        assert!((l - price).abs() < 1e-5, "{}", found.multipliers);
    }
}

#[test]
fn what_cannot_be_met_or_has_no_minimum_is_said() {
    // No point has x² + y² = −1, none x ≥ 1 and x ≤ 0.
    let circle = run(&hock(0, |x| x[0] + x[1], |x| vec![x[0] * x[0] + x[1] * x[1] + 1.0], 1, &[1.0, 2.0], 0.0));
    assert_eq!(circle.stop, ConstrainedStop::Infeasible, "{}", circle.message);
    let apart = run(&hock(0, |x| x[0] * x[0], |x| vec![x[0] - 1.0, -x[0]], 0, &[3.0], 0.0));
    assert_eq!(apart.stop, ConstrainedStop::Infeasible, "{}", apart.message);
    assert!((apart.violation - 0.5).abs() < 0.51, "{}", apart.violation);
    // x has no least value on a line.
    let line = run(&hock(0, |x| x[0], |x| vec![x[1]], 1, &[1.0, 2.0], 0.0));
    assert!(!line.converged(), "{}", line.message);
    // HS13: at its least point, (1, 0), the gradients depend on each other, and no multiplier is large enough.
    let cusp = between(
        hock(13, |x| (x[0] - 2.0).powi(2) + x[1] * x[1], |x| vec![(1.0 - x[0]).powi(3) - x[1]], 0, &[-2.0, -2.0], 1.0),
        &[0.0; 2],
        &[FREE; 2],
    );
    let found = run(&cusp);
    assert!(!found.converged() || (found.value - 1.0).abs() < 1e-2, "{} at {}", found.message, found.x);
    // From the top of x·y on a circle: where the slopes are parallel, but it is no minimum.
    let top = run(&hock(0, |x| x[0] * x[1], |x| vec![x[0] * x[0] + x[1] * x[1] - 2.0], 1, &[1.0, 1.0], -1.0));
    assert!(!top.converged() || (top.value + 1.0).abs() < 1e-6, "{} at {}", top.message, top.x);
}

#[test]
fn limits_that_contradict_each_other_are_refused() {
    let mut values = |x: &[f64], into: &mut [f64]| {
        into[0] = x[0];
        Ok::<_, Error>(())
    };
    let constraints = Constraints { values: &mut values, jacobian: None, lower: vec![2.0], upper: vec![1.0] };
    let options = MinimizeOptions::default();
    let refused = minimize_constrained(|x| Ok::<_, Error>(x[0]), None, constraints, &[0.0], &options, |_| Ok(true));
    assert!(refused.is_err_and(|error| error.to_string().contains("2.0 ≤ c[0](x) ≤ 1.0")));
}
