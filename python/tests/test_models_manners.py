"""What all estimators have in common, gone through by their list: whom they name, and what of a fit is kept."""

from __future__ import annotations

import inspect
import pickle
import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import decomposition
from sklearn.base import clone
from sklearn.datasets import load_iris
from underhood import models
from underhood.models._estimator import Estimator

IRIS = load_iris()
X = ((IRIS.data - IRIS.data.mean(axis=0)) / IRIS.data.std(axis=0))[:100, :3]
Y = IRIS.target[:100]
KINDS = [
    kind
    for name in models.__all__
    if inspect.isclass(kind := getattr(models, name)) and issubclass(kind, Estimator) and kind is not models.Pipeline
]


def by_product(a, b):
    """A kernel that the caller wrote."""
    return a @ b.T


def by_falling(distances):
    """Weights of neighbours that the caller wrote."""
    return np.exp(-distances)


OTHERS = [
    models.Adaline(solver="stochastic"),
    models.LogisticRegression(solver="lbfgs"),
    models.SVC(kernel="linear"),
    models.SVC(kernel=by_product),
    models.KNeighborsClassifier(weights=by_falling),
    models.KNeighborsRegressor(algorithm="brute", weights="distance"),
    models.MLPClassifier((3,), solver="lbfgs"),
    models.MLPRegressor(hidden_layer_sizes=(3,), max_iter=5),
    models.PCA(2, whiten=True),
    models.LinearSVC(loss="hinge"),
]
ESTIMATORS = [*(kind() for kind in KINDS), *OTHERS]


def label(estimator):
    """What an estimator is called in the list of tests."""
    return re.sub(r"<function (\w+) at \w+>", r"\1", repr(estimator))


def fitted(estimator, rows=X):
    """A copy that has learned from the rows."""
    model = clone(estimator)
    target = X @ [1.0, 2.0, 3.0] + Y if model._kind == "regressor" else Y
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", models.ConvergenceWarning)
        return model.fit(rows, target)


def asked_for_rows(model):
    """Names of the public methods that take rows, and whether they take y as well."""
    for name in sorted(set(dir(type(model)))):
        method = None if name.startswith("_") else getattr(model, name, None)
        if inspect.ismethod(method):
            parameters = list(inspect.signature(method).parameters)
            if parameters and parameters[0] == "X":
                yield name, parameters[1:2] == ["y"]


# The method that was called is the one that is named.

BAD = [
    np.where(np.arange(300).reshape(100, 3) == 10, np.nan, X),
    np.where(np.arange(300).reshape(100, 3) == 10, -np.inf, X),
    X[:0],
    X + 1j,
    X[:, 0],
    [[1.0], [1.0, 2.0]],
    np.ma.masked_array(X, X > 1),
    5,
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_refusals_name_the_class_and_the_method_that_was_called(estimator):
    model, name = fitted(estimator), type(estimator).__name__
    # Only categories may be texts.
    bad_rows = BAD if name == "OneHotEncoder" else [*BAD, X.astype(str), pd.DataFrame({"a": ["x"], "b": [1], "c": [1]})]
    tried = 0
    for method, both in asked_for_rows(model):
        for bad in bad_rows if "fit" in method or method == "inverse_transform" else [*bad_rows, X[:, :2]]:
            again = fitted(estimator) if "fit" in method else model
            with pytest.raises((TypeError, ValueError), match=rf"^{name}\.{method}: ") as caught:
                getattr(again, method)(*([bad, Y] if both else [bad]))
            assert str(caught.value).count(f"{name}.{method}") == 1
            tried += 1
    assert tried >= 20


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_a_model_that_was_not_fitted_says_so_in_the_name_of_the_method(estimator):
    model, name = clone(estimator), type(estimator).__name__
    for method, both in asked_for_rows(model):
        if "fit" not in method:
            with pytest.raises(models.NotFittedError, match=rf"^{name}\.{method}: this {name} is not fitted yet"):
                getattr(model, method)(*([X, Y] if both else [X]))


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_a_score_calls_its_argument_by_its_own_name(estimator):
    model, name = fitted(estimator), type(estimator).__name__
    if model._kind == "classifier":
        with pytest.raises(ValueError, match=rf"^{name}\.score: y has a label that is NaN"):
            model.score(X, Y * np.nan)
    elif model._kind == "regressor":
        with pytest.raises(ValueError, match=rf"^{name}\.score: y holds NaN"):
            model.score(X, Y * np.nan)


def test_what_a_callers_function_gives_is_refused_by_the_method_that_asked_it():
    for method in ("predict", "predict_proba"):
        with pytest.raises(ValueError, match=rf"^KNeighborsClassifier\.{method}: weights is -1"):
            getattr(models.KNeighborsClassifier(weights=lambda d: -np.ones_like(d)).fit(X, Y), method)(X)
    with pytest.raises(ValueError, match=r"^KNeighborsRegressor\.score: weights gave an array of shape \(100,\)"):
        models.KNeighborsRegressor(weights=lambda d: d[:, 0]).fit(X, Y).score(X, Y)
    with pytest.raises(ValueError, match=r"^SVC\.fit: kernel gave an array of shape \(100,\)"):
        models.SVC(kernel=lambda a, b: a[:, 0]).fit(X, Y)
    with pytest.raises(ValueError, match=r"^SVC\.predict: kernel gave an array of shape \(7, 3\)"):
        models.SVC(kernel=lambda a, b: a @ b.T if len(a) == 100 else a).fit(X, Y).predict(X[:7])


def test_errors_of_the_callers_own_functions_stay_as_they_are():
    def kernel(a, b):
        raise ValueError("mine: not today")

    with pytest.raises(ValueError, match=r"^mine: not today$"):
        models.SVC(kernel=kernel).fit(X, Y)


def test_warnings_point_at_the_line_that_called():
    calls = [
        lambda: models.KMeans(3, max_iter=1).fit(X),
        lambda: models.KMeans(3, max_iter=1).fit_predict(X),
        lambda: models.KMeans(3, max_iter=1).fit_transform(X),
        lambda: models.GaussianMixture(2, max_iter=1).fit(X),
        lambda: models.GaussianMixture(2, max_iter=1).fit_predict(X),
        lambda: models.SVC(max_iter=1).fit(X, Y),
        lambda: models.Lasso(1e-3, max_iter=1).fit(X, X[:, 0] ** 2 + Y),
        lambda: models.BayesianRidge(max_iter=1).fit(X, X[:, 0] ** 2 + Y),
        lambda: models.MLPClassifier((2,), max_iter=1).fit(X, Y),
        lambda: models.make_pipeline(models.StandardScaler(), models.MLPClassifier((2,), max_iter=1)).fit(X, Y),
        lambda: models.LogisticRegression(solver="lbfgs", max_iter=1).fit(X, Y),
    ]
    for call in calls:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        assert [one.filename for one in caught] == [__file__], caught
        assert issubclass(caught[0].category, models.ConvergenceWarning)


# A fitted model is what it was fitted as.


def answers(model):
    """What the model says of rows, method by method, but for pictures and fits."""
    found = {}
    for method, both in asked_for_rows(model):
        if "fit" not in method and "plot" not in method and method not in ("animate", "loss_function"):
            rows = X[:40] if method != "inverse_transform" else model.transform(X[:40])
            target = model.predict(rows) if hasattr(model, "predict") else None
            found[method] = getattr(model, method)(*([rows, target] if both else [rows]))
    if hasattr(model, "kneighbors"):
        found["the neighbours of the training rows"] = model.kneighbors(return_distance=False)
    return found


def another(value):
    """A value that a parameter does not have now, and that may make no sense."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 2 + 1
    return {"rbf": "linear", "minkowski": "chebyshev", "uniform": "distance", "kd_tree": "brute"}.get(value, "other")


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_what_is_set_after_a_fit_waits_for_the_next_one(estimator):
    model = fitted(estimator)
    before, words = answers(model), model.explain().splitlines()
    assert before
    for name, value in model.get_params().items():
        model.set_params(**{name: (-1, 3) if name == "feature_range" else another(value)})
    assert words[0] != repr(model)
    for one in (model, pickle.loads(pickle.dumps(model))):
        after = answers(one)
        assert after.keys() == before.keys()
        for method, expected in before.items():
            np.testing.assert_equal(after[method], expected, err_msg=method)
        told = one.explain().splitlines()
        assert told[1] == f"(Set since, for the next fit: {model!r}.)"
        assert [told[0], *told[2:]] == words


def test_a_changed_parameter_counts_from_the_next_fit_on():
    scaler = models.MinMaxScaler().fit(X)
    assert scaler.set_params(feature_range=(0, 2)).transform(X).max() == 1.0
    assert scaler.fit(X).transform(X).max() == 2.0
    nearest = models.KNeighborsClassifier(1).fit(X, Y)
    assert nearest.kneighbors(X)[1].shape == (100, 1)
    assert nearest.set_params(n_neighbors=3).fit(X, Y).kneighbors(X)[1].shape == (100, 3)


# No infinity comes out of finite rows.


@pytest.mark.parametrize("far", [1.7e308, -1.7e308])
def test_a_scaler_refuses_rows_that_it_would_make_infinite(far):
    rows = [[0.5], [0.25], [far]]
    narrow = models.MinMaxScaler().fit([[0.0], [0.5]])
    with pytest.raises(ValueError, match=r"^MinMaxScaler.transform: X holds values so large .* \(row 2\)"):
        narrow.transform(rows)
    with pytest.raises(ValueError, match=r"^MinMaxScaler.inverse_transform: X holds values so large .* \(row 2\)"):
        models.MinMaxScaler().fit([[0.0], [4.0]]).inverse_transform(rows)
    clipped = models.MinMaxScaler(clip=True).fit([[0.0], [0.5]]).transform(rows)
    assert clipped.ravel().tolist() == [1.0, 0.5, float(far > 0)]
    with pytest.raises(ValueError, match="X lies too far from zero for its small range"):
        models.MinMaxScaler((0.0, 1e300)).fit([[1e20], [1e20 + 2**20]])


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (models.PCA(2), "reconstruction_error"),
        (models.PCA(2), "score_samples"),
        (models.PCA(2), "score"),
        (models.KMeans(2), "transform"),
        (models.KMeans(2), "score"),
        (models.BayesianRidge(), "predict_interval"),
    ],
    ids=label,
)
def test_rows_beyond_reach_are_refused_and_named(model, method):
    rows = np.vstack([X[:2], [1.7e308, -1.7e308, 1.7e308]])
    with pytest.raises(ValueError, match=rf"^{type(model).__name__}\.{method}: X holds values so large") as caught:
        getattr(fitted(model), method)(rows)
    assert method == "score" or "row 2" in str(caught.value)


def test_a_network_refuses_counts_beyond_the_doubles():
    model = models.MLPRegressor("poisson", (), solver="lbfgs").fit([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0])
    assert model.predict([[100.0]]) > 1e10
    with pytest.raises(ValueError, match=r"^MLPRegressor.predict: X holds values so large .* \(row 1\)"):
        model.predict([[1.0], [1e5]])


# Pictures of the training are there where there was a training.


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_what_learns_in_steps_draws_them_and_nothing_else_claims_to(estimator):
    name = type(estimator).__name__
    if "keep_history" not in estimator.get_params():
        for model in (estimator, fitted(estimator)):
            assert not hasattr(model, "plot_history")
            assert "plot_history" not in dir(model)
            with pytest.raises(
                AttributeError, match=f"^{name} has no plot_history: what it learns it learns in one go"
            ):
                _ = model.plot_history
        return
    with pytest.raises(models.NotFittedError, match=rf"^{name}\.plot_history: this {name} is not fitted yet"):
        estimator.plot_history()
    assert "plot_history" in dir(estimator)
    ax = fitted(estimator).plot_history()
    assert len(ax.get_lines()[0].get_xdata()) >= 1
    plt.close(ax.figure)
    with pytest.raises(ValueError, match=rf"^{name}\.plot_history: there is no history; fit with keep_history=True"):
        fitted(clone(estimator).set_params(keep_history=False)).plot_history()


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=label)
def test_a_picture_says_what_it_draws_on(estimator):
    model, name, tried = fitted(estimator), type(estimator).__name__, 0
    figure, several = plt.subplots(1, 2)
    for method in [method for method in dir(model) if method.startswith("plot_") and hasattr(model, method)]:
        drawn = getattr(model, method)
        rows = X[:, :1] if method == "plot_bands" else X
        if method == "plot_bands":
            drawn = models.BayesianRidge().fit(rows, X @ [1.0, 2.0, 3.0] + Y).plot_bands
        arguments = [rows, Y][: sum(p in inspect.signature(drawn).parameters for p in ("X", "y"))]
        for ax, found in ((several, "an array of Axes"), (figure, "a Figure"), (3, "a int")):
            with pytest.raises(TypeError, match=rf"^{name}\.{method}: ax is {found}, but must be a matplotlib Axes"):
                drawn(*arguments, ax=ax)
            tried += 1
    assert tried >= 3 or name in ("StandardScaler", "MinMaxScaler", "OneHotEncoder", "PolynomialFeatures")
    plt.close(figure)


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ({"a": [1, 2]}, r"a dict \(pandas.DataFrame"),
        (None, "None"),
        ("rows.csv", "the text 'rows.csv'"),
        ((row for row in X), r"a generator \(make a list"),
        (pl.DataFrame(X).lazy(), r"a LazyFrame \(call .collect\(\) first\)"),
        (object(), "a object"),
    ],
    ids=["dict", "none", "text", "generator", "lazy", "object"],
)
def test_what_is_no_table_is_called_what_it_is(what, named):
    with pytest.raises(TypeError, match=rf"^LogisticRegression.fit: X is {named}.*, but a matrix of rows × features"):
        models.LogisticRegression().fit(what, Y)


def test_dates_are_labels_everywhere_or_nowhere():
    days = np.array(["2026-01-01", "2026-02-01"], dtype="datetime64[D]")[Y]
    for labels in (days, days.astype(object), days - days[0]):
        model = models.LogisticRegression().fit(X, labels)
        np.testing.assert_array_equal(model.predict(X), labels)
        assert model.score(X, labels) == models.accuracy_score(labels, model.predict(X)) == 1.0
        assert models.confusion_matrix(labels, labels).tolist() == [[50, 0], [0, 50]]
        with pytest.raises(TypeError, match="mix numbers with dates, which are never equal"):
            models.accuracy_score(labels, Y)
    with pytest.raises(ValueError, match=r"y_true has a label that is missing \(NaT\)"):
        models.accuracy_score(np.array(["NaT", "2026-01-01"], dtype="datetime64[D]"), days[:2])


@pytest.mark.parametrize("wanted", [1, 2, None])
def test_the_precision_is_the_inverse_of_the_covariance(wanted):
    ours = models.PCA(wanted).fit(X)
    theirs = decomposition.PCA(wanted).fit(X)
    np.testing.assert_allclose(ours.get_precision(), theirs.get_precision(), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(ours.get_precision() @ ours.get_covariance(), np.eye(3), atol=1e-12)
    with pytest.raises(ValueError, match=r"^PCA.get_precision: the variance is zero in some direction"):
        models.PCA().fit(np.column_stack([X, X[:, 0]])).get_precision()


def test_a_pipeline_passes_on_what_clusters_and_densities_can():
    pipeline = models.make_pipeline(models.StandardScaler(), models.KMeans(3))
    labels = pipeline.fit_predict(X)
    np.testing.assert_array_equal(labels, models.KMeans(3).fit_predict(models.StandardScaler().fit_transform(X)))
    density = models.make_pipeline(models.StandardScaler(), models.GaussianMixture(2)).fit(X)
    np.testing.assert_array_equal(
        density.score_samples(X), density[-1].score_samples(models.StandardScaler().fit_transform(X))
    )
    assert not hasattr(pipeline, "score_samples")
    assert not hasattr(models.make_pipeline(models.Ridge()), "fit_predict")


@pytest.mark.parametrize(
    ("model", "parameter"),
    [
        (models.LogisticRegression, "fit_intercept"),
        (models.Adaline, "shuffle"),
        (models.Ridge, "positive"),
        (models.KMeans, "keep_history"),
        (models.StandardScaler, "with_mean"),
        (models.PCA, "whiten"),
        (models.MLPClassifier, "early_stopping"),
        (models.PolynomialFeatures, "include_bias"),
    ],
)
def test_a_text_is_no_answer_to_yes_or_no(model, parameter):
    X, y = np.eye(4), [0, 1, 0, 1]
    with pytest.raises(ValueError, match=f"{model.__name__}.fit: {parameter} is 'no', but must be True or False"):
        model(**{parameter: "no"}).fit(X, y)
    model(**{parameter: np.True_})._flag(parameter)


@pytest.mark.parametrize("name", ["LogisticRegression", "Adaline", "Perceptron", "LinearSVC", "SVC"])
def test_a_class_cannot_be_weighed_away(name):
    with pytest.raises(ValueError, match=f"{name}.fit: class_weight gives the class 'b' a factor of 0, but"):
        getattr(models, name)(class_weight={"b": 0}).fit([[0.0], [1.0], [2.0]], ["a", "b", "b"])


@pytest.mark.parametrize("name", ["LogisticRegression", "Adaline", "Perceptron", "LinearSVC"])
def test_words_follow_the_bias_and_the_weights(name):
    X, y = np.array([[-2.0, 0.5], [-1.0, -1.0], [1.0, 1.0], [2.0, -0.5]]), [0, 0, 1, 1]
    with_bias = getattr(models, name)().fit(X, y).explain()
    without = getattr(models, name)(fit_intercept=False).fit(X, y, sample_weight=[1, 2, 1, 1]).explain()
    assert " + b" in with_bias
    assert "Rows had weights" not in with_bias
    assert " + b" not in without
    assert "∂b" not in without
    assert "Rows had weights" in without


def test_training_without_one_finite_epoch_has_no_path_to_draw():
    X, y = np.array([[-2e10], [-1e10], [1e10], [2e10]]), [0, 0, 1, 1]
    with pytest.warns(models.DivergenceWarning):
        model = models.Adaline(learning_rate=1e300).fit(X, y)
    with pytest.raises(
        ValueError, match=r"Adaline\.plot_loss_surface: training left the range of doubles in its first"
    ):
        model.plot_loss_surface(X, y)
