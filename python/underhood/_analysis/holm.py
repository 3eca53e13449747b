"""Holm's correction for many tests at once (S. Holm, 1979, Scandinavian Journal of Statistics 6, 65-70).

With m tests, the smallest p-value is multiplied by m, the next by m - 1, and so on; none may be smaller than the one
before it, and none exceeds 1. The chance that any true null hypothesis is rejected at level α is then at most α.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["holm"]


def holm(pvalues: Sequence[float]) -> list[float]:
    """Adjust p-values for their number.

    Examples
    --------
    >>> holm([0.03, 0.01, 0.04])
    [0.06, 0.03, 0.06]
    """
    order = sorted(range(len(pvalues)), key=pvalues.__getitem__)
    adjusted = [0.0] * len(pvalues)
    largest = 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(pvalues) - rank) * pvalues[i]))
        adjusted[i] = largest
    return adjusted
