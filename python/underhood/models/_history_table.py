"""How a history shows itself: a table of its first and its last passes."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, format_value, html_table, text_table

__all__ = ["PassHistory"]

_SHOWN = 5
"""So many passes are shown at the beginning, and at the end."""


class PassHistory(Result):
    """Numbers of every pass (epoch, sweep, iteration), shown with a line a pass."""

    __slots__ = ()
    _passes: ClassVar[str] = "epochs"
    _digits: ClassVar[int] = 6
    epoch: NDArray[np.int64]
    convention: str

    def _columns(self) -> dict[str, Any]:
        """Heads and columns of the table."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.epoch)

    def _title(self) -> str:
        return f"History of {len(self)} {self._passes}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        columns = self._columns()
        shown = [i for i in range(len(self)) if i < _SHOWN or i >= len(self) - _SHOWN]
        rows = [[format_value(column[i], self._digits) for column in columns.values()] for i in shown]
        if len(self) > 2 * _SHOWN:
            rows.insert(_SHOWN, ["…"] * len(columns))
        return list(columns), rows

    def __repr__(self) -> str:
        return f"{self._title()}; {self.convention}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b>; {escape(self.convention)}</p>{html_table(*self._table())}"
