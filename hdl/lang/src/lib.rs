//! The language: plain Rust that elaborates into a [`Design`].
//!
//! ```
//! use olivine_lang::prelude::*;
//!
//! /// Counts enabled cycles modulo `limit`.
//! #[module]
//! fn Counter(limit: u64) {
//!     let enable: In<Bit> = bit();
//!     let count: Out<Unsigned> = reg(unsigned(bits_for(limit - 1))).reset(0);
//!     let wraps: Out<Bit> = bit();
//!
//!     let last = count.eq(limit - 1);
//!     when(enable, || count.set(mux(last, 0, count.wrapping_add(1))));
//!     wraps.drive(enable & last);
//!     always("count stays below its limit", count.le(limit - 1));
//! }
//!
//! let design = elaborate(Counter { limit: 3 }).unwrap();
//! assert_eq!(design.top().name, "counter_limit3");
//! ```
//!
//! # A module
//!
//! [`#[module]`](macro@module) makes of a function a struct of its parameters and a record of its
//! ports. The leading `let`s are the ports, each given its shape (a kind and a width); what follows
//! runs once, at elaboration, and builds hardware. It is plain Rust, and short for this:
//!
//! ```
//! # use olivine_lang::prelude::*;
//! /// Counts enabled cycles modulo `limit`.
//! #[derive(Clone, Debug, Hash, PartialEq, Eq)]
//! struct Counter { limit: u64 }
//!
//! #[derive(Ports)]
//! struct CounterPorts { enable: In<Bit>, count: Out<Unsigned>, wraps: Out<Bit> }
//!
//! impl Module for Counter {
//!     type Ports = CounterPorts;
//!
//!     fn ports(&self) -> CounterPorts {
//!         CounterPorts { enable: bit(), count: unsigned(bits_for(self.limit - 1)), wraps: bit() }
//!     }
//!
//!     #[named]
//!     fn build(&self, p: CounterPorts) {
//!         let count = reg(p.count.shape()).reset(0);
//!         p.count.drive(count);
//!         let last = count.eq(self.limit - 1);
//!         when(p.enable, || count.set(mux(last, 0, count.wrapping_add(1))));
//!         p.wraps.drive(p.enable & last);
//!         always("count stays below its limit", count.le(self.limit - 1));
//!     }
//! }
//! # assert_eq!(elaborate(Counter { limit: 3 }).unwrap().top().name, "counter_limit3");
//! ```
//!
//! Both forms mix freely. The long one serves where a record of ports is shared by several modules,
//! or a module has further methods; `assert!`s at the head of the short one are
//! [`Module::check`].
//!
//! # Tour
//!
//! - **Shapes and signals are one type.** [`bit()`], [`unsigned`]`(8)`, [`signed`]`(8)`,
//!   [`fixed`]`(4, 12)`, [`unsigned_fixed()`]`(0, 8)`, [`float`]`(8, 7)` (or [`bf16`]`()`, [`fp16()`], [`fp32()`], [`e4m3()`],
//!   [`e5m2()`]) are shapes: handles without a value. Ports, [`reg`]`(shape)`,
//!   [`wire`]`(shape)` and expressions are signals. Handles are `Copy`; pass them by value, let
//!   closures capture them. `x.shape()` is the shape of a signal, [`constant`]`(shape, 3)`,
//!   [`zero`]`(shape)` and [`undefined`]`(shape)` are values of one. [`bits_for`]`(max)` and
//!   [`index_width`]`(count)` give widths.
//! - **Records**: `#[derive(Clone, Copy, Bundle)] struct Req { addr: Unsigned, write: Bit }` is
//!   a signal like any other; so are tuples, arrays, `Vec` and `Option` of signals.
//!   `x.as_bits()` packs (first field lowest), `shape.unpack(bits)` unpacks,
//!   [`cat`]`((low, mid, high))` joins, `a.same_as(b)` compares whole records.
//! - **Assignment**: `wire.drive(x)` at once (outputs, wires, inputs of instances),
//!   `register.set(x)` at the coming edge. Under [`when`]`(c, || …).otherwise_when(d, || …)
//!   .otherwise(|| …)` only where the condition holds; the last assignment whose condition holds
//!   wins. A wire needs a default before, or an assignment in every arm;
//!   `wire(bit()).`[`otherwise`](Signal::otherwise)`(false)` is one with its default.
//!   `reg(s).reset(0)` is the value under reset, `.init(0)` at power-up; for vectors and arrays a
//!   literal is that of each element.
//! - **Operators** take signals and literals (`bool` for bits, integers, floats for floats).
//!   Literals take the width of the other side in comparisons, logic and assignments, and their
//!   own least width in growing arithmetic.
//!   - growing: `a + b` one bit wider than the wider, `a * b` the sum of the widths, `a - b` one
//!     wider and always [`Signed`], `-a` one wider, `a << 3` and `a >> 3` as the product and
//!     quotient by 2³;
//!   - width kept, operands of one width: `wrapping_add`, `wrapping_sub`, `min`, `max`, `& | ^ !`,
//!     `shift_left(n)`, `shift_right(n)` (`n` a number or a signal);
//!   - width changed: `truncate(w)`, `extend(w)`, `saturate(w)`;
//!   - fixed point: `+ - *` are exact wherever the points are, `x.convert(shape, rounding, overflow)`
//!     gives another shape, `as_signed()` and `as_fixed(fraction)` the same bits; without a sign,
//!     `as_unsigned()` and `as_unsigned_fixed(fraction)`, and `a - b` has one all the same;
//!   - comparisons: `eq ne lt le gt ge` (Rust's `==` on signals is a fault);
//!   - parts: `bit(i)`, `slice(low, width)`, `bits()`, `top_bit()`, `low.concat(high)`,
//!     `repeat(n)`, `any() all() parity()`, [`any_of`]`(bits)`, [`all_of`]`(bits)`,
//!     `bit_at(index) reversed() count_ones() leading_zeros() trailing_zeros() lowest_one()
//!     decoded()`;
//!   - choice: [`mux`]`(c, a, b)`, `c.select(a, b)`, [`select`]`(index, &options)`;
//!   - reinterpretation: `as_unsigned() as_signed() as_float(shape) as_bit()`, `to_signed()`
//!     (one wider), `abs()`, `is_negative()`.
//! - **Enums and state machines**: `#[derive(State)] enum Fetch { Idle, Busy { left: Unsigned } }`;
//!   `let s = state(Fetch::Idle).with(Fetch::Busy { left: unsigned(8) })`, then
//!   `s.each(|now| match now { … })`, `s.set(Fetch::Idle)`, `s.is(Fetch::Idle)`. As a signal:
//!   [`enumeration`]`::<Opcode>()`, `op.eq(Opcode::Load)`, `op.each(…)`, `x.as_enum::<Opcode>()`. `#[encoding(one_hot)]` or
//!   `#[encoding(gray)]` on the enum chooses its bits.
//! - **Time**: [`delay`]`(x, n)` through `n` registers, [`history`]`(x, n, 0)` the last `n` values.
//!   For properties, and synthesizable:
//!   [`past`]`(x)`, [`past_n`]`(x, n)`, [`past_valid`]`()`, [`rose`], [`fell`], [`stable`],
//!   [`changed`], [`implies_next`]`(cause, effect)`, [`implies_after`]`(cause, n, effect)`,
//!   [`within`]`(cause, n, effect)`, [`until`]`(cause, held, release)`.
//! - **Pipelines**: `let mac = pipeline("mac"); let (a, b) = mac.enter((p.a, p.b));` then
//!   `mac.stage(a * b)`, and `mac.exit(x, 2)` where it leaves. Values of two stages do not meet,
//!   and the latency is checked; see [`pipeline`].
//! - **Clock domains**: `const FAST: Domain = Domain::new("fast");`, [`in_domain`]`(FAST, || …)`
//!   around what is made in it: registers, ports of memories (a memory may have two clocks),
//!   properties, instances. Every way from one domain into another is a fault that shows both
//!   ends, unless it ends in a register that says [`.crossing()`](Signal::crossing), as the
//!   blocks in `olivine_blocks::cdc` do. A domain has its edge and its reset:
//!   `Domain::new("bus").asynchronous_reset().active_low()`; a module that is placed takes over those
//!   of where it is placed, and [`elaborate_in`] says them of the outermost.
//! - **Memories**: `let ram = memory(shape, depth)`, `.init(words)`, `.collision(…)`;
//!   `ram.read(address)`, `ram.read_sync(address)`, `ram.read_sync_when(enable, address)`;
//!   `ram.write(address, data)`, `ram.write_masked(address, data, mask)` under `when`.
//! - **Instances**: `let fifo = instance(Fifo { … }, "fifo")`, then `fifo.push.drive(…)`;
//!   `let pe = instances(Pe { … }, [rows, columns], "pe")`, then `pe[r][c]`, `pe.indices()`.
//!   Equal configurations are one module; arrays stay arrays. A module with [`black_box`]`("CELL")` in
//!   its body is a vendor's cell in Verilog, and the body its model.
//! - **Trees and rows**: [`tree`]`(items, |a, b| …)` joins many into one, [`running`] each with all
//!   before it, [`sum`], [`greatest`].
//! - **Ports**: `In<T>`, `Out<T>`, [`Source<T>`], [`Sink<T>`], further records of ports
//!   ([`Port<P>`] as they are, [`Flipped<P>`] mirrored), and `Vec`, arrays and `Option` of these. In
//!   a [`module`](macro@module) an output can be a register, `= reg(shape).reset(0)`, or have a
//!   default, `= shape.otherwise(value)`.
//! - **Streams**: [`stream`]`(shape)` has `payload`, `valid`, `ready` and keeps four rules (see
//!   [`Stream`]); `s.offer(valid, payload)` drives it, [`connect`]`(a, b)` joins mirrored records of
//!   ports.
//! - **Properties**: [`always`]`("sentence", c)`, [`assume`], [`cover`], under the `when` around
//!   them; `a.implies(b)`. Of runs without end: [`always_again`], [`answered`], [`assume_again`],
//!   [`assume_answered`].
//! - **Floats for the simulator**: [`computes`]`(`[`FloatFunction::MULTIPLY_ADD`]`)` says what a
//!   module of gates is, so that a simulator may use the machine's floats in its place.
//! - **Names**: `#[named]` on a function names what its `let`s bind; `.named("x")` names one.
//! - **Faults** are collected with the author's file and line, and come all at once from
//!   [`elaborate`]. [`unused`]`(x)` excuses what is declared and never read. [`explain`]`("L024")`
//!   says at length what a code means; [`papercuts`] lists what is legal but surely not meant.

extern crate self as olivine_lang;

mod arith;
mod bits;
mod black_box;
mod builder;
mod codes;
mod compare;
mod compose;
mod constant;
mod convert;
mod domain;
mod drive;
mod elaborate;
mod enumeration;
mod explain;
mod finish;
mod fixed;
mod float;
mod fold;
mod grid;
mod instance;
mod leaf;
mod literal;
mod logic;
mod memory;
mod module;
mod mux;
#[doc(hidden)]
pub mod named;
mod names;
mod operand;
mod outside;
mod papercut;
mod parts;
mod pipeline;
mod place;
mod ports;
mod property;
mod register;
mod render;
mod scalar;
mod scope;
mod shift;
mod signal;
mod state;
mod stream;
mod temporal;
mod unsigned_fixed;
mod walk;
mod when;

pub use black_box::{BlackBox, black_box};
pub use codes::{CODES, WARNINGS};
pub use constant::{constant, undefined, unused, zero};
pub use domain::{Domain, in_domain, unsafe_crossings};
pub use elaborate::{elaborate, elaborate_in};
pub use enumeration::{Enum, State, enumeration};
pub use explain::explain;
pub use fixed::{Overflow, Rounding, fixed};
pub use fold::{Number, greatest, running, sum, tree};
pub use grid::{Cube, Dims, Grid, Row};
pub use instance::{instance, instances};
pub use leaf::{EnumInfo, Leaf, Reading};
pub use literal::Scalar;
pub use logic::{all_of, any_of};
pub use memory::{Collision, Memory, memory};
pub use module::Module;
pub use mux::{mux, select};
pub use olivine_derive::{Bundle, Ports, State, module, named};
pub use olivine_netlist::{Bits, Design, Encoding, Fault, Faults, FloatFunction};
pub use operand::Operand;
pub use outside::outside;
pub use papercut::papercuts;
pub use parts::cat;
pub use pipeline::{Pipeline, pipeline};
pub use ports::{Flipped, In, Out, Port, Ports, connect};
pub use property::{
    always, always_again, answered, assume, assume_again, assume_answered, computes, cover,
};
pub use register::{delay, history, reg, wire};
pub use render::{render, render_styled};
pub use scalar::{
    Bit, Fixed, Float, Signed, Unsigned, UnsignedFixed, bf16, bit, bits_for, e4m3, e5m2, float,
    fp16, fp32, index_width, signed, unsigned,
};
pub use signal::{Shape, Signal};
pub use state::{Machine, state};
pub use stream::{Sink, Source, Stream, stream};
pub use temporal::{
    changed, fell, implies_after, implies_next, past, past_n, past_valid, rose, stable, until,
    within,
};
pub use unsigned_fixed::unsigned_fixed;
pub use walk::{Visit, Walk};
pub use when::{When, when};

/// What authoring code needs: `use olivine_lang::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Bit, Bits, Bundle, Collision, Design, Domain, Enum, Faults, Fixed, Flipped, Float, Grid,
        In, Machine, Memory, Module, Operand, Out, Overflow, Pipeline, Port, Ports, Rounding, Row,
        Scalar, Shape, Signal, Signed, Sink, Source, State, Stream, Unsigned, UnsignedFixed,
        all_of, always, always_again, answered, any_of, assume, assume_again, assume_answered, bit,
        bits_for, black_box, cat, changed, connect, constant, cover, delay, elaborate,
        elaborate_in, enumeration, fell, fixed, float, history, implies_after, implies_next,
        in_domain, index_width, instance, instances, memory, module, mux, named, past, past_n,
        past_valid, pipeline, reg, rose, select, signed, stable, state, stream, sum, tree,
        undefined, unsigned, unsigned_fixed, until, unused, when, wire, within, zero,
    };
}
