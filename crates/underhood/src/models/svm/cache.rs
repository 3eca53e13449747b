//! Columns of the kernel matrix that were asked for before, in bounded memory: the one unused for longest makes room.

use super::kernel::Gram;
use crate::error::{Error, Result};

const NOWHERE: u32 = u32::MAX;

/// The kernel matrix with a memory.
pub(super) struct Cache<'a> {
    gram: Gram<'a>,
    /// As long as a column.
    length: usize,
    columns: Vec<Vec<f64>>,
    /// Which column lies in each place, and when it was last asked for.
    owners: Vec<(u32, u64)>,
    /// Where each column lies.
    places: Vec<u32>,
    most: usize,
    clock: u64,
    /// Multiplications made since the caller last looked.
    pub(super) effort: usize,
}

impl<'a> Cache<'a> {
    /// Keeps at most so many megabytes of columns, and always two of them.
    pub(super) fn new(gram: Gram<'a>, length: usize, megabytes: f64) -> Self {
        let most = ((megabytes * 1_048_576.0 / (8 * length) as f64) as usize).clamp(2, gram.count().max(2));
        let places = vec![NOWHERE; length];
        Cache { gram, length, columns: Vec::new(), owners: Vec::new(), places, most, clock: 0, effort: 0 }
    }

    /// Makes sure that column `i` is there and says where, without touching what lies in the place `keep`.
    pub(super) fn fetch(&mut self, function: &'static str, i: usize, keep: Option<usize>) -> Result<usize> {
        self.clock += 1;
        let known = self.places[i] as usize;
        if let Some(owner) = self.owners.get_mut(known) {
            owner.1 = self.clock;
            return Ok(known);
        }
        let place = if self.columns.len() < self.most {
            crate::check::room(function, "column of the kernel matrix", &[self.length])?;
            self.columns.push(vec![0.0; self.length]);
            self.owners.push((0, 0));
            self.columns.len() - 1
        } else {
            let used = self.owners.iter().enumerate().filter(|(place, _)| Some(*place) != keep);
            let oldest = used.min_by_key(|(_, (_, when))| *when).map(|(place, _)| place);
            let place =
                oldest.ok_or(Error::Invalid { function, argument: "cache_size", problem: "is empty".into() })?;
            self.places[self.owners[place].0 as usize] = NOWHERE;
            place
        };
        self.owners[place] = (i as u32, self.clock);
        self.places[i] = place as u32;
        self.effort += self.gram.effort();
        self.gram.column(i, &mut self.columns[place]);
        Ok(place)
    }

    /// The column in a place that `fetch` gave.
    pub(super) fn at(&self, place: usize) -> &[f64] {
        &self.columns[place]
    }

    /// How many columns it keeps.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// The diagonal.
    pub(super) fn diagonal(&mut self) -> Vec<f64> {
        self.gram.diagonal()
    }
}
