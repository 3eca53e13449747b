"""The estimators: textbook runs, agreement with scikit-learn, its own checks, bad input, display."""

from __future__ import annotations

import doctest
import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import underhood as uh
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model, metrics, preprocessing
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.exceptions import NotFittedError as SklearnNotFittedError
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.model_selection import train_test_split as sklearn_split
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import (
    Adaline,
    ConvergenceWarning,
    DivergenceWarning,
    LogisticRegression,
    NotFittedError,
    Perceptron,
    StandardScaler,
    train_test_split,
)

IRIS = load_iris()
X = IRIS.data[:100][:, [0, 2]]
Y = IRIS.target[:100]
Z = (X - X.mean(axis=0)) / X.std(axis=0)
ESTIMATORS = [Perceptron, Adaline, LogisticRegression]
CLASSIFIERS = [
    Perceptron(),
    Adaline(),
    Adaline(solver="stochastic"),
    LogisticRegression(),
    LogisticRegression(solver="lbfgs"),
]


@pytest.mark.parametrize("estimator", [*CLASSIFIERS, StandardScaler()], ids=repr)
def test_scikit_learns_own_checks_pass(estimator):
    # Where rows take their turns, two such rows are two steps, and a weight of two is one of twice the length:
    # scikit-learn's own Perceptron fails this check too.
    by_rows = isinstance(estimator, Perceptron) or getattr(estimator, "solver", None) == "stochastic"
    expected = {"check_sample_weight_equivalence_on_dense_data": "steps of rows"} if by_rows else {}
    with warnings.catch_warnings():
        # The checks train on noise, and until max_iter: that is what these warnings say.
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None, expected_failed_checks=expected)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    assert len(results) > 40
    # Skipped where scikit-learn's own estimators are: the environment has no array API.
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


@pytest.mark.parametrize(
    "module",
    [
        models._perceptron,
        models._adaline,
        models._logistic,
        models._scaler,
        models._split,
        models._classification_metrics,
        models,
    ],
)
def test_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


# The textbook runs.


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("init_scale", [0.0, 0.01])
def test_the_perceptron_settles_on_iris_within_six_epochs(shuffle, init_scale):
    model = Perceptron(learning_rate=0.1, random_state=1, shuffle=shuffle, init_scale=init_scale).fit(X, Y)
    assert model.history_.updates[-1] == 0
    assert model.n_iter_ == len(model.history_) <= 6
    assert model.converged_
    assert model.score(X, Y) == 1.0
    if not shuffle:
        np.testing.assert_array_equal(model.history_.updates, [2, 2, 3, 2, 1, 0])


@pytest.mark.parametrize(("data", "rate"), [(X, 0.02469), (Z, 0.5517)])
def test_adaline_knows_its_critical_rate(data, rate):
    critical = Adaline(max_iter=1, tol=None).fit(data, Y).critical_learning_rate_
    assert critical == pytest.approx(rate, abs=5e-5 if rate > 0.1 else 5e-6)

    below = Adaline(learning_rate=critical * 0.999, tol=None).fit(data, Y)
    assert (np.diff(below.history_.loss) <= 0).all()

    with pytest.warns(DivergenceWarning, match=f"critical rate {critical:.4g}"):
        above = Adaline(learning_rate=critical * 1.01).fit(data, Y)
    assert "too large" in above.stop_reason_
    assert not above.converged_
    assert above.history_.loss[-1] > 1e9
    assert np.isfinite(above.coef_).all()


def test_adalines_loss_is_the_mean_square_and_its_gradient_the_derivative():
    history = Adaline(max_iter=20, tol=None, learning_rate=0.1).fit(Z, Y).history_
    target = np.where(Y == 1, 1.0, -1.0)

    def loss(w, b):
        return np.mean((target - Z @ w - b) ** 2)

    before = np.zeros(2), 0.0
    for i in range(20):
        w, b = history.weights[i], history.bias[i]
        assert history.loss[i] == pytest.approx(loss(w, b), rel=1e-12)
        residual = target - Z @ before[0] - before[1]
        np.testing.assert_allclose(w, before[0] + 2 * 0.1 * np.mean(residual[:, None] * Z, axis=0), rtol=0, atol=1e-14)
        assert b == pytest.approx(before[1] + 2 * 0.1 * np.mean(residual), abs=1e-14)
        assert history.errors[i] == np.sum((Z @ w + b > 0) != (Y == 1))
        step = 1e-3  # a quadratic: central differences err by rounding only
        differences = [(loss(w + step * e, b) - loss(w - step * e, b)) / (2 * step) for e in np.eye(2)]
        differences.append((loss(w, b + step) - loss(w, b - step)) / (2 * step))
        assert history.gradient_norm[i] == pytest.approx(np.linalg.norm(differences), rel=1e-6, abs=1e-10)
        before = w, b


def test_adaline_ends_at_the_least_squares_solution():
    model = Adaline(tol=1e-12, max_iter=10_000).fit(Z, Y)
    target = np.where(Y == 1, 1.0, -1.0)
    expected = np.linalg.lstsq(np.column_stack([Z, np.ones(100)]), target, rcond=None)[0]
    np.testing.assert_allclose([*model.coef_[0], model.intercept_[0]], expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("solver", ["batch", "stochastic"])
@pytest.mark.parametrize("rate", [1.0, 1e150])
def test_a_rate_too_large_stops_with_finite_weights(solver, rate):
    with pytest.warns(DivergenceWarning, match="critical"):
        model = Adaline(solver=solver, learning_rate=rate).fit(X, Y)
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.intercept_).all()
    assert np.isfinite(model.history_.loss).all()


def test_seeds_fix_every_bit_and_orders_differ():
    def run(seed):
        return Adaline(solver="stochastic", learning_rate=0.01, max_iter=3, tol=None, random_state=seed).fit(Z, Y).coef_

    np.testing.assert_array_equal(run(3), run(3))
    assert (run(3) != run(4)).any()
    assert (run(None) != run(None)).any()
    np.testing.assert_array_equal(run(np.random.default_rng(5)), run(np.random.default_rng(5)))


def test_the_perceptron_makes_scikit_learns_steps():
    data = IRIS.data
    y = (IRIS.target == 1).astype(int)
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        Perceptron(shuffle=False, max_iter=7).fit(data, y)
    # Who asks for a number of epochs is not warned that it is one.
    ours = Perceptron(shuffle=False, max_iter=7, n_iter_no_change=None).fit(data, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = linear_model.Perceptron(shuffle=False, max_iter=7, tol=None).fit(data, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-12)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-12)


# Logistic regression beside scikit-learn.


def objective(data, codes, coef, intercept, c):
    """scikit-learn's objective, C times the sum of the log losses and half the square of the weights."""
    z = data @ coef.T + intercept
    if z.shape[1] == 1:
        z = np.column_stack([np.zeros(len(z)), z])
    top = z.max(axis=1)
    log_sum = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return c * np.sum(log_sum - z[np.arange(len(z)), codes]) + 0.5 * np.sum(coef**2)


@pytest.mark.parametrize("solver", ["newton-cholesky", "lbfgs"])
@pytest.mark.parametrize("c", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_logistic_coefficients_agree_with_scikit_learns(load, c, solver):
    data, y = load(return_X_y=True)
    data = preprocessing.StandardScaler().fit_transform(data)
    ours = LogisticRegression(C=c, solver=solver).fit(data, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = linear_model.LogisticRegression(C=c, tol=1e-12, max_iter=100_000).fit(data, y)
    # Their lbfgs stops where the objective no longer changes: what it leaves of the gradient (1e-9 and more), over
    # the curvature of the flattest direction, which is the penalty's 1/(C·n), is what the coefficients may be off by.
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=0, atol=2e-5 if c <= 1 else 1e-3)
    ours_value = objective(data, y, ours.coef_, ours.intercept_, c)
    theirs_value = objective(data, y, theirs.coef_, theirs.intercept_, c)
    assert ours_value <= theirs_value * (1 + 1e-14)
    assert ours.converged_
    np.testing.assert_allclose(ours.predict_proba(data), theirs.predict_proba(data), atol=1e-5)
    assert ours.loss_ == pytest.approx(ours_value / (c * len(y)), rel=1e-12)


def test_logistic_on_raw_columns_is_as_good():
    data, y = load_breast_cancer(return_X_y=True)
    ours = LogisticRegression().fit(data, y)
    p = ours.predict_proba(data)[:, 1]
    # Stationarity in the columns' own units: the residuals against a column sum to the penalty.
    gradient = (p - y) @ data + ours.coef_[0]
    assert np.abs(gradient / (np.abs(data).sum(axis=0))).max() < 1e-10
    assert abs(np.sum(p - y)) < 1e-7


def test_logistic_history_falls_and_ends_at_the_coefficients():
    model = LogisticRegression().fit(IRIS.data, IRIS.target)
    history = model.history_
    assert (np.diff(history.loss) <= 1e-14).all()
    assert history.weights.shape == (len(history), 3, 4)
    np.testing.assert_array_equal(history.weights[-1], model.coef_)
    np.testing.assert_allclose(model.intercept_.sum(), 0.0, atol=1e-9)
    assert history.errors[-1] == round((1 - model.score(IRIS.data, IRIS.target)) * 150)


def test_more_columns_than_rows():
    rng = np.random.default_rng(1)
    data = rng.standard_normal((20, 1000))
    y = np.arange(20) % 2
    for model in (Perceptron(), LogisticRegression(), Adaline()):
        assert model.fit(data, y).score(data, y) == 1.0
    critical = Adaline(max_iter=1, tol=None).fit(data, y).critical_learning_rate_
    wide = np.column_stack([data, np.ones(20)])
    assert critical == pytest.approx(20 / np.linalg.eigvalsh(wide @ wide.T)[-1], rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.sampled_from([1e-3, 1.0, 1e3]))
def test_logistic_fits_are_stationary(seed, classes, scale):
    rng = np.random.default_rng(seed)
    y = np.arange(60) % classes
    data = scale * (rng.standard_normal((60, 3)) + y[:, None]) + 5 * scale
    model = LogisticRegression(C=2.0).fit(data, y)
    p = model.predict_proba(data)
    residual = p - (y[:, None] == np.arange(classes))
    if classes == 2:
        residual = residual[:, 1:]
    gradient = 2.0 * residual.T @ data + model.coef_
    assert np.abs(gradient).max() / (120 * scale * 10) < 1e-9


# Labels, frames, pipelines.


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize(
    "labels",
    [
        np.array(["versicolor", "setosa"])[Y],
        np.array(["versicolor", "setosa"], dtype=object)[Y],
        [["b", "a"][k] for k in Y],
        Y.astype(bool),
        Y * 2.0 - 1.0,
        Y.astype(np.uint8),
        Y + 2**60,
        pd.Series(Y).map({0: "no", 1: "yes"}).astype("category"),
        pd.Series(Y, index=range(7, 107)),
        pl.Series(["u" if k else "v" for k in Y]),
    ],
    ids=["text", "object", "list", "bool", "float", "uint8", "large", "category", "series", "polars"],
)
def test_labels_of_any_kind(kind, labels):
    model = kind().fit(Z, labels)
    plain = np.asarray(labels)
    assert model.score(Z, labels) == 1.0
    assert model.classes_.tolist() == sorted(set(plain.tolist()))
    np.testing.assert_array_equal(model.predict(Z), plain)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_frames_give_names_and_must_keep_them(kind):
    frame = pd.DataFrame(Z, columns=["sepal", "petal"])
    model = kind().fit(frame, Y)
    assert model.feature_names_in_.tolist() == ["sepal", "petal"]
    np.testing.assert_array_equal(model.coef_, kind().fit(Z, Y).coef_)
    np.testing.assert_array_equal(kind().fit(pl.DataFrame(Z, schema=["sepal", "petal"]), Y).coef_, model.coef_)
    np.testing.assert_array_equal(kind().fit(np.asfortranarray(Z), Y).coef_, model.coef_)
    assert "sepal" in model.explain()
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame[["petal", "sepal"]])
    with pytest.raises(ValueError, match=r"X has 1 features, but .* is expecting 2 features"):
        model.predict(Z[:, :1])


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_pipelines_searches_and_copies(estimator):
    pipeline = make_pipeline(StandardScaler(), estimator)
    scores = cross_val_score(pipeline, IRIS.data, IRIS.target == 0, cv=3)
    assert scores.min() > 0.9
    name, values = ("C", [0.1, 1.0]) if isinstance(estimator, LogisticRegression) else ("learning_rate", [0.01, 0.05])
    search = GridSearchCV(estimator, {name: values}, cv=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(Z, Y)
    assert search.best_score_ > 0.9
    twin = clone(estimator)
    assert twin is not estimator
    assert twin.get_params() == estimator.get_params()
    fitted = pickle.loads(pickle.dumps(estimator.fit(Z, Y)))
    np.testing.assert_array_equal(fitted.predict(Z), estimator.predict(Z))
    assert repr(pipeline)


@pytest.mark.parametrize("kind", [Perceptron, Adaline])
def test_more_classes_are_trained_one_against_the_rest(kind):
    data = preprocessing.StandardScaler().fit_transform(IRIS.data)
    model = kind().fit(data, IRIS.target_names[IRIS.target])
    assert model.coef_.shape == (3, 4)
    assert list(model.history_) == ["setosa", "versicolor", "virginica"]
    alone = kind().fit(data, IRIS.target == 2)
    np.testing.assert_array_equal(model.coef_[2], alone.coef_[0])
    np.testing.assert_array_equal(model.history_["virginica"].loss, alone.history_.loss)
    assert model.decision_function(data).shape == (150, 3)
    assert kind(keep_history=False).fit(data, IRIS.target).history_ is None


# What is refused.


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_before_fit_every_method_says_so(kind):
    model = kind()
    calls = [
        lambda: model.predict(X), lambda: model.decision_function(X), lambda: model.score(X, Y),
        lambda: model.explain(), lambda: model.plot_history(), lambda: model.plot_boundary(X, Y),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(NotFittedError, match=f"this {kind.__name__} is not fitted yet") as caught:
            call()
        assert isinstance(caught.value, ValueError | AttributeError)
        assert isinstance(caught.value, SklearnNotFittedError)


def hole(value):
    bad = X.copy()
    bad[3, 1] = value
    return bad


BAD = [
    (hole(np.nan), Y, ValueError, r"X holds NaN \(a missing value\) at row 3, column 1"),
    (hole(-np.inf), Y, ValueError, "X holds minus infinity at row 3, column 1"),
    (X, Y[:-1], ValueError, "y is a vector of 99, but X has 100 rows"),
    (X, np.zeros(100, int), ValueError, r"y has only one class \(0\)"),
    (X, ["a"] * 100, ValueError, r"y has only one class \('a'\)"),
    (X, Y + 0.5, ValueError, "Unknown label type: continuous"),
    (X, np.where(Y == 1, np.nan, 0.0), ValueError, "y holds NaN .* at index 50"),
    (X, np.array([None, "a"], dtype=object)[Y], ValueError, r"y has a missing label \(None\) at index 0"),
    (X, np.array([1, "a"], dtype=object)[Y], TypeError, "y mixes labels"),
    (X, None, ValueError, "requires y"),
    (X, np.column_stack([Y, Y]), ValueError, "y is 100×2"),
    (X[:, 0], Y, ValueError, "Reshape your data"),
    (3.0, Y, ValueError, "a single number"),
    (X[:0], Y[:0], ValueError, "0 rows"),
    (X[:, :0], Y, ValueError, r"0 feature\(s\)"),
    (X.astype(complex), Y, ValueError, "Complex data not supported"),
    (X.astype(str), Y, TypeError, "X holds text"),
    (np.ma.masked_array(X, X > 5), Y, TypeError, "X is a masked array"),
    ([[1.0], [1.0, 2.0]], [0, 1], TypeError, "X is ragged"),
    (X[:, :, None], Y, ValueError, "X is 100×2×1"),
    (X.astype("datetime64[D]"), Y, TypeError, "X holds dates"),
    (pd.DataFrame({"a": X[:, 0], "b": "text"}), Y, TypeError, "columns that are not numeric"),
]


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize(("data", "labels", "error", "message"), BAD, ids=range(len(BAD)))
def test_bad_input_is_refused_by_name(kind, data, labels, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: .*{message}"):
        kind().fit(data, labels)


BAD_PARAMETERS = [
    (Perceptron, {"learning_rate": 0.0}, ValueError, "learning_rate is 0"),
    (Perceptron, {"learning_rate": np.nan}, ValueError, "learning_rate is NaN"),
    (Perceptron, {"learning_rate": "fast"}, TypeError, "learning_rate is text"),
    (Perceptron, {"max_iter": 0}, ValueError, "max_iter is 0"),
    (Perceptron, {"max_iter": -3}, ValueError, "max_iter is -3"),
    (Perceptron, {"max_iter": 2.5}, TypeError, "max_iter is a float"),
    (Perceptron, {"n_iter_no_change": 0}, ValueError, "n_iter_no_change is 0"),
    (Perceptron, {"init_scale": -1.0}, ValueError, "init_scale is -1"),
    (Perceptron, {"random_state": "seed"}, TypeError, "random_state is a str"),
    (Adaline, {"learning_rate": "fast"}, ValueError, "learning_rate is 'fast'"),
    (Adaline, {"learning_rate": np.inf}, ValueError, "learning_rate is inf"),
    (
        Adaline,
        {"solver": "sgd"},
        ValueError,
        'solver is "sgd", but must be one of "batch", "stochastic", "mini-batch" or "exact"',
    ),
    (Adaline, {"tol": -1.0}, ValueError, "tol is -1"),
    (LogisticRegression, {"C": 0.0}, ValueError, "C is 0"),
    (LogisticRegression, {"C": np.nan}, ValueError, "C is NaN"),
    (LogisticRegression, {"solver": "saga"}, ValueError, 'solver is "saga"'),
]


@pytest.mark.parametrize(("kind", "parameters", "error", "message"), BAD_PARAMETERS)
def test_bad_parameters_are_refused_by_name(kind, parameters, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: {message}"):
        kind(**parameters).fit(X, Y)


def test_a_hessian_beyond_memory_is_refused():
    with pytest.raises(ValueError, match="solver is newton-cholesky, but a Hessian of 12001 unknowns"):
        LogisticRegression(solver="newton-cholesky").fit(np.zeros((4, 12_000)), [0, 0, 1, 1])


def test_unknown_parameters_are_refused():
    with pytest.raises(ValueError, match="there is no parameter 'eta'; there are learning_rate"):
        Perceptron().set_params(eta=1)
    with pytest.raises(TypeError, match=r"^KNeighborsClassifier: there is no parameter 'n_jobs'; there are"):
        models.KNeighborsClassifier(n_jobs=2)
    with pytest.raises(TypeError, match=r"^KMeans: there is no parameter 'max_itr' \(did you mean 'max_iter'\?\)"):
        models.KMeans(max_itr=2)
    with pytest.raises(TypeError, match="positional"):
        models.KMeans(3, 4)


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize("change", ["constant", "duplicated", "huge", "tiny", "offset", "two rows"])
def test_awkward_columns_give_finite_models_or_a_named_error(kind, change):
    data, y = Z, Y
    if change == "constant":
        data = np.column_stack([Z, np.full(100, 0.1)])
    elif change == "duplicated":
        data = np.column_stack([Z, Z])
    elif change == "huge":
        data = Z * 1e307
    elif change == "tiny":
        data = Z * 1e-307
    elif change == "offset":
        data = Z + 1e8
    else:
        data, y = Z[[0, 99]], Y[[0, 99]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if change == "huge" and kind is not Perceptron:
            with pytest.raises(ValueError, match="X holds values so large"):
                kind().fit(data, y)
            return
        model = kind().fit(data, y)
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.intercept_).all()


# Around the models.


def test_the_scaler_agrees_with_scikit_learns():
    data = np.column_stack([load_wine().data, np.full(178, 0.1), 1e9 + np.arange(178)])
    ours, theirs = StandardScaler().fit(data), preprocessing.StandardScaler().fit(data)
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-15)
    np.testing.assert_allclose(ours.scale_, theirs.scale_, rtol=1e-12)
    np.testing.assert_allclose(ours.transform(data), theirs.transform(data), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(data)), data, rtol=1e-14)
    assert StandardScaler(with_mean=False).fit_transform([[1.0], [3.0]]).tolist() == [[1.0], [3.0]]


def test_split_keeps_kinds_shares_and_rows_together():
    frame = pd.DataFrame({"i": range(100)}, index=range(1000, 1100))
    parts = train_test_split(frame, list(range(100)), pl.Series(range(100)), np.arange(100), random_state=3, stratify=Y)
    assert [type(p) for p in parts[::2]] == [pd.DataFrame, list, pl.Series, np.ndarray]
    assert len(parts[1]) == 25
    for train, test in zip(parts[::2], parts[1::2], strict=True):
        flat = [np.asarray(p).ravel().tolist() for p in (train, test)]
        assert sorted(flat[0] + flat[1]) == list(range(100))
        assert flat[1] == parts[3]
    # 25 of 100 rows, half of either class: 12 or 13 of each.
    assert abs(2 * Y[parts[7]].sum() - 25) == 1
    again = train_test_split(np.arange(100), random_state=3, stratify=Y)
    np.testing.assert_array_equal(again[1], parts[7])
    assert len(train_test_split(np.arange(10), test_size=0.21)[1]) == 3
    assert len(train_test_split(np.arange(10), test_size=4)[1]) == 4


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((), {}, ValueError, "at least one array"),
        (([1, 2], [1]), {}, ValueError, "2, 1 rows"),
        (([1, 2, 3],), {"test_size": 0}, ValueError, "test_size is 0 of 3"),
        (([1, 2, 3],), {"test_size": 1.5}, ValueError, "test_size is 1.5"),
        (([1, 2, 3],), {"test_size": "half"}, TypeError, "test_size is a str"),
        (([1],), {}, ValueError, "test_size asks for 1 of 1 rows"),
        (([1, 2, 3],), {"stratify": [0, 0, 1]}, ValueError, "stratify has a class with 1 row"),
        (([1, 2, 3, 4],), {"stratify": [0, 0, 1, 1], "shuffle": False}, ValueError, "stratify needs shuffle"),
        ((5,), {}, TypeError, "a int has no rows"),
    ],
)
def test_impossible_splits_are_refused(arguments, options, error, message):
    with pytest.raises(error, match=f"train_test_split: .*{message}"):
        train_test_split(*arguments, **options)


@pytest.mark.parametrize("stratify", [None, Y])
@pytest.mark.parametrize("shuffle", [True, False])
def test_both_parts_of_a_split_may_be_asked_for(shuffle, stratify):
    if not shuffle and stratify is not None:
        return
    options = {"random_state": 5, "shuffle": shuffle, "stratify": stratify}
    for sizes, wanted in (
        ({"train_size": 0.6}, (60, 40)),
        ({"train_size": 70}, (70, 30)),
        ({"train_size": 0.333, "test_size": 0.2}, (33, 20)),
        ({"train_size": 50, "test_size": 0.5}, (50, 50)),
        ({"test_size": 10, "train_size": 20}, (20, 10)),
    ):
        train, test = train_test_split(np.arange(100), **sizes, **options)
        assert (len(train), len(test)) == wanted
        theirs = sklearn_split(np.arange(100), **sizes, shuffle=shuffle, stratify=stratify, random_state=0)
        assert [len(part) for part in theirs] == [len(train), len(test)]
        assert not set(train) & set(test)
        if not shuffle:
            np.testing.assert_array_equal(train, theirs[0])
            np.testing.assert_array_equal(test, theirs[1])
        if stratify is not None:
            assert abs(2 * Y[train].sum() - len(train)) <= 1
            assert abs(2 * Y[test].sum() - len(test)) <= 1
        np.testing.assert_array_equal(train_test_split(np.arange(100), **sizes, **options)[0], train)
    for bad, message in (
        ({"train_size": 60, "test_size": 50}, r"train_size and test_size ask for 60 \+ 50 of 100 rows"),
        ({"train_size": 0.001}, "train_size is 0.001 of 100 rows, but training needs at least one"),
        ({"train_size": 100}, "train_size is 100 of 100 rows"),
        ({"train_size": 1.5}, "train_size is 1.5"),
    ):
        with pytest.raises(ValueError, match=f"^train_test_split: {message}"):
            train_test_split(np.arange(100), **bad, **options)


def test_r2_is_scikit_learns():
    rng = np.random.default_rng(3)
    y, found, weights = rng.normal(size=(40, 2)), rng.normal(size=(40, 2)), rng.uniform(size=40)
    for a, b in ((y, found), (y[:, 0], found[:, 0]), (y, y), (np.ones(5), np.ones(5)), (np.ones(5), np.arange(5.0))):
        w = weights[: len(a)]
        assert models.r2_score(a, b) == pytest.approx(r2_score(a, b), abs=1e-14)
        assert models.r2_score(a, b, sample_weight=w) == pytest.approx(r2_score(a, b, sample_weight=w), abs=1e-14)
    for bad in (y[:, :1], y[1:], y * np.nan):
        with pytest.raises(ValueError, match="r2_score: y_pred"):
            models.r2_score(y, bad)


def test_metrics_agree_with_scikit_learns():
    rng = np.random.default_rng(0)
    true, found = (np.array(["a", "b", "c"])[rng.integers(0, 3, 50)] for _ in range(2))
    np.testing.assert_array_equal(models.confusion_matrix(true, found), metrics.confusion_matrix(true, found))
    order = ["c", "a", "b"]
    np.testing.assert_array_equal(
        models.confusion_matrix(true, found, labels=order), metrics.confusion_matrix(true, found, labels=order)
    )
    assert models.accuracy_score(true, found) == metrics.accuracy_score(true, found)
    with pytest.raises(ValueError, match="accuracy_score: y_pred is a vector of 1"):
        models.accuracy_score([1, 2], [1])
    with pytest.raises(ValueError, match="y_true has 0 labels"):
        models.accuracy_score([], [])


# What a reader sees.


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_displays_say_what_was_minimised_and_why_it_stopped(estimator):
    model = clone(estimator).fit(Z, Y)
    text = model.explain()
    assert repr(text) == str(text)
    assert model.stop_reason_ in text
    assert "z = " in text
    assert "mean over rows of" in repr(model.history_)
    assert "history of" in model.history_._repr_html_().lower()
    html = model._repr_html_()
    assert "fitted" in html
    assert "stop_reason_" in html
    assert "not fitted" in clone(estimator)._repr_html_()
    assert "classes" not in model.fit(Z, Y).get_params()


def test_repr_shows_what_was_changed():
    assert repr(Perceptron()) == "Perceptron()"
    assert repr(Perceptron(learning_rate=0.1, shuffle=False)) == "Perceptron(learning_rate=0.1, shuffle=False)"


def test_plots_draw():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    model = Adaline().fit(Z, Y)
    axes = [model.plot_history(), model.plot_boundary(Z, Y)]
    axes.append(Perceptron().fit(Z[:, :2], np.arange(100) % 3).plot_history())
    for ax in axes:
        ax.figure.canvas.draw()
        plt.close(ax.figure)
    with pytest.raises(ValueError, match="there is no history"):
        Adaline(keep_history=False).fit(Z, Y).plot_history()


def test_public_names_are_documented():
    for name in models.__all__:
        assert getattr(models, name).__doc__, name
    assert uh.models is models


@pytest.mark.parametrize("score", [uh.models.accuracy_score, uh.models.confusion_matrix])
def test_labels_that_can_never_be_equal_are_refused(score):
    with pytest.raises(TypeError, match="y_pred"):
        score([1, 2], ["1", "2"])
    with pytest.raises(ValueError, match="y_true"):
        score([1.0, np.nan], [1.0, 2.0])
    with pytest.raises(ValueError, match="y_pred"):
        score(["a", "b"], ["a", None])
