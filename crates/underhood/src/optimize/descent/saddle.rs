//! Whether a place where the gradient has vanished is a saddle or a maximum: there f is curved downward along some way, however near one
//! looks. Coordinates are measured in their own sizes, and what is seen from far must be seen from nearer too, so that a lower basin
//! beside a minimum is not taken for a slope away from it.

use crate::error::Error;
use crate::optimize::lanczos::{Lowest, lowest};
use crate::optimize::lengths::dot;
use crate::random::Stream;

/// How far is looked, in sizes of the coordinates, where slopes are known.
const REACHES_OF_SLOPES: [f64; 2] = [1e-5, 1e-7];
/// The same by values alone, whose second differences lose twice the digits.
const REACHES_OF_VALUES: [f64; 2] = [1e-4, 1e-6];
/// What is seen must be seen at these parts of the reach too.
const NEARER: [f64; 2] = [0.1, 0.01];
/// A curvature that is less than this part of the largest is none.
const NONE: f64 = 1e-7;

/// The size of each coordinate: its own, or the way that was gone along it; without either, that of the others.
pub(super) fn sizes(x: &[f64], start: &[f64]) -> Vec<f64> {
    let own: Vec<f64> = x.iter().zip(start).map(|(x, x0)| x.abs().max((x - x0).abs())).collect();
    let largest = own.iter().fold(0.0_f64, |m, v| m.max(*v));
    let other = if largest > 0.0 { largest } else { 1.0 };
    own.into_iter().map(|size| if size > 1e-8 * other { size } else { other }).collect()
}

/// Whether f falls away from x, by its gradient.
pub(super) fn by_slopes<E: From<Error>>(
    mut gradient: impl FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    x: &[f64],
    start: &[f64],
) -> Result<bool, E> {
    let sizes = sizes(x, start);
    let (mut moved, mut ahead) = (x.to_vec(), x.to_vec());
    let mut product = |v: &[f64], reach: f64, into: &mut [f64]| -> Result<(), E> {
        let mut toward = |reach: f64, into: &mut [f64]| {
            for i in 0..x.len() {
                moved[i] = x[i] + reach * sizes[i] * v[i];
            }
            into.fill(f64::NAN); // where there is no value, there need not be a gradient
            gradient(&moved, into)
        };
        toward(reach, &mut ahead)?;
        toward(-reach, into)?;
        for i in 0..x.len() {
            into[i] = sizes[i] * (ahead[i] - into[i]) / (2.0 * reach);
        }
        Ok(())
    };
    falls_away(&mut product, x.len(), &|_| 0.0, REACHES_OF_SLOPES)
}

/// The same by values alone.
pub(super) fn by_values<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    (x, value): (&[f64], f64),
    start: &[f64],
) -> Result<bool, E> {
    let sizes = sizes(x, start);
    let mut moved = x.to_vec();
    let mut product = |v: &[f64], reach: f64, into: &mut [f64]| -> Result<(), E> {
        for i in 0..x.len() {
            let mut corner = |along: f64, aside: f64| {
                for j in 0..x.len() {
                    moved[j] = x[j] + along * sizes[j] * v[j];
                }
                moved[i] += aside * sizes[i];
                f(&moved)
            };
            let ahead = corner(reach, reach)? - corner(reach, -reach)?;
            let behind = corner(-reach, reach)? - corner(-reach, -reach)?;
            into[i] = (ahead - behind) / (4.0 * reach * reach);
        }
        Ok(())
    };
    let rounding = |reach: f64| 16.0 * f64::EPSILON * value.abs() / (reach * reach);
    falls_away(&mut product, x.len(), &rounding, REACHES_OF_VALUES)
}

/// Writes H v by differences over so far a reach.
type Product<'a, E> = dyn FnMut(&[f64], f64, &mut [f64]) -> Result<(), E> + 'a;

fn falls_away<E: From<Error>>(
    product: &mut Product<'_, E>,
    n: usize,
    rounding: &dyn Fn(f64) -> f64,
    reaches: [f64; 2],
) -> Result<bool, E> {
    // Any direction will do that is not perpendicular to the one looked for: a random one, the same in every run.
    let mut stream = Stream::seeded(0);
    let begin: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    let mut image = vec![0.0; n];
    'reaches: for reach in reaches {
        let mut times = |v: &[f64], into: &mut [f64]| -> Result<bool, E> {
            product(v, reach, into)?;
            Ok(into.iter().all(|v| v.is_finite()))
        };
        let Some(Lowest { value, most, way }) = lowest(begin.clone(), n, &mut times)? else { continue };
        if !(value < -rounding(reach).max(NONE * most)) {
            continue;
        }
        for part in NEARER {
            product(&way, part * reach, &mut image)?;
            if !(dot(&image, &way) < rounding(part * reach)) {
                continue 'reaches;
            }
        }
        return Ok(true);
    }
    Ok(false)
}
