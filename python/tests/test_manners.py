"""What a notebook user expects of every public name and result: Tab, help, copies, displays, and a light import."""

import copy
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest
import underhood as uh
from underhood._results import format_probability, format_value

MODULES = [name for name in uh.__all__ if inspect.ismodule(getattr(uh, name))]
PUBLIC = [
    pytest.param(value, id=f"{module}.{name}")
    for module in MODULES
    for name in getattr(uh, module).__all__
    if callable(value := getattr(getattr(uh, module), name))
    and not (inspect.isclass(value) and issubclass(value, BaseException))
]

PUBLIC += [pytest.param(getattr(uh, name), id=name) for name in uh.__all__ if callable(getattr(uh, name))]


def results():
    """One of each result, estimator and distribution."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2))
    y = X @ [1.0, 2.0] + rng.normal(size=40)
    labels = np.where(y > 0, "yes", "no")
    fit = uh.stats.linear_regression(X, y)
    perceptron = uh.models.Perceptron(random_state=1).fit(X, labels)
    return [
        uh.calculus.derivative(np.sin, 1.0),
        uh.calculus.gradient(lambda v: float(v @ v), [1.0, 2.0], details=True),
        uh.optimize.gradient_descent(lambda v: float(v @ v), [1.0, 2.0]),
        uh.optimize.minimize(lambda v: v @ v, [1.0, 2.0]),
        uh.optimize.minimize_scalar(lambda x: (x - 1) ** 2),
        uh.optimize.find_root(np.cos, 0, 3),
        uh.optimize.bisect(np.cos, 0, 3),
        uh.optimize.newton(np.cos, 1.0),
        uh.optimize.root(lambda v: v - 1, [3.0, 2.0]),
        uh.optimize.least_squares(lambda v: v - 1, [3.0, 2.0]),
        uh.optimize.curve_fit(lambda x, a, b: a + b * x, X[:, 0], y),
        uh.optimize.lagrange(lambda v: v @ v, lambda v: v[0] + v[1] - 1, [1.0, 2.0]),
        uh.optimize.linear_program([1.0, 2.0], [[-1.0, -1.0]], [-1.0]),
        uh.optimize.is_convex([[2.0, 0.0], [0.0, 1.0]]),
        uh.optimize.stochastic_gradient_descent(lambda w, X: np.mean((X - w) ** 2), [0.0, 0.0], X, rng=1),
        uh.function("x**2 * sin(y)"),
        uh.function(np.hypot).gradient(),
        uh.function("x**3").derivative(order=2),
        uh.linalg.qr(X),
        uh.linalg.slogdet(np.eye(2)),
        uh.linalg.lstsq(X, y),
        uh.linalg.power_iteration(X.T @ X),
        uh.linalg.inverse_iteration(X.T @ X, "rayleigh"),
        uh.linalg.qr_algorithm(X.T @ X),
        uh.linalg.jacobi_eigen(X.T @ X),
        uh.linalg.conjugate_gradient(X.T @ X, X.T @ y),
        uh.linalg.gauss_seidel(X.T @ X, X.T @ y),
        uh.linalg.LinearMap(X.T @ X),
        uh.stats.describe(X),
        uh.stats.pearsonr(X[:, 0], y),
        uh.stats.spearmanr(X[:, 0], y),
        uh.stats.ttest_1samp(y, 0.0),
        uh.stats.ttest_ind(X[:, 0], y),
        uh.stats.f_oneway(X[:, 0], X[:, 1], y),
        uh.stats.chi2_contingency([[10, 20], [30, 11]]),
        uh.stats.fisher_exact([[10, 20], [30, 11]]),
        uh.stats.binomtest(3, 15),
        uh.stats.proportion_confint(3, 15),
        uh.stats.proportions_test([3, 5], [15, 20]),
        uh.stats.ks_1samp(y, "norm"),
        uh.stats.shapiro(y),
        uh.stats.anderson(y),
        fit,
        fit.predict(X, interval="prediction"),
        fit.f_test(["x1", "x2"]),
        uh.stats.compare_models(uh.stats.linear_regression(X[:, 0], y), fit),
        uh.stats.polyfit(X[:, 0], y, 2),
        uh.stats.ridge_regression(X, y, 0.5),
        uh.distributions.Normal(1, 2),
        uh.distributions.StudentT(3),
        uh.distributions.ChiSquared(3),
        uh.distributions.F(3, 4),
        uh.distributions.Normal([0.0, 1.0], 2),
        uh.distributions.Binomial(10, 0.3),
        uh.distributions.Categorical([0.25, 0.75]),
        uh.distributions.Empirical([1.0, 2.5]),
        uh.distributions.Gamma.fit(np.exp(y)),
        uh.probability.bayes({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 1.0}),
        uh.probability.JointTable([[0.25, 0.25], [0.5, 0]], ["x", "y"], [["a", "b"], [1, 2]]),
        uh.probability.simulate(lambda rng: rng.random() < 0.5, n=10, rng=1),
        uh.probability.law_of_large_numbers(uh.distributions.Normal(), n=20, rng=1),
        uh.probability.central_limit_theorem(uh.distributions.Exponential(1), repetitions=20, rng=1),
        perceptron,
        perceptron.history_,
        uh.models.Adaline().fit(X, labels),
        uh.models.LogisticRegression().fit(X, labels),
        uh.models.StandardScaler().fit(X),
        uh.models.MinMaxScaler().fit(X),
        uh.models.OneHotEncoder().fit(labels.reshape(-1, 1)),
        uh.models.make_pipeline(uh.models.StandardScaler(), uh.models.LogisticRegression()).fit(X, labels),
        uh.models.KFold(3),
        uh.models.compare_rules(X, labels, [uh.models.LogisticRegression]),
        uh.models.compare_rules(X, labels, [uh.models.LogisticRegression])[0],
        uh.models.get_scorer("accuracy"),
        uh.models.cross_validate(uh.models.Perceptron(), X, labels, cv=2),
        uh.models.learning_curve(uh.models.Perceptron(), X, labels, cv=2),
        uh.models.validation_curve(uh.models.Perceptron(), X, labels, param_name="shuffle", param_range=[True], cv=2),
        uh.models.classification_report(labels, labels),
        uh.models.roc_curve(labels, y, pos_label="yes"),
        uh.models.precision_recall_curve(labels, y, pos_label="yes"),
        uh.models.LinearRegression().fit(X, y),
        uh.models.Ridge().fit(X, y),
        uh.models.Lasso(0.1).fit(X, y),
        uh.models.Lasso(0.1).fit(X, y).history_,
        uh.models.BayesianRidge().fit(X, y),
        uh.models.BayesianRidge().fit(X, y).history_,
        uh.models.lasso_path(X, y, alphas=3),
        uh.models.PolynomialFeatures().fit(X),
        uh.models.PCA().fit(X),
        uh.models.KMeans(3).fit(X),
        uh.models.KMeans(3).fit(X).history_,
        uh.models.GaussianMixture(2).fit(X),
        uh.models.GaussianMixture(2).fit(X).history_,
        (svc := uh.models.SVC().fit(X, labels)),
        svc.history_,
        uh.models.LinearSVC().fit(X, labels),
        uh.models.GaussianNB().fit(X, labels),
        uh.models.KNeighborsClassifier().fit(X, labels),
        uh.models.KNeighborsRegressor().fit(X, y),
        uh.analyze(uh.datasets.load("iris"), target="species"),
        uh.analyze({"x": X[:, 0], "y": y}, target="y"),
        uh.datasets.list(),
        uh.datasets.describe("iris"),
    ]


@pytest.mark.parametrize("result", results(), ids=lambda result: type(result).__name__)
def test_a_result_survives_copying_and_pickling(result):
    for other in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert type(other) is type(result)
        assert repr(other) == repr(result)


@pytest.mark.parametrize("module", [uh, *(getattr(uh, name) for name in MODULES)], ids=lambda module: module.__name__)
def test_tab_offers_what_is_public_and_nothing_else(module):
    offered = [name for name in dir(module) if not name.startswith("_")]
    assert sorted(offered) == sorted(name for name in module.__all__ if not name.startswith("_"))


@pytest.mark.parametrize("value", PUBLIC)
def test_a_public_callable_has_a_signature(value):
    inspect.signature(value)
    if inspect.isclass(value):
        for name, method in inspect.getmembers(value, callable):
            if not name.startswith("_") and not hasattr(float, name) and not hasattr(dict, name):
                inspect.signature(method)


def python(code):
    """Run code in an interpreter of its own, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, timeout=120
    )


def test_the_import_is_silent_and_light():
    heavy = ["pandas", "polars", "matplotlib", "scipy", "sklearn", "statsmodels", "pyarrow", "IPython"]
    done = python(f"import sys, underhood; print([name for name in {heavy!r} if name in sys.modules])")
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)


WITHOUT = "import sys; sys.modules.update(dict.fromkeys({!r})); import underhood as uh; "


def test_numpy_alone_is_enough():
    code = WITHOUT.format(["pandas", "polars", "matplotlib", "scipy", "sklearn", "pyarrow"])
    code += "print(uh.analyze(uh.datasets.load('penguins', as_frame=False), target='species').columns['sex'].missing)"
    done = python(code)
    assert done.stdout == "11\n", done.stderr


def test_polars_without_pandas_is_enough():
    code = WITHOUT.format(["pandas"]) + (
        "import polars as pl; frame = pl.DataFrame(uh.datasets.load('iris', as_frame=False)); "
        "print(uh.analyze(frame, target='species').model.n_test, uh.stats.describe(frame).left_out)"
    )
    done = python(code)
    assert done.stdout == "38 ('species',)\n", done.stderr


def test_without_matplotlib_a_plot_says_what_to_install():
    code = WITHOUT.format(["matplotlib", "matplotlib.pyplot"]) + "uh.analyze({'a': [1.5, 2.5, 4.0]}).plot()"
    last = python(code).stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError")
    assert "pip install" in last


def test_a_probability_beyond_the_doubles_is_not_printed_as_zero():
    far = uh.stats.ttest_ind(np.arange(500.0), np.arange(500.0) + 1e6)
    assert far.pvalue < 1e-300
    for text in (repr(far), far.explain(), far._repr_html_()):
        assert "1e-300" in text
    assert format_probability(0.25) == "0.25"


def test_a_negative_zero_is_printed_as_zero():
    assert format_value(-0.0) == "0"


def test_a_tuple_of_one_is_printed_as_what_it_holds():
    assert format_value((20,)) == "20"
    assert format_value((20, 30)) == "(20, 30)"


def test_many_tests_print_and_give_the_numbers_of_all():
    x = np.random.default_rng(0).normal(size=(3, 2, 9))
    many = uh.stats.ttest_ind(x, x**2, axis=2, equal_var=False)
    assert "6 tests" in repr(many)
    assert "pvalue" in many._repr_html_()
    assert many.estimate.shape == many.df.shape == (3, 2)
    assert many.confidence_interval.shape == (3, 2, 2)
    for place in np.ndindex(3, 2):
        one = uh.stats.ttest_ind(x[place], x[place] ** 2, equal_var=False)
        assert many.estimate[place] == one.estimate
        assert tuple(many.confidence_interval[place]) == one.confidence_interval
    assert copy.deepcopy(many).df.tolist() == many.df.tolist()
    for name in ("explain", "method", "no_such_field"):
        with pytest.raises(AttributeError, match=f"ManyTestsResult has no '{name}'"):
            getattr(many, name)


def test_a_function_without_a_name_is_called_the_statistic():
    test = uh.stats.permutation_test(([5, 6, 8, 9], [1, 3, 4]), lambda a, b: max(a) - max(b))
    assert "lambda" not in repr(test) + test.explain()
    assert "beside all 35 rearrangements" in test.explain()


def test_a_regression_does_not_change_with_the_callers_array():
    X, y = np.arange(20.0).reshape(10, 2) ** 1.5, np.arange(10.0) ** 2
    fit = uh.stats.linear_regression(X, y)
    before = fit.predict(interval="confidence").lower.copy(), fit.predict()
    X[:] = 7.0
    np.testing.assert_array_equal(fit.predict(interval="confidence").lower, before[0])
    np.testing.assert_array_equal(fit.predict(), before[1])
    assert abs(fit.leverage.sum() - 3) < 1e-12
