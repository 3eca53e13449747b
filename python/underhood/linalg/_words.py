"""What a linear map does, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from underhood._core import linalg as _core
from underhood.linalg._singular import svd

_Doubles = NDArray[np.float64]

_ROUNDING = 1e-12


def does(matrix: _Doubles) -> list[tuple[str, str]]:
    """Label and text: what the map does, and what becomes of areas or volumes."""
    m, n = matrix.shape
    size = float(np.abs(matrix).max())
    if size == 0:
        return [("does", "sends everything to zero")]
    # In a scale of its own, so that squares stay within range.
    scaled = np.ldexp(matrix, -np.frexp(size)[1])
    singular = _core.svdvals(scaled)
    filled = rank(matrix)
    if m != n:
        return [("does", _between(m, n, filled))]
    rows = [("does", _square(matrix, scaled, singular, filled))]
    if n in (2, 3):
        rows.append(("areas" if n == 2 else "volumes", _volume(matrix, filled)))
    return rows


def rank(matrix: _Doubles) -> int:
    """Count the dimensions of the image, up to rounding; a triangle's as its diagonal tells, if rows and columns do.

    A triangle without zeros on its diagonal has full rank, however unequal its numbers: diag(1e10, 1e-10) does. It must
    show once rows and columns are scaled alike, since rounding may have left tiny numbers where zeros are meant.
    """
    found = int(_core.matrix_rank(matrix))
    m, n = matrix.shape
    triangular = m == n and (np.array_equal(matrix, np.triu(matrix)) or np.array_equal(matrix, np.tril(matrix)))
    if found == n or not triangular or not np.all(np.diag(matrix)):
        return found
    return n if _core.matrix_rank(evened(matrix)[0]) == n else found


def evened(matrix: _Doubles) -> tuple[_Doubles, NDArray[np.int32], NDArray[np.int32]]:
    """Scale rows, then columns, by powers of two so that the largest number of each is near one; give the exponents."""
    rows = np.frexp(np.abs(matrix).max(axis=1, keepdims=True))[1]
    even = np.ldexp(matrix, -rows)
    columns = np.frexp(np.abs(even).max(axis=0, keepdims=True))[1]
    return np.ldexp(even, -columns), rows, columns


def place(vector: _Doubles) -> str:
    """Write a direction in small numbers, if there are such: (1, -2) rather than (0.447, -0.894)."""
    largest = np.abs(vector).max()
    nonzero = np.abs(vector[np.abs(vector) > 1e-10 * largest])
    unit = vector / nonzero.min()
    for whole in range(1, 11):
        close = np.round(unit * whole)
        if np.abs(unit * whole - close).max() < 1e-8 * whole and np.abs(close).max() <= 20:
            return _tuple(close if close[np.flatnonzero(close)[0]] > 0 else -close)
    vector = vector if vector[np.flatnonzero(np.abs(vector) > 1e-10 * largest)[0]] > 0 else -vector
    return _tuple(vector / np.sqrt(np.sum((vector / largest) ** 2)) / largest)


def _tuple(vector: _Doubles) -> str:
    return "(" + ", ".join(f"{value + 0.0:.3g}" for value in np.where(np.abs(vector) < 1e-10, 0.0, vector)) + ")"


def _between(m: int, n: int, rank: int) -> str:
    full = min(m, n)
    if rank < full:
        return f"leads from {n} to {m} dimensions, where it fills {rank}"
    if m < n:
        return f"leads from {n} to {m} dimensions, and fills them"
    return f"puts {n} dimensions into {m}, without losing any"


def _volume(matrix: _Doubles, rank: int) -> str:
    n = len(matrix)
    if rank < n:
        return "vanish"
    sign, logarithm = _core.slogdet(matrix)
    mirrored = ", and mirrored" if sign < 0 else ""
    if abs(logarithm) < _ROUNDING * n:
        return "kept" + mirrored
    factor = f"{np.exp(logarithm):.6g}" if abs(logarithm) < 700 else f"10^{logarithm / np.log(10):.4g}"
    return f"× {factor}" + mirrored


def _square(matrix: _Doubles, scaled: _Doubles, singular: _Doubles, rank: int) -> str:
    n = len(matrix)
    tolerance = _ROUNDING * float(np.abs(scaled).max())

    def same(first: _Doubles, second: _Doubles) -> bool:
        return bool(np.abs(first - second).max() <= tolerance)

    corner = float(matrix[0, 0])
    if same(scaled, scaled[0, 0] * np.eye(n)) and not (n == 2 and abs(corner + 1) < _ROUNDING):
        if abs(corner - 1) < _ROUNDING:
            return "leaves everything where it is"
        return f"turns every vector round{_by(-corner)}" if corner < 0 else f"stretches everything by {corner:.6g}"
    if rank < n:
        return _flattening(matrix, scaled, rank)
    if singular[0] - singular[-1] <= _ROUNDING * singular[0]:
        factor = float(singular[0]) * float(np.abs(matrix).max()) / float(np.abs(scaled).max())
        return _turning(matrix / factor) + _by(factor)
    if same(scaled, np.diag(np.diag(scaled))):
        return _along_axes(np.diag(matrix))
    if n == 2:
        for i, name in ((0, "x"), (1, "y")):
            if abs(matrix[0, 0] - 1) < _ROUNDING and abs(matrix[1, 1] - 1) < _ROUNDING and matrix[1 - i, i] == 0:
                return f"shears along {name} by {matrix[i, 1 - i]:.6g}"
    return _stretching(matrix)


def _by(factor: float) -> str:
    return "" if abs(factor - 1) < _ROUNDING else f", and stretches everything by {factor:.6g}"


def _along_axes(factors: _Doubles) -> str:
    if len(factors) > 3:
        return "stretches each axis by its factor"
    parts = [
        f"{axis} by {factor:.6g}" for axis, factor in zip("xyz", factors, strict=False) if abs(factor - 1) >= _ROUNDING
    ]
    return "stretches " + (" and ".join(parts) if len(parts) < 3 else ", ".join(parts[:-1]) + " and " + parts[-1])


def _space(basis: _Doubles) -> str:
    """Name it: the line through (1, 1), the plane at right angles to (0, 0, 1), a space of 4 dimensions."""
    n, rank = basis.shape
    if rank == 1:
        return f"the line through {place(basis[:, 0])}"
    if n == 3 and rank == 2:
        return f"the plane at right angles to {place(np.cross(basis[:, 0], basis[:, 1]))}"
    return f"a space of {rank} dimensions"


def _flattening(matrix: _Doubles, scaled: _Doubles, rank: int) -> str:
    u, _, vt = svd(scaled)
    image = _space(u[:, :rank])
    size = float(np.abs(matrix).max())
    # What is projected twice is projected once; matrices with only tiny or only huge elements never are such.
    moderate = 0.5 / len(matrix) < size < 1e100
    if moderate and np.abs(matrix @ matrix - matrix).max() <= _ROUNDING * max(1.0, size * size):
        if np.abs(matrix - matrix.T).max() <= _ROUNDING * size:
            return f"projects onto {image}"
        along = f" along {place(vt[-1])}" if rank == len(matrix) - 1 else ""
        return f"projects onto {image}{along}, not at right angles"
    return f"flattens everything onto {image}"


def _turning(q: _Doubles) -> str:
    """Say what an orthogonal matrix does."""
    n = len(q)
    mirrors = _core.det(q) < 0
    if n == 2:
        if not mirrors:
            return f"rotates by {_degrees(np.arctan2(q[1, 0], q[0, 0]))}"
        half = 0.5 * np.arctan2(q[1, 0], q[0, 0])
        return f"mirrors across the line through {place(np.array([np.cos(half), np.sin(half)]))}"
    if n == 3:
        turn = -q if mirrors else q
        axis, angle = _axis_and_angle(turn)
        if not mirrors:
            return f"rotates by {_degrees(angle)} about {place(axis)}" if angle else "leaves everything where it is"
        if abs(angle - np.pi) < 1e-9:
            return f"mirrors across the plane at right angles to {place(axis)}"
        # -R(axis, angle) = the mirror image across the plane, turned by angle + 180°.
        left = _signed(angle - np.pi)
        axis, left = (axis, left) if left > 0 else (-axis, -left)
        about = place(axis)
        rest = f"rotates by {_degrees(_facing(axis) * left)} about {about}"
        return f"mirrors across the plane at right angles to {about}, and {rest}"
    return "mirrors and turns, and keeps all lengths" if mirrors else "turns, and keeps all lengths"


def _axis_and_angle(rotation: _Doubles) -> tuple[_Doubles, float]:
    """Find the axis, as `place` will write it, and the angle about it, from -180° to 180°."""
    twist = np.array(
        [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    )
    angle = float(np.arctan2(0.5 * np.sqrt(twist @ twist), 0.5 * (np.trace(rotation) - 1)))
    if angle < 1e-12:
        return np.array([0.0, 0.0, 1.0]), 0.0
    # (R + Rᵀ)/2 - cos·I = (1 - cos)·k kᵀ: any column of it is along the axis, the longest the most exactly.
    outer = 0.5 * (rotation + rotation.T) - np.cos(angle) * np.eye(3)
    axis = outer[:, int(np.argmax(np.diag(outer)))]
    axis = axis / np.sqrt(axis @ axis)
    axis = axis * _facing(axis)
    return axis, angle if twist @ axis >= 0 else -angle


def _facing(axis: _Doubles) -> float:
    """Give the sign that makes the first component positive, as `place` writes it."""
    return float(np.sign(axis[np.flatnonzero(np.abs(axis) > 1e-10)[0]]))


def _signed(angle: float) -> float:
    return float(np.arctan2(np.sin(angle), np.cos(angle)))


def _degrees(angle: float) -> str:
    return f"{np.rad2deg(angle):.6g}°"


def _stretching(matrix: _Doubles) -> str:
    """Tell the polar decomposition: stretch along perpendicular directions, then turn."""
    n = len(matrix)
    u, s, vt = svd(matrix)
    turn = u @ vt
    keeps = np.abs(turn - np.eye(n)).max() < _ROUNDING
    if n > 3:
        return f"stretches perpendicular directions by {s[0]:.4g} to {s[-1]:.4g}" + ("" if keeps else ", then turns")
    parts = [f"by {s[i]:.4g} along {place(vt[i])}" for i in range(n)]
    text = "stretches " + ", ".join(parts[:-1]) + " and " + parts[-1]
    return text if keeps else f"{text}, then {_turning(turn)}"
