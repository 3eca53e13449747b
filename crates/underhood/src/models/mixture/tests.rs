use ndarray::array;
use proptest::prelude::*;

use super::*;

const TYPES: [CovarianceType; 4] =
    [CovarianceType::Full, CovarianceType::Tied, CovarianceType::Diag, CovarianceType::Spherical];

fn lumps(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut stream = Stream::seeded(seed);
    Array2::from_shape_fn((rows, columns), |(i, _)| stream.normal() + 4.0 * f64::from((i % 3) as u32))
}

fn fit(model: &GaussianMixture, x: &Array2<f64>) -> MixtureFit {
    model.fit(x.view(), &mut Stream::seeded(1), || Ok::<(), Error>(())).unwrap()
}

#[test]
fn one_component_has_the_moments_of_the_rows() {
    let x = array![[1.0, 2.0], [3.0, 2.0], [5.0, 8.0], [3.0, 4.0]];
    // Means 3 and 4; squares sum up to 8 and 24, products to 12; divisor n.
    let expected = [
        (CovarianceType::Full, vec![2.0, 3.0, 3.0, 6.0]),
        (CovarianceType::Tied, vec![2.0, 3.0, 3.0, 6.0]),
        (CovarianceType::Diag, vec![2.0, 6.0]),
        (CovarianceType::Spherical, vec![4.0]),
    ];
    for (covariance_type, covariances) in expected {
        let found = fit(&GaussianMixture { covariance_type, reg_covar: 0.0, ..GaussianMixture::default() }, &x);
        assert!(found.means.iter().zip([3.0, 4.0]).all(|(a, b)| (a - b).abs() < 1e-14));
        assert_eq!(found.covariances.len(), covariances.len());
        assert!(found.covariances.iter().zip(&covariances).all(|(a, b)| (a - b).abs() < 1e-13));
        assert!(found.converged && found.weights == [1.0]);
    }
}

#[test]
fn blocks_leave_no_trace() {
    // 256 rows make a block: whole ones, and ones with a rest of every kind.
    for rows in [255, 256, 257, 258, 259, 260, 515] {
        for covariance_type in TYPES {
            let x = lumps(rows, 3, 7);
            let model = GaussianMixture { components: 3, covariance_type, ..GaussianMixture::default() };
            let found = fit(&model, &x);
            let mixture = MixtureModel {
                covariance_type,
                weights: &found.weights,
                means: found.means.view(),
                precision_roots: &found.precision_roots,
            };
            let one_by_one: f64 = x
                .outer_iter()
                .map(|row| mixture.log_likelihoods("test", row.insert_axis(ndarray::Axis(0))).unwrap()[0])
                .sum();
            assert!((one_by_one / rows as f64 - found.log_likelihood).abs() < 1e-10);
            assert_eq!(mixture.predict("test", x.view()).unwrap(), found.labels);
        }
    }
}

#[test]
fn precisions_that_are_given_come_back_as_covariances() {
    let precision = vec![2.0, 1.0, 1.0, 3.0];
    let covariance = shape::inverted(CovarianceType::Tied, 1, 2, &precision).unwrap();
    assert!(covariance.iter().zip([0.6, -0.2, -0.2, 0.4]).all(|(a, b)| (a - b).abs() < 1e-15));
    assert!(shape::inverted(CovarianceType::Tied, 1, 2, &[1.0, 2.0, 2.0, 1.0]).is_err());
    assert!(shape::inverted(CovarianceType::Tied, 1, 2, &[1.0, 2.0, 0.0, 1.0]).is_err());
    assert!(shape::inverted(CovarianceType::Diag, 1, 2, &[1.0, -2.0]).is_err());
}

#[test]
fn a_model_whose_parts_do_not_fit_is_refused() {
    let means = array![[0.0, 1.0]];
    let model = |weights, precision_roots| MixtureModel {
        covariance_type: CovarianceType::Diag,
        weights,
        means: means.view(),
        precision_roots,
    };
    let x = array![[1.0, 1.0]];
    assert!(model(&[1.0], &[1.0, 1.0]).predict("test", x.view()).is_ok());
    assert!(model(&[1.0, 1.0], &[1.0, 1.0]).predict("test", x.view()).is_err());
    assert!(model(&[1.0], &[1.0]).predict("test", x.view()).is_err());
    assert!(model(&[f64::NAN], &[1.0, 1.0]).predict("test", x.view()).is_err());
    assert!(model(&[1.0], &[1.0, f64::NAN]).predict("test", x.view()).is_err());
    assert!(model(&[1.0], &[1.0, 1.0]).predict("test", array![[1.0]].view()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_likelihood_never_falls(seed in 0_u64..10_000, rows in 40_usize..120, columns in 1_usize..5, kind in 0_usize..4) {
        let x = lumps(rows, columns, seed);
        let model = GaussianMixture {
            components: 3,
            covariance_type: TYPES[kind],
            reg_covar: 0.0,
            tol: 1e-7,
            init: if seed % 2 == 0 { MixtureInit::KMeans } else { MixtureInit::Random },
            ..GaussianMixture::default()
        };
        // A component that shrinks to a point, which nothing forbids here, is refused.
        if let Ok(found) = model.fit(x.view(), &mut Stream::seeded(seed), || Ok::<(), Error>(())) {
            let history = found.history.unwrap();
            prop_assert!(history.log_likelihood.windows(2).all(|pair| pair[1] >= pair[0] - 1e-11));
            prop_assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        }
    }
}
