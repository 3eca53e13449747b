"""Many tests at once: p-values corrected for their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import means as core
from underhood._results import Result, format_value

__all__ = ["MultipleTestsResult", "multipletests"]

_KEPT = {
    "bonferroni": "Bonferroni",
    "sidak": "Šidák",
    "holm": "Holm",
    "holm-sidak": "Holm and Šidák",
    "simes-hochberg": "Hochberg",
    "hochberg": "Hochberg",
    "fdr_bh": "Benjamini and Hochberg",
    "fdr_by": "Benjamini and Yekutieli",
}


@dataclass(slots=True, repr=False, eq=False)
class MultipleTestsResult(Result):
    """Corrected p-values; unpacks to (reject, pvals_corrected).

    Attributes
    ----------
    reject : ndarray of bool
        Whether each corrected p-value is at most ``alpha``.
    pvals_corrected : ndarray
        The corrected p-values, each at its place.
    rejected, n : int
        How many were rejected, of how many.
    alpha : float
        What the corrected values were compared with.
    method : str
        How they were corrected.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("reject", "pvals_corrected")
    reject: NDArray[np.bool_]
    pvals_corrected: NDArray[np.float64]
    rejected: int
    n: int
    alpha: float
    method: str

    def _title(self) -> str:
        return f"{self.n} p-values corrected by the method of {_KEPT[self.method]}"

    def explain(self) -> str:
        """Say in words what was corrected, what is left, and what that does not say.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.multipletests([0.01, 0.04]).explain().splitlines()[1])
        Found: 2 of 2 corrected p-values are at most 0.05.
        """
        if self.method.startswith("fdr"):
            kept = (
                f"if all of these are called effects, the share of false alarms among them is expected to be at most "
                f"{format_value(self.alpha)}; any one of them may be false"
            )
        else:
            kept = f"the probability of any false alarm among all tests together is at most {format_value(self.alpha)}"
        assumed = {
            "sidak": "the tests are independent of each other",
            "holm-sidak": "the tests are independent of each other",
            "simes-hochberg": "the tests are independent of each other, or depend on each other positively",
            "hochberg": "the tests are independent of each other, or depend on each other positively",
            "fdr_bh": "the tests are independent of each other, or depend on each other positively",
        }.get(self.method, "nothing of how the tests depend on each other")
        return "\n".join(
            [
                "Question: which of the p-values stay small if they are corrected for their number?",
                f"Found: {self.rejected} of {self.n} corrected p-values are at most {format_value(self.alpha)}.",
                f"Kept: {kept}.",
                f"Assumed: {assumed}; every p-value is right for itself; and every test that was made is among them.",
                "Not concluded: tests that are not rejected do not show that there is no effect.",
            ]
        )


def multipletests(pvals: ArrayLike, *, alpha: float = 0.05, method: str = "holm") -> MultipleTestsResult:
    """Correct the p-values of many tests for their number.

    Of m values the r-th smallest p becomes, with neighbours made to agree:

    ================== ======================= =====================================================
    method             corrected               keeps
    ================== ======================= =====================================================
    ``bonferroni``     m·p                     the probability of any false alarm
    ``sidak``          1 − (1 − p)ᵐ            the same, if the tests are independent
    ``holm``           (m − r + 1)·p           the same, whatever the dependence
    ``holm-sidak``     1 − (1 − p)^(m − r + 1) the same, if the tests are independent
    ``simes-hochberg`` (m − r + 1)·p, from above the same, if they are independent or positively dependent
    ``fdr_bh``         m/r·p                   the expected share of false alarms, under the same condition
    ``fdr_by``         m/r·p·Σ1/i              that share, whatever the dependence
    ================== ======================= =====================================================

    Parameters
    ----------
    pvals : array_like, shape (m,)
        P-values of all the tests that were made.
    alpha : float, default 0.05
        The probability, or the share, that is kept.
    method : str, default "holm"
        One of statsmodels' names above (``hochberg`` is another for ``simes-hochberg``); its default is ``"hs"``,
        which is ``"holm-sidak"`` here.

    Returns
    -------
    MultipleTestsResult
        Unpacks to (reject, pvals_corrected).

    Raises
    ------
    ValueError
        If a p-value is missing or not between 0 and 1, ``alpha`` is not between 0 and 1, or the method is unknown.

    References
    ----------
    S. Holm (1979), Scandinavian Journal of Statistics 6, 65–70; Y. Hochberg (1988), doi:10.1093/biomet/75.4.800;
    Y. Benjamini & Y. Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; Y. Benjamini & D. Yekutieli (2001),
    doi:10.1214/aos/1013699998.

    Examples
    --------
    >>> import underhood as uh
    >>> reject, corrected = uh.stats.multipletests([0.03, 0.01, 0.04], alpha=0.05)
    >>> corrected
    array([0.06, 0.03, 0.06])
    >>> reject
    array([False,  True, False])
    """
    corrected = core.multipletests(pvals, method)
    if not (isinstance(alpha, int | float | np.number) and 0 < alpha < 1):
        raise ValueError(f"multipletests: alpha is {alpha!r}, but must be between 0 and 1")
    reject = corrected <= alpha
    return MultipleTestsResult(reject, corrected, int(reject.sum()), len(corrected), float(alpha), method)
