//! Where a walk downhill writes what it passes.

/// Where a walk has been: a row a step, the start first.
#[derive(Debug)]
pub(crate) struct Trail {
    pub(crate) points: Vec<f64>,
    pub(crate) gradients: Vec<f64>,
    pub(crate) values: Vec<f64>,
    /// The lengths of the gradients.
    pub(crate) slopes: Vec<f64>,
}

impl Trail {
    /// Room for a start and so many steps.
    pub(crate) fn new(variables: usize, steps: usize) -> Self {
        let rows = steps + 1;
        let (points, gradients) = (vec![0.0; rows * variables], vec![0.0; rows * variables]);
        Trail { points, gradients, values: vec![0.0; rows], slopes: vec![0.0; rows] }
    }
}
