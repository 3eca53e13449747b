"""The plots of an analysis: a list of panels, drawn together on one figure or section by section on a page.

matplotlib is imported here and in :mod:`underhood.plot` only, when a picture is asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from underhood import plot
from underhood._analysis.classification import ClassificationModel, pairs
from underhood._analysis.reading import Column, Float
from underhood._analysis.regression import RegressionModel
from underhood._analysis.words import clip, fixed
from underhood.plot._canvas import finish, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from underhood._analysis.result import Analysis

__all__ = ["overview", "panels", "svg"]


@dataclass(slots=True)
class Panel:
    """One picture: the section of the analysis it belongs to, its title, and how it is drawn."""

    section: str
    title: str
    draw: Callable[[Axes], None]


def panels(analysis: Analysis) -> list[Panel]:
    """Choose what is worth drawing."""
    known = {column.name: column for column in analysis._data}
    hue = _hue(analysis, known)
    drawable = {name for name, column in known.items() if _fits(column)}
    chosen: list[Panel] = []
    correlations = analysis.correlations
    if len(correlations.columns) > 2 and len(correlations) > 1:
        names = list(correlations.columns[:24])
        matrix = correlations.matrix()[: len(names), : len(names)]
        chosen.append(Panel("Correlations", "Pearson's r of each pair", partial(_heatmap, matrix=matrix, names=names)))
    shown = [item for item in correlations if drawable >= {item.x, item.y}]
    for item in shown[: 2 if len(chosen) else 1]:
        x, y = known[item.x], known[item.y]
        chosen.append(Panel("Correlations", f"r = {fixed(item.pearson)}", partial(_scatter, x=x, y=y, hue=hue)))
    for item in _telling(analysis, drawable):
        column, by = known[item.column], known[item.by]
        title = f"{clip(item.column, 22)} by {clip(item.by, 18)}"
        chosen.append(Panel("Comparisons", title, partial(_boxes, column=column, by=by)))
    model = analysis.model
    if isinstance(model, RegressionModel) and model.target in drawable:
        chosen.append(Panel("Model", "observed against predicted", partial(_fit, model=model)))
        chosen.append(Panel("Model", "what is left over", partial(_residuals, model=model)))
    elif isinstance(model, ClassificationModel):
        chosen.append(Panel("Model", "right on held-out rows", partial(_scores, model=model)))
    return chosen


def overview(analysis: Analysis) -> Figure:
    """Draw all panels on one figure, which ``plt.show()`` shows in a script and a notebook shows once."""
    plt = pyplot()
    chosen = panels(analysis)
    across = min(3, max(1, len(chosen)))
    down = max(1, -(-len(chosen) // across))
    figure: Figure = plt.figure(figsize=(4.4 * across, 3.6 * down), layout="constrained")
    figure.suptitle(analysis._title())
    for i, panel in enumerate(chosen):
        ax = figure.add_subplot(down, across, i + 1)
        panel.draw(ax)
        ax.set_title(panel.title, fontsize="medium", loc="left")
    if "inline" in str(plt.get_backend()):
        # A notebook shows what a cell returns; left open, pyplot would show the figure a second time.
        plt.close(figure)
    return figure


def svg(chosen: list[Panel]) -> str:
    """Draw panels side by side as an SVG element for a page; without pyplot, so nobody's open figures are touched."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "underhood", "font.size": 9, "font.family": "sans-serif"}
    width = 4.0 * len(chosen) if len(chosen) > 1 else 5.6
    with mpl.rc_context(style), warnings.catch_warnings():
        # The page's own fonts write the text; that matplotlib's lacks a sign only makes its room a guess.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(width, 3.4), layout="constrained")
        for i, panel in enumerate(chosen):
            ax = figure.add_subplot(1, len(chosen), i + 1)
            panel.draw(ax)
            ax.set_title(panel.title, fontsize="medium", loc="left")
        text = StringIO()
        figure.savefig(text, format="svg", transparent=True, dpi=150, metadata={"Date": None, "Creator": None})
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]


def _hue(analysis: Analysis, known: dict[str, Column]) -> Column | None:
    """Choose the column that colours points: the target, else the groups that differ most."""
    target = known.get(analysis.target) if analysis.target is not None else None
    if target is not None and target.kind == "category":
        return target if len(target.labels) <= len(plot.COLOURS) else None
    for item in analysis.comparisons:
        if item.groups and len(known[item.by].labels) <= len(plot.COLOURS):
            return known[item.by]
    return None


def _fits(column: Column) -> bool:
    """Whether axes can be laid out around the values; matplotlib's overflow near the ends of the range of doubles."""
    return column.numbers is not None and not bool((np.abs(column.numbers) > 1e300).any())


def _telling(analysis: Analysis, drawable: set[str]) -> list[Any]:
    """Comparisons to draw: the largest effects, those with the target first, one for each numeric column."""
    means = [item for item in analysis.comparisons if item.column in drawable and 0 < len(item.groups) <= 12]
    means.sort(key=lambda item: analysis.target not in (item.column, item.by))
    drawn: dict[Any, Any] = {}
    for item in means:
        # With a numeric target the groups change from panel to panel, else the column.
        drawn.setdefault(item.by if item.column == analysis.target else item.column, item)
    return list(drawn.values())[:3]


def _labels(column: Column) -> np.ndarray[Any, np.dtype[np.object_]]:
    assert column.codes is not None
    return np.array([*column.labels, None], dtype=object)[column.codes]


def _heatmap(ax: Axes, matrix: Float, names: list[str]) -> None:
    plot.heatmap(matrix, names, ax=ax)


def _scatter(ax: Axes, x: Column, y: Column, hue: Column | None) -> None:
    plot.scatter(x.numbers, y.numbers, by=None if hue is None else _labels(hue), ax=ax)
    ax.set_xlabel(clip(x.name, 34))
    ax.set_ylabel(clip(y.name, 34))


def _boxes(ax: Axes, column: Column, by: Column) -> None:
    plot.groups(column.numbers, _labels(by), ax=ax)
    ax.set_ylabel(clip(column.name, 34))


def _fit(ax: Axes, model: RegressionModel) -> None:
    fitted = model._observed - np.asarray(model.result.resid)
    plot.scatter(fitted, model._observed, ax=ax)
    ends = [float(min(fitted.min(), model._observed.min())), float(max(fitted.max(), model._observed.max()))]
    ax.plot(ends, ends, color="0.3", linewidth=1)
    ax.set_xlabel(f"predicted {clip(model.target, 26)}")
    ax.set_ylabel(f"observed {clip(model.target, 26)}")


def _residuals(ax: Axes, model: RegressionModel) -> None:
    residuals = np.asarray(model.result.resid)
    plot.scatter(model._observed - residuals, residuals, ax=ax)
    ax.axhline(0, color="0.3", linewidth=1)
    ax.set_xlabel(f"predicted {clip(model.target, 26)}")
    ax.set_ylabel("observed - predicted")


def _scores(ax: Axes, model: ClassificationModel) -> None:
    both = pairs(model)
    places = np.arange(len(both))
    for shift, colour, label, scores in (
        (-0.2, "0.65", "columns as they are", [raw for raw, _ in both]),
        (0.2, plot.COLOURS[0], "standardised", [standard for _, standard in both]),
    ):
        ax.barh(places + shift, [score.accuracy for score in scores], height=0.36, color=colour, label=label)
        for place, score in zip(places, scores, strict=True):
            ax.text(score.accuracy + 0.01, place + shift, f"{score.accuracy:.3f}", va="center", fontsize="small")
    ax.axvline(
        model.baseline_accuracy, color="0.2", linewidth=1, linestyle="--", label=f"always {clip(model.baseline, 16)}"
    )
    ax.set_yticks(places, [raw.model for raw, _ in both])
    ax.invert_yaxis()
    ax.set_xlim(0, 1.15)
    ax.set_xlabel("share of right answers")
    finish(ax, ())
    ax.legend(
        fontsize="small", frameon=False, loc="upper center", bbox_to_anchor=(0.4, -0.18), ncols=3, columnspacing=1
    )
