"""A caller's function, in the form that runs fastest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["resolve"]


def resolve(function: str, argument: str, f: Any, *shapes: tuple[int, ...]) -> Callable[..., Any]:
    """Give a function of arguments of these shapes in the form that the compiled core takes.

    ``function`` and ``argument`` are named in refusals.
    """
    if not callable(f):
        raise TypeError(f"{function}: {argument} is a {type(f).__name__}, but must be a function that can be called")
    return f  # type: ignore[no-any-return]
