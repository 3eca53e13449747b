//! Networks: their gradient three ways, their steps by hand, and where training stops.

use ndarray::{Array1, Array2, ArrayView2, Axis, array};
use underhood::Error;
use underhood::models::{
    Activation, Descent, Network, NetworkSolver, NetworkStart, NetworkTargets, NetworkTraining, Output, Schedule,
    StopReason, TrainedNetwork,
};
use underhood::random::Stream;

const ACTIVATIONS: [Activation; 4] = [Activation::Identity, Activation::Logistic, Activation::Tanh, Activation::Relu];
const OUTPUTS: [Output; 4] = [Output::Softmax, Output::Logistic, Output::Identity, Output::Exponential];

fn normal(stream: &mut Stream, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || stream.normal())
}

/// Targets that the output can have.
fn targets(stream: &mut Stream, output: Output, rows: usize, columns: usize) -> Array2<f64> {
    match output {
        Output::Softmax => Array2::from_shape_fn((rows, columns), |(i, k)| f64::from(u8::from(i % columns == k))),
        Output::Logistic => Array2::from_shape_fn((rows, columns), |(i, k)| ((i + k) % 2) as f64),
        Output::Identity => normal(stream, rows, columns),
        Output::Exponential => Array2::from_shape_fn((rows, columns), |(i, k)| ((i * k) % 4) as f64),
    }
}

/// Weights and biases of each layer.
fn layers(sizes: &[usize], theta: &[f64]) -> Vec<(Array2<f64>, Array1<f64>)> {
    let mut rest = theta;
    sizes
        .windows(2)
        .map(|pair| {
            let (weights, behind) = rest.split_at(pair[0] * pair[1]);
            let (biases, behind) = behind.split_at(pair[1]);
            rest = behind;
            (
                Array2::from_shape_vec((pair[0], pair[1]), weights.to_vec()).expect("the sizes fit"),
                Array1::from(biases.to_vec()),
            )
        })
        .collect()
}

/// Backpropagation as a textbook has it, element by element: J and its gradient.
fn by_hand(
    network: &Network,
    theta: &[f64],
    (x, y): (ArrayView2<'_, f64>, ArrayView2<'_, f64>),
    weights: Option<&Array1<f64>>,
    alpha: f64,
) -> Vec<f64> {
    let layers = layers(network.sizes(), theta);
    let ones = Array1::ones(x.nrows());
    let weights = weights.unwrap_or(&ones);
    let mass = weights.sum();
    let phi = |z: f64| match network.activation() {
        Activation::Identity => z,
        Activation::Logistic => 1.0 / (1.0 + (-z).exp()),
        Activation::Tanh => z.tanh(),
        Activation::Relu => z.max(0.0),
    };
    let slope = |a: f64| match network.activation() {
        Activation::Identity => 1.0,
        Activation::Logistic => a * (1.0 - a),
        Activation::Tanh => 1.0 - a * a,
        Activation::Relu => f64::from(u8::from(a > 0.0)),
    };
    let mut flowing = vec![x.to_owned()];
    for (number, (w, b)) in layers.iter().enumerate() {
        let z = flowing[number].dot(w) + b;
        flowing.push(if number + 1 == layers.len() { z } else { z.mapv(phi) });
    }
    let z = flowing.pop().expect("the last net inputs");
    let p = match network.output() {
        Output::Softmax => {
            let e = z.mapv(f64::exp);
            &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1))
        }
        Output::Logistic => z.mapv(|z| 1.0 / (1.0 + (-z).exp())),
        Output::Identity => z.clone(),
        Output::Exponential => z.mapv(f64::exp),
    };
    let loss = |p: f64, y: f64| match network.output() {
        Output::Softmax => -y * p.ln(),
        Output::Logistic => -y * p.ln() - (1.0 - y) * (1.0 - p).ln(),
        Output::Identity => 0.5 * (p - y) * (p - y),
        Output::Exponential => p - y + if y > 0.0 { y * (y / p).ln() } else { 0.0 },
    };
    let mut j = 0.0;
    for ((i, k), p) in p.indexed_iter() {
        j += weights[i] / mass * loss(*p, y[(i, k)]);
    }
    j += layers.iter().map(|(w, _)| w.iter().map(|w| w * w).sum::<f64>()).sum::<f64>() * alpha / (2.0 * mass);
    let mut delta = (&p - &y) * &(weights / mass).insert_axis(Axis(1));
    let mut parts = Vec::new();
    for (number, (w, _)) in layers.iter().enumerate().rev() {
        let of_weights = flowing[number].t().dot(&delta) + w * (alpha / mass);
        parts.push((of_weights, delta.sum_axis(Axis(0))));
        delta = delta.dot(&w.t()) * flowing[number].mapv(slope);
    }
    let mut all = vec![j];
    for (w, b) in parts.into_iter().rev() {
        all.extend(w.iter());
        all.extend(b.iter());
    }
    all
}

#[test]
fn the_gradient_is_the_same_by_graph_by_hand_and_by_differences() {
    let mut stream = Stream::seeded(5);
    for activation in ACTIVATIONS {
        for output in OUTPUTS {
            // Small enough for a tape of numbers, and large enough for arrays and several blocks of rows.
            for (rows, sizes) in [(4, vec![2, 3, 2]), (300, vec![5, 9, 4, 3])] {
                let network = Network::new("fit", &sizes, activation, output).expect("sizes");
                let x = normal(&mut stream, rows, sizes[0]);
                let outputs = sizes[sizes.len() - 1];
                let y = targets(&mut stream, output, rows, outputs);
                let theta = network.start(&mut stream);
                let weights = Array1::from_shape_fn(rows, |i| (i % 3) as f64);
                for weights in [None, Some(&weights)] {
                    let found = network.loss_and_gradient(
                        "fit",
                        &theta,
                        x.view(),
                        NetworkTargets::Values(y.view()),
                        weights.map(|w| w.view()),
                        0.3,
                    );
                    let found = found.expect("a gradient");
                    let expected = by_hand(&network, &theta, (x.view(), y.view()), weights, 0.3);
                    for (found, expected) in found.iter().zip(&expected) {
                        assert!(
                            (found - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
                            "{activation:?} {output:?} {rows}"
                        );
                    }
                    // Central differences of J by hand: their error is step², and a kink of relu is nowhere near.
                    let step = 1e-5;
                    for place in (0..theta.len()).step_by(7) {
                        let at = |to: f64| {
                            let mut moved = theta.clone();
                            moved[place] += to;
                            by_hand(&network, &moved, (x.view(), y.view()), weights, 0.3)[0]
                        };
                        let difference = (at(step) - at(-step)) / (2.0 * step);
                        assert!(
                            (difference - found[place + 1]).abs() < 2e-8,
                            "{activation:?} {output:?} {difference} {}",
                            found[place + 1]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_graph_that_is_shown_is_the_one_that_trains() {
    let mut stream = Stream::seeded(2);
    let network = Network::new("fit", &[3, 4, 2], Activation::Tanh, Output::Softmax).expect("sizes");
    let (x, theta) = (normal(&mut stream, 6, 3), network.start(&mut stream));
    let y = targets(&mut stream, Output::Softmax, 6, 2);
    let values = NetworkTargets::Values(y.view());
    let shown = network.objective("loss_function", x.view(), values, None, 0.1).expect("a graph");
    assert!(shown.to_string().contains("logsumexp("), "{shown}");
    let names: Vec<&str> = shown.arguments().iter().map(|argument| &argument.name[..]).collect();
    assert_eq!(names, ["W1", "b1", "W2", "b2"]);
    let trained = network.loss_and_gradient("fit", &theta, x.view(), values, None, 0.1).expect("a gradient");
    let parts = [&theta[..12], &theta[12..16], &theta[16..24], &theta[24..]];
    let mut start = 1;
    for argument in 0..4 {
        let gradient = shown.gradient(&[argument]).expect("a gradient");
        let program = underhood::graph::Program::new(&gradient);
        let (mut memory, mut found) = (program.memory().expect("room"), vec![0.0; program.size()]);
        program.run(&mut memory, &parts, &mut found).expect("arguments that fit");
        for (found, trained) in found.iter().zip(&trained[start..]) {
            assert!((found - trained).abs() < 1e-15);
        }
        start += found.len();
    }
    assert_eq!(start, trained.len());
}

fn fit(
    training: &NetworkTraining,
    network: &Network,
    x: &Array2<f64>,
    codes: &[usize],
    start: Option<NetworkStart>,
) -> TrainedNetwork {
    let classes = NetworkTargets::Classes(codes, 2);
    training
        .fit("fit", network, x.view(), classes, None, start, &mut Stream::seeded(1), || Ok::<(), Error>(()))
        .expect("rows that fit")
}

#[test]
fn steps_are_those_of_the_formulas() {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let y = array![[0.0], [1.0], [1.0], [0.0]];
    let network = Network::new("fit", &[2, 2, 1], Activation::Tanh, Output::Logistic).expect("sizes");
    let first = network.start(&mut Stream::seeded(9));
    let (eta, mu) = (0.2, 0.7);
    for nesterov in [false, true] {
        let descent = Descent::Sgd { momentum: mu, nesterov, schedule: Schedule::Constant };
        let training = NetworkTraining {
            solver: NetworkSolver::Descent(descent),
            learning_rate: eta,
            max_iter: 5,
            shuffle: false,
            ..NetworkTraining::default()
        };
        let start = NetworkStart { parameters: first.clone(), state: Default::default() };
        let found = fit(&training, &network, &x, &[0, 1, 1, 0], Some(start));
        let (mut theta, mut v) = (first.clone(), vec![0.0; first.len()]);
        for epoch in 0..5 {
            let all = by_hand(&network, &theta, (x.view(), y.view()), None, training.alpha);
            assert!((found.loss_curve[epoch] - all[0]).abs() < 1e-14);
            for ((theta, v), g) in theta.iter_mut().zip(&mut v).zip(&all[1..]) {
                *v = mu * *v - eta * g;
                *theta += if nesterov { mu * *v - eta * g } else { *v };
            }
        }
        for (found, expected) in found.parameters.iter().zip(&theta) {
            assert!((found - expected).abs() < 1e-13);
        }
    }
}

#[test]
fn training_stops_where_it_should() {
    let mut stream = Stream::seeded(4);
    let x = normal(&mut stream, 120, 3);
    let codes: Vec<usize> = x.outer_iter().map(|row| usize::from(row[0] * row[1] > 0.0)).collect();
    let network = Network::new("fit", &[3, 8, 1], Activation::Relu, Output::Logistic).expect("sizes");
    let plain = NetworkTraining { max_iter: 3, ..NetworkTraining::default() };
    let found = fit(&plain, &network, &x, &codes, None);
    assert_eq!((found.stop, found.iterations, found.loss_curve.len()), (StopReason::MaxIter, 3, 3));
    assert_eq!(found.history.as_ref().map(|kept| kept.update_ratio.dim()), Some((3, 2)));
    // The same seed gives the same bits.
    assert_eq!(fit(&plain, &network, &x, &codes, None), found);
    // One epoch after the other is what all at once are.
    let (mut start, mut losses) = (None, Vec::new());
    for _ in 0..3 {
        let single = NetworkTraining { one_epoch: true, shuffle: false, ..plain.clone() };
        let found = fit(&single, &network, &x, &codes, start);
        losses.extend(found.loss_curve);
        start = Some(NetworkStart { parameters: found.parameters, state: found.state });
    }
    let at_once = fit(&NetworkTraining { shuffle: false, ..plain.clone() }, &network, &x, &codes, None);
    assert_eq!(losses, at_once.loss_curve);
    // Progress that counts as none.
    let lazy = NetworkTraining { tol: 1e3, max_iter: 100, ..plain.clone() };
    let found = fit(&lazy, &network, &x, &codes, None);
    assert_eq!((found.stop, found.iterations), (StopReason::NoProgress, 12));
    let judged = NetworkTraining { validation: Some(0.2), ..lazy };
    let found = fit(&judged, &network, &x, &codes, None);
    assert_eq!((found.stop, found.validation_scores.len()), (StopReason::NoProgress, found.iterations));
    // A rate beyond all measure.
    let descent = Descent::Sgd { momentum: 0.9, nesterov: true, schedule: Schedule::Constant };
    let wild = NetworkTraining {
        solver: NetworkSolver::Descent(descent),
        learning_rate: 1e200,
        max_iter: 100,
        ..plain.clone()
    };
    let found = fit(&wild, &network, &x, &codes, None);
    assert_eq!(found.stop, StopReason::Overflow);
    assert!(found.loss.is_finite() && found.parameters.iter().all(|weight| weight.is_finite()));
    // All rows at once, down to where the gradient vanishes.
    let whole = NetworkTraining {
        solver: NetworkSolver::Lbfgs { max_evaluations: 15_000 },
        alpha: 1.0,
        tol: 1e-8,
        max_iter: 5_000,
        ..plain.clone()
    };
    let smooth = Network::new("fit", &[3, 4, 1], Activation::Tanh, Output::Logistic).expect("sizes");
    let found = fit(&whole, &smooth, &x, &codes, None);
    assert_eq!(found.stop, StopReason::Converged);
    let y = Array2::from_shape_fn((120, 1), |(i, _)| codes[i] as f64);
    let gradient = by_hand(&smooth, &found.parameters, (x.view(), y.view()), None, 1.0);
    assert!(gradient[1..].iter().all(|slope| slope.abs() <= 1.01e-8));
    assert!((gradient[0] - found.loss).abs() < 1e-14);
    // Ctrl-C.
    let endless = NetworkTraining { max_iter: 10_000_000, n_iter_no_change: usize::MAX, ..plain };
    let stopped =
        endless.fit("fit", &smooth, x.view(), NetworkTargets::Classes(&codes, 2), None, None, &mut stream, || {
            Err(Error::Invalid { function: "fit", argument: "X", problem: "was enough".into() })
        });
    assert!(stopped.is_err());
}

#[test]
fn what_does_not_fit_is_refused() {
    let x = array![[1.0], [2.0], [3.0]];
    let network = Network::new("fit", &[1, 2, 1], Activation::Relu, Output::Identity).expect("sizes");
    let y = array![[1.0], [2.0], [4.0]];
    let refusal = |training: &NetworkTraining, x: &Array2<f64>, targets: NetworkTargets<'_>| {
        let found = training
            .fit("fit", &network, x.view(), targets, None, None, &mut Stream::seeded(0), || Ok::<(), Error>(()));
        found.expect_err("it is refused").to_string()
    };
    let plain = NetworkTraining { max_iter: 2, ..NetworkTraining::default() };
    let values = NetworkTargets::Values(y.view());
    assert!(refusal(&plain, &array![[1.0, 2.0]], values).contains("2 columns"));
    assert!(refusal(&plain, &array![[1.0], [f64::NAN], [0.0]], values).contains("row 1, column 0"));
    assert!(
        refusal(&plain, &x, NetworkTargets::Values(array![[1.0], [f64::INFINITY], [0.0]].view()))
            .contains("y holds infinity")
    );
    assert!(refusal(&plain, &x, NetworkTargets::Classes(&[0, 1, 2], 2)).contains("class number 2 at index 2"));
    assert!(refusal(&plain, &array![[1e200], [-1e200], [0.0]], values).contains("standardise"));
    for (training, word) in [
        (NetworkTraining { alpha: -1.0, ..plain.clone() }, "alpha"),
        (NetworkTraining { learning_rate: 0.0, ..plain.clone() }, "learning_rate_init"),
        (NetworkTraining { batch_size: Some(0), ..plain.clone() }, "batch_size"),
        (NetworkTraining { max_iter: 0, ..plain.clone() }, "max_iter"),
        (NetworkTraining { n_iter_no_change: 0, ..plain.clone() }, "n_iter_no_change"),
        (NetworkTraining { validation: Some(1.0), ..plain.clone() }, "validation_fraction"),
        (NetworkTraining { validation: Some(0.1), ..plain.clone() }, "validation_fraction"),
        (NetworkTraining { solver: NetworkSolver::Lbfgs { max_evaluations: 0 }, ..plain.clone() }, "max_fun"),
    ] {
        assert!(refusal(&training, &x, values).contains(word), "{word}");
    }
    assert!(Network::new("fit", &[1, 0, 1], Activation::Relu, Output::Identity).is_err());
    assert!(Network::new("fit", &[usize::MAX, usize::MAX], Activation::Relu, Output::Identity).is_err());
}
