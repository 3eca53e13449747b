//! Large functions as steps over arrays.
//!
//! Chains of elementwise operations become tapes that run over blocks (`lanes`): all of them that hold equally many elements and can run at the same moment are one tape.
//! What only renames elements (a reshape, a run of a slice) costs nothing; a number or a row that is broadcast is read again and again rather than written out; a
//! transpose goes into the product that needs it. Buffers are used again once nothing needs what is in them.

mod planner;

use std::sync::Arc;

use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn};

use self::planner::Planner;
use super::function::Function;
use super::lanes::{Lanes, Operand};
use super::operation::Reduction;
use super::reduction;
use super::strided::Walk;
use super::tape::Tape;
use crate::error::{Error, Result};
use crate::linalg;

/// Where numbers stand: so many of them from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    home: Home,
    start: usize,
    size: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Home {
    Input(usize),
    Constant(usize),
    Buffer(usize),
}

/// How a tape reads one of its inputs.
#[derive(Debug, Clone, Copy)]
enum Reading {
    Each,
    One,
    Tiled { repeat: usize },
}

#[derive(Debug)]
enum Step {
    /// A tape over arrays of `size` elements, or on numbers.
    Elementwise {
        tape: Tape,
        size: usize,
        inputs: Vec<(Place, Reading)>,
        outputs: Vec<usize>,
    },
    /// A matrix product; the shapes are those in memory, before a turn.
    Product {
        x: Place,
        y: Place,
        x_shape: Vec<usize>,
        y_shape: Vec<usize>,
        turned: [bool; 2],
        shape: Vec<usize>,
        to: usize,
    },
    /// Elements by a walk.
    Move {
        from: Place,
        walk: Walk,
        to: usize,
    },
    /// Elements to a walk, in zeros when `clear`.
    Put {
        from: Place,
        walk: Walk,
        clear: bool,
        to: usize,
    },
    Gather {
        from: Place,
        places: Arc<[usize]>,
        to: usize,
    },
    Scatter {
        from: Place,
        places: Arc<[usize]>,
        to: usize,
    },
    /// `count` elements that stand `inner` apart become one.
    Reduce {
        op: Reduction,
        from: Place,
        count: usize,
        inner: usize,
        to: usize,
    },
    Accumulate {
        from: Place,
        count: usize,
        inner: usize,
        reverse: bool,
        to: usize,
    },
}

/// A function as steps.
#[derive(Debug)]
pub(super) struct Plan {
    steps: Vec<Step>,
    constants: Vec<Arc<ArrayD<f64>>>,
    /// The size of each buffer.
    buffers: Vec<usize>,
    output: Place,
}

/// What a step does: it reads the buffers and writes one that was taken out of them.
type Work<'a> = dyn FnMut(&[Vec<f64>], &mut [f64]) + 'a;

/// What a run writes in.
#[derive(Debug)]
pub(super) struct Workspace {
    buffers: Vec<Vec<f64>>,
    /// One for each step that is a tape.
    lanes: Vec<Option<Lanes>>,
    registers: Vec<Vec<f64>>,
}

impl Plan {
    /// The steps of a function.
    pub(super) fn new(function: &Function) -> Plan {
        Planner::new(function).plan(function.output())
    }

    /// How many elements the arrays hold that it reads and writes.
    pub(super) fn work(&self) -> usize {
        self.constants.iter().map(|values| values.len()).chain(self.buffers.iter().copied()).sum()
    }

    /// # Errors
    /// [`Error::OutOfMemory`] if the buffers do not fit.
    pub(super) fn workspace(&self) -> Result<Workspace> {
        let lanes = |step: &Step| match step {
            Step::Elementwise { tape, size, .. } if *size > 1 => Some(Lanes::new(tape, *size)),
            _ => None,
        };
        let registers = |step: &Step| match step {
            Step::Elementwise { tape, size: 1, .. } => tape.fresh_registers(),
            _ => Vec::new(),
        };
        let buffers = self.buffers.iter().map(|size| zeros(*size)).collect::<Result<_>>()?;
        Ok(Workspace {
            buffers,
            lanes: self.steps.iter().map(lanes).collect(),
            registers: self.steps.iter().map(registers).collect(),
        })
    }

    /// Runs the function on its arguments, each laid flat.
    pub(super) fn run(&self, workspace: &mut Workspace, arguments: &[&[f64]], output: &mut [f64]) {
        for (number, step) in self.steps.iter().enumerate() {
            self.step(workspace, number, step, arguments);
        }
        output.copy_from_slice(self.read(&workspace.buffers, arguments, self.output));
    }

    fn read<'a>(&'a self, buffers: &'a [Vec<f64>], arguments: &[&'a [f64]], place: Place) -> &'a [f64] {
        let whole = match place.home {
            Home::Input(number) => arguments[number],
            Home::Constant(number) => self.constants[number].as_slice().unwrap_or(&[]),
            Home::Buffer(number) => &buffers[number],
        };
        &whole[place.start..place.start + place.size]
    }

    fn step(&self, workspace: &mut Workspace, number: usize, step: &Step, arguments: &[&[f64]]) {
        let Workspace { buffers, lanes, registers } = workspace;
        // What is written is none of what is read: it may be taken out meanwhile.
        let write = |buffers: &mut Vec<Vec<f64>>, to: usize, work: &mut Work<'_>| {
            let mut out = std::mem::take(&mut buffers[to]);
            work(buffers, &mut out);
            buffers[to] = out;
        };
        match step {
            Step::Elementwise { size: 0, .. } => {}
            Step::Elementwise { tape, inputs, outputs, size: 1 } => {
                let registers = &mut registers[number];
                for (register, (place, _)) in registers.iter_mut().zip(inputs) {
                    *register = self.read(buffers, arguments, *place)[0];
                }
                tape.run(registers);
                for (register, to) in tape.outputs.iter().zip(outputs) {
                    buffers[*to][0] = registers[usize::from(*register)];
                }
            }
            Step::Elementwise { tape, size, inputs, outputs } => {
                let mut results: Vec<Vec<f64>> = outputs.iter().map(|to| std::mem::take(&mut buffers[*to])).collect();
                if let Some(lanes) = &mut lanes[number] {
                    let operand = |(place, reading): &(Place, Reading)| {
                        let values = self.read(buffers, arguments, *place);
                        match reading {
                            Reading::Each => Operand::Each(values),
                            Reading::One => Operand::One(values[0]),
                            Reading::Tiled { repeat } => Operand::Tiled { values, repeat: *repeat },
                        }
                    };
                    let operands: Vec<Operand<'_>> = inputs.iter().map(operand).collect();
                    let mut outputs: Vec<&mut [f64]> = results.iter_mut().map(Vec::as_mut_slice).collect();
                    lanes.run(tape, &operands, *size, &mut outputs);
                }
                results.into_iter().zip(outputs).for_each(|(result, to)| buffers[*to] = result);
            }
            Step::Product { x, y, x_shape, y_shape, turned, shape, to } => {
                write(buffers, *to, &mut |buffers, out| {
                    let view = |place: &Place, shape: &[usize], turned: bool| {
                        let flat = self.read(buffers, arguments, *place);
                        ArrayViewD::from_shape(IxDyn(shape), flat).map(|a| if turned { a.reversed_axes() } else { a })
                    };
                    let out = ArrayViewMutD::from_shape(IxDyn(shape), out);
                    if let (Ok(x), Ok(y), Ok(out)) = (view(x, x_shape, turned[0]), view(y, y_shape, turned[1]), out) {
                        // The shapes were checked when the graph was built.
                        let _ = linalg::matmul_into(out, x, y);
                    }
                });
            }
            Step::Move { from, walk, to } => write(buffers, *to, &mut |buffers, out| {
                let from = self.read(buffers, arguments, *from);
                walk.rows(|to, place, step, n| match step {
                    1 => out[to..to + n].copy_from_slice(&from[place..place + n]),
                    0 => out[to..to + n].fill(from[place]),
                    _ => (0..n).for_each(|i| out[to + i] = from[place.wrapping_add_signed(step * i as isize)]),
                });
            }),
            Step::Put { from, walk, clear, to } => write(buffers, *to, &mut |buffers, out| {
                if *clear {
                    out.fill(0.0);
                }
                let from = self.read(buffers, arguments, *from);
                walk.rows(|at, place, step, n| match step {
                    1 => out[place..place + n].copy_from_slice(&from[at..at + n]),
                    _ => (0..n).for_each(|i| out[place.wrapping_add_signed(step * i as isize)] = from[at + i]),
                });
            }),
            Step::Gather { from, places, to } => write(buffers, *to, &mut |buffers, out| {
                let from = self.read(buffers, arguments, *from);
                out.iter_mut().zip(places.iter()).for_each(|(out, place)| *out = from[*place]);
            }),
            Step::Scatter { from, places, to } => write(buffers, *to, &mut |buffers, out| {
                out.fill(0.0);
                let from = self.read(buffers, arguments, *from);
                from.iter().zip(places.iter()).for_each(|(value, place)| out[*place] += value);
            }),
            Step::Reduce { op, from, count, inner, to } => write(buffers, *to, &mut |buffers, out| {
                reduction::reduce(*op, self.read(buffers, arguments, *from), (*count, *inner), out);
            }),
            Step::Accumulate { from, count, inner, reverse, to } => write(buffers, *to, &mut |buffers, out| {
                out.copy_from_slice(self.read(buffers, arguments, *from));
                reduction::accumulate(out, (*count, *inner), *reverse);
            }),
        }
    }
}

/// So many zeros, if there is room for them.
fn zeros(size: usize) -> Result<Vec<f64>> {
    let mut buffer = Vec::new();
    let refused = |_| Error::OutOfMemory { function: "function", what: "an array on the way".into(), numbers: size };
    buffer.try_reserve_exact(size).map_err(refused)?;
    buffer.resize(size, 0.0);
    Ok(buffer)
}
