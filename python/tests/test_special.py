"""``underhood.special``: broadcasting, kinds of input, errors, agreement with SciPy, docstrings' examples."""

import doctest
import inspect

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from underhood import special

ARGUMENTS = {
    "erf": (0.3,),
    "erfc": (0.3,),
    "erfcx": (0.3,),
    "ndtr": (0.3,),
    "log_ndtr": (0.3,),
    "ndtri": (0.3,),
    "gamma": (4.5,),
    "gammaln": (4.5,),
    "betaln": (4.5, 2.5),
    "gammainc": (4.5, 2.5),
    "gammaincc": (4.5, 2.5),
    "gammaincinv": (4.5, 0.25),
    "gammainccinv": (4.5, 0.25),
    "betainc": (4.5, 2.5, 0.25),
    "betaincc": (4.5, 2.5, 0.25),
    "betaincinv": (4.5, 2.5, 0.25),
    "betainccinv": (4.5, 2.5, 0.25),
}
CASES = [pytest.param(getattr(special, name), arguments, id=name) for name, arguments in ARGUMENTS.items()]


def test_the_table_above_is_complete():
    assert sorted(ARGUMENTS) == sorted(special.__all__)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_agrees_with_scipy(function, arguments):
    # At these harmless points SciPy is good to a few ulps.
    np.testing.assert_allclose(function(*arguments), getattr(scipy.special, function.__name__)(*arguments), rtol=1e-14)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_numbers_give_numbers_and_arrays_arrays(function, arguments):
    expected = function(*arguments)
    assert type(expected) is float
    assert type(function(*map(np.float64, arguments))) is float
    assert type(function(*map(np.array, arguments))) is float
    # Any one argument may be the array.
    for i in range(len(arguments)):
        spread = [np.full((2, 3), a) if i == j else a for j, a in enumerate(arguments)]
        found = function(*spread)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, np.full((2, 3), expected))
    assert function(*[np.empty((0, 2))] * len(arguments)).shape == (0, 2)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_strange_memory_is_read_correctly(function, arguments):
    first, *others = arguments
    values = np.linspace(first, first * 1.1, 7)
    expected = np.array([function(float(v), *others) for v in values])
    read_only = values.copy()
    read_only.flags.writeable = False
    for array in (values, read_only, values.astype(">f8"), np.repeat(values, 2)[::2], list(values)):
        np.testing.assert_array_equal(function(array, *others), expected)
    np.testing.assert_array_equal(function(values[::-1], *others), expected[::-1])
    np.testing.assert_array_equal(function(np.broadcast_to(values, (3, 7)), *others), np.tile(expected, (3, 1)))


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_nan_gives_nan(function, arguments):
    for i in range(len(arguments)):
        assert np.isnan(function(*[np.nan if i == j else a for j, a in enumerate(arguments)]))


@pytest.mark.parametrize(
    "bad", ["text", None, 1j, [[1.0], [2.0, 3.0]], np.ma.array([1.0]), np.array(["2020-01-01"], "M8[D]"), object()]
)
@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_what_is_not_numbers_is_refused_by_name(function, arguments, bad):
    name = next(iter(inspect.signature(function).parameters))
    with pytest.raises(TypeError, match=rf"^{function.__name__}: {name} "):
        function(bad, *arguments[1:])


def test_shapes_that_do_not_match_are_refused_by_name():
    with pytest.raises(
        ValueError, match=r"^betainc: b is a vector of 3, but the arguments before it have shape \(2\)$"
    ):
        special.betainc([1, 2], [1, 2, 3], 0.5)


@given(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=4, max_side=4))
def test_broadcasting_is_numpys(shapes):
    a, b, x = (np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape) for shape in shapes.input_shapes)
    found = special.betainc(a, b, x)
    assert np.shape(found) == shapes.result_shape
    expected = np.vectorize(special.betainc, otypes=[float])(a, b, x)
    np.testing.assert_array_equal(found, expected)


def test_long_arrays_agree_with_single_calls():
    x = np.random.default_rng(1).normal(size=70_001) * 5
    for function in (special.ndtr, special.erf, special.log_ndtr):
        found = function(x)
        picked = [0, 1, 16_383, 16_384, 16_385, 70_000]
        np.testing.assert_array_equal(found[picked], [function(float(x[i])) for i in picked])


@given(st.integers(-(10**400), 10**400))
def test_whole_numbers_of_any_size(n):
    try:
        expected = special.ndtr(float(n))
    except OverflowError:
        with pytest.raises((TypeError, OverflowError)):
            special.ndtr(n)
    else:
        assert special.ndtr(n) == expected


@pytest.mark.parametrize("name", special.__all__)
def test_docstrings_have_examples_that_run(name):
    function = getattr(special, name)
    examples = doctest.DocTestFinder().find(function, name, globs={})
    assert any(test.examples for test in examples)
    runner = doctest.DocTestRunner()
    for test in examples:
        assert runner.run(test).failed == 0


def test_the_module_docstring_runs():
    assert doctest.testmod(special).failed == 0


def test_a_result_without_room_is_a_memory_error():
    with pytest.raises(MemoryError):
        special.betainc(np.ones((10**7, 1)), np.ones((1, 10**7)), 0.5)
