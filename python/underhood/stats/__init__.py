"""Statistics: from numbers to an honest conclusion.

**Describe.** :func:`describe` says of every numeric column how many values it has and misses, where they lie, how
they spread and how they are shaped; :func:`mean`, :func:`var`, :func:`std`, :func:`median`, :func:`quantile` and
:func:`rankdata` are its parts, with ``axis=``. Samples are the rule here: the divisor of a variance is n − 1 unless
another ``ddof`` is asked for.

**Relate.** :func:`cov` and :func:`corr` give the matrix of all pairs of columns, :func:`pearsonr` and
:func:`spearmanr` one pair's coefficient with its p-value.

**Compare.** :func:`ttest_1samp`, :func:`ttest_ind` and :func:`ttest_rel` ask about means, :func:`f_oneway` about
those of several groups, :func:`chi2_contingency` about two categories. Results unpack like SciPy's, and they have the
size of the effect, what was assumed, and :meth:`explain`, which says in words what was found and what may not be
concluded.

**Regress.** :func:`linear_regression` fits a linear model and says how far each coefficient can be trusted;
:func:`logistic_regression` does the same for the odds of a yes, :func:`poisson_regression` for counts.
**Regress.** :func:`linear_regression` fits a linear model to columns or by a formula and says how far each coefficient
can be trusted; :func:`polyfit` fits a polynomial, :func:`ridge_regression` keeps coefficients small, and
:func:`compare_models` asks whether a larger model is worth its columns.

Missing values are counted by :func:`describe` and refused by the tests, which name the argument and the place.

>>> import underhood as uh
>>> drug, placebo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4], [0.7, -1.6, -0.2, -1.2, -0.1, 3.4]
>>> statistic, pvalue = uh.stats.ttest_ind(drug, placebo, equal_var=False)
>>> round(pvalue, 3)
0.255
"""

from underhood._core.correlation import corr, cov
from underhood._core.ranks import rankdata
from underhood._core.stats import mean, median, quantile, std, var
from underhood.stats._anova import AnovaResult, f_oneway
from underhood.stats._correlation import CorrelationResult, pearsonr, spearmanr
from underhood.stats._counts import ContingencyResult, chi2_contingency
from underhood.stats._describe import Description, describe
from underhood.stats._diagnostics import JointTestResult, ModelComparisonResult, compare_models
from underhood.stats._glm import (
    LogisticRegressionResult,
    PoissonRegressionResult,
    logistic_regression,
    poisson_regression,
)
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._policy import ManyTestsResult
from underhood.stats._polyfit import PolynomialFitResult, polyfit
from underhood.stats._regression import LinearRegressionResult, linear_regression
from underhood.stats._ridge import RidgeRegressionResult, ridge_regression
from underhood.stats._ttest import TTestResult, ttest_1samp, ttest_ind, ttest_rel

__all__ = [
    "AnovaResult",
    "Assumption",
    "ContingencyResult",
    "CorrelationResult",
    "Description",
    "HypothesisTestResult",
    "JointTestResult",
    "LinearRegressionResult",
    "LogisticRegressionResult",
    "ManyTestsResult",
    "ModelComparisonResult",
    "PoissonRegressionResult",
    "PolynomialFitResult",
    "RidgeRegressionResult",
    "TTestResult",
    "chi2_contingency",
    "compare_models",
    "corr",
    "cov",
    "describe",
    "f_oneway",
    "linear_regression",
    "logistic_regression",
    "mean",
    "median",
    "pearsonr",
    "poisson_regression",
    "polyfit",
    "quantile",
    "rankdata",
    "ridge_regression",
    "spearmanr",
    "std",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "var",
]
