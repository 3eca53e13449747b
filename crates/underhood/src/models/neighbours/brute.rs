//! Neighbours by measuring every distance: a block of queries beside a block of rows, both small enough for the nearest caches.

use super::super::rows::CHECK_EVERY;
use super::super::store::{PANEL, Store};
use super::{Asked, Nearest};
use crate::error::Result;

/// How many queries are looked at together.
const QUERIES: usize = 32;

/// How many panels of rows are: 256 rows.
const PANELS: usize = 16;

pub(super) fn search(
    store: &Store,
    numbers: &[u32],
    asked: &Asked<'_>,
    take: &mut impl FnMut(usize, &mut Nearest),
    check: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let panels = store.padded() / PANEL;
    let mut out = vec![0.0; QUERIES * PANELS * PANEL];
    let mut nearest: Vec<Nearest> = (0..QUERIES).map(|_| Nearest::new(asked.k)).collect();
    let mut effort = 0;
    for (block, queries) in asked.queries.chunks(QUERIES * asked.columns).enumerate() {
        let count = queries.len() / asked.columns;
        effort += count * store.count * asked.columns;
        if effort > CHECK_EVERY {
            check()?;
            effort = 0;
        }
        for (q, nearest) in nearest.iter_mut().enumerate().take(count) {
            nearest.restart(asked.barred(block * QUERIES + q));
        }
        for start in (0..panels).step_by(PANELS) {
            let end = (start + PANELS).min(panels);
            let line = (end - start) * PANEL;
            let numbers = &numbers[start * PANEL..(end * PANEL).min(store.count)];
            store.measure(asked.measure, start..end, queries, &mut out[..count * line]);
            for (sums, nearest) in out.chunks_exact(line).zip(&mut nearest).take(count) {
                nearest.offer(&sums[..numbers.len()], numbers);
            }
        }
        for (q, nearest) in nearest.iter_mut().enumerate().take(count) {
            take(block * QUERIES + q, nearest);
        }
    }
    Ok(())
}
