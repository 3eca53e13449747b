//! A function as text: Python with NumPy's names, which can be read back where it is a function of numbers.
//!
//! Every node is written once all its inputs are, so nothing recurses. Long expressions that are used more than once get a name (`t1 = …`); what would
//! be longer than anyone reads ends in `…`. Broadcasting is not shown, arrays of constants by their names.

mod numbers;

use std::collections::HashMap;

pub(super) use self::numbers::number;
use super::build::{Graph, NodeId};
use super::function::Function;
use super::operation::{Binary, Constant, Op, Stride, Unary};

/// An expression that is longer and used more than once gets a name.
const NAMED_FROM: usize = 24;

/// Where an expression is cut off.
const LONGEST: usize = 2000;

/// Functions of more nodes are not written down.
const NODES: usize = 3000;

/// A function as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Names of parts that stand in it several times, and what they are, in order.
    pub parts: Vec<(String, String)>,
    /// The whole.
    pub whole: String,
    /// Arrays of constants that stand in it: their names and shapes.
    pub arrays: Vec<(String, Vec<usize>)>,
}

/// How strongly the outermost operation of an expression binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// An expression that is written.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) binding: Binding,
}

/// A way to write nodes.
pub(super) trait Style {
    /// How a node is written of which the inputs are.
    fn node(&self, page: &Page<'_>, id: NodeId) -> Piece;
    /// A name of a variable or an array.
    fn name(&self, name: &str) -> String;
    /// What stands for what is left out.
    fn rest(&self) -> &'static str;
}

/// What is written so far.
pub(super) struct Page<'a> {
    pub(super) function: &'a Function,
    pieces: HashMap<NodeId, Piece>,
    arrays: HashMap<NodeId, String>,
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, binding: Binding) -> Self {
        Piece { text: text.into(), binding }
    }

    pub(super) fn atom(text: impl Into<String>) -> Self {
        Piece::new(text, Binding::Atom)
    }

    /// The text, in brackets if it binds less than this.
    pub(super) fn within(&self, least: Binding) -> String {
        if self.binding >= least { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The same right of another operand, where a sign would touch the operator.
    pub(super) fn right(&self, least: Binding) -> String {
        if self.text.starts_with('-') { format!("({})", self.text) } else { self.within(least) }
    }
}

impl Page<'_> {
    pub(super) fn graph(&self) -> &Graph {
        self.function.graph()
    }

    /// Whether an argument has this name.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.function.arguments().iter().any(|argument| argument.name == name)
    }

    /// How a node is written that comes before.
    pub(super) fn piece(&self, id: NodeId) -> Piece {
        self.pieces.get(&id).cloned().unwrap_or_else(|| Piece::atom("…"))
    }

    /// The name of an array of constants.
    pub(super) fn array(&self, id: NodeId) -> String {
        self.arrays.get(&id).cloned().unwrap_or_default()
    }

    /// The numbers that a node puts next to each other along its first axis, each as it is written; None if it does something else.
    pub(super) fn entries(&self, id: NodeId) -> Option<Vec<NodeId>> {
        let graph = self.graph();
        let node = graph.node(id);
        match node.op {
            Op::Concatenate(0) => node.inputs.iter().map(|part| self.entry(*part)).collect(),
            Op::Reshape | Op::Broadcast if node.shape.len() == 1 && node.shape[0] == 1 => Some(vec![self.entry(id)?]),
            _ => None,
        }
    }

    /// What a part of length 1 along its first axis holds.
    fn entry(&self, part: NodeId) -> Option<NodeId> {
        let graph = self.graph();
        let node = graph.node(part);
        let inner = *node.inputs.first()?;
        let drops_first = matches!(node.op, Op::Reshape | Op::Broadcast)
            && node.shape.first() == Some(&1)
            && graph.shape(inner) == &node.shape[1..];
        let zero = matches!(node.op, Op::Broadcast) && graph.value(part).is_some() && node.shape.first() == Some(&1);
        (drops_first || zero).then_some(inner)
    }

    /// A matrix of single numbers, by rows; None for other nodes.
    pub(super) fn grid(&self, id: NodeId) -> Option<Vec<Vec<NodeId>>> {
        let graph = self.graph();
        let node = graph.node(id);
        match &node.op {
            Op::Transpose(_) if node.shape.len() == 2 => {
                let columns = self.grid(node.inputs[0])?;
                Some((0..node.shape[0]).map(|i| columns.iter().map(|column| column[i]).collect()).collect())
            }
            Op::Concatenate(0) if node.shape.len() == 2 => {
                let width = node.shape[1];
                let row = |part: &NodeId| {
                    let line = self.entry(*part)?;
                    if let Some(_number) = graph.value(line) {
                        let number = if graph.shape(line).is_empty() { line } else { graph.node(line).inputs[0] };
                        return Some(vec![number; width]);
                    }
                    let entries = self.entries(line)?;
                    (entries.len() == width && entries.iter().all(|entry| graph.shape(*entry).is_empty()))
                        .then_some(entries)
                };
                node.inputs.iter().map(row).collect()
            }
            _ => None,
        }
    }

    /// The index of a part: what is sliced, and how each axis is, with axes of length 1 that a reshape takes away as numbers.
    pub(super) fn index(&self, id: NodeId) -> Option<(NodeId, String)> {
        let graph = self.graph();
        let node = graph.node(id);
        let (slice, dropped) = match &node.op {
            Op::Slice(_) => (id, false),
            Op::Reshape if matches!(graph.node(node.inputs[0]).op, Op::Slice(_)) => (node.inputs[0], true),
            _ => return None,
        };
        let inner = graph.node(slice);
        let Op::Slice(strides) = &inner.op else { return None };
        let from = inner.inputs[0];
        let kept: Vec<usize> = strides.iter().map(|stride| stride.count).filter(|count| *count != 1).collect();
        if dropped && kept != *node.shape {
            return None;
        }
        let places: Vec<String> =
            strides.iter().zip(graph.shape(from)).map(|(stride, length)| place(*stride, *length, dropped)).collect();
        let last = places.iter().rposition(|place| place != ":").unwrap_or(0);
        Some((from, places[..=last].join(", ")))
    }
}

/// How one axis is indexed, as Python writes it.
fn place(stride: Stride, length: usize, dropped: bool) -> String {
    let Stride { start, step, count } = stride;
    if stride.is_whole(length) && !(dropped && count == 1) {
        return ":".into();
    }
    if dropped && count == 1 {
        return if start + 1 == length && length > 1 { "-1".into() } else { start.to_string() };
    }
    let last = start.wrapping_add_signed(step * count.saturating_sub(1) as isize);
    let from =
        if (step > 0 && start == 0) || (step < 0 && start + 1 == length) { String::new() } else { start.to_string() };
    let to = match step > 0 {
        true if last + step.unsigned_abs() >= length => String::new(),
        true if last + 1 == length - 1 && step == 1 => "-1".into(),
        true => (last + 1).to_string(),
        false if last < step.unsigned_abs() => String::new(),
        false => (last - 1).to_string(),
    };
    if step == 1 { format!("{from}:{to}") } else { format!("{from}:{to}:{step}") }
}

/// Writes a function in a style.
pub(super) fn written(function: &Function, style: &dyn Style) -> Written {
    let (graph, output) = (function.graph(), function.output());
    let needed = graph.needed(&[output]);
    if needed.len() > NODES {
        return Written { parts: Vec::new(), whole: style.rest().into(), arrays: Vec::new() };
    }
    let mut uses: HashMap<NodeId, usize> = HashMap::new();
    for id in &needed {
        graph.node(*id).inputs.iter().for_each(|input| *uses.entry(*input).or_default() += 1);
    }
    let mut page = Page { function, pieces: HashMap::new(), arrays: HashMap::new() };
    let taken = |name: &str| function.arguments().iter().any(|argument| argument.name == name);
    let (mut parts, mut arrays) = (Vec::new(), Vec::new());
    for id in needed {
        let node = graph.node(id);
        if let Op::Constant(Constant::Array(values, given)) = &node.op
            && values.len() > 4
        {
            let known = |name: &str| taken(name) || arrays.iter().any(|(known, _)| known == name);
            let free = given.as_deref().filter(|name| !known(name)).map(ToOwned::to_owned);
            let name = free.unwrap_or_else(|| first_free("A", known));
            page.arrays.insert(id, name.clone());
            arrays.push((name, node.shape.to_vec()));
        }
        let mut piece = style.node(&page, id);
        let quiet = matches!(node.op, Op::Slice(_) | Op::Broadcast | Op::Reshape | Op::Concatenate(_));
        if piece.text.len() > LONGEST {
            piece = Piece::atom(style.rest());
        } else if !quiet && uses.get(&id).is_some_and(|uses| *uses > 1) && piece.text.chars().count() >= NAMED_FROM {
            let name = first_free("t", |name| {
                taken(name) || parts.iter().any(|(known, _): &(String, String)| *known == style.name(name))
            });
            let name = style.name(&name);
            parts.push((name.clone(), piece.text));
            piece = Piece::atom(name);
        }
        page.pieces.insert(id, piece);
    }
    let whole = page.piece(output).text;
    // A part may have been named for a place that was then written another way.
    let mut read = whole.clone();
    let mut kept = Vec::new();
    for (name, text) in parts.into_iter().rev() {
        if mentions(&read, &name) {
            read.push_str(&text);
            kept.push((name, text));
        }
    }
    kept.reverse();
    let arrays = arrays.into_iter().filter(|(name, _)| mentions(&read, &style.name(name))).collect();
    Written { parts: kept, whole, arrays }
}

/// Whether a name stands in a text, not only at the beginning of a longer one.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(place, _)| !text[place + name.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

/// The first of t1, t2, … that is not taken.
fn first_free(letter: &str, taken: impl Fn(&str) -> bool) -> String {
    (1_usize..).map(|number| format!("{letter}{number}")).find(|name| !taken(name)).unwrap_or_default()
}

/// Python's text.
struct Python;

impl Function {
    /// The function as text, with NumPy's names: `2*x*sin(x) + x**2*cos(x)`.
    pub fn written(&self) -> Written {
        written(self, &Python)
    }
}

impl std::fmt::Display for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Written { parts, whole, .. } = self.written();
        parts.iter().try_for_each(|(name, text)| write!(f, "{name} = {text}; "))?;
        f.write_str(&whole)
    }
}

fn list(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// A shape as Python writes it.
fn tuple(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        several => format!("({})", list(several.iter().map(ToString::to_string))),
    }
}

impl Style for Python {
    fn name(&self, name: &str) -> String {
        name.into()
    }

    fn rest(&self) -> &'static str {
        "…"
    }

    fn node(&self, page: &Page<'_>, id: NodeId) -> Piece {
        use Binding::{Atom, Comparison, Power, Product, Sign, Sum};
        let graph = page.graph();
        let node = graph.node(id);
        let x = |place: usize| page.piece(node.inputs[place]);
        let call = |name: &str, arguments: String| Piece::atom(format!("{name}({arguments})"));
        let of = |places: std::ops::Range<usize>| list(places.map(|place| x(place).text));
        if let Some((from, index)) = page.index(id) {
            return Piece::atom(format!("{}[{index}]", page.piece(from).within(Atom)));
        }
        if let Some(rows) = page.grid(id) {
            let rows = rows.iter().map(|row| format!("[{}]", list(row.iter().map(|entry| page.piece(*entry).text))));
            return Piece::atom(format!("[{}]", list(rows)));
        }
        if let Some(entries) = page.entries(id) {
            return Piece::atom(format!("[{}]", list(entries.into_iter().map(|entry| page.piece(entry).text))));
        }
        match &node.op {
            Op::Input(number) => Piece::atom(page.function.arguments()[*number].name.clone()),
            Op::Constant(Constant::Number(value)) => {
                let (text, binding) = number(*value, |name| page.takes(name));
                Piece::new(text, binding)
            }
            Op::Constant(Constant::Array(values, _)) if values.len() <= 4 => {
                let flat = format!("[{}]", list(values.iter().map(|value| number(*value, |name| page.takes(name)).0)));
                if values.ndim() == 1 {
                    Piece::atom(flat)
                } else {
                    Piece::atom(format!("reshape({flat}, {})", tuple(&node.shape)))
                }
            }
            Op::Constant(_) => Piece::atom(page.array(id)),
            Op::Unary(Unary::Negative) => {
                // (−x)·y and −(x·y) are the same number.
                let inner = x(0);
                let product = matches!(graph.node(node.inputs[0]).op, Op::Binary(Binary::Multiply | Binary::Divide))
                    && inner.binding == Product;
                let least = if product { Product } else { Sign };
                let text = if inner.text.starts_with('-') { format!("({})", inner.text) } else { inner.within(least) };
                Piece::new(format!("-{text}"), if product { Product } else { Sign })
            }
            Op::Unary(op) => {
                let name = if *op == Unary::Absolute { "abs" } else { op.name() };
                call(name, of(0..1))
            }
            Op::Binary(op) => {
                let infix = |sign: &str, binding: Binding, left: Binding, right: Binding| {
                    Piece::new(format!("{}{sign}{}", x(0).within(left), x(1).right(right)), binding)
                };
                match op {
                    Binary::Add => infix(" + ", Sum, Sum, Product),
                    Binary::Subtract => infix(" - ", Sum, Sum, Product),
                    Binary::Multiply => infix("*", Product, Product, Sign),
                    Binary::Divide => infix("/", Product, Product, Sign),
                    Binary::FloorDivide => infix("//", Product, Product, Sign),
                    Binary::Remainder => infix(" % ", Product, Product, Sign),
                    Binary::Power => Piece::new(format!("{}**{}", x(0).within(Atom), x(1).within(Sign)), Power),
                    Binary::Less | Binary::LessEqual if graph.value(node.inputs[0]).is_some() => {
                        let sign = if *op == Binary::Less { ">" } else { ">=" };
                        Piece::new(format!("{} {sign} {}", x(1).within(Sum), x(0).within(Sum)), Comparison)
                    }
                    Binary::Less => infix(" < ", Comparison, Sum, Sum),
                    Binary::LessEqual => infix(" <= ", Comparison, Sum, Sum),
                    Binary::Xlogy => Piece::new(format!("{}*log({})", x(0).within(Product), x(1).text), Product),
                    Binary::Equal => infix(" == ", Comparison, Sum, Sum),
                    Binary::NotEqual => infix(" != ", Comparison, Sum, Sum),
                    Binary::Inversion => {
                        let mut squares = [x(0), x(1)].map(|one| format!("{}**2", one.within(Atom)));
                        squares.sort();
                        let [one, two] = squares;
                        Piece::new(format!("{}/({one} + {two})", x(0).within(Product)), Product)
                    }
                    Binary::Polygamma if graph.value(node.inputs[0]) == Some(0.0) => call("digamma", of(1..2)),
                    other => call(other.name(), of(0..2)),
                }
            }
            Op::Select => call("where", of(0..3)),
            Op::Broadcast => match graph.value(id) {
                Some(value) if id == page.function.output() => {
                    Piece::atom(format!("full({}, {})", tuple(&node.shape), number(value, |name| page.takes(name)).0))
                }
                _ => x(0),
            },
            Op::Reshape => {
                let from = graph.shape(node.inputs[0]);
                match (&from, &node.shape[..]) {
                    ([n], [m, 1]) if n == m => Piece::atom(format!("{}[:, None]", x(0).within(Atom))),
                    ([n], [1, m]) if n == m => Piece::atom(format!("{}[None, :]", x(0).within(Atom))),
                    ([_, _, ..], [_]) => call("ravel", of(0..1)),
                    (from, to)
                        if from.iter().filter(|n| **n != 1).eq(to.iter().filter(|n| **n != 1))
                            && from.len() > to.len() =>
                    {
                        call("squeeze", of(0..1))
                    }
                    (_, to) => call("reshape", format!("{}, {}", x(0).text, tuple(to))),
                }
            }
            Op::Transpose(axes) if axes.len() == 2 => Piece::atom(format!("{}.T", x(0).within(Atom))),
            Op::Transpose(axes) => call("transpose", format!("{}, {}", x(0).text, tuple(axes))),
            Op::Slice(_) => call("part", of(0..1)),
            Op::Place(strides) => {
                let places = strides.iter().zip(&node.shape).map(|(stride, length)| place(*stride, *length, false));
                call("place", format!("{}, [{}], {}", x(0).text, list(places), tuple(&node.shape)))
            }
            Op::Gather(places) => {
                let shown: Vec<String> = places.iter().take(6).map(ToString::to_string).collect();
                let rest = if places.len() > 6 { ", …" } else { "" };
                if graph.shape(node.inputs[0]).len() == 1 {
                    Piece::atom(format!("{}[[{}{rest}]]", x(0).within(Atom), shown.join(", ")))
                } else {
                    call("take", format!("{}, [{}{rest}]", x(0).text, shown.join(", ")))
                }
            }
            Op::Scatter(places) => {
                let shown: Vec<String> = places.iter().take(6).map(ToString::to_string).collect();
                let rest = if places.len() > 6 { ", …" } else { "" };
                call("place", format!("{}, [[{}{rest}]], {}", x(0).text, shown.join(", "), tuple(&node.shape)))
            }
            Op::Concatenate(axis) => {
                let parts = of(0..node.inputs.len());
                let along = if *axis == 0 { String::new() } else { format!(", axis={axis}") };
                call("concatenate", format!("({parts}){along}"))
            }
            Op::Reduce(op, axes) => {
                let all = axes.len() == graph.shape(node.inputs[0]).len();
                let along = match &axes[..] {
                    _ if all => String::new(),
                    [axis] => format!(", axis={axis}"),
                    several => format!(", axis={}", tuple(several)),
                };
                call(op.name(), format!("{}{along}", x(0).text))
            }
            Op::CumulativeSum { axis, reverse } => {
                let along = if node.shape.len() == 1 { String::new() } else { format!(", axis={axis}") };
                let back = if *reverse { ", reverse=True" } else { "" };
                call("cumsum", format!("{}{along}{back}", x(0).text))
            }
            Op::Product => infix_product(&x(0), &x(1)),
        }
    }
}

fn infix_product(x: &Piece, y: &Piece) -> Piece {
    Piece::new(format!("{} @ {}", x.within(Binding::Product), y.right(Binding::Sign)), Binding::Product)
}

#[cfg(test)]
mod tests;
