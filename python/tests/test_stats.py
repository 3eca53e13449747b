"""Statistics beside NumPy, SciPy and pandas, on awkward input, and in words."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

METHODS = [
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]
SIDES = ["two-sided", "less", "greater"]


@pytest.fixture
def draw():
    return np.random.default_rng(20261122)


# Describing


@pytest.mark.parametrize("n", [1, 2, 3, 4, 100, 1500, 40_000])
def test_describe_agrees_with_pandas(draw, n):
    frame = pd.DataFrame(
        {"normal": draw.normal(3, 2, n), "skewed": draw.exponential(size=n), "ties": draw.integers(0, 5, n)}
    )
    frame.loc[draw.random(n) < 0.1, "normal"] = np.nan
    found = uh.stats.describe(frame)
    expected = frame.describe()
    for ours, theirs in [
        ("mean", "mean"),
        ("std", "std"),
        ("min", "min"),
        ("q25", "25%"),
        ("median", "50%"),
        ("q75", "75%"),
        ("max", "max"),
    ]:
        # Sums of n terms in another order: a few times √n roundings.
        np.testing.assert_allclose(getattr(found, ours), expected.loc[theirs], rtol=1e-13, err_msg=ours)
    np.testing.assert_array_equal(found.count, frame.count())
    np.testing.assert_array_equal(found.missing, frame.isna().sum())
    varying = frame.std() > 0
    np.testing.assert_allclose(found.skewness[varying], frame.skew()[varying], rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(found.kurtosis[varying], frame.kurt()[varying], rtol=1e-11, atol=1e-12)


def test_the_uncorrected_shape_is_scipys(draw):
    x = draw.gamma(2, size=1000)
    found = uh.stats.describe(x, bias=True)
    np.testing.assert_allclose(found.skewness, scipy.stats.skew(x), rtol=1e-12)
    np.testing.assert_allclose(found.kurtosis, scipy.stats.kurtosis(x), rtol=1e-12)


def test_every_kind_of_table_gives_the_same_numbers(draw):
    data = draw.normal(size=(50, 3))
    names = ["a", "b", "c"]
    by_name = {name: data[:, i] for i, name in enumerate(names)}
    tables = [
        data,
        np.asfortranarray(data),
        data.tolist(),
        data.astype(">f8"),
        data[::-1][::-1],
        by_name,
        pd.DataFrame(by_name),
        pd.DataFrame(by_name).astype("Float64"),
        pl.DataFrame(by_name),
        np.rec.fromarrays(list(data.T), names=names),
    ]
    first = uh.stats.describe(tables[0])
    for table in tables:
        found = uh.stats.describe(table)
        for field in ("count", "mean", "std", "median", "kurtosis"):
            np.testing.assert_array_equal(getattr(found, field), getattr(first, field))


def test_a_description_names_what_it_left_out_and_what_needs_a_word():
    frame = pd.DataFrame(
        {"a": [1.0, 2, 4], "text": ["x", "y", "z"], "same": [0.1] * 3, "empty": [np.nan] * 3, "far": [1, np.inf, 2]}
    )
    found = uh.stats.describe(frame)
    assert found.names == ("a", "same", "empty", "far")
    assert found.left_out == ("text",)
    assert found.std[1] == 0
    assert found.mean[3] == np.inf
    assert len(found.notes) == 3
    assert "'same' is constant" in found.notes[0]
    assert "'empty' has no values" in found.notes[1]
    assert "'far' has infinite values" in found.notes[2]
    printed = repr(found)
    assert "left out (no numbers): text" in printed
    assert printed.count("note:") == 3
    assert "<table>" in found._repr_html_()
    assert "'empty' (3)" in found.explain()
    assert found.to_frame().loc["a", "max"] == 4


def test_names_in_html_are_escaped():
    html = uh.stats.describe({"<b>": [1, 2], "<i>": ["x", "y"]})._repr_html_()
    assert "<b>" not in html.replace("<p><b>", "")
    assert "<i>" not in html


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"t": ["a"]}, ValueError),
        (np.zeros((3, 0)), ValueError),
        ({}, ValueError),
        ("text", TypeError),
        (1.5, TypeError),
        (np.zeros((2, 2, 2)), TypeError),
        ([[1, 2], [3]], TypeError),
        (np.array([1j, 2]), ValueError),
        (np.array(["2020"], dtype="M8[D]"), ValueError),
    ],
)
def test_describe_refuses_what_has_no_numbers(data, error):
    with pytest.raises(error, match="describe: data"):
        uh.stats.describe(data)


# Along an axis


@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1])
def test_moments_along_an_axis_are_numpys(draw, axis):
    a = draw.normal(5, 1, (4, 7, 3))
    np.testing.assert_allclose(uh.stats.mean(a, axis), a.mean(axis), rtol=1e-14)
    np.testing.assert_allclose(uh.stats.var(a, axis), a.var(axis, ddof=1), rtol=1e-13)
    np.testing.assert_allclose(uh.stats.std(a, axis, ddof=0), a.std(axis), rtol=1e-13)
    np.testing.assert_allclose(uh.stats.median(a, axis), np.median(a, axis), rtol=1e-15)
    assert np.shape(uh.stats.mean(a, axis)) == np.shape(a.mean(axis))


def test_numbers_come_back_as_plain_floats():
    assert type(uh.stats.mean([1, 2])) is float
    assert type(uh.stats.quantile([1, 2], 0.5)) is float
    assert type(uh.stats.quantile([1, 2], [0.5])) is np.ndarray
    assert np.isnan(uh.stats.mean([1, np.nan]))
    assert np.isnan(uh.stats.var([1.0]))


@pytest.mark.parametrize("method", METHODS)
def test_quantiles_are_numpys(draw, method):
    q = np.array([[0, 0.1, 0.25], [0.5, 0.75, 1]])
    for shape in [(1,), (2,), (9,), (10,), (30_000,), (5, 4, 3)]:
        a = draw.normal(size=shape)
        for axis in [None, *range(-1, len(shape))]:
            found = uh.stats.quantile(a, q, axis=axis, method=method)
            np.testing.assert_allclose(found, np.quantile(a, q, axis=axis, method=method), rtol=1e-14, atol=1e-15)
            scalar = uh.stats.quantile(a, 0.3, axis=axis, method=method)
            np.testing.assert_allclose(scalar, np.quantile(a, 0.3, axis=axis, method=method), rtol=1e-14, atol=1e-15)


@given(
    arrays(float, st.integers(1, 30), elements=st.floats(-1e6, 1e6)),
    st.sampled_from(METHODS),
    st.integers(0, 24),
)
def test_quantiles_are_numpys_at_ties_and_round_places(x, method, numerator):
    q = numerator / 24
    expected = np.quantile(x, q, method=method)
    np.testing.assert_allclose(uh.stats.quantile(x, q, method=method), expected, rtol=1e-13, atol=1e-9)


@given(arrays(float, st.integers(2, 50), elements=st.floats(-1e6, 1e6)), st.floats(-1e9, 1e9))
def test_moving_the_data_moves_the_mean_alone(x, shift):
    moved = x + shift
    # x + shift is rounded: by up to half a unit in the last place of the largest value.
    rounding = 4 * np.spacing(np.abs(moved).max() + np.abs(shift))
    assert abs(uh.stats.mean(moved) - uh.stats.mean(x) - shift) <= rounding
    assert abs(uh.stats.std(moved) - uh.stats.std(x)) <= 2 * rounding


@given(arrays(float, st.integers(1, 50), elements=st.floats(-10, 10).map(lambda v: round(v, 1))))
def test_ranks_are_scipys(x):
    np.testing.assert_array_equal(uh.stats.rankdata(x), scipy.stats.rankdata(x))


# Correlation


def test_matrices_are_numpys_with_variables_in_columns(draw):
    x, y = draw.normal(size=(60, 4)), draw.normal(size=60)
    x[:, 1] += x[:, 0]
    np.testing.assert_allclose(uh.stats.cov(x), np.cov(x, rowvar=False), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(uh.stats.cov(x, y, ddof=0), np.cov(x, y, rowvar=False, ddof=0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(uh.stats.corr(x), np.corrcoef(x, rowvar=False), rtol=1e-12, atol=1e-15)
    ranks = scipy.stats.spearmanr(np.column_stack([x, y])).statistic
    np.testing.assert_allclose(uh.stats.corr(x, y, method="spearman"), ranks, rtol=1e-12, atol=1e-15)
    frame = pd.DataFrame(x)
    np.testing.assert_array_equal(uh.stats.corr(frame), uh.stats.corr(x))
    assert uh.stats.cov(y).shape == (1, 1)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [5, 30, 2000])
def test_pairs_agree_with_scipy(draw, side, n):
    x = draw.normal(size=n)
    y = 0.5 * x + draw.normal(size=n)
    ours, theirs = uh.stats.pearsonr(x, y, alternative=side), scipy.stats.pearsonr(x, y, alternative=side)
    np.testing.assert_allclose([*ours], [theirs.statistic, theirs.pvalue], rtol=1e-11)
    np.testing.assert_allclose(ours.confidence_interval, theirs.confidence_interval(0.95), rtol=1e-11)
    ours = uh.stats.spearmanr(np.round(x, 1), y, alternative=side, method="asymptotic")
    theirs = scipy.stats.spearmanr(np.round(x, 1), y, alternative=side)
    np.testing.assert_allclose([*ours], [*theirs], rtol=1e-11)


def test_the_far_tail_of_a_correlation_keeps_its_digits():
    # y = x + δe, e orthogonal to x and to the constants, |e|² = 4, |x|² = 20: t² = 2r²/(1 − r²) = 10/δ²; Student's t
    # with 2 degrees of freedom has the closed form p = 1 − t/√(t² + 2) = 2/(t² + 2 + t√(t² + 2)).
    x, e = np.array([-3.0, -1, 1, 3]), np.array([1.0, -1, -1, 1])
    for delta in [2.0**-10, 2.0**-20, 2.0**-25]:
        t2 = 10 / delta**2
        expected = 2 / (t2 + 2 + np.sqrt(t2) * np.sqrt(t2 + 2))
        # The unit vectors are right to 1e-16 and differ by about δ/2.
        assert uh.stats.pearsonr(x, x + delta * e).pvalue == pytest.approx(expected, rel=2e-15 / delta)


# Tests


@pytest.mark.parametrize("side", SIDES)
def test_t_tests_agree_with_scipy(draw, side):
    a, b = draw.normal(1, 2, 25), draw.normal(0, 1, 40)
    pairs = [
        (uh.stats.ttest_1samp(a, 0.5, alternative=side), scipy.stats.ttest_1samp(a, 0.5, alternative=side), 0.5),
        (uh.stats.ttest_rel(a, b[:25], alternative=side), scipy.stats.ttest_rel(a, b[:25], alternative=side), 0),
        (uh.stats.ttest_ind(a, b, alternative=side), scipy.stats.ttest_ind(a, b, alternative=side), 0),
        (
            uh.stats.ttest_ind(a, b, equal_var=False, alternative=side),
            scipy.stats.ttest_ind(a, b, equal_var=False, alternative=side),
            0,
        ),
    ]
    for ours, theirs, null in pairs:
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-12)
        assert ours.df == pytest.approx(theirs.df, rel=1e-13)
        interval = np.array(theirs.confidence_interval(0.95)) - null
        np.testing.assert_allclose(ours.confidence_interval, interval, rtol=1e-11, atol=1e-13)
        assert ours.estimate / ours.standard_error == pytest.approx(ours.statistic, rel=1e-14)


def test_far_tails_of_t_do_not_vanish():
    a = np.array([1.0, 1.0 + 1e-6] * 200)
    found = uh.stats.ttest_1samp(a, 0.99, alternative="less")
    assert found.pvalue == 1.0
    found = uh.stats.ttest_1samp(np.array([1.0, 1.1] * 30), 0.9, alternative="greater")
    assert found.pvalue == pytest.approx(scipy.stats.t.sf(found.statistic, 59), rel=1e-10)
    assert 0 < found.pvalue < 1e-25


def test_analysis_of_variance_agrees_with_scipy(draw):
    groups = [draw.normal(m, s, n) for m, s, n in [(0, 1, 20), (0.3, 2, 35), (1, 1, 8)]]
    for equal_var in (True, False):
        ours, theirs = (
            uh.stats.f_oneway(*groups, equal_var=equal_var),
            scipy.stats.f_oneway(*groups, equal_var=equal_var),
        )
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-11)
    ours = uh.stats.f_oneway(*groups)
    np.testing.assert_allclose(ours.means, [group.mean() for group in groups], rtol=1e-14)
    total = np.concatenate(groups)
    spread = ((total - total.mean()) ** 2).sum()
    assert ours.sum_of_squares_between + ours.sum_of_squares_within == pytest.approx(spread, rel=1e-13)
    assert ours.effect_size == pytest.approx(ours.sum_of_squares_between / spread, rel=1e-13)
    assert ours.n.tolist() == [20, 35, 8]


def test_independence_agrees_with_scipy(draw):
    for shape in [(2, 2), (2, 5), (4, 3)]:
        table = draw.integers(1, 40, shape)
        for correction in (True, False):
            ours, theirs = uh.stats.chi2_contingency(table, correction), scipy.stats.chi2_contingency(table, correction)
            np.testing.assert_allclose(ours.statistic, theirs.statistic, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(ours.pvalue, theirs.pvalue, rtol=1e-12)
            np.testing.assert_allclose(ours.expected_freq, theirs.expected_freq, rtol=1e-14)
            assert ours.dof == theirs.dof
        cramer = scipy.stats.contingency.association(table, method="cramer")
        assert uh.stats.chi2_contingency(table).effect_size == pytest.approx(cramer, rel=1e-12)
    assert uh.stats.chi2_contingency([[20, 30], [25, 26]]).notes == ()
    assert uh.stats.chi2_contingency([[1, 30], [2, 26]]).notes[0].startswith("expected counts are as small as 1.42373")


# Bad input

ONE = {
    "mean": lambda x: uh.stats.mean(x),
    "var": lambda x: uh.stats.var(x),
    "std": lambda x: uh.stats.std(x),
    "median": lambda x: uh.stats.median(x),
    "quantile": lambda x: uh.stats.quantile(x, 0.5),
}
SAMPLES = {
    "ttest_1samp": lambda x: uh.stats.ttest_1samp(x, 0.3),
    "ttest_ind": lambda x: uh.stats.ttest_ind(x, [1, 2, 4]),
    "ttest_ind, second": lambda x: uh.stats.ttest_ind([1, 2, 4], x),
    "ttest_rel": lambda x: uh.stats.ttest_rel(x, [1, 2, 4]),
    "pearsonr": lambda x: uh.stats.pearsonr(x, [1, 2, 4]),
    "pearsonr, second": lambda x: uh.stats.pearsonr([1, 2, 4], x),
    "spearmanr": lambda x: uh.stats.spearmanr(x, [1, 2, 4]),
    "f_oneway": lambda x: uh.stats.f_oneway([1, 2, 4], x),
    "f_oneway, Welch": lambda x: uh.stats.f_oneway(x, [1, 2, 4], equal_var=False),
    "corr": lambda x: uh.stats.corr(x, [1, 2, 4]),
    "cov": lambda x: uh.stats.cov(x, [1, 2, 4]),
    "chi2_contingency": lambda x: uh.stats.chi2_contingency(x),
    "rankdata": lambda x: uh.stats.rankdata(x),
}
NO_NUMBERS = {
    "text": "abc",
    "texts": ["a", "b", "c"],
    "objects": np.array([object(), 1, 2]),
    "ragged": [[1, 2], [3]],
    "complex": np.array([1j, 2, 3]),
    "masked": np.ma.array([1.0, 2, 3], mask=[0, 1, 0]),
    "dates": np.array(["2020-01-01"] * 3, dtype="M8[D]"),
    "None": None,
}
NO_SAMPLE = {
    "empty": [],
    "missing": [1.0, np.nan, 2],
    "infinite": [1.0, np.inf, 2],
    "scalar": 1.5,
    "three axes": np.ones((3, 2, 2)),
}


@pytest.mark.parametrize("bad", NO_NUMBERS)
@pytest.mark.parametrize("name", [*ONE, *SAMPLES])
def test_what_holds_no_numbers_is_a_type_error_that_names_the_argument(name, bad):
    function = name.split(",")[0]
    with pytest.raises(TypeError, match=rf"^{function}: \w+ "):
        {**ONE, **SAMPLES}[name](NO_NUMBERS[bad])


@pytest.mark.parametrize("bad", NO_SAMPLE)
@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_no_sample_is_a_value_error_that_names_the_argument(name, bad):
    if name == "rankdata":
        assert len(SAMPLES[name](NO_SAMPLE[bad])) == np.size(NO_SAMPLE[bad])
        return
    function = name.split(",")[0]
    with pytest.raises(ValueError, match=rf"^{function}: \w+ "):
        SAMPLES[name](NO_SAMPLE[bad])


@pytest.mark.parametrize("name", ONE)
def test_descriptive_functions_refuse_nothing_but_emptiness(name):
    with pytest.raises(ValueError, match=f"^{name}: a has 0 values"):
        ONE[name]([])
    assert np.isnan(ONE[name]([1.0, np.nan, 2.0]))
    for same in (np.array([1, 2, 4]), [True, False, True], np.float32([1, 2, 4]), np.array([1, 2, 4.0])[::-1], 1.5):
        assert type(ONE[name](same)) is float
    huge = ONE[name]([1e308, 1.2e308, 1.4e308])
    assert huge == (np.inf if name == "var" else pytest.approx(1.2e308 if name != "std" else 2e307, rel=1e-14))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: uh.stats.mean([1, 2], 1), "mean: axis is 1"),
        (lambda: uh.stats.mean([1, 2], -2), "mean: axis is -2"),
        (lambda: uh.stats.quantile([1, 2], 1.5), "quantile: q is 1.5"),
        (lambda: uh.stats.quantile([1, 2], np.nan), "quantile: q is NaN"),
        (lambda: uh.stats.quantile([1, 2], 0.5, method="middle"), 'quantile: method is "middle"'),
        (lambda: uh.stats.corr([1, 2], [1, 3], method="tau"), 'corr: method is "tau"'),
        (lambda: uh.stats.corr(np.ones((3, 2))), "corr: x has a constant column, number 0"),
        (lambda: uh.stats.cov([1, 2], ddof=2), "cov: x has 2 rows, but at least 3"),
        (lambda: uh.stats.pearsonr([1, 1, 1], [1, 2, 3]), "pearsonr: x is constant"),
        (lambda: uh.stats.spearmanr([1, 2, 3], [2, 2, 2]), "spearmanr: y is constant"),
        (lambda: uh.stats.pearsonr([1, 2, 3], [2, 2]), "pearsonr: y is a vector of 2, but x is a vector of 3"),
        (lambda: uh.stats.pearsonr([1, 2], [2, 3], alternative="up"), 'pearsonr: alternative is "up"'),
        (lambda: uh.stats.ttest_1samp([1, 1], 1), "ttest_1samp: a is constant"),
        (lambda: uh.stats.ttest_1samp([1, 2], np.inf), "ttest_1samp: popmean is inf"),
        (lambda: uh.stats.ttest_1samp([1, 2], 1, confidence_level=95), "ttest_1samp: confidence_level is 95"),
        (lambda: uh.stats.ttest_ind([1, 1], [2, 2]), "ttest_ind: a is constant"),
        (lambda: uh.stats.ttest_rel([1, 2], [2, 3]), "ttest_rel: a differs from b by -1 in every pair"),
        (lambda: uh.stats.f_oneway([1, 2]), "f_oneway: groups has 1 group"),
        (lambda: uh.stats.f_oneway([1, 1], [2, 2]), "f_oneway: groups is constant within every group"),
        (lambda: uh.stats.chi2_contingency([[1, 2], [-1, 2]]), "chi2_contingency: observed has -1 at row 1, column 0"),
        (lambda: uh.stats.chi2_contingency([[0, 0], [1, 2]]), "chi2_contingency: observed has no counts in row 0"),
    ],
)
def test_refusals_name_function_argument_and_value(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


def test_strange_memory_and_extreme_units_give_the_same_tests():
    a, b = np.array([1.0, 2, 4, 9]), np.array([2.0, 6, 7, 7.5])
    expected = [*uh.stats.ttest_ind(a, b), *uh.stats.pearsonr(a, b)]
    read_only = a.copy()
    read_only.flags.writeable = False
    strided = np.repeat(a, 3)[::3]
    for same in (
        read_only,
        strided,
        a[::-1].copy()[::-1],
        a.astype(">f8"),
        a.astype("f4"),
        pd.Series(a),
        pl.Series(a),
        list(a),
    ):
        assert [*uh.stats.ttest_ind(same, b), *uh.stats.pearsonr(same, b)] == expected
    for unit in (2.0**1015, 2.0**-1030):
        found = [*uh.stats.ttest_ind(a * unit, b * unit), *uh.stats.pearsonr(a * unit, b)]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("function", [uh.stats.mean, uh.stats.median, uh.stats.var])
def test_views_that_claim_more_than_memory_holds_are_a_memory_error(function):
    view = np.lib.stride_tricks.sliding_window_view(np.ones(10**7), 5 * 10**6)
    with pytest.raises(MemoryError):
        function(view)


def test_overlapping_windows_are_read_right():
    windows = np.lib.stride_tricks.sliding_window_view(np.arange(7.0), 3)
    np.testing.assert_array_equal(uh.stats.mean(windows, axis=1), [1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    ("options", "error", "name"),
    [({"ddof": -1}, ValueError, "ddof"), ({"ddof": 0.5}, TypeError, "ddof"), ({"axis": 10**30}, TypeError, "axis")],
)
def test_options_that_are_no_whole_numbers_are_refused_by_name(options, error, name):
    with pytest.raises(error, match=f"^var: {name}"):
        uh.stats.var([[1.0, 2.0]], **options)
