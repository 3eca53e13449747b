//! Binds `underhood::models`' networks: layers whose loss is a graph.

use numpy::ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use underhood::models as core;
use underhood::models::{Activation, Descent, DescentState, Network, NetworkSolver, NetworkTargets, Output, Schedule};

use super::codes;
use crate::array;
use crate::error::Outcome;
use crate::graph::traced::Traced;
use crate::random::stream;
use crate::runtime::{check_signals, run};

/// Velocity or first moment, second moment, steps, rows seen, epochs, rate.
type State<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, usize, usize, usize, f64);
/// Gradient norm, step, update ratios of the layers.
type History<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>);
/// Parameters, state, iterations, stop reason, loss, losses, validation scores, length of the gradient, history.
type Trained<'py> =
    (Bound<'py, PyArray1<f64>>, State<'py>, usize, &'static str, f64, Vec<f64>, Vec<f64>, f64, Option<History<'py>>);

/// The names under which networks refuse.
fn name(class: &str, method: &str) -> &'static str {
    match (class, method) {
        ("MLPClassifier", "fit") => "MLPClassifier.fit",
        ("MLPClassifier", "partial_fit") => "MLPClassifier.partial_fit",
        ("MLPClassifier", "loss_function") => "MLPClassifier.loss_function",
        ("MLPClassifier", "gradients") => "MLPClassifier.gradients",
        ("MLPRegressor", "fit") => "MLPRegressor.fit",
        ("MLPRegressor", "partial_fit") => "MLPRegressor.partial_fit",
        ("MLPRegressor", "loss_function") => "MLPRegressor.loss_function",
        ("MLPRegressor", "gradients") => "MLPRegressor.gradients",
        ("MLPClassifier", _) => "MLPClassifier.predict",
        _ => "MLPRegressor.predict",
    }
}

/// The layers of a network: its sizes, what hidden layers do, what the last one does.
#[pyclass(frozen, module = "underhood._core.network")]
pub(crate) struct Layers {
    class: String,
    network: Network,
}

/// Class numbers or numbers, as they come from Python.
enum Given {
    Codes(Vec<usize>, usize),
    Values(Array2<f64>),
}

impl Given {
    fn read(function: &'static str, y: &Bound<'_, PyAny>, classes: Option<usize>) -> Outcome<Self> {
        Ok(match classes {
            Some(classes) => {
                Given::Codes(codes(function, "y", y.cast::<PyArray1<i64>>().map_err(PyErr::from)?)?, classes)
            }
            None => Given::Values(array::matrix(function, "y", y)?.view().to_owned()),
        })
    }

    fn targets(&self) -> NetworkTargets<'_> {
        match self {
            Given::Codes(codes, classes) => NetworkTargets::Classes(codes, *classes),
            Given::Values(values) => NetworkTargets::Values(values.view()),
        }
    }
}

#[pymethods]
impl Layers {
    /// A network of layers of these sizes, the inputs first and the outputs last; `class_` is the estimator that speaks.
    #[new]
    #[pyo3(signature = (class_, sizes, activation, output))]
    fn new(class_: String, sizes: Vec<usize>, activation: &str, output: &str) -> Outcome<Self> {
        let function = name(&class_, "fit");
        let (activation, output) = (Activation::named(function, activation)?, Output::named(function, output)?);
        let network = Network::new(function, &sizes, activation, output)?;
        Ok(Layers { class: class_, network })
    }

    /// How many weights and biases there are.
    #[getter]
    fn parameters(&self) -> usize {
        self.network.parameters()
    }

    /// Train on rows; see ``underhood.models.MLPClassifier`` for the parameters.
    ///
    /// ``y`` holds class numbers if ``classes`` is given, else numbers, rows × outputs. ``start`` and ``state`` are the parameters to begin with and
    /// what an earlier call left behind.
    #[pyo3(signature = (method, X, y, classes, sample_weight, start, state, solver, alpha, batch_size, learning_rate, learning_rate_init, power_t, max_iter, shuffle, random_state, tol, momentum, nesterovs_momentum, early_stopping, validation_fraction, beta_1, beta_2, epsilon, n_iter_no_change, max_fun, keep_history))]
    #[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
    fn fit<'py>(
        &self,
        method: &str,
        X: &Bound<'py, PyAny>,
        y: &Bound<'py, PyAny>,
        classes: Option<usize>,
        sample_weight: Option<&Bound<'py, PyAny>>,
        start: Option<&Bound<'py, PyAny>>,
        state: Option<State<'py>>,
        solver: &str,
        alpha: &Bound<'py, PyAny>,
        batch_size: Option<&Bound<'py, PyAny>>,
        learning_rate: &str,
        learning_rate_init: &Bound<'py, PyAny>,
        power_t: &Bound<'py, PyAny>,
        max_iter: &Bound<'py, PyAny>,
        shuffle: bool,
        random_state: Option<&Bound<'py, PyAny>>,
        tol: &Bound<'py, PyAny>,
        momentum: &Bound<'py, PyAny>,
        nesterovs_momentum: bool,
        early_stopping: bool,
        validation_fraction: &Bound<'py, PyAny>,
        beta_1: &Bound<'py, PyAny>,
        beta_2: &Bound<'py, PyAny>,
        epsilon: &Bound<'py, PyAny>,
        n_iter_no_change: &Bound<'py, PyAny>,
        max_fun: &Bound<'py, PyAny>,
        keep_history: bool,
    ) -> Outcome<Trained<'py>> {
        let (py, function) = (X.py(), name(&self.class, method));
        let number = |argument, value| array::number(function, argument, value);
        let whole = |argument, value| array::whole(function, argument, value);
        let schedule = match learning_rate {
            "constant" => Schedule::Constant,
            "invscaling" => Schedule::InverseScaling(number("power_t", power_t)?),
            "adaptive" => Schedule::Adaptive,
            _ => {
                return Err(unknown(function, "learning_rate", learning_rate, &["constant", "invscaling", "adaptive"]));
            }
        };
        let solver = match solver {
            "sgd" => NetworkSolver::Descent(Descent::Sgd {
                momentum: number("momentum", momentum)?,
                nesterov: nesterovs_momentum,
                schedule,
            }),
            "adam" => NetworkSolver::Descent(Descent::Adam {
                beta_1: number("beta_1", beta_1)?,
                beta_2: number("beta_2", beta_2)?,
                epsilon: number("epsilon", epsilon)?,
            }),
            "lbfgs" => NetworkSolver::Lbfgs { max_evaluations: whole("max_fun", max_fun)? },
            _ => return Err(unknown(function, "solver", solver, &["sgd", "adam", "lbfgs"])),
        };
        let training = core::NetworkTraining {
            solver,
            alpha: number("alpha", alpha)?,
            learning_rate: number("learning_rate_init", learning_rate_init)?,
            batch_size: batch_size.map(|size| whole("batch_size", size)).transpose()?,
            max_iter: whole("max_iter", max_iter)?,
            shuffle,
            tol: number("tol", tol)?,
            validation: early_stopping.then(|| number("validation_fraction", validation_fraction)).transpose()?,
            n_iter_no_change: whole("n_iter_no_change", n_iter_no_change)?,
            one_epoch: method == "partial_fit",
            keep_history,
        };
        let mut stream = stream(function, "random_state", random_state)?;
        let x = array::matrix(function, "X", X)?;
        let given = Given::read(function, y, classes)?;
        let weights = sample_weight.map(|weights| array::vector(function, "sample_weight", weights)).transpose()?;
        let start = start.map(|parameters| -> Outcome<_> {
            let parameters = array::vector(function, "the start", parameters)?.view().to_vec();
            Ok(core::NetworkStart { parameters, state: state.map(remembered).transpose()?.unwrap_or_default() })
        });
        let start = start.transpose()?;
        let (view, weights) = (x.view(), weights.as_ref().map(array::Vector::view));
        let work = view.len().saturating_mul(training.max_iter);
        let found = run(py, work, || {
            training.fit(function, &self.network, view, given.targets(), weights, start, &mut stream, check_signals)
        })?;
        Ok(trained(py, found))
    }

    /// Class numbers of rows.
    #[allow(non_snake_case, reason = "the estimator's argument")]
    fn classes<'py>(
        &self,
        method: &str,
        parameters: &Bound<'py, PyAny>,
        X: &Bound<'py, PyAny>,
    ) -> Outcome<Bound<'py, PyArray1<i64>>> {
        let function = name(&self.class, method);
        let (x, parameters) = (array::matrix(function, "X", X)?, array::vector(function, "coefs_", parameters)?);
        let (view, parameters) = (x.view(), parameters.view().to_vec());
        let found = run(X.py(), view.len(), || self.network.classes_of(function, &parameters, view))?;
        Ok(found.into_iter().map(|class| class as i64).collect::<Array1<i64>>().into_pyarray(X.py()))
    }

    /// The last net inputs of rows, rows × outputs.
    #[allow(non_snake_case, reason = "the estimator's argument")]
    fn net_inputs<'py>(
        &self,
        method: &str,
        parameters: &Bound<'py, PyAny>,
        X: &Bound<'py, PyAny>,
    ) -> Outcome<Bound<'py, PyArray2<f64>>> {
        let function = name(&self.class, method);
        let (x, parameters) = (array::matrix(function, "X", X)?, array::vector(function, "coefs_", parameters)?);
        let (view, parameters) = (x.view(), parameters.view().to_vec());
        let found = run(X.py(), view.len(), || self.network.outputs_of(function, &parameters, view))?;
        Ok(found.into_pyarray(X.py()))
    }

    /// J of rows and its gradient, laid flat one after the other.
    #[pyo3(signature = (method, parameters, X, y, classes, sample_weight, alpha))]
    #[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's arguments")]
    fn gradient<'py>(
        &self,
        method: &str,
        parameters: &Bound<'py, PyAny>,
        X: &Bound<'py, PyAny>,
        y: &Bound<'py, PyAny>,
        classes: Option<usize>,
        sample_weight: Option<&Bound<'py, PyAny>>,
        alpha: f64,
    ) -> Outcome<Bound<'py, PyArray1<f64>>> {
        let function = name(&self.class, method);
        let (x, parameters) = (array::matrix(function, "X", X)?, array::vector(function, "coefs_", parameters)?);
        let given = Given::read(function, y, classes)?;
        let weights = sample_weight.map(|weights| array::vector(function, "sample_weight", weights)).transpose()?;
        let (view, parameters) = (x.view(), parameters.view().to_vec());
        let weights = weights.as_ref().map(array::Vector::view);
        let found = run(X.py(), view.len(), || {
            self.network.loss_and_gradient(function, &parameters, view, given.targets(), weights, alpha)
        })?;
        Ok(found.into_pyarray(X.py()))
    }

    /// J of rows as a graph over the weights W1, b1, W2, b2, …
    #[pyo3(signature = (method, X, y, classes, sample_weight, alpha))]
    #[allow(non_snake_case, reason = "the estimator's argument")]
    fn loss(
        &self,
        method: &str,
        X: &Bound<'_, PyAny>,
        y: &Bound<'_, PyAny>,
        classes: Option<usize>,
        sample_weight: Option<&Bound<'_, PyAny>>,
        alpha: f64,
    ) -> Outcome<Traced> {
        let function = name(&self.class, method);
        let x = array::matrix(function, "X", X)?;
        let given = Given::read(function, y, classes)?;
        let weights = sample_weight.map(|weights| array::vector(function, "sample_weight", weights)).transpose()?;
        let weights = weights.as_ref().map(array::Vector::view);
        Ok(Traced::new(self.network.objective(function, x.view(), given.targets(), weights, alpha)?))
    }
}

fn unknown(
    function: &'static str,
    argument: &'static str,
    value: &str,
    allowed: &'static [&'static str],
) -> crate::error::Failure {
    underhood::Error::UnknownName { function, argument, value: value.into(), allowed }.into()
}

fn remembered(state: State<'_>) -> Outcome<DescentState> {
    let (first, second, steps, seen, epochs, rate) = state;
    let flat = |moment: &Bound<'_, PyArray1<f64>>| -> Outcome<Vec<f64>> {
        Ok(array::vector("fit", "what an earlier call left behind", moment.as_any())?.view().to_vec())
    };
    Ok(DescentState { first: flat(&first)?, second: flat(&second)?, steps, seen, epochs, rate })
}

fn trained(py: Python<'_>, found: core::TrainedNetwork) -> Trained<'_> {
    let DescentState { first, second, steps, seen, epochs, rate } = found.state;
    let history = found.history.map(|kept| {
        (kept.gradient_norm.into_pyarray(py), kept.step.into_pyarray(py), kept.update_ratio.into_pyarray(py))
    });
    (
        found.parameters.into_pyarray(py),
        (first.into_pyarray(py), second.into_pyarray(py), steps, seen, epochs, rate),
        found.iterations,
        found.stop.name(),
        found.loss,
        found.loss_curve,
        found.validation_scores,
        found.gradient_norm,
        history,
    )
}

/// Networks of layers.
#[pymodule]
pub(crate) mod network {
    #[pymodule_export]
    use super::Layers;
}
