//! What a file of hardware and its tests needs: `use olivine::prelude::*;`.

pub use olivine_bench::{Bench, Poke, Property};
pub use olivine_lang::prelude::*;
