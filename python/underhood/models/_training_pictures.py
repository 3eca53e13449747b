"""Training as moving pictures: the boundary from epoch to epoch, or the path over the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from underhood.models._loss_surface import loss_course, training_path
from underhood.models._moving_boundary import Panel, animation, draw_panel
from underhood.models._plane_of_rows import plane_of
from underhood.models._plots import read_rows_and_classes
from underhood.plot._canvas import pyplot
from underhood.plot._descent import moments

__all__ = ["animate", "read_moments"]


def read_moments(function: str, kind: Any, frames: Any) -> int:
    """Check what a moving picture is to be, and give its number of moments."""
    if kind not in ("html", "frames"):
        raise ValueError(f'{function}: kind is {kind!r}, but must be "html" or "frames"')
    if frames is None:
        return 150 if kind == "html" else 9
    if isinstance(frames, bool) or not isinstance(frames, int | np.integer) or frames < 1:
        raise ValueError(f"{function}: frames is {frames!r}, but must be a whole number of at least 1")
    return int(frames)


def animate(model: Any, X: Any, y: Any, what: Any, kind: Any, frames: Any, chosen_loss: tuple[Any, Any, Any]) -> Any:
    """Show the training of a model of planes; the loss is chosen by its two weights, its plane, and weights of rows."""
    function = f"{type(model).__name__}.animate"
    count = read_moments(function, kind, frames)
    if what not in ("boundary", "loss"):
        raise ValueError(f'{function}: what is {what!r}, but must be "boundary" or "loss"')
    if what == "loss":
        from underhood.plot import _animation, _descent

        course, _ = loss_course(model, X, y, *chosen_loss, "animate")
        return _descent.frames(course, count) if kind == "frames" else _animation.animation(course, count)
    rows, labels, codes = read_rows_and_classes(function, model, X, y)
    classes = model.classes_.tolist()
    planes = [training_path(model, function, one)[1:] for one in (classes if len(classes) > 2 else classes[-1:])]
    last = max(len(path) for _, path, _ in planes) - 1
    chosen = moments(count, last)
    # A plane that was done early stands still.
    panel = Panel(
        type(model).__name__,
        np.stack([path[np.minimum(chosen, len(path) - 1)] for _, path, _ in planes], axis=1),
        np.stack([bias[np.minimum(chosen, len(bias) - 1)] for _, _, bias in planes], axis=1),
    )
    words = [_words(planes, classes, int(moment)) for moment in chosen]
    plane = plane_of(f"{type(model).__name__}.animate", rows, model._feature_names())
    title = f"training of {type(model).__name__}"
    if kind == "html":
        return animation(title, [panel], plane, codes, classes, words)
    plt = pyplot()
    columns = min(3, len(chosen))
    rows_of_pictures = -(-len(chosen) // columns)
    size = (3.4 * columns, 3.0 * rows_of_pictures + 0.4)
    figure, grid = plt.subplots(rows_of_pictures, columns, figsize=size, layout="constrained", squeeze=False)
    for ax, coef, bias, text in zip(grid.flat, panel.weights, panel.bias, words, strict=False):
        draw_panel(ax, plane, labels, codes, classes, coef, bias)
        ax.set_title(text.partition("; errors")[0], fontsize="small")
        ax.label_outer()
    for ax in grid.flat[len(chosen) :]:
        ax.set_visible(False)
    grid.flat[0].legend(fontsize="small", framealpha=0.8)
    figure.suptitle(title + (f"\n{plane.note}" if plane.note else ""), fontsize="medium")
    return figure


def _words(planes: list[Any], classes: list[Any], moment: int) -> str:
    """Tell what the history says of a moment; 0 is the start."""
    told = []
    for k, (history, path, _) in enumerate(planes):
        # Some histories begin with the start, others with the first epoch.
        entry = min(moment, len(path) - 1) - (len(path) - len(history.epoch))
        if entry < 0:
            continue
        of = f" ({classes[k]})" if len(planes) > 1 else ""
        told.append(f"loss{of} {history.loss[entry]:.4g}, errors {int(history.errors[entry])}")
        if history is planes[-1][0] and all(one[0] is history for one in planes):
            told = [f"loss {history.loss[entry]:.4g}, errors {int(history.errors[entry])}"]
    return f"epoch {moment}" + (": " + "; ".join(told) if told else ": the start")
