//! The main job: the same training on every engine gives the same weights, bit for bit, and the
//! same report, apart from times.

use std::process::Command;

/// The report of `olivine train digits` with these arguments, times left out.
fn train(arguments: &[&str]) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("report.json");
    let curve = folder.path().join("curve.svg");
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["train", "digits"]).args(arguments);
    let output = command.arg("--json").arg(&json).arg("--curve").arg(&curve).output();
    let output = output.expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let picture = std::fs::read_to_string(curve).expect("a curve");
    assert!(picture.starts_with("<svg") && picture.contains("polyline"), "no picture");
    let text = std::fs::read_to_string(json).expect("a report");
    let mut report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    report.as_object_mut().and_then(|r| r.remove("timing")).expect("times in one place");
    report
}

#[test]
fn thirty_steps_are_bit_equal_on_every_engine() {
    let model = train(&["--steps", "30", "--engine", "model"]);
    let sim = train(&["--steps", "30", "--engine", "sim"]);
    assert_eq!(sim["weights_digest"], model["weights_digest"], "sim against the Rust model");
    assert_eq!(sim["history"], model["history"]);
    assert_eq!(sim["host"]["macs"], 0, "no product is computed on the host");
    for engine in ["verilator", "interp"] {
        let mut other = train(&["--steps", "30", "--engine", engine]);
        assert_eq!(other["engine"], engine);
        other["engine"] = "sim".into();
        assert_eq!(other, sim, "{engine} against sim, counters included");
    }
}

#[test]
fn a_seed_gives_one_report_and_another_seed_another() {
    let run = |seed| train(&["--steps", "5", "--array", "4", "--seed", seed]);
    let first = run("3");
    assert_eq!(first, run("3"));
    assert_ne!(first["weights_digest"], run("4")["weights_digest"]);
}

#[test]
fn nine_hundred_steps_reach_97_percent() {
    let report = train(&[]);
    let accuracy = report["result"]["test_accuracy"].as_f64().expect("a number");
    assert!(accuracy >= 0.97, "test accuracy {accuracy}");
    let training = &report["chip"]["training"];
    let done = training["macs_done"].as_u64().expect("a number");
    assert!(done >= 900 * 161_792, "the chip did {done} multiply-accumulates");
    assert_eq!(report["macs_per_step"], 161_792);
    assert_eq!(report["parameters"], 2410);
}
