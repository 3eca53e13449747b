//! A matrix stored by columns, in memory of its own: what the QR algorithm works on.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};
use std::ops::{Index, IndexMut};

/// A matrix stored by columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    data: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Columns {
    /// Zeros.
    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        Columns { data: vec![0.0; rows * columns], rows, columns }
    }

    /// Ones on the diagonal.
    pub(crate) fn identity(n: usize) -> Self {
        let mut identity = Self::zeros(n, n);
        for i in 0..n {
            identity[(i, i)] = 1.0;
        }
        identity
    }

    /// A copy.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let (rows, columns) = a.dim();
        let mut copy = Self::zeros(rows, columns);
        copy.view_mut().assign(&a);
        copy
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns, which is the side of a square matrix.
    pub(crate) fn n(&self) -> usize {
        self.columns
    }

    /// All entries, column after column.
    pub(crate) fn data(&self) -> &[f64] {
        &self.data
    }

    /// The same to write to.
    pub(crate) fn data_mut(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// One column.
    pub(crate) fn column(&self, j: usize) -> &[f64] {
        &self.data[j * self.rows..][..self.rows]
    }

    /// One column to write to.
    pub(crate) fn column_mut(&mut self, j: usize) -> &mut [f64] {
        &mut self.data[j * self.rows..][..self.rows]
    }

    /// Columns j and j + 1.
    pub(super) fn two(&mut self, j: usize) -> (&mut [f64], &mut [f64]) {
        self.data[j * self.rows..][..2 * self.rows].split_at_mut(self.rows)
    }

    /// As ndarray sees it.
    pub(crate) fn view(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.rows, self.columns).f(), &self.data)
            .unwrap_or_else(|_| unreachable!("there are rows × columns entries"))
    }

    /// As ndarray sees it, to write to.
    pub(crate) fn view_mut(&mut self) -> ArrayViewMut2<'_, f64> {
        ArrayViewMut2::from_shape((self.rows, self.columns).f(), &mut self.data)
            .unwrap_or_else(|_| unreachable!("there are rows × columns entries"))
    }

    /// The same memory as an array of ndarray's.
    pub(crate) fn into_array(self) -> Array2<f64> {
        Array2::from_shape_vec((self.rows, self.columns).f(), self.data)
            .unwrap_or_else(|_| unreachable!("there are rows × columns entries"))
    }
}

impl Index<(usize, usize)> for Columns {
    type Output = f64;

    #[inline]
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.data[i + j * self.rows]
    }
}

impl IndexMut<(usize, usize)> for Columns {
    #[inline]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.data[i + j * self.rows]
    }
}
