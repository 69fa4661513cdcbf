//! What the chip's tests share.
#![allow(dead_code)] // each test program uses its part

pub mod host;
pub mod model;
pub mod program;

use host::Host;
use model::Model;
use olivine_interp::{Engine, Undefined};
use olivine_lang::elaborate;
use olivine_netlist::Design;
use olivine_peridot::{Peridot, PeridotConfig};
use olivine_sim::Compiled;
use program::Random;

/// A small chip with an N×N array.
pub fn small(array: u32) -> PeridotConfig {
    PeridotConfig { array, memory_rows: 100, scratch_tiles: 9, result_tiles: 6, command_depth: 4 }
}

pub fn design(config: PeridotConfig) -> Design {
    match elaborate(Peridot::new(config).unwrap()) {
        Ok(design) => design,
        Err(faults) => panic!("{faults}"),
    }
}

/// A chip and its model with the same random device memory.
pub fn twins(config: PeridotConfig, seed: u64) -> (Host<Compiled>, Model, Random) {
    let engine = Compiled::new(&design(config), Undefined::Random(seed));
    let (mut host, mut model, mut random) =
        (Host::new(engine, seed), Model::new(config), Random(seed));
    model.memory.iter_mut().for_each(|x| *x = random.bf16());
    host.write_memory(0, &model.words());
    (host, model, random)
}

/// Equal device memories, and no assertion violated on the way.
pub fn assert_same<E: Engine>(host: &mut Host<E>, model: &Model) {
    let should = model.words();
    let is = host.read_memory(0, should.len() as u32);
    let wrong = is.iter().zip(&should).position(|(a, b)| a != b);
    if let Some(at) = wrong {
        panic!("word {at} is {:08x}, not {:08x}", is[at], should[at]);
    }
    let violations = host.engine.take_violations();
    assert!(violations.is_empty(), "{:#?}", &violations[..violations.len().min(3)]);
}
