//! The textbook runs on iris: setosa and versicolor by sepal and petal length.
#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

use ndarray::{Array1, Array2, Axis};
use underhood::Error;
use underhood::models::{
    Adaline, AdalineSolver, LogisticRegression, Perceptron, Plane, StandardScaler, StopReason, predict,
};
use underhood::random::Stream;

fn go() -> Result<(), Error> {
    Ok(())
}

fn iris() -> (Array2<f64>, Vec<usize>) {
    let text = include_str!("../data/iris_setosa_versicolor.csv");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter(|line| !line.starts_with(['#', 's']))
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let x = Array2::from_shape_fn((rows.len(), 2), |(i, j)| rows[i][j]);
    (x, rows.iter().map(|row| row[2] as usize).collect())
}

fn batch(x: &Array2<f64>, codes: &[usize], rate: Option<f64>, max_iter: usize) -> (Plane, f64) {
    let model = Adaline { learning_rate: rate, max_iter, tol: None, ..Adaline::default() };
    let mut fit = model.fit(x.view(), codes, 2, None, &Stream::seeded(1), go).unwrap();
    (fit.planes.remove(0), fit.critical_learning_rate)
}

#[test]
fn the_perceptron_settles_within_six_epochs() {
    let (x, codes) = iris();
    let run = |shuffle, init_scale| {
        let model = Perceptron { learning_rate: 0.1, shuffle, init_scale, ..Perceptron::default() };
        let plane = model.fit(x.view(), &codes, 2, None, &Stream::seeded(1), go).unwrap().remove(0);
        assert_eq!(plane.stop, StopReason::Separated);
        let weights = Array1::from(plane.weights.clone()).insert_axis(Axis(0));
        let found = predict(x.view(), weights.view(), ndarray::arr1(&[plane.bias]).view()).unwrap();
        assert_eq!(found.to_vec(), codes);
        plane.history.unwrap().errors
    };
    // In the order of the data, from zero or from small weights, the updates are those of the textbook.
    assert_eq!(run(false, 0.0), [2, 2, 3, 2, 1, 0]);
    assert_eq!(run(false, 0.01), [2, 2, 3, 2, 1, 0]);
    for errors in [run(true, 0.0), run(true, 0.01)] {
        assert!(errors.len() <= 6 && errors.last() == Some(&0), "{errors:?}");
    }
}

#[test]
fn the_critical_rates_are_known_and_tell_descent_from_divergence() {
    let (raw, codes) = iris();
    let standardised = StandardScaler::fit(raw.view()).unwrap().transform(raw.view()).unwrap();
    // 1/λ of the mean of (1, x)(1, x)ᵀ by NumPy's eigvalsh.
    for (x, expected) in [(raw, 0.024694382666285847), (standardised, 0.5517369692445886)] {
        let critical = batch(&x, &codes, None, 1).1;
        assert!((critical - expected).abs() <= 1e-13 * expected, "{critical}");
        let below = batch(&x, &codes, Some(critical * 0.999), 1000).0;
        assert!(below.history.unwrap().loss.windows(2).all(|pair| pair[1] <= pair[0]));
        let above = batch(&x, &codes, Some(critical * 1.01), 1000).0;
        assert_eq!(above.stop, StopReason::Diverged);
        assert!(above.weights.iter().all(|w| w.is_finite()));
    }
}

#[test]
fn one_seed_gives_one_run() {
    let (x, codes) = iris();
    let run = |seed| {
        let model = Adaline { solver: AdalineSolver::Stochastic, init_scale: 0.1, max_iter: 5, ..Adaline::default() };
        model.fit(x.view(), &codes, 2, None, &Stream::seeded(seed), go).unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn bad_input_is_refused_by_name() {
    let (x, codes) = iris();
    let fit = |x: &Array2<f64>, codes: &[usize], classes| {
        let adaline = Adaline::default().fit(x.view(), codes, classes, None, &Stream::seeded(0), go).map(|_| ());
        let logistic = LogisticRegression::default().fit(x.view(), codes, classes, None, go).map(|_| ());
        let perceptron = Perceptron::default().fit(x.view(), codes, classes, None, &Stream::seeded(0), go).map(|_| ());
        [adaline, logistic, perceptron].map(|result| result.unwrap_err().to_string())
    };
    let mut holed = x.clone();
    holed[(7, 1)] = f64::NAN;
    let says = |messages: [String; 3], part: &str| {
        for message in messages {
            assert!(message.contains(".fit: ") && message.contains(part), "{message}");
        }
    };
    says(fit(&holed, &codes, 2), "X holds NaN (a missing value) at row 7, column 1");
    says(fit(&x, &codes[1..], 2), "y is a vector of 99, but X is 100×2");
    says(fit(&x, &[0; 100], 1), "y has only one class");
    says(fit(&x, &[0; 100], 2), "y has no row of class number 1");
    says(fit(&x, &codes, 1), "y holds class number 1 at index 50, but there are 1 classes");
    says(fit(&Array2::zeros((0, 2)), &[], 2), "X has 0 rows");
    says(fit(&Array2::zeros((2, 0)), &[0, 1], 2), "X has 0 columns");

    let huge = x.mapv(|v| v * 1e300);
    for message in [
        Adaline::default().fit(huge.view(), &codes, 2, None, &Stream::seeded(0), go).unwrap_err().to_string(),
        LogisticRegression::default().fit(huge.view(), &codes, 2, None, go).unwrap_err().to_string(),
    ] {
        assert!(message.contains("X holds values so large that their squares overflow"), "{message}");
    }
    let plane =
        Perceptron::default().fit((&huge * 1e7).view(), &codes, 2, None, &Stream::seeded(0), go).unwrap().remove(0);
    assert!(plane.bias.is_finite() && plane.weights.iter().all(|w| w.is_finite()));
}

#[test]
fn a_caller_can_stop_a_run() {
    let (x, codes) = iris();
    let stop = || Err(Error::Interrupted { function: "test" });
    assert!(Perceptron::default().fit(x.view(), &codes, 2, None, &Stream::seeded(0), stop).is_err());
    assert!(Adaline::default().fit(x.view(), &codes, 2, None, &Stream::seeded(0), stop).is_err());
    assert!(LogisticRegression::default().fit(x.view(), &codes, 2, None, stop).is_err());
}
