//! Parsing a module's body.
//!
//! While it is read, a `ValueId` is an index into the list of references; when all cells are
//! known, each is replaced by the value it means.

use super::external;
use super::lex::{Spot, Tok};
use super::parse::{Names, Parsed, Parser, add_name, look_up};
use super::table::{Found, NameTable, own_cells};
use crate::{
    Bits, Case, Cell, ClockDomain, Collision, Direction, DomainId, Edge, FloatFunction, Instance,
    Label, Memory, MemoryId, Module, ModuleId, Op, Place, Polarity, Port, PortId, Property,
    PropertyKind, ReadKind, ReadPort, Register, RegisterId, ResetKind, ValueId, WritePort,
};
use std::collections::HashMap;

/// Behind a clock domain: how its reset differs from the usual one.
const ASYNCHRONOUS: &str = "asynchronous";
const ACTIVE_LOW: &str = "active_low";

/// What a line speaks of before it is known which value that is.
enum Target {
    Number(u32),
    Name(String),
    /// The cell that has this operator.
    Own(Op),
}

pub(super) struct Body<'p, 't> {
    pub(super) parser: &'p mut Parser<'t>,
    pub(super) module: Module,
    references: Vec<(Target, Spot)>,
    numbers: HashMap<u32, ValueId>,
    pub(super) ports: Names,
    pub(super) registers: Names,
    pub(super) memories: Names,
    pub(super) instances: Names,
    domains: Names,
}

impl<'p, 't> Body<'p, 't> {
    pub(super) fn new(
        parser: &'p mut Parser<'t>,
        name: String,
        parameters: String,
        place: Place,
    ) -> Self {
        let module = Module { parameters, ..Module::new(name, place) };
        Self {
            parser,
            module,
            references: Vec::new(),
            numbers: HashMap::new(),
            ports: Names::new(),
            registers: Names::new(),
            memories: Names::new(),
            instances: Names::new(),
            domains: Names::new(),
        }
    }

    pub(super) fn parse(mut self) -> Parsed<Module> {
        loop {
            let (tok, spot) = self.parser.next()?;
            let second_is_colon = *self.parser.peek(0)? == Tok::Mark(':');
            match tok {
                Tok::Mark('}') => break,
                Tok::Index(number) => {
                    let labelled = !second_is_colon;
                    let label =
                        if labelled { Some(self.parser.name("the value")?.0) } else { None };
                    self.cell(Some((number, spot)), label, spot)?;
                }
                Tok::Word(name) | Tok::Str(name) if second_is_colon => {
                    self.cell(None, Some(name), spot)?;
                }
                Tok::Word(word) => self.item(&word, spot)?,
                other => return Err(unknown_item(&other, spot)),
            }
        }
        self.resolve()
    }

    fn item(&mut self, word: &str, spot: Spot) -> Parsed<()> {
        match word {
            "computes" => self.computes(),
            "domain" => self.clock_domain(),
            "external" => self.external(spot),
            "input" => self.port(Direction::Input),
            "output" => self.port(Direction::Output),
            "register" => self.register(),
            "memory" => self.memory(),
            "instance" => self.instance(),
            "assert" => self.property(PropertyKind::Assert),
            "assume" => self.property(PropertyKind::Assume),
            "cover" => self.property(PropertyKind::Cover),
            "live" => self.property(PropertyKind::Live),
            "fair" => self.property(PropertyKind::Fair),
            _ => Err(unknown_item(&Tok::Word(word.to_string()), spot)),
        }
    }

    fn own(&mut self, op: Op, spot: Spot) -> ValueId {
        self.references.push((Target::Own(op), spot));
        ValueId(self.references.len() as u32 - 1)
    }

    /// A reference to a value.
    pub(super) fn value(&mut self) -> Parsed<ValueId> {
        let (tok, spot) = self.parser.next()?;
        let target = match tok {
            Tok::Index(number) => Target::Number(number),
            Tok::Word(name) | Tok::Str(name) => Target::Name(name),
            other => {
                let message = format!("{} stands where a value should be", other.show());
                return Err(spot.fault(message, "write `%7` or a name"));
            }
        };
        self.references.push((target, spot));
        Ok(ValueId(self.references.len() as u32 - 1))
    }

    fn value_after(&mut self, word: &str) -> Parsed<Option<ValueId>> {
        if self.parser.take_word(word)? { self.value().map(Some) } else { Ok(None) }
    }

    /// `cell %7`, or else the cell with this operator.
    fn cell_of(&mut self, op: Op, spot: Spot) -> Parsed<ValueId> {
        let named = self.value_after("cell")?;
        Ok(named.unwrap_or_else(|| self.own(op, spot)))
    }

    fn computes(&mut self) -> Parsed<()> {
        for function in FloatFunction::ALL.into_iter().filter(|f| !f.flushed) {
            if self.parser.take_word(function.word())? {
                let flushed = self.parser.take_word("flushed")?;
                self.module.computes = Some(FloatFunction { flushed, ..function });
                return self.parser.end_of_line();
            }
        }
        let (tok, spot) = self.parser.next()?;
        let message = format!("{} stands where a function of floats should be", tok.show());
        Err(spot.fault(message, "write `multiply`, `add` or `multiply_add`"))
    }

    fn clock_domain(&mut self) -> Parsed<()> {
        let (first, spot) = self.parser.name("the clock domain or an edge")?;
        let next = self.parser.peek(0)?;
        let named = matches!(&next, Tok::Word(word) if word != ASYNCHRONOUS && word != ACTIVE_LOW);
        let (name, (edge, spot)) = if named {
            (first, self.parser.name("an edge")?)
        } else {
            (String::new(), (first, spot))
        };
        let edge = match edge.as_str() {
            "rising" => Edge::Rising,
            "falling" => Edge::Falling,
            _ => {
                return Err(spot.fault(format!("`{edge}` is no edge"), "write rising or falling"));
            }
        };
        let asynchronous = self.parser.take_word(ASYNCHRONOUS)?;
        let reset = if asynchronous { ResetKind::Asynchronous } else { ResetKind::Synchronous };
        let low = self.parser.take_word(ACTIVE_LOW)?;
        let polarity = if low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
        let place = self.parser.place_and_end()?;
        add_name(&mut self.domains, &name, self.module.domains.len() as u32);
        self.module.domains.push(ClockDomain { name, edge, reset, polarity, place });
        Ok(())
    }

    fn external(&mut self, spot: Spot) -> Parsed<()> {
        if self.module.external.is_some() {
            let message = "a module is two things in Verilog";
            return Err(spot.fault(message, "remove one of the two"));
        }
        let known = external::Known { ports: &self.ports, domains: &self.domains };
        self.module.external = Some(external::parse(self.parser, &known)?);
        Ok(())
    }

    /// `in NAME`, or the unnamed domain.
    fn domain(&mut self) -> Parsed<DomainId> {
        let here = self.parser.spot()?;
        let (name, spot) = if self.parser.take_word("in")? {
            self.parser.name("the clock domain")?
        } else {
            (String::new(), here)
        };
        self.domain_named(&name, spot)
    }

    fn domain_named(&self, name: &str, spot: Spot) -> Parsed<DomainId> {
        look_up(&self.domains, name, spot, "clock domain").map(DomainId)
    }

    fn port(&mut self, direction: Direction) -> Parsed<()> {
        let (name, spot) = self.parser.name("the port")?;
        self.parser.mark(':')?;
        let (kind, width) = self.parser.kind()?;
        let index = self.module.ports.len() as u32;
        let value = match direction {
            Direction::Input => self.cell_of(Op::Input(PortId(index)), spot)?,
            Direction::Output => {
                self.parser.mark('=')?;
                self.value()?
            }
        };
        let place = self.parser.place_and_end()?;
        add_name(&mut self.ports, &name, index);
        let kind = kind.unwrap_or_default();
        self.module.ports.push(Port { name, direction, width, kind, value, place });
        Ok(())
    }

    fn register(&mut self) -> Parsed<()> {
        let (name, spot) = self.parser.name("the register")?;
        self.parser.mark(':')?;
        let (kind, width) = self.parser.kind()?;
        let reset = self.constant_after("reset")?;
        let init = self.constant_after("init")?;
        let crossing = self.parser.take_word("crossing")?;
        let domain = self.domain()?;
        let index = self.module.registers.len() as u32;
        let value = self.cell_of(Op::Register(RegisterId(index)), spot)?;
        let place = self.parser.place_and_end()?;
        let mut cases = Vec::new();
        while self.below("set")? {
            let (value, condition) = (self.value()?, self.value_after("when")?);
            cases.push(Case { condition, value, place: self.parser.place_and_end()? });
        }
        add_name(&mut self.registers, &name, index);
        let kind = kind.unwrap_or_default();
        self.module.registers.push(Register {
            name,
            width,
            kind,
            domain,
            reset,
            init,
            crossing,
            cases,
            place,
            value,
        });
        Ok(())
    }

    fn constant_after(&mut self, word: &str) -> Parsed<Option<Bits>> {
        if self.parser.take_word(word)? { self.parser.constant().map(Some) } else { Ok(None) }
    }

    /// Takes the word that begins a line below an item, if it is there and no cell of that name.
    fn below(&mut self, word: &str) -> Parsed<bool> {
        let names_a_cell = matches!(self.parser.peek(1)?, Tok::Mark(':' | '='));
        if names_a_cell { Ok(false) } else { self.parser.take_word(word) }
    }

    fn memory(&mut self) -> Parsed<()> {
        let (name, _) = self.parser.name("the memory")?;
        self.parser.mark(':')?;
        let (kind, width) = self.parser.kind()?;
        let (x, spot) = self.parser.name("`x`")?;
        if x != "x" {
            return Err(spot.fault(format!("`{x}` stands where `x` should be"), "write `x DEPTH`"));
        }
        let depth = self.parser.number("the depth")?.0;
        let crossing = self.parser.take_word("crossing")?;
        let place = self.parser.place_and_end()?;
        let kind = kind.unwrap_or_default();
        let (init, reads, writes) = (Vec::new(), Vec::new(), Vec::new());
        let mut memory = Memory { name, width, depth, kind, init, crossing, reads, writes, place };
        let id = MemoryId(self.module.memories.len() as u32);
        loop {
            if self.below("init")? {
                self.init_line(&mut memory)?;
            } else if self.below("read")? {
                let read = self.read_port(id, memory.reads.len() as u32)?;
                memory.reads.push(read);
            } else if self.below("write")? {
                let write = self.write_port()?;
                memory.writes.push(write);
            } else {
                break;
            }
        }
        add_name(&mut self.memories, &memory.name, id.0);
        self.module.memories.push(memory);
        Ok(())
    }

    fn init_line(&mut self, memory: &mut Memory) -> Parsed<()> {
        while *self.parser.peek(0)? != Tok::EndOfLine {
            let plain = match self.parser.peek(0)? {
                Tok::Word(digits) => Some(digits.clone()),
                Tok::Numeral(digits) if !digits.contains('\'') => Some(digits.clone()),
                _ => None,
            };
            let word = match plain {
                None => self.parser.constant()?,
                Some(digits) => {
                    let (_, spot) = self.parser.next()?;
                    let fits = memory.width <= crate::MAX_WIDTH;
                    let word = fits.then(|| Bits::parse_hex(memory.width, &digits)).flatten();
                    let message = format!("`{digits}` is no word of {} bits", memory.width);
                    word.ok_or_else(|| spot.fault(message, "write hexadecimal digits that fit"))?
                }
            };
            memory.init.push(word);
        }
        self.parser.end_of_line()
    }

    fn read_port(&mut self, memory: MemoryId, port: u32) -> Parsed<ReadPort> {
        let (word, spot) = self.parser.name("`async` or `sync`")?;
        let address = self.value()?;
        let kind = match word.as_str() {
            "async" => ReadKind::Async,
            "sync" => {
                let enable = self.value_after("when")?;
                let collision = self.collision()?;
                ReadKind::Sync { domain: self.domain()?, enable, collision }
            }
            _ => {
                let message = format!("`{word}` is no way to read");
                return Err(spot.fault(message, "write async or sync"));
            }
        };
        let value = self.cell_of(Op::ReadData { memory, port }, spot)?;
        Ok(ReadPort { address, kind, value, place: self.parser.place_and_end()? })
    }

    fn collision(&mut self) -> Parsed<Collision> {
        let help = "write `collision` and old, new or undefined";
        let (word, spot) = self.parser.name("`collision`")?;
        if word != "collision" {
            let message = format!("`{word}` stands where `collision` should be");
            return Err(spot.fault(message, help));
        }
        let (word, spot) = self.parser.name("a collision")?;
        match word.as_str() {
            "old" => Ok(Collision::Old),
            "new" => Ok(Collision::New),
            "undefined" => Ok(Collision::Undefined),
            _ => Err(spot.fault(format!("`{word}` is no collision"), help)),
        }
    }

    fn write_port(&mut self) -> Parsed<WritePort> {
        let (address, data) = (self.value()?, self.value()?);
        let (enable, mask) = (self.value_after("when")?, self.value_after("mask")?);
        let domain = self.domain()?;
        let place = self.parser.place_and_end()?;
        Ok(WritePort { domain, address, data, enable, mask, place })
    }

    fn instance(&mut self) -> Parsed<()> {
        let (text, spot) = self.parser.name("the instance")?;
        let (name, dims) = dimensions(&text, spot)?;
        let (of, spot) = self.parser.name("`of`")?;
        if of != "of" {
            return Err(
                spot.fault(format!("`{of}` stands where `of` should be"), "write `of MODULE`")
            );
        }
        let (placed, spot) = self.parser.name("the placed module")?;
        let module = ModuleId(look_up(&self.parser.modules, &placed, spot, "module")?);
        let domains = self.instance_domains(module, spot)?;
        let place = self.parser.place_and_end()?;
        let ports = self.parser.design.module(module).ports.len();
        let mut inputs = vec![Vec::new(); ports];
        while *self.parser.peek(1)? == Tok::Mark('=') {
            let (port, spot) = self.parser.name("a port")?;
            let port = look_up(&self.parser.ports[module.index()], &port, spot, "port")?;
            self.parser.mark('=')?;
            inputs[port as usize].push(self.value()?);
            while self.parser.take_mark(',')? {
                inputs[port as usize].push(self.value()?);
            }
            self.parser.end_of_line()?;
        }
        add_name(&mut self.instances, &name, self.module.instances.len() as u32);
        self.module.instances.push(Instance { name, module, dims, inputs, domains, place });
        Ok(())
    }

    fn instance_domains(&mut self, placed: ModuleId, spot: Spot) -> Parsed<Vec<DomainId>> {
        if !self.parser.take_word("in")? {
            let inner = self.parser.design.module(placed).domains.iter();
            return inner.map(|d| self.domain_named(&d.name, spot)).collect();
        }
        let mut domains = Vec::new();
        loop {
            let (name, spot) = self.parser.name("a clock domain")?;
            domains.push(self.domain_named(&name, spot)?);
            if !self.parser.take_mark(',')? {
                return Ok(domains);
            }
        }
    }

    fn property(&mut self, kind: PropertyKind) -> Parsed<()> {
        let name = self.parser.text()?;
        let condition = self.value()?;
        let domain = self.domain()?;
        let place = self.parser.place_and_end()?;
        self.module.properties.push(Property { name, kind, condition, domain, place });
        Ok(())
    }

    fn cell(
        &mut self,
        number: Option<(u32, Spot)>,
        label: Option<String>,
        spot: Spot,
    ) -> Parsed<()> {
        self.parser.mark(':')?;
        let (kind, width) = self.parser.kind()?;
        if kind.is_some() && label.is_none() {
            let help = "name the value, or write the width alone";
            return Err(spot.fault("a value without a name has no kind", help));
        }
        self.parser.mark('=')?;
        let op = self.op()?;
        let place = self.parser.place_and_end()?;
        let value = ValueId(self.module.cells.len() as u32);
        if let Some((number, spot)) = number
            && self.numbers.insert(number, value).is_some()
        {
            return Err(spot.fault(format!("%{number} is defined twice"), "renumber one of them"));
        }
        let kind = kind.unwrap_or_default();
        let label = label.map(|name| Box::new(Label { name, kind }));
        self.module.cells.push(Cell { op, width, place, label });
        Ok(())
    }

    /// Replaces each reference by the value it means.
    fn resolve(mut self) -> Parsed<Module> {
        let table = NameTable::of(&self.parser.design, &self.module);
        let own = own_cells(&self.module);
        let find = |(target, spot): &(Target, Spot)| match target {
            Target::Number(number) => {
                let help = format!("add a line `%{number} : WIDTH = OP`");
                let value = self.numbers.get(number).copied();
                value.ok_or_else(|| spot.fault(format!("there is no value %{number}"), help))
            }
            Target::Own(op) => own.get(op).copied().ok_or_else(|| {
                let help = format!("add a line `%7 : WIDTH = {} NAME`", op.name());
                spot.fault("no cell stands for this", help)
            }),
            Target::Name(name) => match table.find(name) {
                Found::Value(value) => Ok(value),
                Found::Ambiguous => {
                    let message = format!("`{name}` means more than one value");
                    Err(spot.fault(message, "number the cells and write `%7`"))
                }
                Found::Nothing => {
                    let message = format!("there is no value `{name}`");
                    let help = "mend the name, or add the cell that stands for it";
                    Err(spot.fault(message, help))
                }
            },
        };
        let values: Vec<ValueId> = self.references.iter().map(find).collect::<Parsed<_>>()?;
        drop(own);
        self.module.map_values(|reference| values[reference.index()]);
        Ok(self.module)
    }
}

fn unknown_item(tok: &Tok, spot: Spot) -> crate::ParseFault {
    let help = "a line begins with computes, domain, input, output, register, memory, instance, assert, \
                assume, cover, live, fair, or with a value's name and `:`";
    spot.fault(format!("{} begins no line of a module", tok.show()), help)
}

/// `pe[4][4]` is an array of the dimensions 4 and 4.
fn dimensions(text: &str, spot: Spot) -> Parsed<(String, Vec<u32>)> {
    let (name, rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let dim = |d: &str| d.strip_suffix(']').and_then(|digits| digits.parse().ok());
    let dims: Option<Vec<u32>> = rest.split('[').skip(1).map(dim).collect();
    let help = "write dimensions as in `pe[4][4]`";
    dims.map(|dims| (name.to_string(), dims))
        .ok_or_else(|| spot.fault(format!("`{text}` is no instance's name"), help))
}
