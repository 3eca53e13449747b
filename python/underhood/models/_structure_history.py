"""What happened while centres and mixtures were fitted."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, format_value, html_table, text_table

__all__ = ["KMeansHistory", "MixtureHistory"]

_SHOWN = 5
"""So many entries are shown at the beginning, and at the end."""


class _Trace(Result):
    """Numbers of every iteration, shown as a table of the first and the last of them."""

    __slots__ = ()
    epoch: NDArray[np.int64]
    convention: str

    def __len__(self) -> int:
        return len(self.epoch)

    def _title(self) -> str:
        return f"{type(self).__name__} of {len(self)} entries"

    def _columns(self) -> list[tuple[str, NDArray[np.float64] | NDArray[np.int64]]]:
        raise NotImplementedError

    def _table(self) -> tuple[list[str], list[list[str]]]:
        columns = self._columns()
        rows = []
        for i in range(len(self)):
            if _SHOWN <= i < len(self) - _SHOWN:
                if i == _SHOWN:
                    rows.append(["…"] * (1 + len(columns)))
                continue
            rows.append([str(self.epoch[i]), *(format_value(values[i], 10) for _, values in columns)])
        return ["epoch", *(name for name, _ in columns)], rows

    def __repr__(self) -> str:
        return f"{self._title()}; {self.convention}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b>; {escape(self.convention)}</p>{html_table(*self._table())}"


@dataclass(slots=True, repr=False, eq=False)
class KMeansHistory(_Trace):
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

    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    changed: NDArray[np.int64]
    step: NDArray[np.float64]
    centers: NDArray[np.float64] | None
    convention: str

    def _columns(self) -> list[tuple[str, NDArray[np.float64] | NDArray[np.int64]]]:
        return [("loss", self.loss), ("changed", self.changed), ("step", self.step)]


@dataclass(slots=True, repr=False, eq=False)
class MixtureHistory(_Trace):
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

    def _columns(self) -> list[tuple[str, NDArray[np.float64] | NDArray[np.int64]]]:
        return [("loss", self.loss), ("step", self.step)]
