//! Scalar batches: one operator over any number of unrelated one-lane nodes.
//!
//! A one-lane node has a slot of 64 bits. The results of a batch lie side by side; operands are
//! found through lists of offsets in the pool, so a batch costs one dispatch however many nodes
//! it computes.

use super::insn::{Context, Insn, Run};

/// The operators of batches. `p` is a parameter of each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ScalarOp {
    /// A byte of a vector.
    Load8,
    /// Two bytes of a vector.
    Load16,
    /// Four bytes of a vector.
    Load32,
    /// A slot, or eight bytes of a vector.
    Load64,
    /// `p`: unused bits of the result.
    Not,
    And,
    AndNot,
    Or,
    Xor,
    /// `p`: unused bits of the result.
    Add,
    /// `p`: unused bits of the result.
    Sub,
    /// `p`: unused bits of the result.
    Mul,
    MulHigh,
    Eq,
    Less,
    /// `p`: unused bits of the operands.
    LessSigned,
    /// `p`: unused bits of the result.
    ShiftLeft,
    ShiftRight,
    /// `p`: unused bits of the operand, and of the result 8 bits up.
    ShiftRightSigned,
    /// `c` chooses `a` or `b`.
    Mux,
    /// The operand whose offset stands in the pool at `b` plus the index `a`, at most `c`.
    Select,
    /// Left by `p`'s low byte, then right by its next.
    Slice,
    /// `b` shifted left by `p`, or `a`.
    Insert,
    /// `p`: unused bits of the operand, and of the result 8 bits up.
    SignExtend,
    /// Left by `p`'s low byte, then right by its next: anything left.
    Test,
    Parity,
}

impl ScalarOp {
    /// How many operands it has, and whether it has a parameter.
    pub fn shape(self) -> (usize, bool) {
        match self {
            Self::Load8 | Self::Load16 | Self::Load32 | Self::Load64 => (1, false),
            Self::Parity => (1, false),
            Self::Not | Self::Slice | Self::SignExtend | Self::Test => (1, true),
            Self::And | Self::AndNot | Self::Or | Self::Xor | Self::MulHigh => (2, false),
            Self::Eq | Self::Less | Self::ShiftRight => (2, false),
            Self::Add | Self::Sub | Self::Mul | Self::LessSigned => (2, true),
            Self::ShiftLeft | Self::ShiftRightSigned | Self::Insert => (2, true),
            Self::Mux | Self::Select => (3, false),
        }
    }

    /// The kernel for this machine.
    pub fn kernel(self) -> Run {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt") {
            return pick::<Bmi2>(self);
        }
        pick::<Baseline>(self)
    }
}

/// What one element does.
trait Element {
    /// The operands are at `base` plus the offsets.
    unsafe fn element(base: *const u8, offsets: &Offsets, i: usize) -> u64;
}

/// The lists of a batch.
struct Offsets {
    pool: *const u32,
    a: *const u32,
    b: *const u32,
    c: *const u32,
    p: *const u32,
}

impl Offsets {
    #[inline(always)]
    unsafe fn a(&self, base: *const u8, i: usize) -> u64 {
        // SAFETY: the list has an offset of a slot for each element.
        unsafe { base.add(*self.a.add(i) as usize).cast::<u64>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn b(&self, base: *const u8, i: usize) -> u64 {
        // SAFETY: as `a`.
        unsafe { base.add(*self.b.add(i) as usize).cast::<u64>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn c(&self, base: *const u8, i: usize) -> u64 {
        // SAFETY: as `a`.
        unsafe { base.add(*self.c.add(i) as usize).cast::<u64>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn p(&self, i: usize) -> u32 {
        // SAFETY: the list has a parameter for each element.
        unsafe { *self.p.add(i) }
    }
}

/// Lists lie one after the other in the pool from `insn.a` on: operands, then parameters.
///
/// # Safety
/// `insn` is a batch of a program for the storage at `base`; results do not overlap operands.
#[inline(always)]
unsafe fn run<E: Element, const OPERANDS: usize>(base: *mut u8, insn: &Insn, pool: &[u32]) {
    let count = insn.count as usize;
    // SAFETY: the caller's promise.
    unsafe {
        let pool = pool.as_ptr();
        // A list that the operator does not have may lie past the pool's end: it is not read.
        let list = |k: usize| pool.wrapping_add(insn.a as usize + k * count);
        let offsets = Offsets { pool, a: list(0), b: list(1), c: list(2), p: list(OPERANDS) };
        let to = base.add(insn.to as usize).cast::<u64>();
        for i in 0..count {
            *to.add(i) = E::element(base, &offsets, i);
        }
    }
}

macro_rules! elements {
    ($($name:ident $operands:literal |$base:ident, $o:ident, $i:ident| $value:expr;)*) => {
        $(
            struct $name;
            impl Element for $name {
                #[inline(always)]
                unsafe fn element($base: *const u8, $o: &Offsets, $i: usize) -> u64 {
                    // SAFETY: the caller's promise.
                    unsafe { $value }
                }
            }
        )*

        fn pick<I: Isa>(op: ScalarOp) -> Run {
            match op {
                $(ScalarOp::$name => I::entry::<$name, $operands>(),)*
            }
        }
    };
}

#[inline(always)]
fn cut(value: u64, spare: u32) -> u64 {
    value & (u64::MAX >> (spare & 63))
}

#[inline(always)]
fn signed(value: u64, spare: u32) -> i64 {
    (value << (spare & 63)).cast_signed() >> (spare & 63)
}

#[inline(always)]
fn if_below_64(amount: u64, value: u64) -> u64 {
    if amount < 64 { value } else { 0 }
}

elements! {
    Load8 1 |base, o, i| u64::from(*base.add(*o.a.add(i) as usize));
    Load16 1 |base, o, i| {
        u64::from(base.add(*o.a.add(i) as usize).cast::<u16>().read_unaligned())
    };
    Load32 1 |base, o, i| {
        u64::from(base.add(*o.a.add(i) as usize).cast::<u32>().read_unaligned())
    };
    Load64 1 |base, o, i| o.a(base, i);
    Not 1 |base, o, i| cut(!o.a(base, i), o.p(i));
    And 2 |base, o, i| o.a(base, i) & o.b(base, i);
    AndNot 2 |base, o, i| o.a(base, i) & !o.b(base, i);
    Or 2 |base, o, i| o.a(base, i) | o.b(base, i);
    Xor 2 |base, o, i| o.a(base, i) ^ o.b(base, i);
    Add 2 |base, o, i| cut(o.a(base, i).wrapping_add(o.b(base, i)), o.p(i));
    Sub 2 |base, o, i| cut(o.a(base, i).wrapping_sub(o.b(base, i)), o.p(i));
    Mul 2 |base, o, i| cut(o.a(base, i).wrapping_mul(o.b(base, i)), o.p(i));
    MulHigh 2 |base, o, i| {
        ((u128::from(o.a(base, i)) * u128::from(o.b(base, i))) >> 64) as u64
    };
    Eq 2 |base, o, i| u64::from(o.a(base, i) == o.b(base, i));
    Less 2 |base, o, i| u64::from(o.a(base, i) < o.b(base, i));
    LessSigned 2 |base, o, i| {
        let p = o.p(i) & 63;
        let (a, b) = (o.a(base, i) << p, o.b(base, i) << p);
        u64::from(a.cast_signed() < b.cast_signed())
    };
    ShiftLeft 2 |base, o, i| {
        let b = o.b(base, i);
        cut(if_below_64(b, o.a(base, i) << (b & 63)), o.p(i))
    };
    ShiftRight 2 |base, o, i| {
        let b = o.b(base, i);
        if_below_64(b, o.a(base, i) >> (b & 63))
    };
    ShiftRightSigned 2 |base, o, i| {
        let (p, b) = (o.p(i), o.b(base, i).min(63));
        cut((signed(o.a(base, i), p) >> b).cast_unsigned(), p >> 8)
    };
    Mux 3 |base, o, i| {
        let (a, b) = (o.a(base, i), o.b(base, i));
        if o.c(base, i) != 0 { a } else { b }
    };
    Select 3 |base, o, i| {
        let index = o.a(base, i).min(u64::from(*o.c.add(i)));
        let offset = *o.pool.add(*o.b.add(i) as usize + index as usize);
        base.add(offset as usize).cast::<u64>().read_unaligned()
    };
    Slice 1 |base, o, i| {
        let p = o.p(i);
        (o.a(base, i) << (p & 63)) >> ((p >> 8) & 63)
    };
    Insert 2 |base, o, i| o.a(base, i) | o.b(base, i) << (o.p(i) & 63);
    SignExtend 1 |base, o, i| {
        let p = o.p(i);
        cut(signed(o.a(base, i), p).cast_unsigned(), p >> 8)
    };
    Test 1 |base, o, i| {
        let p = o.p(i);
        u64::from((o.a(base, i) << (p & 63)) >> ((p >> 8) & 63) != 0)
    };
    Parity 1 |base, o, i| u64::from(o.a(base, i).count_ones() & 1);
}

/// An instruction set for which batches are compiled. Wide vectors do not help with operands
/// from all over the storage.
trait Isa {
    fn entry<E: Element, const OPERANDS: usize>() -> Run;
}

macro_rules! isa {
    ($name:ident, $module:ident $(, $features:literal)?) => {
        struct $name;

        mod $module {
            use super::{Context, Element, Insn};

            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn entry<E: Element, const OPERANDS: usize>(
                base: *mut u8,
                insn: &Insn,
                context: &mut Context,
            ) {
                // SAFETY: the caller's promise is the batch's.
                unsafe { super::run::<E, OPERANDS>(base, insn, &context.pool) }
            }
        }

        impl Isa for $name {
            fn entry<E: Element, const OPERANDS: usize>() -> Run {
                $module::entry::<E, OPERANDS>
            }
        }
    };
}

isa! { Baseline, baseline }
#[cfg(target_arch = "x86_64")]
isa! { Bmi2, bmi2, "bmi2,popcnt" }
