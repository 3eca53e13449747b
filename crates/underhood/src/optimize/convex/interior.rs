//! The interior-point method, that of the clarabel crate (P. J. Goulart and Y. Chen, "Clarabel: An interior-point solver for conic programs with quadratic
//! objectives", 2024, arXiv:2405.12762), in units that make the program's numbers even; what it finds is polished by [`polish`](super::polish).

use std::sync::Arc;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT};
use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::interrupt::Going;
use super::polish::{Active, polish};
use super::program::{Found, Rows};
use crate::error::{Error, Result};

/// The interior-point method's answer, polished; what it is not sure of is no answer. All this in units that make its numbers even.
pub(super) fn inside(
    function: &'static str,
    p: &Array2<f64>,
    q: ArrayView1<'_, f64>,
    rows: &Rows,
    going: &Going,
) -> Result<Found> {
    let units = Units::of(p, q, rows);
    let (p, q, rows) = units.even(p, q, rows);
    let Interior { x, z, iterations, status } = interior(function, &p, q.view(), &rows, going)?;
    let status = match status {
        SolverStatus::Solved => 0,
        SolverStatus::PrimalInfeasible => 2,
        // The objective falls along some way without end; whether there is a point to start from, another program tells.
        SolverStatus::DualInfeasible => {
            let (nothing, none) = (Array2::zeros(p.dim()), Array1::zeros(q.len()));
            match interior(function, &nothing, none.view(), &rows, going)?.status {
                SolverStatus::Solved | SolverStatus::AlmostSolved => 3,
                SolverStatus::PrimalInfeasible => 2,
                _ => 4,
            }
        }
        SolverStatus::MaxIterations => 1,
        _ => 4,
    };
    if status != 2
        && status != 3
        && let Some(Active { x, z, held }) = polish(&p, q.view(), &rows, &x, &z)
    {
        let (x, z) = units.back(x, z);
        return Ok(Found::of(x, z, iterations, 0, Some(held)));
    }
    let (x, z) = units.back(x, z);
    Ok(Found::of(x, z, iterations, status, None))
}

/// Units in which the coefficients of a program are near one, so that tests of absolute size mean the same for every program: those of clarabel for
/// programs without a best point would take large numbers for a proof, and what is small in one variable is not in another. Powers of two, which round nothing.
struct Units {
    variables: Array1<f64>,
    rows: Array1<f64>,
    /// Of all variables, by the largest right-hand side, and of the objective.
    point: f64,
    cost: f64,
}

impl Units {
    /// Rows and columns of (P, Aᵀ; A, 0) are divided by the roots of their largest elements, a few times over (D. Ruiz, "A scaling algorithm to equilibrate both
    /// rows and columns norms in matrices", RAL-TR-2001-034, 2001).
    fn of(p: &Array2<f64>, q: ArrayView1<'_, f64>, rows: &Rows) -> Units {
        let near = |largest: f64| if largest > 0.0 { largest.log2().round().exp2() } else { 1.0 };
        let root = |largest: f64| if largest > 0.0 { (-0.5 * largest.log2()).exp2() } else { 1.0 };
        let (mut columns, mut heights) = (Array1::<f64>::ones(q.len()), Array1::<f64>::ones(rows.b.len()));
        for _ in 0..12 {
            let largest_of_row = |i: usize| {
                rows.a.row(i).iter().zip(&columns).fold(0.0_f64, |m, (a, d)| m.max((a * d * heights[i]).abs()))
            };
            let by_row: Array1<f64> = (0..rows.b.len()).map(|i| root(largest_of_row(i))).collect();
            let largest_of_column = |j: usize| {
                let of_rows = rows.a.column(j).iter().zip(&heights).fold(0.0_f64, |m, (a, e)| m.max((a * e).abs()));
                let of_p = p.column(j).iter().zip(&columns).fold(0.0_f64, |m, (p, d)| m.max((p * d).abs()));
                of_rows.max(of_p) * columns[j]
            };
            let by_column: Array1<f64> = (0..q.len()).map(|j| root(largest_of_column(j))).collect();
            columns *= &by_column;
            heights *= &by_row;
        }
        columns.mapv_inplace(near);
        heights.mapv_inplace(near);
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0_f64, |m, v| m.max(v.abs()));
        let size = |largest: f64| if (1e-3..=1e3).contains(&largest) { 1.0 } else { near(largest) };
        let point = size(largest(&mut rows.b.iter().zip(&heights).map(|(b, e)| b * e)));
        let slopes = largest(&mut q.iter().zip(&columns).map(|(q, d)| q * d));
        let curvatures = largest(&mut p.indexed_iter().map(|((i, j), p)| p * columns[i] * columns[j]));
        let cost = size(slopes.max(curvatures * point));
        let units = Units { variables: columns, rows: heights, point, cost };
        let fine = |v: &f64| (1e-100..1e100).contains(v);
        let even = units.variables.iter().chain(&units.rows).chain([&units.point, &units.cost]).all(fine);
        if even { units } else { Units::plain(q.len(), rows.b.len()) }
    }

    fn plain(variables: usize, rows: usize) -> Units {
        Units { variables: Array1::ones(variables), rows: Array1::ones(rows), point: 1.0, cost: 1.0 }
    }

    /// The program in these units.
    fn even(&self, p: &Array2<f64>, q: ArrayView1<'_, f64>, rows: &Rows) -> (Array2<f64>, Array1<f64>, Rows) {
        let Units { variables, rows: heights, point, cost } = self;
        let p = &(p * variables) * &variables.view().insert_axis(Axis(1)) * (point / cost);
        let a = &(&rows.a * variables) * &heights.view().insert_axis(Axis(1));
        (p, &q * variables / *cost, Rows { a, b: &rows.b * heights / *point, equalities: rows.equalities })
    }

    /// A point and prices in the program's own units.
    fn back(&self, x: Array1<f64>, z: Array1<f64>) -> (Array1<f64>, Array1<f64>) {
        (x * &self.variables * self.point, z * &self.rows * self.cost)
    }
}

/// What clarabel gives.
struct Interior {
    x: Array1<f64>,
    z: Array1<f64>,
    iterations: usize,
    status: SolverStatus,
}

fn interior(
    function: &'static str,
    p: &Array2<f64>,
    q: ArrayView1<'_, f64>,
    rows: &Rows,
    going: &Going,
) -> Result<Interior> {
    let settings = DefaultSettings {
        verbose: false,
        max_iter: 200,
        tol_gap_abs: 1e-10,
        tol_gap_rel: 1e-10,
        tol_feas: 1e-10,
        presolve_enable: false,
        ..DefaultSettings::default()
    };
    let inequalities = rows.b.len() - rows.equalities;
    let cones = [ZeroConeT(rows.equalities), NonnegativeConeT(inequalities)];
    let above = sparse(p, |i, j| i <= j);
    let rows_of = sparse(&rows.a, |_, _| true);
    let made = DefaultSolver::new(&above, &q.to_vec(), &rows_of, &rows.b.to_vec(), &cones, settings);
    let mut solver = made.map_err(|error| Error::Invalid {
        function,
        argument: "the program",
        problem: format!("cannot be solved: {error}"),
    })?;
    let asked = Arc::clone(going);
    solver.set_termination_callback(move |_| !asked());
    solver.solve();
    let solution = &solver.solution;
    if solution.status == SolverStatus::CallbackTerminated {
        return Err(Error::Interrupted { function });
    }
    Ok(Interior {
        x: Array1::from(solution.x.clone()),
        z: Array1::from(solution.z.clone()),
        iterations: solution.iterations as usize,
        status: solution.status,
    })
}

/// The entries that are not zero, column by column.
fn sparse(a: &Array2<f64>, wanted: impl Fn(usize, usize) -> bool) -> CscMatrix<f64> {
    let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
    for (j, column) in a.columns().into_iter().enumerate() {
        for (i, &value) in column.iter().enumerate().filter(|(i, value)| **value != 0.0 && wanted(*i, j)) {
            places.push(i);
            values.push(value);
        }
        starts.push(places.len());
    }
    CscMatrix::new(a.nrows(), a.ncols(), starts, places, values)
}
