//! The multivariate normal distribution (T. W. Anderson 2003, An Introduction to Multivariate Statistical Analysis, chapter 2).

use ndarray::{Array1, Array2, ArrayD, ArrayView, ArrayView1, ArrayView2, Dimension};

use super::root::{Pivot, Root};
use super::{Multivariate, orthant, points, rectangle, variables};
use crate::check;
use crate::distributions::Normal;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::ndtr;

/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// Mirrored covariances may differ by this share of the two standard deviations' product, as rounding upstream leaves them.
const ASYMMETRY: f64 = 1e-10;

/// The multivariate normal (Gaussian) distribution with mean vector μ and covariance matrix Σ.
///
/// **Definition.** X = μ + L·Z with independent standard normal Z₁, …, Z_d and Σ = L·Lᵀ; every linear combination of the variables is normal.
///
/// **Density.** f(x) = exp(−½(x − μ)ᵀΣ⁻¹(x − μ)) / √((2π)ᵈ det Σ).
///
/// **Parameters.** `mean` finite; `cov` symmetric and positive definite. A singular `cov` (a variable that is a linear
/// combination of others) has no density and is refused. **Support.** All points of d coordinates.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::{Multivariate, MultivariateNormal};
///
/// # fn main() -> underhood::Result<()> {
/// let x = MultivariateNormal::new(array![0.0, 0.0], array![[1.0, 0.5], [0.5, 1.0]])?;
/// // A quadrant: 1/4 + arcsin(ρ)/2π = 1/3.
/// let quadrant = x.cdf(array![0.0, 0.0].view(), 1e-5, 0)?.values.sum();
/// assert!((quadrant - 1.0 / 3.0).abs() < 1e-15);
/// // X₁ + X₂ has the variance 1 + 1 + 2·½.
/// assert_eq!(x.affine(array![[1.0, 1.0]].view(), array![0.0].view())?.covariance(), array![[3.0]]);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean and mode μ, covariance Σ, entropy ½ ln((2πe)ᵈ det Σ).
///
/// **Numerical limits.** The exponent is right to a few ulps times the condition number of the correlation matrix (not of Σ: units do not
/// matter), and a matrix whose rounding may hide a singular one is refused. `cdf` and `prob` in one and two dimensions are
/// right to 1e-14, in more to the tolerance that is asked for, with an estimate of the error.
///
/// **Method.** Cholesky's factor and substitution, never an inverse; `cdf`: in two dimensions the one-dimensional integral of φ(x)·Φ((k −
/// ρx)/√(1 − ρ²)), which is positive, by adaptive Gauss–Legendre quadrature; in more, Genz's sequence of conditional probabilities on a shifted
/// lattice (A. Genz and F. Bretz 2009, Computation of Multivariate Normal and t Probabilities, §4).
#[derive(Debug, Clone, PartialEq)]
pub struct MultivariateNormal {
    mean: Array1<f64>,
    covariance: Array2<f64>,
    root: Root,
}

/// Probabilities, and how far they may be off.
#[derive(Debug, Clone, PartialEq)]
pub struct Probability {
    /// The probabilities.
    pub values: ArrayD<f64>,
    /// An estimate of each one's absolute error, which is exceeded about once in a hundred times; rounding in one and two dimensions.
    pub errors: ArrayD<f64>,
}

impl MultivariateNormal {
    /// The normal distribution with this mean and covariance matrix.
    ///
    /// # Errors
    /// If a number is not finite, the shapes do not fit, or `cov` is not symmetric and positive definite.
    pub fn new(mean: Array1<f64>, cov: Array2<f64>) -> Result<Self> {
        const FUNCTION: &str = "MultivariateNormal";
        check::at_least(FUNCTION, "mean", "values", mean.len(), 1)?;
        check::finite_vector(FUNCTION, "mean", mean.view())?;
        check::square(FUNCTION, "cov", cov.view())?;
        if cov.nrows() != mean.len() {
            let expected = format!("mean is a vector of {}", mean.len());
            return Err(Error::Shape { function: FUNCTION, argument: "cov", shape: cov.shape().to_vec(), expected });
        }
        check::finite_matrix(FUNCTION, "cov", cov.view())?;
        Self::checked(FUNCTION, "cov", mean, cov)
    }

    /// The standard normal distribution of so many independent variables.
    ///
    /// # Errors
    /// If there are none, or more than there is memory for.
    pub fn standard(dimension: usize) -> Result<Self> {
        check::room("MultivariateNormal", "covariance matrix", &[dimension, dimension])?;
        Self::new(Array1::zeros(dimension), Array2::eye(dimension))
    }

    pub(super) fn checked(
        function: &'static str,
        argument: &'static str,
        mean: Array1<f64>,
        mut covariance: Array2<f64>,
    ) -> Result<Self> {
        for i in 0..mean.len() {
            if !(covariance[[i, i]] > 0.0) {
                return Err(no_variance(function, argument, i, covariance[[i, i]]));
            }
            for j in 0..i {
                let (lower, upper) = (covariance[[i, j]], covariance[[j, i]]);
                let size = covariance[[i, i]].sqrt() * covariance[[j, j]].sqrt();
                if !((lower - upper).abs() <= ASYMMETRY * size) {
                    return Err(Error::NotSymmetric { function, argument, row: j, column: i, upper, lower });
                }
                let middle = 0.5 * lower + 0.5 * upper;
                (covariance[[i, j]], covariance[[j, i]]) = (middle, middle);
            }
        }
        let root = Root::of(covariance.view()).map_err(|pivot| not_definite(function, argument, pivot))?;
        Ok(MultivariateNormal { mean, covariance, root })
    }

    /// The logarithm of the density at points (…, d), also where the density underflows.
    ///
    /// # Errors
    /// If the last axis of `x` is not d.
    pub fn logpdf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        self.density("MultivariateNormal.logpdf", x, |_| ())
    }

    /// The density at points (…, d).
    ///
    /// # Errors
    /// If the last axis of `x` is not d.
    pub fn pdf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        self.density("MultivariateNormal.pdf", x, portable::exp_in_place)
    }

    fn density<D: Dimension>(
        &self,
        function: &'static str,
        x: ArrayView<'_, f64, D>,
        last: impl Fn(&mut [f64]),
    ) -> Result<ArrayD<f64>> {
        let constant = HALF_LN_TWO_PI * self.mean.len() as f64 + self.root.log_determinant();
        points::map(function, "x", x, self.mean.len(), |points, out| {
            self.root.squares(&self.center(), points, out);
            out.iter_mut().for_each(|v| *v = -0.5 * *v - constant);
            last(out);
        })
    }

    /// Mahalanobis's distances √((x − μ)ᵀΣ⁻¹(x − μ)) of points (…, d) from the mean: in standard deviations, whatever the direction. Their
    /// squares have the chi-square distribution with d degrees of freedom.
    ///
    /// # Errors
    /// If the last axis of `x` is not d.
    pub fn mahalanobis<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        let center = self.center();
        points::map("MultivariateNormal.mahalanobis", "x", x, self.mean.len(), |points, out| {
            self.root.squares(&center, points, out);
            for (out, point) in out.iter_mut().zip(points.chunks_exact(center.len())) {
                // The square of a distance can over- or underflow where the distance does not.
                *out = if (1e-280..1e280).contains(out) { out.sqrt() } else { self.root.length(&center, point) };
            }
        })
    }

    /// P(X₁ ≤ x₁, …, X_d ≤ x_d) at points (…, d). From three dimensions on within `tolerance` of the probability (relative), with random shifts from
    /// `seed`; see [`Probability::errors`].
    ///
    /// # Errors
    /// If the last axis of `x` is not d, or the tolerance is not positive.
    pub fn cdf<D: Dimension>(&self, x: ArrayView<'_, f64, D>, tolerance: f64, seed: u64) -> Result<Probability> {
        const FUNCTION: &str = "MultivariateNormal.cdf";
        let low = vec![f64::NEG_INFINITY; self.mean.len()];
        self.probabilities(FUNCTION, "x", x, tolerance, seed, |point| (low.clone(), point.to_vec()))
    }

    /// P(a₁ ≤ X₁ ≤ b₁, …, a_d ≤ X_d ≤ b_d) for a corner `a` and points `b` (…, d); 0 where b is below a. Tolerance and seed as for [`Self::cdf`].
    ///
    /// # Errors
    /// If `a` has not d numbers, the last axis of `b` is not d, or the tolerance is not positive.
    pub fn prob<D: Dimension>(
        &self,
        a: ArrayView1<'_, f64>,
        b: ArrayView<'_, f64, D>,
        tolerance: f64,
        seed: u64,
    ) -> Result<Probability> {
        const FUNCTION: &str = "MultivariateNormal.prob";
        if a.len() != self.mean.len() {
            let expected = format!("a point of {} coordinates is needed", self.mean.len());
            return Err(Error::Shape { function: FUNCTION, argument: "a", shape: vec![a.len()], expected });
        }
        self.probabilities(FUNCTION, "b", b, tolerance, seed, |point| (a.to_vec(), point.to_vec()))
    }

    fn probabilities<D: Dimension>(
        &self,
        function: &'static str,
        argument: &'static str,
        x: ArrayView<'_, f64, D>,
        tolerance: f64,
        seed: u64,
        corners: impl Fn(&[f64]) -> (Vec<f64>, Vec<f64>),
    ) -> Result<Probability> {
        check::in_range(function, "tol", tolerance, tolerance > 0.0, "positive")?;
        let size = self.mean.len();
        let mut errors = Vec::new();
        let values = points::map(function, argument, x, size, |points, out| {
            for (out, point) in out.iter_mut().zip(points.chunks_exact(size)) {
                let (low, high) = corners(point);
                let (value, error) = self.probability(&low, &high, tolerance, seed);
                *out = value;
                errors.push(error);
            }
        })?;
        let errors = ArrayD::from_shape_vec(values.raw_dim(), errors).map_err(|_| Error::Shape {
            function,
            argument,
            shape: vec![size],
            expected: "a point is needed".into(),
        })?;
        Ok(Probability { values, errors })
    }

    /// The probability of a box and its error.
    fn probability(&self, low: &[f64], high: &[f64], tolerance: f64, seed: u64) -> (f64, f64) {
        if low.iter().chain(high).any(|x| x.is_nan()) {
            return (f64::NAN, f64::NAN);
        }
        if low.iter().zip(high).any(|(a, b)| !(a < b)) {
            return (0.0, 0.0);
        }
        let std: Vec<f64> = self.covariance.diag().iter().map(|v| v.sqrt()).collect();
        let z = |x: f64, i: usize| (x - self.mean[i]) / std[i];
        let (low, high): (Vec<f64>, Vec<f64>) =
            low.iter().zip(high).enumerate().map(|(i, (a, b))| (z(*a, i), z(*b, i))).unzip();
        // A variable without limits is as if it were not there.
        let bounded: Vec<usize> =
            (0..std.len()).filter(|&i| low[i] > f64::NEG_INFINITY || high[i] < f64::INFINITY).collect();
        let correlation = |i: usize, j: usize| self.covariance[[i, j]] / std[i] / std[j];
        match bounded[..] {
            [] => (1.0, 0.0),
            [i] => (interval(low[i], high[i]), f64::EPSILON),
            [i, j] => {
                let rho = correlation(i, j);
                let rest = ((1.0 - rho) * (1.0 + rho)).sqrt();
                let value = rectangle::probability((low[i], high[i]), (low[j], high[j]), rho, rest);
                (value, 1e-14 * value)
            }
            _ => {
                let part = Array2::from_shape_fn((bounded.len(), bounded.len()), |(r, c)| {
                    if r == c { 1.0 } else { correlation(bounded[r], bounded[c]) }
                });
                let limits = bounded.iter().map(|&i| (low[i], high[i])).collect();
                orthant::probability(part, limits, tolerance, &mut Stream::seeded(seed))
            }
        }
    }

    /// The distribution of some of the variables, in the order of `indices`.
    ///
    /// # Errors
    /// If an index is no variable's, or named twice.
    pub fn marginal(&self, indices: &[usize]) -> Result<Self> {
        const FUNCTION: &str = "MultivariateNormal.marginal";
        variables(FUNCTION, indices, self.mean.len())?;
        let mean = indices.iter().map(|&i| self.mean[i]).collect();
        Self::checked(FUNCTION, "indices", mean, self.part(indices))
    }

    /// The distribution of one variable.
    ///
    /// # Errors
    /// If there is no such variable.
    pub fn variable(&self, index: usize) -> Result<Normal> {
        variables("MultivariateNormal.marginal", &[index], self.mean.len())?;
        Normal::new(self.mean[index], self.covariance[[index, index]].sqrt())
    }

    /// The distribution of the other variables, in their order, when those of `indices` have these values: with μ and Σ in blocks of the others (o) and the given (g),
    /// mean μₒ + Σₒg Σgg⁻¹ (values − μg) and covariance Σₒₒ − Σₒg Σgg⁻¹ Σgₒ.
    ///
    /// With the given variables first, the lower corner of L is the root of that covariance: nothing is subtracted.
    ///
    /// # Errors
    /// If an index is no variable's or named twice, no variable is left, or there are not as many values, or one is not finite.
    pub fn conditional(&self, indices: &[usize], values: &[f64]) -> Result<Self> {
        const FUNCTION: &str = "MultivariateNormal.conditional";
        variables(FUNCTION, indices, self.mean.len())?;
        let others: Vec<usize> = (0..self.mean.len()).filter(|i| !indices.contains(i)).collect();
        if others.is_empty() {
            let problem = format!("names all {} variables, so none is left", self.mean.len());
            return Err(Error::Invalid { function: FUNCTION, argument: "indices", problem });
        }
        check::same_length(FUNCTION, ("values", values.len()), ("indices", &[indices.len()]))?;
        check::finite_vector(FUNCTION, "values", ArrayView1::from(values))?;
        let order = [indices, &others].concat();
        let root = Root::of(self.part(&order).view()).map_err(|pivot| not_definite(FUNCTION, "cov", pivot))?;
        let given = indices.len();
        let mut z: Vec<f64> = Vec::with_capacity(given);
        for i in 0..given {
            let row = root.row(i);
            let known: f64 = row.iter().zip(&z).map(|(l, z)| l * z).sum();
            z.push((values[i] - self.mean[indices[i]] - known) / row[i]);
        }
        let mean: Array1<f64> = (given..order.len())
            .map(|i| self.mean[order[i]] + root.row(i).iter().zip(&z).map(|(l, z)| l * z).sum::<f64>())
            .collect();
        check::finite_vector(FUNCTION, "values", mean.view())?;
        Self::checked(FUNCTION, "cov", mean, root.corner(given))
    }

    /// The distribution of A·X + b: mean A·μ + b, covariance A·Σ·Aᵀ.
    ///
    /// # Errors
    /// If the shapes do not fit, a number is not finite, or the rows of A are not independent, so that A·Σ·Aᵀ is singular.
    pub fn affine(&self, a: ArrayView2<'_, f64>, b: ArrayView1<'_, f64>) -> Result<Self> {
        const FUNCTION: &str = "MultivariateNormal.affine";
        if a.ncols() != self.mean.len() {
            let expected = format!("a column is needed for each of the {} variables", self.mean.len());
            return Err(Error::Shape { function: FUNCTION, argument: "A", shape: a.shape().to_vec(), expected });
        }
        check::at_least(FUNCTION, "A", "rows", a.nrows(), 1)?;
        check::same_length(FUNCTION, ("b", b.len()), ("A", a.shape()))?;
        check::finite_matrix(FUNCTION, "A", a)?;
        check::finite_vector(FUNCTION, "b", b)?;
        check::room(FUNCTION, "covariance matrix", &[a.nrows(), a.nrows()])?;
        // (A·L)(A·L)ᵀ is symmetric, and its diagonal not negative, whatever is rounded.
        let size = self.mean.len();
        let turned = Array2::from_shape_fn((a.nrows(), size), |(i, j)| {
            (j..size).map(|k| a[[i, k]] * self.root.row(k)[j]).sum::<f64>()
        });
        let mean = a.dot(&self.mean) + b;
        let covariance = turned.dot(&turned.t());
        check::finite_vector(FUNCTION, "A", mean.view())?;
        check::finite_matrix(FUNCTION, "A", covariance.view())?;
        Self::checked(FUNCTION, "A", mean, covariance)
    }

    /// The distribution of X + Y for an independent Y: means and covariances add up.
    ///
    /// # Errors
    /// If the dimensions differ, or the sums are beyond the range of doubles.
    pub fn sum(&self, other: &Self) -> Result<Self> {
        const FUNCTION: &str = "MultivariateNormal.sum";
        check::same_length(FUNCTION, ("Y", other.mean.len()), ("X", &[self.mean.len()]))?;
        let (mean, covariance) = (&self.mean + &other.mean, &self.covariance + &other.covariance);
        check::finite_vector(FUNCTION, "Y", mean.view())?;
        check::finite_matrix(FUNCTION, "Y", covariance.view())?;
        Self::checked(FUNCTION, "Y", mean, covariance)
    }

    fn center(&self) -> Vec<f64> {
        self.mean.to_vec()
    }

    /// The covariances of some variables.
    fn part(&self, indices: &[usize]) -> Array2<f64> {
        Array2::from_shape_fn((indices.len(), indices.len()), |(i, j)| self.covariance[[indices[i], indices[j]]])
    }
}

impl Multivariate for MultivariateNormal {
    fn dimension(&self) -> usize {
        self.mean.len()
    }

    fn mean(&self) -> Array1<f64> {
        self.mean.clone()
    }

    fn covariance(&self) -> Array2<f64> {
        self.covariance.clone()
    }

    fn entropy(&self) -> f64 {
        (HALF_LN_TWO_PI + 0.5) * self.mean.len() as f64 + self.root.log_determinant()
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let whole = out.len() - out.len() % self.mean.len();
        stream.fill_normal(&mut out[..whole]);
        self.root.spread(&self.center(), &mut out[..whole]);
    }
}

/// P(a ≤ Z ≤ b) for a standard normal Z, from the nearer tail.
pub(super) fn interval(a: f64, b: f64) -> f64 {
    if a > 0.0 { ndtr(-a) - ndtr(-b) } else { ndtr(b) - ndtr(a) }
}

fn no_variance(function: &'static str, argument: &'static str, variable: usize, value: f64) -> Error {
    let problem = format!(
        "gives variable {variable} the variance {value}, but variances must be positive; leave out a variable that never varies"
    );
    Error::Invalid { function, argument, problem }
}

fn not_definite(function: &'static str, argument: &'static str, pivot: Pivot) -> Error {
    let Pivot { variable, share } = pivot;
    let problem = if share < -1e-10 {
        format!(
            "is not positive definite: beside the variables before it, variable {variable} would have a negative variance \
             ({share:.3} of its own); no variables have such covariances"
        )
    } else {
        format!(
            "makes a singular covariance matrix: variable {variable} is a linear combination of those before it, to rounding, \
             so there is no density; leave it out, or add a little to its variance"
        )
    };
    Error::Invalid { function, argument, problem }
}
