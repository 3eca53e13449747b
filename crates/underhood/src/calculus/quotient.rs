//! One difference quotient over a growing ladder: its extrapolations, the one with the least doubt so far, and when to stop.

use super::tableau::{Entry, Tableau};

/// Which samples a quotient uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Central,
    Forward,
    Backward,
}

/// Fewer rungs than this are never enough to trust an agreement.
pub(super) const FEWEST_RUNGS: usize = 5;

/// So many finer rungs must side with a run before it may overrule a wider one.
pub(super) const CONFIRMATIONS: usize = 6;

/// An extrapolation with its doubt so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) entry: Entry,
    pub(super) error: f64,
}

impl Candidate {
    /// Whether this is so sure of a value far from the other's that the other, made of wider steps, must have missed what
    /// happens near the point. (Where the steps are too wide, errors look small in absolute terms: a function that turns 1e6
    /// times between two rungs has a slope of 1e6, but quotients of order 1.)
    ///
    /// The difference must matter: noise that is made of few different values can agree with itself over many rungs.
    pub(super) fn refutes(&self, wider: &Candidate) -> bool {
        let (value, apart) = (self.entry.value.abs(), (self.entry.value - wider.entry.value).abs());
        self.error <= 0.01 * value && apart > 1e-3 * value && apart > 20.0 * (self.error + wider.error)
    }

    /// Whether the error is small beside the value, or rounding explains it.
    pub(super) fn settled(&self) -> bool {
        self.error <= 0.01 * self.entry.value.abs() || self.error <= 10.0 * self.entry.noise
    }
}

/// One side's tableau and candidates.
#[derive(Debug)]
pub(super) struct Quotient {
    pub(super) side: Side,
    pub(super) tableau: Tableau,
    pub(super) candidates: Vec<Candidate>,
    /// Index of the candidate with the least doubt, as far as the rungs so far tell.
    least: Option<usize>,
    /// Whether a narrower run has ever overruled a wider one.
    overruled: bool,
    /// Noise of the shortest run that ends at the newest rung.
    newest_noise: f64,
}

impl Quotient {
    pub(super) fn new(side: Side, coefficient: usize) -> Self {
        Quotient {
            side,
            tableau: Tableau::new(coefficient),
            candidates: Vec::with_capacity(64),
            least: None,
            overruled: false,
            newest_noise: f64::NAN,
        }
    }

    pub(super) fn least(&self) -> Option<&Candidate> {
        self.least.map(|index| &self.candidates[index])
    }

    pub(super) fn push(&mut self, node: f64, quotient: f64, noise: f64, mut objection: impl FnMut(&Entry) -> f64) {
        let Quotient { tableau, candidates, least, overruled, newest_noise, .. } = self;
        *newest_noise = f64::NAN;
        tableau.push(node, quotient, noise, |entry| {
            let newcomer = Candidate { entry, error: entry.truncation + entry.noise + objection(&entry) };
            if newest_noise.is_nan() {
                *newest_noise = entry.noise;
            }
            if !newcomer.error.is_finite() {
                return;
            }
            candidates.push(newcomer);
            let refutes = least.is_some_and(|index| newcomer.refutes(&candidates[index]));
            if refutes || least.is_none_or(|index| newcomer.error < candidates[index].error) {
                *least = Some(candidates.len() - 1);
            }
            *overruled |= refutes;
        });
    }

    /// Whether finer rungs can no longer improve on what is there.
    pub(super) fn exhausted(&self, newest: usize) -> bool {
        self.least().is_some_and(|best| {
            newest >= FEWEST_RUNGS - 1
                && newest >= best.entry.last + if self.overruled { CONFIRMATIONS } else { 3 }
                && self.newest_noise >= best.error
                && best.settled()
        })
    }
}
