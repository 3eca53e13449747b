//! Derivatives of functions of several variables, Taylor coefficients and critical points, against closed forms.

use std::f64::consts::PI;

use proptest::prelude::*;
use underhood::Error;
use underhood::calculus::{
    Kind, Options, critical_points, critical_points_with, directional_derivative, hessian, jacobian, stationary_points,
    taylor,
};

fn fine<T>(value: T) -> Result<T, Error> {
    Ok(value)
}

#[test]
fn a_jacobian_shares_its_calls() {
    let mut calls = 0;
    let field = |x: &[f64]| {
        calls += 1;
        fine(vec![(x[0] * x[1]).sin(), x[0].ln(), 3.0, x[1].exp()])
    };
    let found = jacobian(field, &[0.5, 2.0], &Options::default()).unwrap();
    let exact = [[2.0 * 1f64.cos(), 0.5 * 1f64.cos()], [2.0, 0.0], [0.0, 0.0], [0.0, 2f64.exp()]];
    for (i, row) in exact.iter().enumerate() {
        for (j, exact) in row.iter().enumerate() {
            assert!((found.values[[i, j]] - exact).abs() <= found.errors[[i, j]] + 1e-15, "{i} {j}: {found:?}");
        }
    }
    assert!(found.converged && found.evaluations == calls && calls < 120, "{calls}");
    let mut length = 1;
    let growing = |_: &[f64]| {
        length += 1;
        fine(vec![1.0; length])
    };
    assert!(matches!(jacobian(growing, &[1.0], &Options::default()), Err(Error::Shape { .. })));
    assert!(jacobian(|_| fine(vec![]), &[1.0], &Options::default()).is_err());
    assert!(jacobian(|_| fine(vec![1.0]), &[], &Options::default()).is_err());
    assert!(jacobian(|_| fine(vec![1.0]), &[f64::INFINITY], &Options::default()).is_err());
    let nothing = jacobian(|_| fine(vec![1.0]), &[f64::NAN], &Options::default()).unwrap();
    assert!(nothing.values[[0, 0]].is_nan() && !nothing.converged);
}

#[test]
fn a_hessian_is_symmetric_and_honest() {
    for point in [[0.5, 2.0, -1.0], [3.0, 1e-9, 0.0], [-20.0, 0.125, 4.0]] {
        let f = |x: &[f64]| fine((x[0] * x[1]).sin() + x[2].exp() * x[0]);
        let found = hessian(f, &point, None).unwrap();
        let [x, y, z] = point;
        let (s, c) = (x * y).sin_cos();
        let exact =
            [[-y * y * s, c - x * y * s, z.exp()], [c - x * y * s, -x * x * s, 0.0], [z.exp(), 0.0, x * z.exp()]];
        for i in 0..3 {
            for j in 0..3 {
                let error = (found.values[[i, j]] - exact[i][j]).abs();
                assert!(error <= found.errors[[i, j]] + 1e-13 * exact[i][j].abs(), "{i} {j} at {point:?}: {found:?}");
                assert_eq!(found.values[[i, j]], found.values[[j, i]]);
                assert!(found.errors[[i, j]] < 1e-7 * (1.0 + exact[i][j].abs()), "{i} {j} at {point:?}: {found:?}");
            }
        }
    }
}

#[test]
fn a_direction_is_taken_as_long_as_it_is() {
    let f = |x: &[f64]| fine((x[0] * x[1]).sin());
    for v in [[3.0, 4.0], [3e5, 4e-3], [-1e-8, 0.0], [0.0, 1e100]] {
        let found = directional_derivative(f, &[0.5, 2.0], &v, &Options::default()).unwrap();
        let exact = 1f64.cos() * (2.0 * v[0] + 0.5 * v[1]);
        assert!((found.value - exact).abs() <= found.error + 1e-15 * exact.abs(), "{found:?} {exact}");
        assert!(found.error < 1e-11 * exact.abs());
    }
    for v in [vec![0.0, 0.0], vec![1.0], vec![f64::NAN, 1.0], vec![f64::INFINITY, 1.0]] {
        assert!(directional_derivative(f, &[0.5, 2.0], &v, &Options::default()).is_err());
    }
}

#[test]
fn taylor_coefficients_have_honest_errors() {
    let factorial = |k: usize| (1..=k).fold(1.0, |product, k| product * k as f64);
    type Exact = fn(usize) -> f64;
    type Case = (fn(f64) -> f64, f64, usize, Option<Exact>);
    let cases: [Case; 4] = [
        (f64::exp, 0.0, 12, None),
        (f64::ln, 1.0, 8, Some(|k| if k == 0 { 0.0 } else { -(-1f64).powi(k as i32) / k as f64 })),
        (|x| 1.0 / (1.0 - x), 0.0, 8, Some(|_| 1.0)),
        (|x| x.powi(5) - 2.0, 2.0, 8, Some(|k| [30.0, 80.0, 80.0, 40.0, 10.0, 1.0, 0.0, 0.0, 0.0][k])),
    ];
    for (f, a, n, exact) in cases {
        let found = taylor(|x| fine(f(x)), a, n).unwrap();
        assert!(found.doubt.is_none(), "{found:?}");
        for k in 0..=n {
            let exact = exact.map_or(1.0 / factorial(k), |exact| exact(k));
            let error = (found.coefficients[k] - exact).abs();
            assert!(error <= found.errors[k] + 1e-15 * exact.abs(), "{k}: {found:?}");
            assert!(found.errors[k] <= 1e-2 * exact.abs() + 1e-12, "{k}: {found:?}");
        }
    }
    assert!(taylor(|x| fine(x.abs()), 0.0, 3).unwrap().doubt.is_some());
    assert!(taylor(|x| fine(x.ln()), 0.0, 3).unwrap().doubt.is_some());
    assert!(taylor(fine, 0.0, 21).is_err() && taylor(fine, f64::NAN, 2).is_err());
}

#[test]
fn flat_points_are_judged_by_slopes_that_are_more_than_their_errors() {
    for (power, kind) in [(2, Kind::Minimum), (3, Kind::Inflection), (4, Kind::Minimum), (5, Kind::Inflection)] {
        for (a, b) in [(-1.0, 1.0), (-1.0, 0.7), (-0.3, 2.0)] {
            let found = critical_points(|x: f64| fine(x.powi(power)), a, b).unwrap();
            let kinds: Vec<Kind> = found.points.iter().map(|point| point.kind).collect();
            assert_eq!(kinds, [kind], "{power} {a} {b}: {found:?}");
            assert!(found.points[0].x.abs() < 1e-3, "{found:?}");
        }
    }
    let falling = critical_points(|x: f64| fine(-x.powi(3)), -1.0, 1.0).unwrap();
    assert_eq!(falling.points[0].kind, Kind::Inflection);
}

#[test]
fn critical_points_on_an_interval() {
    type Case = (fn(f64) -> f64, f64, f64, &'static [(f64, Kind)]);
    let cases: [Case; 8] = [
        (|x| x * x * x - 3.0 * x, -3.0, 3.0, &[(-1.0, Kind::Maximum), (1.0, Kind::Minimum)]),
        (|x| x * x * x, -1.0, 1.3, &[(0.0, Kind::Inflection)]),
        (|x| x.powi(4), -1.0, 1.3, &[(0.0, Kind::Minimum)]),
        (f64::abs, -1.0, 1.5, &[(0.0, Kind::Minimum)]),
        (|x| 1.0 / (x * x), -1.0, 1.5, &[]),
        (f64::exp, -1.0, 1.0, &[]),
        (|x| x.ln() - x, 0.0, 5.0, &[(1.0, Kind::Maximum)]),
        (
            |x| (x - 1.0).powi(2) * (x + 2.0).powi(3),
            -3.0,
            2.0,
            &[(-2.0, Kind::Inflection), (-0.2, Kind::Maximum), (1.0, Kind::Minimum)],
        ),
    ];
    for (f, a, b, wanted) in cases {
        let found = critical_points(|x| fine(f(x)), a, b).unwrap();
        assert_eq!(found.points.len(), wanted.len(), "{found:?}");
        for (point, (x, kind)) in found.points.iter().zip(wanted) {
            assert!((point.x - x).abs() < 1e-7 && point.kind == *kind, "{point:?}");
        }
        assert!(found.flat.is_empty());
    }
    // Ends at which the slope is zero, cusps, and steps, which have no critical points.
    let ends: [Case; 9] = [
        (|x| x * x, 0.0, 1.0, &[(0.0, Kind::Minimum)]),
        (|x| -x * x, -1.0, 0.0, &[(0.0, Kind::Maximum)]),
        (
            |x| x * x * (1.0 - x) * (1.0 - x),
            0.0,
            1.0,
            &[(0.0, Kind::Minimum), (0.5, Kind::Maximum), (1.0, Kind::Minimum)],
        ),
        (|x| x.powi(8), 0.0, 1.0, &[(0.0, Kind::Minimum)]),
        (|x| x.abs().sqrt(), -1.0, 1.0, &[(0.0, Kind::Minimum)]),
        (|x| x.cbrt() * x.cbrt(), -1.0, 1.5, &[(0.0, Kind::Minimum)]),
        (|x| 2.0 - (x - 0.3).abs().sqrt(), -1.0, 1.0, &[(0.3, Kind::Maximum)]),
        (f64::floor, 0.0, 3.0, &[]),
        (|x| (-x).exp(), 0.0, 700.0, &[]),
    ];
    for (f, a, b, wanted) in ends {
        let found = critical_points(|x| fine(f(x)), a, b).unwrap();
        assert_eq!(found.points.len(), wanted.len(), "{found:?}");
        for (point, (x, kind)) in found.points.iter().zip(wanted) {
            assert!((point.x - x).abs() < 1e-12 && point.kind == *kind && point.error.is_finite(), "{point:?}");
        }
        assert!(found.resolved, "{a} {b}: {found:?}");
    }
    // This one's last digit tells nothing of what is nearer to 0 than 0.01.
    let level = critical_points(|x: f64| fine(1.0 + x.powi(8)), 0.0, 1.0).unwrap();
    assert!((level.points.len(), level.points[0].x, level.resolved) == (1, 0.0, false), "{level:?}");
    let quartic = critical_points(|x: f64| fine(x.powi(4)), -1.0, 1.3).unwrap();
    assert_eq!((quartic.points[0].x, quartic.points[0].curvature), (0.0, 0.0));
    assert_eq!(critical_points(|x: f64| fine(x.abs()), -1.0, 1.5).unwrap().points[0].x, 0.0);
    // Waves that a coarse grid takes for something else: all of them, or an admission.
    let long = critical_points(|x| fine(x.sin()), 0.0, 1000.0).unwrap();
    assert!(long.points.len() == 318 && long.resolved, "{} {}", long.points.len(), long.resolved);
    for end in [1e6, 1e9] {
        assert!(!critical_points(|x| fine(x.sin()), 0.0, end).unwrap().resolved);
    }
    assert!(!critical_points(|x| fine(x.sin()), -1e300, 1e300).unwrap().resolved);
    let fading = critical_points(|x: f64| fine(x.sin() * (-x).exp()), 0.0, 200.0).unwrap();
    assert!(fading.points.len() == 64 && fading.resolved, "{} {}", fading.points.len(), fading.resolved);
    let waves = critical_points(|x| fine((50.0 * x).sin()), 0.0, 10.0).unwrap();
    assert_eq!(waves.points.len(), 159);
    assert!(waves.resolved && (waves.points[158].x - (2.0 * 159.0 - 1.0) * PI / 100.0).abs() < 1e-12);
    assert!(!critical_points(|x| fine((1.0 / x).sin()), 1e-6, 1.0).unwrap().resolved);
    let steps = critical_points(|x: f64| fine(x.floor()), -1.5, 2.25).unwrap();
    assert!(steps.points.is_empty() && steps.flat.len() >= 4, "{steps:?}");
    assert!(critical_points(fine, 1.0, 1.0).is_err() && critical_points(fine, 0.0, f64::INFINITY).is_err());
}

/// The product of (x − r)ᵐ, and its derivative, with the errors that a few roundings make.
fn slopes_of_roots(roots: &'static [(f64, i32)]) -> impl FnMut(f64, usize) -> Result<(f64, f64), Error> {
    move |x, order| {
        let product: f64 = roots.iter().map(|(r, m)| (x - r).powi(*m)).product();
        let logarithmic: f64 = roots.iter().map(|(r, m)| f64::from(*m) / (x - r)).sum();
        let value = if order == 1 { product } else { product * logarithmic };
        let value = if value.is_nan() { 0.0 } else { value };
        Ok((value, 1e-14 * value.abs()))
    }
}

/// The integral of that product from 0, by Gauss's rule of four points, which is exact for polynomials up to degree 7.
fn height_of_roots(roots: &'static [(f64, i32)]) -> impl FnMut(f64) -> Result<f64, Error> {
    const RULE: [(f64, f64); 2] =
        [(0.339_981_043_584_856_3, 0.652_145_154_862_546_1), (0.861_136_311_594_052_6, 0.347_854_845_137_453_9)];
    let mut slope = slopes_of_roots(roots);
    move |x| {
        let nodes = RULE.iter().flat_map(|(node, weight)| [(-node, weight), (*node, weight)]);
        let mut sum = 0.0;
        for (node, weight) in nodes {
            sum += weight * slope(0.5 * x * (1.0 + node), 1)?.0;
        }
        Ok(0.5 * x * sum)
    }
}

#[test]
fn known_slopes_tell_close_critical_points_apart() {
    // Between the points the function itself changes by far less than its last digit.
    for roots in [&[(1.0, 3), (1.001, 1)][..], &[(1.0, 3), (1.001, 2)], &[(1.0, 2), (1.0015, 2), (1.6, 1)], &[(0.5, 5)]]
    {
        let found = critical_points_with(height_of_roots(roots), slopes_of_roots(roots), 0.1, 2.3).unwrap();
        assert_eq!(found.points.len(), roots.len(), "{roots:?} {found:?}");
        for (point, (x, power)) in found.points.iter().zip(roots) {
            assert!((point.x - x).abs() < 1e-5 && (point.kind == Kind::Inflection) == (power % 2 == 0), "{found:?}");
        }
        assert!(found.resolved);
    }
    // With the noise of a polynomial that is multiplied out, the points of the first cannot be told apart.
    const CLOSE: &[(f64, i32)] = &[(1.0, 3), (1.0004, 3)];
    let mut exact = slopes_of_roots(CLOSE);
    let noisy = |x, order| exact(x, order).map(|(value, error)| (value, error + 1e-15));
    assert!(!critical_points_with(height_of_roots(CLOSE), noisy, 0.1, 2.3).unwrap().resolved);
    let waves = |x: f64, order| fine(if order == 1 { x.cos() } else { -x.sin() }).map(|v| (v, 1e-15 * v.abs()));
    let long = critical_points_with(|x: f64| fine(x.sin()), waves, 0.0, 1e4).unwrap();
    assert!(long.points.len() == 3183 && long.resolved);
    // Fifty doubles are no interval, and a staircase of last digits is no function.
    assert!(!critical_points(|x: f64| fine(x.sin()), 1e16, 1e16 + 100.0).unwrap().resolved);
    assert!(!critical_points(|x: f64| fine(1.0 + 1e-15 * x.sin()), 0.0, 10.0).unwrap().resolved);
}

#[test]
fn mixed_derivatives_that_depend_on_their_order_are_not_claimed() {
    // ∂²f/∂y∂x is −1 at the origin and ∂²f/∂x∂y is 1: no matrix is the Hessian.
    let peano = |x: &[f64]| {
        let (a, b) = (x[0] * x[0], x[1] * x[1]);
        fine(if a + b == 0.0 { 0.0 } else { x[0] * x[1] * (a - b) / (a + b) })
    };
    let found = hessian(peano, &[0.0, 0.0], None).unwrap();
    assert!(!found.converged, "{found:?}");
    assert!(found.errors[[0, 1]] > 0.1, "{found:?}");
    // Elsewhere it is smooth, and so are these.
    let near = hessian(peano, &[0.5, -1.25], None).unwrap();
    assert!(near.converged, "{near:?}");
    type Smooth = fn(&[f64]) -> f64;
    let smooth: [Smooth; 4] = [
        |x| x[0] * x[1] * x[2],
        |x| (x[0] * x[1] + x[2]).exp(),
        |x| 1e-8 * x[0].sin() * x[1] + 1e6 * x[2] * x[2],
        |x| (x[0] - x[1]).powi(4) + x[2],
    ];
    for (which, f) in smooth.into_iter().enumerate() {
        for at in [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.3, -2.0, 7.5], [1e3, 2.0, -1e-3]] {
            if which == 1 && at[0] == 1e3 {
                continue;
            }
            let found = hessian(|x: &[f64]| fine(f(x)), &at, None).unwrap();
            assert!(found.converged, "{which} at {at:?}: {found:?}");
        }
    }
}

#[test]
fn stationary_points_in_a_box() {
    let himmelblau = |x: &[f64]| fine((x[0] * x[0] + x[1] - 11.0).powi(2) + (x[0] + x[1] * x[1] - 7.0).powi(2));
    let found = stationary_points(himmelblau, &[(-5.0, 5.0); 2], 140).unwrap();
    let count = |kind| found.points.iter().filter(|point| point.kind == kind).count();
    // D. M. Himmelblau's four minima, with four saddles and one maximum between them.
    assert_eq!((count(Kind::Minimum), count(Kind::Saddle), count(Kind::Maximum), found.points.len()), (4, 4, 1, 9));
    assert!(found.points.iter().take(4).any(|p| (p.x[0] - 3.0).abs() < 1e-9 && (p.x[1] - 2.0).abs() < 1e-9));
    let monkey = |x: &[f64]| fine(x[0].powi(3) - 3.0 * x[0] * x[1] * x[1]);
    let found = stationary_points(monkey, &[(-1.0, 1.0), (-1.0, 1.25)], 60).unwrap();
    assert_eq!(found.points.len(), 1, "{found:?}");
    assert_eq!(found.points[0].kind, Kind::Undecided);
    let none = stationary_points(|x: &[f64]| fine(x[0] + x[1]), &[(0.0, 1.0); 2], 20).unwrap();
    assert!(none.points.is_empty() && none.arrived == 0);
    assert!(stationary_points(monkey, &[], 10).is_err() && stationary_points(monkey, &[(1.0, 0.0); 2], 10).is_err());
    assert!(stationary_points(monkey, &[(0.0, 1.0); 2], 0).is_err());
}

#[test]
fn tails_and_plateaus_hold_no_stationary_points() {
    type Case = (fn(&[f64]) -> f64, f64, &'static [([f64; 2], Kind)]);
    let hill = |x: &[f64]| (-x[0] * x[0] - x[1] * x[1]).exp();
    let root = 0.5_f64.sqrt();
    let pair: &'static [([f64; 2], Kind)] =
        Box::leak(Box::new([([-root, 0.0], Kind::Minimum), ([root, 0.0], Kind::Maximum)]));
    let cases: [Case; 9] = [
        (hill, 5.0, &[([0.0, 0.0], Kind::Maximum)]),
        (hill, 4.0, &[([0.0, 0.0], Kind::Maximum)]),
        (hill, 50.0, &[([0.0, 0.0], Kind::Maximum)]),
        (|x| 3.0 - (-x[0] * x[0] - x[1] * x[1]).exp(), 10.0, &[([0.0, 0.0], Kind::Minimum)]),
        (|x| x[0] * (-x[0] * x[0] - x[1] * x[1]).exp(), 5.0, pair),
        (|x| 1.0 / (1.0 + x[0] * x[0] + x[1] * x[1]), 20.0, &[([0.0, 0.0], Kind::Maximum)]),
        (|x| x[0].powi(4) + x[1].powi(4), 1.0, &[([0.0, 0.0], Kind::Minimum)]),
        (|x| -1e-30 * (x[0] - 0.25).powi(4) - 1e-30 * (x[1] + 0.5).powi(4), 1.0, &[([0.25, -0.5], Kind::Maximum)]),
        (|x| 1e100 * (x[0] * x[0] - x[1] * x[1] + x[0] * x[1]), 1.0, &[([0.0, 0.0], Kind::Saddle)]),
    ];
    for (which, (f, side, wanted)) in cases.into_iter().enumerate() {
        let found = stationary_points(|x: &[f64]| fine(f(x)), &[(-side, side); 2], 140).unwrap();
        assert_eq!(found.points.len(), wanted.len(), "{which}: {found:?}");
        for (point, (x, kind)) in found.points.iter().zip(wanted) {
            let apart = (point.x[0] - x[0]).abs().max((point.x[1] - x[1]).abs());
            assert!(apart < 1e-8 * side && point.kind == *kind, "{which}: {point:?}");
        }
    }
    // Nothing but plateau, and a trough: every point of it is one.
    let plain = stationary_points(|_: &[f64]| fine(2.0), &[(-1.0, 1.0); 2], 20).unwrap();
    assert!(plain.points.is_empty() && plain.level == 20, "{plain:?}");
    let trough = stationary_points(|x: &[f64]| fine(x[0] * x[0]), &[(-1.0, 1.0); 2], 40).unwrap();
    assert!(trough.points.len() == 1 && trough.points[0].kind == Kind::Undecided, "{trough:?}");
    // Extrema at (±π/2, ±π/2), saddles where both sines are zero.
    let waves = stationary_points(|x: &[f64]| fine(x[0].sin() * x[1].sin()), &[(-4.0, 4.0); 2], 140).unwrap();
    let count = |kind| waves.points.iter().filter(|point| point.kind == kind).count();
    assert_eq!((count(Kind::Minimum), count(Kind::Maximum), count(Kind::Saddle)), (2, 2, 9), "{waves:?}");
}

proptest! {
    /// Quadratic forms have constant Hessians and linear gradients.
    #[test]
    fn quadratic_forms(a in -3.0..3.0f64, b in -3.0..3.0f64, c in -3.0..3.0f64, x in -5.0..5.0f64, y in -5.0..5.0f64) {
        let f = |v: &[f64]| fine(a * v[0] * v[0] + b * v[0] * v[1] + c * v[1] * v[1]);
        let found = hessian(f, &[x, y], None).unwrap();
        for (i, j, exact) in [(0, 0, 2.0 * a), (0, 1, b), (1, 1, 2.0 * c)] {
            prop_assert!((found.values[[i, j]] - exact).abs() <= found.errors[[i, j]] + 1e-14, "{found:?}");
        }
    }
}
