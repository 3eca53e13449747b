//! The one definition of the network: graphs of its net inputs and of its loss.

use ndarray::{Array1, ArrayD, ArrayView1, ArrayView2};

use super::batches::{Chosen, Data};
use super::training::{checked_targets, checked_weights, penalty, targets_of};
use super::{Activation, Network, NetworkTargets, Output};
use crate::error::Result;
use crate::graph::{Argument, Binary, Function, Graph, NodeId, Reduction, Unary};
use crate::models::rows::{Rows, same_features};

impl Network {
    /// The net inputs z of the last layer, rows × outputs, as a function of W1, b1, W2, b2, …, X.
    ///
    /// # Errors
    /// None for a network that [`Network::new`] made.
    pub fn net_inputs(&self, rows: usize) -> Result<Function> {
        let mut graph = Graph::new();
        let mut arguments = self.weights();
        let nodes = inputs(&mut graph, &arguments);
        arguments.push(Argument { name: "X".into(), shape: vec![rows, self.inputs()] });
        let x = graph.input(nodes.len(), &[rows, self.inputs()]);
        let z = self.forward(&mut graph, &nodes, x)?;
        Function::new(graph, arguments, z)
    }

    /// The loss of a batch of so many rows as a function of W1, b1, W2, b2, …, X, y, (w,) penalty:
    ///
    /// > mean over the rows of ℓ + penalty/2·Σ‖W‖²
    ///
    /// With `weighted`, w holds the share of each row in the mean. The targets y are rows × outputs: of classes, 1 for a row's own and 0 for the others.
    ///
    /// # Errors
    /// None for a network that [`Network::new`] made.
    pub fn loss(&self, rows: usize, weighted: bool) -> Result<Function> {
        let mut arguments = self.weights();
        let count = arguments.len();
        arguments.push(Argument { name: "X".into(), shape: vec![rows, self.inputs()] });
        arguments.push(Argument { name: "y".into(), shape: vec![rows, self.outputs()] });
        if weighted {
            arguments.push(Argument { name: "w".into(), shape: vec![rows] });
        }
        arguments.push(Argument { name: "penalty".into(), shape: vec![] });
        let mut graph = Graph::new();
        let nodes = inputs(&mut graph, &arguments);
        let g = &mut graph;
        let (weights, x, y) = (&nodes[..count], nodes[count], nodes[count + 1]);
        let z = self.forward(g, weights, x)?;
        let of_rows = self.row_losses(g, z, y)?;
        let mean = if weighted {
            let shares = g.binary(Binary::Multiply, nodes[count + 2], of_rows)?;
            g.reduce(Reduction::Sum, shares, &[0])?
        } else {
            let sum = g.reduce(Reduction::Sum, of_rows, &[0])?;
            let rows = g.number(rows as f64);
            g.binary(Binary::Divide, sum, rows)?
        };
        let output = match nodes.last() {
            Some(penalty) => {
                let penalty = penalised(g, weights, *penalty)?;
                g.binary(Binary::Add, mean, penalty)?
            }
            None => mean,
        };
        Function::new(graph, arguments, output)
    }

    /// J of these rows as a function of W1, b1, W2, b2, … alone: the graph of [`loss`](Network::loss) with the data in it.
    ///
    /// # Errors
    /// As for [`NetworkTraining::fit`](super::NetworkTraining::fit).
    pub fn objective(
        &self,
        function: &'static str,
        x: ArrayView2<'_, f64>,
        targets: NetworkTargets<'_>,
        weights: Option<ArrayView1<'_, f64>>,
        alpha: f64,
    ) -> Result<Function> {
        let rows = Rows::new(function, x)?;
        same_features(function, rows.columns, self.inputs())?;
        let values = checked_targets(function, self, targets, &rows)?;
        let weights = weights.map(|weights| checked_weights(function, weights, rows.count)).transpose()?;
        let data = Data { rows: &rows, targets: targets_of(&targets, &values), weights: weights.as_deref() };
        let all = Chosen::Run(0, rows.count);
        let mass = data.mass(all);
        let loss = self.loss(rows.count, weights.is_some())?;
        let arguments = self.weights();
        let mut graph = Graph::new();
        let mut nodes = inputs(&mut graph, &arguments);
        nodes.push(graph.array(x.to_owned().into_dyn(), Some("X")));
        let mut y = ArrayD::zeros(vec![rows.count, self.outputs()]);
        if let Some(flat) = y.as_slice_mut() {
            data.write_targets(self.outputs(), all, flat);
        }
        nodes.push(graph.array(y, Some("y")));
        if let Some(weights) = &weights {
            nodes.push(
                graph.array(weights.iter().map(|weight| weight / mass).collect::<Array1<f64>>().into_dyn(), Some("w")),
            );
        }
        nodes.push(graph.number(penalty(alpha, mass)));
        let output = graph.inline(&loss, &nodes)?;
        Function::new(graph, arguments, output)
    }

    /// The parameters as arguments.
    fn weights(&self) -> Vec<Argument> {
        let both = |(number, layer): (usize, super::Layer)| {
            let weights = Argument { name: format!("W{}", number + 1), shape: vec![layer.inputs, layer.outputs] };
            [weights, Argument { name: format!("b{}", number + 1), shape: vec![layer.outputs] }]
        };
        self.layers().enumerate().flat_map(both).collect()
    }

    /// The numbers of the arguments that are weights or biases.
    pub(super) fn weight_numbers(&self) -> Vec<usize> {
        (0..2 * (self.sizes.len() - 1)).collect()
    }

    /// zₗ = aₗ₋₁Wₗ + bₗ and aₗ = φ(zₗ), layer after layer; the last keeps its z.
    fn forward(&self, graph: &mut Graph, weights: &[NodeId], x: NodeId) -> Result<NodeId> {
        let mut flowing = x;
        let last = weights.len() / 2 - 1;
        for (number, layer) in weights.chunks_exact(2).enumerate() {
            let product = graph.product(flowing, layer[0])?;
            let z = graph.binary(Binary::Add, product, layer[1])?;
            flowing = if number == last { z } else { self.activated(graph, z)? };
        }
        Ok(flowing)
    }

    fn activated(&self, graph: &mut Graph, z: NodeId) -> Result<NodeId> {
        Ok(match self.activation {
            Activation::Identity => z,
            Activation::Logistic => graph.unary(Unary::Expit, z),
            Activation::Tanh => graph.unary(Unary::Tanh, z),
            Activation::Relu => {
                // A choice rather than the larger of both: its slope at 0 is 0, not one half, and the backward pass reads what was chosen.
                let zero = graph.number(0.0);
                let positive = graph.binary(Binary::Less, zero, z)?;
                graph.select(positive, z, zero)?
            }
        })
    }

    /// ℓ of each row.
    fn row_losses(&self, graph: &mut Graph, z: NodeId, y: NodeId) -> Result<NodeId> {
        let each = match self.output {
            Output::Softmax => {
                let all = graph.reduce(Reduction::LogSumExp, z, &[1])?;
                let own = graph.binary(Binary::Multiply, y, z)?;
                let own = graph.reduce(Reduction::Sum, own, &[1])?;
                return graph.binary(Binary::Subtract, all, own);
            }
            Output::Logistic => {
                let zero = graph.number(0.0);
                let both = graph.binary(Binary::Logaddexp, z, zero)?;
                let own = graph.binary(Binary::Multiply, y, z)?;
                graph.binary(Binary::Subtract, both, own)?
            }
            Output::Identity => {
                let (half, two) = (graph.number(0.5), graph.number(2.0));
                let residual = graph.binary(Binary::Subtract, z, y)?;
                let square = graph.binary(Binary::Power, residual, two)?;
                graph.binary(Binary::Multiply, half, square)?
            }
            Output::Exponential => {
                let mean = graph.unary(Unary::Exp, z);
                let own = graph.binary(Binary::Multiply, y, z)?;
                let fitted = graph.binary(Binary::Subtract, mean, own)?;
                let best = graph.binary(Binary::Xlogy, y, y)?;
                let best = graph.binary(Binary::Subtract, best, y)?;
                graph.binary(Binary::Add, fitted, best)?
            }
        };
        graph.reduce(Reduction::Sum, each, &[1])
    }
}

/// penalty/2·Σ‖W‖².
fn penalised(graph: &mut Graph, weights: &[NodeId], penalty: NodeId) -> Result<NodeId> {
    let (half, two) = (graph.number(0.5), graph.number(2.0));
    let mut sum = graph.number(0.0);
    for layer in weights.chunks_exact(2) {
        let square = graph.binary(Binary::Power, layer[0], two)?;
        let square = graph.reduce(Reduction::Sum, square, &[0, 1])?;
        sum = graph.binary(Binary::Add, sum, square)?;
    }
    let factor = graph.binary(Binary::Multiply, half, penalty)?;
    graph.binary(Binary::Multiply, factor, sum)
}

fn inputs(graph: &mut Graph, arguments: &[Argument]) -> Vec<NodeId> {
    arguments.iter().enumerate().map(|(number, argument)| graph.input(number, &argument.shape)).collect()
}
