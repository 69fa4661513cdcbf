//! [`miter`] and [`equivalent`]: two designs side by side on the same inputs.

mod lemmas;
mod merge;

use crate::engine::Progress;
use crate::options::{Engine, Options};
use crate::placed::Given;
use crate::prove::{Asked, run};
use crate::report::Report;
use merge::Side;
use olivine_netlist::{
    Cell, ClockDomain, Design, Direction, DomainId, Fault, Faults, Module, ModuleId, Op, Place,
    Port, PortId, Property, PropertyKind, ValueId,
};

/// The design in which two designs of the same ports run side by side.
///
/// - Inputs and clock domains are shared by name. What is undefined is free on each side by
///   itself: designs whose outputs show undefined values are equal to none, not even to
///   themselves.
/// - Outputs become `first_NAME` and `second_NAME`; all else is `first.NAME` and `second.NAME`.
/// - For each output it asserts `output NAME agrees`, once for each domain if there are several.
/// - The assumptions of both hold; their assertions and covers, and what modules that they place
///   assume, are left out.
/// - Registers and memories of one name and shape on both sides are asserted to agree too, as
///   lemmas: they help where they hold and are not asked for where they do not.
///
/// # Errors
/// The faults of an invalid design; ports that differ; a clock domain that acts on another edge or
/// is reset in another way; no output to compare.
pub fn miter(first: &Design, second: &Design) -> Result<Design, Faults> {
    for design in [first, second] {
        design.validate().map_err(|faults| Faults::new(design, faults))?;
    }
    let sides = [Side::new("first", first, 0), Side::new("second", second, first.files.len())];
    let files = [first.files.as_slice(), second.files.as_slice()].concat();
    let fault = |faults| Faults { faults, files: files.clone() };
    compare_ports(&sides).map_err(fault)?;
    let mut joint = Joint::new(&sides);
    sides.iter().for_each(|side| joint.place_side(side));
    joint.outputs(&sides);
    joint.lemmas();
    Ok(Design { modules: vec![joint.module], top: ModuleId(0), files })
}

/// Whether two designs give the same outputs in every run; one row for each output.
///
/// # Errors
/// As [`miter`] and [`prove`](crate::prove).
pub fn equivalent(first: &Design, second: &Design, options: &Options) -> Result<Report, Faults> {
    equivalent_with(first, second, options, &mut |_| {})
}

/// As [`equivalent`]; `observe` is told after each depth.
///
/// # Errors
/// As [`equivalent`].
pub fn equivalent_with(
    first: &Design,
    second: &Design,
    options: &Options,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, Faults> {
    let swept = matches!(options.engine, Engine::Auto | Engine::Sweep);
    let reported = |name: &str| name.starts_with(OUTPUT);
    let asked = Asked { swept, reported: &reported, given: Given::Top };
    run(&miter(first, second)?, options, &asked, observe)
}

/// How the names of what is asked for begin.
const OUTPUT: &str = "output ";

/// Both sets and their differences, if there are any.
fn compare_ports(sides: &[Side<'_>; 2]) -> Result<(), Vec<Fault>> {
    let [first, second] = sides.each_ref().map(|side| &side.flat.ports);
    let word = |p: &Port| match p.direction {
        Direction::Input => format!("input {} : {}", p.name, p.width),
        Direction::Output => format!("output {} : {}", p.name, p.width),
    };
    let lacks = |ports: &[Port], wanted: &Port| !ports.iter().any(|p| word(p) == word(wanted));
    let mut faults = Vec::new();
    for (own, other, which) in [(first, second, "first"), (second, first, "second")] {
        for port in own.iter().filter(|p| lacks(other, p)) {
            let message = format!("only the {which} design has `{}`", word(port));
            let all: Vec<String> = other.iter().map(word).collect();
            let help = format!("give both the same ports; the other has: {}", all.join(", "));
            let offset = if which == "first" { 0 } else { sides[1].files };
            faults.push(Fault::new("P010", merge::shifted(port.place, offset), message, help));
        }
    }
    faults.extend(different_domains(sides));
    if faults.is_empty() && !first.iter().any(|p| p.direction == Direction::Output) {
        let message = "nothing to compare: the designs have no outputs";
        let help = "compare designs with outputs";
        faults.push(Fault::new("P011", sides[0].flat.place, message, help));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Domains of one name whose registers would not be the same kind of register. Where nothing has a
/// reset value, it is all one how it would be reset.
fn different_domains([first, second]: &[Side<'_>; 2]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, own) in (0..).map(DomainId).zip(&first.flat.domains) {
        let named = second.flat.domains.iter().position(|d| d.name == own.name);
        let Some(twin) = named.map(|i| DomainId(i as u32)) else { continue };
        let other = &second.flat.domains[twin.index()];
        let [state, reset] = [first.uses(id), second.uses(twin)]
            .into_iter()
            .reduce(|a, b| [a[0] && b[0], a[1] && b[1]])
            .unwrap_or_default();
        let resets = (own.reset, own.polarity) != (other.reset, other.polarity);
        if own.edge != other.edge && state || resets && reset {
            let message = format!(
                "domain `{}` is `{}` in the first design and `{}` in the second",
                own.name,
                own.manner(),
                other.manner()
            );
            let place = merge::shifted(other.place, second.files);
            let mut fault = Fault::new("P012", own.place, message, "give both the same domain");
            fault
                .label(own.place, own.manner().to_string())
                .label(place, other.manner().to_string());
            faults.push(fault);
        }
    }
    faults
}

/// The miter on its way.
struct Joint {
    module: Module,
    /// The cells of the shared inputs, by name.
    inputs: Vec<(String, ValueId)>,
}

impl Joint {
    /// The shared inputs and domains.
    fn new(sides: &[Side<'_>; 2]) -> Self {
        let first = &sides[0].flat;
        let mut module = Module::new(format!("{}_miter", first.name), first.place);
        let mut inputs = Vec::new();
        for port in first.ports.iter().filter(|p| p.direction == Direction::Input) {
            let id = PortId(module.ports.len() as u32);
            let value = module.add(Op::Input(id), port.width, port.place);
            inputs.push((port.name.clone(), value));
            module.ports.push(Port { value, ..port.clone() });
        }
        for side in sides {
            for domain in &side.flat.domains {
                if !module.domains.iter().any(|d| d.name == domain.name) {
                    let place = merge::shifted(domain.place, side.files);
                    module.domains.push(ClockDomain { place, ..domain.clone() });
                }
            }
        }
        if module.domains.is_empty() {
            let domain = ClockDomain::new("", first.place);
            module.domains.push(domain);
        }
        Self { module, inputs }
    }

    /// Output ports of both sides and the assertions that they agree.
    fn outputs(&mut self, sides: &[Side<'_>; 2]) {
        let [first, second] = sides;
        for port in first.flat.ports.iter().filter(|p| p.direction == Direction::Output) {
            let other = second.flat.ports.iter().find(|p| p.name == port.name);
            let other = other.expect("the ports have been compared");
            let values = [self.moved(first, port.value), self.moved(second, other.value)];
            for (side, value) in sides.iter().zip(values) {
                let mut name = format!("{}_{}", side.name, port.name);
                while self.module.find_port(&name).is_some() {
                    name.push('_');
                }
                self.module.ports.push(Port { name, value, ..port.clone() });
            }
            let agree = self.equal(values, port.place);
            for domain in 0..self.module.domains.len() {
                let at = match &*self.module.domains[domain].name {
                    _ if self.module.domains.len() == 1 => String::new(),
                    "" => " at edges of the unnamed domain".to_string(),
                    name => format!(" at edges of {name}"),
                };
                let name = format!("{OUTPUT}{} agrees{at}", port.name);
                self.assert(name, agree, DomainId(domain as u32), port.place);
            }
        }
    }

    fn equal(&mut self, [a, b]: [ValueId; 2], place: Place) -> ValueId {
        self.module.add(Op::Eq(a, b), 1, place)
    }

    fn assert(&mut self, name: String, condition: ValueId, domain: DomainId, place: Place) {
        let kind = PropertyKind::Assert;
        self.module.properties.push(Property { name, kind, condition, domain, place });
    }

    fn add(&mut self, cell: Cell) {
        self.module.cells.push(cell);
    }
}
