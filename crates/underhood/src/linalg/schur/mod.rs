//! Schur's form: every square matrix is A = Z·T·Zᵀ with an orthogonal Z and a T that is triangular but for 2×2 blocks on its diagonal, one
//! for each pair of conjugate eigenvalues.
//!
//! The road: rows and columns that already show an eigenvalue are set apart by a permutation ([`balance`](super::balance)), the rest is
//! reduced to Hessenberg form, and the QR algorithm makes that quasi-triangular: with double shifts when small, with many shifts at
//! once and aggressive early deflation when large.
//!
//! Source: G. Golub and C. Van Loan, Matrix Computations, chapter 7; the papers are named in each file.

mod blocks;
mod columns;
mod deflation;
mod double_shift;
mod hessenberg;
mod multishift;

use std::str::FromStr;

use ndarray::{Array2, ArrayView2};
use num_complex::Complex;

use super::balance::Isolated;
use super::numbers::Numbers;
use super::{eigen, magnitude, numbers, orientation};
use crate::check;
use crate::error::{Error, Result};

pub(crate) use blocks::standardize;
pub(crate) use columns::Columns;

/// Which triangular form is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SchurOutput {
    /// Real T with 2×2 blocks for conjugate pairs.
    #[default]
    Real,
    /// Complex T, upper triangular.
    Complex,
}

impl FromStr for SchurOutput {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "real" | "r" => Ok(SchurOutput::Real),
            "complex" | "c" => Ok(SchurOutput::Complex),
            _ => Err(Error::UnknownName {
                function: "schur",
                argument: "output",
                value: name.into(),
                allowed: &["real", "complex"],
            }),
        }
    }
}

/// A = Z·T·Zᴴ.
#[derive(Debug, Clone, PartialEq)]
pub struct Schur {
    /// Quasi-triangular when real, upper triangular when complex; the eigenvalues stand on its diagonal.
    pub t: Numbers<ndarray::Ix2>,
    /// Orthogonal, or unitary: ZᴴZ = I.
    pub z: Numbers<ndarray::Ix2>,
}

/// The Schur form of a square matrix, A = Z·T·Zᵀ.
///
/// In the real form a 2×2 block on T's diagonal is [[α, β], [γ, α]] with β·γ < 0 and stands for the pair α ± i·√|β·γ|. Of each column of Z the first
/// component that is at least 7/10 of the largest is positive. Errors: ‖A − Z·T·Zᵀ‖ and ‖ZᵀZ − I‖ stay within a few n·ε (times ‖A‖).
/// A matrix that a permutation makes triangular is only permuted; of a symmetric one, T is diagonal and rising.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when T has entries beyond the
/// range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{SchurOutput, schur};
///
/// let f = schur(array![[0.0, 2.0], [-1.0, 0.0]].view(), SchurOutput::Real)?;
/// assert_eq!(f.t.real().unwrap(), &array![[0.0, 2.0], [-1.0, 0.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn schur(a: ArrayView2<'_, f64>, output: SchurOutput) -> Result<Schur> {
    let n = check::square("schur", "a", a)?;
    let largest = magnitude::largest("schur", "a", a)?;
    if n > 1 && eigen::is_symmetric(a) {
        // The eigenvectors are orthogonal already.
        let e = eigen::symmetric("schur", a, true)?;
        let (t, z) = (Numbers::Real(Array2::from_diag(&e.values)), Numbers::Real(e.vectors));
        return Ok(match output {
            SchurOutput::Real => Schur { t, z },
            SchurOutput::Complex => Schur { t: Numbers::Complex(t.to_complex()), z: Numbers::Complex(z.to_complex()) },
        });
    }
    let scale = if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) };
    let isolated = Isolated::of(a);
    let mut t = Columns::zeros(n, n);
    for (j, &column) in isolated.order.iter().enumerate() {
        for (i, &row) in isolated.order.iter().enumerate() {
            t[(i, j)] = if scale == 0 { a[[row, column]] } else { libm::ldexp(a[[row, column]], -scale) };
        }
    }
    let mut z = Columns::identity(n);
    factor("schur", &mut t, &mut z, isolated.active.clone(), true)?;
    // Back from the permuted order: row i of Z belongs to row order[i] of A.
    let mut turned = Array2::zeros((n, n));
    for (i, &row) in isolated.order.iter().enumerate() {
        turned.row_mut(row).assign(&z.view().row(i));
    }
    let mut t = t.into_array();
    for j in 0..n {
        if orientation::sign(turned.column(j).iter().copied()) < 0.0 {
            turned.column_mut(j).mapv_inplace(|v| -v);
            t.column_mut(j).mapv_inplace(|v| -v);
            t.row_mut(j).mapv_inplace(|v| -v);
        }
    }
    // −0 comes from turning zeros round.
    t.mapv_inplace(|v| v + 0.0);
    let mut form = match output {
        SchurOutput::Real => Schur { t: Numbers::Real(t), z: Numbers::Real(turned) },
        SchurOutput::Complex => triangular(t, turned),
    };
    if scale != 0 {
        let back = |v: f64| libm::ldexp(v, scale);
        let in_range = match &mut form.t {
            Numbers::Real(t) => {
                t.mapv_inplace(back);
                t.iter().all(|v| v.is_finite())
            }
            Numbers::Complex(t) => {
                t.mapv_inplace(|v| Complex::new(back(v.re), back(v.im)));
                t.iter().all(|v| v.is_finite())
            }
        };
        if !in_range {
            let problem = "has a Schur form beyond the range of doubles (1.8e308)".into();
            return Err(Error::Invalid { function: "schur", argument: "a", problem });
        }
    }
    Ok(form)
}

/// Makes rows and columns `active` of a matrix that is triangular elsewhere quasi-triangular, and `z` follow when it has rows.
pub(crate) fn factor(
    function: &'static str,
    t: &mut Columns,
    z: &mut Columns,
    active: std::ops::Range<usize>,
    whole: bool,
) -> Result<()> {
    if active.len() < 2 {
        return Ok(());
    }
    let (first, last) = (active.start, active.end - 1);
    hessenberg::reduce(t, z, first, last);
    multishift::quasi_triangular(t, z, first, last, whole).map_err(|row| Error::NotConverged {
        function,
        iterations: double_shift::SWEEPS,
        detail: format!("eigenvalue {row} of a {0}×{0} matrix", t.n()),
    })
}

/// The complex form: a unitary rotation in each 2×2 block, whose first column is the eigenvector of α + i·ω.
fn triangular(t: Array2<f64>, z: Array2<f64>) -> Schur {
    let n = t.nrows();
    let (mut t, mut z) = (t.mapv(|v| Complex::new(v, 0.0)), z.mapv(|v| Complex::new(v, 0.0)));
    for j in 0..n.saturating_sub(1) {
        if t[[j + 1, j]].re == 0.0 {
            continue;
        }
        let (upper, lower) = (t[[j, j + 1]].re, t[[j + 1, j]].re);
        let omega = upper.abs().sqrt() * lower.abs().sqrt();
        let length = omega.hypot(lower);
        let (p, q) = (Complex::new(0.0, omega / length), Complex::new(lower / length, 0.0));
        for column in j..n {
            let (x, y) = (t[[j, column]], t[[j + 1, column]]);
            t[[j, column]] = p.conj() * x + q * y;
            t[[j + 1, column]] = q * x + p.conj() * y;
        }
        for (matrix, rows) in [(&mut t, j + 2), (&mut z, n)] {
            for row in 0..rows {
                let (x, y) = (matrix[[row, j]], matrix[[row, j + 1]]);
                matrix[[row, j]] = x * p + y * q;
                matrix[[row, j + 1]] = x * q + y * p;
            }
        }
        t[[j + 1, j]] = Complex::new(0.0, 0.0);
        let alpha = 0.5 * (t[[j, j]].re + t[[j + 1, j + 1]].re);
        t[[j, j]] = Complex::new(alpha, omega);
        t[[j + 1, j + 1]] = Complex::new(alpha, -omega);
    }
    for j in 0..n {
        let phase = numbers::phase(z.column(j)).conj();
        z.column_mut(j).mapv_inplace(|v| v * phase);
        numbers::settle(z.column_mut(j));
        for i in 0..n {
            if i != j {
                t[[i, j]] *= phase;
                t[[j, i]] *= phase.conj();
            }
        }
    }
    Schur { t: Numbers::Complex(t), z: Numbers::Complex(z) }
}
