//! Generalised linear models with inference: logistic and Poisson regression.
