//! The multi-layer perceptron: layers aₗ = φ(aₗ₋₁Wₗ + bₗ), the last with the output function of its loss.
//!
//! The network is defined once, as a graph (`objective`): the loss of a batch is a [`Function`](crate::graph::Function) of the weights and the batch, and
//! everything else is made of it. Its gradient is the graph's own reverse mode, which is backpropagation (D. Rumelhart, G. Hinton and R. Williams, "Learning
//! representations by back-propagating errors", 1986, doi:10.1038/323533a0); training runs the program of that gradient, prediction that of the net inputs, and
//! what a reader is shown is the same graph again.
//!
//! > J(W, b) = mean over the batch of ℓ(y, z) + α/(2·rows of the batch)·Σₗ‖Wₗ‖²
//!
//! which is scikit-learn's objective: the penalty counts the more the smaller the batch is; biases are not penalised.
//!
//! | output | P or ŷ | ℓ, one row |
//! |---|---|---|
//! | softmax | e^(z_k)/Σe^(z_l) | ln Σe^(z_k) − Σ y_k z_k, the cross entropy |
//! | logistic | 1/(1 + e^(−z)) | Σ ln(1 + e^(z_k)) − y_k z_k |
//! | identity | z | ½ Σ (z_k − y_k)² |
//! | exponential | e^z | Σ e^(z_k) − y_k z_k + y_k ln y_k − y_k, half the Poisson deviance |
//!
//! In all of them ∂ℓ/∂z is prediction minus target. `start` draws the first weights, `batches` runs the graph on rows, `descent` makes steps of a gradient,
//! `epochs` goes through the rows with them, `lbfgs` takes all rows at once.

mod batches;
mod descent;
mod epochs;
mod lbfgs;
mod objective;
mod start;
mod training;

pub use self::descent::{Descent, DescentState, Schedule};
pub use self::training::{
    NetworkHistory, NetworkSolver, NetworkStart, NetworkTargets, NetworkTraining, TrainedNetwork,
};

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::rows::{Rows, same_features};
use crate::check;
use crate::error::{Error, Result};

/// φ, what a hidden layer does with its net inputs z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// z: layers that only multiply.
    Identity,
    /// 1/(1 + e^(−z)).
    Logistic,
    /// tanh z.
    Tanh,
    /// max(0, z); its slope at 0 is taken as 0.
    Relu,
}

impl Activation {
    /// The activation of this name: `identity`, `logistic`, `tanh` or `relu`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any other.
    pub fn named(function: &'static str, name: &str) -> Result<Self> {
        match name {
            "identity" => Ok(Activation::Identity),
            "logistic" => Ok(Activation::Logistic),
            "tanh" => Ok(Activation::Tanh),
            "relu" => Ok(Activation::Relu),
            _ => Err(Error::UnknownName {
                function,
                argument: "activation",
                value: name.into(),
                allowed: &["identity", "logistic", "tanh", "relu"],
            }),
        }
    }
}

/// What is made of the last net inputs, and with it the loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Shares of several classes; cross entropy.
    Softmax,
    /// Each output a probability of its own; cross entropy.
    Logistic,
    /// Numbers; half the squared error.
    Identity,
    /// Positive numbers; half the Poisson deviance.
    Exponential,
}

impl Output {
    /// The name of the output function: `softmax`, `logistic`, `identity` or `exp`.
    pub fn name(self) -> &'static str {
        match self {
            Output::Softmax => "softmax",
            Output::Logistic => "logistic",
            Output::Identity => "identity",
            Output::Exponential => "exp",
        }
    }

    /// The output of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any other.
    pub fn named(function: &'static str, name: &str) -> Result<Self> {
        let all = [Output::Softmax, Output::Logistic, Output::Identity, Output::Exponential];
        all.into_iter().find(|output| output.name() == name).ok_or_else(|| Error::UnknownName {
            function,
            argument: "output",
            value: name.into(),
            allowed: &["softmax", "logistic", "identity", "exp"],
        })
    }
}

/// The shape of a network. Its parameters are one vector: W₁ by rows (inputs × outputs), b₁, W₂, b₂, …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// How many numbers each layer holds, the inputs first and the outputs last.
    sizes: Vec<usize>,
    activation: Activation,
    output: Output,
}

/// Where a layer's weights and biases stand among the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer {
    /// The numbers that come in.
    inputs: usize,
    /// The numbers that go out.
    outputs: usize,
    /// The place of the first weight; the biases stand behind the weights.
    start: usize,
}

impl Layer {
    fn weights(self) -> std::ops::Range<usize> {
        self.start..self.start + self.inputs * self.outputs
    }

    fn biases(self) -> std::ops::Range<usize> {
        self.weights().end..self.end()
    }

    fn end(self) -> usize {
        self.start + (self.inputs + 1) * self.outputs
    }
}

impl Network {
    /// A network of layers of these sizes, the inputs first and the outputs last.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two sizes, [`Error::OutOfRange`] for a size of 0, [`Error::OutOfMemory`] if its weights do not fit.
    pub fn new(function: &'static str, sizes: &[usize], activation: Activation, output: Output) -> Result<Self> {
        check::at_least(function, "hidden_layer_sizes", "layers", sizes.len(), 2)?;
        for size in sizes {
            check::in_range(function, "hidden_layer_sizes", *size as f64, *size > 0, "at least 1 in every layer")?;
        }
        let network = Network { sizes: sizes.to_vec(), activation, output };
        // Weights, their gradient, what descent remembers of it, and the best ones so far.
        let numbers = sizes
            .windows(2)
            .fold(0_usize, |sum, pair| sum.saturating_add(pair[0].saturating_add(1).saturating_mul(pair[1])));
        if numbers > (1 << 40) {
            return Err(Error::OutOfMemory { function, what: "the weights".into(), numbers });
        }
        check::room(function, "weights and what training remembers of them", &[6, numbers])?;
        Ok(network)
    }

    /// How many numbers each layer holds, the inputs first.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// What the hidden layers do with their net inputs.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// What is made of the last net inputs.
    pub fn output(&self) -> Output {
        self.output
    }

    /// How many weights and biases there are.
    pub fn parameters(&self) -> usize {
        self.layers().last().map_or(0, |layer| layer.end())
    }

    /// The class numbers of rows of numbers.
    ///
    /// # Errors
    /// As for [`outputs_of`](Network::outputs_of).
    pub fn classes_of(&self, function: &'static str, parameters: &[f64], x: ArrayView2<'_, f64>) -> Result<Vec<usize>> {
        let rows = self.checked(function, parameters, x)?;
        let mut classes = Vec::with_capacity(rows.count);
        self.through(parameters, &rows, batches::Chosen::Run(0, rows.count), |_, z| {
            classes.extend(z.chunks_exact(self.outputs()).map(epochs::class_of));
        })?;
        Ok(classes)
    }

    /// The last net inputs of rows of numbers, rows × outputs.
    ///
    /// # Errors
    /// `x` holds a NaN or an infinity or does not fit the network, or the parameters do not.
    pub fn outputs_of(
        &self,
        function: &'static str,
        parameters: &[f64],
        x: ArrayView2<'_, f64>,
    ) -> Result<Array2<f64>> {
        let rows = self.checked(function, parameters, x)?;
        self.all_net_inputs(parameters, &rows)
    }

    /// J of these rows, and behind it its gradient by every parameter: what a step of training on them as one batch is made of.
    ///
    /// # Errors
    /// As for [`NetworkTraining::fit`].
    pub fn loss_and_gradient(
        &self,
        function: &'static str,
        parameters: &[f64],
        x: ArrayView2<'_, f64>,
        targets: NetworkTargets<'_>,
        weights: Option<ArrayView1<'_, f64>>,
        alpha: f64,
    ) -> Result<Vec<f64>> {
        let rows = self.checked(function, parameters, x)?;
        let values = training::checked_targets(function, self, targets, &rows)?;
        let weights = weights.map(|weights| training::checked_weights(function, weights, rows.count)).transpose()?;
        let targets = training::targets_of(&targets, &values);
        let data = batches::Data { rows: &rows, targets, weights: weights.as_deref() };
        lbfgs::whole(&mut batches::Gradient::new(self, data), parameters, alpha)
    }

    fn checked<'a>(&self, function: &'static str, parameters: &[f64], x: ArrayView2<'a, f64>) -> Result<Rows<'a>> {
        let rows = Rows::new(function, x)?;
        same_features(function, rows.columns, self.inputs())?;
        if parameters.len() != self.parameters() {
            let problem = format!("hold {} numbers, but the layers need {}", parameters.len(), self.parameters());
            return Err(Error::Invalid { function, argument: "coefs_ and intercepts_", problem });
        }
        Ok(rows)
    }

    fn inputs(&self) -> usize {
        self.sizes.first().copied().unwrap_or(0)
    }

    fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    pub(super) fn layers(&self) -> impl Iterator<Item = Layer> + '_ {
        self.sizes.windows(2).scan(0, |start, pair| {
            let layer = Layer { inputs: pair[0], outputs: pair[1], start: *start };
            *start = layer.end();
            Some(layer)
        })
    }
}
