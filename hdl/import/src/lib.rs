//! Reads designs that were not written in Olivine.
//!
//! - [`verilog`]: Verilog text, through Yosys (`prep`), and [`yosys_json`]: what its `write_json`
//!   gives. Hierarchy, names, memories, initial values and source lines are kept.
//!
//! # What a design that was read means
//! - A one-bit input port that clocks something is a clock: it becomes a domain, not a port. The
//!   port `clk` is the domain without a name, `clk_x` the domain `x`; any other name is that
//!   domain's name, unless it is the only clock.
//! - The input `rst` beside `clk`, `rst_x` beside `clk_x` (`reset` beside `clock`) is the reset of
//!   that domain, if it does what a reset does and nothing else; with `_n` or `n` behind its name, it
//!   is active low. So is an input of any name, beside any clock, to which every instance of a module
//!   connects a clock and its reset. It is asynchronous if flip-flops are reset so. [`Options::resets`] makes it an
//!   ordinary input, which it also is where one that is asynchronous or active low does more.
//! - An asynchronous load, or an asynchronous reset that is no domain's, acts as Yosys' `async2sync`
//!   has it: at once on what is seen, and at every edge on what is kept. A pulse between two edges is
//!   seen by nobody.
//! - `x` and undriven nets are [`Undefined`](olivine_netlist::Op::Undefined): free in a proof,
//!   random in simulation. So are a `$pmux` with several selections and a division by zero. Bits
//!   of a memory's initial words that are `x` before the last word that is known are zero.
//! - Cells of loops `g[i].….unit` that form a whole box become an array of instances.
//!
//! [`check_black_boxes`] holds the black boxes of a design against the vendor's Verilog.
//!
//! What cannot be read is a fault with a code of its own ([`CODES`]) and the place in the source;
//! all faults are reported together.

mod black_boxes;
mod names;
mod yosys;

pub use black_boxes::check_black_boxes;
pub use yosys::{ImportError, Options, verilog, yosys_json};

/// Every code with what it means.
pub const CODES: &[(&str, &str)] = &[
    ("I001", "the text is not what Yosys writes"),
    ("I002", "a cell is of a type that is not read"),
    ("I003", "a port goes both ways"),
    ("I010", "a clock is not an input port of its module"),
    ("I011", "a clock is used as data"),
    ("I012", "a port named like a reset does more than reset registers"),
    ("I013", "an instance takes another reset than its clock's"),
    ("I014", "a clock acts on both edges"),
    ("I020", "a memory port does what the waist cannot say"),
    ("I021", "a property has no clock, or several"),
    ("I030", "a black box is of a Verilog module, or has a parameter, that there is not"),
    ("I031", "a pin of a black box is none of its Verilog module, or differs from it"),
    ("I032", "an input of the Verilog module of a black box is left open"),
];
