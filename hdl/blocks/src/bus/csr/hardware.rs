//! [`CsrBank`].

use super::map::{CsrField, FieldAccess, RegisterMap};
use super::ports::{CsrFields, CsrPorts, FieldPorts};
use crate::bus::{Access, RegisterBus};
use olivine_lang::prelude::*;

/// The registers of a [`RegisterMap`] behind a bus.
///
/// ```text
///           +---------+
///     bus ==| CsrBank |==> fields
///           +---------+
/// ```
///
/// *Parameters*: `bus`, the front of the bus, such as [`AxiLiteFront`](crate::bus::AxiLiteFront),
/// with words as wide as the map's; `map`, the description.
///
/// *Ports*: see [`CsrPorts`]; each field is a port `fields_<register>_<field>`.
///
/// *Behaviour*: as [`FieldAccess`] says for each field. Bytes without strobe are not written.
/// Addresses without a register are refused.
///
/// *Timing*, *Handshake*: those of the front. A written field, a pulse too, is on its port in the
/// cycle in which the write is answered; a `ro` field is read in the cycle before its answer.
///
/// *Reset*: every field has the value that the map says.
///
/// *Undefined*: nothing besides what the front leaves open.
///
/// *Verification*: proved by k-induction, bit by bit, in a form of its own: what each field is
/// after each cycle, what is read, what is refused. In tests the generated driver runs against the
/// simulated bank; driver and document are kept as text.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CsrBank<B> {
    /// The front of the bus.
    pub bus: B,
    /// What is behind it.
    pub map: RegisterMap,
}

impl<B: RegisterBus> Module for CsrBank<B> {
    type Ports = CsrPorts<B::Link>;

    fn check(&self) -> Result<(), String> {
        self.bus.check()?;
        self.map.check()?;
        let access = self.bus.ports().access;
        let (bus, own) = (access.read_data.width(), self.map.data);
        if bus != own {
            return Err(format!("the bus has words of {bus} bits, the map of {own}"));
        }
        let beyond = |r: &&super::CsrRegister| {
            u128::from(self.map.index(r)) >> access.read_index.width() != 0
        };
        match self.map.registers.iter().find(beyond) {
            Some(r) => Err(format!("register `{}` is beyond the bus' addresses", r.name)),
            None => Ok(()),
        }
    }

    fn ports(&self) -> CsrPorts<B::Link> {
        CsrPorts { bus: self.bus.ports().bus, fields: CsrFields::new(&self.map) }
    }

    fn name(&self) -> String {
        format!("{}_registers", self.map.name)
    }

    #[named]
    fn build(&self, p: CsrPorts<B::Link>) {
        let front = instance(self.bus.clone(), "front");
        connect(p.bus, front.bus);
        let access = front.access;
        let mut ports = p.fields.iter();
        let (mut reads, mut writes) = (Vec::new(), Vec::new());
        for register in &self.map.registers {
            let index = self.map.index(register);
            let (read, write) = (access.read_index.eq(index), access.write_index.eq(index));
            let mut word = vec![constant(bit(), false); self.map.data as usize];
            for (field, port) in register.fields.iter().zip(ports.by_ref()) {
                let touched = Touched { read: access.read & read, write: access.write & write };
                let value = self::field(field, port, &access, &touched);
                for (place, bit) in word[field.low as usize..].iter_mut().zip(value.bits()) {
                    *place = bit;
                }
            }
            reads.push((read, cat(word)));
            writes.push(write);
        }
        let none = constant(access.read_data.shape(), 0);
        access.read_data.drive(reads.iter().fold(none, |other, (is, word)| mux(*is, *word, other)));
        access.read_fault.drive(!any_of(reads.iter().map(|(is, _)| *is)));
        access.write_fault.drive(!any_of(writes));
        super::contract::contract(&self.map, &access, &p.fields);
    }
}

/// How a register is accessed in this cycle.
struct Touched {
    read: Bit,
    write: Bit,
}

/// Builds one field; gives what is read of it.
#[named]
fn field(field: &CsrField, port: &FieldPorts, access: &Access, touched: &Touched) -> Unsigned {
    if field.access == FieldAccess::ReadOnly {
        return port.value;
    }
    let value = reg(port.value.shape()).reset(field.reset).named(&field.name);
    let data = access.write_data.slice(field.low, field.width);
    let lanes = (field.low..field.low + field.width).map(|bit| access.write_strobe.bit(bit / 8));
    let mask = cat(lanes.collect::<Vec<Bit>>());
    port.value.drive(value);
    match (field.access, port.set) {
        (FieldAccess::ReadWrite, _) => {
            when(touched.write, || value.set((value & !mask) | (data & mask)));
        }
        (FieldAccess::WriteOneToClear, Some(set)) => {
            value.set(value | set);
            when(touched.write, || value.set((value & !(data & mask)) | set));
        }
        (FieldAccess::ReadToClear, Some(set)) => {
            value.set(value | set);
            when(touched.read, || value.set(set));
        }
        _ => {
            value.set(zero(value.shape()));
            when(touched.write, || value.set(data & mask));
            return zero(value.shape());
        }
    }
    value
}
