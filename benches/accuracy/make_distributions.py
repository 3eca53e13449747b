"""Makes distributions.csv: values of distributions from their definitions, by mpmath, to 20 digits.

`python benches/accuracy/make_distributions.py` writes the table in some minutes (four with gmpy2); --rows, --seed,
--family and --wide make others. It knows nothing of how underhood computes. A distribution is its density here, and
nothing else but the few tails that have a closed form: every other tail is the integral of the density (or the sum of
the probabilities), and a quantile is where that tail has its value.

- Integral: the tail beyond x is the density at x times the integral of the ratio of the density at u to that at x. On
  the side of x away from the mode the ratio falls from 1, so nothing cancels; the other tail is its complement. The
  ratio is written so that it cancels nowhere (log1p and expm1), the variable is the logarithm of x (or of the distance
  from the end of the support), and the rule is tanh-sinh (Takahasi and Mori, 1974, doi:10.2977/prims/1195192451),
  halved in step until two results agree to 30 digits.
- Discrete tails are incomplete beta and gamma integrals in the number of successes (DLMF 8.4.10, 8.17.5); those of the
  hypergeometric distribution are sums of positive terms.
- Quantiles by Newton's method on the logarithm of the smaller tail.

Inputs are the doubles nearest to their decimals, meant exactly. A line is the family and the method, the parameters,
the point or the probability, the value, and its condition: for quantiles the relative change of the value to that of
the probability, for logarithms of densities the change of the logarithm to that of the density, else 0.

Points lie at depths of the density: where it has fallen from its peak (as a density of the logarithm of x, where the
support is a half-line) by factors from 0.95 to e^-690 and beyond, to both sides.
"""

import argparse
import random
from pathlib import Path

from definitions import FAMILIES, Family, HalfLine, Tails, UnsettledError
from mpmath import mp, mpf

TABLE = Path(__file__).with_name("distributions.csv")
TINY, HUGE = mpf("1e-300"), mpf("1e300")


def height(family: Family, c: float) -> mpf:
    """Give the logarithm of the density in the coordinate."""
    x = family.place(c)
    low, high = family.support()
    if not low < x < high:
        return mpf("-1e300")
    return family.log_density(x) + family.slope(c)


def peak(family: Family) -> float:
    """Find the highest point of the density in the coordinate by golden sections, roughly."""
    points = [s * 1.35**i / 50 for i in range(35) for s in (-1, 1)] + [0.0]
    points.sort()
    heights = [height(family, c) for c in points]
    best = max(range(len(points)), key=heights.__getitem__)
    low, high = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
    for _ in range(60):
        a, b = low + 0.382 * (high - low), low + 0.618 * (high - low)
        low, high = (a, high) if height(family, a) < height(family, b) else (low, b)
    return (low + high) / 2


def point(family: Family, centre: float, depth: float, side: int) -> mpf | None:
    """Find where the density has fallen by e^-depth."""
    level = height(family, centre) - depth
    reach = 1e-9
    while height(family, centre + side * reach) > level:
        reach *= 2
        if reach > 1e4:
            return None
    low, high = reach / 2, reach
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if height(family, centre + side * middle) > level else (low, middle)
    x = family.place(centre + side * high)
    return x if TINY < abs(x) < HUGE else None


def rounded(draw: random.Random, x: mpf) -> float:
    """Round to few digits often, to a double else."""
    return float(mp.nstr(x, 7)) if draw.random() < 0.5 else float(x)


Rows = list[tuple[str, float, mpf, mpf]]


def at(family: Family, x: float) -> tuple[Rows, mpf, Tails]:
    """Give the rows of a point other than quantiles; its density and its tails, in logarithms."""
    exact = mpf(x)
    density = family.log_density(exact)
    lower, upper = family.tails(exact)
    name = "pmf" if family.discrete else "pdf"
    rows = [(f"log{name}", x, density, abs(1 / density) if density else 0)]
    rows += [("logcdf", x, lower, 0), ("logsf", x, upper, 0)]
    rows += [(plain, x, mp.exp(log), 0) for plain, log in ((name, density), ("cdf", lower), ("sf", upper))]
    return rows, density, (lower, upper)


def quantile(family: Family, x: mpf, p: float, side: int) -> tuple[str, float, mpf, mpf]:
    """Solve cdf = p (side 0) or sf = p (side 1) by Newton's method on the logarithm of the smaller tail."""
    exact = mpf(p)
    goals = [mp.log(exact), mp.log1p(-exact)]
    if side:
        goals.reverse()
    low, high = family.support()
    for _ in range(60):
        density, tails = family.log_density(x), family.tails(x)
        small = 0 if goals[0] < goals[1] else 1
        # By logarithms also in the coordinate, where it is a half-line: the tails of many families are powers.
        step = (goals[small] - tails[small]) * mp.exp(tails[small] - density) * (-1 if small else 1)
        if isinstance(family, HalfLine):
            y = low + (x - low) * mp.exp(max(min(step / (x - low), 30), -30))
        else:
            y = x + step
            if not low < y < high:
                y = (x + (high if y >= high else low)) / 2
        # Quadratic convergence: what is left is of the order of the square, times at most the steepness.
        if abs(y - x) < mpf(10) ** -24 * abs(y):
            condition = exact * mp.exp(-family.log_density(y)) / abs(y)
            return ("isf" if side else "ppf"), p, y, condition
        x = y
    raise UnsettledError


def discrete_quantile(family: Family, k: mpf, p: float, side: int) -> tuple[str, float, mpf, mpf]:
    """Find the smallest k with cdf(k) >= p (side 0) or sf(k) <= p (side 1), settled beyond the rounding of p."""
    goal, margin = mp.log(mpf(p)), mpf(10) ** -14
    low, high = family.support()

    def beyond(k: mpf) -> bool:
        if k < low:
            return False
        if k >= high:
            return True
        value = family.tails(k)[side]
        if abs(value - goal) < margin:
            raise UnsettledError
        return value < goal if side else value > goal

    step = mpf(1)
    if beyond(k):
        while beyond(k - step):
            k -= step
            step *= 2
        bottom, top = k - step, k
    else:
        while not beyond(k + step):
            k += step
            step *= 2
        bottom, top = k, k + step
    while top - bottom > 1:
        middle = mp.floor((bottom + top) / 2)
        bottom, top = (bottom, middle) if beyond(middle) else (middle, top)
    return ("isf" if side else "ppf"), p, top, mpf(0)


DEPTHS = (0.05, 0.5, 1.5, 3, 6, 12, 25, 40, 90, 200, 450, 680, 690.7, 760, 2e3, 3e4, 1e6)


def table(family_class: type[Family], wanted: int, draw: random.Random, wide: bool) -> list[str]:
    """Make the rows of one family."""
    family = family_class()
    lines: dict[str, None] = {}
    while len(lines) < 2 * wanted:
        parameters = family.parameters(draw, wide)
        family.bind(*map(mpf, parameters))
        try:
            centre = peak(family)
        except (UnsettledError, ValueError, ZeroDivisionError):
            continue
        rows: Rows = []
        depths = draw.sample(DEPTHS, 5)
        for depth, side in [(d * draw.uniform(0.9, 1.1), draw.choice((-1, 1))) for d in depths] + [(690.8, 0)]:
            try:
                rows += around(family, centre, depth, side or draw.choice((-1, 1)), not side, draw)
            except (UnsettledError, ValueError, ZeroDivisionError, OverflowError):
                continue
        head = f"{family_class.__name__}."
        arguments = ",".join(map(number, parameters))
        for method, x, value, condition in rows:
            # Quantiles of whole numbers may be 0; other values are numbers of the double range, or left out.
            whole = family.discrete and method in ("ppf", "isf")
            if (whole and value < 2**53) or TINY <= abs(value) <= HUGE:
                text = mp.nstr(value, 20, min_fixed=-5, max_fixed=20, strip_zeros=True).removesuffix(".0")
                lines[f"{head}{method},{arguments},{number(x)},{text},{mp.nstr(condition, 3) if condition else 0}"] = (
                    None
                )
    # Half of them, so that there are more parameters than a point has rows.
    return sorted(draw.sample(list(lines), wanted))


def number(x: float) -> str:
    """Write a double so that it is read again as the same."""
    return repr(x).removesuffix(".0")


def around(family: Family, centre: float, depth: float, side: int, ends: bool, draw: random.Random) -> Rows:
    """Give the rows of a point and of probabilities next to it; of 1e-300 if `ends`."""
    near = point(family, centre, depth, side)
    if near is None:
        return []
    low, high = family.support()
    small = 0 if side < 0 else 1
    if family.discrete:
        k = mp.floor(near)
        k = max(k, low)
        if k > 2**53:
            return []
        if ends:
            return [discrete_quantile(family, k, 1e-300, small)]
        rows, density, tails = at(family, float(k))
        for which in (0, 1):
            # A probability between those of two neighbours.
            inside = mp.exp(tails[which]) - (1 - which) * mp.exp(density) * mpf(draw.random())
            if TINY < inside < 1:
                p = rounded(draw, inside)
                if 0 < p < 1:
                    rows.append(discrete_quantile(family, k, p, which))
        return rows
    if ends:
        return [quantile(family, near, 1e-300, small)]
    x = rounded(draw, near)
    if not low < mpf(x) < high or not abs(x) > TINY:
        return []
    rows, _, tails = at(family, x)
    for which in (0, 1):
        p = mp.exp(tails[which])
        if p > TINY:
            p = rounded(draw, p)
            if 0 < p < 1:
                rows.append(quantile(family, mpf(x), p, which))
    return rows


def main() -> None:
    """Write the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=450, help="of a family")
    options.add_argument("--seed", type=int, default=4)
    options.add_argument("--wide", action="store_true", help="parameters from 1e-10 to 1e15")
    options.add_argument("--family", help="only this one")
    options.add_argument("--out", type=Path, default=TABLE)
    chosen = options.parse_args()
    lines = ["# Made by make_distributions.py. family.method, parameters, point or probability, value, condition"]
    for family in FAMILIES:
        if chosen.family in (None, family.__name__):
            # Each family has a stream of its own.
            lines += table(family, chosen.rows, random.Random(f"{chosen.seed} {family.__name__}"), chosen.wide)
    chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
