//! A function that is ready to run.
//!
//! Functions whose arrays are small are a tape of numbers (`scalars`), which becomes machine code once it has run often; others are steps over arrays (`plan`).

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::function::Function;
use super::lanes::{Lanes, Operand};
use super::machine_code::{MachineCode, MachineWalk};
use super::plan::{Plan, Workspace};
use super::scalars;
use super::tape::Tape;
use super::trail::Trail;
use crate::error::{Error, Result};

/// A function that is ready to run. What it writes in, a [`Memory`], is the caller's, so that many threads can run one program.
#[derive(Debug)]
pub struct Program {
    /// Which program it is: a memory belongs to one.
    number: u64,
    /// How many numbers each argument holds.
    arguments: Vec<usize>,
    /// How many the value holds.
    size: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalars(Small),
    Arrays(Plan),
}

/// A tape of numbers, and its machine code once that is worth its while.
#[derive(Debug)]
struct Small {
    tape: Tape,
    runs: AtomicU32,
    code: OnceLock<Option<MachineCode>>,
    walk: OnceLock<Option<MachineWalk>>,
}

/// Compiling a tape takes as long as some hundred runs of it: 30 µs for ten operations, 100 µs for a hundred, which the interpreter runs in 3 ns each.
const WORTH_COMPILING: u32 = 1_000;

impl Small {
    fn new(tape: Tape) -> Self {
        Small { tape, runs: AtomicU32::new(0), code: OnceLock::new(), walk: OnceLock::new() }
    }

    /// The machine code, which is made when the tape has run often.
    #[inline]
    fn code(&self) -> Option<&MachineCode> {
        if let Some(code) = self.code.get() {
            return code.as_ref();
        }
        let runs = self.runs.load(Ordering::Relaxed);
        if runs < WORTH_COMPILING {
            self.runs.store(runs + 1, Ordering::Relaxed);
            return None;
        }
        self.code.get_or_init(|| MachineCode::compile(&self.tape)).as_ref()
    }

    /// Runs it: the inputs stand in the first registers.
    #[inline]
    fn run(&self, registers: &mut [f64], output: &mut [f64]) {
        if let Some(code) = self.code() {
            code.call(&registers[..self.tape.inputs], output);
            return;
        }
        self.tape.run(registers);
        for (output, register) in output.iter_mut().zip(&self.tape.outputs) {
            *output = registers[usize::from(*register)];
        }
    }
}

/// What one run of one program writes in.
#[derive(Debug)]
pub struct Memory {
    /// The number of its program.
    of: u64,
    inside: Inside,
}

#[derive(Debug)]
enum Inside {
    Registers(Vec<f64>),
    Workspace(Workspace),
}

impl Program {
    /// The program of a function.
    pub fn new(function: &Function) -> Program {
        static PROGRAMS: AtomicU64 = AtomicU64::new(0);
        Program {
            number: PROGRAMS.fetch_add(1, Ordering::Relaxed),
            arguments: function.arguments().iter().map(|argument| argument.shape.iter().product()).collect(),
            size: function.shape().iter().product(),
            kind: match scalars::tape(function) {
                Some(tape) => Kind::Scalars(Small::new(tape)),
                None => Kind::Arrays(Plan::new(function)),
            },
        }
    }

    /// The same without the way of small functions, which the tests compare with it.
    #[doc(hidden)]
    pub fn of_arrays(function: &Function) -> Program {
        Program { kind: Kind::Arrays(Plan::new(function)), ..Program::new(function) }
    }

    /// The same as machine code from its first run on, if it is small and the machine allows it.
    #[doc(hidden)]
    pub fn compiled(function: &Function) -> Program {
        let program = Program::new(function);
        if let Kind::Scalars(small) = &program.kind {
            small.code.get_or_init(|| MachineCode::compile(&small.tape));
        }
        program
    }

    /// How many numbers the value holds.
    pub fn size(&self) -> usize {
        self.size
    }

    /// About how many numbers a run goes through: its operations on single numbers, or the elements of its arrays, also of those that were known before.
    pub fn work(&self) -> usize {
        match &self.kind {
            Kind::Scalars(small) => small.tape.instructions.len(),
            Kind::Arrays(plan) => plan.work(),
        }
    }

    /// Memory for it to run in.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] if the arrays that it needs on the way do not fit.
    pub fn memory(&self) -> Result<Memory> {
        let inside = match &self.kind {
            Kind::Scalars(small) => Inside::Registers(small.tape.fresh_registers()),
            Kind::Arrays(plan) => Inside::Workspace(plan.workspace()?),
        };
        Ok(Memory { of: self.number, inside })
    }

    /// The value at these arguments, each laid flat in C order; it is laid flat into `output`.
    ///
    /// # Errors
    /// [`Error::Shape`] if an argument or the output holds another number of elements than the function's; [`Error::Invalid`] if the memory is another program's.
    pub fn run(&self, memory: &mut Memory, arguments: &[&[f64]], output: &mut [f64]) -> Result<()> {
        if arguments.len() != self.arguments.len() {
            return Err(self.refused("arguments", arguments.len(), self.arguments.len()));
        }
        for (argument, size) in arguments.iter().zip(&self.arguments) {
            if argument.len() != *size {
                return Err(self.refused("an argument", argument.len(), *size));
            }
        }
        if output.len() != self.size {
            return Err(self.refused("output", output.len(), self.size));
        }
        match (&self.kind, &mut memory.inside) {
            (Kind::Scalars(small), Inside::Registers(registers)) if memory.of == self.number => {
                let mut start = 0;
                for argument in arguments {
                    registers[start..start + argument.len()].copy_from_slice(argument);
                    start += argument.len();
                }
                small.run(registers, output);
            }
            (Kind::Arrays(plan), Inside::Workspace(workspace)) if memory.of == self.number => {
                plan.run(workspace, arguments, output)
            }
            _ => {
                let (function, argument) = ("run", "memory");
                return Err(Error::Invalid { function, argument, problem: "is another program's".into() });
            }
        }
        Ok(())
    }

    /// The same for a function of one argument: with machine code, a call of it and nothing else.
    ///
    /// # Errors
    /// As [`Program::run`].
    #[inline]
    pub fn run_one(&self, memory: &mut Memory, argument: &[f64], output: &mut [f64]) -> Result<()> {
        if let (Kind::Scalars(small), [size]) = (&self.kind, &self.arguments[..])
            && let Some(Some(code)) = small.code.get()
            && argument.len() == *size
            && output.len() == self.size
        {
            code.call(argument, output);
            return Ok(());
        }
        self.run(memory, &[argument], output)
    }

    /// How far rounding may shift the value, a number for each of its own: the most that it moves, times two, when every result on the way is shaken
    /// in its last digit, in six runs. Infinite where a result on the way is infinite or NaN. None for what is no small function of numbers.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn rounding(&self, arguments: &[&[f64]]) -> Result<Option<Vec<f64>>> {
        let Kind::Scalars(small) = &self.kind else { return Ok(None) };
        let mut plain = vec![0.0; self.size];
        self.run(&mut self.memory()?, arguments, &mut plain)?;
        let mut moved = vec![0.0_f64; self.size];
        let mut registers = small.tape.fresh_registers();
        for seed in 1..=6 {
            for (register, value) in registers.iter_mut().zip(arguments.iter().copied().flatten()) {
                *register = *value;
            }
            if !small.tape.run_shaken(&mut registers, seed) {
                return Ok(Some(vec![f64::INFINITY; self.size]));
            }
            for ((moved, plain), output) in moved.iter_mut().zip(&plain).zip(&small.tape.outputs) {
                *moved = moved.max(2.0 * (registers[usize::from(*output)] - plain).abs());
            }
        }
        Ok(Some(moved))
    }

    /// The value of a small function of one number, and how far it may be shifted: by what the last digits of x change, times two, and by rounding (see
    /// [`Program::rounding`]). None for any other function.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn noise(&self, x: f64) -> Result<Option<(f64, f64)>> {
        let (1, Some(shaken)) = (self.size, self.rounding(&[&[x]])?) else { return Ok(None) };
        let (mut memory, ulp) = (self.memory()?, x.abs().next_up() - x.abs());
        let mut at = |x: f64| -> Result<f64> {
            let mut value = [0.0];
            self.run(&mut memory, &[&[x]], &mut value)?;
            Ok(value[0])
        };
        let (value, mut largest) = (at(x)?, 0.0_f64);
        for steps in [-3.0, -1.0, 2.0, 5.0] {
            let change = (at(x + steps * ulp)? - value).abs();
            if change.is_finite() {
                largest = largest.max(change);
            }
        }
        Ok(Some((value, 2.0 * largest + shaken[0])))
    }

    /// Whether it is a small function of single numbers, which runs in less than some microseconds.
    pub fn is_small(&self) -> bool {
        matches!(self.kind, Kind::Scalars(_))
    }

    /// Says that about so many runs are to come: a small function that will run often becomes machine code at once.
    pub fn expect(&self, runs: usize) {
        if let Kind::Scalars(small) = &self.kind
            && runs >= WORTH_COMPILING as usize / 2
        {
            small.code.get_or_init(|| MachineCode::compile(&small.tape));
        }
    }

    /// Whether it walks downhill in machine code, if about so many steps are to come: a small function of one argument that gives its value and its gradient.
    pub(crate) fn walks(&self, steps: usize) -> bool {
        match (&self.kind, &self.arguments[..]) {
            (Kind::Scalars(small), [_]) if steps >= WORTH_COMPILING as usize / 2 => {
                small.walk.get_or_init(|| MachineWalk::compile(&small.tape)).is_some()
            }
            _ => false,
        }
    }

    /// Makes at most so many steps x ← x − rate·∇f from the first row of the trail, while the gradient's length lies strictly between the bounds.
    /// Gives the number of steps made, 0 where [`Program::walks`] says no.
    pub(crate) fn walk(&self, trail: &mut Trail, steps: usize, rate: f64, bounds: (f64, f64)) -> usize {
        match &self.kind {
            Kind::Scalars(Small { walk, .. }) => {
                walk.get().and_then(Option::as_ref).map_or(0, |walk| walk.run(trail, steps, rate, bounds))
            }
            Kind::Arrays(_) => 0,
        }
    }

    /// A function of numbers whose value is one number, element by element over arrays: each argument holds as many elements as the output, or one.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the function is not one of numbers; [`Error::Shape`] if the lengths do not fit.
    pub fn map(&self, arguments: &[&[f64]], output: &mut [f64]) -> Result<()> {
        if self.size != 1 || self.arguments.iter().any(|size| *size != 1) {
            return Err(self.not_of_numbers());
        }
        if arguments.len() != self.arguments.len() {
            return Err(self.refused("arguments", arguments.len(), self.arguments.len()));
        }
        if let Some(wrong) = arguments.iter().find(|argument| ![1, output.len()].contains(&argument.len())) {
            return Err(self.refused("an argument", wrong.len(), output.len()));
        }
        let Kind::Scalars(Small { tape, .. }) = &self.kind else {
            return self.one_by_one(arguments, output);
        };
        let operands: Vec<Operand<'_>> = arguments
            .iter()
            .copied()
            .map(|argument| match argument {
                [value] => Operand::One(*value),
                values => Operand::Each(values),
            })
            .collect();
        let size = output.len();
        Lanes::new(tape, size).run(tape, &operands, size, &mut [output]);
        Ok(())
    }

    /// A function of numbers that is too long for a tape, at each element.
    fn one_by_one(&self, arguments: &[&[f64]], output: &mut [f64]) -> Result<()> {
        let mut memory = self.memory()?;
        for (place, value) in output.iter_mut().enumerate() {
            let at: Vec<&[f64]> =
                arguments.iter().map(|all| if all.len() == 1 { *all } else { &all[place..=place] }).collect();
            self.run(&mut memory, &at, std::slice::from_mut(value))?;
        }
        Ok(())
    }

    fn not_of_numbers(&self) -> Error {
        let (function, argument) = ("map", "the function");
        Error::Invalid { function, argument, problem: "must be one of numbers that gives one number".into() }
    }

    fn refused(&self, argument: &'static str, found: usize, needed: usize) -> Error {
        Error::Shape { function: "run", argument, shape: vec![found], expected: format!("{needed} are needed") }
    }
}
