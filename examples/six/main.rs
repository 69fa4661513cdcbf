//! Six things that every hardware language is asked for; `olivine::guide::compare` shows them
//! beside other languages.
//!
//! `cargo run --release --example six -- list` is the `olivine` command for them.

mod axi_lite;
mod axi_lite_ready;
mod counter;
mod fir;
#[cfg(test)]
mod mistakes;
mod round_robin;
mod stream_fifo;
mod systolic;
#[cfg(test)]
mod tests;

use olivine::prelude::*;
use olivine::{Registry, elaborated, regress};
use std::process::ExitCode;

/// The six, at sizes to look at.
fn designs() -> Registry {
    Registry::empty()
        .design("counter", "counts enabled cycles, and wraps", &[], |_| {
            elaborated(counter::Counter { limit: 10 })
        })
        .design("stream_fifo", "a FIFO between two streams", &[], |_| {
            elaborated(stream_fifo::StreamFifo { of: unsigned(8), depth: 4 })
        })
        .design("round_robin", "a round-robin arbiter", &[], |_| {
            elaborated(round_robin::RoundRobin { n: 4 })
        })
        .design("fir", "a FIR filter", &[], |_| {
            elaborated(fir::Fir { width: 8, taps: vec![1, 3, -2, 5] })
        })
        .design("axi_lite", "a bank of registers behind AXI4-Lite", &[], |_| {
            elaborated(axi_lite::RegisterBank { n: 4 })
        })
        .design("axi_lite_ready", "the same of what the library has", &[], |_| {
            elaborated(axi_lite_ready::ReadyBank { n: 4 })
        })
        .design("systolic", "a systolic array with its controller", &[], |_| {
            elaborated(systolic::Systolic { n: 4, k: 4 })
        })
}

fn main() -> ExitCode {
    olivine::main(&designs(), &regress::Registry::new())
}
