"""What results say in words: every number in them is a field, and nothing goes further than the numbers."""

import re
from dataclasses import fields

import numpy as np
import pytest
import underhood as uh

A, B, C = [5.1, 4.9, 6.2, 5.8, 6.0], [4.1, 4.8, 5.0, 4.4, 4.6], [5.0, 5.5, 4.0, 6.5, 6.1]
LONG = np.random.default_rng(7).normal(3, 2, 60)
SKEWED = np.random.default_rng(7).exponential(2, 20)

# One line a result: the tests of several rooms meet here.
RESULTS = {
    "one sample": lambda: uh.stats.ttest_1samp(A, 5.5),
    "two samples": lambda: uh.stats.ttest_ind(A, B, equal_var=False),
    "two samples, less": lambda: uh.stats.ttest_ind(A, B, alternative="less", confidence_level=0.9),
    "two samples, skewed": lambda: uh.stats.ttest_ind(LONG, SKEWED),
    "pairs": lambda: uh.stats.ttest_rel(A, B, alternative="greater"),
    "groups": lambda: uh.stats.f_oneway(A, B, C),
    "groups, Welch": lambda: uh.stats.f_oneway(A, B, C, equal_var=False),
    "counts": lambda: uh.stats.chi2_contingency([[3, 9], [12, 4]]),
    "few counts": lambda: uh.stats.chi2_contingency([[1, 9, 3], [12, 4, 2]]),
    "Pearson": lambda: uh.stats.pearsonr(A, B),
    "Spearman": lambda: uh.stats.spearmanr(A, B, alternative="greater"),
    "regression": lambda: uh.stats.linear_regression(np.column_stack([LONG, LONG**2]), LONG + np.cos(LONG)),
    "regression, few rows": lambda: uh.stats.linear_regression(A, B),
    "regression by formula": lambda: uh.stats.linear_regression("a ~ b + C(c)", {"a": A, "b": B, "c": [1, 2, 1, 2, 1]}),
    "joint test": lambda: uh.stats.linear_regression(np.column_stack([LONG, LONG**2]), np.cos(LONG)).f_test(
        ["x1", "x2"]
    ),
    "models compared": lambda: uh.stats.compare_models(
        uh.stats.polyfit(LONG, np.cos(LONG), 1), uh.stats.polyfit(LONG, np.cos(LONG), 3)
    ),
    "polynomial": lambda: uh.stats.polyfit(LONG, np.cos(LONG), 2),
    "ridge": lambda: uh.stats.ridge_regression(np.column_stack([A, B]), C, 0.5),
    "description": lambda: uh.stats.describe({"a": A, "b": [1, None, 3, 4, 5]}),
}
FORBIDDEN = r"\bprove|accept|significan|probability that the null|null hypothesis is (true|false)"


def numbers_of(value):
    """All numbers in a field, as the prose may write them."""
    if isinstance(value, bool | np.bool_) or value is None:
        return set()
    if isinstance(value, int | float | np.number):
        return {f"{float(value):.6g}", f"{100 * float(value):.6g}", str(value)}
    if isinstance(value, str):
        return set(re.findall(r"\d+(?:\.\d+)?", value))
    if isinstance(value, dict):
        return numbers_of(list(value.values()))
    if not isinstance(value, np.ndarray | list | tuple):
        return set()
    return {text for item in np.asarray(value, dtype=object).ravel() for text in numbers_of(item)}


@pytest.mark.parametrize("name", RESULTS)
def test_every_number_in_the_words_is_a_field_and_the_words_are_careful(name):
    result = RESULTS[name]()
    text = result.explain()
    computed = [name for name in dir(result) if isinstance(getattr(type(result), name, None), property)]
    names = [field.name for field in fields(result)] + [
        name for name in computed if name not in ("assumptions", "notes")
    ]
    known = {number for name in names for number in numbers_of(getattr(result, name))}
    for number in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text):
        assert number in known, f"{number} is no field of {name}: {text}"
    assert not re.search(FORBIDDEN, text.replace("it is not the probability", "")), text
    assert "  " not in text
    assert ".." not in text
    if isinstance(result, uh.stats.HypothesisTestResult):
        parts = [line.split(": ")[0] for line in text.splitlines()]
        notes = ["Note"] * len(result.notes)
        assert parts == ["Question", "Assumptions", "Found", "Size", "Not concluded", *notes]
        assert text.splitlines()[0].endswith("?")
        assert all(line.endswith(".") for line in text.splitlines()[1:])
        assert all(isinstance(assumption, uh.stats.Assumption) for assumption in result.assumptions)


@pytest.mark.parametrize("name", RESULTS)
def test_results_print_as_a_block_and_show_as_a_table(name):
    result = RESULTS[name]()
    assert len(repr(result).splitlines()) > 3
    assert "<table>" in result._repr_html_()
    if isinstance(result, uh.stats.HypothesisTestResult):
        assert {"explain", "notes", "assumptions", "statistic", "pvalue"} <= set(dir(result))
        first, second, *_ = result
        assert (first, second) == (result.statistic, result.pvalue)
        assert result[0] == result.statistic


def test_every_kind_of_result_speaks_here():
    spoken = {type(make()) for make in RESULTS.values()}
    kinds = {getattr(uh.stats, name) for name in uh.stats.__all__ if isinstance(getattr(uh.stats, name), type)}
    silent = {kind for kind in kinds if issubclass(kind, uh.stats.HypothesisTestResult)} - spoken
    assert silent - {uh.stats.HypothesisTestResult} == set()


@pytest.mark.parametrize("nan_policy", ["omit", "propagate"])
def test_missing_values_are_left_out_or_carried_through(nan_policy):
    gaps = [5.1, np.nan, 4.9, 6.2, 5.8, 6.0]
    with pytest.raises(ValueError, match="ttest_1samp: a holds NaN"):
        uh.stats.ttest_1samp(gaps, 5)
    found, whole = uh.stats.ttest_1samp(gaps, 5, nan_policy=nan_policy), uh.stats.ttest_1samp(A, 5)
    assert type(found) is type(whole)
    assert found.n == whole.n
    if nan_policy == "omit":
        assert tuple(found) == tuple(whole)
    else:
        assert np.isnan(list(found)).all()
    with pytest.raises(ValueError, match="nan_policy is 'skip'"):
        uh.stats.ttest_1samp(gaps, 5, nan_policy="skip")
    # A gap takes its partner along.
    paired = uh.stats.ttest_rel(gaps, [1.0, 2.0, np.nan, 2.0, 1.0, 1.5], nan_policy="omit")
    assert paired.n == (4,)


def test_a_test_along_an_axis_is_one_test_for_each_column():
    table, other = np.column_stack([A, B, C]), np.column_stack([B, C, A])
    found = uh.stats.ttest_ind(table, other, axis=0)
    each = [uh.stats.ttest_ind(table[:, i], other[:, i]) for i in range(3)]
    np.testing.assert_array_equal(found.statistic, [one.statistic for one in each])
    np.testing.assert_array_equal(found.pvalue, [one.pvalue for one in each])
    assert found.results[1].means == each[1].means
    assert uh.stats.ttest_ind(A, B, axis=0).statistic == each[0].statistic
    with pytest.raises(ValueError, match="axis is 2, but a has 2 axes"):
        uh.stats.ttest_ind(table, other, axis=2)
