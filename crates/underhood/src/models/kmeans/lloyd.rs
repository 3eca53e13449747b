//! Lloyd's two steps, from one start.

use ndarray::Array2;

use super::data::Data;
use super::{FEW_NUMBERS, KMeans, KMeansHistory, KMeansStop};
use crate::error::Error;
use crate::models::frame::Frame;
use crate::models::rows::BLOCK;
use crate::models::tiles::Tiles;
use crate::panel::LANES;
use crate::simd::{mul_add, wide_kernel};

/// What came of one start, in the frame.
pub(super) struct Run {
    /// The centres, one after another.
    pub(super) centres: Vec<f64>,
    /// The inertia that the last iteration saw.
    pub(super) inertia: f64,
    pub(super) iterations: usize,
    pub(super) stop: KMeansStop,
    states: Vec<State>,
}

/// An iteration, for the history.
struct State {
    inertia: f64,
    shift: f64,
    changed: usize,
    centres: Vec<f64>,
}

impl Run {
    pub(super) fn history(&self, frame: &Frame) -> KMeansHistory {
        let unit = frame.unit();
        let mut history = KMeansHistory::default();
        for state in &self.states {
            history.inertia.push(state.inertia * unit * unit);
            history.shift.push(state.shift * unit);
            history.changed.push(state.changed);
            if !state.centres.is_empty() {
                let centres: Vec<f64> = state.centres.chunks_exact(frame.columns).flat_map(|c| frame.back(c)).collect();
                let shape = (centres.len() / frame.columns, frame.columns);
                history.centres.push(Array2::from_shape_vec(shape, centres).unwrap_or_default());
            }
        }
        history
    }
}

/// The rows' clusters, and what they add up to.
struct Assignment {
    labels: Vec<u32>,
    /// Squared distance of each row to its centre.
    squared: Vec<f64>,
    /// Σ w·x of each cluster, lines of a panel's width.
    sums: Vec<f64>,
    /// Σ w of each cluster.
    weights: Vec<f64>,
    inertia: f64,
    changed: usize,
}

/// Makes iterations until the labels stay, the centres stand still, or `max_iter` are made.
pub(super) fn run<E: From<Error>>(
    model: &KMeans,
    data: &Data<'_>,
    mut centres: Vec<f64>,
    tolerance: f64,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Run, E> {
    let (columns, width, k) = (data.frame.columns, data.frame.width, model.clusters);
    let n = data.rows.count;
    let keep_centres = model.keep_history && centres.len() <= FEW_NUMBERS;
    let mut tiles = Tiles::of(&centres, columns, columns);
    let mut found = Assignment {
        labels: vec![u32::MAX; n],
        squared: vec![0.0; n],
        sums: vec![0.0; k * width],
        weights: vec![0.0; k],
        inertia: 0.0,
        changed: 0,
    };
    let mut states = Vec::new();
    let mut stop = KMeansStop::MaxIter;
    let mut iterations = 0;
    while iterations < model.max_iter {
        assign(data, &tiles, &mut found, checkpoint)?;
        iterations += 1;
        relocate(data, &mut found);
        let next = means(&found, columns, width);
        let squared_shift: f64 = next.iter().zip(&centres).map(|(a, b)| (a - b) * (a - b)).sum();
        if model.keep_history {
            let centres = if keep_centres { centres.clone() } else { Vec::new() };
            states.push(State { inertia: found.inertia, shift: squared_shift.sqrt(), changed: found.changed, centres });
        }
        centres = next;
        if found.changed == 0 {
            stop = KMeansStop::SameLabels;
        } else if squared_shift <= tolerance {
            stop = KMeansStop::SmallShift;
        }
        if stop != KMeansStop::MaxIter {
            break;
        }
        tiles.fill(&centres, columns);
    }
    // The start that is kept is the one with the least inertia of its final centres.
    if stop != KMeansStop::SameLabels {
        tiles.fill(&centres, columns);
        assign(data, &tiles, &mut found, checkpoint)?;
    }
    Ok(Run { centres, inertia: found.inertia, iterations, stop, states })
}

/// The first step: each row to its nearest centre; on the way, the sums that the second step needs.
fn assign<E: From<Error>>(
    data: &Data<'_>,
    tiles: &Tiles,
    found: &mut Assignment,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    let width = data.frame.width;
    found.sums.fill(0.0);
    found.weights.fill(0.0);
    (found.inertia, found.changed) = (0.0, 0);
    let mut before = [0; BLOCK];
    data.sweep(tiles.groups(), checkpoint, |b, panel, count| {
        let own = b * BLOCK..b * BLOCK + count;
        let (labels, squared) = (&mut found.labels[own.clone()], &mut found.squared[own]);
        before[..count].copy_from_slice(labels);
        tiles.nearest(panel, width, labels, squared);
        found.changed += labels.iter().zip(&before).filter(|(now, before)| now != before).count();
        let weights = data.weights(b, count);
        found.inertia += squared.iter().zip(weights).map(|(d, w)| d * w).sum::<f64>();
        labels.iter().zip(weights).for_each(|(&label, w)| found.weights[label as usize] += w);
        add_by_label(panel, width, labels, weights, &mut found.sums);
    })
}

/// Gives each cluster without a row the row that is farthest from its own centre, which leaves its old cluster.
fn relocate(data: &Data<'_>, found: &mut Assignment) {
    let empty: Vec<usize> = (0..found.weights.len()).filter(|&k| !(found.weights[k] > 0.0)).collect();
    if empty.is_empty() {
        return;
    }
    let width = data.frame.width;
    let weight = |i: usize| data.weight.map_or(1.0, |weight| weight[i]);
    let mut far: Vec<usize> = (0..found.squared.len()).filter(|&i| weight(i) > 0.0 && found.squared[i] > 0.0).collect();
    far.sort_by(|&i, &j| found.squared[j].total_cmp(&found.squared[i]));
    let mut empty = empty.into_iter().peekable();
    for i in far {
        let Some(&k) = empty.peek() else { break };
        let (row, w, old) = (data.seen(i), weight(i), found.labels[i] as usize);
        // A row that is alone in its cluster would leave that one empty.
        if found.weights[old] <= w * (1.0 + 1e-9) {
            continue;
        }
        empty.next();
        for (j, x) in row.iter().enumerate() {
            found.sums[old * width + j] -= w * x;
            found.sums[k * width + j] = w * x;
        }
        found.weights[old] -= w;
        found.weights[k] = w;
    }
}

/// The second step: the mean of each cluster's rows. A cluster that still has none stands where the largest one does.
fn means(found: &Assignment, columns: usize, width: usize) -> Vec<f64> {
    let largest = (0..found.weights.len()).fold(0, |a, b| if found.weights[b] > found.weights[a] { b } else { a });
    let place = |k: usize| if found.weights[k] > 0.0 { k } else { largest };
    (0..found.weights.len())
        .map(place)
        .flat_map(|k| found.sums[k * width..k * width + columns].iter().map(move |s| s / found.weights[k]))
        .collect()
}

wide_kernel! {
    /// Adds each row of a panel, times its weight, to the line of `sums` that its label names.
    fn add_by_label(panel: &[f64], width: usize, labels: &[u32], weights: &[f64], sums: &mut [f64]) = add_by_label_body
}

#[inline(always)]
fn add_by_label_body<const FMA: bool>(panel: &[f64], width: usize, labels: &[u32], weights: &[f64], sums: &mut [f64]) {
    for ((row, &label), &weight) in panel.chunks_exact(width).zip(labels).zip(weights) {
        let start = label as usize * width;
        for (sum, x) in sums[start..start + width].chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
            for lane in 0..LANES {
                sum[lane] = mul_add::<FMA>(weight, x[lane], sum[lane]);
            }
        }
    }
}
