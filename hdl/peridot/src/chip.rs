//! The hardware.
//!
//! | module | what it is |
//! |---|---|
//! | [`Peridot`] | the chip |
//! | [`Pe`], [`Array`] | a processing element, N×N of them |
//! | [`Scratchpad`], [`ResultBuffer`], [`DeviceMemory`], [`Bank`] | the memories |
//! | [`LoadEngine`], [`GemmEngine`], [`StoreEngine`] | what carries out a command |
//! | [`CommandQueue`], [`Processor`] | what hands commands out |
//! | [`HostInterface`], [`Responses`], [`Counters`] | what the host sees |

mod array;
mod bank;
mod bus;
mod counters;
mod device_memory;
mod gemm;
mod load;
mod operands;
mod pe;
mod peridot;
mod processor;
mod queue;
mod responses;
mod result_buffer;
mod rotate;
mod scratchpad;
mod store;

pub use array::{Array, ArrayPorts};
pub use bank::{Bank, BankPorts};
pub use bus::{HostInterface, HostInterfacePorts, Request, Status};
pub use counters::{Counters, CountersPorts, Counts, CycleClass};
pub use device_memory::{DeviceMemory, DeviceMemoryPorts};
pub use gemm::{GemmEngine, GemmEnginePorts};
pub use load::{LoadEngine, LoadEnginePorts};
pub use operands::{GemmOperands, LoadOperands, StoreOperands};
pub use pe::{Pe, PePorts, Step};
pub use peridot::{Peridot, PeridotPorts};
pub use processor::{Processor, ProcessorPorts};
pub use queue::{CommandQueue, CommandQueuePorts};
pub use responses::{Responses, ResponsesPorts};
pub use result_buffer::{ResultBuffer, ResultBufferPorts};
pub use scratchpad::{LineRead, Scratchpad, ScratchpadPorts};
pub use store::{StoreEngine, StoreEnginePorts};
