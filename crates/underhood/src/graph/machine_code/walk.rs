//! Steps downhill in machine code: x ← x − rate·∇f(x) over and over, for a tape that gives f and ∇f.
//!
//! Point and gradient stay in the processor's registers from one step to the next, so that a step takes no longer than its longest chain of dependent operations.
//! The code has no judgement: it stops where the gradient leaves the range of lengths that it was given, and whoever called it looks.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlags, Value, types::F64, types::I64};
use memmap2::Mmap;

use super::pages;
use super::translation::{Register, Translation, offset};
use crate::graph::tape::Tape;
use crate::graph::trail::Trail;

/// With more variables than these the registers do not hold them.
const MOST_VARIABLES: usize = 8;

/// Points, gradients, values, lengths of gradients; how many steps; the rate; the least and the greatest square of a gradient's length.
type Entry = unsafe extern "C" fn(*mut f64, *mut f64, *mut f64, *mut f64, usize, f64, f64, f64) -> usize;

/// A tape that was compiled to walk downhill.
#[derive(Debug)]
pub(in crate::graph) struct MachineWalk {
    /// The code, which begins with its entry.
    pages: Mmap,
    variables: usize,
}

impl MachineWalk {
    /// The machine code of a tape that gives f and ∇f, in this order. None for anything else, and where there is no machine code.
    pub(in crate::graph) fn compile(tape: &Tape) -> Option<MachineWalk> {
        let variables = tape.inputs;
        if variables == 0 || variables > MOST_VARIABLES || tape.outputs.len() != variables + 1 {
            return None;
        }
        let takes = [I64, I64, I64, I64, I64, F64, F64, F64];
        let pages = pages(&takes, &[I64], |code, parameters| write(tape, code, parameters))?;
        Some(MachineWalk { pages, variables })
    }

    /// Makes at most so many steps from the first row of the trail, whose gradient stands there too. Gives the number of steps made: after
    /// each of them the gradient's length lies strictly between the two bounds; the step at which it did not is not counted.
    pub(in crate::graph) fn run(&self, trail: &mut Trail, steps: usize, rate: f64, (least, most): (f64, f64)) -> usize {
        let (rows, numbers) = (steps + 1, (steps + 1) * self.variables);
        assert!(trail.points.len() >= numbers && trail.gradients.len() >= numbers, "room for the rows");
        assert!(trail.values.len() >= rows && trail.slopes.len() >= rows, "room for the values");
        if steps == 0 {
            return 0;
        }
        let Trail { points, gradients, values, slopes } = trail;
        // SAFETY: the pages begin with a function of this type. It reads the first row of points and gradients, writes at most `steps` rows
        // behind it in all four, for which there is room, and keeps no address.
        unsafe {
            let entry = std::mem::transmute::<*const u8, Entry>(self.pages.as_ptr());
            let (points, gradients) = (points.as_mut_ptr(), gradients.as_mut_ptr());
            entry(points, gradients, values.as_mut_ptr(), slopes.as_mut_ptr(), steps, rate, least * least, most * most)
        }
    }
}

fn write(tape: &Tape, code: &mut FuncCursor<'_>, parameters: &[Value]) {
    let n = tape.inputs;
    let (addresses, steps) = (&parameters[..4], parameters[4]);
    let (rate, least, most) = (parameters[5], parameters[6], parameters[7]);
    let row = |place: usize| offset(if place < 2 { n } else { 1 });
    let flags = MemFlags::trusted();

    // Before the first step: the start is read, and the constants, so that the steps do not load them anew.
    let constants: Vec<Value> = tape.constants.iter().map(|value| code.ins().f64const(*value)).collect();
    let start = (0..2).flat_map(|rows| (0..n).map(move |place| (rows, place)));
    let start: Vec<Value> =
        start.map(|(rows, place)| code.ins().load(F64, flags, addresses[rows], offset(place))).collect();
    let none = code.ins().iconst(I64, 0);
    let (body, end) = (code.func.dfg.make_block(), code.func.dfg.make_block());
    let first: Vec<BlockArg> =
        addresses.iter().chain([&none]).chain(&start).map(|value| BlockArg::Value(*value)).collect();
    code.ins().jump(body, &first);

    // A step. What changes from one to the next: the addresses of the present rows, the number of steps made, the point, the gradient.
    let kinds = [I64; 5].into_iter().chain(std::iter::repeat_n(F64, 2 * n));
    let now: Vec<Value> = kinds.map(|kind| code.func.dfg.append_block_param(body, kind)).collect();
    code.insert_block(body);
    let (made, point, gradient) = (now[4], &now[5..5 + n], &now[5 + n..]);
    let mut next = Vec::with_capacity(n);
    for (x, slope) in point.iter().zip(gradient) {
        let step = code.ins().fmul(rate, *slope);
        next.push(code.ins().fsub(*x, step));
    }
    let registers = next.iter().chain(&constants).map(|value| Register::Known(*value)).collect();
    let outputs = Translation::write(tape, code, registers);
    let (value, gradient) = (outputs[0], &outputs[1..]);
    let mut squares = gradient.iter().map(|slope| code.ins().fmul(*slope, *slope)).collect::<Vec<_>>().into_iter();
    let first = squares.next().unwrap_or(value);
    let squared = squares.fold(first, |sum, square| code.ins().fadd(sum, square));
    let slope = code.ins().sqrt(squared);
    let behind: Vec<Value> = (0..4).map(|place| code.ins().iadd_imm(now[place], i64::from(row(place)))).collect();
    for (place, (x, slope)) in next.iter().zip(gradient).enumerate() {
        code.ins().store(flags, *x, behind[0], offset(place));
        code.ins().store(flags, *slope, behind[1], offset(place));
    }
    code.ins().store(flags, value, behind[2], 0);
    code.ins().store(flags, slope, behind[3], 0);
    let above = code.ins().fcmp(FloatCC::GreaterThan, squared, least);
    let below = code.ins().fcmp(FloatCC::LessThan, squared, most);
    let within = code.ins().band(above, below);
    let more = code.ins().iadd_imm(made, 1);
    let made = code.ins().select(within, more, made);
    let left = code.ins().icmp(IntCC::UnsignedLessThan, made, steps);
    let on = code.ins().band(within, left);
    let state: Vec<BlockArg> =
        behind.iter().chain([&made]).chain(&next).chain(gradient).map(|value| BlockArg::Value(*value)).collect();
    code.ins().brif(on, body, &state, end, &[BlockArg::Value(made)]);

    let made = code.func.dfg.append_block_param(end, I64);
    code.insert_block(end);
    code.ins().return_(&[made]);
}
