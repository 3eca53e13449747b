//! The critical points of a function of one variable on an interval: where its derivative is zero, or jumps across zero.
//!
//! The derivative is looked at on a grid that is halved wherever it is not nearly straight between neighbours, or its logarithm is, or
//! where the function does not rise and fall by what the derivative foretells: between samples a whole number of waves apart every
//! derivative looks straight. A change of its sign is closed in on by false position with Anderson and Björck's correction (BIT 13,
//! 1973), guarded by halving; where it only touches zero, the second derivative changes sign.

use std::cell::RefCell;

use super::derivative::{Method, Options, at};
use super::ladder::Place;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// Intervals of the first grid, how often one may be halved, and how many points and calls are spent on it in all; as many calls again go
/// into the points themselves.
const GRID: usize = 96;
const HALVINGS: usize = 10;
const MOST_POINTS: usize = 30_000;
const MOST_CALLS: usize = 2_000_000;

/// Deviations of this part of the slope from what a straight line foretells hide no zero.
const STRAIGHT: f64 = 0.1;
/// So much of the interval may be without a known slope.
const BLIND: f64 = 1e-2;
/// Slopes with errors above this part of the steepest nearby are not known.
const VAGUE: f64 = 1e-6;
/// A stretch of slopes without a certain sign that is wider than this part of the interval may hold more points than one.
const NARROW: f64 = 3e-5;
/// Where the whole function rises and falls by no more than so many of its last digits, these are all there is to be seen.
const STAIRS: f64 = 1e3;
/// Intervals of the first grid need so many doubles inside.
const DOUBLES: f64 = 1024.0;

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
    /// Whether the derivative explained the function between all neighbours in the end. If not, points may be missing.
    pub resolved: bool,
    /// Whether the function has a derivative anywhere on the grid.
    pub seen: bool,
    /// How often `f` and the derivatives were called.
    pub evaluations: usize,
}

/// The critical points of `f` between `a` and `b`, ends included where the derivative is zero there.
///
/// `f` gives NaN where it is not defined and is never called outside the interval. Found are all zeros of the derivative at which it
/// changes its sign and that lie further apart than the grid is fine, most of those where it only touches zero, and corners and cusps
/// that are highest or lowest. Poles and jumps are left out. An end is a minimum or a maximum as it is on the interval.
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
    let found = on_interval(&mut |x| caught.catch(f(x)), None, a, b);
    caught.release(found)
}

/// The same where the derivatives of `f` are known: `slope(x, order)` gives the first or second one at x, and what rounding may have done to it.
///
/// That takes one call instead of two dozen, and tells points apart that lie too close together for differences of `f`.
///
/// ```
/// use underhood::calculus::critical_points_with;
/// use underhood::Error;
///
/// let slope = |x: f64, order: usize| {
///     let value = if order == 1 { x.cos() } else { -x.sin() };
///     Ok::<_, Error>((value, 4.0 * f64::EPSILON * value.abs()))
/// };
/// let found = critical_points_with(|x: f64| Ok(x.sin()), slope, 0.0, 10.0)?;
/// assert!(found.points.len() == 3 && found.resolved);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`critical_points`]; whatever `slope` returns as its error.
pub fn critical_points_with<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    mut slope: impl FnMut(f64, usize) -> std::result::Result<(f64, f64), E>,
    a: f64,
    b: f64,
) -> std::result::Result<CriticalPoints, E> {
    let caught = RefCell::new(Caught::new("critical_points"));
    let found = on_interval(
        &mut |x| {
            let given = f(x);
            caught.borrow_mut().catch(given)
        },
        Some(&mut |x, order| {
            let given = slope(x, order);
            caught.borrow_mut().catch(given)
        }),
        a,
        b,
    );
    caught.into_inner().release(found)
}

/// A derivative at x, of the first or second order, and its error.
type Known<'f> = dyn FnMut(f64, usize) -> Result<(f64, f64)> + 'f;

fn on_interval(
    f: &mut dyn FnMut(f64) -> Result<f64>,
    known: Option<&mut Known<'_>>,
    a: f64,
    b: f64,
) -> Result<CriticalPoints> {
    check::in_range("critical_points", "a", a, a.is_finite(), "finite")?;
    check::in_range("critical_points", "b", b, b.is_finite() && b > a, "finite and above a")?;
    let calls = RefCell::new(0usize);
    let (f, known) = (RefCell::new(f), RefCell::new(known));
    let inside = |x: f64| -> Result<f64> {
        if !(a..=b).contains(&x) {
            return Ok(f64::NAN);
        }
        *calls.borrow_mut() += 1;
        (f.borrow_mut())(x)
    };
    let derivative = |x: f64, order: usize| -> Result<Slope> {
        let height = inside(x)?;
        if let Some(known) = &mut *known.borrow_mut()
            && height.is_finite()
        {
            *calls.borrow_mut() += 1;
            let (value, error) = known(x, order)?;
            if value.is_finite() && error.is_finite() {
                return Ok(Slope { height, value, rough: value, error });
            }
        }
        let options = Options { order, method: Method::Auto, step: None };
        let found = at(&mut |x| inside(x), &Place::number(x, height), &options)?;
        let value = if found.converged || found.error < found.value.abs() { found.value } else { f64::NAN };
        Ok(Slope { height, value, rough: found.value, error: found.error })
    };
    let spent = |share: usize| *calls.borrow() > share * MOST_CALLS;
    let mut search = Search { a, b, f: &inside, derivative: &derivative, nodes: Vec::new(), resolved: true };
    search.look(&spent)?;
    let (points, flat) = search.find(&spent)?;
    let seen = search.nodes.iter().any(|node| node.1.value.is_finite());
    let evaluations = *calls.borrow();
    Ok(CriticalPoints { points, flat, resolved: search.resolved, seen, evaluations })
}

/// The function at a point, and its derivative there; NaN where it is not known.
#[derive(Debug, Clone, Copy)]
struct Slope {
    height: f64,
    value: f64,
    /// The same, however large its error is.
    rough: f64,
    error: f64,
}

impl Slope {
    /// Whether its sign is certain.
    fn firm(&self) -> bool {
        self.value.abs() > 4.0 * self.error
    }

    /// Its sign, if that is certain; else 0.
    fn sign(&self) -> f64 {
        if self.firm() { self.value.signum() } else { 0.0 }
    }

    /// Whether it is zero exactly.
    fn zero(&self) -> bool {
        self.value == 0.0 || (self.value.abs() <= self.error && self.error < 1e-300)
    }
}

/// A point and the slope there.
type Node = (f64, Slope);

/// The derivative on the grid.
struct Search<'a> {
    a: f64,
    b: f64,
    f: &'a dyn Fn(f64) -> Result<f64>,
    derivative: &'a dyn Fn(f64, usize) -> Result<Slope>,
    nodes: Vec<Node>,
    resolved: bool,
}

/// Stretches of the axis, from and to.
type Stretches = Vec<(f64, f64)>;

/// Whether the slopes at both ends and in the middle tell what the function does between them.
fn explained(nodes: [Node; 3]) -> bool {
    let [left, middle, right] = nodes.map(|node| node.1);
    if nodes.iter().all(|node| !node.1.height.is_finite()) {
        return true;
    }
    let (l, m, r) = (left.value, middle.value, right.value);
    let size = l.abs().max(m.abs()).max(r.abs());
    let noise = 4.0 * left.error.max(middle.error).max(right.error);
    let straight = (m - (0.5 * l + 0.5 * r)).abs() <= STRAIGHT * size + noise;
    // The slope of an exponential tail is straight on a logarithmic scale.
    let even = l * m > 0.0 && m * r > 0.0 && ((m / l).ln() - (r / m).ln()).abs() <= STRAIGHT;
    let follows = |from: Node, to: Node| {
        let (start, end) = (from.1.value, to.1.value);
        let mean = if even && !straight && start != end {
            (end - start) / (end / start).ln()
        } else {
            0.5 * start + 0.5 * end
        };
        let scale = if straight { size } else { mean.abs() };
        let width = to.0 - from.0;
        let rounding = 16.0 * f64::EPSILON * from.1.height.abs().max(to.1.height.abs()) + 1e-300;
        ((to.1.height - from.1.height) - mean * width).abs() <= (1.5 * STRAIGHT * scale + noise) * width + rounding
    };
    (straight || even) && follows(nodes[0], nodes[1]) && follows(nodes[1], nodes[2])
}

impl Search<'_> {
    /// Looks at the derivative on a grid that suits it.
    fn look(&mut self, spent: &dyn Fn(usize) -> bool) -> Result<()> {
        let slope = |x: f64| (self.derivative)(x, 1);
        let grid = |k: usize| if k == GRID { self.b } else { self.a + (self.b - self.a) / GRID as f64 * k as f64 };
        let first = (0..=GRID).map(|k| Ok((grid(k), slope(grid(k))?))).collect::<Result<Vec<_>>>()?;
        let mut left = first[0];
        let mut nodes = vec![left];
        let (mut resolved, mut blind) = (true, 0.0);
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
                let stretch = [left, between, right];
                let seen = explained(stretch);
                let exhausted = nodes.len() > MOST_POINTS || spent(1);
                if seen || depth == HALVINGS || exhausted {
                    // A jump or a pole that is passed without turning back hides nothing; nor does a turn towards zero, which is looked at later.
                    let (l, m, r) = (left.1.value, between.1.value, right.1.value);
                    let turned = l * r > 0.0 && m * l > 0.0 && m.abs() > l.abs().max(r.abs());
                    let unknown = |node: &Node| node.1.height.is_finite() && node.1.value.is_nan();
                    if stretch.windows(2).any(|pair| pair.iter().all(unknown)) {
                        blind += right.0 - left.0;
                    }
                    resolved &= seen || !(turned || exhausted);
                    nodes.extend([between, right]);
                    left = right;
                } else {
                    pending.push((right, depth + 1));
                    pending.push((between, depth + 1));
                }
            }
        }
        self.nodes = nodes;
        // Next to a cusp there is no slope to be computed; more than that is a function without derivatives.
        self.resolved = resolved && blind <= BLIND * (self.b - self.a) && self.fine_enough();
        Ok(())
    }

    /// Whether doubles are dense enough, both on the axis and where the function's values lie.
    fn fine_enough(&self) -> bool {
        let farthest = self.a.abs().max(self.b.abs());
        let heights = self.nodes.iter().map(|node| node.1.height).filter(|height| height.is_finite());
        let (low, high) =
            heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| (low.min(height), high.max(height)));
        // Known slopes tell what the last digits of the values do not.
        let firm = self.nodes.iter().filter(|node| node.1.firm()).count();
        let staircase = high > low
            && high - low <= STAIRS * f64::EPSILON * high.abs().max(low.abs())
            && 2 * firm < self.nodes.len();
        (self.b - self.a) / GRID as f64 > DOUBLES * f64::EPSILON * farthest && !staircase
    }

    /// Forgets slopes whose errors are not small beside the steepest nearby, and whose sign is not certain either.
    fn forget_vague(&mut self) {
        let reach = 0.1 * (self.b - self.a);
        // The steepest slope in each tenth of the interval.
        let place = |x: f64| (((x - self.a) / reach) as usize).min(9);
        let mut steepest = [0.0_f64; 10];
        for (x, slope) in &self.nodes {
            if slope.firm() {
                steepest[place(*x)] = steepest[place(*x)].max(slope.value.abs());
            }
        }
        for (x, slope) in &mut self.nodes {
            let at = (((*x - self.a) / reach) as usize).min(9);
            let nearby = steepest[at.saturating_sub(1)..=(at + 1).min(9)].iter().fold(0.0_f64, |m, s| m.max(*s));
            if !slope.firm() && !slope.zero() && slope.error > VAGUE * nearby {
                slope.value = f64::NAN;
            }
        }
    }

    /// What the derivative's signs and its smallest values tell.
    fn find(&mut self, spent: &dyn Fn(usize) -> bool) -> Result<(Vec<CriticalPoint>, Stretches)> {
        self.forget_vague();
        let (mut points, mut flat): (Vec<CriticalPoint>, Stretches) = (Vec::new(), Vec::new());
        let nodes = &self.nodes;
        let last = nodes.len() - 1;
        let sign = |k: Option<usize>| k.and_then(|k| nodes.get(k)).map_or(0.0, |node| node.1.sign());
        let (mut k, mut told) = (0, true);
        while k <= last {
            if spent(2) {
                // Waves too short for the grid have crossings without end.
                told = false;
                break;
            }
            if nodes[k].1.firm() {
                if sign(Some(k)) * sign(Some(k + 1)) < 0.0 {
                    points.extend(self.crossing(nodes[k], nodes[k + 1])?);
                } else if k > 0 && k < last {
                    points.extend(self.touching(nodes[k - 1], nodes[k], nodes[k + 1])?.into_iter().flatten());
                }
                k += 1;
                continue;
            }
            // A run of nodes whose slope is zero as far as can be told, or unknown.
            let unknown = nodes[k].1.value.is_nan();
            let end = (k..=last)
                .take_while(|&j| !nodes[j].1.firm() && nodes[j].1.value.is_nan() == unknown)
                .last()
                .unwrap_or(k);
            let run = &nodes[k..=end];
            let (below, above) = (sign(k.checked_sub(1)), sign(Some(end + 1)));
            if unknown {
                // A corner or a cusp on the grid has no derivative.
                if below * above < 0.0 && run.iter().all(|node| node.1.height.is_finite()) {
                    points.extend(self.crossing(nodes[k - 1], nodes[end + 1])?);
                }
            } else {
                let levels = flat.len();
                points.extend(self.quiet(k, end, (below, above), &mut flat)?);
                told &= flat.len() > levels || run[run.len() - 1].0 - run[0].0 <= NARROW * (self.b - self.a);
            }
            k = end + 1;
        }
        self.resolved &= told;
        points.sort_by(|p, q| p.x.total_cmp(&q.x));
        points.dedup_by(|p, q| (p.x - q.x).abs() <= 1e-7 * (self.b - self.a).min(q.x.abs().max(1.0)));
        Ok((points, flat))
    }

    /// What a run of nodes is whose slope is zero as far as can be told: a level stretch, a point, an end, or nothing.
    fn quiet(
        &self,
        k: usize,
        end: usize,
        (below, above): (f64, f64),
        flat: &mut Stretches,
    ) -> Result<Option<CriticalPoint>> {
        let run = &self.nodes[k..=end];
        let mut level = Vec::new();
        for zeros in run.chunk_by(|p, q| p.1.zero() && q.1.zero()).filter(|zeros| zeros.len() > 2) {
            level.extend(self.level(zeros));
        }
        if !level.is_empty() {
            flat.extend(level);
            return Ok(None);
        }
        let calmest = run.iter().min_by(|p, q| p.1.value.abs().total_cmp(&q.1.value.abs()));
        if below * above < 0.0 {
            return self.crossing(self.nodes[k - 1], self.nodes[end + 1]);
        }
        if below * above > 0.0 {
            return calmest.map(|node| self.point(node.0, (below, above), false)).transpose();
        }
        // At an end the function is higher or lower on the one side that there is.
        let narrow = run[run.len() - 1].0 - run[0].0 <= 0.1 * (self.b - self.a);
        if narrow && k == 0 && above != 0.0 {
            return self.point(self.a, (-above, above), false).map(Some);
        }
        if narrow && end + 1 == self.nodes.len() && below != 0.0 {
            return self.point(self.b, (below, -below), false).map(Some);
        }
        Ok(None)
    }

    /// The stretches of one value among points without slope: a step function has several.
    fn level(&self, nodes: &[Node]) -> Stretches {
        let stretches = nodes.chunk_by(|p, q| p.1.height == q.1.height);
        stretches.filter(|one| one.len() > 1).map(|one| (one[0].0, one[one.len() - 1].0)).collect()
    }

    /// The zero of the derivative between two points where its signs differ; or a corner; or nothing, at a pole or a jump.
    fn crossing(&self, left: Node, right: Node) -> Result<Option<CriticalPoint>> {
        let sides = (left.1.sign(), right.1.sign());
        let slope = |x: f64| Ok((self.derivative)(x, 1)?.value);
        let (mut x, ..) = enclosed(&slope, (left.0, left.1.value), (right.0, right.1.value))?;
        let mut found = (self.derivative)(x, 1)?;
        // Zero itself, where it is no worse than what rounding made of it.
        if x != 0.0 && x.abs() <= 1e-6 * (right.0 - left.0) && (left.0..=right.0).contains(&0.0) {
            let zero = (self.derivative)(0.0, 1)?;
            let flatter = zero.value.abs() <= found.value.abs();
            let further = if sides.0 < 0.0 { zero.height <= found.height } else { zero.height >= found.height };
            if flatter || (zero.value.is_nan() && further) {
                (x, found) = (0.0, zero);
            }
        }
        let flattest = left.1.value.abs().max(right.1.value.abs());
        // Zero to rounding, which leaves it no digits, is zero; at a corner the error is as large as the slopes beside it.
        let vanishes = found.rough.abs() + found.error <= 1e-3 * flattest;
        if found.value.abs() <= 1e-6 * flattest || found.value.abs() <= 4.0 * found.error || vanishes {
            return self.point(x, sides, false).map(Some);
        }
        // The derivative does not come down to zero: a corner or a cusp, if the function itself stays together.
        if self.continuous(x, found.height, right.0 - left.0)? {
            self.point(x, sides, true).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether the function comes to its own value from both sides: what it is still away falls with the distance, or is rounding.
    fn continuous(&self, x: f64, height: f64, width: f64) -> Result<bool> {
        let away = |h: f64| -> Result<f64> {
            let sides = [(self.f)(x - h)?, (self.f)(x + h)?];
            Ok(sides
                .iter()
                .map(|side| (side - height).abs())
                .fold(0.0, |most, side| if side > most || side.is_nan() { side } else { most }))
        };
        let least = 64.0 * f64::EPSILON * x.abs();
        let (far, near) = (away((1e-4 * width).max(100.0 * least))?, away((1e-8 * width).max(least))?);
        Ok(height.is_finite() && (near <= 0.7 * far || near <= 64.0 * f64::EPSILON * height.abs()))
    }

    /// A zero of the derivative near its smallest value among three neighbours of one sign, or two where it passes zero and comes back.
    fn touching(&self, left: Node, middle: Node, right: Node) -> Result<[Option<CriticalPoint>; 2]> {
        let sizes = [left, middle, right].map(|node| node.1.value.abs());
        if !(sizes[1] <= sizes[0] && sizes[1] <= sizes[2]) || left.1.value * right.1.value <= 0.0 {
            return Ok([None, None]);
        }
        let bend = |x: f64| Ok((self.derivative)(x, 2)?.value);
        let (start, end) = (bend(left.0)?, bend(right.0)?);
        if !(start * end < 0.0) {
            return Ok([None, None]);
        }
        let (x, ..) = enclosed(&bend, (left.0, start), (right.0, end))?;
        let found = (self.derivative)(x, 1)?;
        if found.sign() * left.1.sign() < 0.0 {
            let between = (x, found);
            return Ok([self.crossing(left, between)?, self.crossing(between, right)?]);
        }
        if found.value.abs() <= 1e-9 * sizes[0].max(sizes[2]) || found.value.abs() <= found.error {
            let sides = (left.1.value.signum(), right.1.value.signum());
            return Ok([Some(self.point(x, sides, false)?), None]);
        }
        Ok([None, None])
    }

    fn point(&self, x: f64, (left, right): (f64, f64), corner: bool) -> Result<CriticalPoint> {
        let value = (self.f)(x)?;
        let nothing = Slope { height: value, value: f64::NAN, rough: f64::NAN, error: f64::INFINITY };
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
        let curvature = if bend.value.abs() <= bend.error { 0.0 } else { bend.value };
        Ok(CriticalPoint { x, error, value, kind, curvature, corner })
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
