//! The two base classes: distributions with a density, and distributions of whole numbers.

use numpy::ToPyArray;
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use underhood::check;
use underhood::distributions::{Continuous, Discrete};

use super::families::{CATEGORICAL, CONTINUOUS, DISCRETE, Family, named};
use super::members::Members;
use super::{categorical, composed};
use crate::array;
use crate::error::Outcome;
use crate::random;

/// A size as NumPy has it: None, a whole number, or a tuple or list of them.
pub(super) fn size(function: &'static str, size: Option<&Bound<'_, PyAny>>) -> Outcome<Option<Vec<usize>>> {
    let Some(size) = size else { return Ok(None) };
    let shape = if size.is_instance_of::<PyTuple>() || size.is_instance_of::<PyList>() {
        size.try_iter()?.map(|length| array::whole(function, "size", &length?)).collect::<Outcome<Vec<_>>>()?
    } else {
        vec![array::whole(function, "size", size)?]
    };
    check::room(function, "draws", &shape)?;
    Ok(Some(shape))
}

/// Each member's parameters after a change, as one column a parameter: what the class is to be called with.
fn changed<'py, D: underhood::distributions::Distribution + ?Sized>(
    py: Python<'py>,
    members: &Members<D>,
    change: impl Fn(&[f64]) -> underhood::Result<Vec<f64>>,
) -> Outcome<Bound<'py, PyTuple>> {
    let rows = members.parameters().map(change).collect::<underhood::Result<Vec<_>>>()?;
    let columns = (0..members.called().len())
        .map(|column| match members.shape(py) {
            None => Ok(rows[0][column].into_pyobject(py)?.into_any()),
            Some(shape) => {
                let numbers: Vec<f64> = rows.iter().map(|row| row[column]).collect();
                Ok(numbers.to_pyarray(py).call_method1("reshape", (shape,))?)
            }
        })
        .collect::<PyResult<Vec<_>>>()?;
    Ok(PyTuple::new(py, columns)?)
}

/// A base class around distributions of the core: its own methods (the density), then those that both have.
macro_rules! base {
    ($(#[$doc:meta])* $name:ident, $kind:ident, $families:ident, { $($own:tt)* }) => {
        $(#[$doc])*
        #[pyclass(module = "underhood.distributions", frozen, subclass)]
        #[derive(Debug)]
        pub(crate) struct $name(pub(crate) Members<dyn $kind>);

        #[pymethods]
        impl $name {
            /// The members of a family: its name, then its parameters.
            #[new]
            #[pyo3(signature = (family, *parameters))]
            fn new(family: &str, parameters: &Bound<'_, PyTuple>) -> Outcome<Self> {
                Self::made(family, parameters)
            }

            $($own)*

            /// The distribution function P(X ≤ x), element by element.
            fn cdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.cdf, ("x", x), |d, x| d.cdf_in_place(x))
            }

            /// The survival function P(X > x) = 1 − cdf(x) without the cancellation, down to 1e-300: a p-value.
            fn sf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.sf, ("x", x), |d, x| d.sf_in_place(x))
            }

            /// ln P(X ≤ x), also where the probability underflows.
            fn logcdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.logcdf, ("x", x), |d, x| d.logcdf_in_place(x))
            }

            /// ln P(X > x), also where the probability underflows.
            fn logsf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.logsf, ("x", x), |d, x| d.logsf_in_place(x))
            }

            /// The quantile: the smallest x with P(X ≤ x) ≥ q. The ends of the support at 0 and 1, NaN outside [0, 1].
            fn ppf<'py>(&self, py: Python<'py>, q: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.ppf, ("q", q), |d, q| d.ppf_in_place(q))
            }

            /// The upper quantile: the smallest x with P(X > x) ≤ q, to full precision for small q.
            fn isf<'py>(&self, py: Python<'py>, q: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                self.0.map(py, self.0.names.isf, ("q", q), |d, q| d.isf_in_place(q))
            }

            /// P(a ≤ X ≤ b), both ends included, without the cancellation of cdf(b) − cdf(a). 0 if b < a.
            fn prob<'py>(
                &self,
                py: Python<'py>,
                a: &Bound<'py, PyAny>,
                b: &Bound<'py, PyAny>,
            ) -> Outcome<Bound<'py, PyAny>> {
                self.0.map_two(py, self.0.names.prob, [("a", a), ("b", b)], |d, a, b| d.prob(a, b))
            }

            /// The mean E X; NaN if there is none, inf if it is infinite.
            fn mean<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.mean())
            }

            /// The variance E(X − E X)²; NaN if there is none, inf if it is infinite.
            fn var<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.variance())
            }

            /// The standard deviation: the root of the variance.
            fn std<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.std())
            }

            /// The median: half of the probability lies on either side.
            fn median<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.median())
            }

            /// The mode: where the density (the probability) is largest; the smallest such point if there are several.
            fn mode<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.mode())
            }

            /// The skewness E((X − μ)/σ)³, 0 for symmetric distributions; NaN if there is none.
            fn skewness<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.skewness())
            }

            /// The excess kurtosis E((X − μ)/σ)⁴ − 3, 0 for the normal distribution; NaN if there is none, inf if it is infinite.
            fn kurtosis<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.kurtosis())
            }

            /// The entropy in nats: the mean of −ln of the density (of the probability).
            fn entropy<'py>(&self, py: Python<'py>) -> Outcome<Bound<'py, PyAny>> {
                self.0.each(py, |d| d.entropy())
            }

            /// The central interval that holds the probability `confidence` (at least, if discrete), with equal tails.
            #[pyo3(signature = (confidence), text_signature = "($self, confidence)")]
            fn interval<'py>(
                &self,
                py: Python<'py>,
                confidence: &Bound<'py, PyAny>,
            ) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
                let names = self.0.names;
                let confidence = array::number(names.interval, "confidence", confidence)?;
                let valid = (0.0..=1.0).contains(&confidence);
                check::in_range(names.interval, "confidence", confidence, valid, "between 0 and 1")?;
                let tail = 0.5 * (1.0 - confidence);
                Ok((self.0.each(py, |d| d.ppf(tail))?, self.0.each(py, |d| d.isf(tail))?))
            }

            /// The ends of the set where the density (the probability) is positive: (low, high).
            fn support<'py>(&self, py: Python<'py>) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
                Ok((self.0.each(py, |d| d.support().0)?, self.0.each(py, |d| d.support().1)?))
            }

            /// Random draws. The same `rng` gives the same values on every machine and for any number of threads.
            ///
            /// Parameters
            /// ----------
            /// size : int or tuple of ints, optional
            ///     The shape of the result; one number (for arrays of parameters: one for each) if left out.
            /// rng : int, numpy.random.Generator or None
            ///     A seed, or a generator from which one is drawn; None takes a fresh one.
            #[pyo3(signature = (size=None, rng=None))]
            fn rvs<'py>(
                &self,
                py: Python<'py>,
                size: Option<&Bound<'py, PyAny>>,
                rng: Option<&Bound<'py, PyAny>>,
            ) -> Outcome<Bound<'py, PyAny>> {
                let function = self.0.names.rvs;
                let shape = self::size(function, size)?;
                self.0.draw(py, function, shape, &mut random::stream(function, "rng", rng)?)
            }

            /// One parameter, by its name.
            fn _parameter<'py>(&self, py: Python<'py>, name: &str) -> Outcome<Bound<'py, PyAny>> {
                let place = self.0.called().iter().position(|called| *called == name);
                let place = place.ok_or_else(|| PyAttributeError::new_err(format!("no parameter {name}")))?;
                self.0.parameter(py, place)
            }

            /// The names of the parameters, in their order.
            fn _parameter_names(&self) -> Vec<&'static str> {
                self.0.called().to_vec()
            }

            /// The parameters of scale·X + shift, if it is of the same family.
            fn _affine<'py>(&self, py: Python<'py>, scale: f64, shift: f64) -> Outcome<Bound<'py, PyTuple>> {
                let family = named($families, self.0.names.class)?;
                changed(py, &self.0, |parameters| (family.affine)(parameters, scale, shift))
            }

            /// The parameters of X + Y for an independent Y of the same family, if it is of that family; one distribution each.
            fn _sum<'py>(&self, py: Python<'py>, other: &Self) -> Outcome<Bound<'py, PyTuple>> {
                let family = named($families, self.0.names.class)?;
                let (Some(other), None, None) = (other.0.parameters().next(), self.0.shape(py), other.0.shape(py)) else {
                    let message = format!("{0}: arrays of distributions are not added; make one {0} at a time", family.names.class);
                    return Err(PyTypeError::new_err(message).into());
                };
                changed(py, &self.0, |parameters| (family.sum)(parameters, other))
            }
        }
    };
}

base! {
    /// A distribution with a density; every continuous distribution derives from it.
    ///
    /// Its methods take a number or an array, and give a float or an array; arrays of parameters are broadcast against it.
    ContinuousDistribution, Continuous, CONTINUOUS, {
        /// The density f(x), element by element; 0 outside the support.
        fn pdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            self.0.map(py, self.0.names.density, ("x", x), |d, x| d.pdf_in_place(x))
        }

        /// The logarithm of the density, also where the density underflows; -inf outside the support.
        fn logpdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            self.0.map(py, self.0.names.log_density, ("x", x), |d, x| d.logpdf_in_place(x))
        }
    }
}

base! {
    /// A distribution of whole numbers; every discrete distribution derives from it.
    ///
    /// Its methods take a number or an array, and give a float or an array; arrays of parameters are broadcast against it.
    DiscreteDistribution, Discrete, DISCRETE, {
        /// The probability P(X = k), element by element; 0 outside the support and for k that is not whole.
        fn pmf<'py>(&self, py: Python<'py>, k: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            self.0.map(py, self.0.names.density, ("k", k), |d, k| d.pmf_in_place(k))
        }

        /// The logarithm of the probability, also where the probability underflows; -inf where it is 0.
        fn logpmf<'py>(&self, py: Python<'py>, k: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
            self.0.map(py, self.0.names.log_density, ("k", k), |d, k| d.logpmf_in_place(k))
        }
    }
}

impl ContinuousDistribution {
    fn made(family: &str, parameters: &Bound<'_, PyTuple>) -> Outcome<Self> {
        let members = match composed::continuous(family, parameters)? {
            Some(members) => members,
            None => Members::of(named(CONTINUOUS, family)?, parameters)?,
        };
        Ok(ContinuousDistribution(members))
    }
}

impl DiscreteDistribution {
    fn made(family: &str, parameters: &Bound<'_, PyTuple>) -> Outcome<Self> {
        if family == CATEGORICAL.class {
            return Ok(DiscreteDistribution(categorical::of(parameters)?));
        }
        let members = match composed::discrete(family, parameters)? {
            Some(members) => members,
            None => Members::of(named(DISCRETE, family)?, parameters)?,
        };
        Ok(DiscreteDistribution(members))
    }
}

/// What maximum likelihood finds for a family: parameters, their covariance, ln L, how many values, how many parameters were
/// estimated, how many steps it took.
#[pyfunction]
#[pyo3(signature = (family, data, fixed))]
#[expect(clippy::type_complexity, reason = "a tuple that only the class around it unpacks")]
pub(super) fn fit<'py>(
    py: Python<'py>,
    family: &str,
    data: &Bound<'py, PyAny>,
    fixed: &Bound<'py, PyDict>,
) -> Outcome<(Vec<f64>, Bound<'py, PyAny>, f64, usize, usize, usize)> {
    if family == CATEGORICAL.class {
        return categorical::fit(py, data, fixed);
    }
    let discrete = named(DISCRETE, family);
    match named(CONTINUOUS, family) {
        Ok(family) => fit_of(py, family, data, fixed),
        Err(_) => fit_of(py, discrete?, data, fixed),
    }
}

#[expect(clippy::type_complexity, reason = "as above")]
fn fit_of<'py, D: ?Sized + Sync>(
    py: Python<'py>,
    family: &'static Family<D>,
    data: &Bound<'py, PyAny>,
    fixed: &Bound<'py, PyDict>,
) -> Outcome<(Vec<f64>, Bound<'py, PyAny>, f64, usize, usize, usize)> {
    let data = array::vector(family.names.fit, "data", data)?;
    let names: Vec<String> = fixed.keys().iter().map(|name| name.extract()).collect::<PyResult<_>>()?;
    let held: Vec<(&str, f64)> = names
        .iter()
        .zip(fixed.values().iter())
        .map(|(name, value)| {
            let argument = family.parameters.iter().find(|parameter| *parameter == name).unwrap_or(&"fixed");
            Ok((name.as_str(), array::number(family.names.fit, argument, &value)?))
        })
        .collect::<Outcome<_>>()?;
    let view = data.view();
    let fit = crate::runtime::run(py, 10 * view.len(), || (family.fit)(view, &held))?;
    let covariance = fit.covariance.to_pyarray(py).into_any();
    Ok((fit.parameters, covariance, fit.log_likelihood, fit.observations, fit.estimated, fit.iterations))
}
