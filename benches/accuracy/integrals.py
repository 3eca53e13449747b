"""How many hard integrals are solved, beside ``scipy.integrate.quad``, and how often a wrong number is called right.

``python benches/accuracy/integrals.py`` prints, for the relative tolerances 1e-6 and 1e-10, how many of the collection
in ``hard_integrals.py`` come out within the tolerance, how many that do not are claimed to, and how many divergent
integrals get a number that is claimed to be good. With --misses each miss is listed.
"""

import argparse
import warnings
from collections.abc import Callable
from statistics import median

from hard_integrals import DIVERGENT, PROBLEMS
from scipy import integrate as theirs
from underhood import calculus

Solver = Callable[[Callable[[float], float], float, float, float], tuple[float, bool, int]]


def ours(f: Callable[[float], float], a: float, b: float, rtol: float) -> tuple[float, bool, int]:
    """Integrate by underhood."""
    found = calculus.integrate(f, a, b, rtol=rtol)
    return float(found), found.converged, found.evaluations


def quad(f: Callable[[float], float], a: float, b: float, rtol: float) -> tuple[float, bool, int]:
    """Integrate by QUADPACK; a message is a refusal to vouch for the number."""
    value, _, details, *message = theirs.quad(f, a, b, epsabs=0, epsrel=max(rtol, 1e-13), full_output=1, limit=500)
    return value, not message, details["neval"]


def score(solve: Solver, rtol: float, *, misses: bool) -> tuple[int, int, int, list[int]]:
    """Count the solved, the falsely claimed, the divergent ones that got a number, and list the calls."""
    solved = false = fooled = 0
    calls = []
    for problem in PROBLEMS:
        try:
            value, claimed, evaluations = solve(problem.f, problem.a, problem.b, rtol)
        except (ArithmeticError, ValueError) as error:
            value, claimed, evaluations = float("nan"), False, 0
            if misses:
                print(f"    {problem.name}: {error}")
        good = abs(value - problem.value) <= rtol * abs(problem.value)
        solved += good
        false += claimed and not good
        calls.append(evaluations)
        if misses and not good:
            print(f"    {problem.name}: {value!r} for {problem.value!r}, {'claimed' if claimed else 'not claimed'}")
    for _, f, a, b in DIVERGENT:
        try:
            fooled += solve(f, a, b, rtol)[1]
        except (ArithmeticError, ValueError):
            continue
    return solved, false, fooled, calls


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what is missed")
    wanted = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{len(PROBLEMS)} integrals, {len(DIVERGENT)} divergent ones")
    for rtol in (1e-6, 1e-10):
        for name, solve in (("underhood", ours), ("SciPy quad", quad)):
            solved, false, fooled, calls = score(solve, rtol, misses=wanted.misses)
            claims = f"{false} falsely claimed, {fooled} divergent claimed"
            print(f"rtol {rtol:g}, {name:10}: {solved} solved, {claims}, {sum(calls)} calls, median {median(calls)}")
