//! How good predictions of classes are: the table of what was taken for what.

use ndarray::Array2;

use crate::error::{Error, Result};

/// A table for more classes than this takes more than 800 MB.
const MOST_CLASSES: usize = 10_000;

/// Counts rows by true class (row) and predicted class (column).
///
/// ```
/// use ndarray::array;
/// use underhood::models::confusion_matrix;
///
/// assert_eq!(confusion_matrix(&[0, 0, 1], &[0, 1, 1], 2)?, array![[1, 1], [0, 1]]);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// The lengths differ, a class is not below `classes`, or there are more than 10,000 classes (a table of 800 MB).
pub fn confusion_matrix(y_true: &[usize], y_pred: &[usize], classes: usize) -> Result<Array2<usize>> {
    const FUNCTION: &str = "confusion_matrix";
    crate::check::same_length(FUNCTION, ("y_pred", y_pred.len()), ("y_true", &[y_true.len()]))?;
    if classes > MOST_CLASSES {
        let problem =
            format!("has {classes} classes, but a table of more than {MOST_CLASSES} squared would not fit memory");
        return Err(Error::Invalid { function: FUNCTION, argument: "y_true", problem });
    }
    let mut counts = Array2::zeros((classes, classes));
    for (&t, &p) in y_true.iter().zip(y_pred) {
        match counts.get_mut((t, p)) {
            Some(count) => *count += 1,
            None => {
                let (argument, found) = if t < classes { ("y_pred", p) } else { ("y_true", t) };
                let problem = format!("holds class number {found}, but there are {classes} classes");
                return Err(Error::Invalid { function: FUNCTION, argument, problem });
            }
        }
    }
    Ok(counts)
}

/// The share of rows whose predicted class is the true one.
///
/// ```
/// assert_eq!(underhood::models::accuracy_score(&[0, 0, 1, 1], &[0, 1, 1, 1])?, 0.75);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// The lengths differ, or there are no rows.
pub fn accuracy_score(y_true: &[usize], y_pred: &[usize]) -> Result<f64> {
    const FUNCTION: &str = "accuracy_score";
    crate::check::at_least(FUNCTION, "y_true", "rows", y_true.len(), 1)?;
    crate::check::same_length(FUNCTION, ("y_pred", y_pred.len()), ("y_true", &[y_true.len()]))?;
    let right = y_true.iter().zip(y_pred).filter(|(t, p)| t == p).count();
    Ok(right as f64 / y_true.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named() {
        let message = |t: &[usize], p: &[usize], classes| confusion_matrix(t, p, classes).unwrap_err().to_string();
        assert_eq!(
            message(&[0, 1], &[0, 2], 2),
            "confusion_matrix: y_pred holds class number 2, but there are 2 classes"
        );
        assert_eq!(
            message(&[0, 3], &[0, 1], 2),
            "confusion_matrix: y_true holds class number 3, but there are 2 classes"
        );
        assert!(message(&[0], &[0], usize::MAX).contains("would not fit memory"));
        assert!(message(&[0], &[0, 1], 2).contains("y_pred is a vector of 2"));
        assert!(accuracy_score(&[], &[]).is_err() && accuracy_score(&[1], &[]).is_err());
    }
}
