//! How fast errors fall: the rate of convergence read off a sequence of errors.
//!
//! The logarithms of linearly converging errors lie on a line. Its slope is taken as the median of the slopes between pairs of points
//! (H. Theil, 1950; P. K. Sen, J. Am. Stat. Assoc. 63 (1968), doi:10.1080/01621459.1968.10480934), which errors that jump up and down do
//! not mislead.

/// Errors relative to one are rounding below this.
pub(super) const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Of more errors than this, only every second, third, … is looked at.
const ENOUGH: usize = 200;

/// Whether the whole course counts, or its end.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Part {
    All,
    End,
}

/// The factor by which each step multiplies the error; None when fewer than two steps are clear of rounding.
pub(super) fn observed(errors: &[f64], part: Part) -> Option<f64> {
    let clear = above_rounding(errors);
    let from = match part {
        Part::All => 0,
        // The last half, which is at least three errors if there are so many. Fewer would not do: beside a complex pair, errors swing
        // up and down over as many steps as the pair takes for half a turn.
        Part::End => clear.len().saturating_sub(clear.len().div_ceil(2).max(3)),
    };
    let thin = (clear.len() - from).div_ceil(ENOUGH).max(1);
    let logs: Vec<(f64, f64)> =
        clear.iter().enumerate().skip(from).step_by(thin).map(|(k, e)| (k as f64, e.ln())).collect();
    if logs.len() < 3 {
        return None;
    }
    let mut slopes = Vec::with_capacity(logs.len() * (logs.len() - 1) / 2);
    for (i, (k, e)) in logs.iter().enumerate() {
        slopes.extend(logs[i + 1..].iter().map(|(l, f)| (f - e) / (l - k)));
    }
    let middle = slopes.len() / 2;
    let (_, &mut upper, _) = slopes.select_nth_unstable_by(middle, f64::total_cmp);
    if slopes.len() % 2 == 1 {
        return Some(upper.exp());
    }
    let lower = slopes[..middle].iter().fold(f64::NEG_INFINITY, |m, &s| m.max(s));
    Some((0.5 * (lower + upper)).exp())
}

/// The power p in eₖ₊₁ ≈ C·eₖᵖ, of the last three errors that fall and are clear of rounding.
pub(super) fn order(errors: &[f64]) -> Option<f64> {
    let clear = above_rounding(errors);
    clear.windows(3).rev().find_map(|three| {
        let [first, second, third] = [three[0].ln(), three[1].ln(), three[2].ln()];
        (three[0] < 0.5 && second < first && third < second).then(|| (third - second) / (second - first))
    })
}

/// The errors before the first that is zero or rounding.
fn above_rounding(errors: &[f64]) -> &[f64] {
    let end = errors.iter().position(|&e| !(e > ROUNDING && e.is_finite())).unwrap_or(errors.len());
    &errors[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_a_geometric_sequence_is_its_quotient() {
        let errors: Vec<f64> = (0..30).map(|k| 0.5_f64.powi(k)).collect();
        assert!((observed(&errors, Part::End).unwrap() - 0.5).abs() < 1e-14);
        assert!((observed(&errors, Part::All).unwrap() - 0.5).abs() < 1e-14);
        assert_eq!(observed(&errors[..2], Part::End), None);
        assert_eq!(observed(&[], Part::All), None);
    }

    #[test]
    fn outliers_and_rounding_do_not_count() {
        let mut errors: Vec<f64> = (0..60).map(|k| 0.3_f64.powi(k).max(3e-16)).collect();
        errors[20] *= 100.0;
        assert!((observed(&errors, Part::End).unwrap() - 0.3).abs() < 1e-6);
    }

    #[test]
    fn an_order_is_read_off_errors_that_are_squared_and_cubed() {
        for p in [2, 3] {
            let errors: Vec<f64> = (0..3).scan(0.1_f64, |e, _| Some(std::mem::replace(e, e.powi(p)))).collect();
            assert!((order(&errors).unwrap() - f64::from(p)).abs() < 1e-12);
        }
        assert_eq!(order(&[0.1, 1e-20, 0.0]), None);
    }
}
