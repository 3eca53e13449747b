//! Systems of equations: M. J. D. Powell's hybrid of Newton's step and steepest descent, "A hybrid method for nonlinear equations" (1970), with C. G. Broyden's updates of the
//! Jacobian between its evaluations (Math. Comp. 19 (1965), doi:10.1090/S0025-5718-1965-0198670-6). Where it gets no further, Levenberg and
//! Marquardt's method goes on from the start.
//!
//! A root is only claimed where Newton's step from there is small and the equations hold to what rounding leaves of their terms. Where they do
//! not fall fast towards it, as at a multiple root, further steps must bring them down to their measured noise: equations that turn back
//! shortly before zero look the same until then.

mod certificate;
mod dogleg;

use std::cell::RefCell;
use std::result::Result as Outcome;

use ndarray::{Array1, Array2};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::optimize::fitting::{self, Fitting, Slopes};

use self::certificate::{VANISHED, holds, norm};
use self::dogleg::Search;

/// Which method goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemMethod {
    /// Powell's hybrid, then Levenberg and Marquardt's where it fails.
    Hybrid,
    /// Levenberg and Marquardt's.
    LevenbergMarquardt,
}

/// How a system is solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Systematic {
    /// Solved when Newton's step is this small beside x.
    pub tolerance: f64,
    /// Most points that are tried by the hybrid; 200·(n + 1) if it is not given.
    pub max_evaluations: Option<usize>,
    /// Which method goes first.
    pub method: SystemMethod,
}

impl Default for Systematic {
    fn default() -> Self {
        Systematic { tolerance: 1.49012e-8, max_evaluations: None, method: SystemMethod::Hybrid }
    }
}

/// Where a system's equations hold, or how close it came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SystemRoot {
    /// The point.
    pub x: Array1<f64>,
    /// The function there.
    pub value: Array1<f64>,
    /// The Jacobian there, or Broyden's estimate of it.
    pub jacobian: Array2<f64>,
    /// Steps made.
    pub iterations: usize,
    /// Calls of the function.
    pub calls: usize,
    /// Jacobians that were asked for.
    pub jacobians: usize,
    /// Whether it is a root.
    pub converged: bool,
    /// Why the search ended.
    pub message: String,
}

/// The x with f(x) = 0, for as many equations as unknowns, near `x0`.
///
/// # Errors
/// [`Error::TooFew`] without unknowns, [`Error::NotFinite`] for x0, [`Error::Invalid`] where f is not finite at the start,
/// [`Error::OutOfRange`] for an option; whatever the closures return as their error.
pub fn root<E: From<Error>>(
    mut f: impl FnMut(&[f64], &mut [f64]) -> Outcome<(), E>,
    jacobian: Option<Slopes<'_, E>>,
    x0: &[f64],
    options: &Systematic,
) -> Outcome<SystemRoot, E> {
    let caught = RefCell::new(Caught::new("root"));
    let calls = RefCell::new((0_usize, 0_usize));
    let mut value = |x: &[f64], into: &mut [f64]| {
        calls.borrow_mut().0 += 1;
        let given = f(x, into);
        caught.borrow_mut().catch(given)
    };
    let found = match jacobian {
        Some(jacobian) => {
            let mut slopes = |x: &[f64], into: &mut [f64]| {
                calls.borrow_mut().1 += 1;
                let given = jacobian(x, into);
                caught.borrow_mut().catch(given)
            };
            solve(&mut value, Some(&mut slopes), x0, options)
        }
        None => solve(&mut value, None, x0, options),
    };
    let found = caught.into_inner().release(found)?;
    let (calls, jacobians) = calls.into_inner();
    Ok(SystemRoot { calls, jacobians, ..found })
}

type Call<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;

fn solve(f: Call<'_>, mut jacobian: Option<Call<'_>>, x0: &[f64], options: &Systematic) -> Result<SystemRoot> {
    const NAME: &str = "root";
    let n = x0.len();
    check::at_least(NAME, "x0", "unknowns", n, 1)?;
    check::finite_vector(NAME, "x0", x0.into())?;
    let tolerance = options.tolerance;
    check::in_range(NAME, "tol", tolerance, tolerance > 0.0 && tolerance < 1.0, "between 0 and 1")?;
    let mut value = vec![0.0; n];
    f(x0, &mut value)?;
    if let Some(i) = value.iter().position(|v| !v.is_finite()) {
        let problem = format!("is where equation {i} is {}; choose another start", value[i]);
        return Err(Error::Invalid { function: NAME, argument: "x0", problem });
    }
    let first = Array1::from(value);
    let begun = norm(&first);
    let mut hybrid = None;
    if options.method == SystemMethod::Hybrid {
        let mut search =
            Search { f: &mut *f, jacobian: jacobian.as_mut().map(|j| &mut **j as Call<'_>), tolerance, evaluations: 1 };
        let most = options.max_evaluations.unwrap_or(200 * (n + 1));
        let found = search.dogleg(x0, first, most)?;
        if found.converged || options.max_evaluations.is_some() {
            return Ok(found);
        }
        hybrid = Some(found);
    }
    let fitting = Fitting {
        function: NAME,
        max_evaluations: options.max_evaluations,
        step_tolerance: tolerance.min(1e-8),
        ..Fitting::of(n)
    };
    let mut value = |x: &[f64], into: &mut [f64]| f(x, into);
    let fit = match &mut jacobian {
        Some(jacobian) => {
            let mut slopes = |x: &[f64], into: &mut [f64]| jacobian(x, into);
            fitting::solve(&mut value, Some(&mut slopes), x0, n, &fitting)?
        }
        None => fitting::solve(&mut value, None, x0, n, &fitting)?,
    };
    let residual = fit.residuals.clone();
    let full = fit.rank == n;
    let mut holds =
        holds(&fit.jacobian, &fit.x, &residual, x0) && (fit.converged || residual.iter().all(|v| *v == 0.0));
    let (mut place, mut residual) = (fit.x, residual);
    let vanished = norm(&residual) <= VANISHED * begun;
    if holds || vanished {
        let mut search =
            Search { f: &mut *f, jacobian: jacobian.as_mut().map(|j| &mut **j as Call<'_>), tolerance, evaluations: 1 };
        holds = (holds && full && search.certain(&fit.jacobian, &place, &residual, begun, x0)?)
            || search.falls_to_noise(&mut place, &mut residual, begun, x0)?;
    }
    let message = if holds {
        "converged: all equations hold to rounding".to_string()
    } else if !full {
        format!(
            "not converged: came to rest where the Jacobian is singular (rank {} of {n}) and |f| is {:.3e}",
            fit.rank,
            norm(&residual)
        )
    } else {
        format!(
            "not converged: no point with a smaller |f| = {:.3e} was found near this one; choose another start",
            norm(&residual)
        )
    };
    let found = SystemRoot {
        x: place,
        value: residual,
        jacobian: fit.jacobian,
        iterations: fit.jacobians,
        calls: 0,
        jacobians: 0,
        converged: holds,
        message,
    };
    match hybrid {
        Some(hybrid) if !holds && norm(&hybrid.value) < norm(&found.value) => Ok(hybrid),
        _ => Ok(found),
    }
}
