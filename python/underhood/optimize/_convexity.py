"""Whether a function is convex."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import convex as _core
from underhood._functions import is_written, resolve
from underhood._results import Result, format_value

__all__ = ["ConvexityResult", "is_convex"]


@dataclass(slots=True, repr=False, eq=False)
class ConvexityResult(Result):
    """What is known of a function's convexity; ``bool(result)`` is whether it is proved to be convex.

    Attributes
    ----------
    convex : bool or None
        Of a matrix True or False; of a function False with a counterexample, else None: no number of samples proves it.
    strictly : bool or None
        Of a matrix, whether every curvature is positive.
    eigenvalues : ndarray or None
        The curvatures of the quadratic, rising.
    counterexample : tuple or None
        ``(a, b, t)`` with f(t a + (1-t) b) above t f(a) + (1-t) f(b); for a matrix a, b = -a along a direction of
        negative curvature, and t = ½.
    excess : float
        By how much it is above.
    samples : int
        Chords that were tried.
    message : str
        The same in a sentence.
    """

    convex: bool | None
    strictly: bool | None
    eigenvalues: NDArray[np.float64] | None
    counterexample: tuple[NDArray[np.float64], NDArray[np.float64], float] | None
    excess: float
    samples: int
    message: str

    def __bool__(self) -> bool:
        return self.convex is True

    def _title(self) -> str:
        return {True: "convex", False: "not convex", None: "no counterexample found"}[self.convex]

    def _rows(self) -> list[tuple[str, str]]:
        rows = [("message", self.message)]
        if self.eigenvalues is not None:
            rows.append(("eigenvalues", format_value(self.eigenvalues)))
        if self.counterexample is not None:
            a, b, t = self.counterexample
            rows += [("a", format_value(a)), ("b", format_value(b)), ("t", format_value(t))]
        return rows


def is_convex(
    f: Callable[..., Any] | ArrayLike,
    bounds: ArrayLike | None = None,
    *,
    n: int = 2000,
    rng: Any = 0,
) -> ConvexityResult:
    """Tell whether ½·xᵀPx is convex, or look for a proof that a function is not.

    A function is convex where every chord lies on or above it: f(t a + (1-t) b) ≤ t f(a) + (1-t) f(b).

    Parameters
    ----------
    f : array_like of shape (n, n), or callable
        The symmetric matrix P of a quadratic; or a function of an array of one axis.
    bounds : array_like of shape (n, 2), needed for a function
        The box that is sampled: a pair (low, high) for each variable.
    n : int, default 2000
        How many chords are tried.
    rng : int, Generator or None, default 0
        The seed of the samples.

    Returns
    -------
    ConvexityResult
        ``convex`` is True or False for a matrix. For a function it is False with a ``counterexample``, or None: then
        there is no counterexample among the samples, which is no proof.

    Raises
    ------
    TypeError, ValueError
        For a matrix that is not square and symmetric, a box that is none, or a function without bounds.

    Notes
    -----
    J. L. W. V. Jensen, Acta Math. 30 (1906). An excess below 1e-9 of the values is taken for rounding.

    Examples
    --------
    >>> from underhood.optimize import is_convex
    >>> is_convex([[2, 0], [0, -1]]).message
    'not convex: the curvature along [0. 1.] is -1'
    >>> is_convex(np.sin, [(0, 6)]).convex
    False
    >>> is_convex(lambda x: x[0] ** 2, [(-1, 1)]).message
    'no counterexample in 2000 samples'
    """
    if not callable(f) and not is_written(f):
        if bounds is not None:
            raise ValueError(
                "is_convex: bounds are for functions, but f is a matrix, whose eigenvalues decide everywhere"
            )
        values, direction, convex, strictly = _core.convexity_of_quadratic(f)
        if convex:
            message = f"convex: the least curvature is {values[0]:.6g}" + ("" if strictly else ", zero to rounding")
            return ConvexityResult(True, strictly, values, None, 0.0, 0, message)
        shown = np.where(np.abs(direction) < 1e-15, 0.0, direction)
        shown = shown * (np.sign(shown[np.argmax(np.abs(shown))]) or 1.0) + 0.0
        message = f"not convex: the curvature along {format_value(shown)} is {values[0]:.6g}"
        return ConvexityResult(False, False, values, (shown, -shown, 0.5), float(-values[0] / 2), 0, message)
    if bounds is None:
        raise ValueError("is_convex: bounds is missing: give a pair (low, high) for each variable of f")
    if isinstance(bounds, str):
        raise TypeError("is_convex: bounds is text, but pairs of numbers are needed")
    try:
        box = np.asarray(bounds, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError("is_convex: bounds must hold numbers, a pair (low, high) for each variable") from None
    if box.shape == (2,):
        box = box.reshape(1, 2)
    if box.ndim != 2 or box.shape[1] != 2:
        raise ValueError(f"is_convex: bounds has shape {box.shape}, but a pair (low, high) for each variable is needed")
    with np.errstate(all="ignore"):
        sampled = resolve("is_convex", "f", f, (len(box),), point=[0.618 * box[:, 0] + 0.382 * box[:, 1]])
        found, excess, undefined = _core.sample_convexity(sampled, box[:, 0].copy(), box[:, 1].copy(), n, rng)
    if found is not None:
        message = f"not convex: on a chord f is {excess:.4g} above the line between its ends"
        return ConvexityResult(False, False, None, found, excess, int(n), message)
    left = f", {undefined} of them left out because f is not finite there" if undefined else ""
    return ConvexityResult(None, None, None, None, 0.0, int(n), f"no counterexample in {n} samples{left}")
