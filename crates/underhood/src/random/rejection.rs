//! Rejection by the block: propose many, keep the accepted, and propose again for the places that are left.

use super::source::{BLOCK, Source};

/// The places of a block where something is to be done.
#[derive(Debug)]
pub(super) struct Places {
    places: [u16; BLOCK],
    count: usize,
}

impl Places {
    /// The places that are marked by 1 (all others are 0).
    #[inline]
    pub(super) fn marked(marks: &[u8]) -> Places {
        let mut found = Places { places: [0; BLOCK], count: 0 };
        for (group, marks) in marks.chunks(8).enumerate() {
            let mut word = [0; 8];
            word[..marks.len()].copy_from_slice(marks);
            let mut word = u64::from_le_bytes(word);
            while word != 0 {
                found.places[found.count % BLOCK] = (8 * group) as u16 + (word.trailing_zeros() / 8) as u16;
                found.count += 1;
                word &= word - 1;
            }
        }
        found.count = found.count.min(BLOCK);
        found
    }

    /// How many there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// One after the other.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.places[..self.count].iter().map(|&place| usize::from(place) % BLOCK)
    }

    /// Keeps those whose number in the row is marked.
    #[inline]
    fn keep(&mut self, marks: &[u8]) {
        let mut kept = 0;
        for (number, &mark) in marks.iter().enumerate().take(self.count) {
            self.places[kept] = self.places[number];
            kept += usize::from(mark != 0);
        }
        self.count = kept;
    }
}

/// Fills a block of at most [`BLOCK`] draws: `attempt` writes a value for each place and marks with 1 what it rejects.
#[inline]
pub(super) fn fill(source: &mut Source, out: &mut [f64], mut attempt: impl FnMut(&mut Source, &mut [f64], &mut [u8])) {
    let mut rejected = [0; BLOCK];
    attempt(source, out, &mut rejected[..out.len()]);
    let mut left = Places::marked(&rejected[..out.len()]);
    let mut values = [0.0; BLOCK];
    while left.len() > 0 {
        let count = left.len();
        rejected[..count].fill(0);
        attempt(source, &mut values[..count], &mut rejected[..count]);
        for (place, &value) in left.iter().zip(&values) {
            out[place] = value;
        }
        left.keep(&rejected[..count]);
    }
}
