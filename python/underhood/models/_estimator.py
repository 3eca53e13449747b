"""What all estimators share: parameters that can be read and set, a display, and manners towards scikit-learn."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from difflib import get_close_matches
from html import escape
from types import FunctionType
from typing import Any, ClassVar, Self

import numpy as np

from underhood._results import html_table
from underhood.models._input import read_matrix, same_kind
from underhood.models._only_where import OnlyWhere, only_where
from underhood.models._warnings import NotFittedError, kin

__all__ = ["Estimator", "Text", "first_and_last", "linear_formula"]


class Text(str):
    """Text that shows itself as it is when it ends a notebook cell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


_PARAMETERS: dict[type, dict[str, Any]] = {}
"""Names and defaults of each class's parameters, looked up once."""


def _defaults(kind: type) -> dict[str, Any]:
    if kind not in _PARAMETERS:
        _PARAMETERS[kind] = {name: p.default for name, p in inspect.signature(kind).parameters.items()}
    return _PARAMETERS[kind]


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method so that what it refuses is told in its own name, whichever function inside it refused."""
    name = method.__name__

    @functools.wraps(method)
    def told(self: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return method(self, *arguments, **options)
        except (TypeError, ValueError) as error:
            _tell(error, type(self), name)
            raise

    return told


def _tell(error: Exception, kind: type, method: str) -> None:
    """Put the method that was called in the place of the function that a message begins with, if it is one of ours."""
    inner, colon, problem = str(error).partition(":")
    owner, _, function = inner.rpartition(".")
    ours = sys.modules["underhood.models"].__all__
    if owner:
        known = owner in ours or any(owner == one.__name__ for one in kind.__mro__)
    else:
        known = function in ours or hasattr(kind, function)
    if colon and known:
        error.args = (f"{kind.__name__}.{method}:{problem}",)


def _keeps_none(model: Any, method: str) -> str | None:
    """Say why a model has no picture of its training, if it has none."""
    if "keep_history" in _defaults(type(model)):
        return None
    name = type(model).__name__
    return f"{name} has no {method}: what it learns it learns in one go, without steps; explain() says how"


def _knowing(init: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``__init__`` so that it says which parameters there are if it is given another."""

    @functools.wraps(init)
    def made(self: Any, *arguments: Any, **parameters: Any) -> None:
        try:
            init(self, *arguments, **parameters)
        except TypeError:
            for name in parameters:
                if name not in _defaults(type(self)):
                    raise TypeError(f"{type(self).__name__}: {_no_parameter(name, type(self))}") from None
            raise

    return made


def _no_parameter(name: str, kind: type) -> str:
    known = list(_defaults(kind))
    near = get_close_matches(name, known, 1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return f"there is no parameter {name!r}{meant}; there are {', '.join(known)}"


class Estimator:
    """Parameters are the keywords of ``__init__``; what ``fit`` learns ends in an underscore.

    The protocol is scikit-learn's, so estimators work in its pipelines, searches and cross-validation; scikit-learn
    itself is not needed.
    """

    _kind: ClassVar[str] = "classifier"
    """What scikit-learn calls the type: classifier, regressor, clusterer, density_estimator, transformer."""
    _pass: ClassVar[str] = "epochs"
    """What ``n_iter_`` counts."""
    n_features_in_: int
    n_iter_: int
    stop_reason_: str
    history_: Any
    _weighted: bool
    _as_fitted: dict[str, Any]
    """The parameters that the model was fitted with; those of the next fit may be others."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Let every public method tell what it refuses in its own name; ``fit`` names itself."""
        super().__init_subclass__(**options)
        for name, member in list(vars(cls).items()):
            if isinstance(member, FunctionType) and not name.startswith("_") and name != "fit":
                setattr(cls, name, _telling(member))
        if "__init__" in vars(cls):
            cls.__init__ = _knowing(cls.__init__)  # type: ignore[method-assign]

    def __dir__(self) -> list[str]:
        """Leave out methods that this object does not have."""
        kind = type(self)
        return [
            name
            for name in super().__dir__()
            if not isinstance(inspect.getattr_static(kind, name, None), OnlyWhere) or hasattr(self, name)
        ]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the parameters by name.

        Parameters
        ----------
        deep : bool
            Accepted for scikit-learn's sake; no parameter is an estimator.

        Returns
        -------
        dict
        """
        return {name: getattr(self, name) for name in _defaults(type(self))}

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no parameter of that name.
        """
        known = _defaults(type(self))
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"{type(self).__name__}.set_params: {_no_parameter(name, type(self))}")
            setattr(self, name, value)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return "n_features_in_" in self.__dict__

    def __sklearn_tags__(self) -> Any:
        # Only scikit-learn calls this.
        from sklearn.utils import (  # type: ignore[import-untyped]
            ClassifierTags,
            RegressorTags,
            Tags,
            TargetTags,
            TransformerTags,
        )

        supervised = self._kind in ("classifier", "regressor")
        return Tags(
            estimator_type=None if self._kind == "transformer" else self._kind,
            target_tags=TargetTags(required=supervised),
            transformer_tags=TransformerTags() if hasattr(self, "transform") else None,
            classifier_tags=ClassifierTags() if self._kind == "classifier" else None,
            regressor_tags=RegressorTags() if self._kind == "regressor" else None,
        )

    def _require_fit(self, method: str) -> None:
        if "n_features_in_" not in self.__dict__:
            name = type(self).__name__
            raise kin(NotFittedError)(f"{name}.{method}: this {name} is not fitted yet; call fit(X, …) first")

    def _flag(self, name: str) -> bool:
        """Give a parameter that is either on or off: a text such as "no" would count as on."""
        value = getattr(self, name)
        if isinstance(value, (bool, np.bool_)) or (isinstance(value, (int, np.integer)) and value in (0, 1)):
            return bool(value)
        raise ValueError(f"{type(self).__name__}.fit: {name} is {value!r}, but must be True or False")

    def _remember_features(self, X: Any, read: Any, weights: Any = None) -> None:
        """Keep the number of columns, and their names if all are texts; and whether rows had weights."""
        self.n_features_in_ = read.shape[1]
        self._weighted = weights is not None
        self.__dict__.pop("feature_names_in_", None)
        columns = getattr(X, "columns", None)
        if columns is not None and all(isinstance(name, str) for name in columns):
            self.feature_names_in_ = np.array(list(columns), dtype=object)
        self._remember_parameters()

    def _remember_parameters(self) -> None:
        """Keep what the fit was made with: predictions must not change when a parameter does."""
        own = self.__dict__
        self._as_fitted = {name: own[name] for name in _defaults(type(self))}

    def _check_features(self, method: str, X: Any, read: Any) -> None:
        """Refuse other columns than the model was fitted with."""
        name = type(self).__name__
        if read.shape[1] != self.n_features_in_:
            raise ValueError(
                f"{name}.{method}: X has {read.shape[1]} features, but {name} is expecting {self.n_features_in_} "
                "features as input"
            )
        names = self.__dict__.get("feature_names_in_")
        columns = getattr(X, "columns", None)
        if names is not None and columns is not None:
            same_kind(f"{name}.{method}", columns, names)

    def _read(self, method: str, X: Any) -> Any:
        """Read the rows that a fitted model is asked about."""
        self._require_fit(method)
        read = read_matrix(f"{type(self).__name__}.{method}", X)
        self._check_features(method, X, read)
        return read

    def _feature_names(self) -> list[str]:
        names = self.__dict__.get("feature_names_in_")
        return [f"x{j}" for j in range(self.n_features_in_)] if names is None else [str(name) for name in names]

    def __repr__(self) -> str:
        changed = [
            f"{name}={getattr(self, name)!r}"
            for name, default in _defaults(type(self)).items()
            if not _same(getattr(self, name), default)
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    # What a reader sees.

    def _rule(self) -> list[str]:
        """Objective, gradient and update rule in lines of text."""
        raise NotImplementedError

    def _findings(self) -> list[str]:
        """Tell in lines of text what the fit found."""
        raise NotImplementedError

    def explain(self) -> Text:
        """Say in words what was minimised, by which rule, why it stopped, and what came out.

        Returns
        -------
        str
            Text that prints as a block.
        """
        self._require_fit("explain")
        # The parameters may have been set anew since; the words are about those of the fit.
        told = object.__new__(type(self))
        told.__dict__ = self.__dict__ | self._as_fitted
        lines = [repr(told), "", *told._rule(), ""]
        if self._weighted:
            lines.insert(-1, "Rows had weights: in every sum, mean or step over rows above, each counts by its own.")
        if repr(told) != repr(self):
            lines.insert(1, f"(Set since, for the next fit: {self!r}.)")
        if "stop_reason_" in self.__dict__:
            lines += [f"{self._passes()}: {self.stop_reason_}", ""]
        return Text("\n".join([*lines, *told._findings()]))

    def _passes(self) -> str:
        """Say how many passes were made; of several fits in one, of each."""
        counts = np.ravel(self.n_iter_).tolist()
        if not any(counts):
            return f"No {self._pass}"
        return f"Stopped after {', '.join(map(str, counts))} {self._pass if max(counts) > 1 else self._pass[:-1]}"

    @only_where(_keeps_none)
    def plot_history(self, ax: Any = None) -> Any:
        """Draw what the history holds of every pass: the loss, and beside it what shows how near the end was.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        ValueError
            If there is no history: it was not kept, or no pass was needed.
        """
        self._require_fit("plot_history")
        if self.history_ is None:
            reason = "fit with keep_history=True" if not self._as_fitted["keep_history"] else self.stop_reason_
            raise ValueError(f"{type(self).__name__}.plot_history: there is no history; {reason}")
        return self._draw_history(ax)

    def _draw_history(self, ax: Any) -> Any:
        from underhood.models._plots import plot_history

        return plot_history(self, ax)

    def _facts(self) -> list[tuple[str, str]]:
        """Label and text of what the fit found, for the display."""
        return []

    def _repr_html_(self) -> str:
        rows = [(name, repr(getattr(self, name))) for name in _defaults(type(self))]
        state = "fitted" if self.__sklearn_is_fitted__() else "not fitted"
        table = html_table(None, rows + (self._facts() if state == "fitted" else []))
        return f"<p><b>{escape(type(self).__name__)}</b> ({state})</p>{table}"


def _same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and bool(a == b))


def first_and_last(parts: list[str], indent: str = "") -> list[str]:
    """Of more than twelve parts keep the first eight and the last two, and say how many are left out."""
    return parts if len(parts) <= 12 else [*parts[:8], f"{indent}… ({len(parts) - 10} more) …", *parts[-2:]]


def linear_formula(weights: Any, bias: float, names: list[str]) -> str:
    """Write w·x + b with the features' names; of many only the first and the last. A bias of zero is not written."""
    terms = first_and_last([f"{weight:+.4g}·{name}" for weight, name in zip(weights, names, strict=True)])
    return " ".join([*terms, *([f"{bias:+.4g}"] if bias else [])]).lstrip("+")
