//! P(a ≤ X ≤ b) of a continuous distribution without cancellation.

use super::Continuous;

/// Nodes and weights of Gauss and Legendre's rule with eight points on [−1, 1], which is symmetric (NIST DLMF §3.5(v)).
const NODES: [f64; 4] =
    [0.183_434_642_495_649_8, 0.525_532_409_916_329, 0.796_666_477_413_626_7, 0.960_289_856_497_536_2];
const WEIGHTS: [f64; 4] =
    [0.362_683_783_378_362, 0.313_706_645_877_887_3, 0.222_381_034_453_374_48, 0.101_228_536_290_376_26];

/// So often an interval may be halved before the integral is given up.
const HALVINGS: u32 = 40;

/// P(a ≤ X ≤ b).
pub(super) fn between<D: Continuous + ?Sized>(distribution: &D, a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if !(a < b) {
        return 0.0;
    }
    // The nearer tail of both ends, the outer end first.
    let (sf_a, cdf_b) = (distribution.sf(a), distribution.cdf(b));
    let (outer, inner) = if sf_a < cdf_b { (sf_a, distribution.sf(b)) } else { (cdf_b, distribution.cdf(a)) };
    let difference = outer - inner;
    if difference > 0.125 * outer || !a.is_finite() || !b.is_finite() || outer == 0.0 {
        return difference.max(0.0);
    }
    // Digits cancelled: the density is integrated instead.
    let worth = 1e-15 * difference;
    integral(distribution, (a, b), rule(distribution, a, b), worth, HALVINGS).unwrap_or_else(|| difference.max(0.0))
}

/// The integral of the density by halving until the rule agrees with itself, or what is at stake is not `worth` it; None if it does not.
fn integral<D: Continuous + ?Sized>(
    distribution: &D,
    (a, b): (f64, f64),
    whole: f64,
    worth: f64,
    halvings: u32,
) -> Option<f64> {
    let middle = a + 0.5 * (b - a);
    let (left, right) = (rule(distribution, a, middle), rule(distribution, middle, b));
    let allowed = (4e-15 * (left + right)).max(worth);
    if ((left + right) - whole).abs() <= allowed || !(a < middle && middle < b) {
        return Some(left + right);
    }
    if halvings == 0 || !whole.is_finite() {
        return None;
    }
    let below = integral(distribution, (a, middle), left, worth, halvings - 1)?;
    Some(below + integral(distribution, (middle, b), right, worth, halvings - 1)?)
}

fn rule<D: Continuous + ?Sized>(distribution: &D, a: f64, b: f64) -> f64 {
    let (centre, half) = (a + 0.5 * (b - a), 0.5 * (b - a));
    let sum: f64 = NODES
        .iter()
        .zip(WEIGHTS)
        .map(|(node, weight)| {
            weight * (distribution.pdf(centre - half * node) + distribution.pdf(centre + half * node))
        })
        .sum();
    half * sum
}
