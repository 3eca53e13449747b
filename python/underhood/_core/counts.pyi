import numpy as np
from numpy.typing import ArrayLike, NDArray

def binomtest(
    k: float,
    n: float,
    p: float,
    alternative: str,
    confidence_level: float,
    method: str,
    function: str,
) -> tuple[float, float, float, tuple[float, float], float, float, float]: ...
def chi2_contingency(
    observed: ArrayLike, correction: bool
) -> tuple[float, float, int, NDArray[np.float64], float, NDArray[np.float64], float, bool]: ...
def chisquare(
    f_obs: ArrayLike, f_exp: ArrayLike | None, ddof: int
) -> tuple[float, float, int, float, NDArray[np.float64], NDArray[np.float64], float]: ...
def fisher_exact(
    table: ArrayLike, alternative: str, confidence_level: float
) -> tuple[float, float, float, tuple[float, float], tuple[float, float], float, float]: ...
def mcnemar(
    table: ArrayLike, exact: bool, correction: bool, confidence_level: float
) -> tuple[float, float, float, tuple[float, float], tuple[float, float]]: ...
def proportion_confint(count: float, nobs: float, confidence_level: float, method: str) -> tuple[float, float]: ...
def proportions_test(
    count: ArrayLike,
    nobs: ArrayLike,
    value: float | None,
    prop_var: float | None,
    alternative: str,
    confidence_level: float,
) -> tuple[
    float,
    float,
    int | None,
    float | None,
    tuple[float, float] | None,
    float,
    NDArray[np.float64],
    float,
    NDArray[np.float64],
    NDArray[np.float64],
]: ...

__all__ = [
    "binomtest",
    "chi2_contingency",
    "chisquare",
    "fisher_exact",
    "mcnemar",
    "proportion_confint",
    "proportions_test",
]
