//! Rejection by the batch: propose many, and let the accepted close ranks.

use super::source::{BLOCK, Source};

/// Batches are a multiple of this: whole vectors, none left over to go one by one.
const GROUP: usize = 32;

/// So many proposals are made for `count` wanted ones: no more than a [`BLOCK`].
#[inline]
pub(super) fn whole_groups(count: usize) -> usize {
    count.min(BLOCK).next_multiple_of(GROUP)
}

/// Calls `visit` with each of the first `count` places that is marked by 1; all others are 0.
#[inline(always)]
pub(super) fn for_each_marked(marks: &[u8; BLOCK], count: usize, mut visit: impl FnMut(usize)) {
    for (group, marks) in marks.chunks_exact(8).enumerate().take(count.div_ceil(8)) {
        let mut word = word(marks);
        while word != 0 {
            let place = 8 * group + (word.trailing_zeros() / 8) as usize;
            if place < count {
                visit(place % BLOCK);
            }
            word &= word - 1;
        }
    }
}

#[inline(always)]
fn word(marks: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(marks);
    u64::from_le_bytes(bytes)
}

/// The places that are marked by 1, and how many.
#[derive(Debug)]
pub(super) struct Places {
    places: [u16; BLOCK],
    count: usize,
}

impl Places {
    pub(super) fn new() -> Places {
        Places { places: [0; BLOCK], count: 0 }
    }

    /// Replaces them by those that are marked among the first `count`.
    #[inline(always)]
    pub(super) fn find(&mut self, marks: &[u8; BLOCK], count: usize) {
        let mut found = 0;
        for_each_marked(marks, count, |place| {
            self.places[found % BLOCK] = place as u16;
            found += 1;
        });
        self.count = found;
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    #[inline(always)]
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.places[..self.count.min(BLOCK)].iter().map(|&place| usize::from(place) % BLOCK)
    }
}

/// Fills the slice with accepted proposals, in their order: `propose` writes proposals, and marks with 1 those it rejects (all others with 0).
#[inline(always)]
pub(super) fn fill(
    source: &mut Source,
    out: &mut [f64],
    mut propose: impl FnMut(&mut Source, &mut [f64], &mut [u8; BLOCK]),
) {
    let (mut values, mut rejected) = ([0.0; BLOCK], [0; BLOCK]);
    let mut filled = 0;
    while filled < out.len() {
        let wanted = out.len() - filled;
        let count = whole_groups(wanted);
        propose(source, &mut values[..count], &mut rejected);
        for (values, rejected) in values[..count].chunks_exact(8).zip(rejected.chunks_exact(8)) {
            let rest = &mut out[filled..];
            if word(rejected) == 0 && rest.len() >= 8 {
                rest[..8].copy_from_slice(values);
                filled += 8;
                continue;
            }
            let mut kept = 0;
            if let Some(rest) = rest.first_chunk_mut::<8>() {
                // Without a branch: a rejected value is overwritten by the next.
                for (&value, &rejected) in values.iter().zip(rejected) {
                    rest[kept & 7] = value;
                    kept += usize::from(rejected == 0);
                }
            } else {
                for (&value, _) in values.iter().zip(rejected).filter(|(_, rejected)| **rejected == 0) {
                    if let Some(place) = rest.get_mut(kept) {
                        *place = value;
                        kept += 1;
                    }
                }
            }
            filled += kept;
        }
    }
}
