//! Light algebraic clean-up, so that a derivative reads as in a textbook: `2*x*sin(x) + x**2*cos(x)`.
//!
//! A product is seen as a number times powers of factors, a sum as a list of such products. Equal factors and like terms are put together, numbers
//! and signs come first, and everything is built again in a fixed order. Only what holds for every number for which the original has a value is done: x·x is
//! x², but x/x stays, since it has no value at 0 (unless a logarithm of x stands beside it), and √x·√x stays, since it has none below. Sums keep the
//! order in which they are added, apart from a swap of two terms and polynomials, whose highest power comes first: (x − 1) + y has digits that (x + y) − 1 loses.

mod product;

use std::collections::HashSet;

use self::product::{Product, Quotient, folded, settled, whole};
use super::build::{Graph, NodeId};
use super::function::Function;
use super::operation::{Binary, Op, Stride, Unary};
use crate::error::Result;

/// Larger graphs are left alone: nobody reads them.
const NODES: usize = 600;

/// A product or sum of more parts than this is one factor, or one term, of what it stands in.
const PARTS: usize = 24;

impl Function {
    /// The same function, written as a textbook would: like terms and equal factors put together, numbers and signs first. Its values are the same up to
    /// rounding, and it has one wherever the original has. Graphs of more than some hundred nodes are left as they are.
    ///
    /// ```
    /// use underhood::graph::Function;
    ///
    /// let f = Function::parse("x**2 * sin(x)", None)?;
    /// assert_eq!(f.derivative(0)?.tidied().to_string(), "2*x*sin(x) + x**2*cos(x)");
    /// # Ok::<(), underhood::Error>(())
    /// ```
    pub fn tidied(&self) -> Function {
        let mut graph = Graph::clone(&self.graph);
        let output = tidy(&mut graph, self.output);
        Function { graph: graph.into(), arguments: self.arguments.clone(), output }
    }
}

/// The node whose value the cleaned-up output is: `output` itself if there is nothing to do.
pub(super) fn tidy(graph: &mut Graph, output: NodeId) -> NodeId {
    let needed = graph.needed(&[output]);
    if needed.len() > NODES {
        return output;
    }
    let positive = needed
        .iter()
        .filter(|id| matches!(graph.node(**id).op, Op::Unary(Unary::Log)))
        .map(|id| graph.node(*id).inputs[0])
        .collect();
    let signed = where_signs_of_zeros_count(graph, &needed);
    let made = vec![output; output.index() + 1];
    let mut tidier = Tidier { graph, made, absent: HashSet::new(), positive, total: Vec::new(), signed: false };
    for id in needed {
        tidier.signed = signed.contains(&id);
        // What the graph refuses cannot come up; if it did, the node would stay as it is.
        let made = tidier.again(id).unwrap_or(id);
        tidier.made[id.index()] = made;
        if tidier.positive.contains(&id) {
            tidier.positive.insert(made);
        }
    }
    tidier.made[output.index()]
}

/// The nodes that lead to a denominator, a `copysign` or an `arctan2`, which tell −0 from 0.
fn where_signs_of_zeros_count(graph: &Graph, needed: &[NodeId]) -> HashSet<NodeId> {
    let mut signed = HashSet::new();
    for id in needed.iter().rev() {
        let node = graph.node(*id);
        match (&node.op, &node.inputs[..]) {
            _ if signed.contains(id) => signed.extend(node.inputs.iter().copied()),
            (Op::Binary(Binary::Divide | Binary::Copysign), [_, y]) => signed.extend([*y]),
            (Op::Binary(Binary::Arctan2), [y, x]) => signed.extend([*y, *x]),
            (Op::Binary(Binary::Power), [x, y]) if graph.value(*y).is_none_or(|exponent| exponent < 0.0) => {
                signed.extend([*x]);
            }
            _ => {}
        }
    }
    signed
}

struct Tidier<'a> {
    graph: &'a mut Graph,
    /// For each node what it became.
    made: Vec<NodeId>,
    /// Zeros that stand for what is not there, the elements beside a part of an array: products with them are not there either.
    absent: HashSet<NodeId>,
    /// Nodes whose logarithm is taken: where the output has a value, they are positive.
    positive: HashSet<NodeId>,
    /// For each of the first nodes whether it has a finite value for all finite inputs.
    total: Vec<bool>,
    /// Whether the sign of a zero counts in what is being made: −1·0 must not become 0 there.
    signed: bool,
}

impl Tidier<'_> {
    /// The node once more, from inputs that are cleaned up.
    fn again(&mut self, id: NodeId) -> Result<NodeId> {
        let node = self.graph.node(id).clone();
        let inputs: Vec<NodeId> = node.inputs.iter().map(|input| self.made[input.index()]).collect();
        if self.is_absent(id, &inputs) {
            self.absent.insert(id);
            return Ok(self.graph.filled(0.0, &node.shape));
        }
        match (&node.op, &inputs[..]) {
            (Op::Constant(_), _) => Ok(id),
            (Op::Binary(Binary::Add), [x, y]) => self.sum(*x, *y, false),
            (Op::Binary(Binary::Subtract), [x, y]) => self.sum(*x, *y, true),
            (Op::Binary(Binary::Multiply), [x, y]) => self.of_factors(&[(*x, 1.0), (*y, 1.0)], &node.shape),
            (Op::Binary(Binary::Divide), [x, y]) => self.of_factors(&[(*x, 1.0), (*y, -1.0)], &node.shape),
            (Op::Unary(Unary::Negative), [x]) => self.negative(*x),
            (Op::Binary(Binary::Power), [x, y]) => match self.graph.value(*y) {
                Some(exponent) if exponent.is_finite() && exponent != 0.0 => {
                    self.of_factors(&[(*x, settled(exponent))], &node.shape)
                }
                _ => self.graph.binary(Binary::Power, *x, *y),
            },
            (Op::Binary(Binary::Xlogy), [x, y]) => self.times_log(*x, *y),
            (Op::Slice(strides), [x]) if self.graph.size(id) == 1 => self.element(*x, strides),
            _ => self.graph.again(&node, &inputs),
        }
    }

    /// x·ln y with the limit 0 at x = 0, which only needs its own operation where ln y can be infinite.
    fn times_log(&mut self, x: NodeId, y: NodeId) -> Result<NodeId> {
        let finite = self.graph.value(y).is_some_and(|value| value > 0.0 && value.is_finite());
        if !finite && self.graph.value(x).is_none_or(|value| value == 0.0) {
            return self.graph.binary(Binary::Xlogy, x, y);
        }
        let (log, shape) = (self.graph.unary(Unary::Log, y), self.graph.shape(x).to_vec());
        self.of_factors(&[(x, 1.0), (log, 1.0)], &shape)
    }

    /// Whether a node, whose cleaned-up inputs are these, stands for what is not there.
    fn is_absent(&self, id: NodeId, inputs: &[NodeId]) -> bool {
        let node = self.graph.node(id);
        let absent = |place: usize| self.absent.contains(&node.inputs[place]);
        match &node.op {
            Op::Slice(strides) if self.graph.size(id) == 1 => absent(0) || self.lies_beside(inputs[0], strides),
            Op::Unary(Unary::Negative) | Op::Binary(Binary::Divide) | Op::Reshape | Op::Broadcast => absent(0),
            Op::Binary(Binary::Multiply) => absent(0) || absent(1),
            Op::Binary(Binary::Add | Binary::Subtract) => absent(0) && absent(1),
            _ => false,
        }
    }

    /// Whether one element of an array lies beside the part that the array was made of.
    fn lies_beside(&self, x: NodeId, strides: &[Stride]) -> bool {
        let Op::Place(placed) = &self.graph.node(x).op else { return false };
        !strides.iter().zip(placed).all(|(element, part)| part.places().any(|place| place == element.start))
    }

    /// One element of an array, which is known where the array is made of zeros and a part.
    fn element(&mut self, x: NodeId, strides: &[Stride]) -> Result<NodeId> {
        let node = self.graph.node(x).clone();
        let Op::Place(placed) = &node.op else { return self.graph.slice(x, strides) };
        let within = |(element, part): (&Stride, &Stride)| part.places().position(|place| place == element.start);
        let places: Option<Vec<usize>> = strides.iter().zip(placed).map(within).collect();
        match places {
            Some(places) => {
                let inner: Vec<Stride> = places.into_iter().map(|start| Stride { start, step: 1, count: 1 }).collect();
                self.element(node.inputs[0], &inner)
            }
            None => Ok(self.graph.filled(0.0, &vec![1; strides.len()])),
        }
    }

    /// −x.
    fn negative(&mut self, x: NodeId) -> Result<NodeId> {
        let terms = self.terms(x);
        if terms.len() > 1 {
            let shape = self.graph.shape(x).to_vec();
            return self.built_sum(terms.into_iter().map(Product::negated).collect(), &shape);
        }
        let shape = self.graph.shape(x).to_vec();
        let product = self.product(x).negated();
        self.built(&product, &shape)
    }

    fn of_factors(&mut self, factors: &[(NodeId, f64)], shape: &[usize]) -> Result<NodeId> {
        let mut product = Product { number: Quotient::ONE, factors: Vec::new() };
        for (node, exponent) in factors {
            self.multiply(&mut product, *node, *exponent);
        }
        match self.over_one_denominator(&product) {
            Some(terms) => self.built_sum(terms, shape),
            None => self.built(&product, shape),
        }
    }

    /// (a/q + b)/q as a/q² + b/q: a sum in brackets, some term of which is divided by what the whole is divided by.
    fn over_one_denominator(&mut self, product: &Product) -> Option<Vec<Product>> {
        let (terms, rest) = self.bracket(product)?;
        let divided = |term: &Product| term.factors.iter().any(|(node, e)| *e < 0.0 && rest.divides_by(*node));
        if terms.iter().any(divided) { self.multiplied_out(&terms, &rest) } else { None }
    }

    /// The terms of the only sum among the factors, and what stands beside it.
    fn bracket(&mut self, product: &Product) -> Option<(Vec<Product>, Product)> {
        let sums = product.factors.iter().filter(|(node, _)| self.is_sum(*node)).collect::<Vec<_>>();
        let [(sum, exponent)] = sums.into_iter().filter(|(_, e)| *e > 0.0).collect::<Vec<_>>()[..] else { return None };
        if self.signed || *exponent != 1.0 {
            return None;
        }
        let mut rest = product.clone();
        rest.factors.retain(|(node, e)| node != sum || e != exponent);
        Some((self.terms(*sum), rest))
    }

    /// Every term times the rest, like terms put together.
    fn multiplied_out(&mut self, terms: &[Product], rest: &Product) -> Option<Vec<Product>> {
        let mut out: Vec<Product> = Vec::new();
        for term in terms {
            let mut product = rest.clone();
            product.number = product.number.times(term.number.above, true)?.times(term.number.below, false)?;
            for (node, exponent) in &term.factors {
                self.factor(&mut product, *node, *exponent);
            }
            self.add(&mut out, product);
        }
        Some(out)
    }

    /// Adds a term to a sum, into a like one if there is one.
    fn add(&mut self, terms: &mut Vec<Product>, term: Product) {
        let like = terms.iter().position(|known| known.is_like(&term));
        let added = like.and_then(|place| Some((place, terms[place].number.plus(term.number)?)));
        match added {
            Some((place, number)) if number.above != 0.0 => terms[place].number = number,
            Some((place, _)) if self.vanishes(&terms[place]) => {
                terms.remove(place);
            }
            _ => terms.push(term),
        }
    }

    /// A node as a product; one that is none is its own only factor.
    fn product(&mut self, node: NodeId) -> Product {
        let mut product = Product { number: Quotient::ONE, factors: Vec::new() };
        self.multiply(&mut product, node, 1.0);
        product
    }

    /// Multiplies by nodeᵉ, taken apart into its own factors where that holds everywhere.
    fn multiply(&mut self, product: &mut Product, node: NodeId, exponent: f64) {
        let mut open = vec![(node, exponent)];
        let mut seen = 0;
        while let Some((node, exponent)) = open.pop() {
            seen += 1;
            let once = exponent.abs() == 1.0;
            if let Some(value) = self.graph.value(node) {
                let number = if once { Some(value) } else { folded(value, exponent.abs()) };
                if let Some(changed) = number.and_then(|value| product.number.times(value, exponent > 0.0)) {
                    product.number = changed;
                    continue;
                }
            }
            let inner = self.graph.node(node);
            match (&inner.op, &inner.inputs[..]) {
                _ if seen > PARTS => self.factor(product, node, exponent),
                (Op::Unary(Unary::Negative), [x]) if once => {
                    product.number.above = -product.number.above;
                    open.push((*x, exponent));
                }
                (Op::Binary(Binary::Multiply), [x, y]) if once => open.extend([(*y, exponent), (*x, exponent)]),
                (Op::Binary(Binary::Divide), [x, y]) if once => open.extend([(*y, -exponent), (*x, exponent)]),
                (Op::Binary(Binary::Power), [x, y]) => match self.graph.value(*y) {
                    Some(inner)
                        if inner.is_finite()
                            && inner != 0.0
                            && (once || (inner > 0.0 && whole(inner) && whole(exponent))) =>
                    {
                        open.push((*x, settled(inner * exponent)));
                    }
                    _ => self.factor(product, node, exponent),
                },
                _ => self.factor(product, node, exponent),
            }
        }
    }

    /// Multiplies by a factor that is taken as it is, together with equal ones where xᵃ·xᵇ is xᵃ⁺ᵇ for all x that have both.
    fn factor(&self, product: &mut Product, node: NodeId, exponent: f64) {
        let known = product.factors.iter().filter(|(known, _)| *known == node).map(|(_, power)| *power);
        let all: Vec<f64> = known.chain([exponent]).collect();
        if let Some(sum) = self.added(node, &all) {
            product.factors.retain(|(known, _)| *known != node);
            product.factors.extend((sum != 0.0).then_some((node, sum)));
            return;
        }
        for place in 0..product.factors.len() {
            let (known, power) = product.factors[place];
            if let Some(sum) = self.added(node, &[power, exponent]).filter(|_| known == node) {
                product.factors[place].1 = sum;
                product.factors.retain(|(_, power)| *power != 0.0);
                return;
            }
        }
        product.factors.push((node, exponent));
    }

    /// The sum of exponents of a factor, if it gives the same for all numbers for which each power is known.
    fn added(&self, node: NodeId, exponents: &[f64]) -> Option<f64> {
        let sum: f64 = exponents.iter().sum();
        let positive = self.positive.contains(&node);
        let keeps_sign_of_base = exponents.iter().all(|exponent| whole(*exponent)) || !whole(sum) || positive;
        let keeps_zero = exponents.iter().all(|exponent| *exponent > 0.0) || sum < 0.0 || positive;
        (keeps_sign_of_base && keeps_zero).then(|| settled(sum))
    }

    /// Builds a product: number, powers of the inputs, the others; what has a negative exponent below.
    fn built(&mut self, product: &Product, shape: &[usize]) -> Result<NodeId> {
        let Product { mut number, mut factors } = product.clone();
        if number.above == 0.0
            && !self.signed
            && factors.iter().all(|(node, exponent)| *exponent > 0.0 && whole(*exponent) && self.is_total(*node))
        {
            return Ok(self.graph.filled(0.0, shape));
        }
        self.raise(&mut factors)?;
        factors.sort_by_key(|(node, _)| self.rank(*node));
        number.settled(factors.iter().any(|(_, exponent)| *exponent < 0.0));
        let negative = number.above < 0.0;
        let (above, below): (Vec<_>, Vec<_>) = factors.into_iter().partition(|(_, exponent)| *exponent > 0.0);
        // A number other than 1 keeps its sign; of 1, only the sign remains, before the whole.
        let alone = above.is_empty();
        let plain = number.above.abs() == 1.0;
        let mut numerator = if alone {
            Some(self.graph.number(if plain { 1.0 } else { number.above }))
        } else {
            (!plain).then(|| self.graph.number(number.above))
        };
        for (node, exponent) in above {
            let power = self.power(node, exponent)?;
            numerator = Some(match numerator {
                None => power,
                Some(so_far) => self.graph.binary(Binary::Multiply, so_far, power)?,
            });
        }
        let mut denominator = (number.below != 1.0).then(|| self.graph.number(number.below));
        for (node, exponent) in below {
            let power = self.power(node, -exponent)?;
            denominator = Some(match denominator {
                None => power,
                Some(so_far) => self.graph.binary(Binary::Multiply, so_far, power)?,
            });
        }
        let mut built = match numerator {
            Some(numerator) => numerator,
            None => self.graph.number(1.0),
        };
        if let Some(denominator) = denominator {
            built = self.graph.binary(Binary::Divide, built, denominator)?;
        }
        if plain && negative {
            built = self.graph.unary(Unary::Negative, built);
        }
        self.graph.broadcast(built, shape)
    }

    /// Turns x·x**n into x**(n + 1): with whole powers of the base beside it that holds for every base and exponent for which the first has a value.
    fn raise(&mut self, factors: &mut Vec<(NodeId, f64)>) -> Result<()> {
        for place in 0..factors.len() {
            let (power, once) = factors[place];
            let node = self.graph.node(power).clone();
            let (Op::Binary(Binary::Power), [base, exponent]) = (&node.op, &node.inputs[..]) else { continue };
            if once != 1.0 || self.graph.value(*exponent).is_some() {
                continue;
            }
            let beside = factors.iter().position(|(known, e)| known == base && *e > 0.0 && whole(*e));
            if let Some(beside) = beside {
                let more = self.graph.filled(factors[beside].1, self.graph.shape(*exponent).to_vec().as_slice());
                let exponent = self.sum(*exponent, more, false)?;
                factors[place].0 = self.graph.binary(Binary::Power, *base, exponent)?;
                factors.remove(beside);
                return self.raise(factors);
            }
        }
        Ok(())
    }

    fn power(&mut self, node: NodeId, exponent: f64) -> Result<NodeId> {
        let exponent = self.graph.number(exponent);
        self.graph.binary(Binary::Power, node, exponent)
    }

    /// Where a factor stands in a product: inputs in their order, parts of arrays, sums, functions in the order of their list.
    fn rank(&self, node: NodeId) -> usize {
        let inner = self.graph.node(node);
        match inner.op {
            Op::Input(number) => number.min(1000),
            Op::Broadcast | Op::Reshape | Op::Slice(_) => self.rank(inner.inputs[0]),
            Op::Constant(_) => 1001,
            Op::Binary(Binary::Add | Binary::Subtract) => 1002,
            Op::Unary(op) => 1004 + op as usize,
            _ => 1003,
        }
    }

    /// x + y or x − y.
    fn sum(&mut self, x: NodeId, y: NodeId, minus: bool) -> Result<NodeId> {
        let shape = self.graph.shape(x).to_vec();
        let mut terms = self.terms(x);
        let mut others = self.terms(y);
        // x·(1/q + a) beside 2·x/q.
        if let [only] = &others[..]
            && let Some((inner, rest)) = self.bracket(only)
            && let Some(out) = self.multiplied_out(&inner, &rest)
            && out.iter().any(|term| terms.iter().any(|known| known.is_like(term)) && term.is_divided())
        {
            others = out;
        }
        // The terms of a bracket are only taken out of it if some of them go together with others.
        if others.len() > 1 && !others.iter().any(|term| terms.iter().any(|known| known.is_like(term))) {
            others = vec![Product { number: Quotient::ONE, factors: vec![(y, 1.0)] }];
        }
        for term in others {
            let term = if minus { term.negated() } else { term };
            self.add(&mut terms, term);
        }
        self.built_sum(terms, &shape)
    }

    /// Whether 0 times this is 0 for all inputs.
    fn vanishes(&mut self, term: &Product) -> bool {
        term.factors.iter().all(|(node, exponent)| *exponent > 0.0 && whole(*exponent) && self.is_total(*node))
    }

    /// A node as a sum of products.
    fn terms(&mut self, node: NodeId) -> Vec<Product> {
        let (mut terms, mut next, mut negative) = (Vec::new(), node, false);
        // Sums lean to the left: (a + b) + c.
        loop {
            let inner = self.graph.node(next);
            let (x, y, minus) = match (&inner.op, &inner.inputs[..]) {
                (Op::Binary(Binary::Add), [x, y]) if terms.len() < PARTS => (*x, *y, false),
                (Op::Binary(Binary::Subtract), [x, y]) if terms.len() < PARTS => (*x, *y, true),
                (Op::Unary(Unary::Negative), [x]) if terms.is_empty() && self.is_sum(*x) => {
                    (next, negative) = (*x, !negative);
                    continue;
                }
                _ => break,
            };
            let term = if self.is_sum(y) {
                Product { number: Quotient::ONE, factors: vec![(y, 1.0)] }
            } else {
                self.product(y)
            };
            terms.push(if minus != negative { term.negated() } else { term });
            next = x;
        }
        let first = if self.is_sum(next) {
            Product { number: Quotient::ONE, factors: vec![(next, 1.0)] }
        } else {
            self.product(next)
        };
        terms.push(if negative { first.negated() } else { first });
        terms.reverse();
        terms
    }

    fn is_sum(&self, node: NodeId) -> bool {
        matches!(self.graph.node(node).op, Op::Binary(Binary::Add | Binary::Subtract))
    }

    fn built_sum(&mut self, mut terms: Vec<Product>, shape: &[usize]) -> Result<NodeId> {
        terms.retain(|term| term.number.above != 0.0 || !term.factors.is_empty());
        self.drop_nothings(&mut terms);
        self.order(&mut terms);
        let mut sum: Option<NodeId> = None;
        for term in terms {
            sum = Some(match sum {
                None => self.built(&term, shape)?,
                Some(so_far) if term.number.above < 0.0 => {
                    let term = self.built(&term.negated(), shape)?;
                    self.graph.binary(Binary::Subtract, so_far, term)?
                }
                Some(so_far) => {
                    let term = self.built(&term, shape)?;
                    self.graph.binary(Binary::Add, so_far, term)?
                }
            });
        }
        match sum {
            Some(sum) => Ok(sum),
            None => Ok(self.graph.filled(0.0, shape)),
        }
    }

    /// Leaves out 0/q where another term is divided by q as well, which has no value where q is zero either.
    fn drop_nothings(&mut self, terms: &mut Vec<Product>) {
        for place in (0..terms.len()).rev() {
            let term = terms[place].clone();
            let elsewhere = |node: NodeId| {
                terms
                    .iter()
                    .enumerate()
                    .any(|(i, other)| i != place && other.number.above != 0.0 && other.divides_by(node))
            };
            let nothing = term.number.above == 0.0
                && !self.signed
                && term.factors.iter().all(
                    |(node, exponent)| {
                        if *exponent < 0.0 { elsewhere(*node) } else { whole(*exponent) }
                    },
                );
            if nothing && term.factors.iter().all(|(node, _)| self.is_total(*node)) {
                terms.remove(place);
            }
        }
    }

    /// Orders the terms where that loses nothing: two of them, and polynomials.
    fn order(&self, terms: &mut [Product]) {
        let degrees: Vec<Option<f64>> = terms.iter().map(|term| self.degree(term)).collect();
        let highest = degrees.iter().flatten().fold(0.0, |highest: f64, degree| highest.max(*degree));
        let one_negative = matches!(terms, [a, b] if (a.number.above < 0.0) != (b.number.above < 0.0));
        if degrees.iter().all(Option::is_some) && highest >= 2.0 && !one_negative {
            terms.sort_by(|a, b| self.degree(b).partial_cmp(&self.degree(a)).unwrap_or(std::cmp::Ordering::Equal));
        } else if let [first, second] = terms {
            let of_inputs = |term: &Product| -> f64 {
                term.factors.iter().filter(|(node, _)| self.rank(*node) <= 1000).map(|(_, e)| e).sum()
            };
            let swap = match (first.number.above < 0.0, second.number.above < 0.0) {
                (true, false) => true,
                (false, true) => false,
                _ if first.factors.is_empty() != second.factors.is_empty() => first.factors.is_empty(),
                _ if degrees.iter().all(Option::is_some) => self.first_rank(first) > self.first_rank(second),
                _ => of_inputs(first) > of_inputs(second),
            };
            if swap {
                terms.swap(0, 1);
            }
        }
    }

    /// Where the first factor of a term stands.
    fn first_rank(&self, term: &Product) -> usize {
        term.factors.iter().map(|(node, _)| self.rank(*node)).min().unwrap_or(usize::MAX)
    }

    /// The degree of a term that is a product of whole powers of inputs.
    fn degree(&self, term: &Product) -> Option<f64> {
        let powers = |(node, exponent): &(NodeId, f64)| {
            (self.rank(*node) <= 1000 && *exponent > 0.0 && whole(*exponent)).then_some(*exponent)
        };
        term.factors.iter().map(powers).sum()
    }

    /// Whether a node is finite, up to overflow, wherever the inputs are.
    fn is_total(&mut self, node: NodeId) -> bool {
        for index in self.total.len()..=node.index() {
            let inner = self.graph.node(NodeId(index as u32));
            let whole_power =
                || self.graph.value(inner.inputs[1]).is_some_and(|exponent| exponent > 0.0 && whole(exponent));
            let itself = match &inner.op {
                Op::Unary(op) => !matches!(
                    op,
                    Unary::Sqrt
                        | Unary::Log
                        | Unary::Log1p
                        | Unary::Log2
                        | Unary::Log10
                        | Unary::Tan
                        | Unary::Arcsin
                        | Unary::Arccos
                        | Unary::Arccosh
                        | Unary::Arctanh
                        | Unary::Gammaln
                ),
                Op::Binary(
                    Binary::Divide
                    | Binary::FloorDivide
                    | Binary::Remainder
                    | Binary::Polygamma
                    | Binary::Xlogy
                    | Binary::Inversion
                    | Binary::Ierfcx,
                ) => false,
                Op::Binary(Binary::Power) => whole_power(),
                Op::Constant(_) => self.graph.value(NodeId(index as u32)).is_some_and(f64::is_finite),
                _ => true,
            };
            let total = itself && inner.inputs.iter().all(|input| self.total[input.index()]);
            self.total.push(total);
        }
        self.total[node.index()]
    }
}

#[cfg(test)]
mod tests;
