"""How right `solve_ivp` is, and at what cost, beside SciPy's: DETEST and stiff problems (see `equations_problems`).

`python benches/accuracy/equations.py` prints, for each tolerance, how many problems end within ten times the tolerance
(largest component of |error| / (atol + rtol |y|) at the end of the interval), the number of calls of f, and for ours
which half of the problems the step controller was tuned on; then the stiff problems one by one.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import underhood as uh
from equations_problems import DETEST, STIFF, Problem
from scipy import integrate

TABLE = Path(__file__).parents[2] / "crates/underhood/tests/tables/equations.tsv"
OURS = ("auto", "DOP853", "RK45", "Radau")
THEIRS = ("DOP853", "RK45", "Radau", "LSODA")


def ends() -> dict[str, np.ndarray]:
    """Read the end values."""
    lines = (line.split("\t") for line in TABLE.read_text().splitlines())
    return {name: np.array([float(number) for number in numbers]) for name, *numbers in lines}


def measure(problem: Problem, end: np.ndarray, tolerance: float, method: str, ours: bool) -> tuple[float, int]:
    """Give the error in units of the tolerance (infinite if it failed), and the calls of f, counted here."""
    calls = 0

    def f(t: float, y: np.ndarray) -> list[float]:
        nonlocal calls
        calls += 1
        return problem.slope(math, t, y.tolist())

    solve = uh.calculus.solve_ivp if ours else integrate.solve_ivp
    atol = tolerance * problem.atol
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = solve(f, problem.span, problem.start, method=method, rtol=tolerance, atol=atol)
        except (ValueError, ArithmeticError):
            return math.inf, calls
    if not found.success:
        return math.inf, calls
    return float(np.max(np.abs(found.y[:, -1] - end) / (atol + tolerance * np.abs(end)))), calls


def main() -> None:
    """Print both tables."""
    known = ends()
    print("DETEST: problems within 10 tolerances of 25 (tuned on 13 + held out 12), and calls of f")
    for tolerance in (1e-4, 1e-7, 1e-10):
        for ours, methods in ((True, OURS), (False, THEIRS)):
            for method in methods:
                found = [measure(problem, known[problem.name], tolerance, method, ours) for problem in DETEST]
                good = [error <= 10 for error, _ in found]
                halves = f" ({sum(good[::2])} + {sum(good[1::2])})"
                calls = sum(count for _, count in found)
                who = "underhood" if ours else "SciPy"
                print(f"  {tolerance:g}  {who:9} {method:7} {sum(good):3}{halves:10} {calls:8}")
    print("\nStiff problems: error in tolerances / calls of f")
    columns = [("underhood", "auto"), ("underhood", "Radau"), ("SciPy", "Radau"), ("SciPy", "LSODA"), ("SciPy", "BDF")]
    print(f"  {'':19}" + "".join(f"{who + ' ' + method:>20}" for who, method in columns))
    for tolerance in (1e-4, 1e-7):
        for problem in STIFF:
            cells = []
            for who, method in columns:
                error, calls = measure(problem, known[problem.name], tolerance, method, who == "underhood")
                cells.append(f"{'failed' if math.isinf(error) else f'{error:.2g}'} / {calls}")
            print(f"  {tolerance:g}  {problem.name:12} " + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
