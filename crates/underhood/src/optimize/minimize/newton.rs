//! Newton's method in a region of trust: the quadratic model is minimised exactly within a radius that grows while the model
//! foretells the function well and shrinks where it does not. J. J. Moré and D. C. Sorensen, "Computing a trust region step",
//! SIAM Journal on Scientific and Statistical Computing 4 (1983), <https://doi.org/10.1137/0904038>; here the model is taken
//! apart by its eigenvectors, which also shows saddles and flat directions. Lengths are measured in units of each coordinate's own
//! curvature, so that scales may differ by any factor.
//!
//! It is a method of its own (`trust-exact`), and what the other methods end with where they are stuck, or where they came to
//! rest but their steps did not show that it is a minimum.

use ndarray::{Array2, ArrayView1};

use super::MinimizeStop as Stop;
use super::around::{Around, plateau, survey};
use super::landscape::{Accuracy, SECOND};
use super::place::Place;
use super::run::Run;
use crate::error::Result;
use crate::linalg::{Triangle, eigh};
use crate::optimize::lengths::{dot, length as norm};

/// The quadratic model at a place, on the free coordinates: curvatures along its axes, and the slope along them.
pub(super) struct Model {
    free: Vec<usize>,
    /// √|Hᵢᵢ| of each free coordinate.
    units: Vec<f64>,
    pub(super) curvatures: Vec<f64>,
    axes: Array2<f64>,
    slopes: Vec<f64>,
    /// Curvatures below this are indistinguishable from zero.
    noise: f64,
    /// The same for second derivatives by differences in the worst case.
    doubt: f64,
    hessian: Vec<f64>,
}

impl Model {
    /// The model of a Hessian that is known; none if it cannot be scaled.
    fn of(run: &Run<'_>, here: &Place, careful: bool, hessian: Vec<f64>) -> Result<Option<Self>> {
        let n = here.x.len();
        let free: Vec<usize> = (0..n).filter(|&i| !run.land.held(i, here.x[i], here.slope[i])).collect();
        let largest = free.iter().fold(0.0_f64, |m, &i| m.max(hessian[i * n + i].abs()));
        let units: Vec<f64> = free
            .iter()
            .map(|&i| {
                let row = free.iter().fold(0.0_f64, |m, &j| m.max(hessian[i * n + j].abs()));
                hessian[i * n + i].abs().max(1e-8 * row).max(1e-24 * largest).max(f64::MIN_POSITIVE).sqrt()
            })
            .collect();
        let scaled = Array2::from_shape_fn((free.len(), free.len()), |(a, b)| {
            hessian[free[a] * n + free[b]] / units[a] / units[b]
        });
        if scaled.iter().any(|h| !h.is_finite()) {
            return Ok(None);
        }
        let spectrum = eigh(scaled.view(), Triangle::Lower)?;
        let slope: Vec<f64> = free.iter().zip(&units).map(|(&i, unit)| here.slope[i] / unit).collect();
        let slopes = spectrum.vectors.t().dot(&ArrayView1::from(&slope)).to_vec();
        let curvatures = spectrum.values.to_vec();
        let top = curvatures.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
        let exact = match (run.land.has_curvature(), run.land.numerical() || !careful) {
            (true, _) => 1e-14,
            (_, true) => 1e-7,
            _ => 1e-10,
        };
        let noise = exact * top;
        let doubt = match (run.land.has_curvature(), run.land.numerical()) {
            (true, _) => noise,
            (_, false) => 1e-6 * top,
            // What rounding of f leaves of a second difference.
            _ => free.iter().zip(&units).fold(1e-6 * top, |doubt, (&i, unit)| {
                let step = SECOND * here.x[i].abs().max(0.1) * unit;
                doubt.max(16.0 * f64::EPSILON * here.value.abs() / (step * step))
            }),
        };
        Ok(Some(Model { free, units, curvatures, axes: spectrum.vectors, slopes, noise, doubt, hessian }))
    }

    /// ½ gᵀ |H|⁻¹ g: the descent that the model promises.
    fn promise(&self) -> f64 {
        let floor = self.noise * 1e-6;
        0.5 * self
            .slopes
            .iter()
            .zip(&self.curvatures)
            .map(|(g, c)| g * g / c.abs().max(floor).max(f64::MIN_POSITIVE))
            .sum::<f64>()
    }

    /// H⁻¹, where all of it is known and positive.
    fn inverse(&self, n: usize) -> Option<Vec<f64>> {
        if self.free.len() < n || self.lowest() <= 0.0 {
            return None;
        }
        let mut inverse = vec![0.0; n * n];
        for (k, curvature) in self.curvatures.iter().enumerate() {
            let axis: Vec<f64> = (0..n).map(|i| self.axes[[i, k]] / self.units[i]).collect();
            for i in 0..n {
                for j in 0..n {
                    inverse[i * n + j] += axis[i] * axis[j] / curvature;
                }
            }
        }
        Some(inverse)
    }

    /// The free coordinates with their second derivatives.
    pub(super) fn diagonal(&self) -> impl Iterator<Item = (usize, f64)> {
        let n = self.hessian.len().isqrt();
        self.free.iter().map(move |&i| (i, self.hessian[i * n + i]))
    }

    /// The second derivative along a way.
    pub(super) fn along(&self, way: &[f64]) -> f64 {
        let n = way.len();
        (0..n).map(|i| way[i] * dot(&self.hessian[i * n..(i + 1) * n], way)).sum()
    }

    fn lowest(&self) -> f64 {
        self.curvatures.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The model's least point within the radius, in scaled coordinates along the axes.
    fn step(&self, radius: f64) -> Vec<f64> {
        let at = |shift: f64| -> Vec<f64> {
            self.slopes
                .iter()
                .zip(&self.curvatures)
                .map(|(g, c)| if *g == 0.0 { 0.0 } else { -g / (c + shift) })
                .collect()
        };
        let lowest = self.lowest();
        if lowest > 0.0 {
            let whole = at(0.0);
            if norm(&whole) <= radius {
                return whole;
            }
        }
        // |p(λ)| = radius for one λ above −lowest: 1/|p| is nearly straight there, and Newton's method finds it from the left.
        let steepest = norm(&self.slopes);
        let (mut low, mut high) = ((-lowest).max(0.0), (-lowest).max(0.0) + steepest / radius);
        let mut shift = high;
        for _ in 0..60 {
            let p = at(shift);
            let length = norm(&p);
            if (length - radius).abs() <= 1e-3 * radius {
                return p;
            }
            if length > radius {
                low = shift
            } else {
                high = shift
            }
            let bend: f64 = p.iter().zip(&self.curvatures).map(|(p, c)| p * p / (c + shift)).sum();
            let newton = shift + (length - radius) / radius * length * length / bend;
            shift = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            if high - low <= 1e-14 * high {
                break;
            }
        }
        // The hard case: the slope has no part along the lowest axis, so some of that axis is added.
        let mut p = at(high);
        let short = radius * radius - dot(&p, &p);
        if short > 0.0
            && let Some(k) = (0..p.len()).min_by(|&a, &b| self.curvatures[a].total_cmp(&self.curvatures[b]))
        {
            p[k] += if self.slopes[k] > 0.0 { -short.sqrt() } else { short.sqrt() };
        }
        p
    }

    /// The same step in the landscape's coordinates.
    pub(super) fn unscaled(&self, p: &[f64], into: &mut [f64]) {
        into.fill(0.0);
        let moved = self.axes.dot(&ArrayView1::from(p));
        for ((&i, unit), p) in self.free.iter().zip(&self.units).zip(moved) {
            into[i] = p / unit;
        }
    }

    /// The length of a move in the model's units.
    fn length(&self, s: &[f64]) -> f64 {
        norm(&self.free.iter().zip(&self.units).map(|(&i, unit)| s[i] * unit).collect::<Vec<_>>())
    }

    /// What the model foretells of a move: gᵀs + ½ sᵀH s.
    fn foretold(&self, here: &Place, s: &[f64]) -> f64 {
        dot(&here.slope, s) + 0.5 * self.along(s)
    }
}

/// So many steps must lower f by a thousandth; else the search comes to nothing.
const PATIENCE: (usize, f64) = (100, 1e-3);
/// The same where every step costs many values: by a fiftieth.
const PATIENCE_OF_DIFFERENCES: (usize, f64) = (100, 0.02);

/// Second derivatives that serve the next model: those of the place, or an older place's with what the steps since have shown.
struct Bends {
    hessian: Vec<f64>,
    /// Steps since they were measured.
    age: usize,
}

impl Bends {
    fn measured(run: &mut Run<'_>, here: &Place, careful: bool) -> Result<Option<Self>> {
        let mut hessian = vec![0.0; here.x.len() * here.x.len()];
        let finite = run.land.hessian(&here.x, (here.value, &here.slope), careful, &mut hessian)?;
        Ok(finite.then_some(Bends { hessian, age: 0 }))
    }

    /// The symmetric update of rank one, which makes the change of the gradient along the last step right: A. R. Conn, N. I. M. Gould,
    /// Ph. L. Toint, Mathematical Programming 50 (1991), <https://doi.org/10.1007/BF01594934>.
    fn learn(mut self, s: &[f64], from: &Place, to: &Place) -> Option<Self> {
        let n = s.len();
        let missed: Vec<f64> =
            (0..n).map(|i| to.slope[i] - from.slope[i] - dot(&self.hessian[i * n..(i + 1) * n], s)).collect();
        let along = dot(&missed, s);
        if missed.iter().all(|missed| *missed == 0.0) {
            return Some(Bends { age: self.age + 1, ..self });
        }
        if !(along.abs() > 1e-8 * norm(&missed) * norm(s)) {
            return None;
        }
        for i in 0..n {
            for j in 0..n {
                self.hessian[i * n + j] += missed[i] * missed[j] / along;
            }
        }
        Some(Bends { age: self.age + 1, ..self })
    }
}

/// Goes on from `here` until the verdict holds with the true second derivatives, or nothing lower can be found. With `claimed`,
/// the place came from another method, and may need no more than to be looked at.
pub(super) fn newton(run: &mut Run<'_>, here: &mut Place, claimed: bool) -> Result<Stop> {
    let n = here.x.len();
    if !claimed {
        run.land.refine(Accuracy::Central, here)?;
    }
    let mut next = Place::at(&here.x);
    let (mut shift, mut last) = (vec![0.0; n], vec![0.0; n]);
    let (mut radius, mut careful) = (0.0, !claimed);
    let (mut milestone, mut milestone_at) = (here.value, run.iterations);
    let (patience, least) = if run.land.numerical() { PATIENCE_OF_DIFFERENCES } else { PATIENCE };
    let mut known: Option<Bends> = None;
    // Whether second derivatives are kept for more than one step; where that leads nowhere, they are not.
    let mut keeps = run.land.numerical() && !run.land.has_curvature();
    // Whether the last true second derivatives were those of a minimum, next to it.
    let mut near = false;
    loop {
        if run.iterations >= milestone_at + patience {
            if milestone - here.value <= least * here.value.abs() {
                if !keeps {
                    return Ok(Stop::Stalled);
                }
                keeps = false;
            }
            (milestone, milestone_at) = (here.value, run.iterations);
        }
        let bends = match known.take() {
            Some(bends) => Some(bends),
            None => Bends::measured(run, here, careful)?,
        };
        let Some(bends) = bends else { return Ok(Stop::Stalled) };
        let age = bends.age;
        let Some(model) = Model::of(run, here, careful, bends.hessian)? else {
            if age > 0 {
                continue;
            }
            return Ok(Stop::Stalled);
        };
        if model.free.is_empty() {
            return Ok(Stop::Converged);
        }
        let promise = model.promise();
        let convex = model.lowest() >= -model.noise;
        if age == 0 {
            near = convex && run.verdict.acceptable(&run.land, promise, here);
        }
        if run.verdict.settled(&run.land, promise, here) && convex {
            if age > 0 && !near {
                continue; // only true second derivatives tell a minimum
            }
            match plateau(run, &model, here, &mut next)? {
                Around::Lower => {
                    radius = 0.0;
                    if let Some(stop) = run.after(here)? {
                        return Ok(stop);
                    }
                    continue;
                }
                Around::Higher => return Ok(Stop::Plateau),
                Around::Nothing => {
                    finish(run, &model, here, (&mut shift, &mut next))?;
                    run.inverse = model.inverse(n);
                    return Ok(Stop::Converged);
                }
            }
        }
        if !careful {
            careful = true;
            // Differences of values are the same with care; those of slopes are taken anew.
            if run.land.numerical() {
                known = Some(Bends { hessian: model.hessian, age });
            }
            continue;
        }
        // The radius keeps its length along the last move, in the new units.
        radius = if radius == 0.0 { opening(&model, here) } else { radius * model.length(&last) };
        let Some((kept, ratio)) = advance(run, &model, here, radius, (&mut shift, &mut next))? else {
            radius = 0.0;
            if age > 0 {
                continue;
            }
            if run.land.numerical() && run.land.accuracy < Accuracy::Extrapolated {
                run.land.refine(Accuracy::Extrapolated, here)?;
                known = Some(Bends { hessian: model.hessian, age });
                continue;
            }
            // Nothing lower anywhere near: it is the lowest that can be told. Whether it is a minimum, the slope says, beside the
            // size that f has around.
            survey(run, here, &mut next)?;
            if next.value < here.value - 1e-9 * here.value.abs()
                && run.land.slope(&next.x, next.value, &mut next.slope)?
            {
                std::mem::swap(here, &mut next);
                if let Some(stop) = run.after(here)? {
                    return Ok(stop);
                }
                continue;
            }
            let bent = model.lowest() < -model.doubt;
            if !bent && !run.verdict.lowest(&run.land, promise, here) {
                return Ok(Stop::Stalled);
            }
            match plateau(run, &model, here, &mut next)? {
                Around::Lower => {
                    if let Some(stop) = run.after(here)? {
                        return Ok(stop);
                    }
                    continue;
                }
                Around::Higher => return Ok(Stop::Plateau),
                Around::Nothing => return Ok(if bent { Stop::Stalled } else { Stop::Converged }),
            }
        };
        last.copy_from_slice(&shift);
        radius = kept / model.length(&last);
        // Where the model foretold the step, it is kept with what the step showed, for a step a variable.
        if keeps && (0.5..1.5).contains(&ratio) && age < n {
            known = Bends { hessian: model.hessian, age }.learn(&last, here, &next);
        }
        std::mem::swap(here, &mut next);
        if let Some(stop) = run.after(here)? {
            return Ok(stop);
        }
    }
}

/// Far above zero f itself cannot tell where it is least, but a known slope can: goes there by Newton steps, as long as the slope vanishes and f does
/// not rise by what it can tell.
fn finish(run: &mut Run<'_>, model: &Model, here: &mut Place, (shift, next): (&mut [f64], &mut Place)) -> Result<()> {
    const VISIBLE: f64 = 1e-7;
    const STEPS: usize = 4;
    if run.land.numerical() || model.lowest() <= model.noise {
        return Ok(());
    }
    for _ in 0..STEPS {
        let slope = model.free.iter().zip(&model.units).map(|(&i, unit)| here.slope[i] / unit).collect::<Vec<_>>();
        let along = model.axes.t().dot(&ArrayView1::from(&slope));
        let step: Vec<f64> = along.iter().zip(&model.curvatures).map(|(g, c)| -g / c).collect();
        model.unscaled(&step, shift);
        if shift.iter().zip(&here.x).all(|(shift, x)| shift.abs() <= VISIBLE * x.abs().max(1.0)) {
            break;
        }
        for (next, (x, shift)) in next.x.iter_mut().zip(here.x.iter().zip(shift.iter())) {
            *next = x + shift;
        }
        run.land.project(&mut next.x);
        next.value = run.land.value(&next.x)?;
        let sound = next.value <= here.value + 4.0 * f64::EPSILON * here.value.abs();
        if !(sound && run.land.slope(&next.x, next.value, &mut next.slope)?) {
            break;
        }
        let rest = model.free.iter().zip(&model.units).map(|(&i, unit)| next.slope[i] / unit).collect::<Vec<_>>();
        if norm(&rest) > 0.1 * norm(&slope) {
            break;
        }
        std::mem::swap(here, next);
    }
    Ok(())
}

/// Looks for a lower place within the radius, which shrinks until there is one. Gives the radius to go on with, and the descent
/// as a part of what was foretold; the place stands in `next`, the move to it in `shift`.
fn advance(
    run: &mut Run<'_>,
    model: &Model,
    here: &Place,
    mut radius: f64,
    (shift, next): (&mut [f64], &mut Place),
) -> Result<Option<(f64, f64)>> {
    for _ in 0..60 {
        model.unscaled(&model.step(radius), shift);
        for i in 0..shift.len() {
            next.x[i] = here.x[i] + shift[i];
        }
        run.land.project(&mut next.x);
        for i in 0..shift.len() {
            shift[i] = next.x[i] - here.x[i];
        }
        if next.x == here.x {
            return Ok(None);
        }
        let foretold = model.foretold(here, shift);
        next.value = run.land.value(&next.x)?;
        let (ratio, length) = ((here.value - next.value) / -foretold, model.length(shift));
        let lower = next.value < here.value && foretold < 0.0 && ratio > 1e-4;
        if lower && run.land.slope(&next.x, next.value, &mut next.slope)? {
            let kept = match ratio {
                ratio if ratio < 0.25 => 0.25 * length,
                ratio if ratio > 0.75 && length > 0.8 * radius => 3.0 * radius,
                _ => radius,
            };
            return Ok(Some((kept, ratio)));
        }
        radius = if next.value.is_finite() { 0.25 } else { 0.1 } * length.min(radius);
    }
    Ok(None)
}

/// The first radius: the whole of a Newton step where there is one, but not far beyond the place's own size.
fn opening(model: &Model, here: &Place) -> f64 {
    let size = model.length(&here.x.iter().map(|x| x.abs().max(0.1)).collect::<Vec<_>>());
    let cauchy = norm(&model.slopes);
    if cauchy > 0.0 { size.min(10.0 * cauchy) } else { 0.1 * size }
}
