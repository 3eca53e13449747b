"""Learning rules side by side: from the same start, on the same rows, in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result, format_value, html_table, text_table
from underhood.models._adaline import Adaline
from underhood.models._clone import clone
from underhood.models._folds import permutation, seeds
from underhood.models._input import read_doubles, read_labels, read_matrix, read_target
from underhood.models._learning_rules import RULES, train
from underhood.models._logistic import LogisticRegression
from underhood.models._perceptron import Perceptron
from underhood.models._warnings import DivergenceWarning, warn_the_caller

__all__ = ["RuleComparison", "RuleSteps", "compare_rules"]

_Floats = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class RuleSteps(Result):
    """What one rule did, step by step.

    Attributes
    ----------
    name : str
        The model's class.
    target, activation, loss, update : str
        The rule in formulas.
    weights : ndarray, shape (steps + 1, features)
        Before the first step and after each.
    bias : ndarray, shape (steps + 1,)
        Likewise.
    z : ndarray, shape (steps,)
        Net input of the row presented, before its step.
    output : ndarray, shape (steps,)
        The activation of z.
    error : ndarray, shape (steps,)
        What the step multiplies η·x by: 0 where the rule left the weights alone.
    row_loss : ndarray, shape (steps,)
        Loss of the row presented, before its step.
    wrong : ndarray of int, shape (steps + 1,)
        Rows on the wrong side, of all: before the first step and after each.
    fitted : estimator
        The finished fit of the model itself, by its own solver.
    score : float
        Share of rows that the finished fit gets right.
    """

    name: str
    target: str
    activation: str
    loss: str
    update: str
    weights: _Floats
    bias: _Floats
    z: _Floats
    output: _Floats
    error: _Floats
    row_loss: _Floats
    wrong: NDArray[np.int64]
    fitted: Any
    score: float

    def _title(self) -> str:
        return f"{self.name}: {len(self.z)} steps"

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("target", self.target), ("activation", self.activation), ("loss", self.loss), ("update", self.update),
            ("weights", format_value(self.weights[-1])), ("bias", format_value(self.bias[-1])),
            ("wrong rows", f"{self.wrong[0]} → {self.wrong[-1]}"), ("finished fit", _finished(self)),
        ]  # fmt: skip


def _finished(one: RuleSteps) -> str:
    weights = ", ".join(format_value(float(w), 4) for w in one.fitted.coef_[0][:4])
    more = ", …" if one.fitted.coef_.shape[1] > 4 else ""
    return f"w = ({weights}{more}), b = {format_value(float(one.fitted.intercept_[0]), 4)}; {one.score:.1%} right"


@dataclass(slots=True, repr=False, eq=False)
class RuleComparison(Result):
    """Learning rules side by side; ``comparison["Adaline"]`` has the numbers of one.

    Attributes
    ----------
    rules : list of RuleSteps
        In the order of ``models``.
    classes : ndarray
        Both labels; the second is y = +1 (or 1).
    order : ndarray of int, shape (n_steps,)
        The rows in the order in which they were presented.
    learning_rate : float
        η, the same for all.
    feature_names : list of str
        Names of the columns.
    """

    rules: list[RuleSteps]
    classes: NDArray[Any]
    order: NDArray[np.int64]
    learning_rate: float
    feature_names: list[str]
    _X: _Floats
    _codes: NDArray[np.int64]

    def __getitem__(self, name: Any) -> RuleSteps:
        if isinstance(name, str):
            for one in self.rules:
                if one.name == name:
                    return one
            raise KeyError(f"there is no rule {name!r}; there are {', '.join(one.name for one in self.rules)}")
        chosen: RuleSteps = self.rules[name]
        return chosen

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Any:
        return iter(self.rules)

    def _title(self) -> str:
        names = ", ".join(one.name for one in self.rules)
        return f"{names}: the same {len(self.order)} rows, one at a time, with η = {self.learning_rate:g}"

    def formulas(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows of a table of what differs: activation, loss and update."""
        return ["", "target", "activation", "loss", "update"], [
            [one.name, one.target, one.activation, one.loss, one.update] for one in self.rules
        ]

    def table(self, first: int = 1, last: int | None = None) -> tuple[list[str], list[list[str]]]:
        """Header and rows of a table of steps: for each rule z, the error of the row, and weights and bias after it.

        Parameters
        ----------
        first, last : int, optional
            Which steps, counted from 1; by default all.

        Returns
        -------
        header : list of str
        rows : list of list of str
        """
        names = self.feature_names if len(self.feature_names) <= 4 else []
        header = ["step", "row", "class"]
        for one in self.rules:
            header += [f"{one.name}: z", "error", *(f"w({name})" for name in names), "b", "wrong rows"]
        rows = []
        for step in range(max(first, 1), min(last or len(self.order), len(self.order)) + 1):
            row = int(self.order[step - 1])
            cells = [str(step), str(row), str(self.classes[self._codes[row]])]
            for one in self.rules:
                if step > len(one.z):
                    cells += ["—"] * (4 + len(names))
                    continue
                numbers = [one.z[step - 1], one.error[step - 1]]
                numbers += list(one.weights[step]) if names else []
                cells += [f"{number + 0.0:.4g}" for number in [*numbers, one.bias[step]]] + [str(one.wrong[step])]
            rows.append(cells)
        return header, rows

    def _shown(self) -> list[tuple[RuleSteps, list[str], list[list[str]]]]:
        """Give each rule's own table: the first steps and the last."""
        names = self.feature_names if len(self.feature_names) <= 4 else []
        found = []
        for one in self.rules:
            weights = [f"w({name})" for name in names]
            header = ["step", "row", "class", "z", "output", "error", *weights, "b", "wrong rows"]
            rows = []
            for step in range(len(one.z) + 1):
                if 8 < step < len(one.z) - 1:
                    if step == 9:
                        rows.append(["…"] * len(header))
                    continue
                cells = [str(step), "", "", "", "", ""]
                if step:
                    row = int(self.order[step - 1])
                    cells = [str(step), str(row), str(self.classes[self._codes[row]])]
                    cells += [f"{values[step - 1] + 0.0:.4g}" for values in (one.z, one.output, one.error)]
                numbers = [*(one.weights[step] if names else []), one.bias[step]]
                rows.append([*cells, *(f"{number + 0.0:.4g}" for number in numbers), str(one.wrong[step])])
            found.append((one, header, rows))
        return found

    def __repr__(self) -> str:
        parts = [self._title(), f"z = w·x + b; the second class is {self.classes.tolist()[1]!r}", ""]
        parts.append(text_table(*self.formulas(), "lllll"))
        for one, header, rows in self._shown():
            parts += ["", f"{one.name}   {one.update}", text_table(header, rows, "rrl" + "r" * (len(header) - 3))]
            parts.append(f"finished fit: {_finished(one)}")
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{escape(self._title())}</b></p>", html_table(*self.formulas(), "lllll")]
        for one, header, rows in self._shown():
            parts.append(f"<p><b>{escape(one.name)}</b>: {escape(one.update)}</p>")
            parts.append(html_table(header, rows, "rrl" + "r" * (len(header) - 3)))
            parts.append(f"<p>finished fit: {escape(_finished(one))}</p>")
        return "".join(parts)

    def plot(self, steps: Any = None) -> Any:
        """Draw the regions of every rule at some steps, and those of its finished fit.

        A ring marks the row that was presented last. Of more than two features the picture is the plane of the first
        two principal directions, as in ``plot_boundary``.

        Parameters
        ----------
        steps : sequence of int, optional
            Which steps; 0 is the start. By default five of them, closer together at the start.

        Returns
        -------
        matplotlib Figure

        Raises
        ------
        ValueError
            If there is no such step.
        """
        from underhood.models._rule_pictures import figure

        return figure(self, steps)

    def animate(self, kind: str = "html", *, frames: int | None = None) -> Any:
        """Show the boundaries of all rules moving side by side, step by step.

        Parameters
        ----------
        kind : {"html", "frames"}, default "html"
            ``"html"``: a page in itself, with play, pause and a slider, that a notebook shows and keeps; it needs no
            network and no other program. ``"frames"``: a still picture of several moments.
        frames : int, optional
            How many moments; by default up to 150 in the page and 5 in the picture, closer together at the start.

        Returns
        -------
        Animation or matplotlib Figure
            An animation shows itself in Jupyter; ``.html`` is its page and ``.save("rules.html")`` writes it.

        Raises
        ------
        ValueError
            If an option is none of those above.
        """
        from underhood.models._rule_pictures import moving

        return moving(self, kind, frames)


def compare_rules(
    X: ArrayLike,
    y: ArrayLike,
    models: Any = (Perceptron, Adaline, LogisticRegression),
    *,
    learning_rate: float = 0.1,
    n_steps: int = 50,
    shuffle: bool = True,
    random_state: Any = 0,
    initial_weights: ArrayLike | None = None,
    initial_bias: float = 0.0,
) -> RuleComparison:
    """Train learning rules from the same start on the same rows in the same order, and show what differs.

    Perceptron, Adaline and logistic regression share the net input z = w·x + b and the step w ← w + η·(error)·x. They
    differ in the error alone: what they make of z (the activation), and how bad they find it (the loss). Here all are
    given one row at a time, so that their numbers can be held against each other; then each is fitted as a whole by its
    own solver.

    Parameters
    ----------
    X : array_like, shape (rows, features)
        Columns of about the same size (:class:`StandardScaler`), else the same η is too large for one rule and too
        small for another.
    y : array_like, shape (rows,)
        Labels of two classes.
    models : sequence of estimators or their classes, default (Perceptron, Adaline, LogisticRegression)
        ``LinearSVC`` is known too. The parameters of objects are used by the finished fits.
    learning_rate : float, default 0.1
        η, the same for all.
    n_steps : int, default 50
        How many rows are presented; when all have been, they come again.
    shuffle : bool, default True
        Present the rows in random order, a new one for each epoch; otherwise in their own.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the order.
    initial_weights : array_like, shape (features,), optional
        Where all start; zero by default.
    initial_bias : float, default 0.0
        Likewise.

    Returns
    -------
    RuleComparison
        Prints as formulas and tables; ``.plot()`` and ``.animate()`` show the boundaries moving.

    Warns
    -----
    DivergenceWarning
        If a rule's numbers left the range of doubles; its steps end there.
    ConvergenceWarning
        If a finished fit did not converge.

    Raises
    ------
    ValueError
        If there are not two classes, shapes do not fit, X holds a NaN or an infinity, or an option is out of range.
    TypeError
        If a model is none whose rule is known.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], ["a", "a", "b", "b"]
    >>> found = uh.models.compare_rules(X, y, n_steps=2, shuffle=False)
    >>> for rule in found:
    ...     print(rule.name, rule.update, rule.weights[:, 0].round(3))
    Perceptron where y·z ≤ 0:  w ← w + η·y·x,  b ← b + η·y [0.  0.2 0.2]
    Adaline w ← w + 2η·(y − z)·x,  b ← b + 2η·(y − z) [0.  0.4 0.48]
    LogisticRegression w ← w + η·(y − σ(z))·x,  b ← b + η·(y − σ(z)) [0.   0.1  0.146]
    """
    function = "compare_rules"
    read = read_matrix(function, X)
    rows = read_doubles(function, read)
    classes, codes = read_labels(function, y, len(rows))
    if len(classes) != 2:
        raise ValueError(f"{function}: y has {len(classes)} classes, but one plane tells two apart; choose two of them")
    chosen = _estimators(function, models)
    rate = _number(function, "learning_rate", learning_rate)
    if not rate > 0:
        raise ValueError(f"{function}: learning_rate is {rate:g}, but must be positive")
    if isinstance(n_steps, bool) or not isinstance(n_steps, int | np.integer) or n_steps < 1:
        raise ValueError(f"{function}: n_steps is {n_steps!r}, but must be a whole number of at least 1")
    start = np.zeros(rows.shape[1])
    if initial_weights is not None:
        start = _start(function, initial_weights, rows.shape[1])
    bias = _number(function, "initial_bias", initial_bias)

    epochs = -(-int(n_steps) // len(rows))
    orders = seeds(function, random_state, epochs) if shuffle else [None] * epochs
    order = np.concatenate([np.arange(len(rows)) if seed is None else permutation(len(rows), seed) for seed in orders])
    order = order[:n_steps]
    found = []
    for model in chosen:
        name = type(model).__name__
        steps = train(RULES[name], rows, codes, order, rate, start, bias)
        if len(steps[2]) < n_steps:
            warn_the_caller(
                DivergenceWarning,
                f"{function}: after {len(steps[2])} steps the numbers of {name} left the range of doubles: "
                f"learning_rate={rate:g} is too large for these columns; standardise them",
            )
        rule = RULES[name]
        try:
            fitted = model.fit(rows, classes[codes])
        except (TypeError, ValueError) as error:
            raise type(error)(f"{function}: {error}") from None
        score = float(np.mean(fitted.predict(rows) == classes[codes]))
        found.append(RuleSteps(name, rule.target, rule.activation, rule.loss, rule.update, *steps, fitted, score))
    columns = getattr(X, "columns", None)
    names = [f"x{j}" for j in range(rows.shape[1])] if columns is None else [str(name) for name in columns]
    return RuleComparison(found, classes, order, rate, names, rows, codes)


def _estimators(function: str, models: Any) -> list[Any]:
    """Give fresh objects of models that were given as classes or objects."""
    if isinstance(models, str) or not hasattr(models, "__iter__"):
        raise TypeError(f"{function}: models must be a sequence of estimators or their classes")
    chosen = []
    for model in models:
        kind = model if isinstance(model, type) else type(model)
        if kind.__name__ not in RULES or not kind.__module__.startswith("underhood."):
            raise TypeError(
                f"{function}: models has {kind.__name__}, but the rules that are known are those of {', '.join(RULES)}"
            )
        chosen.append(kind() if isinstance(model, type) else clone(model))
    if not chosen:
        raise ValueError(f"{function}: models is empty, but at least one is needed")
    return chosen


def _number(function: str, argument: str, value: Any) -> float:
    if np.ndim(value) or np.asarray(value).dtype.kind not in "iuf":
        raise TypeError(f"{function}: {argument} is a {type(value).__name__}, but must be a number")
    if not np.isfinite(value):
        raise ValueError(f"{function}: {argument} is {value}, but must be finite")
    return float(value)


def _start(function: str, weights: Any, features: int) -> _Floats:
    start: _Floats = read_target(function, weights, None, "initial_weights")
    if start.shape != (features,):
        raise ValueError(f"{function}: initial_weights has {start.size} entries, but X has {features} features")
    return start
