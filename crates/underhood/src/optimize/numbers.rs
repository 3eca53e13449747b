//! Numbers in sentences: as a person writes them, with a power of ten where they are very large or very small.

/// To so many significant digits.
pub(super) fn brief(value: f64, digits: usize) -> String {
    let exponential = format!("{value:.*e}", digits - 1);
    match exponential.parse::<f64>() {
        Ok(rounded) if rounded == 0.0 || (1e-4..1e6).contains(&rounded.abs()) => rounded.to_string(),
        Ok(rounded) if rounded.is_nan() => "nan".into(),
        Ok(rounded) if rounded.is_infinite() => rounded.to_string(),
        _ => exponential,
    }
}

/// With all its digits.
pub(super) fn exact(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-4..1e16).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_written_where_they_are_shorter() {
        let wanted =
            [(0.0, "0"), (0.25, "0.25"), (1e200 / 0.3, "3.33333e200"), (-2.5e-12, "-2.5e-12"), (f64::NAN, "nan")];
        for (value, text) in wanted {
            assert_eq!(brief(value, 6), text.replace("-2.5e", "-2.50000e"));
        }
        assert_eq!(exact(-1.8189894035458565e-12), "-1.8189894035458565e-12");
        assert_eq!(
            (exact(0.30000000000000004), exact(f64::INFINITY)),
            ("0.30000000000000004".into(), "inf".to_string())
        );
    }
}
