//! [`Graph`]: a module as boxes with pins, and the nets between them.

use olivine_netlist::{
    Design, Direction, InstanceId, Kind, Memory, Module, Op, ReadKind, Register, ValueId,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Input,
    Output,
    Register,
    Memory,
    Instance,
    Value,
}

/// A place on a box where a net begins or ends; without a name on boxes with one such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    pub name: String,
    pub width: u32,
}

/// A box.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub shape: Shape,
    pub title: String,
    /// Smaller text under the title.
    pub about: Vec<String>,
    /// What to say when one points at it.
    pub tip: String,
    /// An array of instances.
    pub stack: bool,
    pub inputs: Vec<Pin>,
    pub outputs: Vec<Pin>,
}

/// From one output pin to input pins: (node, pin).
#[derive(Clone, Debug)]
pub(super) struct Net {
    pub from: (usize, usize),
    pub to: Vec<(usize, usize)>,
    pub width: u32,
}

/// A module as boxes and nets.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub nets: Vec<Net>,
}

/// What uses values: a node, the pin by name, and the values.
type Use = (usize, String, Vec<ValueId>);

struct Builder<'a> {
    design: &'a Design,
    module: &'a Module,
    graph: Graph,
    /// The output pin that each source value is.
    sources: BTreeMap<u32, (usize, usize)>,
    uses: Vec<Use>,
}

impl Graph {
    /// The module's boxes, with those of named values if asked for.
    pub fn new(design: &Design, module: &Module, values: bool) -> Self {
        let graph = Self::default();
        let mut b = Builder { design, module, graph, sources: BTreeMap::new(), uses: Vec::new() };
        b.ports(Direction::Input);
        module.registers.iter().for_each(|r| b.register(r));
        module.memories.iter().for_each(|m| b.memory(m));
        (0..module.instances.len()).for_each(|i| b.instance(InstanceId(i as u32)));
        if values {
            b.values();
        }
        b.ports(Direction::Output);
        b.connect();
        b.graph.without_unseen()
    }

    /// Without what reaches no output and no instance: it is there for properties.
    fn without_unseen(self) -> Self {
        let anchored =
            |n: &Node| !matches!(n.shape, Shape::Register | Shape::Memory | Shape::Value);
        let mut seen: Vec<bool> = self.nodes.iter().map(anchored).collect();
        loop {
            let before = seen.clone();
            for net in &self.nets {
                seen[net.from.0] |= net.to.iter().any(|(node, _)| before[*node]);
            }
            if seen == before {
                break;
            }
        }
        let number: Vec<usize> = seen
            .iter()
            .scan(0, |next, s| Some(std::mem::replace(next, *next + usize::from(*s))))
            .collect();
        let keep = |(node, _): &(usize, usize)| seen[*node];
        let renamed = |(node, pin): (usize, usize)| (number[node], pin);
        let nets = self.nets.into_iter().filter(|net| keep(&net.from)).map(|net| Net {
            from: renamed(net.from),
            to: net.to.into_iter().filter(keep).map(renamed).collect(),
            width: net.width,
        });
        let nodes = self.nodes.into_iter().zip(&seen).filter(|(_, s)| **s).map(|(n, _)| n);
        Self { nets: nets.filter(|n| !n.to.is_empty()).collect(), nodes: nodes.collect() }
    }
}

/// What a value is, in a word: `8 bits`, `signed 8`, `State`.
fn reading(kind: &Kind, width: u32) -> String {
    match kind {
        Kind::Bit => "bit".to_string(),
        Kind::Bits if width == 1 => "bit".to_string(),
        Kind::Bits | Kind::Unsigned => format!("{width} bits"),
        Kind::Signed => format!("signed {width}"),
        Kind::Float { exponent: 8, mantissa: 7 } => "bf16".to_string(),
        Kind::Float { exponent, mantissa } => match 1 + exponent + mantissa {
            32 => "fp32".to_string(),
            16 => "fp16".to_string(),
            _ => format!("float({exponent}, {mantissa})"),
        },
        Kind::Enum(e) => e.name.clone(),
    }
}

impl Builder<'_> {
    fn node(&mut self, shape: Shape, title: &str, about: Vec<String>, tip: String) -> usize {
        self.graph.nodes.push(Node {
            shape,
            title: title.to_string(),
            about,
            tip,
            stack: false,
            inputs: Vec::new(),
            outputs: Vec::new(),
        });
        self.graph.nodes.len() - 1
    }

    fn output_pin(&mut self, node: usize, name: &str, value: ValueId, width: u32) {
        let pins = &mut self.graph.nodes[node].outputs;
        pins.push(Pin { name: name.to_string(), width });
        self.sources.insert(value.0, (node, pins.len() - 1));
    }

    fn ports(&mut self, direction: Direction) {
        for port in self.module.ports.iter().filter(|p| p.direction == direction) {
            let tip = self.design.show_place(port.place);
            let about = vec![reading(&port.kind, port.width)];
            if direction == Direction::Input {
                let node = self.node(Shape::Input, &port.name, about, tip);
                self.output_pin(node, "", port.value, port.width);
            } else {
                let node = self.node(Shape::Output, &port.name, about, tip);
                self.uses.push((node, String::new(), vec![port.value]));
            }
        }
    }

    fn register(&mut self, register: &Register) {
        let mut about = vec![reading(&register.kind, register.width)];
        if let Some(reset) = &register.reset {
            about[0] += &format!(", reset {}", olivine_trace::show_value(&register.kind, reset));
        }
        let domain = &self.module.domains[register.domain.index()].name;
        if !domain.is_empty() {
            about.push(format!("clk_{domain}"));
        }
        let tip = self.design.show_place(register.place);
        let node = self.node(Shape::Register, &register.name, about, tip);
        self.output_pin(node, "", register.value, register.width);
        let cases = register.cases.iter();
        let used = cases.flat_map(|c| c.condition.into_iter().chain([c.value])).collect();
        self.uses.push((node, String::new(), used));
    }

    fn memory(&mut self, memory: &Memory) {
        let about = vec![format!("{} × {}", memory.depth, reading(&memory.kind, memory.width))];
        let tip = self.design.show_place(memory.place);
        let node = self.node(Shape::Memory, &memory.name, about, tip);
        let numbered = |what: &str, index: usize, count: usize| match count {
            1 => what.to_string(),
            _ => format!("{what} {index}"),
        };
        for (i, read) in memory.reads.iter().enumerate() {
            let mut used = vec![read.address];
            if let ReadKind::Sync { enable, .. } = &read.kind {
                used.extend(*enable);
            }
            let name = numbered("read", i, memory.reads.len());
            self.output_pin(node, &name, read.value, memory.width);
            self.uses.push((node, name, used));
        }
        for (i, write) in memory.writes.iter().enumerate() {
            let controls = write.enable.into_iter().chain(write.mask);
            let used = [write.address, write.data].into_iter().chain(controls).collect();
            self.uses.push((node, numbered("write", i, memory.writes.len()), used));
        }
    }

    fn instance(&mut self, id: InstanceId) {
        let instance = &self.module.instances[id.index()];
        let placed = self.design.module(instance.module);
        let dims: String = instance.dims.iter().map(|d| format!("[{d}]")).collect();
        let tip = self.design.show_place(instance.place);
        let title = format!("{}{dims}", instance.name);
        let node = self.node(Shape::Instance, &title, vec![placed.name.clone()], tip);
        self.graph.nodes[node].stack = instance.elements() > 1;
        for (index, port) in placed.ports.iter().enumerate() {
            if port.direction == Direction::Input {
                let values = instance.inputs[index].clone();
                self.uses.push((node, port.name.clone(), values));
                continue;
            }
            let pins = &mut self.graph.nodes[node].outputs;
            pins.push(Pin { name: port.name.clone(), width: port.width });
            let pin = pins.len() - 1;
            for (at, cell) in self.module.cells.iter().enumerate() {
                if let Op::InstanceOutput { instance, port, .. } = cell.op
                    && instance == id
                    && port.index() == index
                {
                    self.sources.insert(at as u32, (node, pin));
                }
            }
        }
    }

    /// Named values that are no names of something else.
    fn values(&mut self) {
        let taken: BTreeSet<u32> = self.module.ports.iter().map(|p| p.value.0).collect();
        for (at, cell) in self.module.cells.iter().enumerate() {
            let id = at as u32;
            let Some(label) = &cell.label else { continue };
            let plain = matches!(cell.op, Op::Wire(_) | Op::Const(_) | Op::Undefined);
            if plain || taken.contains(&id) || self.sources.contains_key(&id) {
                continue;
            }
            let tip = self.design.show_place(cell.place);
            let about = vec![format!("{} {}", symbol(&cell.op), reading(&label.kind, cell.width))];
            let node = self.node(Shape::Value, &label.name, about, tip);
            self.output_pin(node, "", ValueId(id), cell.width);
            let mut used = Vec::new();
            cell.op.operands(|operand| used.push(operand));
            self.uses.push((node, String::new(), used));
        }
    }

    /// Pins and nets from what is used where.
    fn connect(&mut self) {
        let mut nets: BTreeMap<(usize, usize), Net> = BTreeMap::new();
        for (node, name, values) in std::mem::take(&mut self.uses) {
            let from = self.sources_of(&values);
            let named = !name.is_empty();
            let inside: Vec<_> =
                from.iter().filter(|(n, _)| *n == node && self.graph.nodes[node].stack).collect();
            for (_, pin) in &inside {
                let given = self.graph.nodes[node].outputs[*pin].name.clone();
                self.graph.nodes[node].about.push(format!("{given} → {name}"));
            }
            for source in from.iter().filter(|s| !inside.contains(s)) {
                let width = self.graph.nodes[source.0].outputs[source.1].width;
                let net =
                    nets.entry(*source).or_insert(Net { from: *source, to: Vec::new(), width });
                let pins = &mut self.graph.nodes[node].inputs;
                if !named || pins.last().is_none_or(|p| p.name != name) {
                    pins.push(Pin { name: name.clone(), width });
                }
                net.to.push((node, pins.len() - 1));
            }
        }
        self.graph.nets = nets.into_values().collect();
    }

    /// The output pins that values come from, through logic without a box.
    fn sources_of(&self, values: &[ValueId]) -> BTreeSet<(usize, usize)> {
        let mut found = BTreeSet::new();
        let mut visited = BTreeSet::new();
        let mut waiting = values.to_vec();
        while let Some(value) = waiting.pop() {
            if !visited.insert(value.0) {
                continue;
            }
            match self.sources.get(&value.0) {
                Some(source) => {
                    found.insert(*source);
                }
                None => self.module.cell(value).op.operands(|operand| waiting.push(operand)),
            }
        }
        found
    }
}

/// An operator as one writes it.
fn symbol(op: &Op) -> &'static str {
    match op {
        Op::Not(_) => "!",
        Op::And(..) => "&",
        Op::Or(..) => "|",
        Op::Xor(..) => "^",
        Op::Add(..) => "+",
        Op::Sub(..) => "−",
        Op::MulUnsigned(..) | Op::MulSigned(..) => "×",
        Op::Eq(..) => "=",
        Op::LessUnsigned(..) | Op::LessSigned(..) => "<",
        Op::ShiftLeft(..) => "<<",
        Op::ShiftRight(..) | Op::ShiftRightSigned(..) => ">>",
        Op::ReduceOr(_) => "any",
        Op::ReduceAnd(_) => "all",
        Op::ReduceXor(_) => "parity",
        Op::Extend(_) | Op::ExtendSigned(_) => "extend",
        Op::Concat(_) => "{ , }",
        Op::Slice { .. } => "[ : ]",
        Op::Mux { .. } | Op::Select { .. } => "mux",
        other => other.name(),
    }
}
