"""Warnings and errors of the models, which are scikit-learn's own kind as well when scikit-learn is in use."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any, TypeVar

__all__ = [
    "ConvergenceWarning",
    "DataConversionWarning",
    "DivergenceWarning",
    "FitFailedWarning",
    "NotFittedError",
    "UndefinedMetricWarning",
    "kin",
    "retold",
    "warn_the_caller",
]

T = TypeVar("T")


class ConvergenceWarning(UserWarning):
    """A model stopped before it converged."""


class DivergenceWarning(UserWarning):
    """A learning rate is too large for the data: the loss grows instead of falling."""


class DataConversionWarning(UserWarning):
    """An argument was understood, but does not have the expected shape."""


class FitFailedWarning(RuntimeWarning):
    """A model could not be fitted or scored on some folds, and got the score that was chosen for that."""


class UndefinedMetricWarning(UserWarning):
    """A score is 0/0 or infinite for these labels, and was set to something else, which the message says."""


class NotFittedError(ValueError, AttributeError):
    """A model was asked for what only a fitted model knows."""


def kin(ours: type[T]) -> type[T]:
    """Give a subclass of ``ours`` that is also scikit-learn's class of that name, if scikit-learn has been imported.

    So ``except sklearn.exceptions.NotFittedError`` and scikit-learn's warning filters work, without importing it here.
    """
    theirs = getattr(sys.modules.get("sklearn.exceptions"), ours.__name__, None)
    return ours if theirs is None else _joined(ours, theirs)


_JOINED: dict[tuple[type, type], type] = {}
"""The subclasses that were made, each once."""


def _joined(ours: type[Any], theirs: type[Any]) -> type[Any]:
    if (ours, theirs) not in _JOINED:
        _JOINED[ours, theirs] = _join(ours, theirs)
    return _JOINED[ours, theirs]


def _join(ours: type[Any], theirs: type[Any]) -> type[Any]:
    return type(ours.__name__, (ours, theirs), {"__module__": ours.__module__, "__doc__": ours.__doc__})


def retold(error: Exception, inner: str, outer: str) -> Exception:
    """Give the error of an inner function in the name of the one that the caller called; others stay as they are."""
    message = str(error)
    return type(error)(outer + message[len(inner) :]) if message.startswith(inner) else error


_HERE = f"{Path(__file__).parents[1]}{os.sep}"
"""Where this package lies."""


def warn_the_caller(kind: type[Warning], message: str) -> None:
    """Warn at the line of the caller's own code, however many functions of this package lie between."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, kin(kind), stacklevel=level)
