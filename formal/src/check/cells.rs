//! Every operator once more.

use super::clauses::{Clauses, Word};
use super::machine::{Machine, Values};
use crate::solver::SatLit;
use olivine_netlist::{Op, ReadKind, ValueId};

impl Machine<'_> {
    /// The value of a cell whose operands have theirs.
    pub(super) fn cell(
        &self,
        clauses: &mut Clauses,
        values: &Values,
        value: ValueId,
        registers: &[Option<Word>],
        memories: &[Option<Vec<Word>>],
    ) -> Word {
        let cell = self.flat.cell(value);
        let (width, word) = (cell.width, |v: &ValueId| values.word(*v));
        let no = !clauses.yes();
        match &cell.op {
            Op::Const(bits) => clauses.constant(bits),
            Op::Input(_) | Op::Undefined => clauses.free(width),
            Op::Wire(a) => word(a).clone(),
            Op::Not(a) => not(word(a)),
            Op::And(a, b) => each(word(a), word(b), |a, b| clauses.and(a, b)),
            Op::Or(a, b) => each(word(a), word(b), |a, b| clauses.any(&[a, b])),
            Op::Xor(a, b) => each(word(a), word(b), |a, b| clauses.xor(a, b)),
            Op::ReduceAnd(a) => vec![clauses.all(word(a))],
            Op::ReduceOr(a) => vec![clauses.any(word(a))],
            Op::ReduceXor(a) => vec![word(a).iter().fold(no, |p, &bit| clauses.xor(p, bit))],
            Op::Add(a, b) => clauses.add(word(a), word(b), no).0,
            Op::Sub(a, b) => clauses.add(word(a), &not(word(b)), !no).0,
            Op::MulUnsigned(a, b) => {
                product(clauses, &extended(word(a), no, width), &extended(word(b), no, width))
            }
            Op::MulSigned(a, b) => {
                let wide = |w: &Word| extended(w, w[w.len() - 1], width);
                product(clauses, &wide(word(a)), &wide(word(b)))
            }
            Op::Eq(a, b) => vec![!clauses.differ(word(a), word(b))],
            Op::LessUnsigned(a, b) => vec![less(clauses, word(a), word(b))],
            Op::LessSigned(a, b) => {
                // Of two signs that differ the negative one is less.
                let (a, b) = (word(a), word(b));
                let (sign_a, sign_b) = (a[a.len() - 1], b[b.len() - 1]);
                let (differ, below) = (clauses.xor(sign_a, sign_b), less(clauses, a, b));
                clauses.choose(differ, &[sign_a], &[below])
            }
            Op::ShiftLeft(a, by) => {
                let a = word(a);
                let moved = |by: usize| [vec![no; by], a[..a.len() - by].to_vec()].concat();
                shift(clauses, a.len(), word(by), no, moved)
            }
            Op::ShiftRight(a, by) => shift_right(clauses, word(a), word(by), no),
            Op::ShiftRightSigned(a, by) => {
                let a = word(a);
                shift_right(clauses, a, word(by), a[a.len() - 1])
            }
            Op::Mux { condition, then, otherwise } => {
                clauses.choose(word(condition)[0], word(then), word(otherwise))
            }
            Op::Select { index, options } => {
                let options: Vec<Word> = options.iter().map(|o| word(o).clone()).collect();
                clauses.pick(word(index), &options, &options[options.len() - 1])
            }
            Op::Concat(parts) => parts.iter().flat_map(|p| word(p).clone()).collect(),
            Op::Slice { value, low } => word(value)[*low as usize..][..width as usize].to_vec(),
            Op::Extend(a) => extended(word(a), no, width),
            Op::ExtendSigned(a) => extended(word(a), word(a)[word(a).len() - 1], width),
            Op::Register(r) => {
                let state = registers[r.index()].clone().expect("needed registers are here");
                self.seen(clauses, values.reset, &self.flat.registers[r.index()], state)
            }
            Op::ReadData { memory, port } => {
                let (declared, port) = (&self.flat.memories[memory.index()], *port as usize);
                let now = memories[memory.index()].as_ref().expect("needed memories are here");
                let read = &declared.reads[port];
                if read.kind != ReadKind::Async {
                    return now[self.held_at(*memory, port)].clone();
                }
                let undefined = clauses.free(width);
                if let Some(followed) = &self.followed[memory.index()] {
                    let words = followed.words_of(now);
                    return followed.read(clauses, declared, word(&read.address), words, undefined);
                }
                let words = &now[..declared.depth as usize];
                clauses.pick(word(&read.address), words, &undefined)
            }
            Op::InstanceOutput { .. } => unreachable!("a flat module has no instances"),
        }
    }
}

fn not(a: &Word) -> Word {
    a.iter().map(|&bit| !bit).collect()
}

fn each(a: &Word, b: &Word, mut gate: impl FnMut(SatLit, SatLit) -> SatLit) -> Word {
    a.iter().zip(b).map(|(&a, &b)| gate(a, b)).collect()
}

fn extended(a: &Word, fill: SatLit, width: u32) -> Word {
    let mut wide = a.clone();
    wide.resize(width as usize, fill);
    wide
}

/// A value is less than this number.
pub(super) fn below(clauses: &mut Clauses, a: &Word, number: u64) -> SatLit {
    let bit = |i: usize| clauses.bit(i < 64 && number >> i & 1 == 1);
    let number: Word = (0..a.len()).map(bit).collect();
    less(clauses, a, &number)
}

/// `a - b` borrows.
fn less(clauses: &mut Clauses, a: &Word, b: &Word) -> SatLit {
    let yes = clauses.yes();
    !clauses.add(a, &not(b), yes).1
}

/// Of two values as wide as the product: one shifted copy of `a` for each bit of `b`.
fn product(clauses: &mut Clauses, a: &Word, b: &Word) -> Word {
    let no = !clauses.yes();
    let mut sum = vec![no; a.len()];
    for (i, &bit) in b.iter().enumerate() {
        let mut row = vec![no; i];
        row.extend(a[..a.len() - i].iter().map(|&a| clauses.and(a, bit)));
        sum = clauses.add(&sum, &row, no).0;
    }
    sum
}

fn shift_right(clauses: &mut Clauses, a: &Word, by: &Word, fill: SatLit) -> Word {
    let moved = |by: usize| [a[by..].to_vec(), vec![fill; by]].concat();
    shift(clauses, a.len(), by, fill, moved)
}

/// `moved(n)` where the amount is `n` and less than the width, else nothing but `fill`.
fn shift(
    clauses: &mut Clauses,
    width: usize,
    by: &Word,
    fill: SatLit,
    moved: impl Fn(usize) -> Word,
) -> Word {
    let options: Vec<Word> = (0..width).map(moved).collect();
    clauses.pick(by, &options, &vec![fill; width])
}
