//! Enumerations as `localparam`s.

use crate::literal::literal;
use crate::names::{Namer, upper_snake};
use olivine_netlist::{Bits, EnumKind, Kind, Module};
use std::fmt::Write;
use std::sync::Arc;

/// The enumerations of a module, each with the names of its variants.
pub(crate) struct Enums {
    entries: Vec<Entry>,
}

struct Entry {
    kind: Arc<EnumKind>,
    width: u32,
    constants: Vec<String>,
}

impl Enums {
    /// Names for the variants of all enumerations that state, ports and labels of the module
    /// have.
    pub(crate) fn new(module: &Module, namer: &mut Namer) -> Self {
        let mut enums = Self { entries: Vec::new() };
        let ports = module.ports.iter().map(|p| (&p.kind, p.width));
        let registers = module.registers.iter().map(|r| (&r.kind, r.width));
        let memories = module.memories.iter().map(|m| (&m.kind, m.width));
        let labelled = module.cells.iter();
        let labels = labelled.filter_map(|c| c.label.as_ref().map(|l| (&l.kind, c.width)));
        for (kind, width) in ports.chain(registers).chain(memories).chain(labels) {
            if let Kind::Enum(kind) = kind
                && enums.find(kind, width).is_none()
            {
                enums.add(kind, width, namer);
            }
        }
        enums
    }

    fn find(&self, kind: &EnumKind, width: u32) -> Option<&Entry> {
        self.entries.iter().find(|e| e.width == width && *e.kind == *kind)
    }

    fn add(&mut self, kind: &Arc<EnumKind>, width: u32, namer: &mut Namer) {
        let prefix = upper_snake(&kind.name);
        let constants =
            kind.variants.iter().map(|v| namer.claim(&format!("{prefix}_{}", upper_snake(v))));
        self.entries.push(Entry { kind: Arc::clone(kind), width, constants: constants.collect() });
    }

    /// The name of a constant of this kind.
    pub(crate) fn constant(&self, kind: &Kind, bits: &Bits) -> Option<&str> {
        let Kind::Enum(kind) = kind else { return None };
        let entry = self.find(kind, bits.width())?;
        entry.constants.get(kind.tag(bits)?).map(String::as_str)
    }

    /// The declarations.
    pub(crate) fn declarations(&self) -> String {
        let mut out = String::new();
        for entry in &self.entries {
            let range = match entry.width {
                1 => String::new(),
                width => format!("[{}:0] ", width - 1),
            };
            for (tag, name) in entry.constants.iter().enumerate() {
                let code = literal(&entry.kind.code(tag, entry.width));
                let _ = writeln!(out, "    localparam {range}{name} = {code};");
            }
        }
        out
    }
}
