//! Minimisers: BFGS, L-BFGS with bounds, conjugate gradients, Newton's method with and without matrices, and a simplex.
//!
//! All of them work on one [`landscape`](self::landscape), which keeps every evaluation inside the bounds; those with gradients are
//! one loop, [`downhill`](self::downhill), with different metrics. Where they come to rest, or are stuck, the second derivatives
//! have the last word ([`newton`](self::newton)): they show whether it is a minimum, and the way on if it is not. The
//! [`verdict`](self::verdict) says what counts as one, [`corner`](self::corner) what may be one without a slope. [`simplex`](self::simplex) needs values only; [`scalar`](self::scalar) is for
//! one variable.

mod around;
mod corner;
mod downhill;
mod landscape;
mod line_search;
mod metric;
mod newton;
mod options;
mod place;
mod run;
mod scalar;
mod simplex;
mod verdict;

use std::cell::RefCell;

use ndarray::{Array1, Array2};

use self::around::{Around, way_down};
use self::downhill::{End, downhill};
use self::landscape::{Accuracy, Known, Landscape};
use self::metric::Metric;
use self::newton::newton;
pub use self::options::{Derivatives, MinimizeOptions, MinimizeStop, Minimizer, Minimum, View};
use self::options::{bounds, message, start};
use self::place::Place;
use self::run::Run;
pub use self::scalar::{ScalarMethod, ScalarMinimum, Within, minimize_scalar};
use self::simplex::{Rest, simplex};
use self::verdict::Verdict;
use crate::callback::Caught;
use crate::error::{Error, Result};

use self::MinimizeStop as Stop;

/// The function's name in refusals.
const NAME: &str = "minimize";
/// Up to so many variables the matrix of second derivatives is looked at; beyond it, its products with vectors.
const MATRICES: usize = 50;
/// From so many saddles a way down is looked for.
const WAYS_DOWN: usize = 20;

/// Finds where `f` is least, from `x0` on.
///
/// `f` gives the value at a point; what is not finite is a wall, which is not entered. `derivatives` are those that are known: a
/// gradient that is not given is computed by central differences, 2 n values, and where these no longer lead on, by extrapolated
/// ones. No evaluation leaves the bounds, nor do those of the differences. `watch` is shown every iteration and answers whether to
/// go on. Errors of all of them end the search and come out as they went in.
///
/// The result has converged if, at its point,
///
/// ```text
/// max |gᵢ| max(|xᵢ|, 1) ≤ gtol max(|f|, τ)     and     ½ gᵀ H⁻¹ g ≤ max(gtol³ |f|, 4 ε |f|, 1e-22 τ),
/// ```
///
/// with the true second derivatives H (by differences if need be), none of which is negative: a saddle, an inflection and a plateau are
/// not taken for a minimum. τ is 1, or the largest |f| met if that is less. Where no lower point is to be found, rounding may hide as
/// much as max(1e-12 |f|, 4 ε τ).
///
/// ```
/// use underhood::Error;
/// use underhood::optimize::{Derivatives, MinimizeOptions, minimize};
///
/// let valley = |x: &[f64]| Ok::<_, Error>((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
/// let found = minimize(valley, Derivatives::none(), &[-1.2, 1.0], &MinimizeOptions::default(), |_| Ok(true))?;
/// assert!(found.converged());
/// assert!((found.x[0] - 1.0).abs() < 1e-6 && (found.x[1] - 1.0).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for an empty `x0`, [`Error::NotFinite`] for NaN or infinity in it, [`Error::Invalid`] if value or gradient are
/// not finite there or bounds contradict each other, [`Error::OutOfRange`] for an option; what the closures return as their error.
pub fn minimize<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> std::result::Result<f64, E>,
    derivatives: Derivatives<'_, E>,
    x0: &[f64],
    options: &MinimizeOptions,
    mut watch: impl FnMut(View<'_>) -> std::result::Result<bool, E>,
) -> std::result::Result<Minimum, E> {
    let caught = RefCell::new(Caught::new(NAME));
    let Derivatives { gradient, hessian, product } = derivatives;
    let mut gradient = gradient.map(|g| |x: &[f64], into: &mut [f64]| caught.borrow_mut().catch(g(x, into)));
    let mut hessian = hessian.map(|h| |x: &[f64], into: &mut [f64]| caught.borrow_mut().catch(h(x, into)));
    let mut product =
        product.map(|p| |x: &[f64], v: &[f64], into: &mut [f64]| caught.borrow_mut().catch(p(x, v, into)));
    let known = Known {
        gradient: gradient.as_mut().map(|g| g as _),
        hessian: hessian.as_mut().map(|h| h as _),
        product: product.as_mut().map(|p| p as _),
    };
    let mut value = |x: &[f64]| caught.borrow_mut().catch(f(x));
    let mut shown = |view: View<'_>| caught.borrow_mut().catch(watch(view));
    let found = solve(&mut value, known, x0, options, &mut shown);
    caught.into_inner().release(found)
}

fn solve<'a>(
    value: &'a mut dyn FnMut(&[f64]) -> Result<f64>,
    known: Known<'a>,
    x0: &[f64],
    options: &MinimizeOptions,
    watch: &'a mut dyn FnMut(View<'_>) -> Result<bool>,
) -> Result<Minimum> {
    let n = x0.len();
    options.check(x0)?;
    let (lower, upper) = bounds(options.bounds.as_ref(), n)?;
    let bounded = lower.iter().any(|low| low.is_finite()) || upper.iter().any(|high| high.is_finite());
    let method = options.method.unwrap_or(if bounded { Minimizer::LBfgsB } else { Minimizer::Bfgs });
    let descends = method != Minimizer::NelderMead;
    // A simplex asks for values only, and so does what looks at where it came to rest.
    let known = if descends { known } else { Known { gradient: None, hessian: None, product: None } };
    let mut run = Run {
        land: Landscape::new(value, known, (lower, upper)),
        verdict: Verdict::new(options.gtol),
        watch,
        inverse: None,
        start: x0.to_vec(),
        extent: x0.iter().map(|x| x.abs()).collect(),
        last: x0.to_vec(),
        still: 0,
        iterations: 0,
        max_iterations: options.max_iter.unwrap_or(1000 + 200 * n),
        max_values: options.max_evaluations.unwrap_or(usize::MAX),
    };
    let mut here = start(&mut run, x0, descends)?;
    let mut corners = Vec::new();
    let mut metric = match method {
        Minimizer::Cg => Metric::conjugate(n),
        Minimizer::LBfgsB => Metric::memory(options.memory),
        Minimizer::NewtonCg => Metric::Newton { forcing: 0.5 },
        Minimizer::Bfgs => Metric::dense(n)?,
        Minimizer::TrustExact | Minimizer::NelderMead => Metric::memory(1),
    };
    let (stop, polished) = match run.exhausted(&here) {
        Some(stop) => (stop, false),
        None => match method {
            Minimizer::NelderMead => {
                let rest = Rest { x: options.xatol, f: options.fatol, adaptive: options.adaptive };
                let (stop, points) = simplex(&mut run, &mut here, rest, options.corners())?;
                corners = points;
                (stop, false)
            }
            Minimizer::TrustExact => (newton(&mut run, &mut here, false)?, false),
            _ => descend(&mut run, &mut here, &mut metric)?,
        },
    };
    let dwindled = stop == Stop::Stalled && run.dwindles();
    let (stop, polished, corner) = if dwindled && corner::settles(&mut run, &mut here)? {
        (Stop::Converged, polished, true)
    } else {
        // No corner, but a valley in which the method's own steps have become too small to lead anywhere.
        let smooth = dwindled && descends && method != Minimizer::TrustExact && n <= MATRICES;
        let (stop, polished) = if smooth {
            run.still = 0;
            (newton(&mut run, &mut here, false)?, true)
        } else {
            (stop, polished)
        };
        let looks = stop == Stop::Converged && descends && run.land.numerical();
        (stop, polished, looks && corner::at_corner(&mut run, &here)?)
    };
    let inverse = run.inverse.take().or_else(|| metric.matrix().map(<[f64]>::to_vec));
    let inverse = if method == Minimizer::Bfgs { inverse } else { None };
    let square = |flat: Vec<f64>| Array2::from_shape_vec((n, n), flat).ok();
    Ok(Minimum {
        message: message((method, stop), &run, &here, (polished, corner)),
        value: here.value,
        gradient: descends.then(|| Array1::from_vec(here.slope)),
        x: Array1::from_vec(here.x),
        hessian_inverse: inverse.and_then(square),
        iterations: run.iterations,
        function_evaluations: run.land.values,
        gradient_evaluations: run.land.gradients,
        hessian_evaluations: run.land.hessians,
        method,
        stop,
        polished,
        simplex: corners,
    })
}

/// Descends by a metric, and lets the second derivatives look at where it ends. Whether they had to go on is told.
fn descend(run: &mut Run<'_>, here: &mut Place, metric: &mut Metric) -> Result<(Stop, bool)> {
    let n = here.x.len();
    let bends = run.land.bends().to_vec();
    metric.reset(&bends);
    if !matches!(metric, Metric::Newton { .. }) {
        run.land.accuracy = Accuracy::Forward;
    }
    let end = match downhill(run, here, metric, n > MATRICES)? {
        End::Over(stop) => return Ok((stop, false)),
        end => end,
    };
    let rested = run.iterations;
    if n <= MATRICES {
        let stop = newton(run, here, end == End::Claimed)?;
        return Ok((stop, run.iterations > rested));
    }
    for _ in 0..WAYS_DOWN {
        run.land.refine(Accuracy::Central, here)?;
        match downhill(run, here, &mut Metric::Newton { forcing: 0.1 }, true)? {
            End::Over(stop) => return Ok((stop, run.iterations > rested)),
            End::Stuck => return Ok((Stop::Stalled, run.iterations > rested)),
            End::Claimed => {}
        }
        match way_down(run, here)? {
            Around::Lower => {}
            Around::Higher => return Ok((Stop::Plateau, run.iterations > rested)),
            Around::Nothing => return Ok((Stop::Converged, run.iterations > rested)),
        }
        if let Some(stop) = run.after(here)? {
            return Ok((stop, true));
        }
        metric.reset(&[]);
        if let End::Over(stop) = downhill(run, here, metric, true)? {
            return Ok((stop, true));
        }
    }
    Ok((Stop::Stalled, true))
}
