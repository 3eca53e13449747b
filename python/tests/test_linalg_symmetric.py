"""Spectra of symmetric matrices: agreement with NumPy in every layout, stacks, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood import linalg

EPS = np.finfo(float).eps


def symmetric(n, seed=0):
    """Give a symmetric matrix of normal numbers."""
    a = np.random.default_rng(seed).standard_normal((n, n))
    return a + a.T


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 60), seed=st.integers(0, 2**32 - 1))
def test_agrees_with_numpy_in_every_layout(n, seed):
    a = symmetric(n, seed)
    values, vectors = linalg.eigh(a)
    size = np.linalg.norm(a) * (n + 8) * EPS
    np.testing.assert_allclose(values, np.linalg.eigvalsh(a), rtol=0, atol=2 * size)
    np.testing.assert_allclose(linalg.eigvalsh(a), values, rtol=0, atol=2 * size)
    assert np.linalg.norm(a @ vectors - vectors * values) <= 2 * size
    assert np.linalg.norm(vectors.T @ vectors - np.eye(n)) <= 2 * (n + 8) * EPS
    wide = np.zeros((2 * n, 3 * n))
    wide[::2, ::3] = a
    for same in (a.T, np.asfortranarray(a), wide[::2, ::3], a[::-1, ::-1].copy()[::-1, ::-1], a.astype(">f8")):
        again = linalg.eigh(same)
        np.testing.assert_array_equal(again.eigenvalues, values)
        np.testing.assert_array_equal(again.eigenvectors, vectors)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9])
def test_a_stack_gives_each_matrix_what_it_gets_alone(n):
    a = np.stack([symmetric(n, seed) for seed in range(40)]).reshape(8, 5, n, n)
    for stack in (a, a[::-1, ::2], a.swapaxes(0, 1), np.asfortranarray(a)):
        values, vectors = linalg.eigh(stack)
        assert values.shape == stack.shape[:-1]
        assert vectors.shape == stack.shape
        np.testing.assert_array_equal(linalg.eigvalsh(stack).shape, values.shape)
        for index in np.ndindex(stack.shape[:2]):
            alone = linalg.eigh(stack[index])
            np.testing.assert_array_equal(values[index], alone.eigenvalues)
            np.testing.assert_array_equal(vectors[index], alone.eigenvectors)
    assert linalg.eigh(np.zeros((0, n, n))).eigenvectors.shape == (0, n, n)


@pytest.mark.parametrize("n", [2, 3, 20])
def test_one_triangle_is_read_as_numpy_reads_it(n):
    a = np.random.default_rng(n).standard_normal((n, n))
    for triangle in ("L", "U"):
        expected = np.linalg.eigvalsh(a, UPLO=triangle)
        np.testing.assert_allclose(linalg.eigvalsh(a, triangle), expected, rtol=0, atol=1e-13 * n)
        np.testing.assert_allclose(linalg.eigh(a, UPLO=triangle).eigenvalues, expected, rtol=0, atol=1e-13 * n)
    with pytest.raises(ValueError, match=r"eigh: a is not symmetric: element \(0, 1\)"):
        linalg.eigh(a)
    with pytest.raises(ValueError, match=r'eigvalsh: UPLO is "lower"'):
        linalg.eigvalsh(a, "lower")


def test_signs_are_the_same_from_run_to_run():
    vectors = linalg.eigh([[2, 1], [1, 2]]).eigenvectors
    half = np.sqrt(0.5)
    np.testing.assert_allclose(vectors, [[half, half], [-half, half]], rtol=1e-15)


def test_errors_name_the_place_and_the_matrix():
    stack = np.zeros((6, 3, 3))
    stack[4, 0, 2] = 1.0
    with pytest.raises(ValueError, match=r"not symmetric.*index 4 of the stack"):
        linalg.eigh(stack)
    stack[4, 2, 0] = np.nan
    with pytest.raises(ValueError, match=r"eigvalsh: a holds NaN .* at index \[4, 2, 0\]"):
        linalg.eigvalsh(stack)
    with pytest.raises(ValueError, match="beyond the range of doubles"):
        linalg.eigh(np.full((5, 5), 1.5e308))


def test_spectral_decomposition():
    q = np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6))).Q
    a = q * [1.0, 1.0, 2.0, 2.0, 2.0, -3.0] @ q.T
    a = (a + a.T) / 2
    found = linalg.spectral_decomposition(a)
    np.testing.assert_array_equal(found.multiplicities, [1, 2, 3])
    np.testing.assert_allclose(found.eigenvalues, [-3, 1, 2], rtol=1e-14)
    np.testing.assert_allclose(found.parts.sum(axis=0), a, atol=1e-14)
    for projector in found.projectors:
        np.testing.assert_array_equal(projector, projector.T)
        np.testing.assert_allclose(projector @ projector, projector, atol=1e-14)
    assert linalg.spectral_decomposition(a, tol=2.0).projectors.shape == (1, 6, 6)
    with pytest.raises(ValueError, match="spectral_decomposition: tol"):
        linalg.spectral_decomposition(a, tol=-1.0)
