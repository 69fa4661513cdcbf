//! Control and status registers from one description: hardware, Rust driver and document.
//!
//! ```
//! use olivine_blocks::bus::csr::{CsrField, CsrRegister, RegisterMap};
//!
//! let map = RegisterMap::new("lamp", "A lamp.", 32).register(
//!     CsrRegister::new("control", 0, "What the lamp does.")
//!         .field(CsrField::read_write("on", 0, 1).doc("The lamp shines."))
//!         .field(CsrField::read_write("level", 4, 4).reset(7).doc("How bright.")),
//! );
//! assert!(map.check().is_ok());
//! assert!(map.driver().contains("pub fn set_control_level(&mut self, value: u8)"));
//! assert!(map.table().contains("| 4…7 | `level` | rw | 7 | How bright. |"));
//! ```

mod contract;
mod driver;
mod hardware;
mod map;
mod ports;
mod table;

pub use hardware::CsrBank;
pub use map::{CsrField, CsrRegister, FieldAccess, RegisterMap};
pub use ports::{CsrFields, CsrPorts, FieldPorts};
