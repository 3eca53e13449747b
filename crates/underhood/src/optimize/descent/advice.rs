//! What is said about a descent's end.
//!
//! The advice after a divergence is the stability limit on a quadratic with largest curvature L (`Rule::critical_rate`); L is read
//! off the last two points, where the direction that grows has taken over.

use super::options::Options;
use super::rule::Rule;
use super::walk::Stop;
use crate::optimize::numbers::brief;

/// A descent in a few numbers.
#[derive(Debug)]
pub(super) struct Course {
    /// The first value and the last.
    pub(super) values: (f64, f64),
    /// The last gradient's length.
    pub(super) slope: f64,
    pub(super) iterations: usize,
    pub(super) last_rate: f64,
    /// The curvature between the first two points and between the last two, if both are known.
    pub(super) curvatures: Option<(f64, f64)>,
}

pub(super) fn message(stop: Stop, course: &Course, options: &Options<'_>) -> String {
    let (first, last) = course.values;
    let known = options.critical_rate;
    let rose = last > first;
    let (first, last, slope) = (brief(first, 6), brief(last, 6), brief(course.slope, 4));
    let (rate, tolerance) = (course.last_rate, options.tolerance);
    let steps = counted(course.iterations);
    match stop {
        Stop::Converged | Stop::Saddle | Stop::Plateau => {
            format!("converged: the gradient's length {slope} is within tol = {tolerance:e} after {steps}")
        }
        Stop::Asked => format!("stopped by the callback after {steps}; the gradient's length is {slope}"),
        Stop::Stalled if options.rate.searches() => format!(
            "stalled after {steps}: no step down the gradient lowers f, though the gradient's length is {slope}; f has a kink there, the gradient is wrong, or rounding hides what is left"
        ),
        Stop::Stalled => format!(
            "stalled after {steps}: a step of learning_rate = {rate} no longer changes x, though the gradient's length is {slope}"
        ),
        Stop::MaxIter if rose => {
            format!(
                "not converged: the value rose from {first} to {last} in {steps}. {}",
                advice(course, options.rule, known)
            )
        }
        Stop::MaxIter => format!(
            "not converged: max_iter = {} steps are used up and the gradient's length is {slope}, above tol = {tolerance:e}; allow more steps or choose another learning_rate",
            options.max_iter
        ),
        Stop::Diverged if rose => format!(
            "diverged after {steps}: the value rose from {first} to {last} and would go on to infinity. {}",
            advice(course, options.rule, known)
        ),
        Stop::Diverged => format!(
            "diverged after {steps}: f falls without bound (from {first} to {last}), or is undefined where the next step leads"
        ),
    }
}

/// What is said of a walk that came to rest where f falls away.
pub(super) fn saddle(slope: f64, iterations: usize) -> String {
    format!(
        "not converged: the gradient has vanished (its length is {} after {}), but f falls away from there: a saddle or a maximum, which the walk cannot leave; start beside it",
        brief(slope, 4),
        counted(iterations)
    )
}

/// What is said where f goes on to fall though neither slope nor curvature shows it.
pub(super) fn inflection(slope: f64, iterations: usize) -> String {
    format!(
        "not converged: the gradient has vanished (its length is {} after {}), but f falls on from there: an inflection, or a saddle; start \
         beside it",
        brief(slope, 4),
        counted(iterations)
    )
}

/// What is said where the start is flatter than the tolerance.
pub(super) fn gentle(slope: f64) -> String {
    format!(
        "not converged: the gradient's length {} is within tol from the start, so that no step was made, but f falls on from there; give a \
         smaller tol, or f in a smaller unit",
        brief(slope, 4)
    )
}

/// What is said where the start is level.
pub(super) fn plateau(slope: f64) -> String {
    format!(
        "not converged: f is level around x0 (the gradient's length is {}), but not farther off: a plateau, from which no way leads on; start \
         elsewhere",
        brief(slope, 4)
    )
}

fn counted(steps: usize) -> String {
    if steps == 1 { "1 step".to_string() } else { format!("{steps} steps") }
}

/// The largest stable rate on a quadratic with the curvature that was met.
fn advice(course: &Course, rule: Rule, known: Option<f64>) -> String {
    let rate = course.last_rate;
    let halved = format!(
        "learning_rate = {rate} is too large here: halve it, and again if need be; if no rate helps, look for a wrong sign in the gradient"
    );
    // The curvature at the start, if it was measured, is that of the steepest way; what the first step met, that of its own way alone.
    if let Some(limit) = known.filter(|limit| *limit < rate && *limit > 0.0) {
        return format!(
            "learning_rate = {rate} is too large: by the curvature L at the start, rates above {} = {} overshoot further each time; try {}",
            rule.critical_formula(),
            brief(limit, 4),
            brief(0.5 * limit, 1)
        );
    }
    let Some((first, last)) = course.curvatures else { return halved };
    // On a quadratic both are of the size of L, the later one closer; else only the start's neighbourhood tells anything.
    let quadratic = last < 10.0 * first;
    let curvature = if quadratic { first.max(last) } else { first };
    let Some(limit) = rule.critical_rate(curvature) else { return halved };
    if !(limit.is_finite() && limit > 0.0 && limit < rate) {
        return halved;
    }
    let place = if quadratic { "" } else { " at the start" };
    let proposal = if quadratic { 0.5 * limit } else { 0.1 * limit };
    format!(
        "learning_rate = {rate} is too large: with the curvature L = {} met{place}, rates above {} = {} overshoot further each time; try {}",
        brief(curvature, 4),
        rule.critical_formula(),
        brief(limit, 4),
        brief(proposal, 1)
    )
}
