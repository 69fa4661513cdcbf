//! [`External`]: what a module is in Verilog, where that is somebody else's.

use crate::{Bits, DomainId, Place, Polarity, PortId};
use std::fmt::{self, Display, Formatter};

/// The module is a cell of a vendor, or a module that was written elsewhere: Verilog has an instance
/// of it. What stands in the [`Module`](crate::Module) is the *behavioural model*: what simulation,
/// proof and every other engine take it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The name of the Verilog module.
    pub name: String,
    /// Its parameters that are given values.
    pub parameters: Vec<(String, Setting)>,
    /// Its pins that are connected.
    pub pins: Vec<Pin>,
    /// Where the author says so.
    pub place: Place,
}

/// The value of a Verilog parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A number: `8`.
    Number(u64),
    /// A text: `"FAST"`.
    Text(String),
    /// A number of so many bits: `4'h3`.
    Bits(Bits),
}

/// A pin of a Verilog module and what it is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Its name there.
    pub name: String,
    /// What it is here.
    pub to: PinTo,
}

/// What a pin is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinTo {
    /// A port, whole.
    Port(PortId),
    /// One bit of a port.
    Bit(PortId, u32),
    /// The clock of a domain.
    Clock(DomainId),
    /// The reset of a domain; the level is that at which the pin is active.
    Reset(DomainId, Polarity),
    /// A constant.
    Constant(Bits),
}

impl External {
    /// Whether it is the same thing, whoever says so and where.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.name, &self.parameters, &self.pins) == (&other.name, &other.parameters, &other.pins)
    }
}

impl Display for Setting {
    /// As Verilog has it, and the text form.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Bits(bits) => write!(f, "{bits}"),
        }
    }
}

impl From<u64> for Setting {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Setting {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Setting {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<Bits> for Setting {
    fn from(bits: Bits) -> Self {
        Self::Bits(bits)
    }
}
