//! A traced function as it runs without Python, letting Ctrl-C through.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use underhood::graph::{Function, Memory, Program};

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

/// When to look at the clock, whether to let Ctrl-C and other threads through: as seldom as may be, but after no more than
/// so many runs, which halve while they take long. What a solver does between them counts as theirs.
#[derive(Debug)]
struct Pace {
    left: Cell<u32>,
    every: Cell<u32>,
}

impl Pace {
    fn new() -> Self {
        Pace { left: Cell::new(2), every: Cell::new(2) }
    }

    /// Counts one run.
    #[inline]
    fn heed_signals(&self) -> Outcome<()> {
        self.left.set(self.left.get() - 1);
        if self.left.get() == 0 { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&self) -> Outcome<()> {
        const MOST: u32 = 64;
        let every = self.every.get();
        // Set before what may raise: whoever catches that goes on counting.
        self.left.set(every);
        let late = runtime::heed_signals()?;
        self.every.set(if late { (every / 2).max(1) } else { (2 * every).min(MOST) });
        self.left.set(self.every.get());
        Ok(())
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

/// The first two derivatives of a traced function of one number.
#[derive(Debug)]
pub(crate) struct Slopes {
    derivatives: [(Program, RefCell<Memory>); 2],
    pace: Pace,
}

impl Slopes {
    /// None where they are too large for what rounding does to them to be known.
    pub(super) fn of(function: &Function) -> Outcome<Option<Self>> {
        let first = function.derivative(0)?;
        let programs = [Program::new(&first), Program::new(&first.derivative(0)?)];
        if !programs.iter().all(Program::is_small) {
            return Ok(None);
        }
        let [first, second] = programs.map(|program| program.memory().map(|memory| (program, RefCell::new(memory))));
        Ok(Some(Slopes { derivatives: [first?, second?], pace: Pace::new() }))
    }

    /// The derivative of this order at x, and what rounding may have done to it.
    pub(crate) fn at(&self, x: f64, order: usize) -> Outcome<(f64, f64)> {
        /// What a few operations may do to the result, relative to its size.
        const LEAST: f64 = 2e-15;
        self.pace.heed_signals()?;
        let (program, memory) = &self.derivatives[order - 1];
        let mut value = [0.0];
        program.run(&mut memory.borrow_mut(), &[&[x]], &mut value)?;
        let shaken = program.rounding(&[&[x]])?.map_or(f64::INFINITY, |shaken| shaken[0]);
        Ok((value[0], LEAST * value[0].abs() + shaken))
    }
}
