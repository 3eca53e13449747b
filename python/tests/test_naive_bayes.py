"""Gaussian naive Bayes: agreement with scikit-learn, learning in parts, far offsets, its own checks, display."""

from __future__ import annotations

import doctest
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn import naive_bayes
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import GaussianNB, NotFittedError

X, Y = load_iris(return_X_y=True)


def test_scikit_learns_own_checks_pass():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(GaussianNB(), on_skip=None, on_fail=None)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    assert len(results) > 40
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


def test_examples_run():
    found = doctest.testmod(models._naive_bayes)
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
@pytest.mark.parametrize("options", [{}, {"var_smoothing": 0.1}, {"var_smoothing": 0.0}])
def test_it_is_scikit_learns(load, options):
    data, y = load(return_X_y=True)
    ours, theirs = GaussianNB(**options).fit(data, y), naive_bayes.GaussianNB(**options).fit(data, y)
    np.testing.assert_allclose(ours.theta_, theirs.theta_, rtol=1e-12)
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-11)
    np.testing.assert_allclose(ours.class_prior_, theirs.class_prior_, rtol=1e-15)
    assert ours.epsilon_ == pytest.approx(theirs.epsilon_, rel=1e-12)
    np.testing.assert_allclose(ours.predict_log_proba(data), theirs.predict_log_proba(data), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.predict_proba(data), theirs.predict_proba(data), atol=1e-11)
    np.testing.assert_array_equal(ours.predict(data), theirs.predict(data))
    joint = ours.predict_joint_log_proba(data)
    np.testing.assert_allclose(joint, theirs.predict_joint_log_proba(data), rtol=1e-11)
    by_scipy = norm.logpdf(data[:, None], ours.theta_, np.sqrt(ours.var_)).sum(axis=2) + np.log(ours.class_prior_)
    np.testing.assert_allclose(joint, by_scipy, rtol=1e-11)


def test_weights_and_priors():
    weights = 0.5 + np.arange(150) % 3
    ours, theirs = GaussianNB().fit(X, Y, weights), naive_bayes.GaussianNB().fit(X, Y, weights)
    np.testing.assert_allclose(ours.theta_, theirs.theta_, rtol=1e-13)
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-9)  # their epsilon_ does without the weights
    np.testing.assert_allclose(ours.class_count_, theirs.class_count_, rtol=1e-14)
    times = np.repeat(np.arange(150), (2 * weights).astype(int))
    np.testing.assert_allclose(ours.var_, GaussianNB().fit(X[times], Y[times]).var_, rtol=1e-12)
    ours = GaussianNB(priors=[0.2, 0.5, 0.3]).fit(X, Y)
    theirs = naive_bayes.GaussianNB(priors=[0.2, 0.5, 0.3]).fit(X, Y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-12)
    never = GaussianNB(priors=[0.5, 0.5, 0.0]).fit(X, Y)
    assert (never.predict_proba(X)[:, 2] == 0).all()
    assert (never.predict_log_proba(X)[:, 2] == -np.inf).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.sampled_from([0.0, 1e7]))
def test_parts_give_what_the_whole_gives(seed, cut, offset):
    rng = np.random.default_rng(seed)
    data, y = offset + rng.standard_normal((61, 3)) * [1, 10, 0.1], rng.integers(0, 3, 61)
    y[:3] = [0, 1, 2]
    weights = rng.uniform(0.1, 2, 61)
    whole = GaussianNB().fit(data, y, weights)
    parts = GaussianNB()
    for part in np.array_split(np.arange(61), [cut, min(cut + 7, 60)]):
        if len(part):
            parts.partial_fit(data[part], y[part], [0, 1, 2], weights[part])
    np.testing.assert_allclose(parts.theta_, whole.theta_, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(parts.var_, whole.var_, rtol=1e-6 if offset else 1e-11)
    assert parts.epsilon_ == pytest.approx(whole.epsilon_, rel=1e-7)
    np.testing.assert_allclose(parts.class_prior_, whole.class_prior_, rtol=1e-13)


def test_parts_are_scikit_learns_too():
    ours, theirs = GaussianNB(), naive_bayes.GaussianNB()
    for part in np.array_split(np.arange(150), 4):  # the first part has one class only
        ours.partial_fit(X[part], Y[part], [0, 1, 2])
        theirs.partial_fit(X[part], Y[part], [0, 1, 2])
        assert np.isfinite(ours.predict_proba(X)).all()
    np.testing.assert_allclose(ours.theta_, theirs.theta_, rtol=1e-12)
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-6)  # their epsilon_ is that of the last rows


def test_far_from_zero_nothing_is_lost():
    near, far = GaussianNB().fit(X, Y), GaussianNB().fit(X + 2.0**30, Y)
    # 2³⁰ plus tenths keeps 22 bits after the point.
    np.testing.assert_allclose(far.var_, near.var_, rtol=1e-5)
    rounded = (X + 2.0**30) - 2.0**30
    exact = GaussianNB().fit(rounded, Y)
    np.testing.assert_allclose(far.var_, exact.var_, rtol=1e-10)
    np.testing.assert_allclose(
        far.predict_log_proba(X + 2.0**30), exact.predict_log_proba(rounded), rtol=1e-5, atol=1e-6
    )


def test_probabilities_that_vanish_keep_their_logarithm():
    model = GaussianNB().fit([[0.0], [1.0], [100.0], [101.0]], [0, 0, 1, 1])
    log = model.predict_log_proba([[0.5]])
    assert model.predict_proba([[0.5]]).tolist() == [[1.0, 0.0]]
    assert log[0, 1] < -1e4
    assert np.isfinite(log).all()


REFUSED = [
    ({}, [[1.0], [1.0]], [0, 1], "without variance .column 0 in class 0.*all columns are constant"),
    (
        {"var_smoothing": 0.0},
        [[1.0, 1.0], [1.0, 2.0], [3.0, 5.0]],
        [0, 0, 1],
        "column 0 in class 0.*positive var_smoothing",
    ),
    ({}, [[1e200], [-1e200]], [0, 1], "squares overflow"),
    ({"var_smoothing": -1.0}, X, Y, "var_smoothing is -1"),
    ({"var_smoothing": np.nan}, X, Y, "var_smoothing is nan"),
    ({"priors": [0.5, 0.5]}, X, Y, "priors has shape"),
    ({"priors": [0.5, 0.6, -0.1]}, X, Y, "non-negative"),
    ({"priors": [0.5, 0.6, 0.1]}, X, Y, "sum of priors is 1.2"),
]


@pytest.mark.parametrize(("options", "data", "y", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(options, data, y, message):
    with pytest.raises(ValueError, match=f"GaussianNB.fit: .*({message})"):
        GaussianNB(**options).fit(data, y)


def test_parts_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="first call must name all classes"):
        GaussianNB().partial_fit(X, Y)
    with pytest.raises(ValueError, match="y holds 2, which is not among classes"):
        GaussianNB().partial_fit(X, Y, [0, 1])
    model = GaussianNB().partial_fit(X, Y, [0, 1, 2])
    with pytest.raises(ValueError, match="classes is not the same"):
        model.partial_fit(X, Y, [0, 1, 2, 3])
    with pytest.raises(ValueError, match="X has 3 features"):
        model.partial_fit(X[:, :3], Y)
    before = model.theta_.copy()
    with pytest.raises(ValueError, match="NaN"):
        model.partial_fit(np.full((3, 4), np.nan), [0, 1, 2])
    np.testing.assert_array_equal(model.theta_, before)
    with pytest.raises(ValueError, match="so far from every class"):
        model.predict([[1e200, 0, 0, 0]])
    with pytest.raises(NotFittedError):
        GaussianNB().predict(X)


def test_frames_copies_and_words():
    frame = pd.DataFrame(X, columns=["sl", "sw", "pl", "pw"])
    model = GaussianNB().fit(frame, np.array(["se", "ve", "vi"])[Y])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(frame), model.predict(frame))
    text = model.explain()
    for part in ("'se': prior 0.3333, from 50 rows", "sl: 5.006 ± 0.3489", "pl tells most"):
        assert part in text
    assert "<table>" in model._repr_html_()
    assert model.score(frame, np.array(["se", "ve", "vi"])[Y]) > 0.95


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("value", [3.7, 0.1, 1e150, -1e-300])
def test_what_rounding_leaves_of_a_constant_column_is_no_variance(seed, value):
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(5, 60))
    y = np.append([0, 1], rng.integers(0, 2, rows - 2))
    with pytest.raises(ValueError, match="X has a feature without variance"):
        GaussianNB().fit(np.full((rows, 1), value), y)
    with pytest.raises(ValueError, match=r"X has a feature without variance \(column 1 in class 0\)"):
        GaussianNB(var_smoothing=0.0).fit(np.column_stack([rng.normal(size=rows), np.full(rows, value)]), y)
    # Beside a column that varies, smoothing decides: both classes are as likely as their rows are many.
    data = np.column_stack([np.resize([1.0, 2.0, 3.0, 4.0], rows), np.full(rows, value)])
    if abs(value) < 1e9:
        model = GaussianNB().fit(data, y)
        np.testing.assert_allclose(model.var_[:, 1], model.epsilon_, rtol=1e-6)
