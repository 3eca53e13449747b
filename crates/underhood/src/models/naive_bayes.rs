//! Gaussian naive Bayes: in each class every feature is normal, and independent of the others.
//!
//! > ln P(k | x) = ln πₖ − ½ Σⱼ ln(2πσ²ₖⱼ) − ½ Σⱼ (xⱼ − μₖⱼ)²/σ²ₖⱼ + constant
//!
//! Means and variances come from two passes over the rows, and merge with those of rows seen before by the update
//! of Chan, Golub and LeVeque (1979, Stanford STAN-CS-79-773): learning in parts gives what learning at once gives.

use std::f64::consts::TAU;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::rows::{Rows, same_features};
use crate::check;
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

const FIT: &str = "GaussianNB.fit";

/// Weight, mean and variance of each class's rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMoments {
    /// Sum of the weights of each class's rows.
    pub counts: Vec<f64>,
    /// μ, classes × features; zero for a class without rows.
    pub means: Array2<f64>,
    /// σ² with divisor n, classes × features.
    pub variances: Array2<f64>,
}

impl ClassMoments {
    /// No rows yet.
    pub fn empty(classes: usize, features: usize) -> Self {
        ClassMoments {
            counts: vec![0.0; classes],
            means: Array2::zeros((classes, features)),
            variances: Array2::zeros((classes, features)),
        }
    }

    /// The moments of these rows; `codes` are class numbers, `weights` say how much each row counts.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::models::ClassMoments;
    ///
    /// let found = ClassMoments::of(array![[1.0], [3.0], [7.0]].view(), &[0, 0, 1], 2, None)?;
    /// assert_eq!(found.means, array![[2.0], [7.0]]);
    /// assert_eq!(found.variances, array![[1.0], [0.0]]);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` is empty, holds a NaN or an infinity, or numbers whose squares overflow; `codes` or `weights` do not fit.
    pub fn of(x: ArrayView2<'_, f64>, codes: &[usize], classes: usize, weights: Option<&[f64]>) -> Result<Self> {
        let rows = Rows::new(FIT, x)?;
        check::same_length(FIT, ("y", codes.len()), ("X", &[rows.count, rows.columns]))?;
        if let Some(far) = codes.iter().find(|&&code| code >= classes) {
            let problem = format!("holds class number {far}, but there are {classes} classes");
            return Err(Error::Invalid { function: FIT, argument: "y", problem });
        }
        if let Some(weights) = weights {
            check::same_length(FIT, ("sample_weight", weights.len()), ("X", &[rows.count, rows.columns]))?;
            check::finite_vector(FIT, "sample_weight", ArrayView1::from(weights))?;
        }
        let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
        let p = rows.columns;
        let mut counts = vec![0.0; classes];
        for (i, &code) in codes.iter().enumerate() {
            let one = weight(i);
            check::in_range(FIT, "sample_weight", one, one >= 0.0, "zero or positive")?;
            counts[code] += one;
        }
        // First the means, of shares so that large numbers do not overflow; then deviations from them, and what the means are off by.
        let shares: Vec<f64> = counts.iter().map(|&count| if count > 0.0 { 1.0 / count } else { 0.0 }).collect();
        let (mut means, mut errors, mut squares) =
            (vec![0.0; classes * p], vec![0.0; classes * p], vec![0.0; classes * p]);
        for (i, &code) in codes.iter().enumerate() {
            add_row(rows.row(i), weight(i) * shares[code], &mut means[code * p..][..p]);
        }
        for (i, &code) in codes.iter().enumerate() {
            let own = code * p..code * p + p;
            let share = weight(i) * shares[code];
            add_deviations(rows.row(i), share, &means[own.clone()], &mut errors[own.clone()], &mut squares[own]);
        }
        let mut moments = ClassMoments { counts, ..ClassMoments::empty(classes, p) };
        for code in 0..classes {
            for j in 0..p {
                let (error, square) = (errors[code * p + j], squares[code * p + j]);
                if !square.is_finite() {
                    let problem = format!(
                        "holds values so large that their squares overflow (column {j}); divide it by its scale first"
                    );
                    return Err(Error::Invalid { function: FIT, argument: "X", problem });
                }
                let mean = means[code * p + j] + error;
                moments.means[(code, j)] = mean;
                moments.variances[(code, j)] = beyond_rounding((square - error * error).max(0.0), mean);
            }
        }
        Ok(moments)
    }

    /// The moments of these rows and others together.
    ///
    /// # Errors
    /// Classes or features differ.
    pub fn merge(&self, other: &ClassMoments) -> Result<Self> {
        if self.means.dim() != other.means.dim() || self.counts.len() != other.counts.len() {
            let expected =
                format!("the rows before had {} classes and {} features", self.means.nrows(), self.means.ncols());
            let shape = other.means.shape().to_vec();
            return Err(Error::Shape { function: "GaussianNB.partial_fit", argument: "X", shape, expected });
        }
        let mut merged = self.clone();
        for k in 0..self.counts.len() {
            let total = self.counts[k] + other.counts[k];
            if total == 0.0 {
                continue;
            }
            let (own, others) = (self.counts[k] / total, other.counts[k] / total);
            merged.counts[k] = total;
            for j in 0..self.means.ncols() {
                let between = other.means[(k, j)] - self.means[(k, j)];
                merged.means[(k, j)] = self.means[(k, j)] + others * between;
                merged.variances[(k, j)] =
                    own * self.variances[(k, j)] + others * other.variances[(k, j)] + own * others * between * between;
            }
        }
        Ok(merged)
    }

    /// The largest variance that a feature has over the rows of all classes together.
    pub fn largest_variance(&self) -> f64 {
        let total: f64 = self.counts.iter().sum();
        let of_feature = |j: usize| {
            let mean: f64 = self.counts.iter().zip(self.means.column(j)).map(|(n, m)| n / total * m).sum();
            let parts = self.counts.iter().zip(self.means.column(j)).zip(self.variances.column(j));
            beyond_rounding(parts.map(|((n, m), v)| n / total * (v + (m - mean) * (m - mean))).sum::<f64>(), mean)
        };
        (0..self.means.ncols()).map(of_feature).fold(0.0, f64::max)
    }
}

/// A variance; zero where it is no more than the rounding of the mean makes of equal numbers.
fn beyond_rounding(variance: f64, mean: f64) -> f64 {
    let noise = 10.0 * f64::EPSILON * mean.abs();
    if variance <= noise * noise { 0.0 } else { variance }
}

wide_kernel! {
    /// sum += share·x.
    fn add_row(x: &[f64], share: f64, sum: &mut [f64]) = add_row_body
}

#[inline(always)]
fn add_row_body<const FMA: bool>(x: &[f64], share: f64, sum: &mut [f64]) {
    for (sum, x) in sum.iter_mut().zip(x) {
        *sum = mul_add::<FMA>(share, *x, *sum);
    }
}

wide_kernel! {
    /// errors += share·(x − mean), squares += share·(x − mean)².
    fn add_deviations(x: &[f64], share: f64, means: &[f64], errors: &mut [f64], squares: &mut [f64]) = add_deviations_body
}

#[inline(always)]
fn add_deviations_body<const FMA: bool>(x: &[f64], share: f64, means: &[f64], errors: &mut [f64], squares: &mut [f64]) {
    for (((x, mean), error), square) in x.iter().zip(means).zip(errors).zip(squares) {
        let d = x - mean;
        *error = mul_add::<FMA>(share, d, *error);
        *square = mul_add::<FMA>(share * d, d, *square);
    }
}

/// What is needed to judge a row.
#[derive(Debug, Clone, Copy)]
pub struct NaiveBayes<'a> {
    /// μ, classes × features.
    pub means: ArrayView2<'a, f64>,
    /// σ², classes × features, all positive.
    pub variances: ArrayView2<'a, f64>,
    /// π, one a class.
    pub priors: &'a [f64],
}

impl NaiveBayes<'_> {
    /// ln πₖ + ln of the density of each row in each class: rows × classes; minus infinity for a class of prior 0.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::models::NaiveBayes;
    ///
    /// let (means, variances) = (array![[0.0], [2.0]], array![[1.0], [1.0]]);
    /// let model = NaiveBayes { means: means.view(), variances: variances.view(), priors: &[0.5, 0.5] };
    /// let found = model.log_joint(array![[1.0]].view())?;
    /// assert_eq!(found[(0, 0)], found[(0, 1)]);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// Shapes do not fit, a variance is not positive, or `x` is empty, holds a NaN or an infinity, or lies so far from every class
    /// that squared distances overflow.
    pub fn log_joint(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        const FUNCTION: &str = "GaussianNB.predict";
        let rows = Rows::new(FUNCTION, x)?;
        let (classes, p) = self.means.dim();
        same_features(FUNCTION, rows.columns, p)?;
        if self.variances.dim() != (classes, p) {
            let (shape, expected) = (self.variances.shape().to_vec(), format!("theta_ is {classes}×{p}"));
            return Err(Error::Shape { function: FUNCTION, argument: "var_", shape, expected });
        }
        check::same_length(FUNCTION, ("class_prior_", self.priors.len()), ("theta_", &[classes, p]))?;
        let mut planes = Vec::with_capacity(classes);
        for k in 0..classes {
            let mut constant = self.priors[k].ln();
            for &variance in self.variances.row(k) {
                let fits = variance > 0.0 && variance.is_finite();
                check::in_range(FUNCTION, "var_", variance, fits, "positive and finite")?;
                // One by one: the logarithm of a product over many features would overflow.
                constant -= 0.5 * (TAU * variance).ln();
            }
            let reciprocals: Vec<f64> = self.variances.row(k).iter().map(|v| 1.0 / v.sqrt()).collect();
            planes.push((self.means.row(k).to_vec(), reciprocals, constant));
        }
        check::room(FUNCTION, "joint probabilities", &[rows.count, classes])?;
        let mut out = Array2::zeros((rows.count, classes));
        if let Some(values) = out.as_slice_mut() {
            for (line, row) in values.chunks_exact_mut(classes).zip(rows.values().chunks_exact(p)) {
                for (value, (means, reciprocals, constant)) in line.iter_mut().zip(&planes) {
                    *value = constant - 0.5 * squared_length(row, means, reciprocals);
                }
            }
            if let Some(far) = values.chunks_exact(classes).position(|line| !line.iter().any(|value| value.is_finite()))
            {
                let problem = format!("is so far from every class in row {far} that the squared distance overflows");
                return Err(Error::Invalid { function: FUNCTION, argument: "X", problem });
            }
        }
        Ok(out)
    }
}

wide_kernel! {
    /// Σ ((x − mean)/deviation)².
    fn squared_length(x: &[f64], means: &[f64], reciprocals: &[f64]) -> f64 = squared_length_body
}

#[inline(always)]
fn squared_length_body<const FMA: bool>(x: &[f64], means: &[f64], reciprocals: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (means, reciprocals) = (&means[..x.len()], &reciprocals[..x.len()]);
    let whole = x.len() - x.len() % LANES;
    let mut sums = [0.0; LANES];
    for at in (0..whole).step_by(LANES) {
        for lane in 0..LANES {
            let d = (x[at + lane] - means[at + lane]) * reciprocals[at + lane];
            sums[lane] = mul_add::<FMA>(d, d, sums[lane]);
        }
    }
    let mut rest = 0.0;
    for j in whole..x.len() {
        let d = (x[j] - means[j]) * reciprocals[j];
        rest = mul_add::<FMA>(d, d, rest);
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis, array, concatenate};
    use proptest::prelude::*;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn equal_numbers_have_no_variance_whatever_their_mean_rounds_to() {
        for value in [3.7, 0.1, 1e9 / 3.0, 1e-9] {
            for n in [3, 7, 10, 11, 49] {
                let codes: Vec<usize> = (0..n).map(|i| usize::from(i % 3 == 0)).collect();
                let found = ClassMoments::of(Array2::from_elem((n, 1), value).view(), &codes, 2, None).unwrap();
                assert_eq!((found.largest_variance(), found.variances), (0.0, Array2::zeros((2, 1))));
            }
        }
    }

    proptest! {
        #[test]
        fn parts_merge_to_the_whole(seed in 0_u64..500, n in 2_usize..60, cut in 1_usize..59, offset in prop::sample::select(vec![0.0, 1e8])) {
            let mut stream = Stream::seeded(seed);
            let x = Array2::from_shape_simple_fn((n, 3), || offset + stream.normal());
            let codes: Vec<usize> = (0..n).map(|i| (i * 5 + seed as usize) % 3).collect();
            let weights: Vec<f64> = (0..n).map(|_| stream.uniform()).collect();
            let whole = ClassMoments::of(x.view(), &codes, 3, Some(&weights)).unwrap();
            let cut = cut.min(n - 1);
            let (head, tail) = x.view().split_at(Axis(0), cut);
            let first = ClassMoments::of(head, &codes[..cut], 3, Some(&weights[..cut])).unwrap();
            let second = ClassMoments::of(tail, &codes[cut..], 3, Some(&weights[cut..])).unwrap();
            let merged = ClassMoments::empty(3, 3).merge(&first).unwrap().merge(&second).unwrap();
            for k in 0..3 {
                prop_assert!((merged.counts[k] - whole.counts[k]).abs() < 1e-12);
                for j in 0..3 {
                    // Numbers near 1e8 are a unit in the last place, 1.5e-8, apart.
                    let unit = if offset > 0.0 { 4e-8 } else { 1e-13 };
                    prop_assert!((merged.means[(k, j)] - whole.means[(k, j)]).abs() < unit);
                    prop_assert!((merged.variances[(k, j)] - whole.variances[(k, j)]).abs() < 4.0 * unit);
                }
            }
        }
    }

    #[test]
    fn moments_far_from_zero_are_right_to_the_last_digits() {
        let x = array![[1e9 + 1.0], [1e9 + 2.0], [1e9 + 4.0], [1e9 + 5.0]];
        let found = ClassMoments::of(x.view(), &[0; 4], 1, None).unwrap();
        assert_eq!((found.means[(0, 0)], found.variances[(0, 0)]), (1e9 + 3.0, 2.5));
        assert_eq!(found.largest_variance(), 2.5);
        let twice = ClassMoments::of(concatenate![Axis(0), x, x].view(), &[0; 8], 1, None).unwrap();
        assert_eq!(twice.variances, found.variances);
        let error = ClassMoments::of(array![[1e300], [-1e300]].view(), &[0, 0], 1, None).unwrap_err().to_string();
        assert!(error.contains("squares overflow (column 0)"), "{error}");
    }

    #[test]
    fn densities_are_the_normal_ones() {
        let (means, variances) = (array![[0.0, 1.0], [2.0, -1.0]], array![[1.0, 4.0], [0.25, 9.0]]);
        let model = NaiveBayes { means: means.view(), variances: variances.view(), priors: &[0.25, 0.75] };
        let found = model.log_joint(array![[0.5, 0.0]].view()).unwrap();
        let density = |x: f64, mean: f64, variance: f64| {
            (-0.5 * (x - mean) * (x - mean) / variance).exp() / (TAU * variance).sqrt()
        };
        let expected = [
            0.25 * density(0.5, 0.0, 1.0) * density(0.0, 1.0, 4.0),
            0.75 * density(0.5, 2.0, 0.25) * density(0.0, -1.0, 9.0),
        ];
        for k in 0..2 {
            assert!((found[(0, k)] - expected[k].ln()).abs() < 1e-14);
        }
        let flat = array![[1.0, 0.0], [1.0, 1.0]];
        assert!(NaiveBayes { variances: flat.view(), ..model }.log_joint(array![[0.5, 0.0]].view()).is_err());
        assert!(NaiveBayes { priors: &[1.0], ..model }.log_joint(array![[0.5, 0.0]].view()).is_err());
    }
}
