"""Stationary points under equations, by Lagrange's multipliers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import convex as _core
from underhood._functions import resolve
from underhood._results import Result, format_value
from underhood.optimize._result import shape_of, start_inside

__all__ = ["LagrangeResult", "lagrange"]


@dataclass(slots=True, repr=False, eq=False)
class LagrangeResult(Result):
    """A stationary point of f under constraints g = 0.

    Attributes
    ----------
    x : ndarray
        The point.
    fun : float
        f there.
    multipliers : ndarray
        λ, one for each constraint: by how much the stationary value changes if gᵢ = 0 becomes gᵢ = 1, to first order.
    kind : str
        ``"minimum"``, ``"maximum"`` or ``"saddle"`` among the points that meet the constraints; ``"isolated"`` if these
        leave no way to move, ``"undecided"`` if the second derivatives do not tell.
    gradient : ndarray
        ∇f.
    constraints : ndarray
        g there.
    constraint_gradients : ndarray
        ∇gᵢ, a row for each constraint.
    hessian : ndarray
        The second derivatives of f - Σ λᵢ gᵢ.
    bordered_hessian : ndarray
        The same, bordered by the constraints' gradients.
    curvatures : ndarray
        The eigenvalues of the Hessian along the constraints: all positive at a minimum.
    success : bool
        Whether all equations hold.
    message : str
        Why the search ended.
    nfev : tuple of int
        Calls of ``f`` and of the constraints.
    """

    x: NDArray[np.float64]
    fun: float
    multipliers: NDArray[np.float64]
    kind: str
    gradient: NDArray[np.float64]
    constraints: NDArray[np.float64]
    constraint_gradients: NDArray[np.float64]
    hessian: NDArray[np.float64]
    bordered_hessian: NDArray[np.float64]
    curvatures: NDArray[np.float64]
    success: bool
    message: str
    nfev: tuple[int, int]

    def _title(self) -> str:
        return "Lagrange: " + (self.kind if self.success else "not converged")

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("x", format_value(self.x)),
            ("fun", format_value(self.fun)),
            ("multipliers", format_value(self.multipliers)),
            ("constraints", format_value(self.constraints)),
            ("curvatures", format_value(self.curvatures)),
            ("message", self.message),
        ]

    def explain(self) -> str:
        """Say in numbers why this is a stationary point, and of which kind."""
        combined = self.multipliers @ self.constraint_gradients
        lines = [
            "At a stationary point the gradient of f is a combination of the constraints' gradients, ∇f = Σ λᵢ ∇gᵢ:",
            "no step along the constraints changes f to first order.",
            f"  ∇f      = {format_value(self.gradient)}",
        ]
        for i, (multiplier, slope) in enumerate(zip(self.multipliers, self.constraint_gradients, strict=True)):
            lines.append(f"  λ{i + 1} ∇g{i + 1}  = {multiplier:.6g} · {format_value(slope)}")
        lines.append(
            f"  Σ λᵢ∇gᵢ = {format_value(combined)}, which leaves {np.linalg.norm(self.gradient - combined):.2g}"
        )
        lines.append(f"  g       = {format_value(self.constraints)}")
        if not self.success:
            return "\n".join([*lines, f"That does not hold here: {self.message}."])
        if self.kind == "isolated":
            lines.append("The constraints leave no direction to move in.")
        else:
            lines.append(
                f"Along the constraints f - Σ λᵢgᵢ has the curvatures {format_value(self.curvatures)}: "
                + {
                    "minimum": "it rises every way, a minimum.",
                    "maximum": "it falls every way, a maximum.",
                    "saddle": "it rises one way and falls another, a saddle.",
                }.get(self.kind, "too close to zero to tell the kind.")
            )
        return "\n".join(lines)


def lagrange(
    f: Callable[..., Any],
    constraints: Callable[..., Any] | Sequence[Callable[..., Any]],
    x0: ArrayLike,
    *,
    tol: float = 1e-8,
    max_nfev: int | None = None,
) -> LagrangeResult:
    """Find a stationary point of f under g(x) = 0 near ``x0``, with its multipliers.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x0`` and returns a number.
    constraints : callable or list of callables
        Each takes the same and returns what must be zero: a number or several.
    x0 : array_like
        The start. Which of several stationary points is found depends on it.
    tol : float, default 1e-8
        The equations ∇f = Σ λᵢ∇gᵢ and g = 0 hold when they are this small beside their terms.
    max_nfev : int, optional
        Most points to try.

    Returns
    -------
    LagrangeResult
        ``x``, ``fun``, ``multipliers``, ``kind``, …; ``.explain()`` shows the equations with their numbers.

    Raises
    ------
    ValueError
        If there are more constraints than variables, or f or g is not finite at ``x0``.

    Notes
    -----
    Newton's method for the equations in (x, λ), with their length as merit function. The kind follows from the
    eigenvalues of the Hessian of f - Σ λᵢgᵢ along the constraints, which is what the bordered Hessian's minors say.

    Examples
    --------
    The largest rectangle with a diagonal of 2:

    >>> from underhood.optimize import lagrange
    >>> found = lagrange(lambda v: v[0] * v[1], lambda v: v[0] ** 2 + v[1] ** 2 - 4, [2.0, 1.0])
    >>> found.kind, round(found.fun, 9), found.x.round(6), found.multipliers.round(6)
    ('maximum', 2.0, array([1.414214, 1.414214]), array([0.5]))
    """
    shape = shape_of(x0)
    if isinstance(constraints, Sequence) and not isinstance(constraints, str):
        if not constraints:
            raise ValueError("lagrange: constraints is empty; without one, minimise f itself")
        parts = [resolve("lagrange", "constraints", g, shape, point=start_inside(x0)) for g in constraints]

        def together(x: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.concatenate([np.ravel(np.asarray(g(x.copy()), dtype=np.float64)) for g in parts])

        held: Callable[..., Any] = together
    else:
        held = resolve("lagrange", "constraints", constraints, shape, point=start_inside(x0))
    with np.errstate(all="ignore"):
        (x, value), (multipliers, gradient, g), (normals, hessian, curvatures), kind, calls, (success, message) = (
            _core.lagrange(resolve("lagrange", "f", f, shape, point=start_inside(x0)), held, x0, tol, max_nfev)
        )
    k = len(multipliers)
    bordered = np.block([[np.zeros((k, k)), normals], [normals.T, hessian]])
    return LagrangeResult(
        x, value, multipliers, kind, gradient, g, normals, hessian, bordered, curvatures, success, message, calls
    )
