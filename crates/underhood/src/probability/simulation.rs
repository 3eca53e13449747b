//! The law of large numbers and the central limit theorem, watched: running means, and means of many samples.

use std::result::Result;

use ndarray::{Array2, ArrayView1};

use crate::check::{in_range, room};
use crate::distributions::Distribution;
use crate::error::Error;
use crate::random::Stream;

/// So many draws are made between two calls of a checkpoint.
const BLOCK: usize = 1 << 16;

/// The means of the first 1, 2, …, n of n draws, for each of several paths (rows): x̄ₖ = x̄ₖ₋₁ + (xₖ − x̄ₖ₋₁)/k (Welford 1962).
///
/// The law of large numbers: if E|X| is finite they converge to E X; within ±2σ/√k of it most of the time, if the variance σ² is finite.
/// `checkpoint` is called now and then; an error from it ends the simulation.
///
/// # Errors
/// If `n` or `paths` is 0, or there is no room for that many numbers; and what `checkpoint` returns.
pub fn running_means<D: Distribution + ?Sized, E: From<Error>>(
    distribution: &D,
    n: usize,
    paths: usize,
    stream: &mut Stream,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Array2<f64>, E> {
    const FUNCTION: &str = "law_of_large_numbers";
    in_range(FUNCTION, "n", n as f64, n > 0, "at least 1")?;
    in_range(FUNCTION, "paths", paths as f64, paths > 0, "at least 1")?;
    room(FUNCTION, "running means", &[paths, n])?;
    let mut means = Array2::zeros((paths, n));
    for path in means.as_slice_mut().into_iter().flat_map(|all| all.chunks_exact_mut(n)) {
        let (mut mean, mut k) = (0.0, 0.0);
        for values in path.chunks_mut(BLOCK) {
            distribution.fill(stream, values);
            for value in values {
                k += 1.0;
                mean += (*value - mean) / k;
                *value = mean;
            }
            checkpoint()?;
        }
    }
    Ok(means)
}

/// The means of `repetitions` samples of `n` draws.
///
/// The central limit theorem: if the variance σ² is finite, √n(x̄ − μ)/σ tends to a standard normal variable as n grows.
/// `checkpoint` is called now and then; an error from it ends the simulation.
///
/// # Errors
/// If the distribution has no variance that is finite and positive, `n` or `repetitions` is 0, or there is no room for that many
/// means; and what `checkpoint` returns.
pub fn sample_means<D: Distribution + ?Sized, E: From<Error>>(
    distribution: &D,
    n: usize,
    repetitions: usize,
    stream: &mut Stream,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    const FUNCTION: &str = "central_limit_theorem";
    let variance = distribution.variance();
    if !(variance > 0.0 && variance.is_finite()) {
        let problem = format!(
            "has the variance {variance}, but means of samples become normal only if it is finite and not 0 (law_of_large_numbers shows what the others do)"
        );
        return Err(Error::Invalid { function: FUNCTION, argument: "distribution", problem }.into());
    }
    in_range(FUNCTION, "sizes", n as f64, n > 0, "at least 1")?;
    in_range(FUNCTION, "repetitions", repetitions as f64, repetitions > 0, "at least 1")?;
    room(FUNCTION, "means", &[repetitions])?;
    let mut means = Vec::with_capacity(repetitions);
    if n <= BLOCK {
        // Several samples by one call: one for each of many small samples would cost more than their draws.
        let together = (BLOCK / n).min(repetitions);
        let mut draws = vec![0.0; together * n];
        while means.len() < repetitions {
            let wanted = (repetitions - means.len()).min(together);
            distribution.fill(stream, &mut draws[..wanted * n]);
            means.extend(draws[..wanted * n].chunks_exact(n).map(|sample| total(sample) / n as f64));
            checkpoint()?;
        }
        return Ok(means);
    }
    let mut draws = vec![0.0; BLOCK];
    while means.len() < repetitions {
        let (mut sum, mut left) = (0.0, n);
        while left > 0 {
            let drawn = &mut draws[..left.min(BLOCK)];
            distribution.fill(stream, drawn);
            sum += total(drawn);
            left -= drawn.len();
            checkpoint()?;
        }
        means.push(sum / n as f64);
    }
    Ok(means)
}

/// The sum, by eight partial sums.
fn total(sample: &[f64]) -> f64 {
    ArrayView1::from(sample).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::{Bernoulli, Normal};

    fn unhindered() -> Result<(), Error> {
        Ok(())
    }

    #[test]
    fn the_last_running_mean_is_the_mean_of_the_path() {
        let normal = Normal::new(3.0, 2.0).unwrap();
        let means = running_means(&normal, 1000, 2, &mut Stream::seeded(4), unhindered).unwrap();
        let mut draws = vec![0.0; 1000];
        normal.fill(&mut Stream::seeded(4), &mut draws);
        assert_eq!(means[[0, 0]], draws[0]);
        assert!((means[[0, 999]] - draws.iter().sum::<f64>() / 1000.0).abs() < 1e-13);
        // Five standard errors of 2/√1000.
        assert!((means[[1, 999]] - 3.0).abs() < 0.32);
    }

    #[test]
    fn means_of_samples_have_the_variance_of_the_theorem() {
        let means = sample_means(&Normal::standard(), 25, 20_000, &mut Stream::seeded(8), unhindered).unwrap();
        let variance = means.iter().map(|mean| mean * mean).sum::<f64>() / means.len() as f64;
        // 1/25, with a standard error of √(2/20,000)/25 = 4e-4.
        assert_eq!(means.len(), 20_000);
        assert!((variance - 0.04).abs() < 2e-3);
    }

    #[test]
    fn samples_longer_than_a_block_are_drawn_whole() {
        let coin = Bernoulli::new(0.5).unwrap();
        let means = sample_means(&coin, 3 * BLOCK + 5, 4, &mut Stream::seeded(2), unhindered).unwrap();
        // Six standard errors of 0.5/√196,613.
        assert!(means.len() == 4 && means.iter().all(|mean| (mean - 0.5).abs() < 0.007));
    }

    #[test]
    fn a_checkpoint_ends_it_and_degenerate_distributions_are_refused() {
        let stopped = || Err(Error::Invalid { function: "a", argument: "b", problem: "c".into() });
        assert!(running_means(&Normal::standard(), 10, 1, &mut Stream::seeded(1), stopped).is_err());
        assert!(sample_means(&Normal::standard(), 10, 1, &mut Stream::seeded(1), stopped).is_err());
        let constant = sample_means(&Bernoulli::new(0.0).unwrap(), 10, 1, &mut Stream::seeded(1), unhindered);
        assert!(constant.unwrap_err().to_string().contains("distribution has the variance 0"));
    }
}
