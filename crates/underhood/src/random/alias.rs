//! Drawing from a table of probabilities in constant time.
//!
//! A. J. Walker (1977), "An efficient method for generating discrete random variables with general distributions", doi:10.1145/355744.355749, the table
//! built as by M. D. Vose (1991), doi:10.1109/32.92917: columns of equal mass, each shared by at most two values. The number of columns is a
//! power of two, so that the first bits of a word are the column and the others the height in it.
//!
//! Also the tables themselves for distributions on the whole numbers, whose probabilities are built from the mode outwards by their ratios.

use super::kernel::portable_kernel;
use super::source::{BLOCK, Source};

/// Columns of equal mass.
#[derive(Debug)]
pub(super) struct Alias {
    /// So many bits number a column.
    order: u32,
    /// The share of a column that is its own.
    shares: Vec<f64>,
    /// The value that has the rest.
    others: Vec<f64>,
    /// The value of the first column.
    first: f64,
}

impl Alias {
    /// For weights ≥ 0 of the values first, first + 1, …; None if their sum is not positive and finite.
    pub(super) fn new(weights: &[f64], first: f64) -> Option<Alias> {
        let total: f64 = weights.iter().sum();
        if !(total > 0.0 && total < f64::INFINITY) {
            return None;
        }
        let columns = weights.len().next_power_of_two();
        let most = (0..weights.len()).fold(0, |best, i| if weights[i] > weights[best] { i } else { best });
        let mut shares: Vec<f64> = weights.iter().map(|w| (w / total).max(0.0) * columns as f64).collect();
        shares.resize(columns, 0.0);
        // What rounding leaves unpaired goes to the likeliest value: never to one without probability.
        let mut others = vec![first + most as f64; columns];
        let (mut small, mut large) = (Vec::with_capacity(columns), Vec::with_capacity(columns));
        for (column, &share) in shares.iter().enumerate() {
            if share < 1.0 { small.push(column) } else { large.push(column) }
        }
        while let (Some(&giver), Some(column)) = (large.last(), small.pop()) {
            others[column] = first + giver as f64;
            shares[giver] -= 1.0 - shares[column];
            if shares[giver] < 1.0 {
                large.pop();
                small.push(giver);
            }
        }
        Some(Alias { order: columns.trailing_zeros(), shares, others, first })
    }

    /// Draws.
    pub(super) fn fill(&self, source: &mut Source, out: &mut [f64]) {
        let mut bits = [0; BLOCK];
        for out in out.chunks_mut(BLOCK) {
            source.bits(&mut bits, out.len());
            look_up(source.level, self, &bits, out);
        }
    }
}

portable_kernel! {
    fn look_up(alias: &Alias, bits: &[u64; BLOCK], out: &mut [f64]) = look_up_body
}

#[inline(always)]
fn look_up_body(alias: &Alias, bits: &[u64; BLOCK], out: &mut [f64]) {
    let (order, first) = (alias.order & 63, alias.first);
    let (shares, others) = (&alias.shares[..], &alias.others[..]);
    if shares.len() >> order != 1 || others.len() != shares.len() {
        return;
    }
    for (out, &bits) in out.iter_mut().zip(bits) {
        let column = ((bits >> 1) >> (63 - order)) as usize;
        let height = ((bits << order) >> 11) as i64 as f64 * (f64::EPSILON / 2.0);
        // SAFETY: a column is a number of `order` bits, and both tables have 2^order entries, as was just seen.
        let (share, other) = unsafe { (*shares.get_unchecked(column), *others.get_unchecked(column)) };
        *out = if height < share { first + column as i64 as f64 } else { other };
    }
}

/// A table for a unimodal distribution on the whole numbers: `up(k)` is P(k + 1)/P(k), `down(k)` is P(k − 1)/P(k). None if more than
/// `most` values have a probability above 1e-20 of the mode's.
pub(super) fn around_mode(mode: f64, most: usize, up: impl Fn(f64) -> f64, down: impl Fn(f64) -> f64) -> Option<Alias> {
    const NEGLIGIBLE: f64 = 1e-20;
    // From 2⁵³ on neighbours are not distinct.
    if !(0.0..=4.5e15).contains(&mode) {
        return None;
    }
    let walk = |weights: &mut Vec<f64>, ratio: &dyn Fn(f64) -> f64, step: f64| {
        let (mut k, mut weight) = (mode, 1.0);
        loop {
            weight *= ratio(k);
            k += step;
            if !(weight > NEGLIGIBLE) {
                return true;
            }
            if weights.len() >= most {
                return false;
            }
            weights.push(weight);
        }
    };
    let mut weights = Vec::with_capacity(most.min(256));
    if !walk(&mut weights, &down, -1.0) {
        return None;
    }
    let first = mode - weights.len() as f64;
    weights.reverse();
    weights.push(1.0);
    if !walk(&mut weights, &up, 1.0) {
        return None;
    }
    Alias::new(&weights, first)
}

/// How many values a table may have: it pays from some draws a value on, and lies in the second cache at most. Means up to 10 always
/// have one: the Poisson distribution has 53 values there.
pub(super) fn most_values(draws: usize) -> usize {
    (draws / 4).clamp(64, 4096)
}

/// Categories with these weights.
pub(super) fn fill_categorical(source: &mut Source, probabilities: &[f64], out: &mut [f64]) {
    match Alias::new(probabilities, 0.0) {
        Some(alias) => alias.fill(source, out),
        None => out.fill(f64::NAN),
    }
}
