//! What flows through a graph: the value of every node, and the gradient of the output by it, which are what a picture of the graph shows.

use super::build::NodeId;
use super::differentiate::adjoints;
use super::function::Function;
use crate::error::Result;

/// A node that a function needs, with its value and the weight of that value in the output, as functions of the same arguments.
#[derive(Debug)]
pub struct Flow {
    /// The node.
    pub node: NodeId,
    /// Its value.
    pub value: Function,
    /// The gradient of the output (of the sum of its elements) by this value; None where the output does not change with it.
    pub weight: Option<Function>,
}

impl Function {
    /// The nodes that the function needs in order, each with its value and its weight, by one pass of reverse mode.
    ///
    /// # Errors
    /// As the gradient's.
    pub fn flow(&self) -> Result<Vec<Flow>> {
        let nodes = self.graph.needed(&[self.output]);
        let mut graph = super::Graph::clone(&self.graph);
        let seed = graph.filled(1.0, self.shape());
        let weights = adjoints(&mut graph, self.output, seed, &nodes)?;
        let graph = std::sync::Arc::new(graph);
        let function = |output| Function { graph: graph.clone(), arguments: self.arguments.clone(), output };
        let flows = nodes.into_iter().zip(weights);
        Ok(flows.map(|(node, weight)| Flow { node, value: function(node), weight: weight.map(function) }).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::{Function, Op};

    #[test]
    fn the_inputs_weights_are_the_gradient() {
        let f = Function::parse("x*sin(y) + 3", None).expect("a text");
        let flow = f.flow().expect("a flow");
        let weight = |number| {
            let input = flow.iter().find(|flow| f.graph().node(flow.node).op == Op::Input(number));
            input.and_then(|flow| flow.weight.as_ref()).map(|weight| weight.tidied().to_string())
        };
        assert_eq!([weight(0), weight(1)], [Some("sin(y)".to_owned()), Some("x*cos(y)".to_owned())]);
    }
}
