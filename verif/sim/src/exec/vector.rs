//! Vector kernels: one operator over all lanes of a node, a chunk at a time.
//!
//! Each kernel is a loop over arrays of fixed length that the compiler turns into vector
//! instructions. It is compiled once for each instruction set ([`Isa`]); a program takes those
//! of the best set that the machine has.

use super::elem::Elem;
use super::insn::{Context, Insn, Run};
use super::word::Word;
use std::marker::PhantomData;

/// The operators of vector kernels, from operands of type `S` to a result of type `D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum VectorOp {
    Not,
    And,
    /// The first where the second is zero.
    AndNot,
    Or,
    Xor,
    Add,
    Sub,
    Mul,
    /// 64 bits only.
    MulHigh,
    ShiftLeft,
    ShiftRight,
    /// `shift` is the number of the operand's unused bits.
    ShiftRightSigned,
    Eq,
    Less,
    /// `shift` is the number of the operands' unused bits.
    LessSigned,
    /// Any bit of the mask is set.
    Test,
    Parity,
    /// `c`, of bytes, chooses `a` or `b`.
    Mux,
    /// `S` shifted right by `shift`, as `D`.
    Slice,
    /// `S` as `D`, shifted left by `shift`: the lowest part of a join.
    Place,
    /// `b`, of `S`, as `D`, shifted left by `shift`, joined to `a`, of `D`.
    Insert,
    /// `S` sign-extended to `D`; `shift` is the number of the operand's unused bits.
    SignExtend,
}

/// A kernel body.
pub(super) trait Kernel {
    /// # Safety
    /// Operands and result of `insn` have storage at `base` for all chunks; the result's does not
    /// overlap the operands'.
    unsafe fn run(base: *mut u8, insn: &Insn);
}

/// What one lane does; `mask` and `shift` are the instruction's.
trait Lanes1<S: Word, D: Word> {
    fn lane(a: S, mask: u64, shift: u8) -> D;
}

trait Lanes2<A: Word, B: Word, D: Word> {
    fn lane(a: A, b: B, mask: u64, shift: u8) -> D;
}

/// One operand, in chunks of `K` lanes.
struct Over1<O, S, D, const K: usize>(PhantomData<(O, S, D)>);
/// Two operands.
struct Over2<O, A, B, D, const K: usize>(PhantomData<(O, A, B, D)>);
/// The choice between two operands.
struct Choice<D, const K: usize>(PhantomData<D>);

impl<O: Lanes1<S, D>, S: Word, D: Word, const K: usize> Kernel for Over1<O, S, D, K> {
    #[inline(always)]
    unsafe fn run(base: *mut u8, insn: &Insn) {
        // SAFETY: the caller's promise.
        unsafe {
            let (mask, shift) = (insn.mask, insn.shift);
            let (mut to, mut a) = (base.add(insn.to as usize), base.add(insn.a as usize));
            for _ in 0..insn.count {
                let x = a.cast::<[S; K]>().read_unaligned();
                let mut z = [D::ZERO; K];
                for k in 0..K {
                    z[k] = O::lane(x[k], mask, shift);
                }
                to.cast::<[D; K]>().write_unaligned(z);
                to = to.add(K * size_of::<D>());
                a = a.add(usize::from(insn.steps[0]));
            }
        }
    }
}

impl<O, A, B, D, const K: usize> Kernel for Over2<O, A, B, D, K>
where
    O: Lanes2<A, B, D>,
    A: Word,
    B: Word,
    D: Word,
{
    #[inline(always)]
    unsafe fn run(base: *mut u8, insn: &Insn) {
        // SAFETY: the caller's promise.
        unsafe {
            let (mask, shift) = (insn.mask, insn.shift);
            let mut to = base.add(insn.to as usize);
            let (mut a, mut b) = (base.add(insn.a as usize), base.add(insn.b as usize));
            for _ in 0..insn.count {
                let x = a.cast::<[A; K]>().read_unaligned();
                let y = b.cast::<[B; K]>().read_unaligned();
                let mut z = [D::ZERO; K];
                for k in 0..K {
                    z[k] = O::lane(x[k], y[k], mask, shift);
                }
                to.cast::<[D; K]>().write_unaligned(z);
                to = to.add(K * size_of::<D>());
                a = a.add(usize::from(insn.steps[0]));
                b = b.add(usize::from(insn.steps[1]));
            }
        }
    }
}

impl<D: Word, const K: usize> Kernel for Choice<D, K> {
    #[inline(always)]
    unsafe fn run(base: *mut u8, insn: &Insn) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut to = base.add(insn.to as usize);
            let (mut a, mut b) = (base.add(insn.a as usize), base.add(insn.b as usize));
            let mut c = base.add(insn.c as usize);
            for _ in 0..insn.count {
                let x = a.cast::<[D; K]>().read_unaligned();
                let y = b.cast::<[D; K]>().read_unaligned();
                let w = c.cast::<[u8; K]>().read_unaligned();
                let mut z = [D::ZERO; K];
                for k in 0..K {
                    z[k] = if w[k] != 0 { x[k] } else { y[k] };
                }
                to.cast::<[D; K]>().write_unaligned(z);
                to = to.add(K * size_of::<D>());
                a = a.add(usize::from(insn.steps[0]));
                b = b.add(usize::from(insn.steps[1]));
                c = c.add(usize::from(insn.steps[2]));
            }
        }
    }
}

macro_rules! lanes1 {
    ($($op:ident |$a:ident, $mask:ident, $shift:ident| $z:expr;)*) => {$(
        struct $op;
        impl<S: Word, D: Word> Lanes1<S, D> for $op {
            #[inline(always)]
            fn lane($a: S, $mask: u64, $shift: u8) -> D {
                $z
            }
        }
    )*};
}

lanes1! {
    Not |a, mask, _s| D::cut(a.not().wide()).and(D::cut(mask));
    Test |a, mask, _s| D::cut(u64::from(!a.and(S::cut(mask)).equal(S::ZERO)));
    Parity |a, _m, _s| D::cut(u64::from(a.odd()));
    Slice |a, mask, s| D::cut(a.right(s).wide()).and(D::cut(mask));
    Place |a, mask, s| D::cut(a.wide()).left(s).and(D::cut(mask));
    SignExtend |a, mask, s| D::cut(a.extended(s).wide_signed() as u64).and(D::cut(mask));
}

macro_rules! lanes2 {
    ($($op:ident |$a:ident, $b:ident, $mask:ident, $shift:ident| $z:expr;)*) => {$(
        struct $op;
        impl<S: Word, D: Word> Lanes2<S, S, D> for $op {
            #[inline(always)]
            fn lane($a: S, $b: S, $mask: u64, $shift: u8) -> D {
                $z
            }
        }
    )*};
}

lanes2! {
    And |a, b, _m, _s| D::cut(a.and(b).wide());
    AndNot |a, b, _m, _s| D::cut(a.and(b.not()).wide());
    Or |a, b, _m, _s| D::cut(a.or(b).wide());
    Xor |a, b, _m, _s| D::cut(a.xor(b).wide());
    Add |a, b, mask, _s| D::cut(a.add(b).wide()).and(D::cut(mask));
    Sub |a, b, mask, _s| D::cut(a.sub(b).wide()).and(D::cut(mask));
    Mul |a, b, mask, _s| D::cut(a.mul(b).wide()).and(D::cut(mask));
    MulHigh |a, b, mask, _s| D::cut(a.mul_high(b).wide()).and(D::cut(mask));
    ShiftLeft |a, b, mask, _s| D::cut(a.shift_left(b).wide()).and(D::cut(mask));
    ShiftRight |a, b, _m, _s| D::cut(a.shift_right(b).wide());
    ShiftRightSigned |a, b, mask, s| D::cut(a.shift_right_signed(b, s).wide()).and(D::cut(mask));
    Equal |a, b, _m, _s| D::cut(u64::from(a.equal(b)));
    Less |a, b, _m, _s| D::cut(u64::from(a.less(b)));
    LessSigned |a, b, _m, s| D::cut(u64::from(a.less_signed(b, s)));
}

struct Insert;
impl<S: Word, D: Word> Lanes2<D, S, D> for Insert {
    #[inline(always)]
    fn lane(a: D, b: S, mask: u64, shift: u8) -> D {
        a.or(D::cut(b.wide()).left(shift)).and(D::cut(mask))
    }
}

/// An instruction set for which kernels are compiled.
trait Isa {
    fn entry<K: Kernel>() -> Run;
}

macro_rules! isa {
    ($(#[$doc:meta])* $name:ident, $module:ident $(, $features:literal)?) => {
        $(#[$doc])*
        struct $name;

        mod $module {
            use super::{Context, Insn, Kernel};

            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn entry<K: Kernel>(base: *mut u8, insn: &Insn, _: &mut Context) {
                // SAFETY: the caller's promise is the kernel's.
                unsafe { K::run(base, insn) }
            }
        }

        impl Isa for $name {
            fn entry<K: Kernel>() -> Run {
                $module::entry::<K>
            }
        }
    };
}

isa! { /** What every machine has. */ Baseline, baseline }
#[cfg(target_arch = "x86_64")]
isa! { /** 256-bit vectors. */ Avx2, avx2, "avx2,bmi2" }
#[cfg(target_arch = "x86_64")]
isa! { /** 512-bit vectors of all types. */ Avx512, avx512, "avx512f,avx512bw,avx512vl,avx512dq,bmi2" }

/// The kernel of an operator from operands of type `s` to a result of type `d`, for this machine.
/// `None` if the operator is not made for these types.
pub(crate) fn kernel(op: VectorOp, s: Elem, d: Elem) -> Option<Run> {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("bmi2")
        {
            return pick::<Avx512>(op, s, d);
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
            return pick::<Avx2>(op, s, d);
        }
    }
    pick::<Baseline>(op, s, d)
}

fn pick<I: Isa>(op: VectorOp, s: Elem, d: Elem) -> Option<Run> {
    match op {
        VectorOp::Slice => convert::<I, Slice>(s, d),
        VectorOp::Place => widen::<I, Place>(s, d),
        VectorOp::SignExtend => widen::<I, SignExtend>(s, d),
        VectorOp::Insert => insert::<I>(s, d),
        VectorOp::Test => to_byte::<I, Test>(s, d),
        VectorOp::Parity => to_byte::<I, Parity>(s, d),
        VectorOp::Eq => compare::<I, Equal>(s, d),
        VectorOp::Less => compare::<I, Less>(s, d),
        VectorOp::LessSigned => compare::<I, LessSigned>(s, d),
        _ if s != d => None,
        VectorOp::Not => Some(same1::<I, Not>(s)),
        VectorOp::Mux => Some(choice::<I>(s)),
        VectorOp::And => Some(same2::<I, And>(s)),
        VectorOp::AndNot => Some(same2::<I, AndNot>(s)),
        VectorOp::Or => Some(same2::<I, Or>(s)),
        VectorOp::Xor => Some(same2::<I, Xor>(s)),
        VectorOp::Add => Some(same2::<I, Add>(s)),
        VectorOp::Sub => Some(same2::<I, Sub>(s)),
        VectorOp::Mul => Some(same2::<I, Mul>(s)),
        VectorOp::MulHigh => {
            (s == Elem::U64).then(|| I::entry::<Over2<MulHigh, u64, u64, u64, 8>>())
        }
        VectorOp::ShiftLeft => Some(same2::<I, ShiftLeft>(s)),
        VectorOp::ShiftRight => Some(same2::<I, ShiftRight>(s)),
        VectorOp::ShiftRightSigned => Some(same2::<I, ShiftRightSigned>(s)),
    }
}

/// One operand of the result's type.
fn same1<I: Isa, O>(s: Elem) -> Run
where
    O: Lanes1<u8, u8> + Lanes1<u16, u16> + Lanes1<u32, u32> + Lanes1<u64, u64>,
{
    match s {
        Elem::U8 => I::entry::<Over1<O, u8, u8, 64>>(),
        Elem::U16 => I::entry::<Over1<O, u16, u16, 32>>(),
        Elem::U32 => I::entry::<Over1<O, u32, u32, 16>>(),
        Elem::U64 => I::entry::<Over1<O, u64, u64, 8>>(),
    }
}

/// Two operands of the result's type.
fn same2<I: Isa, O>(s: Elem) -> Run
where
    O: Lanes2<u8, u8, u8> + Lanes2<u16, u16, u16> + Lanes2<u32, u32, u32> + Lanes2<u64, u64, u64>,
{
    match s {
        Elem::U8 => I::entry::<Over2<O, u8, u8, u8, 64>>(),
        Elem::U16 => I::entry::<Over2<O, u16, u16, u16, 32>>(),
        Elem::U32 => I::entry::<Over2<O, u32, u32, u32, 16>>(),
        Elem::U64 => I::entry::<Over2<O, u64, u64, u64, 8>>(),
    }
}

fn choice<I: Isa>(s: Elem) -> Run {
    match s {
        Elem::U8 => I::entry::<Choice<u8, 64>>(),
        Elem::U16 => I::entry::<Choice<u16, 32>>(),
        Elem::U32 => I::entry::<Choice<u32, 16>>(),
        Elem::U64 => I::entry::<Choice<u64, 8>>(),
    }
}

/// One operand, a result of one byte.
fn to_byte<I: Isa, O>(s: Elem, d: Elem) -> Option<Run>
where
    O: Lanes1<u8, u8> + Lanes1<u16, u8> + Lanes1<u32, u8> + Lanes1<u64, u8>,
{
    (d == Elem::U8).then(|| match s {
        Elem::U8 => I::entry::<Over1<O, u8, u8, 64>>(),
        Elem::U16 => I::entry::<Over1<O, u16, u8, 32>>(),
        Elem::U32 => I::entry::<Over1<O, u32, u8, 16>>(),
        Elem::U64 => I::entry::<Over1<O, u64, u8, 8>>(),
    })
}

/// Two operands of one type, a result of one byte.
fn compare<I: Isa, O>(s: Elem, d: Elem) -> Option<Run>
where
    O: Lanes2<u8, u8, u8> + Lanes2<u16, u16, u8> + Lanes2<u32, u32, u8> + Lanes2<u64, u64, u8>,
{
    (d == Elem::U8).then(|| match s {
        Elem::U8 => I::entry::<Over2<O, u8, u8, u8, 64>>(),
        Elem::U16 => I::entry::<Over2<O, u16, u16, u8, 32>>(),
        Elem::U32 => I::entry::<Over2<O, u32, u32, u8, 16>>(),
        Elem::U64 => I::entry::<Over2<O, u64, u64, u8, 8>>(),
    })
}

/// One operand, of a type not wider than the result's.
fn widen<I: Isa, O>(s: Elem, d: Elem) -> Option<Run>
where
    O: Lanes1<u8, u8> + Lanes1<u8, u16> + Lanes1<u8, u32> + Lanes1<u8, u64>,
    O: Lanes1<u16, u16> + Lanes1<u16, u32> + Lanes1<u16, u64>,
    O: Lanes1<u32, u32> + Lanes1<u32, u64> + Lanes1<u64, u64>,
{
    Some(match (s, d) {
        (Elem::U8, Elem::U8) => I::entry::<Over1<O, u8, u8, 64>>(),
        (Elem::U8, Elem::U16) => I::entry::<Over1<O, u8, u16, 32>>(),
        (Elem::U8, Elem::U32) => I::entry::<Over1<O, u8, u32, 16>>(),
        (Elem::U8, Elem::U64) => I::entry::<Over1<O, u8, u64, 8>>(),
        (Elem::U16, Elem::U16) => I::entry::<Over1<O, u16, u16, 32>>(),
        (Elem::U16, Elem::U32) => I::entry::<Over1<O, u16, u32, 16>>(),
        (Elem::U16, Elem::U64) => I::entry::<Over1<O, u16, u64, 8>>(),
        (Elem::U32, Elem::U32) => I::entry::<Over1<O, u32, u32, 16>>(),
        (Elem::U32, Elem::U64) => I::entry::<Over1<O, u32, u64, 8>>(),
        (Elem::U64, Elem::U64) => I::entry::<Over1<O, u64, u64, 8>>(),
        _ => return None,
    })
}

/// One operand of any type.
fn convert<I: Isa, O>(s: Elem, d: Elem) -> Option<Run>
where
    O: Lanes1<u8, u8> + Lanes1<u8, u16> + Lanes1<u8, u32> + Lanes1<u8, u64>,
    O: Lanes1<u16, u8> + Lanes1<u16, u16> + Lanes1<u16, u32> + Lanes1<u16, u64>,
    O: Lanes1<u32, u8> + Lanes1<u32, u16> + Lanes1<u32, u32> + Lanes1<u32, u64>,
    O: Lanes1<u64, u8> + Lanes1<u64, u16> + Lanes1<u64, u32> + Lanes1<u64, u64>,
{
    match (s, d) {
        (Elem::U16, Elem::U8) => Some(I::entry::<Over1<O, u16, u8, 32>>()),
        (Elem::U32, Elem::U8) => Some(I::entry::<Over1<O, u32, u8, 16>>()),
        (Elem::U32, Elem::U16) => Some(I::entry::<Over1<O, u32, u16, 16>>()),
        (Elem::U64, Elem::U8) => Some(I::entry::<Over1<O, u64, u8, 8>>()),
        (Elem::U64, Elem::U16) => Some(I::entry::<Over1<O, u64, u16, 8>>()),
        (Elem::U64, Elem::U32) => Some(I::entry::<Over1<O, u64, u32, 8>>()),
        _ => widen::<I, O>(s, d),
    }
}

/// A first operand of the result's type, a second of a type not wider.
fn insert<I: Isa>(s: Elem, d: Elem) -> Option<Run> {
    Some(match (s, d) {
        (Elem::U8, Elem::U8) => I::entry::<Over2<Insert, u8, u8, u8, 64>>(),
        (Elem::U8, Elem::U16) => I::entry::<Over2<Insert, u16, u8, u16, 32>>(),
        (Elem::U8, Elem::U32) => I::entry::<Over2<Insert, u32, u8, u32, 16>>(),
        (Elem::U8, Elem::U64) => I::entry::<Over2<Insert, u64, u8, u64, 8>>(),
        (Elem::U16, Elem::U16) => I::entry::<Over2<Insert, u16, u16, u16, 32>>(),
        (Elem::U16, Elem::U32) => I::entry::<Over2<Insert, u32, u16, u32, 16>>(),
        (Elem::U16, Elem::U64) => I::entry::<Over2<Insert, u64, u16, u64, 8>>(),
        (Elem::U32, Elem::U32) => I::entry::<Over2<Insert, u32, u32, u32, 16>>(),
        (Elem::U32, Elem::U64) => I::entry::<Over2<Insert, u64, u32, u64, 8>>(),
        (Elem::U64, Elem::U64) => I::entry::<Over2<Insert, u64, u64, u64, 8>>(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::storage::Storage;
    use olivine_interp::{Undefined, undefined_bits};

    const OPS: [VectorOp; 22] = [
        VectorOp::Not,
        VectorOp::And,
        VectorOp::AndNot,
        VectorOp::Or,
        VectorOp::Xor,
        VectorOp::Add,
        VectorOp::Sub,
        VectorOp::Mul,
        VectorOp::MulHigh,
        VectorOp::ShiftLeft,
        VectorOp::ShiftRight,
        VectorOp::ShiftRightSigned,
        VectorOp::Eq,
        VectorOp::Less,
        VectorOp::LessSigned,
        VectorOp::Test,
        VectorOp::Parity,
        VectorOp::Mux,
        VectorOp::Slice,
        VectorOp::Place,
        VectorOp::Insert,
        VectorOp::SignExtend,
    ];
    const ELEMS: [Elem; 4] = [Elem::U8, Elem::U16, Elem::U32, Elem::U64];

    /// What two chunks of random operands become.
    fn result(run: Run, seed: u64, shift: u8, widest: Elem, s: Elem, d: Elem) -> Vec<u64> {
        let mut storage = Storage::default();
        let operands = [0, 1, 2].map(|_| storage.allocate(256, 64));
        let to = storage.allocate(256, 64);
        for (k, offset) in operands.into_iter().enumerate() {
            for word in 0..32 {
                let bits = undefined_bits(seed, "operand", 32 * k as u64 + word, 64).low_u64();
                // Small numbers are shift amounts, and equal each other now and then.
                let bits = if bits.is_multiple_of(3) { bits & 0x0303_0303_0303_0303 } else { bits };
                storage.store(Elem::U64, offset + 8 * word as u32, bits);
            }
        }
        let lanes = (64 / widest.bytes()) as u16;
        let step = |elem: Elem| lanes * elem.bytes() as u16;
        let [a, b, c] = operands;
        let mask = undefined_bits(seed, "mask", 0, 64).low_u64();
        let steps = [step(s), step(s), step(Elem::U8)];
        let insn = Insn { run, to, a, b, c, count: 2, steps, shift, mask };
        let mut context = Context {
            pool: Vec::new(),
            reads: Vec::new(),
            opens: Vec::new(),
            memories: Vec::new(),
            undefined: Undefined::Zero,
            cycle: 0,
        };
        // SAFETY: operands and result have 256 bytes each, more than two chunks.
        unsafe { run(storage.base(), &insn, &mut context) }
        (0..2 * u32::from(lanes)).map(|l| storage.load(d, to + l * d.bytes())).collect()
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn all_instruction_sets_compute_the_same() {
        let has_avx512 = is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("bmi2");
        let mut compared = 0;
        for op in OPS {
            for (s, d) in ELEMS.into_iter().flat_map(|s| ELEMS.map(|d| (s, d))) {
                let Some(baseline) = pick::<Baseline>(op, s, d) else { continue };
                let mut others = Vec::new();
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
                    others.extend(pick::<Avx2>(op, s, d));
                }
                if has_avx512 {
                    others.extend(pick::<Avx512>(op, s, d));
                }
                for seed in 0..4 {
                    let shift = (3 * seed % u64::from(s.bits())) as u8;
                    let expect = result(baseline, seed, shift, s.max(d), s, d);
                    for other in &others {
                        assert_eq!(result(*other, seed, shift, s.max(d), s, d), expect, "{op:?}");
                        compared += 1;
                    }
                }
            }
        }
        let sets = usize::from(is_x86_feature_detected!("avx2")) + usize::from(has_avx512);
        assert!(compared >= 400 * sets, "only {compared} comparisons");
    }
}
