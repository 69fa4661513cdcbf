//! Operations on one lane: values of 64 bits.

use super::{FLAGS, Writer};
use crate::native::ops::{Bin, Compare, Op, Shift};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

const I64: cranelift_codegen::ir::Type = types::I64;

pub(super) fn condition(how: Compare) -> IntCC {
    match how {
        Compare::Equal => IntCC::Equal,
        Compare::Less => IntCC::UnsignedLessThan,
        Compare::LessSigned => IntCC::SignedLessThan,
    }
}

impl Writer<'_> {
    /// An operation whose result is a scalar, or one without a result.
    pub(super) fn scalar(&mut self, op: Op, from: &[Value]) -> Option<Value> {
        Some(match op {
            Op::Number(value) => self.number(value as i64),
            Op::Load(cell) | Op::Peek(cell) => {
                self.load_sized(cell.size, self.base, cell.at as i32)
            }
            Op::Store(cell) => {
                self.store_sized(cell.size, from[0], self.base, cell.at as i32);
                return None;
            }
            Op::VectorStore(cell) => {
                self.store_vector(cell, from[0]);
                return None;
            }
            Op::MaskStore(at) => {
                self.builder.ins().store(FLAGS, from[0], self.base, at as i32);
                return None;
            }
            Op::Put { pointer, first, stride, size, .. } => {
                let at = self.element(pointer, from[0], stride.into());
                self.store_sized(size, from[1], at, first as i32);
                return None;
            }
            Op::Fetch { pointer, first, stride, size } => {
                let at = self.element(pointer, from[0], stride.into());
                self.load_sized(size, at, first as i32)
            }
            Op::Scalar(op) => self.binary(op, from[0], from[1]),
            Op::ScalarNumber(op, value) => {
                let number = self.number(value.into());
                self.binary(op, from[0], number)
            }
            Op::MulHigh => self.builder.ins().umulhi(from[0], from[1]),
            Op::Shift(shift, by) => {
                let by = self.number(by.into());
                self.shifted(shift, from[0], by)
            }
            Op::ShiftBy(shift, true) => self.shifted(shift, from[0], from[1]),
            Op::ShiftBy(shift, false) => self.shifted_far(shift, 64, from[0], from[1]),
            Op::Compare(_)
            | Op::CompareNumber(..)
            | Op::Test(_)
            | Op::Choose
            | Op::ChooseCompare(_)
            | Op::ChooseNumber(..)
            | Op::ChooseTest(_) => self.decision(op, from),
            Op::SignExtend(bits) => {
                let by = self.number(64 - i64::from(bits));
                let top = self.builder.ins().ishl(from[0], by);
                self.builder.ins().sshr(top, by)
            }
            Op::Low => {
                let low = self.builder.ins().ireduce(types::I32, from[0]);
                self.builder.ins().uextend(I64, low)
            }
            Op::Parity => {
                let ones = self.builder.ins().popcnt(from[0]);
                let one = self.number(1);
                self.builder.ins().band(ones, one)
            }
            Op::Extract { lane, wide: true } => {
                let lanes = self.lanes(types::I64X2, from[0]);
                self.builder.ins().extractlane(lanes, lane)
            }
            Op::Extract { lane, wide: false } => self.extracted(from[0], lane),
            Op::ExtractBit(lane) => {
                let all = self.extracted(from[0], lane);
                let one = self.number(1);
                self.builder.ins().band(all, one)
            }
            Op::MaskBits => {
                let bits = self.builder.ins().vhigh_bits(types::I32, from[0]);
                self.builder.ins().uextend(types::I64, bits)
            }
            _ => unreachable!("no operation of one lane: {op:?}"),
        })
    }

    fn decision(&mut self, op: Op, from: &[Value]) -> Value {
        let how = match op {
            Op::Compare(how) => self.builder.ins().icmp(condition(how), from[0], from[1]),
            Op::CompareNumber(how, value) => self.compared(condition(how), from[0], value.into()),
            Op::Test(bits) => self.tested(from[0], bits),
            Op::Choose => self.compared(IntCC::NotEqual, from[1], 0),
            Op::ChooseCompare(how) => self.builder.ins().icmp(condition(how), from[1], from[2]),
            Op::ChooseNumber(how, value) => self.compared(condition(how), from[1], value.into()),
            Op::ChooseTest(bits) => self.tested(from[1], bits),
            _ => unreachable!("no decision: {op:?}"),
        };
        match op {
            Op::Compare(_) | Op::CompareNumber(..) | Op::Test(_) => {
                self.builder.ins().uextend(I64, how)
            }
            _ => self.builder.ins().select(how, from[from.len() - 1], from[0]),
        }
    }

    pub(super) fn number(&mut self, value: i64) -> Value {
        self.builder.ins().iconst(I64, value)
    }

    /// A comparison with a number.
    pub(super) fn compared(&mut self, how: IntCC, a: Value, value: i64) -> Value {
        let number = self.number(value);
        self.builder.ins().icmp(how, a, number)
    }

    /// Whether any of these of the low 32 bits is set.
    pub(super) fn tested(&mut self, a: Value, bits: u32) -> Value {
        let bits = self.number(bits.into());
        let found = self.builder.ins().band(a, bits);
        self.compared(IntCC::NotEqual, found, 0)
    }

    /// An operation of two operands, of one lane or of all.
    pub(super) fn binary(&mut self, op: Bin, a: Value, b: Value) -> Value {
        let ins = self.builder.ins();
        match op {
            Bin::And => ins.band(a, b),
            Bin::AndNot => ins.band_not(a, b),
            Bin::Or => ins.bor(a, b),
            Bin::Xor => ins.bxor(a, b),
            Bin::Add => ins.iadd(a, b),
            Bin::Sub => ins.isub(a, b),
            Bin::Mul => ins.imul(a, b),
        }
    }

    /// A shift by less than the width, of one lane or of all by the same.
    pub(super) fn shifted(&mut self, shift: Shift, a: Value, by: Value) -> Value {
        let ins = self.builder.ins();
        match shift {
            Shift::Left => ins.ishl(a, by),
            Shift::Right => ins.ushr(a, by),
            Shift::Signed => ins.sshr(a, by),
        }
    }

    /// A shift of a value of so many bits by any number of the same width.
    pub(super) fn shifted_far(&mut self, shift: Shift, bits: i64, a: Value, by: Value) -> Value {
        let form = self.builder.func.dfg.value_type(a);
        let constant = |this: &mut Self, value| this.builder.ins().iconst(form, value);
        if shift == Shift::Signed {
            let most = constant(self, bits - 1);
            let by = self.builder.ins().umin(by, most);
            return self.builder.ins().sshr(a, by);
        }
        let (width, zero) = (constant(self, bits), constant(self, 0));
        let within = self.builder.ins().icmp(IntCC::UnsignedLessThan, by, width);
        let moved = self.shifted(shift, a, by);
        self.builder.ins().select(within, moved, zero)
    }

    /// Where an element of a memory is.
    fn element(&mut self, pointer: u32, index: Value, stride: i64) -> Value {
        let words = self.builder.ins().load(I64, FLAGS, self.base, pointer as i32);
        let stride = self.number(stride);
        let offset = self.builder.ins().imul(index, stride);
        self.builder.ins().iadd(words, offset)
    }

    fn load_sized(&mut self, size: u8, at: Value, offset: i32) -> Value {
        let ins = self.builder.ins();
        match size {
            1 => ins.uload8(I64, FLAGS, at, offset),
            2 => ins.uload16(I64, FLAGS, at, offset),
            4 => ins.uload32(FLAGS, at, offset),
            _ => ins.load(I64, FLAGS, at, offset),
        }
    }

    fn store_sized(&mut self, size: u8, value: Value, at: Value, offset: i32) {
        let ins = self.builder.ins();
        match size {
            1 => ins.istore8(FLAGS, value, at, offset),
            2 => ins.istore16(FLAGS, value, at, offset),
            4 => ins.istore32(FLAGS, value, at, offset),
            _ => ins.store(FLAGS, value, at, offset),
        };
    }

    /// A lane of 32 bits.
    fn extracted(&mut self, v: Value, lane: u8) -> Value {
        let lanes = self.lanes(types::I32X4, v);
        let one = self.builder.ins().extractlane(lanes, lane);
        self.builder.ins().uextend(I64, one)
    }
}
