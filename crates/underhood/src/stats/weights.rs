//! Weights: how they stand beside the values of an array, the weighted mean, and sums that carry their rounding along.

use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, IxDyn};

use super::along::{Lanes, NanPolicy, any_missing};
use super::moments::{exponent_of, times_power_of_two};
use crate::double_double::two_sum;
use crate::error::{Error, Result, Shape};

/// Σwx/Σw = c + Σw(x − c)/Σw; every weight is positive, and there is at least one.
pub(super) fn weighted_mean_of(x: &[f64], w: &[f64]) -> f64 {
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    if low == high {
        return low;
    }
    if low == f64::NEG_INFINITY || high == f64::INFINITY {
        return if low == f64::NEG_INFINITY && high == f64::INFINITY {
            f64::NAN
        } else if low == f64::NEG_INFINITY {
            low
        } else {
            high
        };
    }
    // Powers of two, so that neither sums nor products overflow or vanish.
    let size = exponent_of(high.abs().max(low.abs())) + 1;
    let heaviest = exponent_of(w.iter().copied().fold(0.0, f64::max)) + 1;
    if [size, heaviest].iter().all(|exponent| exponent.abs() <= 1000) {
        let (down, lighter) = (times_power_of_two(1.0, -size), times_power_of_two(1.0, -heaviest));
        return times_power_of_two(mean_of_scaled(x, w, down, lighter), size).clamp(low, high);
    }
    // Only here the factors themselves may be out of range.
    let x: Vec<f64> = x.iter().map(|&x| times_power_of_two(x, -size)).collect();
    let w: Vec<f64> = w.iter().map(|&w| times_power_of_two(w, -heaviest)).collect();
    times_power_of_two(mean_of_scaled(&x, &w, 1.0, 1.0), size).clamp(low, high)
}

/// Σwx/Σw of d·x with the weights l·w, in sums of their own for every eighth value, so that none waits for the one before.
fn mean_of_scaled(x: &[f64], w: &[f64], d: f64, l: f64) -> f64 {
    const LANES: usize = 8;
    let about = x[x.len() / 2] * d;
    let [mut sum, mut rest, mut total, mut rest_of_total] = [[0.0; LANES]; 4];
    let (xs, ws) = (x.chunks_exact(LANES), w.chunks_exact(LANES));
    let (mut last, mut total_of_last) = (Compensated::default(), Compensated::default());
    for (&x, &w) in xs.remainder().iter().zip(ws.remainder()) {
        last.add(w * l * (x * d - about));
        total_of_last.add(w * l);
    }
    for (x, w) in xs.zip(ws) {
        for i in 0..LANES {
            let weight = w[i] * l;
            let lost;
            (sum[i], lost) = two_sum(sum[i], weight * (x[i] * d - about));
            rest[i] += lost;
            let lost;
            (total[i], lost) = two_sum(total[i], weight);
            rest_of_total[i] += lost;
        }
    }
    let whole = |mut all: Compensated, lanes: &[f64; LANES], rests: &[f64; LANES]| {
        lanes.iter().chain(rests).for_each(|&lane| all.add(lane));
        all.value()
    };
    about + whole(last, &sum, &rest) / whole(total_of_last, &total, &rest_of_total)
}

/// A sum that carries its rounding along (A. Neumaier, 1974, doi:10.1002/zamm.19740540106).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Compensated {
    sum: f64,
    rest: f64,
}

impl Compensated {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.rest += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    pub(super) fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.rest } else { self.sum }
    }
}

/// A number about values and their weights.
type OfWeighted<'f> = dyn Fn(&[f64], &[f64]) -> Result<f64> + 'f;

/// `of` the values of positive weight along the axis and their weights.
pub(super) fn weighted(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    weights: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
    of: &OfWeighted<'_>,
) -> Result<ArrayD<f64>> {
    let lanes = Lanes::new(function, a.view(), axis, policy)?;
    if let Some((index, &value)) = weights.indexed_iter().find(|(_, w)| !w.is_finite()) {
        let index = index.slice().to_vec();
        return Err(Error::NotFinite { function, argument: "weights", value, index });
    }
    if let Some(&value) = weights.iter().find(|w| **w < 0.0) {
        return Err(Error::OutOfRange { function, argument: "weights", value, expected: "at least 0".into() });
    }
    let refused = || Error::Shape {
        function,
        argument: "weights",
        shape: weights.shape().to_vec(),
        expected: match axis {
            Some(axis) if a.ndim() > 1 => {
                format!("a is {}: that shape or a vector of {} is needed", Shape(a.shape()), a.len_of(Axis(axis)))
            }
            _ => format!("a is {}", Shape(a.shape())),
        },
    };
    let spread = match axis {
        _ if weights.shape() == a.shape() => weights.view(),
        // A vector of weights stands along the axis, whichever it is.
        Some(axis) if weights.ndim() == 1 && weights.len() == a.len_of(Axis(axis)) => {
            let mut shape = vec![1; a.ndim()];
            shape[axis] = weights.len();
            let standing = weights.view().into_shape_with_order(IxDyn(&shape)).map_err(|_| refused())?;
            return weighted_lanes(&lanes, &a, &standing.broadcast(a.raw_dim()).ok_or_else(refused)?, axis, policy, of);
        }
        _ => return Err(refused()),
    };
    match axis {
        Some(axis) => weighted_lanes(&lanes, &a, &spread, axis, policy, of),
        None => {
            let found = match (a.as_slice(), spread.as_slice()) {
                (Some(x), Some(w)) => weighted_one(&lanes, x, w, policy, of)?,
                _ => {
                    let (x, w): (Vec<f64>, Vec<f64>) = a.iter().zip(&spread).unzip();
                    weighted_one(&lanes, &x, &w, policy, of)?
                }
            };
            Ok(ArrayD::from_elem(IxDyn(&[]), found))
        }
    }
}

fn weighted_lanes(
    lanes: &Lanes<'_>,
    a: &ArrayViewD<'_, f64>,
    weights: &ArrayViewD<'_, f64>,
    axis: usize,
    policy: NanPolicy,
    of: &OfWeighted<'_>,
) -> Result<ArrayD<f64>> {
    let pairs = a.lanes(Axis(axis)).into_iter().zip(weights.lanes(Axis(axis)));
    let found: Vec<f64> =
        pairs.map(|(x, w)| weighted_one(lanes, &x.to_vec(), &w.to_vec(), policy, of)).collect::<Result<_>>()?;
    Ok(ArrayD::from_shape_vec(IxDyn(&lanes.shape()), found)
        .unwrap_or_else(|_| unreachable!("there is one number for each lane")))
}

fn weighted_one(lanes: &Lanes<'_>, x: &[f64], w: &[f64], policy: NanPolicy, of: &OfWeighted<'_>) -> Result<f64> {
    let missing = any_missing(x);
    match policy {
        NanPolicy::Raise if missing => return Err(lanes.missing()),
        NanPolicy::Propagate if missing => return Ok(f64::NAN),
        _ => {}
    }
    if w.iter().all(|w| *w == 0.0) {
        let problem = "are all 0, so there is nothing to divide by".into();
        return Err(Error::Invalid { function: lanes.function(), argument: "weights", problem });
    }
    if missing || w.contains(&0.0) {
        let (x, w): (Vec<f64>, Vec<f64>) = x.iter().zip(w).filter(|(x, w)| !x.is_nan() && **w > 0.0).unzip();
        return if x.is_empty() { Ok(f64::NAN) } else { of(&x, &w) };
    }
    of(x, w)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::stats::weighted_mean;

    #[test]
    fn weights_that_make_no_sense_are_refused() {
        let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn();
        let refusal = |w: ArrayD<f64>, axis| {
            weighted_mean(a.view(), w.view(), axis, NanPolicy::Propagate).unwrap_err().to_string()
        };
        assert_eq!(
            refusal(array![1.0, 2.0].into_dyn(), Some(1)),
            "mean: weights is a vector of 2, but a is 2×3: that shape or a vector of 3 is needed"
        );
        assert_eq!(
            refusal(array![0.0, 0.0].into_dyn(), Some(0)),
            "mean: weights are all 0, so there is nothing to divide by"
        );
        assert_eq!(refusal(array![1.0, -1.0].into_dyn(), Some(0)), "mean: weights is -1, but must be at least 0");
        let along = weighted_mean(a.view(), array![1.0, 3.0].into_dyn().view(), Some(0), NanPolicy::Propagate).unwrap();
        assert_eq!(along, array![3.25, 4.25, 5.25].into_dyn());
    }

    #[test]
    fn long_and_extreme_weighted_means() {
        // Σi²/Σi = (2n − 1)/3 over i = 0, …, n − 1.
        for n in [2_usize, 9, 17, 1001] {
            let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
            for scale in [1.0, 2.0_f64.powi(-1060), 2.0_f64.powi(1010)] {
                let scaled: Vec<f64> = x.iter().map(|x| x * scale).collect();
                let expected = (2 * n - 1) as f64 / 3.0 * scale;
                for (values, weights) in [(&scaled, &x), (&scaled, &scaled)] {
                    let found = weighted_mean_of(&values[1..], &weights[1..]);
                    assert!(
                        (found - expected).abs() <= 1e-14 * expected.max(1e-305),
                        "{n} {scale}: {found} {expected}"
                    );
                }
            }
        }
    }
}
