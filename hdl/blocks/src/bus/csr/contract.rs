//! What a register bank must do, bit by bit.

use super::map::{CsrField, FieldAccess, RegisterMap};
use super::ports::{CsrFields, FieldPorts};
use crate::bus::Access;
use olivine_lang::prelude::*;

#[named]
pub(super) fn contract(map: &RegisterMap, access: &Access, fields: &CsrFields) {
    let mut ports = fields.iter();
    let mut known = Vec::new();
    for register in &map.registers {
        let offset = map.index(register);
        let here = |index: Unsigned| is(index, offset);
        let (read, written) = (here(access.read_index), here(access.write_index));
        known.push((read, written));
        let mut bits: Vec<Option<Bit>> = vec![None; map.data as usize];
        for (field, port) in register.fields.iter().zip(ports.by_ref()) {
            let name = format!("{}.{}", register.name, field.name);
            let next = Next { read: access.read & read, written: access.write & written };
            next.assert(&name, field, port, access);
            if field.access != FieldAccess::Pulse {
                for (place, bit) in bits[field.low as usize..].iter_mut().zip(port.value.bits()) {
                    *place = Some(bit);
                }
            }
        }
        let right = bits.iter().zip(access.read_data.bits()).map(|(owner, read)| match owner {
            Some(bit) => read.eq(*bit),
            None => !read,
        });
        let right = all_of(right);
        always(format!("{} is read field by field", register.name), read.implies(right));
    }
    let read = any_of(known.iter().map(|(read, _)| *read));
    let written = any_of(known.iter().map(|(_, written)| *written));
    always("what is not there cannot be read", access.read_fault.eq(!read));
    always("what is not there cannot be written", access.write_fault.eq(!written));
    cover("a register is written", access.write & written);
}

/// Whether the value is this number: bit by bit, without a constant to share with the hardware.
fn is(value: Unsigned, number: u64) -> Bit {
    let bits = value.bits().into_iter().enumerate();
    all_of(bits.map(|(i, bit)| if number >> i & 1 == 1 { bit } else { !bit }))
}

/// An access of a field's register.
struct Next {
    read: Bit,
    written: Bit,
}

impl Next {
    /// Each bit after a cycle, from what it was and what was done.
    #[named]
    fn assert(&self, name: &str, field: &CsrField, port: &FieldPorts, access: &Access) {
        let before: Vec<Bit> = match field.access {
            FieldAccess::ReadOnly => return,
            _ => past(port.value.bits()),
        };
        let set = port.set.map(|set| past(set.bits()));
        let read = past(self.read);
        let mut right = Vec::new();
        for (i, now) in port.value.bits().into_iter().enumerate() {
            let at = field.low + i as u32;
            let written = past(self.written & access.write_strobe.bit(at / 8));
            let data = past(access.write_data.bit(at));
            let set = set.as_ref().map(|set| set[i]);
            let due = match (field.access, set) {
                (FieldAccess::WriteOneToClear, Some(set)) => set | (before[i] & !(written & data)),
                (FieldAccess::ReadToClear, Some(set)) => set | (before[i] & !read),
                (FieldAccess::Pulse, _) => written & data,
                _ => mux(written, data, before[i]),
            };
            right.push(now.eq(due));
        }
        let right = all_of(right);
        always(format!("{name} is what was made of it"), past_valid().implies(right));
        let reset = is(port.value, field.reset);
        always(format!("{name} begins with its reset value"), past_valid() | reset);
        cover(format!("{name} changes"), past_valid() & changed(port.value));
    }
}
