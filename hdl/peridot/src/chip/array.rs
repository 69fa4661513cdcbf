//! [`Array`]: N×N processing elements with skewed edges.

use super::pe::{Pe, Step};
use olivine_float::Format;
use olivine_lang::prelude::*;

/// Multiplies a column of one matrix by a row of another each cycle and sums the outer products,
/// `N·N` of them, in place.
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
///           result[0] … result[N-1]    column c is c cycles late
/// ```
///
/// *Behaviour*: with each valid step, `sum[r][c] += a[r]·b[c]`. After the step marked last, the N
/// rows of sums leave at the bottom, the last row first, while the next tile's steps may already
/// go on.
///
/// *Timing*: one step a cycle; bubbles are allowed. If the last step comes in cycle t, row
/// `N-1-i` of column c is in `result[c]` in cycle `t + N + 2 + i + c`; `drained` is one in the
/// cycles of column 0. The next last step comes N or more cycles later: asserted.
///
/// *Reset*: no step is in flight.
///
/// *Undefined*: `result` where it has no row.
///
/// *Verification*: against chains of the golden model's multiply-accumulate, all sizes, with
/// bubbles.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Array {
    /// N: rows and columns.
    pub size: usize,
}

/// The ports of [`Array`].
#[derive(Ports)]
pub struct ArrayPorts {
    /// What to do with the pair of vectors.
    pub step: In<Step>,
    /// A column of the left matrix.
    pub a: In<Vec<Float>>,
    /// A row of the right matrix.
    pub b: In<Vec<Float>>,
    /// Column 0 of a row of sums leaves.
    pub drained: Out<Bit>,
    /// The bottom of each column.
    pub result: Out<Vec<Float>>,
}

impl Module for Array {
    type Ports = ArrayPorts;

    fn ports(&self) -> ArrayPorts {
        let edge = vec![Format::BF16.shape(); self.size];
        let result = vec![Format::FP32.shape(); self.size];
        ArrayPorts { step: Step::shape_of(), a: edge.clone(), b: edge, drained: bit(), result }
    }

    #[named]
    fn build(&self, p: ArrayPorts) {
        let n = self.size;
        let finished = self.finished(p.step);
        let grid = instances(Pe, [n, n], "pe");
        let mut step = p.step;
        for r in 0..n {
            if r > 0 {
                step = later(step);
            }
            // Row r of the sums is shifted r times, from when row N-1 is at the bottom.
            let shift = any_of(finished[n + 2..n + 2 + r].iter().copied());
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
                pe.shift.drive(west_pe.map_or(shift, |west| west.shift_next));
            }
        }
        p.drained.drive(any_of(finished[n + 2..].iter().copied()));
        for c in 0..n {
            p.result[c].drive(grid[n - 1][c].drain_next);
        }
    }
}

impl Array {
    /// Element i: there was a last step i cycles ago, up to when its first row has left.
    fn finished(&self, step: Step) -> Vec<Bit> {
        let mut chain = vec![step.valid & step.last];
        for age in 1..=2 * self.size + 1 {
            let next = reg(bit()).reset(false).named(&format!("finished{age}"));
            next.set(chain[age - 1]);
            chain.push(next);
        }
        let recent = any_of(chain[1..self.size].iter().copied());
        always("tiles finish N or more cycles apart", !(chain[0] & recent));
        chain
    }
}

/// A step one cycle later.
fn later(step: Step) -> Step {
    let next = reg(step.shape());
    next.set(step);
    Step { valid: next.valid.reset(false), ..next }
}
