//! Kernels: inner products of rows in another space, K(x, z) = φ(x)·φ(z), computed without going there
//! (Boser, Guyon and Vapnik 1992, doi:10.1145/130385.130401).

use super::super::rows::Rows;
use super::super::store::{Measure, PANEL, Store};
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};
use crate::special::exponential::exp;

/// How alike two rows are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SvmKernel {
    /// x·z
    Linear,
    /// (γ·x·z + c)^d
    Polynomial {
        /// The exponent d.
        degree: u32,
        /// The factor γ.
        gamma: f64,
        /// The constant c.
        coef0: f64,
    },
    /// exp(−γ‖x − z‖²)
    Rbf {
        /// The factor γ: how fast the likeness falls with the distance.
        gamma: f64,
    },
    /// tanh(γ·x·z + c); no inner product of any space for most γ and c.
    Sigmoid {
        /// The factor γ.
        gamma: f64,
        /// The constant c.
        coef0: f64,
    },
    /// The rows handed in are the kernel's own: entry (i, k) is K of row i and training row k.
    Precomputed,
}

/// A kernel value beyond this would overflow in products of gradients.
const LARGEST: f64 = 1e140;

impl SvmKernel {
    /// What is summed over the features.
    fn measure(self) -> Measure {
        match self {
            SvmKernel::Rbf { .. } => Measure::Squares,
            _ => Measure::Products,
        }
    }

    /// Turns sums into kernel values.
    fn finish(self, sums: &mut [f64]) {
        match self {
            SvmKernel::Linear | SvmKernel::Precomputed => {}
            SvmKernel::Polynomial { degree, gamma, coef0 } => to_power(sums, gamma, coef0, degree),
            SvmKernel::Rbf { gamma } => to_gaussian(sums, gamma),
            SvmKernel::Sigmoid { gamma, coef0 } => to_tanh(sums, gamma, coef0),
        }
    }

    /// The value for a row and itself, from its length.
    fn own(self, square: f64) -> f64 {
        let mut sums = [match self {
            SvmKernel::Rbf { .. } => 0.0,
            _ => square,
        }];
        self.finish(&mut sums);
        sums[0]
    }

    /// Kernel values of each query with some panels of stored rows: a line for each query.
    pub(super) fn values(self, store: &Store, panels: std::ops::Range<usize>, queries: &[f64], out: &mut [f64]) {
        store.measure(self.measure(), panels, queries, out);
        self.finish(out);
    }

    /// Refuses rows so long that a kernel value would overflow.
    pub(super) fn check(self, function: &'static str, rows: &Rows<'_>) -> Result<()> {
        let longest = match self {
            SvmKernel::Rbf { .. } => {
                // Twice the largest magnitude bounds every difference.
                let largest = rows.values().iter().fold(0.0_f64, |most, x| most.max(x.abs()));
                4.0 * largest * largest * rows.columns as f64
            }
            SvmKernel::Precomputed => rows.values().iter().fold(0.0_f64, |most, x| most.max(x.abs())),
            _ => (0..rows.count).map(|i| crate::simd::dot(rows.row(i), rows.row(i))).fold(0.0, f64::max),
        };
        let most = match self {
            SvmKernel::Polynomial { degree, gamma, coef0 } => {
                (gamma * longest + coef0.abs()).max(1.0).powf(f64::from(degree)).max(longest)
            }
            _ => longest,
        };
        if most <= LARGEST {
            return Ok(());
        }
        let problem = "holds values so large that the kernel overflows; divide such columns by their scale first";
        Err(Error::Invalid { function, argument: "X", problem: problem.into() })
    }
}

wide_kernel! {
    /// z becomes exp(−γ·z).
    fn to_gaussian(z: &mut [f64], gamma: f64) = to_gaussian_body
}

#[inline(always)]
fn to_gaussian_body<const FMA: bool>(z: &mut [f64], gamma: f64) {
    for z in z {
        *z = exp::<FMA>(-gamma * *z);
    }
}

wide_kernel! {
    /// z becomes (γ·z + c)^d, by squaring.
    fn to_power(z: &mut [f64], gamma: f64, coef0: f64, degree: u32) = to_power_body
}

#[inline(always)]
fn to_power_body<const FMA: bool>(z: &mut [f64], gamma: f64, coef0: f64, degree: u32) {
    for z in z.chunks_mut(PANEL) {
        let mut base = [1.0; PANEL];
        for (base, z) in base.iter_mut().zip(&*z) {
            *base = mul_add::<FMA>(gamma, *z, coef0);
        }
        let (mut power, mut left) = ([1.0; PANEL], degree);
        while left > 0 {
            if left & 1 == 1 {
                for lane in 0..PANEL {
                    power[lane] *= base[lane];
                }
            }
            left >>= 1;
            if left > 0 {
                for lane in 0..PANEL {
                    base[lane] *= base[lane];
                }
            }
        }
        z.copy_from_slice(&power[..z.len()]);
    }
}

wide_kernel! {
    /// z becomes tanh(γ·z + c), to some 1e-16.
    fn to_tanh(z: &mut [f64], gamma: f64, coef0: f64) = to_tanh_body
}

#[inline(always)]
fn to_tanh_body<const FMA: bool>(z: &mut [f64], gamma: f64, coef0: f64) {
    for z in z {
        let u = mul_add::<FMA>(gamma, *z, coef0);
        let e = exp::<FMA>(-2.0 * u.abs());
        *z = ((1.0 - e) / (1.0 + e)).copysign(u);
    }
}

/// The kernel matrix of the rows of one problem, a column at a time.
pub(super) enum Gram<'a> {
    /// Computed from stored rows.
    Stored { kernel: SvmKernel, store: Store, query: Vec<f64> },
    /// Read off a matrix; the problem's rows are those with these numbers.
    Given { matrix: &'a Rows<'a>, numbers: Vec<usize> },
}

impl<'a> Gram<'a> {
    /// The kernel matrix of the rows with these numbers.
    pub(super) fn new(kernel: SvmKernel, rows: &'a Rows<'a>, numbers: Vec<usize>) -> Self {
        match kernel {
            SvmKernel::Precomputed => Gram::Given { matrix: rows, numbers },
            _ => Gram::Stored { kernel, store: Store::gather(rows, &numbers), query: vec![0.0; rows.columns] },
        }
    }

    /// Sees a linear kernel's rows from their mean, which is given: since Σβ = 0 the minimum stays the same, and offsets cost no digits.
    /// Nothing for other kernels.
    pub(super) fn centre(&mut self) -> Option<Vec<f64>> {
        match self {
            Gram::Stored { kernel: SvmKernel::Linear, store, .. } => Some(store.centre()),
            _ => None,
        }
    }

    /// The number of rows.
    pub(super) fn count(&self) -> usize {
        match self {
            Gram::Stored { store, .. } => store.count,
            Gram::Given { numbers, .. } => numbers.len(),
        }
    }

    /// Column i, of the number of rows rounded up to whole panels.
    pub(super) fn column(&mut self, i: usize, out: &mut [f64]) {
        match self {
            Gram::Stored { kernel, store, query } => {
                store.copy_row(i, query);
                kernel.values(store, 0..store.padded() / PANEL, query, out);
            }
            Gram::Given { matrix, numbers } => {
                let row = matrix.row(numbers[i]);
                for (out, &k) in out.iter_mut().zip(&*numbers) {
                    *out = row[k];
                }
                out[numbers.len()..].fill(0.0);
            }
        }
    }

    /// The diagonal, padded likewise.
    pub(super) fn diagonal(&mut self) -> Vec<f64> {
        let mut diagonal = vec![0.0; self.count().next_multiple_of(PANEL)];
        match self {
            Gram::Stored { kernel, store, query } => {
                for (i, d) in diagonal.iter_mut().enumerate().take(store.count) {
                    store.copy_row(i, query);
                    // The same order of summation as a column's.
                    *d = kernel.own(query.iter().fold(0.0, |sum, x| x.mul_add(*x, sum)));
                }
            }
            Gram::Given { matrix, numbers } => {
                for (d, &k) in diagonal.iter_mut().zip(&*numbers) {
                    *d = matrix.row(k)[k];
                }
            }
        }
        diagonal
    }

    /// How many multiplications a column costs, about.
    pub(super) fn effort(&self) -> usize {
        match self {
            Gram::Stored { store, .. } => store.padded() * (store.columns + 8),
            Gram::Given { numbers, .. } => numbers.len(),
        }
    }
}
