//! When a point counts as a minimum.
//!
//! A small gradient alone says nothing: it has the unit of f over that of x, and a plateau has one too. Two things are asked for
//! instead, both free of f's unit. The gradient must be small beside f and x,
//!
//! ```text
//! max |gᵢ| max(|xᵢ|, 1) ≤ gtol max(|f|, τ)
//! ```
//!
//! and the descent that the quadratic model still promises, ½ gᵀ H⁻¹ g, must be too small to matter: at most
//!
//! ```text
//! max(gtol³ |f|, 4 ε |f|, 1e-22 τ)
//! ```
//!
//! which for the usual gtol is what rounding leaves of |f|, so that a constant added to f does not end a search early. Where no lower point
//! is to be found, rounding may hide as much as `max(1e-12 |f|, 4 ε τ)`. τ is 1, or the largest |f| met if that is less. The first is
//! the relative gradient of J. E. Dennis and R. B. Schnabel, *Numerical Methods for Unconstrained Optimization* (1983), §7.2; the
//! second is half the square of Newton's decrement.

use super::landscape::Landscape;
use super::place::Place;

/// Descent that is less than this part of f may be hidden by rounding.
const HIDDEN: f64 = 1e-12;

/// The tolerance, and the size of f so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    pub(super) tolerance: f64,
    /// τ.
    unit: f64,
}

impl Verdict {
    pub(super) fn new(tolerance: f64) -> Self {
        Verdict { tolerance, unit: 0.0 }
    }

    /// Learns of another value.
    #[inline]
    pub(super) fn meet(&mut self, value: f64) {
        self.unit = self.unit.max(value.abs()).min(1.0);
    }

    /// |f|, but no less than what counts as zero beside the values met.
    #[inline]
    pub(super) fn size(&self, value: f64) -> f64 {
        value.abs().max(1e-12 * self.unit)
    }

    /// |f|, or what it was met to be before, up to 1.
    pub(super) fn largest(&self, value: f64) -> f64 {
        value.abs().max(self.unit)
    }

    /// Whether so large a rise is little beside f and the values met.
    pub(super) fn weak(&self, rise: f64, value: f64) -> bool {
        rise <= 1e-4 * self.largest(value)
    }

    /// Whether the gradient is small beside f and x; what presses against a bound does not count.
    #[inline]
    pub(super) fn level(&self, land: &Landscape<'_>, here: &Place) -> bool {
        let most = self.tolerance * here.value.abs().max(self.unit);
        here.x
            .iter()
            .zip(&here.slope)
            .enumerate()
            .all(|(i, (&x, &g))| g.abs() * x.abs().max(1.0) <= most || land.held(i, x, g))
    }

    /// Whether both hold.
    pub(super) fn settled(&self, land: &Landscape<'_>, descent: f64, here: &Place) -> bool {
        self.negligible(descent, here.value) && self.level(land, here)
    }

    /// Whether so much descent is too little to matter.
    #[inline]
    pub(super) fn negligible(&self, descent: f64, value: f64) -> bool {
        let part = self.tolerance.powi(3).max(4.0 * f64::EPSILON);
        descent.abs() <= (part * value.abs()).max(1e-22 * self.unit)
    }

    /// Whether both hold as far as can be asked where slopes are rough.
    pub(super) fn acceptable(&self, land: &Landscape<'_>, descent: f64, here: &Place) -> bool {
        let most = (self.tolerance * self.tolerance * here.value.abs()).max(1e-22 * self.unit);
        descent.abs() <= most && self.level(land, here)
    }

    /// The same where nothing lower is found: rounding, of f and of the terms that it is made of, may hide what is left.
    pub(super) fn lowest(&self, land: &Landscape<'_>, descent: f64, here: &Place) -> bool {
        let hidden = (HIDDEN * here.value.abs()).max(4.0 * f64::EPSILON * self.unit);
        (descent.abs() <= hidden || self.negligible(descent, here.value)) && self.level(land, here)
    }
}
