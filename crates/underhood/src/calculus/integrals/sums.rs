//! Sums that approach an integral: Riemann's, and the rules of the trapezoid and of Simpson for values on a grid.
//!
//! Source for Simpson's rule with uneven steps and an odd step left over: K. V. Cartwright, "Simpson's rule cumulative integration with
//! MS Excel and irregularly-spaced data", Journal of Mathematical Sciences and Mathematics Education 12 (2017) 1–9.

use super::chart::Function;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// Where a Riemann sum takes the height of each rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// At the left end.
    Left,
    /// At the right end.
    Right,
    /// In the middle.
    Midpoint,
    /// The mean of both ends: trapezoids.
    Trapezoid,
    /// The least value, as far as [`LOOKS`] values in each cell tell.
    Lower,
    /// The greatest value, likewise.
    Upper,
}

/// How many values of each cell the lower and the upper sum compare.
pub const LOOKS: usize = 65;

impl Rule {
    const NAMES: [&'static str; 6] = ["left", "right", "midpoint", "trapezoid", "lower", "upper"];

    /// The rule of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] lists the names that are known.
    pub fn from_name(function: &'static str, name: &str) -> Result<Rule> {
        match name {
            "left" => Ok(Rule::Left),
            "right" => Ok(Rule::Right),
            "midpoint" => Ok(Rule::Midpoint),
            "trapezoid" => Ok(Rule::Trapezoid),
            "lower" => Ok(Rule::Lower),
            "upper" => Ok(Rule::Upper),
            _ => Err(Error::UnknownName { function, argument: "rule", value: name.into(), allowed: &Rule::NAMES }),
        }
    }
}

/// The heights of the `n` rectangles of equal width that a Riemann sum from `a` to `b` adds up.
///
/// # Errors
/// [`Error::OutOfRange`] for limits that are not finite and for `n` = 0; whatever `f` returns as its error.
pub fn riemann_heights<E: From<Error>>(
    mut f: impl FnMut(&[f64], &mut [f64]) -> std::result::Result<(), E>,
    (a, b): (f64, f64),
    n: usize,
    rule: Rule,
) -> std::result::Result<Vec<f64>, E> {
    let mut caught = Caught::new("riemann_sum");
    let found = heights(&mut |x, into| caught.catch(f(x, into)), (a, b), n, rule);
    caught.release(found)
}

fn heights(f: &mut Function<'_>, (a, b): (f64, f64), n: usize, rule: Rule) -> Result<Vec<f64>> {
    const FUNCTION: &str = "riemann_sum";
    check::in_range(FUNCTION, "a", a, a.is_finite(), "finite")?;
    check::in_range(FUNCTION, "b", b, b.is_finite(), "finite")?;
    check::in_range(FUNCTION, "n", n as f64, (1..=100_000_000).contains(&n), "from 1 to 100000000")?;
    // The part-th part of cell i, from both ends, so that the last cell ends at b.
    let place = |i: usize, part: f64| {
        let share = (i as f64 + part) / n as f64;
        (1.0 - share) * a + share * b
    };
    let mut at = |x: Vec<f64>| -> Result<Vec<f64>> {
        let mut values = vec![0.0; x.len()];
        f(&x, &mut values)?;
        Ok(values)
    };
    match rule {
        Rule::Left => at((0..n).map(|i| place(i, 0.0)).collect()),
        Rule::Right => at((0..n).map(|i| place(i, 1.0)).collect()),
        Rule::Midpoint => at((0..n).map(|i| place(i, 0.5)).collect()),
        Rule::Trapezoid => {
            let ends = at((0..=n).map(|i| place(i, 0.0)).collect())?;
            Ok(ends.windows(2).map(|pair| 0.5 * pair[0] + 0.5 * pair[1]).collect())
        }
        Rule::Lower | Rule::Upper => (0..n)
            .map(|i| {
                let values = at((0..LOOKS).map(|k| place(i, k as f64 / (LOOKS - 1) as f64)).collect())?;
                let pick = |best: f64, v: f64| match rule {
                    _ if best.is_nan() || v.is_nan() => f64::NAN,
                    Rule::Lower => best.min(v),
                    _ => best.max(v),
                };
                Ok(values.iter().copied().reduce(pick).unwrap_or(f64::NAN))
            })
            .collect(),
    }
}

/// The steps between the places of a row of values.
#[derive(Debug, Clone, Copy)]
pub enum Steps<'a> {
    /// All the same.
    Equal(f64),
    /// From these places.
    Between(&'a [f64]),
}

impl Steps<'_> {
    fn step(&self, i: usize) -> f64 {
        match self {
            Steps::Equal(step) => *step,
            Steps::Between(x) => x[i + 1] - x[i],
        }
    }
}

/// The rule of the trapezoid, Σ (xᵢ₊₁ − xᵢ)(yᵢ + yᵢ₊₁)/2; zero for fewer than two values.
pub fn trapezoid(y: &[f64], steps: Steps<'_>) -> f64 {
    without_overflow(y, |y| (1..y.len()).map(|i| 0.5 * steps.step(i - 1) * (y[i - 1] + y[i])).sum())
}

/// A sum that is linear in y, with y made smaller if terms of both signs overflow on the way.
fn without_overflow(y: &[f64], sum: impl Fn(&[f64]) -> f64) -> f64 {
    let value = sum(y);
    if !value.is_nan() || !y.iter().all(|y| y.is_finite()) {
        return value;
    }
    let scale = 2.0_f64.powi(-600);
    sum(&y.iter().map(|y| scale * y).collect::<Vec<f64>>()) / scale
}

/// The running rule of the trapezoid: one number for each step.
pub fn cumulative_trapezoid(y: &[f64], steps: Steps<'_>, into: &mut [f64]) {
    let mut sum = 0.0;
    for (i, into) in (1..y.len()).zip(into) {
        sum += 0.5 * steps.step(i - 1) * (y[i - 1] + y[i]);
        *into = sum;
    }
}

/// Simpson's rule: parabolas through three values each. If a step is left over, the last parabola is used for it.
pub fn simpson(y: &[f64], steps: Steps<'_>) -> f64 {
    let n = y.len();
    if n < 3 {
        return trapezoid(y, steps);
    }
    without_overflow(y, |y| {
        let paired: f64 = (0..(n - 1) / 2).map(|k| first_part(y, steps, 2 * k) + second_part(y, steps, 2 * k)).sum();
        if n % 2 == 1 { paired } else { paired + second_part(y, steps, n - 3) }
    })
}

/// The running rule of Simpson: each step under the parabola that [`simpson`] uses for it.
pub fn cumulative_simpson(y: &[f64], steps: Steps<'_>, into: &mut [f64]) {
    let n = y.len();
    if n < 3 {
        return cumulative_trapezoid(y, steps, into);
    }
    let mut sum = 0.0;
    for (i, into) in (0..n - 1).zip(into) {
        sum += match i % 2 {
            0 if i + 2 < n => first_part(y, steps, i),
            _ => second_part(y, steps, i - 1),
        };
        *into = sum;
    }
}

/// The area under the parabola through values i, i + 1 and i + 2, over its first step.
fn first_part(y: &[f64], steps: Steps<'_>, i: usize) -> f64 {
    over_first([y[i], y[i + 1], y[i + 2]], steps.step(i), steps.step(i + 1))
}

/// The same over its second step.
fn second_part(y: &[f64], steps: Steps<'_>, i: usize) -> f64 {
    over_first([y[i + 2], y[i + 1], y[i]], steps.step(i + 1), steps.step(i))
}

fn over_first([y0, y1, y2]: [f64; 3], near: f64, far: f64) -> f64 {
    if near == 0.0 {
        return 0.0;
    }
    if far == 0.0 {
        return 0.5 * near * (y0 + y1); // two values at one place: no parabola
    }
    let both = near + far;
    near / 6.0
        * ((3.0 - near / both) * y0 + (3.0 + near / both + near / far * (near / both)) * y1
            - near / far * (near / both) * y2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_integrated_exactly_whatever_the_steps() {
        let x = [0.0, 0.5, 0.7, 1.5, 2.0, 2.25];
        let y = x.map(|x| 1.0 + x + 3.0 * x * x);
        let exact = |x: f64| x + 0.5 * x * x + x.powi(3);
        for n in 3..=6 {
            let whole = simpson(&y[..n], Steps::Between(&x[..n]));
            assert!((whole - exact(x[n - 1])).abs() < 1e-14, "{n}");
            let mut running = vec![0.0; n - 1];
            cumulative_simpson(&y[..n], Steps::Between(&x[..n]), &mut running);
            for (i, area) in running.iter().enumerate() {
                assert!((area - exact(x[i + 1])).abs() < 1e-14, "{n} {i}");
            }
        }
        assert_eq!(trapezoid(&[1.0, 2.0, 4.0], Steps::Equal(2.0)), 9.0);
        assert_eq!(trapezoid(&[1.0], Steps::Equal(2.0)), 0.0);
    }

    #[test]
    fn lower_and_upper_sums_enclose_the_integral() {
        let square = |x: &[f64], into: &mut [f64]| {
            into.iter_mut().zip(x).for_each(|(y, x)| *y = x * x);
            Ok::<_, Error>(())
        };
        let sum = |rule| -> f64 { riemann_heights(square, (-1.0, 1.0), 10, rule).unwrap().iter().sum::<f64>() * 0.2 };
        assert!(sum(Rule::Lower) < 2.0 / 3.0 && sum(Rule::Upper) > 2.0 / 3.0);
        assert!((sum(Rule::Midpoint) - 0.66).abs() < 1e-14 && (sum(Rule::Trapezoid) - 0.68).abs() < 1e-14);
        assert!(riemann_heights(square, (0.0, 1.0), 0, Rule::Left).is_err());
    }
}
