//! Serial lines and time.
//!
//! | block | for |
//! |---|---|
//! | [`Timer`] | one-shot and periodic events, pulse-width modulation |
//! | [`SpiController`], [`SpiPeripheral`] | SPI in its four [modes](SpiMode) |

mod spi_controller;
mod spi_mode;
mod spi_peripheral;
mod timer;

pub use spi_controller::{SpiController, SpiControllerPorts, SpiWord};
pub use spi_mode::SpiMode;
pub use spi_peripheral::{SpiPeripheral, SpiPeripheralPorts};
pub use timer::{Timer, TimerPorts};
