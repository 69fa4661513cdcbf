//! Colours of gates: equal wherever a renaming may take one to the other.
//!
//! A colour is a number made of what a gate is and of the colours of its operands; of a latch, of its
//! value at power-up and, again and again, of the colour of its next value, until no more latches can
//! be told apart.

use crate::bits::{BitSystem, Latch};
use crate::gates::{Gate, Lit};
use crate::sabotage::{Bug, planted};
use std::collections::HashSet;

/// Most rounds. What would differ only after more may have one colour; the matching finds out.
const ROUNDS: usize = 32;

/// Numbers that tell apart what sorts of gates there are.
const ZERO: u64 = 1;
const INPUT: u64 = 2;
const COMMON: u64 = 3;
const AND: u64 = 4;
const XOR: u64 = 5;
const MUX: u64 = 6;
const LATCH: u64 = 7;

/// By gate.
pub(super) fn colours(system: &BitSystem) -> Vec<u64> {
    let mut latches: Vec<u64> = system.latches.iter().map(at_power_up).collect();
    let mut known = distinct(&latches);
    let mut gates = of_gates(system, &latches);
    for _ in 0..ROUNDS {
        let next = latches.iter().zip(&system.latches);
        latches = next.map(|(&colour, latch)| mixed(colour, of(&gates, latch.next))).collect();
        gates = of_gates(system, &latches);
        let more = distinct(&latches);
        if more == known {
            break;
        }
        known = more;
    }
    gates
}

/// Of a literal.
pub(super) fn of(colours: &[u64], lit: Lit) -> u64 {
    let inverted = lit.inverted() && !planted(Bug::AlikeInverted);
    mixed(colours[lit.gate()], u64::from(inverted))
}

fn at_power_up(latch: &Latch) -> u64 {
    match latch.power_up {
        _ if planted(Bug::AlikeAnyStart) => LATCH,
        None => mixed(LATCH, 2),
        Some(value) => mixed(LATCH, u64::from(value)),
    }
}

fn of_gates(system: &BitSystem, latches: &[u64]) -> Vec<u64> {
    let mut colours: Vec<u64> = Vec::with_capacity(system.gates.gates().len());
    for gate in system.gates.gates() {
        let colour = match *gate {
            Gate::Zero => ZERO,
            Gate::Free(number) => match latches.get(number as usize) {
                Some(&colour) => colour,
                None if (number as usize) < system.first_input() => {
                    mixed(COMMON, u64::from(number))
                }
                None => INPUT,
            },
            Gate::And(a, b) => unordered(AND, of(&colours, a), of(&colours, b)),
            Gate::Xor(a, b) => unordered(XOR, of(&colours, a), of(&colours, b)),
            Gate::Mux(c, t, e) => {
                let condition = mixed(MUX, of(&colours, c));
                mixed(mixed(condition, of(&colours, t)), of(&colours, e))
            }
        };
        colours.push(colour);
    }
    colours
}

fn unordered(sort: u64, a: u64, b: u64) -> u64 {
    mixed(mixed(sort, a.min(b)), a.max(b))
}

/// Of two numbers one, another for other numbers but by chance.
fn mixed(a: u64, b: u64) -> u64 {
    let mut mixed = a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ mixed >> 29).wrapping_mul(0xa076_1d64_78bd_642f);
    mixed ^ mixed >> 32
}

fn distinct(colours: &[u64]) -> usize {
    colours.iter().collect::<HashSet<_>>().len()
}
