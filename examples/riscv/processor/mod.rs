//! The processor, its memory and its program.

mod alu;
mod core;
mod decode;
mod program;
mod system;

#[allow(unused_imports, reason = "each program that has this module uses a part")]
pub use {
    core::Core,
    program::{WORDS, words},
    system::{PORT, System},
};
