//! Test benches: a module with its ports as handles that one pokes and peeks, cycle by cycle,
//! and whose wave is drawn.
//!
//! ```
//! use olivine_bench::{Bench, Poke};
//! use olivine_lang::prelude::*;
//!
//! #[derive(Clone, Debug, Hash, PartialEq, Eq)]
//! struct Toggle;
//!
//! #[derive(Ports)]
//! struct TogglePorts {
//!     enable: In<Bit>,
//!     q: Out<Bit>,
//! }
//!
//! impl Module for Toggle {
//!     type Ports = TogglePorts;
//!     fn ports(&self) -> TogglePorts {
//!         TogglePorts { enable: bit(), q: bit() }
//!     }
//!     fn build(&self, p: TogglePorts) {
//!         let state = reg(bit()).reset(false);
//!         when(p.enable, || state.set(!state));
//!         p.q.drive(state);
//!     }
//! }
//!
//! let mut bench = Bench::new(Toggle);
//! bench.run(3, |p, cycle| {
//!     p.enable.poke(true);
//!     assert_eq!(p.q.peek() == 1, cycle % 2 == 1);
//! });
//! ```

mod bench;
mod poke;
mod property;
mod quiet;

pub use bench::Bench;
pub use poke::{Poke, PortValue};
pub use property::Property;
