//! Roots: where a function is zero.
//!
//! | what is known | function | method |
//! |---|---|---|
//! | two points with values of different sign | [`find_root`] | Brent's |
//! | the same, and every halving shall be seen | [`bisect`] | bisection |
//! | a point near a root | [`newton`] | Newton's, Halley's, or the secant's |
//! | a system of equations and a start | [`root`](root()) | Powell's hybrid, then Levenberg and Marquardt's |
//!
//! ```
//! use underhood::Error;
//! use underhood::optimize::{Bracketing, find_root};
//!
//! let half_pi = find_root(|x| Ok::<_, Error>(x.cos()), 0.0, 3.0, &Bracketing::default())?;
//! assert!(half_pi.converged && (half_pi.root - std::f64::consts::FRAC_PI_2).abs() < 1e-12);
//! # Ok::<(), Error>(())
//! ```

mod bisection;
mod bracket;
mod brent;
mod multiple;
mod newton;
mod system;

pub use bisection::{Bisection, bisect};
pub use bracket::{Bracketed, Bracketing};
pub use brent::find_root;
pub use newton::{Derivative, Iterated, Iterating, newton};
pub use system::{SystemMethod, SystemRoot, Systematic, root};
