//! The rows as all steps of k-means see them: blocks in the frame, with their weights.

use std::cell::Cell;

use crate::error::Error;
use crate::models::frame::{Frame, ONES};
use crate::models::rows::{BLOCK, CHECK_EVERY, Rows};
use crate::panel::LANES;
use crate::random::Stream;

/// Up to so many numbers the rows are kept as they are seen from the frame, which spares looking again.
const KEPT: usize = 1 << 16;

/// The rows as all steps see them.
pub(super) struct Data<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) frame: Frame,
    pub(super) weight: Option<&'a [f64]>,
    /// The blocks in the frame, when they are few.
    kept: Option<Vec<f64>>,
    /// Multiplications since the last look at the keyboard.
    work: Cell<usize>,
}

impl<'a> Data<'a> {
    pub(super) fn new(rows: &'a Rows<'a>, frame: Frame, weight: Option<&'a [f64]>) -> Self {
        let size = rows.count.next_multiple_of(LANES).saturating_mul(frame.width);
        let kept = (size <= KEPT).then(|| {
            let mut panel = vec![0.0; size];
            frame.look(rows.values(), &mut panel);
            panel
        });
        Data { rows, frame, weight, kept, work: Cell::new(0) }
    }

    /// Weights of the rows of a block.
    pub(super) fn weights(&self, block: usize, count: usize) -> &[f64] {
        match self.weight {
            Some(weight) => &weight[block * BLOCK..block * BLOCK + count],
            None => &ONES[..count],
        }
    }

    /// A row in the frame.
    pub(super) fn seen(&self, i: usize) -> Vec<f64> {
        self.frame.seen(self.rows.row(i))
    }

    /// A row, drawn with a probability in proportion to its weight.
    pub(super) fn any_row(&self, stream: &mut Stream) -> usize {
        let n = self.rows.count;
        let Some(weight) = self.weight else {
            return stream.below(n as u64) as usize;
        };
        let mut rest = stream.uniform() * weight.iter().sum::<f64>();
        let mut last = 0;
        for (i, &w) in weight.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            last = i;
            if rest < w {
                break;
            }
            rest -= w;
        }
        last
    }

    /// Shows `look` each block in the frame, with its number and how many rows it has; each row meets `groups` times eight points.
    pub(super) fn sweep<E: From<Error>>(
        &self,
        groups: usize,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
        mut look: impl FnMut(usize, &[f64], usize),
    ) -> Result<(), E> {
        let width = self.frame.width;
        let mut panel = if self.kept.is_some() { Vec::new() } else { self.frame.panel() };
        for (b, block) in self.rows.blocks().enumerate() {
            let count = block.len() / self.frame.columns;
            match &self.kept {
                Some(kept) => {
                    let start = b * BLOCK * width;
                    look(b, &kept[start..(start + BLOCK * width).min(kept.len())], count);
                }
                None => {
                    self.frame.look(block, &mut panel);
                    look(b, &panel, count);
                }
            }
            self.work.set(self.work.get() + block.len() * groups * LANES);
            if self.work.get() > 8 * CHECK_EVERY {
                self.work.set(0);
                checkpoint()?;
            }
        }
        Ok(())
    }
}
