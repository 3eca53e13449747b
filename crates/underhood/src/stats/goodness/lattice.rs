//! The distribution of the distance between two samples' distribution functions, if all ways to share out the values are equally likely.
//!
//! Drawing the pooled values from the smallest on, the number of those from the first sample is a walk on a lattice; the distance is reached where the walk leaves
//! a band about the diagonal (J. L. Hodges 1958, doi:10.1007/BF02589501). The probabilities of the numbers are carried along, and what leaves the
//! band is added up: nothing is subtracted, so small probabilities keep their digits. For samples of one size there is a formula
//! (B. V. Gnedenko and V. S. Korolyuk 1951).

/// Which distances count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Both,
    Above,
    Below,
}

/// At most so many states are visited by [`walked`]: at every step those between the borders, and while a run of equal values lasts as many
/// more as it has steps; never more than the smaller sample has values.
pub(super) fn states(m: usize, n: usize, reach: i64, side: Side, runs: Option<&Vec<usize>>) -> f64 {
    let all = (m + n) as f64;
    let between = if side == Side::Both { 2.0 * reach as f64 / all } else { f64::INFINITY };
    let at_a_step = |run: usize| (between + run as f64).min(m.min(n) as f64) + 2.0;
    match runs {
        None => all * at_a_step(1),
        Some(runs) => runs.iter().map(|&run| run as f64 * at_a_step(run)).sum(),
    }
}

/// So many states are visited from one checkpoint to the next.
const UNINTERRUPTED: usize = 1 << 20;

/// P(distance·mn ≥ reach) for samples of m and n; distances count after each run of equal values only.
pub(super) fn walked<E>(
    m: usize,
    n: usize,
    reach: i64,
    side: Side,
    runs: Option<&Vec<usize>>,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<f64, E> {
    let (all, of_first) = ((m + n) as i64, m as i64);
    let beyond = |i: usize, drawn: usize| {
        let distance = i as i64 * all - drawn as i64 * of_first;
        (side != Side::Below && distance >= reach, side != Side::Above && -distance >= reach)
    };
    // mass[i] for i from `low` to `high` values of the first sample.
    let mut mass = vec![0.0; m + 2];
    mass[0] = 1.0;
    let (mut low, mut high, mut left, mut drawn) = (0_usize, 0_usize, 0.0, 0_usize);
    let mut runs = runs.map(|runs| runs.iter());
    let mut visited = 0;
    loop {
        let length = match &mut runs {
            Some(runs) => runs.next().copied(),
            None => (drawn < m + n).then_some(1),
        };
        let Some(length) = length else { return Ok(f64::min(left, 1.0)) };
        for _ in 0..length {
            draw(&mut mass, (low, high), (m, n), drawn);
            visited += high + 2 - low;
            if visited >= UNINTERRUPTED {
                visited = 0;
                checkpoint()?;
            }
            drawn += 1;
            high = (high + 1).min(m);
            low = low.max(drawn.saturating_sub(n));
        }
        while low <= high && beyond(high, drawn).0 {
            left += std::mem::take(&mut mass[high]);
            if high == 0 {
                return Ok(left.min(1.0));
            }
            high -= 1;
        }
        while low <= high && beyond(low, drawn).1 {
            left += std::mem::take(&mut mass[low]);
            low += 1;
        }
        if low > high {
            return Ok(left.min(1.0));
        }
    }
}

/// One more value, which is the first sample's with probability (m − i)/(m + n − drawn).
fn draw(mass: &mut [f64], (low, high): (usize, usize), (m, n): (usize, usize), drawn: usize) {
    let rest = 1.0 / (m + n - drawn) as f64;
    // Shares (m − i)/rest go up by one, (n − drawn + i)/rest stay.
    let (first, second) = (m as f64, n as f64 - drawn as f64);
    let mut from_below = 0.0;
    for (i, mass) in mass.iter_mut().enumerate().take(high + 2).skip(low) {
        let i = i as f64;
        let here = *mass * rest;
        *mass = here * (second + i) + from_below;
        from_below = here * (first - i);
    }
}

/// P(distance ≥ k/n) for two samples of n: Σ (−1)ʲ⁻¹ 2·C(2n, n − jk)/C(2n, n), or its first half for one side.
pub(super) fn closed(n: usize, k: usize, side: Side) -> f64 {
    // C(2n, n − r)/C(2n, n) = ∏ (n − i)/(n + i + 1) for i from 0 to r − 1.
    let mut shares = (0..n).scan(1.0, |share, i| {
        *share *= (n - i) as f64 / (n + i + 1) as f64;
        Some(*share)
    });
    if k == 0 {
        return 1.0;
    }
    if side != Side::Both {
        return shares.nth(k - 1).unwrap_or(0.0);
    }
    let every_kth = shares.skip(k - 1).step_by(k).take_while(|share| *share > 1e-20 * f64::MIN_POSITIVE.sqrt());
    let sum: f64 = every_kth.enumerate().map(|(j, share)| if j % 2 == 0 { share } else { -share }).sum();
    (2.0 * sum).min(1.0)
}
