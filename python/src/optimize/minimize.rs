//! Binds the minimisers.

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use underhood::optimize::{
    self as core, Constraints, Derivatives, MinimizeOptions, Minimizer, ScalarMethod, View, Within,
};

use crate::callee::{Callee, callable};
use crate::error::{Failure, Outcome};
use crate::{array, option, runtime};

/// Minimisers.
#[pymodule]
pub(crate) mod minimize {
    #[pymodule_export]
    use super::{minimize_constrained, minimize_many, minimize_scalar};
}

/// What `underhood.optimize.MinimizeResult` is made of.
type Found<'py> = (
    (Bound<'py, PyAny>, f64, Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>),
    (usize, usize, usize, usize),
    (&'static str, &'static str, String, bool),
    Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
);

/// The search as a tuple. `bounds` are two vectors, `limits` the iterations and evaluations at most, `tolerances` gtol, xatol and
/// fatol, `watch` takes a point and its value.
#[pyfunction]
#[pyo3(name = "minimize", signature = (f, x0, method, derivatives, bounds, limits, tolerances, simplex, watch))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
fn minimize_many<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    method: Option<&Bound<'py, PyAny>>,
    derivatives: [Option<Bound<'py, PyAny>>; 3],
    bounds: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    limits: (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>),
    tolerances: [Bound<'py, PyAny>; 3],
    simplex: (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>),
    watch: Option<&Bound<'py, PyAny>>,
) -> Outcome<Found<'py>> {
    const NAME: &str = "minimize";
    let py = f.py();
    let [jac, hess, hessp] = derivatives;
    let (max_iter, max_evaluations, memory) = limits;
    let [gtol, xatol, fatol] = tolerances;
    let (adaptive, initial_simplex) = simplex;
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.view().shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    let whole = |argument, given: Option<Bound<'py, PyAny>>| {
        given.map(|given| array::whole(NAME, argument, &given)).transpose()
    };
    let vector =
        |given: &Bound<'py, PyAny>| -> Outcome<Vec<f64>> { Ok(array::vector(NAME, "bounds", given)?.view().to_vec()) };
    let method = option::optional_name(NAME, "method", method)?;
    let options = MinimizeOptions {
        method: method.as_deref().map(Minimizer::named).transpose()?,
        gtol: array::number(NAME, "gtol", &gtol)?,
        max_iter: whole("maxiter", max_iter)?,
        max_evaluations: whole("maxfev", max_evaluations)?,
        bounds: bounds.map(|(low, high)| Ok::<_, Failure>((vector(&low)?, vector(&high)?))).transpose()?,
        memory: array::whole(NAME, "maxcor", &memory)?,
        xatol: array::number(NAME, "xatol", &xatol)?,
        fatol: array::number(NAME, "fatol", &fatol)?,
        adaptive: option::flag(NAME, "adaptive", option::Given::Value(adaptive.as_borrowed()))?,
        initial_simplex: initial_simplex
            .map(|given| Ok::<_, Failure>(array::matrix(NAME, "initial_simplex", &given)?.view().to_owned()))
            .transpose()?,
    };
    let callee = |argument, object| Ok::<_, Failure>(Callee::new(NAME, argument, object)?.of_shape(&shape));
    let f = callee("f", f)?;
    let jac = jac.as_ref().map(|jac| callee("jac", jac)).transpose()?;
    let hess = hess.as_ref().map(|hess| callee("hess", hess)).transpose()?;
    let hessp = hessp.as_ref().map(|hessp| callee("hessp", hessp)).transpose()?;
    if let Some(watch) = watch {
        callable(NAME, "callback", watch)?;
    }
    let mut gradient = jac.as_ref().map(|jac| |x: &[f64], into: &mut [f64]| jac.fill(x, into));
    let mut hessian = hess.as_ref().map(|hess| |x: &[f64], into: &mut [f64]| hess.fill(x, into));
    let mut product = hessp.as_ref().map(|hessp| |x: &[f64], v: &[f64], into: &mut [f64]| hessp.fill_along(x, v, into));
    let derivatives = Derivatives {
        gradient: gradient.as_mut().map(|g| g as _),
        hessian: hessian.as_mut().map(|h| h as _),
        product: product.as_mut().map(|p| p as _),
    };
    let shown = |view: View<'_>| watched(watch, &view, &shape, py);
    let found = core::minimize(|x: &[f64]| f.value(x), derivatives, &start, &options, shown)?;

    let shaped = |flat: numpy::ndarray::Array1<f64>| flat.into_pyarray(py).reshape(shape.clone()).map(Bound::into_any);
    let corners = match found.simplex.first() {
        None => None,
        Some((first, _)) => {
            let (n, values): (usize, Vec<f64>) = (first.len(), found.simplex.iter().map(|(_, value)| *value).collect());
            let flat: Vec<f64> = found.simplex.iter().flat_map(|(x, _)| x.iter().copied()).collect();
            let points = Array2::from_shape_vec((values.len(), n), flat).unwrap_or_default();
            Some((points.into_pyarray(py).into_any(), values.into_pyarray(py).into_any()))
        }
    };
    let counts = (found.iterations, found.function_evaluations, found.gradient_evaluations, found.hessian_evaluations);
    let inverse = found.hessian_inverse.map(|inverse| inverse.into_pyarray(py).into_any());
    Ok((
        (shaped(found.x)?, found.value, found.gradient.map(shaped).transpose()?, inverse),
        counts,
        (found.method.name(), found.stop.name(), found.message, found.polished),
        corners,
    ))
}

/// (x, value, gradient), (multipliers, constraints, violation, optimality), (iterations, calls of f, gradient, c, Jacobian),
/// (converged, reason, message).
type Constrained<'py> = (
    (Bound<'py, PyAny>, f64, Bound<'py, PyAny>),
    (Bound<'py, PyAny>, Bound<'py, PyAny>, f64, f64),
    (usize, [usize; 4]),
    (bool, &'static str, String),
);

/// A minimum under constraints: `constraints` are c, its Jacobian or None, and the lower and upper limits of c.
#[pyfunction]
#[pyo3(signature = (f, x0, jac, constraints, bounds, limits, gtol, watch))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
fn minimize_constrained<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    jac: Option<&Bound<'py, PyAny>>,
    constraints: (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>, Bound<'py, PyAny>),
    bounds: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    limits: (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>),
    gtol: &Bound<'py, PyAny>,
    watch: Option<&Bound<'py, PyAny>>,
) -> Outcome<Constrained<'py>> {
    const NAME: &str = "minimize";
    let py = f.py();
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.view().shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    let whole = |argument, given: Option<Bound<'py, PyAny>>| {
        given.map(|given| array::whole(NAME, argument, &given)).transpose()
    };
    let vector = |argument, given: &Bound<'py, PyAny>| -> Outcome<Vec<f64>> {
        Ok(array::vector(NAME, argument, given)?.view().to_vec())
    };
    let (max_iter, max_evaluations, memory) = limits;
    let options = MinimizeOptions {
        gtol: array::number(NAME, "gtol", gtol)?,
        max_iter: whole("maxiter", max_iter)?,
        max_evaluations: whole("maxfev", max_evaluations)?,
        memory: array::whole(NAME, "maxcor", &memory)?,
        bounds: bounds
            .map(|(low, high)| Ok::<_, Failure>((vector("bounds", &low)?, vector("bounds", &high)?)))
            .transpose()?,
        ..MinimizeOptions::default()
    };
    let callee = |argument, object| Ok::<_, Failure>(Callee::new(NAME, argument, object)?.of_shape(&shape));
    let (held, normals, lower, upper) = constraints;
    let (f, held) = (callee("f", f)?, callee("constraints", &held)?);
    let jac = jac.map(|jac| callee("jac", jac)).transpose()?;
    let normals = normals.as_ref().map(|normals| callee("constraints", normals)).transpose()?;
    if let Some(watch) = watch {
        callable(NAME, "callback", watch)?;
    }
    let mut gradient = jac.as_ref().map(|jac| |x: &[f64], into: &mut [f64]| jac.fill(x, into));
    let mut values = |x: &[f64], into: &mut [f64]| held.fill(x, into);
    let mut jacobian = normals.as_ref().map(|normals| |x: &[f64], into: &mut [f64]| normals.fill(x, into));
    let constraints = Constraints {
        values: &mut values,
        jacobian: jacobian.as_mut().map(|j| j as _),
        lower: vector("constraints", &lower)?,
        upper: vector("constraints", &upper)?,
    };
    let gradient = gradient.as_mut().map(|g| g as _);
    let shown = |view: View<'_>| watched(watch, &view, &shape, py);
    let found = core::minimize_constrained(|x: &[f64]| f.value(x), gradient, constraints, &start, &options, shown)?;
    let (converged, reason) = (found.converged(), found.stop.name());
    let shaped = |flat: numpy::ndarray::Array1<f64>| flat.into_pyarray(py).reshape(shape.clone()).map(Bound::into_any);
    let listed = |flat: numpy::ndarray::Array1<f64>| flat.into_pyarray(py).into_any();
    Ok((
        (shaped(found.x)?, found.value, shaped(found.gradient)?),
        (listed(found.multipliers), listed(found.constraints), found.violation, found.optimality),
        (found.iterations, found.calls),
        (converged, reason, found.message),
    ))
}

/// Shows an iteration to the callback, which raises StopIteration to end the search, and lets Ctrl-C through now and then.
fn watched(watch: Option<&Bound<'_, PyAny>>, view: &View<'_>, shape: &[usize], py: Python<'_>) -> Outcome<bool> {
    runtime::heed_signals()?;
    let Some(watch) = watch else { return Ok(true) };
    let x = numpy::PyArray1::from_slice(py, view.x).reshape(shape.to_vec())?;
    match watch.call1((x, view.value)) {
        Err(error) if error.is_instance_of::<PyStopIteration>(py) => Ok(false),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(true),
    }
}

/// What `underhood.optimize.minimize_scalar` makes its result of: x, f(x), iterations, evaluations, and why it stopped.
#[pyfunction]
#[pyo3(signature = (f, bracket, bounds, method, tol, max_iter))]
fn minimize_scalar(
    f: &Bound<'_, PyAny>,
    bracket: Option<Vec<Bound<'_, PyAny>>>,
    bounds: Option<(Bound<'_, PyAny>, Bound<'_, PyAny>)>,
    method: &str,
    tol: &Bound<'_, PyAny>,
    max_iter: &Bound<'_, PyAny>,
) -> Outcome<(f64, f64, usize, usize, &'static str)> {
    const NAME: &str = "minimize_scalar";
    let number = |argument, value: &Bound<'_, PyAny>| array::number(NAME, argument, value);
    let points = bracket.iter().flatten().map(|point| number("bracket", point)).collect::<Outcome<Vec<f64>>>()?;
    let within = match (bounds, points.as_slice()) {
        (Some((low, high)), _) => Within::Bounds(number("bounds", &low)?, number("bounds", &high)?),
        (None, [a, b, c]) => Within::Bracket(*a, *b, *c),
        (None, [a, b]) => Within::From(*a, *b),
        (None, _) => Within::From(0.0, 1.0),
    };
    let method = match method {
        "golden" => ScalarMethod::Golden,
        "bounded" => ScalarMethod::Bounded,
        _ => ScalarMethod::Brent,
    };
    let (tol, max_iter) = (number("tol", tol)?, array::whole(NAME, "maxiter", max_iter)?);
    let f = Callee::new(NAME, "f", f)?;
    let value = |x| {
        runtime::heed_signals()?;
        f.number(x)
    };
    let found = core::minimize_scalar(value, within, method, tol, max_iter)?;
    Ok((found.x, found.value, found.iterations, found.evaluations, found.stop.name()))
}
