//! Modules that are somebody else's: a shell with our ports around an instance of theirs.

use crate::module;
use crate::names::Namer;
use crate::plan::Plan;
use crate::text::Lines;
use crate::{BlackBoxes, literal};
use olivine_netlist::{Design, External, ModuleId, PinTo, Polarity, PortId};

/// The text of a module that is `external`.
pub(crate) fn write(plan: &Plan, external: &External) -> String {
    let mut out = Lines::new();
    module::header(plan, &mut out);
    out.gap();
    let parameters = external.parameters.iter();
    let parameters: Vec<String> =
        parameters.map(|(name, setting)| format!(".{name}({setting})")).collect();
    let pins: Vec<String> =
        external.pins.iter().map(|pin| format!(".{}({})", pin.name, wire(plan, &pin.to))).collect();
    let boundary = plan.boundary();
    let lines = boundary.domains.iter().flat_map(|d| [&d.clock, &d.reset]);
    let instance = Namer::with(boundary.ports.iter().chain(lines)).claim("unit");
    if parameters.is_empty() {
        out.line(1, &format!("{} {instance} (", external.name));
    } else {
        out.line(1, &format!("{} #(", external.name));
        list(&mut out, &parameters);
        out.line(1, &format!(") {instance} ("));
    }
    list(&mut out, &pins);
    out.line(1, ");");
    format!("{}\nendmodule\n", out.finish().trim_end())
}

fn list(out: &mut Lines, items: &[String]) {
    for (i, item) in items.iter().enumerate() {
        out.line(2, &format!("{item}{}", if i + 1 == items.len() { "" } else { "," }));
    }
}

/// What a pin is connected to.
fn wire(plan: &Plan, to: &PinTo) -> String {
    let port = |id: &PortId| plan.boundary().ports[id.index()].clone();
    match to {
        PinTo::Port(id) => port(id),
        PinTo::Bit(id, _) if plan.module.ports[id.index()].width == 1 => port(id),
        PinTo::Bit(id, bit) => format!("{}[{bit}]", port(id)),
        PinTo::Clock(domain) => plan.pins(*domain).clock.clone(),
        PinTo::Reset(domain, Polarity::ActiveHigh) => plan.pins(*domain).active(),
        PinTo::Reset(domain, Polarity::ActiveLow) => plan.pins(*domain).inactive(),
        PinTo::Constant(bits) => literal::literal(bits),
    }
}

/// Which modules are written: not those that only models place.
pub(crate) fn written(design: &Design, how: BlackBoxes) -> Vec<bool> {
    let mut written = vec![false; design.modules.len()];
    let mut waiting = vec![design.top];
    // Modules that nothing places are written, too.
    let mut placed = vec![false; design.modules.len()];
    for instance in design.modules.iter().flat_map(|m| &m.instances) {
        placed[instance.module.index()] = true;
    }
    waiting.extend((0..design.modules.len() as u32).map(ModuleId).filter(|m| !placed[m.index()]));
    while let Some(id) = waiting.pop() {
        let module = design.module(id);
        let opaque = how == BlackBoxes::Instances && module.external.is_some();
        if !std::mem::replace(&mut written[id.index()], true) && !opaque {
            waiting.extend(module.instances.iter().map(|i| i.module));
        }
    }
    written
}
