//! Proof: is a design right on **all** inputs?
//!
//! [`prove`] takes a validated [`Design`](olivine_netlist::Design) and gives each of its
//! assertions and covers a [`Verdict`]:
//!
//! ```
//! use olivine_formal::{Options, prove};
//! use olivine_netlist::Design;
//!
//! let design = Design::parse(r#"
//! netlist 1
//! top counter
//! module counter {
//!   domain rising
//!   output value : unsigned 4 = count
//!   register count : unsigned 4 reset 4'h0
//!     set next
//!   count : unsigned 4 = register count
//!   ten : 4 = 4'ha
//!   one : 4 = 4'h1
//!   zero : 4 = 4'h0
//!   sum : 4 = add(count, one)
//!   last : bit = eq(sum, ten)
//!   next : 4 = mux(last, zero, sum)
//!   in_range : bit = less_unsigned(count, ten)
//!   assert "the count stays below ten" in_range
//! }
//! "#).unwrap();
//! prove(&design, &Options::default()).unwrap().assert_proved();
//! ```
//!
//! [`equivalent`] compares the outputs of two designs in the same way.
//!
//! # From a design to clauses
//! flat design → transition system on words, only what the properties depend on → gates, each made
//! once, constants folded → steps unrolled → clauses of the gates that are asked about → batsat.
//!
//! # What is meant
//! - A **run** starts at power-up and goes through reset as [`Start`] says. Then each step is one
//!   edge of one clock domain, reset inactive. With several domains every interleaving of edges is
//!   a run; edges never coincide, as for every [`Engine`](olivine_interp::Engine) of the house.
//! - A **reset** that is asynchronous acts at once: in a step in which it is active, cells see the
//!   reset values, and registers hold them behind the step even if it is another domain's. One that
//!   is synchronous acts behind the edges of its domain.
//! - A **sample** is what a step sees before its edge. A property is sampled at the steps of its
//!   domain. Depths count samples of any domain, from the first step after reset.
//! - **Undefined** values are free: cells that say so in each step, registers and memory words
//!   without an init value at power-up, reads out of range and undefined collisions when read.
//! - An **assumption** that fails ends a run: nothing from that sample on counts.
//! - A **run without end** is fair if every `fair` condition holds at infinitely many samples of it,
//!   and every clock domain that matters has infinitely many edges. A `live` condition has to hold at
//!   infinitely many samples of every fair run. What finitely many samples show does not depend on
//!   fairness.
//!
//! # What can be relied on
//! - `Proved`: by k-induction, in which all open assertions (and the unreachability of covers)
//!   strengthen each other; by an invariant that PDR found; by trying every pattern; by
//!   algebra, of sums and products that are equal however they are computed; or, of two
//!   designs, by sweeping: state that is always equal and what follows from it. Of a memory all but
//!   algebra may follow one word or two, whichever they are, and let all others be anything. Its
//!   [`Certificate`] can be checked anew, by code that shares nothing with the engines but the
//!   solver. A proof is given only where some legal run meets the property at least once.
//!   Of properties that depend on equal logic, and of bits of a word that is only moved, one is
//!   proved; the proofs of the others are that one with the state renamed, and checked as any other.
//! - `Proved`, of runs without end: in so many rounds, each of which meets everything fair once, the
//!   condition holds at least once. That is a safety property of a system with a count, proved by
//!   any of these means, and the checker counts by itself. Some run is fair.
//! - `Violated`, `Reached`: the run has been replayed on the interpreter, which agreed. Inputs that
//!   do not matter are zero.
//!   Of runs without end, the last cycles are a loop: it is gone through several times, and state,
//!   fairness and condition are looked at each time.
//! - `Bounded` is no proof, and `Unknown` says why.
//!
//! What the top assumes of its inputs is given. What a placed module assumes is to be shown, as what
//! it asserts, and what it takes as fair has to hold again and again.
//!
//! [`prove_composed`] proves each module once, by itself, from what was proved of those that it
//! places, and relies on what these assert once it has shown what they assume.
//!
//! [`Certificate::core`] says what of the design a proof rests on; [`diagnose`] what a verdict says of
//! how the question was put; [`prove_cached`] keeps what was decided, to be checked instead of found;
//! [`prove_by`] asks a program of others, which is believed no more than our own engines.

mod aiger;
mod algebra;
mod bits;
mod btor2;
mod cache;
mod certificate;
mod check;
mod cnf;
mod codes;
mod compose;
mod diagnose;
mod engine;
mod exhaust;
mod external;
mod file;
mod format_fault;
pub mod fuzz;
mod gates;
mod live;
mod miter;
mod options;
mod pdr;
mod placed;
mod prove;
mod report;
mod roles;
mod sabotage;
mod smt;
mod solver;
mod stimulus;
mod sweep;
mod symmetry;
mod system;
mod tracked;
mod unroll;
mod witness;
mod words;

pub use aiger::{Aiger, read_aiger};
pub use btor2::{Btor2, read_btor2};
pub use cache::prove_cached;
pub use certificate::{Certificate, ComposedStep, Evidence, Merge, Placed, StateBit, Tracked};
pub use check::{ProofCore, Rejection};
pub use codes::{CODES, explain};
pub use compose::{Composed, prove_composed};
pub use diagnose::diagnose;
pub use engine::{Progress, Work};
pub use external::{
    Abc, Answered, Claim, EXTERNAL_ENGINES, ExternalEngine, Question, Ric3, SmtInduction,
    SmtSolver, Smtbmc, external_engine, prove_by,
};
pub use file::{CertificateFile, FileFault};
pub use format_fault::FormatFault;
pub use miter::{equivalent, equivalent_with, miter};
pub use options::{Engine, Options, Paths, Selection, Start};
pub use prove::{prove, prove_with};
pub use report::{Counterexample, Report, Row, Verdict};
pub use stimulus::{Assignment, Chosen, Cycle, Replay, ReplayFault, Stimulus};
pub use witness::Witnesses;
