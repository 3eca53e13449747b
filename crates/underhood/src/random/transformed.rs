//! Poisson and binomial draws by transformed rejection with squeeze.
//!
//! W. Hörmann (1993), "The transformed rejection method for generating Poisson random variables", doi:10.1016/0167-6687(93)90997-4 (PTRS), and "The
//! generation of binomial random variates", doi:10.1080/00949659308811496 (BTRS): the inverse of a distribution function whose
//! density is a little above the probabilities turns a uniform u into a proposal; four in five are accepted by two comparisons. The logarithm of
//! the probability, which decides about the others of a block together, is Loader's (`log_mass`): right also for a mean of 10³⁰⁰.

use super::kernel::portable_kernel;
use super::log_mass;
use super::portable::ln;
use super::rejection::{self, Places, whole_groups};
use super::source::{BLOCK, Source, open};

/// From this mean on the constants hold.
pub(super) const LEAST_MEAN: f64 = 10.0;

/// So many draws are quicker one by one than by the batch.
const FEW: usize = 4;

/// Whose probabilities decide.
#[derive(Debug, Clone, Copy)]
enum Law {
    Poisson {
        mean: f64,
    },
    /// Number of trials, means of successes and failures, and the logarithm of the largest probability without what cancels.
    Binomial {
        n: f64,
        mean: f64,
        failures: f64,
        top: f64,
    },
}

impl Law {
    /// ln of the probability of k, for the binomial over that of the mode; −∞ outside of the support.
    #[inline(always)]
    fn log_mass(self, k: f64) -> f64 {
        match self {
            Law::Poisson { mean } => {
                let inside = if k > 0.0 { k } else { 0.0 };
                let value = log_mass::poisson(inside, inside - mean, mean);
                if k >= 0.0 { value } else { f64::NEG_INFINITY }
            }
            Law::Binomial { n, mean, failures, top } => {
                let inside = if k > 0.0 { k } else { 0.0 };
                let inside = if inside < n { inside } else { n };
                let value = binomial_log_mass(inside, n, mean, failures) - top;
                if k >= 0.0 && k <= n { value } else { f64::NEG_INFINITY }
            }
        }
    }
}

/// ln of the binomial probability but for a constant.
#[inline(always)]
fn binomial_log_mass(k: f64, n: f64, mean: f64, failures: f64) -> f64 {
    let excess = k - mean;
    log_mass::poisson(k, excess, mean) + log_mass::poisson(n - k, -excess, failures)
}

/// The transformation (2a/(½ − |u|) + b)·u + centre of u from (−½, ½), and what is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transformed {
    a: f64,
    b: f64,
    centre: f64,
    /// Where |u| < 0.43, a second uniform number below this accepts.
    quick: f64,
    /// What the density of the proposals is multiplied with.
    scale: f64,
    law: Law,
}

impl Transformed {
    /// For a mean of at least [`LEAST_MEAN`].
    #[inline]
    pub(super) fn poisson(mean: f64) -> Transformed {
        let b = 0.931 + 2.53 * mean.sqrt();
        Transformed {
            a: -0.059 + 0.02483 * b,
            b,
            centre: mean + 0.43,
            quick: 0.9277 - 3.6224 / (b - 2.0),
            scale: 1.1239 + 1.1328 / (b - 3.4),
            law: Law::Poisson { mean },
        }
    }

    /// For p ≤ ½ and np of at least [`LEAST_MEAN`].
    pub(super) fn binomial(n: f64, p: f64) -> Transformed {
        let (mean, failures) = (n * p, n * (1.0 - p));
        let deviation = (mean * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * deviation;
        let mode = ((n + 1.0) * p).floor();
        Transformed {
            a: -0.0873 + 0.0248 * b + 0.01 * p,
            b,
            centre: mean + 0.5,
            quick: 0.92 - 4.2 / b,
            scale: (2.83 + 5.1 / b) * deviation,
            law: Law::Binomial { n, mean, failures, top: binomial_log_mass(mode, n, mean, failures) },
        }
    }

    /// The proposal of u, and ½ − |u|.
    #[inline(always)]
    fn proposal(&self, bits: u64) -> (f64, f64) {
        let u = open(bits) - 0.5;
        let room = 0.5 - u.abs();
        (((2.0 * self.a / room + self.b) * u + self.centre).floor(), room)
    }

    #[inline(always)]
    fn at_once(&self, room: f64, second: f64) -> bool {
        room >= 0.07 && second <= self.quick
    }

    #[inline(always)]
    fn after_all(&self, k: f64, room: f64, second: f64) -> bool {
        ln(second * self.scale / (self.a / (room * room) + self.b)) <= self.law.log_mass(k)
    }

    /// Draws.
    pub(super) fn fill(&self, source: &mut Source, out: &mut [f64]) {
        if out.len() <= FEW {
            return out.iter_mut().for_each(|out| *out = self.one(source));
        }
        let (mut first, mut second) = ([0; BLOCK], [0; BLOCK]);
        let (mut open, mut proposals, mut failed) = (Places::new(), [0.0; BLOCK], [0; BLOCK]);
        rejection::fill(source, out, |source, out, rejected| {
            source.bits(&mut first, out.len());
            source.bits(&mut second, out.len());
            propose(source.level, self, &first, &second, out, rejected);
            open.find(rejected, out.len());
            for (number, place) in open.iter().enumerate() {
                (proposals[number], first[number], second[number]) = (out[place], first[place], second[place]);
            }
            let decide = match self.law {
                Law::Poisson { .. } => decide_poisson,
                Law::Binomial { .. } => decide_binomial,
            };
            decide(source.level, self, &proposals[..whole_groups(open.count())], &first, &second, &mut failed);
            for (place, failed) in open.iter().zip(failed) {
                rejected[place] = failed;
            }
        });
    }

    /// One draw.
    #[inline(always)]
    pub(super) fn one(&self, source: &mut Source) -> f64 {
        loop {
            let ((k, room), second) = (self.proposal(source.next()), source.open());
            if self.at_once(room, second) || self.after_all(k, room, second) {
                return k;
            }
        }
    }
}

portable_kernel! {
    fn propose(hat: &Transformed, first: &[u64; BLOCK], second: &[u64; BLOCK], out: &mut [f64], undecided: &mut [u8; BLOCK]) = propose_body
}

#[inline(always)]
fn propose_body(
    hat: &Transformed,
    first: &[u64; BLOCK],
    second: &[u64; BLOCK],
    out: &mut [f64],
    undecided: &mut [u8; BLOCK],
) {
    let hat = *hat;
    for (((out, &first), &second), undecided) in out.iter_mut().zip(first).zip(second).zip(undecided) {
        let (k, room) = hat.proposal(first);
        *out = k;
        *undecided = u8::from(!hat.at_once(room, open(second)));
    }
}

portable_kernel! {
    fn decide_poisson(hat: &Transformed, k: &[f64], first: &[u64; BLOCK], second: &[u64; BLOCK], failed: &mut [u8; BLOCK]) = decide_poisson_body
}

#[inline(always)]
fn decide_poisson_body(
    hat: &Transformed,
    k: &[f64],
    first: &[u64; BLOCK],
    second: &[u64; BLOCK],
    failed: &mut [u8; BLOCK],
) {
    if let Law::Poisson { mean } = hat.law {
        decide(Transformed { law: Law::Poisson { mean }, ..*hat }, k, first, second, failed);
    }
}

portable_kernel! {
    fn decide_binomial(hat: &Transformed, k: &[f64], first: &[u64; BLOCK], second: &[u64; BLOCK], failed: &mut [u8; BLOCK]) = decide_binomial_body
}

#[inline(always)]
fn decide_binomial_body(
    hat: &Transformed,
    k: &[f64],
    first: &[u64; BLOCK],
    second: &[u64; BLOCK],
    failed: &mut [u8; BLOCK],
) {
    if let Law::Binomial { n, mean, failures, top } = hat.law {
        decide(Transformed { law: Law::Binomial { n, mean, failures, top }, ..*hat }, k, first, second, failed);
    }
}

/// The law is known to the compiler where this is inlined.
#[inline(always)]
fn decide(hat: Transformed, k: &[f64], first: &[u64; BLOCK], second: &[u64; BLOCK], failed: &mut [u8; BLOCK]) {
    for (((&k, &first), &second), failed) in k.iter().zip(first).zip(second).zip(failed) {
        let (_, room) = hat.proposal(first);
        *failed = u8::from(!hat.after_all(k, room, open(second)));
    }
}
