use ndarray::{Array2, ArrayView2, Axis, array};
use proptest::prelude::*;

use super::*;
use crate::random::Stream;

fn plain(x: ArrayView2<'_, f64>, q: ArrayView2<'_, f64>, k: usize, metric: Metric) -> Array2<usize> {
    let mut out = Array2::zeros((q.nrows(), k));
    for (line, query) in q.outer_iter().enumerate() {
        let distance = |i: usize| {
            let differences = x.row(i).iter().zip(query).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>();
            match metric {
                Metric::Chebyshev => differences.iter().fold(0.0_f64, |most, d| most.max(*d)),
                Metric::Euclidean => differences.iter().map(|d| d * d).sum(),
                _ => differences.iter().sum(),
            }
        };
        let mut all: Vec<usize> = (0..x.nrows()).collect();
        all.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
        (0..k).for_each(|rank| out[(line, rank)] = all[rank]);
    }
    out
}

fn go() -> std::result::Result<(), Error> {
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn tree_and_brute_force_find_what_sorting_finds(seed in 0_u64..1000, n in 1_usize..300, columns in 1_usize..6, coarse: bool) {
        let mut stream = Stream::seeded(seed);
        // Small whole numbers lie equally far again and again, and their sums are exact.
        let draw = |stream: &mut Stream| { let u = 20.0 * stream.uniform(); if coarse { u.floor() / 4.0 } else { u } };
        let x = Array2::from_shape_simple_fn((n, columns), || draw(&mut stream));
        let q = Array2::from_shape_simple_fn((7, columns), || draw(&mut stream));
        let k = 1 + (seed as usize * 7) % n;
        for metric in [Metric::Euclidean, Metric::Manhattan, Metric::Chebyshev, Metric::Minkowski(3.0)] {
            let brute = Neighbours::new("fit", x.view(), metric, NeighbourSearch::Brute).unwrap();
            let tree = Neighbours::new("fit", x.view(), metric, NeighbourSearch::Tree).unwrap();
            let found = brute.nearest("kneighbors", q.view(), k, go).unwrap();
            prop_assert_eq!(&found, &tree.nearest("kneighbors", q.view(), k, go).unwrap());
            if coarse && metric != Metric::Minkowski(3.0) {
                prop_assert_eq!(&found.rows, &plain(x.view(), q.view(), k, metric));
            }
            prop_assert_eq!(tree.rows(), x.view());
            if k < n {
                let others = tree.nearest_others("kneighbors", k, go).unwrap();
                prop_assert_eq!(&others, &brute.nearest_others("kneighbors", k, go).unwrap());
                prop_assert!(others.rows.outer_iter().enumerate().all(|(i, line)| line.iter().all(|&j| j != i)));
            }
        }
    }
}

#[test]
fn distances_far_from_zero_and_at_the_ends_of_the_range_are_right() {
    let x = array![[1e9, 1e9], [1e9 + 3.0, 1e9 + 4.0], [1e9 + 1.0, 1e9]];
    let rows = Neighbours::new("fit", x.view(), Metric::Euclidean, NeighbourSearch::Auto).unwrap();
    let found = rows.nearest("kneighbors", x.slice(ndarray::s![..1, ..]), 3, go).unwrap();
    assert_eq!(found.distances, array![[0.0, 1.0, 5.0]]);
    for scale in [1e-300, 1e-160, 1e160, 1e300] {
        for metric in [Metric::Euclidean, Metric::Minkowski(2.5)] {
            let x = array![[0.0, 0.0], [3.0, 4.0], [3.0, 0.0]] * scale;
            for search in [NeighbourSearch::Brute, NeighbourSearch::Tree] {
                let rows = Neighbours::new("fit", x.view(), metric, search).unwrap();
                let found = rows.nearest("kneighbors", x.slice(ndarray::s![..1, ..]), 3, go).unwrap();
                assert_eq!(found.rows, array![[0, 2, 1]]);
                let expected =
                    if metric == Metric::Euclidean { 5.0 } else { (3f64.powf(2.5) + 4f64.powf(2.5)).powf(0.4) };
                assert!((found.distances[(0, 2)] / scale - expected).abs() < 1e-13, "{scale} {metric:?}");
            }
        }
    }
}

#[test]
fn more_neighbours_than_rows_are_refused_with_both_numbers() {
    let rows = Neighbours::new("fit", array![[0.0], [1.0]].view(), Metric::Euclidean, NeighbourSearch::Auto).unwrap();
    let error = rows.nearest("kneighbors", array![[0.0]].view(), 3, go).unwrap_err().to_string();
    assert_eq!(error, "kneighbors: n_neighbors is 3, but there are 2 training rows");
    let error = rows.nearest_others("kneighbors", 2, go).unwrap_err().to_string();
    assert_eq!(error, "kneighbors: n_neighbors is 2, but there are 1 other training rows");
    assert!(rows.nearest("kneighbors", array![[0.0]].view(), 0, go).is_err());
    assert!(rows.nearest("kneighbors", array![[0.0, 1.0]].view(), 1, go).is_err());
    assert!(rows.nearest("kneighbors", array![[f64::NAN]].view(), 1, go).is_err());
}

#[test]
fn neighbours_vote_and_average() {
    let found = array![[0_i64, 1, 2], [2, 1, 0]];
    let codes = [0, 1, 1];
    let shares = class_shares("predict", found.view(), None, &codes, 3).unwrap();
    assert!((&shares.sum_axis(Axis(1)) - 1.0).iter().all(|d| d.abs() < 1e-15));
    assert_eq!(shares[(0, 2)], 0.0);
    let weights = reciprocal_weights(array![[0.0, 0.0, 1.0], [1.0, 2.0, 4.0]].view());
    assert_eq!(weights, array![[1.0, 1.0, 0.0], [1.0, 0.5, 0.25]]);
    let means =
        neighbour_means("predict", found.view(), Some(weights.view()), array![[1.0], [3.0], [7.0]].view()).unwrap();
    assert_eq!(means[(0, 0)], 2.0);
    assert!((means[(1, 0)] - (7.0 + 1.5 + 0.25) / 1.75).abs() < 1e-15);
    let none = Array2::zeros((2, 3));
    let error = class_shares("predict", found.view(), Some(none.view()), &codes, 2).unwrap_err().to_string();
    assert_eq!(error, "predict: weights are zero for every neighbour of row 0");
    assert!(class_shares("predict", array![[5_i64]].view(), None, &codes, 2).is_err());
}
