"""Singular values from Python: NumPy's names and values, stacks, odd input, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from underhood.linalg import SVDResult, cond, matrix_rank, pinv, svd, svdvals

EPS = np.finfo(float).eps
RNG = np.random.default_rng(5)

matrices = hnp.arrays(
    np.float64,
    st.lists(st.integers(0, 7), min_size=2, max_size=4).map(tuple),
    elements=st.integers(-4, 4).map(float) | st.floats(-1e3, 1e3),
)


@given(matrices, st.booleans())
@settings(max_examples=60, deadline=None)
def test_factors_give_the_matrix_back(a, full_matrices):
    m, n = a.shape[-2:]
    k = min(m, n)
    U, S, Vh = svd(a, full_matrices=full_matrices)
    assert U.shape == (*a.shape[:-1], m if full_matrices else k)
    assert Vh.shape == (*a.shape[:-2], n if full_matrices else k, n)
    size = 1e-300 + (np.abs(a).max() if a.size else 0.0)
    # A few roundings for each of at most seven rows and columns.
    np.testing.assert_allclose(U[..., :, :k] * S[..., None, :] @ Vh[..., :k, :], a, atol=100 * EPS * size, rtol=0)
    np.testing.assert_allclose(U.mT @ U - np.eye(U.shape[-1]), 0, atol=100 * EPS)
    np.testing.assert_allclose(Vh @ Vh.mT - np.eye(Vh.shape[-2]), 0, atol=100 * EPS)
    assert (np.diff(S, axis=-1) <= 0).all()
    assert (S >= 0).all()
    np.testing.assert_allclose(S, np.linalg.svd(a, compute_uv=False), atol=100 * EPS * size, rtol=0)
    np.testing.assert_allclose(svdvals(a), S, atol=100 * EPS * size, rtol=0)


@given(matrices)
@settings(max_examples=60, deadline=None)
def test_a_stack_is_its_matrices_one_by_one(a):
    if a.ndim < 3:
        return
    U, S, Vh = svd(a[..., ::-1, :], full_matrices=False)
    inverses, ranks = pinv(a, rcond=1e-9), matrix_rank(a, rtol=1e-9)
    for place in np.ndindex(a.shape[:-2]):
        one = svd(a[place][::-1], full_matrices=False)
        np.testing.assert_array_equal(U[place], one.U)
        np.testing.assert_array_equal(S[place], one.S)
        np.testing.assert_array_equal(Vh[place], one.Vh)
        np.testing.assert_array_equal(inverses[place], pinv(a[place], rcond=1e-9))
        assert ranks[place] == matrix_rank(a[place], rtol=1e-9)


@pytest.mark.parametrize("shape", [(3, 3), (40, 40), (90, 90), (60, 8), (20, 50)])
def test_values_are_those_of_numpy(shape):
    a = RNG.standard_normal(shape)
    expected = np.linalg.svd(a, compute_uv=False)
    tolerance = 10 * EPS * max(shape) * expected[0]
    for found in (svdvals(a), svd(a).S, svd(a, compute_uv=False)):
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)
    # The perturbation of a pseudo-inverse grows with the square of the condition number.
    kappa = expected[0] / expected[-1]
    np.testing.assert_allclose(pinv(a), np.linalg.pinv(a), rtol=0, atol=10 * EPS * max(shape) * kappa**2 / expected[0])


def test_signs_are_the_same_from_run_to_run():
    result = svd(-np.eye(3)[[1, 0, 2]])
    assert isinstance(result, SVDResult)
    np.testing.assert_array_equal(np.sort(result.U, axis=0)[-1], [1, 1, 1])
    np.testing.assert_array_equal(np.sort(result.Vh, axis=1)[:, 0], [-1, -1, -1])
    for n in (4, 30):
        a = RNG.standard_normal((n, n))
        U = svd(a).U
        large = np.abs(U) >= 0.7 * np.abs(U).max(axis=0)
        assert (U[large.argmax(axis=0), range(n)] > 0).all()
        np.testing.assert_allclose(svd(-a).U, U, atol=1e-10)


def test_hermitian_is_checked():
    a = np.array([[2.0, 1.0], [1.0, -3.0]])
    np.testing.assert_allclose(svd(a, hermitian=True).S, np.linalg.svd(a, hermitian=True)[1], rtol=1e-14)
    np.testing.assert_allclose(pinv(a, hermitian=True), np.linalg.inv(a), rtol=1e-14)
    assert matrix_rank(a, hermitian=True) == 2
    a[0, 1] = 5.0
    for function in (svd, pinv, matrix_rank):
        with pytest.raises(ValueError, match="is not symmetric"):
            function(a, hermitian=True)
    with pytest.raises(ValueError, match="svd: a is not symmetric"):
        svd(a, compute_uv=False, hermitian=True)
    with pytest.raises(ValueError, match="square"):
        svd(np.ones((2, 3)), hermitian=True)


def test_a_rank_is_an_int_and_a_vector_has_one():
    assert matrix_rank([[1, 2], [2, 4]]) == 1
    assert type(matrix_rank([[1, 2], [2, 4]])) is int
    assert matrix_rank([0, 0]) == 0
    assert matrix_rank([0, 3]) == 1
    assert matrix_rank(4.0) == 1
    stack = np.stack([np.eye(3), np.zeros((3, 3)), np.ones((3, 3))])
    np.testing.assert_array_equal(matrix_rank(stack), [3, 0, 1])
    assert matrix_rank(stack).dtype == np.int64
    assert matrix_rank(np.diag([1, 1e-3]), tol=0.01) == matrix_rank(A=np.diag([1, 1e-3]), rtol=0.01) == 1


def test_only_one_tolerance():
    with pytest.raises(ValueError, match="matrix_rank: tol and rtol are both given"):
        matrix_rank(np.eye(2), 0.1, rtol=0.1)
    with pytest.raises(ValueError, match="pinv: rcond and rtol are both given"):
        pinv(np.eye(2), 0.1, rtol=0.1)
    np.testing.assert_array_equal(pinv(np.diag([1.0, 1e-3]), rtol=0.1), np.diag([1.0, 0.0]))
    with pytest.raises(ValueError, match="pinv: rcond is -1"):
        pinv(np.eye(2), -1.0)


@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, np.inf, -np.inf, "fro"])
def test_condition_numbers_are_those_of_numpy(p):
    for a in (RNG.standard_normal((5, 5)), RNG.standard_normal((3, 4, 4))):
        np.testing.assert_allclose(cond(a, p), np.linalg.cond(a, p), rtol=1e-10)
    assert cond(np.zeros((2, 2)), p) == np.inf
    assert type(cond(np.eye(2), p)) is float


def test_condition_numbers_of_singular_and_odd_matrices():
    singular = np.arange(9.0).reshape(3, 3)
    assert cond(singular, 1) == np.inf
    assert cond(singular) > 1e15
    assert cond([[1, 0], [0, 0]]) == np.inf
    assert cond(RNG.standard_normal((3, 5))) > 1
    with pytest.raises(ValueError, match="cond: x is 2×3, but a square matrix is needed"):
        cond(np.ones((2, 3)), "fro")
    with pytest.raises(ValueError, match="cond: x has 0 numbers"):
        cond(np.zeros((0, 0)))
    with pytest.raises(ValueError, match='cond: p is "ky", but must be one of'):
        cond(np.eye(2), "ky")
    with pytest.raises(ValueError, match='cond: p is "3"'):
        cond(np.eye(2), 3)


def test_infinities_are_refused_at_once():
    a = np.eye(4)
    a[0, 1] = a[2, 3] = np.inf
    for function in (svd, svdvals, pinv, matrix_rank, cond):
        with pytest.raises(ValueError, match="infinity at row 0, column 1"):
            function(a)
    stack = np.stack([np.eye(4), a])
    with pytest.raises(ValueError, match=r"svd: a holds infinity at index \[1, 0, 1\]"):
        svd(stack)


def test_empty_matrices():
    assert [part.shape for part in svd(np.zeros((0, 3)))] == [(0, 0), (0,), (3, 3)]
    assert [part.shape for part in svd(np.zeros((3, 0)), full_matrices=False)] == [(3, 0), (0,), (0, 0)]
    assert [part.shape for part in svd(np.zeros((0, 2, 3)))] == [(0, 2, 2), (0, 2), (0, 3, 3)]
    assert pinv(np.zeros((2, 0))).shape == (0, 2)
    assert matrix_rank(np.zeros((0, 2))) == 0
