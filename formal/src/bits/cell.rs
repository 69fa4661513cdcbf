//! Every operator of the netlist in gates.

use super::Lowering;
use crate::gates::Lit;
use crate::sabotage::{Bug, planted};
use crate::system::{Input, State};
use crate::words::{self, Word};
use olivine_netlist::{Cell, Op, Register, ValueId};

impl Lowering<'_> {
    /// Lowers the cells of the cone, in order.
    pub(super) fn cells(&mut self) {
        let system = self.system;
        self.leaves();
        for &value in &system.order {
            if self.values[value.index()].is_empty() {
                self.values[value.index()] = self.cell(system.flat.cell(value));
            }
            let made = self.gates.gates().len();
            if let Some(whole) = &mut self.whole {
                whole.made.push((value, made));
            }
        }
    }

    /// What the cells of states and inputs are.
    fn leaves(&mut self) {
        let flat = &self.system.flat;
        for (state, word) in self.system.states.iter().zip(&self.states) {
            let value = match *state {
                State::Register(r) => flat.registers[r.index()].value,
                State::Held(m, port) => flat.memories[m.index()].reads[port as usize].value,
                State::Word(..) | State::Met | State::Rounds => continue,
            };
            self.values[value.index()].clone_from(word);
        }
        for &state in &self.system.states {
            if let State::Register(r) = state {
                self.reset_at_once(&flat.registers[r.index()]);
            }
        }
        for (input, word) in self.system.inputs.iter().zip(&self.inputs) {
            let value = match *input {
                Input::Port(p) => flat.ports[p.index()].value,
                Input::Undefined(value) => value,
                Input::Answer(..) | Input::NextAnswer(..) => continue,
            };
            self.values[value.index()].clone_from(word);
        }
    }

    /// Where its reset is asynchronous, a register is seen with its reset value while that is active.
    fn reset_at_once(&mut self, register: &Register) {
        let domain = &self.system.flat.domains[register.domain.index()];
        if let Some(reset) = &register.reset
            && domain.resets_at_once()
            && !planted(Bug::ResetLate)
        {
            let state = self.value(register.value).clone();
            let seen = words::mux(&mut self.gates, self.reset, &words::constant(reset), &state);
            self.values[register.value.index()] = seen;
        }
    }

    fn cell(&mut self, cell: &Cell) -> Word {
        let width = cell.width as usize;
        match &cell.op {
            Op::Const(bits) => words::constant(bits),
            Op::Wire(a) => self.value(*a).clone(),
            Op::Not(a) => words::not(self.value(*a)),
            Op::And(a, b) => self.bitwise(*a, *b, crate::gates::Gates::and),
            Op::Or(a, b) => self.bitwise(*a, *b, crate::gates::Gates::or),
            Op::Xor(a, b) => self.bitwise(*a, *b, crate::gates::Gates::xor),
            Op::ReduceAnd(a) => one(self.gates.all(lits(&self.values, *a))),
            Op::ReduceOr(a) => one(self.gates.any(lits(&self.values, *a))),
            Op::ReduceXor(a) => {
                let parity = |all, bit| self.gates.xor(all, bit);
                one(lits(&self.values, *a).fold(Lit::ZERO, parity))
            }
            Op::Add(a, b) => self.binary(*a, *b, words::add),
            Op::Sub(a, b) => self.binary(*a, *b, words::sub),
            Op::MulUnsigned(a, b) => self.binary(*a, *b, |g, a, b| words::mul(g, a, b, false)),
            Op::MulSigned(a, b) => self.binary(*a, *b, |g, a, b| words::mul(g, a, b, true)),
            Op::Eq(a, b) => one(self.binary(*a, *b, words::equal)),
            Op::LessUnsigned(a, b) => one(self.binary(*a, *b, words::less_unsigned)),
            Op::LessSigned(a, b) => one(self.binary(*a, *b, words::less_signed)),
            Op::ShiftLeft(a, b) => self.binary(*a, *b, words::shift_left),
            Op::ShiftRight(a, b) => {
                self.binary(*a, *b, |g, a, b| words::shift_right(g, a, b, Lit::ZERO))
            }
            Op::ShiftRightSigned(a, b) => {
                self.binary(*a, *b, |g, a, b| words::shift_right(g, a, b, a[a.len() - 1]))
            }
            Op::Mux { condition, then, otherwise } => {
                let condition = self.value(*condition)[0];
                self.binary(*then, *otherwise, |g, t, e| words::mux(g, condition, t, e))
            }
            Op::Select { index, options } => self.select(*index, options),
            Op::Concat(parts) => parts.iter().flat_map(|&p| lits(&self.values, p)).collect(),
            Op::Slice { value, low } => {
                self.value(*value)[*low as usize..*low as usize + width].into()
            }
            Op::Extend(a) => extend(self.value(*a), Lit::ZERO, width),
            Op::ExtendSigned(a) => {
                let word = self.value(*a);
                extend(word, word[word.len() - 1], width)
            }
            Op::ReadData { memory, port } => self.async_read(*memory, *port),
            Op::Input(_) | Op::Undefined | Op::Register(_) => {
                unreachable!("states and inputs have their words already")
            }
            Op::InstanceOutput { .. } => unreachable!("a flat module has no instances"),
        }
    }

    fn binary<T>(
        &mut self,
        a: ValueId,
        b: ValueId,
        make: impl FnOnce(&mut crate::gates::Gates, &[Lit], &[Lit]) -> T,
    ) -> T {
        make(&mut self.gates, &self.values[a.index()], &self.values[b.index()])
    }

    fn bitwise(
        &mut self,
        a: ValueId,
        b: ValueId,
        gate: impl Fn(&mut crate::gates::Gates, Lit, Lit) -> Lit,
    ) -> Word {
        self.binary(a, b, |gates, a, b| words::zip(a, b, |a, b| gate(gates, a, b)))
    }

    fn select(&mut self, index: ValueId, options: &[ValueId]) -> Word {
        let options: Vec<Word> = options.iter().map(|&o| self.value(o).clone()).collect();
        let last = &options[options.len() - 1];
        words::select(&mut self.gates, &self.values[index.index()], &options, last)
    }
}

fn lits(values: &[Word], value: ValueId) -> impl Iterator<Item = Lit> + '_ {
    values[value.index()].iter().copied()
}

fn one(lit: Lit) -> Word {
    Box::new([lit])
}

fn extend(word: &[Lit], fill: Lit, width: usize) -> Word {
    word.iter().copied().chain(std::iter::repeat(fill)).take(width).collect()
}
