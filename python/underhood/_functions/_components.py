"""Which component of a point each variable of a text stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["component_names", "listed", "places"]

STANDARD = ("x", "y", "z")
NUMBERED = re.compile(r"(.*\D)(\d+)")


def listed(names: Sequence[str]) -> str:
    """Write names in a row: x, y and z."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def places(variables: Sequence[str], size: int) -> list[int] | None:
    """Give the place in a point of ``size`` numbers of each variable; None where that is in doubt.

    Numbered names tell it (x0, x1, … or x1, x2, …), if only one way of counting fits. As many names as there are
    numbers stand in alphabetical order. Fewer are the first, second and third number if they are called x, y and z and
    there are not more numbers than that.
    """
    families = [NUMBERED.fullmatch(name) for name in variables]
    if variables and all(families) and len({family[1] for family in families if family}) == 1:
        numbers = [int(family[2]) for family in families if family]
        if len(set(numbers)) < len(numbers):  # x1 and x01
            return None
        starts = [start for start in (0, 1) if all(start <= number < size + start for number in numbers)]
        if len(starts) == 1:
            return [number - starts[0] for number in numbers]
        if len(numbers) == size:
            ordered = sorted(numbers)
            return [ordered.index(number) for number in numbers]
        return None
    if len(variables) == size:
        return list(range(size))
    known = STANDARD[:size] if size <= len(STANDARD) else ()
    return [known.index(name) for name in variables] if set(variables) <= set(known) else None


def component_names(variables: Sequence[str], size: int) -> list[str] | None:
    """Name every component of a point, those that a text does not use too if it can; None if places are in doubt."""
    found = places(variables, size)
    if found is None:
        return None
    if len(found) == size:
        return [variables[found.index(place)] for place in range(size)]
    if size <= len(STANDARD) and set(variables) <= set(STANDARD):
        return list(STANDARD[:size])
    family = NUMBERED.fullmatch(variables[0]) if variables else None
    prefix, start = (family[1], int(family[2]) - found[0]) if family else ("x", 0)
    return [f"{prefix}{place + start}" for place in range(size)]
