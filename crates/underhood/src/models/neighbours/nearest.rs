//! The nearest so far of one query: sums of differences with row numbers, of which the smallest k count.

/// Candidates, at most twice as many as wanted and some; now and then the farther half is dropped.
pub(super) struct Nearest {
    k: usize,
    most: usize,
    found: Vec<(f64, u32)>,
    /// No candidate beyond this is among the nearest; infinite until there are k.
    pub(super) worst: f64,
    barred: u32,
}

impl Nearest {
    pub(super) fn new(k: usize) -> Self {
        let most = 2 * k + 16;
        Nearest { k, most, found: Vec::with_capacity(most), worst: f64::INFINITY, barred: u32::MAX }
    }

    /// Begins with the next query.
    pub(super) fn restart(&mut self, barred: u32) {
        self.found.clear();
        self.worst = f64::INFINITY;
        self.barred = barred;
    }

    /// Looks at measured rows with these numbers; there are sums for whole panels.
    #[inline]
    pub(super) fn offer(&mut self, sums: &[f64], numbers: &[u32]) {
        const GROUP: usize = 16;
        for (sums, numbers) in sums.chunks(GROUP).zip(numbers.chunks(GROUP)) {
            let any = sums.iter().fold(false, |any, &sum| any | (sum <= self.worst));
            if !any {
                continue;
            }
            for (&sum, &i) in sums.iter().zip(numbers) {
                if sum <= self.worst && i != self.barred {
                    self.found.push((sum, i));
                    if self.found.len() == self.most {
                        self.settle();
                    }
                }
            }
        }
    }

    /// Drops all but the nearest k, if there are as many.
    pub(super) fn settle(&mut self) {
        if self.found.len() >= self.k {
            let (_, last, _) = self.found.select_nth_unstable_by(self.k - 1, order);
            self.worst = last.0;
            self.found.truncate(self.k);
        }
    }

    /// The nearest k, nearest first.
    pub(super) fn sorted(&mut self) -> &[(f64, u32)] {
        self.settle();
        self.found.sort_unstable_by(order);
        &self.found
    }
}

/// By distance, and of equally far rows the one with the lower number first.
fn order(a: &(f64, u32), b: &(f64, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}
