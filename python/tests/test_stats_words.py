"""What results say in words: every number in them is a field, and nothing goes further than the numbers."""

import re
from dataclasses import fields

import numpy as np
import pytest
import underhood as uh

A, B, C = [5.1, 4.9, 6.2, 5.8, 6.0], [4.1, 4.8, 5.0, 4.4, 4.6], [5.0, 5.5, 4.0, 6.5, 6.1]
LONG = np.random.default_rng(7).normal(3, 2, 60)
WAVES = 3 + 3 * np.sin(np.arange(60))
SKEWED = np.random.default_rng(7).exponential(2, 20)

# One line a result: the tests of several rooms meet here.
RESULTS = {
    "one sample": lambda: uh.stats.ttest_1samp(A, 5.5),
    "two samples": lambda: uh.stats.ttest_ind(A, B, equal_var=False),
    "two samples, less": lambda: uh.stats.ttest_ind(A, B, alternative="less", confidence_level=0.9),
    "two samples, skewed": lambda: uh.stats.ttest_ind(LONG, SKEWED),
    "pairs": lambda: uh.stats.ttest_rel(A, B, alternative="greater"),
    "groups": lambda: uh.stats.f_oneway(A, B, C),
    "groups, Welch": lambda: uh.stats.f_oneway(A, B, C, equal_var=False),
    "groups, skewed": lambda: uh.stats.f_oneway(LONG, SKEWED, A[:3]),
    "pairs of groups": lambda: uh.stats.tukey_hsd(A, B, C, labels=["first", "second", "third"]),
    "pairs of groups, Games and Howell": lambda: uh.stats.tukey_hsd(LONG, SKEWED, B, equal_var=False),
    "pairs of groups, none apart": lambda: uh.stats.tukey_hsd(A, C, SKEWED, A[:3], confidence_level=0.999),
    "two factors": lambda: uh.stats.anova_twoway(LONG, list("pqqrp") * 12, ["low", "high"] * 30),
    "two factors, added": lambda: uh.stats.anova_twoway(
        LONG, [1, 2, 3] * 20, list("uv") * 30, interaction=False, typ=1
    ),
    "z, one sample": lambda: uh.stats.ztest(A, value=5.5, sigma=0.5),
    "z, two samples": lambda: uh.stats.ztest(LONG, SKEWED, value=0.5, equal_var=False, alternative="less"),
    "Levene": lambda: uh.stats.levene(A, B, SKEWED),
    "Levene, means": lambda: uh.stats.levene(A[:4], B, [2.0, 2.0, 2.0], center="mean"),
    "Bartlett": lambda: uh.stats.bartlett(A, B, SKEWED),
    "two variances": lambda: uh.stats.var_test(A, B, ratio=2),
    "two variances, skewed": lambda: uh.stats.var_test(SKEWED, B, alternative="greater"),
    "many tests": lambda: uh.stats.multipletests([0.01, 0.03, 0.2]),
    "many tests, false discoveries": lambda: uh.stats.multipletests([0.01, 0.03, 0.2], alpha=0.1, method="fdr_bh"),
    "counts": lambda: uh.stats.chi2_contingency([[3, 9], [12, 4]]),
    "few counts": lambda: uh.stats.chi2_contingency([[1, 9, 3], [12, 4, 2]]),
    "category": lambda: uh.stats.chisquare([16, 18, 16, 14, 12, 2], [13, 13, 13, 13, 13, 13]),
    "Fisher": lambda: uh.stats.fisher_exact([[8, 2], [1, 5]]),
    "Fisher, empty cell": lambda: uh.stats.fisher_exact([[8, 0], [1, 5]], alternative="greater"),
    "McNemar": lambda: uh.stats.mcnemar([[10, 2], [8, 5]]),
    "McNemar by chi-square": lambda: uh.stats.mcnemar([[10, 2], [8, 5]], exact=False),
    "binomial": lambda: uh.stats.binomtest(3, 15, 0.1),
    "binomial, less": lambda: uh.stats.binomtest(3, 15, 0.4, alternative="less"),
    "one share": lambda: uh.stats.proportions_test(15, 50, 0.4),
    "two shares": lambda: uh.stats.proportions_test([5, 12], [83, 99], alternative="less"),
    "two shares apart": lambda: uh.stats.proportions_test([2, 12], [8, 19], 0.1),
    "three shares of a known size": lambda: uh.stats.proportions_test([5, 12, 30], [83, 99, 120], 0.3),
    "tied sample by distance": lambda: uh.stats.ks_1samp([0.1, 0.4, 0.4, 0.9], "uniform"),
    "beyond Anderson's table": lambda: uh.stats.anderson([1, 2, 3, 900, 1e6], "expon"),
    "three shares": lambda: uh.stats.proportions_test([5, 12, 30], [83, 99, 120]),
    "known distribution": lambda: uh.stats.kstest(LONG, uh.distributions.Normal(3, 2)),
    "named distribution": lambda: uh.stats.kstest(A, "norm", (5, 0.5), alternative="less"),
    "limit": lambda: uh.stats.ks_1samp(SKEWED, "expon", (0, 2), method="asymp"),
    "samples by distance": lambda: uh.stats.ks_2samp(A, B),
    "tied samples by distance": lambda: uh.stats.ks_2samp([1, 2, 2, 3], [2, 3, 4], alternative="greater"),
    "Shapiro": lambda: uh.stats.shapiro(SKEWED),
    "Shapiro, few": lambda: uh.stats.shapiro(A),
    "K squared": lambda: uh.stats.normaltest(LONG),
    "Jarque": lambda: uh.stats.jarque_bera(LONG),
    "Anderson": lambda: uh.stats.anderson(LONG),
    "Anderson, Gumbel": lambda: uh.stats.anderson(SKEWED, "gumbel"),
    "Pearson": lambda: uh.stats.pearsonr(A, B),
    "Spearman": lambda: uh.stats.spearmanr(A, B, alternative="greater"),
    "power": lambda: uh.stats.power(effect_size=0.5, n=20, alternative="greater"),
    "power, pairs": lambda: uh.stats.ttest_power(n=12, power=0.9, kind="paired", alpha=0.01),
    "power, level": lambda: uh.stats.power("one-sample proportion", effect_size=0.3, n=40, power=0.7, alpha=None),
    "sample size": lambda: uh.stats.sample_size("anova", effect_size=0.25, k_groups=4),
    "sample size, smallest": lambda: uh.stats.sample_size(effect_size=40),
    "power, fraction": lambda: uh.stats.proportions_power(0.3, 0.45, power=0.85, ratio=2),
    "power, counts": lambda: uh.stats.power("chi-square", effect_size=0.3, n=60, k_groups=5),
    "mean's interval": lambda: uh.stats.mean_confint(A),
    "mean's interval, sigma": lambda: uh.stats.mean_confint(A[:3], sigma=0.5, side="lower"),
    "mean's interval, skewed": lambda: uh.stats.mean_confint(SKEWED**2, confidence_level=0.9),
    "difference's interval": lambda: uh.stats.mean_difference_confint(A, B),
    "difference's interval, pooled": lambda: uh.stats.mean_difference_confint(A, B, method="pooled", side="upper"),
    "difference's interval, pairs": lambda: uh.stats.mean_difference_confint(A, B, method="paired"),
    "variance's interval": lambda: uh.stats.variance_confint(LONG),
    "std's interval, skewed": lambda: uh.stats.std_confint(SKEWED**2),
    "ratio's interval": lambda: uh.stats.variance_ratio_confint(LONG, SKEWED, side="lower"),
    "median's interval": lambda: uh.stats.median_confint(LONG),
    "quantile's interval": lambda: uh.stats.quantile_confint(LONG, 0.25, side="upper"),
    "correlation's interval": lambda: uh.stats.correlation_confint(A, B),
    "coverage": lambda: uh.stats.coverage(uh.distributions.Normal(3, 2), "mean", 10, repeats=500, rng=1),
    "coverage, broken": lambda: uh.stats.coverage(uh.distributions.Exponential(1), "variance", 50, repeats=500, rng=1),
    "Spearman, approximate with ties": lambda: uh.stats.spearmanr(np.round(LONG), LONG),
    "Kendall": lambda: uh.stats.kendalltau(A, B, confidence_level=0.9),
    "Kendall, ties": lambda: uh.stats.kendalltau([1, 1, 2, 3, 3], A, variant="c", alternative="less"),
    "partial": lambda: uh.stats.partial_corr(A, B, C),
    "partial, two": lambda: uh.stats.partial_corr(LONG, LONG[::-1] ** 2, np.column_stack([LONG**3, LONG**4])),
    "autocorrelation": lambda: uh.stats.acf(LONG, 5),
    "autocorrelation, short": lambda: uh.stats.acf(A, 3, confidence_level=0.9),
    "rank sums": lambda: uh.stats.mannwhitneyu(A, B),
    "rank sums, long, ties": lambda: uh.stats.mannwhitneyu(
        np.round(LONG), np.round(SKEWED), alternative="greater", confidence_level=0.9
    ),
    "signed ranks": lambda: uh.stats.wilcoxon(A, B),
    "signed ranks, zeros": lambda: uh.stats.wilcoxon([*A, 0], [*A[:3], *B[3:], 1], alternative="less"),
    "ranks of groups": lambda: uh.stats.kruskal(A, B, C),
    "ranks of groups, approximate": lambda: uh.stats.kruskal(A, [4, 5, 5], C, method="asymptotic"),
    "ranks of treatments": lambda: uh.stats.friedman(A, B, C),
    "ranks of treatments, approximate": lambda: uh.stats.friedman([1, 2, 3], [1, 3, 3], [2, 3, 4], method="asymptotic"),
    "runs": lambda: uh.stats.runs_test(LONG),
    "runs, few": lambda: uh.stats.runs_test(A, cutoff=5.8, alternative="less"),
    "odds": lambda: uh.stats.logistic_regression(np.column_stack([LONG, LONG**2]), LONG > WAVES, names=["dose", "age"]),
    "odds by level": lambda: uh.stats.logistic_regression(LONG, np.where(LONG > WAVES, "ill", "well"), cov_type="HC0"),
    "odds compared": lambda: uh.stats.compare_models(
        uh.stats.logistic_regression(LONG, LONG > WAVES, names=["a"]),
        uh.stats.logistic_regression(np.column_stack([LONG, LONG**2]), LONG > WAVES, names=["a", "b"]),
    ),
    "rates": lambda: uh.stats.poisson_regression(LONG, np.arange(60) % 7, exposure=1 + np.arange(60) % 3),
    "rates, varying": lambda: uh.stats.poisson_regression(LONG, (np.arange(60) % 7) ** 2, cov_type="HC1"),
    "outliers": lambda: uh.stats.outliers([*A, 30.0]),
    "outliers of few": lambda: uh.stats.outliers(A, "z"),
    "outliers, robust": lambda: uh.stats.outliers([1.0, 1.0, 1.0, np.nan, 2.5], "mad", 2.5),
    "regression": lambda: uh.stats.linear_regression(np.column_stack([LONG, LONG**2]), LONG + np.cos(LONG)),
    "regression, few rows": lambda: uh.stats.linear_regression(A, B),
    "regression by formula": lambda: uh.stats.linear_regression("a ~ b + C(c)", {"a": A, "b": B, "c": [1, 2, 1, 2, 1]}),
    "regression with an interaction": lambda: uh.stats.linear_regression(
        "a ~ b * c", {"a": LONG**2, "b": LONG, "c": ["u", "v", "v", "u"] * (len(LONG) // 4)}
    ),
    "joint test": lambda: uh.stats.linear_regression(np.column_stack([LONG, LONG**2]), np.cos(LONG)).f_test(
        ["x1", "x2"]
    ),
    "models compared": lambda: uh.stats.compare_models(
        uh.stats.polyfit(LONG, np.cos(LONG), 1), uh.stats.polyfit(LONG, np.cos(LONG), 3)
    ),
    "polynomial": lambda: uh.stats.polyfit(LONG, np.cos(LONG), 2),
    "ridge": lambda: uh.stats.ridge_regression(np.column_stack([A, B]), C, 0.5),
    "bootstrap": lambda: uh.stats.bootstrap(LONG, "mean", rng=1),
    "bootstrap, few pairs": lambda: uh.stats.bootstrap((A, B), "correlation", method="percentile", rng=1),
    "bootstrap, constant": lambda: uh.stats.bootstrap([2.5, 2.5, 2.5], np.median, alternative="less", rng=1),
    "permutations": lambda: uh.stats.permutation_test((A, B), "mean_difference"),
    "random permutations": lambda: uh.stats.permutation_test((LONG, SKEWED), "median_difference", rng=1),
    "few signs": lambda: uh.stats.permutation_test(A[:3], "mean", permutation_type="samples", alternative="greater"),
    "pairings": lambda: uh.stats.permutation_test((A, B), "correlation", permutation_type="pairings"),
    "swapped pairs": lambda: uh.stats.permutation_test((A, B), "mean_difference", permutation_type="samples"),
    "jackknife": lambda: uh.stats.jackknife(SKEWED, "median"),
    "likelihood": lambda: uh.stats.likelihood(uh.distributions.Gamma, SKEWED),
    "likelihood ratio": lambda: uh.stats.likelihood_ratio_test(
        uh.distributions.Gamma.fit(SKEWED, shape=1), uh.distributions.Gamma.fit(SKEWED)
    ),
    "description": lambda: uh.stats.describe({"a": A, "b": [1, None, 3, 4, 5]}),
}
FORBIDDEN = r"\bprove|accept|significan|probability that the null|null hypothesis is (true|false)"


def numbers_of(value):
    """All numbers in a field, as the prose may write them."""
    if isinstance(value, bool | np.bool_) or value is None:
        return set()
    if isinstance(value, int | float | np.number):
        value += 0.0 if isinstance(value, float | np.floating) else 0  # the words write -0 as 0
        return {f"{float(value):.6g}", f"{100 * float(value):.6g}", str(value)}
        number = float(value) + 0.0  # the sum turns -0 into 0
        return {f"{number:.6g}", f"{100 * number:.6g}", str(value)}
    if isinstance(value, str):
        return set(re.findall(r"\d+(?:\.\d+)?", value))
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, np.ndarray | list | tuple):
        return set()
    return {text for item in np.asarray(value, dtype=object).ravel() for text in numbers_of(item)}


@pytest.mark.parametrize("name", RESULTS)
def test_every_number_in_the_words_is_a_field_and_the_words_are_careful(name):
    result = RESULTS[name]()
    text = result.explain()
    computed = [attribute for attribute in dir(result) if isinstance(getattr(type(result), attribute, None), property)]
    named = {field.name for field in fields(result) if not field.name.startswith("_")} | set(computed)
    said = named - {"assumptions", "notes"}
    known = {number for attribute in said for number in numbers_of(getattr(result, attribute))}
    for number in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text):
        assert number in known, f"{number} is no field of {name}: {text}"
    assert not re.search(FORBIDDEN, text.replace("it is not the probability", "")), text
    assert "  " not in text
    assert ".." not in text
    if isinstance(result, uh.stats.HypothesisTestResult):
        parts = [line.split(": ")[0] for line in text.splitlines()]
        notes = ["Note"] * len(result.notes)
        assert parts == ["Question", "Assumptions", "Found", "Size", "Not concluded", *notes]
        assert text.splitlines()[0].endswith("?")
        assert all(line.endswith(".") for line in text.splitlines()[1:])
        assert all(isinstance(assumption, uh.stats.Assumption) for assumption in result.assumptions)


@pytest.mark.parametrize("name", RESULTS)
def test_results_print_as_a_block_and_show_as_a_table(name):
    result = RESULTS[name]()
    assert len(repr(result).splitlines()) > 3
    assert "<table>" in result._repr_html_()
    if isinstance(result, uh.stats.HypothesisTestResult):
        assert {"explain", "notes", "assumptions", "statistic", "pvalue"} <= set(dir(result))
        first, second, *_ = result
        assert (first, second) == (result.statistic, result.pvalue)
        assert np.all(result[0] == result.statistic)


def test_every_kind_of_result_speaks_here():
    spoken = {type(make()) for make in RESULTS.values()}
    kinds = {getattr(uh.stats, name) for name in uh.stats.__all__ if isinstance(getattr(uh.stats, name), type)}
    silent = {kind for kind in kinds if issubclass(kind, uh.stats.HypothesisTestResult)} - spoken
    assert silent - {uh.stats.HypothesisTestResult} == set()


@pytest.mark.parametrize("nan_policy", ["omit", "propagate"])
def test_missing_values_are_left_out_or_carried_through(nan_policy):
    gaps = [5.1, np.nan, 4.9, 6.2, 5.8, 6.0]
    with pytest.raises(ValueError, match="ttest_1samp: a holds NaN"):
        uh.stats.ttest_1samp(gaps, 5)
    found, whole = uh.stats.ttest_1samp(gaps, 5, nan_policy=nan_policy), uh.stats.ttest_1samp(A, 5)
    assert type(found) is type(whole)
    assert found.n == whole.n
    if nan_policy == "omit":
        assert tuple(found) == tuple(whole)
    else:
        assert np.isnan(list(found)).all()
    with pytest.raises(ValueError, match="nan_policy is 'skip'"):
        uh.stats.ttest_1samp(gaps, 5, nan_policy="skip")
    # A gap takes its partner along.
    paired = uh.stats.ttest_rel(gaps, [1.0, 2.0, np.nan, 2.0, 1.0, 1.5], nan_policy="omit")
    assert paired.n == (4,)


def test_a_test_along_an_axis_is_one_test_for_each_column():
    table, other = np.column_stack([A, B, C]), np.column_stack([B, C, A])
    found = uh.stats.ttest_ind(table, other, axis=0)
    each = [uh.stats.ttest_ind(table[:, i], other[:, i]) for i in range(3)]
    np.testing.assert_array_equal(found.statistic, [one.statistic for one in each])
    np.testing.assert_array_equal(found.pvalue, [one.pvalue for one in each])
    assert found.results[1].means == each[1].means
    assert repr(found).startswith("3 tests")
    assert "<table>" in found._repr_html_()
    assert uh.stats.ttest_ind(A, B, axis=0).statistic == each[0].statistic
    with pytest.raises(ValueError, match="axis is 2, but a has 2 axes"):
        uh.stats.ttest_ind(table, other, axis=2)


MISSING = [np.nan, np.nan]


@pytest.mark.parametrize(
    ("test", "count"),
    [
        (lambda *x, **o: uh.stats.ttest_1samp(*x, 5, confidence_level=0.9, **o), 1),
        (lambda *x, **o: uh.stats.ztest(*x, value=5, **o), 1),
        (uh.stats.ttest_ind, 2),
        (uh.stats.ttest_rel, 2),
        (uh.stats.mannwhitneyu, 2),
        (uh.stats.wilcoxon, 2),
        (uh.stats.pearsonr, 2),
        (uh.stats.spearmanr, 2),
        (uh.stats.kendalltau, 2),
        (uh.stats.var_test, 2),
        (uh.stats.ks_2samp, 2),
        (uh.stats.kruskal, 3),
        (uh.stats.friedman, 3),
        (uh.stats.f_oneway, 3),
        (uh.stats.levene, 3),
        (uh.stats.bartlett, 3),
        (uh.stats.tukey_hsd, 3),
        (uh.stats.shapiro, 1),
        (uh.stats.normaltest, 1),
        (uh.stats.jarque_bera, 1),
        (uh.stats.anderson, 1),
        (uh.stats.runs_test, 1),
        (lambda *x, **o: uh.stats.runs_test(*x, cutoff=100, **o), 1),
        (lambda *x, **o: uh.stats.kstest(*x, "norm", **o), 1),
    ],
)
def test_what_is_missing_is_carried_through_even_if_the_rest_could_not_be_tested(test, count):
    samples = [MISSING, *([1.0, 2.0] for _ in range(count - 1))]
    with pytest.raises(ValueError, match=r"\w+: "):
        test(*samples, nan_policy="omit")
    found = test(*samples, nan_policy="propagate")
    assert np.isnan(found.statistic).all()
    assert np.isnan(found.pvalue).all()
    question, said = found.explain().splitlines()
    assert question.startswith("Question: ")
    assert "nan" not in question
    assert said == "Found: A value is missing, so nothing was computed."
    assert found.notes == ()
    assert repr(found)
    assert isinstance(found.assumptions, tuple)


def test_options_stay_what_they_were_beside_missing_values():
    found = uh.stats.ttest_1samp([1.0, 2.0, np.nan], 5, confidence_level=0.9, nan_policy="propagate")
    assert (found.popmean, found.confidence_level, found.n) == (5, 0.9, (2,))
    assert uh.stats.ttest_1samp(MISSING, 5, confidence_level=0.9, nan_policy="propagate").n == (0,)
    with pytest.raises(ValueError, match="alternative"):
        uh.stats.ttest_1samp(MISSING, 5, alternative="up", nan_policy="propagate")


def test_a_column_without_values_leaves_the_others_alone():
    table, other = np.column_stack([A, B, C]), np.column_stack([B, C, A])
    whole = uh.stats.ttest_ind(table, other, axis=0)
    gaps = table.copy()
    gaps[:, 1] = np.nan
    through = uh.stats.ttest_ind(gaps, other, axis=0, nan_policy="propagate")
    with pytest.warns(
        RuntimeWarning, match="ttest_ind: NaN for 1 of 3 columns, whose gaps leave too little: ttest_ind:"
    ):
        omitted = uh.stats.ttest_ind(gaps, other, axis=0, nan_policy="omit")
    for found in (through, omitted):
        np.testing.assert_array_equal(np.isnan(found.pvalue), [False, True, False])
        np.testing.assert_array_equal(found.pvalue[[0, 2]], whole.pvalue[[0, 2]])
        assert found.results[1].confidence_level == 0.95
    with pytest.warns(RuntimeWarning, match="mean_confint: NaN for 1 of 3 columns"):
        intervals = uh.stats.mean_confint(gaps, axis=0, nan_policy="omit")
    np.testing.assert_array_equal(np.isnan(intervals.low), [False, True, False])
    assert np.isnan(uh.stats.mean_confint(MISSING, nan_policy="propagate").low)


def test_columns_that_do_not_match_are_named():
    message = (
        r"mannwhitneyu: x has the shape \(3, 4\) and y has the shape \(2, 4\); apart from axis 1 they must be the same"
    )
    with pytest.raises(ValueError, match=message):
        uh.stats.mannwhitneyu(np.zeros((3, 4)), np.zeros((2, 4)), axis=1)
    with pytest.raises(ValueError, match="mean_difference_confint: x has the shape"):
        uh.stats.mean_difference_confint(np.zeros((3, 4)), np.zeros((2, 4)), axis=1)
