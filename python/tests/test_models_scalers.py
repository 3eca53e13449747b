"""Scalers: agreement with scikit-learn, rows in parts, weights, and frames where frames are asked for."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from sklearn import preprocessing
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import (
    check_estimator,
    check_global_output_transform_pandas,
    check_global_set_output_transform_polars,
    check_set_output_transform,
    check_set_output_transform_pandas,
    check_set_output_transform_polars,
)
from underhood.models import LogisticRegression, MinMaxScaler, OneHotEncoder, StandardScaler

DATA = np.column_stack([load_wine().data, np.full(178, 0.1), 1e9 + np.arange(178)])
FRAMES = (
    check_set_output_transform,
    check_set_output_transform_pandas,
    check_set_output_transform_polars,
    check_global_output_transform_pandas,
    check_global_set_output_transform_polars,
)
"""Checks of scikit-learn's that check_estimator leaves to its own tests."""

WEIGHTS = np.random.default_rng(4).integers(0, 4, 178).astype(float)


@pytest.mark.parametrize(
    "scaler",
    [
        MinMaxScaler(),
        MinMaxScaler((-1, 1), clip=True),
        StandardScaler(),
        OneHotEncoder(),
        OneHotEncoder(drop="first", handle_unknown="ignore"),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(scaler):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(scaler, on_skip=None, on_fail=None)
    assert not {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}
    for check in FRAMES:
        check(type(scaler).__name__, scaler)


@pytest.mark.parametrize("options", [{}, {"feature_range": (-3.0, 2.0)}, {"clip": True}])
def test_ranges_are_scikit_learns(options):
    ours, theirs = (kind(**options).fit(DATA[:100]) for kind in (MinMaxScaler, preprocessing.MinMaxScaler))
    for name in ("data_min_", "data_max_", "data_range_", "scale_", "min_", "n_samples_seen_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-14, err_msg=name)
    # The last column is 1e9 and a little: theirs multiplies first and loses the difference's digits.
    np.testing.assert_allclose(ours.transform(DATA)[:, :-1], theirs.transform(DATA)[:, :-1], rtol=0, atol=1e-14)
    if "clip" not in options:
        np.testing.assert_allclose(ours.inverse_transform(ours.transform(DATA)), DATA, rtol=1e-14)
    low, high = options.get("feature_range", (0, 1))
    made = ours.transform(DATA[:100])
    np.testing.assert_array_equal(made.min(axis=0), low)
    np.testing.assert_array_equal(np.delete(made.max(axis=0), -2), high)


def test_columns_of_tiny_numbers_are_stretched_too():
    np.testing.assert_allclose(MinMaxScaler().fit_transform([[0.0], [1e-200], [4e-200]]), [[0.0], [0.25], [1.0]])


@pytest.mark.parametrize("kind", [StandardScaler, MinMaxScaler])
def test_rows_in_parts_are_the_rows_at_once(kind):
    whole, parts = kind().fit(DATA), kind()
    for part in (DATA[:1], DATA[1:90], DATA[90:]):
        parts.partial_fit(part)
    assert parts._as_fitted == whole._as_fitted
    for name in vars(whole).keys() - {"_as_fitted"}:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-13, err_msg=name)
    assert parts.fit(DATA[:5]).n_samples_seen_ == 5


def test_a_weight_of_two_is_a_row_twice():
    weighted = StandardScaler().fit(DATA, sample_weight=WEIGHTS)
    repeated = StandardScaler().fit(np.repeat(DATA, WEIGHTS.astype(int), axis=0))
    theirs = preprocessing.StandardScaler().fit(DATA, sample_weight=WEIGHTS)
    assert weighted.n_samples_seen_ == WEIGHTS.sum()
    for name in ("mean_", "var_", "scale_"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(repeated, name), rtol=1e-13, atol=1e-30)
        np.testing.assert_allclose(getattr(weighted, name)[:-1], getattr(theirs, name)[:-1], rtol=1e-12, atol=1e-30)
    parts = StandardScaler().partial_fit(DATA[:50], sample_weight=WEIGHTS[:50])
    parts.partial_fit(DATA[50:], sample_weight=WEIGHTS[50:])
    # The last column's mean of 1e9 is known to 1e-7, and so is the distance between the parts' means.
    np.testing.assert_allclose(parts.var_, weighted.var_, rtol=1e-9, atol=1e-30)
    np.testing.assert_allclose(parts.var_[:-1], weighted.var_[:-1], rtol=1e-13, atol=1e-30)
    # Many blocks of rows, and a first one that counts for nothing.
    long = np.tile(DATA, (60, 1))
    own = np.concatenate([np.zeros(5000), np.ones(len(long) - 5000)])
    far = StandardScaler().fit(long, sample_weight=own)
    np.testing.assert_allclose(far.var_, long[5000:].var(axis=0), rtol=1e-10, atol=1e-27)
    assert far.scale_[-2] == 1


@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler()], ids=repr)
def test_frames_come_out_where_they_are_asked_for(scaler):
    frame = pd.DataFrame(DATA[:6, :2], columns=["a", "b"], index=list("uvwxyz"))
    plain = clone(scaler).fit_transform(frame)
    asked = clone(scaler).set_output(transform="pandas")
    for made in (asked.fit_transform(frame), clone(asked).fit(frame).transform(frame)):
        assert list(made.columns) == ["a", "b"]
        assert list(made.index) == list("uvwxyz")
        np.testing.assert_array_equal(made.to_numpy(), plain)
    other = asked.set_output(transform="polars").transform(pl.DataFrame(DATA[:6, :2], schema=["a", "b"]))
    assert isinstance(other, pl.DataFrame)
    assert other.columns == ["a", "b"]
    assert isinstance(asked.set_output(transform="default").set_output().transform(frame), np.ndarray)
    with sklearn.config_context(transform_output="pandas"):
        assert isinstance(clone(scaler).fit_transform(frame), pd.DataFrame)
        assert isinstance(asked.transform(frame), np.ndarray)
    both = make_pipeline(clone(scaler), StandardScaler()).set_output(transform="pandas")
    assert list(both.fit_transform(frame).columns) == ["a", "b"]
    with pytest.raises(ValueError, match="set_output: transform is 'table'"):
        asked.set_output(transform="table")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: MinMaxScaler((1, 0)).fit(DATA), ValueError, r"MinMaxScaler.fit: feature_range is \(1, 0\)"),
        (lambda: MinMaxScaler((0, np.inf)).fit(DATA), ValueError, "feature_range"),
        (lambda: MinMaxScaler("wide").fit(DATA), TypeError, "feature_range is 'wide'"),
        (lambda: MinMaxScaler().fit([[1e308], [-1e308]]), ValueError, r"so wide that it overflows \(column 0\)"),
        (lambda: MinMaxScaler().fit([[0.0], [5e-324]]), ValueError, r"spans too small a range \(column 0\)"),
        (lambda: MinMaxScaler().fit([[1.0], [np.nan]]), ValueError, "MinMaxScaler.fit: X holds NaN .* at row 1"),
        (
            lambda: MinMaxScaler().partial_fit([[1.0]]).partial_fit([[np.inf]]),
            ValueError,
            "MinMaxScaler.partial_fit: X holds infinity",
        ),
        (
            lambda: StandardScaler().fit(DATA, sample_weight=np.ones(5)),
            ValueError,
            "StandardScaler.fit: sample_weight has 5 entries",
        ),
        (
            lambda: StandardScaler().partial_fit([[1.0]]).partial_fit([[1.0, 2.0]]),
            ValueError,
            "StandardScaler.partial_fit: X has 2 features",
        ),
        (
            lambda: StandardScaler().fit([[1.0]]).inverse_transform([[np.nan]]),
            ValueError,
            "StandardScaler.inverse_transform: X holds NaN",
        ),
        (
            lambda: StandardScaler().fit([[0.0], [1e200]], sample_weight=[1.0, 2.0]),
            ValueError,
            "StandardScaler.fit: X holds values so large that their squares overflow",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_scaled_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_explanations_name_the_columns():
    assert "x13: from 0.1 to 0.1" in MinMaxScaler().fit(DATA).explain()
    assert "fill -1 to 1" in MinMaxScaler((-1, 1)).fit(DATA).explain()


# Categories.

TABLE = pd.DataFrame(
    {
        "city": ["Rome", "Oslo", "Rome", "Lima"],
        "size": [3, 1, 1, 2],
        "flag": [True, False, True, True],
        "same": ["x"] * 4,
        "rank": pd.Series(["b", "a", "b", "b"], dtype="category"),
    }
)


@pytest.mark.parametrize("drop", [None, "first", "if_binary"])
def test_categories_become_scikit_learns_columns(drop):
    ours = OneHotEncoder(drop=drop).fit(TABLE)
    theirs = preprocessing.OneHotEncoder(drop=drop, sparse_output=False).fit(TABLE)
    made = ours.transform(TABLE)
    np.testing.assert_array_equal(made, theirs.transform(TABLE))
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    for a, b in zip(ours.categories_, theirs.categories_, strict=True):
        assert a.tolist() == b.tolist()
    assert (ours.drop_idx_ is None) == (theirs.drop_idx_ is None)
    if drop is not None:
        assert ours.drop_idx_.tolist() == theirs.drop_idx_.tolist()
    assert ours.inverse_transform(made).tolist() == TABLE.to_numpy().tolist()
    for other in (TABLE.to_numpy(), TABLE.to_numpy().tolist(), pl.DataFrame(TABLE.to_dict("list"))):
        np.testing.assert_array_equal(OneHotEncoder(drop=drop).fit_transform(other), made)
    frame = OneHotEncoder(drop=drop).set_output(transform="pandas").fit_transform(TABLE)
    assert list(frame.columns) == ours.get_feature_names_out().tolist()
    assert "city: Lima, Oslo, Rome" in ours.explain()


def test_chosen_and_unknown_categories():
    chosen = OneHotEncoder(categories=[["S", "M", "L"]]).fit([["M"], ["S"]])
    assert chosen.transform([["L"]]).tolist() == [[0.0, 0.0, 1.0]]
    loose = OneHotEncoder(handle_unknown="ignore").fit([["a", 1], ["b", 2]])
    assert loose.transform([["z", 2]]).tolist() == [[0.0, 0.0, 0.0, 1.0]]
    assert loose.inverse_transform([[0.0, 0.0, 0.0, 1.0]]).tolist() == [[None, 2]]
    pipeline = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(TABLE[["city"]], [1, 0, 1, 0])
    assert pipeline.predict(TABLE[["city"]]).tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: OneHotEncoder().fit([["a"], [None]]), ValueError, "has a missing label .None. at index 1"),
        (lambda: OneHotEncoder().fit([[1.0], [np.nan]]), ValueError, "holds NaN .a missing value. at row 1"),
        (lambda: OneHotEncoder().fit([["a"], [1]]), TypeError, "column 'x0' of X mixes categories"),
        (lambda: OneHotEncoder().fit(["a", "b"]), ValueError, "X is of 1 axes, but a table"),
        (lambda: OneHotEncoder().fit([["a"], ["b", "c"]]), TypeError, "X is ragged"),
        (lambda: OneHotEncoder().fit(np.empty((0, 2))), ValueError, "X has 0 rows"),
        (lambda: OneHotEncoder().fit(np.array([["2026-01-01"]], dtype="M8[D]")), TypeError, "holds datetime64"),
        (lambda: OneHotEncoder(drop="last").fit([["a"]]), ValueError, "drop is 'last'"),
        (lambda: OneHotEncoder(handle_unknown=True).fit([["a"]]), ValueError, "handle_unknown is True"),
        (lambda: OneHotEncoder(categories="all").fit([["a"]]), TypeError, "categories is 'all'"),
        (lambda: OneHotEncoder(categories=[["a"], ["b"]]).fit([["a"]]), ValueError, "has 2 lists, but X has 1"),
        (lambda: OneHotEncoder(categories=[["a", "a"]]).fit([["a"]]), ValueError, "one is there twice"),
        (lambda: OneHotEncoder(categories=[["a"]]).fit([["b"]]), ValueError, "X has 'b' at row 0, column 'x0'"),
        (lambda: OneHotEncoder().fit([["a"]]).transform([["a"], ["b"]]), ValueError, "X has 'b' at row 1"),
        (lambda: OneHotEncoder().fit([["a"]]).transform([["a", "b"]]), ValueError, "X has 2 features, but"),
        (lambda: OneHotEncoder().fit([["a"]]).inverse_transform([[1.0, 0.0]]), ValueError, "X has 2 columns"),
    ],
)  # fmt: skip
def test_what_are_no_categories_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=rf"OneHotEncoder\.\w+: .*{message}"):
        call()
