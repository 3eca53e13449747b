//! Samples of a function on both sides of a point, at steps that shrink by a constant ratio, and the most trustworthy of the
//! extrapolations through them.
//!
//! Four quotients are extrapolated side by side from the same samples: the central one, whose error has only even powers of the
//! step; the two one-sided ones, for a domain that ends and to see a corner; and, for odd derivatives, which would not notice
//! `f(x)` itself, the mean of both sides, which must come down to `f(x)`. A run of rungs that gets `f(x)` wrong is too wide for
//! this function, however well its slopes agree. (The same idea tells that `sin` sampled at whole periods is not flat.)

use super::quotient::{CONFIRMATIONS, Candidate, FEWEST_RUNGS, Quotient, Side};
use super::tableau::{Entry, Tableau};
use crate::double_double::two_sum;

/// Most rungs of one ladder: enough to come down from 1 to 1e-30.
const MOST_RUNGS: usize = 100;

/// Steps are rounded to so few bits that `x ± h` are seldom rounded.
const BITS_DROPPED: f64 = (1u64 << 40) as f64;

/// The best extrapolation of one side, in units of the ladder's first step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    /// The p-th derivative, not yet divided by the power of the first step.
    pub(super) value: f64,
    /// Its doubt: truncation, rounding, and what finer rungs object.
    pub(super) error: f64,
    /// The rounding part of it, if the function is as good as its last digit.
    pub(super) noise: f64,
    /// First rung used.
    pub(super) first: usize,
    /// What rungs behind an edge (see [`Ladder::edge`]) are sure of instead.
    pub(super) against: Option<f64>,
}

/// One rung: the step in units of the first one, and the function on both sides (NaN outside the domain).
#[derive(Debug, Clone, Copy)]
struct Rung {
    step: f64,
    plus: f64,
    minus: f64,
    /// By how much rounding displaced the arguments, in the same units.
    slip: f64,
}

/// Where a derivative is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f64,
    /// The function there.
    pub(super) centre: f64,
    /// The scale of the first steps.
    pub(super) size: f64,
    /// By how much the point may be displaced by rounding.
    pub(super) blur: f64,
}

impl Place {
    /// A number: singularities are likeliest at zero, so its size is the scale, unless doubles lie too far apart there for a ladder.
    pub(super) fn number(x: f64, centre: f64) -> Place {
        let size = if x.abs() < 1e-305 { 1.0 } else { x.abs() };
        Place { x, centre, size, blur: 0.5 * f64::EPSILON * x.abs() }
    }
}

/// The samples around one point, and their extrapolations.
#[derive(Debug)]
pub(super) struct Ladder {
    order: usize,
    /// The first and largest step.
    pub(super) largest: f64,
    /// The function at the point itself.
    centre: f64,
    /// The point's own rounding, in units of the first step.
    unit: f64,
    rungs: Vec<Rung>,
    central: Quotient,
    forward: Quotient,
    backward: Quotient,
    mean: Tableau,
}

impl Ladder {
    fn empty(order: usize, largest: f64, centre: f64, unit: f64) -> Ladder {
        Ladder {
            order,
            largest,
            centre,
            unit,
            rungs: Vec::with_capacity(24),
            central: Quotient::new(Side::Central, (order - 1) / 2),
            forward: Quotient::new(Side::Forward, order - 1),
            backward: Quotient::new(Side::Backward, order - 1),
            mean: Tableau::new(0),
        }
    }

    /// The same samples, for a derivative of another order.
    pub(super) fn of_order(&self, order: usize) -> Ladder {
        let mut ladder = Ladder::empty(order, self.largest, self.centre, self.unit);
        self.rungs.iter().for_each(|rung| ladder.push(*rung));
        ladder
    }

    /// Samples `f` around `x` at steps from `largest` down, until rounding would drown any gain.
    pub(super) fn descend<E>(
        f: &mut impl FnMut(f64) -> Result<f64, E>,
        &Place { x, centre, blur, .. }: &Place,
        order: usize,
        largest: f64,
        wanted: impl Fn(Side) -> bool,
    ) -> Result<Ladder, E> {
        let mut ladder = Ladder::empty(order, largest, centre, blur / largest);
        // About a half suits first derivatives; higher ones pay for small steps with noise, and gain by closer ones. Not a half:
        // a wave with 64 periods in the first step would have whole periods in the next six as well, and seem flat.
        let ratio: f64 = if order == 1 { 0.53 } else { 0.61 };
        let (wants_plus, wants_minus) = (wanted(Side::Forward), wanted(Side::Backward));
        for rung in 0..MOST_RUNGS {
            let mut step = largest * ratio.powi(rung as i32);
            // Below |x|, what is added in fact; that difference is exact. All its bits are used: numbers that have the last bits of x in common are
            // rounded alike inside f, in `log(1 + x)` for one, and what they have in common would pass for a slope.
            step = if step < x.abs() { (x + step) - x } else { few_bits(step) };
            let (right, left) = (x + step, x - step);
            if step <= 4.0 * f64::EPSILON * x.abs() || step < f64::MIN_POSITIVE * 16.0 || right == x || left == x {
                break;
            }
            let mut sample = |argument: f64, wanted: bool| match wanted && argument.is_finite() {
                true => f(argument).map(|value| if value.is_finite() { value } else { f64::NAN }),
                false => Ok(f64::NAN),
            };
            let (plus, minus) = (sample(right, wants_plus)?, sample(left, wants_minus)?);
            let slip = rounding(x, step).max(rounding(x, -step)) / largest;
            ladder.push(Rung { step: step / largest, plus, minus, slip });
            if ladder.settled() {
                break;
            }
        }
        Ok(ladder)
    }

    fn push(&mut self, rung: Rung) {
        let Rung { step, plus, minus, slip } = rung;
        let centre = self.centre;
        self.rungs.push(rung);
        // A value is trusted to its last digit, and its argument too: a function that first scales or shifts x rounds, which
        // moves the argument by up to half a unit and the value along the slope.
        let blur = |value: f64| last_digit(value) + (slip + self.unit) * ((value - centre) / step).abs();

        let (node, order) = (step * step, self.order);
        let (rise, mean) = (0.5 * plus - 0.5 * minus, 0.5 * plus + 0.5 * minus);
        let both = 0.5 * (blur(plus) + blur(minus));
        self.mean.push(node, mean, both, |_| ());
        if order % 2 == 1 {
            let means = &self.mean;
            self.central.push(node, rise / step, both / step, |entry| {
                // The same run must also come down to f(x).
                means.newest(entry.last - entry.first + 1).map_or(0.0, |(value, noise)| {
                    ((value - centre).abs() - 2.0 * noise).max(0.0) / step.powi(order as i32)
                })
            });
        } else {
            let bend = (0.5 * plus - 0.5 * centre) + (0.5 * minus - 0.5 * centre);
            let noise = both + 0.5 * last_digit(centre);
            self.central.push(node, bend / step / step, noise / step / step, |_| 0.0);
        }
        let at_centre = last_digit(centre);
        self.forward.push(step, (plus - centre) / step, (blur(plus) + at_centre) / step, |_| 0.0);
        self.backward.push(-step, (centre - minus) / step, (blur(minus) + at_centre) / step, |_| 0.0);
    }

    /// Whether more rungs would not help: the central quotient is exhausted and no corner shows; or, where one side is missing,
    /// the other side's is.
    fn settled(&self) -> bool {
        let newest = self.rungs.len() - 1;
        if self.central.least().is_some() {
            return self.central.exhausted(newest) && self.corner().is_none();
        }
        newest >= 2 * FEWEST_RUNGS && (self.forward.exhausted(newest) || self.backward.exhausted(newest))
    }

    /// The derivatives on the left and on the right with their doubts, if they differ by more than that, however close one looks.
    pub(super) fn corner(&self) -> Option<(Best, Best)> {
        let central = self.central.least()?;
        let near = |quotient: &Quotient| {
            let candidates = quotient.candidates.iter().filter(|one| one.entry.first >= central.entry.first);
            candidates.min_by(|a, b| a.error.total_cmp(&b.error)).map(|one| self.checked(quotient, one))
        };
        let apart = |left: &Best, right: &Best| {
            let gap = (left.value - right.value).abs();
            let differ = gap > 4.0 * (left.error + right.error) && gap > 1e-3 * left.value.abs().max(right.value.abs());
            differ.then_some(gap)
        };
        let (mut left, mut right) = (near(&self.backward)?, near(&self.forward)?);
        if apart(&left, &right).is_none() {
            // As near as the central quotient looked there is no corner; unless it looked where rounding blurs everything.
            (left, right) = (self.best(Side::Backward)?, self.best(Side::Forward)?);
            apart(&left, &right).filter(|gap| central.error > 0.05 * gap)?;
        }
        // Wider steps that say the same say it with less noise.
        let sharper = |side, near: Best| match self.best(side) {
            Some(wide) if (wide.value - near.value).abs() <= 4.0 * near.error => wide,
            _ => near,
        };
        Some((sharper(Side::Backward, left), sharper(Side::Forward, right)))
    }

    /// The derivatives on the left and on the right, if each is as exact as rounding allows and both are the same. (Where the
    /// second derivative jumps, as in `max(x, 0)²`, the central quotient settles slowly and the one-sided ones at once.)
    pub(super) fn agreement(&self) -> Option<(Best, Best)> {
        let (left, right) = (self.best(Side::Backward)?, self.best(Side::Forward)?);
        let sure = |best: &Best| best.error <= 1e-9 * best.value.abs() || best.error <= 10.0 * best.noise;
        let same = (left.value - right.value).abs() <= 2.0 * (left.error + right.error);
        (sure(&left) && sure(&right) && same).then_some((left, right))
    }

    /// How the difference across the point, or from it to one side, shrinks with the step, if at a steady rate: as step to the
    /// power that is returned. 1 is a slope, 0 a jump, and what lies between a vertical tangent.
    pub(super) fn exponent(&self, side: Side) -> Option<f64> {
        const LOOKED_AT: usize = 10;
        let gap = |rung: &Rung| match side {
            Side::Central => (0.5 * rung.plus - 0.5 * rung.minus).abs(),
            Side::Forward => (rung.plus - self.centre).abs(),
            Side::Backward => (self.centre - rung.minus).abs(),
        };
        let noise = 1e3 * f64::EPSILON * self.centre.abs();
        let nearest = self.rungs.iter().rev().filter(|rung| gap(rung).is_finite()).take(LOOKED_AT);
        let nearest: Vec<(f64, f64)> = nearest.map(|rung| (rung.step.ln(), gap(rung))).collect();
        if nearest.len() < LOOKED_AT || nearest.iter().any(|&(_, gap)| gap <= noise) {
            return None;
        }
        let rates = nearest.windows(2).map(|pair| (pair[1].1 / pair[0].1).ln() / (pair[1].0 - pair[0].0));
        let (least, most) = rates.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), rate| (a.min(rate), b.max(rate)));
        (most - least < 0.05).then_some(0.5 * (least + most))
    }

    /// Whether the quotients grow by as much with each rung as with the one before, as those of x ln x do towards 0: there is no slope that they tend
    /// to. Rungs where rounding shows are not looked at.
    pub(super) fn climbs(&self, side: Side) -> bool {
        const LOOKED_AT: usize = 12;
        let difference = |rung: &Rung| match side {
            Side::Central => 0.5 * rung.plus - 0.5 * rung.minus,
            Side::Forward => rung.plus - self.centre,
            Side::Backward => self.centre - rung.minus,
        };
        let quotient = |rung: &Rung| (difference(rung) / rung.step, 4.0 * last_digit(self.centre) / rung.step);
        let quotients: Vec<(f64, f64)> = self.rungs.iter().map(quotient).collect();
        let rises: Vec<f64> = quotients
            .windows(2)
            .map(|pair| (pair[1].0 - pair[0].0, pair[1].1))
            .take_while(|(rise, noise)| noise.abs() < 0.01 * rise.abs())
            .map(|(rise, _)| rise)
            .collect();
        let last = &rises[rises.len().saturating_sub(LOOKED_AT)..];
        last.len() == LOOKED_AT && last.windows(2).all(|pair| (0.9..1.1).contains(&(pair[1] / pair[0])))
    }

    /// Whether the function never differed from its value at the point.
    pub(super) fn flat(&self) -> bool {
        let same = |value: f64| value == self.centre || value.is_nan();
        self.rungs.iter().all(|rung| same(rung.plus) && same(rung.minus))
    }

    /// Whether the function was ever seen on this side.
    pub(super) fn seen(&self, side: Side) -> bool {
        self.rungs.iter().any(|rung| match side {
            Side::Central => (rung.plus - rung.minus).is_finite(),
            Side::Forward => rung.plus.is_finite(),
            Side::Backward => rung.minus.is_finite(),
        })
    }

    /// The extrapolation of one side with the least doubt, after asking the finer rungs about it.
    pub(super) fn best(&self, side: Side) -> Option<Best> {
        let quotient = match side {
            Side::Central => &self.central,
            Side::Forward => &self.forward,
            Side::Backward => &self.backward,
        };
        // Doubts only grow when finer rungs are asked, so the first candidate that keeps its lead has it, unless a wider and a
        // narrower run contradict each other. Then the narrower is right if it is sure and much finer rungs confirm it: the
        // wider missed something. Else noise agreed with itself by chance, and the wider is right.
        let stands_against = |narrow: &Candidate, wide: &Candidate| {
            narrow.refutes(wide)
                && self.confirmed(quotient, &narrow.entry, wide.entry.value)
                && Candidate { error: self.checked(quotient, narrow).error, ..*narrow }.refutes(wide)
        };
        let edge = self.edge(side);
        let behind = |one: &&Candidate| edge.is_some_and(|edge| one.entry.last > edge);
        let refuted = |one: &Candidate| {
            quotient.candidates.iter().any(|other| {
                if other.entry.first > one.entry.first {
                    return !behind(&other) && stands_against(other, one);
                }
                let apart = (one.entry.value - other.entry.value).abs();
                other.entry.first < one.entry.first
                    && apart > 5.0 * (one.error + other.error)
                    && other.settled()
                    && !stands_against(one, other)
            })
        };
        let mut best: Option<Best> = None;
        let mut asked = f64::NEG_INFINITY;
        loop {
            let lead = best.map_or(f64::INFINITY, |best| best.error);
            let next = quotient
                .candidates
                .iter()
                .filter(|one| one.error > asked && one.error < lead && !behind(one))
                .min_by(|a, b| a.error.total_cmp(&b.error));
            let Some(next) = next else { break };
            asked = next.error;
            let checked = self.checked(quotient, next);
            if checked.error < lead && !refuted(next) {
                best = Some(checked);
            }
        }
        let mut best = best?;
        let sure = |one: &&Candidate| {
            let apart = (one.entry.value - best.value).abs();
            one.error <= 0.01 * one.entry.value.abs() && apart > 1e-3 * best.value.abs() && apart > 3.0 * best.error
        };
        best.against = quotient.candidates.iter().filter(behind).find(sure).map(|one| one.entry.value);
        Some(best)
    }

    /// The last rung before the steps become so small that the quotients all at once agree, on something else than before, while f changes by a
    /// small part of itself only. In `(1 − cos x)/x²` the numerator is then the same rounded number everywhere, and c/x² is differentiated
    /// instead of f. (What is smooth comes to agree by and by. A kink right beside the point looks the same.)
    fn edge(&self, side: Side) -> Option<usize> {
        const AGREEING: usize = 5;
        const PART: f64 = 0.01;
        let quotient = |rung: &Rung| match side {
            Side::Central => (0.5 * rung.plus - 0.5 * rung.minus) / rung.step,
            Side::Forward => (rung.plus - self.centre) / rung.step,
            Side::Backward => (self.centre - rung.minus) / rung.step,
        };
        let quotients: Vec<f64> = self.rungs.iter().map(quotient).collect();
        (0..quotients.len().saturating_sub(AGREEING)).find(|&last| {
            let finer = &quotients[last + 1..=last + AGREEING];
            let found = finer[AGREEING / 2];
            let apart = (quotients[last] - found).abs();
            apart > 0.05 * found.abs()
                && found != 0.0
                && apart * self.rungs[last].step < PART * self.centre.abs()
                && finer.iter().all(|other| (other - found).abs() < 1e-3 * apart)
        })
    }

    /// Whether much finer rungs side with a run against another value. Where noise is made of few different values, as that of
    /// `log(1 + x²)` near 0 is, neighbouring quotients can agree by chance, but not for long.
    fn confirmed(&self, quotient: &Quotient, entry: &Entry, other: f64) -> bool {
        let witnesses = entry.last + 1..=entry.last + CONFIRMATIONS;
        if witnesses.clone().last().is_none_or(|last| last >= self.rungs.len()) {
            return false;
        }
        // Of higher coefficients a single quotient says nothing.
        self.order > 2
            || witnesses.filter_map(|rung| quotient.tableau.rung(rung)).all(|(node, found, _)| {
                (found - quotient.tableau.predict(entry, node)).abs() < 0.2 * (entry.value - other).abs()
            })
    }

    /// A candidate with the objections of up to four finer rungs: they show how noisy the function really is, and whether an
    /// agreement was luck.
    fn checked(&self, quotient: &Quotient, candidate: &Candidate) -> Best {
        let Candidate { entry, error } = *candidate;
        let powers = if quotient.side == Side::Central && self.order.is_multiple_of(2) { 2 } else { 1 };
        let tableau = &quotient.tableau;
        let smallest = self.rungs[entry.last].step;
        let own_noise = tableau.rung(entry.last).map_or(0.0, |rung| rung.2);
        let mut objection: f64 = 0.0;
        for finer in entry.last + 1..self.rungs.len().min(entry.last + 5) {
            let Some((node, found, noise)) = tableau.rung(finer) else { break };
            let surprise = (found - tableau.predict(&entry, node)).abs() - noise;
            if surprise > 0.0 {
                // The noise that this surprise would be, carried to the run's own smallest step and through its weights.
                let carried = surprise * (self.rungs[finer].step / smallest).powi(powers);
                let weights = if own_noise > 0.0 { entry.noise / own_noise } else { 1.0 };
                objection = objection.max(2.0 * carried * weights);
            }
        }
        Best { value: entry.value, error: error + objection, noise: entry.noise, first: entry.first, against: None }
    }
}

/// `step` with so few significant bits that adding it to a number of its size is exact; an odd fraction of a power of two, so
/// that functions with whole or halved periods are not sampled at their periods.
fn few_bits(step: f64) -> f64 {
    let scale = step * BITS_DROPPED;
    let rounded = if scale.is_finite() { (step + scale) - scale } else { step };
    if rounded > 0.0 { rounded } else { step }
}

/// A unit in a value's last place, or the smallest double where that is too small for one.
fn last_digit(value: f64) -> f64 {
    f64::EPSILON * value.abs() + f64::from_bits(1)
}

/// The distance between `x + step` and the double that stands for it.
fn rounding(x: f64, step: f64) -> f64 {
    let (_, missing) = two_sum(x, step);
    if missing.is_finite() { missing.abs() } else { 0.0 }
}
