//! One run: the landscape, the verdict, what is watched and what is counted.

use super::landscape::Landscape;
use super::place::Place;
use super::verdict::Verdict;
use super::{MinimizeStop as Stop, View};
use crate::error::Result;

/// Values below this are taken for a descent without end.
const ABYSS: f64 = -1e100;

pub(super) struct Run<'a> {
    pub(super) land: Landscape<'a>,
    pub(super) verdict: Verdict,
    pub(super) watch: &'a mut dyn FnMut(View<'_>) -> Result<bool>,
    /// The inverse of the true Hessian at the minimum, if it was looked at.
    pub(super) inverse: Option<Vec<f64>>,
    /// Where it began.
    pub(super) start: Vec<f64>,
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
        if !(self.watch)(View::new(self.iterations, here))? {
            return Ok(Some(Stop::Asked));
        }
        Ok(self.exhausted(here))
    }

    pub(super) fn exhausted(&self, here: &Place) -> Option<Stop> {
        if here.value < ABYSS {
            Some(Stop::Unbounded)
        } else if self.iterations >= self.max_iterations {
            Some(Stop::MaxIter)
        } else if self.land.values >= self.max_values {
            Some(Stop::MaxEvaluations)
        } else {
            None
        }
    }
}
