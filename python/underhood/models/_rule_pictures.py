"""Pictures of learning rules side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from underhood.models._moving_boundary import Panel, animation, draw_panel
from underhood.models._plane_of_rows import plane_of
from underhood.models._training_pictures import read_moments
from underhood.plot._canvas import pyplot
from underhood.plot._descent import moments

__all__ = ["figure", "moving"]


def figure(comparison: Any, steps: Any) -> Any:
    """Draw a row a rule and a column a step, the finished fit last."""
    last = len(comparison.order)
    chosen = moments(5, last) if steps is None else np.asarray(steps)
    if chosen.ndim != 1 or not chosen.size or chosen.dtype.kind not in "iu":
        raise ValueError("plot: steps must be a sequence of whole numbers")
    if chosen.min() < 0 or chosen.max() > last:
        raise ValueError(f"plot: steps holds {chosen[(chosen < 0) | (chosen > last)][0]}, but there are {last} steps")
    plt = pyplot()
    plane = plane_of("plot", comparison._X, comparison.feature_names)
    classes, rules = comparison.classes.tolist(), comparison.rules
    size = (2.7 * (len(chosen) + 1), 2.6 * len(rules) + 0.6)
    drawing, grid = plt.subplots(len(rules), len(chosen) + 1, figsize=size, layout="constrained", squeeze=False)
    labels, codes = comparison.classes[comparison._codes], comparison._codes
    for line, one in zip(grid, rules, strict=True):
        for ax, step in zip(line, chosen, strict=False):
            at = min(int(step), len(one.z))
            presented = int(comparison.order[at - 1]) if at else -1
            draw_panel(ax, plane, labels, codes, classes, one.weights[[at]], one.bias[[at]], presented)
            ax.set_title(
                f"step {at}: {one.wrong[at]} wrong" if at else f"start: {one.wrong[0]} wrong", fontsize="small"
            )
        draw_panel(line[-1], plane, labels, codes, classes, one.fitted.coef_, one.fitted.intercept_)
        line[-1].set_title(f"finished fit: {one.score:.1%} right", fontsize="small")
        for ax in line:
            ax.label_outer()
        line[0].set_ylabel(f"{one.name}\n{plane.labels[1]}")
    grid[0, 0].legend(fontsize="small", framealpha=0.8)
    note = f"\n{plane.note}" if plane.note else ""
    drawing.suptitle(f"One row at a time, η = {comparison.learning_rate:g}{note}", fontsize="medium")
    return drawing


def moving(comparison: Any, kind: Any, frames: Any) -> Any:
    """Show all rules moving side by side."""
    count = read_moments("animate", kind, frames)
    last = len(comparison.order)
    if kind == "frames":
        return figure(comparison, moments(5 if frames is None else count, last))
    chosen = moments(count, last)
    panels, ends = [], []
    for one in comparison.rules:
        at = np.minimum(chosen, len(one.z))
        panels.append(
            Panel(
                f"{one.name}   {one.update.partition(',')[0]}",
                one.weights[at][:, None, :],
                one.bias[at][:, None],
                [int(comparison.order[step - 1]) if step else -1 for step in at],
                [_caption(one, int(step)) for step in at],
            )
        )
        ends.append((one.fitted.coef_, one.fitted.intercept_))
    words = [_words(comparison, int(step)) for step in chosen]
    plane = plane_of("animate", comparison._X, comparison.feature_names)
    title = "comparison of " + ", ".join(one.name for one in comparison.rules)
    return animation(title, panels, plane, comparison._codes, comparison.classes.tolist(), words, ends)


def _caption(one: Any, step: int) -> str:
    if not step:
        return f"start; {one.wrong[0]} wrong"
    return f"z = {one.z[step - 1]:.3g}, error = {one.error[step - 1]:.3g}; then {one.wrong[step]} wrong"


def _words(comparison: Any, step: int) -> str:
    if not step:
        return "the start"
    row = int(comparison.order[step - 1])
    return f"step {step}: row {row}, class {comparison.classes[comparison._codes[row]]}"
