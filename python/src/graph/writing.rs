//! Functions from texts and as texts, and what flows through their graphs.

use pyo3::prelude::*;
use underhood::graph::{Constant, Function, Op, Written};

use super::traced::Traced;
use crate::error::Outcome;

/// Named parts, the whole, and the arrays of constants that stand in it with their shapes.
type Parts = (Vec<(String, String)>, String, Vec<(String, Vec<usize>)>);

/// A node for a picture: its number, what it does, its inputs, its value and its weight in the output.
type Shown = (usize, String, Vec<usize>, Traced, Option<Traced>);

fn parts(written: Written) -> Parts {
    (written.parts, written.whole, written.arrays)
}

/// Reads a function of numbers.
#[pyfunction]
#[pyo3(signature = (text, variables=None))]
pub(super) fn parse(text: &str, variables: Option<Vec<String>>) -> Outcome<Traced> {
    let variables: Option<Vec<&str>> = variables.as_ref().map(|names| names.iter().map(String::as_str).collect());
    Ok(Traced::new(Function::parse(text, variables.as_deref())?))
}

/// The function as Python's text.
#[pyfunction]
pub(super) fn written(traced: &Traced) -> Parts {
    parts(traced.function().written())
}

/// The function in LaTeX.
#[pyfunction]
pub(super) fn formula(traced: &Traced) -> Parts {
    parts(traced.function().latex())
}

/// The same function with its terms put together.
#[pyfunction]
pub(super) fn tidied(traced: &Traced) -> Traced {
    Traced::new(traced.function().tidied())
}

/// Every node with what it does and what flows through it.
#[pyfunction]
pub(super) fn flow(traced: &Traced) -> Outcome<Vec<Shown>> {
    let function = traced.function();
    let shown = |flow: underhood::graph::Flow| {
        let node = function.graph().node(flow.node);
        let inputs = node.inputs.iter().map(|input| input.index()).collect();
        (flow.node.index(), label(function, &node.op), inputs, Traced::new(flow.value), flow.weight.map(Traced::new))
    };
    Ok(function.flow()?.into_iter().map(shown).collect())
}

/// What a node does, in a word.
fn label(function: &Function, op: &Op) -> String {
    match op {
        Op::Input(number) => function.arguments()[*number].name.clone(),
        Op::Constant(Constant::Number(value)) => format!("{value}"),
        Op::Constant(Constant::Array(_, name)) => name.as_deref().unwrap_or("array").to_owned(),
        Op::Unary(op) => op.name().into(),
        Op::Binary(op) => op.name().into(),
        Op::Select => "where".into(),
        Op::Broadcast => "broadcast".into(),
        Op::Reshape => "reshape".into(),
        Op::Transpose(_) => "transpose".into(),
        Op::Slice(_) => "part".into(),
        Op::Place(_) => "place".into(),
        Op::Gather(_) => "take".into(),
        Op::Scatter(_) => "scatter".into(),
        Op::Concatenate(_) => "concatenate".into(),
        Op::Reduce(op, _) => op.name().into(),
        Op::CumulativeSum { .. } => "cumsum".into(),
        Op::Product => "matmul".into(),
        _ => "operation".into(),
    }
}
