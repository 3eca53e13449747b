"""The front door: a table in, an analysis out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from underhood._analysis import classification, findings, regression
from underhood._analysis.comparisons import compare
from underhood._analysis.correlations import correlate
from underhood._analysis.design import design
from underhood._analysis.notes import Notes
from underhood._analysis.progress import Progress
from underhood._analysis.reading import ROWS_PER_VALUE, Column, as_category, read, repeats, settle_identifiers
from underhood._analysis.result import Analysis
from underhood._analysis.summaries import summarise
from underhood._analysis.words import listing
from underhood._tables import unknown_name

__all__ = ["analyze"]

_TARGET_VALUES = 10
"""A target of whole numbers with at most so many different values is taken for categories."""
_NUMERIC_PAIRED, _CATEGORIES_PAIRED = 64, 24
"""So many columns go into pairs: the number of pairs, and of p-values, grows with the square."""


def analyze(
    frame: Any,
    target: str | None = None,
    *,
    test_size: float = 0.25,
    random_state: Any = 0,
    max_categories: int = 20,
    kinds: Mapping[str, str] | None = None,
    name: str | None = None,
    progress: bool | None = None,
) -> Analysis:
    """Analyse a table: its columns, how they go together, and a model of one of them.

    Every column is summarised; numeric columns are correlated in pairs (Pearson and Spearman); groups are compared:
    means by Welch's t test or analysis of variance, ranks where the values speak against means, two categories by
    chi-square or Fisher's exact test. With a numeric ``target``, a linear regression on the other columns follows, with
    standard errors of kind HC3 where the errors' variances differ; with a categorical one, a perceptron, an Adaline and
    a logistic regression, scored on rows that were held out, with and without standardised columns, and for two classes
    the odds ratios of a logistic regression on all rows.

    Parameters
    ----------
    frame : pandas or polars DataFrame, mapping of names to columns, structured array, or matrix
        The table, one row an observation. Columns of a matrix are called ``x0``, ``x1``, ….
    target : str, optional
        The column to be predicted.
    test_size : float
        Share of the rows that the models of a categorical target are scored on, between 0 and 1.
    random_state : int, numpy.random.Generator or None
        Seed of the split and of the models.
    max_categories : int
        Text with more different values than this is not taken for categories.
    kinds : mapping of str to str, optional
        Your own decision for some columns: ``{"year": "number"}``, ``"category"`` or ``"ignore"``.
    name : str, optional
        What the table is called in the titles.
    progress : bool, optional
        Whether to show, on the standard error stream, what long work is at; by default in a terminal and a notebook.

    Returns
    -------
    Analysis
        With ``columns correlations comparisons model notes``; prints, shows itself in Jupyter, and has
        ``to_html(path)`` and ``plot()``.

    Raises
    ------
    TypeError
        If ``frame`` is no table.
    ValueError
        If ``target`` or ``kinds`` name no column, or an option is out of its range.

    Notes
    -----
    A pair of columns is computed over the rows in which both are known, a model over the rows in which all are known.
    Infinite values count as missing. Whole numbers with at most 5 different values (10 for the target), ten or more
    rows for each, are taken for categories; text that spells dates (2026-03-01) is read as dates; dates, constant
    columns and text that never repeats are summarised and left out of the rest. What was decided, and which rows were
    left out, stands in ``notes``. P-values are given as they are and after Holm's correction for the number of tests,
    those of coefficients too. Each comparison keeps what its test found in ``result``, which has ``explain()``; the
    models keep theirs in ``model.result`` and ``model.odds.result``.

    Examples
    --------
    >>> analysis = uh.analyze(uh.datasets.load("penguins"), target="species")
    >>> analysis.columns["flipper_length_mm"].missing
    2
    >>> strongest = analysis.correlations[0]
    >>> strongest.x, strongest.y, round(strongest.pearson, 3)
    ('flipper_length_mm', 'body_mass_g', 0.871)
    """
    _check_options(test_size, max_categories)
    notes = Notes()
    with Progress(progress) as shown:
        columns: list[Column] = []
        for column in read(frame, max_categories, kinds):
            columns.append(column)
            shown.step("reading column", len(columns) - 1)
        repeated = repeats(columns)
        settle_identifiers(columns, repeated, kinds or ())
        aim = _find_target(columns, target)
        if aim is not None and (kinds is None or aim.name not in kinds):
            _settle_target(aim)

        shown.step("summarising the columns")
        summaries = summarise(columns)
        numeric = [column for column in columns if column.kind == "number"]
        categories = [column for column in columns if column.kind == "category"]
        findings.note_columns(notes, summaries)
        findings.note_repeats(notes, summaries, int(repeated.sum()))
        if _has_labels(frame):
            notes.left_out.append(
                "The row labels (index) were not analysed; frame.reset_index() makes a column of them."
            )
        paired = _limit(numeric, _NUMERIC_PAIRED, "numeric", aim, notes)
        groups = _limit(categories, _CATEGORIES_PAIRED, "categorical", aim, notes)

        correlations, skipped = correlate(paired, shown)
        findings.note_correlations(notes, correlations, skipped)
        comparisons, skipped = compare(paired, groups, shown)
        findings.note_comparisons(notes, comparisons, skipped, aim.name if aim is not None else None)

        model = _model(columns, aim, test_size, random_state, notes, shown)
        findings.note_tests(notes, correlations, comparisons)
    return Analysis(
        name=name or _name_of(frame),
        rows=columns[0].rows if columns else 0,
        target=aim.name if aim is not None else None,
        columns=summaries,
        correlations=correlations,
        comparisons=comparisons,
        model=model,
        notes=notes,
        _data=columns,
        _random_state=random_state,
    )


def _check_options(test_size: float, max_categories: int) -> None:
    if isinstance(test_size, bool) or not isinstance(test_size, int | float) or not 0 < test_size < 1:
        raise ValueError(f"analyze: test_size is {test_size!r}, but a share of the rows between 0 and 1 is needed")
    if isinstance(max_categories, bool) or not isinstance(max_categories, int) or max_categories < 2:
        raise ValueError(f"analyze: max_categories is {max_categories!r}, but a whole number of at least 2 is needed")


def _find_target(columns: list[Column], target: str | None) -> Column | None:
    if target is None:
        return None
    names = [column.name for column in columns]
    if str(target) not in names:
        raise ValueError(
            unknown_name(str(target), names, f"analyze: target is {target!r}, which is no column of frame")
        )
    return columns[names.index(str(target))]


def _settle_target(target: Column) -> None:
    """Decide whether a target of whole numbers is a class."""
    known = target.rows - target.missing - target.infinite
    if (
        target.kind == "number"
        and target.whole
        and target.distinct <= _TARGET_VALUES
        and known >= ROWS_PER_VALUE * target.distinct
    ):
        as_category(target)
        target.remarks.append(
            f"is the target and holds only {target.distinct} different whole numbers ({listing(target.labels, 10)}), "
            f"so it "
            f'was taken as categories; kinds={{"{target.name}": "number"}} takes it as a number'
        )


def _limit(columns: list[Column], most: int, what: str, target: Column | None, notes: Notes) -> list[Column]:
    """Take the first so many columns into pairs, the target among them."""
    if len(columns) <= most:
        return columns
    kept = columns[:most]
    if target is not None and target in columns and target not in kept:
        kept[-1] = target
    notes.left_out.append(
        f"Only the first {most} of {len(columns)} {what} columns were put into pairs (correlations, comparisons); "
        f"choose "
        "columns of your own for the others."
    )
    return kept


def _model(
    columns: list[Column], target: Column | None, test_size: float, random_state: Any, notes: Notes, progress: Progress
) -> regression.RegressionModel | classification.ClassificationModel | None:
    """Model the target, or note why not."""
    if target is None:
        notes.left_out.append('No model was made, because no target was named: analyze(frame, target="…").')
        return None
    if target.kind not in ("number", "category"):
        reason = {
            "constant": "it does not vary",
            "empty": "it has no values",
            "date": "it holds dates",
            "text": "it holds text of too many kinds to be classes",
        }.get(target.kind, "it is neither numbers nor categories")
        notes.left_out.append(f"No model of {target.name} was made: {reason}.")
        return None
    progress.step("preparing the model")
    predictors = design(columns, target)
    outcome: regression.RegressionModel | classification.ClassificationModel | str
    if target.kind == "number":
        progress.step("fitting the linear regression")
        outcome = regression.regress(target, predictors)
    else:
        outcome = classification.classify(target, predictors, test_size, random_state, progress)
    if isinstance(outcome, str):
        notes.left_out.extend([*predictors.left_out, f"No model of {target.name} was made: {outcome}."])
        return None
    notes.left_out.extend(predictors.left_out)
    notes.assumed.extend(predictors.assumed)
    if isinstance(outcome, regression.RegressionModel):
        notes.found.extend(regression.describe(outcome))
        notes.assumed.extend(regression.assumed(outcome))
    else:
        notes.found.extend(classification.describe(outcome))
        seed = f"seed {random_state}" if isinstance(random_state, int) else "not seeded by a number"
        notes.assumed.append(
            f"Of the complete rows, {outcome.n_test:,} were held out by chance ({seed}), with the same share of each "
            f"class as in the {outcome.n_train:,} that the models learned from."
        )
        notes.assumed.extend(classification.assumed(outcome))
        for score in outcome.scores:
            if score.remark:
                columns_were = "standardised columns" if score.standardised else "columns as they are"
                notes.found.append(f"{score.model} on {columns_were} warned: {score.remark}")
    return outcome


def _has_labels(frame: Any) -> bool:
    """Whether a pandas frame's index holds more than row numbers."""
    index = getattr(frame, "index", None) if hasattr(frame, "iloc") else None
    return index is not None and (any(name is not None for name in index.names) or index.dtype.kind not in "iu")


def _name_of(frame: Any) -> str:
    """Find the name that the frame carries, if it does."""
    attrs = getattr(frame, "attrs", None)
    named = attrs.get("name") if isinstance(attrs, dict) else None
    return named if isinstance(named, str) and named else "a table"
