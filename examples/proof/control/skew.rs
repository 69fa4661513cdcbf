//! The controller of a systolic array's edge: each row begins a cycle after the one above it.

use olivine::lang::prelude::*;

/// Starts `rows` rows in turn; each is fed for `rows` cycles.
///
/// A start is taken when nothing runs. Row 0 begins at the next cycle, row *i* + 1 one cycle after
/// row *i*. An observer counts the cycles since the start: a row that is fed is fed with element
/// *cycle* − *i*, and after 2 · `rows` − 1 cycles nothing runs.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SkewController {
    /// Rows, and elements for each, at least 2.
    pub rows: u32,
}

/// The ports of [`SkewController`].
#[derive(Ports)]
pub struct SkewPorts {
    start: In<Bit>,
    busy: Out<Bit>,
    feeds: Out<Unsigned>,
}

impl Module for SkewController {
    type Ports = SkewPorts;

    fn ports(&self) -> SkewPorts {
        SkewPorts { start: bit(), busy: bit(), feeds: unsigned(self.rows) }
    }

    fn build(&self, p: SkewPorts) {
        let rows = self.rows;
        let index = unsigned(bits_for(u64::from(2 * rows)));
        let begins = reg(bit()).reset(false);
        let mut begin = begins;
        let mut running = begins;
        let mut feeding = Vec::new();
        let cycle = reg(index).reset(0);
        for row in 0..rows {
            let fed = reg(bit()).reset(false);
            let element = reg(index).reset(0);
            let last = element.eq(rows - 1);
            fed.set(begin | (fed & !last));
            element.set(mux(begin, constant(index, 0), element.wrapping_add(1)));
            always(format!("row {row} is fed its element of the cycle"), {
                fed.implies(cycle.eq(element.wrapping_add(row)))
            });
            always(format!("row {row} is not begun while it is fed"), !(begin & fed & !last));
            running = running | fed;
            if row + 1 < rows {
                let next = reg(bit()).reset(false);
                next.set(begin);
                running = running | next;
                begin = next;
            }
            feeding.push(fed);
        }
        let taken = p.start & !running;
        begins.set(taken);
        cycle.set(mux(begins, constant(index, 0), cycle.wrapping_add(1)));
        p.busy.drive(running);
        p.feeds.drive(cat(feeding));
        let since = reg(index).reset(2 * rows - 1);
        let over = since.eq(2 * rows - 1);
        since.set(mux(begins, constant(index, 0), mux(over, since, since.wrapping_add(1))));
        always("all rows are over in time", (over & !begins).implies(!running));
        cover("the last row is fed", p.feeds.bits()[rows as usize - 1]);
    }
}
