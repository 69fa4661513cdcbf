//! [`SpiMode`].

/// When the clock of SPI rests, and at which of its edges bits are taken.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum SpiMode {
    /// CPOL 0, CPHA 0: rests low; taken at rising edges.
    Mode0,
    /// CPOL 0, CPHA 1: rests low; taken at falling edges.
    Mode1,
    /// CPOL 1, CPHA 0: rests high; taken at falling edges.
    Mode2,
    /// CPOL 1, CPHA 1: rests high; taken at rising edges.
    Mode3,
}

impl SpiMode {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Mode0, Self::Mode1, Self::Mode2, Self::Mode3];

    /// CPOL: the clock rests high.
    pub fn rests_high(self) -> bool {
        matches!(self, Self::Mode2 | Self::Mode3)
    }

    /// CPHA: bits are taken at the edge back to rest, not at the edge away from it.
    pub fn takes_at_return(self) -> bool {
        matches!(self, Self::Mode1 | Self::Mode3)
    }
}
