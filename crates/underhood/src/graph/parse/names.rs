//! The words of a text: functions, numbers with a name, what cannot be a variable, and what may have been meant by a word that is none of these.

use super::super::operation::{Binary, Unary};

/// Numbers with a name, unless a variable has it.
pub(super) const CONSTANTS: [(&str, f64); 6] = [
    ("pi", std::f64::consts::PI),
    ("π", std::f64::consts::PI),
    ("e", std::f64::consts::E),
    ("tau", std::f64::consts::TAU),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
];

/// Other names for functions of one number.
pub(super) const ALSO_UNARY: [(&str, Unary); 13] = [
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
pub(super) const ALSO_BINARY: [(&str, Binary); 4] =
    [("pow", Binary::Power), ("atan2", Binary::Arctan2), ("mod", Binary::Remainder), ("true_divide", Binary::Divide)];

/// Functions that are made of others, with the number of arguments that they take at least and at most.
pub(super) const COMPOSED: [(&str, usize, usize); 16] = [
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
    ("ierfcx", 2, 2),
];

/// Words of Python's that cannot be variables.
pub(super) const KEYWORDS: [&str; 10] =
    ["lambda", "def", "return", "for", "in", "is", "while", "import", "None", "yield"];

pub(super) fn unary(name: &str) -> Option<Unary> {
    ALSO_UNARY.iter().find(|(known, _)| *known == name).map(|(_, op)| *op).or_else(|| Unary::named(name))
}

pub(super) fn binary(name: &str) -> Option<Binary> {
    ALSO_BINARY.iter().find(|(known, _)| *known == name).map(|(_, op)| *op).or_else(|| Binary::named(name))
}

/// How many arguments a function takes, at least and at most; None if there is no such function.
pub(super) fn takes(name: &str) -> Option<(usize, usize)> {
    let composed = COMPOSED.iter().find(|(known, ..)| *known == name).map(|(_, least, most)| (*least, *most));
    composed.or_else(|| unary(name).map(|_| (1, 1))).or_else(|| binary(name).map(|_| (2, 2)))
}

/// The names of all functions.
pub(super) fn functions() -> impl Iterator<Item = &'static str> {
    let composed = COMPOSED.iter().map(|(name, ..)| *name);
    let also = ALSO_UNARY.iter().map(|(name, _)| *name).chain(ALSO_BINARY.iter().map(|(name, _)| *name));
    composed.chain(also).chain(Unary::names()).chain(Binary::names())
}

/// The known name that is fewest changes away, if these are few.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
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
pub(super) fn changes(from: &str, to: &str) -> usize {
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

/// Whether a word means something else in Python than a variable.
pub(super) fn is_taken(word: &str) -> bool {
    ["if", "else", "and", "or", "not", "True", "False", "None"].contains(&word) || KEYWORDS.contains(&word)
}
