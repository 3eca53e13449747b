//! Data in a standard form for the fits of families with a location and a scale: u = (x − centre)/spread.
//!
//! Likelihoods are maximised over u, where all numbers are of ordinary size, and the estimates moved back: loc = centre + spread·loc′,
//! scale = spread·scale′, and ln L less n ln(spread) (the density of x is that of u over the spread).

use ndarray::{Array2, ArrayView1};

use super::family::observations;
use super::likelihood::{Domain, Likelihood, Maximum, maximize};
use super::{Family, Fitted};
use crate::error::{Error, Result};

/// What stands for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Half the distance of the quartiles, which outliers do not move (the mean absolute deviation if that is 0).
    Quartiles,
    /// The standard deviation.
    Deviation,
}

/// Data in standard form.
#[derive(Debug, Clone)]
pub(super) struct StandardForm {
    /// The values in rising order, u = (x − centre)/spread.
    pub(super) values: Vec<f64>,
    pub(super) centre: f64,
    pub(super) spread: f64,
}

impl StandardForm {
    /// # Errors
    /// If a value is not finite, there are fewer than two, all are equal, or their distances leave the range in which squares are doubles.
    pub(super) fn of(function: &'static str, data: ArrayView1<'_, f64>, unit: Unit) -> Result<StandardForm> {
        observations(function, data, 2, |_| true, "")?;
        let mut values = data.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        let centre = values[n / 2];
        let farthest = (centre - values[0]).max(values[n - 1] - centre);
        if farthest == 0.0 {
            let consequence = "the likelihood rises without bound as the scale goes to 0";
            return Err(Error::Constant { function, argument: "data", value: centre, consequence });
        }
        if !(1e-140..=1e150).contains(&farthest) {
            return Err(out_of_range(function, farthest));
        }
        let mean_of =
            |f: &dyn Fn(f64) -> f64| values.iter().map(|x| f((x - centre) / farthest)).sum::<f64>() / n as f64;
        let quartile = |share: f64| values[((n - 1) as f64 * share).round() as usize];
        let mut spread = match unit {
            Unit::Quartiles => 0.5 * (quartile(0.75) - quartile(0.25)),
            Unit::Deviation => {
                let mean = mean_of(&|u| u);
                farthest * mean_of(&|u| (u - mean) * (u - mean)).sqrt()
            }
        };
        if spread == 0.0 {
            spread = farthest * mean_of(&f64::abs);
        }
        if !(1e-140..=1e150).contains(&spread) {
            return Err(out_of_range(function, spread));
        }
        values.iter_mut().for_each(|x| *x = (*x - centre) / spread);
        Ok(StandardForm { values, centre, spread })
    }

    /// A location and a scale that are held, in standard form.
    pub(super) fn held(&self, [loc, scale]: [Option<f64>; 2]) -> [Option<f64>; 2] {
        [loc.map(|loc| (loc - self.centre) / self.spread), scale.map(|scale| scale / self.spread)]
    }

    /// The value that occurs most often, in standard form, and how often.
    pub(super) fn most_frequent(&self) -> (f64, usize) {
        let mut most = (self.values[0], 0);
        for run in self.values.chunk_by(|a, b| a == b) {
            if run.len() > most.1 {
                most = (run[0], run.len());
            }
        }
        most
    }

    /// How often a value in standard form occurs.
    pub(super) fn count(&self, value: f64) -> usize {
        self.values.iter().filter(|u| **u == value).count()
    }

    /// A family's member out of a maximum in standard form, whose parameters number `place` and `place + 1` are location and scale.
    pub(super) fn fitted<D: Family, const N: usize>(
        &self,
        mut maximum: Maximum<N>,
        held: &[Option<f64>; N],
        place: usize,
    ) -> Result<Fitted<D>> {
        let n = self.values.len();
        maximum.parameters[place] = self.centre + self.spread * maximum.parameters[place];
        maximum.parameters[place + 1] *= self.spread;
        for (parameter, held) in maximum.parameters.iter_mut().zip(held) {
            *parameter = held.unwrap_or(*parameter);
        }
        let unit = |i: usize| if i < place { 1.0 } else { self.spread };
        Ok(Fitted {
            distribution: D::from_parameters(&maximum.parameters)?,
            covariance: Array2::from_shape_fn((N, N), |(i, j)| maximum.covariance[[i, j]] * unit(i) * unit(j)),
            log_likelihood: maximum.log_likelihood - n as f64 * self.spread.ln(),
            observations: n,
            estimated: held.iter().filter(|value| value.is_none()).count(),
            iterations: maximum.iterations,
        })
    }

    /// The fit of a family with the density e^g(z)/scale, z = (x − loc)/scale, by Newton's method; `g` gives g and its first two derivatives.
    pub(super) fn fit<D: Family>(
        &self,
        function: &'static str,
        held: &[Option<f64>; 2],
        start: [f64; 2],
        g: impl Fn(f64) -> [f64; 3],
    ) -> Result<Fitted<D>> {
        let domains = [Domain::Real, Domain::Positive];
        let maximum = maximize(function, start, &self.held(*held), domains, |parameters| {
            likelihood(&self.values, parameters, &g)
        })?;
        self.fitted(maximum, held, 0)
    }
}

/// ln L and its derivatives in location and scale, for a density e^g(z)/scale.
pub(super) fn likelihood(values: &[f64], &[loc, scale]: &[f64; 2], g: impl Fn(f64) -> [f64; 3]) -> Likelihood<2> {
    let n = values.len() as f64;
    let (mut value, mut slope, mut along, mut bend, mut cross, mut square) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for u in values {
        let z = (u - loc) / scale;
        let [g, first, second] = g(z);
        value += g;
        slope += first;
        along += z * first;
        bend += second;
        cross += first + z * second;
        square += z * (2.0 * first + z * second);
    }
    let (one, two) = (1.0 / scale, 1.0 / (scale * scale));
    Likelihood {
        value: value - n * scale.ln(),
        gradient: [-slope * one, -(along + n) * one],
        hessian: [[bend * two, cross * two], [cross * two, (square + n) * two]],
    }
}

fn out_of_range(function: &'static str, size: f64) -> Error {
    let problem = format!(
        "have a spread of {size:e}, whose square (the scale of the estimates' variances) is beyond the range of doubles; \
         divide them by a power of ten first"
    );
    Error::Invalid { function, argument: "data", problem }
}

/// The refusal of data of which so many are equal that the likelihood has no maximum.
pub(super) fn too_many_equal(function: &'static str, value: f64, count: usize, of: usize) -> Error {
    let problem = format!(
        "have {count} of {of} values equal to {value}: the likelihood rises without bound as the scale goes to 0; hold the scale fixed"
    );
    Error::Invalid { function, argument: "data", problem }
}
