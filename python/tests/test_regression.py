"""Linear regression: agreement with statsmodels, frames, results that read, refusals."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
import underhood as uh
from sklearn.linear_model import Ridge
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.stats.stattools import durbin_watson, jarque_bera
from underhood.stats import LinearRegressionResult, compare_models, linear_regression, polyfit, ridge_regression

FIELDS = [
    "params",
    "bse",
    "tvalues",
    "pvalues",
    "cov_params",
    "rsquared",
    "rsquared_adj",
    "fvalue",
    "f_pvalue",
    "mse_resid",
    "mse_model",
    "ssr",
    "ess",
    "llf",
    "aic",
    "bic",
    "nobs",
    "df_resid",
    "df_model",
    "resid",
    "fittedvalues",
    "condition_number",
    "conf_int",
]


def data(n, k, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, k)) + 2
    return X, X @ rng.standard_normal(k) + rng.standard_normal(n)


def value(result, name):
    found = getattr(result, name)
    return found() if callable(found) else found


@pytest.mark.parametrize("shape", [(12, 1), (40, 3), (3000, 6)])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("cov_type", ["classical", "HC0", "HC1", "HC2", "HC3"])
def test_every_field_agrees_with_statsmodels(shape, intercept, cov_type):
    X, y = data(*shape)
    ours = linear_regression(X, y, intercept=intercept, cov_type=cov_type)
    Z = sm.add_constant(X) if intercept else X
    # statsmodels goes over to the normal distribution with robust errors unless told not to.
    theirs = sm.OLS(y, Z).fit(cov_type="nonrobust" if cov_type == "classical" else cov_type, use_t=True)
    for name in FIELDS:
        # Statistics are good to 1e-11 in the peer; far p-values magnify the error of their statistic.
        rtol = 1e-8 if "pvalue" in name else 1e-10
        np.testing.assert_allclose(
            value(ours, name), value(theirs, name), rtol=rtol, atol=1e-300 if "pvalue" in name else 1e-12, err_msg=name
        )
    np.testing.assert_allclose(ours.leverage, theirs.get_influence().hat_matrix_diag, rtol=1e-10, atol=1e-13)
    frame = theirs.get_prediction(Z[:4]).summary_frame(alpha=0.1)
    inner = ours.predict(X[:4], interval="confidence", confidence_level=0.9)
    outer = ours.predict(X[:4], interval="prediction", confidence_level=0.9)
    np.testing.assert_allclose(inner.lower, frame.mean_ci_lower, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(outer.upper, frame.obs_ci_upper, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.predict(X), ours.fittedvalues, rtol=1e-12, atol=1e-12)


def test_far_tails_keep_their_digits():
    rng = np.random.default_rng(4)
    x = np.arange(400.0)
    fit = linear_regression(x, 3 * x + rng.standard_normal(400))
    assert 0 < fit.pvalues[1] < 1e-300 or fit.pvalues[1] == 0
    assert fit.f_pvalue == pytest.approx(fit.pvalues[1], rel=1e-9)


def test_frames_vectors_and_layouts_are_the_same_regression():
    X, y = data(25, 2, seed=3)
    plain = linear_regression(X, y)
    assert plain.names == ("const", "x1", "x2")
    pandas = linear_regression(pd.DataFrame(X, columns=["length", "width"]), pd.Series(y))
    polars = linear_regression(pl.DataFrame({"length": X[:, 0], "width": X[:, 1]}), pl.Series(y))
    assert pandas.names == polars.names == ("const", "length", "width")
    for other in (pandas, polars, linear_regression(np.asfortranarray(X), y), linear_regression(X.tolist(), list(y))):
        np.testing.assert_array_equal(plain.params, other.params)
    np.testing.assert_array_equal(linear_regression(X[:, 0], y).params, linear_regression(X[:, :1], y).params)
    assert linear_regression(pd.Series(X[:, 0], name="length"), y).names == ("const", "length")
    assert linear_regression(X, y, names=["a", "b"], intercept=False).names == ("a", "b")
    np.testing.assert_allclose(linear_regression(np.arange(5), [1, 2, 4, 3, 5]).params, [1.2, 0.9], rtol=1e-14)


def test_results_read_well():
    X, y = data(60, 2, seed=8)
    fit = linear_regression(X, y, names=["length", "width"])
    assert isinstance(fit, LinearRegressionResult)
    text = repr(fit)
    assert "R² " in text
    assert "length" in text
    assert "[2.5 %" in text
    summary = fit.summary()
    for label in ("rows", "adjusted R²", "residual df", "AIC", "BIC", "P>|t|"):
        assert label in summary
    page = linear_regression(X, y, names=["<b>", "width"])._repr_html_()
    assert "&lt;b&gt;" in page
    assert "<th><b>" not in page
    words = fit.explain()
    assert [line.split(": ")[0] for line in words.splitlines()] == [
        "Question",
        "Assumptions",
        "Found",
        "Size",
        "Not concluded",
    ]
    assert "one more unit of length, the other columns alike, goes with" in words
    for wrong in ("prove", "accept the null"):
        assert wrong not in words
    assert "interval 2" not in dir(fit)
    assert not [name for name in dir(fit) if name.startswith("_")]


def test_notes_say_what_to_be_careful_about():
    X, y = data(60, 2, seed=8)
    assert "Note" not in repr(linear_regression(X, y))
    assert "60 rows are few" not in repr(linear_regression(X, y))
    assert "few for 3 coefficients" in repr(linear_regression(X[:10], y[:10]))
    assert "perfect" in repr(linear_regression(X, X[:, 0] + 1))
    twin = np.column_stack([X[:, 0], X[:, 0] + 1e-7 * X[:, 1]])
    assert "nearly depend on each other" in repr(linear_regression(twin, y))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.ones(9)}, "y is a vector of 9, but X is 10×2"),
        ({"y": np.full(10, 2.5)}, r"y is constant \(every value is 2.5\), so there is no variation to explain"),
        (
            {"X": np.ones((10, 2))},
            r"X has a constant column \(column 0 is 1 everywhere\), which cannot be told from the intercept",
        ),
        ({"X": np.ones((10, 2, 2))}, "X is 10×2×2, but a matrix with a column for each variable"),
        (
            {"X": np.arange(20.0).reshape(10, 2)},
            "X has 3 columns but rank 2: column 1 is, to within rounding, 1 × the intercept",
        ),
        ({"X": np.ones((10, 10))}, "X has 10 rows, but at least 12 are needed"),
        ({"names": ["one"]}, "names has 1 names, but X has 2 columns"),
        ({"cov_type": "HC9"}, 'cov_type is "HC9", but must be one of "classical"'),
        ({"confidence_level": 95}, "confidence_level is 95, but must be between 0 and 1"),
    ],
)
def test_refusals_name_the_argument(change, message):
    X, y = data(10, 2)
    arguments = {"X": X, "y": y} | change
    with pytest.raises(ValueError, match=f"linear_regression: {message}"):
        linear_regression(arguments.pop("X"), arguments.pop("y"), **arguments)


def test_missing_values_are_placed():
    X, y = data(10, 2)
    frame = pd.DataFrame(X, columns=["a", "b"])
    frame.loc[3, "b"] = np.nan
    with pytest.raises(ValueError, match=r"X holds NaN .* at row 3, column 1"):
        linear_regression(frame, y)
    frame["b"] = "text"
    with pytest.raises(TypeError, match="'b'"):
        linear_regression(frame, y)
    with pytest.raises(ValueError, match="predict: X is 2×5, but the regression has 3 coefficients"):
        linear_regression(X, y).predict(np.ones((2, 5)))


def test_rows_with_gaps_may_be_left_out():
    X, y = data(12, 2)
    frame = pd.DataFrame(X, columns=["a", "b"])
    frame.loc[3, "b"] = np.nan
    response = pd.Series(y)
    response[5] = np.nan
    fit = linear_regression(frame, response, nan_policy="omit")
    whole = np.delete(np.arange(12), [3, 5])
    np.testing.assert_array_equal(fit.params, linear_regression(X[whole], y[whole]).params)
    assert fit.names == ("const", "a", "b")
    with pytest.raises(ValueError, match="nan_policy is 'drop'"):
        linear_regression(X, y, nan_policy="drop")
    with pytest.raises(ValueError, match="data is given, but X is no formula"):
        linear_regression(X, y, data=frame)


def test_weighted_least_squares_agrees_with_statsmodels():
    X, y = data(40, 3, seed=2)
    weights = np.random.default_rng(2).uniform(0.2, 5, 40)
    for cov_type in ("classical", "HC1", "HC3"):
        ours = linear_regression(X, y, weights=weights, cov_type=cov_type)
        fit = sm.WLS(y, sm.add_constant(X), weights=weights)
        theirs = fit.fit(cov_type="nonrobust" if cov_type == "classical" else cov_type, use_t=True)
        for name in [*FIELDS, "wresid"]:
            np.testing.assert_allclose(value(ours, name), value(theirs, name), rtol=1e-8, atol=1e-12, err_msg=name)
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=y, w=weights)
    by_name = linear_regression("y ~ a + b + c", frame, weights="w")
    np.testing.assert_allclose(by_name.bse, linear_regression(X, y, weights=weights).bse, rtol=1e-13)
    frame.loc[4, "w"] = np.nan
    with pytest.raises(ValueError, match=r"missing in 1 of 40 rows, the first being row 4: 'weights' \(1\)"):
        linear_regression("y ~ a", frame, weights="w")
    with pytest.raises(ValueError, match="weights holds 0 at index 2, but weights must be positive"):
        linear_regression(X, y, weights=np.where(np.arange(40) == 2, 0, 1.0))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [True, False])
def test_diagnostics_agree_with_statsmodels(weighted, intercept):
    X, y = data(30, 3, seed=6)
    weights = np.random.default_rng(1).uniform(0.5, 2, 30) if weighted else None
    Z = sm.add_constant(X) if intercept else X
    ours = linear_regression(X, y, weights=weights, intercept=intercept)
    root = 1.0 if weights is None else np.sqrt(weights)
    theirs = sm.OLS(y * root, (Z.T * root).T).fit()
    influence = theirs.get_influence()
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(ours.leverage, influence.hat_matrix_diag, **close)
    np.testing.assert_allclose(ours.resid_studentized_internal, influence.resid_studentized_internal, **close)
    np.testing.assert_allclose(ours.resid_studentized_external, influence.resid_studentized_external, **close)
    np.testing.assert_allclose(ours.cooks_distance, influence.cooks_distance[0], **close)
    np.testing.assert_allclose(ours.dffits, influence.dffits[0], **close)
    assert ours.durbin_watson == pytest.approx(durbin_watson(ours.wresid), rel=1e-12)
    found = (ours.jarque_bera, ours.jarque_bera_pvalue, ours.skew, ours.kurtosis)
    np.testing.assert_allclose(found, jarque_bera(ours.wresid), rtol=1e-10)
    if intercept and not weighted:
        vif = [variance_inflation_factor(Z, j) for j in range(1, 4)]
        np.testing.assert_allclose(list(ours.vif.values()), vif, rtol=1e-9)
        assert list(ours.vif) == ["x1", "x2", "x3"]
        lm, pvalue, *_ = het_breuschpagan(theirs.resid, Z)
        assert (ours.breusch_pagan, ours.breusch_pagan_pvalue) == pytest.approx((lm, pvalue), rel=1e-9)


def test_a_row_of_leverage_one_has_no_studentized_residual():
    fit = linear_regression([[0.0], [0], [1], [0], [0]], [1.0, 2, 9, 1.5, 2.5])
    assert np.isnan(fit.cooks_distance).tolist() == [False, False, True, False, False]
    assert fit.leverage[2] == pytest.approx(1)


def test_a_large_table_that_was_changed_since_is_noticed():
    X, y = data(6_000, 3, seed=1)
    fit = linear_regression(X, y)
    before = fit.predict(interval="confidence").lower
    X[17, 1] += 1
    with pytest.raises(ValueError, match="X has been changed since the fit"):
        print(fit.leverage)
    X[17, 1] -= 1
    np.testing.assert_array_equal(fit.predict(interval="confidence").lower, before)
    few, response = data(20, 2)
    small = linear_regression(few, response)
    few[:] = 0
    assert small.leverage.sum() == pytest.approx(3)


def test_joint_hypotheses_and_nested_models_agree_with_statsmodels():
    X, y = data(50, 4, seed=7)
    full, restricted = linear_regression(X, y), linear_regression(X[:, :2], y)
    theirs, smaller = sm.OLS(y, sm.add_constant(X)).fit(), sm.OLS(y, sm.add_constant(X[:, :2])).fit()
    expected = theirs.compare_f_test(smaller)
    found = compare_models(restricted, full)
    np.testing.assert_allclose([*found, found.df[0]], expected, rtol=1e-10)
    joint = full.f_test(["x3", "x4"])
    np.testing.assert_allclose(list(joint), list(found), rtol=1e-10)
    assert joint.effect_size == pytest.approx(found.effect_size, rel=1e-10)
    assert found.added == ("x3", "x4")
    robust = linear_regression(X, y, cov_type="HC3").f_test("x2")
    theirs = sm.OLS(y, sm.add_constant(X)).fit(cov_type="HC3", use_t=True).f_test(np.eye(5)[2])
    np.testing.assert_allclose(list(robust), [theirs.fvalue, theirs.pvalue], rtol=1e-9)
    many = compare_models(linear_regression(X[:, :1], y), restricted, full)
    assert many.results[1].statistic == found.statistic
    # A reparametrised smaller model is part of the larger all the same.
    assert compare_models(linear_regression(X[:, 0] + 2 * X[:, 3], y), full).df == (3.0, 45.0)


def test_models_that_cannot_be_compared_are_refused():
    X, y = data(20, 2)
    fit, single = linear_regression(X, y), linear_regression(X[:, 0], y)
    other = linear_regression(np.sin(X), y)
    for fits, message in [
        ((fit,), "fits has 1 models, but at least 2 are needed"),
        ((fit, single), "the smaller model comes first"),
        ((linear_regression(X[:, 0], y + 1), fit), "different responses"),
        ((linear_regression(X[:10, 0], y[:10]), fit), "different responses"),
        ((linear_regression(X[:, 0], y, weights=np.arange(1, 21)), fit), "different weights"),
        ((linear_regression(np.sin(X[:, 0]), y), fit), "not nested"),
        ((single, other), "not nested"),
    ]:
        with pytest.raises(ValueError, match=f"compare_models: .*{message}"):
            compare_models(*fits)
    with pytest.raises(TypeError, match=r"fits\[1\] is a str"):
        compare_models(fit, "fit")
    with pytest.raises(TypeError, match="different kinds"):
        compare_models(polyfit(X[:, 0], y, 1), fit)
    with pytest.raises(ValueError, match=r"f_test: names has 'x9', which is no coefficient.*const, x1, x2"):
        fit.f_test(["x1", "x9"])
    with pytest.raises(ValueError, match="f_test: names is empty"):
        fit.f_test([])


def test_polynomials_are_regressions_on_powers():
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 3, 40)
    y = x**3 - x + rng.normal(size=40)
    fit = polyfit(x, y, 3)
    np.testing.assert_allclose(fit.coef[::-1], np.polyfit(x, y, 3), rtol=1e-9)
    powers = linear_regression(np.column_stack([x, x**2, x**3]), y)
    for name in FIELDS:
        np.testing.assert_allclose(value(fit, name), value(powers, name), rtol=1e-8, atol=1e-10, err_msg=name)
    np.testing.assert_allclose(fit.leverage, powers.leverage, rtol=1e-10)
    assert fit.breusch_pagan == pytest.approx(powers.breusch_pagan)
    new = np.array([-0.5, 0.0, 2.5])
    table = np.column_stack([new, new**2, new**3])
    for interval in ("confidence", "prediction"):
        ours, theirs = fit.predict(new, interval=interval), powers.predict(table, interval=interval)
        np.testing.assert_allclose(np.concatenate(ours), np.concatenate(theirs), rtol=1e-9)
    assert fit.names == ("const", "x", "x^2", "x^3")
    assert fit.degree == 3
    np.testing.assert_allclose(fit.predict(x), fit.fittedvalues, rtol=1e-12, atol=1e-12)
    weights = rng.uniform(1, 2, 40)
    np.testing.assert_allclose(
        polyfit(x, y, 2, weights=weights).coef[::-1], np.polyfit(x, y, 2, w=np.sqrt(weights)), rtol=1e-9
    )
    # Far from zero, where powers lose every digit.
    far = polyfit(x + 1e6, y, 3)
    np.testing.assert_allclose(far.predict(x + 1e6), fit.fittedvalues, atol=1e-8)
    assert polyfit([1, 2, 3, 4], [1, 2, 2, 5], 0).coef.tolist() == [2.5]
    with pytest.raises(ValueError, match="polyfit: x has 4 values, but at least 5 are needed"):
        polyfit([1, 2, 3, 4], [1, 2, 2, 5], 3)
    with pytest.raises(ValueError, match="2 different values, which determine a polynomial of degree 1"):
        polyfit([1, 1, 2, 2], [1, 2, 2, 5], 2)


@pytest.mark.parametrize("shape", [(30, 3), (3000, 8), (6, 10)])
@pytest.mark.parametrize("intercept", [True, False])
def test_ridge_agrees_with_scikit_learn(shape, intercept):
    X, y = data(*shape, seed=4)
    weights = np.random.default_rng(3).uniform(0.5, 2, shape[0])
    for given in (None, weights):
        ours = ridge_regression(X, y, 0.7, weights=given, intercept=intercept)
        theirs = Ridge(alpha=0.7, fit_intercept=intercept).fit(X, y, sample_weight=given)
        np.testing.assert_allclose(ours.params[int(intercept) :], theirs.coef_, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(ours.fittedvalues, theirs.predict(X), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ours.predict(X[:2]), theirs.predict(X[:2]), rtol=1e-9, atol=1e-9)
    Z = X - X.mean(axis=0) if intercept else X
    hat = Z @ np.linalg.solve(Z.T @ Z + 0.7 * np.eye(shape[1]), Z.T)
    ours = ridge_regression(X, y, 0.7, intercept=intercept)
    assert ours.df == pytest.approx(np.trace(hat) + intercept, rel=1e-9)
    assert ours.gcv == pytest.approx(shape[0] * ours.ssr / (shape[0] - ours.df) ** 2, rel=1e-9)
    assert not hasattr(ours, "pvalues")


def test_ridge_takes_formulas_and_refuses_by_name():
    X, y = data(20, 2)
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(y=y)
    fit = ridge_regression("y ~ a + b", frame, 0.5)
    np.testing.assert_allclose(fit.params, ridge_regression(X, y, 0.5).params, rtol=1e-14)
    assert fit.names == ("Intercept", "a", "b")
    np.testing.assert_allclose(fit.predict(frame[:3]), fit.fittedvalues[:3], rtol=1e-13)
    with pytest.raises(ValueError, match="alpha is -1, but must be zero or positive"):
        ridge_regression(X, y, -1)
    with pytest.raises(ValueError, match="names has 1 names, but X has 2 columns"):
        ridge_regression(X, y, names=["a"])
    with pytest.raises(ValueError, match="data is for formulas"):
        ridge_regression(X, y, data=frame)


@pytest.mark.parametrize("size", [1e-3, 1e-7])
@pytest.mark.parametrize("rows", [300, 2000])
def test_robust_errors_of_a_quiet_group_keep_their_digits(size, rows):
    """Of two groups, the constant is the mean of the first, and its HC0 error √Σe²/n of that group alone."""
    noise = np.random.default_rng(1).normal(size=2 * rows)
    group = np.repeat([0.0, 1.0], rows)
    y = np.where(group == 0, 3 + size * noise, noise)
    first = y[:rows] - 3.0  # exact
    left = first - math.fsum(first) / rows
    expected = math.sqrt(math.fsum(left**2)) / rows
    fit = linear_regression(group, y, cov_type="HC0")
    assert fit.bse[0] == pytest.approx(expected, rel=1e-12)
    assert fit.cov_params[0, 0] == pytest.approx(expected**2, rel=1e-12)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_standard_errors_of_columns_that_are_alike_keep_their_digits(intercept, weighted):
    """Scaled condition numbers of some hundreds; the reference is Householder's QR of centred columns."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(4000, 5))
    X[:, 1:] = X[:, :1] + X[:, 1:] / 80
    y = X.sum(axis=1) + rng.normal(size=4000)
    weights = rng.uniform(0.5, 2, 4000) if weighted else None
    roots = np.ones(4000) if weights is None else np.sqrt(weights)
    fit = linear_regression(X, y, intercept=intercept, weights=weights)
    assert 100 < fit.scaled_condition_number < 1000
    centred = X - np.average(X, axis=0, weights=roots**2) if intercept else X
    q, r = np.linalg.qr(centred * roots[:, np.newaxis])
    inverse = np.linalg.inv(r)
    errors = np.sqrt((inverse**2).sum(axis=1) * fit.mse_resid)
    np.testing.assert_allclose(fit.bse[int(intercept) :], errors, rtol=1e-12)
    hat = (q**2).sum(axis=1) + (roots**2 / (roots**2).sum() if intercept else 0)
    np.testing.assert_allclose(fit.leverage, hat, rtol=1e-11)


def test_the_constant_is_known_by_what_it_is():
    X, y = data(30, 2, seed=3)
    own = np.column_stack([X[:, 0], np.ones(30), X[:, 1]])
    fit = linear_regression(own, y, intercept=False, names=["a", "ones", "b"])
    expected = [variance_inflation_factor(own, 0), variance_inflation_factor(own, 2)]
    assert list(fit.vif) == ["a", "b"]
    np.testing.assert_allclose(list(fit.vif.values()), expected, rtol=1e-10)
    fit = linear_regression(X, y, intercept=False, names=["const", "b"])
    assert list(fit.vif) == ["const", "b"]
    assert "one more unit of const" in fit.explain()


def test_nested_models_with_robust_errors_are_compared_with_them():
    X, y = data(50, 4, seed=7)
    small, full = (linear_regression(X[:, :k], y, cov_type="HC3") for k in (2, 4))
    theirs = sm.OLS(y, sm.add_constant(X)).fit(cov_type="HC3", use_t=True).f_test(np.eye(5)[3:])
    found = compare_models(small, full)
    np.testing.assert_allclose(list(found), [theirs.fvalue, theirs.pvalue], rtol=1e-9)
    assert "HC3" in found.method
    assert not any("one variance" in str(assumption) for assumption in found.assumptions)
    line, cubic = (polyfit(X[:, 0], y, k, cov_type="HC3") for k in (1, 3))
    np.testing.assert_allclose(list(compare_models(line, cubic)), list(cubic.f_test(["x^2", "x^3"])), rtol=1e-8)
    # Units do not matter.
    units = np.array([1e9, 1e-9, 1, 1e9])
    first, second = (linear_regression(X[:, :k] * units[:k], y) for k in (2, 4))
    plain = compare_models(linear_regression(X[:, :2], y), linear_regression(X, y))
    np.testing.assert_allclose(list(compare_models(first, second)), list(plain), rtol=1e-9)


def test_one_degree_of_freedom_leaves_none_to_the_other_rows():
    fit = linear_regression([1.0, 2, 4], [1.0, 3, 4])
    assert np.isnan(fit.resid_studentized_external).all()
    assert np.isnan(fit.dffits).all()
    np.testing.assert_allclose(np.abs(fit.resid_studentized_internal), 1, rtol=1e-10)


def test_a_hypothesis_of_a_perfect_fit_that_holds_exactly_has_no_statistic():
    from underhood._core.regression import wald_test

    assert wald_test(np.zeros(1), np.zeros((1, 1)), np.ones((1, 1)), 5.0) == (0.0, 1.0)
    assert wald_test(np.ones(1), np.zeros((1, 1)), np.ones((1, 1)), 5.0) == (np.inf, 0.0)


def test_intervals_far_out_stay_finite():
    fit = linear_regression([1.0, 2, 4, 7], [1.0, 3, 4, 9])
    far = fit.predict([1e200], interval="prediction")
    assert (far.upper - far.predicted) / 1e200 == pytest.approx((fit.conf_int[1, 1] - fit.params[1]), rel=1e-12)


def test_many_dependent_columns_are_counted_and_not_all_listed():
    half = np.random.default_rng(0).normal(size=(200, 60))
    both = np.hstack([half, half])
    with pytest.raises(
        ValueError, match="X has 121 columns but rank 61: column 60 is, to within rounding, 1 × column 0;"
    ):
        linear_regression(both, half[:, 0] + np.arange(200))
    summed = np.column_stack([half, half.sum(axis=1)])
    with pytest.raises(ValueError, match=r"1 × column 7 \+ … \(52 columns more\);"):
        linear_regression(summed, np.arange(200.0))


def test_polyfit_speaks_for_itself():
    with pytest.raises(ValueError, match='polyfit: cov_type is "HC9"'):
        polyfit(np.arange(9), np.arange(9) ** 2, 1, cov_type="HC9")
    with pytest.raises(ValueError, match="polyfit: cov_type is HC3, but row 4 has leverage 1"):
        polyfit([0, 0, 0, 0, 1], [1, 2, 4, 3, 5], 1, cov_type="HC3")


def test_ridge_leaves_out_rows_with_gaps():
    X, y = data(20, 2)
    expected = ridge_regression(X[2:], y[2:], 0.5, weights=np.arange(3.0, 21))
    X[0, 1] = y[1] = np.nan
    found = ridge_regression(X, y, 0.5, weights=np.arange(1.0, 21), nan_policy="omit")
    np.testing.assert_array_equal(found.params, expected.params)
    with pytest.raises(ValueError, match="ridge_regression: nan_policy is 'drop'"):
        ridge_regression(X, y, 0.5, nan_policy="drop")


@pytest.mark.parametrize("fit", [linear_regression, ridge_regression])
def test_what_a_formula_says_is_not_said_twice(fit):
    frame = {"x": [1.0, 2, 3, 4], "y": [1.0, 2, 4, 3]}
    for intercept in (True, False):
        with pytest.raises(ValueError, match=f'{fit.__name__}: intercept is for arrays; write "- 1" in the formula'):
            fit("y ~ x", frame, intercept=intercept)
    with pytest.raises(ValueError, match=f"{fit.__name__}: names is for arrays"):
        fit("y ~ x", frame, names=["length"])


def test_residuals_are_drawn():
    X, y = data(60, 2)
    fit = linear_regression(X, y)
    figure = uh.plot.residuals(fit)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Straight?", "Normal?", "One variance?", "Single rows?"]
    assert len(figure.axes[0].texts) == 3
    np.testing.assert_allclose(figure.axes[3].collections[0].get_offsets()[:, 1], fit.resid_studentized)
    drawn = polyfit(X[:, 0], y, 2).plot()
    assert len(drawn.collections) == 2
    many, response = data(7_000, 1)
    assert "rows" in uh.plot.residuals(linear_regression(many, response)).get_suptitle()
    even = np.arange(20.0)
    far = linear_regression(np.append(even, 100.0), np.append(even + np.sin(even), 0.0))
    assert f"Cook's distance {far.cooks_distance.max():.6g}" in far.notes[-1]
    assert far.notes[-1] in repr(far)
    assert not any("Cook" in note for note in fit.notes)
    with pytest.raises(TypeError, match="residuals: fit is a list"):
        uh.plot.residuals([1])
