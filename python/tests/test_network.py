"""Networks: gradients three ways, textbook steps, agreement with scikit-learn, its own checks, why training stops."""

from __future__ import annotations

import doctest
import os
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
import underhood as uh
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import ConvergenceWarning, DivergenceWarning, LogisticRegression, MLPClassifier, MLPRegressor

ACTIVATIONS = ["identity", "logistic", "tanh", "relu"]
IRIS, WINE = load_iris(), load_wine()
X = StandardScaler().fit_transform(IRIS.data)
Y = IRIS.target
XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
ODD = np.array([0, 1, 1, 0])
START = (
    [np.array([[0.5, -0.4], [0.3, 0.8]]), np.array([[0.7], [-0.6]])],
    [np.array([0.1, -0.2]), np.array([0.05])],
)


def quiet(fit, *arguments, **keywords):
    """Fit without the warning that so few epochs are not enough."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(*arguments, **keywords)


@pytest.mark.parametrize(
    "estimator",
    [
        MLPClassifier(max_iter=100),
        MLPClassifier(solver="lbfgs", activation="tanh", hidden_layer_sizes=(8,)),
        MLPClassifier(
            solver="sgd", learning_rate="adaptive", learning_rate_init=0.1, max_iter=50, hidden_layer_sizes=(5, 4)
        ),
        MLPRegressor(max_iter=100),
        MLPRegressor(solver="lbfgs", max_iter=100, hidden_layer_sizes=(8,)),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(estimator):
    with warnings.catch_warnings():
        # The checks train on noise, and until max_iter: that is what these warnings say.
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    assert len(results) > 40
    # Skipped where scikit-learn's own estimators are: the environment has no array API.
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


@pytest.mark.parametrize("module", [models._mlp_classifier, models._mlp_regressor, models._network_shown])
def test_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


# The textbook, in NumPy.


def forward(weights, data, activation):
    """Activations of every layer, the data first; the last are net inputs."""
    phi = {
        "identity": lambda z: z,
        "logistic": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0.0),
    }[activation]
    flowing = [data]
    for k, (w, b) in enumerate(weights):
        z = flowing[-1] @ w + b
        flowing.append(z if k == len(weights) - 1 else phi(z))
    return flowing


def backpropagated(weights, data, target, activation, output, alpha, row_weights=None):
    """J and its gradient by every weight and bias, from the last layer to the first."""
    share = np.ones(len(data)) if row_weights is None else row_weights
    mass = share.sum()
    *flowing, z = forward(weights, data, activation)
    if output == "softmax":
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        losses = -np.sum(target * np.log(p), axis=1)
    elif output == "logistic":
        p = 1 / (1 + np.exp(-z))
        losses = -np.sum(target * np.log(p) + (1 - target) * np.log(1 - p), axis=1)
    elif output == "identity":
        p = z
        losses = 0.5 * np.sum((z - target) ** 2, axis=1)
    else:
        p = np.exp(z)
        losses = np.sum(p - target + target * np.log(np.where(target > 0, target, 1.0) / p), axis=1)
    loss = share @ losses / mass + alpha / (2 * mass) * sum(np.sum(w**2) for w, _ in weights)
    delta = (p - target) * share[:, np.newaxis] / mass
    slope = {
        "identity": lambda a: np.ones_like(a),
        "logistic": lambda a: a * (1 - a),
        "tanh": lambda a: 1 - a**2,
        "relu": lambda a: (a > 0).astype(float),
    }[activation]
    gradients = []
    for k in reversed(range(len(weights))):
        gradients.append((flowing[k].T @ delta + alpha / mass * weights[k][0], delta.sum(axis=0)))
        delta = delta @ weights[k][0].T * slope(flowing[k])
    return loss, gradients[::-1]


def one_hot(codes):
    return (codes[:, np.newaxis] == np.arange(codes.max() + 1)).astype(float)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["softmax", "logistic", "identity", "exp"])
@pytest.mark.parametrize("weighted", [False, True])
def test_gradients_agree_by_hand_by_graph_and_by_differences(activation, output, weighted):
    rng = np.random.default_rng(1)
    target = {
        "softmax": one_hot(Y),
        "logistic": (Y > 0)[:, np.newaxis].astype(float),
        "identity": rng.standard_normal((150, 2)),
        "exp": rng.poisson(2.0, (150, 2)).astype(float),
    }[output]
    labels = {"softmax": Y, "logistic": Y > 0}.get(output, target)
    weights = rng.integers(0, 3, 150).astype(float) if weighted else None
    shared = {"hidden_layer_sizes": (5, 4), "activation": activation, "alpha": 0.5, "max_iter": 2}
    if output in ("softmax", "logistic"):
        model = MLPClassifier(**shared)
    else:
        model = MLPRegressor(loss="poisson" if output == "exp" else "squared_error", **shared)
    quiet(model.fit, X, labels)
    assert model.out_activation_ == output

    layers = list(zip(model.coefs_, model.intercepts_, strict=True))
    flat = [part for layer in layers for part in layer]
    loss, by_hand = backpropagated(layers, X, target, activation, output, 0.5, weights)
    trained = model.gradients(X, labels, weights)
    graph = model.loss_function(X, labels, weights)
    assert graph(*flat) == pytest.approx(loss, rel=1e-13)
    for k, (by_w, by_b) in enumerate(by_hand, 1):
        for name, expected in ((f"W{k}", by_w), (f"b{k}", by_b)):
            np.testing.assert_allclose(trained[name], expected, rtol=0, atol=1e-14)
            np.testing.assert_allclose(graph.gradient(name)(*flat), expected, rtol=0, atol=1e-14)
            # By differences, in a random direction: exact to step², away from relu's kinks.
            place, step = graph.arguments.index(name), 1e-6
            direction = rng.standard_normal(expected.shape)
            ends = [graph(*[p + s * direction if i == place else p for i, p in enumerate(flat)]) for s in (step, -step)]
            assert np.sum(expected * direction) == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-8)


@pytest.mark.parametrize("solver", ["sgd", "nesterov", "adam"])
def test_exclusive_or_with_two_units_makes_the_steps_of_the_textbook(solver):
    eta, alpha = 0.3, 0.01
    model = MLPClassifier(
        (2,), activation="tanh", solver="adam" if solver == "adam" else "sgd", alpha=alpha, init=START, shuffle=False,
        learning_rate_init=eta, momentum=0.8, nesterovs_momentum=solver == "nesterov", tol=0.0,
    )  # fmt: skip
    weights = [[np.array(w), np.array(b)] for w, b in zip(*START, strict=True)]
    v = [[np.zeros_like(part) for part in layer] for layer in weights]
    s = [[np.zeros_like(part) for part in layer] for layer in weights]
    losses = []
    for t in range(1, 8):
        loss, gradients = backpropagated(weights, XOR, ODD[:, np.newaxis], "tanh", "logistic", alpha)
        losses.append(loss)
        for k in range(2):
            for i in range(2):
                g = gradients[k][i]
                if solver == "adam":
                    v[k][i] = 0.9 * v[k][i] + 0.1 * g
                    s[k][i] = 0.999 * s[k][i] + 0.001 * g**2
                    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
                    weights[k][i] = weights[k][i] - rate * v[k][i] / (np.sqrt(s[k][i]) + 1e-8)
                else:
                    v[k][i] = 0.8 * v[k][i] - eta * g
                    weights[k][i] = weights[k][i] + (0.8 * v[k][i] - eta * g if solver == "nesterov" else v[k][i])
        if t in (1, 7):
            quiet(model.set_params(max_iter=t).fit, XOR, ODD)
            np.testing.assert_allclose(model.loss_curve_, losses, rtol=1e-12)
            for k in range(2):
                np.testing.assert_allclose(model.coefs_[k], weights[k][0], rtol=1e-11, atol=1e-13)
                np.testing.assert_allclose(model.intercepts_[k], weights[k][1], rtol=1e-11, atol=1e-13)
    # The first loss by pencil: with these weights z is near zero everywhere, so J is near ln 2.
    assert losses[0] == pytest.approx(np.log(2), abs=0.06)


def test_exclusive_or_is_learnt():
    # From most places descent ends where one or two of the four rows stay wrong; not from here.
    start = ([[[0.9, -0.7], [-0.8, 0.6]], [[0.7], [0.6]]], [[-0.1, -0.2], [0.05]])
    model = MLPClassifier((2,), activation="tanh", solver="lbfgs", alpha=0.0, tol=1e-6, init=start).fit(XOR, ODD)
    np.testing.assert_array_equal(model.predict(XOR), ODD)
    assert model.loss_ < 1e-4
    assert model.converged_


# Beside scikit-learn.


def same_start(theirs, ours, data, y):
    """Train scikit-learn's network from our start."""
    quiet(theirs.set_params(max_iter=1, warm_start=True).fit, data, y)
    start = quiet(clone(ours).set_params(max_iter=1, learning_rate_init=1e-300, solver="sgd").fit, data, y)
    theirs.coefs_, theirs.intercepts_ = [w.copy() for w in start.coefs_], [b.copy() for b in start.intercepts_]
    seen, theirs.t_ = len(getattr(theirs, "loss_curve_", [])), 0
    theirs.best_loss_, theirs._no_improvement_count = np.inf, 0
    quiet(theirs.set_params(max_iter=ours.max_iter).fit, data, y)
    return getattr(theirs, "loss_curve_", [])[seen:]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"activation": "tanh", "hidden_layer_sizes": (7, 5)},
        {"activation": "logistic", "solver": "sgd", "learning_rate_init": 0.2},
        {"solver": "sgd", "nesterovs_momentum": False, "learning_rate": "invscaling", "learning_rate_init": 0.5},
        {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 0.1, "batch_size": 64},
        {"alpha": 3.0, "activation": "identity", "beta_1": 0.8, "epsilon": 1e-3},
    ],
    ids=repr,
)
@pytest.mark.parametrize("kind", ["classes", "two classes", "numbers", "poisson"])
def test_epochs_are_scikit_learns(options, kind):
    shared = {"hidden_layer_sizes": (10,), "max_iter": 6, "shuffle": False, "batch_size": 40, **options}
    if kind == "numbers":
        data, y = load_diabetes(return_X_y=True)
        data, y = 10 * data, y / 100
        ours, theirs = MLPRegressor(**shared), SklearnRegressor(**shared)
    elif kind == "poisson":
        data, y = X, Y.astype(float)
        shared |= {"learning_rate_init": 0.01}
        ours, theirs = MLPRegressor(loss="poisson", **shared), SklearnRegressor(loss="poisson", **shared)
    else:
        data, y = X, Y if kind == "classes" else Y == 1
        ours, theirs = MLPClassifier(**shared), SklearnClassifier(**shared)
    quiet(ours.fit, data, y)
    losses = same_start(theirs, ours, data, y)
    np.testing.assert_allclose(ours.loss_curve_, losses, rtol=1e-10)
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(ours.predict(data), theirs.predict(data), rtol=1e-9)
    assert (ours.out_activation_, ours.n_layers_, ours.n_outputs_) == (
        theirs.out_activation_,
        theirs.n_layers_,
        theirs.n_outputs_,
    )
    if kind.endswith("classes"):
        np.testing.assert_allclose(ours.predict_proba(data), theirs.predict_proba(data), rtol=0, atol=1e-10)
        np.testing.assert_allclose(ours.predict_log_proba(data), np.log(theirs.predict_proba(data)), atol=1e-8)


def test_all_rows_at_once_end_no_higher_than_scikit_learns():
    for data, y in (load_breast_cancer(return_X_y=True), (WINE.data, WINE.target), (X, Y)):
        data = StandardScaler().fit_transform(data)
        # Convex without hidden layers: there is one minimum, and it is that of the logistic regression.
        ours = MLPClassifier((), solver="lbfgs", alpha=1.0, tol=1e-7, max_iter=2000).fit(data, y)
        theirs = SklearnClassifier((), solver="lbfgs", alpha=1.0, tol=1e-7, max_iter=2000).fit(data, y)
        assert ours.converged_
        assert ours.loss_ <= theirs.loss_ * (1 + 1e-13)
        exact = LogisticRegression(C=1.0).fit(data, y)
        np.testing.assert_allclose(ours.coefs_[0].T, exact.coef_, rtol=0, atol=1e-4)
        assert ours.loss_ == pytest.approx(exact.loss_, rel=1e-9)
        # With one there are many valleys. From the bottom of ours scikit-learn finds no way down.
        ours = MLPClassifier((6,), activation="tanh", solver="lbfgs", alpha=1.0, max_iter=3000, tol=1e-6).fit(data, y)
        assert np.abs(np.concatenate([g.ravel() for g in ours.gradients(data, y).values()])).max() <= 1e-6
        theirs = SklearnClassifier((6,), activation="tanh", solver="lbfgs", alpha=1.0, max_iter=1, warm_start=True)
        quiet(theirs.fit, data, y)
        theirs.coefs_, theirs.intercepts_ = [w.copy() for w in ours.coefs_], [b.copy() for b in ours.intercepts_]
        quiet(theirs.set_params(max_iter=3000, tol=1e-10, max_fun=10**6).fit, data, y)
        assert theirs.loss_ * (1 - 1e-12) <= ours.loss_ <= theirs.loss_ * (1 + 1e-7)


def hard_tables():
    """Raw columns of unlike sizes; more columns than rows; constant and repeated columns; nearly dependent ones."""
    rng = np.random.default_rng(0)
    raw, diagnosis = load_breast_cancer(return_X_y=True)
    odd = np.column_stack([IRIS.data, np.ones(150), IRIS.data[:, 0], 1e3 * IRIS.data[:, 1]])
    near = IRIS.data @ rng.standard_normal((4, 30)) + 1e-3 * rng.standard_normal((150, 30))
    return [(raw, diagnosis), (rng.standard_normal((20, 100)), np.arange(20) % 2), (odd, Y), (near, Y)]


@pytest.mark.parametrize("table", range(4))
def test_ill_conditioned_tables_end_no_higher_than_scikit_learns(table):
    data, y = hard_tables()[table]
    options = {"hidden_layer_sizes": (), "solver": "lbfgs", "alpha": 1.0, "tol": 1e-6, "max_iter": 600}
    ours = MLPClassifier(**options).fit(data, y)
    theirs = quiet(SklearnClassifier(**options, random_state=0).fit, data, y)
    assert ours.converged_
    assert ours.loss_ <= theirs.loss_ * (1 + 1e-9)
    # J is flat to tol²/curvature, and the curvature is at least the penalty's 1/rows.
    assert ours.loss_ == pytest.approx(LogisticRegression().fit(data, y).loss_, rel=1e-7)
    ours = MLPRegressor(**options).fit(data, y)
    theirs = quiet(SklearnRegressor(**options, random_state=0).fit, data, y)
    assert ours.converged_
    assert ours.loss_ <= theirs.loss_ * (1 + 1e-9)


def test_several_targets_are_one_objective():
    rng = np.random.default_rng(3)
    y = np.column_stack([X @ [1.0, 2.0, 0.0, 0.0], X @ [0.0, 0.0, -1.0, 1.0]]) + 0.1 * rng.standard_normal((150, 2))
    model = MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0.0, tol=1e-9, max_iter=2000).fit(X, y)
    exact = np.linalg.lstsq(np.column_stack([X, np.ones(150)]), y, rcond=None)[0]
    np.testing.assert_allclose(np.vstack([model.coefs_[0], model.intercepts_[0]]), exact, atol=1e-6)
    assert model.predict(X).shape == (150, 2)
    assert model.score(X, y) > 0.9


@pytest.mark.parametrize("solver", ["lbfgs", "sgd", "adam"])
def test_a_weight_of_two_is_a_row_twice_and_of_zero_none(solver):
    weights = np.arange(150) % 3
    rows = np.repeat(np.arange(150), weights)
    options = {"hidden_layer_sizes": (4,), "activation": "tanh", "solver": solver, "max_iter": 30, "batch_size": 1000}
    options |= {"shuffle": False, "learning_rate_init": 0.05}
    weighted = quiet(MLPClassifier(**options).fit, X, Y, sample_weight=weights)
    repeated = quiet(MLPClassifier(**options).fit, X[rows], Y[rows])
    # L-BFGS amplifies rounding from step to step.
    np.testing.assert_allclose(weighted.coefs_[0], repeated.coefs_[0], atol=1e-4 if solver == "lbfgs" else 1e-10)
    assert weighted.loss_ == pytest.approx(repeated.loss_, rel=1e-5 if solver == "lbfgs" else 1e-11)
    # A batch of rows that do not count is passed over.
    nothing = np.where(np.arange(150) < 50, 0.0, 1.0)
    options["batch_size"] = 25
    part = quiet(MLPClassifier(**options).fit, X, Y, sample_weight=nothing)
    assert np.isfinite(part.loss_)


# Stopping.


def test_the_reasons_for_stopping_are_told():
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        model = MLPClassifier((4,), max_iter=3).fit(X, Y)
    assert not model.converged_
    assert model.n_iter_ == 3 == len(model.loss_curve_) == len(model.history_)
    assert model.best_loss_ == min(model.loss_curve_)

    model = MLPClassifier((4,), max_iter=500, learning_rate_init=0.05).fit(X, Y)
    assert model.converged_
    assert "has not fallen" in model.stop_reason_
    # Eleven epochs in a row brought less than tol.
    best = np.minimum.accumulate(model.loss_curve_)
    assert all(model.loss_curve_[-k] > best[-k - 1] - 1e-4 for k in range(1, 12))

    with pytest.warns(ConvergenceWarning, match="gradient was small enough"):
        MLPClassifier((4,), solver="lbfgs", max_iter=2).fit(X, Y)
    model = MLPClassifier((4,), solver="lbfgs", alpha=1.0, activation="tanh").fit(X, Y)
    assert "within tol" in model.stop_reason_
    assert max(np.abs(g).max() for g in model.gradients(X, Y).values()) <= 1e-4


def test_an_adaptive_rate_goes_down_before_it_stops():
    model = MLPClassifier((4,), solver="sgd", learning_rate="adaptive", learning_rate_init=0.5, max_iter=2000, tol=1e-3)
    model.fit(X, Y)
    steps = np.unique(model.history_.step)[::-1]
    np.testing.assert_allclose(steps, 0.5 / 5.0 ** np.arange(len(steps)), rtol=1e-12)
    assert steps[-1] <= 1e-6
    assert model.converged_


def test_early_stopping_keeps_the_best_weights():
    model = MLPClassifier((20,), early_stopping=True, max_iter=500, learning_rate_init=0.02, n_iter_no_change=5).fit(
        X, Y
    )
    assert len(model.validation_scores_) == model.n_iter_
    assert model.best_validation_score_ == max(model.validation_scores_)
    assert model.best_loss_ is None
    np.testing.assert_array_equal(model.history_.validation_score, model.validation_scores_)
    best = int(np.argmax(model.validation_scores_)) + 1
    again = quiet(clone(model).set_params(max_iter=best).fit, X, Y)
    np.testing.assert_array_equal(again.coefs_[0], model.coefs_[0])

    data, y = load_diabetes(return_X_y=True)
    data, y = 20 * data, (y - y.mean()) / y.std()
    model = MLPRegressor(hidden_layer_sizes=(20,), early_stopping=True, max_iter=500, learning_rate_init=0.01).fit(
        data, y
    )
    assert model.score(data, y) > 0.3
    with pytest.raises(ValueError, match="validation_fraction"):
        MLPRegressor(early_stopping=True, validation_fraction=0.1).fit(X[:5], Y[:5])
    with pytest.raises(ValueError, match="validation_fraction"):
        MLPClassifier(early_stopping=True).fit(X, np.where(np.arange(150) == 7, 1, 0))


@pytest.mark.parametrize("rate", [1e10, 1e200])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_divergence_leaves_finite_weights(rate, solver):
    data, y = load_diabetes(return_X_y=True)
    model = MLPRegressor(
        hidden_layer_sizes=(5,), activation="identity", solver=solver, learning_rate_init=rate, max_iter=300
    )
    with pytest.warns(UserWarning, match="MLPRegressor.fit") as caught:
        model.fit(data, y)
    assert any(issubclass(warning.category, DivergenceWarning) for warning in caught)
    assert not model.converged_
    assert ("more than twice" if solver == "adam" and rate == 1e10 else "last finite") in model.stop_reason_
    assert all(np.isfinite(part).all() for part in [*model.coefs_, *model.intercepts_])
    assert np.isfinite(model.loss_)
    assert np.isfinite(model.history_.loss).all()
    with pytest.raises(ValueError, match="standardise"):
        MLPRegressor(solver=solver).fit(data * 1e200, y)


@pytest.mark.parametrize("scale", [1e150, 1e-150])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_scales_beyond_reason_give_finite_weights_or_an_error(scale, solver):
    for model, y in (
        (MLPClassifier((3,), solver=solver, max_iter=5), Y),
        (MLPRegressor(hidden_layer_sizes=(3,), solver=solver, max_iter=5), Y),
    ):
        try:
            quiet(model.fit, X * scale, y)
        except ValueError as error:
            assert "standardise" in str(error)  # noqa: PT017
        else:
            assert all(np.isfinite(part).all() for part in [*model.coefs_, *model.intercepts_])
            assert np.isfinite(model.loss_)


# Going on.


def test_epochs_one_by_one_are_epochs_at_once():
    at_once = quiet(MLPClassifier((5,), max_iter=4, shuffle=False, batch_size=32).fit, X, Y)
    single = MLPClassifier((5,), shuffle=False, batch_size=32)
    for k in range(4):
        single.partial_fit(X, Y, classes=[0, 1, 2] if k == 0 else None)
    np.testing.assert_array_equal(single.coefs_[0], at_once.coefs_[0])
    assert single.loss_curve_ == at_once.loss_curve_
    assert single.n_iter_ == 4 == len(single.history_)
    assert single.t_ == 600
    # Rows that lack a class, and labels that are none.
    single.partial_fit(X[Y < 2], Y[Y < 2])
    with pytest.raises(ValueError, match="label 7"):
        single.partial_fit(X, Y + 7)
    with pytest.raises(ValueError, match="classes must be passed"):
        MLPClassifier().partial_fit(X, Y)
    with pytest.raises(ValueError, match="early_stopping"):
        MLPRegressor(early_stopping=True).partial_fit(X, Y)
    with pytest.raises(AttributeError, match="lbfgs"):
        MLPRegressor(solver="lbfgs").partial_fit(X, Y)
    assert not hasattr(MLPClassifier(solver="lbfgs"), "partial_fit")
    # Every epoch has an order of its own.
    shuffled = MLPRegressor(hidden_layer_sizes=(3,), batch_size=10, learning_rate_init=1e-300, solver="sgd", alpha=0.0)
    norms = [shuffled.partial_fit(X, Y).history_.gradient_norm[-1] for _ in range(2)]
    assert norms[0] != norms[1]


def test_a_warm_start_goes_on():
    model = MLPClassifier((5,), solver="lbfgs", warm_start=True, alpha=1.0, max_iter=20, activation="tanh")
    first = quiet(model.fit, X, Y).loss_
    assert quiet(model.fit, X, Y).loss_ < first
    with pytest.raises(ValueError, match="go on"):
        model.set_params(hidden_layer_sizes=(6,)).fit(X, Y)
    with pytest.raises(ValueError, match="init has arrays"):
        MLPClassifier((3,), init=START).fit(XOR, ODD)
    with pytest.raises(TypeError, match="init must be"):
        MLPClassifier((2,), init=3).fit(XOR, ODD)


def test_seeds_fix_every_bit():
    def run(seed):
        return quiet(MLPClassifier((5,), max_iter=3, random_state=seed).fit, X, Y).coefs_[0]

    np.testing.assert_array_equal(run(3), run(3))
    assert (run(3) != run(4)).any()
    assert (run(None) != run(None)).any()
    np.testing.assert_array_equal(run(np.random.default_rng(5)), run(np.random.default_rng(5)))


def test_threads_do_not_change_a_bit():
    # One batch of so many rows that its products are worth a second thread.
    code = """
import warnings, hashlib, numpy as np, underhood as uh
warnings.simplefilter("ignore")
X = np.random.default_rng(0).standard_normal((4000, 64))
model = uh.models.MLPRegressor(hidden_layer_sizes=(128,), batch_size=4000, max_iter=2).fit(X, X[:, 0])
print(hashlib.sha256(model.coefs_[0].tobytes()).hexdigest())
"""
    digests = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"RAYON_NUM_THREADS": threads},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert len(set(digests)) == 1


@pytest.mark.parametrize("activation", ["relu", "logistic"])
def test_the_first_weights_are_glorots(activation):
    start = quiet(
        MLPRegressor(
            hidden_layer_sizes=(60,), activation=activation, max_iter=1, learning_rate_init=1e-300, solver="sgd"
        ).fit,
        X,
        Y,
    )
    bound = np.sqrt((6.0 if activation == "relu" else 2.0) / 64)
    drawn = np.concatenate([start.coefs_[0].ravel(), start.intercepts_[0]])
    assert np.abs(drawn).max() <= bound
    # Three hundred uniform draws: the mean of their squares errs by 5 %.
    assert np.mean(drawn**2) == pytest.approx(bound**2 / 3, rel=0.25)


# What is shown.


def test_what_is_shown_of_a_network():
    frame = pd.DataFrame(IRIS.data, columns=["a", "b", "c", "d"])
    model = quiet(MLPClassifier((3,), activation="tanh", max_iter=5).fit, frame, IRIS.target_names[Y])
    text = str(model.explain())
    for words in (
        "4 → 3 (tanh) → 3 (softmax), with 27 weights and biases",
        "a1 = tanh(X·W1 + b1)",
        "δ2 = (P − Y)/rows",
        "δ1 = δ2·W2ᵀ ∘ (1 − a1²)",
        "∂J/∂W1 = Xᵀ·δ1 + (α/rows)·W1",
        "Adam, for each batch of at most 150 rows",
        "0.9·m + 0.1·g",
        "Stopped after 5 epochs",
        "listens most to c (",
    ):
        assert words in text
    assert "loss: J = mean" in repr(model.history_)
    assert "<table>" in model.history_._repr_html_()
    assert "4 → 3 → 3" in model._repr_html_()
    ax = model.plot_history()
    assert ax.get_xlabel() == "epoch"
    assert len(model.plot_graph(frame, IRIS.target_names[Y]).texts) > 10
    loss = model.loss_function(frame, IRIS.target_names[Y])
    assert "logsumexp" in str(loss)
    assert "W_{1}" in loss.latex()
    assert loss.gradient("b2").arguments == ("W1", "b1", "W2", "b2")
    inside = uh.function(lambda b: loss(model.coefs_[0], model.intercepts_[0], model.coefs_[1], b))
    np.testing.assert_allclose(
        inside.gradient()(model.intercepts_[1]), model.gradients(frame, IRIS.target_names[Y])["b2"], atol=1e-15
    )
    assert quiet(MLPRegressor(hidden_layer_sizes=(3,), max_iter=2, keep_history=False).fit, X, Y).history_ is None
    for options in ({"solver": "lbfgs"}, {"solver": "sgd"}, {"solver": "sgd", "momentum": 0.0, "alpha": 0.0}):
        assert "J = " in quiet(MLPRegressor(hidden_layer_sizes=(), max_iter=2, **options).fit, X, Y).explain()


def test_networks_are_at_home_in_scikit_learn():
    model = quiet(MLPClassifier((4,), max_iter=5).fit, X, Y)
    back = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))
    search = GridSearchCV(
        make_pipeline(StandardScaler(), MLPClassifier(solver="lbfgs", activation="tanh", max_iter=500)),
        {"mlpclassifier__hidden_layer_sizes": [(2,), (4,)], "mlpclassifier__alpha": [0.1, 1.0]},
        cv=3,
    )
    assert quiet(search.fit, WINE.data, WINE.target).best_score_ > 0.9


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hidden_layer_sizes": (0,)}, "hidden_layer_sizes holds 0"),
        ({"hidden_layer_sizes": "a"}, "hidden_layer_sizes"),
        ({"hidden_layer_sizes": 2.5}, "hidden_layer_sizes"),
        ({"activation": "sigmoid"}, "activation"),
        ({"solver": "newton"}, "solver"),
        ({"solver": 3}, "solver"),
        ({"activation": None}, "activation"),
        ({"learning_rate": "fast"}, "learning_rate"),
        ({"learning_rate_init": 0.0}, "learning_rate_init"),
        ({"alpha": -1.0}, "alpha"),
        ({"alpha": np.nan}, "alpha"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": "all"}, "batch_size"),
        ({"max_iter": 0}, "max_iter"),
        ({"momentum": 1.5, "solver": "sgd"}, "momentum"),
        ({"beta_1": 1.0}, "beta_1"),
        ({"epsilon": 0.0}, "epsilon"),
        ({"validation_fraction": 1.0, "early_stopping": True}, "validation_fraction"),
        ({"n_iter_no_change": 0}, "n_iter_no_change"),
        ({"max_fun": 0, "solver": "lbfgs"}, "max_fun"),
        ({"power_t": -1.0, "solver": "sgd", "learning_rate": "invscaling"}, "power_t"),
        ({"tol": -1.0}, "tol"),
        ({"random_state": "seed"}, "random_state"),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(options, words):
    for kind in (MLPClassifier, MLPRegressor):
        with pytest.raises((ValueError, TypeError), match=words) as caught:
            kind(**options).fit(X, Y)
        assert str(caught.value).startswith(f"{kind.__name__}.fit: ")
        assert not hasattr(kind(**options), "coefs_")
    with pytest.raises(ValueError, match="loss is"):
        MLPRegressor(loss="absolute").fit(X, Y)
    with pytest.raises(ValueError, match="negative"):
        MLPRegressor(loss="poisson").fit(X, Y - 1)


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"momentum": "x"}, TypeError, "momentum is a str, but must be a number"),
        ({"momentum": -1.0}, ValueError, "momentum is -1, but must be between 0 and 1"),
        ({"momentum": np.nan}, ValueError, "momentum is nan, but must be between 0 and 1"),
        ({"beta_1": None}, TypeError, "beta_1 is a NoneType, but must be a number"),
        ({"power_t": np.nan}, ValueError, "power_t is nan, but must be finite"),
    ],
)
def test_numbers_that_the_solver_does_not_use_are_refused_too(solver, options, error, message):
    with pytest.raises(error, match=f"MLPClassifier.fit: {message}"):
        MLPClassifier(solver=solver, **options).fit(X, Y)


def test_words_about_the_last_epoch_are_true_of_it():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    y = X[:, 0]
    with pytest.warns(ConvergenceWarning):
        model = MLPRegressor(hidden_layer_sizes=(5,), max_iter=3, learning_rate_init=0.1).fit(X, y)
    text = model.explain()
    assert f"J = {model.loss_:.6g} in the last epoch" in text
    assert "at the end" not in text
    assert "at most 200 rows" in text
    assert "times the spread of its column" in text
    exact = MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0.0).fit(X, y)
    assert "at the end, its gradient's largest component" in exact.explain()
    assert f"Stopped after {exact.n_iter_} step" in exact.explain()
    # Where squares of X leave the doubles no spread is made up.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        far = MLPClassifier((2,), "tanh", max_iter=1).fit(X * 1e160, y > 0)
    assert "the length of an input's weights." in far.explain()
