//! The ports of a register bank: each field under its own name.

use super::map::{FieldAccess, RegisterMap};
use olivine_lang::Walk;
use olivine_lang::prelude::*;
use std::ops::Index;

/// The ports of [`CsrBank`](super::CsrBank).
#[derive(Ports)]
pub struct CsrPorts<L: Ports> {
    /// The bus.
    pub bus: Flipped<L>,
    /// What the hardware sees and gives.
    pub fields: CsrFields,
}

/// The hardware's side of one field.
#[derive(Clone, Debug)]
pub struct FieldPorts {
    name: String,
    access: FieldAccess,
    /// Port `fields_<register>_<field>`: what the field holds; of `ro` fields an input.
    pub value: Unsigned,
    /// Port `fields_<register>_<field>_set`, an input: bits to set, of `w1c` and `rc` fields.
    pub set: Option<Unsigned>,
}

/// The hardware's side of all fields. `fields["control_enable"]` is the field `enable` of the
/// register `control`; like every index it panics on what is not there.
#[derive(Clone, Debug)]
pub struct CsrFields {
    list: Vec<FieldPorts>,
}

impl CsrFields {
    pub(super) fn new(map: &RegisterMap) -> Self {
        let one = |(register, field): (&super::CsrRegister, &super::CsrField)| {
            let shape = unsigned(field.width);
            let hardware_sets =
                matches!(field.access, FieldAccess::WriteOneToClear | FieldAccess::ReadToClear);
            FieldPorts {
                name: format!("{}_{}", register.name, field.name),
                access: field.access,
                value: shape,
                set: hardware_sets.then_some(shape),
            }
        };
        Self { list: map.fields().map(one).collect() }
    }

    /// In the order of the map.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, FieldPorts> {
        self.list.iter()
    }
}

impl Index<&str> for CsrFields {
    type Output = FieldPorts;

    #[track_caller]
    fn index(&self, name: &str) -> &FieldPorts {
        let found = self.list.iter().find(|field| field.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<&str> = self.list.iter().map(|f| f.name.as_str()).collect();
            panic!("no field is called `{name}`; there are: {}", names.join(", "))
        })
    }
}

impl Ports for CsrFields {
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self {
        let each = self.list.iter().map(|field| {
            let value = walk.field(&field.name, |walk| match field.access {
                FieldAccess::ReadOnly => walk.input(&field.value),
                _ => walk.output(&field.value),
            });
            let name = format!("{}_set", field.name);
            let set = field.set.map(|set| walk.field(&name, |walk| walk.input(&set)));
            FieldPorts { name: field.name.clone(), access: field.access, value, set }
        });
        Self { list: each.collect() }
    }
}
