//! Binds `underhood::graph`.

mod builder;
mod function;
pub(crate) mod traced;
mod writing;

use pyo3::prelude::*;

/// Functions as graphs.
#[pymodule]
pub(crate) mod graph {
    #[pymodule_export]
    use super::builder::Builder;
    #[pymodule_export]
    use super::function::{Function, of_numbers, over, read};
    #[pymodule_export]
    use super::traced::Traced;
    #[pymodule_export]
    use super::writing::{flow, formula, parse, tidied, written};
}
