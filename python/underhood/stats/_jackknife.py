"""The jackknife: a statistic with each value left out in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import resampling as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import interval, percent
from underhood.stats._resampling import Custom, Statistic, describe, read_samples, read_statistic, vectors

__all__ = ["JackknifeResult", "jackknife"]

_ROUGH = ("median", "quantile", "iqr")


@dataclass(slots=True, repr=False, eq=False)
class JackknifeResult(Result):
    """What a jackknife finds.

    Attributes
    ----------
    estimate : float
        The statistic of the whole sample, θ̂.
    bias : float
        (n − 1)(θ̄ − θ̂), where θ̄ is the mean of ``values``.
    bias_corrected : float
        The estimate less the bias.
    standard_error : float
        √((n − 1)/n · Σ(θᵢ − θ̄)²).
    confidence_interval : tuple of float
        ``bias_corrected`` ± Student's t with n − 1 degrees of freedom times the standard error.
    confidence_level : float
        Level of the interval.
    statistic : str
        The statistic's name.
    n : int
        How many values, or pairs.
    native : bool
        Whether the statistic was computed by the core, or by calling Python.
    values : ndarray, shape (n,)
        θᵢ: the statistic without each value in turn.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    estimate: float
    bias: float
    bias_corrected: float
    standard_error: float
    confidence_interval: tuple[float, float]
    confidence_level: float
    statistic: str
    n: int
    native: bool
    values: NDArray[np.float64]

    def _title(self) -> str:
        return f"Jackknife of the {self.statistic}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[str]:
        if self.statistic.startswith(_ROUGH):
            yield (
                f"the {self.statistic} jumps from value to value, and the jackknife's standard error of it is wrong "
                "however large the sample; use the bootstrap"
            )

    def explain(self) -> str:
        """Say in words what was done, what was found, and what it rests on.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.jackknife([1, 2, 4, 9], "mean").explain().splitlines()[0])
        Question: how far may the mean of the sample be from that of the population?
        """
        lines = [
            f"Question: how far may the {self.statistic} of the sample be from that of the population?",
            f"Done: the {self.statistic} was computed n = {self.n} times, each time without one of the values.",
            f"Found: the {self.statistic} is {format_value(self.estimate)}, with a standard error of "
            f"{format_value(self.standard_error)} and a bias of {format_value(self.bias)}; without the bias it is "
            f"{format_value(self.bias_corrected)}.",
            f"Size: {interval(*self.confidence_interval)} ({percent(self.confidence_level)} confidence interval).",
            "Assumptions: the values are independent of each other (the data cannot tell), and the statistic changes "
            "smoothly with them.",
            f"Not concluded: that the interval holds the population's {self.statistic} with that probability; the "
            "level says how often intervals made this way hold it, nearly, in large samples.",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self._remarks())])


def jackknife(data: Any, statistic: Statistic, *, confidence_level: float = 0.95) -> JackknifeResult:
    """Bias and standard error of a statistic from leaving out one value at a time.

    With θᵢ the statistic without the i-th value and θ̄ their mean: bias (n − 1)(θ̄ − θ̂), standard error
    √((n − 1)/n · Σ(θᵢ − θ̄)²).

    Parameters
    ----------
    data : array_like, shape (n,), or sequence of samples
        One sample; or samples of one length whose values belong together and are left out together.
    statistic : str, pair or callable
        As for :func:`bootstrap`.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    JackknifeResult
        ``estimate``, ``bias``, ``standard_error``, ``confidence_interval``, ``values``, …

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, or the statistic has no value without one of
        them.
    TypeError
        If the statistic is neither a name nor a function.

    References
    ----------
    M. H. Quenouille (1949), doi:10.1111/j.2517-6161.1949.tb00023.x; J. W. Tukey (1958), doi:10.1214/aoms/1177706647.

    Examples
    --------
    The variance with divisor n is too small, and the jackknife finds by how much:

    >>> import numpy as np
    >>> import underhood as uh
    >>> found = uh.stats.jackknife([1, 2, 4, 9], np.var)
    >>> found.estimate, round(found.bias_corrected, 6), round(float(np.var([1, 2, 4, 9], ddof=1)), 6)
    (9.5, 12.666667, 12.666667)
    """
    known = read_statistic("jackknife", statistic, None)
    samples = read_samples("jackknife", data)
    if isinstance(known, Custom):
        arrays = vectors("jackknife", samples)
        n = len(arrays[0])
        if any(len(x) != n for x in arrays):
            raise ValueError("jackknife: data has samples of different lengths, but values are left out together")
        if n < 2:
            raise ValueError(f"jackknife: data has {n} value, but at least 2 are needed")
        values = known.leaving_out(arrays, range(len(arrays)))
        found = core.jackknife_of(known.of(*arrays), values, confidence_level)
    else:
        found = core.jackknife(samples, known, confidence_level)
        n = len(samples[0])
    estimate, bias, error, within, values = found
    name, native = describe(known), not isinstance(known, Custom)
    return JackknifeResult(
        estimate, bias, estimate - bias, error, within, float(confidence_level), name, n, native, values
    )
