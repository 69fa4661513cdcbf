//! [`Gates`]: combinational logic as a graph of two-input gates, each made once.

use crate::sabotage::{Bug, planted};
use std::collections::HashMap;
use std::ops::Not;

/// A gate's output, inverted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Lit(u32);

impl Lit {
    /// Always zero.
    pub const ZERO: Self = Self(0);
    /// Always one.
    pub const ONE: Self = Self(1);

    /// The output of a gate.
    pub fn of(gate: usize) -> Self {
        Self((gate as u32) << 1)
    }

    /// The constant.
    pub fn constant(value: bool) -> Self {
        Self(u32::from(value))
    }

    /// The constant it is, if it is one.
    pub fn to_constant(self) -> Option<bool> {
        (self.0 < 2).then_some(self.0 == 1)
    }

    /// Index of the gate.
    pub fn gate(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether the gate's output is inverted.
    pub fn inverted(self) -> bool {
        self.0 & 1 == 1
    }

    /// Inverted if `invert`.
    pub fn invert_if(self, invert: bool) -> Self {
        Self(self.0 ^ u32::from(invert))
    }
}

impl Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        self.invert_if(true)
    }
}

/// A gate. Operands are earlier gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Gate {
    /// Constant zero; gate 0 alone.
    Zero,
    /// A free variable, numbered in the order of its making.
    Free(u32),
    /// Both; the first operand is the smaller.
    And(Lit, Lit),
    /// One of two, neither inverted, the first the smaller.
    Xor(Lit, Lit),
    /// The second if the first, else the third; the first and the second not inverted.
    Mux(Lit, Lit, Lit),
}

/// Gates in topological order, with folding of constants and of equal gates.
///
/// And-inverter graphs have the first two sorts alone; the others are kept because a solver
/// reasons better on the clauses of an exclusive or and of a choice than on those of their parts.
#[derive(Clone, Debug)]
pub(crate) struct Gates {
    gates: Vec<Gate>,
    known: HashMap<Gate, u32>,
    free: u32,
}

impl Default for Gates {
    fn default() -> Self {
        Self { gates: vec![Gate::Zero], known: HashMap::new(), free: 0 }
    }
}

impl Gates {
    /// The gates, operands first.
    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// Bytes that one more sixteenth of the gates may take at once: the table of known gates is then
    /// copied into one of twice its size, if it is nearly full.
    pub fn growth(&self) -> u64 {
        let room = self.known.capacity() - self.known.len();
        let nearly_full = room <= self.known.len() / 16;
        let entry = size_of::<(Gate, u32)>() + 1;
        if nearly_full { (self.known.capacity() * 8 / 7 * 2 * entry) as u64 } else { 0 }
    }

    /// The gate behind a literal.
    pub fn gate(&self, lit: Lit) -> Gate {
        self.gates[lit.gate()]
    }

    /// A new free variable.
    pub fn free(&mut self) -> Lit {
        self.gates.push(Gate::Free(self.free));
        self.free += 1;
        Lit::of(self.gates.len() - 1)
    }

    fn shared(&mut self, gate: Gate) -> Lit {
        let next = self.gates.len() as u32;
        let index = *self.known.entry(gate).or_insert(next);
        if index == next {
            self.gates.push(gate);
        }
        Lit::of(index as usize)
    }

    /// Both.
    pub fn and(&mut self, a: Lit, b: Lit) -> Lit {
        let (a, b) = (a.min(b), a.max(b));
        if a == Lit::ZERO || a == !b {
            if a != Lit::ZERO && planted(Bug::InverseEqual) {
                return b;
            }
            return Lit::ZERO;
        }
        if a == Lit::ONE || a == b {
            return b;
        }
        self.shared(Gate::And(a, b))
    }

    /// At least one of two.
    pub fn or(&mut self, a: Lit, b: Lit) -> Lit {
        !self.and(!a, !b)
    }

    /// Exactly one of two.
    pub fn xor(&mut self, a: Lit, b: Lit) -> Lit {
        let inverted = a.inverted() != b.inverted();
        let (a, b) = (a.invert_if(a.inverted()), b.invert_if(b.inverted()));
        let (a, b) = (a.min(b), a.max(b));
        let plain = if a == b {
            Lit::ZERO
        } else if a == Lit::ZERO {
            b
        } else {
            self.shared(Gate::Xor(a, b))
        };
        plain.invert_if(inverted && !planted(Bug::InversionLost))
    }

    /// `then` if `condition`, else `otherwise`.
    pub fn mux(&mut self, condition: Lit, then: Lit, otherwise: Lit) -> Lit {
        if condition.inverted() {
            if planted(Bug::ChoiceTurned) {
                return self.mux(!condition, then, otherwise);
            }
            return self.mux(!condition, otherwise, then);
        }
        if condition == Lit::ZERO || then == otherwise {
            return otherwise;
        }
        if then == !otherwise {
            return self.xor(condition, otherwise);
        }
        if then.to_constant().is_some() || then.gate() == condition.gate() {
            let one = then == Lit::ONE || then == condition;
            return if one {
                self.or(condition, otherwise)
            } else {
                self.and(!condition, otherwise)
            };
        }
        if otherwise.to_constant().is_some() || otherwise.gate() == condition.gate() {
            let zero = otherwise == Lit::ZERO || otherwise == condition;
            return if zero { self.and(condition, then) } else { self.or(!condition, then) };
        }
        let inverted = then.inverted();
        let gate = Gate::Mux(condition, then.invert_if(inverted), otherwise.invert_if(inverted));
        self.shared(gate).invert_if(inverted)
    }

    /// All of them; one if there is none.
    pub fn all(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter().fold(Lit::ONE, |all, lit| self.and(all, lit))
    }

    /// Any of them; zero if there is none.
    pub fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter().fold(Lit::ZERO, |any, lit| self.or(any, lit))
    }

    /// Copies every gate of `from` behind the ones here, free variable `i` becoming `bind[i]`;
    /// what each literal of `from` is here is then given by [`translated`].
    pub fn copy_from(&mut self, from: &Self, bind: &[Lit]) -> Vec<Lit> {
        let mut map = Vec::with_capacity(from.gates.len());
        for gate in &from.gates {
            let lit = match *gate {
                Gate::Zero => Lit::ZERO,
                Gate::Free(number) => bind[number as usize],
                Gate::And(a, b) => self.and(translated(&map, a), translated(&map, b)),
                Gate::Xor(a, b) => self.xor(translated(&map, a), translated(&map, b)),
                Gate::Mux(c, t, e) => {
                    let (c, t) = (translated(&map, c), translated(&map, t));
                    self.mux(c, t, translated(&map, e))
                }
            };
            map.push(lit);
        }
        map
    }
}

/// What a literal became in [`Gates::copy_from`].
pub(crate) fn translated(map: &[Lit], lit: Lit) -> Lit {
    map[lit.gate()].invert_if(lit.inverted())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Truth tables over the first three free variables, as bytes.
    fn table(gates: &Gates, lit: Lit) -> u8 {
        let mut tables: Vec<u8> = Vec::new();
        let of =
            |tables: &[u8], l: Lit| if l.inverted() { !tables[l.gate()] } else { tables[l.gate()] };
        for gate in gates.gates() {
            tables.push(match *gate {
                Gate::Zero => 0,
                Gate::Free(i) => [0xaa, 0xcc, 0xf0][i as usize],
                Gate::And(a, b) => of(&tables, a) & of(&tables, b),
                Gate::Xor(a, b) => of(&tables, a) ^ of(&tables, b),
                Gate::Mux(c, t, e) => {
                    of(&tables, c) & of(&tables, t) | !of(&tables, c) & of(&tables, e)
                }
            });
        }
        of(&tables, lit)
    }

    #[test]
    fn folding_keeps_the_function() {
        let mut gates = Gates::default();
        let free = [gates.free(), gates.free(), gates.free()];
        let mut all = vec![Lit::ZERO, Lit::ONE];
        all.extend(free.iter().flat_map(|&f| [f, !f]));
        for &a in &all {
            for &b in &all {
                let (and, or, xor) = (gates.and(a, b), gates.or(a, b), gates.xor(a, b));
                let (ta, tb) = (table(&gates, a), table(&gates, b));
                assert_eq!(table(&gates, and), ta & tb);
                assert_eq!(table(&gates, or), ta | tb);
                assert_eq!(table(&gates, xor), ta ^ tb);
                for &c in &all {
                    let mux = gates.mux(c, a, b);
                    let tc = table(&gates, c);
                    assert_eq!(table(&gates, mux), tc & ta | !tc & tb, "{c:?} {a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn a_gate_is_made_once() {
        let mut gates = Gates::default();
        let (a, b, c) = (gates.free(), gates.free(), gates.free());
        assert_eq!(gates.and(a, b), gates.and(b, a));
        assert_eq!(gates.xor(!a, b), !gates.xor(b, a));
        assert_eq!(gates.mux(!c, a, b), gates.mux(c, b, a));
        assert_eq!(gates.mux(c, !a, !b), !gates.mux(c, a, b));
    }
}
