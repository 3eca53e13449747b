//! Binds `underhood::graph`.

pub(crate) mod traced;

use pyo3::prelude::*;

/// Functions as graphs.
#[pymodule]
pub(crate) mod graph {
    #[pymodule_export]
    use super::traced::Traced;
}
