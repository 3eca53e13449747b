//! Views for faer: the same memory under its true strides, and the scratch space that faer's routines ask for.

use faer::dyn_stack::{MemStack, StackReq};
use faer::{MatMut, MatRef};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};

/// A matrix as faer sees it.
pub(crate) fn mat<'a>(a: ArrayView2<'a, f64>) -> MatRef<'a, f64> {
    let (rows, columns) = a.dim();
    let strides = [a.strides()[0], a.strides()[1]];
    // SAFETY: pointer, shape and strides are those of a live view, whose lifetime the result carries.
    unsafe { MatRef::from_raw_parts(a.as_ptr(), rows, columns, strides[0], strides[1]) }
}

/// A matrix that faer may write to.
pub(crate) fn mat_mut<'a>(mut a: ArrayViewMut2<'a, f64>) -> MatMut<'a, f64> {
    let (rows, columns) = a.dim();
    let strides = [a.strides()[0], a.strides()[1]];
    // SAFETY: as above; the view is exclusive, and consumed here.
    unsafe { MatMut::from_raw_parts_mut(a.as_mut_ptr(), rows, columns, strides[0], strides[1]) }
}

/// Zeros, stored by columns, which is the order that faer's factorisations are fast in.
pub(crate) fn zeros_by_columns(rows: usize, columns: usize) -> Array2<f64> {
    Array2::zeros((rows, columns).f())
}

/// Runs a routine of faer's with as much scratch space as it asked for.
pub(crate) fn with_scratch<T>(need: StackReq, work: impl FnOnce(&mut MemStack) -> T) -> T {
    let bytes = need.size_bytes() + need.align_bytes();
    let mut memory: Vec<u8> = Vec::with_capacity(bytes);
    work(MemStack::new(memory.spare_capacity_mut()))
}
