//! Functions written as text: `x**2 * sin(y)`.
//!
//! The grammar is Python's for expressions of numbers (operators, their precedence, comparisons, `a if c else b`), and functions have the
//! names of NumPy, SciPy's `special` and `math`. The method is recursive descent (Lucas 1961), with a bound on how deep brackets may nest. What
//! cannot be read is shown with its column and, where the intention is plain, with what to write instead.

use super::build::{Graph, NodeId};
use super::function::{Argument, Function};
use super::operation::{Binary, Unary};
use crate::error::{Error, Result};

/// How deep brackets, signs and powers may nest: far beyond what people write, well within the stack.
const DEPTH: usize = 100;

/// Numbers with a name, unless a variable has it.
const CONSTANTS: [(&str, f64); 6] = [
    ("pi", std::f64::consts::PI),
    ("π", std::f64::consts::PI),
    ("e", std::f64::consts::E),
    ("tau", std::f64::consts::TAU),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
];

/// Other names for functions of one number.
const ALSO_UNARY: [(&str, Unary); 13] = [
    ("abs", Unary::Absolute),
    ("fabs", Unary::Absolute),
    ("ln", Unary::Log),
    ("asin", Unary::Arcsin),
    ("acos", Unary::Arccos),
    ("atan", Unary::Arctan),
    ("asinh", Unary::Arcsinh),
    ("acosh", Unary::Arccosh),
    ("atanh", Unary::Arctanh),
    ("lgamma", Unary::Gammaln),
    ("sigmoid", Unary::Expit),
    ("round", Unary::Rint),
    ("isfinite", Unary::Isfinite),
];

/// Other names for functions of two numbers.
const ALSO_BINARY: [(&str, Binary); 4] =
    [("pow", Binary::Power), ("atan2", Binary::Arctan2), ("mod", Binary::Remainder), ("true_divide", Binary::Divide)];

/// Functions that are made of others, with the number of arguments that they take at least and at most.
const COMPOSED: [(&str, usize, usize); 15] = [
    ("where", 3, 3),
    ("max", 2, 99),
    ("min", 2, 99),
    ("log", 1, 2),
    ("clip", 3, 3),
    ("square", 1, 1),
    ("reciprocal", 1, 1),
    ("positive", 1, 1),
    ("exp2", 1, 1),
    ("digamma", 1, 1),
    ("psi", 1, 1),
    ("heaviside", 2, 2),
    ("radians", 1, 1),
    ("degrees", 1, 1),
    ("polygamma", 2, 2),
];

/// Words of Python's that cannot be variables.
const KEYWORDS: [&str; 10] = ["lambda", "def", "return", "for", "in", "is", "while", "import", "None", "yield"];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(&'static str),
    End,
}

/// A token and where it stands: its first character, and the one after its last.
type Placed = (Token, usize, usize);

/// Signs, longer ones before those that they begin with.
const SIGNS: [&str; 17] = ["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", ",", "."];

impl Function {
    /// Reads a function of numbers from a text. Its variables are the names in it in alphabetical order, unless they are given.
    ///
    /// Every variable is a number (shape `()`). `pi`, `e`, `tau`, `inf` and `nan` are numbers unless a given variable has that name.
    ///
    /// ```
    /// use underhood::graph::Function;
    ///
    /// let f = Function::parse("x**2 * sin(y)", None)?;
    /// assert_eq!(f.arguments().iter().map(|argument| argument.name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    ///
    /// let refused = Function::parse("2x", None).unwrap_err();
    /// assert!(refused.to_string().contains("write 2*x"));
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Invalid`] that shows where the text cannot be read and why.
    pub fn parse(text: &str, variables: Option<&[&str]>) -> Result<Function> {
        let characters: Vec<char> = text.chars().collect();
        let tokens = tokens(&characters)?;
        let names = match variables {
            Some(given) => {
                unlike_each_other(given)?;
                given.iter().map(ToString::to_string).collect()
            }
            None => found_in(&tokens),
        };
        let mut graph = Graph::new();
        names.iter().enumerate().for_each(|(number, _)| {
            graph.input(number, &[]);
        });
        let given = variables.is_some();
        let mut reader = Reader { characters: &characters, tokens, next: 0, depth: 0, graph, names, given };
        let output = reader.whole()?;
        let arguments = reader.names.into_iter().map(|name| Argument { name, shape: Vec::new() }).collect();
        Function::new(reader.graph, arguments, output)
    }
}

/// A text that is being read.
struct Reader<'a> {
    characters: &'a [char],
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
    graph: Graph,
    names: Vec<String>,
    /// Whether the caller named the variables.
    given: bool,
}

impl Reader<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn place(&self) -> usize {
        self.tokens[self.next].1
    }

    fn take(&mut self) -> Placed {
        let taken = self.tokens[self.next].clone();
        if taken.0 != Token::End {
            self.next += 1;
        }
        taken
    }

    fn at(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found == word)
    }

    fn skip(&mut self, sign: &str) -> bool {
        let here = self.at(sign) || self.at_word(sign);
        if here {
            self.next += 1;
        }
        here
    }

    /// The first of these signs, if one stands here.
    fn any(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().copied().find(|sign| self.skip(sign))
    }

    fn refuse<T>(&self, place: usize, problem: impl Into<String>) -> Result<T> {
        Err(refusal(self.characters, place, &problem.into()))
    }

    /// One level deeper: everything that calls itself goes through here.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<NodeId>) -> Result<NodeId> {
        if self.depth == DEPTH {
            return self.refuse(self.place(), format!("brackets, signs or powers nest more than {DEPTH} deep"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn whole(&mut self) -> Result<NodeId> {
        if *self.peek() == Token::End {
            return self.refuse(0, "it is empty; write an expression such as x**2");
        }
        let output = self.choice()?;
        if *self.peek() == Token::End {
            return Ok(output);
        }
        self.unexpected()
    }

    /// What stands here does not belong here: says what was probably meant.
    fn unexpected<T>(&self) -> Result<T> {
        let (token, start, end) = &self.tokens[self.next];
        let before = self.next.checked_sub(1).map(|previous| &self.tokens[previous]);
        let here: String = self.characters[*start..*end].iter().collect();
        let product = |left: &str| {
            let right = if here == "(" { "(…)" } else { &here };
            self.refuse(*start, format!("an operator is missing: write {left}*{right}"))
        };
        match (before.map(|(token, ..)| token), token) {
            (_, Token::End) => self.refuse(*start, "it ends too early: something is missing here"),
            (_, Token::Name(word)) if KEYWORDS.contains(&word.as_str()) => {
                self.refuse(*start, format!("'{word}' cannot stand here: write only the expression, such as x**2"))
            }
            (Some(Token::Name(name)), Token::Name(_) | Token::Number(_)) if takes(name).is_some() => {
                self.refuse(*start, format!("the argument of a function stands in brackets: write {name}({here})"))
            }
            (Some(Token::Number(_) | Token::Name(_)), Token::Name(_) | Token::Number(_) | Token::Sign("(")) => {
                let (_, from, to) = before.unwrap_or(&self.tokens[self.next]);
                product(&self.characters[*from..*to].iter().collect::<String>())
            }
            (Some(Token::Sign(")")), Token::Name(_) | Token::Number(_) | Token::Sign("(")) => product("(…)"),
            (_, Token::Sign(")")) if self.depth == 0 => self.refuse(*start, "this bracket was never opened"),
            (_, Token::Sign(",")) if self.depth == 0 => self.refuse(
                *start,
                "a comma separates the arguments of a function: write 1.5 for a decimal number, and one expression a text",
            ),
            (_, Token::Sign(sign)) => self.refuse(*start, format!("'{sign}' cannot stand here: a number, a variable or a bracket is needed")),
            _ => self.refuse(*start, format!("{here} cannot stand here")),
        }
    }

    /// `a if c else b`.
    fn choice(&mut self) -> Result<NodeId> {
        self.deeper(|reader| {
            let yes = reader.either()?;
            if !reader.skip("if") {
                return Ok(yes);
            }
            let condition = reader.either()?;
            if !reader.skip("else") {
                return reader.refuse(reader.place(), "else is missing: write a if c else b");
            }
            let no = reader.choice()?;
            reader.graph.select(condition, yes, no)
        })
    }

    fn either(&mut self) -> Result<NodeId> {
        let mut left = self.both()?;
        while self.skip("or") {
            let right = self.both()?;
            left = self.graph.binary(Binary::LogicalOr, left, right)?;
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<NodeId> {
        let mut left = self.negation()?;
        while self.skip("and") {
            let right = self.negation()?;
            left = self.graph.binary(Binary::LogicalAnd, left, right)?;
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<NodeId> {
        if !self.skip("not") {
            return self.comparison();
        }
        let x = self.deeper(Self::negation)?;
        Ok(self.graph.unary(Unary::LogicalNot, x))
    }

    /// `a < b <= c`: each pair is compared, as in Python.
    fn comparison(&mut self) -> Result<NodeId> {
        let mut left = self.sum()?;
        let mut holds = None;
        while let Some(sign) = self.any(&["<=", ">=", "==", "!=", "<", ">"]) {
            let right = self.sum()?;
            let (op, a, b) = match sign {
                "<=" => (Binary::LessEqual, left, right),
                ">=" => (Binary::LessEqual, right, left),
                "==" => (Binary::Equal, left, right),
                "!=" => (Binary::NotEqual, left, right),
                "<" => (Binary::Less, left, right),
                _ => (Binary::Less, right, left),
            };
            let this = self.graph.binary(op, a, b)?;
            holds = Some(match holds {
                None => this,
                Some(others) => self.graph.binary(Binary::LogicalAnd, others, this)?,
            });
            left = right;
        }
        Ok(holds.unwrap_or(left))
    }

    fn sum(&mut self) -> Result<NodeId> {
        let mut left = self.product()?;
        while let Some(sign) = self.any(&["+", "-"]) {
            let right = self.product()?;
            left = self.graph.binary(if sign == "+" { Binary::Add } else { Binary::Subtract }, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<NodeId> {
        let mut left = self.signed()?;
        while let Some(sign) = self.any(&["*", "//", "/", "%"]) {
            let right = self.signed()?;
            let op = match sign {
                "*" => Binary::Multiply,
                "/" => Binary::Divide,
                "//" => Binary::FloorDivide,
                _ => Binary::Remainder,
            };
            left = self.graph.binary(op, left, right)?;
        }
        Ok(left)
    }

    /// A sign binds less than a power and more than a product: −x**2 is −(x**2).
    fn signed(&mut self) -> Result<NodeId> {
        match self.any(&["-", "+"]) {
            Some("-") => {
                let x = self.deeper(Self::signed)?;
                Ok(self.graph.unary(Unary::Negative, x))
            }
            Some(_) => self.deeper(Self::signed),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Result<NodeId> {
        let base = self.atom()?;
        if !self.skip("**") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        self.graph.binary(Binary::Power, base, exponent)
    }

    fn atom(&mut self) -> Result<NodeId> {
        match self.peek().clone() {
            Token::Number(value) => {
                self.next += 1;
                Ok(self.graph.number(value))
            }
            Token::Name(name) if !KEYWORDS.contains(&name.as_str()) => self.named(name),
            Token::Sign("(") => {
                let opened = self.place();
                self.next += 1;
                let inside = self.choice()?;
                self.close(opened)?;
                Ok(inside)
            }
            _ => self.unexpected(),
        }
    }

    fn close(&mut self, opened: usize) -> Result<()> {
        if self.skip(")") {
            return Ok(());
        }
        match self.peek() {
            Token::End => self.refuse(opened, "this bracket is never closed"),
            _ => self.unexpected(),
        }
    }

    /// A variable, a constant, or a call.
    fn named(&mut self, mut name: String) -> Result<NodeId> {
        let (_, mut start, _) = self.take();
        let module = ["np", "numpy", "math", "special", "scipy"].contains(&name.as_str());
        if module && !self.names.contains(&name) {
            while self.skip(".") {
                match self.take() {
                    (Token::Name(inner), place, _) => (name, start) = (inner, place),
                    (_, place, _) => return self.refuse(place, format!("a name must follow {name}.")),
                }
            }
            return match self.at("(") {
                true => self.call(&name, start),
                false => self.constant(&name, start),
            };
        }
        if self.at("(") {
            return self.call(&name, start);
        }
        match self.names.iter().position(|known| *known == name) {
            Some(number) => Ok(self.graph.input(number, &[])),
            None => self.constant(&name, start),
        }
    }

    fn constant(&mut self, name: &str, start: usize) -> Result<NodeId> {
        if let Some((_, value)) = CONSTANTS.iter().find(|(known, _)| *known == name) {
            return Ok(self.graph.number(*value));
        }
        if takes(name).is_some() {
            let follows: String = match &self.tokens[self.next] {
                (Token::Name(_) | Token::Number(_), from, to) => self.characters[*from..*to].iter().collect(),
                _ => "x".into(),
            };
            return self.refuse(
                start,
                format!("{name} is a function, whose argument stands in brackets: write {name}({follows})"),
            );
        }
        if self.given {
            let hint = match nearest(name, self.names.iter().map(String::as_str)) {
                Some(near) => format!(" (did you mean {near}?)"),
                None => format!("; the variables are {}", self.names.join(", ")),
            };
            return self.refuse(start, format!("{name} is not among the variables{hint}"));
        }
        self.refuse(start, format!("{name} is not a known constant"))
    }

    /// A call: the name was read, the bracket stands next.
    fn call(&mut self, name: &str, start: usize) -> Result<NodeId> {
        let opened = self.place();
        let Some((least, most)) = takes(name) else {
            return self.refuse(start, self.no_function(name));
        };
        self.next += 1;
        let mut arguments = Vec::new();
        if !self.at(")") {
            arguments.push(self.choice()?);
            while self.skip(",") {
                arguments.push(self.choice()?);
            }
        }
        self.close(opened)?;
        if !(least..=most).contains(&arguments.len()) {
            let wanted = match (least, most) {
                (1, 1) => "one argument".to_owned(),
                (least, most) if least == most => format!("{least} arguments"),
                (least, 99) => format!("at least {least} arguments"),
                (least, most) => format!("{least} or {most} arguments"),
            };
            return self.refuse(start, format!("{name} takes {wanted}, but {} stand here", arguments.len()));
        }
        self.apply(name, &arguments, start)
    }

    /// What stands for a function that is not one.
    fn no_function(&self, name: &str) -> String {
        if self.names.iter().any(|known| known == name) || CONSTANTS.iter().any(|(known, _)| *known == name) {
            return format!("an operator is missing: write {name}*(…)");
        }
        let reciprocal = match name {
            "sec" => Some("1/cos(x)"),
            "csc" | "cosec" => Some("1/sin(x)"),
            "cot" => Some("1/tan(x)"),
            "sinc" => Some("sin(pi*x)/(pi*x)"),
            "sum" | "mean" | "dot" | "norm" => {
                return format!(
                    "{name} is a function of arrays; in a text every variable is a number (write a Python function instead)"
                );
            }
            _ => None,
        };
        if let Some(instead) = reciprocal {
            return format!("{name} is not a known function: write {instead}");
        }
        match nearest(name, functions()) {
            Some(near) => format!("{name} is not a known function (did you mean {near}?)"),
            None => {
                format!("{name} is not a known function; functions have the names of NumPy's, such as sin, exp, sqrt")
            }
        }
    }

    fn apply(&mut self, name: &str, arguments: &[NodeId], start: usize) -> Result<NodeId> {
        let graph = &mut self.graph;
        match (name, arguments) {
            ("where", [condition, yes, no]) => graph.select(*condition, *yes, *no),
            ("max" | "min", [first, others @ ..]) => {
                let op = if name == "max" { Binary::Maximum } else { Binary::Minimum };
                others.iter().try_fold(*first, |so_far, next| graph.binary(op, so_far, *next))
            }
            ("log", [x, base]) => {
                let (above, below) = (graph.unary(Unary::Log, *x), graph.unary(Unary::Log, *base));
                graph.binary(Binary::Divide, above, below)
            }
            ("clip", [x, low, high]) => {
                let raised = graph.binary(Binary::Maximum, *x, *low)?;
                graph.binary(Binary::Minimum, raised, *high)
            }
            ("square", [x]) => {
                let two = graph.number(2.0);
                graph.binary(Binary::Power, *x, two)
            }
            ("reciprocal", [x]) => {
                let one = graph.number(1.0);
                graph.binary(Binary::Divide, one, *x)
            }
            ("positive", [x]) => Ok(*x),
            ("exp2", [x]) => {
                let two = graph.number(2.0);
                graph.binary(Binary::Power, two, *x)
            }
            ("digamma" | "psi", [x]) => {
                let zero = graph.number(0.0);
                graph.binary(Binary::Polygamma, zero, *x)
            }
            ("polygamma", [order, x]) => match graph.value(*order) {
                Some(n) if n >= 0.0 && n.fract() == 0.0 => graph.binary(Binary::Polygamma, *order, *x),
                _ => self.refuse(start, "the order of polygamma must be a whole number that is written out, such as 1"),
            },
            ("heaviside", [x, middle]) => {
                let (zero, one) = (graph.number(0.0), graph.number(1.0));
                let (above, below) = (graph.binary(Binary::Less, zero, *x)?, graph.binary(Binary::Less, *x, zero)?);
                let rest = graph.select(below, zero, *middle)?;
                graph.select(above, one, rest)
            }
            ("radians" | "degrees", [x]) => {
                let degree = std::f64::consts::PI / 180.0;
                let factor = graph.number(if name == "radians" { degree } else { 1.0 / degree });
                graph.binary(Binary::Multiply, *x, factor)
            }
            (_, [x]) if unary(name).is_some() => match unary(name) {
                Some(op) => Ok(graph.unary(op, *x)),
                None => self.refuse(start, self.no_function(name)),
            },
            (_, [x, y]) if binary(name).is_some() => match binary(name) {
                Some(op) => graph.binary(op, *x, *y),
                None => self.refuse(start, self.no_function(name)),
            },
            _ => self.refuse(start, self.no_function(name)),
        }
    }
}

fn unary(name: &str) -> Option<Unary> {
    ALSO_UNARY.iter().find(|(known, _)| *known == name).map(|(_, op)| *op).or_else(|| Unary::named(name))
}

fn binary(name: &str) -> Option<Binary> {
    ALSO_BINARY.iter().find(|(known, _)| *known == name).map(|(_, op)| *op).or_else(|| Binary::named(name))
}

/// How many arguments a function takes, at least and at most; None if there is no such function.
fn takes(name: &str) -> Option<(usize, usize)> {
    let composed = COMPOSED.iter().find(|(known, ..)| *known == name).map(|(_, least, most)| (*least, *most));
    composed.or_else(|| unary(name).map(|_| (1, 1))).or_else(|| binary(name).map(|_| (2, 2)))
}

/// The names of all functions.
fn functions() -> impl Iterator<Item = &'static str> {
    let composed = COMPOSED.iter().map(|(name, ..)| *name);
    let also = ALSO_UNARY.iter().map(|(name, _)| *name).chain(ALSO_BINARY.iter().map(|(name, _)| *name));
    composed.chain(also).chain(Unary::names()).chain(Binary::names())
}

/// The known name that is fewest changes away, if these are few.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let allowed = 1 + name.chars().count() / 4;
    known
        .map(|known| (changes(&name, known), known))
        .filter(|(changes, _)| *changes <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour to make one word of another
/// (F. Damerau 1964, doi:10.1145/363958.363994).
fn changes(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut table = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                let best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                if swapped { best.min(table[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    table[from.len()][to.len()]
}

/// The variables of a text: names that are neither called nor constants nor words of the grammar, in alphabetical order.
fn found_in(tokens: &[Placed]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (i, (token, ..)) in tokens.iter().enumerate() {
        let Token::Name(name) = token else { continue };
        let next = tokens.get(i + 1).map(|(token, ..)| token);
        let of_module = i > 0 && tokens[i - 1].0 == Token::Sign(".");
        let other = matches!(next, Some(Token::Sign("(" | ".")))
            || of_module
            || CONSTANTS.iter().any(|(known, _)| known == name)
            || is_taken(name)
            || takes(name).is_some();
        if !other && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names.sort_unstable();
    names
}

/// Refuses names that are none, or that stand twice.
fn unlike_each_other(names: &[&str]) -> Result<()> {
    let invalid = |problem| Err(Error::Invalid { function: "function", argument: "variables", problem });
    for (i, name) in names.iter().enumerate() {
        let begins = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
        if !begins || !name.chars().all(in_name) || is_taken(name) {
            return invalid(format!("holds {name:?}, which cannot be the name of a variable"));
        }
        if names[..i].contains(name) {
            return invalid(format!("holds {name:?} twice"));
        }
    }
    Ok(())
}

/// Whether a word means something else in Python than a variable.
fn is_taken(word: &str) -> bool {
    ["if", "else", "and", "or", "not", "True", "False", "None"].contains(&word) || KEYWORDS.contains(&word)
}

fn in_name(character: char) -> bool {
    character.is_alphanumeric() && !"²³¹⁰⁴⁵⁶⁷⁸⁹".contains(character) || character == '_'
}

/// The words and signs of a text.
fn tokens(text: &[char]) -> Result<Vec<Placed>> {
    let mut tokens = Vec::new();
    let mut place = 0;
    while let Some(&character) = text.get(place) {
        let start = place;
        let digit_next = || text.get(start + 1).is_some_and(char::is_ascii_digit);
        if character.is_whitespace() {
            place += 1;
        } else if character.is_ascii_digit() || (character == '.' && digit_next()) {
            let value;
            (value, place) = number(text, start)?;
            tokens.push((Token::Number(value), start, place));
        } else if in_name(character) {
            place += text[start..].iter().take_while(|character| in_name(**character)).count();
            tokens.push((Token::Name(text[start..place].iter().collect()), start, place));
        } else {
            let sign = SIGNS.iter().find(|sign| sign.chars().eq(text[start..].iter().copied().take(sign.len())));
            let Some(sign) = sign else {
                return Err(refusal(text, start, &instead_of(character)));
            };
            place += sign.len();
            tokens.push((Token::Sign(sign), start, place));
        }
    }
    tokens.push((Token::End, text.len(), text.len()));
    Ok(tokens)
}

/// A number as Python writes it (`12`, `.5`, `1_000`, `2.5e-3`) and where it ends.
fn number(text: &[char], start: usize) -> Result<(f64, usize)> {
    let digits = |mut place: usize| {
        while text
            .get(place)
            .is_some_and(|c| c.is_ascii_digit() || (*c == '_' && text.get(place + 1).is_some_and(char::is_ascii_digit)))
        {
            place += 1;
        }
        place
    };
    let mut end = digits(start);
    if text.get(end) == Some(&'.') {
        end = digits(end + 1);
    }
    if matches!(text.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some('+' | '-')));
        let last = digits(end + 1 + sign);
        if last > end + 1 + sign {
            end = last;
        }
    }
    let written: String = text[start..end].iter().filter(|character| **character != '_').collect();
    match written.parse() {
        Ok(value) if text.get(end) != Some(&'.') => Ok((value, end)),
        _ => Err(refusal(text, start, "this is not a number")),
    }
}

/// What to write instead of a character that means nothing here.
fn instead_of(character: char) -> String {
    let hint = match character {
        '^' => "write ** for a power, such as x**2",
        '=' => "write only the expression (x**2, not y = x**2), or == to compare",
        '×' | '·' | '⋅' => "write * for a product",
        '÷' => "write / for a quotient",
        '−' | '–' | '—' => "write - for minus",
        '√' => "write sqrt(x)",
        '²' => "write **2 for a square",
        '³' => "write **3 for a cube",
        '|' => "write abs(x), and `or` for a choice",
        '&' => "write `and`",
        '!' => "write `not`, or exp(gammaln(n + 1)) for a factorial",
        '[' | ']' | '{' | '}' => {
            "only round brackets group; in a text every variable is a number (write a Python function for arrays)"
        }
        ':' => "write only the expression, such as x**2",
        '@' => "write * for a product of numbers; matrices need a Python function",
        '≤' => "write <=",
        '≥' => "write >=",
        '≠' => "write !=",
        '∞' => "write inf",
        _ => "it means nothing here",
    };
    format!("'{character}': {hint}")
}

/// The error, with the text and a caret under the place.
fn refusal(text: &[char], place: usize, problem: &str) -> Error {
    const SHOWN: usize = 60;
    let from = if text.len() <= SHOWN { 0 } else { place.saturating_sub(SHOWN / 2) };
    let line: String = text.iter().skip(from).take(SHOWN).map(|c| if c.is_whitespace() { ' ' } else { *c }).collect();
    let problem = format!(
        "cannot be read at column {}: {problem}\n    {line}\n    {:>width$}",
        place + 1,
        "^",
        width = place - from + 1
    );
    Error::Invalid { function: "function", argument: "text", problem }
}

#[cfg(test)]
mod tests {
    use super::Function;

    fn names(text: &str) -> Vec<String> {
        let f = Function::parse(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
        f.arguments().iter().map(|argument| argument.name.clone()).collect()
    }

    #[test]
    fn names_are_variables_in_alphabetical_order() {
        assert_eq!(names("z*x + np.sin(a) - math.pi*e"), ["a", "x", "z"]);
        assert_eq!(names("θ**2 if x_1 > 0 and not y < 2 else 1"), ["x_1", "y", "θ"]);
        let f = Function::parse("e*x", Some(&["x", "e"])).expect("e is given");
        assert_eq!(f.arguments()[1].name, "e");
    }

    #[test]
    fn what_python_reads_the_same_way_is_the_same_graph() {
        let alike = [
            ("-x**2", "-(x**2)"),
            ("2**-x", "2**(-x)"),
            ("x**y**2", "x**(y**2)"),
            ("x - y - 1", "(x - y) - 1"),
            ("x/y*2", "(x/y)*2"),
            ("-x*y", "(-x)*y"),
            ("x // 2 % 3", "(x // 2) % 3"),
            ("0 < x < y", "(0 < x) and (x < y)"),
            ("x > y", "y < x"),
            ("1_000*x", "1e3*x"),
            (".5*x", "5e-1*x"),
            ("abs(x)", "np.absolute(x)"),
            ("ln(x)", "log(x)"),
            ("max(x, y, 2)", "maximum(maximum(x, y), 2)"),
            ("where(x < y, x, y)", "x if x < y else y"),
            ("pi*x + 2*pi", "3.141592653589793*x + 6.283185307179586"),
        ];
        for (a, b) in alike {
            let parse =
                |text| Function::parse(text, Some(&["x", "y"])).unwrap_or_else(|error| panic!("{text}: {error}"));
            let (a, b) = (parse(a), parse(b));
            assert_eq!(a.graph().node(a.output()).op, b.graph().node(b.output()).op);
            let together = |f: &Function| {
                f.graph().needed(&[f.output()]).iter().map(|id| f.graph().node(*id).op.clone()).collect::<Vec<_>>()
            };
            let (mut left, mut right) = (together(&a), together(&b));
            left.sort_by_key(|op| format!("{op:?}"));
            right.sort_by_key(|op| format!("{op:?}"));
            assert_eq!(left, right);
        }
    }

    #[test]
    fn refusals_say_where_and_what_to_write() {
        let cases = [
            ("2x", 2, "write 2*x"),
            ("2 sin(x)", 3, "write 2*sin"),
            ("(x + 1)(x - 1)", 8, "write (…)*(…)"),
            ("x(x + 1)", 1, "write x*(…)"),
            ("x y", 3, "write x*y"),
            ("x^2", 2, "write ** for a power"),
            ("sine(x)", 1, "did you mean sin"),
            ("sin x", 1, "write sin(x)"),
            ("sin", 1, "is a function"),
            ("sqr(x)", 1, "did you mean sqrt"),
            ("(x + 1", 1, "never closed"),
            ("x + 1)", 6, "never opened"),
            ("x +", 4, "ends too early"),
            ("", 1, "empty"),
            ("   ", 1, "empty"),
            ("y = x**2", 3, "write only the expression"),
            ("1,5*x", 2, "1.5"),
            ("1.2.3", 1, "not a number"),
            ("x * / y", 5, "'/' cannot stand here"),
            ("log(x, 2, 3)", 1, "1 or 2 arguments, but 3"),
            ("sin()", 1, "one argument, but 0"),
            ("lambda x: x", 9, "write only the expression"),
            ("lambda", 1, "'lambda' cannot stand here"),
            ("x² + 1", 2, "write **2"),
            ("x[0]", 2, "round brackets"),
            ("sec(x)", 1, "1/cos(x)"),
            ("polygamma(x, x)", 1, "whole number"),
            ("np.foo", 4, "foo is not"),
            ("x if y", 7, "else is missing"),
            ("mean(x)", 1, "arrays"),
        ];
        for (text, column, part) in cases {
            let error = Function::parse(text, None).expect_err(text).to_string();
            assert!(error.contains(&format!("at column {column}:")) && error.contains(part), "{text}: {error}");
            let caret = error.lines().last().unwrap_or_default();
            assert_eq!(caret.chars().count(), column + 4, "{error}");
        }
        let error = Function::parse("x + why", Some(&["x", "wy"])).expect_err("why is unknown").to_string();
        assert!(error.contains("did you mean wy"), "{error}");
        for variables in [&["x", "x"][..], &["2"], &[""], &["a b"]] {
            assert!(Function::parse("1", Some(variables)).is_err(), "{variables:?}");
        }
    }

    #[test]
    fn nothing_nests_deeper_than_the_stack() {
        for text in [
            "(".repeat(100_000),
            "-".repeat(100_000),
            "2**".repeat(100_000),
            "not ".repeat(100_000),
            "sin(".repeat(100_000),
        ] {
            assert!(Function::parse(&text, None).is_err());
        }
        assert!(Function::parse(&"x + ".repeat(10_000), None).is_err());
        assert!(Function::parse(&("x + ".repeat(10_000) + "x"), None).is_ok());
    }
}
