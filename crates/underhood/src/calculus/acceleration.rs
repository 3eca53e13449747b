//! Sequences taken to their limits: what a sequence's terms say about where it is going.
//!
//! Two of P. Wynn's rhombus rules. The ε-algorithm ("On a device for computing the eₘ(Sₙ) transformation", Mathematical Tables and
//! Other Aids to Computation 10, 1956) takes away error terms that shrink geometrically, as `c hᵅ` does on geometric steps, whatever
//! the power. The ρ-algorithm ("On a procrustean technique for the numerical transformation of slowly convergent sequences and
//! series", Proc. Cambridge Phil. Soc. 52, 1956) is Thiele's interpolation by rational functions, read off at infinity; with
//! `log(1/h)` as its variable it resolves what goes like `1/log h`.

/// Columns that carry estimates, beside the terms themselves: more would only gather rounding.
const COLUMNS: usize = 6;

/// What one entry of a table says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The limit.
    pub(super) value: f64,
    /// The largest of its distances from the neighbours above and to the left.
    pub(super) apart: f64,
    /// Last term used.
    pub(super) last: usize,
    /// How many terms were used.
    pub(super) terms: usize,
}

/// The estimates of the ε-algorithm.
pub(super) fn epsilon(terms: &[f64]) -> Vec<Entry> {
    table(terms, |_, _| 1.0)
}

/// The estimates of the ρ-algorithm for terms at these points, which grow towards infinity.
pub(super) fn rho(terms: &[f64], points: &[f64]) -> Vec<Entry> {
    table(terms, |first, last| points[last] - points[first])
}

/// The estimates in a table's even columns, each with its distance from its neighbours.
fn table(terms: &[f64], weight: impl Fn(usize, usize) -> f64) -> Vec<Entry> {
    let columns = columns(terms, COLUMNS, weight);
    let mut entries = Vec::new();
    for (m, pair) in columns.windows(2).enumerate() {
        let (before, column) = (&pair[0], &pair[1]);
        for n in 1..column.len() {
            let value = column[n];
            let apart = (value - column[n - 1]).abs().max((value - before[n + 1]).abs());
            if apart.is_finite() {
                entries.push(Entry { value, apart, last: n + 2 * m + 2, terms: 2 * m + 4 });
            }
        }
    }
    entries
}

/// The even columns of the rhombus rule `x[k][n] = x[k−2][n+1] + weight / (x[k−1][n+1] − x[k−1][n])`, which hold estimates: the terms themselves, and at
/// most so many more.
pub(super) fn columns(terms: &[f64], most: usize, weight: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let mut even = vec![terms.to_vec()];
    let (mut before, mut column) = (vec![0.0; terms.len() + 1], terms.to_vec());
    for k in 1..=2 * most {
        if column.len() < 2 {
            break;
        }
        let rule = |n: usize| match column[n + 1] - column[n] {
            // An infinite entry would hand on what stands before it, as if it were new.
            0.0 => f64::NAN,
            rise => before[n + 1] + weight(n, n + k) / rise,
        };
        let next: Vec<f64> = (0..column.len() - 1).map(rule).collect();
        if k % 2 == 0 {
            even.push(next.clone());
        } else if next.iter().all(|v| v.is_nan()) {
            break;
        }
        (before, column) = (column, next);
    }
    even
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(entries: Vec<Entry>) -> Entry {
        entries.into_iter().min_by(|a, b| a.apart.total_cmp(&b.apart)).expect("there are estimates")
    }

    /// Geometric terms of any ratios are taken away: 2 + 0.7ᵏ − 3·0.4ᵏ.
    #[test]
    fn geometric_terms_are_taken_away() {
        let terms: Vec<f64> = (0..12).map(|k| 2.0 + 0.7f64.powi(k) - 3.0 * 0.4f64.powi(k)).collect();
        let found = best(epsilon(&terms));
        assert!((found.value - 2.0).abs() < 1e-12 && found.apart < 1e-10, "{found:?}");
    }

    /// 1 / (k + ½) converges too slowly for anything but a rational function of k.
    #[test]
    fn what_shrinks_like_a_reciprocal_has_its_limit() {
        let points: Vec<f64> = (1..12).map(f64::from).collect();
        let terms: Vec<f64> = points.iter().map(|k| 5.0 + 1.0 / (k + 0.5)).collect();
        let found = best(rho(&terms, &points));
        assert!((found.value - 5.0).abs() < 1e-10 && found.apart < 1e-9, "{found:?}");
    }
}
