"""The derivatives of a function that can only be called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from underhood._functions._graphs import Graphs

__all__ = ["numerical"]


def numerical(derived: Graphs, arguments: tuple[Any, ...]) -> Any:
    """Compute what was derived from an untraced function, by differences."""
    from underhood import calculus

    kind, *details = derived._change
    parent = derived._parent
    assert parent is not None
    if kind == "derivative":
        place, order = details

        def along(x: Any) -> Any:
            return parent(*arguments[:place], x, *arguments[place + 1 :])

        return float(calculus.derivative(along, arguments[place], order=order))
    places = details[0]
    values = arguments[:-1] if kind == "hvp" else arguments
    if len(places) == 1:
        at = np.asarray(values[places[0]], dtype=float)

        def of_vector(x: Any) -> Any:
            return parent(*values[: places[0]], x, *values[places[0] + 1 :])

    else:
        at = np.array([float(values[place]) for place in places])

        def of_vector(x: Any) -> Any:
            changed = list(values)
            for place, number in zip(places, x, strict=True):
                changed[place] = float(number)
            return parent(*changed)

    if kind == "hvp":
        return np.asarray(calculus.hessian(of_vector, at)) @ np.asarray(arguments[-1], dtype=float)
    return getattr(calculus, kind)(of_vector, at)
