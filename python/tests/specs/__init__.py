"""What the tests of bad and odd input know of every public function: a call that works, and which arguments to vary.

One file a room; ``tests/test_input.py`` gathers their ``SPECS``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

VECTOR = np.array([4.0, 1.0, 7.0, 3.0, 9.0, 2.0, 8.0, 5.0])
OTHER = np.array([2.0, 3.0, 6.0, 1.0, 9.0, 4.0, 5.0, 8.0])
TABLE = np.array([[4.0, 1.0], [1.0, 3.0], [7.0, 2.0], [3.0, 8.0], [9.0, 5.0], [2.0, 2.0], [8.0, 6.0], [5.0, 7.0]])
SQUARE = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
PAIR = np.array([[8.0, 2.0], [1.0, 5.0]])
LABELS = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0])


@dataclass
class Spec:
    """A function, a call of it that works, and which of its arguments are arrays of what kind."""

    name: str
    call: Callable[..., Any]
    arguments: dict[str, Any]
    vary: dict[str, str]
    """Argument → kind: vector, matrix, array (any number of axes), number."""
    numbers: Callable[[Any], Any] = lambda result: result
    """Picks the numbers out of the result, for comparing."""
    nan_passes: bool = False
    """A function of numbers: NaN in, NaN out."""
    inf_passes: bool = False
    """Infinity has its limit, or its count."""
    passes: set[str] = field(default_factory=set)
    """Other kinds of input that this function documents a value for."""
