//! Whole programs on the chip against the golden model.

mod common;

use common::{assert_same, program, small, twins};
use olivine_peridot::PeridotConfig;
use olivine_peridot::isa::{Csr, Instruction, Scratchpad, Transpose};

fn memory_big_enough(array: u32) -> PeridotConfig {
    PeridotConfig { memory_rows: 40 * array, ..small(array) }
}

#[test]
fn memory_keeps_what_the_host_writes() {
    let (mut host, model, _) = twins(small(4), 1);
    assert_same(&mut host, &model);
}

#[test]
fn load_gemm_store() {
    for array in [2, 4, 8] {
        let config = memory_big_enough(array);
        let (mut host, mut model, mut random) = twins(config, u64::from(array));
        for command in program::program(&mut random, &config, 0) {
            host.push(command);
            model.execute(command);
        }
        let store =
            Instruction::Store { count: config.result_rows(), source_row: 0, destination_row: 3 };
        host.push(store);
        model.execute(store);
        host.wait();
        assert_same(&mut host, &model);
    }
}
