//! What is computed.

use super::decode::Decoded;
use olivine::prelude::*;

/// The value that an instruction writes, loads and counters left out: of registers `a` and `b`
/// and its own address.
#[named]
pub fn alu(d: &Decoded, a: Unsigned, b: Unsigned, address: Unsigned) -> Unsigned {
    let operand = mux(d.is_register, b, d.immediate);
    let subtract = d.is_register & d.is_alternate;
    let sum = mux(subtract, a.wrapping_sub(operand), a.wrapping_add(operand));
    let amount = operand.slice(0, 5);
    let left = a.shift_left(amount);
    let arithmetic = a.as_signed().shift_right(amount).as_unsigned();
    let right = mux(d.is_alternate, arithmetic, a.shift_right(amount));
    let flag = |bit: Bit| bit.as_unsigned().extend(32);
    let signed_less = flag(a.as_signed().lt(operand.as_signed()));
    let less = flag(a.lt(operand));
    let options = [sum, left, signed_less, less, a ^ operand, right, a | operand, a & operand];
    let computed = select(d.funct3, &options);

    let link = address.wrapping_add(4);
    let upper = mux(d.is_lui, d.immediate, address.wrapping_add(d.immediate));
    let jumps = d.is_jal | d.is_jalr;
    mux(jumps, link, mux(d.is_lui | d.is_auipc, upper, computed))
}
