"""The logarithm of a sum of exponentials, and the softmax, along axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import special as _core

Axis = int | tuple[int, ...] | None


def logsumexp(
    a: ArrayLike,
    axis: Axis = None,
    b: ArrayLike | None = None,
    keepdims: bool = False,
    return_sign: bool = False,
) -> Any:
    """Take the logarithm of a sum of exponentials, ln Σ bᵢ exp(aᵢ), without over- or underflow.

    Parameters
    ----------
    a : array_like
        Exponents.
    axis : int or tuple of int, optional
        The axis or axes to sum over; by default all.
    b : array_like, optional
        Weights, broadcast against `a`; by default 1.
    keepdims : bool, default False
        Keep the axes that were summed over, with length 1.
    return_sign : bool, default False
        Give the logarithm of the sum's size, and the sum's sign beside it.

    Returns
    -------
    float or ndarray, or two of them
        -inf for an empty sum; NaN for a negative one unless `return_sign`. The error is an ulp or two of the largest
        exponent.

    Examples
    --------
    >>> from underhood import special
    >>> round(special.logsumexp([1000.0, 1000.0]), 9)
    1000.693147181
    >>> special.logsumexp([[0.0, 0.0], [1.0, 2.0]], axis=1).round(6)
    array([0.693147, 2.313262])
    >>> round(special.logsumexp([1.0, 2.0], b=[1.0, 3.0]), 9)
    3.2142833
    """
    exponents = _array("logsumexp", "a", a)
    weights = None
    if b is not None:
        weights = _array("logsumexp", "b", b)
        try:
            exponents, weights = np.broadcast_arrays(exponents, weights)
        except ValueError:
            message = f"logsumexp: b has shape {weights.shape}, which does not broadcast against a's {exponents.shape}"
            raise ValueError(message) from None
    axes = _axes("logsumexp", axis, exponents.ndim)
    rows, shape = _rows(exponents, axes)
    if weights is None:
        values = _core.logsumexp_rows(rows)
        signs = np.where(np.isnan(values), np.nan, np.where(values == -np.inf, 0.0, 1.0)) if return_sign else None
    else:
        values, signs = _core.logsumexp_rows_weighted(rows, _rows(weights, axes)[0])
        if not return_sign:
            values[signs < 0] = np.nan
    if keepdims:
        shape = tuple(1 if i in axes else length for i, length in enumerate(exponents.shape))
    if return_sign and signs is not None:
        return _shaped(values, shape), _shaped(signs, shape)
    return _shaped(values, shape)


def softmax(x: ArrayLike, axis: Axis = None) -> Any:
    """Turn numbers into positive weights that add up to 1: exp(xᵢ)/Σ exp(xⱼ).

    Parameters
    ----------
    x : array_like
        Log weights.
    axis : int or tuple of int, optional
        The axis or axes along which the weights add up to 1; by default all.

    Returns
    -------
    float or ndarray
        Of x's shape. Relative error below 1e-14, of tiny weights too. NaN beside a NaN, or where more than one number
        is infinite.

    Examples
    --------
    >>> from underhood import special
    >>> special.softmax([1000.0, 1000.0, -1000.0])
    array([0.5, 0.5, 0. ])
    >>> special.softmax([[0.0, 0.0], [0.0, 1.0]], axis=1).round(4)
    array([[0.5   , 0.5   ],
           [0.2689, 0.7311]])
    """
    numbers = _array("softmax", "x", x)
    axes = _axes("softmax", axis, numbers.ndim)
    if numbers.ndim > 0 and axes == tuple(range(numbers.ndim - len(axes), numbers.ndim)):
        # The last axes: rows as they lie.
        return _core.softmax_rows(_rows(numbers, axes)[0]).reshape(numbers.shape)
    rows, shape = _rows(numbers, axes)
    weights = _core.softmax_rows(rows).reshape(shape + tuple(numbers.shape[i] for i in axes))
    kept = [i for i in range(numbers.ndim) if i not in axes]
    order = [*kept, *axes]
    back = [order.index(i) for i in range(numbers.ndim)]
    return np.ascontiguousarray(weights.transpose(back)) if numbers.ndim else float(weights)


def _array(function: str, argument: str, value: Any) -> NDArray[np.float64]:
    if isinstance(value, np.ndarray) and type(value) is np.ndarray and value.dtype == np.float64:
        return value
    return _core.read(function, argument, value)


def _axes(function: str, axis: Axis, ndim: int) -> tuple[int, ...]:
    """Give the axes as rising numbers from 0."""
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    for each in axes:
        if isinstance(each, bool) or not isinstance(each, (int, np.integer)):
            raise TypeError(f"{function}: axis is {axis!r}, not a whole number or a tuple of them")
        if not -ndim <= each < ndim:
            raise ValueError(f"{function}: axis is {axis}, but the array has {ndim} axes")
    found = tuple(sorted(int(each) % ndim for each in axes))
    if len(set(found)) < len(found):
        raise ValueError(f"{function}: axis is {axis}, which names an axis twice")
    return found


def _rows(array: NDArray[np.float64], axes: tuple[int, ...]) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    """Give the numbers as a matrix whose rows run over the axes, and the shape of the other axes."""
    kept = [i for i in range(array.ndim) if i not in axes]
    shape = tuple(array.shape[i] for i in kept)
    length = math.prod(array.shape[i] for i in axes)
    return array.transpose([*kept, *axes]).reshape(math.prod(shape), length), shape


def _shaped(values: NDArray[np.float64], shape: tuple[int, ...]) -> Any:
    return values.reshape(shape) if shape else float(values[0])
