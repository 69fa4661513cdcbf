//! Buses: records of ports named as the standards name them, the protocols' rules as numbered
//! properties for both ends, and managers, subordinates and register banks that keep them.
//!
//! | bus | record and rules | manager | subordinate |
//! |---|---|---|---|
//! | AXI4-Lite | [`axi_lite`] | [`AxiLiteManager`] | [`AxiLiteFront`] |
//!
//! A *front* turns a bus into register [accesses](Access); [`RegisterBank`] stands
//! behind any of them.

mod access;
pub mod axi_lite;
mod axi_lite_front;
mod axi_lite_manager;
mod axi_lite_pair;
mod channel;
mod command;
pub mod csr;
mod register_bank;
mod rules;

pub use access::{Access, FrontPorts, RegisterBus, access};
pub use axi_lite_front::AxiLiteFront;
pub use axi_lite_manager::{AxiLiteManager, AxiLiteManagerProof};
pub use axi_lite_pair::{AxiLitePair, AxiLitePairPorts};
pub use command::{BusAnswer, BusCommand, ManagerPorts, bus_answer, bus_command};
pub use register_bank::{RegisterBank, RegisterBankPorts};
pub use rules::{Rules, Side};
