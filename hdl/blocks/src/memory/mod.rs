//! Memories with a contract.

mod cam;
mod ram;
mod register_file;

pub use cam::{Cam, CamPorts};
pub use ram::{Ram, RamAccess, RamKind, RamPorts};
pub use register_file::{Read, RegisterFile, RegisterFilePorts, WriteThrough};
