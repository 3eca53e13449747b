//! A point with what is known there.

/// A point of the landscape.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: Vec<f64>,
    pub(super) value: f64,
    pub(super) slope: Vec<f64>,
}

impl Place {
    pub(super) fn at(x: &[f64]) -> Self {
        Place { x: x.to_vec(), value: f64::INFINITY, slope: vec![0.0; x.len()] }
    }

    pub(super) fn copy_from(&mut self, other: &Place) {
        self.x.copy_from_slice(&other.x);
        self.slope.copy_from_slice(&other.slope);
        self.value = other.value;
    }
}
