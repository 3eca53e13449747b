"""Derivatives of fields: Jacobian and Hessian matrices, divergence, curl and Laplacian."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._functions import Given, GivenField
from underhood._results import Result
from underhood.calculus._derivative import NUMERICAL, Method, estimated_gradient, numerical
from underhood.calculus._estimate import AccuracyWarning, Estimate
from underhood.calculus._exact import NO_VALUE, exact_matrix, kinked_gradient
from underhood.calculus._point import of_array, read, speaking

__all__ = ["Derivatives", "curl", "divergence", "hessian", "jacobian", "laplacian"]

Doubles = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class Derivatives(Result):
    """A Jacobian or a Hessian, and how good it is; what ``jacobian(…, details=True)`` and ``hessian`` return.

    Attributes
    ----------
    values : ndarray
        The derivatives.
    error : ndarray
        A cautious estimate of the absolute error of each.
    evaluations : int
        How often the function was called.
    converged : bool
        Whether every entry converged.
    method : str
        How they were computed.
    message : str
        What is wrong with the first entry that did not converge; empty if all did.
    """

    values: Doubles
    error: Doubles
    evaluations: int
    converged: bool
    method: str
    message: str


def _complete(function: str, parts: Any, shape: tuple[int, ...], method: str) -> Derivatives:
    values, errors, evaluations, converged, doubt = parts
    message = ""
    if doubt is not None:
        message = f"entry ({doubt[0]}, {doubt[1]}) is not to be trusted: {doubt[2]}"
        if doubt[2] != "x is NaN":
            warnings.warn(f"{function}: not converged: {message}", AccuracyWarning, stacklevel=3)
    return Derivatives(values.reshape(shape), errors.reshape(shape), evaluations, converged, method, message)


def _exact(function: str, values: Doubles, errors: Doubles) -> Derivatives:
    message = "" if np.isfinite(values).all() else NO_VALUE
    if message:
        warnings.warn(f"{function}: not converged: {message}", AccuracyWarning, stacklevel=3)
    return Derivatives(values, errors, 1, not message, "exact", message)


@overload
def jacobian(
    f: GivenField,
    x: ArrayLike,
    *,
    method: Method = ...,
    step: float | None = ...,
    details: Literal[False] = ...,
) -> Doubles: ...
@overload
def jacobian(
    f: GivenField, x: ArrayLike, *, method: Method = ..., step: float | None = ..., details: Literal[True]
) -> Derivatives: ...
def jacobian(
    f: GivenField,
    x: ArrayLike,
    *,
    method: Method = "auto",
    step: float | None = None,
    details: bool = False,
) -> Doubles | Derivatives:
    """Compute the Jacobian of a function with several values: entry (i, j) is ∂fᵢ/∂xⱼ.

    Parameters
    ----------
    f : callable, or list of str
        Takes an array of the shape of ``x`` and returns an array (or list) that is always of one shape; or takes as
        many numbers as ``x`` has entries: ``f(x, y)`` (see :func:`gradient`). ``["x*y", "x"]`` will do. Exceptions are
        treated as by :func:`derivative`.
    x : array_like
        The point; any shape.
    method : {"auto", "exact", "central", "forward", "backward", "richardson"}, default "auto"
        As for :func:`derivative`.
    step : float, optional
        As for :func:`derivative`.
    details : bool, default False
        Return a :class:`Derivatives` with errors instead of the array.

    Returns
    -------
    ndarray or Derivatives
        Of the shape of f(x), then that of ``x``: (m, n) for a function from n numbers to m. NaN throughout if ``x``
        holds a NaN.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than real numbers; ``x`` holds no real numbers.
    ValueError
        ``x`` is empty or holds an infinity; f(x) is empty or changes its shape; an option is out of range.

    Warns
    -----
    AccuracyWarning
        An entry did not converge (not for NaN in ``x``).

    Notes
    -----
    ``f`` is called some 20 to 40 times for each entry of ``x``, however many values it has: all rows share the calls.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.calculus import jacobian
    >>> jacobian(lambda r, t: [r * np.cos(t), r * np.sin(t)], [2.0, 0.0]).round(10) + 0.0
    array([[1., 0.],
           [0., 2.]])
    """
    chosen = numerical("jacobian", method, NUMERICAL)
    point = read("jacobian", "x", x)
    called = of_array("jacobian", f, point, step)
    if method in ("auto", "exact"):
        exact = exact_matrix("jacobian", called, point, required=method == "exact")
        if exact is not None:
            found = _exact("jacobian", *exact)
            return found if details else found.values
    with np.errstate(all="ignore"):
        parts, shape = _core.jacobian(called, point, chosen, step)
    found = _complete("jacobian", parts, (*shape, *point.shape), "richardson" if chosen == "auto" else chosen)
    return found if details else found.values


@overload
def hessian(
    f: Given,
    x: ArrayLike,
    *,
    grad: Callable[..., Any] | None = ...,
    method: Literal["auto", "exact", "richardson"] = ...,
    step: float | None = ...,
    details: Literal[False] = ...,
) -> Doubles: ...
@overload
def hessian(
    f: Given,
    x: ArrayLike,
    *,
    grad: Callable[..., Any] | None = ...,
    method: Literal["auto", "exact", "richardson"] = ...,
    step: float | None = ...,
    details: Literal[True],
) -> Derivatives: ...
def hessian(
    f: Given,
    x: ArrayLike,
    *,
    grad: Callable[..., Any] | None = None,
    method: Literal["auto", "exact", "richardson"] = "auto",
    step: float | None = None,
    details: bool = False,
) -> Doubles | Derivatives:
    """Compute the Hessian of a function: entry (i, j) is ∂²f/∂xᵢ∂xⱼ. It is symmetric.

    Parameters
    ----------
    f : callable or str
        Of an array, or of as many numbers as ``x`` has entries, to a number; see :func:`gradient`.
    x : array_like
        The point; any shape.
    grad : callable, optional
        The gradient of ``f``, in the shape of ``x``, if you have it: its Jacobian is faster and more exact. ``f`` is
        not called then.
    method : {"auto", "exact", "richardson"}, default "auto"
        As for :func:`derivative`.
    step : float, optional
        As for :func:`derivative`.
    details : bool, default False
        Return a :class:`Derivatives` with errors instead of the array.

    Returns
    -------
    ndarray or Derivatives
        Of the shape of ``x``, twice: (n, n) for a function of n numbers.

    Raises
    ------
    TypeError
        ``f`` or ``grad`` cannot be called or returns something else than it must; ``x`` holds no real numbers.
    ValueError
        ``x`` is empty or holds an infinity; an option is out of range.

    Warns
    -----
    AccuracyWarning
        An entry did not converge (not for NaN in ``x``).

    Notes
    -----
    Without ``grad``, ``f`` is called some 30 times for each entry on the diagonal and 60 times for each above it; those
    come from second derivatives along diagonals: 4 ∂²f/∂x∂y = D²f(1, 1) − D²f(1, −1).

    Examples
    --------
    >>> from underhood.calculus import hessian
    >>> hessian(lambda x, y: x**2 * y, [1.0, 3.0]).round(8) + 0.0
    array([[6., 2.],
           [2., 0.]])
    """
    numerical("hessian", method, ("auto", "exact", "richardson"))
    point = read("hessian", "x", x)
    shape = (*point.shape, *point.shape)
    if grad is not None:
        slopes = of_array("hessian", grad, point, step)
        with np.errstate(all="ignore"), speaking("hessian", "jacobian"):
            parts, found_shape = _core.jacobian(slopes, point, "auto", step)
        if tuple(found_shape) != point.shape:
            raise ValueError(f"hessian: grad(x) has the shape {tuple(found_shape)}, but x has the shape {point.shape}")
        found = _complete("hessian", _symmetric(parts), shape, "richardson of grad")
        return found if details else found.values
    called = of_array("hessian", f, point, step)
    if method in ("auto", "exact"):
        exact = exact_matrix("hessian", called, point, required=method == "exact")
        if exact is not None:
            found = _exact("hessian", *exact)
            return found if details else found.values
    kinked = kinked_gradient(called, point) if method == "auto" else None
    with np.errstate(all="ignore"):
        if kinked is not None:
            # The slope has a kink here that differences of f's values may not see.
            parts = _symmetric(_core.jacobian(kinked, point, "auto", step)[0])
        else:
            parts = _core.hessian(called, point, step)
        found = _complete("hessian", parts, shape, "richardson")
    return found if details else found.values


def _symmetric(parts: Any) -> Any:
    """Make a Jacobian of a gradient, which differences leave a little askew, a Hessian."""
    return (0.5 * (parts[0] + parts[0].T), 0.5 * (parts[1] + parts[1].T), *parts[2:])


def _square(function: str, f: GivenField, x: ArrayLike, method: Method, step: float | None) -> Derivatives:
    """Compute the Jacobian of a vector field, which has as many values as variables."""
    numerical(function, method, NUMERICAL)
    point = read(function, "x", x)
    if point.ndim != 1:
        raise ValueError(f"{function}: x has {point.ndim} axes, but a point is one list of numbers")
    if function == "curl" and point.size not in (2, 3):
        raise ValueError(f"curl: x has {point.size} values, but a curl needs 2 or 3")
    with warnings.catch_warnings(), speaking(function, "jacobian"):
        warnings.simplefilter("ignore", AccuracyWarning)
        found = jacobian(f, point, method=method, step=step, details=True)
    if found.values.shape != (point.size, point.size):
        raise ValueError(
            f"{function}: f(x) has the shape {found.values.shape[:-1]}, but a vector field has as many values as x, "
            f"{point.size}"
        )
    return found


def _sum(function: str, terms: Any, errors: Any, found: Any, method: str) -> Estimate:
    value = float(np.sum(terms))
    error = float(np.sum(errors)) + 4 * np.finfo(float).eps * float(np.sum(np.abs(terms)))
    converged = bool(found.converged or error <= 1e-6 * abs(value))
    message = "" if converged else found.message
    if message and "x is NaN" not in message:
        warnings.warn(f"{function}: not converged: {message}", AccuracyWarning, stacklevel=3)
    return Estimate(value, error, found.evaluations, converged, method, message)


def divergence(f: GivenField, x: ArrayLike, *, method: Method = "auto", step: float | None = None) -> Estimate:
    """Compute the divergence of a vector field, ∂f₁/∂x₁ + … + ∂fₙ/∂xₙ: how much more flows out of a point than in.

    Parameters
    ----------
    f : callable, or list of str
        The field: of an array, or of as many numbers as ``x`` has entries; returns as many values as variables.
        ``["-y", "x"]`` is one too.
    x : array_like, shape (n,)
        The point.
    method, step
        As for :func:`jacobian`.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    TypeError, ValueError
        As :func:`jacobian`; ``f`` does not have as many values as variables.

    Warns
    -----
    AccuracyWarning
        The result did not converge.

    Examples
    --------
    >>> from underhood.calculus import divergence
    >>> f"{divergence(lambda x, y: [x**2, x * y], [1.0, 2.0]):.6f}"
    '3.000000'
    """
    found = _square("divergence", f, x, method, step)
    return _sum("divergence", np.diag(found.values), np.diag(found.error), found, found.method)


def curl(f: GivenField, x: ArrayLike, *, method: Method = "auto", step: float | None = None) -> Estimate | Doubles:
    """Compute the curl of a vector field, ∇ × f: how it turns around a point.

    Parameters
    ----------
    f : callable, or list of str
        The field: of an array, or of as many numbers as ``x`` has entries; returns as many values as variables.
        ``["-y", "x"]`` is one too.
    x : array_like, shape (2,) or (3,)
        The point.
    method, step
        As for :func:`jacobian`.

    Returns
    -------
    ndarray, shape (3,), or Estimate
        In space, (∂f₃/∂x₂ − ∂f₂/∂x₃, ∂f₁/∂x₃ − ∂f₃/∂x₁, ∂f₂/∂x₁ − ∂f₁/∂x₂). In the plane, the last of these alone, as
        an :class:`Estimate`.

    Raises
    ------
    TypeError, ValueError
        As :func:`jacobian`; ``x`` has neither 2 nor 3 entries, or ``f`` not as many values.

    Warns
    -----
    AccuracyWarning
        The result did not converge.

    Examples
    --------
    >>> from underhood.calculus import curl
    >>> curl(lambda x, y, z: [-y, x, 0.0], [1.0, 2.0, 3.0]).round(10) + 0.0
    array([0., 0., 2.])
    >>> f"{curl(lambda x, y: [-y, x], [1.0, 2.0]):.6f}"
    '2.000000'
    """
    found = _square("curl", f, x, method, step)
    J, E = found.values, found.error
    if len(J) == 2:
        return _sum("curl", [J[1, 0], -J[0, 1]], [E[1, 0], E[0, 1]], found, found.method)
    if found.message and "x is NaN" not in found.message:
        warnings.warn(f"curl: not converged: {found.message}", AccuracyWarning, stacklevel=2)
    return np.array([J[2, 1] - J[1, 2], J[0, 2] - J[2, 0], J[1, 0] - J[0, 1]])


def laplacian(
    f: Given,
    x: ArrayLike,
    *,
    method: Literal["auto", "exact", "richardson"] = "auto",
    step: float | None = None,
) -> Estimate:
    """Compute the Laplacian of a function: ∂²f/∂x₁² + … + ∂²f/∂xₙ².

    It says how far a point lies below the mean of its surroundings.

    Parameters
    ----------
    f : callable or str
        Of an array, or of as many numbers as ``x`` has entries, to a number; see :func:`gradient`.
    x : array_like
        The point; any shape.
    method : {"auto", "exact", "richardson"}, default "auto"
        As for :func:`derivative`.
    step : float, optional
        As for :func:`derivative`.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    TypeError, ValueError
        As :func:`gradient`.

    Warns
    -----
    AccuracyWarning
        The result did not converge.

    Examples
    --------
    >>> from underhood.calculus import laplacian
    >>> f"{laplacian(lambda x, y: x**2 + 3 * y**2, [1.0, 2.0]):.6f}"
    '8.000000'
    """
    numerical("laplacian", method, ("auto", "exact", "richardson"))
    point = read("laplacian", "x", x)
    called = of_array("laplacian", f, point, step)
    if method in ("auto", "exact"):
        exact = exact_matrix("hessian", called, point, required=method == "exact", speaker="laplacian")
        if exact is not None:
            terms, errors = (np.diag(one.reshape(point.size, point.size)) for one in exact)
            whole = bool(np.isfinite(terms).all())
            found = Derivatives(terms, errors, 1, whole, "exact", "" if whole else NO_VALUE)
            return _sum("laplacian", terms, found.error, found, "exact")
    kinked = method == "auto" and kinked_gradient(called, point) is not None
    with warnings.catch_warnings(), speaking("laplacian", "gradient"), speaking("laplacian", "hessian"):
        warnings.simplefilter("ignore", AccuracyWarning)
        seen: Any
        if kinked:
            seen = hessian(called, point, details=True)
            terms, errors = (np.diag(part.reshape(point.size, point.size)) for part in (seen.values, seen.error))
        else:
            seen = estimated_gradient(called, point, 2, "richardson", step)
            terms, errors = seen.values, seen.error
    return _sum("laplacian", terms, errors, seen, "richardson")
