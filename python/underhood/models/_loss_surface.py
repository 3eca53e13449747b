"""The loss of a model of planes over two of its weights, and the way that training took on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._plots import read_rows_and_classes

__all__ = ["loss_course", "training_path"]

_Floats = NDArray[np.float64]


def training_path(model: Any, function: str, label: Any) -> tuple[int, Any, _Floats, _Floats]:
    """Give a plane's number, its history, and its weights and bias before the first epoch and after each."""
    history = model.history_
    if history is None:
        raise ValueError(f"{function}: there is no history; fit with keep_history=True")
    classes = model.classes_.tolist()
    if label is None:
        label = classes[-1]
    if label not in classes:
        raise ValueError(f"{function}: label is {label!r}, but the classes are {', '.join(map(repr, classes))}")
    k = 0 if len(model.coef_) == 1 else classes.index(label)
    one = history[label] if isinstance(history, dict) else history
    if not hasattr(one, "weights") or not hasattr(one, "bias"):
        raise ValueError(f"{function}: the history holds no weights of the epochs")
    weights, bias = np.asarray(one.weights), np.asarray(one.bias)
    if weights.ndim == 3:
        weights, bias = weights[:, k], bias[:, k]
    if not len(one.epoch):
        raise ValueError(
            f"{function}: training left the range of doubles in its first epoch, so there is no path to draw"
        )
    if one.epoch[0] == 0:
        return k, one, weights, bias
    return k, one, np.vstack([one.initial_weights, weights]), np.append(one.initial_bias, bias)


def _chosen(function: str, weights: Any, names: list[str], path: _Floats) -> tuple[int, int]:
    """Choose two of the weights: those that were asked for, or those that moved most; the bias stands last."""
    known = [*names, "bias"]
    if weights is None:
        if len(names) <= 2:
            return 0, 1
        first, second = np.sort(np.argsort(-np.ptp(path[:, :-1], axis=0), kind="stable")[:2])
        return int(first), int(second)
    try:
        pair = [known.index(one) if isinstance(one, str) else int(one) for one in weights]
        if len(pair) != 2 or pair[0] == pair[1] or not all(0 <= one < len(known) for one in pair):
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(
            f"{function}: weights is {weights!r}, but must be two of {', '.join(known)}, or their numbers"
        ) from None
    return pair[0], pair[1]


def loss_course(
    model: Any, X: Any, y: Any, weights: Any, label: Any, sample_weight: Any, method: str
) -> tuple[Any, tuple[str, str]]:
    """Make what the pictures of a descent are drawn from: the loss over two weights, and the path of training on it."""
    from underhood.plot._descent import Course

    function = f"{type(model).__name__}.{method}"
    rows, _, codes = read_rows_and_classes(function, model, X, y)
    if (codes < 0).any():
        raise ValueError(f"{function}: y has labels that the model was not trained with")
    k, history, path_weights, path_bias = training_path(model, function, label)
    row_weights = model._weights_of_rows(function, sample_weight, codes, k)
    path = np.column_stack([path_weights, path_bias])
    names = model._feature_names()
    i, j = _chosen(function, weights, names, path)
    several = isinstance(model.history_, dict)
    # One against the rest: the other planes have losses of their own.
    coef, intercept = (
        (model.coef_[k : k + 1], model.intercept_[k : k + 1]) if several else (model.coef_, model.intercept_)
    )
    own = (codes == k).astype(np.int64) if several else codes
    plane = 0 if several else k
    losses = np.asarray(history.loss)
    diverged = bool(losses[-1] > 1e3 * losses[0])
    # The first steps of a descent that diverged are drawn, and the ground is right there.
    end = path[0] if diverged else np.append(coef[plane], intercept[plane])
    held = np.column_stack([coef, intercept])
    held[plane] = end
    base = rows @ held[:, :-1].T + held[:, -1]
    columns = [rows[:, one] if one < rows.shape[1] else np.ones(len(rows)) for one in (i, j)]

    def loss(at: _Floats) -> float:
        z = base.copy()
        z[:, plane] += (at[0] - end[i]) * columns[0] + (at[1] - end[j]) * columns[1]
        moved = held.copy()
        moved[plane, [i, j]] = at
        return float(model._objective(z, own, moved[:, :-1], moved[:, -1], row_weights))

    labels = (*(f"weight of {name}" for name in names), "bias")
    count = len(end) - 2
    where = "held at the start" if diverged else "held at the fit"
    others = f"; the other {count if count > 1 else 'one'} {where}" if count else ""
    of = f" for {model.classes_.tolist()[k]!r}" if len(model.classes_) > 2 else ""
    course = Course(
        f=loss, path=path[:, [i, j]], values=losses, labels=("epoch", "loss"), slopes=np.asarray(history.gradient_norm),
        diverged=diverged,
        title=f"{type(model).__name__}{of}: {history.convention}{others}",
    )  # fmt: skip
    return course, (labels[i], labels[j])
