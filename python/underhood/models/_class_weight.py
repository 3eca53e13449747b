"""How much each class counts, and each row: what ``class_weight`` and ``sample_weight`` mean."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._input import read_weights

__all__ = ["class_weights", "row_weights"]


def class_weights(
    function: str, class_weight: Any, classes: Any, codes: Any, weights: Any = None
) -> NDArray[np.float64] | None:
    """Give one factor a class; None if all count alike.

    ``"balanced"`` gives rows/(classes · rows of the class), as scikit-learn does; ``weights`` count the rows, if
    given. A dictionary gives labels their factors; those that it leaves out count 1.
    """
    if class_weight is None:
        return None
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise ValueError(
                f'{function}: class_weight is {class_weight!r}, but must be None, "balanced" or a dictionary'
            )
        counts = np.bincount(codes, weights=weights, minlength=len(classes))
        if not counts.all():
            raise ValueError(f"{function}: class_weight is 'balanced', but a class has no row that counts")
        balanced: NDArray[np.float64] = counts.sum() / (len(classes) * counts)
        return balanced
    if not isinstance(class_weight, dict):
        raise TypeError(
            f"{function}: class_weight is a {type(class_weight).__name__}, but must be None, 'balanced' or a dictionary"
        )
    known = dict(zip(classes.tolist(), range(len(classes)), strict=True))
    factors = np.ones(len(classes))
    for label, factor in class_weight.items():
        plain = label.item() if isinstance(label, np.generic) else label
        if plain not in known:
            if factor is None:
                continue
            labels = ", ".join(map(repr, classes.tolist()))
            raise ValueError(f"{function}: class_weight names the class {plain!r}, but y has {labels}")
        try:
            factors[known[plain]] = float(factor)
        except (TypeError, ValueError):
            raise TypeError(f"{function}: class_weight gives {plain!r} {factor!r}, but a factor is a number") from None
    if not (np.isfinite(factors).all() and (factors > 0).all()):
        wrong = int(np.argmin(np.isfinite(factors) & (factors > 0)))
        raise ValueError(
            f"{function}: class_weight gives the class {classes.tolist()[wrong]!r} a factor of {factors[wrong]:g}, but "
            "factors are finite and above zero: every class needs rows that count"
        )
    return factors


def row_weights(function: str, class_weight: Any, sample_weight: Any, classes: Any, codes: Any) -> Any:
    """Give the weight of each row, its own times that of its class; None where all count alike."""
    if sample_weight is None and class_weight is None:
        return None
    weights = read_weights(function, sample_weight, len(codes))
    factors = class_weights(function, class_weight, classes, codes, weights)
    if factors is None:
        return weights
    return factors[codes] if weights is None else weights * factors[codes]
