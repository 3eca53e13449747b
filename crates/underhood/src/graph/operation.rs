//! What a node of a graph can do: the operations, by the names that NumPy gives them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use ndarray::ArrayD;

/// A function of one number, applied to every element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Unary {
    /// −x.
    Negative,
    /// |x|; its derivative is taken as `sign(x)`, which is 0 at the kink.
    Absolute,
    /// −1, 0 or 1; its derivative is taken as 0.
    Sign,
    /// √x.
    Sqrt,
    /// The cube root.
    Cbrt,
    /// eˣ.
    Exp,
    /// eˣ − 1.
    Expm1,
    /// ln x.
    Log,
    /// ln(1 + x).
    Log1p,
    /// log₂ x.
    Log2,
    /// log₁₀ x.
    Log10,
    /// sin x.
    Sin,
    /// cos x.
    Cos,
    /// tan x.
    Tan,
    /// The angle in [−π/2, π/2] with this sine.
    Arcsin,
    /// The angle in [0, π] with this cosine.
    Arccos,
    /// The angle in (−π/2, π/2) with this tangent.
    Arctan,
    /// (eˣ − e⁻ˣ)/2.
    Sinh,
    /// (eˣ + e⁻ˣ)/2.
    Cosh,
    /// sinh x / cosh x.
    Tanh,
    /// 1 / cosh x, whose square is the derivative of tanh, finite everywhere.
    Sech,
    /// The inverse of sinh.
    Arcsinh,
    /// The inverse of cosh.
    Arccosh,
    /// The inverse of tanh.
    Arctanh,
    /// The largest whole number that is not above x; like those of the next three, its derivative is taken as 0.
    Floor,
    /// The smallest whole number that is not below x.
    Ceil,
    /// The whole part.
    Trunc,
    /// The nearest whole number, halves to the even one.
    Rint,
    /// 1 where x is 0, else 0.
    LogicalNot,
    /// 1 where x is NaN, else 0.
    Isnan,
    /// 1 where x is a finite number, else 0.
    Isfinite,
    /// The error function.
    Erf,
    /// 1 − erf x.
    Erfc,
    /// exp(x²)·erfc x.
    Erfcx,
    /// The normal distribution function Φ.
    Ndtr,
    /// ln Φ.
    LogNdtr,
    /// ln |Γ(x)|.
    Gammaln,
    /// 1/(1 + e⁻ˣ).
    Expit,
    /// ln(1/(1 + e⁻ˣ)).
    LogExpit,
}

/// A function of two numbers, applied to every pair of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Binary {
    /// x + y.
    Add,
    /// x − y.
    Subtract,
    /// x·y.
    Multiply,
    /// x / y.
    Divide,
    /// xʸ.
    Power,
    /// The larger; NaN if one is. Where both are equal, each gets half of the derivative.
    Maximum,
    /// The smaller, likewise.
    Minimum,
    /// The angle of the point (y, x), of which y comes first.
    Arctan2,
    /// √(x² + y²).
    Hypot,
    /// ln(eˣ + eʸ).
    Logaddexp,
    /// ⌊x/y⌋; its derivative is taken as 0.
    FloorDivide,
    /// x − y⌊x/y⌋.
    Remainder,
    /// |x| with the sign of y.
    Copysign,
    /// 1 where x < y, else 0; the derivatives of all comparisons are taken as 0.
    Less,
    /// 1 where x ≤ y, else 0.
    LessEqual,
    /// 1 where x = y, else 0.
    Equal,
    /// 1 where x ≠ y, else 0.
    NotEqual,
    /// 1 where neither is 0, else 0.
    LogicalAnd,
    /// 1 where one of them is not 0, else 0.
    LogicalOr,
    /// The n-th derivative of the digamma function ψ: `polygamma(n, x)`, for a constant n.
    Polygamma,
    /// x·ln y, which is 0 where x is.
    Xlogy,
    /// x/(x² + y²), the real part of 1/(x + iy), also where the squares overflow or vanish: the slopes of `arctan2` are made of it.
    Inversion,
    /// exp(x²)·iⁿerfc(x) with the n-th repeated integral of erfc: `ierfcx(n, x)`, for a constant n. The slopes of `erfcx`, which is `ierfcx(0, x)`, are
    /// made of it.
    Ierfcx,
}

/// How the elements along some axes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// Their product.
    Product,
    /// The largest; several largest ones share the derivative.
    Maximum,
    /// The smallest, likewise.
    Minimum,
    /// ln Σ eˣ, without overflow; its derivative by each x is that element's share, the softmax.
    LogSumExp,
}

/// Every `step`-th place of an axis, `count` of them, from `start` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stride {
    /// The first place.
    pub start: usize,
    /// The distance to the next; negative ones go down.
    pub step: isize,
    /// How many.
    pub count: usize,
}

/// Numbers that do not depend on the inputs.
#[derive(Debug, Clone)]
pub enum Constant {
    /// One number, of shape ().
    Number(f64),
    /// An array, with the name that it had where the function was written, for printing.
    Array(Arc<ArrayD<f64>>, Option<Arc<str>>),
}

/// Larger arrays are one only if they are the same in memory.
const COMPARED_BY_CONTENT: usize = 4096;

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Constant::Number(a), Constant::Number(b)) => a.to_bits() == b.to_bits(),
            (Constant::Array(a, _), Constant::Array(b, _)) => {
                let same_bits = || a.iter().zip(b.iter()).all(|(a, b)| a.to_bits() == b.to_bits());
                Arc::ptr_eq(a, b) || (a.shape() == b.shape() && a.len() <= COMPARED_BY_CONTENT && same_bits())
            }
            _ => false,
        }
    }
}

impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Constant::Number(value) => value.to_bits().hash(state),
            Constant::Array(values, _) => {
                values.shape().hash(state);
                values.iter().take(16).for_each(|value| value.to_bits().hash(state));
            }
        }
    }
}

/// What a node does with its inputs. Every node's shape is kept beside it; elementwise operations take inputs of their own shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Op {
    /// The function's argument of this number.
    Input(usize),
    /// Numbers.
    Constant(Constant),
    /// f(x), elementwise.
    Unary(Unary),
    /// f(x, y), elementwise.
    Binary(Binary),
    /// `where(condition, x, y)`, elementwise.
    Select,
    /// The input repeated along missing axes and axes of length 1.
    Broadcast,
    /// The same numbers in another shape, in C order.
    Reshape,
    /// Axis i of the result is this axis of the input.
    Transpose(Box<[usize]>),
    /// A part: one stride an axis.
    Slice(Box<[Stride]>),
    /// Zeros with the input at these strides: what Slice is transposed.
    Place(Box<[Stride]>),
    /// The elements at these places of the flattened input.
    Gather(Arc<[usize]>),
    /// Zeros to which the elements of the input are added at these places: what Gather is transposed.
    Scatter(Arc<[usize]>),
    /// The inputs one after the other along an axis.
    Concatenate(usize),
    /// Some axes reduced; they are gone from the result.
    Reduce(Reduction, Box<[usize]>),
    /// Sums along an axis up to each element, or (reversed) from each element on.
    CumulativeSum {
        /// The axis.
        axis: usize,
        /// From the end.
        reverse: bool,
    },
    /// The matrix product of vectors and matrices, as `numpy.matmul` forms it.
    Product,
}

impl Unary {
    /// Whether nothing is rounded.
    pub(crate) fn is_exact(self) -> bool {
        matches!(self, Unary::Negative | Unary::Absolute) || self.is_step()
    }

    /// Whether the value is constant between jumps, so that the derivative is 0 wherever there is one.
    pub(crate) fn is_step(self) -> bool {
        use Unary::{Ceil, Floor, Isfinite, Isnan, LogicalNot, Rint, Sign, Trunc};
        matches!(self, Sign | Floor | Ceil | Trunc | Rint | LogicalNot | Isnan | Isfinite)
    }

    /// The name of NumPy's (or SciPy's) function.
    pub fn name(self) -> &'static str {
        Unary::ALL[self as usize].1
    }

    /// The operation of this name.
    pub fn named(name: &str) -> Option<Unary> {
        Unary::ALL.iter().find(|(_, known)| *known == name).map(|(op, _)| *op)
    }

    /// The names of all of them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Unary::ALL.iter().map(|(_, name)| *name)
    }

    pub(super) const ALL: [(Unary, &'static str); 39] = [
        (Unary::Negative, "negative"),
        (Unary::Absolute, "absolute"),
        (Unary::Sign, "sign"),
        (Unary::Sqrt, "sqrt"),
        (Unary::Cbrt, "cbrt"),
        (Unary::Exp, "exp"),
        (Unary::Expm1, "expm1"),
        (Unary::Log, "log"),
        (Unary::Log1p, "log1p"),
        (Unary::Log2, "log2"),
        (Unary::Log10, "log10"),
        (Unary::Sin, "sin"),
        (Unary::Cos, "cos"),
        (Unary::Tan, "tan"),
        (Unary::Arcsin, "arcsin"),
        (Unary::Arccos, "arccos"),
        (Unary::Arctan, "arctan"),
        (Unary::Sinh, "sinh"),
        (Unary::Cosh, "cosh"),
        (Unary::Tanh, "tanh"),
        (Unary::Sech, "sech"),
        (Unary::Arcsinh, "arcsinh"),
        (Unary::Arccosh, "arccosh"),
        (Unary::Arctanh, "arctanh"),
        (Unary::Floor, "floor"),
        (Unary::Ceil, "ceil"),
        (Unary::Trunc, "trunc"),
        (Unary::Rint, "rint"),
        (Unary::LogicalNot, "logical_not"),
        (Unary::Isnan, "isnan"),
        (Unary::Isfinite, "isfinite"),
        (Unary::Erf, "erf"),
        (Unary::Erfc, "erfc"),
        (Unary::Erfcx, "erfcx"),
        (Unary::Ndtr, "ndtr"),
        (Unary::LogNdtr, "log_ndtr"),
        (Unary::Gammaln, "gammaln"),
        (Unary::Expit, "expit"),
        (Unary::LogExpit, "log_expit"),
    ];
}

impl Binary {
    /// Whether nothing is rounded.
    pub(crate) fn is_exact(self) -> bool {
        use Binary::{Copysign, Equal, Less, LessEqual, LogicalAnd, LogicalOr, Maximum, Minimum, NotEqual};
        matches!(self, Maximum | Minimum | Copysign | Less | LessEqual | Equal | NotEqual | LogicalAnd | LogicalOr)
    }

    /// The name of NumPy's (or SciPy's) function.
    pub fn name(self) -> &'static str {
        Binary::ALL[self as usize].1
    }

    /// The operation of this name.
    pub fn named(name: &str) -> Option<Binary> {
        Binary::ALL.iter().find(|(_, known)| *known == name).map(|(op, _)| *op)
    }

    /// The names of all of them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Binary::ALL.iter().map(|(_, name)| *name)
    }

    pub(super) const ALL: [(Binary, &'static str); 23] = [
        (Binary::Add, "add"),
        (Binary::Subtract, "subtract"),
        (Binary::Multiply, "multiply"),
        (Binary::Divide, "divide"),
        (Binary::Power, "power"),
        (Binary::Maximum, "maximum"),
        (Binary::Minimum, "minimum"),
        (Binary::Arctan2, "arctan2"),
        (Binary::Hypot, "hypot"),
        (Binary::Logaddexp, "logaddexp"),
        (Binary::FloorDivide, "floor_divide"),
        (Binary::Remainder, "remainder"),
        (Binary::Copysign, "copysign"),
        (Binary::Less, "less"),
        (Binary::LessEqual, "less_equal"),
        (Binary::Equal, "equal"),
        (Binary::NotEqual, "not_equal"),
        (Binary::LogicalAnd, "logical_and"),
        (Binary::LogicalOr, "logical_or"),
        (Binary::Polygamma, "polygamma"),
        (Binary::Xlogy, "xlogy"),
        (Binary::Inversion, "inversion"),
        (Binary::Ierfcx, "ierfcx"),
    ];
}

impl Reduction {
    /// The name of NumPy's function.
    pub fn name(self) -> &'static str {
        ["sum", "prod", "max", "min", "logsumexp"][self as usize]
    }
}

impl Stride {
    /// The places of the axis, in order.
    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |i| self.start.wrapping_add_signed(self.step * i as isize))
    }

    /// Whether it takes the whole of an axis of this length, in order.
    pub fn is_whole(self, length: usize) -> bool {
        self.start == 0 && self.step == 1 && self.count == length
    }
}

#[cfg(test)]
mod tests {
    use super::{Binary, Unary};

    #[test]
    fn the_tables_of_names_stand_in_the_order_of_the_operations() {
        assert!(Unary::ALL.iter().enumerate().all(|(i, (op, name))| *op as usize == i && op.name() == *name));
        assert!(Binary::ALL.iter().enumerate().all(|(i, (op, name))| *op as usize == i && op.name() == *name));
        assert_eq!((Unary::named("sin"), Binary::named("nonsense")), (Some(Unary::Sin), None));
    }
}
