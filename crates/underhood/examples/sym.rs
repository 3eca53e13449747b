use ndarray::*;
use underhood::linalg::*;
use underhood::random::Stream;
fn main() {
    let only: Option<usize> = std::env::args().nth(1).map(|v| v.parse().unwrap());
    for n in [1usize, 2, 3, 5, 8, 9, 16, 17, 21, 24, 32, 33, 40, 64, 65, 100, 128, 200, 256, 512, 1024] {
        if only.is_some_and(|o| o != n) {
            continue;
        }
        let mut s = Stream::seeded(n as u64);
        let a = Array2::from_shape_simple_fn((n, n), || s.normal());
        let a = &a + &a.t();
        let r = (20_000_000 / (n * n * n + 1000)).clamp(3, if only.is_some() { 20000 } else { 2000 })
            * if only.is_some() { 10 } else { 1 };
        let mut t = vec![];
        let mut tv = vec![];
        let mut e = None;
        let mut ev = None;
        for _ in 0..r {
            let c = std::time::Instant::now();
            e = Some(eigh(a.view(), Triangle::Both).unwrap());
            t.push(c.elapsed().as_secs_f64() * 1e6);
            let c = std::time::Instant::now();
            ev = Some(eigvalsh(a.view(), Triangle::Both).unwrap());
            tv.push(c.elapsed().as_secs_f64() * 1e6);
        }
        t.sort_by(f64::total_cmp);
        tv.sort_by(f64::total_cmp);
        let e = e.unwrap();
        let ev = ev.unwrap();
        let v = &e.vectors;
        let res = a.dot(v) - v * &e.values;
        let orth = v.t().dot(v) - Array2::<f64>::eye(n);
        let f = |x: &Array2<f64>| x.iter().map(|v| v * v).sum::<f64>().sqrt();
        let vd = (&ev - &e.values).iter().fold(0.0f64, |m, v| m.max(v.abs()));
        println!(
            "{n:5} eigh {:10.1} vals {:10.1}  res/(eps|A|) {:7.2} orth/eps {:8.2} vals {:7.2}",
            t[t.len() / 2],
            tv[tv.len() / 2],
            f(&res) / f(&a) / 2.2e-16,
            f(&orth) / 2.2e-16,
            vd / f(&a) / 2.2e-16
        );
    }
}
