//! How this folder stores matrices: by columns of `stride` numbers in one slice, of which blocks take part in products.

/// Numbers in one vector; columns start and end at multiples of it.
pub(super) const LANES: usize = 8;

/// Memory from the first place on that a whole vector can be read from at once; up to seven numbers are left out.
pub(super) fn aligned(memory: &mut [f64]) -> &mut [f64] {
    let skipped = memory.as_ptr().align_offset(LANES * size_of::<f64>()).min(memory.len());
    &mut memory[skipped..]
}

/// A part of a matrix that is stored by columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// Where its first number stands.
    pub(super) offset: usize,
    /// From one column to the next.
    pub(super) stride: usize,
    /// Rows.
    pub(super) rows: usize,
    /// Columns.
    pub(super) columns: usize,
}

impl Block {
    fn fits(&self, length: usize) -> bool {
        self.columns == 0 || self.offset + (self.columns - 1) * self.stride + self.rows <= length
    }
}

/// out = factor·a·b, or out += factor·a·b when it is to be kept; a factor is (numbers, block, transposed).
pub(super) fn multiply(
    out: &mut [f64],
    block: Block,
    keep: bool,
    factor: f64,
    a: (&[f64], Block, bool),
    b: (&[f64], Block, bool),
) {
    assert!(block.fits(out.len()) && a.1.fits(a.0.len()) && b.1.fits(b.0.len()), "blocks lie within their matrices");
    let shape = |(_, block, transposed): &(&[f64], Block, bool)| {
        if *transposed { (block.columns, block.rows) } else { (block.rows, block.columns) }
    };
    let ((rows, inner), (same, columns)) = (shape(&a), shape(&b));
    assert!(inner == same && (rows, columns) == (block.rows, block.columns), "shapes fit");
    if rows == 0 || columns == 0 {
        return;
    }
    let strides = |(_, block, transposed): &(&[f64], Block, bool)| {
        let stride = block.stride.cast_signed();
        if *transposed { (1, stride) } else { (stride, 1) }
    };
    let (a_strides, b_strides) = (strides(&a), strides(&b));
    // SAFETY: every block lies within its slice, as was asserted, and `out` is exclusive.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr().add(block.offset),
            block.stride.cast_signed(),
            1,
            keep,
            a.0.as_ptr().add(a.1.offset),
            a_strides.0,
            a_strides.1,
            b.0.as_ptr().add(b.1.offset),
            b_strides.0,
            b_strides.1,
            if keep { 1.0 } else { 0.0 },
            factor,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
