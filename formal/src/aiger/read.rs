//! Reading AIGER, ASCII and binary.

use crate::format_fault::FormatFault;
use olivine_netlist::{
    Bits, Case, ClockDomain, Design, Direction, DomainId, Kind, Module, ModuleId, Op, Place, Port,
    PortId, Property, PropertyKind, Register, RegisterId, ValueId,
};

/// A file on its way.
struct Reader<'a> {
    rest: &'a [u8],
    line: usize,
    module: Module,
    /// By variable: its value, once it has one.
    values: Vec<Option<ValueId>>,
}

/// The numbers of the header.
struct Header {
    binary: bool,
    last: u32,
    inputs: u32,
    latches: u32,
    outputs: u32,
    ands: u32,
    bad: u32,
    constraints: u32,
    justice: u32,
    fair: u32,
}

/// A design from a file in AIGER 1.9: inputs `i0`, …, registers `l0`, … from power-up, an assertion
/// `bad 0`, … for each bad state (or, if it says none, for each output), an assumption for each
/// constraint, a live property for each justice property. To be proved from
/// [`Start::PowerUp`](crate::Start::PowerUp).
///
/// # Errors
/// The first line that is wrong, and how.
pub fn read_aiger(file: &[u8]) -> Result<Design, FormatFault> {
    let module = Module::new("aiger", Place::UNKNOWN);
    let mut reader = Reader { rest: file, line: 0, module, values: Vec::new() };
    let header = reader.header()?;
    reader.body(&header)?;
    let module = reader.module;
    Ok(Design { modules: vec![module], top: ModuleId(0), files: Vec::new() })
}

impl<'a> Reader<'a> {
    fn fault<T>(&self, message: impl Into<String>) -> Result<T, FormatFault> {
        Err(FormatFault { line: self.line, message: message.into() })
    }

    fn text(&mut self) -> Result<&'a str, FormatFault> {
        self.line += 1;
        let Some(end) = self.rest.iter().position(|&b| b == b'\n') else {
            return self.fault("the file ends too early");
        };
        let (line, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        match std::str::from_utf8(line) {
            Ok(text) => Ok(text.trim_end_matches('\r')),
            Err(_) => self.fault("it is no text"),
        }
    }

    fn numbers(&mut self) -> Result<Vec<u32>, FormatFault> {
        let text = self.text()?;
        let numbers: Result<Vec<u32>, _> = text.split(' ').map(str::parse).collect();
        numbers.or_else(|_| self.fault(format!("`{text}` should be numbers")))
    }

    fn header(&mut self) -> Result<Header, FormatFault> {
        let text = self.text()?;
        let (word, numbers) = text.split_once(' ').unwrap_or((text, ""));
        let binary = match word {
            "aag" => false,
            "aig" => true,
            _ => return self.fault("it begins with neither `aag` nor `aig`"),
        };
        let numbers: Result<Vec<u32>, _> = numbers.split(' ').map(str::parse).collect();
        let mut numbers = match numbers {
            Ok(numbers) if (5..=9).contains(&numbers.len()) => numbers,
            _ => return self.fault("the header has five to nine numbers"),
        };
        numbers.resize(9, 0);
        let [last, inputs, latches, outputs, ands, bad, constraints, justice, fair] = numbers[..]
        else {
            return self.fault("the header has five to nine numbers");
        };
        let parts = u64::from(inputs) + u64::from(latches) + u64::from(ands);
        if parts > u64::from(last) || last > 1 << 28 || binary && parts < u64::from(last) {
            return self.fault("the numbers of the header do not fit together");
        }
        Ok(Header { binary, last, inputs, latches, outputs, ands, bad, constraints, justice, fair })
    }

    fn add(&mut self, op: Op) -> ValueId {
        self.module.add(op, 1, Place::UNKNOWN)
    }

    /// The variable that a literal defines.
    fn define(&mut self, lit: u32, value: ValueId) -> Result<(), FormatFault> {
        match self.values.get_mut(lit as usize / 2) {
            Some(slot) if lit.is_multiple_of(2) && slot.is_none() => {
                *slot = Some(value);
                Ok(())
            }
            _ => self.fault(format!("{lit} cannot be defined here")),
        }
    }

    fn value(&mut self, lit: u32) -> Result<ValueId, FormatFault> {
        let Some(value) = self.values.get(lit as usize / 2).copied().flatten() else {
            return self.fault(format!("{} is not defined", lit & !1));
        };
        Ok(if lit % 2 == 1 { self.add(Op::Not(value)) } else { value })
    }

    fn body(&mut self, header: &Header) -> Result<(), FormatFault> {
        self.module.domains.push(ClockDomain::new("", Place::UNKNOWN));
        self.values = vec![None; header.last as usize + 1];
        let zero = self.add(Op::Const(Bits::zero(1)));
        self.values[0] = Some(zero);
        for i in 0..header.inputs {
            let lit = if header.binary { 2 * (i + 1) } else { self.one()? };
            let value = self.add(Op::Input(PortId(i)));
            self.define(lit, value)?;
            let (name, kind, place) = (format!("i{i}"), Kind::Bit, Place::UNKNOWN);
            let direction = Direction::Input;
            self.module.ports.push(Port { name, direction, width: 1, kind, place, value });
        }
        let mut nexts = Vec::new();
        for i in 0..header.latches {
            nexts.push(self.latch(i, header)?);
        }
        let asked: Result<Vec<u32>, _> =
            (0..header.outputs + header.bad + header.constraints).map(|_| self.one()).collect();
        let asked = asked?;
        let sizes: Result<Vec<u32>, _> = (0..header.justice).map(|_| self.one()).collect();
        let mut justice: Vec<Vec<u32>> = Vec::new();
        for size in sizes? {
            let lits: Result<Vec<u32>, _> = (0..size).map(|_| self.one()).collect();
            justice.push(lits?);
        }
        let fair: Result<Vec<u32>, _> = (0..header.fair).map(|_| self.one()).collect();
        let fair = fair?;
        self.ands(header)?;
        for (i, next) in nexts.into_iter().enumerate() {
            let value = self.value(next)?;
            let case = Case { condition: None, value, place: Place::UNKNOWN };
            self.module.registers[i].cases.push(case);
        }
        let (outputs, rest) = asked.split_at(header.outputs as usize);
        let (bad, constraints) = rest.split_at(header.bad as usize);
        let bad = if header.bad == 0 { outputs } else { bad };
        for (i, &lit) in bad.iter().enumerate() {
            self.property(format!("bad {i}"), PropertyKind::Assert, lit ^ 1)?;
        }
        for (i, &lit) in constraints.iter().enumerate() {
            self.property(format!("constraint {i}"), PropertyKind::Assume, lit)?;
        }
        for (i, &lit) in fair.iter().enumerate() {
            self.property(format!("fair {i}"), PropertyKind::Fair, lit)?;
        }
        for (i, lits) in justice.iter().enumerate() {
            self.justice(i, lits)?;
        }
        Ok(())
    }

    fn one(&mut self) -> Result<u32, FormatFault> {
        match self.numbers()?[..] {
            [number] => Ok(number),
            _ => self.fault("one number should stand here"),
        }
    }

    /// A latch; the literal of its next value.
    fn latch(&mut self, i: u32, header: &Header) -> Result<u32, FormatFault> {
        let mut numbers = self.numbers()?;
        if header.binary {
            numbers.insert(0, 2 * (header.inputs + 1 + i));
        }
        let (lit, next, init) = match numbers[..] {
            [lit, next] => (lit, next, Some(Bits::zero(1))),
            [lit, next, first] if first < 2 => (lit, next, Some(Bits::new(1, first.into()))),
            [lit, next, first] if first == lit => (lit, next, None),
            _ => return self.fault("a latch has a next and perhaps a first value"),
        };
        let value = self.register(format!("l{i}"), init);
        self.define(lit, value)?;
        Ok(next)
    }

    /// The value of a new register.
    fn register(&mut self, name: String, init: Option<Bits>) -> ValueId {
        let id = RegisterId(self.module.registers.len() as u32);
        let value = self.add(Op::Register(id));
        self.module.registers.push(Register {
            name,
            width: 1,
            kind: Kind::Bits,
            domain: DomainId(0),
            reset: None,
            init,
            crossing: false,
            cases: Vec::new(),
            place: Place::UNKNOWN,
            value,
        });
        value
    }

    fn ands(&mut self, header: &Header) -> Result<(), FormatFault> {
        let first = header.inputs + header.latches + 1;
        let mut gates = Vec::new();
        for i in 0..header.ands {
            let gate = if header.binary {
                let own = 2 * (first + i);
                let more = own.checked_sub(self.delta()?);
                let less = more.and_then(|more| Some((more, self.delta().ok()?)));
                match less.and_then(|(more, delta)| Some([own, more, more.checked_sub(delta)?])) {
                    Some(gate) => gate,
                    None => return self.fault("a gate of the binary part is wrong"),
                }
            } else {
                match self.numbers()?[..] {
                    [own, a, b] => [own, a, b],
                    _ => return self.fault("a gate has three numbers"),
                }
            };
            // In the ASCII form a gate may stand before its operands.
            let value = self.add(Op::Const(Bits::zero(1)));
            self.define(gate[0], value)?;
            gates.push((value, gate));
        }
        for (value, [_, a, b]) in gates {
            let (a, b) = (self.value(a)?, self.value(b)?);
            self.module.cells[value.index()].op = Op::And(a, b);
        }
        Ok(())
    }

    /// A number of the binary part.
    fn delta(&mut self) -> Result<u32, FormatFault> {
        let mut number = 0u32;
        for shift in (0..32).step_by(7) {
            let Some((&byte, rest)) = self.rest.split_first() else {
                return self.fault("the binary part ends too early");
            };
            self.rest = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        self.fault("a number of the binary part is too large")
    }

    /// Runs that meet all of these again and again are wrong; as in [`read_btor2`](crate::read_btor2)
    /// it is guessed at some time that a run is one of them.
    fn justice(&mut self, index: usize, lits: &[u32]) -> Result<(), FormatFault> {
        let port = PortId(self.module.ports.len() as u32);
        let guess = self.add(Op::Input(port));
        let (name, kind, place) = (format!("guess_{index}"), Kind::Bit, Place::UNKNOWN);
        let direction = Direction::Input;
        self.module.ports.push(Port { name, direction, width: 1, kind, place, value: guess });
        let guessed = self.register(format!("guessed_{index}"), Some(Bits::zero(1)));
        let value = self.add(Op::Or(guessed, guess));
        let case = Case { condition: None, value, place };
        self.module.registers.last_mut().expect("it was made just now").cases.push(case);
        let open = self.add(Op::Not(guessed));
        for (i, &lit) in lits.iter().enumerate() {
            let condition = self.value(lit)?;
            let met = self.add(Op::Or(open, condition));
            self.add_property(format!("justice {index}, condition {i}"), PropertyKind::Fair, met);
        }
        self.add_property(format!("justice {index}"), PropertyKind::Live, open);
        Ok(())
    }

    fn property(&mut self, name: String, kind: PropertyKind, lit: u32) -> Result<(), FormatFault> {
        let condition = self.value(lit)?;
        self.add_property(name, kind, condition);
        Ok(())
    }

    fn add_property(&mut self, name: String, kind: PropertyKind, condition: ValueId) {
        let (domain, place) = (DomainId(0), Place::UNKNOWN);
        self.module.properties.push(Property { name, kind, condition, domain, place });
    }
}
