"""A sequence of results that prints as one table: ``columns``, ``correlations``, a list of data sets.

An item is had by its place or by its name, ``table[0]`` or ``table["species"]``; a name that is not there gets an error
that lists those that are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from html import escape
from typing import Generic, TypeVar, overload

from underhood._results import html_table, text_table

__all__ = ["Table", "unknown_name"]

Item = TypeVar("Item")


class Table(Generic[Item]):
    """Items of one kind, shown as the rows of a table.

    Parameters
    ----------
    title : str
        First line of the print.
    header : list of str
        What stands over the columns of the table.
    items : iterable
        The items, in order.
    cells : callable
        Texts of one item, as many as there are in ``header``.
    key : callable
        The name of an item.
    align : str, optional
        A letter for each column of the print, ``l`` for left or ``r`` for right.
    limit : int, optional
        How many rows are printed; the rest is counted in a last line. All of them are in the table.
    """

    __slots__ = ("_align", "_cells", "_header", "_items", "_key", "_limit", "_title")

    def __init__(
        self,
        title: str,
        header: list[str],
        items: Iterable[Item],
        *,
        cells: Callable[[Item], list[str]],
        key: Callable[[Item], str],
        align: str | None = None,
        limit: int | None = None,
    ) -> None:
        self._title, self._header, self._items = title, header, tuple(items)
        self._cells, self._key, self._align, self._limit = cells, key, align, limit

    def __dir__(self) -> list[str]:
        return ["header", "names", "rows"]

    @property
    def names(self) -> list[str]:
        """Names of the items, in order."""
        return [self._key(item) for item in self._items]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self.names or name in self._items

    @overload
    def __getitem__(self, index: int | str) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | str | slice) -> Item | tuple[Item, ...]:
        if isinstance(index, str):
            names = self.names
            if index not in names:
                raise KeyError(unknown_name(index, names, f"no {index!r} here"))
            return self._items[names.index(index)]
        return self._items[index]

    @property
    def header(self) -> list[str]:
        """What stands over the columns of the table."""
        return self._header

    def rows(self, limit: int | None = None) -> list[list[str]]:
        """Texts of the first ``limit`` rows."""
        return [self._cells(item) for item in self._items[:limit]]

    def __repr__(self) -> str:
        if not self._items:
            return f"{self._title}: none"
        more = len(self._items) - self._limit if self._limit is not None else 0
        table = text_table(self._header, self.rows(self._limit), self._align)
        return f"{self._title}\n{table}" + (f"\n… and {more} more" if more > 0 else "")

    def _repr_html_(self) -> str:
        if not self._items:
            return f"<p><b>{escape(self._title)}</b>: none</p>"
        more = len(self._items) - self._limit if self._limit is not None else 0
        table = html_table(self._header, self.rows(self._limit), self._align)
        return f"<p><b>{escape(self._title)}</b></p>{table}" + (f"<p>… and {more} more</p>" if more > 0 else "")


def unknown_name(name: str, known: Iterable[str], problem: str) -> str:
    """Write the message for a name that is not known: the nearest ones first, else (a few of) all.

    Examples
    --------
    >>> unknown_name("specie", ["species", "island"], "load: there is no 'specie'")
    "load: there is no 'specie'; did you mean 'species'? There are: species, island"
    """
    names = list(known)
    folded = {other.casefold(): other for other in reversed(names)}
    close = [folded[match] for match in get_close_matches(name.casefold(), folded, n=2, cutoff=0.7)]
    question = f"; did you mean {' or '.join(map(repr, close))}?" if close else "."
    shown = ", ".join(names[:30]) + (f", … ({len(names)} in all)" if len(names) > 30 else "")
    return f"{problem}{question} There are: {shown or 'none'}"
