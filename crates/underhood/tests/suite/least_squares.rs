//! The problems of Moré, Garbow and Hillstrom as least squares, from their standard and tenfold starts; bounds; plateaus.

use underhood::Error;
use underhood::optimize::{Fitted, Fitting, Systematic, least_squares, root};

use super::mgh;

/// Minima beside those of the collection: the paper's own second one of problem 26, and one more of it, both with a positive definite
/// matrix of second derivatives.
const LOCAL: [(u32, f64); 2] = [(26, 2.795_056_1e-5), (26, 4.218_634e-5)];

#[test]
fn mores_problems_are_solved_and_nothing_else_is_claimed() {
    for given in [false, true] {
        let (mut runs, mut solved, mut falsely) = ([0; 2], [0; 2], Vec::new());
        for (problem, start, far) in mgh::runs() {
            let mut jacobian = |x: &[f64], into: &mut [f64]| {
                problem.jacobian(x, into);
                Ok::<(), Error>(())
            };
            let residuals = |x: &[f64], into: &mut [f64]| {
                problem.residuals(x, into);
                Ok::<(), Error>(())
            };
            let slopes = if given { Some(&mut jacobian as _) } else { None };
            let fit = least_squares(residuals, slopes, &start, problem.m, &Fitting::of(start.len())).unwrap();
            let value = 2.0 * fit.cost;
            let local =
                LOCAL.iter().any(|(number, least)| *number == problem.number && (value / least - 1.0).abs() < 1e-5);
            let is_solved = problem.solved(value, 1e-5, 1e-12);
            let half = (problem.number % 2) as usize;
            runs[half] += 1;
            solved[half] += usize::from(is_solved);
            if fit.converged && !is_solved && !local {
                falsely.push((problem.name, far, value));
            }
        }
        println!("given Jacobian {given}: even and odd numbers {solved:?} of {runs:?}, false {falsely:?}");
        assert!(solved.iter().sum::<usize>() >= 66, "{solved:?}");
        assert!(falsely.is_empty(), "{falsely:?}");
    }
}

#[test]
fn systems_among_them_are_solved_and_nothing_else_is_claimed() {
    let mut solved = 0;
    for (problem, start, far) in mgh::runs().into_iter().filter(|(problem, ..)| problem.m == problem.n()) {
        let equations = |x: &[f64], into: &mut [f64]| {
            problem.residuals(x, into);
            Ok::<(), Error>(())
        };
        let found = root(equations, None, &start, &Systematic::default()).unwrap();
        let value = found.value.dot(&found.value);
        assert!(!found.converged || value < 1e-14, "{} {far}: {value}", problem.name);
        solved += usize::from(found.converged);
    }
    assert!(solved >= 23, "{solved}");
}

fn fitted(residuals: impl Fn(&[f64]) -> Vec<f64>, x0: &[f64], lower: f64) -> Fitted {
    let count = residuals(x0).len();
    let options = Fitting { lower: vec![lower; x0.len()], ..Fitting::of(x0.len()) };
    let into = |x: &[f64], to: &mut [f64]| {
        to.copy_from_slice(&residuals(x));
        Ok::<_, Error>(())
    };
    least_squares(into, None, x0, count, &options).expect("the arguments are good")
}

#[test]
fn a_minimum_without_slope_is_one_and_a_runaway_is_none() {
    for (fit, x) in [
        (fitted(|p| vec![p[0] * p[0] + 1.0], &[3.0], f64::NEG_INFINITY), vec![0.0]),
        (fitted(|p| vec![p[0].abs(), 1.0], &[3.0], f64::NEG_INFINITY), vec![0.0]),
        (fitted(|p| vec![p[0] - 1.0, p[1]], &[5.0, 3.0], 0.0), vec![1.0, 0.0]),
    ] {
        assert!(fit.converged, "{} at {}", fit.message, fit.x);
        assert!(fit.x.iter().zip(&x).all(|(x, exact)| (x - exact).abs() < 1e-7), "{}", fit.x);
    }
    // 2.5·exp(−1.3·t) + 0.5 without noise, from a start that leads to a straight line: found, or not claimed.
    let t: Vec<f64> = (0..50).map(|i| 4.0 * f64::from(i) / 49.0).collect();
    let model = |p: &[f64]| -> Vec<f64> {
        t.iter().map(|t| p[0] * (-p[1] * t).exp() + p[2] - 2.5 * (-1.3 * t).exp() - 0.5).collect()
    };
    for start in [[1.0, -1.0, 1.0], [1.0, -5.0, 1.0], [1.0, 1.0, 1.0]] {
        let fit = fitted(model, &start, f64::NEG_INFINITY);
        assert!(!fit.converged || fit.cost < 1e-20, "{}: {}", fit.x, fit.message);
    }
    // Parameters that only count together do not run away.
    let together = fitted(|p| vec![p[0] + p[1] - 3.0, 2.0 * (p[0] + p[1]) - 5.0], &[0.0, 0.0], f64::NEG_INFINITY);
    assert!(together.converged, "{}", together.message);
}
