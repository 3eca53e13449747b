"""Rows far from everything, and columns of unlike units: a right answer, or a word that there is none."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import underhood as uh

m = uh.models
rng = np.random.default_rng(4)
X = rng.normal(size=(60, 3))
codes = (X[:, 0] + rng.normal(size=60) > 0).astype(int)
y = X @ [1.0, -2.0, 0.5] + 0.1 * rng.normal(size=60)


def price(model: Any, X: Any) -> float:
    """P of a linear support vector classifier, from its weights alone."""
    signs = np.where(codes == model.classes_[1], 1.0, -1.0)
    short = np.maximum(0.0, 1 - signs * (X @ model.coef_[0] + model.intercept_[0]))
    costs = short.sum() if model.loss == "hinge" else (short**2).sum()
    return float(0.5 * model.coef_[0] @ model.coef_[0] + 0.5 * model.intercept_[0] ** 2 + costs)


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
@pytest.mark.parametrize(
    ("scales", "offset"),
    [
        ((1e5, 1e5, 1e5), 0.0),
        ((1e8, 1e8, 1.0), 0.0),
        ((1e-8, 1.0, 1e8), 0.0),
        ((1.0, 1.0, 1.0), 1e6),
        ((30.0, 1e9, 1.0), 2.0),
    ],
)
def test_planes_of_unlike_columns_are_minima_or_are_warned_of(
    loss: str, scales: tuple[float, ...], offset: float
) -> None:
    """P is never above that of w = 0, and converged_ means a gap that is small beside it."""
    rows = X * scales + offset
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = m.LinearSVC(loss=loss).fit(rows, codes)
    assert model.objective_[0] <= len(X)
    np.testing.assert_allclose(price(model, rows), model.objective_[0], rtol=1e-5)
    assert model.converged_ == (model.duality_gap_[0] <= 1e-6 * model.objective_[0])
    assert model.converged_ == (not caught)


@pytest.mark.parametrize("offset", [1e6, 1e8])
def test_an_offset_does_not_change_a_linear_machine(offset: float) -> None:
    """The bias is free, so that only the rounding of the rows themselves can show."""
    near, far = m.SVC(kernel="linear").fit(X, codes), m.SVC(kernel="linear").fit(X + offset, codes)
    np.testing.assert_allclose(far.coef_, near.coef_, atol=1e-2)
    np.testing.assert_allclose(far.dual_objective_, near.dual_objective_, rtol=1e-5)


@pytest.mark.parametrize("kernel", ["linear", "poly"])
def test_kernels_of_numbers_too_large_are_warned_of(kernel: str) -> None:
    """Slack costs C at most 1 a row: a dual beyond that is rounding, and no optimum."""
    rows = X * 1e9 if kernel == "linear" else X + 1000
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = m.SVC(kernel=kernel, gamma=1.0).fit(rows, codes)
    if not 0 <= -model.dual_objective_[0] <= len(X):
        assert not model.converged_
        assert any("scale" in str(one.message) for one in caught)


def test_targets_in_any_unit_are_learned() -> None:
    """House prices: 3e5 ± 1e5."""
    for unit, offset in ((1e5, 3e5), (1e12, 0.0), (1e-3, 1.0)):
        model = m.BayesianRidge().fit(X, unit * y + offset)
        assert model.score(X, unit * y + offset) > 0.99


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (m.GaussianMixture(2).fit(X), "score_samples"),
        (m.GaussianMixture(2).fit(X), "predict_proba"),
        (m.GaussianNB().fit(X, codes), "predict_proba"),
        (m.KMeans(2).fit(X), "transform"),
        (m.LinearRegression().fit(X, 1e10 * y), "predict"),
        (m.PCA(2).fit(X), "score_samples"),
        (m.StandardScaler().fit(1e-9 * X), "transform"),
    ],
)
def test_rows_beyond_the_range_are_refused_by_number(model: Any, method: str) -> None:
    """No infinity and no invented number comes out of finite rows."""
    rows = np.vstack([X[:2], np.full((1, 3), 1.7e308), X[:1]])
    with pytest.raises(ValueError, match=rf"{type(model).__name__}\..*row 2"):
        getattr(model, method)(rows)


def test_deviations_far_away_are_what_the_covariance_makes_them() -> None:
    """√(xᵀΣx + 1/α), also where its square leaves the range of doubles."""
    model = m.BayesianRidge().fit(X, y)
    direction = np.array([1.0, -2.0, 0.5])
    far = model.predict([1e160 * direction], return_std=True)[1][0]
    np.testing.assert_allclose(far, 1e160 * np.sqrt(direction @ model.sigma_ @ direction), rtol=1e-12)


def test_more_work_than_memory_is_refused() -> None:
    """Where Rust would end the process."""
    with pytest.raises((ValueError, MemoryError), match=r"degree|memory"):
        m.PolynomialFeatures(10**10).fit([[1.0], [2.0]])
    with pytest.raises((ValueError, MemoryError), match="memory"):
        m.lasso_path(X, y, alphas=10**11)
    with pytest.raises(ValueError, match="degree"):
        m.SVC(kernel="poly", degree=2**40).fit(X, codes)
