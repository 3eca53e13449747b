"""Trying it out: simulated probabilities, the law of large numbers and the central limit theorem, with their data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood import _core
from underhood._results import Result, format_value, html_table, text_table
from underhood.distributions import Continuous, Discrete, Normal

__all__ = [
    "CentralLimitTheorem",
    "LawOfLargeNumbers",
    "Simulation",
    "central_limit_theorem",
    "law_of_large_numbers",
    "simulate",
]

Seed = int | np.random.Generator | None


@dataclass(slots=True, repr=False, eq=False)
class Simulation(Result):
    """How often an experiment succeeded.

    Attributes
    ----------
    probability : float
        The share of successes.
    standard_error : float
        √(p(1 − p)/n): how far the share is from the probability, typically.
    confidence_interval : (float, float)
        Wilson's interval (1927) for the probability, at 95 %.
    successes, n : int
        How often it succeeded, and how often it was tried.

    Examples
    --------
    >>> from underhood.probability import simulate
    >>> simulate(lambda rng: rng.integers(1, 7) == 6, n=6000, rng=1).successes
    999
    """

    probability: float
    standard_error: float
    confidence_interval: tuple[float, float]
    successes: int
    n: int

    def _title(self) -> str:
        return f"{self.successes:,} successes in {self.n:,} trials"

    def __float__(self) -> float:
        return self.probability


def simulate(experiment: Callable[[np.random.Generator], Any], n: int = 10_000, rng: Seed = None) -> Simulation:
    """Estimate a probability by trying: the share of n runs of an experiment that succeed.

    Parameters
    ----------
    experiment : callable
        Takes a ``numpy.random.Generator`` and says whether it succeeded (True or False).
    n : int, default 10,000
        How often it is tried. The standard error falls as 1/√n: for one more digit, a hundred times as often.
    rng : int, numpy.random.Generator or None
        A seed, or a generator; None takes a fresh seed.

    Returns
    -------
    Simulation

    Raises
    ------
    TypeError, ValueError
        If `n` is not whole, or less than 1; or the experiment answers anything but True or False.

    Examples
    --------
    At least two of 23 people have the same birthday:

    >>> from underhood.probability import simulate
    >>> shared = simulate(lambda rng: len(set(rng.integers(365, size=23))) < 23, n=2000, rng=4)
    >>> abs(shared.probability - 0.5073) < 3 * shared.standard_error
    True
    """
    if not callable(experiment):
        raise TypeError(f"simulate: experiment is a {type(experiment).__name__}, but must be a function of a generator")
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"simulate: n is a {type(n).__name__}, but must be a whole number")
    if n < 1:
        raise ValueError(f"simulate: n is {n}, but must be at least 1")
    generator = _generator(rng)
    successes = 0
    for _ in range(n):
        answer = experiment(generator)
        if not isinstance(answer, bool | np.bool_):
            raise TypeError(f"simulate: experiment answered {answer!r}, but must answer True or False")
        successes += bool(answer)
    p = successes / n
    # Wilson's score interval: the probabilities at which such a share is not surprising.
    z = float(Normal().isf(0.025))
    centre, spread = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    scale = 1 + z * z / n
    interval = (max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))
    return Simulation(p, (p * (1 - p) / n) ** 0.5, interval, successes, int(n))


def _generator(rng: Any) -> np.random.Generator:
    """Give the generator that a seed stands for."""
    if isinstance(rng, bool) or not (rng is None or isinstance(rng, int | np.integer | np.random.Generator)):
        kind = type(rng).__name__
        raise TypeError(f"simulate: rng is a {kind}, but must be an int, a numpy.random.Generator or None")
    if isinstance(rng, int | np.integer) and rng < 0:
        raise ValueError(f"simulate: rng is {rng}, but a seed must not be negative")
    return np.random.default_rng(rng)


@dataclass(slots=True, repr=False, eq=False)
class LawOfLargeNumbers(Result):
    """Running means of draws, beside the mean they converge to.

    Attributes
    ----------
    means : ndarray, shape (paths, n)
        In row i and column k − 1 the mean of the first k draws of path i.
    mean, std : float
        Of the distribution: the means are within 2·std/√k of its mean about 95 % of the time, if both exist.
    distribution : Continuous or Discrete
        What was drawn from.

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> from underhood.probability import law_of_large_numbers
    >>> law_of_large_numbers(Normal(3, 1), n=100, paths=2, rng=1).means.shape
    (2, 100)
    """

    means: NDArray[np.float64]
    mean: float
    std: float
    distribution: Continuous | Discrete

    def _title(self) -> str:
        paths, n = self.means.shape
        return f"Law of large numbers: {paths} path{'s' * (paths > 1)} of {n:,} draws from {self.distribution!r}"

    def _rows(self) -> list[tuple[str, str]]:
        n = self.means.shape[1]
        shown = [k for k in (10**power for power in range(20)) if k < n] + [n]
        more = ", …" * (len(self.means) > 6)
        rows = [(f"means of {k:,}", format_value(tuple(self.means[:6, k - 1]), 4)[1:-1] + more) for k in shown]
        return [*rows, ("mean", format_value(self.mean))]

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the paths, the mean, and the band of ±2 standard errors."""
        from underhood.plot._probability import running_means

        return running_means(self.means, self.mean, self.std, ax=ax)


def law_of_large_numbers(
    distribution: Continuous | Discrete, n: int = 10_000, paths: int = 5, rng: Seed = None
) -> LawOfLargeNumbers:
    """Watch running means of draws settle at the mean of the distribution, or not, if it has none.

    If E|X| is finite, x̄ₖ = (x₁ + … + xₖ)/k converges to E X with probability 1. Try it with ``Cauchy()``, whose
    means never settle.

    Parameters
    ----------
    distribution : Continuous or Discrete
        One distribution.
    n : int, default 10,000
        How many draws a path has.
    paths : int, default 5
        How many paths.
    rng : int, numpy.random.Generator or None
        A seed, or a generator; None takes a fresh seed.

    Returns
    -------
    LawOfLargeNumbers
        ``means``, ``mean``, ``std``, and ``.plot()``.

    Raises
    ------
    TypeError, ValueError
        If `distribution` is not one distribution, or `n` or `paths` is less than 1.

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> from underhood.probability import law_of_large_numbers
    >>> result = law_of_large_numbers(Normal(3, 1), n=1000, paths=3, rng=1)
    >>> bool(abs(result.means[:, -1] - 3).max() < 0.15)
    True
    """
    means = _core.probability.running_means(distribution, n, paths, rng)
    return LawOfLargeNumbers(means, float(distribution.mean()), float(distribution.std()), distribution)


class CentralLimitTheorem(Result):
    """Means of many samples, for several sample sizes, beside the normal distribution that the theorem predicts.

    Attributes
    ----------
    sizes : tuple of int
        The sample sizes.
    means : dict of int to ndarray
        For each size the means of the samples.
    distribution : Continuous or Discrete
        What was drawn from.

    Examples
    --------
    >>> from underhood.distributions import ChiSquared
    >>> from underhood.probability import central_limit_theorem
    >>> result = central_limit_theorem(ChiSquared(1), sizes=(1, 16), repetitions=500, rng=1)
    >>> result.means[16].shape
    (500,)
    """

    __slots__ = ("distribution", "means", "sizes")
    _header: ClassVar = ["n", "mean of means", "std of means", "σ/√n", "skewness"]

    def __init__(self, distribution: Continuous | Discrete, means: dict[int, NDArray[np.float64]]) -> None:
        self.distribution, self.means, self.sizes = distribution, means, tuple(means)

    def __dir__(self) -> list[str]:
        return [*self.__slots__, "plot", "predicted", "standardized"]

    def predicted(self, size: int) -> Normal:
        """Give the normal distribution that the theorem predicts for means of samples of this size: N(μ, σ²/n)."""
        return Normal(self.distribution.mean(), float(self.distribution.std()) / float(size) ** 0.5)

    def standardized(self, size: int) -> NDArray[np.float64]:
        """Give √n(x̄ − μ)/σ of the means of samples of this size, which tend to a standard normal variable."""
        scale = float(self.distribution.std()) / float(size) ** 0.5
        standardized: NDArray[np.float64] = (self.means[size] - float(self.distribution.mean())) / scale
        return standardized

    def plot(self) -> Any:
        """Draw a histogram of the means for each size, with the normal density that is predicted; gives the figure."""
        from underhood.plot._probability import sample_means

        return sample_means(self)

    def _cells(self) -> list[list[str]]:
        rows = []
        for size, means in self.means.items():
            centred = means - means.mean()
            second = float(np.mean(centred**2))
            skewness = float(np.mean(centred**3)) / second**1.5 if second > 0 else float("nan")
            spread = float(self.distribution.std()) / size**0.5
            numbers = (float(means.mean()), float(means.std()), spread, skewness)
            rows.append([str(size), *(format_value(number, 4) for number in numbers)])
        return rows

    def _title(self) -> str:
        repetitions = len(next(iter(self.means.values())))
        return f"Central limit theorem: means of {repetitions:,} samples from {self.distribution!r}"

    def __repr__(self) -> str:
        return f"{self._title()}\n" + text_table(self._header, self._cells(), "rrrrr")

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(self._header, self._cells(), "rrrrr")


def central_limit_theorem(
    distribution: Continuous | Discrete,
    sizes: Sequence[int] = (1, 2, 5, 30),
    repetitions: int = 10_000,
    rng: Seed = None,
) -> CentralLimitTheorem:
    """Watch means of samples become normal as the samples grow, whatever they are drawn from (with a finite variance).

    If σ² is finite, √n(x̄ − μ)/σ tends to a standard normal variable.

    Parameters
    ----------
    distribution : Continuous or Discrete
        One distribution with a finite variance.
    sizes : sequence of int, default (1, 2, 5, 30)
        The sample sizes.
    repetitions : int, default 10,000
        How many samples of each size.
    rng : int, numpy.random.Generator or None
        A seed, or a generator; None takes a fresh seed.

    Returns
    -------
    CentralLimitTheorem
        ``means`` by size, ``predicted(size)``, ``standardized(size)``, and ``.plot()``.

    Raises
    ------
    TypeError, ValueError
        If `distribution` is not one distribution, its variance is not finite or 0, or a number is less than 1.

    Examples
    --------
    >>> from underhood.distributions import ChiSquared
    >>> from underhood.probability import central_limit_theorem
    >>> result = central_limit_theorem(ChiSquared(1), sizes=(1, 100), repetitions=2000, rng=1)
    >>> bool(abs(result.standardized(100).std() - 1) < 0.08)
    True
    """
    asked: list[int] = np.atleast_1d(np.asarray(sizes, dtype=object)).tolist()
    if not asked:
        raise ValueError("central_limit_theorem: sizes is empty, but at least one sample size is needed")
    means = _core.probability.sample_means(distribution, asked, repetitions, rng)
    return CentralLimitTheorem(distribution, dict(zip(map(int, asked), means, strict=True)))
