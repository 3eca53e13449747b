"""Learning rates that change as a descent goes on.

A schedule gives the rate of each step k = 0, 1, 2, …; every ``learning_rate`` of this module's descents takes one, or
any function of k. Rates that start large and fall let a descent first get near and then settle: with a constant rate a
stochastic descent never comes to rest, since its batches disagree (Robbins and Monro, 1951).

>>> from underhood.optimize import gradient_descent, schedules
>>> rate = schedules.StepDecay(0.4, factor=0.5, every=10)
>>> rate(0), rate(10), rate(25)
(0.4, 0.2, 0.1)
>>> walk = gradient_descent(lambda x: (x - 3) ** 2, 0.0, learning_rate=rate)
>>> walk.reason
'converged'
>>> print(schedules.WarmUp(rate, steps=4))
WarmUp(StepDecay(0.4, factor=0.5, every=10), steps=4)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import optimize as _core

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Constant", "Cosine", "Exponential", "InverseTime", "Schedule", "StepDecay", "WarmUp"]


def __dir__() -> list[str]:
    return sorted(__all__)


Parts = tuple[str, Any, Any, Any, Any]
"""Kind, rate, shape (a factor, decay or floor), count (of steps) and warm-up steps, as the core takes them."""


class Schedule(ABC):
    """A rate for each step: calling it with k gives η(k). The schedules below are its kinds."""

    __slots__ = ()

    @abstractmethod
    def _parts(self) -> Parts:
        """Give what the core makes the schedule of."""

    def __post_init__(self) -> None:
        self.rates(1)  # refuses parameters that make no rates

    def __call__(self, k: int) -> float:
        """Give the rate of step k, counted from 0."""
        return _core.schedule_rate(type(self).__name__, self._parts(), k)

    def rates(self, n: int) -> NDArray[np.float64]:
        """Give the rates of the first n steps."""
        return _core.schedule_rates(type(self).__name__, self._parts(), n)

    def __repr__(self) -> str:
        first, *rest = ((field.name, getattr(self, field.name)) for field in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join([repr(first[1]), *(f'{name}={value!r}' for name, value in rest)])})"

    def plot(self, n: int = 100, ax: Axes | None = None) -> Axes:
        """Draw the rates of the first n steps. Needs matplotlib."""
        from underhood.plot._descent import schedule

        return schedule(self.rates(n), repr(self), ax)


@dataclass(frozen=True, slots=True, repr=False)
class Constant(Schedule):
    """The same rate at every step: η(k) = η₀.

    Parameters
    ----------
    rate : float
        η₀, positive.

    Examples
    --------
    >>> Constant(0.1)(1000)
    0.1
    """

    rate: float

    def _parts(self) -> Parts:
        return "constant", self.rate, 0.0, 0, 0


@dataclass(frozen=True, slots=True, repr=False)
class StepDecay(Schedule):
    """A rate that falls in steps: η(k) = η₀ · factor^⌊k / every⌋.

    Parameters
    ----------
    rate : float
        η₀, positive.
    factor : float, default 0.5
        Above 0, at most 1.
    every : int, default 100
        Steps from one fall to the next.

    Examples
    --------
    >>> StepDecay(0.8, every=10).rates(21)[[0, 9, 10, 20]]
    array([0.8, 0.8, 0.4, 0.2])
    """

    rate: float
    factor: float = 0.5
    every: int = 100

    def _parts(self) -> Parts:
        return "step", self.rate, self.factor, self.every, 0


@dataclass(frozen=True, slots=True, repr=False)
class Exponential(Schedule):
    """A rate that falls by the same factor at every step: η(k) = η₀ · factorᵏ.

    The sum of all rates is finite, η₀/(1 - factor): where the start is farther away than they reach, a descent stops
    before it arrives.

    Parameters
    ----------
    rate : float
        η₀, positive.
    factor : float, default 0.99
        Above 0, at most 1.

    Examples
    --------
    >>> Exponential(1.0, factor=0.5).rates(3)
    array([1.  , 0.5 , 0.25])
    """

    rate: float
    factor: float = 0.99

    def _parts(self) -> Parts:
        return "exponential", self.rate, self.factor, 1, 0


@dataclass(frozen=True, slots=True, repr=False)
class InverseTime(Schedule):
    """A rate that falls like 1/k: η(k) = η₀ / (1 + decay · k).

    Slow enough to arrive from anywhere, fast enough to come to rest: the rates of Robbins and Monro (1951).

    Parameters
    ----------
    rate : float
        η₀, positive.
    decay : float, default 0.01
        At least 0; the rate has halved after 1/decay steps.

    Examples
    --------
    >>> InverseTime(1.0, decay=1.0).rates(4)
    array([1.        , 0.5       , 0.33333333, 0.25      ])
    """

    rate: float
    decay: float = 0.01

    def _parts(self) -> Parts:
        return "inverse_time", self.rate, self.decay, 1, 0


@dataclass(frozen=True, slots=True, repr=False)
class Cosine(Schedule):
    """Half a wave down to a floor: η(k) = floor + (η₀ - floor) (1 + cos(π k / steps)) / 2, then the floor.

    Loshchilov and Hutter (2017), https://arxiv.org/abs/1608.03983.

    Parameters
    ----------
    rate : float
        η₀, positive.
    steps : int
        Steps until the floor is reached.
    floor : float, default 0
        At least 0, at most ``rate``.

    Examples
    --------
    >>> Cosine(1.0, steps=4).rates(6).round(3)
    array([1.   , 0.854, 0.5  , 0.146, 0.   , 0.   ])
    """

    rate: float
    steps: int
    floor: float = 0.0

    def _parts(self) -> Parts:
        return "cosine", self.rate, self.floor, self.steps, 0


@dataclass(frozen=True, slots=True, repr=False)
class WarmUp(Schedule):
    """A rise in even steps before a schedule: η(k) = η₀ (k + 1) / steps, then the schedule from its start.

    Goyal et al. (2017), https://arxiv.org/abs/1706.02677. Where the start is steeper than all that follows, small first
    steps keep a descent from being thrown off.

    Parameters
    ----------
    after : Schedule or float
        What comes then; a number stays as it is.
    steps : int
        Steps of the rise.

    Examples
    --------
    >>> WarmUp(0.4, steps=4).rates(6)
    array([0.1, 0.2, 0.3, 0.4, 0.4, 0.4])
    """

    after: Schedule | float
    steps: int

    def _parts(self) -> Parts:
        after = self.after if isinstance(self.after, Schedule) else Constant(self.after)
        kind, rate, shape, count, warm_up = after._parts()
        if warm_up:
            raise ValueError(f"WarmUp: after is {after!r}, which warms up already")
        return kind, rate, shape, count, self.steps
