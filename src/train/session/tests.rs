use super::*;

fn model_run(options: &Options, array: u32) -> Outcome {
    run(options, Device::Model { array }, &mut ()).unwrap()
}

/// The report as JSON, without what may differ.
fn comparable(report: &Report) -> serde_json::Value {
    let mut json = serde_json::to_value(report).unwrap();
    assert!(json.as_object_mut().unwrap().remove("timing").is_some());
    json
}

#[test]
fn the_loss_falls_and_the_same_seed_gives_the_same_report() {
    let options = Options { steps: 40, ..Options::default() };
    let (first, second) = (model_run(&options, 8), model_run(&options, 8));
    assert_eq!(comparable(&first.report), comparable(&second.report));
    assert_eq!(first.curve, second.curve);
    let history = &first.report.history;
    assert_eq!((history[0].step, history.len()), (1, 40));
    assert!(history[39].loss < history[0].loss / 4.0);
    assert!(first.report.result.test_accuracy > 0.8);
    assert!(first.report.loss_difference_first_10 < 0.02);
    let other = model_run(&Options { seed: 2, ..options }, 8);
    assert_ne!(other.report.weights_digest, first.report.weights_digest);
}

#[test]
fn the_size_of_the_array_changes_no_weight() {
    let options = Options { steps: 5, ..Options::default() };
    let digests = [2, 8, 32].map(|array| model_run(&options, array).report.weights_digest);
    assert!(digests.iter().all(|digest| digest == &digests[0]), "{digests:?}");
}

#[test]
fn impossible_options_are_named() {
    let message = |options: &Options, array: u32| {
        run(options, Device::Model { array }, &mut ()).unwrap_err().to_string()
    };
    let good = Options::default();
    assert_eq!(message(&Options { steps: 0, ..good }, 8), "--steps 0: must be at least 1");
    let momentum = Options { momentum: 1.0, ..good };
    assert_eq!(message(&momentum, 8), "--momentum 1: must be from 0 to below 1");
    let rate = Options { learning_rate: f32::NAN, ..good };
    assert_eq!(message(&rate, 8), "--learning-rate NaN: must be above 0");
    let size = "peridot: array = 6, but it must be a power of two from 2 to 32";
    assert_eq!(message(&good, 6), size);
    assert!(message(&good, 0).starts_with("peridot: array = 0"));
    let diverging = Options { learning_rate: 1e30, steps: 20, ..good };
    assert!(message(&diverging, 8).starts_with("the loss is not finite at step "));
}

#[test]
fn progress_hears_of_every_phase() {
    #[derive(Default)]
    struct Log(Vec<(Phase, u64, u64)>);
    impl Progress for Log {
        fn begin(&mut self, phase: Phase, units: u64) {
            self.0.push((phase, units, 0));
        }
        fn advance(&mut self, units: u64) {
            self.0.last_mut().unwrap().2 += units;
        }
    }
    let mut log = Log::default();
    run(&Options { steps: 3, ..Options::default() }, Device::Model { array: 8 }, &mut log).unwrap();
    let phases =
        [(Phase::Training, 3, 3), (Phase::Evaluation, 1797, 1797), (Phase::Reference, 3, 3)];
    assert_eq!(log.0, phases);
}
