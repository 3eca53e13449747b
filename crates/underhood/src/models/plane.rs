//! What a linear classifier is: planes z = w·x + b, one for two classes, one a class for more, and how they decide.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::history::{History, StopReason};
use super::rows::{BLOCK, Rows, net_inputs, same_features};
use crate::check;
use crate::error::{Error, Result};

/// One trained plane: z = w·x + b, positive on the side of its class.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Plane {
    /// The weights w, one a feature.
    pub weights: Vec<f64>,
    /// The bias b.
    pub bias: f64,
    /// How many epochs were trained.
    pub epochs: usize,
    /// Why training stopped.
    pub stop: StopReason,
    /// The learning rate that was used.
    pub learning_rate: f64,
    /// The numbers of every epoch, if they were kept.
    pub history: Option<History>,
}

/// +1 for the rows of the class that a plane stands for, −1 for the others. Of two classes the second is the positive one.
pub(super) fn signs(codes: &[usize], class: usize) -> Vec<f64> {
    codes.iter().map(|&code| if code == class { 1.0 } else { -1.0 }).collect()
}

/// The same, each times the row's weight, if rows have weights.
pub(super) fn weighted_signs(codes: &[usize], class: usize, weights: Option<&[f64]>) -> Vec<f64> {
    let mut signs = signs(codes, class);
    if let Some(weights) = weights {
        signs.iter_mut().zip(weights).for_each(|(sign, weight)| *sign *= weight);
    }
    signs
}

/// The classes that get a plane: the second of two, or each of more (one against the rest).
pub(super) fn positive_classes(classes: usize) -> std::ops::Range<usize> {
    if classes == 2 { 1..2 } else { 0..classes }
}

/// Refuses planes that training cannot go on from: not one for two classes or one a class for more, of other columns than the rows, or with
/// a number that is not finite.
pub(super) fn check_planes(
    function: &'static str,
    classes: usize,
    rows: &Rows<'_>,
    weights: ArrayView2<'_, f64>,
    bias: ArrayView1<'_, f64>,
) -> Result<()> {
    same_features(function, rows.columns, weights.ncols())?;
    let needed = positive_classes(classes).len();
    if weights.nrows() != needed {
        let expected = format!("{classes} classes need {needed} planes");
        return Err(Error::Shape { function, argument: "coef", shape: weights.shape().to_vec(), expected });
    }
    check::same_length(function, ("bias", bias.len()), ("coef", weights.shape()))?;
    check::finite_matrix(function, "coef", weights)?;
    check::finite_vector(function, "bias", bias)
}

/// zᵢₖ = wₖ·xᵢ + bₖ: rows × planes.
///
/// ```
/// use ndarray::array;
/// use underhood::models::decision_function;
///
/// let z = decision_function(array![[1.0, 2.0]].view(), array![[3.0, -1.0]].view(), array![0.5].view())?;
/// assert_eq!(z, array![[1.5]]);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// `x`, `weights` or `bias` holds a NaN or an infinity; `x` is empty, or has other columns than the model was trained on; there is no
/// plane, or not one bias for each; z leaves the range of doubles.
pub fn decision_function(
    x: ArrayView2<'_, f64>,
    weights: ArrayView2<'_, f64>,
    bias: ArrayView1<'_, f64>,
) -> Result<Array2<f64>> {
    let mut z = Array2::zeros((x.nrows(), weights.nrows()));
    each_block("decision_function", x, weights, bias, |first, plane, block| {
        block.iter().enumerate().for_each(|(r, &value)| z[(first + r, plane)] = value);
    })?;
    Ok(z)
}

/// The class of each row: with one plane 1 where z > 0 and 0 elsewhere, with several the plane with the largest z (the first of them in a tie).
///
/// # Errors
/// As [`decision_function`].
pub fn predict(
    x: ArrayView2<'_, f64>,
    weights: ArrayView2<'_, f64>,
    bias: ArrayView1<'_, f64>,
) -> Result<Array1<usize>> {
    let mut codes = Array1::zeros(x.nrows());
    let mut best = [0.0; BLOCK];
    let single = weights.nrows() == 1;
    each_block("predict", x, weights, bias, |first, plane, block| {
        for (r, &value) in block.iter().enumerate() {
            if single {
                codes[first + r] = usize::from(value > 0.0);
            } else if plane == 0 || value > best[r] {
                best[r] = value;
                codes[first + r] = plane;
            }
        }
    })?;
    Ok(codes)
}

/// Gives `take` the z of one block of rows for one plane after the other; a row whose z leaves the range of doubles is refused.
fn each_block(
    function: &'static str,
    x: ArrayView2<'_, f64>,
    weights: ArrayView2<'_, f64>,
    bias: ArrayView1<'_, f64>,
    mut take: impl FnMut(usize, usize, &[f64]),
) -> Result<()> {
    let rows = Rows::unchecked(function, x)?;
    same_features(function, rows.columns, weights.ncols())?;
    check::at_least(function, "weights", "planes", weights.nrows(), 1)?;
    check::same_length(function, ("bias", bias.len()), ("weights", weights.shape()))?;
    check::finite_matrix(function, "weights", weights)?;
    check::finite_vector(function, "bias", bias)?;
    let weights: Vec<Vec<f64>> = weights.outer_iter().map(|plane| plane.to_vec()).collect();
    let mut z = [0.0; BLOCK];
    for (b, block) in rows.blocks().enumerate() {
        let z = &mut z[..block.len() / rows.columns];
        for (plane, (weights, &bias)) in weights.iter().zip(bias).enumerate() {
            net_inputs(block, weights, bias, z);
            // A number that is not finite makes every sum that it enters so: no need to look at all of X.
            if let Some(odd) = z.iter().position(|z| !z.is_finite()) {
                check::finite_matrix(function, "X", x)?;
                let row = b * BLOCK + odd;
                let problem = format!("holds values so large that w·x + b of row {row} leaves the range of doubles");
                return Err(Error::Invalid { function, argument: "X", problem });
            }
            take(b * BLOCK, plane, z);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn two_classes_take_the_sign_and_more_the_largest() {
        let x = array![[1.0], [0.0], [-1.0]];
        assert_eq!(predict(x.view(), array![[1.0]].view(), array![0.0].view()).unwrap(), array![1, 0, 0]);
        let weights = array![[1.0], [-1.0], [0.0]];
        let bias = array![0.0, 0.0, 0.5];
        assert_eq!(predict(x.view(), weights.view(), bias.view()).unwrap(), array![0, 2, 1]);
        let error = predict(x.view(), array![[1.0, 2.0]].view(), array![0.0].view()).unwrap_err();
        assert_eq!(error.to_string(), "predict: X has 1 columns, but the model was trained on 2");
        // A missing bias, or a NaN in a weight, must not come out as a class.
        assert!(predict(x.view(), weights.view(), array![0.0, 0.0].view()).is_err());
        assert!(predict(x.view(), array![[f64::NAN]].view(), array![0.0].view()).is_err());
        assert!(predict(x.view(), Array2::zeros((0, 1)).view(), array![].view()).is_err());
        assert!(decision_function(x.view(), array![[1.0]].view(), array![].view()).is_err());
    }
}
