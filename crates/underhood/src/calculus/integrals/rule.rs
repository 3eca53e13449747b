//! Gauss and Kronrod's rule of 21 points, and how far it is to be trusted.
//!
//! The rule integrates polynomials up to degree 31 exactly. Its error is judged by *null rules*: the same 21 values, weighted by
//! polynomials of degree 13 to 20 that are orthogonal on the nodes, give the values' highest coefficients. Where these fall
//! quickly, the coefficients that the rule misses are small; where they do not, the integrand is rough there. Unlike the
//! difference of two rules, eight coefficients do not vanish by accident.
//!
//! Sources: A. S. Kronrod, Nodes and Weights of Quadrature Formulas (1965), the digits computed anew; J. Berntsen, T. O. Espelid,
//! "Error estimation in automatic quadrature routines", ACM Trans. Math. Softw. 17 (1991) 233–252, doi:10.1145/108556.108575.

use std::sync::OnceLock;

use crate::error::Result;

/// How many points the rule has.
pub(super) const POINTS: usize = 21;

/// The nodes from the middle outwards, and their weights.
const HALF: [(f64, f64); 11] = [
    (0.0, 0.149_445_554_002_916_905_664_936_5),
    (0.148_874_338_981_631_210_884_826_0, 0.147_739_104_901_338_491_374_841_5),
    (0.294_392_862_701_460_198_131_126_6, 0.142_775_938_577_060_080_797_094_3),
    (0.433_395_394_129_247_190_799_265_9, 0.134_709_217_311_473_325_928_054_0),
    (0.562_757_134_668_604_683_339_000_1, 0.123_491_976_262_065_851_077_958_1),
    (0.679_409_568_299_024_406_234_327_4, 0.109_387_158_802_297_641_899_210_6),
    (0.780_817_726_586_416_897_063_717_6, 0.093_125_454_583_697_605_535_065_47),
    (0.865_063_366_688_984_510_732_096_7, 0.075_039_674_810_919_952_767_043_14),
    (0.930_157_491_355_708_226_001_207_2, 0.054_755_896_574_351_996_031_381_30),
    (0.973_906_528_517_171_720_077_964_0, 0.032_558_162_307_964_727_478_818_97),
    (0.995_657_163_025_808_080_735_527_3, 0.011_694_638_867_371_874_278_064_4),
];

/// The distance of the outermost node from the end, as a part of the interval.
pub(super) const RIM: f64 = 0.5 * (1.0 - 0.995_657_163_025_808_1);

/// How near to an end the integrand is looked at, as a part of the range.
pub(super) const EDGE: f64 = 1e-3 * RIM;

/// How many null rules are used: the polynomials of degree 20 down to 13.
const NULLS: usize = 8;

/// Below this ratio of neighbouring pairs of coefficients they are taken to fall geometrically.
const FALLING: f64 = 0.5;

/// The rule on [−1, 1].
pub(super) struct Rule {
    /// From −1 to 1.
    pub(super) nodes: [f64; POINTS],
    weights: [f64; POINTS],
    /// Weight times orthonormal polynomial, highest degree first.
    nulls: [[f64; POINTS]; NULLS],
    /// What the polynomial through the values at the nodes has at 1.
    rim: [f64; POINTS],
    /// The same beside 1, at [`EDGE`].
    beside: [f64; POINTS],
}

/// What the rule finds on an interval.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    pub(super) value: f64,
    /// A cautious bound of its error.
    pub(super) error: f64,
    /// The integral of the absolute value.
    pub(super) size: f64,
}

/// The rule, made once.
pub(super) fn rule() -> &'static Rule {
    static RULE: OnceLock<Rule> = OnceLock::new();
    RULE.get_or_init(|| {
        let (mut nodes, mut weights) = ([0.0; POINTS], [0.0; POINTS]);
        for (i, (x, w)) in HALF.into_iter().enumerate() {
            (nodes[10 - i], nodes[10 + i]) = (-x, x);
            (weights[10 - i], weights[10 + i]) = (w, w);
        }
        // Lagrange's polynomials at x.
        let lagrange = |x: f64, i: usize| {
            (0..POINTS).filter(|&j| j != i).map(|j| (x - nodes[j]) / (nodes[i] - nodes[j])).product::<f64>()
        };
        let rim = std::array::from_fn(|i| lagrange(1.0, i));
        let beside = std::array::from_fn(|i| lagrange(1.0 - 2.0 * EDGE, i));
        Rule { nodes, weights, nulls: null_rules(&nodes, &weights), rim, beside }
    })
}

/// The polynomials that are orthonormal under the rule's own sum, by their three-term recurrence (Stieltjes).
fn null_rules(nodes: &[f64; POINTS], weights: &[f64; POINTS]) -> [[f64; POINTS]; NULLS] {
    let norm = |p: &[f64; POINTS]| p.iter().zip(weights).map(|(p, w)| w * p * p).sum::<f64>().sqrt();
    let (mut last, mut p, mut beta) = ([0.0; POINTS], [0.5_f64.sqrt(); POINTS], 0.0);
    let mut nulls = [[0.0; POINTS]; NULLS];
    for degree in 1..POINTS {
        let mut next = [0.0; POINTS];
        for i in 0..POINTS {
            next[i] = nodes[i] * p[i] - beta * last[i];
        }
        beta = norm(&next);
        next.iter_mut().for_each(|v| *v /= beta);
        (last, p) = (p, next);
        if degree + NULLS >= POINTS {
            for i in 0..POINTS {
                nulls[POINTS - 1 - degree][i] = weights[i] * p[i];
            }
        }
    }
    nulls
}

/// The sums of weights and values, from either end.
fn at_both_ends(weights: &[f64; POINTS], values: &[f64]) -> [f64; 2] {
    let sum = |values: &mut dyn Iterator<Item = &f64>| values.zip(weights).map(|(f, w)| f * w).sum::<f64>();
    [sum(&mut values.iter().rev()), sum(&mut values.iter())]
}

impl Rule {
    /// The values at both ends of the interval, of the polynomial through all nodes.
    pub(super) fn rims(&self, values: &[f64]) -> [f64; 2] {
        at_both_ends(&self.rim, values)
    }

    /// The same as near to the ends as [`EDGE`].
    pub(super) fn besides(&self, values: &[f64]) -> [f64; 2] {
        at_both_ends(&self.beside, values)
    }

    /// The integral over an interval of this half-width, from the values at the nodes.
    pub(super) fn apply(&self, values: &[f64], half: f64) -> Found {
        let (mut value, mut size) = (0.0, 0.0);
        for (f, w) in values.iter().zip(&self.weights) {
            value += w * f;
            size += w * f.abs();
        }
        let coefficient = |null: &[f64; POINTS]| null.iter().zip(values).map(|(n, f)| n * f).sum::<f64>();
        let pair = |k: usize| coefficient(&self.nulls[2 * k]).hypot(coefficient(&self.nulls[2 * k + 1]));
        let pairs = [pair(0), pair(1), pair(2), pair(3)];
        // What rounding alone leaves in a coefficient.
        let rounding = 2.0 * f64::EPSILON * size;
        let ratio = (0..3).map(|k| pairs[k] / (pairs[k + 1] + f64::MIN_POSITIVE)).fold(0.0, f64::max);
        let error = if pairs[0] <= rounding && pairs[1] <= rounding {
            rounding
        } else if ratio >= 1.0 {
            10.0 * pairs.iter().copied().fold(0.0, f64::max)
        } else if ratio >= FALLING {
            10.0 * ratio * pairs[0]
        } else {
            10.0 * FALLING * (ratio / FALLING).powi(4) * pairs[0]
        };
        let bound = 2.0_f64.sqrt() * size.max(f64::MIN_POSITIVE) * 2.0;
        Found { value: half * value, error: half * (error.min(bound) + 0.5 * rounding), size: half * size }
    }
}

/// A function at the places of all nodes: fills in its values, and says if it may be called again.
pub(super) type Sampled<'f> = dyn FnMut(&[f64; POINTS], &mut [f64; POINTS]) -> Result<bool> + 'f;

/// Halvings in a row that do not help (a kink's error they would divide by four), after which rounding is taken for the cause.
const VAIN: u32 = 3;

/// The integral from `low` to `high`, halved up to `depth` times where the error is more than this part of the size.
pub(super) fn halved(f: &mut Sampled<'_>, bounds: (f64, f64), enough: f64, depth: u32) -> Result<Found> {
    Ok(measured(f, bounds, enough, depth)?.found)
}

/// The same, with the values at both ends.
pub(super) fn measured(f: &mut Sampled<'_>, bounds: (f64, f64), enough: f64, depth: u32) -> Result<Measured> {
    let (whole, may) = once(f, bounds)?;
    if may { refined(f, bounds, whole, enough, (depth, 0)) } else { Ok(whole) }
}

/// What the rule finds, and the values at both ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) found: Found,
    pub(super) rims: [f64; 2],
}

/// The rule once, and whether f may be called again.
fn once(f: &mut Sampled<'_>, (low, high): (f64, f64)) -> Result<(Measured, bool)> {
    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
    let mut values = [0.0; POINTS];
    let may = f(&rule().nodes.map(|node| centre + half * node), &mut values)?;
    Ok((Measured { found: rule().apply(&values, half), rims: rule().rims(&values) }, may))
}

fn refined(
    f: &mut Sampled<'_>,
    (low, high): (f64, f64),
    whole: Measured,
    enough: f64,
    (depth, vain): (u32, u32),
) -> Result<Measured> {
    let found = whole.found;
    if !(found.error > enough * found.size) || depth == 0 || vain == VAIN || !found.value.is_finite() {
        return Ok(whole);
    }
    let centre = 0.5 * (low + high);
    let ((mut left, _), (mut right, may)) = (once(f, (low, centre))?, once(f, (centre, high))?);
    if may {
        let vain = if left.found.error + right.found.error > 0.35 * found.error { vain + 1 } else { 0 };
        left = refined(f, (low, centre), left, enough, (depth - 1, vain))?;
        right = refined(f, (centre, high), right, enough, (depth - 1, vain))?;
    }
    // A jump may stand between the nodes on both sides of the border, if the finest pieces beside it do not meet there.
    let jump = (left.rims[1] - right.rims[0]).abs();
    let gap = if jump * (high - low) > 1e-9 * found.size { RIM * (high - low) * jump } else { 0.0 };
    let (a, b) = (left.found, right.found);
    let found = Found { value: a.value + b.value, error: a.error + b.error + gap, size: a.size + b.size };
    Ok(Measured { found, rims: [left.rims[0], right.rims[1]] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integral(f: impl Fn(f64) -> f64) -> Found {
        let rule = rule();
        rule.apply(&rule.nodes.map(f), 1.0)
    }

    #[test]
    fn polynomials_up_to_degree_31_are_integrated_exactly() {
        for degree in 0..=31 {
            let exact = if degree % 2 == 0 { 2.0 / f64::from(degree + 1) } else { 0.0 };
            assert!((integral(|x| x.powi(degree)).value - exact).abs() < 1e-15, "{degree}");
        }
        assert!((integral(|x| x.powi(32)).value - 2.0 / 33.0).abs() > 1e-13);
    }

    #[test]
    fn the_error_covers_what_is_wrong_and_little_more() {
        let smooth = integral(f64::exp);
        assert!((smooth.value - (1.0_f64.exp() - (-1.0_f64).exp())).abs() <= smooth.error && smooth.error < 1e-14);
        for c in [-0.9, -0.5, -0.05, 0.3, 0.77] {
            let kink = integral(|x| (x - c).abs());
            assert!((kink.value - (1.0 + c * c)).abs() <= kink.error, "{c}: {kink:?}");
            let step = integral(|x| f64::from(u8::from(x > c)));
            assert!((step.value - (1.0 - c)).abs() <= step.error, "{c}: {step:?}");
            let pole = integral(|x| 1.0 / ((x - c).powi(2) + 0.01));
            let exact = 10.0 * ((10.0 * (1.0 - c)).atan() + (10.0 * (1.0 + c)).atan());
            assert!((pole.value - exact).abs() <= pole.error, "{c}: {pole:?} {exact}");
        }
    }
}
