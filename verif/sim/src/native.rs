//! The vector tier: a kernel becomes machine code of the processor it runs on.
//!
//! - A chunk is as many lanes of 32 bits as a vector register holds. Every value of many lanes is
//!   made chunk by chunk, in registers; one-bit values are masks, values of more than 32 bits two
//!   registers. Nodes of one lane are in general registers.
//! - An instruction set is a [`Target`](target::Target): AVX-512, with mask registers, and AVX2,
//!   whose masks are vectors. Code for other processors is made by Cranelift (`portable`). What is
//!   made of which chunks is the same for all.
//! - A cycle is code from the first to the last instruction; what is needed under a condition alone
//!   is skipped when that does not hold. States are stored in place after their last reader.
//! - What stands still is left out, or taken as known if that is asked for, once a run is long enough
//!   to find out what does.
//! - Lanes from elsewhere (a neighbour's output) are permutations of registers, or none at all
//!   where whole chunks move.
//! - Ports of memories are part of the code, lane by lane. What moves many
//!   elements, and values left open, are done between cycles.

mod activity;
mod alloc;
mod asm;
mod bodies;
mod build;
#[cfg(test)]
mod check;
mod checks;
mod code;
mod compare256;
mod emit256;
mod emit512;
mod gather;
mod lanes256;
mod layout;
mod machine;
mod masks;
mod numbers;
mod opened;
mod ops;
mod optimise;
#[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
mod portable;
mod ports;
mod program;
mod resets;
mod scalar_code;
mod scalars;
mod speculation;
mod still;
mod target;
mod vectors;

pub(crate) use machine::Native;
#[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
pub(crate) use portable::is_available as is_portable_available;
