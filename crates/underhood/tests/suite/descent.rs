//! The rules and rates of descent against their formulas, the critical rate against eigenvalues, and mini-batches.

use proptest::prelude::*;
use underhood::Error;
use underhood::graph::{Binary, Function, Graph, Program, Reduction};
use underhood::optimize::{
    Decay, Descent, Options, Rate, Rule, Schedule, StochasticOptions, StochasticStop, Stop, gradient_descent,
    gradient_descent_numerical, gradient_descent_program, gradient_descent_with, largest_curvature,
    largest_curvature_numerical, stochastic_gradient_descent,
};
use underhood::random::Stream;

/// f(x) = ½ Σ aᵢ xᵢ².
fn bowl(curvatures: &[f64], x0: &[f64], options: &Options<'_>) -> Descent {
    let both = |x: &[f64], gradient: &mut [f64]| -> Result<f64, Error> {
        gradient.iter_mut().zip(x.iter().zip(curvatures)).for_each(|(slope, (x, a))| *slope = a * x);
        Ok(x.iter().zip(curvatures).map(|(x, a)| 0.5 * a * x * x).sum())
    };
    gradient_descent_with(both, x0, options, |_| Ok(true)).expect("a bowl is defined everywhere")
}

fn constant(rate: f64, rule: Rule) -> Options<'static> {
    Options { rate: Rate::Constant(rate), rule, ..Options::default() }
}

const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/// f = x²/2 from 1, so that the gradient is the point: each rule's first points by its formula, computed by hand.
#[test]
fn first_steps_are_the_formulas() {
    let first = |rule| {
        let options = Options { max_iter: 2, ..constant(0.1, rule) };
        let path = bowl(&[1.0], &[1.0], &options).path.expect("it was kept");
        [path[[1, 0]], path[[2, 0]]]
    };
    let close = |found: [f64; 2], known: [f64; 2]| {
        assert!(found.iter().zip(known).all(|(found, known)| (found - known).abs() < 1e-14), "{found:?} {known:?}");
    };
    close(first(Rule::Plain), [0.9, 0.81]);
    // v₁ = −0.1, v₂ = −0.05 − 0.09.
    close(first(Rule::Momentum { momentum: 0.5 }), [0.9, 0.76]);
    // The points ahead: y₁ = 1 − 0.1 (1 + ½), v₂ = −0.05 − 0.085, y₂ = y₁ + v₂/2 − 0.085.
    close(first(Rule::Nesterov { momentum: 0.5 }), [0.85, 0.6975]);
    let epsilon = 1e-300;
    let second = 0.9 - 0.1 * 0.9 / (1.0_f64 + 0.81).sqrt();
    close(first(Rule::AdaGrad { epsilon }), [0.9, second]);
    // s₁ = 0.1: a step of 0.1/√0.1.
    let x = 1.0 - 0.1 / 0.1_f64.sqrt();
    close(first(Rule::RmsProp { beta2: 0.9, epsilon }), [x, x - 0.1 * x / (0.09 + 0.1 * x * x).sqrt()]);
    // Without its start's bias Adam's first step is the rate, whatever the slope.
    let mean = (0.9 * 0.1 + 0.1 * 0.9) / (1.0 - 0.81);
    let scale: f64 = (0.999 * 0.001 + 0.001 * 0.81) / (1.0 - 0.999 * 0.999);
    close(first(Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon }), [0.9, 0.9 - 0.1 * mean / scale.sqrt()]);
}

/// Nesterov's two sequences as he wrote them, xₖ₊₁ = yₖ − η∇f(yₖ), yₖ₊₁ = xₖ₊₁ + β(xₖ₊₁ − xₖ).
#[test]
fn nesterovs_points_are_those_ahead() {
    let (rate, momentum, curvatures) = (0.02, 0.8, [1.0, 30.0]);
    let path = bowl(&curvatures, &[3.0, -1.0], &constant(rate, Rule::Nesterov { momentum })).path.expect("it was kept");
    let (mut x, mut y) = ([3.0, -1.0], [3.0, -1.0]);
    for row in path.rows().into_iter().take(60) {
        for i in 0..2 {
            assert!((row[i] - y[i]).abs() < 1e-13);
            let next = y[i] - rate * curvatures[i] * y[i];
            y[i] = next + momentum * (next - x[i]);
            x[i] = next;
        }
    }
}

#[test]
fn every_rule_arrives_and_says_how_long_its_steps_were() {
    let inertia = 0.5;
    for rule in [
        Rule::Plain,
        Rule::Momentum { momentum: inertia },
        Rule::Nesterov { momentum: inertia },
        Rule::AdaGrad { epsilon: 1e-8 },
        Rule::RmsProp { beta2: 0.9, epsilon: 1e-8 },
        ADAM,
    ] {
        let descent = bowl(&[1.0, 5.0], &[0.5, -0.4], &Options { max_iter: 20_000, ..constant(0.1, rule) });
        assert_eq!(descent.stop, Stop::Converged, "{rule:?}: {}", descent.message);
        assert!(descent.x.iter().all(|x| x.abs() < 1e-7));
        let (path, lengths) = (descent.path.as_ref().expect("it was kept"), descent.step_lengths());
        assert_eq!((lengths.len(), descent.rates().len()), (descent.iterations, descent.iterations));
        for (k, length) in lengths.iter().enumerate() {
            let moved = &path.row(k + 1) - &path.row(k);
            assert!((moved.dot(&moved).sqrt() - length).abs() <= 1e-12 * length + 1e-17);
        }
        assert!(descent.rates().iter().all(|&rate| rate == 0.1));
    }
}

#[test]
fn schedules_follow_their_formulas() {
    let at = |decay, k: usize| Schedule { rate: 2.0, decay, warm_up: 0 }.at(k);
    assert_eq!(at(Decay::Constant, 7), 2.0);
    assert_eq!(at(Decay::Exponential { factor: 0.5 }, 3), 0.25);
    assert_eq!(at(Decay::InverseTime { decay: 0.5 }, 6), 0.5);
    let cosine = Decay::Cosine { steps: 10, floor: 1.0 };
    assert!([(0, 2.0), (5, 1.5), (10, 1.0), (99, 1.0)].iter().all(|&(k, rate)| (at(cosine, k) - rate).abs() < 1e-15));
    let halved = Schedule { rate: 0.1, decay: Decay::Step { factor: 0.5, every: 3 }, warm_up: 2 };
    let options = Options { rate: Rate::Schedule(halved), max_iter: 6, ..Options::default() };
    assert_eq!(bowl(&[1.0], &[1.0], &options).rates().to_vec(), [0.05, 0.1, 0.1, 0.1, 0.1, 0.05]);
    // A rate of nothing makes no step, which is not to be stuck.
    let wait = |k: usize| if k < 5 { 0.0 } else { 0.5 };
    let waited = bowl(&[1.0], &[1.0], &Options { rate: Rate::Function(&wait), ..Options::default() });
    assert_eq!((waited.stop, waited.path.expect("it was kept")[[5, 0]]), (Stop::Converged, 1.0));
    let wrong = gradient_descent_numerical(
        |x| Ok::<_, Error>(x[0] * x[0]),
        &[1.0],
        &Options { rate: Rate::Function(&|_| -1.0), ..Options::default() },
        |_| Ok(true),
    );
    assert!(wrong.expect_err("a rate below 0").to_string().contains("learning_rate gives -1 for step 0"));
}

/// From (κ, 1) on ½(x² + κ y²) exact steps shrink the value by ((κ − 1)/(κ + 1))² each, no more and no less (Kantorovich's bound).
#[test]
fn exact_steps_shrink_a_bowl_by_the_known_factor() {
    let kappa = 10.0;
    let descent = bowl(&[1.0, kappa], &[kappa, 1.0], &Options { rate: Rate::Exact, ..Options::default() });
    assert_eq!(descent.stop, Stop::Converged);
    let factor = ((kappa - 1.0) / (kappa + 1.0)).powi(2);
    for k in 0..30 {
        assert!((descent.values[k + 1] / descent.values[k] - factor).abs() < 1e-4);
    }
    let gradients = descent.gradients.as_ref().expect("they were kept");
    for k in 0..30 {
        let cosine =
            gradients.row(k).dot(&gradients.row(k + 1)) / descent.gradient_norms[k] / descent.gradient_norms[k + 1];
        assert!(cosine.abs() < 2e-5, "{cosine}");
    }
}

#[test]
fn line_searches_lower_the_value_at_every_step() {
    let valley = |x: &[f64]| Ok::<_, Error>((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
    let slope = |x: &[f64], g: &mut [f64]| {
        g[0] = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * (x[1] - x[0] * x[0]);
        g[1] = 200.0 * (x[1] - x[0] * x[0]);
        Ok(())
    };
    for rate in [Rate::Backtracking, Rate::Exact] {
        let options = Options { rate, max_iter: 500, ..Options::default() };
        let descent =
            gradient_descent(valley, slope, &[-1.2, 1.0], &options, |_| Ok(true)).expect("a start in the valley");
        assert_eq!(descent.iterations, 500);
        let rates = descent.rates();
        for k in 0..500 {
            let (before, after) = (descent.values[k], descent.values[k + 1]);
            assert!(after < before);
            let promised = rates[k] * descent.gradient_norms[k].powi(2);
            assert!(matches!(rate, Rate::Exact) || after <= before - 0.25 * promised + 1e-14);
        }
    }
}

#[test]
fn line_searches_end_where_there_is_nothing_to_find() {
    let options = |rate| Options { rate, ..Options::default() };
    for rate in [Rate::Backtracking, Rate::Exact] {
        // A gradient of the wrong sign, a kink, a function that falls for ever, a wall.
        let wrong = gradient_descent_with(
            |x, g| {
                g[0] = -2.0 * x[0];
                Ok::<_, Error>(x[0] * x[0])
            },
            &[1.0],
            &options(rate),
            |_| Ok(true),
        );
        assert_eq!(wrong.expect("a number").stop, Stop::Stalled);
        let kink = gradient_descent_with(
            |x, g| {
                g[0] = x[0].signum();
                Ok::<_, Error>(x[0].abs())
            },
            &[1.0],
            &options(rate),
            |_| Ok(true),
        );
        let kink = kink.expect("a number");
        assert!(kink.x[0].abs() < 1e-6 || kink.stop != Stop::Converged, "{}", kink.message);
        let fall = gradient_descent_with(
            |x, g| {
                g[0] = -1.0;
                Ok::<_, Error>(-x[0])
            },
            &[1.0],
            &options(rate),
            |_| Ok(true),
        );
        assert_ne!(fall.expect("a number").stop, Stop::Converged);
        let wall = |x: &[f64], g: &mut [f64]| {
            g[0] = 1.0 - 1.0 / x[0];
            Ok::<_, Error>(if x[0] > 0.0 { x[0] - x[0].ln() } else { f64::NAN })
        };
        let walled = gradient_descent_with(wall, &[9.0], &options(rate), |_| Ok(true)).expect("a number");
        assert!(walled.stop == Stop::Converged && (walled.x[0] - 1.0).abs() < 1e-7, "{}", walled.message);
    }
}

#[test]
fn line_searches_are_for_the_plain_rule() {
    let options = Options { rate: Rate::Exact, rule: ADAM, ..Options::default() };
    let refused = gradient_descent_with(|x, _| Ok::<_, Error>(x[0]), &[1.0], &options, |_| Ok(true));
    let words = refused.expect_err("a line search with Adam").to_string();
    assert!(words.starts_with("gradient_descent: learning_rate is a line search"), "{words}");
}

#[test]
fn curvature_is_that_of_the_hessian() {
    // ½ xᵀ A x with the eigenvalues given, A = Q diag Qᵀ by a reflection.
    let quadratic = |eigenvalues: &'static [f64]| {
        let n = eigenvalues.len();
        let v: Vec<f64> = (0..n).map(|i| (i as f64 + 1.0).sqrt()).collect();
        let square: f64 = v.iter().map(|v| v * v).sum();
        let reflect = move |x: &[f64]| -> Vec<f64> {
            let along = 2.0 * x.iter().zip(&v).map(|(x, v)| x * v).sum::<f64>() / square;
            x.iter().zip(&v).map(|(x, v)| x - along * v).collect()
        };
        move |x: &[f64]| -> Vec<f64> {
            let inside: Vec<f64> = reflect(x).iter().zip(eigenvalues).map(|(x, l)| x * l).collect();
            reflect(&inside)
        }
    };
    let cases: [(&[f64], f64); 9] = [
        (&[3.0], 3.0),
        (&[1.0, 100.0], 100.0),
        (&[1.0, 2.0, 5.0, 20.0], 20.0),
        // A saddle whose hilltop bends more strongly than its valley.
        (&[-50.0, 1.0, 2.0, 10.0], 10.0),
        (&[-1.0, -3.0], -1.0),
        (&[7.0, 7.0, 7.0], 7.0),
        // Saddles that are curved as much up as down, and one that goes down nearly everywhere.
        (&[2.0, -2.0], 2.0),
        (&[1.0, 5.0, -5.0, 0.5], 5.0),
        (&[-9.0, -8.0, -3.0, 0.5], 0.5),
    ];
    for (eigenvalues, largest) in cases {
        let times = quadratic(eigenvalues);
        let x: Vec<f64> = (0..eigenvalues.len()).map(|i| 1.0 - i as f64).collect();
        let slopes = |x: &[f64], into: &mut [f64]| {
            into.copy_from_slice(&times(x));
            Ok::<_, Error>(())
        };
        let right = |found: Option<f64>| found.is_some_and(|found| (found - largest).abs() <= 0.01 * largest.abs());
        let found = largest_curvature(slopes, &x).expect("a quadratic").largest;
        assert!(right(found), "{eigenvalues:?}: {found:?}");
        let value = |x: &[f64]| Ok::<_, Error>(0.5 * x.iter().zip(times(x)).map(|(x, y)| x * y).sum::<f64>());
        let found = largest_curvature_numerical(value, &x).expect("a quadratic").largest;
        assert!(right(found), "{eigenvalues:?}: {found:?}");
    }
}

#[test]
fn a_kink_has_no_curvature_and_a_hole_none_either() {
    let kink = largest_curvature(
        |x, g| {
            g[0] = x[0].signum();
            Ok::<_, Error>(())
        },
        &[0.0],
    )
    .expect("numbers");
    assert_eq!(kink.largest, None);
    let hole = largest_curvature(
        |x, g| {
            g[0] = if x[0] < 0.0 { f64::NAN } else { 1.0 };
            Ok::<_, Error>(())
        },
        &[0.0],
    );
    assert_eq!(hole.expect("numbers").largest, None);
    let plane = largest_curvature(
        |_, g| {
            g.fill(3.0);
            Ok::<_, Error>(())
        },
        &[1.0, 2.0],
    )
    .expect("numbers");
    assert_eq!(plane.largest, Some(0.0));
    let failed = largest_curvature(|_, _| Err(Error::Interrupted { function: "mine" }), &[0.0]);
    assert_eq!(failed, Err(Error::Interrupted { function: "mine" }));
}

/// Rows of y = 3 x − 1: the loss of w is the mean of ½ (w₀ x + w₁ − y)².
fn line(rows: usize) -> Vec<(f64, f64)> {
    (0..rows).map(|i| (i as f64 / rows as f64, 3.0 * i as f64 / rows as f64 - 1.0)).collect()
}

fn stochastic(
    options: &StochasticOptions<'_>,
    seed: u64,
    seen: &mut Vec<Vec<usize>>,
) -> underhood::optimize::StochasticDescent {
    let rows = line(50);
    let loss = |w: &[f64], rows: &mut dyn Iterator<Item = &(f64, f64)>| {
        let (mut sum, mut count) = (0.0, 0.0);
        rows.for_each(|(x, y)| (sum, count) = (sum + 0.5 * (w[0] * x + w[1] - y).powi(2), count + 1.0));
        sum / count
    };
    let batch = |w: &[f64], chosen: &[usize], gradient: &mut [f64]| -> Result<f64, Error> {
        seen.push(chosen.to_vec());
        gradient.fill(0.0);
        for (x, y) in chosen.iter().map(|&row| rows[row]) {
            let residual = (w[0] * x + w[1] - y) / chosen.len() as f64;
            gradient[0] += residual * x;
            gradient[1] += residual;
        }
        Ok(loss(w, &mut chosen.iter().map(|&row| &rows[row])))
    };
    let full = |w: &[f64]| Ok(loss(w, &mut rows.iter()));
    stochastic_gradient_descent(batch, full, &[0.0, 0.0], 50, options, &mut Stream::seeded(seed), |_| Ok(true))
        .expect("a line is defined everywhere")
}

#[test]
fn an_epoch_has_every_row_once_and_a_seed_gives_the_same_bits() {
    let options =
        StochasticOptions { rate: Rate::Constant(0.5), epochs: 3, batch_size: 8, ..StochasticOptions::default() };
    let (mut seen, mut again, mut other) = (vec![], vec![], vec![]);
    let descent = stochastic(&options, 5, &mut seen);
    assert_eq!(stochastic(&options, 5, &mut again), descent);
    assert_ne!(stochastic(&options, 6, &mut other).x, descent.x);
    assert_eq!((seen.len(), &seen), (21, &again));
    assert_eq!(seen[6].len(), 2);
    for epoch in seen.chunks(7) {
        let mut rows = epoch.concat();
        rows.sort_unstable();
        assert_eq!(rows, (0..50).collect::<Vec<_>>());
    }
    assert_ne!(seen[..7], seen[7..14]);
    let mut plain = vec![];
    let ordered = stochastic(&StochasticOptions { shuffle: false, ..options }, 5, &mut plain);
    assert_eq!(plain[..7].concat(), (0..50).collect::<Vec<_>>());
    assert_eq!((ordered.iterations, ordered.epochs, ordered.epoch_values.len()), (21, 3, 4));
    assert_eq!((ordered.batch_values.len(), ordered.path.as_ref().map(|path| path.nrows())), (21, Some(22)));
}

/// With one batch of all rows it is gradient descent.
#[test]
fn a_batch_of_all_rows_is_the_whole_gradient() {
    let options = StochasticOptions {
        rate: Rate::Constant(0.5),
        epochs: 40,
        batch_size: 1000,
        shuffle: false,
        ..StochasticOptions::default()
    };
    let stochastic = stochastic(&options, 0, &mut vec![]);
    let rows = line(50);
    let both = |w: &[f64], gradient: &mut [f64]| -> Result<f64, Error> {
        gradient.fill(0.0);
        let mut value = 0.0;
        for (x, y) in &rows {
            let residual = w[0] * x + w[1] - y;
            gradient[0] += residual * x / 50.0;
            gradient[1] += residual / 50.0;
            value += 0.5 * residual * residual / 50.0;
        }
        Ok(value)
    };
    let options = Options { max_iter: 40, ..constant(0.5, Rule::Plain) };
    let whole = gradient_descent_with(both, &[0.0, 0.0], &options, |_| Ok(true)).expect("a line");
    for (a, b) in stochastic.path.expect("kept").iter().zip(&whole.path.expect("kept")) {
        assert!((a - b).abs() < 1e-12);
    }
    assert!((stochastic.value - whole.value).abs() < 1e-12);
}

#[test]
fn the_mean_is_that_of_the_second_half_and_divergence_is_told() {
    let options =
        StochasticOptions { rate: Rate::Constant(0.5), epochs: 4, averaging: true, ..StochasticOptions::default() };
    let descent = stochastic(&options, 1, &mut vec![]);
    let path = descent.path.expect("kept");
    assert_eq!(path.nrows(), 9);
    for i in 0..2 {
        let mean = (5..9).map(|k| path[[k, i]]).sum::<f64>() / 4.0;
        assert!((descent.x[i] - mean).abs() < 1e-15);
    }
    let wild = stochastic(&StochasticOptions { rate: Rate::Constant(50.0), epochs: 1000, ..options }, 1, &mut vec![]);
    assert_eq!(wild.stop, StochasticStop::Diverged);
    assert!(wild.x.iter().all(|x| x.is_finite()) && wild.message.contains("learning_rate = 50 is too large"));
}

proptest! {
    /// Below the critical rate of its rule a quadratic's descent converges, above it, it does not.
    #[test]
    fn critical_rates_are_critical(
        largest in 0.1..100.0f64, momentum in 0.0..0.9f64, factor in prop_oneof![0.5..0.97f64, 1.03..1.5f64], which in 0..3_usize,
    ) {
        let rule = [Rule::Plain, Rule::Momentum { momentum }, Rule::Nesterov { momentum }][which];
        let critical = rule.critical_rate(largest).expect("these have one");
        let options = Options { max_iter: 20_000, ..constant(factor * critical, rule) };
        let descent = bowl(&[0.5 * largest, largest], &[1.0, -2.0], &options);
        prop_assert_eq!(descent.stop, if factor < 1.0 { Stop::Converged } else { Stop::Diverged });
    }
}

/// A walk in machine code is the walk step by step to the last bit, however it ends.
#[test]
fn strides_have_the_bits_of_steps() {
    let both_ways = |f: &Function, x0: &[f64], options: &Options<'_>| {
        let program =
            Program::new(&f.joined(&f.gradient(&[0]).expect("it gives a number")).expect("the same arguments"));
        let mut memory = program.memory().expect("a few numbers");
        let mut both = vec![0.0; 1 + x0.len()];
        let by_steps = |x: &[f64], gradient: &mut [f64]| -> Result<f64, Error> {
            program.run(&mut memory, &[x], &mut both)?;
            gradient.copy_from_slice(&both[1..]);
            Ok(both[0])
        };
        let steps = gradient_descent_with(by_steps, x0, options, |_| Ok(true)).expect("it is finite at the start");
        let watched = std::cell::RefCell::new(Vec::new());
        let watch = |step: underhood::optimize::Step<'_>| -> Result<bool, Error> {
            watched.borrow_mut().push(step.iteration);
            Ok(true)
        };
        let strides = gradient_descent_program(&program, x0, options, watch).expect("it is finite at the start");
        assert_eq!(steps, strides);
        let watched = watched.into_inner();
        assert!(watched.iter().enumerate().all(|(i, k)| *k == (i + 1) * options.watch_every));
        assert_eq!(watched.len(), strides.iterations / options.watch_every);
        strides.stop
    };
    let options = |rate: f64, max_iter: usize, keep_path: bool| Options {
        rate: Rate::Constant(rate),
        max_iter,
        keep_path,
        watch_every: 256,
        ..Options::default()
    };
    let cases = [
        ("x**4/4 - x", 3.0, 1e-3, 100_000, Stop::Converged),
        ("x**4/4 - x", 3.0, 1e-3, 777, Stop::MaxIter),
        ("x**2", 1.0, 1.01, 5000, Stop::Diverged),
        ("log(x)", 3.0, 1e-3, 10_000, Stop::Diverged),
        ("exp(-x)", 0.0, 0.1, 5000, Stop::MaxIter),
        ("x + 0*log(x)", 0.5, 1e-3, 5000, Stop::Diverged),
        ("abs(x)", 0.305, 0.01, 2000, Stop::MaxIter),
        ("1e16 + x", 1.0, 1e-18, 2000, Stop::Stalled),
        ("tanh(x)*exp(sin(3*x))", 2.0, 0.01, 3000, Stop::Converged),
        ("1e200*x**2", 1.0, 1e-203, 3000, Stop::MaxIter),
    ];
    for (text, x0, rate, steps, stop) in cases {
        let f = Function::parse(text, None).expect("it is a formula");
        for keep_path in [true, false] {
            assert_eq!(both_ways(&f, &[x0], &options(rate, steps, keep_path)), stop, "{text}");
        }
    }
    for n in [2, 3, 8, 9] {
        let mut graph = Graph::new();
        let x = graph.input(0, &[n]);
        let four = graph.number(4.0);
        let powers = graph.binary(Binary::Power, x, four).expect("the shapes fit");
        let slanted = graph.binary(Binary::Add, powers, x).expect("the shapes fit");
        let sum = graph.reduce(Reduction::Sum, slanted, &[0]).expect("it has an axis");
        let x = underhood::graph::Argument { name: "x".into(), shape: vec![n] };
        let f = Function::new(graph, vec![x], sum).expect("it has its input");
        let x0: Vec<f64> = (0..n).map(|i| 1.0 - 0.2 * i as f64).collect();
        assert_eq!(both_ways(&f, &x0, &options(0.01, 3000, true)), Stop::Converged);
        assert_eq!(both_ways(&f, &x0, &options(0.01, 100, false)), Stop::MaxIter);
    }
}

/// How a walk at the rate 0.1 ends, with the gradient and by values alone.
fn ends(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64], &mut [f64]), x0: &[f64]) -> [Stop; 2] {
    let options = Options { max_iter: 500, tolerance: 1e-6, keep_path: false, ..constant(0.1, Rule::Plain) };
    let slopes = |x: &[f64], into: &mut [f64]| {
        gradient(x, into);
        Ok::<_, Error>(())
    };
    let given = gradient_descent(|x| Ok(f(x)), slopes, x0, &options, |_| Ok(true)).expect("it is defined everywhere");
    let alone = gradient_descent_numerical(|x| Ok::<_, Error>(f(x)), x0, &options, |_| Ok(true));
    let alone = alone.expect("it is defined everywhere");
    assert_eq!(given.stop == Stop::Saddle, given.message.contains("a saddle or a maximum"), "{}", given.message);
    [given.stop, alone.stop]
}

#[test]
fn saddles_are_told_whatever_is_added() {
    for offset in [0.0, 1.0, -1e3, 1e6] {
        let pass = |gentle: f64, x0: &[f64]| {
            ends(
                |x| offset + x[0] * x[0] - gentle * x[1] * x[1],
                |x, g| (g[0], g[1]) = (2.0 * x[0], -2.0 * gentle * x[1]),
                x0,
            )
        };
        for x0 in [[1.0, 0.0], [-3.0, 0.0], [0.0, 0.0]] {
            assert_eq!(pass(1.0, &x0)[0], Stop::Saddle, "{offset} from {x0:?}");
            assert_eq!(pass(0.01, &x0)[0], Stop::Saddle, "{offset} from {x0:?}");
        }
    }
    // By values the slope itself drowns beside a large number, and the walk may leave the saddle; it never rests there.
    for offset in [0.0, 1.0, -1e3] {
        let found =
            ends(|x| offset + x[0] * x[0] - x[1] * x[1], |x, g| (g[0], g[1]) = (2.0 * x[0], -2.0 * x[1]), &[0.0, 0.0]);
        assert_eq!(found, [Stop::Saddle; 2], "{offset}");
    }
    // A hilltop, and a way down among many variables.
    assert_eq!(ends(|x| x[0].cos(), |x, g| g[0] = -x[0].sin(), &[0.0]), [Stop::Saddle; 2]);
    let curvature = |i: usize| if i == 7 { -0.01 } else { 1.0 + i as f64 / 10.0 };
    let many = ends(
        |x| x.iter().enumerate().map(|(i, x)| 0.5 * curvature(i) * x * x).sum(),
        |x, g| (0..x.len()).for_each(|i| g[i] = curvature(i) * x[i]),
        &(0..40).map(|i| if i == 7 { 0.0 } else { 1.0 }).collect::<Vec<_>>(),
    );
    assert_eq!(many[0], Stop::Saddle);
}

#[test]
fn minima_beside_lower_basins_are_minima() {
    for centre in [0.0, 20.0, 2000.0, -6_283.185_307, 1e5] {
        let basins = ends(
            |x| 0.5 * (x[0] - centre).powi(2) + (x[1] * x[1] - 1.0).powi(2) + 0.3 * x[1],
            |x, g| (g[0], g[1]) = (x[0] - centre, 4.0 * x[1] * (x[1] * x[1] - 1.0) + 0.3),
            &[centre - 10.0, 1.2],
        );
        assert_eq!(basins, [Stop::Converged; 2], "{centre}");
        let waves = ends(
            |x| (x[0] - centre).powi(2) + x[1].sin() + 0.1 * x[1],
            |x, g| (g[0], g[1]) = (2.0 * (x[0] - centre), x[1].cos() + 0.1),
            &[centre + 1.0, 4.0],
        );
        assert_eq!(waves, [Stop::Converged; 2], "{centre}");
        // Among far smaller waves, and at the bottom of a power of four, which is not curved at all.
        let far = ends(|x| x[0].sin() + 0.1 * x[0], |x, g| g[0] = x[0].cos() + 0.1, &[centre + 0.3]);
        assert_eq!(far[0], Stop::Converged, "{centre}");
        let flat = ends(
            |x| (x[0] - centre).powi(4) + x[1] * x[1],
            |x, g| (g[0], g[1]) = (4.0 * (x[0] - centre).powi(3), 2.0 * x[1]),
            &[centre, 1.0],
        );
        assert_eq!(flat[0], Stop::Converged, "{centre}");
    }
}

/// A gradient within the tolerance is not enough: inflections, plateaus, and slopes too gentle for the tolerance.
#[test]
fn rest_is_where_f_is_lowest_around() {
    let walked = |f: fn(&[f64]) -> f64, slope: fn(&[f64], &mut [f64]), x0: &[f64]| {
        let slopes = |x: &[f64], into: &mut [f64]| {
            slope(x, into);
            Ok(())
        };
        let options = Options { rate: Rate::Constant(0.1), ..Options::default() };
        let by_slopes = gradient_descent(|x| Ok::<_, Error>(f(x)), slopes, x0, &options, |_| Ok(true));
        let by_values = gradient_descent_numerical(|x| Ok::<_, Error>(f(x)), x0, &options, |_| Ok(true));
        [by_slopes, by_values].map(|walk| walk.expect("f is defined everywhere"))
    };
    type Case = (fn(&[f64]) -> f64, fn(&[f64], &mut [f64]), &'static [f64], Stop);
    let cases: [Case; 7] = [
        (|x| x[0].powi(3), |x, g| g[0] = 3.0 * x[0] * x[0], &[0.0], Stop::Saddle),
        (
            |x| x[0].powi(3) + x[1] * x[1],
            |x, g| g.copy_from_slice(&[3.0 * x[0] * x[0], 2.0 * x[1]]),
            &[0.0, 1.0],
            Stop::Saddle,
        ),
        (|x| 1e-10 * (x[0] - 5.0).powi(2), |x, g| g[0] = 2e-10 * (x[0] - 5.0), &[0.0], Stop::Plateau),
        (|x| (-x[0] * x[0]).exp(), |x, g| g[0] = -2.0 * x[0] * (-x[0] * x[0]).exp(), &[30.0], Stop::Plateau),
        (|x| x[0].floor(), |_, g| g[0] = 0.0, &[1.5], Stop::Plateau),
        (|x| x[0] * x[0] + 1.0, |x, g| g[0] = 2.0 * x[0], &[0.0], Stop::Converged),
        (|x| (x[0] - 3.0).powi(2), |x, g| g[0] = 2.0 * (x[0] - 3.0), &[1.0], Stop::Converged),
    ];
    for (which, (f, slope, x0, stop)) in cases.into_iter().enumerate() {
        for walk in walked(f, slope, x0) {
            assert_eq!(walk.stop, stop, "{which}: {}", walk.message);
        }
    }
}

/// The advice names the largest curvature known: 2/L at the start, where it was measured.
#[test]
fn the_advice_does_not_contradict_itself() {
    let valley = |x: &[f64], g: &mut [f64]| -> Result<f64, Error> {
        let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
        g.copy_from_slice(&[-2.0 * a - 400.0 * x[0] * b, 200.0 * b]);
        Ok(a * a + 100.0 * b * b)
    };
    for known in [None, Some(0.001328)] {
        let options = Options { rate: Rate::Constant(0.01), critical_rate: known, ..Options::default() };
        let walk =
            gradient_descent_with(valley, &[-1.2, 1.0], &options, |_| Ok(true)).expect("it is defined everywhere");
        assert_eq!(walk.stop, Stop::Diverged);
        assert!(!walk.message.contains("0.01453"), "{}", walk.message);
        assert_eq!(known.is_some(), walk.message.contains("0.001328"), "{}", walk.message);
    }
}
