//! When the interpreter is let go, and how Ctrl-C gets through.

use pyo3::prelude::*;

use crate::error::Outcome;

/// Work on fewer numbers than this takes less time than handing the interpreter over and back.
const WORTH_DETACHING: usize = 20_000;

/// Runs `work` on so many numbers, with other Python threads running meanwhile when there are enough of them.
pub(crate) fn run<T: Send>(py: Python<'_>, numbers: usize, work: impl FnOnce() -> T + Send) -> T {
    if numbers < WORTH_DETACHING { work() } else { py.detach(work) }
}

/// Lets other Python threads run that wait for the interpreter. Loops that never call Python would keep it for good.
pub(crate) fn give_way() {
    Python::attach(|py| py.detach(|| ()));
}

/// Raises KeyboardInterrupt when Ctrl-C was pressed. The core's iterations call it now and then.
pub(crate) fn check_signals() -> Outcome<()> {
    Python::attach(|py| Ok(py.check_signals()?))
}
