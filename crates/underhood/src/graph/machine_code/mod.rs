//! Tapes as machine code, for small programs that run many times: Cranelift chooses instructions and registers, here stands what each operation is.
//!
//! The code has the interpreter's bits (but for the payloads of NaN): sums, products, roots, comparisons and choices are the same IEEE operations, everything else is a
//! call of the function that the interpreter calls. It lives in pages of its own, which are first written, then made executable,
//! and given back when it is dropped. Where the system refuses such pages there is no machine code, and the interpreter serves.
//!
//! `translation` has the operations; a tape is compiled to be run once, here, or to walk downhill, in `walk`.

mod translation;
mod walk;

use std::sync::OnceLock;

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlags, Signature, Type, UserFuncName, Value, types::I64,
};
use cranelift_codegen::isa::{self, CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use memmap2::{Mmap, MmapMut};

use self::translation::{Register, Translation, offset};
use super::tape::Tape;

pub(super) use self::walk::MachineWalk;

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
        let pages = pages(&[I64, I64], &[], |code, parameters| {
            let (inputs, outputs) = (parameters[0], parameters[1]);
            let values = Translation::write(tape, code, vec![Register::Stored(inputs); tape.inputs]);
            for (place, value) in values.into_iter().enumerate() {
                code.ins().store(MemFlags::trusted(), value, outputs, offset(place));
            }
            code.ins().return_(&[]);
        })?;
        Some(MachineCode { pages, inputs: tape.inputs, outputs: tape.outputs.len() })
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

/// Pages with the code of one function, which `write` writes from its first block on, given the parameters.
fn pages(takes: &[Type], gives: &[Type], write: impl FnOnce(&mut FuncCursor<'_>, &[Value])) -> Option<Mmap> {
    let machine = machine()?;
    let call = CallConv::triple_default(machine.triple());
    let mut context =
        Context::for_function(Function::with_name_signature(UserFuncName::default(), signature(call, takes, gives)));
    let mut code = FuncCursor::new(&mut context.func);
    let block = code.func.dfg.make_block();
    let parameters: Vec<Value> = takes.iter().map(|kind| code.func.dfg.append_block_param(block, *kind)).collect();
    code.insert_block(block);
    write(&mut code, &parameters);
    let compiled = context.compile(&**machine, &mut ControlPlane::default()).ok()?;
    if !compiled.buffer.relocs().is_empty() {
        return None;
    }
    let code = compiled.code_buffer();
    let mut pages = MmapMut::map_anon(code.len()).ok()?;
    pages.copy_from_slice(code);
    pages.make_exec().ok()
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

fn signature(call: CallConv, takes: &[Type], gives: &[Type]) -> Signature {
    let mut signature = Signature::new(call);
    signature.params.extend(takes.iter().map(|kind| AbiParam::new(*kind)));
    signature.returns.extend(gives.iter().map(|kind| AbiParam::new(*kind)));
    signature
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
