//! Hypergeometric draws: a table where few values carry the probability, else ratio of uniforms.
//!
//! E. Stadlober (1990), "The ratio of uniforms approach for generating discrete random variates", doi:10.1016/0377-0427(90)90349-5 (HRUA): the points
//! (u, v) with u² below the probability of ⌊v/u⌋ over the mode's are enclosed by a rectangle whose width comes from the variance alone.

use super::alias::{around_mode, most_values};
use super::kernel::portable_kernel;
use super::log_mass;
use super::portable::ln;
use super::rejection;
use super::source::{BLOCK, Source, open};

/// The four cells of the table of outcomes when k successes are among the draws: their expectations and the largest k.
#[derive(Debug, Clone, Copy)]
struct Cells {
    successes: f64,
    draws: f64,
    /// What is left of the population without both.
    rest: f64,
    expected: [f64; 4],
}

impl Cells {
    /// ln of the probability but for a constant: a product of four Poisson probabilities whose rates have the margins of the table.
    #[inline(always)]
    fn log_mass(&self, k: f64) -> f64 {
        let excess = k - self.expected[0];
        let [both, success, drawn, neither] = self.expected;
        log_mass::poisson(k, excess, both)
            + log_mass::poisson(self.successes - k, -excess, success)
            + log_mass::poisson(self.draws - k, -excess, drawn)
            + log_mass::poisson(self.rest + k, excess, neither)
    }
}

/// The rectangle.
#[derive(Debug, Clone, Copy)]
struct Ratio {
    cells: Cells,
    centre: f64,
    width: f64,
    most: f64,
    top: f64,
}

/// Hypergeometric draws. At most half of the population succeeds and at most half is drawn: otherwise the others are counted.
pub(super) fn fill_hypergeometric(source: &mut Source, population: u64, successes: u64, draws: u64, out: &mut [f64]) {
    if successes > population || draws > population {
        return out.fill(f64::NAN);
    }
    let (fewer, drawn) = (successes.min(population - successes), draws.min(population - draws));
    // population − fewer − drawn does not go below 0: both are at most half.
    let rest = (population - fewer - drawn) as f64;
    let (total, s, d) = (population as f64, fewer as f64, drawn as f64);
    if fewer == 0 || drawn == 0 {
        out.fill(0.0);
    } else {
        let mode = ((s + 1.0) * ((d + 1.0) / (total + 2.0))).floor().min(s).min(d);
        let up = |k: f64| (s - k) / (k + 1.0) * ((d - k) / (rest + k + 1.0));
        let down = |k: f64| k / (s - k + 1.0) * ((rest + k) / (d - k + 1.0));
        match around_mode(mode, most_values(out.len()), up, down) {
            Some(table) => table.fill(source, out),
            None => Ratio::new(total, s, d, rest, mode).fill(source, out),
        }
    }
    let (minority, few) = (fewer == successes, drawn == draws);
    if !(minority && few) {
        for out in out {
            // Counted among the drawn, then among those with success.
            let k = if minority { *out } else { d - *out };
            *out = if few { k } else { successes as f64 - k };
        }
    }
}

impl Ratio {
    fn new(total: f64, s: f64, d: f64, rest: f64, mode: f64) -> Ratio {
        let (share, others) = (s / total, (total - s) / total);
        let expected = [d * share, (total - d) * share, d * others, (total - d) * others];
        let cells = Cells { successes: s, draws: d, rest, expected };
        let variance = expected[0] * others * ((total - d) / (total - 1.0));
        Ratio {
            cells,
            centre: expected[0] + 0.5,
            // 2√(2/e) and 3 − 2√(3/e).
            width: 1.715_527_769_921_413_5 * (variance + 0.5).sqrt() + 0.898_916_162_058_898_7,
            most: s.min(d),
            top: cells.log_mass(mode),
        }
    }

    fn fill(&self, source: &mut Source, out: &mut [f64]) {
        let (mut first, mut second) = ([0; BLOCK], [0; BLOCK]);
        rejection::fill(source, out, |source, out, rejected| {
            source.bits(&mut first, out.len());
            source.bits(&mut second, out.len());
            propose(source.level, self, &first, &second, out, rejected);
        });
    }
}

portable_kernel! {
    fn propose(ratio: &Ratio, first: &[u64; BLOCK], second: &[u64; BLOCK], out: &mut [f64], rejected: &mut [u8; BLOCK]) = propose_body
}

#[inline(always)]
fn propose_body(
    ratio: &Ratio,
    first: &[u64; BLOCK],
    second: &[u64; BLOCK],
    out: &mut [f64],
    rejected: &mut [u8; BLOCK],
) {
    let ratio = *ratio;
    for (((out, &first), &second), rejected) in out.iter_mut().zip(first).zip(second).zip(rejected) {
        let u = open(first);
        let k = (ratio.centre + ratio.width * (open(second) - 0.5) / u).floor();
        let inside = if k > 0.0 { k } else { 0.0 };
        let inside = if inside < ratio.most { inside } else { ratio.most };
        let accepted = 2.0 * ln(u) <= ratio.cells.log_mass(inside) - ratio.top;
        *out = inside;
        *rejected = u8::from(!(accepted && k == inside));
    }
}
