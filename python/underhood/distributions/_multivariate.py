"""Distributions of several variables: multivariate normal, multinomial, Dirichlet."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import _core
from underhood._results import Result, format_value, html_table
from underhood.distributions._base import _number, _shown
from underhood.distributions._beta_family import Beta
from underhood.distributions._normal import Normal
from underhood.distributions._trials import Binomial

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Dirichlet", "Multinomial", "MultivariateFitResult", "MultivariateNormal"]

D = TypeVar("D")
Floats = float | NDArray[np.float64]
Rng = int | np.random.Generator | None


@dataclass(slots=True, repr=False, eq=False)
class MultivariateFitResult(Result, Generic[D]):
    """A distribution of several variables fitted by maximum likelihood, with how sure its parameters are.

    Attributes
    ----------
    distribution : MultivariateNormal, Multinomial or Dirichlet
        The member of the family under which the data are most likely.
    parameters, standard_errors : dict
        Arrays, by the parameters' names; what was not estimated has no standard error.
    log_likelihood : float
        ln L at the maximum.
    aic, bic : float
        2k − 2 ln L and k ln n − 2 ln L for k estimated numbers: smaller is better among families fitted to the same
        data.
    n : int
        How many points there are.
    iterations : int
        Steps of Newton's method; 0 for a closed form.

    Examples
    --------
    >>> from underhood.distributions import Multinomial
    >>> fit = Multinomial.fit([[3, 5, 2], [1, 7, 2]])
    >>> fit.parameters["p"]
    array([0.2, 0.6, 0.2])
    >>> fit.standard_errors["p"].round(4)
    array([0.0894, 0.1095, 0.0894])
    """

    distribution: D
    parameters: dict[str, Any]
    standard_errors: dict[str, NDArray[np.float64]]
    log_likelihood: float
    aic: float
    bic: float
    n: int
    iterations: int

    @classmethod
    def _of(
        cls,
        family: Any,
        names: Sequence[str],
        free: int,
        estimates: list[Any],
        errors: list[Any],
        log_likelihood: float,
        n: int,
        iterations: int,
    ) -> Self:
        distribution = family(*estimates)
        return cls(
            distribution=distribution,
            parameters=dict(zip(distribution.parameters, estimates, strict=True)),
            standard_errors=dict(zip(names, errors, strict=True)),
            log_likelihood=log_likelihood,
            aic=2 * free - 2 * log_likelihood,
            bic=free * log(n) - 2 * log_likelihood,
            n=n,
            iterations=iterations,
        )

    def _title(self) -> str:
        return f"{type(self.distribution).__name__} fitted to {self.n} points by maximum likelihood"

    def _rows(self) -> list[tuple[str, str]]:
        rows = []
        for name, value in self.parameters.items():
            rows.append((name, format_value(value)))
            if name in self.standard_errors:
                rows.append(("±", format_value(self.standard_errors[name], 3)))
        return [
            *rows,
            ("log_likelihood", format_value(self.log_likelihood)),
            ("aic", format_value(self.aic)),
            ("bic", format_value(self.bic)),
        ]


class _Joint:
    """What the distributions of several variables have in common: comparing, printing, pickling."""

    __slots__ = ()
    __array_ufunc__ = None  # A @ X and np.float64(2) * X are left to X

    @property
    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """The parameters by name."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_shown_flat(value)}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        joint: Any = self
        mean, cov = joint.mean(), joint.cov()
        shown = range(min(len(mean), 10))
        names = [f"X{i}" for i in shown] + (["…"] if len(mean) > 10 else [])
        more = ["…"] if len(mean) > 10 else []
        rows = [["mean", *(format_value(mean[i]) for i in shown), *more]]
        rows += [[f"cov X{i}", *(format_value(cov[i, j]) for j in shown), *more] for i in shown]
        title = f"{type(self).__name__} of {len(mean)} variables"
        return f"<p><b>{escape(title)}</b></p>" + html_table(["", *names], rows)

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


def _shown_flat(value: object) -> str:
    return " ".join(_shown(value).split())


class MultivariateNormal(_Joint, _core.distributions.MultivariateNormal):
    """The multivariate normal (Gaussian) distribution with mean vector μ and covariance matrix Σ.

    X = μ + L·Z with independent standard normal Z₁, …, Z_d and Σ = L·Lᵀ; every linear combination of the variables is
    normal. Density: f(x) = exp(−½(x − μ)ᵀΣ⁻¹(x − μ)) / √((2π)ᵈ det Σ).

    Parameters
    ----------
    mean : array_like, shape (d,), optional
        The means; zeros if left out.
    cov : array_like, shape (d, d), or (d,), or a number, default 1
        The covariance matrix, symmetric and positive definite; its diagonal, if the variables are independent; or the
        variance of all of them.

    Raises
    ------
    ValueError
        If a number is not finite, the shapes do not fit, or `cov` is not symmetric or not positive definite. A
        singular `cov` (a variable that is a linear combination of others) has no density.

    Notes
    -----
    Support: all points of d coordinates; a point is the last axis of an array. ``mean()`` and ``cov()`` are methods,
    as everywhere here (attributes in SciPy). Arithmetic is true: ``A @ X``, ``X + b``, ``2 * X``, and ``X + Y`` for
    independent X and Y.

    The exponent is right to a few ulps times the condition number of the correlation matrix; ``cdf`` and ``prob`` to
    1e-14 relative for d ≤ 2 and probabilities above 1e-30 (1e-12 below), to the tolerance asked for beyond. Method:
    Cholesky's factor and
    substitution, never an inverse. Source: T. W. Anderson (2003), An Introduction to Multivariate Statistical
    Analysis, chapters 2 and 3; A. Genz and F. Bretz (2009), Computation of Multivariate Normal and t Probabilities.

    Examples
    --------
    >>> from underhood.distributions import MultivariateNormal
    >>> both = MultivariateNormal([170, 70], [[100, 60], [60, 144]])  # height and weight
    >>> both.conditional(0, 180)  # the weight of those who measure 180
    MultivariateNormal(mean=[76.], cov=[[108.]])
    >>> both.marginal(1)
    Normal(mu=70.0, sigma=12.0)
    >>> both.mahalanobis([180, 70])
    1.1547005383792515
    >>> [1, -1] @ both  # a combination of the variables
    Normal(mu=100.0, sigma=11.135528725660043)
    """

    __slots__ = ()

    def __new__(cls, mean: ArrayLike | None = None, cov: ArrayLike = 1.0) -> Self:
        return super().__new__(cls, mean, cov)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters by name."""
        return {"mean": self.mean(), "cov": self.cov()}

    def cdf(
        self, x: ArrayLike, *, tol: float = 1e-4, rng: Rng = 0, return_error: bool = False
    ) -> Floats | tuple[Floats, Floats]:
        """Compute P(X₁ ≤ x₁, …, X_d ≤ x_d) at points.

        Exact to rounding for one and two variables; from three on the mean over a randomly shifted lattice, which is
        refined until the error is below ``tol`` times the probability (99 % sure), or 1.5 million points are used.

        Parameters
        ----------
        x : array_like, shape (…, d)
            The points; ``inf`` leaves a variable out.
        tol : float, default 1e-4
            The relative error that is allowed from three variables on.
        rng : int, numpy.random.Generator or None, default 0
            The seed of the shifts: the same call gives the same number, unless None is given.
        return_error : bool, default False
            Whether to give the estimated absolute errors, too.

        Returns
        -------
        float or ndarray, shape (…)
            The probabilities; with ``return_error`` a tuple of them and their errors.

        Warns
        -----
        RuntimeWarning
            If the tolerance was not reached.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> X = MultivariateNormal(cov=[[1, 0.5], [0.5, 1]])
        >>> round(X.cdf([0, 0]), 15)  # 1/4 + arcsin(1/2)/2π
        0.333333333333333
        """
        found: Floats | tuple[Floats, Floats] = _told(
            "MultivariateNormal.cdf", self._cdf(x, tol, rng), tol, return_error
        )
        return found

    def prob(
        self, a: ArrayLike, b: ArrayLike, *, tol: float = 1e-4, rng: Rng = 0, return_error: bool = False
    ) -> Floats | tuple[Floats, Floats]:
        """Compute P(a₁ ≤ X₁ ≤ b₁, …, a_d ≤ X_d ≤ b_d), the probability of a box; 0 if b is below a.

        Parameters
        ----------
        a : array_like, shape (d,)
            The lower corner; ``-inf`` for no limit.
        b : array_like, shape (…, d)
            The upper corners.
        tol, rng, return_error
            As for :meth:`cdf`.

        Returns
        -------
        float or ndarray, shape (…)
            The probabilities; with ``return_error`` a tuple of them and their errors.

        Warns
        -----
        RuntimeWarning
            If the tolerance was not reached.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> round(MultivariateNormal([0, 0]).prob([-1, -1], [1, 1]), 12)  # 0.6827²
        0.466064942674
        """
        found: Floats | tuple[Floats, Floats] = _told(
            "MultivariateNormal.prob", self._prob(a, b, tol, rng), tol, return_error
        )
        return found

    def marginal(self, indices: int | Sequence[int]) -> Any:
        """Give the distribution of one variable (a Normal), or of some, in the order of `indices`.

        Parameters
        ----------
        indices : int or sequence of int
            Which variables, counted from 0. A number gives a :class:`Normal`, a sequence a MultivariateNormal, also of
            one.

        Returns
        -------
        Normal or MultivariateNormal
            The distribution of these variables, whatever the others are.

        Raises
        ------
        ValueError
            If there is no such variable, or one is named twice.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> X = MultivariateNormal([1, 2, 3], [4, 9, 16])
        >>> X.marginal(2)
        Normal(mu=3.0, sigma=4.0)
        >>> X.marginal([2, 0]).mean()
        array([3., 1.])
        """
        if np.ndim(indices) == 0:
            return Normal(*self._variable(indices))
        return MultivariateNormal(*self._marginal(indices))

    def conditional(self, indices: int | Sequence[int], values: ArrayLike) -> MultivariateNormal:
        """Give the distribution of the other variables when those of `indices` have these `values`.

        With μ and Σ in blocks of the others (o) and the given (g): mean μₒ + Σₒg Σgg⁻¹ (values − μg), the regression
        on the given values; covariance Σₒₒ − Σₒg Σgg⁻¹ Σgₒ, the same for all values.

        Parameters
        ----------
        indices : int or sequence of int
            The variables that are known.
        values : float or array_like
            A value for each.

        Returns
        -------
        MultivariateNormal
            Of the others, in their order; also when one is left (``.marginal(0)`` makes a Normal of it).

        Raises
        ------
        ValueError
            If there is no such variable, no variable is left, or there are not as many values.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> X = MultivariateNormal([0, 0], [[1, 0.8], [0.8, 1]])
        >>> given = X.conditional(0, 2)
        >>> given.mean().round(12), given.std().round(12)
        (array([1.6]), array([0.6]))
        """
        return MultivariateNormal(*self._conditional(indices, values))

    def affine(self, A: ArrayLike, b: ArrayLike | None = None) -> MultivariateNormal:
        """Give the distribution of A·X + b: mean A·μ + b, covariance A·Σ·Aᵀ.

        Parameters
        ----------
        A : array_like, shape (m, d)
            Its rows must be independent: else the result has no density.
        b : array_like, shape (m,), optional
            Zeros if left out.

        Returns
        -------
        MultivariateNormal
            Of m variables.

        Raises
        ------
        ValueError
            If the shapes do not fit, or A·Σ·Aᵀ is singular.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> MultivariateNormal([1, 2]).affine([[1, 1], [1, -1]], [0, 10])
        MultivariateNormal(mean=[3., 9.], cov=[[2., 0.], [0., 2.]])
        """
        shift = np.zeros(len(A) if np.ndim(A) else 1) if b is None else b  # type: ignore[arg-type]
        return MultivariateNormal(*self._affine(A, shift))

    @classmethod
    def fit(cls, data: ArrayLike) -> MultivariateFitResult[MultivariateNormal]:
        """Fit to the rows of a table by maximum likelihood, with standard errors.

        The mean is x̄, the covariance Σ(x − x̄)(x − x̄)ᵀ/n (not n − 1); their standard errors are √(Σᵢᵢ/n) and
        √((ΣᵢᵢΣⱼⱼ + Σᵢⱼ²)/n).

        Parameters
        ----------
        data : array_like, shape (n, d)
            A row for each point, more than d.

        Returns
        -------
        MultivariateFitResult
            ``distribution``, ``parameters``, ``standard_errors``, ``log_likelihood``, ``aic``, ``bic``, …

        Raises
        ------
        ValueError
            If a value is NaN, there are too few rows, or a column is constant or a combination of others.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> fit = MultivariateNormal.fit([[0, 0], [2, 0], [0, 2], [2, 2]])
        >>> fit.distribution
        MultivariateNormal(mean=[1., 1.], cov=[[1., 0.], [0., 1.]])
        >>> fit.standard_errors["mean"]
        array([0.5, 0.5])
        """
        estimates = cls._fit(data)
        d = len(estimates[0][0])
        return MultivariateFitResult._of(cls, ("mean", "cov"), d + d * (d + 1) // 2, *estimates)

    def ellipse(self, confidence: float = 0.95, *, points: int = 200) -> NDArray[np.float64]:
        """Give the ellipse that holds the probability `confidence`, for two variables.

        The points with Mahalanobis's distance √(χ²₂ quantile) = √(−2 ln(1 − confidence)) from the mean: the smallest
        set with this probability.

        Parameters
        ----------
        confidence : float, default 0.95
            Between 0 and 1, without 1.
        points : int, default 200
            How many points of the ellipse; the last is the first again.

        Returns
        -------
        ndarray, shape (points, 2)
            The points, in their order.

        Raises
        ------
        ValueError
            If there are not two variables, or `confidence` is not between 0 and 1.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> X = MultivariateNormal([0, 0], [4, 1])
        >>> X.mahalanobis(X.ellipse(0.95, points=3)).round(6)
        array([2.447747, 2.447747, 2.447747])
        """
        mean, cov = self._two("ellipse")
        if not 0 <= confidence < 1:
            raise ValueError(
                f"MultivariateNormal.ellipse: confidence is {confidence}, but must be between 0 and 1, without 1"
            )
        turn = np.linspace(0.0, 2 * np.pi, points)
        circle = np.stack([np.cos(turn), np.sin(turn)])
        radius = np.sqrt(-2 * np.log1p(-confidence))
        ellipse: NDArray[np.float64] = mean + radius * (np.linalg.cholesky(cov) @ circle).T
        return ellipse

    def plot(self, *, samples: int = 300, rng: Rng = 0, ax: Axes | None = None) -> Axes:
        """Draw the ellipses that hold 50, 90 and 99 % of the probability, with some draws, for two variables.

        Parameters
        ----------
        samples : int, default 300
            How many draws to show; 0 for none.
        rng : int, numpy.random.Generator or None, default 0
            The draws' seed.
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn.

        Raises
        ------
        ValueError
            If there are not two variables; take two by ``marginal``.
        ImportError
            If matplotlib is not installed.

        Examples
        --------
        >>> from underhood.distributions import MultivariateNormal
        >>> ax = MultivariateNormal([0, 0], [[2, 1], [1, 1]]).plot()
        >>> len(ax.lines)
        3
        """
        from underhood.plot._canvas import COLOURS, axes, finish

        self._two("plot")
        ax = axes(ax)
        if samples:
            x, y = self.rvs(samples, rng=rng).T
            ax.scatter(x, y, s=10, color=COLOURS[7], alpha=0.6, linewidths=0)
        labels = []
        for confidence, colour in zip((0.5, 0.9, 0.99), COLOURS, strict=False):
            labels.append(f"{confidence:.0%}")
            ax.plot(*self.ellipse(confidence).T, color=colour, label=labels[-1])
        ax.set_xlabel("X0")
        ax.set_ylabel("X1")
        return finish(ax, labels)

    def _two(self, method: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        mean: NDArray[np.float64] = self.mean()
        if len(mean) != 2:
            raise ValueError(
                f"MultivariateNormal.{method}: X has {len(mean)} variables, but two can be drawn; choose them by"
                " X.marginal([i, j])"
            )
        return mean, self.cov()

    def __rmatmul__(self, A: Any) -> Any:
        if np.ndim(A) == 1:
            return self.affine([A], [0.0]).marginal(0)
        return self.affine(A)

    def __mul__(self, scale: object) -> Self:
        by = _number(scale)
        return NotImplemented if by is None else self._scaled(by)

    __rmul__ = __mul__

    def __truediv__(self, divisor: object) -> Self:
        by = _number(divisor)
        if by is None:
            return NotImplemented
        if by == 0.0:
            raise ZeroDivisionError(f"{self!r} / 0")
        return self._scaled(1.0 / by)

    def __neg__(self) -> Self:
        return type(self)(-self.mean(), self.cov())

    def __add__(self, other: Any) -> Self:
        if not isinstance(other, MultivariateNormal):
            return self._moved(other, 1.0)
        if other is self:
            raise ValueError(
                "X + X: a distribution is not a variable. Write 2*X for twice the same variables, and add an equal,"
                " separate distribution for the sum of independent ones"
            )
        return type(self)(*self._sum(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Self:
        if isinstance(other, MultivariateNormal):
            if other is self:
                raise ValueError("X - X: a distribution is not a variable; the same variables' difference is 0")
            return type(self)(*self._sum(-other))
        return self._moved(other, -1.0)

    def __rsub__(self, other: Any) -> Self:
        return (-self)._moved(other, 1.0)

    def _scaled(self, by: float) -> Self:
        if by == 0.0:
            raise ValueError("MultivariateNormal: 0 * X is always 0 and has no density")
        return type(self)(by * self.mean(), by * by * self.cov())

    def _moved(self, by: Any, sign: float) -> Self:
        try:
            shift = np.asarray(by, dtype=np.float64)
        except (TypeError, ValueError):
            refused: Self = NotImplemented
            return refused
        mean = self.mean()
        if shift.shape not in ((), mean.shape):
            raise ValueError(
                f"MultivariateNormal: b has the shape {shift.shape}, but X has {len(mean)} variables: X + b needs a"
                " number, or a vector of as many"
            )
        return type(self)(mean + sign * shift, self.cov())


def _told(function: str, found: tuple[Floats, Floats], tol: float, return_error: bool) -> Any:
    """Give the probabilities, with their errors if wanted; warn where they are larger than asked for."""
    values, errors = found
    # From three variables on; before, the errors are those of rounding.
    missed = np.asarray(errors) > np.maximum(1.0001 * tol, 2e-14) * np.asarray(values)
    if missed.any() and not return_error:
        worst = float(np.max(np.asarray(errors)[missed]))
        warnings.warn(
            f"{function}: the probability may be off by {worst:.1e}, more than tol asks for; return_error=True gives"
            " each one's error",
            RuntimeWarning,
            stacklevel=3,
        )
    return found if return_error else values


class Multinomial(_Joint, _core.distributions.Multinomial):
    """The multinomial distribution: how often each of k outcomes occurs in n independent trials.

    The counts (X₁, …, X_k) of n draws from k categories with probabilities p₁, …, p_k. Probability: P(x) =
    n!/(x₁!⋯x_k!)·p₁^x₁⋯p_k^x_k.

    Parameters
    ----------
    n : int
        The number of trials, not negative.
    p : array_like, shape (k,)
        The probabilities of the outcomes; they add up to 1 (within 1e-8; beyond rounding they are divided by their
        sum).

    Raises
    ------
    ValueError
        If `n` is negative, or `p` not probabilities with the sum 1.

    Notes
    -----
    Support: whole xᵢ ≥ 0 with the sum n; elsewhere the probability is 0. Means npᵢ, variances npᵢ(1 − pᵢ), covariances
    −npᵢpⱼ.

    Relative error of the logarithm below 1e-14 for n up to 2**53. Method: a product of Poisson probabilities, given
    their sum, each by its deviance (C. Loader 2000), so that no factorials cancel. Source: Johnson, Kotz and
    Balakrishnan (1997), Discrete Multivariate Distributions, chapter 35.

    Examples
    --------
    >>> from underhood.distributions import Multinomial
    >>> dice = Multinomial(3, [4 / 6, 1 / 6, 1 / 6])
    >>> round(dice.pmf([1, 1, 1]), 12)
    0.111111111111
    >>> dice.mean()
    array([2. , 0.5, 0.5])
    """

    __slots__ = ()

    def __new__(cls, n: int, p: ArrayLike) -> Self:
        return super().__new__(cls, n, p)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters by name."""
        return {"n": self.n, "p": self.p}

    def marginal(self, index: int) -> Binomial:
        """Give the distribution of one count: binomial with the probability of its category.

        Parameters
        ----------
        index : int
            Which, counted from 0.

        Returns
        -------
        Binomial
            Its distribution, whatever the others are.

        Raises
        ------
        ValueError
            If there is no such count.

        Examples
        --------
        >>> from underhood.distributions import Multinomial
        >>> Multinomial(10, [0.25, 0.25, 0.5]).marginal(2)
        Binomial(n=10.0, p=0.5)
        """
        return Binomial(*self._marginal(index))

    @classmethod
    def fit(cls, data: ArrayLike) -> MultivariateFitResult[Multinomial]:
        """Fit to counts by maximum likelihood, with standard errors: each category's share of all trials.

        The standard errors are √(pᵢ(1 − pᵢ)/trials); 0 for a category that never occurred, which says nothing then.

        Parameters
        ----------
        data : array_like, shape (m, k)
            A row of counts for each experiment; all with the same sum n.

        Returns
        -------
        MultivariateFitResult
            ``distribution``, ``parameters``, ``standard_errors``, ``log_likelihood``, ``aic``, ``bic``, …

        Raises
        ------
        ValueError
            If a value is not a whole number from 0 on, or the rows' sums differ.

        Examples
        --------
        >>> from underhood.distributions import Multinomial
        >>> Multinomial.fit([[3, 5, 2], [1, 7, 2]]).distribution
        Multinomial(n=10, p=[0.2, 0.6, 0.2])
        """
        estimates = cls._fit(data)
        return MultivariateFitResult._of(cls, ("p",), len(estimates[0][1]) - 1, *estimates)


class Dirichlet(_Joint, _core.distributions.Dirichlet):
    """The Dirichlet distribution of k proportions that add up to 1, with concentrations α₁, …, α_k.

    Xᵢ = Gᵢ/(G₁ + … + G_k) for independent gamma variables Gᵢ with shapes αᵢ; the conjugate prior of the multinomial's
    probabilities. Density: f(x) = Γ(A)/(Γ(α₁)⋯Γ(α_k))·x₁^(α₁−1)⋯x_k^(α_k−1) with A = α₁ + … + α_k.

    Parameters
    ----------
    alpha : array_like, shape (k,)
        The concentrations, positive; two at least.

    Raises
    ------
    ValueError
        If a concentration is not positive (1e-20 to 1e20), or there are fewer than two.

    Notes
    -----
    Support: xᵢ ≥ 0 with the sum 1. A point with a negative coordinate, or whose sum is not 1 (within 1e-8), is
    refused, as in SciPy: it is nearly always a mistake. All k coordinates are given, and points are rows, (…, k);
    SciPy has them as columns. Means αᵢ/A, variances mᵢ(1 − mᵢ)/(A + 1), covariances −mᵢmⱼ/(A + 1).

    Relative error of density and log-density below 1e-14 for A up to 1e4; beyond, a few ulps of A·|xᵢ − mᵢ|. Where a
    coordinate is 0 the limits are inf (αᵢ < 1) and 0 (αᵢ > 1), NaN where both meet. Method: logarithms in two doubles;
    draws from logarithms of gamma variables, so that tiny αᵢ give no 0/0. Source: Kotz, Balakrishnan and Johnson
    (2000), Continuous Multivariate Distributions, chapter 49.

    Examples
    --------
    >>> from underhood.distributions import Dirichlet
    >>> round(Dirichlet([1, 1, 1]).pdf([0.2, 0.3, 0.5]), 12)  # uniform on a triangle of area ½
    2.0
    >>> Dirichlet([2, 6]).mean()
    array([0.25, 0.75])
    """

    __slots__ = ()

    def __new__(cls, alpha: ArrayLike) -> Self:
        return super().__new__(cls, alpha)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters by name."""
        return {"alpha": self.alpha}

    def marginal(self, index: int) -> Beta:
        """Give the distribution of one proportion: beta with its concentration and the sum of the others'.

        Parameters
        ----------
        index : int
            Which, counted from 0.

        Returns
        -------
        Beta
            Its distribution, whatever the others are.

        Raises
        ------
        ValueError
            If there is no such proportion.

        Examples
        --------
        >>> from underhood.distributions import Dirichlet
        >>> Dirichlet([2, 3, 5]).marginal(0)
        Beta(alpha=2.0, beta=8.0)
        """
        return Beta(*self._marginal(index))

    @classmethod
    def fit(cls, data: ArrayLike) -> MultivariateFitResult[Dirichlet]:
        """Fit to proportions by maximum likelihood, with standard errors.

        Newton's method on the concave ln L, from the estimate by moments (T. P. Minka 2000, Estimating a Dirichlet
        distribution).

        Parameters
        ----------
        data : array_like, shape (n, k)
            Rows of positive numbers that add up to 1.

        Returns
        -------
        MultivariateFitResult
            ``distribution``, ``parameters``, ``standard_errors``, ``log_likelihood``, ``aic``, ``bic``, …

        Raises
        ------
        ValueError
            If a row is not of positive numbers with the sum 1, or all rows are the same.

        Examples
        --------
        >>> import numpy as np
        >>> from underhood.distributions import Dirichlet
        >>> fit = Dirichlet.fit(Dirichlet([2, 3, 5]).rvs(10_000, rng=1))
        >>> bool(np.all(abs(fit.parameters["alpha"] - [2, 3, 5]) < 4 * fit.standard_errors["alpha"]))
        True
        """
        estimates = cls._fit(data)
        return MultivariateFitResult._of(cls, ("alpha",), len(estimates[0][0]), *estimates)
