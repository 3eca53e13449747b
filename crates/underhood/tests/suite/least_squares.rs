//! The problems of Moré, Garbow and Hillstrom as least squares, from their standard and tenfold starts; bounds; plateaus.

use underhood::Error;
use underhood::optimize::{Fitting, Systematic, least_squares, root};

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
