//! The meaning of a design: the [`Engine`] trait that every simulator stands behind, and the
//! interpreter, slow and obvious, that the others are compared with.

mod engine;

pub use engine::{Engine, Interface, MemoryInfo, PortInfo, Undefined, Violation, undefined_bits};
