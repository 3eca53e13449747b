//! Divide and conquer for the symmetric tridiagonal eigenproblem.
//!
//! T is torn into two halves and one dyad, T = diag(T₁, T₂) + ρ·u·uᵀ. With the halves' eigenvectors Q₁ and Q₂ the whole becomes
//! D + ρ·z·zᵀ, whose eigenvalues are the roots of the secular equation and whose eigenvectors are multiplied back by one product of
//! matrices. Components of z that are negligible, and pairs of poles that nearly coincide, are taken out first ("deflation"), which saves
//! much of the product on most matrices.
//!
//! Source: J. J. M. Cuppen, Numer. Math. 36 (1980), doi:10.1007/BF01396757; M. Gu and S. C. Eisenstat, SIAM J. Matrix Anal. Appl. 16
//! (1995), doi:10.1137/S0895479892241287.

use super::implicit_ql::{self, Rotation};
use super::secular;
use super::storage::{Block, LANES, multiply};
use crate::linalg::magnitude;

/// Matrices up to this size are left to the QL method.
pub(super) const LEAF: usize = 32;

/// The eigenvalues of the tridiagonal matrix with the diagonals `d` and `e` (as long as `d`; its last entry is not used) overwrite `d`;
/// the columns of `z`, zero before, become the eigenvectors. The result says where the eigenvalues stand, from the smallest to the largest.
pub(super) fn decompose(d: &mut [f64], e: &mut [f64], z: &mut [f64], stride: usize) -> Vec<usize> {
    let n = d.len();
    let mut tree = Tree {
        z,
        stride,
        packed: Vec::new(),
        vectors: Vec::new(),
        rotations: vec![Rotation::default(); n.min(LEAF)],
        order: (0..n).collect(),
    };
    let mut start = 0;
    while start < n {
        let end = (start + 1..n).find(|&i| splits(d, e, i - 1)).unwrap_or(n);
        tree.block(&mut d[start..end], &mut e[start..end], start);
        start = end;
    }
    let mut order = tree.order;
    order.sort_by(|&i, &j| d[i].total_cmp(&d[j]));
    order
}

/// Whether T falls apart between rows i and i + 1.
pub(super) fn splits(d: &[f64], e: &[f64], i: usize) -> bool {
    let mean = (d[i].abs().sqrt()) * (d[i + 1].abs().sqrt());
    e[i].abs() <= 0.5 * f64::EPSILON * mean
}

/// The largest magnitude of the two diagonals.
pub(super) fn largest(d: &[f64], e: &[f64]) -> f64 {
    d.iter().chain(&e[..d.len() - 1]).fold(0.0_f64, |m, v| m.max(v.abs()))
}

struct Tree<'a> {
    z: &'a mut [f64],
    stride: usize,
    /// The eigenvectors of the halves that take part in a product, side by side.
    packed: Vec<f64>,
    /// The eigenvectors of D + ρ·z·zᵀ.
    vectors: Vec<f64>,
    rotations: Vec<Rotation>,
    /// Where the eigenvalues of each finished part stand (as columns of z), in rising order.
    order: Vec<usize>,
}

/// In which half an eigenvector has nonzero rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    Top,
    Both,
    Bottom,
}

impl Tree<'_> {
    /// A part of T that does not fall apart, scaled to entries near one.
    fn block(&mut self, d: &mut [f64], e: &mut [f64], offset: usize) {
        let largest = largest(d, e);
        let exponent = if largest == 0.0 { 0 } else { magnitude::exponent(largest) };
        let scaled = !(-100..=100).contains(&exponent);
        if scaled {
            d.iter_mut().chain(e.iter_mut()).for_each(|v| *v = libm::ldexp(*v, -exponent));
        }
        self.conquer(d, e, offset);
        if scaled {
            d.iter_mut().for_each(|v| *v = libm::ldexp(*v, exponent));
        }
    }

    fn conquer(&mut self, d: &mut [f64], e: &mut [f64], offset: usize) {
        let n = d.len();
        if n <= LEAF {
            return self.leaf(d, e, offset);
        }
        let half = (n / 2).next_multiple_of(LANES);
        let coupling = e[half - 1];
        d[half - 1] -= coupling.abs();
        d[half] -= coupling.abs();
        let ((d1, d2), (e1, e2)) = (d.split_at_mut(half), e.split_at_mut(half));
        self.conquer(d1, e1, offset);
        self.conquer(d2, e2, offset + half);
        self.merge(d, half, coupling, offset);
    }

    fn leaf(&mut self, d: &mut [f64], e: &mut [f64], offset: usize) {
        let (n, stride) = (d.len(), self.stride);
        implicit_ql::with_vectors(d, e, &mut self.z[offset * stride..], stride, offset, &mut self.rotations);
        self.order[offset..offset + n].sort_by(|&i, &j| d[i - offset].total_cmp(&d[j - offset]));
    }

    /// The eigenvalues and eigenvectors of the whole from those of its halves.
    fn merge(&mut self, d: &mut [f64], half: usize, coupling: f64, offset: usize) {
        let (n, stride) = (d.len(), self.stride);
        let largest = d.iter().fold(coupling.abs(), |m, v| m.max(v.abs()));
        let exponent = if largest == 0.0 { 0 } else { magnitude::exponent(largest) };
        d.iter_mut().for_each(|v| *v = libm::ldexp(*v, -exponent));
        let rho = 2.0 * libm::ldexp(coupling.abs(), -exponent);

        // z = (last row of Q₁, first row of Q₂)/√2, of length one.
        let root = std::f64::consts::FRAC_1_SQRT_2;
        let mut z: Vec<f64> = (0..n)
            .map(|j| {
                let row = if j < half { half - 1 } else { half };
                let sign = if j < half { root } else { root.copysign(coupling) };
                sign * self.z[(offset + j) * stride + offset + row]
            })
            .collect();
        let mut sorted: Vec<usize> = self.order[offset..offset + n].iter().map(|&j| j - offset).collect();
        sorted.sort_by(|&i, &j| d[i].total_cmp(&d[j]));
        let mut halves: Vec<Half> = (0..n).map(|j| if j < half { Half::Top } else { Half::Bottom }).collect();
        let (kept, deflated) = self.deflate(d, &mut z, rho, &sorted, &mut halves, offset);

        let k = kept.len();
        let values = if k > 1 {
            self.multiply_back(d, &z, rho, &kept, &deflated, &halves, half, offset)
        } else {
            self.gather_columns(&kept, &deflated, n, offset);
            kept.iter().map(|&j| d[j] + rho * z[j] * z[j]).collect()
        };
        let rest: Vec<f64> = deflated.iter().map(|&j| d[j]).collect();
        for (d, value) in d.iter_mut().zip(values.into_iter().chain(rest)) {
            *d = libm::ldexp(value, exponent);
        }
        let order = &mut self.order[offset..offset + n];
        order.iter_mut().enumerate().for_each(|(j, place)| *place = offset + j);
        order.sort_by(|&i, &j| d[i - offset].total_cmp(&d[j - offset]));
    }

    /// Takes out what is an eigenpair already: columns whose component of z is negligible, and one of each two whose poles nearly
    /// coincide, after a rotation that moves its component to the other. What is kept has strictly rising poles.
    fn deflate(
        &mut self,
        d: &mut [f64],
        z: &mut [f64],
        rho: f64,
        sorted: &[usize],
        halves: &mut [Half],
        offset: usize,
    ) -> (Vec<usize>, Vec<usize>) {
        let (n, stride) = (d.len(), self.stride);
        let largest = d.iter().chain(z.iter()).fold(0.0_f64, |m, v| m.max(v.abs()));
        let tolerance = 4.0 * f64::EPSILON * largest;
        let (mut kept, mut deflated) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut before: Option<usize> = None;
        for &j in sorted {
            if rho * z[j].abs() <= tolerance {
                deflated.push(j);
                continue;
            }
            if let Some(i) = before {
                let length = libm::hypot(z[i], z[j]);
                let (c, s) = (z[j] / length, -z[i] / length);
                if ((d[j] - d[i]) * c * s).abs() <= tolerance {
                    (z[i], z[j]) = (0.0, length);
                    if halves[i] != halves[j] {
                        halves[j] = Half::Both;
                    }
                    let (low, high) = (i.min(j), i.max(j));
                    let (front, back) = self.z.split_at_mut((offset + high) * stride);
                    let first = &mut front[(offset + low) * stride + offset..][..n];
                    let second = &mut back[offset..offset + n];
                    let (x, y) = if i < j { (first, second) } else { (second, first) };
                    implicit_ql::rotate(x, y, c, s);
                    (d[i], d[j]) = (d[i] * c * c + d[j] * s * s, d[i] * s * s + d[j] * c * c);
                    deflated.push(i);
                } else {
                    kept.push(i);
                }
            }
            before = Some(j);
        }
        kept.extend(before);
        (kept, deflated)
    }

    /// Moves the kept columns to the front and the deflated ones behind them.
    fn gather_columns(&mut self, kept: &[usize], deflated: &[usize], n: usize, offset: usize) {
        self.packed.resize(self.packed.len().max(n * n), 0.0);
        for (place, &j) in kept.iter().chain(deflated).enumerate() {
            let column = (offset + j) * self.stride + offset;
            self.packed[place * n..(place + 1) * n].copy_from_slice(&self.z[column..column + n]);
        }
        for place in 0..n {
            let column = (offset + place) * self.stride + offset;
            self.z[column..column + n].copy_from_slice(&self.packed[place * n..(place + 1) * n]);
        }
    }

    /// Solves the secular equation for what was kept, and multiplies its eigenvectors by those of the halves.
    #[allow(clippy::too_many_arguments, reason = "the parts of one merge")]
    fn multiply_back(
        &mut self,
        d: &[f64],
        z: &[f64],
        rho: f64,
        kept: &[usize],
        deflated: &[usize],
        halves: &[Half],
        half: usize,
        offset: usize,
    ) -> Vec<f64> {
        let (n, k, stride) = (d.len(), kept.len(), self.stride);
        let padded = k.next_multiple_of(LANES);
        let mut poles = vec![f64::INFINITY; padded];
        let mut weights = vec![0.0; padded];
        for (place, &j) in kept.iter().enumerate() {
            (poles[place], weights[place]) = (d[j], z[j]);
        }
        self.vectors.resize(self.vectors.len().max(padded * k), 0.0);

        let mut values = Vec::with_capacity(k);
        let mut product = vec![1.0; padded];
        for i in 0..k {
            let column = &mut self.vectors[i * padded..(i + 1) * padded];
            let root = secular::root(i, k, &poles, &weights, rho, column);
            secular::shift(column, root.distance);
            secular::gather(&mut product, column, &poles, i);
            values.push(poles[root.pole] + root.distance);
        }
        // ẑ: the weights for which these roots are exact, up to a factor that normalising takes out.
        for (weight, product) in weights[..k].iter_mut().zip(&product) {
            *weight = product.abs().sqrt().copysign(*weight);
        }

        // Columns that live in the top half first, those of the bottom half last: the zeros stay out of the products.
        let mut arranged: Vec<usize> = (0..k).collect();
        arranged.sort_by_key(|&place| halves[kept[place]]);
        let count = |wanted: Half| kept.iter().filter(|&&j| halves[j] == wanted).count();
        let (only_top, both) = (count(Half::Top), count(Half::Both));
        let mut column = vec![0.0; padded];
        for i in 0..k {
            let vector = &mut self.vectors[i * padded..(i + 1) * padded];
            secular::vector(vector, &weights);
            column.copy_from_slice(vector);
            for (x, &place) in vector.iter_mut().zip(&arranged) {
                *x = column[place];
            }
        }

        let (in_top, in_bottom) = (only_top + both, k - only_top);
        let rows = [half, n - half];
        let bottom_start = half * in_top;
        let deflated_start = bottom_start + rows[1] * in_bottom;
        let room = deflated_start + n * deflated.len();
        self.packed.resize(self.packed.len().max(room), 0.0);
        for (place, &arranged) in arranged.iter().enumerate() {
            let column = (offset + kept[arranged]) * stride + offset;
            if place < in_top {
                self.packed[place * half..][..half].copy_from_slice(&self.z[column..column + half]);
            }
            if place >= only_top {
                let target = bottom_start + (place - only_top) * rows[1];
                self.packed[target..][..rows[1]].copy_from_slice(&self.z[column + half..column + n]);
            }
        }
        for (place, &j) in deflated.iter().enumerate() {
            let column = (offset + j) * stride + offset;
            self.packed[deflated_start + place * n..][..n].copy_from_slice(&self.z[column..column + n]);
        }
        for place in 0..deflated.len() {
            let column = (offset + k + place) * stride + offset;
            self.z[column..column + n].copy_from_slice(&self.packed[deflated_start + place * n..][..n]);
        }
        for (from, row, rows, first, inner) in
            [(0, 0, rows[0], 0, in_top), (bottom_start, half, rows[1], only_top, in_bottom)]
        {
            let out = Block { offset: offset * stride + offset + row, stride, rows, columns: k };
            let left = Block { offset: from, stride: rows, rows, columns: inner };
            let right = Block { offset: first, stride: padded, rows: inner, columns: k };
            multiply(self.z, out, false, 1.0, (&self.packed, left, false), (&self.vectors, right, false));
        }
        values
    }
}

/// Eigenvalues only, in any order: each part that T falls into is scaled to entries near one.
pub(super) fn values_only(d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    let mut start = 0;
    while start < n {
        let end = (start + 1..n).find(|&i| splits(d, e, i - 1)).unwrap_or(n);
        let (d, e) = (&mut d[start..end], &mut e[start..end]);
        let largest = largest(d, e);
        let exponent = if largest == 0.0 { 0 } else { magnitude::exponent(largest) };
        d.iter_mut().chain(e.iter_mut()).for_each(|v| *v = libm::ldexp(*v, -exponent));
        implicit_ql::values_only(d, e);
        d.iter_mut().for_each(|v| *v = libm::ldexp(*v, exponent));
        start = end;
    }
}
