//! The mathematics of machine learning, with the hood open: the numerical core.
//!
//! Arrays go in, arrays or small named structs come out. Nothing here prints, reads files, or knows of Python. What a function
//! refuses, it refuses by an [`Error`] that names the function, the argument and what was found in it; what it computes comes
//! with how good it is: an estimate with its error, a solution with its condition number, a descent with the reason it stopped.
//!
//! # A tour of the house
//!
//! The rooms build on each other, from the ground up.
//!
//! **[`linalg`]: systems and factorisations.** A product, a solution, a least-squares fit; each checks what it was given.
//!
//! ```
//! use ndarray::array;
//! use underhood::linalg;
//!
//! let a = array![[2.0, 1.0], [1.0, 3.0]];
//! let solution = linalg::solve(a.view(), array![3.0, 5.0].view())?;
//! assert!((solution.x[0] - 0.8).abs() < 1e-15 && (solution.x[1] - 1.4).abs() < 1e-15);
//!
//! let refused = linalg::solve(array![[1.0, 2.0], [2.0, 4.0]].view(), array![3.0, 5.0].view());
//! assert!(refused.unwrap_err().to_string().starts_with("solve: a is singular"));
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! **[`special`] and [`distributions`]: the functions behind every probability**, to the last digits, tails included; a distribution is
//! made once, then asked, drawn from, or fitted to data.
//!
//! ```
//! use ndarray::array;
//! use underhood::distributions::{Distribution, Family, Normal, StudentT};
//!
//! // The p-value of t = 40 with 30 degrees of freedom, and the way back.
//! let t = StudentT::standard(30.0)?;
//! let tail = t.sf(40.0);
//! assert!(tail > 1e-28 && tail < 1e-26);
//! assert!((t.isf(tail) - 40.0).abs() < 1e-12);
//!
//! // The normal distribution under which four values are most likely.
//! let fitted = Normal::fit(array![4.9, 5.1, 5.6, 4.4].view(), &[])?;
//! assert!((fitted.distribution.mean() - 5.0).abs() < 1e-15 && fitted.covariance[[0, 0]] > 0.0);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! **[`probability`]: Bayes' rule, joint tables and conjugate updates**, as they are done by hand, and simulations to watch.
//!
//! ```
//! use ndarray::array;
//! use underhood::probability::bayes;
//!
//! let update = bayes(array![0.01, 0.99].view(), array![0.99, 0.05].view())?;
//! assert!((update.posterior[0] - 1.0 / 6.0).abs() < 1e-15);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! **[`stats`]: from data to a conclusion.** Describing, correlation, tests, [regression](stats::regression) with inference.
//!
//! ```
//! use ndarray::array;
//! use underhood::stats::{Alternative, ttest_ind};
//!
//! let (a, b) = (array![5.1, 4.9, 6.2, 5.8], array![4.1, 4.8, 5.0, 4.4]);
//! let test = ttest_ind(a.view(), b.view(), false, Alternative::TwoSided, 0.95)?;
//! assert!(test.p_value < 0.05 && test.confidence_interval.0 > 0.0);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! **[`graph`]: a function as a graph**, which is run, printed and differentiated; its gradient is a graph again.
//!
//! ```
//! use underhood::graph::{Function, Program};
//!
//! let slope = Function::parse("exp(-x**2/2)", None)?.derivative(0)?;
//! assert_eq!(slope.tidied().to_string(), "-x*exp(-x**2/2)");
//!
//! let (program, mut value) = (Program::new(&slope), [0.0]);
//! program.run(&mut program.memory()?, &[&[1.0]], &mut value)?;
//! assert!((value[0] + (-0.5_f64).exp()).abs() < 1e-16);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! **[`calculus`]: limits, derivatives, integrals and differential equations that know their error.** **[`optimize`]: descent that keeps its path**, and minimisers, roots, fits and
//! convex programs. Functions are closures, which may fail: their errors come out as they went in.
//!
//! ```
//! use underhood::Error;
//! use underhood::calculus::{Options, derivative};
//!
//! let slope = derivative(|x| Ok::<_, Error>(x.sin()), 1.0, &Options::default())?;
//! assert!((slope.value - 1.0_f64.cos()).abs() <= slope.error && slope.error < 1e-11);
//! # Ok::<(), Error>(())
//! ```
//!
//! **[`models`]: what learns from rows of numbers**, with all that happened on the way: perceptron, Adaline, logistic regression, networks.
//!
//! **[`random`]: seeded streams.** The same seed gives the same values everywhere.
//!
//! # Conventions
//!
//! Everything is computed in `f64`. Rows are observations, columns are variables. NaN in gives NaN out for functions of numbers; fits
//! and tests refuse it, naming its place. The divisor of a variance is n − 1 unless another `ddof` is asked for. Factorisations and
//! statistics give the same bits for any number of threads.

pub mod calculus;
mod callback;
pub mod check;
pub mod distributions;
mod double_double;
mod elementary;
pub mod error;
pub mod graph;
pub mod linalg;
pub mod models;
pub mod optimize;
mod panel;
pub mod probability;
pub mod random;
mod simd;
pub mod special;
pub mod stats;

pub use error::{Error, Result};
