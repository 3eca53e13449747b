//! Convex programs, constraints, and what is convex.
//!
//! ```
//! use ndarray::array;
//! use underhood::optimize::{Program, linear_program};
//!
//! // max x + 2·y with x + y ≤ 4 and x + 3·y ≤ 6: the least of its negative.
//! let rows = array![[1.0, 1.0], [1.0, 3.0]];
//! let most = array![4.0, 6.0];
//! let program = Program { inequalities: Some((rows.view(), most.view())), ..Program::default() };
//! let found = linear_program(array![-1.0, -2.0].view(), &program)?;
//! assert!((found.x[0] - 3.0).abs() < 1e-12 && (found.x[1] - 1.0).abs() < 1e-12);
//! // One more on the right of the first constraint gains half.
//! assert!((found.inequality_prices[0] + 0.5).abs() < 1e-12);
//! # Ok::<(), underhood::Error>(())
//! ```

mod convexity;
mod interior;
mod interrupt;
mod lagrange;
mod polish;
mod program;
mod simplex;

pub use convexity::{Curvature, Sampled, convexity_of_quadratic, sample_convexity};
pub use lagrange::{Kind, Lagrange, Stationary, lagrange};
pub use program::{
    Program, Programmed, interruptible_linear_program, interruptible_quadratic_program, linear_program,
    quadratic_program,
};
