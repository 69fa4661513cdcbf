//! The waist of Olivine: a [`Design`] is a plain value that every front writes and every engine
//! reads.
//!
//! - A [`Module`] holds word-level [`Cell`]s in a dense arena; each cell defines one value, named
//!   by its [`ValueId`]. Instances stay instances and arrays of instances stay arrays.
//! - A [`Register`] is an ordered list of cases; a [`Memory`] declares its read and write
//!   behaviour; a [`Property`] sits beside the logic it speaks of.
//! - Everything carries the [`Place`] in the author's source that made it.
//!
//! Widths are checked, never inferred: an operator's operands already have the widths its
//! equation asks for (see [`Op`]).

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
mod bits;
mod cell;
mod crossings;
mod design;
mod digest;
mod domain;
mod explain;
mod external;
mod fault;
mod flatten;
mod float_function;
mod isomorphic;
mod kind;
mod map_values;
mod module;
mod mutate;
mod order;
mod place;
pub mod text;
mod validate;
mod value_name;

pub use bits::Bits;
pub use cell::{Cell, Label, Op};
pub use crossings::{Crossing, End};
pub use design::{Design, ModuleId};
pub use domain::{ClockDomain, Edge, Polarity, ResetKind};
pub use explain::explain;
#[doc(hidden)]
pub use explain::section;
pub use external::{External, Pin, PinTo, Setting};
pub use fault::{Fault, Faults};
pub use float_function::{FloatFunction, FloatOperation};
pub use isomorphic::{Difference, isomorphic};
pub use kind::{Encoding, EnumKind, Kind};
pub use module::{
    Case, Collision, Direction, DomainId, Instance, InstanceId, Memory, MemoryId, Module, Port,
    PortId, Property, PropertyId, PropertyKind, ReadKind, ReadPort, Register, RegisterId, ValueId,
    WritePort,
};
pub use mutate::{Change, Mutation};
pub use place::{FileId, Place};
pub use text::{ParseFault, WithoutPlaces};
pub use validate::{CODES, MAX_FLAT_CELLS, MAX_MEMORY_BITS, MAX_WIDTH};
