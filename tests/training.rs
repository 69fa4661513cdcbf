//! Training on the simulated chip gives the golden model's weights, bit for bit.

use olivine::EngineKind;
use olivine::interp::Undefined;
use olivine::train::{Device, Options, Outcome, chip_config, run, weights_digest};

fn on_chip(array: u32, options: &Options, engine: EngineKind) -> Outcome {
    let config = chip_config(array).expect("a size");
    let design = olivine::designs::peridot(config).expect("a chip");
    let mut engine = engine.start(&design, Undefined::Random(7)).expect("an engine");
    run(options, Device::Chip { engine: engine.as_mut(), config }, &mut ()).expect("a run")
}

fn on_model(array: u32, options: &Options) -> Outcome {
    run(options, Device::Model { array }, &mut ()).expect("a run")
}

#[test]
fn thirty_steps_give_the_models_weights() {
    let options = Options { steps: 30, ..Options::default() };
    let (chip, model) = (on_chip(8, &options, EngineKind::Sim), on_model(8, &options));
    assert_eq!(chip.layers, model.layers);
    assert_eq!(chip.report.weights_digest, weights_digest(&model.layers));
    assert_eq!(chip.report.history, model.report.history);
    assert_eq!(chip.report.result, model.report.result);
    let counted = chip.report.chip.expect("a chip was simulated");
    assert_eq!(counted.training.macs_needed, 30 * 161_792);
    assert!(counted.training.macs_done >= counted.training.macs_needed);
    assert_eq!((chip.report.host.macs, model.report.chip), (0, None));
}

#[test]
fn the_same_run_gives_the_same_report() {
    let options = Options { steps: 3, seed: 11, ..Options::default() };
    let json = || {
        let report = on_chip(16, &options, EngineKind::Sim).report;
        let mut json = serde_json::to_value(report).expect("JSON");
        assert!(json.as_object_mut().expect("an object").remove("timing").is_some());
        serde_json::to_string(&json).expect("JSON")
    };
    assert_eq!(json(), json());
}

/// What the project promises: at least 97 % of the test images.
#[test]
fn nine_hundred_steps_reach_the_accuracy() {
    let report = on_model(8, &Options::default()).report;
    assert!(report.result.test_accuracy >= 0.97, "{report}");
    assert!((report.result.test_accuracy - report.reference.test_accuracy).abs() < 0.02);
}
