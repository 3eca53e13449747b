//! Binds `underhood::linalg`, a file for each of its topics.

mod factorizations;
mod iterations;
mod maps;
mod products;
mod singular;
mod solving;
mod spectra;
mod subspaces;
mod symmetric;
mod vectors;

use std::ffi::CString;

use numpy::ndarray::{ArrayD, ArrayView2};
use numpy::{Element, PyArrayDyn};
use pyo3::BoundObject;
use pyo3::prelude::*;
use pyo3::types::PyType;
use underhood::Error;
use underhood::linalg::stack::{self, Part};

use crate::array;
use crate::error::{Failure, Outcome};
use crate::runtime::{check_signals, run};

/// Does `work` to the argument: to the one matrix that it is, or to every matrix of a stack of shape (…, m, n).
fn each<R, S>(
    py: Python<'_>,
    function: &'static str,
    argument: &'static str,
    value: &Bound<'_, PyAny>,
    work: impl Fn(ArrayView2<'_, f64>) -> Result<R, Error> + Send,
) -> Outcome<S>
where
    R: Part<Stack = S>,
    S: Send,
{
    let array = array::stack(function, argument, value)?;
    let view = array.view();
    run(py, view.len(), || stack::map::<R, Failure>(view, work, check_signals))
}

/// An array for Python; a number where it has no axes.
fn to_python<'py, T: Element + IntoPyObject<'py>>(py: Python<'py>, array: ArrayD<T>) -> Outcome<Bound<'py, PyAny>> {
    if array.ndim() > 0 {
        return Ok(PyArrayDyn::from_owned_array(py, array).into_any());
    }
    let only = array.into_iter().next().map(|number| number.into_pyobject(py).map(|n| n.into_bound().into_any()));
    match only {
        Some(number) => Ok(number.map_err(Into::into)?),
        None => Ok(py.None().into_bound(py)),
    }
}

/// Gives a Python warning for what the core remarked, if it did.
fn warn(py: Python<'_>, category: &Bound<'_, PyType>, remark: Option<impl ToString>) -> PyResult<()> {
    match remark.map(|text| CString::new(text.to_string())) {
        Some(Ok(text)) => PyErr::warn(py, category, &text, 1),
        _ => Ok(()),
    }
}

/// Matrices and the systems they stand for.
#[pymodule]
pub(crate) mod linalg {
    #[pymodule_export]
    use super::factorizations::{ldlt, lstsq, lu, lu_indices, qr, qr_pivoted, qr_pivoted_triangle, qr_triangle};
    #[pymodule_export]
    use super::iterations::{
        conjugate_gradient, gauss_seidel, inverse_iteration, jacobi_eigen, power_iteration, qr_algorithm,
    };
    #[pymodule_export]
    use super::maps::{read_flag, read_numbers};
    #[pymodule_export]
    use super::products::matmul;
    #[pymodule_export]
    use super::singular::{cond, matrix_rank, pinv, svd, svdvals};
    #[pymodule_export]
    use super::solving::{cholesky, det, inv, slogdet, solve, solve_triangular};
    #[pymodule_export]
    use super::spectra::{diagonalize, eig, eigvals, expm, is_diagonalizable, matrix_power, schur};
    #[pymodule_export]
    use super::subspaces::{
        change_of_basis, column_space, coordinates, gram_schmidt, is_independent, is_orthogonal, is_positive_definite,
        is_symmetric, left_null_space, null_space, projection_matrix, row_space, rref,
    };
    #[pymodule_export]
    use super::symmetric::{eigh, eigvalsh, spectral_decomposition};
    #[pymodule_export]
    use super::vectors::{
        angle, cosine_similarity, cross, dot, hyperplane_distance, kron, norm, normalize, outer, project, trace,
    };
}
