//! How large the entries of a matrix are: one pass that both refuses NaN and infinities and says whether intermediate results
//! could leave the range of doubles, and the scaling by powers of two that brings such a matrix back.

use ndarray::{Array2, ArrayView2};

use crate::check;
use crate::error::Result;
use crate::simd::wide_kernel;

/// Within 2^±400, products and sums of a few thousand terms stay normal numbers.
const COMFORTABLE: std::ops::RangeInclusive<f64> = 3.872_591_914_849_318e-121..=2.582_249_878_086_908_6e120;

wide_kernel! {
    /// The largest bit pattern of |x|: as integers, magnitudes are ordered like the numbers, infinity and NaN above all.
    fn largest_bits(x: &[f64]) -> u64 = largest_bits_body
}

#[inline(always)]
fn largest_bits_body<const FMA: bool>(x: &[f64]) -> u64 {
    const LANES: usize = 16;
    let magnitude = |v: f64| v.to_bits() & !(1 << 63);
    let mut largest = [0_u64; LANES];
    let blocks = x.chunks_exact(LANES);
    let tail = blocks.remainder().iter().map(|&v| magnitude(v)).max().unwrap_or(0);
    for block in blocks {
        for lane in 0..LANES {
            largest[lane] = largest[lane].max(magnitude(block[lane]));
        }
    }
    largest.into_iter().fold(tail, u64::max)
}

/// The largest |xᵢ|; NaN where one is.
pub(crate) fn largest_of(x: &[f64]) -> f64 {
    f64::from_bits(largest_bits(x))
}

/// The largest |aᵢⱼ|; refuses NaN and infinities.
pub(crate) fn largest(function: &'static str, argument: &'static str, a: ArrayView2<'_, f64>) -> Result<f64> {
    let bits = match a.as_slice_memory_order() {
        Some(slice) => largest_bits(slice),
        None => a.iter().map(|v| v.to_bits() & !(1 << 63)).max().unwrap_or(0),
    };
    let largest = f64::from_bits(bits);
    if !largest.is_finite() {
        check::finite_matrix(function, argument, a)?;
    }
    Ok(largest)
}

/// Whether elimination on a matrix with this largest entry keeps clear of overflow and underflow.
pub(crate) fn is_comfortable(largest: f64) -> bool {
    largest == 0.0 || COMFORTABLE.contains(&largest)
}

/// The power of two e with |x| / 2^e in [½, 1); 0 for zero.
pub(crate) fn exponent(x: f64) -> i32 {
    libm::frexp(x).1
}

/// D₁·A·D₂ with powers of two that bring every row's and then every column's largest entry near one: no digit changes.
pub(crate) struct Equilibrated {
    /// The scaled matrix.
    pub(crate) matrix: Array2<f64>,
    /// Row i was multiplied by 2^−rows\[i\].
    pub(crate) rows: Vec<i32>,
    /// Column j was multiplied by 2^−columns\[j\].
    pub(crate) columns: Vec<i32>,
}

impl Equilibrated {
    /// The power of two by which the determinant was divided.
    pub(crate) fn shift(&self) -> i64 {
        self.rows.iter().chain(&self.columns).map(|&e| i64::from(e)).sum()
    }
}

/// Scales rows, then columns.
pub(crate) fn equilibrate(a: ArrayView2<'_, f64>) -> Equilibrated {
    let largest_exponent = |lane: ndarray::ArrayView1<'_, f64>| {
        let largest = lane.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 { 0 } else { exponent(largest) }
    };
    let rows: Vec<i32> = a.rows().into_iter().map(largest_exponent).collect();
    let mut matrix = a.to_owned();
    for (mut row, &e) in matrix.rows_mut().into_iter().zip(&rows) {
        row.mapv_inplace(|v| libm::ldexp(v, -e));
    }
    let columns: Vec<i32> = matrix.columns().into_iter().map(largest_exponent).collect();
    for (mut column, &e) in matrix.columns_mut().into_iter().zip(&columns) {
        column.mapv_inplace(|v| libm::ldexp(v, -e));
    }
    Equilibrated { matrix, rows, columns }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;

    #[test]
    fn the_largest_magnitude_is_found_in_any_layout() {
        let a =
            Array::from_shape_fn((7, 9), |(i, j)| if (i, j) == (6, 8) { -5.0 } else { (i as f64 - j as f64) / 4.0 });
        assert_eq!(largest("f", "a", a.view()), Ok(5.0));
        assert_eq!(largest("f", "a", a.slice(ndarray::s![..;-2, ..;3])), Ok(1.5));
        assert!(largest("f", "a", array![[1.0, f64::NAN]].view()).is_err());
        assert_eq!(largest("f", "a", Array::zeros((0, 3)).view()), Ok(0.0));
    }

    #[test]
    fn scaling_is_exact_and_reaches_every_magnitude() {
        let a = array![[1e-300, 3.0], [0.0, -1e300]];
        let scaled = equilibrate(a.view());
        assert!(scaled.matrix.iter().all(|v| *v == 0.0 || (1e-310..=1.0).contains(&v.abs())));
        for ((i, j), &v) in scaled.matrix.indexed_iter() {
            if i == j {
                assert_eq!(libm::ldexp(v, scaled.rows[i] + scaled.columns[j]), a[[i, j]]);
            }
        }
    }
}
