"""Likelihood: how probable each value of a parameter makes the data, and what follows from its shape."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._frames import doubles
from underhood._results import Result, format_value
from underhood.distributions import ChiSquared, Continuous, Discrete, Normal
from underhood.stats._hypothesis import Assumption, HypothesisTestResult, interval, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LikelihoodRatioResult", "LikelihoodResult", "likelihood", "likelihood_ratio_test", "log_likelihood"]

_DOUBLINGS = 60
_FEW = 20


def log_likelihood(distribution: Any, data: ArrayLike) -> float:
    """Logarithm of the likelihood of a distribution: ln L = Σ ln f(xᵢ).

    Parameters
    ----------
    distribution : Continuous or Discrete
        One distribution of :mod:`underhood.distributions`.
    data : array_like, shape (n,)
        The values, n ≥ 1.

    Returns
    -------
    float
        −∞ if a value is impossible under the distribution.

    Raises
    ------
    ValueError
        If ``data`` is empty or no vector, or a value is missing.
    TypeError
        If ``distribution`` is no distribution of one variable.

    Examples
    --------
    >>> import underhood as uh
    >>> from underhood.distributions import Binomial
    >>> round(uh.stats.log_likelihood(Binomial(10, 0.3), [3, 4]), 6)
    -2.929985
    """
    if not isinstance(distribution, Continuous | Discrete):
        kind = type(distribution).__name__
        raise TypeError(f"log_likelihood: distribution is a {kind}, but must be a distribution such as Normal(0, 1)")
    x = _values("log_likelihood", data)
    try:
        return _log_likelihood(distribution, x)
    except ValueError:
        if np.ndim(_logs(distribution, x[0])):
            raise ValueError(
                "log_likelihood: distribution is an array of distributions, but must be a single one"
            ) from None
        raise


def _values(function: str, data: ArrayLike) -> NDArray[np.float64]:
    x = doubles(data, function, "data")
    if x.ndim != 1:
        raise ValueError(f"{function}: data has {x.ndim} axes, but must be a vector")
    if not len(x):
        raise ValueError(f"{function}: data has 0 values, but at least 1 are needed")
    if not np.isfinite(x).all():
        place = int(np.flatnonzero(~np.isfinite(x))[0])
        what = "NaN (a missing value)" if np.isnan(x[place]) else "infinity"
        raise ValueError(f"{function}: data holds {what} at index {place}; remove or fill such values first")
    return x


def _logs(distribution: Any, x: Any) -> Any:
    return distribution.logpmf(x) if isinstance(distribution, Discrete) else distribution.logpdf(x)


def _log_likelihood(distribution: Any, x: NDArray[np.float64]) -> float:
    logs = np.asarray(_logs(distribution, x))
    if logs.shape != x.shape:
        raise ValueError("log_likelihood: distribution gives another number of densities than there are values")
    return math.fsum(logs) if np.isfinite(logs).all() else float(np.sum(logs))


@dataclass(slots=True, repr=False, eq=False)
class LikelihoodResult(Result):
    """A likelihood: its maximum, and how fast it falls from there. Call it for its value at other parameters.

    Attributes
    ----------
    family : str
        The family of distributions.
    parameters : dict
        The maximum-likelihood estimates by name, with those that were held fixed.
    standard_errors : dict
        From the curvature at the maximum; 0 for a parameter that was held fixed.
    log_likelihood : float
        ln L at the maximum.
    estimated : tuple of str
        The parameters that were estimated.
    confidence_intervals : dict
        For each of these, the values whose profile likelihood is at least exp(−χ²/2) of the maximum, χ² the quantile
        with one degree of freedom.
    wald_intervals : dict
        Estimate ± normal quantile · standard error, for comparison: what the intervals were if ln L were a parabola.
    confidence_level : float
        Level of both.
    n : int
        How many values there are.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    family: str
    parameters: dict[str, float]
    standard_errors: dict[str, float]
    log_likelihood: float
    estimated: tuple[str, ...]
    confidence_intervals: dict[str, tuple[float, float]]
    wald_intervals: dict[str, tuple[float, float]]
    confidence_level: float
    n: int
    _class: Any = field(repr=False)
    _data: NDArray[np.float64] = field(repr=False)
    _fixed: dict[str, float] = field(repr=False)

    def __call__(self, **parameters: float) -> float:
        """Logarithm of the likelihood at these parameters; those left out stand at their estimates.

        Returns −∞ where the data are impossible or there is no such distribution.
        """
        self._known("LikelihoodResult", parameters)
        return self._at({**self.parameters, **parameters})

    def _at(self, parameters: Mapping[str, float]) -> float:
        try:
            return _log_likelihood(self._class(**parameters), self._data)
        except ValueError:
            return -np.inf

    def _known(self, function: str, names: Any) -> None:
        for name in names:
            if name not in self.parameters:
                known = ", ".join(self.parameters)
                raise ValueError(f"{function}: {self.family} has no parameter {name!r}; it has {known}")

    def profile(self, parameter: str, values: ArrayLike) -> NDArray[np.float64]:
        """Logarithm of the likelihood as a function of one parameter, at its largest over the others.

        Parameters
        ----------
        parameter : str
            One of those that were estimated.
        values : array_like
            Where to compute it.

        Returns
        -------
        ndarray
            In the shape of ``values``; −∞ where there is no such distribution.

        Examples
        --------
        >>> import underhood as uh
        >>> found = uh.stats.likelihood(uh.distributions.Normal, [4.9, 5.1, 5.6, 4.4])
        >>> (found.profile("mu", [4.5, 5.0]) - found.log_likelihood).round(4)
        array([-1.71,  0.  ])
        """
        self._known("LikelihoodResult.profile", [parameter])
        if parameter not in self.estimated:
            raise ValueError(f"LikelihoodResult.profile: {parameter} was held fixed, so it has no profile")
        where = doubles(values, "LikelihoodResult.profile", "values")
        return np.reshape([self._profile(parameter, float(value)) for value in where.ravel()], where.shape)

    def _profile(self, parameter: str, value: float) -> float:
        if self.estimated == (parameter,):
            return self._at({**self.parameters, parameter: value})
        try:
            return float(self._class.fit(self._data, **{**self._fixed, parameter: value}).log_likelihood)
        except (ValueError, RuntimeError):
            return -np.inf

    def _ends(self, parameter: str) -> tuple[float, float]:
        """Solve 2(ln L̂ − profile) = χ² on both sides of the estimate."""
        least = self.log_likelihood - float(ChiSquared(1).ppf(self.confidence_level)) / 2
        centre, step = self.parameters[parameter], self.standard_errors[parameter]
        if not (step > 0 and np.isfinite(step)):
            step = 0.1 * abs(centre) or 0.1

        def end(direction: float) -> float:
            near, far = centre, centre + direction * step
            for _ in range(_DOUBLINGS):
                if self._profile(parameter, far) < least:
                    break
                near, far = far, far + 2 * (far - centre)
            else:
                return direction * np.inf
            # Halving finds where it falls off a cliff, too.
            while abs(far - near) > 1e-12 * max(abs(far), abs(near), 1e-3 * step):
                middle = near + (far - near) / 2
                if middle in (near, far):
                    break
                if self._profile(parameter, middle) < least:
                    far = middle
                else:
                    near = middle
            return near

        return end(-1.0), end(1.0)

    def _title(self) -> str:
        return f"Likelihood of the {self.family} family for {self.n} values"

    def _rows(self) -> list[tuple[str, str]]:
        rows = []
        for name, value in self.parameters.items():
            if name in self.estimated:
                within = interval(*self.confidence_intervals[name])
                rows.append((name, f"{format_value(value)} ({within}, {percent(self.confidence_level)})"))
            else:
                rows.append((name, f"{format_value(value)} (fixed)"))
        return [*rows, ("log_likelihood", format_value(self.log_likelihood))]

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[str]:
        if self.n < _FEW:
            yield f"{self.n} values are few: the level of the intervals holds for large samples"
        for name in self.estimated:
            (low, high), (left, right) = self.confidence_intervals[name], self.wald_intervals[name]
            if not np.all(np.isfinite([low, high])) or abs(low - left) + abs(right - high) > 0.2 * (right - left):
                yield f"the likelihood is lopsided in {name}: its standard error describes it badly"

    def explain(self) -> str:
        """Say in words what a likelihood is, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> found = uh.stats.likelihood(uh.distributions.Exponential, [0.4, 1.9, 0.7])
        >>> print(found.explain().splitlines()[0])
        Question: which member of the Exponential family makes the data most probable?
        """
        found = ", ".join(f"{name} = {format_value(self.parameters[name])}" for name in self.estimated)
        level = percent(self.confidence_level)
        ranges = "; ".join(
            f"{name} {interval(*self.confidence_intervals[name])} (from its standard error: "
            f"{interval(*self.wald_intervals[name])})"
            for name in self.estimated
        )
        lines = [
            f"Question: which member of the {self.family} family makes the data most probable?",
            f"Found: {found}, where the logarithm of the likelihood is {format_value(self.log_likelihood)}.",
            f"Size: values that make the data not much less probable ({level} intervals): {ranges}.",
            f"Assumptions: the n = {self.n} values are independent of each other (the data cannot tell), and they come "
            f"from a member of the {self.family} family.",
            "Not concluded: how probable a value of a parameter is. A likelihood is the probability of the data, seen "
            "as a function of the parameter; it does not add up to one over the parameters, and only ratios of it "
            "mean something.",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self._remarks())])

    def plot(self, parameter: str | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw the likelihood relative to its maximum.

        Parameters
        ----------
        parameter : str, optional
            The profile of one parameter as a curve. By default a curve if there is one parameter, contours if there
            are two.
        ax : matplotlib axes, optional
            Where to draw; new axes if left out.

        Returns
        -------
        matplotlib axes

        Examples
        --------
        >>> import underhood as uh
        >>> found = uh.stats.likelihood(uh.distributions.Normal, [4.9, 5.1, 5.6, 4.4, 5.2])
        >>> found.plot("mu").get_xlabel(), found.plot().get_ylabel()
        ('mu', 'sigma')
        """
        from underhood.plot._likelihood import contours, curve

        if parameter is not None:
            self._known("LikelihoodResult.plot", [parameter])
            if parameter not in self.estimated:
                raise ValueError(f"LikelihoodResult.plot: {parameter} was held fixed, so there is nothing to draw")
            return curve(self, parameter, ax)
        if len(self.estimated) == 1:
            return curve(self, self.estimated[0], ax)
        if len(self.estimated) == 2:
            return contours(self, ax)
        names = ", ".join(map(repr, self.estimated))
        raise ValueError(f"LikelihoodResult.plot: there are {len(self.estimated)} parameters; choose one of {names}")


def likelihood(family: Any, data: ArrayLike, *, confidence_level: float = 0.95, **fixed: float) -> LikelihoodResult:
    """Likelihood of a family of distributions: L(θ) = Πf(xᵢ; θ), its maximum, and intervals from its fall.

    Parameters
    ----------
    family : type
        A family of :mod:`underhood.distributions`, such as ``Normal``.
    data : array_like, shape (n,)
        The values.
    confidence_level : float, default 0.95
        Level of the intervals.
    **fixed : float
        Parameters that are not estimated, by name.

    Returns
    -------
    LikelihoodResult
        Call it with parameters for ln L there; ``profile``, ``plot`` and ``explain`` say more.

    Raises
    ------
    ValueError
        If a value is missing or impossible, there are too few, the likelihood has no maximum, or no parameter is left
        to estimate.
    TypeError
        If ``family`` is no family of distributions.

    Notes
    -----
    The intervals are those values of a parameter that a likelihood-ratio test would not reject: they are the same
    whichever way the parameter is written, and never leave its range, which Wald's do.

    References
    ----------
    R. A. Fisher (1922), doi:10.1098/rsta.1922.0009; S. S. Wilks (1938), doi:10.1214/aoms/1177732360.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.likelihood(uh.distributions.Exponential, [0.4, 1.9, 0.7, 1.2])
    >>> round(found.parameters["rate"], 6)
    0.952381
    >>> low, high = found.confidence_intervals["rate"]
    >>> round(low, 4), round(high, 4)
    (0.2957, 2.2125)
    >>> round(found(rate=0.5), 6)
    -4.872589
    """
    if not (isinstance(family, type) and issubclass(family, Continuous | Discrete)):
        found = f"a {type(family).__name__}" if not isinstance(family, type) else f"the type {family.__name__}"
        raise TypeError(f"likelihood: family is {found}, but must be a family of distributions such as Normal")
    level = float(confidence_level)
    if not 0 < level < 1:
        raise ValueError(f"likelihood: confidence_level is {confidence_level}, but must be between 0 and 1")
    x = _values("likelihood", data)
    try:
        fit = family.fit(x, **fixed)
    except ValueError as error:
        raise ValueError(f"likelihood: {error}") from None
    if not fit.estimated:
        raise ValueError("likelihood: every parameter is fixed, so there is nothing to estimate")
    z = float(Normal().ppf(0.5 + level / 2))
    parameters, errors = dict(fit.parameters), dict(fit.standard_errors)
    result = LikelihoodResult(
        family.__name__,
        parameters,
        errors,
        float(fit.log_likelihood),
        tuple(fit.estimated),
        {},
        {name: (parameters[name] - z * errors[name], parameters[name] + z * errors[name]) for name in fit.estimated},
        level,
        len(x),
        family,
        x,
        dict(fixed),
    )
    result.confidence_intervals.update({name: result._ends(name) for name in fit.estimated})
    return result


@dataclass(slots=True, repr=False, eq=False)
class LikelihoodRatioResult(HypothesisTestResult):
    """What a likelihood-ratio test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        2(ln L₁ − ln L₀).
    pvalue : float
        Probability of a statistic at least as large, if the restricted model holds: χ² with ``df`` degrees of freedom.
    df : int
        How many parameters the full model has more.
    effect_size : float
        The gain in ln L for each value: ``statistic``/(2n); NaN if n is not known.
    log_likelihoods : tuple of float
        Of the restricted and of the full model.
    n_parameters : tuple of int
        How many parameters each estimated.
    n : int or None
        How many values both were fitted to.
    method : str
        Which test this is.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df: int
    effect_size: float
    log_likelihoods: tuple[float, float]
    n_parameters: tuple[int, int]
    n: int | None
    method: str

    def _title(self) -> str:
        return self.method

    def _question(self) -> str:
        return "does the full model fit better than its further parameters would make any model fit?"

    def _finding(self) -> str:
        restricted, full = map(format_value, self.log_likelihoods)
        return (
            f"With df = {self.df} parameters more, the logarithm of the likelihood rises from {restricted} to {full}. "
            + self._verdict("the restricted model held", f"a ratio at least as large as {format_value(self.statistic)}")
        )

    def _size(self) -> str:
        if self.n is None:
            return "how much is gained for each value cannot be said, since the models do not say how many there are."
        return (
            f"for each of the {self.n} values the logarithm of the likelihood gains {format_value(self.effect_size)}."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the restricted model is a special case of the full one, inside its range and not at its edge")
        yield Assumption("both were fitted by maximum likelihood to the same data")

    def _remarks(self) -> Iterator[str]:
        if self.n is not None and self.n < _FEW * max(self.n_parameters):
            yield "there are few values for so many parameters: the chi-square distribution is an approximation"


def likelihood_ratio_test(restricted: Any, full: Any) -> LikelihoodRatioResult:
    """Likelihood-ratio test of nested models: G = 2(ln L₁ − ln L₀), about χ² if the restricted model holds.

    Parameters
    ----------
    restricted, full : FitResult, LikelihoodResult or regression result
        Both fitted to the same data by maximum likelihood; the restricted model is the full one with some parameters
        fixed. Results of distributions' ``fit`` have ``log_likelihood`` and ``estimated``; those of regressions, here
        and in statsmodels, ``llf`` and ``df_model``.

    Returns
    -------
    LikelihoodRatioResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If the full model does not have more parameters, is less likely than the restricted one, or was fitted to
        another number of values.
    TypeError
        If either has no likelihood.

    References
    ----------
    S. S. Wilks (1938), doi:10.1214/aoms/1177732360.

    Examples
    --------
    Is the shape of a Weibull distribution different from 1, which is the exponential?

    >>> import underhood as uh
    >>> from underhood.distributions import Weibull
    >>> x = [0.4, 1.9, 0.7, 1.2, 0.9, 1.4, 1.1]
    >>> test = uh.stats.likelihood_ratio_test(Weibull.fit(x, shape=1), Weibull.fit(x))
    >>> test.df, round(test.statistic, 4), round(test.pvalue, 4)
    (1, 6.7786, 0.0092)
    """
    (first, k, n), (second, m, size) = _model("restricted", restricted), _model("full", full)
    function = "likelihood_ratio_test"
    if n is not None and size is not None and n != size:
        raise ValueError(f"{function}: full was fitted to {size} values, but restricted to {n}")
    if m <= k:
        raise ValueError(f"{function}: full estimates {m} parameters, but must estimate more than restricted ({k})")
    _check_nested(restricted, full)
    statistic = 2 * (second - first)
    if statistic < -1e-8 * (1 + abs(first)):
        raise ValueError(
            f"{function}: full has the log-likelihood {second:.6g}, less than restricted ({first:.6g}), which no full "
            "model at its maximum can have; are they nested?"
        )
    statistic, df = max(statistic, 0.0), m - k
    n = size if n is None else n
    return LikelihoodRatioResult(
        statistic,
        float(ChiSquared(df).sf(statistic)),
        df,
        statistic / (2 * n) if n else np.nan,
        (first, second),
        (k, m),
        n,
        "Likelihood-ratio test of nested models",
    )


def _check_nested(restricted: Any, full: Any) -> None:
    """Refuse models of different kinds, of different responses, or with a coefficient that the full one lacks."""
    function = "likelihood_ratio_test"
    if not (hasattr(restricted, "llf") and hasattr(full, "llf")):
        if hasattr(restricted, "llf") != hasattr(full, "llf"):
            kinds = f"a {type(restricted).__name__} and a {type(full).__name__}"
            raise TypeError(f"{function}: restricted and full are {kinds}, but must be fits of one kind")
        return
    if type(restricted) is not type(full):
        kinds = f"a {type(restricted).__name__} and a {type(full).__name__}"
        raise TypeError(f"{function}: restricted and full are {kinds}, but must be fits of one kind")
    if hasattr(full, "_against"):
        try:
            full._against(restricted)  # which refuses what is not nested
        except ValueError as refusal:
            raise ValueError(str(refusal).replace("compare_models: fits", f"{function}: restricted and full")) from None


def _model(argument: str, result: Any) -> tuple[float, int, int | None]:
    """Log-likelihood, number of estimated parameters and of values."""
    found: tuple[float, int, int | None]
    if hasattr(result, "log_likelihood") and hasattr(result, "estimated"):
        found = float(result.log_likelihood), len(result.estimated), int(result.n)
    elif hasattr(result, "llf") and hasattr(result, "df_model"):
        size = getattr(result, "nobs", None)
        # `df_model` leaves out the intercept, by which models can differ too.
        found = float(result.llf), len(result.params), None if size is None else int(size)
    else:
        kind = type(result).__name__
        raise TypeError(
            f"likelihood_ratio_test: {argument} is a {kind}, but must be the result of a fit with a log-likelihood"
        )
    if not np.isfinite(found[0]):
        raise ValueError(
            f"likelihood_ratio_test: {argument} has the log-likelihood {found[0]}, but must have a finite one"
        )
    return found
