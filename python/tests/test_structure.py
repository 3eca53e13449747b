"""PCA, k-means, mixtures, silhouettes: beside scikit-learn and NumPy, identities, awkward data, what a reader sees."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from sklearn import cluster, decomposition, metrics, mixture
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine, make_blobs
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks, get_tags
from underhood.models import (
    PCA,
    ConvergenceWarning,
    GaussianMixture,
    KMeans,
    NotFittedError,
    StandardScaler,
    silhouette_samples,
    silhouette_score,
)

IRIS, WINE, CANCER = load_iris().data, load_wine().data, load_breast_cancer().data
DIGITS = load_digits().data[:600]
RNG = np.random.default_rng(7)
WIDE = RNG.normal(size=(15, 40))
OFFSET = RNG.normal(size=(300, 4)) * [1.0, 2.0, 0.5, 3.0] + 1e9
SETS = {"iris": IRIS, "wine": WINE, "cancer": CANCER, "digits": DIGITS, "wide": WIDE, "offset": OFFSET}
every_set = pytest.mark.parametrize("data", SETS.values(), ids=SETS)
TYPES = ["full", "tied", "diag", "spherical"]


# scikit-learn's own checks.


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (PCA(), decomposition.PCA()),
        (KMeans(), cluster.KMeans()),
        (GaussianMixture(), mixture.GaussianMixture()),
        (GaussianMixture(2, covariance_type="diag"), None),
    ],
    ids=repr,
)
def test_scikit_learns_own_checks_pass(ours, theirs):
    with warnings.catch_warnings():
        # The checks fit noise, until max_iter: that is what these warnings say.
        warnings.simplefilter("ignore")
        results = estimator_checks.check_estimator(ours, on_skip=None, on_fail=None)
        failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
        if failed and theirs is not None:
            # Weights and repeated rows draw other starts, here as there.
            beside = estimator_checks.check_estimator(theirs, on_skip=None, on_fail=None)
            for result in beside:
                if result["status"] == "failed":
                    failed.pop(result["check_name"], None)
    assert not failed
    assert len(results) > 40
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


def test_scikit_learns_checks_of_clusterers_pass():
    estimator_checks.check_clustering("KMeans", KMeans())
    estimator_checks.check_clusterer_compute_labels_predict("KMeans", KMeans())
    assert get_tags(KMeans()).estimator_type == "clusterer"
    assert get_tags(GaussianMixture()).estimator_type == "density_estimator"


# Principal components.


@pytest.mark.parametrize("solver", ["auto", "full"])
@every_set
def test_singular_values_and_components_are_numpys_to_rounding(data, solver):
    model = PCA(svd_solver=solver).fit(data)
    s, vh = np.linalg.svd(data - data.mean(axis=0), full_matrices=False)[1:]
    # At 1e9 the data themselves, and the mean, hold seven digits behind the point.
    rounding = 1e-10 if data is OFFSET else 1e-14 * max(data.shape)
    np.testing.assert_allclose(model.singular_values_, s, rtol=0, atol=rounding * s[0])
    known = s > 1e-9 * s[0]
    # Relative, for the small ones too: that is what eigenvalues of the covariance would lose.
    relative = 1e-6 if data is OFFSET else 1e-10
    np.testing.assert_allclose(model.singular_values_[known], s[known], rtol=relative)
    np.testing.assert_allclose(np.abs((model.components_ * vh).sum(axis=1))[known], 1.0, rtol=1e-8)
    np.testing.assert_allclose(model.components_ @ model.components_.T, np.eye(len(s)), atol=1e-13)
    np.testing.assert_allclose(model.inverse_transform(model.transform(data)), data, rtol=1e-12, atol=1e-11)


@every_set
@pytest.mark.parametrize("count", [2, 0.9, None])
def test_pca_agrees_with_scikit_learns(data, count):
    ours, theirs = PCA(count).fit(data), decomposition.PCA(count, svd_solver="full").fit(data)
    assert ours.n_components_ == theirs.n_components_
    k = min(ours.n_components_, 5)
    scale = np.abs(data - data.mean(axis=0)).max()
    loose = 1e-7 if data is OFFSET else 1e-11
    np.testing.assert_allclose(ours.components_[:k], theirs.components_[:k], rtol=0, atol=1e4 * loose)
    np.testing.assert_allclose(ours.explained_variance_ratio_, theirs.explained_variance_ratio_, rtol=0, atol=loose)
    np.testing.assert_allclose(ours.noise_variance_, theirs.noise_variance_, rtol=1e-8, atol=loose * scale**2)
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-14)
    if data is not OFFSET:
        np.testing.assert_allclose(ours.transform(data)[:, :k], theirs.transform(data)[:, :k], atol=1e-9 * scale)


@pytest.mark.parametrize("data", [IRIS, WINE, WIDE], ids=["iris", "wine", "wide"])
def test_likelihood_covariance_and_errors_of_the_plane(data):
    ours, theirs = PCA(2).fit(data), decomposition.PCA(2, svd_solver="full").fit(data)
    np.testing.assert_allclose(ours.score_samples(data), theirs.score_samples(data), rtol=1e-9)
    assert ours.score(data) == pytest.approx(theirs.score(data), rel=1e-11)
    np.testing.assert_allclose(ours.get_covariance(), theirs.get_covariance(), rtol=1e-9, atol=1e-11)
    lost = ((data - ours.inverse_transform(ours.transform(data))) ** 2).sum(axis=1)
    np.testing.assert_allclose(ours.reconstruction_error(data), lost, rtol=1e-9, atol=1e-20)
    left_out = PCA().fit(data).explained_variance_[2:].sum()
    assert lost.sum() == pytest.approx((len(data) - 1) * left_out, rel=1e-10)


def test_all_components_give_the_normal_density():
    model = PCA().fit(IRIS)
    density = multivariate_normal(IRIS.mean(axis=0), np.cov(IRIS.T))
    np.testing.assert_allclose(model.score_samples(IRIS), density.logpdf(IRIS), rtol=1e-11)
    with pytest.raises(ValueError, match=r"PCA.score_samples: X has no density under this model"):
        PCA().fit(np.column_stack([IRIS, IRIS[:, 0]])[:, [0, 4]] * [1.0, 0.0]).score_samples(IRIS[:, :2])


def test_whitened_coordinates_have_variance_one():
    model = PCA(3, whiten=True).fit(WINE)
    z = model.transform(WINE)
    np.testing.assert_allclose(np.cov(z.T), np.eye(3), atol=1e-12)
    np.testing.assert_allclose(model.inverse_transform(z), PCA(3).fit(WINE).inverse_transform(
        PCA(3).fit(WINE).transform(WINE)), rtol=1e-12)  # fmt: skip
    # No more rows than columns: the last direction is rounding, and is not blown up.
    assert np.abs(PCA(whiten=True).fit(WIDE).transform(WIDE)[:, -1]).max() < 1e-10


def test_small_components_keep_their_digits():
    # Standard deviations from 1 to 1e-7 along directions that are turned at random.
    rng = np.random.default_rng(3)
    q = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    u = np.linalg.qr(rng.normal(size=(5000, 6)) - 0.0)[0]
    u -= u.mean(axis=0)
    u = np.linalg.qr(u)[0]
    s = 10.0 ** -np.array([0.0, 1.0, 2.0, 4.0, 6.0, 7.0])
    data = (u * s) @ q
    model = PCA().fit(data)
    assert model.solver_ == "reflections"
    assert "would lose small components" in model.explain()
    # ε relative to the largest, so 2e-16 · 1e7 relative to the smallest.
    np.testing.assert_allclose(model.singular_values_, s, rtol=1e-8)
    eigen = PCA(svd_solver="covariance_eigh").fit(data)
    assert eigen.solver_ == "covariance_eigh"
    np.testing.assert_allclose(eigen.singular_values_[:3], s[:3], rtol=1e-10)


def test_columns_of_other_units_need_no_reflections():
    data = RNG.normal(size=(2000, 5)) * 10.0 ** np.array([0, -5, 5, -9, 9])
    model = PCA().fit(data)
    assert model.solver_ == "cholesky"
    expected = np.linalg.svd(data - data.mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(model.singular_values_[:3], expected[:3], rtol=1e-10)
    # The smallest is below the rounding of the largest for NumPy's; alone with its like it is not.
    alone = np.linalg.svd(data[:, [1, 3]] - data[:, [1, 3]].mean(axis=0), compute_uv=False)
    assert model.singular_values_[3] == pytest.approx(alone[0], rel=1e-2)


@pytest.mark.parametrize("size", [1e-150, 1e-100, 1e100, 1e140])
def test_sizes_do_not_matter_to_pca(size):
    plain, scaled = PCA().fit(IRIS), PCA().fit(IRIS * size)
    np.testing.assert_allclose(scaled.components_, plain.components_, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(scaled.explained_variance_ratio_, plain.explained_variance_ratio_, rtol=1e-11)
    np.testing.assert_allclose(scaled.singular_values_, plain.singular_values_ * size, rtol=1e-11)


def test_pca_of_awkward_columns():
    constant = PCA().fit(np.column_stack([IRIS, np.full(150, 0.1)]))
    assert constant.explained_variance_[-1] < 1e-30
    assert constant.mean_[-1] == 0.1
    np.testing.assert_allclose(constant.explained_variance_[:4], PCA().fit(IRIS).explained_variance_, rtol=1e-12)
    doubled = PCA().fit(np.column_stack([IRIS, IRIS]))
    np.testing.assert_allclose(doubled.explained_variance_[:4], 2 * PCA().fit(IRIS).explained_variance_, rtol=1e-11)
    equal = PCA().fit(np.full((5, 3), 0.1))
    assert (equal.explained_variance_ratio_ == 0).all()
    assert (equal.transform(np.full((5, 3), 0.1)) == 0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(1, 12), st.sampled_from([0.0, 1e6, -1e9]))
def test_pca_explains_all_variance(seed, rows, columns, offset):
    data = np.random.default_rng(seed).normal(size=(rows, columns)) + offset
    model = PCA().fit(data)
    total = np.var(data - data[0], axis=0, ddof=1).sum()
    assert model.explained_variance_.sum() == pytest.approx(total, rel=1e-7 if offset else 1e-12)
    assert (np.diff(model.explained_variance_) <= 0).all()
    largest = np.abs(model.components_).argmax(axis=1)
    assert (model.components_[np.arange(len(largest)), largest] > 0).all()


@pytest.mark.parametrize(
    ("parameters", "data", "error", "message"),
    [
        ({"n_components": 5}, IRIS, ValueError, "n_components is 5, but X is 150×4"),
        ({"n_components": 0}, IRIS, ValueError, "n_components is 0"),
        ({"n_components": 1.0}, IRIS, ValueError, "n_components is 1, but must be a whole number, or a share"),
        ({"n_components": -0.5}, IRIS, ValueError, r"n_components is -0\.5"),
        ({"n_components": np.float32(1.5)}, IRIS, ValueError, r"n_components is 1\.5"),
        ({"n_components": "mle"}, IRIS, TypeError, "n_components is a str"),
        ({"svd_solver": "arpack"}, IRIS, ValueError, 'svd_solver is "arpack"'),
        ({"svd_solver": "covariance_eigh"}, WIDE, ValueError, "needs at least as many rows as columns"),
        ({}, IRIS[:1], ValueError, "X has 1 row"),
        ({}, IRIS * 1e200, ValueError, "so large that their variance overflows"),
        ({}, np.where(IRIS > 7.8, np.nan, IRIS), ValueError, r"X holds NaN .* at row 131, column 0"),
    ],
)
def test_bad_parameters_of_pca_are_refused(parameters, data, error, message):
    with pytest.raises(error, match=f"PCA.fit: .*{message}"):
        PCA(**parameters).fit(data)


def test_pca_works_in_pipelines_with_frames_and_set_output_names():
    frame = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    model = PCA(2).fit(frame)
    assert model.get_feature_names_out().tolist() == ["pca0", "pca1"]
    np.testing.assert_array_equal(PCA(2).fit(pl.DataFrame(IRIS, schema=list("abcd"))).components_, model.components_)
    np.testing.assert_array_equal(PCA(2).fit(np.asfortranarray(IRIS)).components_, model.components_)
    np.testing.assert_array_equal(PCA(2).fit_transform(IRIS), model.transform(IRIS))
    pipeline = make_pipeline(StandardScaler(), PCA(2), KMeans(3)).fit(frame)
    assert pipeline.get_feature_names_out().tolist() == ["kmeans0", "kmeans1", "kmeans2"]
    search = GridSearchCV(PCA(), {"n_components": [1, 2, 3]}, cv=3).fit(IRIS)
    assert search.best_params_["n_components"] >= 2
    with pytest.raises(ValueError, match="feature names should match"):
        model.transform(frame[list("bacd")])


# k-means.


@every_set
@pytest.mark.parametrize("tol", [0.0, 1e-4])
@pytest.mark.parametrize("clusters", [1, 3, 9])
def test_from_the_same_centres_k_means_is_scikit_learns(data, clusters, tol):
    if data is OFFSET:
        data = data - 1e9  # scikit-learn's distances do not survive the offset
    init = data[:: len(data) // clusters][:clusters]
    ours = KMeans(clusters, init=init, tol=tol).fit(data)
    theirs = cluster.KMeans(clusters, init=init, n_init=1, tol=tol).fit(data)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-11, atol=1e-11)
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-11, abs=1e-18)
    assert ours.n_iter_ == theirs.n_iter_
    np.testing.assert_array_equal(ours.predict(data), ours.labels_)
    np.testing.assert_allclose(ours.transform(data), theirs.transform(data), rtol=1e-7, atol=1e-6)
    assert ours.score(data) == -ours.inertia_


def test_weights_count_rows():
    weights = RNG.integers(0, 4, 150).astype(float)
    init = IRIS[[0, 60, 110]]
    ours = KMeans(3, init=init, tol=0).fit(IRIS, sample_weight=weights)
    theirs = cluster.KMeans(3, init=init, n_init=1, tol=0).fit(IRIS, sample_weight=weights)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-12)
    assert ours.score(IRIS, sample_weight=weights) == pytest.approx(theirs.score(IRIS, sample_weight=weights))
    repeated = KMeans(3, init=init, tol=0).fit(np.repeat(IRIS, weights.astype(int), axis=0))
    np.testing.assert_allclose(ours.cluster_centers_, repeated.cluster_centers_, rtol=1e-12)
    for rule in ("k-means++", "random"):
        chosen = KMeans(3, init=rule, n_init=1, max_iter=1, tol=np.inf).fit(IRIS, sample_weight=weights)
        begun = chosen.history_.centers[0]
        used = [np.flatnonzero(np.isclose(center, IRIS, rtol=1e-14).all(axis=1)) for center in begun]
        assert all(weights[rows].any() for rows in used)


@pytest.mark.parametrize(
    "data",
    [IRIS, WINE, DIGITS[:200], make_blobs(200, 5, centers=12, random_state=1)[0]],
    ids=["iris", "wine", "digits", "blobs"],
)
def test_starts_are_no_worse_than_scikit_learns(data):
    runs = 40
    ours = np.array([KMeans(8, random_state=seed).fit(data).inertia_ for seed in range(runs)])
    theirs = np.array([cluster.KMeans(8, random_state=seed, n_init=1).fit(data).inertia_ for seed in range(runs)])
    # Means of so many runs differ by chance: three standard errors.
    error = np.sqrt(ours.var(ddof=1) / runs + theirs.var(ddof=1) / runs)
    assert ours.mean() <= theirs.mean() + 3 * error
    several = [KMeans(8, random_state=seed, n_init=10).fit(data).inertia_ for seed in range(5)]
    assert max(several) <= np.median(ours) * (1 + 1e-12)
    assert KMeans(8, init="random", n_init=5).fit(data).inertia_ < 1.3 * theirs.mean()


def test_offsets_do_not_matter_to_k_means():
    init = [0, 70, 140]
    exact = np.round(IRIS * 16) / 16  # so that adding 2**30 loses nothing
    plain = KMeans(3, init=exact[init], tol=0).fit(exact)
    moved = KMeans(3, init=exact[init] + 2.0**30, tol=0).fit(exact + 2.0**30)
    np.testing.assert_array_equal(moved.labels_, plain.labels_)
    assert moved.inertia_ == pytest.approx(plain.inertia_, rel=1e-7)
    np.testing.assert_allclose(moved.transform(exact + 2.0**30), plain.transform(exact), atol=1e-6)


@pytest.mark.parametrize("size", [1e-150, 1e140])
def test_sizes_do_not_matter_to_k_means(size):
    plain, scaled = (KMeans(3, init=x[[0, 70, 140]]).fit(x) for x in (IRIS, IRIS * size))
    np.testing.assert_array_equal(scaled.labels_, plain.labels_)
    np.testing.assert_allclose(scaled.cluster_centers_, plain.cluster_centers_ * size, rtol=1e-12)
    np.testing.assert_allclose(scaled.transform(IRIS * size), plain.transform(IRIS) * size, rtol=1e-10)


def test_the_history_of_k_means_falls_to_the_inertia():
    model = KMeans(8, random_state=3, tol=0).fit(DIGITS)
    history = model.history_
    assert len(history) == model.n_iter_ == history.epoch[-1]
    assert (np.diff(history.loss) <= 1e-9).all()
    assert history.loss[-1] == pytest.approx(model.inertia_, rel=1e-12)
    assert (history.changed[0], history.changed[-1], history.step[-1]) == (len(DIGITS), 0, pytest.approx(0, abs=1e-9))
    assert history.centers is None
    few = KMeans(3, init=IRIS[[0, 70, 140]]).fit(IRIS).history_
    np.testing.assert_allclose(few.centers[0], IRIS[[0, 70, 140]], rtol=1e-14)
    step = np.sqrt(((few.centers[1] - few.centers[0]) ** 2).sum())
    assert few.step[0] == pytest.approx(step, rel=1e-12)
    assert KMeans(keep_history=False).fit(IRIS).history_ is None


def test_the_fitted_centres_are_the_means_of_their_rows():
    model = KMeans(5, tol=0).fit(WINE)
    for k, center in enumerate(model.cluster_centers_):
        np.testing.assert_allclose(center, WINE[model.labels_ == k].mean(axis=0), rtol=1e-12)


def test_empty_clusters_take_the_farthest_row():
    data = np.array([[0.0], [1.0], [10.0], [11.0], [30.0]])
    init = np.array([[0.5], [10.5], [1000.0]])
    ours = KMeans(3, init=init, tol=0).fit(data)
    theirs = cluster.KMeans(3, init=init, n_init=1, tol=0).fit(data)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    assert sorted(ours.cluster_centers_.ravel()) == [0.5, 10.5, 30.0]


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_fewer_distinct_rows_than_clusters_warn(init):
    data = np.repeat([[0.0, 0.1], [1.0, 0.3], [5.0, 0.7]], 4, axis=0)
    with pytest.warns(ConvergenceWarning, match="only 3 of n_clusters=5 clusters have a row"):
        model = KMeans(5, init=init, n_init=40).fit(data)
    assert model.inertia_ == pytest.approx(0, abs=1e-28)
    assert np.isfinite(model.cluster_centers_).all()
    with pytest.warns(ConvergenceWarning, match="only 1 of n_clusters=2"):
        equal = KMeans(2).fit(np.full((6, 2), 0.1))
    assert (equal.cluster_centers_ == 0.1).all()


def test_max_iter_warns_and_seeds_fix_every_bit():
    with pytest.warns(ConvergenceWarning, match="max_iter iterations were made"):
        model = KMeans(8, max_iter=1).fit(DIGITS)
    assert not model.converged_
    assert model.n_iter_ == 1
    np.testing.assert_array_equal(model.predict(DIGITS), model.labels_)
    for seed in (5, np.random.default_rng(5)):
        again = [KMeans(4, random_state=clone_seed(seed)).fit(WINE).cluster_centers_ for _ in range(2)]
        np.testing.assert_array_equal(*again)
    assert len({KMeans(8, random_state=None).fit(DIGITS).inertia_ for _ in range(5)}) > 1


def clone_seed(seed):
    return np.random.default_rng(5) if isinstance(seed, np.random.Generator) else seed


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"n_clusters": 200}, ValueError, "n_clusters is 200, but X has 150 rows"),
        ({"n_clusters": 0}, ValueError, "n_clusters is 0"),
        ({"n_clusters": 2.5}, TypeError, "n_clusters is a float"),
        ({"init": "far"}, ValueError, 'init is "far"'),
        ({"init": IRIS[:3]}, ValueError, "init is 3×4, but 8 centres of 4 features are needed"),
        ({"init": IRIS[:8] * np.nan}, ValueError, "init holds NaN"),
        ({"n_init": 0}, ValueError, "n_init is 0"),
        ({"n_init": "few"}, ValueError, "n_init is 'few'"),
        ({"max_iter": 0}, ValueError, "max_iter is 0"),
        ({"tol": -1.0}, ValueError, "tol is -1"),
        ({"random_state": "seed"}, TypeError, "random_state is a str"),
    ],
)
def test_bad_parameters_of_k_means_are_refused(parameters, error, message):
    with pytest.raises(error, match=f"KMeans.fit: {message}"):
        KMeans(**parameters).fit(IRIS)


def test_bad_rows_of_k_means_are_refused():
    with pytest.raises(ValueError, match=r"KMeans.fit: X holds NaN .* at row 2, column 1"):
        KMeans(2).fit([[0.0, 1.0], [1.0, 1.0], [0.0, np.nan]])
    with pytest.raises(ValueError, match="so far apart that their differences overflow"):
        KMeans(2).fit(np.where(np.arange(2000) < 1024, -1.7e308, 1.7e308)[:, None])
    with pytest.raises(ValueError, match="the inertia overflows"):
        KMeans(1).fit([[-1e200], [1e200], [0.0]])
    with pytest.raises(ValueError, match="sample_weight is zero everywhere"):
        KMeans(1).fit(IRIS, sample_weight=np.zeros(150))
    with pytest.raises(ValueError, match="sample_weight is positive for 2 rows, too few for n_clusters = 3"):
        KMeans(3, init="random").fit(IRIS, sample_weight=np.arange(150) < 2)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 10), st.integers(1, 20))
def test_labels_are_the_nearest_centres(seed, rows, columns, clusters):
    rng = np.random.default_rng(seed)
    data, clusters = rng.normal(size=(rows, columns)), min(clusters, rows)
    model = KMeans(clusters, random_state=seed).fit(data)
    distances = ((data[:, None] - model.cluster_centers_) ** 2).sum(axis=-1)
    np.testing.assert_allclose(distances[np.arange(rows), model.labels_], distances.min(axis=1), atol=1e-12)
    assert model.inertia_ == pytest.approx(distances.min(axis=1).sum(), rel=1e-12, abs=1e-14)
    assert set(model.labels_) == set(range(clusters))


# Mixtures.


def start(data, kind, components=3):
    """Weights, means and precisions to start with."""
    covariance = np.cov(data.T) + np.eye(data.shape[1])
    precisions = {
        "full": np.array([np.linalg.inv(covariance)] * components),
        "tied": np.linalg.inv(covariance),
        "diag": np.array([1 / np.diag(covariance)] * components),
        "spherical": np.full(components, 1 / np.diag(covariance).mean()),
    }[kind]
    weights = np.arange(1.0, components + 1) / np.arange(1.0, components + 1).sum()
    means = data[:: len(data) // components][:components]
    return {"weights_init": weights, "means_init": means, "precisions_init": precisions}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("data", [IRIS, WINE, CANCER[:, :6], WIDE], ids=["iris", "wine", "cancer", "wide"])
def test_from_the_same_start_mixtures_are_scikit_learns(data, kind):
    options = {"covariance_type": kind, "reg_covar": 1e-3, "tol": 1e-5, "max_iter": 400, **start(data, kind)}
    ours, theirs = GaussianMixture(3, **options).fit(data), mixture.GaussianMixture(3, **options).fit(data)
    assert ours.n_iter_ == theirs.n_iter_
    scale = np.abs(data).max()
    np.testing.assert_allclose(ours.means_, theirs.means_, rtol=1e-7, atol=1e-7 * scale)
    np.testing.assert_allclose(ours.covariances_, theirs.covariances_, rtol=1e-5, atol=1e-8 * scale**2)
    np.testing.assert_allclose(ours.weights_, theirs.weights_, rtol=1e-7)
    np.testing.assert_allclose(ours.predict_proba(data), theirs.predict_proba(data), atol=1e-6)
    np.testing.assert_array_equal(ours.predict(data), theirs.predict(data))
    assert ours.lower_bound_ >= theirs.score(data) - 1e-9
    assert ours.lower_bound_ == pytest.approx(ours.score(data), rel=1e-10)
    assert ours.bic(data) == pytest.approx(theirs.bic(data), rel=1e-9)
    assert ours.aic(data) == pytest.approx(theirs.aic(data), rel=1e-9)
    np.testing.assert_allclose(
        ours.precisions_, theirs.precisions_, rtol=1e-4, atol=1e-7 * np.abs(ours.precisions_).max()
    )


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("data", [IRIS, WINE, CANCER[:, :6]], ids=["iris", "wine", "cancer"])
def test_defaults_climb_at_least_as_high_as_scikit_learns(data, kind):
    ours = [GaussianMixture(2, covariance_type=kind, random_state=seed).fit(data).score(data) for seed in range(3)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [
            mixture.GaussianMixture(2, covariance_type=kind, random_state=seed).fit(data).score(data)
            for seed in range(3)
        ]
    assert max(ours) >= max(theirs) - 1e-9


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("init", ["kmeans", "random"])
def test_the_likelihood_never_falls(kind, init):
    model = GaussianMixture(3, covariance_type=kind, reg_covar=0.0, tol=1e-8, max_iter=3000, init_params=init)
    history = model.fit(WINE[:, :4]).history_
    assert (np.diff(history.log_likelihood) >= -1e-12).all()
    assert history.log_likelihood[-1] == model.lower_bound_
    np.testing.assert_array_equal(history.loss, -history.log_likelihood)
    assert len(history) == model.n_iter_ + 1
    np.testing.assert_allclose(history.weights.sum(axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(history.means[-1], model.means_, rtol=1e-14)
    assert model.converged_


def test_one_component_is_the_normal_distribution_of_the_rows():
    model = GaussianMixture(1, reg_covar=0.0).fit(OFFSET)
    np.testing.assert_allclose(model.means_[0], OFFSET.mean(axis=0), rtol=1e-15)
    covariance = np.cov((OFFSET - 1e9).T, bias=True)
    np.testing.assert_allclose(model.covariances_[0], covariance, rtol=1e-6, atol=1e-7)
    density = multivariate_normal(model.means_[0] - 1e9, covariance)
    np.testing.assert_allclose(model.score_samples(OFFSET), density.logpdf(OFFSET - 1e9), rtol=1e-6)


@pytest.mark.parametrize("kind", TYPES)
def test_densities_are_those_of_the_parameters(kind):
    model = GaussianMixture(2, covariance_type=kind).fit(IRIS)
    parts = [
        weight * multivariate_normal(mean, covariance).pdf(IRIS)
        for weight, mean, covariance in zip(model.weights_, model.means_, model._matrices(), strict=True)
    ]
    np.testing.assert_allclose(model.score_samples(IRIS), np.log(np.sum(parts, axis=0)), rtol=1e-11)
    np.testing.assert_allclose(
        model.predict_proba(IRIS), np.array(parts).T / np.sum(parts, axis=0)[:, None], atol=1e-11
    )
    inverse = model.precisions_ if kind in ("diag", "spherical") else np.linalg.inv(model.covariances_)
    np.testing.assert_allclose(model.precisions_, inverse, rtol=1e-9, atol=1e-9)
    if kind in ("full", "tied"):
        w = model.precisions_cholesky_
        np.testing.assert_allclose(w @ np.swapaxes(w, -1, -2), model.precisions_, rtol=1e-10, atol=1e-10)
        assert (np.tril(w, -1) == 0).all()
    else:
        np.testing.assert_allclose(model.precisions_cholesky_**2, 1 / model.covariances_, rtol=1e-12)


@pytest.mark.parametrize("kind", TYPES)
def test_samples_come_from_the_mixture(kind):
    model = GaussianMixture(2, covariance_type=kind).fit(IRIS)
    rows, components = model.sample(20_000)
    assert (np.diff(components) >= 0).all()
    share = np.bincount(components, minlength=2) / 20_000
    # Five standard errors.
    assert np.abs(share - model.weights_).max() < 5 * 0.5 / np.sqrt(20_000)
    for k, covariance in enumerate(model._matrices()):
        own = rows[components == k]
        error = np.sqrt(np.diag(covariance) / len(own))
        assert (np.abs(own.mean(axis=0) - model.means_[k]) < 5 * error).all()
        # The variance of a sample covariance of a normal distribution is (c_ij² + c_ii·c_jj)/(n − 1).
        variances = np.diag(covariance)
        error = np.sqrt((covariance**2 + np.outer(variances, variances)) / (len(own) - 1))
        assert (np.abs(np.cov(own.T) - covariance) < 5 * error).all()
    np.testing.assert_array_equal(model.sample(5)[0], model.sample(5)[0])
    assert (model.sample(5, random_state=1)[0] != model.sample(5, random_state=2)[0]).any()
    with pytest.raises(ValueError, match=r"GaussianMixture\.sample: n_samples is 0"):
        model.sample(0)


def test_mixtures_of_far_offsets_keep_their_digits():
    exact = np.round(IRIS * 16) / 16
    plain = GaussianMixture(3, reg_covar=1e-4).fit(exact)
    moved = GaussianMixture(3, reg_covar=1e-4).fit(exact + 2.0**28)
    np.testing.assert_array_equal(moved.predict(exact + 2.0**28), plain.predict(exact))
    assert moved.lower_bound_ == pytest.approx(plain.lower_bound_, rel=1e-6)


def test_rows_far_from_everything_are_refused_and_far_ones_still_have_densities():
    model = GaussianMixture(2).fit(IRIS)
    with pytest.raises(ValueError, match=r"GaussianMixture\.predict_proba: X is so far from every component in row 1"):
        model.predict_proba(np.vstack([IRIS[:1], np.full((1, 4), 1e200)]))
    # The form alone counts there: −½(x − μ)ᵀΣ⁻¹(x − μ) of the component that is nearer by it.
    far = np.full(4, 1e100)
    forms = [far @ np.linalg.solve(covariance, far) for covariance in model.covariances_]
    np.testing.assert_allclose(model.score_samples([far])[0], -0.5 * min(forms), rtol=1e-12)


def test_partial_starts_and_more_components_than_distinct_rows():
    model = GaussianMixture(3, means_init=IRIS[[0, 70, 140]]).fit(IRIS)
    assert model.converged_
    data = np.repeat([[0.0], [5.0]], 5, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        lumps = GaussianMixture(2, reg_covar=1e-3).fit(data)
        many = GaussianMixture(4, reg_covar=1e-3).fit(data)
    np.testing.assert_allclose(sorted(lumps.means_.ravel()), [0.0, 5.0], atol=1e-12)
    np.testing.assert_allclose(lumps.covariances_.ravel(), 1e-3, rtol=1e-9)
    assert np.isfinite(many.means_).all()
    with pytest.raises(ValueError, match=r"GaussianMixture\.fit: X gives the covariance of component [01] no inverse"):
        GaussianMixture(2, reg_covar=0.0).fit(data)


@pytest.mark.parametrize(
    ("parameters", "data", "error", "message"),
    [
        ({"n_components": 200}, IRIS, ValueError, "n_components is 200, but X has 150 rows"),
        ({"n_components": 0}, IRIS, ValueError, "n_components is 0"),
        ({"covariance_type": "round"}, IRIS, ValueError, 'covariance_type is "round"'),
        ({"tol": -1.0}, IRIS, ValueError, "tol is -1"),
        ({"reg_covar": -1.0}, IRIS, ValueError, "reg_covar is -1"),
        ({"max_iter": 0}, IRIS, ValueError, "max_iter is 0"),
        ({"n_init": 0}, IRIS, ValueError, "n_init is 0"),
        ({"init_params": "best"}, IRIS, ValueError, 'init_params is "best"'),
        ({"weights_init": [0.5, 0.6]}, IRIS, ValueError, "weights_init must be 1 positive numbers"),
        ({"means_init": IRIS[:2]}, IRIS, ValueError, "means_init is 2×4, but 1 means of 4 features are needed"),
        ({"precisions_init": np.eye(4)}, IRIS, ValueError, r"precisions_init is 4×4, but \[1, 4, 4\] numbers"),
        ({"precisions_init": -np.eye(4)[None]}, IRIS, ValueError, "precisions_init is not positive definite"),
        ({"precisions_init": np.triu(np.ones((4, 4)))[None]}, IRIS, ValueError, "precisions_init is not symmetric"),
        ({}, IRIS[:1], ValueError, "X has 1 row"),
        ({}, IRIS * 1e160, ValueError, "so large that their squares overflow"),
        ({}, IRIS * 1e-160, ValueError, "so small that their squares vanish"),
        ({"reg_covar": 0.0}, np.column_stack([IRIS, IRIS]), ValueError, "covariance of component 0 no inverse"),
    ],
)
def test_bad_parameters_of_mixtures_are_refused(parameters, data, error, message):
    with pytest.raises(error, match=f"GaussianMixture.fit: .*{message}"):
        GaussianMixture(**parameters).fit(data)


def test_max_iter_of_a_mixture_warns():
    with pytest.warns(ConvergenceWarning, match="max_iter iterations were made"):
        model = GaussianMixture(3, max_iter=2).fit(IRIS)
    assert not model.converged_
    assert model.n_iter_ == 2


# Silhouettes.


@pytest.mark.parametrize("data", [IRIS, WINE, DIGITS, WIDE], ids=["iris", "wine", "digits", "wide"])
def test_silhouettes_are_scikit_learns(data):
    for clusters in (2, 3, 11):
        labels = cluster.KMeans(clusters, n_init=1, random_state=0).fit_predict(data)
        np.testing.assert_allclose(
            silhouette_samples(data, labels), metrics.silhouette_samples(data, labels), rtol=0, atol=1e-12
        )
        assert silhouette_score(data, labels) == pytest.approx(metrics.silhouette_score(data, labels), abs=1e-13)


def test_silhouettes_of_offsets_and_sizes_stay():
    exact = np.round(IRIS * 16) / 16
    labels = np.repeat(["a", "b", "c"], 50)
    plain = silhouette_samples(exact, labels)
    np.testing.assert_allclose(silhouette_samples(exact + 2.0**30, labels), plain, atol=1e-12)
    np.testing.assert_allclose(silhouette_samples(exact * 2.0**-600, labels), plain, atol=1e-12)
    # The distances to equal rows are zero: there is nothing to tell them apart by.
    assert silhouette_samples(np.ones((4, 2)), [0, 0, 1, 1]).tolist() == [0.0] * 4


def test_silhouettes_of_a_sample_and_what_is_refused():
    labels = KMeans(3).fit(IRIS).labels_
    score = silhouette_score(IRIS, labels, sample_size=100)
    assert score == silhouette_score(IRIS, labels, sample_size=100)
    assert abs(score - silhouette_score(IRIS, labels)) < 0.1
    assert silhouette_score(pd.DataFrame(IRIS), labels, sample_size=150) == pytest.approx(
        silhouette_score(IRIS, labels)
    )
    for bad, message in (
        (np.zeros(150), "labels names 1 clusters for 150 rows"),
        (np.arange(150), "labels names 150 clusters for 150 rows"),
        (labels[1:], "labels is a vector of 149"),
    ):
        with pytest.raises(ValueError, match=f"silhouette_score: {message}"):
            silhouette_score(IRIS, bad)
    with pytest.raises(ValueError, match="silhouette_score: sample_size is 151"):
        silhouette_score(IRIS, labels, sample_size=151)
    with pytest.raises(TypeError, match="silhouette_score: sample_size is a float"):
        silhouette_score(IRIS, labels, sample_size=0.5)


# What a reader sees.

MODELS = [PCA(2), KMeans(3), *(GaussianMixture(3, covariance_type=kind) for kind in TYPES)]


@pytest.mark.parametrize("estimator", MODELS, ids=repr)
def test_displays_say_what_was_found(estimator):
    frame = pd.DataFrame(IRIS, columns=["sepal length", "sepal width", "petal length", "petal width"])
    model = clone(estimator).fit(frame)
    text = model.explain()
    assert repr(text) == str(text)
    assert "imise" in text
    assert "gradient" in text
    assert "petal length" in text
    assert "fitted" in model._repr_html_()
    if not isinstance(model, PCA):
        assert model.stop_reason_ in text
        assert model.history_.convention in repr(model.history_)
        assert "history" in model.history_._repr_html_().lower()
    wide = clone(estimator).fit(WINE)
    assert "more" in wide.explain() or "others" in wide.explain() or "six features" in wide.explain()
    again = pickle.loads(pickle.dumps(model))
    assert again.explain() == text


@pytest.mark.parametrize("kind", [PCA, KMeans, GaussianMixture])
def test_before_fit_every_method_says_so(kind):
    model = kind()
    calls = ["transform", "inverse_transform", "reconstruction_error", "score_samples", "score", "predict"]
    calls += ["predict_proba", "bic", "aic", "plot_clusters"]
    for name in calls:
        if hasattr(model, name):
            with pytest.raises(NotFittedError, match=f"this {kind.__name__} is not fitted yet"):
                getattr(model, name)(IRIS)
    for name in ("explain", "plot_variance", "get_covariance", "sample"):
        if hasattr(model, name):
            with pytest.raises(NotFittedError):
                getattr(model, name)()


def test_refitting_forgets_the_old_fit():
    model = KMeans(2, keep_history=True).fit(IRIS)
    model.set_params(keep_history=False).fit(WINE)
    assert model.history_ is None
    assert model.labels_.shape == (178,)
    fitted = GaussianMixture(2).fit(IRIS)
    before = fitted.score(IRIS)
    fitted.set_params(covariance_type="diag")  # counts from the next fit on
    assert fitted.score(IRIS) == before


def test_plots_draw():
    import matplotlib.pyplot as plt

    axes = [PCA(2).fit(WINE).plot_variance(), PCA().fit(np.full((3, 2), 1.0)).plot_variance()]
    for data in (IRIS, IRIS[:, :2], IRIS[:, :1]):
        for model in (KMeans(3), GaussianMixture(3), GaussianMixture(2, covariance_type="tied")):
            axes.append(model.fit(data).plot_clusters(data))
    axes += [KMeans(3).fit(IRIS).plot_history(), GaussianMixture(2).fit(IRIS).plot_history()]
    axes.append(KMeans(3).fit(IRIS).plot_clusters(IRIS[:1]))
    for ax in axes:
        ax.figure.canvas.draw()
        plt.close(ax.figure)
    assert axes[2].get_xlabel() == "first principal direction"
    assert "of the standardised variance" in axes[2].get_title()
    assert len(axes[3].patches) == 6
    with pytest.raises(ValueError, match="there is no history"):
        KMeans(2, keep_history=False).fit(IRIS).plot_history()


def test_words_about_the_end_are_true_of_it():
    data = np.random.default_rng(58).normal(size=(2000, 2))
    stopped = KMeans(8, random_state=58).fit(data)
    on = KMeans(8, init=stopped.cluster_centers_, tol=0.0).fit(data)
    assert on.inertia_ < stopped.inertia_ * 0.99
    assert "still falling slowly: tol=0 goes on" in stopped.explain()
    assert "both steps stand still" in on.explain()
    with pytest.warns(ConvergenceWarning):
        assert "still falling: more iterations" in KMeans(3, max_iter=2).fit(data).explain()
    mixture = GaussianMixture(3).fit(data)
    assert "local m" not in mixture.explain() + stopped.explain()
    with pytest.warns(ConvergenceWarning):
        assert "still changing" in GaussianMixture(3, max_iter=1).fit(data).explain()


@pytest.mark.parametrize("features", [1, 2, 4])
def test_clusters_are_drawn_where_their_rows_are(features):
    import matplotlib.pyplot as plt

    data = IRIS[:, :features] * [1.0, 100.0, 1e-3, 1.0][:features] + 5.0
    mixture = GaussianMixture(3, reg_covar=1e-12).fit(data)
    ax = mixture.plot_clusters(data)
    labels = mixture.predict(data)
    *groups, middles = (np.asarray(one.get_offsets()) for one in ax.collections)
    assert [len(group) for group in groups] == np.bincount(labels, minlength=3).tolist()
    for k in range(3):
        # The projection is linear: what a component's rows have for mean and covariance, its ellipse has.
        weight = mixture.predict_proba(data)[:, k]
        place = np.empty((len(data), 2))
        for group, label in zip(groups, range(3), strict=True):
            place[labels == label] = group
        mean = weight @ place / weight.sum()
        if features > 1:
            np.testing.assert_allclose(middles[k], mean, rtol=1e-3, atol=1e-3)
            spread = (weight[:, None] * (place - mean)).T @ (place - mean) / weight.sum()
            sizes = np.sort(np.linalg.eigvalsh(spread))
            ellipse = ax.patches[2 * k]
            np.testing.assert_allclose(
                np.sort([ellipse.width / 2, ellipse.height / 2]), np.sqrt(np.maximum(sizes, 0)), rtol=5e-3, atol=2e-3
            )
        else:
            assert middles[k] == pytest.approx([mixture.means_[k, 0], 0.5])
    plt.close(ax.figure)
    with pytest.raises(ValueError, match=r"^KMeans\.plot_clusters: X holds values so large"):
        KMeans(2).fit(IRIS).plot_clusters(np.full((4, 4), 1.7e308))
