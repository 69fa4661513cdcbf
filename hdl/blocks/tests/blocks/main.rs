//! The contracts of the blocks: golden models on random stimulus, proofs without bound, and the
//! mutants that these notice.

mod arbiters;
mod arithmetic;
mod bits;
mod common;
mod division;
mod existing;
mod liveness;
mod memories;
mod producer;
mod random;
mod stream;
mod survivors;
mod uart;
