//! The ranks that tests are made of: exact whole numbers, with what the ties among them cost.

use super::order::{in_order, ties};
use crate::simd::wide_kernel;

/// Up to this length each value is compared with every other: no branch is guessed wrongly.
const WORTH_SORTING: usize = 96;

/// Twice the ranks of a sample, which are whole numbers even where tied values share the mean of their places.
#[derive(Debug, Clone)]
pub(crate) struct Ranks {
    /// 2·rank of each value, from 2 to 2n.
    pub(crate) doubled: Vec<f64>,
    /// Σ(t³ − t) over the groups of t equal values.
    pub(crate) tie_cubes: f64,
    /// How many values equal another one.
    pub(crate) tied: usize,
}

impl Ranks {
    /// Of values without NaN.
    pub(crate) fn of(x: &[f64]) -> Ranks {
        if x.len() <= WORTH_SORTING { Ranks::by_comparing(x) } else { Ranks::by_sorting(x) }
    }

    fn by_comparing(x: &[f64]) -> Ranks {
        let mut ranks = Ranks { doubled: vec![0.0; x.len()], tie_cubes: 0.0, tied: 0 };
        let mut equal = [0.0; WORTH_SORTING];
        let equal = &mut equal[..x.len()];
        compare_all(x, &mut ranks.doubled, equal);
        for &t in equal.iter() {
            // Each of t equal values brings its share of t³ − t.
            ranks.tie_cubes += t * t - 1.0;
            ranks.tied += usize::from(t > 1.0);
        }
        ranks
    }

    fn by_sorting(x: &[f64]) -> Ranks {
        let order = in_order(x);
        let mut ranks = Ranks { doubled: vec![0.0; x.len()], tie_cubes: 0.0, tied: 0 };
        for (start, end) in ties(x, &order) {
            // Twice the mean of the places start + 1, …, end.
            let doubled = (start + end + 1) as f64;
            for &i in &order[start..end] {
                ranks.doubled[i as usize] = doubled;
            }
            if end - start > 1 {
                let t = (end - start) as f64;
                ranks.tie_cubes += t * (t * t - 1.0);
                ranks.tied += end - start;
            }
        }
        ranks
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.doubled.len()
    }

    /// Deviations of the doubled ranks from their mean n + 1.
    pub(crate) fn centred(mut self) -> Vec<f64> {
        let middle = (self.len() + 1) as f64;
        self.doubled.iter_mut().for_each(|rank| *rank -= middle);
        self.doubled
    }
}

wide_kernel! {
    /// Twice the rank of each value, and how many values equal it, itself among them.
    fn compare_all(x: &[f64], doubled: &mut [f64], equal: &mut [f64]) = compare_all_body
}

#[inline(always)]
fn compare_all_body<const FMA: bool>(x: &[f64], doubled: &mut [f64], equal: &mut [f64]) {
    const LANES: usize = 8;
    // The values by eights; what is missing in the last is larger than all and equal to none.
    let mut padded = [[f64::NAN; LANES]; WORTH_SORTING / LANES];
    for (place, &v) in padded.as_flattened_mut().iter_mut().zip(x) {
        *place = v;
    }
    let padded = &padded[..x.len().div_ceil(LANES)];
    for ((&v, doubled), equal) in x.iter().zip(doubled).zip(equal) {
        let (mut below, mut up_to) = ([0.0; LANES], [0.0; LANES]);
        for group in padded {
            for lane in 0..LANES {
                below[lane] += if group[lane] < v { 1.0 } else { 0.0 };
                up_to[lane] += if group[lane] <= v { 1.0 } else { 0.0 };
            }
        }
        let (below, up_to) = (below.iter().sum::<f64>(), up_to.iter().sum::<f64>());
        *doubled = below + up_to + 1.0;
        *equal = up_to - below;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn comparing_and_sorting_agree_with_counting() {
        let mut stream = Stream::seeded(4);
        for n in [0, 1, 2, 7, 8, 50, WORTH_SORTING] {
            let x: Vec<f64> =
                (0..n).map(|_| (stream.normal() * 4.0).round() * 10.0_f64.powf(stream.normal().round())).collect();
            let (compared, sorted) = (Ranks::by_comparing(&x), Ranks::by_sorting(&x));
            assert_eq!(compared.doubled, sorted.doubled);
            assert_eq!((compared.tie_cubes, compared.tied), (sorted.tie_cubes, sorted.tied));
            for i in 0..n {
                let less = x.iter().filter(|v| **v < x[i]).count() as f64;
                let tied = x.iter().filter(|v| **v == x[i]).count() as f64;
                assert_eq!(compared.doubled[i], 2.0 * less + tied + 1.0);
            }
            assert_eq!(compared.centred().iter().sum::<f64>(), 0.0);
        }
    }
}
