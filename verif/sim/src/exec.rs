//! The back half: a kernel becomes a [`Machine`], a flat bytecode over one block of storage.
//!
//! - Selection turns nodes into variables with actions. A node of many lanes is a vector, its
//!   action a loop over all lanes; nodes of one lane are slots, and like operations on slots are
//!   batched, so that a dispatch is never for one operation alone if it can be helped.
//! - Variables form regions. A region runs only if something it depends on has changed; what it
//!   makes is compared with what it made before, and only a change makes other regions run.
//! - An edge commits next states to present ones, again region by region.
//!
//! [`Machine`]: machine::Machine

mod action;
mod build;
mod data;
mod domains;
mod edge;
mod elem;
mod encode;
mod flags;
mod insn;
mod machine;
mod memory;
mod refresh;
mod regions;
mod scalar;
mod schedule;
mod select;
mod storage;
mod vector;
mod word;

pub(crate) use domains::memory_edge;
pub(crate) use edge::{Location, MemoryEdge};
pub(crate) use elem::Elem;
pub(crate) use flags::Flags;
pub(crate) use insn::open_limb;
pub(crate) use machine::Machine;
pub(crate) use memory::Words;
pub(crate) use storage::Storage;
