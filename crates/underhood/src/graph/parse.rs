//! Functions written as text: `x**2 * sin(y)`.
//!
//! The grammar is Python's for expressions of numbers (operators, their precedence, comparisons, `a if c else b`), and functions have the
//! names of NumPy, SciPy's `special` and `math`. The method is recursive descent (Lucas 1961), with a bound on how deep brackets may nest. What
//! cannot be read is shown with its column and, where the intention is plain, with what to write instead.

mod names;
mod tokens;

use self::names::{CONSTANTS, KEYWORDS, binary, functions, is_taken, nearest, takes, unary};
use self::tokens::{Placed, Token, in_name, refusal, tokens};
use super::build::{Graph, NodeId};
use super::function::{Argument, Function};
use super::operation::{Binary, Unary};
use crate::error::{Error, Result};

/// How deep brackets, signs and powers may nest: far beyond what people write, well within the stack.
const DEPTH: usize = 100;

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
            ("polygamma" | "ierfcx", [order, x]) => match graph.value(*order) {
                Some(n) if n >= 0.0 && n.fract() == 0.0 => {
                    let op = if name == "polygamma" { Binary::Polygamma } else { Binary::Ierfcx };
                    graph.binary(op, *order, *x)
                }
                _ => {
                    let problem = format!("the order of {name} must be a whole number that is written out, such as 1");
                    self.refuse(start, &problem)
                }
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

#[cfg(test)]
mod tests;
