//! A point with what is known there, and the sums that every solver needs.

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

/// a · b.
#[inline]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// |a|, without overflow on the way.
pub(super) fn norm(a: &[f64]) -> f64 {
    let largest = a.iter().fold(0.0_f64, |largest, a| largest.max(a.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|a| (a / largest) * (a / largest)).sum::<f64>().sqrt()
}
