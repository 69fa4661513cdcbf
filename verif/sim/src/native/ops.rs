//! The instructions of a program before they have registers.

use olivine_netlist::{FloatFunction, FloatOperation};
use smallvec::SmallVec;

/// A value of a program: made once, used any number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct V(pub u32);

/// Where a value lives while it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// A general register: a value of one lane.
    Scalar,
    /// A vector register: a chunk of lanes of 32 bits, or half a chunk of 64.
    Vector,
    /// One bit for each lane of a chunk.
    Mask,
}

/// Operations of two operands that every class or width has in its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bin {
    And,
    /// The first where the second is zero.
    AndNot,
    Or,
    Xor,
    Add,
    Sub,
    Mul,
}

/// Shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shift {
    Left,
    Right,
    /// Sign bits enter.
    Signed,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Compare {
    Equal,
    Less,
    LessSigned,
}

/// When the body of an [`Op::If`] runs: what the instruction's operands must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum When {
    /// A scalar that is not zero.
    Set,
    /// Two scalars of which this holds.
    Compare(Compare),
    /// A scalar of which this holds, compared with a number.
    Number(Compare, i32),
    /// A scalar of which any of these bits is set.
    Test(u32),
    /// A mask with any bit set; turned round, one without some bit.
    Any,
}

/// A place in the storage and its extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    /// First byte.
    pub at: u32,
    /// Bytes of one lane: 1, 2, 4 or 8; 0 is one bit.
    pub size: u8,
}

/// Operations. In vector operations `wide` says that lanes have 64 bits. Constants are those of
/// each lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    // One lane.
    Number(u64),
    Load(Cell),
    /// A lane of a cell that is stored as a whole.
    Peek(Cell),
    Store(Cell),
    Scalar(Bin),
    /// The second operand is a number that 32 signed bits hold.
    ScalarNumber(Bin, i32),
    MulHigh,
    Shift(Shift, u8),
    /// By an amount in a register; below 64 if `true`. More gives zero, or sign bits.
    ShiftBy(Shift, bool),
    Compare(Compare),
    CompareNumber(Compare, i32),
    /// Whether any of these bits is set.
    Test(u32),
    /// The first operand, or the third if the second is not zero.
    Choose,
    /// The first operand, or the last if the comparison of those between holds.
    ChooseCompare(Compare),
    ChooseNumber(Compare, i32),
    /// The first operand, or the third if any of these bits of the second is set.
    ChooseTest(u32),
    SignExtend(u8),
    /// The low 32 bits.
    Low,
    Parity,
    /// An element of a memory whose address, a scalar, is in range: where the pointer to its words
    /// is, the distance to the first element, from one to the next, and its size.
    Fetch {
        pointer: u32,
        first: u32,
        stride: u32,
        size: u8,
    },
    /// Writes the second operand to an element of a memory, the first; else as for `Fetch`. What
    /// is at `nowhere` nobody reads.
    Put {
        pointer: u32,
        first: u32,
        stride: u32,
        size: u8,
        nowhere: u32,
    },
    /// A lane of a vector.
    Extract {
        lane: u8,
        wide: bool,
    },
    /// A lane of a mask.
    ExtractBit(u8),
    /// All lanes of a mask, a bit each.
    MaskBits,
    // Order.
    /// What follows, up to `Else` or `End`, is done when this holds, or when it does not if
    /// `negated`.
    If {
        when: When,
        negated: bool,
    },
    /// The result of the first body is the operand; a second body follows, for when it is not done.
    Else,
    /// The end of the bodies; the result of both, if there is one, and the second body's operand.
    End(Option<Class>),
    // A chunk of lanes.
    VectorLoad(Cell),
    /// As `VectorLoad`, of a cell that others may store to while the value is used.
    VectorPeek(Cell),
    VectorStore(Cell),
    Splat {
        wide: bool,
    },
    VectorNumber {
        value: u64,
        wide: bool,
    },
    /// A number of its own in each lane, by index into the program's tables.
    VectorTable(u32),
    Vector {
        op: Bin,
        wide: bool,
    },
    VectorWith {
        op: Bin,
        value: u64,
        wide: bool,
    },
    /// The product of the low halves of lanes of 32 bits, as signed numbers, plus that of the high
    /// halves.
    MulShort,
    /// A function of fp32 numbers; every NaN is the one of [`FloatFunction`].
    Float(FloatFunction),
    /// Less a number, in each half of a lane of 32 bits by itself: the low half loses it.
    LessShort(u16),
    VectorShift {
        op: Shift,
        by: u8,
        wide: bool,
    },
    VectorShiftBy {
        op: Shift,
        wide: bool,
    },
    VectorCompare {
        op: Compare,
        wide: bool,
    },
    VectorCompareWith {
        op: Compare,
        value: u64,
        wide: bool,
    },
    /// Where the comparison is false.
    VectorCompareNot {
        op: Compare,
        wide: bool,
    },
    VectorCompareWithNot {
        op: Compare,
        value: u64,
        wide: bool,
    },
    /// A mask: whether none of these bits is set.
    VectorTestNot {
        value: u64,
        wide: bool,
    },
    /// The first operand shifted where the mask, the second, is set; itself elsewhere.
    ShiftWhere {
        op: Shift,
        by: u8,
        wide: bool,
    },
    /// The first operand with a number where the mask, the second, is set; itself elsewhere.
    WithWhere {
        op: Bin,
        value: u64,
        wide: bool,
    },
    /// Three operands bit by bit, by a table: the first's bit counts four, the second's two.
    Logic {
        table: u8,
        wide: bool,
    },
    /// As `Logic`; the third operand is a number.
    LogicWith {
        table: u8,
        value: u64,
        wide: bool,
    },
    /// A mask: whether any of these bits is set.
    VectorTest {
        value: u64,
        wide: bool,
    },
    /// The second where the mask is set, else the third.
    Blend {
        wide: bool,
    },
    /// The number where the mask is set, else zero.
    Masked {
        value: u64,
        wide: bool,
    },
    /// Lanes of one operand, by index into the program's tables.
    Permute {
        table: u32,
        wide: bool,
    },
    /// Lanes of two operands, by index into the program's tables.
    Permute2 {
        table: u32,
        wide: bool,
    },
    /// The first operand with a lane set to the second, a scalar.
    Insert {
        lane: u8,
        wide: bool,
    },
    /// Half a chunk of lanes of 32 bits, with 64.
    Widen {
        high: bool,
    },
    /// Two halves of 64 bits as one chunk of 32.
    Narrow,
    // One bit of each lane.
    MaskLoad(u32),
    MaskStore(u32),
    MaskSplat,
    MaskNumber(bool),
    Masks(Bin),
    MaskNot,
    /// The half of a mask that belongs to half a chunk.
    MaskHalf {
        high: bool,
    },
    /// Two halves as one mask.
    MaskJoin,
}

impl Op {
    /// How many of the first operands may be in the register of the result, if the instruction set
    /// needs no more room.
    pub fn shared(self) -> usize {
        match self {
            Self::Permute { .. } | Self::Permute2 { .. } | Self::MulHigh | Self::Parity => 0,
            Self::ShiftWhere { .. } | Self::WithWhere { .. } => 1,
            Self::Logic { .. } | Self::LogicWith { .. } => 1,
            Self::Float(f) if f.operation == FloatOperation::MultiplyAdd => 1,
            _ if self.class() == Some(Class::Scalar) => 1,
            _ => 3,
        }
    }

    /// The class of the result, if there is one.
    pub fn class(self) -> Option<Class> {
        match self {
            Self::Store(_) | Self::VectorStore(_) | Self::MaskStore(_) => None,
            Self::Put { .. } | Self::If { .. } | Self::Else => None,
            Self::End(class) => class,
            Self::Number(_)
            | Self::Load(_)
            | Self::Peek(_)
            | Self::Scalar(_)
            | Self::ScalarNumber(..)
            | Self::MulHigh
            | Self::Shift(..)
            | Self::ShiftBy(..)
            | Self::Compare(_)
            | Self::CompareNumber(..)
            | Self::Test(_)
            | Self::Choose
            | Self::ChooseCompare(_)
            | Self::ChooseNumber(..)
            | Self::ChooseTest(_)
            | Self::SignExtend(_)
            | Self::Low
            | Self::Parity
            | Self::Fetch { .. }
            | Self::Extract { .. }
            | Self::ExtractBit(_)
            | Self::MaskBits => Some(Class::Scalar),
            Self::VectorCompare { .. }
            | Self::VectorCompareWith { .. }
            | Self::VectorTest { .. }
            | Self::VectorCompareNot { .. }
            | Self::VectorCompareWithNot { .. }
            | Self::VectorTestNot { .. }
            | Self::MaskLoad(_)
            | Self::MaskSplat
            | Self::MaskNumber(_)
            | Self::Masks(_)
            | Self::MaskNot
            | Self::MaskHalf { .. }
            | Self::MaskJoin => Some(Class::Mask),
            _ => Some(Class::Vector),
        }
    }

    /// The cell that a load reads, unchanged: the value can be had from there again.
    pub fn home(self) -> Option<Cell> {
        match self {
            Self::Load(cell) | Self::VectorLoad(cell) => Some(cell),
            Self::MaskLoad(at) => Some(Cell { at, size: 0 }),
            _ => None,
        }
    }

    /// True for numbers, which are made again rather than kept.
    pub fn is_number(self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::VectorNumber { .. }
                | Self::VectorTable(_)
                | Self::MaskNumber(_)
        )
    }
}

/// The operands of an instruction, hardly ever more than four.
pub(super) type Operands = SmallVec<[V; 4]>;

/// An instruction: operation, result and operands.
#[derive(Clone, Debug)]
pub(super) struct Inst {
    pub op: Op,
    pub to: Option<V>,
    pub from: Operands,
}
