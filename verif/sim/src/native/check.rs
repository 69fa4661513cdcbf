//! Every operation on vectors and masks, on each instruction set, against its meaning; and what
//! that is worth: wrong emissions are noticed.

mod cases;
mod encodings;
mod meaning;

use super::asm::Asm;
use super::code::Code;
use super::emit256::Avx2;
use super::emit512::Avx512;
use super::layout::Shape;
use super::ops::{Bin, Cell, Class, Inst, Op, V, When};
#[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
use super::portable::Portable;
use super::program::Program;
use super::target::{Backend, Target};
use crate::Tier;
use crate::exec::{Elem, Storage};
use cases::{Case, Kind, cases, operands, swapped, wrong};
use meaning::{Value, meaning};
use smallvec::smallvec;
use std::marker::PhantomData;

/// Lanes that each operation is tried with, some in a register.
const LANES_TRIED: u64 = 640;

/// One operation as code: its operands come from the storage, its result goes there.
struct Harness {
    shape: Shape,
    insts: Vec<Inst>,
    storage: Storage,
    values: u32,
}

impl Harness {
    fn value(&mut self, op: Op, from: &[V]) -> V {
        let to = V(self.values);
        self.values += 1;
        self.insts.push(Inst { op, to: Some(to), from: from.into() });
        to
    }

    /// An operand, and where it is put. A mask is where a vector is not zero.
    fn operand(&mut self, kind: Kind) -> (V, u32) {
        let at = self.storage.allocate(64, 64);
        if matches!(kind, Kind::Scalar | Kind::Bit) {
            return (self.value(Op::Load(Cell { at, size: 8 }), &[]), at);
        }
        let lanes = self.value(Op::VectorLoad(Cell { at, size: 4 }), &[]);
        let value = match kind {
            Kind::Mask => {
                self.value(Op::VectorTest { value: u64::from(u32::MAX), wide: false }, &[lanes])
            }
            Kind::Half => self.value(Op::VectorTest { value: u64::MAX, wide: true }, &[lanes]),
            _ => lanes,
        };
        (value, at)
    }

    /// Where a value is found that is like this one.
    fn keep(&mut self, v: V, like: &Value) -> u32 {
        let at = self.storage.allocate(64, 64);
        let (v, op) = match like {
            Value::Scalar(_) => (v, Op::Store(Cell { at, size: 8 })),
            Value::Vector(_) => (v, Op::VectorStore(Cell { at, size: 4 })),
            Value::Mask(_) | Value::Half(_) => {
                let wide = matches!(like, Value::Half(_));
                let all = self.value(Op::Masked { value: u64::MAX >> 1, wide }, &[v]);
                (all, Op::VectorStore(Cell { at, size: 4 }))
            }
        };
        self.insts.push(Inst { op, to: None, from: smallvec![v] });
        at
    }

    fn code<T: Backend>(&mut self, case: &Case) -> Code {
        let program = Program {
            insts: std::mem::take(&mut self.insts),
            values: self.values,
            tables: case.tables.clone(),
            stop: None,
            flushed: case.is_flushed(),
            work: Default::default(),
            watched: Vec::new(),
        };
        T::code(&[program], &mut self.storage).expect("memory for machine code")
    }

    fn put(&mut self, at: u32, value: &Value) {
        let words: Vec<u32> = match value {
            Value::Scalar(value) => vec![*value as u32, (*value >> 32) as u32],
            Value::Vector(lanes) => lanes.clone(),
            Value::Mask(bits) => bits.iter().map(|bit| (*bit).into()).collect(),
            Value::Half(bits) => bits.iter().flat_map(|bit| [(*bit).into(), 0]).collect(),
        };
        for (k, word) in words.into_iter().enumerate() {
            self.storage.store(Elem::U32, at + 4 * k as u32, word.into());
        }
    }

    fn found(&self, at: u32, like: &Value) -> Value {
        let lane = |k: u32| self.storage.load(Elem::U32, at + 4 * k);
        let pair = |k: u32| self.storage.load(Elem::U64, at + 8 * k);
        let n = self.shape.lanes;
        match like {
            Value::Scalar(_) => Value::Scalar(pair(0)),
            Value::Vector(_) => Value::Vector((0..n).map(|k| lane(k) as u32).collect()),
            Value::Mask(_) => Value::Mask((0..n).map(|k| lane(k) != 0).collect()),
            Value::Half(_) => Value::Half((0..n / 2).map(|k| pair(k) != 0).collect()),
        }
    }
}

/// What is emitted in the place of an operation.
#[derive(Clone, Copy, Debug)]
struct Emitted {
    op: Op,
    swapped: Option<[usize; 2]>,
}

impl Emitted {
    fn new(op: Op) -> Self {
        Self { op, swapped: None }
    }

    fn operands(self) -> usize {
        let none = matches!(self.op, Op::VectorNumber { .. } | Op::MaskNumber(_));
        if none { 0 } else { usize::MAX }
    }
}

/// Whether an operation is what `case` says, with all sets of operands. What is emitted may be
/// another operation: one that is planted.
///
/// Operands that are used afterwards keep their registers, others hand them on: each choice of
/// these is tried.
fn agrees<T: Backend>(case: &Case, emitted: Emitted) -> bool {
    (0..1 << case.kinds.len()).all(|kept| agrees_keeping::<T>(case, emitted, kept))
}

fn agrees_keeping<T: Backend>(case: &Case, emitted: Emitted, kept: usize) -> bool {
    let lanes = T::SHAPE.lanes as usize;
    let sample = operands(case, lanes, 0);
    let like = meaning(case.op, &case.tables, lanes, &sample);
    let storage = Storage::default();
    let mut harness = Harness { shape: T::SHAPE, insts: Vec::new(), storage, values: 0 };
    let from: Vec<(V, u32)> = case.kinds.iter().map(|kind| harness.operand(*kind)).collect();
    let values: Vec<V> = from.iter().map(|(v, _)| *v).collect();
    let mut given = values.clone();
    emitted.swapped.iter().for_each(|[a, b]| given.swap(*a, *b));
    given.truncate(emitted.operands());
    let result = harness.value(emitted.op, &given);
    let result = harness.keep(result, &like);
    let is_kept = |k: &usize| kept >> k & 1 == 1;
    let after: Vec<(usize, u32)> = (0..values.len())
        .filter(is_kept)
        .map(|k| (k, harness.keep(values[k], &sample[k])))
        .collect();
    let code = harness.code::<T>(case);
    (0..LANES_TRIED / lanes as u64).all(|seed| {
        let made = operands(case, lanes, seed);
        from.iter().zip(&made).for_each(|((_, at), value)| harness.put(*at, value));
        // SAFETY: the function was made for this storage.
        let left = unsafe { code.run(0, harness.storage.base(), 1) };
        assert_eq!(left, 0, "one cycle was asked for");
        let expected = meaning(case.op, &case.tables, lanes, &made);
        harness.found(result, &expected) == expected
            && after.iter().all(|(k, at)| harness.found(*at, &made[*k]) == made[*k])
    })
}

/// The operations that a backend has.
fn all_cases<T: Backend>(floats: bool) -> Vec<Case> {
    let all = cases(T::SHAPE.lanes, T::TERNARY).into_iter();
    all.filter(|case| floats || !matches!(case.op, Op::Float(_))).collect()
}

fn all_agree<T: Backend>(floats: bool) -> usize {
    let all = all_cases::<T>(floats);
    all.iter().for_each(|case| assert!(agrees::<T>(case, Emitted::new(case.op)), "{:?}", case.op));
    all.len()
}

/// Each operation as another, or with operands that change places: how many are noticed, and those
/// that are not.
fn planted<T: Backend>(floats: bool) -> (usize, Vec<(Op, Emitted)>) {
    let all = all_cases::<T>(floats);
    let planted = all.iter().flat_map(|case| {
        let other = wrong(case).map(Emitted::new);
        let swapped = swapped(case.op).map(|pair| Emitted { op: case.op, swapped: Some(pair) });
        other.into_iter().chain(swapped).map(move |emitted| (case, emitted))
    });
    let (noticed, missed): (Vec<_>, Vec<_>) =
        planted.partition(|(case, emitted)| !agrees::<T>(case, *emitted));
    (noticed.len(), missed.into_iter().map(|(case, emitted)| (case.op, emitted)).collect())
}

/// As `T`, but every operand may hand its register on: to an instruction that still needs it.
struct Hasty<T>(PhantomData<T>);

impl<T: Target> Target for Hasty<T> {
    const SHAPE: Shape = <T as Target>::SHAPE;
    const VECTORS: &'static [u8] = T::VECTORS;
    const MASKS: Option<&'static [u8]> = T::MASKS;
    const TERNARY: bool = <T as Target>::TERNARY;

    fn shared(_: Op) -> usize {
        4
    }

    fn vector(asm: &mut Asm, tables: &[[u32; 16]], op: Op, to: u8, from: &[u8]) {
        T::vector(asm, tables, op, to, from);
    }

    fn mask(asm: &mut Asm, op: Op, to: u8, from: &[u8]) {
        T::mask(asm, op, to, from);
    }

    fn extract(asm: &mut Asm, op: Op, to: u8, from: u8) {
        T::extract(asm, op, to, from);
    }

    fn test_mask(asm: &mut Asm, mask: u8) {
        T::test_mask(asm, mask);
    }

    fn copy(asm: &mut Asm, class: Class, to: u8, from: u8) {
        T::copy(asm, class, to, from);
    }
}

/// The operations that differ in that way.
fn hurried<T: Target>() -> Vec<Op> {
    let all = cases(<T as Target>::SHAPE.lanes, <T as Target>::TERNARY);
    all.iter()
        .filter(|case| !agrees::<Hasty<T>>(case, Emitted::new(case.op)))
        .map(|case| case.op)
        .collect()
}

#[test]
fn operations_are_what_they_mean() {
    if Tier::Avx2.is_available() {
        assert!(all_agree::<Avx2>(true) > 500);
    }
    if Tier::Avx512.is_available() {
        assert!(all_agree::<Avx512>(true) > 500);
    }
    #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
    assert!(all_agree::<Portable>(false) > 500);
}

#[test]
fn wrong_emissions_are_noticed() {
    let mut all = Vec::new();
    if Tier::Avx2.is_available() {
        all.push(planted::<Avx2>(true));
    }
    if Tier::Avx512.is_available() {
        all.push(planted::<Avx512>(true));
    }
    #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
    all.push(planted::<Portable>(false));
    for (noticed, missed) in all {
        assert!(noticed > 500 && missed.is_empty(), "{noticed} noticed, not: {missed:?}");
    }
}

#[test]
fn a_register_that_is_given_away_too_early_is_noticed() {
    if Tier::Avx2.is_available() {
        let hurried = hurried::<Avx2>();
        let has = |wanted: fn(&Op) -> bool| hurried.iter().any(wanted);
        assert!(has(|op| matches!(op, Op::Permute { .. })), "{hurried:?}");
        assert!(has(|op| matches!(op, Op::Permute2 { .. })), "{hurried:?}");
        assert!(has(|op| matches!(op, Op::Vector { op: Bin::Mul, wide: true })), "{hurried:?}");
        assert!(has(|op| matches!(op, Op::VectorShiftBy { wide: true, .. })), "{hurried:?}");
    }
}

/// Whether a body under a mask is done: if a lane is set, or, `negated`, if one is not.
fn is_done<T: Backend>(bits: &[bool], negated: bool) -> bool {
    let case = Case { op: Op::MaskNot, kinds: vec![Kind::Mask], tables: Vec::new() };
    let storage = Storage::default();
    let mut harness = Harness { shape: T::SHAPE, insts: Vec::new(), storage, values: 0 };
    let (mask, at) = harness.operand(Kind::Mask);
    harness.put(at, &Value::Mask(bits.to_vec()));
    let one = harness.value(Op::Number(1), &[]);
    let looks = Op::If { when: When::Any, negated };
    harness.insts.push(Inst { op: looks, to: None, from: smallvec![mask] });
    let done = harness.keep(one, &Value::Scalar(1));
    harness.insts.push(Inst { op: Op::End(None), to: None, from: smallvec![] });
    let code = harness.code::<T>(&case);
    // SAFETY: the function was made for this storage.
    unsafe { code.run(0, harness.storage.base(), 1) };
    harness.found(done, &Value::Scalar(1)) == Value::Scalar(1)
}

fn masks_decide<T: Backend>() {
    let lanes = T::SHAPE.lanes as usize;
    for set in 0..=lanes {
        let bits: Vec<bool> = (0..lanes).map(|lane| lane < set).collect();
        assert_eq!(is_done::<T>(&bits, false), set > 0, "{set} lanes are set");
        assert_eq!(is_done::<T>(&bits, true), set < lanes, "{set} lanes are set, negated");
    }
}

#[test]
fn bodies_under_masks_are_done_where_lanes_are_set() {
    if Tier::Avx2.is_available() {
        masks_decide::<Avx2>();
    }
    if Tier::Avx512.is_available() {
        masks_decide::<Avx512>();
    }
    #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
    masks_decide::<Portable>();
}

/// Kinds of operands and what they are made of stay in step.
#[test]
fn operands_have_their_kinds() {
    for case in cases(8, true) {
        let made = operands(&case, 8, 1);
        assert_eq!(made.len(), case.kinds.len(), "{:?}", case.op);
        for (value, kind) in made.iter().zip(&case.kinds) {
            let fits = match value {
                Value::Scalar(_) => matches!(kind, Kind::Scalar | Kind::Bit),
                Value::Vector(_) => !matches!(kind, Kind::Mask | Kind::Half),
                Value::Mask(_) => *kind == Kind::Mask,
                Value::Half(_) => *kind == Kind::Half,
            };
            assert!(fits, "{kind:?} of {:?}", case.op);
        }
    }
}
