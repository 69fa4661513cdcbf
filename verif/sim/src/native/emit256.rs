//! AVX2: instructions of a program as machine code.
//!
//! Masks are vectors. What AVX-512 does in one instruction under a mask or by a table is two or
//! three here; lanes of 64 bits have no product, no signed shift and no unsigned comparison.

use super::asm::{Asm, Code, Rm};
use super::layout::Shape;
use super::ops::{Bin, Cell, Class, Op, Shift};
use super::scalar_code::{BASE, SPARE};
use super::target::Target;
use super::{compare256 as compare, lanes256 as lanes};
use olivine_netlist::FloatOperation;

/// A vector register that no value is given.
pub(super) const SPARE_VECTOR: u8 = 15;

/// The emitter for AVX2, with FMA.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2;

impl Target for Avx2 {
    const SHAPE: Shape = Shape { lanes: 8, mask: 32 };
    const VECTORS: &'static [u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const MASKS: Option<&'static [u8]> = None;
    const TERNARY: bool = false;

    /// Lanes of 64 bits: what takes several instructions has the result's register to work in.
    fn shared(op: Op) -> usize {
        match op {
            Op::Vector { op: Bin::Mul, wide: true }
            | Op::VectorWith { op: Bin::Mul, wide: true, .. }
            | Op::WithWhere { op: Bin::Mul, wide: true, .. }
            | Op::ShiftWhere { op: Shift::Signed, wide: true, .. } => 0,
            Op::VectorShiftBy { op: Shift::Signed, wide: true } => 1,
            op => op.shared(),
        }
    }

    fn vector(asm: &mut Asm, tables: &[[u32; 16]], op: Op, to: u8, from: &[u8]) {
        let rm = |k: usize| Rm::Reg(from[k]);
        match op {
            Op::VectorLoad(cell) | Op::VectorPeek(cell) => load(asm, cell, to),
            Op::VectorStore(cell) => store(asm, cell, from[0]),
            Op::VectorNumber { value, wide } => set(asm, value, wide, to),
            Op::VectorTable(table) => lanes::constant(asm, &tables[table as usize][..8], to),
            Op::Masked { value, wide } => masked(asm, value, wide, to, from[0]),
            Op::Splat { wide } => lanes::splat(asm, wide, to, from[0]),
            Op::Vector { op, wide } => binary(asm, (op, wide), to, from[0], rm(1)),
            Op::VectorWith { op: Bin::AndNot, value, wide } => {
                let value = number(asm, !value, wide);
                binary(asm, (Bin::And, wide), to, from[0], value);
            }
            Op::VectorWith { op, value, wide } => {
                let value = number(asm, value, wide);
                binary(asm, (op, wide), to, from[0], value);
            }
            Op::MulShort => ymm(asm, code(1, 0xf5), to, from[0], rm(1)),
            Op::Float(function) => float(asm, function.operation, to, from),
            Op::LessShort(value) => {
                let value = number(asm, value.into(), false);
                ymm(asm, code(1, 0xf9), to, from[0], value);
            }
            Op::VectorShift { op, by, wide } => shift(asm, (op, by, wide), to, from[0]),
            Op::VectorShiftBy { op, wide } => shift_by(asm, (op, wide), to, from),
            Op::ShiftWhere { op, by, wide } => {
                let shifted = if op == Shift::Signed && wide { to } else { SPARE_VECTOR };
                shift(asm, (op, by, wide), shifted, from[0]);
                blend(asm, to, from[1], Rm::Reg(shifted), from[0]);
            }
            Op::WithWhere { op, value, wide } => with_where(asm, (op, value, wide), to, from),
            Op::Blend { .. } => blend(asm, to, from[0], rm(1), from[2]),
            Op::Permute { table, wide } => {
                lanes::permute(asm, &tables[table as usize], wide, to, from[0]);
            }
            Op::Permute2 { table, wide } => {
                lanes::permute2(asm, &tables[table as usize], wide, to, from);
            }
            Op::Insert { lane, wide } => lanes::insert(asm, lane, wide, to, from),
            Op::Widen { high } => {
                let half = lanes::half(asm, high, from[0]);
                ymm(asm, code(2, 0x35), to, 0, Rm::Reg(half));
            }
            Op::Narrow => lanes::join_halves(asm, to, from),
            _ => unreachable!("no vector operation: {op:?}"),
        }
    }

    fn mask(asm: &mut Asm, op: Op, to: u8, from: &[u8]) {
        match op {
            Op::VectorCompare { op, wide } => compare::registers(asm, (op, wide), false, to, from),
            Op::VectorCompareNot { op, wide } => {
                compare::registers(asm, (op, wide), true, to, from);
            }
            Op::VectorCompareWith { op, value, wide } => {
                compare::with_number(asm, (op, wide), value, false, to, from[0]);
            }
            Op::VectorCompareWithNot { op, value, wide } => {
                compare::with_number(asm, (op, wide), value, true, to, from[0]);
            }
            Op::VectorTest { value, wide } => compare::test(asm, value, wide, to, from[0]),
            Op::VectorTestNot { value, wide } => compare::test_not(asm, value, wide, to, from[0]),
            Op::MaskLoad(at) => load(asm, Cell { at, size: 4 }, to),
            Op::MaskStore(at) => store(asm, Cell { at, size: 4 }, from[0]),
            Op::MaskSplat => {
                asm.legacy(&[0x8b], SPARE, Rm::Reg(from[0]), false, 0);
                asm.legacy(&[0xf7], 3, Rm::Reg(SPARE), false, 0);
                lanes::splat(asm, false, to, SPARE);
            }
            Op::MaskNumber(ones) => set(asm, if ones { u64::MAX } else { 0 }, true, to),
            Op::Masks(op) => binary(asm, (op, false), to, from[0], Rm::Reg(from[1])),
            Op::MaskNot => invert(asm, to, from[0]),
            Op::MaskHalf { high } => {
                let half = lanes::half(asm, high, from[0]);
                ymm(asm, code(2, 0x25), to, 0, Rm::Reg(half));
            }
            Op::MaskJoin => lanes::join_halves(asm, to, from),
            _ => unreachable!("no operation on masks: {op:?}"),
        }
    }

    fn extract(asm: &mut Asm, op: Op, to: u8, from: u8) {
        match op {
            Op::Extract { lane, wide } => lanes::extract(asm, lane, wide, to, from),
            Op::ExtractBit(lane) => {
                asm.vex(Code(1, 0, 0, 0x50), true, to, 0, Rm::Reg(from), None);
                asm.legacy(&[0xc1], 5, Rm::Reg(to), false, 1);
                asm.bytes.push(lane);
                asm.legacy(&[0x83], 4, Rm::Reg(to), false, 1);
                asm.bytes.push(1);
            }
            Op::MaskBits => asm.vex(Code(1, 0, 0, 0x50), true, to, 0, Rm::Reg(from), None),
            _ => unreachable!("nothing is extracted: {op:?}"),
        }
    }

    fn test_mask(asm: &mut Asm, mask: u8) {
        // vptest
        let ones = number(asm, u64::MAX, true);
        ymm(asm, code(2, 0x17), mask, 0, ones);
    }

    fn copy(asm: &mut Asm, _: Class, to: u8, from: u8) {
        if to != from {
            ymm(asm, code(1, 0x6f), to, 0, Rm::Reg(from));
        }
    }
}

/// An instruction of 256 bits.
pub(super) fn ymm(asm: &mut Asm, code: Code, to: u8, a: u8, b: Rm) {
    asm.vex(code, true, to, a, b, None);
}

/// With the prefix 66.
pub(super) fn code(map: u8, opcode: u8) -> Code {
    Code(map, 1, 0, opcode)
}

/// A number in every lane, in the pool.
pub(super) fn number(asm: &mut Asm, value: u64, wide: bool) -> Rm {
    if wide {
        asm.constant(&value.to_le_bytes().repeat(4))
    } else {
        asm.constant(&(value as u32).to_le_bytes().repeat(8))
    }
}

/// All bits of a lane.
pub(super) fn ones(wide: bool) -> u64 {
    if wide { u64::MAX } else { u64::from(u32::MAX) }
}

/// Makes a number in every lane.
pub(super) fn set(asm: &mut Asm, value: u64, wide: bool, to: u8) {
    if value == 0 {
        ymm(asm, code(1, 0xef), to, to, Rm::Reg(to));
    } else if value == ones(wide) {
        ymm(asm, code(1, 0x76), to, to, Rm::Reg(to));
    } else if wide {
        let value = asm.constant(&value.to_le_bytes());
        ymm(asm, code(2, 0x59), to, 0, value);
    } else {
        let value = asm.constant(&(value as u32).to_le_bytes());
        ymm(asm, code(2, 0x58), to, 0, value);
    }
}

/// All bits of all lanes inverted.
pub(super) fn invert(asm: &mut Asm, to: u8, from: u8) {
    let ones = number(asm, u64::MAX, true);
    ymm(asm, code(1, 0xef), to, from, ones);
}

/// `then` where the mask is set, else `otherwise`.
fn blend(asm: &mut Asm, to: u8, mask: u8, then: Rm, otherwise: u8) {
    asm.vex(code(3, 0x4c), true, to, otherwise, then, Some(mask << 4));
}

fn at_base(at: u32) -> Rm {
    Rm::Mem(BASE, at as i32)
}

fn load(asm: &mut Asm, cell: Cell, to: u8) {
    let code = match cell.size {
        1 => code(2, 0x31),
        2 => code(2, 0x33),
        _ => code(1, 0x6f),
    };
    ymm(asm, code, to, 0, at_base(cell.at));
}

/// Lanes of 1 or 2 bytes are collected in each half of the register, which are stored one by one.
fn store(asm: &mut Asm, cell: Cell, from: u8) {
    if cell.size >= 4 {
        return ymm(asm, code(1, 0x7f), from, 0, at_base(cell.at));
    }
    let size = u32::from(cell.size);
    let byte = |at: u32| if at < 4 * size { at / size * 4 + at % size } else { 0x80 };
    let half: Vec<u8> = (0..16).map(|at| byte(at) as u8).collect();
    let collect = asm.constant(&half.repeat(2));
    ymm(asm, code(2, 0x00), SPARE_VECTOR, from, collect);
    let stored = if cell.size == 1 { code(1, 0x7e) } else { code(1, 0xd6) };
    asm.vex(stored, false, SPARE_VECTOR, 0, at_base(cell.at), None);
    let high = lanes::half(asm, true, SPARE_VECTOR);
    asm.vex(stored, false, high, 0, at_base(cell.at + 4 * size), None);
}

/// The number where the mask is set, else zero.
fn masked(asm: &mut Asm, value: u64, wide: bool, to: u8, mask: u8) {
    if value == 1 {
        return shift(asm, (Shift::Right, if wide { 63 } else { 31 }, wide), to, mask);
    }
    if value == ones(wide) {
        return Avx2::copy(asm, Class::Vector, to, mask);
    }
    let value = number(asm, value, wide);
    ymm(asm, code(1, 0xdb), to, mask, value);
}

/// An operation on two operands; only a product of lanes of 64 bits needs `to` to be another
/// register.
fn binary(asm: &mut Asm, (op, wide): (Bin, bool), to: u8, a: u8, b: Rm) {
    let code = match (op, wide) {
        (Bin::AndNot, _) => {
            let Rm::Reg(b) = b else { unreachable!("numbers are inverted before") };
            return ymm(asm, code(1, 0xdf), to, b, Rm::Reg(a));
        }
        (Bin::Mul, true) => return multiply_wide(asm, to, a, b),
        (Bin::And, _) => code(1, 0xdb),
        (Bin::Or, _) => code(1, 0xeb),
        (Bin::Xor, _) => code(1, 0xef),
        (Bin::Add, false) => code(1, 0xfe),
        (Bin::Add, true) => code(1, 0xd4),
        (Bin::Sub, false) => code(1, 0xfa),
        (Bin::Sub, true) => code(1, 0xfb),
        (Bin::Mul, false) => code(2, 0x40),
    };
    ymm(asm, code, to, a, b);
}

/// The product of the low halves, plus the sum of the crossed products in the high half.
fn multiply_wide(asm: &mut Asm, to: u8, a: u8, b: Rm) {
    const SWAP: u8 = 0xb1;
    let spare = Rm::Reg(SPARE_VECTOR);
    asm.vex(code(1, 0x70), true, SPARE_VECTOR, 0, b, Some(SWAP));
    ymm(asm, code(2, 0x40), SPARE_VECTOR, SPARE_VECTOR, Rm::Reg(a));
    shift(asm, (Shift::Right, 32, true), to, SPARE_VECTOR);
    ymm(asm, code(1, 0xd4), SPARE_VECTOR, to, spare);
    shift(asm, (Shift::Left, 32, true), SPARE_VECTOR, SPARE_VECTOR);
    ymm(asm, code(1, 0xf4), to, a, b);
    ymm(asm, code(1, 0xd4), to, to, spare);
}

/// The first operand with a number where the mask, the second, is set: with what changes nothing
/// elsewhere.
fn with_where(asm: &mut Asm, (op, value, wide): (Bin, u64, bool), to: u8, from: &[u8]) {
    let (a, mask) = (from[0], from[1]);
    let spare_masked = |asm: &mut Asm, value: u64| {
        let value = number(asm, value, wide);
        ymm(asm, code(1, 0xdb), SPARE_VECTOR, mask, value);
    };
    match op {
        // A mask is -1.
        Bin::Add if value == 1 => binary(asm, (Bin::Sub, wide), to, a, Rm::Reg(mask)),
        Bin::Sub if value == 1 => binary(asm, (Bin::Add, wide), to, a, Rm::Reg(mask)),
        Bin::Add | Bin::Sub | Bin::Or | Bin::Xor => {
            spare_masked(asm, value);
            binary(asm, (op, wide), to, a, Rm::Reg(SPARE_VECTOR));
        }
        Bin::And | Bin::AndNot => {
            spare_masked(asm, if op == Bin::And { !value } else { value });
            ymm(asm, code(1, 0xdf), to, SPARE_VECTOR, Rm::Reg(a));
        }
        Bin::Mul => {
            let product = if wide { to } else { SPARE_VECTOR };
            let value = number(asm, value, wide);
            binary(asm, (op, wide), product, a, value);
            blend(asm, to, mask, Rm::Reg(product), a);
        }
    }
}

/// The sign in all bits of each lane of 64 bits, in the spare register.
fn signs(asm: &mut Asm, from: u8) {
    set(asm, 0, true, SPARE_VECTOR);
    ymm(asm, code(2, 0x37), SPARE_VECTOR, SPARE_VECTOR, Rm::Reg(from));
}

/// A shift by a number. A signed one of 64 bits is an unsigned one of what is not negative.
fn shift(asm: &mut Asm, (op, by, wide): (Shift, u8, bool), to: u8, from: u8) {
    let (opcode, digit) = match (op, wide) {
        (Shift::Left, false) => (0x72, 6),
        (Shift::Right, false) => (0x72, 2),
        (Shift::Left, true) => (0x73, 6),
        (Shift::Right, true) => (0x73, 2),
        (Shift::Signed, false) => (0x72, 4),
        (Shift::Signed, true) => {
            signs(asm, from);
            ymm(asm, code(1, 0xef), to, from, Rm::Reg(SPARE_VECTOR));
            shift(asm, (Shift::Right, by, true), to, to);
            return ymm(asm, code(1, 0xef), to, to, Rm::Reg(SPARE_VECTOR));
        }
    };
    asm.vex(code(1, opcode), true, digit, to, Rm::Reg(from), Some(by));
}

/// A shift by an amount of each lane.
fn shift_by(asm: &mut Asm, (op, wide): (Shift, bool), to: u8, from: &[u8]) {
    let by = |opcode| Code(2, 1, wide.into(), opcode);
    let amount = Rm::Reg(from[1]);
    match (op, wide) {
        (Shift::Left, _) => ymm(asm, by(0x47), to, from[0], amount),
        (Shift::Right, _) => ymm(asm, by(0x45), to, from[0], amount),
        (Shift::Signed, false) => ymm(asm, by(0x46), to, from[0], amount),
        (Shift::Signed, true) => {
            signs(asm, from[0]);
            ymm(asm, code(1, 0xef), to, from[0], Rm::Reg(SPARE_VECTOR));
            ymm(asm, by(0x45), to, to, amount);
            ymm(asm, code(1, 0xef), to, to, Rm::Reg(SPARE_VECTOR));
        }
    }
}

/// A function of fp32 numbers, whose NaNs become one.
fn float(asm: &mut Asm, operation: FloatOperation, to: u8, from: &[u8]) {
    let plain = |opcode| Code(1, 0, 0, opcode);
    match operation {
        FloatOperation::Multiply => ymm(asm, plain(0x59), to, from[0], Rm::Reg(from[1])),
        FloatOperation::Add => ymm(asm, plain(0x58), to, from[0], Rm::Reg(from[1])),
        FloatOperation::MultiplyAdd => {
            Avx2::copy(asm, Class::Vector, to, from[0]);
            ymm(asm, code(2, 0xb8), to, from[1], Rm::Reg(from[2]));
        }
    }
    const UNORDERED: u8 = 3;
    asm.vex(plain(0xc2), true, SPARE_VECTOR, to, Rm::Reg(to), Some(UNORDERED));
    let nan = number(asm, 0x7fc0_0000, false);
    blend(asm, to, SPARE_VECTOR, nan, to);
}
