"""Probability by hand: counting, Bayes' rule, joint tables, conjugate updates, and the great theorems watched.

A test finds 99 % of the ill and is wrong about 5 % of the healthy; 1 % are ill. How many of the positive are?

>>> from underhood.probability import bayes
>>> update = bayes({"ill": 0.01, "healthy": 0.99}, {"ill": 0.99, "healthy": 0.05})
>>> round(update["ill"], 4)
0.1667

==========================================  ===============================================================
in how many ways?                           :func:`permutations`, :func:`combinations`, :func:`arrangements`
what do data say of hypotheses?             :func:`bayes`, :func:`total_probability`
how do several variables hang together?     :class:`JointTable`
what is known of a parameter after data?    :func:`beta_binomial`, :func:`gamma_poisson`, :func:`normal_normal`
how often does it happen, if I just try?    :func:`simulate`
what do many draws do?                      :func:`law_of_large_numbers`, :func:`central_limit_theorem`
==========================================  ===============================================================
"""

from underhood.probability._bayes import BayesResult, bayes, total_probability
from underhood.probability._conjugate import beta_binomial, gamma_poisson, normal_normal
from underhood.probability._counting import arrangements, combinations, permutations
from underhood.probability._joint import JointTable
from underhood.probability._simulation import (
    CentralLimitTheorem,
    LawOfLargeNumbers,
    Simulation,
    central_limit_theorem,
    law_of_large_numbers,
    simulate,
)

__all__ = [
    "BayesResult",
    "CentralLimitTheorem",
    "JointTable",
    "LawOfLargeNumbers",
    "Simulation",
    "arrangements",
    "bayes",
    "beta_binomial",
    "central_limit_theorem",
    "combinations",
    "gamma_poisson",
    "law_of_large_numbers",
    "normal_normal",
    "permutations",
    "simulate",
    "total_probability",
]


def __dir__() -> list[str]:
    return sorted(__all__)
