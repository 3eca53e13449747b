//! A function as a formula in LaTeX, as notebooks show it.

use super::build::NodeId;
use super::function::Function;
use super::operation::{Binary, Constant, Op, Reduction, Unary};
use super::print::{Binding, Page, Piece, Style, Written, number, written};

/// Names that are written as a letter.
const LETTERS: [&str; 29] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Sigma", "Omega", "Phi",
    "Psi",
];

struct Latex;

impl Function {
    /// The function as a formula in LaTeX: `2 x \sin(x) + x^{2} \cos(x)`.
    pub fn latex(&self) -> Written {
        written(self, &Latex)
    }
}

/// A name as a letter with an index: `x_1` and `x1` are x₁, `theta` is θ, longer words stand upright.
fn symbol(name: &str) -> String {
    let (stem, index) = match name.split_once('_') {
        Some((stem, index)) if !stem.is_empty() && !index.is_empty() => (stem, index),
        _ => name.split_at(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()),
    };
    let stem = match stem {
        _ if LETTERS.contains(&stem) => format!("\\{stem}"),
        _ if stem.chars().count() <= 1 => stem.to_owned(),
        _ => format!("\\mathrm{{{}}}", stem.replace('_', "\\_")),
    };
    match index {
        "" => stem,
        index if index.chars().count() == 1 || index.chars().all(|c| c.is_ascii_digit()) => {
            format!("{stem}_{{{index}}}")
        }
        index => format!("{stem}_{{\\mathrm{{{}}}}}", index.replace('_', "\\_")),
    }
}

/// A number: `2`, `1.5`, `3 \cdot 10^{-7}`, `\frac{1}{3}`, `2 \pi`.
fn figure(page: &Page<'_>, value: f64) -> Piece {
    let (text, binding) = number(value, |name| page.takes(name));
    let (sign, size) = text.strip_prefix('-').map_or(("", text.as_str()), |size| ("-", size));
    let units = |text: &str| {
        text.replace('*', " ")
            .replace("pi", "\\pi")
            .replace("log", "\\ln")
            .replace("inf", "\\infty")
            .replace("nan", "\\mathrm{NaN}")
    };
    if let Some((above, below)) = size.split_once('/') {
        let binding = if sign.is_empty() { Binding::Power } else { Binding::Sign };
        return Piece::new(format!("{sign}\\frac{{{}}}{{{below}}}", units(above)), binding);
    }
    if let Some((digits, exponent)) = size.split_once('e')
        && exponent.starts_with(['+', '-'])
    {
        let exponent: i32 = exponent.parse().unwrap_or_default();
        return Piece::new(format!("{sign}{digits} \\cdot 10^{{{exponent}}}"), Binding::Product);
    }
    Piece::new(format!("{sign}{}", units(size)), binding)
}

fn bracketed(inner: &str) -> String {
    let tall = inner.contains("\\frac") || inner.contains("\\sum") || inner.contains("\\begin");
    if tall { format!("\\left({inner}\\right)") } else { format!("({inner})") }
}

fn within(piece: &Piece, least: Binding) -> String {
    if piece.binding >= least { piece.text.clone() } else { bracketed(&piece.text) }
}

fn right(piece: &Piece, least: Binding) -> String {
    if piece.text.starts_with('-') { bracketed(&piece.text) } else { within(piece, least) }
}

fn upright(name: &str) -> String {
    format!("\\operatorname{{{}}}", name.replace('_', "\\_"))
}

/// The name of a function of one number, and how its inverse is written.
fn function(op: Unary) -> String {
    match op {
        Unary::Sin
        | Unary::Cos
        | Unary::Tan
        | Unary::Arcsin
        | Unary::Arccos
        | Unary::Arctan
        | Unary::Sinh
        | Unary::Cosh
        | Unary::Tanh => {
            format!("\\{}", op.name())
        }
        Unary::Arcsinh => upright("arsinh"),
        Unary::Arccosh => upright("arcosh"),
        Unary::Arctanh => upright("artanh"),
        Unary::Log => "\\ln".into(),
        Unary::Log2 => "\\log_{2}".into(),
        Unary::Log10 => "\\log_{10}".into(),
        Unary::Sign => upright("sgn"),
        Unary::Expit => "\\sigma".into(),
        Unary::Ndtr => "\\Phi".into(),
        Unary::LogNdtr => "\\ln \\Phi".into(),
        Unary::LogExpit => "\\ln \\sigma".into(),
        Unary::Gammaln => "\\ln \\Gamma".into(),
        Unary::LogicalNot => "\\neg".into(),
        other => upright(other.name()),
    }
}

impl Style for Latex {
    fn name(&self, name: &str) -> String {
        symbol(name)
    }

    fn rest(&self) -> &'static str {
        "\\dots"
    }

    fn node(&self, page: &Page<'_>, id: NodeId) -> Piece {
        use Binding::{Atom, Comparison, Power, Product, Sign, Sum};
        let graph = page.graph();
        let node = graph.node(id);
        let x = |place: usize| page.piece(node.inputs[place]);
        let call = |name: &str| Piece::atom(format!("{name}{}", bracketed(&x(0).text)));
        let matrix =
            |rows: Vec<String>| Piece::atom(format!("\\begin{{pmatrix}} {} \\end{{pmatrix}}", rows.join(" \\\\ ")));
        if let Some((from, index)) = page.index(id) {
            let from = within(&page.piece(from), Atom);
            // A symbol that has an index already must be held together.
            return Piece::atom(if from.contains('_') {
                format!("{{{from}}}_{{{index}}}")
            } else {
                format!("{from}_{{{index}}}")
            });
        }
        if let Some(rows) = page.grid(id) {
            let row =
                |row: &Vec<NodeId>| row.iter().map(|entry| page.piece(*entry).text).collect::<Vec<_>>().join(" & ");
            return matrix(rows.iter().map(row).collect());
        }
        if let Some(entries) = page.entries(id) {
            return matrix(entries.into_iter().map(|entry| page.piece(entry).text).collect());
        }
        match &node.op {
            Op::Input(number) => Piece::atom(symbol(&page.function.arguments()[*number].name)),
            Op::Constant(Constant::Number(value)) => figure(page, *value),
            Op::Constant(Constant::Array(values, _)) if values.len() <= 4 && values.ndim() == 1 => {
                matrix(values.iter().map(|value| figure(page, *value).text).collect())
            }
            Op::Constant(Constant::Array(values, _)) if values.len() <= 4 => Piece::atom(format!(
                "[{}]",
                values.iter().map(|value| figure(page, *value).text).collect::<Vec<_>>().join(", ")
            )),
            Op::Constant(_) => Piece::atom(symbol(&page.array(id))),
            Op::Unary(op) => match op {
                Unary::Negative => {
                    let inner = x(0);
                    let product = matches!(inner.binding, Product);
                    let text =
                        if inner.text.starts_with('-') { bracketed(&inner.text) } else { within(&inner, Product) };
                    Piece::new(format!("-{text}"), if product { Product } else { Sign })
                }
                Unary::Absolute => Piece::atom(format!("\\left|{}\\right|", x(0).text)),
                Unary::Sqrt => Piece::atom(format!("\\sqrt{{{}}}", x(0).text)),
                Unary::Cbrt => Piece::atom(format!("\\sqrt[3]{{{}}}", x(0).text)),
                // e is the caller's.
                Unary::Exp if page.takes("e") => call("\\exp"),
                Unary::Expm1 if page.takes("e") => Piece::new(format!("{} - 1", call("\\exp").text), Sum),
                Unary::Exp => Piece::new(format!("e^{{{}}}", x(0).text), Power),
                Unary::Expm1 => Piece::new(format!("e^{{{}}} - 1", x(0).text), Sum),
                Unary::Log1p => Piece::atom(format!("\\ln{}", bracketed(&format!("1 + {}", right(&x(0), Product))))),
                Unary::Floor => Piece::atom(format!("\\lfloor {} \\rfloor", x(0).text)),
                Unary::Ceil => Piece::atom(format!("\\lceil {} \\rceil", x(0).text)),
                other => call(&function(*other)),
            },
            Op::Binary(op) => {
                let infix = |sign: &str, binding: Binding, left: Binding, second: Binding| {
                    Piece::new(format!("{}{sign}{}", within(&x(0), left), right(&x(1), second)), binding)
                };
                match op {
                    Binary::Add => infix(" + ", Sum, Sum, Product),
                    Binary::Subtract => infix(" - ", Sum, Sum, Product),
                    Binary::Multiply => {
                        let (left, second) = (within(&x(0), Product), right(&x(1), Power));
                        // Figures beside figures would run together.
                        let touching = left.ends_with(|c: char| c.is_ascii_digit())
                            && second.starts_with(|c: char| c.is_ascii_digit());
                        let powers_of_ten = left.contains("\\cdot") || second.starts_with("\\frac");
                        let sign = if touching || powers_of_ten || second.starts_with(|c: char| c.is_ascii_digit()) {
                            " \\cdot "
                        } else {
                            " "
                        };
                        Piece::new(format!("{left}{sign}{second}"), Product)
                    }
                    Binary::Divide => {
                        let above = x(0);
                        match above.text.strip_prefix('-').filter(|_| above.binding > Sum) {
                            Some(rest) => Piece::new(format!("-\\frac{{{rest}}}{{{}}}", x(1).text), Product),
                            None => Piece::new(format!("\\frac{{{}}}{{{}}}", above.text, x(1).text), Power),
                        }
                    }
                    Binary::Power => {
                        let base = node.inputs[0];
                        let exponent = x(1).text;
                        match &graph.node(base).op {
                            Op::Unary(
                                op @ (Unary::Sin
                                | Unary::Cos
                                | Unary::Tan
                                | Unary::Sinh
                                | Unary::Cosh
                                | Unary::Tanh
                                | Unary::Log),
                            ) if graph.value(node.inputs[1]).is_some_and(|exponent| exponent > 0.0) => {
                                let inner = page.piece(graph.node(base).inputs[0]).text;
                                Piece::new(format!("{}^{{{exponent}}}{}", function(*op), bracketed(&inner)), Power)
                            }
                            _ => Piece::new(format!("{}^{{{exponent}}}", within(&x(0), Atom)), Power),
                        }
                    }
                    Binary::Less | Binary::LessEqual if graph.value(node.inputs[0]).is_some() => {
                        let sign = if *op == Binary::Less { ">" } else { "\\ge" };
                        Piece::new(format!("{} {sign} {}", within(&x(1), Sum), within(&x(0), Sum)), Comparison)
                    }
                    Binary::Xlogy => {
                        Piece::new(format!("{} \\ln{}", within(&x(0), Product), bracketed(&x(1).text)), Product)
                    }
                    Binary::Less => infix(" < ", Comparison, Sum, Sum),
                    Binary::LessEqual => infix(" \\le ", Comparison, Sum, Sum),
                    Binary::Equal => infix(" = ", Comparison, Sum, Sum),
                    Binary::NotEqual => infix(" \\ne ", Comparison, Sum, Sum),
                    Binary::LogicalAnd => infix(" \\wedge ", Comparison, Sum, Sum),
                    Binary::LogicalOr => infix(" \\vee ", Comparison, Sum, Sum),
                    Binary::Remainder => infix(" \\bmod ", Product, Product, Power),
                    Binary::FloorDivide => {
                        Piece::atom(format!("\\left\\lfloor \\frac{{{}}}{{{}}} \\right\\rfloor", x(0).text, x(1).text))
                    }
                    Binary::Hypot => {
                        Piece::atom(format!("\\sqrt{{{}^{{2}} + {}^{{2}}}}", within(&x(0), Atom), within(&x(1), Atom)))
                    }
                    Binary::Maximum | Binary::Minimum => {
                        let name = if *op == Binary::Maximum { "\\max" } else { "\\min" };
                        Piece::atom(format!("{name}{}", bracketed(&format!("{}, {}", x(0).text, x(1).text))))
                    }
                    Binary::Inversion => {
                        let mut squares = [x(0), x(1)].map(|one| format!("{}^{{2}}", within(&one, Atom)));
                        squares.sort();
                        Piece::atom(format!("\\frac{{{}}}{{{}}}", x(0).text, squares.join(" + ")))
                    }
                    Binary::Polygamma if graph.value(node.inputs[0]).is_some() => {
                        let order = match graph.value(node.inputs[0]) {
                            Some(order) if order > 0.0 => format!("^{{({order})}}"),
                            _ => String::new(),
                        };
                        Piece::atom(format!("\\psi{order}{}", bracketed(&x(1).text)))
                    }
                    other => Piece::atom(format!(
                        "{}{}",
                        upright(other.name()),
                        bracketed(&format!("{}, {}", x(0).text, x(1).text))
                    )),
                }
            }
            Op::Select => Piece::atom(format!(
                "\\begin{{cases}} {} & \\text{{if }} {} \\\\ {} & \\text{{otherwise}} \\end{{cases}}",
                x(1).text,
                x(0).text,
                x(2).text
            )),
            Op::Broadcast | Op::Reshape => x(0),
            Op::Transpose(_) => Piece::new(format!("{}^{{\\top}}", within(&x(0), Atom)), Power),
            Op::Gather(_) | Op::Slice(_) => Piece::atom(format!("{}_{{[\\dots]}}", within(&x(0), Atom))),
            Op::Place(_) | Op::Scatter(_) => call(&upright("place")),
            Op::Concatenate(_) => matrix((0..node.inputs.len()).map(|place| x(place).text).collect()),
            Op::Reduce(op, axes) => {
                let name = match op {
                    Reduction::Sum => "\\sum",
                    Reduction::Product => "\\prod",
                    Reduction::Maximum => "\\max",
                    Reduction::Minimum => "\\min",
                    Reduction::LogSumExp => "\\ln \\sum",
                };
                let along = if axes.len() == graph.shape(node.inputs[0]).len() {
                    String::new()
                } else {
                    let axes: Vec<String> = axes.iter().map(ToString::to_string).collect();
                    format!("_{{\\text{{axis }} {}}}", axes.join(", "))
                };
                match op {
                    Reduction::Sum | Reduction::Product => {
                        Piece::new(format!("{name}{along} {}", within(&x(0), Power)), Product)
                    }
                    Reduction::LogSumExp => Piece::atom(format!("{name}{along} e^{{{}}}", x(0).text)),
                    _ => Piece::atom(format!("{name}{along} {}", bracketed(&x(0).text))),
                }
            }
            Op::CumulativeSum { .. } => call(&upright("cumsum")),
            Op::Product => Piece::new(format!("{} {}", within(&x(0), Product), right(&x(1), Power)), Product),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Function;

    #[test]
    fn formulas_are_those_of_a_textbook() {
        let table = [
            ("exp(-x**2/2)", r"e^{-\frac{x^{2}}{2}}"),
            ("x**2/(1 + sin(x)**2)", r"\frac{x^{2}}{1 + \sin^{2}(x)}"),
            ("sqrt(1/(x_1*theta))", r"\sqrt{\frac{1}{x_{1} \theta}}"),
            ("where(x > 0, x, -x)", r"\begin{cases} x & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases}"),
            ("2*x*sin(x) - 3.5e-8*2**x", r"2 x \sin(x) - 3.5 \cdot 10^{-8} \cdot 2^{x}"),
            ("(x + y)*(x - y)", "(x + y) (x - y)"),
            ("abs(x)*log(rate)", r"\left|x\right| \ln(\mathrm{rate})"),
            ("2*pi*x/3", r"\frac{2 \pi x}{3}"),
            ("max(x, 1/y)", r"\max\left(x, \frac{1}{y}\right)"),
        ];
        for (text, expected) in table {
            assert_eq!(Function::parse(text, None).expect(text).latex().whole, expected, "{text}");
        }
    }
}
