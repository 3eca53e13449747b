"""Products and elimination: NumPy's stacks, triangles, hard matrices, warnings and refusals with their place."""

import warnings

import numpy as np
import pytest
from underhood import linalg

EPS = np.finfo(float).eps


def views(a):
    """Give the same array in other layouts."""
    spread = np.zeros(tuple(2 * length for length in a.shape))
    inner = spread[tuple(slice(None, None, 2) for _ in a.shape)]
    inner[...] = a
    turned = np.ascontiguousarray(np.swapaxes(a, -1, -2)).swapaxes(-1, -2) if a.ndim > 1 else a
    return [a, np.asfortranarray(a), inner, a[::-1].copy()[::-1], turned]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3, 3), (3, 3)),
        ((7, 2, 5), (5, 3)),
        ((7, 2, 5), (7, 5, 3)),
        ((4, 1, 2, 5), (7, 5, 3)),
        ((2, 5), (7, 5, 3)),
        ((5,), (7, 5, 3)),
        ((7, 2, 5), (5,)),
        ((0, 2, 5), (1, 5, 3)),
        ((3, 2, 0), (3, 0, 3)),
        ((2, 30, 70), (70, 41)),
        ((130, 140), (140, 150)),
    ],
)
def test_products_of_stacks_are_numpys_in_every_layout(left, right):
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal(left), rng.standard_normal(right)
    for x in views(a):
        for y in views(b):
            ours = linalg.matmul(x, y)
            assert ours.shape == (a @ b).shape
            # A sum of k products is good to k·eps of the sum of their magnitudes.
            assert np.all(abs(ours - a @ b) <= 2 * left[-1] * EPS * (abs(a) @ abs(b)))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9, 17, 40, 200])
@pytest.mark.parametrize(
    ("front_a", "front_b", "k"), [((4,), (4,), 1), ((4,), (), 3), ((), (4,), 2), ((2, 1), (3,), 8), ((11,), (11,), 9)]
)
def test_systems_of_stacks_leave_small_residuals(n, front_a, front_b, k):
    rng = np.random.default_rng(n)
    a, b = rng.standard_normal((*front_a, n, n)), rng.standard_normal((*front_b, n, k))
    for x in views(a)[:3] if n > 40 else views(a):
        solution = linalg.solve(x, b)
        assert solution.shape == np.linalg.solve(a, b).shape
        residual = abs(b - a @ solution).max(axis=-2)
        size = abs(a).sum(axis=-1).max(axis=-1)[..., None] * abs(solution).max(axis=-2) + abs(b).max(axis=-2)
        assert np.all(residual <= 4 * max(n, 10) * EPS * size)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8, 9, 20])
def test_stacks_agree_with_their_matrices(n):
    rng = np.random.default_rng(n)
    a = rng.standard_normal((3, 5, n, n)) + 2 * np.eye(n)
    spd = a @ np.swapaxes(a, -1, -2)
    spd = (spd + np.swapaxes(spd, -1, -2)) / 2
    near = {"rtol": 1e-11 * np.linalg.cond(a).max(), "atol": 1e-11}
    np.testing.assert_allclose(linalg.inv(a), np.linalg.inv(a), **near)
    np.testing.assert_allclose(linalg.det(a), np.linalg.det(a), **near)
    for ours, theirs in zip(linalg.slogdet(a), np.linalg.slogdet(a), strict=True):
        np.testing.assert_allclose(ours, theirs, **near)
    roots = linalg.cholesky(spd)
    np.testing.assert_allclose(roots @ np.swapaxes(roots, -1, -2), spd, rtol=0, atol=20 * n * EPS * abs(spd).max())
    np.testing.assert_array_equal(np.triu(roots, 1), 0)
    np.testing.assert_array_equal(linalg.cholesky(spd, upper=True), np.swapaxes(roots, -1, -2))
    inverse = linalg.inv(spd)
    np.testing.assert_array_equal(inverse, np.swapaxes(inverse, -1, -2))


def test_whole_numbers_are_exact_in_stacks_too():
    a = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2, 3], [4, 5, 6], [7, 8, 10]]])
    np.testing.assert_array_equal(linalg.det(a), [0.0, -3.0])


def test_one_triangle_is_read_when_asked_for():
    rng = np.random.default_rng(0)
    for n in (2, 9, 40):
        a = rng.standard_normal((n, n))
        spd = a @ a.T + np.eye(n)
        spd = (spd + spd.T) / 2
        lower, upper = (
            np.tril(spd) + np.triu(np.full((n, n), np.nan), 1),
            np.triu(spd) + np.tril(np.full((n, n), 7), -1),
        )
        np.testing.assert_array_equal(linalg.cholesky(lower, UPLO="L"), linalg.cholesky(spd))
        np.testing.assert_array_equal(linalg.cholesky(upper, UPLO="U", upper=True), linalg.cholesky(spd, upper=True))


@pytest.mark.parametrize("n", [1, 3, 16, 17, 50, 300])
def test_triangles_are_solved_from_either_side(n):
    rng = np.random.default_rng(n)
    t = np.tril(rng.standard_normal((n, n))) / n + 2 * np.eye(n)
    for lower, whole in ((True, t), (False, t.T)):
        for trans in (0, "T"):
            matrix = whole.T if trans else whole
            for b in (rng.standard_normal(n), rng.standard_normal((n, 3)), rng.standard_normal((2, n, 3))):
                x = linalg.solve_triangular(whole + np.where(whole == 0, np.nan, 0), b, trans, lower=lower)
                np.testing.assert_allclose(matrix @ x, b, rtol=0, atol=20 * n * EPS * (abs(matrix) @ abs(x)).max())
    unit = np.tril(t, -1) + np.eye(n)
    x = linalg.solve_triangular(np.tril(t), np.ones(n), lower=True, unit_diagonal=True)
    np.testing.assert_allclose(unit @ x, np.ones(n), rtol=0, atol=1e-12)


@pytest.mark.parametrize("n", [60, 200, 500])
def test_growth_is_detected(n):
    a = np.eye(n) - np.tril(np.ones((n, n)), -1)
    a[:, -1] = 1
    x = np.random.default_rng(n).standard_normal(n)
    b = a @ x
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = linalg.solve(a, b)
    assert abs(a @ found - b).max() <= 10 * n * EPS * (n * abs(found).max() + abs(b).max())


def test_warnings_name_the_worst_matrix():
    hilbert = 1 / (np.arange(12)[:, None] + np.arange(12) + 1)
    stack = np.stack([np.eye(12), hilbert, np.eye(12)])
    for call in (lambda: linalg.inv(stack), lambda: linalg.solve(stack, np.ones(12))):
        with pytest.warns(linalg.IllConditionedWarning, match="index 1 of the stack"):
            call()
    with pytest.warns(RuntimeWarning, match="overflows.*index 1 of the stack"):
        assert np.isinf(linalg.det(np.stack([np.eye(3), 1e200 * np.eye(3)]))[1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: linalg.inv(np.stack([np.eye(2), np.ones((2, 2))])), linalg.LinAlgError, "index 1 of the stack"),
        (lambda: linalg.cholesky(np.stack([np.eye(2), -np.eye(2)])), linalg.LinAlgError, "index 1 of the stack"),
        (lambda: linalg.det(np.full((2, 3, 3), np.nan)), ValueError, "det: a holds NaN"),
        (lambda: linalg.solve(np.zeros((2, 3, 3)), np.ones((2, 4, 1))), ValueError, "solve: b is 2×4×1"),
        (lambda: linalg.solve(np.ones((4, 3, 3)), np.ones((4, 3))), ValueError, "b is 4×3.*another axis"),
        (lambda: linalg.solve(np.ones((4, 3, 3)), np.ones((5, 3, 1))), ValueError, "axes in front"),
        (lambda: linalg.solve_triangular([[1, 1], [0, 0]], [1, 1]), linalg.LinAlgError, "pivot 1"),
        (lambda: linalg.solve_triangular(np.eye(2), [1, 1], "X"), ValueError, 'trans is "X"'),
        (lambda: linalg.cholesky(np.eye(2), UPLO="x"), ValueError, "UPLO"),
        (lambda: linalg.matmul(np.ones((2, 3, 3)), np.ones((5, 3, 1))), ValueError, "axes in front"),
    ],
)
def test_refusals_say_where(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("function", [linalg.inv, linalg.cholesky, linalg.det])
def test_empty_stacks_have_numpys_shapes(function):
    theirs = getattr(np.linalg, function.__name__)
    for shape in ((0, 3, 3), (2, 0, 0), (0, 0, 0)):
        np.testing.assert_array_equal(function(np.zeros(shape)), theirs(np.zeros(shape)))
