//! Machine code where there is none: on another processor than x86-64, or without the feature `jit`. The interpreter serves.

use super::tape::Tape;
use super::trail::Trail;

/// A compiled tape, of which there is none.
#[derive(Debug)]
pub(super) enum MachineCode {}

impl MachineCode {
    /// None.
    pub(super) fn compile(_: &Tape) -> Option<MachineCode> {
        None
    }

    /// Runs what cannot be.
    pub(super) fn call(&self, _: &[f64], _: &mut [f64]) {
        match *self {}
    }
}

/// A tape that walks downhill, of which there is none.
#[derive(Debug)]
pub(super) enum MachineWalk {}

impl MachineWalk {
    /// None.
    pub(super) fn compile(_: &Tape) -> Option<MachineWalk> {
        None
    }

    /// Walks what cannot walk.
    pub(super) fn run(&self, _: &mut Trail, _: usize, _: f64, _: (f64, f64)) -> usize {
        match *self {}
    }
}
