"""The distributions of what is computed from normal samples: Student's t, chi-square and F."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["ChiSquared", "F", "StudentT"]


class StudentT(Continuous):
    """Student's t distribution with `df` degrees of freedom, moved by `loc` and stretched by `scale`.

    loc + scale·Z/√(V/ν) for a standard normal Z and an independent chi-square V with ν = df degrees of freedom: a
    mean over its estimated
    standard error. Density: f(x) = (1 + t²/ν)^(−(ν+1)/2)/(scale·√ν·B(ν/2, ½)), t = (x − loc)/scale.

    Parameters
    ----------
    df : float or array_like
        Degrees of freedom, positive, not only whole; 1 gives Cauchy's distribution.
    loc : float or array_like, default 0
        The centre.
    scale : float or array_like, default 1
        The scale, positive. It is the standard deviation only in the limit of large df.

    Raises
    ------
    ValueError
        If `df` is not positive (1e-20 to 1e20), `scale` not positive and finite, or `loc` not finite.

    Notes
    -----
    Support: all real numbers. Mean loc for ν > 1 (else NaN), variance scale²·ν/(ν−2) for ν > 2 (inf for 1 < ν ≤ 2,
    else NaN).

    Relative error below 1e-14 as a function of t, in both tails down to 1e-300, for df from 0.1 to 1e10. Method: P(T
    > t) = I(ν/2, ½; ν/(ν+t²))/2
    (W. S. Gosset 1908; see ``underhood.special.betainc``).

    Examples
    --------
    >>> from underhood.distributions import StudentT
    >>> round(2 * StudentT(10).sf(2.228138852), 9)  # a two-sided p-value
    0.05
    """

    __slots__ = ()

    def __new__(cls, df: Numbers, loc: Numbers = 0.0, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "StudentT", df, loc, scale)

    df = Parameter("The degrees of freedom.")
    loc = Parameter("The centre.")
    scale = Parameter("The scale.")


class ChiSquared(Continuous):
    """The chi-square distribution with `df` degrees of freedom.

    The sum of the squares of k = df independent standard normal variables; for other df, twice a Gamma(df/2). Density:
    f(x) = (x/2)^(k/2 − 1) exp(−x/2)/(2Γ(k/2)).

    Parameters
    ----------
    df : float or array_like
        Degrees of freedom, positive, not only whole.

    Raises
    ------
    ValueError
        If `df` is not positive (1e-20 to 1e20).

    Notes
    -----
    Support: x ≥ 0. Mean k, variance 2k, skewness √(8/k).

    Relative error below 1e-14 in both tails down to 1e-300, for df from 0.002 to 2e10. Method: the incomplete gamma
    functions of
    k/2 and x/2 (see ``underhood.special.gammaincc``).

    Examples
    --------
    >>> from underhood.distributions import ChiSquared
    >>> round(ChiSquared(3).isf(0.05), 9)  # the critical value at 5 %
    7.814727903
    """

    __slots__ = ()

    def __new__(cls, df: Numbers) -> Self:
        return super().__new__(cls, "ChiSquared", df)

    df = Parameter("The degrees of freedom.")


class F(Continuous):
    """The F distribution with `dfn` and `dfd` degrees of freedom.

    (U/m)/(V/n) for independent chi-square variables U and V with m = dfn and n = dfd degrees of freedom: a ratio of
    two mean squares.
    Density: f(x) = y^(m/2) (1−y)^(n/2)/(x·B(m/2, n/2)), y = mx/(mx + n).

    Parameters
    ----------
    dfn : float or array_like
        Degrees of freedom above, positive, not only whole.
    dfd : float or array_like
        Degrees of freedom below, positive, not only whole.

    Raises
    ------
    ValueError
        If one of them is not positive (1e-20 to 1e20).

    Notes
    -----
    Support: x ≥ 0. Mean n/(n−2) for n > 2 (else inf), variance 2n²(m+n−2)/(m(n−2)²(n−4)) for n > 4 (inf for 2 < n ≤
    4, else NaN).

    Relative error below 1e-14 in both tails down to 1e-300, for degrees of freedom from 0.5 to 1e7. Method: the
    incomplete beta function of
    y (see ``underhood.special.betainc``).

    Examples
    --------
    >>> from underhood.distributions import F
    >>> round(F(2, 27).sf(3.354130829), 9)
    0.05
    """

    __slots__ = ()

    def __new__(cls, dfn: Numbers, dfd: Numbers) -> Self:
        return super().__new__(cls, "F", dfn, dfd)

    dfn = Parameter("The degrees of freedom above.")
    dfd = Parameter("The degrees of freedom below.")
