//! Which identifier everything in a module gets.

use crate::array::{self, Feed, Vector, Wiring};
use crate::enums::Enums;
use crate::liveness::{Flow, Section};
use crate::names::Namer;
use crate::plan::fits_in_place;
use crate::{Boundary, Options, literal};
use olivine_netlist::{Design, Direction, InstanceId, Module, Op, PortId, ReadKind};
use std::collections::HashMap;

/// The longest expression, in characters, that is written inside another one.
const INLINE_LENGTH_MAX: usize = 48;

/// The identifiers of a module.
pub(crate) struct Names {
    /// By value: the name of its own, for those that have one.
    pub(crate) values: Vec<Option<String>>,
    /// By value: the output port whose name it has.
    pub(crate) bound: Vec<Option<PortId>>,
    pub(crate) memories: Vec<MemoryNames>,
    pub(crate) instances: Vec<InstanceNames>,
    pub(crate) outputs: HashMap<(InstanceId, PortId), String>,
    pub(crate) properties: Vec<String>,
}

/// The identifiers that belong to a memory.
pub(crate) struct MemoryNames {
    pub(crate) name: String,
    /// A variable to count its words with.
    pub(crate) index: String,
}

/// The identifiers that belong to an instance or instance array.
#[derive(Clone)]
pub(crate) struct InstanceNames {
    pub(crate) name: String,
    /// For an array: the instance inside the innermost loop.
    pub(crate) unit: String,
    /// For an array: loop variable and block of each dimension.
    pub(crate) loops: Vec<(String, String)>,
    /// For an array, by port; empty where there is no need for a name.
    pub(crate) ports: Vec<InputNames>,
}

/// The identifiers that belong to an input of an instance array.
#[derive(Clone, Default)]
pub(crate) struct InputNames {
    /// The vector of its values, or of those at the border.
    pub(crate) packed: String,
    /// The input of one element.
    pub(crate) inner: String,
    /// The blocks that connect it at the border and elsewhere.
    pub(crate) blocks: [String; 2],
}

/// The identifiers of `module`, which the outside knows as `boundary`.
pub(crate) fn name(
    design: &Design,
    module: &Module,
    flow: &Flow,
    boundary: &Boundary,
    options: &Options,
) -> (Names, Enums) {
    let pins = boundary.domains.iter().flat_map(|d| [&d.clock, &d.reset]);
    let mut namer = Namer::with(pins.chain(&boundary.ports));
    let inner_block = namer.claim("at");
    let unit = namer.claim("unit");
    let mut naming =
        Naming { design, module, flow, boundary, options, namer: &mut namer, inner_block, unit };
    let mut names = naming.names();
    let enums = Enums::new(module, &mut namer);
    name_anonymous(module, flow, &mut names, &mut namer);
    (names, enums)
}

struct Naming<'a, 'n> {
    design: &'a Design,
    module: &'a Module,
    flow: &'a Flow,
    boundary: &'a Boundary,
    options: &'a Options,
    namer: &'n mut Namer,
    /// The blocks inside an array's outermost loop.
    inner_block: String,
    /// The instance inside an array's innermost loop.
    unit: String,
}

impl Naming<'_, '_> {
    /// Names for everything that the author named and for what stands beside it.
    fn names(&mut self) -> Names {
        let count = self.module.cells.len();
        let mut names = Names {
            values: vec![None; count],
            bound: vec![None; count],
            memories: Vec::new(),
            instances: Vec::new(),
            outputs: HashMap::new(),
            properties: Vec::new(),
        };
        self.bind_outputs(&mut names);
        self.name_inputs_and_registers(&mut names);
        names.memories = (0..self.module.memories.len()).map(|m| self.memory(m)).collect();
        names.instances = (0..self.module.instances.len()).map(|i| self.instance(i)).collect();
        self.name_labels(&mut names);
        self.name_instance_outputs(&mut names);
        self.name_read_data(&mut names);
        let properties = &self.module.properties;
        names.properties = properties.iter().map(|p| self.namer.claim_or(&p.name, 'p')).collect();
        names
    }

    /// Lets a value have the name of the output it drives, where that is the author's wish or at
    /// least not against it.
    fn bind_outputs(&mut self, names: &mut Names) {
        for (i, port) in self.module.ports.iter().enumerate() {
            if port.direction == Direction::Input {
                continue;
            }
            let part = self.flow.parts[port.value.index()];
            let base = part.base.index();
            let cell = &self.module.cells[base];
            let welcome = match (&cell.op, &cell.label) {
                (Op::Const(_) | Op::Undefined | Op::Input(_), _) => false,
                (Op::Register(r), _) => {
                    !self.options.public_registers
                        && self.module.registers[r.index()].name == port.name
                }
                (_, Some(label)) => label.name == port.name,
                (Op::InstanceOutput { instance, .. }, None) => {
                    self.module.instances[instance.index()].dims.is_empty()
                }
                _ => true,
            };
            if welcome && cell.width == port.width && names.bound[base].is_none() {
                names.bound[base] = Some(PortId(i as u32));
                names.values[base] = Some(self.boundary.ports[i].clone());
            }
        }
    }

    fn name_inputs_and_registers(&mut self, names: &mut Names) {
        for (i, port) in self.module.ports.iter().enumerate() {
            if port.direction == Direction::Input {
                names.values[port.value.index()] = Some(self.boundary.ports[i].clone());
            }
        }
        for register in &self.module.registers {
            let name = &mut names.values[register.value.index()];
            if name.is_none() {
                *name = Some(self.namer.claim_or(&register.name, 'q'));
            }
        }
    }

    fn memory(&mut self, index: usize) -> MemoryNames {
        let name = self.namer.claim_or(&self.module.memories[index].name, 'm');
        let index = self.namer.claim(&format!("{name}_index"));
        MemoryNames { name, index }
    }

    fn instance(&mut self, index: usize) -> InstanceNames {
        let instance = &self.module.instances[index];
        let name = self.namer.claim_or(&instance.name, 'u');
        if instance.dims.is_empty() {
            return InstanceNames { name, unit: String::new(), loops: vec![], ports: vec![] };
        }
        let letters = ('i'..='n').map(String::from).chain((6..).map(|d| format!("d{d}")));
        let loops = instance.dims.iter().zip(letters).enumerate().map(|(d, (_, letter))| {
            let variable = self.namer.claim(&format!("{name}_{letter}"));
            let block = if d == 0 { name.clone() } else { self.inner_block.clone() };
            (variable, block)
        });
        let loops = loops.collect();
        let placed = self.design.module(instance.module);
        let ports = placed.ports.iter().zip(&self.flow.wiring[index]).map(|(port, wiring)| {
            let wanted = format!("{name}_{}", port.name);
            match wiring {
                Some(Wiring::Neighbour { .. }) => InputNames {
                    packed: self.namer.claim(&format!("{wanted}_edge")),
                    inner: self.namer.claim(&wanted),
                    blocks: ["border", "inner"]
                        .map(|block| self.namer.claim(&format!("{wanted}_{block}"))),
                },
                Some(Wiring::Feed(Feed::Packed { .. })) => {
                    InputNames { packed: self.namer.claim(&wanted), ..InputNames::default() }
                }
                _ => InputNames::default(),
            }
        });
        let ports = ports.collect();
        InstanceNames { name, unit: self.unit.clone(), loops, ports }
    }

    fn name_labels(&mut self, names: &mut Names) {
        for (i, cell) in self.module.cells.iter().enumerate() {
            if let Some(label) = &cell.label
                && names.values[i].is_none()
                && self.flow.section[i] != Section::Dead
            {
                names.values[i] = Some(self.namer.claim_or(&label.name, 'w'));
            }
        }
    }

    fn name_instance_outputs(&mut self, names: &mut Names) {
        let arrays = array::output_vectors(self.module);
        for (i, cell) in self.module.cells.iter().enumerate() {
            let Op::InstanceOutput { instance, port, .. } = cell.op else { continue };
            let placed = &self.module.instances[instance.index()];
            let port_name = &self.design.module(placed.module).ports[port.index()].name;
            let owner = &names.instances[instance.index()].name;
            let wanted = format!("{owner}_{port_name}");
            let key = (instance, port);
            if arrays.contains_key(&key) {
                names.outputs.entry(key).or_insert_with(|| self.namer.claim(&wanted));
            } else if self.flow.parts[i].base.index() == i && self.flow.section[i] != Section::Dead
            {
                let name = names.values[i].get_or_insert_with(|| self.namer.claim(&wanted));
                names.outputs.insert(key, name.clone());
            }
        }
    }

    fn name_read_data(&mut self, names: &mut Names) {
        for (memory, name) in self.module.memories.iter().zip(&names.memories) {
            for read in &memory.reads {
                let value = read.value.index();
                let registered = matches!(read.kind, ReadKind::Sync { .. });
                let live = registered || self.flow.section[value] != Section::Dead;
                if live && names.values[value].is_none() {
                    names.values[value] = Some(self.namer.claim(&format!("{}_data", name.name)));
                }
            }
        }
    }
}

/// Gives a numbered name to every anonymous value that cannot be written where it is used.
fn name_anonymous(module: &Module, flow: &Flow, names: &mut Names, namer: &mut Namer) {
    let mut counters: HashMap<&str, u32> = HashMap::new();
    let mut lengths = vec![0; module.cells.len()];
    for &value in &flow.order {
        let i = value.index();
        let cell = &module.cells[i];
        if let (Op::Const(bits), None) = (&cell.op, &cell.label) {
            lengths[i] = literal::literal(bits).len();
            continue;
        }
        let is_array_output =
            matches!(array::vector_of(module, flow.parts[i]), Some((Vector::Outputs(..), _)));
        if is_array_output || matches!((&cell.op, &cell.label), (Op::Undefined, None)) {
            continue;
        }
        let mut length = 4;
        cell.op.operands(|v| {
            let part = flow.parts[v.index()];
            let base = part.base.index();
            let select = if part.base == v { 0 } else { 5 };
            length += 3 + select + names.values[base].as_ref().map_or(lengths[base], String::len);
        });
        lengths[i] = length;
        let in_place = flow.uses[i] == 1 && !flow.by_name[i] && fits_in_place(module, &cell.op);
        if names.values[i].is_none() && !(in_place && length <= INLINE_LENGTH_MAX) {
            let base = noun(&cell.op);
            names.values[i] = Some(namer.number(base, counters.entry(base).or_default()));
        }
    }
}

/// What an anonymous value is called.
fn noun(op: &Op) -> &'static str {
    match op {
        Op::Const(_) | Op::Undefined => "constant",
        Op::Not(_) => "inverse",
        Op::And(..) => "both",
        Op::Or(..) => "either",
        Op::Xor(..) => "differ",
        Op::ReduceAnd(_) => "all",
        Op::ReduceOr(_) => "any",
        Op::ReduceXor(_) => "parity",
        Op::Add(..) => "sum",
        Op::Sub(..) => "difference",
        Op::MulUnsigned(..) | Op::MulSigned(..) => "product",
        Op::Eq(..) => "equal",
        Op::LessUnsigned(..) | Op::LessSigned(..) => "less",
        Op::ShiftLeft(..) | Op::ShiftRight(..) | Op::ShiftRightSigned(..) => "shifted",
        Op::Mux { .. } | Op::Select { .. } => "choice",
        Op::Concat(_) => "joined",
        Op::Slice { .. } => "part",
        Op::Extend(_) | Op::ExtendSigned(_) => "extended",
        _ => "value",
    }
}
