// Generated from the register map `timer`; change that, not this.

/// Words of 32 bits at byte offsets.
pub trait Bus {
    /// Why an access was refused.
    type Error;

    /// The word at a byte offset.
    fn read(&mut self, offset: u64) -> Result<u32, Self::Error>;

    /// Makes the word at a byte offset this one.
    fn write(&mut self, offset: u64, word: u32) -> Result<(), Self::Error>;
}

/// A timer that counts.
pub struct Timer<B> {
    bus: B,
}

impl<B: Bus> Timer<B> {
    /// The driver of the registers on this bus.
    pub fn new(bus: B) -> Self {
        Self { bus }
    }

    /// Reads `control.enable`: It counts.
    pub fn control_enable(&mut self) -> Result<bool, B::Error> {
        let word = self.bus.read(0x0)?;
        Ok(word & 1 == 1)
    }

    /// Writes `control.enable`: It counts.
    pub fn set_control_enable(&mut self, value: bool) -> Result<(), B::Error> {
        let kept = self.bus.read(0x0)? & 0x70;
        self.bus.write(0x0, kept | u32::from(value))
    }

    /// For one cycle raises the ones of `value` in `control.restart`: Begins again.
    pub fn raise_control_restart(&mut self, value: bool) -> Result<(), B::Error> {
        let kept = self.bus.read(0x0)? & 0x71;
        self.bus.write(0x0, kept | (u32::from(value) << 1))
    }

    /// Reads `control.prescale`: Cycles of a tick.
    pub fn control_prescale(&mut self) -> Result<u8, B::Error> {
        let word = self.bus.read(0x0)?;
        Ok(((word >> 4) & 0x7) as u8)
    }

    /// Writes `control.prescale`: Cycles of a tick.
    pub fn set_control_prescale(&mut self, value: u8) -> Result<(), B::Error> {
        let kept = self.bus.read(0x0)? & 0x1;
        self.bus.write(0x0, kept | ((u32::from(value) & 0x7) << 4))
    }

    /// Reads `status.events`: Ends a|b.
    pub fn status_events(&mut self) -> Result<u8, B::Error> {
        let word = self.bus.read(0x4)?;
        Ok((word & 0x3) as u8)
    }

    /// Clears the ones of `value` in `status.events`: Ends a|b.
    pub fn clear_status_events(&mut self, value: u8) -> Result<(), B::Error> {
        self.bus.write(0x4, u32::from(value) & 0x3)
    }

    /// Reads `status.busy`: It is counting.
    pub fn status_busy(&mut self) -> Result<bool, B::Error> {
        let word = self.bus.read(0x4)?;
        Ok((word >> 7) & 1 == 1)
    }

    /// Takes `seen.edges`: Edges since.
    pub fn seen_edges(&mut self) -> Result<u8, B::Error> {
        let word = self.bus.read(0x8)?;
        Ok((word & 0xf) as u8)
    }
}
