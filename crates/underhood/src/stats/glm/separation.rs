//! Data that have no best coefficients: the likelihood grows for ever along some direction.
//!
//! For odds that is so when a plane separates the classes (completely, or but for rows that lie on it: Albert and Anderson 1984,
//! doi:10.1093/biomet/71.1.1), for counts when a combination of columns is constant where y is positive and to one side of that where y is
//! zero (Santos Silva and Tenreyro 2010, doi:10.1016/j.econlet.2010.02.020). Newton's steps then settle on such a direction and never
//! end; it is looked for when they do not shrink, and refused by the name of what separates.

use ndarray::{ArrayView1, ArrayView2};

use super::family::Family;
use super::iterate::Problem;
use crate::error::Error;
use crate::panel::products;

/// A row this far on the wrong side, relative to the farthest row, is on the boundary.
const ROUNDING: f64 = 1e-9;

/// A value this many times as far from the median as the typical one that is away from it hides what the others tell.
const OUTLYING: f64 = 1e6;

/// Coefficients below this part of the largest have no part in a separation.
const PART: f64 = 1e-5;

impl Problem<'_> {
    /// Whether the likelihood never falls along a direction, and grows for some row.
    pub(super) fn is_running(&self, direction: &[f64]) -> bool {
        let mut along = vec![0.0; self.basis.rows];
        self.blocks(|from, panel| {
            let count = panel.len() / self.basis.width;
            products(panel, direction, &mut along[from..from + count]);
        });
        let farthest = along.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        farthest > 0.0
            && along.iter().zip(self.y).all(|(&v, &y)| match self.family {
                Family::Binomial => (2.0 * y - 1.0) * v >= -ROUNDING * farthest,
                Family::Poisson => v <= ROUNDING * farthest && (y == 0.0 || v >= -ROUNDING * farthest),
            })
    }
}

/// A column that separates all by itself.
struct Alone {
    column: usize,
    /// Where y is 0: its least and largest value.
    zero: (f64, f64),
    /// Where y is 1 (positive).
    positive: (f64, f64),
}

/// Looks for a column that separates by itself, given a constant.
fn alone(family: Family, x: ArrayView2<'_, f64>, y: ArrayView1<'_, f64>) -> Option<Alone> {
    (0..x.ncols()).find_map(|column| {
        let mut ranges = [(f64::INFINITY, f64::NEG_INFINITY); 2];
        for (&v, &y) in x.column(column).iter().zip(y) {
            let range = &mut ranges[usize::from(y > 0.0)];
            *range = (range.0.min(v), range.1.max(v));
        }
        let [zero, positive] = ranges;
        let apart = zero.1 <= positive.0 || positive.1 <= zero.0;
        let varies = zero.0.min(positive.0) < zero.1.max(positive.1);
        let separates = apart && varies && (family == Family::Binomial || positive.0 == positive.1);
        separates.then_some(Alone { column, zero, positive })
    })
}

/// Where the value stands that is far beyond all that is usual in its column, if there is one.
pub(super) fn outlying(column: ArrayView1<'_, f64>) -> Option<usize> {
    let mut values = column.to_vec();
    let half = values.len() / 2;
    let median = *values.select_nth_unstable_by(half, f64::total_cmp).1;
    // A column of mostly one value, such as a rare indicator, has its spread in the others.
    let mut away: Vec<f64> = column.iter().map(|v| (v - median).abs()).filter(|&v| v > 0.0).collect();
    if away.is_empty() {
        return None;
    }
    let half = away.len() / 2;
    let typical = *away.select_nth_unstable_by(half, f64::total_cmp).1;
    column.iter().position(|v| (v - median).abs() > OUTLYING * typical)
}

/// The refusal of data that separate, naming what does; none if nothing is found that does.
pub(super) fn refusal(
    (function, intercept, names): (&'static str, bool, Option<&[String]>),
    levels: [&str; 2],
    problem: &Problem<'_>,
    x: ArrayView2<'_, f64>,
    direction: &[f64],
) -> Option<Error> {
    let label = |j: usize| match names.and_then(|names| names.get(j)) {
        Some(name) => format!("column {j} ({name:?})"),
        None => format!("column {j}"),
    };
    let remedy = match problem.family {
        Family::Binomial => {
            "ever larger coefficients fit ever better, and none is best; leave it out or join rare categories, \
             or use models.LogisticRegression, whose penalty keeps coefficients finite"
        }
        Family::Poisson => {
            "ever larger coefficients fit ever better, and none is best; leave it out or join rare categories"
        }
    };
    let y = ArrayView1::from(problem.y);
    if let Some(found) = alone(problem.family, x, y).filter(|_| problem.basis.constant) {
        let name = label(found.column);
        let what = match problem.family {
            Family::Binomial => {
                let (zero_below, [low, high]) = (found.zero.1 <= found.positive.0, levels);
                let (below, above, at_most, at_least) = if zero_below {
                    (low, high, found.zero.1, found.positive.0)
                } else {
                    (high, low, found.positive.1, found.zero.0)
                };
                let how = if at_most < at_least { "perfectly" } else { "but for ties" };
                format!(
                    "separates the classes {how}: {name} is at most {at_most} where y is {below} and at least {at_least} \
                     where y is {above}, so"
                )
            }
            Family::Poisson => format!(
                "tells where y is zero: {name} is {} wherever y is positive, and never {} where it is zero, so",
                found.positive.0,
                if found.zero.1 <= found.positive.0 { "larger" } else { "smaller" }
            ),
        };
        return Some(Error::Invalid { function, argument: "X", problem: format!("{what} {remedy}") });
    }
    if !problem.is_running(direction) {
        return None;
    }
    let basis = problem.basis;
    let start = usize::from(intercept);
    let coefficients = basis.transform.dot(&ArrayView1::from(&direction[..basis.columns]));
    let effects: Vec<f64> = (0..x.ncols())
        .map(|j| {
            let (low, high) =
                x.column(j).iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
            // A column beside the constant acts by its range, alone by its size.
            let reach = if intercept { high - low } else { low.abs().max(high.abs()) };
            (coefficients[j + start] * reach).abs()
        })
        .collect();
    let largest = effects.iter().copied().fold(0.0, f64::max);
    let involved = (0..effects.len()).filter(|&j| effects[j] >= PART * largest);
    // Rounding beside the largest row covers what the other rows tell: whether they separate cannot be said.
    if let Some((j, row)) = involved.clone().find_map(|j| outlying(x.column(j)).map(|row| (j, row))) {
        let problem = format!(
            "separates y to within {ROUNDING:e} of the largest row, beside which the others cannot be told apart: {} holds {:e} at row \
             {row}; is there an outlier?",
            label(j),
            x[[row, j]]
        );
        return Some(Error::Invalid { function, argument: "X", problem });
    }
    let involved: Vec<String> = involved.map(label).collect();
    let together = match involved.as_slice() {
        [one] => one.clone(),
        [first @ .., last] => format!("a combination of {} and {last}", first.join(", ")),
        [] => "the columns together".into(),
    };
    let what = match problem.family {
        Family::Binomial => format!("separates the classes: {together} tells {} from {}, so", levels[0], levels[1]),
        Family::Poisson => format!("tells where y is zero: {together} does, so"),
    };
    Some(Error::Invalid { function, argument: "X", problem: format!("{what} {remedy}") })
}
