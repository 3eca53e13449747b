//! Small functions as tapes of numbers: every element of every array is a register of its own.
//!
//! Slices, reshapes, transposes and zeros cost nothing then, and a gradient of a few variables is a handful of operations.

use super::build::{Graph, NodeId};
use super::function::Function;
use super::operation::{Binary, Constant, Op, Reduction};
use super::strided::{self, Walk};
use super::tape::{Tape, Value, Writer};

/// Longer tapes are run as arrays.
const MOST_INSTRUCTIONS: usize = 600;
/// The largest array whose elements are registers.
const MOST_ELEMENTS: usize = 256;

/// The tape of a function whose arrays are small; its inputs are the elements of the arguments, one argument after the other.
pub(super) fn tape(function: &Function) -> Option<Tape> {
    let graph = function.graph();
    let needed = graph.needed(&[function.output()]);
    if needed.iter().any(|id| graph.size(*id) > MOST_ELEMENTS) {
        return None;
    }
    let mut first = vec![0_u32; function.arguments().len()];
    let mut inputs = 0;
    for (first, argument) in first.iter_mut().zip(function.arguments()) {
        *first = inputs;
        inputs += u32::try_from(argument.shape.iter().product::<usize>()).ok()?;
    }
    let mut writer = Writer::new(inputs as usize, MOST_INSTRUCTIONS);
    let mut values: Vec<Vec<Value>> = vec![Vec::new(); graph.len()];
    for id in needed {
        values[id.index()] = elements(graph, id, &values, &first, &mut writer);
        if writer.is_full() {
            return None;
        }
    }
    writer.finish(&values[function.output().index()])
}

fn elements(graph: &Graph, id: NodeId, values: &[Vec<Value>], first: &[u32], writer: &mut Writer) -> Vec<Value> {
    let node = graph.node(id);
    let input = |place: usize| &values[node.inputs[place].index()][..];
    let size = graph.size(id);
    match &node.op {
        Op::Input(number) => (0..size as u32).map(|i| Value::Input(first[*number] + i)).collect(),
        Op::Constant(Constant::Number(value)) => vec![Value::number(*value)],
        Op::Constant(Constant::Array(array, _)) => array.iter().map(|value| Value::number(*value)).collect(),
        Op::Unary(op) => input(0).iter().map(|x| writer.unary(*op, *x)).collect(),
        Op::Binary(op) => input(0).iter().zip(input(1)).map(|(x, y)| writer.binary(*op, *x, *y)).collect(),
        Op::Select => {
            let (condition, x, y) = (input(0), input(1), input(2));
            (0..size).map(|i| writer.select(condition[i], x[i], y[i])).collect()
        }
        Op::Reshape => input(0).to_vec(),
        Op::Broadcast | Op::Transpose(_) | Op::Slice(_) => {
            strided::of(graph, id).map_or_else(Vec::new, |walk| walk.places().map(|place| input(0)[place]).collect())
        }
        Op::Place(strides) => {
            let mut all = vec![Value::Absent; size];
            let walk = Walk::slice(&node.shape, strides);
            walk.places().zip(input(0)).for_each(|(place, value)| all[place] = *value);
            all
        }
        Op::Gather(places) => places.iter().map(|place| input(0)[*place]).collect(),
        Op::Scatter(places) => {
            let mut all = vec![Value::Absent; size];
            for (place, value) in places.iter().zip(input(0)) {
                all[*place] = writer.binary(Binary::Add, all[*place], *value);
            }
            all
        }
        Op::Concatenate(axis) => {
            let mut all = vec![Value::Absent; size];
            let mut start = 0;
            for part in &node.inputs {
                let shape = graph.shape(*part);
                let walk = Walk::part(&node.shape, shape, *axis, start);
                walk.places().zip(&values[part.index()]).for_each(|(place, value)| all[place] = *value);
                start += shape[*axis];
            }
            all
        }
        Op::Reduce(reduction, axes) => {
            let walk = Walk::groups(graph.shape(node.inputs[0]), axes);
            let count = input(0).len() / size.max(1);
            let places: Vec<usize> = walk.places().collect();
            let op = match reduction {
                Reduction::Sum => Binary::Add,
                Reduction::Product => Binary::Multiply,
                Reduction::Maximum => Binary::Maximum,
                Reduction::Minimum => Binary::Minimum,
                Reduction::LogSumExp => Binary::Logaddexp,
            };
            let empty = if *reduction == Reduction::Product { Value::number(1.0) } else { Value::Absent };
            let of_group = |group: usize| {
                let mut all = places[group * count..(group + 1) * count].iter().map(|place| input(0)[*place]);
                let first = all.next().unwrap_or(empty);
                all.fold(first, |so_far, x| writer.binary(op, so_far, x))
            };
            (0..size).map(of_group).collect()
        }
        Op::CumulativeSum { axis, reverse } => {
            let mut all = input(0).to_vec();
            let (length, inner) = (node.shape[*axis], node.shape[axis + 1..].iter().product::<usize>());
            for start in (0..size).filter(|i| (i / inner) % length == 0) {
                for step in 1..length {
                    let at = |k: usize| start + inner * if *reverse { length - 1 - k } else { k };
                    all[at(step)] = writer.binary(Binary::Add, all[at(step - 1)], all[at(step)]);
                }
            }
            all
        }
        Op::Product => {
            let (a, b) = (graph.shape(node.inputs[0]), graph.shape(node.inputs[1]));
            let inner = b[0];
            let (rows, columns) = (if a.len() == 2 { a[0] } else { 1 }, if b.len() == 2 { b[1] } else { 1 });
            let (x, y) = (input(0), input(1));
            let mut all = Vec::with_capacity(size);
            for row in 0..rows {
                for column in 0..columns {
                    let mut total = Value::Absent;
                    for k in 0..inner {
                        let term = writer.binary(Binary::Multiply, x[row * inner + k], y[k * columns + column]);
                        total = writer.binary(Binary::Add, total, term);
                    }
                    all.push(total);
                }
            }
            all
        }
    }
}
