//! Quadratic programs without a feasible point.

use ndarray::{Array1, Array2, array};
use underhood::optimize::{Program, quadratic_program};

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
