//! Ranks, and the tests that rest on them: of two samples, of pairs, of several groups, of a sequence.

mod exact;
mod friedman;
mod kruskal;
mod mannwhitney;
mod order;
mod rankdata;
mod ranking;
mod runs;
mod shift;
mod wilcoxon;

pub use exact::NullMethod;
pub use friedman::{Friedman, friedman};
pub use kruskal::{Kruskal, kruskal};
pub use mannwhitney::{MannWhitney, mannwhitneyu};
pub use rankdata::{RankMethod, rankdata, rankdata_along};
pub use runs::{Cutoff, Runs, runs_test};
pub use shift::{Shift, paired_shift, shift};
pub use wilcoxon::{Wilcoxon, ZeroMethod, wilcoxon};

pub(crate) use exact::{Counts, Tails, matchings};
pub(crate) use order::{in_order, ties};
pub(crate) use ranking::Ranks;
