"""The result of fitting a distribution to data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FitResult"]

D = TypeVar("D")


@dataclass(slots=True, repr=False, eq=False)
class FitResult(Result, Generic[D]):
    """A distribution fitted by maximum likelihood, with how sure its parameters are.

    Attributes
    ----------
    distribution : Continuous or Discrete
        The member of the family under which the data are most likely.
    parameters, standard_errors : dict
        By the parameters' names; the standard error of a parameter that was held fixed is 0.
    covariance : ndarray, shape (k, k)
        The large-sample covariance of the estimates, in the parameters' order.
    log_likelihood : float
        ln L at the maximum.
    aic, bic : float
        2k − 2 ln L and k ln n − 2 ln L for k estimated parameters: smaller is better among families fitted to the
        same data.
    n : int
        How many values there are.
    estimated : tuple of str
        The parameters that were estimated.
    iterations : int
        Steps of Newton's method; 0 for a closed form.

    Examples
    --------
    >>> from underhood.distributions import ChiSquared
    >>> fit = ChiSquared.fit([1.2, 3.4, 2.2, 5.9, 2.8])
    >>> round(fit.parameters["df"], 4), round(fit.standard_errors["df"], 4)
    (3.6595, 1.0528)
    """

    distribution: D
    parameters: dict[str, float]
    standard_errors: dict[str, float]
    covariance: NDArray[np.float64]
    log_likelihood: float
    aic: float
    bic: float
    n: int
    estimated: tuple[str, ...]
    iterations: int

    @classmethod
    def _of(
        cls,
        family: type[D],
        fixed: Mapping[str, Any],
        estimates: list[float],
        covariance: NDArray[np.float64],
        log_likelihood: float,
        n: int,
        k: int,
        iterations: int,
    ) -> Self:
        distribution = family(*estimates)
        names = tuple(distribution.parameters)  # type: ignore[attr-defined]
        return cls(
            distribution=distribution,
            parameters=dict(zip(names, estimates, strict=True)),
            standard_errors=dict(zip(names, np.sqrt(np.diag(covariance)).tolist(), strict=True)),
            covariance=covariance,
            log_likelihood=log_likelihood,
            aic=2 * k - 2 * log_likelihood,
            bic=k * log(n) - 2 * log_likelihood,
            n=n,
            estimated=tuple(name for name in names if name not in fixed),
            iterations=iterations,
        )

    def plot(self, data: ArrayLike, *, ax: Axes | None = None) -> Axes:
        """Draw the fitted distribution over a histogram of the data."""
        from underhood.plot._distributions import fit

        return fit(self, data, ax=ax)

    def _title(self) -> str:
        return f"{type(self.distribution).__name__} fitted to {self.n} values by maximum likelihood"

    def _rows(self) -> list[tuple[str, str]]:
        rows = []
        for name, value in self.parameters.items():
            error = f"± {format_value(self.standard_errors[name], 3)}" if name in self.estimated else "(fixed)"
            rows.append((name, f"{format_value(value)} {error}"))
        return [
            *rows,
            ("log_likelihood", format_value(self.log_likelihood)),
            ("aic", format_value(self.aic)),
            ("bic", format_value(self.bic)),
        ]
