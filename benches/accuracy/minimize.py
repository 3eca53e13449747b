"""Measure minimisers beside SciPy's on the Moré-Garbow-Hillstrom problems, from near and far starts: 73 runs.

Run it as ``python benches/accuracy/minimize.py``; names of methods choose some of them. A run is solved when f is
within 1e-5 relative of the known least value or of a known local one (where that is zero: below 1e-10).
It is claimed falsely when ``success`` is true elsewhere. ``--open`` lists what was not solved.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import mgh
import numpy as np
import scipy.optimize
import underhood as uh

METHODS = ("BFGS", "L-BFGS-B", "CG", "Newton-CG", "trust-exact", "Nelder-Mead")


def measure(minimize: Callable[..., Any], method: str, with_gradient: bool) -> tuple[list[int], list[str]]:
    """Count what is solved, claimed falsely, and evaluated; and say what is open."""
    solved = falsely = values = gradients = 0
    open_runs = []
    for problem, start, factor in mgh.runs():
        jac = problem.gradient if with_gradient and method != "Nelder-Mead" else None
        found = minimize(problem.value, start, method=method, jac=jac)
        done = problem.solved(found.fun)
        solved += done
        falsely += bool(found.success) and not done
        values += found.nfev
        gradients += getattr(found, "njev", 0) if with_gradient else 0
        if not done:
            claim = "claimed" if found.success else "open"
            open_runs.append(f"{problem.name} x{factor}: {found.fun:.6g} ({claim})")
    return [solved, falsely, values, gradients], open_runs


def main() -> None:
    """Print the table."""
    chosen = [method for method in METHODS if method in sys.argv[1:]] or list(METHODS)
    warnings.simplefilter("ignore")
    print(f"{'method':<12} {'gradient':<9} {'by':<10} {'solved':>6} {'false':>6} {'values':>9} {'gradients':>9}")
    for method in chosen:
        for with_gradient in (False, True):
            for by, minimize in (("underhood", uh.optimize.minimize), ("SciPy", scipy.optimize.minimize)):
                needs = method in ("Newton-CG", "trust-exact") and by == "SciPy"
                if (needs and (not with_gradient or method == "trust-exact")) or (
                    with_gradient and method == "Nelder-Mead"
                ):
                    continue  # SciPy's take no differences for these
                with np.errstate(all="ignore"):
                    counts, open_runs = measure(minimize, method, with_gradient)
                given = "given" if with_gradient else "none"
                print(f"{method:<12} {given:<9} {by:<10} " + "{:>6} {:>6} {:>9} {:>9}".format(*counts), flush=True)
                if "--open" in sys.argv:
                    print(*(f"    {line}" for line in open_runs), sep="\n")


if __name__ == "__main__":
    main()
