//! When the interpreter is let go, and how Ctrl-C gets through.

use std::cell::Cell;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::error::Outcome;

/// Work on fewer numbers than this takes less time than handing the interpreter over and back.
const WORTH_DETACHING: usize = 20_000;

/// Runs `work` on so many numbers, with other Python threads running meanwhile when there are enough of them.
pub(crate) fn run<T: Send>(py: Python<'_>, numbers: usize, work: impl FnOnce() -> T + Send) -> T {
    if numbers < WORTH_DETACHING { work() } else { py.detach(work) }
}

thread_local! {
    /// When this thread last let signals and other threads through.
    static HEEDED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Raises KeyboardInterrupt when Ctrl-C was pressed, and lets other Python threads run that wait for the interpreter,
/// which a loop that never calls Python would keep for good. The core's iterations call it now and then.
pub(crate) fn check_signals() -> Outcome<()> {
    Python::attach(|py| {
        py.detach(|| ());
        py.check_signals()
    })?;
    HEEDED.set(Some(Instant::now()));
    Ok(())
}

/// Does the same if that was some milliseconds ago, and says whether it was; otherwise it only looks at the clock.
pub(crate) fn heed_signals() -> Outcome<bool> {
    // Longer than a thread waits for the interpreter before it insists on it (5 ms): who lets go more often takes it back before anyone wakes.
    const SOON: Duration = Duration::from_millis(15);
    if HEEDED.get().is_some_and(|last| last.elapsed() < SOON) {
        return Ok(false);
    }
    check_signals()?;
    Ok(true)
}
