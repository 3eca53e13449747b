//! What each operation of a tape is in Cranelift's language.

use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, MemFlags, SigRef, Value, types::F64, types::I64};

use super::super::arithmetic;
use super::super::operation::{Binary, Unary};
use super::super::tape::{Code, Tape};
use super::signature;
use crate::elementary;

/// A register of the tape while its code is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Register {
    /// An input that stands in memory, behind this address, at the register's own place.
    Stored(Value),
    Constant(f64),
    Known(Value),
}

/// A tape on its way to machine code.
pub(super) struct Translation<'a, 'f> {
    code: &'a mut FuncCursor<'f>,
    registers: Vec<Register>,
    /// The inputs that have been read since the last call: a call spills what is in registers, and reading again costs less than that.
    read: Vec<Option<Value>>,
    unary: SigRef,
    binary: SigRef,
}

/// A function of the interpreter's as machine code calls it.
macro_rules! wrapped {
    ($of:ident, $op:expr, $($x:ident),+) => {{
        extern "C" fn wrapped($($x: f64),+) -> f64 {
            arithmetic::$of($op, $($x),+)
        }
        wrapped
    }};
}

impl<'a, 'f> Translation<'a, 'f> {
    /// Writes the tape's operations where the cursor stands; `first` are the registers of inputs and, if they are not to be loaded anew
    /// at each use, constants. Gives the values of the outputs.
    pub(super) fn write(tape: &Tape, code: &'a mut FuncCursor<'f>, first: Vec<Register>) -> Vec<Value> {
        let call = code.func.signature.call_conv;
        let unary = code.func.import_signature(signature(call, &[F64], &[F64]));
        let binary = code.func.import_signature(signature(call, &[F64, F64], &[F64]));
        let mut registers = first;
        let given = registers.len() - tape.inputs;
        registers.extend(tape.constants[given..].iter().map(|value| Register::Constant(*value)));
        registers.resize(tape.registers.max(registers.len()), Register::Constant(0.0));
        let mut whole = Translation { code, registers, read: vec![None; tape.inputs], unary, binary };
        for step in &tape.instructions {
            let value = match step.code {
                Code::Unary(op) => {
                    let x = whole.value(step.a);
                    whole.of_one(op, x)
                }
                Code::Binary(op) => {
                    let (x, y) = (whole.value(step.a), whole.value(step.b));
                    whole.of_two(op, x, y)
                }
                Code::Select => {
                    let (condition, x, y) = (whole.value(step.a), whole.value(step.b), whole.value(step.c));
                    let zero = whole.number(0.0);
                    let is_zero = whole.code.ins().fcmp(FloatCC::Equal, condition, zero);
                    whole.code.ins().select(is_zero, y, x)
                }
            };
            whole.registers[usize::from(step.to)] = Register::Known(value);
        }
        tape.outputs.iter().map(|register| whole.value(*register)).collect()
    }

    fn number(&mut self, value: f64) -> Value {
        self.code.ins().f64const(value)
    }

    /// What is in a register.
    fn value(&mut self, register: u16) -> Value {
        let place = usize::from(register);
        match self.registers[place] {
            Register::Known(value) => value,
            Register::Constant(value) => self.number(value),
            Register::Stored(address) => {
                let code = &mut self.code;
                *self.read[place]
                    .get_or_insert_with(|| code.ins().load(F64, MemFlags::trusted(), address, offset(place)))
            }
        }
    }

    /// 1 where a comparison holds, else 0.
    fn truth(&mut self, holds: Value) -> Value {
        let (one, zero) = (self.number(1.0), self.number(0.0));
        self.code.ins().select(holds, one, zero)
    }

    /// Whether x and y compare so, as 1 or 0.
    fn compared(&mut self, how: FloatCC, x: Value, y: Value) -> Value {
        let holds = self.code.ins().fcmp(how, x, y);
        self.truth(holds)
    }

    /// x if it compares so with y or is NaN, else y.
    fn extreme(&mut self, how: FloatCC, x: Value, y: Value) -> Value {
        let missing = self.code.ins().fcmp(FloatCC::Unordered, x, x);
        let other = self.code.ins().select(missing, x, y);
        let holds = self.code.ins().fcmp(how, x, y);
        self.code.ins().select(holds, x, other)
    }

    fn of_one(&mut self, op: Unary, x: Value) -> Value {
        match op {
            Unary::Negative => self.code.ins().fneg(x),
            Unary::Absolute => self.code.ins().fabs(x),
            Unary::Sqrt => self.code.ins().sqrt(x),
            Unary::Floor => self.code.ins().floor(x),
            Unary::Ceil => self.code.ins().ceil(x),
            Unary::Trunc => self.code.ins().trunc(x),
            Unary::Rint => self.code.ins().nearest(x),
            Unary::Sign => {
                let (zero, one, less) = (self.number(0.0), self.number(1.0), self.number(-1.0));
                let neither = self.code.ins().fmul(x, zero);
                let below = self.code.ins().fcmp(FloatCC::LessThan, x, zero);
                let value = self.code.ins().select(below, less, neither);
                let above = self.code.ins().fcmp(FloatCC::GreaterThan, x, zero);
                self.code.ins().select(above, one, value)
            }
            Unary::LogicalNot => {
                let zero = self.number(0.0);
                self.compared(FloatCC::Equal, x, zero)
            }
            Unary::Isnan => self.compared(FloatCC::Unordered, x, x),
            Unary::Isfinite => {
                let (size, infinity) = (self.code.ins().fabs(x), self.number(f64::INFINITY));
                self.compared(FloatCC::LessThan, size, infinity)
            }
            Unary::Cbrt => self.call_one(elementary::cbrt::address(), x),
            Unary::Exp => self.call_one(elementary::exp::address(), x),
            Unary::Expm1 => self.call_one(elementary::exp_m1::address(), x),
            Unary::Log => self.call_one(elementary::ln::address(), x),
            Unary::Log1p => self.call_one(elementary::ln_1p::address(), x),
            Unary::Log2 => self.call_one(elementary::log2::address(), x),
            Unary::Log10 => self.call_one(elementary::log10::address(), x),
            Unary::Sin => self.call_one(elementary::sin::address(), x),
            Unary::Cos => self.call_one(elementary::cos::address(), x),
            Unary::Tan => self.call_one(elementary::tan::address(), x),
            Unary::Arcsin => self.call_one(elementary::arcsin::address(), x),
            Unary::Arccos => self.call_one(elementary::arccos::address(), x),
            Unary::Arctan => self.call_one(elementary::arctan::address(), x),
            Unary::Sinh => self.call_one(elementary::sinh::address(), x),
            Unary::Cosh => self.call_one(elementary::cosh::address(), x),
            Unary::Tanh => self.call_one(elementary::tanh::address(), x),
            Unary::Sech => {
                let (one, cosh) = (self.number(1.0), self.call_one(elementary::cosh::address(), x));
                self.code.ins().fdiv(one, cosh)
            }
            Unary::Arcsinh => self.call_one(elementary::arcsinh::address(), x),
            Unary::Arccosh => self.call_one(elementary::arccosh::address(), x),
            Unary::Arctanh => self.call_one(elementary::arctanh::address(), x),
            Unary::Expit => self.call_one(elementary::expit::address(), x),
            Unary::Erf => self.call_one(wrapped!(unary, Unary::Erf, x), x),
            Unary::Erfc => self.call_one(wrapped!(unary, Unary::Erfc, x), x),
            Unary::Erfcx => self.call_one(wrapped!(unary, Unary::Erfcx, x), x),
            Unary::Ndtr => self.call_one(wrapped!(unary, Unary::Ndtr, x), x),
            Unary::LogNdtr => self.call_one(wrapped!(unary, Unary::LogNdtr, x), x),
            Unary::Gammaln => self.call_one(wrapped!(unary, Unary::Gammaln, x), x),
            Unary::LogExpit => self.call_one(elementary::log_expit::address(), x),
        }
    }

    fn of_two(&mut self, op: Binary, x: Value, y: Value) -> Value {
        match op {
            Binary::Add => self.code.ins().fadd(x, y),
            Binary::Subtract => self.code.ins().fsub(x, y),
            Binary::Multiply => self.code.ins().fmul(x, y),
            Binary::Divide => self.code.ins().fdiv(x, y),
            Binary::Copysign => self.code.ins().fcopysign(x, y),
            Binary::Maximum => self.extreme(FloatCC::GreaterThan, x, y),
            Binary::Minimum => self.extreme(FloatCC::LessThan, x, y),
            Binary::Less => self.compared(FloatCC::LessThan, x, y),
            Binary::LessEqual => self.compared(FloatCC::LessThanOrEqual, x, y),
            Binary::Equal => self.compared(FloatCC::Equal, x, y),
            Binary::NotEqual => self.compared(FloatCC::NotEqual, x, y),
            Binary::LogicalAnd | Binary::LogicalOr => {
                let zero = self.number(0.0);
                let first = self.code.ins().fcmp(FloatCC::NotEqual, x, zero);
                let second = self.code.ins().fcmp(FloatCC::NotEqual, y, zero);
                let both = op == Binary::LogicalAnd;
                let holds = if both { self.code.ins().band(first, second) } else { self.code.ins().bor(first, second) };
                self.truth(holds)
            }
            Binary::Power => self.call_two(elementary::pow::address(), x, y),
            Binary::Arctan2 => self.call_two(elementary::arctan2::address(), x, y),
            Binary::Hypot => self.call_two(elementary::hypot::address(), x, y),
            Binary::Logaddexp => self.call_two(elementary::logaddexp::address(), x, y),
            Binary::FloorDivide => self.call_two(wrapped!(binary, Binary::FloorDivide, x, y), x, y),
            Binary::Remainder => self.call_two(wrapped!(binary, Binary::Remainder, x, y), x, y),
            Binary::Polygamma => self.call_two(wrapped!(binary, Binary::Polygamma, x, y), x, y),
            Binary::Xlogy => self.call_two(wrapped!(binary, Binary::Xlogy, x, y), x, y),
            Binary::Inversion => self.call_two(wrapped!(binary, Binary::Inversion, x, y), x, y),
            Binary::Ierfcx => self.call_two(wrapped!(binary, Binary::Ierfcx, x, y), x, y),
        }
    }

    fn call_one(&mut self, function: elementary::Unary, x: Value) -> Value {
        self.call(self.unary, function as usize, &[x])
    }

    fn call_two(&mut self, function: elementary::Binary, x: Value, y: Value) -> Value {
        self.call(self.binary, function as usize, &[x, y])
    }

    fn call(&mut self, signature: SigRef, address: usize, arguments: &[Value]) -> Value {
        let address = self.code.ins().iconst(I64, address as i64);
        let call = self.code.ins().call_indirect(signature, address, arguments);
        self.read.fill(None);
        self.code.func.dfg.first_result(call)
    }
}

/// The distance of a number from the first, in bytes.
pub(super) fn offset(place: usize) -> i32 {
    (place * size_of::<f64>()) as i32
}
