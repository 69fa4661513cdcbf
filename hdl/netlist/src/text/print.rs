//! Printing.

use super::external;
use super::table::{NameTable, own_cells};
use crate::validate::{is_path, is_word};
use crate::{
    Bits, Case, Cell, Collision, Design, Direction, DomainId, Encoding, EnumKind, Instance, Kind,
    Memory, MemoryId, Module, Op, Place, Port, PortId, Property, ReadKind, ReadPort, Register,
    RegisterId, ValueId, WritePort,
};
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter, Write};
use std::sync::Arc;

/// Words of a memory on one line.
const INIT_PER_LINE: usize = 16;
/// Values of an instance array on one line.
const INPUTS_PER_LINE: usize = 8;

impl Display for Design {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Printer::new(self, true).design(f)
    }
}

/// The text form without places and files: what a design is, not where it was written.
pub struct WithoutPlaces<'a>(pub(crate) &'a Design);

impl Design {
    /// The text form without places and files.
    pub fn without_places(&self) -> WithoutPlaces<'_> {
        WithoutPlaces(self)
    }
}

impl Display for WithoutPlaces<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Printer::new(self.0, false).design(f)
    }
}

/// A text in quotes, as the lexer reads it.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// A name: bare where the lexer reads it as one word.
pub(super) struct Name<'a>(pub(super) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let camel = self.0.starts_with(|c: char| c.is_ascii_alphabetic())
            && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if camel || is_path(self.0) { f.write_str(self.0) } else { Quoted(self.0).fmt(f) }
    }
}

struct Printer<'a> {
    design: &'a Design,
    places: bool,
    enums: HashMap<Arc<EnumKind>, String>,
    enum_order: Vec<Arc<EnumKind>>,
}

impl<'a> Printer<'a> {
    fn new(design: &'a Design, places: bool) -> Self {
        let mut printer = Self { design, places, enums: HashMap::new(), enum_order: Vec::new() };
        for m in &design.modules {
            let kinds = m.ports.iter().map(|p| &p.kind);
            let kinds = kinds.chain(m.registers.iter().map(|r| &r.kind));
            let kinds = kinds.chain(m.memories.iter().map(|x| &x.kind));
            let labels = m.cells.iter().filter_map(|c| c.label.as_ref());
            kinds.chain(labels.map(|l| &l.kind)).for_each(|k| printer.declare(k));
        }
        printer
    }

    fn declare(&mut self, kind: &Kind) {
        let Kind::Enum(e) = kind else { return };
        if self.enums.contains_key(e) {
            return;
        }
        let taken = |alias: &String| self.enums.values().any(|a| a == alias);
        let numbered = (2..).map(|i| format!("{}#{i}", e.name));
        let mut aliases = std::iter::once(e.name.clone()).chain(numbered);
        let alias = aliases.find(|a| !taken(a)).expect("there is always a free number");
        self.enums.insert(e.clone(), alias);
        self.enum_order.push(e.clone());
    }

    fn design(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "netlist 1")?;
        if self.places {
            for file in &self.design.files {
                writeln!(f, "file {}", Quoted(file))?;
            }
        }
        for e in &self.enum_order {
            self.enumeration(f, e)?;
        }
        match self.design.modules.get(self.design.top.index()) {
            Some(top) => writeln!(f, "top {}", Name(&top.name))?,
            None => writeln!(f, "top %{}", self.design.top.0)?,
        }
        for module in &self.design.modules {
            let table = NameTable::of(self.design, module);
            ModulePrinter { outer: self, module, table, own: own_cells(module) }.module(f)?;
        }
        Ok(())
    }

    fn enumeration(&self, f: &mut Formatter<'_>, e: &Arc<EnumKind>) -> fmt::Result {
        let alias = &self.enums[e];
        write!(f, "enum {}", Name(alias))?;
        if *alias != e.name {
            write!(f, " named {}", Quoted(&e.name))?;
        }
        if e.encoding != Encoding::Binary {
            write!(f, " {}", e.encoding.name())?;
        }
        write!(f, " =")?;
        for (i, variant) in e.variants.iter().enumerate() {
            write!(f, "{} {}", if i == 0 { "" } else { "," }, Name(variant))?;
        }
        writeln!(f)
    }

    fn kind(&self, f: &mut Formatter<'_>, kind: &Kind, width: u32) -> fmt::Result {
        match kind {
            Kind::Bits => write!(f, "bits {width}"),
            Kind::Unsigned => write!(f, "unsigned {width}"),
            Kind::Signed => write!(f, "signed {width}"),
            Kind::Enum(e) => write!(f, "enum {} {width}", Name(&self.enums[e])),
            Kind::Bit if width == 1 => write!(f, "bit"),
            Kind::Bit => write!(f, "bit {width}"),
            Kind::Float { exponent, mantissa } => {
                write!(f, "float({exponent}, {mantissa})")?;
                let whole = 1 + u64::from(*exponent) + u64::from(*mantissa);
                if u64::from(width) == whole { Ok(()) } else { write!(f, " {width}") }
            }
        }
    }

    fn end(&self, f: &mut Formatter<'_>, place: Place) -> fmt::Result {
        if self.places && place != Place::UNKNOWN {
            write!(f, " @{}:{}:{}", place.file.0, place.line, place.column)?;
        }
        writeln!(f)
    }
}

struct ModulePrinter<'a> {
    outer: &'a Printer<'a>,
    module: &'a Module,
    table: NameTable,
    /// The first cell that stands for a port, register or read port.
    own: HashMap<&'a Op, ValueId>,
}

impl ModulePrinter<'_> {
    fn module(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let m = self.module;
        write!(f, "\nmodule {}", Name(&m.name))?;
        if !m.parameters.is_empty() {
            write!(f, " {}", Quoted(&m.parameters))?;
        }
        if self.outer.places && m.place != Place::UNKNOWN {
            write!(f, " @{}:{}:{}", m.place.file.0, m.place.line, m.place.column)?;
        }
        writeln!(f, " {{")?;
        if let Some(function) = m.computes {
            writeln!(f, "  computes {function}")?;
        }
        for d in &m.domains {
            let name =
                if d.name.is_empty() { String::new() } else { format!("{} ", Name(&d.name)) };
            write!(f, "  domain {name}{}", d.manner())?;
            self.outer.end(f, d.place)?;
        }
        m.ports.iter().enumerate().try_for_each(|(i, p)| self.port(f, i, p))?;
        if let Some(external) = &m.external {
            external::print(f, m, external, |f| self.end(f, external.place))?;
        }
        m.registers.iter().enumerate().try_for_each(|(i, r)| self.register(f, i, r))?;
        m.memories.iter().enumerate().try_for_each(|(i, x)| self.memory(f, i, x))?;
        m.instances.iter().try_for_each(|x| self.instance(f, x))?;
        m.cells.iter().enumerate().try_for_each(|(i, c)| self.cell(f, ValueId(i as u32), c))?;
        m.properties.iter().try_for_each(|p| self.property(f, p))?;
        writeln!(f, "}}")
    }

    fn end(&self, f: &mut Formatter<'_>, place: Place) -> fmt::Result {
        self.outer.end(f, place)
    }

    fn value(&self, f: &mut Formatter<'_>, value: ValueId) -> fmt::Result {
        match self.name_of(value) {
            Some(name) => f.write_str(&name),
            None => write!(f, "%{}", value.0),
        }
    }

    /// A name that means this value alone.
    fn name_of(&self, value: ValueId) -> Option<String> {
        let label = self.module.cells.get(value.index())?.label.as_ref().map(|l| l.name.clone());
        let name = label.or_else(|| self.module.link_name(self.outer.design, value))?;
        (is_path(&name) && self.table.means(&name, value)).then_some(name)
    }

    fn show(&self, value: ValueId) -> String {
        self.name_of(value).unwrap_or_else(|| format!("%{}", value.0))
    }

    fn domain(&self, f: &mut Formatter<'_>, domain: DomainId) -> fmt::Result {
        match self.module.domains.get(domain.index()) {
            Some(d) if d.name.is_empty() => Ok(()),
            Some(d) => write!(f, " in {}", Name(&d.name)),
            None => write!(f, " in %{}", domain.0),
        }
    }

    /// The cell that a port, register or read port points at, where that is not its own.
    fn linked(&self, f: &mut Formatter<'_>, value: ValueId, op: &Op) -> fmt::Result {
        if self.own.get(op) == Some(&value) { Ok(()) } else { write!(f, " cell %{}", value.0) }
    }

    fn port(&self, f: &mut Formatter<'_>, index: usize, p: &Port) -> fmt::Result {
        let direction = if p.direction == Direction::Input { "input" } else { "output" };
        write!(f, "  {direction} {} : ", Name(&p.name))?;
        self.outer.kind(f, &p.kind, p.width)?;
        match p.direction {
            Direction::Input => {
                self.linked(f, p.value, &Op::Input(PortId(index as u32)))?;
            }
            Direction::Output => {
                write!(f, " = ")?;
                self.value(f, p.value)?;
            }
        }
        self.end(f, p.place)
    }

    fn register(&self, f: &mut Formatter<'_>, index: usize, r: &Register) -> fmt::Result {
        write!(f, "  register {} : ", Name(&r.name))?;
        self.outer.kind(f, &r.kind, r.width)?;
        for (word, bits) in [("reset", &r.reset), ("init", &r.init)] {
            if let Some(bits) = bits {
                write!(f, " {word} {bits}")?;
            }
        }
        if r.crossing {
            write!(f, " crossing")?;
        }
        self.domain(f, r.domain)?;
        self.linked(f, r.value, &Op::Register(RegisterId(index as u32)))?;
        self.end(f, r.place)?;
        r.cases.iter().try_for_each(|case| self.case(f, case))
    }

    fn case(&self, f: &mut Formatter<'_>, case: &Case) -> fmt::Result {
        write!(f, "    set ")?;
        self.value(f, case.value)?;
        self.optional(f, "when", case.condition)?;
        self.end(f, case.place)
    }

    fn optional(&self, f: &mut Formatter<'_>, word: &str, value: Option<ValueId>) -> fmt::Result {
        let Some(value) = value else { return Ok(()) };
        write!(f, " {word} ")?;
        self.value(f, value)
    }

    fn memory(&self, f: &mut Formatter<'_>, index: usize, m: &Memory) -> fmt::Result {
        write!(f, "  memory {} : ", Name(&m.name))?;
        self.outer.kind(f, &m.kind, m.width)?;
        write!(f, " x {}", m.depth)?;
        if m.crossing {
            write!(f, " crossing")?;
        }
        self.end(f, m.place)?;
        for line in m.init.chunks(INIT_PER_LINE) {
            write!(f, "    init")?;
            line.iter().try_for_each(|word| self.word(f, m, word))?;
            writeln!(f)?;
        }
        for (port, read) in m.reads.iter().enumerate() {
            self.read(f, index, port as u32, read)?;
        }
        m.writes.iter().try_for_each(|w| self.write(f, w))
    }

    fn word(&self, f: &mut Formatter<'_>, m: &Memory, word: &Bits) -> fmt::Result {
        if word.width() == m.width { write!(f, " {word:x}") } else { write!(f, " {word}") }
    }

    fn read(&self, f: &mut Formatter<'_>, index: usize, port: u32, read: &ReadPort) -> fmt::Result {
        let sync = if read.kind == ReadKind::Async { "async" } else { "sync" };
        write!(f, "    read {sync} ")?;
        self.value(f, read.address)?;
        if let ReadKind::Sync { domain, enable, collision } = read.kind {
            self.optional(f, "when", enable)?;
            let word = match collision {
                Collision::Old => "old",
                Collision::New => "new",
                Collision::Undefined => "undefined",
            };
            write!(f, " collision {word}")?;
            self.domain(f, domain)?;
        }
        self.linked(f, read.value, &Op::ReadData { memory: MemoryId(index as u32), port })?;
        self.end(f, read.place)
    }

    fn write(&self, f: &mut Formatter<'_>, w: &WritePort) -> fmt::Result {
        write!(f, "    write ")?;
        self.value(f, w.address)?;
        write!(f, " ")?;
        self.value(f, w.data)?;
        self.optional(f, "when", w.enable)?;
        self.optional(f, "mask", w.mask)?;
        self.domain(f, w.domain)?;
        self.end(f, w.place)
    }

    fn instance(&self, f: &mut Formatter<'_>, i: &Instance) -> fmt::Result {
        write!(f, "  instance {}", Name(&i.name))?;
        i.dims.iter().try_for_each(|d| write!(f, "[{d}]"))?;
        let placed = self.outer.design.modules.get(i.module.index());
        match placed {
            Some(placed) => write!(f, " of {}", Name(&placed.name))?,
            None => write!(f, " of %{}", i.module.0)?,
        }
        self.instance_domains(f, i, placed)?;
        self.end(f, i.place)?;
        for (port, values) in i.inputs.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
            match placed.and_then(|p| p.ports.get(port)) {
                Some(port) => write!(f, "    {} = ", Name(&port.name))?,
                None => write!(f, "    %{port} = ")?,
            }
            let lines = values.chunks(INPUTS_PER_LINE);
            let lines =
                lines.map(|l| l.iter().map(|v| self.show(*v)).collect::<Vec<_>>().join(", "));
            writeln!(f, "{}", lines.collect::<Vec<_>>().join(",\n      "))?;
        }
        Ok(())
    }

    fn instance_domains(
        &self,
        f: &mut Formatter<'_>,
        i: &Instance,
        placed: Option<&Module>,
    ) -> fmt::Result {
        let names = |ids: &[DomainId]| {
            ids.iter()
                .map(|d| self.module.domains.get(d.index()).map(|d| d.name.as_str()))
                .collect()
        };
        let outer: Vec<Option<&str>> = names(&i.domains);
        let inner = placed.map(|p| p.domains.iter().map(|d| Some(d.name.as_str())).collect());
        if inner.as_ref() == Some(&outer) {
            return Ok(());
        }
        write!(f, " in ")?;
        let shown = outer.iter().map(|name| name.map_or("?".to_string(), |n| Name(n).to_string()));
        write!(f, "{}", shown.collect::<Vec<_>>().join(", "))
    }

    fn cell(&self, f: &mut Formatter<'_>, value: ValueId, cell: &Cell) -> fmt::Result {
        match &cell.label {
            None => write!(f, "  %{} : {}", value.0, cell.width)?,
            Some(label) => {
                let named = is_path(&label.name) && self.table.means(&label.name, value);
                let number = if named { String::new() } else { format!("%{} ", value.0) };
                write!(f, "  {number}{} : ", Name(&label.name))?;
                self.outer.kind(f, &label.kind, cell.width)?;
            }
        }
        write!(f, " = ")?;
        self.op(f, &cell.op)?;
        self.end(f, cell.place)
    }

    fn op(&self, f: &mut Formatter<'_>, op: &Op) -> fmt::Result {
        let m = self.module;
        let name = |found: Option<&String>, index: u32| {
            found.map_or_else(|| format!("%{index}"), |n| Name(n).to_string())
        };
        match op {
            Op::Const(bits) => write!(f, "{bits}"),
            Op::Undefined => write!(f, "undefined"),
            Op::Input(p) => {
                let found = m.ports.get(p.index()).map(|p| &p.name);
                write!(f, "input {}", name(found, p.0))
            }
            Op::Register(r) => {
                let found = m.registers.get(r.index()).map(|r| &r.name);
                write!(f, "register {}", name(found, r.0))
            }
            Op::ReadData { memory, port } => {
                let found = m.memories.get(memory.index()).map(|x| &x.name);
                write!(f, "read {} {port}", name(found, memory.0))
            }
            Op::InstanceOutput { instance, port, element } => {
                let at = m.instances.get(instance.index()).filter(|i| is_word(&i.name));
                let exists = at.is_some_and(|i| *element < i.elements());
                let placed = at.and_then(|i| self.outer.design.modules.get(i.module.index()));
                match (at, placed.and_then(|p| p.ports.get(port.index()))) {
                    (Some(i), Some(p)) if exists => {
                        write!(f, "output {}.{}", i.element_name(*element), p.name)
                    }
                    _ => write!(f, "output %{} %{} %{element}", instance.0, port.0),
                }
            }
            _ => self.operands(f, op),
        }
    }

    fn operands(&self, f: &mut Formatter<'_>, op: &Op) -> fmt::Result {
        let mut shown = Vec::new();
        op.operands(|v| shown.push(self.show(v)));
        if let Op::Slice { low, .. } = op {
            shown.push(low.to_string());
        }
        write!(f, "{}({})", op.name(), shown.join(", "))
    }

    fn property(&self, f: &mut Formatter<'_>, p: &Property) -> fmt::Result {
        let word = p.kind.word();
        write!(f, "  {word} {} ", Quoted(&p.name))?;
        self.value(f, p.condition)?;
        self.domain(f, p.domain)?;
        self.end(f, p.place)
    }
}
