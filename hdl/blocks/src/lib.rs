//! Small blocks that most designs need, each with its contract as properties beside the code:
//! proved without bound by k-induction, in this crate's tests. `EVIDENCE.md` beside this crate says
//! for each where its golden model, its wave, its test on random cycles and its proof are.
//!
//! | block | for |
//! |---|---|
//! | [`Counter`] | counting enabled cycles |
//! | **streams** | |
//! | [`Fifo`], [`RegisteredFifo`] | holding words in order; in block RAM |
//! | [`SkidBuffer`], [`RegisterSlice`] | cutting the paths of a stream without losing throughput |
//! | [`Fork`], [`Join`] | one stream to several, two to one of pairs |
//! | [`StreamMux`], [`StreamDemux`] | words from or to one of several, by a stream of choices |
//! | [`WidthConverter`] | several words into one, one into several |
//! | [`Packetizer`] | packets of given lengths, last words marked |
//! | [`CreditLink`] | a stream over a distance, on credit |
//! | **arbiters** | |
//! | [`FixedPriority`] | the lower number first |
//! | [`RoundRobin`], [`WeightedRoundRobin`] | sharing one thing fairly; in proportion |
//! | **bits** | |
//! | [`PriorityEncoder`] | the first of several |
//! | [`OneHotDecoder`], [`OneHotEncoder`] | binary to one-hot and back |
//! | [`BarrelShifter`] | shifting and rotating by a variable amount |
//! | [`Crc`] | finding transmission errors |
//! | [`Lfsr`], [`CounterRandom`] | random numbers: in sequence, or by seed and place |
//! | **arithmetic** | |
//! | [`Adder`], [`Multiplier`] | sums and products, by a choice of architectures |
//! | [`Divider`], [`SquareRoot`] | quotients and roots, iterative or pipelined |
//! | **memories** | |
//! | [`RegisterFile`] | words with several readers |
//! | [`Ram`] | one or two ports, read at the edge |
//! | [`Cam`] | finding an entry by its content |
//! | **outside** | |
//! | [`bus`] | AXI, APB, Wishbone: records, rules, managers, subordinates, register banks |
//! | [`UartTx`], [`UartRx`] | a serial line |
//! | [`serial`] | timers, SPI, I²C |
//! | [`cdc`] | passing bits, words and streams between clock domains |
//!
//! [`FifoOrder`], [`RegisteredFifoOrder`], [`RegisterSliceOrder`], [`SkidBufferOrder`] and
//! [`CreditLinkOrder`] are the same bodies with what a proof of the order of data needs besides;
//! see [`order`].

mod arbiter;
mod arithmetic;
mod bits;
pub mod bus;
pub mod cdc;
mod counter;
mod memory;
mod random;
pub mod serial;
mod stream;
mod uart_rx;
mod uart_tx;

pub use arbiter::*;
pub use arithmetic::*;
pub use bits::*;
pub use counter::{Counter, CounterPorts};
pub use memory::*;
pub use random::*;
pub use stream::*;
pub use uart_rx::{UartRx, UartRxPorts};
pub use uart_tx::{UartTx, UartTxPorts};
