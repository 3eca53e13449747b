//! The same bits at every SIMD level, and the values that seeds stand for.

use super::source::Source;
use super::{Stream, alias, discrete, gamma, hypergeometric, source, von_mises, ziggurat};
use crate::simd::Level;

type Sampler = fn(&mut Source, &mut [f64]);

/// Every sampler, by every method it has.
const SAMPLERS: [(&str, Sampler); 30] = [
    ("uniform", source::fill_uniform),
    ("normal", ziggurat::fill_normal),
    ("exponential", ziggurat::fill_exponential),
    ("gamma, 1e-3", |s, out| gamma::fill_gamma(s, 1e-3, out)),
    ("gamma, 0.5", |s, out| gamma::fill_gamma(s, 0.5, out)),
    ("gamma, 1", |s, out| gamma::fill_gamma(s, 1.0, out)),
    ("gamma, 1.01", |s, out| gamma::fill_gamma(s, 1.01, out)),
    ("gamma, 1e10", |s, out| gamma::fill_gamma(s, 1e10, out)),
    ("log gamma, 1e-3", |s, out| gamma::fill_log_gamma(s, 1e-3, out)),
    ("log gamma, 3", |s, out| gamma::fill_log_gamma(s, 3.0, out)),
    ("beta, 0.01, 0.5", |s, out| gamma::fill_beta(s, 0.01, 0.5, out)),
    ("beta, 0.5, 2", |s, out| gamma::fill_beta(s, 0.5, 2.0, out)),
    ("Poisson, 0.3", |s, out| discrete::fill_poisson(s, 0.3, out)),
    ("Poisson, 11", |s, out| discrete::fill_poisson(s, 11.0, out)),
    ("Poisson, 1e7", |s, out| discrete::fill_poisson(s, 1e7, out)),
    ("Poisson, 1e300", |s, out| discrete::fill_poisson(s, 1e300, out)),
    ("binomial, 9, 0.3", |s, out| discrete::fill_binomial(s, 9, 0.3, out)),
    ("binomial, 10⁶, 0.7", |s, out| discrete::fill_binomial(s, 1_000_000, 0.7, out)),
    ("binomial, 10¹⁸, 0.4", |s, out| discrete::fill_binomial(s, 1_000_000_000_000_000_000, 0.4, out)),
    ("geometric, 0.01", |s, out| discrete::fill_geometric(s, 0.01, out)),
    ("negative binomial, 2.5, 0.3", |s, out| discrete::fill_negative_binomial(s, 2.5, 0.3, out)),
    ("negative binomial, 0.01, 1e-9", |s, out| discrete::fill_negative_binomial(s, 0.01, 1e-9, out)),
    ("negative binomial, 1e5, 1e-3", |s, out| discrete::fill_negative_binomial(s, 1e5, 1e-3, out)),
    ("hypergeometric, 60, 20, 50", |s, out| hypergeometric::fill_hypergeometric(s, 60, 20, 50, out)),
    ("hypergeometric, 10⁸", |s, out| {
        hypergeometric::fill_hypergeometric(s, 100_000_000, 40_000_000, 30_000_000, out)
    }),
    ("von Mises, 0", |s, out| von_mises::fill_von_mises(s, 0.0, out)),
    ("von Mises, 3", |s, out| von_mises::fill_von_mises(s, 3.0, out)),
    ("von Mises, 1e6", |s, out| von_mises::fill_von_mises(s, 1e6, out)),
    ("categorical", |s, out| alias::fill_categorical(s, &[0.1, 0.0, 0.6, 0.2, 0.1], out)),
    ("below 10", |s, out| source::fill_below(s, 10, out)),
];

#[test]
fn every_level_draws_the_same_bits() {
    for (name, sampler) in SAMPLERS {
        for length in [1, 10, 1000] {
            let draw = |level| {
                let mut source = Source::of(&mut Stream::seeded(6));
                source.level = level;
                let mut out = vec![0.0; length];
                sampler(&mut source, &mut out);
                out.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
            };
            let baseline = draw(Level::Baseline);
            assert_eq!(baseline, draw(Level::Avx2), "{name}, AVX2");
            assert_eq!(baseline, draw(Level::Avx512), "{name}, AVX-512");
        }
    }
}

/// The first two and the last of 1,000 draws with the seed 1. A change of these is a change of what users' seeds mean.
#[test]
fn the_draws_of_a_seed_stay_as_they_are() {
    for ((name, sampler), expected) in SAMPLERS.into_iter().zip(PINNED) {
        let mut out = [0.0; 1000];
        sampler(&mut Source::of(&mut Stream::seeded(1)), &mut out);
        assert_eq!([out[0], out[1], out[999]], expected, "{name}");
    }
}

const PINNED: [[f64; 3]; 30] = [
    [0.38550251643565436, 0.8487798190550362, 0.5045869450714019],
    [-0.5575799320397271, 1.520469022212885, -0.9499425767920815],
    [0.5830197464328398, 1.8465065094159236, 1.195666072158626],
    [0.0, 1.3684206102752258e-186, 0.0],
    [0.04618034578560154, 1.5688420917141892, 0.04095234570969806],
    [0.5830197464328398, 1.8465065094159236, 1.195666072158626],
    [0.31382964318814416, 2.856273178029572, 0.21928088368935492],
    [9999944241.777094, 10000152047.339493, 10000066192.06707],
    [-1332.6087533559075, -427.9671700612979, -1285.2831325266386],
    [0.618338829185744, 1.7917451428807831, -1.7092051814552125],
    [1.9749490674502625e-155, 3.3418391139062666e-92, 4.078023695888933e-93],
    [0.0004251088801253894, 0.027083856461492237, 0.46045229712361274],
    [0.0, 1.0, 0.0],
    [8.0, 13.0, 10.0],
    [9998966.0, 10003707.0, 9993862.0],
    [1e300, 1e300, 1e300],
    [6.0, 3.0, 2.0],
    [700150.0, 699463.0, 700564.0],
    [3.9999999983982803e17, 4.000000005740835e17, 3.999999993968744e17],
    [59.0, 184.0, 119.0],
    [3.0, 9.0, 4.0],
    [0.0, 0.0, 0.0],
    [99728536.0, 100381992.0, 100112070.0],
    [14.0, 16.0, 17.0],
    [11997697.0, 11998428.0, 12001999.0],
    [-0.7194089064405327, 2.1914482345273587, 0.7614719854619251],
    [-0.21553829173994857, 1.0199144412160455, -0.740708852617825],
    [-0.00037606546514856444, 0.0019441500674647993, 0.00024197908364528682],
    [3.0, 2.0, 4.0],
    [3.0, 8.0, 5.0],
];

#[test]
fn a_fill_moves_the_stream_on_by_four_words() {
    let (mut filled, mut plain) = (Stream::seeded(8), Stream::seeded(8));
    filled.fill_gamma(0.3, &mut [0.0; 100]);
    (0..4).for_each(|_| {
        plain.bits();
    });
    assert_eq!(filled, plain);
}
