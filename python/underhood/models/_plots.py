"""Pictures of a model: its training, and its regions. matplotlib is imported when a picture is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._input import read_doubles, read_matrix, read_target
from underhood.models._label_pairs import read_label_vector
from underhood.models._plane_of_rows import SHOWN, PlaneOfRows, plane_of
from underhood.plot._canvas import COLOURS, axes, finish

__all__ = [
    "MARKERS",
    "class_colour",
    "draw_rows",
    "plot_boundary",
    "plot_history",
    "plot_residuals",
    "read_rows_and_classes",
]

MARKERS = "osD^vP*X"
"""One for each class, in turn: colours are not all that tells classes apart."""

_SECONDARY = {
    "errors": "wrongly classified rows",
    "duality_gap": "duality gap",
    "gradient_norm": "length of the gradient",
}
"""What a history may hold beside the loss; the first that it has is drawn too."""


def class_colour(k: int) -> str:
    """Colour of a class."""
    return COLOURS[k % len(COLOURS)]


def plot_history(model: Any, ax: Any = None) -> Any:
    """Draw the loss of every epoch, and beside it errors, gap, gradient or step, whatever the history has."""
    history = model.history_
    ax = axes(ax)
    several = history if isinstance(history, dict) else {"": history}
    first = next(iter(several.values()))
    for k, (label, one) in enumerate(several.items()):
        marker = "." if len(one.epoch) < 30 else None
        ax.plot(one.epoch, one.loss, marker=marker, color=class_colour(k), label=f"loss {label}".rstrip())
    ax.set_xlabel(model._pass.removesuffix("s"))
    ax.set_ylabel(first.convention.removeprefix("loss: "))
    losses = np.concatenate([one.loss for one in several.values()])
    if _by_ratio(losses):
        ax.set_yscale("log")
    lines = list(ax.get_lines())
    other = next((name for name in _SECONDARY if np.size(getattr(first, name, ())) == len(first.epoch)), None)
    if other is not None and len(first.epoch):
        right = ax.twinx()
        for k, (label, one) in enumerate(several.items()):
            name = f"{other.replace('_', ' ')} {label}".rstrip()
            # One grey line is told from the loss; several are told from each other by the colours of their losses.
            colour = class_colour(k) if len(several) > 1 else "gray"
            right.step(one.epoch, getattr(one, other), where="mid", color=colour, alpha=0.6, linestyle=":", label=name)
        right.set_ylabel(_SECONDARY[other])
        values = np.concatenate([getattr(one, other) for one in several.values()])
        if values.dtype.kind == "f" and _by_ratio(values[values > 0]):
            right.set_yscale("log")
        else:
            right.set_ylim(bottom=0)
        lines += list(right.get_lines())
    ax.legend(lines, [line.get_label() for line in lines], fontsize="small")
    reason = getattr(model, "stop_reason_", "")
    ax.set_title(f"{type(model).__name__}: {reason}".rstrip(": "), fontsize="small", wrap=True)
    return ax


def plot_residuals(model: Any, X: Any, y: Any, ax: Any = None) -> Any:
    """Draw what predictions miss against the predictions."""
    function = f"{type(model).__name__}.plot_residuals"
    predicted = np.asarray(model.predict(X), dtype=np.float64)
    target = read_target(function, y, len(predicted))
    if target.size != predicted.size:
        raise ValueError(f"{function}: y is {target.shape}, but the predictions are {predicted.shape}")
    predicted = predicted.reshape(len(predicted), -1)
    missed = target.reshape(predicted.shape) - predicted
    ax = axes(ax)
    chosen = np.linspace(0, len(predicted) - 1, min(SHOWN, len(predicted))).astype(np.int64)
    for t, (place, height) in enumerate(zip(predicted.T, missed.T, strict=True)):
        label = f"target {t}" if predicted.shape[1] > 1 else None
        marker = MARKERS[t % len(MARKERS)]
        ax.scatter(
            place[chosen], height[chosen], s=18, color=class_colour(t), marker=marker, edgecolor="white",
            linewidth=0.4, alpha=0.8, label=label,
        )  # fmt: skip
    ax.axhline(0.0, color="0.4", linewidth=0.8)
    ax.set(xlabel="prediction", ylabel="y − prediction")
    finish(ax, ())
    if predicted.shape[1] > 1:
        ax.legend(fontsize="small", frameon=False)
    typical = np.sqrt(np.mean(missed**2, axis=0))
    spread = f"typical size (root mean square) {', '.join(f'{size:.4g}' for size in typical[:4])}"
    note = "" if len(chosen) == len(predicted) else f"\n{len(chosen):,} of {len(predicted):,} rows"
    ax.set_title(f"{type(model).__name__}: {spread}{note}", fontsize="small", wrap=True)
    return ax


def _by_ratio(values: NDArray[Any]) -> bool:
    """Whether values are told apart better by their ratios."""
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() > 0 and known.max() > 100 * known.min())


def read_rows_and_classes(function: str, model: Any, X: Any, y: Any) -> tuple[Any, Any, NDArray[np.int64]]:
    """Read the rows of a picture: as doubles, with their labels, and the number of each label among the model's."""
    read = model._read(function.split(".")[-1], X) if hasattr(model, "_read") else read_matrix(function, X)
    rows = read_doubles(function, read)
    labels = read_label_vector(function, "y", y)
    if len(labels) != len(rows):
        raise ValueError(f"{function}: y is a vector of {len(labels)}, but X has {len(rows)} rows")
    places = {label: k for k, label in enumerate(np.asarray(model.classes_).tolist())}
    return rows, labels, np.array([places.get(label, -1) for label in labels.tolist()], dtype=np.int64)


def draw_rows(ax: Any, plane: PlaneOfRows, labels: Any, codes: NDArray[np.int64], classes: list[Any]) -> str:
    """Draw rows in their classes' colours and shapes; say if they are not all."""
    chosen, note = plane.shown()
    for k, label in enumerate(classes):
        own = plane.points[chosen[codes[chosen] == k]]
        ax.scatter(
            own[:, 0], own[:, 1], s=20, color=class_colour(k), marker=MARKERS[k % len(MARKERS)], edgecolor="white",
            linewidth=0.5, label=str(label), zorder=3,
        )  # fmt: skip
    strange = chosen[codes[chosen] < 0]
    if len(strange):
        unknown = ", ".join(sorted({str(label) for label in labels[strange].tolist()}))
        ax.scatter(
            *plane.points[strange].T, s=24, color="black", marker="x", label=f"{unknown} (not trained)", zorder=3
        )
    ax.set(xlabel=plane.labels[0], ylabel=plane.labels[1])
    if not plane.labels[1]:
        ax.set_yticks([])
    return note


def plot_boundary(model: Any, X: Any, y: Any, ax: Any = None) -> Any:
    """Draw rows and the regions that a classifier gives to each class."""
    function = f"{type(model).__name__}.plot_boundary"
    rows, labels, codes = read_rows_and_classes(function, model, X, y)
    plane = plane_of(function, rows, model._feature_names())
    ax = axes(ax)
    classes = np.asarray(model.classes_).tolist()
    # Fewer points where many planes or neighbours have to be asked for each.
    across, up, grid = plane.grid(200)
    found = np.asarray(model.predict(plane.lift(grid)))
    regions = np.searchsorted(np.asarray(model.classes_), found).reshape(len(up), len(across))
    levels = np.arange(len(classes) + 1) - 0.5
    ax.contourf(across, up, regions, levels=levels, alpha=0.18, colors=[class_colour(k) for k in range(len(classes))])
    for k in range(len(classes)):
        inside = (regions == k).astype(float)
        if 0 < inside.sum() < inside.size:
            ax.contour(across, up, inside, levels=[0.5], colors="0.35", linewidths=0.8)
    note = draw_rows(ax, plane, labels, codes, classes)
    finish(ax, ())
    ax.grid(visible=False)
    ax.legend(fontsize="small", framealpha=0.8)
    title = repr(model) if len(repr(model)) < 90 else type(model).__name__
    ax.set_title("\n".join(part for part in (title, plane.note, note) if part), fontsize="small", wrap=True)
    return ax
