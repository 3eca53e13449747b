//! The iterates that are kept: all of them while they are few, then every second, every fourth, …

/// So many numbers are kept, 32 MB, and at least a few iterates however large one is.
const MOST: usize = 1 << 22;
const FEWEST: usize = 4;

/// Iterates of one size, thinned when they become too many.
pub(super) struct Kept {
    values: Vec<f64>,
    steps: Vec<usize>,
    size: usize,
    stride: usize,
}

impl Kept {
    pub(super) fn new(size: usize) -> Self {
        Kept { values: Vec::new(), steps: Vec::new(), size, stride: 1 }
    }

    /// Step 0 is the start; steps come in order.
    pub(super) fn add<'a>(&mut self, step: usize, iterate: impl IntoIterator<Item = &'a f64>) {
        if !step.is_multiple_of(self.stride) {
            return;
        }
        self.steps.push(step);
        self.values.extend(iterate);
        if self.values.len() > MOST && self.steps.len() > 2 * FEWEST {
            self.thin();
        }
    }

    fn thin(&mut self) {
        self.stride *= 2;
        let mut room = 0;
        for k in 0..self.steps.len() {
            if self.steps[k].is_multiple_of(self.stride) {
                self.steps[room] = self.steps[k];
                self.values.copy_within(k * self.size..(k + 1) * self.size, room * self.size);
                room += 1;
            }
        }
        self.steps.truncate(room);
        self.values.truncate(room * self.size);
    }

    /// The steps and their iterates, one after another; the last step is among them in any case.
    pub(super) fn finish<'a>(
        mut self,
        step: usize,
        iterate: impl IntoIterator<Item = &'a f64>,
    ) -> (Vec<usize>, Vec<f64>) {
        if self.steps.last() != Some(&step) {
            self.steps.push(step);
            self.values.extend(iterate);
        }
        (self.steps, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_iterates_are_thinned_and_the_ends_stay() {
        let size = 1 << 12;
        let mut kept = Kept::new(size);
        let last = 5000;
        for step in 0..=last {
            kept.add(step, &vec![step as f64; size]);
        }
        let (steps, values) = kept.finish(last, &vec![last as f64; size]);
        assert_eq!(values.len(), steps.len() * size);
        assert!(values.len() <= MOST + size && values.len() > MOST / 4);
        assert_eq!((steps[0], steps[1], steps[steps.len() - 1]), (0, 8, last));
        assert!(steps.iter().enumerate().all(|(k, &step)| values[k * size + 7] == step as f64));
    }
}
