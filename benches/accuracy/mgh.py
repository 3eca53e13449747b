"""The Moré–Garbow–Hillstrom problems, ACM TOMS 7 (1981) 17-41, https://doi.org/10.1145/355934.355936.

Sums of squares with the paper's numbers, sizes, starts and minimum values, as in the core's tests. The residuals are
analytic functions written with plain operators and NumPy, so their Jacobians come from complex steps, exact to the
last digits: J = Im f(x + ih) / h.
"""

# A problem is its formula in the paper; its number finds it there.
# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Vector = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Problem:
    """A sum of squares."""

    number: int
    name: str
    residuals: Callable[[Vector], Vector]
    start: Vector
    minima: tuple[float, ...]
    """The least value, then those of local minima: the paper's, and those that gradient and Hessian show to be some."""

    def value(self, x: Vector) -> float:
        """Give Σ fᵢ²."""
        with np.errstate(all="ignore"):
            return float(np.sum(self.residuals(np.asarray(x, dtype=float)) ** 2))

    def jacobian(self, x: Vector) -> Vector:
        """Give ∂fᵢ/∂xⱼ."""
        step = 1e-100j
        with np.errstate(all="ignore"):
            return np.stack(
                [self.residuals(x + step * unit).imag / step.imag for unit in np.eye(len(x))],
                axis=1,
            )

    def gradient(self, x: Vector) -> Vector:
        """Give 2 Jᵀ f."""
        with np.errstate(all="ignore"):
            return 2 * self.jacobian(x).T @ self.residuals(x)

    def solved(self, value: float, tolerance: float = 1e-5, floor: float = 1e-10) -> bool:
        """Whether a value is a minimum to ``tolerance``, relative; ``floor`` is what counts as zero."""
        local = any(abs(value - minimum) <= tolerance * minimum for minimum in self.minima[1:])
        return local or value <= self.minima[0] * (1 + tolerance) + floor * (self.minima[0] == 0)


def runs() -> Iterator[tuple[Problem, Vector, int]]:
    """Yield every problem with its starts, and the factor by which the start is moved out: 73 in all."""
    for problem in PROBLEMS:
        yield problem, problem.start, 1
        if problem.start.any():
            yield problem, 10 * problem.start, 10


def rosenbrock(x: Vector) -> Vector:
    a, b = x[0::2], x[1::2]
    return np.concatenate([10 * (b - a**2), 1 - a])


def freudenstein(x: Vector) -> Vector:
    a, b = x
    return np.array([-13 + a + ((5 - b) * b - 2) * b, -29 + a + ((b + 1) * b - 14) * b])


def powell_badly(x: Vector) -> Vector:
    return np.array([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])


def brown_badly(x: Vector) -> Vector:
    return np.array([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def beale(x: Vector) -> Vector:
    return np.array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** np.arange(1, 4))


def jennrich(x: Vector) -> Vector:
    i = np.arange(1, 11)
    return 2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1]))


def helical(x: Vector) -> Vector:
    turn = np.arctan(x[1] / x[0]) / (2 * np.pi) + 0.5 * (x[0].real < 0)
    return np.array([10 * (x[2] - 10 * turn), 10 * (np.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]])


BARD = np.array([0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39])


def bard(x: Vector) -> Vector:
    u = np.arange(1.0, 16)
    return BARD - (x[0] + u / ((16 - u) * x[1] + np.minimum(u, 16 - u) * x[2]))


GAUSSIAN = np.array([0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989])
GAUSSIAN = np.concatenate([GAUSSIAN, GAUSSIAN[-2::-1]])


def gaussian(x: Vector) -> Vector:
    t = (8 - np.arange(1, 16)) / 2
    return x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - GAUSSIAN


MEYER = np.array(
    [34780.0, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872]
)


def meyer(x: Vector) -> Vector:
    return x[0] * np.exp(x[1] / (45 + 5 * np.arange(1, 17) + x[2])) - MEYER


def gulf(x: Vector) -> Vector:
    t = np.arange(1, 100) / 100
    off = 25 + (-50 * np.log(t)) ** (2 / 3) - x[1]
    return np.exp(-(np.where(off.real < 0, -off, off) ** x[2]) / x[0]) - t


def box(x: Vector) -> Vector:
    t = 0.1 * np.arange(1, 11)
    return np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t))


def powell_singular(x: Vector) -> Vector:
    a, b, c, d = x[0::4], x[1::4], x[2::4], x[3::4]
    return np.concatenate([a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2])


def wood(x: Vector) -> Vector:
    a, b, c, d = x
    first = [10 * (b - a**2), 1 - a, np.sqrt(90) * (d - c**2), 1 - c]
    return np.array([*first, np.sqrt(10) * (b + d - 2), (b - d) / np.sqrt(10)])


KOWALIK_Y = np.array([0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])
KOWALIK_U = np.array([4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])


def kowalik(x: Vector) -> Vector:
    u = KOWALIK_U
    return KOWALIK_Y - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def brown_dennis(x: Vector) -> Vector:
    t = np.arange(1, 21) / 5
    return (x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2


OSBORNE_1 = np.array(
    [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603,
     0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414, 0.411,
     0.406]
)  # fmt: skip


def osborne_1(x: Vector) -> Vector:
    t = 10 * np.arange(33)
    return OSBORNE_1 - (x[0] + x[1] * np.exp(-t * x[3]) + x[2] * np.exp(-t * x[4]))


def biggs(x: Vector) -> Vector:
    t = 0.1 * np.arange(1, 14)
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4]) - y


OSBORNE_2 = np.array(
    [1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606,
     0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.5, 0.423,
     0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668,
     0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098,
     0.054]
)  # fmt: skip


def osborne_2(x: Vector) -> Vector:
    t = np.arange(65) / 10
    bells = sum(x[k] * np.exp(-((t - x[k + 7]) ** 2) * x[k + 4]) for k in (1, 2, 3))
    return OSBORNE_2 - (x[0] * np.exp(-t * x[4]) + bells)


def watson(x: Vector) -> Vector:
    t, k = np.arange(1, 30)[:, None] / 29, np.arange(len(x))
    first = (t ** np.maximum(k - 1, 0) * k) @ x - (t**k @ x) ** 2 - 1
    return np.concatenate([first, [x[0], x[1] - x[0] ** 2 - 1]])


def penalty_1(x: Vector) -> Vector:
    return np.concatenate([np.sqrt(1e-5) * (x - 1), [np.sum(x**2) - 0.25]])


def penalty_2(x: Vector) -> Vector:
    n, i = len(x), np.arange(2, len(x) + 1)
    y = np.exp(i / 10) + np.exp((i - 1) / 10)
    pairs = np.exp(x[1:] / 10) + np.exp(x[:-1] / 10) - y
    singles = np.exp(x[1:] / 10) - np.exp(-0.1)
    sphere = np.sum(np.arange(n, 0, -1) * x**2) - 1
    return np.concatenate([[x[0] - 0.2], np.sqrt(1e-5) * pairs, np.sqrt(1e-5) * singles, [sphere]])


def variably(x: Vector) -> Vector:
    total = np.sum(np.arange(1, len(x) + 1) * (x - 1))
    return np.concatenate([x - 1, [total, total**2]])


def trigonometric(x: Vector) -> Vector:
    return len(x) - np.sum(np.cos(x)) + np.arange(1, len(x) + 1) * (1 - np.cos(x)) - np.sin(x)


def almost_linear(x: Vector) -> Vector:
    return np.concatenate([(x + np.sum(x) - (len(x) + 1))[:-1], [np.prod(x) - 1]])


def boundary(x: Vector) -> Vector:
    h = 1 / (len(x) + 1)
    inside = np.concatenate([[0], x, [0]])
    return 2 * x - inside[:-2] - inside[2:] + h**2 * (x + h * np.arange(1, len(x) + 1) + 1) ** 3 / 2


def integral(x: Vector) -> Vector:
    h = 1 / (len(x) + 1)
    t = h * np.arange(1, len(x) + 1)
    kernel = np.minimum.outer(t, t) * (1 - np.maximum.outer(t, t))
    return x + h / 2 * kernel @ (x + t + 1) ** 3


def tridiagonal(x: Vector) -> Vector:
    inside = np.concatenate([[0], x, [0]])
    return (3 - 2 * x) * x - inside[:-2] - 2 * inside[2:] + 1


def banded(x: Vector) -> Vector:
    i = np.arange(len(x))
    near = (i[:, None] - i <= 5) & (i[:, None] - i >= -1) & (i[:, None] != i)
    return x * (2 + 5 * x**2) + 1 - near @ (x * (1 + x))


def full_rank(x: Vector) -> Vector:
    return np.concatenate([x, np.zeros(20 - len(x))]) - 2 / 20 * np.sum(x) - 1


def rank_1(x: Vector) -> Vector:
    return np.arange(1, 21) * np.sum(np.arange(1, len(x) + 1) * x) - 1


def rank_1_zeros(x: Vector) -> Vector:
    weights = np.arange(20.0)
    weights[-1] = 0
    return weights * np.sum(np.arange(2, len(x)) * x[1:-1]) - 1


def chebyquad(x: Vector) -> Vector:
    y, n = 2 * x - 1, len(x)
    before, here, sums = np.ones_like(y), y, []
    for _ in range(n):
        sums.append(np.sum(here) / n)
        before, here = here, 2 * y * here - before
    i = np.arange(1, n + 1)
    return np.array(sums) + np.where(i % 2 == 0, 1 / np.maximum(i**2 - 1.0, 1), 0)


T = np.arange(1, 11) / 11


def _problem(number: int, name: str, residuals: Callable[[Vector], Vector], start: Any, *minima: float) -> Problem:
    return Problem(number, name, residuals, np.array(start, dtype=float), minima)


PROBLEMS = [
    _problem(1, "Rosenbrock", rosenbrock, [-1.2, 1], 0.0),
    _problem(2, "Freudenstein and Roth", freudenstein, [0.5, -2], 0.0, 48.98425368),
    _problem(3, "Powell badly scaled", powell_badly, [0, 1], 0.0),
    _problem(4, "Brown badly scaled", brown_badly, [1, 1], 0.0),
    _problem(5, "Beale", beale, [1, 1], 0.0),
    _problem(6, "Jennrich and Sampson", jennrich, [0.3, 0.4], 124.362182),
    _problem(7, "Helical valley", helical, [-1, 0, 0], 0.0),
    _problem(8, "Bard", bard, [1, 1, 1], 8.2148773e-3, 17.428692),
    _problem(9, "Gaussian", gaussian, [0.4, 1, 0], 1.1279328e-8),
    _problem(10, "Meyer", meyer, [0.02, 4000, 250], 87.945855),
    _problem(11, "Gulf", gulf, [5, 2.5, 0.15], 0.0),
    _problem(12, "Box", box, [0, 10, 20], 0.0),
    _problem(13, "Powell singular", powell_singular, [3, -1, 0, 1], 0.0),
    _problem(14, "Wood", wood, [-3, -1, -3, -1], 0.0),
    _problem(15, "Kowalik and Osborne", kowalik, [0.25, 0.39, 0.415, 0.39], 3.07505604e-4, 1.02734e-3),
    _problem(16, "Brown and Dennis", brown_dennis, [25, 5, -5, -1], 85822.2016),
    _problem(17, "Osborne 1", osborne_1, [0.5, 1.5, -1, 0.01, 0.02], 5.4648947e-5),
    _problem(18, "Biggs EXP6", biggs, [1, 2, 1, 1, 1, 1], 0.0, 5.65565e-3),
    _problem(19, "Osborne 2", osborne_2, [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5], 4.0137736e-2),
    _problem(20, "Watson 6", watson, np.zeros(6), 2.28767005e-3),
    _problem(20, "Watson 9", watson, np.zeros(9), 1.3997601e-6),
    _problem(20, "Watson 12", watson, np.zeros(12), 4.72238e-10),
    _problem(21, "Extended Rosenbrock", rosenbrock, [-1.2, 1] * 5, 0.0),
    _problem(22, "Extended Powell", powell_singular, [3, -1, 0, 1] * 3, 0.0),
    _problem(23, "Penalty I", penalty_1, np.arange(1, 11), 7.0876515e-5),
    _problem(24, "Penalty II", penalty_2, np.full(10, 0.5), 2.9366054e-4),
    _problem(25, "Variably dimensioned", variably, 1 - np.arange(1, 11) / 10, 0.0),
    # Not in the paper: a minimum with |gradient| < 1e-11 and curvatures from 0.0626 to 2.594 there.
    _problem(26, "Trigonometric", trigonometric, np.full(10, 0.1), 0.0, 2.795056122e-5),
    _problem(27, "Brown almost linear", almost_linear, np.full(10, 0.5), 0.0, 1.0),
    _problem(28, "Discrete boundary value", boundary, T * (T - 1), 0.0),
    _problem(29, "Discrete integral equation", integral, T * (T - 1), 0.0),
    _problem(30, "Broyden tridiagonal", tridiagonal, np.full(10, -1), 0.0),
    # Nor this one: |gradient| < 3e-5, curvatures from 0.224 to 62.7.
    _problem(31, "Broyden banded", banded, np.full(10, -1), 0.0, 3.057278433),
    _problem(32, "Linear, full rank", full_rank, np.ones(10), 10.0),
    _problem(33, "Linear, rank 1", rank_1, np.ones(10), 380 / 82),
    _problem(34, "Linear, rank 1, zeros", rank_1_zeros, np.ones(10), 454 / 74),
    _problem(35, "Chebyquad 8", chebyquad, np.arange(1, 9) / 9, 3.5168737e-3),
    _problem(35, "Chebyquad 10", chebyquad, np.arange(1, 11) / 11, 6.50395e-3),
]
