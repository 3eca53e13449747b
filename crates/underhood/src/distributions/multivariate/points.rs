//! Arrays of points: the last axis holds a point's coordinates, the others say how many points there are.

use ndarray::{Array1, ArrayD, ArrayView, Dimension, IxDyn};

use crate::error::{Error, Result};

/// Gives each point of `x` a number: `f(points, out)` takes the coordinates of some points, one after the other, and writes as many numbers.
pub(super) fn map<D: Dimension>(
    function: &'static str,
    argument: &'static str,
    x: ArrayView<'_, f64, D>,
    dimension: usize,
    f: impl FnOnce(&[f64], &mut [f64]),
) -> Result<ArrayD<f64>> {
    let x = x.into_dyn();
    let Some((&last, shape)) = x.shape().split_last().filter(|(last, _)| **last == dimension) else {
        let expected = format!("points of {dimension} coordinates are needed: a last axis of {dimension}");
        return Err(Error::Shape { function, argument, shape: x.shape().to_vec(), expected });
    };
    let count: usize = shape.iter().product();
    let mut out = Array1::zeros(count);
    let x = x.as_standard_layout();
    if let (Some(coordinates), Some(out)) = (x.as_slice(), out.as_slice_mut()) {
        f(&coordinates[..count * last], out);
    }
    out.into_shape_with_order(IxDyn(shape)).map_err(|_| Error::Shape {
        function,
        argument,
        shape: shape.to_vec(),
        expected: "its size is beyond what an array can have".into(),
    })
}
