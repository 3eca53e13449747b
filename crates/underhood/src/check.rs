//! The questions every function asks of its input before it computes: is it finite, square, long enough?
//! Each takes the caller's name and the argument's name, because the answer is an error that a person reads.

use ndarray::{ArrayView1, ArrayView2};

use crate::error::{Error, Result, Shape};

/// Refuses NaN and infinities in a vector, naming the first one's place.
pub fn finite_vector(function: &'static str, argument: &'static str, x: ArrayView1<'_, f64>) -> Result<()> {
    match x.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(i) => Err(Error::NotFinite { function, argument, value: x[i], index: vec![i] }),
    }
}

/// Refuses NaN and infinities in a matrix, naming the first one's row and column.
pub fn finite_matrix(function: &'static str, argument: &'static str, x: ArrayView2<'_, f64>) -> Result<()> {
    match x.indexed_iter().find(|(_, v)| !v.is_finite()) {
        None => Ok(()),
        Some(((row, column), &value)) => Err(Error::NotFinite { function, argument, value, index: vec![row, column] }),
    }
}

/// Refuses a matrix with other than as many rows as columns; gives that number.
pub fn square(function: &'static str, argument: &'static str, a: ArrayView2<'_, f64>) -> Result<usize> {
    if a.nrows() == a.ncols() {
        return Ok(a.nrows());
    }
    Err(Error::Shape { function, argument, shape: a.shape().to_vec(), expected: "a square matrix is needed".into() })
}

/// Refuses fewer than `needed` of `what` (`values`, `rows`, `groups`).
pub fn at_least(
    function: &'static str,
    argument: &'static str,
    what: &'static str,
    found: usize,
    needed: usize,
) -> Result<()> {
    if found >= needed {
        return Ok(());
    }
    Err(Error::TooFew { function, argument, what, found, needed })
}

/// Refuses two vectors, or a matrix and a vector, whose first axes differ.
pub fn same_length(
    function: &'static str,
    (argument, length): (&'static str, usize),
    (other, shape): (&'static str, &[usize]),
) -> Result<()> {
    if shape.first() == Some(&length) {
        return Ok(());
    }
    Err(Error::Shape { function, argument, shape: vec![length], expected: format!("{other} is {}", Shape(shape)) })
}

/// Refuses a number outside a condition; NaN never satisfies one.
pub fn in_range(
    function: &'static str,
    argument: &'static str,
    value: f64,
    holds: bool,
    expected: &'static str,
) -> Result<()> {
    if holds && !value.is_nan() {
        return Ok(());
    }
    Err(Error::OutOfRange { function, argument, value, expected: expected.into() })
}

/// Refuses a result that is larger than the memory, where Rust would end the process: vectors become products of their lengths
/// quickly (a million columns have 10¹² covariances). `shape` is that of `what`.
pub fn room(function: &'static str, what: &str, shape: &[usize]) -> Result<()> {
    const SMALL: usize = 1 << 20;
    let numbers = shape.iter().fold(1_usize, |product, &length| product.saturating_mul(length));
    if numbers < SMALL || Vec::<f64>::new().try_reserve_exact(numbers).is_ok() {
        return Ok(());
    }
    Err(Error::OutOfMemory { function, what: format!("the {what} ({})", Shape(shape)), numbers })
}

/// Refuses results that left the range of doubles although what they came from did not; `columns` of them are a row's.
pub fn within_range(function: &'static str, what: &str, results: &[f64], columns: usize) -> Result<()> {
    let Some(at) = results.iter().position(|value| !value.is_finite()) else {
        return Ok(());
    };
    let problem = format!("holds values so large that the {what} of row {} leaves the range of doubles", at / columns);
    Err(Error::Invalid { function, argument: "X", problem })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_first_bad_value_is_named_with_its_place() {
        let x = array![[1.0, 2.0], [f64::INFINITY, f64::NAN]];
        let error = finite_matrix("f", "x", x.view()).unwrap_err();
        assert_eq!(error.to_string(), "f: x holds infinity at row 1, column 0; remove or fill such values first");
        assert!(finite_vector("f", "x", x.row(0)).is_ok());
        assert!(finite_vector("f", "x", x.row(1)).is_err());
    }

    #[test]
    fn lengths_and_shapes_are_compared() {
        assert_eq!(square("det", "a", array![[1.0]].view()), Ok(1));
        let error = square("det", "a", array![[1.0, 2.0]].view()).unwrap_err();
        assert_eq!(error.to_string(), "det: a is 1×2, but a square matrix is needed");
        assert!(same_length("fit", ("y", 3), ("X", &[3, 2])).is_ok());
        let error = same_length("fit", ("y", 4), ("X", &[3, 2])).unwrap_err();
        assert_eq!(error.to_string(), "fit: y is a vector of 4, but X is 3×2");
        assert!(in_range("f", "q", f64::NAN, true, "between 0 and 1").is_err());
        assert!(room("matmul", "product", &[1000, 2000]).is_ok());
        let error = room("matmul", "product", &[usize::MAX / 1024, 2]).unwrap_err();
        assert!(error.to_string().starts_with("matmul: the product (18014398509481983×2) would hold"), "{error}");
    }
}
