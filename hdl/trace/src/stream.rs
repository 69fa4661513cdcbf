//! [`WaveStream`]: a waveform file that is written while a run goes on.

use crate::fst::FstStream;
use crate::vcd::VcdStream;
use crate::{Signal, WaveFormat};
use olivine_netlist::Bits;
use std::io;

/// A waveform file that is written cycle by cycle, for runs that are longer than memory: it keeps the
/// values of one cycle, and of FST the changes of the last 4 MiB.
pub struct WaveStream<W: io::Write + io::Seek>(File<W>);

enum File<W: io::Write + io::Seek> {
    Vcd(VcdStream<W>),
    Fst(FstStream<W>),
}

impl<W: io::Write + io::Seek> WaveStream<W> {
    /// Writes what the file says of these signals. `out` should have a buffer of its own.
    ///
    /// # Errors
    /// Those of the writer; in FST, a path of more than 512 bytes.
    pub fn new(format: WaveFormat, signals: &[Signal], out: W) -> io::Result<Self> {
        Ok(Self(match format {
            WaveFormat::Vcd => File::Vcd(VcdStream::new(signals, out)?),
            WaveFormat::Fst => File::Fst(FstStream::new(signals, out)?),
        }))
    }

    /// The values of the next cycle, by signal.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn cycle(&mut self, values: &[Bits]) -> io::Result<()> {
        match &mut self.0 {
            File::Vcd(file) => file.cycle(values),
            File::Fst(file) => file.cycle(values),
        }
    }

    /// Ends the file; without it, it is not whole.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            File::Vcd(file) => file.finish(),
            File::Fst(file) => file.finish(),
        }
    }
}
