//! Faults put into the chip's hardware on purpose are noticed by the programs that are run on it.

mod common;

use common::host::Host;
use common::model::Model;
use common::program::{self, Random};
use common::{design, small};
use olivine_interp::{Engine, Undefined};
use olivine_netlist::{Change, Design};
use olivine_sim::Compiled;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Whether a few programs end as the model does, without a violation.
fn passes(design: &Design) -> bool {
    let config = small(2);
    (0..4).all(|seed| {
        let engine = Compiled::new(design, Undefined::Random(seed));
        let (mut host, mut model) = (Host::new(engine, seed), Model::new(config));
        let mut random = Random(seed);
        model.memory.iter_mut().for_each(|x| *x = random.bf16());
        let run = AssertUnwindSafe(|| {
            host.patience = 3_000;
            host.write_memory(0, &model.words());
            for command in program::program(&mut random, &config, 10) {
                host.push(command);
                model.execute(command);
            }
            host.wait();
            host.read_memory(0, config.memory_words()) == model.words()
                && host.engine.take_violations().is_empty()
        });
        // A bus that is stuck panics.
        catch_unwind(run).unwrap_or(false)
    })
}

/// Every inverted bit in the element, in the array around it, and in the result buffer.
#[test]
fn one_bit_faults_are_noticed() {
    let design = design(small(2));
    assert!(passes(&design));
    let faulty =
        |name: &str| ["pe_", "array_", "result_buffer"].iter().any(|m| name.starts_with(m));
    let faults = design.mutations().into_iter().filter(|mutation| {
        let module = &design.modules[mutation.module.0 as usize];
        matches!(mutation.change, Change::InvertBit { .. }) && faulty(&module.name)
    });
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (noticed, missed): (Vec<_>, Vec<_>) = faults.partition(|m| !passes(&m.apply(&design)));
    std::panic::set_hook(hook);
    let missed: Vec<String> = missed.into_iter().map(|m| m.description).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(noticed.len() > 100, "only {} faults were tried", noticed.len());
}
