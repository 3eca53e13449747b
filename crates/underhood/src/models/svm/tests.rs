use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::random::Stream;

fn go() -> std::result::Result<(), Error> {
    Ok(())
}

fn value(kernel: SvmKernel, a: &[f64], b: &[f64]) -> f64 {
    let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    match kernel {
        SvmKernel::Polynomial { degree, gamma, coef0 } => (gamma * product + coef0).powi(degree as i32),
        SvmKernel::Rbf { gamma } => (-gamma * a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()).exp(),
        SvmKernel::Sigmoid { gamma, coef0 } => (gamma * product + coef0).tanh(),
        SvmKernel::Linear | SvmKernel::Precomputed => product,
    }
}

fn matrix(kernel: SvmKernel, x: &Array2<f64>, z: &Array2<f64>) -> Array2<f64> {
    Array2::from_shape_fn((x.nrows(), z.nrows()), |(i, k)| value(kernel, &x.row(i).to_vec(), &z.row(k).to_vec()))
}

fn clouds(seed: u64, n: usize, columns: usize, classes: usize) -> (Array2<f64>, Vec<usize>) {
    let mut stream = Stream::seeded(seed);
    let codes: Vec<usize> = (0..n).map(|i| i % classes).collect();
    let x = Array2::from_shape_fn((n, columns), |(i, _)| stream.normal() + codes[i] as f64);
    (x, codes)
}

fn decide(fit: &SvcFit, kernel: SvmKernel, x: &Array2<f64>, q: &Array2<f64>) -> Array2<f64> {
    let vectors = if kernel == SvmKernel::Precomputed {
        Array2::from_shape_fn((fit.support.len(), 1), |(k, _)| fit.support[k] as f64)
    } else {
        x.select(ndarray::Axis(0), &fit.support)
    };
    let bias: Vec<f64> = fit.pairs.iter().map(|pair| pair.bias).collect();
    SvcDecision { kernel, vectors: vectors.view(), counts: &fit.counts, dual: fit.dual.view(), bias: &bias }
        .values(q.view(), || Ok::<(), Error>(()))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_conditions_of_karush_kuhn_and_tucker_hold(
        seed in 0_u64..1000,
        n in 4_usize..90,
        columns in 1_usize..5,
        c in prop::sample::select(vec![0.01, 1.0, 100.0]),
        which in 0_usize..3,
        cache_size in prop::sample::select(vec![1e-9, 0.01, 200.0]),
    ) {
        let kernel = [
            SvmKernel::Linear,
            SvmKernel::Rbf { gamma: 0.5 },
            SvmKernel::Polynomial { degree: 3, gamma: 0.3, coef0: 1.0 },
        ][which];
        let (x, codes) = clouds(seed, n, columns, 2);
        let weights: Vec<f64> = (0..n).map(|i| 1.0 + (i % 3) as f64).collect();
        let model = Svc { c, kernel, tol: 1e-7, cache_size, ..Svc::default() };
        let fit = model.fit(x.view(), &codes, 2, Some(&weights), go).unwrap();
        let pair = &fit.pairs[0];
        prop_assert!(pair.stop != SvmStop::MaxIter);
        let mut beta = vec![0.0; n];
        fit.support.iter().zip(fit.dual.row(0)).for_each(|(&i, &b)| beta[i] = b);
        prop_assert!(beta.iter().sum::<f64>().abs() < 1e-10 * c * n as f64);
        let gram = matrix(kernel, &x, &x);
        let (mut quadratic, mut linear) = (0.0, 0.0);
        for i in 0..n {
            let y = if codes[i] == 0 { 1.0 } else { -1.0 };
            let sum: f64 = (0..n).map(|k| beta[k] * gram[(k, i)]).sum();
            let (alpha, margin) = (y * beta[i], y * (sum + pair.bias));
            quadratic += beta[i] * sum;
            linear += alpha;
            prop_assert!((0.0..=c * weights[i]).contains(&alpha));
            // α = 0 outside the margin, α = C inside, between them on it.
            let slack = 2e-7;
            prop_assert!(alpha > 0.0 || margin >= 1.0 - slack, "{} {}", alpha, margin);
            prop_assert!(alpha < c * weights[i] || margin <= 1.0 + slack, "{} {}", alpha, margin);
        }
        prop_assert!((pair.objective - (0.5 * quadratic - linear)).abs() <= 1e-9 * linear);
        prop_assert!((pair.norm * pair.norm - quadratic).abs() <= 1e-8 * linear);
        let history = pair.history.as_ref().unwrap();
        prop_assert!(history.objective.windows(2).all(|w| w[1] <= w[0] + 1e-11 * linear));
        prop_assert!((history.objective.last().unwrap() - pair.objective).abs() <= 1e-9 * linear);
        // The kernel matrix itself, handed in, gives the same function.
        let given = Svc { kernel: SvmKernel::Precomputed, ..model }.fit(gram.view(), &codes, 2, Some(&weights), go).unwrap();
        prop_assert!((given.pairs[0].objective - pair.objective).abs() <= 1e-9 * linear);
    }
}

#[test]
fn decisions_are_the_sums_they_stand_for() {
    let (x, codes) = clouds(3, 60, 3, 3);
    let q = clouds(4, 70, 3, 1).0;
    for kernel in [
        SvmKernel::Linear,
        SvmKernel::Rbf { gamma: 0.3 },
        SvmKernel::Polynomial { degree: 2, gamma: 0.5, coef0: 1.0 },
        SvmKernel::Polynomial { degree: 0, gamma: 0.5, coef0: 1.0 },
        SvmKernel::Sigmoid { gamma: 0.01, coef0: 0.1 },
    ] {
        let fit = Svc { kernel, ..Svc::default() }.fit(x.view(), &codes, 3, None, go).unwrap();
        let found = decide(&fit, kernel, &x, &q);
        let gram = matrix(kernel, &q, &x.select(ndarray::Axis(0), &fit.support));
        for i in 0..q.nrows() {
            for (number, pair) in fit.pairs.iter().enumerate() {
                let (a, b) = pair.classes;
                let terms = (0..fit.support.len()).map(|k| match codes[fit.support[k]] {
                    own if own == a => fit.dual[(b - 1, k)] * gram[(i, k)],
                    own if own == b => fit.dual[(a, k)] * gram[(i, k)],
                    _ => 0.0,
                });
                assert!((found[(i, number)] - terms.sum::<f64>() - pair.bias).abs() < 1e-11, "{kernel:?}");
            }
        }
    }
    let precomputed = matrix(SvmKernel::Linear, &x, &x);
    let given =
        Svc { kernel: SvmKernel::Precomputed, ..Svc::default() }.fit(precomputed.view(), &codes, 3, None, go).unwrap();
    let linear = Svc { kernel: SvmKernel::Linear, ..Svc::default() }.fit(x.view(), &codes, 3, None, go).unwrap();
    let found = decide(&given, SvmKernel::Precomputed, &x, &matrix(SvmKernel::Linear, &q, &x));
    assert!((&found - &decide(&linear, SvmKernel::Linear, &x, &q)).iter().all(|d| d.abs() < 1e-4));
}

#[test]
fn pairs_are_counted_and_ties_go_to_the_first() {
    let values = array![[1.0, 2.0, -1.0], [1.0, -1.0, 0.5], [-0.5, 0.0, 1.0]];
    assert_eq!(one_vs_one_winners(values.view(), 3).unwrap(), [0, 0, 1]);
    let graded = one_vs_rest_values(values.view(), 3, true).unwrap();
    assert_eq!(graded[(0, 0)], 2.0 + 3.0 / 12.0);
    assert!(
        graded.iter().zip(one_vs_rest_values(values.view(), 3, false).unwrap()).all(|(a, b)| (a - b).abs() < 1.0 / 3.0)
    );
    assert!(one_vs_one_winners(values.view(), 4).is_err());
}

#[test]
fn odd_problems_have_answers_or_errors() {
    let model = Svc { kernel: SvmKernel::Linear, ..Svc::default() };
    // The same rows in both classes: nothing to find, every row at its bound.
    let x = array![[1.0], [1.0], [1.0], [1.0]];
    let fit = model.fit(x.view(), &[0, 1, 0, 1], 2, None, go).unwrap();
    assert_eq!((fit.pairs[0].norm, fit.pairs[0].bias, fit.pairs[0].at_bound), (0.0, 0.0, 4));
    let huge = model.fit(array![[1e160], [-1e160]].view(), &[0, 1], 2, None, go).unwrap_err().to_string();
    assert_eq!(
        huge,
        "SVC.fit: X holds values so large that the kernel overflows; divide such columns by their scale first"
    );
    let weightless = model.fit(array![[1.0], [2.0]].view(), &[0, 1], 2, Some(&[1.0, 0.0]), go).unwrap_err().to_string();
    assert!(weightless.contains("sample_weight is zero for every row of class number 1"), "{weightless}");
    assert!(Svc { c: f64::NAN, ..model.clone() }.fit(x.view(), &[0, 1, 0, 1], 2, None, go).is_err());
    let short = Svc { max_iter: Some(1), ..model.clone() };
    let (x, codes) = clouds(1, 50, 2, 2);
    assert_eq!(short.fit(x.view(), &codes, 2, None, go).unwrap().pairs[0].stop, SvmStop::MaxIter);
    let stopped = model.fit(x.view(), &codes, 2, None, || Err(Error::Interrupted { function: "test" }));
    assert_eq!(stopped.unwrap_err(), Error::Interrupted { function: "test" });
    assert_eq!(gamma_scale(array![[5.0], [5.0]].view()).unwrap(), 1.0);
    assert!(gamma_scale(array![[1e300], [-1e300]].view()).is_err());
    assert!(gamma_scale(array![[1e-300], [-1e-300]].view()).is_err());
}

/// The objective ½βᵀKβ − yᵀβ does not heed offsets where the kernel is linear, and scales out of reach are told.
#[test]
fn linear_kernels_heed_no_offset_and_claim_nothing_that_rounding_hides() {
    let (x, codes) = clouds(3, 120, 3, 2);
    let model = Svc { kernel: SvmKernel::Linear, ..Svc::default() };
    let near = model.fit(x.view(), &codes, 2, None, go).unwrap();
    for offset in [1e4, 1e8] {
        let moved = &x + offset;
        let far = model.fit(moved.view(), &codes, 2, None, go).unwrap();
        let (a, b) = (&near.pairs[0], &far.pairs[0]);
        assert_eq!(b.stop, SvmStop::Converged);
        // Rows rounded to units of 1.5e-8 move the objective by about as much of itself.
        assert!((a.objective - b.objective).abs() < 1e-5 * a.objective.abs(), "{} {}", a.objective, b.objective);
        // As far as tol and the rounding of the rows and of w·x let see.
        let apart = decide(&far, SvmKernel::Linear, &moved, &moved) - decide(&near, SvmKernel::Linear, &x, &x);
        assert!(apart.iter().all(|d| d.abs() < 1e-4), "{apart}");
    }
    // No slack is cheaper than 1 a row, so −D ≤ C·n at any optimum.
    for scale in [1e8, 1e12] {
        let found = &model.fit((&x * scale).view(), &codes, 2, None, go).unwrap().pairs[0];
        let possible = found.objective <= 0.0 && -found.objective <= 120.0;
        assert!(possible || found.stop == SvmStop::NoProgress, "{scale} {} {:?}", found.objective, found.stop);
    }
}
