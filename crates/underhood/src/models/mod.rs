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
//! [`LinearSvc`] makes the margin beside the plane as wide as it can, and [`Svc`] does so in the space of a kernel. [`NaiveBayes`] asks how
//! likely a row is in each class, and [`Neighbours`] which rows lie nearby.
//!
//! Classes are numbers 0, 1, … ([`encode_labels`] makes them of labels). Two classes need one plane, z > 0 being the second;
//! with more there is a plane a class, and the largest z wins ([`decision_function`], [`predict`]). Perceptron and Adaline train each
//! against the rest, logistic regression all together ([`probabilities`]).
//!
//! Without classes, structure is looked for: [`Pca`] finds the directions along which rows vary most, [`KMeans`] centres that rows gather
//! around, [`GaussianMixture`] the normal distributions they may come from; [`silhouette_samples`] judges clusters.
//!
//! A [`Network`] puts layers of such neurons one behind the other. Its loss is a [graph](crate::graph), built once; [`NetworkTraining`] follows the graph's gradient
//! by batches or all rows at once.
//!
//! The linear regressions share the picture too, with z itself the prediction of one target or several: [`LinearRegression`] by least
//! squares, [`Ridge`] and [`ElasticNet`] (the lasso among it) with a price on the weights, [`BayesianRidge`] with the price and the certainty
//! that the data give; [`linear_prediction`] applies them, and [`PolynomialFeatures`] makes polynomials of them.
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
//! A copy of `x` is made only if its rows do not lie one after another in memory, and where rows are kept ([`Neighbours`]) or a kernel looks at
//! them again and again ([`Svc`]). Nothing here is threaded but the products of large networks; long runs call back, so that a caller can stop them.

mod adaline;
mod errors_by_epoch;
mod frame;
mod history;
mod kmeans;
mod linear;
mod linear_svm;
mod logistic;
mod metrics;
mod mixture;
mod moments;
mod naive_bayes;
mod neighbours;
mod network;
mod neuron;
mod pca;
mod perceptron;
mod plane;
mod rows;
mod sample_weights;
mod scaler;
mod settled_rows;
mod silhouette;
mod split;
mod store;
mod svm;
mod targets;
mod tiles;

pub use adaline::{Adaline, AdalineFit, AdalineSolver};
pub use history::{History, StopReason};
pub use kmeans::{KMeans, KMeansFit, KMeansHistory, KMeansInit, KMeansStop, centre_distances, nearest_centres};
pub use linear::{
    BayesianRidge, BayesianRidgeFit, ElasticNet, ElasticNetFit, ElasticNetPath, EvidenceHistory, LeastSquaresSolver,
    LinearRegression, LinearRegressionFit, PolynomialFeatures, Prices, Ridge, RidgeFit, RidgeSolver, SweepHistory,
    linear_prediction, predictive_deviation,
};
pub use linear_svm::{LinearSvc, LinearSvcPlane, SvmLoss};
pub use logistic::{
    LogisticFit, LogisticHistory, LogisticRegression, LogisticSolver, log_probabilities, probabilities,
};
pub use metrics::{accuracy_score, confusion_matrix};
pub use mixture::{CovarianceType, GaussianMixture, MixtureFit, MixtureHistory, MixtureInit, MixtureModel};
pub use naive_bayes::{ClassMoments, NaiveBayes};
pub use neighbours::{Found, Metric, NeighbourSearch, Neighbours, class_shares, neighbour_means, reciprocal_weights};
pub use network::{
    Activation, Descent, DescentState, Network, NetworkHistory, NetworkSolver, NetworkStart, NetworkTargets,
    NetworkTraining, Output, Schedule, TrainedNetwork,
};
pub use pca::{Components, Pca, PcaFit, PcaModel, PcaScores, PcaSolver, PcaWay};
pub use perceptron::Perceptron;
pub use plane::{Plane, decision_function, predict};
pub use scaler::StandardScaler;
pub use silhouette::silhouette_samples;
pub use split::{Split, train_test_split};
pub use svm::{
    Svc, SvcDecision, SvcFit, SvcPair, SvmHistory, SvmKernel, SvmStop, gamma_scale, one_vs_one_winners,
    one_vs_rest_values,
};
pub use targets::{Labels, encode_labels};
