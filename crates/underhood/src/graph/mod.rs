//! Functions as graphs: build, read, differentiate, run.
//!
//! A function is written once, as a graph of array-valued nodes: each node has a shape, and equal nodes are one. Three readings of that one graph:
//!
//! - *run* it: a [`Program`] fuses elementwise chains into wide loops over blocks, hands matrix products to [`linalg`](crate::linalg), and turns
//!   small functions into a tape of numbers, which becomes machine code (feature `jit`, on by default) once it has run often;
//! - *differentiate* it: [`Function::derivative`], [`gradient`](Function::gradient), [`jacobian`](Function::jacobian), [`hessian`](Function::hessian) and
//!   [`hessian_product`](Function::hessian_product) are graphs again, to be run, printed or differentiated;
//! - *print* it: as Python, with [`Function::written`] (or `to_string`), and as LaTeX, with [`Function::latex`], tidied up by [`Function::tidied`].
//!
//! ```
//! use underhood::graph::{Function, Program};
//!
//! let f = Function::parse("x**2 * sin(x)", None)?;
//! let slope = f.derivative(0)?;
//! assert_eq!(slope.tidied().to_string(), "2*x*sin(x) + x**2*cos(x)");
//!
//! let program = Program::new(&slope);
//! let (mut memory, mut value) = (program.memory()?, [0.0]);
//! program.run(&mut memory, &[&[0.5]], &mut value)?;
//! assert!((value[0] - (0.5_f64.sin() + 0.25 * 0.5_f64.cos())).abs() < 1e-16);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! From Rust, a graph is built node by node ([`Graph`]); from Python, by running the user's function once on objects that stand for its arguments.
//!
//! # Rooms
//!
//! `operation` says what a node can do, `build` makes nodes, `function` names inputs and output; `differentiate` has the rules, `derivatives` what is made of them; `tidy`, `print`,
//! `latex`, `parse` and `flow` are for reading; `program` chooses between `scalars` (small: a `tape`, perhaps as `machine_code`) and `plan` (large: steps
//! over arrays, with `lanes`, `reduction` and `strided`); `trail` is where a walk downhill in machine code writes; `arithmetic` is what the elementwise operations are on numbers.
//!
//! # Kinks
//!
//! Derivatives at kinks are subgradients: of |x| it is 0 at 0, of `maximum` and `minimum` of equal numbers half for each, among several largest elements equal shares, of the
//! length of the zero vector 0, of steps (`floor`, comparisons) 0.

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
mod trail;

pub use build::{Graph, Node, NodeId};
pub use flow::Flow;
pub use function::{Argument, Function};
pub use operation::{Binary, Constant, Op, Reduction, Stride, Unary};
pub use print::Written;
pub use program::{Memory, Program};
pub(crate) use trail::Trail;
