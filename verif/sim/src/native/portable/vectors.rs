//! Operations on four lanes of 32 bits or two of 64, and on masks, which are vectors, too.

use super::{FLAGS, Writer};
use crate::native::ops::{Bin, Cell, Compare, Op, Shift};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{ConstantData, Immediate, InstBuilder, Type, Value, types};

/// The form in which all vectors and masks are handed on.
const FORM: Type = types::I32X4;

fn form(wide: bool) -> Type {
    if wide { types::I64X2 } else { types::I32X4 }
}

/// Each number as bytes, the lowest first.
fn bytes(value: u64, wide: bool) -> Vec<u8> {
    if wide { value.to_le_bytes().repeat(2) } else { (value as u32).to_le_bytes().repeat(4) }
}

impl Writer<'_> {
    /// An operation whose result is a vector or a mask.
    pub(super) fn vector(&mut self, op: Op, from: &[Value]) -> Value {
        let made = match op {
            Op::VectorLoad(cell) | Op::VectorPeek(cell) => self.load_vector(cell),
            Op::MaskLoad(at) => self.builder.ins().load(FORM, FLAGS, self.base, at as i32),
            Op::VectorNumber { value, wide } => self.constant(&bytes(value, wide)),
            Op::MaskNumber(set) => self.constant(&[if set { 0xff } else { 0 }; 16]),
            Op::VectorTable(index) => {
                let table = self.tables[index as usize];
                let bytes: Vec<u8> =
                    table[..4].iter().flat_map(|lane| lane.to_le_bytes()).collect();
                self.constant(&bytes)
            }
            Op::Splat { wide } => self.splat(wide, from[0]),
            Op::MaskSplat => {
                let all = self.builder.ins().ineg(from[0]);
                self.splat(false, all)
            }
            Op::Masks(op) => self.binary(op, from[0], from[1]),
            Op::MaskNot => self.builder.ins().bnot(from[0]),
            Op::MulShort => self.multiply_short(from[0], from[1]),
            Op::LessShort(value) => {
                let lanes = self.lanes(types::I16X8, from[0]);
                let less = self.constant(&bytes(value.into(), false));
                let less = self.lanes(types::I16X8, less);
                self.builder.ins().isub(lanes, less)
            }
            Op::Permute { .. }
            | Op::Permute2 { .. }
            | Op::Insert { .. }
            | Op::Widen { .. }
            | Op::Narrow
            | Op::MaskHalf { .. }
            | Op::MaskJoin => self.moved(op, from),
            Op::VectorCompare { .. }
            | Op::VectorCompareNot { .. }
            | Op::VectorCompareWith { .. }
            | Op::VectorCompareWithNot { .. }
            | Op::VectorTest { .. }
            | Op::VectorTestNot { .. } => self.compared_lanes(op, from),
            _ => self.lane_wise(op, from),
        };
        self.lanes(FORM, made)
    }

    fn lane_wise(&mut self, op: Op, from: &[Value]) -> Value {
        match op {
            Op::Vector { op, wide } => {
                let [a, b] = [from[0], from[1]].map(|v| self.lanes(form(wide), v));
                self.binary(op, a, b)
            }
            Op::VectorWith { op, value, wide } => self.with(op, value, wide, from[0]),
            Op::VectorShift { op, by, wide } => self.shift_all(op, by, wide, from[0]),
            Op::VectorShiftBy { op, wide } => self.shift_each(op, wide, from[0], from[1]),
            Op::ShiftWhere { op, by, wide } => {
                let there = self.shift_all(op, by, wide, from[0]);
                self.where_set(from[1], there, from[0])
            }
            Op::WithWhere { op, value, wide } => {
                let there = self.with(op, value, wide, from[0]);
                self.where_set(from[1], there, from[0])
            }
            Op::Blend { .. } => self.where_set(from[0], from[1], from[2]),
            Op::Masked { value, wide } => {
                let number = self.constant(&bytes(value, wide));
                self.binary(Bin::And, from[0], number)
            }
            _ => unreachable!("no operation on lanes: {op:?}"),
        }
    }

    fn constant(&mut self, bytes: &[u8]) -> Value {
        let constant = self.builder.func.dfg.constants.insert(ConstantData::from(bytes));
        self.builder.ins().vconst(FORM, constant)
    }

    fn splat(&mut self, wide: bool, scalar: Value) -> Value {
        let lane = if wide { scalar } else { self.builder.ins().ireduce(types::I32, scalar) };
        self.builder.ins().splat(form(wide), lane)
    }

    fn with(&mut self, op: Bin, value: u64, wide: bool, v: Value) -> Value {
        let number = self.constant(&bytes(value, wide));
        let [a, b] = [v, number].map(|v| self.lanes(form(wide), v));
        self.binary(op, a, b)
    }

    /// The first where the mask is set, else the second.
    fn where_set(&mut self, mask: Value, then: Value, otherwise: Value) -> Value {
        let [mask, then, otherwise] = [mask, then, otherwise].map(|v| self.lanes(FORM, v));
        self.builder.ins().bitselect(mask, then, otherwise)
    }

    fn shift_all(&mut self, shift: Shift, by: u8, wide: bool, v: Value) -> Value {
        let lanes = self.lanes(form(wide), v);
        let by = self.builder.ins().iconst(types::I32, i64::from(by));
        self.shifted(shift, lanes, by)
    }

    /// Each lane by its own amount.
    fn shift_each(&mut self, shift: Shift, wide: bool, v: Value, by: Value) -> Value {
        let (form, bits) = (form(wide), if wide { 64 } else { 32 });
        let [v, by] = [v, by].map(|v| self.lanes(form, v));
        let mut made = v;
        for lane in 0..form.lane_count() as u8 {
            let [a, by] = [v, by].map(|v| self.builder.ins().extractlane(v, lane));
            let moved = self.shifted_far(shift, bits, a, by);
            made = self.builder.ins().insertlane(made, moved, lane);
        }
        made
    }

    /// The product of the low halves of lanes, as signed numbers, plus that of the high halves.
    fn multiply_short(&mut self, a: Value, b: Value) -> Value {
        let [a, b] = [a, b].map(|v| self.lanes(types::I16X8, v));
        let low = [a, b].map(|v| self.builder.ins().swiden_low(v));
        let high = [a, b].map(|v| self.builder.ins().swiden_high(v));
        let [low, high] = [low, high].map(|[a, b]| self.builder.ins().imul(a, b));
        self.builder.ins().iadd_pairwise(low, high)
    }

    fn compared_lanes(&mut self, op: Op, from: &[Value]) -> Value {
        let (how, wide, b, negated) = match op {
            Op::VectorCompare { op, wide } => (op, wide, from[1], false),
            Op::VectorCompareNot { op, wide } => (op, wide, from[1], true),
            Op::VectorCompareWith { op, value, wide } => {
                (op, wide, self.constant(&bytes(value, wide)), false)
            }
            Op::VectorCompareWithNot { op, value, wide } => {
                (op, wide, self.constant(&bytes(value, wide)), true)
            }
            Op::VectorTest { value, wide } | Op::VectorTestNot { value, wide } => {
                let found = self.with(Bin::And, value, wide, from[0]);
                let zero = self.constant(&[0; 16]);
                let negated = matches!(op, Op::VectorTest { .. });
                return self.compare_lanes(Compare::Equal, wide, [found, zero], negated);
            }
            _ => unreachable!("no comparison: {op:?}"),
        };
        self.compare_lanes(how, wide, [from[0], b], negated)
    }

    fn compare_lanes(
        &mut self,
        how: Compare,
        wide: bool,
        operands: [Value; 2],
        negated: bool,
    ) -> Value {
        let [mut a, mut b] = operands.map(|v| self.lanes(form(wide), v));
        let condition = match how {
            Compare::Equal => IntCC::Equal,
            Compare::LessSigned => IntCC::SignedLessThan,
            Compare::Less => {
                // Of lanes of 64 bits not every processor compares unsigned ones.
                let top = if wide { 1 << 63 } else { 1 << 31 };
                [a, b] = [a, b].map(|v| self.with(Bin::Xor, top, wide, v));
                IntCC::SignedLessThan
            }
        };
        let holds = self.builder.ins().icmp(condition, a, b);
        if negated { self.builder.ins().bnot(holds) } else { holds }
    }

    /// Lanes in other places.
    fn moved(&mut self, op: Op, from: &[Value]) -> Value {
        match op {
            Op::Permute { table, wide } => self.permute(table, wide, from[0], from[0]),
            Op::Permute2 { table, wide } => self.permute(table, wide, from[0], from[1]),
            Op::Insert { lane, wide } => {
                let lanes = self.lanes(form(wide), from[0]);
                let one = from[1];
                let one = if wide { one } else { self.builder.ins().ireduce(types::I32, one) };
                self.builder.ins().insertlane(lanes, one, lane)
            }
            Op::Widen { high: false } => self.builder.ins().uwiden_low(from[0]),
            Op::Widen { high: true } => self.builder.ins().uwiden_high(from[0]),
            Op::MaskHalf { high: false } => self.builder.ins().swiden_low(from[0]),
            Op::MaskHalf { high: true } => self.builder.ins().swiden_high(from[0]),
            Op::Narrow | Op::MaskJoin => self.shuffle(
                from[0],
                from[1],
                [0, 8, 16, 24].map(|at| [at, at + 1, at + 2, at + 3]),
            ),
            _ => unreachable!("no move: {op:?}"),
        }
    }

    fn permute(&mut self, table: u32, wide: bool, a: Value, b: Value) -> Value {
        let table = self.tables[table as usize];
        let lane = |place: usize| {
            let word =
                if wide { 2 * table[place / 2 * 2] + place as u32 % 2 } else { table[place] };
            [0, 1, 2, 3].map(|byte| (4 * word + byte) as u8)
        };
        self.shuffle(a, b, [0, 1, 2, 3].map(lane))
    }

    /// Bytes of two vectors, those of the second from 16 on.
    fn shuffle(&mut self, a: Value, b: Value, bytes: [[u8; 4]; 4]) -> Value {
        let [a, b] = [a, b].map(|v| self.lanes(types::I8X16, v));
        let bytes = ConstantData::from(bytes.as_flattened());
        let mask: Immediate = self.builder.func.dfg.immediates.push(bytes);
        self.builder.ins().shuffle(a, b, mask)
    }

    /// Lanes of their size in the storage.
    fn load_vector(&mut self, cell: Cell) -> Value {
        let at = cell.at as i32;
        match cell.size {
            1 => {
                let four = self.builder.ins().load(types::I32, FLAGS, self.base, at);
                let four = self.builder.ins().scalar_to_vector(FORM, four);
                let four = self.lanes(types::I8X16, four);
                let wider = self.builder.ins().uwiden_low(four);
                self.builder.ins().uwiden_low(wider)
            }
            2 => {
                let four = self.builder.ins().load(types::I64, FLAGS, self.base, at);
                let four = self.builder.ins().scalar_to_vector(types::I64X2, four);
                let four = self.lanes(types::I16X8, four);
                self.builder.ins().uwiden_low(four)
            }
            _ => self.builder.ins().load(FORM, FLAGS, self.base, at),
        }
    }

    pub(super) fn store_vector(&mut self, cell: Cell, v: Value) {
        let at = cell.at as i32;
        let size = cell.size;
        if !matches!(size, 1 | 2) {
            self.builder.ins().store(FLAGS, v, self.base, at);
            return;
        }
        // The low bytes of each lane, side by side.
        let byte = |to: u8| if to < 4 * size { to / size * 4 + to % size } else { 0 };
        let together =
            std::array::from_fn(|lane| std::array::from_fn(|part| byte((4 * lane + part) as u8)));
        let together = self.shuffle(v, v, together);
        let (form, lane) = if size == 1 { (FORM, types::I32) } else { (types::I64X2, types::I64) };
        let lanes = self.lanes(form, together);
        let first = self.builder.ins().extractlane(lanes, 0);
        debug_assert_eq!(self.builder.func.dfg.value_type(first), lane);
        self.builder.ins().store(FLAGS, first, self.base, at);
    }
}
