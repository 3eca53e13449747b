//! One run: the landscape, the verdict, what is watched and what is counted.

use super::landscape::Landscape;
use super::place::Place;
use super::verdict::Verdict;
use super::{MinimizeStop as Stop, View};
use crate::error::Result;

/// Values below this are taken for a descent without end.
const ABYSS: f64 = -1e100;

/// Moves this small beside the ways that were gone lead nowhere, if several follow each other.
const UNSEEN: f64 = 1e-17;
const PATIENCE: usize = 3;

pub(super) struct Run<'a> {
    pub(super) land: Landscape<'a>,
    pub(super) verdict: Verdict,
    pub(super) watch: &'a mut dyn FnMut(View<'_>) -> Result<bool>,
    /// The inverse of the true Hessian at the minimum, if it was looked at.
    pub(super) inverse: Option<Vec<f64>>,
    /// Where it began.
    pub(super) start: Vec<f64>,
    /// How far each coordinate came from zero or from there, where it was last, and for how many iterations that was next to no way.
    pub(super) extent: Vec<f64>,
    pub(super) last: Vec<f64>,
    pub(super) still: usize,
    pub(super) iterations: usize,
    pub(super) max_iterations: usize,
    pub(super) max_values: usize,
}

impl Run<'_> {
    /// Counts an iteration that ended at this place, shows it, and says whether the run must end.
    #[inline]
    pub(super) fn after(&mut self, here: &Place) -> Result<Option<Stop>> {
        self.iterations += 1;
        self.verdict.meet(here.value);
        self.notice(here);
        if !(self.watch)(View::new(self.iterations, here))? {
            return Ok(Some(Stop::Asked));
        }
        Ok(self.exhausted(here))
    }

    /// Notices whether any coordinate has moved by what can be seen beside the ways that were gone. A simplex whose best corner stays says nothing.
    fn notice(&mut self, here: &Place) {
        let (mut moves, mut visibly) = (false, false);
        for (i, x) in here.x.iter().enumerate() {
            self.extent[i] = self.extent[i].max((x - self.start[i]).abs());
            let step = (x - self.last[i]).abs();
            (moves, visibly) = (moves || step > 0.0, visibly || step > UNSEEN * self.extent[i]);
            self.last[i] = *x;
        }
        self.still = if visibly { 0 } else { self.still + usize::from(moves) };
    }

    /// Whether the search halves its way towards zero without end.
    pub(super) fn dwindles(&self) -> bool {
        self.still >= PATIENCE
    }

    pub(super) fn exhausted(&self, here: &Place) -> Option<Stop> {
        if here.value < ABYSS {
            Some(Stop::Unbounded)
        } else if self.dwindles() {
            Some(Stop::Stalled)
        } else if self.iterations >= self.max_iterations {
            Some(Stop::MaxIter)
        } else if self.land.values >= self.max_values {
            Some(Stop::MaxEvaluations)
        } else {
            None
        }
    }
}
