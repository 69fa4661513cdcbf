//! Assertions, assumptions and covers.

use super::json::{Bit, SourceCell};
use super::module::Reader;
use olivine_netlist::{DomainId, Op, Property, PropertyKind};

/// Reads a property: one that an edge samples, or one that always holds, which the edges of the
/// only clock sample.
pub(super) fn read(r: &mut Reader<'_>, cell: &SourceCell) -> bool {
    let flavor = match cell.kind.as_str() {
        "$check" => cell.parameters.get("FLAVOR").map_or("", |f| f.trim()),
        kind => kind.trim_start_matches('$'),
    };
    let kind = match flavor {
        "assert" => PropertyKind::Assert,
        "assume" => PropertyKind::Assume,
        "cover" => PropertyKind::Cover,
        _ => return false,
    };
    let Some(domain) = domain(r, cell) else {
        let message = format!("the property `{}` has not one clock", cell.name);
        let help = "state it in a block `always @(posedge CLOCK)`";
        r.log.fault("I021", &cell.src, message, help);
        return true;
    };
    let (a, enable) = (r.word(cell.bits("A")), r.word(cell.bits("EN")));
    let condition = if kind == PropertyKind::Cover {
        r.add(Op::And(enable, a), 1)
    } else {
        let off = r.invert(enable);
        r.add(Op::Or(off, a), 1)
    };
    let mut name = cell.name.trim_start_matches('\\').replace('_', " ");
    while r.module.properties.iter().any(|p| p.name == name) {
        name.push('\'');
    }
    let place = r.place;
    r.module.properties.push(Property { name, kind, condition, domain, place });
    true
}

fn domain(r: &Reader<'_>, cell: &SourceCell) -> Option<DomainId> {
    match cell.bits("TRG") {
        [clock @ Bit::Net(_)] if cell.flag("TRG_ENABLE") => r.domain(*clock),
        [] if r.module.domains.len() == 1 => Some(DomainId(0)),
        _ => None,
    }
}
