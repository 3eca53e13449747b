//! Ranks as SciPy's `rankdata` gives them: 1 for the smallest value, and five ways with values that are tied.

use ndarray::{Array1, ArrayD, ArrayView1, ArrayViewD, Axis};

use super::order::{in_order, ties};
use crate::check;
use crate::error::{Error, Result};
use crate::stats::contiguous;

/// What tied values share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RankMethod {
    /// The mean of their places.
    #[default]
    Average,
    /// The first of their places.
    Min,
    /// The last of their places.
    Max,
    /// One place for all of them: the next value has the next rank.
    Dense,
    /// Nothing: each has its own place, in the order in which they stand.
    Ordinal,
}

impl RankMethod {
    /// SciPy's names.
    pub const NAMES: [&str; 5] = ["average", "min", "max", "dense", "ordinal"];

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`RankMethod::NAMES`].
    pub fn named(name: &str) -> Result<RankMethod> {
        match name {
            "average" => Ok(RankMethod::Average),
            "min" => Ok(RankMethod::Min),
            "max" => Ok(RankMethod::Max),
            "dense" => Ok(RankMethod::Dense),
            "ordinal" => Ok(RankMethod::Ordinal),
            _ => Err(Error::UnknownName {
                function: "rankdata",
                argument: "method",
                value: name.into(),
                allowed: &RankMethod::NAMES,
            }),
        }
    }
}

/// The ranks of a vector's values, tied values sharing the mean of their places. NaN has none: its rank is NaN, and the others'
/// are those among themselves.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::rankdata;
///
/// assert_eq!(rankdata(array![30.0, 10.0, 20.0, 20.0].view()), array![4.0, 1.0, 2.5, 2.5]);
/// ```
pub fn rankdata(a: ArrayView1<'_, f64>) -> Array1<f64> {
    Array1::from_vec(contiguous(a, |a| ranked(a, RankMethod::Average)))
}

/// The same along an axis, or of all values in the order in which they stand, with a choice of what ties share.
///
/// # Errors
/// [`Error::OutOfRange`] if there is no such axis.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{RankMethod, rankdata_along};
///
/// let a = array![[30.0, 1.0], [10.0, 2.0], [30.0, 3.0]].into_dyn();
/// let ranks = rankdata_along(a.view(), Some(0), RankMethod::Min)?;
/// assert_eq!(ranks, array![[2.0, 1.0], [1.0, 2.0], [2.0, 3.0]].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn rankdata_along(a: ArrayViewD<'_, f64>, axis: Option<usize>, method: RankMethod) -> Result<ArrayD<f64>> {
    let Some(axis) = axis else {
        let values: Vec<f64> = a.iter().copied().collect();
        return Ok(Array1::from_vec(ranked(&values, method)).into_dyn());
    };
    let expected = || format!("less than the number of axes of a, which is {}", a.ndim());
    if axis >= a.ndim() {
        return Err(Error::OutOfRange {
            function: "rankdata",
            argument: "axis",
            value: axis as f64,
            expected: expected(),
        });
    }
    check::room("rankdata", "ranks", a.shape())?;
    let mut ranks = ArrayD::zeros(a.raw_dim());
    for (values, mut places) in a.lanes(Axis(axis)).into_iter().zip(ranks.lanes_mut(Axis(axis))) {
        let found = contiguous(values, |values| ranked(values, method));
        places.iter_mut().zip(found).for_each(|(place, rank)| *place = rank);
    }
    Ok(ranks)
}

fn ranked(x: &[f64], method: RankMethod) -> Vec<f64> {
    if x.iter().any(|v| v.is_nan()) {
        let known: Vec<f64> = x.iter().copied().filter(|v| !v.is_nan()).collect();
        let mut ranks = ranked(&known, method).into_iter();
        return x.iter().map(|v| if v.is_nan() { f64::NAN } else { ranks.next().unwrap_or(f64::NAN) }).collect();
    }
    let order = in_order(x);
    let mut ranks = vec![0.0; x.len()];
    for (run, (start, end)) in ties(x, &order).enumerate() {
        let rank = match method {
            RankMethod::Average => (start + end + 1) as f64 / 2.0,
            RankMethod::Min | RankMethod::Ordinal => (start + 1) as f64,
            RankMethod::Max => end as f64,
            RankMethod::Dense => (run + 1) as f64,
        };
        for (place, &i) in order[start..end].iter().enumerate() {
            ranks[i as usize] = if method == RankMethod::Ordinal { rank + place as f64 } else { rank };
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn ties_share_what_the_method_says() {
        let a = array![2.0, -0.0, 2.0, f64::INFINITY, 0.0, 2.0, f64::NEG_INFINITY];
        assert_eq!(rankdata(a.view()), array![5.0, 2.5, 5.0, 7.0, 2.5, 5.0, 1.0]);
        let along = |method| rankdata_along(a.view().into_dyn(), None, method).unwrap().into_raw_vec_and_offset().0;
        assert_eq!(along(RankMethod::Min), [4.0, 2.0, 4.0, 7.0, 2.0, 4.0, 1.0]);
        assert_eq!(along(RankMethod::Max), [6.0, 3.0, 6.0, 7.0, 3.0, 6.0, 1.0]);
        assert_eq!(along(RankMethod::Dense), [3.0, 2.0, 3.0, 4.0, 2.0, 3.0, 1.0]);
        assert_eq!(along(RankMethod::Ordinal), [4.0, 2.0, 5.0, 7.0, 3.0, 6.0, 1.0]);
        assert_eq!(rankdata(array![].view()).len(), 0);
        let gap = rankdata(array![3.0, f64::NAN, 1.0].view());
        assert_eq!((gap[0], gap[2]), (2.0, 1.0));
        assert!(gap[1].is_nan());
        assert!(rankdata_along(a.view().into_dyn(), Some(1), RankMethod::Dense).is_err());
    }
}
