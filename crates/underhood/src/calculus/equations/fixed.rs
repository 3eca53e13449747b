//! Methods of a constant step, for learning what accuracy costs: L. Euler's (1768), and W. Kutta's of order 4 (1901).

use super::dense;
use super::scheme::{Equation, Now, Scheme, Tolerance, Verdict};
use crate::error::Result;

/// y + h f(t, y).
#[derive(Debug)]
pub(super) struct Euler;

impl Scheme for Euler {
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, _: &Tolerance) -> Result<Verdict> {
        for (next, (y, slope)) in now.y_next.iter_mut().zip(now.y.iter().zip(&now.slope)) {
            *next = y + now.h * slope;
        }
        stand(equation, now)
    }

    fn interpolate(&mut self, _: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()> {
        into.clear();
        into.extend(now.y_next.iter().zip(&now.y).map(|(next, y)| next - y));
        Ok(())
    }

    fn wants_other(&self) -> bool {
        false
    }

    fn order(&self) -> f64 {
        1.0
    }
}

/// The classical method: y + h (k₁ + 2 k₂ + 2 k₃ + k₄) / 6.
#[derive(Debug)]
pub(super) struct Kutta {
    point: Vec<f64>,
    slope: Vec<f64>,
    sum: Vec<f64>,
}

impl Kutta {
    pub(super) fn new(n: usize) -> Self {
        Kutta { point: vec![0.0; n], slope: vec![0.0; n], sum: vec![0.0; n] }
    }
}

impl Scheme for Kutta {
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, _: &Tolerance) -> Result<Verdict> {
        let n = now.y.len();
        self.slope.copy_from_slice(&now.slope);
        self.sum.copy_from_slice(&now.slope);
        for (part, weight) in [(0.5, 2.0), (0.5, 2.0), (1.0, 1.0)] {
            for i in 0..n {
                self.point[i] = now.y[i] + part * now.h * self.slope[i];
            }
            equation.slope(now.t + part * now.h, &self.point, &mut self.slope)?;
            for i in 0..n {
                self.sum[i] += weight * self.slope[i];
            }
        }
        for i in 0..n {
            now.y_next[i] = now.y[i] + now.h * self.sum[i] / 6.0;
        }
        stand(equation, now)
    }

    fn interpolate(&mut self, _: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()> {
        dense::hermite(now.h, (&now.y, &now.y_next), (&now.slope, &now.slope_next), into);
        Ok(())
    }

    fn wants_other(&self) -> bool {
        false
    }

    fn order(&self) -> f64 {
        4.0
    }
}

/// Steps of constant length stand, whatever their error, as long as there is a number.
fn stand(equation: &mut Equation<'_>, now: &mut Now) -> Result<Verdict> {
    equation.slope(now.t + now.h, &now.y_next, &mut now.slope_next)?;
    let finite = now.y_next.iter().chain(&now.slope_next).all(|number| number.is_finite());
    Ok(if finite { Verdict::Accepted(now.h) } else { Verdict::NotFinite(now.h) })
}
