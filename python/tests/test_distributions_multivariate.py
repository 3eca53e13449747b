"""Distributions of several variables: agreement with SciPy and NumPy, arithmetic, draws, fits, pictures."""

import copy
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.stats
from underhood.distributions import Dirichlet, Multinomial, MultivariateNormal, Normal

MEAN = np.array([1.0, 2.0, 3.0])
COV = np.array([[2.0, 0.5, 0.3], [0.5, 1.0, -0.2], [0.3, -0.2, 4.0]])
NORMAL = MultivariateNormal(MEAN, COV)
ALL = (NORMAL, Multinomial(5, [0.2, 0.3, 0.5]), Dirichlet([0.5, 2, 3]))


def test_the_normal_agrees_with_scipy():
    points = np.random.default_rng(1).normal(size=(4, 5, 3))
    peer = scipy.stats.multivariate_normal(MEAN, COV)
    np.testing.assert_allclose(NORMAL.pdf(points), peer.pdf(points), rtol=1e-12)
    np.testing.assert_allclose(NORMAL.logpdf(points), peer.logpdf(points), rtol=1e-12)
    assert NORMAL.entropy() == pytest.approx(peer.entropy(), rel=1e-13)
    assert type(NORMAL.pdf([0, 0, 0])) is float
    two, other = NORMAL.marginal([0, 2]), scipy.stats.multivariate_normal(MEAN[[0, 2]], COV[np.ix_([0, 2], [0, 2])])
    # SciPy's two-dimensional probabilities are good to 1e-15 or so.
    np.testing.assert_allclose(two.cdf(points[..., :2]), other.cdf(points[..., :2]), rtol=1e-11, atol=3e-15)
    value, error = NORMAL.cdf([1, 2, 3], return_error=True)
    exact = 1 / 8 + np.arcsin(NORMAL.correlation()[np.triu_indices(3, 1)]).sum() / (4 * np.pi)
    assert abs(value - exact) <= 2 * error <= 2e-4
    assert NORMAL.cdf([1, 2, 3]) == value
    box = scipy.stats.multivariate_normal(MEAN[:2], COV[:2, :2]).cdf([2, 3], lower_limit=[0, 0])
    assert NORMAL.marginal([0, 1]).prob([0, 0], [2, 3]) == pytest.approx(box, rel=1e-11)


def test_a_probability_that_is_less_sure_than_asked_for_says_so():
    X = MultivariateNormal(np.zeros(4), np.full((4, 4), 0.9) + 0.1 * np.eye(4))
    with pytest.warns(RuntimeWarning, match="MultivariateNormal.cdf: the probability may be off by"):
        X.cdf([0.5, -0.5, 1.0, 0.0], tol=1e-13)


def test_counts_and_proportions_agree_with_scipy():
    counts = np.random.default_rng(2).multinomial(7, [0.2, 0.3, 0.5], size=50)
    ours, theirs = Multinomial(7, [0.2, 0.3, 0.5]), scipy.stats.multinomial(7, [0.2, 0.3, 0.5])
    np.testing.assert_allclose(ours.pmf(counts), theirs.pmf(counts), rtol=1e-12)
    np.testing.assert_allclose(ours.logpmf(counts), theirs.logpmf(counts), rtol=1e-12)
    np.testing.assert_allclose(ours.cov(), theirs.cov(), rtol=1e-13)
    assert ours.entropy() == pytest.approx(theirs.entropy(), rel=1e-12)
    alpha = [0.5, 2, 30]
    ours, theirs = Dirichlet(alpha), scipy.stats.dirichlet(alpha)
    points = ours.rvs(50, rng=1)
    np.testing.assert_allclose(ours.pdf(points), theirs.pdf(points.T), rtol=1e-11)
    np.testing.assert_allclose(ours.logpdf(points), theirs.logpdf(points.T), rtol=1e-11)
    for name in ("mean", "var", "cov", "entropy"):
        np.testing.assert_allclose(getattr(ours, name)(), getattr(theirs, name)(), rtol=1e-12)
    np.testing.assert_allclose(ours.correlation(), ours.cov() / np.outer(ours.std(), ours.std()), atol=1e-15)
    assert np.isnan(ours.mode()).all()
    np.testing.assert_allclose(Dirichlet([2, 3, 5]).mode(), [1 / 7, 2 / 7, 4 / 7])


def test_covariances_may_be_a_number_or_a_diagonal():
    assert MultivariateNormal() == MultivariateNormal([0.0], [[1.0]])
    assert MultivariateNormal([1, 2]) == MultivariateNormal([1, 2], [1, 1])
    assert MultivariateNormal([1, 2], 4) == MultivariateNormal([1, 2], [[4, 0], [0, 4]])
    assert MultivariateNormal(cov=[1, 2, 3]).mean().tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match=r"MultivariateNormal: cov is 3×3, but mean is a vector of 2"):
        MultivariateNormal([1, 2], np.eye(3))


def test_parts_are_those_of_the_textbook():
    given, rest = [2, 0], [1]
    X = NORMAL.conditional(given, [5, 1])
    gain = COV[np.ix_(rest, given)] @ np.linalg.inv(COV[np.ix_(given, given)])
    np.testing.assert_allclose(X.mean(), MEAN[rest] + gain @ ([5, 1] - MEAN[given]), rtol=1e-14)
    np.testing.assert_allclose(X.cov(), COV[np.ix_(rest, rest)] - gain @ COV[np.ix_(given, rest)], rtol=1e-14)
    assert NORMAL.marginal(1) == Normal(2, 1)
    assert NORMAL.marginal([2, 0]) == MultivariateNormal([3, 1], [[4, 0.3], [0.3, 2]])


def test_arithmetic_is_true():
    A = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, -1.0]])
    Y = A @ NORMAL + [1, 2]
    np.testing.assert_allclose(Y.mean(), A @ MEAN + [1, 2])
    np.testing.assert_allclose(Y.cov(), A @ COV @ A.T)
    a = np.array([1.0, -1.0, 0.5])
    assert (a @ NORMAL).std() == pytest.approx(np.sqrt(a @ COV @ a))
    np.testing.assert_allclose((np.float64(2) * NORMAL / 4).cov(), COV / 4)
    np.testing.assert_allclose((1 - NORMAL).mean(), 1 - MEAN)
    other = MultivariateNormal(MEAN, COV)
    np.testing.assert_allclose((NORMAL + other).cov(), 2 * COV)
    np.testing.assert_allclose((NORMAL - other).cov(), 2 * COV)
    np.testing.assert_allclose((NORMAL - other).mean(), 0)
    with pytest.raises(ValueError, match="a distribution is not a variable"):
        NORMAL + NORMAL
    with pytest.raises(ValueError, match="MultivariateNormal: b has the shape"):
        NORMAL + np.array([1, 2])
    with pytest.raises(TypeError):
        NORMAL * "two"
    with pytest.raises(ZeroDivisionError):
        NORMAL / 0


@pytest.mark.parametrize("X", ALL, ids=lambda X: type(X).__name__)
def test_draws_prints_and_copies(X):
    points = X.rvs((4, 6), rng=3)
    assert points.shape == (4, 6, 3)
    np.testing.assert_array_equal(points, X.rvs((4, 6), rng=3))
    assert X.rvs(rng=1).shape == (3,)
    assert X.rvs(0, rng=1).shape == (0, 3)
    assert pickle.loads(pickle.dumps(X)) == X == copy.deepcopy(X)
    assert hash(X) == hash(copy.copy(X))
    assert eval(repr(X), {k: globals()[k] for k in ("MultivariateNormal", "Multinomial", "Dirichlet")}) == X
    assert "cov X2" in X._repr_html_()
    assert X.mean().shape == X.var().shape == X.std().shape == (3,)
    name = "logpmf" if isinstance(X, Multinomial) else "logpdf"
    assert getattr(X, name)(points).shape == (4, 6)


@pytest.mark.parametrize("X", ALL, ids=lambda X: type(X).__name__)
def test_fits_find_what_was_drawn_from(X):
    fit = type(X).fit(X.rvs(5000, rng=4))
    for name, errors in fit.standard_errors.items():
        assert (abs(fit.parameters[name] - X.parameters[name]) < 4.5 * errors).all()
    assert "fitted to 5000 points" in repr(fit)
    assert "log_likelihood" in fit._repr_html_()


def test_a_fit_is_never_less_likely_than_scipys():
    data = NORMAL.rvs(50, rng=1)
    mean, cov = scipy.stats.multivariate_normal.fit(data)
    theirs = scipy.stats.multivariate_normal(mean, cov).logpdf(data).sum()
    assert MultivariateNormal.fit(data).log_likelihood >= theirs - 1e-10


def test_pictures():
    X = MultivariateNormal([1, 2], [[2, 1], [1, 1]])
    ax = X.plot(samples=10)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["50%", "90%", "99%"]
    plt.close("all")
    inside = X.mahalanobis(X.rvs(20_000, rng=1)) <= X.mahalanobis(X.ellipse(0.9)[0])
    assert inside.mean() == pytest.approx(0.9, abs=0.01)
    with pytest.raises(ValueError, match=r"MultivariateNormal.plot: X has 3 variables"):
        NORMAL.plot()
    with pytest.raises(ValueError, match=r"MultivariateNormal.ellipse: confidence is 1"):
        X.ellipse(1.0)
