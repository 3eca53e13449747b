//! Normal and exponential draws by the ziggurat.
//!
//! G. Marsaglia and W. W. Tsang (2000), "The ziggurat method for generating random variables", doi:10.18637/jss.v005.i08: 2,048 layers of
//! equal area cover the density; a point of a layer that lies left of the next layer's edge is under the density, and for all but a few in
//! a thousand that decides. The layer takes 11 bits, the place in the layer the other 53, of which the last
//! is always set, so that it serves as the sign. The tail is drawn exactly, beyond any bound.

use std::sync::LazyLock;

use super::kernel::portable_kernel;
use super::portable::{exp, ln};
use super::rejection::for_each_marked;
use super::source::{BLOCK, Source, open};

const LAYERS: usize = 2048;

/// Right edges of the layers, from the one that stands for the tail (its width is area/density) to 0 at the top, and densities there.
#[derive(Debug)]
pub(super) struct Ziggurat {
    edges: [f64; LAYERS + 1],
    densities: [f64; LAYERS + 1],
}

/// For exp(−x²/2): where the tail begins, and the area of a layer.
const NORMAL: (f64, f64) = (4.216_370_409_511_896_864, 6.126_065_176_240_460_859e-4);
/// For exp(−x).
const EXPONENTIAL: (f64, f64) = (10.022_897_068_405_040_86, 4.891_103_607_436_302_957e-4);

static NORMAL_LAYERS: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(NORMAL, |x| exp(-0.5 * x * x), |y| (-2.0 * ln(y)).sqrt()));
static EXPONENTIAL_LAYERS: LazyLock<Ziggurat> = LazyLock::new(|| Ziggurat::new(EXPONENTIAL, |x| exp(-x), |y| -ln(y)));

impl Ziggurat {
    fn new((tail, area): (f64, f64), density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Ziggurat {
        let (mut edges, mut densities) = ([0.0; LAYERS + 1], [1.0; LAYERS + 1]);
        edges[0] = area / density(tail);
        edges[1] = tail;
        for layer in 1..LAYERS {
            densities[layer] = density(edges[layer]);
            if layer + 1 < LAYERS {
                edges[layer + 1] = inverse(densities[layer] + area / edges[layer]);
            }
        }
        Ziggurat { edges, densities }
    }

    /// Whether a point between the edges of a layer's step, at this height of the step, lies under the density there.
    #[inline]
    fn under(&self, layer: usize, height: f64, density: f64) -> bool {
        self.densities[layer] + height * (self.densities[layer + 1] - self.densities[layer]) < density
    }
}

/// The bits of a block's points, and which of them lie beside the next layer's edge.
#[derive(Debug)]
pub(super) struct Points {
    bits: [u64; BLOCK],
    outside: [u8; BLOCK],
}

impl Points {
    pub(super) fn new() -> Points {
        Points { bits: [0; BLOCK], outside: [0; BLOCK] }
    }

    /// At most [`BLOCK`] standard normal draws.
    pub(super) fn normal(&mut self, source: &mut Source, out: &mut [f64]) {
        let layers = &*NORMAL_LAYERS;
        source.bits(&mut self.bits, out.len());
        points_normal(source.level, &layers.edges, &self.bits, out, &mut self.outside);
        for_each_marked(&self.outside, out.len(), |place| {
            if let Some(out) = out.get_mut(place) {
                *out = normal_beside(source, layers, self.bits[place]);
            }
        });
    }

    /// At most [`BLOCK`] standard exponential draws.
    pub(super) fn exponential(&mut self, source: &mut Source, out: &mut [f64]) {
        let layers = &*EXPONENTIAL_LAYERS;
        source.bits(&mut self.bits, out.len());
        points_exponential(source.level, &layers.edges, &self.bits, out, &mut self.outside);
        for_each_marked(&self.outside, out.len(), |place| {
            if let Some(out) = out.get_mut(place) {
                *out = exponential_beside(source, layers, self.bits[place]);
            }
        });
    }
}

/// Standard normal draws.
pub(super) fn fill_normal(source: &mut Source, out: &mut [f64]) {
    let mut points = Points::new();
    out.chunks_mut(BLOCK).for_each(|out| points.normal(source, out));
}

/// Standard exponential draws.
pub(super) fn fill_exponential(source: &mut Source, out: &mut [f64]) {
    let mut points = Points::new();
    out.chunks_mut(BLOCK).for_each(|out| points.exponential(source, out));
}

/// The layer and the place of a point.
#[inline(always)]
fn point(edges: &[f64; LAYERS + 1], bits: u64) -> (usize, f64) {
    let layer = (bits & (LAYERS as u64 - 1)) as usize;
    (layer, open(bits) * edges[layer])
}

/// The number with the bit beside the layer's as its sign.
#[inline(always)]
fn signed(x: f64, bits: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ ((bits << 52) & (1 << 63)))
}

portable_kernel! {
    fn points_normal(edges: &[f64; LAYERS + 1], bits: &[u64; BLOCK], out: &mut [f64], outside: &mut [u8; BLOCK]) = points_body::<true>
}
portable_kernel! {
    fn points_exponential(edges: &[f64; LAYERS + 1], bits: &[u64; BLOCK], out: &mut [f64], outside: &mut [u8; BLOCK]) = points_body::<false>
}

#[inline(always)]
fn points_body<const SIGNED: bool>(
    edges: &[f64; LAYERS + 1],
    bits: &[u64; BLOCK],
    out: &mut [f64],
    outside: &mut [u8; BLOCK],
) {
    for ((out, &bits), outside) in out.iter_mut().zip(bits).zip(outside) {
        let (layer, x) = point(edges, bits);
        *outside = u8::from(!(x < edges[layer + 1]));
        *out = if SIGNED { signed(x, bits) } else { x };
    }
}

/// The draw that begins with a point beside the next layer's edge.
#[cold]
fn normal_beside(source: &mut Source, layers: &Ziggurat, bits: u64) -> f64 {
    let mut bits = bits;
    loop {
        let (layer, x) = point(&layers.edges, bits);
        if x < layers.edges[layer + 1] {
            return signed(x, bits);
        }
        if layer == 0 {
            // Marsaglia's tail (1964): an exponential beyond the edge, kept with probability exp(−excess²/2).
            loop {
                let excess = -ln(source.open()) / NORMAL.0;
                if -2.0 * ln(source.open()) >= excess * excess {
                    return signed(NORMAL.0 + excess, bits);
                }
            }
        }
        if layers.under(layer, source.open(), exp(-0.5 * x * x)) {
            return signed(x, bits);
        }
        bits = source.next();
    }
}

#[cold]
fn exponential_beside(source: &mut Source, layers: &Ziggurat, bits: u64) -> f64 {
    let (mut bits, mut beyond) = (bits, 0.0);
    loop {
        let (layer, x) = point(&layers.edges, bits);
        if x < layers.edges[layer + 1] {
            return beyond + x;
        }
        if layer == 0 {
            // The tail has no memory: it is a draw of the same distribution beyond the edge.
            beyond += EXPONENTIAL.0;
        } else if layers.under(layer, source.open(), exp(-x)) {
            return beyond + x;
        }
        bits = source.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layers_end_at_the_top_of_the_density() {
        for (layers, (tail, area)) in [(&*NORMAL_LAYERS, NORMAL), (&*EXPONENTIAL_LAYERS, EXPONENTIAL)] {
            assert_eq!(layers.edges[1], tail);
            let top = layers.edges[LAYERS - 1];
            // The last layer reaches from the density at its edge up to 1. 2,000 roundings changed its area a little.
            let last = (1.0 - layers.densities[LAYERS - 1]) * top;
            assert!((last / area - 1.0).abs() < 1e-8, "{}", last / area - 1.0);
            assert!(layers.edges.windows(2).all(|pair| pair[0] > pair[1]));
        }
        // A layer's area is the tail's and what stands under it.
        let tail = std::f64::consts::TAU.sqrt() * crate::special::ndtr(-NORMAL.0);
        assert!((NORMAL.0 * exp(-0.5 * NORMAL.0 * NORMAL.0) + tail - NORMAL.1).abs() < 1e-15);
        assert!(((EXPONENTIAL.0 + 1.0) * exp(-EXPONENTIAL.0) - EXPONENTIAL.1).abs() < 1e-15);
    }
}
