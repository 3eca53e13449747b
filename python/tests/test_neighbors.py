"""Nearest neighbours: agreement with scikit-learn, ties, far offsets, its own checks, display."""

from __future__ import annotations

import copy
import doctest
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn import neighbors
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import KNeighborsClassifier, KNeighborsRegressor, NotFittedError

X, Y = load_iris(return_X_y=True)
KINDS = [KNeighborsClassifier, KNeighborsRegressor]


@pytest.mark.parametrize(
    "estimator",
    [
        KNeighborsClassifier(),
        KNeighborsClassifier(3, weights="distance", algorithm="kd_tree"),
        KNeighborsRegressor(),
        KNeighborsRegressor(2, weights="distance", p=1),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    assert len(results) > 40
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


def test_examples_run():
    found = doctest.testmod(models._neighbors)
    assert found.attempted
    assert not found.failed


METRICS = [
    ({}, "euclidean", {}),
    ({"p": 1}, "cityblock", {}),
    ({"p": 3}, "minkowski", {"p": 3}),
    ({"p": 1.5}, "minkowski", {"p": 1.5}),
    ({"p": np.inf}, "chebyshev", {}),
    ({"metric": "manhattan"}, "cityblock", {}),
    ({"metric": "chebyshev"}, "chebyshev", {}),
    ({"metric": "euclidean"}, "euclidean", {}),
]


@pytest.mark.parametrize(("options", "name", "more"), METRICS)
@pytest.mark.parametrize("algorithm", ["brute", "kd_tree"])
def test_distances_are_scipys_and_rows_scikit_learns(options, name, more, algorithm):
    rng = np.random.default_rng(0)
    data, queries = rng.standard_normal((700, 4)), rng.standard_normal((60, 4))
    model = KNeighborsClassifier(7, algorithm=algorithm, **options).fit(data, np.arange(700) % 3)
    distances, rows = model.kneighbors(queries)
    expected = cdist(queries, data, name, **more)
    order = np.argsort(expected, axis=1)[:, :7]
    np.testing.assert_array_equal(rows, order)
    np.testing.assert_allclose(distances, np.take_along_axis(expected, order, axis=1), rtol=1e-13)
    theirs = neighbors.KNeighborsClassifier(7, **options).fit(data, np.arange(700) % 3)
    np.testing.assert_array_equal(model.predict(queries), theirs.predict(queries))
    np.testing.assert_array_equal(
        model.kneighbors(n_neighbors=3, return_distance=False), theirs.kneighbors(n_neighbors=3)[1]
    )


@pytest.mark.parametrize("weights", ["uniform", "distance", lambda d: np.exp(-d)])
def test_verdicts_are_scikit_learns(weights):
    rng = np.random.default_rng(1)
    data, target = load_diabetes(return_X_y=True)
    queries = np.vstack([data[:20], data[:200] + 0.01 * rng.standard_normal((200, 10))])
    several = np.column_stack([target, target**2, -target])
    for y in (target, several):
        ours = KNeighborsRegressor(6, weights=weights).fit(data, y)
        theirs = neighbors.KNeighborsRegressor(6, weights=weights).fit(data, y)
        np.testing.assert_allclose(ours.predict(queries), theirs.predict(queries), rtol=1e-12)
        assert ours.score(data[300:], y[300:]) == pytest.approx(theirs.score(data[300:], y[300:]), rel=1e-12)
    labels = np.array(["low", "mid", "high"])[np.digitize(target, [100, 200])]
    ours = KNeighborsClassifier(6, weights=weights).fit(data, labels)
    theirs = neighbors.KNeighborsClassifier(6, weights=weights).fit(data, labels)
    np.testing.assert_allclose(ours.predict_proba(queries), theirs.predict_proba(queries), atol=1e-13)
    np.testing.assert_array_equal(ours.predict(queries), theirs.predict(queries))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400), st.integers(1, 5), st.booleans())
def test_the_tree_finds_what_brute_force_finds_ties_and_all(seed, rows, columns, coarse):
    rng = np.random.default_rng(seed)
    data = rng.integers(0, 4, (rows, columns)) if coarse else rng.standard_normal((rows, columns)) + 1e6
    queries = np.vstack([data[: rows // 2 + 1], rng.permutation(data)[:5]])
    k = 1 + seed % rows
    fitted = [
        KNeighborsRegressor(k, algorithm=algorithm).fit(data, np.arange(rows)) for algorithm in ("kd_tree", "brute")
    ]
    (tree_distances, tree), (distances, brute) = (model.kneighbors(queries) for model in fitted)
    np.testing.assert_array_equal(tree, brute)
    np.testing.assert_array_equal(tree_distances, distances)
    if coarse:
        exact = ((queries[:, None] - data[None]) ** 2).sum(axis=2)
        np.testing.assert_array_equal(brute, np.argsort(exact, axis=1, kind="stable")[:, :k])


def test_ties_go_to_the_lowest_row_and_the_first_class():
    data = [[0.0], [2.0], [1.0], [1.0], [0.0]]
    model = KNeighborsClassifier(2).fit(data, ["b", "a", "a", "b", "a"])
    assert model.kneighbors([[1.0]])[1].tolist() == [[2, 3]]
    assert model.kneighbors([[0.5]], n_neighbors=4)[1].tolist() == [[0, 2, 3, 4]]
    assert model.predict([[1.0]]).tolist() == ["a"]
    assert model.predict_proba([[1.0]]).tolist() == [[0.5, 0.5]]
    # A row is not its own neighbour, but its duplicate is.
    assert model.kneighbors(n_neighbors=1, return_distance=False).ravel().tolist() == [4, 2, 3, 2, 0]


@pytest.mark.parametrize("offset", [1e6, 1e9, 1e12])
def test_far_from_zero_no_neighbour_is_lost(offset):
    rng = np.random.default_rng(2)
    data = np.round(rng.standard_normal((300, 3)) * 64) / 64
    near = KNeighborsClassifier().fit(data, np.arange(300) % 2)
    far = KNeighborsClassifier().fit(data + offset, np.arange(300) % 2)
    for found, expected in zip(far.kneighbors(data[:50] + offset), near.kneighbors(data[:50]), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_no_scale_is_too_small_or_too_large(scale):
    rng = np.random.default_rng(3)
    data, queries = rng.uniform(-1, 1, (50, 4)), rng.uniform(-1, 1, (10, 4))
    plain = KNeighborsRegressor(4).fit(data, np.arange(50)).kneighbors(queries)
    scaled = KNeighborsRegressor(4).fit(data * scale, np.arange(50)).kneighbors(queries * scale)
    np.testing.assert_array_equal(scaled[1], plain[1])
    np.testing.assert_allclose(scaled[0], plain[0] * scale, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_more_neighbours_than_rows_are_refused(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__}.fit: n_neighbors is 5, but X has 3 rows"):
        kind().fit([[0.0], [1.0], [2.0]], [0, 1, 1])
    model = kind(2).fit([[0.0], [1.0], [2.0]], [0, 1, 1])
    with pytest.raises(ValueError, match="n_neighbors is 4, but there are 3 training rows"):
        model.kneighbors([[0.0]], n_neighbors=4)
    with pytest.raises(ValueError, match="n_neighbors is 3, but there are 2 other training rows"):
        model.kneighbors(n_neighbors=3)


BAD_PARAMETERS = [
    ({"n_neighbors": 0}, ValueError, "n_neighbors is 0"),
    ({"n_neighbors": 2.0}, TypeError, "n_neighbors is a float"),
    ({"n_neighbors": True}, TypeError, "n_neighbors is a bool"),
    ({"weights": "far"}, ValueError, "weights is 'far'"),
    ({"metric": "cosine"}, ValueError, 'metric is "cosine"'),
    ({"metric": 3}, TypeError, "metric is a int"),
    ({"algorithm": "ball_tree"}, ValueError, 'algorithm is "ball_tree"'),
    ({"p": 0}, ValueError, "p is 0"),
    ({"p": np.nan}, ValueError, "p is NaN"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("parameters", "error", "message"), BAD_PARAMETERS)
def test_bad_parameters_are_refused_by_name(kind, parameters, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: {message}"):
        kind(**parameters).fit(X, Y)


def test_what_weights_may_not_give():
    for weights, message in [
        (lambda d: d[:, :1], "weights gave an array of shape"),
        (lambda d: -d, "weights is -"),
        (lambda d: 0 * d, "weights are zero for every neighbour of row 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            KNeighborsClassifier(weights=weights).fit(X, Y).predict(X + 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_frames_pipelines_copies_and_words(kind):
    frame = pd.DataFrame(X, columns=["sl", "sw", "pl", "pw"])
    model = kind(3).fit(frame, Y)
    assert model.feature_names_in_.tolist() == ["sl", "sw", "pl", "pw"]
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), copy.copy(model)):
        np.testing.assert_array_equal(twin.predict(frame), model.predict(frame))
        assert repr(twin) == repr(model)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame[["pw", "sl", "sw", "pl"]])
    for data in (np.asfortranarray(X), X.tolist(), np.repeat(X, 2, axis=1)[:, ::2]):
        np.testing.assert_array_equal(kind(3).fit(data, Y).predict(X), model.predict(frame))
    text = model.explain()
    for part in ("3 nearest training rows", "√Σ(x − x′)²", "150 training rows", "pw"):
        assert part in text
    assert "(Σ|x − x′|^3)^(1/3)" in kind(p=3).fit(X, Y).explain()
    assert "<table>" in model._repr_html_()
    search = GridSearchCV(make_pipeline(StandardScaler(), kind()), {f"{kind.__name__.lower()}__n_neighbors": [1, 5]})
    assert np.isfinite(search.fit(X, Y).best_score_)
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        kind().predict(X)
    with pytest.raises(NotFittedError):
        kind().kneighbors(X)


def test_the_callers_arrays_are_not_kept():
    data, target = X.copy(), Y.astype(float)
    model = KNeighborsRegressor().fit(data, target)
    before = model.predict(X)
    data[:], target[:] = 0.0, 0.0
    np.testing.assert_array_equal(model.predict(X), before)
