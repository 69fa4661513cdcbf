//! Operations on one lane, as machine code: general registers, BMI2.

use super::asm::{Asm, Code, Rm};
use super::ops::{Bin, Compare, Op, Shift, When};

/// The storage.
pub(super) const BASE: u8 = 7;
/// A register that no value is given.
pub(super) const SPARE: u8 = 14;
/// The cycles left to run.
pub(super) const COUNT: u8 = 15;
/// Another that no value is given: `mulx` reads it.
const FACTOR: u8 = 2;
/// Those that values are given.
pub(super) const REGISTERS: &[u8] = &[0, 1, 3, 5, 6, 8, 9, 10, 11, 12, 13];

const EQUAL: u8 = 0x94;
const NOT_EQUAL: u8 = 0x95;
const BELOW: u8 = 0x92;
const LESS: u8 = 0x9c;

/// An operation whose result is a scalar, or the store of one.
pub(super) fn emit(asm: &mut Asm, op: Op, to: u8, from: &[u8]) {
    match op {
        Op::Number(value) => number(asm, value, to),
        Op::Load(cell) | Op::Peek(cell) => load(asm, cell.size, to, Rm::Mem(BASE, cell.at as i32)),
        Op::Store(cell) => store(asm, cell.size, Rm::Mem(BASE, cell.at as i32), from[0]),
        Op::Scalar(op) => binary(asm, op, to, from[0], from[1]),
        Op::ScalarNumber(op, value) => with_number(asm, op, value, to, from[0]),
        Op::MulHigh => {
            copy(asm, FACTOR, from[0]);
            asm.vex(Code(2, 3, 1, 0xf6), false, to, SPARE, Rm::Reg(from[1]), None);
        }
        Op::Shift(shift, by) => {
            copy(asm, to, from[0]);
            shift_by(asm, shift, by, to);
        }
        Op::ShiftBy(shift, within) => shift_variable(asm, shift, within, to, from[0], from[1]),
        Op::Compare(how) => {
            asm.legacy(&[0x3b], from[0], Rm::Reg(from[1]), true, 0);
            flag(asm, condition(how), to);
        }
        Op::CompareNumber(how, value) => {
            compare_number(asm, from[0], value);
            flag(asm, condition(how), to);
        }
        Op::Test(bits) => {
            test(asm, from[0], bits);
            flag(asm, NOT_EQUAL, to);
        }
        Op::Choose => {
            copy(asm, to, from[0]);
            asm.legacy(&[0x85], from[1], Rm::Reg(from[1]), true, 0);
            move_if(asm, NOT_EQUAL, to, from[2]);
        }
        Op::ChooseCompare(how) => {
            copy(asm, to, from[0]);
            asm.legacy(&[0x3b], from[1], Rm::Reg(from[2]), true, 0);
            move_if(asm, condition(how), to, from[3]);
        }
        Op::ChooseNumber(how, value) => {
            copy(asm, to, from[0]);
            compare_number(asm, from[1], value);
            move_if(asm, condition(how), to, from[2]);
        }
        Op::ChooseTest(bits) => {
            copy(asm, to, from[0]);
            test(asm, from[1], bits);
            move_if(asm, NOT_EQUAL, to, from[2]);
        }
        Op::Low => asm.legacy(&[0x8b], to, Rm::Reg(from[0]), false, 0),
        Op::SignExtend(bits) => sign_extend(asm, bits, to, from[0]),
        Op::Parity => {
            asm.bytes.push(0xf3);
            asm.legacy(&[0x0f, 0xb8], to, Rm::Reg(from[0]), true, 0);
            with_number(asm, Bin::And, 1, to, to);
        }
        Op::Fetch { pointer, first, stride, size } => {
            let at = element(asm, pointer, from[0], stride, first);
            load(asm, size, to, at);
        }
        Op::Put { pointer, first, stride, size, .. } => {
            let at = element(asm, pointer, from[0], stride, first);
            store(asm, size, at, from[1]);
        }
        _ => unreachable!("no operation of one lane: {op:?}"),
    }
}

/// Where an element of a memory is: the pointer to its words is loaded.
fn element(asm: &mut Asm, pointer: u32, address: u8, stride: u32, first: u32) -> Rm {
    asm.legacy(&[0x8b], SPARE, Rm::Mem(BASE, pointer as i32), true, 0);
    let (index, scale) = if matches!(stride, 1 | 2 | 4 | 8) {
        (address, stride as u8)
    } else {
        with_number(asm, Bin::Mul, stride as i32, FACTOR, address);
        (FACTOR, 1)
    };
    Rm::Indexed(SPARE, index, scale, first as i32)
}

/// Sets the flags for a body's condition on scalars; gives the condition, as in 0F 8x, under which
/// it holds.
pub(super) fn compare(asm: &mut Asm, when: When, from: &[u8]) -> u8 {
    let flag = match when {
        When::Set => {
            asm.legacy(&[0x85], from[0], Rm::Reg(from[0]), true, 0);
            NOT_EQUAL
        }
        When::Compare(how) => {
            asm.legacy(&[0x3b], from[0], Rm::Reg(from[1]), true, 0);
            condition(how)
        }
        When::Number(how, value) => {
            compare_number(asm, from[0], value);
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

fn binary(asm: &mut Asm, op: Bin, to: u8, a: u8, b: u8) {
    let opcode: &[u8] = match op {
        Bin::AndNot => {
            return asm.vex(Code(2, 0, 1, 0xf2), false, to, b, Rm::Reg(a), None);
        }
        Bin::And => &[0x23],
        Bin::Or => &[0x0b],
        Bin::Xor => &[0x33],
        Bin::Add => &[0x03],
        Bin::Sub => &[0x2b],
        Bin::Mul => &[0x0f, 0xaf],
    };
    copy(asm, to, a);
    asm.legacy(opcode, to, Rm::Reg(b), true, 0);
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

/// Compares a register with a number.
fn compare_number(asm: &mut Asm, a: u8, value: i32) {
    asm.with_number(7, Rm::Reg(a), true, value);
}

/// Tests these of the low 32 bits of a register.
fn test(asm: &mut Asm, a: u8, bits: u32) {
    asm.legacy(&[0xf7], 0, Rm::Reg(a), false, 4);
    asm.bytes.extend(bits.to_le_bytes());
}

/// Moves where a condition, as `flag` has it, holds.
fn move_if(asm: &mut Asm, condition: u8, to: u8, from: u8) {
    asm.legacy(&[0x0f, condition - 0x50], to, Rm::Reg(from), true, 0);
}

/// A condition as 0 or 1.
fn flag(asm: &mut Asm, condition: u8, to: u8) {
    asm.legacy(&[0x0f, condition], 0, Rm::Reg(SPARE), false, 0);
    asm.legacy(&[0x0f, 0xb6], to, Rm::Reg(SPARE), false, 0);
}

fn sign_extend(asm: &mut Asm, bits: u8, to: u8, from: u8) {
    match bits {
        8 => asm.legacy(&[0x0f, 0xbe], to, Rm::Reg(from), true, 0),
        16 => asm.legacy(&[0x0f, 0xbf], to, Rm::Reg(from), true, 0),
        32 => asm.legacy(&[0x63], to, Rm::Reg(from), true, 0),
        _ => {
            copy(asm, to, from);
            shift_by(asm, Shift::Left, 64 - bits, to);
            shift_by(asm, Shift::Signed, 64 - bits, to);
        }
    }
}
