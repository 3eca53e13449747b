//! Spread, shape and correlation of resamples: eight resamples drawn out, each in a lane, and two passes over them, as a textbook would.

use super::indices::{Indices, Row, gather};
use super::statistic::{Statistic, cut_off};
use crate::random::Stream;
use crate::random::kernel::portable_kernel;
use crate::random::source::LANES;
use crate::stats::moments::Moments;

/// Writes the statistic of a resample to each place. `samples` are of one length if they are two, and their values are drawn together.
pub(super) fn fill(statistic: Statistic, samples: &[Vec<f64>], stream: &mut Stream, out: &mut [f64]) {
    let n = samples[0].len();
    let mut indices = Indices::new(n, stream);
    let level = indices.level();
    let (mut places, mut x, mut y) = (Vec::new(), Vec::new(), Vec::new());
    let mut column = vec![0.0; n];
    for out in out.chunks_mut(LANES) {
        indices.fill(&mut places, n);
        gather(level, &places, &samples[0], &mut x);
        let found: Row<f64> = match statistic {
            Statistic::Var(ddof) => spreads(level, &x).map(|squares| squares / (n - ddof) as f64),
            Statistic::Std(ddof) => spreads(level, &x).map(|squares| (squares / (n - ddof) as f64).sqrt()),
            Statistic::Skew => shapes(level, &x).map(|[m2, m3, _]| m3 / (m2 * m2.sqrt())),
            Statistic::Kurtosis => shapes(level, &x).map(|[m2, _, m4]| m4 / (m2 * m2) - 3.0),
            Statistic::Correlation => {
                gather(level, &places, &samples[1], &mut y);
                correlations(level, &x, &y).map(|r| r.clamp(-1.0, 1.0))
            }
            _ => {
                // One resample after the other.
                let other = samples.get(1);
                if let Some(other) = other {
                    gather(level, &places, other, &mut y);
                }
                let mut second = vec![0.0; other.map_or(0, Vec::len)];
                std::array::from_fn(|lane| {
                    column.iter_mut().zip(&x).for_each(|(v, row)| *v = row[lane]);
                    second.iter_mut().zip(&y).for_each(|(v, row)| *v = row[lane]);
                    statistic.of(&[column.as_slice(), second.as_slice()][..statistic.samples()])
                })
            }
        };
        out.copy_from_slice(&found[..out.len()]);
    }
}

/// Writes the trimmed mean of a resample of the sorted sample to each place: how often each value was drawn says where the resample, sorted, is to be cut.
pub(super) fn fill_trimmed(share: f64, sorted: &[f64], stream: &mut Stream, out: &mut [f64]) {
    let n = sorted.len();
    let cut = cut_off(n, share);
    let mut indices = Indices::new(n, stream);
    let mut places = Vec::new();
    let mut counts = vec![[0_u32; LANES]; n];
    for out in out.chunks_mut(LANES) {
        indices.fill(&mut places, n);
        counts.fill([0; LANES]);
        for row in &places {
            (0..LANES).for_each(|lane| counts[row[lane] as usize][lane] += 1);
        }
        let mut found = [0.0; LANES];
        let (mut sum, mut before) = ([0.0; LANES], [0_usize; LANES]);
        for (count, value) in counts.iter().zip(sorted) {
            for lane in 0..LANES {
                // Those of its copies that stand between the cuts.
                let after = before[lane] + count[lane] as usize;
                let kept = after.clamp(cut, n - cut) - before[lane].clamp(cut, n - cut);
                sum[lane] += kept as f64 * value;
                before[lane] = after;
            }
        }
        (0..LANES).for_each(|lane| found[lane] = sum[lane] / (n - 2 * cut) as f64);
        out.copy_from_slice(&found[..out.len()]);
    }
}

/// Σ of each lane.
#[inline(always)]
fn totals(rows: &[Row<f64>]) -> Row<f64> {
    let mut sums = [[0.0; LANES]; 4];
    let (groups, rest) = rows.as_chunks::<4>();
    for group in groups {
        for k in 0..4 {
            for lane in 0..LANES {
                sums[k][lane] += group[k][lane];
            }
        }
    }
    for row in rest {
        for lane in 0..LANES {
            sums[0][lane] += row[lane];
        }
    }
    std::array::from_fn(|lane| (sums[0][lane] + sums[1][lane]) + (sums[2][lane] + sums[3][lane]))
}

/// The mean of each lane, and whether all of the lane is one value.
#[inline(always)]
fn means(rows: &[Row<f64>]) -> (Row<f64>, Row<bool>) {
    let n = rows.len() as f64;
    let first = rows[0];
    let mut same = [true; LANES];
    for row in rows {
        for lane in 0..LANES {
            same[lane] &= row[lane] == first[lane];
        }
    }
    (totals(rows).map(|sum| sum / n), same)
}

portable_kernel! {
    /// Σ(x − x̄)² of each lane; 0 of one value.
    fn spreads(rows: &[Row<f64>]) -> Row<f64> = spreads_body
}

#[inline(always)]
fn spreads_body(rows: &[Row<f64>]) -> Row<f64> {
    let (mean, same) = means(rows);
    let mut squares = [[0.0; LANES]; 2];
    for (i, row) in rows.iter().enumerate() {
        for lane in 0..LANES {
            let e = row[lane] - mean[lane];
            squares[i % 2][lane] += e * e;
        }
    }
    std::array::from_fn(|lane| if same[lane] { 0.0 } else { squares[0][lane] + squares[1][lane] })
}

portable_kernel! {
    /// The central moments m₂, m₃, m₄ of each lane; NaN of one value.
    fn shapes(rows: &[Row<f64>]) -> Row<[f64; 3]> = shapes_body
}

#[inline(always)]
fn shapes_body(rows: &[Row<f64>]) -> Row<[f64; 3]> {
    let (mean, same) = means(rows);
    let (mut second, mut third, mut fourth) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for row in rows {
        for lane in 0..LANES {
            let e = row[lane] - mean[lane];
            let square = e * e;
            second[lane] += square;
            third[lane] += square * e;
            fourth[lane] += square * square;
        }
    }
    let n = rows.len() as f64;
    std::array::from_fn(|lane| {
        let moments = [second[lane], third[lane], fourth[lane]];
        if same[lane] { [f64::NAN; 3] } else { moments.map(|sum| sum / n) }
    })
}

portable_kernel! {
    /// Pearson's r of each lane; NaN where either is one value.
    fn correlations(x: &[Row<f64>], y: &[Row<f64>]) -> Row<f64> = correlations_body
}

#[inline(always)]
fn correlations_body(x: &[Row<f64>], y: &[Row<f64>]) -> Row<f64> {
    let ((mean_x, same_x), (mean_y, same_y)) = (means(x), means(y));
    let (mut squares_x, mut squares_y, mut products) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            let (d, e) = (x[lane] - mean_x[lane], y[lane] - mean_y[lane]);
            squares_x[lane] += d * d;
            squares_y[lane] += e * e;
            products[lane] += d * e;
        }
    }
    std::array::from_fn(|lane| {
        let r = products[lane] / (squares_x[lane].sqrt() * squares_y[lane].sqrt());
        if same_x[lane] || same_y[lane] { f64::NAN } else { r }
    })
}

/// The statistic without each value in turn, for those that are made of Σd, Σd², Σd³, Σd⁴: these lose one term.
pub(super) fn leave_one_out(statistic: Statistic, x: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let rest = n - 1.0;
    let mean = Moments::of_slice(x).mean();
    let [mut s2, mut s3, mut s4] = [0.0; 3];
    for v in x {
        let d = v - mean;
        s2 += d * d;
        s3 += d * d * d;
        s4 += d * d * d * d;
    }
    let without = |i: usize| -> f64 {
        let d = x[i] - mean;
        let shift = -d / rest;
        // Σ(d − shift)ᵏ over the others, whose Σd is −dᵢ = rest·shift.
        let (t2, t3, t4) = (s2 - d * d, s3 - d * d * d, s4 - d * d * d * d);
        let m2 = t2 - rest * shift * shift;
        // Where one value makes up nearly all of a sum, what is left has cancelled: for the shapes the sums of higher powers, sooner.
        let cancelled = match statistic {
            Statistic::Skew => m2 < 0.03 * s2,
            Statistic::Kurtosis => m2 < 0.03 * s2 || t4 < 1e-3 * s4,
            _ => m2 < 1e-4 * s2,
        };
        if cancelled {
            let others: Vec<f64> = x.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, v)| *v).collect();
            return statistic.of(&[&others]);
        }
        let m3 = t3 - 3.0 * shift * t2 + 2.0 * rest * shift.powi(3);
        let m4 = t4 - 4.0 * shift * t3 + 6.0 * shift * shift * t2 - 3.0 * rest * shift.powi(4);
        let (m2, m3, m4) = (m2 / rest, m3 / rest, m4 / rest);
        match statistic {
            Statistic::Var(ddof) => m2 * rest / (rest - ddof as f64),
            Statistic::Std(ddof) => (m2 * rest / (rest - ddof as f64)).sqrt(),
            Statistic::Skew => m3 / (m2 * m2.sqrt()),
            Statistic::Kurtosis => m4 / (m2 * m2) - 3.0,
            _ => mean + shift,
        }
    };
    (0..x.len()).map(without).collect()
}
