//! From the maximum of the likelihood to what can be said about it: standard errors, tests, intervals, and comparison with the null model.
//!
//! Source: P. McCullagh and J. A. Nelder, Generalized Linear Models, chapters 2, 4 and 6; names are statsmodels'.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::family::{Family, Goodness};
use super::information::Information;
use super::iterate::{Optimum, Problem};
use super::separation::outlying;
use super::{Covariance, GeneralisedLinearModel, GlmOptions};
use crate::distributions::{ChiSquared, Distribution, Normal};
use crate::error::{Error, Result};
use crate::linalg;
use crate::stats::regression::inference::length;
use crate::stats::regression::solved::out_of_range;

/// Works out every field of the result.
pub(super) fn infer(
    function: &'static str,
    problem: &Problem<'_>,
    optimum: Optimum,
    options: &GlmOptions<'_>,
) -> Result<GeneralisedLinearModel> {
    let basis = problem.basis;
    let (n, k) = (basis.rows, basis.columns);
    let params = basis.transform.dot(&ArrayView1::from(&optimum.theta[..k]));
    let cov_root = root_of_covariance(problem, &optimum, options.covariance)?;
    let bse: Array1<f64> = cov_root.rows().into_iter().map(length).collect();
    let cov_params = cov_root.dot(&cov_root.t());
    let vanished = cov_params.diag().iter().zip(&bse).any(|(&variance, &se)| se > 0.0 && !variance.is_normal());
    if vanished || !params.iter().chain(&cov_params).chain(&bse).all(|v| v.is_finite()) {
        return Err(out_of_range(function, "X"));
    }
    let normal = Normal::standard();
    let critical = normal.isf(0.5 * (1.0 - options.confidence_level));
    let zvalues: Array1<f64> = params.iter().zip(&bse).map(|(b, se)| if *b == 0.0 { 0.0 } else { b / se }).collect();
    let pvalues = zvalues.mapv(|z| 2.0 * normal.sf(z.abs()));
    let conf_int =
        Array2::from_shape_fn((k, 2), |(i, side)| params[i] + if side == 0 { -critical } else { critical } * bse[i]);

    let goodness = problem.family.goodness(&optimum.eta, problem.y);
    let null = null_model(problem);
    let (df_resid, df_model) = ((n - k) as f64, (k - usize::from(basis.constant)) as f64);
    // Rounding can put a model that explains nothing below the null model.
    let llr = (null.deviance - goodness.deviance).max(0.0);
    let llr_pvalue = if df_model == 0.0 { f64::NAN } else { ChiSquared::new(df_model)?.sf(llr) };
    let llf = goodness.log_likelihood;
    Ok(GeneralisedLinearModel {
        params,
        bse,
        zvalues,
        pvalues,
        conf_int,
        cov_params,
        cov_root,
        linear_predictor: optimum.eta.into(),
        llf,
        llnull: null.log_likelihood,
        prsquared: 1.0 - llf / null.log_likelihood,
        llr,
        llr_pvalue,
        deviance: goodness.deviance,
        null_deviance: null.deviance,
        pearson_chi2: goodness.pearson,
        aic: -2.0 * llf + 2.0 * k as f64,
        bic: -2.0 * llf + (n as f64).ln() * k as f64,
        nobs: n,
        df_resid,
        df_model,
        scaled_condition_number: basis.condition,
        iterations: optimum.iterations,
        converged: optimum.converged,
        family: problem.family,
    })
}

/// C with cov β = C·Cᵀ, k×k.
fn root_of_covariance(problem: &Problem<'_>, optimum: &Optimum, kind: Covariance) -> Result<Array2<f64>> {
    let (basis, bread) = (problem.basis, optimum.information.inverse_root());
    let root = basis.transform.dot(&bread);
    let factor = match kind {
        Covariance::Classical => return Ok(root),
        Covariance::Hc0 => 1.0,
        Covariance::Hc1 => (basis.rows as f64 / (basis.rows - basis.columns) as f64).sqrt(),
    };
    // H⁻¹·S·H⁻¹ with S = M·Mᵀ has the root H⁻¹·M.
    let meat = problem.squared_scores(&optimum.eta);
    let (width, k) = (basis.width, basis.columns);
    let meat_root = match Information::of(&meat, width, k) {
        Some(found) => found.lower(),
        // Few rows need not span all directions: the eigenvectors do for any matrix.
        None => {
            let full = Array2::from_shape_fn((k, k), |(i, j)| meat[i.min(j) * width + i.max(j)]);
            let eigen = linalg::eigh(full.view(), linalg::Triangle::Lower)?;
            eigen.vectors * eigen.values.mapv(|v| v.max(0.0).sqrt())
        }
    };
    Ok(root.dot(&bread.t().dot(&meat_root)) * factor)
}

/// The model with a constant only, or, where there is no constant, with nothing but the offset.
fn null_model(problem: &Problem<'_>) -> Goodness {
    let (y, n) = (problem.y, problem.y.len());
    let total: f64 = y.iter().sum();
    let constant = match (problem.family, problem.basis.constant) {
        (_, false) => 0.0,
        (Family::Binomial, true) => (total / (n as f64 - total)).ln(),
        (Family::Poisson, true) => {
            let largest = problem.offset.map_or(0.0, |o| o.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            let exposed: f64 = problem.offset.map_or(n as f64, |o| o.iter().map(|o| libm::exp(o - largest)).sum());
            (total / exposed).ln() - largest
        }
    };
    if problem.family == Family::Binomial && problem.offset.is_none() {
        // All rows with a yes are alike, and all others.
        let of = |y: f64| problem.family.goodness(&[constant], &[y]);
        let (yes, no, yes_count, no_count) = (of(1.0), of(0.0), total, n as f64 - total);
        let both = |value: fn(&Goodness) -> f64| yes_count * value(&yes) + no_count * value(&no);
        return Goodness {
            log_likelihood: both(|g| g.log_likelihood),
            deviance: both(|g| g.deviance),
            pearson: both(|g| g.pearson),
        };
    }
    let eta: Vec<f64> = match problem.offset {
        Some(offset) => offset.iter().map(|o| o + constant).collect(),
        None => vec![constant; n],
    };
    problem.family.goodness(&eta, y)
}

/// The refusal of a value so far from the others of its column that the iteration does not end.
pub(super) fn outlier(function: &'static str, x: ArrayView2<'_, f64>) -> Option<Error> {
    let (j, row) = (0..x.ncols()).find_map(|j| outlying(x.column(j)).map(|row| (j, row)))?;
    let problem = format!(
        "holds {:e} at row {row} of column {j}, so far from that column's other values that rounding stops the iteration; is it an outlier?",
        x[[row, j]]
    );
    Some(Error::Invalid { function, argument: "X", problem })
}

/// The refusal of an iteration that neither ends nor runs along a direction: rounding of extreme numbers has taken its place.
pub(super) fn not_converged(function: &'static str, x: ArrayView2<'_, f64>) -> Error {
    if let Some(error) = outlier(function, x) {
        return error;
    }
    let problem = "holds, or y, the offset or the exposure do, numbers so far apart that no step raises the likelihood, though its \
                   slope is not zero; look for values that are not of this world, or change units"
        .into();
    Error::Invalid { function, argument: "X", problem }
}
