"""Linear algebra: agreement with NumPy in every layout, hard matrices, refusals and warnings."""

import inspect
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood import linalg

EPS = np.finfo(float).eps


def layouts(a):
    """Give the same matrix in every memory layout that NumPy has."""
    wide = np.zeros((2 * a.shape[0], 3 * a.shape[1]))
    wide[::2, ::3] = a
    frozen = a.copy()
    frozen.setflags(write=False)
    return {
        "rows": a,
        "columns": np.asfortranarray(a),
        "strided": wide[::2, ::3],
        "reversed": a[::-1, ::-1].copy()[::-1, ::-1],
        "read-only": frozen,
        "big-endian": a.astype(">f8"),
        "list": a.tolist(),
    }


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 9, 16, 17, 40])
def test_agrees_with_numpy_in_every_layout(n):
    rng = np.random.default_rng(n)
    a, b, c = rng.standard_normal((n, n)) + 2 * np.eye(n), rng.standard_normal(n), rng.standard_normal((n, 3))
    condition = np.linalg.cond(a, 1)
    near = {"rtol": 50 * EPS * condition * n, "atol": 50 * EPS * condition}
    spd = a @ a.T
    for name, same in layouts(a).items():
        for right in (b, c):
            np.testing.assert_allclose(linalg.solve(same, right), np.linalg.solve(a, right), **near, err_msg=name)
            np.testing.assert_allclose(linalg.matmul(same, right), a @ right, rtol=1e-13, atol=1e-13, err_msg=name)
        np.testing.assert_allclose(linalg.inv(same), np.linalg.inv(a), **near)
        assert linalg.det(same) == pytest.approx(np.linalg.det(a), rel=50 * EPS * condition * n)
        np.testing.assert_allclose(
            linalg.slogdet(same), np.linalg.slogdet(a), rtol=1e-10, atol=50 * EPS * condition * n
        )
        for mode in ("reduced", "complete"):
            ours, theirs = linalg.qr(same, mode), np.linalg.qr(a, mode)
            # NumPy's diagonal has either sign, ours is positive.
            signs = np.sign(np.diag(theirs.R))[:, np.newaxis]
            np.testing.assert_allclose(ours.R, signs * theirs.R, rtol=0, atol=1e-12)
            np.testing.assert_allclose(ours.Q @ ours.R, a, rtol=0, atol=1e-13 * n)
    for same in layouts(spd).values():
        np.testing.assert_allclose(linalg.cholesky(same), np.linalg.cholesky(spd), rtol=0, atol=1e-11 * condition)


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (20, 20), (30, 1), (1, 5)])
@pytest.mark.parametrize("rank", [1, 3, 20])
def test_lstsq_agrees_with_numpy(shape, rank):
    rng = np.random.default_rng(rank)
    a = rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, shape[1]))
    for b in (rng.standard_normal(shape[0]), rng.standard_normal((shape[0], 2))):
        ours, theirs = linalg.lstsq(a, b), np.linalg.lstsq(a, b)
        np.testing.assert_allclose(ours.x, theirs[0], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(ours.residuals, theirs[1], rtol=1e-8, atol=1e-18)
        assert ours.rank == theirs[2]
        np.testing.assert_allclose(ours.singular_values, theirs[3], rtol=1e-10, atol=1e-13)


def test_empty_matrices_have_numpys_values():
    none = np.zeros((0, 0))
    assert linalg.det(none) == np.linalg.det(none) == 1.0
    assert linalg.slogdet(none) == (1.0, 0.0)
    assert linalg.inv(none).shape == (0, 0)
    assert linalg.cholesky(none).shape == (0, 0)
    assert linalg.solve(none, np.zeros(0)).shape == (0,)
    assert linalg.solve(none, np.zeros((0, 4))).shape == (0, 4)
    assert linalg.solve(np.eye(2), np.zeros((2, 0))).shape == (2, 0)
    for shape in ((0, 3), (3, 0)):
        for mode in ("reduced", "complete"):
            ours, theirs = linalg.qr(np.zeros(shape), mode), np.linalg.qr(np.zeros(shape), mode)
            assert (ours.Q.shape, ours.R.shape) == (theirs.Q.shape, theirs.R.shape)
        ours, theirs = (
            linalg.lstsq(np.zeros(shape), np.ones(shape[0])),
            np.linalg.lstsq(np.zeros(shape), np.ones(shape[0])),
        )
        for part, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(part, other)
    np.testing.assert_array_equal(linalg.matmul(np.zeros((2, 0)), np.zeros((0, 3))), np.zeros((2, 3)))


def test_vectors_multiply_as_numpys():
    a, x = np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0])
    for left, right in ((a, x), (x, a.T), (x, x)):
        ours, theirs = linalg.matmul(left, right), np.matmul(left, right)
        np.testing.assert_array_equal(ours, theirs)
        assert np.shape(ours) == np.shape(theirs)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 24), st.integers(0, 2**32 - 1), st.integers(-120, 120))
def test_identities_hold_at_any_scale(n, seed, exponent):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((n, n))
    scaled = a * 10.0**exponent
    inverse = linalg.inv(scaled) * 10.0**exponent
    size = np.linalg.norm(a, 1) * np.linalg.norm(inverse, 1)
    assert np.abs(inverse @ a - np.eye(n)).max() <= 50 * n * EPS * size
    sign, logarithm = linalg.slogdet(scaled)
    assert sign == np.linalg.slogdet(a)[0]
    assert logarithm - n * exponent * np.log(10) == pytest.approx(np.linalg.slogdet(a)[1], abs=1e-10 + 50 * EPS * size)


def test_whole_numbers_are_exact():
    assert linalg.det([[1, 2], [3, 4]]) == -2.0
    assert linalg.det(np.arange(1, 10).reshape(3, 3)) == 0.0
    with pytest.raises(linalg.LinAlgError, match="solve: a is singular: pivot 2 is zero"):
        linalg.solve(np.arange(1, 10).reshape(3, 3), [1, 2, 3])


def test_near_singularity_is_reported():
    hilbert = 1 / (np.arange(12)[:, None] + np.arange(12) + 1)
    for call in (lambda: linalg.solve(hilbert, np.ones(12)), lambda: linalg.inv(hilbert)):
        with pytest.warns(linalg.IllConditionedWarning, match=r"condition number is about \d\.\de1[5-7].* no digit"):
            call()
    assert issubclass(linalg.IllConditionedWarning, RuntimeWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        linalg.solve(hilbert[:6, :6], np.ones(6))
        with pytest.raises(linalg.IllConditionedWarning):
            linalg.solve(hilbert, np.ones(12))


def test_growth_does_not_spoil_solutions():
    n = 60
    a = np.tril(-np.ones((n, n)), -1) + np.eye(n)
    a[:, -1] = 1
    x = np.random.default_rng(1).standard_normal(n)
    assert np.abs(linalg.solve(a, a @ x) - x).max() < 1e-13
    assert np.abs(np.linalg.solve(a, a @ x) - x).max() > 1e-3  # what partial pivoting alone leaves


def test_determinants_beyond_the_range_say_so():
    with pytest.warns(RuntimeWarning, match=r"about 10\^400\.0, overflows"):
        assert linalg.det(1e10 * np.eye(40)) == np.inf
    with pytest.warns(RuntimeWarning, match="underflows to zero, though a is not singular"):
        assert linalg.det(1e-10 * np.eye(40)) == 0.0
    assert linalg.slogdet(1e-10 * np.eye(40)).logabsdet == pytest.approx(-400 * np.log(10), rel=1e-15)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: linalg.solve(np.eye(3), np.ones(4)), ValueError, "solve: b is a vector of 4, but a is 3×3"),
        (lambda: linalg.solve(np.eye(3), 1.0), ValueError, "solve: b is a single number, but a is 3×3"),
        (
            lambda: linalg.solve(np.ones((2, 3)), np.ones(2)),
            ValueError,
            "solve: a is 2×3, but a square matrix is needed",
        ),
        (lambda: linalg.solve(np.ones((2, 2, 3)), np.ones(2)), ValueError, "solve: a is 2×2×3, but square matrices"),
        (lambda: linalg.solve([[np.nan, 1], [1, 2]], [1, 2]), ValueError, "solve: a holds NaN .* at row 0, column 0"),
        (lambda: linalg.inv([[np.inf, 1], [1, 2]]), ValueError, "inv: a holds infinity at row 0, column 0"),
        (lambda: linalg.inv([[1, 2], [2, 4]]), linalg.LinAlgError, "inv: a is singular: pivot 1"),
        (lambda: linalg.det([1, 2]), ValueError, "det: a is a vector of 2"),
        (
            lambda: linalg.qr(np.eye(2), "raw"),
            ValueError,
            'qr: mode is "raw", but must be one of "reduced", "complete" or "r"',
        ),
        (
            lambda: linalg.cholesky([[1, 2], [2, 1]]),
            linalg.LinAlgError,
            "cholesky: a is not positive definite: pivot 1 is -3e0",
        ),
        (lambda: linalg.cholesky([[1, 2], [0, 1]]), ValueError, r"cholesky: a is not symmetric: element \(0, 1\) is 2"),
        (lambda: linalg.matmul(np.eye(2), np.ones(3)), ValueError, "matmul: b is a vector of 3, but a is 2×2"),
        (lambda: linalg.matmul(2.0, np.ones(3)), ValueError, "matmul: a is a single number"),
        (lambda: linalg.lstsq(np.eye(2), np.ones(3)), ValueError, "lstsq: b is a vector of 3, but a is 2×2"),
        (lambda: linalg.lstsq(np.eye(2), np.ones(2), rcond=-1), ValueError, "lstsq: rcond is -1"),
        (lambda: linalg.solve("text", [1]), TypeError, "solve: a is text"),
        (lambda: linalg.solve([[1j]], [1]), TypeError, "solve: a holds complex"),
    ],
)
def test_refusals_name_the_argument(call, error, message):
    with pytest.raises(error, match=message):
        call()


A = np.array([[2.0, 1.0], [1.0, 3.0]])
BAD_FLAGS = ["x", 2, 1.0, None, []]
FLAGS = [
    (linalg.svd, "full_matrices"),
    (linalg.svd, "compute_uv"),
    (linalg.svd, "hermitian"),
    (linalg.pinv, "hermitian"),
    (linalg.matrix_rank, "hermitian"),
    (linalg.cholesky, "upper"),
    (linalg.norm, "keepdims"),
    (linalg.qr, "pivoting"),
    (linalg.lu, "p_indices"),
]


@pytest.mark.parametrize(("function", "argument"), FLAGS)
def test_flags_are_booleans_or_refused_by_name(function, argument):
    for value in BAD_FLAGS:
        with pytest.raises(TypeError, match=f"{function.__name__}: {argument} is .*, but must be True or False"):
            function(A, **{argument: value})
    for yes, no in ((np.True_, np.False_), (1, 0), (np.int64(1), np.uint8(0))):
        for value, same in ((yes, True), (no, False)):
            given, plain = (function(A, **{argument: flag}) for flag in (value, same))
            parts = zip(given, plain, strict=True) if isinstance(plain, tuple) else [(given, plain)]
            for one, other in parts:
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (linalg.pinv, "rcond"),
        (linalg.pinv, "rtol"),
        (linalg.matrix_rank, "tol"),
        (linalg.matrix_rank, "rtol"),
        (linalg.rref, "tol"),
        (linalg.null_space, "rcond"),
        (linalg.column_space, "rcond"),
        (linalg.row_space, "rcond"),
        (linalg.left_null_space, "rcond"),
        (linalg.projection_matrix, "rcond"),
        (linalg.is_independent, "rcond"),
        (linalg.is_symmetric, "tol"),
        (linalg.is_orthogonal, "tol"),
        (linalg.is_positive_definite, "tol"),
        (linalg.spectral_decomposition, "tol"),
        (linalg.normalize, "ord"),
    ],
)
def test_numbers_are_refused_by_name(function, argument):
    name = function.__name__
    with pytest.raises(TypeError, match=f"{name}: {argument} is text"):
        function(A, **{argument: "fro"})
    with pytest.raises(ValueError, match=f"{name}: {argument} is a vector of 2, but a single number is needed"):
        function(A, **{argument: [1.0, 2.0]})
    with pytest.raises(ValueError, match=f"{name}: {argument} is -1, but must be"):
        function(A, **{argument: -1})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linalg.qr(A, 3), "qr: mode is a int, but must be a string"),
        (lambda: linalg.qr(A, None, pivoting=True), "qr: mode is a NoneType"),
        (lambda: linalg.eigh(A, UPLO=1), "eigh: UPLO is a int"),
        (lambda: linalg.eigvalsh(A, UPLO=1), "eigvalsh: UPLO is a int"),
        (lambda: linalg.ldlt(A, UPLO=1), "ldlt: UPLO is a int"),
        (lambda: linalg.cholesky(A, UPLO=1), "cholesky: UPLO is a int"),
        (lambda: linalg.schur(A, output=None), "schur: output is a NoneType"),
        (lambda: linalg.gram_schmidt(A, dependent=1), "gram_schmidt: dependent is a int"),
        (lambda: linalg.qr_algorithm(A, shifts=1), "qr_algorithm: shifts is a int"),
        (lambda: linalg.gauss_seidel(A, [1, 2], method=1), "gauss_seidel: method is a int"),
        (lambda: linalg.matrix_power(A, 1.5), "matrix_power: n is a float, but must be a whole number"),
        (lambda: linalg.matrix_power(A, 2**63), "matrix_power: n is a int, .* at most 64 bits"),
        (lambda: linalg.trace(A, "a"), "trace: offset is a str, but must be a whole number"),
        (lambda: linalg.trace(A, 2**63), "trace: offset is a int, .* at most 64 bits"),
        (lambda: linalg.cross([1, 2, 3], [1, 2, 3], axis=2**63), "cross: axis is a int, .* at most 64 bits"),
        (lambda: linalg.normalize([1, 2], axis=0.5), "normalize: axis is a float"),
        (lambda: linalg.norm(A, axis=2**63), "norm: axis must be a whole number"),
        (lambda: linalg.lstsq(A, [1, 2], rcond="a"), "lstsq: rcond is text"),
        (lambda: linalg.solve_triangular(A, [1, 2], lower="x"), "solve_triangular: lower is a str"),
        (lambda: linalg.solve_triangular(A, [1, 2], unit_diagonal=2), "solve_triangular: unit_diagonal is 2"),
        (lambda: linalg.angle([1, 2], [2, 1], degrees="x"), "angle: degrees is a str"),
    ],
)
def test_options_of_a_wrong_type_are_refused_by_name(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_tiny_and_huge_numbers_in_messages_are_short():
    with pytest.raises(ValueError, match=r"element \(0, 1\) is 1e-100, but \(1, 0\) is -2e300"):
        linalg.eigh([[0, 1e-100], [-2e300, 0]])


OPTIONS = [
    pytest.param(getattr(linalg, name), option, id=f"{name}-{option}")
    for name in linalg.__all__
    if not inspect.isclass(getattr(linalg, name))
    for option in inspect.signature(getattr(linalg, name)).parameters
    if option in {"rcond", "rtol", "tol", "max_iter", "shift", "axis", "offset", "ord", "n", "p"}
]


@pytest.mark.parametrize(("function", "option"), OPTIONS)
def test_an_option_that_is_no_number_is_refused_by_name(function, option):
    needed = [
        np.ones(3) if name in {"b", "v"} else np.eye(3)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty and parameter.kind != parameter.KEYWORD_ONLY and name != option
    ]
    with pytest.raises(TypeError, match=rf"^{function.__name__}: {option} "):
        function(*needed, **{option: {}})
