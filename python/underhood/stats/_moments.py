"""The mode, and the first four moments at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood._core import stats as core
from underhood._results import Result

__all__ = ["ModeResult", "MomentsResult", "mode", "moments"]


@dataclass(slots=True, repr=False, eq=False)
class ModeResult(Result):
    """What :func:`mode` finds; unpacks to (mode, count).

    Attributes
    ----------
    mode : float or ndarray
        The most frequent value.
    count : int or ndarray
        How often it occurs; 0 where there is no mode.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("mode", "count")
    mode: float | NDArray[np.float64]
    count: int | NDArray[np.int64]


@dataclass(slots=True, repr=False, eq=False)
class MomentsResult(Result):
    """What :func:`moments` finds; unpacks to (mean, variance, skewness, kurtosis).

    Attributes
    ----------
    mean, variance, skewness, kurtosis : float or ndarray
        As :func:`mean`, :func:`var`, :func:`skew` and :func:`kurtosis` give them.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("mean", "variance", "skewness", "kurtosis")
    mean: float | NDArray[np.float64]
    variance: float | NDArray[np.float64]
    skewness: float | NDArray[np.float64]
    kurtosis: float | NDArray[np.float64]


def mode(a: Any, axis: int | None = None, *, nan_policy: str = "propagate") -> ModeResult:
    """Find the most frequent value, and how often it occurs.

    Of several that are equally frequent it is the smallest; where all differ it says nothing about the data. For text
    and categories see :func:`value_counts`.

    Parameters
    ----------
    a : array_like
        The values.
    axis : int, optional
        The axis to go along, which disappears from the shape; by default all values are one sample.
    nan_policy : {"propagate", "omit", "raise"}, default "propagate"
        Whether a missing value (NaN) makes the mode NaN, is left out, or is refused.

    Returns
    -------
    ModeResult
        With ``mode`` and ``count``; it unpacks to both.

    Raises
    ------
    ValueError
        If there are no values, or there is no such axis.
    TypeError
        If ``a`` does not hold real numbers.

    Examples
    --------
    >>> import underhood as uh
    >>> value, count = uh.stats.mode([3, 1, 2, 3, 1])
    >>> value, count
    (1.0, 2)
    """
    values, counts = core.mode_and_count(a, axis, nan_policy)
    if isinstance(counts, float):
        return ModeResult(values, 0 if counts != counts else int(counts))
    return ModeResult(values, np.nan_to_num(counts).astype(np.int64))


def moments(
    a: Any, axis: int | None = None, *, ddof: int = 1, bias: bool = True, nan_policy: str = "propagate"
) -> MomentsResult:
    """Find mean, variance, skewness and kurtosis in one pass over the values.

    Parameters
    ----------
    a : array_like
        The values.
    axis : int, optional
        The axis to go along, which disappears from the shape; by default all values are one sample.
    ddof : int, default 1
        What is taken from n in the divisor of the variance; see :func:`var`.
    bias : bool, default True
        Whether skewness and excess kurtosis are the sample's own; ``False`` corrects them; see :func:`skew`.
    nan_policy : {"propagate", "omit", "raise"}, default "propagate"
        Whether a missing value (NaN) makes the numbers NaN, is left out, or is refused.

    Returns
    -------
    MomentsResult
        With ``mean variance skewness kurtosis``; it unpacks to these.

    Raises
    ------
    ValueError
        If there are no values, or there is no such axis.
    TypeError
        If ``a`` does not hold real numbers.

    Notes
    -----
    One pass costs no more than the variance alone. Formulas of Chan, Golub and LeVeque (1983) and Pébay (2008).

    Examples
    --------
    >>> import underhood as uh
    >>> mean, variance, skewness, kurtosis = uh.stats.moments([1, 2, 3, 10])
    >>> mean, round(variance, 4), round(skewness, 4), round(kurtosis, 4)
    (4.0, 16.6667, 1.0182, -0.7696)
    """
    return MomentsResult(*core.four_moments(a, axis, ddof, bias, nan_policy))
