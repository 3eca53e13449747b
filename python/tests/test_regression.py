"""Linear regression: agreement with statsmodels, frames, results that read, refusals."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from underhood.stats._regression import LinearRegressionResult, linear_regression

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
    for word in ("Question", "length", "width", "Assumptions", "Not concluded"):
        assert word in words
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
