//! Fitting the multivariate normal distribution: the sample's mean and covariance are the estimates of maximum likelihood
//! (T. W. Anderson 2003, §3.2), and their large-sample errors are known (§3.4).

use ndarray::{Array1, Array2, ArrayView2};

use super::{Multivariate, MultivariateNormal};
use crate::check;
use crate::error::Result;

/// A multivariate normal distribution fitted to data.
#[derive(Debug, Clone, PartialEq)]
pub struct MultivariateNormalFit {
    /// The distribution under which the data are most likely.
    pub distribution: MultivariateNormal,
    /// √(Σᵢᵢ/n).
    pub mean_errors: Array1<f64>,
    /// √((ΣᵢᵢΣⱼⱼ + Σᵢⱼ²)/n).
    pub covariance_errors: Array2<f64>,
    /// ln L at the maximum.
    pub log_likelihood: f64,
    /// How many points there are.
    pub observations: usize,
}

impl MultivariateNormal {
    /// The distribution under which the rows of `data` are most likely: their mean x̄, and Σ(x − x̄)(x − x̄)ᵀ/n (not n − 1).
    ///
    /// # Errors
    /// If a value is not finite, there are not more rows than columns, or a column is constant or a linear combination of others.
    pub fn fit(data: ArrayView2<'_, f64>) -> Result<MultivariateNormalFit> {
        const FUNCTION: &str = "MultivariateNormal.fit";
        check::at_least(FUNCTION, "data", "columns", data.ncols(), 1)?;
        check::at_least(FUNCTION, "data", "rows", data.nrows(), data.ncols() + 1)?;
        check::finite_matrix(FUNCTION, "data", data)?;
        let (n, size) = (data.nrows() as f64, data.ncols());
        let mean: Array1<f64> = data.columns().into_iter().map(crate::distributions::family::mean).collect();
        // Columns in units of their largest deviation, so that no square over- or underflows.
        let mut deviations = Array2::zeros((size, data.nrows()));
        let mut units = Array1::ones(size);
        for (i, mut row) in deviations.rows_mut().into_iter().enumerate() {
            row.iter_mut().zip(data.column(i)).for_each(|(d, x)| *d = x - mean[i]);
            let largest = row.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
            if largest > 0.0 {
                units[i] = largest;
                row.mapv_inplace(|d| d / largest);
            }
        }
        let mut covariance = deviations.dot(&deviations.t());
        for ((i, j), v) in covariance.indexed_iter_mut() {
            *v = *v / n * units[i] * units[j];
        }
        check::finite_matrix(FUNCTION, "data", covariance.view())?;
        let distribution = MultivariateNormal::checked(FUNCTION, "data", mean, covariance)?;
        let covariance = distribution.covariance();
        let mean_errors = covariance.diag().mapv(|v| (v / n).sqrt());
        let covariance_errors = Array2::from_shape_fn(covariance.raw_dim(), |(i, j)| {
            let (product, own) = (covariance[[i, i]].sqrt() * covariance[[j, j]].sqrt(), covariance[[i, j]]);
            product.hypot(own) / n.sqrt()
        });
        // The squared distances add up to n·d.
        let log_likelihood = -n * distribution.entropy();
        Ok(MultivariateNormalFit {
            distribution,
            mean_errors,
            covariance_errors,
            log_likelihood,
            observations: data.nrows(),
        })
    }
}
