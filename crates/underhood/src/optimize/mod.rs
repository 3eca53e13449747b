//! Finding where a function is least.
//!
//! Gradient descent goes downhill: `x ← x − η ∇f(x)`, again and again, until the gradient vanishes. Everything about it can be
//! seen: the result holds every point, value and gradient, and says why it stopped.
//!
//! ```
//! use underhood::Error;
//! use underhood::optimize::{Options, Rate, Stop, gradient_descent};
//!
//! // f(x, y) = x² + 10 y², from (4, 1).
//! let bowl = gradient_descent(
//!     |x| Ok::<_, Error>(x[0] * x[0] + 10.0 * x[1] * x[1]),
//!     |x, gradient| {
//!         gradient[0] = 2.0 * x[0];
//!         gradient[1] = 20.0 * x[1];
//!         Ok(())
//!     },
//!     &[4.0, 1.0],
//!     &Options { rate: Rate::Constant(0.05), ..Options::default() },
//!     |_| Ok(true),
//! )?;
//! assert_eq!(bowl.stop, Stop::Converged);
//! assert!(bowl.x[0].abs() < 1e-8 && bowl.x[1].abs() < 1e-8);
//!
//! // The curvature along y is 20: rates beyond 2/20 = 0.1 overshoot further each time, and the result says so.
//! let overshot = gradient_descent(
//!     |x| Ok::<_, Error>(10.0 * x[0] * x[0]),
//!     |x, gradient| Ok(gradient[0] = 20.0 * x[0]),
//!     &[1.0],
//!     &Options { rate: Rate::Constant(0.11), ..Options::default() },
//!     |_| Ok(true),
//! )?;
//! assert_eq!(overshot.stop, Stop::Diverged);
//! assert!((overshot.curvature.unwrap() - 20.0).abs() < 1e-9);
//! # Ok::<(), Error>(())
//! ```
//!
//! [`gradient_descent`] takes the gradient as a function, [`gradient_descent_numerical`] computes it by
//! [`calculus::gradient`](crate::calculus::gradient()), [`gradient_descent_with`] takes value and gradient at once,
//! [`gradient_descent_program`] a graph of both, which is the fastest, [`stochastic_gradient_descent`] goes by a few rows of a table at
//! a time. Steps follow a [`Rule`] (plain, momentum, Nesterov, AdaGrad, RMSProp, Adam) and a [`Rate`] (a number, a [`Schedule`], a line
//! search); [`largest_curvature`] gives L, and with it the critical rate 2/L, before the first step.
//!
//! [`minimize()`] goes by the shortest way instead: BFGS, L-BFGS with bounds, conjugate gradients, Newton's method and a simplex;
//! [`minimize_scalar`] does so for one variable, [`minimize_constrained`] among the points that meet constraints.

mod constrained;
mod convex;
mod descent;
mod fitting;
mod lanczos;
mod lengths;
mod minimize;
mod noise;
mod numbers;
mod roots;

pub use constrained::{ConstrainedMinimum, ConstrainedStop, Constraints, minimize_constrained};
pub use convex::{
    Curvature, Kind, Lagrange, Program, Programmed, Sampled, Stationary, convexity_of_quadratic,
    interruptible_linear_program, interruptible_quadratic_program, lagrange, linear_program, quadratic_program,
    sample_convexity,
};
pub use descent::{
    Decay, Descent, LargestCurvature, Options, Pace, Parameters, Rate, Rule, Schedule, Step, StochasticDescent,
    StochasticOptions, StochasticStop, Stop, gradient_descent, gradient_descent_numerical, gradient_descent_program,
    gradient_descent_with, largest_curvature, largest_curvature_numerical, largest_curvature_with,
    stochastic_gradient_descent,
};
pub use fitting::{Fitted, Fitting, ParameterCovariance, Slopes, least_squares, parameter_covariance};
pub use minimize::{
    Derivatives, MinimizeOptions, MinimizeStop, Minimizer, Minimum, ScalarMethod, ScalarMinimum, View, Within,
    minimize, minimize_scalar,
};
pub use roots::{
    Bisection, Bracketed, Bracketing, Derivative, Iterated, Iterating, SystemMethod, SystemRoot, Systematic, bisect,
    find_root, newton, root,
};
