//! Waveform files in the Value Change Dump format (IEEE 1364-2005, clause 18).

use crate::{Signal, Trace, show_value};
use olivine_netlist::{Bits, Kind};
use std::collections::HashSet;
use std::io;
use vcd::{IdCode, TimescaleUnit, Value, VarType, Writer};

/// Nanoseconds that a cycle takes in the file: the clock rises at its start and falls half way.
const CYCLE_NS: u64 = 10;

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
        let mut writer = Writer::new(out);
        writer.version("olivine")?;
        writer.timescale(1, TimescaleUnit::NS)?;
        writer.add_module("top")?;
        let clock = match self.find("clk") {
            None => Some(writer.add_wire(1, "clk")?),
            Some(_) => None,
        };
        let mut declared = vec![None; self.signals.len()];
        declare(&mut writer, &Scope::tree(self), self, &mut declared)?;
        writer.upscope()?;
        writer.enddefinitions()?;
        self.changes(&mut writer, clock, &declared)?;
        writer.flush()
    }

    fn changes(
        &self,
        writer: &mut Writer<impl io::Write>,
        clock: Option<IdCode>,
        declared: &[Option<Declared>],
    ) -> io::Result<()> {
        let mut last: Option<&Vec<Bits>> = None;
        for (cycle, values) in self.cycles.iter().enumerate() {
            writer.timestamp(cycle as u64 * CYCLE_NS)?;
            if let Some(clock) = clock {
                writer.change_scalar(clock, Value::V1)?;
            }
            for (index, value) in values.iter().enumerate() {
                if let Some(declared) = declared[index]
                    && last.is_none_or(|last| last[index] != *value)
                {
                    change(writer, declared, &self.signals[index].kind, value)?;
                }
            }
            if let Some(clock) = clock {
                writer.timestamp(cycle as u64 * CYCLE_NS + CYCLE_NS / 2)?;
                writer.change_scalar(clock, Value::V0)?;
            }
            last = Some(values);
        }
        writer.timestamp(self.cycles.len() as u64 * CYCLE_NS)
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

/// Signals by scope, in the order in which they are met.
#[derive(Default)]
struct Scope<'t> {
    name: &'t str,
    /// Name within the scope, and index of the signal.
    signals: Vec<(&'t str, usize)>,
    scopes: Vec<Scope<'t>>,
}

impl<'t> Scope<'t> {
    fn tree(trace: &'t Trace) -> Self {
        let mut root = Scope::default();
        let mut seen = HashSet::new();
        for (index, signal) in trace.signals.iter().enumerate() {
            if seen.insert(&signal.path) {
                let (scope, name) = signal.path.rsplit_once('.').unwrap_or(("", &signal.path));
                let parts = scope.split('.').filter(|part| !part.is_empty());
                parts.fold(&mut root, Scope::child).signals.push((name, index));
            }
        }
        root
    }

    fn child<'s>(&'s mut self, name: &'t str) -> &'s mut Scope<'t> {
        let found = self.scopes.iter().position(|s| s.name == name);
        let index = found.unwrap_or_else(|| {
            self.scopes.push(Scope { name, ..Scope::default() });
            self.scopes.len() - 1
        });
        &mut self.scopes[index]
    }

    fn has(&self, name: &str) -> bool {
        self.signals.iter().any(|(known, _)| *known == name)
    }
}

/// What is left to declare: a scope to open, or the end of one.
enum Part<'s, 't> {
    Open(&'s Scope<'t>),
    Close,
}

fn declare(
    writer: &mut Writer<impl io::Write>,
    root: &Scope<'_>,
    trace: &Trace,
    declared: &mut [Option<Declared>],
) -> io::Result<()> {
    // Texts are declared past the writer, so codes are counted here; the first may be the clock's.
    let mut next = IdCode::FIRST.next();
    let mut waiting = vec![Part::Open(root)];
    while let Some(part) = waiting.pop() {
        let Part::Open(scope) = part else {
            writer.upscope()?;
            continue;
        };
        if !scope.name.is_empty() {
            writer.add_module(scope.name)?;
            waiting.push(Part::Close);
        }
        for (name, index) in &scope.signals {
            let signal = &trace.signals[*index];
            let (bits, reading) = (next, companion(scope, signal, name));
            next = next.next();
            let of_type =
                if signal.kind == Kind::Signed { VarType::Integer } else { VarType::Wire };
            writer.var_def(of_type, signal.width, bits, name, None)?;
            let reading = match reading {
                None => None,
                Some(reading) => {
                    let id = next;
                    next = next.next();
                    declare_companion(writer, &signal.kind, id, &reading)?;
                    Some(id)
                }
            };
            declared[*index] = Some(Declared { bits, reading });
        }
        waiting.extend(scope.scopes.iter().rev().map(Part::Open));
    }
    Ok(())
}

/// The name of the variable with a signal's reading, if it has one.
fn companion(scope: &Scope<'_>, signal: &Signal, name: &str) -> Option<String> {
    let suffix = match &signal.kind {
        Kind::Enum(_) => "name",
        Kind::Float { exponent, .. } if *exponent <= 11 => "value",
        _ => return None,
    };
    Some(format!("{name}_{suffix}")).filter(|second| !scope.has(second))
}

fn declare_companion(
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
