//! The one error of the house: every variant carries the function, the argument and the offending values,
//! so that its message can teach (`solve: b is a vector of 4, but a is 3×3`).
//!
//! Bindings match on the variant (a singular matrix is Python's `LinAlgError`); people read the message.

use std::fmt;

/// What a function of this crate returns when it may refuse its input.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a computation was refused, with the function, the argument's name and what was found in it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array has the wrong shape, for itself or beside another argument.
    #[error("{function}: {argument} is {}, but {expected}", Shape(shape))]
    Shape {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// The shape that it has.
        shape: Vec<usize>,
        /// What it is compared with or needed for: `a is 3×3`, `a matrix is needed`.
        expected: String,
    },

    /// There are not enough values, rows, groups, …
    #[error("{function}: {argument} has {}, but at least {needed} are needed", Counted(*found, what))]
    TooFew {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// What is counted, in the plural: `values`, `rows`, `groups`.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many it takes.
        needed: usize,
    },

    /// A number lies outside the values that it may take.
    #[error("{function}: {argument} is {}, but must be {expected}", Number(*value))]
    OutOfRange {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// The number that was given.
        value: f64,
        /// The values that are allowed: `between 0 and 1`, `positive`.
        expected: String,
    },

    /// A NaN or an infinity stands where only finite numbers make sense.
    #[error("{function}: {argument} holds {} at {}; remove or fill such values first", Value(*value), Position(index))]
    NotFinite {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// NaN or an infinity.
        value: f64,
        /// Where the first of them stands, counted from 0.
        index: Vec<usize>,
    },

    /// All values are the same where a spread is needed.
    #[error("{function}: {argument} is constant (every value is {}), so {consequence}", Number(*value))]
    Constant {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// The one value.
        value: f64,
        /// What cannot be computed because of it.
        consequence: &'static str,
    },

    /// A matrix has no inverse.
    #[error("{function}: {argument} is singular: pivot {pivot} is zero, so its columns are not independent")]
    Singular {
        /// The function that was called.
        function: &'static str,
        /// The matrix that is refused.
        argument: &'static str,
        /// The first zero pivot, counted from 0.
        pivot: usize,
    },

    /// A matrix has no basis of eigenvectors.
    #[error(
        "{function}: {argument} is defective: its eigenvalue {} counts {multiplicity} times, but has only {}",
        Pair(*eigenvalue), Counted(*eigenvectors, "independent eigenvectors")
    )]
    Defective {
        /// The function that was called.
        function: &'static str,
        /// The matrix that is refused.
        argument: &'static str,
        /// The eigenvalue that lacks eigenvectors: its real and its imaginary part.
        eigenvalue: (f64, f64),
        /// How many times the characteristic polynomial has it for a root.
        multiplicity: usize,
        /// How many independent eigenvectors it has.
        eigenvectors: usize,
    },

    /// A symmetric matrix is not positive definite.
    #[error(
        "{function}: {argument} is not positive definite: pivot {pivot} is {value:e}, where a positive number is needed"
    )]
    NotPositiveDefinite {
        /// The function that was called.
        function: &'static str,
        /// The matrix that is refused.
        argument: &'static str,
        /// The first pivot that is not positive, counted from 0.
        pivot: usize,
        /// That pivot's value.
        value: f64,
    },

    /// A matrix that must be symmetric is not.
    #[error(
        "{function}: {argument} is not symmetric: element ({row}, {column}) is {}, but ({column}, {row}) is {}",
        Number(*upper), Number(*lower)
    )]
    NotSymmetric {
        /// The function that was called.
        function: &'static str,
        /// The matrix that is refused.
        argument: &'static str,
        /// Row of the first difference, counted from 0.
        row: usize,
        /// Column of the first difference, counted from 0.
        column: usize,
        /// The element at (row, column).
        upper: f64,
        /// The element at (column, row).
        lower: f64,
    },

    /// Columns depend on each other where independent ones are needed.
    #[error("{function}: {argument} has {columns} columns but rank {rank}: {consequence}")]
    RankDeficient {
        /// The function that was called.
        function: &'static str,
        /// The matrix that is refused.
        argument: &'static str,
        /// The numerical rank.
        rank: usize,
        /// The number of columns.
        columns: usize,
        /// What cannot be computed because of it, or what to do.
        consequence: String,
    },

    /// A name is not among those that are known.
    #[error("{function}: {argument} is {value:?}, but must be one of {}", Names(allowed))]
    UnknownName {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// The name that was given.
        value: String,
        /// The names that are known.
        allowed: &'static [&'static str],
    },

    /// Arguments that are each fine contradict one another or the data.
    #[error("{function}: {argument} {problem}")]
    Invalid {
        /// The function that was called.
        function: &'static str,
        /// The argument that is refused.
        argument: &'static str,
        /// What is wrong, with the values: `has one class (1), but a classifier needs two`.
        problem: String,
    },

    /// A matrix of a stack was refused.
    #[error("{refusal} (in the matrix at {} of the stack)", Position(index))]
    InStack {
        /// Where the matrix stands: an index for each axis in front of the matrices' two.
        index: Vec<usize>,
        /// Why it was refused.
        refusal: Box<Error>,
    },

    /// An iteration used up its steps.
    #[error("{function}: no convergence after {iterations} iterations ({detail})")]
    NotConverged {
        /// The function that was called.
        function: &'static str,
        /// How many iterations were made.
        iterations: usize,
        /// How far it came.
        detail: String,
    },

    /// What was asked for is larger than the memory.
    #[error("{function}: {what} would hold {numbers} numbers, more than there is memory for")]
    OutOfMemory {
        /// The function that was called.
        function: &'static str,
        /// What would be so large: `the product (1000000×1000000)`.
        what: String,
        /// How many numbers it would hold.
        numbers: usize,
    },

    /// The caller asked to stop (Ctrl-C in a notebook).
    #[error("{function}: interrupted")]
    Interrupted {
        /// The function that was stopped.
        function: &'static str,
    },
}

impl Error {
    /// The refusal of one matrix, with its place in the stack that it was taken from; no index, no stack.
    pub(crate) fn in_stack(self, mut index: Vec<usize>) -> Self {
        if index.is_empty() {
            return self;
        }
        match self {
            Error::NotFinite { function, argument, value, index: within } => {
                index.extend(within);
                Error::NotFinite { function, argument, value, index }
            }
            refusal => Error::InStack { index, refusal: Box::new(refusal) },
        }
    }
}

/// `3×3`, `a vector of 4`, `a single number`.
pub(crate) struct Shape<'a>(pub(crate) &'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("a single number"),
            [n] => write!(f, "a vector of {n}"),
            [first, rest @ ..] => {
                write!(f, "{first}")?;
                rest.iter().try_for_each(|n| write!(f, "×{n}"))
            }
        }
    }
}

/// `1 value`, `3 values`, `1 class`.
struct Counted<'a>(usize, &'a str);

impl fmt::Display for Counted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counted(count, plural) = *self;
        let one = match plural {
            "classes" => "class",
            "categories" => "category",
            _ => plural.strip_suffix('s').unwrap_or(plural),
        };
        write!(f, "{count} {}", if count == 1 { one } else { plural })
    }
}

/// A number as people write it: `0.25`, but `1e-100` rather than a hundred zeros.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value == 0.0 || !value.is_finite() || (1e-5..1e16).contains(&value.abs()) {
            write!(f, "{value}")
        } else {
            write!(f, "{value:e}")
        }
    }
}

/// A complex number to six digits: `2`, `1+0.5j`.
struct Pair((f64, f64));

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let six = |v: f64| format!("{v:.5e}").parse::<f64>().unwrap_or(v) + 0.0;
        match self.0 {
            (re, 0.0) => write!(f, "{}", Number(six(re))),
            (re, im) => {
                let sign = if im < 0.0 { '-' } else { '+' };
                write!(f, "{}{sign}{}j", Number(six(re)), Number(six(im.abs())))
            }
        }
    }
}

struct Value(f64);

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_nan() {
            "NaN (a missing value)"
        } else if self.0 > 0.0 {
            "infinity"
        } else {
            "minus infinity"
        })
    }
}

struct Position<'a>(&'a [usize]);

impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("its only place"),
            [i] => write!(f, "index {i}"),
            [row, column] => write!(f, "row {row}, column {column}"),
            index => write!(f, "index {index:?}"),
        }
    }
}

struct Names<'a>(&'a [&'a str]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            let separator = match i {
                0 => "",
                _ if i + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{separator}{name:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_function_the_argument_and_the_values() {
        let shape = |shape: &[usize]| Error::Shape {
            function: "solve",
            argument: "b",
            shape: shape.to_vec(),
            expected: "a is 3×3".into(),
        };
        assert_eq!(shape(&[4]).to_string(), "solve: b is a vector of 4, but a is 3×3");
        assert_eq!(shape(&[]).to_string(), "solve: b is a single number, but a is 3×3");
        assert_eq!(shape(&[4, 2]).to_string(), "solve: b is 4×2, but a is 3×3");

        let finite =
            |value, index: &[usize]| Error::NotFinite { function: "fit", argument: "X", value, index: index.to_vec() };
        assert_eq!(
            finite(f64::NAN, &[3, 1]).to_string(),
            "fit: X holds NaN (a missing value) at row 3, column 1; remove or fill such values first"
        );
        assert_eq!(
            finite(f64::NEG_INFINITY, &[3]).to_string(),
            "fit: X holds minus infinity at index 3; remove or fill such values first"
        );

        let few = |found, what| Error::TooFew { function: "f", argument: "x", what, found, needed: 2 }.to_string();
        assert_eq!(few(1, "values"), "f: x has 1 value, but at least 2 are needed");
        assert_eq!(few(1, "classes"), "f: x has 1 class, but at least 2 are needed");
        assert_eq!(few(0, "rows"), "f: x has 0 rows, but at least 2 are needed");

        let lopsided = |upper, lower| {
            let (function, argument) = ("eigh", "a");
            Error::NotSymmetric { function, argument, row: 0, column: 1, upper, lower }.to_string()
        };
        assert_eq!(
            lopsided(1e-100, -2.5e300),
            "eigh: a is not symmetric: element (0, 1) is 1e-100, but (1, 0) is -2.5e300"
        );
        assert_eq!(lopsided(0.00001, -0.0), "eigh: a is not symmetric: element (0, 1) is 0.00001, but (1, 0) is -0");
        assert_eq!(
            [1e16, 9.999e15, f64::NAN, f64::INFINITY].map(|value| Number(value).to_string()),
            ["1e16", "9999000000000000", "NaN", "inf"]
        );
        assert_eq!(
            [(1e-9, -0.5), (2.0, 1e-20), (3.0, 0.0)].map(|z| Pair(z).to_string()),
            ["1e-9-0.5j", "2+1e-20j", "3"]
        );

        let name = Error::UnknownName {
            function: "quantile",
            argument: "method",
            value: "middle".into(),
            allowed: &["linear", "lower", "higher"],
        };
        assert_eq!(
            name.to_string(),
            "quantile: method is \"middle\", but must be one of \"linear\", \"lower\" or \"higher\""
        );
    }
}
