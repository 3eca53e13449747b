"""Steps one after the other, fitted together: what is learned from the training rows stays with them."""

from __future__ import annotations

from typing import Any, Self

from numpy.typing import ArrayLike

from underhood.models._only_where import only_where
from underhood.models._steps import Steps, idle
from underhood.models._warnings import retold

__all__ = ["Pipeline", "make_pipeline"]


def _last_lacks(pipeline: Any, name: str) -> str | None:
    """Say why a pipeline lacks a method, if its last step does; what can be fitted and can transform can do both."""
    last = pipeline._last()
    if last is None or hasattr(last, name) or (name == "fit_transform" and hasattr(last, "transform")):
        return None
    return f"this Pipeline has no {name}, since its last step, {last!r}, has none"


class Pipeline(Steps):
    """Transformers one after the other, and a model at the end that sees what they make.

    Cross-validation and ``train_test_split`` are honest only if everything is learned from training rows alone, scaling
    included. A pipeline does that by itself: ``fit`` fits each step to what the one before it makes of the training
    rows, and ``predict`` sends new rows through the same steps.

    Parameters
    ----------
    steps : list of (str, estimator)
        Names and steps. All but the last have ``transform``; "passthrough" or None is a step that does nothing.
        Parameters of a step are reached as ``name__parameter``.

    Attributes
    ----------
    named_steps : dict
        The steps by name.
    classes_ : ndarray
        The last step's classes, if it has them.
    n_features_in_ : int
        Number of features of the first step.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    make_pipeline

    Notes
    -----
    The interface is scikit-learn's (whose pipelines take these estimators as well); its caching and its metadata
    routing are left out.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[1.0, 200.0], [2.0, 100.0], [3.0, 500.0], [4.0, 600.0]], ["small", "small", "large", "large"]
    >>> pipeline = uh.models.Pipeline([("scale", uh.models.StandardScaler()), ("model", uh.models.Adaline())])
    >>> pipeline.fit(X, y).predict([[2.0, 550.0]])
    array(['large'], dtype='<U5')
    >>> pipeline.set_params(model__learning_rate=0.1)["model"]
    Adaline(learning_rate=0.1)
    """

    # Fitting and using.

    def fit(self, X: ArrayLike, y: Any = None, **params: Any) -> Self:
        """Fit each step to what the one before it makes of the rows.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,), optional
        **params
            Arguments for the steps' ``fit``, as ``name__argument=value``.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If an argument is for no step, or a step refuses its rows.
        TypeError
            If the steps are none.
        """
        X, last, options = self._fit_transformers("fit", X, y, params)
        if last is not None:
            last.fit(X, y, **options)
        return self

    @only_where(_last_lacks)
    def fit_transform(self, /, X: ArrayLike, y: Any = None, **params: Any) -> Any:
        """Fit the steps, and give what the last one makes of the rows.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,), optional
        **params
            Arguments for the steps' ``fit``, as ``name__argument=value``.

        Returns
        -------
        ndarray or frame
        """
        X, last, options = self._fit_transformers("fit_transform", X, y, params)
        return X if last is None else _fitted_and_transformed(last, X, y, options)

    def _fit_transformers(self, method: str, X: Any, y: Any, params: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        """Fit all steps but the last; give what they make, the last one and its options."""
        steps = self._checked(method)
        options: dict[str, dict[str, Any]] = {name: {} for name, _ in steps}
        for key, value in params.items():
            name, nested, argument = key.partition("__")
            if name not in options or not nested:
                raise ValueError(
                    f"Pipeline.{method}: {key} is for no step; write the step's name before it, such as "
                    f"{steps[-1][0]}__{key}"
                )
            options[name][argument] = value
        for name, step in steps[:-1]:
            if not idle(step):
                X = _fitted_and_transformed(step, X, y, options[name])
        name, last = steps[-1]
        return X, None if idle(last) else last, options[name]

    def _before_last(self, method: str, X: Any) -> Any:
        """Give what all steps but the last make of rows."""
        steps = self._checked(method)
        self._require_fit(method)
        for _, step in steps[:-1]:
            if not idle(step):
                X = step.transform(X)
        return X

    @only_where(_last_lacks)
    def predict(self, /, X: ArrayLike, **params: Any) -> Any:
        """Send rows through the steps and let the last one predict.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        **params
            Arguments for the last step's ``predict``.

        Returns
        -------
        ndarray
        """
        return self._need("predict").predict(self._before_last("predict", X), **params)

    @only_where(_last_lacks)
    def fit_predict(self, /, X: ArrayLike, y: Any = None, **params: Any) -> Any:
        """Fit the steps, and give the clusters that the last one finds.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for scikit-learn's sake.
        **params
            Arguments for the steps' ``fit``, as ``name__argument=value``.

        Returns
        -------
        ndarray of int
        """
        X, _, options = self._fit_transformers("fit_predict", X, y, params)
        return self._need("fit_predict").fit_predict(X, y, **options)

    @only_where(_last_lacks)
    def score_samples(self, X: ArrayLike) -> Any:
        """Send rows through the steps and let the last one give their log-likelihoods.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray
        """
        return self._need("score_samples").score_samples(self._before_last("score_samples", X))

    @only_where(_last_lacks)
    def predict_proba(self, /, X: ArrayLike, **params: Any) -> Any:
        """Send rows through the steps and let the last one give probabilities.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
        """
        return self._need("predict_proba").predict_proba(self._before_last("predict_proba", X), **params)

    @only_where(_last_lacks)
    def predict_log_proba(self, /, X: ArrayLike, **params: Any) -> Any:
        """Send rows through the steps and let the last one give logarithms of probabilities.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
        """
        return self._need("predict_log_proba").predict_log_proba(self._before_last("predict_log_proba", X), **params)

    @only_where(_last_lacks)
    def decision_function(self, X: ArrayLike) -> Any:
        """Send rows through the steps and let the last one give its net inputs.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray
        """
        return self._need("decision_function").decision_function(self._before_last("decision_function", X))

    @only_where(_last_lacks)
    def transform(self, X: ArrayLike) -> Any:
        """Send rows through all steps.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray or frame
        """
        X = self._before_last("transform", X)
        last = self._last()
        return X if last is None else last.transform(X)

    @only_where(_last_lacks)
    def inverse_transform(self, X: ArrayLike) -> Any:
        """Send rows back through all steps, the last one first.

        Parameters
        ----------
        X : array_like, shape (rows, features that come out)

        Returns
        -------
        ndarray
        """
        self._require_fit("inverse_transform")
        for _, step in reversed(self._checked("inverse_transform")):
            if not idle(step):
                X = step.inverse_transform(X)
        return X

    @only_where(_last_lacks)
    def score(self, /, X: ArrayLike, y: Any = None, **params: Any) -> Any:
        """Send rows through the steps and let the last one score itself.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,), optional
        **params
            Arguments for the last step's ``score``, such as ``sample_weight``.

        Returns
        -------
        float
        """
        # scikit-learn's pipelines are called with sample_weight=None too, which not every score knows.
        given = {name: value for name, value in params.items() if value is not None}
        return self._need("score").score(self._before_last("score", X), y, **given)

    def _need(self, method: str) -> Any:
        last = self._last()
        if last is None:
            raise AttributeError(f"this Pipeline has no {method}, since its last step does nothing")
        return last

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Names of the columns that come out of the last step.

        Parameters
        ----------
        input_features : sequence of str, optional
            Names of the columns that go in, if X was no frame.

        Returns
        -------
        ndarray of str
        """
        self._require_fit("get_feature_names_out")
        names = input_features
        for _, step in self._checked("get_feature_names_out"):
            if not idle(step):
                names = step.get_feature_names_out(names)
        return names

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose what the steps' ``transform`` returns.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"}, optional
            Arrays or frames. None changes nothing.

        Returns
        -------
        self
        """
        for _, step in self._checked("set_output"):
            if hasattr(step, "set_output"):
                step.set_output(transform=transform)
        return self

    # Pictures.

    @only_where(_last_lacks)
    def plot_history(self, ax: Any = None) -> Any:
        """Draw the history of the last step.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        return self._need("plot_history").plot_history(ax)

    @only_where(_last_lacks)
    def plot_residuals(self, X: ArrayLike, y: ArrayLike, ax: Any = None) -> Any:
        """Draw what the predictions miss, y − ŷ, against the predictions ŷ.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._plots import plot_residuals

        self._require_fit("plot_residuals")
        return plot_residuals(self, X, y, ax)

    def plot_boundary(self, X: ArrayLike, y: ArrayLike, ax: Any = None) -> Any:
        """Draw the rows, in the units that they came in, and the regions that the pipeline gives to each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._plots import plot_boundary

        self._require_fit("plot_boundary")
        if self._kind != "classifier":
            raise AttributeError("this Pipeline has no plot_boundary, since its last step is no classifier")
        return plot_boundary(self, X, y, ax)


def _fitted_and_transformed(step: Any, X: Any, y: Any, options: dict[str, Any]) -> Any:
    if hasattr(step, "fit_transform") and not options:
        return step.fit_transform(X, y)
    return step.fit(X, y, **options).transform(X)


def make_pipeline(*steps: Any) -> Pipeline:
    """Make a pipeline whose steps are named by their classes, in lower case.

    Parameters
    ----------
    *steps : estimators
        All but the last have ``transform``.

    Returns
    -------
    Pipeline

    Raises
    ------
    TypeError
        If a step is no estimator.
    ValueError
        If there is none.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.make_pipeline(uh.models.StandardScaler(), uh.models.LogisticRegression())
    Pipeline(steps=[('standardscaler', StandardScaler()), ('logisticregression', LogisticRegression())])
    """
    for step in steps:
        if isinstance(step, type):
            raise TypeError(f"make_pipeline: a step is the class {step.__name__}; pass an object: {step.__name__}()")
    names = [step if isinstance(step, str) else type(step).__name__.lower() for step in steps]
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(f"{name}-{seen[name]}" if names.count(name) > 1 else name)
    pipeline = Pipeline(list(zip(numbered, steps, strict=True)))
    try:
        pipeline._checked("fit")
    except (TypeError, ValueError) as error:
        raise retold(error, "Pipeline.fit", "make_pipeline") from None
    return pipeline
