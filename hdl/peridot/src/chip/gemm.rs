//! [`GemmEngine`]: drives scratchpads, array and result buffer.

use super::flight::Flight;
use super::operands::GemmOperands;
use super::pe::Step;
use super::processor::works_from;
use super::scratchpad::LineRead;
use crate::PeridotConfig;
use olivine_lang::prelude::*;

/// Carries out GEMM: reads a line of each scratchpad a cycle, tells the array what to do with the
/// pair, and says where the sums belong that leave it.
///
/// ```text
///             +------------+---> read_a, read_b   (to the scratchpads)
///   start --->|            |---> step             (to the array, with the lines)
/// operands -->| GemmEngine |<--- drained          (from the array)
///             +------------+---> result_valid, result_row (to the result buffer)
/// ```
///
/// *Behaviour*: for each result tile, row by row, for each k: column `l` of `op(A)` and row `l` of
/// `op(B)`, `l = 0 … N-1`. A tile lies in its scratchpad as it was loaded; transposing is reading
/// the other way.
///
/// *Timing*: from the cycle after `start`, one pair a cycle without a gap, `mt·nt·kt·N` in all. The
/// lines are with the array two cycles after they are asked for, and so is `step`. `busy` holds
/// until the last column of the last row is in the result buffer, `3N + 2` cycles after the last
/// pair was asked for.
///
/// *Handshake*: `start` only while not busy; `operands` stay until it is idle again: asserted.
/// `drained` as [`Array`](super::Array) gives it for `step`: assumed.
///
/// *Reset*: idle.
///
/// *Undefined*: products with tiles that are not there. Such tiles, and result tiles that are not
/// there, raise `out_of_range`; the latter are not written.
///
/// *Verification*: within the chip, all transposes. Proved: each tile is written once, when and
/// where it should be, and `busy` holds until then.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct GemmEngine {
    /// The chip.
    pub config: PeridotConfig,
}

/// Cycles from asking for a line to its being with the array.
const READ_LATENCY: u32 = 2;

/// The ports of [`GemmEngine`].
#[derive(Ports)]
pub struct GemmEnginePorts {
    /// Begins.
    pub start: In<Bit>,
    /// With these operands.
    pub operands: In<GemmOperands>,
    /// Pairs are still to be asked for, or sums to be written.
    pub busy: Out<Bit>,
    /// A tile is not there.
    pub out_of_range: Out<Bit>,
    /// Asks scratchpad A.
    pub read_a: Out<LineRead>,
    /// Asks scratchpad B.
    pub read_b: Out<LineRead>,
    /// What the array does with the lines.
    pub step: Out<Step>,
    /// Column 0 of a row of sums leaves the array.
    pub drained: In<Bit>,
    /// It belongs to a row that is there.
    pub result_valid: Out<Bit>,
    /// Namely this one.
    pub result_row: Out<Unsigned>,
}

impl Module for GemmEngine {
    type Ports = GemmEnginePorts;

    fn ports(&self) -> GemmEnginePorts {
        let line = LineRead::shape_of(self.config.array as usize);
        GemmEnginePorts {
            start: bit(),
            operands: GemmOperands::shape_of(),
            busy: bit(),
            out_of_range: bit(),
            read_a: line,
            read_b: line,
            step: Step::shape_of(),
            drained: bit(),
            result_valid: bit(),
            result_row: unsigned(index_width(self.config.result_rows() as usize)),
        }
    }

    fn name(&self) -> String {
        "gemm_engine".into()
    }

    #[named]
    fn build(&self, p: GemmEnginePorts) {
        let ask = self.ask(&p);
        let active = ask.pair.valid;
        p.read_a.drive(ask.a);
        p.read_b.drive(ask.b);
        p.step.drive(later(ask.pair, READ_LATENCY));

        let drain = self.drain(&p);
        // Tiles asked for whose last column is not yet written.
        let pending = reg(unsigned(3)).reset(0);
        let asked = active & ask.pair.last;
        let one = |bit: Bit| bit.as_unsigned().extend(3);
        pending.set(pending.wrapping_add(one(asked)).wrapping_sub(one(drain.written)));
        let busy = active | pending.ne(0);
        p.busy.drive(busy);
        let missing = ask.missing | drain.missing;
        p.out_of_range.drive(missing);
        always("it starts only while idle", p.start.implies(!busy));
        always("it works only from its start on", works_from(p.start, busy));
        always("the operands stay while it is busy", {
            (busy & past(busy)).implies(stable(p.operands))
        });
        always("pairs are with the array only while it is busy", p.step.valid.implies(busy));
        always("no more tiles are written than were asked for", {
            drain.written.implies(pending.ne(0))
        });
        always("tiles in flight are counted", !(asked & pending.all()));
        let flight = Flight::new(asked, self.config.array as usize, READ_LATENCY);
        always("pending counts the tiles in flight", pending.eq(flight.count(pending)));
        self.follows(&p, &flight, ask.a.line, &drain);
    }
}

/// What is asked for in a cycle.
struct Ask {
    a: LineRead,
    b: LineRead,
    pair: Step,
    missing: Bit,
}

/// What happens at the other end.
struct Drain {
    /// The last column of a tile is written.
    written: Bit,
    /// The row that leaves, if one does.
    row: Unsigned,
    missing: Bit,
}

impl GemmEngine {
    /// Counts through the command.
    #[named]
    fn ask(&self, p: &GemmEnginePorts) -> Ask {
        let o = p.operands;
        let active = reg(bit()).reset(false);
        let line = reg(p.read_a.line.shape()).reset(0);
        let [i_left, j_left, k_left] = [o.mt, o.nt, o.kt].map(|n| reg(n.shape()));
        let (k_last, j_last, i_last) = (k_left.eq(1), j_left.eq(1), i_left.eq(1));
        // The tiles being read, and the first of their rows (A) and columns (B) of tiles.
        let [a_row, a_tile] = [(); 2].map(|()| reg(o.a_base.shape()));
        let [b_column, b_tile] = [(); 2].map(|()| reg(o.b_base.shape()));
        let next =
            |tile: Unsigned, stride: Unsigned| tile.wrapping_add(stride.extend(tile.width()));
        let next_row = next(a_row, o.a_i_stride);
        let next_column = next(b_column, o.b_j_stride);

        when(active, || line.set(line.wrapping_add(1)));
        when(active & line.all(), || {
            k_left.set(k_left.wrapping_sub(1));
            a_tile.set(next(a_tile, o.a_k_stride));
            b_tile.set(next(b_tile, o.b_k_stride));
            when(k_last, || {
                k_left.set(o.kt);
                j_left.set(j_left.wrapping_sub(1));
                a_tile.set(a_row);
                b_column.set(next_column);
                b_tile.set(next_column);
            });
            when(k_last & j_last, || {
                j_left.set(o.nt);
                i_left.set(i_left.wrapping_sub(1));
                a_row.set(next_row);
                a_tile.set(next_row);
                b_column.set(o.b_base);
                b_tile.set(o.b_base);
                active.set(!i_last);
            });
        });
        when(p.start, || {
            active.set(o.mt.ne(0) & o.nt.ne(0) & o.kt.ne(0));
            i_left.set(o.mt);
            j_left.set(o.nt);
            k_left.set(o.kt);
            a_row.set(o.a_base);
            a_tile.set(o.a_base);
            b_column.set(o.b_base);
            b_tile.set(o.b_base);
        });

        let first = !line.any() & k_left.eq(o.kt);
        let last = line.all() & k_last;
        let missing = active
            & (self.missing(a_tile, self.config.scratch_tiles)
                | self.missing(b_tile, self.config.scratch_tiles));
        Ask {
            a: LineRead { valid: active, tile: a_tile, line, column: !o.a_transpose },
            b: LineRead { valid: active, tile: b_tile, line, column: o.b_transpose },
            pair: Step { valid: active, first, last },
            missing,
        }
    }

    /// Counts the rows that leave the array, the last one of a tile first.
    #[named]
    fn drain(&self, p: &GemmEnginePorts) -> Drain {
        let n = self.config.array as usize;
        let row = reg(unsigned(index_width(n))).reset(n - 1);
        let tile = reg(p.operands.c_base.shape());
        let tile_drained = p.drained & !row.any();
        when(p.drained, || row.set(row.wrapping_sub(1)));
        when(tile_drained, || tile.set(tile.wrapping_add(1)));
        when(p.start, || tile.set(p.operands.c_base));
        let missing = p.drained & self.missing(tile, self.config.result_tiles);
        p.result_valid.drive(p.drained & !missing);
        p.result_row.drive(row.concat(tile).truncate(p.result_row.width()));
        let mut written = tile_drained;
        for _ in 1..n {
            let next = reg(bit()).reset(false).named("column_written");
            next.set(written);
            written = next;
        }
        Drain { written, row, missing }
    }

    /// What is on its way, against where it is said to be.
    fn follows(&self, p: &GemmEnginePorts, flight: &Flight, line: Unsigned, drain: &Drain) {
        let leaving = flight.leaving();
        assume("the rows of a tile leave the array when they should", {
            p.drained.eq(leaving.any())
        });
        always("a tile is with the array when it should", {
            (p.step.valid & p.step.last).eq(flight.has_age(READ_LATENCY))
        });
        always("tiles follow each other N cycles apart, or more", flight.is_spaced());
        always("lines are counted from the tile before", flight.is_older_than(line));
        always("the row is the one that leaves", {
            let none = !leaving.any() & drain.row.all();
            none | leaving.eq((!drain.row).decoded())
        });
        always("a tile is written when it should", drain.written.eq(flight.written()));
    }

    /// Whether a tile is not among the first `tiles`.
    fn missing(&self, tile: Unsigned, tiles: u32) -> Bit {
        if tiles > tile_max() {
            return constant(bit(), false);
        }
        tile.ge(tiles)
    }
}

fn tile_max() -> u32 {
    (1 << crate::isa::TILE_BITS) - 1
}

/// A step some cycles later.
fn later(step: Step, cycles: u32) -> Step {
    let mut now = step;
    for _ in 0..cycles {
        let next = reg(step.shape());
        next.set(now);
        now = Step { valid: next.valid.reset(false), ..next };
    }
    now
}
