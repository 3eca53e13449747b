"""Counting: in how many ways things can be chosen and put in order, as whole numbers of any size."""

from __future__ import annotations

import math
import operator
from typing import Any

__all__ = ["arrangements", "combinations", "permutations"]

_DIGITS = 1_000_000


def permutations(n: int, k: int | None = None, *, repetition: bool = False) -> int:
    """Count the ways to put k of n things in order: n!/(n − k)!, or nᵏ with repetition.

    Parameters
    ----------
    n : int
        How many things there are.
    k : int, optional
        How many places are filled; all n if left out.
    repetition : bool, default False
        Whether a thing may stand in several places.

    Returns
    -------
    int
        A whole number of any size; 0 if k > n without repetition.

    Raises
    ------
    TypeError, ValueError
        If `n` or `k` is not whole, or negative, or the number has more than a million digits.

    Examples
    --------
    The first three of eight runners; a lock of four digits:

    >>> from underhood.probability import permutations
    >>> permutations(8, 3)
    336
    >>> permutations(10, 4, repetition=True)
    10000
    """
    n = _whole("permutations", "n", n)
    k = n if k is None else _whole("permutations", "k", k)
    if repetition:
        _writable("permutations", _log_power(n, k))
        ways: int = n**k
        return ways
    _writable("permutations", _log_power(n, k) if 2 * k < n else _log_factorial(n))
    return math.perm(n, k) if k <= n else 0


def combinations(n: int, k: int, *, repetition: bool = False) -> int:
    """Count the ways to choose k of n things: n!/(k!(n − k)!), or (n + k − 1)!/(k!(n − 1)!) with repetition.

    Parameters
    ----------
    n : int
        How many things there are.
    k : int
        How many are chosen.
    repetition : bool, default False
        Whether a thing may be chosen several times.

    Returns
    -------
    int
        A whole number of any size; 0 if k > n without repetition.

    Raises
    ------
    TypeError, ValueError
        If `n` or `k` is not whole, or negative, or the number has more than a million digits.

    Examples
    --------
    Six of 49 numbers; three scoops of five kinds of ice cream:

    >>> from underhood.probability import combinations
    >>> combinations(49, 6)
    13983816
    >>> combinations(5, 3, repetition=True)
    35
    """
    n, k = _whole("combinations", "n", n), _whole("combinations", "k", k)
    if repetition:
        # As many as there are ways to lay k things and n - 1 walls between the kinds in a row.
        n = n + k - 1 if n else k - 1 if k else 0
    if k > n:
        return 0
    fewer = min(k, n - k)
    # No more than nᵏ/k! and 2ⁿ.
    _writable("combinations", min(_log_power(n, fewer) - _log_factorial(fewer), _log_power(2, n)))
    return math.comb(n, fewer)


def arrangements(*counts: int) -> int:
    """Count the orders of things of which some are alike: (n₁ + n₂ + …)!/(n₁!·n₂!·…), the multinomial coefficient.

    Parameters
    ----------
    *counts : int
        How many there are of each kind.

    Returns
    -------
    int
        A whole number of any size.

    Raises
    ------
    TypeError, ValueError
        If a count is not whole, or negative, or the number has more than a million digits.

    Examples
    --------
    The words that can be made of the letters of MISSISSIPPI (1 M, 4 I, 4 S, 2 P):

    >>> from underhood.probability import arrangements
    >>> arrangements(1, 4, 4, 2)
    34650
    """
    numbers = [_whole("arrangements", "counts", count) for count in counts]
    _writable("arrangements", _log_power(len(numbers), sum(numbers)))
    total, ways = 0, 1
    for number in numbers:
        total += number
        ways *= math.comb(total, number)
    return ways


def _writable(function: str, logarithm: float) -> None:
    """Refuse what has so many digits that computing it would not end; `logarithm` is its own or that of a bound."""
    digits = logarithm / math.log(10)
    if digits > _DIGITS:
        raise ValueError(
            f"{function}: the number has up to {digits:.3g} digits, more than the {_DIGITS:,} that are computed;"
            " underhood.special.gammaln gives the logarithm of a factorial"
        )


_HUGE = 10**300


def _log_power(n: int, k: int) -> float:
    """Give ln nᵏ; for a huge k something huge."""
    return min(k, _HUGE) * math.log(max(n, 1))


def _log_factorial(n: int) -> float:
    """Give ln n!; for a huge n something huge."""
    return math.lgamma(min(n, _HUGE) + 1)


def _whole(function: str, argument: str, value: Any) -> int:
    """Give the whole number from 0 that an argument is, or refuse it by name."""
    try:
        number = operator.index(value)
    except TypeError:
        kind = type(value).__name__
        raise TypeError(f"{function}: {argument} is a {kind}, but must be a whole number") from None
    if number < 0:
        raise ValueError(f"{function}: {argument} is {number}, but must be at least 0")
    return number
