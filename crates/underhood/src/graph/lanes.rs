//! A tape over long arrays: block by block, each operation as a wide loop over a block, so that whole chains of them never leave the cache.

use super::arithmetic;
use super::tape::{Code, Instruction, Tape};

/// Numbers in a block: a dozen registers of this size fit into the first cache.
pub(super) const BLOCK: usize = 256;

/// One input of a tape that is run over arrays of `size` elements.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'a> {
    /// As many numbers as the result has.
    Each(&'a [f64]),
    /// One number for all.
    One(f64),
    /// Element i of the result belongs to `values[(i / repeat) % values.len()]`.
    Tiled {
        /// The pattern.
        values: &'a [f64],
        /// How often each of its numbers stands in a row.
        repeat: usize,
    },
}

/// The registers, a block each.
#[derive(Debug)]
pub(super) struct Lanes {
    registers: Vec<Vec<f64>>,
    /// The output that a register is, if what is computed in it is one: it is written where the result stands, not copied there.
    results: Vec<Option<usize>>,
}

impl Lanes {
    /// Registers for runs of at most `size` elements, with the constants in them.
    pub(super) fn new(tape: &Tape, size: usize) -> Self {
        let width = size.min(BLOCK);
        let constant = |register: usize| tape.constants.get(register.wrapping_sub(tape.inputs)).copied();
        let computed = tape.inputs + tape.constants.len();
        let result = |register: usize| {
            let output = tape.outputs.iter().position(|output| usize::from(*output) == register);
            output.filter(|_| register >= computed)
        };
        let results: Vec<Option<usize>> = (0..tape.registers).map(result).collect();
        let register = |register: usize| match results[register] {
            Some(_) => Vec::new(),
            None => vec![constant(register).unwrap_or(0.0); width],
        };
        Lanes { registers: (0..tape.registers).map(register).collect(), results }
    }

    /// Runs the tape; each output is written into its slice of `size` elements.
    pub(super) fn run(&mut self, tape: &Tape, operands: &[Operand<'_>], size: usize, outputs: &mut [&mut [f64]]) {
        for (register, operand) in operands.iter().enumerate() {
            if let Operand::One(value) = operand {
                self.registers[register].fill(*value);
            }
        }
        for start in (0..size).step_by(BLOCK) {
            let n = BLOCK.min(size - start);
            for (register, operand) in operands.iter().enumerate() {
                if let Operand::Tiled { values, repeat } = operand {
                    tile(&mut self.registers[register][..n], values, *repeat, start);
                }
            }
            for instruction in &tape.instructions {
                self.step(instruction, operands, (start, n), outputs);
            }
            for (number, register) in tape.outputs.iter().enumerate() {
                // Inputs and constants that are outputs, and outputs that stand for several.
                if self.results[usize::from(*register)] != Some(number) {
                    let out = std::mem::take(&mut outputs[number]);
                    out[start..start + n].copy_from_slice(self.source(operands, outputs, *register, (start, n)));
                    outputs[number] = out;
                }
            }
        }
    }

    fn step(
        &mut self,
        instruction: &Instruction,
        operands: &[Operand<'_>],
        (start, n): (usize, usize),
        outputs: &mut [&mut [f64]],
    ) {
        let to = usize::from(instruction.to);
        // The register that is written is none of those that are read: it may be taken out meanwhile.
        if let Some(output) = self.results[to] {
            let out = std::mem::take(&mut outputs[output]);
            self.compute(instruction, operands, (start, n), outputs, &mut out[start..start + n]);
            outputs[output] = out;
        } else {
            let mut out = std::mem::take(&mut self.registers[to]);
            self.compute(instruction, operands, (start, n), outputs, &mut out[..n]);
            self.registers[to] = out;
        }
    }

    fn compute(
        &self,
        instruction: &Instruction,
        operands: &[Operand<'_>],
        block: (usize, usize),
        outputs: &[&mut [f64]],
        out: &mut [f64],
    ) {
        let Instruction { code, a, b, c, .. } = *instruction;
        let read = |register| self.source(operands, outputs, register, block);
        match code {
            Code::Unary(op) => arithmetic::unary_into(op, read(a), out),
            Code::Binary(op) => arithmetic::binary_into(op, read(a), read(b), out),
            Code::Select => arithmetic::select_into(read(a), read(b), read(c), out),
        }
    }

    /// A block of a register.
    fn source<'a>(
        &'a self,
        operands: &[Operand<'a>],
        outputs: &'a [&mut [f64]],
        register: u16,
        (start, n): (usize, usize),
    ) -> &'a [f64] {
        let register = usize::from(register);
        match (operands.get(register), self.results[register]) {
            (Some(Operand::Each(values)), _) => &values[start..start + n],
            (_, Some(output)) => &outputs[output][start..start + n],
            _ => &self.registers[register][..n],
        }
    }
}

fn tile(block: &mut [f64], values: &[f64], repeat: usize, start: usize) {
    let mut done = 0;
    while done < block.len() {
        let place = start + done;
        let (index, within) = ((place / repeat) % values.len(), place % repeat);
        if repeat == 1 {
            let n = (values.len() - index).min(block.len() - done);
            block[done..done + n].copy_from_slice(&values[index..index + n]);
            done += n;
        } else {
            let n = (repeat - within).min(block.len() - done);
            block[done..done + n].fill(values[index]);
            done += n;
        }
    }
}
