//! The caller's functions and limits, their augmented Lagrangian, and the conditions of Karush, Kuhn and Tucker.

use ndarray::Array2;

use super::NAME;
use super::differences::slopes;
use crate::error::{Error, Result};
use crate::optimize::lengths::length;

pub(super) type Value<'a> = &'a mut dyn FnMut(&[f64]) -> Result<f64>;
pub(super) type Write<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;

/// A caller's functions and limits.
pub(super) struct Problem<'a> {
    pub(super) f: Value<'a>,
    pub(super) gradient: Option<Write<'a>>,
    pub(super) c: Write<'a>,
    pub(super) jacobian: Option<Write<'a>>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) bounds: (Vec<f64>, Vec<f64>),
    pub(super) calls: [usize; 4],
    /// The largest |f| met, up to 1.
    pub(super) size: f64,
}

/// What is known of a point and its multipliers.
pub(super) struct Conditions {
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
    pub(super) held: Vec<f64>,
    pub(super) multipliers: Vec<f64>,
    pub(super) violation: f64,
    pub(super) optimality: f64,
    pub(super) feasible: bool,
    pub(super) stationary: bool,
}

impl Problem<'_> {
    /// The start within the bounds, if limits and bounds make sense.
    pub(super) fn checked(&self, x0: &[f64]) -> Result<Vec<f64>> {
        let refuse = |argument, problem| Err(Error::Invalid { function: NAME, argument, problem });
        let ordered = |(low, high): (&f64, &f64)| low <= high && *low < f64::INFINITY && *high > f64::NEG_INFINITY;
        if self.lower.len() != self.upper.len() {
            return refuse("constraints", "have different numbers of lower and upper limits".into());
        }
        if let Some(i) = self.lower.iter().zip(&self.upper).position(|pair| !ordered(pair)) {
            let (low, high) = (self.lower[i], self.upper[i]);
            return refuse("constraints", format!("hold {low:?} ≤ c[{i}](x) ≤ {high:?}, which no number meets"));
        }
        let (low, high) = &self.bounds;
        if low.len() != x0.len() || high.len() != x0.len() {
            return refuse(
                "bounds",
                format!("are for {} variables, but x0 has {}", low.len().min(high.len()), x0.len()),
            );
        }
        if let Some(i) = low.iter().zip(high).position(|pair| !ordered(pair)) {
            let problem =
                format!("of variable {i} are {:?} and {:?}, between which there is no number", low[i], high[i]);
            return refuse("bounds", problem);
        }
        Ok(x0.iter().zip(low.iter().zip(high)).map(|(x, (low, high))| x.max(*low).min(*high)).collect())
    }

    pub(super) fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.calls[0] += 1;
        let value = (self.f)(x)?;
        self.size = self.size.max(value.abs()).min(1.0);
        Ok(value)
    }

    pub(super) fn held(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        self.calls[2] += 1;
        let mut held = vec![0.0; self.lower.len()];
        (self.c)(x, &mut held)?;
        Ok(held)
    }

    /// By how much each is outside of its limits, with a sign.
    pub(super) fn off(&self, held: &[f64]) -> Vec<f64> {
        let limits = self.lower.iter().zip(&self.upper);
        held.iter().zip(limits).map(|(c, (low, high))| c - c.max(*low).min(*high)).collect()
    }

    /// The first penalty's weight: that of E. G. Birgin and J. M. Martínez, "Practical Augmented Lagrangian Methods" (2014), section 12.4, but no more than
    /// holds the slope of f within a tenth of the size of x beside the constraints, whatever their units: a heavier one makes a gorge of them.
    pub(super) fn first_weight(&mut self, x: &[f64], value: f64, held: &[f64]) -> Result<f64> {
        let off = self.off(held).iter().map(|v| v * v).sum::<f64>();
        let usual = (10.0 * value.abs().max(1.0) / (0.5 * off).max(1.0)).clamp(1e-4, 1e4);
        let (slope, normals) = (length(&self.downhill(x)?), self.normals(x)?);
        let steepest = normals.rows().into_iter().fold(0.0_f64, |m, row| m.max(length(&row.to_vec())));
        let natural = slope / (steepest * steepest * 0.1 * length(x).max(1.0));
        Ok(if natural.is_normal() { usual.min(natural.max(1e-4 * usual)) } else { usual })
    }

    /// −μ (tᵢ − [tᵢ]).
    pub(super) fn multipliers(&self, held: &[f64], old: &[f64], weight: f64) -> Vec<f64> {
        let moved: Vec<f64> = held.iter().zip(old).map(|(c, l)| c - l / weight).collect();
        self.off(&moved).into_iter().map(|off| -weight * off).collect()
    }

    /// The augmented Lagrangian.
    pub(super) fn lifted(&mut self, x: &[f64], multipliers: &[f64], weight: f64) -> Result<f64> {
        let value = self.value(x)?;
        if !value.is_finite() {
            return Ok(value);
        }
        let held = self.held(x)?;
        let penalty = |(new, old): (&f64, &f64)| 0.5 * (new * new - old * old) / weight;
        let next = self.multipliers(&held, multipliers, weight);
        Ok(value + next.iter().zip(multipliers).map(penalty).sum::<f64>())
    }

    /// Its gradient.
    pub(super) fn slope(&mut self, x: &[f64], multipliers: &[f64], weight: f64, into: &mut [f64]) -> Result<()> {
        let held = self.held(x)?;
        let next = self.multipliers(&held, multipliers, weight);
        let normals = self.normals(x)?;
        into.copy_from_slice(&self.downhill(x)?);
        for (row, l) in normals.rows().into_iter().zip(&next).filter(|(_, l)| **l != 0.0) {
            into.iter_mut().zip(row).for_each(|(to, slope)| *to -= l * slope);
        }
        Ok(())
    }

    /// ∇f.
    fn downhill(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        let mut into = vec![0.0; x.len()];
        if let Some(gradient) = &mut self.gradient {
            self.calls[1] += 1;
            gradient(x, &mut into)?;
            return Ok(into);
        }
        let bounds = self.bounds.clone();
        Ok(slopes(x, &bounds, 1, &mut |x| Ok(vec![self.value(x)?]))?.row(0).to_vec())
    }

    /// ∇cᵢ, a row for each.
    fn normals(&mut self, x: &[f64]) -> Result<Array2<f64>> {
        let count = self.lower.len();
        if let Some(jacobian) = &mut self.jacobian {
            self.calls[3] += 1;
            let mut flat = vec![0.0; count * x.len()];
            jacobian(x, &mut flat)?;
            return Ok(Array2::from_shape_fn((count, x.len()), |(i, j)| flat[i * x.len() + j]));
        }
        let bounds = self.bounds.clone();
        slopes(x, &bounds, count, &mut |x| self.held(x))
    }

    /// What Karush, Kuhn and Tucker ask for.
    pub(super) fn conditions(&mut self, x: &[f64], multipliers: &[f64], gtol: f64) -> Result<Conditions> {
        const MET: f64 = 1e-8;
        let (value, held) = (self.value(x)?, self.held(x)?);
        let (gradient, normals) = (self.downhill(x)?, self.normals(x)?);
        let off = self.off(&held);
        let violation = off.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let feasible = normals.rows().into_iter().enumerate().all(|(i, row)| {
            let limit = [self.lower[i], self.upper[i]]
                .into_iter()
                .filter(|v| v.is_finite())
                .fold(0.0_f64, |m, v| m.max(v.abs()));
            let (terms, steepest) =
                row.iter().zip(x).fold((0.0, 0.0_f64), |(sum, most), (d, x)| (sum + (d * x).abs(), most.max(d.abs())));
            off[i].abs() <= MET * limit.max(terms).max(1e-3 * steepest)
        });
        let mut rest = gradient.clone();
        let mut steep: Vec<f64> = gradient.iter().map(|g| g.abs()).collect();
        for (row, l) in normals.rows().into_iter().zip(multipliers) {
            rest.iter_mut().zip(row).for_each(|(to, slope)| *to -= l * slope);
            steep.iter_mut().zip(row).for_each(|(to, slope)| *to = to.max((l * slope).abs()));
        }
        let steepest = steep.iter().fold(0.0_f64, |m, s| m.max(*s));
        let (low, high) = &self.bounds;
        for (i, rest) in rest.iter_mut().enumerate() {
            let pressed = (x[i] <= low[i] && *rest > 0.0) || (x[i] >= high[i] && *rest < 0.0);
            *rest = if pressed { 0.0 } else { *rest };
        }
        let optimality = rest.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
        let small = |(rest, x): (&f64, &f64)| {
            rest.abs() <= gtol * steepest || rest.abs() * x.abs().max(1.0) <= gtol * value.abs().max(self.size)
        };
        // A constraint that is not at the limit that its multiplier's sign tells of has none.
        let idle = |(i, l): (usize, &f64)| {
            let limit = if *l > 0.0 { self.lower[i] } else { self.upper[i] };
            let row = normals.row(i);
            let slack = (held[i] - limit).abs();
            let (terms, pull) =
                row.iter().zip(x).fold((0.0, 0.0_f64), |(sum, most), (d, x)| (sum + (d * x).abs(), most.max(d.abs())));
            *l == 0.0 || slack <= 1e-6 * limit.abs().max(terms).max(pull) || l.abs() * pull <= gtol * steepest
        };
        let finite = value.is_finite() && rest.iter().chain(&held).all(|v| v.is_finite());
        let stationary = finite && rest.iter().zip(x).all(small) && multipliers.iter().enumerate().all(idle);
        let multipliers = multipliers.to_vec();
        Ok(Conditions { value, gradient, held, multipliers, violation, optimality, feasible, stationary })
    }
}
