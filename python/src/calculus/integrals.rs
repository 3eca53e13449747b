//! Binds `underhood::calculus::integrals`.

use std::cell::OnceCell;

use numpy::ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayDyn};
use pyo3::prelude::*;
use underhood::calculus::integrals as core;
use underhood::calculus::integrals::{Integral, Method, Options, Rule, Steps, Tolerance};

use crate::array;
use crate::callee::{Callee, Probe};
use crate::error::{Failure, Outcome};

/// Value, error, evaluations, whether it converged, method, doubt or nothing.
type Parts = (f64, f64, usize, bool, &'static str, String);

/// Integrals, sums that approach them, lengths and work along curves.
#[pymodule]
pub(crate) mod integrals {
    #[pymodule_export]
    use super::{cumulative, integrate, integrate_region, integrate_samples, numbers, riemann_heights};
}

/// The functions that read arrays by `numbers`.
const READERS: [&str; 5] = ["trapezoid", "simpson", "cumulative", "arc_length", "line_integral"];

/// An array of real numbers, read for one of the functions of `underhood.calculus`.
#[pyfunction]
fn numbers<'py>(function: &str, argument: &str, values: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    const ARGUMENTS: [&str; 7] = ["y", "x", "dx", "initial", "a", "b", "values"];
    let known = |names: &[&'static str], name: &str| names.iter().copied().find(|known| *known == name);
    let function = known(&READERS, function).unwrap_or("integrate");
    Ok(array::array(function, known(&ARGUMENTS, argument).unwrap_or("values"), values)?.into_bound())
}

/// Integral of `f` from `a` to `b` as a tuple; `underhood.calculus.integrate` makes an `Estimate` of it. `trace()` gives `f` traced, or as it is; it is
/// asked once many calls are needed.
#[pyfunction]
#[pyo3(signature = (f, a, b, rtol, atol, points, method, limit, trace=None))]
#[expect(clippy::too_many_arguments, reason = "the signature is Python's")]
fn integrate(
    f: &Bound<'_, PyAny>,
    a: &Bound<'_, PyAny>,
    b: &Bound<'_, PyAny>,
    rtol: &Bound<'_, PyAny>,
    atol: &Bound<'_, PyAny>,
    points: Option<&Bound<'_, PyAny>>,
    method: &str,
    limit: &Bound<'_, PyAny>,
    trace: Option<&Bound<'_, PyAny>>,
) -> Outcome<Parts> {
    /// So many calls cost as much as tracing does.
    const WORTHWHILE: usize = 63;
    let callee = Callee::new("integrate", "f", f)?;
    let (known, faster, mut calls) = (OnceCell::new(), OnceCell::new(), 0);
    let (a, b) = (array::number("integrate", "a", a)?, array::number("integrate", "b", b)?);
    let mut options = options(rtol, atol, method, limit)?;
    if let Some(points) = points {
        options.points = array::vector("integrate", "points", points)?.view().to_vec();
    }
    let probe = Probe::everywhere();
    let values = |x: &[f64], into: &mut [f64]| {
        if let (Some(trace), None) = (trace.filter(|_| calls >= WORTHWHILE), faster.get()) {
            let traced = trace.call0()?;
            let traced = known.get_or_init(|| traced);
            let callee = Callee::new("integrate", "f", traced)?;
            faster.get_or_init(|| callee);
        }
        calls += x.len();
        faster.get().unwrap_or(&callee).numbers_along(&probe, &[], x, into)
    };
    let found = core::integrate(values, a, b, &options)?;
    probe.reraise(found.value.is_nan())?;
    Ok(parts(found))
}

/// Integral of `f(x, y, …)` over a region as a tuple; each limit is a number or a function of the earlier variables.
#[pyfunction]
#[pyo3(signature = (f, limits, rtol, atol, limit))]
fn integrate_region<'py>(
    f: &Bound<'py, PyAny>,
    limits: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    rtol: &Bound<'py, PyAny>,
    atol: &Bound<'py, PyAny>,
    limit: &Bound<'py, PyAny>,
) -> Outcome<Parts> {
    let callee = Callee::new("integrate", "f", f)?;
    let options = options(rtol, atol, "auto", limit)?;
    let probe = Probe::everywhere();
    let values = |earlier: &[f64], last: &[f64], into: &mut [f64]| callee.numbers_along(&probe, earlier, last, into);
    let border = |limit: &Bound<'py, PyAny>, earlier: &[f64]| -> Outcome<f64> {
        if limit.is_callable() {
            Callee::new("integrate", "limits", limit)?.number_of(earlier)
        } else {
            array::number("integrate", "limits", limit)
        }
    };
    let borders =
        |k: usize, earlier: &[f64]| Ok::<_, Failure>((border(&limits[k].0, earlier)?, border(&limits[k].1, earlier)?));
    let found = core::integrate_region(values, borders, limits.len(), &options)?;
    probe.reraise(found.value.is_nan())?;
    Ok(parts(found))
}

/// Heights of the `n` rectangles of a Riemann sum.
#[pyfunction]
#[pyo3(signature = (f, a, b, n, rule))]
fn riemann_heights<'py>(
    f: &Bound<'py, PyAny>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    rule: &str,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    const FUNCTION: &str = "riemann_sum";
    let callee = Callee::new(FUNCTION, "f", f)?;
    let limits = (array::number(FUNCTION, "a", a)?, array::number(FUNCTION, "b", b)?);
    let (n, rule) = (array::whole(FUNCTION, "n", n)?, Rule::from_name(FUNCTION, rule)?);
    let heights = core::riemann_heights(|x, into| callee.numbers(x, into), limits, n, rule)?;
    Ok(heights.into_pyarray(f.py()))
}

/// Integrals of the rows of `y` by the rule of the trapezoid or of Simpson; `x` holds a row of places for each, or is None.
#[pyfunction]
#[pyo3(signature = (y, x, dx, parabolas))]
fn integrate_samples<'py>(
    py: Python<'py>,
    y: &Bound<'py, PyAny>,
    x: Option<&Bound<'py, PyAny>>,
    dx: f64,
    parabolas: bool,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    let rule = if parabolas { core::simpson } else { core::trapezoid };
    let (y, x) = samples(y, x)?;
    let sums = (0..y.nrows()).map(|i| rule(row(&y, i), steps(x.as_ref(), i, dx))).collect::<Array1<f64>>();
    Ok(sums.into_pyarray(py))
}

/// The running integrals of the rows of `y`.
#[pyfunction]
#[pyo3(signature = (y, x, dx, parabolas))]
fn cumulative<'py>(
    py: Python<'py>,
    y: &Bound<'py, PyAny>,
    x: Option<&Bound<'py, PyAny>>,
    dx: f64,
    parabolas: bool,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rule = if parabolas { core::cumulative_simpson } else { core::cumulative_trapezoid };
    let (y, x) = samples(y, x)?;
    let columns = y.ncols().saturating_sub(1);
    let mut sums = Array2::zeros((y.nrows(), columns));
    for (i, mut into) in sums.rows_mut().into_iter().enumerate() {
        if let Some(into) = into.as_slice_mut() {
            rule(row(&y, i), steps(x.as_ref(), i, dx), into);
        }
    }
    Ok(sums.into_pyarray(py))
}

fn samples(y: &Bound<'_, PyAny>, x: Option<&Bound<'_, PyAny>>) -> Outcome<(Array2<f64>, Option<Array2<f64>>)> {
    let rows = |argument, values| -> Outcome<_> {
        let rows = array::matrix("integrate", argument, values)?;
        let rows = rows.view();
        // An empty array of NumPy's may have strides that ndarray's own copies refuse.
        Ok(Array2::from_shape_fn(rows.raw_dim(), |at| rows[at]))
    };
    Ok((rows("y", y)?, x.map(|x| rows("x", x)).transpose()?))
}

fn row(values: &Array2<f64>, i: usize) -> &[f64] {
    values.row(i).to_slice().unwrap_or(&[])
}

fn steps(x: Option<&Array2<f64>>, i: usize, dx: f64) -> Steps<'_> {
    x.map_or(Steps::Equal(dx), |x| Steps::Between(row(x, i)))
}

fn options(
    rtol: &Bound<'_, PyAny>,
    atol: &Bound<'_, PyAny>,
    method: &str,
    limit: &Bound<'_, PyAny>,
) -> Outcome<Options> {
    let number = |argument, value| array::number("integrate", argument, value);
    let tolerance = Tolerance { relative: number("rtol", rtol)?, absolute: number("atol", atol)? };
    let (method, limit) = (Method::from_name("integrate", method)?, array::whole("integrate", "limit", limit)?);
    Ok(Options { tolerance, points: Vec::new(), method, limit })
}

fn parts(found: Integral) -> Parts {
    let doubt = found.doubt.map(|doubt| doubt.to_string()).unwrap_or_default();
    (found.value, found.error, found.evaluations, found.converged, found.method.name(), doubt)
}
