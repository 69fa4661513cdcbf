//! The code that finds out, before anything else in an edge, whether a region stands still.
//!
//! It stands still if its leaves are as they were when it was done last, and its own states were
//! the same before and behind that. Own states are compared only once the leaves stay: while a
//! region works, nothing but its leaves is looked at.

use super::{Region, Span};
use crate::exec::Storage;
use crate::native::layout::Shape;
use crate::native::numbers::Numbers;
use crate::native::ops::{Bin, Cell, Class, Compare, Inst, Op, Operands, V, When};
use smallvec::smallvec;

/// A region that code leaves out when it stands still.
#[derive(Clone, Debug)]
pub(in crate::native) struct Watched {
    /// The occurrence whose states it began with.
    pub key: u32,
    /// What is known: 0 nothing, 1 that leaves are as before, and what own states were before the
    /// last time, 2 that it stands still.
    pub known: Cell,
    /// How often it was done, if that is counted.
    pub done: Option<Cell>,
    /// What it costs, and what it costs to find out, in instructions.
    pub weight: u32,
    pub price: u32,
}

/// Instructions that find out whether a region is to be done; the value is not zero if so.
pub(in crate::native) fn watch(
    region: &Region,
    counted: bool,
    shape: Shape,
    storage: &mut Storage,
    numbers: &mut Numbers,
) -> (Vec<Inst>, V, Watched) {
    let mut cell = || Cell { at: storage.allocate(8, 8), size: 8 };
    let (known, done) = (cell(), counted.then(&mut cell));
    let leaves = copies(&region.leaves, shape, storage);
    let own = copies(&region.own, shape, storage);
    let mut code = Code { insts: Vec::new(), numbers };
    let [zero, one] = [0, 1].map(|n| code.value(Op::Number(n), smallvec![]));
    let was_known = code.value(Op::Peek(known), smallvec![]);
    let (differ, seen) = code.compare(&leaves);
    let differ = differ.unwrap_or(zero);
    code.put(Op::If { when: When::Set, negated: false }, smallvec![differ]);
    seen.into_iter().for_each(|(op, v)| code.put(op, smallvec![v]));
    code.put(Op::Store(known), smallvec![zero]);
    code.put(Op::Else, smallvec![one]);
    let stands = When::Number(Compare::Equal, 2);
    code.put(Op::If { when: stands, negated: false }, smallvec![was_known]);
    code.put(Op::Else, smallvec![zero]);
    let changed = code.compare_and_copy(&own).unwrap_or(zero);
    let same = code.value(Op::CompareNumber(Compare::Equal, 0), smallvec![changed]);
    let known_before = code.value(Op::CompareNumber(Compare::Equal, 1), smallvec![was_known]);
    let still = code.value(Op::Scalar(Bin::And), smallvec![same, known_before]);
    let now_known = code.value(Op::ScalarNumber(Bin::Add, 1), smallvec![still]);
    code.put(Op::Store(known), smallvec![now_known]);
    let moves = code.value(Op::ScalarNumber(Bin::Xor, 1), smallvec![still]);
    let inner = code.value(Op::End(Some(Class::Scalar)), smallvec![moves]);
    let outer = code.value(Op::End(Some(Class::Scalar)), smallvec![inner]);
    if let Some(done) = done {
        let before = code.value(Op::Peek(done), smallvec![]);
        let after = code.value(Op::Scalar(Bin::Add), smallvec![before, outer]);
        code.put(Op::Store(done), smallvec![after]);
    }
    let price = 3 * leaves.len() as u32 + 4;
    let watched = Watched { key: region.key, known, done, weight: region.weight, price };
    (code.insts, outer, watched)
}

/// A block of the storage, as large as a vector or of 8 bytes, and its copy.
#[derive(Clone, Copy)]
struct Copied {
    at: u32,
    copy: u32,
    vector: bool,
}

/// Blocks that cover these places, aligned as vectors are.
fn copies(spans: &[Span], shape: Shape, storage: &mut Storage) -> Vec<Copied> {
    let bytes = 4 * shape.lanes;
    let rounded = |span: &Span| (span.at / 8 * 8, (span.at + span.bytes).next_multiple_of(8));
    let mut ranges: Vec<(u32, u32)> = spans.iter().map(rounded).collect();
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    let mut all = Vec::new();
    for (mut at, end) in merged {
        while at < end {
            let vector = at % bytes == 0 && end - at >= bytes;
            let size = if vector { bytes } else { 8 };
            all.push(Copied { at, copy: storage.allocate(size, size), vector });
            at += size;
        }
    }
    all
}

/// Instructions in the making.
struct Code<'a, 'n> {
    insts: Vec<Inst>,
    numbers: &'a mut Numbers<'n>,
}

impl Code<'_, '_> {
    fn value(&mut self, op: Op, from: Operands) -> V {
        self.numbers.push(&mut self.insts, op, from)
    }

    fn put(&mut self, op: Op, from: Operands) {
        self.insts.push(Inst { op, to: None, from });
    }

    /// What is in a block, and in its copy; not zero where they differ; and the store that makes
    /// the copy.
    fn block(&mut self, block: &Copied) -> (V, (Op, V)) {
        let [here, copy] =
            [block.at, block.copy].map(|at| Cell { at, size: if block.vector { 4 } else { 8 } });
        let (peek, xor): (fn(Cell) -> Op, Op) = if block.vector {
            (Op::VectorPeek, Op::Vector { op: Bin::Xor, wide: false })
        } else {
            (Op::Peek, Op::Scalar(Bin::Xor))
        };
        let now = self.value(peek(here), smallvec![]);
        let before = self.value(peek(copy), smallvec![]);
        let differ = self.value(xor, smallvec![now, before]);
        let store = if block.vector { Op::VectorStore(copy) } else { Op::Store(copy) };
        (differ, (store, now))
    }

    /// A scalar that is not zero if any block differs from its copy, if there are blocks; and the
    /// stores that make the copies.
    fn compare(&mut self, blocks: &[Copied]) -> (Option<V>, Vec<(Op, V)>) {
        let mut stores = Vec::new();
        let differ = self.any(blocks, |_, store| stores.push(store));
        (differ, stores)
    }

    /// As `compare`; makes the copies.
    fn compare_and_copy(&mut self, blocks: &[Copied]) -> Option<V> {
        self.any(blocks, |code, (op, v)| code.put(op, smallvec![v]))
    }

    fn any(&mut self, blocks: &[Copied], mut each: impl FnMut(&mut Self, (Op, V))) -> Option<V> {
        let (mut scalar, mut vector): (Option<V>, Option<V>) = (None, None);
        for block in blocks {
            let (differ, store) = self.block(block);
            let (so_far, or) = if block.vector {
                (&mut vector, Op::Vector { op: Bin::Or, wide: false })
            } else {
                (&mut scalar, Op::Scalar(Bin::Or))
            };
            *so_far = Some(match *so_far {
                None => differ,
                Some(before) => self.value(or, smallvec![before, differ]),
            });
            each(self, store);
        }
        let Some(vector) = vector else { return scalar };
        let test = Op::VectorTest { value: u64::from(u32::MAX), wide: false };
        let lanes = self.value(test, smallvec![vector]);
        let lanes = self.value(Op::MaskBits, smallvec![lanes]);
        Some(match scalar {
            None => lanes,
            Some(scalar) => self.value(Op::Scalar(Bin::Or), smallvec![scalar, lanes]),
        })
    }
}
