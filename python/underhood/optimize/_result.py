"""What a solver found: the fields of SciPy's results, in one readable block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result

__all__ = ["OptimizeResult", "shape_of", "start_inside"]


@dataclass(slots=True, repr=False, eq=False)
class OptimizeResult(Result):
    """What a solver found. The fields are those of ``scipy.optimize.OptimizeResult``.

    Attributes
    ----------
    x : ndarray
        The best point, in the shape of the start.
    fun : float or ndarray
        The function there.
    jac : ndarray or None
        The gradient (of residuals: the Jacobian matrix) there, where the solver knows it.
    nit : int
        Iterations made.
    nfev, njev : int
        How often the function and its derivative were evaluated.
    status : int
        0 for success; the solver's documentation names the others.
    success : bool
        Whether the point meets the solver's condition.
    message : str
        Why the solver stopped, in a sentence.
    method : str
        The solver.
    """

    x: NDArray[np.float64]
    fun: float | NDArray[np.float64]
    jac: NDArray[np.float64] | None
    nit: int
    nfev: int
    njev: int
    status: int
    success: bool
    message: str
    method: str

    def _title(self) -> str:
        return f"{self.method}: " + ("converged" if self.success else "not converged")


def shape_of(x0: Any) -> tuple[int, ...]:
    """Tell the shape of a start; what is wrong with it, if it has none, the core says."""
    try:
        return np.shape(x0)
    except ValueError:  # a ragged list
        return ()


def start_inside(
    x0: Any, bounds: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
) -> list[NDArray[np.float64]] | None:
    """Give the start, in its bounds, outside which nothing is called; None if x0 is no start."""
    try:
        start = np.asarray(x0, dtype=np.float64)
        if bounds is None:
            return [start]
        return [np.clip(start, *(side.reshape(start.shape) for side in bounds))]
    except (TypeError, ValueError):
        return None
