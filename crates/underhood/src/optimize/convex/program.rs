//! Linear and quadratic programs: ½·xᵀPx + qᵀx is to be made smallest under linear constraints.
//!
//! Linear programs that are not large go from corner to corner ([`simplex`](super::simplex)); all others are left to the interior-point method
//! ([`interior`](super::interior)).

use std::fmt::Write as _;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::interior::inside;
use super::interrupt::{Going, interruptible};
use super::simplex::{Corners, End, simplex};
use crate::check;
use crate::error::{Error, Result};

/// The constraints of a program.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program<'a> {
    /// A and b with A·x ≤ b.
    pub inequalities: Option<(ArrayView2<'a, f64>, ArrayView1<'a, f64>)>,
    /// A and b with A·x = b.
    pub equalities: Option<(ArrayView2<'a, f64>, ArrayView1<'a, f64>)>,
    /// The lower bounds, minus infinity where there is none; without any, zero in a linear program and none in a quadratic one.
    pub lower: Option<ArrayView1<'a, f64>>,
    /// The upper bounds, infinity where there is none.
    pub upper: Option<ArrayView1<'a, f64>>,
}

/// What a program's solver found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Programmed {
    /// The best point; NaN if there is none.
    pub x: Array1<f64>,
    /// The objective there; NaN if there is no best point.
    pub value: f64,
    /// b − A·x of the inequalities.
    pub slack: Array1<f64>,
    /// b − A·x of the equalities.
    pub residual: Array1<f64>,
    /// By how much the least value changes for one more in b, for each inequality: none is positive.
    pub inequality_prices: Array1<f64>,
    /// The same for each equality.
    pub equality_prices: Array1<f64>,
    /// The same for each lower bound: none is negative.
    pub lower_prices: Array1<f64>,
    /// The same for each upper bound: none is positive.
    pub upper_prices: Array1<f64>,
    /// Steps of the method.
    pub iterations: usize,
    /// Whether it is a best point.
    pub converged: bool,
    /// 0 solved, 1 steps used up, 2 infeasible, 3 unbounded, 4 numerical difficulties: SciPy's numbers.
    pub status: usize,
    /// What was found, in a sentence.
    pub message: String,
}

/// The x with the smallest cᵀx under the constraints, x ≥ 0 unless other bounds are given.
///
/// # Errors
/// [`Error::Shape`] for sizes that do not match, [`Error::NotFinite`] for NaN and infinities other than bounds, [`Error::Invalid`] for a
/// lower bound above the upper. That no point is feasible, or the objective has no bound, is a result.
pub fn linear_program(c: ArrayView1<'_, f64>, program: &Program<'_>) -> Result<Programmed> {
    interruptible_linear_program(c, program, || Ok(()))
}

/// [`linear_program`], asking `checkpoint` now and then whether to go on: large programs take seconds.
///
/// # Errors
/// As [`linear_program`], and whatever the checkpoint refuses with.
pub fn interruptible_linear_program<E: From<Error> + Send + 'static>(
    c: ArrayView1<'_, f64>,
    program: &Program<'_>,
    checkpoint: fn() -> std::result::Result<(), E>,
) -> std::result::Result<Programmed, E> {
    interruptible(checkpoint, |going| solve(("linear_program", "c"), None, c, program, 0.0, going))
}

/// The x with the smallest ½·xᵀPx + qᵀx under the constraints.
///
/// # Errors
/// As [`linear_program`]; [`Error::NotSymmetric`], and [`Error::Invalid`] for a P that is not positive semidefinite, with the eigenvalue.
pub fn quadratic_program(p: ArrayView2<'_, f64>, q: ArrayView1<'_, f64>, program: &Program<'_>) -> Result<Programmed> {
    interruptible_quadratic_program(p, q, program, || Ok(()))
}

/// [`quadratic_program`], asking `checkpoint` now and then whether to go on: large programs take seconds.
///
/// # Errors
/// As [`quadratic_program`], and whatever the checkpoint refuses with.
pub fn interruptible_quadratic_program<E: From<Error> + Send + 'static>(
    p: ArrayView2<'_, f64>,
    q: ArrayView1<'_, f64>,
    program: &Program<'_>,
    checkpoint: fn() -> std::result::Result<(), E>,
) -> std::result::Result<Programmed, E> {
    interruptible(checkpoint, |going| quadratic(p, q, program, going))
}

fn quadratic(
    p: ArrayView2<'_, f64>,
    q: ArrayView1<'_, f64>,
    program: &Program<'_>,
    going: &Going,
) -> Result<Programmed> {
    const NAME: &str = "quadratic_program";
    let n = check::square(NAME, "P", p)?;
    if q.len() != n {
        return Err(Error::Shape {
            function: NAME,
            argument: "q",
            shape: vec![q.len()],
            expected: format!("P is {n}×{n}"),
        });
    }
    let (least, concave) = super::convexity::least_eigenvalue(NAME, "P", p)?;
    if concave {
        let problem = format!(
            "is not positive semidefinite: it has the eigenvalue {least:.6e}, so the objective is not convex and may have no least value"
        );
        return Err(Error::Invalid { function: NAME, argument: "P", problem });
    }
    solve((NAME, "q"), Some(p), q, program, f64::NEG_INFINITY, going)
}

/// Every constraint as a row of A·x + s = b: equalities (s = 0) first, then what has s ≥ 0.
pub(super) struct Rows {
    pub(super) a: Array2<f64>,
    pub(super) b: Array1<f64>,
    pub(super) equalities: usize,
}

fn solve(
    (function, linear): (&'static str, &'static str),
    p: Option<ArrayView2<'_, f64>>,
    q: ArrayView1<'_, f64>,
    program: &Program<'_>,
    default_lower: f64,
    going: &Going,
) -> Result<Programmed> {
    let n = q.len();
    check::at_least(function, linear, "coefficients", n, 1)?;
    check::finite_vector(function, linear, q)?;
    let names = [("A_ub", "b_ub"), ("A_eq", "b_eq")];
    for ((matrix, right), constraint) in names.into_iter().zip([&program.inequalities, &program.equalities]) {
        let Some((a, b)) = constraint else { continue };
        if a.ncols() != n {
            let expected = format!("{linear} has {n} coefficients, so that it needs as many columns");
            return Err(Error::Shape { function, argument: matrix, shape: a.shape().to_vec(), expected });
        }
        check::same_length(function, (right, b.len()), (matrix, a.shape()))?;
        check::finite_matrix(function, matrix, *a)?;
        check::finite_vector(function, right, *b)?;
    }
    let bound = |given: Option<ArrayView1<'_, f64>>, default: f64| {
        given.map_or_else(|| Array1::from_elem(n, default), |v| v.to_owned())
    };
    let (lower, upper) = (bound(program.lower, default_lower), bound(program.upper, f64::INFINITY));
    bounds(function, &lower, &upper, n)?;
    let lowest: Vec<usize> = (0..n).filter(|&i| lower[i] > f64::NEG_INFINITY && lower[i] < upper[i]).collect();
    let highest: Vec<usize> = (0..n).filter(|&i| upper[i] < f64::INFINITY && lower[i] < upper[i]).collect();
    let fixed: Vec<usize> = (0..n).filter(|&i| lower[i] == upper[i]).collect();
    let rows_of = |constraint: &Option<(ArrayView2<'_, f64>, ArrayView1<'_, f64>)>| {
        constraint.as_ref().map_or(0, |(a, _)| a.nrows())
    };
    let (equal, unequal) = (rows_of(&program.equalities), rows_of(&program.inequalities));
    let total = equal + fixed.len() + unequal + lowest.len() + highest.len();
    let mut rows = Rows { a: Array2::zeros((total, n)), b: Array1::zeros(total), equalities: equal + fixed.len() };
    let mut at = 0;
    let mut lay = |constraint: &Option<(ArrayView2<'_, f64>, ArrayView1<'_, f64>)>,
                   units: [(&[usize], f64, &Array1<f64>); 2]| {
        if let Some((a, b)) = constraint {
            for (row, right) in a.rows().into_iter().zip(b) {
                rows.a.row_mut(at).assign(&row);
                rows.b[at] = *right;
                at += 1;
            }
        }
        for (which, sign, right) in units {
            for &i in which {
                rows.a[[at, i]] = sign;
                rows.b[at] = sign * right[i];
                at += 1;
            }
        }
    };
    lay(&program.equalities, [(&fixed, 1.0, &lower), (&[], 1.0, &lower)]);
    lay(&program.inequalities, [(&lowest, -1.0, &lower), (&highest, 1.0, &upper)]);

    let is_linear = p.is_none();
    let zero = Array2::zeros((n, n));
    let p = p.map_or_else(|| zero.clone(), |p| 0.5 * (&p + &p.t()));
    let general: Vec<usize> = (0..equal).chain(rows.equalities..rows.equalities + unequal).collect();
    let by_corners = |q: ArrayView1<'_, f64>| {
        corner(function, (q, &rows), (&general, equal), [&fixed, &lowest, &highest], (&lower, &upper), going)
    };
    let Found { x, z, iterations, status, message } = match (is_linear, (equal + unequal) * (equal + unequal + n)) {
        (true, numbers) if numbers <= SMALL => match by_corners(q)? {
            // Where rounding keeps corners from going on, the interior may still be open.
            found if found.status == 1 || found.status == 4 => inside(function, &p, q, &rows, going)?,
            found => found,
        },
        (_, numbers) => match inside(function, &p, q, &rows, going)? {
            // Whether it has no best point indeed, corners tell for certain.
            found if is_linear && found.status != 0 && numbers <= LARGE => by_corners(q)?,
            // And whether a quadratic program has any point at all.
            found if found.status == 4 && numbers <= LARGE => {
                let nowhere = by_corners(Array1::zeros(n).view())?;
                if nowhere.status == 2 { nowhere } else { found }
            }
            found => found,
        },
    };
    let gap = |constraint: &Option<(ArrayView2<'_, f64>, ArrayView1<'_, f64>)>| {
        constraint.as_ref().map_or_else(|| Array1::zeros(0), |(a, b)| b - &a.dot(&x))
    };
    let price = |from: usize, count: usize| z.slice(ndarray::s![from..from + count]).mapv(|z| 0.0 - z);
    let scattered = |from: usize, which: &[usize], sign: f64| {
        let mut prices = Array1::zeros(n);
        which.iter().enumerate().for_each(|(k, &i)| prices[i] = sign * z[from + k] + 0.0);
        prices
    };
    let first = rows.equalities + unequal;
    let mut lower_prices = scattered(first, &lowest, 1.0);
    let upper_prices = scattered(first + lowest.len(), &highest, -1.0);
    lower_prices += &scattered(equal, &fixed, -1.0);
    Ok(Programmed {
        value: 0.5 * x.dot(&p.dot(&x)) + q.dot(&x),
        slack: gap(&program.inequalities),
        residual: gap(&program.equalities),
        inequality_prices: price(rows.equalities, unequal),
        equality_prices: price(0, equal),
        lower_prices,
        upper_prices,
        x,
        iterations,
        converged: status == 0,
        status,
        message,
    })
}

fn bounds(function: &'static str, lower: &Array1<f64>, upper: &Array1<f64>, n: usize) -> Result<()> {
    let refuse = |problem: String| Err(Error::Invalid { function, argument: "bounds", problem });
    if lower.len() != n || upper.len() != n {
        return refuse(format!("are given for {} variables, but there are {n}", lower.len()));
    }
    for (i, (low, high)) in lower.iter().zip(upper).enumerate() {
        if !(low <= high) || *low == f64::INFINITY || *high == f64::NEG_INFINITY {
            return refuse(format!("of variable {i} are {low} and {high}, between which no number lies"));
        }
    }
    Ok(())
}

/// Linear programs with tableaux of more numbers than this are left to the interior-point method.
const SMALL: usize = 150_000;
/// And those of even more, to it alone.
const LARGE: usize = 600_000;

/// The answer of a method: the point and a price for each of the rows, with its sign turned.
pub(super) struct Found {
    pub(super) x: Array1<f64>,
    pub(super) z: Array1<f64>,
    pub(super) iterations: usize,
    pub(super) status: usize,
    pub(super) message: String,
}

impl Found {
    pub(super) fn of(
        mut x: Array1<f64>,
        mut z: Array1<f64>,
        iterations: usize,
        status: usize,
        held: Option<usize>,
    ) -> Self {
        if status == 2 || status == 3 {
            x.fill(f64::NAN);
            z.fill(f64::NAN);
        }
        let mut message = match status {
            0 => "converged: the best point was found".to_string(),
            1 => format!("not converged: {iterations} steps are used up"),
            2 => "infeasible: no point meets all constraints".to_string(),
            3 => "unbounded: the objective falls without end inside the constraints".to_string(),
            _ => "not converged: rounding keeps the method from going on; try to scale the problem".to_string(),
        };
        if let (0, Some(held)) = (status, held) {
            let _ = write!(message, " ({held} of {} constraints hold with equality)", z.len());
        }
        Found { x, z, iterations, status, message }
    }
}

/// The best corner of a linear program. The prices of bounds are what the objective's slope has left.
fn corner(
    function: &'static str,
    (c, rows): (ArrayView1<'_, f64>, &Rows),
    (general, equalities): (&[usize], usize),
    [fixed, lowest, highest]: [&[usize]; 3],
    (lower, upper): (&Array1<f64>, &Array1<f64>),
    going: &Going,
) -> Result<Found> {
    let (a, b) = (rows.a.select(Axis(0), general), rows.b.select(Axis(0), general));
    let corners = Corners { c, a: a.view(), b: b.view(), equalities, lower, upper };
    let found = simplex(&corners, going);
    let rest = &c - &a.t().dot(&found.prices);
    // What the terms cancel to is nothing.
    let left: Vec<f64> = (0..c.len())
        .map(|j| {
            let terms = a.column(j).iter().zip(&found.prices).fold(c[j].abs(), |m, (a, y)| m + (a * y).abs());
            if rest[j].abs() <= 1e-13 * terms { 0.0 } else { rest[j] }
        })
        .collect();
    let price = |i: usize| -found.prices[i];
    let unequal = general.len() - equalities;
    let z = (0..equalities).map(price).chain(fixed.iter().map(|&j| -left[j]));
    let z = z.chain((equalities..equalities + unequal).map(|i| price(i).max(0.0)));
    let at = |j: usize, bound: f64| found.x[j] == bound;
    let z = z.chain(lowest.iter().map(|&j| if at(j, lower[j]) { left[j].max(0.0) } else { 0.0 }));
    let z = z.chain(highest.iter().map(|&j| if at(j, upper[j]) { (-left[j]).max(0.0) } else { 0.0 }));
    let status = match found.end {
        End::Best => 0,
        End::Spent => 1,
        End::Infeasible => 2,
        End::Unbounded => 3,
        End::Lost => 4,
        End::Stopped => return Err(Error::Interrupted { function }),
    };
    Ok(Found::of(found.x.clone(), z.collect(), found.steps, status, Some(found.held)))
}
