//! A function: a graph with named inputs and one output.

use std::sync::Arc;

use super::build::{Graph, NodeId};
use super::differentiate::is_sum_of_squares;
use super::operation::{Binary, Op, Reduction, Unary};
use crate::error::{Error, Result};

/// A function's argument: its name and the shape of what is passed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its shape: `[]` for a number.
    pub shape: Vec<usize>,
}

/// A function of numbers and arrays, as a graph.
#[derive(Debug, Clone)]
pub struct Function {
    pub(super) graph: Arc<Graph>,
    pub(super) arguments: Arc<[Argument]>,
    pub(super) output: NodeId,
}

impl Function {
    /// The function that computes `output` from the inputs of the graph, which are numbered as the arguments are.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the output needs an input that is no argument, or one of another shape.
    pub fn new(graph: Graph, arguments: Vec<Argument>, output: NodeId) -> Result<Self> {
        for id in graph.needed(&[output]) {
            if let Op::Input(number) = graph.node(id).op
                && arguments.get(number).is_none_or(|argument| argument.shape != graph.shape(id))
            {
                let problem = format!("do not have input {number}, of shape {:?}", graph.shape(id));
                return Err(Error::Invalid { function: "function", argument: "arguments", problem });
            }
        }
        Ok(Function { graph: Arc::new(graph), arguments: arguments.into(), output })
    }

    /// Its graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// The node that it gives.
    pub fn output(&self) -> NodeId {
        self.output
    }

    /// The shape of what it gives.
    pub fn shape(&self) -> &[usize] {
        self.graph.shape(self.output)
    }

    /// Whether nothing in it has a corner or a jump (`abs`, `maximum`, comparisons, `floor`, a choice, the length of a vector): wherever its value and its
    /// derivatives are finite, they are then those that calculus means, while at a kink a graph's derivative is one of several.
    pub fn is_smooth(&self) -> bool {
        let graph = self.graph();
        let needed = graph.needed(&[self.output]);
        let mut depends = vec![false; self.output.index() + 1];
        for id in needed {
            let node = graph.node(id);
            let of_inputs = node.inputs.iter().any(|input| depends[input.index()]);
            depends[id.index()] = of_inputs || matches!(node.op, Op::Input(_));
            if of_inputs && has_kink(graph, id) {
                return false;
            }
        }
        true
    }
}

/// Whether an operation has a corner or a jump somewhere.
fn has_kink(graph: &Graph, id: NodeId) -> bool {
    let node = graph.node(id);
    match &node.op {
        Op::Unary(Unary::Sqrt) => is_sum_of_squares(graph, node.inputs[0]),
        Op::Unary(op) => *op == Unary::Absolute || op.is_step(),
        Op::Binary(op) => !matches!(
            op,
            Binary::Add
                | Binary::Subtract
                | Binary::Multiply
                | Binary::Divide
                | Binary::Power
                | Binary::Logaddexp
                | Binary::Polygamma
                | Binary::Xlogy
                | Binary::Inversion
                | Binary::Ierfcx
        ),
        Op::Reduce(reduction, _) => matches!(reduction, Reduction::Maximum | Reduction::Minimum),
        Op::Select => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Function;

    #[test]
    fn kinks_are_known_by_their_operations() {
        for text in ["x**2 * sin(y) / (1 + exp(x))", "log(x) + sqrt(y)", "x**y + abs(-3)"] {
            assert!(Function::parse(text, None).is_ok_and(|f| f.is_smooth()), "{text}");
        }
        for text in ["abs(x)", "maximum(x, y)", "x + floor(y)", "where(x < 1, x, 2*x)", "sign(x)", "x % 2"] {
            assert!(Function::parse(text, None).is_ok_and(|f| !f.is_smooth()), "{text}");
        }
    }
}
