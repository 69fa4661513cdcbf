//! [`flattened`]: a design as a proof has it. What its inputs are assumed to do is given; what a
//! placed module assumes is up to what surrounds it, and so is to be shown.

use crate::sabotage::{Bug, planted};
use olivine_netlist::{Design, Module, PropertyKind};

/// Whose assumptions are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Those of the top: they are about its inputs.
    Top,
    /// All of them: they say what is known of placed modules, as in a module by itself
    /// ([`view`](crate::compose::view::view)).
    All,
}

/// The flat design in which what placed modules assume is asserted, and what they take as fair has
/// to hold again and again.
pub(crate) fn flattened(design: &Design) -> Module {
    with_authored_kinds(design, Given::Top).0
}

/// The flat design, in which what is not given is to be shown; and by property the kind that it was
/// authored as.
pub(crate) fn with_authored_kinds(design: &Design, given: Given) -> (Module, Vec<PropertyKind>) {
    let mut flat = design.flatten();
    let authored = flat.properties.iter().map(|property| property.kind).collect();
    if given == Given::All {
        return (flat, authored);
    }
    // Flattening begins with the top.
    let placed = design.top().properties.len();
    let trusted = flat.properties[placed..].to_vec();
    for property in &mut flat.properties[placed..] {
        property.kind = match property.kind {
            PropertyKind::Assume => PropertyKind::Assert,
            PropertyKind::Fair => PropertyKind::Live,
            other => other,
        };
    }
    if planted(Bug::PlacedTrusted) {
        let taken = |p: &olivine_netlist::Property| p.kind == PropertyKind::Assume;
        flat.properties.extend(trusted.into_iter().filter(taken));
    }
    (flat, authored)
}
