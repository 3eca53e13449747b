//! Models that learn from rows: a guided tour.
mod adaline;
mod errors_by_epoch;
mod history;
mod moments;
mod perceptron;
mod plane;
mod rows;
mod targets;

pub use adaline::{Adaline, AdalineFit, AdalineSolver};
pub use history::{History, StopReason};
pub use perceptron::Perceptron;
pub use plane::{Plane, decision_function, predict};
pub use targets::{Labels, encode_labels};
