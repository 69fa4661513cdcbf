//! Properties as immediate assertions, for tools that are told of `FORMAL`.

use crate::liveness::Section;
use crate::module;
use crate::plan::Plan;
use crate::state::edge;
use crate::text::{Lines, comment};
use olivine_netlist::PropertyKind;

/// The block with all properties and the logic that they alone need.
pub(crate) fn write(plan: &Plan, out: &mut Lines) {
    if plan.module.properties.is_empty() {
        return;
    }
    out.gap();
    out.raw("`ifdef FORMAL\n");
    module::logic(plan, Section::Formal, out);
    for (property, name) in plan.module.properties.iter().zip(&plan.names.properties) {
        let keyword = property.kind.word();
        let inactive = plan.pins(property.domain).inactive();
        let condition = plan.plain(property.condition);
        let told = name.replace('_', " ") == property.name;
        let sentence = if told { String::new() } else { comment(&property.name) };
        let note = [sentence, plan.note(property.place)];
        let note: Vec<_> = note.into_iter().filter(|n| !n.is_empty()).collect();
        if matches!(property.kind, PropertyKind::Live | PropertyKind::Fair) {
            // Verilog that every tool reads has no statement about runs without end.
            let sentence = format!("{keyword} {name}: again and again {condition}");
            out.commented(1, "", &format!("{sentence}, {}", note.join(", ")));
            continue;
        }
        out.line(1, &format!("always @({})", edge(plan, property.domain)));
        let text = format!("if ({inactive}) {name}: {keyword} ({condition});");
        out.commented(2, &text, &note.join(", "));
    }
    out.raw("`endif\n");
}
