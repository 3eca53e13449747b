"""Linear maps: what they do to vectors and points, what they say of themselves, what they refuse."""

import pickle

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood.linalg import LinAlgError, LinearMap, power_iteration


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


QUARTERS = [(0, 1, 0), (1, 0, 1), (2, -1, 0), (3, 0, -1), (4, 1, 0), (-1, 0, -1), (402, -1, 0)]


@pytest.mark.parametrize(("quarters", "cosine", "sine"), QUARTERS)
def test_quarter_turns_are_exact_in_both_units(quarters, cosine, sine):
    expected = np.array([[cosine, -sine], [sine, cosine]], dtype=float)
    np.testing.assert_array_equal(LinearMap.rotation(90 * quarters, degrees=True).matrix, expected)
    np.testing.assert_array_equal(LinearMap.rotation(quarters * np.pi / 2).matrix, expected)
    about_z = LinearMap.rotation(90 * quarters, axis=[0, 0, 5], degrees=True).matrix
    np.testing.assert_array_equal(about_z[:2, :2], expected)
    np.testing.assert_array_equal(about_z[2], [0, 0, 1])


def test_small_angles_are_not_taken_for_none():
    assert LinearMap.rotation(1e-300).matrix[1, 0] == 1e-300
    assert LinearMap.rotation(np.pi / 2 + 1e-12).matrix[0, 0] == pytest.approx(-1e-12, rel=1e-3)
    # 1e6 degrees are 280 degrees and 2,777 turns.
    np.testing.assert_array_equal(
        LinearMap.rotation(1e6, degrees=True).matrix, LinearMap.rotation(280, degrees=True).matrix
    )


def test_a_rotation_of_space_keeps_its_axis_and_turns_by_the_right_hand():
    turn = LinearMap.rotation(120, axis=[1, 1, 1], degrees=True)
    np.testing.assert_allclose(turn.matrix, [[0, 0, 1], [1, 0, 0], [0, 1, 0]], atol=1e-15)
    np.testing.assert_allclose(LinearMap.rotation(0.3, [1, 2, 3])([1, 2, 3]), [1, 2, 3], rtol=1e-15)


@settings(deadline=None)
@given(st.floats(-50, 50), st.lists(st.integers(-9, 9), min_size=3, max_size=3).filter(any))
def test_rotations_are_orthogonal_and_undone_by_the_opposite(angle, axis):
    for turn, back in (
        (LinearMap.rotation(angle), LinearMap.rotation(-angle)),
        (LinearMap.rotation(angle, axis), LinearMap.rotation(-angle, axis)),
    ):
        n = len(turn.matrix)
        np.testing.assert_allclose(turn.matrix.T @ turn.matrix, np.eye(n), atol=1e-15 * 8)
        assert (turn @ back).isclose(LinearMap.identity(n), tol=1e-14)
        assert turn.determinant == pytest.approx(1, rel=1e-14)


def test_reflections_are_exact_for_small_whole_numbers():
    np.testing.assert_array_equal(LinearMap.reflection(line=[1, 0]).matrix, [[1, 0], [0, -1]])
    np.testing.assert_array_equal(LinearMap.reflection(line=[3, 3]).matrix, [[0, 1], [1, 0]])
    np.testing.assert_array_equal(LinearMap.reflection(normal=[1, -1]).matrix, [[0, 1], [1, 0]])
    np.testing.assert_array_equal(LinearMap.reflection(normal=[0, 2, 0]).matrix, np.diag([1, -1, 1]))
    mirror = LinearMap.reflection(normal=[1e300, 2e300])
    assert (mirror @ mirror).isclose(LinearMap.identity(2))


def test_projections_are_idempotent_and_leave_what_they_project_onto():
    for onto in ([3, 4], [1e-300, 1e-300], [[1, 0], [1, 1], [0, 2]], [[1, 2], [2, 4], [3, 6]]):
        flat = LinearMap.projection(onto)
        assert (flat @ flat).isclose(flat, tol=1e-14)
        np.testing.assert_array_equal(flat.matrix, flat.matrix.T)
        columns = np.atleast_2d(np.asarray(onto, dtype=float).T).T if np.ndim(onto) == 2 else np.array([onto]).T
        np.testing.assert_allclose(flat.matrix @ columns, columns, rtol=1e-13, atol=1e-14 * np.abs(columns).max())
        assert flat.rank == np.linalg.matrix_rank(columns)


def test_composition_is_first_right_then_left():
    turn, stretch = LinearMap.rotation(90, degrees=True), LinearMap.scaling(2, 1)
    np.testing.assert_array_equal((turn @ stretch)([1, 0]), turn(stretch([1, 0])))
    np.testing.assert_array_equal((turn @ stretch)([1, 0]), [0, 2])
    assert turn.compose(stretch) == turn @ stretch != stretch @ turn
    wide = LinearMap([[1, 2, 3], [4, 5, 6]])
    assert (LinearMap([[1, 1]]) @ wide).matrix.tolist() == [[5, 7, 9]]
    with pytest.raises(ValueError, match="first gives vectors of 2, but this map takes vectors of 3"):
        wide @ turn


def test_points_are_rows():
    wide = LinearMap([[1, 0, 2], [0, 1, 3]])
    points = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(wide(points), points @ wide.matrix.T)
    np.testing.assert_array_equal(wide(points)[2], wide(points[2]))
    np.testing.assert_array_equal(wide @ points[1], wide(points[1]))
    assert wide(np.zeros((0, 3))).shape == (0, 2)
    with pytest.raises(TypeError, match="meant for one vector"):
        wide @ points
    with pytest.raises(TypeError):
        points @ wide
    with pytest.raises(ValueError, match="x is 4×2, but the map takes vectors of 3"):
        wide(points[:, :2])


def test_the_inverse_undoes_or_says_what_is_lost():
    shear = LinearMap.shear(x=2)
    assert shear.inverse() @ shear == LinearMap.identity(2)
    with pytest.raises(LinAlgError, match=r"sends every multiple of \(1, -1\) to zero"):
        LinearMap.projection(onto=[1, 1]).inverse()
    with pytest.raises(LinAlgError, match="from 3 to 2 dimensions"):
        LinearMap([[1, 0, 0], [0, 1, 0]]).inverse()
    for attribute in ("determinant", "eigenvalues"):
        with pytest.raises(LinAlgError, match=f"{attribute}: the map leads from 3 to 2"):
            getattr(LinearMap([[1, 0, 0], [0, 1, 0]]), attribute)


def test_kernel_and_image_are_orthonormal_and_what_they_say():
    a = np.array([[1.0, 2, 3], [2, 4, 6]])
    for scale in (1, 1e-300, 1e300):
        flat = LinearMap(scale * a)
        kernel, image = flat.kernel(), flat.image()
        assert (kernel.shape, image.shape, flat.rank) == ((3, 2), (2, 1), 1)
        np.testing.assert_allclose(a @ kernel, 0, atol=1e-14)
        np.testing.assert_allclose(kernel.T @ kernel, np.eye(2), atol=1e-15 * 4)
        np.testing.assert_allclose(np.abs(image[:, 0]), np.array([1, 2]) / np.sqrt(5), rtol=1e-14)
    nothing = LinearMap([[0, 0], [0, 0]])
    assert (nothing.rank, nothing.image().shape, nothing.kernel().shape) == (0, (2, 0), (2, 2))


def test_eigenvalues_are_complex_where_the_map_turns():
    np.testing.assert_allclose(LinearMap.rotation(90, degrees=True).eigenvalues, [1j, -1j], atol=1e-15)
    np.testing.assert_allclose(LinearMap([[2, 1], [1, 2]]).eigenvalues, [1, 3], rtol=1e-15)
    assert LinearMap.shear(x=1).eigenvalues.dtype == np.float64


WORDS = {
    "leaves everything where it is": LinearMap.identity(2),
    "rotates by 30°": LinearMap.rotation(30, degrees=True),
    "rotates by -90°": LinearMap.rotation(270, degrees=True),
    "rotates by 180°": LinearMap.rotation(np.pi),
    "mirrors across the line through (1, 2)": LinearMap.reflection(line=[1, 2]),
    "shears along x by 1": LinearMap.shear(x=1),
    "shears along y by -0.5": LinearMap.shear(y=-0.5),
    "stretches x by 2 and y by 3": LinearMap.scaling(2, 3),
    "stretches y by 0.5": LinearMap.scaling(1, 0.5),
    "stretches everything by 2": LinearMap.scaling(2, 2),
    "turns every vector round, and stretches everything by 2": LinearMap.scaling(-2, -2),
    "rotates by 45°, and stretches everything by 2": LinearMap(2 * LinearMap.rotation(np.pi / 4).matrix),
    "projects onto the line through (2, 1)": LinearMap.projection([2, 1]),
    "projects onto the line through (1, 0) along (1, -1), not at right angles": LinearMap([[1, 1], [0, 0]]),
    "flattens everything onto the line through (1, 2)": LinearMap([[1, 2], [2, 4]]),
    "sends everything to zero": LinearMap([[0, 0], [0, 0]]),
    "stretches by 3 along (1, 1) and by 1 along (1, -1)": LinearMap([[2, 1], [1, 2]]),
    "rotates by 40° about (1, 1, 1)": LinearMap.rotation(40, [1, 1, 1], degrees=True),
    "rotates by -40° about (1, 0, 0)": LinearMap.rotation(40, [-1, 0, 0], degrees=True),
    "rotates by 180° about (1, 1, 0)": LinearMap.rotation(180, [1, 1, 0], degrees=True),
    "mirrors across the plane at right angles to (0, 0, 1)": LinearMap.reflection(normal=[0, 0, 1]),
    "projects onto the plane at right angles to (1, 1, -1)": LinearMap.projection([[1, 0], [0, 1], [1, 1]]),
    "leads from 3 to 2 dimensions, and fills them": LinearMap([[1, 2, 3], [4, 5, 6]]),
    "puts 2 dimensions into 3, without losing any": LinearMap([[1, 2], [3, 4], [5, 6]]),
}


@pytest.mark.parametrize("words", WORDS)
def test_a_map_says_what_it_does(words):
    assert str(WORDS[words]) == words
    assert words in repr(WORDS[words])
    assert words in WORDS[words]._repr_html_()


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1.0, 1e150, 1e300])
def test_words_have_no_scale(scale):
    assert str(LinearMap(scale * np.array([[0.0, -1], [1, 0]]))).startswith("rotates by 90°")
    assert str(LinearMap(scale * np.array([[1.0, 2], [2, 4]]))) == "flattens everything onto the line through (1, 2)"
    assert str(LinearMap(scale * np.array([[1.0, 2], [3, 4]]))).endswith(
        "then mirrors across the line through (0.493, 0.87)"
    )


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(-6, 6), min_size=9, max_size=9), st.sampled_from([2, 3]))
def test_any_map_has_words_and_its_areas_are_right(numbers, n):
    it = LinearMap(np.array(numbers, dtype=float)[: n * n].reshape(n, n))
    rows = dict(it._rows())
    assert rows["does"]
    volume = rows.get("areas", rows.get("volumes"))
    determinant = np.linalg.det(it.matrix)
    if it.rank == n and abs(abs(determinant) - 1) > 1e-6:
        assert float(volume.removeprefix("× ").removesuffix(", and mirrored")) == pytest.approx(
            abs(determinant), rel=1e-5
        )
        assert ("mirrored" in volume) == (determinant < 0)


@settings(deadline=None, max_examples=100)
@given(st.floats(-3.1, 3.1), st.lists(st.integers(-3, 3), min_size=3, max_size=3).filter(any))
def test_a_mirror_with_a_turn_is_described_so_that_it_can_be_rebuilt(angle, axis):
    mirrored = LinearMap.reflection(normal=axis) @ LinearMap.rotation(angle, axis)
    words = str(mirrored)
    if "and rotates by" not in words:
        return
    degrees, about = words.split("and rotates by ")[1].split("° about ")
    again = [float(number) for number in about.strip("()").split(", ")]
    rebuilt = LinearMap.reflection(normal=again) @ LinearMap.rotation(float(degrees), again, degrees=True)
    assert rebuilt.isclose(mirrored, tol=1e-2 if "." in about else 1e-4)


def test_a_map_is_a_value():
    first, second = LinearMap([[1, 2], [3, 4]]), LinearMap(np.array([[1, 2], [3, 4]], dtype=float))
    assert first == second
    assert hash(first) == hash(second)
    assert first != LinearMap([[1, 2], [3, 5]])
    assert first != [[1, 2], [3, 4]]
    assert pickle.loads(pickle.dumps(first)) == first
    assert LinearMap(first) == first
    source = np.eye(2)
    copied = LinearMap(source)
    source[0, 0] = 7
    assert copied.matrix[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        first.matrix[0, 0] = 3
    assert LinearMap([[-0.0]]) == LinearMap([[0.0]])
    assert not any(name.startswith("_") for name in dir(first))


def test_a_picture_shows_grid_circle_and_eigenvectors_before_and_after():
    figure = LinearMap([[2, 1], [1, 2]]).plot()
    before, after = figure.axes
    assert figure.get_suptitle().startswith("stretches by 3 along (1, 1)")
    assert before.get_legend_handles_labels()[1] == ["eigenvector, λ = 1", "eigenvector, λ = 3"]
    assert before.get_xlim() == after.get_xlim()
    assert len(LinearMap.rotation(1.0, axis=[1, 2, 3]).plot().axes) == 2
    for odd in (LinearMap([[0, 0], [0, 0]]), LinearMap.scaling(1e6, 1e-6), LinearMap([[1e200, 0], [0, 1]])):
        odd.plot().canvas.draw()
    with pytest.raises(ValueError, match="from 3 to 2 dimensions, but a picture shows"):
        LinearMap([[1, 0, 0], [0, 1, 0]]).plot()


def test_several_maps_stand_side_by_side_on_axes_of_the_callers():
    _, (left, right) = plt.subplots(1, 2)
    for ax, map_ in zip((left, right), (LinearMap.shear(x=1), LinearMap.scaling(2, 3)), strict=True):
        assert map_.plot(ax=ax) is ax
        assert ax.get_title() == str(map_)
    assert right.get_legend_handles_labels()[1] == ["eigenvector, λ = 2", "eigenvector, λ = 3"]
    with pytest.raises(ValueError, match=r"LinearMap\.plot: ax must have projection='3d'"):
        LinearMap.identity(3).plot(ax=left)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: LinearMap([1, 2]), ValueError, "LinearMap: matrix is a vector of 2, but a matrix"),
        (lambda: LinearMap(3), ValueError, "matrix is a single number"),
        (lambda: LinearMap(np.zeros((0, 2))), ValueError, "matrix is 0×2"),
        (lambda: LinearMap([[1, np.nan]]), ValueError, "matrix holds NaN"),
        (lambda: LinearMap([["a"]]), TypeError, "LinearMap: matrix"),
        (lambda: LinearMap.rotation("a"), TypeError, "rotation: angle"),
        (lambda: LinearMap.rotation(np.inf), ValueError, "rotation: angle holds infinity"),
        (lambda: LinearMap.rotation(1, axis=[1, 2]), ValueError, "axis is a vector of 2, but a vector of 3"),
        (lambda: LinearMap.rotation(1, axis=[0, 0, 0]), ValueError, "axis is zero"),
        (lambda: LinearMap.reflection(), TypeError, "give either line= or normal="),
        (lambda: LinearMap.reflection(line=[1, 0], normal=[1, 0]), TypeError, "give either"),
        (lambda: LinearMap.reflection(line=[0, 0]), ValueError, "reflection: line is zero"),
        (lambda: LinearMap.scaling(), TypeError, "factors is empty"),
        (
            lambda: LinearMap.scaling([1, 2]),
            ValueError,
            r"LinearMap\.scaling: factors is a vector of 2, but a single number",
        ),
        (lambda: LinearMap.shear(x="a"), TypeError, "shear: x"),
        (lambda: LinearMap.projection(onto=5), ValueError, "onto is a single number"),
        (lambda: LinearMap.projection(onto=np.zeros((2, 0))), ValueError, "onto is 2×0"),
        (lambda: LinearMap.identity(0), ValueError, "n is 0"),
        (lambda: LinearMap.identity(2.0), TypeError, "n is a float"),
        (lambda: LinearMap.identity(2).compose([[1]]), TypeError, "first is a list"),
        (lambda: LinearMap.identity(2).isclose(3), TypeError, "other is a int"),
        (
            lambda: LinearMap.identity(2).isclose(LinearMap.identity(2), tol=-1),
            ValueError,
            r"isclose: tol is -1, but must",
        ),
        (lambda: LinearMap.rotation(1, degrees="x"), TypeError, r"LinearMap\.rotation: degrees is a str"),
        (lambda: LinearMap.identity(2) ** 0.5, TypeError, "the power is a float, but must be a whole number"),
        (lambda: LinearMap([[1, 2]]) ** 2, LinAlgError, "leads from 2 to 1 dimensions"),
        (lambda: LinearMap([[1, 2], [2, 4]]) ** -1, LinAlgError, "singular"),
        (lambda: LinearMap.identity(2)([1, np.nan]), ValueError, "apply: x holds NaN"),
    ],
)
def test_what_is_no_map_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("matrix", "inverse"),
    [
        (np.diag([1e10, 1e-10]), np.diag([1e-10, 1e10])),
        (np.diag([1e200, 1e-200]), np.diag([1e-200, 1e200])),
        ([[1, 1e20], [0, 1]], [[1, -1e20], [0, 1]]),
        ([[1, 0], [-1e300, 1]], [[1, 0], [1e300, 1]]),
    ],
)
def test_uneven_maps_have_an_inverse_and_do_not_contradict_themselves(matrix, inverse):
    map_ = LinearMap(matrix)
    np.testing.assert_allclose(map_.inverse().matrix, inverse, rtol=1e-15)
    assert map_.rank == 2
    assert map_.determinant == pytest.approx(1, rel=1e-15)
    assert map_.kernel().shape == (2, 0)
    assert map_.image().shape == (2, 2)
    assert "kept" in repr(map_)
    assert "flattens" not in repr(map_)


def test_singular_maps_stay_so():
    line = LinearMap.projection(onto=[1, 2, 3])
    assert line.rank == 1
    assert (line @ line).rank == 1
    with pytest.raises(LinAlgError, match=r"every multiple of \(1, -2\) to zero"):
        LinearMap.projection(onto=[2, 1]).inverse()
    assert LinearMap([[1e10, 1], [0, 0]]).rank == 1
    turned = LinearMap.rotation(30, degrees=True)
    assert (turned @ LinearMap.projection(onto=[1, 0]) @ turned.inverse()).rank == 1


def test_numpy_reads_the_matrix_of_a_map():
    map_ = LinearMap.shear(x=2)
    assert np.asarray(map_) is map_.matrix
    copy = np.array(map_)
    assert copy.flags.writeable
    assert copy is not map_.matrix
    np.testing.assert_array_equal(copy, map_.matrix)
    assert np.asarray(map_, dtype="f4").dtype == np.float32
    with pytest.raises(ValueError, match="float32 needs a copy"):
        map_.__array__(np.float32, copy=False)


@pytest.mark.parametrize("power", [-3, -1, 0, 1, 2, 5, np.int64(2)])
def test_powers_repeat_a_map(power):
    np.testing.assert_array_equal((LinearMap.shear(x=2) ** power).matrix, [[1, 2 * power], [0, 1]])


def test_long_titles_are_wrapped_and_legends_name_a_value_once():
    figure = LinearMap([[1, 2], [3, 4]]).plot()
    figure.canvas.draw()
    title = figure._suptitle.get_window_extent()
    assert 0 <= title.x0 < title.x1 <= figure.bbox.width
    legend = LinearMap.projection(onto=[1, 2, 3]).plot().axes[0].get_legend_handles_labels()[1]
    assert legend == ["eigenvectors, λ = 0", "eigenvector, λ = 1"]


@pytest.mark.parametrize("matrix", [[[0.0, 0.0], [0.0, 0.0]], [[2.0]]])
def test_a_picture_without_errors_says_so(matrix):
    ax = power_iteration(matrix).plot()
    assert ax.get_legend() is None
    assert "nothing to show" in ax.texts[0].get_text()
