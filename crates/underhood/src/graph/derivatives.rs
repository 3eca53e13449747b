//! Derivatives of functions, as functions: gradients, Jacobians, Hessians and their products with a vector.
//!
//! They are taken with respect to one argument of any shape, or to several arguments that are numbers, which then count as one vector.

use super::build::{Graph, NodeId};
use super::differentiate::{adjoints, tangent};
use super::function::{Argument, Function};
use super::operation::Stride;
use crate::error::{Error, Result};

impl Function {
    /// ∂f/∂x by an argument x that is a number, in forward mode: of the shape of f.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no such argument or it is an array.
    pub fn derivative(&self, argument: usize) -> Result<Function> {
        self.known("derivative", &[argument])?;
        let shape = &self.arguments[argument].shape;
        if !shape.is_empty() {
            let (function, argument) = ("derivative", "x");
            let expected = "a number is needed (an array has a gradient or a Jacobian matrix)".into();
            return Err(Error::Shape { function, argument, shape: shape.clone(), expected });
        }
        self.changed(|graph, output| {
            let (x, one) = (graph.input(argument, &[]), graph.number(1.0));
            let slope = tangent(graph, output, &[(x, one)])?;
            or_zero(graph, slope, self.shape())
        })
    }

    /// ∇f, of the shape of the argument, in reverse mode; of several arguments that are numbers, a vector.
    ///
    /// # Errors
    /// [`Error::Shape`] if f is not a number; [`Error::Invalid`] for arguments that it cannot be taken by.
    pub fn gradient(&self, arguments: &[usize]) -> Result<Function> {
        self.known("gradient", arguments)?;
        self.one_number("gradient")?;
        if let [argument] = arguments
            && self.arguments[*argument].shape.is_empty()
        {
            return self.derivative(*argument);
        }
        self.changed(|graph, output| slope(graph, output, &self.variable(arguments)))
    }

    /// f and its gradients by several arguments of any shape, laid flat one after the other: one pass of reverse mode.
    ///
    /// # Errors
    /// [`Error::Shape`] if f is not a number; [`Error::Invalid`] for arguments that there are not.
    pub fn value_and_gradients(&self, arguments: &[usize]) -> Result<Function> {
        for argument in arguments {
            self.known("gradient", &[*argument])?;
        }
        self.one_number("gradient")?;
        self.changed(|graph, output| {
            let seed = graph.filled(1.0, self.shape());
            let shapes: Vec<&[usize]> = arguments.iter().map(|number| &self.arguments[*number].shape[..]).collect();
            let nodes: Vec<NodeId> =
                arguments.iter().zip(&shapes).map(|(number, shape)| graph.input(*number, shape)).collect();
            let weights = adjoints(graph, output, seed, &nodes)?;
            let mut parts = vec![flat(graph, output)?];
            for (weight, shape) in weights.into_iter().zip(shapes) {
                let weight = or_zero(graph, weight, shape)?;
                parts.push(flat(graph, weight)?);
            }
            graph.concatenate(&parts, 0)
        })
    }

    /// The Jacobian matrix ∂fᵢ/∂xⱼ: the shape of f followed by that of the argument. By rows in reverse mode or by columns in forward mode, whichever are fewer.
    ///
    /// # Errors
    /// [`Error::Invalid`] for arguments that it cannot be taken by.
    pub fn jacobian(&self, arguments: &[usize]) -> Result<Function> {
        self.known("jacobian", arguments)?;
        self.changed(|graph, output| jacobian(graph, output, &self.variable(arguments)))
    }

    /// The Hessian matrix ∂²f/∂xᵢ∂xⱼ: the shape of the argument twice.
    ///
    /// # Errors
    /// [`Error::Shape`] if f is not a number; [`Error::Invalid`] for arguments that it cannot be taken by.
    pub fn hessian(&self, arguments: &[usize]) -> Result<Function> {
        self.known("hessian", arguments)?;
        self.one_number("hessian")?;
        self.changed(|graph, output| {
            let variable = self.variable(arguments);
            let slope = slope(graph, output, &variable)?;
            jacobian(graph, slope, &variable)
        })
    }

    /// ∇²f·v, the Hessian matrix times a vector, without forming it: f's arguments and one more, `v`, of the shape of the gradient. Forward over reverse mode:
    /// some four times the work of f (B. Pearlmutter, "Fast exact multiplication by the Hessian", 1994, doi:10.1162/neco.1994.6.1.147).
    ///
    /// # Errors
    /// [`Error::Shape`] if f is not a number; [`Error::Invalid`] for arguments that it cannot be taken by.
    pub fn hessian_product(&self, arguments: &[usize]) -> Result<Function> {
        self.known("hvp", arguments)?;
        self.one_number("hvp")?;
        let variable = self.variable(arguments);
        let mut graph = Graph::clone(&self.graph);
        let direction = graph.input(self.arguments.len(), &variable.shape);
        let slope = slope(&mut graph, self.output, &variable)?;
        let changes = variable.changes(&mut graph, direction)?;
        let product = tangent(&mut graph, slope, &changes)?;
        let output = or_zero(&mut graph, product, &variable.shape)?;
        let mut named = self.arguments.to_vec();
        named.push(Argument { name: "v".into(), shape: variable.shape });
        Function::new(graph, named, output)
    }

    /// Several functions of the same arguments as one, their values laid flat one after the other.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the arguments differ.
    pub fn joined(&self, other: &Function) -> Result<Function> {
        if self.arguments != other.arguments {
            return Err(Error::Invalid {
                function: "joined",
                argument: "other",
                problem: "has other arguments".into(),
            });
        }
        self.changed(|graph, output| {
            let second = graph.absorb(&other.graph, other.output);
            let parts = [flat(graph, output)?, flat(graph, second)?];
            graph.concatenate(&parts, 0)
        })
    }

    /// The same arguments, and another output in the extended graph.
    fn changed(&self, change: impl FnOnce(&mut Graph, NodeId) -> Result<NodeId>) -> Result<Function> {
        let mut graph = Graph::clone(&self.graph);
        let output = change(&mut graph, self.output)?;
        Ok(Function { graph: graph.into(), arguments: self.arguments.clone(), output })
    }

    fn variable(&self, arguments: &[usize]) -> Variable {
        let shapes: Vec<_> =
            arguments.iter().map(|argument| (*argument, self.arguments[*argument].shape.clone())).collect();
        let shape = match &shapes[..] {
            [(_, shape)] => shape.clone(),
            several => vec![several.len()],
        };
        Variable { arguments: shapes, shape }
    }

    fn one_number(&self, function: &'static str) -> Result<()> {
        if self.shape().iter().product::<usize>() == 1 {
            return Ok(());
        }
        let expected = "it must be one number (an array has a Jacobian matrix)".into();
        Err(Error::Shape { function, argument: "the value of f", shape: self.shape().to_vec(), expected })
    }

    fn known(&self, function: &'static str, arguments: &[usize]) -> Result<()> {
        let refuse = |reason: String| Err(Error::Invalid { function, argument: "wrt", problem: reason });
        if let Some(number) = arguments.iter().find(|number| **number >= self.arguments.len()) {
            return refuse(format!("is {number}, but f has {} arguments", self.arguments.len()));
        }
        match arguments {
            [] => refuse("names no argument".into()),
            [_] => Ok(()),
            several => match several.iter().find(|number| !self.arguments[**number].shape.is_empty()) {
                Some(number) => {
                    let Argument { name, shape } = &self.arguments[*number];
                    refuse(format!("must be one argument, or numbers: {name} has the shape {shape:?}"))
                }
                None => Ok(()),
            },
        }
    }
}

/// What a derivative is taken by: one argument, or several numbers that count as a vector.
struct Variable {
    arguments: Vec<(usize, Vec<usize>)>,
    shape: Vec<usize>,
}

impl Variable {
    fn nodes(&self, graph: &mut Graph) -> Vec<NodeId> {
        self.arguments.iter().map(|(number, shape)| graph.input(*number, shape)).collect()
    }

    /// A change of the whole as changes of its arguments.
    fn changes(&self, graph: &mut Graph, direction: NodeId) -> Result<Vec<(NodeId, NodeId)>> {
        let nodes = self.nodes(graph);
        if let [node] = nodes[..] {
            return Ok(vec![(node, direction)]);
        }
        let part = |(i, node): (usize, NodeId)| {
            let element = graph.slice(direction, &[Stride { start: i, step: 1, count: 1 }])?;
            Ok((node, graph.reshape(element, &[])?))
        };
        nodes.into_iter().enumerate().map(part).collect()
    }

    /// Weights of the arguments as one array.
    fn gathered(&self, graph: &mut Graph, weights: &[Option<NodeId>]) -> Result<NodeId> {
        if let ([weight], [(_, shape)]) = (weights, &self.arguments[..]) {
            return or_zero(graph, *weight, shape);
        }
        let mut parts = Vec::with_capacity(weights.len());
        for weight in weights {
            let weight = or_zero(graph, *weight, &[])?;
            parts.push(graph.reshape(weight, &[1])?);
        }
        graph.concatenate(&parts, 0)
    }
}

/// The gradient of a node that holds one number.
fn slope(graph: &mut Graph, output: NodeId, variable: &Variable) -> Result<NodeId> {
    let shape = graph.shape(output).to_vec();
    let (seed, nodes) = (graph.filled(1.0, &shape), variable.nodes(graph));
    let weights = adjoints(graph, output, seed, &nodes)?;
    variable.gathered(graph, &weights)
}

fn jacobian(graph: &mut Graph, output: NodeId, variable: &Variable) -> Result<NodeId> {
    let shape = graph.shape(output).to_vec();
    let whole = [&shape[..], &variable.shape[..]].concat();
    let (rows, columns): (usize, usize) = (shape.iter().product(), variable.shape.iter().product());
    if rows == 0 || columns == 0 {
        return Ok(graph.filled(0.0, &whole));
    }
    let by_rows = rows < columns;
    let mut parts = Vec::new();
    for index in 0..if by_rows { rows } else { columns } {
        let line = if by_rows {
            let (seed, nodes) = (unit(graph, index, &shape)?, variable.nodes(graph));
            let weights = adjoints(graph, output, seed, &nodes)?;
            variable.gathered(graph, &weights)?
        } else {
            let direction = unit(graph, index, &variable.shape)?;
            let changes = variable.changes(graph, direction)?;
            let column = tangent(graph, output, &changes)?;
            or_zero(graph, column, &shape)?
        };
        let size = graph.size(line);
        parts.push(graph.reshape(line, &[1, size])?);
    }
    let lines = graph.concatenate(&parts, 0)?;
    let matrix = if by_rows { lines } else { graph.transpose(lines, &[1, 0])? };
    graph.reshape(matrix, &whole)
}

/// Zeros with a 1 at this place of the flattened array.
fn unit(graph: &mut Graph, index: usize, shape: &[usize]) -> Result<NodeId> {
    let size: usize = shape.iter().product();
    let one = graph.filled(1.0, &[1]);
    let flat = graph.place(one, &[Stride { start: index, step: 1, count: 1 }], &[size])?;
    graph.reshape(flat, shape)
}

fn or_zero(graph: &mut Graph, node: Option<NodeId>, shape: &[usize]) -> Result<NodeId> {
    match node {
        // A change that does not depend on the inputs may be a number still.
        Some(node) => graph.broadcast(node, shape),
        None => Ok(graph.filled(0.0, shape)),
    }
}

fn flat(graph: &mut Graph, node: NodeId) -> Result<NodeId> {
    let size = graph.size(node);
    graph.reshape(node, &[size])
}
