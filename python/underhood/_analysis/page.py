"""An analysis in HTML: as a part of a notebook, and as one page that stands by itself.

Everything is inside the page (style, tables, pictures as SVG) and every text that comes from the data is escaped.
Word-sized pictures are always there; the larger ones need matplotlib, and a sentence says so where it is missing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from underhood._analysis.classification import ClassificationModel
from underhood._analysis.sparks import spark
from underhood._analysis.summaries import Columns
from underhood._analysis.words import count

if TYPE_CHECKING:
    from underhood._analysis.reading import Column
    from underhood._analysis.result import Analysis

__all__ = ["fragment", "page"]

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1d2530; font: 16px/1.55 system-ui, "Segoe UI", Roboto, Helvetica, Arial,
sans-serif; } main { max-width: 1080px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .2rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-top: 1rem; border-top: 1px solid #e4e8ee; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p.lead { color: #5a6675; margin: 0 0 1.6rem; }
ul { padding-left: 1.2rem; margin: .3rem 0 0; } li { margin: .3rem 0; max-width: 78ch; }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: .32rem .8rem .32rem 0; text-align: left; vertical-align: middle; white-space: nowrap; }
td.wrap { white-space: normal; min-width: 22rem; }
thead th { color: #5a6675; font-weight: 600; border-bottom: 1.5px solid #c9d1db; }
tbody th { font-weight: 500; } tbody tr { border-bottom: 1px solid #eef1f5; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
figcaption, .small { color: #5a6675; font-size: .86rem; }
details { margin: .4rem 0; } summary { cursor: pointer; color: #0b5f95; font-size: .9rem; }
svg.spark { vertical-align: middle; }
footer { margin-top: 3rem; color: #7b8694; font-size: .8rem; }
"""

_SHOWN = 12


def page(analysis: Analysis) -> str:
    """Write the whole page."""
    title = f"Analysis of {analysis.name}"
    lead = f"{count(analysis.rows, 'row')}, {count(len(analysis.columns), 'column')}"
    if analysis.target is not None:
        lead += f"; target: {analysis.target}"
    pictures = _pictures(analysis)
    parts = [f"<h1>{escape(title)}</h1>", f'<p class="lead">{escape(lead)}</p>', _notes(analysis, ("found",))]
    for heading, part in analysis.sections():
        parts.append(f"<h2>{heading}</h2>")
        parts.append(_section(analysis, heading, part))
        parts.append(pictures.get(heading, ""))
    parts.append("<h2>What stands behind this</h2>" + _notes(analysis, ("assumed", "left_out")))
    if not pictures and importlib.util.find_spec("matplotlib") is None:
        parts.append('<p class="small">The larger plots need matplotlib: pip install "underhood[notebook]".</p>')
    parts.append(
        "<footer>Made by underhood.analyze. Every figure was computed from the table; nothing was sent "
        "anywhere.</footer>"
    )
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def fragment(analysis: Analysis) -> str:
    """Write what a notebook shows: the same without the large plots, in the notebook's own style."""
    parts = [f"<h3>{escape(analysis._title())}</h3>", _notes(analysis, ("found",))]
    for heading, part in analysis.sections():
        inner = _section(analysis, heading, part)
        opened = " open" if heading in ("Columns", "Model") else ""
        parts.append(f"<details{opened}><summary><b>{heading}</b></summary>{inner}</details>")
    parts.append(
        f"<details><summary><b>Assumed and left out</b></summary>{_notes(analysis, ('assumed', 'left_out'))}</details>"
    )
    # Headings of a notebook's own size would outshout the notebook.
    return "".join(parts).replace("<h3>", "<h4>").replace("</h3>", "</h4>")


def _notes(analysis: Analysis, names: Sequence[str]) -> str:
    headings = {"found": "What was found", "assumed": "What was assumed", "left_out": "What was left out"}
    blocks = []
    for name in names:
        sentences = getattr(analysis.notes, name)
        if sentences:
            items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
            blocks.append(f"<h3>{headings[name]}</h3><ul>{items}</ul>")
    return "".join(blocks)


def _section(analysis: Analysis, heading: str, part: object) -> str:
    if isinstance(part, Columns):
        return _columns(part, analysis._data)
    if heading == "Correlations":
        correlations = analysis.correlations
        tests = (
            f"{count(len(correlations), 'pair')}, those with an adjusted p-value (Holm) below 0.05 first, by strength. "
            f"{correlations.legend(whole=True)}"
        )
        return f'<p class="small">{escape(tests.strip())}</p>' + _long(
            correlations.header, correlations.rows(), "l" + "r" * 6
        )
    if heading == "Comparisons":
        comparisons = analysis.comparisons
        order = "those with an adjusted p-value (Holm) below 0.05 first, by effect"
        tests = f"{count(len(comparisons), 'test')}, {order}. {comparisons.legend(whole=True)}."
        align = "llrrll"[: len(comparisons.header)]
        return f'<p class="small">{escape(tests)}</p>' + _long(comparisons.header, comparisons.rows(), align)
    model = analysis.model
    assert model is not None
    header, rows = model.table()
    note = " Share of right answers:" if isinstance(model, ClassificationModel) else ""
    written = f'<p class="small">{escape(model._title())}.{note}</p>' + _table(
        header, rows, "l" + "r" * (len(header) - 1)
    )
    odds = model.odds if isinstance(model, ClassificationModel) else None
    if odds is not None:
        written += f'<p class="small">{escape(odds._title())}.</p>' + _table(*odds.table(), "lrrrr")
    return written


def _columns(columns: Columns, data: list[Column]) -> str:
    sparks = {column.name: spark(column) for column in data}
    blocks = []
    for title, header, rows, align in columns.parts():
        numeric = "mean" in header
        chosen = [column for column in columns if (column.kind == "number") == numeric]
        pictures = [sparks[column.name] for column in chosen]
        blocks.append(f"<h3>{escape(title)}</h3>" + _table(header, rows, align, pictures if any(pictures) else None))
    return "".join(blocks)


def _long(header: list[str], rows: list[list[str]], align: str) -> str:
    """Write a table of which the first rows show, and the others on request."""
    first = _table(header, rows[:_SHOWN], align)
    if len(rows) <= _SHOWN:
        return first
    return f"{first}<details><summary>all {len(rows):,} rows</summary>{_table(header, rows, align)}</details>"


def _table(header: list[str], rows: list[list[str]], align: str, pictures: list[str] | None = None) -> str:
    """Write a table; pictures, one a row, come after the first column."""
    # Written out at each cell, because a notebook has a style of its own.
    sides = [f' style="text-align: {"right" if side == "r" else "left"}"' for side in align]

    def line(cells: list[str], tag: str, picture: str | None) -> str:
        tags = [tag if tag == "th" or i else "th" for i in range(len(cells))]
        texts = [f"<{t}{side}>{escape(cell)}</{t}>" for t, side, cell in zip(tags, sides, cells, strict=True)]
        if picture is not None:
            texts.insert(1, f"<{tag}>{picture}</{tag}>")
        return "<tr>" + "".join(texts) + "</tr>"

    head = line(header, "th", None if pictures is None else "")
    body = "".join(line(row, "td", None if pictures is None else pictures[i]) for i, row in enumerate(rows))
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def _pictures(analysis: Analysis) -> dict[str, str]:
    """One figure for each section, if matplotlib is there."""
    if importlib.util.find_spec("matplotlib") is None:
        return {}
    from underhood._analysis.pictures import panels, svg

    return {
        section: f"<figure>{svg(list(chosen))}</figure>"
        for section, chosen in groupby(panels(analysis), key=lambda panel: panel.section)
    }
