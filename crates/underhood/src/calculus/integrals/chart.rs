//! Where an integrand lives: intervals, half-lines that are folded onto (0, 1], and places seen from one of their ends.
//!
//! Every piece of an integral is described in a coordinate `t` of its chart. A half-line is folded by x = a ± (1/t − 1), so that infinity
//! stands at t = 0, where doubles are densest. The functions are never called outside the limits.

use std::cell::Cell;

use crate::error::Result;

/// A caller's function of many points at once.
pub(super) type Function<'f> = dyn FnMut(&[f64], &mut [f64]) -> Result<()> + 'f;

/// How the coordinate t becomes x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Chart {
    /// x = t.
    Finite,
    /// x = from + (1/t − 1), from `from` to infinity.
    Above { from: f64 },
    /// x = from − (1/t − 1), from minus infinity to `from`.
    Below { from: f64 },
}

impl Chart {
    /// The place at t.
    pub(super) fn place(self, t: f64) -> f64 {
        match self {
            Chart::Finite => t,
            Chart::Above { from } => from + (1.0 - t) / t,
            Chart::Below { from } => from - (1.0 - t) / t,
        }
    }

    /// By how much x changes with t there, in absolute value.
    pub(super) fn slope(self, t: f64) -> f64 {
        if self == Chart::Finite { 1.0 } else { 1.0 / t / t }
    }

    /// The least distance from an end at zero at which functions are called: beyond x = 1e150 the square of x overflows.
    pub(super) fn least(self) -> f64 {
        match self {
            Chart::Finite => 1e-300,
            Chart::Above { .. } | Chart::Below { .. } => 1e-150,
        }
    }
}

/// What is known of inner integrals, when the function under an integral is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inner {
    /// The sum of their absolute values.
    values: f64,
    /// The sum of the integrals of the absolute value.
    sizes: f64,
    /// Whether no more of them may be had.
    spent: bool,
}

impl Inner {
    /// Counts one of them.
    pub(super) fn count(&mut self, value: f64, size: f64) {
        if value.is_finite() && size.is_finite() {
            self.values += value.abs();
            self.sizes += size;
        }
    }

    /// The same, and whether no more may be had.
    pub(super) fn with_end(self, spent: bool) -> Self {
        Inner { spent, ..self }
    }

    /// How much of them cancels: where all of it does, only rounding is left.
    pub(super) fn cancellation(self) -> f64 {
        if self.sizes > self.values { self.sizes / self.values.max(f64::EPSILON * self.sizes) } else { 1.0 }
    }
}

/// The function under the integral, with the count of its calls.
pub(super) struct Integrand<'f> {
    f: &'f mut Function<'f>,
    /// The least and the greatest place where it is called.
    limits: (f64, f64),
    /// How often it was called.
    pub(super) evaluations: usize,
    /// How often it may be called.
    pub(super) most: usize,
    /// How much larger than its values the integrals of absolute values are that they come from, if they are integrals themselves.
    inner: Option<&'f Cell<Inner>>,
    /// Whether this is one of many integrals that will be added up.
    pub(super) is_line_of_many: bool,
    places: Vec<f64>,
}

impl<'f> Integrand<'f> {
    pub(super) fn new(
        f: &'f mut Function<'f>,
        limits: (f64, f64),
        most: usize,
        inner: Option<&'f Cell<Inner>>,
    ) -> Self {
        Integrand { f, limits, evaluations: 0, most, inner, is_line_of_many: false, places: Vec::new() }
    }

    /// The error that rounding leaves in an integral of this size, whatever is done.
    pub(super) fn rounding(&self, size: f64) -> f64 {
        30.0 * f64::EPSILON * size * self.inner.map_or(1.0, |inner| inner.get().cancellation())
    }

    /// Whether all calls are used up.
    pub(super) fn spent(&self) -> bool {
        self.evaluations >= self.most || self.inner.is_some_and(|inner| inner.get().spent)
    }

    /// f(x)·dx/dt at many t.
    pub(super) fn at(&mut self, chart: Chart, t: &[f64], into: &mut [f64]) -> Result<()> {
        let (low, high) = self.limits;
        self.places.clear();
        self.places.extend(t.iter().map(|&t| chart.place(t).clamp(low, high)));
        self.evaluations += t.len();
        (self.f)(&self.places, into)?;
        if chart != Chart::Finite {
            into.iter_mut().zip(t).for_each(|(value, t)| *value = *value / t / t);
        }
        Ok(())
    }

    /// The same at one t.
    pub(super) fn one(&mut self, chart: Chart, t: f64) -> Result<f64> {
        let mut value = [0.0];
        self.at(chart, &[t], &mut value)?;
        Ok(value[0])
    }
}

/// An end of a piece, seen from within: the places t = at + side·τ for τ in (0, reach].
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub(super) chart: Chart,
    pub(super) at: f64,
    pub(super) side: f64,
    pub(super) reach: f64,
}

impl Corner {
    /// t at this distance.
    pub(super) fn coordinate(&self, tau: f64) -> f64 {
        self.at + self.side * tau
    }

    /// The distance that the rounded coordinate has in truth.
    pub(super) fn distance(&self, t: f64) -> f64 {
        (t - self.at) * self.side
    }

    /// How finely doubles resolve distances from here: zero at zero.
    pub(super) fn grain(&self) -> f64 {
        grain(self.at)
    }

    /// The place in x.
    pub(super) fn place(&self) -> f64 {
        match (self.chart, self.at == 0.0) {
            (Chart::Above { .. }, true) => f64::INFINITY,
            (Chart::Below { .. }, true) => f64::NEG_INFINITY,
            _ => self.chart.place(self.at),
        }
    }
}

/// The distance between doubles at x.
pub(super) fn grain(x: f64) -> f64 {
    let x = x.abs();
    if x == 0.0 { 0.0 } else { f64::EPSILON * x }
}
