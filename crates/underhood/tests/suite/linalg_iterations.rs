//! Iterations: answers against closed forms and the factorisations, rates against theory, and what happens where a method has no right
//! to work.

use crate::gallery;

use ndarray::{Array1, Array2, array};
use num_complex::Complex;
use underhood::Error;
use underhood::linalg::iterations::{
    Limits, Shift, Shifts, Stop, Sweep, conjugate_gradient, gauss_seidel, inverse_iteration, jacobi_eigen,
    power_iteration, qr_algorithm,
};

fn go_on() -> Result<(), Error> {
    Ok(())
}

fn limits(max_iter: usize) -> Limits {
    Limits { max_iter, ..Limits::default() }
}

/// Eigenvalues 3 − √3, 3, 3 + √3.
fn three() -> Array2<f64> {
    array![[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]]
}

/// The second difference matrix, with eigenvalues 2 − 2·cos(kπ/(n + 1)).
fn second_difference(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    })
}

fn norm(x: &Array1<f64>) -> f64 {
    x.dot(x).sqrt()
}

fn off(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a - b).iter().fold(0.0, |m, v| m.max(v.abs()))
}

#[test]
fn power_iteration_finds_the_largest_eigenvalue_at_the_predicted_rate() {
    let found = power_iteration(three().view(), None, Limits::default(), go_on).unwrap();
    let root = 3.0_f64.sqrt();
    assert_eq!(found.course.stop, Stop::Converged);
    // The eigenvalue of a symmetric matrix is as good as the square of the residual, 1e-10.
    assert!((found.eigenvalue - (3.0 + root)).abs() < 1e-14 * 5.0);
    assert!((norm(&found.eigenvector) - 1.0).abs() < 1e-14);
    let predicted = found.course.predicted_rate.unwrap();
    assert!((predicted - 3.0 / (3.0 + root)).abs() < 1e-14);
    assert!((found.course.observed_rate.unwrap() - predicted).abs() < 1e-4);
    // Every step is kept: the start, and one vector of length one a step.
    assert_eq!(found.iterates.nrows(), found.course.iterations + 1);
    assert_eq!(found.eigenvalues.len(), found.course.residuals.len());
    assert!(found.iterates.rows().into_iter().all(|x| (norm(&x.to_owned()) - 1.0).abs() < 1e-14));
    assert!(found.course.residuals.windows(2).into_iter().all(|two| two[1] < two[0]));
}

#[test]
fn a_negative_eigenvalue_turns_the_vector_round_at_every_step() {
    let a = array![[-5.0, 1.0], [1.0, 2.0]];
    let found = power_iteration(a.view(), None, Limits::default(), go_on).unwrap();
    assert!((found.eigenvalue - (-1.5 - 0.5 * 53.0_f64.sqrt())).abs() < 1e-13);
    let last = found.iterates.nrows() - 1;
    assert!(found.iterates.row(last).dot(&found.iterates.row(last - 1)) < -0.999);
    assert!(found.eigenvector[0] > 0.0);
}

#[test]
fn equal_moduli_do_not_settle_and_it_says_why() {
    for (a, said) in [
        (array![[0.0, 1.0], [1.0, 0.0]], "same for 1 and -1"),
        (array![[0.0, -2.0], [2.0, 0.0]], "complex pair 0 ± 2i"),
        (array![[1.0, 1.0], [0.0, 1.0]], "defective"),
    ] {
        let found = power_iteration(a.view(), None, limits(200), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::MaxIter);
        assert_eq!(found.course.predicted_rate, Some(1.0));
        assert!(found.course.observed_rate.unwrap() > 0.98);
        assert!(found.course.message.contains(said), "{}", found.course.message);
    }
    // The same numbers, huge and tiny.
    for scale in [1e300, 1e-300] {
        let found =
            power_iteration(array![[0.0, 3.0 * scale], [3.0 * scale, 0.0]].view(), None, limits(9), go_on).unwrap();
        assert!(
            found.course.message.contains(if scale > 1.0 { "3e300" } else { "3e-300" }),
            "{}",
            found.course.message
        );
    }
}

#[test]
fn a_multiple_eigenvalue_with_all_its_eigenvectors_is_no_obstacle() {
    let a = array![[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 1.0]];
    let found = power_iteration(a.view(), None, Limits::default(), go_on).unwrap();
    assert_eq!(found.course.stop, Stop::Converged);
    assert!((found.course.predicted_rate.unwrap() - 1.0 / 3.0).abs() < 1e-14);
    // Not symmetric, with the eigenvectors (1, 0, 0), (0, 1, 1) and (0, 1, 0).
    let a = array![[3.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.0, 3.0]];
    let found = power_iteration(a.view(), None, Limits::default(), go_on).unwrap();
    assert!((found.course.predicted_rate.unwrap() - 1.0 / 3.0).abs() < 1e-12);
    assert!((found.course.observed_rate.unwrap() - 1.0 / 3.0).abs() < 1e-3);
}

#[test]
fn a_start_without_a_part_in_the_wanted_direction_is_told() {
    let a = Array2::from_diag(&array![5.0, 2.0, 1.0]);
    let found = power_iteration(a.view(), Some(array![0.0, 1.0, 1.0].view()), Limits::default(), go_on).unwrap();
    assert!((found.eigenvalue - 2.0).abs() < 1e-14);
    assert!(found.course.message.contains("eigenvalue of modulus 5"), "{}", found.course.message);
    let shift = Shift::Fixed(4.9);
    let found = inverse_iteration(a.view(), shift, Some(array![0.0, 1.0, 1.0].view()), Limits::default(), go_on);
    let found = found.unwrap();
    assert!((found.eigenvalue - 2.0).abs() < 1e-14);
    assert!(found.course.message.contains("the eigenvalue 5 nearer"), "{}", found.course.message);
}

#[test]
fn the_default_start_has_a_part_in_every_direction_that_matrices_prefer() {
    // The largest eigenvector alternates in sign: a start of ones is at right angles to it.
    let found = power_iteration(second_difference(8).view(), None, limits(5000), go_on).unwrap();
    let largest = 2.0 + 2.0 * (std::f64::consts::PI / 9.0).cos();
    assert!((found.eigenvalue - largest).abs() < 1e-13);
}

#[test]
fn zero_one_by_one_and_no_steps_have_their_answers() {
    for (a, eigenvalue) in [(Array2::zeros((3, 3)), 0.0), (array![[-4.0]], -4.0)] {
        let found = power_iteration(a.view(), None, limits(0), go_on).unwrap();
        assert_eq!((found.eigenvalue, found.course.stop, found.course.iterations), (eigenvalue, Stop::Converged, 0));
        let found = inverse_iteration(a.view(), Shift::Fixed(0.0), None, limits(0), go_on).unwrap();
        assert_eq!((found.eigenvalue, found.course.stop), (eigenvalue, Stop::Converged));
        let found = jacobi_eigen(a.view(), limits(0), go_on).unwrap();
        assert!(found.eigenvalues.iter().all(|v| *v == eigenvalue) && found.course.stop == Stop::Converged);
        let found = qr_algorithm(a.view(), Shifts::None, limits(0), go_on).unwrap();
        assert!(found.eigenvalues.iter().all(|v| *v == Complex::new(eigenvalue, 0.0)));
    }
    let found = power_iteration(three().view(), None, limits(0), go_on).unwrap();
    assert_eq!((found.course.stop, found.iterates.dim()), (Stop::MaxIter, (1, 3)));
    assert_eq!(found.course.observed_rate, None);
    let found = jacobi_eigen(three().view(), limits(0), go_on).unwrap();
    assert_eq!((found.course.stop, found.eigenvalues), (Stop::MaxIter, array![2.0, 3.0, 4.0]));
    let found = conjugate_gradient(three().view(), array![1.0, 2.0, 3.0].view(), None, limits(0), go_on).unwrap();
    assert_eq!((found.course.stop, found.x), (Stop::MaxIter, Array1::zeros(3)));
}

#[test]
fn inverse_iteration_finds_the_nearest_eigenvalue_at_the_predicted_rate() {
    let root = 3.0_f64.sqrt();
    for (shift, wanted, next) in [(0.0, 3.0 - root, 3.0), (2.5, 3.0, 3.0 - root), (4.5, 3.0 + root, 3.0)] {
        let found = inverse_iteration(three().view(), Shift::Fixed(shift), None, Limits::default(), go_on).unwrap();
        assert!((found.eigenvalue - wanted).abs() < 1e-13);
        let predicted = (wanted - shift).abs() / (next - shift).abs();
        assert!((found.course.predicted_rate.unwrap() - predicted).abs() < 1e-13);
        assert!((found.course.observed_rate.unwrap() / predicted - 1.0).abs() < 0.15);
    }
}

#[test]
fn a_shift_that_is_an_eigenvalue_needs_one_step() {
    for (a, shift) in
        [(three(), 3.0), (Array2::eye(3) + array![[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 4.0]], 5.0)]
    {
        let found = inverse_iteration(a.view(), Shift::Fixed(shift), None, Limits::default(), go_on).unwrap();
        assert_eq!((found.course.stop, found.course.iterations), (Stop::Converged, 1));
        assert!((found.eigenvalue - shift).abs() < 1e-13);
        assert!(found.course.message.contains("is an eigenvalue"), "{}", found.course.message);
    }
}

#[test]
fn rayleighs_shifts_converge_cubically_for_a_symmetric_matrix() {
    let mut orders = Vec::new();
    for seed in 0..8 {
        let a = gallery::random(9, 9, seed);
        let a = &a + &a.t();
        let found = inverse_iteration(a.view(), Shift::Rayleigh, None, Limits::default(), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::Converged);
        assert!(found.course.iterations <= 15);
        assert_eq!(found.course.predicted_order, Some(3.0));
        let residual = norm(&(a.dot(&found.eigenvector) - found.eigenvalue * &found.eigenvector));
        assert!(residual < 1e-9 * norm(&Array1::from_iter(a.iter().copied())));
        orders.extend(found.course.observed_order);
    }
    orders.sort_by(f64::total_cmp);
    assert!(orders.len() >= 5 && (orders[orders.len() / 2] - 3.0).abs() < 0.5, "{orders:?}");
}

#[test]
fn a_shift_out_of_all_proportion_is_not_taken_for_convergence() {
    for (scale, shift) in [(1e-310, 1.0), (1.0, 1e300), (1e-200, -1e200)] {
        let found = inverse_iteration((scale * three()).view(), Shift::Fixed(shift), None, limits(20), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::MaxIter);
        assert!(found.course.residuals[20] > 1e-3);
    }
}

#[test]
fn the_qr_algorithm_shows_the_ratios_of_the_eigenvalues() {
    let found = qr_algorithm(three().view(), Shifts::None, Limits::default(), go_on).unwrap();
    let root = 3.0_f64.sqrt();
    for (value, expected) in found.eigenvalues.iter().zip([3.0 + root, 3.0, 3.0 - root]) {
        assert!((value.re - expected).abs() < 1e-12 && value.im == 0.0);
    }
    for (i, expected) in [3.0 / (3.0 + root), (3.0 - root) / 3.0].into_iter().enumerate() {
        assert!((found.predicted_rates[i].unwrap() - expected).abs() < 1e-13);
        assert!((found.observed_rates[i].unwrap() - expected).abs() < 1e-3);
    }
    // The iterates are similar to a, and a's own symmetry stays.
    let last = found.iterates.index_axis(ndarray::Axis(0), found.course.iterations).to_owned();
    assert!(off(&found.q.dot(&last).dot(&found.q.t()), &three()) < 1e-13);
    assert_eq!(last, last.t());
    assert_eq!(found.iterates.index_axis(ndarray::Axis(0), 0), three());
}

#[test]
fn a_complex_pair_stays_a_block() {
    // Eigenvalues 1 ± 2i and 4, turned.
    let block = array![[1.0, -2.0, 0.3], [2.0, 1.0, -0.7], [0.0, 0.0, 4.0]];
    let q = rotation(3, 0, 2, 0.7).dot(&rotation(3, 1, 2, -0.4));
    let a = q.dot(&block).dot(&q.t());
    for shifts in [Shifts::None, Shifts::Wilkinson] {
        let found = qr_algorithm(a.view(), shifts, Limits::default(), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::Converged, "{}", found.course.message);
        let mut values = found.eigenvalues.to_vec();
        values.sort_by(|x, y| (x.re, x.im).partial_cmp(&(y.re, y.im)).unwrap());
        let expected = [Complex::new(1.0, -2.0), Complex::new(1.0, 2.0), Complex::new(4.0, 0.0)];
        assert!(values.iter().zip(expected).all(|(v, e)| (v - e).norm() < 1e-9), "{values:?}");
    }
}

fn rotation(n: usize, p: usize, q: usize, angle: f64) -> Array2<f64> {
    let mut turn = Array2::eye(n);
    (turn[[p, p]], turn[[q, q]], turn[[p, q]], turn[[q, p]]) = (angle.cos(), angle.cos(), -angle.sin(), angle.sin());
    turn
}

#[test]
fn shifts_settle_what_equal_moduli_hold_up() {
    let swap = array![[0.0, 1.0], [1.0, 0.0]];
    let found = qr_algorithm(swap.view(), Shifts::None, limits(50), go_on).unwrap();
    assert_eq!((found.course.stop, found.course.predicted_rate), (Stop::MaxIter, Some(1.0)));
    assert!(found.course.message.contains("same modulus"), "{}", found.course.message);
    // A cyclic shift of three has the cube roots of one, and every shift by an eigenvalue of its last block is zero.
    let cycle = array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    let longer = Array2::from_shape_fn((4, 4), |(i, j)| f64::from(u8::from(i == (j + 1) % 4)));
    for (a, size) in [(swap, 2), (cycle, 3), (longer, 4)] {
        let found = qr_algorithm(a.view(), Shifts::Wilkinson, limits(200), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::Converged, "{}", found.course.message);
        assert_eq!(found.eigenvalues.len(), size);
        assert!(found.eigenvalues.iter().all(|v| (v.norm() - 1.0).abs() < 1e-8), "{}", found.eigenvalues);
    }
}

#[test]
fn wilkinsons_shifts_reach_the_whole_gallery() {
    for (name, a) in gallery::square() {
        if a.nrows() == 0 || a.nrows() > 30 {
            continue;
        }
        let n = a.nrows() as f64;
        let size = gallery::largest(&a).max(f64::MIN_POSITIVE);
        let found = qr_algorithm(a.view(), Shifts::Wilkinson, Limits::default(), go_on);
        let Ok(found) = found else {
            assert!(size > 1e300, "{name}: {found:?}");
            continue;
        };
        assert_eq!(found.course.stop, Stop::Converged, "{name}: {}", found.course.message);
        let last = found.iterates.index_axis(ndarray::Axis(0), found.iterates.shape()[0] - 1).mapv(|v| v / size);
        let back = found.q.dot(&last).dot(&found.q.t());
        // Each of the few steps for a row rounds: a small multiple of n²·ε.
        assert!(off(&back, &a.mapv(|v| v / size)) < 40.0 * n * n * f64::EPSILON, "{name}");
        assert!(off(&found.q.t().dot(&found.q), &Array2::eye(a.nrows())) < 40.0 * n * f64::EPSILON, "{name}");
    }
}

#[test]
fn jacobis_rotations_diagonalise_the_symmetric_gallery_ever_faster() {
    for (name, a) in gallery::symmetric() {
        if a.nrows() == 0 || a.nrows() > 60 {
            continue;
        }
        let size = gallery::largest(&a).max(f64::MIN_POSITIVE);
        let n = a.nrows() as f64;
        let Ok(found) = jacobi_eigen(a.view(), Limits { tol: 1e-15, max_iter: 30 }, go_on) else {
            assert!(size > 1e300, "{name}");
            continue;
        };
        assert_eq!(found.course.stop, Stop::Converged, "{name}: {}", found.course.message);
        assert!(found.course.iterations <= 20, "{name}: {}", found.course.iterations);
        let v = &found.eigenvectors;
        assert!(off(&v.t().dot(v), &Array2::eye(a.nrows())) < 20.0 * n * f64::EPSILON, "{name}");
        let back = v.dot(&Array2::from_diag(&found.eigenvalues.mapv(|w| w / size))).dot(&v.t());
        assert!(off(&back, &a.mapv(|w| w / size)) < 40.0 * n * f64::EPSILON, "{name}");
        assert!(found.eigenvalues.windows(2).into_iter().all(|two| two[0] <= two[1]), "{name}");
        assert!(found.off_diagonal.windows(2).into_iter().all(|two| two[1] <= two[0]), "{name}");
    }
    let a = gallery::random(20, 20, 5);
    let found = jacobi_eigen((&a + &a.t()).view(), Limits::default(), go_on).unwrap();
    assert!(found.course.observed_order.unwrap() > 1.8);
}

#[test]
fn conjugate_gradients_stay_within_their_bound() {
    let n = 40;
    let a = second_difference(n);
    let b = Array1::from_shape_fn(n, |i| ((i * i) % 7) as f64 - 3.0);
    let found = conjugate_gradient(a.view(), b.view(), None, Limits::default(), go_on).unwrap();
    assert_eq!(found.course.stop, Stop::Converged);
    assert!(norm(&(&b - &a.dot(&found.x))) <= 1e-10 * norm(&b));
    // κ = cot²(π / (2(n + 1))), from the closed form of the eigenvalues.
    let root = 1.0 / (std::f64::consts::FRAC_PI_2 / (n as f64 + 1.0)).tan();
    let rate = (root - 1.0) / (root + 1.0);
    assert!((found.course.predicted_rate.unwrap() - rate).abs() < 1e-12);
    let errors = found.errors.unwrap();
    for (k, error) in errors.iter().enumerate() {
        assert!(*error <= 2.0 * rate.powi(k as i32) + 1e-13, "step {k}: {error}");
    }
    assert!(errors.windows(2).into_iter().all(|two| two[1] <= two[0] + 1e-15));
}

#[test]
fn conjugate_gradients_need_as_many_steps_as_there_are_different_eigenvalues() {
    let a = Array2::from_diag(&array![1.0, 1.0, 1.0, 10.0, 10.0, 100.0]);
    let found = conjugate_gradient(a.view(), Array1::ones(6).view(), None, Limits::default(), go_on).unwrap();
    assert_eq!((found.course.stop, found.course.iterations), (Stop::Converged, 3));
}

#[test]
fn conjugate_gradients_break_down_where_the_matrix_curves_downwards() {
    let a = array![[1.0, 0.0], [0.0, -2.0]];
    let found = conjugate_gradient(a.view(), array![1.0, 2.0].view(), None, Limits::default(), go_on).unwrap();
    assert_eq!(found.course.stop, Stop::Breakdown);
    assert!(found.course.message.contains("not positive definite"), "{}", found.course.message);
    assert_eq!((found.errors, found.course.predicted_rate), (None, None));
    let found = conjugate_gradient(Array2::zeros((2, 2)).view(), array![1.0, 2.0].view(), None, limits(9), go_on);
    assert_eq!(found.unwrap().course.stop, Stop::Breakdown);
    let error =
        conjugate_gradient(array![[1.0, 2.0], [0.0, 1.0]].view(), array![1.0, 2.0].view(), None, limits(9), go_on);
    assert!(matches!(error, Err(Error::NotSymmetric { function: "conjugate_gradient", .. })));
    // Ill-conditioned: the true residual is what counts, not the one that is carried along.
    let hilbert = gallery::hilbert(12);
    let b = hilbert.dot(&Array1::ones(12));
    let found = conjugate_gradient(hilbert.view(), b.view(), None, Limits { tol: 1e-14, max_iter: 300 }, go_on);
    let found = found.unwrap();
    let true_residual = norm(&(&b - &hilbert.dot(&found.x))) / norm(&b);
    assert!((true_residual - found.course.residuals[found.course.iterations]).abs() <= 1e-15);
    assert!(true_residual < 1e-12);
}

#[test]
fn sweeps_converge_at_the_spectral_radius() {
    // Of the second difference matrix: cos π/(n + 1) for Jacobi, its square for Gauss–Seidel (Varga, section 4.1).
    let n = 9;
    let (a, b) = (second_difference(n), Array1::linspace(1.0, 2.0, n));
    let cosine = (std::f64::consts::PI / (n as f64 + 1.0)).cos();
    for (sweep, radius) in [(Sweep::Jacobi, cosine), (Sweep::GaussSeidel, cosine * cosine)] {
        let found = gauss_seidel(a.view(), b.view(), None, sweep, Limits::default(), go_on).unwrap();
        assert_eq!(found.course.stop, Stop::Converged);
        assert!(norm(&(&b - &a.dot(&found.x))) <= 1e-10 * norm(&b));
        assert!((found.course.predicted_rate.unwrap() - radius).abs() < 1e-7);
        assert!((found.course.observed_rate.unwrap() - radius).abs() < 1e-3);
    }
}

#[test]
fn sweeps_that_diverge_say_why() {
    let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![1.0, 1.0]);
    let found = gauss_seidel(a.view(), b.view(), None, Sweep::GaussSeidel, Limits::default(), go_on).unwrap();
    assert_eq!(found.course.stop, Stop::Diverged);
    assert!((found.course.predicted_rate.unwrap() - 1.5).abs() < 1e-14);
    assert!((found.course.observed_rate.unwrap() - 1.5).abs() < 1e-6);
    assert!(found.course.message.contains("spectral radius 1.5"), "{}", found.course.message);
    assert!(found.x.iter().all(|v| v.is_finite()));
    let error = gauss_seidel(array![[0.0, 1.0], [1.0, 0.0]].view(), b.view(), None, Sweep::Jacobi, limits(9), go_on);
    assert!(error.unwrap_err().to_string().contains("zero on its diagonal (row 0)"));
}

#[test]
fn systems_of_any_scale_are_solved() {
    for (scale, size) in [(1e300, 1e-5), (1e-300, 1e-290), (1e-310, 1e-312), (1.0, 1e300), (1e200, 1e305)] {
        let (a, b) = (scale * three(), size * array![1.0, 2.0, 3.0]);
        let expected = array![1.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0];
        let same = |x: &Array1<f64>| x.iter().zip(&expected).all(|(x, e)| (x / (size / scale) / e - 1.0).abs() < 1e-4);
        let found = conjugate_gradient(a.view(), b.view(), None, Limits::default(), go_on).unwrap();
        assert!(same(&found.x) && found.course.stop == Stop::Converged, "{scale} {size} {}", found.x);
        let found = gauss_seidel(a.view(), b.view(), None, Sweep::GaussSeidel, Limits::default(), go_on).unwrap();
        assert!(same(&found.x) && found.course.stop == Stop::Converged, "{scale} {size} {}", found.x);
    }
    // A right-hand side of zeros has the solution zero, from wherever one starts.
    let start = array![1.0, -1.0, 2.0];
    let found = conjugate_gradient(three().view(), Array1::zeros(3).view(), Some(start.view()), limits(50), go_on);
    let found = found.unwrap();
    assert!(found.course.stop == Stop::Converged && norm(&found.x) < 1e-9);
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    let (square, wide) = (three(), Array2::zeros((2, 3)));
    let default = Limits::default();
    let check = |error: Error, words: &[&str]| {
        let text = error.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    };
    check(power_iteration(wide.view(), None, default, go_on).unwrap_err(), &["power_iteration: a is 2×3"]);
    check(qr_algorithm(wide.view(), Shifts::None, default, go_on).unwrap_err(), &["qr_algorithm: a is 2×3"]);
    let empty = Array2::zeros((0, 0));
    check(jacobi_eigen(empty.view(), default, go_on).unwrap_err(), &["jacobi_eigen: a has 0 rows"]);
    check(power_iteration(square.view(), Some(Array1::zeros(3).view()), default, go_on).unwrap_err(), &["x0 is zero"]);
    check(
        power_iteration(square.view(), Some(array![1.0, 2.0].view()), default, go_on).unwrap_err(),
        &["x0 is a vector of 2, but a is 3×3"],
    );
    let bad = Limits { tol: -1.0, max_iter: 3 };
    check(power_iteration(square.view(), None, bad, go_on).unwrap_err(), &["tol is -1"]);
    let nan = Shift::Fixed(f64::NAN);
    check(inverse_iteration(square.view(), nan, None, default, go_on).unwrap_err(), &["inverse_iteration: shift"]);
    let b = array![1.0, f64::INFINITY, 2.0];
    check(
        conjugate_gradient(square.view(), b.view(), None, default, go_on).unwrap_err(),
        &["conjugate_gradient: b holds infinity at index 1"],
    );
    check(
        jacobi_eigen(array![[1.0, 2.0], [3.0, 4.0]].view(), default, go_on).unwrap_err(),
        &["not symmetric", "is 2", "is 3"],
    );
    assert!("fast".parse::<Shifts>().is_err() && "sor".parse::<Sweep>().is_err() && "auto".parse::<Shift>().is_err());
    check(
        power_iteration(Array2::from_elem((4, 4), 1.7e308).view(), None, default, go_on).unwrap_err(),
        &["beyond the range of doubles"],
    );
}

#[test]
fn a_checkpoint_ends_the_iteration() {
    let a = gallery::random(60, 60, 1);
    let a = &a + &a.t();
    let stop = || Err(Error::Interrupted { function: "test" });
    let forever = Limits { tol: 0.0, max_iter: usize::MAX };
    let (b, dominant) = (Array1::ones(60), &a + 99.0 * Array2::<f64>::eye(60));
    assert!(power_iteration(a.view(), None, forever, stop).is_err());
    assert!(inverse_iteration(a.view(), Shift::Fixed(0.1), None, forever, stop).is_err());
    assert!(qr_algorithm(a.view(), Shifts::None, forever, stop).is_err());
    assert!(gauss_seidel(dominant.view(), b.view(), None, Sweep::Jacobi, forever, stop).is_err());
}

#[test]
fn the_layout_of_the_matrix_does_not_matter() {
    let a = gallery::random(12, 12, 3);
    let expected = power_iteration(a.view(), None, limits(40), go_on).unwrap();
    for stored in gallery::layouts(&a) {
        assert_eq!(power_iteration(stored.view(), None, limits(40), go_on).unwrap(), expected);
    }
    let reversed = a.slice(ndarray::s![..;-1, ..;-1]).to_owned();
    let turned = reversed.slice(ndarray::s![..;-1, ..;-1]);
    assert_eq!(power_iteration(turned, None, limits(40), go_on).unwrap(), expected);
}

#[test]
fn magnitudes_far_apart_are_no_reason_for_a_false_claim() {
    use underhood::linalg::iterations::{Limits, Stop, Sweep, conjugate_gradient, gauss_seidel};
    let a = ndarray::array![[1e200, 0.0], [0.0, 1e-200]];
    let b = ndarray::array![1.0, 1.0];
    let limits = Limits { tol: 1e-10, max_iter: 50 };
    let done = || Ok::<(), Error>(());
    let swept = gauss_seidel(a.view(), b.view(), None, Sweep::GaussSeidel, limits, done).unwrap();
    assert_eq!((swept.course.stop, swept.course.iterations), (Stop::Converged, 1));
    if let Ok(found) = conjugate_gradient(a.view(), b.view(), None, limits, done) {
        assert!(!found.course.message.contains("not positive definite"), "{}", found.course.message);
    }
    let (eye, start) = (Array2::<f64>::eye(2), ndarray::array![1e308, -1e308]);
    if let Ok(found) = conjugate_gradient(eye.view(), b.view(), Some(start.view()), limits, done) {
        assert!(!found.course.message.contains("not positive definite"), "{}", found.course.message);
    }
}
