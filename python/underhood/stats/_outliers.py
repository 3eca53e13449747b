"""Values that lie far from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood._core import stats as core
from underhood._frames import doubles
from underhood._results import Result, format_value

__all__ = ["OutliersResult", "outliers"]

_RULES = {
    "iqr": "farther outside the middle half of the values than {threshold} times the width of that half (its "
    "interquartile range)",
    "z": "more than {threshold} standard deviations away from the mean",
    "mad": "more than {threshold} robust standard deviations (the median distance from the median, scaled to be one "
    "for normal data) away from the median",
}


@dataclass(slots=True, repr=False, eq=False)
class OutliersResult(Result):
    """What :func:`outliers` finds.

    Attributes
    ----------
    method : str
        The rule.
    threshold : float
        How far is far, in the rule's own measure.
    bounds : (float, float)
        Values below the first or above the second are outliers.
    mask : ndarray of bool
        For each value, whether it is an outlier; a missing one is none.
    count, n, missing : int
        How many outliers there are, how many values, and how many are missing (NaN).
    """

    _unpack: ClassVar[tuple[str, ...]] = ()
    method: str
    threshold: float
    bounds: tuple[float, float]
    mask: NDArray[np.bool_]
    count: int
    n: int
    missing: int
    _all: NDArray[np.float64]

    @property
    def values(self) -> NDArray[np.float64]:
        """The outliers."""
        return self._all[self.mask]

    @property
    def indices(self) -> NDArray[np.intp]:
        """Where they stand, counted from 0."""
        return np.flatnonzero(self.mask)

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the rule doubtful for these values."""
        notes = []
        # One of n values is at most (n − 1)/√n standard deviations away from the mean of all.
        if self.method == "z" and self.threshold >= (self.n - 1) / self.n**0.5:
            notes.append(
                f"of {self.n} values none can lie {format_value(self.threshold)} standard deviations from their mean, "
                'since an outlier stretches these itself, so this rule finds nothing here; "iqr" and "mad" may'
            )
        if np.isinf(self.bounds).any():
            notes.append("a quartile is infinite, so a bound is missing, and infinite values do not count as far")
        if self.bounds[0] == self.bounds[1] and self.threshold > 0:
            what = {"iqr": "the middle half of the values is", "mad": "at least half of the values are"}
            notes.append(f"{what.get(self.method, 'all values are')} one and the same, so anything else counts as far")
        return tuple(notes)

    def _title(self) -> str:
        return f"{self.count} outlier{'' if self.count == 1 else 's'} of {self.n} values"

    def _rows(self) -> list[tuple[str, str]]:
        rows = [
            ("rule", f"{self.method}: {_RULES[self.method].format(threshold=format_value(self.threshold))}"),
            ("bounds", f"{format_value(self.bounds[0])} to {format_value(self.bounds[1])}"),
            ("values", format_value(self.values)),
            ("indices", format_value(self.indices)),
            ("missing", str(self.missing)),
        ]
        return [*rows, *(("note", note) for note in self.notes)]

    def explain(self) -> str:
        """Say in words what the rule is, what it found, and what that does not mean.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.outliers([2, 3, 3, 4, 30]).explain().splitlines()[1])
        Found: 1 of 5 values lies outside of 1.5 to 5.5.
        """
        low, high = map(format_value, self.bounds)
        lines = [
            f"Rule ({self.method}): a value counts as an outlier if it lies "
            f"{_RULES[self.method].format(threshold=format_value(self.threshold))}.",
            f"Found: {self.count} of {self.n} values {'lies' if self.count == 1 else 'lie'} outside of {low} "
            f"to {high}.",
            "Careful: an outlier is not an error. It may be the most telling value of all, a slip of the pen, or what "
            "long-tailed data have all the time. Look where it comes from before you leave it out, and say so if you "
            "do.",
        ]
        if self.missing:
            lines.append(f"Missing values: {self.missing}, which were left out.")
        return "\n".join(lines + [f"Note: {note}." for note in self.notes])


def outliers(a: Any, method: str = "iqr", threshold: float | None = None) -> OutliersResult:
    """Find the values that lie far from the others.

    Parameters
    ----------
    a : vector of numbers
        The values; missing ones (NaN) are left out, and counted.
    method : {"iqr", "z", "mad"}, default "iqr"
        The rule. ``"iqr"``: more than ``threshold`` interquartile ranges below the lower quartile or above the upper
        one (Tukey, 1977). ``"z"``: more than ``threshold`` standard deviations (divisor n − 1) from the mean; large
        outliers hide themselves, since they stretch it. ``"mad"``: the same with median and median absolute deviation
        ÷ 0.6745, which outliers can hardly move (Iglewicz and Hoaglin, 1993).
    threshold : float, optional
        How far is far; by default 1.5, 3 and 3.5, as the authors have it.

    Returns
    -------
    OutliersResult
        With ``mask``, ``values``, ``indices``, ``bounds``, ``notes``, and :meth:`explain`.

    Raises
    ------
    ValueError
        If there are fewer than two values, infinite ones that leave no bounds, no such method, or a negative threshold.
    TypeError
        If ``a`` does not hold real numbers.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.outliers([2, 3, 3, 4, 30])
    >>> found.values, found.indices, found.bounds
    (array([30.]), array([4]), (1.5, 5.5))
    """
    mask, bounds, n, missing, used = core.outlier_mask(a, method, threshold)
    return OutliersResult(method, used, bounds, mask, int(mask.sum()), n, missing, doubles(a, "outliers", "a"))
