"""What happened while the dual of a support vector machine was solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._history_table import PassHistory

__all__ = ["SVCHistory", "plot_histories"]


@dataclass(slots=True, repr=False, eq=False)
class SVCHistory(PassHistory):
    """Objective and violation, looked at every so many steps: at most 128 entries, with the first and the last step.

    Attributes
    ----------
    epoch : ndarray of int, shape (entries,)
        How many steps had been made.
    loss : ndarray, shape (entries,)
        The dual objective, which falls.
    violation : ndarray, shape (entries,)
        By how much the worst pair of rows violated the conditions of optimality; what ``tol`` is compared with.
    support : ndarray of int, shape (entries,)
        How many rows had α > 0.
    convention : str
        What the loss is.
    """

    epoch: NDArray[np.int64]
    loss: NDArray[np.float64]
    violation: NDArray[np.float64]
    support: NDArray[np.int64]
    convention: str

    def _title(self) -> str:
        return f"History of {self.epoch[-1]} steps"

    def _columns(self) -> dict[str, Any]:
        return {"step": self.epoch, "dual objective": self.loss, "violation": self.violation, "α > 0": self.support}


def plot_histories(model: Any, ax: Any = None) -> Any:
    """Draw the violation of every pair of classes, and its dual objective."""
    from underhood.plot._canvas import axes

    history = model.history_
    ax = axes(ax)
    several = history if isinstance(history, dict) else {"": history}
    objective = ax.twinx()
    for k, (label, one) in enumerate(several.items()):
        name = " ".join(map(str, label)) if isinstance(label, tuple) else label
        colour = f"C{k % 10}"
        ax.plot(one.epoch, np.maximum(one.violation, 1e-17), color=colour, label=f"violation {name}".rstrip())
        objective.plot(
            one.epoch, one.loss, color=colour if len(several) > 1 else "gray", alpha=0.6, linestyle=":",
            label=f"dual objective {name}".rstrip(),
        )  # fmt: skip
    ax.set_yscale("log")
    ax.set_xlabel("step")
    ax.set_ylabel("violation of the conditions of optimality")
    objective.set_ylabel("dual objective")
    lines = [*ax.get_lines(), *objective.get_lines()]
    ax.legend(lines, [line.get_label() for line in lines])
    ax.set_title(f"{type(model).__name__}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax
