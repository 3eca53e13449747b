//! Binds `underhood::distributions`: one frozen class a family, with the methods of `Continuous`.

use pyo3::prelude::*;
use underhood::distributions::{self as core, Continuous};

use crate::array::number;
use crate::elementwise::map_wide;
use crate::error::Outcome;

/// The methods of a class around a distribution of the core: its own (constructor, parameters), then those that all have.
macro_rules! methods {
    ($name:ident { $($own:tt)* }) => {
        #[pymethods]
        impl $name {
            $($own)*

            /// The density f(x); 0 outside the support.
            fn pdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".pdf"), ("x", x), |x| self.0.pdf_in_place(x))
            }

            /// The logarithm of the density, also where the density underflows; -inf outside the support.
            fn logpdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".logpdf"), ("x", x), |x| self.0.logpdf_in_place(x))
            }

            /// The distribution function P(X ≤ x).
            fn cdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".cdf"), ("x", x), |x| self.0.cdf_in_place(x))
            }

            /// The survival function P(X > x), to full relative precision: a p-value.
            fn sf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".sf"), ("x", x), |x| self.0.sf_in_place(x))
            }

            /// ln P(X ≤ x), also where the probability underflows.
            fn logcdf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".logcdf"), ("x", x), |x| self.0.logcdf_in_place(x))
            }

            /// ln P(X > x), also where the probability underflows.
            fn logsf<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".logsf"), ("x", x), |x| self.0.logsf_in_place(x))
            }

            /// The quantile: the x with P(X ≤ x) = q. The ends of the support at 0 and 1, NaN outside [0, 1].
            fn ppf<'py>(&self, py: Python<'py>, q: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".ppf"), ("q", q), |q| self.0.ppf_in_place(q))
            }

            /// The upper quantile: the x with P(X > x) = q, to full precision for small q.
            fn isf<'py>(&self, py: Python<'py>, q: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
                map_wide(py, concat!(stringify!($name), ".isf"), ("q", q), |q| self.0.isf_in_place(q))
            }

            /// The mean; NaN if there is none, inf if it is infinite.
            fn mean(&self) -> f64 {
                self.0.mean()
            }

            /// The variance; NaN if there is none, inf if it is infinite.
            fn var(&self) -> f64 {
                self.0.variance()
            }

            /// The standard deviation.
            fn std(&self) -> f64 {
                self.0.std()
            }

            /// The median.
            fn median(&self) -> f64 {
                self.0.median()
            }

            /// The central interval that holds the probability `confidence`, with equal tails.
            fn interval(&self, confidence: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
                Ok(self.0.interval(number(concat!(stringify!($name), ".interval"), "confidence", confidence)?)?)
            }

            /// The ends of the set where the density is positive.
            fn support(&self) -> (f64, f64) {
                self.0.support()
            }
        }
    };
}

/// A parameter, or its default.
fn parameter(class: &'static str, name: &'static str, value: Option<&Bound<'_, PyAny>>, default: f64) -> Outcome<f64> {
    value.map_or(Ok(default), |value| number(class, name, value))
}

/// The normal (Gaussian) distribution with mean μ and standard deviation σ.
///
/// The limit of sums of many small independent things; every X is μ + σZ with Z standard normal. Density:
/// f(x) = exp(−z²/2)/(σ√(2π)), z = (x − μ)/σ.
///
/// Parameters
/// ----------
/// mu : float, default 0
///     The mean.
/// sigma : float, default 1
///     The standard deviation (not the variance), positive.
///
/// Raises
/// ------
/// ValueError
///     If `mu` is not finite, or `sigma` not positive and finite.
///
/// Notes
/// -----
/// Support: all real numbers. Mean μ, variance σ², skewness 0. SciPy calls the parameters ``loc`` and ``scale``.
///
/// Relative error below 1e-15 as a function of z, tails included: sf(37.5) ≈ 5e-308; ``logsf`` and ``logcdf`` go on where these
/// underflow. Method: ``underhood.special.ndtr``, ``log_ndtr`` and ``ndtri`` (Wichura 1988, AS 241).
///
/// Examples
/// --------
/// >>> from underhood.distributions import Normal
/// >>> height = Normal(170, 10)
/// >>> round(height.sf(190), 12)
/// 0.022750131948
/// >>> low, high = height.interval(0.95)
/// >>> print(f"{low:.2f} {high:.2f}")
/// 150.40 189.60
#[pyclass(module = "underhood.distributions", frozen, eq)]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Normal(core::Normal);

methods! { Normal {
    #[new]
    #[pyo3(signature = (mu=None, sigma=None), text_signature = "(mu=0.0, sigma=1.0)")]
    fn new(mu: Option<&Bound<'_, PyAny>>, sigma: Option<&Bound<'_, PyAny>>) -> Outcome<Self> {
        let mu = parameter("Normal", "mu", mu, 0.0)?;
        Ok(Normal(core::Normal::new(mu, parameter("Normal", "sigma", sigma, 1.0)?)?))
    }

    /// The mean.
    #[getter]
    fn mu(&self) -> f64 {
        self.0.mu()
    }

    /// The standard deviation.
    #[getter]
    fn sigma(&self) -> f64 {
        self.0.sigma()
    }

    fn __repr__(&self) -> String {
        format!("Normal(mu={:?}, sigma={:?})", self.0.mu(), self.0.sigma())
    }

    fn __getnewargs__(&self) -> (f64, f64) {
        (self.0.mu(), self.0.sigma())
    }
} }

/// Student's t distribution with `df` degrees of freedom, moved by `loc` and stretched by `scale`.
///
/// loc + scale·Z/√(V/ν) for a standard normal Z and an independent chi-square V with ν = df degrees of freedom: a mean over its estimated
/// standard error. Density: f(x) = (1 + t²/ν)^(−(ν+1)/2)/(scale·√ν·B(ν/2, ½)), t = (x − loc)/scale.
///
/// Parameters
/// ----------
/// df : float
///     Degrees of freedom, positive, not only whole; 1 gives Cauchy's distribution.
/// loc : float, default 0
///     The centre.
/// scale : float, default 1
///     The scale, positive. It is the standard deviation only in the limit of large df.
///
/// Raises
/// ------
/// ValueError
///     If `df` is not positive (1e-20 to 1e20), `scale` not positive and finite, or `loc` not finite.
///
/// Notes
/// -----
/// Support: all real numbers. Mean loc for ν > 1 (else NaN), variance scale²·ν/(ν−2) for ν > 2 (inf for 1 < ν ≤ 2, else NaN).
///
/// Relative error below 1e-14 as a function of t, in both tails down to 1e-300, for df from 0.1 to 1e10. Method: P(T > t) = I(ν/2, ½; ν/(ν+t²))/2
/// (W. S. Gosset 1908; see ``underhood.special.betainc``).
///
/// Examples
/// --------
/// >>> from underhood.distributions import StudentT
/// >>> round(2 * StudentT(10).sf(2.228138852), 9)  # a two-sided p-value
/// 0.05
#[pyclass(module = "underhood.distributions", frozen, eq)]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StudentT(core::StudentT);

methods! { StudentT {
    #[new]
    #[pyo3(signature = (df, loc=None, scale=None), text_signature = "(df, loc=0.0, scale=1.0)")]
    fn new(
        df: &Bound<'_, PyAny>,
        loc: Option<&Bound<'_, PyAny>>,
        scale: Option<&Bound<'_, PyAny>>,
    ) -> Outcome<Self> {
        let loc = parameter("StudentT", "loc", loc, 0.0)?;
        let scale = parameter("StudentT", "scale", scale, 1.0)?;
        Ok(StudentT(core::StudentT::new(number("StudentT", "df", df)?, loc, scale)?))
    }

    /// The degrees of freedom.
    #[getter]
    fn df(&self) -> f64 {
        self.0.df()
    }

    /// The centre.
    #[getter]
    fn loc(&self) -> f64 {
        self.0.loc()
    }

    /// The scale.
    #[getter]
    fn scale(&self) -> f64 {
        self.0.scale()
    }

    fn __repr__(&self) -> String {
        format!("StudentT(df={:?}, loc={:?}, scale={:?})", self.0.df(), self.0.loc(), self.0.scale())
    }

    fn __getnewargs__(&self) -> (f64, f64, f64) {
        (self.0.df(), self.0.loc(), self.0.scale())
    }
} }

/// The chi-square distribution with `df` degrees of freedom.
///
/// The sum of the squares of k = df independent standard normal variables; for other df, twice a Gamma(df/2). Density:
/// f(x) = (x/2)^(k/2 − 1) exp(−x/2)/(2Γ(k/2)).
///
/// Parameters
/// ----------
/// df : float
///     Degrees of freedom, positive, not only whole.
///
/// Raises
/// ------
/// ValueError
///     If `df` is not positive (1e-20 to 1e20).
///
/// Notes
/// -----
/// Support: x ≥ 0. Mean k, variance 2k, skewness √(8/k).
///
/// Relative error below 1e-14 in both tails down to 1e-300, for df from 0.002 to 2e10. Method: the incomplete gamma functions of
/// k/2 and x/2 (see ``underhood.special.gammaincc``).
///
/// Examples
/// --------
/// >>> from underhood.distributions import ChiSquared
/// >>> round(ChiSquared(3).isf(0.05), 9)  # the critical value at 5 %
/// 7.814727903
#[pyclass(module = "underhood.distributions", frozen, eq)]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChiSquared(core::ChiSquared);

methods! { ChiSquared {
    #[new]
    fn new(df: &Bound<'_, PyAny>) -> Outcome<Self> {
        Ok(ChiSquared(core::ChiSquared::new(number("ChiSquared", "df", df)?)?))
    }

    /// The degrees of freedom.
    #[getter]
    fn df(&self) -> f64 {
        self.0.df()
    }

    fn __repr__(&self) -> String {
        format!("ChiSquared(df={:?})", self.0.df())
    }

    fn __getnewargs__(&self) -> (f64,) {
        (self.0.df(),)
    }
} }

/// The F distribution with `dfn` and `dfd` degrees of freedom.
///
/// (U/m)/(V/n) for independent chi-square variables U and V with m = dfn and n = dfd degrees of freedom: a ratio of two mean squares.
/// Density: f(x) = y^(m/2) (1−y)^(n/2)/(x·B(m/2, n/2)), y = mx/(mx + n).
///
/// Parameters
/// ----------
/// dfn : float
///     Degrees of freedom above, positive, not only whole.
/// dfd : float
///     Degrees of freedom below, positive, not only whole.
///
/// Raises
/// ------
/// ValueError
///     If one of them is not positive (1e-20 to 1e20).
///
/// Notes
/// -----
/// Support: x ≥ 0. Mean n/(n−2) for n > 2 (else inf), variance 2n²(m+n−2)/(m(n−2)²(n−4)) for n > 4 (inf for 2 < n ≤ 4, else NaN).
///
/// Relative error below 1e-14 in both tails down to 1e-300, for degrees of freedom from 0.5 to 1e7. Method: the incomplete beta function of
/// y (see ``underhood.special.betainc``).
///
/// Examples
/// --------
/// >>> from underhood.distributions import F
/// >>> round(F(2, 27).sf(3.354130829), 9)
/// 0.05
#[pyclass(module = "underhood.distributions", frozen, eq)]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct F(core::F);

methods! { F {
    #[new]
    fn new(dfn: &Bound<'_, PyAny>, dfd: &Bound<'_, PyAny>) -> Outcome<Self> {
        Ok(F(core::F::new(number("F", "dfn", dfn)?, number("F", "dfd", dfd)?)?))
    }

    /// The degrees of freedom above.
    #[getter]
    fn dfn(&self) -> f64 {
        self.0.dfn()
    }

    /// The degrees of freedom below.
    #[getter]
    fn dfd(&self) -> f64 {
        self.0.dfd()
    }

    fn __repr__(&self) -> String {
        format!("F(dfn={:?}, dfd={:?})", self.0.dfn(), self.0.dfd())
    }

    fn __getnewargs__(&self) -> (f64, f64) {
        (self.0.dfn(), self.0.dfd())
    }
} }

/// Probability distributions.
#[pymodule]
pub(crate) mod distributions {
    #[pymodule_export]
    use super::{ChiSquared, F, Normal, StudentT};
}
