//! A traced function as it runs without Python, letting Ctrl-C through.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use underhood::graph::{Memory, Program};

use crate::error::Outcome;
use crate::graph::traced::Traced;
use crate::runtime;

/// A traced function, and the memory that it runs in.
#[derive(Debug)]
pub(super) struct Native {
    pub(super) program: Arc<Program>,
    memory: RefCell<Memory>,
    /// The shape of its value.
    pub(super) shape: Vec<usize>,
    pace: Pace,
}

/// When to ask for Ctrl-C: as seldom as may be, but every few milliseconds, however long a run takes.
#[derive(Debug)]
struct Pace {
    left: Cell<u32>,
    every: Cell<u32>,
    last: Cell<Option<Instant>>,
}

impl Pace {
    fn new() -> Self {
        Pace { left: Cell::new(2), every: Cell::new(2), last: Cell::new(None) }
    }

    /// Counts one run.
    #[inline]
    fn heed_signals(&self) -> Outcome<()> {
        self.left.set(self.left.get() - 1);
        if self.left.get() == 0 { self.ask() } else { Ok(()) }
    }

    #[cold]
    fn ask(&self) -> Outcome<()> {
        const SOON: Duration = Duration::from_millis(5);
        const LATE: Duration = Duration::from_millis(50);
        let now = Instant::now();
        let passed = self.last.replace(Some(now)).map_or(Duration::ZERO, |last| now - last);
        let every = self.every.get();
        self.every.set(match passed {
            passed if passed < SOON => every.saturating_mul(2).min(1 << 20),
            passed if passed > LATE => (every / 2).max(1),
            _ => every,
        });
        self.left.set(self.every.get());
        runtime::give_way();
        runtime::check_signals()
    }
}

impl Native {
    pub(super) fn new(traced: &Traced) -> Outcome<Self> {
        let program = traced.program().clone();
        let memory = RefCell::new(program.memory()?);
        Ok(Native { program, memory, shape: traced.function().shape().to_vec(), pace: Pace::new() })
    }

    #[inline]
    pub(super) fn run(&self, arguments: &[&[f64]], into: &mut [f64]) -> Outcome<()> {
        self.pace.heed_signals()?;
        Ok(self.program.run(&mut self.memory.borrow_mut(), arguments, into)?)
    }

    /// Its values at many last arguments, the numbers before them being fixed.
    pub(super) fn map(&self, fixed: &[f64], last: &[f64], into: &mut [f64]) -> Outcome<()> {
        const BLOCK: usize = 1 << 13;
        let mut arguments: Vec<&[f64]> = fixed.chunks(1).chain([last]).collect();
        for (last, into) in last.chunks(BLOCK).zip(into.chunks_mut(BLOCK)) {
            self.pace.heed_signals()?;
            arguments[fixed.len()] = last;
            self.program.map(&arguments, into)?;
        }
        Ok(())
    }

    pub(super) fn one(&self, arguments: &[&[f64]]) -> Outcome<f64> {
        let mut value = [0.0];
        self.run(arguments, &mut value)?;
        Ok(value[0])
    }
}
