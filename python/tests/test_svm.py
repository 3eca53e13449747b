"""Support vector machines: agreement with scikit-learn, conditions of optimality, its own checks, display."""

from __future__ import annotations

import doctest
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import svm
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import SVC, ConvergenceWarning, LinearSVC, NotFittedError


def scaled(load):
    data, y = load(return_X_y=True)
    return StandardScaler().fit_transform(data), y


def awkward(seed=0):
    """Give overlapping classes with correlated, duplicated and constant columns of unlike scales."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 80)
    base = rng.standard_normal((80, 3)) + 0.7 * y[:, None]
    return np.column_stack([base, base[:, 0] + 1e-6 * base[:, 1], base[:, 2], np.full(80, 3.0), 100 * base[:, 1]]), y


def wide(seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((25, 60)), np.arange(25) % 2


SETS = {
    "iris": scaled(load_iris),
    "wine": scaled(load_wine),
    "cancer": scaled(load_breast_cancer),
    "awkward": awkward(),
    "wide": wide(),
}
TWO = {name: (X, y == y[-1]) for name, (X, y) in SETS.items()}


@pytest.mark.parametrize(
    "estimator",
    [
        SVC(),
        SVC(kernel="linear"),
        SVC(kernel=rbf_kernel),
        LinearSVC(),
        LinearSVC(loss="hinge", C=0.1),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    if isinstance(estimator, SVC):
        # So does scikit-learn's: gamma="scale" looks at the rows without their weights.
        failed.pop("check_sample_weight_equivalence_on_dense_data", None)
    assert not failed
    assert len(results) > 40
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


@pytest.mark.parametrize("module", [models._svc, models._linear_svc])
def test_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


# Beside scikit-learn.


def gram(model, X, Z):
    """Give the kernel matrix in double precision (LIBSVM keeps its own in single)."""
    products = X @ Z.T
    if model.kernel == "linear":
        return products
    if model.kernel == "rbf":
        return np.exp(-model.gamma_ * ((X[:, None] - Z[None]) ** 2).sum(axis=2))
    if model.kernel == "poly":
        return (model.gamma_ * products + model.coef0) ** model.degree
    return np.tanh(model.gamma_ * products + model.coef0)


@pytest.mark.parametrize("kernel", ["rbf", "linear", "poly"])
@pytest.mark.parametrize("c", [0.1, 1.0, 100.0])
@pytest.mark.parametrize("name", TWO)
def test_the_dual_is_never_higher_than_libsvms(name, c, kernel):
    X, y = TWO[name]
    if kernel == "linear" and name == "awkward" and c == 100.0:
        X = X[:, :-1]  # LIBSVM does not come to an end on columns of such unlike scales
    ours = SVC(C=c, kernel=kernel, tol=1e-10).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = svm.SVC(C=c, kernel=kernel, tol=1e-10, max_iter=200_000).fit(X, y)
    assert ours.gamma_ == pytest.approx(theirs._gamma, rel=1e-12) or kernel == "linear"

    def dual(model):
        beta = model.dual_coef_[0]
        vectors = X[model.support_]
        return 0.5 * beta @ gram(ours, vectors, vectors) @ beta - np.abs(beta).sum()

    assert ours.converged_
    assert ours.dual_objective_[0] == pytest.approx(dual(ours), rel=1e-11)
    assert dual(ours) <= dual(theirs) + 1e-12 * abs(dual(theirs))
    if theirs.fit_status_ == 0 and ((alpha := np.abs(ours.dual_coef_[0])) < c).any() and alpha.max() > 0:
        # LIBSVM computes kernels in single precision: f agrees to some digits of it. Without a row on the edge of the
        # margin b is not unique.
        scale = np.abs(theirs.decision_function(X)).max()
        np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), rtol=0, atol=2e-4 * scale)
    assert ours.margin_[0] == pytest.approx(
        2 / np.sqrt(ours.dual_coef_[0] @ gram(ours, X[ours.support_], X[ours.support_]) @ ours.dual_coef_[0]), rel=1e-8
    )


@pytest.mark.parametrize("kernel", ["rbf", "linear", "sigmoid"])
@pytest.mark.parametrize("name", ["iris", "wine"])
def test_more_classes_are_scikit_learns_pairs(name, kernel):
    X, y = SETS[name]
    labels = np.array(["b", "a", "c"])[y]
    ours = SVC(kernel=kernel, C=0.5, gamma=0.1 if kernel == "rbf" else 0.01).fit(X, labels)
    theirs = svm.SVC(kernel=kernel, C=0.5, gamma=0.1 if kernel == "rbf" else 0.01, tol=1e-8).fit(X, labels)
    assert ours.dual_coef_.shape == (2, len(ours.support_))
    assert ours.intercept_.shape == ours.dual_objective_.shape == ours.n_iter_.shape == (3,)
    assert list(ours.history_) == [("a", "b"), ("a", "c"), ("b", "c")]
    for shape in ("ovo", "ovr"):
        ours.set_params(decision_function_shape=shape).fit(X, labels)
        theirs.decision_function_shape = shape
        np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=3e-5)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=3e-5)
    if kernel != "sigmoid":  # whose dual may have several solutions
        np.testing.assert_array_equal(ours.support_, theirs.support_)
        np.testing.assert_array_equal(ours.n_support_, theirs.n_support_)
        np.testing.assert_allclose(ours.dual_coef_, theirs.dual_coef_, atol=1e-4)
    if kernel == "linear":
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=3e-5)
    broken = clone(ours).set_params(break_ties=True).fit(X, labels)
    np.testing.assert_array_equal(broken.predict(X), broken.classes_[ours.decision_function(X).argmax(axis=1)])


def test_kernels_of_the_callers_own():
    X, y = SETS["iris"]
    plain = SVC(gamma=0.3).fit(X, y)
    called = SVC(kernel=lambda a, b: rbf_kernel(a, b, gamma=0.3)).fit(X, y)
    given_ = SVC(kernel="precomputed").fit(rbf_kernel(X, gamma=0.3), y)
    np.testing.assert_allclose(called.decision_function(X), plain.decision_function(X), atol=1e-5)
    np.testing.assert_allclose(
        given_.decision_function(rbf_kernel(X, gamma=0.3)), plain.decision_function(X), atol=1e-5
    )
    np.testing.assert_array_equal(called.support_, plain.support_)
    with pytest.raises(ValueError, match="kernel gave an array of shape"):
        SVC(kernel=lambda a, b: a[:, :1]).fit(X, y)
    with pytest.raises(ValueError, match=r"SVC.fit: X is 150×4, but a kernel matrix is square"):
        SVC(kernel="precomputed").fit(X, y)


def test_weights_multiply_c():
    X, y = TWO["wine"]
    weights = np.where(np.arange(len(y)) % 3 == 0, 0.0, 1.0 + np.arange(len(y)) % 2)
    ours = SVC(C=0.3, gamma=0.05, tol=1e-9).fit(X, y, weights)
    theirs = svm.SVC(C=0.3, gamma=0.05, tol=1e-9).fit(X, y, weights)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)
    assert not np.isin(ours.support_, np.flatnonzero(weights == 0)).any()
    times = np.repeat(np.arange(len(y)), weights.astype(int))
    repeated = SVC(C=0.3, gamma=0.05, tol=1e-9).fit(X[times], y[times])
    np.testing.assert_allclose(ours.decision_function(X), repeated.decision_function(X), atol=1e-7)
    for class_weight in ("balanced", {True: 3.0}):
        ours = SVC(class_weight=class_weight, gamma=0.05, tol=1e-9).fit(X, y)
        theirs = svm.SVC(class_weight=class_weight, gamma=0.05, tol=1e-9).fit(X, y)
        np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)
    with pytest.raises(ValueError, match="class_weight names the class 'x'"):
        SVC(class_weight={"x": 1.0}).fit(X, y)
    with pytest.raises(ValueError, match="class_weight is 'even'"):
        LinearSVC(class_weight="even").fit(X, y)


def primal(model, X, y, coef, intercept):
    z = X @ coef + intercept
    short = np.maximum(0.0, 1.0 - np.where(y, z, -z))
    cost = short if model.loss == "hinge" else short**2
    return 0.5 * coef @ coef + 0.5 * (intercept / model.intercept_scaling) ** 2 + model.C * cost.sum()


@pytest.mark.parametrize("loss", ["squared_hinge", "hinge"])
@pytest.mark.parametrize("c", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("name", TWO)
def test_the_linear_objective_is_never_higher_than_liblinears(name, c, loss):
    X, y = TWO[name]
    ours = LinearSVC(C=c, loss=loss).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = svm.LinearSVC(C=c, loss=loss, tol=1e-8, max_iter=20_000, dual="auto", random_state=0).fit(X, y)
    assert ours.converged_
    value = primal(ours, X, y, ours.coef_[0], ours.intercept_[0])
    assert ours.objective_[0] == pytest.approx(value, rel=1e-12)
    assert value <= primal(ours, X, y, theirs.coef_[0], theirs.intercept_[0]) * (1 + 1e-9)
    # Both are within √(2·gap) of the one best plane.
    reach = np.sqrt(2 * ours.duality_gap_[0]) + np.sqrt(
        2 * max(primal(ours, X, y, theirs.coef_[0], theirs.intercept_[0]) - value + ours.duality_gap_[0], 0)
    )
    assert np.linalg.norm(ours.coef_[0] - theirs.coef_[0]) <= reach + 1e-7
    history = ours.history_
    assert history.loss[-1] >= ours.objective_[0] * (1 - 1e-12)
    assert (history.loss - 0.5 * history.gradient_norm**2 <= ours.objective_[0] * (1 + 1e-12)).all()


def test_the_squared_hinge_falls_to_a_stationary_point():
    X, y = TWO["cancer"]
    model = LinearSVC(C=3.0, intercept_scaling=10.0).fit(X, y)
    assert (np.diff(model.history_.loss) < 0).all()
    sign = np.where(y, 1.0, -1.0)

    def value(w):
        return primal(model, X, y, w[:-1], w[-1])

    w = np.append(model.coef_[0], model.intercept_[0])
    short = np.maximum(0.0, 1 - sign * (X @ w[:-1] + w[-1]))
    by_hand = np.append(w[:-1], w[-1] / 100) - 2 * 3.0 * np.append((sign * short) @ X, (sign * short).sum())
    assert np.abs(by_hand).max() < 1e-9
    away = w + 0.1 * np.cos(np.arange(len(w)))
    short = np.maximum(0.0, 1 - sign * (X @ away[:-1] + away[-1]))
    by_hand = np.append(away[:-1], away[-1] / 100) - 6.0 * np.append((sign * short) @ X, (sign * short).sum())
    steps = 1e-5 * np.eye(len(w))
    differences = [(value(away + step) - value(away - step)) / 2e-5 for step in steps]
    np.testing.assert_allclose(differences, by_hand, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("loss", ["squared_hinge", "hinge"])
def test_linear_planes_of_more_classes_and_weights_are_scikit_learns(loss):
    X, y = SETS["iris"]
    for options in ({}, {"class_weight": {0: 2.0, 2: 0.5}}, {"fit_intercept": False}):
        ours = LinearSVC(loss=loss, **options).fit(X, y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = svm.LinearSVC(loss=loss, tol=1e-10, max_iter=200_000, random_state=0, **options).fit(X, y)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-4)
        np.testing.assert_allclose(ours.intercept_, np.broadcast_to(theirs.intercept_, 3), atol=2e-4)
        assert list(ours.history_) == [0, 1, 2]
    weights = 1.0 + np.arange(150) % 3
    ours = LinearSVC(loss=loss).fit(X, y, weights)
    repeated = np.repeat(np.arange(150), weights.astype(int))
    np.testing.assert_allclose(ours.coef_, LinearSVC(loss=loss).fit(X[repeated], y[repeated]).coef_, atol=1e-4)


def test_the_hinge_with_a_free_bias_is_the_linear_svc():
    X, y = TWO["cancer"]
    linear = LinearSVC(loss="hinge", intercept_scaling=1e4).fit(X, y)
    kernel = SVC(kernel="linear", tol=1e-9).fit(X, y)
    sign = np.where(y == linear.classes_[1], 1.0, -1.0)
    value = 0.5 * np.sum(linear.coef_**2) + np.maximum(0.0, 1.0 - sign * linear.decision_function(X)).sum()
    # The dual's minimum is minus the primal's; what an objective lies above it bounds ½‖w − w*‖².
    least = -kernel.dual_objective_[0]
    assert least * (1 - 1e-12) <= value <= least * (1 + 1e-12)
    assert np.linalg.norm(linear.coef_ - kernel.coef_) <= 1e-7


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["rbf", "linear", "poly"]), st.sampled_from([0.05, 1.0, 50.0]))
def test_the_conditions_of_optimality_hold(seed, kernel, c):
    rng = np.random.default_rng(seed)
    y = np.arange(50) % 2
    X = rng.standard_normal((50, 3)) + rng.uniform(0, 2) * y[:, None]
    model = SVC(C=c, kernel=kernel, coef0=1.0, degree=2, tol=1e-8).fit(X, y)
    alpha = np.zeros(50)
    alpha[model.support_] = np.abs(model.dual_coef_[0])
    margin = np.where(y == 1, 1, -1) * model.decision_function(X)
    assert (np.sign(model.dual_coef_[0]) == np.where(y[model.support_] == 1, 1, -1)).all()
    assert (alpha <= c).all()
    assert abs(model.dual_coef_.sum()) < 1e-11 * c * 50
    assert (margin[alpha == 0] >= 1 - 1e-7).all()
    assert (margin[alpha == c] <= 1 + 1e-7).all()
    np.testing.assert_allclose(margin[(alpha > 0) & (alpha < c)], 1.0, atol=1e-7)
    assert (np.diff(model.history_.loss) <= 1e-10 * np.abs(model.history_.loss[-1])).all()
    assert model.history_.violation[-1] <= 1e-8


def test_a_small_cache_changes_nothing_of_note():
    X, y = TWO["cancer"]
    np.testing.assert_allclose(
        SVC(cache_size=0.01).fit(X, y).decision_function(X), SVC().fit(X, y).decision_function(X), atol=1e-5
    )


# Around the models.


@pytest.mark.parametrize("estimator", [SVC(), SVC(kernel="linear"), LinearSVC(), LinearSVC(loss="hinge")], ids=repr)
def test_pipelines_frames_copies_and_words(estimator):
    X, y = SETS["iris"]
    frame = pd.DataFrame(X, columns=["sl", "sw", "pl", "pw"])
    model = clone(estimator).fit(frame, np.array(["se", "ve", "vi"])[y])
    assert model.feature_names_in_.tolist() == ["sl", "sw", "pl", "pw"]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(frame), model.predict(frame))
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame[["pw", "sl", "sw", "pl"]])
    for data in (np.asfortranarray(X), X.tolist(), np.repeat(X, 2, axis=1)[:, ::2]):
        np.testing.assert_allclose(clone(estimator).fit(data, y).intercept_, model.intercept_, rtol=1e-12)
    text = model.explain()
    assert "minimise" in text
    assert "2/‖w‖" in text
    assert model.stop_reason_ in text
    assert "<table>" in model._repr_html_()
    assert model.plot_history() is not None
    assert cross_val_score(make_pipeline(StandardScaler(), clone(estimator)), X, y, cv=3).min() > 0.85
    assert GridSearchCV(clone(estimator), {"C": [0.1, 1.0]}, cv=3).fit(X, y).best_score_ > 0.85
    silent = clone(estimator).set_params(keep_history=False).fit(X, y)
    assert silent.history_ is None
    np.testing.assert_array_equal(silent.intercept_, clone(estimator).fit(X, y).intercept_)


def test_the_words_count_what_the_attributes_say():
    X, y = TWO["cancer"]
    model = SVC(kernel="linear", C=0.5).fit(X, y)
    alpha = np.abs(model.dual_coef_[0])
    assert f"{len(alpha)} of 569 rows are support vectors: {(alpha == 0.5).sum()} of them at α = C" in model.explain()
    assert f"2/‖w‖ = {2 / np.linalg.norm(model.coef_):.4g} wide" in model.explain()
    assert "SVC" in repr(model)
    assert "dual objective" in repr(model.history_)


@pytest.mark.parametrize("kind", [SVC, LinearSVC])
def test_too_few_steps_are_told(kind):
    X, y = TWO["cancer"]
    with pytest.warns(ConvergenceWarning, match=f"{kind.__name__}.fit: max_iter steps"):
        model = kind(max_iter=2).fit(X, y)
    assert not model.converged_
    assert np.isfinite(model.intercept_).all()
    with pytest.raises(NotFittedError):
        kind().predict(X)


X2, Y2 = SETS["iris"][0][:, :2], SETS["iris"][1]

BAD_PARAMETERS = [
    (SVC, {"C": 0.0}, ValueError, "C is 0"),
    (SVC, {"C": np.nan}, ValueError, "C is NaN"),
    (SVC, {"C": "much"}, TypeError, "C is text"),
    (SVC, {"kernel": "cubic"}, ValueError, 'kernel is "cubic"'),
    (SVC, {"gamma": "auto_scale"}, ValueError, 'gamma is "auto_scale"'),
    (SVC, {"gamma": -1.0}, ValueError, "gamma is -1"),
    (SVC, {"degree": -1, "kernel": "poly"}, ValueError, "degree is -1"),
    (SVC, {"degree": 2.5}, TypeError, "degree is a float"),
    (SVC, {"tol": 0.0}, ValueError, "tol is 0"),
    (SVC, {"max_iter": 0}, ValueError, "max_iter is 0"),
    (SVC, {"max_iter": -2}, ValueError, "max_iter is -2"),
    (SVC, {"cache_size": 0}, ValueError, "cache_size is 0"),
    (SVC, {"coef0": np.inf, "kernel": "poly"}, ValueError, "coef0 is inf"),
    (SVC, {"decision_function_shape": "all"}, ValueError, "decision_function_shape is 'all'"),
    (SVC, {"decision_function_shape": "ovo", "break_ties": True}, ValueError, "break_ties is True"),
    (SVC, {"class_weight": [1, 2]}, TypeError, "class_weight is a list"),
    (LinearSVC, {"C": -1.0}, ValueError, "C is -1"),
    (LinearSVC, {"loss": "log"}, ValueError, 'loss is "log"'),
    (LinearSVC, {"tol": -1.0}, ValueError, "tol is -1"),
    (LinearSVC, {"max_iter": 0}, ValueError, "max_iter is 0"),
    (LinearSVC, {"intercept_scaling": 0.0}, ValueError, "intercept_scaling is 0"),
    (LinearSVC, {"class_weight": {0: -1.0}}, ValueError, "class_weight gives"),
]


@pytest.mark.parametrize(("kind", "parameters", "error", "message"), BAD_PARAMETERS)
def test_bad_parameters_are_refused_by_name(kind, parameters, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: {message}"):
        kind(**parameters).fit(X2, Y2)


@pytest.mark.parametrize("kind", [SVC, LinearSVC])
@pytest.mark.parametrize("factor", [1e-150, 1e-300, 1e150, 1e300])
def test_scales_out_of_range_give_finite_models_or_a_named_error(kind, factor):
    if factor > 1 or (factor == 1e-300 and kind is SVC):
        with pytest.raises(ValueError, match=f"{kind.__name__}.fit: X holds values so"):
            kind().fit(X2 * factor, Y2)
        return
    model = kind().fit(X2 * factor, Y2)
    assert np.isfinite(model.intercept_).all()
    assert np.isfinite(model.decision_function(X2 * factor)).all()


def test_rows_of_unlike_scales_come_to_an_end():
    X, y = load_breast_cancer(return_X_y=True)  # columns from 1e-3 to 4e3
    model = SVC(kernel="linear", tol=1e-8).fit(X, y)
    assert model.converged_
    linear = LinearSVC(loss="hinge").fit(X, y)
    assert linear.converged_
    assert linear.duality_gap_[0] <= 1e-7 * linear.objective_[0]


def test_words_about_bounds_and_kernels_are_true_of_them():
    X, y = SETS["iris"]
    X, y = X[:100, :2], y[:100]
    plain = SVC().fit(X, y)
    assert "0 ≤ α ≤ C," in plain.explain()
    assert "several minima" not in plain.explain()
    for weighted in (SVC(class_weight={0: 1, 1: 20}).fit(X, y), SVC().fit(X, y, sample_weight=np.linspace(1, 2, 100))):
        assert "0 ≤ α ≤ Cᵢ," in weighted.explain()
        assert "C = 1 times the row's weight" in weighted.explain()
    assert "several minima" in SVC(kernel="sigmoid").fit(X, y).explain()
    same = SVC().fit(np.ones((6, 2)), [0, 1, 0, 1, 0, 1]).explain()
    assert "w = 0: f is the same everywhere" in same
    assert "infinite" not in same
