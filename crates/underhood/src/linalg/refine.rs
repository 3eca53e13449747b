//! The careful way to solve: refinement on residuals in doubled precision, for systems that elimination alone solves badly.
//!
//! Two things go wrong with elimination: the matrix is nearly singular, or its entries grow on the way (Wilkinson's matrix doubles
//! them at every step). The residual b − A·x shows the second, the condition number the first. Refinement (R. S. Martin, G. Peters,
//! J. H. Wilkinson, Numer. Math. 8 (1966) 203–216) repairs both while κ·ε < 1; where elimination is beyond repair, the orthogonal
//! factorisation A = Q·R, which lets nothing grow, takes its place.

use ndarray::{Array2, ArrayView2};

use super::lu::Lu;
use super::reflections::Reflections;
use crate::double_double::{self, Dd};

/// The factors that solve.
enum Factors {
    Elimination(Lu),
    Orthogonal(Reflections),
}

impl Factors {
    fn solve(&self, x: &mut Array2<f64>) {
        match self {
            Factors::Elimination(lu) => lu.solve(x),
            Factors::Orthogonal(qr) => qr.solve(x),
        }
    }

    fn solve_transposed(&self, x: &mut Array2<f64>) {
        match self {
            Factors::Elimination(lu) => lu.solve_transposed(x),
            Factors::Orthogonal(qr) => qr.solve_transposed(x),
        }
    }
}

/// A solution and the condition number that was estimated on the way.
pub(crate) struct Refined {
    pub(crate) x: Array2<f64>,
    /// An estimate of ‖A⁻¹‖₁.
    pub(crate) inverse_norm: f64,
}

/// Solves with the factors `lu` of `a`, refines, and falls back to reflections where the residual does not shrink.
pub(crate) fn solve(a: ArrayView2<'_, f64>, lu: Lu, b: ArrayView2<'_, f64>) -> Refined {
    let a = a.as_standard_layout();
    let factors = Factors::Elimination(lu);
    let mut x = b.to_owned();
    factors.solve(&mut x);
    let backward = backward_error(a.view(), x.view(), b);
    // Elimination without growth has a backward error of a few n·ε, on any matrix.
    let factors = if backward <= 1e-13 * (a.nrows() as f64).max(10.0) {
        factors
    } else {
        let factors = Factors::Orthogonal(Reflections::of(a.view()));
        x.assign(&b);
        factors.solve(&mut x);
        factors
    };
    let inverse_norm =
        super::condition::inverse_norm_1(a.nrows(), |v| factors.solve(v), |v| factors.solve_transposed(v));
    refine(a.view(), &factors, &mut x, b);
    Refined { x, inverse_norm }
}

/// x ← x + A⁻¹·(b − A·x), while each correction is less than half of the one before.
fn refine(a: ArrayView2<'_, f64>, factors: &Factors, x: &mut Array2<f64>, b: ArrayView2<'_, f64>) {
    let mut last = f64::INFINITY;
    for _ in 0..8 {
        let mut correction = residual(a, x.view(), b);
        factors.solve(&mut correction);
        let size = largest(correction.view());
        if !(size < 0.5 * last) {
            return;
        }
        *x += &correction;
        if size <= 0.25 * f64::EPSILON * largest(x.view()) {
            return;
        }
        last = size;
    }
}

/// b − A·x, each entry rounded once from doubled precision.
pub(crate) fn residual(a: ArrayView2<'_, f64>, x: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    let a = a.as_standard_layout();
    let mut left = super::bridge::zeros_by_columns(b.nrows(), b.ncols());
    for (j, column) in x.columns().into_iter().enumerate() {
        let column = column.to_vec();
        for (i, row) in a.rows().into_iter().enumerate() {
            // Standard layout makes every row a slice.
            let product = double_double::dot(row.to_slice().unwrap_or(&[]), &column);
            left[[i, j]] = (Dd::from(b[[i, j]]) - product).value();
        }
    }
    left
}

/// ‖b − A·x‖ / (‖A‖·‖x‖ + ‖b‖) in the ∞-norm, the largest over columns: the relative change of A and b of which x is the exact solution.
fn backward_error(a: ArrayView2<'_, f64>, x: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> f64 {
    let norm = super::condition::norm_1(a.t());
    let left = residual(a, x, b);
    (0..b.ncols())
        .map(|j| {
            // NaN, which an overflow leaves, is larger than anything.
            let size = |m: ArrayView2<'_, f64>| {
                m.column(j).iter().fold(0.0_f64, |m, v| if v.abs() <= m || m.is_nan() { m } else { v.abs() })
            };
            let error = size(left.view()) / (norm * size(x) + size(b));
            if error.is_nan() { if size(left.view()) == 0.0 { 0.0 } else { f64::INFINITY } } else { error }
        })
        .fold(0.0, f64::max)
}

/// Whether |b − A·x| is what rounding explains in every row: at most a few n·ε times |A|·|x| + |b| (W. Oettli and W. Prager, Numer. Math. 6
/// (1964) 405–409). Small rows of a badly scaled matrix count as much as large ones.
pub(crate) fn solves_every_row(a: ArrayView2<'_, f64>, x: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> bool {
    // Below this, products of the doubled precision lose their last digits.
    const LEAST: f64 = 1e-250;
    let left = residual(a, x, b);
    let tolerance = 4.0 * f64::EPSILON * (a.nrows() as f64).max(4.0);
    left.indexed_iter().all(|((i, j), r)| {
        let size: f64 = a.row(i).iter().zip(x.column(j)).map(|(a, x)| (a * x).abs()).sum::<f64>() + b[[i, j]].abs();
        // False for NaN, which an overflow leaves.
        size == 0.0 || (size > LEAST && r.abs() <= tolerance * size)
    })
}

fn largest(m: ArrayView2<'_, f64>) -> f64 {
    m.iter().fold(0.0, |m, v| if v.abs() > m { v.abs() } else { m })
}
