//! The law of large numbers and the central limit theorem, watched: running means, and means of many samples.

use ndarray::Array2;

use crate::check::{in_range, room};
use crate::distributions::Distribution;
use crate::error::Result;
use crate::random::Stream;

/// The means of the first 1, 2, …, n of n draws, for each of several paths (rows): x̄ₖ = x̄ₖ₋₁ + (xₖ − x̄ₖ₋₁)/k (Welford 1962).
///
/// The law of large numbers: if E|X| is finite they converge to E X; within ±2σ/√k of it most of the time, if the variance σ² is finite.
///
/// # Errors
/// If `n` or `paths` is 0, or there is no room for that many numbers.
pub fn running_means<D: Distribution + ?Sized>(
    distribution: &D,
    n: usize,
    paths: usize,
    stream: &mut Stream,
) -> Result<Array2<f64>> {
    const FUNCTION: &str = "law_of_large_numbers";
    in_range(FUNCTION, "n", n as f64, n > 0, "at least 1")?;
    in_range(FUNCTION, "paths", paths as f64, paths > 0, "at least 1")?;
    room(FUNCTION, "running means", &[paths, n])?;
    let mut means = Array2::zeros((paths, n));
    for mut path in means.rows_mut() {
        let Some(values) = path.as_slice_mut() else { continue };
        distribution.fill(stream, values);
        let mut mean = 0.0;
        for (k, value) in (1_u64..).zip(values) {
            mean += (*value - mean) / k as f64;
            *value = mean;
        }
    }
    Ok(means)
}

/// The means of `repetitions` samples of `n` draws.
///
/// The central limit theorem: if the variance σ² is finite, √n(x̄ − μ)/σ tends to a standard normal variable as n grows.
///
/// # Errors
/// If `n` or `repetitions` is 0, or there is no room for that many numbers.
pub fn sample_means<D: Distribution + ?Sized>(
    distribution: &D,
    n: usize,
    repetitions: usize,
    stream: &mut Stream,
) -> Result<Vec<f64>> {
    const FUNCTION: &str = "central_limit_theorem";
    in_range(FUNCTION, "sizes", n as f64, n > 0, "at least 1")?;
    in_range(FUNCTION, "repetitions", repetitions as f64, repetitions > 0, "at least 1")?;
    room(FUNCTION, "means", &[repetitions])?;
    room(FUNCTION, "draws of a sample", &[n])?;
    // Draws come by the block of several samples: one call for many small ones.
    let together = (4096 / n).clamp(1, repetitions);
    let mut draws = vec![0.0; together * n];
    let mut means = Vec::with_capacity(repetitions);
    while means.len() < repetitions {
        distribution.fill(stream, &mut draws);
        let wanted = (repetitions - means.len()).min(together);
        means.extend(draws.chunks_exact(n).take(wanted).map(|sample| sample.iter().sum::<f64>() / n as f64));
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::Normal;

    #[test]
    fn the_last_running_mean_is_the_mean_of_the_path() {
        let normal = Normal::new(3.0, 2.0).unwrap();
        let means = running_means(&normal, 1000, 2, &mut Stream::seeded(4)).unwrap();
        let mut draws = vec![0.0; 1000];
        normal.fill(&mut Stream::seeded(4), &mut draws);
        assert_eq!(means[[0, 0]], draws[0]);
        assert!((means[[0, 999]] - draws.iter().sum::<f64>() / 1000.0).abs() < 1e-13);
        // Five standard errors of 2/√1000.
        assert!((means[[1, 999]] - 3.0).abs() < 0.32);
    }

    #[test]
    fn means_of_samples_have_the_variance_of_the_theorem() {
        let means = sample_means(&Normal::standard(), 25, 20_000, &mut Stream::seeded(8)).unwrap();
        let variance = means.iter().map(|mean| mean * mean).sum::<f64>() / means.len() as f64;
        // 1/25, with a standard error of √(2/20,000)/25 = 4e-4.
        assert_eq!(means.len(), 20_000);
        assert!((variance - 0.04).abs() < 2e-3);
    }
}
