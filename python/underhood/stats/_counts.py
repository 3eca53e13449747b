"""Tests of counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import counts as core
from underhood._results import Result, format_probability, format_value

__all__ = ["ContingencyResult", "chi2_contingency"]

_COUNTS = ("each observation is counted once, in one cell, independently of the others",)


@dataclass(slots=True, repr=False, eq=False)
class ContingencyResult(Result):
    """What the chi-square test of independence finds; unpacks to SciPy's four fields.

    Attributes
    ----------
    statistic, pvalue : float
        χ², and the probability of so large a χ² if rows and columns are independent.
    dof : int
        Degrees of freedom, (rows − 1)(columns − 1).
    expected_freq : ndarray
        The counts to be expected if they are independent.
    effect_size : float
        Cramér's V, from 0 (independent) to 1 (one category decides the other), without Yates' correction.
    total : float
        The sum of all counts.
    corrected : bool
        Whether Yates' correction was applied.
    assumptions, notes : tuple of str
        What was assumed, and what the counts make doubtful.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue", "dof", "expected_freq")
    statistic: float
    pvalue: float
    dof: int
    expected_freq: NDArray[np.float64]
    effect_size: float
    total: float
    corrected: bool
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]

    def _title(self) -> str:
        return "Chi-square test of independence" + (", with Yates' correction" if self.corrected else "")

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.chi2_contingency([[25, 15], [25, 35]]).explain()[:65])
        Question: are rows and columns independent? Over a total of 100 c
        """
        doubts = "".join(f" Note: {note}." for note in self.notes)
        return (
            f"Question: are rows and columns independent? Over a total of {format_value(self.total)} counts, "
            "Cramér's V, which "
            "is zero for independent categories and one if one decides the other, is "
            f"{format_value(self.effect_size)}; if they "
            f"were independent, a χ² of at least {format_value(self.statistic)} would come up with probability "
            f"{format_probability(self.pvalue)}. "
            "A small probability speaks against independence; it does not say which cells are responsible, that the "
            f"association is strong, or what causes it. A large one does not show that there is none.{doubts}"
        )


def chi2_contingency(observed: ArrayLike, correction: bool = True) -> ContingencyResult:
    """Chi-square test of independence of a table of counts: χ² = Σ(observed − expected)²/expected.

    Parameters
    ----------
    observed : array_like, shape (r, c)
        Counts, two rows and two columns or more (SciPy's function takes tables of any number of axes).
    correction : bool, default True
        Whether to apply Yates' correction to a table of two by two: each difference is made up to 1/2 smaller.

    Returns
    -------
    ContingencyResult
        Unpacks to (statistic, pvalue, dof, expected_freq).

    Raises
    ------
    ValueError
        If the table is too small, a count is negative, missing or infinite, or a row or column has no counts.

    Notes
    -----
    The distribution of χ² is approximate; where expected counts are below 5, a note says so.

    References
    ----------
    K. Pearson (1900), doi:10.1080/14786440009463897; F. Yates (1934), doi:10.2307/2983604.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.chi2_contingency([[10, 10, 20], [20, 20, 20]])
    >>> round(test.statistic, 6), test.dof, test.expected_freq
    (2.777778, 2, array([[12., 12., 16.],
           [18., 18., 24.]]))
    """
    found = core.chi2_contingency(observed, correction)
    expected = found[3]
    few = np.count_nonzero(expected < 5)
    notes = (f"{few} of {expected.size} expected counts are below 5, so the p-value is rough",) if few else ()
    return ContingencyResult(*found, assumptions=_COUNTS, notes=notes)
