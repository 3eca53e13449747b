"""What happened while centres and mixtures were fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood.models._history_table import PassHistory

__all__ = ["KMeansHistory", "MixtureHistory"]


@dataclass(slots=True, repr=False, eq=False)
class KMeansHistory(PassHistory):
    """The numbers of every iteration of k-means, of the start that was kept.

    Attributes
    ----------
    epoch : ndarray of int, shape (iterations,)
        1, 2, …
    loss : ndarray, shape (iterations,)
        The inertia: rows given to the nearest of the centres that the iteration began with.
    changed : ndarray of int, shape (iterations,)
        How many rows changed their cluster; in the first iteration all.
    step : ndarray, shape (iterations,)
        √Σ‖Δc‖²: how far the centres moved.
    centers : ndarray, shape (iterations, clusters, features), or None
        The centres that the iteration began with; None if they are more than 256 numbers.
    convention : str
        What the loss is.
    """

    _passes: ClassVar = "iterations"
    _digits: ClassVar = 10
    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    changed: NDArray[np.int64]
    step: NDArray[np.float64]
    centers: NDArray[np.float64] | None
    convention: str

    def _columns(self) -> dict[str, Any]:
        return {"iteration": self.epoch, "loss": self.loss, "changed": self.changed, "step": self.step}


@dataclass(slots=True, repr=False, eq=False)
class MixtureHistory(PassHistory):
    """The states of a mixture before the first iteration and after each, of the start that was kept.

    Attributes
    ----------
    epoch : ndarray of int, shape (iterations + 1,)
        0, 1, …: the number of iterations made.
    loss : ndarray, shape (iterations + 1,)
        Minus the mean log-likelihood of a row.
    step : ndarray, shape (iterations + 1,)
        By how much the loss fell; 0 for the start.
    weights : ndarray, shape (iterations + 1, components)
        The weights.
    means : ndarray, shape (iterations + 1, components, features), or None
        The means; None if they are more than some 256 numbers.
    convention : str
        What the loss is.
    """

    _passes: ClassVar = "iterations"
    _digits: ClassVar = 10
    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    step: NDArray[np.float64]
    weights: NDArray[np.float64]
    means: NDArray[np.float64] | None
    convention: str

    @property
    def log_likelihood(self) -> NDArray[np.float64]:
        """Mean log-likelihood of a row, which never falls (but for what ``reg_covar`` adds)."""
        return -self.loss

    def _title(self) -> str:
        return f"History of {len(self) - 1} iterations"

    def _columns(self) -> dict[str, Any]:
        return {"iteration": self.epoch, "loss": self.loss, "step": self.step}
