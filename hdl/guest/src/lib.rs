//! Guests: blocks written in [`rust-hdl`](https://docs.rs/rust-hdl) 0.46.
//!
//! Nothing is here but tests, in one binary, so that `rust-hdl` is built once and nobody waits for
//! it: `cargo test -p olivine-guest`. They take a block's Verilog, as `rust-hdl` writes it, into a
//! [`Design`](https://docs.rs/olivine-netlist) and
//! - prove an int8 processing element, a 4×4 array of it and the stock FIFO equal to ours;
//! - run `rust-hdl`'s own simulator beside the design that was read;
//! - draw the cycles in which that simulator and the Verilog disagree.
