//! When a point counts as a root of a system: Newton's step from there is small, and the equations hold to what rounding leaves of them.

use ndarray::{Array1, Array2};

use super::dogleg::Search;
use crate::error::Result;
use crate::linalg;
use crate::optimize::noise::noise;

pub(super) fn norm(v: &Array1<f64>) -> f64 {
    linalg::length(v.view())
}

/// The size of each coordinate: its own, and at a root at zero the way that was gone to it, up to 1.
fn sizes(x: &Array1<f64>, start: &[f64]) -> Vec<f64> {
    x.iter().zip(start).map(|(x, x0)| x.abs().max((x0 - x).abs().min(1.0))).collect()
}

/// Whether each equation is as small as rounding leaves the sum of its terms.
pub(super) fn holds(jacobian: &Array2<f64>, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> bool {
    let size = sizes(x, start);
    let largest = size.iter().fold(0.0_f64, |m, x| m.max(*x));
    value.iter().zip(jacobian.rows()).all(|(v, row)| {
        let terms: f64 = row.iter().zip(&size).map(|(j, x)| j.abs() * x).sum();
        let steepest = row.iter().fold(0.0_f64, |m, j| m.max(j.abs()));
        v.abs() <= (1e-9 * terms).max(1e-12 * steepest * largest)
    })
}

/// Whether each equation is plainly what rounding leaves of the sum of its terms.
fn rounding(jacobian: &Array2<f64>, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> bool {
    let size = sizes(x, start);
    value.iter().zip(jacobian.rows()).all(|(v, row)| {
        let terms: f64 = row.iter().zip(&size).map(|(j, x)| j.abs() * x).sum();
        v.abs() <= 64.0 * f64::EPSILON * terms
    })
}

/// Next to a simple root a step of Newton's leaves no more than this part of the equations.
pub(super) const FAST: f64 = 0.05;
/// Equations that have fallen by this much have done so for a reason; those that have not may be large, whatever their slope promises.
pub(super) const FALLEN: f64 = 1e-6;
/// Equations this small beside the first may hold, if the steps are small as well.
pub(super) const VANISHED: f64 = 1e-12;
/// And they do if further steps make them as small as this beside what they are one size of x away,
const GONE: f64 = 4e-14;
/// or make them smaller with every step, until nothing is left.
const NOTHING: f64 = 1e-200;

impl Search<'_> {
    /// Newton's steps for as long as each leaves next to nothing of the equations.
    pub(super) fn falls_fast(
        &mut self,
        j: &mut Array2<f64>,
        x: &mut Array1<f64>,
        value: &mut Array1<f64>,
    ) -> Result<()> {
        const MOST: usize = 8;
        for _ in 0..MOST {
            if value.iter().all(|v| *v == 0.0) {
                break;
            }
            let Some(anew) = self.slopes(x, value)? else { break };
            j.assign(&anew);
            let Ok(step) = linalg::solve(j.view(), (-&*value).view()) else { break };
            let next = &*x + &step.x;
            match self.value(&next)? {
                Some(there) if norm(&there) <= FAST * norm(value) => (*x, *value) = (next, there),
                _ => break,
            }
        }
        Ok(())
    }

    /// Whether each equation is plainly what rounding leaves of its terms: it has fallen far, or its sign is seen to change next to x.
    pub(super) fn certain(
        &mut self,
        j: &Array2<f64>,
        x: &Array1<f64>,
        value: &Array1<f64>,
        begun: f64,
        start: &[f64],
    ) -> Result<bool> {
        Ok(rounding(j, x, value, start) && (norm(value) <= FALLEN * begun || self.crosses(x, value)?))
    }

    /// Whether each equation is zero or changes its sign within a few numbers of x, and not through infinity: beyond a pole it falls again.
    fn crosses(&mut self, x: &Array1<f64>, value: &Array1<f64>) -> Result<bool> {
        let mut open: Vec<usize> = (0..x.len()).filter(|&k| value[k] != 0.0).collect();
        for i in 0..x.len() {
            for numbers in [1.0, 4.0, 16.0, 64.0] {
                for side in [1.0, -1.0] {
                    if open.is_empty() {
                        return Ok(true);
                    }
                    let (mut near, mut far) = (x.clone(), x.clone());
                    let step = side * numbers * f64::EPSILON * x[i].abs();
                    near[i] += step;
                    far[i] += 2.0 * step;
                    if let (Some(near), Some(far)) = (self.value(&near)?, self.value(&far)?) {
                        open.retain(|&k| !(near[k] * value[k] <= 0.0 && far[k].abs() >= near[k].abs()));
                    }
                }
            }
        }
        Ok(open.is_empty())
    }

    /// Whether equations that have all but vanished, as at a multiple root, go on vanishing: there each step of Newton's is a fixed part
    /// of the last.
    pub(super) fn vanishes(
        &mut self,
        x: &mut Array1<f64>,
        value: &mut Array1<f64>,
        begun: f64,
        start: &[f64],
    ) -> Result<bool> {
        if norm(value) > VANISHED * begun {
            return Ok(false);
        }
        self.falls_to_noise(x, value, begun, start)
    }

    /// Whether further steps of Newton's bring the equations down to nothing, or to their noise.
    pub(super) fn falls_to_noise(
        &mut self,
        x: &mut Array1<f64>,
        value: &mut Array1<f64>,
        begun: f64,
        start: &[f64],
    ) -> Result<bool> {
        const MOST: usize = 2000;
        let mut longest = f64::INFINITY;
        let Some(j) = self.slopes(x, value)? else { return self.rounded(x, value, start) };
        let mut reach = linalg::solve(j.view(), (-&*value).view()).map_or_else(|_| &*x * 1e-8, |found| found.x);
        for _ in 0..MOST {
            if norm(value) <= NOTHING * begun.min(1.0) {
                return Ok(true);
            }
            let Some(j) = self.fine_slopes(x, value, &reach)? else { break };
            let Ok(step) = linalg::solve(j.view(), (-&*value).view()) else { break };
            reach.assign(&step.x);
            let long = norm(&step.x);
            let next = &*x + &step.x;
            match self.value(&next)? {
                Some(there) if norm(&there) < 0.9 * norm(value) && long < 0.999 * longest => {
                    (*x, *value) = (next, there)
                }
                _ => break,
            }
            longest = long;
        }
        self.look_along(x, value, &reach)?;
        self.rounded(x, value, start)
    }

    /// Goes to the least of the values around the last step, up to several steps off: rounding may have made that wrong.
    fn look_along(&mut self, x: &mut Array1<f64>, value: &mut Array1<f64>, step: &Array1<f64>) -> Result<()> {
        let from = x.clone();
        for part in [-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0] {
            let next = &from + &(step * part);
            if let Some(there) = self.value(&next)?
                && norm(&there) < norm(value)
            {
                (*x, *value) = (next, there);
            }
        }
        Ok(())
    }

    /// What rounding makes of each equation, the largest along the coordinates: noise that is the same over longer and shorter ways; or what
    /// moving x by a few numbers changes, a sixteenth of it. Noise that falls with the way is that of terms that vanish with it.
    fn noise(&mut self, x: &Array1<f64>, start: &[f64], value: &Array1<f64>) -> Result<Array1<f64>> {
        const NEARER: f64 = 1e-3;
        const LASTING: f64 = 0.05;
        let n = x.len();
        let mut most = Array1::<f64>::zeros(n);
        for (i, size) in sizes(x, start).into_iter().enumerate() {
            // Two spacings, since some rounding errors are small by chance.
            for spacing in [7.548e-7, 3.317e-7] {
                let mut at = |spacing: f64| -> Result<Array1<f64>> {
                    let mut samples = vec![[0.0; 7]; n];
                    for k in 0..7 {
                        let mut moved = x.clone();
                        moved[i] += spacing * (k as f64 - 3.0);
                        let Some(there) = self.value(&moved)? else { return Ok(Array1::zeros(n)) };
                        samples.iter_mut().zip(&there).for_each(|(samples, there)| samples[k] = *there);
                    }
                    Ok(samples.into_iter().map(noise).collect())
                };
                let (far, near) = (at(spacing * size)?, at(NEARER * spacing * size)?);
                for (most, (far, near)) in most.iter_mut().zip(far.iter().zip(&near)) {
                    if *near >= LASTING * far {
                        *most = most.max(*far);
                    }
                }
            }
            for numbers in [-2.0, -1.0, 1.0, 2.0] {
                let mut moved = x.clone();
                moved[i] += numbers * f64::EPSILON * size;
                if let Some(there) = self.value(&moved)? {
                    most.iter_mut()
                        .zip(there.iter().zip(value))
                        .for_each(|(m, (a, b))| *m = m.max((a - b).abs() / 16.0));
                }
            }
        }
        Ok(most)
    }

    /// Whether rounding may have left each equation what it is: by its noise, and by what it is one size of x away, on the side where
    /// that is less.
    fn rounded(&mut self, x: &Array1<f64>, value: &Array1<f64>, start: &[f64]) -> Result<bool> {
        let mut around = Array1::<f64>::zeros(x.len());
        for (i, size) in sizes(x, start).into_iter().enumerate() {
            let mut change = Array1::from_elem(x.len(), f64::INFINITY);
            for side in [size, -size] {
                // Two places on each side: one may be another root.
                let mut most = None;
                for part in [1.0, 0.618] {
                    let mut moved = x.clone();
                    moved[i] += part * side;
                    if let Some(there) = self.value(&moved)? {
                        let seen = (&there - value).mapv(f64::abs);
                        most = Some(most.map_or(seen.clone(), |most: Array1<f64>| {
                            most.iter().zip(&seen).map(|(a, b)| a.max(*b)).collect()
                        }));
                    }
                }
                if let Some(most) = most {
                    change.zip_mut_with(&most, |least, change| *least = least.min(*change));
                }
            }
            around.zip_mut_with(&change, |most, change| {
                if change.is_finite() {
                    *most = most.max(*change);
                }
            });
        }
        if !value.iter().zip(&around).all(|(v, around)| v.abs() <= GONE * around) {
            return Ok(false);
        }
        let noise = self.noise(x, start, value)?;
        Ok(value.iter().zip(&noise).all(|(v, noise)| v.abs() <= 64.0 * noise))
    }
}
