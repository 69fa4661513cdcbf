//! Small blocks that most designs need, each with its contract as properties beside the code:
//! proved without bound by k-induction, in this crate's tests.
//!
//! | block | for |
//! |---|---|
//! | [`Counter`] | counting enabled cycles |
//! | [`Fifo`] | holding words in order |
//! | [`SkidBuffer`] | cutting the paths of a stream without losing throughput |
//! | [`RoundRobin`] | sharing one thing fairly |
//! | [`bus`] | AXI, APB, Wishbone: records, rules, managers, subordinates, register banks |
//! | [`UartTx`], [`UartRx`] | a serial line |
//! | [`serial`] | timers, SPI |
//!
//! [`FifoOrder`] and [`SkidBufferOrder`] are the same bodies with what a proof of the order of
//! data needs besides; see [`order`].

pub mod bus;
mod counter;
mod fifo;
pub mod order;
mod round_robin;
pub mod serial;
mod skid_buffer;
mod uart_rx;
mod uart_tx;

pub use counter::{Counter, CounterPorts};
pub use fifo::{Fifo, FifoOrder, FifoPorts};
pub use round_robin::{RoundRobin, RoundRobinPorts};
pub use skid_buffer::{SkidBuffer, SkidBufferOrder, SkidBufferPorts};
pub use uart_rx::{UartRx, UartRxPorts};
pub use uart_tx::{UartTx, UartTxPorts};
