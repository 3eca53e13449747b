//! Systems of equations: M. J. D. Powell's hybrid of Newton's step and steepest descent, "A hybrid method for nonlinear equations" (1970), with C. G. Broyden's updates of the
//! Jacobian between its evaluations (Math. Comp. 19 (1965), doi:10.1090/S0025-5718-1965-0198670-6). Where it gets no further, Levenberg and
//! Marquardt's method goes on from the start.
//!
//! A root is only claimed where Newton's step from there is small and the equations hold to what rounding leaves of their terms. Where they do
//! not fall fast towards it, as at a multiple root, further steps must bring them down to their measured noise: equations that turn back
//! shortly before zero look the same until then.

use std::cell::RefCell;
use std::result::Result as Outcome;

use ndarray::{Array1, Array2};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::linalg;
use crate::optimize::fitting::{self, Fitting, Slopes};
use crate::optimize::noise::noise;

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
    if (holds || vanished) && !(holds && full && rounding(&fit.jacobian, &place, &residual, x0)) {
        let mut search =
            Search { f: &mut *f, jacobian: jacobian.as_mut().map(|j| &mut **j as Call<'_>), tolerance, evaluations: 1 };
        holds = search.falls_to_noise(&mut place, &mut residual, begun, x0)?;
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

fn norm(v: &Array1<f64>) -> f64 {
    linalg::length(v.view())
}

/// The size of each coordinate: its own, and at a root at zero the way that was gone to it, up to 1.
fn sizes(x: &Array1<f64>, start: &[f64]) -> Vec<f64> {
    x.iter().zip(start).map(|(x, x0)| x.abs().max((x0 - x).abs().min(1.0))).collect()
}

/// Whether each equation is as small as rounding leaves the sum of its terms.
fn holds(jacobian: &Array2<f64>, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> bool {
    let size = sizes(x, start);
    let largest = size.iter().fold(0.0_f64, |m, x| m.max(*x));
    value.iter().zip(jacobian.rows()).all(|(v, row)| {
        let terms: f64 = row.iter().zip(&size).map(|(j, x)| j.abs() * x).sum();
        let steepest = row.iter().fold(0.0_f64, |m, j| m.max(j.abs()));
        v.abs() <= (1e-9 * terms).max(1e-12 * steepest * largest)
    })
}

/// Whether each equation is plainly what rounding leaves of the sum of its terms.
fn rounding(jacobian: &Array2<f64>, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> bool {
    let size = sizes(x, start);
    value.iter().zip(jacobian.rows()).all(|(v, row)| {
        let terms: f64 = row.iter().zip(&size).map(|(j, x)| j.abs() * x).sum();
        v.abs() <= 64.0 * f64::EPSILON * terms
    })
}

/// Next to a simple root a step of Newton's leaves no more than this part of the equations.
const FAST: f64 = 0.05;
/// Equations this small beside the first may hold, if the steps are small as well.
const VANISHED: f64 = 1e-12;
/// And they do if further steps make them as small as this beside what they are one size of x away,
const GONE: f64 = 4e-14;
/// or make them smaller with every step, until nothing is left.
const NOTHING: f64 = 1e-200;

/// One run of the hybrid.
struct Search<'a> {
    f: Call<'a>,
    jacobian: Option<Call<'a>>,
    tolerance: f64,
    evaluations: usize,
}

impl Search<'_> {
    fn value(&mut self, x: &Array1<f64>) -> Result<Option<Array1<f64>>> {
        self.evaluations += 1;
        let mut value = vec![0.0; x.len()];
        (self.f)(&x.to_vec(), &mut value)?;
        Ok(value.iter().all(|v| v.is_finite()).then(|| Array1::from(value)))
    }

    fn slopes(&mut self, x: &Array1<f64>, value: &Array1<f64>) -> Result<Option<Array2<f64>>> {
        let n = x.len();
        let mut slopes = Array2::zeros((n, n));
        if let Some(jacobian) = &mut self.jacobian {
            let mut flat = vec![0.0; n * n];
            jacobian(&x.to_vec(), &mut flat)?;
            slopes.iter_mut().zip(&flat).for_each(|(to, from)| *to = *from);
        } else {
            for i in 0..n {
                let h = f64::EPSILON.sqrt() * if x[i] == 0.0 { 1.0 } else { x[i].abs() };
                let mut column = None;
                for offset in [h, -h] {
                    let mut moved = x.clone();
                    moved[i] += offset;
                    if let Some(there) = self.value(&moved)? {
                        column = Some((&there - value) / (moved[i] - x[i]));
                        break;
                    }
                }
                let Some(column) = column else { return Ok(None) };
                slopes.column_mut(i).assign(&column);
            }
        }
        Ok(slopes.iter().all(|v| v.is_finite()).then_some(slopes))
    }

    /// Slopes over parts of the last step: next to a multiple root they change as fast as the root comes near, and differences over the usual
    /// steps would reach beyond it.
    fn fine_slopes(&mut self, x: &Array1<f64>, value: &Array1<f64>, step: &Array1<f64>) -> Result<Option<Array2<f64>>> {
        const PART: f64 = 0.01;
        if self.jacobian.is_some() {
            return self.slopes(x, value);
        }
        let longest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        let mut slopes = Array2::zeros((x.len(), x.len()));
        for i in 0..x.len() {
            let h = (PART * step[i].abs().max(1e-3 * longest)).max(8.0 * f64::EPSILON * x[i].abs());
            let (mut ahead, mut behind) = (x.clone(), x.clone());
            ahead[i] += h;
            behind[i] -= h;
            let (Some(above), Some(below)) = (self.value(&ahead)?, self.value(&behind)?) else { return Ok(None) };
            slopes.column_mut(i).assign(&((above - below) / (ahead[i] - behind[i])));
        }
        Ok(slopes.iter().all(|v: &f64| v.is_finite()).then_some(slopes))
    }

    /// Whether equations that have all but vanished, as at a multiple root, go on vanishing: there each step of Newton's is a fixed part
    /// of the last.
    fn vanishes(&mut self, x: &mut Array1<f64>, value: &mut Array1<f64>, begun: f64, start: &[f64]) -> Result<bool> {
        if norm(value) > VANISHED * begun {
            return Ok(false);
        }
        self.falls_to_noise(x, value, begun, start)
    }

    /// Whether further steps of Newton's bring the equations down to nothing, or to their noise.
    fn falls_to_noise(
        &mut self,
        x: &mut Array1<f64>,
        value: &mut Array1<f64>,
        begun: f64,
        start: &[f64],
    ) -> Result<bool> {
        const MOST: usize = 2000;
        let mut longest = f64::INFINITY;
        let Some(j) = self.slopes(x, value)? else { return self.rounded(x, value, start) };
        let mut reach = linalg::solve(j.view(), (-&*value).view()).map_or_else(|_| &*x * 1e-8, |found| found.x);
        for _ in 0..MOST {
            if norm(value) <= NOTHING * begun.min(1.0) {
                return Ok(true);
            }
            let Some(j) = self.fine_slopes(x, value, &reach)? else { break };
            let Ok(step) = linalg::solve(j.view(), (-&*value).view()) else { break };
            reach.assign(&step.x);
            let long = norm(&step.x);
            let next = &*x + &step.x;
            match self.value(&next)? {
                Some(there) if norm(&there) < 0.9 * norm(value) && long < 0.999 * longest => {
                    (*x, *value) = (next, there)
                }
                _ => break,
            }
            longest = long;
        }
        self.look_along(x, value, &reach)?;
        self.rounded(x, value, start)
    }

    /// Goes to the least of the values around the last step, up to several steps off: rounding may have made that wrong.
    fn look_along(&mut self, x: &mut Array1<f64>, value: &mut Array1<f64>, step: &Array1<f64>) -> Result<()> {
        let from = x.clone();
        for part in [-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0] {
            let next = &from + &(step * part);
            if let Some(there) = self.value(&next)?
                && norm(&there) < norm(value)
            {
                (*x, *value) = (next, there);
            }
        }
        Ok(())
    }

    /// The noise of each equation, the largest along the coordinates; two spacings, since some rounding errors are small by chance.
    fn noise(&mut self, x: &Array1<f64>, start: &[f64]) -> Result<Array1<f64>> {
        let mut most = Array1::<f64>::zeros(x.len());
        for (i, size) in sizes(x, start).into_iter().enumerate() {
            for spacing in [7.548e-7, 3.317e-7] {
                let mut samples = vec![[0.0; 7]; x.len()];
                for k in 0..7 {
                    let mut moved = x.clone();
                    moved[i] += spacing * size * (k as f64 - 3.0);
                    let Some(there) = self.value(&moved)? else { return Ok(Array1::zeros(x.len())) };
                    samples.iter_mut().zip(&there).for_each(|(samples, there)| samples[k] = *there);
                }
                most.zip_mut_with(&samples.into_iter().map(noise).collect::<Array1<f64>>(), |most, noise| {
                    *most = most.max(*noise)
                });
            }
        }
        Ok(most)
    }

    /// Whether rounding may have left each equation what it is: by its noise, and by what it is one size of x away, on the side where
    /// that is less.
    fn rounded(&mut self, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> Result<bool> {
        let mut around = Array1::<f64>::zeros(x.len());
        for (i, size) in sizes(x, start).into_iter().enumerate() {
            let mut change = Array1::from_elem(x.len(), f64::INFINITY);
            for side in [size, -size] {
                // Two places on each side: one may be another root.
                let mut most = None;
                for part in [1.0, 0.618] {
                    let mut moved = x.clone();
                    moved[i] += part * side;
                    if let Some(there) = self.value(&moved)? {
                        let seen = (&there - value).mapv(f64::abs);
                        most = Some(most.map_or(seen.clone(), |most: Array1<f64>| {
                            most.iter().zip(&seen).map(|(a, b)| a.max(*b)).collect()
                        }));
                    }
                }
                if let Some(most) = most {
                    change.zip_mut_with(&most, |least, change| *least = least.min(*change));
                }
            }
            around.zip_mut_with(&change, |most, change| {
                if change.is_finite() {
                    *most = most.max(*change);
                }
            });
        }
        if !value.iter().zip(&around).all(|(v, around)| v.abs() <= GONE * around) {
            return Ok(false);
        }
        let noise = self.noise(x, start)?;
        Ok(value.iter().zip(&noise).all(|(v, noise)| v.abs() <= 64.0 * noise))
    }

    fn dogleg(&mut self, start: &[f64], mut value: Array1<f64>, most: usize) -> Result<SystemRoot> {
        let mut x = Array1::from(start.to_vec());
        let tolerance = self.tolerance;
        let Some(mut j) = self.slopes(&x, &value)? else {
            let problem = "is where the Jacobian is not finite; choose another start".into();
            return Err(Error::Invalid { function: "root", argument: "x0", problem });
        };
        let lengths = |j: &Array2<f64>| j.columns().into_iter().map(|c| linalg::length(c)).collect::<Array1<f64>>();
        let mut scale = lengths(&j).mapv(|d| if d > 0.0 { d } else { 1.0 });
        let mut fresh = true;
        let mut size = norm(&(&scale * &x));
        let mut radius = if size > 0.0 { 100.0 * size } else { 100.0 };
        // At a multiple root each step is a fixed part of what is left: there the equations must have all but vanished.
        let (begun, far) = (norm(&value), size);
        let small = |step: f64, size: f64, value: &Array1<f64>| {
            step <= tolerance * size || (norm(value) <= VANISHED * begun && step <= 1e-6 * far)
        };
        let (mut iterations, mut failures, mut slow) = (0, 0, 0);
        let (converged, message) = loop {
            if value.iter().all(|v| *v == 0.0) {
                break (true, "converged: all equations hold exactly".into());
            }
            if self.evaluations >= most {
                break (
                    false,
                    format!("not converged: max_nfev = {most} evaluations are used up; |f| is {:.3e}", norm(&value)),
                );
            }
            let newton = linalg::solve(j.view(), (-&value).view()).ok().map(|found| found.x);
            if let Some(newton) = &newton
                && small(norm(&(&scale * newton)), size, &value)
            {
                // A small step of Newton's: with the true Jacobian it is taken, and what is left decides.
                if !fresh {
                    let Some(anew) = self.slopes(&x, &value)? else {
                        break (false, "not converged: the Jacobian is not finite".into());
                    };
                    (j, fresh) = (anew, true);
                    continue;
                }
                let (next, before) = (&x + newton, norm(&value));
                if let Some(there) = self.value(&next)?
                    && norm(&there) <= norm(&value)
                {
                    (x, value) = (next, there);
                }
                let certain = norm(&value) <= FAST * before || rounding(&j, &x, &value, start);
                let found = if !holds(&j, &x, &value, start) {
                    self.vanishes(&mut x, &mut value, begun, start)?
                } else {
                    certain || self.falls_to_noise(&mut x, &mut value, begun, start)?
                };
                if found {
                    break (
                        true,
                        format!(
                            "converged: Newton's step is within tol = {:.2e} of x, and all equations hold",
                            self.tolerance
                        ),
                    );
                }
                break (
                    false,
                    format!("not converged: the steps have become small, though |f| is {:.3e}", norm(&value)),
                );
            } else {
                let step = within(&j, &value, &scale, newton, radius);
                let long = norm(&(&scale * &step));
                let next = &x + &step;
                let promised = norm(&(&value + &j.dot(&step)));
                let there = self.value(&next)?;
                let (before, after) = (norm(&value), there.as_ref().map_or(f64::INFINITY, norm));
                let actual = 1.0 - (after / before).powi(2);
                let predicted = 1.0 - (promised / before).powi(2);
                let ratio = if predicted > 0.0 { actual / predicted } else { 0.0 };
                if !(ratio >= 0.1) {
                    (failures, radius) = (failures + 1, 0.5 * radius.min(long));
                } else {
                    failures = 0;
                    if ratio >= 0.5 || (ratio - 1.0).abs() <= 0.1 {
                        radius = radius.max(2.0 * long);
                    }
                }
                slow = if actual >= 1e-3 { 0 } else { slow + 1 };
                if let Some(there) = there {
                    // Broyden's update: the Jacobian that explains what happened along the step, and is as it was across it.
                    let weights = &scale * &scale * &step;
                    let along = step.dot(&weights);
                    if along > 0.0 {
                        let missed = (&there - &value - &j.dot(&step)) / along;
                        for (row, missed) in missed.iter().enumerate() {
                            j.row_mut(row).scaled_add(*missed, &weights);
                        }
                        fresh = false;
                    }
                    if ratio >= 1e-4 {
                        (x, value) = (next, there);
                        iterations += 1;
                        size = norm(&(&scale * &x));
                    }
                }
                if slow > 10 || radius <= f64::EPSILON * size || radius == 0.0 {
                    break (
                        false,
                        format!("not converged: the iteration makes no good progress; |f| is {:.3e}", norm(&value)),
                    );
                }
                if failures < 2 || fresh {
                    continue;
                }
            }
            let Some(anew) = self.slopes(&x, &value)? else {
                break (false, "not converged: the Jacobian is not finite".into());
            };
            (j, fresh, failures) = (anew, true, 0);
            scale.zip_mut_with(&lengths(&j), |scale, length| *scale = scale.max(*length));
            size = norm(&(&scale * &x));
        };
        Ok(SystemRoot { x, value, jacobian: j, iterations, calls: 0, jacobians: 0, converged, message })
    }
}

/// Powell's dogleg: Newton's step if it is within the radius, else the way along steepest descent to the lowest point of the model and from
/// there towards Newton's step, as far as the radius reaches.
fn within(
    j: &Array2<f64>,
    value: &Array1<f64>,
    scale: &Array1<f64>,
    newton: Option<Array1<f64>>,
    radius: f64,
) -> Array1<f64> {
    if let Some(newton) = &newton
        && norm(&(scale * newton)) <= radius
    {
        return newton.clone();
    }
    // In units of the scale: z = D·p, the slope is D⁻¹·Jᵀ·f.
    let slope = &j.t().dot(value) / scale;
    let steep = norm(&slope);
    if steep == 0.0 {
        return newton
            .map_or_else(|| Array1::zeros(value.len()), |newton| &newton * (radius / norm(&(scale * &newton))));
    }
    let across = norm(&j.dot(&(&slope / scale)));
    let reach = if across > 0.0 { (steep / across).powi(2) * steep } else { f64::INFINITY };
    let downhill = &slope * (-1.0 / steep);
    let Some(newton) = newton.filter(|_| reach < radius) else {
        return &(&downhill * reach.min(radius)) / scale;
    };
    let cauchy = &downhill * reach;
    let rest = &(scale * &newton) - &cauchy;
    let (a, b, c) = (rest.dot(&rest), cauchy.dot(&rest), cauchy.dot(&cauchy) - radius * radius);
    let part = -c / (b + (b * b - a * c).max(0.0).sqrt());
    &(&cauchy + &(&rest * part.clamp(0.0, 1.0))) / scale
}
