"""Statistics: from numbers to an honest conclusion.

**Describe.** :func:`describe` says of every numeric column how many values it has and misses, where they lie, how
they spread and how they are shaped; :func:`mean`, :func:`var`, :func:`std`, :func:`median`, :func:`quantile` and
:func:`rankdata` are its parts, with ``axis=``. Samples are the rule here: the divisor of a variance is n − 1 unless
another ``ddof`` is asked for.

**Relate.** :func:`cov` and :func:`corr` give the matrix of all pairs of columns, :func:`pearsonr` and
:func:`spearmanr` one pair's coefficient with its p-value.

**Compare.** :func:`ttest_1samp`, :func:`ttest_ind` and :func:`ttest_rel` ask about means (:func:`ztest` if the spread
is known), :func:`f_oneway` about those of several groups, :func:`tukey_hsd` about each pair of them,
:func:`anova_twoway` about groups by two factors; :func:`levene`, :func:`bartlett` and :func:`var_test` about
variances, :func:`chi2_contingency` about two categories. :func:`multipletests` corrects for many tests at once.
Results unpack like SciPy's, and they have the size of the effect, what was assumed, and :meth:`explain`, which says
in words what was found and what may not be concluded.

**Regress.** :func:`linear_regression` fits a linear model and says how far each coefficient can be trusted.

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
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._multiple import MultipleTestsResult, multipletests
from underhood.stats._policy import ManyTestsResult
from underhood.stats._regression import LinearRegressionResult, linear_regression
from underhood.stats._ttest import TTestResult, ttest_1samp, ttest_ind, ttest_rel
from underhood.stats._tukey import TukeyHSDResult, tukey_hsd
from underhood.stats._twoway import TwoWayResult, anova_twoway
from underhood.stats._variances import (
    BartlettResult,
    LeveneResult,
    VarianceRatioResult,
    bartlett,
    levene,
    var_test,
)
from underhood.stats._ztest import ZTestResult, ztest

__all__ = [
    "AnovaResult",
    "Assumption",
    "BartlettResult",
    "ContingencyResult",
    "CorrelationResult",
    "Description",
    "HypothesisTestResult",
    "LeveneResult",
    "LinearRegressionResult",
    "ManyTestsResult",
    "MultipleTestsResult",
    "TTestResult",
    "TukeyHSDResult",
    "TwoWayResult",
    "VarianceRatioResult",
    "ZTestResult",
    "anova_twoway",
    "bartlett",
    "chi2_contingency",
    "corr",
    "cov",
    "describe",
    "f_oneway",
    "levene",
    "linear_regression",
    "mean",
    "median",
    "multipletests",
    "pearsonr",
    "quantile",
    "rankdata",
    "spearmanr",
    "std",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "tukey_hsd",
    "var",
    "var_test",
    "ztest",
]
