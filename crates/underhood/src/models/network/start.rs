//! The first weights: uniform draws that keep the variance of what flows through the layers alike in both directions.
//!
//! X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010: the bound is
//! √(6/(inputs + outputs)), and √(2/(inputs + outputs)) for logistic layers, as scikit-learn has it. Biases are drawn from the same interval.

use super::{Activation, Network};
use crate::random::Stream;

impl Network {
    /// Weights and biases before any training.
    pub fn start(&self, stream: &mut Stream) -> Vec<f64> {
        let factor = if self.activation == Activation::Logistic { 2.0 } else { 6.0 };
        let mut theta = Vec::with_capacity(self.parameters());
        for layer in self.layers() {
            let bound = (factor / (layer.inputs + layer.outputs) as f64).sqrt();
            theta.extend((layer.start..layer.end()).map(|_| bound * (2.0 * stream.uniform() - 1.0)));
        }
        theta
    }
}
