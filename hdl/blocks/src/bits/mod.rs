//! Bits of one number: encoders, one-hot, shifts, checks.

mod barrel_shifter;
mod crc;
pub(crate) mod one_hot;
mod priority_encoder;

pub use barrel_shifter::{BarrelShifter, BarrelShifterPorts, Shift};
pub use crc::{Crc, CrcPorts};
pub use one_hot::{OneHotDecoder, OneHotDecoderPorts, OneHotEncoder, OneHotEncoderPorts};
pub use priority_encoder::{PriorityEncoder, PriorityEncoderPorts};
