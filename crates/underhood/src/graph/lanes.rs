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
}

impl Lanes {
    /// Registers for runs of at most `size` elements, with the constants in them.
    pub(super) fn new(tape: &Tape, size: usize) -> Self {
        let width = size.min(BLOCK);
        let constant = |register: usize| tape.constants.get(register.wrapping_sub(tape.inputs)).copied();
        let registers = (0..tape.registers).map(|register| vec![constant(register).unwrap_or(0.0); width]).collect();
        Lanes { registers }
    }

    /// How many elements a block holds.
    fn width(&self) -> usize {
        self.registers.first().map_or(0, Vec::len)
    }

    /// Runs the tape; `write` is given each output's number, where its block begins, and the block.
    pub(super) fn run(
        &mut self,
        tape: &Tape,
        operands: &[Operand<'_>],
        size: usize,
        mut write: impl FnMut(usize, usize, &[f64]),
    ) {
        for (register, operand) in operands.iter().enumerate() {
            if let Operand::One(value) = operand {
                self.registers[register].fill(*value);
            }
        }
        let width = self.width().max(1);
        let mut start = 0;
        while start < size {
            let n = width.min(size - start);
            for (register, operand) in operands.iter().enumerate() {
                if let Operand::Tiled { values, repeat } = operand {
                    tile(&mut self.registers[register][..n], values, *repeat, start);
                }
            }
            for instruction in &tape.instructions {
                self.step(instruction, operands, start, n);
            }
            for (number, register) in tape.outputs.iter().enumerate() {
                write(number, start, source(&self.registers, operands, *register, start, n));
            }
            start += n;
        }
    }

    fn step(&mut self, instruction: &Instruction, operands: &[Operand<'_>], start: usize, n: usize) {
        let Instruction { code, to, a, b, c } = *instruction;
        // The register that is written is none of those that are read: it may be taken out meanwhile.
        let mut out = std::mem::take(&mut self.registers[usize::from(to)]);
        let read = |register| source(&self.registers, operands, register, start, n);
        match code {
            Code::Unary(op) => arithmetic::unary_into(op, read(a), &mut out[..n]),
            Code::Binary(op) => arithmetic::binary_into(op, read(a), read(b), &mut out[..n]),
            Code::Select => arithmetic::select_into(read(a), read(b), read(c), &mut out[..n]),
        }
        self.registers[usize::from(to)] = out;
    }
}

/// A block of a register.
fn source<'a>(registers: &'a [Vec<f64>], operands: &[Operand<'a>], register: u16, start: usize, n: usize) -> &'a [f64] {
    let register = usize::from(register);
    match operands.get(register) {
        Some(Operand::Each(values)) => &values[start..start + n],
        _ => &registers[register][..n],
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
