//! [`Cell`]: an operator and the one value it defines.

use crate::{Bits, InstanceId, Kind, MemoryId, Place, PortId, RegisterId, ValueId};

/// An operator with the value it defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What the value is.
    pub op: Op,
    /// Width of the value in bits, 1 or more.
    pub width: u32,
    /// Where the author wrote it.
    pub place: Place,
    /// The author's name for the value, if there is one.
    pub label: Option<Box<Label>>,
}

/// A name for a value, and how to read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// `lower_snake_case`, unique within the module after validation.
    pub name: String,
    /// The reading.
    pub kind: Kind,
}

/// The equation of a cell. `w` is the cell's width; operands not said otherwise have width `w`.
/// All arithmetic is on two-state values; numbers are unsigned unless the operator says signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A constant of width `w`.
    Const(Bits),
    /// The value of an input port.
    Input(PortId),
    /// Any value, chosen anew each cycle: random in simulation, free in proof.
    Undefined,
    /// The same value under a name of its own; how a signal driven later gets its definition.
    Wire(ValueId),
    /// Each bit inverted.
    Not(ValueId),
    /// Bitwise and.
    And(ValueId, ValueId),
    /// Bitwise or.
    Or(ValueId, ValueId),
    /// Bitwise exclusive or.
    Xor(ValueId, ValueId),
    /// `w = 1`: all bits of the operand (any width) are one.
    ReduceAnd(ValueId),
    /// `w = 1`: any bit of the operand (any width) is one.
    ReduceOr(ValueId),
    /// `w = 1`: an odd number of the operand's bits (any width) are one.
    ReduceXor(ValueId),
    /// Sum modulo 2^w.
    Add(ValueId, ValueId),
    /// Difference modulo 2^w.
    Sub(ValueId, ValueId),
    /// Full product: `w` is the sum of the operands' widths.
    MulUnsigned(ValueId, ValueId),
    /// Full product in two's complement: `w` is the sum of the operands' widths.
    MulSigned(ValueId, ValueId),
    /// `w = 1`: the operands (of one width) are equal.
    Eq(ValueId, ValueId),
    /// `w = 1`: first < second (of one width), unsigned.
    LessUnsigned(ValueId, ValueId),
    /// `w = 1`: first < second (of one width), two's complement.
    LessSigned(ValueId, ValueId),
    /// First operand shifted towards the most significant bit by the second (any width,
    /// unsigned); zeros enter; an amount of `w` or more gives 0.
    ShiftLeft(ValueId, ValueId),
    /// First operand shifted towards the least significant bit by the second (any width,
    /// unsigned); zeros enter; an amount of `w` or more gives 0.
    ShiftRight(ValueId, ValueId),
    /// As [`Op::ShiftRight`], but copies of the sign bit enter.
    ShiftRightSigned(ValueId, ValueId),
    /// `then` if `condition` (one bit) is one, else `otherwise`.
    Mux {
        /// One bit.
        condition: ValueId,
        /// Chosen when the condition is one.
        then: ValueId,
        /// Chosen when the condition is zero.
        otherwise: ValueId,
    },
    /// `options[index]`; an index (any width, unsigned) past the end chooses the last option.
    /// There is at least one option.
    Select {
        /// Unsigned, any width.
        index: ValueId,
        /// Each of width `w`.
        options: Box<[ValueId]>,
    },
    /// Parts of any width joined, least significant first; `w` is the sum of their widths.
    Concat(Box<[ValueId]>),
    /// Bits `low .. low + w` of the operand, which is at least `low + w` wide.
    Slice {
        /// The operand.
        value: ValueId,
        /// Its lowest bit that is taken.
        low: u32,
    },
    /// Zero-extended to `w` (operand not wider).
    Extend(ValueId),
    /// Sign-extended to `w` (operand not wider).
    ExtendSigned(ValueId),
    /// The present value of a register.
    Register(RegisterId),
    /// The data of a memory's read port.
    ReadData {
        /// The memory.
        memory: MemoryId,
        /// Index into its [`reads`](crate::Memory::reads).
        port: u32,
    },
    /// An output port of one element of an instance.
    InstanceOutput {
        /// The instance.
        instance: InstanceId,
        /// The output port of its module.
        port: PortId,
        /// Row-major index of the element; 0 for a single instance.
        element: u32,
    },
}

impl Op {
    /// The operator's name in messages and in the text form.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Const(_) => "const",
            Op::Input(_) => "input",
            Op::Undefined => "undefined",
            Op::Wire(_) => "wire",
            Op::Not(_) => "not",
            Op::And(..) => "and",
            Op::Or(..) => "or",
            Op::Xor(..) => "xor",
            Op::ReduceAnd(_) => "reduce_and",
            Op::ReduceOr(_) => "reduce_or",
            Op::ReduceXor(_) => "reduce_xor",
            Op::Add(..) => "add",
            Op::Sub(..) => "sub",
            Op::MulUnsigned(..) => "mul_unsigned",
            Op::MulSigned(..) => "mul_signed",
            Op::Eq(..) => "eq",
            Op::LessUnsigned(..) => "less_unsigned",
            Op::LessSigned(..) => "less_signed",
            Op::ShiftLeft(..) => "shift_left",
            Op::ShiftRight(..) => "shift_right",
            Op::ShiftRightSigned(..) => "shift_right_signed",
            Op::Mux { .. } => "mux",
            Op::Select { .. } => "select",
            Op::Concat(_) => "concat",
            Op::Slice { .. } => "slice",
            Op::Extend(_) => "extend",
            Op::ExtendSigned(_) => "extend_signed",
            Op::Register(_) => "register",
            Op::ReadData { .. } => "read",
            Op::InstanceOutput { .. } => "output",
        }
    }

    /// Calls `visit` with each operand, in order.
    ///
    /// What a register, a read port or an instance output depends on is not an operand: it stands
    /// with the register, memory or instance.
    pub fn operands(&self, mut visit: impl FnMut(ValueId)) {
        match self {
            Op::Const(_) | Op::Input(_) | Op::Undefined => {}
            Op::Register(_) | Op::ReadData { .. } | Op::InstanceOutput { .. } => {}
            Op::Wire(a) | Op::Not(a) | Op::ReduceAnd(a) | Op::ReduceOr(a) | Op::ReduceXor(a) => {
                visit(*a);
            }
            Op::Slice { value: a, .. } | Op::Extend(a) | Op::ExtendSigned(a) => visit(*a),
            Op::And(a, b) | Op::Or(a, b) | Op::Xor(a, b) | Op::Add(a, b) | Op::Sub(a, b) => {
                visit(*a);
                visit(*b);
            }
            Op::MulUnsigned(a, b) | Op::MulSigned(a, b) | Op::Eq(a, b) => {
                visit(*a);
                visit(*b);
            }
            Op::LessUnsigned(a, b) | Op::LessSigned(a, b) | Op::ShiftLeft(a, b) => {
                visit(*a);
                visit(*b);
            }
            Op::ShiftRight(a, b) | Op::ShiftRightSigned(a, b) => {
                visit(*a);
                visit(*b);
            }
            Op::Mux { condition, then, otherwise } => {
                visit(*condition);
                visit(*then);
                visit(*otherwise);
            }
            Op::Select { index, options } => {
                visit(*index);
                options.iter().copied().for_each(visit);
            }
            Op::Concat(parts) => parts.iter().copied().for_each(visit),
        }
    }

    /// Replaces each operand by what `map` gives for it, in the order of [`Op::operands`].
    pub fn map_operands(&mut self, mut map: impl FnMut(ValueId) -> ValueId) {
        match self {
            Op::Const(_) | Op::Input(_) | Op::Undefined => {}
            Op::Register(_) | Op::ReadData { .. } | Op::InstanceOutput { .. } => {}
            Op::Wire(a) | Op::Not(a) | Op::ReduceAnd(a) | Op::ReduceOr(a) | Op::ReduceXor(a) => {
                *a = map(*a);
            }
            Op::Slice { value: a, .. } | Op::Extend(a) | Op::ExtendSigned(a) => *a = map(*a),
            Op::And(a, b) | Op::Or(a, b) | Op::Xor(a, b) | Op::Add(a, b) | Op::Sub(a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Op::MulUnsigned(a, b) | Op::MulSigned(a, b) | Op::Eq(a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Op::LessUnsigned(a, b) | Op::LessSigned(a, b) | Op::ShiftLeft(a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Op::ShiftRight(a, b) | Op::ShiftRightSigned(a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Op::Mux { condition, then, otherwise } => {
                *condition = map(*condition);
                *then = map(*then);
                *otherwise = map(*otherwise);
            }
            Op::Select { index, options } => {
                *index = map(*index);
                options.iter_mut().for_each(|o| *o = map(*o));
            }
            Op::Concat(parts) => parts.iter_mut().for_each(|p| *p = map(*p)),
        }
    }
}
