//! What a file remembers from step to step.

use super::arrays::Words;
use super::maker::Maker;
use olivine_netlist::{
    Bits, Case, Direction, DomainId, Kind, Op, Place, Port, PortId, Register, RegisterId, ValueId,
};

/// A state of a file: one word, or the words of an array.
pub(super) struct State {
    /// Index among the states, which names it.
    pub index: usize,
    /// Cells that hold its place until all is read.
    pub seen: Words,
    pub is_array: bool,
    pub init: Option<Words>,
    pub next: Option<Words>,
}

/// An input port of a module, and its value.
pub(super) fn input(maker: &mut Maker, name: String, width: u32) -> ValueId {
    let port = PortId(maker.module.ports.len() as u32);
    let value = maker.add_cell(Op::Input(port), width);
    let kind = if width == 1 { Kind::Bit } else { Kind::Bits };
    let direction = Direction::Input;
    maker.module.ports.push(Port { name, direction, width, kind, place: Place::UNKNOWN, value });
    value
}

/// A register that takes `next` at each edge, and its value.
pub(super) fn register(
    maker: &mut Maker,
    name: String,
    width: u32,
    init: Option<Bits>,
) -> (RegisterId, ValueId) {
    let id = RegisterId(maker.module.registers.len() as u32);
    let value = maker.add_cell(Op::Register(id), width);
    let (kind, domain, place) = (Kind::Bits, DomainId(0), Place::UNKNOWN);
    let cases = Vec::new();
    let (reset, crossing) = (None, false);
    let made = Register { name, width, kind, domain, reset, init, crossing, cases, place, value };
    maker.module.registers.push(made);
    (id, value)
}

/// What a register becomes.
pub(super) fn drive(maker: &mut Maker, register: RegisterId, value: ValueId) {
    let case = Case { condition: None, value, place: Place::UNKNOWN };
    maker.module.registers[register.index()].cases.push(case);
}

/// Makes the states of a file, once everything is read.
#[derive(Default)]
pub(super) struct Finisher {
    /// One in the first step alone.
    first: Option<ValueId>,
}

impl Finisher {
    fn first(&mut self, maker: &mut Maker) -> ValueId {
        *self.first.get_or_insert_with(|| {
            let (id, value) = register(maker, "first_step".to_string(), 1, Some(Bits::new(1, 1)));
            let never = maker.number(1, 0);
            drive(maker, id, never);
            value
        })
    }

    /// A state that has a next value is a register; one that has none is anything in each step,
    /// but for a first value. A first value that is no constant is chosen in the first step, and
    /// what is held behind it is called `h` instead of `s`.
    pub fn finish(&mut self, maker: &mut Maker, state: &State) {
        for (i, &seen) in state.seen.iter().enumerate() {
            let width = maker.width(seen);
            let init = state.init.as_ref().map(|init| init[i]);
            let known = init.and_then(|init| maker.known(init));
            let is_chosen = init.is_some() && (known.is_none() || state.next.is_none());
            let letter = if is_chosen { 'h' } else { 's' };
            let name = match state.is_array {
                true => format!("{letter}{}_{i}", state.index),
                false => format!("{letter}{}", state.index),
            };
            let (held, chosen) = match &state.next {
                None => (input(maker, name, width), init),
                Some(next) => {
                    let chosen = init.filter(|_| known.is_none());
                    let (id, value) = register(maker, name, width, known);
                    drive(maker, id, next[i]);
                    (value, chosen)
                }
            };
            maker.module.cells[seen.index()].op = match chosen {
                None => Op::Wire(held),
                Some(then) => {
                    let condition = self.first(maker);
                    Op::Mux { condition, then, otherwise: held }
                }
            };
        }
    }
}
