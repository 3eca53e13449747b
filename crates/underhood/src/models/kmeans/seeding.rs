//! Where k-means begins: rows that are far from one another (k-means++), or any rows.
//!
//! k-means++ (Arthur and Vassilvitskii 2007, SODA, 1027–1035) draws each new centre among the rows with a probability in
//! proportion to the squared distance from the centres so far. Of 2 + ⌊ln k⌋ such draws the one is kept that lowers the sum of
//! those distances most: the greedy variant, which the authors' own program and scikit-learn use.

use super::FIT;
use super::data::Data;
use crate::error::Error;
use crate::models::rows::BLOCK;
use crate::models::tiles::Tiles;
use crate::panel::LANES;
use crate::random::Stream;
use crate::simd::{choose, mul_add, wide_kernel};

/// Squared distances of all rows to the nearest centre so far, with their weighted sums block by block.
struct Closest {
    squared: Vec<f64>,
    by_block: Vec<f64>,
}

impl Closest {
    /// Takes another centre into account.
    fn update<E: From<Error>>(
        &mut self,
        data: &Data<'_>,
        centre: &[f64],
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let tiles = Tiles::of(centre, centre.len(), data.frame.columns);
        let mut found = [0.0; BLOCK];
        let mut labels = [0; BLOCK];
        let by_block = &mut self.by_block;
        let closest = &mut self.squared;
        data.sweep(tiles.groups(), checkpoint, |b, panel, count| {
            tiles.nearest(panel, data.frame.width, &mut labels[..count], &mut found[..count]);
            let closest = &mut closest[b * BLOCK..b * BLOCK + count];
            closest.iter_mut().zip(&found).for_each(|(closest, found)| *closest = closest.min(*found));
            by_block[b] = closest.iter().zip(data.weights(b, count)).map(|(d, w)| d * w).sum();
        })
    }

    /// The same, where the distances to the centre are known: every `step`-th number from `place` on.
    fn take(&mut self, data: &Data<'_>, known: &[f64], step: usize, place: usize) {
        for (b, closest) in self.squared.chunks_mut(BLOCK).enumerate() {
            let known = known[b * BLOCK * step + place..].iter().step_by(step);
            closest.iter_mut().zip(known).for_each(|(closest, known)| *closest = closest.min(*known));
            self.by_block[b] = closest.iter().zip(data.weights(b, closest.len())).map(|(d, w)| d * w).sum();
        }
    }

    /// A row, drawn with a probability in proportion to weight times squared distance; any row that counts if all distances are zero.
    fn draw(&self, data: &Data<'_>, stream: &mut Stream) -> usize {
        let total: f64 = self.by_block.iter().sum();
        if !(total > 0.0) {
            return data.any_row(stream);
        }
        let mut rest = stream.uniform() * total;
        let mut block = 0;
        for (b, &share) in self.by_block.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            block = b;
            if rest < share {
                break;
            }
            rest -= share;
        }
        let start = block * BLOCK;
        let count = BLOCK.min(self.squared.len() - start);
        let mut last = start;
        for (i, (d, w)) in self.squared[start..start + count].iter().zip(data.weights(block, count)).enumerate() {
            let share = d * w;
            if share > 0.0 {
                last = start + i;
                if rest < share {
                    break;
                }
                rest -= share;
            }
        }
        // What rounding leaves over belongs to the last row that could be drawn.
        last
    }
}

/// k-means++ with greedy draws: the numbers of `clusters` rows.
pub(super) fn plus_plus<E: From<Error>>(
    data: &Data<'_>,
    clusters: usize,
    stream: &mut Stream,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Vec<usize>, E> {
    let n = data.rows.count;
    let trials = 2 + (clusters as f64).ln() as usize;
    let mut closest = Closest { squared: vec![f64::INFINITY; n], by_block: vec![0.0; n.div_ceil(BLOCK)] };
    let mut chosen = vec![data.any_row(stream)];
    closest.update(data, &data.seen(chosen[0]), checkpoint)?;
    let columns = data.frame.columns;
    // The distances to the points that are tried are kept if they are fewer numbers than the rows: one pass less for each centre.
    let keep = trials <= columns;
    let mut known = vec![0.0; if keep { n * trials } else { 0 }];
    let mut tiles = Tiles::of(&[], columns, columns);
    while chosen.len() < clusters {
        let drawn: Vec<usize> = (0..trials).map(|_| closest.draw(data, stream)).collect();
        let points: Vec<f64> = drawn.iter().flat_map(|&i| data.seen(i)).collect();
        tiles.fill(&points, columns);
        let line = tiles.groups() * LANES;
        let (mut squared, mut potentials) = (vec![0.0; BLOCK * line], vec![0.0; line]);
        let so_far = &closest.squared;
        data.sweep(tiles.groups(), checkpoint, |b, panel, count| {
            tiles.distances(panel, data.frame.width, count, &mut squared);
            let own = &so_far[b * BLOCK..b * BLOCK + count];
            add_potentials(&squared[..count * line], line, own, data.weights(b, count), &mut potentials);
            let known = known.chunks_exact_mut(trials).skip(b * BLOCK);
            squared.chunks_exact(line).take(count).zip(known).for_each(|(row, to)| to.copy_from_slice(&row[..trials]));
        })?;
        let best = (1..trials).fold(0, |best, t| if potentials[t] < potentials[best] { t } else { best });
        chosen.push(drawn[best]);
        if chosen.len() < clusters && keep {
            closest.take(data, &known, trials, best);
        } else if chosen.len() < clusters {
            closest.update(data, &points[best * columns..(best + 1) * columns], checkpoint)?;
        }
    }
    Ok(chosen)
}

/// Different rows, each as likely as its weight.
pub(super) fn random(data: &Data<'_>, clusters: usize, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let n = data.rows.count;
    let Some(weights) = data.weight else {
        // The first so many steps of a shuffle; only places that were touched are remembered.
        let mut moved = std::collections::HashMap::new();
        return Ok((0..clusters)
            .map(|i| {
                let other = i + stream.below((n - i) as u64) as usize;
                let drawn = moved.get(&other).copied().unwrap_or(other);
                let here = moved.get(&i).copied().unwrap_or(i);
                moved.insert(other, here);
                drawn
            })
            .collect());
    };
    let counting = weights.iter().filter(|w| **w > 0.0).count();
    if counting < clusters {
        let problem = format!("is positive for {counting} rows, too few for n_clusters = {clusters} of them");
        return Err(Error::Invalid { function: FIT, argument: "sample_weight", problem });
    }
    // The largest of uᵢ^(1/wᵢ) are draws without replacement (Efraimidis and Spirakis 2006, doi:10.1016/j.ipl.2005.11.003).
    let mut keys: Vec<(f64, usize)> = weights
        .iter()
        .enumerate()
        .filter(|(_, w)| **w > 0.0)
        .map(|(i, w)| (-(stream.uniform() + f64::MIN_POSITIVE).ln() / w, i))
        .collect();
    keys.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(keys.iter().take(clusters).map(|key| key.1).collect())
}

wide_kernel! {
    /// potentials += Σ wᵢ·min(closestᵢ, dᵢ) over the rows of a panel, for up to eight points at once.
    fn add_potentials(squared: &[f64], line: usize, closest: &[f64], weights: &[f64], potentials: &mut [f64]) = add_potentials_body
}

#[inline(always)]
fn add_potentials_body<const FMA: bool>(
    squared: &[f64],
    line: usize,
    closest: &[f64],
    weights: &[f64],
    potentials: &mut [f64],
) {
    for at in (0..line).step_by(LANES) {
        let mut sums = [0.0; LANES];
        for ((row, &closest), &weight) in squared.chunks_exact(line).zip(closest).zip(weights) {
            let row = &row[at..at + LANES];
            for lane in 0..LANES {
                let squared = row[lane];
                sums[lane] = mul_add::<FMA>(weight, choose(squared < closest, squared, closest), sums[lane]);
            }
        }
        for lane in 0..LANES {
            potentials[at + lane] += sums[lane];
        }
    }
}
