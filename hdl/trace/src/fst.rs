//! Waveform files in the Fast Signal Trace format (GTKWave 3.3 manual, appendix F).

use crate::scope::{CYCLE_NS, Entry, entries};
use crate::{Signal, Trace, show_value};
use fst_writer::{
    FstBodyWriter, FstFileType, FstHeaderWriter, FstInfo, FstScopeType, FstSignalId, FstSignalType,
    FstVarDirection, FstVarType, FstWriteError,
};
use olivine_netlist::{Bits, Kind};
use std::io;

impl Trace {
    /// Writes the trace as an FST file: the scopes, names and times of [`Trace::to_vcd`].
    ///
    /// The format's writer knows no texts: an enumeration's reading `state_name` is a vector with
    /// the eight bits of each character, the last character lowest, filled up with spaces; viewers
    /// show it as text when its format is set to ASCII.
    ///
    /// # Errors
    /// Those of the writer; a path of more than 512 bytes.
    pub fn to_fst(&self, out: &mut (impl io::Write + io::Seek)) -> io::Result<()> {
        let mut file = FstStream::new(&self.signals, out)?;
        self.cycles.iter().try_for_each(|values| file.cycle(values))?;
        file.finish()
    }
}

/// Bytes of changes that are kept before they are compressed and written.
const KEPT: usize = 4 << 20;

/// A file that is written cycle by cycle.
pub(crate) struct FstStream<W: io::Write + io::Seek> {
    body: FstBodyWriter<W>,
    signals: Vec<Signal>,
    clock: Option<FstSignalId>,
    declared: Vec<Option<Declared>>,
    cycles: u64,
}

impl<W: io::Write + io::Seek> FstStream<W> {
    pub fn new(signals: &[Signal], out: W) -> io::Result<Self> {
        Self::opened(signals, out).map_err(io_error)
    }

    fn opened(signals: &[Signal], out: W) -> Result<Self, FstWriteError> {
        let header_of = Trace::new(signals.to_vec());
        let info = FstInfo {
            start_time: 0,
            timescale_exponent: -9,
            version: "olivine".to_string(),
            date: String::new(),
            file_type: FstFileType::Verilog,
        };
        let mut header = FstHeaderWriter::new(out, &info)?;
        header.scope("top", "", FstScopeType::Module)?;
        let clock = match header_of.find("clk") {
            None => Some(variable(&mut header, "clk", bits(1), FstVarType::Wire)?),
            Some(_) => None,
        };
        let mut declared = vec![None; signals.len()];
        declare(&mut header, &header_of, &mut declared)?;
        header.up_scope()?;
        let (body, signals) = (header.finish()?, header_of.signals);
        Ok(Self { body, signals, clock, declared, cycles: 0 })
    }

    /// The values of the next cycle, by signal.
    pub fn cycle(&mut self, values: &[Bits]) -> io::Result<()> {
        self.changed(values).map_err(io_error)
    }

    fn changed(&mut self, values: &[Bits]) -> Result<(), FstWriteError> {
        let (body, start) = (&mut self.body, self.cycles * CYCLE_NS);
        if body.size() > KEPT {
            body.flush()?;
        }
        body.time_change(start)?;
        if let Some(clock) = self.clock {
            body.signal_change(clock, b"1")?;
        }
        for (index, value) in values.iter().enumerate() {
            if let Some(declared) = self.declared[index] {
                change(body, declared, &self.signals[index], value)?;
            }
        }
        if let Some(clock) = self.clock {
            body.time_change(start + CYCLE_NS / 2)?;
            body.signal_change(clock, b"0")?;
        }
        self.cycles += 1;
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.body.time_change(self.cycles * CYCLE_NS).map_err(io_error)?;
        self.body.finish().map_err(io_error)?;
        Ok(())
    }
}

fn io_error(error: FstWriteError) -> io::Error {
    match error {
        FstWriteError::Io(error) => error,
        other => io::Error::other(other),
    }
}

fn bits(width: u32) -> FstSignalType {
    FstSignalType::bit_vec(width)
}

/// A signal in the file: its bits, and its reading for people if that is a variable of its own.
#[derive(Clone, Copy)]
struct Declared {
    bits: FstSignalId,
    reading: Option<FstSignalId>,
}

fn variable<W: io::Write + io::Seek>(
    header: &mut FstHeaderWriter<W>,
    name: &str,
    of_type: FstSignalType,
    shown_as: FstVarType,
) -> Result<FstSignalId, FstWriteError> {
    header.var(name, of_type, shown_as, FstVarDirection::Implicit, None)
}

fn declare<W: io::Write + io::Seek>(
    header: &mut FstHeaderWriter<W>,
    trace: &Trace,
    declared: &mut [Option<Declared>],
) -> Result<(), FstWriteError> {
    for entry in entries(trace) {
        match entry {
            Entry::Open(scope) => header.scope(scope, "", FstScopeType::Module)?,
            Entry::Close => header.up_scope()?,
            Entry::Signal { name, index, reading } => {
                let signal = &trace.signals[index];
                let signed = signal.kind == Kind::Signed;
                let shown_as = if signed { FstVarType::Integer } else { FstVarType::Wire };
                let id = variable(header, name, bits(signal.width), shown_as)?;
                let reading = reading.map(|reading| match text_length(signal) {
                    Some(length) => variable(header, &reading, bits(8 * length), FstVarType::Wire),
                    None => variable(header, &reading, FstSignalType::real(), FstVarType::Real),
                });
                declared[index] = Some(Declared { bits: id, reading: reading.transpose()? });
            }
        }
    }
    Ok(())
}

/// Of an enumeration, how many bytes the longest reading has: a variant, or `0x` and digits.
fn text_length(signal: &Signal) -> Option<u32> {
    let Kind::Enum(kind) = &signal.kind else { return None };
    let variants = kind.variants.iter().map(|name| name.len() as u32);
    Some(variants.chain([2 + signal.width.div_ceil(4)]).max().unwrap_or(1))
}

fn change<W: io::Write + io::Seek>(
    body: &mut FstBodyWriter<W>,
    declared: Declared,
    signal: &Signal,
    value: &Bits,
) -> Result<(), FstWriteError> {
    let digit = |bit: bool| if bit { b'1' } else { b'0' };
    let digits: Vec<u8> = (0..value.width()).rev().map(|i| digit(value.bit(i))).collect();
    body.signal_change(declared.bits, &digits)?;
    let Some(reading) = declared.reading else { return Ok(()) };
    let text = show_value(&signal.kind, value);
    let Some(length) = text_length(signal) else {
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        return body.signal_change(reading, &number.to_le_bytes());
    };
    let padding = std::iter::repeat_n(b' ', (length as usize).saturating_sub(text.len()));
    let bytes = padding.chain(text.bytes());
    let digits: Vec<u8> =
        bytes.flat_map(|byte| (0..8).rev().map(move |i| digit(byte >> i & 1 == 1))).collect();
    body.signal_change(reading, &digits)
}
