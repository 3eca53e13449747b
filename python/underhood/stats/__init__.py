"""Statistics: from numbers to an honest conclusion.

**Describe.** :func:`describe` says of every numeric column how many values it has and misses, where they lie, how
they spread and how they are shaped; :func:`mean`, :func:`var`, :func:`std`, :func:`median`, :func:`quantile` and
:func:`rankdata` are its parts, with ``axis=``. Samples are the rule here: the divisor of a variance is n − 1 unless
another ``ddof`` is asked for.

**Relate.** :func:`cov` and :func:`corr` give the matrix of all pairs of columns, :func:`pearsonr`, :func:`spearmanr`
and :func:`kendalltau` one pair's coefficient with its p-value and interval, :func:`partial_corr` what is left of it
when others are held fixed; :func:`autocorr` and :func:`acf` correlate a sequence with itself.

**Compare.** :func:`ttest_1samp`, :func:`ttest_ind` and :func:`ttest_rel` ask about means, :func:`f_oneway` about
those of several groups, :func:`chi2_contingency` about two categories. :func:`mannwhitneyu`, :func:`wilcoxon`,
:func:`kruskal` and :func:`friedman` ask the same of ranks, which mind neither skewness nor outliers;
:func:`runs_test` asks whether an order is random. Results unpack like SciPy's, and they have the size of the effect,
what was assumed, and :meth:`explain`, which says in words what was found and what may not be
concluded.

**Regress.** :func:`linear_regression` fits a linear model and says how far each coefficient can be trusted.

Missing values are counted by :func:`describe` and refused by the tests, which name the argument and the place.

>>> import underhood as uh
>>> drug, placebo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4], [0.7, -1.6, -0.2, -1.2, -0.1, 3.4]
>>> statistic, pvalue = uh.stats.ttest_ind(drug, placebo, equal_var=False)
>>> round(pvalue, 3)
0.255
"""

from underhood._core.correlation import autocorr
from underhood._core.ranks import rankdata
from underhood._core.stats import mean, median, quantile, std, var
from underhood.stats._anova import AnovaResult, f_oneway
from underhood.stats._correlation import (
    AutocorrelationResult,
    CorrelationResult,
    PartialCorrelationResult,
    acf,
    kendalltau,
    partial_corr,
    pearsonr,
    spearmanr,
)
from underhood.stats._correlation_matrix import CorrelationMatrix, corr, cov
from underhood.stats._counts import ContingencyResult, chi2_contingency
from underhood.stats._describe import Description, describe
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._policy import ManyTestsResult
from underhood.stats._ranks import (
    FriedmanResult,
    KruskalResult,
    MannWhitneyResult,
    RunsResult,
    WilcoxonResult,
    friedman,
    friedmanchisquare,
    kruskal,
    mannwhitneyu,
    runs_test,
    wilcoxon,
)
from underhood.stats._regression import LinearRegressionResult, linear_regression
from underhood.stats._ttest import TTestResult, ttest_1samp, ttest_ind, ttest_rel

__all__ = [
    "AnovaResult",
    "Assumption",
    "AutocorrelationResult",
    "ContingencyResult",
    "CorrelationMatrix",
    "CorrelationResult",
    "Description",
    "FriedmanResult",
    "HypothesisTestResult",
    "KruskalResult",
    "LinearRegressionResult",
    "MannWhitneyResult",
    "ManyTestsResult",
    "PartialCorrelationResult",
    "RunsResult",
    "TTestResult",
    "WilcoxonResult",
    "acf",
    "autocorr",
    "chi2_contingency",
    "corr",
    "cov",
    "describe",
    "f_oneway",
    "friedman",
    "friedmanchisquare",
    "kendalltau",
    "kruskal",
    "linear_regression",
    "mannwhitneyu",
    "mean",
    "median",
    "partial_corr",
    "pearsonr",
    "quantile",
    "rankdata",
    "runs_test",
    "spearmanr",
    "std",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "var",
    "wilcoxon",
]
