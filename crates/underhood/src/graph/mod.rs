//! Functions as graphs: build, read, differentiate, run.
//!
//! A function is written once, as a graph of array-valued nodes; each node has a shape, equal nodes are one. The same graph is run, differentiated (its gradient is again a graph) and printed.

mod arithmetic;
mod build;
mod derivatives;
mod differentiate;
mod flow;
mod function;
mod inline;
mod lanes;
mod latex;
#[cfg(all(feature = "jit", target_arch = "x86_64"))]
mod machine_code;
#[cfg(not(all(feature = "jit", target_arch = "x86_64")))]
#[path = "machine_code_absent.rs"]
mod machine_code;
mod operation;
mod parse;
mod plan;
mod print;
mod program;
mod reduction;
mod scalars;
mod strided;
mod tape;
mod tidy;

pub use build::{Graph, Node, NodeId};
pub use flow::Flow;
pub use function::{Argument, Function};
pub use operation::{Binary, Constant, Op, Reduction, Stride, Unary};
pub use print::Written;
pub use program::{Memory, Program};
