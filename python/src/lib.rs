//! The binding between underhood's core and Python: extract, call, convert. No mathematics lives here.
//!
//! `array` reads what a caller passes, `callee` calls a caller's functions, `elementwise` applies functions of numbers to it, `error` turns refusals into exceptions, `runtime` says when the interpreter is let go
//! and how Ctrl-C gets through, `random` reads seeds. Every other file binds one module of the core, in functions of about ten
//! lines; what a Python reader sees of them (`help`, `inspect`) is the text that stands above each.

mod array;
mod callee;
mod elementwise;
mod error;
mod option;
mod random;
mod runtime;

mod calculus;
mod distributions;
mod graph;
mod linalg;
mod models;
mod optimize;
mod probability;
mod special;
mod stats;

use pyo3::prelude::*;

/// underhood's numerical core, compiled. Use it through `underhood`.
#[pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::calculus::calculus;
    #[pymodule_export]
    use crate::calculus::equations::equations;
    #[pymodule_export]
    use crate::calculus::integrals::integrals;
    #[pymodule_export]
    use crate::distributions::distributions;
    #[pymodule_export]
    use crate::graph::graph;
    #[pymodule_export]
    use crate::linalg::linalg;
    #[pymodule_export]
    use crate::models::linear::linear;
    #[pymodule_export]
    use crate::models::models;
    #[pymodule_export]
    use crate::models::naive_bayes::naive_bayes;
    #[pymodule_export]
    use crate::models::neighbors::neighbors;
    #[pymodule_export]
    use crate::models::network::network;
    #[pymodule_export]
    use crate::models::structure::structure;
    #[pymodule_export]
    use crate::models::svm::svm;
    #[pymodule_export]
    use crate::optimize::convex::convex;
    #[pymodule_export]
    use crate::optimize::fitting::fitting;
    #[pymodule_export]
    use crate::optimize::minimize::minimize;
    #[pymodule_export]
    use crate::optimize::optimize;
    #[pymodule_export]
    use crate::optimize::roots::roots;
    #[pymodule_export]
    use crate::probability::probability;
    #[pymodule_export]
    use crate::special::special;
    #[pymodule_export]
    use crate::stats::correlation::correlation;
    #[pymodule_export]
    use crate::stats::counts::counts;
    #[pymodule_export]
    use crate::stats::describe::stats;
    #[pymodule_export]
    use crate::stats::estimate::estimate;
    #[pymodule_export]
    use crate::stats::glm::glm;
    #[pymodule_export]
    use crate::stats::goodness::goodness;
    #[pymodule_export]
    use crate::stats::means::means;
    #[pymodule_export]
    use crate::stats::power::power;
    #[pymodule_export]
    use crate::stats::ranks::ranks;
    #[pymodule_export]
    use crate::stats::regression::regression;
    #[pymodule_export]
    use crate::stats::resampling::resampling;

    #[pymodule_init]
    fn init(core: &Bound<'_, PyModule>) -> PyResult<()> {
        core.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::name_submodules(core)
    }
}

/// The submodules, with the public module that each one's functions belong to.
const SUBMODULES: [(&str, &str); 31] = [
    ("calculus", "calculus"),
    ("convex", "optimize"),
    ("correlation", "stats"),
    ("counts", "stats"),
    ("distributions", "distributions"),
    ("equations", "calculus"),
    ("estimate", "stats"),
    ("fitting", "optimize"),
    ("glm", "stats"),
    ("goodness", "stats"),
    ("graph", ""),
    ("integrals", "calculus"),
    ("linalg", "linalg"),
    ("linear", "models"),
    ("means", "stats"),
    ("minimize", "optimize"),
    ("models", "models"),
    ("naive_bayes", "models"),
    ("neighbors", "models"),
    ("network", "models"),
    ("optimize", "optimize"),
    ("power", "stats"),
    ("probability", "probability"),
    ("ranks", "stats"),
    ("regression", "stats"),
    ("resampling", "stats"),
    ("roots", "optimize"),
    ("special", "special"),
    ("stats", "stats"),
    ("structure", "models"),
    ("svm", "models"),
];

/// Lets `import underhood._core.linalg` find the submodules, and tells `help` and `pickle` that a function's home is the
/// public module (`underhood.linalg`), not the compiled one.
fn name_submodules(core: &Bound<'_, PyModule>) -> PyResult<()> {
    let modules = core.py().import("sys")?.getattr("modules")?;
    for (name, public) in SUBMODULES {
        let submodule = core.getattr(name)?;
        modules.set_item(format!("underhood._core.{name}"), &submodule)?;
        submodule.setattr("__name__", format!("underhood._core.{name}"))?;
        for item in submodule.dir()? {
            let function = submodule.getattr(item.cast::<pyo3::types::PyString>()?)?;
            if function.is_callable() {
                function.setattr("__module__", format!("underhood.{public}").trim_end_matches('.'))?;
            }
        }
    }
    Ok(())
}
