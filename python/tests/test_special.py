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
    "beta": (4.5, 2.5),
    "binom": (4.5, 2.5),
    "comb": (9.5, 2.5),
    "digamma": (4.5,),
    "entr": (0.3,),
    "erfcinv": (0.3,),
    "erfinv": (0.3,),
    "expit": (0.3,),
    "factorial": (4.5,),
    "kl_div": (0.3, 0.7),
    "log1pexp": (0.3,),
    "logit": (0.3,),
    "polygamma": (1.0, 4.5),
    "rgamma": (4.5,),
    "xlogy": (0.3, 0.7),
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
PEERS = {"log1pexp": lambda x: np.logaddexp(0.0, x)}
CASES = [pytest.param(getattr(special, name), arguments, id=name) for name, arguments in ARGUMENTS.items()]


def test_the_table_above_is_complete():
    assert sorted([*ARGUMENTS, "logsumexp", "softmax"]) == sorted(special.__all__)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_agrees_with_scipy(function, arguments):
    # At these harmless points SciPy is good to a few ulps.
    peer = PEERS.get(function.__name__) or getattr(scipy.special, function.__name__)
    np.testing.assert_allclose(function(*arguments), peer(*arguments), rtol=1e-14)


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
    # Several at a time may be rounded otherwise than one, and many otherwise than a few.
    for array in (values, read_only, values.astype(">f8"), np.repeat(values, 2)[::2], list(values)):
        np.testing.assert_allclose(function(array, *others), expected, rtol=1e-14)
    np.testing.assert_allclose(function(values[::-1], *others), expected[::-1], rtol=1e-14)
    tiled = function(np.broadcast_to(values, (3, 7)), *others)
    np.testing.assert_allclose(tiled, np.tile(expected, (3, 1)), rtol=1e-14)


WITH_OUT = [case for case in CASES if "out" in inspect.signature(case.values[0]).parameters]


def test_all_but_the_counting_functions_have_an_out():
    assert len(WITH_OUT) == len(CASES) - len(["comb", "factorial"])


@pytest.mark.parametrize(("function", "arguments"), WITH_OUT)
def test_out_is_filled_and_returned(function, arguments):
    *others, last = arguments
    values = np.linspace(last, last * 1.1, 40)
    expected = function(*others, values)
    for out in (np.empty(40), np.empty(80)[::2], np.empty(40)[::-1]):
        assert function(*others, values, out=out) is out
        np.testing.assert_array_equal(out, expected)
    # Over its own argument, and over one that it shares a part of its memory with.
    same = values.copy()
    assert function(*others, same, out=same) is same
    np.testing.assert_array_equal(same, expected)
    shared = np.concatenate([[0.0], values])
    np.testing.assert_array_equal(function(*others, shared[1:], out=shared[:-1]), expected)
    number = np.empty(())
    assert function(*arguments, out=number) is number
    assert number == function(*arguments)


@pytest.mark.parametrize(("function", "arguments"), WITH_OUT)
def test_an_out_over_another_argument_is_written_when_all_is_read(function, arguments):
    arrays = [np.linspace(a, a * 1.1, 3000) for a in arguments]
    expected = function(*arrays)
    np.testing.assert_array_equal(function(*arrays, out=arrays[0]), expected)


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([0.0, 0.0], TypeError, "is a list, but must be an array of float64 to write to"),
        (np.empty(2, np.float32), TypeError, "holds float32, but must be an array of float64"),
        (np.empty(2, ">f8"), TypeError, "holds >f8, but must be an array of float64"),
        (np.ma.zeros(2), TypeError, "is a masked array"),
        (np.empty(3), ValueError, r"is a vector of 3, but the result has shape \(2\)"),
        (np.broadcast_to(0.0, (2,)), (TypeError, ValueError), "read-only|float64"),
    ],
)
def test_an_out_that_cannot_be_filled_is_refused_by_name(out, error, message):
    with pytest.raises(error, match=rf"^erf: out .*({message})"):
        special.erf([0.1, 0.2], out=out)
    frozen = np.empty(2)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match=r"^erf: out is read-only$"):
        special.erf([0.1, 0.2], out=frozen)


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
        ValueError, match=r"^betainc: b is a vector of 3, but the arguments before it \(a\) have shape \(2\)$"
    ):
        special.betainc([1, 2], [1, 2, 3], 0.5)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (2, 1, 0), ()])
@pytest.mark.parametrize("order", ["C", "F"])
def test_sums_of_exponentials_agree_with_scipy_along_any_axes(axis, order):
    a = np.asarray(np.random.default_rng(3).normal(size=(3, 4, 5)) * 50, order=order)
    b = np.random.default_rng(4).normal(size=(4, 1))
    axes = tuple(range(3)) if axis is None else axis
    if axis == ():
        np.testing.assert_array_equal(special.logsumexp(a, axis=()), a)
        np.testing.assert_array_equal(special.softmax(a, axis=()), np.ones_like(a))
        return
    for keepdims in (False, True):
        np.testing.assert_allclose(
            special.logsumexp(a, axis, keepdims=keepdims),
            scipy.special.logsumexp(a, axis, keepdims=keepdims),
            rtol=1e-14,
        )
        for found, expected in zip(
            special.logsumexp(a, axis, b, keepdims, return_sign=True),
            scipy.special.logsumexp(a, axis, b, keepdims, return_sign=True),
            strict=True,
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    weights = special.softmax(a, axis)
    assert weights.shape == a.shape
    # SciPy rounds the exponents.
    np.testing.assert_allclose(weights, scipy.special.softmax(a, axis), rtol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=axes), 1.0, rtol=1e-14)


def test_sums_of_exponentials_have_their_limits():
    inf = np.inf
    assert special.logsumexp([]) == -inf
    assert special.logsumexp([-inf, -inf]) == -inf
    assert special.logsumexp([inf, 1.0]) == inf
    assert np.isnan(special.logsumexp([np.nan, 1.0]))
    assert np.isnan(special.logsumexp([0.0, 1.0], b=[1.0, -1.0]))
    assert special.logsumexp([0.0, 0.0], b=[1.0, -1.0], return_sign=True) == (-inf, 0.0)
    assert special.logsumexp([3.0, np.inf], b=[1.0, 0.0]) == 3.0
    assert special.logsumexp(3.0) == 3.0
    assert special.softmax(3.0) == 1.0
    np.testing.assert_array_equal(special.softmax([inf, 1.0]), [1.0, 0.0])
    assert np.isnan(special.softmax([inf, inf])).all()
    assert special.softmax(np.empty((2, 0)), axis=1).shape == (2, 0)
    np.testing.assert_array_equal(special.logsumexp(np.empty((2, 0)), axis=1), [-inf, -inf])


def test_axes_and_weights_that_do_not_fit_are_refused_by_name():
    a = np.ones((2, 3))
    for call in (special.logsumexp, special.softmax):
        with pytest.raises(ValueError, match=rf"^{call.__name__}: axis is 2, "):
            call(a, axis=2)
        with pytest.raises(ValueError, match="names an axis twice"):
            call(a, axis=(1, -1))
        with pytest.raises(TypeError, match=rf"^{call.__name__}: axis is 0.5, "):
            call(a, axis=0.5)
        with pytest.raises(TypeError, match=rf"^{call.__name__}: [ax] "):
            call("text")
    with pytest.raises(ValueError, match=r"^logsumexp: b has shape \(4,\)"):
        special.logsumexp(a, b=[1, 2, 3, 4])


def test_counting_is_exact_on_demand():
    assert special.comb(1000, 500, exact=True) == scipy.special.comb(1000, 500, exact=True)
    assert special.comb(5, 2, exact=True, repetition=True) == 15
    assert special.comb(3, 5, exact=True) == 0 == special.comb(-3, 2, exact=True)
    assert special.comb(0, 0, repetition=True) == 1.0
    np.testing.assert_array_equal(special.comb([5, 6, 3], [2, 3, 4]), [10.0, 20.0, 0.0])
    assert special.factorial(100, exact=True) == scipy.special.factorial(100, exact=True)
    assert special.factorial(-1) == 0.0 == special.factorial(-1, exact=True)
    np.testing.assert_array_equal(special.factorial([0, 5, 20], exact=True), [1, 120, 2432902008176640000])
    assert special.factorial([3, 30], exact=True)[1] == 265252859812191058636308480000000
    with pytest.raises(TypeError, match=r"^comb: N "):
        special.comb(5.5, 2, exact=True)
    with pytest.raises(TypeError, match=r"^factorial: n "):
        special.factorial([1.5], exact=True)


@given(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=4, max_side=4))
def test_broadcasting_is_numpys(shapes):
    a, b, x = (np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape) for shape in shapes.input_shapes)
    found = special.betainc(a, b, x)
    assert np.shape(found) == shapes.result_shape
    expected = np.vectorize(special.betainc, otypes=[float])(a, b, x)
    # Many points of one shape go through kernels of their own, which round otherwise.
    np.testing.assert_allclose(found, expected, rtol=1e-14)


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
