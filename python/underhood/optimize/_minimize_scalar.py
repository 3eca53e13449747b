"""Minimisers of functions of one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from underhood._core import minimize as _core
from underhood._functions import solved
from underhood._results import Result

__all__ = ["ScalarMinimum", "minimize_scalar"]

METHODS = ("brent", "bounded", "golden")
MESSAGES = {
    "converged": "the interval around x is narrower than the tolerance",
    "max_iter": "the iterations are used up; allow more (maxiter)",
    "stalled": "f has no finite value at any of the places that were looked at",
    "unbounded": "f sinks as far as it was followed, without end or into a pole: it has no minimum that way",
}


@dataclass(slots=True, repr=False, eq=False)
class ScalarMinimum(Result):
    """What :func:`minimize_scalar` found. The fields are those of ``scipy.optimize.OptimizeResult``.

    Attributes
    ----------
    x : float
        Where the minimum is.
    fun : float
        The value there.
    nit : int
        Iterations made.
    nfev : int
        How often ``f`` was called.
    success : bool
        Whether the interval around ``x`` is narrower than the tolerance.
    status : int
        0 converged, 1 iterations used up, 2 no finite value found, 4 without a bound below.
    message : str
        Why the search ended, in a sentence.
    method : str
        ``"brent"``, ``"bounded"`` or ``"golden"``.
    """

    x: float
    fun: float
    nit: int
    nfev: int
    success: bool
    status: int
    message: str
    method: str

    def _title(self) -> str:
        return f"{self.method}: " + ("converged" if self.success else "not converged")


def minimize_scalar(
    f: Callable[..., Any],
    bracket: Sequence[float] | None = None,
    bounds: Sequence[float] | None = None,
    args: tuple[Any, ...] = (),
    method: str | None = None,
    tol: float | None = None,
    *,
    maxiter: int = 500,
) -> ScalarMinimum:
    """Find a minimum of a function of one number.

    Parameters
    ----------
    f : callable
        Takes a number and returns one. Where it returns NaN or an infinity there is a wall.
    bracket : sequence of two or three numbers, optional
        Two points from which to go downhill, by default 0 and 1; or a < b < c with f(b) below f(a) and f(c).
    bounds : pair of numbers, optional
        Between which to look; they are never left.
    args : tuple, optional
        Further arguments for ``f``.
    method : {"brent", "bounded", "golden"}, optional
        Parabolas safeguarded by the golden section (``"brent"``, the default without bounds), the same between bounds
        (the default with them), or the golden section alone.
    tol : float, optional
        Width of the interval at the end: relative to x (1.48e-8, where the parabola at a minimum is lost in rounding)
        and no less than 2e-11 of the distance of the first points; between bounds absolute (1e-5, as in SciPy).
    maxiter : int, default 500
        Most iterations.

    Returns
    -------
    ScalarMinimum
        ``x``, ``fun``, ``nit``, ``nfev``, ``success``, ``message``.

    Raises
    ------
    TypeError
        ``f`` cannot be called or does not return one real number.
    ValueError
        ``bracket`` encloses no minimum, ``bounds`` are not finite or in the wrong order, or an option is out of range.
        Whatever ``f`` raises comes out as it is.

    Notes
    -----
    Of several minima it finds one, and not necessarily the lowest. Of a function that is the same everywhere it gives
    the first point. The method is R. P. Brent, *Algorithms for Minimization without Derivatives* (1973), chapter 5.

    Examples
    --------
    >>> from underhood.optimize import minimize_scalar
    >>> found = minimize_scalar(lambda x: (x - 2) * x * (x + 2) ** 2)
    >>> round(found.x, 6), found.success
    (1.280776, True)
    >>> round(minimize_scalar(lambda x: x**2, bounds=(1, 3)).x, 4)
    1.0
    """
    name = "minimize_scalar"
    if method is None:
        method = "brent" if bounds is None else "bounded"
    if not isinstance(method, str):
        raise TypeError(f"{name}: method is a {type(method).__name__}, but must be a string")
    method = method.lower()
    if method not in METHODS:
        raise ValueError(f"{name}: method is {method!r}, but must be one of {', '.join(map(repr, METHODS))}")
    if method == "bounded" and bounds is None:
        raise ValueError(f"{name}: bounds are missing, but method='bounded' looks between them")
    if method != "bounded" and bounds is not None:
        raise ValueError(f"{name}: bounds are given, but method is {method!r}; use method='bounded'")
    args = args if isinstance(args, tuple) else (args,)
    default = 1e-5 if bounds is not None else 1.48e-8
    with np.errstate(all="ignore"):
        x, fun, nit, nfev, reason = solved(
            name,
            "f",
            (lambda x: f(x, *args)) if args and callable(f) else f,
            lambda call: _core.minimize_scalar(
                call,
                _points("bracket", bracket, (2, 3)),
                None if bounds is None else tuple(_points("bounds", bounds, (2,)) or ()),
                method,
                default if tol is None else tol,
                maxiter,
            ),
        )
    status = {"converged": 0, "max_iter": 1, "stalled": 2, "unbounded": 4}[reason]
    return ScalarMinimum(x, fun, nit, nfev, reason == "converged", status, MESSAGES[reason], method)


def _points(argument: str, points: Any, sizes: tuple[int, ...]) -> list[Any] | None:
    """Give the points one by one; what kind of numbers they are, the core reads."""
    if points is None:
        return None
    expected = " or ".join({2: "two", 3: "three"}[size] for size in sizes)
    listed = isinstance(points, list | tuple) or (hasattr(points, "__array__") and np.ndim(points) > 0)
    if not listed:
        raise TypeError(f"minimize_scalar: {argument} is a {type(points).__name__}, but must hold {expected} numbers")
    if len(points) not in sizes:
        raise ValueError(f"minimize_scalar: {argument} holds {len(points)} numbers, but must hold {expected}")
    return list(points)
