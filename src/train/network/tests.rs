use super::*;
use crate::train::accelerator::{ChipAccelerator, Float32, GoldenModel};
use crate::train::data::{Batches, Digits};
use crate::train::session::chip_config;
use olivine_golden::ModelBus;
use olivine_peridot::host::Driver;

fn network_and_batch() -> (Mlp, Images) {
    let mut random = Random::new(5);
    let network = Mlp::new(&mut random);
    let digits = Digits::load();
    let batch = Batches::new(&digits.training, BATCH, random).next_batch();
    (network, batch)
}

/// The mean loss of a batch in float64, written as the formulas say.
fn loss(parts: &[Vec<f64>; 4], batch: &Images) -> f64 {
    let [w1, b1, w2, b2] = parts;
    let dense = |x: &[f64], w: &[f64], b: &[f64]| -> Vec<f64> {
        let column = |j: usize| (0..x.len()).map(|i| x[i] * w[i * b.len() + j]).sum::<f64>() + b[j];
        (0..b.len()).map(column).collect()
    };
    let of_image = |row: usize| {
        let pixels: Vec<f64> = batch.pixels.row(row).iter().map(|&p| p.into()).collect();
        let hidden: Vec<f64> = dense(&pixels, w1, b1).iter().map(|x| x.max(0.0)).collect();
        let logits = dense(&hidden, w2, b2);
        let sum: f64 = logits.iter().map(|x| x.exp()).sum();
        sum.ln() - logits[usize::from(batch.labels[row])]
    };
    (0..batch.len()).map(of_image).sum::<f64>() / batch.len() as f64
}

/// Every 7th parameter is moved both ways; near a kink of the ReLU the two half differences
/// differ, and the parameter is left out.
#[test]
fn gradients_are_those_of_finite_differences() {
    let (network, batch) = network_and_batch();
    let (result, gradients) = network.gradients(&mut Float32::default(), &batch).unwrap();
    let mut parts = network.layers.parts().map(|p| p.iter().map(|&x| f64::from(x)).collect());
    let here = loss(&parts, &batch);
    assert!((here - f64::from(result.loss)).abs() < 1e-5);
    let (mut checked, mut kinks) = (0, 0);
    for (part, gradient) in gradients.parts().iter().enumerate() {
        for index in (0..gradient.len()).step_by(7) {
            let start: f64 = parts[part][index];
            let h = 1e-4;
            let [up, down] = [h, -h].map(|d| {
                parts[part][index] = start + d;
                (loss(&parts, &batch) - here) / d
            });
            parts[part][index] = start;
            if (up - down).abs() > 1e-3 {
                kinks += 1;
                continue;
            }
            let (expected, found) = ((up + down) / 2.0, f64::from(gradient[index]));
            assert!((expected - found).abs() < 2e-5, "part {part}[{index}]: {expected} {found}");
            checked += 1;
        }
    }
    assert!(checked > 300 && kinks < 10, "{checked} checked, {kinks} kinks");
}

#[test]
fn sizes_are_those_specified() {
    let (network, batch) = network_and_batch();
    assert_eq!(network.layers.count(), 2410);
    let mut model = GoldenModel::new(8);
    network.gradients(&mut model, &batch).unwrap();
    assert_eq!((model.host_macs(), Mlp::step_macs()), (161_792, 161_792));
    let mut counted = Float32::default();
    network.hits(&mut counted, &batch, |_| {}).unwrap();
    assert_eq!(counted.host_macs(), Mlp::forward_macs(BATCH));
}

/// The same products through driver, commands and the chip's model, bit by bit.
#[test]
fn driver_and_golden_arithmetic_give_the_same_weights() {
    for array in [2, 8, 16] {
        let config = chip_config(array).unwrap();
        let chip = Driver::connect(ModelBus::new(config), config).unwrap();
        let (mut chip, mut golden) = (ChipAccelerator::new(chip), GoldenModel::new(array));
        let (network, batch) = network_and_batch();
        let (mut on_chip, mut on_model) = (network.clone(), network);
        for _ in 0..2 {
            let found = on_chip.step(&mut chip, &batch, 0.9, 0.05).unwrap();
            let expected = on_model.step(&mut golden, &batch, 0.9, 0.05).unwrap();
            assert_eq!(found, expected);
        }
        assert_eq!(on_chip, on_model, "array {array}");
        let counters = chip.take_counters().unwrap().unwrap();
        assert!(counters.gemm_busy * u64::from(array).pow(2) >= 2 * Mlp::step_macs());
        assert_eq!(chip.kept(), 0);
    }
}
