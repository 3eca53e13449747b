//! Powers of a matrix in numbers without an end of range: every entry is m·2^e with an exponent of its own, so that one entry may leave the range of doubles
//! while another one stays small.
//!
//! Sums and products round as doubles do; only the exponent is wider. Much slower than plain products, and wanted only where those overflow.

/// A square matrix by columns; entry k is mantissa\[k\]·2^exponent\[k\], with a mantissa in ±[½, 1) or zero.
#[derive(Debug, Clone)]
struct Extended {
    n: usize,
    mantissas: Vec<f64>,
    exponents: Vec<i64>,
}

/// Exponents stop here, far outside of the range of doubles and far inside that of whole numbers.
const FAR: i64 = 1 << 60;

/// aᵖ for p ≥ 1, by repeated squaring; an entry beyond the range of doubles becomes an infinity of its sign, one below it zero.
pub(super) fn power(a: &[f64], n: usize, mut p: u64) -> Vec<f64> {
    let mut base = Extended::of(a, n);
    let mut result: Option<Extended> = None;
    loop {
        if p & 1 == 1 {
            result = Some(result.map_or_else(|| base.clone(), |old| old.times(&base)));
        }
        p >>= 1;
        if p == 0 {
            return result.unwrap_or(base).doubles();
        }
        base = base.times(&base);
    }
}

impl Extended {
    fn of(a: &[f64], n: usize) -> Self {
        let (mantissas, exponents) = a.iter().map(|&x| libm::frexp(x)).map(|(m, e)| (m, i64::from(e))).unzip();
        Extended { n, mantissas, exponents }
    }

    fn doubles(&self) -> Vec<f64> {
        let entries = self.mantissas.iter().zip(&self.exponents);
        entries.map(|(&m, &e)| libm::ldexp(m, e.clamp(-5000, 5000) as i32)).collect()
    }

    fn times(&self, other: &Self) -> Self {
        let n = self.n;
        let mut product = Extended { n, mantissas: vec![0.0; n * n], exponents: vec![0; n * n] };
        for j in 0..n {
            let column = j * n..(j + 1) * n;
            let (sums, powers) = (&mut product.mantissas[column.clone()], &mut product.exponents[column]);
            for k in 0..n {
                let (factor, power) = (other.mantissas[k + j * n], other.exponents[k + j * n]);
                if factor == 0.0 {
                    continue;
                }
                let own = self.mantissas[k * n..(k + 1) * n].iter().zip(&self.exponents[k * n..(k + 1) * n]);
                for ((sum, e), (&m, &own)) in sums.iter_mut().zip(powers.iter_mut()).zip(own) {
                    if m != 0.0 {
                        (*sum, *e) = add((*sum, *e), (m * factor, (own + power).clamp(-FAR, FAR)));
                    }
                }
            }
            for (m, e) in sums.iter_mut().zip(powers) {
                let (mantissa, shift) = libm::frexp(*m);
                (*m, *e) = (mantissa, if mantissa == 0.0 { 0 } else { (*e + i64::from(shift)).clamp(-FAR, FAR) });
            }
        }
        product
    }
}

/// x + y.
fn add(x: (f64, i64), y: (f64, i64)) -> (f64, i64) {
    if x.0 == 0.0 {
        return y;
    }
    if y.1 > x.1 { (y.0 + x.0 * power_of_two(x.1 - y.1), y.1) } else { (x.0 + y.0 * power_of_two(y.1 - x.1), x.1) }
}

/// 2^e for e ≤ 0; zero where that is far below a rounding error.
fn power_of_two(e: i64) -> f64 {
    if e < -1000 { 0.0 } else { f64::from_bits(((1023 + e) as u64) << 52) }
}
