"""What results look like: named fields, one readable block when printed, one table in Jupyter, a short ``dir()``.

A result is a dataclass that derives from :class:`Result` and says which of its fields a reader should see::

    @dataclass(slots=True, repr=False, eq=False)
    class TTestResult(Result):
        _unpack: ClassVar = ("statistic", "pvalue")   # statistic, pvalue = ttest_ind(a, b), as in SciPy
        statistic: float
        pvalue: float
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from html import escape
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Result", "format_probability", "format_value", "html_table", "text_table"]


class Result:
    """Named values that print as a block, show as a table in Jupyter and, where SciPy's do, unpack like a tuple."""

    __slots__ = ()
    _unpack: ClassVar[tuple[str, ...]] = ()

    def _title(self) -> str:
        """Say in the first line what this is; classes override it."""
        return type(self).__name__

    def _rows(self) -> list[tuple[str, str]]:
        """Label and text of each line; by default one for each field that does not begin with an underscore."""
        return [
            (field.name, _formatter(field.name)(getattr(self, field.name)))
            for field in fields(self)  # type: ignore[arg-type]
            if not field.name.startswith("_")
        ]

    def __repr__(self) -> str:
        rows = self._rows()
        width = max((len(label) for label, _ in rows), default=0)
        lines = [f"  {label:<{width}}  " + text.replace("\n", "\n" + " " * (width + 4)) for label, text in rows]
        return "\n".join([self._title(), *lines])

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(None, self._rows(), "ll")

    def __iter__(self) -> Iterator[Any]:
        if not self._unpack:
            raise TypeError(f"a {type(self).__name__} does not unpack; use its fields by name")
        return iter([getattr(self, name) for name in self._unpack])

    def __len__(self) -> int:
        return len(self._unpack)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, index: int) -> Any:
        return getattr(self, self._unpack[index])

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))


def format_value(value: Any, digits: int = 6) -> str:
    """Show a value to ``digits`` significant digits; arrays as NumPy prints them, everything else as ``str``.

    A tuple of one, such as the sizes of a single sample, is shown as what it holds.
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return f"{float(value) + 0.0:.{digits}g}"  # the sum turns -0 into 0
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=digits, threshold=20, edgeitems=3)
    if isinstance(value, tuple) and len(value) == 1:
        return format_value(value[0], digits)
    if isinstance(value, tuple | list):
        return "(" + ", ".join(format_value(item, digits) for item in value) + ")"
    return str(value)


def format_probability(p: float | NDArray[np.float64], digits: int = 6) -> str:
    """Show a p-value to ``digits`` significant digits; one beyond the range of doubles is small, not nothing.

    Of many, an array, zeros stay zeros.

    Examples
    --------
    >>> format_probability(0.0312345678), format_probability(0.0)
    ('0.0312346', '< 1e-300')
    """
    if isinstance(p, np.ndarray):
        return format_value(p, digits)
    return "< 1e-300" if np.ndim(p) == 0 and p < 1e-300 else format_value(p, digits)


def _formatter(field: str) -> Callable[[Any], str]:
    return format_probability if field.endswith("pvalue") else format_value


def text_table(header: list[str], rows: list[list[str]], align: str | None = None) -> str:
    """Lay out a table in fixed-width text.

    ``align`` has a letter for each column, ``l`` or ``r``; by default the first goes to the left, the others to the
    right.
    """
    table = [header, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    aligned = {"l": str.ljust, "r": str.rjust}
    sides = [aligned[letter] for letter in align or "l" + "r" * (len(header) - 1)]

    def line(row: list[str]) -> str:
        return "  ".join(side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True)).rstrip()

    return "\n".join([line(header), "  ".join("─" * width for width in widths), *(line(row) for row in rows)])


def html_table(header: list[str] | None, rows: list[Any], align: str | None = None) -> str:
    """Lay out a table in HTML; every cell is escaped, and a line break in it stays one.

    ``align`` has a letter for each column, ``l`` or ``r``; without it, the page decides.
    """
    sides = {"l": ' style="text-align: left"', "r": ' style="text-align: right"'}
    styles = [sides[letter] for letter in align] if align else [""] * max([len(row) for row in [header or [], *rows]])

    def line(tags: list[str], row: list[str]) -> str:
        texts = [escape(cell).replace("\n", "<br>") for cell in row]
        cells = zip(tags, styles, texts, strict=False)
        return "<tr>" + "".join(f"<{tag}{style}>{text}</{tag}>" for tag, style, text in cells) + "</tr>"

    head = "" if header is None else f"<thead>{line(['th'] * len(header), header)}</thead>"
    body = "".join(line(["th"] + ["td"] * len(row), row) for row in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"
