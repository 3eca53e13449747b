//! Distributions made of others: quantiles next to poles and gaps, moments and entropies over jumps, scales at the ends of the range.

#![allow(clippy::unwrap_used, reason = "the parameters in tests are valid")]

use std::sync::Arc;

use ndarray::array;
use underhood::distributions::{
    Bandwidth, Beta, Continuous, Discrete, Distribution, Empirical, Exponential, Gamma, KernelDensity, Laplace,
    Mixture, NegativeBinomial, Normal, Pareto, Poisson, Truncated, Uniform,
};

fn mixture(components: Vec<Arc<dyn Continuous>>) -> Mixture<dyn Continuous> {
    let weights = vec![1.0; components.len()];
    Mixture::continuous(components, &weights).unwrap()
}

fn uniform(low: f64, high: f64) -> Arc<dyn Continuous> {
    Arc::new(Uniform::new(low, high).unwrap())
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found / expected - 1.0).abs() <= tolerance || found == expected
}

#[test]
fn quantiles_next_to_a_pole_are_found() {
    let gamma = Gamma::new(0.01, 1.0).unwrap();
    let mixed = mixture(vec![Arc::new(gamma), Arc::new(Normal::standard())]);
    // A quarter lies below 0; from there on the gamma distribution alone has probability: ½·P(G ≤ x) = p − ¼ up to the normal's share.
    assert!(close(mixed.ppf(0.26), gamma.ppf(0.02), 1e-9), "{:e}", mixed.ppf(0.26));
    for p in [1e-300, 1e-9, 0.2, 0.255, 0.26, 0.5, 0.9] {
        assert!(close(mixed.cdf(mixed.ppf(p)), p, 1e-12), "{p}");
    }
    let far = mixture(vec![Arc::new(gamma), Arc::new(Pareto::new(0.5, 1.0).unwrap())]);
    // (2p)^100·… is below the smallest double for p = 1e-4.
    assert!(far.ppf(1e-4) < 1e-307);
    assert!(far.ppf(1e-3) < far.ppf(2e-3));
}

#[test]
fn the_quantile_in_a_gap_is_its_lower_end() {
    let gap = mixture(vec![uniform(0.0, 1.0), uniform(2.0, 3.0)]);
    assert_eq!((gap.ppf(0.5), gap.isf(0.5), gap.median()), (1.0, 1.0, 1.0));
    assert!(close(gap.ppf(0.75), 2.5, 1e-15));
}

#[test]
fn entropies_over_jumps_and_poles() {
    // By mpmath's quadrature, split at the jumps; the last is −⅔ ln ⅔ − ⅓ ln ⅙.
    let cases: [(Vec<Arc<dyn Continuous>>, f64); 4] = [
        (vec![uniform(0.0, 1.0), Arc::new(Normal::standard())], 1.023_537_705_1),
        (vec![Arc::new(Exponential::new(1.0).unwrap()), Arc::new(Normal::standard())], 1.438_742_035_6),
        (vec![Arc::new(Beta::new(0.5, 0.5).unwrap()), Arc::new(Normal::standard())], 0.923_630_384_2),
        (vec![uniform(0.0, 1.0), uniform(0.0, 3.0)], 0.867_563_228_5),
    ];
    for (components, expected) in cases {
        // Next to 1 doubles cannot follow the beta distribution's pole: 6e-9 of it lie between 1 and its neighbour.
        let tolerance =
            if components[0].support() == (0.0, 1.0) && components[0].pdf(0.0).is_infinite() { 1e-7 } else { 2e-10 };
        let found = mixture(components).entropy();
        assert!((found - expected).abs() < tolerance, "{found} {expected}");
    }
    let laplace = Truncated::continuous(Arc::new(Laplace::new(0.0, 1.0).unwrap()), -1.0, 3.0).unwrap();
    assert!((laplace.entropy() - 1.132_015_926_2).abs() < 2e-10);
}

#[test]
fn truncated_moments_over_gaps() {
    let gap = mixture(vec![uniform(0.0, 1.0), uniform(2.0, 3.0)]);
    let cut = Truncated::continuous(Arc::new(gap), 0.5, 2.5).unwrap();
    assert!(close(cut.mean(), 1.5, 1e-13));
    assert!(close(cut.variance(), 7.0 / 12.0, 1e-13));
    assert!(close(cut.prob(0.75, 2.25), 0.5, 1e-14));
}

#[test]
fn scales_at_the_ends_of_the_range() {
    // The half-normal has the standard deviation √(1 − 2/π).
    let half = (1.0 - 2.0 / std::f64::consts::PI).sqrt();
    for scale in [1e200, 1e-200] {
        let normal = Arc::new(Normal::new(0.0, scale).unwrap());
        let cut = Truncated::continuous(normal.clone(), 0.0, f64::INFINITY).unwrap();
        assert!(close(cut.std(), half * scale, 1e-12));
        assert!(close(mixture(vec![normal.clone(), normal]).std(), scale, 1e-15));
        let data = array![1.0, 2.0, 5.0] * scale;
        let sample = Empirical::new(data.view()).unwrap();
        assert!(close(sample.std(), (26.0_f64 / 9.0).sqrt() * scale, 1e-14));
        assert!(close(sample.skewness(), 0.528_004_979_218_206, 1e-12), "{}", sample.skewness());
        let smooth = KernelDensity::new(data.view(), Bandwidth::Scott).unwrap();
        assert!(close(
            smooth.std(),
            (26.0 / 9.0 * scale.powi(0) + (smooth.bandwidth() / scale).powi(2)).sqrt() * scale,
            1e-14
        ));
    }
}

#[test]
fn moments_of_very_many_counts() {
    // Mean r(1 − p)/p = 1e8, far beyond what is summed value by value, beside a large probability at 0.
    let counts = NegativeBinomial::new(0.5, 1e-9).unwrap();
    let all = Truncated::discrete(Arc::new(counts.clone()), 0.0, f64::INFINITY).unwrap();
    let found = all.mean();
    assert!(found.is_nan() || close(found, counts.mean(), 1e-6), "{found}");
    let hill = Truncated::discrete(Arc::new(Poisson::new(1e10).unwrap()), 0.0, f64::INFINITY).unwrap();
    assert!(close(hill.variance(), 1e10, 1e-7), "{}", hill.variance());
}

#[test]
fn values_that_are_not_whole_are_refused_where_whole_ones_are_needed() {
    let sample: Arc<dyn Discrete> = Arc::new(Empirical::new(array![0.5, 1.5].view()).unwrap());
    let error = Truncated::discrete(sample.clone(), 0.2, 2.0).unwrap_err().to_string();
    assert!(error.starts_with("Truncated: distribution has values that are not whole numbers"), "{error}");
    assert!(Mixture::discrete(vec![sample], &[1.0]).is_err());
}

#[test]
fn the_entropy_of_a_kernel_density() {
    // One kernel: that of a normal distribution.
    let one = KernelDensity::new(array![3.0].view(), Bandwidth::Width(0.5)).unwrap();
    assert!(close(one.entropy(), Normal::new(3.0, 0.5).unwrap().entropy(), 1e-13));
    // Two far apart: ln 2 more.
    let two = KernelDensity::new(array![0.0, 100.0].view(), Bandwidth::Width(0.5)).unwrap();
    assert!(close(two.entropy(), one.entropy() + std::f64::consts::LN_2, 1e-13));
    assert_eq!(two.median(), two.isf(0.5));
}
