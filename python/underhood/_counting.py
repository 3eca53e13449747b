"""Counting: binomial coefficients and factorials, in doubles or as whole numbers of any size."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import special as _core


def comb(
    N: ArrayLike,
    k: ArrayLike,
    *,
    exact: bool = False,
    repetition: bool = False,
) -> Any:
    """Count the ways to choose k of N things: N!/(k!(N − k)!).

    Parameters
    ----------
    N : array_like
        Things to choose from.
    k : array_like
        Things chosen; broadcast against `N`.
    exact : bool, default False
        A whole number of any size, for whole single numbers `N` and `k`; else doubles.
    repetition : bool, default False
        Whether a thing may be chosen more than once: (N + k − 1)!/(k!(N − 1)!).

    Returns
    -------
    int, float or ndarray
        0 where k > N, N < 0 or k < 0. Relative error of doubles below 1e-14; whole coefficients below 4e14 come out
        exact.

    Raises
    ------
    TypeError
        If `exact` and an argument is not a single whole number.

    Examples
    --------
    >>> from underhood import special
    >>> special.comb(49, 6)
    13983816.0
    >>> special.comb(100, 50, exact=True)
    100891344545564193334812497256
    """
    if not exact:
        return _core.comb(N, k, bool(repetition))
    n, chosen = _whole("comb", "N", N), _whole("comb", "k", k)
    if repetition:
        if n >= 0 and chosen == 0:
            return 1
        n = n + chosen - 1
    return math.comb(n, chosen) if n >= 0 and chosen >= 0 else 0


def factorial(n: ArrayLike, exact: bool = False) -> Any:
    """Multiply the whole numbers up to n: n! = Γ(n + 1), the number of orders of n things.

    Parameters
    ----------
    n : array_like
        Numbers; with ``exact=True`` whole numbers.
    exact : bool, default False
        Whole numbers of any size (an array of int64, or of Python's integers where one does not fit), else doubles.

    Returns
    -------
    int, float or ndarray
        0 for negative n, as SciPy has it. In doubles inf from 171 on, exact up to 22!, relative error below 2e-15
        beyond.

    Raises
    ------
    TypeError
        If `exact` and a number is not whole.

    Examples
    --------
    >>> from underhood import special
    >>> special.factorial([0, 1, 2, 3, 4])
    array([ 1.,  1.,  2.,  6., 24.])
    >>> special.factorial(25, exact=True)
    15511210043330985984000000
    """
    if not exact:
        return _core.factorial(n)
    array = np.asarray(n)
    if array.ndim == 0:
        return _factorial(_whole("factorial", "n", n))
    if array.size and array.dtype.kind not in "iub":
        raise TypeError(f"factorial: n has dtype {array.dtype}, but exact=True needs whole numbers")
    values = [_factorial(int(value)) for value in array.flat]
    fits = all(value < 2**63 for value in values)
    exactly: NDArray[Any] = np.empty(array.size, dtype=np.int64 if fits else object)
    exactly[:] = values
    return exactly.reshape(array.shape)


def _factorial(n: int) -> int:
    return math.factorial(n) if n >= 0 else 0


def _whole(function: str, argument: str, value: Any) -> int:
    try:
        return operator.index(value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value)
    except TypeError:
        message = f"{function}: {argument} is {value!r}, but exact=True needs a single whole number"
        raise TypeError(message) from None
