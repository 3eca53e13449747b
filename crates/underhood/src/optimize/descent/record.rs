//! What is kept of the points passed: flat rows that grow by doubling, so that a step allocates nothing and copies nothing.

/// So many numbers are set aside at once, if the descent may become that long. Memory that is not written to is not taken.
pub(super) const RESERVED: usize = 1 << 17;

/// A row for each step. The descent writes its next point into the row after the present one.
#[derive(Debug)]
pub(super) struct Rows {
    flat: Vec<f64>,
    width: usize,
    /// Without keeping, two rows take turns.
    keep: bool,
}

impl Rows {
    /// Empty rows; of those that are expected, as many as are cheap to have.
    pub(super) fn new(width: usize, keep: bool, expected: usize) -> Self {
        let rows = if keep { expected.clamp(2, 2 + RESERVED / width.max(1)) } else { 2 };
        Rows { flat: vec![0.0; rows * width], width, keep }
    }

    fn place(&self, k: usize) -> usize {
        if self.keep { k * self.width } else { k % 2 * self.width }
    }

    /// Row k.
    pub(super) fn row(&self, k: usize) -> &[f64] {
        let start = self.place(k);
        &self.flat[start..start + self.width]
    }

    pub(super) fn row_mut(&mut self, k: usize) -> &mut [f64] {
        let start = self.place(k);
        &mut self.flat[start..start + self.width]
    }

    /// Row k to read and the row after it to write.
    #[inline(always)]
    pub(super) fn here_and_next(&mut self, k: usize) -> (&[f64], &mut [f64]) {
        let width = self.width;
        if self.keep {
            if (k + 2) * width > self.flat.len() {
                self.grow();
            }
            let (before, after) = self.flat.split_at_mut((k + 1) * width);
            (&before[k * width..], &mut after[..width])
        } else {
            let (even, odd) = self.flat.split_at_mut(width);
            if k.is_multiple_of(2) { (even, odd) } else { (odd, even) }
        }
    }

    /// Writes rows behind row k.
    pub(super) fn append(&mut self, k: usize, rows: &[f64]) {
        if self.keep {
            let start = (k + 1) * self.width;
            let end = start + rows.len();
            if end > self.flat.len() {
                self.flat.resize(end.max(2 * self.flat.len()), 0.0);
            }
            self.flat[start..end].copy_from_slice(rows);
        } else {
            // Of the two rows that are kept, each is written last by one of the last two.
            let count = rows.len() / self.width;
            for (place, row) in rows.chunks(self.width).enumerate().skip(count.saturating_sub(2)) {
                self.row_mut(k + 1 + place).copy_from_slice(row);
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.flat.resize(2 * self.flat.len(), 0.0);
    }

    /// The first so many rows, if they were kept.
    pub(super) fn into_kept(mut self, rows: usize) -> Option<Vec<f64>> {
        self.flat.truncate(rows * self.width);
        self.keep.then_some(self.flat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_where_they_are_written() {
        for keep in [true, false] {
            let mut rows = Rows::new(2, keep, 3);
            rows.row_mut(0).copy_from_slice(&[0.0, 1.0]);
            for k in 0..5000 {
                let (here, next) = rows.here_and_next(k);
                assert_eq!(here, [k as f64, 1.0]);
                next.copy_from_slice(&[here[0] + 1.0, here[1]]);
            }
            assert_eq!((rows.row(4999)[0], rows.row(5000)[0]), (4999.0, 5000.0));
            rows.append(5000, &[7.0, 8.0, 9.0, 10.0, 11.0, 12.0]);
            assert_eq!((rows.row(5002), rows.row(5003)), (&[9.0, 10.0][..], &[11.0, 12.0][..]));
            let kept = rows.into_kept(5001);
            assert_eq!(kept.map(|flat| flat.len()), keep.then_some(10_002));
        }
    }
}
