//! Means, variances and quantiles of a whole array or along one of its axes, as NumPy's functions of those names.

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};

use super::contiguous;
use super::moments::Moments;
use super::quantile::{QuantileMethod, check_probabilities, quantiles_of};
use crate::check;
use crate::error::{Error, Result};

/// Arithmetic means Σx/n: of all values, or along an axis, which then disappears from the shape.
///
/// A NaN makes its mean NaN.
///
/// # Errors
/// [`Error::TooFew`] if there is nothing to take the mean of, [`Error::OutOfRange`] if there is no such axis.
///
/// ```
/// use ndarray::{array, aview0};
/// use underhood::stats::mean;
///
/// let a = array![[1.0, 2.0], [3.0, 6.0]].into_dyn();
/// assert_eq!(mean(a.view(), None)?, aview0(&3.0).into_dyn());
/// assert_eq!(mean(a.view(), Some(0))?, array![2.0, 4.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn mean(a: ArrayViewD<'_, f64>, axis: Option<usize>) -> Result<ArrayD<f64>> {
    let of = |moments: &Moments| moments.mean();
    moments_along("mean", a, axis, of)
}

/// Variances Σ(x − x̄)²/(n − ddof); `ddof = 1` is that of a sample. NaN where n ≤ ddof.
///
/// # Errors
/// As [`mean`].
pub fn var(a: ArrayViewD<'_, f64>, axis: Option<usize>, ddof: usize) -> Result<ArrayD<f64>> {
    moments_along("var", a, axis, |moments| moments.variance(ddof))
}

/// Standard deviations: the roots of [`var`].
///
/// # Errors
/// As [`mean`].
pub fn std(a: ArrayViewD<'_, f64>, axis: Option<usize>, ddof: usize) -> Result<ArrayD<f64>> {
    moments_along("std", a, axis, |moments| moments.std(ddof))
}

/// Medians: the middle value, or the mean of the two in the middle.
///
/// # Errors
/// As [`mean`].
pub fn median(a: ArrayViewD<'_, f64>, axis: Option<usize>) -> Result<ArrayD<f64>> {
    let mut scratch = Vec::new();
    let found = along("median", a, axis, 1, |x, out| {
        out[0] = quantiles_of(x, &[0.5], QuantileMethod::Linear, &mut scratch)[0];
    })?;
    Ok(found.index_axis_move(Axis(0), 0))
}

/// [`quantile`](super::quantile()) of all values or along an axis: the first axis of the result runs over `q`.
///
/// # Errors
/// As [`quantile`](super::quantile()), and [`Error::OutOfRange`] if there is no such axis.
pub fn quantile_along(
    a: ArrayViewD<'_, f64>,
    q: &[f64],
    axis: Option<usize>,
    method: QuantileMethod,
) -> Result<ArrayD<f64>> {
    check_probabilities(q)?;
    let mut scratch = Vec::new();
    along("quantile", a, axis, q.len(), |x, out| {
        for (out, value) in out.iter_mut().zip(quantiles_of(x, q, method, &mut scratch)) {
            *out = value;
        }
    })
}

fn moments_along(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    of: impl Fn(&Moments) -> f64,
) -> Result<ArrayD<f64>> {
    let found = along(function, a, axis, 1, |x, out| {
        let moments = Moments::of_slice(x);
        out[0] = if moments.missing() > 0 { f64::NAN } else { of(&moments) };
    })?;
    Ok(found.index_axis_move(Axis(0), 0))
}

/// Applies `of` to every column along the axis; it gives `answers` numbers, which become the first axis of the result.
fn along(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    answers: usize,
    mut of: impl FnMut(&[f64], &mut [f64]),
) -> Result<ArrayD<f64>> {
    let Some(axis) = axis else {
        check::at_least(function, "a", "values", a.len(), 1)?;
        let mut out = ArrayD::zeros(IxDyn(&[answers]));
        let gathered: Vec<f64>;
        let values = match a.as_slice_memory_order() {
            // The order of the values is of no importance here.
            Some(values) => values,
            None => {
                gathered = a.iter().copied().collect();
                &gathered
            }
        };
        if let Some(out) = out.as_slice_mut() {
            of(values, out);
        }
        return Ok(out);
    };
    let axes = a.ndim();
    if axis >= axes {
        return Err(Error::OutOfRange {
            function,
            argument: "axis",
            value: axis as f64,
            expected: format!("less than the number of axes of a, which is {axes}"),
        });
    }
    check::at_least(function, "a", "values along the axis", a.len_of(Axis(axis)), 1)?;
    let mut shape = a.shape().to_vec();
    shape.remove(axis);
    let columns: usize = shape.iter().product();
    let mut found = vec![0.0; columns * answers];
    for (lane, out) in a.lanes(Axis(axis)).into_iter().zip(found.chunks_exact_mut(answers.max(1))) {
        contiguous(lane, |x| of(x, out));
    }
    shape.push(answers);
    let found = ArrayD::from_shape_vec(IxDyn(&shape), found)
        .unwrap_or_else(|_| unreachable!("as many numbers were made as the shape has places"));
    let mut order: Vec<usize> = vec![axes - 1];
    order.extend(0..axes - 1);
    Ok(found.permuted_axes(IxDyn(&order)).as_standard_layout().into_owned())
}
