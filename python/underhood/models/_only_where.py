"""Methods that an object has only in some states: a solver that takes batches, a pipeline whose last step has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

__all__ = ["OnlyWhere", "only_where"]

P = ParamSpec("P")
T = TypeVar("T")


class OnlyWhere(Generic[P, T]):
    """A method that is missing where there is a reason for it, as scikit-learn asks with ``hasattr``."""

    def __init__(self, method: Callable[Concatenate[Any, P], T], why_not: Callable[[Any, str], str | None]) -> None:
        self._method = method
        self._why_not = why_not
        update_wrapper(self, method)  # type: ignore[arg-type]

    def __get__(self, model: Any, owner: Any = None) -> Callable[P, T]:
        if model is None:
            return self._method  # type: ignore[return-value]
        reason = self._why_not(model, self._method.__name__)
        if reason is not None:
            raise AttributeError(reason)
        return MethodType(self._method, model)


def only_where(
    why_not: Callable[[Any, str], str | None],
) -> Callable[[Callable[Concatenate[Any, P], T]], OnlyWhere[P, T]]:
    """Decorate a method; of a model and the method's name ``why_not`` gives the reason why it is missing, or None."""
    return lambda method: OnlyWhere(method, why_not)
