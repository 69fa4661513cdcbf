//! [`Btor2`]: a transition system in the word-level format of the hardware model-checking
//! competition, and designs from files in it.

mod arithmetic;
mod arrays;
mod constants;
mod line;
mod maker;
mod model;
mod operators;
mod read;
mod sort;
mod states;
mod write;

pub(crate) use constants::{binary, to_binary};
pub use model::Btor2;
pub(crate) use model::{Node, NodeId, NodeKind};
pub use read::read_btor2;
pub(crate) use sort::Sort;
