"""Counting: in how many ways things can be chosen and put in order, as whole numbers of any size."""

from __future__ import annotations

import math
import operator
from typing import Any

__all__ = ["arrangements", "combinations", "permutations"]


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
        If `n` or `k` is not whole, or negative.

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
    return n**k if repetition else math.perm(n, k)


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
        If `n` or `k` is not whole, or negative.

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
        return math.comb(n + k - 1, k) if n or k else 1
    return math.comb(n, k)


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
        If a count is not whole, or negative.

    Examples
    --------
    The words that can be made of the letters of MISSISSIPPI (1 M, 4 I, 4 S, 2 P):

    >>> from underhood.probability import arrangements
    >>> arrangements(1, 4, 4, 2)
    34650
    """
    total, ways = 0, 1
    for count in counts:
        count = _whole("arrangements", "counts", count)
        total += count
        ways *= math.comb(total, count)
    return ways


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
