//! Operations on one lane, as machine code: general registers, BMI2.

use super::asm::{Asm, Code, Rm};
use super::ops::{Bin, Compare, Op, Shift, When};

/// The storage, at a distance that is the [`Asm`]'s.
pub(super) const BASE: u8 = 7;
/// A register that no value is given; `mulx` reads it.
pub(super) const SPARE: u8 = 2;
/// Those that values are given.
pub(super) const REGISTERS: &[u8] = &[0, 1, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/// Of instructions with a number: the one that compares.
const COMPARE: u8 = 7;

const EQUAL: u8 = 0x94;
const NOT_EQUAL: u8 = 0x95;
const BELOW: u8 = 0x92;
const LESS: u8 = 0x9c;

/// Which operands of an operation may be in memory, if the others are in registers.
pub(super) fn from_memory(op: Op) -> &'static [usize] {
    match op {
        Op::Scalar(Bin::AndNot) => &[0],
        Op::Scalar(_) | Op::Compare(_) => &[1],
        Op::CompareNumber(..) | Op::Test(_) | Op::Low | Op::SignExtend(8 | 16 | 32) => &[0],
        Op::Choose | Op::ChooseNumber(..) | Op::ChooseTest(_) => &[1, 2],
        Op::ChooseCompare(_) => &[2, 3],
        Op::If { when: When::Set | When::Number(..) | When::Test(_), .. } => &[0],
        Op::If { when: When::Compare(_), .. } => &[1],
        _ => &[],
    }
}

/// The register that an operand is in.
fn register(operand: Rm) -> u8 {
    match operand {
        Rm::Reg(register) => register,
        _ => unreachable!("an operand that has to be in a register"),
    }
}

/// An operation whose result is a scalar, or the store of one.
pub(super) fn emit(asm: &mut Asm, op: Op, to: u8, from: &[Rm]) {
    match op {
        Op::Number(value) => number(asm, value, to),
        Op::Load(cell) | Op::Peek(cell) => load(asm, cell.size, to, Rm::Mem(BASE, cell.at as i32)),
        Op::Store(cell) => {
            store(asm, cell.size, Rm::Mem(BASE, cell.at as i32), register(from[0]));
        }
        Op::Scalar(op) => binary(asm, op, to, from[0], from[1]),
        Op::ScalarNumber(op, value) => with_number(asm, op, value, to, register(from[0])),
        Op::MulHigh => {
            copy(asm, SPARE, register(from[0]));
            // The low half goes to the same register, and is lost.
            asm.vex(Code(2, 3, 1, 0xf6), false, to, to, from[1], None);
        }
        Op::Shift(shift, by) => {
            copy(asm, to, register(from[0]));
            shift_by(asm, shift, by, to);
        }
        Op::ShiftBy(shift, within) => {
            shift_variable(asm, shift, within, to, register(from[0]), register(from[1]));
        }
        Op::Compare(how) => {
            asm.legacy(&[0x3b], register(from[0]), from[1], true, 0);
            flag(asm, condition(how), to);
        }
        Op::CompareNumber(how, value) => {
            asm.with_number(COMPARE, from[0], true, value);
            flag(asm, condition(how), to);
        }
        Op::Test(bits) => {
            test(asm, from[0], bits);
            flag(asm, NOT_EQUAL, to);
        }
        Op::Choose => choose(asm, NOT_EQUAL, to, from, |asm| is_set(asm, from[1])),
        Op::ChooseCompare(how) => choose(asm, condition(how), to, from, |asm| {
            asm.legacy(&[0x3b], register(from[1]), from[2], true, 0);
        }),
        Op::ChooseNumber(how, value) => choose(asm, condition(how), to, from, |asm| {
            asm.with_number(COMPARE, from[1], true, value);
        }),
        Op::ChooseTest(bits) => choose(asm, NOT_EQUAL, to, from, |asm| test(asm, from[1], bits)),
        Op::Low => asm.legacy(&[0x8b], to, from[0], false, 0),
        Op::SignExtend(bits) => sign_extend(asm, bits, to, from[0]),
        Op::Parity => {
            asm.bytes.push(0xf3);
            asm.legacy(&[0x0f, 0xb8], to, from[0], true, 0);
            with_number(asm, Bin::And, 1, to, to);
        }
        Op::Fetch { pointer, first, stride, size } => {
            let at = element(asm, pointer, register(from[0]), stride, first);
            load(asm, size, to, at);
        }
        Op::Put { pointer, first, stride, size, .. } => {
            let at = element(asm, pointer, register(from[0]), stride, first);
            store(asm, size, at, register(from[1]));
        }
        _ => unreachable!("no operation of one lane: {op:?}"),
    }
}

/// Where an element of a memory is: the pointer to its words is loaded.
fn element(asm: &mut Asm, pointer: u32, address: u8, stride: u32, first: u32) -> Rm {
    let pointer = Rm::Mem(BASE, pointer as i32);
    if matches!(stride, 1 | 2 | 4 | 8) {
        asm.legacy(&[0x8b], SPARE, pointer, true, 0);
        return Rm::Indexed(SPARE, address, stride as u8, first as i32);
    }
    with_number(asm, Bin::Mul, stride as i32, SPARE, address);
    asm.legacy(&[0x03], SPARE, pointer, true, 0);
    Rm::Mem(SPARE, first as i32)
}

/// Sets the flags for a body's condition on scalars; gives the condition, as in 0F 8x, under which
/// it holds.
pub(super) fn compare(asm: &mut Asm, when: When, from: &[Rm]) -> u8 {
    let flag = match when {
        When::Set => {
            is_set(asm, from[0]);
            NOT_EQUAL
        }
        When::Compare(how) => {
            asm.legacy(&[0x3b], register(from[0]), from[1], true, 0);
            condition(how)
        }
        When::Number(how, value) => {
            asm.with_number(COMPARE, from[0], true, value);
            condition(how)
        }
        When::Test(bits) => {
            test(asm, from[0], bits);
            NOT_EQUAL
        }
        When::Any => unreachable!("a mask is no scalar"),
    };
    flag & 15
}

/// Compares with zero: afterwards "not equal" is a value that is set.
fn is_set(asm: &mut Asm, value: Rm) {
    match value {
        Rm::Reg(register) => asm.legacy(&[0x85], register, value, true, 0),
        _ => asm.with_number(COMPARE, value, true, 0),
    }
}

/// A register's value in another, if it is another.
pub(super) fn copy(asm: &mut Asm, to: u8, from: u8) {
    if to != from {
        asm.legacy(&[0x8b], to, Rm::Reg(from), true, 0);
    }
}

fn number(asm: &mut Asm, value: u64, to: u8) {
    if value == 0 {
        asm.legacy(&[0x33], to, Rm::Reg(to), false, 0);
    } else if let Ok(value) = u32::try_from(value) {
        asm.legacy(&[0xc7], 0, Rm::Reg(to), false, 4);
        // The upper half is cleared: a move of 32 bits.
        asm.bytes.extend(value.to_le_bytes());
    } else {
        asm.bytes.extend([0x48 | to >> 3, 0xb8 | to & 7]);
        asm.bytes.extend(value.to_le_bytes());
    }
}

fn load(asm: &mut Asm, size: u8, to: u8, from: Rm) {
    match size {
        1 => asm.legacy(&[0x0f, 0xb6], to, from, false, 0),
        2 => asm.legacy(&[0x0f, 0xb7], to, from, false, 0),
        4 => asm.legacy(&[0x8b], to, from, false, 0),
        _ => asm.legacy(&[0x8b], to, from, true, 0),
    }
}

fn store(asm: &mut Asm, size: u8, to: Rm, from: u8) {
    match size {
        1 => asm.legacy(&[0x88], from, to, false, 0),
        2 => {
            asm.bytes.push(0x66);
            asm.legacy(&[0x89], from, to, false, 0);
        }
        size => asm.legacy(&[0x89], from, to, size == 8, 0),
    }
}

fn binary(asm: &mut Asm, op: Bin, to: u8, a: Rm, b: Rm) {
    let opcode: &[u8] = match op {
        Bin::AndNot => return asm.vex(Code(2, 0, 1, 0xf2), false, to, register(b), a, None),
        Bin::And => &[0x23],
        Bin::Or => &[0x0b],
        Bin::Xor => &[0x33],
        Bin::Add => &[0x03],
        Bin::Sub => &[0x2b],
        Bin::Mul => &[0x0f, 0xaf],
    };
    // The result may be in the register of either.
    let (a, b) = if b == Rm::Reg(to) { (b, a) } else { (a, b) };
    copy(asm, to, register(a));
    asm.legacy(opcode, to, b, true, 0);
}

fn with_number(asm: &mut Asm, op: Bin, value: i32, to: u8, a: u8) {
    if op == Bin::Mul {
        asm.legacy(&[0x69], to, Rm::Reg(a), true, 4);
        asm.bytes.extend(value.to_le_bytes());
    } else {
        let digit = match op {
            Bin::Add => 0,
            Bin::Or => 1,
            Bin::And => 4,
            Bin::Sub => 5,
            Bin::Xor => 6,
            Bin::AndNot | Bin::Mul => unreachable!("numbers are inverted before"),
        };
        copy(asm, to, a);
        // The upper half of a mask is zero.
        let narrow = op == Bin::And && value >= 0;
        asm.with_number(digit, Rm::Reg(to), !narrow, value);
    }
}

fn shift_by(asm: &mut Asm, shift: Shift, by: u8, to: u8) {
    let digit = match shift {
        Shift::Left => 4,
        Shift::Right => 5,
        Shift::Signed => 7,
    };
    asm.legacy(&[0xc1], digit, Rm::Reg(to), true, 1);
    asm.bytes.push(by);
}

fn shift_variable(asm: &mut Asm, shift: Shift, within: bool, to: u8, a: u8, by: u8) {
    let prefix = match shift {
        Shift::Left => 1,
        Shift::Signed => 2,
        Shift::Right => 3,
    };
    let code = Code(2, prefix, 1, 0xf7);
    if within {
        return asm.vex(code, false, to, by, Rm::Reg(a), None);
    }
    if shift == Shift::Signed {
        number(asm, 63, SPARE);
        asm.legacy(&[0x3b], by, Rm::Reg(SPARE), true, 0);
        asm.legacy(&[0x0f, 0x42], SPARE, Rm::Reg(by), true, 0);
        return asm.vex(code, false, to, SPARE, Rm::Reg(a), None);
    }
    asm.vex(code, false, to, by, Rm::Reg(a), None);
    asm.legacy(&[0x83], 7, Rm::Reg(by), true, 1);
    asm.bytes.push(64);
    asm.legacy(&[0x1b], SPARE, Rm::Reg(SPARE), true, 0);
    asm.legacy(&[0x23], to, Rm::Reg(SPARE), true, 0);
}

fn condition(how: Compare) -> u8 {
    match how {
        Compare::Equal => EQUAL,
        Compare::Less => BELOW,
        Compare::LessSigned => LESS,
    }
}

/// Tests these of the low 32 bits of a value.
fn test(asm: &mut Asm, a: Rm, bits: u32) {
    asm.legacy(&[0xf7], 0, a, false, 4);
    asm.bytes.extend(bits.to_le_bytes());
}

/// The first operand, or the last where a condition, as `flag` has it, holds; `compare` sets the
/// flags. The result may be in the register of either.
fn choose(asm: &mut Asm, condition: u8, to: u8, from: &[Rm], compare: impl FnOnce(&mut Asm)) {
    let (otherwise, then) = (from[0], from[from.len() - 1]);
    // Conditions stand in pairs, each beside its opposite.
    let (condition, other) =
        if then == Rm::Reg(to) { (condition ^ 1, otherwise) } else { (condition, then) };
    if then != Rm::Reg(to) {
        copy(asm, to, register(otherwise));
    }
    compare(asm);
    asm.legacy(&[0x0f, condition - 0x50], to, other, true, 0);
}

/// A condition as 0 or 1.
fn flag(asm: &mut Asm, condition: u8, to: u8) {
    asm.legacy(&[0x0f, condition], 0, Rm::Reg(SPARE), false, 0);
    asm.legacy(&[0x0f, 0xb6], to, Rm::Reg(SPARE), false, 0);
}

fn sign_extend(asm: &mut Asm, bits: u8, to: u8, from: Rm) {
    match bits {
        8 => asm.legacy(&[0x0f, 0xbe], to, from, true, 0),
        16 => asm.legacy(&[0x0f, 0xbf], to, from, true, 0),
        32 => asm.legacy(&[0x63], to, from, true, 0),
        _ => {
            copy(asm, to, register(from));
            shift_by(asm, Shift::Left, 64 - bits, to);
            shift_by(asm, Shift::Signed, 64 - bits, to);
        }
    }
}
