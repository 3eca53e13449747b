//! Programs without a feasible point, and those that are asked to stop.

use ndarray::{Array1, Array2, array};
use underhood::Error;
use underhood::optimize::{
    Program, Programmed, interruptible_linear_program, interruptible_quadratic_program, quadratic_program,
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
