//! Second moments of the rows: Σ sᵢ·x̃ᵢx̃ᵢᵀ with x̃ = (x − c, 1), in one pass over the data.
//!
//! Least squares and Newton's method see the data through this matrix alone, which is why their steps can cost the same for
//! a hundred rows and for a million. The rows are taken relative to a centre c near their mean, so that data far from zero
//! lose no digits; a block of rows is centred and scaled into a small panel.

use ndarray::Array2;

use super::rows::Rows;
use crate::panel::{LANES, add_outer_products};
use crate::simd::{mul_add, wide_kernel};

/// How many rows decide where the centre lies.
const SAMPLE: usize = 1024;

/// The mean of the first thousand rows or so: near enough to the mean of all for a shift of origin.
pub(super) fn centre(rows: &Rows<'_>) -> Vec<f64> {
    let sample = rows.count.min(SAMPLE);
    let mut mean = vec![0.0; rows.columns];
    for i in 0..sample {
        // A running mean does not overflow where a sum would.
        let share = 1.0 / (i + 1) as f64;
        for (m, &x) in mean.iter_mut().zip(rows.row(i)) {
            *m += x * share - *m * share;
        }
    }
    mean
}

/// What one pass over the rows gathers.
pub(super) struct Moments {
    /// Σ sᵢ·x̃ᵢx̃ᵢᵀ, with x̃ = (x − c, 1): (columns + 1) squared, symmetric.
    pub(super) gram: Array2<f64>,
    /// Σ of sᵢ·x̃ᵢ over the rows of each class.
    pub(super) class_sums: Array2<f64>,
}

/// Gathers the moments about `centre`. Each row counts sᵢ = rootᵢ² times, once if `roots` is None; `codes` says to which of
/// `classes` each row belongs (pass an empty slice and 0 when that is not wanted).
pub(super) fn moments(
    rows: &Rows<'_>,
    centre: &[f64],
    roots: Option<&[f64]>,
    codes: &[usize],
    classes: usize,
) -> Moments {
    let columns = rows.columns;
    let width = (columns + 1).next_multiple_of(LANES);
    let mut panel = vec![0.0; PANEL.min(rows.count) * width];
    let mut sums = vec![0.0; width * width];
    let mut class_sums = vec![0.0; classes * width];
    // Lanes that the padding leaves free mark the rows of all classes but the first: their sums then come with the matrix.
    let marked = classes > 1 && columns + classes <= width;
    for (b, block) in rows.values().chunks(PANEL * columns).enumerate() {
        let (first, count) = (b * PANEL, block.len() / columns);
        let panel = &mut panel[..count * width];
        let roots = roots.map_or(&ONES[..count], |roots| &roots[first..first + count]);
        centre_and_scale(block, centre, roots, width, panel);
        if marked {
            mark_classes(panel, roots, &codes[first..first + count], width, columns + 1, classes);
        }
        add_outer_products(panel, width, &mut sums);
        if classes > 0 && !marked {
            add_by_class(panel, roots, &codes[first..first + count], width, &mut class_sums);
        }
    }
    let gram = Array2::from_shape_fn((columns + 1, columns + 1), |(i, j)| sums[i.min(j) * width + i.max(j)]);
    let class_sums = Array2::from_shape_fn((classes, columns + 1), |(k, j)| {
        let of_class = |k: usize| sums[j * width + columns + k];
        match (marked, k) {
            (false, _) => class_sums[k * width + j],
            (true, 0) => gram[(columns, j)] - (1..classes).map(of_class).sum::<f64>(),
            (true, _) => of_class(k),
        }
    });
    Moments { gram, class_sums }
}

/// Rows of a panel: 128 rows of 24 columns stay in the first-level cache.
const PANEL: usize = 128;

/// Factors of rows that each count once.
const ONES: [f64; PANEL] = [1.0; PANEL];

/// Behind the 1 of each row, its root in the lane of its class; the first class has none.
fn mark_classes(panel: &mut [f64], roots: &[f64], codes: &[usize], width: usize, behind: usize, classes: usize) {
    for ((line, &root), &code) in panel.chunks_exact_mut(width).zip(roots).zip(codes) {
        for (class, lane) in (1..classes).zip(&mut line[behind..]) {
            *lane = if code == class { root } else { 0.0 };
        }
    }
}

wide_kernel! {
    /// The sum of a row's class += root·row, for the rows of a panel.
    fn add_by_class(panel: &[f64], roots: &[f64], codes: &[usize], width: usize, sums: &mut [f64]) = add_by_class_body
}

#[inline(always)]
fn add_by_class_body<const FMA: bool>(panel: &[f64], roots: &[f64], codes: &[usize], width: usize, sums: &mut [f64]) {
    for ((row, &root), &code) in panel.chunks_exact(width).zip(roots).zip(codes) {
        let sum = &mut sums[code * width..(code + 1) * width];
        for (sum, x) in sum.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
            for lane in 0..LANES {
                sum[lane] = mul_add::<FMA>(root, x[lane], sum[lane]);
            }
        }
    }
}

wide_kernel! {
    /// Lines ((x − c)·root, root) of a panel; the columns behind stay as they are.
    fn centre_and_scale(block: &[f64], centre: &[f64], roots: &[f64], width: usize, panel: &mut [f64]) = centre_and_scale_body
}

#[inline(always)]
fn centre_and_scale_body<const FMA: bool>(
    block: &[f64],
    centre: &[f64],
    roots: &[f64],
    width: usize,
    panel: &mut [f64],
) {
    let columns = centre.len();
    for ((row, out), &root) in block.chunks_exact(columns).zip(panel.chunks_exact_mut(width)).zip(roots) {
        out[columns] = root;
        if columns < LANES {
            for j in 0..columns {
                out[j] = (row[j] - centre[j]) * root;
            }
            continue;
        }
        // Whole groups of eight, and the last eight once more instead of a loop over what is left.
        let (mut start, last) = (0, columns - LANES);
        loop {
            let (x, c) = (&row[start..start + LANES], &centre[start..start + LANES]);
            let out = &mut out[start..start + LANES];
            for lane in 0..LANES {
                out[lane] = (x[lane] - c[lane]) * root;
            }
            if start == last {
                break;
            }
            start = (start + LANES).min(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2};

    use super::*;

    #[test]
    fn moments_are_the_sums_they_stand_for() {
        for (n, p) in [(1, 1), (5, 3), (300, 7), (513, 9), (700, 20)] {
            let x = Array2::from_shape_fn((n, p), |(i, j)| f64::from(((i * 7 + j * 3) % 11) as u32));
            let rows = Rows::new("test", ArrayView2::from(&x)).unwrap();
            let centre = vec![5.0; p];
            let roots: Vec<f64> = (0..n).map(|i| f64::from((i % 3) as u32)).collect();
            let codes: Vec<usize> = (0..n).map(|i| i % 2).collect();
            let found = moments(&rows, &centre, Some(&roots), &[], 0);
            let tilde = |i: usize, j: usize| if j == p { 1.0 } else { x[(i, j)] - 5.0 };
            for a in 0..=p {
                for b in 0..=p {
                    // Whole numbers: every order of summation is exact.
                    let expected: f64 = (0..n).map(|i| roots[i] * roots[i] * tilde(i, a) * tilde(i, b)).sum();
                    assert_eq!(found.gram[(a, b)], expected);
                }
            }
            let found = moments(&rows, &centre, None, &codes, 2);
            for a in 0..=p {
                for c in 0..2 {
                    let expected: f64 = (0..n).filter(|i| codes[*i] == c).map(|i| tilde(i, a)).sum();
                    assert_eq!(found.class_sums[(c, a)], expected);
                }
            }
        }
    }
}
