//! The critical points of a function of one variable on an interval: where its derivative is zero, or jumps across zero.
//!
//! The derivative is looked at on a grid that is halved wherever it is not nearly straight between neighbours. A change of its sign
//! is closed in on by false position with Anderson and Björck's correction (BIT 13, 1973), guarded by halving; where it only
//! touches zero, the second derivative changes sign.

use std::cell::RefCell;

use super::derivative::{Method, Options, at};
use super::ladder::Place;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// Intervals of the first grid, how often one may be halved, and how many points are looked at in all.
const GRID: usize = 96;
const HALVINGS: usize = 7;
const MOST_POINTS: usize = 3000;

/// What a critical point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The function is higher on all sides.
    Minimum,
    /// The function is lower on all sides.
    Maximum,
    /// The function rises on both sides of a flat point, or falls on both.
    Inflection,
    /// Of many variables: higher in some directions and lower in others.
    Saddle,
    /// The derivatives do not tell.
    Undecided,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Minimum => "minimum",
            Kind::Maximum => "maximum",
            Kind::Inflection => "inflection",
            Kind::Saddle => "saddle",
            Kind::Undecided => "undecided",
        }
    }
}

/// A critical point on an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CriticalPoint {
    /// Where it is.
    pub x: f64,
    /// How far from there it may be.
    pub error: f64,
    /// The function there.
    pub value: f64,
    /// What it is.
    pub kind: Kind,
    /// The second derivative; NaN at a corner.
    pub curvature: f64,
    /// Whether the function has a corner there instead of a flat point.
    pub corner: bool,
}

/// The critical points on an interval.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CriticalPoints {
    /// In rising order.
    pub points: Vec<CriticalPoint>,
    /// Stretches on which the function is constant: every point of them is critical.
    pub flat: Vec<(f64, f64)>,
    /// Whether the derivative was nearly straight between all neighbours in the end. If not, points may be missing.
    pub resolved: bool,
    /// Whether the function has a derivative anywhere on the grid.
    pub seen: bool,
    /// How often `f` and the derivatives were called.
    pub evaluations: usize,
}

/// The critical points of `f` between `a` and `b`, ends included where the derivative is zero there.
///
/// `f` gives NaN where it is not defined and is never called outside the interval. Found are all zeros of the derivative at which it
/// changes its sign and that lie further apart than the grid is fine, most of those where it only touches zero, and corners
/// that are highest or lowest. Poles and jumps are left out.
///
/// ```
/// use underhood::calculus::{Kind, critical_points};
/// use underhood::Error;
///
/// let found = critical_points(|x: f64| Ok::<_, Error>(x.powi(3) - 3.0 * x), -2.0, 2.0)?;
/// let kinds: Vec<Kind> = found.points.iter().map(|point| point.kind).collect();
/// assert_eq!(kinds, [Kind::Maximum, Kind::Minimum]);
/// assert!((found.points[1].x - 1.0).abs() < 1e-9);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for an end that is not finite or a `b` that is not above `a`; whatever `f` returns as its error.
pub fn critical_points<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    a: f64,
    b: f64,
) -> std::result::Result<CriticalPoints, E> {
    let mut caught = Caught::new("critical_points");
    let found = on_interval(&mut |x| caught.catch(f(x)), a, b);
    caught.release(found)
}

fn on_interval(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, b: f64) -> Result<CriticalPoints> {
    check::in_range("critical_points", "a", a, a.is_finite(), "finite")?;
    check::in_range("critical_points", "b", b, b.is_finite() && b > a, "finite and above a")?;
    let calls = RefCell::new(0usize);
    let f = RefCell::new(f);
    let inside = |x: f64| -> Result<f64> {
        if !(a..=b).contains(&x) {
            return Ok(f64::NAN);
        }
        *calls.borrow_mut() += 1;
        (f.borrow_mut())(x)
    };
    let derivative = |x: f64, order: usize| -> Result<Slopes> {
        let options = Options { order, method: Method::Auto, step: None };
        let found = at(&mut |x| inside(x), &Place::number(x, inside(x)?), &options)?;
        let value = if found.error < found.value.abs().max(1.0) { found.value } else { f64::NAN };
        Ok(Slopes { value, error: found.error })
    };
    let mut search = Search { a, b, f: &inside, derivative: &derivative, nodes: Vec::new(), resolved: true };
    search.look()?;
    let (points, flat) = search.find()?;
    let seen = search.nodes.iter().any(|node| node.1.value.is_finite());
    let evaluations = *calls.borrow();
    Ok(CriticalPoints { points, flat, resolved: search.resolved, seen, evaluations })
}

#[derive(Debug, Clone, Copy)]
struct Slopes {
    value: f64,
    error: f64,
}

/// The derivative on the grid.
struct Search<'a> {
    a: f64,
    b: f64,
    f: &'a dyn Fn(f64) -> Result<f64>,
    derivative: &'a dyn Fn(f64, usize) -> Result<Slopes>,
    nodes: Vec<(f64, Slopes)>,
    resolved: bool,
}

/// Stretches of the axis, from and to.
type Stretches = Vec<(f64, f64)>;

impl Search<'_> {
    /// Looks at the derivative on a grid that suits it.
    fn look(&mut self) -> Result<()> {
        let slope = |x: f64| (self.derivative)(x, 1);
        let grid = |k: usize| if k == GRID { self.b } else { self.a + (self.b - self.a) / GRID as f64 * k as f64 };
        let first = (0..=GRID).map(|k| Ok((grid(k), slope(grid(k))?))).collect::<Result<Vec<_>>>()?;
        let mut sizes: Vec<f64> = first.iter().map(|node| node.1.value.abs()).filter(|size| size.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        let typical = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let mut left = first[0];
        let mut nodes = vec![left];
        let mut resolved = true;
        for &right in &first[1..] {
            // Depth first from the left, with what is still to be looked at on a stack.
            let mut pending = vec![(right, 0)];
            while let Some((right, depth)) = pending.pop() {
                let middle = 0.5 * left.0 + 0.5 * right.0;
                if middle <= left.0 || middle >= right.0 {
                    nodes.push(right);
                    left = right;
                    continue;
                }
                let between = (middle, slope(middle)?);
                let straight = 0.5 * left.1.value + 0.5 * right.1.value;
                let size = left.1.value.abs().max(right.1.value.abs()).max(between.1.value.abs());
                let apart = (between.1.value - straight).abs();
                let (l, m, r) = (left.1.value, between.1.value, right.1.value);
                let seen = apart <= (0.1 * size).max(1e-4 * typical) || (l.is_nan() && r.is_nan());
                if seen || depth == HALVINGS || nodes.len() > MOST_POINTS {
                    // A jump or a pole that is passed without turning back hides nothing.
                    let turned = (m > l && m > r) || (m < l && m < r);
                    let passed = !turned && nodes.len() <= MOST_POINTS;
                    resolved &= seen || passed;
                    nodes.extend([between, right]);
                    left = right;
                } else {
                    pending.push((right, depth + 1));
                    pending.push((between, depth + 1));
                }
            }
        }
        self.nodes = nodes;
        self.resolved = resolved;
        Ok(())
    }

    /// What the derivative's signs and its smallest values tell.
    fn find(&mut self) -> Result<(Vec<CriticalPoint>, Stretches)> {
        let mut points: Vec<CriticalPoint> = Vec::new();
        let mut flat: Vec<(f64, f64)> = Vec::new();
        let nodes = self.nodes.clone();
        let zero = |k: usize| {
            nodes[k].1.value == 0.0 || nodes[k].1.value.abs() <= nodes[k].1.error && nodes[k].1.error < 1e-300
        };
        // The sign of the derivative outwards from a node, from the first at which it is more than its error.
        let firm = |&j: &usize| nodes[j].1.value.abs() > 4.0 * nodes[j].1.error;
        let sign = |found: Option<usize>| found.map_or(0.0, |j| nodes[j].1.value.signum());
        let below = |k: usize| sign((0..k).rev().find(firm));
        let above = |k: usize| sign((k..nodes.len()).find(firm));
        let mut k = 0;
        while k < nodes.len() {
            if zero(k) {
                let last = (k..nodes.len()).take_while(|&j| zero(j)).last().unwrap_or(k);
                if last > k + 1 {
                    flat.extend(self.level(&nodes[k..=last])?);
                } else {
                    points.push(self.point(nodes[k].0, (below(k), above(last + 1)), false)?);
                }
                k = last + 1;
                continue;
            }
            if k + 1 < nodes.len() && nodes[k].1.value * nodes[k + 1].1.value < 0.0 {
                points.extend(self.crossing(nodes[k], nodes[k + 1], (below(k + 1), above(k + 1)))?);
            } else if k > 0 && k + 1 < nodes.len() && nodes[k].1.value.is_nan() {
                // A corner that is on the grid has no derivative.
                if nodes[k - 1].1.value * nodes[k + 1].1.value < 0.0 {
                    points.extend(self.crossing(nodes[k - 1], nodes[k + 1], (below(k), above(k + 1)))?);
                }
            } else if k > 0 && k + 1 < nodes.len() {
                points.extend(self.touching(nodes[k - 1], nodes[k], nodes[k + 1])?);
            }
            k += 1;
        }
        points.sort_by(|p, q| p.x.total_cmp(&q.x));
        points.dedup_by(|p, q| (p.x - q.x).abs() <= 1e-7 * (self.b - self.a).min(1.0).max(q.x.abs()));
        Ok((points, flat))
    }

    /// The stretches of one value among points without slope: a step function has several.
    fn level(&self, nodes: &[(f64, Slopes)]) -> Result<Vec<(f64, f64)>> {
        let mut stretches: Vec<(f64, f64, f64)> = Vec::new();
        for node in nodes {
            let value = (self.f)(node.0)?;
            match stretches.last_mut() {
                Some(stretch) if stretch.2 == value => stretch.1 = node.0,
                _ => stretches.push((node.0, node.0, value)),
            }
        }
        Ok(stretches
            .into_iter()
            .filter(|stretch| stretch.1 > stretch.0)
            .map(|stretch| (stretch.0, stretch.1))
            .collect())
    }

    /// The zero of the derivative between two points where its signs differ; or a corner; or nothing, at a pole or a jump.
    fn crossing(&self, left: (f64, Slopes), right: (f64, Slopes), sides: (f64, f64)) -> Result<Option<CriticalPoint>> {
        let slope = |x: f64| Ok((self.derivative)(x, 1)?.value);
        let (x, low, high) = enclosed(&slope, (left.0, left.1.value), (right.0, right.1.value))?;
        let found = (self.derivative)(x, 1)?;
        let flattest = left.1.value.abs().max(right.1.value.abs());
        if found.value.abs() <= 1e-6 * flattest || found.value.abs() <= 4.0 * found.error {
            return self.point(x, sides, false).map(Some);
        }
        // The derivative does not come down to zero: a corner, if the function itself stays together.
        let near = 1e-7 * (right.0 - left.0);
        let (low, high) = (low.max(x - near), high.min(x + near));
        let (below, at, above) = ((self.f)(low)?, (self.f)(x)?, (self.f)(high)?);
        if !at.is_finite() {
            return Ok(None);
        }
        let steep = (high - low) * 4.0 * flattest + 64.0 * f64::EPSILON * at.abs();
        if (below - at).abs() <= steep && (above - at).abs() <= steep {
            return self.point(x, sides, true).map(Some);
        }
        Ok(None)
    }

    /// A zero of the derivative near its smallest value among three neighbours of one sign.
    fn touching(
        &self,
        left: (f64, Slopes),
        middle: (f64, Slopes),
        right: (f64, Slopes),
    ) -> Result<Option<CriticalPoint>> {
        let sizes = [left, middle, right].map(|node| node.1.value.abs());
        if !(sizes[1] <= sizes[0] && sizes[1] <= sizes[2]) || left.1.value * right.1.value <= 0.0 {
            return Ok(None);
        }
        let bend = |x: f64| Ok((self.derivative)(x, 2)?.value);
        let (start, end) = (bend(left.0)?, bend(right.0)?);
        if !(start * end < 0.0) {
            return Ok(None);
        }
        let (x, ..) = enclosed(&bend, (left.0, start), (right.0, end))?;
        let found = (self.derivative)(x, 1)?;
        if found.value.abs() <= 1e-9 * sizes[0].max(sizes[2]) || found.value.abs() <= found.error {
            let sides = (left.1.value.signum(), right.1.value.signum());
            return self.point(x, sides, false).map(Some);
        }
        Ok(None)
    }

    fn point(&self, x: f64, (left, right): (f64, f64), corner: bool) -> Result<CriticalPoint> {
        let value = (self.f)(x)?;
        let nothing = Slopes { value: f64::NAN, error: f64::INFINITY };
        let bend = if corner { nothing } else { (self.derivative)(x, 2)? };
        // The slopes on both sides say it, where they are known: a second derivative next to an inflection is small, not zero.
        let kind = if left * right > 0.0 {
            Kind::Inflection
        } else if left * right < 0.0 {
            if left < 0.0 { Kind::Minimum } else { Kind::Maximum }
        } else if bend.value > 4.0 * bend.error {
            Kind::Minimum
        } else if bend.value < -4.0 * bend.error {
            Kind::Maximum
        } else {
            Kind::Undecided
        };
        let slope = if corner { 0.0 } else { (self.derivative)(x, 1)?.error };
        let last = 4.0 * f64::EPSILON * x.abs();
        let error = if corner || !(bend.value.abs() > bend.error) {
            last.max(1e-9 * (self.b - self.a))
        } else {
            last + slope / bend.value.abs()
        };
        Ok(CriticalPoint { x, error, value, kind, curvature: bend.value, corner })
    }
}

/// Where `f` crosses zero between two points of different signs, with the bracket that is left.
fn enclosed(
    f: &dyn Fn(f64) -> Result<f64>,
    (mut a, mut fa): (f64, f64),
    (mut b, mut fb): (f64, f64),
) -> Result<(f64, f64, f64)> {
    let (mut x, mut halvings) = (0.5 * a + 0.5 * b, 0);
    for _ in 0..120 {
        let width = b - a;
        if width <= 4.0 * f64::EPSILON * a.abs().max(b.abs()) || width < 1e-290 {
            break;
        }
        let position = b - fb * (b - a) / (fb - fa);
        x = if halvings > 2 || !(position > a && position < b) { 0.5 * a + 0.5 * b } else { position };
        let fx = f(x)?;
        if fx == 0.0 || fx.is_nan() {
            return Ok((x, a, b));
        }
        if fx.signum() == fa.signum() {
            let factor = 1.0 - fx / fa;
            fb *= if factor > 0.0 { factor } else { 0.5 };
            (a, fa) = (x, fx);
        } else {
            let factor = 1.0 - fx / fb;
            fa *= if factor > 0.0 { factor } else { 0.5 };
            (b, fb) = (x, fx);
        }
        halvings = if b - a > 0.5 * width { halvings + 1 } else { 0 };
    }
    Ok((x, a, b))
}
