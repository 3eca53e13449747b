//! Powell's hybrid of Newton's step and steepest descent, with Broyden's updates of the Jacobian.

use ndarray::{Array1, Array2};

use super::certificate::{FALLEN, FAST, VANISHED, holds, norm};
use super::{Call, SystemRoot};
use crate::error::{Error, Result};
use crate::linalg;

/// One run of the hybrid.
pub(super) struct Search<'a> {
    pub(super) f: Call<'a>,
    pub(super) jacobian: Option<Call<'a>>,
    pub(super) tolerance: f64,
    pub(super) evaluations: usize,
}

impl Search<'_> {
    pub(super) fn value(&mut self, x: &Array1<f64>) -> Result<Option<Array1<f64>>> {
        self.evaluations += 1;
        let mut value = vec![0.0; x.len()];
        (self.f)(&x.to_vec(), &mut value)?;
        Ok(value.iter().all(|v| v.is_finite()).then(|| Array1::from(value)))
    }

    pub(super) fn slopes(&mut self, x: &Array1<f64>, value: &Array1<f64>) -> Result<Option<Array2<f64>>> {
        let n = x.len();
        let mut slopes = Array2::zeros((n, n));
        if let Some(jacobian) = &mut self.jacobian {
            let mut flat = vec![0.0; n * n];
            jacobian(&x.to_vec(), &mut flat)?;
            slopes.iter_mut().zip(&flat).for_each(|(to, from)| *to = *from);
        } else {
            for i in 0..n {
                let h = f64::EPSILON.sqrt() * if x[i] == 0.0 { 1.0 } else { x[i].abs() };
                let mut column = None;
                for offset in [h, -h] {
                    let mut moved = x.clone();
                    moved[i] += offset;
                    if let Some(there) = self.value(&moved)? {
                        column = Some((&there - value) / (moved[i] - x[i]));
                        break;
                    }
                }
                let Some(column) = column else { return Ok(None) };
                slopes.column_mut(i).assign(&column);
            }
        }
        Ok(slopes.iter().all(|v| v.is_finite()).then_some(slopes))
    }

    /// Slopes over parts of the last step: next to a multiple root they change as fast as the root comes near, and differences over the usual
    /// steps would reach beyond it.
    pub(super) fn fine_slopes(
        &mut self,
        x: &Array1<f64>,
        value: &Array1<f64>,
        step: &Array1<f64>,
    ) -> Result<Option<Array2<f64>>> {
        const PART: f64 = 0.01;
        if self.jacobian.is_some() {
            return self.slopes(x, value);
        }
        let longest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        let mut slopes = Array2::zeros((x.len(), x.len()));
        for i in 0..x.len() {
            let h = (PART * step[i].abs().max(1e-3 * longest)).max(8.0 * f64::EPSILON * x[i].abs());
            let (mut ahead, mut behind) = (x.clone(), x.clone());
            ahead[i] += h;
            behind[i] -= h;
            let (Some(above), Some(below)) = (self.value(&ahead)?, self.value(&behind)?) else { return Ok(None) };
            slopes.column_mut(i).assign(&((above - below) / (ahead[i] - behind[i])));
        }
        Ok(slopes.iter().all(|v: &f64| v.is_finite()).then_some(slopes))
    }

    pub(super) fn dogleg(&mut self, start: &[f64], mut value: Array1<f64>, most: usize) -> Result<SystemRoot> {
        let mut x = Array1::from(start.to_vec());
        let tolerance = self.tolerance;
        let Some(mut j) = self.slopes(&x, &value)? else {
            let problem = "is where the Jacobian is not finite; choose another start".into();
            return Err(Error::Invalid { function: "root", argument: "x0", problem });
        };
        let lengths = |j: &Array2<f64>| j.columns().into_iter().map(|c| linalg::length(c)).collect::<Array1<f64>>();
        let mut scale = lengths(&j).mapv(|d| if d > 0.0 { d } else { 1.0 });
        let mut fresh = true;
        let mut size = norm(&(&scale * &x));
        let mut radius = if size > 0.0 { 100.0 * size } else { 100.0 };
        // At a multiple root each step is a fixed part of what is left: there the equations must have all but vanished.
        let (begun, far) = (norm(&value), size);
        let small = |step: f64, size: f64, value: &Array1<f64>| {
            step <= tolerance * size || (norm(value) <= VANISHED * begun && step <= 1e-6 * far)
        };
        let (mut iterations, mut failures, mut slow) = (0, 0, 0);
        let (converged, message) = loop {
            if value.iter().all(|v| *v == 0.0) {
                break (true, "converged: all equations hold exactly".into());
            }
            if self.evaluations >= most {
                break (
                    false,
                    format!("not converged: max_nfev = {most} evaluations are used up; |f| is {:.3e}", norm(&value)),
                );
            }
            let newton = linalg::solve(j.view(), (-&value).view()).ok().map(|found| found.x);
            if let Some(newton) = &newton
                && small(norm(&(&scale * newton)), size, &value)
            {
                // A small step of Newton's: with the true Jacobian it is taken, and what is left decides.
                if !fresh {
                    let Some(anew) = self.slopes(&x, &value)? else {
                        break (false, "not converged: the Jacobian is not finite".into());
                    };
                    (j, fresh) = (anew, true);
                    continue;
                }
                let (next, before) = (&x + newton, norm(&value));
                if let Some(there) = self.value(&next)?
                    && norm(&there) <= norm(&value)
                {
                    (x, value) = (next, there);
                }
                let fast = norm(&value) <= FAST * before;
                let found = if !holds(&j, &x, &value, start) {
                    self.vanishes(&mut x, &mut value, begun, start)?
                } else {
                    if fast {
                        self.falls_fast(&mut j, &mut x, &mut value)?;
                    }
                    (fast && norm(&value) <= FALLEN * begun)
                        || self.certain(&j, &x, &value, begun, start)?
                        || self.falls_to_noise(&mut x, &mut value, begun, start)?
                };
                if found {
                    break (
                        true,
                        format!(
                            "converged: Newton's step is within tol = {:.2e} of x, and all equations hold",
                            self.tolerance
                        ),
                    );
                }
                break (
                    false,
                    format!("not converged: the steps have become small, though |f| is {:.3e}", norm(&value)),
                );
            } else {
                let step = within(&j, &value, &scale, newton, radius);
                let long = norm(&(&scale * &step));
                let next = &x + &step;
                let promised = norm(&(&value + &j.dot(&step)));
                let there = self.value(&next)?;
                let (before, after) = (norm(&value), there.as_ref().map_or(f64::INFINITY, norm));
                let actual = 1.0 - (after / before).powi(2);
                let predicted = 1.0 - (promised / before).powi(2);
                let ratio = if predicted > 0.0 { actual / predicted } else { 0.0 };
                if !(ratio >= 0.1) {
                    (failures, radius) = (failures + 1, 0.5 * radius.min(long));
                } else {
                    failures = 0;
                    if ratio >= 0.5 || (ratio - 1.0).abs() <= 0.1 {
                        radius = radius.max(2.0 * long);
                    }
                }
                slow = if actual >= 1e-3 { 0 } else { slow + 1 };
                if let Some(there) = there {
                    // Broyden's update: the Jacobian that explains what happened along the step, and is as it was across it.
                    let weights = &scale * &scale * &step;
                    let along = step.dot(&weights);
                    if along > 0.0 {
                        let missed = (&there - &value - &j.dot(&step)) / along;
                        for (row, missed) in missed.iter().enumerate() {
                            j.row_mut(row).scaled_add(*missed, &weights);
                        }
                        fresh = false;
                    }
                    if ratio >= 1e-4 {
                        (x, value) = (next, there);
                        iterations += 1;
                        size = norm(&(&scale * &x));
                    }
                }
                if slow > 10 || radius <= f64::EPSILON * size || radius == 0.0 {
                    break (
                        false,
                        format!("not converged: the iteration makes no good progress; |f| is {:.3e}", norm(&value)),
                    );
                }
                if failures < 2 || fresh {
                    continue;
                }
            }
            let Some(anew) = self.slopes(&x, &value)? else {
                break (false, "not converged: the Jacobian is not finite".into());
            };
            (j, fresh, failures) = (anew, true, 0);
            scale.zip_mut_with(&lengths(&j), |scale, length| *scale = scale.max(*length));
            size = norm(&(&scale * &x));
        };
        Ok(SystemRoot { x, value, jacobian: j, iterations, calls: 0, jacobians: 0, converged, message })
    }
}

/// Powell's dogleg: Newton's step if it is within the radius, else the way along steepest descent to the lowest point of the model and from
/// there towards Newton's step, as far as the radius reaches.
fn within(
    j: &Array2<f64>,
    value: &Array1<f64>,
    scale: &Array1<f64>,
    newton: Option<Array1<f64>>,
    radius: f64,
) -> Array1<f64> {
    if let Some(newton) = &newton
        && norm(&(scale * newton)) <= radius
    {
        return newton.clone();
    }
    // In units of the scale: z = D·p, the slope is D⁻¹·Jᵀ·f.
    let slope = &j.t().dot(value) / scale;
    let steep = norm(&slope);
    if steep == 0.0 {
        return newton
            .map_or_else(|| Array1::zeros(value.len()), |newton| &newton * (radius / norm(&(scale * &newton))));
    }
    let across = norm(&j.dot(&(&slope / scale)));
    let reach = if across > 0.0 { (steep / across).powi(2) * steep } else { f64::INFINITY };
    let downhill = &slope * (-1.0 / steep);
    let Some(newton) = newton.filter(|_| reach < radius) else {
        return &(&downhill * reach.min(radius)) / scale;
    };
    let cauchy = &downhill * reach;
    let rest = &(scale * &newton) - &cauchy;
    let (a, b, c) = (rest.dot(&rest), cauchy.dot(&rest), cauchy.dot(&cauchy) - radius * radius);
    let part = -c / (b + (b * b - a * c).max(0.0).sqrt());
    &(&cauchy + &(&rest * part.clamp(0.0, 1.0))) / scale
}
