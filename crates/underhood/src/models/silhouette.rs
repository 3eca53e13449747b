//! Silhouettes: how much nearer a row is to its own cluster than to the next one.
//!
//! With a the mean distance of a row to the others of its cluster, and b the least of the mean distances to the rows of another cluster,
//! its silhouette is (b − a)/max(a, b), and 0 for a row alone in its cluster (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7). All
//! pairs of rows are met, in tiles of four by eight whose distances are added up at once: no matrix of distances is kept.

use ndarray::ArrayView2;

use super::frame::Frame;
use super::rows::{BLOCK, CHECK_EVERY, Rows};
use super::tiles::Tiles;
use crate::check;
use crate::error::Error;
use crate::panel::LANES;

/// The silhouette of each row. `codes` says to which of `clusters` a row belongs, as [`encode_labels`](super::encode_labels) gives it;
/// `checkpoint` is called every few milliseconds.
///
/// ```
/// use ndarray::array;
/// use underhood::Error;
/// use underhood::models::silhouette_samples;
///
/// let s = silhouette_samples("f", array![[0.0], [1.0], [5.0]].view(), &[0, 0, 1], 2, || Ok::<(), Error>(()))?;
/// assert_eq!(s, [0.8, 0.75, 0.0]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// `x` holds a NaN or an infinity, or values so far apart that their distances overflow; the codes do not fit; there are fewer than two
/// clusters, or as many as rows; what `checkpoint` returns.
pub fn silhouette_samples<E: From<Error>>(
    function: &'static str,
    x: ArrayView2<'_, f64>,
    codes: &[usize],
    clusters: usize,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    let rows = Rows::new(function, x)?;
    check::same_length(function, ("labels", codes.len()), ("X", &[rows.count, rows.columns]))?;
    if clusters < 2 || clusters >= rows.count {
        let problem =
            format!("names {clusters} clusters for {} rows: there must be at least 2, and fewer than rows", rows.count);
        return Err(Error::Invalid { function, argument: "labels", problem }.into());
    }
    if let Some(&code) = codes.iter().find(|code| **code >= clusters) {
        let problem = format!("holds cluster number {code}, but there are {clusters}");
        return Err(Error::Invalid { function, argument: "labels", problem }.into());
    }
    let (frame, _) = Frame::of(function, &rows)?;
    let clusters = clusters_of(&rows, &frame, codes, clusters);
    let mut out = vec![0.0; rows.count];
    let mut panel = frame.panel();
    let (mut means, mut work) = (vec![0.0; BLOCK * clusters.len()], 0);
    for (b, block) in rows.blocks().enumerate() {
        frame.look(block, &mut panel);
        let count = block.len() / rows.columns;
        means.fill(0.0);
        for (c, tiles) in clusters.iter().enumerate() {
            // A part of the rows and a part of the cluster at a time stay in the cache.
            for start in (0..tiles.groups()).step_by(64) {
                let groups = start..(start + 64).min(tiles.groups());
                work += count * groups.len() * LANES * rows.columns;
                tiles.add_distances(&panel, frame.width, groups, &mut means[c * BLOCK..c * BLOCK + count]);
                if work > 8 * CHECK_EVERY {
                    work = 0;
                    checkpoint()?;
                }
            }
        }
        for r in 0..count {
            let own = codes[b * BLOCK + r];
            let size = |c: usize| clusters[c].count as f64;
            let alone = clusters[own].count == 1;
            let a = means[own * BLOCK + r] / (size(own) - 1.0);
            let other = (0..clusters.len()).filter(|&c| c != own && clusters[c].count > 0);
            let nearest = other.map(|c| means[c * BLOCK + r] / size(c)).fold(f64::INFINITY, f64::min);
            let most = a.max(nearest);
            out[b * BLOCK + r] = if alone || !(most > 0.0) || !most.is_finite() { 0.0 } else { (nearest - a) / most };
        }
    }
    Ok(out)
}

/// The rows of each cluster in tiles.
fn clusters_of(rows: &Rows<'_>, frame: &Frame, codes: &[usize], clusters: usize) -> Vec<Tiles> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); clusters];
    codes.iter().enumerate().for_each(|(i, &code)| members[code].push(i));
    let tiles = |members: Vec<usize>| {
        let points: Vec<f64> = members.iter().flat_map(|&i| frame.seen(rows.row(i))).collect();
        Tiles::of(&points, rows.columns, rows.columns)
    };
    members.into_iter().map(tiles).collect()
}
