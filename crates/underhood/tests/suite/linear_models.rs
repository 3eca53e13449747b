//! Linear regressions as models: the certified sets of NIST, what a minimum must satisfy, and data far from zero.

#![allow(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use ndarray::{Array1, Array2, ArrayView1, Axis, array, s};
use proptest::prelude::*;
use underhood::Error;
use underhood::models::{
    BayesianRidge, ElasticNet, LeastSquaresSolver, LinearRegression, PolynomialFeatures, Prices, Ridge, RidgeSolver,
    StopReason, predictive_deviation,
};
use underhood::random::Stream;

use crate::regression::{digits, read};

fn go() -> Result<(), Error> {
    Ok(())
}

fn normal(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut stream = Stream::seeded(seed);
    let mut values = vec![0.0; rows * columns];
    stream.fill_normal(&mut values);
    Array2::from_shape_vec((rows, columns), values).unwrap()
}

/// X with columns of different scales and correlations, and a target that some of them make.
fn problem(rows: usize, columns: usize, seed: u64) -> (Array2<f64>, Array2<f64>) {
    let z = normal(rows, columns, seed);
    let x = Array2::from_shape_fn((rows, columns), |(i, j)| {
        (z[(i, j)] + 0.7 * if j > 0 { z[(i, j - 1)] } else { 0.0 }) * (1.0 + (j % 3) as f64)
    });
    let noise = normal(rows, 1, seed + 1);
    let y = Array1::from_shape_fn(rows, |i| 3.0 + 2.0 * x[(i, 0)] - x[(i, columns / 2)] + 0.5 * noise[(i, 0)]);
    (x, y.insert_axis(Axis(1)))
}

/// The certified values have 15 digits; what the estimator leaves of them is what the regression with inference leaves.
#[test]
fn least_squares_meet_the_certified_values() {
    for (name, degree, intercept, wanted) in [
        ("Norris", 1, true, 12.5),
        ("Pontius", 2, true, 12.5),
        ("NoInt1", 1, false, 13.5),
        ("NoInt2", 1, false, 13.5),
        ("Filip", 10, true, 7.5),
        ("Longley", 0, true, 13.0),
        ("Wampler1", 5, true, 13.0),
        ("Wampler2", 5, true, 13.0),
        ("Wampler3", 5, true, 13.0),
        ("Wampler4", 5, true, 13.0),
        ("Wampler5", 5, true, 13.0),
    ] {
        let certified = read(name);
        let x = match degree {
            0 => certified.x.clone(),
            d => Array2::from_shape_fn((certified.x.nrows(), d), |(i, j)| certified.x[[i, 0]].powi(j as i32 + 1)),
        };
        let y = certified.y.view().insert_axis(Axis(1));
        let fit = LinearRegression { fit_intercept: intercept, ..LinearRegression::default() };
        let fit = fit.fit(x.view(), y, None, go).unwrap();
        let found: Vec<f64> =
            intercept.then_some(fit.intercepts[0]).into_iter().chain(fit.weights.row(0).to_vec()).collect();
        let agreed = found.iter().zip(&certified.params).map(|(f, (c, _))| digits(*f, *c)).fold(15.0, f64::min);
        println!("{name}: {agreed:.1} digits by {}", fit.solver.name());
        assert!(agreed >= wanted, "{name}: {agreed} digits");
        assert_eq!(fit.rank, x.ncols());
        let tolerance = if name == "Filip" { 1e-9 } else { 1e-12 };
        assert!((fit.rsquared[0] - certified.rsquared).abs() < tolerance || !intercept, "{name}");
    }
}

#[test]
fn of_many_solutions_the_shortest_is_given_whatever_the_units() {
    let (x, y) = problem(40, 5, 3);
    // A column twice, the second time in another unit, and a constant one.
    let mut wide = Array2::from_elem((40, 7), 7.5);
    wide.slice_mut(s![.., ..5]).assign(&x);
    wide.column_mut(5).assign(&(&x.column(1) * 1e-3));
    let fit = LinearRegression::default().fit(wide.view(), y.view(), None, go).unwrap();
    let plain = LinearRegression::default().fit(x.view(), y.view(), None, go).unwrap();
    assert_eq!((fit.rank, fit.solver), (5, LeastSquaresSolver::Singular));
    assert!((fit.rsquared[0] - plain.rsquared[0]).abs() < 1e-13);
    // The slope b is shared as b/(1 + c²) and c·b/(1 + c²) for c = 1e-3, which has the least squares.
    let (slope, c) = (plain.weights[(0, 1)], 1e-3);
    assert!((fit.weights[(0, 1)] / (slope / (1.0 + c * c)) - 1.0).abs() < 1e-11);
    assert!((fit.weights[(0, 5)] / (slope * c / (1.0 + c * c)) - 1.0).abs() < 1e-9);
    assert_eq!(fit.weights[(0, 6)], 0.0);
    // More columns than rows: every row is met.
    let few = LinearRegression::default().fit(x.slice(s![..3, ..]), y.slice(s![..3, ..]), None, go).unwrap();
    assert!(few.rank == 2 && (few.rsquared[0] - 1.0).abs() < 1e-12);
}

#[test]
fn columns_and_targets_far_from_zero_change_only_the_intercept() {
    let (x, y) = problem(500, 6, 5);
    // Rounded to 2⁻²², so that adding 2³⁰ is exact.
    let round = |v: f64| (v * 4_194_304.0).round() / 4_194_304.0;
    let (x, y) = (x.mapv(round), y.mapv(round));
    let (far, high) = (&x + 1_073_741_824.0, &y - 1_073_741_824.0);
    let agree = |a: &Array2<f64>, b: &Array2<f64>| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-11);
    let fit = |x: &Array2<f64>, y: &Array2<f64>| LinearRegression::default().fit(x.view(), y.view(), None, go).unwrap();
    assert!(agree(&fit(&far, &high).weights, &fit(&x, &y).weights));
    let fit = |x: &Array2<f64>, y: &Array2<f64>| Ridge::default().fit(x.view(), y.view(), None, go).unwrap();
    assert!(agree(&fit(&far, &high).weights, &fit(&x, &y).weights));
    let net = ElasticNet { alpha: 0.1, ..ElasticNet::default() };
    let fit = |x: &Array2<f64>, y: &Array2<f64>| {
        let weights = net.fit(x.view(), y.view(), None, None, go).unwrap().remove(0).weights;
        Array1::from(weights).insert_axis(Axis(0))
    };
    assert!(agree(&fit(&far, &high), &fit(&x, &y)));
    let fit = |x: &Array2<f64>, y: &Array2<f64>| {
        let weights = BayesianRidge::default().fit(x.view(), y.column(0), None, go).unwrap().weights;
        Array1::from(weights).insert_axis(Axis(0))
    };
    assert!(agree(&fit(&far, &high), &fit(&x, &y)));
    // Sorted by size, so that the first rows tell nothing of the mean.
    let mut jump = x.clone();
    jump.slice_mut(s![250.., 0]).mapv_inplace(|v| v + 1e6);
    let sorted = Ridge { alpha: 1e-3, ..Ridge::default() };
    let found = sorted.fit(jump.view(), y.view(), None, go).unwrap().weights;
    let exact = LinearRegression::default().fit(jump.view(), y.view(), None, go).unwrap().weights;
    assert!(found.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-5 * b.abs().max(1e-6)));
}

/// √α-rows with target zero do what the price of a ridge does, whichever way it is solved.
#[test]
fn a_ridge_is_least_squares_with_rows_that_ask_for_zero() {
    for (rows, columns, alpha, solver) in [
        (60, 5, 2.5, RidgeSolver::Cholesky),
        (8, 30, 0.3, RidgeSolver::Dual),
        (30, 5, 1e-13, RidgeSolver::Cholesky),
        (300, 5, 0.0, RidgeSolver::LeastSquares),
    ] {
        let (mut x, mut y) = problem(rows, columns, 11);
        let means = x.mean_axis(Axis(0)).unwrap();
        x -= &means;
        y -= y.mean().unwrap();
        let fit = Ridge { alpha, ..Ridge::default() }.fit(x.view(), y.view(), None, go).unwrap();
        assert_eq!(fit.solver, solver, "{rows}×{columns}");
        let mut longer = Array2::zeros((rows + columns, columns));
        longer.slice_mut(s![..rows, ..]).assign(&x);
        (0..columns).for_each(|j| longer[(rows + j, j)] = alpha.sqrt());
        let mut target = Array2::zeros((rows + columns, 1));
        target.slice_mut(s![..rows, ..]).assign(&y);
        let plain = LinearRegression { fit_intercept: false, positive: false };
        let expected = plain.fit(longer.view(), target.view(), None, go).unwrap().weights;
        for (found, expected) in fit.weights.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-11, "{rows}×{columns}: {found} is not {expected}");
        }
    }
}

/// The gradient of the smooth part is λ₁ in size with the sign of each weight, and at most λ₁ where a weight is zero.
fn kkt(x: &Array2<f64>, y: ArrayView1<'_, f64>, weights: &[f64], (lasso, ridge): (f64, f64), positive: bool) -> f64 {
    let n = x.nrows() as f64;
    let means = x.mean_axis(Axis(0)).unwrap();
    let centred = x - &means;
    let w = ArrayView1::from(weights);
    let residual = &y - y.mean().unwrap() - centred.dot(&w);
    let gradient = centred.t().dot(&residual) / n - &w * ridge;
    let off = gradient.iter().zip(weights).map(|(g, &w)| match w {
        0.0 if positive => (g - lasso).max(0.0),
        0.0 => (g.abs() - lasso).max(0.0),
        w => (g - lasso * w.signum()).abs(),
    });
    off.fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn an_elastic_net_ends_where_no_weight_gains(
        seed in 0..1000_u64, rows in 5_usize..60, columns in 1_usize..90, alpha in -3.0..1.0_f64, ratio in 0.05..1.0_f64, positive: bool
    ) {
        let (x, y) = problem(rows, columns, seed);
        let net = ElasticNet { alpha: 10_f64.powf(alpha), l1_ratio: ratio, positive, ..ElasticNet::default() };
        let fit = net.fit(x.view(), y.view(), None, None, go).unwrap().remove(0);
        prop_assert!(fit.stop != StopReason::MaxIter);
        let prices = (net.alpha * ratio, net.alpha * (1.0 - ratio));
        let spread = y.column(0).std(0.0);
        // The gradient's size is that of |x|·|y|; the gap of 1e-10 leaves the root of it, where the last step was not exact.
        prop_assert!(kkt(&x, y.column(0), &fit.weights, prices, positive) < 1e-6 * (1.0 + spread) * 4.0);
        prop_assert!(!positive || fit.weights.iter().all(|&w| w >= 0.0));
        let history = fit.history.unwrap();
        // Every sweep lowers the objective, and the gap is at least what is still to gain.
        let last = fit.objective;
        for (i, (p, gap)) in history.objective.iter().zip(&history.duality_gap).enumerate() {
            prop_assert!(i == 0 || *p <= history.objective[i - 1] * (1.0 + 1e-12) + 1e-13);
            prop_assert!(p - last <= gap + 1e-10 * (1.0 + last));
        }
    }
}

#[test]
fn a_descent_from_anywhere_ends_at_the_same_place() {
    let (x, y) = problem(50, 8, 21);
    let net = ElasticNet { alpha: 0.2, l1_ratio: 1.0, ..ElasticNet::default() };
    let cold = net.fit(x.view(), y.view(), None, None, go).unwrap().remove(0);
    let start = Array2::from_elem((1, 8), -3.0);
    let other = net.fit(x.view(), y.view(), None, Some(start.view()), go).unwrap().remove(0);
    assert!(cold.weights.iter().zip(&other.weights).all(|(a, b)| (a - b).abs() < 1e-12));
    let warm = Array2::from_shape_vec((1, 8), cold.weights.clone()).unwrap();
    assert_eq!(net.fit(x.view(), y.view(), None, Some(warm.view()), go).unwrap()[0].sweeps, 1);
    // From the largest price on nothing is left, and just below it something is.
    let at = |alpha: f64| {
        let net = ElasticNet { alpha, ..net.clone() };
        net.fit(x.view(), y.view(), None, None, go).unwrap()[0].weights.iter().filter(|w| **w != 0.0).count()
    };
    assert_eq!((at(cold.largest_price * 1.000_001), at(cold.largest_price * 0.999)), (0, 1));
}

#[test]
fn a_path_passes_through_the_single_fits() {
    let (x, y) = problem(40, 80, 31);
    let net = ElasticNet { l1_ratio: 0.9, ..ElasticNet::default() };
    let path = net.path(x.view(), y.column(0), &Prices::Geometric { count: 12, eps: 1e-2 }, go).unwrap();
    assert!(path.converged && path.alphas.windows(2).all(|pair| pair[0] > pair[1]));
    assert!(path.weights.column(0).iter().all(|w| w.abs() < 1e-10));
    for i in [3, 11] {
        let one = ElasticNet { alpha: path.alphas[i], ..net.clone() };
        let fit = one.fit(x.view(), y.view(), None, None, go).unwrap().remove(0);
        assert!(fit.weights.iter().zip(path.weights.column(i)).all(|(a, b)| (a - b).abs() < 1e-6));
        assert!((fit.intercept - path.intercepts[i]).abs() < 1e-6);
    }
}

#[test]
fn no_weight_is_negative_where_none_may_be() {
    let (x, y) = problem(60, 9, 41);
    for fit in [
        LinearRegression { fit_intercept: true, positive: true }.fit(x.view(), y.view(), None, go).unwrap().weights,
        Ridge { alpha: 1e-9, positive: true, ..Ridge::default() }.fit(x.view(), y.view(), None, go).unwrap().weights,
    ] {
        let weights = fit.row(0).to_vec();
        assert!(weights.iter().all(|&w| w >= 0.0) && weights.contains(&0.0));
        assert!(kkt(&x, y.column(0), &weights, (0.0, 0.0), true) < 1e-9);
    }
    let net = ElasticNet { alpha: 0.5, l1_ratio: 0.0, positive: true, ..ElasticNet::default() };
    let fit = net.fit(x.view(), y.view(), None, None, go).unwrap().remove(0);
    assert!(kkt(&x, y.column(0), &fit.weights, (0.0, 0.5), true) < 1e-12);
}

/// At the largest evidence its derivatives vanish: λ = γ/‖m‖², α = (n − γ)/‖e‖² (with flat priors), and Σ is the inverse it claims to be.
#[test]
fn the_evidence_is_stationary_and_the_covariance_an_inverse() {
    for (rows, columns) in [(60, 4), (12, 20)] {
        let (x, y) = problem(rows, columns, 51);
        let fit = BayesianRidge::default().fit(x.view(), y.column(0), None, go).unwrap();
        assert_eq!(fit.stop, StopReason::Converged);
        let means = x.mean_axis(Axis(0)).unwrap();
        let centred = &x - &means;
        let m = ArrayView1::from(&fit.weights);
        let residual = &y.column(0) - fit.intercept - x.dot(&m);
        let (ssr, length) = (residual.dot(&residual), m.dot(&m));
        assert!((fit.lambda * (length + 2e-6) / (fit.effective + 2e-6) - 1.0).abs() < 1e-7);
        assert!((fit.alpha * (ssr + 2e-6) / (rows as f64 - fit.effective + 2e-6) - 1.0).abs() < 1e-6);
        let precision = centred.t().dot(&centred) * fit.alpha + Array2::<f64>::eye(columns) * fit.lambda;
        let unit = precision.dot(&fit.covariance);
        for ((i, j), v) in unit.indexed_iter() {
            // With more columns than rows the precision is far from well-conditioned, which costs digits of any inverse.
            assert!((v - f64::from(u8::from(i == j))).abs() < 1e-7, "{i}, {j}: {v}");
        }
        // Effective weights: the trace of α·Σ·X̃ᵀX̃.
        let trace = (fit.covariance.dot(&centred.t().dot(&centred)) * fit.alpha).diag().sum();
        assert!((trace - fit.effective).abs() < 1e-8);
        let deviation =
            predictive_deviation(x.view(), ArrayView1::from(&fit.means), fit.covariance.view(), fit.alpha).unwrap();
        let row = centred.row(1);
        let expected = (1.0 / fit.alpha + row.dot(&fit.covariance.dot(&row))).sqrt();
        assert!((deviation[1] - expected).abs() < 1e-12);
        // No α and λ nearby have more evidence.
        let top = *fit.history.evidence.last().unwrap();
        for (a, l) in [(1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99)] {
            let near = BayesianRidge {
                max_iter: 1,
                alpha_init: Some(fit.alpha * a),
                lambda_init: Some(fit.lambda * l),
                ..BayesianRidge::default()
            };
            let near = near.fit(x.view(), y.column(0), None, go).unwrap();
            assert!(near.history.evidence[0] < top);
        }
    }
}

#[test]
fn products_stand_in_their_order() {
    let x = array![[2.0, 3.0, 5.0]];
    let columns = |degrees, interaction, bias| {
        let features = PolynomialFeatures::new(3, degrees, interaction, bias).unwrap();
        let mut out = Array2::zeros((1, features.count()));
        features.transform_into(x.view(), out.view_mut()).unwrap();
        out.into_raw_vec_and_offset().0
    };
    assert_eq!(columns((0, 2), false, true), [1.0, 2.0, 3.0, 5.0, 4.0, 6.0, 10.0, 9.0, 15.0, 25.0]);
    assert_eq!(columns((3, 3), false, false), [8.0, 12.0, 20.0, 18.0, 30.0, 50.0, 27.0, 45.0, 75.0, 125.0]);
    assert_eq!(columns((0, 3), true, false), [2.0, 3.0, 5.0, 6.0, 10.0, 15.0, 30.0]);
    assert_eq!(columns((0, 9), true, true).len(), 8);
    assert_eq!(columns((2, 3), true, true), [1.0, 6.0, 10.0, 15.0, 30.0]);
    assert_eq!(columns((0, 0), false, true), [1.0]);
    let refused = |degrees, interaction, bias| PolynomialFeatures::new(3, degrees, interaction, bias).unwrap_err();
    assert!(refused((4, 5), true, false).to_string().contains("3 different columns have no such product"));
    assert!(refused((2, 1), false, true).to_string().contains("goes from 2 to 1"));
    assert!(refused((0, 0), false, false).to_string().contains("leaves no column"));
    assert!(PolynomialFeatures::new(10_000, (0, 50), false, true).is_err());
    let features = PolynomialFeatures::new(1, (0, 2), false, true).unwrap();
    let error = features.transform_into(array![[1.0], [1e200]].view(), Array2::zeros((2, 3)).view_mut()).unwrap_err();
    assert!(error.to_string().contains("row 1"), "{error}");
}

#[test]
fn what_cannot_be_fitted_is_refused_and_a_checkpoint_ends_the_work() {
    let (x, y) = problem(30, 3, 61);
    let mut bad = x.clone();
    bad[(4, 1)] = f64::NAN;
    let model = LinearRegression::default();
    let error = model.fit(bad.view(), y.view(), None, go).unwrap_err().to_string();
    assert!(error.starts_with("LinearRegression.fit: X holds NaN (a missing value) at row 4, column 1"), "{error}");
    let error = Ridge::default().fit(bad.view(), y.view(), None, go).unwrap_err().to_string();
    assert!(error.starts_with("Ridge.fit: X holds NaN"), "{error}");
    let huge = &x * 1e200;
    let error = Ridge::default().fit(huge.view(), y.view(), None, go).unwrap_err().to_string();
    assert!(error.contains("squares overflow (column 0)"), "{error}");
    let error = Ridge::default().fit((&x * 1e-200).view(), y.view(), None, go).unwrap_err().to_string();
    assert!(error.contains("squares vanish (column 0)"), "{error}");
    // Least squares are not afraid of them.
    let plain = model.fit(x.view(), y.view(), None, go).unwrap();
    let scaled = model.fit(huge.view(), y.view(), None, go).unwrap();
    assert!(scaled.weights.iter().zip(&plain.weights).all(|(a, b)| (a * 1e200 / b - 1.0).abs() < 1e-10));
    let weights = Array1::from_elem(30, -1.0);
    assert!(model.fit(x.view(), y.view(), Some(weights.view()), go).is_err());
    let stop = || Err(Error::Interrupted { function: "test" });
    assert!(model.fit(x.view(), y.view(), None, stop).is_err());
}

#[test]
fn the_evidence_is_found_whatever_the_units() {
    let x = normal(50, 3, 5);
    let noise = normal(50, 1, 6);
    let y = Array1::from_shape_fn(50, |i| x[(i, 0)] - 2.0 * x[(i, 1)] + 0.5 * x[(i, 2)] + 0.1 * noise[(i, 0)]);
    let flat = BayesianRidge { alpha_prior: (0.0, 0.0), lambda_prior: (0.0, 0.0), ..BayesianRidge::default() };
    let plain = flat.fit(x.view(), y.view(), None, go).expect("well posed");
    for (of_x, of_y, offset) in [(1.0, 1e5, 3e5), (1e-6, 1.0, 0.0), (1e8, 1e-8, 0.0), (1e-4, 1e12, 1e12)] {
        let (scaled, target) = (&x * of_x, &y * of_y + offset);
        let found = flat.fit(scaled.view(), target.view(), None, go).expect("well posed");
        for (w, plain) in found.weights.iter().zip(&plain.weights) {
            assert!((w * of_x / of_y - plain).abs() < 1e-6 * plain.abs(), "{of_x} {of_y}: {w} {plain}");
        }
    }
}

#[test]
fn many_columns_of_unlike_units_still_meet_their_targets() {
    let (x, y) = (normal(30, 60, 7), normal(30, 1, 8));
    let exponents = normal(1, 60, 9);
    let scaled = Array2::from_shape_fn((30, 60), |(i, j)| x[(i, j)] * 10f64.powf(5.0 * exponents[(0, j)]));
    let fit = LinearRegression::default().fit(scaled.view(), y.view(), None, go).expect("well posed");
    // More columns than rows: every target can be met.
    assert!((fit.rsquared[0] - 1.0).abs() < 1e-9, "{} {:?}", fit.rsquared[0], fit.solver);
}
