//! Distributions of several variables: a class each, from which the classes of the Python package derive.

use numpy::ToPyArray;
use numpy::ndarray::{Array1, Array2, ArrayD};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};
use underhood::distributions::{self as core, Multivariate as _};
use underhood::{Error, check};

use super::univariate::size;
use crate::error::Outcome;
use crate::{array, random, runtime};

/// A number for one point, an array for several.
fn numbers<'py>(py: Python<'py>, values: &ArrayD<f64>) -> Bound<'py, PyAny> {
    match (values.ndim(), values.first()) {
        (0, Some(value)) => PyFloat::new(py, *value).into_any(),
        _ => values.to_pyarray(py).into_any(),
    }
}

/// Applies a method of the core to points.
fn of_points<'py>(
    py: Python<'py>,
    function: &'static str,
    argument: &'static str,
    x: &Bound<'py, PyAny>,
    method: impl FnOnce(numpy::ndarray::ArrayViewD<'_, f64>) -> underhood::Result<ArrayD<f64>> + Send,
) -> Outcome<Bound<'py, PyAny>> {
    let x = array::array(function, argument, x)?;
    let view = x.view();
    let values = runtime::run(py, view.len(), || method(view))?;
    Ok(numbers(py, &values))
}

/// Draws of this shape; one point if it is left out.
fn draws<'py>(
    py: Python<'py>,
    function: &'static str,
    distribution: &(impl core::Multivariate + ?Sized),
    shape: Option<&Bound<'py, PyAny>>,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let mut shape = size(function, shape)?.unwrap_or_default();
    let mut stream = random::stream(function, "rng", rng)?;
    shape.push(distribution.dimension());
    check::room(function, "draws", &shape)?;
    let (out, mut view) = array::fresh(py, &shape)?;
    if let Some(numbers) = view.as_slice_mut() {
        runtime::run(py, 10 * numbers.len(), || distribution.fill(&mut stream, numbers));
    }
    Ok(out.into_any())
}

/// Whole numbers that name variables.
fn indices(function: &'static str, value: &Bound<'_, PyAny>) -> Outcome<Vec<usize>> {
    match value.try_iter() {
        Ok(items) => items.map(|item| array::whole(function, "indices", &item?)).collect(),
        Err(_) => Ok(vec![array::whole(function, "indices", value)?]),
    }
}

/// A class around a distribution of the core: its own methods, then those that all have.
macro_rules! class {
    ($(#[$doc:meta])* $name:ident, $class:literal, { $($own:tt)* }) => {
        $(#[$doc])*
        #[pyclass(module = "underhood.distributions", frozen, subclass)]
        #[derive(Debug)]
        pub(crate) struct $name(core::$name);

        #[pymethods]
        impl $name {
            $($own)*

            /// The means E Xᵢ.
            fn mean<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
                self.0.mean().to_pyarray(py).into_any()
            }

            /// The covariance matrix E(Xᵢ − E Xᵢ)(Xⱼ − E Xⱼ).
            fn cov<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
                self.0.covariance().to_pyarray(py).into_any()
            }

            /// The variances, the diagonal of the covariance matrix.
            fn var<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
                self.0.variance().to_pyarray(py).into_any()
            }

            /// The standard deviations, the roots of the variances.
            fn std<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
                self.0.std().to_pyarray(py).into_any()
            }

            /// The correlations cov(Xᵢ, Xⱼ)/(σᵢσⱼ), with ones on the diagonal; NaN beside a variable that never varies.
            fn correlation<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
                self.0.correlation().to_pyarray(py).into_any()
            }

            /// The entropy in nats: the mean of −ln of the density (of the probability).
            fn entropy(&self) -> f64 {
                self.0.entropy()
            }

            /// Random draws. The same `rng` gives the same values on every machine and for any number of threads.
            ///
            /// Parameters
            /// ----------
            /// size : int or tuple of ints, optional
            ///     How many points: the shape of the result without its last axis; one point if left out.
            /// rng : int, numpy.random.Generator or None
            ///     A seed, or a generator from which one is drawn; None takes a fresh one.
            #[pyo3(signature = (size=None, rng=None))]
            fn rvs<'py>(
                &self,
                py: Python<'py>,
                size: Option<&Bound<'py, PyAny>>,
                rng: Option<&Bound<'py, PyAny>>,
            ) -> Outcome<Bound<'py, PyAny>> {
                draws(py, concat!($class, ".rvs"), &self.0, size, rng)
            }
        }
    };
}

class! {
    /// The multivariate normal distribution.
    MultivariateNormal, "MultivariateNormal", {
        /// From a mean vector and a covariance matrix: a number for the same variance everywhere, a vector for a diagonal.
        #[new]
        #[pyo3(signature = (mean=None, cov=None))]
        fn new(mean: Option<&Bound<'_, PyAny>>, cov: Option<&Bound<'_, PyAny>>) -> Outcome<Self> {
            const FUNCTION: &str = "MultivariateNormal";
            let mean = mean.map(|mean| array::array(FUNCTION, "mean", mean)).transpose()?;
            let cov = cov.map(|cov| array::array(FUNCTION, "cov", cov)).transpose()?;
            let dimension = match (&mean, &cov) {
                (Some(mean), _) => mean.view().len(),
                (None, Some(cov)) => cov.view().shape().first().copied().unwrap_or(1),
                (None, None) => 1,
            };
            check::room(FUNCTION, "covariance matrix", &[dimension, dimension])?;
            let shape = |argument, shape: &[usize], expected: &str| Error::Shape {
                function: FUNCTION,
                argument,
                shape: shape.to_vec(),
                expected: expected.into(),
            };
            let center = match &mean {
                None => Array1::zeros(dimension),
                Some(mean) if mean.view().ndim() <= 1 => mean.view().iter().copied().collect(),
                Some(mean) => return Err(shape("mean", mean.view().shape(), "a vector is needed").into()),
            };
            let spread = match &cov {
                None => Array2::eye(dimension),
                Some(cov) => match (cov.view().ndim(), cov.view().first().copied()) {
                    (0, Some(variance)) => Array2::eye(dimension) * variance,
                    (1, _) => Array2::from_diag(&cov.view().iter().copied().collect::<Array1<f64>>()),
                    (2, _) => cov.view().into_dimensionality().map_err(|_| shape("cov", &[], ""))?.to_owned(),
                    _ => return Err(shape("cov", cov.view().shape(), "a matrix is needed").into()),
                },
            };
            Ok(MultivariateNormal(core::MultivariateNormal::new(center, spread)?))
        }

        /// The density at points (…, d): exp(−½ q)/√((2π)ᵈ det Σ), q the square of Mahalanobis's distance.
        fn pdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "MultivariateNormal.pdf", "x", x, |x| self.0.pdf(x))
        }

        /// The logarithm of the density at points (…, d), also where the density underflows.
        fn logpdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "MultivariateNormal.logpdf", "x", x, |x| self.0.logpdf(x))
        }

        /// Mahalanobis's distances √((x − μ)ᵀΣ⁻¹(x − μ)) of points (…, d) from the mean: how many standard deviations, whatever the direction.
        fn mahalanobis<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "MultivariateNormal.mahalanobis", "x", x, |x| self.0.mahalanobis(x))
        }

        /// Where the density is largest: the mean.
        fn mode<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
            self.0.mean().to_pyarray(py).into_any()
        }

        /// P(X ≤ x) at points, and its errors.
        fn _cdf<'py>(
            &self,
            py: Python<'py>,
            x: &Bound<'py, PyAny>,
            tol: &Bound<'py, PyAny>,
            rng: Option<&Bound<'py, PyAny>>,
        ) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            const FUNCTION: &str = "MultivariateNormal.cdf";
            let (x, tol) = (array::array(FUNCTION, "x", x)?, array::number(FUNCTION, "tol", tol)?);
            let seed = random::stream(FUNCTION, "rng", rng)?.bits();
            let view = x.view();
            let found = runtime::run(py, 10_000 * view.len(), || self.0.cdf(view, tol, seed))?;
            Ok((numbers(py, &found.values), numbers(py, &found.errors)))
        }

        /// P(a ≤ X ≤ b) for points b, and its errors.
        fn _prob<'py>(
            &self,
            py: Python<'py>,
            a: &Bound<'py, PyAny>,
            b: &Bound<'py, PyAny>,
            tol: &Bound<'py, PyAny>,
            rng: Option<&Bound<'py, PyAny>>,
        ) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            const FUNCTION: &str = "MultivariateNormal.prob";
            let (a, b) = (array::vector(FUNCTION, "a", a)?, array::array(FUNCTION, "b", b)?);
            let tol = array::number(FUNCTION, "tol", tol)?;
            let seed = random::stream(FUNCTION, "rng", rng)?.bits();
            let (corner, view) = (a.view(), b.view());
            let found = runtime::run(py, 10_000 * view.len(), || self.0.prob(corner, view, tol, seed))?;
            Ok((numbers(py, &found.values), numbers(py, &found.errors)))
        }

        /// Mean and standard deviation of one variable.
        fn _variable(&self, index: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
            let normal = self.0.variable(array::whole("MultivariateNormal.marginal", "indices", index)?)?;
            Ok((normal.mu(), normal.sigma()))
        }

        /// Mean and covariance of some variables.
        fn _marginal<'py>(&self, py: Python<'py>, indices: &Bound<'py, PyAny>) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            let indices = self::indices("MultivariateNormal.marginal", indices)?;
            Ok(parameters(py, &self.0.marginal(&indices)?))
        }

        /// Mean and covariance of the others, given some.
        fn _conditional<'py>(
            &self,
            py: Python<'py>,
            indices: &Bound<'py, PyAny>,
            values: &Bound<'py, PyAny>,
        ) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            const FUNCTION: &str = "MultivariateNormal.conditional";
            let indices = self::indices(FUNCTION, indices)?;
            let values = array::array(FUNCTION, "values", values)?;
            let values: Vec<f64> = match values.view().ndim() {
                0 | 1 => values.view().iter().copied().collect(),
                _ => {
                    let (argument, expected) = ("values", "a vector (one axis) is needed".into());
                    return Err(Error::Shape { function: FUNCTION, argument, shape: values.view().shape().to_vec(), expected }.into());
                }
            };
            Ok(parameters(py, &self.0.conditional(&indices, &values)?))
        }

        /// Mean and covariance of A·X + b.
        fn _affine<'py>(
            &self,
            py: Python<'py>,
            a: &Bound<'py, PyAny>,
            b: &Bound<'py, PyAny>,
        ) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            const FUNCTION: &str = "MultivariateNormal.affine";
            let (a, b) = (array::matrix(FUNCTION, "A", a)?, array::vector(FUNCTION, "b", b)?);
            Ok(parameters(py, &self.0.affine(a.view(), b.view())?))
        }

        /// Mean and covariance of X + Y for an independent Y.
        fn _sum<'py>(&self, py: Python<'py>, other: &Self) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
            Ok(parameters(py, &self.0.sum(&other.0)?))
        }

        /// What maximum likelihood finds: mean, covariance, their standard errors, ln L, how many rows, how many steps.
        #[staticmethod]
        #[expect(clippy::type_complexity, reason = "a tuple that only the class around it unpacks")]
        fn _fit<'py>(
            py: Python<'py>,
            data: &Bound<'py, PyAny>,
        ) -> Outcome<(Vec<Bound<'py, PyAny>>, Vec<Bound<'py, PyAny>>, f64, usize, usize)> {
            let data = array::matrix("MultivariateNormal.fit", "data", data)?;
            let view = data.view();
            let fit = runtime::run(py, view.len(), || core::MultivariateNormal::fit(view))?;
            let (mean, cov) = parameters(py, &fit.distribution);
            let errors = vec![fit.mean_errors.to_pyarray(py).into_any(), fit.covariance_errors.to_pyarray(py).into_any()];
            Ok((vec![mean, cov], errors, fit.log_likelihood, fit.observations, 0))
        }
    }
}

fn parameters<'py>(py: Python<'py>, normal: &core::MultivariateNormal) -> (Bound<'py, PyAny>, Bound<'py, PyAny>) {
    (normal.mean().to_pyarray(py).into_any(), normal.covariance().to_pyarray(py).into_any())
}

/// Roots of the diagonal.
fn errors<'py>(py: Python<'py>, covariance: &Array2<f64>) -> Bound<'py, PyAny> {
    covariance.diag().mapv(f64::sqrt).to_pyarray(py).into_any()
}

class! {
    /// The multinomial distribution.
    Multinomial, "Multinomial", {
        /// From a number of trials and the probabilities of their outcomes.
        #[new]
        fn new(n: &Bound<'_, PyAny>, p: &Bound<'_, PyAny>) -> Outcome<Self> {
            const FUNCTION: &str = "Multinomial";
            let p = array::vector(FUNCTION, "p", p)?;
            let n = array::whole(FUNCTION, "n", n)?;
            Ok(Multinomial(core::Multinomial::new(n as u64, &p.view().to_vec())?))
        }

        /// The number of trials.
        #[getter]
        fn n(&self) -> u64 {
            self.0.n()
        }

        /// The probabilities of the outcomes.
        #[getter]
        fn p<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
            self.0.p().to_pyarray(py).into_any()
        }

        /// The probability of counts (…, k): n!/(x₁!⋯x_k!)·p₁^x₁⋯p_k^x_k; 0 if they are not whole, negative, or do not add up to n.
        fn pmf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "Multinomial.pmf", "x", x, |x| self.0.pmf(x))
        }

        /// The logarithm of the probability of counts (…, k), also where the probability underflows; -inf where it is 0.
        fn logpmf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "Multinomial.logpmf", "x", x, |x| self.0.logpmf(x))
        }

        /// The parameters of one count's binomial distribution.
        fn _marginal(&self, index: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
            let binomial = self.0.marginal(array::whole("Multinomial.marginal", "index", index)?)?;
            Ok((binomial.n(), binomial.p()))
        }

        /// What maximum likelihood finds: the trials of a row and the probabilities, standard errors of these, ln L, how many rows, how many steps.
        #[staticmethod]
        #[expect(clippy::type_complexity, reason = "as above")]
        fn _fit<'py>(
            py: Python<'py>,
            data: &Bound<'py, PyAny>,
        ) -> Outcome<(Vec<Bound<'py, PyAny>>, Vec<Bound<'py, PyAny>>, f64, usize, usize)> {
            let data = array::matrix("Multinomial.fit", "data", data)?;
            let view = data.view();
            let fit = runtime::run(py, view.len(), || core::Multinomial::fit(view))?;
            let n = PyInt::new(py, fit.distribution.n()).into_any();
            let p = fit.distribution.p().to_pyarray(py).into_any();
            Ok((vec![n, p], vec![errors(py, &fit.covariance)], fit.log_likelihood, fit.observations, 0))
        }
    }
}

class! {
    /// The Dirichlet distribution.
    Dirichlet, "Dirichlet", {
        /// From concentrations.
        #[new]
        fn new(alpha: &Bound<'_, PyAny>) -> Outcome<Self> {
            Ok(Dirichlet(core::Dirichlet::new(&array::vector("Dirichlet", "alpha", alpha)?.view().to_vec())?))
        }

        /// The concentrations.
        #[getter]
        fn alpha<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
            self.0.alpha().to_pyarray(py).into_any()
        }

        /// The density at points (…, k) whose coordinates add up to 1: Γ(A)/(Γ(α₁)⋯Γ(α_k))·x₁^(α₁−1)⋯x_k^(α_k−1).
        fn pdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "Dirichlet.pdf", "x", x, |x| self.0.pdf(x))
        }

        /// The logarithm of the density at points (…, k), also where the density underflows.
        fn logpdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            of_points(py, "Dirichlet.logpdf", "x", x, |x| self.0.logpdf(x))
        }

        /// The point with the largest density, if all αᵢ ≥ 1 and one is larger; else NaN: there is none inside.
        fn mode<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
            self.0.mode().to_pyarray(py).into_any()
        }

        /// The shapes of one proportion's beta distribution.
        fn _marginal(&self, index: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
            let beta = self.0.marginal(array::whole("Dirichlet.marginal", "index", index)?)?;
            Ok((beta.alpha(), beta.beta()))
        }

        /// What maximum likelihood finds: the concentrations, their standard errors, ln L, how many rows, how many steps.
        #[staticmethod]
        #[expect(clippy::type_complexity, reason = "as above")]
        fn _fit<'py>(
            py: Python<'py>,
            data: &Bound<'py, PyAny>,
        ) -> Outcome<(Vec<Bound<'py, PyAny>>, Vec<Bound<'py, PyAny>>, f64, usize, usize)> {
            let data = array::matrix("Dirichlet.fit", "data", data)?;
            let view = data.view();
            let fit = runtime::run(py, 10 * view.len(), || core::Dirichlet::fit(view))?;
            let alpha = fit.distribution.alpha().to_pyarray(py).into_any();
            Ok((vec![alpha], vec![errors(py, &fit.covariance)], fit.log_likelihood, fit.observations, fit.iterations))
        }
    }
}
