"""Models that learn from rows, and show what happened while they did.

Three classifiers share one picture, a plane z = w·x + b, and differ in what they do with z:

- :class:`Perceptron` turns the plane whenever a row is on the wrong side, and stops when none is;
- :class:`Adaline` descends the mean of (y − z)², and knows the learning rate at which that fails;
- :class:`LogisticRegression` makes probabilities of z and maximises their likelihood: the baseline.

>>> import numpy as np
>>> import underhood as uh
>>> X = np.array([[1.0, 200.0], [2.0, 100.0], [3.0, 500.0], [4.0, 600.0]])
>>> y = ["small", "small", "large", "large"]
>>> Z = uh.models.StandardScaler().fit_transform(X)
>>> model = uh.models.Adaline(learning_rate=0.1, max_iter=20, tol=None).fit(Z, y)
>>> model.score(Z, y)
1.0
>>> model.history_.loss[[0, -1]].round(3)     # mean of (y − z)² at the end of the first and of the last epoch
array([0.433, 0.055])
>>> print(model.explain().splitlines()[2])
Adaline: with y = ±1 and z = w·x + b, minimise L = mean over rows of (y − z)²;

:class:`MLPClassifier` and :class:`MLPRegressor` put layers of such neurons one behind the other. What they minimise is
a graph, as :func:`underhood.function` makes them, and its gradient is what they are trained by.

Every fit keeps ``history_`` (loss, errors, weights, bias and gradient of every epoch; off with
``keep_history=False``), says why it stopped (``stop_reason_``) and warns before it diverges. Losses are means over
the rows; labels are y = ±1; the bias is a weight of its own and never penalised. Estimators follow scikit-learn's
protocol and work in its pipelines and searches.

Around them: :class:`StandardScaler`, :func:`train_test_split`, :func:`accuracy_score`, :func:`confusion_matrix`.
"""

from underhood.models._adaline import Adaline
from underhood.models._classification_metrics import accuracy_score, confusion_matrix
from underhood.models._history import History
from underhood.models._logistic import LogisticRegression
from underhood.models._mlp_classifier import MLPClassifier
from underhood.models._mlp_regressor import MLPRegressor
from underhood.models._network_history import NetworkHistory
from underhood.models._perceptron import Perceptron
from underhood.models._regression_metrics import r2_score
from underhood.models._scaler import StandardScaler
from underhood.models._split import train_test_split
from underhood.models._warnings import ConvergenceWarning, DataConversionWarning, DivergenceWarning, NotFittedError

__all__ = [
    "Adaline",
    "ConvergenceWarning",
    "DataConversionWarning",
    "DivergenceWarning",
    "History",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "NetworkHistory",
    "NotFittedError",
    "Perceptron",
    "StandardScaler",
    "accuracy_score",
    "confusion_matrix",
    "r2_score",
    "train_test_split",
]
