//! Blocks between streams.

mod choose;
mod credit_link;
mod fifo;
mod fork;
mod join;
pub mod order;
mod packetizer;
mod register_slice;
mod registered_fifo;
mod rules;
mod skid_buffer;
mod width_converter;

pub use choose::{StreamDemux, StreamDemuxPorts, StreamMux, StreamMuxPorts};
pub use credit_link::{CreditLink, CreditLinkOrder, CreditLinkPorts};
pub use fifo::{Fifo, FifoOrder, FifoPorts};
pub use fork::{Fork, ForkPorts};
pub use join::{Join, JoinPorts};
pub use packetizer::{Framed, Packetizer, PacketizerPorts};
pub(crate) use register_slice::Slot;
pub use register_slice::{Cut, RegisterSlice, RegisterSliceOrder, RegisterSlicePorts};
pub use registered_fifo::{RegisteredFifo, RegisteredFifoOrder, RegisteredFifoPorts};
pub use skid_buffer::{SkidBuffer, SkidBufferOrder, SkidBufferPorts};
pub use width_converter::{WidthConverter, WidthConverterPorts};
