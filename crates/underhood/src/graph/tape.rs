//! A tape: elementwise operations one after the other, over registers.
//!
//! The registers are numbered: first the inputs, then the constants, then what is computed. A tape is run on numbers (one register, one number), over long
//! arrays in blocks that stay in the cache (one register, one block: see `lanes`), or as machine code; all three give the same bits.

use std::collections::HashMap;

use super::arithmetic;
use super::operation::{Binary, Unary};

/// What an instruction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Code {
    /// f(a).
    Unary(Unary),
    /// f(a, b).
    Binary(Binary),
    /// b where a is not 0, else c.
    Select,
}

/// One operation: the registers that it reads (those that its code has no use for are 0) and the one that it writes, which is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Instruction {
    pub(super) code: Code,
    pub(super) to: u16,
    pub(super) a: u16,
    pub(super) b: u16,
    pub(super) c: u16,
}

impl Code {
    fn is_exact(self) -> bool {
        match self {
            Code::Unary(op) => op.is_exact(),
            Code::Binary(op) => op.is_exact(),
            Code::Select => true,
        }
    }
}

impl Instruction {
    /// What it gives, from these registers.
    #[inline(always)]
    fn value(&self, registers: &[f64]) -> f64 {
        let Instruction { code, a, b, c, .. } = self;
        let at = |register: &u16| registers[usize::from(*register)];
        match code {
            Code::Binary(Binary::Add) => at(a) + at(b),
            Code::Binary(Binary::Subtract) => at(a) - at(b),
            Code::Binary(Binary::Multiply) => at(a) * at(b),
            Code::Binary(Binary::Divide) => at(a) / at(b),
            Code::Unary(op) => arithmetic::unary(*op, at(a)),
            Code::Binary(op) => arithmetic::binary(*op, at(a), at(b)),
            Code::Select => {
                if at(a) == 0.0 {
                    at(c)
                } else {
                    at(b)
                }
            }
        }
    }

    /// Whether a value of nothing, or next to it, comes of operands that are not zero: sums are exact there.
    fn underflows(&self, registers: &[f64]) -> bool {
        let zero = |register: u16| registers[usize::from(register)] == 0.0;
        match self.code {
            Code::Unary(_) => !zero(self.a),
            Code::Binary(Binary::Add | Binary::Subtract) => false,
            Code::Binary(_) => !zero(self.a) && !zero(self.b),
            Code::Select => false,
        }
    }
}

/// A program without branches or loops.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tape {
    /// How many registers are inputs: the first ones.
    pub(super) inputs: usize,
    /// The values of the registers behind them.
    pub(super) constants: Vec<f64>,
    pub(super) instructions: Vec<Instruction>,
    /// The registers that are the outputs, in order; they may be inputs or constants.
    pub(super) outputs: Vec<u16>,
    /// How many registers there are in all.
    pub(super) registers: usize,
}

impl Tape {
    /// Registers for a run on numbers, with the constants in them.
    pub(super) fn fresh_registers(&self) -> Vec<f64> {
        let mut registers = vec![0.0; self.registers];
        registers[self.inputs..self.inputs + self.constants.len()].copy_from_slice(&self.constants);
        registers
    }

    /// Runs it on numbers: the inputs stand in the first registers.
    #[inline]
    pub(super) fn run(&self, registers: &mut [f64]) {
        for instruction in &self.instructions {
            registers[usize::from(instruction.to)] = instruction.value(registers);
        }
    }

    /// The same with every result that is rounded shaken up or down by three quarters of its last digit, at random: how far the outputs move
    /// is what rounding may do to them. What has sunk below the smallest doubles is lifted to them. Says whether a result was no finite number. (J. Vignes, Mathematics and Computers in Simulation 35
    /// (1993) 233, doi:10.1016/0378-4754(93)90003-D.)
    pub(super) fn run_shaken(&self, registers: &mut [f64], seed: u64) -> bool {
        let mut bits = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut finite = true;
        for instruction in &self.instructions {
            let value = instruction.value(registers);
            // Marsaglia's shifts (2003).
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let by = if bits >> 63 == 0 { 0.75 } else { -0.75 } * f64::EPSILON;
            finite &= value.is_finite();
            registers[usize::from(instruction.to)] = if instruction.code.is_exact() {
                value
            } else if value.abs() < f64::MIN_POSITIVE && instruction.underflows(registers) {
                value + f64::MIN_POSITIVE
            } else {
                value + value * by
            };
        }
        finite
    }
}

/// A value while a tape is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// The input of this number.
    Input(u32),
    /// A constant, by its bits.
    Constant(u64),
    /// What the instruction of this number gives.
    Result(u32),
    /// A zero that stands for what is not there (the elements beside a slice's in its transpose): products with it are not there either.
    Absent,
}

/// Writes a tape: equal operations once, powers by small whole numbers as products, constants folded.
#[derive(Debug, Default)]
pub(super) struct Writer {
    inputs: usize,
    written: Vec<(Code, [Value; 3])>,
    known: HashMap<(Code, [Value; 3]), Value>,
    /// Longer tapes are not written: the writer only counts on.
    most: usize,
}

const NOTHING: Value = Value::Constant(0);

impl Value {
    pub(super) fn number(value: f64) -> Value {
        Value::Constant(value.to_bits())
    }

    fn known(self) -> Option<f64> {
        match self {
            Value::Constant(bits) => Some(f64::from_bits(bits)),
            Value::Absent => Some(0.0),
            _ => None,
        }
    }

    /// The same with a plain zero for what is not there.
    fn solid(self) -> Value {
        if self == Value::Absent { NOTHING } else { self }
    }
}

impl Writer {
    /// A tape of at most so many instructions.
    pub(super) fn new(inputs: usize, most: usize) -> Self {
        Writer { inputs, most, ..Writer::default() }
    }

    /// Whether it has become too long.
    pub(super) fn is_full(&self) -> bool {
        self.written.len() > self.most
    }

    pub(super) fn unary(&mut self, op: Unary, a: Value) -> Value {
        if op == Unary::Negative && a == Value::Absent {
            return a;
        }
        match a.known() {
            Some(a) => Value::number(arithmetic::unary(op, a)),
            None => self.write(Code::Unary(op), [a, NOTHING, NOTHING]),
        }
    }

    pub(super) fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        match (op, a, b) {
            (Binary::Multiply | Binary::Divide, Value::Absent, _) | (Binary::Multiply, _, Value::Absent) => {
                return Value::Absent;
            }
            (Binary::Add, Value::Absent, other) | (Binary::Add | Binary::Subtract, other, Value::Absent) => {
                return other;
            }
            (Binary::Subtract, Value::Absent, other) => return self.unary(Unary::Negative, other),
            _ => {}
        }
        match (op, a.known(), b.known()) {
            (_, Some(a), Some(b)) => Value::number(arithmetic::binary(op, a, b)),
            (Binary::Multiply, Some(1.0), _) => b,
            (Binary::Multiply | Binary::Divide, _, Some(1.0)) => a,
            (Binary::Power, _, Some(exponent)) => self.power(a, b, exponent),
            _ => self.write(Code::Binary(op), [a, b, NOTHING]),
        }
    }

    pub(super) fn select(&mut self, condition: Value, b: Value, c: Value) -> Value {
        match condition.known() {
            Some(0.0) => c,
            Some(_) => b,
            None if b == c => b,
            None => self.write(Code::Select, [condition, b, c]),
        }
    }

    /// xⁿ for whole n up to 4 by products, which are as good and far quicker; x⁻ⁿ as (1/x)ⁿ, which does not overflow on the way.
    fn power(&mut self, x: Value, n: Value, exponent: f64) -> Value {
        if exponent == 0.0 {
            return Value::number(1.0);
        }
        if exponent.fract() != 0.0 || exponent.abs() > 4.0 {
            return self.write(Code::Binary(Binary::Power), [x, n, NOTHING]);
        }
        let square = |tape: &mut Self, x| tape.binary(Binary::Multiply, x, x);
        let x = if exponent < 0.0 { self.binary(Binary::Divide, Value::number(1.0), x) } else { x };
        match exponent.abs() as u8 {
            1 => x,
            2 => square(self, x),
            3 => {
                let squared = square(self, x);
                self.binary(Binary::Multiply, squared, x)
            }
            _ => {
                let squared = square(self, x);
                square(self, squared)
            }
        }
    }

    fn write(&mut self, code: Code, inputs: [Value; 3]) -> Value {
        if self.is_full() {
            return NOTHING;
        }
        let (number, inputs) = (self.written.len() as u32, inputs.map(Value::solid));
        *self.known.entry((code, inputs)).or_insert_with(|| {
            self.written.push((code, inputs));
            Value::Result(number)
        })
    }

    /// The tape that gives these values. None if it is too long.
    pub(super) fn finish(self, outputs: &[Value]) -> Option<Tape> {
        if self.is_full() {
            return None;
        }
        let outputs: Vec<Value> = outputs.iter().map(|output| output.solid()).collect();
        // Which results are needed, and by which instruction for the last time.
        let mut last_use: Vec<Option<usize>> = vec![None; self.written.len()];
        for output in &outputs {
            if let Value::Result(number) = output {
                last_use[*number as usize] = Some(usize::MAX);
            }
        }
        for (number, (_, inputs)) in self.written.iter().enumerate().rev() {
            if last_use[number].is_some() {
                for input in inputs {
                    if let Value::Result(input) = input {
                        last_use[*input as usize].get_or_insert(number);
                    }
                }
            }
        }
        let mut constants: Vec<f64> = Vec::new();
        let mut places: HashMap<u64, usize> = HashMap::new();
        let mut place_of = |value: &Value| {
            if let Value::Constant(bits) = value {
                places.entry(*bits).or_insert_with(|| {
                    constants.push(f64::from_bits(*bits));
                    constants.len() - 1
                });
            }
        };
        for (number, (code, inputs)) in self.written.iter().enumerate() {
            if last_use[number].is_some() {
                inputs[..code.arity()].iter().for_each(&mut place_of);
            }
        }
        outputs.iter().for_each(&mut place_of);
        // Registers are used again once nothing needs what is in them.
        let first = self.inputs + constants.len();
        let mut free: Vec<usize> = Vec::new();
        let mut registers = first;
        let mut homes = vec![0_usize; self.written.len()];
        let home = |value: &Value, homes: &[usize]| match value {
            Value::Input(number) => *number as usize,
            Value::Constant(bits) => self.inputs + places.get(bits).copied().unwrap_or(0),
            Value::Result(number) => homes[*number as usize],
            Value::Absent => 0,
        };
        let mut instructions = Vec::with_capacity(self.written.len());
        for (number, (code, inputs)) in self.written.iter().enumerate() {
            if last_use[number].is_none() {
                continue;
            }
            let read = &inputs[..code.arity()];
            // The register is chosen before those that are read for the last time are free: no instruction writes where it reads.
            let to = free.pop().unwrap_or_else(|| {
                registers += 1;
                registers - 1
            });
            homes[number] = to;
            let mut from = [0; 3];
            for (from, input) in from.iter_mut().zip(read) {
                *from = u16::try_from(home(input, &homes)).ok()?;
            }
            for (place, input) in read.iter().enumerate() {
                if let Value::Result(input) = input
                    && last_use[*input as usize] == Some(number)
                    && !read[..place].contains(&Value::Result(*input))
                {
                    free.push(homes[*input as usize]);
                }
            }
            let [a, b, c] = from;
            instructions.push(Instruction { code: *code, to: u16::try_from(to).ok()?, a, b, c });
        }
        let outputs = outputs.iter().map(|output| u16::try_from(home(output, &homes)).ok()).collect::<Option<_>>()?;
        Some(Tape { inputs: self.inputs, constants, instructions, outputs, registers: registers.max(1) })
    }
}

impl Code {
    /// How many registers it reads.
    pub(super) fn arity(self) -> usize {
        match self {
            Code::Unary(_) => 1,
            Code::Binary(_) => 2,
            Code::Select => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, Writer};
    use crate::elementary;
    use crate::graph::{Binary, Unary};

    #[test]
    fn registers_are_used_again_and_never_while_they_are_read() {
        // ((x + 1)·(x + 2))·sin(x), with an operation that nothing needs.
        let mut writer = Writer::new(1, 100);
        let x = Value::Input(0);
        let a = writer.binary(Binary::Add, x, Value::number(1.0));
        let b = writer.binary(Binary::Add, x, Value::number(2.0));
        let _ = writer.unary(Unary::Exp, x);
        let product = writer.binary(Binary::Multiply, a, b);
        let sin = writer.unary(Unary::Sin, x);
        let whole = writer.binary(Binary::Multiply, product, sin);
        let tape = writer.finish(&[whole, x]).expect("it is short");
        assert_eq!(tape.instructions.len(), 5);
        assert!(tape.instructions.iter().all(|step| ![step.a, step.b, step.c][..step.code.arity()].contains(&step.to)));
        let mut registers = tape.fresh_registers();
        registers[0] = 0.5;
        tape.run(&mut registers);
        assert_eq!(registers[usize::from(tape.outputs[0])], 1.5 * 2.5 * elementary::sin::scalar(0.5));
        assert_eq!(registers[usize::from(tape.outputs[1])], 0.5);
    }

    #[test]
    fn small_powers_are_products() {
        let mut writer = Writer::new(1, 100);
        let x = Value::Input(0);
        let powers = [2.0, 3.0, -2.0, 0.0, 2.5].map(|n| writer.binary(Binary::Power, x, Value::number(n)));
        let tape = writer.finish(&powers).expect("it is short");
        let mut registers = tape.fresh_registers();
        registers[0] = 3.0;
        tape.run(&mut registers);
        let found: Vec<f64> = tape.outputs.iter().map(|output| registers[usize::from(*output)]).collect();
        assert_eq!(found, [9.0, 27.0, (1.0 / 3.0) * (1.0 / 3.0), 1.0, elementary::pow::scalar(3.0, 2.5)]);
    }

    #[test]
    fn a_tape_that_is_too_long_is_none() {
        let mut writer = Writer::new(1, 3);
        let mut value = Value::Input(0);
        for _ in 0..10 {
            value = writer.unary(Unary::Sin, value);
        }
        assert_eq!(writer.finish(&[value]), None);
    }
}
