"""The result of an analysis: its named parts, and how it shows itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underhood._analysis.classification import ClassificationModel
from underhood._analysis.comparisons import Comparisons
from underhood._analysis.correlations import Correlations
from underhood._analysis.notes import Notes
from underhood._analysis.reading import Column
from underhood._analysis.regression import RegressionModel
from underhood._analysis.summaries import Columns
from underhood._analysis.words import count
from underhood._results import Result

if TYPE_CHECKING:
    from os import PathLike

    from matplotlib.figure import Figure

__all__ = ["Analysis"]


@dataclass(slots=True, repr=False, eq=False)
class Analysis(Result):
    """A table, analysed: what :func:`underhood.analyze` returns.

    Attributes
    ----------
    name : str
        What the table is called.
    rows : int
        How many rows it has.
    target : str or None
        The column to be predicted, if one was named.
    columns : Columns
        Each column with its kind, its missing values and its summary.
    correlations : Correlations
        Each pair of numeric columns.
    comparisons : Comparisons
        Each numeric column by each categorical one, and each pair of categorical ones.
    model : RegressionModel, ClassificationModel or None
        The model of the target, if there is one.
    notes : Notes
        What was found, assumed and left out, in words.
    """

    name: str
    rows: int
    target: str | None
    columns: Columns
    correlations: Correlations
    comparisons: Comparisons
    model: RegressionModel | ClassificationModel | None
    notes: Notes
    _data: list[Column] = field(default_factory=list)
    _random_state: Any = 0

    def _title(self) -> str:
        aim = f", target {self.target}" if self.target is not None else ""
        return f"Analysis of {self.name}: {count(self.rows, 'row')} × {count(len(self.columns), 'column')}{aim}"

    def sections(self) -> list[tuple[str, Any]]:
        """Heading and part, for those parts that have something to show."""
        parts: list[tuple[str, Any]] = [
            ("Columns", self.columns),
            ("Correlations", self.correlations),
            ("Comparisons", self.comparisons),
        ]
        shown = [(heading, part) for heading, part in parts if len(part)]
        if self.model is not None:
            shown.append(("Model", self.model))
        return shown

    def __repr__(self) -> str:
        title = self._title()
        blocks = [f"{title}\n{'═' * len(title)}", *(repr(part) for _, part in self.sections()), self.notes.text()]
        return "\n\n".join(block for block in blocks if block)

    def _repr_html_(self) -> str:
        from underhood._analysis.page import fragment

        return fragment(self)

    def to_html(self, path: str | PathLike[str] | None = None) -> str | None:
        """Write the analysis as one web page that needs nothing else: plots and style are inside.

        Parameters
        ----------
        path : path, optional
            Where to write it.

        Returns
        -------
        str or None
            The page, if no path was given (as pandas' ``to_html``).

        Raises
        ------
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> page = uh.analyze(uh.datasets.load("iris"), target="species").to_html()
        >>> page[:15]
        '<!doctype html>'
        """
        from underhood._analysis.page import page

        text = page(self)
        if path is None:
            return text
        Path(path).write_text(text, encoding="utf-8")
        return None

    def plot(self) -> Figure:
        """Draw the analysis on one matplotlib figure: the columns, how they go together, the groups, the model.

        Returns
        -------
        matplotlib.figure.Figure
            ``figure.savefig("analysis.png")`` keeps it.

        Raises
        ------
        ImportError
            If matplotlib is not installed.

        Examples
        --------
        >>> figure = uh.analyze(uh.datasets.load("iris"), target="species").plot()
        >>> len(figure.axes) > 3
        True
        """
        from underhood._analysis.pictures import overview

        return overview(self)
