"""What happened while the dual of a support vector machine was solved."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, format_value, html_table, text_table

__all__ = ["SVCHistory", "plot_histories"]

_SHOWN = 5
"""So many entries are shown at the beginning, and at the end."""


@dataclass(slots=True, repr=False, eq=False)
class SVCHistory(Result):
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

    def __len__(self) -> int:
        return len(self.epoch)

    def _title(self) -> str:
        return f"History of {self.epoch[-1]} steps"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = []
        for i in range(len(self)):
            if _SHOWN <= i < len(self) - _SHOWN:
                if i == _SHOWN:
                    rows.append(["…"] * 4)
                continue
            rows.append([str(self.epoch[i]), *map(format_value, (self.loss[i], self.violation[i], self.support[i]))])
        return ["step", "dual objective", "violation", "α > 0"], rows

    def __repr__(self) -> str:
        return f"{self._title()}; {self.convention}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b>; {escape(self.convention)}</p>{html_table(*self._table())}"


def plot_histories(model: Any, ax: Any = None) -> Any:
    """Draw the violation of every pair of classes, and its dual objective."""
    from underhood.plot._canvas import axes

    history = model.history_
    if history is None:
        raise ValueError(f"{type(model).__name__}.plot_history: there is no history; fit with keep_history=True")
    ax = axes(ax)
    several = history if isinstance(history, dict) else {"": history}
    objective = ax.twinx()
    for label, one in several.items():
        name = " ".join(map(str, label)) if isinstance(label, tuple) else label
        ax.plot(one.epoch, np.maximum(one.violation, 1e-17), label=f"violation {name}".rstrip())
        objective.plot(one.epoch, one.loss, color="gray", alpha=0.6, label=f"dual objective {name}".rstrip())
    ax.set_yscale("log")
    ax.set_xlabel("step")
    ax.set_ylabel("violation of the conditions of optimality")
    objective.set_ylabel("dual objective")
    lines = [*ax.get_lines(), *objective.get_lines()]
    ax.legend(lines, [line.get_label() for line in lines])
    ax.set_title(f"{type(model).__name__}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax
