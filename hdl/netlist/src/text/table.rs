//! Names that stand for values in the text form.

use crate::{Design, Module, Op, ValueId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The names of a module's values, labels and what cells stand for alike.
pub(super) struct NameTable(HashMap<String, Option<ValueId>>);

/// What a name stands for.
pub(super) enum Found {
    Value(ValueId),
    /// More than one value.
    Ambiguous,
    Nothing,
}

impl NameTable {
    /// Needs the module's cells, and what they speak of, but no values.
    pub(super) fn of(design: &Design, module: &Module) -> Self {
        let mut table = HashMap::new();
        let mut add = |name: String, value| match table.entry(name) {
            Entry::Vacant(free) => {
                free.insert(Some(value));
            }
            Entry::Occupied(mut held) => {
                if *held.get() != Some(value) {
                    held.insert(None);
                }
            }
        };
        for (i, cell) in module.cells.iter().enumerate() {
            let value = ValueId(i as u32);
            if let Some(label) = &cell.label {
                add(label.name.clone(), value);
            }
            if let Some(name) = module.link_name(design, value) {
                add(name, value);
            }
        }
        Self(table)
    }

    pub(super) fn find(&self, name: &str) -> Found {
        match self.0.get(name) {
            Some(Some(value)) => Found::Value(*value),
            Some(None) => Found::Ambiguous,
            None => Found::Nothing,
        }
    }

    /// Whether `name` alone means `value`.
    pub(super) fn means(&self, name: &str, value: ValueId) -> bool {
        matches!(self.find(name), Found::Value(v) if v == value)
    }
}

/// The first cell that stands for each port, register and read port.
pub(super) fn own_cells(module: &Module) -> HashMap<&Op, ValueId> {
    let mut own = HashMap::new();
    for (i, cell) in module.cells.iter().enumerate() {
        if matches!(cell.op, Op::Input(_) | Op::Register(_) | Op::ReadData { .. }) {
            own.entry(&cell.op).or_insert(ValueId(i as u32));
        }
    }
    own
}
