"""Differential equations whose end values are known, for `equations.py` and for the core's tests.

DETEST: T. E. Hull, W. H. Enright, B. M. Fellen, A. E. Sedgwick, "Comparing numerical methods for ordinary differential
equations", SIAM J. Numer. Anal. 9 (1972) 603-637, https://doi.org/10.1137/0709052: 25 problems over [0, 20]. Their end
values are computed here with mpmath at 40 digits, by Gragg's extrapolation of the midpoint rule (E. Hairer,
S. P. Norsett, G. Wanner, "Solving Ordinary Differential Equations I", section II.9), twice with different steps.

STIFF: linear systems of STIFF DETEST (W. H. Enright, T. E. Hull, B. Lindberg, BIT 15 (1975) 10-48), whose end values
are matrix exponentials; and the classics with the end values that the Test Set for IVP Solvers (F. Mazzia,
C. Magherini, release 2.4, University of Bari) and E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II"
publish.

    python equations_problems.py ../../crates/underhood/tests/tables/equations.tsv
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Slope = Callable[[Any, Any, Any], list[Any]]
"""y' as a list, from a module of functions (math or mpmath), t and y."""


@dataclass
class Problem:
    """An equation, its interval and its start; `end` where it is published."""

    name: str
    slope: Slope
    start: list[float]
    span: tuple[float, float] = (0.0, 20.0)
    end: list[float] | None = None
    linear: bool = False
    atol: float = 1.0
    """The absolute tolerance as a multiple of the relative one: small components need a smaller one."""
    made: list[Any] = field(default_factory=list)


# The sun and the five outer planets: masses, places and velocities as printed in DETEST (problem C5).
K2 = 2.95912208286
SUN = 1.00000597682
MASSES = [0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 0.00000277777777778]
PLACES = [
    [3.42947415189, 3.35386959711, 1.35494901715],
    [6.64145542550, 5.97156957878, 2.18231499728],
    [11.2630437207, 14.6952576794, 6.27960525067],
    [-30.1552268759, 1.65699966404, 1.43785752721],
    [-21.1238353380, 28.4465098142, 15.3882659679],
]
VELOCITIES = [
    [-0.557160570446, 0.505696783289, 0.230578543901],
    [-0.415570776342, 0.365682722812, 0.169143213293],
    [-0.325325669158, 0.189706021964, 0.0877265322780],
    [-0.0240476254170, -0.287659532608, -0.117219543175],
    [-0.176860753121, -0.216393453025, -0.0148647893090],
]


def planets(m: Any, t: Any, y: Any) -> list[Any]:
    """Newton's law in coordinates that move with the sun."""
    del t
    place = [[y[3 * i + k] for k in range(3)] for i in range(5)]
    cubed = [m.sqrt(sum(p * p for p in x)) ** 3 for x in place]
    force = []
    for i in range(5):
        total = [-(SUN + MASSES[i]) * place[i][k] / cubed[i] for k in range(3)]
        for j in range(5):
            if j == i:
                continue
            apart = m.sqrt(sum((place[j][k] - place[i][k]) ** 2 for k in range(3))) ** 3
            for k in range(3):
                total[k] += MASSES[j] * ((place[j][k] - place[i][k]) / apart - place[j][k] / cubed[j])
        force += [K2 * x for x in total]
    return [*y[15:], *force]


def b4(m: Any, t: Any, y: Any) -> list[Any]:
    """Run along a curve on a torus."""
    del t
    r = m.sqrt(y[0] ** 2 + y[1] ** 2)
    return [-y[1] - y[0] * y[2] / r, y[0] - y[1] * y[2] / r, y[0] / r]


def heat(m: Any, t: Any, y: Any) -> list[Any]:
    """Diffusion along a row of cells."""
    del m, t
    n = len(y)
    return [(y[i - 1] if i else 0) - 2 * y[i] + (y[i + 1] if i + 1 < n else 0) for i in range(n)]


def kepler(m: Any, t: Any, y: Any) -> list[Any]:
    """One body around another."""
    del t
    r3 = m.sqrt(y[0] ** 2 + y[1] ** 2) ** 3
    return [y[2], y[3], -y[0] / r3, -y[1] / r3]


def ellipse(name: str, e: float) -> Problem:
    """Describe an orbit of this eccentricity, from its nearest point on."""
    return Problem(name, kepler, [1 - e, 0.0, 0.0, math.sqrt((1 + e) / (1 - e))])


DETEST = [
    Problem("A1", lambda m, t, y: [-y[0]], [1.0]),
    Problem("A2", lambda m, t, y: [-(y[0] ** 3) / 2], [1.0]),
    Problem("A3", lambda m, t, y: [y[0] * m.cos(t)], [1.0]),
    Problem("A4", lambda m, t, y: [y[0] / 4 * (1 - y[0] / 20)], [1.0]),
    Problem("A5", lambda m, t, y: [(y[0] - t) / (y[0] + t)], [4.0]),
    Problem("B1", lambda m, t, y: [2 * (y[0] - y[0] * y[1]), -(y[1] - y[0] * y[1])], [1.0, 3.0]),
    Problem("B2", lambda m, t, y: [-y[0] + y[1], y[0] - 2 * y[1] + y[2], y[1] - y[2]], [2.0, 0.0, 1.0]),
    Problem("B3", lambda m, t, y: [-y[0], y[0] - y[1] ** 2, y[1] ** 2], [1.0, 0.0, 0.0]),
    Problem("B4", b4, [3.0, 0.0, 0.0]),
    Problem("B5", lambda m, t, y: [y[1] * y[2], -y[0] * y[2], -0.51 * y[0] * y[1]], [0.0, 1.0, 1.0]),
    Problem("C1", lambda m, t, y: [-y[0], *(y[i - 1] - y[i] for i in range(1, 9)), y[8]], [1.0] + [0.0] * 9),
    Problem(
        "C2",
        lambda m, t, y: [-y[0], *(i * y[i - 1] - (i + 1) * y[i] for i in range(1, 9)), 9 * y[8]],
        [1.0] + [0.0] * 9,
    ),
    Problem("C3", heat, [1.0] + [0.0] * 9),
    Problem("C4", heat, [1.0] + [0.0] * 50),
    Problem("C5", planets, [x for row in [*PLACES, *VELOCITIES] for x in row]),
    ellipse("D1", 0.1),
    ellipse("D2", 0.3),
    ellipse("D3", 0.5),
    ellipse("D4", 0.7),
    ellipse("D5", 0.9),
    Problem(
        "E1",
        lambda m, t, y: [y[1], -(y[1] / (t + 1) + (1 - 1 / (4 * (t + 1) ** 2)) * y[0])],
        [0.6713967071418030, 0.09540051444747446],
    ),
    Problem("E2", lambda m, t, y: [y[1], (1 - y[0] ** 2) * y[1] - y[0]], [2.0, 0.0]),
    Problem("E3", lambda m, t, y: [y[1], y[0] ** 3 / 6 - y[0] + 2 * m.sin(2.78535 * t)], [0.0, 0.0]),
    Problem("E4", lambda m, t, y: [y[1], 0.032 - 0.4 * y[1] ** 2], [30.0, 0.0]),
    Problem("E5", lambda m, t, y: [y[1], m.sqrt(1 + y[1] ** 2) / (25 - t)], [0.0, 0.0]),
]


def pairs(alpha: float) -> Slope:
    """STIFF DETEST B2 to B5: a turning pair beside four that die out."""
    return lambda m, t, y: [
        -10 * y[0] + alpha * y[1],
        -alpha * y[0] - 10 * y[1],
        -4 * y[2],
        -y[3],
        -y[4] / 2,
        -y[5] / 10,
    ]


def hires(m: Any, t: Any, y: Any) -> list[Any]:
    """High irradiance responses of photomorphogenesis (Schaefer 1975)."""
    del m, t
    both = 280 * y[5] * y[7] - 1.81 * y[6]
    return [
        -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
        -280 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
        both,
        -both,
    ]


def robertson(m: Any, t: Any, y: Any) -> list[Any]:
    """Three reactions, of which one is nine powers of ten faster than another."""
    del m, t
    slow, fast, quick = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [-slow + fast, slow - fast - quick, quick]


def oregonator(m: Any, t: Any, y: Any) -> list[Any]:
    """Oscillate like the Belousov-Zhabotinskii reaction."""
    del m, t
    return [
        77.27 * (y[1] + y[0] * (1 - 8.375e-6 * y[0] - y[1])),
        (y[2] - (1 + y[0]) * y[1]) / 77.27,
        0.161 * (y[0] - y[2]),
    ]


def e5(m: Any, t: Any, y: Any) -> list[Any]:
    """Describe a pyrolysis (Enright, Hull & Lindberg's E5)."""
    del m, t
    a, b, c, unit = 7.89e-10, 1.1e7, 1.13e3, 1e6
    first, second, third, fourth = a * y[0], b * y[0] * y[2], unit * c * y[1] * y[2], c * y[3]
    return [-first - second, first - third, first - second - third + fourth, second - fourth]


POLLU_RATES = [
    0.35, 26.6, 1.23e4, 8.6e-4, 8.2e-4, 1.5e4, 1.3e-4, 2.4e4, 1.65e4, 9.0e3, 0.022, 1.2e4, 1.88,
    1.63e4, 4.8e6, 3.5e-4, 0.0175, 1.0e8, 4.44e11, 1.24e3, 2.1, 5.78, 0.0474, 1.78e3, 3.12,
]  # fmt: skip


def pollution(m: Any, t: Any, y: Any) -> list[Any]:
    """Describe polluted air: 25 reactions of 20 substances (Verwer 1994)."""
    del m, t
    k = POLLU_RATES
    r = [
        k[0] * y[0], k[1] * y[1] * y[3], k[2] * y[4] * y[1], k[3] * y[6], k[4] * y[6],
        k[5] * y[6] * y[5], k[6] * y[8], k[7] * y[8] * y[5], k[8] * y[10] * y[1], k[9] * y[10] * y[0],
        k[10] * y[12], k[11] * y[9] * y[1], k[12] * y[13], k[13] * y[0] * y[5], k[14] * y[2],
        k[15] * y[3], k[16] * y[3], k[17] * y[15], k[18] * y[15], k[19] * y[16] * y[5],
        k[20] * y[18], k[21] * y[18], k[22] * y[0] * y[3], k[23] * y[18] * y[0], k[24] * y[19],
    ]  # fmt: skip
    return [
        -r[0] - r[9] - r[13] - r[22] - r[23] + r[1] + r[2] + r[8] + r[10] + r[11] + r[21] + r[24],
        -r[1] - r[2] - r[8] - r[11] + r[0] + r[20],
        -r[14] + r[0] + r[16] + r[18] + r[21],
        -r[1] - r[15] - r[16] - r[22] + r[14],
        -r[2] + 2 * r[3] + r[5] + r[6] + r[12] + r[19],
        -r[5] - r[7] - r[13] - r[19] + r[2] + 2 * r[17],
        -r[3] - r[4] - r[5] + r[12],
        r[3] + r[4] + r[5] + r[6],
        -r[6] - r[7],
        -r[11] + r[6] + r[8],
        -r[8] - r[9] + r[7] + r[10],
        r[8],
        -r[10] + r[9],
        -r[12] + r[11],
        r[13],
        -r[17] - r[18] + r[15],
        -r[19],
        r[19],
        -r[20] - r[21] - r[23] + r[22] + r[24],
        -r[24] + r[23],
    ]


def a2(m: Any, t: Any, y: Any) -> list[Any]:
    """Diffusion with a fast end."""
    del m, t
    inner = [y[i - 1] - 2 * y[i] + y[i + 1] for i in range(1, 8)]
    return [-1800 * y[0] + 900 * y[1], *inner, 1000 * y[7] - 2000 * y[8] + 1000]


STIFF = [
    Problem("stiff A1", lambda m, t, y: [-y[0] / 2, -y[1], -100 * y[2], -90 * y[3]], [1.0] * 4, linear=True),
    Problem("stiff A2", a2, [0.0] * 9, (0.0, 120.0), linear=True),
    Problem(
        "stiff A3",
        lambda m, t, y: [
            -10000 * y[0] + 100 * y[1] - 10 * y[2] + y[3],
            -1000 * y[1] + 10 * y[2] - 10 * y[3],
            -y[2] + 10 * y[3],
            -y[3] / 10,
        ],
        [1.0] * 4,
        linear=True,
    ),
    Problem(
        "stiff A4", lambda m, t, y: [-((i + 1) ** 5) * y[i] for i in range(10)], [1.0] * 10, (0.0, 1.0), linear=True
    ),
    Problem(
        "stiff B1",
        lambda m, t, y: [-y[0] + y[1], -100 * y[0] - y[1], -100 * y[2] + y[3], -10000 * y[2] - 100 * y[3]],
        [1.0, 0.0, 1.0, 0.0],
        linear=True,
    ),
    *(Problem(f"stiff B{i}", pairs(alpha), [1.0] * 6, linear=True) for i, alpha in [(2, 3), (3, 8), (4, 25), (5, 100)]),
    Problem(
        "van der Pol",
        lambda m, t, y: [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]],
        [2.0, 0.0],
        (0.0, 2000.0),
        [1.706167732170483, -0.8928097010247975e-3],
        atol=1e-2,
    ),
    Problem(
        "Robertson",
        robertson,
        [1.0, 0.0, 0.0],
        (0.0, 1e11),
        [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050],
        atol=1e-12,
    ),
    Problem(
        "HIRES",
        hires,
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057],
        (0.0, 321.8122),
        [
            0.7371312573325668e-3,
            0.1442485726316185e-3,
            0.5888729740967575e-4,
            0.1175651343283149e-2,
            0.2386356198831331e-2,
            0.6238968252742796e-2,
            0.2849998395185769e-2,
            0.2850001604814231e-2,
        ],
        atol=1e-4,
    ),
    Problem(
        "OREGO",
        oregonator,
        [1.0, 2.0, 3.0],
        (0.0, 360.0),
        [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
        atol=1e-2,
    ),
    Problem(
        "stiff E5",
        e5,
        [1.76e-3, 0.0, 0.0, 0.0],
        (0.0, 1000.0),
        atol=1e-10,
    ),
    Problem(
        "POLLU",
        pollution,
        [0.0, 0.2, 0.0, 0.04, 0.0, 0.0, 0.1, 0.3, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.007, 0.0, 0.0, 0.0],
        (0.0, 60.0),
        [
            0.5646255480022769e-1,
            0.1342484130422339,
            0.4139734331099427e-8,
            0.5523140207484359e-2,
            0.2018977262302196e-6,
            0.1464541863493966e-6,
            0.7784249118997964e-1,
            0.3245075353396018,
            0.7494013383880406e-2,
            0.1622293157301561e-7,
            0.1135863833257075e-7,
            0.2230505975721359e-2,
            0.2087162882798630e-3,
            0.1396921016840158e-4,
            0.8964884856898295e-2,
            0.4352846369330103e-17,
            0.6899219696263405e-2,
            0.1007803037365946e-3,
            0.1772146513969984e-5,
            0.5682943292316392e-4,
        ],
        atol=1e-4,
    ),
]


def extrapolated(problem: Problem, parts: int, columns: int) -> list[Any]:
    """Integrate with `parts` equal steps of Gragg's method, extrapolated through 2, 4, …, 2·columns midpoint steps."""
    import mpmath

    t, end = (mpmath.mpf(x) for x in problem.span)
    width = (end - t) / parts
    y = [mpmath.mpf(x) for x in problem.start]
    for _ in range(parts):
        table: list[list[list[Any]]] = []
        for k in range(1, columns + 1):
            n = 2 * k
            h = width / n
            before, now = y, [a + h * b for a, b in zip(y, problem.slope(mpmath, t, y), strict=True)]
            for i in range(1, n):
                slope = problem.slope(mpmath, t + i * h, now)
                before, now = now, [a + 2 * h * b for a, b in zip(before, slope, strict=True)]
            row = [now]
            for j, coarser in enumerate(table[-1] if table else [], start=1):
                weight = 1 / (mpmath.mpf(k) / (k - j)) ** 2
                finer = row[-1]
                row.append([a + (a - b) * weight / (1 - weight) for a, b in zip(finer, coarser, strict=True)])
            table.append(row)
        y, t = table[-1][-1], t + width
    return y


def exponential(problem: Problem) -> list[Any]:
    """Solve y' = A y + b by the exponential of the matrix with b beside A."""
    import mpmath

    n = len(problem.start)
    b = problem.slope(mpmath, 0, [mpmath.mpf(0)] * n)
    matrix = mpmath.zeros(n + 1)
    for j in range(n):
        column = problem.slope(mpmath, 0, [mpmath.mpf(i == j) for i in range(n)])
        for i in range(n):
            matrix[i, j] = column[i] - b[i]
    for i in range(n):
        matrix[i, n] = b[i]
    span = mpmath.mpf(problem.span[1] - problem.span[0])
    end = mpmath.expm(matrix * span, method="taylor") * mpmath.matrix([*problem.start, 1])
    return list(end)[:n]


def relaxed(problem: Problem, columns: int) -> list[Any]:
    """Integrate a stiff system by the linearly implicit Euler method, extrapolated (Hairer & Wanner, section IV.9)."""
    import mpmath

    t, end = (mpmath.mpf(x) for x in problem.span)
    y = mpmath.matrix(problem.start)
    n, width = len(y), (end - t) * mpmath.mpf(10) ** -10

    def slope(x: Any) -> Any:
        return mpmath.matrix(problem.slope(mpmath, t, list(x)))

    while t < end:
        width = min(width, end - t)
        jacobian = mpmath.zeros(n)
        for j in range(n):
            step = mpmath.zeros(n, 1)
            step[j] = mpmath.mpf(10) ** -12 * (abs(y[j]) + mpmath.mpf(10) ** -8)
            jacobian[:, j] = (slope(y + step) - slope(y - step)) / (2 * step[j])
        table: list[list[Any]] = []
        for k in range(1, columns + 1):
            matrix, now = mpmath.eye(n) - (width / k) * jacobian, y.copy()
            for _ in range(k):
                now += mpmath.lu_solve(matrix, (width / k) * slope(now))
            row = [now]
            for j, coarser in enumerate(table[-1] if table else [], start=1):
                row.append(row[-1] + (row[-1] - coarser) / (mpmath.mpf(k) / (k - j) - 1))
            table.append(row)
        best, other = table[-1][-1], table[-1][-2]
        apart = max(
            abs(a - b) / (abs(a) + problem.atol * mpmath.mpf(10) ** -6) for a, b in zip(best, other, strict=True)
        )
        error = apart / mpmath.mpf(10) ** -17
        if error <= 1:
            y, t = best, t + width
        width *= min(mpmath.mpf(4), mpmath.mpf("0.8") * (error + mpmath.mpf(10) ** -20) ** (-mpmath.mpf(1) / columns))
    return list(y)


def main() -> None:
    """Write the table: a line each with the problem's name and its end values."""
    import mpmath

    mpmath.mp.dps = 40
    lines = []
    for problem in [*DETEST, *STIFF]:
        if problem.end is not None:
            end = [mpmath.mpf(x) for x in problem.end]
        elif problem.linear:
            mpmath.mp.dps = 60
            end = exponential(problem)
            mpmath.mp.dps = 40
        elif problem in STIFF:
            rough, end = relaxed(problem, 9), relaxed(problem, 12)
            apart = max(abs(a - b) / abs(b) for a, b in zip(rough, end, strict=True))
            print(f"{problem.name}: the two agree to {mpmath.nstr(apart, 2)}")
            assert apart < 1e-12, problem.name
        else:
            parts = {"B1": 80, "D2": 80, "D3": 120, "D4": 240, "D5": 1200, "E2": 160}.get(problem.name, 40)
            rough, end = (extrapolated(problem, parts * k // 2, 12) for k in (2, 3))
            apart = max(abs(a - b) / (1 + abs(b)) for a, b in zip(rough, end, strict=True))
            print(f"{problem.name}: the two agree to {mpmath.nstr(apart, 2)}")
            assert apart < 1e-16, problem.name
        lines.append("\t".join([problem.name, *(mpmath.nstr(x, 17) for x in end)]))
    with open(sys.argv[1], "w") as table:
        table.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
