//! Models that learn from rows of numbers, with all that happened on the way.
//!
//! The linear classifiers share one picture, a plane z = w·x + b, and differ in what they do with z:
//!
//! | model | minimises | a row x of class y = ±1 moves w by |
//! |---|---|---|
//! | [`Perceptron`] | max(0, −y·z) | η·y·x if y·z ≤ 0, else not at all |
//! | [`Adaline`] | (y − z)² | 2η·(y − z)·x |
//! | [`LogisticRegression`] | ln(1 + e^(−y·z)), and a penalty | (Newton's method looks at all rows at once) |
//!
//! The perceptron stops once a plane separates the classes, whichever plane that is; it never stops by itself when none does.
//! Adaline always has one best plane, but its descent must keep below the critical rate 2/λ, which it knows. Logistic
//! regression has one best plane too, and gives probabilities. Losses are means over the rows; the bias is a weight of its own, never penalised.
//!
//! Classes are numbers 0, 1, … ([`encode_labels`] makes them of labels). Two classes need one plane, z > 0 being the second;
//! with more there is a plane a class, and the largest z wins ([`decision_function`], [`predict`]). Perceptron and Adaline train each
//! against the rest, logistic regression all together ([`probabilities`]).
//!
//! Around them: [`StandardScaler`] gives columns mean 0 and spread 1, [`train_test_split`] sets rows aside, [`accuracy_score`] and
//! [`confusion_matrix`] judge what a model says of them.
//!
//! ```
//! use ndarray::array;
//! use underhood::Error;
//! use underhood::models::{Adaline, StandardScaler, accuracy_score, predict};
//! use underhood::random::Stream;
//!
//! let x = array![[1.0, 200.0], [2.0, 100.0], [3.0, 500.0], [4.0, 600.0]];
//! let y = [0, 0, 1, 1];
//! let scaler = StandardScaler::fit(x.view())?;
//! let z = scaler.transform(x.view())?;
//! let fit = Adaline::default().fit(z.view(), &y, 2, None, &Stream::seeded(0), || Ok::<(), Error>(()))?;
//! let plane = &fit.planes[0];
//! let weights = ndarray::aview1(&plane.weights).insert_axis(ndarray::Axis(0)).to_owned();
//! let found = predict(z.view(), weights.view(), array![plane.bias].view())?;
//! assert_eq!(accuracy_score(&y, &found.to_vec())?, 1.0);
//! # Ok::<(), Error>(())
//! ```
//!
//! A copy of `x` is made only if its rows do not lie one after another in memory. Nothing here is threaded; long runs call back, so that
//! a caller can stop them.

mod adaline;
mod errors_by_epoch;
mod history;
mod logistic;
mod metrics;
mod moments;
mod neuron;
mod perceptron;
mod plane;
mod rows;
mod sample_weights;
mod scaler;
mod split;
mod targets;

pub use adaline::{Adaline, AdalineFit, AdalineSolver};
pub use history::{History, StopReason};
pub use logistic::{
    LogisticFit, LogisticHistory, LogisticRegression, LogisticSolver, log_probabilities, probabilities,
};
pub use metrics::{accuracy_score, confusion_matrix};
pub use perceptron::Perceptron;
pub use plane::{Plane, decision_function, predict};
pub use scaler::StandardScaler;
pub use split::{Split, train_test_split};
pub use targets::{Labels, encode_labels};
