//! The hardware.
//!
//! | module | what it is |
//! |---|---|
//! | [`Peridot`] | the chip |
//! | [`PeridotUart`], [`UartBridge`] | the chip behind a serial line |
//! | [`Pe`], [`Array`] | a processing element of a [`PeKind`], N×N of them |
//! | [`Scratchpad`], [`ResultBuffer`], [`DeviceMemory`], [`Bank`] | the memories |
//! | [`LoadEngine`], [`GemmEngine`], [`StoreEngine`] | what carries out a command |
//! | [`Processor`] | what queues commands and hands them out |
//! | [`HostInterface`], [`Responses`], [`Counters`] | what the host sees |

mod array;
mod bank;
mod bus;
mod counters;
mod device_memory;
mod flight;
mod gemm;
mod load;
mod operands;
mod pe;
mod pe_kind;
mod peridot;
mod processor;
mod responses;
mod result_buffer;
mod rotate;
mod scratchpad;
mod store;
mod uart;

pub use array::{Array, ArrayPorts};
pub use bank::{Bank, BankPorts};
pub use bus::{HostInterface, HostInterfacePorts, Request, Status};
pub use counters::{Counters, CountersPorts, Counts, CycleClass};
pub use device_memory::{DeviceMemory, DeviceMemoryPorts};
pub use gemm::{GemmEngine, GemmEnginePorts};
pub use load::{LoadEngine, LoadEnginePorts};
pub use operands::{GemmOperands, LoadOperands, StoreOperands};
pub use pe::{Pe, PePorts, Step};
pub use pe_kind::{BLOCK, PeKind};
pub use peridot::{Peridot, PeridotPorts};
pub use processor::{Processor, ProcessorPorts};
pub use responses::{Responses, ResponsesPorts};
pub use result_buffer::{ResultBuffer, ResultBufferPorts};
pub use scratchpad::{LineRead, Scratchpad, ScratchpadPorts};
pub use store::{StoreEngine, StoreEnginePorts};
pub use uart::{PeridotUart, PeridotUartPorts, UartBridge, UartBridgePorts};
