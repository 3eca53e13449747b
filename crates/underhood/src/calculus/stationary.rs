//! The stationary points of a function of several variables in a box: where its gradient is zero.
//!
//! From many starts spread evenly over the box (M. Roberts' additive recurrence on the generalised golden ratio, 2018) go three searches: to
//! whatever Newton's method on the gradient leads to, damped as K. Levenberg (Quarterly of Applied Mathematics 2, 1944) damps least
//! squares, and downhill and uphill in a region of trust, because from afar Newton's method runs away from every hill. A search's end counts if
//! Newton's step by accurate derivatives is next to nothing there: a small gradient alone is what every tail has. Where the second
//! derivatives vanish, Newton's steps are a fixed part of the last one, and A. C. Aitken's extrapolation (1926) goes to where they lead.
//!
//! What is found is what the starts led to; there is no promise that nothing is missing.

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

/// Most steps from one start, and the longest of them in sides of the box.
const STEPS: usize = 60;
const MOST: f64 = 0.25;

/// Values below this have lost digits, or soon will.
const FAINT: f64 = 1e-290;

/// Changes this many times as large as a curvature explains are not its own.
const BEYOND: f64 = 1e6;

/// Where Newton's next step is this short, in sides of the box, accurate derivatives take over.
const NEAR: f64 = 1e-4;

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
    /// How many of the starts stand where the function is constant all around, so that every point is stationary; none of them is listed.
    pub level: usize,
    /// How often the function was called.
    pub evaluations: usize,
}

/// The stationary points of `f` in the box of `(low, high)` for each coordinate, as far as `starts` searches find them.
///
/// A point is a minimum, a maximum or a saddle by the signs of its Hessian's eigenvalues; where one of them is zero as far as its
/// error tells, the kind is undecided, unless all of them are and the function's values around it are all higher, or all lower.
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
    let mut points: Vec<Judged> = Vec::new();
    let (mut arrived, mut level, mut steepest) = (0, 0, 0.0f64);
    for k in 0..starts {
        let from = start(k, sides);
        let sight = search.look(&from)?;
        if norm(&sight.slope).is_finite() {
            steepest = steepest.max(norm(&sight.slope));
        }
        if norm(&sight.slope) == 0.0 && search.constant_around(&from, sight.value, 16.0)? {
            level += 1;
            continue;
        }
        let mut led = false;
        for toward in [Toward::Any, Toward::Minimum, Toward::Maximum] {
            let Some(near) = search.approach(from.clone(), &sight, toward)? else { continue };
            // A known point need not be computed once more.
            if let Some(known) =
                points.iter_mut().find(|known| !known.flat && search.apart(&known.point.x, &near) <= 1e-6)
            {
                known.point.found += usize::from(known.last != Some(k));
                known.last = Some(k);
                led = true;
                continue;
            }
            let Some(x) = search.settle(near)? else { continue };
            let Some(mut judged) = search.judge(x)? else { continue };
            led = true;
            let mut same = None;
            for (i, known) in points.iter().enumerate() {
                if search.same(known, &judged, steepest)? {
                    same = Some(i);
                    break;
                }
            }
            match same {
                Some(i) => {
                    points[i].point.found += usize::from(points[i].last != Some(k));
                    points[i].last = Some(k);
                }
                None => {
                    judged.last = Some(k);
                    points.push(judged);
                }
            }
        }
        arrived += usize::from(led);
    }
    let mut points: Vec<StationaryPoint> = points.into_iter().map(|judged| judged.point).collect();
    points.sort_by(|p, q| p.value.total_cmp(&q.value));
    let evaluations = *calls.borrow();
    Ok(Stationary { points, starts, arrived, level, evaluations })
}

/// A point, and what the search remembers of it.
struct Judged {
    point: StationaryPoint,
    /// Whether the second derivatives vanish along some way, so that it is known less exactly.
    flat: bool,
    /// The last start that led to it.
    last: Option<usize>,
}

/// What a search from a start looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Toward {
    Any,
    Minimum,
    Maximum,
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

/// Value, gradient and Hessian, in units of the box's sides.
#[derive(Debug, Clone)]
struct Sight {
    value: f64,
    slope: Array1<f64>,
    bend: Array2<f64>,
}

impl Sight {
    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.slope.iter().chain(&self.bend).all(|v| v.is_finite())
    }
}

impl Search<'_> {
    fn unit(&self, i: usize) -> f64 {
        self.sides[i].1 - self.sides[i].0
    }

    /// The point so many sides away.
    fn moved(&self, x: &[f64], step: &Array1<f64>, factor: f64) -> Vec<f64> {
        x.iter().zip(step).enumerate().map(|(i, (x, s))| x + factor * s * self.unit(i)).collect()
    }

    /// The largest distance along an axis, in units of the box's sides.
    fn apart(&self, p: &Array1<f64>, q: &[f64]) -> f64 {
        p.iter().zip(q).enumerate().map(|(i, (p, q))| (p - q).abs() / self.unit(i)).fold(0.0, f64::max)
    }

    fn holds(&self, x: &[f64], slack: f64) -> bool {
        x.iter().zip(self.sides).all(|(x, (low, high))| {
            let slack = slack * (high - low);
            (low - slack..=high + slack).contains(x)
        })
    }

    /// By plain central differences: good enough to find the way.
    fn look(&self, x: &[f64]) -> Result<Sight> {
        let n = x.len();
        let at = |moves: &[(usize, f64)]| {
            let mut moved = x.to_vec();
            moves.iter().for_each(|&(i, h)| moved[i] += h * self.unit(i));
            (self.f)(&moved)
        };
        let (h, value) = (1e-4, (self.f)(x)?);
        let (mut slope, mut bend) = (Array1::zeros(n), Array2::zeros((n, n)));
        for i in 0..n {
            let (up, down) = (at(&[(i, h)])?, at(&[(i, -h)])?);
            bend[[i, i]] = ((up - value) + (down - value)) / h / h;
            let (near_up, near_down) = (at(&[(i, 0.1 * h)])?, at(&[(i, -0.1 * h)])?);
            slope[i] = (near_up - near_down) / (0.2 * h);
            for j in 0..i {
                let rise = at(&[(i, h), (j, h)])? + at(&[(i, -h), (j, -h)])?;
                let fall = at(&[(i, h), (j, -h)])? + at(&[(i, -h), (j, h)])?;
                bend[[i, j]] = (rise - fall) / (4.0 * h * h);
                bend[[j, i]] = bend[[i, j]];
            }
        }
        Ok(Sight { value, slope, bend })
    }

    /// Whether the function is the same all around, up to so many of its last digits.
    fn constant_around(&self, x: &[f64], value: f64, digits: f64) -> Result<bool> {
        const FAR: f64 = 0.01;
        for i in 0..x.len() {
            for h in [FAR, -FAR] {
                let mut moved = x.to_vec();
                moved[i] += h * self.unit(i);
                let there = (self.f)(&moved)?;
                if !((there - value).abs() <= (digits * f64::EPSILON * value.abs()).max(FAINT)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// From a start to the neighbourhood of a stationary point, if that is where it leads.
    fn approach(&self, mut x: Vec<f64>, first: &Sight, toward: Toward) -> Result<Option<Vec<f64>>> {
        let mut sight = first.clone();
        let (mut damping, mut radius) = (1e-3, 0.1);
        for _ in 0..STEPS {
            if !sight.is_finite() {
                return Ok(None);
            }
            let Some(newton) = newton_step(&sight.slope, &sight.bend, 0.0) else { return Ok(None) };
            if longest(&newton) <= NEAR {
                x = self.moved(&x, &newton, -1.0);
                return Ok(self.holds(&x, NEAR).then_some(x));
            }
            let (step, bounded) = match toward {
                Toward::Any => {
                    let Some(step) = damped(&sight, damping) else { return Ok(None) };
                    let long = longest(&step);
                    (if long > MOST { step * (-MOST / long) } else { -step }, false)
                }
                Toward::Minimum => trusted(&sight, 1.0, radius),
                Toward::Maximum => trusted(&sight, -1.0, radius),
            };
            let next = self.moved(&x, &step, 1.0);
            // Far outside the box there is nothing to look for.
            if !self.holds(&next, 0.5) {
                return Ok(None);
            }
            let there = self.look(&next)?;
            let better = match toward {
                Toward::Any => norm(&there.slope) < norm(&sight.slope),
                Toward::Minimum => there.value < sight.value,
                Toward::Maximum => there.value > sight.value,
            };
            if better {
                (x, sight) = (next, there);
                damping = (damping * 0.1).max(1e-12);
                if bounded {
                    radius = (2.0 * radius).min(MOST);
                }
            } else {
                (damping, radius) = (damping * 10.0, 0.25 * longest(&step));
                if damping > 1e6 || radius < 1e-9 {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    /// The accurate gradient, in units of the box's sides, with its errors.
    fn gradient(&self, x: &[f64]) -> Result<(Array1<f64>, Array1<f64>)> {
        let found = gradient(|x| (self.f)(x), x, &Options::default())?;
        let units: Array1<f64> = (0..x.len()).map(|i| self.unit(i)).collect();
        Ok((found.values * &units, found.errors * &units))
    }

    /// The accurate Hessian in the same units.
    fn hessian(&self, x: &[f64]) -> Result<Array2<f64>> {
        let mut bend = hessian(|x| (self.f)(x), x, None)?.values;
        bend.indexed_iter_mut().for_each(|((i, j), b)| *b *= self.unit(i) * self.unit(j));
        Ok(bend)
    }

    /// The last digits by accurate derivatives; nothing where they show that there is no stationary point.
    fn settle(&self, mut x: Vec<f64>) -> Result<Option<Vec<f64>>> {
        let mut last: Option<Array1<f64>> = None;
        for _ in 0..24 {
            let (slope, errors) = self.gradient(&x)?;
            let bend = self.hessian(&x)?;
            if !slope.iter().chain(&bend).all(|v| v.is_finite()) {
                return Ok(None);
            }
            if !errors.iter().all(|e| e.is_finite()) {
                // Of a noisy function no derivative is accurate: what the rough ones found is the best there is.
                return Ok(self.holds(&x, 1e-9).then_some(x));
            }
            let Some(step) = newton_step(&slope, &bend, norm(&errors)) else { return Ok(None) };
            let long = longest(&step);
            if !(long <= 0.01) {
                return Ok(None);
            }
            // Steps that are each the same part of the last one add up to a geometric series.
            let series = last.as_ref().map_or(1.0, |last| {
                let part = step.dot(last) / last.dot(last);
                let parallel = norm(&(&step - &(part * last))) <= 0.1 * norm(&step);
                if parallel && (0.3..0.95).contains(&part) { 1.0 / (1.0 - part) } else { 1.0 }
            });
            x = self.moved(&x, &step, -series);
            if long <= 1e-11 {
                // Zero, for what is rounding beside the box.
                let small = |i: usize, x: f64| x.abs() < 1e-13 * self.unit(i);
                x.iter_mut().enumerate().filter(|(i, x)| small(*i, **x)).for_each(|(_, x)| *x = 0.0);
                return Ok(self.holds(&x, 1e-9).then_some(x));
            }
            last = (series == 1.0).then_some(step);
        }
        Ok(None)
    }

    /// What a stationary point is; nothing on a plateau, all of whose points are.
    fn judge(&self, x: Vec<f64>) -> Result<Option<Judged>> {
        let value = (self.f)(&x)?;
        let bends = hessian(|x| (self.f)(x), &x, None)?;
        let mut curvatures = match linalg::eigvalsh(bends.values.view(), linalg::Triangle::Lower) {
            Ok(curvatures) => curvatures,
            Err(_) => Array1::from_elem(x.len(), f64::NAN),
        };
        let largest = curvatures.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
        let doubt = bends.errors.iter().map(|e| e * e).sum::<f64>().sqrt().max(1e-9 * largest).max(FAINT);
        let (up, down) = (curvatures.iter().any(|c| *c > doubt), curvatures.iter().any(|c| *c < -doubt));
        let flat = curvatures.iter().any(|c| !(c.abs() > doubt));
        let kind = match (up, down, flat) {
            (true, true, _) => Kind::Saddle,
            (true, false, false) => Kind::Minimum,
            (false, true, false) => Kind::Maximum,
            (false, false, _) => {
                if self.constant_around(&x, value, 1024.0)? {
                    return Ok(None);
                }
                self.by_values(&x, value, 0.0)?
            }
            // The last digits of x may leave a curvature where there is none: one that the values around are far beyond.
            _ => self.by_values(&x, value, BEYOND * largest)?,
        };
        curvatures.iter_mut().filter(|c| c.abs() <= doubt).for_each(|c| *c = 0.0);
        Ok(Some(Judged { point: StationaryPoint { x: x.into(), value, kind, curvatures, found: 1 }, flat, last: None }))
    }

    /// By the values around a point at which all second derivatives vanish: clearly higher, or clearly lower, in every direction looked at, and
    /// by more than this curvature makes it.
    fn by_values(&self, x: &[f64], value: f64, curvature: f64) -> Result<Kind> {
        const DIRECTIONS: usize = 64;
        let n = x.len();
        let mut kinds = Vec::new();
        for reach in [1e-2, 3e-3] {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            for k in 0..DIRECTIONS * n {
                let way: Array1<f64> = start(k, &vec![(-1.0, 1.0); n]).into();
                let rise = (self.f)(&self.moved(x, &way, reach / norm(&way)))? - value;
                (least, most) = (least.min(rise), most.max(rise));
            }
            let widest = (0..n).fold(0.0, |m: f64, i| m.max(self.unit(i)));
            let nothing = (64.0 * f64::EPSILON * value.abs()).max(curvature * (reach * widest).powi(2));
            kinds.push(if least > nothing.max(1e-3 * most) {
                Kind::Minimum
            } else if most < (-nothing).min(1e-3 * least) {
                Kind::Maximum
            } else {
                Kind::Undecided
            });
        }
        Ok(if kinds[0] == kinds[1] { kinds[0] } else { Kind::Undecided })
    }

    /// Whether two ends of searches are one point, or lie on one level stretch of them.
    fn same(&self, known: &Judged, found: &Judged, steepest: f64) -> Result<bool> {
        let (p, q) = (&known.point, &found.point);
        let near = self.apart(&p.x, &q.x.to_vec());
        if near <= 1e-5 || !(known.flat && found.flat) {
            return Ok(near <= 1e-5);
        }
        // Where the Hessian has no inverse, a point is known less exactly. It is one if nothing rises between.
        let between = self.look(&(0.5 * (&p.x + &q.x)).to_vec())?;
        let rounding = 64.0 * f64::EPSILON * between.value.abs() + 1e-12 * steepest;
        let level = |value: f64| (between.value - value).abs() <= rounding;
        Ok(norm(&between.slope) <= 1e-6 * steepest && (near <= 0.02 || (level(p.value) && level(q.value))))
    }
}

fn norm(slope: &Array1<f64>) -> f64 {
    slope.dot(slope).sqrt()
}

fn longest(step: &Array1<f64>) -> f64 {
    step.iter().fold(0.0, |m: f64, s| m.max(s.abs()))
}

/// The step `(HᵀH + λ²I)⁻¹ Hᵀ g`, with λ in units of the largest entry of H.
fn damped(Sight { slope, bend, .. }: &Sight, damping: f64) -> Option<Array1<f64>> {
    let largest = bend.iter().fold(0.0, |m: f64, b| m.max(b.abs()));
    if largest == 0.0 {
        return None;
    }
    let bend = bend / largest;
    let mut normal = bend.t().dot(&bend);
    normal.diag_mut().iter_mut().for_each(|d| *d += damping * damping);
    linalg::solve(normal.view(), bend.t().dot(&(slope / largest)).view()).ok().map(|solution| solution.x)
}

/// Newton's step `H⁻¹ g` along the axes of H; along those where the slope is no more than its error it is nothing. None if there is
/// a slope without curvature.
fn newton_step(slope: &Array1<f64>, bend: &Array2<f64>, error: f64) -> Option<Array1<f64>> {
    let axes = linalg::eigh(bend.view(), linalg::Triangle::Lower).ok()?;
    let most = axes.values.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
    let mut step = Array1::zeros(slope.len());
    for (curvature, axis) in axes.values.iter().zip(axes.vectors.columns()) {
        let along = axis.dot(slope);
        // What rounding of the other parts leaves of this one.
        if along.abs() <= error.max(4.0 * f64::EPSILON * norm(slope)) {
            continue;
        }
        if curvature.abs() <= f64::EPSILON * most {
            return None;
        }
        step.scaled_add(along / curvature, &axis);
    }
    Some(step)
}

/// A step down (sign 1) or up (−1) within a radius, and whether the radius bounds it: Newton's along axes that bend the right way, as far
/// as allowed along the others.
fn trusted(Sight { slope, bend, .. }: &Sight, sign: f64, radius: f64) -> (Array1<f64>, bool) {
    let mut step = Array1::zeros(slope.len());
    let (steep, mut bounded) = (norm(slope), false);
    let Ok(axes) = linalg::eigh(bend.view(), linalg::Triangle::Lower) else { return (step, false) };
    for (curvature, axis) in axes.values.iter().zip(axes.vectors.columns()) {
        let (along, curvature) = (sign * axis.dot(slope), sign * curvature);
        if along.abs() <= 1e-9 * steep {
            continue;
        }
        let whole = if curvature > 0.0 { -along / curvature } else { -radius * along.signum() };
        bounded |= whole.abs() >= radius;
        step.scaled_add(whole.clamp(-radius, radius), &axis);
    }
    (step, bounded)
}
