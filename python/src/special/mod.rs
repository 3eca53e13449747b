//! Binds `underhood::special`, a file for each family.

mod beta;
mod counting;
mod error_function;
mod gamma;
mod logistic;

use pyo3::prelude::*;

/// Special functions, element by element.
#[pymodule]
pub(crate) mod special {
    #[pymodule_export]
    use super::beta::{beta, betainc, betaincc, betainccinv, betaincinv, betaln};
    #[pymodule_export]
    use super::counting::{binom, comb_float, factorial_float};
    #[pymodule_export]
    use super::error_function::{erf, erfc, erfcinv, erfcx, erfinv, log_ndtr, ndtr, ndtri};
    #[pymodule_export]
    use super::gamma::{digamma, gamma, gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, polygamma, rgamma};
    #[pymodule_export]
    use super::logistic::{
        entr, expit, kl_div, log1pexp, logit, logsumexp_rows, logsumexp_rows_weighted, read, softmax_rows, xlogy,
    };
}
