//! The distributions of several variables against a table from mpmath, identities between them, and their refusals.
//!
//! Run with `--nocapture` to see the worst error of every function.

#![allow(clippy::unwrap_used, reason = "the parameters in tests are valid")]

use crate::reference;

use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use reference::Row;
use underhood::distributions::{Dirichlet, Multinomial, Multivariate, MultivariateNormal};
use underhood::random::Stream;

const P: [f64; 3] = [0.125, 0.375, 0.5];

fn evaluate(name: &str, v: &[f64]) -> f64 {
    let value = match (name, v) {
        ("binormal.cdf", &[h, k, rho]) => MultivariateNormal::new(array![0.0, 0.0], array![[1.0, rho], [rho, 1.0]])
            .and_then(|d| d.cdf(array![h, k].view(), 1e-5, 0))
            .map(|found| found.values.sum()),
        ("normal3.logpdf", &[x, y, z, c]) => {
            MultivariateNormal::new(array![1.0, 2.0, 3.0], array![[1.0, c, c], [c, 1.0, c], [c, c, 1.0]])
                .and_then(|d| d.logpdf(array![x, y, z].view()))
                .map(|found| found.sum())
        }
        ("multinomial.logpmf", x) => Multinomial::new(x.iter().sum::<f64>() as u64, &P)
            .and_then(|d| d.logpmf(Array1::from(x.to_vec()).view()))
            .map(|found| found.sum()),
        ("multinomial.entropy", &[n]) => Multinomial::new(n as u64, &P).map(|d| d.entropy()),
        ("dirichlet.logpdf", alpha) => {
            Dirichlet::new(alpha).and_then(|d| d.logpdf(array![P[0], P[1], P[2]].view())).map(|found| found.sum())
        }
        ("dirichlet.entropy", alpha) => Dirichlet::new(alpha).map(|d| d.entropy()),
        _ => panic!("{name} of {} arguments", v.len()),
    };
    value.unwrap_or(f64::NAN)
}

/// The allowed relative error.
fn tolerance(row: &Row) -> f64 {
    // A logarithm is absolute next to its zero.
    let absolute = |allowed: f64| allowed * (1.0 / row.value.abs()).max(1.0);
    match (row.name.as_str(), row.arguments.as_slice()) {
        // The rounding of the distance of the limits from the line of correlation, in conditional standard deviations.
        ("binormal.cdf", &[h, k, rho]) => {
            let rest = ((1.0 - rho) * (1.0 + rho)).sqrt();
            let away = ((k - rho * h) / rest).abs().max(1.0);
            2e-15 + 4e-16 * (h * h + k * k + away * away + away * (h.abs() + k.abs()) / rest)
        }
        // The condition number of the correlation matrix, 3/(1 − c) at most.
        ("normal3.logpdf", &[.., c]) => absolute(1e-15 * 3.0 / (1.0 - c)),
        _ => absolute(1e-14),
    }
}

#[test]
fn every_function_agrees_with_mpmath() {
    let table = include_str!("../tables/distributions_multivariate.csv");
    assert_eq!(reference::compare(table, evaluate, tolerance), 6, "a function has no reference values");
}

fn normal(dimension: usize, numbers: &[f64]) -> MultivariateNormal {
    let b = Array2::from_shape_fn((dimension, dimension), |(i, j)| numbers[(i * dimension + j) % numbers.len()]);
    let cov = b.dot(&b.t()) + Array2::<f64>::eye(dimension);
    MultivariateNormal::new(numbers.iter().cycle().take(dimension).copied().collect(), cov).expect("positive definite")
}

proptest! {
    #[test]
    fn the_density_is_the_marginal_times_the_conditional(
        numbers in prop::collection::vec(-2.0_f64..2.0, 30),
        dimension in 2_usize..7,
    ) {
        let both = normal(dimension, &numbers);
        let x = Array1::from(numbers[30 - dimension..].to_vec());
        let given = [dimension - 1, 0];
        let values = [x[given[0]], x[given[1]]];
        let marginal = both.marginal(&given)?.logpdf(array![values[0], values[1]].view())?.sum();
        let rest = if dimension == 2 {
            0.0
        } else {
            let others: Array1<f64> = (1..dimension - 1).map(|i| x[i]).collect();
            both.conditional(&given, &values)?.logpdf(others.view())?.sum()
        };
        let joint = both.logpdf(x.view())?.sum();
        prop_assert!((joint - marginal - rest).abs() < 1e-11 * joint.abs().max(1.0), "{joint} {marginal} {rest}");
        // One of the two by the distribution of one number.
        let single = both.variable(0)?;
        prop_assert_eq!(single.mu(), both.mean()[0]);
    }

    #[test]
    fn many_points_have_the_densities_of_single_ones(numbers in prop::collection::vec(-2.0_f64..2.0, 90), dimension in 1_usize..10) {
        let d = normal(dimension, &numbers);
        let points = Array2::from_shape_fn((40, dimension), |(i, j)| numbers[(7 * i + j) % 90]);
        let all = d.logpdf(points.view())?;
        let distances = d.mahalanobis(points.view())?;
        let constant = 0.5 * dimension as f64 - d.entropy();
        for (i, point) in points.rows().into_iter().enumerate() {
            prop_assert_eq!(all[[i]], d.logpdf(point)?.sum());
            let by_distance = constant - 0.5 * distances[[i]].powi(2);
            prop_assert!((all[[i]] - by_distance).abs() < 1e-13 * all[[i]].abs().max(1.0));
        }
    }

    #[test]
    fn boxes_add_up(rho in -0.999_f64..0.999, x in -4.0_f64..4.0, y in -4.0_f64..4.0, width in 0.01_f64..3.0) {
        let d = MultivariateNormal::new(array![0.0, 0.0], array![[1.0, rho], [rho, 1.0]])?;
        let cdf = |x: f64, y: f64| d.cdf(array![x, y].view(), 1e-5, 0).map(|p| p.values.sum());
        let wanted = cdf(x + width, y + width)? - cdf(x, y + width)? - cdf(x + width, y)? + cdf(x, y)?;
        let found = d.prob(array![x, y].view(), array![x + width, y + width].view(), 1e-5, 0)?.values.sum();
        prop_assert!((found - wanted).abs() < 2e-14, "{found} {wanted}");
        let turned = d.affine(array![[0.0, 1.0], [1.0, 0.0]].view(), array![0.0, 0.0].view())?;
        let other = turned.cdf(array![y, x].view(), 1e-5, 0)?.values.sum();
        prop_assert!((other - cdf(x, y)?).abs() <= 1e-13 * other);
    }

    #[test]
    fn probabilities_of_all_counts_add_up_to_one(n in 0_u64..12, a in 0.0_f64..1.0, b in 0.0_f64..1.0) {
        let p = [a * b, a * (1.0 - b), 1.0 - a];
        let d = Multinomial::new(n, &p)?;
        let counts: Vec<f64> = (0..=n)
            .flat_map(|i| (0..=n - i).flat_map(move |j| [i as f64, j as f64, (n - i - j) as f64]))
            .collect();
        let points = Array2::from_shape_vec((counts.len() / 3, 3), counts).expect("threes");
        let masses = d.pmf(points.view())?;
        prop_assert!((masses.sum() - 1.0).abs() < 1e-13);
        // Many points by the table, single ones without.
        let entropy: f64 = points.rows().into_iter().map(|x| {
            let mass = d.pmf(x).map_or(f64::NAN, |m| m.sum());
            if mass > 0.0 { -mass * mass.ln() } else { 0.0 }
        }).sum();
        prop_assert!((entropy - d.entropy()).abs() < 1e-12, "{entropy} {}", d.entropy());
    }
}

#[test]
fn more_than_two_variables_agree_with_known_orthants_within_the_error() {
    // Equal correlations of ½: the largest of d + 1 equal variables is each one equally likely.
    for d in [3_usize, 5, 8] {
        let cov = Array2::from_shape_fn((d, d), |(i, j)| if i == j { 1.0 } else { 0.5 });
        let x = MultivariateNormal::new(Array1::zeros(d), cov).expect("positive definite");
        let found = x.cdf(Array1::zeros(d).view(), 1e-3, 7).expect("d numbers");
        let (value, error) = (found.values.sum(), found.errors.sum());
        let exact = 1.0 / (d as f64 + 1.0);
        assert!(error <= 1e-3 * value && (value - exact).abs() <= 2.0 * error, "{d}: {value} ± {error}");
    }
    // Independent ones, one without limit, and a tail.
    let x = MultivariateNormal::standard(4).expect("four");
    let found = x.cdf(array![-8.0, f64::INFINITY, -9.0, 1.0].view(), 1e-6, 0).expect("four numbers").values.sum();
    let exact = underhood::special::ndtr(-8.0) * underhood::special::ndtr(-9.0) * underhood::special::ndtr(1.0);
    assert!((found / exact - 1.0).abs() < 1e-12);
}

#[test]
fn draws_have_the_moments_and_the_same_bits_at_every_call() {
    let cases: [(Box<dyn Multivariate>, f64); 3] = [
        (Box::new(normal(4, &[0.3, -1.0, 0.7, 1.1, 0.2])), 1.0),
        (Box::new(Multinomial::new(30, &[0.1, 0.0, 0.65, 0.25]).expect("probabilities")), 1.0),
        (Box::new(Dirichlet::new(&[0.3, 2.0, 5.0]).expect("positive")), 1.0),
    ];
    for (d, _) in cases {
        let (k, n) = (d.dimension(), 40_000);
        let mut draws = vec![0.0; k * n];
        d.fill(&mut Stream::seeded(5), &mut draws);
        let mut again = vec![0.0; k * n];
        d.fill(&mut Stream::seeded(5), &mut again);
        assert_eq!(draws, again);
        let points = Array2::from_shape_vec((n, k), draws).expect("n points");
        let (mean, cov) = (d.mean(), d.covariance());
        let centred = &points - &mean;
        let found = centred.t().dot(&centred) / n as f64;
        for i in 0..k {
            let error = (cov[[i, i]] / n as f64).sqrt();
            assert!(centred.column(i).sum().abs() / n as f64 <= 5.0 * error, "{d:?}: mean {i}");
            for j in 0..k {
                // Fourth moments of these are at most ten times the normal ones.
                let allowed = 16.0 * (cov[[i, i]] * cov[[j, j]] / n as f64).sqrt();
                assert!((found[[i, j]] - cov[[i, j]]).abs() <= allowed, "{d:?}: covariance {i}, {j}");
            }
        }
    }
    // Tiny concentrations: one proportion has nearly all, and nothing is 0/0.
    let mut draws = [0.0; 30];
    Dirichlet::new(&[1e-12, 1e-6, 1e-12]).expect("positive").fill(&mut Stream::seeded(1), &mut draws);
    assert!(draws.chunks(3).all(|x| (x.iter().sum::<f64>() - 1.0).abs() < 1e-15));
}

#[test]
fn fits_are_where_the_likelihood_is_largest() {
    let mut draws = vec![0.0; 3 * 500];
    let truth = Dirichlet::new(&[0.7, 4.0, 11.0]).expect("positive");
    truth.fill(&mut Stream::seeded(2), &mut draws);
    let data = Array2::from_shape_vec((500, 3), draws).expect("500 points");
    let fit = Dirichlet::fit(data.view()).expect("proportions");
    let alpha = fit.distribution.alpha().to_vec();
    for i in 0..3 {
        let error = fit.covariance[[i, i]].sqrt();
        assert!((alpha[i] - truth.alpha()[i]).abs() < 4.0 * error);
        // A step of h standard errors costs h²/2 at least: standard errors are those of the curvature.
        for h in [-0.1, 0.1] {
            let mut moved = alpha.clone();
            moved[i] += h * error;
            let there = Dirichlet::new(&moved).expect("positive").logpdf(data.view()).expect("proportions").sum();
            assert!(there < fit.log_likelihood - 0.4 * h * h, "{i}: {there} {}", fit.log_likelihood);
        }
    }
    let d = normal(3, &[0.3, -1.0, 0.7, 1.1]);
    let mut draws = vec![0.0; 3 * 400];
    d.fill(&mut Stream::seeded(3), &mut draws);
    let data = Array2::from_shape_vec((400, 3), draws).expect("400 points");
    let fit = MultivariateNormal::fit(data.view()).expect("more rows than columns");
    let total = fit.distribution.logpdf(data.view()).expect("points").sum();
    assert!((fit.log_likelihood - total).abs() < 1e-10 * total.abs());
    assert!((fit.distribution.mean() - d.mean()).iter().zip(&fit.mean_errors).all(|(d, e)| d.abs() < 4.0 * e));
    let counts = array![[3.0, 5.0, 2.0], [1.0, 7.0, 2.0]];
    let fit = Multinomial::fit(counts.view()).expect("counts");
    assert_eq!(fit.distribution.p(), [0.2, 0.6, 0.2]);
    assert!((fit.covariance[[0, 1]] + 0.12 / 20.0).abs() < 1e-17);
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let square = |a: f64, b: f64| MultivariateNormal::new(array![0.0, 0.0], array![[1.0, a], [b, 1.0]]);
    let d = MultivariateNormal::standard(2).expect("two");
    let simplex = Dirichlet::new(&[1.0, 2.0]).expect("positive");
    for (error, message) in [
        (square(2.0, 2.0).unwrap_err(), "MultivariateNormal: cov is not positive definite"),
        (square(1.0, 1.0).unwrap_err(), "MultivariateNormal: cov makes a singular covariance matrix: variable 1"),
        (square(0.5, 0.4).unwrap_err(), "MultivariateNormal: cov is not symmetric"),
        (d.logpdf(array![1.0].view()).unwrap_err(), "MultivariateNormal.logpdf: x is a vector of 1, but points of 2"),
        (d.marginal(&[2]).unwrap_err(), "MultivariateNormal.marginal: indices names variable 2"),
        (d.conditional(&[0, 1], &[1.0, 2.0]).unwrap_err(), "MultivariateNormal.conditional: indices names all 2"),
        (
            d.affine(array![[1.0, 1.0], [2.0, 2.0]].view(), array![0.0, 0.0].view()).unwrap_err(),
            "MultivariateNormal.affine: A makes a singular covariance matrix",
        ),
        (Multinomial::new(3, &[0.5, 0.4]).unwrap_err(), "Multinomial: p adds up to 0.9"),
        (Multinomial::fit(array![[1.0, 2.0], [1.0, 1.0]].view()).unwrap_err(), "Multinomial.fit: data has rows of"),
        (simplex.pdf(array![0.5, 0.6].view()).unwrap_err(), "Dirichlet.pdf: x has a point (number 0) that adds up to"),
        (simplex.pdf(array![-0.5, 1.5].view()).unwrap_err(), "Dirichlet.pdf: x holds -0.5 in point 0"),
        (Dirichlet::fit(array![[0.5, 0.5], [0.5, 0.5]].view()).unwrap_err(), "Dirichlet.fit: data has rows that are"),
        (Dirichlet::fit(array![[0.0, 1.0], [0.5, 0.5]].view()).unwrap_err(), "Dirichlet.fit: data has a 0 in row 0"),
    ] {
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[test]
fn edges_have_their_limits() {
    let d = MultivariateNormal::new(array![0.0, 0.0], array![[4.0, 0.0], [0.0, 9.0]]).expect("diagonal");
    let inf = f64::INFINITY;
    let points = array![[inf, 0.0], [-inf, inf], [f64::NAN, inf], [1e200, 0.0]];
    let logs = d.logpdf(points.view()).expect("points");
    assert!(logs[[0]] == -inf && logs[[1]] == -inf && logs[[2]].is_nan() && logs[[3]] == -inf);
    let distances = d.mahalanobis(array![[1e200, 0.0], [2e-200, 0.0], [0.0, 0.0]].view()).expect("points");
    assert!((distances[[0]] / 5e199 - 1.0).abs() < 1e-15 && (distances[[1]] / 1e-200 - 1.0).abs() < 1e-15);
    assert_eq!(distances[[2]], 0.0);
    assert_eq!(d.cdf(array![-inf, 1.0].view(), 1e-5, 0).expect("a point").values.sum(), 0.0);
    assert_eq!(d.cdf(array![inf, 0.0].view(), 1e-5, 0).expect("a point").values.sum(), 0.5);

    let x = Multinomial::new(3, &[0.5, 0.5, 0.0]).expect("probabilities");
    let counts = array![[1.0, 2.0, 0.0], [1.0, 1.0, 1.0], [1.5, 1.5, 0.0], [4.0, -1.0, 0.0], [1.0, 1.0, 0.0]];
    assert_eq!(
        x.pmf(counts.view()).expect("counts").mapv(|m| (m * 1e12).round()).into_raw_vec_and_offset().0,
        [0.375e12, 0.0, 0.0, 0.0, 0.0]
    );
    assert_eq!(x.logpmf(array![3.5, 0.0, 0.0].view()).expect("counts").sum(), -inf);

    let at_corner = |alpha: &[f64]| {
        Dirichlet::new(alpha).and_then(|d| d.pdf(array![0.0, 0.25, 0.75].view())).map_or(f64::NAN, |v| v.sum())
    };
    assert_eq!(at_corner(&[2.0, 1.0, 1.0]), 0.0);
    assert_eq!(at_corner(&[0.5, 1.0, 1.0]), inf);
    assert!((at_corner(&[1.0, 1.0, 1.0]) - 2.0).abs() < 1e-14);
    assert!((at_corner(&[1.0, 2.0, 1.0]) / 1.5 - 1.0).abs() < 1e-14);
}
