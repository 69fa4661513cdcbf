//! [`Array`]: N×N processing elements with skewed edges.

use super::pe::{Pe, Step, later};
use super::pe_kind::{BLOCK, PeKind};
use olivine_lang::prelude::*;

/// Multiplies a column of one matrix by a row of another each cycle and sums the outer products,
/// `N·N` of them or more, in place.
///
/// ```text
///               b[0] … b[N-1]
///                 |       |            skewed inside: row r and column r are r cycles late
///           +------------------+
///  a[0] --->|  pe[0][0]  …     |
///    …      |     …            |
///  a[N-1]-->|         pe[N][N] |
///           +------------------+
///                 |       |
///           result[0] … result[N-1]    column c is c cycles late, or more
/// ```
///
/// *Parameters*: `size`, N; `kind`, what elements multiply and how they sum. Below, L stands for
/// [`PeKind::interleaved`] and D for [`PeKind::latency`].
///
/// *Behaviour*: with each valid step, `sum[r][c] += a[r]·b[c]`. Where elements have several sums,
/// L cycles are a group, which is valid, first or last as a whole: cycle `i` of a group adds to sum
/// `i` of each element. After the group marked last, the N rows of sums leave at the bottom, the
/// last row first, while the next tile's steps may already go on.
///
/// *Timing*: one step a cycle; bubbles are allowed, in whole groups. If the last group begins in
/// cycle t, sum `i modulo L` of row `N-1-i/L` is in `result[c]` in cycle
/// `t + N + D + L - 2 + i + late(c)`; `drained` is one in the cycles of column 0. `late(c)` is `c`;
/// but columns of MX blocks leave one after the other, as many as 32 cycles suffice for, so that
/// one adder of blocks can serve them all: `late(c) = c - c mod G + N·(c mod G)` with G the lesser
/// of N and 32/N. The next last group begins [`Array::least_distance`] or more cycles later:
/// assumed.
///
/// *Reset*: no step is in flight.
///
/// *Undefined*: `result` where it has no row.
///
/// *Verification*: against the golden models, every kind and all sizes, with bubbles.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Array {
    /// N: rows and columns.
    pub size: usize,
    /// What the elements do.
    pub kind: PeKind,
}

/// The ports of [`Array`].
#[derive(Ports)]
pub struct ArrayPorts {
    /// What to do with the pair of vectors.
    pub step: In<Step>,
    /// A column of the left matrix.
    pub a: In<Vec<Unsigned>>,
    /// A row of the right matrix.
    pub b: In<Vec<Unsigned>>,
    /// Column 0 of a row of sums leaves.
    pub drained: Out<Bit>,
    /// The bottom of each column.
    pub result: Out<Vec<Unsigned>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn check(&self) -> Result<(), String> {
        match self.kind {
            PeKind::Mx(_) if self.size > BLOCK => {
                Err(format!("{} rows drain in more cycles than an MX block has", self.size))
            }
            kind => kind.possible(),
        }
    }

    fn ports(&self) -> ArrayPorts {
        let edge = vec![self.kind.factor(); self.size];
        let result = vec![self.kind.sum(); self.size];
        ArrayPorts { step: Step::shape_of(), a: edge.clone(), b: edge, drained: bit(), result }
    }

    fn name(&self) -> String {
        format!("array_{}_of_{}", self.size, self.kind.tag())
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let (n, sums) = (self.size, self.kind.interleaved());
        let finished = self.finished(p.step);
        let leaves = self.leaves();
        let grid = instances(Pe { kind: self.kind }, [n, n], "pe");
        let mut step = p.step;
        for r in 0..n {
            if r > 0 {
                step = later(step);
            }
            // The sums of rows 0 to r pass the lower end of row r: all but the first by a shift.
            let shifts = (r + 1) * sums - 1;
            let shift = any_of(finished[leaves..leaves + shifts].iter().copied());
            let west = delay(p.a[r], r as u32);
            for c in 0..n {
                let pe = &grid[r][c];
                let from = (r > 0).then(|| &grid[r - 1][c]);
                pe.b.drive(from.map_or_else(|| delay(p.b[c], c as u32), |north| north.b_next));
                pe.drain
                    .drive(from.map_or_else(|| zero(pe.drain.shape()), |north| north.drain_next));
                let west_pe = (c > 0).then(|| &grid[r][c - 1]);
                pe.a.drive(west_pe.map_or(west, |west| west.a_next));
                pe.step.drive(west_pe.map_or(step, |west| west.step_next));
                let in_group = c % self.group();
                pe.shift.drive(match west_pe {
                    Some(west) if in_group > 0 => delay(west.shift_next, self.spacing()),
                    Some(west) => {
                        unused(west.shift_next);
                        delay(shift, c as u32)
                    }
                    None => shift,
                });
            }
        }
        p.drained.drive(any_of(finished[leaves..].iter().copied()));
        for c in 0..n {
            p.result[c].drive(grid[n - 1][c].drain_next);
        }
    }
}

impl Array {
    /// N×N elements of bf16 whose adder has one stage.
    pub fn bf16(size: usize) -> Self {
        Self { size, kind: PeKind::Bf16 { stages: 1 } }
    }

    /// Cycles from the beginning of a last group to that of the next, at least.
    pub fn least_distance(&self) -> usize {
        let sums = self.kind.interleaved();
        match self.kind {
            PeKind::Mx(_) => BLOCK,
            _ if sums == 1 => self.size,
            _ => (self.size + 1) * sums,
        }
    }

    /// Cycles from the beginning of a last group to column 0 of the first row that leaves.
    pub(super) fn leaves(&self) -> usize {
        self.size + self.kind.latency() + self.kind.interleaved() - 2
    }

    /// How many cycles column `c` leaves after column 0.
    pub fn late(&self, c: usize) -> usize {
        let in_group = c % self.group();
        c + in_group * self.spacing() as usize
    }

    /// Columns that follow each other from west to east.
    fn group(&self) -> usize {
        match self.kind {
            PeKind::Mx(_) => self.size.min(BLOCK / self.size),
            _ => self.size,
        }
    }

    /// Cycles of which a column of a group is later than its step is.
    fn spacing(&self) -> u32 {
        if matches!(self.kind, PeKind::Mx(_)) { self.size as u32 - 1 } else { 0 }
    }

    /// Element i: a last group began i cycles ago, up to when its first row has left.
    #[named]
    fn finished(&self, step: Step) -> Vec<Bit> {
        let sums = self.kind.interleaved();
        let mut chain = vec![step.valid & step.last & self.group_begins(step)];
        for age in 1..self.leaves() + self.size * sums {
            let next = reg(bit()).reset(false).named(&format!("finished{age}"));
            next.set(chain[age - 1]);
            chain.push(next);
        }
        let latest = self.least_distance().min(chain.len());
        let recent = any_of(chain[1..latest].iter().copied());
        assume("tiles finish far enough apart", !(chain[0] & recent));
        chain
    }

    /// Whether this cycle is the first of a group.
    #[named]
    fn group_begins(&self, step: Step) -> Bit {
        let sums = self.kind.interleaved();
        if sums == 1 {
            return constant(bit(), true);
        }
        let phase = reg(unsigned(index_width(sums))).reset(0);
        let last = phase.eq(sums - 1);
        phase.set(last.select(zero(phase.shape()), phase.wrapping_add(1)));
        let begins = phase.eq(0);
        let whole = step.valid.eq(past(step.valid))
            & (!step.valid | (step.first.eq(past(step.first)) & step.last.eq(past(step.last))));
        always("groups are whole", begins | whole);
        begins
    }
}
