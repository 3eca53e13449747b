"""Pictures of scores: curves over all thresholds, and who was taken for whom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from underhood.models._classification_metrics import confusion_matrix
from underhood.models._label_pairs import read_label_pair, read_label_vector
from underhood.models._precision_recall_curve import PrecisionRecallCurve
from underhood.models._roc import RocCurve, roc_curve
from underhood.models._warnings import retold
from underhood.plot._canvas import COLOURS, axes, finish

__all__ = ["draw_precision_recall", "draw_roc", "plot_confusion", "plot_roc"]


def draw_roc(curve: RocCurve, ax: Any, label: str | None) -> Any:
    """Draw a ROC curve beside the diagonal."""
    fresh = ax is None
    ax = axes(ax)
    if fresh or not ax.lines:
        ax.plot([0, 1], [0, 1], linestyle="--", color="0.6", linewidth=1, label="guessing: area 0.5")
    colour = COLOURS[(len(ax.lines) - 1) % len(COLOURS)]
    name = f"area {curve.auc:.3f}" if label is None else f"{label}: area {curve.auc:.3f}"
    ax.plot(curve.fpr, curve.tpr, color=colour, linewidth=1.8, label=name)
    ax.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC curve", aspect="equal")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    finish(ax, ())
    ax.legend(fontsize="small", frameon=False, loc="lower right")
    return ax


def draw_precision_recall(curve: PrecisionRecallCurve, ax: Any, label: str | None) -> Any:
    """Draw a precision–recall curve beside the precision of guessing."""
    fresh = ax is None
    ax = axes(ax)
    if fresh or not ax.lines:
        share = curve.prevalence
        ax.plot([0, 1], [share, share], linestyle="--", color="0.6", linewidth=1, label=f"guessing: {share:.3f}")
    colour = COLOURS[(len(ax.lines) - 1) % len(COLOURS)]
    name = f"average precision {curve.average_precision:.3f}"
    ax.step(
        curve.recall, curve.precision, where="post", color=colour, linewidth=1.8,
        label=name if label is None else f"{label}: {name}",
    )  # fmt: skip
    ax.set(xlabel="recall", ylabel="precision", title="Precision–recall curve")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.05)
    finish(ax, ())
    ax.legend(fontsize="small", frameon=False, loc="lower left")
    return ax


def plot_roc(
    y_true: ArrayLike,
    y_score: ArrayLike,
    ax: Any = None,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    label: str | None = None,
) -> Any:
    """Draw the ROC curve of a score, with the diagonal that guessing gives.

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels of two classes.
    y_score : array_like, shape (rows,)
        The higher, the rather positive.
    ax : matplotlib Axes, optional
        Where to draw, beside the curves that are there; a new figure otherwise.
    pos_label : label, optional
        The positive class; may be left out where the labels are 0 and 1, or −1 and 1.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    label : str, optional
        What to call the curve in the legend.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        As :func:`roc_curve`.

    Examples
    --------
    >>> import underhood as uh
    >>> ax = uh.models.plot_roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], label="a model")
    >>> ax.get_legend_handles_labels()[1]
    ['guessing: area 0.5', 'a model: area 0.750']
    """
    try:
        curve = roc_curve(y_true, y_score, pos_label=pos_label, sample_weight=sample_weight)
    except (TypeError, ValueError) as error:
        raise retold(error, "roc_curve", "plot_roc") from None
    return curve.plot(ax, label=label)


def plot_confusion(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    ax: Any = None,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: str | None = None,
) -> Any:
    """Draw a confusion matrix: a row a true class, a column a predicted one, and the numbers in the fields.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    ax : matplotlib Axes, optional
        Where to draw; a new figure otherwise.
    labels : array_like, optional
        The classes in the order of rows and columns; by default all that occur, in ascending order.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    normalize : {"true", "pred", "all"}, optional
        Draw shares instead of numbers, as :func:`confusion_matrix`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        As :func:`confusion_matrix`.

    Examples
    --------
    >>> import underhood as uh
    >>> ax = uh.models.plot_confusion(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    >>> [text.get_text() for text in ax.texts]
    ['1', '1', '0', '2']
    """
    function = "plot_confusion"
    names = read_label_pair(function, y_true, y_pred, sample_weight).classes
    if labels is not None:
        names = read_label_vector(function, "labels", labels)
    try:
        table = confusion_matrix(y_true, y_pred, labels=labels, sample_weight=sample_weight, normalize=normalize)
    except (TypeError, ValueError) as error:
        raise retold(error, "confusion_matrix", function) from None
    ax = axes(ax)
    image = ax.imshow(table, cmap="Blues", vmin=0, vmax=max(float(table.max()), 1e-300))
    dark = float(table.max()) / 2
    for i, j in np.ndindex(*table.shape):
        text = f"{table[i, j]:.2f}" if normalize else f"{table[i, j]:g}"
        ax.text(j, i, text, ha="center", va="center", color="white" if table[i, j] > dark else "black")
    places, texts = range(len(names)), [str(name) for name in names.tolist()]
    ax.set_xticks(places, texts, rotation=45 if max(map(len, texts)) > 6 else 0)
    ax.set_yticks(places, texts)
    right = np.trace(table) / table.sum()
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.set_title("Confusion matrix" + ("" if normalize else f": {right:.1%} right"))
    ax.figure.colorbar(image, ax=ax, label="share" if normalize else "rows")
    return ax
