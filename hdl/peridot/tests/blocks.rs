//! Scratchpad and response path, each against the plainest model.

mod common;

use common::program::Random;
use olivine_bench::{Bench, Poke};
use olivine_peridot::chip::{Responses, Scratchpad};

/// Writes every row, then reads every row and column, one a cycle.
fn scratchpad_gives_rows_and_columns(size: usize, tiles: u32) {
    let pad = Scratchpad { size, tiles };
    let rows = pad.rows();
    let element = |tile: usize, r: usize, c: usize| (tile * size * size + r * size + c) as u16;
    let mut bench = Bench::new(pad);
    bench.run(rows, |p, row| {
        let (tile, r) = (row / size, row % size);
        p.write_valid.poke(true);
        p.write_row.poke(row);
        for c in 0..size {
            p.write_banks[(r + c) % size].poke(element(tile, r, c));
        }
    });
    let reads = 2 * rows;
    let mut compared = 0;
    bench.run(reads + 2, |p, cycle| {
        let at = cycle - rows;
        p.write_valid.poke(false);
        p.read.valid.poke(at < reads);
        p.read.tile.poke((at / 2 / size) as u64 % u64::from(tiles));
        p.read.line.poke(at / 2 % size);
        p.read.column.poke(at % 2 == 1);
        let Some(asked) = at.checked_sub(2) else { return };
        let (tile, line) = (asked / 2 / size, asked / 2 % size);
        for i in 0..size {
            let (r, c) = if asked % 2 == 1 { (i, line) } else { (line, i) };
            assert_eq!(p.line[i].peek(), u64::from(element(tile, r, c)), "read {asked}");
            compared += 1;
        }
    });
    assert_eq!(compared, reads * size);
}

#[test]
fn scratchpads_give_rows_and_columns() {
    scratchpad_gives_rows_and_columns(2, 1);
    scratchpad_gives_rows_and_columns(4, 3);
    scratchpad_gives_rows_and_columns(8, 5);
}

#[test]
#[should_panic(expected = "only rows that are there are written")]
fn scratchpads_refuse_rows_that_are_not_there() {
    let mut bench = Bench::new(Scratchpad { size: 4, tiles: 3 });
    bench.run(1, |p, _| {
        p.write_valid.poke(true);
        p.write_row.poke(12u32);
    });
}

#[test]
fn responses_keep_order_and_pace() {
    let mut random = Random(4);
    let (mut asked, mut taken, mut arriving) = (0u64, 0u64, None);
    let mut bench = Bench::new(Responses);
    bench.run(3_000, |p, cycle| {
        let takes = cycle < 1_000 || random.below(2) == 0;
        p.resp.ready.poke(takes);
        p.data.poke(arriving.unwrap_or(0xdead_beefu64));
        let reads = p.room.peek() == 1 && (cycle < 1_000 || random.below(4) > 0);
        p.read.poke(reads);
        assert_eq!(p.resp.valid.peek() == 1, taken < asked);
        if takes && taken < asked {
            assert_eq!(p.resp.payload.peek(), taken);
            taken += 1;
        }
        arriving = reads.then_some(asked);
        asked += u64::from(reads);
        if cycle == 999 {
            assert_eq!(asked, 1_000, "a host that takes at once waits for nothing");
        }
    });
    assert!(taken > 1_500, "only {taken} responses");
}
