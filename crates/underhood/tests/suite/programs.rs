//! Programs without a feasible point, and those that are asked to stop.

use ndarray::{Array1, Array2, Axis, array};
use underhood::Error;
use underhood::optimize::{
    Program, Programmed, interruptible_linear_program, interruptible_quadratic_program, linear_program,
    quadratic_program,
};

#[test]
fn quadratic_programs_without_a_point_are_infeasible_in_any_unit() {
    for unit in [1.0, 1e-4, 1e4] {
        // x = −1/2 and x = −2.
        let (a, b) = (array![[-2.0], [-1.0]], array![unit, 2.0 * unit]);
        let both = Program { equalities: Some((a.view(), b.view())), ..Program::default() };
        let found = quadratic_program(array![[1.0]].view(), array![0.0].view(), &both).expect("the program is good");
        assert_eq!(found.status, 2, "{unit}: {}", found.message);
        // 0 = 2.
        let (a, b) = (array![[-1.0]], array![-2.0 * unit]);
        let (zero, two) = (array![[0.0]], array![2.0 * unit]);
        let nothing = Program {
            inequalities: Some((a.view(), b.view())),
            equalities: Some((zero.view(), two.view())),
            ..Program::default()
        };
        let found = quadratic_program(array![[4.0]].view(), array![3.0].view(), &nothing).expect("the program is good");
        assert_eq!(found.status, 2, "{unit}: {}", found.message);
    }
    // The sum of six numbers, and of the same six the other way round, one more.
    let (a, b) = (Array2::from_shape_fn((2, 6), |(i, _)| 1.0 - 2.0 * i as f64), array![1.0, -2.0]);
    let sums = Program { equalities: Some((a.view(), b.view())), ..Program::default() };
    let found = quadratic_program(Array2::eye(6).view(), Array1::zeros(6).view(), &sums).expect("the program is good");
    assert_eq!(found.status, 2, "{}", found.message);
}

#[test]
fn long_programs_can_be_stopped() {
    let refuse = || Err(Error::Interrupted { function: "test" });
    let stopped = |found: Result<Programmed, Error>| found.err() == Some(Error::Interrupted { function: "test" });
    // By corners, and in the interior.
    for n in [20, 600] {
        let a = Array2::from_shape_fn((n, n), |(i, j)| ((i * 7 + j * 13) % 11) as f64 + if i == j { 5.0 } else { 0.0 });
        let (b, c) = (Array1::from_elem(n, 50.0), Array1::from_elem(n, -1.0));
        let program = Program { inequalities: Some((a.view(), b.view())), ..Program::default() };
        assert!(stopped(interruptible_linear_program(c.view(), &program, refuse)), "{n}");
        let p = Array2::eye(n);
        assert!(stopped(interruptible_quadratic_program(p.view(), c.view(), &program, refuse)), "{n}");
        let all = interruptible_linear_program(c.view(), &program, || Ok::<_, Error>(()));
        assert!(all.is_ok_and(|found| found.converged), "{n}");
    }
}

/// Rows that depend on each other look violated by rounding; zero meets them all.
#[test]
fn rows_that_depend_on_each_other_are_no_contradiction() {
    let (u, v, w) = (0.917_662_941_353_249, 0.229_415_728_343_118, 1.376_494_404_698_9);
    let mut state = 1_u64;
    let mut draw = |n: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % n
    };
    for _ in 0..300 {
        let kinds = [[-u, -1.0], [-v, 1.0], [-w, 1.0], [u, 1.0], [v, -1.0], [w, -1.0]];
        let rows = 16;
        let mut a = Array2::zeros((rows, 6));
        for i in 0..rows {
            let kind = kinds[draw(6) as usize];
            let (own, other) = (draw(3) as usize, draw(2) as usize);
            let other = (own + 1 + other) % 3;
            for k in 0..2 {
                a[(i, 2 * own + k)] = kind[k];
                a[(i, 2 * other + k)] = -kind[k];
            }
        }
        let c = a.sum_axis(Axis(0));
        let b: Array1<f64> = Array1::zeros(rows);
        let (lower, upper) = (Array1::from_elem(6, -1.0), Array1::from_elem(6, 1.0));
        let program = Program {
            inequalities: Some((a.view(), b.view())),
            lower: Some(lower.view()),
            upper: Some(upper.view()),
            ..Program::default()
        };
        let found = linear_program(c.view(), &program).expect("finite numbers");
        // The objective is the sum of the rows, none of which is above zero: it is bounded below, and zero is a point.
        assert!(found.converged && found.value <= 1e-9, "{}", found.message);
        assert!(found.slack.iter().all(|slack| *slack >= -1e-9), "{}", found.slack);
    }
}
