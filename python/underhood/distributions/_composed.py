"""Distributions made from data or from other distributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.distributions._base import Continuous, Discrete, Parameter

__all__ = ["Empirical", "KernelDensity", "Mixture", "Truncated"]


class _Composed:
    """What is not made of numbers: it keeps what it was made of, and has no likelihood to be fitted by."""

    __slots__ = ()
    _made_of: tuple[Any, ...]

    @property
    def parameters(self) -> dict[str, Any]:
        """What it was made of, by name."""
        return dict(zip(self._names, self._made_of, strict=True))

    _names: tuple[str, ...] = ()

    def _key(self) -> tuple[Any, ...]:
        return (type(self).__name__, *(_hashable(part) for part in self._made_of))

    def __reduce__(self) -> tuple[Any, ...]:
        return _PUBLIC[type(self).__name__], self._made_of

    @classmethod
    def fit(cls, data: ArrayLike, **fixed: float) -> Any:
        """Refuse: a composed distribution has no parameters to be estimated."""
        raise TypeError(f"{cls.__name__}.fit: {cls._no_fit}")

    _no_fit = "there is nothing to estimate"

    def _summed(self, other: Any, sign: str) -> Any:
        kind = type(self).__name__
        raise TypeError(f"{kind} {sign} {kind}: the sum is not of this kind; draw from both by rvs and add the draws")


class Truncated(_Composed):
    """A distribution given that its variable lies between two bounds.

    Density: f(x)/P(low ≤ X ≤ high) inside, 0 outside; of whole numbers, the same with probabilities.

    Parameters
    ----------
    distribution : Continuous or Discrete
        One distribution.
    low, high : float, default -inf and inf
        The bounds, both included.

    Raises
    ------
    TypeError, ValueError
        If `distribution` is not one distribution, `high` is below `low`, or there is no probability between them.

    Notes
    -----
    Support: the interval, as far as X reaches. Moments by numerical integration over the quantiles (sums for whole
    numbers), to about 1e-12; NaN for whole numbers that are too many and too uneven to be summed.

    Probabilities are ratios without cancellation; where the interval itself has a probability below 1e-290, ratios of
    logarithms, with a relative error of about 1e-16·|ln P|. It has no ``fit``: fit the distribution itself first.

    Examples
    --------
    >>> from underhood.distributions import Normal, Truncated
    >>> half = Truncated(Normal(), low=0)
    >>> round(half.mean(), 12)  # √(2/π)
    0.797884560803
    >>> half.cdf([0, 1, 2]).round(6)
    array([0.      , 0.682689, 0.9545  ])
    """

    __slots__ = ()
    _names = ("distribution", "low", "high")
    _no_fit = "fit the distribution itself, then truncate it"

    def __new__(cls, distribution: Continuous | Discrete, low: float = -np.inf, high: float = np.inf) -> Any:
        kind = _TruncatedCounts if isinstance(distribution, Discrete) else _TruncatedContinuous
        create: Any = super(Truncated, kind).__new__
        made: Any = create(kind, "Truncated", distribution, low, high)
        made._made_of = (distribution, float(low), float(high))
        return made

    def _moved(self, scale: object, shift: object) -> Any:
        distribution, low, high = self._made_of
        moved = distribution._moved(scale, shift)
        if moved is NotImplemented:
            return moved
        ends = sorted(float(scale) * end + float(shift) for end in (low, high))  # type: ignore[arg-type]
        return Truncated(moved, *ends)


class Mixture(_Composed):
    """A mixture: with probability wᵢ a value of the i-th component.

    Density: f(x) = Σ wᵢ fᵢ(x); of whole numbers, the same with probabilities.

    Parameters
    ----------
    components : sequence of Continuous, or of Discrete
        One distribution each, all of one kind.
    weights : array_like, optional
        Not negative; they are divided by their sum. Equal if left out.

    Raises
    ------
    TypeError, ValueError
        If the components are not distributions of one kind, or the weights do not fit them.

    Notes
    -----
    Moments from those of the components: μ = Σ wᵢμᵢ, σ² = Σ wᵢ(σᵢ² + (μᵢ − μ)²), … Quantiles by a search on the
    logarithm of the smaller tail; the entropy is integrated numerically, to about 1e-10. It has no ``fit``.

    Source: G. McLachlan and D. Peel (2000), Finite Mixture Models.

    Examples
    --------
    >>> from underhood.distributions import Mixture, Normal
    >>> people = Mixture([Normal(165, 6), Normal(178, 7)], weights=[1, 1])
    >>> people.mean(), round(people.var(), 12)
    (171.5, 84.75)
    >>> round(people.sf(185), 6)
    0.079542
    """

    __slots__ = ()
    _names = ("components", "weights")
    _no_fit = "the number and the kind of the components would have to be known"

    def __new__(cls, components: Sequence[Continuous | Discrete], weights: ArrayLike | None = None) -> Any:
        if isinstance(components, Continuous | Discrete):
            raise TypeError("Mixture: components is one distribution, but must be a sequence of them")
        try:
            parts = list(components)
        except TypeError:
            raise TypeError(
                f"Mixture: components is a {type(components).__name__}, but must be a sequence of distributions"
            ) from None
        shares: Any = np.full(len(parts), 1 / max(len(parts), 1)) if weights is None else weights
        counts = bool(parts) and all(isinstance(part, Discrete) for part in parts)
        kind = _MixtureOfCounts if counts else _MixtureContinuous
        create: Any = super(Mixture, kind).__new__
        made: Any = create(kind, "Mixture", parts, shares)
        numbers: NDArray[np.float64] = np.asarray(shares, dtype=float)
        made._made_of = (tuple(parts), tuple((numbers / numbers.sum()).tolist()))
        return made

    def _moved(self, scale: object, shift: object) -> Any:
        components, weights = self._made_of
        moved = [component._moved(scale, shift) for component in components]
        return NotImplemented if NotImplemented in moved else Mixture(moved, weights)


class _TruncatedContinuous(Truncated, Continuous):
    __slots__ = ("_made_of",)


class _TruncatedCounts(Truncated, Discrete):
    __slots__ = ("_made_of",)


class _MixtureContinuous(Mixture, Continuous):
    __slots__ = ("_made_of",)


class _MixtureOfCounts(Mixture, Discrete):
    __slots__ = ("_made_of",)


for _kind, _public in (
    (_TruncatedContinuous, Truncated),
    (_TruncatedCounts, Truncated),
    (_MixtureContinuous, Mixture),
    (_MixtureOfCounts, Mixture),
):
    # To the reader (repr, pickle, help) they are what they were called to be.
    _kind.__name__ = _kind.__qualname__ = _public.__name__
    _kind.__doc__ = _public.__doc__


class Empirical(_Composed, Discrete):
    """The distribution that gives each of n observed values the probability 1/n: that of bootstrap draws.

    P(X = x) = (number of values equal to x)/n, P(X ≤ x) = (number of values ≤ x)/n.

    Parameters
    ----------
    data : array_like, shape (n,)
        The values, at least one; NaN is refused.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.

    Notes
    -----
    Support: the values, which need not be whole. Moments are those of the sample with divisor n. ``ppf`` gives a value
    of the sample: the smallest x with P(X ≤ x) ≥ q.

    Source: B. Efron (1979), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> from underhood.distributions import Empirical
    >>> sample = Empirical([3.0, 1.0, 2.0, 3.0])
    >>> sample.pmf([1, 3]), sample.cdf(2.5), sample.ppf(0.75)
    (array([0.25, 0.5 ]), 0.5, 3.0)
    """

    __slots__ = ("_made_of",)
    _names = ("data",)
    _no_fit = "Empirical(data) is already all that the data say"

    def __new__(cls, data: ArrayLike) -> Self:
        made = super().__new__(cls, "Empirical", data)
        made._made_of = (_kept(data),)
        return made

    data = Parameter("The values.")

    def _parameter(self, name: str) -> Any:
        return self.parameters[name]

    def _key(self) -> tuple[Any, ...]:
        return (type(self).__name__, *np.sort(self._made_of[0]).tolist())  # in any order they are the same distribution

    def _moved(self, scale: object, shift: object) -> Any:
        moved = self._made_of[0] * scale + shift
        return moved if moved is NotImplemented else type(self)(moved)


class KernelDensity(_Composed, Continuous):
    """A smooth density estimated from a sample: the mean of normal densities around its values.

    Density: f(x) = 1/(nh) Σ φ((x − xᵢ)/h) with the standard normal density φ and the bandwidth h.

    Parameters
    ----------
    data : array_like, shape (n,)
        The values; NaN is refused.
    bandwidth : {"scott", "silverman"} or float, default "scott"
        The standard deviation of a kernel, in the units of the data; or a rule: s·n^(−1/5) as in SciPy, or
        s·(4/(3n))^(1/5).

    Raises
    ------
    ValueError
        If there is no value, one is not finite, the bandwidth is not positive, or a rule finds no spread to go by.

    Notes
    -----
    Support: all real numbers. Mean x̄, variance Σ(xᵢ − x̄)²/n + h². Every density costs n kernels. The rules suit data
    with one hump; for several they smooth too much.

    Source: B. W. Silverman (1986), Density Estimation for Statistics and Data Analysis, §2.4 and §3.4.

    Examples
    --------
    >>> from underhood.distributions import KernelDensity
    >>> smooth = KernelDensity([1.0, 2.0, 4.0], bandwidth=0.5)
    >>> smooth.pdf([1.0, 3.0]).round(6)
    array([0.301956, 0.072077])
    >>> round(smooth.mean(), 6)
    2.333333
    """

    __slots__ = ("_made_of",)
    _names = ("data", "bandwidth")
    _no_fit = "KernelDensity(data) is the estimate"

    def __new__(cls, data: ArrayLike, bandwidth: str | float = "scott") -> Self:
        made = super().__new__(cls, "KernelDensity", data, bandwidth)
        kept = _kept(data)
        n, width = len(kept), bandwidth
        if isinstance(width, str):
            # The variance of the estimate is that of the data (divisor n) and h² together.
            unit = float(np.ptp(kept))  # in which squares neither over- nor underflow
            factor = (n if width == "scott" else 0.75 * n) ** -0.2
            width = unit * float(np.std((kept - kept[0]) / unit, ddof=1)) * factor
        made._made_of = (kept, float(width))
        return made

    data = Parameter("The values.")
    bandwidth = Parameter("The standard deviation of a kernel.")

    def _parameter(self, name: str) -> Any:
        return self.parameters[name]

    def _moved(self, scale: object, shift: object) -> Any:
        data, bandwidth = self._made_of
        moved = data * scale + shift
        return moved if moved is NotImplemented else type(self)(moved, abs(bandwidth * scale))


_PUBLIC: dict[str, type] = {
    "Empirical": Empirical,
    "KernelDensity": KernelDensity,
    "Mixture": Mixture,
    "Truncated": Truncated,
}


def _kept(data: ArrayLike) -> NDArray[np.float64]:
    """Give a copy of the data that nobody can change."""
    kept = np.array(data, dtype=float)
    kept.flags.writeable = False
    return kept


def _hashable(part: Any) -> Any:
    return (part.shape, *part.tolist()) if isinstance(part, np.ndarray) else part
