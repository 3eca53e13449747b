//! Building a graph while a caller's Python function runs: `underhood._functions._tracer` calls this, node by node.

use numpy::ndarray::ArrayD;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::Error;
use underhood::graph::{Argument, Binary, Function, Graph, NodeId, Reduction, Stride, Unary};

use super::traced::Traced;
use crate::array;
use crate::error::Outcome;

/// A graph that grows. Nodes are whole numbers; operations have NumPy's names.
#[pyclass(module = "underhood._core.graph")]
#[derive(Debug)]
pub(crate) struct Builder {
    graph: Graph,
}

impl Builder {
    fn node(&self, index: usize) -> Outcome<NodeId> {
        Ok(self.graph.at(index).ok_or_else(|| PyIndexError::new_err(format!("there is no node {index}")))?)
    }

    fn nodes(&self, indices: &[usize]) -> Outcome<Vec<NodeId>> {
        indices.iter().map(|index| self.node(*index)).collect()
    }
}

fn unknown(name: &str) -> Error {
    Error::Invalid {
        function: "function",
        argument: "an operation",
        problem: format!("is {name:?}, which is not known"),
    }
}

#[pymethods]
impl Builder {
    #[new]
    fn new() -> Self {
        Builder { graph: Graph::new() }
    }

    /// The shape of a node.
    fn shape<'py>(&self, py: Python<'py>, node: usize) -> Outcome<Bound<'py, PyTuple>> {
        Ok(PyTuple::new(py, self.graph.shape(self.node(node)?))?)
    }

    /// The number that a node repeats throughout, if it is a constant.
    fn value(&self, node: usize) -> Outcome<Option<f64>> {
        Ok(self.graph.value(self.node(node)?))
    }

    /// An argument of the function.
    fn input(&mut self, number: usize, shape: Vec<usize>) -> usize {
        self.graph.input(number, &shape).index()
    }

    /// A number.
    fn number(&mut self, value: f64) -> usize {
        self.graph.number(value).index()
    }

    /// An array of constants, and the name it has where the function was written.
    #[pyo3(signature = (values, name=None))]
    fn array(&mut self, values: &Bound<'_, PyAny>, name: Option<&str>) -> Outcome<usize> {
        let values: ArrayD<f64> = array::array("function", "a constant", values)?.view().to_owned();
        Ok(self.graph.array(values, name).index())
    }

    /// An elementwise function of one number.
    fn unary(&mut self, name: &str, x: usize) -> Outcome<usize> {
        let op = Unary::named(name).ok_or_else(|| unknown(name))?;
        let x = self.node(x)?;
        Ok(self.graph.unary(op, x).index())
    }

    /// An elementwise function of two numbers, broadcast.
    fn binary(&mut self, name: &str, x: usize, y: usize) -> Outcome<usize> {
        let op = Binary::named(name).ok_or_else(|| unknown(name))?;
        let (x, y) = (self.node(x)?, self.node(y)?);
        Ok(self.graph.binary(op, x, y)?.index())
    }

    /// `where(condition, x, y)`, broadcast.
    fn select(&mut self, condition: usize, x: usize, y: usize) -> Outcome<usize> {
        let (condition, x, y) = (self.node(condition)?, self.node(x)?, self.node(y)?);
        Ok(self.graph.select(condition, x, y)?.index())
    }

    /// Repeated along missing axes and axes of length 1.
    fn broadcast(&mut self, x: usize, shape: Vec<usize>) -> Outcome<usize> {
        let x = self.node(x)?;
        Ok(self.graph.broadcast(x, &shape)?.index())
    }

    /// The same numbers in another shape.
    fn reshape(&mut self, x: usize, shape: Vec<usize>) -> Outcome<usize> {
        let x = self.node(x)?;
        Ok(self.graph.reshape(x, &shape)?.index())
    }

    /// The axes in another order.
    fn transpose(&mut self, x: usize, axes: Vec<usize>) -> Outcome<usize> {
        let x = self.node(x)?;
        Ok(self.graph.transpose(x, &axes)?.index())
    }

    /// A part: (start, step, count) for each axis.
    fn slice(&mut self, x: usize, strides: Vec<(usize, isize, usize)>) -> Outcome<usize> {
        let strides: Vec<Stride> =
            strides.into_iter().map(|(start, step, count)| Stride { start, step, count }).collect();
        let x = self.node(x)?;
        Ok(self.graph.slice(x, &strides)?.index())
    }

    /// The elements at these places of the flattened array, in this shape.
    fn gather(&mut self, x: usize, places: Vec<usize>, shape: Vec<usize>) -> Outcome<usize> {
        let x = self.node(x)?;
        Ok(self.graph.gather(x, places, &shape)?.index())
    }

    /// One after the other along an axis.
    fn concatenate(&mut self, parts: Vec<usize>, axis: usize) -> Outcome<usize> {
        let parts = self.nodes(&parts)?;
        Ok(self.graph.concatenate(&parts, axis)?.index())
    }

    /// Axes reduced by `sum`, `prod`, `max`, `min` or `logsumexp`.
    fn reduce(&mut self, name: &str, x: usize, axes: Vec<usize>) -> Outcome<usize> {
        let op = match name {
            "sum" => Reduction::Sum,
            "prod" => Reduction::Product,
            "max" => Reduction::Maximum,
            "min" => Reduction::Minimum,
            "logsumexp" => Reduction::LogSumExp,
            other => return Err(unknown(other).into()),
        };
        let x = self.node(x)?;
        Ok(self.graph.reduce(op, x, &axes)?.index())
    }

    /// Sums up to each element.
    fn cumsum(&mut self, x: usize, axis: usize) -> Outcome<usize> {
        let x = self.node(x)?;
        Ok(self.graph.cumulative_sum(x, axis, false)?.index())
    }

    /// The matrix product of vectors and matrices.
    fn product(&mut self, x: usize, y: usize) -> Outcome<usize> {
        let (x, y) = (self.node(x)?, self.node(y)?);
        Ok(self.graph.product(x, y)?.index())
    }

    /// The value of another function at these nodes.
    fn inline(&mut self, traced: &Traced, arguments: Vec<usize>) -> Outcome<usize> {
        let arguments = self.nodes(&arguments)?;
        Ok(self.graph.inline(traced.function(), &arguments)?.index())
    }

    /// The function of these arguments (name and shape each) that gives a node.
    fn finish(&self, arguments: Vec<(String, Vec<usize>)>, output: usize) -> Outcome<Traced> {
        let arguments = arguments.into_iter().map(|(name, shape)| Argument { name, shape }).collect();
        Ok(Traced::new(Function::new(self.graph.clone(), arguments, self.node(output)?)?))
    }
}
