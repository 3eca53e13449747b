"""Linear maps: matrices seen as what they do, with the usual ones ready made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from underhood._core import linalg as _core
from underhood._errors import LinAlgError
from underhood._results import html_table
from underhood.linalg._words import does, evened, place, rank

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LinearMap"]

_Doubles = NDArray[np.float64]


class LinearMap:
    """A linear map: what a matrix does to vectors.

    The map sends x to A x. It keeps the origin, and straight and parallel lines; the columns of A are what becomes of
    the unit vectors. Ready made are :meth:`rotation`, :meth:`reflection`, :meth:`shear`, :meth:`scaling`,
    :meth:`projection` and :meth:`identity`.

    Parameters
    ----------
    matrix : array_like, shape (m, n)
        From n to m dimensions. Or another LinearMap.

    Raises
    ------
    ValueError
        If ``matrix`` does not have two axes, is empty, or holds NaN or an infinity.

    Notes
    -----
    ``f @ g`` is "first g, then f"; ``f(x)`` applies f to a vector, or to many points, one in each row. Two maps are
    equal when their matrices are, to the last bit; :meth:`isclose` forgives rounding. ``f**3`` is f three times,
    ``f**-1`` its inverse; ``np.asarray(f)`` gives the matrix. A map never changes.

    Examples
    --------
    >>> from underhood.linalg import LinearMap
    >>> turn = LinearMap.rotation(90, degrees=True)
    >>> turn([1, 0])
    array([0., 1.])
    >>> mirror = LinearMap.reflection(line=[1, 0])
    >>> print(mirror @ turn)
    mirrors across the line through (1, -1)
    >>> (turn @ turn @ turn @ turn) == LinearMap.identity(2)
    True
    """

    __slots__ = ("_matrix",)
    # NumPy leaves array @ map to this class, which refuses it, instead of trying it element by element.
    __array_ufunc__ = None

    _matrix: _Doubles

    def __init__(self, matrix: ArrayLike | LinearMap) -> None:
        numbers = matrix._matrix if isinstance(matrix, LinearMap) else _core.read_numbers("LinearMap", "matrix", matrix)
        if numbers.ndim != 2 or 0 in numbers.shape:
            raise ValueError(
                f"LinearMap: matrix is {_shape(numbers)}, but a matrix (two axes) with at least one element is needed"
            )
        numbers = np.ascontiguousarray(numbers) + 0.0  # the sum turns -0 into 0
        numbers.flags.writeable = False
        self._matrix = numbers

    # The usual maps ------------------------------------------------------------------------------------------------

    @classmethod
    def identity(cls, n: int) -> LinearMap:
        """Make the map that leaves every vector of n dimensions where it is.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.identity(2)([3, 4])
        array([3., 4.])
        """
        if isinstance(n, bool) or not isinstance(n, int | np.integer):
            raise TypeError(f"LinearMap.identity: n is a {type(n).__name__}, but must be a whole number")
        if n < 1:
            raise ValueError(f"LinearMap.identity: n is {n}, but must be at least 1")
        return cls(np.eye(n))

    @classmethod
    def rotation(cls, angle: float, axis: ArrayLike | None = None, *, degrees: bool = False) -> LinearMap:
        """Make a rotation: of the plane, counter-clockwise, or of space about an axis.

        Parameters
        ----------
        angle : float
            In radians, or in degrees with ``degrees=True``. Multiples of a quarter turn (90°, ``np.pi / 2``) give
            exact numbers.
        axis : array_like, shape (3,), optional
            The axis of a rotation of space; not zero. Seen against its direction, the rotation is counter-clockwise.
        degrees : bool, default False
            The unit of the angle.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.rotation(np.pi / 2).matrix
        array([[ 0., -1.],
               [ 1.,  0.]])
        >>> LinearMap.rotation(180, axis=[0, 0, 1], degrees=True)([1, 2, 3])
        array([-1., -2.,  3.])
        """
        degrees = _core.read_flag("LinearMap.rotation", "degrees", degrees)
        c, s = _cosine_and_sine(_number("LinearMap.rotation", "angle", angle), degrees)
        if axis is None:
            return cls([[c, -s], [s, c]])
        k = _direction("LinearMap.rotation", "axis", axis, 3)
        cross = np.array([[0.0, -k[2], k[1]], [k[2], 0.0, -k[0]], [-k[1], k[0], 0.0]])
        return cls(c * np.eye(3) + s * cross + (1 - c) * np.outer(k, k))

    @classmethod
    def reflection(cls, *, line: ArrayLike | None = None, normal: ArrayLike | None = None) -> LinearMap:
        """Make a reflection across a line, or across what stands at right angles to a normal.

        Parameters
        ----------
        line : array_like, shape (n,)
            A direction, which stays as it is, while all at right angles to it turns round. In the plane, that is the
            mirror.
        normal : array_like, shape (n,)
            A direction, which turns round, while all at right angles to it stays: in space, the mirror is a plane.
            Give one of the two.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.reflection(line=[1, 1]).matrix
        array([[0., 1.],
               [1., 0.]])
        >>> LinearMap.reflection(normal=[0, 0, 1])([1, 2, 3])
        array([ 1.,  2., -3.])
        """
        if (line is None) == (normal is None):
            raise TypeError("LinearMap.reflection: give either line= or normal=")
        if line is not None:
            onto = _onto_line(_vector("LinearMap.reflection", "line", line))
            return cls(2 * onto - np.eye(len(onto)))
        onto = _onto_line(_vector("LinearMap.reflection", "normal", normal))
        return cls(np.eye(len(onto)) - 2 * onto)

    @classmethod
    def shear(cls, x: float = 0.0, y: float = 0.0) -> LinearMap:
        """Make a shear of the plane, [[1, x], [y, 1]].

        Parameters
        ----------
        x : float, default 0
            How far a point moves to the right for each unit that it lies up.
        y : float, default 0
            How far a point moves up for each unit that it lies to the right.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.shear(x=0.5)([0, 2])
        array([1., 2.])
        """
        return cls([[1.0, _number("LinearMap.shear", "x", x)], [_number("LinearMap.shear", "y", y), 1.0]])

    @classmethod
    def scaling(cls, *factors: float) -> LinearMap:
        """Make the map that stretches each axis by its factor.

        Parameters
        ----------
        *factors : float
            One for each axis; negative ones turn the axis round.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.scaling(2, 0.5)([1, 1])
        array([2. , 0.5])
        """
        if not factors:
            raise TypeError("LinearMap.scaling: factors is empty, but one for each axis is needed")
        return cls(np.diag([_number("LinearMap.scaling", "factors", factor) for factor in factors]))

    @classmethod
    def projection(cls, onto: ArrayLike) -> LinearMap:
        """Make the perpendicular projection onto a line, a plane, or what other vectors span.

        Parameters
        ----------
        onto : array_like, shape (n,) or (n, k)
            The direction of the line, or a matrix whose columns span what is projected onto.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.projection(onto=[1, 1])([2, 0])
        array([1., 1.])
        >>> LinearMap.projection(onto=[[1, 0], [0, 1], [0, 0]])([1, 2, 3])
        array([1., 2., 0.])
        """
        numbers = _core.read_numbers("LinearMap.projection", "onto", onto)
        if numbers.ndim == 1:
            return cls(_onto_line(_vector("LinearMap.projection", "onto", numbers)))
        if numbers.ndim != 2 or 0 in numbers.shape:
            raise ValueError(
                f"LinearMap.projection: onto is {_shape(numbers)}, but a vector or a matrix of columns is needed"
            )
        basis = _core.column_space(numbers)
        product = basis @ basis.T
        return cls(0.5 * (product + product.T))

    # Doing it --------------------------------------------------------------------------------------------------------

    def apply(self, x: ArrayLike) -> _Doubles:
        """Apply the map to a vector, or to many points.

        Parameters
        ----------
        x : array_like, shape (n,) or (k, n)
            A vector; or k points, one in each row, as in a table of data.

        Returns
        -------
        numpy.ndarray, shape (m,) or (k, m)
            A x; of many points, ``x @ A.T``.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.scaling(2, 3).apply([[1, 0], [0, 1], [1, 1]])
        array([[2., 0.],
               [0., 3.],
               [2., 3.]])
        """
        points = _core.read_numbers("LinearMap.apply", "x", x)
        n = self._matrix.shape[1]
        if points.ndim not in (1, 2) or points.shape[-1] != n:
            raise ValueError(
                f"LinearMap.apply: x is {_shape(points)}, but the map takes vectors of {n}, "
                f"or points with {n} columns, one a row"
            )
        return np.asarray(points @ self._matrix.T)

    __call__ = apply

    def compose(self, first: LinearMap) -> LinearMap:
        """Make the map that does ``first``, and then this one; the same as ``self @ first``.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> twice = LinearMap.scaling(2, 2)
        >>> twice.compose(LinearMap.shear(x=1)).matrix
        array([[2., 2.],
               [0., 2.]])
        """
        if not isinstance(first, LinearMap):
            raise TypeError(f"LinearMap.compose: first is a {type(first).__name__}, but must be a LinearMap")
        taken, given = self._matrix.shape[1], first._matrix.shape[0]
        if taken != given:
            raise ValueError(
                f"LinearMap.compose: first gives vectors of {given}, but this map takes vectors of {taken}"
            )
        return LinearMap(self._matrix @ first._matrix)

    @overload
    def __matmul__(self, other: LinearMap) -> LinearMap: ...
    @overload
    def __matmul__(self, other: ArrayLike) -> _Doubles: ...
    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, LinearMap):
            return self.compose(other)
        if np.ndim(other) != 1:
            raise TypeError(
                "LinearMap: map @ array is meant for one vector; for points, one a row, call map(points), "
                "and to compose, make a LinearMap of the matrix"
            )
        return self.apply(other)

    def __pow__(self, n: int) -> LinearMap:
        if isinstance(n, bool | np.bool_) or not isinstance(n, int | np.integer):
            raise TypeError(f"LinearMap: the power is a {type(n).__name__}, but must be a whole number")
        rows, columns = self._matrix.shape
        if rows != columns:
            raise LinAlgError(
                f"LinearMap: the map leads from {columns} to {rows} dimensions, so it cannot be done twice"
            )
        base = self.inverse() if n < 0 else self
        return LinearMap(_core.matrix_power(base._matrix, abs(int(n))))

    def inverse(self) -> LinearMap:
        """Make the map that undoes this one.

        Raises
        ------
        LinAlgError
            If the map is not square, or flattens space, so that nothing undoes it; the message says what is lost.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.shear(x=2).inverse().matrix
        array([[ 1., -2.],
               [ 0.,  1.]])
        """
        m, n = self._matrix.shape
        if m != n:
            raise LinAlgError(
                f"LinearMap.inverse: the map leads from {n} to {m} dimensions, "
                "but only one between equally many can be undone"
            )
        if _core.matrix_rank(self._matrix) < self.rank:
            # (D₁·A·D₂)⁻¹ = D₂⁻¹·A⁻¹·D₁⁻¹: only its scale is uneven, which is no reason for a warning.
            even, to_rows, to_columns = evened(self._matrix)
            with np.errstate(over="ignore"):
                inverse = np.ldexp(_core.inv(even), -(to_columns.T + to_rows.T))
            if np.isfinite(inverse).all():
                return LinearMap(inverse)
        try:
            return LinearMap(_core.inv(self._matrix))
        except LinAlgError as error:
            kernel = self.kernel()
            lost = f"every multiple of {place(kernel[:, 0])}" if kernel.shape[1] else "some direction"
            raise LinAlgError(
                f"LinearMap.inverse: the map is singular: it sends {lost} to zero, "
                "and what has become zero cannot be told apart again"
            ) from error

    # What it is ------------------------------------------------------------------------------------------------------

    @property
    def matrix(self) -> _Doubles:
        """The matrix A, shape (m, n); read-only. Its columns are the images of the unit vectors."""
        return self._matrix

    @property
    def determinant(self) -> float:
        """The factor by which areas or volumes change, negative if the map mirrors; of a square map."""
        m, n = self._matrix.shape
        if m != n:
            raise LinAlgError(f"LinearMap.determinant: the map leads from {n} to {m} dimensions, so it has none")
        return float(_core.det(self._matrix))

    @property
    def rank(self) -> int:
        """The dimension of the image, up to rounding."""
        return rank(self._matrix)

    @property
    def eigenvalues(self) -> _Doubles | NDArray[np.complex128]:
        """The factors by which eigenvectors are stretched, rising; complex pairs where it turns. Of a square map."""
        m, n = self._matrix.shape
        if m != n:
            raise LinAlgError(f"LinearMap.eigenvalues: the map leads from {n} to {m} dimensions, so it has none")
        return _eigenvalues(self._matrix)

    def kernel(self) -> _Doubles:
        """Give an orthonormal basis, in columns, of all that is sent to zero; without columns if that is zero only.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.projection(onto=[1, 0]).kernel()
        array([[0.],
               [1.]])
        """
        n = self._matrix.shape[1]
        return np.empty((n, 0)) if self.rank == n else _core.null_space(self._matrix)

    def image(self) -> _Doubles:
        """Give an orthonormal basis, in columns, of all that is reached.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> LinearMap.projection(onto=[0, 2]).image()
        array([[0.],
               [1.]])
        """
        m, n = self._matrix.shape
        basis = _core.column_space(self._matrix)
        # Of a map between equally many dimensions that reaches all of them, however unequal its factors.
        return np.eye(n) if m == n and basis.shape[1] < self.rank else basis

    def isclose(self, other: LinearMap, tol: float = 1e-12) -> bool:
        """Say whether two maps are the same but for rounding: their matrices differ by at most tol times the larger.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> third = LinearMap.rotation(120, degrees=True)
        >>> (third @ third @ third).isclose(LinearMap.identity(2))
        True
        """
        if not isinstance(other, LinearMap):
            raise TypeError(f"LinearMap.isclose: other is a {type(other).__name__}, but must be a LinearMap")
        tol = _number("LinearMap.isclose", "tol", tol)
        if tol < 0:
            raise ValueError(f"LinearMap.isclose: tol is {tol:g}, but must be zero or a positive number")
        if self._matrix.shape != other._matrix.shape:
            return False
        size = max(np.abs(self._matrix).max(), np.abs(other._matrix).max())
        # Halves keep the difference of two huge numbers finite.
        return bool(np.abs(0.5 * self._matrix - 0.5 * other._matrix).max() <= 0.5 * tol * size)

    @overload
    def plot(self, ax: None = None) -> Figure: ...
    @overload
    def plot(self, ax: Axes) -> Axes: ...
    def plot(self, ax: Axes | None = None) -> Figure | Axes:
        """Draw what the map does: the plane's grid, unit square and unit circle before and after, or space's unit cube.

        Eigenvectors are lines that stay where they are.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw the plane or space after the map, without the picture before it: to put several maps side by
            side. A map of space needs axes with ``projection="3d"``. By default both are drawn, on a new figure.

        Returns
        -------
        matplotlib.figure.Figure or matplotlib.axes.Axes
            A figure with one axes before and one after; or the ``ax`` that was given. Needs matplotlib.

        Raises
        ------
        ValueError
            If the map is not one of the plane or of space, or ``ax`` has another number of dimensions.

        Examples
        --------
        >>> LinearMap = uh.linalg.LinearMap
        >>> figure = LinearMap.shear(x=1).plot()
        >>> [ax.get_title() for ax in figure.axes]
        ['before', 'after']
        """
        from underhood.plot._matrices import image, transformation

        m, n = self._matrix.shape
        if (m, n) not in ((2, 2), (3, 3)):
            raise ValueError(
                f"LinearMap.plot: the map leads from {n} to {m} dimensions, but a picture shows 2 to 2 or 3 to 3"
            )
        eigenvectors = _real_eigenvectors(self._matrix)
        if ax is not None:
            return image(ax, self._matrix, eigenvectors, str(self))
        return transformation(self._matrix, eigenvectors, str(self))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        numbers = self._matrix if dtype is None else self._matrix.astype(dtype, copy=False)
        if copy is False and numbers is not self._matrix:
            raise ValueError(f"LinearMap: its matrix holds doubles, of which {np.dtype(dtype)} needs a copy")
        return numbers.copy() if copy and numbers is self._matrix else numbers

    def __eq__(self, other: object) -> bool:
        return np.array_equal(self._matrix, other._matrix) if isinstance(other, LinearMap) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._matrix.shape, self._matrix.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        return LinearMap, (self._matrix.copy(),)

    def __str__(self) -> str:
        return does(self._matrix)[0][1]

    def _rows(self) -> list[tuple[str, str]]:
        return [
            *does(self._matrix),
            ("matrix", np.array2string(self._matrix, precision=6, threshold=36, suppress_small=True)),
        ]

    def __repr__(self) -> str:
        m, n = self._matrix.shape
        rows = self._rows()
        width = max(len(label) for label, _ in rows)
        lines = [f"  {label:<{width}}  " + text.replace("\n", "\n" + " " * (width + 4)) for label, text in rows]
        return "\n".join([f"LinearMap, {n}-d to {m}-d", *lines])

    def _repr_html_(self) -> str:
        m, n = self._matrix.shape
        return f"<p><b>LinearMap, {n}-d to {m}-d</b></p>" + html_table(None, self._rows(), "ll")

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))


def _number(function: str, argument: str, value: Any) -> float:
    number = _core.read_numbers(function, argument, value)
    if number.ndim:
        raise ValueError(f"{function}: {argument} is {_shape(number)}, but a single number is needed")
    return float(number)


def _shape(numbers: _Doubles) -> str:
    if numbers.ndim == 1:
        return f"a vector of {len(numbers)}"
    return "×".join(map(str, numbers.shape)) or "a single number"


def _vector(function: str, argument: str, value: Any, length: int | None = None) -> _Doubles:
    """Read a vector that is not zero, scaled by a power of two so that its squares stay within range."""
    vector = _core.read_numbers(function, argument, value)
    if vector.ndim != 1 or (length is not None and len(vector) != length):
        needed = "a vector (one axis)" if length is None else f"a vector of {length}"
        raise ValueError(f"{function}: {argument} is {_shape(vector)}, but {needed} is needed")
    largest = np.abs(vector).max(initial=0.0)
    if largest == 0:
        raise ValueError(f"{function}: {argument} is zero, which has no direction")
    return np.asarray(np.ldexp(vector, -np.frexp(largest)[1]))


def _direction(function: str, argument: str, value: Any, length: int) -> _Doubles:
    vector = _vector(function, argument, value, length)
    return np.asarray(vector / np.sqrt(vector @ vector))


def _onto_line(vector: _Doubles) -> _Doubles:
    """Projection onto the line along a vector: v vᵀ / vᵀv, exact where that is."""
    return np.asarray(np.outer(vector, vector) / (vector @ vector))


def _cosine_and_sine(angle: float, degrees: bool) -> tuple[float, float]:
    quarter = 90.0 if degrees else np.pi / 2
    turns = round(angle / quarter) if abs(angle) < 1e15 else 0
    if turns and abs(angle - turns * quarter) <= (0.0 if degrees else 4e-16 * abs(angle)):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[turns % 4]
    # Whole turns are taken off in degrees, where that is exact.
    radians = np.deg2rad(np.fmod(angle, 360.0)) if degrees else angle
    return float(np.cos(radians)), float(np.sin(radians))


def _eigenvalues(matrix: _Doubles) -> _Doubles | NDArray[np.complex128]:
    return _core.eigvalsh(matrix) if np.array_equal(matrix, matrix.T) else _core.eigvals(matrix)


def _real_eigenvectors(matrix: _Doubles) -> list[tuple[float, _Doubles]]:
    """Real eigenvalues with their directions, for the picture; none of a map that stretches all directions alike."""
    if np.array_equal(matrix, matrix[0, 0] * np.eye(len(matrix))):
        return []
    values, vectors = _core.eigh(matrix) if np.array_equal(matrix, matrix.T) else _core.eig(matrix)
    found: list[tuple[float, _Doubles]] = []
    largest = np.abs(values).max()
    # What only rounding keeps from zero is zero; of a map of full rank, no eigenvalue is.
    negligible = len(matrix) * np.finfo(float).eps * largest if rank(matrix) < len(matrix) else 0.0
    for value, vector in zip(values, vectors.T, strict=True):
        if abs(value.imag) > 1e-12 * largest:
            continue
        direction = np.real(vector)
        # A defective eigenvalue comes out twice, with one direction.
        if all(abs(abs(direction @ other) - 1) > 1e-7 for _, other in found):
            found.append((0.0 if abs(value) <= negligible else float(np.real(value)), direction))
    return found
