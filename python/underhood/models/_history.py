"""What happened while a model was trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._history_table import PassHistory

__all__ = ["History"]


@dataclass(slots=True, repr=False, eq=False)
class History(PassHistory):
    """The numbers of every epoch; entry ``i`` describes the end of epoch ``epoch[i]``.

    Attributes
    ----------
    epoch : ndarray of int, shape (epochs,)
        1, 2, …; for logistic regression and LinearSVC the steps 0, 1, …, of which 0 is the start.
    loss : ndarray, shape (epochs,)
        The loss, a mean over the rows; ``convention`` says which.
    errors : ndarray of int, shape (epochs,)
        Wrongly classified rows; for the perceptron those that were wrong when presented, each of which made an update.
    weights : ndarray, shape (epochs, features)
        The weights; (epochs, classes, features) for a logistic regression of more than two classes.
    bias : ndarray, shape (epochs,)
        The bias; (epochs, classes) likewise.
    gradient_norm : ndarray, shape (epochs,)
        Length of the loss's gradient with respect to weights and bias.
    learning_rate : ndarray, shape (epochs,)
        The learning rate, or for logistic regression the share of the full step that was taken.
    initial_weights : ndarray, shape (features,)
        The weights before the first epoch.
    initial_bias : float
        The bias before the first epoch.
    convention : str
        What the loss is.
    """

    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    errors: NDArray[np.int64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    initial_weights: NDArray[np.float64]
    initial_bias: Any
    convention: str

    @property
    def updates(self) -> NDArray[np.int64]:
        """The same as ``errors``: a perceptron makes one update for each row that is wrong when presented."""
        return self.errors

    def _columns(self) -> dict[str, Any]:
        shown = {"epoch": self.epoch, "loss": self.loss, "errors": self.errors, "|gradient|": self.gradient_norm}
        if self.weights.ndim == 2 and self.weights.shape[1] <= 4:
            shown |= {"bias": self.bias, **{f"w{j}": column for j, column in enumerate(self.weights.T)}}
        return shown
