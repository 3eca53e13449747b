//! Integrals of functions that can only be called, over lines, boxes and regions; and the sums that approach them.
//!
//! ```
//! use underhood::Error;
//! use underhood::calculus::integrals::{Options, integrate};
//!
//! let function = |f: fn(f64) -> f64| move |x: &[f64], into: &mut [f64]| {
//!     into.iter_mut().zip(x).for_each(|(y, x)| *y = f(*x));
//!     Ok::<_, Error>(())
//! };
//! // A singular end is no obstacle …
//! let root = integrate(function(|x| 1.0 / x.sqrt()), 0.0, 1.0, &Options::default())?;
//! assert!(root.converged && (root.value - 2.0).abs() <= root.error.max(1e-15));
//! // … but what has no integral gets no number.
//! let refused = integrate(function(|x| 1.0 / x), 0.0, 1.0, &Options::default());
//! assert!(refused.unwrap_err().to_string().contains("divergent"));
//! # Ok::<(), Error>(())
//! ```
//!
//! `rule` judges one interval, `adaptive` halves where it is not enough and finds the singular places; next to those
//! `double_exponential` sums up first, then `approach` goes to the limit (through `logarithm` where powers do
//! not show), or `oscillation` from wave to wave, all by `extrapolation`; over many decades `decades` goes in logarithms. What `smoothness`
//! suspects is not believed. `unbounded` takes smooth integrands to infinity at once, `wide` looks beside the ends of very wide ranges,
//! `chart` folds the ranges of the others, `line` holds what a caller sees of it, `region` nests integrals, `sums` has the rules for values on a
//! grid.

mod adaptive;
mod approach;
mod chart;
mod decades;
mod double_exponential;
mod extrapolation;
mod line;
mod logarithm;
mod oscillation;
mod region;
mod rule;
mod segment;
mod singular;
mod smoothness;
mod sums;
mod unbounded;
mod wide;

pub use line::{Doubt, Integral, Method, Options, Tolerance, integrate};
pub use region::integrate_region;
pub use sums::{LOOKS, Rule, Steps, cumulative_simpson, cumulative_trapezoid, riemann_heights, simpson, trapezoid};
