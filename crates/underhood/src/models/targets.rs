//! From labels to numbers: which classes there are, and which of them each row belongs to.

use ndarray::ArrayView1;

use super::rows::Rows;
use crate::error::{Error, Result};

/// The classes found in a vector of numeric labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// The distinct labels in ascending order.
    pub classes: Vec<f64>,
    /// Where each class first occurs.
    pub first: Vec<usize>,
    /// For each label the place of its class in `classes`.
    pub codes: Vec<usize>,
}

/// How many classes are looked through one by one before sorting pays.
const FEW: usize = 16;

/// Finds the classes in a vector of whole-number labels.
///
/// ```
/// use ndarray::array;
/// use underhood::models::encode_labels;
///
/// let labels = encode_labels("fit", array![1.0, -1.0, -1.0, 1.0].view())?;
/// assert_eq!(labels.classes, [-1.0, 1.0]);
/// assert_eq!(labels.codes, [1, 0, 0, 1]);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// A label is NaN, infinite or a fraction: such a vector is a quantity to be predicted by regression.
pub fn encode_labels(function: &'static str, y: ArrayView1<'_, f64>) -> Result<Labels> {
    if let Some(labels) = y.as_slice().and_then(two_classes) {
        return Ok(labels);
    }
    let mut found: Vec<f64> = Vec::new();
    let mut first = Vec::new();
    let mut codes = Vec::with_capacity(y.len());
    for (i, &label) in y.iter().enumerate() {
        // Without a branch on the class, which no processor could guess. Zero and minus zero are one class.
        let (mut code, mut known) = (0, false);
        for (k, &class) in found.iter().enumerate() {
            code |= if class == label { k } else { 0 };
            known |= class == label;
        }
        if !known {
            whole(function, label, i)?;
            if found.len() == FEW {
                return sort_labels(function, y);
            }
            code = found.len();
            found.push(label);
            first.push(i);
        }
        codes.push(code);
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[a].total_cmp(&found[b]));
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &k)| rank[k] = place);
    codes.iter_mut().for_each(|code| *code = rank[*code]);
    let (classes, first) = order.iter().map(|&k| (found[k], first[k])).unzip();
    Ok(Labels { classes, first, codes })
}

/// The same for two classes, by comparisons alone; nothing if there are more or fewer, or labels that are not whole numbers.
fn two_classes(y: &[f64]) -> Option<Labels> {
    let &a = y.first()?;
    let at = y.iter().position(|&label| label != a)?;
    let b = y[at];
    let (low, high, first) = if a < b { (a, b, vec![0, at]) } else { (b, a, vec![at, 0]) };
    let plain = |label: f64| label.is_finite() && label.fract() == 0.0;
    let only = y.iter().fold(true, |only, &label| only & ((label == a) | (label == b)));
    (only && plain(a) && plain(b)).then(|| Labels {
        classes: vec![low, high],
        first,
        codes: y.iter().map(|&label| usize::from(label == high)).collect(),
    })
}

/// The same for many classes.
fn sort_labels(function: &'static str, y: ArrayView1<'_, f64>) -> Result<Labels> {
    for (i, &label) in y.iter().enumerate() {
        whole(function, label, i)?;
    }
    let mut order: Vec<usize> = (0..y.len()).collect();
    // A stable sort: the first of equal labels stays the first. Adding 0 makes one zero of two.
    order.sort_by(|&a, &b| (y[a] + 0.0).total_cmp(&(y[b] + 0.0)));
    let mut labels = Labels { classes: Vec::new(), first: Vec::new(), codes: vec![0; y.len()] };
    for i in order {
        if labels.classes.last() != Some(&y[i]) {
            labels.classes.push(y[i]);
            labels.first.push(i);
        }
        labels.codes[i] = labels.classes.len() - 1;
    }
    Ok(labels)
}

fn whole(function: &'static str, label: f64, i: usize) -> Result<()> {
    if !label.is_finite() {
        return Err(Error::NotFinite { function, argument: "y", value: label, index: vec![i] });
    }
    if label.fract() == 0.0 {
        return Ok(());
    }
    Err(Error::Invalid {
        function,
        argument: "y",
        problem: format!(
            "holds {label} at index {i}: Unknown label type: continuous. A classifier learns classes; for quantities use a regression"
        ),
    })
}

/// Refuses codes that do not fit the rows, that name a class beyond the last, or that leave a class empty; fewer than two
/// classes are refused too.
pub(super) fn check_codes(function: &'static str, codes: &[usize], classes: usize, rows: &Rows<'_>) -> Result<()> {
    crate::check::same_length(function, ("y", codes.len()), ("X", &[rows.count, rows.columns]))?;
    if classes > codes.len() {
        let problem = format!("has {} rows, too few for {classes} classes", codes.len());
        return Err(Error::Invalid { function, argument: "y", problem });
    }
    let counts = check_class_numbers(function, codes, classes, rows)?;
    match counts.iter().position(|&count| count == 0) {
        None => Ok(()),
        Some(empty) => {
            Err(Error::Invalid { function, argument: "y", problem: format!("has no row of class number {empty}") })
        }
    }
}

/// The same for rows that need not be of every class; counts those of each.
pub(super) fn check_class_numbers(
    function: &'static str,
    codes: &[usize],
    classes: usize,
    rows: &Rows<'_>,
) -> Result<Vec<usize>> {
    crate::check::same_length(function, ("y", codes.len()), ("X", &[rows.count, rows.columns]))?;
    if let Some(i) = codes.iter().position(|&code| code >= classes) {
        let problem = format!("holds class number {} at index {i}, but there are {classes} classes", codes[i]);
        return Err(Error::Invalid { function, argument: "y", problem });
    }
    // Of few classes each is counted by comparisons: no count has to wait for the one before it.
    let counts = if classes <= FEW {
        (0..classes).map(|class| codes.iter().map(|&code| usize::from(code == class)).sum()).collect()
    } else {
        let mut counts = vec![0_usize; classes];
        codes.iter().for_each(|&code| counts[code] += 1);
        counts
    };
    if classes < 2 {
        let problem = "has only one class, but a classifier needs at least two".into();
        return Err(Error::Invalid { function, argument: "y", problem });
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fractions_and_missing_labels_are_refused_with_their_place() {
        let error = encode_labels("fit", array![1.0, 0.5].view()).unwrap_err().to_string();
        assert!(error.starts_with("fit: y holds 0.5 at index 1: Unknown label type: continuous"), "{error}");
        let error = encode_labels("fit", array![1.0, f64::NAN].view()).unwrap_err().to_string();
        assert!(error.starts_with("fit: y holds NaN (a missing value) at index 1"), "{error}");
        assert_eq!(encode_labels("fit", array![0.0, -0.0].view()).unwrap().classes.len(), 1);
    }

    proptest! {
        #[test]
        fn classes_are_sorted_and_codes_give_the_labels_back(labels in prop::collection::vec(-20_i32..20, 0..200)) {
            let y: Array1<f64> = labels.iter().map(|&label| f64::from(label)).collect();
            let found = encode_labels("fit", y.view()).unwrap();
            prop_assert!(found.classes.windows(2).all(|pair| pair[0] < pair[1]));
            for (i, &code) in found.codes.iter().enumerate() {
                prop_assert_eq!(found.classes[code], y[i]);
            }
            for (class, &first) in found.classes.iter().zip(&found.first) {
                prop_assert_eq!(y.iter().position(|label| label == class), Some(first));
            }
        }
    }
}
