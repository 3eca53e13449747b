//! Symmetric elimination with pivoting, P·A·Pᵀ = L·D·Lᵀ, of a symmetric matrix that need not be definite.
//!
//! A pivot is a diagonal element where one is large enough, and a 2×2 block of the diagonal where none is: [[0, 1], [1, 0]] has no
//! other. Pivots are looked for in the manner of a rook, along a column, then along the row found there, and so on (C. Ashcraft, R. Grimes
//! and J. Lewis, "Accurate symmetric indefinite linear equation solvers", SIAM J. Matrix Anal. Appl. 20 (1998),
//! doi:10.1137/S0895479896296921, after J. Bunch and L. Kaufman, Math. Comp. 31 (1977), doi:10.1090/S0025-5718-1977-0428694-0),
//! which bounds the entries of L by 2.8 or so.

use ndarray::{Array1, Array2, ArrayView2};

use super::magnitude;
use super::triangle::Triangle;
use crate::check;
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

/// (1 + √17)/8 makes the growth of two steps with 1×1 pivots equal to that of one with a 2×2 pivot.
const ALPHA: f64 = 0.640_388_203_202_207_6;

/// P·A·Pᵀ = L·D·Lᵀ.
#[derive(Debug, Clone, PartialEq)]
pub struct Ldlt {
    /// Unit lower triangle.
    pub l: Array2<f64>,
    /// Block diagonal: blocks of 1×1, and symmetric ones of 2×2 with a positive and a negative eigenvalue.
    pub d: Array2<f64>,
    /// Row and column i of L·D·Lᵀ are row and column p\[i\] of A.
    pub p: Array1<usize>,
}

/// The factorisation of a symmetric matrix into a unit lower triangle, a block diagonal and a permutation.
///
/// Exists for every symmetric matrix, singular or indefinite. D has as many positive, negative and zero eigenvalues as A (Sylvester's law of
/// inertia), and they can be read off its blocks: each 2×2 block has one of each sign.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities in what is read, [`Error::NotSymmetric`],
/// [`Error::Invalid`] when D lies beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Triangle, ldlt};
///
/// let f = ldlt(array![[0.0, 1.0], [1.0, 0.0]].view(), Triangle::Both)?;
/// assert_eq!(f.d, array![[0.0, 1.0], [1.0, 0.0]]);
/// assert_eq!(f.l, array![[1.0, 0.0], [0.0, 1.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ldlt(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<Ldlt> {
    let n = check::square("ldlt", "a", a)?;
    let mut lower = triangle.read("ldlt", a)?;
    let largest = lower.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    // A common scale would push the small entries of a matrix that also has large ones out of the range: large entries are scaled
    // only where they have left it.
    let original = (largest > 1.0 && !magnitude::is_comfortable(largest)).then(|| lower.clone());
    let small = largest < 1.0 && !magnitude::is_comfortable(largest);
    let mut exponent = if small { magnitude::exponent(largest) } else { 0 };
    if small {
        lower.mapv_inplace(|v| libm::ldexp(v, -exponent));
    }
    let mut work = Work::of(n, lower);
    work.eliminate();
    if let Some(mut lower) = original.filter(|_| !work.is_finite()) {
        exponent = magnitude::exponent(largest);
        lower.mapv_inplace(|v| libm::ldexp(v, -exponent));
        work = Work::of(n, lower);
        work.eliminate();
    }

    let (mut l, mut d) = (Array2::eye(n), Array2::zeros((n, n)));
    for i in 0..n {
        let row = &work.values[i * n..=i * n + i];
        let second = i > 0 && work.paired[i - 1];
        let left = if second { i - 1 } else { i };
        l.row_mut(i).iter_mut().zip(&row[..left]).for_each(|(l, &v)| *l = v);
        d[[i, i]] = libm::ldexp(row[i], exponent);
        if second {
            d[[i, i - 1]] = libm::ldexp(row[i - 1], exponent);
            d[[i - 1, i]] = d[[i, i - 1]];
        }
    }
    if !d.diag().iter().all(|v| v.is_finite()) || !l.iter().all(|v| v.is_finite()) {
        let problem = "has a factor D beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "ldlt", argument: "a", problem });
    }
    Ok(Ldlt { l, d, p: work.order.into() })
}

/// The lower triangle while it is factored, by rows: L below the diagonal, D on it (and beside it in a 2×2 block).
struct Work {
    n: usize,
    values: Vec<f64>,
    order: Vec<usize>,
    /// Whether k and k + 1 are a 2×2 block.
    paired: Vec<bool>,
}

impl Work {
    fn of(n: usize, lower: Array2<f64>) -> Self {
        Work { n, values: lower.into_raw_vec_and_offset().0, order: (0..n).collect(), paired: vec![false; n] }
    }

    /// Whether no number of the lower triangle has left the range of doubles.
    fn is_finite(&self) -> bool {
        (0..self.n).all(|i| self.values[i * self.n..=i * self.n + i].iter().all(|v| v.is_finite()))
    }

    /// The element at (i, j) or, above the diagonal, its mirror image.
    fn at(&self, i: usize, j: usize) -> f64 {
        let (i, j) = (i.max(j), i.min(j));
        self.values[i * self.n + j]
    }

    fn eliminate(&mut self) {
        let n = self.n;
        let (mut first, mut second) = (vec![0.0; n], vec![0.0; n]);
        let mut k = 0;
        while k < n {
            match self.pivot(k) {
                // What is left of the column is zero.
                None => k += 1,
                Some((p, None)) => {
                    self.exchange(k, p);
                    self.column(k, k + 1, &mut first);
                    one(&mut self.values, n, k, &first);
                    k += 1;
                }
                Some((p, Some(q))) => {
                    self.exchange(k, p);
                    self.exchange(k + 1, if q == k { p } else { q });
                    self.column(k, k + 2, &mut first);
                    self.column(k + 1, k + 2, &mut second);
                    two(&mut self.values, n, k, &first, &second);
                    self.paired[k] = true;
                    k += 2;
                }
            }
        }
    }

    /// Copies a column from row `from` on, into the places of those rows.
    fn column(&self, k: usize, from: usize, out: &mut [f64]) {
        for i in from..self.n {
            out[i] = self.values[i * self.n + k];
        }
    }

    /// The pivot of step k: one diagonal element, or two that belong together; none when the column is zero.
    fn pivot(&self, k: usize) -> Option<(usize, Option<usize>)> {
        let (mut here, mut size) = (k, 0.0);
        let (mut row, mut largest) = self.largest_beside(k, k);
        if largest == 0.0 && self.at(k, k) == 0.0 {
            return None;
        }
        loop {
            if self.at(here, here).abs() >= ALPHA * largest {
                return Some((here, None));
            }
            // The two are each other's largest: nothing else in either row is larger.
            if largest <= size {
                return Some((here, Some(row)));
            }
            let (next, next_largest) = self.largest_beside(k, row);
            if next_largest <= largest {
                if self.at(row, row).abs() >= ALPHA * largest {
                    return Some((row, None));
                }
                return Some((here, Some(row)));
            }
            (here, size) = (row, largest);
            (row, largest) = (next, next_largest);
        }
    }

    /// Where in row i, from k on and off the diagonal, the largest entry stands (the first of several), and its size.
    fn largest_beside(&self, k: usize, i: usize) -> (usize, f64) {
        let (mut place, mut largest) = (i, 0.0);
        for j in k..self.n {
            let size = self.at(i, j).abs();
            if j != i && size > largest {
                (place, largest) = (j, size);
            }
        }
        (place, largest)
    }

    /// Exchanges rows and columns k < p.
    fn exchange(&mut self, k: usize, p: usize) {
        if k == p {
            return;
        }
        let n = self.n;
        let place = |i: usize, j: usize| i * n + j;
        self.order.swap(k, p);
        // What stands left of column k: rows of L.
        for j in 0..k {
            self.values.swap(place(k, j), place(p, j));
        }
        self.values.swap(place(k, k), place(p, p));
        for i in k + 1..p {
            self.values.swap(place(i, k), place(p, i));
        }
        for i in p + 1..n {
            self.values.swap(place(i, k), place(i, p));
        }
    }
}

wide_kernel! {
    /// A step with a 1×1 pivot: aᵢⱼ ← aᵢⱼ − (wᵢ/d)·wⱼ, w being column k.
    fn one(values: &mut [f64], n: usize, k: usize, w: &[f64]) = one_body
}
#[inline(always)]
fn one_body<const FMA: bool>(values: &mut [f64], n: usize, k: usize, w: &[f64]) {
    let d = values[k * n + k];
    for i in k + 1..n {
        let factor = w[i] / d;
        let row = &mut values[i * n..=i * n + i];
        row[k] = factor;
        for (v, &w) in row[k + 1..].iter_mut().zip(&w[k + 1..=i]) {
            *v = mul_add::<FMA>(-factor, w, *v);
        }
    }
}

wide_kernel! {
    /// A step with a 2×2 pivot [[a, b], [b, c]]: (f, g) solves [[a, b], [b, c]]·(f, g) = (wᵢ, zᵢ), and aᵢⱼ ← aᵢⱼ − f·wⱼ − g·zⱼ.
    fn two(values: &mut [f64], n: usize, k: usize, w: &[f64], z: &[f64]) = two_body
}
#[inline(always)]
fn two_body<const FMA: bool>(values: &mut [f64], n: usize, k: usize, w: &[f64], z: &[f64]) {
    // b is the largest of the three: everything is divided by it.
    let b = values[(k + 1) * n + k];
    let (a, c) = (values[k * n + k] / b, values[(k + 1) * n + k + 1] / b);
    let determinant = a * c - 1.0;
    for i in k + 2..n {
        let (x, y) = (w[i] / b, z[i] / b);
        let (f, g) = ((c * x - y) / determinant, (a * y - x) / determinant);
        let row = &mut values[i * n..=i * n + i];
        (row[k], row[k + 1]) = (f, g);
        for ((v, &w), &z) in row[k + 2..].iter_mut().zip(&w[k + 2..=i]).zip(&z[k + 2..=i]) {
            *v = mul_add::<FMA>(-f, w, mul_add::<FMA>(-g, z, *v));
        }
    }
}
