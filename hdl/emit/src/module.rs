//! A module from header to `endmodule`.

use crate::BlackBoxes;
use crate::array;
use crate::liveness::Section;
use crate::plan::{Plan, is_two_way};
use crate::text::{self, Lines, range};
use crate::{instance, memory, property, state};
use olivine_netlist::{Direction, Kind, Op, Place, ReadKind, ValueId};

/// The text of a module.
pub(crate) fn write(plan: &Plan) -> String {
    let mut out = Lines::new();
    header(plan, &mut out);
    out.raw(&plan.enums.declarations());
    state::declare(plan, &mut out);
    memory::declare(plan, &mut out);
    instance::declare(plan, &mut out);
    out.gap();
    logic(plan, Section::Main, &mut out);
    out.gap();
    memory::write(plan, &mut out);
    state::write(plan, &mut out);
    instance::write(plan, &mut out);
    outputs(plan, &mut out);
    if plan.options.properties {
        property::write(plan, &mut out);
    }
    let body = out.finish();
    format!("{}\nendmodule\n", body.trim_end())
}

impl Plan<'_> {
    /// The comment that tells where something was authored.
    pub(crate) fn note(&self, place: Place) -> String {
        match self.options.comments {
            true => text::place(self.design, self.module.place, place),
            false => String::new(),
        }
    }
}

pub(crate) fn header(plan: &Plan, out: &mut Lines) {
    let module = plan.module;
    if plan.options.comments {
        if !module.parameters.is_empty() {
            out.raw(&format!("// {}\n", text::comment(&module.parameters)));
        }
        if let (1.., Some(file)) =
            (module.place.line, plan.design.files.get(module.place.file.0 as usize))
        {
            out.raw(&format!("// {}:{}\n", text::comment(file), module.place.line));
        }
    }
    let boundary = plan.boundary();
    let pins = boundary.domains.iter().flat_map(|d| [&d.clock, &d.reset]);
    let pins = pins.map(|pin| ("input  wire ".to_string(), pin.clone()));
    let ports = module.ports.iter().zip(&boundary.ports).enumerate().map(|(i, (port, name))| {
        let direction = match port.direction {
            Direction::Input => "input  wire ",
            Direction::Output if !is_external(plan) && is_variable(plan, i) => "output reg  ",
            Direction::Output => "output wire ",
        };
        (format!("{direction}{}", range(port.width)), name.clone())
    });
    let lines: Vec<_> = pins.chain(ports).collect();
    let widest = lines.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
    let lines = lines.iter().map(|(left, name)| format!("    {left:widest$}{name}"));
    let list = lines.collect::<Vec<_>>().join(",\n");
    match list.is_empty() {
        true => out.raw(&format!("module {};\n", boundary.name)),
        false => out.raw(&format!("module {} (\n{list}\n);\n", boundary.name)),
    }
}

/// Whether what is written is an instance of somebody else's module.
fn is_external(plan: &Plan) -> bool {
    plan.options.black_boxes == BlackBoxes::Instances && plan.module.external.is_some()
}

/// Whether an output is assigned to by an `always` block.
fn is_variable(plan: &Plan, port: usize) -> bool {
    let bound = plan.names.bound.iter().position(|b| b.is_some_and(|b| b.index() == port));
    bound.is_some_and(|value| match &plan.module.cells[value].op {
        Op::Register(register) => !state::is_frozen(&plan.module.registers[register.index()]),
        Op::ReadData { memory, port } => {
            let reads = &plan.module.memories[memory.index()].reads;
            matches!(reads[*port as usize].kind, ReadKind::Sync { .. })
        }
        Op::Select { index, options } => !is_two_way(plan.module, *index, options),
        _ => false,
    })
}

/// The named values of a section, operands first.
pub(crate) fn logic(plan: &Plan, section: Section, out: &mut Lines) {
    for &value in &plan.flow.order {
        let cell = plan.module.cell(value);
        let elsewhere = match cell.op {
            Op::Input(_) | Op::Register(_) | Op::ReadData { .. } => true,
            Op::InstanceOutput { instance, .. } => {
                plan.module.instances[instance.index()].dims.is_empty()
            }
            _ => false,
        };
        if plan.flow.section[value.index()] == section && !elsewhere {
            define(plan, value, out);
        }
    }
}

fn define(plan: &Plan, value: ValueId, out: &mut Lines) {
    let Some(name) = plan.own_name(value) else { return };
    let cell = plan.module.cell(value);
    let bound = plan.names.bound[value.index()];
    let kind = match bound {
        Some(port) => &plan.module.ports[port.index()].kind,
        None => plan.kind(value),
    };
    let note = plan.note(cell.place);
    match &cell.op {
        Op::Select { index, options } if !is_two_way(plan.module, *index, options) => {
            if bound.is_none() {
                out.line(1, &format!("reg {}{name};", range(cell.width)));
            }
            case(plan, name, *index, options, kind, &note, out);
        }
        _ => {
            let text = plan.cell(value, kind).text;
            let left = match bound {
                Some(_) => "assign ".to_string(),
                None => format!("wire {}", range(cell.width)),
            };
            out.commented(1, &format!("{left}{name} = {text};"), &note);
        }
    }
}

/// A selection among several; the last option also stands for every index past the end.
fn case(
    plan: &Plan,
    name: &str,
    index: ValueId,
    options: &[ValueId],
    kind: &Kind,
    note: &str,
    out: &mut Lines,
) {
    let width = plan.module.width(index);
    let reachable = if width < 32 { options.len().min(1 << width) } else { options.len() };
    let index_kind = plan.kind(index);
    out.commented(1, "always @(*)", note);
    out.line(2, &format!("case ({})", plan.plain(index)));
    for (i, &option) in options[..reachable].iter().enumerate() {
        let label = match i + 1 == reachable {
            true => "default".to_string(),
            false => plan.literal(&olivine_netlist::Bits::new(width, i as u64), index_kind),
        };
        out.line(3, &format!("{label}: {name} = {};", plan.value(option, kind).text));
    }
    out.line(2, "endcase");
}

/// Outputs whose value has another name or none.
fn outputs(plan: &Plan, out: &mut Lines) {
    out.gap();
    for (port, name) in plan.module.ports.iter().zip(&plan.boundary().ports) {
        if port.direction == Direction::Output {
            let text = plan.value(port.value, &port.kind).text;
            if text != *name {
                out.line(1, &format!("assign {name} = {text};"));
            }
        }
    }
}

/// The ports of a placed module that face inward, with their index.
pub(crate) fn ports_of<'p>(
    placed: &'p olivine_netlist::Module,
) -> impl Iterator<Item = (usize, bool)> + 'p {
    (0..placed.ports.len()).map(|p| (p, array::is_output(placed, p)))
}
