//! AVX-512: instructions of a program as machine code.

use super::asm::{Asm, Code, Mask, Rm};
use super::layout::Shape;
use super::ops::{Bin, Cell, Class, Compare, Op, Shift};
use super::scalar_code::{BASE, SPARE};
use super::target::Target;
use olivine_netlist::FloatOperation;

/// A vector register that no value is given.
const SPARE_VECTOR: u8 = 31;
/// A mask register that no value is given.
const SPARE_MASK: u8 = 7;
const ALL: Mask = Mask { k: 0, zero: false, broadcast: false, short: false, unit: 0 };
const SPREAD: Mask = Mask { broadcast: true, ..ALL };

/// The emitter for AVX-512 (F, DQ, BW, VL).
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512;

impl Target for Avx512 {
    const SHAPE: Shape = Shape { lanes: 16, mask: 2 };
    const VECTORS: &'static [u8] = &[
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30,
    ];
    const MASKS: Option<&'static [u8]> = Some(&[1, 2, 3, 4, 5, 6]);
    const TERNARY: bool = true;

    fn vector(asm: &mut Asm, tables: &[[u32; 16]], op: Op, to: u8, from: &[u8]) {
        let rm = |k: usize| Rm::Reg(from[k]);
        match op {
            Op::VectorLoad(cell) | Op::VectorPeek(cell) => load(asm, cell, to),
            Op::VectorStore(cell) => store(asm, cell, from[0]),
            Op::VectorNumber { value: 0, .. } => {
                asm.evex(code(1, 0xef, false), ALL, to, to, Rm::Reg(to), None);
            }
            Op::VectorNumber { value, wide } => {
                let value = number(asm, value, wide);
                asm.evex(code(2, if wide { 0x59 } else { 0x58 }, wide), ALL, to, 0, value, None);
            }
            Op::VectorTable(table) => constant(asm, &tables[table as usize], to),
            Op::Masked { value, wide } => {
                let value = number(asm, value, wide);
                let mask = Mask { k: from[0], zero: true, ..ALL };
                asm.evex(code(2, if wide { 0x59 } else { 0x58 }, wide), mask, to, 0, value, None);
            }
            Op::Splat { wide } => asm.evex(code(2, 0x7c, wide), ALL, to, 0, rm(0), None),
            Op::Vector { op: Bin::AndNot, wide } => {
                asm.evex(code(1, 0xdf, wide), ALL, to, from[1], rm(0), None);
            }
            Op::Vector { op, wide } => asm.evex(binary(op, wide), ALL, to, from[0], rm(1), None),
            Op::VectorWith { op, value, wide } => {
                let value = number(asm, value, wide);
                asm.evex(binary(op, wide), SPREAD, to, from[0], value, None);
            }
            Op::MulShort => asm.evex(code(1, 0xf5, false), ALL, to, from[0], rm(1), None),
            Op::Float(function) => float(asm, function.operation, to, from),
            Op::LessShort(value) => {
                let value = asm.constant(&u32::from(value).to_le_bytes().repeat(16));
                asm.evex(code(1, 0xf9, false), ALL, to, from[0], value, None);
            }
            Op::VectorShift { op, by, wide } => shift(asm, ALL, (op, by, wide), to, from[0]),
            Op::VectorShiftBy { op, wide } => {
                let opcode = match op {
                    Shift::Left => 0x47,
                    Shift::Right => 0x45,
                    Shift::Signed => 0x46,
                };
                asm.evex(code(2, opcode, wide), ALL, to, from[0], rm(1), None);
            }
            Op::ShiftWhere { op, by, wide } => {
                Self::copy(asm, Class::Vector, to, from[0]);
                shift(asm, Mask { k: from[1], ..ALL }, (op, by, wide), to, to);
            }
            Op::WithWhere { op, value, wide } => {
                Self::copy(asm, Class::Vector, to, from[0]);
                let value = number(asm, value, wide);
                asm.evex(binary(op, wide), Mask { k: from[1], ..SPREAD }, to, to, value, None);
            }
            Op::Logic { table, wide } => {
                Self::copy(asm, Class::Vector, to, from[0]);
                asm.evex(code(3, 0x25, wide), ALL, to, from[1], rm(2), Some(table));
            }
            Op::LogicWith { table, value, wide } => {
                Self::copy(asm, Class::Vector, to, from[0]);
                let value = number(asm, value, wide);
                asm.evex(code(3, 0x25, wide), SPREAD, to, from[1], value, Some(table));
            }
            Op::Blend { wide } => {
                let mask = Mask { k: from[0], ..ALL };
                asm.evex(code(2, 0x64, wide), mask, to, from[2], rm(1), None);
            }
            Op::Permute { table, wide } => {
                constant(asm, &tables[table as usize], to);
                asm.evex(code(2, 0x36, wide), ALL, to, to, rm(0), None);
            }
            Op::Permute2 { table, wide } => {
                constant(asm, &tables[table as usize], to);
                asm.evex(code(2, 0x76, wide), ALL, to, from[0], rm(1), None);
            }
            Op::Insert { lane, wide } => {
                Self::copy(asm, Class::Vector, to, from[0]);
                asm.legacy(&[0xc7], 0, Rm::Reg(SPARE), false, 4);
                asm.bytes.extend((1u32 << lane).to_le_bytes());
                asm.vex(Code(1, 0, 0, 0x92), false, SPARE_MASK, 0, Rm::Reg(SPARE), None);
                let mask = Mask { k: SPARE_MASK, ..ALL };
                asm.evex(code(2, 0x7c, wide), mask, to, 0, rm(1), None);
            }
            Op::Widen { high } => {
                let mut half = from[0];
                if high {
                    half = SPARE_VECTOR;
                    asm.evex(code(3, 0x3b, true), ALL, from[0], 0, Rm::Reg(half), Some(1));
                }
                asm.evex(code(2, 0x35, false), ALL, to, 0, Rm::Reg(half), None);
            }
            Op::Narrow => {
                let narrow = Code(2, 2, 0, 0x35);
                asm.evex(narrow, ALL, from[1], 0, Rm::Reg(SPARE_VECTOR), None);
                asm.evex(narrow, ALL, from[0], 0, Rm::Reg(to), None);
                asm.evex(code(3, 0x3a, true), ALL, to, to, Rm::Reg(SPARE_VECTOR), Some(1));
            }
            _ => unreachable!("no vector operation: {op:?}"),
        }
    }

    fn mask(asm: &mut Asm, op: Op, to: u8, from: &[u8]) {
        let rm = |k: usize| Rm::Reg(from[k]);
        let as_mask = |k: usize| (from[k], rm(k));
        match op {
            Op::VectorCompare { op, wide } => {
                let (code, how) = compare(op, wide);
                asm.evex(code, ALL, to, from[0], rm(1), Some(how));
            }
            Op::VectorCompareWith { op, value, wide } => {
                let ((code, how), value) = (compare(op, wide), number(asm, value, wide));
                asm.evex(code, SPREAD, to, from[0], value, Some(how));
            }
            Op::VectorCompareNot { op, wide } => {
                let (code, how) = compare(op, wide);
                asm.evex(code, ALL, to, from[0], rm(1), Some(how | 4));
            }
            Op::VectorCompareWithNot { op, value, wide } => {
                let ((code, how), value) = (compare(op, wide), number(asm, value, wide));
                asm.evex(code, SPREAD, to, from[0], value, Some(how | 4));
            }
            Op::VectorTest { value, wide } => {
                let value = number(asm, value, wide);
                asm.evex(code(2, 0x27, wide), SPREAD, to, from[0], value, None);
            }
            Op::VectorTestNot { value, wide } => {
                let value = number(asm, value, wide);
                asm.evex(Code(2, 2, wide.into(), 0x27), SPREAD, to, from[0], value, None);
            }
            Op::MaskLoad(at) => asm.vex(Code(1, 0, 0, 0x90), false, to, 0, at_base(at), None),
            Op::MaskStore(at) => asm.vex(Code(1, 0, 0, 0x91), false, from[0], 0, at_base(at), None),
            Op::MaskSplat => {
                asm.legacy(&[0x8b], SPARE, rm(0), false, 0);
                asm.legacy(&[0xf7], 3, Rm::Reg(SPARE), false, 0);
                asm.vex(Code(1, 0, 0, 0x92), false, to, 0, Rm::Reg(SPARE), None);
            }
            Op::MaskNumber(ones) => {
                let opcode = if ones { 0x46 } else { 0x47 };
                asm.vex(Code(1, 0, 0, opcode), true, to, to, Rm::Reg(to), None);
            }
            Op::Masks(op) => {
                let (opcode, (v, _), (_, rm)) = match op {
                    Bin::And => (0x41, as_mask(0), as_mask(1)),
                    Bin::AndNot => (0x42, as_mask(1), as_mask(0)),
                    Bin::Or => (0x45, as_mask(0), as_mask(1)),
                    Bin::Xor => (0x47, as_mask(0), as_mask(1)),
                    Bin::Add | Bin::Sub | Bin::Mul => unreachable!("no arithmetic of masks"),
                };
                asm.vex(Code(1, 0, 0, opcode), true, to, v, rm, None);
            }
            Op::MaskNot => asm.vex(Code(1, 0, 0, 0x44), false, to, 0, rm(0), None),
            Op::MaskHalf { high: false } => Self::copy(asm, Class::Mask, to, from[0]),
            Op::MaskHalf { high: true } => {
                asm.vex(Code(3, 1, 1, 0x30), false, to, 0, rm(0), Some(8));
            }
            Op::MaskJoin => asm.vex(Code(1, 1, 0, 0x4b), true, to, from[1], rm(0), None),
            _ => unreachable!("no operation on masks: {op:?}"),
        }
    }

    fn extract(asm: &mut Asm, op: Op, to: u8, from: u8) {
        match op {
            Op::Extract { lane, wide } => {
                let mut source = from;
                if lane > 0 {
                    source = SPARE_VECTOR;
                    asm.evex(code(3, 3, wide), ALL, source, from, Rm::Reg(from), Some(lane));
                }
                let short = Mask { short: true, ..ALL };
                asm.evex(code(1, 0x7e, wide), short, source, 0, Rm::Reg(to), None);
            }
            Op::ExtractBit(lane) => {
                asm.vex(Code(1, 0, 0, 0x93), false, to, 0, Rm::Reg(from), None);
                asm.legacy(&[0xc1], 5, Rm::Reg(to), false, 1);
                asm.bytes.push(lane);
                asm.legacy(&[0x83], 4, Rm::Reg(to), false, 1);
                asm.bytes.push(1);
            }
            Op::MaskBits => asm.vex(Code(1, 0, 0, 0x93), false, to, 0, Rm::Reg(from), None),
            _ => unreachable!("nothing is extracted: {op:?}"),
        }
    }

    fn test_mask(asm: &mut Asm, mask: u8) {
        // kortestw
        asm.vex(Code(1, 0, 0, 0x98), false, mask, 0, Rm::Reg(mask), None);
    }

    fn copy(asm: &mut Asm, class: Class, to: u8, from: u8) {
        match class {
            _ if to == from => {}
            Class::Mask => asm.vex(Code(1, 0, 0, 0x90), false, to, 0, Rm::Reg(from), None),
            _ => asm.evex(code(1, 0x6f, false), ALL, to, 0, Rm::Reg(from), None),
        }
    }
}

/// With the prefix 66, and W for lanes of 64 bits.
fn code(map: u8, opcode: u8, wide: bool) -> Code {
    Code(map, 1, wide.into(), opcode)
}

fn at_base(at: u32) -> Rm {
    Rm::Mem(BASE, at as i32)
}

fn number(asm: &mut Asm, value: u64, wide: bool) -> Rm {
    if wide {
        asm.constant(&value.to_le_bytes())
    } else {
        asm.constant(&(value as u32).to_le_bytes())
    }
}

/// Loads a table.
fn constant(asm: &mut Asm, table: &[u32; 16], to: u8) {
    let bytes: Vec<u8> = table.iter().flat_map(|lane| lane.to_le_bytes()).collect();
    let table = asm.constant(&bytes);
    asm.evex(code(1, 0x6f, false), ALL, to, 0, table, None);
}

fn load(asm: &mut Asm, cell: Cell, to: u8) {
    let code = match cell.size {
        1 => code(2, 0x31, false),
        2 => code(2, 0x33, false),
        _ => code(1, 0x6f, cell.size == 8),
    };
    asm.evex(code, of_cell(cell), to, 0, at_base(cell.at), None);
}

/// All lanes of a cell.
fn of_cell(cell: Cell) -> Mask {
    Mask { unit: 16 * cell.size.min(4), ..ALL }
}

fn store(asm: &mut Asm, cell: Cell, from: u8) {
    let code = match cell.size {
        1 => Code(2, 2, 0, 0x31),
        2 => Code(2, 2, 0, 0x33),
        _ => code(1, 0x7f, cell.size == 8),
    };
    asm.evex(code, of_cell(cell), from, 0, at_base(cell.at), None);
}

fn binary(op: Bin, wide: bool) -> Code {
    match (op, wide) {
        (Bin::And, _) => code(1, 0xdb, wide),
        (Bin::AndNot, _) => code(1, 0xdf, wide),
        (Bin::Or, _) => code(1, 0xeb, wide),
        (Bin::Xor, _) => code(1, 0xef, wide),
        (Bin::Add, false) => code(1, 0xfe, wide),
        (Bin::Add, true) => code(1, 0xd4, wide),
        (Bin::Sub, false) => code(1, 0xfa, wide),
        (Bin::Sub, true) => code(1, 0xfb, wide),
        (Bin::Mul, _) => code(2, 0x40, wide),
    }
}

/// A function of fp32 numbers, whose NaNs become one.
fn float(asm: &mut Asm, operation: FloatOperation, to: u8, from: &[u8]) {
    let plain = |opcode| Code(1, 0, 0, opcode);
    match operation {
        FloatOperation::Multiply => asm.evex(plain(0x59), ALL, to, from[0], Rm::Reg(from[1]), None),
        FloatOperation::Add => asm.evex(plain(0x58), ALL, to, from[0], Rm::Reg(from[1]), None),
        FloatOperation::MultiplyAdd => {
            Avx512::copy(asm, Class::Vector, to, from[0]);
            asm.evex(code(2, 0xb8, false), ALL, to, from[1], Rm::Reg(from[2]), None);
        }
    }
    const UNORDERED: u8 = 3;
    asm.evex(plain(0xc2), ALL, SPARE_MASK, to, Rm::Reg(to), Some(UNORDERED));
    let nan = number(asm, 0x7fc0_0000, false);
    asm.evex(code(2, 0x58, false), Mask { k: SPARE_MASK, ..ALL }, to, 0, nan, None);
}

/// A shift by a number, under a mask.
fn shift(asm: &mut Asm, mask: Mask, (op, by, wide): (Shift, u8, bool), to: u8, from: u8) {
    let (opcode, digit) = match (op, wide) {
        (Shift::Left, false) => (0x72, 6),
        (Shift::Right, false) => (0x72, 2),
        (Shift::Left, true) => (0x73, 6),
        (Shift::Right, true) => (0x73, 2),
        (Shift::Signed, _) => (0x72, 4),
    };
    asm.evex(code(1, opcode, wide), mask, digit, to, Rm::Reg(from), Some(by));
}

/// The instruction and its predicate.
fn compare(op: Compare, wide: bool) -> (Code, u8) {
    match op {
        Compare::Equal => (code(3, 0x1e, wide), 0),
        Compare::Less => (code(3, 0x1e, wide), 1),
        Compare::LessSigned => (code(3, 0x1f, wide), 1),
    }
}
