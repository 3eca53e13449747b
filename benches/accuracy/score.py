"""How exact two libraries are on one table of reference values, and the page that says so.

A line of such a table is a function's name, its arguments (doubles, meant exactly) and its value to 20 digits;
# begins a remark.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "crates" / "underhood" / "tests" / "tables"
PAGE = ROOT / "docs" / "accuracy.md"


@dataclass(frozen=True)
class Row:
    """A reference value."""

    name: str
    arguments: tuple[float, ...]
    value: float
    # How the value's relative error follows from that of what is rounded, where the table says it.
    condition: float = 0.0


@dataclass
class Score:
    """What one library makes of the rows of one function."""

    points: int = 0
    worst: float = 0.0
    twelve: int = 0
    below_six: int = 0
    not_finite: int = 0

    def add(self, found: float, expected: float, allowance: float) -> None:
        """Count a value; the allowance is the error that some ulps of the arguments explain."""
        self.points += 1
        if not math.isfinite(found):
            self.not_finite += 1
            self.below_six += 1
            return
        error = max(0.0, abs(found / expected - 1.0) - allowance)
        self.worst = max(self.worst, error)
        self.twelve += error < 1e-12
        self.below_six += error > 1e-6


def read(*names: str | Path, every: int = 1, conditions: bool = False) -> list[Row]:
    """Read tables; of each function every so many-th row. In some each line ends with a condition."""
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for name in names:
        for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            function, *numbers = line.split(",")
            seen[function] = seen.get(function, -1) + 1
            if seen[function] % every == 0:
                condition = float(numbers.pop()) if conditions else 0.0
                *arguments, value = map(float, numbers)
                rows.append(Row(function, tuple(arguments), value, condition))
    return rows


def score(rows: Iterable[Row], evaluate: Callable[[Row], float], allowance: Callable[[Row], float]) -> dict[str, Score]:
    """Score each function of the rows, in the order of its first row."""
    scores: dict[str, Score] = {}
    for row in rows:
        scores.setdefault(row.name, Score()).add(evaluate(row), row.value, allowance(row))
    return scores


def table(first: str, ours: dict[str, Score], theirs: dict[str, Score], peer: str) -> str:
    """Both libraries beside each other, as Markdown; the last line sums up."""
    lines = [
        f"| {first} | points | worst error: ours | {peer} | 12 digits: ours | {peer} "
        f"| fewer than 6: ours | {peer} | not finite: ours | {peer} |",
        "|---|" + "---:|" * 9,
    ]
    sums = (Score(), Score())
    for name, own in sorted(ours.items()):
        other = theirs[name]
        lines.append(line(f"`{name}`", own, other))
        for total, one in zip(sums, (own, other), strict=True):
            total.points += one.points
            total.worst = max(total.worst, one.worst)
            total.twelve += one.twelve
            total.below_six += one.below_six
            total.not_finite += one.not_finite
    return "\n".join([*lines, line("**all**", *sums)])


def line(name: str, ours: Score, theirs: Score) -> str:
    """One line of the table."""

    def worst(score: Score) -> str:
        return f"{score.worst:.1e}" if score.worst < 100 else "> 100"

    def share(count: int, score: Score) -> str:
        part = 100 * count / score.points
        # Nothing but all is a hundred, and nothing but nothing is none.
        return f"{part:.0f} %" if count in (0, score.points) else f"{min(max(part, 0.1), 99.9):.1f} %"

    cells = [f"{ours.points:,}", worst(ours), worst(theirs)]
    cells += [share(ours.twelve, ours), share(theirs.twelve, theirs)]
    cells += [share(ours.below_six, ours), share(theirs.below_six, theirs)]
    cells += [str(ours.not_finite), str(theirs.not_finite)]
    return f"| {name} | " + " | ".join(cells) + " |"


def write(section: str, text: str, page: Path = PAGE) -> None:
    """Replace what stands between a section's marks on the page."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    before, rest = page.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
