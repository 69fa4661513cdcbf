//! Scalar operations: one operator over any number of unrelated one-lane nodes.
//!
//! A one-lane node has a slot of 64 bits. Like operations that are ready at once form a batch:
//! their results lie side by side, operands are found through lists of offsets in the pool, and
//! one dispatch serves them all. An operation without a like has its operands' offsets in the
//! instruction.

use super::insn::{Context, Insn, Run};

/// The operators of slots. `p` is a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ScalarOp {
    /// A slot, or a lane of a vector; `p`: unused bits of it.
    Load,
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
    /// How many operands it has.
    pub fn operands(self) -> usize {
        match self {
            Self::Load | Self::Not | Self::Slice | Self::SignExtend | Self::Test => 1,
            Self::Parity => 1,
            Self::Mux | Self::Select => 3,
            _ => 2,
        }
    }

    /// The kernel of a batch for this machine: operand lists and then parameters lie one after
    /// the other in the pool from `insn.a` on.
    pub fn batch(self) -> Run {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt") {
            return pick_batch::<Bmi2>(self);
        }
        pick_batch::<Baseline>(self)
    }

    /// The kernel of a single operation for this machine: the operands' offsets are in the
    /// instruction, the parameter is `insn.mask`. There is none for [`ScalarOp::Select`].
    pub fn single(self) -> Option<Run> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt") {
            return pick_single::<Bmi2>(self);
        }
        pick_single::<Baseline>(self)
    }
}

/// What one element does, from its operands and parameter.
trait Element {
    const OPERANDS: usize;
    fn value(a: u64, b: u64, c: u64, p: u32) -> u64;
}

#[inline(always)]
unsafe fn slot(base: *const u8, offset: u32) -> u64 {
    // SAFETY: the caller's promise that a slot is there.
    unsafe { base.add(offset as usize).cast::<u64>().read_unaligned() }
}

/// # Safety
/// `insn` is a batch of a program for the storage at `base`; results do not overlap operands.
#[inline(always)]
unsafe fn batch<E: Element>(base: *mut u8, insn: &Insn, pool: &[u32]) {
    let count = insn.count as usize;
    // SAFETY: the caller's promise; there is a list for each operand, and one of parameters.
    unsafe {
        let list = |k: usize| pool.as_ptr().add(insn.a as usize + k * count);
        let (a, p) = (list(0), list(E::OPERANDS));
        let b = if E::OPERANDS > 1 { list(1) } else { a };
        let c = if E::OPERANDS > 2 { list(2) } else { a };
        let to = base.add(insn.to as usize).cast::<u64>();
        for i in 0..count {
            let operand = |list: *const u32, k: usize| {
                if E::OPERANDS > k { slot(base, *list.add(i)) } else { 0 }
            };
            *to.add(i) = E::value(operand(a, 0), operand(b, 1), operand(c, 2), *p.add(i));
        }
    }
}

/// # Safety
/// As for [`batch`].
#[inline(always)]
unsafe fn single<E: Element>(base: *mut u8, insn: &Insn) {
    // SAFETY: the caller's promise.
    unsafe {
        let a = slot(base, insn.a);
        let b = if E::OPERANDS > 1 { slot(base, insn.b) } else { 0 };
        let c = if E::OPERANDS > 2 { slot(base, insn.c) } else { 0 };
        let to = base.add(insn.to as usize).cast::<u64>();
        to.write(E::value(a, b, c, insn.mask as u32));
    }
}

/// # Safety
/// As for [`batch`].
unsafe fn selects(base: *mut u8, insn: &Insn, context: &mut Context) {
    let count = insn.count as usize;
    // SAFETY: the caller's promise; `b` and `c` are lists of places in the pool and of last
    // options.
    unsafe {
        let pool = context.pool.as_ptr();
        let list = |k: usize| pool.add(insn.a as usize + k * count);
        let (a, b, c) = (list(0), list(1), list(2));
        let to = base.add(insn.to as usize).cast::<u64>();
        for i in 0..count {
            let index = slot(base, *a.add(i)).min(u64::from(*c.add(i)));
            *to.add(i) = slot(base, *pool.add(*b.add(i) as usize + index as usize));
        }
    }
}

macro_rules! elements {
    ($($name:ident $operands:literal |$a:ident, $b:ident, $c:ident, $p:ident| $value:expr;)*) => {
        $(
            struct $name;
            impl Element for $name {
                const OPERANDS: usize = $operands;

                #[inline(always)]
                fn value($a: u64, $b: u64, $c: u64, $p: u32) -> u64 {
                    $value
                }
            }
        )*

        fn pick_batch<I: Isa>(op: ScalarOp) -> Run {
            match op {
                $(ScalarOp::$name => I::batch::<$name>(),)*
                ScalarOp::Select => selects,
            }
        }

        fn pick_single<I: Isa>(op: ScalarOp) -> Option<Run> {
            match op {
                $(ScalarOp::$name => Some(I::single::<$name>()),)*
                ScalarOp::Select => None,
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

#[inline(always)]
fn field(value: u64, p: u32) -> u64 {
    (value << (p & 63)) >> ((p >> 8) & 63)
}

elements! {
    Load 1 |a, _b, _c, p| cut(a, p);
    Not 1 |a, _b, _c, p| cut(!a, p);
    And 2 |a, b, _c, _p| a & b;
    AndNot 2 |a, b, _c, _p| a & !b;
    Or 2 |a, b, _c, _p| a | b;
    Xor 2 |a, b, _c, _p| a ^ b;
    Add 2 |a, b, _c, p| cut(a.wrapping_add(b), p);
    Sub 2 |a, b, _c, p| cut(a.wrapping_sub(b), p);
    Mul 2 |a, b, _c, p| cut(a.wrapping_mul(b), p);
    MulHigh 2 |a, b, _c, _p| ((u128::from(a) * u128::from(b)) >> 64) as u64;
    Eq 2 |a, b, _c, _p| u64::from(a == b);
    Less 2 |a, b, _c, _p| u64::from(a < b);
    LessSigned 2 |a, b, _c, p| {
        u64::from((a << (p & 63)).cast_signed() < (b << (p & 63)).cast_signed())
    };
    ShiftLeft 2 |a, b, _c, p| cut(if_below_64(b, a << (b & 63)), p);
    ShiftRight 2 |a, b, _c, _p| if_below_64(b, a >> (b & 63));
    ShiftRightSigned 2 |a, b, _c, p| cut((signed(a, p) >> b.min(63)).cast_unsigned(), p >> 8);
    Mux 3 |a, b, c, _p| if c != 0 { a } else { b };
    Slice 1 |a, _b, _c, p| field(a, p);
    Insert 2 |a, b, _c, p| a | b << (p & 63);
    SignExtend 1 |a, _b, _c, p| cut(signed(a, p).cast_unsigned(), p >> 8);
    Test 1 |a, _b, _c, p| u64::from(field(a, p) != 0);
    Parity 1 |a, _b, _c, _p| u64::from(a.count_ones() & 1);
}

/// An instruction set for which kernels are compiled. Wide vectors do not help with operands from
/// all over the storage.
trait Isa {
    fn batch<E: Element>() -> Run;
    fn single<E: Element>() -> Run;
}

macro_rules! isa {
    ($name:ident, $module:ident $(, $features:literal)?) => {
        struct $name;

        mod $module {
            use super::{Context, Element, Insn};

            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn batch<E: Element>(b: *mut u8, insn: &Insn, context: &mut Context) {
                // SAFETY: the caller's promise.
                unsafe { super::batch::<E>(b, insn, &context.pool) }
            }

            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn single<E: Element>(b: *mut u8, insn: &Insn, _: &mut Context) {
                // SAFETY: the caller's promise.
                unsafe { super::single::<E>(b, insn) }
            }
        }

        impl Isa for $name {
            fn batch<E: Element>() -> Run {
                $module::batch::<E>
            }

            fn single<E: Element>() -> Run {
                $module::single::<E>
            }
        }
    };
}

isa! { Baseline, baseline }
#[cfg(target_arch = "x86_64")]
isa! { Bmi2, bmi2, "bmi2,popcnt" }
