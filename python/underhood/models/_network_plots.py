"""Pictures of a network's training. matplotlib is imported when a picture is asked for."""

from __future__ import annotations

from typing import Any

from underhood.plot._canvas import axes

__all__ = ["plot_history"]


def plot_history(model: Any, ax: Any = None) -> Any:
    """Draw loss, gradient and validation score of every epoch."""
    history = model.history_
    ax = axes(ax)
    ax.plot(history.epoch, history.loss, color="C0", label="loss J")
    ax.plot(history.epoch, history.gradient_norm, color="C1", alpha=0.6, label="|∇J|")
    if len(history) and min(history.loss.min(), history.gradient_norm.min()) > 0:
        ax.set_yscale("log")
    ax.set_xlabel("epoch" if model._as_fitted["solver"] != "lbfgs" else "step")
    ax.set_ylabel("J and |∇J|")
    lines = list(ax.get_lines())
    if history.validation_score is not None:
        scores = ax.twinx()
        scores.plot(history.epoch, history.validation_score, color="C2", label="validation score")
        scores.set_ylabel("score on the rows set aside")
        lines += list(scores.get_lines())
    ax.legend(lines, [line.get_label() for line in lines])
    ax.set_title(f"{type(model).__name__}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax
