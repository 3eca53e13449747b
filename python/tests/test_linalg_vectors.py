"""Products and lengths of vectors beside NumPy and scikit-learn, where these are right, and beside mpmath where not."""

import itertools
import re
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics.pairwise import cosine_similarity as cosine_of_sklearn
from underhood import linalg

EPS = np.finfo(float).eps
ORDERS = [None, "fro", "nuc", np.inf, -np.inf, 0, 1, -1, 2, -2, 3, 0.5, -3.5]
SHAPES = [(), (5,), (1,), (0,), (3, 4), (0, 3), (3, 0), (2, 3, 4), (2, 0, 3), (60, 50), (2, 1, 3, 4)]


def outcome(call):
    """What a call gives, or None for a refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call()
    except (ValueError, np.linalg.LinAlgError):
        return None


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_every_norm_is_numpys(shape, order):
    plain = np.random.default_rng(len(shape)).standard_normal(shape)
    strided = np.repeat(plain, 2, axis=-1)[..., ::-2] if shape else plain
    for x in (plain, plain.T, strided):
        places = range(-x.ndim, x.ndim)
        axes = [None, (), *places, *((i,) for i in places), *itertools.permutations(range(x.ndim), 2), (0, 0), x.ndim]
        for axis, keepdims in itertools.product(axes, (False, True)):
            theirs = outcome(lambda x=x, axis=axis, keepdims=keepdims: np.linalg.norm(x, order, axis, keepdims))
            ours = outcome(lambda x=x, axis=axis, keepdims=keepdims: linalg.norm(x, order, axis, keepdims))
            assert (ours is None) == (theirs is None), (axis, keepdims)
            if ours is not None:
                assert np.shape(ours) == np.shape(theirs), (axis, keepdims)
                # Singular values are as far off as rounding makes them, 1e-15 of the largest.
                np.testing.assert_allclose(ours, theirs, rtol=1e-12 if order == -2 else 1e-13)


def test_norms_where_numpys_overflow_or_lose_digits():
    x = np.array([1e300, -2e300, 3e-300])
    with mpmath.workdps(50):
        sums = {p: mpmath.fsum(abs(mpmath.mpf(v)) ** p for v in x.tolist()) for p in (1, 2, 3, 0.5)}
        expected = {p: float(value ** (1 / mpmath.mpf(p))) for p, value in sums.items()}
    for p, value in expected.items():
        assert linalg.norm(x, p) == pytest.approx(value, rel=4 * EPS)
    assert linalg.norm([1e-320, 1e-320], 3) == pytest.approx(1e-320 * 2 ** (1 / 3), rel=1e-3)  # denormals
    assert linalg.norm(np.full((2, 2), 1e200)) == pytest.approx(2e200, rel=EPS)
    assert linalg.norm(np.full((2, 2), 1e200), 2) == pytest.approx(2e200, rel=8 * EPS)
    assert linalg.norm([1.5e308, 1.5e308]) == np.inf


def test_nan_and_infinity_go_through_norms_as_in_numpy():
    for x, order in itertools.product(([np.nan, 1.0], [np.inf, -1.0]), (None, 1, 2, np.inf, -np.inf, 0, 4)):
        np.testing.assert_array_equal(linalg.norm(x, order), np.linalg.norm(x, order))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 2.0], "fro"), 'norm: ord is "fro", a norm of matrices'),
        (([1.0, 2.0], "big"), 'norm: ord is "big", but must be one of "fro" or "nuc"'),
        (([[1.0]], 3), "norm: ord is 3, which is no norm of matrices"),
        (([1.0], None, 1), "norm: axis is 1, but must be between -1 and 0"),
        ((np.ones((2, 2)), None, (0, -2)), "norm: axis names axis 0 twice"),
        ((np.ones((2, 2, 2)), 2), "norm: axis names 3 axes"),
        (([], -np.inf), "norm: x has no numbers"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_norm_that_does_not_exist_is_refused(arguments, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        linalg.norm(*arguments)


def test_an_axis_that_is_no_number_is_a_type_error():
    with pytest.raises(TypeError, match="norm: axis must be a whole number"):
        linalg.norm([1.0], axis="rows")


@pytest.mark.parametrize("a", [(), (3,), (2, 3), (4, 2, 3), (0, 3)], ids=str)
@pytest.mark.parametrize("b", [(), (3,), (3, 2), (5, 3, 2), (2, 3), (3, 0)], ids=str)
def test_dot_and_kron_are_numpys(a, b):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(a), rng.standard_normal(b)
    for ours, theirs in ((linalg.dot, np.dot), (linalg.kron, np.kron)):
        expected, found = outcome(lambda f=theirs: f(x, y)), outcome(lambda f=ours: f(x, y))
        assert (found is None) == (expected is None)
        if expected is not None:
            assert np.shape(found) == np.shape(expected)
            np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
@pytest.mark.parametrize("a", [(3,), (2, 3), (4, 2, 3), (2,), (4, 1, 2), (0, 3), (4,)], ids=str)
@pytest.mark.parametrize("b", [(3,), (2, 3), (1, 3), (2,), (2, 2), ()], ids=str)
def test_cross_is_numpys(a, b):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(a), rng.standard_normal(b)
    expected, found = outcome(lambda: np.cross(x, y)), outcome(lambda: linalg.cross(x, y))
    assert (found is None) == (expected is None)
    if expected is not None:
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    if len(a) == 2:
        np.testing.assert_array_equal(linalg.cross(x.T, x[::-1].T, axis=0), linalg.cross(x, x[::-1]).T)


def test_trace_and_outer_are_numpys():
    a = np.random.default_rng(0).standard_normal((2, 3, 5, 4))
    for x, offset in itertools.product((a, a.swapaxes(0, -1), a[0, 0], a[:, :0], a[..., :0]), range(-6, 7)):
        theirs = np.linalg.trace(x, offset=offset)
        np.testing.assert_allclose(linalg.trace(x, offset), theirs, rtol=1e-13, atol=1e-15)
        assert np.shape(linalg.trace(x, offset)) == theirs.shape
    np.testing.assert_array_equal(linalg.outer(a[0, 0, 0], a[0, 0, :, 0]), np.outer(a[0, 0, 0], a[0, 0, :, 0]))


@pytest.mark.parametrize("product", [linalg.outer, linalg.kron])
def test_a_product_without_room_is_a_memory_error(product):
    # 2⁴⁴ numbers, 128 TiB, of vectors that are quickly made.
    long = np.ones(1 << 22)
    with pytest.raises(MemoryError, match=product.__name__):
        product(long, long)


@given(
    hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 9)), elements=st.floats(-1e3, 1e3)),
    st.integers(-290, 290),
    st.sampled_from([1, 2, 3, np.inf]),
)
@settings(max_examples=60, deadline=None)
def test_normalized_rows_have_norm_one_and_the_same_direction(x, exponent, order):
    x[:, 0] = 1e3
    x *= 10.0**exponent
    unit = linalg.normalize(x, ord=order)
    np.testing.assert_allclose(linalg.norm(unit, order, axis=1), 1.0, rtol=4 * EPS)
    # Where a component of the unit vector is denormal it holds multiples of 5e-324 only.
    length = linalg.norm(x, order, axis=1, keepdims=True)
    assert np.all(np.abs(unit * length - x) <= 8 * EPS * np.abs(x) + 5e-324 * length)
    # Columns are summed in another order than rows.
    np.testing.assert_allclose(linalg.normalize(x.T, ord=order, axis=0), unit.T, rtol=4 * EPS, atol=5e-324)


def test_vectors_without_a_direction_are_named():
    with pytest.raises(ValueError, match=r"normalize: x holds a vector of zeros at \[:, 1\]"):
        linalg.normalize([[1.0, 0.0], [2.0, 0.0]], axis=0)
    with pytest.raises(ValueError, match="normalize: x is a vector of 2 zeros"):
        linalg.normalize([0.0, 0.0])
    with pytest.raises(ValueError, match=r"normalize: x holds NaN .* row 1, column 0"):
        linalg.normalize([[1.0, 0.0], [np.nan, 0.0]])
    with pytest.raises(ValueError, match="normalize: ord is 0, but must be positive"):
        linalg.normalize([1.0], ord=0)


def test_angles_beside_mpmath():
    rng = np.random.default_rng(3)
    with mpmath.workdps(60):
        for n, size in itertools.product((2, 3, 10, 200), (1.0, 1e-3, 1e-9, 1e-15)):
            u = rng.standard_normal(n)
            v = 3.0 * u + size * rng.standard_normal(n)
            a, b = ([mpmath.mpf(float(c)) for c in w] for w in (u, v))
            length_a, length_b = mpmath.norm(a), mpmath.norm(b)
            apart = mpmath.norm([x / length_a - y / length_b for x, y in zip(a, b, strict=True)])
            exact = 2 * mpmath.asin(apart / 2)
            # Short vectors are worked on with 32 digits; long ones with 16, which leaves ε between unit vectors.
            tolerance = 2 * EPS * float(exact) if n <= 64 else 2 * EPS
            assert abs(linalg.angle(u, v) - float(exact)) <= tolerance
            assert linalg.angle(u, v, degrees=True) == pytest.approx(np.degrees(linalg.angle(u, v)), rel=4 * EPS)


def test_angles_that_everybody_knows():
    assert linalg.angle([1, 0], [1, 1], degrees=True) == 45.0
    assert linalg.angle([1, 0], [0, 1], degrees=True) == 90.0
    assert linalg.angle([1, 2, 3], [2, 4, 6]) == 0.0
    assert linalg.angle([1, 2, 3], [-2, -4, -6], degrees=True) == 180.0


def test_cosines_are_scikit_learns():
    rng = np.random.default_rng(1)
    u, v = rng.standard_normal((40, 7)), rng.standard_normal((30, 7))
    np.testing.assert_allclose(linalg.cosine_similarity(u, v), cosine_of_sklearn(u, v), rtol=0, atol=8 * EPS)
    np.testing.assert_allclose(linalg.cosine_similarity(u), cosine_of_sklearn(u), rtol=0, atol=8 * EPS)
    assert linalg.cosine_similarity(u[0], v[0]) == pytest.approx(cosine_of_sklearn(u[:1], v[:1])[0, 0], abs=8 * EPS)
    assert linalg.cosine_similarity(u[0], v).shape == (30,)
    assert linalg.cosine_similarity(u[0]) == 1.0


def test_projection_of_several_points_is_that_of_each():
    rng = np.random.default_rng(2)
    points, onto = rng.standard_normal((5, 4)), rng.standard_normal((4, 2))
    images = linalg.project(points, onto)
    for point, image in zip(points, images, strict=True):
        np.testing.assert_allclose(linalg.project(point, onto), image, rtol=0, atol=1e-15)
        np.testing.assert_allclose(linalg.projection_matrix(onto) @ point, image, rtol=0, atol=1e-14)


def test_distances_from_a_hyperplane():
    rng = np.random.default_rng(2)
    points, w = rng.standard_normal((50, 3)), np.array([1.0, -2.0, 2.0])
    np.testing.assert_allclose(linalg.hyperplane_distance(points, w, 6), (points @ w + 6) / 3, rtol=1e-13, atol=1e-15)
    assert linalg.hyperplane_distance([0, 0, 0], w, 6) == 2.0
    assert linalg.hyperplane_distance([1, 1, 1], w) == pytest.approx(1 / 3, rel=EPS)
    with pytest.raises(ValueError, match="hyperplane_distance: x is a vector of 2, but w is a vector of 3"):
        linalg.hyperplane_distance([1, 1], w)
