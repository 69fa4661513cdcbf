//! Mutations of registers and memories.

use super::{Change, Found, end_bits};
use crate::{MemoryId, RegisterId};

pub(super) fn list(found: &mut Found<'_>) {
    let module = found.module;
    for (index, r) in module.registers.iter().enumerate() {
        let register = RegisterId(index as u32);
        if let Some(reset) = &r.reset {
            for bit in end_bits(reset.width()) {
                let text = format!("bit {bit} of the reset value of `{}` is inverted", r.name);
                found.add(Change::FlipReset { register, bit }, r.place, &text);
            }
        }
        for (case, at) in r.cases.iter().enumerate() {
            if at.condition.is_some() {
                let text = format!("case {case} of register `{}` is always taken", r.name);
                found.add(Change::StickCase { register, case }, at.place, &text);
            }
            let text = format!("case {case} of register `{}` is never taken", r.name);
            found.add(Change::DropCase { register, case }, at.place, &text);
        }
    }
    for (index, m) in module.memories.iter().enumerate() {
        let memory = MemoryId(index as u32);
        for (port, at) in m.writes.iter().enumerate() {
            if at.enable.is_some() {
                let text = format!("write port {port} of memory `{}` always writes", m.name);
                found.add(Change::StickWrite { memory, port }, at.place, &text);
            }
            let text = format!("write port {port} of memory `{}` never writes", m.name);
            found.add(Change::DropWrite { memory, port }, at.place, &text);
        }
    }
}
