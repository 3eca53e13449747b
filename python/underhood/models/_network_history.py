"""What happened while a network was trained."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, format_value, html_table, text_table

__all__ = ["NetworkHistory"]

_SHOWN = 5
"""So many epochs are shown at the beginning, and at the end."""


@dataclass(slots=True, repr=False, eq=False)
class NetworkHistory(Result):
    """The numbers of every epoch.

    Attributes
    ----------
    epoch : ndarray of int, shape (epochs,)
        1, 2, …; with L-BFGS the steps.
    loss : ndarray, shape (epochs,)
        J, the mean over the epoch's batches, each before its own step; with L-BFGS after the step.
    gradient_norm : ndarray, shape (epochs,)
        Length of J's gradient: mean over the epoch's batches; with L-BFGS after the step.
    step : ndarray, shape (epochs,)
        The rate of the epoch's last step (Adam's with its correction); with L-BFGS the length of the step.
    update_ratio : ndarray, shape (epochs, layers)
        For each layer the mean length of a step over the length of its weights and biases. About 1e-3 is usual; far
        less learns nothing, far more forgets.
    validation_score : ndarray, shape (epochs,), or None
        Accuracy or R² on the rows that ``early_stopping`` sets aside.
    convention : str
        What the loss is.
    """

    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    step: NDArray[np.float64]
    update_ratio: NDArray[np.float64]
    validation_score: NDArray[np.float64] | None
    convention: str

    def __len__(self) -> int:
        return len(self.epoch)

    def _title(self) -> str:
        return f"History of {len(self)} epochs"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        layers = self.update_ratio.shape[1]
        header = ["epoch", "loss", "|gradient|", "step"]
        header += [f"ΔW{k + 1}/W{k + 1}" for k in range(layers)] if layers <= 4 else []
        header += [] if self.validation_score is None else ["validation"]
        rows = []
        for i in range(len(self)):
            if _SHOWN <= i < len(self) - _SHOWN:
                if i == _SHOWN:
                    rows.append(["…"] * len(header))
                continue
            numbers: list[Any] = [self.loss[i], self.gradient_norm[i], self.step[i]]
            numbers += list(self.update_ratio[i]) if layers <= 4 else []
            numbers += [] if self.validation_score is None else [self.validation_score[i]]
            rows.append([str(self.epoch[i]), *map(format_value, numbers)])
        return header, rows

    def __repr__(self) -> str:
        return f"{self._title()}; {self.convention}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b>; {escape(self.convention)}</p>{html_table(*self._table())}"
