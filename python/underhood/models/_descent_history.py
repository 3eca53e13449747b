"""What happened while a regression descended: sweeps over the weights, or rounds of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood.models._history_table import PassHistory

__all__ = ["EvidenceHistory", "SweepHistory", "plot_descent"]


@dataclass(slots=True, repr=False, eq=False)
class SweepHistory(PassHistory):
    """The numbers of every sweep of coordinate descent, at the sweep's end.

    Attributes
    ----------
    epoch : ndarray of int, shape (sweeps,)
        1, 2, …
    loss : ndarray, shape (sweeps,)
        The objective; ``convention`` says which.
    duality_gap : ndarray, shape (sweeps,)
        How far ``loss`` is from its minimum at most.
    nonzero : ndarray of int, shape (sweeps,)
        How many weights are not zero.
    largest_change : ndarray, shape (sweeps,)
        The largest change of a weight in the sweep.
    weights : ndarray, shape (sweeps, features)
        The weights; without a row when there are more than a hundred features.
    convention : str
        What the loss is.
    """

    _passes: ClassVar = "sweeps"
    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    duality_gap: NDArray[np.float64]
    nonzero: NDArray[np.int64]
    largest_change: NDArray[np.float64]
    weights: NDArray[np.float64]
    convention: str

    def _columns(self) -> dict[str, Any]:
        return {
            "sweep": self.epoch,
            "loss": self.loss,
            "duality gap": self.duality_gap,
            "nonzero": self.nonzero,
            "largest change": self.largest_change,
        }


@dataclass(slots=True, repr=False, eq=False)
class EvidenceHistory(PassHistory):
    """The numbers of every round of evidence maximisation; the last line is that of the final precisions.

    Attributes
    ----------
    epoch : ndarray of int, shape (rounds + 1,)
        0, 1, …
    loss : ndarray, shape (rounds + 1,)
        Minus the log evidence.
    alpha : ndarray, shape (rounds + 1,)
        Precision of the noise.
    lambda_ : ndarray, shape (rounds + 1,)
        Precision of the weights.
    effective : ndarray, shape (rounds + 1,)
        γ, the number of weights that the data determine.
    largest_change : ndarray, shape (rounds + 1,)
        The largest relative change of α, λ and the weights that follows.
    convention : str
        What the loss is.
    """

    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    alpha: NDArray[np.float64]
    lambda_: NDArray[np.float64]
    effective: NDArray[np.float64]
    largest_change: NDArray[np.float64]
    convention: str

    def _title(self) -> str:
        return f"History of {len(self) - 1} rounds"

    def _columns(self) -> dict[str, Any]:
        return {
            "round": self.epoch,
            "loss": self.loss,
            "alpha": self.alpha,
            "lambda": self.lambda_,
            "γ": self.effective,
            "change": self.largest_change,
        }


def plot_descent(model: Any, ax: Any = None) -> Any:
    """Draw the loss, and the gap or γ, of every pass."""
    from underhood.plot._canvas import axes

    name = type(model).__name__
    kept = model.history_
    several = kept if isinstance(kept, list) else [kept]
    ax = axes(ax)
    beside = ax.twinx()
    for t, one in enumerate(several):
        label = f" {t}" if len(several) > 1 else ""
        marker = "." if len(one) < 30 else None
        ax.plot(one.epoch, one.loss, color=f"C{t % 10}", marker=marker, label=f"loss{label}")
        colour = f"C{t % 10}" if len(several) > 1 else "gray"
        if isinstance(one, SweepHistory):
            gap = np.where(one.duality_gap > 0, one.duality_gap, np.nan)
            beside.plot(one.epoch, gap, color=colour, linestyle=":", marker=marker, label=f"duality gap{label}")
        else:
            beside.plot(one.epoch, one.effective, color="gray", marker=marker, label="γ, weights that are determined")
    if all(isinstance(one, SweepHistory) for one in several):
        beside.set_ylabel("duality gap")
        if any((one.duality_gap > 0).any() for one in several):
            beside.set_yscale("log")
    else:
        beside.set_ylabel("γ")
    ax.set_xlabel("sweep" if isinstance(several[0], SweepHistory) else "round")
    ax.set_ylabel(several[0].convention.removeprefix("loss: "))
    lines = [*ax.get_lines(), *beside.get_lines()]
    ax.legend(lines, [line.get_label() for line in lines])
    ax.set_title(f"{name}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax
