//! From a solved regression to what can be said about it: sums of squares, standard errors, tests and intervals.
//!
//! Source: W. H. Greene, Econometric Analysis, chapters 4 and 5; names are statsmodels'.

use std::borrow::Cow;
use std::cell::Cell;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::solved::{Constant, Solved, out_of_range, row_lengths};
use super::{Covariance, LinearRegression, RegressionOptions};
use crate::distributions::{Distribution, F, StudentT};
use crate::error::{Error, Result};
use crate::{linalg, simd};

/// Residuals smaller than this, relative to y's spread, are rounding.
const ROUNDING: f64 = 1e-14;

/// Rows that are summed together.
const BLOCK: usize = 128;

/// Works out every field of the result; `roots` are those of the weights, none for ordinary least squares.
pub(super) fn infer(
    function: &'static str,
    y: ArrayView1<'_, f64>,
    roots: &[f64],
    mut solved: Solved,
    options: &RegressionOptions<'_>,
) -> Result<LinearRegression> {
    let (n, k) = (y.len(), solved.params.len());
    let has_constant = solved.constant != Constant::Absent;
    let (df_resid, df_model) = ((n - k) as f64, (k - usize::from(has_constant)) as f64);
    let fittedvalues: Array1<f64> = y.iter().zip(&solved.residuals).map(|(y, e)| y - e).collect();
    let sums = Sums::of(y, &solved.residuals, roots, has_constant);
    if !(sums.total.is_normal() && sums.residual.is_finite()) {
        return Err(out_of_range(function, "y"));
    }
    let mse_resid = sums.residual / df_resid;
    let root_cov = root_of_covariance(&mut solved, roots, (mse_resid, df_resid), options.covariance, function)?;
    let bse: Array1<f64> = root_cov.rows().into_iter().map(length).collect();
    let cov_params = times_its_transpose(&root_cov);
    let params = Array1::from(solved.params.clone());
    let vanished = cov_params.diag().iter().zip(&bse).any(|(&variance, &se)| se > 0.0 && !variance.is_normal());
    if vanished || !params.iter().chain(&cov_params).chain(&bse).all(|v| v.is_finite()) {
        return Err(out_of_range(function, "X"));
    }

    let t = StudentT::standard(df_resid)?;
    let critical = critical(&t, df_resid, options.confidence_level);
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
            _ => wald(&params, &cov_params, &solved.constant)? / df_model,
        };
        (value, F::new(df_model, df_resid)?.sf(value))
    };

    let count = n as f64;
    // Half the logarithm of a weight is the logarithm of its root.
    let weighing: f64 = roots.iter().map(|w| w.ln()).sum();
    let llf = weighing - 0.5 * count * ((2.0 * std::f64::consts::PI).ln() + (sums.residual / count).ln() + 1.0);
    let freedom = count - f64::from(u8::from(has_constant));
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
        constant: match solved.constant {
            Constant::Column(column) => Some(column),
            _ => None,
        },
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

/// The quantile that an interval of this level reaches to. It costs more than the whole of a small regression, and many regressions in a row
/// ask for the same one: each thread remembers its last.
fn critical(t: &StudentT, df: f64, level: f64) -> f64 {
    thread_local! {
        static LAST: Cell<(f64, f64, f64)> = const { Cell::new((f64::NAN, f64::NAN, f64::NAN)) };
    }
    let (last_df, last_level, last) = LAST.get();
    if (last_df, last_level) == (df, level) {
        return last;
    }
    let found = t.isf(0.5 * (1.0 - level));
    LAST.set((df, level, found));
    found
}

/// The three sums of squares, each from its own terms: none is a difference of the other two, so that none loses digits.
struct Sums {
    total: f64,
    residual: f64,
    explained: f64,
}

impl Sums {
    fn of(y: ArrayView1<'_, f64>, residuals: &[f64], roots: &[f64], around_mean: bool) -> Self {
        let y: Cow<'_, [f64]> = y.as_slice().map_or_else(|| Cow::Owned(y.to_vec()), Cow::Borrowed);
        let mut weights = [1.0; BLOCK];
        let count = if roots.is_empty() { y.len() as f64 } else { simd::dot(roots, roots) };
        let mut mean = 0.0;
        if around_mean {
            for (from, y) in (0..).step_by(BLOCK).zip(y.chunks(BLOCK)) {
                if !roots.is_empty() {
                    weights.iter_mut().zip(&roots[from..]).for_each(|(weight, w)| *weight = w * w);
                }
                mean += simd::dot(y, &weights[..y.len()]);
            }
            mean /= count;
        }
        // What the mean's own rounding adds is the square of the sum of the deviations, and is taken away.
        let (mut deviations, mut fitted, mut left) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        let [mut total, mut residual, mut explained, mut beside, mut beside_fitted] = [0.0; 5];
        for ((from, y), e) in (0..).step_by(BLOCK).zip(y.chunks(BLOCK)).zip(residuals.chunks(BLOCK)) {
            let (deviations, fitted, left) = (&mut deviations[..y.len()], &mut fitted[..y.len()], &mut left[..y.len()]);
            left.copy_from_slice(e);
            deviations.iter_mut().zip(y).for_each(|(d, y)| *d = y - mean);
            for ((f, d), e) in fitted.iter_mut().zip(&*deviations).zip(e) {
                *f = d - e;
            }
            if !roots.is_empty() {
                let roots = &roots[from..from + y.len()];
                weights.iter_mut().zip(roots).for_each(|(weight, w)| *weight = *w);
                for values in [&mut *deviations, &mut *fitted, &mut *left] {
                    values.iter_mut().zip(roots).for_each(|(v, w)| *v *= w);
                }
            }
            total += simd::dot(deviations, deviations);
            residual += simd::dot(left, left);
            explained += simd::dot(fitted, fitted);
            if around_mean {
                beside += simd::dot(deviations, &weights[..y.len()]);
                beside_fitted += simd::dot(fitted, &weights[..y.len()]);
            }
        }
        total -= beside * beside / count;
        explained -= beside_fitted * beside_fitted / count;
        Sums { total, residual, explained }
    }
}

/// C with cov β = C·Cᵀ, k×k. Takes Q out of the solution.
fn root_of_covariance(
    solved: &mut Solved,
    roots: &[f64],
    (mse_resid, df_resid): (f64, f64),
    kind: Covariance,
    function: &'static str,
) -> Result<Array2<f64>> {
    let Some(q) = solved.q.take() else { return Ok(&solved.inverse_root * mse_resid.sqrt()) };
    let (n, k) = (solved.residuals.len(), solved.params.len());
    // (ZᵀZ)⁻¹Zᵀ = R⁻¹Qᵀ, so that the sandwich is MᵀM for M = W^½·Q·R⁻ᵀ, whose row i is what eᵢ does to each coefficient. Of M = U·C only
    // its triangle is needed. Reflections keep the digits of each column of M by itself, as MᵀM, or the triangle of W^½Q, would not:
    // where errors are small in some rows and large in others, a coefficient of the former has a small standard error.
    let leverages = row_lengths(&q, n);
    let mut weighted = Array2::from_shape_vec((k, n), q).unwrap_or_else(|_| unreachable!("q has k columns of n"));
    for (i, (&e, &h)) in solved.residuals.iter().zip(&leverages).enumerate() {
        let factor = match kind {
            Covariance::Classical | Covariance::Hc0 => 1.0,
            Covariance::Hc1 => (n as f64 / df_resid).sqrt(),
            Covariance::Hc2 => 1.0 / left_of(h, i, kind, function)?.sqrt(),
            Covariance::Hc3 => 1.0 / left_of(h, i, kind, function)?,
        };
        let e = e * roots.get(i).unwrap_or(&1.0);
        weighted.column_mut(i).mapv_inplace(|v| v * e * factor);
    }
    // The columns' units are left out of M, so that it stays in the range of doubles.
    let units: Vec<f64> = solved.inverse_root.rows().into_iter().map(length).collect();
    let inverse = Array2::from_shape_fn((k, k), |(i, j)| solved.inverse_root[[i, j]] / units[i]);
    let mut effects = Array2::zeros((k, n));
    linalg::gemm(effects.view_mut(), inverse.view(), weighted.view());
    let mut root = linalg::qr_triangle(effects.t())?.reversed_axes();
    root.rows_mut().into_iter().zip(units).for_each(|(mut row, unit)| row.mapv_inplace(|v| v * unit));
    Ok(root.as_standard_layout().into_owned())
}

/// 1 − h, unless the row decides its own fitted value alone.
fn left_of(h: f64, i: usize, kind: Covariance, function: &'static str) -> Result<f64> {
    let left = 1.0 - h;
    if left > 1e-12 {
        return Ok(left);
    }
    let problem = format!(
        "is {}, but row {i} has leverage 1 (it is fitted exactly, so its error cannot be seen); use HC1 or leave the row out",
        if kind == Covariance::Hc2 { "HC2" } else { "HC3" }
    );
    Err(Error::Invalid { function, argument: "cov_type", problem })
}

/// The Wald statistic of the hypothesis that nothing but the constant matters.
fn wald(params: &Array1<f64>, cov: &Array2<f64>, constant: &Constant) -> Result<f64> {
    let k = params.len();
    let restrictions = match constant {
        Constant::Absent => Array2::eye(k),
        Constant::Column(column) => {
            let others: Vec<usize> = (0..k).filter(|j| j != column).collect();
            Array2::from_shape_fn((k - 1, k), |(i, j)| f64::from(u8::from(others[i] == j)))
        }
        // Coefficients that are all multiples of the constant's fit nothing but a constant.
        Constant::Made(of) => {
            let pivot = (0..k).fold(0, |best, j| if of[j].abs() > of[best].abs() { j } else { best });
            let others: Vec<usize> = (0..k).filter(|&j| j != pivot).collect();
            Array2::from_shape_fn((k - 1, k), |(i, j)| {
                if j == pivot { -of[others[i]] / of[pivot] } else { f64::from(u8::from(others[i] == j)) }
            })
        }
    };
    wald_statistic(params.view(), cov.view(), restrictions.view())
}

/// (Lβ)ᵀ·(L·cov·Lᵀ)⁻¹·(Lβ) for restrictions L; infinite if the covariance is singular.
pub(super) fn wald_statistic(
    params: ArrayView1<'_, f64>,
    cov: ArrayView2<'_, f64>,
    restrictions: ArrayView2<'_, f64>,
) -> Result<f64> {
    let (b, matrix) = (restrictions.dot(&params), restrictions.dot(&cov).dot(&restrictions.t()));
    // A perfect fit has no errors; what is zero then is zero, as in `statistic`.
    if b.iter().all(|&b| b == 0.0) {
        return Ok(0.0);
    }
    // Scaled to correlations, so that the columns' units do not matter.
    let scale: Vec<f64> = matrix.diag().iter().map(|v| v.sqrt()).collect();
    if scale.contains(&0.0) {
        return Ok(f64::INFINITY);
    }
    let q = b.len();
    let matrix = Array2::from_shape_fn((q, q), |(i, j)| matrix[[i, j]] / (scale[i] * scale[j]));
    let b = Array1::from_shape_fn(q, |i| b[i] / scale[i]);
    match linalg::solve(matrix.view(), b.view()) {
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

/// C·Cᵀ, which is small: a product for each pair of rows costs less than laying them out for a kernel.
fn times_its_transpose(root: &Array2<f64>) -> Array2<f64> {
    let k = root.nrows();
    let mut product = Array2::zeros((k, k));
    for i in 0..k {
        for j in 0..=i {
            let sum: f64 = root.row(i).iter().zip(root.row(j)).map(|(a, b)| a * b).sum();
            (product[[i, j]], product[[j, i]]) = (sum, sum);
        }
    }
    product
}

/// ‖row‖, by way of the largest entry, so that squares stay in the range of doubles.
pub(in crate::stats) fn length(row: ArrayView1<'_, f64>) -> f64 {
    let largest = row.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * row.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt()
}
