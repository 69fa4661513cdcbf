//! Crossings between clock domains: state of one domain that another one samples.
//!
//! A *source* is what changes at edges of its domain: a register, the data of a synchronous read,
//! the words of a memory. A *sink* is what takes a value at edges of its domain: a register's
//! cases, a memory's write port, a synchronous read. Words that one domain writes and another
//! reads synchronously are no crossing: that is what a memory of two clocks is for. Nor is a
//! property that looks at several domains. An input of the top belongs to the domain that samples
//! it; where two do, each but the first is a crossing.

use crate::{Design, DomainId, Module, Op, Place, PortId, ReadKind, Register, ValueId, WritePort};

/// One value that changes in one domain and is sampled in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// What changes.
    pub source: End,
    /// What samples it.
    pub sink: End,
    /// Whether the author says that it is one on purpose: [`Register::crossing`] of the sink, or
    /// [`Memory::crossing`](crate::Memory::crossing) of the source.
    pub intended: bool,
}

/// An end of a [`Crossing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its path: `fifo.head`.
    pub name: String,
    /// Where it was authored.
    pub place: Place,
    /// The name of its clock domain.
    pub domain: String,
}

impl Design {
    /// Every crossing, intended or not. The design is valid.
    pub fn crossings(&self) -> Vec<Crossing> {
        if self.top().domains.len() < 2 {
            return Vec::new();
        }
        let flat = self.flatten();
        let Ok(order) = flat.combinational_order() else { return Vec::new() };
        let search = Search::new(self, &flat, &order);
        sinks(&flat).iter().flat_map(|sink| search.crossings_into(sink)).collect()
    }
}

/// What takes values at edges of a domain.
struct Sink {
    name: String,
    place: Place,
    domain: DomainId,
    values: Vec<ValueId>,
    intended: bool,
}

/// What changes, as a value that something samples.
struct Source {
    name: String,
    place: Place,
    domain: DomainId,
    intended: bool,
}

fn sinks(flat: &Module) -> Vec<Sink> {
    let registers = flat.registers.iter().map(register_sink);
    let memories = flat.memories.iter().flat_map(|memory| {
        let writes = memory.writes.iter().map(|write| write_sink(&memory.name, write));
        let reads = memory.reads.iter().filter_map(|read| {
            let ReadKind::Sync { domain, enable, .. } = read.kind else { return None };
            let values = enable.into_iter().chain([read.address]).collect();
            let (name, place) = (memory.name.clone(), read.place);
            Some(Sink { name, place, domain, values, intended: false })
        });
        writes.chain(reads)
    });
    registers.chain(memories).collect()
}

fn register_sink(register: &Register) -> Sink {
    let cases = register.cases.iter();
    let values = cases.flat_map(|case| case.condition.into_iter().chain([case.value]));
    Sink {
        name: register.name.clone(),
        place: register.place,
        domain: register.domain,
        values: values.collect(),
        intended: register.crossing,
    }
}

fn write_sink(memory: &str, write: &WritePort) -> Sink {
    let values = [write.address, write.data].into_iter().chain(write.enable).chain(write.mask);
    let (place, domain) = (write.place, write.domain);
    let (name, values) = (memory.to_string(), values.collect());
    Sink { name, place, domain, values, intended: false }
}

/// A set of domains, one bit each; those from the 63rd on share a bit.
type Domains = u64;

fn only(domain: DomainId) -> Domains {
    1 << domain.index().min(63)
}

struct Search<'a> {
    design: &'a Design,
    flat: &'a Module,
    /// For each value, in which domains it may change.
    changes: Vec<Domains>,
    /// For each input port, the domain that samples it first.
    inputs: Vec<Option<DomainId>>,
}

impl<'a> Search<'a> {
    fn new(design: &'a Design, flat: &'a Module, order: &[ValueId]) -> Self {
        let inputs = vec![None; flat.ports.len()];
        let changes = vec![0; flat.cells.len()];
        let mut search = Self { design, flat, changes, inputs };
        search.settle(order);
        for sink in sinks(flat) {
            let mut reached = Vec::new();
            search.inputs_into(&sink, &mut reached);
            for port in reached {
                search.inputs[port.index()].get_or_insert(sink.domain);
            }
        }
        search.settle(order);
        search
    }

    fn settle(&mut self, order: &[ValueId]) {
        for value in order {
            let own = self.ends(*value);
            let mut domains = own.iter().fold(0, |set, source| set | only(source.domain));
            self.flat.combinational_operands(*value, |v| domains |= self.changes[v.index()]);
            self.changes[value.index()] = domains;
        }
    }

    /// The sources that a value is itself: a memory's words are one for each domain that writes.
    fn ends(&self, value: ValueId) -> Vec<Source> {
        let flat = self.flat;
        match &flat.cell(value).op {
            Op::Register(r) => {
                let register = &flat.registers[r.index()];
                let (name, place) = (register.name.clone(), register.place);
                vec![Source { name, place, domain: register.domain, intended: false }]
            }
            Op::ReadData { memory, port } => {
                let memory = &flat.memories[memory.index()];
                let source = |domain| Source {
                    name: memory.name.clone(),
                    place: memory.place,
                    domain,
                    intended: memory.crossing,
                };
                match memory.reads[*port as usize].kind {
                    ReadKind::Sync { domain, .. } => vec![source(domain)],
                    ReadKind::Async => {
                        let writes = memory.writes.iter();
                        let mut sources: Vec<_> = writes.map(|w| source(w.domain)).collect();
                        sources.dedup_by_key(|source| source.domain);
                        sources
                    }
                }
            }
            Op::Input(port) => {
                let input = &flat.ports[port.index()];
                let domain = self.inputs[port.index()];
                let source = |domain| Source {
                    name: input.name.clone(),
                    place: input.place,
                    domain,
                    intended: false,
                };
                domain.map(source).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every value that a sink depends on within the cycle.
    fn cone(&self, sink: &Sink, mut visit: impl FnMut(ValueId) -> bool) {
        let mut seen = std::collections::HashSet::new();
        let mut waiting = sink.values.clone();
        while let Some(value) = waiting.pop() {
            if seen.insert(value) && visit(value) {
                self.flat.combinational_operands(value, |operand| waiting.push(operand));
            }
        }
    }

    fn inputs_into(&self, sink: &Sink, reached: &mut Vec<PortId>) {
        self.cone(sink, |value| {
            if let Op::Input(port) = self.flat.cell(value).op {
                reached.push(port);
            }
            true
        });
    }

    fn crossings_into(&self, sink: &Sink) -> Vec<Crossing> {
        let foreign = |domains: Domains| domains & !only(sink.domain) != 0;
        let mut found = Vec::new();
        let mut sources = Vec::new();
        self.cone(sink, |value| {
            let crosses = foreign(self.changes[value.index()]);
            if crosses {
                sources.extend(self.ends(value).into_iter().map(|end| (value, end)));
            }
            crosses
        });
        sources.sort_by_key(|(value, _)| *value);
        for (_, Source { name, place, domain, intended }) in sources {
            if domain != sink.domain {
                let intended = intended || sink.intended;
                let source = self.end(name, place, domain);
                let sink = self.end(sink.name.clone(), sink.place, sink.domain);
                found.push(Crossing { source, sink, intended });
            }
        }
        found
    }

    fn end(&self, name: String, place: Place, domain: DomainId) -> End {
        let domain = self.design.top().domains[domain.index()].name.clone();
        End { name, place, domain }
    }
}
