//! The text form of a design: what `Display` prints and [`Design::parse`](crate::Design::parse) reads. Files of it end
//! in `.nl`.
//!
//! ```text
//! netlist 1
//! file "src/accumulator.rs"
//! enum Mode = Hold, Add
//! top accumulator
//!
//! module accumulator "Accumulator { width: 8 }" @0:10:1 {
//!   domain rising
//!   input step : unsigned 8
//!   output sum : unsigned 8 = sum
//!   register sum : unsigned 8 reset 8'h00
//!     set %2 when %3 @0:14:9
//!   %0 : 8 = input step
//!   %1 : 8 = register sum
//!   %2 : 8 = add(sum, step) @0:14:17
//!   %3 : 1 = reduce_or(step)
//!   assert "nothing is added twice" %3 @0:16:5
//! }
//! ```
//!
//! One line is one thing; a line that ends in a comma goes on. `#` starts a comment. Items of one
//! sort are numbered in the order in which they stand. Ports, registers, memories, domains and
//! instances stand before the cells that speak of them; values may be used before their line.
//!
//! - **Value**: `%7`, or a label, or the name of the register, input, instance output
//!   (`pe[0][1].sum`) or read port (`ram.read[0]`) that a cell stands for. `%7` at the start of a
//!   cell's line is a name like any other; only the order of lines counts.
//! - **Cell**: `%7 : WIDTH = OP`, or with a label `name : KIND WIDTH = OP`. OP is `8'h2a`,
//!   `undefined`, `input PORT`, `register NAME`, `read MEMORY PORT_INDEX`, `output INSTANCE.PORT`,
//!   or an operator with its operands: `add(a, b)`, `mux(condition, then, otherwise)`,
//!   `select(index, option, …)`, `concat(lowest, …)`, `slice(value, low)`, ….
//! - **Kind**: `bits`, `unsigned`, `signed`, `bit`, `float(EXPONENT, MANTISSA)`, `enum NAME`,
//!   followed by the width, which may be left out after `bit` and `float`.
//! - **Enumeration**: `enum Mode = Hold, Add`; with `one_hot` or `gray` before `=` its codes are
//!   those of that [`Encoding`](crate::Encoding).
//! - **Place**: `@FILE:LINE:COLUMN` at the end of a line, FILE counting the `file` lines from 0.
//! - **Clock domain**: `domain NAME rising` or `falling`, without NAME the unnamed one; behind it
//!   `asynchronous` and `active_low`, in this order, where its reset is. `in NAME` after what belongs to it, left out for the unnamed one.
//! - **Crossing**: `crossing`, after the rest of a register or memory, says that it takes, or shows,
//!   state of other clock domains on purpose.
//! - **Memory**: `memory ram : bits 16 x 256`, below it lines `init 0001 0002 …`,
//!   `read async ADDRESS`, `read sync ADDRESS when ENABLE collision old|new|undefined`,
//!   `write ADDRESS DATA when ENABLE mask MASK`.
//! - **Property**: `assert`, `assume`, `cover`, `live` or `fair`, a sentence in quotes, its
//!   condition. See [`PropertyKind`](crate::PropertyKind).
//! - **External**: `external NAME`, behind the ports and domains of a module that is somebody else's in
//!   Verilog; below it lines `parameter NAME = 8` (or `"text"`, or `4'h3`) and `pin NAME = port PORT`,
//!   `bit PORT INDEX`, `clock in DOMAIN`, `reset active_low in DOMAIN` or a constant.
//! - **Instance**: `instance pe[4][4] of NAME`, below it `PORT = VALUE, …` with one value for each
//!   element. `in OUTER, …` names a domain for each of the placed module's, left out if all have
//!   the same names here as there.

mod external;
mod lex;
mod parse;
mod parse_body;
mod parse_op;
mod print;
mod table;

pub use parse::ParseFault;
pub use print::WithoutPlaces;
