//! Functions as graphs: build, read, differentiate, run.
//!
//! A function is written once, as a graph of array-valued nodes; each node has a shape, equal nodes are one. The same graph is run, differentiated (its gradient is again a graph) and printed.

mod arithmetic;
mod build;
mod derivatives;
mod differentiate;
mod function;
mod lanes;
mod operation;
mod plan;
mod program;
mod reduction;
mod scalars;
mod strided;
mod tape;

pub use build::{Graph, Node, NodeId};
pub use function::{Argument, Function};
pub use operation::{Binary, Constant, Op, Reduction, Stride, Unary};
pub use program::{Memory, Program};
