use ndarray::array;
use proptest::prelude::*;

use super::*;

fn fit(model: &KMeans, x: &Array2<f64>, weight: Option<&[f64]>) -> KMeansFit {
    model.fit(x.view(), weight, &mut Stream::seeded(1), || Ok::<(), Error>(())).unwrap()
}

fn numbers(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut stream = Stream::seeded(seed);
    Array2::from_shape_simple_fn((rows, columns), || stream.normal())
}

#[test]
fn many_rows_and_few_rows_take_the_same_steps() {
    // Beyond what is kept in the frame, blocks are looked at again in each pass: the same rows thrice have the same centres.
    let few = numbers(2500, 3, 2);
    let many = Array2::from_shape_fn((7500 * 2, 3), |(i, j)| few[(i % 2500, j)]);
    let start = few.slice(ndarray::s![..5, ..]).to_owned();
    let model = KMeans { clusters: 5, init: KMeansInit::Centres(start), tol: 0.0, ..KMeans::default() };
    let (a, b) = (fit(&model, &few, None), fit(&model, &many, None));
    assert!((&a.centres - &b.centres).iter().all(|d| d.abs() < 1e-12));
    assert!((b.inertia / a.inertia - 6.0).abs() < 1e-10);
    assert_eq!(&b.labels[..2500], &a.labels[..]);
}

#[test]
fn whole_weights_are_repeated_rows() {
    let x = numbers(300, 4, 3);
    let weight: Vec<f64> = (0..300).map(|i| f64::from((i % 3) as u32)).collect();
    let repeated: Vec<usize> = (0..300).flat_map(|i| std::iter::repeat_n(i, i % 3)).collect();
    let twice = Array2::from_shape_fn((repeated.len(), 4), |(i, j)| x[(repeated[i], j)]);
    let init = KMeansInit::Centres(x.slice(ndarray::s![..7, ..]).to_owned());
    let model = KMeans { clusters: 7, init, tol: 0.0, ..KMeans::default() };
    let (a, b) = (fit(&model, &x, Some(&weight)), fit(&model, &twice, None));
    assert!((&a.centres - &b.centres).iter().all(|d| d.abs() < 1e-12));
    assert!((a.inertia - b.inertia).abs() < 1e-10);
}

#[test]
fn rows_without_weight_are_never_drawn() {
    let x = numbers(600, 2, 4);
    let weight: Vec<f64> = (0..600).map(|i| if i % 100 == 7 { 2.0 } else { 0.0 }).collect();
    for init in [KMeansInit::PlusPlus, KMeansInit::Random] {
        let model = KMeans { clusters: 6, init, ..KMeans::default() };
        // Six rows count: each is a centre, whichever way they are drawn.
        assert!(fit(&model, &x, Some(&weight)).inertia < 1e-25);
    }
}

#[test]
fn a_run_that_is_stopped_gives_what_the_caller_gave() {
    let x = numbers(20_000, 8, 5);
    let mut calls = 0;
    let stop = || {
        calls += 1;
        if calls > 2 { Err(Error::Interrupted { function: "test" }) } else { Ok(()) }
    };
    let found = KMeans { tol: 0.0, ..KMeans::default() }.fit(x.view(), None, &mut Stream::seeded(1), stop);
    assert_eq!(found.unwrap_err(), Error::Interrupted { function: "test" });
}

#[test]
fn distances_are_lengths_of_differences() {
    let d = centre_distances(
        array![[1e9 + 3.0, 4.0], [1e9, 0.0]].view(),
        array![[1e9, 0.0], [1e9 + 3.0, 3.0], [1e9 + 3.0, 4.5]].view(),
        || Ok::<(), Error>(()),
    )
    .unwrap();
    assert_eq!(d.row(0), array![5.0, 1.0, 0.5]);
    assert_eq!(d[(1, 0)], 0.0);
    let far = array![[1e200, 0.0], [2.0, 0.0]];
    let centres = array![[0.0, 0.0], [3.0, 0.0]];
    let d = centre_distances(far.view(), centres.view(), || Ok::<(), Error>(())).unwrap();
    assert!((d[(0, 0)] / 1e200 - 1.0).abs() < 1e-15 && (d[(0, 1)] / 1e200 - 1.0).abs() < 1e-15);
}

proptest! {
    #[test]
    fn inertia_never_rises(seed in 0_u64..10_000, rows in 1_usize..80, columns in 1_usize..12, clusters in 1_usize..12) {
        let x = numbers(rows, columns, seed);
        let model = KMeans { clusters: clusters.min(rows), tol: 0.0, ..KMeans::default() };
        let found = fit(&model, &x, None);
        let history = found.history.unwrap();
        prop_assert_eq!(found.distinct, clusters.min(rows));
        prop_assert!(history.inertia.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-14)));
        prop_assert!((history.inertia[history.inertia.len() - 1] - found.inertia).abs() <= 1e-12 * found.inertia + 1e-25);
        // Centres that do not move at all are a small shift.
        prop_assert!(found.stop != KMeansStop::MaxIter);
    }
}
