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

Five regressions share the same picture, with z itself the prediction: :class:`LinearRegression` (least squares),
:class:`Ridge`, :class:`Lasso` and :class:`ElasticNet` (with a price on the weights; :func:`lasso_path` draws them along
falling prices) and :class:`BayesianRidge` (which finds the price, and says how sure it is); :class:`PolynomialFeatures`
bends the plane.

:class:`LinearSVC` and :class:`SVC` look for the widest gap between classes, the latter through kernels;
:class:`GaussianNB` takes columns for independent and normal, :class:`KNeighborsClassifier` and
:class:`KNeighborsRegressor` ask the nearest rows.

Structure without answers: :class:`PCA` turns the axes, :class:`KMeans` and :class:`GaussianMixture` find groups.

:class:`MLPClassifier` and :class:`MLPRegressor` are networks; their gradients are those of a graph that can be seen.

Every iterative fit keeps ``history_`` (loss, errors, weights, bias and gradient of every epoch; off with
``keep_history=False``), says why it stopped (``stop_reason_``) and warns before it diverges; every fitted model
explains itself (``explain()``). Losses are means over the rows; labels are y = ±1; the bias is a weight of its own and
never penalised. Estimators follow scikit-learn's protocol and work in its pipelines and searches.

Rules side by side: :func:`compare_rules` trains the three classifiers from the same start on the same rows in the same
order. Every classifier draws its regions (``plot_boundary``), every regression what it misses (``plot_residuals``),
every history itself (``plot_history``); models of planes also draw their loss (``plot_loss_surface``) and show their
training as a page that plays (``animate``).

Around them:

- columns: :class:`StandardScaler`, :class:`MinMaxScaler`, :class:`OneHotEncoder`, whose ``set_output`` gives frames;
  :func:`make_pipeline`
- rows set aside: :func:`train_test_split`, :class:`KFold`, :class:`StratifiedKFold`, :func:`cross_validate`,
  :func:`learning_curve`, :func:`validation_curve`
- scores of classes: :func:`accuracy_score`, :func:`confusion_matrix`, :func:`classification_report`; of rankings:
  :func:`roc_curve`, :func:`roc_auc_score`; of probabilities: :func:`log_loss`; of numbers: :func:`r2_score`,
  :func:`mean_squared_error`

None of this needs scikit-learn; all of it works with scikit-learn's estimators too.
"""

from underhood.models._adaline import Adaline
from underhood.models._bayesian_ridge import BayesianRidge
from underhood.models._classification_metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    matthews_corrcoef,
)
from underhood.models._classification_report import ClassificationReport, classification_report
from underhood.models._clone import clone
from underhood.models._clustering_metrics import silhouette_samples, silhouette_score
from underhood.models._cross_validation import CrossValidationResult, cross_val_predict, cross_val_score, cross_validate
from underhood.models._elastic_net import ElasticNet, Lasso
from underhood.models._elastic_net_path import CoefficientPath, enet_path, lasso_path
from underhood.models._folds import KFold, LeaveOneOut, RepeatedKFold, RepeatedStratifiedKFold, StratifiedKFold
from underhood.models._history import History
from underhood.models._kmeans import KMeans
from underhood.models._learning_curves import LearningCurve, ValidationCurve, learning_curve, validation_curve
from underhood.models._linear_regression import LinearRegression
from underhood.models._linear_svc import LinearSVC
from underhood.models._logistic import LogisticRegression
from underhood.models._metric_plots import plot_confusion, plot_roc
from underhood.models._min_max_scaler import MinMaxScaler
from underhood.models._mixture import GaussianMixture
from underhood.models._mlp_classifier import MLPClassifier
from underhood.models._mlp_regressor import MLPRegressor
from underhood.models._naive_bayes import GaussianNB
from underhood.models._neighbors import KNeighborsClassifier, KNeighborsRegressor
from underhood.models._network_history import NetworkHistory
from underhood.models._one_hot_encoder import OneHotEncoder
from underhood.models._pca import PCA
from underhood.models._perceptron import Perceptron
from underhood.models._pipeline import Pipeline, make_pipeline
from underhood.models._polynomial_features import PolynomialFeatures
from underhood.models._precision_recall import (
    f1_score,
    fbeta_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)
from underhood.models._precision_recall_curve import (
    PrecisionRecallCurve,
    average_precision_score,
    precision_recall_curve,
)
from underhood.models._probability_metrics import brier_score_loss, log_loss
from underhood.models._regression_metrics import (
    explained_variance_score,
    max_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    median_absolute_error,
    r2_score,
    root_mean_squared_error,
)
from underhood.models._ridge import Ridge
from underhood.models._roc import RocCurve, auc, roc_auc_score, roc_curve
from underhood.models._rules import RuleComparison, RuleSteps, compare_rules
from underhood.models._scaler import StandardScaler
from underhood.models._scorers import get_scorer, get_scorer_names, make_scorer
from underhood.models._split import train_test_split
from underhood.models._structure_history import KMeansHistory, MixtureHistory
from underhood.models._svc import SVC
from underhood.models._svm_history import SVCHistory
from underhood.models._warnings import (
    ConvergenceWarning,
    DataConversionWarning,
    DivergenceWarning,
    FitFailedWarning,
    NotFittedError,
    UndefinedMetricWarning,
)

__all__ = [
    "PCA",
    "SVC",
    "Adaline",
    "BayesianRidge",
    "ClassificationReport",
    "CoefficientPath",
    "ConvergenceWarning",
    "CrossValidationResult",
    "DataConversionWarning",
    "DivergenceWarning",
    "ElasticNet",
    "FitFailedWarning",
    "GaussianMixture",
    "GaussianNB",
    "History",
    "KFold",
    "KMeans",
    "KMeansHistory",
    "KNeighborsClassifier",
    "KNeighborsRegressor",
    "Lasso",
    "LearningCurve",
    "LeaveOneOut",
    "LinearRegression",
    "LinearSVC",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "MinMaxScaler",
    "MixtureHistory",
    "NetworkHistory",
    "NotFittedError",
    "OneHotEncoder",
    "Perceptron",
    "Pipeline",
    "PolynomialFeatures",
    "PrecisionRecallCurve",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "Ridge",
    "RocCurve",
    "RuleComparison",
    "RuleSteps",
    "SVCHistory",
    "StandardScaler",
    "StratifiedKFold",
    "UndefinedMetricWarning",
    "ValidationCurve",
    "accuracy_score",
    "auc",
    "average_precision_score",
    "balanced_accuracy_score",
    "brier_score_loss",
    "classification_report",
    "clone",
    "compare_rules",
    "confusion_matrix",
    "cross_val_predict",
    "cross_val_score",
    "cross_validate",
    "enet_path",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "get_scorer",
    "get_scorer_names",
    "lasso_path",
    "learning_curve",
    "log_loss",
    "make_pipeline",
    "make_scorer",
    "matthews_corrcoef",
    "max_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "median_absolute_error",
    "plot_confusion",
    "plot_roc",
    "precision_recall_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
    "silhouette_samples",
    "silhouette_score",
    "train_test_split",
    "validation_curve",
]
