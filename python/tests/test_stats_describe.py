"""Describing: averages, spreads, shapes, frequencies, groups and outliers, beside NumPy, SciPy and pandas."""

import datetime
import re
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

NAN, INF = np.nan, np.inf

# Ours, theirs: both with axis=.
PAIRS = {
    "mean": (uh.stats.mean, np.mean),
    "gmean": (uh.stats.gmean, scipy.stats.gmean),
    "hmean": (uh.stats.hmean, scipy.stats.hmean),
    "trim_mean": (
        lambda a, axis: uh.stats.trim_mean(a, 0.2, axis),
        lambda a, axis: scipy.stats.trim_mean(a, 0.2, axis),
    ),
    "median": (uh.stats.median, np.median),
    "var": (lambda a, axis: uh.stats.var(a, axis, ddof=0), np.var),
    "std": (lambda a, axis: uh.stats.std(a, axis, ddof=0), np.std),
    "iqr": (uh.stats.iqr, scipy.stats.iqr),
    "iqr, normal": (
        lambda a, axis: uh.stats.iqr(a, axis, scale="normal", rng=(10, 80)),
        lambda a, axis: scipy.stats.iqr(a, axis, scale="normal", rng=(10, 80)),
    ),
    "mad": (uh.stats.mad, scipy.stats.median_abs_deviation),
    "mad, normal": (
        lambda a, axis: uh.stats.mad(a, axis, scale="normal"),
        lambda a, axis: scipy.stats.median_abs_deviation(a, axis, scale="normal"),
    ),
    "skew": (uh.stats.skew, scipy.stats.skew),
    "skew, corrected": (
        lambda a, axis: uh.stats.skew(a, axis, bias=False),
        lambda a, axis: scipy.stats.skew(a, axis, bias=False),
    ),
    "kurtosis": (uh.stats.kurtosis, scipy.stats.kurtosis),
    "kurtosis, Pearson, corrected": (
        lambda a, axis: uh.stats.kurtosis(a, axis, fisher=False, bias=False),
        lambda a, axis: scipy.stats.kurtosis(a, axis, fisher=False, bias=False),
    ),
    "moment 3": (lambda a, axis: uh.stats.moment(a, 3, axis), lambda a, axis: scipy.stats.moment(a, 3, axis)),
    "moment 5 about 1": (
        lambda a, axis: uh.stats.moment(a, 5, axis, center=1.0),
        lambda a, axis: scipy.stats.moment(a, 5, axis, center=1.0),
    ),
    "zscore": (uh.stats.zscore, scipy.stats.zscore),
    "mode": (
        lambda a, axis: uh.stats.mode(np.round(a), axis).mode,
        lambda a, axis: scipy.stats.mode(np.round(a), axis)[0],
    ),
}


@pytest.fixture
def draw():
    return np.random.default_rng(20261123)


@pytest.mark.parametrize("name", PAIRS)
def test_every_axis_and_layout_agrees_with_numpy_and_scipy(draw, name):
    ours, theirs = PAIRS[name]
    for shape in [(9,), (30, 7), (1500, 20), (4, 1100, 3), (3, 2, 5, 4)]:
        a = draw.gamma(2, size=shape) + 0.5
        for axis in [None, *range(len(shape)), -1]:
            if "corrected" in name and axis is not None and shape[axis] < 4:
                continue  # too few to correct: NaN here, uncorrected in SciPy
            expected = theirs(a, axis=axis)
            for layout in (a, np.asfortranarray(a), a[::-1], np.repeat(a, 2, axis=-1)[..., ::2]):
                expected_here = theirs(layout, axis=axis) if layout.strides[0] < 0 else expected
                found = ours(layout, axis)
                assert np.shape(found) == np.shape(expected_here)
                np.testing.assert_allclose(found, expected_here, rtol=2e-12, atol=1e-13)


POLICIES = {
    "mean": uh.stats.mean,
    "gmean": uh.stats.gmean,
    "hmean": uh.stats.hmean,
    "trim_mean": lambda a, axis, **policy: uh.stats.trim_mean(a, 0.2, axis, **policy),
    "median": uh.stats.median,
    "var": uh.stats.var,
    "std": uh.stats.std,
    "iqr": uh.stats.iqr,
    "mad": uh.stats.mad,
    "skew": uh.stats.skew,
    "kurtosis": uh.stats.kurtosis,
    "moment": lambda a, axis, **policy: uh.stats.moment(a, 2, axis, **policy),
    "quantile": lambda a, axis, **policy: uh.stats.quantile(a, 0.3, axis=axis, **policy),
    "mode": lambda a, axis, **policy: uh.stats.mode(a, axis, **policy).mode,
    "moments": lambda a, axis, **policy: uh.stats.moments(a, axis, **policy).kurtosis,
}


@pytest.mark.parametrize("ours", POLICIES.values(), ids=POLICIES)
def test_gaps_go_by_the_policy(draw, ours):
    a = draw.gamma(2, size=(40, 5))
    a[3, 1] = a[17, 1] = a[0, 4] = NAN
    a[:, 3] = NAN
    np.testing.assert_array_equal(np.isnan(ours(a, 0, nan_policy="propagate")), [False, True, False, True, True])
    omitted = ours(a, 0, nan_policy="omit")
    assert np.isnan(omitted[3])
    for j in (0, 1, 2, 4):
        whole = a[~np.isnan(a[:, j]), j]
        np.testing.assert_allclose(omitted[j], ours(whole, None), rtol=1e-12)
    with pytest.raises(ValueError, match=r"a holds NaN \(a missing value\) at row 0, column 3"):
        ours(a, 0, nan_policy="raise")
    with pytest.raises(ValueError, match='nan_policy is "drop"'):
        ours(a, 0, nan_policy="drop")


def test_scores_and_modes_keep_gaps_where_they_are():
    np.testing.assert_allclose(
        uh.stats.zscore([1, NAN, 2, 4], nan_policy="omit"), scipy.stats.zscore([1, NAN, 2, 4], nan_policy="omit")
    )
    assert np.isnan(uh.stats.zscore([1, NAN, 2])).all()
    assert np.isnan(uh.stats.zscore([3, 3, 3])).all()
    value, count = uh.stats.mode([1, NAN, NAN])
    assert np.isnan(value)
    assert count == 0
    value, count = uh.stats.mode([2, NAN, NAN, 2, 1], nan_policy="omit")
    assert (value, count) == (2.0, 2)
    many = uh.stats.mode([[1, 2, 2], [3, 3, 1]], axis=1)
    assert many.mode.tolist() == [2, 3]
    assert many.count.dtype.kind == "i"


def test_frames_and_series_go_in(draw):
    a = draw.normal(size=(20, 3))
    for frame in (pd.DataFrame(a), pl.DataFrame(a), pd.DataFrame(a).astype("Float64")):
        np.testing.assert_allclose(uh.stats.skew(frame, 0), scipy.stats.skew(a), rtol=1e-12)
        np.testing.assert_allclose(uh.stats.mean(frame), a.mean(), rtol=1e-13)
    np.testing.assert_allclose(uh.stats.mad(pd.Series(a[:, 0])), uh.stats.mad(a[:, 0]))
    gaps = pd.Series([1, None, 3], dtype="Int64")
    assert uh.stats.mean(gaps, nan_policy="omit") == 2
    assert uh.stats.mean([True, False, True, True]) == 0.75


def test_moments_are_its_four_parts(draw):
    a = draw.gamma(2, size=(3, 2000))
    found = uh.stats.moments(a, 1, ddof=0)
    for part, single in zip(found, (np.mean, np.var, scipy.stats.skew, scipy.stats.kurtosis), strict=True):
        np.testing.assert_allclose(part, single(a, axis=1), rtol=1e-12)
    assert len(found) == 4
    assert "skewness" in repr(uh.stats.moments([1, 2, 4]))


def test_weights_are_repetitions(draw):
    a, w = draw.gamma(2, size=12), draw.integers(0, 4, 12)
    repeated = np.repeat(a, w)
    for name in ("mean", "gmean", "hmean"):
        ours = getattr(uh.stats, name)
        np.testing.assert_allclose(ours(a, weights=w), ours(repeated), rtol=1e-14)
    b, w = draw.gamma(2, size=(4, 6)), draw.random(4)
    np.testing.assert_allclose(uh.stats.mean(b, 0, weights=w), np.average(b, 0, weights=w), rtol=1e-14)
    np.testing.assert_allclose(uh.stats.gmean(b, weights=b), scipy.stats.gmean(b, axis=None, weights=b), rtol=1e-14)
    np.testing.assert_allclose(uh.stats.hmean(b, 0, weights=w), scipy.stats.hmean(b, weights=w[:, None]), rtol=1e-14)
    assert uh.stats.mean([1, NAN, 3], weights=[1, 1, 3], nan_policy="omit") == 2.5
    assert uh.stats.mean([1, INF, 3], weights=[1, 0, 3]) == 2.5
    for weights, problem in [
        ([1, 1], "weights"),
        ([1, -1, 1], "at least 0"),
        ([0, 0, 0], "all 0"),
        ([1, NAN, 1], "NaN"),
    ]:
        with pytest.raises(ValueError, match=problem):
            uh.stats.mean([1, 2, 3], weights=weights)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: uh.stats.gmean([0, 5]), 0),
        (lambda: uh.stats.hmean([0, 5]), 0),
        (lambda: uh.stats.hmean([1, INF]), 2),
        (lambda: uh.stats.gmean([1, INF]), INF),
        (lambda: uh.stats.gmean([1e300] * 1000), 1e300),
        (lambda: uh.stats.gmean([5e-324] * 3), 5e-324),
        (lambda: uh.stats.hmean([1e-320, 1e-320]), 1e-320),
        (lambda: uh.stats.mean([1e308, 1e308, 1e308]), 1e308),
        (lambda: uh.stats.mean([1e308, 1e308], weights=[1e308, 1e308]), 1e308),
        (lambda: uh.stats.mean([INF, 1]), INF),
        (lambda: uh.stats.mean([INF, -INF]), NAN),
        (lambda: uh.stats.std([1, INF]), NAN),
        (lambda: uh.stats.skew([1, 1, 1]), NAN),
        (lambda: uh.stats.kurtosis([5.0]), NAN),
        (lambda: uh.stats.skew([1.0, 2.0], bias=False), NAN),
        (lambda: uh.stats.moment([3.0, 3.0], 4), 0),
        (lambda: uh.stats.moment([1, 2, 9], 0), 1),
        (lambda: uh.stats.trim_mean([7.0], 0.4), 7),
        (lambda: uh.stats.mad([1, 2, INF]), 1),
        (lambda: uh.stats.iqr([4.0]), 0),
        (lambda: uh.stats.mean([NAN, NAN], nan_policy="omit"), NAN),
    ],
)
def test_odd_samples_have_the_documented_value(call, expected):
    np.testing.assert_allclose(call(), expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: uh.stats.gmean([1, -2]), "gmean: a holds -2, but a geometric mean"),
        (lambda: uh.stats.hmean([1, -2]), "hmean: a holds -2, but a harmonic mean"),
        (lambda: uh.stats.trim_mean([1, 2], 0.5), "trim_mean: proportiontocut is 0.5"),
        (lambda: uh.stats.trim_mean([1, 2], NAN), "trim_mean: proportiontocut is NaN"),
        (lambda: uh.stats.skew([]), "skew: a has 0 values"),
        (lambda: uh.stats.mode(np.zeros((0, 3)), axis=0), "mode: a has 0 values along the axis"),
        (lambda: uh.stats.moment([1, 2], -1), "moment: order is -1"),
        (lambda: uh.stats.moment([1, 2], 2, 5), "moment: axis is 5"),
        (lambda: uh.stats.iqr([1, 2], rng=(25, 175)), "iqr: rng is 175"),
        (lambda: uh.stats.iqr([1, 2], scale="robust"), "iqr: scale is"),
        (lambda: uh.stats.mad([1, 2], scale=0), "mad: scale is 0"),
        (lambda: uh.stats.iqr([1, 2], method="middle"), "iqr: method is"),
        (lambda: uh.stats.histogram([1, 2], bins="middling"), "histogram: bins is"),
        (lambda: uh.stats.histogram([1, 2], bins=0), "histogram: bins is 0"),
        (lambda: uh.stats.histogram([1, 2], bins=[3, 1]), "histogram: bins are edges that do not ascend"),
        (lambda: uh.stats.histogram([1, 2], range=(2, 1)), "histogram: range is"),
        (lambda: uh.stats.histogram([1, 2], bins=2, weights=[1]), "histogram: weights"),
        (lambda: uh.stats.histogram([1, 2], weights=[1, 1]), "histogram: bins chooses by a rule"),
        (lambda: uh.stats.histogram([1, INF]), "histogram: a holds an infinity at index 1"),
        (lambda: uh.stats.histogram([1, 2], 2, (5, 6), density=True), "no values in the bins"),
        (lambda: uh.stats.ecdf([1, 2], confidence_level=1), "ecdf: confidence_level is 1"),
        (lambda: uh.stats.outliers([1]), "outliers: a has 1 value"),
        (lambda: uh.stats.outliers([1, 2], "box"), "outliers: method is"),
        (lambda: uh.stats.outliers([1, 2], threshold=-1), "outliers: threshold is -1"),
        (lambda: uh.stats.value_counts([]), "value_counts: a has 0 values"),
        (lambda: uh.stats.crosstab([1], [1, 2]), "crosstab: a has 1 labels, but b has 2"),
        (lambda: uh.stats.crosstab([1], [None]), "no pair of labels"),
        (lambda: uh.stats.crosstab([1], [1], normalize="rows"), "crosstab: normalize is 'rows'"),
        (lambda: uh.stats.group_by({"a": [1]}, "b"), "group_by: by names 'b'"),
        (lambda: uh.stats.group_by({"a": [1]}, [1, 2]), "group_by: by has 2 labels, but data has 1 rows"),
        (lambda: uh.stats.group_by({"a": [1]}, [None]), "group_by: by gives no row a label"),
        (lambda: uh.stats.group_by({"a": ["x"], "b": [1]}, "b").mean(), "no column of numbers"),
        (lambda: uh.stats.group_by({"a": [1], "b": [1]}, "b").agg("average"), "agg: there is no statistic"),
        (lambda: uh.stats.group_by({"a": [1], "b": [1]}, "b").quantile(2), "group_by: q is 2"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


@pytest.mark.parametrize("function", [uh.stats.value_counts, uh.stats.frequency_table])
@pytest.mark.parametrize(
    "bad",
    [
        "text",
        3,
        [[1, 2], [3, 4]],
        [[1], [2, 3]],
        [[1], {}],
        np.array([1j]),
        np.ma.array([1]),
        pd.DataFrame({"a": [1]}),
        None,
    ],
)
def test_what_is_no_vector_of_labels_is_refused(function, bad):
    with pytest.raises(TypeError, match=f"{function.__name__}: a "):
        function(bad)


@given(arrays(float, st.integers(1, 40), elements=st.floats(1e-3, 1e3)))
def test_means_are_ordered(a):
    harmonic, geometric, arithmetic = uh.stats.hmean(a), uh.stats.gmean(a), uh.stats.mean(a)
    assert a.min() * (1 - 1e-14) <= harmonic <= geometric * (1 + 1e-14)
    assert geometric <= arithmetic * (1 + 1e-14)
    assert arithmetic <= a.max()


# Histograms and distribution functions


@pytest.mark.parametrize(
    "bins", ["auto", "sturges", "fd", "scott", "doane", "rice", "sqrt", 1, 7, [0.0, 0.5, 1.0, 4.0]]
)
def test_histograms_are_numpys(draw, bins):
    for a in (
        draw.normal(size=500),
        draw.gamma(0.5, size=77),
        draw.integers(0, 30, 200),
        np.r_[draw.normal(size=200), 1e4],
    ):
        expected, edges = np.histogram(a, bins)
        found = uh.stats.histogram(a, bins)
        np.testing.assert_array_equal(found.counts, expected)
        np.testing.assert_allclose(found.edges, edges, rtol=1e-14, atol=1e-14)
        density, _ = uh.stats.histogram(a, bins, density=True)
        np.testing.assert_allclose(density, np.histogram(a, bins, density=True)[0], rtol=1e-12)
        inside = uh.stats.histogram(a, bins, (0, 2))
        np.testing.assert_array_equal(inside.counts, np.histogram(a, bins, (0, 2))[0])
    if not isinstance(bins, str):
        a, w = draw.normal(size=(20, 5)), draw.random((20, 5))
        found = uh.stats.histogram(a, bins, weights=w)
        np.testing.assert_allclose(found.counts, np.histogram(a, bins, weights=w)[0], rtol=1e-13)


def test_a_histogram_says_what_it_left_out_and_draws_itself():
    found = uh.stats.histogram([1, 2, NAN, 3, 40], bins=4, range=(0, 4))
    assert (found.missing, found.outside, found.counts.sum()) == (1, 1, 3)
    assert found.centers.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert found.widths.tolist() == [1, 1, 1, 1]
    assert "4 bins" in repr(found)
    assert found.plot().get_ylabel() == "count"


def test_the_distribution_function_is_scipys(draw):
    a = np.round(draw.normal(size=300), 1)
    found, expected = uh.stats.ecdf(a), scipy.stats.ecdf(a).cdf
    np.testing.assert_array_equal(found.x, expected.quantiles)
    np.testing.assert_allclose(found.y, expected.probabilities, rtol=1e-15)
    t = np.array([[-9.0, 0.0], [0.05, 9.0]])
    np.testing.assert_allclose(found(t), expected.evaluate(t), rtol=1e-15)
    assert np.isnan(found(NAN))
    assert found.half_width == pytest.approx(np.sqrt(np.log(40) / 600), rel=1e-15)
    assert (found.lower >= 0).all()
    assert (found.upper <= 1).all()
    assert found.plot().get_ylim() == (0, 1)


# Labels


def same_counts(found, series):
    expected = series.value_counts()
    assert dict(zip(found.labels.tolist(), found.counts.tolist(), strict=True)) == expected.to_dict()
    assert (np.diff(found.counts) <= 0).all()


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", "b", None, "c"],
        [3, 1, 3, 2, 2, 3],
        [True, False, True],
        [1.5, NAN, 1.5, 2.0],
        [datetime.date(2026, 1, 2), datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)],
    ],
)
def test_value_counts_are_pandas_for_every_kind_of_label(values):
    series = pd.Series(values)
    for given_as in (values, series, pl.Series(values, strict=False), np.array(values)):
        found = uh.stats.value_counts(given_as)
        same_counts(found, series)
        assert found.missing == series.isna().sum()
        assert found.shares.sum() == pytest.approx(1)
    labels, shares = uh.stats.value_counts(values, normalize=True, dropna=False)
    assert len(labels) == series.nunique(dropna=False)
    assert shares.sum() == pytest.approx(1)


def test_dates_categories_and_mixed_labels():
    days = pd.Series(pd.to_datetime(["2026-01-02", None, "2026-01-01", "2026-01-02"]))
    found = uh.stats.value_counts(days)
    assert (found.counts.tolist(), found.missing) == ([2, 1], 1)
    assert "2026-01-02" in repr(found)
    sizes = pd.Series(pd.Categorical(["L", "S", "L", None], categories=["S", "M", "L"], ordered=True))
    table = uh.stats.frequency_table(sizes)
    assert table.labels.tolist() == ["S", "M", "L"]
    assert table.counts.tolist() == [1, 0, 2]
    assert table.cumulative.tolist() == [1, 1, 3]
    enum = pl.Series(["L", "S", "L", None], dtype=pl.Enum(["S", "M", "L"]))
    assert uh.stats.frequency_table(enum).counts.tolist() == [1, 0, 2]
    mixed = uh.stats.value_counts([1, "a", "a", None])
    assert mixed.labels.tolist() == ["a", 1]


def test_frequency_tables_have_bins():
    table = uh.stats.frequency_table(pd.Series([1, 2, 2, 4, 9, NAN], name="x"), bins=[0, 2, 5, 10])
    assert table.labels.tolist() == ["[0, 2)", "[2, 5)", "[5, 10]"]
    assert table.counts.tolist() == [1, 3, 1]
    assert table.missing == 1
    assert table.to_frame().loc["[2, 5)", "cumulative"] == 4
    assert "<table>" in table._repr_html_()
    with pytest.raises(TypeError, match="frequency_table: a holds text"):
        uh.stats.frequency_table(["a", "b"], bins=3)
    many = repr(uh.stats.value_counts(range(100)))
    assert many.endswith("… and 70 more")


@pytest.mark.parametrize("normalize", [False, True, "all", "index", "columns"])
@pytest.mark.parametrize("margins", [False, True])
def test_cross_tables_are_pandas(draw, normalize, margins):
    a = pd.Series(draw.choice(["x", "y", "z", None], 60), name="letter")
    b = pd.Series(draw.integers(0, 4, 60), name="number")
    expected = pd.crosstab(a, b, normalize=normalize, margins=margins)
    found = uh.stats.crosstab(a, b, normalize=normalize, margins=margins)
    np.testing.assert_allclose(found.values, expected.to_numpy(), rtol=1e-14)
    assert found.to_frame().index.tolist() == expected.index.tolist()
    assert found.to_frame().columns.tolist() == expected.columns.tolist()
    assert found.missing == a.isna().sum()
    assert found.total == 60 - found.missing
    assert "letter (rows) by number (columns)" in repr(found)
    assert "<table>" in found._repr_html_()
    uh.stats.chi2_contingency(found.counts)


# Groups


@pytest.fixture
def penguins(draw):
    frame = pd.DataFrame(
        {
            "species": draw.choice(["Adelie", "Chinstrap", "Gentoo", None], 200),
            "year": draw.integers(2007, 2010, 200),
            "mass": draw.normal(4000, 500, 200),
            "length": draw.gamma(3, size=200),
            "island": draw.choice(["Dream", "Biscoe"], 200),
        }
    )
    frame.loc[draw.random(200) < 0.1, "mass"] = NAN
    return frame


@pytest.mark.parametrize("statistic", ["count", "sum", "mean", "median", "std", "var", "min", "max", "skew"])
@pytest.mark.parametrize("by", ["species", ["species", "year"], ["island", "species", "year"]])
def test_summaries_by_group_are_pandas(penguins, statistic, by):
    found = getattr(uh.stats.group_by(penguins, by), statistic)()
    numbers = [name for name in ("mass", "length") if name not in by]
    expected = getattr(penguins.groupby(by)[numbers], statistic)()
    frame = found.to_frame()[numbers]
    assert frame.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(frame.to_numpy(), expected.to_numpy(), rtol=1e-11)


def test_groups_of_any_table_are_the_same(penguins):
    reference = uh.stats.group_by(penguins, "species")
    assert reference.missing == penguins["species"].isna().sum()
    assert reference.left_out == ("island",)
    assert len(reference) == 3
    described = reference.describe()
    np.testing.assert_allclose(described["mass", "25%"], penguins.groupby("species")["mass"].quantile(0.25).to_numpy())
    np.testing.assert_allclose(described["mass", "max"], penguins.groupby("species")["mass"].max().to_numpy())
    np.testing.assert_array_equal(described["mass", "missing"], reference.sizes - described["mass", "count"])
    for table in (pl.from_pandas(penguins), {name: penguins[name].to_list() for name in penguins if name != "mass"}):
        other = uh.stats.group_by(table, "species")
        assert other.labels == reference.labels
        np.testing.assert_allclose(other.mean()["length"], reference.mean()["length"], rtol=1e-14)
        label, rows = next(iter(other))
        assert label == "Adelie"
        assert len(rows["length"]) == reference.sizes[0]
    label, rows = next(iter(reference))
    assert (rows["species"] == "Adelie").all()
    assert len(reference["Gentoo"]) == reference.sizes[2]
    by_labels = uh.stats.group_by(penguins["length"], penguins["species"])
    np.testing.assert_allclose(by_labels.mean()["length"], reference.mean()["length"])
    with pytest.raises(KeyError, match="did you mean 'Adelie'"):
        reference["Adeli"]


def test_groups_take_functions_and_print(penguins):
    groups = uh.stats.group_by(penguins, "species")
    found = groups.agg(["mean", "skew", np.ptp])
    assert found.statistics == ("mean", "skew", "ptp")
    spread = penguins.groupby("species")["length"].agg(np.ptp)
    np.testing.assert_allclose(found["length", "ptp"], spread, rtol=1e-14)
    assert found.to_frame()["mass", "mean"].index.tolist() == ["Adelie", "Chinstrap", "Gentoo"]
    assert "Chinstrap" in repr(found)
    assert "<table>" in found._repr_html_()
    assert "rows without a label" in repr(groups)
    assert "<table>" in groups._repr_html_()
    assert groups.quantile([0.1, 0.9]).statistics == ("10%", "90%")


# Outliers


def test_an_outlier_is_not_an_error(draw):
    a = np.r_[draw.normal(size=100), 12.0, NAN, -15.0]
    for method in ("iqr", "z", "mad"):
        found = uh.stats.outliers(a, method)
        assert {100, 102} <= set(found.indices.tolist())
        assert not found.mask[101]
        assert found.missing == 1
        assert found.values.tolist() == a[found.mask].tolist()
        words = found.explain()
        assert "an outlier is not an error" in words
        assert f"{found.count} of {found.n} values" in words
    few = uh.stats.outliers([1, 2, 3, 100], "z")
    assert few.count == 0
    assert "of 4 values none can lie 3 standard deviations" in few.explain()
    ties = uh.stats.outliers([1, 1, 1, 1, 2], "mad")
    assert ties.values.tolist() == [2]
    assert "one and the same" in repr(ties)


def test_bounds_are_scipys_measures(draw):
    a = draw.gamma(1, size=200)
    low, high = np.quantile(a, [0.25, 0.75])
    np.testing.assert_allclose(uh.stats.outliers(a).bounds, (low - 1.5 * (high - low), high + 1.5 * (high - low)))
    robust = scipy.stats.median_abs_deviation(a, scale="normal")
    expected = np.median(a) - 2 * robust, np.median(a) + 2 * robust
    np.testing.assert_allclose(uh.stats.outliers(a, "mad", 2).bounds, expected)


def test_nothing_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        uh.stats.describe(pd.DataFrame({"a": [1.0, NAN], "b": [INF, -INF], "c": [1e308, -1e308]}))
        uh.stats.moments([1e308, -1e308, 3])
        uh.stats.histogram([1, 2, 3], density=True)


def test_many_groups_keep_their_rows_in_order(draw):
    kind = draw.integers(0, 40, size=500)
    x = np.where(draw.random(500) < 0.05, NAN, draw.normal(size=500))
    groups = uh.stats.group_by({"x": x, "kind": kind}, "kind")
    for label, rows in groups:
        np.testing.assert_array_equal(rows["x"], x[kind == label])
        np.testing.assert_array_equal(groups[label]["x"], rows["x"])
    together = groups.agg(["mean", np.ptp, "skew", "count"])
    assert together.statistics == ("mean", "ptp", "skew", "count")
    np.testing.assert_array_equal(together["x", "mean"], groups.mean()["x"])
    np.testing.assert_array_equal(together["x", "skew"], groups.skew()["x"])
    np.testing.assert_array_equal(together["x", "count"], groups.count()["x"])
    spans = [np.nanmax(x[kind == label]) - np.nanmin(x[kind == label]) for label in groups.labels]
    np.testing.assert_array_equal(together["x", "ptp"], spans)


def test_moments_of_any_order():
    found = uh.stats.moment([-0.95, 0.95, 0], 1200)
    np.testing.assert_allclose(found, 2 * 0.95**1200 / 3, rtol=1e-12)
    assert uh.stats.moment([1, 2, 4], 3001) == np.inf
    assert uh.stats.moment([1, 2, 3], 2**31 - 2) == 2 / 3
    with pytest.raises(ValueError, match="moment: order is 2147483648, but must be at most 2³¹ − 1"):
        uh.stats.moment([1, 2, 3], 2**31)


def test_percentages_are_checked_as_percentages():
    with pytest.raises(ValueError, match="iqr: rng is 150, but must be between 0 and 100"):
        uh.stats.iqr([1, 2, 3], rng=(25, 150))


def test_weighted_means_of_many_values(draw):
    x, w = draw.normal(size=10_007) + 5, draw.random(10_007)
    np.testing.assert_allclose(uh.stats.mean(x, weights=w), np.average(x, weights=w), rtol=1e-14)
    np.testing.assert_allclose(uh.stats.mean(x[::2], weights=w[::2]), np.average(x[::2], weights=w[::2]), rtol=1e-14)
