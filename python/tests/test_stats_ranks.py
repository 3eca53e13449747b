"""Tests of ranks beside SciPy, beside all arrangements counted one by one, and on awkward input."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.sandbox.stats.runs import runstest_1samp

SIDES = ["two-sided", "less", "greater"]
ZEROS = ["wilcox", "pratt", "zsplit"]


@pytest.fixture
def draw():
    return np.random.default_rng(20261124)


# Ranks


@pytest.mark.parametrize("method", ["average", "min", "max", "dense", "ordinal"])
@pytest.mark.parametrize("shape", [(0,), (1,), (300,), (5, 4), (3, 300, 2)])
def test_ranks_are_scipys(draw, method, shape):
    a = draw.normal(size=shape).round(1)
    for axis in [None, *range(-1, len(shape))]:
        expected = scipy.stats.rankdata(a, method=method, axis=axis)
        found = uh.stats.rankdata(a, method, axis=axis)
        np.testing.assert_array_equal(found, expected)
        assert found.shape == expected.shape
    if a.size > 4:
        a.flat[[2, 4]] = np.nan
        for policy in ["propagate", "omit"]:
            for axis in [None, *range(len(shape))]:
                expected = scipy.stats.rankdata(a, method=method, axis=axis, nan_policy=policy)
                found = uh.stats.rankdata(a, method=method, axis=axis, nan_policy=policy)
                np.testing.assert_array_equal(found, expected)
        with pytest.raises(ValueError, match="rankdata: a holds NaN"):
            uh.stats.rankdata(a, nan_policy="raise")


@given(arrays(float, st.integers(1, 600), elements=st.sampled_from([0.0, -0.0, 1e-320, 1e300, -1e300, np.inf, 2.5])))
def test_ranks_of_odd_numbers_are_scipys(x):
    np.testing.assert_array_equal(uh.stats.rankdata(x), scipy.stats.rankdata(x))


@pytest.mark.parametrize("kind", ["normal", "heavy", "lognormal", "ties", "sorted", "huge", "clusters"])
@pytest.mark.parametrize("n", [257, 20_000, 300_000])
def test_long_columns_of_every_shape_are_ranked_right(draw, kind, n):
    x = draw.normal(size=n)
    x = {
        "normal": x,
        "heavy": 1 / x,
        "lognormal": np.exp(3 * x),
        "ties": np.round(x, 1),
        "sorted": np.sort(x),
        "huge": x * 1e307,
        "clusters": np.round(x) + 1e-12 * draw.normal(size=n),
    }[kind]
    np.testing.assert_array_equal(uh.stats.rankdata(x), scipy.stats.rankdata(x))


# Two samples


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 5), (8, 8), (30, 30), (12, 70)])
def test_rank_sums_agree_with_scipy(draw, side, m, n):
    x, y = draw.normal(size=m), draw.normal(size=n) + 0.5
    for method in ["exact", "asymptotic"]:
        for continuity in [True, False]:
            ours = uh.stats.mannwhitneyu(x, y, use_continuity=continuity, alternative=side, method=method)
            theirs = scipy.stats.mannwhitneyu(x, y, use_continuity=continuity, alternative=side, method=method)
            np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
    assert "exact" in uh.stats.mannwhitneyu(x, y).method
    x, y = np.round(x), np.round(y)
    if np.ptp([*x, *y]) > 0:
        ours = uh.stats.mannwhitneyu(x, y, alternative=side, method="asymptotic")
        np.testing.assert_allclose(
            [*ours], [*scipy.stats.mannwhitneyu(x, y, alternative=side, method="asymptotic")], rtol=1e-12
        )


def all_choices(values, m):
    return [
        (values[list(c)], values[[i for i in range(len(values)) if i not in c]])
        for c in itertools.combinations(range(len(values)), m)
    ]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("m", [2, 3, 4, 5])
def test_rank_sums_with_ties_are_those_of_all_choices(side, m):
    values = np.array([1.0, 2, 2, 2, 3, 5, 5, 9])
    us = [scipy.stats.mannwhitneyu(a, b, method="asymptotic").statistic for a, b in all_choices(values, m)]
    for a, b in all_choices(values, m)[::7]:
        found = uh.stats.mannwhitneyu(a, b, alternative=side)
        low, high = np.mean(np.array(us) <= found.statistic), np.mean(np.array(us) >= found.statistic)
        expected = {"two-sided": min(1, 2 * min(low, high)), "less": low, "greater": high}[side]
        assert found.pvalue == pytest.approx(expected, rel=1e-13)
        assert "(exact)" in found.method
        assert found.tied == 5


def test_far_tails_of_rank_sums(draw):
    x = np.arange(30.0)
    # All of x below all of y: one of C(60, 30) ways.
    assert uh.stats.mannwhitneyu(x, x + 100, alternative="less").pvalue == pytest.approx(
        1 / 118264581564861424, rel=1e-14
    )
    x, y = draw.normal(size=4000), draw.normal(size=4000) + 1
    ours, theirs = uh.stats.mannwhitneyu(x, y), scipy.stats.mannwhitneyu(x, y)
    assert ours.pvalue < 1e-250
    np.testing.assert_allclose([*ours], [*theirs], rtol=1e-11)
    assert "approximate" in ours.method


def test_the_shift_is_the_median_of_all_differences(draw):
    for m, n in [(1, 1), (7, 12), (40, 31)]:
        x, y = draw.normal(size=m), draw.normal(size=n).round(1)
        found = uh.stats.mannwhitneyu(x, y)
        differences = np.sort(np.subtract.outer(x, y).ravel())
        assert found.estimate == pytest.approx(np.median(differences), rel=1e-15)
        low, high = found.confidence_interval
        assert low <= found.estimate <= high
        assert found.probability == pytest.approx((found.effect_size + 1) / 2, rel=1e-14)
    # The interval has those shifts that the test does not reject.
    for shift, inside in [(low + 1e-9, True), (low - 1e-9, False), (high - 1e-9, True), (high + 1e-9, False)]:
        assert (uh.stats.mannwhitneyu(x - shift, y, method="exact" if shift else "auto").pvalue > 0.05) == inside
    x[:] = 0  # the result keeps its own numbers
    assert found.estimate == np.median(differences)
    large = uh.stats.mannwhitneyu(draw.normal(size=3000), draw.normal(size=2000) + 1)
    assert large.estimate == pytest.approx(-1, abs=0.2)
    assert large.confidence_interval[0] < -1 < large.confidence_interval[1]
    with pytest.raises(AttributeError, match="has no attribute 'shift'"):
        large.shift  # noqa: B018
    with pytest.raises(ValueError, match="mannwhitneyu: confidence_level is 95"):
        uh.stats.mannwhitneyu([1, 2], [3, 4], confidence_level=95)


# Pairs


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("zeros", ZEROS)
@pytest.mark.parametrize("correction", [True, False])
@pytest.mark.parametrize("n", [1, 6, 50, 120])
def test_signed_ranks_agree_with_scipy(draw, side, zeros, correction, n):
    options = {"zero_method": zeros, "correction": correction, "alternative": side}
    d = draw.normal(size=n) + 0.2
    for method in ["exact", "asymptotic"]:
        ours = uh.stats.wilcoxon(d, **options, method=method)
        theirs = scipy.stats.wilcoxon(d, **options, method=method)
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
    d = np.round(d, 0 if n > 6 else 1)
    if n > 6:
        ours = uh.stats.wilcoxon(d, **options, method="approx")
        theirs = scipy.stats.wilcoxon(d, **options, method="asymptotic")
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
        assert ours.zeros == np.sum(d == 0)


def test_many_signed_ranks_are_exact_to_the_last_digits():
    # SciPy 1.17 is off by 4e-12 here: counted with whole numbers of any size.
    n, below = 300, 16452
    counts = [1] + [0] * below
    for rank in range(1, n + 1):
        for k in range(below, rank - 1, -1):
            counts[k] += counts[k - rank]
    expected = sum(counts) / 2**n
    signs = np.ones(n)
    # Those ranks are negative whose sum is what is wanted.
    left = below
    for rank in range(n, 0, -1):
        if rank <= left:
            signs[rank - 1], left = -1, left - rank
    found = uh.stats.wilcoxon(signs * np.arange(1.0, n + 1), method="exact", alternative="greater")
    assert found.rank_sums[1] == below
    assert found.pvalue == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("zeros", ZEROS)
def test_signed_ranks_with_ties_are_those_of_all_signs(side, zeros):
    d = np.array([1.0, -1, 2, 2, 0, -3, 3, 0, 4])
    found = uh.stats.wilcoxon(d, zero_method=zeros, alternative=side)
    sums = np.array(
        [uh.stats.wilcoxon(d * signs, zero_method=zeros).rank_sums[0] for signs in itertools.product([1, -1], repeat=9)]
    )
    low, high = np.mean(sums <= found.rank_sums[0]), np.mean(sums >= found.rank_sums[0])
    expected = {"two-sided": min(1, 2 * min(low, high)), "less": low, "greater": high}[side]
    assert found.pvalue == pytest.approx(expected, rel=1e-13)
    assert (found.zeros, found.tied) == (2, 6)
    assert any("are zero" in note for note in found.notes)


def test_pairs_are_their_differences(draw):
    x, y = draw.normal(size=20), draw.normal(size=20)
    assert [*uh.stats.wilcoxon(x, y)] == [*uh.stats.wilcoxon(x - y)]
    found = uh.stats.wilcoxon(x, y)
    means = np.add.outer(x - y, x - y)[np.tril_indices(20)] / 2
    assert found.estimate == pytest.approx(np.median(means), rel=1e-14)
    low, high = found.confidence_interval
    for shift, inside in [(low + 1e-9, True), (low - 1e-9, False), (high - 1e-9, True), (high + 1e-9, False)]:
        assert (uh.stats.wilcoxon(x - y - shift).pvalue > 0.05) == inside
    x[3] = np.nan
    keep = np.arange(20) != 3
    assert [*uh.stats.wilcoxon(x, y, nan_policy="omit")] == [*uh.stats.wilcoxon(x[keep], y[keep])]
    through = uh.stats.wilcoxon(x, y, nan_policy="propagate")
    assert np.isnan([*through, through.estimate, *through.confidence_interval]).all()
    with pytest.raises(ValueError, match="wilcoxon: y is a vector of 2, but x is a vector of 3"):
        uh.stats.wilcoxon([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="wilcoxon: x is constant"):
        uh.stats.wilcoxon([1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match='wilcoxon: zero_method is "drop"'):
        uh.stats.wilcoxon([1, 2, 3], zero_method="drop")


# Several samples


@pytest.mark.parametrize("step", [0, 1])
def test_several_samples_agree_with_scipy(draw, step):
    samples = [draw.normal(size=n) + n / 10 for n in (8, 12, 5, 30)]
    if step:
        samples = [np.round(sample) for sample in samples]
    ours, theirs = uh.stats.kruskal(*samples), scipy.stats.kruskal(*samples)
    np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
    assert ours.df == 3
    assert ours.effect_size == pytest.approx(ours.statistic / 54, rel=1e-14)
    columns = draw.normal(size=(4, 25)) + np.array([[0], [0.5], [0], [1]])
    if step:
        columns = np.round(columns)
    for function in (uh.stats.friedman, uh.stats.friedmanchisquare):
        ours, theirs = function(*columns), scipy.stats.friedmanchisquare(*columns)
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
    assert ours.effect_size == pytest.approx(ours.statistic / 75, rel=1e-14)


def test_small_groups_are_dealt_in_all_ways():
    values = np.array([1.0, 2, 2, 3, 4, 4, 7])
    sizes = (2, 2, 3)
    hs, own = [], None
    for order in set(itertools.permutations(range(7))):
        if order[0] < order[1] and order[2] < order[3] and order[4] < order[5] < order[6]:
            hs.append(
                scipy.stats.kruskal(values[list(order[:2])], values[list(order[2:4])], values[list(order[4:])])[0]
            )
    assert len(hs) == 210
    found = uh.stats.kruskal(values[:2], values[2:4], values[4:])
    own = found.statistic
    assert found.pvalue == pytest.approx(np.mean(np.array(hs) >= own - 1e-9), rel=1e-13)
    assert found.method == "Kruskal-Wallis test (exact)"
    assert list(found.n) == list(sizes)
    blocks = np.array([[1.0, 2, 2], [3, 1, 2], [1, 5, 2], [1, 1, 4]])
    stats = [
        scipy.stats.friedmanchisquare(*np.array(rows).T)[0]
        for rows in itertools.product(*[list(itertools.permutations(row)) for row in blocks])
    ]
    found = uh.stats.friedman(*blocks.T)
    assert found.pvalue == pytest.approx(np.mean(np.array(stats) >= found.statistic - 1e-9), rel=1e-13)


def test_several_samples_with_gaps_and_along_an_axis(draw):
    a, b, c = draw.normal(size=(3, 10, 2))
    found = uh.stats.kruskal(a, b, c, axis=0)
    assert found.results[1].pvalue == uh.stats.kruskal(a[:, 1], b[:, 1], c[:, 1]).pvalue
    a[2, 0] = np.nan
    keep = np.arange(10) != 2
    ours = uh.stats.kruskal(a[:, 0], b[:, 0], c[:, 0], nan_policy="omit")
    assert [*ours] == [*uh.stats.kruskal(a[keep, 0], b[:, 0], c[:, 0])]
    ours = uh.stats.friedman(a[:, 0], b[:, 0], c[:, 0], nan_policy="omit")
    assert [*ours] == [*uh.stats.friedman(a[keep, 0], b[keep, 0], c[keep, 0])]
    with pytest.raises(ValueError, match="kruskal: samples holds NaN at index 2 of sample 1"):
        uh.stats.kruskal(b[:, 0], a[:, 0])
    with pytest.raises(ValueError, match="friedman: samples has 9 values in sample 1"):
        uh.stats.friedman(b[:, 0], a[keep, 0])
    with pytest.raises(ValueError, match="kruskal: samples has 1 sample"):
        uh.stats.kruskal(b[:, 0])
    frame = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 3, 5]})
    assert uh.stats.kruskal(frame["a"], frame["b"]).n.tolist() == [3, 3]


# A sequence


@pytest.mark.parametrize("side", SIDES)
def test_runs_are_those_of_all_orders(side):
    x = np.array([3.0, 5, 6, 1, 2, 8, 9, 4.5])
    found = uh.stats.runs_test(x, cutoff=4, alternative=side)
    runs = np.array([1 + np.sum(np.diff(np.isin(range(8), c)) != 0) for c in itertools.combinations(range(8), 3)])
    low, high = np.mean(runs <= found.runs), np.mean(runs >= found.runs)
    expected = {"two-sided": min(1, 2 * min(low, high)), "less": low, "greater": high}[side]
    assert found.pvalue == pytest.approx(expected, rel=1e-13)
    assert found.n == (5, 3)


def test_runs_agree_with_statsmodels(draw):
    x = draw.normal(size=400)
    for cutoff in ["mean", "median", 0.1]:
        ours = uh.stats.runs_test(x, cutoff, method="asymptotic")
        np.testing.assert_allclose([*ours], runstest_1samp(x, cutoff, correction=False), rtol=1e-12)
    gaps = np.append(x, np.nan)
    assert [*uh.stats.runs_test(gaps, nan_policy="omit")] == [*uh.stats.runs_test(x)]
    for bad, error in [("mode", ValueError), (np.nan, ValueError), (None, TypeError)]:
        with pytest.raises(error, match=r"^runs_test: cutoff"):
            uh.stats.runs_test(x, bad)
