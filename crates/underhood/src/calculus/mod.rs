//! Limits, derivatives, integrals, differential equations: of functions that can only be called.
//!
//! [`limit()`] follows a function to a point, [`derivative()`], [`gradient()`], [`jacobian()`], [`hessian()`] and [`taylor()`] differentiate it, [`critical_points()`] finds where it is
//! level; [`integrals`] has the areas under it, [`equations`] solves y′ = f(t, y). (A function that is a [graph](crate::graph) is differentiated exactly there.)
//!
//! # Derivatives
//!
//! A function is a closure from a number to a number that may fail; its slope is found by calling it near a point. The
//! textbook's quotient `(f(x + h) − f(x)) / h` is wrong by truncation when `h` is large and by rounding when it is small, and
//! no `h` is good. What is done here instead: sample both sides of `x` on a ladder of shrinking steps, extrapolate to `h = 0`
//! through every run of neighbouring rungs, and keep the run whose doubt (truncation *and* rounding, both measured) is least.
//!
//! ```
//! use underhood::calculus::{Options, derivative, gradient};
//! use underhood::Error;
//!
//! // The derivative of the exponential function is itself …
//! let slope = derivative(|x| Ok::<_, Error>(x.exp()), 1.0, &Options::default())?;
//! assert!((slope.value - std::f64::consts::E).abs() <= slope.error);
//! assert!(slope.error < 1e-13 && slope.converged);
//!
//! // … and a corner has none: the slopes on both sides are named, and nothing is claimed.
//! let corner = derivative(|x| Ok::<_, Error>(x.abs()), 0.0, &Options::default())?;
//! assert!(!corner.converged);
//!
//! // One partial derivative for each coordinate makes the gradient.
//! let bowl = gradient(|x| Ok::<_, Error>(x[0] * x[0] + 3.0 * x[1]), &[2.0, 1.0], &Options::default())?;
//! assert!((bowl.values[0] - 4.0).abs() < 1e-12 && (bowl.values[1] - 3.0).abs() < 1e-12);
//! # Ok::<(), Error>(())
//! ```
//!
//! `tableau` holds the extrapolation, `quotient` what one difference quotient gets out of it, `ladder` the samples and the
//! choice among their extrapolations, `derivative` the search for the function's scale and the verdict, `gradient` the same for
//! many variables.

mod acceleration;
mod approach;
mod critical;
mod derivative;
mod directional;
pub mod equations;
mod gradient;
mod hessian;
pub mod integrals;
mod jacobian;
mod ladder;
mod limit;
mod quotient;
mod reading;
mod stationary;
mod tableau;
mod taylor;

pub use critical::{CriticalPoint, CriticalPoints, Kind, critical_points, critical_points_with};
pub use derivative::{Doubt, Estimate, Method, Options, derivative};
pub use directional::directional_derivative;
pub use gradient::{Gradient, gradient};
pub use hessian::hessian;
pub use jacobian::{Matrix, jacobian};
pub use limit::{Approached, Limit, OneSided, Tendency, limit};
pub use stationary::{Stationary, StationaryPoint, stationary_points};
pub use taylor::{Taylor, taylor};
