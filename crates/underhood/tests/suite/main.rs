//! Every test of the core that stands outside it, in one program: the crates below are compiled into it once, not once a file.
//!
//! `cargo test -p underhood --test suite regression -- --nocapture` runs the tests of one file and shows what they measured.

mod gallery;
mod reference;

mod calculus;
mod constrained;
mod descent;
mod distributions;
mod distributions_composed;
mod distributions_disc;
mod distributions_location;
mod distributions_multivariate;
mod distributions_positive;
mod equations;
mod fields;
mod graph;
mod integrals;
mod least_squares;
mod limits;
mod limits_hard;
mod linalg;
mod linalg_factorizations;
mod linalg_identities;
mod linalg_iterations;
mod linalg_singular;
mod linalg_solving;
mod linalg_spectra;
mod linalg_subspaces;
mod linalg_symmetric;
mod linalg_vectors;
mod linear_models;
mod mgh;
mod minimize;
mod models_iris;
mod network;
mod nist_nonlinear;
mod optimize;
mod programs;
mod random;
mod regression;
mod roots;
mod special;
mod special_lanes;
mod stats_certified;
