//! Machine code where there is none: on another processor than x86-64, or without the feature `jit`. The interpreter serves.

use super::tape::Tape;

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
