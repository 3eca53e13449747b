"""Folds, copies, pipelines, cross-validation and curves, beside scikit-learn's."""

import copy
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import model_selection, pipeline
from sklearn.base import clone as sklearn_clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import FitFailedWarning as SklearnFitFailedWarning
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler as SklearnStandardScaler
from sklearn.utils.estimator_checks import check_estimator
from underhood import models as ours
from underhood.models import (
    Adaline,
    FitFailedWarning,
    KFold,
    LogisticRegression,
    MinMaxScaler,
    Perceptron,
    Pipeline,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StandardScaler,
    StratifiedKFold,
    clone,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
    make_pipeline,
    validation_curve,
)

IRIS = load_iris()
X, Y = IRIS.data, IRIS.target
NAMES = IRIS.target_names[Y]
Z = (X - X.mean(axis=0)) / X.std(axis=0)
RNG = np.random.default_rng(2)
MIXED = RNG.permutation(150)


def pairs(folds):
    return [(train.tolist(), test.tolist()) for train, test in folds]


# Folds.


@pytest.mark.parametrize("rows", [5, 7, 150])
def test_unshuffled_folds_are_scikit_learns(rows):
    data = np.zeros((rows, 1))
    assert pairs(KFold(5).split(data)) == pairs(model_selection.KFold(5).split(data))
    for labels in (NAMES[:rows], NAMES[MIXED][:rows], RNG.integers(0, 3, rows)):
        for count in (2, 3):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    expected = pairs(model_selection.StratifiedKFold(count).split(data, labels))
                except ValueError:
                    expected = None
            if expected is None or len(set(labels)) == 1:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert pairs(StratifiedKFold(count).split(data, labels)) == expected
    assert pairs(ours.LeaveOneOut().split(data)) == pairs(model_selection.LeaveOneOut().split(data))


@pytest.mark.parametrize("kind", [KFold, StratifiedKFold])
def test_seeds_fix_the_folds_and_every_row_tests_once(kind):
    def run(seed):
        return pairs(kind(4, shuffle=True, random_state=seed).split(X, Y))

    assert run(3) == run(3)
    assert run(3) != run(4)
    assert run(None) != run(None)
    assert run(np.random.default_rng(1)) == run(np.random.default_rng(1))
    assert run(np.random.RandomState(1)) == run(np.random.RandomState(1))
    generator = np.random.default_rng(1)
    folds = kind(4, shuffle=True, random_state=generator)
    assert pairs(folds.split(X, Y)) != pairs(folds.split(X, Y))
    tests = [test for _, test in run(3)]
    assert sorted(row for test in tests for row in test) == list(range(150))
    assert {len(test) for test in tests} <= {37, 38, 39}
    for train, test in run(3):
        assert sorted(train + test) == list(range(150))
        if kind is StratifiedKFold:
            assert np.ptp(np.bincount(Y[test])) <= 1


def test_the_order_of_a_seed_does_not_change_with_versions():
    test = next(KFold(3, shuffle=True, random_state=7).split(np.zeros(12)))[1]
    assert test.tolist() == [0, 8, 9, 10]


def test_repetitions_differ_and_come_again():
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=4, random_state=1)
    assert folds.get_n_splits() == len(list(folds.split(X, Y))) == 12
    found = pairs(folds.split(X, Y))
    assert found == pairs(folds.split(X, Y))
    assert len({tuple(test) for _, test in found}) == 12
    assert RepeatedKFold().get_n_splits() == 50
    assert repr(KFold(3)) == "KFold(n_splits=3, shuffle=False, random_state=None)"


def test_folds_serve_scikit_learn():
    found = model_selection.cross_val_score(SklearnLogisticRegression(), Z, Y, cv=StratifiedKFold(3))
    expected = model_selection.cross_val_score(SklearnLogisticRegression(), Z, Y, cv=3)
    np.testing.assert_array_equal(found, expected)


def test_a_rare_class_is_warned_about():
    with pytest.warns(UserWarning, match="y has a class of 1 rows, fewer than the 3 folds"):
        list(StratifiedKFold(3).split(np.zeros(7), [0, 0, 0, 1, 0, 0, 0]))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: KFold(1), ValueError, "KFold: n_splits is 1, but must be at least 2"),
        (lambda: KFold(2.5), TypeError, "KFold: n_splits is a float"),
        (lambda: KFold(True), TypeError, "KFold: n_splits is a bool"),
        (lambda: KFold(random_state=1), ValueError, "KFold: random_state is 1, but without shuffle"),
        (lambda: KFold(shuffle="yes"), TypeError, "KFold: shuffle is 'yes'"),
        (lambda: RepeatedKFold(n_repeats=0), ValueError, "RepeatedKFold: n_repeats is 0"),
        (lambda: list(KFold(5).split(X[:3])), ValueError, "KFold.split: n_splits is 5, but X has 3 rows"),
        (lambda: list(KFold(5).split(3)), TypeError, "KFold.split: a int has no rows"),
        (lambda: list(StratifiedKFold().split(X)), ValueError, "StratifiedKFold.split: y is None"),
        (lambda: list(StratifiedKFold().split(X, Y[:9])), ValueError, "StratifiedKFold.split: y is a vector of 9"),
        (
            lambda: list(StratifiedKFold(3).split([1, 2, 3, 4], [0, 0, 1, 1])),
            ValueError,
            "n_splits cannot be greater than the number of members",
        ),
        (
            lambda: list(KFold(shuffle=True, random_state="a").split(X)),
            TypeError,
            "KFold.split: random_state is a str",
        ),
        (
            lambda: list(KFold(shuffle=True, random_state=-1).split(X)),
            ValueError,
            "KFold.split: random_state is -1",
        ),
        (
            lambda: list(RepeatedKFold(random_state=0).split(X[:2])),
            ValueError,
            "RepeatedKFold.split: n_splits is 5, but X has 2 rows",
        ),
        (lambda: list(ours.LeaveOneOut().split([1])), ValueError, "LeaveOneOut.split: X has 1 row"),
    ],
)
def test_impossible_folds_are_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Copies.


def test_copies_have_learned_nothing():
    model = Perceptron(learning_rate=0.5, random_state=np.random.default_rng(1)).fit(X, Y == 0)
    twin = clone(model)
    assert twin.learning_rate == 0.5
    assert twin.random_state is not model.random_state
    assert not hasattr(twin, "coef_")
    theirs = clone(Ridge(alpha=3.0).fit(X, Y))
    assert theirs.alpha == 3.0
    assert not hasattr(theirs, "coef_")
    both = Pipeline([("scale", StandardScaler().set_output(transform="pandas")), ("model", model)])
    for copied in (clone(both), sklearn_clone(both)):
        assert copied["scale"] is not both["scale"]
        assert copied["scale"]._sklearn_output_config == {"transform": "pandas"}
        assert not hasattr(copied["model"], "coef_")
    assert [type(one) for one in clone([model, theirs])] == [Perceptron, Ridge]
    assert clone({"a": 3}, safe=False) == {"a": 3}
    with pytest.raises(TypeError, match=r"clone: estimator is the class Adaline.*pass an object: Adaline\(\)"):
        clone(Adaline)
    with pytest.raises(TypeError, match="clone: estimator is a int"):
        clone(3)


# Pipelines.


@pytest.mark.parametrize("kind", [Pipeline, pipeline.Pipeline])
def test_a_pipeline_learns_scaling_from_training_rows_alone(kind):
    train, test = np.arange(100), np.arange(100, 150)
    steps = kind([("scale", StandardScaler()), ("model", LogisticRegression())]).fit(X[train], Y[train] == 0)
    np.testing.assert_array_equal(steps.named_steps["scale"].mean_, StandardScaler().fit(X[train]).mean_)
    by_hand = StandardScaler().fit(X[train])
    model = LogisticRegression().fit(by_hand.transform(X[train]), Y[train] == 0)
    np.testing.assert_array_equal(steps.predict(X[test]), model.predict(by_hand.transform(X[test])))
    np.testing.assert_array_equal(steps.predict_proba(X[test]), model.predict_proba(by_hand.transform(X[test])))
    np.testing.assert_array_equal(steps.decision_function(X), model.decision_function(by_hand.transform(X)))
    assert steps.score(X[test], Y[test] == 0) == model.score(by_hand.transform(X[test]), Y[test] == 0)
    assert steps.n_features_in_ == 4
    assert steps.classes_.tolist() == [False, True]


def test_a_pipeline_is_read_and_changed_like_scikit_learns():
    one = make_pipeline(StandardScaler(), StandardScaler(with_mean=False), Perceptron())
    other = pipeline.make_pipeline(StandardScaler(), StandardScaler(with_mean=False), Perceptron())
    assert list(one.named_steps) == list(other.named_steps)
    assert set(one.get_params()) == set(other.get_params()) - {"memory", "verbose", "transform_input"}
    one.set_params(perceptron__learning_rate=0.5, **{"standardscaler-2": "passthrough"})
    assert one["perceptron"].learning_rate == 0.5
    assert one[1] == "passthrough"
    assert len(one[:2]) == 2
    assert one.fit(X, Y == 0).score(X, Y == 0) == 1.0
    assert not hasattr(one, "predict_proba")
    assert not hasattr(one, "transform")
    assert not hasattr(one, "fit_transform")
    assert one.set_params(perceptron=LogisticRegression()).fit(X, Y).predict_proba(X).shape == (150, 3)
    columns = Pipeline([("a", StandardScaler()), ("b", MinMaxScaler())]).fit(pd.DataFrame(X, columns=list("pqrs")))
    made = columns.transform(pd.DataFrame(X, columns=list("pqrs")))
    np.testing.assert_allclose(columns.inverse_transform(made), X, rtol=1e-13)
    assert columns.get_feature_names_out().tolist() == list("pqrs")
    assert columns.feature_names_in_.tolist() == list("pqrs")
    np.testing.assert_allclose(columns.fit_transform(X), made, rtol=1e-15)
    idle = Pipeline([("nothing", None)]).fit(X)
    assert idle.transform(X) is X
    frames = columns.set_output(transform="polars").fit_transform(pl.DataFrame(X, schema=list("pqrs")))
    assert isinstance(frames, pl.DataFrame)


def test_a_pipeline_passes_what_scikit_learns_passes():
    def failed(made):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = check_estimator(made, on_skip=None, on_fail=None)
        return {result["check_name"] for result in results if result["status"] == "failed"}

    ours = failed(make_pipeline(StandardScaler(), LogisticRegression()))
    theirs = failed(pipeline.make_pipeline(SklearnStandardScaler(), SklearnLogisticRegression()))
    assert ours <= theirs


def test_a_pipeline_hands_arguments_to_its_steps():
    weights = np.arange(1.0, 151.0)
    steps = make_pipeline(StandardScaler(), Ridge()).fit(X, Y, standardscaler__sample_weight=weights)
    np.testing.assert_array_equal(steps[0].mean_, StandardScaler().fit(X, sample_weight=weights).mean_)
    with pytest.raises(ValueError, match=r"sample_weight is for no step; .* such as ridge__sample_weight"):
        steps.fit(X, Y, sample_weight=weights)


def test_pipelines_work_in_scikit_learns_searches():
    search = model_selection.GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.01, 1.0]}, cv=3
    ).fit(X, NAMES)
    assert search.best_score_ > 0.95
    found = model_selection.cross_validate(make_pipeline(StandardScaler(), Adaline()), X, Y == 0, scoring="roc_auc")
    assert found["test_score"].min() > 0.95
    inside = pipeline.make_pipeline(Pipeline([("scale", StandardScaler())]), Ridge()).fit(X, Y)
    assert inside.score(X, Y) > 0.9


def test_pipelines_show_themselves():
    steps = make_pipeline(StandardScaler(), Adaline(learning_rate=0.1))
    assert (
        repr(steps) == "Pipeline(steps=[('standardscaler', StandardScaler()), ('adaline', Adaline(learning_rate=0.1))])"
    )
    assert "not fitted" in steps._repr_html_()
    with pytest.raises(ours.NotFittedError, match=r"Pipeline\.predict: this Pipeline is not fitted yet"):
        steps.predict(X)
    steps.set_params(adaline__tol=0.01).fit(X, Y == 0)
    text = steps.explain()
    assert "1. standardscaler: StandardScaler()" in text
    assert "mean over rows of (y − z)²" in text
    for other in (pickle.loads(pickle.dumps(steps)), copy.deepcopy(steps)):
        np.testing.assert_array_equal(other.predict(X), steps.predict(X))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Pipeline([]).fit(X), ValueError, "Pipeline.fit: steps is empty"),
        (lambda: Pipeline([Perceptron()]).fit(X), TypeError, "steps must be a list of pairs"),
        (lambda: Pipeline([("a", Ridge()), ("b", Ridge())]).fit(X, Y), TypeError, "step 'a' is a Ridge, .* transform"),
        (lambda: Pipeline([("a", StandardScaler()), ("a", Ridge())]).fit(X, Y), ValueError, "two of the name 'a'"),
        (lambda: Pipeline([("a__b", Ridge())]).fit(X, Y), ValueError, "has the name 'a__b'"),
        (lambda: Pipeline([("a", Ridge)]).fit(X, Y), TypeError, "step 'a' is the class Ridge"),
        (lambda: make_pipeline(StandardScaler), TypeError, r"make_pipeline: .* StandardScaler\(\)"),
        (lambda: make_pipeline(), ValueError, "make_pipeline: steps is empty"),
        (lambda: make_pipeline(Ridge()).set_params(rige=1), ValueError, "there is no parameter 'rige'"),
        (lambda: make_pipeline(Ridge())["ridg"], KeyError, "there is no step 'ridg'; there are ridge"),
        (
            lambda: make_pipeline(StandardScaler(), Perceptron()).fit(X * np.nan, Y),
            ValueError,
            "fit_transform: X holds NaN",
        ),
    ],
)
def test_impossible_pipelines_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Cross-validation.

SCORES = [
    "accuracy", "balanced_accuracy", "f1_macro", "precision_weighted", "recall_micro", "matthews_corrcoef",
    "neg_log_loss", "roc_auc_ovr", "roc_auc_ovo_weighted",
]  # fmt: skip
TWO = ["roc_auc", "average_precision", "f1", "precision", "recall", "neg_brier_score"]
NUMBERS = [
    "r2", "explained_variance", "neg_mean_squared_error", "neg_root_mean_squared_error", "neg_mean_absolute_error",
    "neg_median_absolute_error", "neg_max_error",
]  # fmt: skip


@pytest.mark.parametrize(
    ("estimator", "target", "scores"),
    [
        (SklearnLogisticRegression(), NAMES, SCORES),
        (SklearnLogisticRegression(), (Y == 1).astype(int), TWO + SCORES[:7]),
        (Ridge(), X[:, 3], NUMBERS),
    ],
    ids=["three classes", "two classes", "numbers"],
)
def test_scores_of_folds_are_scikit_learns(estimator, target, scores):
    data, target = Z[MIXED][:, :3], target[MIXED]
    options = {"scoring": scores, "return_train_score": True, "return_indices": True, "cv": 4}
    expected = model_selection.cross_validate(estimator, data, target, **options)
    found = cross_validate(estimator, data, target, **options)
    assert found.keys() == expected.keys()
    for name in expected:
        if name.startswith(("test", "train")):
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-15, err_msg=name)
    for part in ("train", "test"):
        for a, b in zip(found["indices"][part], expected["indices"][part], strict=True):
            np.testing.assert_array_equal(a, b)
    alone = cross_val_score(estimator, data, target, scoring=scores[0], cv=4)
    np.testing.assert_array_equal(alone, found[f"test_{scores[0]}"])
    assert len(pd.DataFrame({k: v for k, v in found.items() if k != "indices"})) == 4


def test_the_result_is_a_dictionary_that_reads_as_a_table():
    found = cross_validate(make_pipeline(StandardScaler(), LogisticRegression()), X, NAMES, return_estimator=True)
    assert found.mean() == found["test_score"].mean()
    assert found.std() == found["test_score"].std(ddof=1)
    assert f"{found.mean():.4g}" in repr(found)
    assert "±" in found._repr_html_()
    assert len(found["estimator"]) == 5
    assert len(found) == 4
    assert "mean" in dir(found)
    for other in (copy.copy(found), pickle.loads(pickle.dumps(found))):
        assert repr(other) == repr(found)
    with pytest.raises(KeyError, match="there is no 'test_accuracy'; there are fit_time"):
        found.mean("test_accuracy")


def test_threads_change_nothing():
    model = make_pipeline(StandardScaler(), Perceptron())
    alone = cross_val_score(model, X, NAMES, cv=5)
    for threads in (2, -1):
        np.testing.assert_array_equal(cross_val_score(model, X, NAMES, cv=5, n_jobs=threads), alone)


class Mean:
    """An estimator with nothing but fit and predict."""

    def fit(self, X, y):
        self.value = float(np.mean(np.asarray(y)))
        return self

    def predict(self, X):
        return np.full(len(X), self.value)


def test_any_estimator_rows_of_any_kind_and_any_score():
    y = X[:, 0].tolist()
    for data in (X, X.tolist(), pd.DataFrame(X, index=range(7, 157)), pl.DataFrame(X), np.asfortranarray(X)):
        for target in (y, pd.Series(y, index=range(150, 0, -1)), pl.Series(y), np.array(y)):
            found = cross_validate(Mean(), data, target, scoring=["r2", "neg_mean_squared_error"], cv=KFold(3))
            assert found["test_r2"].shape == (3,)
    scoring = {
        "mse": "neg_mean_squared_error",
        "own": lambda model, X, y: model.value,
        "made": ours.make_scorer(ours.mean_absolute_error, greater_is_better=False),
    }
    found = cross_validate(Mean(), X, y, scoring=scoring, cv=[(np.arange(100), np.arange(100, 150))])
    assert found["test_own"] == [np.mean(y[:100])]
    assert found["test_made"] == [-np.mean(np.abs(np.mean(y[:100]) - y[100:]))]
    several = cross_validate(Mean(), X, y, scoring=lambda model, X, y: {"a": 1.0, "b": 2}, cv=2)
    assert several["test_b"].tolist() == [2.0, 2.0]
    weights = np.arange(150.0)
    found = cross_validate(Ridge(), X, y, params={"sample_weight": weights}, cv=3, return_estimator=True)
    np.testing.assert_allclose(found["estimator"][0].coef_, Ridge().fit(X[50:], y[50:], weights[50:]).coef_)


def test_a_fold_that_fails_raises_or_gets_the_chosen_score():
    data = X.copy()
    data[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"LogisticRegression\.\w+: X holds NaN|X holds NaN"):
        cross_val_score(LogisticRegression(), data, Y, cv=3)
    with pytest.warns(FitFailedWarning, match="cross_validate: a fold got the score nan, since it failed: ValueError"):
        found = cross_validate(LogisticRegression(), data, Y, cv=3, error_score=np.nan, return_train_score=True)
    assert np.isnan(found["test_score"]).all()
    with pytest.warns(SklearnFitFailedWarning):
        cross_val_score(LogisticRegression(), data, Y, cv=3, error_score=-1)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_predictions_of_folds_are_scikit_learns(method):
    model = SklearnLogisticRegression()
    for target in (NAMES, Y == 1):
        expected = model_selection.cross_val_predict(model, Z, target, cv=3, method=method)
        np.testing.assert_array_equal(cross_val_predict(model, Z, target, cv=3, method=method), expected)
    shuffled = KFold(5, shuffle=True, random_state=0)
    assert np.mean(cross_val_predict(LogisticRegression(), X, NAMES, cv=shuffled) == NAMES) > 0.9


def test_a_class_that_did_not_train_has_no_probability():
    found = cross_val_predict(LogisticRegression(), X, Y, cv=KFold(3), method="predict_proba")
    assert found.shape == (150, 3)
    np.testing.assert_array_equal(found[Y[:, None] == np.arange(3)], 0.0)
    with pytest.raises(ValueError, match="trained without some classes"):
        cross_val_predict(Perceptron(), X[:, :], np.repeat(range(5), 30), cv=KFold(5), method="decision_function")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cross_validate(Adaline, X, Y), TypeError, r"estimator is the class Adaline; .* Adaline\(\)"),
        (lambda: cross_validate(3, X, Y), TypeError, "estimator is a int, which has no fit"),
        (lambda: cross_validate(Mean(), X, Y), TypeError, "scoring is None, but Mean has no method score"),
        (lambda: cross_validate(Adaline(), Z, Y[:9]), ValueError, "y has 9 rows, but X has 150 rows"),
        (lambda: cross_validate(Adaline(), 3.0, Y), TypeError, "cross_validate: X is no table"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=1), ValueError, "cross_validate: cv is 1, but must be at least 2"),
        (lambda: cross_validate(Mean(), X, Y, cv=151, scoring="r2"), ValueError, "cv is 151, but X has"),
        (lambda: cross_validate(Adaline(), Z, Y, cv="five"), TypeError, "cv is 'five'"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=[]), ValueError, "cv makes no folds"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=[3]), TypeError, "cv must give pairs of row numbers"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=[([0, 200], [1])]), ValueError, "cv asks for row 200"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=[([0, 2], [1, -1000])]), ValueError, "cv asks for row -1000"),
        (lambda: cross_validate(Adaline(), Z, Y, cv=[([0, 1], [])]), ValueError, "cv"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring="acuracy"), ValueError, "did you mean 'accuracy'"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring=3), TypeError, "scoring is a int"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring=[]), ValueError, "scoring is empty"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring=["f1", "f1"]), ValueError, "names a score twice"),
        (lambda: cross_validate(Adaline(), Z, Y, error_score="nan"), ValueError, "error_score is 'nan'"),
        (lambda: cross_validate(Adaline(), Z, Y, n_jobs=0), ValueError, "n_jobs is 0"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring=lambda m, X, y: "good"), TypeError, "must give a number"),
        (lambda: cross_validate(Adaline(), Z, Y, scoring="neg_log_loss"), AttributeError, "needs predict_proba, which"),
        (lambda: cross_val_score(Adaline(), Z, Y, scoring=["f1", "r2"]), ValueError, "scoring must be one score"),
        (lambda: cross_val_predict(Adaline(), Z, Y, method="guess"), ValueError, "method is 'guess'"),
        (lambda: cross_val_predict(Adaline(), Z, Y, method="predict_proba"), AttributeError, "Adaline does not have"),
        (lambda: cross_val_predict(Adaline(), Z, Y, cv=RepeatedKFold()), ValueError, "each row exactly once"),
        (lambda: ours.get_scorer("f2"), ValueError, "get_scorer: scoring is 'f2'"),
        (lambda: ours.make_scorer(3), TypeError, "score_func is a int"),
        (lambda: ours.make_scorer(len, response_method="guess"), ValueError, "response_method is 'guess'"),
    ],
)  # fmt: skip
def test_impossible_validations_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Curves.


def test_learning_curves_are_scikit_learns_on_rows_in_their_order():
    model, target = SklearnLogisticRegression(), (Y == 1)[MIXED]
    options = {"train_sizes": [0.2, 0.5, 1.0], "cv": 3, "scoring": "accuracy", "shuffle": False}
    sizes, train, test = model_selection.learning_curve(model, Z[MIXED], target, **options)
    curve = learning_curve(model, Z[MIXED], target, **options)
    for a, b in zip(curve, (sizes, train, test), strict=True):
        np.testing.assert_array_equal(a, b)
    assert "training rows" in repr(curve)
    assert "accuracy over 3 folds" in curve._repr_html_()


def test_sorted_rows_give_an_honest_learning_curve():
    # Ten per cent of sorted rows are of one class; in our order every beginning has all three.
    curve = learning_curve(LogisticRegression(), X, NAMES)
    assert curve.train_sizes.tolist() == [12, 39, 66, 93, 120]
    assert curve.test_scores.mean(axis=1).min() > 0.85
    again = learning_curve(LogisticRegression(), X, NAMES, n_jobs=2)
    np.testing.assert_array_equal(again.test_scores, curve.test_scores)
    other = learning_curve(LogisticRegression(), X, NAMES, random_state=1)
    assert (other.test_scores != curve.test_scores).any()
    ax = curve.plot()
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curve.test_scores.mean(axis=1))
    assert len(ax.collections) == 2


def test_validation_curves_are_scikit_learns():
    data, target = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    options = {"param_name": "logisticregression__C", "param_range": np.logspace(-4, 4, 3), "cv": 3}
    train, test = model_selection.validation_curve(model, data, target, **options)
    curve = validation_curve(model, data, target, **options)
    np.testing.assert_array_equal(curve.train_scores, train)
    np.testing.assert_array_equal(curve.test_scores, test)
    assert curve.best == 1.0
    assert "best at 1" in repr(curve)
    assert curve.plot().get_xscale() == "log"
    words = validation_curve(Adaline(), Z, Y == 0, param_name="solver", param_range=["batch", "stochastic"], cv=2)
    assert [tick.get_text() for tick in words.plot().get_xticklabels()] == ["batch", "stochastic"]
    for other in (pickle.loads(pickle.dumps(curve)), copy.copy(curve)):
        assert repr(other) == repr(curve)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: learning_curve(Adaline(), Z, Y, train_sizes=[0.0]), ValueError, "train_sizes holds 0"),
        (lambda: learning_curve(Adaline(), Z, Y, train_sizes=[1.5]), ValueError, "train_sizes holds 1.5"),
        (lambda: learning_curve(Adaline(), Z, Y, train_sizes=[500]), ValueError, "holds 500, but .* has 120 rows"),
        (lambda: learning_curve(Adaline(), Z, Y, train_sizes="all"), TypeError, "train_sizes must be a vector"),
        (lambda: learning_curve(Adaline(), Z, Y, scoring=["f1", "r2"]), ValueError, "scoring must be one score"),
        (
            lambda: validation_curve(Adaline(), Z, Y, param_name="rate", param_range=[1]),
            ValueError,
            "param_name is 'rate', but the estimator has batch_size, class_weight, fit_intercept, init_scale",
        ),
        (lambda: validation_curve(Adaline(), Z, Y, param_name="tol", param_range=[]), ValueError, "is empty"),
        (lambda: validation_curve(Adaline(), Z, Y, param_name="tol", param_range=3), TypeError, "param_range must be"),
        (lambda: validation_curve(Mean(), X, Y, param_name="a", param_range=[1], scoring="r2"), TypeError, "set_p"),
    ],
)  # fmt: skip
def test_impossible_curves_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_all_this_needs_no_scikit_learn():
    code = """
import sys
sys.modules.update(dict.fromkeys(["sklearn", "scipy", "pandas", "matplotlib"]))
import numpy as np
from underhood.models import *
X = np.random.default_rng(0).normal(size=(60, 2)); y = X[:, 0] > 0
model = make_pipeline(StandardScaler(), LogisticRegression())
print(cross_validate(model, X, y, scoring=["accuracy", "roc_auc"]).mean("test_accuracy") > 0.9)
print(learning_curve(model, X, y).test_scores.shape, cross_val_predict(model, X, y).shape)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n(5, 5) (60,)\n", done.stderr
