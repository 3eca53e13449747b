use ndarray::array;
use proptest::prelude::*;

use super::*;
use crate::random::Stream;

fn fit(x: &Array2<f64>, solver: PcaSolver) -> PcaFit {
    Pca { components: Components::All, solver }.fit(x.view(), || Ok::<(), Error>(())).unwrap()
}

#[test]
fn a_known_plane_is_found() {
    // Along (3, 4)/5 the points −2, …, 2, across it −1, 1, … in balance: variances 2.5·… by hand.
    let x = array![[0.6, 0.8], [-0.6, -0.8], [-0.8, 0.6], [0.8, -0.6]] * 3.0 + 7.0;
    let stretched = array![[1.2, 1.6], [-1.2, -1.6], [-0.8, 0.6], [0.8, -0.6]] + 7.0;
    let found = fit(&stretched, PcaSolver::Auto);
    assert!((&found.components - &array![[0.6, 0.8], [0.8, -0.6]]).iter().all(|d| d.abs() < 1e-15), "{found:?}");
    assert!((&found.variance - &array![8.0 / 3.0, 2.0 / 3.0]).iter().all(|d| d.abs() < 1e-14));
    assert!((&found.ratio - &array![0.8, 0.2]).iter().all(|d| d.abs() < 1e-15));
    // Equal variances: any two directions at a right angle, and both variances the same.
    let round = fit(&x, PcaSolver::Auto).variance;
    assert!((round[0] - 6.0).abs() < 1e-13 && (round[1] - 6.0).abs() < 1e-13);
}

#[test]
fn a_share_takes_as_few_components_as_exceed_it() {
    let x = array![[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
    // Shares 0.8 and 0.2.
    for (share, count) in [(0.5, 1), (0.79, 1), (0.81, 2)] {
        let pca = Pca { components: Components::Share(share), solver: PcaSolver::Full };
        assert_eq!(pca.fit(x.view(), || Ok::<(), Error>(())).unwrap().components.nrows(), count);
    }
}

#[test]
fn a_column_of_one_number_has_no_share_and_keeps_its_number() {
    let x = array![[1.0, 0.1], [2.0, 0.1], [4.0, 0.1]];
    for solver in [PcaSolver::Auto, PcaSolver::Full, PcaSolver::CovarianceEigh] {
        let found = fit(&x, solver);
        assert_eq!(found.mean[1], 0.1);
        assert_eq!(found.variance[1], 0.0);
        assert_eq!(found.components.row(0), array![1.0, 0.0]);
    }
}

#[test]
fn a_drifting_column_is_centred_twice() {
    // The first thousand rows say little about the mean of all: the sums are gathered again about the right one.
    let x = Array2::from_shape_fn((6000, 2), |(i, j)| {
        if j == 0 { if i < 1500 { 0.0 } else { 1e8 + f64::from((i % 2) as u32) } } else { f64::from((i % 7) as u32) }
    });
    let (quick, sure) = (fit(&x, PcaSolver::Auto), fit(&x, PcaSolver::Full));
    assert!((&quick.variance / &sure.variance - 1.0).iter().all(|d| d.abs() < 1e-12));
}

proptest! {
    #[test]
    fn all_ways_agree(seed in 0_u64..10_000, rows in 8_usize..60, columns in 1_usize..8) {
        let mut stream = Stream::seeded(seed);
        let x = Array2::from_shape_simple_fn((rows, columns), || stream.normal());
        let ways = [PcaSolver::Auto, PcaSolver::Full, PcaSolver::CovarianceEigh].map(|solver| fit(&x, solver));
        for other in &ways[1..] {
            for (a, b) in ways[0].singular_values.iter().zip(&other.singular_values) {
                prop_assert!((a - b).abs() <= 1e-6 * ways[0].singular_values[0]);
            }
        }
        let found = &ways[0];
        let gram = found.components.dot(&found.components.t());
        prop_assert!(gram.indexed_iter().all(|((i, j), v)| (v - f64::from(u8::from(i == j))).abs() < 1e-13));
        prop_assert!((found.ratio.sum() - 1.0).abs() < 1e-13);
        // The rows' scatter along each component is its variance.
        let mean = ndarray::aview1(&found.mean).to_owned();
        let z = (&x - &mean).dot(&found.components.t());
        for (column, variance) in z.columns().into_iter().zip(&found.variance) {
            let along = column.iter().map(|v| v * v).sum::<f64>() / (rows - 1) as f64;
            prop_assert!((along - variance).abs() <= 1e-12 * found.variance[0]);
        }
    }
}
