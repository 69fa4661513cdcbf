//! The driver on the golden model of the chip: products equal those of golden arithmetic,
//! whatever has to be cut into blocks.

mod driving;

use driving::{product, random_matrix};
use olivine_golden::{ModelBus, f32_to_bf16};
use olivine_peridot::PeridotConfig;
use olivine_peridot::host::{Driver, HostError, Matrix, to_bf16};
use olivine_peridot::isa::{Instruction, Scratchpad};

fn config(array: u32) -> PeridotConfig {
    PeridotConfig { array, memory_rows: 1024, scratch_tiles: 12, result_tiles: 6, command_depth: 4 }
}

fn chip(config: PeridotConfig) -> Driver<ModelBus> {
    Driver::connect(ModelBus::new(config), config).unwrap()
}

#[test]
fn products_of_all_shapes_and_transposes() {
    let mut products = 0;
    for array in [2, 4, 8] {
        let mut chip = chip(config(array));
        for seed in 0..60 {
            driving::check_product(&mut chip, seed);
            products += 1;
        }
    }
    assert_eq!(products, 180);
}

#[test]
fn blocks_when_a_factor_is_larger_than_its_scratchpad() {
    let mut chip = chip(PeridotConfig { memory_rows: 4096, ..config(2) });
    for (rows, inner, cols) in [(40, 10, 3), (3, 10, 40), (30, 24, 30), (60, 2, 60)] {
        let (a, b) = (random_matrix(rows, inner, 1), random_matrix(inner, cols, 2));
        let mark = chip.mark();
        let (da, db) = (chip.upload(&a).unwrap(), chip.upload(&b).unwrap());
        assert_eq!(chip.gemm(da, db).unwrap(), product(&a, &b, 2), "{rows} {inner} {cols}");
        let dat = chip.upload(&a.transposed()).unwrap();
        let dbt = chip.upload(&b.transposed()).unwrap();
        assert_eq!(chip.gemm(dat.transposed(), dbt.transposed()).unwrap(), product(&a, &b, 2));
        chip.release(mark);
    }
}

#[test]
fn a_matrix_is_loaded_once() {
    let mut chip = chip(config(4));
    let (a, b) = (random_matrix(8, 8, 1), random_matrix(8, 4, 2));
    let (da, db) = (chip.upload(&a).unwrap(), chip.upload(&b).unwrap());
    chip.take_counters().unwrap();
    chip.gemm(da, db).unwrap();
    let first = chip.take_counters().unwrap();
    assert_eq!((first.load_busy, first.gemm_busy, first.store_busy), (24, 16, 16));
    chip.gemm(da, db).unwrap();
    assert_eq!(chip.take_counters().unwrap().load_busy, 0);
    let dc = chip.upload(&random_matrix(4, 8, 3)).unwrap();
    chip.gemm(dc, da.transposed()).unwrap();
    assert_eq!(chip.take_counters().unwrap().load_busy, 8 + 16, "in the other scratchpad too");
}

#[test]
fn released_memory_is_used_again_and_its_matrices_are_refused() {
    let mut chip = chip(config(4));
    let (a, b) = (random_matrix(8, 8, 1), random_matrix(8, 8, 2));
    let kept = chip.upload(&a).unwrap();
    let mark = chip.mark();
    let released = chip.upload(&a).unwrap();
    chip.gemm(kept, released).unwrap();
    chip.release(mark);
    let other = chip.upload(&b).unwrap();
    assert_eq!(chip.gemm(kept, other).unwrap(), product(&a, &b, 4));
    assert_eq!(chip.gemm(kept, released), Err(HostError::Released));
}

#[test]
fn what_does_not_fit_is_said() {
    let mut chip = chip(config(4));
    let long = chip.upload(&random_matrix(4, 60, 1)).unwrap();
    assert_eq!(
        chip.gemm(long, long.transposed()).unwrap_err().to_string(),
        "a sum over 15 tiles is too long, the chip takes 12; split it or configure more scratch_tiles"
    );
    assert_eq!(
        chip.gemm(long, long).unwrap_err().to_string(),
        "cannot multiply 4×60 by 4×60: the inner sizes must be equal"
    );
    assert_eq!(
        chip.upload(&random_matrix(400, 16, 1)).unwrap_err().to_string(),
        "the device memory has 964 rows left, 1600 are needed; release matrices or configure more memory_rows"
    );
    let nearly_all = chip.upload(&random_matrix(960, 4, 1)).unwrap();
    assert_eq!(
        chip.gemm(nearly_all, nearly_all.transposed()).unwrap_err().to_string(),
        "the device memory has 4 rows left, 8 are needed; release matrices or configure more memory_rows"
    );
}

#[test]
fn a_sum_of_nothing_is_zero() {
    let mut chip = chip(config(4));
    let empty = chip.upload(&Matrix::filled(3, 0, 0)).unwrap();
    assert_eq!(chip.gemm(empty, empty.transposed()).unwrap(), Matrix::filled(3, 3, 0));
}

#[test]
fn the_chip_must_be_the_configured_one() {
    let wrong = Driver::connect(ModelBus::new(config(4)), config(8)).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "the chip's `array size` register reads 0x4, expected 0x8; is it the configured chip?"
    );
}

#[test]
fn a_refused_command_is_reported() {
    let mut chip = chip(config(4));
    let (scratchpad, destination_row) = (Scratchpad::A, 0);
    chip.issue(Instruction::Load { scratchpad, count: 1, source_row: 1024, destination_row })
        .unwrap();
    let one = chip.upload(&random_matrix(4, 4, 1)).unwrap();
    assert_eq!(
        chip.gemm(one, one).unwrap_err().to_string(),
        "the chip refused a command (status 0x4)"
    );
}

#[test]
fn the_hosts_cast_is_the_golden_one() {
    for upper in 0..=0xffff_u32 {
        for lower in [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff] {
            let bits = upper << 16 | lower;
            assert_eq!(to_bf16(f32::from_bits(bits)), f32_to_bf16(bits), "{bits:#010x}");
        }
    }
}
