//! The derivatives of the elementwise operations.

use std::collections::HashSet;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2, LN_10, PI};

use crate::error::Result;
use crate::graph::build::{Graph, NodeId};
use crate::graph::operation::{Binary, Constant, Op, Reduction, Unary};

/// f′(x)·g, where v = f(x).
pub(super) fn by_number(graph: &mut Graph, op: Unary, x: NodeId, v: NodeId, g: NodeId) -> Result<Option<NodeId>> {
    use Binary::{Add, Divide, Hypot, Multiply, Power, Subtract};
    let (one, two) = (graph.number(1.0), graph.number(2.0));
    let d = match op {
        Unary::Sign
        | Unary::Floor
        | Unary::Ceil
        | Unary::Trunc
        | Unary::Rint
        | Unary::LogicalNot
        | Unary::Isnan
        | Unary::Isfinite => return Ok(None),
        Unary::Negative => graph.unary(Unary::Negative, g),
        Unary::Absolute => {
            let sign = graph.unary(Unary::Sign, x);
            graph.binary(Multiply, g, sign)?
        }
        Unary::Sqrt => {
            let twice = graph.binary(Multiply, two, v)?;
            let slope = graph.binary(Divide, g, twice)?;
            if is_sum_of_squares(graph, x) {
                // The length of a vector: a kink at 0, where the subgradient 0 is taken.
                let zero = graph.number(0.0);
                let somewhere = graph.binary(Binary::NotEqual, v, zero)?;
                graph.select(somewhere, slope, zero)?
            } else {
                slope
            }
        }
        Unary::Cbrt => {
            let three = graph.number(3.0);
            let square = graph.binary(Power, v, two)?;
            let thrice = graph.binary(Multiply, three, square)?;
            graph.binary(Divide, g, thrice)?
        }
        Unary::Exp => graph.binary(Multiply, g, v)?,
        Unary::Expm1 => {
            let power = graph.unary(Unary::Exp, x);
            graph.binary(Multiply, g, power)?
        }
        Unary::Log => graph.binary(Divide, g, x)?,
        Unary::Log1p => {
            let above = graph.binary(Add, x, one)?;
            graph.binary(Divide, g, above)?
        }
        Unary::Log2 | Unary::Log10 => {
            let unit = graph.number(if op == Unary::Log2 { LN_2 } else { LN_10 });
            let scaled = graph.binary(Multiply, unit, x)?;
            graph.binary(Divide, g, scaled)?
        }
        Unary::Sin => {
            let cos = graph.unary(Unary::Cos, x);
            graph.binary(Multiply, g, cos)?
        }
        Unary::Cos => {
            let sin = graph.unary(Unary::Sin, x);
            let product = graph.binary(Multiply, g, sin)?;
            graph.unary(Unary::Negative, product)
        }
        Unary::Tan => {
            let cos = graph.unary(Unary::Cos, x);
            let square = graph.binary(Power, cos, two)?;
            graph.binary(Divide, g, square)?
        }
        Unary::Arcsin | Unary::Arccos => {
            // (1 − x)(1 + x) keeps the digits that 1 − x² loses next to ±1.
            let root = one_less_square(graph, x)?;
            let root = graph.unary(Unary::Sqrt, root);
            let slope = graph.binary(Divide, g, root)?;
            if op == Unary::Arcsin { slope } else { graph.unary(Unary::Negative, slope) }
        }
        Unary::Arctan => {
            let square = graph.binary(Power, x, two)?;
            let sum = graph.binary(Add, square, one)?;
            graph.binary(Divide, g, sum)?
        }
        Unary::Sinh => {
            let cosh = graph.unary(Unary::Cosh, x);
            graph.binary(Multiply, g, cosh)?
        }
        Unary::Cosh => {
            let sinh = graph.unary(Unary::Sinh, x);
            graph.binary(Multiply, g, sinh)?
        }
        Unary::Tanh => {
            // 1 − v² would have no digits left for large x, 1/cosh² would overflow on the way.
            let sech = graph.unary(Unary::Sech, x);
            let square = graph.binary(Power, sech, two)?;
            graph.binary(Multiply, g, square)?
        }
        Unary::Sech => {
            let tanh = graph.unary(Unary::Tanh, x);
            let slope = graph.binary(Multiply, v, tanh)?;
            let product = graph.binary(Multiply, g, slope)?;
            graph.unary(Unary::Negative, product)
        }
        Unary::Arcsinh => {
            let length = graph.binary(Hypot, x, one)?;
            graph.binary(Divide, g, length)?
        }
        Unary::Arccosh => {
            let (below, above) = (graph.binary(Subtract, x, one)?, graph.binary(Add, x, one)?);
            let (below, above) = (graph.unary(Unary::Sqrt, below), graph.unary(Unary::Sqrt, above));
            let product = graph.binary(Multiply, below, above)?;
            graph.binary(Divide, g, product)?
        }
        Unary::Arctanh => {
            let square = one_less_square(graph, x)?;
            graph.binary(Divide, g, square)?
        }
        Unary::Erf | Unary::Erfc => {
            let bell = bell(graph, x, 1.0)?;
            let scale = graph.number(if op == Unary::Erf { FRAC_2_SQRT_PI } else { -FRAC_2_SQRT_PI });
            let slope = graph.binary(Multiply, scale, bell)?;
            graph.binary(Multiply, g, slope)?
        }
        Unary::Erfcx => {
            // 2x·erfcx(x) − 2/√π would have no digits left for large x.
            let (integral, minus_two) = (graph.binary(Binary::Ierfcx, one, x)?, graph.number(-2.0));
            let slope = graph.binary(Multiply, minus_two, integral)?;
            graph.binary(Multiply, g, slope)?
        }
        Unary::Ndtr => {
            let (bell, scale) = (bell(graph, x, 0.5)?, graph.number(1.0 / (2.0 * PI).sqrt()));
            let density = graph.binary(Multiply, scale, bell)?;
            graph.binary(Multiply, g, density)?
        }
        Unary::LogNdtr => {
            // φ/Φ = √(2/π)/erfcx(−x/√2): no two large numbers are subtracted.
            let (down, scale) = (graph.number(-FRAC_1_SQRT_2), graph.number((2.0 / PI).sqrt()));
            let below = graph.binary(Multiply, down, x)?;
            let tail = graph.unary(Unary::Erfcx, below);
            let slope = graph.binary(Divide, scale, tail)?;
            graph.binary(Multiply, g, slope)?
        }
        Unary::Gammaln => {
            let order = graph.number(0.0);
            let digamma = graph.binary(Binary::Polygamma, order, x)?;
            graph.binary(Multiply, g, digamma)?
        }
        Unary::Expit | Unary::LogExpit => {
            // 1 − v as the logistic function of −x, which keeps its digits.
            let opposite = graph.unary(Unary::Negative, x);
            let other = graph.unary(Unary::Expit, opposite);
            let slope = if op == Unary::Expit { graph.binary(Multiply, v, other)? } else { other };
            graph.binary(Multiply, g, slope)?
        }
    };
    Ok(Some(d))
}

/// (1 − x)(1 + x).
fn one_less_square(graph: &mut Graph, x: NodeId) -> Result<NodeId> {
    let one = graph.number(1.0);
    let (below, above) = (graph.binary(Binary::Subtract, one, x)?, graph.binary(Binary::Add, one, x)?);
    graph.binary(Binary::Multiply, below, above)
}

/// exp(−a·x²).
fn bell(graph: &mut Graph, x: NodeId, a: f64) -> Result<NodeId> {
    let (two, a) = (graph.number(2.0), graph.number(a));
    let square = graph.binary(Binary::Power, x, two)?;
    let exponent = graph.binary(Binary::Multiply, a, square)?;
    let exponent = graph.unary(Unary::Negative, exponent);
    Ok(graph.unary(Unary::Exp, exponent))
}

/// Whether this is an array that is known beforehand, perhaps seen from another side.
fn is_known_array(graph: &Graph, x: NodeId) -> bool {
    let node = graph.node(x);
    match node.op {
        Op::Constant(Constant::Array(..)) => true,
        Op::Broadcast | Op::Reshape | Op::Transpose(_) | Op::Slice(_) => is_known_array(graph, node.inputs[0]),
        _ => false,
    }
}

/// Whether this is a sum or a mean of squares, however it was written: a root of it is a length.
pub(in crate::graph) fn is_sum_of_squares(graph: &Graph, x: NodeId) -> bool {
    let (mut open, mut seen) = (vec![x], HashSet::from([x]));
    while let Some(next) = open.pop() {
        let node = graph.node(next);
        let positive = |place: usize| graph.value(node.inputs[place]).is_some_and(|value: f64| value > 0.0);
        let parts = match node.op {
            Op::Reshape | Op::Broadcast | Op::Reduce(Reduction::Sum, _) => &node.inputs[..],
            Op::Product if node.inputs[0] == node.inputs[1] && graph.shape(node.inputs[0]).len() == 1 => &[],
            Op::Binary(Binary::Power) if graph.value(node.inputs[1]) == Some(2.0) => &[],
            Op::Binary(Binary::Multiply) if node.inputs[0] == node.inputs[1] => &[],
            Op::Binary(Binary::Multiply) if positive(0) => &node.inputs[1..],
            Op::Binary(Binary::Multiply | Binary::Divide) if positive(1) => &node.inputs[..1],
            Op::Binary(Binary::Add) => &node.inputs[..],
            _ => return false,
        };
        open.extend(parts.iter().filter(|part| seen.insert(**part)));
    }
    true
}

/// ∂f/∂x·g or ∂f/∂y·g, where v = f(x, y).
pub(super) fn by_one_of_two(
    graph: &mut Graph,
    op: Binary,
    (x, y): (NodeId, NodeId),
    v: NodeId,
    place: usize,
    g: NodeId,
) -> Result<Option<NodeId>> {
    use Binary::{Add, Divide, Less, Multiply, Power, Subtract};
    let first = place == 0;
    let d = match op {
        Binary::FloorDivide
        | Less
        | Binary::LessEqual
        | Binary::Equal
        | Binary::NotEqual
        | Binary::LogicalAnd
        | Binary::LogicalOr => return Ok(None),
        Add => g,
        Subtract => {
            if first {
                g
            } else {
                graph.unary(Unary::Negative, g)
            }
        }
        Multiply => graph.binary(Multiply, g, if first { y } else { x })?,
        Divide if first => graph.binary(Divide, g, y)?,
        Divide => {
            let quotient = graph.binary(Divide, v, y)?;
            let product = graph.binary(Multiply, g, quotient)?;
            graph.unary(Unary::Negative, product)
        }
        Power if first => {
            if graph.value(y) == Some(0.0) {
                return Ok(None);
            }
            let (zero, one) = (graph.number(0.0), graph.number(1.0));
            let mut less = graph.binary(Subtract, y, one)?;
            if is_known_array(graph, y) {
                // Among the exponents may be zeros: x⁰ has the derivative 0·x⁰, not 0·x⁻¹, which is NaN at 0.
                let constant = graph.binary(Binary::Equal, y, zero)?;
                less = graph.select(constant, zero, less)?;
            }
            let power = graph.binary(Power, x, less)?;
            let slope = graph.binary(Multiply, y, power)?;
            graph.binary(Multiply, g, slope)?
        }
        Power => {
            let slope = graph.binary(Binary::Xlogy, v, x)?;
            graph.binary(Multiply, g, slope)?
        }
        Binary::Maximum | Binary::Minimum => {
            // The whole weight to the one that is taken, half of it to each of two equal ones.
            let (this, other) = if first { (x, y) } else { (y, x) };
            let (low, high) = if op == Binary::Maximum { (other, this) } else { (this, other) };
            let (half, zero) = (graph.number(0.5), graph.number(0.0));
            let shared = graph.binary(Multiply, half, g)?;
            let taken = graph.binary(Less, low, high)?;
            let equal = graph.binary(Binary::Equal, low, high)?;
            let rest = graph.select(equal, shared, zero)?;
            graph.select(taken, g, rest)?
        }
        Binary::Arctan2 => {
            // The angle of the point (y, x): x is its second coordinate, y its first.
            let (above, beside) = if first { (y, x) } else { (x, y) };
            let slope = if graph.value(above).is_some_and(|value: f64| (1e-100..1e100).contains(&value.abs())) {
                // Nothing can be lost where the squares of the other are too large or too small.
                let two = graph.number(2.0);
                let (a, b) = (graph.binary(Power, x, two)?, graph.binary(Power, y, two)?);
                let square = graph.binary(Add, a, b)?;
                graph.binary(Divide, above, square)?
            } else {
                graph.binary(Binary::Inversion, above, beside)?
            };
            let product = graph.binary(Multiply, g, slope)?;
            if first { product } else { graph.unary(Unary::Negative, product) }
        }
        Binary::Hypot => {
            let zero = graph.number(0.0);
            let cosine = graph.binary(Divide, if first { x } else { y }, v)?;
            let somewhere = graph.binary(Binary::NotEqual, v, zero)?;
            let cosine = graph.select(somewhere, cosine, zero)?;
            graph.binary(Multiply, g, cosine)?
        }
        Binary::Logaddexp => {
            let apart = if first { graph.binary(Subtract, x, y)? } else { graph.binary(Subtract, y, x)? };
            let share = graph.unary(Unary::Expit, apart);
            graph.binary(Multiply, g, share)?
        }
        Binary::Remainder if first => g,
        Binary::Remainder => {
            let times = graph.binary(Binary::FloorDivide, x, y)?;
            let product = graph.binary(Multiply, g, times)?;
            graph.unary(Unary::Negative, product)
        }
        Binary::Copysign => {
            if !first {
                return Ok(None);
            }
            let one = graph.number(1.0);
            let (to, from) = (graph.binary(Binary::Copysign, one, y)?, graph.unary(Unary::Sign, x));
            let sign = graph.binary(Multiply, to, from)?;
            graph.binary(Multiply, g, sign)?
        }
        Binary::Polygamma => {
            if first {
                return Ok(None);
            }
            let one = graph.number(1.0);
            let order = graph.binary(Add, x, one)?;
            let next = graph.binary(Binary::Polygamma, order, y)?;
            graph.binary(Multiply, g, next)?
        }
        Binary::Inversion => {
            // (1/z)′ = −(1/z)², whose parts are the inversions themselves.
            let (real, imaginary) = (v, graph.binary(Binary::Inversion, y, x)?);
            let slope = if first {
                let (apart, sum) = (graph.binary(Subtract, imaginary, real)?, graph.binary(Add, imaginary, real)?);
                graph.binary(Multiply, apart, sum)?
            } else {
                let minus_two = graph.number(-2.0);
                let product = graph.binary(Multiply, real, imaginary)?;
                graph.binary(Multiply, minus_two, product)?
            };
            graph.binary(Multiply, g, slope)?
        }
        Binary::Ierfcx => {
            if first {
                return Ok(None);
            }
            let one = graph.number(1.0);
            let order = graph.binary(Add, x, one)?;
            let (next, factor) = (graph.binary(Binary::Ierfcx, order, y)?, graph.number(-2.0));
            let slope = graph.binary(Multiply, factor, order)?;
            let slope = graph.binary(Multiply, slope, next)?;
            graph.binary(Multiply, g, slope)?
        }
        Binary::Xlogy if first => {
            let log = graph.unary(Unary::Log, y);
            graph.binary(Multiply, g, log)?
        }
        Binary::Xlogy => {
            let zero = graph.number(0.0);
            let nothing = graph.binary(Binary::Equal, x, zero)?;
            let quotient = graph.binary(Divide, x, y)?;
            let slope = graph.select(nothing, zero, quotient)?;
            graph.binary(Multiply, g, slope)?
        }
    };
    Ok(Some(d))
}
