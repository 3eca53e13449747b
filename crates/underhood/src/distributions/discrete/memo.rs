//! Values of a discrete distribution that were computed before: over a long array the same few whole numbers come again and again.
//!
//! Each function has a table over the window of whole numbers that carries the probability. A place is computed by the function of
//! one number when it is first asked for, so that a number has the same value alone and in an array, and nothing is computed that
//! nobody asked for. Quantiles are kept for multiples of 2⁻¹⁰ (a guide table: Chen and Asau 1974, doi:10.1080/05695557408974949), and a
//! quantile between two of them is found among the few values between theirs.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::distributions::Distribution;

/// What is tabulated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Mass,
    LogMass,
    Lower,
    Upper,
    LogLower,
    LogUpper,
}

/// A window that is longer is not worth its memory.
const LONGEST: f64 = 131_072.0;
/// The window reaches so many standard deviations to either side of the mean …
const REACH: f64 = 12.0;
/// … and so many numbers more, for small means.
const MORE: f64 = 40.0;
/// Fewer numbers than this are computed one by one.
const FEW: usize = 16;
/// Quantiles are kept for multiples of one over this.
const GUIDES: usize = 1024;

/// Numbers at consecutive places, each computed when it is first wanted.
#[derive(Debug)]
struct Memo(Box<[AtomicU64]>);

impl Memo {
    fn new(length: usize) -> Memo {
        Memo((0..length).map(|_| AtomicU64::new(0)).collect())
    }

    /// The number at a place. Bits are kept inverted, so that none at all, of which no number consists then, stand for nothing yet.
    #[inline(always)]
    fn at(&self, place: usize, compute: impl FnOnce() -> f64) -> f64 {
        let known = self.0[place].load(Relaxed);
        if known != 0 {
            return f64::from_bits(!known);
        }
        let value = compute();
        self.0[place].store(!value.to_bits(), Relaxed);
        value
    }
}

/// The tables of one distribution. They belong to its speed, not to its value: copies start with none, and all are equal.
#[derive(Debug, Default)]
pub(super) struct Tables {
    window: OnceLock<Window>,
    functions: [OnceLock<Memo>; 6],
    /// Lower and upper quantiles.
    guides: [OnceLock<Memo>; 2],
}

impl Clone for Tables {
    fn clone(&self) -> Self {
        Tables::default()
    }
}

impl PartialEq for Tables {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The whole numbers first, first + 1, …; of length 0 if they would be too many.
#[derive(Debug, Clone, Copy)]
struct Window {
    first: f64,
    length: usize,
}

impl Window {
    fn of<D: Distribution>(d: &D) -> Window {
        let ((first, last), mean, reach) = (d.support(), d.mean(), REACH * d.std() + MORE);
        let first = (mean - reach).floor().max(first);
        let length = (mean + reach).ceil().min(last) - first + 1.0;
        let useful = (1.0..=LONGEST).contains(&length) && (0.0..LONGEST * LONGEST).contains(&first);
        Window { first, length: if useful { length as usize } else { 0 } }
    }
}

impl Tables {
    /// Replaces every x by a function of the whole number below it.
    pub(super) fn steps<D: Distribution>(&self, d: &D, kind: Kind, x: &mut [f64], one: impl Fn(f64) -> f64) {
        self.each::<false, D>(d, kind, x, one);
    }

    /// Replaces every k by a function of whole numbers.
    pub(super) fn whole<D: Distribution>(&self, d: &D, kind: Kind, k: &mut [f64], one: impl Fn(f64) -> f64) {
        self.each::<true, D>(d, kind, k, one);
    }

    fn each<const WHOLE: bool, D: Distribution>(&self, d: &D, kind: Kind, x: &mut [f64], one: impl Fn(f64) -> f64) {
        let window = if x.len() < FEW { Window { first: 0.0, length: 0 } } else { self.window(d) };
        if window.length == 0 {
            return x.iter_mut().for_each(|x| *x = one(*x));
        }
        let memo = self.functions[kind as usize].get_or_init(|| Memo::new(window.length));
        let length = window.length as f64;
        for x in x {
            // Exact: both are multiples of the last place of x, and the difference is smaller than x.
            let place = *x - window.first;
            *x = if place >= 0.0 && place < length && !(WHOLE && f64::from(place as u32) != place) {
                memo.at(place as usize, || one(*x))
            } else {
                one(*x)
            };
        }
    }

    fn window<D: Distribution>(&self, d: &D) -> Window {
        *self.window.get_or_init(|| Window::of(d))
    }

    /// Replaces every probability by its quantile: `tail` is the function of which it is one, `one` the quantile of one probability.
    pub(super) fn quantiles<D: Distribution>(
        &self,
        d: &D,
        kind: Kind,
        p: &mut [f64],
        tail: impl Fn(f64) -> f64,
        one: impl Fn(f64) -> f64,
    ) {
        let window = if p.len() < FEW { Window { first: 0.0, length: 0 } } else { self.window(d) };
        if window.length == 0 {
            return p.iter_mut().for_each(|p| *p = one(*p));
        }
        let lower = matches!(kind, Kind::Lower);
        let memo = self.functions[kind as usize].get_or_init(|| Memo::new(window.length));
        let guide = self.guides[usize::from(!lower)].get_or_init(|| Memo::new(GUIDES + 1));
        let guided = |place: usize| guide.at(place, || one(place as f64 / GUIDES as f64));
        let end = window.first + window.length as f64;
        for p in p {
            let place = *p * GUIDES as f64;
            if !(place >= 1.0 && place < (GUIDES - 1) as f64) {
                // The ends of the scale hold much of the support, which need not be within the window.
                *p = one(*p);
                continue;
            }
            let place = place as usize;
            let (mut low, mut high) = (guided(place), guided(place + 1));
            if !lower {
                (low, high) = (high, low);
            }
            // The quantile is neither below low nor above high.
            while low < high {
                let middle = low + (0.5 * (high - low)).floor();
                let inside = middle >= window.first && middle < end;
                let value =
                    if inside { memo.at((middle - window.first) as usize, || tail(middle)) } else { tail(middle) };
                if if lower { value >= *p } else { value <= *p } {
                    high = middle;
                } else {
                    low = middle + 1.0;
                }
            }
            *p = low;
        }
    }
}
