//! New rows from a mixture.

use ndarray::Array2;

use super::MixtureModel;
use super::shape::CovarianceType;
use crate::check;
use crate::error::Result;
use crate::random::Stream;

impl MixtureModel<'_> {
    /// Draws rows: how many of each component by chance, then x = μ + W⁻ᵀz with z of independent standard normal draws. Gives the rows,
    /// those of one component after another, and each one's component.
    ///
    /// # Errors
    /// `rows` is 0; the model's parts do not fit each other.
    pub fn sample(&self, rows: usize, stream: &mut Stream) -> Result<(Array2<f64>, Vec<usize>)> {
        const FUNCTION: &str = "GaussianMixture.sample";
        self.check(FUNCTION)?;
        check::in_range(FUNCTION, "n_samples", rows as f64, rows > 0, "at least 1")?;
        let p = self.means.ncols();
        check::room(FUNCTION, "sample", &[rows, p + 2])?;
        let mut drawn = vec![0.0; rows];
        stream.fill_categorical(self.weights, &mut drawn);
        let mut labels: Vec<usize> = drawn.iter().map(|&k| k as usize).collect();
        labels.sort_unstable();
        let mut x = Array2::zeros((rows, p));
        if let Some(all) = x.as_slice_mut() {
            stream.fill_normal(all);
            for (row, &k) in all.chunks_exact_mut(p).zip(&labels) {
                self.colour(k, row);
                row.iter_mut().zip(self.means.row(k)).for_each(|(x, m)| *x += m);
            }
        }
        Ok((x, labels))
    }

    /// z becomes W⁻ᵀz, by substitution from the first coordinate on.
    fn colour(&self, k: usize, z: &mut [f64]) {
        let p = z.len();
        match self.covariance_type {
            CovarianceType::Spherical => z.iter_mut().for_each(|z| *z /= self.precision_roots[k]),
            CovarianceType::Diag => z.iter_mut().zip(&self.precision_roots[k * p..]).for_each(|(z, w)| *z /= w),
            CovarianceType::Full | CovarianceType::Tied => {
                let start = if self.covariance_type == CovarianceType::Full { k * p * p } else { 0 };
                let w = &self.precision_roots[start..start + p * p];
                for i in 0..p {
                    let known: f64 = (0..i).map(|j| w[j * p + i] * z[j]).sum();
                    z[i] = (z[i] - known) / w[i * p + i];
                }
            }
        }
    }
}
