"""How much each row counts: sample weights times class weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from underhood.models._input import read_weights

__all__ = ["row_weights"]


def row_weights(function: str, class_weight: Any, sample_weight: Any, classes: Any, codes: Any) -> Any:
    """Give the weight of each row; None where all count alike.

    ``class_weight`` is None, a dictionary from labels to weights (classes that are not in it have the weight 1), or
    "balanced": weights that make the classes' sums of weights equal and leave their total what it was.
    """
    weights = None if sample_weight is None else read_weights(function, sample_weight, len(codes))
    if class_weight is None:
        return weights
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise ValueError(
                f'{function}: class_weight is {class_weight!r}, but must be None, "balanced" or a dictionary'
            )
        counts = np.bincount(codes, weights, len(classes)).astype(np.float64)
        with np.errstate(divide="ignore"):
            # A class without a row that counts is refused by the core.
            of_class = np.where(counts > 0, counts.sum() / (len(classes) * counts), 1.0)
    else:
        of_class = _named(function, class_weight, classes)
    return of_class[codes] if weights is None else weights * of_class[codes]


def _named(function: str, class_weight: Any, classes: Any) -> Any:
    """Read a dictionary from labels to weights."""
    if not hasattr(class_weight, "items"):
        raise TypeError(
            f'{function}: class_weight is a {type(class_weight).__name__}, but must be None, "balanced" or a dictionary'
        )
    places = {label: k for k, label in enumerate(classes.tolist())}
    of_class = np.ones(len(classes))
    for label, weight in class_weight.items():
        plain = label.item() if isinstance(label, np.generic) else label
        if plain not in places:
            raise ValueError(
                f"{function}: class_weight names {plain!r}, but y has only the classes "
                f"{', '.join(map(repr, classes.tolist()[:10]))}{', …' if len(classes) > 10 else ''}"
            )
        try:
            value = float(weight)
        except (TypeError, ValueError):
            raise TypeError(f"{function}: class_weight of {plain!r} is {weight!r}, but must be a number") from None
        if not 0 <= value < float("inf"):
            raise ValueError(
                f"{function}: class_weight of {plain!r} is {value:g}, but must be zero or positive, and finite"
            )
        of_class[places[plain]] = value
    return of_class
