//! Numbers as Python writes them.

use super::Binding;

/// A number as Python writes it, the shortest that is read as the same; `2*pi` and `1/3` where it is exactly that. Names
/// that are `taken`, by an argument of the function, stand for no constant.
pub(in crate::graph) fn number(value: f64, taken: impl Fn(&str) -> bool) -> (String, Binding) {
    let signed = |text: String| (text, if value.is_sign_negative() { Binding::Sign } else { Binding::Atom });
    if value.is_nan() {
        return ("nan".into(), Binding::Atom);
    }
    if value.is_infinite() {
        return signed(if value > 0.0 { "inf".into() } else { "-inf".into() });
    }
    if value == 0.0 {
        return signed(if value.is_sign_negative() { "-0.0".into() } else { "0".into() });
    }
    if value.fract() != 0.0
        && let Some(known) = quotient(value, taken)
    {
        return known;
    }
    let size = value.abs();
    if !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let sign = if exponent < 0 { '-' } else { '+' };
        return signed(format!("{digits}e{sign}{:02}", exponent.abs()));
    }
    signed(format!("{value}"))
}

/// p/q with small p and q, or such a multiple of π, e, ln 2 or ln 10, if that is exactly the number and shorter.
fn quotient(value: f64, taken: impl Fn(&str) -> bool) -> Option<(String, Binding)> {
    if format!("{value}").len() < 8 {
        return None;
    }
    let sign = if value < 0.0 { "-" } else { "" };
    use std::f64::consts::{E, LN_2, LN_10, PI};
    for (unit, name) in [(1.0, ""), (PI, "pi"), (E, "e"), (LN_2, "log(2)"), (LN_10, "log(10)")] {
        if taken(name.split('(').next().unwrap_or(name)) {
            continue;
        }
        for q in 1..=12 {
            let p = (value.abs() * f64::from(q) / unit).round();
            if !(1.0..=24.0).contains(&p) || p * unit / f64::from(q) != value.abs() {
                continue;
            }
            let above = match (name, p) {
                ("", p) => format!("{p}"),
                (name, 1.0) => name.into(),
                (name, p) => format!("{p}*{name}"),
            };
            let text = if q == 1 { format!("{sign}{above}") } else { format!("{sign}{above}/{q}") };
            let simple = q == 1 && p == 1.0;
            return Some((
                text,
                if !simple {
                    Binding::Product
                } else if value < 0.0 {
                    Binding::Sign
                } else {
                    Binding::Atom
                },
            ));
        }
    }
    None
}
