//! Balancing: a permutation that shows eigenvalues at once, and a scaling by powers of two, D⁻¹·A·D, that makes rows about as long as columns.
//!
//! Eigenvalues of a matrix whose entries differ by many orders of magnitude are determined far better than the norm of the matrix suggests;
//! after balancing the norm is as small as a diagonal scaling makes it, and so are the errors. Powers of two change no digit. The diagonal counts
//! in both lengths: entries that are tiny beside it are not blown up, which is what made balancing harmful in D. Watkins, "A case where
//! balancing is harmful", ETNA 23 (2006).
//!
//! Sources: B. Parlett and C. Reinsch, Numer. Math. 13 (1969), doi:10.1007/BF02165404; R. James, J. Langou and B. Lowery, "On matrix balancing
//! and eigenvector computation" (2014), arXiv:1401.5766. Where numbers differ by more than a double's range, the first rounds compare exponents
//! only, so that nothing over- or underflows.

use std::ops::Range;

use ndarray::ArrayView2;

use super::magnitude;
use super::schur::Columns;

/// Rounds of scaling; three or four are usual.
const ROUNDS: usize = 100;

/// A round that makes row and column together shorter by less than this factor is not worth its while.
const GAIN: f64 = 0.95;

/// The exponent that the largest entry is given where numbers differ by more than a double's range: squares stay in range, and as little as
/// possible is lost at the other end.
const TOP: i32 = 450;

/// A permutation that makes a matrix triangular as far as zeros allow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Isolated {
    /// Row and column i of the permuted matrix are row and column order\[i\] of the matrix.
    pub(crate) order: Vec<usize>,
    /// Outside of these rows and columns the permuted matrix is triangular.
    pub(crate) active: Range<usize>,
}

impl Isolated {
    /// Looks for rows that are zero but for the diagonal, which go to the bottom, and for such columns, which go to the left.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let n = a.nrows();
        let mut order: Vec<usize> = (0..n).collect();
        let (mut first, mut end) = (0, n);
        while let Some(k) = (first..end)
            .rev()
            .find(|&k| order[..end].iter().enumerate().all(|(j, &c)| j == k || a[[order[k], c]] == 0.0))
        {
            end -= 1;
            order.swap(k, end);
        }
        while let Some(k) = (first..end).find(|&k| (first..end).all(|i| i == k || a[[order[i], order[k]]] == 0.0)) {
            order.swap(k, first);
            first += 1;
        }
        Isolated { order, active: first..end }
    }
}

/// A matrix that is ready for the QR algorithm: permuted, and scaled to 2^−shift·D⁻¹·A·D.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Balanced {
    /// The matrix.
    pub(crate) matrix: Columns,
    /// The permutation.
    pub(crate) isolated: Isolated,
    /// D's i-th entry, in the permuted order, is 2^exponents\[i\].
    pub(crate) exponents: Vec<i32>,
    /// The eigenvalues of A are 2^shift times those of the matrix.
    pub(crate) shift: i32,
}

impl Balanced {
    /// Balances a matrix of finite numbers, the largest of which is `largest`.
    pub(crate) fn of(a: ArrayView2<'_, f64>, largest: f64) -> Self {
        let n = a.nrows();
        let isolated = Isolated::of(a);
        let mut matrix = Columns::zeros(n, n);
        for (j, &column) in isolated.order.iter().enumerate() {
            for (out, &row) in matrix.column_mut(j).iter_mut().zip(&isolated.order) {
                *out = a[[row, column]];
            }
        }
        let mut balanced = Balanced { matrix, isolated, exponents: vec![0; n], shift: 0 };
        if !magnitude::is_comfortable(largest) {
            balanced.compare_exponents();
        }
        balanced.compare_lengths();
        balanced
    }

    /// Rounds on whole exponents, with the largest entry of a row and of a column for their length; then scales once.
    fn compare_exponents(&mut self) {
        let n = self.matrix.n();
        let exponent = |x: f64| if x == 0.0 { None } else { Some(magnitude::exponent(x)) };
        let sizes: Vec<Option<i32>> = self.matrix.data().iter().map(|&x| exponent(x)).collect();
        let size = |i: usize, j: usize| sizes[i + j * n];
        let d = &mut self.exponents;
        for _ in 0..ROUNDS {
            let mut changed = false;
            for k in self.isolated.active.clone() {
                let row = self.isolated.active.clone().filter_map(|j| size(k, j).map(|e| e - d[k] + d[j])).max();
                let column = self.isolated.active.clone().filter_map(|i| size(i, k).map(|e| e - d[i] + d[k])).max();
                if let (Some(row), Some(column)) = (row, column)
                    && (row - column).abs() > 1
                {
                    d[k] += (row - column) / 2;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        // Rows and columns outside of the active block only have to keep clear of overflow.
        let active = self.isolated.active.clone();
        let mut goal = i32::MIN;
        for j in 0..n {
            let rows = if active.contains(&j) { active.clone() } else { j..j + 1 };
            goal = rows.filter_map(|i| size(i, j).map(|e| e - d[i] + d[j])).fold(goal, i32::max);
        }
        // A matrix without a number to compare with (its eigenvalues are all zero) is left alone.
        let goal = if goal == i32::MIN { 0 } else { goal };
        for k in active.end..n {
            let column = (active.start..k).filter_map(|i| size(i, k).map(|e| e - d[i])).max();
            d[k] = column.map_or(0, |column| (goal - column).min(0));
        }
        for k in (0..active.start).rev() {
            let row = (k + 1..n).filter_map(|j| size(k, j).map(|e| e + d[j])).max();
            d[k] = row.map_or(0, |row| (row - goal).max(0));
        }
        let mut shift = i32::MIN;
        for j in 0..n {
            for i in 0..n {
                if let Some(e) = size(i, j) {
                    shift = shift.max(e - d[i] + d[j]);
                }
            }
        }
        self.shift = if shift == i32::MIN { 0 } else { shift - TOP };
        for j in 0..n {
            let (power, shift) = (d[j], self.shift);
            for (x, &e) in self.matrix.column_mut(j).iter_mut().zip(&*d) {
                *x = libm::ldexp(*x, power - e - shift);
            }
        }
    }

    /// Rounds on lengths, as Parlett and Reinsch do.
    fn compare_lengths(&mut self) {
        let active = self.isolated.active.clone();
        if active.len() < 2 {
            return;
        }
        let n = self.matrix.n();
        for _ in 0..ROUNDS {
            let mut changed = false;
            let rows = self.row_lengths();
            for k in active.clone() {
                let column = length(self.matrix.column(k)[active.clone()].iter().copied());
                let row =
                    if changed { length(active.clone().map(|j| self.matrix[(k, j)])) } else { rows[k - active.start] };
                if row == 0.0 || column == 0.0 {
                    continue;
                }
                let power = (magnitude::exponent(row / column) + 1).div_euclid(2).clamp(-500, 500);
                let factor = libm::ldexp(1.0, power);
                if power == 0 || column * factor + row / factor >= GAIN * (column + row) {
                    continue;
                }
                changed = true;
                self.exponents[k] += power;
                let inverse = 1.0 / factor;
                for j in 0..n {
                    self.matrix[(k, j)] *= inverse;
                }
                self.matrix.column_mut(k).iter_mut().for_each(|x| *x *= factor);
            }
            if !changed {
                break;
            }
        }
    }

    fn row_lengths(&self) -> Vec<f64> {
        let active = self.isolated.active.clone();
        let mut sums = vec![0.0; active.len()];
        for j in active.clone() {
            for (sum, x) in sums.iter_mut().zip(&self.matrix.column(j)[active.clone()]) {
                *sum += x * x;
            }
        }
        for (sum, i) in sums.iter_mut().zip(active.clone()) {
            *sum = if (1e-280..1e280).contains(sum) {
                sum.sqrt()
            } else {
                length(active.clone().map(|j| self.matrix[(i, j)]))
            };
        }
        sums
    }
}

/// √Σx², with scaling where squares leave the range.
fn length(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let sum: f64 = x.clone().map(|v| v * v).sum();
    if (1e-280..1e280).contains(&sum) {
        return sum.sqrt();
    }
    let largest = x.clone().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 { 0.0 } else { largest * x.map(|v| (v / largest).powi(2)).sum::<f64>().sqrt() }
}
