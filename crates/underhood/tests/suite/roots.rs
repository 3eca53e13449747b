//! Systems of equations: what is a root and what is not, whatever the start.

use underhood::Error;
use underhood::optimize::{SystemMethod, SystemRoot, Systematic, root};

fn solved(f: impl Fn(&[f64]) -> Vec<f64>, x0: &[f64], method: SystemMethod) -> SystemRoot {
    let options = Systematic { method, ..Systematic::default() };
    let into = |x: &[f64], to: &mut [f64]| {
        to.copy_from_slice(&f(x));
        Ok::<_, Error>(())
    };
    root(into, None, x0, &options).expect("the arguments are good")
}

const METHODS: [SystemMethod; 2] = [SystemMethod::Hybrid, SystemMethod::LevenbergMarquardt];

#[test]
fn a_far_start_makes_no_root() {
    for start in [0.3, -7.0, 1e3, 1e5, 1e7, -1e7, 1e8, 1e9, 3.7e12, 1e16, 1e30] {
        for method in METHODS {
            let none = solved(|x| vec![x[0] * x[0] + 1.0], &[start], method);
            assert!(!none.converged, "{start} {method:?}: {} at {}", none.message, none.x);
            let none = solved(|x| vec![x[0] * x[0] + 1.0, x[1] - 3.0], &[start, 1.0], method);
            assert!(!none.converged, "{start} {method:?}: {} at {}", none.message, none.x);
        }
        let near = solved(|x| vec![x[0] * x[0] + 1e-10], &[start], SystemMethod::Hybrid);
        assert!(!near.converged, "{start}: {} at {}", near.message, near.x);
    }
}

#[test]
fn simple_and_multiple_roots_are_found_from_far_and_near() {
    for start in [0.3, -7.0, 1e3, 1e5, 1e7] {
        // Simple, at zero and elsewhere.
        for (f, least) in [
            ((|x: f64| x * x * x + x) as fn(f64) -> f64, 0.0),
            (|x| x * x * x - 8.0, 2.0),
            (|x| 1e-3 * (x - 1e3), 1e3),
            (|x| x, 0.0),
        ] {
            let found = solved(|x| vec![f(x[0])], &[start], SystemMethod::Hybrid);
            assert!(
                found.converged && (found.x[0] - least).abs() < 1e-8 * least.max(1.0),
                "{start}: {}",
                found.message
            );
        }
        // Of order two and three, exactly and with what rounding leaves.
        for (f, least, off) in [
            ((|x: f64| x * x) as fn(f64) -> f64, 0.0, 1e-6),
            (|x| x * x * x, 0.0, 1e-4),
            (|x| (x - 1.0).powi(2), 1.0, 1e-6),
            (|x| x * x - 2.0 * x + 1.0, 1.0, 1e-6),
        ] {
            let found = solved(|x| vec![f(x[0])], &[start], SystemMethod::Hybrid);
            assert!(found.converged && (found.x[0] - least).abs() < off, "{start}: {} at {}", found.message, found.x);
        }
    }
}
