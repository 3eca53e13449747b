//! From a graph to its steps.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ndarray::{ArrayD, IxDyn};

use super::{Home, Place, Plan, Reading, Step};
use crate::graph::build::{Graph, NodeId};
use crate::graph::function::Function;
use crate::graph::operation::{Constant, Op, Reduction};
use crate::graph::strided::{self, Walk};
use crate::graph::tape::{Value, Writer};

/// What stands for a node while the steps are made.
#[derive(Debug, Clone, Copy)]
enum Standing {
    /// In memory.
    At(Place),
    /// What stands there, repeated: one number, or a pattern.
    Repeated(Place, Reading),
}

/// A tape of so many nodes is within the numbers of its registers, whatever the nodes are.
const LONGEST_GROUP: usize = 4096;

pub(super) struct Planner<'a> {
    function: &'a Function,
    graph: &'a Graph,
    needed: Vec<NodeId>,
    /// Which needed nodes read each node.
    readers: Vec<Vec<NodeId>>,
    standing: HashMap<NodeId, Standing>,
    steps: Vec<Step>,
    constants: Vec<Arc<ArrayD<f64>>>,
    /// The size of each buffer, before any is used again.
    buffers: Vec<usize>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(function: &'a Function) -> Self {
        let graph = function.graph();
        let needed = graph.needed(&[function.output()]);
        let mut readers: Vec<Vec<NodeId>> = vec![Vec::new(); graph.len()];
        for reader in &needed {
            graph.node(*reader).inputs.iter().for_each(|input| readers[input.index()].push(*reader));
        }
        Planner {
            function,
            graph,
            needed,
            readers,
            standing: HashMap::new(),
            steps: Vec::new(),
            constants: Vec::new(),
            buffers: Vec::new(),
        }
    }

    /// Whether a node is computed element by element.
    fn is_elementwise(&self, id: NodeId) -> bool {
        matches!(self.graph.node(id).op, Op::Unary(_) | Op::Binary(_) | Op::Select)
    }

    /// What a node's elements are renamed from.
    fn origin(&self, id: NodeId) -> NodeId {
        match self.graph.node(id).op {
            Op::Reshape => self.origin(self.graph.node(id).inputs[0]),
            _ => id,
        }
    }

    /// The moment at which each node can be computed: a chain of elementwise operations over equally many elements is one moment.
    fn moments(&self) -> HashMap<NodeId, usize> {
        let mut moments: HashMap<NodeId, usize> = HashMap::new();
        for id in &self.needed {
            let size = self.graph.size(*id);
            let after = |input: &NodeId| {
                let before = moments.get(input).copied().unwrap_or(0);
                let origin = self.origin(*input);
                let same = self.is_elementwise(*id) && self.is_elementwise(origin) && self.graph.size(origin) == size;
                before + usize::from(!same)
            };
            let moment = match self.graph.node(*id).op {
                Op::Input(_) | Op::Constant(_) => 0,
                Op::Reshape => moments.get(&self.graph.node(*id).inputs[0]).copied().unwrap_or(0),
                _ => self.graph.node(*id).inputs.iter().map(after).max().unwrap_or(0),
            };
            moments.insert(*id, moment);
        }
        moments
    }

    pub(super) fn plan(mut self, output: NodeId) -> Plan {
        let moments = self.moments();
        let last = moments.values().copied().max().unwrap_or(0);
        let mut by_moment: Vec<Vec<NodeId>> = vec![Vec::new(); last + 1];
        for id in self.needed.clone() {
            by_moment[moments[&id]].push(id);
        }
        for nodes in by_moment {
            let mut groups: Vec<(usize, Vec<NodeId>)> = Vec::new();
            for id in nodes {
                if self.is_elementwise(id) {
                    let size = self.graph.size(id);
                    match groups.iter_mut().find(|(other, _)| *other == size) {
                        Some((_, group)) => group.push(id),
                        None => groups.push((size, vec![id])),
                    }
                } else if !self.is_elementwise(self.origin(id)) {
                    self.place(id);
                }
            }
            for (size, group) in groups {
                group.chunks(LONGEST_GROUP).for_each(|part| self.group(size, part, output));
            }
        }
        let output = self.at(output);
        let (steps, buffers, output) = reuse(self.steps, self.buffers, output);
        Plan { steps, constants: self.constants, buffers, output }
    }

    fn buffer(&mut self, size: usize) -> usize {
        self.buffers.push(size);
        self.buffers.len() - 1
    }

    /// A new place for a node.
    fn fresh(&mut self, id: NodeId) -> usize {
        let size = self.graph.size(id);
        let to = self.buffer(size);
        self.standing.insert(id, Standing::At(Place { home: Home::Buffer(to), start: 0, size }));
        to
    }

    fn standing(&mut self, id: NodeId) -> Standing {
        if let Some(standing) = self.standing.get(&id) {
            return *standing;
        }
        // Renamed from what a group has written meanwhile.
        let standing = match self.graph.node(id).op {
            Op::Reshape => self.standing(self.graph.node(id).inputs[0]),
            _ => Standing::At(Place { home: Home::Constant(0), start: 0, size: 0 }),
        };
        self.standing.insert(id, standing);
        standing
    }

    /// Where a node's elements stand one after the other, written out if need be.
    fn at(&mut self, id: NodeId) -> Place {
        match self.standing(id) {
            Standing::At(place) => place,
            Standing::Repeated(from, reading) => {
                let size = self.graph.size(id);
                let to = self.buffer(size);
                let repeat = match reading {
                    Reading::Tiled { repeat } => repeat,
                    Reading::Each | Reading::One => size,
                };
                let rounds = size / (from.size * repeat).max(1);
                let walk = Walk { start: 0, shape: vec![rounds, from.size, repeat], steps: vec![0, 1, 0] };
                self.steps.push(Step::Move { from, walk, to });
                let place = Place { home: Home::Buffer(to), start: 0, size };
                self.standing.insert(id, Standing::At(place));
                place
            }
        }
    }

    /// A node that is not elementwise.
    fn place(&mut self, id: NodeId) {
        let node = self.graph.node(id);
        let size = self.graph.size(id);
        match &node.op {
            Op::Input(number) => {
                self.standing.insert(id, Standing::At(Place { home: Home::Input(*number), start: 0, size }));
            }
            Op::Constant(constant) => {
                let values = match constant {
                    Constant::Number(value) => Arc::new(ArrayD::from_elem(IxDyn(&[]), *value)),
                    Constant::Array(values, _) => values.clone(),
                };
                self.constants.push(values);
                let home = Home::Constant(self.constants.len() - 1);
                self.standing.insert(id, Standing::At(Place { home, start: 0, size }));
            }
            Op::Reshape => {
                let standing = self.standing(node.inputs[0]);
                self.standing.insert(id, standing);
            }
            Op::Broadcast | Op::Transpose(_) | Op::Slice(_) => {
                // A transpose that only a product reads is turned there.
                let Some(walk) = strided::of(self.graph, id) else { return };
                if matches!(node.op, Op::Transpose(_)) && self.only_products_read(id) {
                    return;
                }
                let from = self.at(node.inputs[0]);
                if let Some(start) = walk.run() {
                    let place = Place { home: from.home, start: from.start + start, size };
                    self.standing.insert(id, Standing::At(place));
                } else if matches!(node.op, Op::Broadcast) && from.size == 1 {
                    self.standing.insert(id, Standing::Repeated(from, Reading::One));
                } else if let (Op::Broadcast, Some((repeat, _))) = (&node.op, walk.tiles()) {
                    self.standing.insert(id, Standing::Repeated(from, Reading::Tiled { repeat }));
                } else {
                    let to = self.fresh(id);
                    self.steps.push(Step::Move { from, walk, to });
                }
            }
            Op::Place(strides) => {
                let (from, walk) = (self.at(node.inputs[0]), Walk::slice(&node.shape, strides));
                let to = self.fresh(id);
                self.steps.push(Step::Put { from, walk, clear: true, to });
            }
            Op::Gather(places) => {
                let from = self.at(node.inputs[0]);
                let to = self.fresh(id);
                self.steps.push(Step::Gather { from, places: places.clone(), to });
            }
            Op::Scatter(places) => {
                let from = self.at(node.inputs[0]);
                let to = self.fresh(id);
                self.steps.push(Step::Scatter { from, places: places.clone(), to });
            }
            Op::Concatenate(axis) => {
                let parts: Vec<Place> = node.inputs.iter().map(|part| self.at(*part)).collect();
                let to = self.fresh(id);
                let mut start = 0;
                for (part, from) in node.inputs.iter().zip(parts) {
                    let shape = self.graph.shape(*part);
                    let walk = Walk::part(&node.shape, shape, *axis, start);
                    self.steps.push(Step::Put { from, walk, clear: false, to });
                    start += shape[*axis];
                }
            }
            Op::Reduce(op, axes) => self.reduce(id, *op, axes),
            Op::CumulativeSum { axis, reverse } => {
                let from = self.at(node.inputs[0]);
                let (count, inner) = (node.shape[*axis], node.shape[axis + 1..].iter().product());
                let to = self.fresh(id);
                self.steps.push(Step::Accumulate { from, count, inner, reverse: *reverse, to });
            }
            Op::Product => {
                let [(x, x_shape, x_turned), (y, y_shape, y_turned)] =
                    [0, 1].map(|place| self.factor(node.inputs[place]));
                let (shape, turned) = (node.shape.to_vec(), [x_turned, y_turned]);
                let to = self.fresh(id);
                self.steps.push(Step::Product { x, y, x_shape, y_shape, turned, shape, to });
            }
            Op::Unary(_) | Op::Binary(_) | Op::Select => {}
        }
    }

    fn only_products_read(&self, id: NodeId) -> bool {
        id != self.function.output()
            && self.graph.shape(id).len() == 2
            && self.readers[id.index()].iter().all(|reader| matches!(self.graph.node(*reader).op, Op::Product))
    }

    /// A factor of a product: where it stands, its shape there, and whether it is to be turned.
    fn factor(&mut self, id: NodeId) -> (Place, Vec<usize>, bool) {
        if matches!(self.graph.node(id).op, Op::Transpose(_)) && !self.standing.contains_key(&id) {
            let source = self.graph.node(id).inputs[0];
            return (self.at(source), self.graph.shape(source).to_vec(), true);
        }
        (self.at(id), self.graph.shape(id).to_vec(), false)
    }

    /// Axes that stand side by side are reduced at once, others one run after the other, from the last on.
    fn reduce(&mut self, id: NodeId, op: Reduction, axes: &[usize]) {
        let node = self.graph.node(id);
        let mut from = self.at(node.inputs[0]);
        let mut shape = self.graph.shape(node.inputs[0]).to_vec();
        let mut left = axes.to_vec();
        while let Some(last) = left.pop() {
            let mut first = last;
            while left.last().is_some_and(|axis| axis + 1 == first) {
                first -= 1;
                left.pop();
            }
            let (count, inner) = (shape[first..=last].iter().product::<usize>(), shape[last + 1..].iter().product());
            shape.drain(first..=last);
            let size = shape.iter().product();
            let to = if left.is_empty() { self.fresh(id) } else { self.buffer(size) };
            self.steps.push(Step::Reduce { op, from, count, inner, to });
            from = Place { home: Home::Buffer(to), start: 0, size };
        }
    }

    /// Elementwise nodes over equally many elements as one tape.
    fn group(&mut self, size: usize, group: &[NodeId], output: NodeId) {
        let members: HashSet<NodeId> = group.iter().copied().collect();
        let mut inputs: Vec<(Place, Reading)> = Vec::new();
        let mut sources: HashMap<NodeId, Value> = HashMap::new();
        // Inputs first: a tape's registers begin with them.
        for id in group {
            for input in self.graph.node(*id).inputs.clone() {
                if members.contains(&self.origin(input)) || sources.contains_key(&input) {
                    continue;
                }
                if let Some(value) = self.graph.value(input) {
                    sources.insert(input, Value::number(value));
                    continue;
                }
                let read = match self.standing(input) {
                    Standing::At(place) => (place, Reading::Each),
                    Standing::Repeated(place, reading) => (place, reading),
                };
                sources.insert(input, Value::Input(inputs.len() as u32));
                inputs.push(read);
            }
        }
        let mut writer = Writer::new(inputs.len(), usize::from(u16::MAX) / 2);
        for id in group {
            let node = self.graph.node(*id);
            let value = |input: &NodeId| sources.get(input).or_else(|| sources.get(&self.origin(*input))).copied();
            let values: Vec<Value> = node.inputs.iter().filter_map(value).collect();
            let value = match (&node.op, &values[..]) {
                (Op::Unary(op), [x]) => writer.unary(*op, *x),
                (Op::Binary(op), [x, y]) => writer.binary(*op, *x, *y),
                (Op::Select, [condition, x, y]) => writer.select(*condition, *x, *y),
                _ => continue,
            };
            sources.insert(*id, value);
        }
        // Written out is what others read.
        let read: Vec<NodeId> = group
            .iter()
            .filter(|id| **id == self.origin(output) || self.is_read_outside(**id, &members))
            .copied()
            .collect();
        let values: Vec<Value> = read.iter().filter_map(|id| sources.get(id).copied()).collect();
        match writer.finish(&values) {
            Some(tape) => {
                let outputs = read.iter().map(|id| self.fresh(*id)).collect();
                self.steps.push(Step::Elementwise { tape, size, inputs, outputs });
            }
            // Too long after all: in two parts, of which the second reads the first.
            None => {
                let (first, second) = group.split_at(group.len() / 2);
                self.group(size, first, output);
                self.group(size, second, output);
            }
        }
    }

    /// Whether a node, by whatever name, is read by one that is not among these.
    fn is_read_outside(&self, id: NodeId, members: &HashSet<NodeId>) -> bool {
        self.readers[id.index()].iter().any(|reader| match self.graph.node(*reader).op {
            Op::Reshape => self.is_read_outside(*reader, members),
            _ => !members.contains(reader),
        })
    }
}

/// Gives buffers that are never needed at the same time one memory.
fn reuse(mut steps: Vec<Step>, sizes: Vec<usize>, mut output: Place) -> (Vec<Step>, Vec<usize>, Place) {
    let mut last_use = vec![0; sizes.len()];
    for (number, step) in steps.iter_mut().enumerate() {
        step.homes(&mut |home| {
            if let Home::Buffer(buffer) = home {
                last_use[*buffer] = number;
            }
        });
    }
    if let Home::Buffer(buffer) = output.home {
        last_use[buffer] = usize::MAX;
    }
    let mut merged: Vec<usize> = Vec::new();
    let mut homes: Vec<Option<usize>> = vec![None; sizes.len()];
    let mut free: Vec<usize> = Vec::new();
    for (number, step) in steps.iter_mut().enumerate() {
        let mut released = Vec::new();
        step.homes(&mut |home| {
            if let Home::Buffer(buffer) = home {
                let old = *buffer;
                let new = *homes[old].get_or_insert_with(|| {
                    match free.iter().position(|candidate| merged[*candidate] == sizes[old]) {
                        Some(found) => free.swap_remove(found),
                        None => {
                            merged.push(sizes[old]);
                            merged.len() - 1
                        }
                    }
                });
                *buffer = new;
                if last_use[old] == number && !released.contains(&new) {
                    released.push(new);
                }
            }
        });
        // Only after the step: what it reads must not be what it writes.
        free.extend(released);
    }
    if let Home::Buffer(buffer) = &mut output.home {
        *buffer = homes[*buffer].unwrap_or(0);
    }
    (steps, merged, output)
}

impl Step {
    /// Every place that the step reads, then every one that it writes.
    fn homes(&mut self, visit: &mut dyn FnMut(&mut Home)) {
        let written = |to: &mut usize, visit: &mut dyn FnMut(&mut Home)| {
            let mut home = Home::Buffer(*to);
            visit(&mut home);
            if let Home::Buffer(new) = home {
                *to = new;
            }
        };
        match self {
            Step::Elementwise { inputs, outputs, .. } => {
                inputs.iter_mut().for_each(|(place, _)| visit(&mut place.home));
                outputs.iter_mut().for_each(|to| written(to, visit));
            }
            Step::Product { x, y, to, .. } => {
                visit(&mut x.home);
                visit(&mut y.home);
                written(to, visit);
            }
            Step::Move { from, to, .. }
            | Step::Put { from, to, .. }
            | Step::Gather { from, to, .. }
            | Step::Scatter { from, to, .. }
            | Step::Reduce { from, to, .. }
            | Step::Accumulate { from, to, .. } => {
                visit(&mut from.home);
                written(to, visit);
            }
        }
    }
}
