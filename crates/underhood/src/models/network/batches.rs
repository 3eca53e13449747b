//! The graph at work: loss and gradient of some rows, and the net inputs of others. A program is made once for each number of rows.

use ndarray::Array2;

use super::Network;
use crate::error::Result;
use crate::graph::{Memory, Program};
use crate::models::rows::Rows;

/// Rows that pass through the graph together where all are wanted at once: their activations stay in the second-level cache.
pub(super) const BLOCK: usize = 256;

/// What the rows are to give.
#[derive(Debug, Clone, Copy)]
pub(super) enum Targets<'a> {
    /// Class numbers, which become a 1 among zeros.
    Codes(&'a [usize]),
    /// Numbers, by rows.
    Values(&'a [f64]),
}

/// Which rows, in which order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chosen<'a> {
    /// So many from one on.
    Run(usize, usize),
    /// These.
    Some(&'a [u32]),
}

impl Chosen<'_> {
    fn count(self) -> usize {
        match self {
            Chosen::Run(_, count) => count,
            Chosen::Some(rows) => rows.len(),
        }
    }

    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let (first, count, some) = match self {
            Chosen::Run(first, count) => (*first, *count, &[][..]),
            Chosen::Some(rows) => (0, 0, *rows),
        };
        (first..first + count).chain(some.iter().map(|row| *row as usize))
    }
}

/// The rows of a fit.
pub(super) struct Data<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) targets: Targets<'a>,
    pub(super) weights: Option<&'a [f64]>,
}

impl Data<'_> {
    /// What the rows' losses are divided by: their number, or the sum of their weights.
    pub(super) fn mass(&self, chosen: Chosen<'_>) -> f64 {
        match self.weights {
            None => chosen.count() as f64,
            Some(weights) => chosen.rows().map(|row| weights[row]).sum(),
        }
    }

    /// The targets of rows, row by row.
    pub(super) fn write_targets(&self, outputs: usize, chosen: Chosen<'_>, into: &mut [f64]) {
        match self.targets {
            // Of two classes with one output, the second is 1.
            Targets::Codes(codes) if outputs == 1 => {
                into.iter_mut().zip(chosen.rows()).for_each(|(to, row)| *to = codes[row] as f64);
            }
            Targets::Codes(codes) => {
                into.fill(0.0);
                for (to, row) in into.chunks_exact_mut(outputs).zip(chosen.rows()) {
                    to[codes[row]] = 1.0;
                }
            }
            Targets::Values(values) => {
                for (to, row) in into.chunks_exact_mut(outputs).zip(chosen.rows()) {
                    to.copy_from_slice(&values[row * outputs..(row + 1) * outputs]);
                }
            }
        }
    }

    /// How much a row counts.
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

/// Loss and gradient, or net inputs, of so many rows.
struct Ready {
    rows: usize,
    program: Program,
    memory: Memory,
    x: Vec<f64>,
    y: Vec<f64>,
    shares: Vec<f64>,
    output: Vec<f64>,
}

impl Ready {
    fn new(network: &Network, rows: usize, weighted: bool) -> Result<Self> {
        let function = network.loss(rows, weighted)?.value_and_gradients(&network.weight_numbers())?;
        let program = Program::new(&function);
        let shares = if weighted { rows } else { 0 };
        Ok(Ready {
            rows,
            memory: program.memory()?,
            output: vec![0.0; program.size()],
            program,
            x: vec![0.0; rows * network.inputs()],
            y: vec![0.0; rows * network.outputs()],
            shares: vec![0.0; shares],
        })
    }
}

/// Loss and gradient of batches.
pub(super) struct Gradient<'a> {
    network: &'a Network,
    data: Data<'a>,
    ready: Vec<Ready>,
}

impl<'a> Gradient<'a> {
    pub(super) fn new(network: &'a Network, data: Data<'a>) -> Self {
        Gradient { network, data, ready: Vec::new() }
    }

    pub(super) fn network(&self) -> &'a Network {
        self.network
    }

    pub(super) fn data(&self) -> &Data<'a> {
        &self.data
    }

    /// J of the rows, and behind it its gradient; `penalty` is α over what the losses are divided by.
    pub(super) fn at(&mut self, theta: &[f64], chosen: Chosen<'_>, penalty: f64) -> Result<&[f64]> {
        let (count, columns) = (chosen.count(), self.data.rows.columns);
        let place = match self.ready.iter().position(|ready| ready.rows == count) {
            Some(place) => place,
            None => {
                self.ready.push(Ready::new(self.network, count, self.data.weights.is_some())?);
                self.ready.len() - 1
            }
        };
        let ready = &mut self.ready[place];
        self.data.write_targets(self.network.outputs(), chosen, &mut ready.y);
        if let Some(weights) = self.data.weights {
            let mass = self.data.mass(chosen);
            ready.shares.iter_mut().zip(chosen.rows()).for_each(|(share, row)| *share = weights[row] / mass);
        }
        let x = match chosen {
            Chosen::Run(first, count) => &self.data.rows.values()[first * columns..(first + count) * columns],
            Chosen::Some(rows) => {
                for (to, row) in ready.x.chunks_exact_mut(columns).zip(rows) {
                    to.copy_from_slice(self.data.rows.row(*row as usize));
                }
                &ready.x
            }
        };
        let penalty = [penalty];
        let mut arguments = arguments(self.network, theta);
        arguments.extend([x, &ready.y]);
        if !ready.shares.is_empty() {
            arguments.push(&ready.shares);
        }
        arguments.push(&penalty);
        ready.program.run(&mut ready.memory, &arguments, &mut ready.output)?;
        Ok(&ready.output)
    }
}

fn arguments<'a>(network: &Network, theta: &'a [f64]) -> Vec<&'a [f64]> {
    let mut arguments = Vec::with_capacity(2 * network.sizes.len() + 2);
    for layer in network.layers() {
        arguments.extend([&theta[layer.weights()], &theta[layer.biases()]]);
    }
    arguments
}

impl Network {
    /// The net inputs z of the last layer for chosen rows, row by row, in blocks; `visit` is given the number of the first row of a block and its z.
    pub(super) fn through(
        &self,
        theta: &[f64],
        rows: &Rows<'_>,
        chosen: Chosen<'_>,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let (count, columns) = (chosen.count(), rows.columns);
        let mut ready: Option<(usize, Program, Memory)> = None;
        let (mut x, mut z) = (Vec::new(), Vec::new());
        for first in (0..count).step_by(BLOCK) {
            let some = BLOCK.min(count - first);
            if ready.as_ref().is_none_or(|(rows, ..)| *rows != some) {
                let program = Program::new(&self.net_inputs(some)?);
                let memory = program.memory()?;
                z.resize(program.size(), 0.0);
                ready = Some((some, program, memory));
            }
            let Some((_, program, memory)) = &mut ready else { continue };
            let block = match chosen {
                Chosen::Run(start, _) => &rows.values()[(start + first) * columns..(start + first + some) * columns],
                Chosen::Some(chosen) => {
                    x.clear();
                    chosen[first..first + some].iter().for_each(|row| x.extend_from_slice(rows.row(*row as usize)));
                    &x
                }
            };
            let mut arguments = arguments(self, theta);
            arguments.push(block);
            program.run(memory, &arguments, &mut z)?;
            visit(first, &z);
        }
        Ok(())
    }

    /// The net inputs of all rows.
    pub(super) fn all_net_inputs(&self, theta: &[f64], rows: &Rows<'_>) -> Result<Array2<f64>> {
        crate::check::room("predict", "net inputs", &[rows.count, self.outputs()])?;
        let mut all = Array2::zeros((rows.count, self.outputs()));
        let outputs = self.outputs();
        if let Some(flat) = all.as_slice_mut() {
            self.through(theta, rows, Chosen::Run(0, rows.count), |first, z| {
                flat[first * outputs..first * outputs + z.len()].copy_from_slice(z);
            })?;
        }
        Ok(all)
    }
}
