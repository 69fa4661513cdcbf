//! AVX2: comparisons, whose results are masks.
//!
//! There are two, equal and greater of signed numbers; the others are made of these, of the
//! smaller or the greater of two unsigned numbers, and of numbers beside the one asked for.

use super::asm::{Asm, Rm};
use super::emit256::{SPARE_VECTOR, code, invert, number, ones, set, ymm};
use super::ops::Compare;

const SPARE: Rm = Rm::Reg(SPARE_VECTOR);

fn equal(asm: &mut Asm, wide: bool, to: u8, a: u8, b: Rm) {
    ymm(asm, if wide { code(2, 0x29) } else { code(1, 0x76) }, to, a, b);
}

/// Greater, as signed numbers.
fn greater(asm: &mut Asm, wide: bool, to: u8, a: u8, b: Rm) {
    ymm(asm, if wide { code(2, 0x37) } else { code(1, 0x66) }, to, a, b);
}

/// The greater (or with `false` the smaller) of two unsigned numbers of 32 bits.
fn extreme(asm: &mut Asm, greater: bool, to: u8, a: u8, b: Rm) {
    ymm(asm, code(2, if greater { 0x3f } else { 0x3b }), to, a, b);
}

/// The weight of the sign.
fn sign(wide: bool) -> u64 {
    if wide { 1 << 63 } else { 1 << 31 }
}

/// Unsigned numbers as signed ones of the same order.
fn turn(asm: &mut Asm, wide: bool, to: u8, from: u8) {
    let sign = number(asm, sign(wide), wide);
    ymm(asm, code(1, 0xef), to, from, sign);
}

/// A comparison of two registers, or its opposite.
pub(super) fn registers(
    asm: &mut Asm,
    (op, wide): (Compare, bool),
    opposite: bool,
    to: u8,
    from: &[u8],
) {
    let (a, b) = (from[0], from[1]);
    let mut turned = opposite;
    match op {
        Compare::Equal => equal(asm, wide, to, a, Rm::Reg(b)),
        Compare::LessSigned => greater(asm, wide, to, b, Rm::Reg(a)),
        // At least as great is what is the greater of both.
        Compare::Less if !wide => {
            extreme(asm, true, SPARE_VECTOR, a, Rm::Reg(b));
            equal(asm, wide, to, a, SPARE);
            turned = !opposite;
        }
        Compare::Less => {
            turn(asm, wide, SPARE_VECTOR, b);
            turn(asm, wide, to, a);
            greater(asm, wide, to, SPARE_VECTOR, Rm::Reg(to));
        }
    }
    if turned {
        invert(asm, to, to);
    }
}

/// A comparison with a number, or its opposite.
pub(super) fn with_number(
    asm: &mut Asm,
    (op, wide): (Compare, bool),
    value: u64,
    opposite: bool,
    to: u8,
    a: u8,
) {
    let least = match op {
        Compare::Equal => {
            let value = number(asm, value, wide);
            equal(asm, wide, to, a, value);
            if opposite {
                invert(asm, to, to);
            }
            return;
        }
        Compare::Less => 0,
        Compare::LessSigned => sign(wide),
    };
    // Nothing is less than the least number.
    if value & ones(wide) == least {
        return set(asm, if opposite { ones(wide) } else { 0 }, wide, to);
    }
    match (op, wide) {
        (Compare::Less, false) => {
            let bound = number(asm, if opposite { value } else { value.wrapping_sub(1) }, wide);
            extreme(asm, opposite, SPARE_VECTOR, a, bound);
            equal(asm, wide, to, a, SPARE);
        }
        (Compare::Less, true) => {
            turn(asm, wide, to, a);
            less_signed(asm, wide, value ^ sign(wide), opposite, to, to);
        }
        _ => less_signed(asm, wide, value, opposite, to, a),
    }
}

/// Less than a number that is not the least, as signed numbers; or its opposite.
fn less_signed(asm: &mut Asm, wide: bool, value: u64, opposite: bool, to: u8, a: u8) {
    if opposite {
        let below = number(asm, value.wrapping_sub(1), wide);
        return greater(asm, wide, to, a, below);
    }
    set(asm, value & ones(wide), wide, SPARE_VECTOR);
    greater(asm, wide, to, SPARE_VECTOR, Rm::Reg(a));
}

/// Whether none of these bits is set.
pub(super) fn test_not(asm: &mut Asm, value: u64, wide: bool, to: u8, a: u8) {
    if value == ones(wide) {
        set(asm, 0, wide, SPARE_VECTOR);
        return equal(asm, wide, to, a, SPARE);
    }
    only(asm, value, wide, a);
    set(asm, 0, wide, to);
    equal(asm, wide, to, to, SPARE);
}

/// Whether any of these bits is set.
pub(super) fn test(asm: &mut Asm, value: u64, wide: bool, to: u8, a: u8) {
    if value == sign(wide) {
        set(asm, 0, wide, SPARE_VECTOR);
        greater(asm, wide, to, SPARE_VECTOR, Rm::Reg(a));
    } else if value.is_power_of_two() {
        let bit = only(asm, value, wide, a);
        equal(asm, wide, to, SPARE_VECTOR, bit);
    } else if value & sign(wide) == 0 {
        only(asm, value, wide, a);
        set(asm, 0, wide, to);
        greater(asm, wide, to, SPARE_VECTOR, Rm::Reg(to));
    } else {
        test_not(asm, value, wide, to, a);
        invert(asm, to, to);
    }
}

/// These bits alone, in the spare register; gives the number.
fn only(asm: &mut Asm, value: u64, wide: bool, a: u8) -> Rm {
    let value = number(asm, value, wide);
    ymm(asm, code(1, 0xdb), SPARE_VECTOR, a, value);
    value
}
