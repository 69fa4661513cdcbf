//! The meaning of a design: the [`Engine`] trait that every simulator stands behind, and the
//! interpreter, slow and obvious, that the others are compared with.

mod choices;
mod engine;
mod evaluate;
mod interp;
mod memory;
mod observe;
mod record;
mod snapshot;
mod values;
mod word;

pub use choices::Choices;
pub use engine::{
    Engine, Interface, MemoryInfo, PortInfo, Undefined, VIOLATIONS_MAX, Violation, undefined_bits,
};
pub use evaluate::evaluate;
pub use interp::{Interp, undefined_path};
pub use observe::observable;
pub use record::{find_signals, record};
pub use snapshot::{Snapshot, SnapshotError, SnapshotParts, SnapshotShape};
