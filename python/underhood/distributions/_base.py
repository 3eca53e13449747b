"""What distributions have in common: named parameters, comparing, printing, drawing, pickling, arithmetic, fitting.

The numbers come from the compiled base classes; a family's class adds its parameters and its page of documentation::

    class Normal(Continuous):
        def __new__(cls, mu: Numbers = 0.0, sigma: Numbers = 1.0) -> Self:
            return super().__new__(cls, "Normal", mu, sigma)

        mu = Parameter("The mean μ.")
        sigma = Parameter("The standard deviation σ.")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import _core
from underhood._core.distributions import ContinuousDistribution, DiscreteDistribution
from underhood.distributions._fit import FitResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Continuous", "Discrete", "Numbers", "Parameter"]

Numbers = float | ArrayLike


class Parameter:
    """A parameter of a distribution: read by its name, set only by making another distribution."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, distribution: Any, owner: type | None = None) -> Any:
        return self if distribution is None else distribution._parameter(self._name)

    def __set__(self, distribution: Any, value: object) -> None:
        kind = type(distribution).__name__
        raise AttributeError(f"{kind}.{self._name} cannot be set: a distribution does not change; make another {kind}")


class _Shared:
    """What continuous and discrete distributions have in common."""

    __slots__ = ()
    __array_ufunc__ = None  # np.float64(2) * X is left to X

    @property
    def parameters(self) -> dict[str, float | NDArray[np.float64]]:
        """The parameters by name."""
        base: Any = self
        return {name: base._parameter(name) for name in base._parameter_names()}

    @classmethod
    def fit(cls, data: ArrayLike, **fixed: float) -> FitResult[Self]:
        """Fit to data by maximum likelihood, with standard errors.

        The estimates maximise ln L = Σ ln f(xᵢ); standard errors are the roots of the diagonal of the inverse of the
        observed
        information −∂²ln L.

        Parameters
        ----------
        data : array_like, shape (n,)
            The values. NaN is refused.
        **fixed : float
            Parameters that are not estimated, by name: ``Normal.fit(x, mu=0)``.

        Returns
        -------
        FitResult
            ``distribution``, ``parameters``, ``standard_errors``, ``covariance``, ``log_likelihood``, ``aic``,
            ``bic``, …

        Raises
        ------
        ValueError
            If a value is NaN or outside the support, there are too few, the likelihood has no maximum, or there is no
            such parameter.

        Examples
        --------
        >>> from underhood.distributions import Normal
        >>> fit = Normal.fit([4.9, 5.1, 5.6, 4.4])
        >>> fit.distribution
        Normal(mu=5.0, sigma=0.4301162633521313)
        >>> round(fit.standard_errors["mu"], 6)
        0.215058
        """
        estimates = _core.distributions.fit(cls.__name__, data, fixed)
        return FitResult._of(cls, fixed, *estimates)

    def plot(self, *, what: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the density (the probabilities), or another of its functions.

        Parameters
        ----------
        what : {"pdf", "pmf", "cdf", "sf", "logpdf", "logpmf"}, optional
            The function; the density (the probabilities) if left out.
        ax : matplotlib axes, optional
            Where to draw; new axes if left out.

        Returns
        -------
        matplotlib axes

        Examples
        --------
        >>> from underhood.distributions import Normal
        >>> Normal(100, 15).plot(what="cdf").get_ylabel()
        'cdf'
        """
        from underhood.plot._distributions import distribution

        return distribution(self, what=what, ax=ax)

    def _repr_html_(self) -> str:
        from underhood.distributions._page import page

        return page(self)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        ours, theirs = self._key(), other._key()
        return bool(ours == theirs)

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        values = [np.asarray(value) for value in self.parameters.values()]
        return (type(self).__name__, *((value.shape, *value.ravel().tolist()) for value in values))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self.parameters.values())

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    def __mul__(self, scale: object) -> Self:
        return self._moved(scale, 0.0)

    __rmul__ = __mul__

    def __truediv__(self, divisor: object) -> Self:
        number = _number(divisor)
        if number is None:
            return NotImplemented
        if number == 0.0:
            raise ZeroDivisionError(f"{self!r} / 0")
        return self._moved(1.0 / number, 0.0)

    def __neg__(self) -> Self:
        return self._moved(-1.0, 0.0)

    def __add__(self, other: object) -> Self:
        if type(other) is type(self):
            return self._summed(other, "+")
        return self._moved(1.0, other)

    def __radd__(self, other: object) -> Self:
        return self._moved(1.0, other)

    def __sub__(self, other: object) -> Self:
        if type(other) is type(self):
            return self._summed(-other, "-")
        number = _number(other)
        return NotImplemented if number is None else self._moved(1.0, -number)

    def __rsub__(self, other: object) -> Self:
        return self._moved(-1.0, other)

    def _moved(self, scale: object, shift: object) -> Self:
        """Give the distribution of scale·X + shift."""
        base: Any = self
        by, to = _number(scale), _number(shift)
        if by is None or to is None:
            refused: Self = NotImplemented
            return refused
        moved: Self = type(base)(*base._affine(by, to))
        return moved

    def _summed(self, other: Any, sign: str) -> Self:
        """Give the distribution of X + Y for independent X and Y."""
        base: Any = self
        if other is self:
            raise ValueError(
                f"{self!r} {sign} itself: a distribution is not a variable. Write 2*X for twice the same variable,"
                " and add an equal, separate distribution for the sum of two independent ones"
            )
        added: Self = type(base)(*base._sum(other))
        return added


def _number(value: object) -> float | None:
    """Give the number that a Python or NumPy scalar is; None for anything else."""
    if isinstance(value, bool | str) or not np.isscalar(value) or np.iscomplexobj(value):
        return None
    return float(value)  # type: ignore[arg-type]


def _shown(value: object) -> str:
    return np.array2string(value, threshold=8, separator=", ") if isinstance(value, np.ndarray) else repr(value)


class Continuous(_Shared, ContinuousDistribution):
    """A distribution with a density: what every continuous distribution derives from.

    Not made itself; ``isinstance(X, Continuous)`` asks whether X has ``pdf`` and ``logpdf``.

    Examples
    --------
    >>> from underhood.distributions import Continuous, Normal
    >>> isinstance(Normal(), Continuous)
    True
    """

    __slots__ = ()


class Discrete(_Shared, DiscreteDistribution):
    """A distribution of whole numbers: what every discrete distribution derives from.

    Not made itself; ``isinstance(X, Discrete)`` asks whether X has ``pmf`` and ``logpmf``.

    Examples
    --------
    >>> from underhood.distributions import Bernoulli, Discrete
    >>> isinstance(Bernoulli(0.5), Discrete)
    True
    """

    __slots__ = ()
