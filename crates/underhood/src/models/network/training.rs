//! How a network is trained, and what comes of it.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::batches::{Data, Gradient, Targets};
use super::descent::{Descent, DescentState, Schedule};
use super::epochs::{Course, Validation};
use super::{Network, Output, lbfgs};
use crate::check;
use crate::error::Error;
use crate::models::history::StopReason;
use crate::models::rows::Rows;
use crate::models::split::train_test_split;
use crate::random::Stream;

/// Which way down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NetworkSolver {
    /// A step a batch.
    Descent(Descent),
    /// All rows at once, by limited-memory BFGS.
    Lbfgs {
        /// Most evaluations of the loss.
        max_evaluations: usize,
    },
}

/// How a network is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkTraining {
    /// Which way down.
    pub solver: NetworkSolver,
    /// α, the penalty's strength.
    pub alpha: f64,
    /// η, at the beginning.
    pub learning_rate: f64,
    /// Rows of a batch, 200 by default; no more than there are.
    pub batch_size: Option<usize>,
    /// Most epochs (most steps of L-BFGS).
    pub max_iter: usize,
    /// Whether the rows come in a new order in each epoch.
    pub shuffle: bool,
    /// Progress of an epoch that counts as none; for L-BFGS, the largest component of the gradient that counts as zero.
    pub tol: f64,
    /// The share of rows that are set aside to decide when to stop, if any are.
    pub validation: Option<f64>,
    /// More epochs than these without progress end the training.
    pub n_iter_no_change: usize,
    /// Whether to make one epoch, without judging it.
    pub one_epoch: bool,
    /// Keep the numbers of every epoch.
    pub keep_history: bool,
}

impl Default for NetworkTraining {
    fn default() -> Self {
        let adam = Descent::Adam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
        NetworkTraining {
            solver: NetworkSolver::Descent(adam),
            alpha: 1e-4,
            learning_rate: 1e-3,
            batch_size: None,
            max_iter: 200,
            shuffle: true,
            tol: 1e-4,
            validation: None,
            n_iter_no_change: 10,
            one_epoch: false,
            keep_history: true,
        }
    }
}

/// What the rows are to give.
#[derive(Debug, Clone, Copy)]
pub enum NetworkTargets<'a> {
    /// Class numbers, and how many classes there are.
    Classes(&'a [usize], usize),
    /// Numbers, rows × outputs.
    Values(ArrayView2<'a, f64>),
}

/// The numbers of every epoch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkHistory {
    /// Mean over the epoch's batches of the length of the gradient.
    pub gradient_norm: Vec<f64>,
    /// The rate of the epoch's last step; for L-BFGS the length of the step.
    pub step: Vec<f64>,
    /// Mean length of a layer's steps over the length of the layer, weights and biases together: epochs × layers.
    pub update_ratio: Array2<f64>,
}

/// A trained network.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TrainedNetwork {
    /// The parameters, as [`Network`] lays them out.
    pub parameters: Vec<f64>,
    /// What the next epochs begin with.
    pub state: DescentState,
    /// Epochs (or steps of L-BFGS) made.
    pub iterations: usize,
    /// Why training stopped.
    pub stop: StopReason,
    /// J of the last epoch: the mean over its batches, each before its own step.
    pub loss: f64,
    /// J of every epoch.
    pub loss_curve: Vec<f64>,
    /// Accuracy or R² on the rows that were set aside, after every epoch.
    pub validation_scores: Vec<f64>,
    /// The length of the gradient at the end: for L-BFGS its largest component, else the mean over the last epoch.
    pub gradient_norm: f64,
    /// The numbers of every epoch, if they were kept.
    pub history: Option<NetworkHistory>,
}

/// Where training begins, if not at random.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkStart {
    /// The parameters.
    pub parameters: Vec<f64>,
    /// What earlier epochs left behind.
    pub state: DescentState,
}

impl NetworkTraining {
    /// Trains a network on the rows of x. `function` is the name for refusals; weights say how much each row counts; the stream gives the first
    /// weights, the validation rows and the order.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Activation, Network, NetworkSolver, NetworkTargets, NetworkTraining, Output};
    /// use underhood::random::Stream;
    ///
    /// // Exclusive or: no plane tells the classes apart, two hidden units do.
    /// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    /// let network = Network::new("fit", &[2, 2, 1], Activation::Tanh, Output::Logistic)?;
    /// let solver = NetworkSolver::Lbfgs { max_evaluations: 15_000 };
    /// let training = NetworkTraining { solver, alpha: 0.0, tol: 1e-6, ..NetworkTraining::default() };
    /// let targets = NetworkTargets::Classes(&[0, 1, 1, 0], 2);
    /// let found = training.fit("fit", &network, x.view(), targets, None, None, &mut Stream::seeded(3), || Ok::<(), Error>(()))?;
    /// assert!(found.loss < 1e-4);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; x, the targets or the weights do not fit the network or each other; x holds a NaN or an infinity, or is so large
    /// that the loss of the first weights is not finite.
    #[allow(clippy::too_many_arguments, reason = "what a network, its rows and its training are")]
    pub fn fit<E: From<Error>>(
        &self,
        function: &'static str,
        network: &Network,
        x: ArrayView2<'_, f64>,
        targets: NetworkTargets<'_>,
        weights: Option<ArrayView1<'_, f64>>,
        start: Option<NetworkStart>,
        stream: &mut Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<TrainedNetwork, E> {
        self.check(function)?;
        let rows = Rows::new(function, x)?;
        super::super::rows::same_features(function, rows.columns, network.inputs())?;
        let values = checked_targets(function, network, targets, &rows)?;
        let weights = weights.map(|weights| checked_weights(function, weights, rows.count)).transpose()?;
        let targets = targets_of(&targets, &values);
        let (theta, state) = match start {
            Some(start) => {
                let expected = network.parameters();
                if start.parameters.len() != expected {
                    let problem = format!("has {} numbers, but the layers have {expected}", start.parameters.len());
                    return Err(Error::Invalid { function, argument: "the start", problem }.into());
                }
                check::finite_vector(function, "the start", start.parameters[..].into())?;
                (start.parameters, start.state)
            }
            None => (network.start(stream), DescentState::default()),
        };
        let data = Data { rows: &rows, targets, weights: weights.as_deref() };
        let mut gradient = Gradient::new(network, data);
        match self.solver {
            NetworkSolver::Lbfgs { max_evaluations } => {
                lbfgs::train(self, function, &mut gradient, theta, max_evaluations, &mut checkpoint)
            }
            NetworkSolver::Descent(descent) => {
                let (train, validation) = self.set_aside(function, targets, rows.count, stream)?;
                let state = state.fit(descent, theta.len(), self.learning_rate);
                let course = Course { training: self, function, descent, validation };
                course.run(&mut gradient, theta, state, train, stream, &mut checkpoint)
            }
        }
    }

    fn check(&self, function: &'static str) -> Result<(), Error> {
        check::in_range(
            function,
            "alpha",
            self.alpha,
            self.alpha >= 0.0 && self.alpha.is_finite(),
            "zero or positive",
        )?;
        let rate = self.learning_rate;
        check::in_range(function, "learning_rate_init", rate, rate > 0.0 && rate.is_finite(), "positive and finite")?;
        check::in_range(function, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        check::in_range(function, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        let size = self.batch_size.unwrap_or(1);
        check::in_range(function, "batch_size", size as f64, size > 0, "at least 1")?;
        let patience = self.n_iter_no_change;
        check::in_range(function, "n_iter_no_change", patience as f64, patience > 0, "at least 1")?;
        if let Some(share) = self.validation {
            check::in_range(function, "validation_fraction", share, share > 0.0 && share < 1.0, "between 0 and 1")?;
        }
        match self.solver {
            NetworkSolver::Descent(descent) => descent.check(function),
            NetworkSolver::Lbfgs { max_evaluations } => {
                check::in_range(function, "max_fun", max_evaluations as f64, max_evaluations > 0, "at least 1")
            }
        }
    }

    /// The rows that train, if not all of them, and those that judge.
    fn set_aside(
        &self,
        function: &'static str,
        targets: Targets<'_>,
        rows: usize,
        stream: &mut Stream,
    ) -> Result<(Option<Vec<u32>>, Option<Validation>), Error> {
        let Some(share) = self.validation else { return Ok((None, None)) };
        let judges = (share * rows as f64).ceil() as usize;
        if judges < 2 {
            let problem = format!("of {rows} rows is {judges}, but two are needed to judge by");
            return Err(Error::Invalid { function, argument: "validation_fraction", problem });
        }
        let strata = match targets {
            Targets::Codes(codes) => Some(codes),
            Targets::Values(_) => None,
        };
        let split = train_test_split(rows, judges, Some(stream), strata).map_err(|error| match error {
            Error::Invalid { problem, .. } => {
                let problem = format!("cannot be set aside with every class in both parts: y {problem}");
                Error::Invalid { function, argument: "validation_fraction", problem }
            }
            other => other,
        })?;
        let narrow = |rows: Vec<usize>| rows.into_iter().map(|row| row as u32).collect::<Vec<u32>>();
        Ok((Some(narrow(split.train)), Some(Validation { rows: narrow(split.test) })))
    }
}

/// The targets as the batches read them; `values` are what [`checked_targets`] gave.
pub(super) fn targets_of<'a>(targets: &'a NetworkTargets<'_>, values: &'a [f64]) -> Targets<'a> {
    match targets {
        NetworkTargets::Classes(codes, _) => Targets::Codes(codes),
        NetworkTargets::Values(_) => Targets::Values(values),
    }
}

/// Refuses targets that do not fit; gives numbers by rows, nothing for classes.
pub(super) fn checked_targets(
    function: &'static str,
    network: &Network,
    targets: NetworkTargets<'_>,
    rows: &Rows<'_>,
) -> Result<Vec<f64>, Error> {
    match targets {
        NetworkTargets::Classes(codes, classes) => {
            check::same_length(function, ("y", codes.len()), ("X", &[rows.count, rows.columns]))?;
            check::at_least(function, "y", "classes", classes, 2)?;
            // A class without rows is one that later rows may have.
            if let Some((row, code)) = codes.iter().enumerate().find(|(_, code)| **code >= classes) {
                let problem = format!("holds class number {code} at index {row}, but there are {classes} classes");
                return Err(Error::Invalid { function, argument: "y", problem });
            }
            let outputs = if classes == 2 { 1 } else { classes };
            if network.outputs() != outputs {
                let problem = format!("has {classes} classes, but the network has {} outputs", network.outputs());
                return Err(Error::Invalid { function, argument: "y", problem });
            }
            Ok(Vec::new())
        }
        NetworkTargets::Values(values) => {
            check::same_length(function, ("y", values.nrows()), ("X", &[rows.count, rows.columns]))?;
            check::finite_matrix(function, "y", values)?;
            if values.ncols() != network.outputs() {
                let problem =
                    format!("has {} columns, but the network has {} outputs", values.ncols(), network.outputs());
                return Err(Error::Invalid { function, argument: "y", problem });
            }
            if network.output() == Output::Exponential
                && let Some(((row, _), value)) = values.indexed_iter().find(|(_, value)| **value < 0.0)
            {
                let problem = format!("holds {value} in row {row}, but counts cannot be negative (loss='poisson')");
                return Err(Error::Invalid { function, argument: "y", problem });
            }
            Ok(values.iter().copied().collect())
        }
    }
}

pub(super) fn checked_weights(
    function: &'static str,
    weights: ArrayView1<'_, f64>,
    rows: usize,
) -> Result<Vec<f64>, Error> {
    const WEIGHTS: &str = "sample_weight";
    check::same_length(function, (WEIGHTS, weights.len()), ("X", &[rows]))?;
    check::finite_vector(function, WEIGHTS, weights)?;
    let total: f64 = weights.sum();
    if let Some(wrong) = weights.iter().find(|weight| **weight < 0.0) {
        return Err(Error::OutOfRange {
            function,
            argument: WEIGHTS,
            value: *wrong,
            expected: "zero or positive".into(),
        });
    }
    check::in_range(function, WEIGHTS, total, total > 0.0 && total.is_finite(), "positive and finite in sum")?;
    Ok(weights.to_vec())
}

/// α over what the losses are divided by.
pub(super) fn penalty(alpha: f64, mass: f64) -> f64 {
    alpha / mass
}

impl Schedule {
    /// The rate after so many rows, where it depends on them.
    pub(super) fn after(self, first: f64, seen: usize) -> Option<f64> {
        match self {
            Schedule::InverseScaling(power) => Some(first / libm::pow(seen as f64 + 1.0, power)),
            Schedule::Constant | Schedule::Adaptive => None,
        }
    }
}
