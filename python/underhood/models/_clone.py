"""Fresh copies of estimators, and what kind of estimator one is; of our own, scikit-learn's, or anybody's."""

from __future__ import annotations

import copy
import sys
from typing import Any

__all__ = ["clone", "fresh", "is_classifier", "is_fitted"]


def clone(estimator: Any, *, safe: bool = True) -> Any:
    """Make an estimator of the same class with the same parameters, which has learned nothing.

    Parameters
    ----------
    estimator : estimator, or list, tuple, set or dict of estimators
        Whatever has ``get_params``: ours, scikit-learn's, pipelines.
    safe : bool, default True
        Refuse what has no ``get_params``; otherwise copy it as it is.

    Returns
    -------
    estimator

    Raises
    ------
    TypeError
        If there is no ``get_params``, or a class was given instead of an object.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.Perceptron(learning_rate=0.5).fit([[0.0], [1.0]], [0, 1])
    >>> other = uh.models.clone(model)
    >>> other, hasattr(other, "coef_")
    (Perceptron(learning_rate=0.5), False)
    """
    if hasattr(estimator, "__sklearn_clone__") and not isinstance(estimator, type):
        return estimator.__sklearn_clone__()
    kind = type(estimator)
    if kind is dict:
        return {name: clone(value, safe=safe) for name, value in estimator.items()}
    if kind in (list, tuple, set, frozenset):
        return kind([clone(item, safe=safe) for item in estimator])
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        if not safe:
            return copy.deepcopy(estimator)
        found = f"the class {estimator.__name__}" if isinstance(estimator, type) else f"a {kind.__name__}"
        advice = f"; pass an object: {estimator.__name__}()" if isinstance(estimator, type) else ""
        raise TypeError(f"clone: estimator is {found}, but an object with get_params is needed{advice}")
    made = kind(**{name: clone(value, safe=False) for name, value in estimator.get_params(deep=False).items()})
    if hasattr(estimator, "_sklearn_output_config"):
        made._sklearn_output_config = copy.deepcopy(estimator._sklearn_output_config)
    return made


def fresh(estimator: Any) -> Any:
    """Clone an estimator; what cannot be cloned is copied."""
    return clone(estimator, safe=False)


def is_classifier(estimator: Any) -> bool:
    """Whether an estimator gives each row a class."""
    kind = getattr(estimator, "_kind", None) or getattr(estimator, "_estimator_type", None)
    if kind is None and "sklearn.base" in sys.modules and hasattr(estimator, "__sklearn_tags__"):
        return bool(sys.modules["sklearn.base"].is_classifier(estimator))
    return bool(kind == "classifier")


def is_fitted(estimator: Any) -> bool:
    """Whether an estimator has learned something."""
    if hasattr(estimator, "__sklearn_is_fitted__"):
        return bool(estimator.__sklearn_is_fitted__())
    return any(name.endswith("_") and not name.startswith("_") for name in getattr(estimator, "__dict__", {}))
