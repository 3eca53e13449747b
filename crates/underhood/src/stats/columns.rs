//! Columns of a matrix side by side in memory, whatever the matrix's layout.

use ndarray::{ArrayView2, Axis};

/// Rows that are read together: their cache lines serve every column before they are dropped.
const ROWS: usize = 256;

/// Appends all values, one column after the other.
pub(super) fn push_columns(x: ArrayView2<'_, f64>, to: &mut Vec<f64>) {
    let (n, p) = x.dim();
    let start = to.len();
    to.resize(start + n * p, 0.0);
    let columns = &mut to[start..];
    for (chunk, rows) in x.axis_chunks_iter(Axis(0), ROWS).enumerate() {
        for (j, column) in rows.columns().into_iter().enumerate() {
            let first = j * n + chunk * ROWS;
            let place = &mut columns[first..first + column.len()];
            match column.as_slice() {
                Some(values) => place.copy_from_slice(values),
                None => place.iter_mut().zip(column).for_each(|(place, value)| *place = *value),
            }
        }
    }
}
