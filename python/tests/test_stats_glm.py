"""Logistic and Poisson regression: beside mpmath, statsmodels and closed forms; what is refused; what is said."""

import mpmath
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import statsmodels.api as sm
import underhood as uh

logistic, poisson = uh.stats.logistic_regression, uh.stats.poisson_regression


def sample(rng, n, k, family):
    """Rows of offset and scaled columns with a response of the family."""
    X = rng.normal(size=(n, k)) * np.geomspace(0.1, 30, k) + np.linspace(-5, 40, k)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    eta = 0.4 + Z @ np.linspace(-0.6, 0.9, k) / np.sqrt(k)
    y = rng.random(n) < 1 / (1 + np.exp(-eta)) if family == "binomial" else rng.poisson(np.exp(eta))
    return X, y.astype(float)


def by_mpmath(X, y, family, digits=40):
    """Newton's method at 40 digits: coefficients, standard errors and the log-likelihood."""
    with mpmath.workdps(digits):
        rows = [[mpmath.mpf(1), *map(mpmath.mpf, row)] for row in X.tolist()]
        n, k = len(rows), len(rows[0])
        beta = mpmath.zeros(k, 1)
        if family == "poisson":
            beta[0] = mpmath.log(mpmath.mpf(sum(y)) / n)
        for _ in range(60):
            score, information, value = mpmath.zeros(k, 1), mpmath.zeros(k, k), mpmath.mpf(0)
            for row, count in zip(rows, y, strict=True):
                eta = mpmath.fsum(b * z for b, z in zip(beta, row, strict=True))
                if family == "binomial":
                    mu = 1 / (1 + mpmath.exp(-eta))
                    weight, log = mu * (1 - mu), mpmath.log(mu if count else 1 - mu)
                else:
                    mu = mpmath.exp(eta)
                    weight, log = mu, count * eta - mu - mpmath.loggamma(count + 1)
                value += log
                for i in range(k):
                    score[i] += (count - mu) * row[i]
                    for j in range(k):
                        information[i, j] += weight * row[i] * row[j]
            step = mpmath.lu_solve(information, score)
            beta += step
            if mpmath.norm(step) < mpmath.mpf(10) ** (-digits // 2 - 5):
                break
        covariance = information**-1
        errors = [mpmath.sqrt(covariance[i, i]) for i in range(k)]
        return [float(b) for b in beta], [float(e) for e in errors], float(value)


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_it_agrees_with_forty_digits(rng, family):
    X, y = sample(rng, 40, 3, family)
    fit = (logistic if family == "binomial" else poisson)(X, y)
    params, bse, llf = by_mpmath(X, y, family)
    # Columns about 40 standard deviations from zero make the constant ill-determined by as much.
    np.testing.assert_allclose(fit.params, params, rtol=2e-12)
    np.testing.assert_allclose(fit.bse, bse, rtol=2e-12)
    assert fit.llf == pytest.approx(llf, rel=1e-13)


@pytest.mark.parametrize(("n", "k"), [(50, 2), (400, 5), (6000, 12), (60_000, 8)])
@pytest.mark.parametrize("cov_type", ["classical", "HC0"])
def test_logistic_regression_agrees_with_statsmodels(rng, n, k, cov_type):
    X, y = sample(rng, n, k, "binomial")
    fit = logistic(X, y, cov_type=cov_type)
    kind = "nonrobust" if cov_type == "classical" else cov_type
    model = sm.Logit(y, sm.add_constant(X))
    start = fit.params  # its own stopping rule is looser: it polishes from here, or would move away
    theirs = model.fit(start_params=start, method="newton", tol=1e-14, disp=0, cov_type=kind, warn_convergence=False)
    np.testing.assert_allclose(fit.params, theirs.params, rtol=1e-10)
    np.testing.assert_allclose(fit.bse, theirs.bse, rtol=1e-9)
    np.testing.assert_allclose(fit.zvalues, theirs.tvalues, rtol=1e-9)
    np.testing.assert_allclose(fit.pvalues, theirs.pvalues, rtol=1e-7, atol=1e-300)
    np.testing.assert_allclose(fit.conf_int, theirs.conf_int(), rtol=1e-9)
    for name in ("llf", "aic", "df_resid", "df_model"):
        assert getattr(fit, name) == pytest.approx(getattr(theirs, name), rel=1e-11), name
    # It searches for the null model, which has a formula.
    for name in ("llnull", "prsquared", "llr", "llr_pvalue"):
        assert getattr(fit, name) == pytest.approx(getattr(theirs, name), rel=1e-6), name
    if cov_type == "HC0":
        ratio = logistic(X, y, cov_type="HC1").bse / fit.bse
        np.testing.assert_allclose(ratio, np.sqrt(n / (n - k - 1)), rtol=1e-12)
    if cov_type == "classical":
        assert fit.bic == pytest.approx(theirs.bic, rel=1e-10)
        np.testing.assert_allclose(fit.cov_params, theirs.cov_params(), rtol=1e-8, atol=1e-9 * fit.cov_params.max())
    # The slope of the likelihood is zero to within rounding, which statsmodels only approaches.
    slope = sm.add_constant(X).T @ fit.resid_response
    assert np.abs(slope / np.abs(sm.add_constant(X)).sum(axis=0)).max() < 1e-14 * 30


@pytest.mark.parametrize(("n", "k"), [(50, 2), (400, 5), (6000, 12)])
def test_poisson_regression_agrees_with_statsmodels(rng, n, k):
    X, y = sample(rng, n, k, "poisson")
    exposure, offset = rng.uniform(0.5, 3, n), rng.normal(size=n) / 5
    fit = poisson(X, y, exposure=exposure, offset=offset)
    model = sm.GLM(y, sm.add_constant(X), family=sm.families.Poisson(), exposure=exposure, offset=offset)
    theirs = model.fit(start_params=fit.params, tol=1e-14)
    np.testing.assert_allclose(fit.params, theirs.params, rtol=1e-10)
    np.testing.assert_allclose(fit.bse, theirs.bse, rtol=1e-9)
    np.testing.assert_allclose(fit.pvalues, theirs.pvalues, rtol=1e-7, atol=1e-300)
    np.testing.assert_allclose(fit.fittedvalues, theirs.fittedvalues, rtol=1e-10)
    np.testing.assert_allclose(fit.resid_response, theirs.resid_response, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(fit.resid_pearson, theirs.resid_pearson, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(fit.resid_deviance, theirs.resid_deviance, rtol=1e-6, atol=1e-7)
    for name in ("deviance", "null_deviance", "pearson_chi2", "llf", "llnull", "aic", "df_resid", "df_model", "nobs"):
        assert getattr(fit, name) == pytest.approx(getattr(theirs, name), rel=1e-9), name
    assert fit.bic == pytest.approx(theirs.bic_llf, rel=1e-10)
    assert fit.dispersion == pytest.approx(theirs.pearson_chi2 / theirs.df_resid, rel=1e-10)
    np.testing.assert_allclose(
        poisson(X, y, exposure=exposure, offset=offset, cov_type="HC0").bse,
        model.fit(start_params=fit.params, tol=1e-14, cov_type="HC0").bse,
        rtol=1e-9,
    )
    new = fit.predict(X[:5], exposure=exposure[:5], offset=offset[:5], interval="confidence", confidence_level=0.9)
    frame = theirs.get_prediction(sm.add_constant(X)[:5], exposure=exposure[:5], offset=offset[:5]).summary_frame(0.1)
    np.testing.assert_allclose(np.column_stack(new), frame[["mean", "mean_ci_lower", "mean_ci_upper"]], rtol=1e-9)


def test_residuals_and_predictions_of_odds_agree_with_statsmodels(rng):
    X, y = sample(rng, 300, 3, "binomial")
    fit = logistic(X, y)
    theirs = sm.GLM(y, sm.add_constant(X), family=sm.families.Binomial()).fit(start_params=fit.params, tol=1e-14)
    for name in ("fittedvalues", "resid_response", "resid_pearson", "resid_deviance"):
        np.testing.assert_allclose(getattr(fit, name), getattr(theirs, name), rtol=1e-9, err_msg=name)
    for name in ("deviance", "null_deviance", "pearson_chi2"):
        assert getattr(fit, name) == pytest.approx(getattr(theirs, name), rel=1e-10)
    assert np.sum(fit.resid_deviance**2) == pytest.approx(fit.deviance)
    new = fit.predict(X[:5], interval="confidence")
    frame = theirs.get_prediction(sm.add_constant(X)[:5]).summary_frame()
    np.testing.assert_allclose(np.column_stack(new), frame[["mean", "mean_ci_lower", "mean_ci_upper"]], rtol=1e-9)
    np.testing.assert_array_equal(fit.predict(), fit.fittedvalues)
    np.testing.assert_allclose(fit.predict(X), fit.fittedvalues, rtol=1e-12)
    np.testing.assert_allclose(fit.odds_ratios, np.exp(fit.params))
    np.testing.assert_allclose(fit.odds_ratios_conf_int, np.exp(fit.conf_int))
    np.testing.assert_array_equal(fit.tvalues, fit.zvalues)


def test_without_a_constant_the_null_model_has_nothing(rng):
    X, y = sample(rng, 200, 2, "binomial")
    X -= X.mean(axis=0)
    fit = logistic(X, y, intercept=False)
    theirs = sm.Logit(y, X).fit(disp=0, tol=1e-10)
    np.testing.assert_allclose(fit.params, theirs.params, rtol=1e-9)
    assert fit.names == ("x1", "x2")
    assert fit.llnull == pytest.approx(200 * np.log(0.5))
    assert (fit.df_model, fit.df_resid) == (2, 198)
    own = logistic(np.column_stack([np.ones(200), X]), y, intercept=False)
    np.testing.assert_allclose(own.params, logistic(X, y).params, rtol=1e-10)
    assert own.df_model == 2


def test_formulas_and_frames_say_the_same(rng):
    frame = pd.DataFrame({"age": rng.normal(40, 10, 300), "town": rng.choice(["A", "B", "C"], 300)})
    eta = 0.05 * (frame["age"] - 40) + (frame["town"] == "B")
    frame["ill"] = np.where(rng.random(300) < 1 / (1 + np.exp(-eta)), "yes", "no")
    frame["visits"], frame["years"] = rng.poisson(np.exp(eta)), rng.uniform(1, 3, 300)
    fit = logistic("ill ~ age + C(town)", frame)
    assert fit.names == ("Intercept", "age", "C(town)[T.B]", "C(town)[T.C]")
    assert fit.levels == ("no", "yes")
    assert "ill = yes" in fit.summary()
    X = np.column_stack([frame["age"], frame["town"] == "B", frame["town"] == "C"]).astype(float)
    np.testing.assert_allclose(fit.params, logistic(X, frame["ill"] == "yes").params, rtol=1e-11)
    np.testing.assert_allclose(fit.predict(frame.head(4)), fit.fittedvalues[:4], rtol=1e-11)
    np.testing.assert_allclose(logistic("ill ~ age + C(town)", data=pl.from_pandas(frame)).params, fit.params)
    counted = poisson("visits ~ age + town", frame, exposure="years")
    same = poisson(X, frame["visits"], exposure=frame["years"])
    np.testing.assert_allclose(counted.params, same.params, rtol=1e-10)
    frame.loc[3, "age"] = np.nan
    assert logistic("ill ~ age", frame, nan_policy="omit").nobs == 299
    with pytest.raises(ValueError, match="logistic_regression: values are missing in 1 of 300 rows"):
        logistic("ill ~ age", frame)
    only = logistic("ill ~ 1", frame)
    share = (frame["ill"] == "yes").mean()
    assert only.params[0] == pytest.approx(np.log(share / (1 - share)))


X8 = np.array([[3.0, 1.0], [1.0, 2.0], [4.0, 2.0], [1.0, 3.0], [5.0, 4.0], [9.0, 5.0], [2.0, 4.0], [6.0, 6.0]])
Y8 = [0, 1, 0, 1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("y", "levels"),
    [
        (Y8, (0, 1)),
        (np.array(Y8, dtype=bool), (False, True)),
        ([2 * v + 1 for v in Y8], (1, 3)),
        (["yes" if v else "no" for v in Y8], ("no", "yes")),
        (pd.Series(["yes" if v else "no" for v in Y8], dtype="category"), ("no", "yes")),
        (
            pd.Series(pd.Categorical(["a" if v else "b" for v in Y8], categories=["b", "a"])),
            ("b", "a"),
        ),
        (pl.Series(["yes" if v else "no" for v in Y8]), ("no", "yes")),
        (pd.Series(Y8, dtype="Int64"), (0, 1)),
        (pd.Series(Y8, dtype="boolean"), (False, True)),
    ],
    ids=["0 and 1", "bool", "1 and 3", "text", "categories", "ordered", "polars", "nullable", "nullable bool"],
)
def test_two_labels_of_any_kind(y, levels):
    fit = logistic(X8, y)
    assert fit.levels == levels
    np.testing.assert_array_equal(fit.params, logistic(X8, Y8).params)
    assert f"= {levels[1]} beside" in repr(fit)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: logistic(X8, [0, 0, 0, 0, 1, 1, 1, 1]), "perfectly: column 1 is at most 3 where y is 0 and at least"),
        (lambda: logistic(X8, list("aaaabbbb"), names=["age", "dose"]), r'\("dose"\) is at most 3 where y is a'),
        (lambda: logistic(np.eye(8)[:, :2], Y8), "but for ties: column 0 is at most 0 where y is 1"),
        (lambda: poisson(np.eye(8)[:, :1], Y8), "tells where y is zero: column 0 is 0 wherever y is positive"),
        (lambda: logistic(X8, [1] * 8), "y is constant"),
        (lambda: logistic(X8, ["a"] * 8), r"y has 1 level \('a'\)"),
        (lambda: logistic(X8, [0, 1, 2, 0, 1, 2, 0, 1]), "y has more than two values"),
        (lambda: logistic(X8, [0, 0.5, 1, 0, 1, 1, 0, 1]), "each value must be 0 or 1"),
        (lambda: logistic(X8, list("abcabcab")), "y has 3 levels"),
        (lambda: logistic(X8, ["a", None, *"ababab"]), "missing label"),
        (lambda: logistic(X8[:, [0, 0]], Y8), "logistic_regression: X has 3 columns but rank 2"),
        (lambda: logistic(X8[:3], Y8[:3]), "X has 3 rows, but at least 4"),
        (lambda: logistic(X8, Y8, cov_type="HC9"), "cov_type"),
        (lambda: logistic(X8, Y8, confidence_level=1.0), "confidence_level is 1"),
        (lambda: logistic(X8, Y8, names=["a"]), "names"),
        (lambda: logistic(X8, Y8, max_iter=0), "max_iter is 0"),
        (lambda: logistic(X8, Y8, nan_policy="propagate"), "nan_policy"),
        (lambda: logistic(X8, Y8).predict(X8[:, :1]), "the regression has 3 coefficients"),
        (lambda: logistic(X8, Y8).predict(X8, interval="prediction"), "interval is 'prediction'"),
        (lambda: logistic(X8, Y8).predict(interval="confidence"), "intervals need the rows"),
        (lambda: poisson(X8, [1, 2, -1, 0, 3, 1, 2, 0]), "y holds -1 at index 2"),
        (lambda: poisson(X8, [1, 2, 0.5, 0, 3, 1, 2, 0]), "exposure"),
        (lambda: poisson(X8, Y8, exposure=[1, 2, 3, 0, 1, 1, 1, 1]), "exposure is 0"),
        (lambda: poisson(X8, Y8, offset=[1, 2]), "offset is a vector of 2"),
        (lambda: poisson(X8, Y8).predict(X8, exposure=-1.0), "exposure"),
    ],
)
def test_what_has_no_answer_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_near_separation_is_fitted_and_few_steps_are_said():
    x = np.arange(20.0)
    y = (x >= 10).astype(float)
    y[[9, 10]] = 1, 0
    fit = logistic(x, y)
    assert fit.converged
    params, bse, _ = by_mpmath(x[:, None], y, "binomial")
    np.testing.assert_allclose(fit.params, params, rtol=1e-11)
    np.testing.assert_allclose(fit.bse, bse, rtol=1e-10)
    short = logistic(x, y, max_iter=2)
    assert not short.converged
    assert "stopped after 2 steps" in short.summary()
    assert "stopped after 2 steps" in short.explain()


def test_overdispersion_is_noted_and_ordinary_counts_are_not(rng):
    X = rng.normal(size=(400, 1))
    spread = rng.negative_binomial(1, 0.2, 400)
    assert "vary more than Poisson's" in poisson(X, spread).explain()
    assert 'cov_type="HC0"' in poisson(X, spread).summary()
    assert "vary more" not in poisson(X, rng.poisson(3, 400)).explain()


def test_the_likelihood_ratio_test_is_chi_squared(rng):
    X, y = sample(rng, 100, 3, "poisson")
    fit = poisson(X, y)
    assert fit.llr == pytest.approx(fit.null_deviance - fit.deviance)
    assert fit.llr_pvalue == pytest.approx(scipy.stats.chi2.sf(fit.llr, 3), rel=1e-10)


def test_nested_models_are_compared_by_their_likelihoods(rng):
    X, y = sample(rng, 200, 3, "binomial")
    names = ["a", "b", "c"]
    small, large = logistic(X[:, :1], y, names=names[:1]), logistic(X, y, names=names)
    found = uh.stats.compare_models(small, large)
    assert found.statistic == pytest.approx(2 * (large.llf - small.llf), rel=1e-9)
    assert found.pvalue == pytest.approx(scipy.stats.chi2.sf(found.statistic, 2), rel=1e-10)
    assert (found.added, found.df) == (("b", "c"), (2.0,))
    assert "likelihood ratio" in found.explain()
    for fits, message in (
        ((large, small), "the smaller"),
        ((logistic(X[:, :1], y, names=["z"]), large), r"not nested: the first has columns that the next lacks \(z\)"),
        ((logistic(X[:, :1], 1 - y, names=["a"]), large), "different responses"),
    ):
        with pytest.raises(ValueError, match=message):
            uh.stats.compare_models(*fits)
    counts = rng.poisson(2, 200)
    first, second = poisson(X[:, :1], counts), poisson(X[:, :2], counts, exposure=np.arange(1, 201))
    with pytest.raises(ValueError, match="compare_models"):
        uh.stats.compare_models(first, second)
    with pytest.raises(TypeError, match="different kinds"):
        uh.stats.compare_models(first, large)


def test_order_of_memory_and_later_changes_do_not_matter(rng):
    X, y = sample(rng, 5000, 10, "binomial")
    fit = logistic(X, y)
    np.testing.assert_allclose(logistic(np.asfortranarray(X), y).params, fit.params, rtol=1e-12)
    before = fit.resid_response.copy()
    y[:] = 0
    np.testing.assert_array_equal(fit.resid_response, before)
    frame = pd.DataFrame(X, columns=[f"c{i}" for i in range(10)])
    y = (before > 0).astype(float)
    assert logistic(frame, pd.Series(y, name="ill")).names[1] == "c0"


def test_pictures(rng):
    import matplotlib.pyplot as plt

    ax = logistic(X8[:, 0], Y8, names=["dose"]).plot()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("dose", "probability of y = 1")
    assert len(ax.collections[0].get_offsets()) == 8
    ax = logistic(X8, Y8, names=["age", "dose"]).plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["age", "dose"]
    assert ax.get_xlabel() == "odds ratio"
    ax = poisson(X8[:, 0], Y8, exposure=np.ones(8) * 2).plot()
    assert ax.get_xlabel() == "rate ratio"
    plt.close("all")


def test_tables_print_and_show():
    fit = logistic(X8, Y8, names=["age", "dose"])
    assert [line.split()[0] for line in repr(fit).splitlines()[4:7]] == ["const", "age", "dose"]
    assert fit._repr_html_().count("<table>") == 2
    assert "&lt;b&gt;" in logistic(X8, Y8, names=["<b>", "c"])._repr_html_()
    assert "zvalues" in dir(fit)
    assert "_y" not in dir(fit)


@pytest.mark.parametrize("n", [200, 20_000])
@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_indicators_of_all_groups_have_the_null_model_of_a_constant(rng, n, family):
    fit = logistic if family == "binomial" else poisson
    g, x = rng.integers(0, 4, n), rng.normal(size=n)
    y = rng.random(n) < 0.35 if family == "binomial" else rng.poisson(1.7, n)
    frame = pd.DataFrame({"y": y.astype(float), "g": np.array(list("abcd"))[g], "x": x})
    one, other = fit("y ~ g + x - 1", frame), fit("y ~ g + x", frame)
    with_all = np.column_stack([np.eye(4)[g], x])
    model = sm.Logit if family == "binomial" else sm.Poisson
    theirs = model(frame.y.to_numpy(), with_all).fit(disp=0, method="newton", tol=1e-12)
    for found in (one, other, fit(with_all, frame.y, intercept=False)):
        assert found.df_model == theirs.df_model == 4
        assert found.llnull == pytest.approx(theirs.llnull, rel=1e-7)
        assert found.llr_pvalue == pytest.approx(theirs.llr_pvalue, rel=1e-5)
    np.testing.assert_allclose(one.params, theirs.params, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(one.bse, theirs.bse, rtol=1e-9)
    assert one.explain().count("one more unit") == 5
    # The two are one model, and no test compares them; a part of either is.
    smaller = fit("y ~ x", frame)
    comparison = uh.stats.compare_models(smaller, other)
    assert comparison.statistic == pytest.approx(2 * (other.llf - smaller.llf), abs=1e-8)


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_standard_errors_are_those_of_the_maximum(rng, family):
    """Somewhat dependent columns: the information of the final coefficients, in doubled precision."""
    n = 6000
    X = rng.normal(size=(n, 4))
    X[:, 3] = X[:, 0] - X[:, 1] + 0.01 * X[:, 3]
    eta = 0.3 + X[:, 0] - 0.5 * X[:, 2]
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float) if family == "binomial" else rng.poisson(np.exp(eta))
    fit = (logistic if family == "binomial" else poisson)(X, y)
    assert 100 < fit.scaled_condition_number < 1000
    Z = sm.add_constant(X).astype(np.longdouble)
    mu = fit.fittedvalues.astype(np.longdouble)
    information = (Z * (mu * (1 - mu) if family == "binomial" else mu)[:, None]).T @ Z
    inverse = mpmath.matrix([[mpmath.mpf(np.format_float_scientific(v)) for v in row] for row in information]) ** -1
    expected = [float(mpmath.sqrt(inverse[i, i])) for i in range(5)]
    np.testing.assert_allclose(fit.bse, expected, rtol=3e-12)


def test_a_formula_leaves_no_room_for_intercept_and_names(rng):
    frame = pd.DataFrame({"x": rng.normal(size=40), "y": rng.integers(0, 2, 40)})
    for fit in (logistic, poisson):
        for intercept in (True, False):
            with pytest.raises(ValueError, match='intercept is for arrays; write "- 1" in the formula'):
                fit("y ~ x", frame, intercept=intercept)
        with pytest.raises(ValueError, match="names is for arrays"):
            fit("y ~ x", frame, names=["z"])
        assert fit("y ~ x - 1", frame).names == ("x",)


def test_rows_with_gaps_are_left_out_of_arrays_too(rng):
    X, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60).astype(float)
    X[3, 0] = y[7] = np.nan
    whole = np.delete(np.arange(60), [3, 7])
    fit, expected = logistic(X, y, nan_policy="omit"), logistic(X[whole], y[whole])
    np.testing.assert_array_equal(fit.params, expected.params)
    assert fit.nobs == 58
    frame = pd.DataFrame(X, columns=["age", "dose"])
    assert logistic(frame, pd.Series(y, name="ill"), nan_policy="omit").names == ("const", "age", "dose")
    exposure = rng.uniform(1, 2, 60)
    exposure[11] = np.nan
    whole = np.delete(np.arange(60), [3, 7, 11])
    np.testing.assert_array_equal(
        poisson(X, y, exposure=exposure, nan_policy="omit").params,
        poisson(X[whole], y[whole], exposure=exposure[whole]).params,
    )
    labels = [None if i == 7 else "yes" if v else "no" for i, v in enumerate(y)]
    for given in (labels, pd.Series(labels), pl.Series(labels), pd.Series(labels, dtype="category")):
        fit = logistic(X, given, nan_policy="omit")
        assert fit.levels == ("no", "yes")
        np.testing.assert_array_equal(fit.params, expected.params)


def test_an_outlier_is_not_called_separation(rng):
    close, y = rng.normal(size=40), np.arange(41) % 2
    for far in (1e10, -1e10):
        with pytest.raises(ValueError, match=r"to within 1e-9 of the largest row.*at row 0; is there an outlier\?"):
            logistic(np.concatenate([[far], close]), y)
    # A slope that the other rows resist stays near zero, where the outlier holds it: that is a maximum.
    far = 1e9 * np.sign(np.sum(close * (y[1:] - 0.5)))
    fit = logistic(np.concatenate([[far], close]), y)
    assert fit.converged
    assert abs(np.sum(close * fit.resid_response[1:]) + far * fit.resid_response[0]) < 1e-3
    # One that they want lies far beyond where the outlier's row is fitted.
    with pytest.raises(ValueError, match=r"at row 0.*outlier\?"):
        logistic(np.concatenate([[-far], close]), y)
    with pytest.raises(ValueError, match="separates the classes perfectly: column 0"):
        logistic(np.concatenate([[1e10], close]), np.concatenate([[1], close > 0.1]))


def test_notes_are_those_of_the_print():
    few = uh.stats.logistic_regression([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1])
    assert len(few.notes) == 1
    assert few.notes[0].startswith("fewer than ten rows of the rarer level")
    assert f"Note: {few.notes[0]}" in repr(few)
    linear = uh.stats.linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72])
    assert linear.notes[0].startswith("5 rows are few")
    assert f"Note: {linear.notes[0]}" in repr(linear)


def test_a_column_called_const_is_a_column(rng):
    frame = pd.DataFrame({"const": rng.normal(size=80), "x": rng.normal(size=80)})
    fit = logistic(frame, rng.integers(0, 2, 80), intercept=False)
    assert "const: one more unit" in fit.explain()
    assert logistic(frame, rng.integers(0, 2, 80)).explain().count("one more unit") == 2
    alone = logistic("y ~ 1", pd.DataFrame({"y": [0, 1, 1, 0, 1]}))
    assert "one more unit" not in alone.explain()
