//! What single rows and columns do to a regression: residuals in units of their own error, Cook's distances, inflated variances.
//!
//! Source: D. A. Belsley, E. Kuh, R. E. Welsch, Regression Diagnostics, chapters 2 and 3 (Wiley 1980), doi:10.1002/0471725153; R. D. Cook,
//! Technometrics 19 (1977) 15–18, doi:10.2307/1268249.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use crate::check;
use crate::error::{Error, Result};

/// Leverage beyond which a row has no residual to speak of.
const ALL: f64 = 1.0 - 1e-12;

/// How each row stands out. A row of leverage 1 is fitted exactly whatever its y is: its values are NaN. With one residual degree of
/// freedom the other rows have none left, so that s₍ᵢ₎, and with it t and DFFITS, is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// e/(s·√(1 − h)), with s from all rows.
    pub resid_studentized_internal: Array1<f64>,
    /// e/(s₍ᵢ₎·√(1 − h)), with s₍ᵢ₎ from the other rows: Student's t with one degree of freedom less, if the row belongs to the others.
    pub resid_studentized_external: Array1<f64>,
    /// How far all fitted values would move without the row, in units of their error: r²·h/((1 − h)·k).
    pub cooks_distance: Array1<f64>,
    /// How far the row's own fitted value would move, in units of its error: t·√(h/(1 − h)).
    pub dffits: Array1<f64>,
}

/// Works them out of residuals (times the roots of their weights, if there are any), leverages, residual variance, and its degrees of
/// freedom.
///
/// # Errors
/// [`Error::Shape`] when there are not as many leverages as residuals, [`Error::OutOfRange`] for a negative variance.
pub fn influence(
    residuals: ArrayView1<'_, f64>,
    leverage: ArrayView1<'_, f64>,
    mse_resid: f64,
    df_resid: f64,
) -> Result<Influence> {
    const FUNCTION: &str = "influence";
    check::same_length(FUNCTION, ("residuals", residuals.len()), ("leverage", leverage.shape()))?;
    check::in_range(FUNCTION, "mse_resid", mse_resid, mse_resid >= 0.0, "zero or positive")?;
    let n = residuals.len();
    let k = n as f64 - df_resid;
    let [mut internal, mut external, mut cooks, mut dffits] = [(); 4].map(|()| Array1::from_elem(n, f64::NAN));
    for (i, (&e, &h)) in residuals.iter().zip(leverage).enumerate() {
        if h > ALL {
            continue;
        }
        let r = if e == 0.0 { 0.0 } else { e / (mse_resid * (1.0 - h)).sqrt() };
        // s₍ᵢ₎² = s²·(ν − r²)/(ν − 1).
        let left = ((df_resid - r * r) / (df_resid - 1.0)).max(0.0);
        let t = match r {
            _ if df_resid <= 1.0 => f64::NAN,
            0.0 => 0.0,
            _ => r / left.sqrt(),
        };
        (internal[i], external[i]) = (r, t);
        (cooks[i], dffits[i]) = (r * r * h / ((1.0 - h) * k), t * (h / (1.0 - h)).sqrt());
    }
    Ok(Influence {
        resid_studentized_internal: internal,
        resid_studentized_external: external,
        cooks_distance: cooks,
        dffits,
    })
}

/// How many times larger each coefficient's variance is than it would be if its column had nothing to do with the others: 1/(1 − R²ⱼ).
///
/// `root` is R of Z = Q·R; with `constant`, which says which column is the constant, R²ⱼ is measured around means, and the constant has
/// no value of its own in the result.
///
/// # Errors
/// [`Error::Shape`] when R is not square, [`Error::NotFinite`] for missing values, [`Error::Invalid`] for one that is singular.
pub fn variance_inflation(root: ArrayView2<'_, f64>, constant: Option<usize>) -> Result<Array1<f64>> {
    const FUNCTION: &str = "variance_inflation";
    let k = check::square(FUNCTION, "root", root)?;
    check::finite_matrix(FUNCTION, "root", root)?;
    if root.diag().iter().any(|&v| v == 0.0) {
        let problem = "has a zero on its diagonal, so that columns depend on each other".into();
        return Err(Error::Invalid { function: FUNCTION, argument: "root", problem });
    }
    if let Some(column) = constant.filter(|&column| column > 0) {
        // With the constant before the others, what is left of them below the first row is what they are around their means.
        check::in_range(FUNCTION, "constant", column as f64, column < k, "one of the columns")?;
        let order: Vec<usize> = std::iter::once(column).chain((0..k).filter(|&j| j != column)).collect();
        let moved = crate::linalg::qr_triangle(root.select(Axis(1), &order).view())?;
        return variance_inflation(moved.view(), Some(0));
    }
    // Columns scaled to one length have the same values and cannot leave the range of doubles.
    let start = usize::from(constant.is_some());
    let length = |j: usize| (start..=j).map(|i| root[[i, j]]).fold(0.0_f64, f64::hypot);
    let lengths: Vec<f64> = (0..k).map(|j| if j < start { 1.0 } else { length(j) }).collect();
    let mut inverse = Array2::<f64>::zeros((k, k));
    for j in start..k {
        inverse[[j, j]] = lengths[j] / root[[j, j]];
        for i in (start..j).rev() {
            let sum: f64 = (i + 1..=j).map(|l| root[[i, l]] / lengths[l] * inverse[[l, j]]).sum();
            inverse[[i, j]] = -sum * lengths[i] / root[[i, i]];
        }
    }
    // What is not less than one by its meaning is not made less by rounding.
    Ok((start..k).map(|i| (i..k).map(|j| inverse[[i, j]].powi(2)).sum::<f64>().max(1.0)).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::{RegressionOptions, leverage, linear_regression};
    use super::*;

    /// Leaving a row out and fitting again gives what the formulas say.
    #[test]
    fn a_row_left_out_is_what_the_formulas_say() {
        let x = array![[1.0], [2.0], [4.0], [7.0], [9.0]];
        let y = array![1.0, 3.0, 4.0, 9.0, 7.0];
        let fit = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
        let h = leverage(x.view(), None, true).unwrap();
        let found = influence(fit.resid.view(), h.view(), fit.mse_resid, fit.df_resid).unwrap();
        let (few, less) = (array![[1.0], [2.0], [4.0], [9.0]], array![1.0, 3.0, 4.0, 7.0]);
        let without = linear_regression(few.view(), less.view(), &RegressionOptions::default()).unwrap();
        let moved: Vec<f64> = x
            .column(0)
            .iter()
            .zip(&fit.fittedvalues)
            .map(|(x, f)| f - without.params[0] - without.params[1] * x)
            .collect();
        let cook = moved.iter().map(|d| d * d).sum::<f64>() / (2.0 * fit.mse_resid);
        assert!((found.cooks_distance[3] - cook).abs() < 1e-12);
        assert!((found.dffits[3] - moved[3] / (without.mse_resid * h[3]).sqrt()).abs() < 1e-12);
        let t = fit.resid[3] / (without.mse_resid * (1.0 - h[3])).sqrt();
        assert!((found.resid_studentized_external[3] - t).abs() < 1e-12);
        assert!(
            (found.resid_studentized_internal[3] - fit.resid[3] / (fit.mse_resid * (1.0 - h[3])).sqrt()).abs() < 1e-12
        );
    }

    /// Three points and a line: r is ±1 whatever y is, and without a row the others are fitted exactly.
    #[test]
    fn one_degree_of_freedom_leaves_none_to_the_others() {
        let x = array![[1.0], [2.0], [4.0]];
        let fit = linear_regression(x.view(), array![1.0, 3.0, 4.0].view(), &RegressionOptions::default()).unwrap();
        let h = leverage(x.view(), None, true).unwrap();
        let found = influence(fit.resid.view(), h.view(), fit.mse_resid, fit.df_resid).unwrap();
        assert!(found.resid_studentized_external.iter().chain(&found.dffits).all(|v| v.is_nan()));
        assert!(found.resid_studentized_internal.iter().all(|r| (r.abs() - 1.0).abs() < 1e-12));
    }

    /// With two columns, both values are 1/(1 − r²).
    #[test]
    fn inflation_of_two_columns_is_that_of_their_correlation() {
        let x = array![[1.0, 2.0], [2.0, 1.0], [4.0, 3.0], [7.0, 9.0], [9.0, 6.0]];
        let y = array![1.0, 3.0, 4.0, 9.0, 7.0];
        let fit = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
        let found = variance_inflation(fit.root(), fit.constant).unwrap();
        let d = &x - &x.mean_axis(Axis(0)).unwrap();
        let (a, b) = (d.column(0), d.column(1));
        let expected = 1.0 / (1.0 - a.dot(&b).powi(2) / (a.dot(&a) * b.dot(&b)));
        assert!((found[0] / expected - 1.0).abs() < 1e-13 && (found[1] / expected - 1.0).abs() < 1e-13);
        // The constant may stand anywhere.
        let own = ndarray::stack![Axis(1), a, Array1::ones(5), b];
        let options = RegressionOptions { intercept: false, ..RegressionOptions::default() };
        let fit = linear_regression(own.view(), y.view(), &options).unwrap();
        let found = variance_inflation(fit.root(), fit.constant).unwrap();
        assert_eq!((fit.constant, found.len()), (Some(1), 2));
        assert!((found[0] / expected - 1.0).abs() < 1e-13 && (found[1] / expected - 1.0).abs() < 1e-13);
    }
}
