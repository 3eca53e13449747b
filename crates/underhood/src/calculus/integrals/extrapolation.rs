//! Where a sequence of partial sums is heading.
//!
//! Wynn's epsilon algorithm removes every geometric part of the remainder: that of a power at an end point, and that of sums over
//! alternating half-waves. Levin's u-transform also reaches limits whose remainder falls like a power of the number of terms.
//!
//! Sources: P. Wynn, "On a device for computing the e_m(S_n) transformation", MTAC 10 (1956) 91–96, doi:10.2307/2002183; D. Levin,
//! "Development of non-linear transformations for improving convergence of sequences", Int. J. Comput. Math. B3 (1973) 371–388,
//! doi:10.1080/00207167308803075.

use super::super::acceleration::columns;

/// A limit and what neighbouring estimates of it differ by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) value: f64,
    pub(super) error: f64,
}

const NOWHERE: Limit = Limit { value: f64::NAN, error: f64::INFINITY };

/// How many of the last sums are looked at: more only bring in rounding.
const WINDOW: usize = 36;

/// The limit by the epsilon algorithm: of its even columns the one whose last three entries agree best.
pub(super) fn epsilon(sums: &[f64]) -> Limit {
    let sums = &sums[sums.len().saturating_sub(WINDOW)..];
    let columns = columns(sums, WINDOW / 2, |_, _| 1.0);
    columns.iter().map(|column| agreement(column)).fold(
        NOWHERE,
        |best, found| {
            if found.error < best.error { found } else { best }
        },
    )
}

/// The limit by Levin's u-transform, with the number of terms left out at the beginning that makes neighbouring orders agree best.
pub(super) fn levin(terms: &[f64]) -> Limit {
    let mut sum = 0.0;
    let sums: Vec<f64> = terms
        .iter()
        .map(|t| {
            sum += t;
            sum
        })
        .collect();
    let mut best = NOWHERE;
    for skip in 0..3 {
        let most = terms.len().saturating_sub(skip + 1).min(22);
        let orders: Vec<f64> = (3..=most).map(|k| levin_of_order(&sums[skip..], &terms[skip..], k)).collect();
        for three in orders.windows(3) {
            let found = agreement(three);
            if found.error < best.error {
                best = found;
            }
        }
    }
    best
}

fn levin_of_order(sums: &[f64], terms: &[f64], k: usize) -> f64 {
    let (mut above, mut below, mut binomial) = (0.0, 0.0, 1.0);
    for j in 0..=k {
        let n = (j + 1) as f64;
        let weight = binomial * (n / (k + 1) as f64).powi(k as i32 - 1) / (n * terms[j]);
        above += weight * sums[j];
        below += weight;
        binomial *= -((k - j) as f64) / (j + 1) as f64;
    }
    above / below
}

/// The last of a column, and how far from it the column may end: as far as it lies from the two before it, and further if they come closer only slowly.
fn agreement(column: &[f64]) -> Limit {
    match column {
        [.., a, b, c] if c.is_finite() => {
            let (earlier, step) = ((b - a).abs(), (c - b).abs());
            // What steps that go on shrinking like this add up to; four times, since they may shrink ever more slowly.
            let ahead = if step < earlier { 4.0 * step * step / (earlier - step) } else { 4.0 * step };
            let error = (step + (c - a).abs()).max(ahead) + 4.0 * f64::EPSILON * c.abs();
            Limit { value: *c, error: if error.is_nan() { f64::INFINITY } else { error } }
        }
        _ => NOWHERE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometric_and_alternating_sums_find_their_limits() {
        let mut sum = 0.0;
        let sums: Vec<f64> = (0..24)
            .map(|k| {
                sum += 0.9_f64.powi(k) + 0.3_f64.powi(k);
                sum
            })
            .collect();
        let limit = epsilon(&sums);
        assert!((limit.value - (10.0 + 1.0 / 0.7)).abs() < 1e-10, "{limit:?}");
        let mut sum = 0.0;
        let sums: Vec<f64> = (0..24)
            .map(|k| {
                sum += (-1.0_f64).powi(k) / f64::from(k + 1);
                sum
            })
            .collect();
        let limit = epsilon(&sums);
        assert!((limit.value - 2.0_f64.ln()).abs() <= limit.error && limit.error < 1e-12, "{limit:?}");
    }

    #[test]
    fn sums_of_inverse_squares_find_theirs() {
        let terms: Vec<f64> = (1..=22).map(|k| 1.0 / f64::from(k * k)).collect();
        let limit = levin(&terms);
        let exact = std::f64::consts::PI.powi(2) / 6.0;
        assert!((limit.value - exact).abs() <= limit.error && limit.error < 1e-8, "{limit:?}");
    }

    #[test]
    fn what_is_constant_has_arrived() {
        let limit = epsilon(&[1.0, 2.0, 2.0, 2.0, 2.0]);
        assert!(limit.value == 2.0 && limit.error < 1e-14);
    }
}
