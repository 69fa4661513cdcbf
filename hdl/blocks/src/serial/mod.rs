//! Serial lines and time.
//!
//! | block | for |
//! |---|---|
//! | [`Timer`] | one-shot and periodic events, pulse-width modulation |
//! | [`SpiController`], [`SpiPeripheral`] | SPI in its four [modes](SpiMode) |
//! | [`I2cManager`], [`I2cSubordinate`] | I²C with one manager |

mod i2c_manager;
mod i2c_manager_contract;
mod i2c_subordinate;
mod settled;
mod spi_controller;
mod spi_mode;
mod spi_peripheral;
mod timer;

pub use i2c_manager::{I2cCommand, I2cManager, I2cManagerPorts};
pub use i2c_subordinate::{I2cSubordinate, I2cSubordinatePorts};
pub use spi_controller::{SpiController, SpiControllerPorts, SpiWord};
pub use spi_mode::SpiMode;
pub use spi_peripheral::{SpiPeripheral, SpiPeripheralPorts};
pub use timer::{Timer, TimerPorts};
