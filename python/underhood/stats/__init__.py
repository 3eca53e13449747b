"""Statistics: from numbers to an honest conclusion.

**Describe.** :func:`describe` says of every numeric column how many values it has and misses, where they lie, how
they spread and how they are shaped. One by one, with ``axis=`` and ``nan_policy=``: :func:`mean`, :func:`gmean`,
:func:`hmean`, :func:`trim_mean`, :func:`median`, :func:`mode`, :func:`quantile`; :func:`var`, :func:`std`, :func:`iqr`,
:func:`mad`, :func:`zscore`; :func:`skew`, :func:`kurtosis`, :func:`moment`, and four of them at once :func:`moments`.
Samples are the rule here: the divisor of a variance is n − 1 unless another ``ddof`` is asked for.

**Count.** :func:`histogram` and :func:`ecdf` show how numbers are distributed, :func:`value_counts`,
:func:`frequency_table` and :func:`crosstab` how often labels occur, alone and together; :func:`group_by` sums up each
group of a table, :func:`outliers` finds the values that lie far from the others.

**Relate.** :func:`cov` and :func:`corr` give the matrix of all pairs of columns, :func:`pearsonr`, :func:`spearmanr`
and :func:`kendalltau` one pair's coefficient with its p-value and interval, :func:`partial_corr` what is left of it
when others are held fixed; :func:`autocorr` and :func:`acf` correlate a sequence with itself.

**Compare.** :func:`ttest_1samp`, :func:`ttest_ind` and :func:`ttest_rel` ask about means (:func:`ztest` if the spread
is known), :func:`f_oneway` about those of several groups, :func:`tukey_hsd` about each pair of them,
:func:`anova_twoway` about groups by two factors; :func:`levene`, :func:`bartlett` and :func:`var_test` about
variances. :func:`mannwhitneyu`, :func:`wilcoxon`, :func:`kruskal` and :func:`friedman` ask the same of ranks, which
mind neither skewness nor outliers; :func:`runs_test` asks whether an order is random. :func:`chi2_contingency` and
:func:`fisher_exact` ask about two categories, :func:`chisquare` about one, :func:`proportions_test` and
:func:`binomtest` about shares, :func:`kstest`, :func:`shapiro`, :func:`normaltest` and :func:`anderson` about the shape
of a distribution. :func:`multipletests` corrects for many tests at once. Results unpack like SciPy's, and they have the
size of the effect, what was assumed, and :meth:`explain`, which says in words what was found and what may not be
concluded.

**Estimate.** :func:`mean_confint`, :func:`mean_difference_confint`, :func:`median_confint`, :func:`variance_confint`
and their kin give confidence intervals; :func:`coverage` shows by simulation what their level means.

**Plan.** :func:`power` says how likely a study is to find an effect, :func:`sample_size` how many values that takes.

**Resample.** :func:`bootstrap` gives any statistic a standard error and an interval, :func:`permutation_test` any
statistic a p-value, :func:`jackknife` a bias; :func:`likelihood` shows what the data say of a parameter,
:func:`likelihood_ratio_test` compares nested models.

**Regress.** :func:`linear_regression` fits a linear model to columns or by a formula and says how far each coefficient
can be trusted; :func:`logistic_regression` does the same for the odds of a yes, :func:`poisson_regression` for counts.
:func:`polyfit` fits a polynomial, :func:`ridge_regression` keeps coefficients small, and :func:`compare_models` asks
whether a larger model is worth its columns.

Missing values are counted by :func:`describe` and refused by the tests, which name the argument and the place.

>>> import underhood as uh
>>> drug, placebo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4], [0.7, -1.6, -0.2, -1.2, -0.1, 3.4]
>>> statistic, pvalue = uh.stats.ttest_ind(drug, placebo, equal_var=False)
>>> round(pvalue, 3)
0.255
"""

from underhood._core.correlation import autocorr
from underhood._core.power import cohens_d, cohens_f, cohens_h
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
from underhood.stats._bootstrap import BootstrapResult, bootstrap
from underhood.stats._contingency import (
    ChiSquareResult,
    ContingencyResult,
    FisherExactResult,
    McNemarResult,
    chi2_contingency,
    chisquare,
    fisher_exact,
    mcnemar,
)
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
from underhood.stats._describe import Description, describe
from underhood.stats._diagnostics import JointTestResult, ModelComparisonResult, compare_models
from underhood.stats._estimate import (
    CoverageResult,
    IntervalResult,
    ManyIntervalsResult,
    correlation_confint,
    coverage,
    mean_confint,
    mean_difference_confint,
    median_confint,
    quantile_confint,
    std_confint,
    variance_confint,
    variance_ratio_confint,
)
from underhood.stats._frequencies import CrosstabResult, FrequencyTable, crosstab, frequency_table, value_counts
from underhood.stats._glm import (
    LogisticRegressionResult,
    PoissonRegressionResult,
    logistic_regression,
    poisson_regression,
)
from underhood.stats._groups import GroupedData, GroupSummary, group_by
from underhood.stats._histogram import EcdfResult, HistogramResult, ecdf, histogram
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._jackknife import JackknifeResult, jackknife
from underhood.stats._kolmogorov import KsResult, ks_1samp, ks_2samp, kstest
from underhood.stats._likelihood import (
    LikelihoodRatioResult,
    LikelihoodResult,
    likelihood,
    likelihood_ratio_test,
    log_likelihood,
)
from underhood.stats._moments import ModeResult, MomentsResult, mode, moments
from underhood.stats._multiple import MultipleTestsResult, multipletests
from underhood.stats._normality import (
    AndersonResult,
    JarqueBeraResult,
    NormalTestResult,
    ShapiroResult,
    anderson,
    jarque_bera,
    normaltest,
    shapiro,
)
from underhood.stats._outliers import OutliersResult, outliers
from underhood.stats._permutation import PermutationTestResult, permutation_test
from underhood.stats._policy import ManyTestsResult
from underhood.stats._polyfit import PolynomialFitResult, polyfit
from underhood.stats._power import PowerResult, anova_power, power, proportions_power, sample_size, ttest_power
from underhood.stats._proportions import (
    BinomTestResult,
    ProportionInterval,
    ProportionsTestResult,
    binomtest,
    proportion_confint,
    proportions_test,
)
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
from underhood.stats._ridge import RidgeRegressionResult, ridge_regression
from underhood.stats._ttest import TTestResult, ttest_1samp, ttest_ind, ttest_rel
from underhood.stats._tukey import TukeyHSDResult, tukey_hsd
from underhood.stats._twoway import TwoWayResult, anova_twoway
from underhood.stats._variances import BartlettResult, LeveneResult, VarianceRatioResult, bartlett, levene, var_test
from underhood.stats._ztest import ZTestResult, ztest

__all__ = [
    "AndersonResult",
    "AnovaResult",
    "Assumption",
    "AutocorrelationResult",
    "BartlettResult",
    "BinomTestResult",
    "BootstrapResult",
    "ChiSquareResult",
    "ContingencyResult",
    "CorrelationMatrix",
    "CorrelationResult",
    "CoverageResult",
    "CrosstabResult",
    "Description",
    "EcdfResult",
    "FisherExactResult",
    "FrequencyTable",
    "FriedmanResult",
    "GroupSummary",
    "GroupedData",
    "HistogramResult",
    "HypothesisTestResult",
    "IntervalResult",
    "JackknifeResult",
    "JarqueBeraResult",
    "JointTestResult",
    "KruskalResult",
    "KsResult",
    "LeveneResult",
    "LikelihoodRatioResult",
    "LikelihoodResult",
    "LinearRegressionResult",
    "LogisticRegressionResult",
    "MannWhitneyResult",
    "ManyIntervalsResult",
    "ManyTestsResult",
    "McNemarResult",
    "ModeResult",
    "ModelComparisonResult",
    "MomentsResult",
    "MultipleTestsResult",
    "NormalTestResult",
    "OutliersResult",
    "PartialCorrelationResult",
    "PermutationTestResult",
    "PoissonRegressionResult",
    "PolynomialFitResult",
    "PowerResult",
    "ProportionInterval",
    "ProportionsTestResult",
    "RidgeRegressionResult",
    "RunsResult",
    "ShapiroResult",
    "TTestResult",
    "TukeyHSDResult",
    "TwoWayResult",
    "VarianceRatioResult",
    "WilcoxonResult",
    "ZTestResult",
    "acf",
    "anderson",
    "anova_power",
    "anova_twoway",
    "autocorr",
    "bartlett",
    "binomtest",
    "bootstrap",
    "chi2_contingency",
    "chisquare",
    "cohens_d",
    "cohens_f",
    "cohens_h",
    "compare_models",
    "corr",
    "correlation_confint",
    "cov",
    "coverage",
    "crosstab",
    "describe",
    "ecdf",
    "f_oneway",
    "fisher_exact",
    "frequency_table",
    "friedman",
    "friedmanchisquare",
    "gmean",
    "group_by",
    "histogram",
    "hmean",
    "iqr",
    "jackknife",
    "jarque_bera",
    "kendalltau",
    "kruskal",
    "ks_1samp",
    "ks_2samp",
    "kstest",
    "kurtosis",
    "levene",
    "likelihood",
    "likelihood_ratio_test",
    "linear_regression",
    "log_likelihood",
    "logistic_regression",
    "mad",
    "mannwhitneyu",
    "mcnemar",
    "mean",
    "mean_confint",
    "mean_difference_confint",
    "median",
    "median_confint",
    "mode",
    "moment",
    "moments",
    "multipletests",
    "normaltest",
    "outliers",
    "partial_corr",
    "pearsonr",
    "permutation_test",
    "poisson_regression",
    "polyfit",
    "power",
    "proportion_confint",
    "proportions_power",
    "proportions_test",
    "quantile",
    "quantile_confint",
    "rankdata",
    "ridge_regression",
    "runs_test",
    "sample_size",
    "shapiro",
    "skew",
    "spearmanr",
    "std",
    "std_confint",
    "trim_mean",
    "ttest_1samp",
    "ttest_ind",
    "ttest_power",
    "ttest_rel",
    "tukey_hsd",
    "value_counts",
    "var",
    "var_test",
    "variance_confint",
    "variance_ratio_confint",
    "wilcoxon",
    "zscore",
    "ztest",
]
