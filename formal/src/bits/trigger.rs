//! What an assertion is conditional on.

use super::Lowering;
use crate::gates::Lit;
use olivine_netlist::{Op, PropertyId, PropertyKind, ValueId};

impl Lowering<'_> {
    /// Whether the step samples the assertion and fulfils everything it is conditional on; `None`
    /// if the assertion is not of the form *a implies b*, which in the netlist is `or(not(a), b)`.
    pub(super) fn trigger(&mut self, property: PropertyId) -> Option<Lit> {
        let flat = &self.system.flat;
        let property = &flat.properties[property.index()];
        if property.kind != PropertyKind::Assert {
            return None;
        }
        let plain = |mut value: ValueId| {
            while let Op::Wire(next) = flat.cell(value).op {
                value = next;
            }
            value
        };
        let mut antecedents = Vec::new();
        let mut value = plain(property.condition);
        while let Op::Or(left, right) = flat.cell(value).op
            && let Op::Not(antecedent) = flat.cell(plain(left)).op
        {
            antecedents.push(self.value(antecedent)[0]);
            value = plain(right);
        }
        if antecedents.is_empty() {
            return None;
        }
        antecedents.push(self.turn(property.domain));
        Some(self.gates.all(antecedents))
    }
}
