//! Whether a place where the gradient is within the tolerance is a place to rest: not where f falls on although its slope has vanished, as at an
//! inflection, and not, without a single step, on a plateau or a slope that is gentler than the tolerance.

use super::saddle::sizes;
use crate::optimize::lengths::{dot, length};

/// What a walk came to rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nothing speaks against it.
    Firm,
    /// f falls away, however near one looks, by more than its slope foretells.
    Falling,
    /// f falls as its slope foretells, which is within the tolerance.
    Gentle,
    /// Nothing changes near by, but farther off it does.
    Plateau,
}

/// Along every axis is looked for so many variables; else down the slope alone.
const MOST_AXES: usize = 50;
/// Parts of the size of x at which a fall must be seen.
const NEAR: [f64; 4] = [1e-4, 1e-3, 1e-2, 1e-1];
/// Falls below this part of f, or of what the walk came down, are none.
const LITTLE: f64 = 1e-6;
/// A fall so many times what the slope foretells is not explained by it.
const UNEXPLAINED: f64 = 10.0;

/// A walk's end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a> {
    pub(super) x: &'a [f64],
    pub(super) value: f64,
    pub(super) slope: &'a [f64],
    pub(super) start: &'a [f64],
    pub(super) first_value: f64,
    /// Whether any step was made.
    pub(super) moved: bool,
}

/// Looks around.
pub(super) fn ground<E>(mut f: impl FnMut(&[f64]) -> Result<f64, E>, rest: &Rest<'_>) -> Result<Ground, E> {
    let Rest { x, value, slope, start, first_value, moved } = *rest;
    let (n, sizes) = (x.len(), sizes(x, start));
    let mut point = x.to_vec();
    let mut rise = |way: &[f64], part: f64| -> Result<f64, E> {
        for i in 0..n {
            point[i] = x[i] + part * way[i];
        }
        Ok(f(&point)? - value)
    };
    // Numbers next to the smallest have lost their digits.
    let rounding = (8.0 * f64::EPSILON * value.abs()).max(1e-290);
    let enough = LITTLE * value.abs().max((first_value - value).abs());
    let mut ways: Vec<Vec<f64>> = Vec::new();
    let (steep, largest) = (length(slope), sizes.iter().fold(0.0_f64, |m, v| m.max(*v)));
    if steep > 0.0 {
        ways.push(slope.iter().map(|g| -g / steep * largest).collect());
    }
    let axes = if n <= MOST_AXES { n } else { 0 };
    for i in 0..axes {
        for size in [sizes[i], -sizes[i]] {
            let mut way = vec![0.0; n];
            way[i] = size;
            ways.push(way);
        }
    }
    for way in &ways {
        let (mut last, mut falls) = (0.0, true);
        for part in NEAR {
            let now = rise(way, part)?;
            falls &= now <= last + rounding;
            if !falls {
                break;
            }
            last = now;
        }
        let foretold = NEAR[3] * dot(slope, way).abs();
        if falls && -last > enough.max(rounding) {
            if -last > UNEXPLAINED * foretold {
                return Ok(Ground::Falling);
            }
            if !moved {
                return Ok(Ground::Gentle);
            }
        }
    }
    if moved {
        return Ok(Ground::Firm);
    }
    let far: Vec<f64> = [0.5, 1.0].into_iter().chain((1..=12).map(|k| 1.5_f64.powi(k))).collect();
    for i in 0..axes {
        let mut way = vec![0.0; n];
        way[i] = sizes[i];
        let none = |rise: f64| rise.abs() <= rounding;
        if !none(rise(&way, NEAR[3])?) || !none(rise(&way, -NEAR[3])?) {
            continue;
        }
        let mut higher = [false; 2];
        for part in &far {
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                let change = rise(&way, sign * part)?;
                if change < -rounding {
                    return Ok(Ground::Plateau);
                }
                higher[side] |= change > rounding;
            }
        }
        if higher[0] != higher[1] {
            return Ok(Ground::Plateau);
        }
    }
    Ok(Ground::Firm)
}
