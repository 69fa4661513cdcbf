//! Whole programs on the chip against the golden model.

mod common;

use common::host::{Host, Request};
use common::program::{self, Random};
use common::{assert_same, design, small, twins};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_peridot::PeridotConfig;
use olivine_peridot::isa::{
    Csr, Instruction, Scratchpad, Transpose, csr_address, memory_address, status_field,
};

#[test]
fn host_words_are_kept() {
    for array in [2, 4, 8] {
        let (mut host, model, _) = twins(small(array), 1);
        host.pause = 100;
        assert_same(&mut host, &model);
    }
}

/// A random program with a host that pauses, `busy` in 256, compared at the end.
fn programs_agree(array: u32, seed: u64, pause: u32) {
    let config = small(array);
    let (mut host, mut model, mut random) = twins(config, seed);
    host.pause = pause;
    for command in program::program(&mut random, &config, 12) {
        host.push(command);
        model.execute(command);
    }
    host.wait();
    assert_eq!(host.read_csr(Csr::Status), 0);
    assert_same(&mut host, &model);
}

#[test]
fn random_programs() {
    for (array, seeds) in [(2, 40), (4, 25), (8, 8)] {
        (0..seeds).for_each(|seed| programs_agree(array, seed, 0));
    }
}

#[test]
fn random_programs_with_a_slow_host() {
    (100..120).for_each(|seed| programs_agree(4, seed, 160));
}

/// mt × nt × kt tiles with these transposes, everything packed densely.
fn product(mt: u32, nt: u32, kt: u32, a: Transpose, b: Transpose) -> Instruction {
    Instruction::Gemm {
        a_transpose: a,
        b_transpose: b,
        mt,
        nt,
        kt,
        a_base: 0,
        b_base: 0,
        c_base: 0,
        a_i_stride: kt,
        a_k_stride: 1,
        b_k_stride: nt,
        b_j_stride: 1,
    }
}

const BOTH: [Transpose; 2] = [Transpose::No, Transpose::Yes];

#[test]
fn all_transposes() {
    for array in [2, 4, 8] {
        let config = small(array);
        let (mut host, mut model, mut random) = twins(config, 7);
        let mut commands = program::program(&mut random, &config, 0);
        for (a, b) in BOTH.into_iter().flat_map(|a| BOTH.map(|b| (a, b))) {
            for (mt, nt, kt) in [(1, 1, 1), (2, 3, 3), (3, 1, 2), (1, 4, 2)] {
                commands.push(product(mt, nt, kt, a, b));
                let count = mt * nt * array;
                let destination_row = random.below(config.memory_rows - 2 * count + 1);
                commands.push(Instruction::Store { count, source_row: 0, destination_row });
            }
        }
        for &command in &commands {
            host.push(command);
            model.execute(command);
        }
        host.wait();
        assert_same(&mut host, &model);
    }
}

/// The host reads and writes its own rows, and reads registers, all the while.
#[test]
fn host_traffic_changes_no_result() {
    for seed in 0..12 {
        let config = small(4);
        let own = PeridotConfig { memory_rows: config.memory_rows - 20, ..config };
        let (mut host, mut model, mut random) = twins(config, seed);
        let mut traffic = Random(seed + 1000);
        let mut expected = Vec::new();
        let mut requests = Vec::new();
        for command in program::program(&mut random, &own, 8) {
            requests.extend(command_words(command));
            model.execute(command);
            for _ in 0..traffic.below(300) {
                let word = own.memory_words() + traffic.below(20 * 2);
                match traffic.below(3) {
                    0 => {
                        let value = traffic.word();
                        requests.push(Request::Write(memory_address(word), value));
                        let element = 2 * word as usize;
                        model.memory[element] = value as u16;
                        model.memory[element + 1] = (value >> 16) as u16;
                    }
                    1 => {
                        requests.push(Request::Read(memory_address(word)));
                        expected.push(model.words()[word as usize]);
                    }
                    _ => {
                        requests.push(Request::Read(csr_address(Csr::ArraySize)));
                        expected.push(4);
                    }
                }
            }
        }
        host.pause = [0, 30, 200][seed as usize % 3];
        assert_eq!(host.transact(&requests), expected);
        host.wait();
        if host.pause == 0 {
            assert!(host.read_csr(Csr::StalledLoad) > 0, "the traffic disturbed nothing");
        }
        assert_same(&mut host, &model);
    }
}

fn command_words(command: Instruction) -> impl Iterator<Item = Request> {
    let base = olivine_peridot::isa::Region::Command.base();
    let words = command.words().unwrap().into_iter().enumerate();
    words.map(move |(i, word)| Request::Write(base + i as u32, word))
}

/// The interpreter, which gives the design its meaning, runs the same program alike.
#[test]
fn interpreted() {
    let config = PeridotConfig { memory_rows: 40, scratch_tiles: 4, result_tiles: 2, ..small(2) };
    let engine = Interp::new(&design(config), Undefined::Random(3));
    let (mut host, mut model) = (Host::new(engine, 3), common::model::Model::new(config));
    let mut random = Random(3);
    model.memory.iter_mut().for_each(|x| *x = random.bf16());
    host.write_memory(0, &model.words());
    for command in program::program(&mut random, &config, 5) {
        host.push(command);
        model.execute(command);
    }
    host.wait();
    assert_same(&mut host, &model);
}

/// What the counters say once everything is done: cycles, then the classes, at the time of the
/// first read.
fn counts<E: Engine>(host: &mut Host<E>) -> (u32, Vec<u32>) {
    let counters = [
        Csr::Cycles,
        Csr::GemmBusy,
        Csr::LoadBusy,
        Csr::StoreBusy,
        Csr::Idle,
        Csr::StalledLoad,
        Csr::StalledStore,
        Csr::StalledArray,
    ];
    let pause = std::mem::take(&mut host.pause);
    let reads = counters.map(|csr| Request::Read(csr_address(csr)));
    let mut values = host.transact(&reads);
    host.pause = pause;
    // The reads are one cycle apart, and the chip idles meanwhile.
    values[4] -= 4;
    (values[0], values[1..].to_vec())
}

#[test]
fn counters_account_for_every_cycle() {
    for (array, pause) in [(2, 0), (4, 120), (8, 0)] {
        let config = small(array);
        let (mut host, mut model, mut random) = twins(config, 11);
        host.pause = pause;
        for command in program::program(&mut random, &config, 10) {
            host.push(command);
            model.execute(command);
        }
        host.wait();
        let (cycles, classes) = counts(&mut host);
        assert_eq!(cycles, classes.iter().sum::<u32>());
        host.write_csr(Csr::ClearCounters, 0);
        host.rest(37);
        let (cycles, classes) = counts(&mut host);
        assert_eq!(classes, [0, 0, 0, cycles, 0, 0, 0]);
        assert!(cycles >= 37);
        assert_same(&mut host, &model);
    }
}

/// Runs one command on a quiet chip after `program` and returns the classes.
fn cycles_of(config: PeridotConfig, command: Instruction) -> Vec<u32> {
    let (mut host, _, mut random) = twins(config, 5);
    for command in program::program(&mut random, &config, 0) {
        host.push(command);
    }
    host.wait();
    host.write_csr(Csr::ClearCounters, 0);
    host.push(command);
    host.rest(5_000);
    counts(&mut host).1
}

#[test]
fn gemm_keeps_the_array_busy() {
    for array in [2, 4, 8] {
        let config = PeridotConfig { scratch_tiles: 36, ..small(array) };
        let config = PeridotConfig { memory_rows: 36 * array, ..config };
        let pairs = 2 * 3 * 12 * array;
        let classes = cycles_of(config, product(2, 3, 12, Transpose::No, Transpose::Yes));
        let [gemm, waits] = [classes[0], classes[6]];
        assert_eq!(gemm, pairs, "{array}");
        // Two cycles to the first pair, 3N until the last sum is written.
        assert_eq!(waits, 3 * array + 2, "{array}");
        assert!(f64::from(gemm) >= 0.9 * f64::from(gemm + waits), "{array}");
    }
}

#[test]
fn load_and_store_move_a_row_a_cycle() {
    let config = small(4);
    let count = 30;
    let load =
        Instruction::Load { scratchpad: Scratchpad::A, count, source_row: 1, destination_row: 2 };
    let classes = cycles_of(config, load);
    assert_eq!((classes[1], classes[4]), (count + 2, 0));
    let store = Instruction::Store { count: 20, source_row: 0, destination_row: 7 };
    let classes = cycles_of(config, store);
    assert_eq!((classes[2], classes[5]), (2 * 20 + 1, 0));
}

#[test]
fn unknown_opcodes_are_skipped_and_fences_counted() {
    let (mut host, _, _) = twins(small(2), 1);
    for opcode in [0, 4, 9, 4, 15] {
        host.push_words([opcode, 0, 0, 0]);
    }
    host.wait();
    assert_eq!(host.read_csr(Csr::Completed), 5);
    assert_eq!(host.read_csr(Csr::Fences), 2);
    assert_eq!(host.read_csr(Csr::Status), 1 << status_field("illegal").lsb);
    assert_eq!(host.read_csr(Csr::Id), olivine_peridot::isa::ID_VALUE);
    assert!(host.engine.take_violations().is_empty());
}

#[test]
fn rows_that_are_not_there_are_reported_and_not_written() {
    let config = small(4);
    let out_of_range = 1 << status_field("out_of_range").lsb;
    let rows = (config.scratch_rows(), config.result_rows(), config.memory_rows);
    let load = |source_row, destination_row| Instruction::Load {
        scratchpad: Scratchpad::B,
        count: 2,
        source_row,
        destination_row,
    };
    let store =
        |source_row, destination_row| Instruction::Store { count: 1, source_row, destination_row };
    let gemm = |a_base, b_base, c_base| {
        let Instruction::Gemm { mut mt, nt, kt, a_transpose, b_transpose, .. } =
            product(1, 1, 1, Transpose::No, Transpose::No)
        else {
            unreachable!("a product is a GEMM")
        };
        mt += 1;
        Instruction::Gemm {
            a_transpose,
            b_transpose,
            mt,
            nt,
            kt,
            a_base,
            b_base,
            c_base,
            a_i_stride: 1,
            a_k_stride: 0,
            b_k_stride: 0,
            b_j_stride: 0,
        }
    };
    let cases = [
        (load(0, rows.0 - 2), 0),
        (load(0, rows.0 - 1), out_of_range),
        (load(rows.2 - 1, 0), out_of_range),
        (store(rows.1 - 1, rows.2 - 2), 0),
        (store(rows.1, rows.2 - 2), out_of_range),
        (store(0, rows.2 - 1), out_of_range),
        (gemm(config.scratch_tiles - 2, config.scratch_tiles - 1, config.result_tiles - 2), 0),
        (gemm(config.scratch_tiles - 1, 0, 0), out_of_range),
        (gemm(0, config.scratch_tiles, 0), out_of_range),
        (gemm(0, 0, config.result_tiles - 1), out_of_range),
    ];
    for (command, status) in cases {
        let (mut host, mut model, mut random) = twins(config, 9);
        for command in program::program(&mut random, &config, 0) {
            host.push(command);
            model.execute(command);
        }
        host.push(command);
        host.wait();
        assert_eq!(host.read_csr(Csr::Status), status, "{command:?}");
        if let Instruction::Store { source_row: 0, .. } = command {
            // The half that fits is written.
            let row = config.memory_rows - 1;
            for column in 0..2 {
                let value = model.result[column];
                let at = row as usize * 4 + 2 * column;
                model.memory[at] = value as u16;
                model.memory[at + 1] = (value >> 16) as u16;
            }
        }
        if status != 0 && !matches!(command, Instruction::Store { source_row: 24, .. }) {
            assert_same(&mut host, &model);
        }
    }
}

#[test]
fn addresses_that_mean_nothing_read_zero_and_take_no_write() {
    let (mut host, model, _) = twins(small(4), 2);
    let past_memory = memory_address(small(4).memory_words());
    let strange = [0xe, 0x40, 0x1_0005, 0x10_0000, 0x10_0007, 0x20_0000, 0x70_0001, past_memory];
    let writes = strange.map(|address| Request::Write(address, 0xffff_ffff));
    let harmless: Vec<Request> =
        writes.into_iter().filter(|r| !matches!(r, Request::Write(0x10_0003, _))).collect();
    host.transact(&harmless);
    let reads = host.transact(&strange.map(Request::Read));
    assert_eq!(reads, [0; 8]);
    assert_eq!(host.read_csr(Csr::Completed), 0);
    assert_same(&mut host, &model);
}

/// A full queue holds the host back, and nothing is lost.
#[test]
fn full_queue_waits() {
    let config = small(2);
    let (mut host, mut model, mut random) = twins(config, 13);
    let mut commands = program::program(&mut random, &config, 0);
    commands.extend([product(2, 3, 3, Transpose::Yes, Transpose::No); 9]);
    for &command in &commands {
        host.push(command);
        model.execute(command);
    }
    let level = host.read_csr(Csr::Status) >> status_field("level").lsb;
    assert!(level >= config.command_depth - 1, "the queue was never full: {level}");
    host.wait();
    assert_eq!(host.read_csr(Csr::Completed), commands.len() as u32);
    assert_same(&mut host, &model);
}
