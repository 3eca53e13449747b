//! Stationary points under equations: where the gradient of f is a combination of the constraints' gradients, ∇f = Σ λᵢ·∇gᵢ.
//!
//! J.-L. Lagrange, "Mécanique analytique" (1788). The equations ∇f − Σ λᵢ·∇gᵢ = 0 and g = 0 in (x, λ) are solved by Newton's method with their
//! length as merit function, in the trust region of [`fitting`](crate::optimize::fitting); all kinds of stationary points are found alike.
//! Of which kind one is, the second derivatives of f − Σ λᵢ·gᵢ along the constraints tell, which is what the signs of the bordered Hessian's
//! minors say (J. R. Magnus and H. Neudecker, "Matrix Differential Calculus", chapter 7).

use std::result::Result as Outcome;

use ndarray::{Array1, Array2, Axis, concatenate, s};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::linalg::{self, Triangle};
use crate::optimize::fitting::{self, Fitting};

/// How a stationary point is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lagrange {
    /// The equations hold when they are this small beside their terms.
    pub tolerance: f64,
    /// Most points that are tried.
    pub max_evaluations: Option<usize>,
}

impl Default for Lagrange {
    fn default() -> Self {
        Lagrange { tolerance: 1e-8, max_evaluations: None }
    }
}

/// What a stationary point is among the points that meet the constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// f is smallest there, near by.
    Minimum,
    /// f is largest there, near by.
    Maximum,
    /// f rises one way and falls another.
    Saddle,
    /// The second derivatives do not tell.
    Undecided,
    /// The constraints leave no way to move.
    Isolated,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Minimum => "minimum",
            Kind::Maximum => "maximum",
            Kind::Saddle => "saddle",
            Kind::Undecided => "undecided",
            Kind::Isolated => "isolated",
        }
    }
}

/// A stationary point under constraints.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stationary {
    /// The point.
    pub x: Array1<f64>,
    /// f there.
    pub value: f64,
    /// λ, one for each constraint.
    pub multipliers: Array1<f64>,
    /// ∇f.
    pub gradient: Array1<f64>,
    /// g there.
    pub constraints: Array1<f64>,
    /// ∇gᵢ, a row for each constraint.
    pub normals: Array2<f64>,
    /// The matrix of second derivatives of f − Σ λᵢ·gᵢ.
    pub hessian: Array2<f64>,
    /// Its eigenvalues along the constraints, rising.
    pub curvatures: Array1<f64>,
    /// What it is.
    pub kind: Kind,
    /// Calls of f and of the constraints.
    pub calls: (usize, usize),
    /// Whether all equations hold.
    pub converged: bool,
    /// Why the search ended.
    pub message: String,
}

type Scalar<'a> = &'a mut dyn FnMut(&[f64]) -> Result<f64>;
type Vector<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;

/// A caller's functions, with their derivatives.
struct Functions<'a> {
    f: Scalar<'a>,
    g: Vector<'a>,
    count: usize,
    calls: (usize, usize),
}

/// The stationary point of f near `x0` under the `count` constraints g(x) = 0 that `constraints` writes.
///
/// # Errors
/// [`Error::TooFew`] without variables or constraints, [`Error::NotFinite`] for x0, [`Error::Invalid`] for more constraints than variables and where
/// the functions are not finite at the start; [`Error::OutOfRange`] for an option; whatever the closures return as their error.
pub fn lagrange<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Outcome<f64, E>,
    mut constraints: impl FnMut(&[f64], &mut [f64]) -> Outcome<(), E>,
    x0: &[f64],
    count: usize,
    options: &Lagrange,
) -> Outcome<Stationary, E> {
    let caught = std::cell::RefCell::new(Caught::new("lagrange"));
    let mut value = |x: &[f64]| {
        let given = f(x);
        caught.borrow_mut().catch(given)
    };
    let mut equations = |x: &[f64], into: &mut [f64]| {
        let given = constraints(x, into);
        caught.borrow_mut().catch(given)
    };
    let functions = Functions { f: &mut value, g: &mut equations, count, calls: (0, 0) };
    let found = search(functions, x0, options);
    caught.into_inner().release(found)
}

fn search(functions: Functions<'_>, x0: &[f64], options: &Lagrange) -> Result<Stationary> {
    const NAME: &str = "lagrange";
    let (n, k) = (x0.len(), functions.count);
    check::at_least(NAME, "x0", "variables", n, 1)?;
    check::at_least(NAME, "constraints", "constraints", k, 1)?;
    check::finite_vector(NAME, "x0", x0.into())?;
    check::in_range(
        NAME,
        "tol",
        options.tolerance,
        options.tolerance > 0.0 && options.tolerance < 1.0,
        "between 0 and 1",
    )?;
    if k > n {
        let problem = format!("are {k}, more than there are variables ({n}): in general no point meets them all");
        return Err(Error::Invalid { function: NAME, argument: "constraints", problem });
    }
    let functions = std::cell::RefCell::new(functions);
    let begin = functions.borrow_mut().value(x0)?;
    let held = functions.borrow_mut().equations(x0)?;
    if !begin.is_finite() || !held.iter().all(|v| v.is_finite()) {
        let problem = format!("is where f is {begin} and the constraints are {held:?}; choose another start");
        return Err(Error::Invalid { function: NAME, argument: "x0", problem });
    }
    let gradient = functions.borrow_mut().gradient(x0)?;
    let normals = functions.borrow_mut().normals(x0)?;
    if !gradient.iter().chain(&normals).all(|v| v.is_finite()) {
        let problem = "is where f or a constraint has no derivative; choose another start".into();
        return Err(Error::Invalid { function: NAME, argument: "x0", problem });
    }
    // The multipliers that fit best at the start.
    let multipliers = linalg::lstsq(normals.t(), gradient.view(), None)?.x;
    let start: Vec<f64> = x0.iter().chain(&multipliers).copied().collect();
    let fitting = Fitting { function: NAME, max_evaluations: options.max_evaluations, ..Fitting::of(n + k) };
    let mut residuals = |y: &[f64], into: &mut [f64]| {
        let mut functions = functions.borrow_mut();
        let (x, multipliers) = y.split_at(n);
        let slope = functions.slope(x, multipliers)?;
        let held = functions.equations(x)?;
        into.iter_mut().zip(slope.iter().chain(&held)).for_each(|(to, from)| *to = *from);
        Ok(())
    };
    let mut jacobian = |y: &[f64], into: &mut [f64]| {
        let mut functions = functions.borrow_mut();
        let (x, multipliers) = y.split_at(n);
        let (hessian, normals) = (functions.hessian(x, multipliers)?, functions.normals(x)?);
        let above =
            concatenate(Axis(1), &[hessian.view(), (-&normals).t()]).unwrap_or_else(|_| unreachable!("n rows each"));
        let below = concatenate(Axis(1), &[normals.view(), Array2::zeros((k, k)).view()])
            .unwrap_or_else(|_| unreachable!("k rows each"));
        into.iter_mut().zip(above.iter().chain(&below)).for_each(|(to, from)| *to = *from);
        Ok(())
    };
    let fit = fitting::solve(&mut residuals, Some(&mut jacobian), &start, n + k, &fitting)?;
    let mut functions = functions.into_inner();
    let (x, multipliers) = (fit.x.slice(s![..n]).to_owned(), fit.x.slice(s![n..]).to_owned());
    stationary(&mut functions, x, multipliers, fit.converged, options.tolerance)
}

/// What is to be said of a point and its multipliers.
fn stationary(
    functions: &mut Functions<'_>,
    x: Array1<f64>,
    multipliers: Array1<f64>,
    settled: bool,
    tolerance: f64,
) -> Result<Stationary> {
    let at = x.to_vec();
    let value = functions.value(&at)?;
    let (gradient, normals) = (functions.gradient(&at)?, functions.normals(&at)?);
    let constraints = Array1::from(functions.equations(&at)?);
    let hessian = functions.hessian(&at, &multipliers.to_vec())?;
    let left = &gradient - &normals.t().dot(&multipliers);
    let weigh = |v: &Array1<f64>| linalg::length(v.view());
    let pulls = normals.rows().into_iter().zip(&multipliers).map(|(row, l)| l.abs() * linalg::length(row)).sum::<f64>();
    let steep = weigh(&gradient).max(pulls);
    // A gradient of zero is measured by what a step of x's size changes it.
    let changes = hessian.iter().map(|v| v * v).sum::<f64>().sqrt() * weigh(&x);
    let still = weigh(&left) <= tolerance * steep.max(changes);
    let met = constraints.iter().zip(normals.rows()).all(|(g, row)| {
        let terms = row.iter().zip(&x).map(|(d, x)| (d * x).abs()).sum::<f64>().max(1e-3 * linalg::length(row));
        g.abs() <= tolerance * terms
    });
    let along = linalg::null_space(normals.view(), None)?;
    let independent = along.ncols() + normals.nrows() == x.len();
    let (kind, curvatures) = kind(&hessian, &along)?;
    let converged = still && met && independent;
    let message = if converged {
        "converged: the gradient is a combination of the constraints' gradients, and the constraints hold".to_string()
    } else if still && met {
        "not converged: the constraints' gradients depend on each other here, so that the multipliers are not determined".to_string()
    } else if !met {
        let worst = constraints.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        format!(
            "not converged: a constraint is off by {worst:.3e}, and no better point was found; choose another start"
        )
    } else {
        let rest = weigh(&left);
        let hint = if settled { "" } else { "; choose another start" };
        format!("not converged: {rest:.3e} of the gradient is no combination of the constraints' gradients{hint}")
    };
    let calls = functions.calls;
    let kind = if converged { kind } else { Kind::Undecided };
    Ok(Stationary {
        x,
        value,
        multipliers,
        gradient,
        constraints,
        normals,
        hessian,
        curvatures,
        kind,
        calls,
        converged,
        message,
    })
}

/// The kind that the second derivatives along the constraints tell, and their eigenvalues.
fn kind(hessian: &Array2<f64>, along: &Array2<f64>) -> Result<(Kind, Array1<f64>)> {
    if along.ncols() == 0 {
        return Ok((Kind::Isolated, Array1::zeros(0)));
    }
    let reduced = along.t().dot(&hessian.dot(along));
    let reduced = 0.5 * (&reduced + &reduced.t());
    if !reduced.iter().all(|v| v.is_finite()) {
        return Ok((Kind::Undecided, Array1::from_elem(along.ncols(), f64::NAN)));
    }
    let values = linalg::eigvalsh(reduced.view(), Triangle::Lower)?;
    let size = hessian.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let noise = 1e-6 * size;
    let (up, down) = (values.iter().filter(|v| **v > noise).count(), values.iter().filter(|v| **v < -noise).count());
    let kind = match (up, down, values.len()) {
        (up, 0, all) if up == all => Kind::Minimum,
        (0, down, all) if down == all => Kind::Maximum,
        (up, down, _) if up > 0 && down > 0 => Kind::Saddle,
        _ => Kind::Undecided,
    };
    Ok((kind, values))
}

impl Functions<'_> {
    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.calls.0 += 1;
        (self.f)(x)
    }

    fn equations(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        self.calls.1 += 1;
        let mut held = vec![0.0; self.count];
        (self.g)(x, &mut held)?;
        Ok(held)
    }

    fn gradient(&mut self, x: &[f64]) -> Result<Array1<f64>> {
        differences(x, 1, &mut |x| Ok(vec![self.value(x)?])).map(|rows| rows.row(0).to_owned())
    }

    fn normals(&mut self, x: &[f64]) -> Result<Array2<f64>> {
        let count = self.count;
        differences(x, count, &mut |x| self.equations(x))
    }

    /// ∇f − Σ λᵢ·∇gᵢ.
    fn slope(&mut self, x: &[f64], multipliers: &[f64]) -> Result<Array1<f64>> {
        let gradient = self.gradient(x)?;
        let normals = self.normals(x)?;
        Ok(gradient - normals.t().dot(&Array1::from(multipliers.to_vec())))
    }

    /// The second derivatives of f − Σ λᵢ·gᵢ.
    fn hessian(&mut self, x: &[f64], multipliers: &[f64]) -> Result<Array2<f64>> {
        let n = x.len();
        let mut hessian = Array2::zeros((n, n));
        for i in 0..n {
            let h = 1e-4 * x[i].abs().max(SMALL);
            let (mut ahead, mut behind) = (x.to_vec(), x.to_vec());
            ahead[i] += h;
            behind[i] -= h;
            let change = self.slope(&ahead, multipliers)? - self.slope(&behind, multipliers)?;
            hessian.column_mut(i).assign(&(change / (ahead[i] - behind[i])));
        }
        Ok(0.5 * (&hessian + &hessian.t()))
    }
}

/// Steps for variables next to zero are as for one of this size.
const SMALL: f64 = 0.1;

/// Slopes of several functions, a row for each: central differences over two steps, extrapolated.
fn differences(x: &[f64], count: usize, f: &mut dyn FnMut(&[f64]) -> Result<Vec<f64>>) -> Result<Array2<f64>> {
    let mut slopes = Array2::zeros((count, x.len()));
    for i in 0..x.len() {
        let h = f64::EPSILON.powf(0.2) * x[i].abs().max(SMALL);
        let mut quotient = |h: f64| -> Result<Array1<f64>> {
            let (mut ahead, mut behind) = (x.to_vec(), x.to_vec());
            ahead[i] += h;
            behind[i] -= h;
            Ok((Array1::from(f(&ahead)?) - Array1::from(f(&behind)?)) / (ahead[i] - behind[i]))
        };
        let (wide, narrow) = (quotient(h)?, quotient(0.5 * h)?);
        slopes.column_mut(i).assign(&(&narrow + &((&narrow - &wide) / 3.0)));
    }
    Ok(slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(f: impl Fn(&[f64]) -> f64, g: impl Fn(&[f64]) -> f64, x0: &[f64]) -> Stationary {
        let constraint = |x: &[f64], into: &mut [f64]| {
            into[0] = g(x);
            Ok(())
        };
        lagrange(|x| Ok::<_, Error>(f(x)), constraint, x0, 1, &Lagrange::default()).unwrap()
    }

    #[test]
    fn x_y_on_a_circle() {
        // Of x·y on x² + y² = 2 the largest value is 1 with λ = ½, the smallest −1 with λ = −½.
        let circle = |x: &[f64]| x[0] * x[0] + x[1] * x[1] - 2.0;
        for (x0, sign, kind) in [([1.5, 0.7], 1.0, Kind::Maximum), ([-0.8, 1.2], -1.0, Kind::Minimum)] {
            let found = run(|x| x[0] * x[1], circle, &x0);
            assert!(found.converged, "{}", found.message);
            assert!((found.value - sign).abs() < 1e-10 && (found.multipliers[0] - 0.5 * sign).abs() < 1e-9);
            assert_eq!(found.kind, kind);
            // Along the circle f − λ·g has the second derivative −2·sign.
            assert!((found.curvatures[0] + 2.0 * sign).abs() < 1e-5);
        }
    }

    #[test]
    fn a_line_nearest_to_the_origin() {
        let found =
            run(|x| x[0] * x[0] + x[1] * x[1] + x[2] * x[2], |x| x[0] + 2.0 * x[1] + 2.0 * x[2] - 9.0, &[0.0; 3]);
        assert!(found.converged && found.kind == Kind::Minimum, "{}", found.message);
        for (x, expected) in found.x.iter().zip([1.0, 2.0, 2.0]) {
            assert!((x - expected).abs() < 1e-9);
        }
        assert!((found.multipliers[0] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_met_is_said() {
        let found = run(|x| x[0] + x[1], |x| x[0] * x[0] + x[1] * x[1] + 1.0, &[1.0, 2.0]);
        assert!(!found.converged && found.message.contains("off by"), "{}", found.message);
        // At the cusp the constraint has no gradient.
        let found = run(|x| x[0], |x| x[0].powi(3) - x[1] * x[1], &[0.5, 0.5]);
        assert!(!found.converged);
    }
}
