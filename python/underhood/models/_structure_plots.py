"""Pictures of structure: variance along components, clusters and their ellipses, the way there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from underhood.models._input import read_doubles
from underhood.models._plane_of_rows import plane_of
from underhood.plot._canvas import axes

__all__ = ["plot_clusters", "plot_trace", "plot_variance"]


def plot_variance(model: Any, ax: Any = None) -> Any:
    """Draw the shares of variance as bars, kept ones in colour, and their running sum."""
    ax = axes(ax)
    variances = model._variances
    total = variances.sum()
    shares = variances / total if total > 0 else np.zeros(len(variances))
    place = np.arange(1, len(shares) + 1)
    kept = model.n_components_
    ax.bar(place[:kept], shares[:kept], color="C0", label="kept")
    if kept < len(place):
        ax.bar(place[kept:], shares[kept:], color="lightgray", label="left out")
    ax.plot(place, np.cumsum(shares), color="C1", marker="." if len(place) < 30 else None, label="together")
    ax.set_xlabel("component")
    ax.set_ylabel("share of the variance")
    ax.set_ylim(0, 1.02)
    if len(place) <= 20:
        ax.set_xticks(place)
    ax.legend(loc="center right")
    ax.set_title(
        f"{kept} of {len(place)} components hold {model.explained_variance_ratio_.sum():.1%} of the variance",
        fontsize="small",
    )
    return ax


def plot_clusters(model: Any, X: Any, labels: Any, centers: Any, covariances: Any, ax: Any = None) -> Any:
    """Draw rows, centres and, where there are covariances, ellipses of one and two standard deviations."""
    ax = axes(ax)
    function = f"{type(model).__name__}.plot_clusters"
    plane = plane_of(function, read_doubles(function, X), model._feature_names())
    middles = plane.seen(centers)
    chosen, note = plane.shown()
    for k in range(len(centers)):
        own = plane.points[chosen[labels[chosen] == k]]
        ax.scatter(own[:, 0], own[:, 1], s=14, color=f"C{k % 10}", edgecolor="white", linewidth=0.4, label=f"{k}")
        if covariances is not None:
            _draw_ellipse(ax, middles[k], plane.across @ covariances[k] @ plane.across.T, f"C{k % 10}")
    ax.scatter(middles[:, 0], middles[:, 1], s=110, marker="X", color="black", edgecolor="white", zorder=3)
    ax.set(xlabel=plane.labels[0], ylabel=plane.labels[1])
    if not plane.labels[1]:
        ax.set_yticks([])
    if len(centers) <= 12:
        ax.legend(title="cluster" if covariances is None else "component")
    ax.set_title("\n".join(part for part in (repr(model), plane.note, note) if part), fontsize="small", wrap=True)
    return ax


def _draw_ellipse(ax: Any, center: Any, covariance: Any, color: str) -> None:
    from matplotlib.patches import Ellipse

    values, vectors = np.linalg.eigh(covariance)
    lengths = np.sqrt(np.maximum(values, 0.0))
    angle = math.degrees(math.atan2(vectors[1, 1], vectors[0, 1]))
    for deviations in (1.0, 2.0):
        ax.add_patch(
            Ellipse(
                tuple(center), 2 * deviations * lengths[1], 2 * deviations * lengths[0], angle=angle, fill=False,
                color=color, alpha=0.9 if deviations == 1.0 else 0.5,
            )
        )  # fmt: skip


def plot_trace(model: Any, other: str | None, label: str, ax: Any = None) -> Any:
    """Draw the loss of every entry of a history, and another of its columns beside it."""
    history = model.history_
    ax = axes(ax)
    ax.plot(history.epoch, history.loss, marker="." if len(history) < 30 else None, color="C0", label="loss")
    ax.set_xlabel("iteration")
    ax.set_ylabel(history.convention.removeprefix("loss: "))
    if other is not None:
        side = ax.twinx()
        # In the first iteration all rows are new.
        side.step(history.epoch[1:], getattr(history, other)[1:], where="mid", color="gray", alpha=0.6, label=label)
        side.set_ylabel(label)
        side.set_ylim(bottom=0)
    ax.set_title(f"{type(model).__name__}: {model.stop_reason_}", fontsize="small", wrap=True)
    return ax
