//! The function that is minimised, as the solvers see it: a landscape inside a box, with walls where it has no finite value, and
//! a slope that is the caller's or comes from differences. Every call is counted, and none is made outside the box.
//!
//! The steps of the differences balance truncation against rounding: P. E. Gill, W. Murray, M. H. Wright, *Practical
//! Optimization* (1981), §8.6. Where a bound or a wall is too near for both sides, three points on one side serve.

use super::place::Place;
use crate::error::Result;
use crate::optimize::lengths::dot;

/// A caller's function from a point to a value.
pub(super) type Value<'a> = &'a mut dyn FnMut(&[f64]) -> Result<f64>;
/// One that writes the gradient, or the Hessian row by row.
pub(super) type Fill<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;
/// One that writes the product of the Hessian at a point with a vector.
pub(super) type Product<'a> = &'a mut dyn FnMut(&[f64], &[f64], &mut [f64]) -> Result<()>;

/// How a gradient is computed from values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Accuracy {
    /// One value a coordinate; error of order h. Good enough to begin with.
    Forward,
    /// Two values a coordinate; error of order h².
    Central,
    /// Four values a coordinate: Richardson's extrapolation of two central differences; error of order h⁴.
    Extrapolated,
}

pub(super) struct Landscape<'a> {
    value: Value<'a>,
    gradient: Option<Fill<'a>>,
    hessian: Option<Fill<'a>>,
    product: Option<Product<'a>>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) accuracy: Accuracy,
    pub(super) values: usize,
    pub(super) gradients: usize,
    pub(super) hessians: usize,
    /// The last Hessian that was asked for its products, and where.
    matrix: Vec<f64>,
    matrix_at: Vec<f64>,
    /// Room for a point near the one at hand.
    moved: Vec<f64>,
    /// The second derivatives that central differences give beside the first ones, 0 where unknown.
    bends: Vec<f64>,
    /// The step of each extrapolated difference as a part of the coordinate's scale.
    steps: Vec<f64>,
}

/// The derivatives that the caller knows.
#[derive(Default)]
pub(super) struct Known<'a> {
    pub(super) gradient: Option<Fill<'a>>,
    pub(super) hessian: Option<Fill<'a>>,
    pub(super) product: Option<Product<'a>>,
}

/// ε^(1/3): the step of central differences, as a part of the coordinate's scale.
const CENTRAL: f64 = 6.055e-6;
/// ε^(1/5): the same of extrapolated ones, to begin with.
const EXTRAPOLATED: f64 = 7.4e-4;
/// ε^(1/2), nearly: the same of differences to one side.
const FORWARD: f64 = 3e-8;
/// ε^(1/4): the same of second differences.
pub(super) const SECOND: f64 = 1.22e-4;

impl<'a> Landscape<'a> {
    pub(super) fn new(value: Value<'a>, known: Known<'a>, (lower, upper): (Vec<f64>, Vec<f64>)) -> Self {
        let n = lower.len();
        let numerical = if known.gradient.is_none() { n } else { 0 };
        Landscape {
            value,
            gradient: known.gradient,
            hessian: known.hessian,
            product: known.product,
            lower,
            upper,
            accuracy: Accuracy::Central,
            values: 0,
            gradients: 0,
            hessians: 0,
            matrix: Vec::new(),
            matrix_at: Vec::new(),
            moved: vec![0.0; n],
            bends: vec![0.0; numerical],
            steps: vec![EXTRAPOLATED; numerical],
        }
    }

    /// Whether gradients come from differences.
    pub(super) fn numerical(&self) -> bool {
        self.gradient.is_none()
    }

    /// From now on, gradients at least this accurate; the one at `here` is computed anew if need be.
    pub(super) fn refine(&mut self, accuracy: Accuracy, here: &mut Place) -> Result<()> {
        if self.numerical() && self.accuracy < accuracy {
            self.accuracy = accuracy;
            self.slope(&here.x, here.value, &mut here.slope)?;
        }
        Ok(())
    }

    /// The second derivatives that the last central differences gave; empty for a given gradient.
    pub(super) fn bends(&self) -> &[f64] {
        &self.bends
    }

    pub(super) fn has_curvature(&self) -> bool {
        self.hessian.is_some() || self.product.is_some()
    }

    /// f(x); whatever is not finite is a wall, infinitely high.
    #[inline]
    pub(super) fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.values += 1;
        let value = (self.value)(x)?;
        Ok(if value.is_finite() { value } else { f64::INFINITY })
    }

    /// The gradient at x, where the value is `here`; false if it is not finite.
    pub(super) fn slope(&mut self, x: &[f64], here: f64, into: &mut [f64]) -> Result<bool> {
        match &mut self.gradient {
            Some(gradient) => {
                self.gradients += 1;
                gradient(x, into)?;
                if into.iter().any(|slope| !slope.is_finite()) {
                    self.at_the_bounds(x, here, into)?;
                }
            }
            None => {
                self.moved.copy_from_slice(x);
                for i in 0..x.len() {
                    into[i] = match self.accuracy {
                        Accuracy::Forward => self.forward(i, here)?,
                        Accuracy::Central => self.central(i, here)?,
                        Accuracy::Extrapolated => self.extrapolated(i, here)?,
                    };
                }
            }
        }
        Ok(into.iter().all(|slope| slope.is_finite()))
    }

    /// Slopes that are not finite at a bound, as √x has one at 0, by differences into the box: their sign tells whether the bound holds x.
    fn at_the_bounds(&mut self, x: &[f64], here: f64, into: &mut [f64]) -> Result<()> {
        self.moved.copy_from_slice(x);
        let mut value = here;
        for i in 0..x.len() {
            let (low, high) = (x[i] <= self.lower[i], x[i] >= self.upper[i]);
            if into[i].is_finite() || low == high {
                continue;
            }
            if value.is_nan() {
                value = self.along(i, x[i])?;
            }
            let h = FORWARD * self.scale(i, x[i]);
            let to = if low { x[i] + h } else { x[i] - h };
            into[i] = (self.along(i, to)? - value) / (to - x[i]);
        }
        Ok(())
    }

    /// f where coordinate i is moved to `to`.
    fn along(&mut self, i: usize, to: f64) -> Result<f64> {
        let from = std::mem::replace(&mut self.moved[i], to);
        self.values += 1;
        let value = (self.value)(&self.moved)?;
        self.moved[i] = from;
        Ok(if value.is_finite() { value } else { f64::INFINITY })
    }

    /// The step of central differences.
    pub(super) fn central_step(&self, i: usize, at: f64) -> f64 {
        CENTRAL * self.scale(i, at)
    }

    /// The length over which coordinate i is expected to matter.
    fn scale(&self, i: usize, at: f64) -> f64 {
        let room = self.upper[i] - self.lower[i];
        at.abs().max(0.1).min(room)
    }

    /// Whether both neighbours at this distance are inside the box.
    fn fits(&self, i: usize, at: f64, h: f64) -> bool {
        at - h >= self.lower[i] && at + h <= self.upper[i]
    }

    /// The step at which truncation, ½ f″ h, and rounding, ε f / h, weigh the same.
    fn forward(&mut self, i: usize, here: f64) -> Result<f64> {
        let (at, bend) = (self.moved[i], self.bends[i].abs());
        let scale = self.scale(i, at);
        let best = 2.0 * (f64::EPSILON * here.abs() / bend).sqrt();
        let usual = FORWARD * scale;
        let h = if best.is_finite() && best > 0.0 { best.clamp(1e-3 * usual, 10.0 * usual) } else { usual };
        let to = if at + h <= self.upper[i] { at + h } else { at - h };
        if to < self.lower[i] || to == at {
            return self.central(i, here);
        }
        let value = self.along(i, to)?;
        if value.is_finite() { Ok((value - here) / (to - at)) } else { self.central(i, here) }
    }

    fn central(&mut self, i: usize, here: f64) -> Result<f64> {
        let at = self.moved[i];
        let mut h = CENTRAL * self.scale(i, at);
        self.bends[i] = 0.0;
        if at + h == at && at - h == at {
            return self.across(i, here);
        }
        if self.fits(i, at, h) {
            let (high, low) = (at + h, at - h);
            let (above, below) = (self.along(i, high)?, self.along(i, low)?);
            if above.is_finite() && below.is_finite() {
                self.bends[i] = ((above - here) / (high - at) - (here - below) / (at - low)) / (0.5 * (high - low));
                return Ok((above - below) / (high - low));
            }
        }
        // One side: −3 f(x) + 4 f(x + h) − f(x + 2h) over 2h, with the side that has more room tried first.
        let mut side = if self.upper[i] - at >= at - self.lower[i] { 1.0 } else { -1.0 };
        for _ in 0..8 {
            for _ in 0..2 {
                let (near, far) = (at + side * h, at + 2.0 * side * h);
                if near != at && far != near && far >= self.lower[i] && far <= self.upper[i] {
                    let (one, two) = (self.along(i, near)?, self.along(i, far)?);
                    if one.is_finite() && two.is_finite() {
                        return Ok((4.0 * (one - here) - (two - here)) / (far - at));
                    }
                }
                side = -side;
            }
            h *= 0.1;
        }
        Ok(f64::NAN)
    }

    /// The slope from bound to bound where they are only a few numbers apart, too few for any step between them.
    fn across(&mut self, i: usize, here: f64) -> Result<f64> {
        let (low, high) = (self.lower[i], self.upper[i]);
        if low == high {
            return Ok(0.0);
        }
        let at = self.moved[i];
        let below = if at == low { here } else { self.along(i, low)? };
        let above = if at == high { here } else { self.along(i, high)? };
        Ok((above - below) / (high - low))
    }

    fn extrapolated(&mut self, i: usize, here: f64) -> Result<f64> {
        let at = self.moved[i];
        let h = self.steps[i] * self.scale(i, at);
        if h == 0.0 || !self.fits(i, at, 2.0 * h) {
            return self.central(i, here);
        }
        let (one, two) = (at + h, at + 2.0 * h);
        let (other_one, other_two) = (at - h, at - 2.0 * h);
        let values = [self.along(i, one)?, self.along(i, other_one)?, self.along(i, two)?, self.along(i, other_two)?];
        if values.iter().any(|value| !value.is_finite()) {
            return self.central(i, here);
        }
        let near = (values[0] - values[1]) / (one - other_one);
        let far = (values[2] - values[3]) / (two - other_two);
        // What the extrapolation takes away is an upper bound of what it leaves; rounding leaves ε f / h.
        let (truncation, largest) = ((near - far).abs() / 3.0, values.iter().fold(here.abs(), |m, v| m.max(v.abs())));
        let rounding = f64::EPSILON * largest / h;
        let factor =
            if truncation * truncation > 1e-6 * near.abs() * rounding.max(1e-14 * near.abs()) { 0.5 } else { 1.5 };
        self.steps[i] = (self.steps[i] * factor).clamp(0.02 * EXTRAPOLATED, 4.0 * EXTRAPOLATED);
        Ok((4.0 * near - far) / 3.0)
    }

    /// The Hessian at x, row by row: the caller's, or by differences of gradients or of values. False if it is not finite.
    /// Differences of gradients take both sides of each coordinate if they are to be `careful`, else one.
    pub(super) fn hessian(
        &mut self,
        x: &[f64],
        (here, slope): (f64, &[f64]),
        careful: bool,
        into: &mut [f64],
    ) -> Result<bool> {
        let n = x.len();
        if let Some(hessian) = &mut self.hessian {
            self.hessians += 1;
            hessian(x, into)?;
        } else if let Some(product) = &mut self.product {
            let mut unit = vec![0.0; n];
            for i in 0..n {
                unit[i] = 1.0;
                self.hessians += 1;
                product(x, &unit, &mut into[i * n..(i + 1) * n])?;
                unit[i] = 0.0;
            }
        } else if self.gradient.is_some() {
            self.differences_of_slopes(x, slope, careful, into)?;
        } else {
            self.second_differences(x, here, into)?;
        }
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * (into[i * n + j] + into[j * n + i]);
                (into[i * n + j], into[j * n + i]) = (mean, mean);
            }
        }
        Ok(into.iter().all(|bend| bend.is_finite()))
    }

    fn differences_of_slopes(&mut self, x: &[f64], slope: &[f64], careful: bool, into: &mut [f64]) -> Result<()> {
        let n = x.len();
        let (mut above, mut below) = (vec![0.0; n], vec![0.0; n]);
        let mut moved = x.to_vec();
        for i in 0..n {
            let h = if careful { CENTRAL } else { FORWARD } * self.scale(i, x[i]);
            let row = &mut into[i * n..(i + 1) * n];
            let (high, low) = ((x[i] + h).min(self.upper[i]), (x[i] - h).max(self.lower[i]));
            if high <= low {
                row.fill(0.0);
                continue;
            }
            let mut ends = [(x[i], slope), (x[i], slope)];
            if high > x[i] {
                moved[i] = high;
                if self.slope(&moved, f64::NAN, &mut above)? {
                    ends[0] = (high, &above);
                }
            }
            if low < x[i] && (careful || ends[0].0 == x[i]) {
                moved[i] = low;
                if self.slope(&moved, f64::NAN, &mut below)? {
                    ends[1] = (low, &below);
                }
            }
            moved[i] = x[i];
            for ((row, above), below) in row.iter_mut().zip(ends[0].1).zip(ends[1].1) {
                *row = (above - below) / (ends[0].0 - ends[1].0);
            }
        }
        Ok(())
    }

    fn second_differences(&mut self, x: &[f64], here: f64, into: &mut [f64]) -> Result<()> {
        let n = x.len();
        self.moved.copy_from_slice(x);
        // Each coordinate's step, and the centre of its differences: x itself where the box leaves room on both sides.
        let usable = |x: f64, step: f64| (x + step != x || x - step != x) && step * step > 0.0;
        let steps = (0..n).map(|i| (x[i], SECOND * self.scale(i, x[i])));
        let steps: Vec<f64> = steps.map(|(x, step)| if usable(x, step) { step } else { 0.0 }).collect();
        for i in 0..n {
            self.moved[i] = x[i].max(self.lower[i] + steps[i]).min(self.upper[i] - steps[i]);
        }
        let centre = self.moved.clone();
        let here = if centre == x { here } else { self.value(&centre)? };
        let mut sides = vec![[0.0; 2]; n];
        for i in 0..n {
            if steps[i] == 0.0 {
                // The bounds leave it no room, and none to its products either.
                sides[i] = [here; 2];
                into[i * n..(i + 1) * n].fill(0.0);
                continue;
            }
            sides[i] = [self.along(i, centre[i] + steps[i])?, self.along(i, centre[i] - steps[i])?];
            into[i * n + i] = (sides[i][0] - 2.0 * here + sides[i][1]) / (steps[i] * steps[i]);
        }
        for i in 0..n {
            for j in 0..i {
                if steps[i] * steps[j] == 0.0 {
                    (into[i * n + j], into[j * n + i]) = (0.0, 0.0);
                    continue;
                }
                self.moved[i] = centre[i] + steps[i];
                let both = self.along(j, centre[j] + steps[j])?;
                self.moved[i] = centre[i] - steps[i];
                let neither = self.along(j, centre[j] - steps[j])?;
                self.moved[i] = centre[i];
                let alone = sides[i][0] + sides[j][0] + sides[i][1] + sides[j][1];
                let mixed = (both + neither + 2.0 * here - alone) / (2.0 * steps[i] * steps[j]);
                (into[i * n + j], into[j * n + i]) = (mixed, mixed);
            }
        }
        Ok(())
    }

    /// The Hessian at x times a direction: the caller's, or the change of the gradient along it.
    pub(super) fn bend(&mut self, x: &[f64], slope: &[f64], direction: &[f64], into: &mut [f64]) -> Result<bool> {
        let n = x.len();
        if let Some(product) = &mut self.product {
            self.hessians += 1;
            product(x, direction, into)?;
        } else if let Some(hessian) = &mut self.hessian {
            if self.matrix_at != x {
                self.hessians += 1;
                self.matrix.resize(n * n, 0.0);
                hessian(x, &mut self.matrix)?;
                self.matrix_at = x.to_vec();
            }
            for (into, row) in into.iter_mut().zip(self.matrix.chunks(n)) {
                *into = dot(row, direction);
            }
        } else {
            let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
            let reach = x.iter().fold(0.1_f64, |m, x| m.max(x.abs()));
            let h = CENTRAL.sqrt() * CENTRAL.powf(0.25) * reach / longest;
            // The way that has room: a bound in it would make it another.
            let leaves = |h: f64| {
                (0..n).any(|i| x[i] + h * direction[i] < self.lower[i] || x[i] + h * direction[i] > self.upper[i])
            };
            let h = [h, -h, 0.01 * h, -0.01 * h].into_iter().find(|h| !leaves(*h)).unwrap_or(h);
            let ahead: Vec<f64> =
                (0..n).map(|i| (x[i] + h * direction[i]).max(self.lower[i]).min(self.upper[i])).collect();
            let here = if self.numerical() { self.value(&ahead)? } else { f64::NAN };
            let finite = self.slope(&ahead, here, into)?;
            into.iter_mut().zip(slope).for_each(|(into, slope)| *into = (*into - slope) / h);
            return Ok(finite);
        }
        Ok(into.iter().all(|bend| bend.is_finite()))
    }

    /// Brings a point into the box.
    #[inline]
    pub(super) fn project(&self, x: &mut [f64]) {
        for ((x, &low), &high) in x.iter_mut().zip(&self.lower).zip(&self.upper) {
            *x = x.max(low).min(high);
        }
    }

    /// Whether coordinate i is held by a bound against which the slope presses it, or has no room at all.
    #[inline]
    pub(super) fn held(&self, i: usize, x: f64, slope: f64) -> bool {
        (x <= self.lower[i] && (slope > 0.0 || x >= self.upper[i])) || (x >= self.upper[i] && slope < 0.0)
    }
}
