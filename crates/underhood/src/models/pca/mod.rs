//! Principal components: the orthogonal directions along which rows vary most.
//!
//! Of the centred rows X̃ = U·S·Vᵀ the components are the rows of Vᵀ, and sᵢ²/(n − 1) is the variance along each (Pearson 1901,
//! doi:10.1080/14786440109462720; Hotelling 1933, doi:10.1037/h0071325). V and S are those of any R with RᵀR = X̃ᵀX̃ as well. With many
//! rows R is the Cholesky factor of X̃ᵀX̃, which one pass over the data gathers, as long as the condition number of the
//! correlations says that it is as good as the R of Householder's reflections; where it is not, reflections make R of a centred copy
//! (T. Chan 1982, doi:10.1145/355984.355990). Eigenvalues of the covariance would lose the small components: they are good to ε times the
//! largest variance, where singular values of R are good to ε² times it.

mod project;
mod spread;

use ndarray::{Array1, Array2, ArrayView2, s};

use super::frame::Frame;
use super::rows::Rows;
use crate::check;
use crate::error::Error;
use crate::linalg::{self, Triangle};

pub use self::project::{PcaModel, PcaScores};

const FIT: &str = "PCA.fit";

/// How many components are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Components {
    /// As many as there can be: the smaller of rows and columns.
    All,
    /// So many.
    Count(usize),
    /// As few as explain more than this share of the variance.
    Share(f64),
}

/// How the components are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PcaSolver {
    /// Through X̃ᵀX̃ where that loses nothing, else through reflections.
    Auto,
    /// Singular values of the centred rows, by reflections.
    Full,
    /// Eigenvalues of the covariance matrix, whatever they lose.
    CovarianceEigh,
}

impl std::str::FromStr for PcaSolver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "auto" => Ok(PcaSolver::Auto),
            "full" => Ok(PcaSolver::Full),
            "covariance_eigh" => Ok(PcaSolver::CovarianceEigh),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "svd_solver",
                value: name.into(),
                allowed: &["auto", "full", "covariance_eigh"],
            }),
        }
    }
}

/// How principal components are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// How many are kept.
    pub components: Components,
    /// How they are computed.
    pub solver: PcaSolver,
}

/// The way that was taken to the singular values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PcaWay {
    /// Cholesky's factor of X̃ᵀX̃.
    Cholesky,
    /// Reflections of the centred rows.
    Reflections,
    /// Eigenvalues of the covariance matrix.
    Covariance,
}

impl PcaWay {
    /// A word for programs: `cholesky`, `reflections` or `covariance_eigh`.
    pub fn name(self) -> &'static str {
        match self {
            PcaWay::Cholesky => "cholesky",
            PcaWay::Reflections => "reflections",
            PcaWay::Covariance => "covariance_eigh",
        }
    }
}

/// Fitted principal components.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PcaFit {
    /// Mean of each column.
    pub mean: Vec<f64>,
    /// Orthonormal rows: components × features. In each the entry of the largest size is positive (the first of those equally large).
    pub components: Array2<f64>,
    /// Variance along each component, divisor n − 1, falling.
    pub variance: Array1<f64>,
    /// Its share of the total variance; 0 where all rows are equal.
    pub ratio: Array1<f64>,
    /// Singular values of the centred rows.
    pub singular_values: Array1<f64>,
    /// Mean variance along the directions that were left out.
    pub noise_variance: f64,
    /// Variances of all directions, kept or not.
    pub all_variances: Array1<f64>,
    /// The way that was taken.
    pub way: PcaWay,
    /// Condition number of the correlation matrix, where it was formed; infinite if it is singular.
    pub condition: Option<f64>,
}

/// Singular values and right singular vectors of the centred rows.
struct Directions {
    s: Array1<f64>,
    vh: Array2<f64>,
    way: PcaWay,
    condition: Option<f64>,
}

/// Beyond this condition number of the correlations Cholesky's factor is not taken for R: the relative error of a singular value is
/// up to ε times it.
const WELL_CONDITIONED: f64 = 1e4;

impl Pca {
    /// Finds the components. `checkpoint` is called every few milliseconds of the pass over the data.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Components, Pca, PcaSolver};
    ///
    /// let x = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
    /// let fit = Pca { components: Components::All, solver: PcaSolver::Auto }.fit(x.view(), || Ok::<(), Error>(()))?;
    /// // All variance lies along (1, 2)/√5.
    /// assert!((fit.variance[0] - 5.0).abs() < 1e-14 && fit.variance[1].abs() < 1e-14);
    /// assert!((fit.components[(0, 1)] - 2.0 / 5_f64.sqrt()).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` has fewer than two rows, holds a NaN or an infinity, or values whose variance overflows; more components than rows or columns are
    /// asked for, or a share that is not between 0 and 1; what `checkpoint` returns.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<PcaFit, E> {
        let rows = Rows::new(FIT, x)?;
        self.check(&rows)?;
        let (n, p) = (rows.count, rows.columns);
        let mut scatter = None;
        let (mut mean, unit) = if n >= p && self.solver != PcaSolver::Full {
            let found = spread::scatter(FIT, &rows, &mut checkpoint)?;
            let place = (found.mean.clone(), found.unit);
            scatter = Some(found);
            place
        } else {
            let (frame, survey) = Frame::of(FIT, &rows)?;
            (frame.back(&survey.mean), frame.unit())
        };
        for (j, m) in mean.iter_mut().enumerate().filter(|(j, _)| is_constant(&rows, *j)) {
            *m = rows.row(0)[j];
        }
        let directions = match (&scatter, self.solver) {
            (Some(scatter), PcaSolver::CovarianceEigh) => through_covariance(&scatter.matrix)?,
            (Some(scatter), _) => match through_cholesky(&scatter.matrix)? {
                Ok(directions) => directions,
                Err(condition) => through_reflections(&rows, &mean, unit, Some(condition))?,
            },
            (None, PcaSolver::CovarianceEigh) => {
                let problem =
                    format!("is covariance_eigh, which needs at least as many rows as columns, but X is {n}×{p}");
                return Err(Error::Invalid { function: FIT, argument: "svd_solver", problem }.into());
            }
            (None, _) => through_reflections(&rows, &mean, unit, None)?,
        };
        Ok(self.assemble(&rows, mean, unit, directions)?)
    }

    fn check(&self, rows: &Rows<'_>) -> Result<(), Error> {
        if rows.count < 2 {
            let problem = "has 1 row (n_samples = 1), but a variance needs at least 2".into();
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        match self.components {
            Components::All => Ok(()),
            Components::Count(count) => {
                let most = rows.count.min(rows.columns);
                if (1..=most).contains(&count) {
                    return Ok(());
                }
                let problem = format!(
                    "is {count}, but X is {}×{}: it must be between 1 and {most}, the smaller of rows and columns",
                    rows.count, rows.columns
                );
                Err(Error::Invalid { function: FIT, argument: "n_components", problem })
            }
            Components::Share(share) => {
                let holds = share > 0.0 && share < 1.0;
                check::in_range(FIT, "n_components", share, holds, "a whole number, or a share between 0 and 1")
            }
        }
    }

    fn assemble(&self, rows: &Rows<'_>, mean: Vec<f64>, unit: f64, found: Directions) -> Result<PcaFit, Error> {
        let freedom = (rows.count - 1) as f64;
        let s = found.s.mapv(|s| s * unit);
        let all = found.s.mapv(|s| (s * unit / freedom.sqrt()).powi(2));
        let total: f64 = all.sum();
        if !total.is_finite() {
            let problem = "holds values so large that their variance overflows; divide it by its scale first".into();
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        // From the singular values, whose squares are comparable where those in the caller's units vanish.
        let relative = found.s.mapv(|s| s * s);
        let whole = relative.sum();
        let ratio = relative.mapv(|v| if whole > 0.0 { v / whole } else { 0.0 });
        let count = match self.components {
            Components::All => all.len(),
            Components::Count(count) => count,
            Components::Share(share) => {
                let mut so_far = 0.0;
                let enough = ratio.iter().position(|r| {
                    so_far += r;
                    so_far > share
                });
                enough.map_or(all.len(), |place| place + 1)
            }
        };
        let mut components = found.vh.slice(s![..count, ..]).to_owned();
        components.outer_iter_mut().filter(|row| points_back(row.iter().copied())).for_each(|mut row| {
            row.mapv_inplace(|v| -v + 0.0);
        });
        let left_out = all.slice(s![count..]);
        let noise_variance = if left_out.is_empty() { 0.0 } else { left_out.sum() / left_out.len() as f64 };
        Ok(PcaFit {
            mean,
            components,
            variance: all.slice(s![..count]).to_owned(),
            ratio: ratio.slice(s![..count]).to_owned(),
            singular_values: s.slice(s![..count]).to_owned(),
            noise_variance,
            all_variances: all,
            way: found.way,
            condition: found.condition,
        })
    }
}

/// Whether a column holds one number only.
fn is_constant(rows: &Rows<'_>, column: usize) -> bool {
    let first = rows.row(0)[column];
    rows.values().iter().skip(column).step_by(rows.columns).all(|&v| v == first)
}

/// Whether the entry of the largest size is negative; of those that rounding cannot tell apart the first decides.
fn points_back(row: impl Iterator<Item = f64> + Clone) -> bool {
    let largest = row.clone().fold(0.0_f64, |most, v| most.max(v.abs()));
    row.into_iter().find(|v| v.abs() >= largest * (1.0 - 1e-12)).is_some_and(|v| v < 0.0)
}

/// The singular values of Cholesky's factor, or the condition number that forbids it.
fn through_cholesky(scatter: &Array2<f64>) -> Result<Result<Directions, f64>, Error> {
    let spread: Vec<f64> = scatter.diag().iter().map(|v| v.sqrt()).collect();
    if spread.iter().any(|s| !(*s > 0.0)) {
        return Ok(Err(f64::INFINITY));
    }
    let correlations =
        Array2::from_shape_fn(
            scatter.raw_dim(),
            |(i, j)| {
                if i == j { 1.0 } else { scatter[(i, j)] / spread[i] / spread[j] }
            },
        );
    let values = linalg::eigvalsh(correlations.view(), Triangle::Lower)?;
    let (least, most) = (values[0], values[values.len() - 1]);
    let condition = if least > 0.0 { most / least } else { f64::INFINITY };
    if !(condition <= WELL_CONDITIONED) {
        return Ok(Err(condition));
    }
    // L of the correlations and not of the scatter itself, so that a column of small numbers keeps its digits.
    let mut factor = linalg::cholesky_of(correlations.view(), Triangle::Lower)?;
    factor.outer_iter_mut().zip(&spread).for_each(|(mut row, s)| row *= *s);
    let linalg::Svd { s, vh, .. } = linalg::svd(factor.t(), false, false)?;
    Ok(Ok(Directions { s, vh, way: PcaWay::Cholesky, condition: Some(condition) }))
}

/// The singular values of a centred copy of the rows.
fn through_reflections(rows: &Rows<'_>, mean: &[f64], unit: f64, condition: Option<f64>) -> Result<Directions, Error> {
    let (n, p) = (rows.count, rows.columns);
    check::room(FIT, "centred copy of X", &[n, p])?;
    let scale = 1.0 / unit;
    let values = rows.values().chunks_exact(p);
    let centred: Vec<f64> = values.flat_map(|row| row.iter().zip(mean).map(|(x, m)| (x - m) * scale)).collect();
    let centred = Array2::from_shape_vec((n, p), centred).unwrap_or_default();
    let linalg::Svd { s, vh, .. } = if n > p {
        linalg::svd(linalg::qr_triangle(centred.view())?.view(), false, false)?
    } else {
        linalg::svd(centred.view(), false, false)?
    };
    Ok(Directions { s, vh, way: PcaWay::Reflections, condition })
}

/// The eigenvalues of the scatter matrix, falling, as singular values; what rounding has made negative is 0.
fn through_covariance(scatter: &Array2<f64>) -> Result<Directions, Error> {
    let linalg::SymmetricEigen { values, vectors } = linalg::eigh(scatter.view(), Triangle::Lower)?;
    let s = values.slice(s![..;-1]).mapv(|v| v.max(0.0).sqrt());
    let vh = vectors.slice(s![.., ..;-1]).t().to_owned();
    Ok(Directions { s, vh, way: PcaWay::Covariance, condition: None })
}

#[cfg(test)]
mod tests;
