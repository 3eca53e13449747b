//! Where the chain rule would lose digits that the textbook's derivative keeps: patterns of several operations with a derivative of their own.
//!
//! The slope of (1 − x)(1 + x) is −2x, but by the product rule (1 − x) − (1 + x), in which a small x drowns; that of ln(1 + eᵘ) is the logistic function of u,
//! but by the chain rule eᵘ/(1 + eᵘ), which is ∞/∞ for large u.

use crate::error::Result;
use crate::graph::build::{Graph, NodeId};
use crate::graph::operation::{Binary, Op, Unary};

/// What a node changes by through its inputs from number `first` on, as a change of another node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shortcut {
    pub(super) first: usize,
    /// The node that these inputs are made of.
    pub(super) to: NodeId,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// (c − x)(c + x).
    DifferenceOfSquares,
    /// ln(1 + eᵘ), also as `log1p(exp(u))`.
    Softplus,
    /// a/(1 + eᵘ).
    Logistic,
}

impl Shortcut {
    /// The node's shortcut, if it has one.
    pub(super) fn of(graph: &Graph, id: NodeId) -> Option<Shortcut> {
        let node = graph.node(id);
        let (first, to, kind) = match (&node.op, &node.inputs[..]) {
            (Op::Binary(Binary::Multiply), [x, y]) => {
                let to = opposite(graph, *x, *y).or_else(|| opposite(graph, *y, *x))?;
                (0, to, Kind::DifferenceOfSquares)
            }
            (Op::Unary(Unary::Log), [x]) => (0, one_and_power(graph, *x)?, Kind::Softplus),
            (Op::Unary(Unary::Log1p), [x]) if matches!(graph.node(*x).op, Op::Unary(Unary::Exp)) => {
                (0, graph.node(*x).inputs[0], Kind::Softplus)
            }
            (Op::Binary(Binary::Divide), [_, y]) => (1, one_and_power(graph, *y)?, Kind::Logistic),
            _ => return None,
        };
        Some(Shortcut { first, to, kind })
    }

    /// The slope by `to`, through these inputs, times g; `v` is the node itself.
    pub(super) fn times(self, graph: &mut Graph, v: NodeId, g: NodeId) -> Result<NodeId> {
        let slope = match self.kind {
            Kind::DifferenceOfSquares => {
                let minus_two = graph.number(-2.0);
                graph.binary(Binary::Multiply, minus_two, self.to)?
            }
            Kind::Softplus => graph.unary(Unary::Expit, self.to),
            Kind::Logistic => {
                let share = graph.unary(Unary::Expit, self.to);
                let slope = graph.binary(Binary::Multiply, v, share)?;
                graph.unary(Unary::Negative, slope)
            }
        };
        graph.binary(Binary::Multiply, g, slope)
    }
}

/// x, for c − x and c + x.
fn opposite(graph: &Graph, difference: NodeId, sum: NodeId) -> Option<NodeId> {
    let (below, above) = (graph.node(difference), graph.node(sum));
    match (&below.op, &below.inputs[..], &above.op, &above.inputs[..]) {
        (Op::Binary(Binary::Subtract), [c, x], Op::Binary(Binary::Add), [a, b])
            if graph.value(*c).is_some() && ((a, b) == (c, x) || (a, b) == (x, c)) =>
        {
            Some(*x)
        }
        _ => None,
    }
}

/// u, for 1 + eᵘ.
fn one_and_power(graph: &Graph, node: NodeId) -> Option<NodeId> {
    let sum = graph.node(node);
    let (Op::Binary(Binary::Add), [x, y]) = (&sum.op, &sum.inputs[..]) else { return None };
    let power = match (graph.value(*x), graph.value(*y)) {
        (Some(1.0), _) => graph.node(*y),
        (_, Some(1.0)) => graph.node(*x),
        _ => return None,
    };
    matches!(power.op, Op::Unary(Unary::Exp)).then(|| power.inputs[0])
}
