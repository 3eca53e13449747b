//! Differentiation: graph in, graph out.
//!
//! Forward mode carries a change of the inputs through the graph, node by node, to the change of the output (a column of the Jacobian); reverse mode carries
//! the weight of the output back to the inputs (a row of it). Both rest on the same rules for elementwise operations, `chained`; what is linear
//! (sums, slices, reshapes, products with a constant) has a rule for each direction. A zero is no node: what does not depend on the inputs is never written down.
//!
//! A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, doi:10.1137/1.9780898717761.
//!
//! Where an operation has a kink, its derivative is a subgradient: `sign` for |x| (0 at 0), the mean of both sides for `maximum` and `minimum`, equal shares among
//! several largest elements, 0 for the length of the zero vector, 0 for steps (`floor`, comparisons). Products of more than 256 factors have none where a factor is 0.

mod elementwise;
mod shortcut;

pub(super) use self::elementwise::is_sum_of_squares;
use self::elementwise::{by_number, by_one_of_two};
use self::shortcut::Shortcut;
use super::build::{Graph, NodeId};
use super::operation::{Binary, Op, Reduction, Stride, Unary};
use crate::error::Result;

/// Longer products have the derivative v/xᵢ, which zeros spoil; shorter ones multiply the others.
const PRODUCTS_OF_OTHERS: usize = 256;

/// The change of `output` when the inputs change as given: pairs of a node and its change. None if it does not depend on them.
pub(super) fn tangent(graph: &mut Graph, output: NodeId, changes: &[(NodeId, NodeId)]) -> Result<Option<NodeId>> {
    let mut tangents: Vec<Option<NodeId>> = vec![None; output.index() + 1];
    for (node, change) in changes {
        if node.index() <= output.index() {
            tangents[node.index()] = Some(*change);
        }
    }
    for id in graph.needed(&[output]) {
        let inputs = graph.node(id).inputs.clone();
        if inputs.iter().any(|input| tangents[input.index()].is_some()) {
            let mut of_inputs: Vec<_> = inputs.iter().map(|input| tangents[input.index()]).collect();
            let shortcut = Shortcut::of(graph, id);
            let Some((shortcut, change)) = shortcut.and_then(|it| Some((it, tangents[it.to.index()]?))) else {
                tangents[id.index()] = carried(graph, id, &of_inputs)?;
                continue;
            };
            of_inputs[shortcut.first..].fill(None);
            let part = shortcut.times(graph, id, change)?;
            tangents[id.index()] = Some(match carried(graph, id, &of_inputs)? {
                Some(sum) => graph.binary(Binary::Add, sum, part)?,
                None => part,
            });
        }
    }
    Ok(tangents[output.index()])
}

/// The weights with which changes of these nodes enter the change of `output`, whose own weight is `seed`. None where they do not.
pub(super) fn adjoints(graph: &mut Graph, output: NodeId, seed: NodeId, wrt: &[NodeId]) -> Result<Vec<Option<NodeId>>> {
    let needed = graph.needed(&[output]);
    let mut depends = vec![false; output.index() + 1];
    for id in &needed {
        depends[id.index()] = wrt.contains(id) || graph.node(*id).inputs.iter().any(|input| depends[input.index()]);
    }
    let mut weights: Vec<Option<NodeId>> = vec![None; output.index() + 1];
    weights[output.index()] = Some(seed);
    for id in needed.into_iter().rev() {
        let Some(weight) = weights[id.index()].filter(|_| depends[id.index()]) else {
            continue;
        };
        let shortcut = Shortcut::of(graph, id).filter(|shortcut| depends[shortcut.to.index()]);
        let targets: Vec<NodeId> = match shortcut {
            Some(it) => graph.node(id).inputs[..it.first].iter().copied().chain([it.to]).collect(),
            None => graph.node(id).inputs.to_vec(),
        };
        for (place, input) in targets.into_iter().enumerate() {
            let part = match shortcut {
                _ if !depends[input.index()] => None,
                Some(it) if place == it.first => Some(it.times(graph, id, weight)?),
                _ => returned(graph, id, place, weight)?,
            };
            if let Some(part) = part {
                weights[input.index()] = Some(match weights[input.index()] {
                    Some(sum) => graph.binary(Binary::Add, sum, part)?,
                    None => part,
                });
            }
        }
    }
    Ok(wrt.iter().map(|node| weights.get(node.index()).copied().flatten()).collect())
}

/// Forward: the change of a node from those of its inputs, of which some are none.
fn carried(graph: &mut Graph, id: NodeId, changes: &[Option<NodeId>]) -> Result<Option<NodeId>> {
    let node = graph.node(id).clone();
    let first = changes.first().copied().flatten();
    let shape = &node.shape;
    Ok(match (&node.op, first) {
        (Op::Unary(_) | Op::Binary(_), _) => {
            let mut sum = None;
            for (place, change) in changes.iter().enumerate() {
                if let Some(change) = change
                    && let Some(part) = chained(graph, id, place, *change)?
                {
                    sum = Some(match sum {
                        Some(sum) => graph.binary(Binary::Add, sum, part)?,
                        None => part,
                    });
                }
            }
            sum
        }
        (Op::Select, _) => {
            let zero = graph.filled(0.0, shape);
            let [x, y] = [1, 2].map(|place| changes[place].unwrap_or(zero));
            if x == zero && y == zero { None } else { Some(graph.select(node.inputs[0], x, y)?) }
        }
        (Op::Product, _) => {
            let mut sum = None;
            if let Some(change) = changes[0] {
                sum = Some(graph.product(change, node.inputs[1])?);
            }
            if let Some(change) = changes[1] {
                let part = graph.product(node.inputs[0], change)?;
                sum = Some(match sum {
                    Some(sum) => graph.binary(Binary::Add, sum, part)?,
                    None => part,
                });
            }
            sum
        }
        (Op::Concatenate(axis), _) => {
            let parts = node.inputs.iter().zip(changes).map(|(input, change)| match change {
                Some(change) => *change,
                None => {
                    let shape = graph.shape(*input).to_vec();
                    graph.filled(0.0, &shape)
                }
            });
            let parts: Vec<_> = parts.collect();
            Some(graph.concatenate(&parts, *axis)?)
        }
        (_, None) | (Op::Input(_) | Op::Constant(_), _) => None,
        (Op::Broadcast, Some(change)) => Some(graph.broadcast(change, shape)?),
        (Op::Reshape, Some(change)) => Some(graph.reshape(change, shape)?),
        (Op::Transpose(axes), Some(change)) => Some(graph.transpose(change, axes)?),
        (Op::Slice(strides), Some(change)) => Some(graph.slice(change, strides)?),
        (Op::Place(strides), Some(change)) => Some(graph.place(change, strides, shape)?),
        (Op::Gather(places), Some(change)) => Some(graph.gather(change, places.to_vec(), shape)?),
        (Op::Scatter(places), Some(change)) => Some(graph.scatter(change, places.clone(), shape)?),
        (Op::CumulativeSum { axis, reverse }, Some(change)) => Some(graph.cumulative_sum(change, *axis, *reverse)?),
        (Op::Reduce(Reduction::Sum, axes), Some(change)) => Some(graph.reduce(Reduction::Sum, change, axes)?),
        (Op::Reduce(_, axes), Some(change)) => {
            let shares = shares(graph, id)?;
            let weighted = graph.binary(Binary::Multiply, change, shares)?;
            Some(graph.reduce(Reduction::Sum, weighted, axes)?)
        }
    })
}

/// Reverse: what a node's weight gives to its input at this place.
fn returned(graph: &mut Graph, id: NodeId, place: usize, weight: NodeId) -> Result<Option<NodeId>> {
    let node = graph.node(id).clone();
    let input = node.inputs[place];
    let shape = graph.shape(input).to_vec();
    Ok(match &node.op {
        Op::Input(_) | Op::Constant(_) => None,
        Op::Unary(_) | Op::Binary(_) => returned_behind_mask(graph, id, place, weight)?,
        Op::Select => {
            let zero = graph.filled(0.0, &shape);
            match place {
                1 => Some(graph.select(node.inputs[0], weight, zero)?),
                2 => Some(graph.select(node.inputs[0], zero, weight)?),
                _ => None,
            }
        }
        Op::Broadcast => {
            let added = node.shape.len() - shape.len();
            let repeated = |axis: &usize| *axis < added || (shape[axis - added] == 1 && node.shape[*axis] != 1);
            let axes: Vec<usize> = (0..node.shape.len()).filter(repeated).collect();
            let sum = graph.reduce(Reduction::Sum, weight, &axes)?;
            Some(graph.reshape(sum, &shape)?)
        }
        Op::Reshape => Some(graph.reshape(weight, &shape)?),
        Op::Transpose(axes) => {
            let mut back = vec![0; axes.len()];
            axes.iter().enumerate().for_each(|(i, axis)| back[*axis] = i);
            Some(graph.transpose(weight, &back)?)
        }
        Op::Slice(strides) => Some(graph.place(weight, strides, &shape)?),
        Op::Place(strides) => Some(graph.slice(weight, strides)?),
        Op::Gather(places) => Some(graph.scatter(weight, places.clone(), &shape)?),
        Op::Scatter(places) => Some(graph.gather(weight, places.to_vec(), &shape)?),
        Op::Concatenate(axis) => {
            let before = node.inputs[..place].iter().map(|part| graph.shape(*part)[*axis]).sum();
            let stride = |(i, count): (usize, &usize)| Stride {
                start: if i == *axis { before } else { 0 },
                step: 1,
                count: *count,
            };
            let strides: Vec<Stride> = shape.iter().enumerate().map(stride).collect();
            Some(graph.slice(weight, &strides)?)
        }
        Op::Reduce(reduction, axes) => {
            let repeated = along(graph, weight, axes, &shape)?;
            match reduction {
                Reduction::Sum => Some(repeated),
                _ => {
                    let shares = shares(graph, id)?;
                    Some(graph.binary(Binary::Multiply, repeated, shares)?)
                }
            }
        }
        Op::CumulativeSum { axis, reverse } => Some(graph.cumulative_sum(weight, *axis, !reverse)?),
        Op::Product => Some(factor(graph, (node.inputs[0], node.inputs[1]), place, weight)?),
    })
}

/// An elementwise operation's part of `returned`. A weight that comes through `where(c, …, …)` is 0 in the branch that was not taken, where the operation may
/// have no derivative (log x at x ≤ 0): the mask is taken off for the rule and put on again, so that 0·∞ does not come up.
fn returned_behind_mask(graph: &mut Graph, id: NodeId, place: usize, weight: NodeId) -> Result<Option<NodeId>> {
    let node = graph.node(weight).clone();
    if let (Op::Select, [condition, x, y]) = (&node.op, &node.inputs[..]) {
        for (taken, other, kept) in [(*x, *y, true), (*y, *x, false)] {
            if graph.value(other) == Some(0.0) {
                return chained(graph, id, place, taken)?
                    .map(|part| {
                        let (x, y) = if kept { (part, other) } else { (other, part) };
                        graph.select(*condition, x, y)
                    })
                    .transpose();
            }
        }
    }
    chained(graph, id, place, weight)
}

/// What lost some axes, repeated along them again.
fn along(graph: &mut Graph, reduced: NodeId, axes: &[usize], shape: &[usize]) -> Result<NodeId> {
    let kept: Vec<usize> = shape.iter().enumerate().map(|(i, n)| if axes.contains(&i) { 1 } else { *n }).collect();
    let column = graph.reshape(reduced, &kept)?;
    graph.broadcast(column, shape)
}

/// The derivative of a product, maximum, minimum or ln Σ eˣ by each of its elements.
fn shares(graph: &mut Graph, id: NodeId) -> Result<NodeId> {
    let node = graph.node(id).clone();
    let (Op::Reduce(reduction, axes), input) = (&node.op, node.inputs[0]) else {
        return Ok(id);
    };
    let shape = graph.shape(input).to_vec();
    let whole = along(graph, id, axes, &shape)?;
    if *reduction == Reduction::Product {
        return products_of_others(graph, input, whole, axes);
    }
    if *reduction == Reduction::LogSumExp {
        let below = graph.binary(Binary::Subtract, input, whole)?;
        return Ok(graph.unary(Unary::Exp, below));
    }
    let (one, zero) = (graph.number(1.0), graph.number(0.0));
    let same = graph.binary(Binary::Equal, input, whole)?;
    let chosen = graph.select(same, one, zero)?;
    let count = graph.reduce(Reduction::Sum, chosen, axes)?;
    let count = along(graph, count, axes, &shape)?;
    graph.binary(Binary::Divide, chosen, count)
}

/// ∏ⱼ≠ᵢ xⱼ for every i, right where elements are zero too: each is a product in which 1 stands for xᵢ.
fn products_of_others(graph: &mut Graph, x: NodeId, whole: NodeId, axes: &[usize]) -> Result<NodeId> {
    let shape = graph.shape(x).to_vec();
    let count: usize = axes.iter().map(|axis| shape[*axis]).product();
    if count > PRODUCTS_OF_OTHERS {
        return graph.binary(Binary::Divide, whole, x);
    }
    // The reduced axes go last and become one; then one row for each element that is left out.
    let order: Vec<usize> = (0..shape.len()).filter(|i| !axes.contains(i)).chain(axes.iter().copied()).collect();
    let turned = graph.transpose(x, &order)?;
    let turned_shape = graph.shape(turned).to_vec();
    let groups = turned_shape.iter().product::<usize>() / count.max(1);
    let rows = graph.reshape(turned, &[groups, 1, count])?;
    let rows = graph.broadcast(rows, &[groups, count, count])?;
    let left_out = graph.array(ndarray::Array2::eye(count).into_dyn(), None);
    let one = graph.number(1.0);
    let others = graph.select(left_out, one, rows)?;
    let products = graph.reduce(Reduction::Product, others, &[2])?;
    let products = graph.reshape(products, &turned_shape)?;
    let mut back = vec![0; order.len()];
    order.iter().enumerate().for_each(|(i, axis)| back[*axis] = i);
    graph.transpose(products, &back)
}

/// The weight of one factor of a matrix product: W·Yᵀ or Xᵀ·W, with vectors as rows and columns.
fn factor(graph: &mut Graph, (x, y): (NodeId, NodeId), place: usize, weight: NodeId) -> Result<NodeId> {
    let (rows, columns) = (graph.shape(x).len() == 2, graph.shape(y).len() == 2);
    match (place, rows, columns) {
        (0, _, true) => {
            let turned = graph.transpose(y, &[1, 0])?;
            if rows { graph.product(weight, turned) } else { graph.product(y, weight) }
        }
        (0, true, false) => outer(graph, weight, y),
        (0, false, false) => graph.binary(Binary::Multiply, weight, y),
        (_, true, _) => {
            let turned = graph.transpose(x, &[1, 0])?;
            graph.product(turned, weight)
        }
        (_, false, true) => outer(graph, x, weight),
        (_, false, false) => graph.binary(Binary::Multiply, weight, x),
    }
}

/// xᵢyⱼ.
fn outer(graph: &mut Graph, x: NodeId, y: NodeId) -> Result<NodeId> {
    let rows = graph.size(x);
    let column = graph.reshape(x, &[rows, 1])?;
    graph.binary(Binary::Multiply, column, y)
}

/// An elementwise operation's derivative by its input at `place`, times `g`.
fn chained(graph: &mut Graph, id: NodeId, place: usize, g: NodeId) -> Result<Option<NodeId>> {
    let node = graph.node(id).clone();
    match node.op {
        Op::Unary(op) => by_number(graph, op, node.inputs[0], id, g),
        Op::Binary(op) => by_one_of_two(graph, op, (node.inputs[0], node.inputs[1]), id, place, g),
        _ => Ok(None),
    }
}
