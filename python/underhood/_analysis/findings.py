"""Putting the descriptive part of an analysis into sentences."""

from __future__ import annotations

from operator import attrgetter

from underhood._analysis.comparisons import FEW_ROWS, Comparison, Comparisons, share
from underhood._analysis.correlations import Correlation, Correlations
from underhood._analysis.notes import Notes
from underhood._analysis.reading import FEW, FEW_VALUES
from underhood._analysis.summaries import Columns
from underhood._analysis.words import count, fixed, listing, number, percent, pvalue, span, was

__all__ = ["note_columns", "note_comparisons", "note_correlations", "note_repeats", "note_tests"]


def note_columns(notes: Notes, columns: Columns) -> None:
    """Say what is missing, what was decided about columns, and which of them nothing is computed with."""
    incomplete = [column for column in columns if column.missing and column.kind != "empty"]
    if incomplete:
        worst = sorted(incomplete, key=lambda column: -column.missing)
        shares = [f"{column.name} ({column.missing:,}, {percent(column.missing / column.rows)})" for column in worst]
        notes.found.append(f"Values are missing in {count(len(worst), 'column')}: {listing(shares)}.")
    elif len(columns) and columns[0].rows and not any(column.kind == "empty" or column.infinite for column in columns):
        notes.found.append("No value is missing.")
    infinite = [f"{column.name} ({column.infinite:,})" for column in columns if column.infinite]
    if infinite:
        notes.left_out.append(f"Infinite values were treated as missing in {listing(infinite)}.")
    far = sorted((column for column in columns if column.far_out), key=lambda column: -(column.far_out or 0))
    if far:
        shares = [
            f"{column.name} ({column.far_out:,}, {percent((column.far_out or 0) / column.rows)})" for column in far
        ]
        notes.found.append(
            f"Some values lie far from the others, more than three interquartile ranges outside the middle half: "
            f"{listing(shares, 3)}. They may be slips or the most telling rows of all; look where they come from."
        )
    few = [column.name for column in columns if any(remark.startswith(FEW) for remark in column.remarks)]
    if len(few) > 3:
        notes.assumed.append(
            f"{listing(few)} hold whole numbers, but at most {FEW_VALUES} different ones each, so they were taken as "
            f'categories; kinds={{"{few[0]}": "number"}} takes one of them as numbers.'
        )
    for column in columns:
        for remark in column.remarks:
            if remark.startswith(FEW) and len(few) > 3:
                continue
            to = notes.left_out if column.kind in ("text", "other") else notes.assumed
            to.append(f"{column.name} {remark}.")
    dates = [column.name for column in columns if column.kind == "date"]
    if dates:
        notes.left_out.append(
            f"Dates were summarised, but not correlated, compared or used in a model: {listing(dates)}. Make a number "
            f"of them "
            "(a year, days since the start) to do so."
        )
    constant = [column.name for column in columns if column.kind == "constant"]
    if constant:
        notes.left_out.append(
            f"Columns that always hold the same value tell nothing about the others: {listing(constant)}."
        )
    empty = [column.name for column in columns if column.kind == "empty"]
    if not len(columns):
        notes.left_out.append("The table has no columns.")
    elif columns[0].rows == 0:
        notes.left_out.append("The table has no rows.")
    elif empty:
        notes.left_out.append(f"Columns without any value were left out: {listing(empty)}.")


def note_repeats(notes: Notes, columns: Columns, repeated: int) -> None:
    """Count the rows that equal an earlier one, where that is not to be expected of what they hold."""
    telling = [column for column in columns if column.kind in ("number", "date", "text")]
    if repeated and telling and len(columns) > 1:
        repeat = "repeats" if repeated == 1 else "repeat"
        notes.found.append(
            f"{count(repeated, 'row')} {repeat} an earlier row in every column. If that is no chance, the rows are not "
            "independent: p-values come out too small, and models may be scored on rows that they learned from."
        )


def note_correlations(notes: Notes, correlations: Correlations, skipped: list[str]) -> None:
    """Name the strongest pair, and say where the two kinds of correlation disagree."""
    if len(correlations):
        top = correlations[0]
        if not top.clear:
            notes.found.append("No correlation is clear: none has an adjusted p-value below 0.05.")
        elif len(correlations) == 1:
            notes.found.append(f"{top.x} and {top.y} are correlated: {_coefficients(top)}")
        else:
            # A few rows may show a stronger one by chance: those come after the clear ones.
            kind = "strongest" if all(top.strength >= item.strength for item in correlations) else "strongest clear"
            notes.found.append(f"The {kind} correlation is that of {top.x} and {top.y}: {_coefficients(top)}")
        apart = [item for item in correlations if item.clear and abs(item.pearson - item.spearman) > 0.2]
        if apart:
            item = max(apart, key=lambda pair: abs(pair.pearson - pair.spearman))
            notes.found.append(
                f"For {item.x} and {item.y}, r = {fixed(item.pearson)} but ρ = {fixed(item.spearman)}: a curve or a "
                f"few far-off values; look at the plot."
            )
    skewed = list(dict.fromkeys(name for item in correlations for name in item.skewed))
    if skewed:
        notes.assumed.append(
            f"Pearson's p-values and intervals rest on normal values. With heavily skewed columns "
            f"({listing(skewed, 4)}), Spearman's alone says whether a pair is clear."
        )
    if skipped:
        notes.left_out.append(f"Pairs that could not be correlated: {listing(skipped, 4)}.")


def note_comparisons(notes: Notes, comparisons: Comparisons, skipped: list[str], target: str | None) -> None:
    """Name the largest difference between groups and the strongest association, and what the tests assume."""
    # What concerns the target is said first; the comparisons are in order otherwise.
    ordered = sorted(comparisons, key=lambda item: (item.adjusted >= 0.05, target not in (item.column, item.by)))
    means = [item for item in ordered if item.groups]
    if means and means[0].adjusted < 0.05:
        notes.found.append(_difference(means[0], _superlative(means[0], means)))
    elif means:
        notes.found.append("No numeric column differs between groups with an adjusted p-value below 0.05.")
    tables = [item for item in ordered if not item.groups]
    if tables and tables[0].adjusted < 0.05:
        top = tables[0]
        notes.found.append(
            f"Of the categories, {top.by} and {top.column} depend on each other{_superlative(top, tables)}: "
            f"Cramér's V = {fixed(top.effect_size)} (0 is none, 1 complete), adjusted p {_compare(top.adjusted)}."
        )
    if any(item.test.startswith("Welch") for item in means):
        notes.assumed.append("The tests of means called Welch's do not assume that the groups vary equally.")
    ranked = [f"{item.column} by {item.by} ({item.reason})" for item in means if item.reason]
    if ranked:
        notes.assumed.append(
            f"Ranks were compared where means might mislead (Mann and Whitney, Kruskal and Wallis): "
            f"{listing(ranked, 3)}."
        )
    noted = [f"{item.column} by {item.by} ({item.note})" for item in means if item.note and FEW_ROWS in item.note]
    if noted:
        notes.assumed.append(f"Small groups tell little: {listing(noted, 3)}.")
    exact = [f"{item.by} and {item.column} ({item.reason})" for item in tables if item.reason]
    if exact:
        notes.assumed.append(f"Fisher's exact test stands in for chi-square for {listing(exact, 3)}.")
    rough = [item for item in tables if item.note]
    if rough:
        named = [f"{item.by} and {item.column}" for item in rough]
        notes.assumed.append(
            f"Chi-square p-values are rough where expected counts are below 5, as some are for {listing(named, 3)}."
        )
    if skipped:
        notes.left_out.append(f"Groups that could not be compared: {listing(skipped, 4)}.")


def _coefficients(item: Correlation) -> str:
    """Both coefficients, the one that decides with its interval."""
    r, rho = f"Pearson's r = {fixed(item.pearson)}", f"Spearman's ρ = {fixed(item.spearman)}"
    low, high = map(fixed, item.spearman_interval if item.skewed else item.confidence_interval)
    first, second = (rho, r) if item.skewed else (r, rho)
    return f"{first} (95 % interval {low} to {high}, {count(item.n, 'row')}), {second}."


def _superlative(item: Comparison, among: list[Comparison]) -> str:
    """Say that an effect is the largest, if there are others and it is."""
    return " most" if len(among) > 1 and all(share(item) >= share(other) for other in among) else ""


def _difference(item: Comparison, superlative: str) -> str:
    """Say how far groups lie apart, in the unit of the column and on a scale of its own."""
    where = attrgetter("median" if item.reason else "mean")
    ordered = sorted(item.groups, key=where)
    low, high = ordered[0], ordered[-1]
    if item.estimate is not None and item.confidence_interval is not None:
        # As the first group less the second, or turned round where the second is the larger.
        first, second = item.groups
        turned = item.effect_size < 0
        high, low = (second, first) if turned else (first, second)
        ends = [-end for end in reversed(item.confidence_interval)] if turned else item.confidence_interval
        by_how_much = f"{number(abs(item.estimate), 3)} (95 % interval {number(ends[0], 3)} to {number(ends[1], 3)})"
    values = f"{number(where(high), 3)} for {high.label} and {number(where(low), 3)} for {low.label}"
    if item.effect == "Cohen's d":
        size = (
            f"on average {values}, a difference of {by_how_much} or {fixed(abs(item.effect_size), 1)} standard "
            "deviations (Cohen's d)"
        )
    elif item.effect == "η²":
        means = [
            f"{number(group.mean, 3)} ({span(group.confidence_interval, 3)}) for {group.label}" for group in (high, low)
        ]
        size = (
            f"on average {' and '.join(means)}, with 95 % intervals; the groups account for "
            f"{percent(item.effect_size)} of its variance (η²)"
        )
    elif item.effect == "ε²":
        size = (
            f"medians of {values}; the groups account for {percent(item.effect_size)} of the variance of its ranks (ε²)"
        )
    else:
        chance = 1 - item.result.probability if turned else item.result.probability
        size = (
            f"medians of {values}; {high.label} is larger in {percent(chance)} of all pairs, and the middle of their "
            f"differences is {by_how_much}"
        )
    return f"{item.column} differs{superlative} by {item.by}: {size}, adjusted p {_compare(item.adjusted)}."


def _compare(p: float) -> str:
    text = pvalue(p)
    return f"< {text[1:]}" if text.startswith("<") else f"= {text}"


def note_tests(notes: Notes, correlations: Correlations, comparisons: Comparisons) -> None:
    """Say what stands behind all p-values: how many there are, over which rows, and what they cannot tell."""
    tests = [(2 * len(correlations), "for correlations"), (len(comparisons), "between groups")]
    made = [(n, what) for n, what in tests if n]
    if not made:
        return
    total = sum(n for n, _ in made)
    shares = made[0][1] if len(made) == 1 else f"({listing([f'{n:,} {what}' for n, what in made])})"
    many = (
        " Among several, a p-value may be small by chance alone; the adjusted ones (Holm) allow for that within each "
        "table. Intervals are for one pair each and not adjusted."
    )
    notes.assumed.append(f"{count(total, 'test')} {was(total)} made {shares}." + (many if total > 1 else ""))
    notes.assumed.append(
        "Rows were taken to be independent observations; each pair of columns was computed over the rows in which "
        "both are "
        "known. None of this shows what causes what."
    )
