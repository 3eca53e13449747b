//! Many steps of plain descent at once, where machine code can make them.
//!
//! The code knows one reason to stop, the length of the gradient. What else ends a descent is looked for afterwards, and what it did beyond that is forgotten:
//! the steps are a function of the point alone, so a point that stands still stands still in every row after, and a coordinate that became infinite never comes back.

use super::options::{Options, Rate};
use super::rule::Rule;
use crate::graph::{Program, Trail};

/// The most steps that are made at once: their rows stay in the cache.
const MOST: usize = 256;

/// With fewer steps at once nothing is gained.
const LEAST: usize = 32;

/// Between these the sum of squares of a gradient neither overflows nor loses digits.
const LENGTHS: (f64, f64) = (1e-140, 1e140);

/// A program that makes many steps at once.
#[derive(Debug)]
pub(super) struct Strides<'a> {
    program: &'a Program,
    trail: Trail,
    width: usize,
    rate: f64,
    tolerance: f64,
    /// How many evaluations there were.
    pub(super) evaluations: usize,
}

/// Steps that were made: the rows behind the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'a> {
    pub(super) points: &'a [f64],
    pub(super) gradients: &'a [f64],
    pub(super) values: &'a [f64],
    pub(super) slopes: &'a [f64],
}

impl<'a> Strides<'a> {
    /// None for another rule than the plain one at one rate, for a watcher who wants to see nearly every step, and without machine code.
    pub(super) fn new(program: &'a Program, width: usize, options: &Options<'_>) -> Option<Self> {
        let Rate::Constant(rate) = options.rate else { return None };
        let long = options.watch_every >= LEAST && options.max_iter >= LEAST;
        if options.rule != Rule::Plain || !long || !program.walks(options.max_iter) {
            return None;
        }
        let trail = Trail::new(width, MOST.min(options.max_iter));
        Some(Strides { program, trail, width, rate, tolerance: options.tolerance, evaluations: 0 })
    }

    /// Makes at most so many steps; none where the next one needs a closer look. Gradients longer than `hopeless` need one.
    pub(super) fn make(&mut self, x: &[f64], gradient: &[f64], most: usize, hopeless: f64) -> Made<'_> {
        let n = self.width;
        self.trail.points[..n].copy_from_slice(x);
        self.trail.gradients[..n].copy_from_slice(gradient);
        // A little within: the squares of the lengths are rounded.
        let margin = 8.0 * f64::EPSILON;
        let shortest = (self.tolerance * (1.0 + margin)).max(LENGTHS.0);
        let longest = (hopeless * (1.0 - margin)).min(LENGTHS.1);
        let most = most.min(self.trail.values.len() - 1);
        let mut made =
            if most < LEAST { 0 } else { self.program.walk(&mut self.trail, most, self.rate, (shortest, longest)) };
        let Trail { points, gradients, values, slopes } = &self.trail;
        if let Some(bad) = values[1..=made].iter().position(|value| !value.is_finite()) {
            made = bad;
        }
        let row = |k: usize| &points[k * n..(k + 1) * n];
        let fails = |k: usize| row(k) == row(k - 1) || row(k).iter().any(|x| !x.is_finite());
        if made > 0 && fails(made) {
            made = (1..=made).position(fails).unwrap_or(0);
        }
        self.evaluations += made;
        Made {
            points: &points[n..(made + 1) * n],
            gradients: &gradients[n..(made + 1) * n],
            values: &values[1..=made],
            slopes: &slopes[1..=made],
        }
    }
}
