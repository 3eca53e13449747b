//! Lanes: the vectors of an array along one of its axes, or all of its values as one; and what becomes of missing values in them.
//!
//! Lanes that lie side by side in memory are read where they are. Others are gathered a few at a time, so that the cache lines that
//! neighbours share are read once.

use ndarray::{ArrayD, ArrayView1, ArrayViewD, Axis, Dimension, IxDyn};

use super::moments::{BLOCK, Moments, Running, reference_value};
use super::rows::{WIDTH, moments_in_step};
use crate::check;
use crate::error::{Error, Result};
use crate::simd::wide_kernel;

/// Neighbouring lanes that are gathered together: two cache lines of them.
const TOGETHER: usize = 16;
/// Rows that are gathered before going on to the next lane, so that their cache lines are still there.
const ROWS: usize = 64;
/// How many numbers are gathered at most, if it is more than one lane.
const GATHERED: usize = 1 << 22;

/// What to do about missing values (NaN) in a lane. The names are SciPy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NanPolicy {
    /// The lane's result is NaN.
    #[default]
    Propagate,
    /// They are left out; a lane without any value has NaN.
    Omit,
    /// They are refused.
    Raise,
}

impl NanPolicy {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["propagate", "omit", "raise"];

    /// The policy of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`NanPolicy::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<NanPolicy> {
        match name {
            "propagate" => Ok(NanPolicy::Propagate),
            "omit" => Ok(NanPolicy::Omit),
            "raise" => Ok(NanPolicy::Raise),
            _ => Err(Error::UnknownName {
                function,
                argument: "nan_policy",
                value: name.into(),
                allowed: &NanPolicy::NAMES,
            }),
        }
    }
}

/// Writes the answers of a lane.
type AnswersOf<'f> = dyn FnMut(&[f64], &mut [f64]) -> Result<()> + 'f;

/// The lanes of an array, each with at least one value.
pub(super) struct Lanes<'a> {
    function: &'static str,
    a: ArrayViewD<'a, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
}

impl<'a> Lanes<'a> {
    /// Refuses an axis that is not there, and lanes without values.
    pub(super) fn new(
        function: &'static str,
        a: ArrayViewD<'a, f64>,
        axis: Option<usize>,
        policy: NanPolicy,
    ) -> Result<Lanes<'a>> {
        match axis {
            None => check::at_least(function, "a", "values", a.len(), 1)?,
            Some(axis) if axis < a.ndim() => {
                check::at_least(function, "a", "values along the axis", a.len_of(Axis(axis)), 1)?;
            }
            Some(axis) => {
                return Err(Error::OutOfRange {
                    function,
                    argument: "axis",
                    value: axis as f64,
                    expected: format!("less than the number of axes of a, which is {}", a.ndim()),
                });
            }
        }
        Ok(Lanes { function, a, axis, policy })
    }

    /// The shape of an array with one number for each lane.
    pub(super) fn shape(&self) -> Vec<usize> {
        let mut shape = if self.axis.is_some() { self.a.shape().to_vec() } else { Vec::new() };
        if let Some(axis) = self.axis {
            shape.remove(axis);
        }
        shape
    }

    /// The refusal of the first missing value.
    pub(super) fn missing(&self) -> Error {
        let place = self.a.indexed_iter().find(|(_, v)| v.is_nan()).map(|(index, _)| index.slice().to_vec());
        Error::NotFinite { function: self.function, argument: "a", value: f64::NAN, index: place.unwrap_or_default() }
    }

    /// Who asks.
    pub(super) fn function(&self) -> &'static str {
        self.function
    }

    /// Whether the lanes lie side by side in memory.
    fn side_by_side(&self, axis: Axis) -> bool {
        self.a.len_of(axis) < 2 || self.a.stride_of(axis) == 1
    }

    /// Hands over every lane with its number.
    fn visit(&self, of: &mut dyn FnMut(usize, &[f64]) -> Result<()>) -> Result<()> {
        let Some(axis) = self.axis.map(Axis) else {
            return match self.a.as_slice_memory_order() {
                // The order of the values is of no importance to what is computed here.
                Some(values) => of(0, values),
                None => of(0, &self.a.iter().copied().collect::<Vec<f64>>()),
            };
        };
        let lanes = self.a.lanes(axis).into_iter();
        if self.side_by_side(axis) {
            return lanes.enumerate().try_for_each(|(i, lane)| match lane.to_slice() {
                Some(values) => of(i, values),
                None => of(i, &lane.to_vec()),
            });
        }
        let n = self.a.len_of(axis);
        let mut gathered = vec![0.0; n * TOGETHER.min(GATHERED / n).max(1)];
        let together = gathered.len() / n;
        in_groups(lanes, together, &mut |first, group| {
            for start in (0..n).step_by(ROWS) {
                let rows = start..(start + ROWS).min(n);
                for (lane, to) in group.iter().zip(gathered.chunks_exact_mut(n)) {
                    copy(lane, rows.clone(), &mut to[rows.clone()]);
                }
            }
            let filled = gathered.chunks_exact(n).take(group.len()).enumerate();
            filled.into_iter().try_for_each(|(i, values)| of(first + i, values))
        })
    }

    /// The moments of every lane, missing values left out, with its number.
    fn visit_moments(&self, of: &mut dyn FnMut(usize, Moments) -> Result<()>) -> Result<()> {
        if let Some((axis, values)) = self.axis.zip(self.a.as_slice()) {
            let (n, stride) = (self.a.len_of(Axis(axis)), self.a.shape()[axis + 1..].iter().product::<usize>());
            if stride >= WIDTH {
                return rows_in_step(values, n, stride, of);
            }
        }
        let axis = match self.axis.map(Axis) {
            Some(axis) if !self.side_by_side(axis) && self.a.len_of(axis) > BLOCK => axis,
            _ => return self.visit(&mut |i, values| of(i, Moments::of_slice(values))),
        };
        // Long lanes in step, block by block: a gathered block is still in the cache when its moments are taken.
        let n = self.a.len_of(axis);
        let mut block = [0.0; BLOCK];
        in_groups(self.a.lanes(axis).into_iter(), TOGETHER, &mut |first, group| {
            let mut running: Vec<Running> =
                group.iter().map(|lane| Running::about(reference_value(n, |i| lane[i]))).collect();
            for start in (0..n).step_by(BLOCK) {
                let rows = start..(start + BLOCK).min(n);
                for (lane, running) in group.iter().zip(&mut running) {
                    copy(lane, rows.clone(), &mut block[..rows.len()]);
                    running.add(&block[..rows.len()]);
                }
            }
            let finished = running.into_iter().zip(group).enumerate();
            finished
                .into_iter()
                .try_for_each(|(i, (running, lane))| of(first + i, running.moments().reconsidered(|| lane.to_vec())))
        })
    }

    /// So many answers about every lane, which become the first axis of the result. `of` gets the lane's values, at least one and none
    /// of them missing.
    pub(super) fn answers(&self, answers: usize, of: &mut AnswersOf<'_>) -> Result<ArrayD<f64>> {
        let shape = [&[answers], self.shape().as_slice()].concat();
        check::room(self.function, "result", &shape)?;
        let lanes: usize = shape[1..].iter().product();
        let mut found = vec![f64::NAN; answers * lanes];
        let mut out = vec![f64::NAN; answers];
        let mut present = Vec::new();
        self.visit(&mut |lane, values| {
            let mut values = values;
            if any_missing(values) {
                match self.policy {
                    NanPolicy::Raise => return Err(self.missing()),
                    NanPolicy::Propagate => return Ok(()),
                    NanPolicy::Omit => {
                        present.clear();
                        present.extend(values.iter().copied().filter(|v| !v.is_nan()));
                        values = &present;
                    }
                }
            }
            if !values.is_empty() {
                of(values, &mut out)?;
                (0..answers).for_each(|answer| found[answer * lanes + lane] = out[answer]);
            }
            Ok(())
        })?;
        Ok(shaped(&shape, found))
    }

    /// One number for every lane. See [`Lanes::answers`].
    pub(super) fn numbers(&self, of: &mut dyn FnMut(&[f64]) -> Result<f64>) -> Result<ArrayD<f64>> {
        let found = self.answers(1, &mut |values, out| {
            out[0] = of(values)?;
            Ok(())
        })?;
        Ok(found.index_axis_move(Axis(0), 0))
    }

    /// So many answers about the moments of every lane, which become the first axis of the result.
    pub(super) fn of_moments(&self, answers: usize, of: &dyn Fn(&Moments, &mut [f64])) -> Result<ArrayD<f64>> {
        let shape = [&[answers], self.shape().as_slice()].concat();
        let lanes: usize = shape[1..].iter().product();
        let mut found = vec![f64::NAN; answers * lanes];
        let mut out = vec![f64::NAN; answers];
        self.visit_moments(&mut |lane, moments| {
            if self.accepts(&moments)? {
                of(&moments, &mut out);
                (0..answers).for_each(|answer| found[answer * lanes + lane] = out[answer]);
            }
            Ok(())
        })?;
        Ok(shaped(&shape, found))
    }

    /// One number from the moments of every lane.
    pub(super) fn of_moments_one(&self, of: &dyn Fn(&Moments) -> f64) -> Result<ArrayD<f64>> {
        Ok(self.of_moments(1, &|moments, out| out[0] = of(moments))?.index_axis_move(Axis(0), 0))
    }

    /// The moments of every lane, in order; none where the lane's results are NaN.
    pub(super) fn all_moments(&self) -> Result<Vec<Option<Moments>>> {
        let mut all = Vec::new();
        self.visit_moments(&mut |_, moments| {
            all.push(self.accepts(&moments)?.then_some(moments));
            Ok(())
        })?;
        Ok(all)
    }

    /// Whether a lane with these moments has a result.
    fn accepts(&self, moments: &Moments) -> Result<bool> {
        match self.policy {
            _ if moments.missing() == 0 => Ok(true),
            NanPolicy::Propagate => Ok(false),
            NanPolicy::Omit => Ok(moments.count() > 0),
            NanPolicy::Raise => Err(self.missing()),
        }
    }
}

/// The moments of the columns of matrices one after the other in memory, each of n rows, with the columns' numbers.
fn rows_in_step(
    values: &[f64],
    n: usize,
    stride: usize,
    of: &mut dyn FnMut(usize, Moments) -> Result<()>,
) -> Result<()> {
    for (outer, matrix) in values.chunks_exact(n * stride).enumerate() {
        for start in (0..stride).step_by(WIDTH) {
            // The last columns are taken together with some that were taken already.
            let first = start.min(stride - WIDTH);
            let found = moments_in_step(&matrix[first..], n, stride).enumerate().skip(start - first);
            found.into_iter().try_for_each(|(j, moments)| of(outer * stride + first + j, moments))?;
        }
    }
    Ok(())
}

/// What is done with neighbouring lanes, whose first has this number.
type OfGroup<'a, 'f> = dyn FnMut(usize, &[ArrayView1<'a, f64>]) -> Result<()> + 'f;

/// Lanes in groups of neighbours, each with the number of its first.
fn in_groups<'a>(
    mut lanes: impl Iterator<Item = ArrayView1<'a, f64>>,
    together: usize,
    of: &mut OfGroup<'a, '_>,
) -> Result<()> {
    let mut group: Vec<ArrayView1<'a, f64>> = Vec::with_capacity(together);
    let mut first = 0;
    loop {
        group.clear();
        group.extend(lanes.by_ref().take(together));
        if group.is_empty() {
            return Ok(());
        }
        of(first, &group)?;
        first += group.len();
    }
}

fn copy(lane: &ArrayView1<'_, f64>, rows: std::ops::Range<usize>, to: &mut [f64]) {
    to.iter_mut().zip(lane.slice(ndarray::s![rows])).for_each(|(to, from)| *to = *from);
}

fn shaped(shape: &[usize], found: Vec<f64>) -> ArrayD<f64> {
    ArrayD::from_shape_vec(IxDyn(shape), found)
        .unwrap_or_else(|_| unreachable!("as many numbers were made as the shape has places"))
}

wide_kernel! {
    /// Whether a value is NaN.
    pub(super) fn any_missing(x: &[f64]) -> bool = any_missing_body
}

/// No early exit within a stretch: a vector of comparisons costs less than a branch for each value.
#[inline(always)]
fn any_missing_body<const FMA: bool>(x: &[f64]) -> bool {
    const STRETCH: usize = 512;
    x.chunks(STRETCH).any(|stretch| stretch.iter().fold(false, |found, v| found | v.is_nan()))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;

    #[test]
    fn lanes_are_those_of_the_array_in_any_layout() {
        for shape in [vec![7], vec![3, 5], vec![70, 33], vec![2, 2000, 3], vec![4, 3, 5, 2]] {
            let size: usize = shape.iter().product();
            let plain =
                Array::from_iter((0..size).map(|i| (i * 7919 % 1013) as f64)).into_shape_with_order(shape).unwrap();
            let mut other = Array::zeros(plain.shape().iter().rev().copied().collect::<Vec<_>>()).reversed_axes();
            other.assign(&plain);
            for axis in 0..plain.ndim() {
                let expected: Vec<f64> = plain.lanes(Axis(axis)).into_iter().map(|lane| lane.sum()).collect();
                for a in [plain.view(), other.view()] {
                    let lanes = Lanes::new("f", a, Some(axis), NanPolicy::Raise).unwrap();
                    let sums = lanes.numbers(&mut |x| Ok(x.iter().sum())).unwrap();
                    assert_eq!(sums.shape(), lanes.shape());
                    assert_eq!(sums.iter().copied().collect::<Vec<_>>(), expected);
                    let means = lanes.of_moments_one(&Moments::mean).unwrap();
                    let n = plain.len_of(Axis(axis)) as f64;
                    assert!(means.iter().zip(&expected).all(|(mean, sum)| (mean - sum / n).abs() < 1e-10));
                }
            }
        }
    }

    #[test]
    fn missing_values_go_by_the_policy() {
        let a = array![[1.0, 2.0], [f64::NAN, 4.0], [f64::NAN, f64::NAN]].into_dyn();
        let sums = |policy| {
            Lanes::new("f", a.view(), Some(1), policy)
                .unwrap()
                .numbers(&mut |x| Ok(x.iter().sum()))
                .map(|sums| sums.into_raw_vec_and_offset().0)
        };
        let propagated = sums(NanPolicy::Propagate).unwrap();
        assert!(propagated[0] == 3.0 && propagated[1].is_nan() && propagated[2].is_nan());
        let omitted = sums(NanPolicy::Omit).unwrap();
        assert!(omitted[..2] == [3.0, 4.0] && omitted[2].is_nan());
        let refusal = sums(NanPolicy::Raise).unwrap_err().to_string();
        assert!(refusal.starts_with("f: a holds NaN (a missing value) at row 1, column 0"), "{refusal}");
    }
}
