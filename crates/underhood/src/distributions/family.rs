//! Families: how a distribution is made of its parameters, moved, added, and fitted to data.

use ndarray::{Array2, ArrayView1};

use super::{Continuous, Distribution};
use crate::check::{at_least, finite_vector, in_range};
use crate::error::{Error, Result};

/// A family of distributions with named parameters.
pub trait Family: Distribution + Sized {
    /// The name of the family, which is that of its type.
    const NAME: &'static str;

    /// The names of the parameters, in the order in which `new` takes them.
    const PARAMETERS: &'static [&'static str];

    /// The member with these parameters.
    ///
    /// # Errors
    /// If a parameter is out of its range, or the slice is not as long as [`Family::PARAMETERS`].
    fn from_parameters(parameters: &[f64]) -> Result<Self>;

    /// The parameters, in the order of [`Family::PARAMETERS`].
    fn parameters(&self) -> Vec<f64>;

    /// The distribution of scale·X + shift, where it is again one of the family.
    ///
    /// # Errors
    /// If it is not, or its parameters are out of their ranges.
    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        let what = if scale == 1.0 { format!("X + {shift}") } else { format!("{scale}·X + {shift}") };
        Err(not_closed::<Self>("affine", &what))
    }

    /// The distribution of X + Y for an independent Y, where it is again one of the family.
    ///
    /// # Errors
    /// If it is not.
    fn sum(&self, _other: &Self) -> Result<Self> {
        Err(not_closed::<Self>("sum", "the sum of two"))
    }

    /// The member under which the data are most likely (maximum likelihood), among those with the parameters `fixed` by name:
    /// `Normal::fit(x.view(), &[("mu", 0.0)])`.
    ///
    /// # Errors
    /// If a value is not finite or outside every member's support, there are too few values, the likelihood has no maximum, or a
    /// name in `fixed` is not a parameter's.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>>;
}

/// A distribution fitted to data by maximum likelihood, with the uncertainty of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted<D> {
    /// The member of the family under which the data are most likely.
    pub distribution: D,
    /// The large-sample covariance of the estimates: the inverse of the observed information −∂²ln L, with zeros for parameters that
    /// were held fixed. Where the likelihood's maximum is at an edge (a uniform's ends), the family's documentation says what it is.
    pub covariance: Array2<f64>,
    /// ln L at the maximum.
    pub log_likelihood: f64,
    /// How many values there are.
    pub observations: usize,
    /// How many parameters were estimated: those not held fixed.
    pub estimated: usize,
    /// Steps of Newton's method; 0 for a closed form.
    pub iterations: usize,
}

impl<D> Fitted<D> {
    /// The standard errors of the parameters, in their order; 0 for those held fixed.
    pub fn standard_errors(&self) -> Vec<f64> {
        self.covariance.diag().iter().map(|variance| variance.sqrt()).collect()
    }

    /// Akaike's information criterion 2k − 2 ln L for k estimated parameters.
    pub fn aic(&self) -> f64 {
        2.0 * self.estimated as f64 - 2.0 * self.log_likelihood
    }

    /// Schwarz's Bayesian information criterion k ln n − 2 ln L.
    pub fn bic(&self) -> f64 {
        self.estimated as f64 * (self.observations as f64).ln() - 2.0 * self.log_likelihood
    }
}

pub(super) fn not_closed<D: Family>(function: &'static str, what: &str) -> Error {
    let problem =
        format!("is a {0}, and {what} is not one in general; draw from it by rvs and look at the values", D::NAME);
    Error::Invalid { function, argument: "X", problem }
}

/// The parameters as an array of N, or the refusal.
pub(super) fn exactly<D: Family, const N: usize>(parameters: &[f64]) -> Result<[f64; N]> {
    parameters.try_into().map_err(|_| Error::Shape {
        function: D::NAME,
        argument: "parameters",
        shape: vec![parameters.len()],
        expected: format!("{} needs {}", D::NAME, D::PARAMETERS.join(", ")),
    })
}

/// What `fixed` says of each parameter, in their order.
pub(super) fn held<D: Family, const N: usize>(
    function: &'static str,
    fixed: &[(&str, f64)],
) -> Result<[Option<f64>; N]> {
    let mut held = [None; N];
    for (name, value) in fixed {
        let place = D::PARAMETERS.iter().position(|parameter| parameter == name);
        let Some(slot) = place.and_then(|place| held.get_mut(place)) else {
            return Err(Error::UnknownName {
                function,
                argument: "fixed",
                value: (*name).into(),
                allowed: D::PARAMETERS,
            });
        };
        *slot = Some(*value);
    }
    Ok(held)
}

/// Refuses data that are not finite, fewer than `needed`, or for which `inside` does not hold: `expected` says where they must lie.
pub(super) fn observations(
    function: &'static str,
    data: ArrayView1<'_, f64>,
    needed: usize,
    inside: impl Fn(f64) -> bool,
    expected: &'static str,
) -> Result<()> {
    at_least(function, "data", "values", data.len(), needed)?;
    finite_vector(function, "data", data)?;
    match data.iter().position(|x| !inside(*x)) {
        None => Ok(()),
        Some(place) => in_range(function, "data", data[place], false, expected),
    }
}

/// A fit whose estimates come from formulas: the likelihood is the sum of the log densities.
pub(super) fn by_formula<D: Family + Continuous, const N: usize>(
    distribution: D,
    data: ArrayView1<'_, f64>,
    covariance: Array2<f64>,
    held: &[Option<f64>; N],
    iterations: usize,
) -> Fitted<D> {
    let mut logs = data.to_vec();
    distribution.logpdf_in_place(&mut logs);
    Fitted {
        distribution,
        covariance,
        log_likelihood: logs.iter().sum(),
        observations: data.len(),
        estimated: held.iter().filter(|value| value.is_none()).count(),
        iterations,
    }
}

/// The mean, with what rounding left in the sum put back: for the fits.
pub(crate) fn mean(data: ArrayView1<'_, f64>) -> f64 {
    let n = data.len() as f64;
    let first = data.iter().map(|x| x / n).sum::<f64>();
    first + data.iter().map(|x| (x - first) / n).sum::<f64>()
}
