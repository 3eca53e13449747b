//! A function: a graph with named inputs and one output.

use std::sync::Arc;

use super::build::{Graph, NodeId};
use super::operation::Op;
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
}
