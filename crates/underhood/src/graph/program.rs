//! A function that is ready to run.
//!
//! Functions whose arrays are small are a tape of numbers (`scalars`), which becomes machine code once it has run often; others are steps over arrays (`plan`).

use std::sync::OnceLock;

use super::function::Function;
use super::lanes::{Lanes, Operand};
use super::machine_code::MachineCode;
use super::plan::{Plan, Workspace};
use super::scalars;
use super::tape::Tape;
use crate::error::{Error, Result};

/// So many runs cost about what compiling does: 30 to 100 µs for ten to a hundred operations, which are interpreted in 3 ns each and run in 1.
const RUNS_BEFORE_COMPILING: u32 = 500;

/// A function that is ready to run. What it writes in, a [`Memory`], is the caller's, so that many threads can run one program.
#[derive(Debug)]
pub struct Program {
    /// How many numbers each argument holds.
    arguments: Vec<usize>,
    /// How many the value holds.
    size: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalars {
        tape: Tape,
        /// Once it has run often; None where there is none to be had.
        code: OnceLock<Option<MachineCode>>,
    },
    Arrays(Plan),
}

/// What one run of one program writes in.
#[derive(Debug)]
pub struct Memory(Inside);

#[derive(Debug)]
enum Inside {
    Registers {
        registers: Vec<f64>,
        /// How often they were run in by the interpreter.
        runs: u32,
    },
    Workspace(Workspace),
}

impl Program {
    /// The program of a function.
    pub fn new(function: &Function) -> Program {
        Program {
            arguments: function.arguments().iter().map(|argument| argument.shape.iter().product()).collect(),
            size: function.shape().iter().product(),
            kind: match scalars::tape(function) {
                Some(tape) => Kind::Scalars { tape, code: OnceLock::new() },
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
        if let Kind::Scalars { tape, code } = &program.kind {
            code.get_or_init(|| MachineCode::compile(tape));
        }
        program
    }

    /// How many numbers the value holds.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Memory for it to run in.
    pub fn memory(&self) -> Memory {
        Memory(match &self.kind {
            Kind::Scalars { tape, .. } => Inside::Registers { registers: tape.fresh_registers(), runs: 0 },
            Kind::Arrays(plan) => Inside::Workspace(plan.workspace()),
        })
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
        match (&self.kind, &mut memory.0) {
            (Kind::Scalars { tape, code }, Inside::Registers { registers, runs })
                if registers.len() == tape.registers =>
            {
                let code = match code.get() {
                    Some(code) => code.as_ref(),
                    None if *runs < RUNS_BEFORE_COMPILING => None,
                    None => code.get_or_init(|| MachineCode::compile(tape)).as_ref(),
                };
                if let (Some(code), [inputs]) = (code, arguments) {
                    code.call(inputs, output);
                    return Ok(());
                }
                let mut start = 0;
                for argument in arguments {
                    registers[start..start + argument.len()].copy_from_slice(argument);
                    start += argument.len();
                }
                if let Some(code) = code {
                    code.call(&registers[..start], output);
                    return Ok(());
                }
                *runs = runs.saturating_add(1);
                tape.run(registers);
                for (output, register) in output.iter_mut().zip(&tape.outputs) {
                    *output = registers[usize::from(*register)];
                }
            }
            (Kind::Arrays(plan), Inside::Workspace(workspace)) => plan.run(workspace, arguments, output),
            _ => {
                let (function, argument) = ("run", "memory");
                return Err(Error::Invalid { function, argument, problem: "is another program's".into() });
            }
        }
        Ok(())
    }

    /// A function of numbers whose value is one number, element by element over arrays: each argument holds as many elements as the output, or one.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the function is not one of numbers; [`Error::Shape`] if the lengths do not fit.
    pub fn map(&self, arguments: &[&[f64]], output: &mut [f64]) -> Result<()> {
        let Kind::Scalars { tape, .. } = &self.kind else {
            return Err(self.not_of_numbers());
        };
        if self.size != 1 || self.arguments.iter().any(|size| *size != 1) {
            return Err(self.not_of_numbers());
        }
        if arguments.len() != self.arguments.len() {
            return Err(self.refused("arguments", arguments.len(), self.arguments.len()));
        }
        if let Some(wrong) = arguments.iter().find(|argument| ![1, output.len()].contains(&argument.len())) {
            return Err(self.refused("an argument", wrong.len(), output.len()));
        }
        let operands: Vec<Operand<'_>> = arguments
            .iter()
            .copied()
            .map(|argument| match argument {
                [value] => Operand::One(*value),
                values => Operand::Each(values),
            })
            .collect();
        let size = output.len();
        Lanes::new(tape, size).run(tape, &operands, size, |_, start, block| {
            output[start..start + block.len()].copy_from_slice(block);
        });
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
