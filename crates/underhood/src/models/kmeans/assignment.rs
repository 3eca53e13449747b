//! The first of Lloyd's two steps, by itself: rows and the centres nearest to them, as a fitted model is asked for them.

use ndarray::{Array2, ArrayView2};

use super::data::Data;
use crate::check;
use crate::error::Error;
use crate::models::frame::Frame;
use crate::models::rows::{BLOCK, Rows, all_finite, same_features};
use crate::models::tiles::Tiles;
use crate::panel::LANES;

/// The nearest centre of each row, and the inertia.
pub(super) fn assign<E: From<Error>>(
    rows: &Rows<'_>,
    centres: ArrayView2<'_, f64>,
    weight: Option<&[f64]>,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<(Vec<usize>, f64), E> {
    let mut labels = Vec::with_capacity(rows.count);
    let (mut numbers, mut squared) = ([0; BLOCK], [0.0; BLOCK]);
    // A row may be so far away that squares overflow: then once more, with it in view.
    for far in [false, true] {
        let (frame, tiles) = around(rows, centres, far);
        let data = Data::new(rows, frame, weight);
        let mut inertia = 0.0;
        labels.clear();
        data.sweep(tiles.groups(), checkpoint, |b, panel, count| {
            tiles.nearest(panel, data.frame.width, &mut numbers[..count], &mut squared[..count]);
            labels.extend(numbers[..count].iter().map(|&label| label as usize));
            inertia += squared[..count].iter().zip(data.weights(b, count)).map(|(d, w)| d * w).sum::<f64>();
        })?;
        if inertia.is_finite() || far {
            let unit = data.frame.unit();
            return Ok((labels, inertia * unit * unit));
        }
    }
    Ok((labels, f64::INFINITY))
}

/// A frame in the middle of the centres, of a size that suits them (and the rows, where these are `far`), and the centres in it.
fn around(rows: &Rows<'_>, centres: ArrayView2<'_, f64>, far: bool) -> (Frame, Tiles) {
    let k = centres.nrows() as f64;
    // Parts do not overflow where a sum would.
    let middle = centres.columns().into_iter().map(|c| c.iter().map(|v| v / k).sum::<f64>());
    let mut frame = Frame::at(middle.collect());
    let size = |row: &[f64]| row.iter().zip(&frame.shift).fold(0.0, |most: f64, (x, c)| most.max((x - c).abs()));
    let mut most = centres.outer_iter().map(|c| size(&c.to_vec())).fold(0.0, f64::max);
    if far || !(1e-100..1e100).contains(&most) {
        most = rows.values().chunks_exact(rows.columns).map(size).fold(most, f64::max);
    }
    if most > 0.0 && most.is_finite() && !(1e-100..1e100).contains(&most) {
        frame.rescale(most);
    }
    let points: Vec<f64> = centres.outer_iter().flat_map(|c| frame.seen(&c.to_vec())).collect();
    let tiles = Tiles::of(&points, rows.columns, rows.columns);
    (frame, tiles)
}

/// Refuses centres that do not fit the rows.
fn check_centres(function: &'static str, rows: &Rows<'_>, centres: ArrayView2<'_, f64>) -> Result<(), Error> {
    same_features(function, rows.columns, centres.ncols())?;
    check::at_least(function, "centres", "clusters", centres.nrows(), 1)?;
    check::finite_matrix(function, "centres", centres)
}

/// The number of each row's nearest centre (the first of those equally near), and the inertia Σ wᵢ·‖xᵢ − c(xᵢ)‖².
///
/// ```
/// use ndarray::array;
/// use underhood::Error;
/// use underhood::models::nearest_centres;
///
/// let (labels, inertia) =
///     nearest_centres(array![[1.0], [9.0]].view(), array![[0.0], [10.0]].view(), None, || Ok::<(), Error>(()))?;
/// assert_eq!((labels, inertia), (vec![0, 1], 2.0));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// `x` or `centres` holds a NaN or an infinity, is empty, or they have different numbers of columns; the weights do not fit; what `checkpoint` returns.
pub fn nearest_centres<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    centres: ArrayView2<'_, f64>,
    weight: Option<&[f64]>,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<(Vec<usize>, f64), E> {
    const FUNCTION: &str = "KMeans.predict";
    let rows = Rows::unchecked(FUNCTION, x)?;
    check_centres(FUNCTION, &rows, centres)?;
    check_weights(FUNCTION, weight, &rows)?;
    let (labels, inertia) = assign(&rows, centres, weight, &mut checkpoint)?;
    // A row with a NaN or an infinity is infinitely far from every centre, and the inertia tells.
    if !inertia.is_finite() {
        check::finite_matrix(FUNCTION, "X", x)?;
    }
    Ok((labels, inertia))
}

/// Euclidean distance of each row to each centre: rows × clusters.
///
/// ```
/// use ndarray::array;
/// use underhood::Error;
/// use underhood::models::centre_distances;
///
/// let d = centre_distances(array![[3.0, 4.0]].view(), array![[0.0, 0.0], [3.0, 3.0]].view(), || Ok::<(), Error>(()))?;
/// assert_eq!(d, array![[5.0, 1.0]]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`nearest_centres`].
pub fn centre_distances<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    centres: ArrayView2<'_, f64>,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Array2<f64>, E> {
    const FUNCTION: &str = "KMeans.transform";
    let rows = Rows::unchecked(FUNCTION, x)?;
    check_centres(FUNCTION, &rows, centres)?;
    check::room(FUNCTION, "distances", &[rows.count, centres.nrows()])?;
    let mut out = Vec::with_capacity(rows.count * centres.nrows());
    for far in [false, true] {
        let (frame, tiles) = around(&rows, centres, far);
        let data = Data::new(&rows, frame, None);
        let line = tiles.groups() * LANES;
        let unit = data.frame.unit();
        let mut squared = vec![0.0; BLOCK * line];
        out.clear();
        data.sweep(tiles.groups(), &mut checkpoint, |_, panel, count| {
            tiles.distances(panel, data.frame.width, count, &mut squared);
            for row in squared.chunks_exact(line).take(count) {
                out.extend(row[..tiles.count].iter().map(|d| d.sqrt() * unit));
            }
        })?;
        // As in `assign`.
        if all_finite(&out) {
            break;
        }
        check::finite_matrix(FUNCTION, "X", x)?;
    }
    check::within_range(FUNCTION, "distance", &out, centres.nrows())?;
    Ok(Array2::from_shape_vec((rows.count, centres.nrows()), out).unwrap_or_default())
}

/// Refuses weights that do not fit the rows, are negative, or count nothing.
pub(super) fn check_weights(function: &'static str, weight: Option<&[f64]>, rows: &Rows<'_>) -> Result<(), Error> {
    let Some(weight) = weight else {
        return Ok(());
    };
    check::same_length(function, ("sample_weight", weight.len()), ("X", &[rows.count, rows.columns]))?;
    check::finite_vector(function, "sample_weight", weight.into())?;
    if let Some(&bad) = weight.iter().find(|w| **w < 0.0) {
        return Err(Error::OutOfRange {
            function,
            argument: "sample_weight",
            value: bad,
            expected: "zero or positive".into(),
        });
    }
    let total: f64 = weight.iter().sum();
    check::in_range(function, "sample_weight", total, total > 0.0 && total.is_finite(), "of a positive and finite sum")
}
