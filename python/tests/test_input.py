"""Every public function over every kind of bad and odd input.

What cannot be used is refused by a ValueError or TypeError (LinAlgError is one) that names function and argument. What
is merely unusual (other memory layouts, dtypes, containers) gives what the plain array gives. Nothing else may happen.
"""

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
import underhood as uh
from conftest import SUMMARY
from specs import (
    LABELS,
    OTHER,
    PAIR,
    SQUARE,
    TABLE,
    VECTOR,
    Spec,
    convex,
    derivatives,
    descent,
    equations,
    fitting,
    functions,
    integrals,
    linear,
    margins,
    metrics,
    minimize,
    network,
    roots,
    rules,
    scalers,
    structure,
)
from underhood._results import Result


def fit(model: Any, attribute: str = "coef_") -> Callable[..., Any]:
    """Call fit and give a learned attribute."""
    return lambda X, y: getattr(model().fit(X, y), attribute)


def of_test(result: Any) -> tuple[float, float]:
    """Give the numbers of a test's result."""
    return result.statistic, result.pvalue


def flat(result: Any) -> Any:
    """Lay the arrays of a result end to end."""
    return np.concatenate([np.ravel(part) for part in result])


def of_iteration(result: Any) -> np.ndarray:
    """Give the numbers of an eigenvalue's iteration."""
    return np.append(result.eigenvector, result.eigenvalue)


def elementwise(name: str) -> Spec:
    """Describe a special function by its own signature; every argument of it may be any array."""
    function = getattr(uh.special, name)
    good = {"a": 2.0 + TABLE / 16.0, "b": 3.0 + TABLE / 16.0}
    parameters = inspect.signature(function).parameters.values()
    arguments = {p.name: good.get(p.name, TABLE / 16.0) for p in parameters if p.default is inspect.Parameter.empty}
    return Spec(
        name,
        function,
        arguments,
        dict.fromkeys(arguments, "array"),
        nan_passes=True,
        inf_passes=True,
        passes={"scalar", "broadcast", "matrix"} | ({"shorter", "empty", "vector"} if len(arguments) == 1 else set()),
    )


CLASSIFIER = uh.models.LogisticRegression().fit(TABLE, LABELS)
REGRESSION = uh.stats.linear_regression(TABLE, VECTOR)

# One of each family; its methods and its fit are tried with everything.
DISTRIBUTIONS = (
    uh.distributions.Bernoulli(0.3),
    uh.distributions.Beta(2, 3),
    uh.distributions.Binomial(5, 0.3),
    uh.distributions.Categorical([0.2, 0.8]),
    uh.distributions.Cauchy(),
    uh.distributions.ChiSquared(3),
    uh.distributions.DiscreteUniform(1, 6),
    uh.distributions.Exponential(2),
    uh.distributions.F(3, 4),
    uh.distributions.Gamma(2, 3),
    uh.distributions.Geometric(0.3),
    uh.distributions.Gumbel(),
    uh.distributions.Hypergeometric(20, 8, 6),
    uh.distributions.InverseGamma(2, 3),
    uh.distributions.Laplace(),
    uh.distributions.LogNormal(),
    uh.distributions.Logistic(),
    uh.distributions.NegativeBinomial(2, 0.3),
    uh.distributions.Normal(),
    uh.distributions.Pareto(2, 0.5),
    uh.distributions.Poisson(3),
    uh.distributions.Rayleigh(2),
    uh.distributions.StudentT(3),
    uh.distributions.Triangular(0, 1, 3),
    uh.distributions.Uniform(-1, 2),
    uh.distributions.VonMises(0, 2),
    uh.distributions.Weibull(2, 3),
)

# Those that are made of data or of other distributions.
COMPOSED = (
    uh.distributions.Empirical([0.5, 2.0, 1.0]),
    uh.distributions.KernelDensity([0.5, 2.0, 1.0]),
    uh.distributions.Mixture([uh.distributions.Normal(), uh.distributions.Normal(2, 3)]),
    uh.distributions.Truncated(uh.distributions.Normal(), low=-0.5),
)
JOINT = uh.distributions.MultivariateNormal([1.0, 2.0], [[2.0, 0.5], [0.5, 1.0]])
SHARES = np.array([[0.25, 0.75], [0.5, 0.5], [0.125, 0.875], [0.375, 0.625]])


# What some fits cannot do without.
FIXED = {
    "Binomial": {"n": 5},
    "Hypergeometric": {"population": 20, "draws": 6},
    "NegativeBinomial": {"r": 2},
}


FITTED = np.array([0.6, 1.9, 3.2, 1.1, 5.4, 2.2, 0.9, 1.4, 2.8, 45.0, 0.1, 1.7])


def methods_of(distribution):
    """The methods of a distribution that take an array, with the argument's name."""
    density = "pmf" if isinstance(distribution, uh.distributions.Discrete) else "pdf"
    of_x = [density, "log" + density, "cdf", "sf", "logcdf", "logsf"]
    variable = "k" if density == "pmf" else "x"
    return [(name, variable if density in name else "x") for name in of_x] + [("ppf", "q"), ("isf", "q")]


SPECS = [
    # linear algebra
    Spec(
        "matmul",
        uh.linalg.matmul,
        {"a": SQUARE, "b": SQUARE},
        {"a": "matrix", "b": "matrix"},
        nan_passes=True,
        inf_passes=True,
        passes={"vector", "shorter", "empty"},
    ),
    Spec("solve", uh.linalg.solve, {"a": SQUARE, "b": SQUARE[0]}, {"a": "matrix", "b": "vector"}),
    Spec(
        "solve_triangular",
        uh.linalg.solve_triangular,
        {"a": SQUARE, "b": SQUARE[0]},
        {"a": "matrix", "b": "vector"},
    ),
    Spec("inv", uh.linalg.inv, {"a": SQUARE}, {"a": "matrix"}, passes={"three axes"}),
    Spec("det", uh.linalg.det, {"a": SQUARE}, {"a": "matrix"}, passes={"three axes"}),
    Spec("slogdet", uh.linalg.slogdet, {"a": SQUARE}, {"a": "matrix"}, passes={"three axes"}),
    Spec(
        "svd",
        uh.linalg.svd,
        {"a": TABLE},
        {"a": "matrix"},
        numbers=lambda f: np.concatenate([f.U.ravel(), f.S, f.Vh.ravel()]),
        passes={"shorter", "empty", "matrix"},
    ),
    Spec("svdvals", uh.linalg.svdvals, {"a": TABLE}, {"a": "matrix"}, passes={"shorter", "empty", "matrix"}),
    Spec("pinv", uh.linalg.pinv, {"a": TABLE}, {"a": "matrix"}, passes={"shorter", "empty", "matrix"}),
    Spec(
        "matrix_rank",
        uh.linalg.matrix_rank,
        {"A": TABLE},
        {"A": "matrix"},
        passes={"shorter", "empty", "matrix", "vector", "scalar"},
    ),
    Spec("cond", uh.linalg.cond, {"x": TABLE}, {"x": "matrix"}, passes={"shorter", "matrix"}),
    Spec(
        "qr",
        uh.linalg.qr,
        {"a": SQUARE},
        {"a": "matrix"},
        numbers=lambda qr: (qr.Q, qr.R),
        passes={"shorter", "empty", "three axes"},
    ),
    Spec(
        "lu", uh.linalg.lu, {"a": SQUARE}, {"a": "matrix"}, numbers=np.stack, passes={"shorter", "empty", "three axes"}
    ),
    Spec(
        "ldlt",
        uh.linalg.ldlt,
        {"a": SQUARE},
        {"a": "matrix"},
        numbers=lambda f: (f.L, f.D),
        passes={"empty", "three axes"},
    ),
    # As NumPy's, it takes its matrix by position only.
    Spec("cholesky", lambda a: uh.linalg.cholesky(a), {"a": SQUARE}, {"a": "matrix"}, passes={"three axes"}),
    Spec("eigh", uh.linalg.eigh, {"a": SQUARE}, {"a": "matrix"}, numbers=flat, passes={"empty", "three axes"}),
    Spec("eigvalsh", uh.linalg.eigvalsh, {"a": SQUARE}, {"a": "matrix"}, passes={"empty", "three axes"}),
    Spec(
        "spectral_decomposition",
        uh.linalg.spectral_decomposition,
        {"a": SQUARE, "tol": 1e-9},
        {"a": "matrix", "tol": "number"},
        numbers=flat,
        passes={"empty", "None"},
    ),
    Spec(
        "lstsq",
        uh.linalg.lstsq,
        {"a": TABLE, "b": VECTOR},
        {"a": "matrix", "b": "vector"},
        numbers=lambda result: result[0],
    ),
    *[
        Spec(
            name,
            function,
            {"a": SQUARE, "x0": OTHER[:3]},
            {"a": "matrix", "x0": "vector"},
            numbers=of_iteration,
            passes={"None"},
        )
        for name, function in (
            ("power_iteration", uh.linalg.power_iteration),
            ("inverse_iteration", uh.linalg.inverse_iteration),
        )
    ],
    Spec("qr_algorithm", uh.linalg.qr_algorithm, {"a": SQUARE}, {"a": "matrix"}, numbers=lambda r: r.eigenvalues),
    Spec("jacobi_eigen", uh.linalg.jacobi_eigen, {"a": SQUARE}, {"a": "matrix"}, numbers=lambda r: r.eigenvectors),
    *[
        Spec(
            name,
            function,
            {"a": SQUARE, "b": OTHER[:3], "x0": VECTOR[:3]},
            {"a": "matrix", "b": "vector", "x0": "vector"},
            numbers=lambda result: result.x,
            passes={"None"},
        )
        for name, function in (
            ("conjugate_gradient", uh.linalg.conjugate_gradient),
            ("gauss_seidel", uh.linalg.gauss_seidel),
        )
    ],
    Spec(
        "LinearMap",
        uh.linalg.LinearMap,
        {"matrix": SQUARE},
        {"matrix": "matrix"},
        numbers=lambda it: it.matrix,
        passes={"shorter"},
    ),
    *[
        Spec(
            name,
            getattr(uh.linalg, name),
            {"a": VECTOR, "b": OTHER},
            {"a": "array", "b": "array"},
            nan_passes=True,
            inf_passes=True,
            passes=passes,
        )
        # np.dot sums over the last axis but one of b; kron takes anything.
        for name, passes in (
            ("dot", {"scalar", "matrix"}),
            ("kron", {"scalar", "shorter", "empty", "vector", "matrix"}),
        )
    ],
    Spec(
        "cross",
        uh.linalg.cross,
        {"a": SQUARE, "b": SQUARE[::-1]},
        {"a": "matrix", "b": "matrix"},
        nan_passes=True,
        inf_passes=True,
        passes={"vector"},
    ),
    Spec(
        "outer",
        uh.linalg.outer,
        {"a": VECTOR, "b": OTHER},
        {"a": "vector", "b": "vector"},
        nan_passes=True,
        inf_passes=True,
        passes={"shorter", "empty"},
    ),
    Spec(
        "trace",
        uh.linalg.trace,
        {"a": SQUARE},
        {"a": "matrix"},
        nan_passes=True,
        inf_passes=True,
        passes={"matrix", "shorter", "empty"},
    ),
    Spec(
        "norm",
        uh.linalg.norm,
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        inf_passes=True,
        passes={"matrix", "shorter", "empty", "scalar"},
    ),
    Spec("normalize", uh.linalg.normalize, {"x": VECTOR}, {"x": "vector"}, passes={"matrix", "shorter", "empty"}),
    Spec("angle", uh.linalg.angle, {"u": VECTOR, "v": OTHER}, {"u": "vector", "v": "vector"}),
    Spec(
        "cosine_similarity",
        # Without v, None, the rows of u are compared with each other.
        lambda u, v: uh.linalg.cosine_similarity(u, {} if v is None else v),
        {"u": TABLE, "v": TABLE[::-1]},
        {"u": "matrix", "v": "matrix"},
        passes={"vector", "shorter", "empty"},
    ),
    Spec(
        "project",
        uh.linalg.project,
        {"u": SQUARE[0], "onto": SQUARE[1]},
        {"u": "vector", "onto": "vector"},
        passes={"matrix"},
    ),
    Spec(
        "hyperplane_distance",
        # Without b, None, the hyperplane goes through the origin.
        lambda x, w, b: uh.linalg.hyperplane_distance(x, w, {} if b is None else b),
        {"x": TABLE, "w": TABLE[0], "b": 2.0},
        {"x": "matrix", "w": "vector", "b": "number"},
        passes={"vector", "shorter", "empty"},
    ),
    Spec(
        "rref",
        uh.linalg.rref,
        {"a": TABLE},
        {"a": "matrix"},
        numbers=lambda form: form.R,
        passes={"shorter", "empty"},
    ),
    *[
        Spec(name, getattr(uh.linalg, name), {"a": TABLE}, {"a": "matrix"}, passes={"shorter", "empty"})
        for name in (
            "null_space",
            "column_space",
            "row_space",
            "left_null_space",
            "projection_matrix",
        )
    ],
    Spec("gram_schmidt", uh.linalg.gram_schmidt, {"a": TABLE}, {"a": "matrix"}, passes={"shorter"}),
    Spec(
        "is_independent",
        lambda vectors: uh.linalg.is_independent(vectors),
        {"vectors": TABLE},
        {"vectors": "matrix"},
        passes={"shorter", "empty", "vector"},
    ),
    Spec("coordinates", uh.linalg.coordinates, {"v": SQUARE[0], "basis": SQUARE}, {"v": "vector", "basis": "matrix"}),
    Spec(
        "change_of_basis",
        uh.linalg.change_of_basis,
        {"from_basis": SQUARE, "to_basis": SQUARE[::-1]},
        {"from_basis": "matrix", "to_basis": "matrix"},
    ),
    *[
        Spec(name, getattr(uh.linalg, name), {"a": SQUARE}, {"a": "matrix"}, passes={"matrix", "shorter", "empty"})
        for name in ("is_symmetric", "is_orthogonal", "is_positive_definite")
    ],
    *[
        Spec(
            name,
            getattr(uh.linalg, name),
            {"a": SQUARE},
            {"a": "matrix"},
            numbers=flat if name in {"eig", "schur", "diagonalize"} else np.asarray,
            passes={"empty", "three axes"},
        )
        for name in ("eig", "eigvals", "schur", "is_diagonalizable", "diagonalize")
    ],
    Spec("expm", uh.linalg.expm, {"A": SQUARE}, {"A": "matrix"}, passes={"empty", "three axes"}),
    Spec(
        "matrix_power",
        lambda a: uh.linalg.matrix_power(a, 3),
        {"a": SQUARE},
        {"a": "matrix"},
        nan_passes=True,
        inf_passes=True,
        passes={"empty", "three axes"},
    ),
    # statistics
    Spec(
        "describe",
        uh.stats.describe,
        {"data": TABLE},
        {"data": "table"},
        numbers=lambda d: (d.mean, d.std, d.median),
        nan_passes=True,
        inf_passes=True,
        passes={"vector", "shorter", "empty", "table"},
    ),
    Spec(
        "quantile",
        lambda a: uh.stats.quantile(a, 0.25),
        {"a": VECTOR},
        {"a": "array"},
        nan_passes=True,
        inf_passes=True,
        passes={"matrix", "shorter", "scalar"},
    ),
    *[
        Spec(
            name,
            getattr(uh.stats, name),
            {"a": VECTOR},
            {"a": "array"},
            nan_passes=True,
            inf_passes=True,
            passes={"matrix", "shorter", "scalar"},
        )
        for name in (
            "mean",
            "var",
            "std",
            "median",
            "gmean",
            "hmean",
            "iqr",
            "mad",
            "skew",
            "kurtosis",
            "moment",
            "zscore",
        )
    ],
    Spec(
        "rankdata",
        lambda a: np.ravel(uh.stats.rankdata(a)),
        {"a": VECTOR},
        {"a": "array"},
        nan_passes=True,
        inf_passes=True,
        passes={"scalar", "shorter", "empty", "vector", "matrix"},
    ),
    Spec("cov", uh.stats.cov, {"x": TABLE}, {"x": "table"}, numbers=np.asarray, passes={"vector", "shorter"}),
    Spec("corr", uh.stats.corr, {"x": TABLE}, {"x": "table"}, numbers=np.asarray, passes={"vector", "shorter"}),
    Spec("kendalltau", uh.stats.kendalltau, {"x": VECTOR, "y": OTHER}, {"x": "vector", "y": "vector"}, numbers=of_test),
    Spec(
        "partial_corr",
        uh.stats.partial_corr,
        {"x": VECTOR, "y": OTHER, "covariates": TABLE[:, ::-1] ** 2},
        {"x": "vector", "y": "vector", "covariates": "table"},
        numbers=of_test,
        passes={"vector"},
    ),
    Spec("autocorr", uh.stats.autocorr, {"x": VECTOR}, {"x": "vector"}, passes={"shorter"}),
    Spec("acf", uh.stats.acf, {"x": VECTOR}, {"x": "vector"}, numbers=of_test, passes={"shorter"}),
    Spec(
        "mannwhitneyu",
        uh.stats.mannwhitneyu,
        {"x": VECTOR, "y": OTHER},
        {"x": "vector", "y": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    # Without y, x are the differences.
    Spec(
        "wilcoxon",
        uh.stats.wilcoxon,
        {"x": VECTOR, "y": OTHER},
        {"x": "vector", "y": "vector"},
        numbers=of_test,
        passes={"None"},
    ),
    Spec(
        "kruskal",
        lambda samples: uh.stats.kruskal(samples, OTHER),
        {"samples": VECTOR},
        {"samples": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec(
        "friedman",
        lambda samples: uh.stats.friedman(samples, OTHER, OTHER[::-1]),
        {"samples": VECTOR},
        {"samples": "vector"},
        numbers=of_test,
    ),
    Spec("runs_test", uh.stats.runs_test, {"x": VECTOR}, {"x": "vector"}, numbers=of_test, passes={"shorter"}),
    Spec(
        "trim_mean",
        uh.stats.trim_mean,
        {"a": VECTOR, "proportiontocut": 0.0},
        {"a": "array", "proportiontocut": "number"},
        nan_passes=True,
        inf_passes=True,
        passes={"matrix", "shorter", "scalar"},
    ),
    *[
        Spec(
            name,
            lambda a, weights, name=name: getattr(uh.stats, name)(a, weights={} if weights is None else weights),
            {"a": VECTOR, "weights": OTHER},
            {"a": "vector", "weights": "vector"},
            nan_passes=True,
            inf_passes=True,
        )
        for name in ("mean", "gmean", "hmean")
    ],
    *[
        Spec(
            name,
            getattr(uh.stats, name),
            {"a": VECTOR},
            {"a": "array"},
            numbers=tuple,
            nan_passes=True,
            inf_passes=True,
            passes={"matrix", "shorter", "scalar"},
        )
        for name in ("mode", "moments")
    ],
    Spec(
        "histogram",
        uh.stats.histogram,
        {"a": VECTOR},
        {"a": "array"},
        numbers=flat,
        nan_passes=True,
        passes={"matrix", "shorter", "scalar"},
    ),
    Spec(
        "ecdf",
        uh.stats.ecdf,
        {"a": VECTOR},
        {"a": "vector"},
        numbers=tuple,
        nan_passes=True,
        inf_passes=True,
        passes={"shorter"},
    ),
    Spec(
        "outliers",
        uh.stats.outliers,
        {"a": VECTOR},
        {"a": "vector"},
        numbers=lambda found: flat((found.bounds, found.mask)),
        nan_passes=True,
        inf_passes=True,
        passes={"shorter"},
    ),
    Spec("pearsonr", uh.stats.pearsonr, {"x": VECTOR, "y": OTHER}, {"x": "vector", "y": "vector"}, numbers=of_test),
    Spec("spearmanr", uh.stats.spearmanr, {"x": VECTOR, "y": OTHER}, {"x": "vector", "y": "vector"}, numbers=of_test),
    Spec(
        "ttest_1samp",
        lambda a: uh.stats.ttest_1samp(a, 3.0),
        {"a": VECTOR},
        {"a": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec(
        "ttest_ind",
        uh.stats.ttest_ind,
        {"a": VECTOR, "b": OTHER},
        {"a": "vector", "b": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec("ttest_rel", uh.stats.ttest_rel, {"a": VECTOR, "b": OTHER}, {"a": "vector", "b": "vector"}, numbers=of_test),
    Spec(
        "f_oneway",
        lambda groups: uh.stats.f_oneway(VECTOR, groups),
        {"groups": OTHER},
        {"groups": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    *[
        Spec(
            name,
            lambda groups, name=name: getattr(uh.stats, name)(VECTOR, groups),
            {"groups": OTHER},
            {"groups": "vector"},
            numbers=lambda test: np.append(test.statistic, test.pvalue),
            passes={"shorter"},
        )
        for name in ("tukey_hsd", "levene", "bartlett")
    ],
    Spec(
        "anova_twoway",
        uh.stats.anova_twoway,
        {"values": VECTOR, "a": LABELS, "b": np.array([0, 1, 0, 1, 1, 0, 0, 1])},
        {"values": "vector", "a": "labels", "b": "labels"},
        numbers=of_test,
    ),
    Spec(
        "var_test",
        uh.stats.var_test,
        {"x": VECTOR, "y": OTHER, "ratio": 2.0},
        {"x": "vector", "y": "vector", "ratio": "number"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec(
        "ztest",
        # Without x2, None, there is one sample.
        lambda x1, x2, value: uh.stats.ztest(x1, {} if x2 is None else x2, value=value),
        {"x1": VECTOR, "x2": OTHER, "value": 2.0},
        {"x1": "vector", "x2": "vector", "value": "number"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec(
        "multipletests",
        uh.stats.multipletests,
        {"pvals": VECTOR / 16},
        {"pvals": "vector"},
        numbers=lambda many: many.pvals_corrected,
        passes={"shorter", "empty"},
    ),
    Spec(
        "chi2_contingency",
        uh.stats.chi2_contingency,
        {"observed": TABLE},
        {"observed": "matrix"},
        numbers=of_test,
        passes={"shorter"},
    ),
    Spec("chisquare", uh.stats.chisquare, {"f_obs": VECTOR}, {"f_obs": "vector"}, numbers=of_test, passes={"shorter"}),
    Spec(
        "chisquare",
        lambda f_exp: uh.stats.chisquare(VECTOR[::-1], f_exp),
        {"f_exp": VECTOR},
        {"f_exp": "vector"},
        numbers=of_test,
        passes={"None"},
    ),
    *[
        Spec(name, function, {"table": PAIR}, {"table": "matrix"}, numbers=of_test)
        for name, function in (("fisher_exact", uh.stats.fisher_exact), ("mcnemar", uh.stats.mcnemar))
    ],
    Spec(
        "binomtest",
        uh.stats.binomtest,
        {"k": 3, "n": 15, "p": 0.25},
        {"k": "number", "n": "number"},
        numbers=of_test,
    ),
    Spec(
        "proportion_confint",
        uh.stats.proportion_confint,
        {"count": 3, "nobs": 15},
        {"count": "number", "nobs": "number"},
    ),
    Spec(
        "proportions_test",
        uh.stats.proportions_test,
        {"count": VECTOR, "nobs": VECTOR + 4},
        {"count": "vector", "nobs": "vector"},
        numbers=of_test,
    ),
    *[
        Spec(
            name,
            functools.partial(function, cdf=uh.distributions.Normal(4, 3)),
            {"x": VECTOR},
            {"x": "vector"},
            numbers=of_test,
            passes={"shorter"},
        )
        for name, function in (("kstest", uh.stats.kstest), ("ks_1samp", uh.stats.ks_1samp))
    ],
    Spec(
        "ks_2samp",
        uh.stats.ks_2samp,
        {"x": VECTOR, "y": OTHER + 0.5},
        {"x": "vector", "y": "vector"},
        numbers=of_test,
        passes={"shorter"},
    ),
    *[
        Spec(
            name,
            getattr(uh.stats, name),
            {"x": np.append(VECTOR, 2.5)},
            {"x": "vector"},
            numbers=of_test,
            passes={"shorter"},
        )
        for name in ("shapiro", "normaltest", "jarque_bera", "anderson")
    ],
    Spec(
        "bootstrap",
        lambda data: uh.stats.bootstrap(data, "mean", n_resamples=50, rng=1),
        {"data": VECTOR},
        {"data": "vector"},
        numbers=lambda r: r.bootstrap_distribution,
        passes={"shorter"},
    ),
    Spec(
        "bootstrap.callable",
        lambda data: uh.stats.bootstrap(data, lambda x: x.max() - x.min(), n_resamples=50, rng=1, method="basic"),
        {"data": VECTOR},
        {"data": "vector"},
        numbers=lambda r: r.bootstrap_distribution,
        passes={"shorter"},
    ),
    Spec(
        "permutation_test",
        lambda data: uh.stats.permutation_test((data, OTHER), "mean_difference", n_resamples=50, rng=1),
        {"data": VECTOR},
        {"data": "vector"},
        numbers=lambda r: r.null_distribution,
        passes={"shorter"},
    ),
    Spec(
        "jackknife",
        lambda data: uh.stats.jackknife(data, "std"),
        {"data": VECTOR},
        {"data": "vector"},
        numbers=lambda r: r.values,
        passes={"shorter"},
    ),
    Spec(
        "likelihood",
        lambda data: uh.stats.likelihood(uh.distributions.Normal, data),
        {"data": VECTOR},
        {"data": "vector"},
        numbers=lambda r: r.log_likelihood,
        passes={"shorter"},
    ),
    Spec(
        "log_likelihood",
        lambda data: uh.stats.log_likelihood(uh.distributions.Normal(3, 2), data),
        {"data": VECTOR},
        {"data": "vector"},
        passes={"shorter"},
    ),
    Spec(
        "linear_regression",
        uh.stats.linear_regression,
        {"X": TABLE, "y": VECTOR},
        {"X": "table", "y": "vector"},
        numbers=lambda r: r.params,
    ),
    Spec(
        "logistic_regression",
        uh.stats.logistic_regression,
        {"X": TABLE, "y": np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0])},
        {"X": "table", "y": "labels"},
        numbers=lambda r: r.params,
    ),
    Spec(
        "poisson_regression",
        lambda X, y, offset, exposure: uh.stats.poisson_regression(
            # Without an offset or an exposure, None, there is none.
            X,
            y,
            offset={} if offset is None else offset,
            exposure={} if exposure is None else exposure,
        ),
        {"X": TABLE, "y": VECTOR, "offset": OTHER / 8, "exposure": OTHER},
        {"X": "table", "y": "vector", "offset": "vector", "exposure": "vector"},
        numbers=lambda r: r.params,
    ),
    Spec(
        "logistic_regression",
        uh.stats.logistic_regression,
        {"X": TABLE, "y": np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0])},
        {"X": "table", "y": "labels"},
        numbers=lambda r: r.params,
    ),
    Spec(
        "poisson_regression",
        lambda X, y, offset, exposure: uh.stats.poisson_regression(
            # Without an offset or an exposure, None, there is none.
            X,
            y,
            offset={} if offset is None else offset,
            exposure={} if exposure is None else exposure,
        ),
        {"X": TABLE, "y": VECTOR, "offset": OTHER / 8, "exposure": OTHER},
        {"X": "table", "y": "vector", "offset": "vector", "exposure": "vector"},
        numbers=lambda r: r.params,
    ),
    # intervals and power
    *[
        Spec(
            name,
            getattr(uh.stats, name),
            {"x": VECTOR},
            {"x": "vector"},
            numbers=lambda result: (result.estimate, *result),
            passes={"shorter"},
        )
        for name in ("mean_confint", "variance_confint", "std_confint", "median_confint")
    ],
    Spec(
        "quantile_confint",
        lambda x: uh.stats.quantile_confint(x, 0.5),
        {"x": VECTOR},
        {"x": "vector"},
        numbers=lambda result: (result.estimate, *result),
        passes={"shorter"},
    ),
    *[
        Spec(
            name,
            getattr(uh.stats, name),
            {"x": VECTOR, "y": OTHER},
            {"x": "vector", "y": "vector"},
            numbers=lambda result: (result.estimate, *result),
            passes={"shorter"} if name != "correlation_confint" else set(),
        )
        for name in ("mean_difference_confint", "variance_ratio_confint", "correlation_confint")
    ],
    Spec(
        "coverage",
        uh.stats.coverage,
        {"distribution": uh.distributions.Normal()},
        {},
    ),
    *[
        Spec(
            name,
            functools.partial(getattr(uh.stats, name), **({"k_groups": 3} if name == "anova_power" else {})),
            {"effect_size": 1.0, "n": 20.0},
            {"effect_size": "number", "n": "number"},
            numbers=lambda result: result.power,
        )
        for name in ("power", "ttest_power", "anova_power")
    ],
    Spec(
        "proportions_power",
        uh.stats.proportions_power,
        {"p1": 1.0, "p2": 0.0, "n": 20.0},
        {"p1": "number", "p2": "number", "n": "number"},
        numbers=lambda result: result.power,
    ),
    Spec(
        "sample_size",
        uh.stats.sample_size,
        {"effect_size": 1.0},
        {"effect_size": "number"},
        numbers=lambda result: result.n,
    ),
    Spec(
        "cohens_d",
        uh.stats.cohens_d,
        {"mean1": 1.0, "mean2": 4.0, "std1": 2.0, "std2": 3.0},
        {"mean1": "number", "mean2": "number", "std1": "number", "std2": "number"},
        passes={"None"},
    ),
    Spec("cohens_h", uh.stats.cohens_h, {"p1": 1.0, "p2": 0.0}, {"p1": "number", "p2": "number"}),
    Spec(
        "cohens_f",
        uh.stats.cohens_f,
        {"means": VECTOR, "std": 2.0, "n": OTHER},
        {"means": "vector", "std": "number", "n": "vector"},
        passes={"None"},
    ),
    Spec(
        "linear_regression",
        uh.stats.linear_regression,
        {"X": TABLE, "y": VECTOR, "weights": OTHER},
        {"weights": "vector"},
        numbers=lambda r: r.params,
        passes={"None"},
    ),
    Spec(
        "ridge_regression",
        uh.stats.ridge_regression,
        {"X": TABLE, "y": VECTOR, "alpha": 2.0, "weights": OTHER},
        {"X": "table", "y": "vector", "alpha": "number", "weights": "vector"},
        numbers=lambda r: r.params,
        passes={"None"},
    ),
    Spec(
        "polyfit",
        uh.stats.polyfit,
        {"x": OTHER, "y": VECTOR, "degree": 2},
        {"x": "vector", "y": "vector"},
        numbers=lambda r: r.params,
    ),
    # special functions and distributions
    *[elementwise(name) for name in uh.special.__all__ if name not in ("logsumexp", "softmax")],
    *[
        Spec(
            name,
            getattr(uh.special, name),
            {argument: TABLE},
            {argument: "array"},
            nan_passes=True,
            inf_passes=True,
            passes={"scalar", "matrix", "vector", "shorter", "empty"},
        )
        for name, argument in (("logsumexp", "a"), ("softmax", "x"))
    ],
    *[
        Spec(
            f"{type(distribution).__name__}.{method}",
            getattr(distribution, method),
            {argument: TABLE / 16.0},
            {argument: "array"},
            nan_passes=True,
            inf_passes=True,
            passes={"shorter", "scalar", "empty", "vector", "matrix"},
        )
        for distribution in (*DISTRIBUTIONS, *COMPOSED)
        for method, argument in methods_of(distribution)
    ],
    *[
        Spec(
            f"{type(distribution).__name__}.fit",
            functools.partial(type(distribution).fit, **FIXED.get(type(distribution).__name__, {})),
            {"data": np.ones(40)}
            if isinstance(distribution, uh.distributions.Discrete)
            else {"data": FITTED / 64.0 if type(distribution).__name__ == "Beta" else FITTED},
            {"data": "vector"},
            numbers=lambda fit: [*np.hstack([*fit.parameters.values()])],
            passes={"shorter"},
        )
        for distribution in DISTRIBUTIONS
    ],
    *[
        Spec(
            f"{type(distribution).__name__}.{method}",
            getattr(distribution, method),
            {"x": points},
            {"x": "array"},
            nan_passes=True,
            inf_passes=not isinstance(distribution, uh.distributions.Dirichlet),
            passes={"shorter", "empty", "vector", "three axes"},
        )
        for distribution, points, methods in (
            (JOINT, TABLE, ("pdf", "logpdf", "mahalanobis", "cdf")),
            (uh.distributions.Multinomial(5, [0.5, 0.5]), TABLE, ("pmf", "logpmf")),
            (uh.distributions.Dirichlet([2, 3]), SHARES, ("pdf", "logpdf")),
        )
        for method in methods
    ],
    Spec(
        "bayes",
        uh.probability.bayes,
        {"prior": np.full(8, 0.125), "likelihood": VECTOR},
        {"prior": "vector", "likelihood": "vector"},
        numbers=lambda update: update.posterior,
    ),
    Spec(
        "total_probability",
        uh.probability.total_probability,
        {"prior": np.full(8, 0.125), "conditional": VECTOR / 16},
        {"prior": "vector", "conditional": "vector"},
    ),
    Spec(
        "JointTable",
        uh.probability.JointTable,
        {"table": TABLE / TABLE.sum()},
        {"table": "array"},
        numbers=lambda joint: joint.probabilities,
    ),
    Spec(
        "JointTable.from_counts",
        uh.probability.JointTable.from_counts,
        {"counts": TABLE},
        {"counts": "array"},
        numbers=lambda joint: joint.probabilities,
        passes={"shorter", "vector", "three axes"},
    ),
    Spec(
        "beta_binomial",
        functools.partial(uh.probability.beta_binomial, uh.distributions.Beta(1, 1)),
        {"successes": 3.0, "trials": 10.0},
        {"successes": "number", "trials": "number"},
        numbers=lambda X: [X.alpha, X.beta],
    ),
    Spec(
        "gamma_poisson",
        functools.partial(uh.probability.gamma_poisson, uh.distributions.Gamma(1, 1)),
        {"counts": VECTOR},
        {"counts": "vector"},
        numbers=lambda X: [X.shape, X.scale],
        passes={"shorter", "empty"},
    ),
    Spec(
        "normal_normal",
        functools.partial(uh.probability.normal_normal, uh.distributions.Normal()),
        {"data": VECTOR, "sigma": 2.0},
        {"data": "vector", "sigma": "number"},
        numbers=lambda X: [X.mu, X.sigma],
        passes={"shorter", "empty"},
    ),
    Spec("law_of_large_numbers", uh.probability.law_of_large_numbers, {"distribution": uh.distributions.Normal()}, {}),
    Spec(
        "central_limit_theorem", uh.probability.central_limit_theorem, {"distribution": uh.distributions.Normal()}, {}
    ),
    Spec("law_of_large_numbers", uh.probability.law_of_large_numbers, {}, {}),
    Spec("central_limit_theorem", uh.probability.central_limit_theorem, {}, {}),
    Spec(
        "Empirical",
        uh.distributions.Empirical,
        {"data": FITTED},
        {"data": "vector"},
        numbers=lambda X: [X.mean(), X.std()],
        passes={"shorter"},
    ),
    Spec(
        "KernelDensity",
        uh.distributions.KernelDensity,
        {"data": FITTED},
        {"data": "vector"},
        numbers=lambda X: [X.mean(), X.std()],
        passes={"shorter"},
    ),
    Spec(
        "MultivariateNormal",
        uh.distributions.MultivariateNormal,
        {"mean": SQUARE[0], "cov": SQUARE},
        {"mean": "vector", "cov": "matrix"},
        numbers=lambda X: [*X.mean(), *X.cov().ravel()],
        passes={"None", "scalar"},
    ),
    Spec(
        "MultivariateNormal.prob",
        JOINT.prob,
        {"a": np.array([0.0, 1.0]), "b": TABLE},
        {"a": "vector", "b": "array"},
        nan_passes=True,
        inf_passes=True,
        passes={"shorter", "empty", "vector", "three axes"},
    ),
    Spec(
        "MultivariateNormal.affine",
        JOINT.affine,
        {"A": SQUARE[:2, :2], "b": VECTOR[:2]},
        {"A": "matrix", "b": "vector"},
        numbers=lambda X: [*X.mean(), *X.cov().ravel()],
        passes={"None"},
    ),
    Spec(
        "MultivariateNormal.conditional",
        lambda values: JOINT.conditional([0], values),
        {"values": VECTOR[:1]},
        {"values": "vector"},
        numbers=lambda X: [*X.mean(), *X.cov().ravel()],
        passes={"scalar"},
    ),
    Spec(
        "Multinomial",
        lambda p: uh.distributions.Multinomial(4, p),
        {"p": np.array([0.25, 0.5, 0.25])},
        {"p": "vector"},
        numbers=lambda X: X.mean(),
    ),
    Spec(
        "Dirichlet",
        uh.distributions.Dirichlet,
        {"alpha": VECTOR},
        {"alpha": "vector"},
        numbers=lambda X: X.mean(),
        passes={"shorter"},
    ),
    *[
        Spec(
            f"{family.__name__}.fit",
            family.fit,
            {"data": data},
            {"data": "matrix"},
            numbers=lambda fit: np.concatenate([np.ravel(value) for value in fit.parameters.values()]),
            passes={"shorter"},
        )
        for family, data in (
            (uh.distributions.MultivariateNormal, TABLE),
            (uh.distributions.Multinomial, np.array([[1.0, 2.0], [3.0, 0.0], [2.0, 1.0]])),
            (uh.distributions.Dirichlet, SHARES),
        )
    ],
    # calculus and optimisation
    *derivatives.SPECS,
    *integrals.SPECS,
    *equations.SPECS,
    *descent.SPECS,
    *functions.SPECS,
    *minimize.SPECS,
    *network.SPECS,
    *roots.SPECS,
    *fitting.SPECS,
    *convex.SPECS,
    *structure.SPECS,
    # models
    *linear.SPECS,
    *[
        Spec(name, call, {"X": TABLE, "y": LABELS}, {"X": "table", "y": "labels"})
        for name, call in (
            ("Perceptron.fit", fit(lambda: uh.models.Perceptron(random_state=1))),
            ("Adaline.fit", fit(lambda: uh.models.Adaline(max_iter=100_000))),
            ("LogisticRegression.fit", fit(lambda: uh.models.LogisticRegression())),
            ("LogisticRegression.fit with l1_ratio", fit(lambda: uh.models.LogisticRegression(l1_ratio=1.0))),
            ("Adaline.fit exactly", fit(lambda: uh.models.Adaline(solver="exact"))),
            (
                "Adaline.fit by mini-batches",
                fit(lambda: uh.models.Adaline(solver="mini-batch", batch_size=3, max_iter=20, tol=None)),
            ),
        )
    ],
    *[
        Spec(name, call, {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("LogisticRegression.predict", CLASSIFIER.predict),
            ("LogisticRegression.decision_function", CLASSIFIER.decision_function),
            ("LogisticRegression.predict_proba", CLASSIFIER.predict_proba),
            ("LogisticRegression.predict_log_proba", CLASSIFIER.predict_log_proba),
        )
    ],
    *scalers.SPECS,
    *rules.SPECS,
    *metrics.SPECS,
    *margins.SPECS,
    *[
        Spec(
            name,
            getattr(uh.models, name),
            {"y_true": LABELS, "y_pred": LABELS[::-1]},
            {"y_true": "labels", "y_pred": "labels"},
        )
        for name in ("accuracy_score", "confusion_matrix")
    ],
]

ELSEWHERE = {
    "arrangements": "counts with whole numbers of any size; test_probability.py has its refusals",
    "combinations": "the same",
    "permutations": "the same",
    "value_counts": "takes labels of any kind; test_stats_describe.py has its refusals",
    "frequency_table": "the same",
    "crosstab": "the same",
    "group_by": "the same",
    "likelihood_ratio_test": "takes results of fits; test_stats_likelihood.py has its refusals",
    "friedmanchisquare": "another name of friedman",
    "simulate": "takes a function; test_probability.py has its refusals",
    "compare_models": "takes fitted models; test_regression.py has its refusals",
    "train_test_split": "takes rows of anything, strings and objects too; test_models.py has its refusals",
    "cross_validate": "takes estimators and rows of anything; test_models_selection.py has its refusals",
    "cross_val_score": "the same",
    "cross_val_predict": "the same",
    "learning_curve": "the same",
    "validation_curve": "the same",
    "clone": "takes estimators; test_models_selection.py has its refusals",
    "Pipeline": "its steps read the rows; test_models_selection.py has its own refusals",
    "make_pipeline": "the same",
    "KFold": "divides rows of anything; test_models_selection.py has its refusals",
    "LeaveOneOut": "the same",
    "RepeatedKFold": "the same",
    "RepeatedStratifiedKFold": "the same",
    "StratifiedKFold": "the same",
    "OneHotEncoder": "takes categories of any kind; test_models_scalers.py has its refusals",
    "get_scorer": "takes names; test_models_selection.py has its refusals",
    "get_scorer_names": "takes nothing",
    "make_scorer": "takes functions; test_models_selection.py has its refusals",
}
"""Public functions that are not functions of numbers."""


def replaced(good: Any, value: float) -> np.ndarray:
    """Put one value into a copy of a good argument."""
    bad = np.array(good, dtype=float)
    bad.flat[bad.size // 2] = value
    return bad


def unusable(kind: str, good: Any) -> dict[str, Any]:
    """Make inputs of each kind that no function of numbers can use, or only some."""
    array = np.array(good, dtype=float)
    inputs = {
        "text": "twelve",
        "None": None,
        "a dict of nothing": {},
        "a set": {1.0, 2.0},
        "a function": np.sin,
        "objects": np.full(array.shape, object(), dtype=object),
        "objects among numbers": np.where(np.arange(array.size).reshape(array.shape) == 0, None, array.astype(object)),
        "complex": array + 1j,
        "masked": np.ma.masked_greater(np.atleast_1d(array), 4.0),
        "dates": np.full(array.shape, np.datetime64("2026-11-22")),
        "time spans": np.full(array.shape, np.timedelta64(3, "D")),
        "NaN": replaced(good, np.nan),
        "infinity": replaced(good, np.inf),
        "minus infinity": replaced(good, -np.inf),
        "three axes": np.ones((2, 2, 2)),
    }
    if kind not in ("number", "labels"):
        inputs |= {
            "scipy's sparse": scipy.sparse.csr_array(np.atleast_2d(array)),
            "a lazy frame": pl.LazyFrame({"a": [1.0, 2.0]}),
            "a generator": (number for number in [1.0, 2.0]),
            "pandas' categories": pd.Series(["x", "y"] * (array.shape[0] // 2 + 1), dtype="category")[: array.shape[0]],
            "pandas' dates": pd.Series(pd.date_range("2026-01-01", periods=array.shape[0])),
        }
    if kind != "labels":
        inputs["strings"] = np.full(array.shape, "1.5")
        inputs["bytes"] = np.full(array.shape, b"1.5")
    if kind != "number":
        inputs |= {
            "ragged": [[1.0, 2.0], [3.0]],
            "a scalar": 1.5,
            "a scalar array": np.array(1.5),
            "empty": array[:0],
            "structured": np.zeros(array.shape[0], dtype=[("a", "f8"), ("b", "U1")]),
            "a frame of text": pd.DataFrame({"a": [1.0, 2.0], "city": ["Rome", "Oslo"]}),
            "a polars frame of text": pl.DataFrame({"a": [1.0, 2.0], "city": ["Rome", "Oslo"]}),
            "fewer rows": array[:-1],
            "wrong axes": array[0] if array.ndim == 2 else np.stack([array, array]),
        }
    return inputs


def unusual(good: Any) -> dict[str, Any]:
    """Write one argument in each way that means the same."""
    array = np.array(good, dtype=float)
    if array.ndim == 0:
        return {"int": int(array), "numpy scalar": np.float64(array), "0-d": array, "float32": np.float32(array)}
    read_only = array.copy()
    read_only.flags.writeable = False
    unaligned = np.frombuffer(b"x" + array.tobytes(), dtype=np.uint8)[1:].view(np.float64).reshape(array.shape)
    spread = np.zeros((*array.shape[:-1], 2 * array.shape[-1]))
    spread[..., ::2] = array
    inside_record = np.zeros(array.shape, dtype=np.dtype([("flag", "u1"), ("value", "f8")]))
    inside_record["value"] = array
    forms = {
        "lists": array.tolist(),
        "tuples": tuple(map(tuple, array.tolist())) if array.ndim == 2 else tuple(array.tolist()),
        "read-only": read_only,
        "reversed": array[::-1].copy()[::-1],
        "strided": spread[..., ::2],
        "Fortran order": np.asfortranarray(array),
        "big-endian": array.astype(">f8"),
        "unaligned": unaligned,
        "odd strides": inside_record["value"],
        "float32": array.astype(np.float32),
        "longdouble": array.astype(np.longdouble),
    }
    if np.array_equal(array, np.round(array)):
        forms |= {
            "integers": array.astype(int),
            "uint8": array.astype(np.uint8),
            "ints in lists": array.astype(int).tolist(),
        }
    if array.ndim == 1:
        forms |= {
            "pandas": pd.Series(array, index=range(50, 50 + array.size)),
            "pandas nullable": pd.Series(array, dtype="Float64"),
            "polars": pl.Series(array),
        }
    if array.ndim == 2:
        names = [f"column {i}" for i in range(array.shape[1])]
        forms |= {
            "numpy's matrix": array.view(np.matrix),
            "pandas": pd.DataFrame(array, columns=names),
            "pandas nullable": pd.DataFrame(array, columns=names, dtype="Float64"),
            "polars": pl.DataFrame(array, schema=names),
        }
    return forms


def may_pass(spec: Spec, kind: str, name: str) -> bool:
    """Whether the function documents a value for such input."""
    return (
        (name == "NaN" and spec.nan_passes)
        or (name.endswith("infinity") and spec.inf_passes)
        or (name == "fewer rows" and "shorter" in spec.passes)
        or (name in {"fewer rows", "empty", "wrong axes"} and "broadcast" in spec.passes)
        or (name == "empty" and "empty" in spec.passes)
        or (name == "None" and "None" in spec.passes)
        or (name.startswith("a scalar") and "scalar" in spec.passes)
        or (name == "wrong axes" and bool(spec.passes & {"vector", "matrix"}))
        or (name == "wrong axes" and kind == "vector" and spec.name in {"solve", "solve_triangular", "lstsq"})
        or (name == "wrong axes" and kind == "table" and "vector" in spec.passes)
        or (name == "three axes" and bool(spec.passes & {"matrix", "three axes"}))
        # describe leaves out, and says so, what is not numeric, and counts None among numbers as missing.
        or (
            name in {"objects among numbers", "structured", "a frame of text", "a polars frame of text"}
            and "table" in spec.passes
        )
    )


BAD = [
    pytest.param(spec, argument, kind, name, value, id=f"{spec.name}-{argument}-{name}")
    for spec in SPECS
    for argument, kind in spec.vary.items()
    for name, value in unusable(kind, spec.arguments[argument]).items()
]
ODD = [
    pytest.param(spec, argument, value, id=f"{spec.name}-{argument}-{name}")
    for spec in SPECS
    for argument in spec.vary
    for name, value in unusual(spec.arguments[argument]).items()
]


@pytest.mark.parametrize(("spec", "argument", "kind", "name", "value"), BAD)
def test_what_cannot_be_used_is_refused_by_name(spec, argument, kind, name, value):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = spec.call(**(spec.arguments | {argument: value}))
    except (ValueError, TypeError) as error:
        refusal = str(error)
    else:
        assert may_pass(spec, kind, name), f"passed in silence: {result!r}"
        return
    assert refusal.startswith(speakers(spec)), f"{refusal} does not say who speaks"
    assert argument in refusal, f"{refusal} does not name {argument}"


@pytest.mark.parametrize(("spec", "argument", "value"), ODD)
def test_what_is_merely_unusual_gives_the_same(spec, argument, value):
    plain = spec.numbers(spec.call(**spec.arguments))
    other = spec.numbers(spec.call(**(spec.arguments | {argument: value})))
    # float32 holds these numbers to 24 bits, and another memory order may add in another order.
    np.testing.assert_allclose(
        other, plain, rtol=1e-5 if getattr(value, "dtype", None) == np.float32 else 1e-12, atol=1e-14
    )


def speakers(spec):
    """Who may be named as the one who refuses: the function or class."""
    return (spec.name.partition(".")[0],)


def outcome(spec, argument, value):
    """What comes of an input: the refusal, or None and the result."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return None, spec.call(**(spec.arguments | {argument: value}))
    except (ValueError, TypeError) as error:
        return str(error), None


def test_every_public_function_is_in_the_table():
    in_table = {spec.name.split(".")[0] for spec in SPECS}
    public = {
        name
        for module in (
            uh.special,
            uh.distributions,
            uh.probability,
            uh.linalg,
            uh.stats,
            uh.calculus,
            uh.optimize,
            uh.models,
        )
        for name in module.__all__
        if callable(value := getattr(module, name))
        # Results are made by functions; exceptions and numbers with an error are no functions of arrays.
        and not (inspect.isclass(value) and issubclass(value, (BaseException, Result, tuple, float)))
    }
    public |= {name for name in uh.__all__ if callable(getattr(uh, name)) and name != "analyze"}
    assert public - in_table - set(ELSEWHERE) - {"Assumption", "Continuous", "Discrete"} == set()


def test_the_shares_that_were_promised(request):
    refused = named = silent = invalid = 0
    for spec, argument, kind, name, value in (case.values for case in BAD):
        refusal, _ = outcome(spec, argument, value)
        if refusal is None and may_pass(spec, kind, name):
            continue
        invalid += 1
        refused += refusal is not None
        silent += refusal is None
        named += refusal is not None and argument in refusal
    request.config.stash[SUMMARY] = (
        f"bad input: {invalid} cases, refused {refused / invalid:.1%}, "
        f"argument named {named / invalid:.1%}, passed in silence {silent}"
    )
    assert refused >= 0.99 * invalid
    assert named >= 0.9 * invalid
    assert silent == 0


def is_outside(spec, argument, size):
    """Whether NaN is the documented answer: outside the domain, where the function of a gradient has no value."""
    probability = argument in ("p", "q") or (argument == "x" and spec.name.startswith("betainc"))
    shape = argument in ("a", "b") and spec.name in uh.special.__all__ and size == 0
    # Negative numbers of things, and orders of derivatives that are not whole.
    order = argument in ("n", "k", "N") and spec.name in ("polygamma", "binom")
    beyond = spec.name in ("erfinv", "erfcinv", "polygamma")
    # Where the function itself overflows, it has no derivatives.
    overflow = size == 1e308 and spec.name in {spec.name for spec in derivatives.SPECS}
    return probability or shape or order or beyond or overflow


EXTREME = {"huge": 1e308, "tiny": 1e-308, "negative zero": -0.0, "beyond 2**53": float(2**53 + 2)}


@pytest.mark.parametrize("size", EXTREME.values(), ids=EXTREME)
@pytest.mark.parametrize(
    ("spec", "argument"),
    [
        pytest.param(spec, argument, id=f"{spec.name}-{argument}")
        for spec in SPECS
        for argument, kind in spec.vary.items()
        if kind != "labels"
    ],
)
def test_extreme_numbers_are_refused_by_name_or_give_numbers(spec, argument, size):
    good = spec.arguments[argument]
    refusal, result = outcome(spec, argument, replaced(good, size) if np.ndim(good) else size)
    if refusal is not None:
        assert refusal.startswith(speakers(spec))
        return
    numbers = spec.numbers(result)
    for part in numbers if isinstance(numbers, tuple) else (numbers,):
        assert is_outside(spec, argument, size) or not np.isnan(np.asarray(part, dtype=float)).any()
