//! Systems of equations: what is a root and what is not, whatever the start.

use underhood::Error;
use underhood::optimize::{Bracketing, Iterating, SystemMethod, SystemRoot, Systematic, find_root, newton, root};

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
            (|x| x * x - 4.0 * x + 4.0, 2.0, 1e-6),
        ] {
            for method in METHODS {
                let found = solved(|x| vec![f(x[0])], &[start], method);
                let near = (found.x[0] - least).abs() < off;
                assert!(found.converged && near, "{start} {method:?}: {} at {}", found.message, found.x);
            }
        }
    }
}

#[test]
fn a_parabola_that_turns_back_shortly_above_zero_has_no_root() {
    for gap in [1e-6, 1e-10, 1e-14, 1e-16, 1e-18] {
        for method in METHODS {
            let near = solved(|x| vec![x[0] * x[0] + gap], &[1.0], method);
            assert!(!near.converged, "{gap} {method:?}: {} at {}", near.message, near.x);
            let pair = solved(|x| vec![x[0] * x[0] + gap, x[1] - 2.0], &[1.0, 1.0], method);
            assert!(!pair.converged, "{gap} {method:?}: {} at {}", pair.message, pair.x);
        }
        let slope = &mut |x: f64| Ok::<_, Error>(2.0 * x);
        for slope in [None, Some(slope as _)] {
            let found = newton(|x| Ok(x * x + gap), 1.0, slope, None, &Iterating::default()).expect("a good start");
            assert!(!found.converged, "{gap}: {} at {}", found.message, found.root);
        }
    }
    // Double and triple roots, as a product and as a sum that rounding blurs.
    for (f, slope, start) in [
        ((|x: f64| x * x) as fn(f64) -> f64, (|x: f64| 2.0 * x) as fn(f64) -> f64, 1.0),
        (|x| (x - 1.0).powi(2), |x| 2.0 * (x - 1.0), 3.0),
        (|x| x * x - 2.0 * x + 1.0, |x| 2.0 * x - 2.0, 3.0),
        (|x| (x - 1.0).powi(3), |x| 3.0 * (x - 1.0).powi(2), 3.0),
    ] {
        let options = Iterating { max_iterations: 100, ..Iterating::default() };
        let slope = &mut |x: f64| Ok::<_, Error>(slope(x));
        for slope in [None, Some(slope as _)] {
            let found = newton(|x| Ok(f(x)), start, slope, None, &options).expect("a good start");
            assert!(found.converged, "{} at {}", found.message, found.root);
        }
    }
}

#[test]
fn numbers_in_messages_are_short() {
    let pole =
        find_root(|x| Ok::<_, Error>(1e200 / (x - 0.3)), -1.0, 1.0, &Bracketing::default()).expect("signs differ");
    assert!(!pole.converged && pole.message.len() < 140 && pole.message.contains("e2"), "{}", pole.message);
    let pole = find_root(|x| Ok::<_, Error>(1.0 / x), -1.0, 1.0, &Bracketing::default()).expect("signs differ");
    assert!(!pole.message.contains("0.00000"), "{}", pole.message);
}

/// A point where f and its slope are large is none unless f changes its sign there.
#[test]
fn a_steep_slope_makes_no_root() {
    for (f, slope, start) in [
        (
            (|x: f64| 2.0 + x.cosh().cos()) as fn(f64) -> f64,
            (|x: f64| -x.cosh().sin() * x.sinh()) as fn(f64) -> f64,
            36.0,
        ),
        (|x| (1e9 * x * x * x).sin() + 1.2, |x| (1e9 * x * x * x).cos() * 3e9 * x * x, 1.0),
        (|x| (1e9 * x * x * x).sin() + 1.2, |x| (1e9 * x * x * x).cos() * 3e9 * x * x, 7.0),
        (|x| 1.1 + x.sin(), |x| x.cos(), 1e17),
        (|x| x * x + 1e-28, |x| 2.0 * x, 1.0),
        (|x| x * x + 1e-28, |x| 2.0 * x, 50.0),
        (|x| (x - 1.0).powi(2) + 1e-28, |x| 2.0 * (x - 1.0), 3.0),
    ] {
        let given = &mut |x: f64| Ok::<_, Error>(slope(x));
        let found = newton(|x| Ok(f(x)), start, Some(given), None, &Iterating::default()).expect("a good start");
        assert!(!found.converged, "{start}: {} at {}", found.message, found.root);
        let mut jacobian = |x: &[f64], into: &mut [f64]| {
            into[0] = slope(x[0]);
            Ok::<_, Error>(())
        };
        for method in METHODS {
            let value = |x: &[f64], into: &mut [f64]| {
                into[0] = f(x[0]);
                Ok(())
            };
            let options = Systematic { method, ..Systematic::default() };
            let found = root(value, Some(&mut jacobian), &[start], &options).expect("a good start");
            assert!(!found.converged, "{start} {method:?}: {} at {}", found.message, found.x);
        }
    }
    // Steep, but with a sign change between neighbouring numbers: 1e15 is far beyond where they are 2 π apart.
    let slope = &mut |x: f64| Ok::<_, Error>(x.cos());
    let found = newton(|x| Ok(x.sin()), 1e15, Some(slope), None, &Iterating::default()).expect("a good start");
    assert!(found.converged && (found.root - 1e15).abs() < 4.0, "{} at {}", found.message, found.root);
}

#[test]
fn steps_towards_a_multiple_root_are_made_longer() {
    for (order, root, start) in
        [(3, 1.0, 50.0), (3, 1e8, 1.0), (5, 1.0, 50.0), (2, 1.0, 1e6), (4, -3.0, 1e3), (7, 0.0, 2.0)]
    {
        let f = |x: f64| (x - root).powi(order) * (2.0 + (x / (1.0 + root.abs())).tanh());
        let exact = |x: f64| (x - root).powi(order);
        let plain = |x: f64| f64::from(order) * (x - root).powi(order - 1);
        let slope = &mut |x: f64| Ok::<_, Error>(plain(x));
        for (f, slope) in [(&exact as &dyn Fn(f64) -> f64, Some(slope as _)), (&f, None), (&exact, None)] {
            let found = newton(|x| Ok(f(x)), start, slope, None, &Iterating::default()).expect("a good start");
            let off = (found.root - root).abs();
            assert!(found.converged && off < 1e-7 * root.abs().max(1.0), "{order} {root}: {} {off}", found.message);
        }
    }
}

#[test]
fn a_pole_at_an_end_or_beyond_the_range_is_no_root() {
    for (f, a, b) in [
        ((|x: f64| 1.0 / x) as fn(f64) -> f64, -1.0, 0.0),
        (|x| 1e300 / (x - 0.3), 0.0, 1.0),
        (|x| 1.0 / (x - 0.3).powi(9), 0.0, 1.0),
        (|x| (x - 0.3).signum() * -(x - 0.3).abs().ln(), 0.0, 1.0),
    ] {
        let found = find_root(|x| Ok::<_, Error>(f(x)), a, b, &Bracketing::default()).expect("signs differ");
        assert!(!found.converged, "{found:?}");
    }
    // An infinite end is no obstacle to a root within.
    let found = find_root(|x: f64| Ok::<_, Error>(x.ln()), 0.0, 3.0, &Bracketing::default()).expect("signs differ");
    assert!(found.converged && (found.root - 1.0).abs() < 1e-11, "{found:?}");
}
