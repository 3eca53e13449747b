//! The tile that products and eliminations are made of: a few rows times a few vectors of columns of C, held in registers while all of
//! A·B is added up in them (K. Goto and R. van de Geijn, ACM TOMS 34 (2008), doi:10.1145/1356052.1356053).
//!
//! What happens to the sum before it is stored is part of the tile, so that a block of a factorisation is read and written once: it
//! replaces C, or is taken from it, or is taken from it and then solved with a triangle (the fused kernel of F. Van Zee and
//! R. van de Geijn, ACM TOMS 41 (2015), doi:10.1145/2764454). A is read element by element in any strides, B and C by rows.
//!
//! With AVX-512 a tile is 8 × 24, written with the instructions' own names: from plain loops the compiler would not keep twenty-four
//! accumulators in registers. Elsewhere it is 4 × 8.

use crate::simd::{self, Level, mul_add};

/// Numbers in a vector.
pub(crate) const LANES: usize = 8;

/// What becomes of the sum S = A·B.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Finish {
    /// C = S.
    Store,
    /// C = C − S.
    Subtract,
    /// C = T⁻¹·(C − S) with a lower triangle T.
    Lower(Corner),
    /// C = T⁻¹·(C − S) with an upper triangle T.
    Upper(Corner),
}

/// A triangle with as many rows as the tile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    /// Its first element.
    pub(crate) at: *const f64,
    /// The distance of one row from the next.
    pub(crate) row: isize,
    /// The distance of one column from the next.
    pub(crate) column: isize,
    /// One over its diagonal.
    pub(crate) reciprocals: [f64; LANES],
}

/// One tile's worth of work. All distances are counted in numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    /// The length of the sums.
    pub(crate) depth: usize,
    /// A's first element, and the distances between its rows and columns.
    pub(crate) a: *const f64,
    pub(crate) a_row: isize,
    pub(crate) a_column: isize,
    /// B's first element, and the distance between its rows.
    pub(crate) b: *const f64,
    pub(crate) b_row: isize,
    /// C's first element, and the distance between its rows.
    pub(crate) c: *mut f64,
    pub(crate) c_row: isize,
    /// How many lanes of the last vector are C's and B's.
    pub(crate) last: usize,
    pub(crate) finish: Finish,
}

type Kernel = unsafe fn(&Tile);

/// The kernels of one instruction set.
pub(crate) struct Kernels {
    /// The most rows of a tile.
    pub(crate) rows: usize,
    /// The most vectors of a tile.
    pub(crate) vectors: usize,
    table: [[Kernel; 3]; 8],
}

impl Kernels {
    /// Does the work of a tile of so many rows and columns.
    ///
    /// # Safety
    /// A must be readable at rows × depth, B at depth × columns, C writable at rows × columns, T readable where its half is.
    #[inline(always)]
    pub(crate) unsafe fn run(&self, rows: usize, columns: usize, tile: &mut Tile) {
        debug_assert!(rows >= 1 && rows <= self.rows && columns >= 1 && columns <= self.vectors * LANES);
        let vectors = columns.div_ceil(LANES);
        tile.last = columns - (vectors - 1) * LANES;
        // SAFETY: the caller's promise.
        unsafe { self.table[rows - 1][vectors - 1](tile) }
    }
}

/// The kernels that this machine runs fastest.
#[inline]
pub(crate) fn kernels() -> &'static Kernels {
    #[cfg(target_arch = "x86_64")]
    match simd::level() {
        Level::Avx512 => return &x86::AVX512,
        Level::Avx2 => return &x86::AVX2,
        Level::Baseline => {}
    }
    &BASELINE
}

/// A vector register, or what stands for one.
trait Vector: Copy {
    fn splat(x: f64) -> Self;
    /// The first `count` of eight numbers, zeros behind them.
    unsafe fn load(from: *const f64, count: usize) -> Self;
    unsafe fn load_whole(from: *const f64) -> Self;
    unsafe fn store(self, to: *mut f64, count: usize);
    unsafe fn store_whole(self, to: *mut f64);
    fn subtract(self, other: Self) -> Self;
    fn multiply(self, other: Self) -> Self;
    /// self + a·b.
    fn plus(self, a: Self, b: Self) -> Self;
    /// self − a·b.
    fn minus(self, a: Self, b: Self) -> Self;
}

/// The one body of all kernels.
#[inline(always)]
unsafe fn body<V: Vector, const ROWS: usize, const VECTORS: usize>(t: &Tile) {
    // SAFETY: `Kernels::run` has the promise that all of these places exist.
    unsafe {
        if t.last == LANES {
            part::<V, ROWS, VECTORS, true>(t);
        } else {
            part::<V, ROWS, VECTORS, false>(t);
        }
    }
}

#[inline(always)]
unsafe fn part<V: Vector, const ROWS: usize, const VECTORS: usize, const WHOLE: bool>(t: &Tile) {
    // SAFETY: as for `body`.
    unsafe {
        let load = |from: *const f64, v: usize| {
            let from = from.wrapping_add(v * LANES);
            if WHOLE || v + 1 < VECTORS { V::load_whole(from) } else { V::load(from, t.last) }
        };
        let store = |to: *mut f64, v: usize, x: V| {
            let to = to.wrapping_add(v * LANES);
            if WHOLE || v + 1 < VECTORS { x.store_whole(to) } else { x.store(to, t.last) }
        };
        let mut sums = [[V::splat(0.0); VECTORS]; ROWS];
        let (mut a, mut b) = (t.a, t.b);
        for _ in 0..t.depth {
            let mut row = [V::splat(0.0); VECTORS];
            for v in 0..VECTORS {
                row[v] = load(b, v);
            }
            for i in 0..ROWS {
                let factor = V::splat(*a.offset(i as isize * t.a_row));
                for v in 0..VECTORS {
                    sums[i][v] = sums[i][v].plus(factor, row[v]);
                }
            }
            a = a.wrapping_offset(t.a_column);
            b = b.wrapping_offset(t.b_row);
        }
        // Two loops that look alike: each index must be known to the compiler, or the sums would live in memory.
        match t.finish {
            Finish::Store => {
                for i in 0..ROWS {
                    for v in 0..VECTORS {
                        store(t.c.offset(i as isize * t.c_row), v, sums[i][v]);
                    }
                }
            }
            Finish::Subtract | Finish::Lower(_) | Finish::Upper(_) => {
                for i in 0..ROWS {
                    for v in 0..VECTORS {
                        let to = t.c.offset(i as isize * t.c_row);
                        store(to, v, load(to, v).subtract(sums[i][v]));
                    }
                }
            }
        }
        let (triangle, lower) = match &t.finish {
            Finish::Lower(triangle) => (triangle, true),
            Finish::Upper(triangle) => (triangle, false),
            _ => return,
        };
        let element = |i: usize, j: usize| {
            V::splat(*triangle.at.offset(i as isize * triangle.row + j as isize * triangle.column))
        };
        for v in 0..VECTORS {
            let mut x = [V::splat(0.0); ROWS];
            for i in 0..ROWS {
                x[i] = load(t.c.offset(i as isize * t.c_row), v);
            }
            if lower {
                for j in 0..ROWS {
                    x[j] = x[j].multiply(V::splat(triangle.reciprocals[j]));
                    for i in j + 1..ROWS {
                        x[i] = x[i].minus(element(i, j), x[j]);
                    }
                }
            } else {
                for j in 0..ROWS {
                    let j = ROWS - 1 - j;
                    x[j] = x[j].multiply(V::splat(triangle.reciprocals[j]));
                    for i in 0..j {
                        x[i] = x[i].minus(element(i, j), x[j]);
                    }
                }
            }
            for i in 0..ROWS {
                store(t.c.offset(i as isize * t.c_row), v, x[i]);
            }
        }
    }
}

/// Eight numbers, left to the compiler.
#[derive(Clone, Copy)]
struct Plain<const FMA: bool>([f64; LANES]);

impl<const FMA: bool> Vector for Plain<FMA> {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        Plain([x; LANES])
    }

    #[inline(always)]
    unsafe fn load(from: *const f64, count: usize) -> Self {
        let mut lanes = [0.0; LANES];
        for (i, lane) in lanes.iter_mut().enumerate().take(count) {
            // SAFETY: the caller's promise.
            *lane = unsafe { *from.add(i) };
        }
        Plain(lanes)
    }

    #[inline(always)]
    unsafe fn load_whole(from: *const f64) -> Self {
        // SAFETY: the caller's promise.
        Plain(unsafe { from.cast::<[f64; LANES]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64, count: usize) {
        for (i, lane) in self.0.iter().enumerate().take(count) {
            // SAFETY: the caller's promise.
            unsafe { *to.add(i) = *lane };
        }
    }

    #[inline(always)]
    unsafe fn store_whole(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { to.cast::<[f64; LANES]>().write_unaligned(self.0) };
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        Plain(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        Plain(std::array::from_fn(|i| self.0[i] * other.0[i]))
    }

    #[inline(always)]
    fn plus(self, a: Self, b: Self) -> Self {
        Plain(std::array::from_fn(|i| mul_add::<FMA>(a.0[i], b.0[i], self.0[i])))
    }

    #[inline(always)]
    fn minus(self, a: Self, b: Self) -> Self {
        Plain(std::array::from_fn(|i| mul_add::<FMA>(-a.0[i], b.0[i], self.0[i])))
    }
}

unsafe fn plain<const ROWS: usize, const VECTORS: usize>(t: &Tile) {
    // SAFETY: the caller's promise.
    unsafe { body::<Plain<{ simd::BASELINE_FMA }>, ROWS, VECTORS>(t) }
}

/// The kernels of one function for every height; widths beyond the first are the same where they are not used.
macro_rules! narrow {
    ($kernel:ident) => {
        Kernels {
            rows: 4,
            vectors: 1,
            table: [
                [$kernel::<1, 1>; 3],
                [$kernel::<2, 1>; 3],
                [$kernel::<3, 1>; 3],
                [$kernel::<4, 1>; 3],
                [$kernel::<4, 1>; 3],
                [$kernel::<4, 1>; 3],
                [$kernel::<4, 1>; 3],
                [$kernel::<4, 1>; 3],
            ],
        }
    };
}

static BASELINE: Kernels = narrow!(plain);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512d, _mm512_fmadd_pd, _mm512_fnmadd_pd, _mm512_loadu_pd, _mm512_mask_storeu_pd, _mm512_maskz_loadu_pd,
        _mm512_mul_pd, _mm512_set1_pd, _mm512_storeu_pd, _mm512_sub_pd,
    };

    use super::{Kernels, Plain, Tile, Vector, body};

    /// A register of AVX-512. Only the functions below make one, on machines that have it.
    #[derive(Clone, Copy)]
    struct Wide(__m512d);

    // SAFETY of every method: a `Wide` is only met inside of `wide`, which runs where `level` saw AVX-512; pointers are the caller's promise.
    impl Vector for Wide {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_set1_pd(x) })
        }

        #[inline(always)]
        unsafe fn load(from: *const f64, count: usize) -> Self {
            // SAFETY: see above; lanes outside the mask are not touched.
            Wide(unsafe { _mm512_maskz_loadu_pd(((1_u32 << count) - 1) as u8, from) })
        }

        #[inline(always)]
        unsafe fn load_whole(from: *const f64) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_loadu_pd(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f64, count: usize) {
            // SAFETY: see above; lanes outside the mask are not touched.
            unsafe { _mm512_mask_storeu_pd(to, ((1_u32 << count) - 1) as u8, self.0) };
        }

        #[inline(always)]
        unsafe fn store_whole(self, to: *mut f64) {
            // SAFETY: see above.
            unsafe { _mm512_storeu_pd(to, self.0) };
        }

        #[inline(always)]
        fn subtract(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_sub_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn multiply(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_mul_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn plus(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_fmadd_pd(a.0, b.0, self.0) })
        }

        #[inline(always)]
        fn minus(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_fnmadd_pd(a.0, b.0, self.0) })
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,bmi2")]
    unsafe fn wide<const ROWS: usize, const VECTORS: usize>(t: &Tile) {
        // SAFETY: the caller's promise.
        unsafe { body::<Wide, ROWS, VECTORS>(t) }
    }

    #[target_feature(enable = "avx2,fma,bmi2")]
    unsafe fn fused<const ROWS: usize, const VECTORS: usize>(t: &Tile) {
        // SAFETY: the caller's promise.
        unsafe { body::<Plain<true>, ROWS, VECTORS>(t) }
    }

    pub(super) static AVX2: Kernels = narrow!(fused);

    pub(super) static AVX512: Kernels = Kernels {
        rows: 8,
        vectors: 3,
        table: [
            [wide::<1, 1>, wide::<1, 2>, wide::<1, 3>],
            [wide::<2, 1>, wide::<2, 2>, wide::<2, 3>],
            [wide::<3, 1>, wide::<3, 2>, wide::<3, 3>],
            [wide::<4, 1>, wide::<4, 2>, wide::<4, 3>],
            [wide::<5, 1>, wide::<5, 2>, wide::<5, 3>],
            [wide::<6, 1>, wide::<6, 2>, wide::<6, 3>],
            [wide::<7, 1>, wide::<7, 2>, wide::<7, 3>],
            [wide::<8, 1>, wide::<8, 2>, wide::<8, 3>],
        ],
    };
}
