//! The shapes that covariances may have, and the triangle that each is judged by.
//!
//! W is the upper triangle with W·Wᵀ = Σ⁻¹, the transposed inverse of Cholesky's factor: Wᵀ·(x − μ) has independent coordinates of
//! variance 1, and ln det Σ = −2·Σ ln Wⱼⱼ.

use ndarray::{Array2, ArrayView2};

use super::FIT;
use crate::error::{Error, Result};
use crate::linalg;

/// What the covariances of a mixture share. Numbers are laid out row by row, components one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CovarianceType {
    /// Each component has its own matrix: components × features × features.
    Full,
    /// All share one matrix: features × features.
    Tied,
    /// Each has its own variance a feature, and no covariances: components × features.
    Diag,
    /// Each has one variance for all features.
    Spherical,
}

impl std::str::FromStr for CovarianceType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "full" => Ok(CovarianceType::Full),
            "tied" => Ok(CovarianceType::Tied),
            "diag" => Ok(CovarianceType::Diag),
            "spherical" => Ok(CovarianceType::Spherical),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "covariance_type",
                value: name.into(),
                allowed: &["full", "tied", "diag", "spherical"],
            }),
        }
    }
}

impl CovarianceType {
    /// How many numbers hold the covariances.
    pub fn numbers(self, components: usize, columns: usize) -> usize {
        match self {
            CovarianceType::Full => components.saturating_mul(columns).saturating_mul(columns),
            CovarianceType::Tied => columns.saturating_mul(columns),
            CovarianceType::Diag => components.saturating_mul(columns),
            CovarianceType::Spherical => components,
        }
    }

    /// Whether they are whole matrices.
    pub(super) fn is_matrix(self) -> bool {
        matches!(self, CovarianceType::Full | CovarianceType::Tied)
    }
}

/// W of each covariance, laid out alike; 1/σ where there is but a diagonal. `speaker` is the function and the argument that a covariance
/// without an inverse is blamed on.
pub(super) fn roots(
    kind: CovarianceType,
    components: usize,
    columns: usize,
    covariances: &[f64],
    speaker: Option<(&'static str, &'static str)>,
) -> Result<Vec<f64>> {
    let (function, argument) = speaker.unwrap_or((FIT, "precisions_init"));
    let refuse = |place: usize| {
        let which = match kind {
            CovarianceType::Tied => "the shared covariance".to_string(),
            CovarianceType::Full | CovarianceType::Spherical => format!("the covariance of component {place}"),
            CovarianceType::Diag => format!("the covariance of component {}", place / columns),
        };
        let problem = if speaker.is_some() {
            let fewer = if components > 1 { "fewer components, " } else { "" };
            format!(
                "gives {which} no inverse: its rows are too few, equal, or their columns depend on one another. \
                 Take {fewer}a larger reg_covar, or scale the columns"
            )
        } else {
            format!("is not positive definite in {which}")
        };
        Error::Invalid { function, argument, problem }
    };
    if !kind.is_matrix() {
        let root = |(place, &v): (usize, &f64)| {
            if v >= f64::MIN_POSITIVE && v.is_finite() { Ok(1.0 / v.sqrt()) } else { Err(refuse(place)) }
        };
        return covariances.iter().enumerate().map(root).collect();
    }
    let mut out = Vec::with_capacity(covariances.len());
    for (place, values) in covariances.chunks_exact(columns * columns).enumerate() {
        let matrix = ArrayView2::from_shape((columns, columns), values).map_err(|_| refuse(place))?;
        let factor = linalg::cholesky_of(matrix, linalg::Triangle::Lower).map_err(|_| refuse(place))?;
        let inverse = lower_inverse(&factor);
        if !inverse.iter().all(|v| v.is_finite()) {
            return Err(refuse(place));
        }
        out.extend(inverse.t().iter());
    }
    Ok(out)
}

/// L⁻¹, row by row: row i is (eᵢ − Σ_{j<i} lᵢⱼ·row j)/lᵢᵢ.
fn lower_inverse(l: &Array2<f64>) -> Array2<f64> {
    let n = l.nrows();
    let mut inverse = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        let (done, mut rest) = inverse.view_mut().split_at(ndarray::Axis(0), i);
        let mut row = rest.row_mut(0);
        row[i] = 1.0;
        for (j, known) in done.outer_iter().enumerate() {
            row.scaled_add(-l[(i, j)], &known);
        }
        row /= l[(i, i)];
    }
    inverse
}

/// W·Wᵀ of each W, or its square where it is a number.
pub(super) fn squares(kind: CovarianceType, columns: usize, roots: &[f64]) -> Vec<f64> {
    if !kind.is_matrix() {
        return roots.iter().map(|w| w * w).collect();
    }
    let mut out = Vec::with_capacity(roots.len());
    for values in roots.chunks_exact(columns * columns) {
        if let Ok(w) = ArrayView2::from_shape((columns, columns), values) {
            let mut square = Array2::zeros((columns, columns));
            linalg::gemm(square.view_mut(), w, w.t());
            out.extend((0..columns * columns).map(|place| {
                let (i, j) = (place / columns, place % columns);
                square[(i.min(j), i.max(j))]
            }));
        }
    }
    out
}

/// The covariances whose inverses are given.
pub(super) fn inverted(
    kind: CovarianceType,
    components: usize,
    columns: usize,
    precisions: &[f64],
) -> Result<Vec<f64>> {
    if kind.is_matrix() {
        for values in precisions.chunks_exact(columns * columns) {
            let matrix = ArrayView2::from_shape((columns, columns), values);
            let symmetric = matrix.map(|m| linalg::is_symmetric(m, Some(1e-8)));
            if !matches!(symmetric, Ok(Ok(true))) {
                let problem = "is not symmetric".into();
                return Err(Error::Invalid { function: FIT, argument: "precisions_init", problem });
            }
        }
    }
    let roots = roots(kind, components, columns, precisions, None)?;
    Ok(squares(kind, columns, &roots))
}
