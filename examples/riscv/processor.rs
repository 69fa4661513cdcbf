//! The processor, its memory and its program.

mod alu;
mod core;
mod decode;
mod program;
mod system;

pub use core::Core;
pub use program::{WORDS, words};
pub use system::{PORT, System, SystemPorts};
