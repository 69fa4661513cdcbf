//! Buses: records of ports named as the standards name them, the protocols' rules as numbered
//! properties for both ends, and managers, subordinates and register banks that keep them.
//!
//! | bus | record and rules | manager | subordinate |
//! |---|---|---|---|
//! | AXI4-Lite | [`axi_lite`] | [`AxiLiteManager`] | [`AxiLiteFront`] |
//! | AXI4 | [`axi4`] | [`Axi4Manager`] | [`Axi4Memory`] |
//! | AXI-Stream | [`axi_stream`] | [`AxiStreamPack`] | [`AxiStreamUnpack`]; between: [`AxiStreamSlice`] |
//! | APB | [`apb`] | [`ApbManager`] | [`ApbFront`] |
//! | Wishbone | [`wishbone`] | [`WishboneManager`] | [`WishboneFront`] |
//!
//! What an end assumes of the other is proved of both on one link: [`AxiLitePair`], [`Axi4Pair`].
//!
//! A *front* turns a bus into register [accesses](Access); [`RegisterBank`] and the registers of a
//! [description](csr) stand behind any of them.

mod access;
pub mod apb;
mod apb_front;
mod apb_manager;
pub mod axi4;
mod axi4_manager;
mod axi4_memory;
mod axi4_pair;
pub mod axi_lite;
mod axi_lite_front;
mod axi_lite_manager;
mod axi_lite_pair;
pub mod axi_stream;
mod axi_stream_pack;
mod axi_stream_slice;
mod axi_stream_unpack;
mod channel;
mod command;
pub mod csr;
mod register_bank;
mod rules;
pub mod wishbone;
mod wishbone_front;
mod wishbone_manager;

pub use access::{Access, FrontPorts, RegisterBus, access};
pub use apb_front::ApbFront;
pub use apb_manager::ApbManager;
pub use axi_lite::AxiResponse;
pub use axi_lite_front::AxiLiteFront;
pub use axi_lite_manager::{AxiLiteManager, AxiLiteManagerProof};
pub use axi_lite_pair::{AxiLitePair, AxiLitePairPorts};
pub use axi_stream_pack::{AxiStreamPack, AxiStreamPackPorts, PacketByte};
pub use axi_stream_slice::{AxiStreamSlice, AxiStreamSlicePorts, AxiStreamSliceProof};
pub use axi_stream_unpack::{AxiStreamUnpack, AxiStreamUnpackPorts, AxiStreamUnpackProof};
pub use axi4_manager::{
    Axi4Manager, Axi4ManagerPorts, Axi4ManagerProof, BurstCommand, BurstEnd, BurstWord,
};
pub use axi4_memory::{Axi4Memory, Axi4MemoryPorts, Axi4MemoryProof};
pub use axi4_pair::{Axi4Pair, Axi4PairPorts};
pub use command::{BusAnswer, BusCommand, ManagerPorts, bus_answer, bus_command};
pub use register_bank::{RegisterBank, RegisterBankPorts};
pub use rules::{Rules, Side};
pub use wishbone_front::WishboneFront;
pub use wishbone_manager::WishboneManager;
