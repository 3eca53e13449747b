"""Pictures of a model: its training, and its regions. matplotlib is imported when a picture is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from underhood._core import models as _core
from underhood.models._input import read_labels

__all__ = ["plot_boundary", "plot_history"]


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError("plots need matplotlib: pip install matplotlib") from None
    return plt.subplots()[1]


def plot_history(model: Any, ax: Any = None) -> Any:
    """Draw loss and errors of every epoch."""
    history = model.history_
    if history is None:
        raise ValueError(f"{type(model).__name__}.plot_history: there is no history; fit with keep_history=True")
    ax = _axes(ax)
    several = history if isinstance(history, dict) else {"": history}
    for label, one in several.items():
        ax.plot(one.epoch, one.loss, marker="." if len(one) < 30 else None, label=f"loss {label}".rstrip())
    ax.set_xlabel("epoch")
    ax.set_ylabel(next(iter(several.values())).convention.removeprefix("loss: "))
    losses = np.concatenate([one.loss for one in several.values()])
    if losses.size and losses.min() > 0 and losses.max() > 100 * losses.min():
        ax.set_yscale("log")
    errors = ax.twinx()
    for label, one in several.items():
        errors.step(one.epoch, one.errors, where="mid", color="gray", alpha=0.6, label=f"errors {label}".rstrip())
    errors.set_ylabel("wrongly classified rows")
    errors.set_ylim(bottom=0)
    lines = [*ax.get_lines(), *errors.get_lines()]
    ax.legend(lines, [line.get_label() for line in lines])
    ax.set_title(f"{type(model).__name__}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax


def plot_boundary(model: Any, X: Any, y: Any, ax: Any = None) -> Any:
    """Draw rows and regions for two features."""
    name = type(model).__name__
    if model.n_features_in_ != 2:
        raise ValueError(f"{name}.plot_boundary: the model has {model.n_features_in_} features, but a picture shows 2")
    points = np.asarray(X, dtype=np.float64)
    labels, codes = read_labels(f"{name}.plot_boundary", y, len(points), "labels")
    ax = _axes(ax)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.08 * np.where(high > low, high - low, 1.0)
    sides = [np.linspace(a, b, 300) for a, b in zip(low - margin, high + margin, strict=True)]
    grid = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    regions = _core.predict_codes(grid, model.coef_, model.intercept_).reshape(300, 300)
    classes = model.classes_.tolist()
    ax.contourf(
        *sides,
        regions,
        levels=np.arange(len(classes) + 1) - 0.5,
        alpha=0.2,
        colors=[f"C{k}" for k in range(len(classes))],
    )
    for code, label in enumerate(labels.tolist()):
        own = points[codes == code]
        color = f"C{classes.index(label)}" if label in classes else "black"
        ax.scatter(own[:, 0], own[:, 1], s=18, color=color, edgecolor="white", linewidth=0.5, label=str(label))
    names = model._feature_names()
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    ax.legend()
    ax.set_title(repr(model), fontsize="small")
    return ax
