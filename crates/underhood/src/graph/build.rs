//! Building a graph: nodes in the order in which they were made, equal ones made once, constants folded.
//!
//! A node's inputs were made before it, so the order of the nodes is a topological one. Equal nodes are one node (hash-consing: A. Ershov,
//! "On programming of arithmetic operations", 1958, doi:10.1145/368892.368907), so a derivative shares with its function whatever both need.
//!
//! Only what is exact is simplified here (x·1, x + 0, a transpose of a transpose); what makes derivatives readable is `tidy`'s.

use std::collections::HashMap;
use std::sync::Arc;

use ndarray::ArrayD;

use super::arithmetic;
use super::operation::{Binary, Constant, Op, Reduction, Stride, Unary};
use crate::error::{Error, Result};

/// A node of one graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// What stands at a node.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// With what.
    pub inputs: Box<[NodeId]>,
    /// The shape of what comes out.
    pub shape: Box<[usize]>,
}

/// Functions as nodes that feed each other.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, NodeId>,
}

/// The name under which a graph refuses.
const FUNCTION: &str = "function";

impl NodeId {
    /// Its place in the order of the graph.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Graph {
    /// A graph without nodes.
    pub fn new() -> Self {
        Graph::default()
    }

    /// The node of this number, if there is one.
    pub fn at(&self, index: usize) -> Option<NodeId> {
        (index < self.nodes.len()).then_some(NodeId(index as u32))
    }

    /// What stands at a node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The shape of a node.
    pub fn shape(&self, id: NodeId) -> &[usize] {
        &self.node(id).shape
    }

    /// How many numbers a node holds.
    pub fn size(&self, id: NodeId) -> usize {
        self.shape(id).iter().fold(1, |size: usize, length| size.saturating_mul(*length))
    }

    /// The nodes that these need, themselves included, in order.
    pub fn needed(&self, outputs: &[NodeId]) -> Vec<NodeId> {
        let mut needed = vec![false; self.nodes.len()];
        for output in outputs {
            needed[output.index()] = true;
        }
        for index in (0..self.nodes.len()).rev() {
            if needed[index] {
                self.nodes[index].inputs.iter().for_each(|input| needed[input.index()] = true);
            }
        }
        (0..self.nodes.len() as u32).map(NodeId).filter(|id| needed[id.index()]).collect()
    }

    pub(super) fn add(&mut self, op: Op, inputs: &[NodeId], shape: &[usize]) -> NodeId {
        let node = Node { op, inputs: inputs.into(), shape: shape.into() };
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).expect("a graph has fewer than 2³² nodes"));
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    /// The function's argument of this number and shape.
    pub fn input(&mut self, number: usize, shape: &[usize]) -> NodeId {
        self.add(Op::Input(number), &[], shape)
    }

    /// A number.
    pub fn number(&mut self, value: f64) -> NodeId {
        self.add(Op::Constant(Constant::Number(value)), &[], &[])
    }

    /// An array that is known beforehand; its name is for printing.
    pub fn array(&mut self, values: ArrayD<f64>, name: Option<&str>) -> NodeId {
        match (values.ndim(), values.first()) {
            (0, Some(value)) => self.number(*value),
            _ => {
                let shape = values.shape().to_vec();
                let values = Arc::new(values.as_standard_layout().into_owned());
                self.add(Op::Constant(Constant::Array(values, name.map(Into::into))), &[], &shape)
            }
        }
    }

    /// The number at a constant node that repeats one number throughout, such as 1 or a broadcast 1.
    pub fn value(&self, mut id: NodeId) -> Option<f64> {
        loop {
            match &self.node(id).op {
                Op::Constant(Constant::Number(value)) => return Some(*value),
                Op::Broadcast => id = self.node(id).inputs[0],
                _ => return None,
            }
        }
    }

    /// One number, repeated in this shape.
    pub fn filled(&mut self, value: f64, shape: &[usize]) -> NodeId {
        let number = self.number(value);
        self.repeat(number, shape)
    }

    /// f(x), elementwise.
    pub fn unary(&mut self, op: Unary, x: NodeId) -> NodeId {
        if let Some(value) = self.value(x) {
            let shape = self.shape(x).to_vec();
            return self.filled(arithmetic::unary(op, value), &shape);
        }
        match (op, &self.node(x).op) {
            (Unary::Negative, Op::Unary(Unary::Negative)) => self.node(x).inputs[0],
            (Unary::Negative, Op::Place(strides)) => {
                let (strides, part, shape) = (strides.clone(), self.node(x).inputs[0], self.node(x).shape.clone());
                let part = self.unary(Unary::Negative, part);
                self.add(Op::Place(strides), &[part], &shape)
            }
            _ => {
                let shape = self.node(x).shape.clone();
                self.add(Op::Unary(op), &[x], &shape)
            }
        }
    }

    /// f(x, y), elementwise, with both broadcast to a common shape.
    ///
    /// # Errors
    /// [`Error::Shape`] if there is none.
    pub fn binary(&mut self, op: Binary, x: NodeId, y: NodeId) -> Result<NodeId> {
        let shape = self.common_shape(&[x, y])?;
        let (x, y) = (self.repeat(x, &shape), self.repeat(y, &shape));
        let (known_x, known_y) = (self.value(x), self.value(y));
        // The zeros around what is placed stand for what is not there: they are not multiplied, not even by infinities.
        for (place, other, first) in [(x, y, true), (y, x, false)] {
            if (op == Binary::Multiply || (op == Binary::Divide && first))
                && let Op::Place(strides) = &self.node(place).op
            {
                let (strides, part) = (strides.clone(), self.node(place).inputs[0]);
                let other = self.slice(other, &strides)?;
                let part = if first { self.binary(op, part, other)? } else { self.binary(op, other, part)? };
                return Ok(self.add(Op::Place(strides), &[part], &shape));
            }
        }
        Ok(match (op, known_x, known_y) {
            (_, Some(a), Some(b)) => self.filled(arithmetic::binary(op, a, b), &shape),
            (Binary::Add, Some(0.0), _) => y,
            (Binary::Add | Binary::Subtract, _, Some(0.0)) => x,
            (Binary::Multiply, Some(1.0), _) => y,
            (Binary::Multiply | Binary::Divide | Binary::Power, _, Some(1.0)) => x,
            _ => self.add(Op::Binary(op), &[x, y], &shape),
        })
    }

    /// `where(condition, x, y)`, elementwise, with all three broadcast to a common shape.
    ///
    /// # Errors
    /// [`Error::Shape`] if there is none.
    pub fn select(&mut self, condition: NodeId, x: NodeId, y: NodeId) -> Result<NodeId> {
        let shape = self.common_shape(&[condition, x, y])?;
        let [condition, x, y] = [condition, x, y].map(|node| self.repeat(node, &shape));
        Ok(match self.value(condition) {
            Some(0.0) => y,
            Some(_) => x,
            None if x == y => x,
            None => self.add(Op::Select, &[condition, x, y], &shape),
        })
    }

    /// The shape that all of these are broadcast to.
    fn common_shape(&self, nodes: &[NodeId]) -> Result<Vec<usize>> {
        let axes = nodes.iter().map(|node| self.shape(*node).len()).max().unwrap_or(0);
        let mut common = vec![1; axes];
        for node in nodes {
            let shape = self.shape(*node);
            for (to, length) in common[axes - shape.len()..].iter_mut().zip(shape) {
                if *to == 1 {
                    *to = *length;
                } else if *length != 1 && *length != *to {
                    let expected = format!("it is to be combined with one of shape {:?}", self.shape(nodes[0]));
                    let shape = shape.to_vec();
                    return Err(Error::Shape { function: FUNCTION, argument: "an array", shape, expected });
                }
            }
        }
        Ok(common)
    }

    /// The node in a shape that it fits, known to be right.
    fn repeat(&mut self, x: NodeId, shape: &[usize]) -> NodeId {
        if self.shape(x) == shape {
            return x;
        }
        // What is repeated twice is repeated once: a chain of broadcasts is one.
        let x = if matches!(self.node(x).op, Op::Broadcast) { self.node(x).inputs[0] } else { x };
        if self.shape(x) == shape {
            return x;
        }
        self.add(Op::Broadcast, &[x], shape)
    }

    /// The node repeated along missing axes and axes of length 1, as `numpy.broadcast_to`.
    ///
    /// # Errors
    /// [`Error::Shape`] if it does not fit.
    pub fn broadcast(&mut self, x: NodeId, shape: &[usize]) -> Result<NodeId> {
        let own = self.shape(x);
        let fits = own.len() <= shape.len()
            && own.iter().rev().zip(shape.iter().rev()).all(|(own, to)| *own == 1 || own == to);
        if !fits {
            return Err(refused(own, format!("it is to be broadcast to {shape:?}")));
        }
        Ok(self.repeat(x, shape))
    }

    /// The same numbers in another shape, in C order.
    ///
    /// # Errors
    /// [`Error::Shape`] if it holds another number of elements.
    pub fn reshape(&mut self, x: NodeId, shape: &[usize]) -> Result<NodeId> {
        if self.shape(x) == shape {
            return Ok(x);
        }
        if self.size(x) != shape.iter().product::<usize>() {
            return Err(refused(self.shape(x), format!("it is to be reshaped to {shape:?}")));
        }
        if let Some(value) = self.value(x) {
            return Ok(self.filled(value, shape));
        }
        let inner = match self.node(x).op {
            Op::Reshape => self.node(x).inputs[0],
            _ => x,
        };
        if self.shape(inner) == shape {
            return Ok(inner);
        }
        Ok(self.add(Op::Reshape, &[inner], shape))
    }

    /// The axes in another order: axis i of the result is axis `axes[i]` of the input.
    ///
    /// # Errors
    /// [`Error::Shape`] if these are not all the axes.
    pub fn transpose(&mut self, x: NodeId, axes: &[usize]) -> Result<NodeId> {
        let shape = self.shape(x);
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..shape.len()) {
            return Err(refused(shape, format!("its axes are to be taken in the order {axes:?}")));
        }
        if axes.iter().copied().eq(0..shape.len()) {
            return Ok(x);
        }
        let turned: Vec<usize> = axes.iter().map(|axis| shape[*axis]).collect();
        if let Some(value) = self.value(x) {
            return Ok(self.filled(value, &turned));
        }
        if let Op::Transpose(first) = &self.node(x).op {
            let (both, source) = (axes.iter().map(|axis| first[*axis]).collect::<Vec<_>>(), self.node(x).inputs[0]);
            return self.transpose(source, &both);
        }
        Ok(self.add(Op::Transpose(axes.into()), &[x], &turned))
    }

    /// A part of an array: one stride an axis.
    ///
    /// # Errors
    /// [`Error::Shape`] if a stride leaves its axis.
    pub fn slice(&mut self, x: NodeId, strides: &[Stride]) -> Result<NodeId> {
        let shape = self.shape(x).to_vec();
        within(&shape, strides)?;
        if strides.iter().zip(&shape).all(|(stride, length)| stride.is_whole(*length)) {
            return Ok(x);
        }
        let part: Vec<usize> = strides.iter().map(|stride| stride.count).collect();
        if let Some(value) = self.value(x) {
            return Ok(self.filled(value, &part));
        }
        Ok(self.add(Op::Slice(strides.into()), &[x], &part))
    }

    /// Zeros of this shape with x at these strides.
    ///
    /// # Errors
    /// [`Error::Shape`] if x does not fit there.
    pub fn place(&mut self, x: NodeId, strides: &[Stride], shape: &[usize]) -> Result<NodeId> {
        within(shape, strides)?;
        if !strides.iter().map(|stride| stride.count).eq(self.shape(x).iter().copied()) {
            return Err(refused(self.shape(x), format!("it is to be placed at {strides:?}")));
        }
        if strides.iter().zip(shape).all(|(stride, length)| stride.is_whole(*length)) {
            return Ok(x);
        }
        Ok(self.add(Op::Place(strides.into()), &[x], shape))
    }

    /// The elements at these places of the flattened input, in this shape.
    ///
    /// # Errors
    /// [`Error::Shape`] if a place is beyond the input or the shape does not hold as many.
    pub fn gather(&mut self, x: NodeId, places: Vec<usize>, shape: &[usize]) -> Result<NodeId> {
        let size = self.size(x);
        if places.len() != shape.iter().product::<usize>() || places.iter().any(|place| *place >= size) {
            return Err(refused(self.shape(x), format!("{} of its elements are taken as {shape:?}", places.len())));
        }
        Ok(self.add(Op::Gather(places.into()), &[x], shape))
    }

    /// Zeros of this shape to which the elements of x are added at these places.
    ///
    /// # Errors
    /// [`Error::Shape`] if a place is beyond the shape or x does not hold as many.
    pub fn scatter(&mut self, x: NodeId, places: Arc<[usize]>, shape: &[usize]) -> Result<NodeId> {
        let size = shape.iter().product::<usize>();
        if places.len() != self.size(x) || places.iter().any(|place| *place >= size) {
            return Err(refused(self.shape(x), format!("it is to be added to {} places of {shape:?}", places.len())));
        }
        Ok(self.add(Op::Scatter(places), &[x], shape))
    }

    /// The nodes one after the other along an axis.
    ///
    /// # Errors
    /// [`Error::Shape`] if they differ elsewhere, or there are none; [`Error::OutOfRange`] for an axis that they do not have.
    pub fn concatenate(&mut self, parts: &[NodeId], axis: usize) -> Result<NodeId> {
        let Some((first, others)) = parts.split_first() else {
            return Err(refused(&[], "something to concatenate is needed".into()));
        };
        if others.is_empty() {
            return Ok(*first);
        }
        let mut shape = self.shape(*first).to_vec();
        if axis >= shape.len() {
            return Err(refused(&shape, format!("it is to be concatenated along axis {axis}")));
        }
        for part in others {
            let other = self.shape(*part);
            let fits = other.len() == shape.len()
                && other.iter().zip(&shape).enumerate().all(|(i, (a, b))| i == axis || a == b);
            if !fits {
                return Err(refused(other, format!("it is to be concatenated with one of shape {shape:?}")));
            }
            shape[axis] += other[axis];
        }
        Ok(self.add(Op::Concatenate(axis), parts, &shape))
    }

    /// Some axes reduced; they are gone from the result.
    ///
    /// # Errors
    /// [`Error::Shape`] for axes that the node does not have, or the largest of nothing.
    pub fn reduce(&mut self, op: Reduction, x: NodeId, axes: &[usize]) -> Result<NodeId> {
        let mut axes = axes.to_vec();
        axes.sort_unstable();
        axes.dedup();
        let shape = self.shape(x);
        if axes.last().is_some_and(|axis| *axis >= shape.len()) {
            return Err(refused(shape, format!("it is to be reduced along the axes {axes:?}")));
        }
        let count: usize = axes.iter().map(|axis| shape[*axis]).product();
        if count == 0 && !matches!(op, Reduction::Sum | Reduction::Product) {
            return Err(refused(shape, format!("the {} of no elements is asked for", op.name())));
        }
        if axes.is_empty() {
            return Ok(x);
        }
        let rest: Vec<usize> =
            shape.iter().enumerate().filter(|(i, _)| !axes.contains(i)).map(|(_, length)| *length).collect();
        if count == 1 {
            return self.reshape(x, &rest);
        }
        Ok(self.add(Op::Reduce(op, axes.into()), &[x], &rest))
    }

    /// Sums along an axis up to each element, or (reversed) from each element on.
    ///
    /// # Errors
    /// [`Error::Shape`] for an axis that the node does not have.
    pub fn cumulative_sum(&mut self, x: NodeId, axis: usize, reverse: bool) -> Result<NodeId> {
        let shape = self.shape(x).to_vec();
        if axis >= shape.len() {
            return Err(refused(&shape, format!("it is to be summed along axis {axis}")));
        }
        Ok(self.add(Op::CumulativeSum { axis, reverse }, &[x], &shape))
    }

    /// Another graph's node, and all that it needs, made in this one too; the inputs are the same.
    pub fn absorb(&mut self, other: &Graph, output: NodeId) -> NodeId {
        let mut own: HashMap<NodeId, NodeId> = HashMap::new();
        for id in other.needed(&[output]) {
            let node = other.node(id);
            let inputs: Vec<NodeId> = node.inputs.iter().map(|input| own[input]).collect();
            own.insert(id, self.add(node.op.clone(), &inputs, &node.shape));
        }
        own[&output]
    }

    /// The matrix product of vectors and matrices, as `numpy.matmul` forms it.
    ///
    /// # Errors
    /// [`Error::Shape`] if the inner lengths differ, or one has no or more than two axes.
    pub fn product(&mut self, x: NodeId, y: NodeId) -> Result<NodeId> {
        let (a, b) = (self.shape(x), self.shape(y));
        if !(1..=2).contains(&a.len()) || !(1..=2).contains(&b.len()) || a[a.len() - 1] != b[0] {
            return Err(refused(b, format!("it is to be multiplied by one of shape {a:?} from the left")));
        }
        let shape = [&a[..a.len() - 1], &b[1..]].concat();
        Ok(self.add(Op::Product, &[x, y], &shape))
    }
}

fn refused(shape: &[usize], expected: String) -> Error {
    Error::Shape { function: FUNCTION, argument: "an array", shape: shape.to_vec(), expected }
}

fn within(shape: &[usize], strides: &[Stride]) -> Result<()> {
    let inside = |(stride, length): (&Stride, &usize)| stride.places().all(|place| place < *length);
    if strides.len() == shape.len() && strides.iter().zip(shape).all(inside) {
        return Ok(());
    }
    Err(refused(shape, format!("its elements at {strides:?} are asked for")))
}
