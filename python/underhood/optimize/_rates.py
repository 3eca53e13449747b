"""The learning rate of a descent: what a caller may give, and whether it is beyond the critical one."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from underhood._core import optimize as _core
from underhood._results import format_value
from underhood.optimize.schedules import Schedule

__all__ = ["LearningRateWarning", "Rule", "check_rate", "core_rate", "flag", "rate_shown", "shape_of"]

Rule = tuple[Any, Any, Any, Any, Any]
"""Method, momentum, beta1, beta2 and epsilon, as the caller gave them."""

_LOOKED_AT = 1000


class LearningRateWarning(UserWarning):
    """A learning rate is beyond the critical one, 2/L for plain descent: each step overshoots further than the last."""


def core_rate(function: str, learning_rate: Any) -> Any:
    """Give a learning rate as the core takes it."""
    if isinstance(learning_rate, tuple):
        raise TypeError(
            f"{function}: learning_rate is a tuple, but must be a number, a schedule or a function of the step"
        )
    return learning_rate._parts() if isinstance(learning_rate, Schedule) else learning_rate


def rate_shown(learning_rate: Any) -> Any:
    """Give a learning rate as a result keeps it: a function may be a lambda, which does not pickle."""
    if isinstance(learning_rate, str | Schedule):
        return learning_rate
    if callable(learning_rate):
        return getattr(learning_rate, "__name__", "a function")
    return float(learning_rate)


def check_rate(
    f: Callable[..., Any], x0: Any, gradient: Callable[..., Any] | None, learning_rate: Any, rule: Rule
) -> tuple[float | None, int]:
    """Warn if a rate is beyond the critical one at the start.

    Give that one, None if there is none, and how many calls it took.
    """
    largest = _largest(learning_rate)
    if largest is None or _core.critical_rate(rule, 1.0) is None:
        return None, 0
    curvature, evaluations = _core.largest_curvature(f, x0, gradient)
    if curvature is None:
        return None, evaluations
    critical = _core.critical_rate(rule, curvature)
    if critical is None:
        return None, evaluations
    limit, formula = critical
    # The estimate of L is good to about a part in a thousand.
    if largest > 1.001 * limit:
        reached = "is" if isinstance(learning_rate, int | float | np.number | np.ndarray) else "reaches"
        warnings.warn(
            f"gradient_descent: learning_rate {reached} {format_value(largest, 4)}, beyond the critical rate "
            f"{formula} = {format_value(limit, 4)}: the largest curvature at x0 is L = {format_value(curvature, 4)}, "
            f"and where it is as large, steps overshoot further each time; try {format_value(limit / 2, 1)}",
            LearningRateWarning,
            stacklevel=3,
        )
    return limit, evaluations


def _largest(learning_rate: Any) -> float | None:
    """Give the largest rate of the first steps; None if it is not for us to say."""
    if isinstance(learning_rate, str):
        return None
    if isinstance(learning_rate, Schedule):
        return float(learning_rate.rates(_LOOKED_AT).max())
    if callable(learning_rate):
        learning_rate = learning_rate(0)
    try:
        rate = float(learning_rate)
    except (TypeError, ValueError):
        return None
    return rate if 0 < rate < np.inf else None


def flag(function: str, argument: str, value: Any) -> bool:
    """Read a flag: a bool of Python's or NumPy's."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise TypeError(f"{function}: {argument} is a {type(value).__name__}, but must be True or False")


def shape_of(x0: Any) -> tuple[int, ...]:
    """Give the shape of a start, which is read and refused elsewhere."""
    try:
        return np.shape(x0)
    except (TypeError, ValueError):
        return ()
