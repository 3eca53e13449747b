//! Polynomial extrapolation to step zero, for every run of neighbouring rungs at once.
//!
//! Neville's recurrence (E. H. Neville, "Iterative interpolation", 1934) builds the polynomial through rungs `i..=k` from those
//! through `i+1..=k` and `i..=k−1`. Here it carries the lowest coefficients instead of one value, since a higher derivative is a
//! higher coefficient, and beside each the rounding noise that the same combination would let through. For the value at zero and
//! nodes `h²` this is Richardson's extrapolation; reading its error off neighbouring entries is C. Ridders' idea ("Accurate
//! computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4, 1982).

/// Longest run of rungs that one polynomial passes through.
const LONGEST: usize = 10;

/// Coefficients 0 to 3 are as many as fourth one-sided derivatives need.
const COEFFICIENTS: usize = 4;

/// The polynomial through one run of rungs: its lowest coefficients, and the noise in each.
#[derive(Debug, Clone, Copy, Default)]
struct Polynomial {
    coefficients: [f64; COEFFICIENTS],
    noise: [f64; COEFFICIENTS],
}

/// What one run of rungs says about the coefficient that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The coefficient.
    pub(super) value: f64,
    /// The larger of its distances from what the run says without its first and without its last rung.
    pub(super) truncation: f64,
    /// Most that rounding of the samples can have moved it.
    pub(super) noise: f64,
    /// First rung of the run (the largest step).
    pub(super) first: usize,
    /// Last rung of the run (the smallest step).
    pub(super) last: usize,
}

/// The extrapolations of one quotient over a growing ladder.
#[derive(Debug)]
pub(super) struct Tableau {
    coefficient: usize,
    /// Node, quotient and noise of each rung; NaN where the quotient could not be formed.
    rungs: Vec<(f64, f64, f64)>,
    /// The polynomials that end at the newest rung, shortest run first.
    newest: Vec<Polynomial>,
    previous: Vec<Polynomial>,
}

impl Tableau {
    /// A tableau for one coefficient of the extrapolating polynomial.
    pub(super) fn new(coefficient: usize) -> Self {
        Tableau {
            coefficient,
            rungs: Vec::with_capacity(24),
            newest: Vec::with_capacity(LONGEST),
            previous: Vec::with_capacity(LONGEST),
        }
    }

    /// Adds a rung and gives `entry` every run that ends at it. A quotient that is not finite breaks the runs.
    pub(super) fn push(&mut self, node: f64, quotient: f64, noise: f64, mut entry: impl FnMut(Entry)) {
        let last = self.rungs.len();
        std::mem::swap(&mut self.newest, &mut self.previous);
        self.newest.clear();
        if !quotient.is_finite() {
            self.rungs.push((node, f64::NAN, f64::NAN));
            return;
        }
        self.rungs.push((node, quotient, noise));
        let mut polynomial = Polynomial::default();
        (polynomial.coefficients[0], polynomial.noise[0]) = (quotient, noise);
        self.newest.push(polynomial);
        let c = self.coefficient;
        for length in 2..=LONGEST.min(self.previous.len() + 1) {
            let first = last + 1 - length;
            let (without_first, without_last) = (self.newest[length - 2], self.previous[length - 2]);
            let joined = join(&without_first, &without_last, self.rungs[first].0, node, c);
            self.newest.push(joined);
            if length >= c + 2 {
                let value = joined.coefficients[c];
                let apart = |other: &Polynomial| (value - other.coefficients[c]).abs();
                let truncation = apart(&without_first).max(apart(&without_last));
                if value.is_finite() && truncation.is_finite() {
                    entry(Entry { value, truncation, noise: joined.noise[c], first, last });
                }
            }
        }
    }

    /// The coefficient from the run of `length` rungs that ends at the newest one, with its noise.
    pub(super) fn newest(&self, length: usize) -> Option<(f64, f64)> {
        let polynomial = self.newest.get(length.checked_sub(1)?)?;
        Some((polynomial.coefficients[self.coefficient], polynomial.noise[self.coefficient]))
    }

    /// Node, quotient and noise of a rung.
    pub(super) fn rung(&self, index: usize) -> Option<(f64, f64, f64)> {
        self.rungs.get(index).copied()
    }

    /// What the polynomial of a run predicts at another node (Neville's scheme, in place).
    pub(super) fn predict(&self, entry: &Entry, node: f64) -> f64 {
        let run = &self.rungs[entry.first..=entry.last];
        let mut values = [0.0; LONGEST];
        for (value, rung) in values.iter_mut().zip(run) {
            *value = rung.1;
        }
        for span in 1..run.len() {
            for i in 0..run.len() - span {
                let (left, right) = (run[i].0, run[i + span].0);
                values[i] = ((node - right) * values[i] - (node - left) * values[i + 1]) / (left - right);
            }
        }
        values[0]
    }
}

/// `P = ((s − sᵢ) A − (s − sₖ) B) / (sₖ − sᵢ)`, coefficient by coefficient; `A` lacks the first rung, `B` the last.
fn join(a: &Polynomial, b: &Polynomial, first: f64, last: f64, highest: usize) -> Polynomial {
    let span = first - last;
    let mut joined = Polynomial::default();
    joined.coefficients[0] = a.coefficients[0] + (a.coefficients[0] - b.coefficients[0]) * (last / span);
    joined.noise[0] = (first.abs() * a.noise[0] + last.abs() * b.noise[0]) / span.abs();
    for c in 1..=highest {
        let lower = a.coefficients[c - 1] - b.coefficients[c - 1];
        joined.coefficients[c] = (first * a.coefficients[c] - last * b.coefficients[c] - lower) / span;
        joined.noise[c] =
            (first.abs() * a.noise[c] + last.abs() * b.noise[c] + a.noise[c - 1] + b.noise[c - 1]) / span.abs();
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cubic is reproduced by every run of four rungs, whichever of its coefficients is asked for.
    #[test]
    fn coefficients_of_a_cubic_are_found_exactly() {
        let cubic = [3.0, -2.0, 0.5, 4.0];
        for (c, &wanted) in cubic.iter().enumerate() {
            let mut tableau = Tableau::new(c);
            let mut found = Vec::new();
            for node in [1.0, 0.5, 0.25, 0.125, 0.0625] {
                let value = cubic.iter().rev().fold(0.0, |sum, a| sum * node + a);
                tableau.push(node, value, 1e-16, |entry| found.push(entry));
            }
            for entry in found.iter().filter(|entry| entry.last - entry.first >= 3) {
                assert!((entry.value - wanted).abs() < 1e-10, "{c}: {entry:?}");
            }
            let entry = found.last().unwrap();
            assert!((tableau.predict(entry, 2.0) - (3.0 - 4.0 + 2.0 + 32.0)).abs() < 1e-8);
        }
    }

    #[test]
    fn a_gap_in_the_ladder_breaks_the_runs() {
        let mut tableau = Tableau::new(0);
        let mut runs = Vec::new();
        for (node, value) in [(1.0, 1.0), (0.5, f64::NAN), (0.25, 1.0), (0.125, 1.0)] {
            tableau.push(node, value, 0.0, |entry| runs.push((entry.first, entry.last)));
        }
        assert_eq!(runs, [(2, 3)]);
    }
}
