//! How good predictions of classes are: the table of what was taken for what.

use ndarray::Array2;

use crate::error::{Error, Result};

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
/// The lengths differ, or a class is not below `classes`.
pub fn confusion_matrix(y_true: &[usize], y_pred: &[usize], classes: usize) -> Result<Array2<usize>> {
    const FUNCTION: &str = "confusion_matrix";
    crate::check::same_length(FUNCTION, ("y_pred", y_pred.len()), ("y_true", &[y_true.len()]))?;
    let mut counts = Array2::zeros((classes, classes));
    for (&t, &p) in y_true.iter().zip(y_pred) {
        match counts.get_mut((t, p)) {
            Some(count) => *count += 1,
            None => {
                let problem = format!("holds class number {}, but there are {classes} classes", t.max(p));
                return Err(Error::Invalid { function: FUNCTION, argument: "y_true", problem });
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
