//! The residuals and their Jacobian, counted, with walls where the residuals are not finite.
//!
//! Without derivatives, columns of the Jacobian are central differences with the step ∛ε·|x|. Near the end, where the last digits are
//! decided, they are extrapolated once more (L. F. Richardson, Phil. Trans. R. Soc. A 210 (1911), doi:10.1098/rsta.1911.0009), with the
//! step at which what is left of the truncation equals the rounding.

use ndarray::Array2;

use super::Fitting;
use crate::error::{Error, Result};
use crate::optimize::lengths::length;

/// A function as the solver calls it.
pub(in crate::optimize) type Call<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;

/// What is to be made small, as the solver sees it.
pub(super) struct Problem<'a> {
    residuals: Call<'a>,
    jacobian: Option<Call<'a>>,
    function: &'static str,
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) lower: &'a [f64],
    pub(super) upper: &'a [f64],
    /// The relative step of differences, if the caller knows better.
    relative_step: Option<f64>,
    pub(super) step_tolerance: f64,
    pub(super) offset_tolerance: f64,
    /// The steps that were found best for extrapolated differences.
    refined: Vec<Option<f64>>,
    /// Points tried, all calls, and Jacobians.
    pub(super) evaluations: usize,
    pub(super) calls: usize,
    pub(super) jacobians: usize,
}

/// A point with its residuals and their Jacobian.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: Vec<f64>,
    pub(super) r: Vec<f64>,
    /// ‖r‖.
    pub(super) norm: f64,
    pub(super) j: Array2<f64>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(residuals: Call<'a>, jacobian: Option<Call<'a>>, m: usize, options: &'a Fitting) -> Self {
        let n = options.lower.len();
        Problem {
            residuals,
            jacobian,
            function: options.function,
            m,
            n,
            lower: &options.lower,
            upper: &options.upper,
            relative_step: options.relative_step,
            step_tolerance: options.step_tolerance,
            offset_tolerance: options.offset_tolerance,
            refined: vec![None; n],
            evaluations: 0,
            calls: 0,
            jacobians: 0,
        }
    }

    /// Whether derivatives are computed by differences.
    pub(super) fn by_differences(&self) -> bool {
        self.jacobian.is_none()
    }

    /// Steps that were found best elsewhere may be far from it here.
    pub(super) fn forget_steps(&mut self) {
        self.refined.fill(None);
    }

    /// r(x), if it is finite and its length too.
    pub(super) fn residuals(&mut self, x: &[f64]) -> Result<Option<(Vec<f64>, f64)>> {
        self.evaluations += 1;
        let r = self.call(x)?;
        let norm = length(&r);
        Ok(norm.is_finite().then_some((r, norm)))
    }

    fn call(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        self.calls += 1;
        let mut r = vec![0.0; self.m];
        (self.residuals)(x, &mut r)?;
        Ok(r)
    }

    /// A first place, or why there is none.
    pub(super) fn start(&mut self, x: &[f64]) -> Result<Place> {
        let r = self.call(x)?;
        self.evaluations += 1;
        let function = self.function;
        if let Some(i) = r.iter().position(|v| !v.is_finite()) {
            let problem = format!(
                "starts where the function is not finite: its value {i} is {} at the start; choose another",
                r[i]
            );
            return Err(Error::Invalid { function, argument: "x0", problem });
        }
        let norm = length(&r);
        if !norm.is_finite() {
            let problem = "starts where the squares of the function's values are beyond the range of doubles".into();
            return Err(Error::Invalid { function, argument: "x0", problem });
        }
        let Some(j) = self.jacobian(x, &r, x, false)? else {
            let problem = "starts where the Jacobian is not finite; choose another".into();
            return Err(Error::Invalid { function, argument: "x0", problem });
        };
        Ok(Place { x: x.to_vec(), r, norm, j })
    }

    /// The Jacobian at x, if it is finite. `size` tells how large each parameter is beside x itself (the last step, say).
    pub(super) fn jacobian(&mut self, x: &[f64], r: &[f64], size: &[f64], refine: bool) -> Result<Option<Array2<f64>>> {
        self.jacobians += 1;
        let mut j = Array2::zeros((self.m, self.n));
        if let Some(jacobian) = &mut self.jacobian {
            let mut flat = vec![0.0; self.m * self.n];
            jacobian(x, &mut flat)?;
            j.iter_mut().zip(&flat).for_each(|(to, from)| *to = *from);
        } else {
            for i in 0..self.n {
                let column = if refine && self.relative_step.is_none() {
                    self.refined_column(x, r, size, i)?
                } else {
                    let h = self.step(x[i], size[i], self.relative_step.unwrap_or(f64::EPSILON.cbrt()));
                    self.column(x, r, i, h)?
                };
                let Some(column) = column else { return Ok(None) };
                j.column_mut(i).iter_mut().zip(&column).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(j.iter().all(|v| v.is_finite()).then_some(j))
    }

    /// A step relative to a parameter, or to what is known of its size where it is close to zero.
    fn step(&self, x: f64, size: f64, relative: f64) -> f64 {
        let size = x.abs().max(0.1 * size.abs());
        relative * if size > 0.0 { size } else { 1.0 }
    }

    /// Differences for parameter i: central, or one-sided of the second order beside a bound or a wall.
    fn column(&mut self, x: &[f64], r: &[f64], i: usize, h: f64) -> Result<Option<Vec<f64>>> {
        let (lower, upper) = (self.lower[i], self.upper[i]);
        let h = h.min(0.25 * (upper - lower));
        let mut point = x.to_vec();
        let mut at = |problem: &mut Self, offset: f64| -> Result<Option<(f64, Vec<f64>)>> {
            point[i] = x[i] + offset;
            if point[i] == x[i] || point[i] < lower || point[i] > upper {
                return Ok(None);
            }
            let value = problem.call(&point)?;
            Ok(value.iter().all(|v| v.is_finite()).then(|| (point[i] - x[i], value)))
        };
        let (ahead, behind) = (at(self, h)?, at(self, -h)?);
        let sided = match (ahead, behind) {
            (Some((right, f)), Some((left, g))) => {
                let width = right - left;
                return Ok(Some(f.iter().zip(&g).map(|(f, g)| (f - g) / width).collect()));
            }
            (Some(near), None) => at(self, 2.0 * h)?.map(|far| (near, far)),
            (None, Some(near)) => at(self, -2.0 * h)?.map(|far| (near, far)),
            (None, None) if x[i] + h == x[i] || x[i] - h == x[i] => {
                // Bounds only a few numbers apart: from one to the other.
                let (ahead, behind) = (at(self, upper - x[i])?, at(self, lower - x[i])?);
                let (right, f) = ahead.unwrap_or((0.0, r.to_vec()));
                let (left, g) = behind.unwrap_or((0.0, r.to_vec()));
                let width = right - left;
                return Ok((width > 0.0).then(|| f.iter().zip(&g).map(|(f, g)| (f - g) / width).collect()));
            }
            (None, None) => None,
        };
        // The parabola through r, f(x + a) and f(x + b) has at x the slope (b²·(f − r) − a²·(g − r)) / (a·b·(b − a)).
        Ok(sided.map(|((a, f), (b, g))| {
            if a == b {
                return r.iter().zip(&f).map(|(r, f)| (f - r) / a).collect();
            }
            let divisor = a * b * (b - a);
            r.iter().zip(f.iter().zip(&g)).map(|(r, (f, g))| (b * b * (f - r) - a * a * (g - r)) / divisor).collect()
        }))
    }

    /// Extrapolated differences, with the step that was found best.
    fn refined_column(&mut self, x: &[f64], r: &[f64], size: &[f64], i: usize) -> Result<Option<Vec<f64>>> {
        const WIDEST: f64 = 0.05;
        let unit = self.step(x[i], size[i], 1.0);
        let known = self.refined[i];
        let mut h = known.unwrap_or_else(|| f64::EPSILON.powf(0.2) * unit);
        let mut found = None;
        for _ in 0..(if known.is_some() { 1 } else { 3 }) {
            let (wide, narrow) = (self.column(x, r, i, h)?, self.column(x, r, i, 0.5 * h)?);
            let (Some(wide), Some(narrow)) = (wide, narrow) else { break };
            let apart = length(&wide.iter().zip(&narrow).map(|(a, b)| a - b).collect::<Vec<_>>());
            let slope = length(&narrow);
            found = Some(narrow.iter().zip(&wide).map(|(a, b)| a + (a - b) / 3.0).collect::<Vec<_>>());
            self.refined[i] = Some(h);
            // What the differences leave of order h² is known; its square stands for the next order.
            let truncation = (apart / slope).powi(2);
            let rounding = f64::EPSILON * length(r).max(slope * x[i].abs()) / (h * slope);
            let factor = (rounding / truncation).powf(0.2);
            if !(slope > 0.0 && factor.is_finite()) || (0.5..3.0).contains(&factor) {
                break;
            }
            let next = (h * factor.clamp(1e-4, 10.0)).min(WIDEST * unit);
            if (next / h - 1.0).abs() < 0.1 {
                break;
            }
            h = next;
        }
        match found {
            Some(column) => Ok(Some(column)),
            None => self.column(x, r, i, f64::EPSILON.cbrt() * unit),
        }
    }
}
