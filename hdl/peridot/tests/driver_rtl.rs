//! The driver on the simulated chip: products and counts equal those of the golden models.

mod driving;

use driving::random_matrix;
use olivine_golden::ModelBus;
use olivine_interp::{Engine, Undefined};
use olivine_lang::elaborate;
use olivine_peridot::host::{BusError, Driver, EngineBus, HostBus};
use olivine_peridot::isa::{Csr, csr_address};
use olivine_peridot::{Peridot, PeridotConfig};
use olivine_sim::Compiled;

fn config(array: u32) -> PeridotConfig {
    PeridotConfig { array, memory_rows: 1024, scratch_tiles: 12, result_tiles: 6, command_depth: 4 }
}

fn simulator(config: PeridotConfig) -> Compiled {
    let design = elaborate(Peridot::new(config).unwrap()).unwrap();
    Compiled::new(&design, Undefined::Random(1))
}

#[test]
fn products_of_all_shapes_and_transposes() {
    let mut products = 0;
    for (array, seeds) in [(2, 60), (4, 40), (8, 20)] {
        let mut engine = simulator(config(array));
        let bus = EngineBus::new(&mut engine).unwrap();
        let mut chip = Driver::connect(bus, config(array)).unwrap();
        (0..seeds).for_each(|seed| driving::check_product(&mut chip, seed));
        products += seeds;
    }
    assert_eq!(products, 120);
}

/// The work that the chip counts is that of the model; all its cycles are accounted for.
#[test]
fn counters_count_the_work() {
    let config = config(4);
    let mut engine = simulator(config);
    let mut chip = Driver::connect(EngineBus::new(&mut engine).unwrap(), config).unwrap();
    let mut model = Driver::connect(ModelBus::new(config), config).unwrap();
    let (a, b) = (random_matrix(9, 15, 1), random_matrix(15, 5, 2));
    let before = chip.bus().engine().cycle();
    chip.take_counters().unwrap();
    for _ in 0..3 {
        let (da, db) = (chip.upload(&a).unwrap(), chip.upload(&b).unwrap());
        let (ma, mb) = (model.upload(&a).unwrap(), model.upload(&b).unwrap());
        assert_eq!(chip.gemm(da, db).unwrap(), model.gemm(ma, mb).unwrap());
    }
    let (found, expected) = (chip.take_counters().unwrap(), model.take_counters().unwrap());
    assert_eq!(found.gemm_busy, expected.gemm_busy);
    // A command that moves rows takes at most two cycles more than it has rows.
    assert!((0..=2 * 6).contains(&(found.load_busy - expected.load_busy)));
    assert!((0..=2 * 3).contains(&(found.store_busy - expected.store_busy)));
    let stalled = found.stalled_load + found.stalled_store + found.stalled_array;
    let busy = found.gemm_busy + found.load_busy + found.store_busy;
    // The registers are read one a cycle, in which the chip is idle.
    let later = u64::from(csr_address(Csr::Idle) - csr_address(Csr::Cycles));
    assert_eq!(found.cycles + later, busy + stalled + found.idle);
    let passed = chip.bus().engine().cycle() - before;
    assert!((passed - 40..=passed).contains(&found.cycles), "{passed} {}", found.cycles);
    assert!(found.gemm_utilization() > 0.5 && found.utilization() < 0.5);
}

/// A block of reads takes a cycle a word and a short latency, a block of writes a cycle a word.
#[test]
fn the_bus_moves_a_word_a_cycle() {
    let config = config(4);
    let mut engine = simulator(config);
    let mut bus = EngineBus::new(&mut engine).unwrap();
    let words: Vec<u32> = (0..500u32).map(|i| i.wrapping_mul(0x9e37_79b1)).collect();
    let address = olivine_peridot::isa::memory_address(3);
    let start = bus.engine().cycle();
    bus.write_block(address, &words).unwrap();
    let written = bus.engine().cycle();
    let mut read = vec![0; words.len()];
    bus.read_block(address, &mut read).unwrap();
    assert_eq!(read, words);
    assert_eq!(written - start, 500);
    assert!((500..510).contains(&(bus.engine().cycle() - written)));
    bus.read_block(csr_address(Csr::Id), &mut []).unwrap();
    bus.write_block(address, &[]).unwrap();
}

#[test]
fn another_design_is_no_chip() {
    let design = elaborate(olivine_float::Mac::BF16).unwrap();
    let mut engine = Compiled::new(&design, Undefined::Zero);
    let error = EngineBus::new(&mut engine).unwrap_err();
    let missing = BusError::Port { name: "req_valid".into(), fault: "is missing".into() };
    assert_eq!(error, missing);
    assert_eq!(error.to_string(), "the design is no Peridot chip: port `req_valid` is missing");
}
