"""What happened while a network was trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._history_table import PassHistory

__all__ = ["NetworkHistory"]


@dataclass(slots=True, repr=False, eq=False)
class NetworkHistory(PassHistory):
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

    def _columns(self) -> dict[str, Any]:
        layers = self.update_ratio.shape[1]
        ratios = {f"ΔW{k + 1}/W{k + 1}": self.update_ratio[:, k] for k in range(layers)} if layers <= 4 else {}
        score = {} if self.validation_score is None else {"validation": self.validation_score}
        return {"epoch": self.epoch, "loss": self.loss, "|gradient|": self.gradient_norm, "step": self.step} | (
            ratios | score
        )
