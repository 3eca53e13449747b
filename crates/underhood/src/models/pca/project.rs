//! Rows seen along principal components, the way back, and how probable a row is.

use std::f64::consts::PI;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use crate::check;
use crate::error::{Error, Result};
use crate::linalg::gemm;
use crate::models::frame::Frame;
use crate::models::rows::{BLOCK, Rows, same_features};

/// What a projection needs of a fit.
#[derive(Debug, Clone, Copy)]
pub struct PcaModel<'a> {
    /// Mean of each column.
    pub mean: ArrayView1<'a, f64>,
    /// Orthonormal rows: components × features.
    pub components: ArrayView2<'a, f64>,
    /// Variance along each component.
    pub variance: ArrayView1<'a, f64>,
    /// Mean variance along the directions that were left out.
    pub noise_variance: f64,
    /// Scale the coordinates along the components to variance 1.
    pub whiten: bool,
}

/// What a row loses in the components, and how probable it is.
#[derive(Debug, Clone, PartialEq)]
pub struct PcaScores {
    /// ‖x − x̂‖² with x̂ the nearest point of the components' plane.
    pub errors: Array1<f64>,
    /// Log-likelihood under the probabilistic model; empty if it was not asked for.
    pub log_likelihoods: Array1<f64>,
}

impl PcaModel<'_> {
    /// (x − mean)·Vᵀ: the coordinates along the components; whitened, each over the standard deviation along it.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::models::PcaModel;
    ///
    /// let (mean, components, variance) = (array![1.0, 1.0], array![[0.6, 0.8]], array![4.0]);
    /// let model = PcaModel {
    ///     mean: mean.view(), components: components.view(), variance: variance.view(), noise_variance: 0.0, whiten: true,
    /// };
    /// assert_eq!(model.transform(array![[4.0, 5.0]].view())?, array![[2.5]]);
    /// assert_eq!(model.inverse_transform(array![[2.5]].view())?, array![[4.0, 5.0]]);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` holds a NaN or an infinity, is empty, or has other columns than the model was trained on; the model's parts do not fit each other.
    pub fn transform(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        const FUNCTION: &str = "PCA.transform";
        let rows = Rows::new(FUNCTION, x)?;
        self.check(FUNCTION, rows.columns)?;
        check::room(FUNCTION, "projection", &[rows.count, self.components.nrows()])?;
        let mut directions = self.components.to_owned();
        if self.whiten {
            directions.outer_iter_mut().zip(self.deviations()).for_each(|(mut row, d)| row /= d);
        }
        let mut out = Array2::zeros((rows.count, directions.nrows()));
        self.each_block(&rows, |first, panel| {
            let mut part = out.slice_mut(s![first..first + panel.nrows(), ..]);
            gemm(part.view_mut(), panel, directions.t());
        });
        check_range(FUNCTION, "projection", &out)?;
        Ok(out)
    }

    /// z·V + mean: the points of the plane that have these coordinates.
    ///
    /// # Errors
    /// `z` holds a NaN or an infinity, is empty, or has other columns than there are components.
    pub fn inverse_transform(&self, z: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        const FUNCTION: &str = "PCA.inverse_transform";
        let rows = Rows::new(FUNCTION, z)?;
        self.check(FUNCTION, self.mean.len())?;
        if rows.columns != self.components.nrows() {
            let problem =
                format!("has {} columns, but the model has {} components", rows.columns, self.components.nrows());
            return Err(Error::Invalid { function: FUNCTION, argument: "X", problem });
        }
        check::room(FUNCTION, "points", &[rows.count, self.mean.len()])?;
        let mut directions = self.components.to_owned();
        if self.whiten {
            directions.outer_iter_mut().zip(self.deviations()).for_each(|(mut row, d)| row *= d);
        }
        let mut out = Array2::zeros((rows.count, self.mean.len()));
        gemm(out.view_mut(), z, directions.view());
        out += &self.mean;
        check_range(FUNCTION, "point", &out)?;
        Ok(out)
    }

    /// ‖x − x̂‖² of each row and, if asked for, its log-likelihood under probabilistic PCA (Tipping and Bishop 1999,
    /// doi:10.1111/1467-9868.00196): a normal distribution with these variances along the components and the noise variance in all
    /// other directions.
    ///
    /// # Errors
    /// As [`transform`](Self::transform); for the log-likelihood, a variance of zero, under which no density exists.
    pub fn scores(&self, function: &'static str, x: ArrayView2<'_, f64>, likelihoods: bool) -> Result<PcaScores> {
        let rows = Rows::new(function, x)?;
        self.check(function, rows.columns)?;
        let (k, p) = self.components.dim();
        let noise = self.noise_variance;
        let least = self.variance.iter().copied().fold(if k < p { noise } else { f64::INFINITY }, f64::min);
        if likelihoods && !(least > 0.0) {
            let problem = format!(
                "has no density under this model: the variance is 0 in some direction (components: {k} of {p} features, noise variance {noise:e}). \
                 Keep fewer components, or drop columns that depend on others"
            );
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        let log_determinant =
            self.variance.iter().map(|v| v.ln()).sum::<f64>() + if k < p { (p - k) as f64 * noise.ln() } else { 0.0 };
        let constant = -0.5 * (p as f64 * (2.0 * PI).ln() + log_determinant);
        let (mut errors, mut log_likelihoods) = (Vec::with_capacity(rows.count), Vec::new());
        let mut along = Array2::zeros((BLOCK, k));
        let mut near = Array2::zeros((BLOCK, p));
        self.each_block(&rows, |_, panel| {
            let count = panel.nrows();
            let (mut along, mut near) = (along.slice_mut(s![..count, ..]), near.slice_mut(s![..count, ..]));
            gemm(along.view_mut(), panel, self.components.t());
            gemm(near.view_mut(), along.view(), self.components.view());
            for ((row, near), along) in panel.outer_iter().zip(near.outer_iter()).zip(along.outer_iter()) {
                let error: f64 = row.iter().zip(near).map(|(x, y)| (x - y) * (x - y)).sum();
                errors.push(error);
                if likelihoods {
                    let inside: f64 = along.iter().zip(self.variance).map(|(z, v)| z * z / v).sum();
                    let outside = if k < p { error / noise } else { 0.0 };
                    log_likelihoods.push(constant - 0.5 * (inside + outside));
                }
            }
        });
        check::within_range(function, "distance", &errors, 1)?;
        check::within_range(function, "log-likelihood", &log_likelihoods, 1)?;
        Ok(PcaScores { errors: errors.into(), log_likelihoods: log_likelihoods.into() })
    }

    /// Standard deviations along the components; 1 where there is none, so that nothing is divided by zero.
    fn deviations(&self) -> impl Iterator<Item = f64> {
        let largest = self.variance.iter().copied().fold(0.0, f64::max);
        // Below it a deviation is rounding alone, as that of the last component of no more rows than columns.
        self.variance.iter().map(move |&v| if v > largest * 1e-28 { v.sqrt() } else { 1.0 })
    }

    fn check(&self, function: &'static str, columns: usize) -> Result<()> {
        same_features(function, columns, self.mean.len())?;
        check::same_length(function, ("mean", self.mean.len()), ("components", &[self.components.ncols()]))?;
        check::same_length(function, ("variance", self.variance.len()), ("components", self.components.shape()))?;
        check::finite_vector(function, "mean", self.mean)?;
        check::finite_vector(function, "variance", self.variance)?;
        check::finite_matrix(function, "components", self.components)
    }

    /// Gives `take` the centred rows of each block, and the number of its first.
    fn each_block(&self, rows: &Rows<'_>, mut take: impl FnMut(usize, ArrayView2<'_, f64>)) {
        let frame = Frame::at(self.mean.to_vec());
        let mut panel = frame.panel();
        for (b, block) in rows.blocks().enumerate() {
            frame.look(block, &mut panel);
            let (count, width) = (block.len() / rows.columns, frame.width);
            if let Ok(lines) = ArrayView2::from_shape((count, width), &panel[..count * width]) {
                take(b * BLOCK, lines.slice(s![.., ..rows.columns]));
            }
        }
    }
}

fn check_range(function: &'static str, what: &str, results: &Array2<f64>) -> Result<()> {
    results.as_slice().map_or(Ok(()), |values| check::within_range(function, what, values, results.ncols()))
}
