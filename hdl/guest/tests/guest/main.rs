//! `rust-hdl` as a guest; see the crate.

mod blocks;
mod cut;
mod disagreements;
mod lockstep;
mod ours;
mod proofs;
mod read;

#[path = "../../../import/tests/common/random.rs"]
mod random;
