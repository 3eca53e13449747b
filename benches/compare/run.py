"""Measure underhood beside its peers: one process, interleaved, medians and their ratio.

Run it as ``python benches/compare/run.py`` (``--smoke`` runs every case once and times nothing; module names choose
some of the cases). It writes ``RESULTS.md`` beside this file and the table between the markers of the README.

Each module beside this one that is named like a module of underhood has a function ``cases()`` that yields
:class:`Case`. Before anything is timed, both sides' results are compared: a fast wrong answer is not a result.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

THREADS = os.environ.setdefault("RAYON_NUM_THREADS", "1")
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, THREADS)

import numpy as np  # noqa: E402  (after the number of threads is set)

HERE = Path(__file__).parent
README = HERE.parent.parent / "README.md"
MODULES = (
    "linalg",
    "special",
    "distributions",
    "draws",
    "stats",
    "describing",
    "power",
    "counts",
    "resampling",
    "regression",
    "glm",
    "functions",
    "calculus",
    "optimize",
    "models",
    "scores",
    "linear_models",
    "structure",
    "margins",
    "network",
)
MARKERS = ("<!-- compare: begin -->", "<!-- compare: end -->")


@dataclass(frozen=True)
class Case:
    """One workload on both sides."""

    workload: str
    size: str
    peer: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    rtol: float = 1e-9
    """Relative tolerance at which both results must agree before they are timed."""
    pick: Callable[[Any], Any] = lambda result: result
    """Picks the comparable numbers out of our result."""
    pick_theirs: Callable[[Any], Any] = lambda result: result
    """The same for the peer's result."""
    headline: bool = False
    """Whether the row stands in the README, or in RESULTS.md only."""


def seconds_per_call(call: Callable[[], Any], repeats: int) -> float:
    """Time one batch of calls."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def repeats_for(call: Callable[[], Any], target: float = 5e-3) -> int:
    """How many calls make a batch that the clock can see."""
    once = min(seconds_per_call(call, 1) for _ in range(3))
    return max(1, int(target / max(once, 1e-7)))


def measure(case: Case, rounds: int) -> tuple[float, float]:
    """Median seconds a call, ours and theirs, of interleaved batches."""
    repeats = repeats_for(case.ours), repeats_for(case.theirs)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(seconds_per_call(case.ours, repeats[0]))
        theirs.append(seconds_per_call(case.theirs, repeats[1]))
    return statistics.median(ours), statistics.median(theirs)


def check_agreement(case: Case) -> None:
    """Refuse to time sides that do not compute the same."""
    ours, theirs = case.pick(case.ours()), case.pick_theirs(case.theirs())
    np.testing.assert_allclose(ours, theirs, rtol=case.rtol, atol=case.rtol, err_msg=f"{case.workload}, {case.size}")


def quantity(seconds: float) -> str:
    """Write a duration to three digits in the unit that suits it."""
    for factor, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def machine() -> str:
    """Say what this was measured on, with the peers' versions."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")
        ]
        name = models[0] if models else name
    versions = ", ".join(
        f"{label} {importlib.import_module(module).__version__}"
        for module, label in (
            ("numpy", "NumPy"),
            ("scipy", "SciPy"),
            ("sklearn", "scikit-learn"),
            ("statsmodels", "statsmodels"),
            ("pandas", "pandas"),
        )
    )
    threads = f"{os.cpu_count()} cores, {THREADS} thread(s) on both sides"
    return f"{name}, {threads}; Python {platform.python_version()}, {versions}."


def table(rows: Iterable[tuple[str, Case, float, float]]) -> str:
    """Lay the measurements out in Markdown."""
    lines = ["| workload | size | peer | peer's median | ours | ratio |", "|---|---|---|---:|---:|---:|"]
    lines += [
        f"| {case.workload} | {case.size} | {case.peer} | {quantity(theirs)} | {quantity(ours)} | {theirs / ours:.3g} |"
        for _, case, ours, theirs in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the cases and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "modules", nargs="*", metavar="module", help=f"what to measure: {', '.join(MODULES)} (default: all)"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="check that every case runs and both sides agree; write nothing"
    )
    parser.add_argument("--rounds", type=int, default=15, help="interleaved batches a case")
    arguments = parser.parse_args()
    modules = arguments.modules or MODULES
    if unknown := set(modules).difference(MODULES):
        parser.error(f"unknown: {', '.join(sorted(unknown))} (choose from {', '.join(MODULES)})")

    sys.path.insert(0, str(HERE))
    rows = []
    for name in modules:
        if not (HERE / f"{name}.py").exists():
            continue
        for case in importlib.import_module(name).cases():
            check_agreement(case)
            if arguments.smoke:
                continue
            ours, theirs = measure(case, arguments.rounds)
            rows.append((name, case, ours, theirs))
            times = f"{quantity(theirs):>9} {quantity(ours):>9} {theirs / ours:7.3g}×"
            print(f"{name:14} {case.workload:40} {case.size:16} {case.peer:14} {times}", flush=True)
    if arguments.smoke:
        print("benches/compare: every case runs and both sides agree")
        return
    if modules is not MODULES:
        return

    note = f"Medians of {arguments.rounds} interleaved batches; ratio: peer's time ÷ ours. {machine()}"
    sections = [
        f"## {name}\n\n{table(row for row in rows if row[0] == name)}" for name in dict.fromkeys(row[0] for row in rows)
    ]
    (HERE / "RESULTS.md").write_text(
        "# underhood beside its peers\n\nWritten by `make bench`. " + note + "\n\n" + "\n\n".join(sections) + "\n"
    )
    text = README.read_text()
    before, after = text.split(MARKERS[0])[0], text.split(MARKERS[1])[1]
    headlines = table(row for row in rows if row[1].headline)
    README.write_text(f"{before}{MARKERS[0]}\n{headlines}\n\n{note}\n{MARKERS[1]}{after}")


if __name__ == "__main__":
    # The modules of cases import Case from `run`: let them find this very module.
    sys.modules["run"] = sys.modules["__main__"]
    main()
