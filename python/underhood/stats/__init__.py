"""Statistics: from numbers to an honest conclusion.

**Describe.** :func:`describe` says of every numeric column how many values it has and misses, where they lie, how
they spread and how they are shaped. One by one, with ``axis=`` and ``nan_policy=``: :func:`mean`, :func:`gmean`,
:func:`hmean`, :func:`trim_mean`, :func:`median`, :func:`mode`, :func:`quantile`; :func:`var`, :func:`std`, :func:`iqr`,
:func:`mad`, :func:`zscore`; :func:`skew`, :func:`kurtosis`, :func:`moment`, and four of them at once :func:`moments`.
Samples are the rule here: the divisor of a variance is n − 1 unless another ``ddof`` is asked for.

**Count.** :func:`histogram` and :func:`ecdf` show how numbers are distributed, :func:`value_counts`,
:func:`frequency_table` and :func:`crosstab` how often labels occur, alone and together; :func:`group_by` sums up each
group of a table, :func:`outliers` finds the values that lie far from the others.

**Relate.** :func:`cov` and :func:`corr` give the matrix of all pairs of columns, :func:`pearsonr` and
:func:`spearmanr` one pair's coefficient with its p-value.

**Compare.** :func:`ttest_1samp`, :func:`ttest_ind` and :func:`ttest_rel` ask about means, :func:`f_oneway` about
those of several groups, :func:`chi2_contingency` about two categories. Results unpack like SciPy's, and they have the
size of the effect, what was assumed, and :meth:`explain`, which says in words what was found and what may not be
concluded.

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
from underhood._core.stats import (
    gmean,
    hmean,
    iqr,
    kurtosis,
    mad,
    mean,
    median,
    moment,
    quantile,
    skew,
    std,
    trim_mean,
    var,
    zscore,
)
from underhood.stats._anova import AnovaResult, f_oneway
from underhood.stats._correlation import CorrelationResult, pearsonr, spearmanr
from underhood.stats._counts import ContingencyResult, chi2_contingency
from underhood.stats._describe import Description, describe
from underhood.stats._frequencies import CrosstabResult, FrequencyTable, crosstab, frequency_table, value_counts
from underhood.stats._groups import GroupedData, GroupSummary, group_by
from underhood.stats._histogram import EcdfResult, HistogramResult, ecdf, histogram
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._moments import ModeResult, MomentsResult, mode, moments
from underhood.stats._outliers import OutliersResult, outliers
from underhood.stats._policy import ManyTestsResult
from underhood.stats._regression import LinearRegressionResult, linear_regression
from underhood.stats._ttest import TTestResult, ttest_1samp, ttest_ind, ttest_rel

__all__ = [
    "AnovaResult",
    "Assumption",
    "ContingencyResult",
    "CorrelationResult",
    "CrosstabResult",
    "Description",
    "EcdfResult",
    "FrequencyTable",
    "GroupSummary",
    "GroupedData",
    "HistogramResult",
    "HypothesisTestResult",
    "LinearRegressionResult",
    "ManyTestsResult",
    "ModeResult",
    "MomentsResult",
    "OutliersResult",
    "TTestResult",
    "chi2_contingency",
    "corr",
    "cov",
    "crosstab",
    "describe",
    "ecdf",
    "f_oneway",
    "frequency_table",
    "gmean",
    "group_by",
    "histogram",
    "hmean",
    "iqr",
    "kurtosis",
    "linear_regression",
    "mad",
    "mean",
    "median",
    "mode",
    "moment",
    "moments",
    "outliers",
    "pearsonr",
    "quantile",
    "rankdata",
    "skew",
    "spearmanr",
    "std",
    "trim_mean",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "value_counts",
    "var",
    "zscore",
]
