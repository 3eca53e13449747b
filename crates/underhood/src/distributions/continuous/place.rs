//! A tail at a point within the open support, or the limit of P(X ≤ x) at a point that is not: what the four probabilities are read from.

use crate::special::tail::{Side, Tail};

/// The probability of one side.
pub(super) fn probability(at: Result<Tail, f64>, side: Side) -> f64 {
    match (at, side) {
        (Ok(tail), _) => tail.probability(side),
        (Err(cdf), Side::Lower) => cdf,
        (Err(cdf), Side::Upper) => 1.0 - cdf,
    }
}

/// Its logarithm.
pub(super) fn log_probability(at: Result<Tail, f64>, side: Side) -> f64 {
    match at {
        Ok(tail) => tail.log_probability(side),
        Err(_) => probability(at, side).ln(),
    }
}
