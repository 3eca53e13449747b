"""Rows in the order of their scores: reading them, and what all curves over thresholds are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._input import read_target
from underhood.models._label_pairs import read_label_vector, row_weights

__all__ = ["both_kinds", "class_codes", "class_scores", "one_against_rest", "read_binary", "read_scores", "steps_of"]

_Floats = NDArray[np.float64]


def read_scores(function: str, y_score: Any, rows: int) -> _Floats:
    score: _Floats = read_target(function, y_score, None, "y_score")
    if len(score) != rows:
        raise ValueError(f"{function}: y_score has {len(score)} rows, but y_true is a vector of {rows}")
    return score[:, 0] if score.ndim == 2 and score.shape[1] == 1 else score


def read_binary(
    function: str, y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any
) -> tuple[NDArray[np.bool_], _Floats, _Floats]:
    """Which rows are positive, their scores and weights; rows of weight 0 are left out."""
    labels = read_label_vector(function, "y_true", y_true)
    score = read_scores(function, y_score, len(labels))
    if score.ndim != 1:
        raise ValueError(
            f"{function}: y_score is {'×'.join(map(str, score.shape))}, but for two classes the score of the positive "
            "one is needed, such as model.predict_proba(X)[:, 1]"
        )
    weights = row_weights(function, sample_weight, len(labels))
    positive = _is_positive(function, labels, pos_label)
    there = weights > 0
    positive, score, weights = positive[there], score[there], weights[there]
    if positive.all() or not positive.any():
        kind = "positive" if positive.all() else "negative"
        raise ValueError(f"{function}: y_true has only {kind} rows, but rows of both kinds are needed")
    return positive, score, weights


def _is_positive(function: str, labels: NDArray[Any], pos_label: Any) -> NDArray[np.bool_]:
    classes = np.unique(labels).tolist()
    if len(classes) > 2:
        raise ValueError(f"{function}: y_true has {len(classes)} classes, but two are needed")
    if pos_label is None:
        if not (set(classes) <= {0, 1} or set(classes) <= {-1, 1}):
            raise ValueError(
                f"{function}: pos_label is None, but y_true has the classes {', '.join(map(repr, classes))}; say which "
                "is the positive one"
            )
        pos_label = 1
    elif pos_label not in classes:
        raise ValueError(f"{function}: pos_label is {pos_label!r}, but y_true has {', '.join(map(repr, classes))}")
    positive: NDArray[np.bool_] = labels == pos_label
    return positive


def steps_of(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Add up false and true positives with a score of at least each distinct one, from the highest down."""
    order = np.argsort(-score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    true = np.cumsum(np.where(positive, weights, 0.0))[last]
    false = np.cumsum(np.where(positive, 0.0, weights))[last]
    return false, true, score[last]


def class_codes(function: str, known: NDArray[Any], labels: Any) -> tuple[NDArray[np.int64], list[Any]]:
    """Class number of each row, and the classes."""
    if labels is None:
        classes, codes = np.unique(known, return_inverse=True)
        return codes, classes.tolist()
    wanted = read_label_vector(function, "labels", labels)
    if wanted.tolist() != np.unique(wanted).tolist():
        raise ValueError(f"{function}: labels must be in ascending order, each once")
    missing = np.setdiff1d(known, wanted)
    if len(missing):
        raise ValueError(f"{function}: labels has no {missing.tolist()[0]!r}, which occurs in y_true")
    return np.searchsorted(wanted, known), wanted.tolist()


def class_scores(function: str, y_score: Any, rows: int, classes: int) -> _Floats:
    score = read_scores(function, y_score, rows)
    if score.ndim != 2 or score.shape[1] != classes:
        shape = "×".join(map(str, score.shape)) if score.ndim == 2 else f"a vector of {len(score)}"
        raise ValueError(f"{function}: y_score is {shape}, but a column for each of {classes} classes is needed")
    return score


def both_kinds(function: str, label: Any, positive: NDArray[np.bool_]) -> None:
    if positive.all() or not positive.any():
        found = "no rows" if not positive.any() else "all the rows"
        raise ValueError(f"{function}: y_true has {found} of class {label!r}, but rows of both kinds are needed")


def one_against_rest(
    function: str, area: Any, codes: NDArray[np.int64], classes: list[Any], score: _Floats, weights: _Floats,
    average: str | None,
) -> Any:  # fmt: skip
    there = weights > 0
    codes, score, weights = codes[there], score[there], weights[there]
    own = codes[:, None] == np.arange(len(classes))
    if average == "micro":
        return area(own.ravel(), score.ravel(), np.repeat(weights, len(classes)))
    for k, label in enumerate(classes):
        both_kinds(function, label, own[:, k])
    areas = np.array([area(own[:, k], score[:, k], weights) for k in range(len(classes))])
    return (
        areas if average is None else float(np.average(areas, weights=weights @ own if average == "weighted" else None))
    )
