//! Waveform files in the Value Change Dump format (IEEE 1364-2005, clause 18).

use crate::scope::{CYCLE_NS, Entry, entries};
use crate::{Signal, Trace, show_value};
use olivine_netlist::{Bits, Kind};
use std::io;
use vcd::{IdCode, TimescaleUnit, Value, VarType, Writer};

impl Trace {
    /// Writes the trace as a VCD file.
    ///
    /// Everything lies in the scope `top`; each further part of a path, `pe[1][2]` too, is a scope
    /// of its own. A name such as `lanes[3]` is written as it is; readers take it for an element of
    /// an array. A clock `clk` is added unless the trace has one. The values of cycle `c`
    /// appear at `10 c` nanoseconds. Of several signals with one path, the first is written.
    ///
    /// Viewers show values as they are read: signed numbers are of the type `integer`, beside an
    /// enumeration `state` stands the text `state_name`, beside a float `x` the real `x_value`
    /// (where no signal has that name).
    ///
    /// # Errors
    /// Those of the writer.
    pub fn to_vcd(&self, out: &mut impl io::Write) -> io::Result<()> {
        let mut file = VcdStream::new(&self.signals, out)?;
        self.cycles.iter().try_for_each(|values| file.cycle(values))?;
        file.finish()
    }
}

/// A file that is written cycle by cycle.
pub(crate) struct VcdStream<W: io::Write> {
    writer: Writer<W>,
    /// Signals alone.
    header: Trace,
    clock: Option<IdCode>,
    declared: Vec<Option<Declared>>,
    last: Option<Vec<Bits>>,
    cycles: u64,
}

impl<W: io::Write> VcdStream<W> {
    pub fn new(signals: &[Signal], out: W) -> io::Result<Self> {
        let header = Trace::new(signals.to_vec());
        let mut writer = Writer::new(out);
        writer.version("olivine")?;
        writer.timescale(1, TimescaleUnit::NS)?;
        writer.add_module("top")?;
        let clock = match header.find("clk") {
            None => Some(writer.add_wire(1, "clk")?),
            Some(_) => None,
        };
        let mut declared = vec![None; header.signals.len()];
        declare(&mut writer, &header, &mut declared)?;
        writer.upscope()?;
        writer.enddefinitions()?;
        Ok(Self { writer, header, clock, declared, last: None, cycles: 0 })
    }

    /// The values of the next cycle, by signal.
    pub fn cycle(&mut self, values: &[Bits]) -> io::Result<()> {
        let (writer, start) = (&mut self.writer, self.cycles * CYCLE_NS);
        writer.timestamp(start)?;
        if let Some(clock) = self.clock {
            writer.change_scalar(clock, Value::V1)?;
        }
        for (index, value) in values.iter().enumerate() {
            if let Some(declared) = self.declared[index]
                && self.last.as_ref().is_none_or(|last| last[index] != *value)
            {
                change(writer, declared, &self.header.signals[index].kind, value)?;
            }
        }
        if let Some(clock) = self.clock {
            writer.timestamp(start + CYCLE_NS / 2)?;
            writer.change_scalar(clock, Value::V0)?;
        }
        self.last.get_or_insert_default().clear();
        self.last.get_or_insert_default().extend_from_slice(values);
        self.cycles += 1;
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.writer.timestamp(self.cycles * CYCLE_NS)?;
        self.writer.flush()
    }
}

/// A signal in the file: its bits, and its reading for people if that is a variable of its own.
#[derive(Clone, Copy)]
struct Declared {
    bits: IdCode,
    reading: Option<IdCode>,
}

fn change(
    writer: &mut Writer<impl io::Write>,
    declared: Declared,
    kind: &Kind,
    value: &Bits,
) -> io::Result<()> {
    let bit = |index| Value::from(value.bit(index));
    if value.width() == 1 {
        writer.change_scalar(declared.bits, bit(0))?;
    } else {
        writer.change_vector(declared.bits, (0..value.width()).rev().map(bit))?;
    }
    match (declared.reading, kind) {
        (Some(id), Kind::Float { .. }) => {
            let number = show_value(kind, value).parse().unwrap_or(f64::NAN);
            writer.change_real(id, number)
        }
        (Some(id), _) => writer.change_string(id, &show_value(kind, value)),
        (None, _) => Ok(()),
    }
}

fn declare(
    writer: &mut Writer<impl io::Write>,
    trace: &Trace,
    declared: &mut [Option<Declared>],
) -> io::Result<()> {
    // Texts are declared past the writer, so codes are counted here; the first may be the clock's.
    let mut next = IdCode::FIRST;
    let mut code = || {
        next = next.next();
        next
    };
    for entry in entries(trace) {
        match entry {
            Entry::Open(scope) => writer.add_module(scope)?,
            Entry::Close => writer.upscope()?,
            Entry::Signal { name, index, reading } => {
                let signal = &trace.signals[index];
                let signed = signal.kind == Kind::Signed;
                let of_type = if signed { VarType::Integer } else { VarType::Wire };
                let bits = code();
                writer.var_def(of_type, signal.width, bits, name, None)?;
                let reading = reading.map(|reading| {
                    let id = code();
                    declare_reading(writer, &signal.kind, id, &reading).map(|()| id)
                });
                declared[index] = Some(Declared { bits, reading: reading.transpose()? });
            }
        }
    }
    Ok(())
}

fn declare_reading(
    writer: &mut Writer<impl io::Write>,
    kind: &Kind,
    id: IdCode,
    name: &str,
) -> io::Result<()> {
    match kind {
        // A type that the writer's crate does not know; by custom one wide.
        Kind::Enum(_) => writeln!(writer.writer(), "$var string 1 {id} {name} $end"),
        _ => writer.var_def(VarType::Real, 64, id, name, None),
    }
}
