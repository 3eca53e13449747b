"""What stands behind a regression's numbers: rows that decide it, columns that depend on each other, models compared.

Sources: Belsley, Kuh and Welsch, Regression Diagnostics (1980), doi:10.1002/0471725153; Durbin and Watson (1950),
doi:10.2307/2332391; Jarque and Bera (1987), doi:10.2307/1403192; Koenker (1981), doi:10.1016/0304-4076(81)90062-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import regression as _core
from underhood._results import format_value
from underhood._tables import unknown_name
from underhood.distributions import F
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._policy import ManyTestsResult

if TYPE_CHECKING:
    from underhood.stats._regression import LinearRegressionResult

    Doubles = NDArray[np.float64]

__all__ = [
    "Diagnosed",
    "JointTestResult",
    "ModelComparisonResult",
    "compare_linear",
    "compare_models",
    "joint_test",
]


class Diagnosed:
    """What can be asked of a linear regression after the fit; computed when first asked for."""

    __slots__ = ()

    _cache: dict[str, Any] | None

    def _once(self: Any, name: str, make: Any) -> Any:
        if self._cache is None:
            self._cache = {}
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    @property
    def condition_number(self: Any) -> float:
        """Ratio of the largest and smallest singular values of the columns as they stand, the constant included.

        Depends on units.
        """
        found: float = self._once("condition", lambda: _core.condition_number(self._root))
        return found

    @property
    def leverage(self: Any) -> Doubles:
        """How far each row decides its own fitted value.

        Between 0 and 1, ``len(params)`` in sum.
        """
        found: Doubles = self._once("leverage", lambda: _core.leverage(self._columns(), self.weights, self._intercept))
        return found

    def _influence(self: Any) -> tuple[Doubles, Doubles, Doubles, Doubles]:
        found: tuple[Doubles, Doubles, Doubles, Doubles] = self._once(
            "influence", lambda: _core.influence(self.wresid, self.leverage, self.mse_resid, self.df_resid)
        )
        return found

    @property
    def resid_studentized(self) -> Doubles:
        """Residuals in units of their own standard error, from all rows: ``resid_studentized_internal``."""
        return self._influence()[0]

    @property
    def resid_studentized_internal(self) -> Doubles:
        """Each residual over s√(1 − h), with the residual standard deviation s of all rows.

        NaN for a row of leverage 1, which is fitted exactly whatever its y is.
        """
        return self._influence()[0]

    @property
    def resid_studentized_external(self) -> Doubles:
        """The same with s from the other rows: a t with ``df_resid − 1`` degrees of freedom for a row like them.

        NaN if ``df_resid`` is 1, so that the other rows have none; so is ``dffits``.
        """
        return self._influence()[1]

    @property
    def cooks_distance(self) -> Doubles:
        """How far all fitted values would move without the row, in units of their error; beyond 1 is much."""
        return self._influence()[2]

    @property
    def dffits(self) -> Doubles:
        """How far the row's own fitted value would move without it, in units of its error."""
        return self._influence()[3]

    @property
    def vif(self: Any) -> dict[str, float]:
        """Variance inflation factor of each column, by name: 1/(1 − R²) of its regression on the others.

        By how much its coefficient's variance is larger than if the columns had nothing to do with each other. Beyond
        5 or 10, the others say nearly the same.
        """
        columns = [name for i, name in enumerate(self.names) if i != self._constant]
        found: dict[str, float] = self._once(
            "vif",
            lambda: dict(zip(columns, _core.variance_inflation(self._root, self._constant).tolist(), strict=True)),
        )
        return found

    def _checks(self: Any) -> tuple[float, float, float, float, float]:
        found: tuple[float, float, float, float, float] = self._once(
            "checks", lambda: _core.check_residuals(self.wresid)
        )
        return found

    @property
    def durbin_watson(self) -> float:
        """Durbin and Watson's statistic, Σ(eₜ − eₜ₋₁)²/Σeₜ².

        About 2 if neighbouring rows have nothing to do with each other, towards 0 if they are alike, towards 4 if they
        take turns.
        """
        return self._checks()[0]

    @property
    def skew(self) -> float:
        """Skewness of the residuals."""
        return self._checks()[1]

    @property
    def kurtosis(self) -> float:
        """Kurtosis of the residuals; 3 for a normal distribution."""
        return self._checks()[2]

    @property
    def jarque_bera(self) -> float:
        """Jarque and Bera's statistic, n/6·(skew² + (kurtosis − 3)²/4)."""
        return self._checks()[3]

    @property
    def jarque_bera_pvalue(self) -> float:
        """Probability of a larger one if errors are normal, in large samples."""
        return self._checks()[4]

    def _pagan(self: Any) -> tuple[float, float, float]:
        found: tuple[float, float, float] = self._once(
            "pagan", lambda: _core.breusch_pagan(self._columns(), self.wresid, self._intercept)
        )
        return found

    @property
    def breusch_pagan(self) -> float:
        """Breusch and Pagan's statistic in Koenker's form: n·R² of the squared residuals on the columns."""
        return self._pagan()[0]

    @property
    def breusch_pagan_pvalue(self) -> float:
        """Probability of a larger one if all errors have one variance."""
        return self._pagan()[1]


@dataclass(slots=True, repr=False, eq=False)
class JointTestResult(HypothesisTestResult):
    """Whether several coefficients are zero together; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        F, and the probability of a larger one if all of them are zero.
    df : tuple of float
        The number of coefficients, and the residual degrees of freedom.
    effect_size : float
        Partial R²: the part of what the other columns leave unexplained that these explain, F·q/(F·q + df).
    names : tuple of str
        The coefficients.
    n : int
        The number of rows.
    method : str
        Which standard errors it rests on.
    """

    statistic: float
    pvalue: float
    df: tuple[float, float]
    effect_size: float
    names: tuple[str, ...]
    n: int
    method: str

    def _title(self) -> str:
        return self.method

    def _question(self) -> str:
        return f"do {', '.join(self.names)} have any bearing on the response, given the other columns?"

    def _finding(self) -> str:
        outcome = f"an F at least as high as {format_value(self.statistic)}"
        return self._verdict("all of these coefficients were zero", outcome)

    def _size(self) -> str:
        return (
            f"they explain {format_value(100 * self.effect_size)} % of what the other columns leave unexplained "
            "(partial R²)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the errors are independent of each other")
        if "classical" in self.method:
            yield Assumption("the errors have one variance")
        yield Assumption("the estimates are about normal: the errors are, or rows are many")


def joint_test(fit: LinearRegressionResult, names: str | Sequence[str]) -> JointTestResult:
    """Test that the named coefficients are zero."""
    asked = [names] if isinstance(names, str) else list(names)
    if not asked:
        raise ValueError("f_test: names is empty, but at least one coefficient is needed")
    chosen: list[str] = []
    for name in asked:
        # A category has a coefficient for each level but one, "species[T.Gentoo]": all of them are meant by "species".
        levels = [known for known in fit.names if name in (known, re.sub(r"\[.*?\]", "", known))]
        if not levels:
            raise ValueError(unknown_name(name, fit.names, f"f_test: names has {name!r}, which is no coefficient"))
        chosen += levels
    chosen = list(dict.fromkeys(chosen))
    restrictions = np.eye(len(fit.names))[[fit.names.index(name) for name in chosen]]
    statistic, pvalue = _core.wald_test(fit.params, fit.cov_params, restrictions, fit.df_resid)
    explained = statistic * len(chosen)
    part = 1.0 if np.isinf(explained) else explained / (explained + fit.df_resid)
    kind = f"F test of {len(chosen)} coefficients, {fit.cov_type} standard errors"
    return JointTestResult(statistic, pvalue, (float(len(chosen)), fit.df_resid), part, tuple(chosen), fit.nobs, kind)


@dataclass(slots=True, repr=False, eq=False)
class ModelComparisonResult(HypothesisTestResult):
    """Whether a model fits better than one that is part of it; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        F (or the likelihood ratio of generalised linear models), and the probability of a larger one if what was added
        has no bearing on the response.
    df : tuple of float
        Coefficients added, and residual degrees of freedom of the larger model (for likelihood ratios only the first).
    effect_size : float
        Partial R²: the part of the smaller model's sum of squared residuals (or deviance) that the larger explains.
    added : tuple of str
        Names of the larger model's coefficients that the smaller one lacks.
    aic : tuple of float
        Akaike's criterion of both.
    n : int
        The number of rows.
    method : str
        Which test this is.
    """

    statistic: float
    pvalue: float
    df: tuple[float, ...]
    effect_size: float
    added: tuple[str, ...]
    aic: tuple[float, float]
    n: int
    method: str

    def _title(self) -> str:
        return self.method

    def _question(self) -> str:
        return f"does the larger model, with {', '.join(self.added)}, fit better than chance would make it fit?"

    def _finding(self) -> str:
        name = "an F" if len(self.df) == 2 else "a likelihood ratio"
        first, second = self.aic
        return (
            self._verdict(
                "what was added had no bearing on the response",
                f"{name} at least as high as {format_value(self.statistic)}",
            )
            + f" Akaike's criterion goes from {format_value(first)} to {format_value(second)} (smaller is better)."
        )

    def _size(self) -> str:
        return (
            f"the larger model explains {format_value(100 * self.effect_size)} % of what the smaller leaves "
            "unexplained."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the errors are independent of each other")
        if len(self.df) == 2:
            if "standard errors" not in self.method:
                yield Assumption("the errors have one variance")
            yield Assumption("the errors are normal, or rows are many")
        yield Assumption("the smaller model is part of the larger", True, "its columns are made of the larger's")

    def _caution(self) -> str:
        return (
            "that a larger model is the right one, or predicts better; a small probability does not say that what was "
            "added matters much, nor a large one that it has no bearing."
        )


def compare_models(*fits: Any) -> Any:
    """Compare models of which each is part of the next: F test, or likelihood ratio.

    For linear regressions F = ((ssr₀ − ssr₁)/(df₀ − df₁))/(ssr₁/df₁); if the larger fit has robust standard errors
    (``cov_type``), Wald's F with its covariance.

    Parameters
    ----------
    *fits : results of regressions
        Two or more fits of the same kind to the same response; the smaller one first.

    Returns
    -------
    ModelComparisonResult
        Of both models; with more than two, a :class:`ManyTestsResult` with one for each step.

    Raises
    ------
    TypeError
        If a fit is not the result of a regression, or they are of different kinds.
    ValueError
        If there are fewer than two, the responses or weights differ, or one model is not part of the other.

    Examples
    --------
    >>> import underhood as uh
    >>> penguins = uh.datasets.load("penguins")
    >>> small = uh.stats.linear_regression("body_mass_g ~ flipper_length_mm", penguins, nan_policy="omit")
    >>> large = uh.stats.linear_regression("body_mass_g ~ flipper_length_mm + species", penguins, nan_policy="omit")
    >>> found = uh.stats.compare_models(small, large)
    >>> found.df, found.added, bool(found.pvalue < 0.001)
    ((2.0, 338.0), ('species[T.Chinstrap]', 'species[T.Gentoo]'), True)
    """
    if len(fits) < 2:
        raise ValueError(f"compare_models: fits has {len(fits)} models, but at least 2 are needed")
    for i, fit in enumerate(fits):
        if not hasattr(fit, "_against"):
            raise TypeError(f"compare_models: fits[{i}] is a {type(fit).__name__}, but a fitted regression is needed")
        if type(fit) is not type(fits[0]):
            kinds = f"{type(fits[0]).__name__} and {type(fit).__name__}"
            raise TypeError(f"compare_models: fits are of different kinds ({kinds}), which cannot be compared")
    steps = [larger._against(smaller) for smaller, larger in pairwise(fits)]
    if len(steps) == 1:
        return steps[0]
    results = np.empty(len(steps), dtype=object)
    results[:] = steps
    return ManyTestsResult(
        np.array([step.statistic for step in steps]), np.array([step.pvalue for step in steps]), results
    )


def compare_linear(restricted: LinearRegressionResult, full: LinearRegressionResult) -> ModelComparisonResult:
    """Compare two linear regressions."""
    both = (restricted.resid + restricted.fittedvalues, full.resid + full.fittedvalues)
    size = np.abs(both[0]).max()
    if restricted.nobs != full.nobs or not np.allclose(*both, rtol=1e-12, atol=1e-12 * size):
        raise ValueError(
            f"compare_models: fits are of different responses ({restricted.nobs} and {full.nobs} rows); rows with "
            "missing values may have been left out of one only"
        )
    first, second = (np.ones(fit.nobs) if fit.weights is None else fit.weights for fit in (restricted, full))
    if not np.array_equal(first, second):
        raise ValueError("compare_models: fits have different weights")
    more = restricted.df_resid - full.df_resid
    if more <= 0:
        raise ValueError(
            f"compare_models: fits have {len(restricted.params)} and {len(full.params)} coefficients, but the smaller "
            "model comes first, and the next one has more"
        )
    larger, smaller = (_with_constant(fit) for fit in (full, restricted))
    # Columns of one size, so that the units of some do not make others look like rounding.
    larger, smaller = (columns / np.abs(columns).max(axis=0) for columns in (larger, smaller))
    left = smaller - larger @ np.linalg.lstsq(larger, smaller, rcond=None)[0]
    if (np.abs(left).max(axis=0) > 1e-7 * np.abs(smaller).max(axis=0)).any():
        raise ValueError("compare_models: fits are not nested: the first has columns that the next cannot make")
    explained = max(restricted.ssr - full.ssr, 0.0)
    method = "F test of nested linear models"
    if full.cov_type != "classical" and not full.perfect_fit:
        statistic, pvalue = _wald_of_added(smaller, larger, full)
        method += f", {full.cov_type} standard errors of the larger"
    else:
        statistic = np.inf if full.perfect_fit else explained / more / full.mse_resid
        pvalue = 0.0 if np.isinf(statistic) else float(F(more, full.df_resid).sf(statistic))
    return ModelComparisonResult(
        float(statistic),
        pvalue,
        (more, full.df_resid),
        explained / restricted.ssr if restricted.ssr else 0.0,
        tuple(name for name in full.names if name not in restricted.names),
        (restricted.aic, full.aic),
        full.nobs,
        method,
    )


def _wald_of_added(smaller: Doubles, larger: Doubles, full: LinearRegressionResult) -> tuple[float, float]:
    """Test that the larger fit's coefficients make nothing but what the smaller's columns could.

    The smaller columns are the larger times M. The fitted values Zβ lie among them when β lies in M's range: L·β = 0
    for the rows L of a basis of what is orthogonal to it. M is found for columns of one size, and L taken back.
    """
    made = np.linalg.lstsq(larger, smaller, rcond=None)[0]
    basis = np.linalg.svd(made)[0][:, smaller.shape[1] :]
    sizes = np.abs(_with_constant(full)).max(axis=0)
    params, cov = full._of_columns()
    params, cov = params * sizes, cov * np.outer(sizes, sizes)
    return _core.wald_test(params, cov, basis.T, full.df_resid)


def _with_constant(fit: LinearRegressionResult) -> Doubles:
    columns = np.asarray(fit._columns(), dtype=np.float64).reshape(fit.nobs, -1)
    return np.column_stack([np.ones(fit.nobs), columns]) if fit._intercept else columns
