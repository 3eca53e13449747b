//! The way from the start to the end: steps are tried and kept, methods changed, crossings looked for, and what stops it is named.

use super::dense::nested;
use super::eighth::Eighth;
use super::events::{Crossing, Events, Signal};
use super::fifth::Fifth;
use super::fixed::{Euler, Kutta};
use super::radau::Radau;
use super::scheme::{Equation, Now, Scheme, Tolerance, Verdict};
use super::solution::{Dense, Phase, Solution, Stop};
use super::{Method, Options, control};
use crate::error::Result;

/// What is to be solved, checked.
pub(super) struct Task<'a> {
    pub(super) span: (f64, f64),
    pub(super) start: &'a [f64],
    pub(super) options: &'a Options,
    pub(super) crossings: &'a [Crossing],
}

/// What is kept of the way.
struct Record<'a> {
    asked: Option<&'a [f64]>,
    next: usize,
    times: Vec<f64>,
    values: Vec<f64>,
    dense: Option<Dense>,
}

impl<'a> Record<'a> {
    fn new(options: &'a Options, now: &Now) -> Self {
        let dense = options.dense.then(|| Dense::new(now.t, &now.y));
        let mut record =
            Record { asked: options.times.as_deref(), next: 0, times: Vec::new(), values: Vec::new(), dense };
        match record.asked {
            None => record.push(now.t, &now.y),
            Some(times) => {
                while times.get(record.next) == Some(&now.t) {
                    record.push(now.t, &now.y);
                    record.next += 1;
                }
            }
        }
        record
    }

    fn push(&mut self, t: f64, y: &[f64]) {
        self.times.push(t);
        self.values.extend_from_slice(y);
    }

    /// Whether some time that was asked for lies inside the step to `t`.
    fn looks_inside(&self, t: f64, forward: bool) -> bool {
        let asked = self.asked.and_then(|times| times.get(self.next));
        asked.is_some_and(|&asked| if forward { asked < t } else { asked > t })
    }

    /// Keeps what was asked for of a step that ends at `t` with the value `y`.
    fn keep(&mut self, now: &Now, coefficients: &[f64], (t, y): (f64, &[f64]), forward: bool, point: &mut [f64]) {
        match self.asked {
            None => self.push(t, y),
            Some(times) => {
                while let Some(&asked) = times.get(self.next) {
                    if asked == t {
                        self.push(t, y);
                    } else if (asked < t) == forward {
                        nested(&now.y, coefficients, (asked - now.t) / now.h, point);
                        self.push(asked, point);
                    } else {
                        break;
                    }
                    self.next += 1;
                }
            }
        }
        if let Some(dense) = &mut self.dense {
            dense.push(now.h, coefficients, t, y);
        }
    }
}

fn scheme(method: Method, n: usize) -> Box<dyn Scheme> {
    match method {
        Method::Auto | Method::Eighth => Box::new(Eighth::new(n)),
        Method::Fifth => Box::new(Fifth::new(n)),
        Method::Radau => Box::new(Radau::new(n)),
        Method::Euler => Box::new(Euler),
        Method::Kutta => Box::new(Kutta::new(n)),
    }
}

/// The distance below which two times are too close for a step between them.
fn closest(t: f64) -> f64 {
    10.0 * f64::EPSILON * t.abs() + f64::MIN_POSITIVE
}

/// What an absolute tolerance of 0 allows, as a part of the relative tolerance of the largest component.
const LITTLE: f64 = 1e-6;

/// Solves the task.
pub(super) fn solve(task: &Task<'_>, mut equation: Equation<'_>, signal: &mut Signal<'_>) -> Result<Solution> {
    let Task { span: (start, end), options, .. } = *task;
    let forward = end >= start;
    let mut now = Now::new(start, task.start);
    let mut steps = 0;
    let mut phases = Vec::new();
    let mut record = Record::new(options, &now);
    let mut events = Events::new(task.crossings, signal, &now)?;
    let stop = 'solve: {
        if start == end {
            break 'solve Stop::Finished;
        }
        equation.slope(now.t, &now.y, &mut now.slope)?;
        if let Some(i) = now.slope.iter().position(|slope| !slope.is_finite()) {
            break 'solve Stop::NotFinite { t: start, component: i, value: now.slope[i] };
        }
        let fixed = options.fixed_step((end - start).abs());
        // Of a component that is zero no part can be allowed: without an absolute tolerance, a little of the largest is.
        let reach = norm(&now.y).max(norm(&now.slope) * (end - start).abs()).min(f64::MAX);
        let least = (LITTLE * options.rtol * reach).max(f64::MIN_POSITIVE);
        // The polynomials between the steps of order 8 are of order 7 only.
        let between = options.dense || options.times.is_some();
        let share = if between && matches!(options.method, Method::Auto | Method::Eighth) { 0.5 } else { 1.0 };
        let absolute = options.atol.iter().map(|&atol| share * if atol > 0.0 { atol } else { least }).collect();
        let tolerance = Tolerance { relative: share * options.rtol, absolute };
        let mut method = if options.method == Method::Auto { Method::Eighth } else { options.method };
        let mut running = scheme(method, now.y.len());
        phases.push(Phase { from: start, method });
        now.h = match (fixed, options.first_step) {
            (Some(step), _) => step.copysign(end - start),
            (None, Some(step)) => step.copysign(end - start),
            (None, None) => control::first_step(&mut equation, &mut now, end, running.order(), &tolerance)?,
        };
        let (mut coefficients, mut point) = (Vec::new(), task.start.to_vec());
        let (mut largest, mut attempts) = (norm(&now.y), 0);
        let mut without_value = None;
        loop {
            if attempts == options.max_steps && fixed.is_none() {
                break Stop::TooManySteps { t: now.t, stiff: running.wants_other() && method != Method::Radau };
            }
            attempts += 1;
            if now.h.abs() > options.max_step {
                now.h = options.max_step.copysign(now.h);
            }
            let last = if let Some(step) = fixed {
                let target = start + ((steps + 1) as f64 * step).copysign(end - start);
                let last = (end - target).abs() <= 1e-9 * step || (target > end) == forward;
                now.h = if last { end } else { target } - now.t;
                last
            } else {
                let rest = end - now.t;
                if now.h.abs() < closest(now.t).min(rest.abs()) {
                    break without_value.unwrap_or_else(|| grew(&now, (start, largest)));
                }
                // A last crumb would be all rounding: the step before it goes all the way, or two share what is left.
                let last = 1.01 * now.h.abs() >= rest.abs();
                if last {
                    now.h = rest;
                } else if 2.0 * now.h.abs() > rest.abs() {
                    now.h = rest / 2.0;
                }
                last
            };
            match running.attempt(&mut equation, &mut now, &tolerance)? {
                Verdict::Rejected(h) => {
                    now.h = h;
                    without_value = None;
                }
                Verdict::NotFinite(h) => {
                    let values = now.y_next.iter().chain(&now.slope_next);
                    let value = values.copied().find(|value| !value.is_finite()).unwrap_or(f64::NAN);
                    without_value = Some(if norm(&now.y) > 1e290 {
                        Stop::Overflow { t: now.t }
                    } else {
                        Stop::NotFinite { t: now.t, component: 0, value }
                    });
                    if let (Some(_), Some(stop)) = (fixed, without_value) {
                        break stop;
                    }
                    now.h = h;
                }
                Verdict::Accepted(h) => {
                    let mut t = if last { end } else { now.t + now.h };
                    if record.dense.is_some() || events.any() || record.looks_inside(t, forward) {
                        running.interpolate(&mut equation, &now, &mut coefficients)?;
                        if !coefficients.iter().all(|c| c.is_finite()) {
                            // The polynomial is beyond doubles, though the solution is not yet: shorter steps have smaller ones.
                            without_value = Some(Stop::Overflow { t: now.t });
                            if let (Some(_), Some(stop)) = (fixed, without_value) {
                                break stop;
                            }
                            now.h *= 0.1;
                            continue;
                        }
                    }
                    steps += 1;
                    let ended = if events.any() { events.search(&now, &coefficients)? } else { None };
                    if let Some((_, theta)) = ended {
                        t = now.t + theta * now.h;
                        nested(&now.y, &coefficients, theta, &mut point);
                        now.y_next.copy_from_slice(&point);
                    }
                    record.keep(&now, &coefficients, (t, &now.y_next), forward, &mut point);
                    now.advance(t);
                    now.h = h;
                    without_value = None;
                    largest = largest.max(norm(&now.y));
                    if let Some((event, _)) = ended {
                        break Stop::Event(event);
                    }
                    if last {
                        break Stop::Finished;
                    }
                    if options.method == Method::Auto && running.wants_other() {
                        method = if method == Method::Radau { Method::Eighth } else { Method::Radau };
                        running = scheme(method, now.y.len());
                        phases.push(Phase { from: now.t, method });
                    }
                }
            }
        }
    };
    let Events { times, points, .. } = events;
    Ok(Solution {
        dimension: task.start.len(),
        times: record.times,
        values: record.values,
        dense: record.dense,
        event_times: times,
        event_values: points,
        steps,
        function_evaluations: equation.evaluations,
        jacobian_evaluations: equation.jacobians,
        factorizations: equation.factorizations,
        phases,
        end: now.t,
        stop,
    })
}

fn norm(y: &[f64]) -> f64 {
    y.iter().fold(0.0, |largest, y| y.abs().max(largest))
}

/// Names what let the steps shrink to nothing: a solution that grows without bound, or a slope that is not smooth.
fn grew(now: &Now, (start, largest): (f64, f64)) -> Stop {
    let size = norm(&now.y);
    let fastest = (0..now.y.len()).max_by(|&i, &j| now.slope[i].abs().total_cmp(&now.slope[j].abs())).unwrap_or(0);
    let (y, slope) = (now.y[fastest], now.slope[fastest]);
    let outward = y * slope * now.h > 0.0;
    let steep = slope.abs() * (now.t - start).abs() > 1e5 * (1.0 + y.abs()) || size > 1e5;
    if outward && steep && size >= largest {
        Stop::BlowUp { t: now.t, size }
    } else {
        Stop::StepTooSmall { t: now.t, h: now.h }
    }
}
