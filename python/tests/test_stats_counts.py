"""Tests of counts and shares beside SciPy and statsmodels, and against sums that can be checked by hand."""

from math import comb

import mpmath
import numpy as np
import pandas as pd
import pytest
import scipy.stats
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats import contingency_tables, proportion

SIDES = ["two-sided", "less", "greater"]
TABLES = [
    [[8, 2], [1, 5]],
    [[3, 1], [1, 3]],
    [[10, 12], [15, 3]],
    [[100, 2], [1000, 5]],
    [[0, 7], [6, 1]],
    [[190, 800], [200, 900]],
    [[5, 0], [1, 4]],
    [[1000, 1200], [1100, 1500]],
]


@pytest.fixture
def draw():
    return np.random.default_rng(20261123)


# Expected counts


def test_expected_counts_agree_with_scipy(draw):
    for k in (2, 5, 30):
        observed = draw.integers(0, 60, k) + 1
        shares = draw.dirichlet(np.ones(k) * 20) * observed.sum()
        for expected in (None, shares):
            for ddof in (0, 1) if k > 2 else (0,):
                ours = uh.stats.chisquare(observed, expected, ddof=ddof)
                theirs = scipy.stats.chisquare(observed, expected, ddof=ddof)
                np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
    assert uh.stats.chisquare([5, 5, 5]).pvalue == 1


def test_far_tails_of_chi_square_have_their_digits():
    found = uh.stats.chisquare([1000, 200, 300])
    exact = mpmath.exp(-mpmath.mpf(found.statistic) / 2)  # two degrees of freedom
    assert found.pvalue == pytest.approx(float(exact), rel=1e-12, abs=0)
    assert found.pvalue < 1e-150


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([10, 20], [10, 21]), "chisquare: f_exp adds up to 31, but f_obs to 30"),
        (([10, 20], [0, 30]), "chisquare: f_exp has 0 at 0"),
        (([10, -1], None), "chisquare: f_obs has -1 at 1"),
        (([10, 20], [1, 2, 3]), "chisquare: f_exp is a vector of 3, but f_obs is a vector of 2"),
        (([10],), "chisquare: f_obs has 1"),
        (([0, 0],), "chisquare: f_obs has no counts"),
    ],
)
def test_counts_that_do_not_fit_are_named(arguments, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        uh.stats.chisquare(*arguments)


# Independence


def test_adjusted_residuals_are_statsmodels(draw):
    table = draw.integers(3, 40, (4, 3))
    found = uh.stats.chi2_contingency(table)
    expected = contingency_tables.Table(table).standardized_resids
    np.testing.assert_allclose(found.residuals, expected, rtol=1e-12)


def test_a_crosstab_is_a_table(draw):
    frame = pd.DataFrame({"a": draw.choice(list("xyz"), 200), "b": draw.choice(list("uv"), 200)})
    crosstab = pd.crosstab(frame.a, frame.b)

    class Crosstab:
        counts = crosstab.to_numpy()

    plain = uh.stats.chi2_contingency(crosstab.to_numpy())
    for table in (crosstab, Crosstab()):
        assert uh.stats.chi2_contingency(table).pvalue == plain.pvalue
    # A frame may have a column of that name.
    named = crosstab.set_axis(["counts", "more"], axis=1)
    assert uh.stats.chi2_contingency(named).pvalue == plain.pvalue
    assert uh.stats.fisher_exact(pd.crosstab(frame.a == "x", frame.b)).total == 200


# Fisher


@pytest.mark.parametrize("table", TABLES, ids=str)
@pytest.mark.parametrize("alternative", SIDES)
def test_fisher_agrees_with_scipy(table, alternative):
    ours = uh.stats.fisher_exact(table, alternative)
    theirs = scipy.stats.fisher_exact(table, alternative)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-14)
    # SciPy's hypergeometric probabilities are right to eleven digits or so.
    assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-10, abs=0)
    ratio = scipy.stats.contingency.odds_ratio(table)
    assert ours.effect_size == pytest.approx(ratio.statistic, rel=1e-6)
    interval = ratio.confidence_interval(0.95, alternative)
    np.testing.assert_allclose(ours.confidence_interval, tuple(interval), rtol=1e-6)


def has_no_empty_margin(cells):
    a, b, c, d = cells
    return min(a + b, c + d, a + c, b + d) > 0


@given(st.tuples(*[st.integers(0, 12)] * 4).filter(has_no_empty_margin))
def test_fisher_is_a_sum_of_whole_numbers(cells):
    a, b, c, d = cells
    row, column, n = a + b, a + c, a + b + c + d
    ways = {k: comb(row, k) * comb(n - row, column - k) for k in range(max(0, column + row - n), min(row, column) + 1)}
    total = comb(n, column)
    for alternative, counted in [
        ("two-sided", sum(way for way in ways.values() if way <= ways[a])),
        ("less", sum(way for k, way in ways.items() if k <= a)),
        ("greater", sum(way for k, way in ways.items() if k >= a)),
    ]:
        found = uh.stats.fisher_exact([[a, b], [c, d]], alternative)
        assert found.pvalue == pytest.approx(counted / total, rel=1e-12, abs=0)
    # The conditional odds ratio makes the expectation what was seen.
    odds = found.effect_size
    if 0 < odds < np.inf:
        weights = {k: way * odds**k for k, way in ways.items()}
        assert sum(k * w for k, w in weights.items()) / sum(weights.values()) == pytest.approx(a, rel=1e-10)
    else:
        assert a == (min(ways) if odds == 0 else max(ways))


@pytest.mark.parametrize(
    "table", [[[50, 70], [40, 20]], [[900, 500], [3000, 2500]], [[90_000, 80_000], [85_000, 84_000]]]
)
def test_the_ends_of_the_exact_interval_have_their_tails(table):
    (a, b), (c, d) = table
    row, column, n = a + b, a + c, a + b + c + d
    low, high = uh.stats.fisher_exact(table, confidence_level=0.9).confidence_interval
    k = np.arange(max(0, column + row - n), min(row, column) + 1)
    # Weights from ratios of neighbours, outwards from a.
    up = np.cumsum(np.log((row - k[:-1]) * (column - k[:-1]) / ((k[:-1] + 1.0) * (n - row - column + k[:-1] + 1.0))))
    log_weight = np.concatenate([[0.0], up])
    for odds, tail in ((low, k >= a), (high, k <= a)):
        weight = log_weight + k * np.log(odds)
        share = np.exp(weight - weight.max())
        assert share[tail].sum() / share.sum() == pytest.approx(0.05, rel=1e-7)


def test_huge_counts_are_no_trouble():
    found = uh.stats.fisher_exact([[5 * 10**11, 6 * 10**11], [4 * 10**11, 5 * 10**11]])
    assert found.pvalue == 0
    assert found.effect_size == pytest.approx(25 / 24, rel=1e-9)
    balanced = uh.stats.fisher_exact([[10**11, 10**11], [10**11, 10**11 + 10**5]])
    z = uh.stats.chi2_contingency([[10**11, 10**11], [10**11, 10**11 + 10**5]])
    assert balanced.pvalue == pytest.approx(z.pvalue, rel=1e-4)


# Shares


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("p", [0, 0.01, 0.1, 0.5, 0.7, 1])
def test_binomial_agrees_with_scipy(alternative, p):
    for k, n in [(0, 1), (1, 1), (3, 15), (12, 15), (0, 40), (40, 40), (500, 1000), (35, 1000), (1, 10_000)]:
        ours, theirs = uh.stats.binomtest(k, n, p, alternative), scipy.stats.binomtest(k, n, p, alternative)
        assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-11, abs=0)
        assert ours.statistic == ours.proportion_estimate == k / n
        for method in ("exact", "wilson", "wilsoncc"):
            within = theirs.proportion_ci(0.9, method)
            np.testing.assert_allclose(ours.proportion_ci(0.9, method), tuple(within), rtol=1e-9, atol=1e-12)
        assert ours.confidence_interval == tuple(ours.proportion_ci())
    with pytest.raises(ValueError, match='proportion_ci: method is "best"'):
        ours.proportion_ci(method="best")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("wilson", "wilson"),
        ("wald", "normal"),
        ("clopper-pearson", "beta"),
        ("agresti-coull", "agresti_coull"),
        ("jeffreys", "jeffreys"),
    ],
)
def test_intervals_of_shares_are_statsmodels(ours, theirs):
    for count, nobs in [(0, 10), (10, 10), (1, 7), (15, 50), (400, 1000)]:
        found = uh.stats.proportion_confint(count, nobs, confidence_level=0.9, method=ours)
        expected = proportion.proportion_confint(count, nobs, alpha=0.1, method=theirs)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert repr(found).count(" to ") == 1
    assert found.low < found.high


@pytest.mark.parametrize(("side", "theirs"), [("two-sided", "two-sided"), ("less", "smaller"), ("greater", "larger")])
def test_tests_of_shares_are_statsmodels(side, theirs):
    for count, nobs, value in [(15, 50, 0.4), ([5, 12], [83, 99], None), ([50, 12], [83, 99], 0.3)]:
        found = uh.stats.proportions_test(count, nobs, value, alternative=side)
        expected = proportion.proportions_ztest(count, nobs, value, alternative=theirs)
        np.testing.assert_allclose([*found], np.ravel(expected), rtol=1e-11)
    exact = uh.stats.proportions_test(15, 50, 0.4, alternative=side, prop_var=0.4)
    np.testing.assert_allclose([*exact], np.ravel(proportion.proportions_ztest(15, 50, 0.4, theirs, 0.4)), rtol=1e-11)


def test_several_shares_are_a_chi_square_test():
    count, nobs = [5, 12, 30], [83, 99, 120]
    found = uh.stats.proportions_test(count, nobs)
    statistic, pvalue, _ = proportion.proportions_chisquare(count, nobs)
    np.testing.assert_allclose([*found], [statistic, pvalue], rtol=1e-12)
    assert (found.df, found.estimate, found.confidence_interval) == (2, None, None)
    assert uh.stats.proportions_test(count, nobs, 0.2).df == 3
    assert "the probability 0.2 of success" in uh.stats.proportions_test(count, nobs, 0.2).explain()
    two = uh.stats.proportions_test([5, 12], [83, 99], confidence_level=0.9)
    expected = proportion.confint_proportions_2indep(5, 83, 12, 99, method="newcomb", alpha=0.1)
    np.testing.assert_allclose(two.confidence_interval, expected, rtol=1e-12)
    assert two.effect_size == pytest.approx(proportion.proportion_effectsize(5 / 83, 12 / 99), rel=1e-12)
    with pytest.raises(ValueError, match="proportions_test: count has no failures"):
        uh.stats.proportions_test(5, 5)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("correction", [True, False])
def test_mcnemar_is_statsmodels(exact, correction):
    for table in ([[101, 121], [59, 33]], [[1, 0], [5, 2]], [[10, 4], [4, 10]]):
        ours = uh.stats.mcnemar(table, exact, correction)
        theirs = contingency_tables.mcnemar(table, exact, correction)
        if not exact and correction and table[0][1] == table[1][0]:
            # (|b − c| − 1)² is 1 for b = c in statsmodels; a correction does not carry beyond zero.
            assert (ours.statistic, ours.pvalue) == (0, 1)
            continue
        np.testing.assert_allclose([*ours], [theirs.statistic, theirs.pvalue], rtol=1e-12)
    with pytest.raises(ValueError, match="mcnemar: table has no changes"):
        uh.stats.mcnemar([[1, 0], [0, 1]])


def test_the_estimate_of_one_share_lies_in_its_interval():
    found = uh.stats.proportions_test(3, 20, value=0.32)
    low, high = found.confidence_interval
    assert low < found.estimate == 3 / 20 < high
