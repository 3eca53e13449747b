//! Large matrices times vectors, in parts for several threads.
//!
//! Such a product waits for memory, and two threads wait half as long. How it is cut depends on its size alone, so that it has the same bits on any number of threads.

use rayon::prelude::*;

use super::product::{Place, threads, through_crate};

/// Products of more multiplications than this are cut: below, waking a thread costs as much as it saves.
pub(super) const WORTH_PARTS: usize = 1 << 20;

/// Parts of a product.
const PARTS: usize = 8;

/// Rows of a part are so many, or a multiple of it, so that each row stands at the same place in its group of rows as without parts.
const GROUP: usize = 64;

/// What the threads share. Each writes what no other reads or writes.
#[derive(Clone, Copy)]
struct Shared {
    out: *mut f64,
    a: Place,
    x: Place,
}

// SAFETY: `multiply` gives every part its own elements of `out`, and nobody writes the others.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// out = A·x for a matrix of m×depth numbers; the numbers of `out` stand `step` apart.
///
/// # Safety
/// The places must hold so many numbers, and `out` have room for m.
pub(super) unsafe fn multiply(out: *mut f64, step: isize, (m, depth): (usize, usize), a: Place, x: Place) {
    if m >= PARTS * GROUP {
        let shared = Shared { out, a, x };
        let height = m.div_ceil(PARTS * GROUP) * GROUP;
        in_parts(m.div_ceil(height), &|part| {
            let Shared { out, a, x } = shared.whole();
            let first = part * height;
            let rows = height.min(m - first);
            let to = out.wrapping_offset(first as isize * step);
            // SAFETY: the caller's promise; these rows are this part's.
            unsafe { through_crate(to, (step, 1), (rows, 1, depth), a.from(first, 0), x, None, 1) };
        });
        return;
    }
    // Few rows, long sums: each part adds up a piece of every sum, and the pieces are added in order.
    let mut pieces = vec![0.0; PARTS * m];
    let shared = Shared { out: pieces.as_mut_ptr(), a, x };
    let width = depth.div_ceil(PARTS);
    in_parts(depth.div_ceil(width), &|part| {
        let Shared { out, a, x } = shared.whole();
        let first = part * width;
        let columns = width.min(depth - first);
        // SAFETY: the caller's promise; this piece is this part's.
        unsafe {
            let to = out.add(part * m);
            through_crate(to, (1, 1), (m, 1, columns), a.from(0, first), x.from(first, 0), None, 1);
        }
    });
    for i in 0..m {
        let sum = pieces[i..].iter().step_by(m).sum::<f64>();
        // SAFETY: `out` has room for m numbers.
        unsafe { *out.wrapping_offset(i as isize * step) = sum };
    }
}

impl Shared {
    /// All of it, so that a closure takes the whole and not its pointers one by one.
    fn whole(self) -> Self {
        self
    }
}

fn in_parts(count: usize, part: &(dyn Fn(usize) + Sync)) {
    if threads() > 1 {
        (0..count).into_par_iter().for_each(part);
    } else {
        (0..count).for_each(part);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::matmul;
    use crate::random::Stream;

    /// Tall, wide and nearly square matrices, by rows, by columns and turned round, from both sides, on one thread and on three.
    #[test]
    fn parts_are_the_whole_on_any_number_of_threads() {
        let mut stream = Stream::seeded(3);
        for (m, depth) in [(70_000, 16), (16, 70_001), (1100, 1000), (511, 2053), (513, 2053)] {
            let a = Array2::from_shape_simple_fn((m, depth), || stream.normal());
            let x = Array2::from_shape_simple_fn((depth, 1), || stream.normal());
            let x = x.column(0);
            let turned = a.t().as_standard_layout().into_owned();
            let backwards = a.slice(ndarray::s![..;-1, ..]);
            let products = || {
                let of = |a: ndarray::ArrayView2<'_, f64>| matmul(a, x).expect("the shapes fit");
                let left = matmul(x, turned.view()).expect("the shapes fit");
                [of(a.view()), of(turned.t()), of(backwards), left]
            };
            let pool =
                |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
            let found = pool(1).install(products);
            assert_eq!(found, pool(3).install(products));
            for i in 0..m {
                let (sum, size) = (0..depth).fold((0.0, 0.0), |(sum, size): (f64, f64), k| {
                    (sum + a[[i, k]] * x[k], size + (a[[i, k]] * x[k]).abs())
                });
                let places = [i, i, m - 1 - i, i];
                for (product, place) in found.iter().zip(places) {
                    let error = (product[place] - sum).abs();
                    assert!(
                        error <= 4.0 * f64::EPSILON * (depth as f64).sqrt() * size,
                        "{m}×{depth}, row {i}: {error:e}"
                    );
                }
            }
        }
    }
}
