//! A function inside another: its nodes once more, with other nodes for its arguments.

use super::build::{Graph, Node, NodeId};
use super::function::Function;
use super::operation::{Constant, Op};
use crate::error::{Error, Result};

impl Graph {
    /// The value of a function at these nodes, which stand for its arguments. A function of numbers is applied to arrays element by element.
    ///
    /// # Errors
    /// [`Error::Shape`] if a node has another shape than the argument, [`Error::TooFew`] if one is missing.
    pub fn inline(&mut self, function: &Function, arguments: &[NodeId]) -> Result<NodeId> {
        const FUNCTION: &str = "function";
        let (found, needed) = (arguments.len(), function.arguments().len());
        if found < needed {
            return Err(Error::TooFew { function: FUNCTION, argument: "the call", what: "arguments", found, needed });
        }
        let output = function.output();
        let nodes = function.graph().needed(&[output]);
        let of_numbers = nodes.iter().all(|node| function.graph().shape(*node).is_empty());
        for (node, argument) in arguments.iter().zip(function.arguments()) {
            if self.shape(*node) != argument.shape && !of_numbers {
                let (shape, expected) =
                    (self.shape(*node).to_vec(), format!("{} was traced as {:?}", argument.name, argument.shape));
                return Err(Error::Shape { function: FUNCTION, argument: "an argument", shape, expected });
            }
        }
        let mut made = vec![NodeId(0); output.index() + 1];
        for id in nodes {
            let node = function.graph().node(id);
            let inputs: Vec<NodeId> = node.inputs.iter().map(|input| made[input.index()]).collect();
            made[id.index()] = match &node.op {
                Op::Input(number) => arguments[*number],
                Op::Constant(Constant::Number(value)) => self.number(*value),
                Op::Constant(Constant::Array(..)) => self.add(node.op.clone(), &[], &node.shape),
                _ => self.again(node, &inputs)?,
            };
        }
        Ok(made[output.index()])
    }

    /// The same operation on other inputs.
    pub(super) fn again(&mut self, node: &Node, inputs: &[NodeId]) -> Result<NodeId> {
        let graph = self;
        match (&node.op, inputs) {
            (Op::Input(number), _) => Ok(graph.input(*number, &node.shape)),
            (Op::Unary(op), [x]) => Ok(graph.unary(*op, *x)),
            (Op::Binary(op), [x, y]) => graph.binary(*op, *x, *y),
            (Op::Select, [condition, x, y]) => graph.select(*condition, *x, *y),
            (Op::Broadcast, [x]) => graph.broadcast(*x, &node.shape),
            (Op::Reshape, [x]) => graph.reshape(*x, &node.shape),
            (Op::Transpose(axes), [x]) => graph.transpose(*x, axes),
            (Op::Slice(strides), [x]) => graph.slice(*x, strides),
            (Op::Place(strides), [x]) => graph.place(*x, strides, &node.shape),
            (Op::Gather(places), [x]) => graph.gather(*x, places.to_vec(), &node.shape),
            (Op::Scatter(places), [x]) => graph.scatter(*x, places.clone(), &node.shape),
            (Op::Concatenate(axis), parts) => graph.concatenate(parts, *axis),
            (Op::Reduce(op, axes), [x]) => graph.reduce(*op, *x, axes),
            (Op::CumulativeSum { axis, reverse }, [x]) => graph.cumulative_sum(*x, *axis, *reverse),
            (Op::Product, [x, y]) => graph.product(*x, *y),
            _ => Err(Error::Invalid { function: "function", argument: "a node", problem: format!("is {:?}", node.op) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Function;

    #[test]
    fn a_function_of_a_function_is_their_composition() {
        let f = Function::parse("x**2 + y", None).expect("a text");
        let g = Function::parse("sin(t)", None).expect("a text");
        let mut graph = g.graph().clone();
        let seven = graph.number(7.0);
        let output = graph.inline(&f, &[g.output(), seven]).expect("they fit");
        assert_eq!(
            Function::new(graph, g.arguments().to_vec(), output).expect("the same arguments").to_string(),
            "sin(t)**2 + 7"
        );
    }
}
