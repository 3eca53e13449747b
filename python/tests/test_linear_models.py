"""Linear regressions: agreement with scikit-learn, its own checks, optimality, awkward data, display."""

from __future__ import annotations

import doctest
import importlib
import pickle
import re
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
import underhood as uh
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model, preprocessing
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_linnerud, load_wine
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator
from underhood import models
from underhood.models import (
    BayesianRidge,
    ConvergenceWarning,
    ElasticNet,
    Lasso,
    LinearRegression,
    NotFittedError,
    PolynomialFeatures,
    Ridge,
    StandardScaler,
    enet_path,
    lasso_path,
)

X, Y = load_diabetes(return_X_y=True, scaled=False)
Z = (X - X.mean(axis=0)) / X.std(axis=0)
NAMES = load_diabetes().feature_names
REGRESSIONS = [LinearRegression(), Ridge(0.5), Lasso(0.5), ElasticNet(0.5), BayesianRidge()]


@pytest.mark.parametrize(
    "estimator",
    [
        *REGRESSIONS,
        LinearRegression(positive=True),
        Lasso(0.1, warm_start=True),
        ElasticNet(0.1, positive=True),
        PolynomialFeatures(),
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
    # Skipped where scikit-learn's own estimators are: the environment has no array API.
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


@pytest.mark.parametrize(
    "name",
    ["linear_regression", "ridge", "elastic_net", "elastic_net_path", "bayesian_ridge", "polynomial_features"],
)
def test_examples_run(name):
    found = doctest.testmod(importlib.import_module(f"underhood.models._{name}"))
    assert found.attempted
    assert not found.failed


# Data sets on which objectives are compared.


def hard_sets():
    """Well and ill-conditioned columns, more columns than rows, copies, constants, offsets."""
    rng = np.random.default_rng(7)
    plain = rng.standard_normal((60, 8))
    correlated = plain @ rng.standard_normal((8, 8)) + 0.01 * rng.standard_normal((60, 8))
    wide = rng.standard_normal((25, 70))
    target = plain @ np.array([3.0, -2.0, 0, 0, 1, 0, 0, 0.5]) + rng.standard_normal(60)
    hilbert = 1.0 / (np.arange(60)[:, None] / 10 + np.arange(8) + 1)
    sets = {
        "plain": (plain, target),
        "correlated": (correlated, target),
        "hilbert": (hilbert, target),
        "wide": (wide, wide[:, 3] - 2 * wide[:, 10] + 0.1 * rng.standard_normal(25)),
        "copies": (np.column_stack([plain, plain[:, :3], np.full(60, 7.0)]), target),
        "offset": (plain + 1e5, target + 1e4),
        "scales": (plain * 10.0 ** np.arange(-3, 5), target),
    }
    return [pytest.param(*data, id=name) for name, data in sets.items()]


def objective(data, y, model, alpha, ratio, weights=None):
    """scikit-learn's objective, from the rows themselves, in centred form."""
    weights = np.ones(len(y)) if weights is None else weights
    mean = weights @ data / weights.sum()
    residual = y - weights @ y / weights.sum() - (data - mean) @ model.coef_
    size = np.abs(model.coef_).sum()
    square = model.coef_ @ model.coef_
    fit = weights @ residual**2 / (2 * weights.sum())
    return fit + alpha * ratio * size + alpha * (1 - ratio) * square / 2


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("data", "y"), hard_sets())
def test_objectives_are_never_higher_than_scikit_learns(data, y, weighted):
    weights = np.random.default_rng(1).uniform(0.1, 2.0, len(y)) if weighted else None
    zero = SimpleNamespace(coef_=np.zeros(data.shape[1]))
    for alpha in (1e-3, 0.1, 1.0):
        for ratio in (1.0, 0.3):
            ours = ElasticNet(alpha, l1_ratio=ratio).fit(data, y, weights)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = linear_model.ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-10, max_iter=20_000)
                theirs.fit(data, y, weights)
            value = objective(data, y, ours, alpha, ratio, weights)
            other = objective(data, y, theirs, alpha, ratio, weights)
            assert value <= other * (1 + 1e-11)
            assert ours.converged_
            assert ours.dual_gap_ >= 0
            assert value == pytest.approx(ours._loss[0], rel=1e-8)
            # ½·mean (z − z′)² is at most what an objective lies above its minimum, z′ being the z of that: our gap and
            # theirs bound how far the predictions may be apart.
            counts = np.ones(len(y)) if weights is None else weights
            apart = counts @ (ours.predict(data) - theirs.predict(data)) ** 2 / counts.sum()
            rounding = 1e-14 * objective(data, y, zero, alpha, ratio, weights)
            own = ours.dual_gap_ + rounding
            assert np.sqrt(apart) <= np.sqrt(2 * own) + np.sqrt(2 * (max(other - value, 0.0) + own))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("alpha", [1e-6, 1.0, 1e3])
@pytest.mark.parametrize(("data", "y"), hard_sets())
def test_ridge_is_never_higher_than_scikit_learns(data, y, alpha, intercept, weighted):
    weights = np.random.default_rng(1).uniform(0.1, 2.0, len(y)) if weighted else np.ones(len(y))
    ours = Ridge(alpha, fit_intercept=intercept).fit(data, y, weights)
    theirs = linear_model.Ridge(alpha=alpha, fit_intercept=intercept, solver="svd").fit(data, y, weights)

    def value(model):
        mean, middle = (weights @ data, weights @ y) if intercept else (0.0 * data[0], 0.0)
        residual = y - middle / weights.sum() - (data - mean / weights.sum()) @ model.coef_
        return weights @ residual**2 + alpha * model.coef_ @ model.coef_

    assert value(ours) <= value(theirs) * (1 + 1e-10)
    np.testing.assert_allclose(ours.predict(data), theirs.predict(data), rtol=1e-5, atol=1e-5)


def test_weights_agree_with_scikit_learns():
    weights = np.random.default_rng(0).uniform(0.0, 3.0, len(Y))
    pairs = [
        (LinearRegression(), linear_model.LinearRegression()),
        (LinearRegression(fit_intercept=False), linear_model.LinearRegression(fit_intercept=False)),
        (LinearRegression(positive=True), linear_model.LinearRegression(positive=True)),
        (Ridge(3.0), linear_model.Ridge(3.0, solver="svd")),
        (Ridge(3.0, positive=True), linear_model.Ridge(3.0, positive=True, tol=1e-13)),
        (Lasso(2.0), linear_model.Lasso(2.0, tol=1e-14)),
        (ElasticNet(2.0, l1_ratio=0.7), linear_model.ElasticNet(2.0, l1_ratio=0.7, tol=1e-14)),
        (Lasso(2.0, positive=True), linear_model.Lasso(2.0, positive=True, tol=1e-14)),
        (BayesianRidge(), linear_model.BayesianRidge(tol=1e-12, compute_score=True)),
    ]
    for given_weights in (None, weights):
        for ours, theirs in pairs:
            ours.fit(Z, Y, sample_weight=given_weights)
            theirs.fit(Z, Y, sample_weight=given_weights)
            # Their positive ridge is L-BFGS, which leaves six digits.
            rtol = 1e-4 if isinstance(ours, Ridge) and ours.positive else 1e-8
            np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=rtol, atol=rtol)
            np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=rtol)
            np.testing.assert_allclose(ours.predict(Z), theirs.predict(Z), rtol=rtol)
            assert ours.score(Z, Y) == pytest.approx(theirs.score(Z, Y), rel=1e-6)
        ours, theirs = pairs[-1]
        assert ours.alpha_ == pytest.approx(theirs.alpha_, rel=1e-8)
        assert ours.lambda_ == pytest.approx(theirs.lambda_, rel=1e-8)
        assert ours.scores_[-1] == pytest.approx(theirs.scores_[-1], rel=1e-9)
        np.testing.assert_allclose(ours.sigma_, theirs.sigma_, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(
            ours.predict(Z, return_std=True)[1], theirs.predict(Z, return_std=True)[1], rtol=1e-8
        )
    # Zero weights are rows that are not there, and a weight of two is a row twice.
    keep = np.arange(len(Y)) % 3
    for model in (LinearRegression(), Ridge(2.0), BayesianRidge()):
        a = clone(model).fit(Z, Y, sample_weight=keep)
        b = clone(model).fit(np.repeat(Z, keep, axis=0), np.repeat(Y, keep))
        np.testing.assert_allclose(a.coef_, b.coef_, rtol=1e-8)


def test_several_targets_are_fitted_one_by_one():
    data, targets = load_linnerud(return_X_y=True)
    for model in (LinearRegression(), Ridge(), Lasso(0.5), ElasticNet(0.5), LinearRegression(positive=True)):
        both = clone(model).fit(data, targets)
        assert both.coef_.shape == (3, 3)
        assert both.predict(data).shape == targets.shape
        for t in range(3):
            one = clone(model).fit(data, targets[:, t])
            np.testing.assert_allclose(both.coef_[t], one.coef_, rtol=1e-12)
            assert both.intercept_[t] == pytest.approx(one.intercept_, rel=1e-12)
        column = clone(model).fit(data, targets[:, :1])
        assert column.predict(data).shape == (20, 1)
    many = np.random.default_rng(2).standard_normal((len(Y), 12)) + Y[:, None]
    many[:, 5] = 3.25
    for ours, theirs in (
        (LinearRegression(), linear_model.LinearRegression()),
        (Ridge(2.0), linear_model.Ridge(2.0)),
    ):
        np.testing.assert_allclose(ours.fit(Z, many).coef_, theirs.fit(Z, many).coef_, rtol=1e-9, atol=1e-9)
    lasso = Lasso(0.5).fit(data, targets)
    assert len(lasso.history_) == len(lasso.n_iter_) == len(lasso.dual_gap_) == 3
    assert "of target 1" in lasso.explain()


# Least squares.


def test_the_shortest_solution_and_its_rank_are_numpys():
    rng = np.random.default_rng(3)
    for shape, rank in (((30, 6), 4), ((6, 30), 3), ((200, 40), 25)):
        data = rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, shape[1])) + 3.0
        y = rng.standard_normal(shape[0])
        model = LinearRegression().fit(data, y)
        centred = data - data.mean(axis=0)
        expected = np.linalg.lstsq(centred, y - y.mean(), rcond=1e-12)[0]
        np.testing.assert_allclose(model.coef_, expected, rtol=1e-9, atol=1e-10)
        assert model.rank_ == rank
        singular = np.linalg.svd(centred, compute_uv=False)
        np.testing.assert_allclose(model.singular_, singular, rtol=1e-9, atol=1e-10 * singular[0])
        text = model.explain()
        assert f"have rank {rank}" in text
        assert "shortest" in text
    model = LinearRegression().fit(X, Y)
    assert model.rank_ == 10
    np.testing.assert_allclose(model.singular_, np.linalg.svd(X - X.mean(0), compute_uv=False), rtol=1e-9)
    assert "The columns are independent" in model.explain()


def test_longley_to_thirteen_digits():
    # Certified by NIST (StRD, Longley).
    frame = uh.datasets.load("longley")
    columns = [name for name in frame.columns if name != "employed"]
    model = LinearRegression().fit(frame[columns], frame["employed"])
    certified = {
        "gnp": -0.358191792925910e-01,
        "unemployed": -2.02022980381683,
        "population": -0.511041056535807e-01,
    }
    for name, value in certified.items():
        found = next((w for n, w in zip(columns, model.coef_, strict=True) if n == name), None)
        # The frame's units may differ from NIST's by a power of ten.
        ratio = found / value
        assert ratio / 10.0 ** round(np.log10(ratio)) == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 30), st.sampled_from([1e-100, 1.0, 1e100]))
def test_residuals_are_orthogonal_to_the_columns(seed, columns, rows, scale):
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((rows, columns)) * scale + rng.integers(0, 3) * scale
    y = rng.standard_normal(rows)
    model = LinearRegression().fit(data, y)
    centred = (data - data.mean(axis=0)) / scale
    residual = y - y.mean() - centred @ (model.coef_ * scale)
    assert np.abs(centred.T @ residual).max() < 1e-9 * max(1.0, np.abs(model.coef_ * scale).max())


# Lasso and elastic net.


def test_a_lasso_says_why_its_zeros_are_zero():
    frame = pd.DataFrame(Z, columns=NAMES)
    model = Lasso(3.0).fit(frame, Y)
    gradient = (Y - model.predict(frame)) @ Z / len(Y)
    zero = model.coef_ == 0
    assert zero.any()
    assert (np.abs(gradient[zero]) < 3.0).all()
    np.testing.assert_allclose(np.abs(gradient[~zero]), 3.0, rtol=1e-10)
    text = model.explain()
    for name, slope in zip(np.array(NAMES)[zero], gradient[zero], strict=True):
        assert f"{name} (|{slope:.4g}| < 3)" in text
    assert f"{(~zero).sum()} of 10 weights are not zero" in text
    largest = np.abs((Y - Y.mean()) @ Z / len(Y)).max()
    assert f"From λ₁ = {largest:.4g} on, all weights would be zero" in text
    assert (Lasso(largest * 1.0001).fit(Z, Y).coef_ == 0).all()
    assert np.count_nonzero(Lasso(largest * 0.9999).fit(Z, Y).coef_) == 1
    assert model.sparse_coef_.nnz == (~zero).sum()


def test_the_history_proves_convergence():
    model = Lasso(0.5).fit(Z, Y)
    history = model.history_
    assert len(history) == model.n_iter_
    assert (np.diff(history.loss) <= 1e-9).all()
    least = history.loss[-1]
    assert (history.loss - least <= history.duality_gap + 1e-9).all()
    assert history.duality_gap[-1] == model.dual_gap_ <= 1e-10 * Y.var() / 2
    np.testing.assert_array_equal(history.weights[-1], model.coef_)
    assert history.nonzero[-1] == np.count_nonzero(model.coef_)
    # The dual problem by hand: r/n scaled into |Xᵀr| ≤ α·n.
    residual = Y - model.predict(Z)
    scale = min(1.0, 0.5 * len(Y) / np.abs(Z.T @ residual).max())
    dual = (scale * residual @ (Y - Y.mean()) - scale**2 * residual @ residual / 2) / len(Y)
    assert least - dual == pytest.approx(0.0, abs=1e-9)
    assert "½·mean" in repr(history)
    assert "history of" in history._repr_html_().lower()
    assert Lasso(0.5, keep_history=False).fit(Z, Y).history_ is None
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        short = Lasso(0.01, max_iter=1).fit(X, Y)
    assert not short.converged_
    assert np.isfinite(short.coef_).all()


def test_more_and_nearly_parallel_columns_than_rows():
    # Sweeps alone are very slow on such columns; at most as many weights as rows are not zero at the minimum.
    rng = np.random.default_rng(0)
    data = rng.standard_normal((30, 100)) + 5.0
    y = data[:, :40] @ rng.standard_normal(40) + 3.0
    for positive in (False, True):
        model = Lasso(1e-3, fit_intercept=False, positive=positive).fit(data, y)
        assert model.converged_
        assert model.dual_gap_ <= 1e-10 * (y @ y) / 60
        gradient = (y - data @ model.coef_) @ data / 30
        assert (gradient if positive else np.abs(gradient)).max() <= 1e-3 * (1 + 1e-3)
        assert 0 < np.count_nonzero(model.coef_) <= 30


def test_warm_starts_go_on_where_the_last_fit_ended():
    model = Lasso(0.5, warm_start=True).fit(Z, Y)
    again = model.fit(Z, Y)
    assert again.n_iter_ == 1
    model.set_params(alpha=0.1).fit(Z, Y)
    np.testing.assert_allclose(model.coef_, Lasso(0.1).fit(Z, Y).coef_, rtol=1e-9, atol=1e-10)
    with pytest.raises(ValueError, match="warm_start goes on from coef_, which is 1×10"):
        model.fit(Z[:, :3], Y)


def test_without_a_price_on_sizes_it_is_ridge_or_least_squares():
    np.testing.assert_allclose(Lasso(0.0).fit(Z, Y).coef_, LinearRegression().fit(Z, Y).coef_, rtol=1e-10)
    net = ElasticNet(0.3, l1_ratio=0.0).fit(Z, Y)
    np.testing.assert_allclose(net.coef_, Ridge(0.3 * len(Y)).fit(Z, Y).coef_, rtol=1e-10)
    assert "closed form" in net.stop_reason_
    assert "closed form" in net.explain()
    positive = ElasticNet(0.3, l1_ratio=0.0, positive=True).fit(Z, Y)
    np.testing.assert_allclose(positive.coef_, Ridge(0.3 * len(Y), positive=True).fit(Z, Y).coef_, rtol=1e-10)


@pytest.mark.parametrize(("rows", "columns"), [(442, 10), (30, 200)])
def test_paths_agree_with_scikit_learns(rows, columns):
    rng = np.random.default_rng(5)
    data, y = (Z, Y) if columns == 10 else (rng.standard_normal((rows, columns)), rng.standard_normal(rows))
    ours = lasso_path(data, y, alphas=20, eps=1e-2)
    alphas, coefs, gaps = ours
    centred = data - data.mean(axis=0)
    theirs = linear_model.lasso_path(centred, y - y.mean(), alphas=alphas, tol=1e-12, max_iter=100_000)
    np.testing.assert_allclose(coefs, theirs[1], atol=1e-4 * np.abs(coefs).max())
    assert (gaps >= 0).all()
    assert coefs[:, 0] == pytest.approx(0.0, abs=1e-8)
    largest = np.abs(centred.T @ (y - y.mean())).max() / rows
    assert alphas[0] == pytest.approx(largest)
    assert alphas[-1] == pytest.approx(1e-2 * largest)
    np.testing.assert_allclose(ours.intercepts, y.mean() - data.mean(axis=0) @ coefs, rtol=1e-9)
    one = enet_path(data, y, l1_ratio=0.5, alphas=[0.2, 0.4])
    np.testing.assert_allclose(one.coefs[:, 0], ElasticNet(0.4).fit(data, y).coef_, atol=1e-5)
    assert "features along 20 prices" in repr(ours)
    assert len(ours.entered()) == (coefs != 0).any(axis=1).sum()
    for bad, message in (
        ({"alphas": 0}, "alphas is 0"),
        ({"alphas": [-1.0]}, "alphas is -1"),
        ({"eps": 2.0}, "eps is 2"),
    ):
        with pytest.raises(ValueError, match=f"lasso_path: {message}"):
            lasso_path(data, y, **bad)
    with pytest.raises(ValueError, match="one target is needed"):
        lasso_path(data, np.column_stack([y, y]))


# Bayesian regression.


def test_evidence_rises_and_bands_hold_what_they_promise():
    rng = np.random.default_rng(11)
    weights = rng.standard_normal(6)
    data = rng.standard_normal((200, 6))
    target = data @ weights + 1.0 + 0.5 * rng.standard_normal(200)
    model = BayesianRidge().fit(data, target)
    assert (np.diff(model.scores_) >= -1e-9 * np.abs(model.scores_[:-1])).all()
    assert model.scores_[-1] == pytest.approx(-model.history_.loss[-1])
    assert len(model.scores_) == model.n_iter_ + 1
    assert 1 / np.sqrt(model.alpha_) == pytest.approx(0.5, rel=0.15)
    assert model.gamma_ == pytest.approx(6, abs=0.1)
    new = rng.standard_normal((4000, 6))
    truth = new @ weights + 1.0 + 0.5 * rng.standard_normal(4000)
    for level in (0.5, 0.95):
        band = model.predict_interval(new, level=level)
        inside = np.mean((band[:, 0] < truth) & (truth < band[:, 1]))
        assert inside == pytest.approx(level, abs=0.04)
    mean, std = model.predict(new, return_std=True)
    np.testing.assert_allclose(band.mean(axis=1), mean)
    np.testing.assert_allclose(band[:, 1] - mean, 1.959963984540054 * std, rtol=1e-12)
    # The posterior's mean is ridge regression, and its covariance the inverse of what ridge regression solves with.
    theirs = linear_model.Ridge(model.lambda_ / model.alpha_, solver="svd").fit(data, target)
    np.testing.assert_allclose(model.coef_, theirs.coef_, rtol=1e-8)
    assert model.intercept_ == pytest.approx(theirs.intercept_, rel=1e-10)
    centred = data - data.mean(axis=0)
    covariance = np.linalg.inv(model.alpha_ * centred.T @ centred + model.lambda_ * np.eye(6))
    np.testing.assert_allclose(model.sigma_, covariance, rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="level is 1"):
        model.predict_interval(new, level=1)
    assert not hasattr(BayesianRidge(compute_score=False).fit(data, truth[:200]), "scores_")


def test_a_perfect_fit_has_a_bounded_precision():
    x = np.arange(10.0)[:, None]
    model = BayesianRidge().fit(x, 3.0 * x[:, 0] + 1.0)
    assert model.coef_[0] == pytest.approx(3.0, rel=1e-6)
    assert np.isfinite([model.alpha_, model.lambda_]).all()
    with pytest.raises(ValueError, match=r"BayesianRidge.fit: alpha_2 is too small for these data"):
        BayesianRidge(alpha_2=0.0, alpha_1=0.0).fit(x, np.zeros(10))
    flat = BayesianRidge().fit(x, np.full(10, 4.0))
    assert flat.coef_[0] == 0.0
    assert flat.intercept_ == 4.0


# Polynomial features.


@pytest.mark.parametrize("interaction", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("degree", [1, 2, 3, (2, 3), (0, 2), [3, 3]])
@pytest.mark.parametrize("columns", [1, 2, 5])
def test_polynomial_features_are_scikit_learns(columns, degree, bias, interaction):
    data = np.random.default_rng(0).standard_normal((7, columns))
    options = {"interaction_only": interaction, "include_bias": bias}
    theirs = preprocessing.PolynomialFeatures(tuple(np.ravel(degree)) if np.ndim(degree) else degree, **options)
    ours = PolynomialFeatures(degree, **options)
    try:
        expected = theirs.fit_transform(data)
    except (ValueError, IndexError):
        expected = None
    if expected is None or expected.shape[1] == 0:
        with pytest.raises(ValueError, match=r"PolynomialFeatures.fit: degree"):
            ours.fit(data)
        return
    np.testing.assert_allclose(ours.fit_transform(data), expected, rtol=1e-14)
    np.testing.assert_array_equal(ours.powers_, theirs.powers_)
    assert ours.n_output_features_ == theirs.n_output_features_
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()


def test_polynomial_features_refuse_what_they_cannot_make():
    for degree, error, message in (
        (-1, ValueError, "degree is -1"),
        (1.5, TypeError, "degree is a float"),
        ("two", TypeError, "degree is a str"),
        ((1, 2, 3), ValueError, "degree has 3 entries"),
        ((3, 2), ValueError, "degree goes from 3 to 2"),
    ):
        with pytest.raises(error, match=rf"PolynomialFeatures.fit: {message}"):
            PolynomialFeatures(degree).fit(Z)
    with pytest.raises(ValueError, match="more columns of 10 than memory can hold"):
        PolynomialFeatures(10**6).fit(Z)
    with pytest.raises(ValueError, match="leave the range of doubles"):
        PolynomialFeatures(2).fit_transform([[1e200]])
    text = PolynomialFeatures(3).fit(pd.DataFrame(Z, columns=NAMES)).explain()
    assert "10 columns go in, 286 come out: 1, age, sex" in text


def test_a_line_through_powers_is_a_polynomial():
    x = np.linspace(-2, 2, 40)
    y = 1.0 - 2.0 * x + 0.5 * x**3
    model = make_pipeline(PolynomialFeatures(3, include_bias=False), LinearRegression()).fit(x[:, None], y)
    np.testing.assert_allclose(model[-1].coef_, [-2.0, 0.0, 0.5], atol=1e-13)


# Input, manners, display.


@pytest.mark.parametrize("model", REGRESSIONS, ids=repr)
def test_frames_layouts_and_dtypes_give_the_same(model):
    frame = pd.DataFrame(Z, columns=NAMES)
    plain = clone(model).fit(Z, Y)
    named = clone(model).fit(frame, pd.Series(Y, index=range(7, 7 + len(Y))))
    assert named.feature_names_in_.tolist() == NAMES
    np.testing.assert_array_equal(named.coef_, plain.coef_)
    for data in (np.asfortranarray(Z), pl.DataFrame(Z, schema=NAMES), np.repeat(Z, 2, axis=1)[:, ::2], Z.tolist()):
        np.testing.assert_array_equal(clone(model).fit(data, Y).coef_, plain.coef_)
    frozen = Z.copy()
    frozen.flags.writeable = False
    np.testing.assert_array_equal(clone(model).fit(frozen, Y.astype(int)).coef_, plain.coef_)
    assert "bmi" in named.explain()
    with pytest.raises(ValueError, match="feature names should match"):
        named.predict(frame[NAMES[::-1]])
    with pytest.raises(ValueError, match=r"X has 3 features, but .* is expecting 10 features"):
        plain.predict(Z[:, :3])


@pytest.mark.parametrize("model", REGRESSIONS, ids=repr)
@pytest.mark.parametrize(
    "change", ["constant", "duplicated", "huge", "tiny", "offset", "one row", "constant y", "zero"]
)
def test_awkward_data_give_finite_models_or_a_named_error(model, change):
    data, y = Z[:50], Y[:50]
    data, y = {
        "constant": lambda: (np.column_stack([data, np.full(50, 0.1)]), y),
        "duplicated": lambda: (np.column_stack([data, data]), y),
        "huge": lambda: (data * 1e160, y),
        "tiny": lambda: (data * 1e-160, y),
        "offset": lambda: (data + 1e9, y),
        "one row": lambda: (data[:1], y[:1]),
        "constant y": lambda: (data, np.full(50, 0.3)),
        "zero": lambda: (np.zeros((50, 2)), y),
    }[change]()
    model = clone(model)
    if change in ("huge", "tiny") and not isinstance(model, LinearRegression):
        with pytest.raises(
            ValueError, match=rf"{type(model).__name__}.fit: X holds values so (large|small) that their"
        ):
            model.fit(data, y)
        return
    model.fit(data, y)
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.intercept_)
    assert model.explain()
    if change == "constant":
        assert model.coef_[-1] == 0.0
        np.testing.assert_allclose(model.coef_[:-1], clone(model).fit(data[:, :-1], y).coef_, rtol=1e-8, atol=1e-9)
    if change in ("one row", "constant y", "zero"):
        np.testing.assert_allclose(model.predict(data), y.mean() if change == "zero" else y)
    if change == "offset":
        # 1e9 leaves seven digits of the columns.
        np.testing.assert_allclose(model.coef_, clone(model).fit(data - 1e9, y).coef_, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("model", [*REGRESSIONS, PolynomialFeatures()], ids=repr)
def test_before_fit_every_method_says_so(model):
    name = type(model).__name__
    for method, arguments in (("explain", ()), ("predict", (Z,)), ("transform", (Z,)), ("plot_history", ())):
        if hasattr(model, method):
            with pytest.raises(NotFittedError, match=rf"{name}\.{method}: this {name} is not fitted yet"):
                getattr(model, method)(*arguments)


BAD = [
    (Ridge, {"alpha": -1.0}, ValueError, "alpha is -1"),
    (Ridge, {"alpha": np.nan}, ValueError, "alpha is NaN"),
    (Ridge, {"alpha": "big"}, TypeError, "alpha is text"),
    (Lasso, {"alpha": np.inf}, ValueError, "alpha is inf"),
    (Lasso, {"tol": -1.0}, ValueError, "tol is -1"),
    (Lasso, {"max_iter": 0}, ValueError, "max_iter is 0"),
    (ElasticNet, {"l1_ratio": 1.5}, ValueError, "l1_ratio is 1.5"),
    (ElasticNet, {"max_iter": 2.5}, TypeError, "max_iter is a float"),
    (BayesianRidge, {"alpha_1": -1.0}, ValueError, "alpha_1 is -1"),
    (BayesianRidge, {"lambda_init": 0.0}, ValueError, "lambda_init is 0"),
    (BayesianRidge, {"max_iter": 0}, ValueError, "max_iter is 0"),
]


@pytest.mark.parametrize(("kind", "parameters", "error", "message"), BAD)
def test_bad_parameters_are_refused_by_name(kind, parameters, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: {message}"):
        kind(**parameters).fit(Z, Y)


@pytest.mark.parametrize("model", REGRESSIONS, ids=repr)
def test_bad_weights_and_targets_are_refused_by_name(model):
    name = type(model).__name__
    for weights, message in (
        (np.full(len(Y), -1.0), "a weight cannot be negative"),
        (np.zeros(len(Y)), "zero everywhere"),
        (np.ones(3), "sample_weight has 3 entries"),
        (np.full(len(Y), np.nan), "sample_weight holds NaN"),
    ):
        with pytest.raises(ValueError, match=f"{name}.fit: .*{message}"):
            clone(model).fit(Z, Y, sample_weight=weights)
    with pytest.raises(ValueError, match=f"{name}.fit: y holds NaN .* at index 3"):
        clone(model).fit(Z, np.where(np.arange(len(Y)) == 3, np.nan, Y))
    with pytest.raises(ValueError, match=f"{name}.fit: y has 9 rows"):
        clone(model).fit(Z, Y[:9])


def test_pipelines_searches_and_copies():
    for model in REGRESSIONS:
        assert cross_val_score(make_pipeline(StandardScaler(), model), X, Y, cv=3).min() > 0.3
        fitted = pickle.loads(pickle.dumps(model.fit(Z, Y)))
        np.testing.assert_array_equal(fitted.predict(Z), model.predict(Z))
    search = GridSearchCV(Lasso(), {"alpha": [0.1, 1.0, 10.0]}, cv=3).fit(Z, Y)
    assert search.best_score_ > 0.4


@pytest.mark.parametrize("model", REGRESSIONS, ids=repr)
def test_displays_say_what_was_minimised(model):
    model = clone(model).fit(Z, Y)
    text = model.explain()
    assert "z = " in text
    assert "gradient" in text or "derivatives" in text
    assert "coef_" in model._repr_html_()
    if hasattr(model, "stop_reason_"):
        assert model.stop_reason_ in text
    else:
        assert "closed form" in text


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(
    ("change", "solver"), [("none", "gram"), ("near", "doubled"), ("nearer", "singular"), ("few rows", "orthogonal")]
)
def test_the_condition_number_in_words_is_that_of_centred_columns_of_one_length(change, solver, intercept):
    rng = np.random.default_rng(7)
    data = rng.normal(size=(50, 3)) * [1.0, 1e3, 1e-2] + [5.0, 0.0, 1.0]
    if change in ("near", "nearer"):
        data[:, 2] = data[:, 0] + {"near": 1e-5, "nearer": 1e-11}[change] * data[:, 2]
    if change == "few rows":
        data = data[: 3 + intercept]
    model = LinearRegression(fit_intercept=intercept).fit(data, rng.normal(size=len(data)))
    # Offsets tell the columns apart where nothing is centred.
    assert model.solver_ == (solver if intercept or change != "nearer" else "doubled")
    assert model.rank_ == 3
    told = re.search(r"condition number (\S+) when", model.explain())
    if solver == "orthogonal":
        assert told is None
        assert "rank 3 of 3. There are no more rows than coefficients" in model.explain()
    else:
        centred = data - data.mean(axis=0) * intercept
        wanted = np.linalg.cond(centred / np.linalg.norm(centred, axis=0))
        assert float(told[1]) == pytest.approx(wanted, rel=6e-3)


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize(("alpha", "share"), [(0.0, 1.0), (0.5, 0.0), (0.0, 0.5)])
def test_without_a_price_on_sizes_nothing_is_said_of_sweeps(alpha, share, positive):
    for y in (Y, np.column_stack([Y, -Y])):
        model = ElasticNet(alpha, l1_ratio=share, positive=positive).fit(Z, y)
        assert np.all(np.array(model.n_iter_) == 0)
        assert model.history_ is None
        assert model.converged_
        text = model.explain()
        assert "No sweeps: with no price on sizes" in text
        assert ("closed form" in text) == (not positive)
        for word in ("Coordinate descent", "duality gap", "above its minimum", "Stopped after"):
            assert word not in text
        centred = (Z - Z.mean(axis=0)).T @ (y - model.predict(Z)) / len(Z) - alpha * (1 - share) * model.coef_.T
        kept = centred if not positive else centred[model.coef_.T > 0]
        np.testing.assert_allclose(kept, 0.0, atol=1e-9 * np.abs(Y).max())
    assert "least squares" in ElasticNet(0.0).fit(Z, Y).explain()
    assert "ridge regression" in ElasticNet(0.5, l1_ratio=0.0).fit(Z, Y).explain()


def test_words_are_those_of_weights_that_may_not_be_negative_and_of_rows_with_weights():
    for model in (LinearRegression(positive=True), Ridge(positive=True), Ridge(0.0, positive=True)):
        text = model.fit(Z, Y).explain()
        assert "It is zero for the weights above zero" in text
        assert "closed form" not in text
    text = Lasso(0.1, positive=True).fit(Z, Y).explain()
    assert "what it would gain, mean((y − z)·x), is below λ₁" in text
    assert "short" not in Ridge(0.0).fit(Z, Y).explain()
    weights = np.arange(1.0, len(Z) + 1)
    for model in (LinearRegression(), Ridge(), Lasso(), ElasticNet(), BayesianRidge()):
        assert "Rows had weights" not in model.fit(Z, Y).explain()
        assert "Rows had weights" in model.fit(Z, Y, sample_weight=weights).explain()


def test_predictions_with_deviations_take_what_predictions_take():
    model = BayesianRidge().fit(pd.DataFrame(Z, columns=NAMES), Y)
    for rows in (pd.DataFrame(Z, columns=NAMES), Z.tolist(), np.asfortranarray(Z), pl.DataFrame(Z, schema=NAMES)):
        mean, deviation = model.predict(rows, return_std=True)
        np.testing.assert_array_equal(mean, model.predict(Z))
        np.testing.assert_array_equal(deviation, model.predict(Z, return_std=True)[1])


def test_plots_draw():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    line = BayesianRidge().fit(Z[:, 2:3], Y)
    axes = [
        Lasso(0.1).fit(Z, Y).plot_history(),
        Lasso(0.1).fit(Z, np.column_stack([Y, Y[::-1]])).plot_history(),
        line.plot_history(),
        line.plot_bands(Z[:, 2:3], Y),
        line.plot_bands(Z[:, 2:3], level=0.5),
        lasso_path(Z, Y).plot(),
        lasso_path(pd.DataFrame(Z, columns=NAMES), Y, alphas=1).plot(),
    ]
    for ax in axes:
        ax.figure.canvas.draw()
        plt.close(ax.figure)
    with pytest.raises(ValueError, match="a picture of bands shows 1"):
        BayesianRidge().fit(Z, Y).plot_bands(Z, Y)
    with pytest.raises(AttributeError, match="Ridge has no plot_history: what it learns it learns in one go"):
        Ridge().fit(Z, Y).plot_history()
    with pytest.raises(ValueError, match=r"there is no history; with no price on sizes the minimum has a closed form"):
        ElasticNet(l1_ratio=0.0).fit(Z, Y).plot_history()
    with pytest.raises(ValueError, match="there is no history; fit with keep_history=True"):
        Lasso(keep_history=False).fit(Z, Y).plot_history()


def test_wine_with_many_features_and_their_products():
    data, _ = load_wine(return_X_y=True)
    y = data[:, 0]
    columns = PolynomialFeatures(2, include_bias=False).fit_transform(StandardScaler().fit_transform(data[:, 1:]))
    model = Lasso(0.02).fit(columns, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = linear_model.Lasso(0.02, tol=1e-12, max_iter=100_000).fit(columns, y)
    np.testing.assert_allclose(model.coef_, theirs.coef_, atol=1e-6)
    assert models.r2_score(y, model.predict(columns)) > 0.6


def test_a_score_refuses_in_its_own_name():
    model = models.LinearRegression().fit([[1.0], [2.0], [4.0]], [1.0, 2.0, 3.0])
    for X, y, told in (
        ([[1.0], [np.nan]], [1.0, 2.0], "LinearRegression.score: X holds NaN"),
        ([[1.0], [2.0]], [1.0, np.nan], "LinearRegression.score: y holds NaN"),
        ([[1.0], [2.0]], [1.0, 2.0, 3.0], "LinearRegression.score: "),
    ):
        with pytest.raises(ValueError, match=f"^{told}"):
            model.score(X, y)
