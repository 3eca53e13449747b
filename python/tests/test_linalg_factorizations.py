"""Factorisations: what defines them, in every layout and in stacks; agreement with the peers."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood import linalg

EPS = np.finfo(float).eps

SHAPES = [(1, 1), (3, 3), (4, 7), (9, 2), (16, 16), (20, 17), (17, 33), (70, 40), (3, 0), (0, 3), (0, 0)]


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def close(actual, expected, factor=64):
    """Agree to a small multiple of rounding in the largest entry: what backward stability promises for a product."""
    size = max(np.abs(expected).max(initial=0.0), 1e-300) * max(*expected.shape[-2:], 1)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=factor * EPS * size)


def layouts(a):
    """Give the same numbers in other memory."""
    wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]))
    wide[..., ::2] = a
    return [a, np.asfortranarray(a), wide[..., ::2], a[..., ::-1, :].copy()[..., ::-1, :]]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_qr(shape, mode):
    a = numbers(*shape)
    theirs = np.linalg.qr(a, mode)
    for same in layouts(a):
        Q, R = linalg.qr(same, mode)
        assert (Q.shape, R.shape) == (theirs.Q.shape, theirs.R.shape)
        close(Q @ R, a)
        close(Q.T @ Q, np.eye(Q.shape[1]))
        assert (np.diagonal(R) >= 0).all()
        np.testing.assert_array_equal(R, np.triu(R))
        np.testing.assert_allclose(np.abs(R), np.abs(theirs.R), rtol=0, atol=1e-11)
    alone = linalg.qr(a, "r")
    assert isinstance(alone, np.ndarray)
    assert alone.shape == np.linalg.qr(a, "r").shape
    close(alone.T @ alone, a.T @ a)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_pivoted_qr(shape, mode):
    a = numbers(*shape, seed=1)
    Q, R, P = linalg.qr(a, mode, pivoting=True)
    close(Q @ R, a[:, P])
    close(Q.T @ Q, np.eye(Q.shape[1]))
    diagonal = np.diagonal(R)
    assert (diagonal >= 0).all()
    assert (np.diff(diagonal) <= 64 * EPS * diagonal.max(initial=0.0)).all()
    if min(shape) > 0:
        theirs = scipy.linalg.qr(a, mode="economic" if mode == "reduced" else "full", pivoting=True)
        np.testing.assert_array_equal(P, theirs[2])
        np.testing.assert_allclose(np.abs(R), np.abs(theirs[1]), rtol=0, atol=1e-11)
    r, p = linalg.qr(a, "r", pivoting=True)
    np.testing.assert_array_equal(r, R[: min(shape)])
    np.testing.assert_array_equal(p, P)


@pytest.mark.parametrize("shape", SHAPES)
def test_lu(shape):
    a = numbers(*shape, seed=2)
    for same in layouts(a):
        P, L, U = linalg.lu(same)
        close(P @ L @ U, a)
        np.testing.assert_array_equal(P @ P.T, np.eye(shape[0]))
        assert (np.abs(L) <= 1).all()
        np.testing.assert_array_equal(np.diagonal(L), np.ones(min(shape)))
        indices, L, U = linalg.lu(same, p_indices=True)
        close(L[indices] @ U, a)
    if min(shape) > 0:
        # Without ties the pivots are the same.
        for ours, theirs in zip((P, L, U), scipy.linalg.lu(a), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-11)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 8, 17, 40])
def test_ldlt(n):
    a = numbers(n, n, seed=3)
    a = a + a.T
    for same in layouts(a):
        L, D, P = linalg.ldlt(same)
        close(L @ D @ L.T, a[P][:, P], factor=256)
        np.testing.assert_array_equal(L, np.tril(L))
        np.testing.assert_array_equal(D, D.T)
        np.testing.assert_array_equal(D, np.triu(np.tril(D, 1), -1))
    # Sylvester's law of inertia.
    assert (np.linalg.eigvalsh(D) > 0).sum() == (np.linalg.eigvalsh(a) > 0).sum()
    for half, name in ((np.tril(a), "L"), (np.triu(a), "U")):
        for part, other in zip(linalg.ldlt(half, name), (L, D, P), strict=True):
            np.testing.assert_array_equal(part, other)


def test_what_ldlt_refuses():
    with pytest.raises(ValueError, match=r"ldlt: a is not symmetric: element \(0, 1\) is 2, but \(1, 0\) is 0"):
        linalg.ldlt([[1, 2], [0, 1]])
    with pytest.raises(ValueError, match='ldlt: UPLO is "lower", but must be one of'):
        linalg.ldlt([[1]], UPLO="lower")
    with pytest.raises(ValueError, match=r"ldlt: a is 2×3, but a square matrix is needed"):
        linalg.ldlt(np.ones((2, 3)))
    np.testing.assert_array_equal(linalg.ldlt(np.zeros((3, 3))).D, np.zeros((3, 3)))


@pytest.mark.parametrize("leading", [(12,), (2, 3), (1,), (0,), (2, 0)])
@pytest.mark.parametrize("shape", [(3, 3), (5, 2), (2, 5), (9, 9), (20, 4)])
def test_stacks(leading, shape):
    a = numbers(*leading, *shape, seed=4)
    m, n = shape
    for same in layouts(a):
        for mode in ("reduced", "complete"):
            Q, R = linalg.qr(same, mode)
            theirs = np.linalg.qr(a, mode)
            assert (Q.shape, R.shape) == (theirs.Q.shape, theirs.R.shape)
            close(Q @ R, a)
            np.testing.assert_allclose(np.abs(R), np.abs(theirs.R), rtol=0, atol=1e-12)
            assert (np.diagonal(R, axis1=-2, axis2=-1) >= 0).all()
        np.testing.assert_allclose(linalg.qr(same, "r"), linalg.qr(a).R, rtol=0, atol=1e-13)
        Q, R, P = linalg.qr(same, pivoting=True)
        assert P.shape == (*leading, n)
        close(Q @ R, np.take_along_axis(a, P[..., np.newaxis, :], axis=-1))
        P, L, U = linalg.lu(same)
        assert P.shape == (*leading, m, m)
        close(P @ L @ U, a)
    square = a @ np.swapaxes(a, -1, -2)
    square = (square + np.swapaxes(square, -1, -2)) / 2
    L, D, P = linalg.ldlt(square)
    assert P.shape == (*leading, m)
    for index in np.ndindex(*leading):
        close((L @ D @ np.swapaxes(L, -1, -2))[index], square[index][P[index]][:, P[index]], factor=256)


def test_a_bad_matrix_in_a_stack_is_named():
    a = numbers(10, 3, 3)
    a[7, 1, 2] = np.nan
    for function in (linalg.qr, linalg.lu):
        with pytest.raises(ValueError, match=r"a holds NaN .* at index \[7, 1, 2\]"):
            function(a)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 2**32 - 1), st.integers(-300, 290))
def test_identities_hold_for_any_shape_rank_and_scale(m, n, rank, seed, exponent):
    rng = np.random.default_rng(seed)
    rank = min(rank, m, n)
    unit = rng.standard_normal((m, rank)) @ rng.standard_normal((rank, n))
    a = unit * 10.0**exponent
    back = 10.0**-exponent if exponent > -300 else 1e300
    Q, R = linalg.qr(a)
    close(Q @ (R * back), unit)
    close(Q.T @ Q, np.eye(min(m, n)))
    Q, R, P = linalg.qr(a, pivoting=True)
    close(Q @ (R * back), unit[:, P])
    P, L, U = linalg.lu(a)
    close(P @ L @ (U * back), unit, factor=1024)
    fit = linalg.lstsq(a, rng.standard_normal(m))
    assert fit.rank == rank
    assert fit.x.shape == (n,)


@pytest.mark.parametrize("shape", [(3, 3), (30, 30), (50, 4), (4, 50), (5000, 6), (200, 100)])
def test_lstsq_agrees_with_numpy(shape):
    a = numbers(*shape, seed=6)
    for b in (numbers(shape[0], seed=7), numbers(shape[0], 3, seed=8)):
        theirs = np.linalg.lstsq(a, b)
        condition = np.linalg.cond(a)
        for same in layouts(a):
            ours = linalg.lstsq(same, b)
            scale = np.abs(theirs[0]).max()
            np.testing.assert_allclose(ours.x, theirs[0], rtol=0, atol=100 * EPS * condition**2 * scale)
            np.testing.assert_allclose(ours.residuals, theirs[1], rtol=1e-11)
            assert ours.rank == theirs[2]
            np.testing.assert_allclose(ours.singular_values, theirs[3], rtol=1e-12)


def test_what_qr_refuses():
    with pytest.raises(ValueError, match='qr: mode is "raw", but must be one of'):
        linalg.qr([[1]], "raw")
    with pytest.raises(ValueError, match="qr: a has a factor R beyond the range of doubles"):
        linalg.qr([[1.7e308], [1.7e308]])
    assert linalg.qr([[1e-320], [0]]).R[0, 0] == 1e-320
