//! Scratchpad, queue and response path, each against the plainest model.

mod common;

use common::program::Random;
use olivine_bench::{Bench, Poke};
use olivine_peridot::chip::{CommandQueue, Responses, Scratchpad};
use std::collections::VecDeque;

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
fn queue_keeps_order() {
    let mut random = Random(3);
    let (mut inside, mut sent, mut transfers) = (VecDeque::new(), 0u64, 0);
    let mut bench = Bench::new(CommandQueue { depth: 4 });
    bench.run(2_000, |p, cycle| {
        // Phases in which the queue fills up and runs empty.
        let eager = if cycle / 100 % 2 == 0 { (7, 2) } else { (2, 7) };
        let (offers, takes) = (random.below(8) < eager.0, random.below(8) < eager.1);
        p.push.valid.poke(offers);
        p.push.payload.poke(olivine_netlist::Bits::new(128, sent));
        p.pop.ready.poke(takes);
        assert_eq!(p.level.peek(), inside.len() as u64);
        assert_eq!(p.push.ready.peek() == 1, inside.len() < 4);
        assert_eq!(p.pop.valid.peek() == 1, !inside.is_empty());
        let full = inside.len() == 4;
        if takes && let Some(front) = inside.pop_front() {
            assert_eq!(p.pop.payload.peek(), front);
            transfers += 1;
        }
        if offers && !full {
            inside.push_back(sent);
            sent += 1;
        }
    });
    assert!(transfers > 500, "only {transfers} commands went through");
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
