//! Tapes as machine code, for small programs that run many times: Cranelift chooses instructions and registers, here stands what each operation is.
//!
//! The code has the interpreter's bits (but for the payloads of NaN): sums, products, roots, comparisons and choices are the same IEEE operations, everything else is a
//! call of the function that the interpreter calls. It lives in pages of its own, which are first written, then made executable,
//! and given back when it is dropped. Where the system refuses such pages there is no machine code, and the interpreter serves.

use std::sync::OnceLock;

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlags, SigRef, Signature, UserFuncName, Value, types::F64, types::I64,
};
use cranelift_codegen::isa::{self, CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use memmap2::{Mmap, MmapMut};

use super::arithmetic;
use super::operation::{Binary, Unary};
use super::tape::{Code, Tape};
use crate::elementary;

/// Where the code reads its inputs and writes its outputs.
type Entry = unsafe extern "C" fn(*const f64, *mut f64);

/// A compiled tape.
#[derive(Debug)]
pub(super) struct MachineCode {
    /// The code, which begins with its entry.
    pages: Mmap,
    inputs: usize,
    outputs: usize,
}

impl MachineCode {
    /// The machine code of a tape. None where the system does not let a program write its own.
    pub(super) fn compile(tape: &Tape) -> Option<MachineCode> {
        let machine = machine()?;
        let mut context = Context::for_function(Function::with_name_signature(
            UserFuncName::default(),
            signature(CallConv::triple_default(machine.triple()), &[I64, I64], &[]),
        ));
        Translation::write(tape, FuncCursor::new(&mut context.func));
        let compiled = context.compile(&**machine, &mut ControlPlane::default()).ok()?;
        if !compiled.buffer.relocs().is_empty() {
            return None;
        }
        let code = compiled.code_buffer();
        let mut pages = MmapMut::map_anon(code.len()).ok()?;
        pages.copy_from_slice(code);
        Some(MachineCode { pages: pages.make_exec().ok()?, inputs: tape.inputs, outputs: tape.outputs.len() })
    }

    /// Runs it.
    #[inline]
    pub(super) fn call(&self, inputs: &[f64], outputs: &mut [f64]) {
        assert!(inputs.len() == self.inputs && outputs.len() == self.outputs, "as many numbers as the tape has");
        // SAFETY: the pages begin with a function of this type, which reads `inputs` numbers, writes `outputs` and keeps neither address.
        unsafe {
            let entry = std::mem::transmute::<*const u8, Entry>(self.pages.as_ptr());
            entry(inputs.as_ptr(), outputs.as_mut_ptr());
        }
    }
}

/// What Cranelift needs to know of the machine, found out once.
fn machine() -> Option<&'static OwnedTargetIsa> {
    static MACHINE: OnceLock<Option<OwnedTargetIsa>> = OnceLock::new();
    let find = || {
        let mut flags = settings::builder();
        for (name, value) in [
            // The tape has no operation twice and none in vain: there is nothing to optimise before registers are chosen.
            ("opt_level", "none"),
            ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
            ("unwind_info", "false"),
            // A large frame touches its pages one after the other, so that it cannot step over the guard of the stack.
            ("enable_probestack", "true"),
            ("probestack_strategy", "inline"),
        ] {
            flags.set(name, value).ok()?;
        }
        let name = match std::env::consts::OS {
            "windows" => "x86_64-pc-windows-msvc",
            "macos" => "x86_64-apple-darwin",
            _ => "x86_64-unknown-linux-gnu",
        };
        let mut builder = isa::lookup_by_name(name).ok()?;
        // Without these rounding would be a call into a library.
        if !is_x86_feature_detected!("sse4.1") {
            return None;
        }
        for (name, found) in [
            ("has_sse3", is_x86_feature_detected!("sse3")),
            ("has_ssse3", is_x86_feature_detected!("ssse3")),
            ("has_sse41", true),
            ("has_avx", is_x86_feature_detected!("avx")),
        ] {
            if found {
                builder.enable(name).ok()?;
            }
        }
        builder.finish(settings::Flags::new(flags)).ok()
    };
    MACHINE.get_or_init(find).as_ref()
}

fn signature(
    call: CallConv,
    takes: &[cranelift_codegen::ir::Type],
    gives: &[cranelift_codegen::ir::Type],
) -> Signature {
    let mut signature = Signature::new(call);
    signature.params.extend(takes.iter().map(|kind| AbiParam::new(*kind)));
    signature.returns.extend(gives.iter().map(|kind| AbiParam::new(*kind)));
    signature
}

/// A register of the tape while its code is written.
#[derive(Debug, Clone, Copy)]
enum Register {
    Input,
    Constant(f64),
    Result(Value),
}

/// A tape on its way to machine code.
struct Translation<'a> {
    code: FuncCursor<'a>,
    registers: Vec<Register>,
    /// The inputs that have been read since the last call: a call spills what is in registers, and reading again costs less than that.
    read: Vec<Option<Value>>,
    inputs: Value,
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

impl Translation<'_> {
    fn write(tape: &Tape, mut code: FuncCursor) {
        let block = code.func.dfg.make_block();
        let [inputs, outputs] = [I64, I64].map(|kind| code.func.dfg.append_block_param(block, kind));
        code.insert_block(block);
        let call = code.func.signature.call_conv;
        let unary = code.func.import_signature(signature(call, &[F64], &[F64]));
        let binary = code.func.import_signature(signature(call, &[F64, F64], &[F64]));
        let mut registers = vec![Register::Input; tape.inputs];
        registers.extend(tape.constants.iter().map(|value| Register::Constant(*value)));
        registers.resize(tape.registers.max(registers.len()), Register::Constant(0.0));
        let mut whole = Translation { code, registers, read: vec![None; tape.inputs], inputs, unary, binary };
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
            whole.registers[usize::from(step.to)] = Register::Result(value);
        }
        for (place, register) in tape.outputs.iter().enumerate() {
            let value = whole.value(*register);
            whole.code.ins().store(MemFlags::trusted(), value, outputs, offset(place));
        }
        whole.code.ins().return_(&[]);
    }

    fn number(&mut self, value: f64) -> Value {
        self.code.ins().f64const(value)
    }

    /// What is in a register.
    fn value(&mut self, register: u16) -> Value {
        let place = usize::from(register);
        match self.registers[place] {
            Register::Result(value) => value,
            Register::Constant(value) => self.number(value),
            Register::Input => {
                let (code, inputs) = (&mut self.code, self.inputs);
                *self.read[place]
                    .get_or_insert_with(|| code.ins().load(F64, MemFlags::trusted(), inputs, offset(place)))
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
fn offset(place: usize) -> i32 {
    (place * size_of::<f64>()) as i32
}

#[cfg(test)]
mod tests {
    use super::MachineCode;
    use crate::graph::tape::{Tape, Value, Writer};
    use crate::graph::{Binary, Unary};

    const ODD: [f64; 16] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -2.5,
        3.0,
        5e-324,
        -1e-310,
        1e22,
        -1e300,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        -0.3,
    ];

    fn both_agree(tape: &Tape, inputs: &[f64]) {
        let code = MachineCode::compile(tape).expect("the system lets us");
        let mut registers = tape.fresh_registers();
        registers[..inputs.len()].copy_from_slice(inputs);
        tape.run(&mut registers);
        let mut outputs = vec![f64::NAN; tape.outputs.len()];
        code.call(inputs, &mut outputs);
        for (found, place) in outputs.iter().zip(&tape.outputs) {
            let expected = registers[usize::from(*place)];
            assert!(
                found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                "{tape:?} of {inputs:?}: {found:e} instead of {expected:e}"
            );
        }
    }

    #[test]
    fn every_operation_has_the_interpreters_bits() {
        for x in ODD {
            for y in ODD {
                let mut writer = Writer::new(2, 1000);
                let (a, b) = (Value::Input(0), Value::Input(1));
                let mut outputs: Vec<Value> = Unary::ALL.iter().map(|(op, _)| writer.unary(*op, a)).collect();
                outputs.extend(Binary::ALL.iter().map(|(op, _)| writer.binary(*op, a, b)));
                outputs.push(writer.select(a, b, Value::number(7.0)));
                both_agree(&writer.finish(&outputs).expect("it is short"), &[x, y]);
            }
        }
    }

    #[test]
    fn random_tapes_have_the_interpreters_bits() {
        let mut state = 6_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        for _ in 0..150 {
            let mut writer = Writer::new(4, 1000);
            let mut values: Vec<Value> = (0..4).map(Value::Input).collect();
            values.push(Value::number(ODD[below(ODD.len())]));
            values.push(Value::number(2.75));
            for _ in 0..1 + below(80) {
                let [a, b, c] = [0; 3].map(|_| values[below(values.len())]);
                values.push(match below(8) {
                    0 | 1 => writer.unary(Unary::ALL[below(Unary::ALL.len())].0, a),
                    2 => writer.select(a, b, c),
                    3 => writer.binary(Binary::ALL[below(Binary::ALL.len())].0, a, b),
                    other => writer.binary(Binary::ALL[other - 4].0, a, b),
                });
            }
            let outputs: Vec<Value> =
                (0..1 + below(6)).map(|_| values[values.len() - 1 - below(values.len())]).collect();
            let tape = writer.finish(&outputs).expect("it is short");
            for _ in 0..4 {
                let inputs = [0; 4].map(|_| match below(3) {
                    0 => ODD[below(ODD.len())],
                    _ => below(2000) as f64 / 300.0 - 3.0,
                });
                both_agree(&tape, &inputs);
            }
        }
    }

    #[test]
    fn it_can_be_shared_and_outlives_the_thread_that_wrote_it() {
        let code = std::thread::spawn(|| {
            let mut writer = Writer::new(1, 10);
            let sine = writer.unary(Unary::Sin, Value::Input(0));
            MachineCode::compile(&writer.finish(&[sine]).expect("it is short"))
        });
        let code = code.join().expect("it does not panic").expect("the system lets us");
        std::thread::scope(|scope| {
            for x in [0.5, 1.5, 1e10] {
                let code = &code;
                scope.spawn(move || {
                    let mut sine = [0.0];
                    code.call(&[x], &mut sine);
                    assert_eq!(sine[0], crate::elementary::sin::scalar(x));
                });
            }
        });
    }

    #[test]
    fn a_tape_without_instructions_copies() {
        let outputs = [Value::Input(1), Value::number(4.0), Value::Input(1)];
        let tape = Writer::new(2, 10).finish(&outputs).expect("it is short");
        both_agree(&tape, &[1.0, -0.0]);
        both_agree(&Writer::new(0, 10).finish(&[]).expect("it is short"), &[]);
    }
}
