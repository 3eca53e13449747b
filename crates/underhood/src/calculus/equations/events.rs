//! Events: where a function g(t, y) crosses zero along the solution.
//!
//! g is looked at between the steps as well as at their ends, since a method of high order takes long ones; where its sign changes, the
//! crossing is found on the interpolant.

use super::dense::nested;
use super::scheme::Now;
use crate::error::Result;

/// Which crossings count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// All.
    #[default]
    Either,
    /// From negative to positive.
    Rising,
    /// From positive to negative.
    Falling,
}

/// What is asked of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Crossing {
    /// Which crossings count.
    pub direction: Direction,
    /// At which of them the integration ends: 1 for the first; none if it goes on.
    pub terminal: Option<usize>,
}

/// g(t, y) of the event with this number.
pub(super) type Signal<'a> = dyn FnMut(usize, f64, &[f64]) -> Result<f64> + 'a;

/// The events found so far, and the sign that each g had last.
pub(super) struct Events<'a> {
    crossings: &'a [Crossing],
    signal: &'a mut Signal<'a>,
    before: Vec<f64>,
    pub(super) times: Vec<Vec<f64>>,
    pub(super) points: Vec<Vec<f64>>,
    point: Vec<f64>,
}

/// How often a step is divided to look for crossings: a step of order 8 takes twelve slopes and more, and a value of g costs no more than one
/// of those. Where so many signs change that others may be missed between them, it is divided further, so often at most; two crossings
/// within a twelfth of a step, with none else in it, may still be missed.
const PARTS: usize = 12;
const MOST_PARTS: usize = 12 << 9;
/// Changes of sign are all seen if there are so many parts for each.
const PARTS_A_CHANGE: usize = 4;

impl<'a> Events<'a> {
    /// At the start, where a g that is zero has not crossed.
    pub(super) fn new(crossings: &'a [Crossing], signal: &'a mut Signal<'a>, now: &Now) -> Result<Self> {
        let before = (0..crossings.len()).map(|k| signal(k, now.t, &now.y)).collect::<Result<Vec<f64>>>()?;
        let empty = vec![Vec::new(); crossings.len()];
        Ok(Events { crossings, signal, before, times: empty.clone(), points: empty, point: now.y.clone() })
    }

    /// Whether any are looked for.
    pub(super) fn any(&self) -> bool {
        !self.crossings.is_empty()
    }

    /// Finds the crossings in an accepted step; gives the event that ends the integration and θ where it does.
    pub(super) fn search(&mut self, now: &Now, coefficients: &[f64]) -> Result<Option<(usize, f64)>> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for event in 0..self.crossings.len() {
            let values = self.samples(event, now, coefficients)?;
            let parts = values.len() as f64;
            let mut from = 0.0;
            for (part, after) in values.into_iter().enumerate() {
                let to = (part + 1) as f64 / parts;
                let before = self.before[event];
                let crosses = (before < 0.0 && after >= 0.0) || (before > 0.0 && after <= 0.0);
                let wanted = match self.crossings[event].direction {
                    Direction::Either => true,
                    Direction::Rising => before < 0.0,
                    Direction::Falling => before > 0.0,
                };
                if crosses && wanted {
                    found.push((self.root(event, now, coefficients, (from, before), (to, after))?, event));
                }
                self.before[event] = after;
                from = to;
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (theta, event) in found {
            nested(&now.y, coefficients, theta, &mut self.point);
            self.times[event].push(now.t + theta * now.h);
            self.points[event].extend_from_slice(&self.point);
            if self.crossings[event].terminal.is_some_and(|count| self.times[event].len() >= count) {
                return Ok(Some((event, theta)));
            }
        }
        Ok(None)
    }

    /// g at even parts of the step, so many that no change of its sign hides between two others.
    fn samples(&mut self, event: usize, now: &Now, coefficients: &[f64]) -> Result<Vec<f64>> {
        let mut parts = PARTS;
        loop {
            let at = |part: usize| part as f64 / parts as f64;
            let values =
                (1..=parts).map(|part| self.value(event, now, coefficients, at(part))).collect::<Result<Vec<f64>>>()?;
            let changes = values.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
            if PARTS_A_CHANGE * changes <= parts || parts >= MOST_PARTS {
                return Ok(values);
            }
            parts *= 2;
        }
    }

    fn value(&mut self, event: usize, now: &Now, coefficients: &[f64], theta: f64) -> Result<f64> {
        nested(&now.y, coefficients, theta, &mut self.point);
        (self.signal)(event, now.t + theta * now.h, &self.point)
    }

    /// The zero between two signs: false position with the Illinois rule, and halving where that is slow.
    fn root(
        &mut self,
        event: usize,
        now: &Now,
        coefficients: &[f64],
        (mut a, mut at_a): (f64, f64),
        (mut b, mut at_b): (f64, f64),
    ) -> Result<f64> {
        let close = 2.0 * f64::EPSILON * (1.0 + (now.t / now.h).abs());
        let mut width = b - a;
        for iteration in 0..120 {
            if at_b == 0.0 {
                return Ok(b);
            }
            if (b - a).abs() <= close {
                break;
            }
            let halve = iteration % 3 == 2 && (b - a).abs() > 0.5 * width.abs();
            if iteration % 3 == 2 {
                width = b - a;
            }
            let secant = b - at_b * (b - a) / (at_b - at_a);
            let inside = (secant - a) * (secant - b) < 0.0;
            let next = if halve || !inside { 0.5 * (a + b) } else { secant };
            let at_next = self.value(event, now, coefficients, next)?;
            if at_next.is_nan() {
                break;
            }
            if (at_next < 0.0) == (at_b < 0.0) && at_next != 0.0 {
                at_a *= 0.5;
            } else {
                (a, at_a) = (b, at_b);
            }
            (b, at_b) = (next, at_next);
        }
        Ok(b)
    }
}
