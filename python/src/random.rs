//! Reading `rng` and `random_state`: an int, a NumPy Generator or RandomState, or None.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBool};
use underhood::random::Stream;

/// The stream that `seed` stands for. None takes a fresh seed from the operating system, a generator of NumPy's gives one.
pub(crate) fn stream(function: &str, argument: &str, seed: Option<&Bound<'_, PyAny>>) -> PyResult<Stream> {
    Ok(Stream::seeded(match seed {
        None => os_seed()?,
        Some(seed) if seed.is_instance_of::<PyBool>() => return Err(not_a_seed(function, argument, seed)),
        Some(seed) if seed.hasattr("integers")? => draw(seed, "integers")?,
        Some(seed) if seed.hasattr("randint")? => draw(seed, "randint")?,
        Some(seed) => {
            let number = seed.call_method0("__index__").map_err(|_| not_a_seed(function, argument, seed))?;
            number.extract::<u64>().map_err(|_| {
                PyValueError::new_err(format!(
                    "{function}: {argument} is {number}, but must be between 0 and 2**64 - 1"
                ))
            })?
        }
    }))
}

fn os_seed() -> PyResult<u64> {
    Python::attach(|py| py.import("secrets")?.call_method1("randbits", (64,))?.extract())
}

fn draw(generator: &Bound<'_, PyAny>, method: &str) -> PyResult<u64> {
    let uint64 = generator.py().import("numpy")?.getattr("uint64")?;
    let options = [("dtype", uint64)].into_py_dict(generator.py())?;
    generator.call_method(method, (0, u64::MAX), Some(&options))?.extract()
}

fn not_a_seed(function: &str, argument: &str, seed: &Bound<'_, PyAny>) -> PyErr {
    let found = seed.get_type().name().map_or_else(|_| "unknown type".into(), |name| name.to_string());
    PyTypeError::new_err(format!(
        "{function}: {argument} is a {found}, but must be an int, a numpy.random.Generator or None"
    ))
}
