"""Penalties, weights of rows, exact and bit-by-bit training of the linear classifiers, beside scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import special
from scipy.optimize import linprog
from sklearn import linear_model, preprocessing, svm
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.utils.estimator_checks import check_estimator
from underhood.models import (
    Adaline,
    ConvergenceWarning,
    DivergenceWarning,
    LinearSVC,
    LogisticRegression,
    Perceptron,
)

IRIS = load_iris()
CANCER = load_breast_cancer()


def standardised(data):
    return preprocessing.StandardScaler().fit_transform(data)


def noisy(rows, columns, classes, seed=0, spread=1.0):
    rng = np.random.default_rng(seed)
    y = np.arange(rows) % classes
    centres = spread * rng.standard_normal((classes, columns))
    return rng.standard_normal((rows, columns)) + centres[y], y


def correlated(rows, columns, seed=0):
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((rows, 1)) + 0.05 * rng.standard_normal((rows, columns))
    return data, (data[:, 0] + rng.standard_normal(rows) > 0).astype(int)


def with_odd_columns():
    data, y = noisy(80, 3, 2, spread=0.5)
    return np.column_stack([data, data[:, 0], np.full(80, 0.1), np.zeros(80)]), y


DATA = {
    "cancer": (standardised(CANCER.data), CANCER.target),
    "iris": (standardised(IRIS.data), IRIS.target),
    "wide": noisy(40, 120, 2, spread=0.3),
    "wide, 3 classes": noisy(45, 60, 3, spread=0.3),
    "correlated": correlated(200, 8),
    "separable": noisy(60, 4, 2, spread=6.0),
    "odd columns": with_odd_columns(),
}


@pytest.mark.parametrize(
    "estimator",
    [
        Adaline(solver="mini-batch"),
        Adaline(solver="exact"),
        LogisticRegression(l1_ratio=1.0),
        LogisticRegression(l1_ratio=0.5),
        LogisticRegression(class_weight="balanced"),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(estimator):
    # Where rows take their turns, two such rows are two steps, and a weight of two is one of twice the length:
    # scikit-learn's own fail this check too.
    by_rows = getattr(estimator, "solver", None) == "mini-batch"
    expected = {"check_sample_weight_equivalence_on_dense_data": "steps of rows"} if by_rows else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None, expected_failed_checks=expected)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


# Penalties.


def log_loss(data, codes, coef, intercept, weights=None):
    z = data @ coef.T + intercept
    if z.shape[1] == 1:
        z = np.column_stack([np.zeros(len(z)), z])
    losses = special.logsumexp(z, axis=1) - z[np.arange(len(z)), codes]
    return np.sum(losses if weights is None else weights * losses)


def objective(data, codes, model, c, ratio, weights=None):
    """scikit-learn's: C times the sum of the log losses, and the price of the weights."""
    price = ratio * np.abs(model.coef_).sum() + (1 - ratio) / 2 * np.sum(model.coef_**2)
    return c * log_loss(data, codes, model.coef_, model.intercept_, weights) + price


def theirs(**options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return linear_model.LogisticRegression(solver="saga", tol=1e-10, max_iter=3000, **options)


def quietly(model, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*arguments, **options)


def stationarity(data, codes, model, c, ratio, weights=None):
    """How far the slopes are from being balanced by the prices, in units of the columns and of rows."""
    weights = np.ones(len(data)) if weights is None else weights
    residual = model.predict_proba(data) - (codes[:, None] == np.arange(codes.max() + 1))
    if codes.max() == 1:
        residual = residual[:, 1:]
    slope = c * (weights[:, None] * residual).T @ data + (1 - ratio) * model.coef_
    kept = np.abs(slope + ratio * np.sign(model.coef_))
    beyond = np.maximum(np.abs(slope) - ratio, 0)
    return np.where(model.coef_ == 0, beyond, kept).max() / (c * weights.sum() * max(1.0, np.abs(data).max()))


@pytest.mark.parametrize("ratio", [1.0, 0.5])
@pytest.mark.parametrize("c", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("name", DATA)
def test_absolute_prices_find_a_minimum_and_never_a_higher_one_than_scikit_learns(name, c, ratio):
    data, y = DATA[name]
    ours = LogisticRegression(C=c, l1_ratio=ratio).fit(data, y)
    assert ours.converged_
    assert stationarity(data, y, ours, c, ratio) < 1e-10
    peer = quietly(theirs(C=c, l1_ratio=ratio), data, y)
    ours_value, theirs_value = objective(data, y, ours, c, ratio), objective(data, y, peer, c, ratio)
    assert ours_value <= theirs_value * (1 + 1e-13)
    assert ours.loss_ == pytest.approx(ours_value / (c * len(y)), rel=1e-12)
    assert (np.diff(ours.history_.loss) <= 1e-14).all()
    assert ours.history_.gradient_norm[-1] <= 1e-12 or "doubles" in ours.stop_reason_


@pytest.mark.parametrize("name", ["cancer", "correlated", "wide", "separable"])
def test_liblinear_without_a_bias_has_the_same_objective(name):
    data, y = DATA[name]
    ours = LogisticRegression(l1_ratio=1.0, fit_intercept=False).fit(data, y)
    peer = linear_model.LogisticRegression(
        l1_ratio=1.0, solver="liblinear", fit_intercept=False, tol=1e-10, max_iter=5000
    ).fit(data, y)
    assert (ours.intercept_ == 0).all()
    ours_value, theirs_value = objective(data, y, ours, 1.0, 1.0), objective(data, y, peer, 1.0, 1.0)
    assert ours_value <= theirs_value * (1 + 1e-13)
    assert theirs_value <= ours_value * (1 + 1e-6)


def test_many_columns_are_taken_up_bit_by_bit():
    for classes in (2, 3):
        data, y = noisy(60, 900, classes, seed=4, spread=0.3)
        model = LogisticRegression(l1_ratio=1.0).fit(data, y)
        assert model.converged_
        assert stationarity(data, y, model, 1.0, 1.0) < 1e-10
        assert 0 < np.count_nonzero(model.coef_.any(axis=0)) < 200
        assert "features have no weight" in model.explain()


def test_a_strong_price_leaves_the_bias_alone():
    data, y = noisy(90, 4, 3)
    y = np.minimum(y, 1)
    model = LogisticRegression(C=1e-6, l1_ratio=1.0).fit(data, y)
    assert (model.coef_ == 0).all()
    assert model.intercept_[0] == pytest.approx(np.log(2.0), abs=1e-11)
    assert "4 of 4 features have no weight: x0, x1, x2, x3" in model.explain()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"penalty": "l1"}, {"l1_ratio": 1.0}),
        ({"penalty": "l2"}, {}),
        ({"penalty": "elasticnet", "l1_ratio": 0.3}, {"l1_ratio": 0.3}),
        ({"penalty": None}, {"C": np.inf}),
    ],
)
def test_the_old_spelling_means_the_same(old, new):
    data, y = DATA["iris"][0], (IRIS.target == 1).astype(int)
    a, b = LogisticRegression(**old).fit(data, y), LogisticRegression(**new).fit(data, y)
    np.testing.assert_array_equal(a.coef_, b.coef_)
    assert a.history_.convention == b.history_.convention


def test_a_penalty_that_overrules_says_so():
    data, y = noisy(60, 3, 2)
    with pytest.warns(UserWarning, match="penalty='l2' overrules l1_ratio=0.5"):
        LogisticRegression(penalty="l2", l1_ratio=0.5).fit(data, y)
    with pytest.warns(UserWarning, match="penalty=None overrules C=0.5"):
        LogisticRegression(penalty=None, C=0.5).fit(data, y)
    with pytest.raises(ValueError, match="penalty is 'l3', but must be one of 'auto', 'l2'"):
        LogisticRegression(penalty="l3").fit(data, y)


@pytest.mark.parametrize("classes", [2, 3])
def test_without_a_penalty_the_likelihood_is_greatest(classes):
    data, y = noisy(150, 4, classes, spread=0.5)
    ours = LogisticRegression(C=np.inf).fit(data, y)
    peer = linear_model.LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(data, y)
    assert ours.converged_
    np.testing.assert_allclose(ours.coef_, peer.coef_, atol=2e-5)
    assert log_loss(data, y, ours.coef_, ours.intercept_) <= log_loss(data, y, peer.coef_, peer.intercept_) * (
        1 + 1e-14
    )
    np.testing.assert_allclose(ours.coef_.sum(axis=0) if classes > 2 else 0.0, 0.0, atol=1e-9)


@pytest.mark.parametrize(
    ("data", "y"),
    [
        (np.array([[-2.0], [-1.0], [1.0], [2.0]]), [0, 0, 1, 1]),
        (np.array([[-2.0], [0.0], [0.0], [2.0]]), [0, 0, 1, 1]),  # but for ties
        (noisy(30, 40, 2)[0], noisy(30, 40, 2)[1]),
        (noisy(60, 2, 3, spread=40.0)[0], noisy(60, 2, 3, spread=40.0)[1]),
    ],
    ids=["separated", "tied", "wide", "three classes"],
)
def test_separated_classes_without_a_penalty_are_no_convergence(data, y):
    with pytest.warns(ConvergenceWarning, match="separate the classes"):
        model = LogisticRegression(C=np.inf).fit(data, y)
    assert not model.converged_
    assert np.isfinite(model.coef_).all()
    assert LogisticRegression(C=1e4).fit(data, y).converged_


def test_a_constant_column_without_a_penalty_has_no_weight():
    data, y = noisy(80, 2, 2, spread=0.5)
    model = LogisticRegression(C=np.inf).fit(np.column_stack([data, np.full(80, 0.1)]), y)
    plain = LogisticRegression(C=np.inf).fit(data, y)
    np.testing.assert_allclose(model.coef_[0], [*plain.coef_[0], 0.0], atol=1e-12)


def test_columns_far_from_zero_cost_no_digits():
    data, y = noisy(200, 3, 2, spread=0.5)
    # Multiples of 2⁻¹⁰, so that the shift is exact.
    data = np.round(data * 1024) / 1024
    for ratio in (0.0, 1.0):
        near, far = (LogisticRegression(l1_ratio=ratio).fit(x, y) for x in (data, data + 2.0**40))
        assert far.converged_
        np.testing.assert_allclose(far.coef_, near.coef_, rtol=1e-9, atol=1e-11)


def test_logarithms_of_probabilities():
    for classes in (2, 3):
        data, y = noisy(90, 3, classes)
        model = LogisticRegression().fit(data, y)
        np.testing.assert_allclose(model.predict_log_proba(data), np.log(model.predict_proba(data)), atol=1e-13)
        far = model.predict_log_proba(1e4 * data)
        assert np.isfinite(far).all()
        assert far.min() < -1000
        peer = linear_model.LogisticRegression(tol=1e-10, max_iter=1000).fit(data, y)
        np.testing.assert_allclose(model.predict_log_proba(data), peer.predict_log_proba(data), atol=1e-4)


# Weights of rows and classes.

BY_MEANS = [
    LogisticRegression(),
    LogisticRegression(l1_ratio=1.0, C=0.5),
    LogisticRegression(l1_ratio=0.4, fit_intercept=False),
    LogisticRegression(C=np.inf),
    LogisticRegression(solver="lbfgs"),
    Adaline(tol=1e-12, max_iter=20_000),
    Adaline(fit_intercept=False, max_iter=50, tol=None),
    Adaline(solver="exact"),
    Adaline(solver="exact", fit_intercept=False),
]


@pytest.mark.parametrize("estimator", BY_MEANS, ids=repr)
@pytest.mark.parametrize("classes", [2, 3])
def test_whole_weights_are_repeated_rows(estimator, classes):
    data, y = noisy(120, 3, classes, spread=0.4)
    weights = np.random.default_rng(1).integers(0, 4, 120)
    weighted = clone(estimator).fit(data, y, sample_weight=weights)
    repeated = clone(estimator).fit(data.repeat(weights, axis=0), y.repeat(weights))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(weighted.intercept_, repeated.intercept_, rtol=1e-8, atol=1e-10)
    one, other = weighted.history_, repeated.history_
    if classes == 3 and isinstance(estimator, Adaline):
        one, other = one[2], other[2]
    assert one.loss[-1] == pytest.approx(other.loss[-1], rel=1e-10)
    if isinstance(estimator, Adaline):
        assert weighted.critical_learning_rate_ == pytest.approx(repeated.critical_learning_rate_, rel=1e-12)
    np.testing.assert_allclose(
        clone(estimator).fit(data, y, sample_weight=np.ones(120)).coef_, clone(estimator).fit(data, y).coef_, atol=1e-9
    )


def test_many_weighted_rows_start_from_a_part_too():
    data, y = noisy(9000, 3, 3, spread=0.5)
    weights = np.random.default_rng(0).integers(0, 3, 9000)
    for ratio in (0.0, 1.0):
        model = LogisticRegression(l1_ratio=ratio, C=0.01).fit(data, y, sample_weight=weights)
        assert model.converged_
        assert stationarity(data, y, model, 0.01, ratio, weights) < 1e-11


@pytest.mark.parametrize("ratio", [0.0, 0.7])
def test_weights_agree_with_scikit_learns(ratio):
    data, y = DATA["cancer"]
    weights = np.random.default_rng(2).uniform(size=len(y))
    for class_weight in (None, "balanced", {0: 3.0}, {0: 0.5, 1: 2.0}):
        options = {"l1_ratio": ratio, "class_weight": class_weight, "C": 0.1}
        ours = LogisticRegression(**options).fit(data, y, sample_weight=weights)
        if ratio:
            peer = quietly(theirs(**options), data, y, sample_weight=weights)
        else:
            peer = linear_model.LogisticRegression(tol=1e-10, max_iter=5000, **options).fit(data, y, weights)
        np.testing.assert_allclose(ours.coef_, peer.coef_, atol=2e-4)


@pytest.mark.parametrize("class_weight", [None, {1: 2.5}, "balanced"])
@pytest.mark.parametrize("intercept", [True, False])
def test_weighted_perceptrons_make_scikit_learns_steps(class_weight, intercept):
    data, y = IRIS.data, (IRIS.target == 1).astype(int)
    weights = np.random.default_rng(3).integers(0, 3, 150)
    options = {"shuffle": False, "max_iter": 7, "class_weight": class_weight, "fit_intercept": intercept}
    ours = Perceptron(n_iter_no_change=None, **options)
    peer = linear_model.Perceptron(tol=None, **options)
    # Their "balanced" does not look at the rows' weights.
    given = None if class_weight == "balanced" else weights
    ours.fit(data, y, sample_weight=given)
    quietly(peer, data, y, sample_weight=given)
    np.testing.assert_allclose(ours.coef_, peer.coef_, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(ours.intercept_, peer.intercept_, rtol=1e-11, atol=1e-11)


def test_rows_without_weight_do_not_keep_a_perceptron_from_settling():
    data, y = np.array([[-2.0], [-1.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1, 0])
    model = Perceptron().fit(data, y, sample_weight=[1, 1, 1, 1, 0])
    assert model.converged_
    assert model.predict(data).tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("width", [1, 3, 7, 8, 9, 16, 20, 24, 25, 32, 33, 50])
def test_steps_are_the_textbooks_for_every_width(width):
    data, y = noisy(40, width, 2)
    weights = np.random.default_rng(5).uniform(0.5, 2.0, 40)
    sign = np.where(y == 1, 1.0, -1.0)
    for share in (True, False):
        w, b = np.zeros(width), 0.0
        for _ in range(2):
            for row, s, a in zip(data, sign, weights, strict=True):
                if s * (row @ w + b) <= 0:
                    w, b = w + 0.5 * a * s * row, b + 0.5 * a * s * share
        model = Perceptron(
            learning_rate=0.5, shuffle=False, max_iter=2, n_iter_no_change=None, fit_intercept=share
        ).fit(data, y, sample_weight=weights)
        np.testing.assert_allclose([*model.coef_[0], model.intercept_[0]], [*w, b], atol=1e-11)

        w, b = np.zeros(width), 0.0
        for _ in range(2):
            for row, s, a in zip(data, sign, weights, strict=True):
                step = 2 * 1e-3 * a * (s - row @ w - b)
                w, b = w + step * row, b + step * share
        model = Adaline(
            solver="stochastic", learning_rate=1e-3, shuffle=False, max_iter=2, tol=None, fit_intercept=share
        ).fit(data, y, sample_weight=weights)
        np.testing.assert_allclose([*model.coef_[0], model.intercept_[0]], [*w, b], atol=1e-13)


REFUSED = [
    ({}, [1.0, -1.0, 1.0, 1.0], ValueError, "sample_weight holds -1 at index 1"),
    ({}, [1.0, np.nan, 1.0, 1.0], ValueError, "sample_weight holds NaN"),
    ({}, [1.0, 1.0], ValueError, "sample_weight has 2"),
    ({}, [0.0] * 4, ValueError, "sample_weight is zero everywhere"),
    ({}, [1.0, 1.0, 0.0, 0.0], ValueError, "no row of class number 1 a weight"),
    ({"class_weight": "equal"}, None, ValueError, "class_weight is 'equal'"),
    ({"class_weight": {2: 1.0}}, None, ValueError, "class_weight names the class 2"),
    ({"class_weight": {0: -1.0}}, None, ValueError, r"class_weight gives the class 0 a factor of -1"),
    ({"class_weight": {0: "x"}}, None, TypeError, "class_weight gives 0 'x'"),
    ({"class_weight": 3}, None, TypeError, "class_weight is a int"),
]


@pytest.mark.parametrize("kind", [Perceptron, Adaline, LogisticRegression])
@pytest.mark.parametrize(("options", "weights", "error", "message"), REFUSED, ids=range(len(REFUSED)))
def test_bad_weights_are_refused_by_name(kind, options, weights, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: .*{message}"):
        kind(**options).fit([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1], sample_weight=weights)


# Adaline without descent, in batches, and far from zero.


@pytest.mark.parametrize("intercept", [True, False])
def test_exact_is_least_squares(intercept):
    data, y = noisy(100, 5, 3)
    weights = np.random.default_rng(0).uniform(size=100)
    model = Adaline(solver="exact", fit_intercept=intercept).fit(data, y, sample_weight=weights)
    assert model.converged_
    assert "no steps" in model.stop_reason_
    design = np.column_stack([data, np.full(100, float(intercept))]) * np.sqrt(weights)[:, None]
    for k in range(3):
        target = np.where(y == k, 1.0, -1.0) * np.sqrt(weights)
        expected = np.linalg.lstsq(design, target, rcond=None)[0]
        np.testing.assert_allclose([*model.coef_[k], model.intercept_[k]], expected, rtol=1e-11, atol=1e-13)
        assert model.history_[k].gradient_norm[-1] < 1e-13


@pytest.mark.parametrize("name", ["wide", "odd columns"])
def test_exact_takes_the_shortest_of_many_planes(name):
    data, y = DATA[name]
    model = Adaline(solver="exact").fit(data, y)
    peer = linear_model.LinearRegression().fit(data, np.where(y == 1, 1.0, -1.0))
    np.testing.assert_allclose(model.coef_[0], peer.coef_, atol=1e-9)
    np.testing.assert_allclose(model.intercept_[0], peer.intercept_, atol=1e-9)


def test_far_from_zero_descent_claims_nothing_and_the_exact_plane_is_right():
    data, y = noisy(200, 2, 2)
    data = np.round(data * 1024) / 1024
    far = data + 2.0**40
    with pytest.warns(ConvergenceWarning, match='solver="exact"'):
        descended = Adaline().fit(far, y)
    assert not descended.converged_
    near = Adaline(solver="exact").fit(data, y)
    exact = Adaline(solver="exact").fit(far, y)
    np.testing.assert_allclose(exact.coef_, near.coef_, rtol=1e-9)


def test_arrival_does_not_depend_on_units():
    data, y = noisy(100, 1, 2)
    # One column and no bias: a change of its unit changes nothing but the unit of the weight.
    a, b = (Adaline(fit_intercept=False).fit(scale * data, y) for scale in (1.0, 1024.0))
    assert a.n_iter_ == b.n_iter_
    np.testing.assert_allclose(a.coef_, b.coef_ * 1024, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 7, 32, 1000])
def test_mini_batches_make_the_textbooks_steps(size):
    data, y = noisy(70, 3, 2)
    weights = np.random.default_rng(0).uniform(size=70)
    model = Adaline(solver="mini-batch", batch_size=size, learning_rate=0.01, shuffle=False, max_iter=3, tol=None)
    model.fit(data, y, sample_weight=weights)
    w, b, target = np.zeros(3), 0.0, np.where(y == 1, 1.0, -1.0)
    for _ in range(3):
        for start in range(0, 70, size):
            some = slice(start, start + size)
            error = weights[some] * (target[some] - data[some] @ w - b)
            w, b = w + 0.02 * (error @ data[some]) / len(error), b + 0.02 * error.mean()
    np.testing.assert_allclose([*model.coef_[0], model.intercept_[0]], [*w, b], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("size", [1, 4, 50, 150])
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_the_rate_that_is_chosen_for_mini_batches_descends(size, scale):
    data, y = scale * standardised(IRIS.data), IRIS.target
    weights = np.random.default_rng(0).uniform(0, 50, size=150)
    model = quietly(Adaline(solver="mini-batch", batch_size=size, max_iter=30), data, y, sample_weight=weights)
    for history in model.history_.values():
        assert history.loss[-1] < 1.0
        assert history.loss[-1] <= 1.05 * history.loss[0]


def test_one_batch_of_all_rows_is_a_batch_step():
    data, y = noisy(60, 3, 2)
    options = {"learning_rate": 0.1, "max_iter": 20, "tol": None}
    a = Adaline(solver="mini-batch", batch_size=60, shuffle=False, **options).fit(data, y)
    b = Adaline(**options).fit(data, y)
    np.testing.assert_allclose(a.coef_, b.coef_, rtol=1e-12)


@pytest.mark.parametrize("solver", ["stochastic", "mini-batch"])
def test_rates_too_large_for_weighted_rows_are_told(solver):
    data, y = noisy(60, 3, 2)
    with pytest.warns(DivergenceWarning, match="too large"):
        model = Adaline(solver=solver, learning_rate=0.1, batch_size=4).fit(data, y, sample_weight=np.full(60, 1e6))
    assert np.isfinite(model.coef_).all()


# Bit by bit.


@pytest.mark.parametrize("classes", [2, 3])
def test_partial_fits_make_scikit_learns_steps(classes):
    data, y = standardised(IRIS.data), IRIS.target % classes
    weights = np.random.default_rng(0).uniform(size=150)
    pairs = [
        (Perceptron(shuffle=False), linear_model.Perceptron(shuffle=False)),
        (
            Adaline(solver="stochastic", learning_rate=0.005, shuffle=False),
            linear_model.SGDClassifier(
                loss="squared_error", penalty=None, learning_rate="constant", eta0=0.01, shuffle=False
            ),
        ),
    ]
    for ours, peer in pairs:
        for start in range(0, 150, 30):
            some = slice(start, start + 30)
            for model in (ours, peer):
                model.partial_fit(data[some], y[some], classes=np.arange(classes), sample_weight=weights[some])
        np.testing.assert_allclose(ours.coef_, peer.coef_, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(ours.intercept_, peer.intercept_, rtol=1e-10, atol=1e-12)
        assert ours.n_iter_ == 5
        assert not ours.converged_
        history = ours.history_ if classes == 2 else ours.history_[1]
        assert history.epoch.tolist() == [1, 2, 3, 4, 5]
        np.testing.assert_array_equal(history.weights[-1], ours.coef_[0 if classes == 2 else 1])
        assert "partial_fit" in ours.explain()


def test_epochs_of_partial_fit_are_those_of_fit():
    data, y = noisy(60, 3, 2)
    for make in (
        lambda n: Perceptron(shuffle=False, max_iter=n, n_iter_no_change=None),
        lambda n: Adaline(solver="stochastic", learning_rate=0.01, shuffle=False, max_iter=n, tol=None),
        lambda n: Adaline(solver="mini-batch", learning_rate=0.01, shuffle=False, max_iter=n, tol=None),
    ):
        whole, bits = make(3).fit(data, y), make(1).fit(data, y)
        assert bits.partial_fit(data, y).partial_fit(data, y) is bits
        np.testing.assert_array_equal(whole.coef_, bits.coef_)
        np.testing.assert_array_equal(whole.history_.loss, bits.history_.loss)
        # A new fit forgets.
        np.testing.assert_array_equal(bits.fit(data, y).coef_, make(1).fit(data, y).coef_)
        assert len(bits.history_) == 1


def test_partial_fits_without_their_classes_are_refused():
    data, y = noisy(30, 3, 2)
    model = Perceptron()
    with pytest.raises(ValueError, match=r"Perceptron.partial_fit: classes is None, but the first call"):
        model.partial_fit(data, y)
    with pytest.raises(ValueError, match=r"Perceptron.partial_fit: classes is a single label, but a vector"):
        model.partial_fit(data, y, classes=2)
    with pytest.raises(ValueError, match=r"Perceptron.partial_fit: y has only one class"):
        model.partial_fit(data, np.zeros(30), classes=[0])
    assert not model.__sklearn_is_fitted__()
    model.partial_fit(data[:1], y[:1], classes=[0, 1])
    with pytest.raises(ValueError, match=r"classes is .*, but was"):
        model.partial_fit(data, y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"y holds 5, which is not among the classes"):
        model.partial_fit(data, y + 5)
    with pytest.raises(ValueError, match=r"X has 2 features, but Perceptron is expecting 3"):
        model.partial_fit(data[:, :2], y)
    with pytest.raises(ValueError, match="how many rows of each class will come"):
        Perceptron(class_weight="balanced").partial_fit(data, y, classes=[0, 1])
    with pytest.raises(ValueError, match=r"Perceptron.partial_fit: X holds NaN"):
        model.partial_fit(data * np.nan, y)
    with pytest.raises(AttributeError, match=r"solver is 'batch', which needs all rows"):
        Adaline().partial_fit(data, y)
    assert not hasattr(Adaline(solver="exact"), "partial_fit")


def test_solvers_that_cannot_are_refused():
    data, y = noisy(30, 3, 2)
    with pytest.raises(ValueError, match=r"solver is lbfgs, which cannot follow the kinks"):
        LogisticRegression(l1_ratio=0.5, solver="lbfgs").fit(data, y)
    with pytest.raises(ValueError, match=r"l1_ratio is 1.5"):
        LogisticRegression(l1_ratio=1.5).fit(data, y)
    with pytest.raises(ValueError, match=r"batch_size is 0"):
        Adaline(solver="mini-batch", batch_size=0).fit(data, y)


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (LogisticRegression(l1_ratio=1.0), ["‖w‖₁/(C·rows)", "sign(w)", "proximal Newton", "C = 1"]),
        (LogisticRegression(l1_ratio=0.25), ["ρ·‖w‖₁ + (1 − ρ)·‖w‖²/2", "ρ = 0.25"]),
        (LogisticRegression(C=np.inf), ["−ln P(own class);"]),
        (Adaline(solver="exact"), ["no steps", "equations of least squares"]),
        (Adaline(solver="mini-batch", batch_size=16), ["each 16 rows"]),
    ],
    ids=repr,
)
def test_explanations_say_what_was_minimised(estimator, words):
    data, y = noisy(60, 3, 2, spread=0.5)
    text = estimator.fit(data, y).explain()
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(l1_ratio=1.0, C=0.5, class_weight="balanced"),
        LogisticRegression(penalty="elasticnet", l1_ratio=0.3, fit_intercept=False),
        LogisticRegression(penalty=None),
        Adaline(class_weight={0: 3.0}),
        LinearSVC(class_weight="balanced"),
        LinearSVC(class_weight={1: 2.5}, intercept_scaling=4.0),
        LinearSVC(loss="hinge", fit_intercept=False),
    ],
    ids=repr,
)
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_loss_surface_knows_weights_and_prices(estimator, classes, weighted):
    from underhood.models._loss_surface import loss_course

    data, y = noisy(90, 3, classes, spread=0.5)
    weights = np.random.default_rng(0).uniform(0.1, 2.0, 90) if weighted else None
    model = quietly(clone(estimator), data, y, sample_weight=weights)
    history = model.history_[1] if isinstance(model.history_, dict) else model.history_
    for pair in (None, (0, 1), (2, "bias")):
        course, _ = loss_course(model, data, y, pair, 1, weights, "test")
        assert course.f(course.path[-1]) == pytest.approx(history.loss[-1], rel=1e-9)
    ax = model.plot_loss_surface(data, y, sample_weight=weights)
    assert history.convention in ax.get_title()
    ax.figure.clear()


def test_the_rules_of_rows_do_not_take_a_rise_of_the_loss_for_arrival():
    # Two batches an epoch, one class all but weightless, columns far from standardised: the loss rises now and then.
    rng = np.random.default_rng(0)
    data = 20.0 * rng.standard_normal((50, 2)) + 5.0
    y = np.arange(50) % 3
    model = quietly(Adaline(solver="mini-batch", class_weight={0: 1000.0, 1: 1e-4, 2: 1e-4}), data, y)
    least = Adaline(solver="exact").fit(data, y, sample_weight=np.where(y == 0, 1000.0, 1e-4)).history_
    if model.converged_:
        assert all(model.history_[k].loss[-1] <= least[k].loss[0] + 0.1 for k in range(3))
    # Where it hovers, it says so, and stops where the loss is no higher than usual.
    data, y = standardised(IRIS.data), IRIS.target
    for solver, size in (("stochastic", 1), ("mini-batch", 4), ("mini-batch", 32)):
        model = quietly(Adaline(solver=solver, batch_size=size), data, y)
        assert "hovers" in model.stop_reason_
        for history in model.history_.values():
            assert 20 <= len(history) < 1000
            assert history.loss[-1] <= history.loss[-10:].mean()


def test_the_digits_are_learned_to_the_end_whatever_the_units():
    data, y = load_digits(return_X_y=True)
    for scaled in (data, data / 16):
        model = LogisticRegression(tol=1e-9).fit(scaled, y)
        assert model.converged_
        assert model.n_iter_ < 200
        z = model.decision_function(scaled)
        residual = special.softmax(z, axis=1) - (y[:, None] == np.arange(10))
        slope = residual.T @ scaled + model.coef_
        assert np.abs(slope).max() / len(y) < 1e-7
        assert model._solver == "lbfgs"


@pytest.mark.parametrize("classes", [2, 3])
def test_many_columns_without_a_hessian_have_the_same_minimum(classes):
    data, y = noisy(80, 700, classes, spread=0.2)
    data[:, ::7] *= 1e3
    weights = np.random.default_rng(0).uniform(size=80)
    model = LogisticRegression(C=0.1).fit(data, y, sample_weight=weights)
    assert model._solver == "lbfgs"
    assert model.converged_
    assert stationarity(data, y, model, 0.1, 0.0, weights) < 1e-11
    peer = linear_model.LogisticRegression(C=0.1, max_iter=2000).fit(data, y, weights)
    own, theirs = objective(data, y, model, 0.1, 0.0, weights), objective(data, y, peer, 0.1, 0.0, weights)
    assert own <= theirs * (1 + 1e-13)


def test_penalties_on_columns_that_depend_on_each_other_come_to_an_end():
    """Unlike scales, far offsets, more columns than rows, hardly a penalty: it converges, or says that it did not."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 22)) * 10 ** rng.uniform(-5, 5, 22)
    X = X + 10 ** rng.uniform(0, 6) * rng.choice([-1, 1], 22) * X.std(0)
    y = rng.integers(0, 3, 20)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LogisticRegression(C=1e6, l1_ratio=0.999, fit_intercept=False, max_iter=50).fit(X, y)
    assert np.isfinite(model.coef_).all()
    assert model.converged_ == (not caught)


@pytest.mark.parametrize("rows", [5, 7, 10, 37])
@pytest.mark.parametrize("value", [1.0, 7.3, 1e6])
def test_the_exact_plane_of_a_constant_column_is_the_bias_alone(rows, value):
    """The bias is free, so that the shortest w is zero, and b the mean of the signs."""
    y = np.arange(rows) % 2
    model = Adaline(solver="exact").fit(np.full((rows, 1), value), y)
    assert model.coef_.tolist() == [[0.0]]
    np.testing.assert_allclose(model.intercept_, [(2 * y - 1).mean()], atol=1e-15)


def is_separable(X, y, intercept):
    """Whether some direction moves no row towards a wrong class and some row away: a linear program (HiGHS)."""
    rows = np.c_[X, np.ones(len(X))] if intercept else X
    classes, ahead = y.max() + 1, []
    for row, own in zip(rows, y, strict=True):
        for other in set(range(classes)) - {own}:
            block = np.zeros((classes, rows.shape[1]))
            block[own], block[other] = row, -row
            ahead.append(block.ravel())
    ahead = np.array(ahead)
    found = linprog(-ahead.sum(0), A_ub=-ahead, b_ub=np.zeros(len(ahead)), bounds=(-1, 1), method="highs-ds")
    assert found.status == 0
    return -found.fun > 1e-7


@pytest.mark.parametrize("solver", ["newton-cholesky", "lbfgs"])
@pytest.mark.parametrize("seed", range(5))
def test_without_a_penalty_separation_is_told_exactly_where_a_linear_program_finds_it(seed, solver):
    """Then, and only then, the likelihood has no maximum (Albert and Anderson 1984); small integers make ties."""
    rng = np.random.default_rng(seed)
    told = []
    for _ in range(80):
        n, d, classes, most = (int(rng.integers(*ends)) for ends in ((4, 31), (1, 4), (2, 4), (1, 6)))
        X = rng.integers(-most, most + 1, (n, d)).astype(float)
        y = (X @ rng.normal(size=(d, classes)) + rng.choice([0.1, 0.5, 2]) * rng.gumbel(size=(n, classes))).argmax(1)
        weights = rng.integers(0, 3, n) if rng.random() < 0.3 else np.ones(n)
        counts, intercept = weights > 0, bool(rng.random() < 0.8)
        if len(np.unique(y[counts])) < classes:
            continue
        expected = is_separable(X[counts], y[counts], intercept)
        model = LogisticRegression(C=np.inf, solver=solver, fit_intercept=intercept)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X * 2.0 ** rng.integers(-20, 20, d), y, weights)
        assert ("planes separate" in model.stop_reason_) == expected, (X, y, weights, intercept)
        assert model.converged_ == (not expected)
        told.append(expected)
    assert len(set(told)) == 2


@pytest.mark.parametrize("unit", [2.0**-500, 2.0**-600, 2.0**-1000])
def test_columns_whose_squares_vanish_have_their_weights(unit):
    """Without a penalty weights go with 1/unit; where the penalty is all that bends, with the unit: w = C·Σ(y − P)x."""
    X, y = noisy(60, 2, 2)
    plain = LogisticRegression(C=np.inf).fit(X, y)
    tiny = LogisticRegression(C=np.inf).fit(X * unit, y)
    np.testing.assert_allclose(tiny.coef_ * unit, plain.coef_, rtol=1e-9)
    held = LogisticRegression().fit(X * unit, y)
    np.testing.assert_allclose(held.coef_[0], ((y - y.mean()) @ X) * unit, rtol=1e-12)
    with pytest.warns(ConvergenceWarning):
        assert not Adaline().fit(X * unit, y).converged_
    if unit < 2.0**-540:
        with pytest.raises(ValueError, match="so small that their squares vanish"):
            Adaline(fit_intercept=False).fit(X * unit, y)


def test_weights_beyond_the_range_of_doubles_are_refused_by_name():
    X, y = noisy(60, 1, 2, spread=2.0)
    with pytest.raises(ValueError, match=r"so small \(column 0\) that their weights are beyond"):
        LogisticRegression(C=np.inf).fit(X * 1e-310, y)


@pytest.mark.parametrize("solver", ["stochastic", "mini-batch"])
def test_steps_of_rows_that_stall_far_above_the_minimum_have_not_converged(solver):
    X, y = noisy(60, 2, 2, spread=2.0)
    least = Adaline(solver="exact").fit(X, y).history_.loss[-1]
    near = Adaline(solver=solver).fit(X, y)
    assert near.converged_
    assert near.history_.loss[-1] < 1.1 * least
    with pytest.warns(ConvergenceWarning, match="far above its minimum"):
        far = Adaline(solver=solver).fit(X + 1e4, y)
    assert not far.converged_
    assert far.history_.loss[-1] > 1.3 * least


@pytest.mark.parametrize("c", [1.0, 1e8])
def test_absolute_prices_of_dependent_columns_meet_their_conditions(c):
    """Forty columns of rank ten, three classes: no objective is below it, and no more columns are used than bend it."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 10)) @ rng.normal(size=(10, 40))
    y = rng.integers(0, 3, 60)
    model = LogisticRegression(C=c, l1_ratio=1.0).fit(X, y)
    assert model.converged_
    assert model.n_iter_ < 30
    p = model.predict_proba(X) - np.eye(3)[y]
    slopes = p.T @ X
    used = model.coef_ != 0
    assert used.sum() <= 3 * 10
    scale = np.abs(X).sum()
    assert np.abs(slopes + np.sign(model.coef_) / c)[used].max() < 1e-11 * scale
    assert np.abs(slopes)[~used].max() < 1 / c + 1e-11 * scale


def test_balanced_weights_of_linear_svc_count_rows_by_their_weight():
    X, y = noisy(90, 3, 3)
    weights = 1.0 + np.arange(90) % 4
    for classes in (2, 3):
        some = y < classes
        repeated = np.repeat(np.flatnonzero(some), weights[some].astype(int))
        ours = LinearSVC(class_weight="balanced").fit(X[some], y[some], weights[some])
        same = LinearSVC(class_weight="balanced").fit(X[repeated], y[repeated])
        np.testing.assert_allclose(ours.coef_, same.coef_, rtol=1e-9)
        peer = svm.LinearSVC(class_weight="balanced", tol=1e-12, max_iter=100_000, dual=False)
        np.testing.assert_allclose(ours.coef_, peer.fit(X[some], y[some], weights[some]).coef_, rtol=1e-6)


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_the_history_of_linear_svc_begins_at_the_start_and_holds_the_gradient(offset):
    X, y = noisy(60, 2, 2)
    X = X + offset
    weights = np.arange(60) % 2
    history = LinearSVC().fit(X, y, weights).history_
    assert history.epoch.tolist() == list(range(len(history.loss)))
    assert not history.weights[0].any()
    sign = 2.0 * y - 1
    for w, b, norm, errors in zip(history.weights, history.bias, history.gradient_norm, history.errors, strict=True):
        short = 2 * weights * sign * np.maximum(0.0, 1 - sign * (X @ w + b))
        by_hand = np.append(w, b) - np.append(short @ X, short.sum())
        # Each term of the sum is rounded, and so is each z.
        rounding = 1e-15 * (np.abs(X).max() ** 2 * np.abs(w).sum() + np.abs(X).max()) * 60
        assert norm == pytest.approx(np.linalg.norm(by_hand), rel=1e-9, abs=10 * rounding)
        assert errors == (weights * sign * (X @ w + b) <= 0)[weights > 0].sum()
