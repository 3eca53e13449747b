//! Slopes of functions without derivatives, which do not leave the bounds.

use ndarray::{Array1, Array2};

use crate::error::Result;

/// Slopes of several functions, a row for each: central differences over two steps, extrapolated; or to one side over three where a bound or a place
/// without finite values is near.
pub(super) fn slopes(
    x: &[f64],
    (low, high): &(Vec<f64>, Vec<f64>),
    count: usize,
    f: &mut dyn FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<Array2<f64>> {
    /// Shorter ways that are tried where some value is not finite.
    const SHORTER: [f64; 3] = [1.0, 1e-2, 1e-4];
    let mut slopes = Array2::zeros((count, x.len()));
    let finite = |slope: &Array1<f64>| slope.iter().all(|v| v.is_finite());
    for i in 0..x.len() {
        let mut at = |offset: f64| -> Result<(f64, Array1<f64>)> {
            let mut moved = x.to_vec();
            moved[i] = (x[i] + offset).max(low[i]).min(high[i]);
            Ok((moved[i], Array1::from(f(&moved)?)))
        };
        let size = x[i].abs().max(0.1);
        let (below, above) = (x[i] - low[i], high[i] - x[i]);
        let wide = f64::EPSILON.powf(0.2) * size;
        if below.min(above) >= wide {
            let mut quotient = |h: f64| -> Result<Array1<f64>> {
                let ((a, above), (b, below)) = (at(h)?, at(-h)?);
                Ok((above - below) / (a - b))
            };
            let (wide, narrow) = (quotient(wide)?, quotient(0.5 * wide)?);
            let slope = &narrow + &((&narrow - &wide) / 3.0);
            if finite(&slope) {
                slopes.column_mut(i).assign(&slope);
                continue;
            }
        }
        let (place, here) = at(0.0)?;
        let sides = if above >= below { [(1.0, above), (-1.0, below)] } else { [(-1.0, below), (1.0, above)] };
        let mut found = None;
        for shorter in SHORTER {
            for (side, room) in sides {
                let h = (shorter * f64::EPSILON.powf(0.25) * size).min(room);
                if !(h > 0.0) || found.is_some() {
                    continue;
                }
                let mut quotient = |part: f64| -> Result<Array1<f64>> {
                    let (there, value) = at(side * part * h)?;
                    Ok((value - &here) / (there - place))
                };
                let (whole, half, narrow) = (quotient(1.0)?, quotient(0.5)?, quotient(0.25)?);
                let slope = whole / 3.0 - 2.0 * half + narrow * (8.0 / 3.0);
                found = finite(&slope).then_some(slope);
            }
        }
        // A variable between two equal bounds has no slope.
        let none = if below.max(above) > 0.0 { f64::NAN } else { 0.0 };
        slopes.column_mut(i).assign(&found.unwrap_or_else(|| Array1::from_elem(count, none)));
    }
    Ok(slopes)
}
