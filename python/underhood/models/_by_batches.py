"""Methods that some solvers do not have."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

__all__ = ["ByBatches"]

P = ParamSpec("P")
T = TypeVar("T")


class ByBatches(Generic[P, T]):
    """A method that solvers which take all rows at once do not have, as scikit-learn asks with ``hasattr``."""

    def __init__(self, method: Callable[Concatenate[Any, P], T]) -> None:
        self._method = method
        update_wrapper(self, method)  # type: ignore[arg-type]

    def __get__(self, model: Any, owner: Any = None) -> Callable[P, T]:
        if model is None:
            return self._method  # type: ignore[return-value]
        if model.solver == "lbfgs":
            name = f"{type(model).__name__}.{self._method.__name__}"
            raise AttributeError(f'{name}: solver is "lbfgs", which needs all rows at once; take "sgd" or "adam"')
        return MethodType(self._method, model)
