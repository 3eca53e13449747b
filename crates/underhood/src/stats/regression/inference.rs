//! From a solved regression to what can be said about it: sums of squares, standard errors, tests and intervals.
//!
//! Source: W. H. Greene, Econometric Analysis, chapters 4 and 5; names are statsmodels'.

use ndarray::{Array1, Array2, ArrayView1, s};

use super::solved::{Solved, out_of_range, row_lengths};
use super::{Covariance, FUNCTION, LinearRegression, RegressionOptions};
use crate::distributions::{Distribution, F, StudentT};
use crate::double_double::{self, Dd};
use crate::error::{Error, Result};
use crate::linalg;

/// Residuals smaller than this, relative to y's spread, are rounding.
const ROUNDING: f64 = 1e-14;

/// Above this many rows the weights of robust covariances are gathered in products rather than by reflections.
const MANY: usize = 1_000;

/// Rows that are summed together.
const BLOCK: usize = 512;

/// Works out every field of the result.
pub(super) fn infer(
    y: ArrayView1<'_, f64>,
    solved: Solved,
    options: &RegressionOptions<'_>,
) -> Result<LinearRegression> {
    let (n, k) = (y.len(), solved.params.len());
    let (df_resid, df_model) = ((n - k) as f64, (k - usize::from(solved.constant.is_some())) as f64);
    let sums = Sums::of(y, &solved.residuals, solved.constant.is_some());
    if !(sums.total.is_normal() && sums.residual.is_finite()) {
        return Err(out_of_range(FUNCTION, "y"));
    }
    let mse_resid = sums.residual / df_resid;
    let root_cov = root_of_covariance(&solved, &sums, df_resid, options.covariance)?;
    let bse: Array1<f64> = root_cov.rows().into_iter().map(length).collect();
    let cov_params = root_cov.dot(&root_cov.t());
    let params = Array1::from(solved.params.clone());
    let vanished = cov_params.diag().iter().zip(&bse).any(|(&variance, &se)| se > 0.0 && !variance.is_normal());
    if vanished || !params.iter().chain(&cov_params).chain(&bse).all(|v| v.is_finite()) {
        return Err(out_of_range(FUNCTION, "X"));
    }

    let t = StudentT::standard(df_resid)?;
    let critical = t.isf(0.5 * (1.0 - options.confidence_level));
    let tvalues: Array1<f64> = params.iter().zip(&bse).map(|(&b, &se)| statistic(b, se)).collect();
    let pvalues = tvalues.mapv(|value| 2.0 * t.sf(value.abs()));
    let conf_int =
        Array2::from_shape_fn((k, 2), |(i, side)| params[i] + if side == 0 { -critical } else { critical } * bse[i]);

    // Without a coefficient beside the constant there is nothing that could explain.
    let mse_model = if df_model == 0.0 { f64::NAN } else { sums.explained / df_model };
    let (fvalue, f_pvalue) = if df_model == 0.0 {
        (f64::NAN, f64::NAN)
    } else {
        let value = match options.covariance {
            Covariance::Classical => statistic(mse_model, mse_resid),
            _ => wald(&params, &cov_params, solved.constant)? / df_model,
        };
        (value, F::new(df_model, df_resid)?.sf(value))
    };

    let count = n as f64;
    let llf = -0.5 * count * ((2.0 * std::f64::consts::PI).ln() + (sums.residual / count).ln() + 1.0);
    let fittedvalues = y.iter().zip(&solved.residuals).map(|(y, e)| y - e).collect();
    let freedom = count - f64::from(u8::from(solved.constant.is_some()));
    Ok(LinearRegression {
        rsquared: 1.0 - sums.residual / sums.total,
        rsquared_adj: 1.0 - (sums.residual / df_resid) / (sums.total / freedom),
        fvalue,
        f_pvalue,
        mse_resid,
        mse_model,
        ssr: sums.residual,
        ess: sums.explained,
        df_resid,
        df_model,
        llf,
        aic: -2.0 * llf + 2.0 * k as f64,
        bic: -2.0 * llf + count.ln() * k as f64,
        nobs: n,
        scaled_condition_number: scaled_condition_number(&solved),
        perfect_fit: sums.residual.sqrt() <= ROUNDING * sums.total.sqrt(),
        covariance: options.covariance,
        resid: solved.residuals.into(),
        fittedvalues,
        params,
        bse,
        tvalues,
        pvalues,
        conf_int,
        cov_params,
        root: solved.root,
        cov_root: root_cov,
    })
}

/// The three sums of squares, each from its own terms: none is a difference of the other two, so that none loses digits.
struct Sums {
    total: f64,
    residual: f64,
    explained: f64,
}

impl Sums {
    fn of(y: ArrayView1<'_, f64>, residuals: &[f64], around_mean: bool) -> Self {
        let n = y.len();
        let mean = if around_mean {
            let sum = y.iter().fold(Dd::ZERO, |sum, &v| {
                let (high, lost) = double_double::two_sum(sum.high, v);
                Dd { high, low: sum.low + lost }
            });
            let mean = sum.value() / n as f64;
            let left = Dd::from(sum.high) - Dd::product(mean, n as f64);
            (mean, (left.value() + sum.low) / n as f64)
        } else {
            (0.0, 0.0)
        };
        let (mut deviations, mut fitted) = ([0.0; BLOCK], [0.0; BLOCK]);
        let [mut total, mut residual, mut explained] = [Dd::ZERO; 3];
        for (left, from) in residuals.chunks(BLOCK).zip((0..n).step_by(BLOCK)) {
            let (deviations, fitted) = (&mut deviations[..left.len()], &mut fitted[..left.len()]);
            for (i, (&y, e)) in y.slice(s![from..from + left.len()]).iter().zip(left).enumerate() {
                deviations[i] = (y - mean.0) - mean.1;
                fitted[i] = deviations[i] - e;
            }
            total = total + double_double::dot(deviations, deviations);
            residual = residual + double_double::dot(left, left);
            explained = explained + double_double::dot(fitted, fitted);
        }
        Sums { total: total.value(), residual: residual.value(), explained: explained.value() }
    }
}

/// C with cov β = C·Cᵀ, k×k.
fn root_of_covariance(solved: &Solved, sums: &Sums, df_resid: f64, kind: Covariance) -> Result<Array2<f64>> {
    let sigma = (sums.residual / df_resid).sqrt();
    let Some(q) = &solved.q else { return Ok(&solved.inverse_root * sigma) };
    let (n, k) = (solved.residuals.len(), solved.params.len());
    // (ZᵀZ)⁻¹Zᵀ = R⁻¹Qᵀ, so that the sandwich is R⁻¹·(QᵀWQ)·R⁻ᵀ; of W^½Q = U·S only S is needed: the sandwich is (R⁻¹Sᵀ)(R⁻¹Sᵀ)ᵀ.
    let leverages = row_lengths(q, n);
    let mut weighted =
        Array2::from_shape_vec((k, n), q.clone()).unwrap_or_else(|_| unreachable!("q has k columns of n"));
    for (i, (&e, &h)) in solved.residuals.iter().zip(&leverages).enumerate() {
        let factor = match kind {
            Covariance::Classical | Covariance::Hc0 => 1.0,
            Covariance::Hc1 => (n as f64 / df_resid).sqrt(),
            Covariance::Hc2 => 1.0 / left_of(h, i, kind)?.sqrt(),
            Covariance::Hc3 => 1.0 / left_of(h, i, kind)?,
        };
        weighted.column_mut(i).mapv_inplace(|v| v * e * factor);
    }
    // Forming SᵀS squares its condition number, which is that of the weights alone; where that is too much, and where rows are few, S is
    // found by reflections.
    if n > MANY {
        let mut products = Array2::zeros((k, k));
        linalg::gemm(products.view_mut(), weighted.view(), weighted.t());
        if let Ok(lower) = linalg::cholesky(products.view()) {
            return Ok(solved.inverse_root.dot(&lower));
        }
    }
    let triangle = linalg::qr(weighted.t(), linalg::QrMode::Reduced)?.r;
    Ok(solved.inverse_root.dot(&triangle.t()))
}

/// 1 − h, unless the row decides its own fitted value alone.
fn left_of(h: f64, i: usize, kind: Covariance) -> Result<f64> {
    let left = 1.0 - h;
    if left > 1e-12 {
        return Ok(left);
    }
    let problem = format!(
        "is {}, but row {i} of X has leverage 1 (it is fitted exactly, so its error cannot be seen); use HC1 or leave the row out",
        if kind == Covariance::Hc2 { "HC2" } else { "HC3" }
    );
    Err(Error::Invalid { function: FUNCTION, argument: "cov_type", problem })
}

/// bᵀ·C⁻¹·b for the coefficients other than the constant.
fn wald(params: &Array1<f64>, cov: &Array2<f64>, constant: Option<usize>) -> Result<f64> {
    let others: Vec<usize> = (0..params.len()).filter(|&j| Some(j) != constant).collect();
    // Scaled to correlations, so that the columns' units do not matter.
    let scale: Vec<f64> = others.iter().map(|&j| cov[[j, j]].sqrt()).collect();
    if scale.contains(&0.0) {
        return Ok(f64::INFINITY);
    }
    let q = others.len();
    let matrix = Array2::from_shape_fn((q, q), |(i, j)| cov[[others[i], others[j]]] / (scale[i] * scale[j]));
    let b = Array1::from_shape_fn(q, |i| params[others[i]] / scale[i]);
    match linalg::solve(matrix.view(), b.slice(s![..])) {
        Ok(solution) => Ok(b.dot(&solution.x)),
        // Robust covariances of few rows can be singular: no finite statistic exists.
        Err(Error::Singular { .. }) => Ok(f64::INFINITY),
        Err(error) => Err(error),
    }
}

/// An estimate over its standard error; a perfect fit has an error of zero, and the statistic of a zero estimate is then zero.
fn statistic(estimate: f64, error: f64) -> f64 {
    if estimate == 0.0 { 0.0 } else { estimate / error }
}

/// κ in the Frobenius norm of Z with columns of length one: with D their lengths, ‖R·D⁻¹‖² = k, and D·R⁻¹ is summed.
fn scaled_condition_number(solved: &Solved) -> f64 {
    let lengths = solved.root.columns().into_iter().map(length);
    let sum: f64 = lengths.zip(solved.inverse_root.rows()).map(|(column, row)| (column * length(row)).powi(2)).sum();
    (solved.params.len() as f64 * sum).sqrt()
}

/// ‖row‖, by way of the largest entry, so that squares stay in the range of doubles.
pub(in crate::stats) fn length(row: ArrayView1<'_, f64>) -> f64 {
    let largest = row.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * row.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt()
}
