"""The steps of a pipeline: their names and parameters, what they are as one estimator, and how they are shown."""

from __future__ import annotations

from html import escape
from typing import Any, Self

from underhood._results import html_table
from underhood.models._clone import is_classifier, is_fitted
from underhood.models._estimator import Estimator, Text
from underhood.models._warnings import NotFittedError, kin

__all__ = ["Steps", "idle"]


class _Named(dict[str, Any]):
    """A dictionary whose values are attributes too."""

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(f"there is no step {name!r}; there are {', '.join(self)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


class Steps(Estimator):
    """Named estimators in a row, read and set like one."""

    def __init__(self, steps: Any) -> None:
        self.steps = steps

    # The steps.

    def _checked(self, method: str) -> list[tuple[str, Any]]:
        """Give the steps, or say what is wrong with them."""
        function = f"Pipeline.{method}"
        try:
            steps = [(name, step) for name, step in self.steps]
        except (TypeError, ValueError):
            raise TypeError(f"{function}: steps must be a list of pairs of a name and an estimator") from None
        if not steps:
            raise ValueError(f"{function}: steps is empty, but a pipeline needs at least one")
        names = [name for name, _ in steps]
        for name in names:
            if not isinstance(name, str) or "__" in name or not name or name == "steps":
                raise ValueError(
                    f"{function}: steps has the name {name!r}, but a name is a text without double underscores, other "
                    "than 'steps'"
                )
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"{function}: steps has two of the name {twice!r}")
        for name, step in steps:
            if isinstance(step, type):
                raise TypeError(f"{function}: step {name!r} is the class {step.__name__}; pass {step.__name__}()")
            last = name == names[-1]
            if not idle(step) and not (hasattr(step, "fit") and (last or hasattr(step, "transform"))):
                needed = "fit" if last else "fit and transform"
                raise TypeError(f"{function}: step {name!r} is a {type(step).__name__}, which has no {needed}")
        return steps

    def _last(self) -> Any:
        """Give the last step; None if it does nothing."""
        try:
            last = self.steps[-1][1]
        except (TypeError, IndexError):
            return None
        return None if idle(last) else last

    @property
    def named_steps(self) -> dict[str, Any]:
        """The steps by name: ``named_steps["scaler"]``, or ``named_steps.scaler``."""
        return _Named(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: Any) -> Any:
        """Give a step by its name or place; of a slice, a pipeline of those steps."""
        if isinstance(index, slice):
            return type(self)(self.steps[index])
        if isinstance(index, str):
            named = self.named_steps
            if index not in named:
                raise KeyError(f"there is no step {index!r}; there are {', '.join(named)}")
            return named[index]
        return self.steps[index][1]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the parameters by name.

        Parameters
        ----------
        deep : bool
            Give those of the steps too, as ``name__parameter``.

        Returns
        -------
        dict
        """
        found: dict[str, Any] = {"steps": self.steps}
        if deep:
            for name, step in self.steps:
                found[name] = step
                if hasattr(step, "get_params") and not isinstance(step, type):
                    found |= {f"{name}__{key}": value for key, value in step.get_params().items()}
        return found

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name: ``steps``, a step by its own name, or ``name__parameter`` of a step.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is no step or parameter of that name.
        """
        if "steps" in params:
            self.steps = params.pop("steps")
        of_steps: dict[str, dict[str, Any]] = {}
        for key, value in params.items():
            name, nested, parameter = key.partition("__")
            if name not in self.named_steps:
                known = ", ".join(["steps", *self.named_steps])
                raise ValueError(f"Pipeline.set_params: there is no parameter {key!r}; there are {known}")
            if nested:
                of_steps.setdefault(name, {})[parameter] = value
            else:
                self.steps = [(other, value if other == name else step) for other, step in self.steps]
        for name, values in of_steps.items():
            self.named_steps[name].set_params(**values)
        return self

    def _first(self) -> Any:
        return next((step for _, step in self.steps if not idle(step)), None)

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not found: learned attributes are those of the first or last step.
        if name in ("n_features_in_", "feature_names_in_", "classes_", "n_iter_") and "steps" in self.__dict__:
            step = self._first() if name.endswith("_in_") else self._last()
            if step is not None and hasattr(step, name):
                return getattr(step, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    # Manners towards scikit-learn.

    @property
    def _kind(self) -> str:  # type: ignore[override]
        last = self._last()
        if last is None:
            return "transformer"
        return "classifier" if is_classifier(last) else getattr(last, "_kind", None) or _sklearn_kind(last)

    def __sklearn_is_fitted__(self) -> bool:
        fitted = [is_fitted(step) for _, step in self.steps if not idle(step)]
        return not fitted or fitted[-1]

    def __sklearn_tags__(self) -> Any:
        # Only scikit-learn calls this.
        from sklearn.utils import get_tags  # type: ignore[import-untyped]

        last = self._last()
        return super().__sklearn_tags__() if last is None else get_tags(last)

    def _require_fit(self, method: str) -> None:
        if not self.__sklearn_is_fitted__():
            raise kin(NotFittedError)(f"Pipeline.{method}: this Pipeline is not fitted yet; call fit(X, …) first")

    # What a reader sees.

    def explain(self) -> Text:
        """Let each step say what it does and what it found.

        Returns
        -------
        str
            Text that prints as a block.
        """
        self._require_fit("explain")
        parts = [f"A pipeline of {len(self.steps)} steps; each learns from what the one before it makes."]
        for number, (name, step) in enumerate(self.steps, 1):
            told = step.explain() if hasattr(step, "explain") else ("does nothing" if idle(step) else repr(step))
            parts.append(f"{number}. {name}: {told}")
        return Text("\n\n".join(parts))

    def _feature_names(self) -> list[str]:
        names = getattr(self, "feature_names_in_", None)
        return [f"x{j}" for j in range(self.n_features_in_)] if names is None else [str(name) for name in names]

    def _repr_html_(self) -> str:
        state = "fitted" if self.__sklearn_is_fitted__() else "not fitted"
        return f"<p><b>{escape(type(self).__name__)}</b> ({state})</p>" + html_table(
            None, [(name, repr(step)) for name, step in self.steps]
        )


def idle(step: Any) -> bool:
    """Whether a step does nothing."""
    return step is None or (isinstance(step, str) and step == "passthrough")


def _sklearn_kind(estimator: Any) -> str:
    tags = getattr(estimator, "__sklearn_tags__", None)
    return (tags().estimator_type if tags is not None else None) or "transformer"
