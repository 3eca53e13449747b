//! The stationary points of a function of several variables in a box: where its gradient is zero.
//!
//! Newton's method on the gradient, damped as K. Levenberg (Quarterly of Applied Mathematics 2, 1944) damps least squares, from many
//! starts spread evenly over the box (M. Roberts' additive recurrence on the generalised golden ratio, 2018). What is found is
//! what the starts led to; there is no promise that nothing is missing.

use std::cell::RefCell;

use ndarray::{Array1, Array2};

use super::critical::Kind;
use super::derivative::Options;
use super::gradient::gradient;
use super::hessian::hessian;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::linalg;

/// Most steps from one start.
const STEPS: usize = 60;

/// A stationary point in a box.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StationaryPoint {
    /// Where it is.
    pub x: Array1<f64>,
    /// The function there.
    pub value: f64,
    /// What it is.
    pub kind: Kind,
    /// The eigenvalues of the Hessian there, rising.
    pub curvatures: Array1<f64>,
    /// How many of the starts led to it.
    pub found: usize,
}

/// The stationary points in a box.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stationary {
    /// In the order of their values.
    pub points: Vec<StationaryPoint>,
    /// From how many points the search started.
    pub starts: usize,
    /// How many of the starts led to a stationary point in the box.
    pub arrived: usize,
    /// How often the function was called.
    pub evaluations: usize,
}

/// The stationary points of `f` in the box of `(low, high)` for each coordinate, as far as `starts` searches find them.
///
/// A point is a minimum, a maximum or a saddle by the signs of its Hessian's eigenvalues; where one of them is zero as far as its
/// error tells, the kind is undecided.
///
/// ```
/// use underhood::calculus::{Kind, stationary_points};
/// use underhood::Error;
///
/// let f = |x: &[f64]| Ok::<_, Error>(x[0].powi(3) - 3.0 * x[0] + x[1] * x[1]);
/// let found = stationary_points(f, &[(-2.0, 2.0), (-1.0, 1.0)], 50)?;
/// assert_eq!(found.points.iter().map(|point| point.kind).collect::<Vec<_>>(), [Kind::Minimum, Kind::Saddle]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for no coordinates or no starts, [`Error::OutOfRange`] for a side that is not finite or whose ends are not in order;
/// whatever `f` returns as its error.
pub fn stationary_points<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> std::result::Result<f64, E>,
    sides: &[(f64, f64)],
    starts: usize,
) -> std::result::Result<Stationary, E> {
    let mut caught = Caught::new("critical_points");
    let found = in_box(&mut |x| caught.catch(f(x)), sides, starts);
    caught.release(found)
}

fn in_box(f: &mut dyn FnMut(&[f64]) -> Result<f64>, sides: &[(f64, f64)], starts: usize) -> Result<Stationary> {
    check::at_least("critical_points", "box", "sides", sides.len(), 1)?;
    check::at_least("critical_points", "starts", "points", starts, 1)?;
    for &(low, high) in sides {
        check::in_range("critical_points", "box", low, low.is_finite(), "finite")?;
        let above = high.is_finite() && high > low;
        check::in_range("critical_points", "box", high, above, "finite and above its lower end")?;
    }
    let calls = RefCell::new(0usize);
    let f = RefCell::new(f);
    let counted = |x: &[f64]| -> Result<f64> {
        *calls.borrow_mut() += 1;
        (f.borrow_mut())(x)
    };
    let search = Search { f: &counted, sides };
    let mut points: Vec<StationaryPoint> = Vec::new();
    let (mut arrived, mut steepest) = (0, 0.0f64);
    for k in 0..starts {
        let from = start(k, sides);
        let slope = norm(&search.slopes(&from)?.0);
        if slope.is_finite() {
            steepest = steepest.max(slope);
        }
        let Some(x) = search.descend(from)? else { continue };
        arrived += 1;
        let apart = |known: &StationaryPoint| {
            let parts = known.x.iter().zip(&x).zip(sides).map(|((p, q), (low, high))| (p - q).abs() / (high - low));
            parts.fold(0.0, f64::max)
        };
        let mut same = None;
        for (i, known) in points.iter().enumerate() {
            let distance = apart(known);
            if distance <= 1e-5 {
                same = Some((i, false));
                break;
            }
            // Where the Hessian has no inverse, searches stop short. It is one point if nothing rises between.
            let middle: Vec<f64> = known.x.iter().zip(&x).map(|(p, q)| 0.5 * p + 0.5 * q).collect();
            if distance <= 0.02 && norm(&search.slopes(&middle)?.0) <= 1e-6 * steepest {
                same = Some((i, true));
                break;
            }
        }
        match same {
            Some((i, loose)) => {
                points[i].found += 1;
                if loose {
                    points[i].kind = Kind::Undecided;
                }
            }
            None => points.push(search.judge(x)?),
        }
    }
    points.sort_by(|p, q| p.value.total_cmp(&q.value));
    let evaluations = *calls.borrow();
    Ok(Stationary { points, starts, arrived, evaluations })
}

/// The k-th of points that fill the box evenly.
fn start(k: usize, sides: &[(f64, f64)]) -> Vec<f64> {
    // The root of g^(n+1) = g + 1.
    let n = sides.len() as f64;
    let golden = (0..40).fold(2.0f64, |g, _| (1.0 + g).powf(1.0 / (n + 1.0)));
    let share = |i: usize| (0.5 + (k + 1) as f64 * golden.powi(-(i as i32 + 1))).fract();
    sides.iter().enumerate().map(|(i, (low, high))| low + share(i) * (high - low)).collect()
}

struct Search<'a> {
    f: &'a dyn Fn(&[f64]) -> Result<f64>,
    sides: &'a [(f64, f64)],
}

impl Search<'_> {
    /// Gradient and Hessian by plain central differences, in units of the box's sides: good enough to find the way.
    fn slopes(&self, x: &[f64]) -> Result<(Array1<f64>, Array2<f64>)> {
        let n = x.len();
        let unit = |i: usize| self.sides[i].1 - self.sides[i].0;
        let at = |moves: &[(usize, f64)]| {
            let mut moved = x.to_vec();
            moves.iter().for_each(|&(i, h)| moved[i] += h * unit(i));
            (self.f)(&moved)
        };
        let (h, centre) = (1e-4, (self.f)(x)?);
        let (mut slope, mut bend) = (Array1::zeros(n), Array2::zeros((n, n)));
        for i in 0..n {
            let (up, down) = (at(&[(i, h)])?, at(&[(i, -h)])?);
            bend[[i, i]] = ((up - centre) + (down - centre)) / h / h;
            let (near_up, near_down) = (at(&[(i, 0.1 * h)])?, at(&[(i, -0.1 * h)])?);
            slope[i] = (near_up - near_down) / (0.2 * h);
            for j in 0..i {
                let rise = at(&[(i, h), (j, h)])? + at(&[(i, -h), (j, -h)])?;
                let fall = at(&[(i, h), (j, -h)])? + at(&[(i, -h), (j, h)])?;
                bend[[i, j]] = (rise - fall) / (4.0 * h * h);
                bend[[j, i]] = bend[[i, j]];
            }
        }
        Ok((slope, bend))
    }

    /// The accurate gradient, in units of the box's sides, with its error.
    fn gradient(&self, x: &[f64]) -> Result<(Array1<f64>, Array1<f64>)> {
        let found = gradient(|x| (self.f)(x), x, &Options::default())?;
        let units: Array1<f64> = self.sides.iter().map(|(low, high)| high - low).collect();
        Ok((found.values * &units, found.errors * &units))
    }

    /// From a start to a stationary point in the box, if that is where it leads.
    fn descend(&self, mut x: Vec<f64>) -> Result<Option<Vec<f64>>> {
        let (mut slope, mut bend) = self.slopes(&x)?;
        let first = norm(&slope);
        let mut damping = 1e-3;
        let mut calm = false;
        for _ in 0..STEPS {
            if !norm(&slope).is_finite() || !bend.iter().all(|b| b.is_finite()) {
                return Ok(None);
            }
            let largest = bend.iter().fold(0.0, |m: f64, b| m.max(b.abs()));
            if norm(&slope) <= 1e-7 * largest.max(first) || norm(&slope) == 0.0 {
                calm = true;
                break;
            }
            let Some(step) = damped(&slope, &bend, damping * largest) else { return Ok(None) };
            let longest = step.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
            let shorten = if longest > 0.25 { 0.25 / longest } else { 1.0 };
            let next: Vec<f64> = x
                .iter()
                .zip(&step)
                .zip(self.sides)
                .map(|((x, s), (low, high))| x - shorten * s * (high - low))
                .collect();
            // Far outside the box there is nothing to look for.
            if next
                .iter()
                .zip(self.sides)
                .any(|(x, (low, high))| *x < low - 0.5 * (high - low) || *x > high + 0.5 * (high - low))
            {
                return Ok(None);
            }
            let (next_slope, next_bend) = self.slopes(&next)?;
            if norm(&next_slope) < norm(&slope) {
                (x, slope, bend) = (next, next_slope, next_bend);
                damping = (damping * 0.1).max(1e-12);
            } else {
                damping *= 10.0;
                if damping > 1e6 {
                    return Ok(None);
                }
            }
        }
        if !calm {
            return Ok(None);
        }
        // The last digits, by the accurate gradient.
        for _ in 0..4 {
            let (slope, errors) = self.gradient(&x)?;
            let Some(step) = damped(&slope, &bend, 0.0) else { break };
            let longest = step.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
            if !(longest <= 1e-2) || slope.iter().zip(&errors).all(|(s, e)| s.abs() <= *e) {
                break;
            }
            x.iter_mut().zip(&step).zip(self.sides).for_each(|((x, s), (low, high))| *x -= s * (high - low));
        }
        // Zero, for what is rounding beside the box.
        x.iter_mut()
            .zip(self.sides)
            .filter(|(x, (low, high))| x.abs() < 1e-13 * (high - low))
            .for_each(|(x, _)| *x = 0.0);
        let inside = x.iter().zip(self.sides).all(|(x, (low, high))| {
            let slack = 1e-9 * (high - low);
            (low - slack..=high + slack).contains(x)
        });
        Ok(inside.then_some(x))
    }

    /// What a stationary point is.
    fn judge(&self, x: Vec<f64>) -> Result<StationaryPoint> {
        let value = (self.f)(&x)?;
        let bends = hessian(|x| (self.f)(x), &x, None)?;
        let curvatures = match linalg::eigvalsh(bends.values.view(), linalg::Triangle::Lower) {
            Ok(curvatures) => curvatures,
            Err(_) => Array1::from_elem(x.len(), f64::NAN),
        };
        let largest = curvatures.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
        let doubt = bends.errors.iter().map(|e| e * e).sum::<f64>().sqrt().max(1e-9 * largest);
        let kind = match (curvatures.iter().all(|c| *c > doubt), curvatures.iter().all(|c| *c < -doubt)) {
            (true, _) => Kind::Minimum,
            (_, true) => Kind::Maximum,
            _ if curvatures.iter().any(|c| *c > doubt) && curvatures.iter().any(|c| *c < -doubt) => Kind::Saddle,
            _ => Kind::Undecided,
        };
        Ok(StationaryPoint { x: x.into(), value, kind, curvatures, found: 1 })
    }
}

fn norm(slope: &Array1<f64>) -> f64 {
    slope.dot(slope).sqrt()
}

/// The step `(HᵀH + λ²I)⁻¹ Hᵀ g`; Newton's own for λ = 0.
fn damped(slope: &Array1<f64>, bend: &Array2<f64>, damping: f64) -> Option<Array1<f64>> {
    if damping == 0.0 {
        return linalg::solve(bend.view(), slope.view()).ok().map(|solution| solution.x);
    }
    let mut normal = bend.t().dot(bend);
    normal.diag_mut().iter_mut().for_each(|d| *d += damping * damping);
    linalg::solve(normal.view(), bend.t().dot(slope).view()).ok().map(|solution| solution.x)
}
