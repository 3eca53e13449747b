//! Learning rates that change as the descent goes on.
//!
//! H. Robbins and S. Monro (1951), <https://doi.org/10.1214/aoms/1177729586>, for rates that fall like 1/k; I. Loshchilov and F. Hutter
//! (2017), <https://arxiv.org/abs/1608.03983>, for the cosine; P. Goyal et al. (2017), <https://arxiv.org/abs/1706.02677>, for the warm-up.

use std::f64::consts::PI;

use crate::check;
use crate::error::{Error, Result};

/// How a rate falls; k counts the steps from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decay {
    /// η(k) = η₀.
    Constant,
    /// η(k) = η₀ · factor^⌊k / every⌋.
    Step {
        /// Above 0, at most 1.
        factor: f64,
        /// Steps from one fall to the next; at least 1.
        every: usize,
    },
    /// η(k) = η₀ · factorᵏ.
    Exponential {
        /// Above 0, at most 1.
        factor: f64,
    },
    /// η(k) = η₀ / (1 + decay · k).
    InverseTime {
        /// At least 0.
        decay: f64,
    },
    /// η(k) = floor + (η₀ − floor) (1 + cos(π k / steps)) / 2, and the floor after `steps`.
    Cosine {
        /// Steps until the floor is reached; at least 1.
        steps: usize,
        /// At least 0, at most η₀.
        floor: f64,
    },
}

/// A learning rate for each step.
///
/// ```
/// use underhood::optimize::{Decay, Schedule};
///
/// let halved = Schedule { rate: 0.8, decay: Decay::Step { factor: 0.5, every: 10 }, warm_up: 0 };
/// assert_eq!([0, 9, 10, 25].map(|k| halved.at(k)), [0.8, 0.8, 0.4, 0.2]);
/// let warmed = Schedule { warm_up: 4, ..halved };
/// assert_eq!([0, 1, 3, 4, 14].map(|k| warmed.at(k)), [0.2, 0.4, 0.8, 0.8, 0.4]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// η₀: positive.
    pub rate: f64,
    /// How it falls.
    pub decay: Decay,
    /// So many steps rise evenly to η₀ first: η(k) = η₀ (k + 1) / `warm_up`. The fall begins after them.
    pub warm_up: usize,
}

impl Schedule {
    /// The schedule of a kind by name: `constant`, `step`, `exponential`, `inverse_time` or `cosine`. `shape` is its factor, decay or floor,
    /// `count` its number of steps.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for the kind; as [`Schedule::checked`].
    pub fn named(
        function: &'static str,
        kind: &str,
        rate: f64,
        (shape, count): (f64, usize),
        warm_up: usize,
    ) -> Result<Self> {
        let decay = match kind {
            "constant" => Decay::Constant,
            "step" => Decay::Step { factor: shape, every: count },
            "exponential" => Decay::Exponential { factor: shape },
            "inverse_time" => Decay::InverseTime { decay: shape },
            "cosine" => Decay::Cosine { steps: count, floor: shape },
            _ => {
                const ALLOWED: &[&str] = &["constant", "step", "exponential", "inverse_time", "cosine"];
                return Err(Error::UnknownName { function, argument: "kind", value: kind.into(), allowed: ALLOWED });
            }
        };
        let schedule = Schedule { rate, decay, warm_up };
        schedule.checked(function).map(|()| schedule)
    }

    /// The rate of step k, counted from 0.
    pub fn at(&self, k: usize) -> f64 {
        let Schedule { rate, decay, warm_up } = *self;
        if k < warm_up {
            return rate * ((k + 1) as f64 / warm_up as f64);
        }
        let k = k - warm_up;
        match decay {
            Decay::Constant => rate,
            Decay::Step { factor, every } => rate * factor.powf((k / every.max(1)) as f64),
            Decay::Exponential { factor } => rate * factor.powf(k as f64),
            Decay::InverseTime { decay } => rate / (1.0 + decay * k as f64),
            Decay::Cosine { steps, floor } if k < steps => {
                floor + (rate - floor) * 0.5 * (1.0 + (PI * k as f64 / steps as f64).cos())
            }
            Decay::Cosine { floor, .. } => floor,
        }
    }

    /// Refuses parameters that make no rates; `function` is named in the refusal.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for the first parameter that is out of its range.
    pub fn checked(&self, function: &'static str) -> Result<()> {
        let Schedule { rate, decay, .. } = *self;
        check::in_range(function, "rate", rate, rate > 0.0 && rate.is_finite(), "positive and finite")?;
        let share = |value: f64| {
            check::in_range(function, "factor", value, value > 0.0 && value <= 1.0, "above 0 and at most 1")
        };
        let some = |name, count: usize| check::in_range(function, name, count as f64, count > 0, "at least 1");
        match decay {
            Decay::Constant => Ok(()),
            Decay::Step { factor, every } => share(factor).and_then(|()| some("every", every)),
            Decay::Exponential { factor } => share(factor),
            Decay::InverseTime { decay } => {
                check::in_range(function, "decay", decay, decay >= 0.0 && decay.is_finite(), "at least 0 and finite")
            }
            Decay::Cosine { steps, floor } => {
                some("steps", steps)?;
                let inside = (0.0..=rate).contains(&floor);
                check::in_range(function, "floor", floor, inside, "at least 0 and at most the rate")
            }
        }
    }
}
